//! Systems of equations with a triangular matrix.
//!
//! ```text
//! solve the first half of the equations                       for their unknowns, the same way
//! take what these unknowns give off the other half            a product, on the target
//! solve the other half
//! ```
//! Of few equations each unknown is taken off the later ones in turn: loops over rows of the right sides. So nearly all is done
//! by products, and the halves of the right sides go to a device and back as often as they are halved. Products of fewer than 128
//! steps stay on the CPU whatever the target is, for what is on their way would cost more than they do (E. Elmroth, F. Gustavson,
//! I. Jonsson, B. Kågström, "Recursive Blocked Algorithms and Hybrid Data Structures for Dense Matrix Library Software", 2004).

use std::ops::Range;

use manylane::Result;
use manylane::memory::View;
use manylane::prelude::*;

use crate::blocks::{LEAF, Products, half, right_side, square, take_off_all};
use crate::place::setting;

/// The step of a product that is taken off: `sum - a * b`.
#[kernel]
pub fn less_product(sum: f32, a: f32, b: f32) -> f32 {
    sum - a * b
}

/// Which triangle of a matrix stands in the equations; the other one is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triangle {
    upper: bool,
    transposed: bool,
    unit: bool,
}

impl Triangle {
    /// The diagonal and what is below it.
    pub const LOWER: Triangle = Triangle { upper: false, transposed: false, unit: false };
    /// The diagonal and what is above it.
    pub const UPPER: Triangle = Triangle { upper: true, transposed: false, unit: false };

    /// The same triangle of the matrix as it lies, with rows and columns exchanged after.
    pub const fn transposed(self) -> Self {
        Triangle { transposed: !self.transposed, ..self }
    }

    /// With ones on the diagonal, whatever the matrix has there.
    pub const fn unit(self) -> Self {
        Triangle { unit: true, ..self }
    }
}

/// Solves `T x = b` for each column of `b`, `T` being a triangle of `t`; the result has the shape of `b`, which may also be a
/// line for one column.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_matrix::triangular::{Triangle, solve_triangular};
///
/// let rt = Runtime::new()?;
/// let t = rt.picture(vec![2.0f32, 0.0, 1.0, 4.0], (2, 2))?;
/// let b = rt.array(vec![2.0f32, 9.0])?;
/// let x = solve_triangular(&rt, &t, Triangle::LOWER, &b, Target::Auto)?;
/// assert_eq!(x.to_vec()?, [1.0, 2.0]);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// `ShapeMismatch` where the matrix is not square or `b` has not as many rows; `Setting` where an element of its diagonal is 0,
/// with its place; whatever the products return.
pub fn solve_triangular(
    rt: &Runtime,
    t: &Array<f32>,
    triangle: Triangle,
    b: &Array<f32>,
    target: Target,
) -> Result<Array<f32>> {
    let n = square(t, "a triangular system")?;
    let (columns, _) = right_side(b, n)?;
    let values = t.read()?;
    let zero = (0..n).find(|at| !triangle.unit && values[at * n + at] == 0.0);
    if let Some(at) = zero {
        return Err(setting(format!(
            "the triangle has {} on its diagonal in row and column {at}, so it has no single solution; mend the matrix, or take \
             the triangle as `.unit()` where ones are meant",
            values[at * n + at]
        )));
    }
    let mut x = b.clone();
    Solver::new(Products::new(rt, target), t, &values, triangle).solve(&mut x.write()?, columns)?;
    Ok(x)
}

/// Equations with a triangle of a square matrix.
pub(crate) struct Solver<'t> {
    products: Products<'t>,
    matrix: &'t Array<f32>,
    /// The same on the host.
    values: &'t [f32],
    n: usize,
    triangle: Triangle,
}

impl<'t> Solver<'t> {
    pub fn new(
        products: Products<'t>,
        matrix: &'t Array<f32>,
        values: &'t [f32],
        triangle: Triangle,
    ) -> Self {
        Solver { products, matrix, values, n: matrix.domain().width(), triangle }
    }

    /// Solves for each column of `b`, in place.
    pub fn solve(&self, b: &mut [f32], columns: usize) -> Result<()> {
        if columns == 0 { Ok(()) } else { self.part(0..self.n, b, columns) }
    }

    /// The equations `at` alone, for the unknowns of the same places.
    fn part(&self, at: Range<usize>, b: &mut [f32], columns: usize) -> Result<()> {
        if at.len() <= LEAF {
            self.leaf(at, b, columns);
            return Ok(());
        }
        let middle = at.start + half(at.len());
        let (top, bottom) = b.split_at_mut((middle - at.start) * columns);
        let (above, below) = (at.start..middle, middle..at.end);
        if self.goes_down() {
            self.part(above.clone(), top, columns)?;
            self.take_off((below.clone(), bottom), (above, top), columns)?;
            self.part(below, bottom, columns)
        } else {
            self.part(below.clone(), bottom, columns)?;
            self.take_off((above.clone(), top), (below, bottom), columns)?;
            self.part(above, top, columns)
        }
    }

    /// Whether the first unknown stands alone in its equation.
    fn goes_down(&self) -> bool {
        self.triangle.upper == self.triangle.transposed
    }

    /// Takes off some equations what known unknowns give.
    fn take_off(
        &self,
        (rows, rest): (Range<usize>, &mut [f32]),
        (known, x): (Range<usize>, &[f32]),
        columns: usize,
    ) -> Result<()> {
        let factors = self.block(rows.clone(), known.clone())?;
        let x = (x, (columns, known.len()));
        let found = self.products.less((&*rest, (columns, rows.len())), (factors, known.len()), x)?;
        rest.copy_from_slice(&found.read()?);
        Ok(())
    }

    /// Some columns of some rows of the triangle.
    fn block(&self, rows: Range<usize>, columns: Range<usize>) -> Result<View<f32>> {
        if self.triangle.transposed {
            return self.matrix.block(rows, columns)?.transposed();
        }
        self.matrix.block(columns, rows)
    }

    fn leaf(&self, at: Range<usize>, b: &mut [f32], columns: usize) {
        let element = |row: usize, column: usize| {
            let (row, column) = if self.triangle.transposed { (column, row) } else { (row, column) };
            self.values[(at.start + row) * self.n + at.start + column]
        };
        for step in 0..at.len() {
            let row = if self.goes_down() { step } else { at.len() - 1 - step };
            // Those that are known are on one side of it.
            let (before, own_on) = b.split_at_mut(row * columns);
            let (own, behind) = own_on.split_at_mut(columns);
            let (known, first) = if self.goes_down() { (before, 0) } else { (behind, row + 1) };
            take_off_all(own, |k| element(row, first + k), known);
            if !self.triangle.unit {
                let diagonal = element(row, row);
                own.iter_mut().for_each(|x| *x /= diagonal);
            }
        }
    }
}
