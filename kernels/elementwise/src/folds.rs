//! Folds of one's own: `rt.reduce(&x).reduce::<larger>(f32::NEG_INFINITY)`.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};

/// The smaller of two; NaN is passed over.
#[kernel]
pub fn smaller(a: f32, b: f32) -> f32 {
    a.min(b)
}

/// The larger of two; NaN is passed over.
#[kernel]
pub fn larger(a: f32, b: f32) -> f32 {
    a.max(b)
}

/// Facts about [`smaller()`].
pub const SMALLER: Facts =
    Facts { name: "smaller", cost: Cost::element(4.0, 1.0), tolerance: Tolerance::Exact };
/// Facts about [`larger()`].
pub const LARGER: Facts =
    Facts { name: "larger", cost: Cost::element(4.0, 1.0), tolerance: Tolerance::Exact };

/// What folding with [`smaller()`] must give; infinity for nothing.
pub fn smallest_naive(x: &[f32]) -> f32 {
    x.iter().fold(f32::INFINITY, |a, b| a.min(*b))
}

/// What folding with [`larger()`] must give; minus infinity for nothing.
pub fn largest_naive(x: &[f32]) -> f32 {
    x.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b))
}

/// The sum in `f64`.
pub fn sum_naive(x: &[f32]) -> f64 {
    x.iter().map(|x| f64::from(*x)).sum()
}
