//! Powers, roots and logarithms to other bases.

use manylane_macros::kernel;

use super::Steps;

/// `y * 2^n` for whole `n` in -252..=254, subnormal results rounded once where `y` is about 1.
#[kernel(math)]
pub fn times_power(y: f32, n: f32) -> f32 {
    let whole = (n + 12_582_912.0).to_bits() as i32 - 0x4b40_0000;
    let half = whole >> 1;
    let first = f32::from_bits(((half + 127) << 23) as u32);
    let second = f32::from_bits(((whole - half + 127) << 23) as u32);
    let product = y * first;
    product * second
}

/// 2^x: 2^n 2^f, where n is whole and f in ±0.5.
#[kernel(math)]
pub fn exp2(x: f32) -> f32 {
    let near = x.clamp(-152.0, 129.0);
    let shifted = near + 12_582_912.0;
    let n = shifted - 12_582_912.0;
    let f = near - n;
    // (2^f - 1) / f, so that the whole is good to 2^-28 (fpminimax).
    let p = 5.550_358_4e-2 + f * (9.618_829e-3 + f * (1.339_148_03e-3 + f * 1.524_344_8e-4));
    let main = f * 0.693_147_2;
    let more = f * f * (0.240_226_45 + f * p);
    let sum = 1.0 + main;
    let lost = (1.0 - sum) + main;
    (sum + (lost + more)).times_power(n)
}

/// A logarithm: n log 2 + log(1 + f), where x = 2^n (1 + f) and 1 + f is from 2/3 to 4/3.
macro_rules! logarithm {
    (
        $(#[$meta:meta])*
        $name:ident, $slope:literal + $slope_rest:literal,
        |$n:ident, $f:ident| ($whole:expr, $fraction:expr, $p:expr)
    ) => {
        $(#[$meta])*
        #[kernel(math)]
        pub fn $name(x: f32) -> f32 {
            // Whatever is not a normal positive float.
            let odd = x.to_bits().wrapping_sub(0x0080_0000) >= 0x7f00_0000;
            let mut normal = x;
            let mut down = 0.0;
            if odd {
                normal = x * 16_777_216.0;
                down = 24.0;
            }
            let power = (normal.to_bits() as i32 - 0x3f2a_aaab) >> 23;
            let $n = power as f32 - down;
            let $f = f32::from_bits(normal.to_bits().wrapping_sub((power << 23) as u32)) - 1.0;
            // The slope has 12 bits, and so has the top of f: their product is exact, as is that of n.
            let top = f32::from_bits($f.to_bits() & 0xffff_f000);
            let main = top * $slope;
            let whole = $whole;
            let sum = whole + main;
            let lost = (main - (sum - whole)) + $fraction;
            let rest = ($f - top) * $slope + ($f * $slope_rest + lost);
            let mut y = sum + ($f * $f * $p + rest);
            if odd {
                let bits = x.to_bits();
                if (bits & 0x7fff_ffff) == 0 {
                    y = f32::NEG_INFINITY;
                } else if bits == 0x7f80_0000 {
                    y = x;
                } else if bits > 0x7f80_0000 {
                    y = f32::NAN;
                }
            }
            y
        }
    };
}

logarithm! {
    /// The logarithm to base 2.
    log2, 1.442_871_1 + -1.760_528_5e-4,
    // (log2(1 + f) - f / ln 2) / f^2, so that the whole is good to 2^-27.5 (fpminimax).
    |n, f| (n, 0.0, -0.721_347_5 + f * (0.480_896_53 + f * (-0.360_672_06 + f * (0.288_694_62 + f * (-0.240_610_2
        + f * (0.201_986_34 + f * (-0.176_227_69 + f * (0.202_079_31 + f * -0.184_253_99))))))))
}

logarithm! {
    /// The logarithm to base 10.
    log10, 0.434_326_17 + -3.168_997e-5,
    // (log10(1 + f) - f / ln 10) / f^2, so that the whole is good to 2^-27.7 (fpminimax).
    |n, f| (n * 0.301_033_02, n * -3.024_355_5e-6, -0.217_147_25 + f * (0.144_764_29 + f * (-0.108_572_416
        + f * (8.690_537e-2 + f * (-7.244_962e-2 + f * (6.080_912_4e-2 + f * (-5.284_973_6e-2
        + f * (6.080_945_6e-2 + f * -5.620_321_3e-2))))))))
}

/// 1 / √x, which is -∞ at -0.0.
#[kernel(math)]
pub fn rsqrt(x: f32) -> f32 {
    // Small ones are moved up, so that what the root leaves is not subnormal.
    let small = x < 8.673_617e-19;
    let scaled = if small { x * 1.844_674_4e19 } else { x };
    let root = scaled.sqrt();
    let y = 1.0 / root;
    // What the root and the quotient leave, by halves of 12 bits.
    let (root_top, y_top) =
        (f32::from_bits(root.to_bits() & 0xffff_f000), f32::from_bits(y.to_bits() & 0xffff_f000));
    let (root_rest, y_rest) = (root - root_top, y - y_top);
    let left = ((scaled - root_top * root_top) - 2.0 * root_top * root_rest) - root_rest * root_rest;
    let short = ((1.0 - y_top * root_top) - y_top * root_rest) - y_rest * root;
    let more = short - 0.5 * left * y * y;
    let good = y + y * more;
    let good = if small { good * 4.294_967_3e9 } else { good };
    // Where x is zero or infinite, there is nothing to improve.
    if (x.to_bits() & 0x7fff_ffff) == 0 {
        f32::from_bits(x.to_bits() | 0x7f80_0000)
    } else if x.to_bits() == 0x7f80_0000 {
        0.0
    } else if x.to_bits() > 0x7f80_0000 {
        f32::NAN
    } else {
        good
    }
}

/// The cube root.
#[kernel(math)]
pub fn cbrt(x: f32) -> f32 {
    let size = x.abs();
    let (small, large) = (size < 8.673_617e-19, size > 1.152_921_5e18);
    let a = if small {
        size * 7.922_816_3e28
    } else if large {
        size * 1.262_177_4e-29
    } else {
        size
    };
    // A third of the exponent, to 3.5 %; two steps of Halley's.
    let t = f32::from_bits((a.to_bits() as f32 * 0.333_333_34) as u32 + 709_958_130);
    let cube = t * t * t;
    let t = t - t * ((cube - a) / (2.0 * cube + a));
    let cube = t * t * t;
    let t = t - t * ((cube - a) / (2.0 * cube + a));
    // One of Newton's, with what the cube leaves taken by halves of 12 bits.
    let top = f32::from_bits(t.to_bits() & 0xffff_f000);
    let rest = t - top;
    let square = top * top;
    let square_rest = rest * (top + t);
    let sum = square + square_rest;
    let sum_top = f32::from_bits(sum.to_bits() & 0xffff_f000);
    let sum_rest = (square - sum_top) + square_rest;
    let left = ((a - sum_top * top) - sum_top * rest) - sum_rest * t;
    let y = t + left / (3.0 * sum);
    let y = if small {
        y * 2.328_306_4e-10
    } else if large {
        y * 4.294_967_3e9
    } else {
        y
    };
    let odd = size == 0.0 || size.to_bits() >= 0x7f80_0000;
    if odd { x + x } else { y.copysign(x) }
}

/// √(x² + y²) without overflow on the way; infinite where either is.
#[kernel(math)]
pub fn hypot(x: f32, y: f32) -> f32 {
    let (a, b) = (x.abs(), y.abs());
    let (large, small) = (a.max(b), a.min(b));
    let (down, up) = if large > 1.152_921_5e18 {
        (8.077_935_7e-28, 1.237_940_04e27)
    } else if large < 8.673_617e-19 {
        (1.237_940_04e27, 8.077_935_7e-28)
    } else {
        (1.0, 1.0)
    };
    let (p, q) = (large * down, small * down);
    let root = (p * p + q * q).sqrt() * up;
    if a.to_bits() == 0x7f80_0000 || b.to_bits() == 0x7f80_0000 {
        f32::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f32::NAN
    } else {
        root
    }
}

/// x^y: 2^(y log2 |x|), the logarithm and the product in two parts; the sign and the ends as C has them.
#[kernel(math)]
pub fn powf(x: f32, y: f32) -> f32 {
    let size = x.abs();
    let mut normal = size;
    let mut down = 0.0;
    if size.to_bits() < 0x0080_0000 {
        normal = size * 16_777_216.0;
        down = 24.0;
    }
    // |x| = 2^n m, m from √½ to √2; log2 m = 2/ln 2 (s + s^3/3 + …), where s = (m - 1) / (m + 1).
    let power = (normal.to_bits() as i32 - 0x3f35_04f3) >> 23;
    let n = power as f32 - down;
    let m = f32::from_bits(normal.to_bits().wrapping_sub((power << 23) as u32));
    let f = m - 1.0;
    let d = m + 1.0;
    let d_top = f32::from_bits(d.to_bits() & 0xffff_f000);
    let d_rest = m - (d_top - 1.0);
    let inverse = 1.0 / d;
    let s = f * inverse;
    let s_top = f32::from_bits(s.to_bits() & 0xffff_f000);
    let s_rest = ((f - s_top * d_top) - s_top * d_rest) * inverse;
    // t = s^2, and w = t/3 + t^2/5 + …, to 2^-43 of the whole (fpminimax), in halves of 12 bits.
    let square = s_top * s_top;
    let square_rest = s_rest * (2.0 * s_top + s_rest);
    let t = square + square_rest;
    let p = t * (0.199_999_99 + t * (0.142_859_79 + t * (0.110_905_31 + t * 9.763_887_5e-2)));
    let v = 0.333_333_34 + p;
    let v_top = f32::from_bits(v.to_bits() & 0xffff_f000);
    let v_rest = ((0.333_333_34 - v_top) + p) - 9.934_108e-9;
    let t_top = f32::from_bits(t.to_bits() & 0xffff_f000);
    let t_rest = (square - t_top) + square_rest;
    let w_main = t_top * v_top;
    let w_more = t_top * v_rest + t_rest * v;
    let w = w_main + w_more;
    let w_top = f32::from_bits(w.to_bits() & 0xffff_f000);
    let w_rest = (w_main - w_top) + w_more;
    // s (1 + w), times 2/ln 2.
    let more = s_top * w_top;
    let sum = s_top + more;
    let sum_rest = (more - (sum - s_top)) + (s_rest + (s_top * w_rest + s_rest * w));
    let sum_top = f32::from_bits(sum.to_bits() & 0xffff_f000);
    let sum_rest = (sum - sum_top) + sum_rest;
    let main = sum_top * 2.885_742_2;
    let log = n + main;
    let log_rest = (main - (log - n)) + (sum_top * -3.521_057e-4 + sum_rest * 2.885_39);
    // Beyond 2^33 a power of anything but 1 is 0 or infinite.
    let times = y.clamp(-8.589_934_6e9, 8.589_934_6e9);
    let times_top = f32::from_bits(times.to_bits() & 0xffff_f000);
    let whole = log + log_rest;
    let log_top = f32::from_bits(whole.to_bits() & 0xffff_f000);
    let log_rest = (log - log_top) + log_rest;
    let main = times_top * log_top;
    let rest = times_top * log_rest + (times - times_top) * whole;
    let exponent = (main + rest).clamp(-200.0, 200.0);
    let k = (exponent + 12_582_912.0) - 12_582_912.0;
    let inside = exponent.abs() < 200.0;
    let g = if inside { (main - k) + rest } else { 0.0 };
    let p = 9.618_829e-3 + g * (1.339_148_03e-3 + g * 1.524_344_8e-4);
    let p = 0.693_147_2 + g * (0.240_226_45 + g * (5.550_358_4e-2 + g * p));
    let mut result = (1.0 + g * p).times_power(k);

    let (x_bits, y_bits) = (size.to_bits(), y.to_bits() & 0x7fff_ffff);
    let negative = (x.to_bits() >> 31) != 0;
    if negative || x_bits == 0 || x_bits >= 0x7f80_0000 || y_bits >= 0x7f80_0000 {
        // Large floats are whole, and from 2^24 on even.
        let whole = y.abs() >= 8_388_608.0 || y.trunc() == y;
        let odd = whole && y.abs() < 16_777_216.0 && (y.abs() as u32 & 1) == 1;
        let up = (y.to_bits() >> 31) == 0;
        if x_bits == 0 || x_bits == 0x7f80_0000 {
            result = if (x_bits == 0) == up { 0.0 } else { f32::INFINITY };
        } else if negative && !whole {
            result = f32::NAN;
        }
        if negative && odd {
            result = -result;
        }
        if x_bits > 0x7f80_0000 || y_bits > 0x7f80_0000 {
            result = f32::NAN;
        }
    }
    if y_bits == 0 || x.to_bits() == 0x3f80_0000 { 1.0 } else { result }
}
