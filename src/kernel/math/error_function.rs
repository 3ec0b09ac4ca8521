//! The error function and its complement.

use manylane_macros::kernel;

use super::Steps;

/// erf x / x - 1 up to 0.9, by the square of x, so that the whole is good to 2^-30 (fpminimax).
#[kernel(math)]
pub fn erf_rest(z: f32) -> f32 {
    let p = -2.685_902_3e-2 + z * (5.200_722e-3 + z * (-8.144_158e-4 + z * 8.392_268_5e-5));
    0.128_379_17 + z * (-0.376_126_32 + z * (0.112_836_815 + z * p))
}

/// The error function: 2/√π times the integral of e^(-t²) from 0 to x.
#[kernel(math)]
pub fn erf(x: f32) -> f32 {
    let size = x.abs();
    let near = size + size * (size * size).erf_rest();
    // -ln(erfc x) from 0.85 to 4, so that erfc is good to 2^-28.3.
    let a = size.min(4.0);
    let p = 4.725_457e-3 + a * (-5.896_509_4e-4 + a * (4.522_431e-5 + a * -1.595_701_7e-6));
    let p = 0.632_018_4 + a * (0.109_902_68 + a * (-2.632_229_4e-2 + a * p));
    let p = -2.911_868_2e-4 + a * (1.130_118_5 + a * p);
    let far = 1.0 - (-p).exp();
    let y = if size < 0.875 { near } else { far };
    if x.is_nan() { x } else { y.copysign(x) }
}

/// 1 - erf x, good where it is small: e^(-x²) h / (1 + 2x).
#[kernel(math)]
pub fn erfc(x: f32) -> f32 {
    let a = x.clamp(0.5, 10.5);
    // e^(x²) (1 + 2x) erfc x from 0.5 to 10.1, by t, to 2^-26.6 (fpminimax).
    let t = (a - 2.0) / (a + 2.0);
    let p = 8.673_2e-3 + t * (1.134_511_9e-3 + t * (-1.282_515_8e-3 + t * -2.094_349_5e-4));
    let p = 0.164_048_49 + t * (-5.421_515e-2 + t * (-8.002_773e-3 + t * p));
    let slope = t * (-9.276_376e-2 + t * (-0.166_030_42 + t * p));
    let h = 1.276_978_4 + slope;
    let h_rest = slope - (h - 1.276_978_4);
    // The quotient, and what it leaves, by halves of 12 bits.
    let d = 1.0 + 2.0 * a;
    let d_rest = 2.0 * a - (d - 1.0);
    let q = h / d;
    let (q_top, d_top) =
        (f32::from_bits(q.to_bits() & 0xffff_f000), f32::from_bits(d.to_bits() & 0xffff_f000));
    let left = ((h - q_top * d_top) - q_top * (d - d_top)) - (q - q_top) * d;
    let q_rest = (left + (h_rest - q * d_rest)) / d;
    // x² in two parts, and -x² = n ln 2 + r.
    let top = f32::from_bits(a.to_bits() & 0xffff_f000);
    let square = top * top;
    let square_rest = (a - top) * (a + top);
    let n = (a * a * -std::f32::consts::LOG2_E + 12_582_912.0) - 12_582_912.0;
    let near = -square - n * 0.693_145_75;
    let less = n * 1.428_606_8e-6 + square_rest;
    let r = near - less;
    let r_rest = (near - r) - less;
    // e^r = 1 + r + r^2 p in two parts, times the quotient.
    let p = 0.499_999_9 + r * (0.166_665_21 + r * (4.166_896_3e-2 + r * (8.368_669e-3 + r * 1.378_245_8e-3)));
    let e = 1.0 + r;
    let e_rest = ((1.0 - e) + r) + (r * r * p + r_rest);
    let e_top = f32::from_bits(e.to_bits() & 0xffff_f000);
    let main = q_top * e_top;
    let rest = (q * e_rest + q_rest * e) + (q_top * (e - e_top) + (q - q_top) * e);
    let far = (main + rest).times_power(n);
    let near = (1.0 - x) - x * (x * x).erf_rest();
    let y = if x > 0.5 {
        far
    } else if x > -0.75 {
        near
    } else {
        1.0 - x.erf()
    };
    if x.is_nan() { x } else { y }
}
