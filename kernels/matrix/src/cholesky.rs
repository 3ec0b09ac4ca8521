//! Symmetric, positive definite matrices: `A = L Lᵀ` with a lower triangle `L` (A.-L. Cholesky, published by E. Benoît, 1924).
//!
//! ```text
//! the first half of the rows and columns                      A11 = L11 L11ᵀ, the same way
//! below it                                                    L21 = A21 L11⁻ᵀ, a triangular system
//! what is left                                                A22 - L21 L21ᵀ, products on the target, in bands of rows
//!                                                             so that little above the diagonal is computed
//! the other half                                              the same way
//! ```
//! The matrix lies in host memory; what a product needs goes to a device and its results come back, so each element goes there
//! and back at most once for each halving. Products of fewer than 128 steps stay on the CPU whatever the target is.

use std::ops::Range;

use manylane::Result;
use manylane::prelude::*;

use crate::blocks::{LEAF, PANEL, Products, Rows, half, square, take_off};
use crate::place::setting;
use crate::triangular::{Solver, Triangle, solve_triangular};

/// The lower triangle `L` of `A = L Lᵀ`, with zeros above the diagonal. Of `a` the diagonal and what is below it is looked at.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_matrix::cholesky;
///
/// let rt = Runtime::new()?;
/// let a = rt.picture(vec![4.0f32, 2.0, 2.0, 5.0], (2, 2))?;
/// let l = cholesky(&rt, &a, Target::Auto)?;
/// assert_eq!(l.to_vec()?, [2.0, 0.0, 1.0, 2.0]);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// `ShapeMismatch` where the matrix is not square; `Setting` where it is not positive definite, with the place and value of the
/// first pivot that is not above 0 (NaN included); whatever the products return.
pub fn cholesky(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Array<f32>> {
    let n = square(a, "the Cholesky factorisation")?;
    let mut l = a.clone();
    let mut values = l.write()?;
    let mut all = Rows::new(&mut values, n);
    for row in 0..n {
        all.row_mut(row, row + 1..n).fill(0.0);
    }
    part(Products::new(rt, target), &mut all, 0..n)?;
    Ok(l)
}

/// Solves `A x = b` for each column of `b`, from its factor [`cholesky`](fn@cholesky); `b` may also be a line for one column.
///
/// # Errors
/// As [`solve_triangular`].
pub fn solve_cholesky(rt: &Runtime, l: &Array<f32>, b: &Array<f32>, target: Target) -> Result<Array<f32>> {
    let y = solve_triangular(rt, l, Triangle::LOWER, b, target)?;
    solve_triangular(rt, l, Triangle::LOWER.transposed(), &y, target)
}

/// Rows and columns `at`, from which all before is taken off.
fn part(products: Products<'_>, all: &mut Rows<'_>, at: Range<usize>) -> Result<()> {
    if at.len() <= LEAF {
        return leaf(all, at);
    }
    let middle = at.start + half(at.len());
    let (first, rest) = (at.start..middle, middle..at.end);
    part(products, all, first.clone())?;
    let below = below(products, all, first.clone(), rest.clone())?;
    bands(products, all, (&below, first.len()), rest.clone())?;
    part(products, all, rest)
}

/// The rows `rest` of the factor in the columns `first`; they are returned with rows and columns exchanged.
fn below(
    products: Products<'_>,
    all: &mut Rows<'_>,
    first: Range<usize>,
    rest: Range<usize>,
) -> Result<Array<f32>> {
    let (rt, home) = (products.rt, products.at_home().target);
    let diagonal = all.part(rt, first.clone(), first.clone())?;
    let given = all.part(rt, first.clone(), rest.clone())?;
    let mut below = rt.transpose(&given).on(home).run()?;
    {
        let mut below = below.write()?;
        let values = diagonal.read()?;
        Solver::new(products, &diagonal, &values, Triangle::LOWER).solve(&mut below, rest.len())?;
    }
    let found = rt.transpose(&below).on(home).run()?;
    all.put((first.start, rest.start), &found.read()?, first.len());
    Ok(below)
}

/// Takes the product of `below`, exchanged, and itself off what is at `rest`, in bands of rows up to the diagonal's end.
fn bands(
    products: Products<'_>,
    all: &mut Rows<'_>,
    (below, steps): (&Array<f32>, usize),
    rest: Range<usize>,
) -> Result<()> {
    // A quarter of the rows, so that an eighth of what is computed is above the diagonal.
    let band = rest.len().div_ceil(4).next_multiple_of(LEAF).max(PANEL / 2);
    for start in (0..rest.len()).step_by(band) {
        let end = (start + band).min(rest.len());
        let (rows, columns) = (rest.start + start..rest.start + end, rest.start..rest.start + end);
        let old = all.part(products.rt, columns, rows.clone())?;
        let left = below.block(start..end, ..)?.transposed()?;
        let right = below.block(..end, ..)?;
        let new = products.less(&old, (left, steps), right)?;
        let new = new.read()?;
        for (row, new) in rows.zip(new.chunks_exact(end)) {
            // What is above the diagonal stays 0.
            let columns = rest.start..row + 1;
            all.row_mut(row, columns.clone()).copy_from_slice(&new[..columns.len()]);
        }
    }
    Ok(())
}

/// A block on the diagonal: its upper triangle is computed, whose rows lie together, and put exchanged.
fn leaf(all: &mut Rows<'_>, at: Range<usize>) -> Result<()> {
    let n = at.len();
    let mut upper = [[0.0_f32; LEAF]; LEAF];
    for (y, row) in at.clone().enumerate() {
        for (x, value) in all.row(row, at.start..row + 1).iter().enumerate() {
            upper[x][y] = *value;
        }
    }
    for k in 0..n {
        let pivot = upper[k][k];
        if pivot <= 0.0 || pivot.is_nan() {
            return Err(setting(format!(
                "the matrix is not positive definite: the pivot in row and column {} is {pivot}, and has to be above 0; take LU, \
                 or add to the diagonal",
                at.start + k
            )));
        }
        let root = pivot.sqrt();
        upper[k][k..n].iter_mut().for_each(|x| *x /= root);
        upper[k][k] = root;
        let own = upper[k];
        for y in k + 1..n {
            take_off(&mut upper[y][y..n], own[y], &own[y..n]);
        }
    }
    for (y, row) in at.clone().enumerate() {
        for (x, value) in all.row_mut(row, at.start..row + 1).iter_mut().enumerate() {
            *value = upper[x][y];
        }
    }
    Ok(())
}
