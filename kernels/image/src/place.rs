//! Shapes that are asked for, and errors about them and about parameters.

use manylane::Result;
use manylane::kernel::LaneElement;
use manylane::prelude::*;

/// Columns and rows of a picture.
///
/// # Errors
/// `ShapeMismatch` where it has no rows.
pub(crate) fn sides<T: LaneElement>(cells: &Array<T>) -> Result<(usize, usize)> {
    match cells.domain() {
        Domain::Grid { width, height } => Ok((width, height)),
        Domain::Line(n) => Err(mismatch(format!(
            "a picture needs rows, but this array is a line of {n}; give it a shape with `.shaped((width, height))`"
        ))),
    }
}

/// Columns and rows of two pictures, which must be the same.
///
/// # Errors
/// `ShapeMismatch` where they are not, or where one has no rows.
pub(crate) fn same_sides<A: LaneElement, B: LaneElement>(
    a: &Array<A>,
    b: &Array<B>,
) -> Result<(usize, usize)> {
    let (one, other) = (sides(a)?, sides(b)?);
    if one == other {
        return Ok(one);
    }
    let ((w, h), (v, g)) = (one, other);
    Err(mismatch(format!(
        "pictures of {w}x{h} and of {v}x{g} cannot be taken cell by cell; give both one shape"
    )))
}

/// That a parameter is within its limits.
///
/// # Errors
/// `Setting` where it is not, NaN included.
pub(crate) fn within(name: &str, value: f32, least: f32, most: f32) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(setting(format!("{name} is {value}; give a number from {least} to {most}")))
}

pub(crate) fn mismatch(text: String) -> Error {
    Error::new(ErrorKind::ShapeMismatch, text)
}

pub(crate) fn setting(text: String) -> Error {
    Error::new(ErrorKind::Setting, text)
}
