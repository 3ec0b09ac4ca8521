//! Pictures of another size: nearest, bilinear, bicubic, Lanczos; smoothed where they shrink, or not.
//!
//! A cell is a square whose middle stands at a half, so the column `x` of the result looks at `(x + 0.5) * from / to - 0.5`. Both
//! passes, the columns first, read a table made once on the host: for each place of the result the first cell that counts
//! and the weights of a run of cells. So a pass is the same for all filters, and what stands outside is folded into the
//! weights of the cells at the edge: the nearest cell (as OpenCV), or where it is smoothed nothing at all, the others' weights
//! growing instead (as Pillow).
//!
//! Half as large by straight lines is as common as all others together, and has kernels without tables, in [`halve`](crate::halve).
//!
//! Between the passes cells are floats: rounding happens once, halves up. OpenCV's floats are the same to a few units in the last
//! place, its bytes along straight lines only where a picture becomes half as large: else one in eight differs by one.

use manylane::Result;
use manylane::prelude::*;

use crate::Pixel;
use crate::checks::{setting, sides};
use crate::halve::{
    halved, halved_f32, halved_rgb, halved_rgba, smoothed, smoothed_f32, smoothed_rgb, smoothed_rgba,
};

/// The most columns or rows of a result.
pub const MOST: usize = 1 << 20;

/// How a cell between cells comes to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// The nearest cell, of two the one to the right or below, as OpenCV's `INTER_NEAREST_EXACT` if its numbers were exact.
    Nearest,
    /// Straight lines between two cells.
    Linear,
    /// Cubic pieces through four cells, with the slope `a` = -0.75 of OpenCV. R. Keys, "Cubic Convolution Interpolation for Digital
    /// Image Processing", 1981.
    Cubic,
    /// Lanczos's window of three lobes, over six cells. C. Duchon, "Lanczos Filtering in One and Two Dimensions", 1979.
    Lanczos3,
}

impl Filter {
    /// Cells to each side that count.
    fn support(self) -> f64 {
        match self {
            Filter::Nearest => 0.5,
            Filter::Linear => 1.0,
            Filter::Cubic => 2.0,
            Filter::Lanczos3 => 3.0,
        }
    }

    /// The weight of a cell `x` cells away.
    fn weight(self, x: f64) -> f64 {
        let x = x.abs();
        let sinc = |x: f64| {
            if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) }
        };
        match self {
            Filter::Nearest => f64::from(u8::from(x <= 0.5)),
            Filter::Linear => (1.0 - x).max(0.0),
            Filter::Cubic if x < 1.0 => (1.25 * x - 2.25) * x * x + 1.0,
            Filter::Cubic if x < 2.0 => -0.75 * (((x - 5.0) * x + 8.0) * x - 4.0),
            Filter::Lanczos3 if x < 3.0 => sinc(x) * sinc(x / 3.0),
            _ => 0.0,
        }
    }
}

/// What becomes of fine detail where a picture shrinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shrink {
    /// It is smoothed away: the filter is as wide as the cells of the result, and what would lie outside of the picture
    /// counts for nothing. As Pillow.
    Smooth,
    /// The filter stays as narrow as for growing, and detail may turn into patterns. As OpenCV's `INTER_LINEAR` and `INTER_CUBIC`.
    Sharp,
}

/// For each place of a side of the result, which cells count how much.
struct Table {
    /// The first cell.
    first: Vec<i32>,
    /// So many weights for each place, one place after the other.
    weights: Vec<f32>,
    taps: usize,
}

impl Table {
    fn new(from: usize, to: usize, filter: Filter, shrink: Shrink) -> Table {
        let scale = from as f64 / to as f64;
        if filter == Filter::Nearest {
            let middle = |place: usize| ((2 * place + 1) * from / (2 * to)) as i32;
            return Table { first: (0..to).map(middle).collect(), weights: vec![1.0; to], taps: 1 };
        }
        let smooth = shrink == Shrink::Smooth;
        let wide = if smooth { scale.max(1.0) } else { 1.0 };
        let support = filter.support() * wide;
        let taps = ((2.0 * support).ceil() as usize + 1).min(from);
        let mut table = Table { first: Vec::with_capacity(to), weights: vec![0.0; to * taps], taps };
        let last = from as i64 - 1;
        let mut sums = vec![0.0f64; taps];
        for place in 0..to {
            let middle = (place as f64 + 0.5) * scale - 0.5;
            let (low, high) = ((middle - support).ceil() as i64, (middle + support).floor() as i64);
            let first = low.clamp(0, from as i64 - taps as i64);
            sums.fill(0.0);
            for cell in low..=high {
                if !smooth || (0..=last).contains(&cell) {
                    sums[(cell.clamp(0, last) - first) as usize] +=
                        filter.weight((cell as f64 - middle) / wide);
                }
            }
            let total: f64 = sums.iter().sum();
            let own = &mut table.weights[place * taps..][..taps];
            for (weight, sum) in own.iter_mut().zip(&sums) {
                *weight = (sum / total) as f32;
            }
            table.first.push(first as i32);
        }
        table
    }

    /// The weights tap by tap, the first ones of all places first: neighbours read neighbours.
    fn by_tap(&self) -> Vec<f32> {
        let places = self.first.len();
        (0..places * self.taps).map(|at| self.weights[at % places * self.taps + at / places]).collect()
    }
}

/// A cell of the picture in this column and row.
#[kernel]
pub fn picked(at: Cell, src: Image<u8>, columns: &[i32], rows: &[i32]) -> u8 {
    src.at(columns[at.x as usize], rows[at.y as usize])
}

/// The same of floats.
#[kernel]
pub fn picked_f32(at: Cell, src: Image<f32>, columns: &[i32], rows: &[i32]) -> f32 {
    src.at(columns[at.x as usize], rows[at.y as usize])
}

/// The first pass: a sum of bytes of a column. The weights are those of one row of the result after the other.
#[kernel]
pub fn resize_columns(at: Cell, src: Image<u8>, first: &[i32], weights: &[f32], #[uniform] taps: i32) -> f32 {
    let (from, row) = (first[at.y as usize], at.y as i32 * taps);
    let mut sum = 0.0;
    for k in 0..taps {
        sum += src.at(at.x as i32, from + k) as f32 * weights[(row + k) as usize];
    }
    sum
}

/// The same of floats.
#[kernel]
pub fn resize_columns_f32(
    at: Cell,
    src: Image<f32>,
    first: &[i32],
    weights: &[f32],
    #[uniform] taps: i32,
) -> f32 {
    let (from, row) = (first[at.y as usize], at.y as i32 * taps);
    let mut sum = 0.0;
    for k in 0..taps {
        sum += src.at(at.x as i32, from + k) * weights[(row + k) as usize];
    }
    sum
}

/// The second pass: a sum of floats of a row. The weights are those of all columns for one tap after the other, `width` to each.
#[kernel]
pub fn resize_rows_f32(
    at: Cell,
    src: Image<f32>,
    first: &[i32],
    weights: &[f32],
    #[uniform] taps: i32,
    #[uniform] width: i32,
) -> f32 {
    let (x, from) = (at.x as i32, first[at.x as usize]);
    let mut sum = 0.0;
    for k in 0..taps {
        sum += src.at(from + k, at.y as i32) * weights[(x + k * width) as usize];
    }
    sum
}

/// The same, to the nearest byte.
#[kernel]
pub fn resize_rows(
    at: Cell,
    src: Image<f32>,
    first: &[i32],
    weights: &[f32],
    #[uniform] taps: i32,
    #[uniform] width: i32,
) -> u8 {
    let (x, from) = (at.x as i32, first[at.x as usize]);
    let mut sum = 0.0;
    for k in 0..taps {
        sum += src.at(from + k, at.y as i32) * weights[(x + k * width) as usize];
    }
    (sum + 0.5) as u8
}

/// An element of a picture that can be made larger or smaller.
pub trait Resize: Pixel {
    /// As [`resize`], by tables; `from` and `to` are possible.
    #[doc(hidden)]
    fn by_tables(
        rt: &Runtime,
        cells: &Array<Self>,
        sizes: Sizes,
        how: How,
        target: Target,
    ) -> Result<Array<Self>>;

    /// Half as wide and half as high along straight lines, smoothed or not.
    #[doc(hidden)]
    fn half(
        rt: &Runtime,
        cells: &Array<Self>,
        to: (usize, usize),
        shrink: Shrink,
        target: Target,
    ) -> Result<Array<Self>>;
}

/// Columns and rows of before and after.
type Sizes = ((usize, usize), (usize, usize));
type How = (Filter, Shrink);

macro_rules! by_planes {
    () => {
        fn by_tables(
            rt: &Runtime,
            cells: &Array<Self>,
            sizes: Sizes,
            how: How,
            target: Target,
        ) -> Result<Array<Self>> {
            Self::each(rt, cells, target, |plane| Resize::by_tables(rt, plane, sizes, how, target))
        }
    };
}

macro_rules! halves {
    ($cell:ty, $halved:ident, $smoothed:ident) => {
        fn half(
            rt: &Runtime,
            cells: &Array<$cell>,
            to: (usize, usize),
            shrink: Shrink,
            target: Target,
        ) -> Result<Array<$cell>> {
            if shrink == Shrink::Sharp {
                return rt.map::<$halved>(cells).over(to).on(target).run();
            }
            let smoothed = rt.map::<$smoothed>((cells, to.0 as u32, to.1 as u32));
            smoothed.border(Border::Constant(0.0)).over(to).on(target).run()
        }
    };
}

macro_rules! planes {
    ($($cell:ident: $picked:ident, $columns:ident, $rows:ident, $halved:ident, $smoothed:ident;)*) => {$(
        impl Resize for $cell {
            fn by_tables(
                rt: &Runtime,
                cells: &Array<$cell>,
                (from, to): Sizes,
                (filter, shrink): How,
                target: Target,
            ) -> Result<Array<$cell>> {
                let across = Table::new(from.0, to.0, filter, shrink);
                let down = Table::new(from.1, to.1, filter, shrink);
                if filter == Filter::Nearest {
                    return rt.map::<$picked>((cells, &across.first, &down.first)).over(to).on(target).run();
                }
                let columns = rt.map::<$columns>((cells, &down.first, &down.weights, down.taps as i32));
                let columns = columns.over((from.0, to.1)).on(target).run()?;
                let (weights, taps) = (across.by_tap(), across.taps as i32);
                let rows = rt.map::<$rows>((&columns, &across.first, &weights, taps, to.0 as i32));
                rows.over(to).on(target).run()
            }

            halves!($cell, $halved, $smoothed);
        }
    )*};
}

macro_rules! pixels {
    ($($pixel:ty: $halved:ident, $smoothed:ident;)*) => {$(
        impl Resize for $pixel {
            by_planes!();
            halves!($pixel, $halved, $smoothed);
        }
    )*};
}

macro_rules! float_pixels {
    ($($pixel:ty),*) => {$(
        impl Resize for $pixel {
            by_planes!();

            fn half(
                rt: &Runtime,
                cells: &Array<Self>,
                to: (usize, usize),
                shrink: Shrink,
                target: Target,
            ) -> Result<Array<Self>> {
                Self::each(rt, cells, target, |plane| Resize::half(rt, plane, to, shrink, target))
            }
        }
    )*};
}

planes! {
    u8: picked, resize_columns, resize_rows, halved, smoothed;
    f32: picked_f32, resize_columns_f32, resize_rows_f32, halved_f32, smoothed_f32;
}
pixels! {
    [u8; 3]: halved_rgb, smoothed_rgb;
    [u8; 4]: halved_rgba, smoothed_rgba;
}
float_pixels!([f32; 3], [f32; 4]);

/// The picture with `to` columns and rows.
///
/// # Errors
/// `Setting` where a side of the result is 0 or more than [`MOST`]; `ShapeMismatch` where the picture has no rows or no cells;
/// whatever the launches return.
pub fn resize<P: Resize>(
    rt: &Runtime,
    cells: &Array<P>,
    to: (usize, usize),
    (filter, shrink): (Filter, Shrink),
    target: Target,
) -> Result<Array<P>> {
    let from = sizes(cells, to)?;
    if filter == Filter::Linear && from == (2 * to.0, 2 * to.1) {
        return P::half(rt, cells, to, shrink, target);
    }
    P::by_tables(rt, cells, (from, to), (filter, shrink), target)
}

/// Columns and rows of a picture that is to have `to` of them.
fn sizes<T: manylane::kernel::LaneElement>(cells: &Array<T>, to: (usize, usize)) -> Result<(usize, usize)> {
    let from = sides(cells)?;
    if from.0 == 0 || from.1 == 0 {
        let text =
            format!("a picture of {}x{} has no cells to make others of; give one with cells", from.0, from.1);
        return Err(crate::checks::mismatch(text));
    }
    for (side, what) in [(to.0, "columns"), (to.1, "rows")] {
        if side == 0 || side > MOST {
            return Err(setting(format!(
                "a picture of {side} {what} is not possible; give from 1 to {MOST}"
            )));
        }
    }
    Ok(from)
}
