//! What `Auto` costs: against the best single target and the plain loop, for kernels of every kind and sizes from 100 to
//! 64Mi elements. Medians of interleaved pairs; a row is over its limit where auto takes more than
//! max(5 %, 1 µs) longer than the best of the others. Such a row is measured twice more, and the middle one of the three
//! stands: the best of three medians is low by chance more often than one is.
//!
//! `cargo bench -p manylane --no-default-features --bench auto [-- --to N] [-- --rounds N] [-- --json FILE]`

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use manylane::prelude::*;

#[kernel]
fn saxpy(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    a * x + y
}

#[kernel]
fn root(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt() / (1.0 + x.abs())
}

#[kernel]
fn wave(x: f32, y: f32) -> f32 {
    x.sin() * y.cos() + (x * 0.1).exp()
}

#[kernel]
fn escape(x: f32, y: f32) -> f32 {
    let mut re = 0.0;
    let mut im = 0.0;
    let mut n = 0;
    while n < 64 && re * re + im * im <= 4.0 {
        let t = re * re - im * im + x;
        im = 2.0 * re * im + y;
        re = t;
        n += 1;
    }
    n as f32
}

/// A way to compute all of `z`.
type Way<'w> = (&'static str, Box<dyn FnMut(&mut [f32]) + 'w>);

/// A kernel's name, what auto took, and the best of the others.
type Row = (&'static str, f64, (f64, &'static str));

struct Options {
    to: usize,
    rounds: usize,
    json: Option<String>,
}

fn options() -> Options {
    let mut options = Options { to: 64 << 20, rounds: 31, json: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
        match word.as_str() {
            "--to" => options.to = value().parse().expect("a number of elements"),
            "--rounds" => options.rounds = value().parse().expect("a number of rounds"),
            "--json" => options.json = Some(value()),
            // Cargo's own.
            _ => {}
        }
    }
    options
}

fn main() {
    let options = options();
    let rt = Runtime::new().expect("a runtime");
    let mut text = String::new();
    let mut over = 0;
    println!("{:8} {:>10} {:>12} {:>12} {:>8}  best", "kernel", "elements", "auto", "best", "ratio");
    for n in sizes(options.to) {
        let x: Vec<f32> = (0..n).map(|i| (i % 1013) as f32 * 0.003 - 1.5).collect();
        let y: Vec<f32> = (0..n).map(|i| (i % 877) as f32 * 0.002 - 0.9).collect();
        let mut z = vec![0.0f32; n];
        // What other launches on the machine cost must not decide: fewer rounds where one is long.
        let rounds = options.rounds.max(1);
        let rows = [
            row(
                "saxpy",
                plain_saxpy,
                |target| {
                    let (rt, x, y) = (&rt, &x, &y);
                    Box::new(move |z: &mut [f32]| {
                        rt.map::<saxpy>((2.0, x, y)).on(target).run_into(z).expect("a run")
                    })
                },
                (&x, &y, &mut z),
                rounds,
            ),
            row(
                "root",
                plain_root,
                |target| {
                    let (rt, x, y) = (&rt, &x, &y);
                    Box::new(move |z: &mut [f32]| {
                        rt.map::<root>((x, y)).on(target).run_into(z).expect("a run")
                    })
                },
                (&x, &y, &mut z),
                rounds,
            ),
            row(
                "wave",
                plain_wave,
                |target| {
                    let (rt, x, y) = (&rt, &x, &y);
                    Box::new(move |z: &mut [f32]| {
                        rt.map::<wave>((x, y)).on(target).run_into(z).expect("a run")
                    })
                },
                (&x, &y, &mut z),
                rounds,
            ),
            row(
                "escape",
                plain_escape,
                |target| {
                    let (rt, x, y) = (&rt, &x, &y);
                    Box::new(move |z: &mut [f32]| {
                        rt.map::<escape>((x, y)).on(target).run_into(z).expect("a run")
                    })
                },
                (&x, &y, &mut z),
                rounds,
            ),
        ];
        for (kernel, auto, (best, name)) in rows {
            let is_over = excess(auto, best) > 0.0;
            over += usize::from(is_over);
            println!(
                "{kernel:8} {n:>10} {:>9.2} µs {:>9.2} µs {:>8.3}  {name}{}",
                auto * 1e6,
                best * 1e6,
                auto / best,
                if is_over { "  OVER" } else { "" }
            );
            let _ = writeln!(
                text,
                "{{\"kernel\":\"{kernel}\",\"elements\":{n},\"auto_seconds\":{auto:e},\"best_seconds\":{best:e},\"best\":\"{name}\",\"over\":{is_over}}}"
            );
        }
    }
    if let Some(path) = options.json {
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    println!("{over} over max(5 %, 1 µs)");
}

fn sizes(to: usize) -> impl Iterator<Item = usize> {
    [100, 1_000, 4_096, 10_000, 100_000, 1 << 20, 4 << 20, 16 << 20, 64 << 20]
        .into_iter()
        .filter(move |n| *n <= to)
}

/// By which part auto is beyond what it may take.
fn excess(auto: f64, best: f64) -> f64 {
    auto / (best + (best * 0.05).max(1e-6)) - 1.0
}

/// A row, the middle one of three where the first is over.
fn row<'w>(
    kernel: &'static str,
    plain: fn(&[f32], &[f32], &mut [f32]),
    on: impl Fn(Target) -> Box<dyn FnMut(&mut [f32]) + 'w>,
    (x, y, z): (&'w [f32], &'w [f32], &mut [f32]),
    rounds: usize,
) -> Row {
    let over = |row: &Row| excess(row.1, row.2.0);
    let mut random = 0x9e37_79b9_7f4a_7c15u64 ^ x.len() as u64;
    let mut measure = || measured(kernel, plain, &on, (x, y, &mut *z), (rounds, &mut random));
    let mut tries = vec![measure()];
    if over(&tries[0]) > 0.0 {
        tries.extend((0..2).map(|_| measure()));
        tries.sort_by(|a, b| over(a).total_cmp(&over(b)));
    }
    tries[tries.len() / 2]
}

/// Orders of four ways in which each comes once after each other one: what ran before leaves the caches and the pool as it
/// likes, and none is to gain by that.
const SQUARE: [[usize; 4]; 4] = [[0, 1, 3, 2], [1, 2, 0, 3], [2, 3, 1, 0], [3, 0, 2, 1]];

/// Medians of auto and of the best of the others, in seconds: each round runs every way once.
fn measured<'w>(
    kernel: &'static str,
    plain: fn(&[f32], &[f32], &mut [f32]),
    on: &impl Fn(Target) -> Box<dyn FnMut(&mut [f32]) + 'w>,
    (x, y, z): (&'w [f32], &'w [f32], &mut [f32]),
    (rounds, random): (usize, &mut u64),
) -> Row {
    let mut ways: [Way<'w>; 4] = [
        ("auto", on(Target::Auto)),
        ("simd", on(Target::Simd)),
        ("threads", on(Target::Threads)),
        ("plain loop", Box::new(move |z: &mut [f32]| plain(x, y, z))),
    ];
    // A short call is repeated until a clock can tell it from nothing.
    let repeats = (20_000 / x.len().max(1)).max(1);
    let mut times: Vec<Vec<f64>> = ways.iter().map(|_| Vec::new()).collect();
    let mut names = [0, 1, 2, 3];
    for round in 0..rounds + 3 {
        if round % SQUARE.len() == 0 {
            for at in (1..names.len()).rev() {
                *random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                names.swap(at, (*random >> 33) as usize % (at + 1));
            }
        }
        for which in SQUARE[round % SQUARE.len()].map(|way| names[way]) {
            let start = Instant::now();
            for _ in 0..repeats {
                ways[which].1(black_box(z));
            }
            let seconds = start.elapsed().as_secs_f64() / repeats as f64;
            // The first rounds warm up: caches, the pool, the models.
            if round >= 3 {
                times[which].push(seconds);
            }
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    let best = (1..ways.len()).min_by(|a, b| medians[*a].total_cmp(&medians[*b])).unwrap_or(1);
    (kernel, medians[0], (medians[best], ways[best].0))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn plain_saxpy(x: &[f32], y: &[f32], z: &mut [f32]) {
    for ((x, y), z) in x.iter().zip(y).zip(z) {
        *z = 2.0 * x + y;
    }
}

fn plain_root(x: &[f32], y: &[f32], z: &mut [f32]) {
    for ((x, y), z) in x.iter().zip(y).zip(z) {
        *z = (x * x + y * y).sqrt() / (1.0 + x.abs());
    }
}

fn plain_wave(x: &[f32], y: &[f32], z: &mut [f32]) {
    for ((x, y), z) in x.iter().zip(y).zip(z) {
        *z = x.sin() * y.cos() + (x * 0.1).exp();
    }
}

fn plain_escape(x: &[f32], y: &[f32], z: &mut [f32]) {
    for ((x, y), z) in x.iter().zip(y).zip(z) {
        let (mut re, mut im, mut n) = (0.0f32, 0.0f32, 0);
        while n < 64 && re * re + im * im <= 4.0 {
            let t = re * re - im * im + x;
            im = 2.0 * re * im + y;
            re = t;
            n += 1;
        }
        *z = n as f32;
    }
}
