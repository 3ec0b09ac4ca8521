//! `a * x + y` and its relatives: as much memory as arithmetic allows.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};
use crate::input::floats;

/// `a * x + y`.
#[kernel]
pub fn saxpy(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    a * x + y
}

/// `a * x + y`, into `y`.
#[kernel]
pub fn axpy(#[uniform] a: f32, x: f32, y: &mut f32) {
    *y = a * x + *y;
}

/// `x * y`; summed, it is the dot product: `rt.map::<mul>((&x, &y)).sum()`.
#[kernel]
pub fn mul(x: f32, y: f32) -> f32 {
    x * y
}

/// Facts about [`saxpy()`]. Its inputs are positive, so nothing cancels: two roundings against one of the exact value.
pub const SAXPY: Facts =
    Facts { name: "saxpy", cost: Cost::element(12.0, 2.0), tolerance: Tolerance::Ulps(2) };
/// Facts about [`axpy()`].
pub const AXPY: Facts = Facts { name: "axpy", cost: Cost::element(12.0, 2.0), tolerance: Tolerance::Ulps(2) };
/// Facts about [`mul()`]: one rounding, of the exact product.
pub const MUL: Facts = Facts { name: "mul", cost: Cost::element(12.0, 1.0), tolerance: Tolerance::Bits };

/// `n` positive elements for `x` and as many for `y`.
pub fn input(seed: u64, n: usize) -> (Vec<f32>, Vec<f32>) {
    (floats(seed, n, 0.0, 1.0), floats(seed ^ 1, n, 0.0, 1.0))
}

/// What [`saxpy()`] and [`axpy()`] must give.
pub fn saxpy_naive(a: f32, x: &[f32], y: &[f32]) -> Vec<f32> {
    let one = |(x, y): (&f32, &f32)| f64::from(a) * f64::from(*x) + f64::from(*y);
    x.iter().zip(y).map(|pair| one(pair) as f32).collect()
}

/// What [`mul()`] must give.
pub fn mul_naive(x: &[f32], y: &[f32]) -> Vec<f32> {
    x.iter().zip(y).map(|(x, y)| x * y).collect()
}

/// The dot product in `f64`.
pub fn dot_naive(x: &[f32], y: &[f32]) -> f64 {
    x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}
