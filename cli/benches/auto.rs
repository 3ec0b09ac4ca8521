//! What `Auto` costs on the kernels of `manylane bench`, against the best single target, from 100 to 64Mi elements.
//!
//! Medians of interleaved rounds in an order drawn anew each time. A row is over where auto takes more than max(5 %, 1 µs)
//! longer than the best of the others; it is then measured twice more, and the middle one of the three stands: the best of
//! three targets' medians is low by chance more often than one target's. `measured` says how often.
//! (The plain loop is compared in the library's bench of the same name.)
//!
//! `cargo bench -p manylane-cli --no-default-features --bench auto [-- --to N] [-- --only KERNEL] [-- --json FILE]`

use std::fmt::Write as _;
use std::time::Instant;

use manylane::prelude::*;
use manylane_cli::bench::suite::{Case, Suite};

const TARGETS: [Target; 4] = [Target::Auto, Target::Scalar, Target::Simd, Target::Threads];
const SIZES: [usize; 8] = [100, 1_000, 10_000, 100_000, 1 << 20, 4 << 20, 16 << 20, 64 << 20];
/// Rounds that count, behind those that warm up: caches, the pool, the models.
const ROUNDS: usize = 31;
const WARM: usize = 3;
/// Seconds that one sample takes at least: a short run is repeated.
const SAMPLE: f64 = 100e-6;

fn main() -> manylane::Result<()> {
    let words: Vec<String> = std::env::args().collect();
    let after = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1));
    let to = after("--to").map_or(64 << 20, |n| n.parse().expect("a number of elements"));
    let rt = Runtime::new()?;
    let (mut text, mut rows, mut over) = (String::new(), 0, 0);
    println!("{:14} {:>10} {:>14} {:>14} {:>8}  best", "kernel", "elements", "auto", "best", "ratio");
    for workload in Suite::standard().workloads() {
        if after("--only").is_some_and(|only| only != workload.name) {
            continue;
        }
        for n in SIZES.into_iter().filter(|n| *n <= to) {
            let mut case = match workload.at(&rt, Domain::Line(n)) {
                Ok(case) => case,
                Err(error) => {
                    println!("{:14} {n:>10} left out: {error}", workload.name);
                    continue;
                }
            };
            let mut tries = vec![Row::of(&medians(&rt, &mut *case, n as u64)?)];
            if tries[0].excess() > 0.0 {
                for again in 1..3 {
                    tries.push(Row::of(&medians(&rt, &mut *case, n as u64 + again)?));
                }
                tries.sort_by(|a, b| a.excess().total_cmp(&b.excess()));
            }
            let row = tries[tries.len() / 2];
            let Row { auto, best, target } = row;
            let is_over = row.excess() > 0.0;
            (rows, over) = (rows + 1, over + usize::from(is_over));
            println!(
                "{:14} {n:>10} {:>11.2} µs {:>11.2} µs {:>8.3}  {target}{}",
                workload.name,
                auto * 1e6,
                best * 1e6,
                auto / best,
                if is_over { "  OVER" } else { "" }
            );
            let _ = writeln!(
                text,
                r#"{{"kernel": "{}", "elements": {n}, "auto_seconds": {auto:e}, "best_seconds": {best:e}, "best": "{target}", "over": {is_over}, "measured": {}}}"#,
                workload.name,
                tries.len()
            );
        }
    }
    if let Some(path) = after("--json") {
        std::fs::write(path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    println!("{over} of {rows} over max(5 %, 1 µs)");
    Ok(())
}

/// What auto took, and the best of the others.
#[derive(Clone, Copy)]
struct Row {
    auto: f64,
    best: f64,
    target: Target,
}

impl Row {
    fn of(medians: &[f64]) -> Self {
        let (best, target) = (1..TARGETS.len())
            .map(|at| (medians[at], TARGETS[at]))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap_or((medians[0], Target::Auto));
        Row { auto: medians[0], best, target }
    }

    /// By which part auto is beyond what it may take.
    fn excess(&self) -> f64 {
        self.auto / (self.best + (self.best * 0.05).max(1e-6)) - 1.0
    }
}

/// The median time of each target. One that takes twice as long as the best is no longer asked after some rounds.
fn medians(rt: &Runtime, case: &mut dyn Case, seed: u64) -> manylane::Result<Vec<f64>> {
    let mut times: Vec<Vec<f64>> = TARGETS.iter().map(|_| Vec::new()).collect();
    let mut repeats = [1usize; TARGETS.len()];
    let mut order: Vec<usize> = (0..TARGETS.len()).collect();
    let mut random = seed ^ 0x9e37_79b9_7f4a_7c15;
    for round in 0..WARM + ROUNDS {
        for at in (1..order.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(at, (random >> 33) as usize % (at + 1));
        }
        for &which in &order {
            let start = Instant::now();
            for _ in 0..repeats[which] {
                case.run(rt, TARGETS[which])?;
            }
            let seconds = start.elapsed().as_secs_f64() / repeats[which] as f64;
            if round < WARM {
                repeats[which] = (SAMPLE / seconds.max(1e-9)).ceil().clamp(1.0, 10_000.0) as usize;
            } else {
                times[which].push(seconds);
            }
        }
        if round == WARM + 4 {
            let now: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
            let best = now.iter().copied().fold(f64::MAX, f64::min);
            order.retain(|which| *which == 0 || now[*which] < 2.0 * best);
        }
    }
    Ok(times.iter_mut().map(|times| median(times)).collect())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
