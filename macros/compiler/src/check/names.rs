//! The names that the language knows beside the user's own: constants of the number types, and functions.

use crate::ir::{Func, Lit};
use crate::types::Scalar;

/// What `f32::MAX`, `std::f32::consts::PI` and the like stand for.
pub fn constant(path: &syn::Path) -> Option<(Lit, Scalar)> {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let float = |x: f32| Some((Lit::Float(x), Scalar::F32));
    match names[..] {
        ["f32", name] => match name {
            "MAX" => float(f32::MAX),
            "MIN" => float(f32::MIN),
            "MIN_POSITIVE" => float(f32::MIN_POSITIVE),
            "EPSILON" => float(f32::EPSILON),
            "INFINITY" => float(f32::INFINITY),
            "NEG_INFINITY" => float(f32::NEG_INFINITY),
            "NAN" => float(f32::from_bits(0x7fc0_0000)),
            _ => None,
        },
        ["i32", "MAX"] => Some((Lit::Int(i128::from(i32::MAX)), Scalar::I32)),
        ["i32", "MIN"] => Some((Lit::Int(i128::from(i32::MIN)), Scalar::I32)),
        ["u32", "MAX"] => Some((Lit::Int(i128::from(u32::MAX)), Scalar::U32)),
        ["u32", "MIN"] => Some((Lit::Int(0), Scalar::U32)),
        ["i64", "MAX"] => Some((Lit::Int(i128::from(i64::MAX)), Scalar::I64)),
        ["i64", "MIN"] => Some((Lit::Int(i128::from(i64::MIN)), Scalar::I64)),
        ["u64", "MAX"] => Some((Lit::Int(i128::from(u64::MAX)), Scalar::U64)),
        ["u64", "MIN"] => Some((Lit::Int(0), Scalar::U64)),
        ["i64" | "u64", "BITS"] => Some((Lit::Int(64), Scalar::U32)),
        ["f64", name] => double(name).map(|x| (Lit::Double(x), Scalar::F64)),
        ["i8", "MAX"] => Some((Lit::Int(127), Scalar::I8)),
        ["i8", "MIN"] => Some((Lit::Int(-128), Scalar::I8)),
        ["u16", "MAX"] => Some((Lit::Int(65535), Scalar::U16)),
        ["u16", "MIN"] => Some((Lit::Int(0), Scalar::U16)),
        ["i16", "MAX"] => Some((Lit::Int(32767), Scalar::I16)),
        ["i16", "MIN"] => Some((Lit::Int(-32768), Scalar::I16)),
        ["i32" | "u32", "BITS"] => Some((Lit::Int(32), Scalar::U32)),
        ["u8", "MAX"] => Some((Lit::Int(255), Scalar::U8)),
        ["u8", "MIN"] => Some((Lit::Int(0), Scalar::U8)),
        ["std" | "core", "f32", "consts", name] | ["f32", "consts", name] => {
            use std::f32::consts as c;
            match name {
                "PI" => float(c::PI),
                "TAU" => float(c::TAU),
                "E" => float(c::E),
                "FRAC_PI_2" => float(c::FRAC_PI_2),
                "FRAC_PI_3" => float(c::FRAC_PI_3),
                "FRAC_PI_4" => float(c::FRAC_PI_4),
                "FRAC_1_PI" => float(c::FRAC_1_PI),
                "FRAC_2_PI" => float(c::FRAC_2_PI),
                "FRAC_2_SQRT_PI" => float(c::FRAC_2_SQRT_PI),
                "FRAC_1_SQRT_2" => float(c::FRAC_1_SQRT_2),
                "SQRT_2" => float(c::SQRT_2),
                "LN_2" => float(c::LN_2),
                "LN_10" => float(c::LN_10),
                "LOG2_E" => float(c::LOG2_E),
                "LOG10_E" => float(c::LOG10_E),
                _ => None,
            }
        }
        _ => None,
    }
}

fn double(name: &str) -> Option<f64> {
    Some(match name {
        "MAX" => f64::MAX,
        "MIN" => f64::MIN,
        "MIN_POSITIVE" => f64::MIN_POSITIVE,
        "EPSILON" => f64::EPSILON,
        "INFINITY" => f64::INFINITY,
        "NEG_INFINITY" => f64::NEG_INFINITY,
        "NAN" => f64::from_bits(0x7ff8_0000_0000_0000),
        _ => return None,
    })
}

/// What a function asks of the value that it is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// f32: the functions that are approximated.
    Single,
    /// f32 or f64.
    Float,
    /// An integer.
    Int,
    /// A float or an integer.
    Number,
}

/// What it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// The type that it is called on.
    Same,
    Bool,
    /// `u32`.
    Count,
    /// The unsigned integer of the same width.
    Bits,
}

/// The function of that name and how many arguments of its receiver's type it takes beside that.
pub fn function(name: &str) -> Option<(Func, On, usize, Gives)> {
    let (func, on, takes) = match name {
        "sqrt" => (Func::Sqrt, On::Float, 0),
        "floor" => (Func::Floor, On::Float, 0),
        "ceil" => (Func::Ceil, On::Float, 0),
        "round" => (Func::Round, On::Float, 0),
        "round_ties_even" => (Func::RoundTiesEven, On::Float, 0),
        "trunc" => (Func::Trunc, On::Float, 0),
        "exp" => (Func::Exp, On::Single, 0),
        "ln" => (Func::Ln, On::Single, 0),
        "copysign" => (Func::Copysign, On::Float, 1),
        "to_bits" => return Some((Func::ToBits, On::Float, 0, Gives::Bits)),
        "is_nan" => return Some((Func::IsNan, On::Float, 0, Gives::Bool)),
        "abs" | "wrapping_abs" => (Func::Abs, On::Number, 0),
        "min" => (Func::Min, On::Number, 1),
        "max" => (Func::Max, On::Number, 1),
        "clamp" => (Func::Clamp, On::Number, 2),
        "count_ones" => return Some((Func::CountOnes, On::Int, 0, Gives::Count)),
        "leading_zeros" => return Some((Func::LeadingZeros, On::Int, 0, Gives::Count)),
        "trailing_zeros" => return Some((Func::TrailingZeros, On::Int, 0, Gives::Count)),
        "swap_bytes" => (Func::SwapBytes, On::Int, 0),
        "reverse_bits" => (Func::ReverseBits, On::Int, 0),
        "mul_hi" => (Func::MulHi, On::Int, 1),
        _ => {
            let at = MATH.binary_search_by_key(&name, |(name, _)| name).ok()?;
            (Func::Math(MATH[at].0), On::Single, MATH[at].1)
        }
    };
    Some((func, on, takes, Gives::Same))
}

/// The functions that are kernels of the library (`kernel::math`) and the number of their arguments beside the receiver.
///
/// Some are steps that those share; a user's kernel cannot call them, because rustc finds no such method.
const MATH: &[(&str, usize)] = &[
    ("acos", 0),
    ("acosh", 0),
    ("asin", 0),
    ("asin_rest", 0),
    ("asinh", 0),
    ("atan", 0),
    ("atan2", 1),
    ("atan_rest", 0),
    ("atanh", 0),
    ("cbrt", 0),
    ("cos", 0),
    ("cosh", 0),
    ("cosh_size", 0),
    ("erf", 0),
    ("erf_rest", 0),
    ("erfc", 0),
    ("exp2", 0),
    ("exp_m1", 0),
    ("hypot", 1),
    ("ln_1p", 0),
    ("ln_of_sum", 1),
    ("ln_with_root", 1),
    ("log10", 0),
    ("log2", 0),
    ("powf", 1),
    ("rsqrt", 0),
    ("sin", 0),
    ("sinh", 0),
    ("sinh_size", 0),
    ("tan", 0),
    ("tanh", 0),
    ("times_power", 1),
];

/// What can stand after a float and a point, for messages.
pub const FLOATS: &str = "sqrt, rsqrt, cbrt, abs, min, max, clamp, floor, ceil, round, trunc, fract, mul_add, recip, signum, \
                          copysign, powf, powi, exp, exp2, exp_m1, ln, ln_1p, log2, log10, sin, cos, sin_cos, tan, asin, \
                          acos, atan, atan2, sinh, cosh, tanh, asinh, acosh, atanh, hypot, erf, erfc, to_degrees, \
                          to_radians, to_bits, is_nan, is_infinite, is_finite, is_sign_negative, is_sign_positive";

/// What can stand after an integer and a point, for messages.
pub const INTEGERS: &str = "abs, min, max, clamp, pow, abs_diff, unsigned_abs, rem_euclid, signum, is_positive, \
                            is_negative, count_ones, count_zeros, leading_zeros, trailing_zeros, rotate_left, \
                            rotate_right, swap_bytes, reverse_bits, mul_hi, wrapping_add, wrapping_sub, wrapping_mul, \
                            wrapping_div, wrapping_rem, wrapping_neg, wrapping_abs, wrapping_shl, wrapping_shr";
