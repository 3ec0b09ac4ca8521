//! The library held against hand-written loops, in one process, in turns.
//!
//! `cargo bench --bench yardsticks [-- KERNEL…]`; one JSON line for each comparison:
//! `{"kernel", "size", "level", "ours_min", "ours_median", "hand_min", "hand_median", "ratio_min", "ratio_median"}`, seconds,
//! ratios of ours to theirs; lines without a counterpart have `"seconds_min", "seconds_median"`. Each pair is verified before
//! it is timed. The work: Black–Scholes call and put of 4,096 options; Mandelbrot 1024x768, 256 turns; saxpy in place,
//! 1,024 and 16 Mi elements; the accelerations of 4,096 bodies; 512x256 places of noise in 8 octaves, against a loop that
//! computes what a row shares for each vector, as the kernel does, and one that keeps it; a 7x7 convolution of
//! 1024x1024 cells, against one row and against four rows at a time; sums and dot products
//! of 4,096 to 64 Mi elements against loops in an order of their own; a launch of 1,000 elements against the plain loop;
//! `Runtime::new()`; saxpy of 64 Mi elements on all threads against a streaming triad on two.

#[cfg(target_arch = "x86_64")]
#[macro_use]
mod vector;
#[cfg(target_arch = "x86_64")]
mod conv;
#[cfg(target_arch = "x86_64")]
mod hand;
#[cfg(target_arch = "x86_64")]
mod nbody;
#[cfg(target_arch = "x86_64")]
mod noise;
#[cfg(target_arch = "x86_64")]
mod rounds;
#[cfg(target_arch = "x86_64")]
mod sums;

#[cfg(target_arch = "x86_64")]
fn main() -> manylane::Result<()> {
    compare::all()
}

#[cfg(not(target_arch = "x86_64"))]
fn main() {
    println!("no yardsticks: the hand-written loops are for x86-64");
}

#[cfg(target_arch = "x86_64")]
mod compare {
    use std::hint::black_box;

    use manylane::Result;
    use manylane::prelude::*;
    use manylane_elementwise::{axpy, black_scholes, finance, fractal, input, linear, mandelbrot, saxpy};

    use super::hand::{Options, Plane, avx2, avx512, plain_triad, triad};
    use super::rounds::{Pair, alone};
    use super::vector::{avx2_is_here, avx512_is_here};
    use super::{conv, nbody, noise, sums};

    /// Every comparison that the command line names, or all.
    pub fn all() -> Result<()> {
        let names: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
        let wanted = |name: &str| names.is_empty() || names.iter().any(|given| name.contains(given.as_str()));
        if avx512_is_here() {
            let (black_scholes, axpy, mandelbrot) = (avx512::black_scholes, avx512::axpy, avx512::mandelbrot);
            one_level(Level::Avx512, &Loops { black_scholes, axpy, mandelbrot }, &wanted)?;
        }
        if avx2_is_here() {
            let (black_scholes, axpy, mandelbrot) = (avx2::black_scholes, avx2::axpy, avx2::mandelbrot);
            one_level(Level::Avx2, &Loops { black_scholes, axpy, mandelbrot }, &wanted)?;
        }
        if wanted("runtime") {
            alone("runtime_new", 0, 31, || drop(black_box(Runtime::new())));
        }
        if wanted("launch") {
            launch()?;
        }
        if wanted("stream") {
            stream()?;
        }
        Ok(())
    }

    /// The hand-written loops of one level.
    struct Loops {
        black_scholes: fn(&Options<'_>, &mut [f32], &mut [f32]),
        axpy: fn(f32, &[f32], &mut [f32]),
        mandelbrot: fn(Plane, &[f32], &mut [u32]),
    }

    fn one_level(level: Level, hand: &Loops, wanted: &dyn Fn(&str) -> bool) -> Result<()> {
        let rt = Runtime::builder().level(level).build()?;
        if wanted("black_scholes") {
            prices(&rt, hand)?;
        }
        if wanted("mandelbrot") {
            fractal(&rt, hand)?;
        }
        if wanted("axpy") {
            in_place(&rt, hand, 1024, 2000, 101)?;
            in_place(&rt, hand, 16 << 20, 1, 21)?;
        }
        if wanted("nbody") {
            nbody::compare(&rt)?;
        }
        if wanted("noise") {
            noise::compare(&rt)?;
        }
        if wanted("conv") {
            conv::compare(&rt)?;
        }
        if wanted("sums") {
            sums::compare(&rt)?;
        }
        Ok(())
    }

    fn prices(rt: &Runtime, hand: &Loops) -> Result<()> {
        let n = 4096;
        let (spot, strike, _) = finance::input(1, n);
        // Not so near to the end that `exp` underflows: the loop by hand does not care for that, the library does.
        let time = input::floats(1, n, 0.5, 5.0);
        let (rate, volatility) = (finance::RATE, finance::VOLATILITY);
        let options = Options { spot: &spot, strike: &strike, time: &time, rate, volatility };
        let (mut call, mut put) = (vec![0.0; n], vec![0.0; n]);
        let (mut hand_call, mut hand_put) = (vec![0.0; n], vec![0.0; n]);
        let run = |call: &mut Vec<f32>, put: &mut Vec<f32>| {
            let args = (&spot, &strike, &time, rate, volatility);
            rt.map::<black_scholes>(args).on(Target::Simd).run_into((call, put))
        };
        run(&mut call, &mut put)?;
        (hand.black_scholes)(&options, &mut hand_call, &mut hand_put);
        let want = finance::naive(&spot, &strike, &time, rate, volatility);
        let tolerance = finance::BLACK_SCHOLES.tolerance;
        tolerance.check(&call, &want.0).and(tolerance.check(&put, &want.1)).expect("our prices");
        tolerance
            .check(&hand_call, &want.0)
            .and(tolerance.check(&hand_put, &want.1))
            .expect("prices by hand");
        Pair::new("black_scholes", n, rt.level(), 50, 101).time(
            || run(&mut call, &mut put).expect("verified before"),
            || (hand.black_scholes)(&options, &mut hand_call, &mut hand_put),
        );
        Ok(())
    }

    fn fractal(rt: &Runtime, hand: &Loops) -> Result<()> {
        let view = fractal::VIEW;
        let (shape, n) = ((view.width, view.height), view.width * view.height);
        let plane = Plane {
            width: view.width,
            x0: view.x0,
            y0: view.y0,
            dx: view.dx,
            dy: view.dy,
            limit: view.limit,
        };
        let columns: Vec<f32> = (0..view.width).map(|x| x as f32).collect();
        let (mut out, mut hand_out) = (vec![0; n], vec![0; n]);
        let run =
            |out: &mut Vec<u32>| rt.map::<mandelbrot>(view.args()).over(shape).on(Target::Simd).run_into(out);
        run(&mut out)?;
        (hand.mandelbrot)(plane, &columns, &mut hand_out);
        let (re, im) = view.points();
        let want = fractal::naive(&re, &im, view.limit);
        fractal::MANDELBROT.tolerance.check(&out, &want).expect("our turns");
        fractal::MANDELBROT.tolerance.check(&hand_out, &want).expect("turns by hand");
        Pair::new("mandelbrot", n, rt.level(), 1, 31).time(
            || run(&mut out).expect("verified before"),
            || (hand.mandelbrot)(plane, &columns, &mut hand_out),
        );
        Ok(())
    }

    fn in_place(rt: &Runtime, hand: &Loops, n: usize, repeats: usize, rounds: usize) -> Result<()> {
        // The factor is small, so that repeating it changes nothing that could slow it down.
        let (a, (x, y)) = (black_box(1e-9), linear::input(2, n));
        let (mut y, mut hand_y) = (y.clone(), y);
        rt.map::<axpy>((a, &x, &mut y)).on(Target::Simd).run()?;
        (hand.axpy)(a, &x, &mut hand_y);
        assert_eq!(y, hand_y);
        let ours = || rt.map::<axpy>((a, &x, &mut y)).on(Target::Simd).run().expect("verified before");
        Pair::new("axpy", n, rt.level(), repeats, rounds).time(ours, || (hand.axpy)(a, &x, &mut hand_y));
        Ok(())
    }

    /// What a launch costs: 1,000 elements, the plain loop beside it.
    fn launch() -> Result<()> {
        let rt = Runtime::new()?;
        let n = 1000;
        let (a, (x, y)) = (black_box(2.5), linear::input(3, n));
        let (mut out, mut plain) = (vec![0.0; n], vec![0.0; n]);
        for (name, target) in [("launch_simd", Target::Simd), ("launch_auto", Target::Auto)] {
            rt.map::<saxpy>((a, &x, &y)).on(target).run_into(&mut out)?;
            let ours =
                || rt.map::<saxpy>((a, &x, &y)).on(target).run_into(&mut out).expect("verified before");
            Pair::new(name, n, rt.level(), 1000, 101).time(ours, || plain_triad(a, &x, &y, &mut plain));
            linear::SAXPY.tolerance.check(&out, &plain).expect("saxpy");
        }
        Ok(())
    }

    /// All of memory's bandwidth: 64 Mi elements, on threads, against a streaming triad over the same memory.
    fn stream() -> Result<()> {
        let rt = Runtime::new()?;
        let n = 64 << 20;
        let (a, x, y) = (black_box(2.5), rt.array(vec![1.0; n])?, rt.array(vec![0.5; n])?);
        let (x_read, y_read) = (x.read()?, y.read()?);
        let mut out = rt.map::<saxpy>((a, &x, &y)).on(Target::Threads).run()?;
        let ours = || {
            rt.map::<saxpy>((a, &x, &y)).on(Target::Threads).run_into(&mut out).expect("verified before");
        };
        let mut by_hand = vec![0.0; n];
        let pair = Pair::new("stream_into_array", n, rt.level(), 1, 15);
        pair.time(ours, || triad(2, a, &x_read, &y_read, &mut by_hand));
        assert!(out.read()?.iter().chain(&by_hand).all(|z| *z == 3.0));
        // Into the very memory that the triad writes: what of the difference is the pages' size shows here.
        let mut shared = by_hand;
        let cell = std::cell::RefCell::new(&mut shared);
        let ours = || {
            let mut out = cell.borrow_mut();
            rt.map::<saxpy>((a, &x, &y)).on(Target::Threads).run_into(&mut out[..]).expect("verified before");
        };
        let pair = Pair::new("stream_into_slice", n, rt.level(), 1, 15);
        pair.time(ours, || triad(2, a, &x_read, &y_read, &mut cell.borrow_mut()));
        Ok(())
    }
}
