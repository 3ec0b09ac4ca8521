//! How much two pictures differ: cell by cell, PSNR and SSIM.
//!
//! SSIM compares means, variances and the covariance under a Gaussian window of 11 cells and a sigma of 1.5 (Z. Wang, A. C.
//! Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error visibility to structural similarity",
//! 2004). Only cells around which the window lies inside are counted; so scikit-image's `gaussian_weights=True`,
//! `use_sample_covariance=False` does.
//!
//! ```text
//! along the rows:       weighted sums of x, of y, of x^2 + y^2, and of x y      one launch, four floats to a cell
//! along the columns:    the same of those; then the index of the cell           one launch, of which the sum is taken
//! ```
//! The range's middle is taken off first: variances stay what they are, and are no small differences of large numbers.
//! Every rounding is kept, so pictures that are the same have an index of 1, not of almost that.

use manylane::Result;
use manylane::kernel::LaneElement;
use manylane::prelude::*;

use crate::Pixel;
use crate::checks::{mismatch, same_sides};

/// Cells to each side of the window.
pub const RADIUS: usize = 5;
const SIGMA: f64 = 1.5;
/// What keeps the index steady where means or variances vanish, as shares of the range.
const K: (f64, f64) = (0.01, 0.03);

/// The square of the difference.
#[kernel]
pub fn square_u8(a: u8, b: u8) -> f32 {
    let d = a as i32 - b as i32;
    (d * d) as f32
}

/// How far a value is from the other.
#[kernel]
pub fn apart_u8(a: u8, b: u8) -> u8 {
    (a as i32 - b as i32).abs() as u8
}

/// The sum of the channels' squared differences.
#[kernel]
pub fn square_rgb(a: [u8; 3], b: [u8; 3]) -> f32 {
    let (r, g, b) = (a[0] as i32 - b[0] as i32, a[1] as i32 - b[1] as i32, a[2] as i32 - b[2] as i32);
    (r * r + g * g + b * b) as f32
}

/// The same with alpha.
#[kernel]
pub fn square_rgba(a: [u8; 4], b: [u8; 4]) -> f32 {
    let (x, y) = (a[0] as i32 - b[0] as i32, a[1] as i32 - b[1] as i32);
    let (z, w) = (a[2] as i32 - b[2] as i32, a[3] as i32 - b[3] as i32);
    (x * x + y * y + z * z + w * w) as f32
}

/// The square of the difference.
#[kernel]
pub fn square_f32(a: f32, b: f32) -> f32 {
    (a - b) * (a - b)
}

/// The sum of the channels' squared differences.
#[kernel]
pub fn square_rgb_f32(a: [f32; 3], b: [f32; 3]) -> f32 {
    square_f32(a[0], b[0]) + square_f32(a[1], b[1]) + square_f32(a[2], b[2])
}

/// The same with alpha.
#[kernel]
pub fn square_rgba_f32(a: [f32; 4], b: [f32; 4]) -> f32 {
    square_f32(a[0], b[0]) + square_f32(a[1], b[1]) + square_f32(a[2], b[2]) + square_f32(a[3], b[3])
}

/// The weighted sums along the window's row that begins at the cell: of both pictures less `middle`, of their squares
/// together, and of their product. `w` are the weights from the middle outwards.
#[kernel(strict)]
pub fn ssim_rows_u8(
    at: Cell,
    a: Image<u8>,
    b: Image<u8>,
    #[uniform] w: [f32; 6],
    #[uniform] middle: f32,
) -> [f32; 4] {
    let (mut x, mut y, mut squares, mut products) = (0.0, 0.0, 0.0, 0.0);
    for k in 0..11 {
        let weight = w[(k - 5i32).abs() as usize];
        let p = a.near(at, k, 0) as f32 - middle;
        let q = b.near(at, k, 0) as f32 - middle;
        x += weight * p;
        y += weight * q;
        squares += weight * (p * p + q * q);
        products += weight * (p * q);
    }
    [x, y, squares, products]
}

/// The same of floats.
#[kernel(strict)]
pub fn ssim_rows_f32(
    at: Cell,
    a: Image<f32>,
    b: Image<f32>,
    #[uniform] w: [f32; 6],
    #[uniform] middle: f32,
) -> [f32; 4] {
    let (mut x, mut y, mut squares, mut products) = (0.0, 0.0, 0.0, 0.0);
    for k in 0..11 {
        let weight = w[(k - 5i32).abs() as usize];
        let p = a.near(at, k, 0) - middle;
        let q = b.near(at, k, 0) - middle;
        x += weight * p;
        y += weight * q;
        squares += weight * (p * p + q * q);
        products += weight * (p * q);
    }
    [x, y, squares, products]
}

/// The index of the cell in the window's middle, of its rows' sums. `c1` and `c2` keep it steady.
#[kernel(strict)]
pub fn ssim_columns(
    at: Cell,
    rows: Image<[f32; 4]>,
    #[uniform] w: [f32; 6],
    #[uniform] middle: f32,
    #[uniform] c1: f32,
    #[uniform] c2: f32,
) -> f32 {
    let (mut x, mut y, mut squares, mut products) = (0.0, 0.0, 0.0, 0.0);
    for k in 0..11 {
        let weight = w[(k - 5i32).abs() as usize];
        let sums = rows.near(at, 0, k);
        x += weight * sums[0];
        y += weight * sums[1];
        squares += weight * sums[2];
        products += weight * sums[3];
    }
    let variances = squares - (x * x + y * y);
    let covariance = products - x * y;
    let (mean_x, mean_y) = (x + middle, y + middle);
    let alike = (2.0 * mean_x * mean_y + c1) * (2.0 * covariance + c2);
    alike / ((mean_x * mean_x + mean_y * mean_y + c1) * (variances + c2))
}

/// A channel whose pictures can be compared.
pub trait Measured: LaneElement {
    /// Black to white.
    const RANGE: f64;
    /// The first launch of [`ssim`].
    #[doc(hidden)]
    fn ssim_rows(
        rt: &Runtime,
        pictures: (&Array<Self>, &Array<Self>),
        weights: [f32; 6],
        over: (usize, usize),
        target: Target,
    ) -> Result<Array<[f32; 4]>>;
}

/// Pixels whose pictures can be compared.
pub trait Compared: Pixel<Channel: Measured> {
    /// Channels of a pixel.
    const CHANNELS: usize;
    /// The sum of all squared differences.
    #[doc(hidden)]
    fn squares(rt: &Runtime, a: &Array<Self>, b: &Array<Self>, target: Target) -> Result<f32>;
}

macro_rules! measured {
    ($($channel:ty, $range:literal: $rows:ident, $one:ident $rgb:ident $rgba:ident;)*) => {$(
        impl Measured for $channel {
            const RANGE: f64 = $range;

            fn ssim_rows(
                rt: &Runtime,
                (a, b): (&Array<Self>, &Array<Self>),
                weights: [f32; 6],
                over: (usize, usize),
                target: Target,
            ) -> Result<Array<[f32; 4]>> {
                rt.map::<$rows>((a, b, weights, ($range / 2.0) as f32)).over(over).on(target).run()
            }
        }

        measured!(@ $channel, 1, $one);
        measured!(@ [$channel; 3], 3, $rgb);
        measured!(@ [$channel; 4], 4, $rgba);
    )*};
    (@ $pixel:ty, $channels:literal, $square:ident) => {
        impl Compared for $pixel {
            const CHANNELS: usize = $channels;

            fn squares(rt: &Runtime, a: &Array<Self>, b: &Array<Self>, target: Target) -> Result<f32> {
                rt.map::<$square>((a, b)).on(target).sum_exact()
            }
        }
    };
}
measured! {
    u8, 255.0: ssim_rows_u8, square_u8 square_rgb square_rgba;
    f32, 1.0: ssim_rows_f32, square_f32 square_rgb_f32 square_rgba_f32;
}

/// The ratio of the largest possible signal to the noise, in decibels: `10 log10(range^2 / mean of the squared
/// differences)`, over all channels, alpha too. Infinite where the pictures are the same.
///
/// # Errors
/// `ShapeMismatch` where the two have not the same shape, no rows or no cells; whatever the launch returns.
pub fn psnr<P: Compared>(rt: &Runtime, a: &Array<P>, b: &Array<P>, target: Target) -> Result<f64> {
    same_sides(a, b)?;
    if a.is_empty() {
        return Err(mismatch(
            "pictures without cells differ in nothing; give some that have cells".to_owned(),
        ));
    }
    let mean = f64::from(P::squares(rt, a, b, target)?) / (a.len() * P::CHANNELS) as f64;
    let range = <P::Channel as Measured>::RANGE;
    Ok(10.0 * (range * range / mean).log10())
}

/// How far every value of a plane is from the other's: OpenCV's `absdiff`.
///
/// # Errors
/// `ShapeMismatch` where the two have not the same shape, or no rows; whatever the launch returns.
pub fn apart(rt: &Runtime, a: &Array<u8>, b: &Array<u8>, target: Target) -> Result<Array<u8>> {
    same_sides(a, b)?;
    rt.map::<apart_u8>((a, b)).on(target).run()
}

/// How alike two planes are in structure: 1 where they are the same. See the head of this module for the window; for
/// colours, the mean of their planes' is usual.
///
/// # Errors
/// `ShapeMismatch` where the two have not the same shape, no rows, or fewer columns or rows than the window's 11; whatever
/// the launches return.
pub fn ssim<C: Measured>(rt: &Runtime, a: &Array<C>, b: &Array<C>, target: Target) -> Result<f64> {
    let (width, height) = same_sides(a, b)?;
    let window = 2 * RADIUS + 1;
    if width < window || height < window {
        return Err(mismatch(format!(
            "pictures of {width}x{height} are too small for SSIM's window; give some of {window}x{window} at least"
        )));
    }
    let (width, height) = (width - 2 * RADIUS, height - 2 * RADIUS);
    let weights = weights();
    let rows = C::ssim_rows(rt, (a, b), weights, (width, height + 2 * RADIUS), target)?;
    let square = |share: f64| (share * C::RANGE * share * C::RANGE) as f32;
    let args = (&rows, weights, (C::RANGE / 2.0) as f32, square(K.0), square(K.1));
    let sum = rt.map::<ssim_columns>(args).over((width, height)).on(target).sum_exact()?;
    Ok(f64::from(sum) / (width * height) as f64)
}

/// The window's weights from the middle outwards; all eleven together are 1.
fn weights() -> [f32; 6] {
    let raw = [0, 1, 2, 3, 4, 5].map(|k: i32| (-0.5 * (f64::from(k) / SIGMA).powi(2)).exp());
    let sum: f64 = raw[0] + 2.0 * raw[1..].iter().sum::<f64>();
    raw.map(|weight| (weight / sum) as f32)
}
