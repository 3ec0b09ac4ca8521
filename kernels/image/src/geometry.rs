//! Whole pixels at other places: mirrored, turned, rows and columns exchanged.
//!
//! The source of a cell of the result is `first + right * x + down * y`, counted in the line of all cells; each operation is
//! three numbers. Where `right` is 1, neighbours stay neighbours, and whole vectors are loaded.

use manylane::Result;
use manylane::prelude::*;

use crate::Pixel;
use crate::checks::sides;

/// Where the cells of a result come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moves {
    /// The source of the first cell.
    pub first: u32,
    /// From there to the source of the cell to the right; integers wrap, so this may go back.
    pub right: u32,
    /// And to the source of the cell below.
    pub down: u32,
}

/// Pixels that can be moved.
pub trait Moved: Pixel {
    /// A picture of the shape `over`, made of cells of `cells`.
    ///
    /// # Errors
    /// `OutOfBounds` where a source is outside; whatever the launch returns.
    fn moved(
        rt: &Runtime,
        cells: &Array<Self>,
        over: (usize, usize),
        moves: Moves,
        target: Target,
    ) -> Result<Array<Self>>;
}

/// The cell that `m` says.
#[kernel]
pub fn move_u8(at: Cell, cells: &[u8], #[uniform] m: Moves) -> u8 {
    cells[(m.first + m.right * at.x + m.down * at.y) as usize]
}

/// The same where cells of a row stay in order.
#[kernel]
pub fn move_rows_u8(at: Cell, cells: &[u8], #[uniform] first: u32, #[uniform] down: u32) -> u8 {
    cells[(first + down * at.y + at.x) as usize]
}

/// As [`move_u8()`].
#[kernel]
pub fn move_f32(at: Cell, cells: &[f32], #[uniform] m: Moves) -> f32 {
    cells[(m.first + m.right * at.x + m.down * at.y) as usize]
}

/// As [`move_rows_u8()`].
#[kernel]
pub fn move_rows_f32(at: Cell, cells: &[f32], #[uniform] first: u32, #[uniform] down: u32) -> f32 {
    cells[(first + down * at.y + at.x) as usize]
}

/// As [`move_u8()`].
#[kernel]
pub fn move_rgb(at: Cell, cells: &[[u8; 3]], #[uniform] m: Moves) -> [u8; 3] {
    cells[(m.first + m.right * at.x + m.down * at.y) as usize]
}

/// As [`move_rows_u8()`].
#[kernel]
pub fn move_rows_rgb(at: Cell, cells: &[[u8; 3]], #[uniform] first: u32, #[uniform] down: u32) -> [u8; 3] {
    cells[(first + down * at.y + at.x) as usize]
}

/// As [`move_u8()`].
#[kernel]
pub fn move_rgba(at: Cell, cells: &[[u8; 4]], #[uniform] m: Moves) -> [u8; 4] {
    cells[(m.first + m.right * at.x + m.down * at.y) as usize]
}

/// As [`move_rows_u8()`].
#[kernel]
pub fn move_rows_rgba(at: Cell, cells: &[[u8; 4]], #[uniform] first: u32, #[uniform] down: u32) -> [u8; 4] {
    cells[(first + down * at.y + at.x) as usize]
}

/// As [`move_u8()`].
#[kernel]
pub fn move_rgb_f32(at: Cell, cells: &[[f32; 3]], #[uniform] m: Moves) -> [f32; 3] {
    cells[(m.first + m.right * at.x + m.down * at.y) as usize]
}

/// As [`move_rows_u8()`].
#[kernel]
pub fn move_rows_rgb_f32(
    at: Cell,
    cells: &[[f32; 3]],
    #[uniform] first: u32,
    #[uniform] down: u32,
) -> [f32; 3] {
    cells[(first + down * at.y + at.x) as usize]
}

/// As [`move_u8()`].
#[kernel]
pub fn move_rgba_f32(at: Cell, cells: &[[f32; 4]], #[uniform] m: Moves) -> [f32; 4] {
    cells[(m.first + m.right * at.x + m.down * at.y) as usize]
}

/// As [`move_rows_u8()`].
#[kernel]
pub fn move_rows_rgba_f32(
    at: Cell,
    cells: &[[f32; 4]],
    #[uniform] first: u32,
    #[uniform] down: u32,
) -> [f32; 4] {
    cells[(first + down * at.y + at.x) as usize]
}

macro_rules! moves {
    ($($pixel:ty: $any:ident $rows:ident;)*) => {$(
        impl Moved for $pixel {
            fn moved(
                rt: &Runtime,
                cells: &Array<Self>,
                over: (usize, usize),
                moves: Moves,
                target: Target,
            ) -> Result<Array<Self>> {
                if moves.right == 1 {
                    return rt.map::<$rows>((cells, moves.first, moves.down)).over(over).on(target).run();
                }
                rt.map::<$any>((cells, moves)).over(over).on(target).run()
            }
        }
    )*};
}
moves! {
    u8: move_u8 move_rows_u8;
    f32: move_f32 move_rows_f32;
    [u8; 3]: move_rgb move_rows_rgb;
    [u8; 4]: move_rgba move_rows_rgba;
    [f32; 3]: move_rgb_f32 move_rows_rgb_f32;
    [f32; 4]: move_rgba_f32 move_rows_rgba_f32;
}

/// Each operation: its documentation, its name, whether columns become rows, and the corner of the source where the result
/// begins: at the last column, in the last row.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident, turns $turns:literal, right $last_column:literal, bottom $last_row:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// `ShapeMismatch` where the picture has no rows; whatever the launch returns.
        pub fn $name<P: Moved>(rt: &Runtime, cells: &Array<P>, target: Target) -> Result<Array<P>> {
            let (width, height) = sides(cells)?;
            let (moves, turned) = moves((width, height), $turns, $last_column, $last_row);
            P::moved(rt, cells, turned, moves, target)
        }
    )*};
}
operations! {
    /// Left and right exchanged.
    flip_horizontal, turns false, right true, bottom false;
    /// Top and bottom exchanged.
    flip_vertical, turns false, right false, bottom true;
    /// Turned upside down.
    rotate_180, turns false, right true, bottom true;
    /// Turned by a quarter, clockwise.
    rotate_90, turns true, right false, bottom true;
    /// Turned by a quarter, counterclockwise.
    rotate_270, turns true, right true, bottom false;
    /// Rows and columns exchanged. Of floats in planes [`Runtime::transpose`] does the same, by blocks.
    transpose, turns true, right false, bottom false;
}

/// The moves, and the shape of the result.
fn moves(
    (width, height): (usize, usize),
    turns: bool,
    last_column: bool,
    last_row: bool,
) -> (Moves, (usize, usize)) {
    let row = width as u32;
    let (mut first, mut across, mut along) = (0u32, 1u32, row);
    if last_column {
        first = first.wrapping_add(row.wrapping_sub(1));
        across = across.wrapping_neg();
    }
    if last_row {
        first = first.wrapping_add(row.wrapping_mul((height as u32).wrapping_sub(1)));
        along = along.wrapping_neg();
    }
    if turns {
        (Moves { first, right: along, down: across }, (height, width))
    } else {
        (Moves { first, right: across, down: along }, (width, height))
    }
}
