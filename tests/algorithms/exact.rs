//! Sums that are rounded once, held to whole numbers that have room for all of it.

use manylane::prelude::*;
use manylane_testkit::values::{LARGE, SIZES};
use manylane_testkit::{Random as Inputs, Setup};

use crate::Property;
use crate::numbers::refused;

pub const ALL: &[Property] = &[
    ("sum_exact_f32", close),
    ("sum_exact_of_all_magnitudes_f32", cancelling),
    ("sum_exact_of_few_f32", few),
    ("sum_exact_fused_f32", fused),
    ("sum_exact_f64", doubles),
];

/// A number of `bits` bits and a sign, times two to at most `reach`; and the same in whole numbers.
fn term(random: &mut Inputs, bits: u32, reach: usize) -> (f64, i128) {
    let m = (u64::from(random.u32()) << 32 | u64::from(random.u32())) >> (64 - bits);
    let shift = random.below(reach + 1);
    let m = if random.below(2) == 0 { i128::from(m) } else { -i128::from(m) };
    (m as f64 * (shift as f64).exp2(), m << shift)
}

/// Whole numbers, whose conversion to a float Rust rounds once.
fn close(setup: &Setup) {
    let mut random = Inputs::new("sum_exact");
    for n in SIZES.into_iter().chain([LARGE]) {
        for reach in [0, 9, 14, 40, 70] {
            if n > 5_000 && reach > 14 && setup.uses_gpu() && reach != 40 {
                continue;
            }
            let (mut x, mut exact) = (Vec::with_capacity(n), 0i128);
            for _ in 0..n {
                let (float, whole) = term(&mut random, 24, reach);
                // Around 1, so that there are bits on both sides of the point.
                x.push((float * (-40f64).exp2()) as f32);
                exact += whole;
            }
            let expected = exact as f32 * (-40f32).exp2();
            let found = setup.reduce(&x).sum_exact().unwrap();
            assert_eq!(found.to_bits(), expected.to_bits(), "{n}, {reach}: {found} instead of {expected}");
        }
    }
}

/// Everything from the smallest to the largest cancels, and what is left is known.
fn cancelling(setup: &Setup) {
    let mut random = Inputs::new("sum_exact_of_all_magnitudes");
    let tiny = f32::from_bits(1);
    let rests: [(&[f32], f32); 6] = [
        (&[], 0.0),
        (&[tiny; 5], f32::from_bits(5)),
        (&[1.0, 1e-30], 1.0),
        (&[16_777_216.0, 1.0], 16_777_216.0),
        (&[16_777_216.0, 1.0, tiny], 16_777_218.0),
        (&[f32::MAX, f32::MAX], f32::INFINITY),
    ];
    for (rest, expected) in rests {
        for n in [1, 40, 4_000, 30_000] {
            let mut x = rest.to_vec();
            for _ in 0..n {
                let bits = random.u32();
                let finite = if bits >> 23 & 0xff == 0xff { bits & 0x807f_ffff } else { bits };
                x.extend([f32::from_bits(finite), -f32::from_bits(finite)]);
            }
            for k in (1..x.len()).rev() {
                x.swap(k, random.below(k + 1));
            }
            let found = setup.reduce(&x).sum_exact().unwrap();
            assert_eq!(found.to_bits(), expected.to_bits(), "{n} and {rest:?}: {found}");
        }
    }
}

fn few(setup: &Setup) {
    let sum = |x: &[f32]| setup.reduce(x).sum_exact().unwrap();
    assert_eq!(sum(&[]).to_bits(), 0);
    assert_eq!(sum(&[-0.0, -0.0]).to_bits(), 0);
    assert_eq!(sum(&[f32::MAX, f32::MAX, -f32::MAX]), f32::MAX);
    assert_eq!(sum(&[f32::INFINITY, 1.0, -f32::MAX]), f32::INFINITY);
    assert_eq!(sum(&[f32::NEG_INFINITY; 3]), f32::NEG_INFINITY);
    assert!(sum(&[f32::INFINITY, f32::NEG_INFINITY]).is_nan());
    let mut x = vec![1.0; 10_000];
    x[9_999] = f32::NAN;
    assert!(sum(&x).is_nan());
    // 2^24 and more ones: a running sum would stop at 2^24.
    if !setup.uses_gpu() {
        assert_eq!(sum(&vec![1.0; (1 << 24) + 2]), 16_777_218.0);
    }
}

#[kernel]
fn negated(x: f32) -> f32 {
    -x
}

fn fused(setup: &Setup) {
    let x: Vec<f32> = (0..10_000).map(|k| (k as f32).exp2().min(1e20) + 0.1).collect();
    let direct = setup.reduce(&x).sum_exact().unwrap();
    assert_eq!(setup.map::<negated>(&x).sum_exact().unwrap(), -direct);
}

fn doubles(setup: &Setup) {
    if refused::<f64, _>(setup, |x| setup.reduce(x).sum_exact().map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("sum_exact_f64");
    for n in [0usize, 1, 5, 4_095, 4_097, 100_003] {
        let (mut x, mut exact) = (Vec::with_capacity(n), 0i128);
        for _ in 0..n {
            let (float, whole) = term(&mut random, 53, 50);
            x.push(float * (-60f64).exp2());
            exact += whole;
        }
        let expected = exact as f64 * (-60f64).exp2();
        let found = setup.reduce(&x).sum_exact().unwrap();
        assert_eq!(found.to_bits(), expected.to_bits(), "{n}: {found} instead of {expected}");
    }
    assert_eq!(setup.reduce(&[1e300f64, f64::from_bits(1), -1e300]).sum_exact().unwrap(), f64::from_bits(1));
}
