//! Sums over all that is above a cell and to its left: so the sum over any rectangle is four numbers.

use manylane::prelude::*;
use manylane::{Result, op};

use crate::checks::sides;

/// The cell above and to the left.
#[kernel]
pub fn before_u8(at: Cell, cells: Image<u8>) -> u32 {
    cells.near(at, -1, -1) as u32
}

/// The cell above and to the left.
#[kernel]
pub fn before_f32(at: Cell, cells: Image<f32>) -> f32 {
    cells.near(at, -1, -1)
}

/// The integral image, a column and a row larger: the cell in column `x` and row `y` has the sum of all cells whose column
/// is less than `x` and whose row is less than `y`. As OpenCV's `integral`.
///
/// Sums wrap at 2^32. A rectangle's sum, of the four by its corners, is right wherever it is below 2^32 itself: 16.8
/// million cells at least.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_image::integral::integral;
///
/// let rt = Runtime::new()?;
/// let sums = integral(&rt, &rt.picture(vec![1u8, 2, 3, 4], (2, 2))?, Target::Auto)?;
/// assert_eq!(sums.to_vec()?, [0, 0, 0, 0, 1, 3, 0, 4, 10]);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// `ShapeMismatch` where the picture has no rows or no cells; whatever the launches return.
pub fn integral(rt: &Runtime, cells: &Array<u8>, target: Target) -> Result<Array<u32>> {
    let (width, height) = sides(cells)?;
    let launch = rt.map::<before_u8>(cells).over((width + 1, height + 1)).border(Border::Constant(0.0));
    let rows = launch.on(target).rows().inclusive_scan(op::Sum)?;
    rt.reduce(&rows).on(target).columns().inclusive_scan(op::Sum)
}

/// As [`integral`], of floats; sums are floats too, and have the error of a sum by a tree.
///
/// # Errors
/// As [`integral`].
pub fn integral_f32(rt: &Runtime, cells: &Array<f32>, target: Target) -> Result<Array<f32>> {
    let (width, height) = sides(cells)?;
    let launch = rt.map::<before_f32>(cells).over((width + 1, height + 1)).border(Border::Constant(0.0));
    let rows = launch.on(target).rows().inclusive_scan(op::Sum)?;
    rt.reduce(&rows).on(target).columns().inclusive_scan(op::Sum)
}
