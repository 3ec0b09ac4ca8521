//! Reductions, fused and of stored elements: values. Their bits are held in `bits`.

use manylane::prelude::*;
use manylane_testkit::values::{NASTY_F32, SIZES, ints, plain_floats, words};
use manylane_testkit::{Random, Setup, assert_same, tree};

use crate::Property;
use crate::kernels::arrays::*;
use crate::kernels::*;

pub const ALL: &[Property] = &[
    ("fold_integers", integers),
    ("fold_of_nothing", of_nothing),
    ("fold_min_max", min_max),
    ("fold_own", own),
    ("fold_own_with_a_loop", own_with_a_loop),
    ("fold_with_what_the_map_calls", own_and_called),
    ("fold_fused", fused),
    ("fold_places", of_places),
    ("fold_pictures", of_pictures),
    ("fold_in_place", of_in_place),
    ("fold_constants", of_constants),
];

fn integers(setup: &Setup) {
    let mut random = Random::new("fold_integers");
    for n in SIZES {
        let (i, u) = (ints(&mut random, n), words(&mut random, n));
        assert_eq!(
            setup.reduce(&i).sum().unwrap(),
            i.iter().fold(0i32, |a, x| a.wrapping_add(*x)),
            "sum, {n}"
        );
        assert_eq!(
            setup.reduce(&i).product().unwrap(),
            i.iter().fold(1i32, |a, x| a.wrapping_mul(*x)),
            "product, {n}"
        );
        assert_eq!(setup.reduce(&i).min().unwrap(), i.iter().copied().min().unwrap_or(i32::MAX), "min, {n}");
        assert_eq!(setup.reduce(&i).max().unwrap(), i.iter().copied().max().unwrap_or(i32::MIN), "max, {n}");
        assert_eq!(
            setup.reduce(&u).sum().unwrap(),
            u.iter().fold(0u32, |a, x| a.wrapping_add(*x)),
            "sum, {n}"
        );
        assert_eq!(
            setup.reduce(&u).product().unwrap(),
            u.iter().fold(1u32, |a, x| a.wrapping_mul(*x)),
            "product, {n}"
        );
        assert_eq!(setup.reduce(&u).min().unwrap(), u.iter().copied().min().unwrap_or(u32::MAX), "min, {n}");
        assert_eq!(setup.reduce(&u).max().unwrap(), u.iter().copied().max().unwrap_or(0), "max, {n}");
    }
}

fn of_nothing(setup: &Setup) {
    let none: [f32; 0] = [];
    assert_eq!(setup.reduce(&none).sum().unwrap().to_bits(), 0.0f32.to_bits());
    assert_eq!(setup.reduce(&none).product().unwrap(), 1.0);
    assert_eq!(setup.reduce(&none).min().unwrap(), f32::INFINITY);
    assert_eq!(setup.reduce(&none).max().unwrap(), f32::NEG_INFINITY);
    assert_eq!(setup.reduce(&none).reduce::<join>(3.0).unwrap(), 3.0);
    // One value comes out as it went in, the negative zero too.
    for x in NASTY_F32 {
        assert_same("the sum of one", &[setup.reduce(&[x]).sum().unwrap()], &[x]);
        let times = setup.reduce(&[x]).product().unwrap();
        if !(setup.own_floats() && x.is_subnormal()) {
            assert_same("the product of one", &[times], &[x]);
        }
    }
}

fn min_max(setup: &Setup) {
    let mut random = Random::new("fold_min_max");
    for n in SIZES {
        let mut x = plain_floats(&mut random, n);
        for k in (0..n).step_by(5) {
            x[k] = f32::NAN;
        }
        let numbers = || x.iter().copied().filter(|x| !x.is_nan());
        let (low, high) = (setup.reduce(&x).min().unwrap(), setup.reduce(&x).max().unwrap());
        if n > 1 {
            assert_eq!(low, numbers().fold(f32::INFINITY, |a, b| if b < a { b } else { a }), "min, {n}");
            assert_eq!(high, numbers().fold(f32::NEG_INFINITY, |a, b| if b > a { b } else { a }), "max, {n}");
        }
    }
    let zeros = [0.0f32, -0.0, 0.0];
    assert_eq!(setup.reduce(&zeros).min().unwrap().to_bits(), (-0.0f32).to_bits(), "-0.0 is less than 0.0");
    assert_eq!(setup.reduce(&[-0.0f32, 0.0, -0.0]).max().unwrap().to_bits(), 0, "-0.0 is less than 0.0");
    for n in [1, 7, 5_000] {
        let nans = vec![f32::NAN; n];
        assert_eq!(setup.reduce(&nans).min().unwrap(), f32::INFINITY, "{n} NaN are ignored");
        assert_eq!(setup.reduce(&nans).max().unwrap(), f32::NEG_INFINITY, "{n} NaN are ignored");
    }
}

fn own(setup: &Setup) {
    let mut random = Random::new("fold_own");
    for n in SIZES {
        let x = plain_floats(&mut random, n);
        let found = setup.reduce(&x).reduce::<join>(0.0).unwrap();
        let expected = tree(&x, 0.0, 0.0, |a, b| a + b);
        if !setup.own_floats() {
            assert_same(format!("join, {n}"), &[found], &[expected]);
        }
        let u = words(&mut random, n);
        let found = setup.reduce(&u).reduce::<farther>(0x5555).unwrap();
        assert_eq!(found, u.iter().copied().max_by_key(|x| x ^ 0x5555).unwrap_or(0x5555), "farther, {n}");
    }
}

fn own_with_a_loop(setup: &Setup) {
    let mut random = Random::new("fold_own_with_a_loop");
    let naive = |a: u32, b: u32| {
        let (mut a, mut b) = (a, b);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    for n in [0, 1, 2, 100, 4_097, 30_000] {
        let x = random.many(n, |r| 12 * (1 + r.below(9_000) as u32));
        let found = setup.reduce(&x).reduce::<common>(0).unwrap();
        assert_eq!(found, x.iter().copied().fold(0, naive), "gcd, {n}");
    }
}

fn own_and_called(setup: &Setup) {
    for n in [1, 100, 10_000] {
        let x: Vec<f32> = (0..n).map(|k| (k % 64) as f32).collect();
        let expected: f32 = x.iter().map(|x| (x + 2.0) * 0.5).sum();
        assert_eq!(setup.map::<joined>((&x, 2.0)).reduce::<join>(0.0).unwrap(), expected, "{n}");
        assert_eq!(setup.map::<join>((&x, 2.0)).reduce::<join>(0.0).unwrap(), expected * 2.0, "{n}");
    }
}

fn fused(setup: &Setup) {
    for n in SIZES {
        // Halves of small numbers: every order of adding them gives the same float.
        let x: Vec<f32> = (0..n).map(|k| (k % 50) as f32 - 20.0).collect();
        let expected: f64 = x.iter().map(|x| f64::from(x + 0.5)).sum();
        assert_eq!(f64::from(setup.map::<add>((&x, 0.5)).sum().unwrap()), expected, "{n}");
        let high = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        assert_eq!(setup.map::<add>((&x, 1.0)).max().unwrap(), high + 1.0, "{n}");
        let stored = setup.map::<add>((&x, 0.5)).run().unwrap();
        assert_eq!(f64::from(setup.reduce(&stored).sum().unwrap()), expected, "stored, {n}");
    }
}

fn of_places(setup: &Setup) {
    for n in SIZES {
        let expected = (0..n as u32).map(|i| i.wrapping_mul(3).wrapping_add(1)).fold(0u32, u32::wrapping_add);
        assert_eq!(setup.map::<places>(()).over(n).sum().unwrap(), expected, "{n}");
    }
    for (w, h) in [(1, 1), (7, 3), (33, 200), (1_000, 101)] {
        let expected: u32 = (0..h).flat_map(|y| (0..w).map(move |x| x * 7 + y)).sum();
        assert_eq!(setup.map::<weigh>(()).over((w as usize, h as usize)).sum().unwrap(), expected, "{w}x{h}");
    }
}

#[kernel]
fn weigh(at: Cell) -> u32 {
    at.x * 7 + at.y
}

fn of_pictures(setup: &Setup) {
    let mut random = Random::new("fold_pictures");
    for (w, h) in [(1, 1), (3, 3), (40, 7), (397, 301)] {
        let cells: Vec<u8> = random.many(w * h, |r| r.u32() as u8);
        let picture = setup.runtime().picture(cells.clone(), (w, h)).unwrap();
        let stored = setup.map::<window>((&picture, 1)).run().unwrap().to_vec().unwrap();
        let expected = stored.iter().fold(0u32, |a, x| a.wrapping_add(*x));
        assert_eq!(setup.map::<window>((&picture, 1)).sum().unwrap(), expected, "sum, {w}x{h}");
        assert_eq!(
            setup.map::<window>((&picture, 1)).max().unwrap(),
            *stored.iter().max().unwrap(),
            "max, {w}x{h}"
        );
    }
}

/// Folding a kernel that updates in place updates, and folds; a target that cannot says so.
fn of_in_place(setup: &Setup) {
    for n in [1u32, 100, 9_000] {
        let old: Vec<u32> = (0..n).collect();
        let mut kept = setup.runtime().array(old.clone()).unwrap();
        match setup.map::<bump>((&mut kept,)).sum() {
            Ok(sum) => {
                let bumped: Vec<u32> = old.iter().map(|x| x + 1).collect();
                assert_eq!(sum, bumped.iter().map(|x| x * 2).sum::<u32>(), "{n}");
                assert_same(format!("{n}"), &kept.read().unwrap(), &bumped);
            }
            Err(error) => {
                assert!(setup.uses_gpu(), "{error}");
                assert_eq!(error.kind(), ErrorKind::UnsupportedType, "{error}");
                assert_same("a launch that is refused leaves its arrays", &kept.read().unwrap(), &old);
            }
        }
    }
}

fn of_constants(setup: &Setup) {
    for n in [0, 1, 100, 9_000, 100_003] {
        let sum = setup.map::<add>((0.25, 0.25)).over(n).sum().unwrap();
        assert_eq!(sum, n as f32 * 0.5, "{n}");
    }
}
