//! Whole operations on decoded pictures: arrays with rows, 8 bits to a channel.

use manylane::Result;
use manylane::prelude::*;

use crate::{Gauss, join, split};

/// The brightness of every pixel: [`gray`](crate::gray()).
///
/// # Errors
/// Whatever the launch returns.
pub fn gray(rt: &Runtime, pixels: &Array<[u8; 3]>, target: Target) -> Result<Array<u8>> {
    rt.map::<crate::gray>(pixels).on(target).run()
}

/// How steeply the brightness changes around every cell: [`sobel`](crate::sobel()).
///
/// # Errors
/// `ShapeMismatch` where the picture has no rows; whatever the launch returns.
pub fn sobel(rt: &Runtime, cells: &Array<u8>, target: Target) -> Result<Array<u8>> {
    rt.map::<crate::sobel>(cells).on(target).run()
}

/// As [`sobel`], of the brightness of a picture in colour.
///
/// # Errors
/// As [`sobel`].
pub fn sobel_rgb(rt: &Runtime, pixels: &Array<[u8; 3]>, target: Target) -> Result<Array<u8>> {
    sobel(rt, &gray(rt, pixels, target)?, target)
}

/// A Gaussian blur of `sigma` pixels.
///
/// # Errors
/// `Setting` where `sigma` is out of range, `ShapeMismatch` where the picture has no rows; whatever the launches return.
pub fn blur(rt: &Runtime, cells: &Array<u8>, sigma: f32, target: Target) -> Result<Array<u8>> {
    let gauss = Gauss::new(sigma)?;
    gauss.columns(rt, &gauss.rows(rt, cells, Border::Clamp, target)?, Border::Clamp, target)
}

/// As [`blur`], of a picture in colour: channel by channel.
///
/// # Errors
/// As [`blur`].
pub fn blur_rgb(rt: &Runtime, pixels: &Array<[u8; 3]>, sigma: f32, target: Target) -> Result<Array<[u8; 3]>> {
    let (r, g, b) = rt.map::<split>(pixels).on(target).run()?;
    let (r, g, b) =
        (blur(rt, &r, sigma, target)?, blur(rt, &g, sigma, target)?, blur(rt, &b, sigma, target)?);
    rt.map::<join>((&r, &g, &b)).on(target).run()
}
