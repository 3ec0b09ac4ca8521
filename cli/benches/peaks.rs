//! Whether the peaks of `manylane bench --evaluate` are the machine's: each is held against a loop by hand over the same memory,
//! in the same run. One that is more than 10 % off in all of a few tries is a failure.
//!
//! By hand there is a triad for each width of registers, whose stores go by way of the caches and, from main memory, past them;
//! the fastest counts. `cargo bench -p manylane-cli --bench peaks [-- --tries N]`

#[cfg(target_arch = "x86_64")]
#[path = "../../benches/yardsticks/roofs.rs"]
mod roofs;

#[cfg(not(target_arch = "x86_64"))]
fn main() {
    println!("skipped: the loops by hand are written for x86-64");
}

#[cfg(target_arch = "x86_64")]
fn main() -> manylane::Result<()> {
    by_hand::main()
}

#[cfg(target_arch = "x86_64")]
mod by_hand {
    use std::hint::black_box;
    use std::sync::Barrier;
    use std::time::{Duration, Instant};

    use manylane::evaluate::{gb_s, gflop_s};
    use manylane::prelude::*;
    use manylane_cli::bench::evaluate::{Triad, peaks};

    use super::roofs::{self, registers, widths};

    /// How far apart they may be.
    const APART: f64 = 0.1;
    /// How long each is measured.
    const BUDGET: Duration = Duration::from_millis(600);

    pub fn main() -> manylane::Result<()> {
        if cfg!(debug_assertions) {
            println!(
                "skipped: with checks in them, loops by hand are no measure; `cargo bench` builds without"
            );
            return Ok(());
        }
        let words: Vec<String> = std::env::args().collect();
        let tries = words.iter().position(|word| word == "--tries").and_then(|at| words.get(at + 1));
        let tries = tries.map_or(3, |tries| tries.parse().expect("a number of tries"));
        let rt = Runtime::new()?;
        println!("by hand with {:?} registers; the library's level is {}", registers(), rt.level());
        let mut wrong = Vec::new();
        for target in [Target::Simd, Target::Threads] {
            wrong = held(&rt, target, tries)?.into_iter().chain(wrong).collect();
        }
        assert!(wrong.is_empty(), "more than 10 % off in all of {tries} tries: {}", wrong.join(", "));
        Ok(())
    }

    /// The peaks of a target that were off in every try.
    fn held(rt: &Runtime, target: Target, tries: usize) -> manylane::Result<Vec<String>> {
        let workers = if target == Target::Threads { rt.threads() } else { 1 };
        let mut right: Vec<String> = Vec::new();
        let mut wrong: Vec<String> = Vec::new();
        for number in 1..=tries {
            let found = peaks(rt, target, BUDGET, &mut Vec::new())?;
            let mut lines = vec![("FLOP".to_owned(), "GFLOP/s", found.gflop_s, multiply_adds(workers))];
            for slope in &found.memories {
                let past: &[bool] = if slope.memory == "DRAM" { &[false, true] } else { &[false] };
                let hand = stream(rt, workers, slope.footprint as usize / workers, past)?;
                lines.push((slope.memory.clone(), "GB/s", slope.gb_s, hand));
            }
            for (what, unit, library, hand) in lines {
                let ratio = library / hand;
                println!(
                    "try {number}  {target:8} {what:5} {library:9.1} {unit:8} by hand {hand:9.1}  ratio {ratio:.3}"
                );
                let name = format!("{target} {what}");
                if (ratio - 1.0).abs() <= APART {
                    right.push(name);
                } else {
                    wrong.push(name);
                }
            }
            wrong.retain(|name| !right.contains(name));
            if wrong.is_empty() {
                return Ok(wrong);
            }
        }
        wrong.sort();
        wrong.dedup();
        Ok(wrong)
    }

    /// 10^9 bytes a second of the fastest triad, by so many threads with arrays of so many bytes each.
    fn stream(rt: &Runtime, workers: usize, bytes: usize, past: &[bool]) -> manylane::Result<f64> {
        let mut arrays = Vec::new();
        for _ in 0..workers {
            arrays.push(Triad::new(rt, Target::Simd, bytes)?);
        }
        let all: f64 = arrays.iter().map(Triad::bytes).sum();
        let mut best: f64 = 0.0;
        let ways = widths().iter().flat_map(|width| past.iter().map(move |past| (*width, *past)));
        for (width, past) in ways {
            let seconds = at_once(arrays.iter_mut(), |triad| {
                triad.by_hand(|s, b, c, out| roofs::triad(width, past, s, b, c, out))
            })?;
            arrays.iter().try_for_each(Triad::check)?;
            best = best.max(gb_s(all, seconds));
        }
        Ok(best)
    }

    /// 10^9 float operations a second of so many threads.
    fn multiply_adds(workers: usize) -> f64 {
        let mut flops = vec![0.0; workers];
        let turns = black_box(200_000);
        let seconds = at_once(flops.iter_mut(), |flops| {
            let (sum, operations) = roofs::chains(registers(), turns, black_box(0.5), black_box(0.5));
            assert!(sum > 1.0, "the chains go to 1 each, and there are several");
            *flops = operations;
            Ok(())
        });
        gflop_s(flops.iter().sum(), seconds.expect("nothing can fail"))
    }

    /// Seconds of one `run` of each thing, on a thread for each, by the shortest of many rounds.
    fn at_once<'t, T: Send + 't>(
        things: impl Iterator<Item = &'t mut T>,
        run: impl Fn(&mut T) -> manylane::Result<()> + Sync,
    ) -> manylane::Result<f64> {
        let things: Vec<&mut T> = things.collect();
        let barrier = Barrier::new(things.len());
        let (barrier, run) = (&barrier, &run);
        std::thread::scope(|scope| {
            let start = |thing: &'t mut T| {
                let begun = Instant::now();
                run(thing)?;
                run(thing)?;
                let once = begun.elapsed().as_secs_f64() / 2.0;
                // As the library's own: rounds that are long beside what starting together takes.
                let turns = (5e-3 / once).ceil().max(1.0);
                Ok((thing, once, turns))
            };
            let warmed = things.into_iter().map(start).collect::<manylane::Result<Vec<_>>>()?;
            let turns = warmed.iter().map(|(_, _, turns)| *turns as usize).max().unwrap_or(1);
            let once = warmed.iter().map(|(_, once, _)| *once).fold(0.0, f64::max);
            let rounds = ((BUDGET.as_secs_f64() / 2.0 / (once * turns as f64)) as usize).clamp(5, 200);
            let threads: Vec<_> = warmed
                .into_iter()
                .map(|(thing, _, _)| {
                    scope.spawn(move || {
                        (0..rounds)
                            .map(|_| {
                                barrier.wait();
                                let begun = Instant::now();
                                let result = (0..turns).try_for_each(|_| run(thing));
                                result.map(|()| (begun, Instant::now()))
                            })
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            let times: Vec<Vec<manylane::Result<(Instant, Instant)>>> =
                threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect();
            let mut shortest = f64::INFINITY;
            for round in 0..rounds {
                let mut both: Option<(Instant, Instant)> = None;
                for thread in &times {
                    let (begun, ended) = thread[round].clone()?;
                    both = Some(both.map_or((begun, ended), |(b, e)| (b.min(begun), e.max(ended))));
                }
                if let Some((begun, ended)) = both {
                    shortest = shortest.min(ended.duration_since(begun).as_secs_f64() / turns as f64);
                }
            }
            Ok(shortest)
        })
    }
}
