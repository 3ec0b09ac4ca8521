//! What each target can do at most: bytes in a second from each memory, and float operations in a second.
//!
//! Measured through the library, by the shortest of many runs. One thread goes over arrays of half a cache, again and again.
//! A slope is that of the fastest SIMD level up to the runtime's own: the widest registers compute most, but do not always move
//! most (2026-11, Zen 4: from the second cache a loop by hand moves 108 GB/s by 64 bytes and 118 by 16).
//! For `threads` each thread does so with arrays of its own, all at once: a launch that stays in a cache is too short to be
//! shared out by one caller. Main memory and operations are measured by launches on the target itself. The first cache has
//! no slope: a launch over it is as short as what launching costs.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use manylane::device::{Cpu, gpu};
use manylane::evaluate::roofline::Level;
use manylane::prelude::*;

use super::caches::{Caches, name};
use super::probes::{Chains, Triad};
use crate::bench::evaluation::{Bandwidth, Peaks};
use crate::bench::measure;

/// A round of threads that work at once lasts about so long: their starts are some 50 µs apart.
const ROUND: Duration = Duration::from_millis(5);
/// Rounds of them at least.
const ROUNDS: usize = 5;
/// A run of multiply-adds lasts at least so long on a CPU,
const CPU_RUN: Duration = Duration::from_millis(2);
/// and on a GPU, where starting it costs more.
const GPU_RUN: Duration = Duration::from_millis(10);
/// Places of a thread's multiply-adds: they stay in its first cache.
const CPU_PLACES: usize = 4096;
/// Enough for every unit of a large GPU, many times over.
const GPU_PLACES: usize = 1 << 20;
/// Arrays in a real GPU's memory: several times its last cache, of 50 to 100 MB on the largest.
const GPU_BYTES: usize = 768 << 20;

/// The peaks of a target; each slope and the operations take about `budget`.
///
/// # Errors
/// What the launches return; `Setting` for a target that is several.
pub fn peaks(
    rt: &Runtime,
    target: Target,
    budget: Duration,
    notes: &mut Vec<String>,
) -> manylane::Result<Peaks> {
    match target {
        Target::Scalar | Target::Simd | Target::Threads => on_cpu(rt, target, budget, notes),
        Target::Gpu(index) => on_gpu(rt, index, budget),
        _ => Err(Error::new(
            ErrorKind::Setting,
            format!("{target} has no peaks of its own; ask for scalar, simd, threads or gpu:N"),
        )),
    }
}

fn on_cpu(
    rt: &Runtime,
    target: Target,
    budget: Duration,
    notes: &mut Vec<String>,
) -> manylane::Result<Peaks> {
    let caches = Caches::here();
    let workers = if target == Target::Threads { rt.threads() } else { 1 };
    let levels = levels(rt, target)?;
    let part = budget / levels.len() as u32;
    let mut memories = Vec::new();
    for memory in [Level::L2, Level::L3, Level::Dram] {
        let bytes = match memory {
            Level::Dram => Some(caches.beyond(workers)),
            _ => caches.half(memory, workers),
        };
        let Some(bytes) = bytes else {
            notes.push(format!(
                "{target} has no slope for {}: there is none, or a thread's part of it is no larger than what is nearer",
                name(memory)
            ));
            continue;
        };
        let (mut gb_s, mut footprint) = (0.0, 0);
        for own in &levels {
            let found = if workers > 1 && memory != Level::Dram {
                together(own, workers, bytes, part)?
            } else {
                alone(own, target, bytes, part, || Ok(()))?
            };
            if found.0 > gb_s {
                (gb_s, footprint) = found;
            }
        }
        memories.push(Bandwidth { memory: name(memory).into(), footprint, gb_s });
    }
    let gflop_s = gflop_s(rt, target, CPU_PLACES * workers, budget, CPU_RUN, || Ok(()))?;
    Ok(Peaks { target: target.to_string(), gflop_s, memories })
}

/// Runtimes of every SIMD level up to that of `rt`; of `scalar` the level makes no difference.
fn levels(rt: &Runtime, target: Target) -> manylane::Result<Vec<Runtime>> {
    let mut found = Vec::new();
    for level in &Cpu::here().levels {
        if *level == rt.level() {
            break;
        }
        if target != Target::Scalar {
            found.push(Runtime::builder().level(*level).threads(rt.threads()).build()?);
        }
    }
    found.push(rt.clone());
    Ok(found)
}

fn on_gpu(rt: &Runtime, index: usize, budget: Duration) -> manylane::Result<Peaks> {
    let gpu = gpu::open(index)?;
    let target = Target::Gpu(index);
    let software = gpu::adapters().iter().any(|adapter| adapter.index == index && adapter.software);
    // What runs on the CPU has its caches.
    let (bytes, places) = if software {
        (Caches::here().beyond(rt.threads()), CPU_PLACES * rt.threads())
    } else {
        (GPU_BYTES, GPU_PLACES)
    };
    let (gb_s, footprint) = alone(rt, target, bytes, budget, || gpu.wait_idle())?;
    let gflop_s = gflop_s(rt, target, places, budget, GPU_RUN, || gpu.wait_idle())?;
    let memories = vec![Bandwidth { memory: name(Level::Dram).into(), footprint, gb_s }];
    Ok(Peaks { target: target.to_string(), gflop_s, memories })
}

/// 10^9 bytes a second of launches over arrays of so many bytes, and how many bytes they really have.
fn alone(
    rt: &Runtime,
    target: Target,
    bytes: usize,
    budget: Duration,
    wait: impl Fn() -> manylane::Result<()>,
) -> manylane::Result<(f64, u64)> {
    let mut triad = Triad::new(rt, target, bytes)?;
    let mut run = || {
        triad.run(rt, target)?;
        wait()
    };
    // The first one makes shaders, and where one fills the budget it would be the time.
    run()?;
    let seconds = shortest(budget, run)?;
    triad.check()?;
    Ok((manylane::evaluate::gb_s(triad.bytes(), seconds), triad.bytes() as u64))
}

/// The same of so many threads at once, each with arrays of so many bytes.
fn together(rt: &Runtime, workers: usize, bytes: usize, budget: Duration) -> manylane::Result<(f64, u64)> {
    let mut teams = Vec::with_capacity(workers);
    for _ in 0..workers {
        let own = Runtime::builder().level(rt.level()).threads(1).build()?;
        let triad = Triad::new(&own, Target::Simd, bytes)?;
        teams.push((own, triad));
    }
    let all: f64 = teams.iter().map(|(_, triad)| triad.bytes()).sum();
    let (own, triad) = &mut teams[0];
    let once = shortest(budget / 8, || triad.run(own, Target::Simd))?;
    let turns = (ROUND.as_secs_f64() / once).ceil() as usize;
    let rounds = ((budget.as_secs_f64() / (turns as f64 * once)) as usize).max(ROUNDS);

    let barrier = Barrier::new(workers);
    let results = std::thread::scope(|scope| {
        let start = |(own, triad): &'_ mut (Runtime, Triad)| {
            let mut times = Vec::with_capacity(rounds);
            let mut result = Ok(());
            for _ in 0..rounds {
                // Who fails goes on to the barrier: the others wait there.
                barrier.wait();
                let begun = Instant::now();
                for _ in 0..turns {
                    result = result.and_then(|()| triad.run(own, Target::Simd));
                }
                times.push((begun, Instant::now()));
            }
            result.and_then(|()| triad.check()).map(|()| times)
        };
        let threads: Vec<_> = teams.iter_mut().map(|team| scope.spawn(move || start(team))).collect();
        let joined = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| {
                Err(Error::new(ErrorKind::Internal, "a thread that measured a peak panicked"))
            })
        });
        joined.collect::<manylane::Result<Vec<_>>>()
    })?;
    let round = |round: usize| {
        let begun = results.iter().map(|times| times[round].0).min()?;
        let ended = results.iter().map(|times| times[round].1).max()?;
        Some(ended.duration_since(begun).as_secs_f64())
    };
    let seconds = (0..rounds).filter_map(round).fold(f64::INFINITY, f64::min) / turns as f64;
    Ok((manylane::evaluate::gb_s(all, seconds), all as u64))
}

/// 10^9 float operations a second: the better of eight chains and twelve.
fn gflop_s(
    rt: &Runtime,
    target: Target,
    places: usize,
    budget: Duration,
    least: Duration,
    wait: impl Fn() -> manylane::Result<()>,
) -> manylane::Result<f64> {
    let mut best: f64 = 0.0;
    for wide in [false, true] {
        let mut chains = Chains::new(rt, target, places, wide)?;
        let run = |chains: &mut Chains| {
            chains.run(rt, target)?;
            wait()
        };
        run(&mut chains)?;
        loop {
            let begun = Instant::now();
            run(&mut chains)?;
            if begun.elapsed() >= least || chains.turns >= 1 << 28 {
                break;
            }
            chains.turns *= 2;
        }
        let seconds = shortest(budget / 2, || run(&mut chains))?;
        chains.check()?;
        best = best.max(manylane::evaluate::gflop_s(chains.flops(), seconds));
    }
    Ok(best)
}

/// The shortest run in seconds.
fn shortest(budget: Duration, mut run: impl FnMut() -> manylane::Result<()>) -> manylane::Result<f64> {
    let timed = measure::in_turn(1, budget, |_| run());
    let samples = timed.into_iter().next().unwrap_or_else(|| Ok(measure::Samples::default()))?;
    samples.min().ok_or_else(|| Error::new(ErrorKind::Internal, "nothing was timed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cpu_target_has_a_slope_for_each_memory() {
        let rt = Runtime::new().expect("a runtime");
        for target in [Target::Scalar, Target::Simd, Target::Threads] {
            let mut notes = Vec::new();
            let found = peaks(&rt, target, Duration::from_millis(40), &mut notes).expect("peaks");
            assert_eq!(found.target, target.to_string());
            assert!(found.gflop_s > 0.1 && found.gflop_s < 1e6, "{found:?}");
            assert_eq!(found.memories.len() + notes.len(), 3, "{found:?} {notes:?}");
            assert_eq!(found.memories.last().map(|last| &*last.memory), Some("DRAM"));
            for pair in found.memories.windows(2) {
                assert!(pair[0].footprint < pair[1].footprint, "{found:?}");
            }
            for slope in &found.memories {
                assert!(slope.gb_s > 0.1 && slope.gb_s < 1e5, "{found:?}");
            }
        }
    }

    #[test]
    fn a_target_that_is_several_has_none() {
        let rt = Runtime::new().expect("a runtime");
        let error = peaks(&rt, Target::Split, Duration::ZERO, &mut Vec::new()).expect_err("no peaks");
        assert_eq!(error.kind(), ErrorKind::Setting);
        assert!(error.to_string().contains("gpu:N"), "{error}");
    }
}
