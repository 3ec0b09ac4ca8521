//! IEEE half floats: a storage type, and its conversions on lanes and on one value.
//!
//! By integer and float bits on every level, so that the bits of the result are the same everywhere.

use std::fmt;

use super::{Lanes, Scalar};

/// The bits of infinity.
const INFINITY: i32 = 0x7c00;
/// From where on single floats are too large, 2^16, by its bits.
const TOO_LARGE: i32 = 0x4780_0000;
/// The least single float that is a normal half, 2^-14, by its bits.
const NORMAL: i32 = 0x3880_0000;
/// How far the exponents of the two formats lie apart, 112, at the place of a single's exponent.
const REBIAS: i32 = 112 << 23;
/// 2^112.
const UP: f32 = f32::from_bits(((127 + 112) << 23) as u32);

/// Half floats, by their bits in the low 16, as single floats; exact.
#[inline(always)]
pub(super) fn widen<L: Lanes>(l: L, half: L::I) -> L::F {
    let magnitude = l.i_and(half, l.i_splat(0x7fff));
    let sign = l.i_shl(l.i_sub(half, magnitude), l.i_splat(16));
    // Subnormal halves are subnormal singles here, which the product makes normal.
    let small = l.f_from_bits(l.i_shl(magnitude, l.i_splat(13)));
    let bits = l.f_to_bits(l.f_mul(small, l.f_splat(UP)));
    let endless = l.i_ge_s(magnitude, l.i_splat(INFINITY));
    let bits = l.i_select(endless, l.i_or(bits, l.i_splat(0x7f80_0000)), bits);
    l.f_from_bits(l.i_or(bits, sign))
}

/// Single floats rounded to half floats, to nearest even, by their bits in the low 16.
#[inline(always)]
pub(super) fn narrow<L: Lanes>(l: L, single: L::F) -> L::I {
    let bits = l.f_to_bits(single);
    let magnitude = l.i_and(bits, l.i_splat(i32::MAX));
    let cut = l.i_shr_u(magnitude, l.i_splat(13));
    // Half of the last place less one, and one more where the last place is odd; a carry moves the exponent on.
    let odd = l.i_and(cut, l.i_splat(1));
    let rounded = l.i_add(l.i_add(magnitude, odd), l.i_splat(0xfff - REBIAS));
    let normal = l.i_shr_u(rounded, l.i_splat(13));
    // The last place of 0.5 is that of the subnormal halves: the sum rounds as they do.
    let half = l.f_splat(0.5);
    let moved = l.f_add(l.f_from_bits(magnitude), half);
    let subnormal = l.i_sub(l.f_to_bits(moved), l.f_to_bits(half));
    let quiet = l.i_or(l.i_and(cut, l.i_splat(0x3ff)), l.i_splat(0x7e00));
    let is_nan = l.i_gt_s(magnitude, l.i_splat(0x7f80_0000));
    let endless = l.i_select(is_nan, quiet, l.i_splat(INFINITY));
    let finite = l.i_select(l.i_lt_s(magnitude, l.i_splat(NORMAL)), subnormal, normal);
    let kept = l.i_select(l.i_lt_s(magnitude, l.i_splat(TOO_LARGE)), finite, endless);
    l.i_or(kept, l.i_shr_u(l.i_xor(bits, magnitude), l.i_splat(16)))
}

/// An IEEE half float in memory: 11 significant bits, up to 65,504. Kernels compute with it as `f32`.
///
/// ```
/// use manylane::f16;
///
/// let x = f16::from_f32(0.1);
/// assert_eq!(x.to_f32(), 0.099975586);
/// assert_eq!(f16::from_f32(1.0e6).to_f32(), f32::INFINITY);
/// ```
#[expect(non_camel_case_types, reason = "named as Rust's own float types are")]
#[derive(Clone, Copy, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct f16(u16);

impl f16 {
    /// The nearest half float, the even one of two; too large gives infinity, NaN stays NaN.
    #[inline(always)]
    pub fn from_f32(x: f32) -> Self {
        f16(narrow(Scalar, x) as u16)
    }

    /// As `from_f32`, rounded once.
    pub fn from_f64(x: f64) -> Self {
        let near = x as f32;
        // Where the single float is rounded it must not look like halfway between two halves: it is made odd.
        let exact = f64::from(near) == x || near.is_nan() || near.is_infinite();
        let toward_zero = if f64::from(near).abs() > x.abs() { near.to_bits() - 1 } else { near.to_bits() };
        f16::from_f32(if exact { near } else { f32::from_bits(toward_zero | 1) })
    }

    /// The same value; exact.
    #[inline(always)]
    pub fn to_f32(self) -> f32 {
        widen(Scalar, i32::from(self.0))
    }

    /// The half float of these bits.
    pub const fn from_bits(bits: u16) -> Self {
        f16(bits)
    }

    /// Its bits.
    pub const fn to_bits(self) -> u16 {
        self.0
    }
}

impl From<f16> for f32 {
    fn from(x: f16) -> f32 {
        x.to_f32()
    }
}

impl From<f16> for f64 {
    fn from(x: f16) -> f64 {
        f64::from(x.to_f32())
    }
}

impl From<u8> for f16 {
    fn from(x: u8) -> f16 {
        f16::from_f32(f32::from(x))
    }
}

impl From<i8> for f16 {
    fn from(x: i8) -> f16 {
        f16::from_f32(f32::from(x))
    }
}

impl PartialEq for f16 {
    fn eq(&self, other: &f16) -> bool {
        self.to_f32() == other.to_f32()
    }
}

impl PartialOrd for f16 {
    fn partial_cmp(&self, other: &f16) -> Option<std::cmp::Ordering> {
        self.to_f32().partial_cmp(&other.to_f32())
    }
}

impl fmt::Debug for f16 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_f32(), f)
    }
}

impl fmt::Display for f16 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_f32(), f)
    }
}
