//! Inputs, oracles and the comparison.

use manylane::kernel::LaneElement;
use manylane::prelude::*;
use manylane_testkit::{Random, Setup};
use manylane_transforms::{Complex, Transform, naive, tolerance};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex64;

/// Lengths with small and large factors, around powers of two.
pub const SELECTED: [usize; 11] = [97, 100, 127, 128, 129, 243, 1000, 1024, 1920, 4096, 65_536];

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

/// As it goes to the target.
pub fn on<'p, 'a, I: LaneElement, O: manylane_transforms::Copied>(
    setup: &Setup,
    transform: Transform<'p, 'a, I, O>,
    by_kernels: bool,
) -> Transform<'p, 'a, I, O> {
    let transform = transform.on(setup.target).mapping(setup.mapping);
    let transform = if by_kernels { transform.by_kernels() } else { transform };
    match setup.share {
        Some(share) => transform.gpu_share(share),
        None => transform,
    }
}

/// The transform in double precision, unscaled.
pub fn exact(x: &[[f64; 2]], sign: f64) -> Vec<[f64; 2]> {
    if x.len() <= NAIVE { naive::dft(x, sign) } else { by_rustfft(x, sign) }
}

pub fn exact2(x: &[[f64; 2]], shape: (usize, usize), sign: f64) -> Vec<[f64; 2]> {
    naive::dft2(x, shape, sign)
}

fn by_rustfft(x: &[[f64; 2]], sign: f64) -> Vec<[f64; 2]> {
    let mut z: Vec<Complex64> = x.iter().map(|x| Complex64::new(x[0], x[1])).collect();
    let mut planner = FftPlanner::new();
    let fft = if sign < 0.0 { planner.plan_fft_forward(z.len()) } else { planner.plan_fft_inverse(z.len()) };
    fft.process(&mut z);
    z.iter().map(|z| [z.re, z.im]).collect()
}

/// The row of `n` floats whose half spectrum is `half`, by its definition: two imaginary parts do not count.
pub fn real_inverse(half: &[Complex], n: usize) -> Vec<f64> {
    let mut whole = vec![[0.0; 2]; n];
    for (k, value) in widened(half).into_iter().enumerate() {
        let alone = k == 0 || 2 * k == n;
        whole[k] = if alone { [value[0], 0.0] } else { value };
        if !alone {
            whole[n - k] = [value[0], -value[1]];
        }
    }
    exact(&whole, 1.0).iter().map(|z| z[0] / n as f64).collect()
}

/// The length of the difference over that of what was expected is within the crate's tolerance.
#[track_caller]
pub fn assert_near(what: impl std::fmt::Display, found: &[Complex], wanted: &[[f64; 2]]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let found = widened(found);
    near(what, found.as_flattened(), wanted.as_flattened(), wanted.len());
}

/// As [`assert_near`], of floats.
#[track_caller]
pub fn assert_near_floats(what: impl std::fmt::Display, found: &[f32], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let found: Vec<f64> = found.iter().map(|x| f64::from(*x)).collect();
    near(what, &found, wanted, wanted.len());
}

#[track_caller]
fn near(what: impl std::fmt::Display, found: &[f64], wanted: &[f64], n: usize) {
    let length = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>().sqrt();
    let off = length(&mut found.iter().zip(wanted).map(|(a, b)| a - b));
    let whole = length(&mut wanted.iter().copied());
    let allowed = tolerance(n.max(2));
    if std::env::var_os("MANYLANE_SHOW_ERRORS").is_some() {
        println!("{what}: {:.2} of the tolerance", off / whole / allowed);
    }
    assert!(off <= allowed * whole, "{what}: off by {:.3e} of the whole, {allowed:.3e} are allowed", off / whole);
}
