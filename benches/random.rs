//! Random numbers against plain loops, in one process, in turns.
//!
//! `cargo bench --bench random [-- NAME…]`; one JSON line for each row:
//! `{"numbers", "size", "threads", "seconds_min", "seconds_median", "per_second"}`. Each row is verified before it is timed.
//! Rows: the library's launches into memory that is there, on one thread and on two; the same places by a plain loop,
//! a block of Philox for each number (`plain`), or a block for four (`plain_fours`, which is another sequence);
//! a store of the same size (`store`), which nothing here can be faster than.

use std::hint::black_box;
use std::time::Instant;

use manylane::Result;
use manylane::kernel::math::normal_of;
use manylane::prelude::*;

const SIZES: [usize; 2] = [64 << 10, 4 << 20];
const SEED: u64 = 42;
const ROUNDS: usize = 25;

/// A row: what it is called, its threads, and what it does.
type Row<'a> = (&'a str, usize, Box<dyn FnMut() -> Result<()> + 'a>);

fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let runtimes = [1, 2].map(|threads| Runtime::builder().threads(threads).build());
    let runtimes = runtimes.into_iter().collect::<Result<Vec<_>>>()?;
    eprintln!("level {}", runtimes[0].level());
    for rt in &runtimes {
        eprintln!("threads {}", rt.uniform(SIZES[1], SEED).on(Target::Threads).plan()?.threads);
    }
    for n in SIZES {
        verify(&runtimes[0], n)?;
        for rt in &runtimes {
            let mut rows = launches(rt, n);
            if rt.threads() == 1 {
                rows.extend(loops(n));
            }
            rows.retain(|(name, ..)| {
                names.is_empty() || names.iter().any(|given| name.contains(given.as_str()))
            });
            time(n, rows)?;
        }
    }
    Ok(())
}

/// Draws four numbers of one block.
#[kernel]
fn four_of_a_block(rng: Random) -> [f32; 4] {
    let first = rng.f32();
    let second = rng.f32();
    let third = rng.f32();
    [first, second, third, rng.f32()]
}

fn launches(rt: &Runtime, n: usize) -> Vec<Row<'_>> {
    let threads = rt.threads();
    let target = if threads == 1 { Target::Simd } else { Target::Threads };
    let (mut floats, mut normals) = (vec![1.0f32; n], vec![1.0f32; n]);
    let (mut numbers, mut pixels) = (vec![1u32; n], vec![[1.0f32; 4]; n / 4]);
    let values: Vec<u32> = (0..n as u32).collect();
    vec![
        (
            "uniform",
            threads,
            Box::new(move || rt.uniform(n, SEED).on(target).run_into(black_box(&mut floats[..]))),
        ),
        (
            "normal",
            threads,
            Box::new(move || rt.normal(n, SEED).on(target).run_into(black_box(&mut normals[..]))),
        ),
        (
            "below",
            threads,
            Box::new(move || rt.below(1000, n, SEED)?.on(target).run_into(black_box(&mut numbers[..]))),
        ),
        (
            "uniform_fours",
            threads,
            Box::new(move || {
                let launch = rt.map::<four_of_a_block>((SEED,)).over(n / 4);
                launch.on(target).run_into(black_box(&mut pixels[..]))
            }),
        ),
        (
            "permutation",
            threads,
            Box::new(move || {
                black_box(rt.permutation(n, SEED).on(target).run()?.read()?);
                Ok(())
            }),
        ),
        (
            "shuffle",
            threads,
            Box::new(move || {
                black_box(rt.reduce(&values).on(target).shuffle(SEED)?.read()?);
                Ok(())
            }),
        ),
    ]
}

fn loops(n: usize) -> Vec<Row<'static>> {
    let (mut a, mut b, mut c, mut d) = (vec![1.0f32; n], vec![1.0f32; n], vec![1.0f32; n], vec![1.0f32; n]);
    let mut order: Vec<u32> = (0..n as u32).collect();
    vec![
        (
            "plain_uniform",
            1,
            Box::new(move || {
                plain(black_box(&mut a), unit);
                Ok(())
            }),
        ),
        (
            "plain_normal",
            1,
            Box::new(move || {
                plain(black_box(&mut b), normal_of);
                Ok(())
            }),
        ),
        (
            "plain_fours",
            1,
            Box::new(move || {
                plain_fours(black_box(&mut c));
                Ok(())
            }),
        ),
        (
            "plain_shuffle",
            1,
            Box::new(move || {
                fisher_yates(black_box(&mut order));
                Ok(())
            }),
        ),
        (
            "store",
            1,
            Box::new(move || {
                black_box(&mut d).fill(black_box(0.5));
                Ok(())
            }),
        ),
    ]
}

/// The block of a counter of one word, and of the seed.
#[inline(always)]
fn block(place: u32) -> [u32; 4] {
    let [mut a, mut b, mut c, mut d] = [place, 0, 0, 0];
    let (mut k, mut j) = (SEED as u32, (SEED >> 32) as u32);
    for _ in 0..10 {
        let (p, q) = (u64::from(a) * 0xd251_1f53, u64::from(c) * 0xcd9e_8d57);
        (a, b, c, d) = ((q >> 32) as u32 ^ b ^ k, q as u32, (p >> 32) as u32 ^ d ^ j, p as u32);
        (k, j) = (k.wrapping_add(0x9e37_79b9), j.wrapping_add(0xbb67_ae85));
    }
    [a, b, c, d]
}

#[inline(always)]
fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * 5.960_464_5e-8
}

#[inline(never)]
fn plain(out: &mut [f32], make: impl Fn(u32) -> f32) {
    for (place, out) in out.iter_mut().enumerate() {
        *out = make(block(place as u32)[0]);
    }
}

#[inline(never)]
fn plain_fours(out: &mut [f32]) {
    for (place, out) in out.chunks_exact_mut(4).enumerate() {
        out.copy_from_slice(&block(place as u32).map(unit));
    }
}

/// By words of the same generator, four from a block.
#[inline(never)]
fn fisher_yates(order: &mut [u32]) {
    for at in (1..order.len()).rev() {
        let word = block((at / 4) as u32)[at % 4];
        order.swap(at, ((u64::from(word) * (at as u64 + 1)) >> 32) as usize);
    }
}

fn verify(rt: &Runtime, n: usize) -> Result<()> {
    let mut expected = vec![0.0; n];
    plain(&mut expected, unit);
    assert!(rt.uniform(n, SEED).run()?.to_vec()? == expected, "uniform");
    plain_fours(&mut expected);
    let fours = rt.map::<four_of_a_block>((SEED,)).over(n / 4).run()?;
    assert!(fours.to_vec()?.concat() == expected, "uniform_fours");
    plain(&mut expected, normal_of);
    assert!(rt.normal(n, SEED).run()?.to_vec()? == expected, "normal");
    let mut order = rt.permutation(n, SEED).run()?.to_vec()?;
    let values: Vec<u32> = (0..n as u32).collect();
    assert!(rt.reduce(&values).shuffle(SEED)?.to_vec()? == order, "shuffle");
    order.sort_unstable();
    assert!(order == values, "permutation");
    Ok(())
}

/// All rows in turns, so that none has the machine's quiet minutes alone.
fn time(n: usize, mut rows: Vec<Row<'_>>) -> Result<()> {
    let mut seconds = vec![Vec::new(); rows.len()];
    for round in 0..ROUNDS + 2 {
        for ((_, _, work), seconds) in rows.iter_mut().zip(&mut seconds) {
            let start = Instant::now();
            work()?;
            if round >= 2 {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
    }
    for ((name, threads, _), mut seconds) in rows.into_iter().zip(seconds) {
        seconds.sort_by(f64::total_cmp);
        let (least, median) = (seconds[0], seconds[seconds.len() / 2]);
        println!(
            "{{\"numbers\": \"{name}\", \"size\": {n}, \"threads\": {threads}, \"seconds_min\": {least:.3e}, \
             \"seconds_median\": {median:.3e}, \"per_second\": {:.3e}}}",
            n as f64 / least
        );
    }
    Ok(())
}
