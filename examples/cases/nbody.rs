//! Bodies that attract each other, each all others: kick, drift, kick.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// The acceleration at `x` by masses `ms` at `xs`; `eps2` is the square of a length that softens near encounters.
#[kernel]
fn acceleration(
    x: [f32; 3],
    xs: &[[f32; 3]],
    ms: &[f32],
    #[uniform] g: f32,
    #[uniform] eps2: f32,
) -> [f32; 3] {
    let (mut ax, mut ay, mut az) = (0.0, 0.0, 0.0);
    for k in 0..xs.len() {
        let other = xs[k];
        let (dx, dy, dz) = (other[0] - x[0], other[1] - x[1], other[2] - x[2]);
        let d2 = dx * dx + dy * dy + dz * dz + eps2;
        let pull = ms[k] / (d2 * d2.sqrt());
        ax += pull * dx;
        ay += pull * dy;
        az += pull * dz;
    }
    [g * ax, g * ay, g * az]
}

/// `x` a time `dt` later.
#[kernel]
fn advance(x: &mut [f32; 3], rate: [f32; 3], #[uniform] dt: f32) {
    *x = [x[0] + dt * rate[0], x[1] + dt * rate[1], x[2] + dt * rate[2]];
}

/// The energy of one body: of its motion, and half of that between it and each other one.
#[kernel]
fn energy(
    i: Index,
    x: [f32; 3],
    v: [f32; 3],
    m: f32,
    xs: &[[f32; 3]],
    ms: &[f32],
    #[uniform] g: f32,
    #[uniform] eps2: f32,
) -> f32 {
    let mut potential = 0.0;
    for k in 0..xs.len() {
        if k as u32 == i {
            continue;
        }
        let other = xs[k];
        let (dx, dy, dz) = (other[0] - x[0], other[1] - x[1], other[2] - x[2]);
        potential += ms[k] / (dx * dx + dy * dy + dz * dz + eps2).sqrt();
    }
    0.5 * m * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2] - g * potential)
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (turns, g, dt) = (case.size("T")?, case.number("G")? as f32, case.number("dt")? as f32);
    let eps2 = case.number("eps")?.powi(2) as f32;
    let m = rt.array(case.read("m")?)?;
    let mut x = rt.array(case.read_points("x")?)?;
    let mut v = rt.array(case.read_points("v")?)?;

    let before = rt.map::<energy>((&x, &v, &m, &x, &m, g, eps2)).on(target).sum()?;
    let mut a = rt.map::<acceleration>((&x, &x, &m, g, eps2)).on(target).run()?;
    for _ in 0..turns {
        rt.map::<advance>((&mut v, &a, 0.5 * dt)).on(target).run()?;
        rt.map::<advance>((&mut x, &v, dt)).on(target).run()?;
        rt.map::<acceleration>((&x, &x, &m, g, eps2)).on(target).run_into(&mut a)?;
        rt.map::<advance>((&mut v, &a, 0.5 * dt)).on(target).run()?;
    }
    let after = rt.map::<energy>((&x, &v, &m, &x, &m, g, eps2)).on(target).sum()?;
    case.write("x", x.read()?.as_flattened())?;
    case.write("v", v.read()?.as_flattened())?;
    case.write("energy", &[before, after])
}
