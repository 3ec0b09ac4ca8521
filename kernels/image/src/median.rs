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
    ($cell:ident as $wide:ident, $of:literal: $three:ident) => {
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
    };
}

medians!(u8 as i32, "bytes": median_3x3);
medians!(f32 as f32, "floats": median_3x3_f32);

/// The same of 5x5. The rule's second half names the cells by row and column and says which five are sorted, line after line:
/// an array would be looked at by computed places, which costs a check each.
macro_rules! medians_of_25 {
    ($($cell:ident as $wide:ident, $text:literal: $name:ident;)*) => {$(
        medians_of_25! { @ $cell $wide $text $name
            (v00 0, v01 1, v02 2, v03 3, v04 4, v10 5, v11 6, v12 7, v13 8, v14 9, v20 10, v21 11, v22 12, v23 13, v24 14,
            v30 15, v31 16, v32 17, v33 18, v34 19, v40 20, v41 21, v42 22, v43 23, v44 24)
            (v00 v10 v20 v30 v40, v01 v11 v21 v31 v41, v02 v12 v22 v32 v42, v03 v13 v23 v33 v43, v04 v14 v24 v34 v44,
            v00 v01 v02 v03 v04, v10 v11 v12 v13 v14, v20 v21 v22 v23 v24, v30 v31 v32 v33 v34, v40 v41 v42 v43 v44)
            [v03 v12 v21 v30] [v04 v13 v22 v31 v40] [v14 v23 v32 v41]
        }
    )*};
    (@ $cell:ident $wide:ident $text:literal $name:ident
        ($($v:ident $place:literal),*)
        ($($a:ident $b:ident $c:ident $d:ident $e:ident),*)
        [$s0:ident $s1:ident $s2:ident $s3:ident] [$m0:ident $m1:ident $m2:ident $m3:ident $m4:ident]
        [$l0:ident $l1:ident $l2:ident $l3:ident]
    ) => {
        #[doc = $text]
        ///
        /// `size` is 5. It is not written here so that no compiler writes out 25 reads: Mesa's takes a minute to place them.
        #[kernel]
        pub fn $name(at: Cell, src: Image<$cell>, #[uniform] size: i32) -> $cell {
            let mut cells = [0 as $wide; 25];
            for y in 0..size {
                for x in 0..size {
                    cells[(5 * y + x) as usize] = src.near(at, x - 2, y - 2) as $wide;
                }
            }
            $(let $v = cells[$place];)*
            $(
                let ($a, $d) = ($a.min($d), $a.max($d));
                let ($b, $e) = ($b.min($e), $b.max($e));
                let ($a, $c) = ($a.min($c), $a.max($c));
                let ($b, $d) = ($b.min($d), $b.max($d));
                let ($a, $b) = ($a.min($b), $a.max($b));
                let ($c, $e) = ($c.min($e), $c.max($e));
                let ($b, $c) = ($b.min($c), $b.max($c));
                let ($d, $e) = ($d.min($e), $d.max($e));
                let ($c, $d) = ($c.min($d), $c.max($d));
            )*
            let small = $s0.max($s1).max($s2.max($s3));
            let large = $l0.min($l1).min($l2.min($l3));
            // The middle of five is the middle one of the fifth, the higher of two lowers and the lower of their highers.
            let low = $m0.min($m1).max($m2.min($m3));
            let high = $m0.max($m1).min($m2.max($m3));
            let middle = low.min(high).max(low.max(high).min($m4));
            small.min(middle).max(small.max(middle).min(large)) as $cell
        }
    };
}

medians_of_25! {
    u8 as i32, "The median of 5x5 bytes.": median_5x5;
    f32 as f32, "The median of 5x5 floats.": median_5x5_f32;
}

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
        Window::Five => rt.map::<median_5x5>((cells, 5)).border(border).on(target).run(),
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
        Window::Five => rt.map::<median_5x5_f32>((cells, 5)).border(border).on(target).run(),
    }
}
