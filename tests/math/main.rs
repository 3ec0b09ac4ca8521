//! The library's own functions on every SIMD level and on a GPU: errors against double precision, special values, the
//! same bits where strict, valid WGSL.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod functions;
mod special;

use functions::{FUNCTIONS, Form, Function};
use manylane::prelude::*;
use manylane_testkit::oracle::error_in_ulps;
use manylane_testkit::{Random, Same, gpu_is_required, targets, values};

/// Results of both kernels over the places of `x` and `y`, relaxed first.
fn both(function: &Function, runtime: &Runtime, target: Target, x: &[f32], y: &[f32]) -> [Vec<f32>; 2] {
    [0, 1].map(|strict| {
        let mut out = vec![0.0; x.len()];
        match function.form {
            Form::One(launch, _) => launch[strict](runtime, target, x, &mut out),
            Form::Two(launch, _) => launch[strict](runtime, target, x, y, &mut out),
        }
        .unwrap_or_else(|error| panic!("{} on {target}: {error}", function.name));
        out
    })
}

fn exact(function: &Function, x: f32, y: f32) -> f64 {
    match function.form {
        Form::One(_, exact) => exact(f64::from(x)),
        Form::Two(_, exact) => exact(f64::from(x), f64::from(y)),
    }
}

/// Of every exponent equally many, then nasty ones and their neighbours; for the second argument in another order.
fn inputs() -> (Vec<f32>, Vec<f32>) {
    let mut x: Vec<f32> = (0..=u32::MAX).step_by(32_749).map(f32::from_bits).collect();
    for nasty in values::NASTY_F32 {
        x.extend((-3..=3).map(|way: i32| f32::from_bits(nasty.to_bits().wrapping_add_signed(way))));
    }
    let mut random = Random::new("math");
    x.extend(random.many(20_000, |random| random.float(-12.0, 12.0)));
    let y = random.many(x.len(), |random| {
        let place = random.below(x.len());
        if random.below(2) == 0 { x[place] } else { random.float(-30.0, 30.0) }
    });
    (x, y)
}

fn on_level(level: Level) -> Runtime {
    Runtime::builder().level(level).threads(1).build().expect("this machine has the level")
}

#[test]
fn errors_are_within_their_bounds_on_every_level() {
    let (x, y) = inputs();
    let runtimes: Vec<Runtime> = Level::available().into_iter().map(on_level).collect();
    for function in FUNCTIONS {
        let exact: Vec<f64> = x.iter().zip(&y).map(|(x, y)| exact(function, *x, *y)).collect();
        let mut bits: Option<Vec<f32>> = None;
        for runtime in &runtimes {
            let [relaxed, strict] = both(function, runtime, Target::Simd, &x, &y);
            for found in [&relaxed, &strict] {
                for (i, (found, exact)) in found.iter().zip(&exact).enumerate() {
                    let error = error_in_ulps(*found, *exact);
                    assert!(
                        error <= function.bound,
                        "{} of {:e} ({:e}) on {} is {found:e}, {error:.2} ULP from {exact:e}",
                        function.name,
                        x[i],
                        y[i],
                        runtime.level()
                    );
                }
            }
            let same = bits.get_or_insert_with(|| strict.clone());
            let differ = (0..x.len()).find(|i| !same[*i].same(strict[*i]));
            let at = differ.map(|i| (x[i], y[i]));
            assert_eq!(at, None, "{} has other strict bits on {}", function.name, runtime.level());
        }
    }
}

#[test]
fn special_values_on_every_level() {
    for level in Level::available() {
        special::check(&on_level(level), Target::Simd);
    }
}

#[test]
fn a_gpu_computes_them_too() {
    let setups = targets();
    let setup = setups.iter().find(|setup| setup.name == "gpu:0").expect("the matrix has a first GPU");
    if let Some(why) = setup.missing() {
        assert!(!gpu_is_required(), "{why}");
        return println!("skipped: {why}");
    }
    let (x, y) = inputs();
    for function in FUNCTIONS {
        let bound = if function.name == "powf" { 16.0 } else { 4.0 };
        let [relaxed, strict] = both(function, setup.runtime(), setup.target, &x, &y);
        for (i, found) in relaxed.iter().enumerate() {
            let exact = exact(function, x[i], y[i]);
            // A GPU may flush what is subnormal, on its way in and out.
            let small = |x: f64| x != 0.0 && x.abs() < f64::from(2.0 * f32::MIN_POSITIVE);
            if setup.own_floats() && (small(f64::from(x[i])) || small(f64::from(y[i])) || small(exact)) {
                continue;
            }
            let error = error_in_ulps(*found, exact);
            assert!(
                error <= bound,
                "{} of {:e} ({:e}) is {found:e}, {error:.2} ULP from {exact:e}",
                function.name,
                x[i],
                y[i]
            );
            assert!(
                found.same(strict[i]),
                "{} of {:e}: relaxed and strict are one text",
                function.name,
                x[i]
            );
        }
    }
}

#[test]
fn texts_are_valid() {
    for function in FUNCTIONS {
        let text = (function.shader)();
        let module = naga::front::wgsl::parse_str(&text)
            .unwrap_or_else(|error| panic!("{}: {}", function.name, error.emit_to_string(&text)));
        naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|error| panic!("{}: {}", function.name, error.emit_to_string(&text)));
    }
}

#[test]
fn plain_calls_mean_what_kernels_mean() {
    for x in [0.25f32, 3.0, 1e-40] {
        assert_eq!(x.rsqrt(), manylane::kernel::math::rsqrt(x));
        assert_eq!(MathExt::erf(x), manylane::kernel::math::erf(x));
        assert_eq!(MathExt::erfc(x), manylane::kernel::math::erfc(x));
    }
}
