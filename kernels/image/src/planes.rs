//! Pixels and their planes: an operation on one plane does every channel of a picture.
//!
//! What reads many neighbours reads them faster in planes. What looks at a pixel alone has kernels for whole pixels, in
//! [`tone`](crate::tone), and needs none of this.

use manylane::Result;
use manylane::kernel::LaneElement;
use manylane::prelude::*;

use crate::{join, split};

/// An element of a picture: a channel alone, three of them, or three and alpha.
pub trait Pixel: LaneElement {
    /// What each channel is: `u8` from 0 to 255, or `f32` from 0 to 1.
    type Channel: LaneElement;

    /// The picture with `op` done to the plane of every channel, alpha too.
    ///
    /// ```
    /// use manylane::prelude::*;
    /// use manylane_image::{Pixel, ops};
    ///
    /// let rt = Runtime::new()?;
    /// let pixels = rt.picture(vec![[10u8, 20, 30, 255]; 12], (4, 3))?;
    /// let soft = Pixel::each(&rt, &pixels, Target::Auto, |plane| ops::blur(&rt, plane, 2.0, Target::Auto))?;
    /// assert_eq!(soft.to_vec()?, pixels.to_vec()?);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever `op` and the launches return; `ShapeMismatch` where `op` gives the planes different shapes.
    fn each(
        rt: &Runtime,
        pixels: &Array<Self>,
        target: Target,
        op: impl Fn(&Array<Self::Channel>) -> Result<Array<Self::Channel>>,
    ) -> Result<Array<Self>>;

    /// As [`each`](Pixel::each), but alpha stays as it is; so `op` must not change the shape.
    ///
    /// # Errors
    /// As [`each`](Pixel::each).
    fn each_colour(
        rt: &Runtime,
        pixels: &Array<Self>,
        target: Target,
        op: impl Fn(&Array<Self::Channel>) -> Result<Array<Self::Channel>>,
    ) -> Result<Array<Self>>;
}

/// [`split()`] of a pixel with alpha.
#[kernel]
pub fn split_rgba(px: [u8; 4]) -> (u8, u8, u8, u8) {
    (px[0], px[1], px[2], px[3])
}

/// [`join()`] with alpha.
#[kernel]
pub fn join_rgba(r: u8, g: u8, b: u8, a: u8) -> [u8; 4] {
    [r, g, b, a]
}

/// [`split()`] of floats.
#[kernel]
pub fn split_f32(px: [f32; 3]) -> (f32, f32, f32) {
    (px[0], px[1], px[2])
}

/// [`join()`] of floats.
#[kernel]
pub fn join_f32(r: f32, g: f32, b: f32) -> [f32; 3] {
    [r, g, b]
}

/// [`split_rgba()`] of floats.
#[kernel]
pub fn split_rgba_f32(px: [f32; 4]) -> (f32, f32, f32, f32) {
    (px[0], px[1], px[2], px[3])
}

/// [`join_rgba()`] of floats.
#[kernel]
pub fn join_rgba_f32(r: f32, g: f32, b: f32, a: f32) -> [f32; 4] {
    [r, g, b, a]
}

macro_rules! pixels {
    ($($channel:ty: $split:ident $join:ident, $split_rgba:ident $join_rgba:ident;)*) => {$(
        impl Pixel for $channel {
            type Channel = $channel;

            fn each(
                _: &Runtime,
                pixels: &Array<Self>,
                _: Target,
                op: impl Fn(&Array<$channel>) -> Result<Array<$channel>>,
            ) -> Result<Array<Self>> {
                op(pixels)
            }

            fn each_colour(
                _: &Runtime,
                pixels: &Array<Self>,
                _: Target,
                op: impl Fn(&Array<$channel>) -> Result<Array<$channel>>,
            ) -> Result<Array<Self>> {
                op(pixels)
            }
        }

        impl Pixel for [$channel; 3] {
            type Channel = $channel;

            fn each(
                rt: &Runtime,
                pixels: &Array<Self>,
                target: Target,
                op: impl Fn(&Array<$channel>) -> Result<Array<$channel>>,
            ) -> Result<Array<Self>> {
                let (r, g, b) = rt.map::<$split>(pixels).on(target).run()?;
                rt.map::<$join>((&op(&r)?, &op(&g)?, &op(&b)?)).on(target).run()
            }

            fn each_colour(
                rt: &Runtime,
                pixels: &Array<Self>,
                target: Target,
                op: impl Fn(&Array<$channel>) -> Result<Array<$channel>>,
            ) -> Result<Array<Self>> {
                Self::each(rt, pixels, target, op)
            }
        }

        impl Pixel for [$channel; 4] {
            type Channel = $channel;

            fn each(
                rt: &Runtime,
                pixels: &Array<Self>,
                target: Target,
                op: impl Fn(&Array<$channel>) -> Result<Array<$channel>>,
            ) -> Result<Array<Self>> {
                let (r, g, b, a) = rt.map::<$split_rgba>(pixels).on(target).run()?;
                rt.map::<$join_rgba>((&op(&r)?, &op(&g)?, &op(&b)?, &op(&a)?)).on(target).run()
            }

            fn each_colour(
                rt: &Runtime,
                pixels: &Array<Self>,
                target: Target,
                op: impl Fn(&Array<$channel>) -> Result<Array<$channel>>,
            ) -> Result<Array<Self>> {
                let (r, g, b, a) = rt.map::<$split_rgba>(pixels).on(target).run()?;
                rt.map::<$join_rgba>((&op(&r)?, &op(&g)?, &op(&b)?, &a)).on(target).run()
            }
        }
    )*};
}
pixels! {
    u8: split join, split_rgba join_rgba;
    f32: split_f32 join_f32, split_rgba_f32 join_rgba_f32;
}
