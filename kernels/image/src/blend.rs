//! A picture with alpha laid over another: T. Porter, T. Duff, "Compositing digital images", 1984, the operator `over`.
//!
//! Alpha is straight: colours are not multiplied with it. Bytes are rounded once, to the nearest; halves, which there are
//! only over a picture with alpha, go up.

use manylane::Result;
use manylane::kernel::LaneElement;
use manylane::prelude::*;

use crate::checks::same_sides;

/// `alpha` of 255 parts of `top`, the rest of `below`, to the nearest byte. The division by 255 is exact for every sum.
#[kernel]
pub fn mixed(top: u8, below: u8, alpha: u8) -> u8 {
    let (top, below, alpha) = (top as u32, below as u32, alpha as u32);
    (((top * alpha + below * (255 - alpha) + 128) * 257) >> 16) as u8
}

/// A pixel with alpha over one without.
#[kernel]
pub fn over_rgb(top: [u8; 4], below: [u8; 3]) -> [u8; 3] {
    [mixed(top[0], below[0], top[3]), mixed(top[1], below[1], top[3]), mixed(top[2], below[2], top[3])]
}

/// A pixel with alpha over another with alpha.
///
/// With `w = 255 a` and `v = b (255 - a)` of the alphas `a` and `b`, a colour is `(w top + v below) / (w + v)`, and alpha
/// `(w + v) / 255`. Where nothing is opaque, everything is 0.
#[kernel]
pub fn over_rgba(top: [u8; 4], below: [u8; 4]) -> [u8; 4] {
    let alpha = top[3] as u32;
    let (w, v) = (255 * alpha, below[3] as u32 * (255 - alpha));
    let (sum, half) = (w + v, (w + v) / 2);
    let r = (w * top[0] as u32 + v * below[0] as u32 + half) / sum;
    let g = (w * top[1] as u32 + v * below[1] as u32 + half) / sum;
    let b = (w * top[2] as u32 + v * below[2] as u32 + half) / sum;
    [r as u8, g as u8, b as u8, (((sum + 128) * 257) >> 16) as u8]
}

/// A pixel with alpha over one without.
#[kernel]
pub fn over_rgb_f32(top: [f32; 4], below: [f32; 3]) -> [f32; 3] {
    let (a, b) = (top[3], 1.0 - top[3]);
    [a * top[0] + b * below[0], a * top[1] + b * below[1], a * top[2] + b * below[2]]
}

/// A pixel with alpha over another with alpha; 0 where nothing is opaque.
#[kernel]
pub fn over_rgba_f32(top: [f32; 4], below: [f32; 4]) -> [f32; 4] {
    let (w, v) = (top[3], below[3] * (1.0 - top[3]));
    let sum = w + v;
    if sum > 0.0 {
        let (a, b) = (w / sum, v / sum);
        [a * top[0] + b * below[0], a * top[1] + b * below[1], a * top[2] + b * below[2], sum]
    } else {
        [0.0, 0.0, 0.0, 0.0]
    }
}

/// Pixels over which pixels with alpha can be laid.
pub trait Below: LaneElement {
    /// Those with alpha.
    type Top: LaneElement;
    /// What [`over`] does.
    #[doc(hidden)]
    fn blend(
        rt: &Runtime,
        top: &Array<Self::Top>,
        below: &Array<Self>,
        target: Target,
    ) -> Result<Array<Self>>;
}

macro_rules! below {
    ($($pixel:ty, $top:ty: $kernel:ident;)*) => {$(
        impl Below for $pixel {
            type Top = $top;

            fn blend(rt: &Runtime, top: &Array<$top>, below: &Array<Self>, target: Target) -> Result<Array<Self>> {
                rt.map::<$kernel>((top, below)).on(target).run()
            }
        }
    )*};
}
below! {
    [u8; 3], [u8; 4]: over_rgb;
    [u8; 4], [u8; 4]: over_rgba;
    [f32; 3], [f32; 4]: over_rgb_f32;
    [f32; 4], [f32; 4]: over_rgba_f32;
}

/// `top`, which has alpha, over `below`, which may have it too.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_image::blend;
///
/// let rt = Runtime::new()?;
/// let top = rt.picture(vec![[200u8, 100, 0, 51]], (1, 1))?;
/// let below = rt.picture(vec![[0u8, 100, 200]], (1, 1))?;
/// assert_eq!(blend::over(&rt, &top, &below, Target::Auto)?.to_vec()?, [[40, 100, 160]]);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// `ShapeMismatch` where the two have not the same shape, or no rows; whatever the launch returns.
pub fn over<P: Below>(
    rt: &Runtime,
    top: &Array<P::Top>,
    below: &Array<P>,
    target: Target,
) -> Result<Array<P>> {
    same_sides(top, below)?;
    P::blend(rt, top, below, target)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_division_is_exact() {
        for sum in 0..=65_025u32 {
            assert_eq!(((sum + 128) * 257) >> 16, (2 * sum + 255) / 510, "{sum}");
        }
    }
}
