//! Computed from the place alone.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};

/// `first`, `first + step`, `first + 2 * step`, …
#[kernel]
pub fn ramp(i: Index, #[uniform] first: f32, #[uniform] step: f32) -> f32 {
    i as f32 * step + first
}

/// Facts about [`ramp()`], for a `first` and `step` of one sign, so that nothing cancels.
pub const RAMP: Facts = Facts { name: "ramp", cost: Cost::element(4.0, 2.0), tolerance: Tolerance::Ulps(2) };

/// What [`ramp()`] must give.
pub fn naive(n: usize, first: f32, step: f32) -> Vec<f32> {
    (0..n).map(|i| (i as f64 * f64::from(step) + f64::from(first)) as f32).collect()
}
