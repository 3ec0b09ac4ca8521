//! Sparse matrices, systems of equations, the largest eigenvalue.

use manylane::Result;
use manylane_matrix::Csr;
use manylane_matrix::solvers::{Rule, Solved, conjugate_gradients, jacobi, power};

use crate::Operation;
use crate::dense::one;
use crate::protocol::{Asked, Given};

/// Every operation of this file.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("csr-matvec", |asked| one(sparse(asked)?.times(asked.rt, asked.array("x")?, asked.target))),
    ("jacobi", |asked| {
        solved(jacobi(asked.rt, &sparse(asked)?, asked.array("b")?, rule(asked)?, asked.target))
    }),
    ("conjugate-gradients", |asked| {
        let (rt, b, rule, target) = (asked.rt, asked.array("b")?, rule(asked)?, asked.target);
        solved(match asked.has("a") {
            true => conjugate_gradients(rt, asked.array("a")?, b, rule, target),
            false => conjugate_gradients(rt, &sparse(asked)?, b, rule, target),
        })
    }),
    ("power-iteration", |asked| {
        let (rt, start, rule, target) = (asked.rt, asked.array("start")?, rule(asked)?, asked.target);
        let found = match asked.has("a") {
            true => power(rt, asked.array("a")?, start, rule, target)?,
            false => power(rt, &sparse(asked)?, start, rule, target)?,
        };
        let value = Given::line(&[found.value]);
        Ok([vec![value], solved(Ok(found))?].concat())
    }),
];

fn sparse(asked: &Asked<'_>) -> Result<Csr> {
    let (columns, values) = (asked.number("columns")? as usize, asked.array("values")?.to_vec()?);
    Csr::new(asked.rt, columns, asked.words("offsets")?, asked.words("places")?, values)
}

fn rule(asked: &Asked<'_>) -> Result<Rule> {
    Ok(Rule { tolerance: asked.number("tolerance")? as f32, most: asked.number("most")? as usize })
}

/// The vector, what the method says is left, and whether it came as near as was asked.
fn solved(solved: Result<Solved>) -> Result<Vec<Given>> {
    let Solved { x, residual, converged, .. } = solved?;
    Ok(vec![Given::array(&x)?, Given::line(&[residual]), Given::line(&[u32::from(converged)])])
}
