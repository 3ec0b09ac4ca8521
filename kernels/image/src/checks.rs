//! What is asked of pictures and parameters before anything is launched.

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
            "a line of {n} cells is no picture; give it rows with `.shaped((width, height))`"
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

/// The cells to each side of the middle of a window `size` cells wide.
///
/// # Errors
/// `Setting` where `size` is even, or more than `most`.
pub(crate) fn radius(what: &str, size: usize, most: usize) -> Result<i32> {
    if size.is_multiple_of(2) {
        return Err(setting(format!(
            "{what} of {size} cells has no middle; give an odd size from 1 to {most}, such as {}",
            (size + 1).min(most)
        )));
    }
    if size > most {
        return Err(setting(format!(
            "{what} of {size} cells is too large; at most {most} are possible: make the picture smaller first"
        )));
    }
    Ok((size / 2) as i32)
}

/// `value` again.
///
/// # Errors
/// `Setting` where it is not from `low` to `high`, NaN included.
pub(crate) fn within(what: &str, value: f32, (low, high): (f32, f32)) -> Result<f32> {
    if !(low..=high).contains(&value) {
        return Err(setting(format!("{what} of {value} is not possible; give one from {low} to {high}")));
    }
    Ok(value)
}

/// The border of bytes, for floats made of them: a constant is what it is as a byte.
pub(crate) fn of_bytes(border: Border) -> Border {
    match border {
        Border::Constant(value) => Border::Constant(f64::from(value as u8)),
        other => other,
    }
}

pub(crate) fn mismatch(text: String) -> Error {
    Error::new(ErrorKind::ShapeMismatch, text)
}

pub(crate) fn setting(text: String) -> Error {
    Error::new(ErrorKind::Setting, text)
}
