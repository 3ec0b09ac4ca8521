//! Moments, whose every bit is held, and histograms, which are exact.

use manylane::Moments;
use manylane::prelude::*;
use manylane_testkit::values::{LARGE, SIZES, floats};
use manylane_testkit::{Random as Inputs, Setup, tree};

use crate::Property;

pub const ALL: &[Property] = &[
    ("moments_f32", moments),
    ("moments_far_from_zero_f32", far_from_zero),
    ("moments_of_few_f32", of_few),
    ("histogram_u8", of_bytes),
    ("histogram_u32", numbered),
    ("histogram_even_f32", even),
    ("histogram_between_f32", between),
    ("histogram_fused_u32", fused),
];

/// The moments as they are defined, block by block.
fn oracle(x: &[f32]) -> Moments {
    let add = |a: f32, b: f32| a + b;
    let sum = |x: &[f32]| tree(x, -0.0, 0.0, add);
    let mut all: Vec<(u64, f64, f64)> = x
        .chunks(4096)
        .map(|block| {
            let c = sum(block) * (1.0 / block.len() as f32);
            let d: Vec<f32> = block.iter().map(|x| x - c).collect();
            let squares: Vec<f32> = d.iter().map(|d| d * d).collect();
            let (d1, d2, n) = (f64::from(sum(&d)), f64::from(sum(&squares)), block.len() as f64);
            (block.len() as u64, f64::from(c) + d1 / n, (d2 - d1 * d1 / n).max(0.0))
        })
        .collect();
    while all.len() > 1 {
        all = all
            .chunks(2)
            .map(|pair| {
                let [(n, mean, m2), (m, other, o2)] = *pair else { return pair[0] };
                let (count, delta) = (n + m, other - mean);
                let share = m as f64 / count as f64;
                (count, mean + delta * share, m2 + o2 + delta * delta * (n as f64 * share))
            })
            .collect();
    }
    let (count, mean, squares) = all.first().copied().unwrap_or((0, f64::NAN, 0.0));
    let numbers = || x.iter().copied().filter(|x| !x.is_nan());
    Moments {
        count,
        min: numbers().min_by(f32::total_cmp).unwrap_or(f32::INFINITY),
        max: numbers().max_by(f32::total_cmp).unwrap_or(f32::NEG_INFINITY),
        mean,
        squares,
    }
}

fn agree(setup: &Setup, found: Moments, expected: Moments, what: &str) {
    assert_eq!(found.count, expected.count, "{what}");
    assert_eq!(found.min.to_bits(), expected.min.to_bits(), "{what}: {found:?}, {expected:?}");
    assert_eq!(found.max.to_bits(), expected.max.to_bits(), "{what}: {found:?}, {expected:?}");
    if setup.own_floats() {
        let near = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-5 * b.abs() || a.is_nan() && b.is_nan();
        assert!(
            near(found.mean, expected.mean) && near(found.squares, expected.squares),
            "{what}: {found:?}"
        );
        return;
    }
    let bits = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    assert_eq!(bits(found.mean), bits(expected.mean), "{what}: {found:?}, {expected:?}");
    assert_eq!(bits(found.squares), bits(expected.squares), "{what}: {found:?}, {expected:?}");
}

fn moments(setup: &Setup) {
    let mut random = Inputs::new("moments");
    for n in SIZES.into_iter().chain([LARGE]) {
        let x = random.many(n, |r| r.float(-3.0, 5.0));
        agree(setup, setup.reduce(&x).moments().unwrap(), oracle(&x), &format!("{n}"));
    }
}

/// A naive sum of squares would lose all digits here.
fn far_from_zero(setup: &Setup) {
    let mut random = Inputs::new("far_from_zero");
    for (offset, n) in [(1e4f32, 100_003), (-1e6, 9_000), (1e6, LARGE)] {
        let x = random.many(n, |r| offset + r.below(8) as f32);
        let mean = x.iter().map(|x| f64::from(*x)).sum::<f64>() / n as f64;
        let variance = x.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / n as f64;
        let found = setup.reduce(&x).moments().unwrap();
        assert!((found.mean - mean).abs() < 1e-6 * offset.abs() as f64 * 1e-3, "{found:?}, not {mean}");
        assert!((found.variance() / variance - 1.0).abs() < 1e-4, "{found:?}, not {variance}");
    }
}

fn of_few(setup: &Setup) {
    let none = setup.reduce(&[0.0f32; 0]).moments().unwrap();
    assert!(none.count == 0 && none.mean.is_nan() && none.variance().is_nan());
    let one = setup.reduce(&[-0.0f32]).moments().unwrap();
    assert_eq!((one.count, one.min.to_bits(), one.mean, one.variance()), (1, (-0.0f32).to_bits(), 0.0, 0.0));
    assert!(one.sample_variance().is_nan());
    let some = setup.reduce(&[1.0f32, 2.0, 3.0, 4.0]).moments().unwrap();
    assert_eq!((some.mean, some.variance(), some.sample_variance()), (2.5, 1.25, 5.0 / 3.0));
    let mut x = vec![2.0f32; 10_000];
    x[7_777] = f32::NAN;
    x[8_888] = f32::NEG_INFINITY;
    let found = setup.reduce(&x).moments().unwrap();
    assert_eq!((found.min, found.max), (f32::NEG_INFINITY, 2.0));
    assert!(found.mean.is_nan());
    let nothing = setup.reduce(&[f32::NAN; 5]).moments().unwrap();
    assert_eq!((nothing.min, nothing.max), (f32::INFINITY, f32::NEG_INFINITY));
}

fn tally(bins: usize, places: impl Iterator<Item = Option<usize>>) -> Vec<u32> {
    let mut counts = vec![0; bins];
    for place in places.flatten() {
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }
    counts
}

fn of_bytes(setup: &Setup) {
    let mut random = Inputs::new("bytes");
    for n in SIZES.into_iter().chain([LARGE]) {
        for bins in [256, 100] {
            let x = random.many(n, |r| r.u32() as u8);
            let found =
                setup.runtime().bytes(&x).on(setup.target).mapping(setup.mapping).histogram(bins).unwrap();
            assert_eq!(found.to_vec().unwrap(), tally(bins, x.iter().map(|x| Some(usize::from(*x)))), "{n}");
        }
    }
    let rt = setup.runtime();
    let x = rt.array(vec![3u8; 70_000]).unwrap();
    let counts = rt.bytes(&x).on(setup.target).mapping(setup.mapping).histogram(256).unwrap();
    assert_eq!(counts.read().unwrap()[3], 70_000);
}

fn numbered(setup: &Setup) {
    let mut random = Inputs::new("numbered");
    for n in SIZES.into_iter().chain([LARGE]) {
        for bins in [0, 1, 7, 2_048, 2_049, 65_536] {
            let x = random.many(n, |r| r.below(bins + bins / 4 + 1) as u32);
            let found = setup.reduce(&x).histogram(bins).unwrap();
            assert_eq!(
                found.to_vec().unwrap(),
                tally(bins, x.iter().map(|x| Some(*x as usize))),
                "{n}, {bins}"
            );
        }
    }
}

fn even(setup: &Setup) {
    let mut random = Inputs::new("even");
    for n in SIZES {
        for bins in [1, 16, 5_000] {
            let (low, width) = (-2.0f32, 4.5 / bins as f32);
            let mut x = random.many(n, |r| r.float(-3.0, 3.0));
            x.iter_mut().step_by(9).zip(floats(&mut random, n)).for_each(|(x, odd)| *x = odd);
            if setup.own_floats() {
                // A GPU may round a division its own way: values near a bin's edge are not asked of it.
                x.retain(|x| {
                    ((x - low) / width).fract().abs() > 1e-3 && ((x - low) / width).fract().abs() < 0.999
                });
            }
            let expected = tally(
                bins,
                x.iter().map(|x| {
                    let place = ((x - low) / width).floor();
                    (place >= 0.0 && place < bins as f32).then_some(place as usize)
                }),
            );
            let found = setup.reduce(&x).histogram_even(low, width, bins).unwrap();
            assert_eq!(found.to_vec().unwrap(), expected, "{n}, {bins}");
        }
    }
    let x = [1.0f32];
    for (low, width, bins) in [(0.0, 0.0, 4), (0.0, -1.0, 4), (f32::NAN, 1.0, 4), (0.0, 1.0, (1 << 24) + 1)] {
        let error = setup.reduce(&x).histogram_even(low, width, bins).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Setting, "{error}");
    }
}

fn between(setup: &Setup) {
    let mut random = Inputs::new("between");
    for n in SIZES {
        for count in [2, 5, 48, 300] {
            let edges: Vec<f32> = (0..count).map(|k| (k as f32 * 0.21).powi(2) - 2.0).collect();
            let mut x = random.many(n, |r| r.float(-3.0, 90.0));
            x.iter_mut().step_by(9).zip(floats(&mut random, n)).for_each(|(x, odd)| *x = odd);
            x.iter_mut().step_by(11).zip(&edges).for_each(|(x, edge)| *x = *edge);
            let place = |x: &f32| edges.windows(2).position(|pair| pair[0] <= *x && *x < pair[1]);
            let expected = tally(count - 1, x.iter().map(place));
            let found = setup.reduce(&x).histogram_between(&edges).unwrap();
            assert_eq!(found.to_vec().unwrap(), expected, "{n}, {count}");
        }
    }
    for edges in [&[][..], &[1.0], &[2.0, 1.0], &[1.0, f32::NAN]] {
        let error = setup.reduce(&[1.0f32]).histogram_between(edges).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Setting, "{error}");
    }
}

#[kernel]
fn folded(x: u32, #[uniform] by: u32) -> u32 {
    x % by
}

fn fused(setup: &Setup) {
    let mut random = Inputs::new("fused");
    for n in [0, 1, 9_999, 100_003] {
        let x = random.many(n, Inputs::u32);
        let found = setup.map::<folded>((&x, 97)).histogram(97).unwrap();
        assert_eq!(found.to_vec().unwrap(), tally(97, x.iter().map(|x| Some((x % 97) as usize))), "{n}");
    }
}
