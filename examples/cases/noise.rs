//! Turbulence: the magnitudes of gradient noise at ever smaller scales, added up.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// Zero slope at 0 and 1: `6 t^5 - 15 t^4 + 10 t^3`.
#[kernel]
fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Between the values at the corners `(0, 0)`, `(1, 0)`, `(0, 1)` and `(1, 1)` of a square.
#[kernel]
fn between(u: f32, v: f32, corner: [f32; 4]) -> f32 {
    let low = corner[0] + u * (corner[1] - corner[0]);
    let high = corner[2] + u * (corner[3] - corner[2]);
    low + v * (high - low)
}

/// How far `(x, y, z)` reaches along one of twelve directions, to the middles of a cube's edges; `hash` says which.
#[kernel]
fn along(hash: u32, x: f32, y: f32, z: f32) -> f32 {
    let h = hash & 15;
    let a = if h < 8 { x } else { y };
    let b = if h < 4 {
        y
    } else if h == 12 || h == 14 {
        x
    } else {
        z
    };
    let a = if h & 1 == 0 { a } else { -a };
    let b = if h & 2 == 0 { b } else { -b };
    a + b
}

/// The cell `at` stands at `(at.x * dx, at.y * dy, z)`; `perm` holds each of 0 to 255 once.
#[kernel]
fn turbulence(
    at: Cell,
    perm: &[u32],
    #[uniform] dx: f32,
    #[uniform] dy: f32,
    #[uniform] z: f32,
    #[uniform] octaves: u32,
) -> f32 {
    let mut scale = 1.0;
    let mut sum = 0.0;
    for _ in 0..octaves {
        let (px, py, pz) = (at.x as f32 * dx * scale, at.y as f32 * dy * scale, z * scale);
        let (fx, fy, fz) = (px.floor(), py.floor(), pz.floor());
        let (ix, iy, iz) = (fx as i32 as u32, fy as i32 as u32, fz as i32 as u32);
        let (x, y, z) = (px - fx, py - fy, pz - fz);
        let (u, v, w): (f32, f32, f32) = (fade(x), fade(y), fade(z));

        // The eight corners of the cell, hashed one coordinate after the other.
        let (x0, x1) = (perm[(ix & 255) as usize], perm[((ix + 1) & 255) as usize]);
        let (x0y0, x0y1) = (perm[((x0 + iy) & 255) as usize], perm[((x0 + iy + 1) & 255) as usize]);
        let (x1y0, x1y1) = (perm[((x1 + iy) & 255) as usize], perm[((x1 + iy + 1) & 255) as usize]);
        let a: f32 = along(perm[((x0y0 + iz) & 255) as usize], x, y, z);
        let b: f32 = along(perm[((x1y0 + iz) & 255) as usize], x - 1.0, y, z);
        let c: f32 = along(perm[((x0y1 + iz) & 255) as usize], x, y - 1.0, z);
        let d: f32 = along(perm[((x1y1 + iz) & 255) as usize], x - 1.0, y - 1.0, z);
        let e: f32 = along(perm[((x0y0 + iz + 1) & 255) as usize], x, y, z - 1.0);
        let f: f32 = along(perm[((x1y0 + iz + 1) & 255) as usize], x - 1.0, y, z - 1.0);
        let g: f32 = along(perm[((x0y1 + iz + 1) & 255) as usize], x, y - 1.0, z - 1.0);
        let h: f32 = along(perm[((x1y1 + iz + 1) & 255) as usize], x - 1.0, y - 1.0, z - 1.0);

        let near: f32 = between(u, v, [a, b, c, d]);
        let far: f32 = between(u, v, [e, f, g, h]);
        sum += (near + w * (far - near)).abs() / scale;
        scale *= 2.0;
    }
    sum
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let shape = (case.size("W")?, case.size("H")?);
    let (dx, dy, z) = (case.number("dx")? as f32, case.number("dy")? as f32, case.number("z")? as f32);
    let perm: Vec<u32> = case.read("perm")?;
    let octaves = case.size("octaves")? as u32;
    let picture = rt.map::<turbulence>((&perm, dx, dy, z, octaves)).over(shape).on(target).run()?;
    case.write("img", &picture.read()?)
}
