//! Filters, partitions, lists of places, and what is left of equal neighbours.

use manylane::prelude::*;
use manylane_testkit::values::{LARGE, SIZES};
use manylane_testkit::{Random as Inputs, Setup};

use crate::Property;
use crate::numbers::{Number, each_type, refused};

pub const TYPED: &[Property] = each_type![unique];
pub const OTHERS: &[Property] = &[
    ("filter_f32", filter),
    ("filter_i32", filter_integers),
    ("index_list_u32", index_list),
    ("partition_f32", partition),
    ("filter_fused_u32", fused),
    ("unique_i64", unique::<i64>),
];

#[kernel]
fn above(x: f32) -> u32 {
    if x > 0.25 { 7 } else { 0 }
}

#[kernel]
fn odd(x: i32) -> i32 {
    x & 1
}

#[kernel]
fn rare(x: u32) -> f32 {
    if x % 97 == 0 { -0.5 } else { 0.0 }
}

#[kernel]
fn places(i: Index) -> u32 {
    i * 3
}

fn filter(setup: &Setup) {
    let mut random = Inputs::new("filter");
    for n in SIZES.into_iter().chain([LARGE]) {
        for (low, high) in [(-1.0, 1.0), (0.5, 1.0), (-1.0, 0.0), (-1.0, 0.26)] {
            let mut x = random.many(n, |r| r.float(low, high));
            x.iter_mut().step_by(501).for_each(|x| *x = f32::NAN);
            let expected: Vec<f32> = x.iter().copied().filter(|x| *x > 0.25).collect();
            let found = setup.reduce(&x).filter::<above>().unwrap();
            assert_eq!(found.to_vec().unwrap(), expected, "{n}");
        }
    }
    let stored = setup.runtime().array(vec![1.0f32; 9_000]).unwrap();
    assert_eq!(setup.reduce(&stored).filter::<above>().unwrap().len(), 9_000);
}

fn filter_integers(setup: &Setup) {
    let mut random = Inputs::new("filter_integers");
    for n in SIZES {
        let x = random.many(n, |r| r.u32() as i32);
        let expected: Vec<i32> = x.iter().copied().filter(|x| x & 1 != 0).collect();
        assert_eq!(setup.reduce(&x).filter::<odd>().unwrap().to_vec().unwrap(), expected, "{n}");
    }
}

fn index_list(setup: &Setup) {
    let mut random = Inputs::new("index_list");
    for n in SIZES.into_iter().chain([LARGE]) {
        let x = random.many(n, Inputs::u32);
        let expected: Vec<u32> = (0..n as u32).filter(|i| x[*i as usize].is_multiple_of(97)).collect();
        assert_eq!(setup.reduce(&x).index_list::<rare>().unwrap().to_vec().unwrap(), expected, "{n}");
    }
}

fn partition(setup: &Setup) {
    let mut random = Inputs::new("partition");
    for n in SIZES.into_iter().chain([LARGE]) {
        let x = random.many(n, |r| r.float(-1.0, 1.0));
        let (mut expected, others): (Vec<f32>, Vec<f32>) = x.iter().partition(|x| **x > 0.25);
        let wanted = expected.len();
        expected.extend(others);
        let (found, first) = setup.reduce(&x).partition::<above>().unwrap();
        assert_eq!((found.to_vec().unwrap(), first), (expected, wanted), "{n}");
    }
}

fn fused(setup: &Setup) {
    for n in [1, 98, 4_097, 100_003] {
        let expected: Vec<u32> = (0..n as u32).map(|i| i * 3).filter(|x| x.is_multiple_of(97)).collect();
        let found = setup.map::<places>(()).over(n).filter::<rare>().unwrap();
        assert_eq!(found.to_vec().unwrap(), expected, "{n}");
        let expected: Vec<u32> = (0..n as u32).filter(|i| (i * 3).is_multiple_of(97)).collect();
        let found = setup.map::<places>(()).over(n).index_list::<rare>().unwrap();
        assert_eq!(found.to_vec().unwrap(), expected, "{n}, places");
    }
}

fn unique<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).unique().map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("unique");
    for n in SIZES.into_iter().chain([LARGE]) {
        for run in [1, 2, 300, 10_000] {
            // Runs of equal numbers, some of which lie across blocks.
            let mut x = Vec::with_capacity(n);
            while x.len() < n {
                let value = T::small(random.below(3));
                let length = random.below(run) + 1;
                x.extend(std::iter::repeat_n(value, length.min(n - x.len())));
            }
            let mut expected = x.clone();
            expected.dedup();
            let found = setup.reduce(&x).unique().unwrap().to_vec().unwrap();
            assert!(found == expected, "{n}, runs of {run}: {} and {}", found.len(), expected.len());
        }
    }
}
