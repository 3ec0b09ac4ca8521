//! Scans, whose every bit is held: the association hangs on the place alone.

use manylane::api::op::{self, Operation};
use manylane::prelude::*;
use manylane_testkit::values::{LARGE, SIZES};
use manylane_testkit::{Random as Inputs, Setup};

use crate::Property;
use crate::numbers::{Number, each_type, each_wide_type, refused};

pub const TYPED: &[Property] = each_type![scan_sum, scan_max, scan_fused];
pub const WIDE: &[Property] = each_wide_type![scan_sum];
pub const OTHERS: &[Property] = &[
    ("scan_product_f32", products),
    ("scan_own_u32", own),
    ("scan_long_f32", long),
    ("scan_places_u32", places),
];

/// The scan as it is defined: runs of 16, groups of 16 runs, blocks of 16 groups, chains of 256 blocks.
pub fn oracle<T: Copy>(x: &[T], identity: T, op: impl Fn(T, T) -> T) -> Vec<T> {
    let mut out = Vec::with_capacity(x.len());
    let mut chains = identity;
    for chain in x.chunks(256 * 4096) {
        let mut blocks = identity;
        for block in chain.chunks(4096) {
            let mut groups = identity;
            for group in block.chunks(256) {
                let mut runs = identity;
                for run in group.chunks(16) {
                    let mut y = run.to_vec();
                    for d in [1, 2, 4, 8] {
                        let before = y.clone();
                        for i in d..y.len() {
                            y[i] = op(before[i - d], before[i]);
                        }
                    }
                    let front = op(op(op(chains, blocks), groups), runs);
                    out.extend(y.iter().map(|y| op(front, *y)));
                    runs = op(runs, y[y.len() - 1]);
                }
                groups = op(groups, runs);
            }
            blocks = op(blocks, groups);
        }
        chains = op(chains, blocks);
    }
    out
}

pub fn check<T: Number>(what: &str, found: &Array<T>, expected: &[T]) {
    let found = found.read().unwrap();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let nan = found.stands(*found).is_none() && expected.stands(*expected).is_none();
        assert!(nan || found.bits() == expected.bits(), "{what}: {found:?} at {at}, not {expected:?}");
    }
}

/// Both scans of a launch of `x`, and that the exclusive one is the inclusive one a place later.
fn both<T: Number>(
    setup: &Setup,
    x: &[T],
    op: impl Operation<T> + Copy,
    (identity, first): (T, T),
    pair: impl Fn(T, T) -> T,
) {
    let n = x.len();
    let expected = oracle(x, identity, pair);
    check(&format!("inclusive, {n}"), &setup.reduce(x).inclusive_scan(op).unwrap(), &expected);
    let later: Vec<T> = std::iter::once(first).chain(expected).take(n).collect();
    check(&format!("exclusive, {n}"), &setup.reduce(x).exclusive_scan(op).unwrap(), &later);
}

fn scan_sum<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).inclusive_scan(op::Sum).map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("scan_sum");
    for n in SIZES.into_iter().chain([LARGE]) {
        // Of no magnitude that hides in which order they were added.
        let x: Vec<T> = (0..n).map(|_| T::fraction(random.below(1 << 20))).collect();
        both(setup, &x, op::Sum, (T::ADDITIVE, T::small(0)), T::plus);
    }
}

fn scan_max<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).inclusive_scan(op::Max).map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("scan_max");
    let greater = |a: T, b: T| match (a.stands(b), b.stands(b)) {
        (Some(std::cmp::Ordering::Less), _) => b,
        (None, Some(_)) => b,
        _ => a,
    };
    for n in [0, 1, 16, 17, 4_096, 10_001] {
        let x = T::many(&mut random, n);
        both(setup, &x, op::Max, (T::SMALLEST, T::SMALLEST), greater);
        let lesser = |a: T, b: T| match (b.stands(a), b.stands(b)) {
            (Some(std::cmp::Ordering::Less), _) => b,
            (None, Some(_)) if a.stands(a).is_none() => b,
            _ => a,
        };
        both(setup, &x, op::Min, (T::LARGEST, T::LARGEST), lesser);
    }
}

fn scan_fused<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| T::flipped(setup, x).inclusive_scan(op::Sum).map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("scan_fused");
    for n in [1, 17, 4_097, 300_003] {
        let x: Vec<T> = (0..n).map(|_| T::fraction(random.below(1 << 20))).collect();
        let flipped: Vec<T> = x.iter().map(|x| x.flip()).collect();
        let expected = oracle(&flipped, T::ADDITIVE, T::plus);
        check(&format!("{n}"), &T::flipped(setup, &x).inclusive_scan(op::Sum).unwrap(), &expected);
    }
}

fn products(setup: &Setup) {
    let mut random = Inputs::new("scan_product");
    for n in [1, 100, 5_000] {
        let x = random.many(n, |r| r.float(0.9, 1.1));
        both(setup, &x, op::Product, (1.0, 1.0), |a, b| a * b);
    }
}

/// The last that is not zero: associative, not commutative.
#[kernel]
fn last_set(a: u32, b: u32) -> u32 {
    if b != 0 { b } else { a }
}

fn own(setup: &Setup) {
    let mut random = Inputs::new("scan_own");
    for n in [1, 15, 16, 17, 255, 4_097, 100_003] {
        let x = random.many(n, |r| if r.below(40) == 0 { r.u32() } else { 0 });
        both(setup, &x, op::own::<last_set>(0), (0, 0), last_set);
    }
}

/// Several chains, and pieces of several threads.
fn long(setup: &Setup) {
    let mut random = Inputs::new("scan_long");
    let n = 2 * (1 << 20) + 12_345;
    let x = random.many(n, |r| r.float(-1.0, 2.0));
    both(setup, &x, op::Sum, (-0.0, 0.0), |a, b| a + b);
}

#[kernel]
fn odd_places(i: Index) -> u32 {
    i & 1
}

/// Without an array at all; the places of a split are those of the whole.
fn places(setup: &Setup) {
    for n in [1, 9_999, 70_000] {
        let found = setup.map::<odd_places>(()).over(n).exclusive_scan(op::Sum).unwrap();
        let expected: Vec<u32> = (0..n as u32).map(|i| i / 2).collect();
        check(&format!("{n}"), &found, &expected);
    }
}
