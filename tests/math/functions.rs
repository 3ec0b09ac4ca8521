//! The functions of the language that the library computes itself: kernels that are one of them, their oracles, and how
//! far they may be off. Shared with the sweep of all inputs, `testkit/examples/ulp.rs`.

use manylane::prelude::*;
use manylane_testkit::oracle;

/// A function of the language.
pub struct Function {
    pub name: &'static str,
    pub form: Form,
    /// The most that it may be off on a CPU, in ULP.
    pub bound: f64,
    /// The texts of the kernel that is this function alone.
    pub shader: fn() -> String,
}

pub type One = fn(&Runtime, Target, &[f32], &mut [f32]) -> manylane::Result<()>;
pub type Two = fn(&Runtime, Target, &[f32], &[f32], &mut [f32]) -> manylane::Result<()>;

/// Launches of it, relaxed and strict, and its oracle.
#[derive(Clone, Copy)]
pub enum Form {
    One([One; 2], fn(f64) -> f64),
    Two([Two; 2], fn(f64, f64) -> f64),
}

macro_rules! functions {
    ($($one:ident = $exact:expr, $bound:literal;)* @two $($two:ident = $exact_two:expr, $bound_two:literal;)*) => {
        mod relaxed {
            use manylane::prelude::*;
            $(#[kernel] pub fn $one(x: f32) -> f32 { x.$one() })*
            $(#[kernel] pub fn $two(x: f32, y: f32) -> f32 { x.$two(y) })*
        }
        mod strict {
            use manylane::prelude::*;
            $(#[kernel(strict)] pub fn $one(x: f32) -> f32 { x.$one() })*
            $(#[kernel(strict)] pub fn $two(x: f32, y: f32) -> f32 { x.$two(y) })*
        }
        /// All of them, by their forms.
        pub const FUNCTIONS: &[Function] = &[
            $(Function {
                name: stringify!($one),
                form: Form::One([
                    |rt, target, x, out| rt.map::<relaxed::$one>((x,)).on(target).run_into(out),
                    |rt, target, x, out| rt.map::<strict::$one>((x,)).on(target).run_into(out),
                ], $exact),
                bound: $bound,
                shader: || manylane::shader_source::<relaxed::$one>(false),
            },)*
            $(Function {
                name: stringify!($two),
                form: Form::Two([
                    |rt, target, x, y, out| rt.map::<relaxed::$two>((x, y)).on(target).run_into(out),
                    |rt, target, x, y, out| rt.map::<strict::$two>((x, y)).on(target).run_into(out),
                ], $exact_two),
                bound: $bound_two,
                shader: || manylane::shader_source::<relaxed::$two>(false),
            },)*
        ];
    };
}

functions! {
    acos = f64::acos, 2.0;
    acosh = f64::acosh, 2.0;
    asin = f64::asin, 2.0;
    asinh = asinh, 2.0;
    atan = f64::atan, 2.0;
    atanh = f64::atanh, 2.0;
    cbrt = f64::cbrt, 2.0;
    cos = f64::cos, 1.0;
    cosh = f64::cosh, 2.0;
    erf = oracle::erf, 2.0;
    erfc = oracle::erfc, 2.0;
    exp = f64::exp, 1.0;
    exp2 = f64::exp2, 1.0;
    exp_m1 = f64::exp_m1, 2.0;
    ln = f64::ln, 1.0;
    ln_1p = f64::ln_1p, 2.0;
    log10 = f64::log10, 2.0;
    log2 = f64::log2, 1.0;
    rsqrt = oracle::rsqrt, 1.0;
    sin = f64::sin, 1.0;
    sinh = f64::sinh, 2.0;
    sqrt = f64::sqrt, 1.0;
    tan = f64::tan, 2.0;
    tanh = f64::tanh, 1.0;
    @two
    atan2 = f64::atan2, 2.0;
    hypot = f64::hypot, 2.0;
    powf = f64::powf, 2.0;
}

/// Small ones by the series: std's loses them.
fn asinh(x: f64) -> f64 {
    if x.abs() < 1e-5 { x * (1.0 - x * x / 6.0) } else { x.asinh() }
}
