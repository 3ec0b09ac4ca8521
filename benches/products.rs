//! Products of matrices beside what the processor can do: `cargo bench --bench products [-- SIZE…]`.
//!
//! Every result is verified at some places before it is timed. Printed are the least of several runs in milliseconds, and the rate
//! in GFLOP/s; the first line is the rate of multiply-adds that no memory holds up.
#![allow(missing_docs, reason = "a bench has no readers from outside")]

use std::hint::black_box;
use std::time::Instant;

use manylane::prelude::*;

/// So many independent multiply-adds that the processor is never short of one.
#[kernel]
fn peak(x: f32, #[uniform] turns: u32) -> f32 {
    let mut a = x;
    let mut b = x + 1.0;
    let mut c = x + 2.0;
    let mut d = x + 3.0;
    let mut e = x + 4.0;
    let mut f = x + 5.0;
    for _ in 0..turns {
        a = a * 0.999 + 0.001;
        b = b * 0.999 + 0.001;
        c = c * 0.999 + 0.001;
        d = d * 0.999 + 0.001;
        e = e * 0.999 + 0.001;
        f = f * 0.999 + 0.001;
    }
    a + b + c + d + e + f
}

/// The least of the runs that fit a third of a second, five at least, in seconds.
fn least(mut run: impl FnMut()) -> f64 {
    let (began, mut best, mut runs) = (Instant::now(), f64::INFINITY, 0);
    while runs < 5 || began.elapsed().as_secs_f64() < 0.35 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
        runs += 1;
    }
    best
}

fn numbers(n: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    (0..n)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

fn verify(found: &[f32], a: &[f32], b: &[f32], (m, k, n): (usize, usize, usize)) {
    for at in 0..50 {
        let (i, j) = (at * 7919 % m, at * 104_729 % n);
        let (mut exact, mut size) = (0.0f64, 0.0f64);
        for l in 0..k {
            let term = f64::from(a[i * k + l]) * f64::from(b[l * n + j]);
            exact += term;
            size += term.abs();
        }
        let error = (f64::from(found[i * n + j]) - exact).abs();
        assert!(error <= 1e-6 * size.max(1.0), "{m}x{k}x{n} at {i} {j}: {error} of {size}");
    }
}

fn main() -> manylane::Result<()> {
    let asked: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let squares = if asked.is_empty() { vec![64, 128, 256, 512, 1024, 2048] } else { asked };
    let mut shapes: Vec<(usize, usize, usize)> = squares.iter().map(|n| (*n, *n, *n)).collect();
    let asked_none = std::env::args().all(|arg| arg.parse::<usize>().is_err());
    if asked_none {
        shapes.extend([(1, 4096, 4096), (4096, 4096, 1), (4, 4096, 4096), (4096, 4096, 4), (4096, 64, 4096)]);
    }
    for threads in [1, 2] {
        let rt = Runtime::builder().threads(threads).build()?;
        let target = if threads == 1 { Target::Simd } else { Target::Threads };
        let x = vec![1.0f32; 4096 * threads];
        let turns = 10_000;
        let seconds = least(|| {
            black_box(rt.map::<peak>((&x, turns)).on(target).run().expect("it runs"));
        });
        println!(
            "{threads} threads, multiply-adds alone: {:.0} GFLOP/s",
            12e-9 * 1e4 * x.len() as f64 / seconds
        );
        for &(m, k, n) in &shapes {
            let (a, b) = (numbers(m * k, 1), numbers(k * n, 2));
            let mut out = vec![0.0; m * n];
            rt.matmul((&a, (k, m)), (&b, (n, k))).on(target).run_into(&mut out)?;
            verify(&out, &a, &b, (m, k, n));
            let (of_a, of_b) = (rt.picture(a.clone(), (k, m))?, rt.picture(b.clone(), (n, k))?);
            let mut into = rt.picture(out.clone(), (n, m))?;
            let flops = 2e-9 * (m * k * n) as f64;
            let plain = least(|| {
                rt.matmul(&of_a, &of_b).on(target).run_into(&mut into).expect("it runs");
            });
            let turned = (rt.picture(a, (m, k))?.transposed()?, rt.picture(b, (k, n))?.transposed()?);
            let exchanged = least(|| {
                rt.matmul(&turned.0, &turned.1).on(target).run_into(&mut into).expect("it runs");
            });
            println!(
                "{threads} threads {m}x{k}x{n}: {:.3} ms, {:.1} GFLOP/s; both exchanged {:.3} ms, {:.1} GFLOP/s",
                1e3 * plain,
                flops / plain,
                1e3 * exchanged,
                flops / exchanged
            );
        }
        if asked_none {
            let n = 4096;
            let (a, x) = (numbers(n * n, 1), numbers(n, 2));
            let of_a = rt.picture(a.clone(), (n, n))?;
            let mut into = rt.array(vec![0.0f32; n])?;
            rt.matvec(&of_a, &x).on(target).run_into(&mut into)?;
            verify(&into.to_vec()?, &a, &x, (n, n, 1));
            let rows = least(|| rt.matvec(&of_a, &x).on(target).run_into(&mut into).expect("it runs"));
            let turned = of_a.transposed()?;
            let columns = least(|| rt.matvec(&turned, &x).on(target).run_into(&mut into).expect("it runs"));
            let sum = least(|| {
                black_box(rt.reduce(&of_a).on(target).sum().expect("it runs"));
            });
            println!(
                "{threads} threads, {n}x{n} times a vector: {:.3} ms; exchanged {:.3} ms; a sum of the matrix {:.3} ms",
                1e3 * rows,
                1e3 * columns,
                1e3 * sum
            );
        }
    }
    Ok(())
}
