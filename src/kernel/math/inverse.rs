//! The inverse functions: angles, and areas (logarithms with a root).

use manylane_macros::kernel;

use super::Steps;

/// (atan q - q) / q^3 for q in 0..=1, by the square of q, so that the whole is good to 2^-28.5 (fpminimax).
#[kernel(math)]
pub fn atan_rest(z: f32) -> f32 {
    let p = -3.115_776_6e-2 + z * (1.090_453_7e-2 + z * -1.791_502e-3);
    let p = 0.109_516_546 + z * (-8.402_056e-2 + z * (5.793_58e-2 + z * p));
    -0.333_332_99 + z * (0.199_985_36 + z * (-0.142_641_26 + z * p))
}

/// The angle, in ±π/2, whose tangent is `x`.
#[kernel(math)]
pub fn atan(x: f32) -> f32 {
    let size = x.abs();
    let steep = size > 1.0;
    let q = if steep { 1.0 / size } else { size };
    let z = q * q;
    let more = q * (z * z.atan_rest());
    let flat = q + more;
    // π/2 in two parts.
    let y = if steep { 1.570_796_4 - (q - (-4.371_139e-8 - more)) } else { flat };
    y.copysign(x)
}

/// The angle of the point (`x`, `self`), in ±π.
#[kernel(math)]
pub fn atan2(y: f32, x: f32) -> f32 {
    let (width, height) = (x.abs(), y.abs());
    let (large, small) = (width.max(height), width.min(height));
    let quotient = small / large;
    // Of two zeros, and of two infinities.
    let quotient = if large == 0.0 { 0.0 } else { quotient };
    let q = if small.to_bits() == 0x7f80_0000 { 1.0 } else { quotient };
    let z = q * q;
    let angle = q + q * (z * z.atan_rest());
    let steep = height > width;
    let left = (x.to_bits() >> 31) != 0;
    // The quarter or half turn that it is counted from, in two parts, and the way.
    let (base, base_rest) = if steep {
        (1.570_796_4, -4.371_139e-8)
    } else if left {
        (3.141_592_7, -8.742_278e-8)
    } else {
        (0.0, 0.0)
    };
    let angle = if steep != left { -angle } else { angle };
    let whole = base + (base_rest + angle);
    if x.is_nan() || y.is_nan() { f32::NAN } else { whole.copysign(y) }
}

/// (asin x - x) / x^3 for x in 0..=0.5, by the square of x, so that the whole is good to 2^-27.6 (fpminimax).
#[kernel(math)]
pub fn asin_rest(z: f32) -> f32 {
    0.166_667_52 + z * (7.495_31e-2 + z * (4.546_902e-2 + z * (2.418_550_3e-2 + z * 4.215_701_3e-2)))
}

/// The angle, in ±π/2, whose sine is `x`.
#[kernel(math)]
pub fn asin(x: f32) -> f32 {
    let size = x.abs();
    let far = size > 0.5;
    // asin x = π/2 - 2 asin √((1 - x) / 2)
    let z = if far { 0.5 - 0.5 * size } else { size * size };
    let s = if far { z.sqrt() } else { size };
    let more = s * (z * z.asin_rest());
    let y = if far { 1.570_796_4 - (2.0 * s - (-4.371_139e-8 - 2.0 * more)) } else { s + more };
    y.copysign(x)
}

/// The angle, from 0 to π, whose cosine is `x`.
#[kernel(math)]
pub fn acos(x: f32) -> f32 {
    let size = x.abs();
    let far = size > 0.5;
    let z = if far { 0.5 - 0.5 * size } else { size * size };
    let s = if far { z.sqrt() } else { x };
    let more = s * (z * z.asin_rest());
    if far {
        if x > 0.0 { 2.0 * (s + more) } else { 3.141_592_7 - (2.0 * s - (-8.742_278e-8 - 2.0 * more)) }
    } else {
        1.570_796_4 - (s - (-4.371_139e-8 - more))
    }
}

/// ln(sum + rest) of a positive normal sum and a rest of at most half its last place.
#[kernel(math)]
pub fn ln_of_sum(sum: f32, rest: f32) -> f32 {
    let power = (sum.to_bits() as i32 - 0x3f2a_aaab) >> 23;
    let n = power as f32;
    let m = f32::from_bits(sum.to_bits().wrapping_sub((power << 23) as u32));
    let part = rest * f32::from_bits(((127 - power).max(0) << 23) as u32);
    let near = m - 1.0;
    let f = near + part;
    let f_rest = part - (f - near);
    // 1 + f is from 2/3 to 4/3; (ln(1 + f) - f) / f^2, so that the whole is good to 2^-27.6 (fpminimax).
    let p = -0.166_793_84 + f * (0.140_016_2 + f * (-0.121_986_27 + f * (0.140_027_76 + f * -0.128_322_48)));
    let p = -0.5 + f * (0.333_332_1 + f * (-0.249_998_24 + f * (0.200_107_14 + f * p)));
    // ln 2 in two parts, of which the first has 16 bits.
    let whole = n * 0.693_145_75;
    let total = whole + f;
    let lost = f - (total - whole);
    total + (f * f * p + (n * 1.428_606_8e-6 + (lost + f_rest)))
}

/// ln(1 + x), exact near 0.
#[kernel(math)]
pub fn ln_1p(x: f32) -> f32 {
    let sum = 1.0 + x;
    // What the sum lost, whichever is larger.
    let part = sum - x;
    let rest = (1.0 - part) + (x - (sum - part));
    let y = sum.ln_of_sum(rest).copysign(x);
    if x == -1.0 {
        f32::NEG_INFINITY
    } else if x < -1.0 {
        f32::NAN
    } else if (x.to_bits() & 0x7fff_ffff) >= 0x7f80_0000 {
        x + x
    } else {
        y
    }
}

/// ln(x + √(x² + one)) for x from 0.5 on, where one is 1 or -1.
#[kernel(math)]
pub fn ln_with_root(x: f32, one: f32) -> f32 {
    // Beyond this the root is x + one / 2x.
    let large = x > 4096.0;
    let a = if large { 4096.0 } else { x };
    // a² + one in two parts, and the root with what it leaves, by halves of 12 bits.
    let top = f32::from_bits(a.to_bits() & 0xffff_f000);
    let square = top * top;
    let square_rest = (a - top) * (a + top);
    let sum = square + one;
    let part = sum - square;
    let sum_rest = ((square - (sum - part)) + (one - part)) + square_rest;
    let total = sum + sum_rest;
    let total_rest = sum_rest - (total - sum);
    let root = total.sqrt();
    let root_top = f32::from_bits(root.to_bits() & 0xffff_f000);
    let root_low = root - root_top;
    let left = ((total - root_top * root_top) - 2.0 * root_top * root_low) - root_low * root_low;
    let root_rest = (left + total_rest) / (2.0 * root);
    // Halved where it is large, so that the sum does not overflow.
    let (p, q, q_rest) = if large { (0.5 * x, 0.5 * x, 0.25 * one / x) } else { (x, root, root_rest) };
    let all = p + q;
    let part = all - p;
    let all_rest = ((p - (all - part)) + (q - part)) + q_rest;
    let whole = all + all_rest;
    let y = whole.ln_of_sum(all_rest - (whole - all));
    if large { y + std::f32::consts::LN_2 } else { y }
}

/// The inverse of the hyperbolic sine.
#[kernel(math)]
pub fn asinh(x: f32) -> f32 {
    let size = x.abs();
    // (asinh x - x) / x^3 up to 0.5, so that the whole is good to 2^-29.5 (fpminimax).
    let z = size * size;
    let p = -0.166_666_43
        + z * (7.498_643_5e-2 + z * (-4.438_358_2e-2 + z * (2.816_499_2e-2 + z * -1.323_111_4e-2)));
    let near = size + size * (z * p);
    let far = size.max(0.5).ln_with_root(1.0);
    let y = if size < 0.5 { near } else { far };
    if size.to_bits() >= 0x7f80_0000 { x + x } else { y.copysign(x) }
}

/// The inverse of the hyperbolic cosine, of 1 and more.
#[kernel(math)]
pub fn acosh(x: f32) -> f32 {
    // acosh(1 + t) / √(2t) up to 0.5, to 2^-33.9 (fpminimax).
    let t = x - 1.0;
    let p = 1.877_098e-3 + t * (-6.265_490_3e-4 + t * 1.446_342_6e-4);
    let p = -8.333_333e-2 + t * (1.874_976_8e-2 + t * (-5.577_012e-3 + t * p));
    let root = (2.0 * t).sqrt();
    let near = root + root * (t * p);
    let far = x.max(1.5).ln_with_root(-1.0);
    if x < 1.0 || x.is_nan() {
        f32::NAN
    } else if x.to_bits() == 0x7f80_0000 {
        x
    } else if x < 1.5 {
        near
    } else {
        far
    }
}

/// The inverse of the hyperbolic tangent.
#[kernel(math)]
pub fn atanh(x: f32) -> f32 {
    let size = x.abs();
    // (atanh x - x) / x^3 up to 0.5, so that the whole is good to 2^-29.4 (fpminimax).
    let z = size * size;
    let p = 0.118_160_06 + z * (5.161_949e-2 + z * 0.176_356_84);
    let p = 0.333_333_02 + z * (0.200_024_52 + z * (0.142_238_26 + z * p));
    let near = size + size * (z * p);
    let far = 0.5 * ((1.0 + size) / (1.0 - size)).ln();
    let y = if size < 0.5 { near } else { far };
    if size == 1.0 {
        f32::INFINITY.copysign(x)
    } else if size > 1.0 || x.is_nan() {
        f32::NAN
    } else {
        y.copysign(x)
    }
}
