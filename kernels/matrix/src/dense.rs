//! Operations on whole matrices: transposing, outer product, broadcast, columns.

use manylane::Result;
use manylane::prelude::*;

use crate::place::{as_long, mismatch, sides};

/// `x` times `y` of each pair: an element of an outer product.
#[kernel]
pub fn pair_product(at: Cell, x: &[f32], y: &[f32]) -> f32 {
    x[at.y as usize] * y[at.x as usize]
}

/// An element and what its column adds.
#[kernel]
pub fn plus_by_column(at: Cell, a: f32, v: &[f32]) -> f32 {
    a + v[at.x as usize]
}

/// An element and what its row adds.
#[kernel]
pub fn plus_by_row(at: Cell, a: f32, v: &[f32]) -> f32 {
    a + v[at.y as usize]
}

/// An element less the `part` of what stands for its column.
#[kernel]
pub fn less_by_column(at: Cell, a: f32, v: &[f32], #[uniform] part: f32) -> f32 {
    a - v[at.x as usize] * part
}

/// The matrix with rows and columns exchanged: [`Runtime::transpose`].
///
/// # Errors
/// `ShapeMismatch` where `a` has no rows; whatever the launch returns.
pub fn transpose(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Array<f32>> {
    rt.transpose(a).on(target).run()
}

/// The matrix of `x[i] * y[j]` in row `i` and column `j`.
///
/// # Errors
/// Whatever the launch returns.
pub fn outer(rt: &Runtime, x: &Array<f32>, y: &Array<f32>, target: Target) -> Result<Array<f32>> {
    rt.map::<pair_product>((x, y)).over((y.len(), x.len())).on(target).run()
}

/// `a` with `v` added to each row: `v` has an element for each column.
///
/// # Errors
/// `ShapeMismatch` where `a` has no rows or `v` another length; whatever the launch returns.
pub fn add_to_rows(rt: &Runtime, a: &Array<f32>, v: &Array<f32>, target: Target) -> Result<Array<f32>> {
    as_long("the vector", v, sides("the matrix", a)?.0, "column")?;
    rt.map::<plus_by_column>((a, v)).on(target).run()
}

/// `a` with `v` added to each column: `v` has an element for each row.
///
/// # Errors
/// As [`add_to_rows`].
pub fn add_to_columns(rt: &Runtime, a: &Array<f32>, v: &Array<f32>, target: Target) -> Result<Array<f32>> {
    as_long("the vector", v, sides("the matrix", a)?.1, "row")?;
    rt.map::<plus_by_row>((a, v)).on(target).run()
}

/// The covariances of the columns of `a`, whose rows are observations: a matrix with a row and a column for each column,
/// of sums over one less than there are rows.
///
/// The columns are centred first, so means far from zero cost no digits.
///
/// # Errors
/// `ShapeMismatch` where `a` has no rows or fewer than two; whatever the launches return.
pub fn covariance(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Array<f32>> {
    let (_, rows) = sides("the matrix", a)?;
    if rows < 2 {
        return Err(mismatch(format!(
            "a covariance of {rows} rows has no meaning; it takes two observations or more, each a row"
        )));
    }
    let sums = rt.reduce(a).on(target).columns().sum()?;
    let centred = rt.map::<less_by_column>((a, &sums, 1.0 / rows as f32)).on(target).run()?;
    let scale = 1.0 / (rows - 1) as f32;
    rt.matmul(&centred.transposed()?, &centred).alpha(scale).on(target).run()
}
