//! The shortest ways between all places, after Floyd and Warshall.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// The shorter of the way known so far and that by way of the place `k`, among `n`.
#[kernel]
fn by_way_of(at: Cell, known: i32, all: &[i32], #[uniform] k: u32, #[uniform] n: u32) -> i32 {
    known.min(all[(at.y * n + k) as usize] + all[(k * n + at.x) as usize])
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let n = case.size("n")?;
    let mut ways = rt.picture(case.read("d")?, (n, n))?;
    let mut next = rt.picture(vec![0; n * n], (n, n))?;
    // Each turn reads all of the one before, so two arrays take turns.
    for k in 0..n {
        rt.map::<by_way_of>((&ways, &ways, k as u32, n as u32)).on(target).run_into(&mut next)?;
        std::mem::swap(&mut ways, &mut next);
    }
    case.write("d", &ways.read()?)
}
