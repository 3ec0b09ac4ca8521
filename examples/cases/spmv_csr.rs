//! A sparse matrix times a vector; rows are compressed: where each begins, and the column and value of what is in it.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// The row `r` of the product: its elements are those from `start[r]` up to but not `start[r + 1]`.
#[kernel]
fn row(r: Index, start: &[u32], column: &[u32], value: &[f32], x: &[f32]) -> f32 {
    let mut sum = 0.0;
    for k in start[r as usize]..start[r as usize + 1] {
        sum += value[k as usize] * x[column[k as usize] as usize];
    }
    sum
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (start, column) = (case.read("ptr")?, case.read("col")?);
    let (value, x) = (case.read("val")?, case.read("x")?);
    let y = rt.map::<row>((&start, &column, &value, &x)).over(case.size("n")?).on(target).run()?;
    case.write("y", &y.read()?)
}
