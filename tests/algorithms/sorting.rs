//! Sorting: the order, the places, what moves along, on every target; and reading at given places.

use std::cmp::Ordering;

use manylane::Sort;
use manylane::api::Sortable;
use manylane::prelude::*;
use manylane_testkit::values::{LARGE, SIZES};
use manylane_testkit::{Random as Inputs, Setup};

use crate::Property;
use crate::numbers::{Number, each_type, each_wide_type, refused};

pub const TYPED: &[Property] = each_type![sort];
pub const WIDE: &[Property] = each_wide_type![sort];
pub const OTHERS: &[Property] = &[
    ("argsort_f32", argsort),
    ("sort_bits_u32", some_bits),
    ("sort_pairs_u32", pairs),
    ("sort_few_values_u32", few_values),
    ("top_k_f32", largest),
    ("gather_f32", gather),
];

/// The order of `total_cmp`: by bits, negative ones the other way round.
fn total<T: Number>(a: &T, b: &T) -> Ordering {
    a.stands(*b).unwrap_or_else(|| {
        let rank = |x: &T| {
            let bits = x.bits();
            // Of a NaN as wide as its bits are.
            let sign = if T::WIDE { bits >> 63 } else { bits >> 31 & 1 };
            match x.stands(*x) {
                Some(_) => (0i8, 0),
                None if sign == 1 => (-1, u64::MAX - bits),
                None => (1, bits),
            }
        };
        rank(a).cmp(&rank(b))
    })
}

fn bits<T: Number>(values: &[T]) -> Vec<u64> {
    values.iter().map(|x| x.bits()).collect()
}

fn sort<T: Number + Sortable>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).sort().map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("sort");
    for n in SIZES.into_iter().chain([LARGE]) {
        let x = T::many(&mut random, n);
        let mut expected = x.clone();
        expected.sort_by(total);
        let found = setup.reduce(&x).sort().unwrap().to_vec().unwrap();
        assert!(bits(&found) == bits(&expected), "{n}");
        expected.sort_by(|a, b| total(b, a));
        let found = setup.reduce(&x).sort_by(Sort::descending()).unwrap().to_vec().unwrap();
        assert!(bits(&found) == bits(&expected), "{n}, descending");
    }
    let x = T::many(&mut random, 10_001);
    let mut expected: Vec<T> = x.iter().map(|x| x.flip()).collect();
    expected.sort_by(total);
    let found = T::flipped(setup, &x).sort().unwrap().to_vec().unwrap();
    assert!(bits(&found) == bits(&expected), "fused");
}

fn argsort(setup: &Setup) {
    let mut random = Inputs::new("argsort");
    for n in SIZES.into_iter().chain([LARGE]) {
        let x = random.many(n, |r| r.below(100) as f32 - 50.0);
        for (by, descending) in [(Sort::ascending(), false), (Sort::descending(), true)] {
            let mut expected: Vec<u32> = (0..n as u32).collect();
            expected.sort_by(|a, b| {
                let (a, b) = (&x[*a as usize], &x[*b as usize]);
                if descending { b.total_cmp(a) } else { a.total_cmp(b) }
            });
            let found = setup.reduce(&x).argsort_by(by).unwrap().to_vec().unwrap();
            assert!(found == expected, "{n}, {descending}: equal ones keep their order");
        }
    }
}

fn some_bits(setup: &Setup) {
    let mut random = Inputs::new("some_bits");
    for n in [0, 1, 17, 4_097, 100_003] {
        let x = random.many(n, Inputs::u32);
        for range in [0..8, 5..6, 9..22, 24..32, 30..64, 7..7] {
            let part = |x: &u32| u64::from(*x) >> range.start & ((1u64 << (range.end - range.start)) - 1);
            let mut expected = x.clone();
            expected.sort_by_key(part);
            let found = setup.reduce(&x).sort_by(Sort::ascending().bits(range.clone())).unwrap();
            assert!(found.to_vec().unwrap() == expected, "{n}, bits {range:?}");
        }
    }
}

fn pairs(setup: &Setup) {
    let mut random = Inputs::new("pairs");
    for n in SIZES {
        let keys = random.many(n, |r| r.below(1 + n / 3) as u32);
        let values: Vec<f32> = (0..n).map(|k| k as f32).collect();
        let mut expected: Vec<(u32, f32)> = keys.iter().copied().zip(values.iter().copied()).collect();
        expected.sort_by_key(|(key, _)| *key);
        let (found, moved) = setup.reduce(&keys).sort_pairs(&values, Sort::ascending()).unwrap();
        let found: Vec<(u32, f32)> =
            found.to_vec().unwrap().into_iter().zip(moved.to_vec().unwrap()).collect();
        assert!(found == expected, "{n}");
    }
    let error = setup.reduce(&[1u32, 2]).sort_pairs(&vec![1.0f32], Sort::ascending()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch, "{error}");
}

fn few_values(setup: &Setup) {
    let n = 300_007;
    for of in [1u32, 2, 1000] {
        for (name, x) in [
            ("scattered", (0..n).map(|k: u32| k.wrapping_mul(2_654_435_761) >> 7).map(|x| x % of).collect()),
            ("ascending", (0..n).map(|k| k / (n / of + 1)).collect::<Vec<u32>>()),
            ("descending", (0..n).rev().map(|k| k / (n / of + 1)).collect()),
        ] {
            let mut expected = x.clone();
            expected.sort_unstable();
            assert!(setup.reduce(&x).sort().unwrap().to_vec().unwrap() == expected, "{of}, {name}");
        }
    }
}

fn largest(setup: &Setup) {
    let mut random = Inputs::new("largest");
    for (n, k) in [(0, 3), (1, 0), (5, 9), (100, 10), (100_003, 100)] {
        let x = random.many(n, |r| r.below(1000) as f32);
        let mut expected: Vec<(f32, u32)> = x.iter().copied().zip(0..).collect();
        expected.sort_by(|a, b| b.0.total_cmp(&a.0));
        expected.truncate(k);
        let (values, places) = setup.reduce(&x).top_k(k).unwrap();
        let found: Vec<(f32, u32)> =
            values.to_vec().unwrap().into_iter().zip(places.to_vec().unwrap()).collect();
        assert_eq!(found, expected, "{k} of {n}");
    }
}

fn gather(setup: &Setup) {
    let mut random = Inputs::new("gather");
    let from = random.many(777, |r| r.float(0.0, 1.0));
    for n in SIZES {
        let places = random.many(n, |r| r.below(777) as u32);
        let expected: Vec<f32> = places.iter().map(|i| from[*i as usize]).collect();
        let found = setup.runtime().gather::<f32>(&places, &from).on(setup.target).mapping(setup.mapping);
        assert_eq!(found.run().unwrap().to_vec().unwrap(), expected, "{n}");
    }
    let beyond = setup.runtime().gather::<f32>(&vec![3u32, 777], &from).on(setup.target).run();
    let error = beyond.and_then(|found| found.to_vec()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error}");
}
