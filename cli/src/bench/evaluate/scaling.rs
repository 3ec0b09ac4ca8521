//! Kernels over 1…N threads: the same problem on all of them (strong), and one that grows with them (weak).
//!
//! A runtime and data of its own for every number of threads; all are held against the reference, then timed in turn, with
//! the sequential program (one thread's `simd`) among them. What stands in the record is by the middle runs.

use std::time::Duration;

use manylane::device::Cpu;
use manylane::evaluate::fit::{Fit, amdahl_fit, gustafson_fit};
use manylane::evaluate::scaling::{Cache, Cause, Fixed, Footprint, Grown, strong, weak};
use manylane::prelude::*;

use super::caches::Caches;
use crate::bench::evaluation::{Scaling, ScalingStep};
use crate::bench::measure;
use crate::bench::suite::{Case, Workload};

/// Each number of threads up to here is tried; beyond, powers of two and the largest.
const EACH: usize = 8;
/// The part of the machine's memory that the data of one curve may take.
const MEMORY_PART: u64 = 4;
/// A problem is not made smaller than this to fit: launches over less stay on one thread.
const LEAST: usize = 1 << 16;
/// One thread's part of a weak curve: this part of the strong one's size.
const WEAK_PART: usize = 4;

/// Which problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The same for any number of threads.
    Strong,
    /// One that grows with them.
    Weak,
}

/// The numbers of threads to try, of at most `most`.
pub fn thread_counts(most: usize) -> Vec<usize> {
    let mut counts: Vec<usize> = (1..=most.min(EACH)).collect();
    let mut next = 2 * EACH;
    while next < most {
        counts.push(next);
        next *= 2;
    }
    if most > EACH {
        counts.push(most);
    }
    counts
}

/// Measures one curve in about `budget`; data and references take what they take.
///
/// # Errors
/// What making data and launches return, and `Internal` where a result is wrong.
pub fn measured(
    rt: &Runtime,
    workload: &Workload,
    kind: Kind,
    budget: Duration,
) -> manylane::Result<Scaling> {
    let counts = thread_counts(rt.threads());
    let sizes = sizes(workload, kind, &counts);
    let mut runs = Vec::with_capacity(counts.len());
    for (threads, size) in counts.iter().zip(&sizes) {
        let own = Runtime::builder().level(rt.level()).threads(*threads).build()?;
        let case = workload.at(&own, *size)?;
        runs.push((own, case));
    }
    for (own, case) in &mut runs {
        verified(own, &mut **case, Target::Threads)?;
    }
    let (own, case) = &mut runs[0];
    verified(own, &mut **case, Target::Simd)?;

    // The last thing is the sequential program, over one thread's problem.
    let things = runs.len() + 1;
    let timed = measure::in_turn(things, budget / things as u32, |number| {
        let (place, target) = if number < runs.len() { (number, Target::Threads) } else { (0, Target::Simd) };
        let (own, case) = &mut runs[place];
        case.run(own, target).map(drop)
    });
    let mut seconds = Vec::with_capacity(things);
    for samples in timed {
        let median = samples?.median();
        seconds.push(median.ok_or_else(|| Error::new(ErrorKind::Internal, "nothing was timed"))?);
    }
    let sequential = seconds.pop();
    let times = counts.iter().zip(&seconds).zip(&runs);
    let wrong = || Error::new(ErrorKind::Internal, format!("{} has no time on one thread", workload.name));
    match kind {
        Kind::Strong => {
            let times: Vec<Fixed> =
                times.map(|((workers, seconds), _)| Fixed { workers: *workers, seconds: *seconds }).collect();
            let bytes = runs[0].1.work()?.bytes;
            let size = runs[0].1.domain().len();
            let caches = Caches::here().for_scaling();
            strong_curve(workload.name, size, &times, sequential, bytes, &caches).ok_or_else(wrong)
        }
        Kind::Weak => {
            let times: Vec<Grown> = times
                .map(|((workers, seconds), (_, case))| Grown {
                    workers: *workers,
                    size: case.domain().len() as f64,
                    seconds: *seconds,
                })
                .collect();
            weak_curve(workload.name, &times, sequential).ok_or_else(wrong)
        }
    }
}

/// A strong curve of times on 1…N threads. `sequential` is the time of the sequential program, `bytes` what a run touches.
/// `None` without a time on one thread.
pub fn strong_curve(
    kernel: &str,
    size: usize,
    times: &[Fixed],
    sequential: Option<f64>,
    bytes: f64,
    caches: &[Cache],
) -> Option<Scaling> {
    let steps = strong(times, sequential)
        .iter()
        .map(|point| {
            let footprint = Footprint { whole: bytes, share: bytes / point.workers as f64, caches };
            Some(ScalingStep {
                threads: point.workers,
                size,
                seconds: point.seconds,
                speedup: number(point.relative)?,
                absolute_speedup: number(point.absolute),
                efficiency: number(point.efficiency)?,
                karp_flatt: number(point.serial),
                superlinear: point.cause(&footprint).map(in_words),
            })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(curve(kernel, "strong", size, steps, amdahl_fit(times)))
}

/// A weak curve; the sizes are in places, and `sequential` is the time for that of one thread. In place of Karp and Flatt's
/// fraction stands the share that Gustafson's law has for the point. `None` without a time on one thread.
pub fn weak_curve(kernel: &str, times: &[Grown], sequential: Option<f64>) -> Option<Scaling> {
    let one = times.iter().find(|time| time.workers == 1)?;
    let steps = weak(times)
        .iter()
        .map(|point| {
            let speedup = number(point.speedup)?;
            // How much more is done in a second than by the sequential program.
            let absolute = sequential.map(|sequential| speedup * sequential / one.seconds);
            Some(ScalingStep {
                threads: point.workers,
                size: point.size as usize,
                seconds: point.seconds,
                speedup,
                absolute_speedup: absolute.and_then(number),
                efficiency: number(point.efficiency)?,
                karp_flatt: number(point.serial),
                // Each thread touches as much as one does: no cache explains it.
                superlinear: point.superlinear.then(|| {
                    let linear = absolute.is_some_and(|absolute| absolute <= point.workers as f64);
                    in_words(if linear { Cause::SlowOnOneWorker } else { Cause::Unknown })
                }),
            })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(curve(kernel, "weak", one.size as usize, steps, gustafson_fit(times)))
}

fn curve(kernel: &str, kind: &str, size: usize, steps: Vec<ScalingStep>, fit: Option<Fit>) -> Scaling {
    Scaling {
        kernel: kernel.into(),
        kind: kind.into(),
        size,
        steps,
        serial: fit.and_then(|fit| number(fit.serial)),
        ceiling: fit.and_then(|fit| number(fit.ceiling())),
    }
}

fn in_words(cause: Cause) -> String {
    match cause {
        Cause::Cache { level } => {
            format!(
                "cache: a thread's part of the data fits the cache of level {level}, the whole does not on one"
            )
        }
        Cause::SlowOnOneWorker => {
            "slow on one thread: it is not more than linear beside the sequential program".into()
        }
        _ => "unknown: less work in all, or a disturbed measurement; repeat it".into(),
    }
}

/// What a record can hold: JSON has no infinity.
fn number(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

fn verified(rt: &Runtime, case: &mut dyn Case, target: Target) -> manylane::Result<()> {
    case.run(rt, target)?;
    case.verify().map_err(|wrong| {
        Error::new(ErrorKind::Internal, format!("wrong on {target} with {} threads: {wrong}", rt.threads()))
    })
}

/// The size for each number of threads.
fn sizes(workload: &Workload, kind: Kind, counts: &[usize]) -> Vec<Domain> {
    let of_one = |n: usize| match kind {
        Kind::Strong => n,
        Kind::Weak => n / WEAK_PART,
    };
    let factor = |threads: usize| if kind == Kind::Weak { threads } else { 1 };
    let all: usize = counts.iter().map(|threads| factor(*threads)).sum();
    let most = Cpu::here().memory / MEMORY_PART;
    let mut n = of_one(workload.quick.len());
    while n > LEAST && most > 0 && (n * all) as u64 * workload.memory > most {
        n /= 2;
    }
    let size = |threads: &usize| match (kind, workload.quick) {
        // Its own shape, where it has not become smaller.
        (Kind::Strong, own) if own.len() == n => own,
        _ => Domain::Line(n * factor(*threads)),
    };
    counts.iter().map(size).collect()
}

#[cfg(test)]
mod tests;
