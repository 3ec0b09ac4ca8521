//! What `Auto` costs: against the best single target and the plain loop, for kernels of every kind and sizes from 100 to
//! 64Mi elements. A row is over its limit where auto takes more than max(5 %, 1 µs) longer than another: see `pairs`.
//!
//! `cargo bench -p manylane --no-default-features --bench auto [-- --to N] [-- --rounds N] [-- --json FILE]`

mod pairs;

use std::convert::Infallible;
use std::hint::black_box;

use manylane::prelude::*;
use pairs::Row;

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
type Way<'w> = Box<dyn FnMut(&mut [f32]) + 'w>;

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
    pairs::head();
    for n in sizes(options.to) {
        let x: Vec<f32> = (0..n).map(|i| (i % 1013) as f32 * 0.003 - 1.5).collect();
        let y: Vec<f32> = (0..n).map(|i| (i % 877) as f32 * 0.002 - 0.9).collect();
        let mut z = vec![0.0f32; n];
        let rounds = options.rounds.max(1);
        macro_rules! rows {
            ($($kernel:ident, $plain:ident, ($($uniform:literal)?);)*) => {
                [$((
                    stringify!($kernel),
                    row(
                        $plain,
                        |target| {
                            let (rt, x, y) = (&rt, &x, &y);
                            Box::new(move |z: &mut [f32]| {
                                rt.map::<$kernel>(($($uniform,)? x, y)).on(target).run_into(z).expect("a run")
                            })
                        },
                        (&x, &y, &mut z),
                        rounds,
                    ),
                ),)*]
            };
        }
        let rows = rows! {
            saxpy, plain_saxpy, (2.0);
            root, plain_root, ();
            wave, plain_wave, ();
            escape, plain_escape, ();
        };
        for (kernel, row) in rows {
            over += usize::from(row.is_over());
            row.tell(kernel, n, NAMES[row.which], &mut text);
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

/// Auto, and what it is measured against.
const NAMES: [&str; pairs::WAYS] = ["auto", "simd", "threads", "plain loop"];

/// The row of one kernel.
fn row<'w>(
    plain: fn(&[f32], &[f32], &mut [f32]),
    on: impl Fn(Target) -> Box<dyn FnMut(&mut [f32]) + 'w>,
    (x, y, z): (&'w [f32], &'w [f32], &mut [f32]),
    rounds: usize,
) -> Row {
    let mut ways: [Way<'w>; pairs::WAYS] = [
        on(Target::Auto),
        on(Target::Simd),
        on(Target::Threads),
        Box::new(move |z: &mut [f32]| plain(x, y, z)),
    ];
    let Ok(row) = pairs::row(rounds, x.len() as u64, |which| {
        ways[which](black_box(&mut *z));
        Ok::<(), Infallible>(())
    });
    row
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
