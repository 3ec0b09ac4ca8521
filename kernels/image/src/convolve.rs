//! Weighted sums of the cells around each: convolution, Laplacian, box blur, unsharp mask.
//!
//! Weights are not turned around: the weight left of the middle is for the cell left of it, which is correlation, as OpenCV's
//! `filter2D` has it. Bytes are the nearest to the sums, halves to the even one, and saturate.

use manylane::Result;
use manylane::prelude::*;

use crate::Gauss;
use crate::checks::{mismatch, of_bytes, radius, setting, sides, within};

/// The most columns or rows of weights.
pub const MOST: usize = 63;
/// The most cells to a side of a box.
pub const MOST_BOX: usize = 2_000;
/// The most that a picture is sharpened.
pub const MOST_AMOUNT: f32 = 100.0;

/// The byte nearest to a sum; of two the even one.
#[kernel]
pub fn nearest_byte(sum: f32) -> u8 {
    sum.round_ties_even() as u8
}

/// A sum of 3x3 floats, each times its weight.
#[kernel]
pub fn weigh_3x3_f32(at: Cell, src: Image<f32>, #[uniform] w: [f32; 9]) -> f32 {
    let upper = src.near(at, -1, -1) * w[0] + src.near(at, 0, -1) * w[1] + src.near(at, 1, -1) * w[2];
    let own = src.near(at, -1, 0) * w[3] + src.near(at, 0, 0) * w[4] + src.near(at, 1, 0) * w[5];
    let under = src.near(at, -1, 1) * w[6] + src.near(at, 0, 1) * w[7] + src.near(at, 1, 1) * w[8];
    upper + own + under
}

/// The same of bytes.
#[kernel]
pub fn weigh_3x3(at: Cell, src: Image<u8>, #[uniform] w: [f32; 9]) -> u8 {
    let mut sum = 0.0;
    for dy in -1..=1 {
        for dx in -1..=1 {
            sum += src.near(at, dx, dy) as f32 * w[(3 * dy + dx + 4) as usize];
        }
    }
    let byte: u8 = nearest_byte(sum);
    byte
}

/// Sums of a square of `$side` cells to a side, `$radius` to each of the middle, row by row; `$middle` is its place.
macro_rules! square {
    ($side:tt $radius:tt $count:tt $middle:tt $bytes:ident $floats:ident) => {
        #[doc = concat!("A sum of ", $side, "x", $side, " floats, each times its weight.")]
        #[kernel]
        pub fn $floats(at: Cell, src: Image<f32>, #[uniform] w: [f32; $count]) -> f32 {
            let mut sum = 0.0;
            for dy in -$radius..=$radius {
                let mut row = 0.0;
                for dx in -$radius..=$radius {
                    row += src.near(at, dx, dy) * w[($side * dy + dx + $middle) as usize];
                }
                sum += row;
            }
            sum
        }

        /// The same of bytes.
        #[kernel]
        pub fn $bytes(at: Cell, src: Image<u8>, #[uniform] w: [f32; $count]) -> u8 {
            let mut sum = 0.0;
            for dy in -$radius..=$radius {
                let mut row = 0.0;
                for dx in -$radius..=$radius {
                    row += src.near(at, dx, dy) as f32 * w[($side * dy + dx + $middle) as usize];
                }
                sum += row;
            }
            let byte: u8 = nearest_byte(sum);
            byte
        }
    };
}
square!(5 2 25 12 weigh_5x5 weigh_5x5_f32);
square!(7 3 49 24 weigh_7x7 weigh_7x7_f32);

/// A sum of the floats up to `across` columns and `down` rows away, each times its weight.
#[kernel]
pub fn weigh_f32(
    at: Cell,
    src: Image<f32>,
    weights: &[f32],
    #[uniform] across: i32,
    #[uniform] down: i32,
) -> f32 {
    let (mut sum, mut k) = (0.0, 0);
    for dy in -down..=down {
        for dx in -across..=across {
            sum += src.near(at, dx, dy) * weights[k as usize];
            k += 1;
        }
    }
    sum
}

/// The same of bytes.
#[kernel]
pub fn weigh(at: Cell, src: Image<u8>, weights: &[f32], #[uniform] across: i32, #[uniform] down: i32) -> u8 {
    let (mut sum, mut k) = (0.0, 0);
    for dy in -down..=down {
        for dx in -across..=across {
            sum += src.near(at, dx, dy) as f32 * weights[k as usize];
            k += 1;
        }
    }
    let byte: u8 = nearest_byte(sum);
    byte
}

/// The mean of a piece of a row of bytes.
#[kernel]
pub fn mean_rows(at: Cell, src: Image<u8>, #[uniform] radius: i32) -> f32 {
    let mut sum = src.near(at, 0, 0) as u32;
    for k in 1..=radius {
        sum += src.near(at, k, 0) as u32 + src.near(at, -k, 0) as u32;
    }
    sum as f32 / (2 * radius + 1) as f32
}

/// The mean of a piece of a row of floats.
#[kernel]
pub fn mean_rows_f32(at: Cell, src: Image<f32>, #[uniform] radius: i32) -> f32 {
    let mut sum = src.near(at, 0, 0);
    for k in 1..=radius {
        sum += src.near(at, k, 0) + src.near(at, -k, 0);
    }
    sum / (2 * radius + 1) as f32
}

/// The mean of a piece of a column of floats.
#[kernel]
pub fn mean_columns_f32(at: Cell, src: Image<f32>, #[uniform] radius: i32) -> f32 {
    let mut sum = src.near(at, 0, 0);
    for k in 1..=radius {
        sum += src.near(at, 0, k) + src.near(at, 0, -k);
    }
    sum / (2 * radius + 1) as f32
}

/// The same, to the nearest byte.
#[kernel]
pub fn mean_columns(at: Cell, src: Image<f32>, #[uniform] radius: i32) -> u8 {
    let mut sum = src.near(at, 0, 0);
    for k in 1..=radius {
        sum += src.near(at, 0, k) + src.near(at, 0, -k);
    }
    (sum / (2 * radius + 1) as f32 + 0.5) as u8
}

/// A byte, and `amount` times what was lost when its neighbours were mixed in.
#[kernel]
pub fn sharpened(own: u8, soft: f32, #[uniform] amount: f32) -> u8 {
    let own = own as f32;
    let byte: u8 = nearest_byte(own + amount * (own - soft));
    byte
}

/// The same of a float.
#[kernel]
pub fn sharpened_f32(own: f32, soft: f32, #[uniform] amount: f32) -> f32 {
    own + amount * (own - soft)
}

/// Weights of a convolution, and how far they reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    values: Vec<f32>,
    across: i32,
    down: i32,
}

impl Weights {
    /// Weights in row order, of so many columns and rows.
    ///
    /// # Errors
    /// `Setting` where a side is even or more than [`MOST`], or a weight is not finite; `ShapeMismatch` where there are not
    /// `width * height` of them.
    pub fn new(values: &[f32], (width, height): (usize, usize)) -> Result<Weights> {
        let across = radius("a width of weights", width, MOST)?;
        let down = radius("a height of weights", height, MOST)?;
        if values.len() != width * height {
            return Err(mismatch(format!(
                "{} weights are not the {} of {width} columns and {height} rows; give one for each place",
                values.len(),
                width * height
            )));
        }
        if let Some(wrong) = values.iter().find(|weight| !weight.is_finite()) {
            return Err(setting(format!("a weight of {wrong} leaves no picture; give finite ones")));
        }
        Ok(Weights { values: values.to_vec(), across, down })
    }

    /// The weights where they are a square of `N` in all.
    fn square<const N: usize>(&self) -> Option<[f32; N]> {
        if self.across == self.down { self.values.as_slice().try_into().ok() } else { None }
    }
}

/// The sum of the cells around each times their weights, as OpenCV's `filter2D`.
///
/// # Errors
/// `ShapeMismatch` where the picture has no rows; whatever the launch returns.
pub fn convolve(
    rt: &Runtime,
    cells: &Array<u8>,
    weights: &Weights,
    border: Border,
    target: Target,
) -> Result<Array<u8>> {
    sides(cells)?;
    if let Some(w) = weights.square() {
        return rt.map::<weigh_3x3>((cells, w)).border(border).on(target).run();
    }
    if let Some(w) = weights.square() {
        return rt.map::<weigh_5x5>((cells, w)).border(border).on(target).run();
    }
    if let Some(w) = weights.square() {
        return rt.map::<weigh_7x7>((cells, w)).border(border).on(target).run();
    }
    let Weights { values, across, down } = weights;
    rt.map::<weigh>((cells, values, *across, *down)).border(border).on(target).run()
}

/// As [`convolve`], of floats.
///
/// # Errors
/// As [`convolve`].
pub fn convolve_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    weights: &Weights,
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    sides(cells)?;
    if let Some(w) = weights.square() {
        return rt.map::<weigh_3x3_f32>((cells, w)).border(border).on(target).run();
    }
    if let Some(w) = weights.square() {
        return rt.map::<weigh_5x5_f32>((cells, w)).border(border).on(target).run();
    }
    if let Some(w) = weights.square() {
        return rt.map::<weigh_7x7_f32>((cells, w)).border(border).on(target).run();
    }
    let Weights { values, across, down } = weights;
    rt.map::<weigh_f32>((cells, values, *across, *down)).border(border).on(target).run()
}

/// Which neighbours a Laplacian takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Laplace {
    /// Four, less four times the own cell: OpenCV's `ksize` 1.
    Sides,
    /// The four at the corners twice, less eight times the own cell: OpenCV's `ksize` 3.
    Corners,
}

impl Laplace {
    /// Its weights.
    pub fn weights(self) -> Weights {
        let values = match self {
            Laplace::Sides => vec![0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0],
            Laplace::Corners => vec![2.0, 0.0, 2.0, 0.0, -8.0, 0.0, 2.0, 0.0, 2.0],
        };
        Weights { values, across: 1, down: 1 }
    }
}

/// The Laplacian; bytes are 0 where it is negative.
///
/// # Errors
/// As [`convolve`].
pub fn laplacian(
    rt: &Runtime,
    cells: &Array<u8>,
    which: Laplace,
    border: Border,
    target: Target,
) -> Result<Array<u8>> {
    convolve(rt, cells, &which.weights(), border, target)
}

/// As [`laplacian`], of floats.
///
/// # Errors
/// As [`convolve`].
pub fn laplacian_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    which: Laplace,
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    convolve_f32(rt, cells, &which.weights(), border, target)
}

/// The mean of the square of `2 * radius + 1` cells around each, as OpenCV's `blur`.
///
/// # Errors
/// `Setting` where `radius` is more than [`MOST_BOX`]; `ShapeMismatch` where the picture has no rows; whatever the launches
/// return.
pub fn box_blur(
    rt: &Runtime,
    cells: &Array<u8>,
    radius: usize,
    border: Border,
    target: Target,
) -> Result<Array<u8>> {
    let (radius, border) = (box_radius(radius)?, of_bytes(border));
    sides(cells)?;
    let rows = rt.map::<mean_rows>((cells, radius)).border(border).on(target).run()?;
    rt.map::<mean_columns>((&rows, radius)).border(border).on(target).run()
}

/// As [`box_blur`], of floats.
///
/// # Errors
/// As [`box_blur`].
pub fn box_blur_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    radius: usize,
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    let radius = box_radius(radius)?;
    sides(cells)?;
    let rows = rt.map::<mean_rows_f32>((cells, radius)).border(border).on(target).run()?;
    rt.map::<mean_columns_f32>((&rows, radius)).border(border).on(target).run()
}

fn box_radius(radius: usize) -> Result<i32> {
    if radius > MOST_BOX {
        return Err(setting(format!(
            "a box of {radius} cells to each side is too large; at most {MOST_BOX} are possible: make the picture smaller first"
        )));
    }
    Ok(radius as i32)
}

/// A Gaussian blur of floats by `sigma` cells.
///
/// # Errors
/// `Setting` where `sigma` is not from 0 to [`Gauss::MOST`]; `ShapeMismatch` where the picture has no rows; whatever the
/// launches return.
pub fn gaussian_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    sigma: f32,
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    let gauss = Gauss::new(sigma)?;
    sides(cells)?;
    gauss.columns_f32(rt, &gauss.rows_f32(rt, cells, border, target)?, border, target)
}

/// A picture made sharper by an unsharp mask: each cell plus `amount` times its difference from a Gaussian blur of `sigma`.
///
/// # Errors
/// `Setting` where `sigma` is not from 0 to [`Gauss::MOST`] or `amount` not from 0 to [`MOST_AMOUNT`]; `ShapeMismatch` where the
/// picture has no rows; whatever the launches return.
pub fn unsharp(
    rt: &Runtime,
    cells: &Array<u8>,
    (sigma, amount): (f32, f32),
    border: Border,
    target: Target,
) -> Result<Array<u8>> {
    let gauss = Gauss::new(sigma)?;
    let (amount, border) = (within("an amount", amount, (0.0, MOST_AMOUNT))?, of_bytes(border));
    sides(cells)?;
    let soft = gauss.columns_f32(rt, &gauss.rows(rt, cells, border, target)?, border, target)?;
    rt.map::<sharpened>((cells, &soft, amount)).on(target).run()
}

/// As [`unsharp`], of floats.
///
/// # Errors
/// As [`unsharp`].
pub fn unsharp_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    (sigma, amount): (f32, f32),
    border: Border,
    target: Target,
) -> Result<Array<f32>> {
    let amount = within("an amount", amount, (0.0, MOST_AMOUNT))?;
    let soft = gaussian_f32(rt, cells, sigma, border, target)?;
    rt.map::<sharpened_f32>((cells, &soft, amount)).on(target).run()
}
