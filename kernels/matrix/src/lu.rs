//! Any system of equations: `P A = L U` by elimination with partial pivoting, and what it solves.
//!
//! ```text
//! the first half of the columns                               the same way, over all rows from the diagonal on
//! the other half: rows exchanged as there,                    U12 = L11⁻¹ A12, a triangular system
//!                                                             A22 - L21 U12, a product on the target
//! the other half of the columns                               the same way
//! the first half: rows exchanged as there
//! ```
//! S. Toledo, "Locality of Reference in LU Decomposition with Partial Pivoting", 1997. The matrix lies in host memory, where the
//! rows are exchanged; what a product needs goes to a device and its results come back, so each element goes there and back at
//! most once for each halving. Products of fewer than 128 steps stay on the CPU whatever the target is.

use std::ops::Range;

use manylane::Result;
use manylane::prelude::*;

use crate::blocks::{Columns, LEAF, Products, Rows, half, right_side, take_off};
use crate::place::{mismatch, setting, sides};
use crate::triangular::{Solver, Triangle, solve_triangular};

/// A matrix with its rows exchanged, as the product of a lower and an upper triangle.
#[derive(Clone)]
pub struct Lu {
    packed: Array<f32>,
    pivots: Vec<usize>,
    /// Columns and rows.
    shape: (usize, usize),
}

impl Lu {
    /// Both triangles in one matrix of the given one's shape: `U` with its diagonal, and below it `L`, whose diagonal is of ones.
    pub fn packed(&self) -> &Array<f32> {
        &self.packed
    }

    /// With which row each row in turn was exchanged, from the first on: one for each column or row, whichever are fewer.
    pub fn pivots(&self) -> &[usize] {
        &self.pivots
    }

    /// The row of the given matrix that stands in each row of `P A`.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.shape.1).collect();
        for (row, with) in self.pivots.iter().enumerate() {
            order.swap(row, *with);
        }
        order
    }

    /// Solves `A x = b` for each column of `b`, which may also be a line for one column; the result has its shape.
    ///
    /// # Errors
    /// `ShapeMismatch` where the matrix is not square or `b` has not as many rows; `Setting` where the matrix is singular, with
    /// the column and value of its first pivot that is 0; whatever the products return.
    pub fn solve(&self, rt: &Runtime, b: &Array<f32>, target: Target) -> Result<Array<f32>> {
        let (columns, rows) = self.shape;
        if columns != rows {
            return Err(mismatch(format!(
                "the matrix has {columns} columns and {rows} rows, and a system with one solution needs a square one; take \
                 `qr` for least squares"
            )));
        }
        let (width, _) = right_side(b, rows)?;
        self.regular()?;
        let given = b.read()?;
        let mut exchanged = Array::new(b.home(), b.domain())?;
        for (row, into) in self.order().into_iter().zip(exchanged.write()?.chunks_exact_mut(width.max(1))) {
            into.copy_from_slice(&given[row * width..(row + 1) * width]);
        }
        let y = solve_triangular(rt, &self.packed, Triangle::LOWER.unit(), &exchanged, target)?;
        solve_triangular(rt, &self.packed, Triangle::UPPER, &y, target)
    }

    /// # Errors
    /// `Setting` where a pivot is 0.
    fn regular(&self) -> Result<()> {
        let (columns, _) = self.shape;
        let values = self.packed.read()?;
        match (0..columns).find(|at| values[at * columns + at] == 0.0) {
            None => Ok(()),
            Some(at) => Err(setting(format!(
                "the matrix is singular: the pivot of column {at} is {}; its columns up to that one depend on each other",
                values[at * columns + at]
            ))),
        }
    }
}

/// Factors a matrix of any shape; `L` has as many columns, and `U` as many rows, as the smaller side. A singular matrix has
/// factors too: it is when they are to solve something that it is refused.
///
/// # Errors
/// `ShapeMismatch` where `a` is a line; whatever the products return.
pub fn lu(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Lu> {
    let (columns, rows) = sides("the matrix", a)?;
    let products = Products::new(rt, target);
    let least = columns.min(rows);
    let mut packed = a.clone();
    let mut values = packed.write()?;
    let mut work = Work { all: Rows::new(&mut values, columns), rows, pivots: vec![0; least] };
    work.columns(products, 0..least)?;
    work.exchange(0..least, least..columns);
    work.beside(products, 0..least, least..columns)?;
    let pivots = work.pivots;
    Ok(Lu { packed, pivots, shape: (columns, rows) })
}

/// Solves `A x = b` for each column of `b`, which may also be a line for one column.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_matrix::solve;
///
/// let rt = Runtime::new()?;
/// let a = rt.picture(vec![0.0f32, 2.0, 4.0, 2.0], (2, 2))?;
/// let b = rt.array(vec![2.0f32, 6.0])?;
/// assert_eq!(solve(&rt, &a, &b, Target::Auto)?.to_vec()?, [1.0, 1.0]);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// As [`lu`](fn@lu) and [`Lu::solve`].
pub fn solve(rt: &Runtime, a: &Array<f32>, b: &Array<f32>, target: Target) -> Result<Array<f32>> {
    lu(rt, a, target)?.solve(rt, b, target)
}

/// A matrix on its way.
struct Work<'m> {
    all: Rows<'m>,
    rows: usize,
    pivots: Vec<usize>,
}

impl Work<'_> {
    /// Factors columns, over all rows from the diagonal on.
    fn columns(&mut self, products: Products<'_>, at: Range<usize>) -> Result<()> {
        if at.len() <= LEAF {
            self.leaf(at);
            return Ok(());
        }
        let middle = at.start + half(at.len());
        let (first, rest) = (at.start..middle, middle..at.end);
        self.columns(products, first.clone())?;
        self.exchange(first.clone(), rest.clone());
        self.beside(products, first.clone(), rest.clone())?;
        if middle < self.rows {
            let below = middle..self.rows;
            let rt = products.rt;
            let left = self.all.part(rt, first.clone(), below.clone())?;
            let above = self.all.part(rt, rest.clone(), first.clone())?;
            let old = self.all.part(rt, rest.clone(), below)?;
            let new = products.less(&old, (&left, first.len()), &above)?;
            self.all.put((rest.start, middle), &new.read()?, rest.len());
        }
        self.columns(products, rest.clone())?;
        self.exchange(rest, first);
        Ok(())
    }

    /// Exchanges rows in `columns`, as they were for the pivots of the columns `of`.
    fn exchange(&mut self, of: Range<usize>, columns: Range<usize>) {
        for row in of {
            self.all.exchange(row, self.pivots[row], columns.clone());
        }
    }

    /// The rows `first` of `U` in the columns `rest`.
    fn beside(&mut self, products: Products<'_>, first: Range<usize>, rest: Range<usize>) -> Result<()> {
        if first.is_empty() || rest.is_empty() {
            return Ok(());
        }
        let lower = self.all.part(products.rt, first.clone(), first.clone())?;
        let mut right = self.all.part(products.rt, rest.clone(), first.clone())?;
        let values = lower.read()?;
        let solver = Solver::new(products, &lower, &values, Triangle::LOWER.unit());
        solver.solve(&mut right.write()?, rest.len())?;
        self.all.put((rest.start, first.start), &right.read()?, rest.len());
        Ok(())
    }

    /// Few columns: each in turn is divided by its largest element and taken off those behind it.
    fn leaf(&mut self, at: Range<usize>) {
        let mut columns = Columns::of(&self.all, at.clone(), at.start..self.rows);
        for k in 0..at.len() {
            let pivot = largest(&columns.column(k)[k..]) + k;
            self.pivots[at.start + k] = at.start + pivot;
            for x in 0..at.len() {
                columns.column_mut(x).swap(k, pivot);
            }
            let (own, behind) = columns.from(k);
            let divisor = own[k];
            if divisor == 0.0 {
                continue;
            }
            own[k + 1..].iter_mut().for_each(|x| *x /= divisor);
            for other in behind {
                let factor = other[k];
                take_off(&mut other[k + 1..], factor, &own[k + 1..]);
            }
        }
        columns.put(&mut self.all, (at.start, at.start));
    }
}

/// The place of the largest magnitude, the first of equal ones; what is no number is passed over, unless it is the first.
fn largest(column: &[f32]) -> usize {
    let mut best = 0;
    for (at, x) in column.iter().enumerate() {
        if x.abs() > column[best].abs() {
            best = at;
        }
    }
    best
}
