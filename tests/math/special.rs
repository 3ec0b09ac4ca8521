//! Values that are exact by definition: zeros with their signs, infinities, NaN, ends of domains, whole powers.

use manylane::prelude::*;
use manylane_testkit::Same;

use crate::both;
use crate::functions::{FUNCTIONS, Form};

const INF: f32 = f32::INFINITY;
const NAN: f32 = f32::NAN;
const PI: f32 = std::f32::consts::PI;
const HALF_PI: f32 = std::f32::consts::FRAC_PI_2;
const TINY: f32 = 1e-45;

/// Function, argument, result.
const ONE: &[(&str, f32, f32)] = &[
    ("sin", 0.0, 0.0),
    ("sin", -0.0, -0.0),
    ("sin", TINY, TINY),
    ("sin", INF, NAN),
    ("cos", 0.0, 1.0),
    ("cos", TINY, 1.0),
    ("cos", -INF, NAN),
    ("tan", -0.0, -0.0),
    ("tan", -TINY, -TINY),
    ("tan", INF, NAN),
    ("asin", -0.0, -0.0),
    ("asin", 1.0, HALF_PI),
    ("asin", 1.000_000_1, NAN),
    ("acos", 1.0, 0.0),
    ("acos", -1.0, PI),
    ("acos", -INF, NAN),
    ("atan", -0.0, -0.0),
    ("atan", TINY, TINY),
    ("atan", INF, HALF_PI),
    ("atan", -INF, -HALF_PI),
    ("sinh", -0.0, -0.0),
    ("sinh", TINY, TINY),
    ("sinh", -INF, -INF),
    ("sinh", 90.0, INF),
    ("cosh", 0.0, 1.0),
    ("cosh", -INF, INF),
    ("tanh", -0.0, -0.0),
    ("tanh", TINY, TINY),
    ("tanh", 20.0, 1.0),
    ("tanh", -INF, -1.0),
    ("asinh", -0.0, -0.0),
    ("asinh", TINY, TINY),
    ("asinh", -INF, -INF),
    ("acosh", 1.0, 0.0),
    ("acosh", 0.999_999_94, NAN),
    ("acosh", INF, INF),
    ("acosh", -INF, NAN),
    ("atanh", -0.0, -0.0),
    ("atanh", 1.0, INF),
    ("atanh", -1.0, -INF),
    ("atanh", 1.5, NAN),
    ("exp2", 10.0, 1024.0),
    ("exp2", -149.0, TINY),
    ("exp2", -151.0, 0.0),
    ("exp2", 127.0, 1.701_411_8e38),
    ("exp2", 128.0, INF),
    ("exp2", INF, INF),
    ("exp2", -INF, 0.0),
    ("exp_m1", -0.0, -0.0),
    ("exp_m1", TINY, TINY),
    ("exp_m1", -INF, -1.0),
    ("exp_m1", INF, INF),
    ("log2", 0.0, -INF),
    ("log2", -0.0, -INF),
    ("log2", -TINY, NAN),
    ("log2", 1.0, 0.0),
    ("log2", 8.0, 3.0),
    ("log2", TINY, -149.0),
    ("log2", INF, INF),
    ("log2", -INF, NAN),
    ("log10", 1.0, 0.0),
    ("log10", 1000.0, 3.0),
    ("log10", -0.0, -INF),
    ("log10", -1.0, NAN),
    ("log10", INF, INF),
    ("ln_1p", -0.0, -0.0),
    ("ln_1p", -TINY, -TINY),
    ("ln_1p", -1.0, -INF),
    ("ln_1p", -1.5, NAN),
    ("ln_1p", INF, INF),
    ("rsqrt", 0.0, INF),
    ("rsqrt", -0.0, -INF),
    ("rsqrt", 4.0, 0.5),
    ("rsqrt", 5.877_472e-39, 1.304_381_8e19),
    ("rsqrt", -1.0, NAN),
    ("rsqrt", INF, 0.0),
    ("cbrt", -0.0, -0.0),
    ("cbrt", -27.0, -3.0),
    ("cbrt", INF, INF),
    ("cbrt", -INF, -INF),
    ("erf", -0.0, -0.0),
    ("erf", INF, 1.0),
    ("erf", -INF, -1.0),
    ("erfc", 0.0, 1.0),
    ("erfc", INF, 0.0),
    ("erfc", -INF, 2.0),
];

/// Function, both arguments, result.
const TWO: &[(&str, f32, f32, f32)] = &[
    ("powf", NAN, 0.0, 1.0),
    ("powf", NAN, -0.0, 1.0),
    ("powf", 1.0, NAN, 1.0),
    ("powf", NAN, 2.0, NAN),
    ("powf", 2.0, NAN, NAN),
    ("powf", 0.0, NAN, NAN),
    ("powf", -1.0, INF, 1.0),
    ("powf", -1.0, -INF, 1.0),
    ("powf", 2.0, 10.0, 1024.0),
    ("powf", -2.0, 3.0, -8.0),
    ("powf", -2.0, -2.0, 0.25),
    ("powf", -2.0, 0.5, NAN),
    ("powf", -2.0, 16_777_217.0, INF),
    ("powf", -1.0, 8_388_609.0, -1.0),
    ("powf", 0.0, 2.5, 0.0),
    ("powf", -0.0, 3.0, -0.0),
    ("powf", -0.0, 2.0, 0.0),
    ("powf", -0.0, 0.5, 0.0),
    ("powf", 0.0, -1.0, INF),
    ("powf", -0.0, -1.0, -INF),
    ("powf", -0.0, -2.0, INF),
    ("powf", -0.0, INF, 0.0),
    ("powf", -0.0, -INF, INF),
    ("powf", 0.5, INF, 0.0),
    ("powf", 0.5, -INF, INF),
    ("powf", -1.5, INF, INF),
    ("powf", -1.5, -INF, 0.0),
    ("powf", INF, 0.5, INF),
    ("powf", INF, -TINY, 0.0),
    ("powf", -INF, 3.0, -INF),
    ("powf", -INF, 2.0, INF),
    ("powf", -INF, 0.5, INF),
    ("powf", -INF, -3.0, -0.0),
    ("powf", -INF, -0.5, 0.0),
    ("powf", 2.0, -149.0, TINY),
    ("powf", TINY, 1.0, TINY),
    ("powf", 1.000_000_1, f32::MAX, INF),
    ("powf", 0.999_999_9, f32::MAX, 0.0),
    ("atan2", 0.0, 1.0, 0.0),
    ("atan2", -0.0, 1.0, -0.0),
    ("atan2", 0.0, -1.0, PI),
    ("atan2", -0.0, -1.0, -PI),
    ("atan2", 0.0, 0.0, 0.0),
    ("atan2", -0.0, 0.0, -0.0),
    ("atan2", 0.0, -0.0, PI),
    ("atan2", -0.0, -0.0, -PI),
    ("atan2", 1.0, 0.0, HALF_PI),
    ("atan2", -1.0, -0.0, -HALF_PI),
    ("atan2", 1.0, INF, 0.0),
    ("atan2", -1.0, INF, -0.0),
    ("atan2", 1.0, -INF, PI),
    ("atan2", INF, 1.0, HALF_PI),
    ("atan2", -INF, -1.0, -HALF_PI),
    ("atan2", INF, INF, 0.25 * PI),
    ("atan2", -INF, -INF, -0.75 * PI),
    ("atan2", NAN, 1.0, NAN),
    ("atan2", 1.0, NAN, NAN),
    ("hypot", 3.0, -4.0, 5.0),
    ("hypot", -0.0, -0.0, 0.0),
    ("hypot", 3e38, 0.0, 3e38),
    ("hypot", TINY, 0.0, TINY),
    ("hypot", INF, NAN, INF),
    ("hypot", NAN, -INF, INF),
    ("hypot", NAN, 1.0, NAN),
];

/// All of them there, relaxed and strict; and NaN of every function of one argument.
pub fn check(runtime: &Runtime, target: Target) {
    for function in FUNCTIONS {
        let mut cases: Vec<(f32, f32, f32)> = match function.form {
            Form::One(..) => {
                ONE.iter().filter(|case| case.0 == function.name).map(|c| (c.1, 0.0, c.2)).collect()
            }
            Form::Two(..) => {
                TWO.iter().filter(|case| case.0 == function.name).map(|c| (c.1, c.2, c.3)).collect()
            }
        };
        if let Form::One(..) = function.form {
            cases.extend([(NAN, 0.0, NAN), (-NAN, 0.0, NAN), (f32::from_bits(0x7f80_0001), 0.0, NAN)]);
        }
        let (x, y): (Vec<f32>, Vec<f32>) = cases.iter().map(|(x, y, _)| (*x, *y)).unzip();
        for found in both(function, runtime, target, &x, &y) {
            for ((x, y, wanted), found) in cases.iter().zip(found) {
                // The angle of two infinities is a sum that may be rounded.
                let rounded = function.name == "atan2" && wanted.is_normal() && found.steps(*wanted) <= 1;
                assert!(
                    found.same(*wanted) || rounded,
                    "{} of {x:e} ({y:e}) on {} is {found:e}, not {wanted:e}",
                    function.name,
                    runtime.level()
                );
            }
        }
    }
}
