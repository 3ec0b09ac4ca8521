//! Several cheap operations in one pass over memory.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};
use crate::input::floats;

/// Half the length of `(a, b)`, plus `c`: `sqrt(a * a + b * b) * 0.5 + c`.
#[kernel]
pub fn distance(a: f32, b: f32, c: f32) -> f32 {
    (a * a + b * b).sqrt() * 0.5 + c
}

/// Facts about [`distance()`]: four roundings of positive values, and a GPU's root may be off by 2.5 units.
pub const DISTANCE: Facts =
    Facts { name: "distance", cost: Cost::element(16.0, 6.0), tolerance: Tolerance::Ulps(5) };

/// `n` elements for `a` and `b`, of either sign, and as many positive ones for `c`.
pub fn input(seed: u64, n: usize) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    (floats(seed, n, -10.0, 10.0), floats(seed ^ 1, n, -10.0, 10.0), floats(seed ^ 2, n, 0.0, 5.0))
}

/// What [`distance()`] must give.
pub fn naive(a: &[f32], b: &[f32], c: &[f32]) -> Vec<f32> {
    let one = |a: f64, b: f64, c: f64| (a * a + b * b).sqrt() * 0.5 + c;
    let pairs = a.iter().zip(b).zip(c);
    pairs.map(|((a, b), c)| one((*a).into(), (*b).into(), (*c).into()) as f32).collect()
}
