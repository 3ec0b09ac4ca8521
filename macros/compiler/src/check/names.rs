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
        ["i32", "MAX"] => Some((Lit::Int(i64::from(i32::MAX)), Scalar::I32)),
        ["i32", "MIN"] => Some((Lit::Int(i64::from(i32::MIN)), Scalar::I32)),
        ["u32", "MAX"] => Some((Lit::Int(i64::from(u32::MAX)), Scalar::U32)),
        ["u32", "MIN"] => Some((Lit::Int(0), Scalar::U32)),
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

/// What a function asks of the value that it is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// f32.
    Float,
    /// f32, i32 or u32.
    Number,
}

/// The function of that name and how many arguments it takes beside its receiver.
pub fn function(name: &str) -> Option<(Func, On, usize)> {
    Some(match name {
        "sqrt" => (Func::Sqrt, On::Float, 0),
        "floor" => (Func::Floor, On::Float, 0),
        "ceil" => (Func::Ceil, On::Float, 0),
        "round" => (Func::Round, On::Float, 0),
        "trunc" => (Func::Trunc, On::Float, 0),
        "exp" => (Func::Exp, On::Float, 0),
        "ln" => (Func::Ln, On::Float, 0),
        "copysign" => (Func::Copysign, On::Float, 1),
        "to_bits" => (Func::ToBits, On::Float, 0),
        "is_nan" => (Func::IsNan, On::Float, 0),
        "abs" => (Func::Abs, On::Number, 0),
        "min" => (Func::Min, On::Number, 1),
        "max" => (Func::Max, On::Number, 1),
        "clamp" => (Func::Clamp, On::Number, 2),
        _ => return math(name),
    })
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

fn math(name: &str) -> Option<(Func, On, usize)> {
    let at = MATH.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some((Func::Math(MATH[at].0), On::Float, MATH[at].1))
}

/// All names that can stand after a point, for messages.
pub const METHODS: &str = "sqrt, abs, min, max, clamp, floor, ceil, round, trunc, exp, ln, mul_add, signum, copysign, recip, \
                           to_bits, is_nan, wrapping_add, wrapping_sub, wrapping_mul";
