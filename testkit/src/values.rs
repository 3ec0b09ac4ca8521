//! Inputs that find mistakes, and the lengths at which something changes.

use crate::Random;

/// Floats at which something changes: zeros, subnormals, the ends, halves, the edges of the integers, infinities, NaN.
pub const NASTY_F32: [f32; 34] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    0.499_999_97,
    -0.499_999_97,
    8_388_607.5,
    8_388_608.0,
    -8_388_609.0,
    16_777_217.0,
    f32::MIN_POSITIVE,
    -f32::MIN_POSITIVE,
    1e-45,
    -1e-45,
    1.1e-38,
    f32::MAX,
    f32::MIN,
    f32::EPSILON,
    2_147_483_600.0,
    2_147_483_648.0,
    -2_147_483_648.0,
    -2_147_483_904.0,
    4_294_967_040.0,
    4_294_967_296.0,
    1e20,
    -1e20,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];

/// Signed integers at which something changes.
pub const NASTY_I32: [i32; 16] =
    [0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 255, 256, 65_536, -65_537, i32::MAX, i32::MIN];

/// Unsigned integers at which something changes.
pub const NASTY_U32: [u32; 14] =
    [0, 1, 2, 3, 31, 32, 33, 63, 64, 255, 65_536, 0x7fff_ffff, 0x8000_0000, u32::MAX];

/// Lengths around one vector of every level, a workgroup, and a chunk; and some that need several chunks.
pub const SIZES: [usize; 24] = [
    0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 127, 129, 255, 256, 257, 4_095, 4_096, 4_097,
    100_003,
];

/// As [`SIZES`], fewer: for kernels whose length matters little.
pub const FEW_SIZES: [usize; 7] = [0, 1, 17, 33, 257, 4_097, 100_003];

/// A length that falls into many chunks.
pub const LARGE: usize = (1 << 20) + 7;

/// Widths and heights of pictures: one cell, lines both ways, narrower than a vector, odd, and of many chunks.
pub const SHAPES: [(usize, usize); 10] =
    [(1, 1), (1, 37), (37, 1), (2, 2), (5, 7), (17, 31), (33, 3), (64, 64), (1, 5_000), (397, 301)];

/// Floats of every magnitude: nasty ones first, then random bits and everyday numbers.
pub fn floats(random: &mut Random, n: usize) -> Vec<f32> {
    random.many(n, |r| match r.below(4) {
        0 => r.one_of(&NASTY_F32),
        1 => f32::from_bits(r.u32()),
        _ => r.float(-1000.0, 1000.0),
    })
}

/// Finite floats of everyday size.
pub fn plain_floats(random: &mut Random, n: usize) -> Vec<f32> {
    random.many(n, |r| r.float(-10.0, 10.0))
}

/// Signed integers: nasty ones, random bits, small ones.
pub fn ints(random: &mut Random, n: usize) -> Vec<i32> {
    random.many(n, |r| match r.below(3) {
        0 => r.one_of(&NASTY_I32),
        1 => r.u32() as i32,
        _ => r.below(100) as i32 - 50,
    })
}

/// Unsigned integers: nasty ones, random bits, small ones.
pub fn words(random: &mut Random, n: usize) -> Vec<u32> {
    random.many(n, |r| match r.below(3) {
        0 => r.one_of(&NASTY_U32),
        1 => r.u32(),
        _ => r.below(100) as u32,
    })
}

/// Bytes.
pub fn bytes(random: &mut Random, n: usize) -> Vec<u8> {
    random.many(n, |r| r.u32() as u8)
}
