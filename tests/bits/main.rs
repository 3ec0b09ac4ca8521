//! Results of class A and B have the same bits on every level, number of threads, split and software GPU.
//!
//! Class A: no float operation decides. Class B: strict kernels, and reductions by the fixed tree. The oracle of a
//! reduction is that tree as a naive loop.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

#[path = "../kernels/mod.rs"]
mod kernels;
mod lengths;

use kernels::*;
use libtest_mimic::{Arguments, Trial};
use manylane_testkit::values::{plain_floats, words};
use manylane_testkit::{Random, Setup, asked_for, assert_same, bit_targets, gpu_is_required, tree};

type Property = (&'static str, fn(&Setup));

const ALL: &[Property] = &[
    ("sum", sum),
    ("product", product_of_all),
    ("min_and_max", min_and_max),
    ("dot", dot),
    ("own_reduction", own),
    ("fused_and_stored", fused_and_stored),
    ("strict_maps", strict_maps),
    ("integer_maps", integer_maps),
    ("huge_and_tiny_summands", huge_and_tiny),
    ("sums_and_scans_of_many_lengths", lengths::sums_and_scans),
    ("sums_past_caches", lengths::sums_past_caches),
];
/// Those before them are for all targets.
const SHORT: usize = ALL.len() - 2;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for setup in asked_for(&arguments, bit_targets()) {
        let properties = if lengths::takes(&setup) { ALL } else { &ALL[..SHORT] };
        for (name, body) in properties {
            // Integers have the same bits everywhere; floats where the self-test says so.
            let own = setup.own_floats() && *name != "integer_maps";
            let skip = own || setup.missing().is_some() && !gpu_is_required();
            let setup = setup.clone();
            let trial = Trial::test(format!("{name}::{}", setup.name), move || {
                body(&setup);
                Ok(())
            });
            trials.push(trial.with_ignored_flag(skip));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Lengths around blocks and pairs of blocks, and random ones.
fn lengths(random: &mut Random) -> Vec<usize> {
    let mut lengths =
        vec![0, 1, 2, 31, 127, 128, 129, 255, 4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 12_288, 12_289];
    lengths.extend([5 * 4_096, 5 * 4_096 + 100, 64 * 4_096 - 1]);
    lengths.extend(random.many(8, |r| r.below(300_000)));
    lengths
}

/// Floats of many magnitudes, so that every association gives other bits.
fn spread(random: &mut Random, n: usize) -> Vec<f32> {
    random.many(n, |r| r.float(-1.0, 1.0) * [1e-6, 1e-3, 1.0, 1e3, 1e6][r.below(5)])
}

#[track_caller]
fn assert_bits(what: String, found: f32, expected: f32) {
    assert_same(what, &[found], &[expected]);
}

fn least(a: f32, b: f32) -> f32 {
    match (a.is_nan(), b.is_nan()) {
        (true, _) => b,
        (_, true) => a,
        _ if a == b => {
            if a.is_sign_negative() {
                a
            } else {
                b
            }
        }
        _ => {
            if a < b {
                a
            } else {
                b
            }
        }
    }
}

fn sum(setup: &Setup) {
    let mut random = Random::new("sum");
    for n in lengths(&mut random) {
        let x = spread(&mut random, n);
        let expected = tree(&x, -0.0, 0.0, |a, b| a + b);
        assert_bits(format!("slice of {n}"), setup.reduce(&x).sum().unwrap(), expected);
        let stored = setup.runtime().array(x).unwrap();
        assert_bits(format!("array of {n}"), setup.reduce(&stored).sum().unwrap(), expected);
    }
    for n in [1, 100, 5_000] {
        assert_bits(format!("{n} zeros"), setup.reduce(&vec![-0.0f32; n]).sum().unwrap(), -0.0);
    }
}

fn product_of_all(setup: &Setup) {
    let mut random = Random::new("product");
    for n in lengths(&mut random) {
        let x = random.many(n, |r| r.float(0.5, 1.45) * if r.below(3) == 0 { -1.0 } else { 1.0 });
        let expected = tree(&x, 1.0, 1.0, |a, b| a * b);
        if expected.is_normal() {
            assert_bits(format!("{n}"), setup.reduce(&x).product().unwrap(), expected);
        }
    }
}

fn min_and_max(setup: &Setup) {
    let mut random = Random::new("min_and_max");
    for n in lengths(&mut random) {
        let x = random.many(n, |r| match r.below(6) {
            0 => f32::NAN,
            1 => -0.0,
            2 => 0.0,
            _ => r.below(3) as f32 * if n % 2 == 0 { 1.0 } else { -1.0 },
        });
        if x.iter().all(|x| x.is_nan()) {
            continue;
        }
        let low = tree(&x, f32::INFINITY, f32::INFINITY, least);
        let high = tree(&x, f32::NEG_INFINITY, f32::NEG_INFINITY, |a, b| -least(-a, -b));
        assert_bits(format!("min of {n}"), setup.reduce(&x).min().unwrap(), low);
        assert_bits(format!("max of {n}"), setup.reduce(&x).max().unwrap(), high);
    }
}

fn dot(setup: &Setup) {
    let mut random = Random::new("dot");
    for n in lengths(&mut random) {
        let (x, y) = (spread(&mut random, n), spread(&mut random, n));
        let products: Vec<f32> = x.iter().zip(&y).map(|(x, y)| x * y).collect();
        let expected = tree(&products, -0.0, 0.0, |a, b| a + b);
        assert_bits(format!("{n}"), setup.map::<product>((&x, &y)).sum().unwrap(), expected);
    }
}

fn own(setup: &Setup) {
    let mut random = Random::new("own");
    for n in lengths(&mut random) {
        let x = spread(&mut random, n);
        let found = setup.reduce(&x).reduce::<join>(0.0).unwrap();
        assert_bits(format!("join of {n}"), found, tree(&x, 0.0, 0.0, |a, b| a + b));
        let found = setup.reduce(&x).reduce::<hypotenuse>(0.0).unwrap();
        let expected = tree(&x, 0.0, 0.0, |a, b| (a * a + b * b).sqrt());
        assert_bits(format!("hypotenuse of {n}"), found, expected);
    }
}

/// Rounds differently in every order.
#[manylane::kernel(strict)]
fn hypotenuse(a: f32, b: f32) -> f32 {
    (a * a + b * b).sqrt()
}

fn fused_and_stored(setup: &Setup) {
    let mut random = Random::new("fused_and_stored");
    for n in lengths(&mut random) {
        let [a, b, c] = [(); 3].map(|()| plain_floats(&mut random, n));
        let stored = setup.map::<distance>((&a, &b, &c)).run().unwrap();
        let fused = setup.map::<distance>((&a, &b, &c)).sum().unwrap();
        let apart = setup.reduce(&stored).sum().unwrap();
        let values: Vec<f32> = (0..n).map(|i| (a[i] * a[i] + b[i] * b[i]).sqrt() * 0.5 + c[i]).collect();
        let expected = tree(&values, -0.0, 0.0, |a, b| a + b);
        assert_bits(format!("fused, {n}"), fused, expected);
        assert_bits(format!("stored, {n}"), apart, expected);
        let broadcast = setup.map::<distance>((&a, 2.0, &c)).sum().unwrap();
        let values: Vec<f32> = (0..n).map(|i| (a[i] * a[i] + 4.0).sqrt() * 0.5 + c[i]).collect();
        assert_bits(format!("broadcast, {n}"), broadcast, tree(&values, -0.0, 0.0, |a, b| a + b));
    }
}

fn strict_maps(setup: &Setup) {
    let mut random = Random::new("strict_maps");
    for n in lengths(&mut random) {
        let [x, y, z] = [(); 3].map(|()| spread(&mut random, n));
        let expected: Vec<f32> = (0..n)
            .map(|i| {
                let (x, y, z) = (x[i], y[i], z[i]);
                (x * y + z) * x - y * z + (z - x * y)
            })
            .collect();
        let found = setup.map::<f_strict>((&x, &y, &z)).run().unwrap();
        assert_same(format!("{n}"), &found.read().unwrap(), &expected);
    }
}

fn integer_maps(setup: &Setup) {
    let mut random = Random::new("integer_maps");
    for n in lengths(&mut random).into_iter().filter(|n| *n < 50_000) {
        let (x, turns) = (words(&mut random, n), words(&mut random, n));
        let found = setup.map::<carried>((&x, &turns)).run().unwrap();
        let expected: Vec<u32> = x.iter().zip(&turns).map(|(x, turns)| carried(*x, *turns).2).collect();
        assert_same(format!("{n}"), &found.2.read().unwrap(), &expected);
    }
}

/// What is lost by rounding depends on the order alone.
fn huge_and_tiny(setup: &Setup) {
    for n in [200, 4_200, 70_000] {
        let x: Vec<f32> = (0..n)
            .map(|k| match k % 3 {
                0 => 1e30,
                1 => 1.0 + k as f32,
                _ => -1e30,
            })
            .collect();
        let expected = tree(&x, -0.0, 0.0, |a, b| a + b);
        assert_bits(format!("{n}"), setup.reduce(&x).sum().unwrap(), expected);
    }
}
