//! What generators make of random words: normal numbers and integers of a range. Every word is welcome, and every target
//! gives the same bits: where a kernel is relaxed too, its bodies call the strict ones.

use manylane_macros::kernel;

/// The normal number of a word: the inverse of the normal distribution function at (word, as a signed number, + ½) / 2^32 + ½.
///
/// So 2^32 numbers, all equally likely and mirrored at 0, from 2.9e-10 to 6.34 on either side. The form is Giles'
/// (*Approximating the erfinv function*, GPU Computing Gems, 2011): a polynomial in -ln(1 - y²), beyond 5 in its root. The
/// coefficients are our own, minimax in single precision, good to 2^-25. There is no quotient and no root of a device's in
/// it, because those differ from device to device: the root is Newton's.
#[doc(hidden)]
#[kernel(math)]
pub fn normal_of(word: u32) -> f32 {
    let signed = word as i32;
    let place = signed ^ (signed >> 31);
    // y from 0 to 1, and what it lacks of 1, each exact where it is small.
    let y = (place as f32 + 0.5) * 4.656_613e-10;
    let lack = ((place ^ 0x7fff_ffff) as f32 + 0.5) * 4.656_613e-10;
    let w = -(lack * (1.0 + y)).ln();
    let c = w - 2.5;
    let p = -4.858_837e-6 + c * (6.664_007e-7 + c * (2.991_303_6e-8 + c * -1.297_723_1e-8));
    let p = -1.771_604_3e-3 + c * (3.086_282_2e-4 + c * (-7.048_911_4e-6 + c * p));
    let p = 2.123_313_4 + c * (0.348_802_03 + c * (-5.907_501_6e-3 + c * p));
    let mut x = y * p;
    if w > 5.0 {
        // 1 / √w to 4 %, then three steps to all places.
        let half = w * 0.5;
        let r = f32::from_bits(0x5f37_59df - (w.to_bits() >> 1));
        let r = r * (1.5 - half * r * r);
        let r = r * (1.5 - half * r * r);
        let r = r * (1.5 - half * r * r);
        let c = w * r - 3.5;
        let p = -2.537_521e-4 + c * (6.417_213_4e-5 + c * (1.010_888_4e-5 + c * -1.374_260_3e-5));
        let p = 4.395_299_6e-3 + c * (-2.429_328_2e-3 + c * (8.492_157e-4 + c * p));
        x = 4.717_077_7 + c * (1.424_710_2 + c * p);
    }
    f32::from_bits(x.to_bits() | (word & 0x8000_0000))
}

/// The 64 bits of two words as a fraction of 1, times `n`, rounded down: Lemire's way (*Fast random integer generation in
/// an interval*, ACM TOMACS 29, 2019) with twice the bits instead of rejections.
#[doc(hidden)]
#[kernel(math)]
pub fn below_of(upper: u32, lower: u32, n: u32) -> u32 {
    let low = upper.wrapping_mul(n);
    let sum = low.wrapping_add(lower.mul_hi(n));
    upper.mul_hi(n).wrapping_add((sum < low) as u32)
}

/// A number from `low` up to but not `high`; `low` where there is none.
#[doc(hidden)]
#[kernel(math)]
pub fn range_of(upper: u32, lower: u32, low: i32, high: i32) -> i32 {
    let n = if low < high { high.wrapping_sub(low) as u32 } else { 0 };
    let part = upper.wrapping_mul(n);
    let sum = part.wrapping_add(lower.mul_hi(n));
    low.wrapping_add(upper.mul_hi(n).wrapping_add((sum < part) as u32) as i32)
}
