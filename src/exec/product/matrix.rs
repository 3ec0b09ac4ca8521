//! Matrices as products read them: elements, and where each row and column is.

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::{LaneElement, MatrixArg};
use crate::shape::{Domain, Span};

/// Where the elements of a matrix lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The first of them.
    pub start: usize,
    pub rows: usize,
    pub columns: usize,
    /// How far the next one below is.
    pub down: usize,
    /// How far the next one beside is.
    pub along: usize,
    /// Whether it was made by exchanging rows and columns.
    pub transposed: bool,
}

/// A matrix in host memory.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'m, T> {
    elements: &'m [T],
    layout: Layout,
}

impl Layout {
    /// Of an argument called `name`.
    ///
    /// # Errors
    /// `ShapeMismatch` for a line.
    pub fn of<T: LaneElement>(arg: &MatrixArg<'_, T>, (what, name): (&str, &str)) -> Result<Self> {
        let (width, height) = match arg.domain() {
            Domain::Grid { width, height } => (width, height),
            Domain::Line(n) => {
                return Err(Error::new(
                    ErrorKind::ShapeMismatch,
                    format!(
                        "{what}: `{name}` is a line of {n}, and a product takes rows and columns; give it a shape with \
                         `.shaped((columns, rows))`"
                    ),
                ));
            }
        };
        let rows = |start, down, along, transposed| Layout {
            start,
            rows: height,
            columns: width,
            down,
            along,
            transposed,
        };
        Ok(match arg {
            MatrixArg::Slice(..) => rows(0, width, 1, false),
            MatrixArg::View(view) => {
                let (_, spread) = view.spread();
                rows(spread.start, spread.down, spread.along, spread.transposed)
            }
        })
    }

    /// Some rows and columns of it.
    pub fn part(self, rows: Range<usize>, columns: Range<usize>) -> Self {
        let start = self.start + rows.start * self.down + columns.start * self.along;
        Layout { start, rows: rows.len(), columns: columns.len(), ..self }
    }

    /// One of `of` equal parts that are stacked: rows, or where they are exchanged with columns, those.
    pub fn batch(self, which: usize, of: usize) -> Self {
        let (rows, columns) = self.of_batches(of);
        match self.transposed {
            true => self.part(0..rows, which * columns..(which + 1) * columns),
            false => self.part(which * rows..(which + 1) * rows, 0..columns),
        }
    }

    /// Rows and columns of one of `of` such parts.
    pub fn of_batches(self, of: usize) -> (usize, usize) {
        if self.transposed { (self.rows, self.columns / of) } else { (self.rows / of, self.columns) }
    }

    /// Rows and columns exchanged.
    pub fn exchanged(self) -> Self {
        Layout { rows: self.columns, columns: self.rows, down: self.along, along: self.down, ..self }
    }

    /// From its first element to its last.
    pub fn span(self) -> Span {
        if self.rows == 0 || self.columns == 0 {
            return Span::new(self.start, self.start);
        }
        let last = self.start + (self.rows - 1) * self.down + (self.columns - 1) * self.along;
        Span::new(self.start, last + 1)
    }
}

impl<'m, T: LaneElement> Matrix<'m, T> {
    /// The part of `arg` that `layout` is, brought to the host.
    pub fn of(arg: &'m MatrixArg<'_, T>, layout: Layout) -> Result<Self> {
        let span = layout.span();
        let elements = match arg {
            MatrixArg::Slice(elements, _) => &elements[span.range()],
            // Nothing of an array without elements needs to be there.
            MatrixArg::View(_) if span.is_empty() => &[],
            MatrixArg::View(view) => view.spread().0.host_span(span)?,
        };
        Ok(Matrix { elements, layout: Layout { start: 0, ..layout } })
    }

    pub fn rows(&self) -> usize {
        self.layout.rows
    }

    pub fn columns(&self) -> usize {
        self.layout.columns
    }

    /// How far the next element below is.
    pub fn down(&self) -> usize {
        self.layout.down
    }

    /// How far the next element beside is.
    pub fn along(&self) -> usize {
        self.layout.along
    }

    /// Some rows and columns of it.
    pub fn part(self, rows: Range<usize>, columns: Range<usize>) -> Self {
        let layout = self.layout.part(rows, columns);
        let elements = if layout.span().is_empty() { &[] } else { &self.elements[layout.span().range()] };
        Matrix { elements, layout: Layout { start: 0, ..layout } }
    }

    /// Rows and columns exchanged.
    pub fn exchanged(self) -> Self {
        Matrix { layout: self.layout.exchanged(), ..self }
    }

    /// The elements from a place on.
    #[inline(always)]
    pub fn from(&self, row: usize, column: usize) -> &'m [T] {
        &self.elements[row * self.layout.down + column * self.layout.along..]
    }

    /// The element at a place.
    #[inline(always)]
    pub fn at(&self, row: usize, column: usize) -> T {
        self.elements[row * self.layout.down + column * self.layout.along]
    }
}
