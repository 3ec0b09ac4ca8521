//! What the kernels look up for one length: roots of unity and chirps, computed in double precision, once.

use std::f64::consts::{PI, TAU};

use manylane::prelude::*;
use manylane::{Error, ErrorKind, Result};
use num_complex::Complex64;

use crate::Complex;
use crate::radices::radices;

/// How the kernels transform one length.
pub(crate) enum Tables {
    /// By a pass for each factor.
    Passes(Passes),
    /// As a convolution with a chirp.
    Chirp(Box<Bluestein>),
}

/// A length with small factors.
pub(crate) struct Passes {
    pub n: u32,
    pub radices: Vec<u32>,
    /// `exp(-2 pi i t / n)` for `t < n`.
    pub roots: Array<Complex>,
}

/// A length with a large prime.
pub(crate) struct Bluestein {
    pub n: u32,
    /// The convolution's length, a power of two of at least `2 n - 1`.
    pub long: Passes,
    /// `exp(-pi i t^2 / n)` for `t < n`.
    pub chirp: Array<Complex>,
    /// The transform of the chirp's conjugate, which goes round.
    pub spectrum: Array<Complex>,
}

impl Tables {
    pub fn new(rt: &Runtime, n: usize) -> Result<Self> {
        let short = u32::try_from(n).map_err(|_| too_long(n))?;
        match radices(short) {
            Some(radices) => Ok(Tables::Passes(Passes::new(rt, short, radices)?)),
            None => Ok(Tables::Chirp(Box::new(Bluestein::new(rt, short)?))),
        }
    }

    /// Numbers of one row while it is transformed.
    pub fn length(&self) -> usize {
        match self {
            Tables::Passes(passes) => passes.n as usize,
            Tables::Chirp(bluestein) => bluestein.long.n as usize,
        }
    }
}

impl Passes {
    fn new(rt: &Runtime, n: u32, radices: Vec<u32>) -> Result<Self> {
        Ok(Passes { n, radices, roots: rt.array(roots(n as usize, n as usize))? })
    }
}

impl Bluestein {
    fn new(rt: &Runtime, n: u32) -> Result<Self> {
        let long = n.checked_mul(2).and_then(u32::checked_next_power_of_two);
        let long = long.ok_or_else(|| too_long(n as usize))?;
        let chirp: Vec<Complex64> = (0..u64::from(n))
            .map(|t| Complex64::cis(-PI * (t * t % (2 * u64::from(n))) as f64 / f64::from(n)))
            .collect();
        let mut round = vec![Complex64::default(); long as usize];
        for (t, value) in chirp.iter().enumerate() {
            round[t] = value.conj();
            round[(long as usize - t) % long as usize] = value.conj();
        }
        rustfft::FftPlanner::new().plan_fft_forward(round.len()).process(&mut round);
        let radices = radices(long).ok_or_else(|| too_long(n as usize))?;
        Ok(Bluestein {
            n,
            long: Passes::new(rt, long, radices)?,
            chirp: rt.array(rounded(&chirp))?,
            spectrum: rt.array(rounded(&round))?,
        })
    }
}

/// `exp(-2 pi i t / n)` for `t < count`.
pub(crate) fn roots(n: usize, count: usize) -> Vec<Complex> {
    (0..count).map(|t| root(t, n)).collect()
}

/// `exp(-2 pi i t / n)`, each part rounded once.
pub(crate) fn root(t: usize, n: usize) -> Complex {
    let (sin, cos) = (-TAU * t as f64 / n as f64).sin_cos();
    [cos as f32, sin as f32]
}

fn rounded(values: &[Complex64]) -> Vec<Complex> {
    values.iter().map(|value| [value.re as f32, value.im as f32]).collect()
}

fn too_long(n: usize) -> Error {
    let text = format!(
        "a transform of {n} elements is out of reach of the kernels, whose places are counted in a u32 (with a prime \
         factor above 31 at twice the length); transform at most 2^30 at a time, or on the CPU's targets"
    );
    Error::new(ErrorKind::LimitExceeded, text)
}
