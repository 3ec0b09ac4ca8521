//! What factorisations have in common: a matrix in host memory, parts of it, and the products that do most of the work.

use std::ops::Range;

use manylane::Result;
use manylane::kernel::IntoMatrix;
use manylane::prelude::*;

use crate::place::{mismatch, sides};
use crate::triangular::less_product;

/// Columns of a panel. What is computed inside a panel stays on the CPU; what is behind it goes where the caller says. At 128
/// steps a product on the CPU is near its best speed, and panels still are a small part of a matrix of 1,000 columns.
pub(crate) const PANEL: usize = 128;

/// Columns, or rows, below which loops on one thread do it: a column of 1,000 elements and those beside it fit an L1 of 32 KiB
/// by halves, and a product of so few steps would take as long to begin as to compute.
pub(crate) const LEAF: usize = 16;

/// Where the first half of `n` columns or rows ends: at a multiple of [`LEAF`], and of [`PANEL`] where there is one.
pub(crate) fn half(n: usize) -> usize {
    let unit = if n > PANEL { PANEL } else { LEAF };
    (n / 2).next_multiple_of(unit).min(n)
}

/// Products on the target of a factorisation.
#[derive(Clone, Copy)]
pub(crate) struct Products<'r> {
    pub rt: &'r Runtime,
    pub target: Target,
}

impl<'r> Products<'r> {
    pub fn new(rt: &'r Runtime, target: Target) -> Self {
        Products { rt, target }
    }

    /// The same for what is inside a panel: on the CPU.
    pub fn at_home(self) -> Self {
        let target = match self.target {
            Target::Scalar => Target::Scalar,
            Target::Simd => Target::Simd,
            _ => Target::Threads,
        };
        Products { target, ..self }
    }

    /// The same for products of `steps` steps.
    fn of_steps(self, steps: usize) -> Self {
        if steps < PANEL { self.at_home() } else { self }
    }

    /// `a b`.
    pub fn times<'a>(self, a: impl IntoMatrix<'a, f32>, b: impl IntoMatrix<'a, f32>) -> Result<Array<f32>> {
        self.rt.matmul(a, b).on(self.target).run()
    }

    /// `c - a b`, where `a` has so many columns; inside a panel on the CPU.
    pub fn less<'a>(
        self,
        c: impl IntoMatrix<'a, f32>,
        (a, steps): (impl IntoMatrix<'a, f32>, usize),
        b: impl IntoMatrix<'a, f32>,
    ) -> Result<Array<f32>> {
        self.rt.product::<less_product>(a, b).onto(c).on(self.of_steps(steps).target).run()
    }
}

/// Elements from which a copy has memory of the runtime's pool: allocators give so much as fresh pages, and those would cost more
/// than the copy. Less is had sooner from the allocator.
const LARGE: usize = 1 << 15;

/// A matrix in host memory, row after row.
pub(crate) struct Rows<'m> {
    pub values: &'m mut [f32],
    pub columns: usize,
}

impl<'m> Rows<'m> {
    pub fn new(values: &'m mut [f32], columns: usize) -> Self {
        Rows { values, columns }
    }

    /// Some columns of a row.
    pub fn row(&self, row: usize, columns: Range<usize>) -> &[f32] {
        &self.values[row * self.columns..][columns]
    }

    /// Some columns of a row, to be written.
    pub fn row_mut(&mut self, row: usize, columns: Range<usize>) -> &mut [f32] {
        &mut self.values[row * self.columns..][columns]
    }

    /// A copy of some columns of some rows.
    pub fn part(&self, rt: &Runtime, columns: Range<usize>, rows: Range<usize>) -> Result<Array<f32>> {
        let shape = (columns.len(), rows.len());
        if shape.0 * shape.1 < LARGE {
            let mut values = Vec::with_capacity(shape.0 * shape.1);
            rows.for_each(|row| values.extend_from_slice(self.row(row, columns.clone())));
            return rt.picture(values, shape);
        }
        let (mut part, width) = (empty(rt, shape)?, shape.0);
        let mut into = part.write()?;
        for (row, into) in rows.zip(into.chunks_exact_mut(width)) {
            into.copy_from_slice(self.row(row, columns.clone()));
        }
        Ok(part)
    }

    /// Puts a part of so many columns to the place in column `left` and row `top`.
    pub fn put(&mut self, (left, top): (usize, usize), part: &[f32], width: usize) {
        for (row, part) in part.chunks_exact(width.max(1)).enumerate() {
            self.row_mut(top + row, left..left + width).copy_from_slice(part);
        }
    }

    /// Exchanges two rows, but for what is outside of `columns`.
    pub fn exchange(&mut self, a: usize, b: usize, columns: Range<usize>) {
        if a == b {
            return;
        }
        let (low, high) = (a.min(b), a.max(b));
        let (before, behind) = self.values.split_at_mut(high * self.columns);
        before[low * self.columns..][columns.clone()].swap_with_slice(&mut behind[columns]);
    }
}

/// Room for so many columns and rows.
pub(crate) fn empty(rt: &Runtime, shape: (usize, usize)) -> Result<Array<f32>> {
    Array::new(rt.array(Vec::<f32>::new())?.home(), shape.into())
}

/// So many columns and rows of zeros.
pub(crate) fn zeros(rt: &Runtime, shape: (usize, usize)) -> Result<Array<f32>> {
    let mut zeros = empty(rt, shape)?;
    zeros.write()?.fill(0.0);
    Ok(zeros)
}

/// Some columns of a matrix, each in memory by itself, for loops that go down them.
pub(crate) struct Columns {
    pub values: Vec<f32>,
    pub rows: usize,
}

impl Columns {
    pub fn of(from: &Rows<'_>, columns: Range<usize>, rows: Range<usize>) -> Self {
        let (count, height) = (columns.len(), rows.len());
        let mut values = vec![0.0; count * height];
        for (y, row) in rows.enumerate() {
            for (x, value) in from.row(row, columns.clone()).iter().enumerate() {
                values[x * height + y] = *value;
            }
        }
        Columns { values, rows: height }
    }

    /// Puts them to the place in column `left` and row `top`.
    pub fn put(&self, into: &mut Rows<'_>, (left, top): (usize, usize)) {
        let width = self.values.len() / self.rows.max(1);
        for y in 0..self.rows {
            for (x, value) in into.row_mut(top + y, left..left + width).iter_mut().enumerate() {
                *value = self.values[x * self.rows + y];
            }
        }
    }

    pub fn column(&self, x: usize) -> &[f32] {
        &self.values[x * self.rows..][..self.rows]
    }

    pub fn column_mut(&mut self, x: usize) -> &mut [f32] {
        &mut self.values[x * self.rows..][..self.rows]
    }

    /// A column, and those behind it.
    pub fn from(&mut self, x: usize) -> (&mut [f32], impl Iterator<Item = &mut [f32]>) {
        let (first, rest) = self.values[x * self.rows..].split_at_mut(self.rows);
        (first, rest.chunks_exact_mut(self.rows.max(1)))
    }
}

/// `y - factor x`, into `y`.
pub(crate) fn take_off(y: &mut [f32], factor: f32, x: &[f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y -= factor * x;
    }
}

/// `y` less the rows of `xs`, each times its factor; four at once, so that `y` is read and written seldom.
pub(crate) fn take_off_all(y: &mut [f32], factor: impl Fn(usize) -> f32, xs: &[f32]) {
    let columns = y.len();
    let fours = xs.chunks_exact(4 * columns);
    let (rest, done) = (fours.remainder(), xs.len() / (4 * columns) * 4);
    for (k, four) in fours.enumerate() {
        let f: [f32; 4] = std::array::from_fn(|of| factor(4 * k + of));
        let ((a, b), (c, d)) = {
            let (front, back) = four.split_at(2 * columns);
            (front.split_at(columns), back.split_at(columns))
        };
        for ((((y, a), b), c), d) in y.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *y -= f[0] * a + f[1] * b + f[2] * c + f[3] * d;
        }
    }
    for (k, x) in rest.chunks_exact(columns).enumerate() {
        take_off(y, factor(done + k), x);
    }
}

/// The sum of products, in as many sums as vectors have lanes.
pub(crate) fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 16];
    let (chunks, others) = (x.chunks_exact(16), y.chunks_exact(16));
    let rest: f32 = chunks.remainder().iter().zip(others.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in chunks.zip(others) {
        for k in 0..16 {
            sums[k] += x[k] * y[k];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Columns and rows of what stands on the right of an equation with `n` rows: a matrix, or a line as one column.
///
/// # Errors
/// `ShapeMismatch` where it has another number of rows.
pub(crate) fn right_side(b: &Array<f32>, n: usize) -> Result<(usize, usize)> {
    let (columns, rows) = match b.domain() {
        Domain::Grid { width, height } => (width, height),
        Domain::Line(n) => (1, n),
    };
    if rows == n {
        return Ok((columns, rows));
    }
    Err(mismatch(format!("the right side has {rows} rows and the matrix {n}; give it one for each")))
}

/// The side of a square matrix.
///
/// # Errors
/// `ShapeMismatch` where it is not square.
pub(crate) fn square(a: &Array<f32>, what: &str) -> Result<usize> {
    let (columns, rows) = sides("the matrix", a)?;
    if columns == rows {
        return Ok(rows);
    }
    Err(mismatch(format!("the matrix has {columns} columns and {rows} rows, and {what} needs a square one")))
}
