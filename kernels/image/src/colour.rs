//! Pixels of three bytes: their brightness, and their channels.

use manylane::prelude::*;
use manylane_elementwise::facts::{Cost, Facts, Tolerance};

/// The luma of Rec. 601, `0.299 R + 0.587 G + 0.114 B`, to the nearest byte, halves up.
///
/// In thousandths, and divided by 1,000 exactly: first by 8, then by 125 as `33,555 / 2^22`, which is right for every sum
/// that three bytes can give.
#[kernel]
pub fn gray(px: [u8; 3]) -> u8 {
    let thousandths = 299 * px[0] as u32 + 587 * px[1] as u32 + 114 * px[2] as u32 + 500;
    (((thousandths >> 3) * 33_555) >> 22) as u8
}

/// As [`gray()`]; alpha says nothing about it.
#[kernel]
pub fn gray_rgba(px: [u8; 4]) -> u8 {
    gray([px[0], px[1], px[2]])
}

/// The luma of Rec. 601, `0.299 R + 0.587 G + 0.114 B`.
#[kernel]
pub fn gray_f32(px: [f32; 3]) -> f32 {
    0.299 * px[0] + 0.587 * px[1] + 0.114 * px[2]
}

/// As [`gray_f32()`]; alpha says nothing about it.
#[kernel]
pub fn gray_rgba_f32(px: [f32; 4]) -> f32 {
    gray_f32([px[0], px[1], px[2]])
}

/// The channels of a pixel, each for a picture of its own: what reads many neighbours reads them faster side by side.
#[kernel]
pub fn split(px: [u8; 3]) -> (u8, u8, u8) {
    (px[0], px[1], px[2])
}

/// Three channels as one pixel.
#[kernel]
pub fn join(r: u8, g: u8, b: u8) -> [u8; 3] {
    [r, g, b]
}

/// Facts about [`gray()`].
pub const GRAY: Facts = Facts { name: "gray", cost: Cost::element(4.0, 8.0), tolerance: Tolerance::Exact };

#[cfg(test)]
mod tests {
    #[test]
    fn the_division_is_exact() {
        for sum in 0..=255_500u32 {
            assert_eq!(((sum >> 3) * 33_555) >> 22, sum / 1000, "{sum}");
        }
    }
}
