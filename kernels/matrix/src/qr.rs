//! `A = Q R` with orthogonal columns `Q` and an upper triangle `R`, and least squares.
//!
//! ```text
//! for each panel of columns, over the rows from the diagonal on:
//!     reflections that make it a triangle                     on the CPU; joined as I - V T Vᵀ
//!     the columns behind it: C - V (Tᵀ (Vᵀ C))                three products, on the target
//! ```
//! A. S. Householder, 1958; R. Schreiber and C. Van Loan, "A Storage-Efficient WY Representation for Products of Householder
//! Transformations", 1989. What is behind a panel stays where it is computed: only the next panel and the finished rows of `R`
//! come home, and `V` and `T` go there.

use std::ops::Range;

use manylane::Result;
use manylane::memory::View;
use manylane::prelude::*;

use crate::blocks::{PANEL, Products, Rows, empty, right_side, zeros};
use crate::place::{mismatch, setting, sides};
use crate::reflections::joined;
use crate::triangular::{Solver, Triangle, less_product};

/// The matrix `d`, which has `columns`, with `more` rows and columns of the identity before its own.
#[kernel]
pub fn bordered(at: Cell, d: &[f32], #[uniform] more: u32, #[uniform] columns: u32) -> f32 {
    let mut value = 0.0;
    if at.x >= more && at.y >= more {
        value = d[((at.y - more) * columns + at.x - more) as usize];
    } else if at.x == at.y {
        value = 1.0;
    }
    value
}

/// Reflections, and the triangle that they make of a matrix.
#[derive(Clone)]
pub struct Qr {
    panels: Vec<Panel>,
    r: Array<f32>,
    /// Columns and rows of the matrix.
    shape: (usize, usize),
}

/// Reflections joined: `I - V T Vᵀ`, over the rows from `first` on.
#[derive(Clone)]
struct Panel {
    first: usize,
    width: usize,
    /// Their vectors, a column each, with ones on the diagonal and zeros above.
    v: Array<f32>,
    /// An upper triangle.
    t: Array<f32>,
}

/// Some columns of the rows of an array from `top` on, wherever it is.
struct Rest {
    array: Array<f32>,
    columns: Range<usize>,
    top: usize,
}

/// Factors a matrix of any shape.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_matrix::qr;
///
/// let rt = Runtime::new()?;
/// // The line through (0, 1), (1, 3), (2, 5).
/// let a = rt.picture(vec![1.0f32, 0.0, 1.0, 1.0, 1.0, 2.0], (2, 3))?;
/// let b = rt.array(vec![1.0f32, 3.0, 5.0])?;
/// let line = qr(&rt, &a, Target::Auto)?.solve(&rt, &b, Target::Auto)?.to_vec()?;
/// assert!((line[0] - 1.0).abs() < 1e-5 && (line[1] - 2.0).abs() < 1e-5);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// `ShapeMismatch` where `a` is a line; whatever the launches return.
pub fn qr(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Qr> {
    let (columns, rows) = sides("the matrix", a)?;
    let least = columns.min(rows);
    let (products, mut panels) = (Products::new(rt, target), Vec::new());
    let mut found = zeros(rt, (columns, least))?;
    let mut values = found.write()?;
    let mut r = Rows::new(&mut values, columns);
    let mut rest = Rest { array: a.clone(), columns: 0..columns, top: 0 };
    let mut coming = rest.split(PANEL.min(least));
    for first in (0..least).step_by(PANEL) {
        let panel = Panel::of(products, &coming, first, &mut r)?;
        let behind = first + panel.width;
        let next = rest.split(PANEL.min(least - behind));
        coming = panel.done_with(products, next, &mut r, behind)?;
        rest = panel.done_with(products, rest, &mut r, behind + coming.columns.len())?;
        panels.push(panel);
    }
    Ok(Qr { panels, r: found, shape: (columns, rows) })
}

impl Qr {
    /// `R`: as many rows as the smaller side of the matrix, as many columns as the matrix, zeros below the diagonal. Elements of
    /// the diagonal may be negative.
    pub fn r(&self) -> &Array<f32> {
        &self.r
    }

    /// `Q`: as many rows as the matrix, as many columns as its smaller side, each of length 1 and at right angles to the others.
    ///
    /// # Errors
    /// `LimitExceeded` where its elements cannot be counted in 32 bits; whatever the launches return.
    pub fn q(&self, rt: &Runtime, target: Target) -> Result<Array<f32>> {
        let (columns, rows) = self.shape;
        let least = columns.min(rows);
        if least.saturating_mul(rows) > u32::MAX as usize {
            let text = format!(
                "Q would have {rows} rows of {least} columns, and its elements are counted up to {}; take fewer columns",
                u32::MAX
            );
            return Err(Error::new(ErrorKind::LimitExceeded, text));
        }
        if self.panels.is_empty() {
            return Array::new(self.r.home(), (0, rows).into());
        }
        let products = Products::new(rt, target);
        // The last panel looks at nothing of it.
        let mut q = rt.array(vec![0.0])?;
        for panel in self.panels.iter().rev() {
            let columns = least - panel.first;
            let behind = (columns - panel.width) as u32;
            let launch = rt.map::<bordered>((&q, panel.width as u32, behind));
            let c = launch.over((columns, rows - panel.first)).on(target).run()?;
            q = panel.applied(products, &panel.t.view(), &c.view())?;
        }
        Ok(q)
    }

    /// For each column of `b` the `x` for which `A x - b` is shortest; of a square matrix that is the solution of `A x = b`. `b`
    /// may also be a line for one column, and so is the result then.
    ///
    /// # Errors
    /// `ShapeMismatch` where the matrix has fewer rows than columns, or `b` another number of rows; `Setting` where its columns
    /// depend on each other, with the column and value of the first element of 0 on the diagonal of `R`; whatever the launches
    /// return.
    pub fn solve(&self, rt: &Runtime, b: &Array<f32>, target: Target) -> Result<Array<f32>> {
        let (columns, rows) = self.shape;
        if rows < columns {
            return Err(mismatch(format!(
                "the matrix has {rows} rows and {columns} columns, so many solutions fit equally well; least squares need at \
                 least as many rows as columns"
            )));
        }
        let (width, _) = right_side(b, rows)?;
        let r = self.r.read()?;
        if let Some(at) = (0..columns).find(|at| r[at * columns + at] == 0.0) {
            return Err(setting(format!(
                "the columns up to {at} depend on each other: R has {} on its diagonal there; leave that column out",
                r[at * columns + at]
            )));
        }
        let products = Products::new(rt, target);
        let mut x = self.turned(products, b.clone().shaped((width, rows))?, width)?;
        Solver::new(products, &self.r, &r, Triangle::UPPER).solve(&mut x.write()?, width)?;
        let shape = match b.domain() {
            Domain::Line(_) => Domain::Line(columns),
            Domain::Grid { .. } => (width, columns).into(),
        };
        x.shaped(shape)
    }

    /// The rows of `Qᵀ b` that `R` has too.
    fn turned(&self, products: Products<'_>, b: Array<f32>, width: usize) -> Result<Array<f32>> {
        let mut found = empty(products.rt, (width, self.shape.0))?;
        let mut values = found.write()?;
        let mut rows = Rows::new(&mut values, width);
        let mut rest = Rest { array: b, columns: 0..width, top: 0 };
        for panel in &self.panels {
            let (array, top) = (panel.reflected(products, &rest)?, panel.width);
            let Some(array) = array else { break };
            rows.put((0, panel.first), &array.rows(..top)?.read()?, width);
            rest = Rest { array, columns: 0..width, top };
        }
        Ok(found)
    }
}

impl Panel {
    /// The reflections that make a triangle of columns, whose place in `r` gets it; `first` is their first column and row.
    fn of(products: Products<'_>, columns: &Rest, first: usize, r: &mut Rows<'_>) -> Result<Panel> {
        let (width, mut values) = (columns.columns.len(), columns.view()?.to_vec()?);
        let mut t = zeros(products.rt, (width, width))?;
        let all = Rows::new(&mut values, width);
        let v = joined(products.at_home(), all, Rows::new(&mut t.write()?, width))?;
        for row in 0..width {
            let place = first + row..first + width;
            r.row_mut(first + row, place).copy_from_slice(&values[row * width + row..(row + 1) * width]);
        }
        Ok(Panel { first, width, v, t })
    }

    /// `C - V S Vᵀ C`.
    fn applied(&self, products: Products<'_>, s: &View<f32>, c: &View<f32>) -> Result<Array<f32>> {
        let along = products.times(self.v.transposed()?, c)?;
        let along = products.times(s, &along)?;
        products.rt.product::<less_product>(&self.v, &along).onto(c).on(products.target).run()
    }

    /// `(I - V Tᵀ Vᵀ) C`, if it has columns: what the reflections make of them in the order in which they were found.
    fn reflected(&self, products: Products<'_>, rest: &Rest) -> Result<Option<Array<f32>>> {
        if rest.columns.is_empty() {
            return Ok(None);
        }
        self.applied(products, &self.t.transposed()?, &rest.view()?).map(Some)
    }

    /// What the reflections make of the rest: its first rows are of `r`, from the column `left` on; the others are returned.
    fn done_with(&self, products: Products<'_>, rest: Rest, r: &mut Rows<'_>, left: usize) -> Result<Rest> {
        let Some(array) = self.reflected(products, &rest)? else { return Ok(rest) };
        let width = rest.columns.len();
        r.put((left, self.first), &array.rows(..self.width)?.read()?, width);
        Ok(Rest { array, columns: 0..width, top: self.width })
    }
}

impl Rest {
    fn view(&self) -> Result<View<f32>> {
        self.array.block(self.columns.clone(), self.top..)
    }

    /// Parts with the first columns.
    fn split(&mut self, count: usize) -> Rest {
        let middle = self.columns.start + count;
        let first = Rest { array: self.array.clone(), columns: self.columns.start..middle, top: self.top };
        self.columns.start = middle;
        first
    }
}
