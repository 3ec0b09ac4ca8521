//! What can be passed where a matrix is read.

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::LaneElement;
use crate::kernel::param::same_home;
use crate::memory::{Array, Home, View};
use crate::shape::Domain;

/// What a launch holds for a matrix that it reads.
pub enum MatrixArg<'a, T: LaneElement> {
    /// A snapshot of an array, or some elements of one.
    View(View<T>),
    /// Borrowed host memory, row after row, and its shape.
    Slice(&'a [T], Domain),
}

/// What can stand for a matrix: something with rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed for a matrix of `{T}`",
    label = "expected `&Array<{T}>` or `&View<{T}>` with rows, or `(&[{T}], (columns, rows))`"
)]
pub trait IntoMatrix<'a, T: LaneElement> {
    /// As a launch holds it.
    fn into_matrix(self) -> MatrixArg<'a, T>;
}

impl<'a, T: LaneElement> IntoMatrix<'a, T> for &Array<T> {
    fn into_matrix(self) -> MatrixArg<'a, T> {
        MatrixArg::View(self.view())
    }
}
impl<'a, T: LaneElement> IntoMatrix<'a, T> for &View<T> {
    fn into_matrix(self) -> MatrixArg<'a, T> {
        MatrixArg::View(self.clone())
    }
}
impl<'a, T: LaneElement> IntoMatrix<'a, T> for View<T> {
    fn into_matrix(self) -> MatrixArg<'a, T> {
        MatrixArg::View(self)
    }
}
impl<'a, T: LaneElement> IntoMatrix<'a, T> for (&'a [T], (usize, usize)) {
    fn into_matrix(self) -> MatrixArg<'a, T> {
        MatrixArg::Slice(self.0, Domain::from(self.1))
    }
}
impl<'a, T: LaneElement> IntoMatrix<'a, T> for (&'a Vec<T>, (usize, usize)) {
    fn into_matrix(self) -> MatrixArg<'a, T> {
        MatrixArg::Slice(self.0, Domain::from(self.1))
    }
}

impl<T: LaneElement> MatrixArg<'_, T> {
    /// Its shape.
    pub fn domain(&self) -> Domain {
        match self {
            MatrixArg::View(view) => view.domain(),
            MatrixArg::Slice(_, domain) => *domain,
        }
    }

    /// Whether a launch of the runtime `home` may use it.
    ///
    /// # Errors
    /// `ForeignArray` for another runtime's, `ShapeMismatch` where borrowed memory has not as many elements as its shape.
    pub fn check(&self, home: &Home) -> Result<()> {
        match self {
            MatrixArg::View(view) => same_home(view.home(), home),
            MatrixArg::Slice(elements, domain) if domain.checked_len() == Some(elements.len()) => Ok(()),
            MatrixArg::Slice(elements, domain) => Err(Error::new(
                ErrorKind::ShapeMismatch,
                format!(
                    "a matrix of {domain} was given as {} elements; make the numbers equal",
                    elements.len()
                ),
            )),
        }
    }
}
