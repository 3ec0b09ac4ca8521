//! Kernels that update in place, and kernels over pixels and pictures.

use manylane::prelude::*;

// ---- in place

/// One element, updated.
#[kernel(strict)]
pub fn step(y: &mut f32, #[uniform] a: f32, x: f32) {
    *y += a * x;
}

/// Two that change places.
#[kernel]
pub fn swap(a: &mut i32, b: &mut i32) {
    let t = *a;
    *a = *b;
    *b = t;
}

/// Updated, with a result.
#[kernel]
pub fn bump(y: &mut u32) -> u32 {
    *y += 1;
    *y * 2
}

/// Updated in a branch only: the others keep what they hold.
#[kernel]
pub fn drain(y: &mut i32, x: i32) {
    if x > 0 {
        while *y > 0 {
            *y -= x;
        }
    }
}

/// Bytes in place.
#[kernel]
pub fn invert(b: &mut u8) {
    *b = (255 - *b as u32) as u8;
}

/// A pixel in place, one channel of it.
#[kernel]
pub fn opaque(px: &mut [u8; 4], x: u8) -> u8 {
    px[3] = 255;
    px[0] = x;
    px[1]
}

// ---- pixels

/// Three bytes to one.
#[kernel]
pub fn gray(px: [u8; 3]) -> u8 {
    ((px[0] as u32 * 77 + px[1] as u32 * 150 + px[2] as u32 * 29) >> 8) as u8
}

/// Three bytes to four, the order turned.
#[kernel]
pub fn rgb_to_bgra(px: [u8; 3], #[uniform] alpha: u8) -> [u8; 4] {
    [px[2], px[1], px[0], alpha]
}

/// One and two bytes.
#[kernel]
pub fn one_and_two(a: [u8; 1], b: [u8; 2]) -> ([u8; 2], [u8; 1]) {
    ([a[0], b[1]], [b[0]])
}

/// Floats, four channels.
#[kernel(strict)]
pub fn premultiply(px: [f32; 4]) -> [f32; 4] {
    [px[0] * px[3], px[1] * px[3], px[2] * px[3], px[3]]
}

/// Floats, three channels, chosen by a branch.
#[kernel]
pub fn brighter(a: [f32; 3], b: [f32; 3], #[uniform] bias: [f32; 3]) -> [f32; 3] {
    let mut out = a;
    if b[0] + b[1] + b[2] > a[0] + a[1] + a[2] {
        out = b;
    }
    out[1] = out[1] + bias[2];
    out
}

/// Integers, two and three channels.
#[kernel]
pub fn int_pixels(a: [i32; 3], b: [u32; 2]) -> [i32; 2] {
    [a[0] - a[2], a[1] + b[1] as i32 - b[0] as i32]
}

// ---- pictures

/// Four neighbours.
#[kernel(strict)]
pub fn cross(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, -1, 0) - src.near(at, 1, 0) + (src.near(at, 0, -1) - src.near(at, 0, 1)) * 10.0
}

/// Neighbours far outside, and the extent.
#[kernel(strict)]
pub fn far(at: Cell, src: Image<f32>) -> (f32, u32, u32) {
    (src.near(at, -40, 25) + src.near(at, 5000, -7000), src.width(), src.height())
}

/// A window whose size is the same for all lanes.
#[kernel]
pub fn window(at: Cell, src: Image<u8>, #[uniform] radius: i32) -> u32 {
    let mut sum = 0;
    for dy in -radius..=radius {
        for dx in -radius..=radius {
            sum += src.near(at, dx, dy) as u32;
        }
    }
    sum
}

/// A picture of pixels, and an element beside it.
#[kernel]
pub fn shift_pixels(at: Cell, src: Image<[u8; 3]>, x: u8) -> [u8; 3] {
    let here = src.near(at, 0, 0);
    let there = src.near(at, 1, 1);
    [here[0], there[1], x]
}

/// Two pictures of one shape.
#[kernel(strict)]
pub fn two_pictures(at: Cell, a: Image<f32>, b: Image<i32>) -> f32 {
    a.near(at, 1, 0) + b.near(at, 0, 1) as f32
}
