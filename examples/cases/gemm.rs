//! `alpha * A * B + beta * C`, all matrices row after row.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// `k` is the length of a row of `a`, `n` that of `b`.
#[kernel]
fn gemm(
    at: Cell,
    a: &[f32],
    b: &[f32],
    c: f32,
    #[uniform] k: u32,
    #[uniform] n: u32,
    #[uniform] alpha: f32,
    #[uniform] beta: f32,
) -> f32 {
    let mut sum = 0.0;
    for p in 0..k {
        sum += a[(at.y * k + p) as usize] * b[(p * n + at.x) as usize];
    }
    alpha * sum + beta * c
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (m, n, k) = (case.size("M")?, case.size("N")?, case.size("K")?);
    let (alpha, beta) = (case.number("alpha")? as f32, case.number("beta")? as f32);
    let (a, b) = (case.read("A")?, case.read("B")?);
    let c = rt.picture(case.read("C")?, (n, m))?;
    let out = rt.map::<gemm>((&a, &b, &c, k as u32, n as u32, alpha, beta)).on(target).run()?;
    case.write("out", &out.read()?)
}
