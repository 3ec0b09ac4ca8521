//! BabelStream: copy, scale, add and triad over three arrays, again and again, then a dot product.

use manylane::prelude::*;

use crate::case::{Case, Result};

#[kernel]
fn copy(x: f32) -> f32 {
    x
}

#[kernel]
fn scale(x: f32, #[uniform] s: f32) -> f32 {
    s * x
}

#[kernel]
fn add(x: f32, y: f32) -> f32 {
    x + y
}

#[kernel]
fn triad(x: f32, y: f32, #[uniform] s: f32) -> f32 {
    x + s * y
}

#[kernel]
fn product(x: f32, y: f32) -> f32 {
    x * y
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (n, turns, s) = (case.size("n")?, case.size("T")?, case.number("scalar")? as f32);
    let filled = |name| Ok::<_, Box<dyn std::error::Error>>(rt.array(vec![case.number(name)? as f32; n])?);
    let (mut a, mut b, mut c) = (filled("a0")?, filled("b0")?, filled("c0")?);
    for _ in 0..turns {
        rt.map::<copy>(&a).on(target).run_into(&mut c)?;
        rt.map::<scale>((&c, s)).on(target).run_into(&mut b)?;
        rt.map::<add>((&a, &b)).on(target).run_into(&mut c)?;
        rt.map::<triad>((&b, &c, s)).on(target).run_into(&mut a)?;
    }
    let dot = rt.map::<product>((&a, &b)).on(target).sum()?;
    case.write("a", &a.read()?)?;
    case.write("b", &b.read()?)?;
    case.write("c", &c.read()?)?;
    case.write("dot", &[dot])
}
