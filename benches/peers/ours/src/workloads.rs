//! The workloads as a user of the library would write them.

use manylane::api::Numeric;
use manylane::kernel::LaneElement;
use manylane::prelude::*;
use manylane::{Moments, Result, op};
use manylane_elementwise::{axpy, black_scholes, mandelbrot};

use crate::inputs::{hashes, uniform, weighed_mean};
use crate::{matrices, pictures};

/// Every workload that [`prepare`] knows, beside those of [`matrices`].
const NAMES: [&str; 14] = [
    "saxpy", "chain", "bs", "mandel", "sum", "dot", "mmmv", "scan_f32", "scan_i32", "hist8", "hist16",
    "sort", "sgemm", "sgemv",
];

/// The names of all workloads.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().chain(matrices::NAMES.map(|(name, _)| name)).chain(pictures::NAMES)
}

/// Where workloads run.
pub struct Lanes {
    /// With as many threads as the worker was started for.
    pub runtime: Runtime,
    /// Forced, because one thread is held against one thread and two against two.
    pub target: Target,
}

/// A workload that is set up.
pub trait Work {
    /// Runs it once: this is what is timed.
    fn run(&mut self, lanes: &Lanes) -> Result<()>;
    /// The number by which the last run's results are held against the peers'.
    fn check(&self) -> Result<f64>;
    /// Drops what the last run allocated, outside of the time.
    fn clear(&mut self);
}

/// Sets up `workload`; `None` where it is not one of [`names`] or has no such size.
pub fn prepare(lanes: &Lanes, workload: &str, size: &str) -> Result<Option<Box<dyn Work>>> {
    let n = match size {
        "S" => 1 << 16,
        "M" => 1 << 22,
        "L" => 1 << 26,
        "-" if workload == "mandel" => 0,
        pictures::SIZE => return pictures::prepare(lanes, workload),
        side => match (workload, side.parse()) {
            ("sgemm" | "sgemv", Ok(side)) => return products(lanes, workload, side).map(Some),
            _ => return matrices::prepare(lanes, workload, size),
        },
    };
    Ok(Some(match workload {
        "saxpy" | "chain" | "bs" | "mandel" => map(lanes, workload, n)?,
        "sum" | "dot" | "mmmv" => fold(lanes, workload, n)?,
        "scan_f32" | "scan_i32" | "hist8" | "hist16" | "sort" => rearrange(lanes, workload, n)?,
        _ => return Ok(None),
    }))
}

/// The factor of `saxpy`: small, so that `y` grows slowly over many runs.
const A: f32 = 1e-3;
const RATE: f32 = 0.02;
const VOLATILITY: f32 = 0.3;
/// The view of the Mandelbrot set.
const WIDTH: usize = 2048;
const HEIGHT: usize = 1536;

#[kernel]
fn chain(a: f32, b: f32, c: f32) -> f32 {
    (a * a + b * b).sqrt() * 0.5 + c
}

/// An array in memory of the library's own, as each peer has its own: NumPy asks for huge pages too.
pub fn held<T: Numeric>(runtime: &Runtime, values: Vec<T>) -> Result<Array<T>> {
    runtime.reduce(&values).on(Target::Simd).run()
}

/// The same of bytes.
pub fn held_bytes(runtime: &Runtime, values: Vec<u8>) -> Result<Array<u8>> {
    runtime.map::<own_byte>(&runtime.array(values)?).on(Target::Simd).run()
}

#[kernel]
fn own_byte(x: u8) -> u8 {
    x
}

/// Maps, into arrays that are there already, as the peers do it.
fn map(lanes: &Lanes, workload: &str, n: usize) -> Result<Box<dyn Work>> {
    let new = |values: Vec<f32>| held(&lanes.runtime, values);
    Ok(match workload {
        "saxpy" => Prepared::boxed(
            (new(uniform(1, n))?, new(uniform(2, n))?),
            |Lanes { runtime, target }, (x, y)| runtime.map::<axpy>((A, &*x, y)).on(*target).run(),
            |(_, y)| mean(y),
        ),
        "chain" => Prepared::boxed(
            ([new(uniform(1, n))?, new(uniform(2, n))?, new(uniform(3, n))?], new(vec![0.0; n])?),
            |Lanes { runtime, target }, ([a, b, c], out)| {
                runtime.map::<chain>((&*a, &*b, &*c)).on(*target).run_into(out)
            },
            |(_, out)| mean(out),
        ),
        "bs" => {
            let between = |seed, low: f32, width: f32| {
                new(uniform(seed, n).into_iter().map(|u| low + width * u).collect())
            };
            Prepared::boxed(
                (
                    [between(1, 5.0, 25.0)?, between(2, 1.0, 99.0)?, between(3, 0.25, 9.75)?],
                    [new(vec![0.0; n])?, new(vec![0.0; n])?],
                ),
                |Lanes { runtime, target }, ([spot, strike, time], [call, put])| {
                    let launch = runtime.map::<black_scholes>((&*spot, &*strike, &*time, RATE, VOLATILITY));
                    launch.on(*target).run_into((call, put))
                },
                |(_, [call, put])| Ok(mean(call)? + mean(put)?),
            )
        }
        _ => Prepared::boxed(
            lanes.runtime.picture(vec![0u32; WIDTH * HEIGHT], (WIDTH, HEIGHT))?,
            |Lanes { runtime, target }, turns| {
                let (dx, dy) = (3.0 / WIDTH as f32, 2.25 / HEIGHT as f32);
                let launch = runtime.map::<mandelbrot>((-2.0, -1.125, dx, dy, 256));
                launch.over((WIDTH, HEIGHT)).on(*target).run_into(turns)
            },
            mean,
        ),
    })
}

/// Reductions; the peers' check divides sums by the length.
fn fold(lanes: &Lanes, workload: &str, n: usize) -> Result<Box<dyn Work>> {
    let new = |seed| held(&lanes.runtime, uniform(seed, n));
    Ok(match workload {
        "sum" => Prepared::boxed(
            (new(1)?, 0.0),
            |Lanes { runtime, target }, (x, sum)| {
                *sum = runtime.reduce(&*x).on(*target).sum()?;
                Ok(())
            },
            |(x, sum)| Ok(f64::from(*sum) / x.len() as f64),
        ),
        "dot" => Prepared::boxed(
            (new(1)?, new(2)?, 0.0),
            |Lanes { runtime, target }, (x, y, sum)| {
                *sum = runtime.products::<f32>(&*x, &*y).on(*target).sum()?;
                Ok(())
            },
            |(x, _, sum)| Ok(f64::from(*sum) / x.len() as f64),
        ),
        _ => Prepared::boxed(
            (new(1)?, None::<Moments>),
            |Lanes { runtime, target }, (x, moments)| {
                *moments = Some(runtime.reduce(&*x).on(*target).moments()?);
                Ok(())
            },
            |(_, moments)| {
                let sum = |m: &Moments| f64::from(m.min) + f64::from(m.max) + m.mean + m.variance();
                Ok(moments.as_ref().map_or(f64::NAN, sum))
            },
        ),
    })
}

/// What has no `run_into` yet: a fresh array each time, in the time. It is dropped outside of it, because the peers that
/// these are held against write into an array that is there: NumPy, Numba and rayon scan and sort so. (Histograms are fresh
/// arrays of all of them, and dropping one costs next to nothing.)
fn rearrange(lanes: &Lanes, workload: &str, n: usize) -> Result<Box<dyn Work>> {
    let runtime = &lanes.runtime;
    let part = |mask: u32| hashes(1, n).into_iter().map(move |hash| hash & mask);
    Ok(match workload {
        "scan_f32" => fresh(
            held(runtime, uniform(1, n).into_iter().map(|u| u - 0.5).collect::<Vec<f32>>())?,
            |Lanes { runtime, target }, x| runtime.reduce(x).on(*target).inclusive_scan(op::Sum),
            mean,
        ),
        "scan_i32" => fresh(
            held(runtime, part(15).map(u32::cast_signed).collect::<Vec<i32>>())?,
            |Lanes { runtime, target }, x| runtime.reduce(x).on(*target).inclusive_scan(op::Sum),
            mean,
        ),
        "hist8" => fresh(
            held_bytes(runtime, part(255).map(|byte| byte as u8).collect())?,
            |Lanes { runtime, target }, x| runtime.bytes(x).on(*target).histogram(256),
            mean,
        ),
        "hist16" => fresh(
            held(runtime, part(65_535).collect::<Vec<u32>>())?,
            |Lanes { runtime, target }, x| runtime.reduce(x).on(*target).histogram(65_536),
            mean,
        ),
        _ => fresh(
            held(runtime, hashes(1, n))?,
            |Lanes { runtime, target }, x| runtime.reduce(x).on(*target).sort(),
            mean,
        ),
    })
}

/// Products of matrices with sides of `n`, into arrays that are there already.
fn products(lanes: &Lanes, workload: &str, n: usize) -> Result<Box<dyn Work>> {
    let new = |seed, (width, height): (usize, usize)| {
        held(&lanes.runtime, uniform(seed, width * height)).and_then(|array| array.shaped((width, height)))
    };
    Ok(match workload {
        "sgemm" => Prepared::boxed(
            ([new(1, (n, n))?, new(2, (n, n))?], new(3, (n, n))?),
            |Lanes { runtime, target }, ([a, b], out)| {
                runtime.matmul(&*a, &*b).on(*target).run_into(out).map(|_| ())
            },
            |(_, out)| mean(out),
        ),
        _ => Prepared::boxed(
            (new(1, (n, n))?, held(&lanes.runtime, uniform(2, n))?, held(&lanes.runtime, uniform(3, n))?),
            |Lanes { runtime, target }, (a, x, out)| runtime.matvec(&*a, &*x).on(*target).run_into(out),
            |(_, _, out)| mean(out),
        ),
    })
}

/// Makes a new array of `x`, which `check` makes a number of.
pub fn fresh<T: LaneElement, O: LaneElement>(
    x: Array<T>,
    make: fn(&Lanes, &Array<T>) -> Result<Array<O>>,
    check: fn(&Array<O>) -> Result<f64>,
) -> Box<dyn Work> {
    Box::new(Fresh { x, out: None, make, check })
}

/// The check of an array of results.
pub fn mean<T: LaneElement + Into<f64>>(values: &Array<T>) -> Result<f64> {
    Ok(weighed_mean(&values.read()?))
}

/// A workload whose results have their place in `state`.
pub struct Prepared<S> {
    state: S,
    run: fn(&Lanes, &mut S) -> Result<()>,
    check: fn(&S) -> Result<f64>,
}

impl<S: 'static> Prepared<S> {
    /// With what a run does, and how its results are held against the peers'.
    pub fn boxed(
        state: S,
        run: fn(&Lanes, &mut S) -> Result<()>,
        check: fn(&S) -> Result<f64>,
    ) -> Box<dyn Work> {
        Box::new(Prepared { state, run, check })
    }
}

impl<S> Work for Prepared<S> {
    fn run(&mut self, lanes: &Lanes) -> Result<()> {
        (self.run)(lanes, &mut self.state)
    }
    fn check(&self) -> Result<f64> {
        (self.check)(&self.state)
    }
    fn clear(&mut self) {}
}

/// A workload whose result is a new array.
struct Fresh<T: LaneElement, O: LaneElement> {
    x: Array<T>,
    out: Option<Array<O>>,
    make: fn(&Lanes, &Array<T>) -> Result<Array<O>>,
    check: fn(&Array<O>) -> Result<f64>,
}

impl<T: LaneElement, O: LaneElement> Work for Fresh<T, O> {
    fn run(&mut self, lanes: &Lanes) -> Result<()> {
        self.out = Some((self.make)(lanes, &self.x)?);
        Ok(())
    }
    fn check(&self) -> Result<f64> {
        self.out.as_ref().map_or(Ok(f64::NAN), self.check)
    }
    fn clear(&mut self) {
        self.out = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes(threads: usize) -> Lanes {
        let target = if threads == 1 { Target::Simd } else { Target::Threads };
        Lanes { runtime: Runtime::builder().threads(threads).build().unwrap(), target }
    }

    fn check(lanes: &Lanes, workload: &str, size: &str) -> f64 {
        let mut work = prepare(lanes, workload, size).unwrap().unwrap();
        work.run(lanes).unwrap();
        work.check().unwrap()
    }

    #[test]
    fn a_sum_is_that_of_a_loop() {
        let mut sum = 0.0;
        for u in uniform(1, 1 << 16) {
            sum += f64::from(u);
        }
        let mean = sum / f64::from(1 << 16);
        for threads in [1, 2] {
            let found = check(&lanes(threads), "sum", "S");
            assert!((found / mean - 1.0).abs() < 1e-6, "{found}, not {mean}");
        }
    }

    #[test]
    fn every_name_is_known_and_threads_change_nothing() {
        let sizes = NAMES.map(|name| match name {
            "mandel" => (name, "-"),
            "sgemm" | "sgemv" => (name, "200"),
            _ => (name, "S"),
        });
        let pictures = pictures::NAMES.map(|name| (name, pictures::SIZE));
        for (name, size) in sizes.into_iter().chain(matrices::NAMES).chain(pictures) {
            let [one, two] = [1, 2].map(|threads| check(&lanes(threads), name, size));
            assert!(one.is_finite() && one == two, "{name}: {one} and {two}");
        }
        assert!(prepare(&lanes(1), "transpose", "512").unwrap().is_none());
        assert!(prepare(&lanes(1), "sum", "XL").unwrap().is_none());
    }
}
