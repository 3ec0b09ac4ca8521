//! Floats sorted with a number that belongs to each: -NaN, -infinity, …, -0.0, 0.0, …, infinity, NaN; equals keep their
//! order.

use manylane::Sort;
use manylane::prelude::*;

use crate::case::{Case, Result};

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    // The files hold the keys' bits.
    let keys: Vec<f32> = case.read("key")?.into_iter().map(f32::from_bits).collect();
    let values: Vec<u32> = case.read("val")?;
    let (keys, values) = rt.reduce(&keys).on(target).sort_pairs(&values, Sort::ascending())?;
    let bits: Vec<u32> = keys.read()?.iter().map(|key| key.to_bits()).collect();
    case.write("key", &bits)?;
    case.write("val", &values.read()?)
}
