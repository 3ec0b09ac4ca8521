//! How bright a pixel is, whatever stands around it: brightness and contrast, gamma, sRGB, thresholds, gray.
//!
//! Bytes go from 0 to 255, floats from 0 to 1. Alpha is no light: it stays as it is. What becomes of bytes is
//! looked up in a table of 256, which the host makes in `f64`.

use manylane::Result;
use manylane::prelude::*;

use crate::Pixel;
use crate::checks::within;

/// `gain * x + shift`; beyond 0 and 1 those.
#[kernel(strict)]
pub fn adjusted_f32(x: f32, #[uniform] gain: f32, #[uniform] shift: f32) -> f32 {
    (gain * x + shift).clamp(0.0, 1.0)
}

/// `x` to the power of `gamma`; what is below 0 is 0.
#[kernel(strict)]
pub fn raised_f32(x: f32, #[uniform] gamma: f32) -> f32 {
    x.max(0.0).powf(gamma)
}

/// Light of an sRGB value: IEC 61966-2-1.
#[kernel(strict)]
pub fn linear_f32(x: f32) -> f32 {
    if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
}

/// The sRGB value of so much light: IEC 61966-2-1.
#[kernel(strict)]
pub fn srgb_f32(x: f32) -> f32 {
    if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * x.powf(0.416_666_67) - 0.055 }
}

/// The same to the nearest byte; beyond 0 and 255 those.
#[kernel(strict)]
pub fn srgb_u8(x: f32) -> u8 {
    (srgb_f32(x) * 255.0 + 0.5) as u8
}

/// As [`srgb_u8()`], of each channel.
#[kernel(strict)]
pub fn srgb_rgb_u8(px: [f32; 3]) -> [u8; 3] {
    [srgb_u8(px[0]), srgb_u8(px[1]), srgb_u8(px[2])]
}

/// As [`srgb_u8()`], of each channel but alpha, which becomes the nearest byte.
#[kernel(strict)]
pub fn srgb_rgba_u8(px: [f32; 4]) -> [u8; 4] {
    [srgb_u8(px[0]), srgb_u8(px[1]), srgb_u8(px[2]), byte_of(px[3])]
}

/// A float from 0 to 1 as the nearest byte.
#[kernel(strict)]
pub fn byte_of(x: f32) -> u8 {
    (x * 255.0 + 0.5) as u8
}

/// What a table of 256 has for the value.
#[kernel]
pub fn looked_up(x: u8, table: &[u8]) -> u8 {
    table[x as usize]
}

/// As [`looked_up()`], for each channel.
#[kernel]
pub fn looked_up_rgb(px: [u8; 3], table: &[u8]) -> [u8; 3] {
    [table[px[0] as usize], table[px[1] as usize], table[px[2] as usize]]
}

/// As [`looked_up()`], for each channel; alpha stays.
#[kernel]
pub fn looked_up_rgba(px: [u8; 4], table: &[u8]) -> [u8; 4] {
    [table[px[0] as usize], table[px[1] as usize], table[px[2] as usize], px[3]]
}

/// What a table of 256 has for the value.
#[kernel]
pub fn linear_u8(x: u8, table: &[f32]) -> f32 {
    table[x as usize]
}

/// As [`linear_u8()`], for each channel.
#[kernel]
pub fn linear_u8_rgb(px: [u8; 3], table: &[f32]) -> [f32; 3] {
    [table[px[0] as usize], table[px[1] as usize], table[px[2] as usize]]
}

/// As [`linear_u8()`], for each channel; alpha goes from 0 to 1.
#[kernel(strict)]
pub fn linear_u8_rgba(px: [u8; 4], table: &[f32]) -> [f32; 4] {
    [table[px[0] as usize], table[px[1] as usize], table[px[2] as usize], px[3] as f32 / 255.0]
}

/// As [`adjusted_f32()`], of each channel.
#[kernel(strict)]
pub fn adjusted_rgb_f32(px: [f32; 3], #[uniform] gain: f32, #[uniform] shift: f32) -> [f32; 3] {
    [adjusted_f32(px[0], gain, shift), adjusted_f32(px[1], gain, shift), adjusted_f32(px[2], gain, shift)]
}

/// As [`adjusted_f32()`], of each channel but alpha, which stays.
#[kernel(strict)]
pub fn adjusted_rgba_f32(px: [f32; 4], #[uniform] gain: f32, #[uniform] shift: f32) -> [f32; 4] {
    [
        adjusted_f32(px[0], gain, shift),
        adjusted_f32(px[1], gain, shift),
        adjusted_f32(px[2], gain, shift),
        px[3],
    ]
}

/// As [`raised_f32()`], of each channel.
#[kernel(strict)]
pub fn raised_rgb_f32(px: [f32; 3], #[uniform] gamma: f32) -> [f32; 3] {
    [raised_f32(px[0], gamma), raised_f32(px[1], gamma), raised_f32(px[2], gamma)]
}

/// As [`raised_f32()`], of each channel but alpha, which stays.
#[kernel(strict)]
pub fn raised_rgba_f32(px: [f32; 4], #[uniform] gamma: f32) -> [f32; 4] {
    [raised_f32(px[0], gamma), raised_f32(px[1], gamma), raised_f32(px[2], gamma), px[3]]
}

/// As [`linear_f32()`], of each channel.
#[kernel(strict)]
pub fn linear_rgb_f32(px: [f32; 3]) -> [f32; 3] {
    [linear_f32(px[0]), linear_f32(px[1]), linear_f32(px[2])]
}

/// As [`linear_f32()`], of each channel but alpha, which stays.
#[kernel(strict)]
pub fn linear_rgba_f32(px: [f32; 4]) -> [f32; 4] {
    [linear_f32(px[0]), linear_f32(px[1]), linear_f32(px[2]), px[3]]
}

/// As [`srgb_f32()`], of each channel.
#[kernel(strict)]
pub fn srgb_rgb_f32(px: [f32; 3]) -> [f32; 3] {
    [srgb_f32(px[0]), srgb_f32(px[1]), srgb_f32(px[2])]
}

/// As [`srgb_f32()`], of each channel but alpha, which stays.
#[kernel(strict)]
pub fn srgb_rgba_f32(px: [f32; 4]) -> [f32; 4] {
    [srgb_f32(px[0]), srgb_f32(px[1]), srgb_f32(px[2]), px[3]]
}

/// `high` where the value is above `limit`, else 0.
#[kernel]
pub fn above_u8(x: u8, #[uniform] limit: u8, #[uniform] high: u8) -> u8 {
    (if x as u32 > limit as u32 { high as u32 } else { 0 }) as u8
}

/// `high` where the value is above `limit`, else 0.
#[kernel]
pub fn above_f32(x: f32, #[uniform] limit: f32, #[uniform] high: f32) -> f32 {
    if x > limit { high } else { 0.0 }
}

/// Pixels that the operations of this module take.
pub trait Tone: Pixel {
    /// The same channels as floats.
    type Floats: Light;
    /// What [`adjusted`] does.
    #[doc(hidden)]
    fn adjust(rt: &Runtime, pixels: &Array<Self>, by: (f32, f32), target: Target) -> Result<Array<Self>>;
    /// What [`raised`] does.
    #[doc(hidden)]
    fn raise(rt: &Runtime, pixels: &Array<Self>, gamma: f32, target: Target) -> Result<Array<Self>>;
    /// What [`linear`] does.
    #[doc(hidden)]
    fn decode(rt: &Runtime, pixels: &Array<Self>, target: Target) -> Result<Array<Self::Floats>>;
    /// What [`gray`] does.
    #[doc(hidden)]
    fn luma(rt: &Runtime, pixels: &Array<Self>, target: Target) -> Result<Array<Self::Channel>>;
}

/// Pixels of floats, which can hold light as well as sRGB values.
pub trait Light: Tone {
    /// The same channels as bytes.
    type Bytes: Tone;
    /// What [`srgb`] does.
    #[doc(hidden)]
    fn encode(rt: &Runtime, light: &Array<Self>, target: Target) -> Result<Array<Self>>;
    /// What [`srgb_bytes`] does.
    #[doc(hidden)]
    fn encode_bytes(rt: &Runtime, light: &Array<Self>, target: Target) -> Result<Array<Self::Bytes>>;
}

/// A plane is gray already.
macro_rules! luma {
    ($rt:ident $pixels:ident $target:ident itself) => {{
        let _ = ($rt, $target);
        Ok($pixels.clone())
    }};
    ($rt:ident $pixels:ident $target:ident $gray:ident) => {
        $rt.map::<crate::colour::$gray>($pixels).on($target).run()
    };
}
macro_rules! tones {
    ($($bytes:ty, $floats:ty: $look_up:ident $decode:ident, $adjust_f32:ident $raise_f32:ident $decode_f32:ident $encode_f32:ident $encode_u8:ident, $gray:ident $gray_f32:ident;)*) => {$(
        impl Tone for $bytes {
            type Floats = $floats;

            fn adjust(rt: &Runtime, pixels: &Array<Self>, (gain, shift): (f32, f32), target: Target) -> Result<Array<Self>> {
                let (gain, shift) = (f64::from(gain), f64::from(shift));
                // A float first: where `f32` cannot tell it from a half, it is one, as OpenCV has it.
                let table = table(|x| ((gain * x + shift) as f32).round_ties_even() as u8);
                rt.map::<$look_up>((pixels, &table)).on(target).run()
            }

            fn raise(rt: &Runtime, pixels: &Array<Self>, gamma: f32, target: Target) -> Result<Array<Self>> {
                let table = table(|x| (255.0 * (x / 255.0).powf(f64::from(gamma))).round() as u8);
                rt.map::<$look_up>((pixels, &table)).on(target).run()
            }

            fn decode(rt: &Runtime, pixels: &Array<Self>, target: Target) -> Result<Array<$floats>> {
                rt.map::<$decode>((pixels, &table(light_of_byte))).on(target).run()
            }

            fn luma(rt: &Runtime, pixels: &Array<Self>, target: Target) -> Result<Array<u8>> {
                luma!(rt pixels target $gray)
            }
        }

        impl Tone for $floats {
            type Floats = $floats;

            fn adjust(rt: &Runtime, pixels: &Array<Self>, (gain, shift): (f32, f32), target: Target) -> Result<Array<Self>> {
                rt.map::<$adjust_f32>((pixels, gain, shift)).on(target).run()
            }

            fn raise(rt: &Runtime, pixels: &Array<Self>, gamma: f32, target: Target) -> Result<Array<Self>> {
                rt.map::<$raise_f32>((pixels, gamma)).on(target).run()
            }

            fn decode(rt: &Runtime, pixels: &Array<Self>, target: Target) -> Result<Array<$floats>> {
                rt.map::<$decode_f32>(pixels).on(target).run()
            }

            fn luma(rt: &Runtime, pixels: &Array<Self>, target: Target) -> Result<Array<f32>> {
                luma!(rt pixels target $gray_f32)
            }
        }

        impl Light for $floats {
            type Bytes = $bytes;

            fn encode(rt: &Runtime, light: &Array<Self>, target: Target) -> Result<Array<Self>> {
                rt.map::<$encode_f32>(light).on(target).run()
            }

            fn encode_bytes(rt: &Runtime, light: &Array<Self>, target: Target) -> Result<Array<$bytes>> {
                rt.map::<$encode_u8>(light).on(target).run()
            }
        }
    )*};
}
tones! {
    u8, f32: looked_up linear_u8, adjusted_f32 raised_f32 linear_f32 srgb_f32 srgb_u8, itself itself;
    [u8; 3], [f32; 3]: looked_up_rgb linear_u8_rgb, adjusted_rgb_f32 raised_rgb_f32 linear_rgb_f32 srgb_rgb_f32 srgb_rgb_u8, gray gray_f32;
    [u8; 4], [f32; 4]: looked_up_rgba linear_u8_rgba, adjusted_rgba_f32 raised_rgba_f32 linear_rgba_f32 srgb_rgba_f32 srgb_rgba_u8, gray_rgba gray_rgba_f32;
}

/// A table for every byte.
fn table<T>(entry: impl Fn(f64) -> T) -> Vec<T> {
    (0..=255u8).map(|x| entry(f64::from(x))).collect()
}

/// IEC 61966-2-1.
fn light_of_byte(x: f64) -> f32 {
    let x = x / 255.0;
    (if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }) as f32
}

/// Contrast and brightness: `gain * x + shift` for each channel but alpha, what goes beyond the range being its end; bytes to
/// the nearest, halves to the even one, as OpenCV rounds. `shift` is in the channels' unit, from -255 to 255 of bytes and from
/// -1 to 1 of floats. To turn up the contrast around the middle, `shift` is `(1 - gain) / 2` of the range.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_image::tone;
///
/// let rt = Runtime::new()?;
/// let pixels = rt.picture(vec![[10u8, 100, 200]], (1, 1))?;
/// assert_eq!(tone::adjusted(&rt, &pixels, 1.5, -20.0, Target::Auto)?.to_vec()?, [[0, 130, 255]]);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// `Setting` where `gain` is not from -1,000 to 1,000 or `shift` not from -255,000 to 255,000; whatever the launch returns.
pub fn adjusted<P: Tone>(
    rt: &Runtime,
    pixels: &Array<P>,
    gain: f32,
    shift: f32,
    target: Target,
) -> Result<Array<P>> {
    within("a gain", gain, (-1_000.0, 1_000.0))?;
    within("a shift", shift, (-255_000.0, 255_000.0))?;
    P::adjust(rt, pixels, (gain, shift), target)
}

/// Each channel but alpha, as a share of its range, to the power of `gamma`: above 1 the picture gets darker. Of bytes to the
/// nearest.
///
/// # Errors
/// `Setting` where `gamma` is not from 0.01 to 100; whatever the launch returns.
pub fn raised<P: Tone>(rt: &Runtime, pixels: &Array<P>, gamma: f32, target: Target) -> Result<Array<P>> {
    within("a gamma", gamma, (0.01, 100.0))?;
    P::raise(rt, pixels, gamma, target)
}

/// The light of each sRGB channel, from 0 to 1 (IEC 61966-2-1); alpha stays, as a share of 1.
///
/// # Errors
/// Whatever the launch returns.
pub fn linear<P: Tone>(rt: &Runtime, pixels: &Array<P>, target: Target) -> Result<Array<P::Floats>> {
    P::decode(rt, pixels, target)
}

/// The sRGB values, from 0 to 1, of each channel's light (IEC 61966-2-1); alpha stays.
///
/// # Errors
/// Whatever the launch returns.
pub fn srgb<P: Light>(rt: &Runtime, light: &Array<P>, target: Target) -> Result<Array<P>> {
    P::encode(rt, light, target)
}

/// As [`srgb`], to the nearest byte, halves up; alpha too.
///
/// # Errors
/// Whatever the launch returns.
pub fn srgb_bytes<P: Light>(rt: &Runtime, light: &Array<P>, target: Target) -> Result<Array<P::Bytes>> {
    P::encode_bytes(rt, light, target)
}

/// The luma of Rec. 601 of every pixel, as [`gray`](crate::gray()) has it; of a plane the plane.
///
/// # Errors
/// Whatever the launch returns.
pub fn gray<P: Tone>(rt: &Runtime, pixels: &Array<P>, target: Target) -> Result<Array<P::Channel>> {
    P::luma(rt, pixels, target)
}

/// `high` where a cell is above `limit`, else 0: OpenCV's `THRESH_BINARY`.
///
/// # Errors
/// Whatever the launch returns.
pub fn threshold(rt: &Runtime, cells: &Array<u8>, limit: u8, high: u8, target: Target) -> Result<Array<u8>> {
    rt.map::<above_u8>((cells, limit, high)).on(target).run()
}

/// As [`threshold`], of floats. NaN is not above.
///
/// # Errors
/// `Setting` where `limit` is NaN; whatever the launch returns.
pub fn threshold_f32(
    rt: &Runtime,
    cells: &Array<f32>,
    limit: f32,
    high: f32,
    target: Target,
) -> Result<Array<f32>> {
    within("a threshold", limit, (f32::NEG_INFINITY, f32::INFINITY))?;
    rt.map::<above_f32>((cells, limit, high)).on(target).run()
}
