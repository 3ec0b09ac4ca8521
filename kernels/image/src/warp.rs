//! Pictures turned, sheared, or seen from elsewhere.
//!
//! A matrix says where each cell of the result looks in the picture (OpenCV's `WARP_INVERSE_MAP`): the cell in column `x` and row
//! `y` looks at `(a x + b y + c, d x + e y + f)`, divided by `g x + h y + i` in a perspective. Whole numbers are the
//! middles of cells. Places are floats and not rounded, where OpenCV rounds them to 1/32 of a cell; so bytes differ from its by
//! up to 1/32 of the step between two cells.

use manylane::Result;
use manylane::prelude::*;

use crate::checks::{mismatch, setting, sides};

/// How a place between cells comes to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// The nearest cell; of two the one to the right or below.
    Nearest,
    /// Straight lines between the four cells around.
    Linear,
}

/// The most columns or rows of a result.
pub const MOST: usize = 1 << 20;

/// Places further away are as far away as this: where a float still tells halves apart, and far outside of any picture.
const FAR: f32 = 4_194_304.0;

/// The nearest cells.
macro_rules! nearest {
    ($name:ident, $text:literal, $cell:ident) => {
        #[doc = $text]
        #[kernel]
        pub fn $name(at: Cell, src: Image<$cell>, #[uniform] m: [f32; 9]) -> $cell {
            let (x, y) = (at.x as f32, at.y as f32);
            let depth = m[6] * x + m[7] * y + m[8];
            let scale = if depth == 0.0 { 0.0 } else { 1.0 / depth };
            let u = ((m[0] * x + m[1] * y + m[2]) * scale).max(-FAR).min(FAR);
            let v = ((m[3] * x + m[4] * y + m[5]) * scale).max(-FAR).min(FAR);
            src.at((u + 0.5).floor() as i32, (v + 0.5).floor() as i32)
        }
    };
}

nearest!(warp_nearest, "The byte nearest to where the matrix says.", u8);
nearest!(warp_nearest_f32, "The float nearest to where the matrix says.", f32);

/// A float between the four around where the matrix says.
#[kernel]
pub fn warp_linear_f32(at: Cell, src: Image<f32>, #[uniform] m: [f32; 9]) -> f32 {
    let (x, y) = (at.x as f32, at.y as f32);
    let depth = m[6] * x + m[7] * y + m[8];
    let scale = if depth == 0.0 { 0.0 } else { 1.0 / depth };
    let u = ((m[0] * x + m[1] * y + m[2]) * scale).max(-FAR).min(FAR);
    let v = ((m[3] * x + m[4] * y + m[5]) * scale).max(-FAR).min(FAR);
    let (left, top) = (u.floor(), v.floor());
    let (column, row) = (left as i32, top as i32);
    let (right, down) = (u - left, v - top);
    let (a, b) = (src.at(column, row), src.at(column + 1, row));
    let (c, d) = (src.at(column, row + 1), src.at(column + 1, row + 1));
    let (above, below) = (a + right * (b - a), c + right * (d - c));
    above + down * (below - above)
}

/// The same of bytes.
#[kernel]
pub fn warp_linear(at: Cell, src: Image<u8>, #[uniform] m: [f32; 9]) -> u8 {
    let (x, y) = (at.x as f32, at.y as f32);
    let depth = m[6] * x + m[7] * y + m[8];
    let scale = if depth == 0.0 { 0.0 } else { 1.0 / depth };
    let u = ((m[0] * x + m[1] * y + m[2]) * scale).max(-FAR).min(FAR);
    let v = ((m[3] * x + m[4] * y + m[5]) * scale).max(-FAR).min(FAR);
    let (left, top) = (u.floor(), v.floor());
    let (column, row) = (left as i32, top as i32);
    let (right, down) = (u - left, v - top);
    let (a, b) = (src.at(column, row) as f32, src.at(column + 1, row) as f32);
    let (c, d) = (src.at(column, row + 1) as f32, src.at(column + 1, row + 1) as f32);
    let (above, below) = (a + right * (b - a), c + right * (d - c));
    (above + down * (below - above) + 0.5) as u8
}

/// Where each cell of a result looks, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warp {
    matrix: [f32; 9],
    to: (usize, usize),
    sampling: Sampling,
}

impl Warp {
    /// A perspective with `to` columns and rows; the matrix in row order.
    ///
    /// # Errors
    /// `Setting` where a number of the matrix is not finite, or a side of `to` is 0 or more than [`MOST`].
    pub fn perspective(matrix: [f32; 9], to: (usize, usize), sampling: Sampling) -> Result<Warp> {
        if let Some(wrong) = matrix.iter().find(|x| !x.is_finite()) {
            return Err(setting(format!("a matrix with {wrong} in it leads nowhere; give finite numbers")));
        }
        for (side, what) in [(to.0, "columns"), (to.1, "rows")] {
            if side == 0 || side > MOST {
                return Err(setting(format!(
                    "a picture of {side} {what} is not possible; give from 1 to {MOST}"
                )));
            }
        }
        Ok(Warp { matrix, to, sampling })
    }

    /// As [`Warp::perspective`], of the two rows of an affine matrix.
    ///
    /// # Errors
    /// As [`Warp::perspective`].
    pub fn affine(matrix: [f32; 6], to: (usize, usize), sampling: Sampling) -> Result<Warp> {
        let [a, b, c, d, e, f] = matrix;
        Warp::perspective([a, b, c, d, e, f, 0.0, 0.0, 1.0], to, sampling)
    }

    /// A turn of a picture of `shape` cells about its middle by `degrees`, counterclockwise, at its own size.
    ///
    /// # Errors
    /// As [`Warp::perspective`].
    pub fn turn(degrees: f32, shape: (usize, usize), sampling: Sampling) -> Result<Warp> {
        let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
        let (x, y) = (0.5 * (shape.0 as f64 - 1.0), 0.5 * (shape.1 as f64 - 1.0));
        let matrix = [cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y];
        Warp::affine(matrix.map(|x| x as f32), shape, sampling)
    }
}

/// The picture as `warp` sees it; outside of it stands what `border` says.
///
/// # Errors
/// `ShapeMismatch` where the picture has no rows or no cells; whatever the launch returns.
pub fn warped(
    rt: &Runtime,
    cells: &Array<u8>,
    warp: &Warp,
    border: Border,
    target: Target,
) -> Result<Array<u8>> {
    filled(sides(cells)?)?;
    let Warp { matrix, to, sampling } = *warp;
    match sampling {
        Sampling::Nearest => rt.map::<warp_nearest>((cells, matrix)).over(to).border(border).on(target).run(),
        Sampling::Linear => rt.map::<warp_linear>((cells, matrix)).over(to).border(border).on(target).run(),
    }
}

/// As [`warped`], of floats.
///
/// # Errors
/// As [`warped`].
pub fn warped_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    warp: &Warp,
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    filled(sides(cells)?)?;
    let Warp { matrix, to, sampling } = *warp;
    match sampling {
        Sampling::Nearest => {
            rt.map::<warp_nearest_f32>((cells, matrix)).over(to).border(border).on(target).run()
        }
        Sampling::Linear => {
            rt.map::<warp_linear_f32>((cells, matrix)).over(to).border(border).on(target).run()
        }
    }
}

fn filled((width, height): (usize, usize)) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(mismatch(format!(
            "a picture of {width}x{height} has no cells to look at; give one with cells"
        )));
    }
    Ok(())
}
