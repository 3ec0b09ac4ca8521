//! Kernels of the library's own that draw, and the generator itself as a function for kernels.

use crate::kernel;
use crate::kernel::Random;

/// Philox4x32-10: the block of four words of a counter under a key, for kernels that count by themselves, say so that
/// several places share what they draw.
///
/// A generator `rng: Random` counts (place, 0, number / 4, 0) under its seed's lower and upper half. A counter whose last
/// word is not 0 meets none of those.
///
/// ```
/// use manylane::kernel::draws::philox;
///
/// assert_eq!(philox(0, 0, 0, 0, 0, 0), (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8));
/// ```
#[kernel]
pub fn philox(a: u32, b: u32, c: u32, d: u32, key: u32, second_key: u32) -> (u32, u32, u32, u32) {
    let (mut a, mut b, mut c, mut d) = (a, b, c, d);
    let (mut key, mut second_key) = (key, second_key);
    for _round in 0..10 {
        let (high, low) = (a.mul_hi(0xd251_1f53), a.wrapping_mul(0xd251_1f53));
        let (second_high, second_low) = (c.mul_hi(0xcd9e_8d57), c.wrapping_mul(0xcd9e_8d57));
        a = second_high ^ b ^ key;
        b = second_low;
        c = high ^ d ^ second_key;
        d = low;
        key = key.wrapping_add(0x9e37_79b9);
        second_key = second_key.wrapping_add(0xbb67_ae85);
    }
    (a, b, c, d)
}

/// [`Random::u32`] of each place.
#[kernel]
pub fn words(rng: Random) -> u32 {
    rng.u32()
}

/// The word behind the first.
#[doc(hidden)]
#[kernel]
pub fn second_words(rng: Random) -> u32 {
    let _first = rng.u32();
    rng.u32()
}

/// [`Random::f32`] of each place.
#[kernel]
pub fn uniform(rng: Random) -> f32 {
    rng.f32()
}

/// [`Random::normal`] of each place.
#[kernel]
pub fn normal(rng: Random) -> f32 {
    rng.normal()
}

/// [`Random::below`] of each place.
#[kernel]
pub fn below(#[uniform] n: u32, rng: Random) -> u32 {
    rng.below(n)
}

/// [`Random::range`] of each place.
#[kernel]
pub fn range(#[uniform] low: i32, #[uniform] high: i32, rng: Random) -> i32 {
    rng.range(low, high)
}
