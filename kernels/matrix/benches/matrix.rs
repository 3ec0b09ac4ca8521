//! Transposing, softmax and layer norm beside a copy of as many bytes; heat and bodies beside plain loops. All in one process,
//! in turns, each verified first; what counts is the ratio.
//!
//! `cargo bench -p manylane-matrix --bench matrix [-- --json FILE] [--rounds N]`

use std::fmt::Write as _;
use std::time::Instant;

use manylane::Result;
use manylane::prelude::*;
use manylane_elementwise::input::floats;
use manylane_matrix::{heat, naive, nbody, rows};

/// What is timed, and verified before.
type Timed<'g> = Box<dyn FnMut() -> Result<()> + 'g>;

/// What is timed together: the first is what the others are held against.
struct Group<'g> {
    name: &'static str,
    threads: usize,
    runs: Vec<(&'static str, Timed<'g>)>,
}

impl Group<'_> {
    /// Runs all in turns, prints the least times, and what part of the first one's speed each has.
    fn time(mut self, rounds: usize, text: &mut String) -> Result<()> {
        let mut least = vec![f64::MAX; self.runs.len()];
        for _ in 0..rounds {
            for ((_, run), least) in self.runs.iter_mut().zip(&mut least) {
                // What the others left in the caches is pushed out by a first run.
                run()?;
                let start = Instant::now();
                run()?;
                *least = least.min(start.elapsed().as_secs_f64());
            }
        }
        for ((name, _), seconds) in self.runs.iter().zip(&least) {
            let (group, threads, speed) = (self.name, self.threads, least[0] / seconds);
            println!("{group:10} {threads} {name:24} {:>9.3} ms {speed:>6.2}", seconds * 1e3);
            let _ = writeln!(
                text,
                r#"{{"group": "{group}", "threads": {threads}, "run": "{name}", "seconds_min": {seconds:e}, "speed": {speed:.4}}}"#
            );
        }
        Ok(())
    }
}

/// An array in memory of the library's own.
fn held(rt: &Runtime, values: &Vec<f32>, shape: (usize, usize)) -> Result<Array<f32>> {
    rt.reduce(values).on(Target::Simd).run()?.shaped(shape)
}

const SIDE: usize = 4096;
const CELLS: usize = 2048;
const STEPS: usize = 100;
const BODIES: usize = 4096;

fn copies(rt: &Runtime, target: Target, threads: usize, rounds: usize, text: &mut String) -> Result<()> {
    let shape = (SIDE, SIDE);
    let values = floats(1, SIDE * SIDE, -4.0, 4.0);
    let x = held(rt, &values, shape)?;
    let out = || held(rt, &vec![0.0; SIDE * SIDE], shape);
    let (mut copied, mut turned, mut soft, mut normal) = (out()?, out()?, out()?, None);
    let (gain, shift) = (rt.array(vec![1.0; SIDE])?, rt.array(vec![0.0; SIDE])?);
    rt.transpose(&x).on(target).run_into(&mut turned)?;
    assert_eq!(turned.to_vec()?, naive::transpose(&values, SIDE));
    rows::softmax_into(rt, &x, &mut soft, target)?;
    let sums = rt.reduce(&soft).on(target).rows().sum()?.to_vec()?;
    assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-5), "each row adds up to 1");
    let group = Group {
        name: "copy",
        threads,
        runs: vec![
            ("copy", Box::new(|| rt.reduce(&x).on(target).run_into(&mut copied))),
            ("transpose", Box::new(|| rt.transpose(&x).on(target).run_into(&mut turned))),
            ("softmax", Box::new(|| rows::softmax_into(rt, &x, &mut soft, target))),
            (
                "layer norm",
                Box::new(|| {
                    normal = Some(rows::layer_norm(rt, &x, (&gain, &shift), 1e-5, target)?);
                    Ok(())
                }),
            ),
        ],
    };
    group.time(rounds, text)
}

/// The plain loop over two grids.
fn plain(cells: &[f32], next: &mut [f32], steps: usize) -> Vec<f32> {
    let mut now = cells.to_vec();
    next.copy_from_slice(cells);
    for _ in 0..steps {
        for y in 1..CELLS - 1 {
            let (above, own, below) = (
                &now[(y - 1) * CELLS..][..CELLS],
                &now[y * CELLS..][..CELLS],
                &now[(y + 1) * CELLS..][..CELLS],
            );
            for (x, next) in next[y * CELLS..][..CELLS].iter_mut().enumerate().take(CELLS - 1).skip(1) {
                *next = 0.2 * (own[x] + above[x] + below[x] + own[x - 1] + own[x + 1]);
            }
        }
        now.swap_with_slice(next);
    }
    now
}

fn grid(rt: &Runtime, target: Target, threads: usize, rounds: usize, text: &mut String) -> Result<()> {
    let values = floats(2, CELLS * CELLS, 0.0, 1.0);
    let cells = held(rt, &values, (CELLS, CELLS))?;
    let mut next = values.clone();
    let found = heat::diffused(rt, &cells, 0.2, 10, target)?.to_vec()?;
    let expected = plain(&values, &mut next, 10);
    assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5), "the grid after ten steps");
    let mut now = cells.clone();
    let group = Group {
        name: "heat",
        threads,
        runs: vec![
            (
                "plain loop, one thread",
                Box::new(|| {
                    std::hint::black_box(plain(&values, &mut next, STEPS));
                    Ok(())
                }),
            ),
            (
                "step by step",
                Box::new(|| {
                    now = cells.clone();
                    for _ in 0..STEPS {
                        now = rt.map::<heat::heat_step>((&now, 0.2, 0.2)).on(target).run()?;
                    }
                    Ok(())
                }),
            ),
            ("in tiles", Box::new(|| heat::diffused(rt, &cells, 0.2, STEPS, target).map(drop))),
        ],
    };
    group.time(rounds, text)
}

fn bodies(rt: &Runtime, target: Target, threads: usize, rounds: usize, text: &mut String) -> Result<()> {
    let line = |seed| rt.array(floats(seed, BODIES, -1.0, 1.0));
    let places = [line(3)?, line(4)?, line(5)?];
    let masses = rt.array(floats(6, BODIES, 0.5 / BODIES as f32, 1.5 / BODIES as f32))?;
    let all: Vec<[f32; 4]> = rt
        .map::<nbody::as_body>((&places[0], &places[1], &places[2], &masses))
        .on(Target::Simd)
        .run()?
        .to_vec()?;
    let still = || rt.array(vec![0.0f32; BODIES]);
    let held = nbody::Bodies { places, velocities: [still()?, still()?, still()?], masses };
    let found = held.accelerations(rt, 1e-3, target)?[0].to_vec()?;
    for (at, found) in found.iter().enumerate().step_by(97) {
        let own = [all[at][0], all[at][1], all[at][2]];
        assert!((f64::from(*found) - naive::pull(own, &all, 1e-3)[0]).abs() < 1e-3, "body {at}");
    }
    let mut sum = vec![[0.0f32; 3]; BODIES];
    let group = Group {
        name: "bodies",
        threads,
        runs: vec![
            (
                "plain loop, one thread",
                Box::new(|| {
                    for (own, sum) in all.iter().zip(&mut sum) {
                        let mut a = [0.0f32; 3];
                        for other in &all {
                            let d: [f32; 3] = std::array::from_fn(|k| other[k] - own[k]);
                            let d2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + 1e-3;
                            let by = other[3] / (d2 * d2.sqrt());
                            for (a, d) in a.iter_mut().zip(d) {
                                *a += by * d;
                            }
                        }
                        *sum = a;
                    }
                    std::hint::black_box(&sum);
                    Ok(())
                }),
            ),
            ("accelerations", Box::new(|| held.accelerations(rt, 1e-3, target).map(drop))),
        ],
    };
    group.time(rounds, text)
}

fn main() -> Result<()> {
    let after = |word: &str| std::env::args().skip_while(|other| other != word).nth(1);
    let rounds = after("--rounds").and_then(|rounds| rounds.parse().ok()).unwrap_or(9);
    let mut text = String::new();
    for (threads, target) in [(1, Target::Simd), (2, Target::Threads)] {
        let rt = Runtime::builder().threads(threads).build()?;
        copies(&rt, target, threads, rounds, &mut text)?;
        grid(&rt, target, threads, rounds.div_ceil(3), &mut text)?;
        bodies(&rt, target, threads, rounds, &mut text)?;
    }
    if let Some(path) = after("--json") {
        std::fs::write(&path, text).expect("the record can be written");
    }
    Ok(())
}
