//! Transforms on each target beside plain rustfft and realfft, interleaved in one process.
//!
//! `cargo bench -p manylane-transforms --bench transforms [-- FILTER]`; `MANYLANE_BENCH_SOFTWARE=1` adds a GPU that is only
//! software, `MANYLANE_BENCH_ROUNDS` sets how often each is timed (31). Every result is held against the peer's once before
//! anything is timed. A GPU's input and output stay there; each run is waited for.
//!
//! A line shows the least and the median time, the rate counted as `5 n log2 n` operations (half of it for real rows), the
//! bytes of input and output over the time, and the median's ratio to the peer's, below 1 where we are faster.
#![allow(missing_docs, reason = "a bench has no readers from outside")]

use std::sync::Arc;
use std::time::Instant;

use manylane::Result;
use manylane::device::gpu;
use manylane::prelude::*;
use manylane_transforms::{Complex, Fft, Fft2, RealFft, kernels, tolerance};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex32;

type Run<'a> = Box<dyn FnMut() -> Result<()> + 'a>;

fn main() {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let rounds = std::env::var("MANYLANE_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(31);
    let bench = Bench { filter, rounds, rt: Runtime::new().expect("a runtime") };
    println!("{} threads, {}; {rounds} rounds", bench.rt.threads(), bench.rt.level());
    println!("{:<26}{:>12}{:>12}{:>10}{:>8}{:>8}", "", "min us", "median us", "GFLOP/s", "GB/s", "ratio");
    for n in [1 << 10, 1 << 16, 1 << 20] {
        bench.rows(n, 1).expect("rows");
    }
    bench.rows(1 << 10, 1 << 10).expect("rows");
    bench.real_rows(1 << 16).expect("real rows");
    bench.picture(1024).expect("pictures");
}

struct Bench {
    filter: String,
    rounds: usize,
    rt: Runtime,
}

fn numbers(n: usize) -> Vec<Complex> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    (0..n).map(|_| [next(), next()]).collect()
}

fn targets() -> Vec<Target> {
    let software = std::env::var_os("MANYLANE_BENCH_SOFTWARE").is_some();
    let adapters = gpu::adapters();
    let real = adapters.first().is_some_and(|adapter| software || !adapter.software);
    let mut all = vec![Target::Scalar, Target::Simd, Target::Threads];
    all.extend(real.then_some(Target::Gpu(0)));
    all
}

fn held(what: &str, found: &[Complex], wanted: &[Complex], n: usize) {
    let length = |x: &mut dyn Iterator<Item = f32>| x.map(|x| f64::from(x * x)).sum::<f64>().sqrt();
    let (found, wanted) = (found.as_flattened(), wanted.as_flattened());
    let off = length(&mut found.iter().zip(wanted).map(|(a, b)| a - b));
    // The peer is rounded as well.
    assert!(off <= 2.0 * tolerance(n) * length(&mut wanted.iter().copied()), "{what}: off by {off}");
}

fn plain(x: &[Complex]) -> Vec<Complex32> {
    x.iter().map(|x| Complex32::new(x[0], x[1])).collect()
}

fn told(z: &[Complex32]) -> Vec<Complex> {
    z.iter().map(|z| [z.re, z.im]).collect()
}

impl Bench {
    fn wanted(&self, name: &str) -> bool {
        name.contains(&self.filter)
    }

    /// Where a target reads its input: on a GPU it lies there.
    fn input(&self, x: &[Complex], shape: (usize, usize), target: Target) -> Result<Array<Complex>> {
        let x = self.rt.picture(x.to_vec(), shape)?;
        if let Target::Gpu(_) = target {
            return self.rt.map::<kernels::kept>(&x).on(target).run_wait()?.shaped(shape);
        }
        Ok(x)
    }

    fn rows(&self, n: usize, count: usize) -> Result<()> {
        let name = if count == 1 { format!("complex {n}") } else { format!("complex {count} x {n}") };
        if !self.wanted(&name) {
            return Ok(());
        }
        let (x, fft) = (numbers(n * count), Fft::new(&self.rt, n)?);
        let peer = FftPlanner::new().plan_fft_forward(n);
        let (mut from, mut to) = (plain(&x), plain(&x));
        let mut scratch = vec![Complex32::default(); peer.get_immutable_scratch_len()];
        peer.process_immutable_with_scratch(&from, &mut to, &mut scratch);
        let wanted = told(&to);
        let mut runs: Vec<(String, Run<'_>)> = vec![(
            "rustfft".into(),
            Box::new(move || {
                peer.process_immutable_with_scratch(&from, &mut to, &mut scratch);
                std::hint::black_box((&mut from, &mut to));
                Ok(())
            }),
        )];
        for target in targets() {
            let x = self.input(&x, (n, count), target)?;
            held(&format!("{name} {target}"), &fft.forward(&x).on(target).run()?.to_vec()?, &wanted, n);
            let fft = &fft;
            runs.push((
                target.to_string(),
                Box::new(move || done(fft.forward(&x).on(target).run()?, target)),
            ));
        }
        self.time(&name, count as f64 * 5.0 * n as f64 * (n as f64).log2(), 16.0 * (n * count) as f64, runs)
    }

    fn real_rows(&self, n: usize) -> Result<()> {
        let name = format!("real {n}");
        if !self.wanted(&name) {
            return Ok(());
        }
        let x: Vec<f32> = numbers(n / 2).into_iter().flatten().collect();
        let fft = RealFft::new(&self.rt, n)?;
        let peer = realfft::RealFftPlanner::<f32>::new().plan_fft_forward(n);
        let (mut from, mut to, mut scratch) = (x.clone(), peer.make_output_vec(), peer.make_scratch_vec());
        peer.process_with_scratch(&mut from, &mut to, &mut scratch).expect("lengths fit");
        let wanted = told(&to);
        let kept = x.clone();
        let mut runs: Vec<(String, Run<'_>)> = vec![(
            "realfft (with a copy)".into(),
            Box::new(move || {
                // It destroys its input.
                from.copy_from_slice(&kept);
                peer.process_with_scratch(&mut from, &mut to, &mut scratch).expect("lengths fit");
                std::hint::black_box(&mut to);
                Ok(())
            }),
        )];
        for target in targets() {
            let mut x = self.rt.array(x.clone())?;
            if let Target::Gpu(_) = target {
                x = self.rt.map::<kernels::kept_real>(&x).on(target).run_wait()?;
            }
            held(&format!("{name} {target}"), &fft.forward(&x).on(target).run()?.to_vec()?, &wanted, n);
            let fft = &fft;
            runs.push((
                target.to_string(),
                Box::new(move || done(fft.forward(&x).on(target).run()?, target)),
            ));
        }
        self.time(&name, 2.5 * n as f64 * (n as f64).log2(), 8.0 * n as f64, runs)
    }

    /// The peer does rows, a transposition, rows and a transposition, as its users do.
    fn picture(&self, side: usize) -> Result<()> {
        let name = format!("complex {side}^2");
        if !self.wanted(&name) {
            return Ok(());
        }
        let (x, fft) = (numbers(side * side), Fft2::new(&self.rt, (side, side))?);
        let peer = FftPlanner::new().plan_fft_forward(side);
        let from = plain(&x);
        let (mut rows, mut columns) = (from.clone(), from.clone());
        let mut scratch =
            vec![Complex32::default(); peer.get_immutable_scratch_len().max(peer.get_inplace_scratch_len())];
        let mut all = |peer: &Arc<dyn rustfft::Fft<f32>>, rows: &mut Vec<Complex32>| {
            peer.process_immutable_with_scratch(&from, rows, &mut scratch);
            transposed(rows, &mut columns, side);
            peer.process_with_scratch(&mut columns, &mut scratch);
            transposed(&columns, rows, side);
            std::hint::black_box(rows);
        };
        all(&peer, &mut rows);
        let wanted = told(&rows);
        let mut runs: Vec<(String, Run<'_>)> = vec![(
            "rustfft, transposing".into(),
            Box::new(move || {
                all(&peer, &mut rows);
                Ok(())
            }),
        )];
        for target in targets() {
            let x = self.input(&x, (side, side), target)?;
            held(&format!("{name} {target}"), &fft.forward(&x).on(target).run()?.to_vec()?, &wanted, side);
            let fft = &fft;
            runs.push((
                target.to_string(),
                Box::new(move || done(fft.forward(&x).on(target).run()?, target)),
            ));
        }
        let n = (side * side) as f64;
        self.time(&name, 5.0 * n * n.log2(), 16.0 * n, runs)
    }

    /// Times all in turn, and prints a line for each; the first is the peer.
    fn time(&self, name: &str, operations: f64, bytes: f64, mut runs: Vec<(String, Run<'_>)>) -> Result<()> {
        println!("{name}");
        let mut seconds = vec![Vec::new(); runs.len()];
        for round in 0..self.rounds + 2 {
            for ((_, run), seconds) in runs.iter_mut().zip(&mut seconds) {
                let start = Instant::now();
                run()?;
                if round >= 2 {
                    seconds.push(start.elapsed().as_secs_f64());
                }
            }
        }
        let mut peer = None;
        for ((who, _), seconds) in runs.iter().zip(&mut seconds) {
            seconds.sort_by(f64::total_cmp);
            let (min, median) = (seconds[0], seconds[seconds.len() / 2]);
            let ratio = median / *peer.get_or_insert(median);
            println!(
                "  {who:<24}{:>12.1}{:>12.1}{:>10.2}{:>8.2}{ratio:>8.2}",
                min * 1e6,
                median * 1e6,
                operations / median / 1e9,
                bytes / median / 1e9
            );
        }
        Ok(())
    }
}

/// Waits for a GPU: its last number is looked at.
fn done(z: Array<Complex>, target: Target) -> Result<()> {
    if let Target::Gpu(_) = target {
        std::hint::black_box(z.read_span(z.len() - 1..)?[0]);
    }
    std::hint::black_box(&z);
    Ok(())
}

fn transposed(from: &[Complex32], to: &mut [Complex32], side: usize) {
    const BLOCK: usize = 16;
    for y in (0..side).step_by(BLOCK) {
        for x in (0..side).step_by(BLOCK) {
            for (y, x) in
                (y..(y + BLOCK).min(side)).flat_map(|y| (x..(x + BLOCK).min(side)).map(move |x| (y, x)))
            {
                to[x * side + y] = from[y * side + x];
            }
        }
    }
}
