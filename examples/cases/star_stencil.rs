//! A star of two cells to each side: the sum of two weighted differences, added up over several sweeps.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// Cells to each side; what is nearer than that to the edge stays as it is.
const RADIUS: u32 = 2;

/// Adds to `out` the derivative of `x` along the rows and along the columns.
#[kernel]
fn star(at: Cell, x: Image<f32>, out: &mut f32) {
    let inside_x = at.x >= RADIUS && at.x + RADIUS < x.width();
    let inside_y = at.y >= RADIUS && at.y + RADIUS < x.height();
    if inside_x && inside_y {
        let near = x.near(at, 1, 0) - x.near(at, -1, 0) + (x.near(at, 0, 1) - x.near(at, 0, -1));
        let far = x.near(at, 2, 0) - x.near(at, -2, 0) + (x.near(at, 0, 2) - x.near(at, 0, -2));
        *out += 0.25 * near + 0.125 * far;
    }
}

#[kernel]
fn increment(x: &mut f32) {
    *x += 1.0;
}

#[kernel]
fn slope(at: Cell) -> f32 {
    (at.x + at.y) as f32
}

#[kernel]
fn magnitude(x: f32) -> f32 {
    x.abs()
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (n, turns) = (case.size("n")?, case.size("T")?);
    if case.size("R")? != RADIUS as usize {
        return Err(format!("this star reaches {RADIUS} cells, as its weights say").into());
    }

    // One sweep over what the case brings along.
    let x = rt.picture(case.read("x")?, (n, n))?;
    let mut y = rt.picture(vec![0.0; n * n], (n, n))?;
    rt.map::<star>((&x, &mut y)).on(target).run()?;
    case.write("y", &y.read()?)?;

    // Many over a slope that rises by 1 from cell to cell, whose derivative is known.
    let mut x = rt.map::<slope>(()).over((n, n)).on(target).run()?;
    let mut sum = rt.picture(vec![0.0; n * n], (n, n))?;
    for _ in 0..=turns {
        rt.map::<star>((&x, &mut sum)).on(target).run()?;
        rt.map::<increment>(&mut x).on(target).run()?;
    }
    let inside = n.saturating_sub(2 * RADIUS as usize);
    let total = rt.map::<magnitude>(&sum).on(target).sum()?;
    case.write("norm", &[total / (inside * inside) as f32])
}
