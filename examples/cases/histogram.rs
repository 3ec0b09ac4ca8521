//! How many numbers fall into each of some bins of the same width, and the same counts cut off at 255.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// The bin of `x`, and `bins`, which is none, for NaN and what is outside of `lo` to `hi`; `hi` itself is in the last bin.
#[kernel]
fn bin(x: f32, #[uniform] lo: f32, #[uniform] hi: f32, #[uniform] bins: u32) -> u32 {
    let mut at = bins;
    if x >= lo && x <= hi {
        at = ((x - lo) * (bins as f32 / (hi - lo))) as u32;
        at = at.min(bins - 1);
    }
    at
}

#[kernel]
fn saturated(count: u32) -> u32 {
    count.min(255)
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let bins = case.size("nb")?;
    let (lo, hi) = (case.number("lo")? as f32, case.number("hi")? as f32);
    let x: Vec<f32> = case.read("x")?;
    let counts = rt.map::<bin>((&x, lo, hi, bins as u32)).on(target).histogram(bins)?;
    let cut = rt.map::<saturated>(&counts).on(target).run()?;
    case.write("count", &counts.read()?)?;
    case.write("sat", &cut.read()?)
}
