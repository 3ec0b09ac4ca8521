//! Each row of a matrix by itself.

use manylane::Result;
use manylane::prelude::*;
use manylane_matrix::rows;

use crate::Operation;
use crate::dense::one;
use crate::protocol::{Asked, Given};

/// Every operation of this file.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("softmax", |asked| one(rows::softmax(asked.rt, asked.array("a")?, asked.target))),
    ("softmax-into", softmax_into),
    ("log-sum-exp", |asked| one(rows::log_sum_exp(asked.rt, asked.array("a")?, asked.target))),
    ("layer-norm", layer_norm),
];

/// Into an array that holds something else.
fn softmax_into(asked: &Asked<'_>) -> Result<Vec<Given>> {
    let a = asked.array("a")?;
    let mut out = asked.rt.array(vec![f32::NAN; a.len()])?.shaped(a.domain())?;
    rows::softmax_into(asked.rt, a, &mut out, asked.target)?;
    Ok(vec![Given::array(&out)?])
}

fn layer_norm(asked: &Asked<'_>) -> Result<Vec<Given>> {
    let by_column: (&Array<f32>, &Array<f32>) = (asked.array("gain")?, asked.array("shift")?);
    let epsilon = asked.number("epsilon")? as f32;
    one(rows::layer_norm(asked.rt, asked.array("a")?, by_column, epsilon, asked.target))
}
