//! Every operation on every target, against naive loops in `f64`.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod dense;
mod factors;
mod grids;
mod rows;
mod sparse;

use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Setup};

fn main() {
    manylane_testkit::on_every_target(&[dense::ALL, rows::ALL, sparse::ALL, grids::ALL, factors::ALL]);
}

/// Columns and rows: none of either, one of either, odd, powers of two, and many.
const SHAPES: [(usize, usize); 14] = [
    (0, 0),
    (0, 5),
    (5, 0),
    (1, 1),
    (1, 9),
    (9, 1),
    (3, 4),
    (17, 15),
    (64, 64),
    (33, 129),
    (130, 31),
    (257, 300),
    (1, 5_000),
    (4_099, 3),
];

/// A matrix of numbers of everyday size, and its values.
fn matrix(
    setup: &Setup,
    random: &mut Inputs,
    (width, height): (usize, usize),
    (low, high): (f32, f32),
) -> (Array<f32>, Vec<f32>) {
    let values = random.many(width * height, |random| random.float(low, high));
    (setup.runtime().picture(values.clone(), (width, height)).unwrap(), values)
}

/// That all of `found` are within `most` of the expected ones, NaN and infinities where they are expected.
#[track_caller]
fn near(what: &str, found: &Array<f32>, expected: &[f64], most: impl Fn(usize) -> f64) {
    let found = found.to_vec().unwrap();
    assert_eq!(found.len(), expected.len(), "{what}: so many");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (f64::from(*found) - expected).abs();
        let same = found.is_nan() && expected.is_nan() || f64::from(*found) == *expected;
        assert!(same || off <= most(at), "{what}: {found} at {at} instead of {expected}, off by {off:e}");
    }
}

/// The distance of 1 to the next float.
const EPSILON: f64 = f32::EPSILON as f64;
