//! The bilateral filter: a mean of the cells around each, in which near ones of a like value count most.
//!
//! C. Tomasi, R. Manduchi, "Bilateral Filtering for Gray and Color Images", 1998. A neighbour at the distance `r` whose value
//! is `d` away counts `exp(-r^2 / (2 space^2) - d^2 / (2 value^2))`; only those in a circle count, as in OpenCV. Every weight
//! is computed, none looked up, so that a weight costs the same on every target.

use manylane::Result;
use manylane::prelude::*;

use crate::checks::{setting, sides, within};

/// The most cells to each side.
pub const MOST: usize = 100;
/// The largest of either sigma.
pub const MOST_SIGMA: f32 = 1e6;

/// One filter over floats; `space` and `value` are `-1 / (2 sigma^2)`.
#[kernel]
pub fn bilateral_cell_f32(
    at: Cell,
    src: Image<f32>,
    #[uniform] radius: i32,
    #[uniform] space: f32,
    #[uniform] value: f32,
) -> f32 {
    let own = src.near(at, 0, 0);
    let (mut sum, mut weights) = (0.0, 0.0);
    for dy in -radius..=radius {
        for dx in -radius..=radius {
            let square = dx * dx + dy * dy;
            if square <= radius * radius {
                let other = src.near(at, dx, dy);
                let off = other - own;
                let weight = (off * off * value + square as f32 * space).exp();
                sum += weight * other;
                weights += weight;
            }
        }
    }
    sum / weights
}

/// The same over bytes.
#[kernel]
pub fn bilateral_cell(
    at: Cell,
    src: Image<u8>,
    #[uniform] radius: i32,
    #[uniform] space: f32,
    #[uniform] value: f32,
) -> u8 {
    let own = src.near(at, 0, 0) as f32;
    let (mut sum, mut weights) = (0.0, 0.0);
    for dy in -radius..=radius {
        for dx in -radius..=radius {
            let square = dx * dx + dy * dy;
            if square <= radius * radius {
                let other = src.near(at, dx, dy) as f32;
                let off = other - own;
                let weight = (off * off * value + square as f32 * space).exp();
                sum += weight * other;
                weights += weight;
            }
        }
    }
    (sum / weights + 0.5) as u8
}

/// How far a bilateral filter looks, and what it takes for near and for like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bilateral {
    radius: i32,
    space: f32,
    value: f32,
}

impl Bilateral {
    /// A filter of cells up to `radius` away, by a `value` sigma in the unit of the cells and a `space` sigma in cells.
    /// OpenCV's `d` is `2 * radius + 1`.
    ///
    /// # Errors
    /// `Setting` where `radius` is more than [`MOST`] or a sigma is not from 1e-6 to [`MOST_SIGMA`].
    pub fn new(radius: usize, value: f32, space: f32) -> Result<Bilateral> {
        if radius > MOST {
            return Err(setting(format!(
                "a bilateral filter of {radius} cells to each side is too large; at most {MOST} are possible: make the picture \
                 smaller first"
            )));
        }
        let value = within("a sigma of values", value, (1e-6, MOST_SIGMA))?;
        let space = within("a sigma of distances", space, (1e-6, MOST_SIGMA))?;
        let factor = |sigma: f32| (-0.5 / (f64::from(sigma) * f64::from(sigma))) as f32;
        Ok(Bilateral { radius: radius as i32, space: factor(space), value: factor(value) })
    }
}

/// The filter over bytes, as OpenCV's `bilateralFilter`.
///
/// # Errors
/// `ShapeMismatch` where the picture has no rows; whatever the launch returns.
pub fn bilateral(
    rt: &Runtime,
    cells: &Array<u8>,
    filter: Bilateral,
    border: Border,
    target: Target,
) -> Result<Array<u8>> {
    sides(cells)?;
    let Bilateral { radius, space, value } = filter;
    rt.map::<bilateral_cell>((cells, radius, space, value)).border(border).on(target).run()
}

/// As [`bilateral`], of floats.
///
/// # Errors
/// As [`bilateral`].
pub fn bilateral_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    filter: Bilateral,
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    sides(cells)?;
    let Bilateral { radius, space, value } = filter;
    rt.map::<bilateral_cell_f32>((cells, radius, space, value)).border(border).on(target).run()
}
