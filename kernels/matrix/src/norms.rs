//! Norms of vectors and of matrices. None overflows where its value does not, NaN anywhere makes each NaN.

use manylane::Result;
use manylane::prelude::*;

use crate::place::sides;

/// The element without its sign.
#[kernel]
pub fn magnitude(x: f32) -> f32 {
    x.abs()
}

/// The larger of two; NaN where one is.
#[kernel]
pub fn larger_or_nan(a: f32, b: f32) -> f32 {
    if a > b || a != a { a } else { b }
}

/// The sum of the magnitudes.
///
/// # Errors
/// Whatever the launch returns.
pub fn one(rt: &Runtime, x: &Array<f32>, target: Target) -> Result<f32> {
    rt.map::<magnitude>(x).on(target).sum()
}

/// The root of the sum of the squares: of a vector its length, of a matrix its Frobenius norm. Squares that would overflow or
/// vanish are scaled first.
///
/// # Errors
/// Whatever the launch returns.
pub fn two(rt: &Runtime, x: &Array<f32>, target: Target) -> Result<f32> {
    rt.reduce(x).on(target).norm()
}

/// The largest magnitude; 0 of nothing.
///
/// # Errors
/// Whatever the launch returns.
pub fn largest(rt: &Runtime, x: &Array<f32>, target: Target) -> Result<f32> {
    rt.map::<magnitude>(x).on(target).reduce::<larger_or_nan>(0.0)
}

/// Of a matrix: the largest sum of the magnitudes of a column, by how much it lengthens a vector at most, in [`one`].
///
/// # Errors
/// `ShapeMismatch` where `a` has no rows; whatever the launches return.
pub fn matrix_one(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<f32> {
    sides("the matrix", a)?;
    let sums = rt.map::<magnitude>(a).on(target).columns().sum()?;
    rt.reduce(&sums).on(target).reduce::<larger_or_nan>(0.0)
}

/// Of a matrix: the largest sum of the magnitudes of a row, by how much it lengthens a vector at most, in [`largest`].
///
/// # Errors
/// As [`matrix_one`].
pub fn matrix_largest(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<f32> {
    sides("the matrix", a)?;
    let sums = rt.map::<magnitude>(a).on(target).rows().sum()?;
    rt.reduce(&sums).on(target).reduce::<larger_or_nan>(0.0)
}
