//! Inputs, oracles and the comparison.

use manylane::prelude::*;
use manylane_testkit::Random;
use manylane_transforms::{Complex, naive, tolerance};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex64;

/// Up to here the oracle is the sum over everything.
const NAIVE: usize = 1024;

pub fn complexes(random: &mut Random, n: usize) -> Vec<Complex> {
    random.many(n, |r| [r.float(-10.0, 10.0), r.float(-10.0, 10.0)])
}

pub fn floats(random: &mut Random, n: usize) -> Vec<f32> {
    random.many(n, |r| r.float(-10.0, 10.0))
}

pub fn widened(x: &[Complex]) -> Vec<[f64; 2]> {
    x.iter().map(|x| x.map(f64::from)).collect()
}

/// The bits of an array of numbers.
pub fn narrow(x: &Array<Complex>) -> Vec<[u32; 2]> {
    x.read().unwrap().iter().map(|x| x.map(f32::to_bits)).collect()
}

/// The transform in double precision, unscaled.
pub fn exact(x: &[[f64; 2]], sign: f64) -> Vec<[f64; 2]> {
    if x.len() <= NAIVE { naive::dft(x, sign) } else { by_rustfft(x, sign) }
}

fn by_rustfft(x: &[[f64; 2]], sign: f64) -> Vec<[f64; 2]> {
    let mut z: Vec<Complex64> = x.iter().map(|x| Complex64::new(x[0], x[1])).collect();
    let mut planner = FftPlanner::new();
    let fft = if sign < 0.0 { planner.plan_fft_forward(z.len()) } else { planner.plan_fft_inverse(z.len()) };
    fft.process(&mut z);
    z.iter().map(|z| [z.re, z.im]).collect()
}

/// The length of the difference over that of what was expected is within the crate's tolerance.
#[track_caller]
pub fn assert_near(what: impl std::fmt::Display, found: &[Complex], wanted: &[[f64; 2]]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let found = widened(found);
    near(what, found.as_flattened(), wanted.as_flattened(), wanted.len());
}

/// As [`assert_near`], of the parts of `n` numbers.
#[track_caller]
pub fn near(what: impl std::fmt::Display, found: &[f64], wanted: &[f64], n: usize) {
    let length = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>().sqrt();
    let off = length(&mut found.iter().zip(wanted).map(|(a, b)| a - b));
    let whole = length(&mut wanted.iter().copied());
    let allowed = tolerance(n.max(2));
    if std::env::var_os("MANYLANE_SHOW_ERRORS").is_some() {
        println!("{what}: {:.2} of the tolerance", off / whole / allowed);
    }
    assert!(
        off <= allowed * whole,
        "{what}: off by {:.3e} of the whole, {allowed:.3e} are allowed",
        off / whole
    );
}
