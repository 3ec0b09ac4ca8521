//! Canny's edges: lines one cell wide along the steepest changes.
//!
//! ```text
//! gradient    Sobel's, in integers                                                        a launch
//! thin        keep a cell where its gradient is the longest of three, across the edge     a launch
//! follow      keep the strong ones, and the weak ones that hang on to a strong one        on the host
//! ```
//! J. Canny, "A Computational Approach to Edge Detection", 1986. All of it is in integers, with the constants of OpenCV's `Canny`,
//! so all targets give the same. Following is done on the host by filling from the strong cells: a line may wind through the
//! whole picture, and as launches it would take one for each few cells of its length.

use manylane::Result;
use manylane::prelude::*;

use crate::checks::{sides, within};

/// The largest threshold: no gradient is longer.
pub const MOST: f32 = 2_040.0;

/// Sobel's gradient, to the right and down, and its length: the sum of both, or the square of the length where `squared` is 1.
#[kernel]
pub fn gradient(at: Cell, src: Image<u8>, #[uniform] squared: u32) -> (i16, i16, i32) {
    let (nw, n, ne) = (src.near(at, -1, -1) as i32, src.near(at, 0, -1) as i32, src.near(at, 1, -1) as i32);
    let (w, e) = (src.near(at, -1, 0) as i32, src.near(at, 1, 0) as i32);
    let (sw, s, se) = (src.near(at, -1, 1) as i32, src.near(at, 0, 1) as i32, src.near(at, 1, 1) as i32);
    let gx = (ne + 2 * e + se) - (nw + 2 * w + sw);
    let gy = (sw + 2 * s + se) - (nw + 2 * n + ne);
    let length = if squared == 1 { gx * gx + gy * gy } else { gx.abs() + gy.abs() };
    (gx as i16, gy as i16, length)
}

/// 2 for an edge, 1 for what is one where it hangs on to an edge, else 0.
///
/// Across an edge lies the row, the column, or a diagonal: the gradient is compared with `tan(22.5)` and
/// `tan(67.5) = tan(22.5) + 2` as slopes, in 1 / 2^15.
#[kernel]
pub fn thinned(
    at: Cell,
    gx: i16,
    gy: i16,
    lengths: Image<i32>,
    #[uniform] low: i32,
    #[uniform] high: i32,
) -> u8 {
    let (gx, gy, own) = (gx as i32, gy as i32, lengths.near(at, 0, 0));
    let (x, y) = (gx.abs(), gy.abs() << 15);
    let flat = x * 13_573;
    let steep = flat + (x << 16);
    let (nw, n, ne) = (lengths.near(at, -1, -1), lengths.near(at, 0, -1), lengths.near(at, 1, -1));
    let (w, e) = (lengths.near(at, -1, 0), lengths.near(at, 1, 0));
    let (sw, s, se) = (lengths.near(at, -1, 1), lengths.near(at, 0, 1), lengths.near(at, 1, 1));
    let across = own > w && own >= e;
    let down = own > n && own >= s;
    let falling = own > nw && own > se;
    let rising = own > ne && own > sw;
    let longest = if y < flat {
        across
    } else if y > steep {
        down
    } else if (gx ^ gy) < 0 {
        rising
    } else {
        falling
    };
    if longest && own > low { if own > high { 2 } else { 1 } } else { 0 }
}

/// How long a gradient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// The sum of its two parts: OpenCV's usual one.
    Sum,
    /// Its length in the plane: OpenCV's `L2gradient`.
    Plane,
}

/// 255 on the edges, 0 elsewhere, as OpenCV's `Canny` with an aperture of 3: gradients longer than `high` are edges, and those
/// longer than `low` that hang on to one. What lies outside is the nearest cell. The thresholds may come in either order.
///
/// # Errors
/// `Setting` where a threshold is not from 0 to [`MOST`]; `ShapeMismatch` where the picture has no rows; whatever the launches
/// return.
pub fn canny(
    rt: &Runtime,
    cells: &Array<u8>,
    (low, high): (f32, f32),
    length: Length,
    target: Target,
) -> Result<Array<u8>> {
    let shape = sides(cells)?;
    let low = within("a threshold", low, (0.0, MOST))?;
    let high = within("a threshold", high, (0.0, MOST))?;
    let limit = |x: f32| match length {
        Length::Sum => x.floor() as i32,
        Length::Plane => (x * x).floor() as i32,
    };
    let (low, high) = (limit(low.min(high)), limit(low.max(high)));
    let squared = u32::from(length == Length::Plane);
    let (gx, gy, lengths) = rt.map::<gradient>((cells, squared)).on(target).run()?;
    let thin = rt.map::<thinned>((&gx, &gy, &lengths, low, high)).border(Border::Constant(0.0));
    let mut edges = thin.on(target).run()?;
    follow(&mut edges.write()?, shape);
    Ok(edges)
}

/// Makes 255 of each 2, and of each 1 that touches one that was made, and 0 of the rest.
fn follow(cells: &mut [u8], (width, height): (usize, usize)) {
    let mut ends: Vec<usize> = (0..cells.len()).filter(|at| cells[*at] == 2).collect();
    ends.iter().for_each(|at| cells[*at] = 255);
    while let Some(at) = ends.pop() {
        let (x, y) = (at % width, at / width);
        for row in y.saturating_sub(1)..(y + 2).min(height) {
            for column in x.saturating_sub(1)..(x + 2).min(width) {
                let beside = row * width + column;
                if cells[beside] == 1 {
                    cells[beside] = 255;
                    ends.push(beside);
                }
            }
        }
    }
    cells.iter_mut().for_each(|cell| *cell = if *cell == 255 { 255 } else { 0 });
}
