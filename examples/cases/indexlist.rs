//! Where the numbers below zero stand, how many there are, and the sums of all keys up to each.

use manylane::op;
use manylane::prelude::*;

use crate::case::{Case, Result};

/// Neither -0.0 nor NaN is.
#[kernel]
fn is_negative(x: f32) -> u32 {
    (x < 0.0) as u32
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (x, key): (Vec<f32>, Vec<u32>) = (case.read("x")?, case.read("key")?);
    let list = rt.reduce(&x).on(target).index_list::<is_negative>()?;
    let prefix = rt.reduce(&key).on(target).inclusive_scan(op::Sum)?;
    case.write("list", &list.read()?)?;
    case.write("len", &[list.len() as u32])?;
    case.write("prefix", &prefix.read()?)
}
