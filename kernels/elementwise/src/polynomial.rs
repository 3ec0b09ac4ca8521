//! A polynomial, strictly: every multiplication and every addition rounds, on every target.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};
use crate::input::floats;

/// `c[3] * x^3 + c[2] * x^2 + c[1] * x + c[0]`, after Horner.
#[kernel(strict)]
pub fn horner(x: f32, #[uniform] c: [f32; 4]) -> f32 {
    ((c[3] * x + c[2]) * x + c[1]) * x + c[0]
}

/// Facts about [`horner()`].
pub const HORNER: Facts = Facts { name: "horner", cost: Cost::element(8.0, 6.0), tolerance: Tolerance::Bits };
/// The coefficients that tests take.
pub const COEFFICIENTS: [f32; 4] = [0.1, -0.7, 1.3, 0.9];

/// `n` elements of either sign.
pub fn input(seed: u64, n: usize) -> Vec<f32> {
    floats(seed, n, -2.0, 2.0)
}

/// What [`horner()`] must give, to the bit.
pub fn naive(x: &[f32], c: [f32; 4]) -> Vec<f32> {
    x.iter().map(|x| c[..3].iter().rev().fold(c[3], |sum, c| sum * x + c)).collect()
}
