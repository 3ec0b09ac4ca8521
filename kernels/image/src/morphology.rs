//! Erosion and dilation: the lowest and the highest cell of a rectangle, along the rows and then along the columns.
//!
//! The rectangle's middle stands on the cell. Each cell of a window is compared once for each pass; shapes other than
//! rectangles are not here.

use manylane::Result;
use manylane::prelude::*;

use crate::checks::{radius, sides};

/// The most columns or rows of a rectangle.
pub const MOST: usize = 1_001;

/// One pass over cells of `$cell`, compared as `$wide`.
macro_rules! pass {
    ($name:ident, $text:literal, $cell:ident as $wide:ident, $chosen:ident, |$k:ident| $dx:expr, $dy:expr) => {
        #[doc = $text]
        #[kernel]
        pub fn $name(at: Cell, src: Image<$cell>, #[uniform] radius: i32) -> $cell {
            let mut found = src.near(at, 0, 0) as $wide;
            for $k in 1..=radius {
                found =
                    found.$chosen(src.near(at, $dx, $dy) as $wide).$chosen(src.near(at, -$dx, -$dy) as $wide);
            }
            found as $cell
        }
    };
}

pass!(erode_rows, "The lowest byte of a piece of a row.", u8 as i32, min, |k| k, 0);
pass!(erode_columns, "The lowest byte of a piece of a column.", u8 as i32, min, |k| 0, k);
pass!(dilate_rows, "The highest byte of a piece of a row.", u8 as i32, max, |k| k, 0);
pass!(dilate_columns, "The highest byte of a piece of a column.", u8 as i32, max, |k| 0, k);
pass!(erode_rows_f32, "The lowest float of a piece of a row.", f32 as f32, min, |k| k, 0);
pass!(erode_columns_f32, "The lowest float of a piece of a column.", f32 as f32, min, |k| 0, k);
pass!(dilate_rows_f32, "The highest float of a piece of a row.", f32 as f32, max, |k| k, 0);
pass!(dilate_columns_f32, "The highest float of a piece of a column.", f32 as f32, max, |k| 0, k);

/// Both passes over cells of `$cell`.
macro_rules! both {
    ($(#[$doc:meta])* $name:ident, $cell:ident, $rows:ident, $columns:ident) => {
        $(#[$doc])*
        pub fn $name(
            rt: &Runtime,
            cells: &Array<$cell>,
            (width, height): (usize, usize),
            border: Border,
            target: Target,
        ) -> Result<Array<$cell>> {
            sides(cells)?;
            let across = radius("a rectangle's width", width, MOST)?;
            let down = radius("a rectangle's height", height, MOST)?;
            let rows = rt.map::<$rows>((cells, across)).border(border).on(target).run()?;
            rt.map::<$columns>((&rows, down)).border(border).on(target).run()
        }
    };
}

both! {
    /// The lowest cell of the rectangle of `(width, height)` cells around each, as OpenCV's `erode`, whose usual border is the
    /// highest value there is: with [`Border::Clamp`] the results are the same.
    ///
    /// # Errors
    /// `Setting` where a side is even or more than [`MOST`]; `ShapeMismatch` where the picture has no rows; whatever the
    /// launches return.
    erode, u8, erode_rows, erode_columns
}
both! {
    /// The highest cell of the rectangle of `(width, height)` cells around each, as OpenCV's `dilate` with [`Border::Clamp`].
    ///
    /// # Errors
    /// As [`erode`].
    dilate, u8, dilate_rows, dilate_columns
}
both! {
    /// As [`erode`], of floats.
    ///
    /// # Errors
    /// As [`erode`].
    erode_f32, f32, erode_rows_f32, erode_columns_f32
}
both! {
    /// As [`dilate`], of floats.
    ///
    /// # Errors
    /// As [`erode`].
    dilate_f32, f32, dilate_rows_f32, dilate_columns_f32
}
