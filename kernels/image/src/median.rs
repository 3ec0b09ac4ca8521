//! The median of 3x3 and of 5x5 cells, by `min` and `max` alone.
//!
//! ```text
//! sort each column, then each row: now the cell in row r and column c has at least (r + 1)(c + 1) - 1 cells below it
//! 3x3: the median is the middle one of the three on the rising diagonal
//! 5x5: six cells are too small, six too large to be it; the rest are three rising diagonals of 4, 5 and 4 cells
//!      the median is the middle one of the largest of the first, the median of the second, the smallest of the third
//! ```
//! P. Kolte, R. Smith, W. Su, "A fast median filter using AltiVec", 1999. That the last line is right: let `a`, `b` and `c` be the
//! three diagonals in order. Each `b[k]` is at least `a[k]`, each `c[k]` at least `b[k + 1]`, so that all but `a[3]`, `b[2]` and
//! `c[0]` have seven of the thirteen on one side of them, and as many are dropped on either side.
//!
//! The middle one of three is `a.min(b).max(a.max(b).min(c))`. No place of a window hangs on a value, so lanes never part. Where a
//! cell is NaN, the medians around it are any of the cells.

use manylane::Result;
use manylane::prelude::*;

use crate::checks::sides;

/// The kernels for cells of `$cell`, which are compared as `$wide`.
macro_rules! medians {
    ($cell:ident as $wide:ident, $of:literal: $three:ident, $five:ident) => {
        #[doc = concat!("The median of 3x3 ", $of, ".")]
        #[kernel]
        pub fn $three(at: Cell, src: Image<$cell>) -> $cell {
            let mut low = [0 as $wide; 3];
            let mut mid = [0 as $wide; 3];
            let mut high = [0 as $wide; 3];
            for k in 0..3 {
                let a = src.near(at, k - 1, -1) as $wide;
                let b = src.near(at, k - 1, 0) as $wide;
                let c = src.near(at, k - 1, 1) as $wide;
                let (least, most) = (a.min(b), a.max(b));
                low[k as usize] = least.min(c);
                mid[k as usize] = least.max(most.min(c));
                high[k as usize] = most.max(c);
            }
            let (a, b, c) = (low[0].max(low[1]).max(low[2]), mid[0], high[0].min(high[1]).min(high[2]));
            let middle = b.min(mid[1]).max(b.max(mid[1]).min(mid[2]));
            a.min(middle).max(a.max(middle).min(c)) as $cell
        }

        #[doc = concat!("The median of 5x5 ", $of, ".")]
        #[kernel]
        pub fn $five(at: Cell, src: Image<$cell>) -> $cell {
            let mut v = [0 as $wide; 25];
            for k in 0..5 {
                for y in 0..5 {
                    v[(5 * y + k) as usize] = src.near(at, k - 2, y - 2) as $wide;
                }
            }
            // The columns, then the rows, each by the network of nine exchanges.
            for turn in 0..2 {
                let (step, line) = if turn == 0 { (5, 1) } else { (1, 5) };
                for k in 0..5 {
                    let first = k * line;
                    let (a, b, c) =
                        (v[first as usize], v[(first + step) as usize], v[(first + 2 * step) as usize]);
                    let (d, e) = (v[(first + 3 * step) as usize], v[(first + 4 * step) as usize]);
                    let (a, d) = (a.min(d), a.max(d));
                    let (b, e) = (b.min(e), b.max(e));
                    let (a, c) = (a.min(c), a.max(c));
                    let (b, d) = (b.min(d), b.max(d));
                    let (a, b) = (a.min(b), a.max(b));
                    let (c, e) = (c.min(e), c.max(e));
                    let (b, c) = (b.min(c), b.max(c));
                    let (d, e) = (d.min(e), d.max(e));
                    let (c, d) = (c.min(d), c.max(d));
                    v[first as usize] = a;
                    v[(first + step) as usize] = b;
                    v[(first + 2 * step) as usize] = c;
                    v[(first + 3 * step) as usize] = d;
                    v[(first + 4 * step) as usize] = e;
                }
            }
            let small = v[3].max(v[7]).max(v[11].max(v[15]));
            let large = v[9].min(v[13]).min(v[17].min(v[21]));
            // Of five the median is the middle one of the fifth, the higher of the lowers and the lower of the highers.
            let (a, b) = (v[4].min(v[8]), v[4].max(v[8]));
            let (c, d) = (v[12].min(v[16]), v[12].max(v[16]));
            let (low, high, last) = (a.max(c), b.min(d), v[20]);
            let median = low.min(high).max(low.max(high).min(last));
            small.min(median).max(small.max(median).min(large)) as $cell
        }
    };
}

medians!(u8 as i32, "bytes": median_3x3, median_5x5);
medians!(f32 as f32, "floats": median_3x3_f32, median_5x5_f32);

/// How many cells a median is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// 3x3.
    Three,
    /// 5x5.
    Five,
}

impl Window {
    /// The window `size` cells wide and high.
    ///
    /// # Errors
    /// `Setting` where `size` is neither 3 nor 5.
    pub fn new(size: usize) -> Result<Window> {
        match size {
            3 => Ok(Window::Three),
            5 => Ok(Window::Five),
            _ => Err(crate::checks::setting(format!(
                "a median of {size}x{size} cells is not possible; give 3 or 5"
            ))),
        }
    }
}

/// The median of the cells around each, as OpenCV's `medianBlur` where `border` is [`Border::Clamp`].
///
/// # Errors
/// `ShapeMismatch` where the picture has no rows; whatever the launch returns.
pub fn median(
    rt: &Runtime,
    cells: &Array<u8>,
    window: Window,
    border: Border,
    target: Target,
) -> Result<Array<u8>> {
    sides(cells)?;
    match window {
        Window::Three => rt.map::<median_3x3>(cells).border(border).on(target).run(),
        Window::Five => rt.map::<median_5x5>(cells).border(border).on(target).run(),
    }
}

/// As [`median`], of floats.
///
/// # Errors
/// As [`median`].
pub fn median_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    window: Window,
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    sides(cells)?;
    match window {
        Window::Three => rt.map::<median_3x3_f32>(cells).border(border).on(target).run(),
        Window::Five => rt.map::<median_5x5_f32>(cells).border(border).on(target).run(),
    }
}
