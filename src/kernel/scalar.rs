//! The meaning of the kernel language on plain scalars: what uniform code calls.
//!
//! The same operations stand in `lanes/scalar.rs` for one lane; both are one definition, [`Scalar`]'s.

use crate::lanes::{Lanes, Scalar};

macro_rules! forward {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $out:ty = $op:ident;)*) => {
        $(
            $(#[$doc])*
            #[inline(always)]
            pub fn $name($($arg: $type),*) -> $out {
                Scalar.$op($($arg as _),*) as $out
            }
        )*
    };
}

forward! {
    /// `a / b`; by 0 it is `a`.
    div_i32(a: i32, b: i32) -> i32 = i_div_s;
    /// `a / b`; by 0 it is `a`.
    div_u32(a: u32, b: u32) -> u32 = i_div_u;
    /// `a % b`; by 0 it is 0.
    rem_i32(a: i32, b: i32) -> i32 = i_rem_s;
    /// `a % b`; by 0 it is 0.
    rem_u32(a: u32, b: u32) -> u32 = i_rem_u;
    /// `a << n`, `n` mod 32.
    shl_i32(a: i32, n: u32) -> i32 = i_shl;
    /// `a << n`, `n` mod 32.
    shl_u32(a: u32, n: u32) -> u32 = i_shl;
    /// `a >> n` with the sign, `n` mod 32.
    shr_i32(a: i32, n: u32) -> i32 = i_shr_s;
    /// `a >> n`, `n` mod 32.
    shr_u32(a: u32, n: u32) -> u32 = i_shr_u;
    /// The upper half of the whole product.
    mul_hi_i32(a: i32, b: i32) -> i32 = i_mul_hi_s;
    /// The upper half of the whole product.
    mul_hi_u32(a: u32, b: u32) -> u32 = i_mul_hi_u;
    /// The smaller; ignores one NaN, and -0.0 is less than 0.0.
    min_f32(a: f32, b: f32) -> f32 = f_min;
    /// The larger; ignores one NaN, and -0.0 is less than 0.0.
    max_f32(a: f32, b: f32) -> f32 = f_max;
    /// To the nearest whole number, half away from zero.
    round_f32(a: f32) -> f32 = f_round;
    /// `a / b`; by 0 it is `a`.
    div_i64(a: i64, b: i64) -> i64 = q_div_s;
    /// `a / b`; by 0 it is `a`.
    div_u64(a: u64, b: u64) -> u64 = q_div_u;
    /// `a % b`; by 0 it is 0.
    rem_i64(a: i64, b: i64) -> i64 = q_rem_s;
    /// `a % b`; by 0 it is 0.
    rem_u64(a: u64, b: u64) -> u64 = q_rem_u;
    /// `a << n`, `n` mod 64.
    shl_i64(a: i64, n: u32) -> i64 = q_shl;
    /// `a << n`, `n` mod 64.
    shl_u64(a: u64, n: u32) -> u64 = q_shl;
    /// `a >> n` with the sign, `n` mod 64.
    shr_i64(a: i64, n: u32) -> i64 = q_shr_s;
    /// `a >> n`, `n` mod 64.
    shr_u64(a: u64, n: u32) -> u64 = q_shr_u;
    /// The upper half of the whole product.
    mul_hi_i64(a: i64, b: i64) -> i64 = q_mul_hi_s;
    /// The upper half of the whole product.
    mul_hi_u64(a: u64, b: u64) -> u64 = q_mul_hi_u;
    /// The smaller; ignores one NaN, and -0.0 is less than 0.0.
    min_f64(a: f64, b: f64) -> f64 = d_min;
    /// The larger; ignores one NaN, and -0.0 is less than 0.0.
    max_f64(a: f64, b: f64) -> f64 = d_max;
    /// To the nearest whole number, half away from zero.
    round_f64(a: f64) -> f64 = d_round;
}

macro_rules! clamp {
    ($name:ident, $float:ty) => {
        /// `x` between `lo` and `hi`; NaN stays NaN, and `hi` wins where it is below `lo`.
        #[inline(always)]
        pub fn $name(x: $float, lo: $float, hi: $float) -> $float {
            let x = if x < lo { lo } else { x };
            if x > hi { hi } else { x }
        }
    };
}
clamp!(clamp_f32, f32);
clamp!(clamp_f64, f64);
