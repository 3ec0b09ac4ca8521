//! Triangular systems, and factorisations with what they solve.

use manylane::Result;
use manylane_matrix::triangular::{Triangle, solve_triangular};
use manylane_matrix::{cholesky, lu, qr, solve, solve_cholesky};

use crate::Operation;
use crate::dense::one;
use crate::protocol::{Asked, Given};

/// Every operation of this file.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("triangular", |asked| {
        let (t, b) = (asked.array("t")?, asked.array("b")?);
        one(solve_triangular(asked.rt, t, triangle(asked)?, b, asked.target))
    }),
    ("cholesky", |asked| one(cholesky(asked.rt, asked.array("a")?, asked.target))),
    ("solve-cholesky", |asked| {
        let l = cholesky(asked.rt, asked.array("a")?, asked.target)?;
        one(solve_cholesky(asked.rt, &l, asked.array("b")?, asked.target))
    }),
    ("lu", |asked| {
        let found = lu(asked.rt, asked.array("a")?, asked.target)?;
        let order: Vec<u32> = found.order().into_iter().map(|row| row as u32).collect();
        Ok(vec![Given::array(found.packed())?, Given::line(&order)])
    }),
    ("solve", |asked| one(solve(asked.rt, asked.array("a")?, asked.array("b")?, asked.target))),
    ("qr", |asked| {
        let found = qr(asked.rt, asked.array("a")?, asked.target)?;
        Ok(vec![Given::array(&found.q(asked.rt, asked.target)?)?, Given::array(found.r())?])
    }),
    ("least-squares", |asked| {
        let found = qr(asked.rt, asked.array("a")?, asked.target)?;
        one(found.solve(asked.rt, asked.array("b")?, asked.target))
    }),
];

/// Which triangle it is to be, by three numbers that are 0 or 1.
fn triangle(asked: &Asked<'_>) -> Result<Triangle> {
    let is = |name| Ok::<_, manylane::Error>(asked.number(name)? != 0.0);
    let mut triangle = if is("upper")? { Triangle::UPPER } else { Triangle::LOWER };
    if is("transposed")? {
        triangle = triangle.transposed();
    }
    Ok(if is("unit")? { triangle.unit() } else { triangle })
}
