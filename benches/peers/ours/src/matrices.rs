//! Workloads on matrices, grids and bodies.

use manylane::Result;
use manylane::prelude::*;
use manylane_matrix::solvers::plus_scaled;
use manylane_matrix::{heat, nbody, rows};

use crate::inputs::{neighbours, uniform};
use crate::workloads::{Lanes, Prepared, Work, held, mean};

/// Every workload of this file, and its size.
pub const NAMES: [(&str, &str); 4] =
    [("transpose", "4096"), ("softmax", "4096"), ("heat", "2048"), ("nbody", "4096")];

/// The square of the length that softens near encounters, and the time of a step.
const SOFTENING: f32 = 1e-3;
const TIME: f32 = 1e-6;
/// Steps of a run on the grid.
const STEPS: usize = 100;

/// Sets up `workload`; `None` where it is not one of [`NAMES`] or has no such size.
pub fn prepare(lanes: &Lanes, workload: &str, size: &str) -> Result<Option<Box<dyn Work>>> {
    let Some((_, n)) = NAMES.iter().find(|known| **known == (workload, size)) else { return Ok(None) };
    let n: usize = n.parse().unwrap_or_default();
    let matrix = |values: Vec<f32>| held(&lanes.runtime, values)?.shaped((n, n));
    Ok(Some(match workload {
        "transpose" => Prepared::boxed(
            (matrix(uniform(1, n * n))?, matrix(vec![0.0; n * n])?),
            |Lanes { runtime, target }, (x, out)| runtime.transpose(&*x).on(*target).run_into(out),
            |(_, out)| mean(out),
        ),
        "softmax" => Prepared::boxed(
            (
                matrix(uniform(1, n * n).into_iter().map(|u| u * 8.0 - 4.0).collect())?,
                matrix(vec![0.0; n * n])?,
            ),
            |Lanes { runtime, target }, (x, out)| rows::softmax_into(runtime, x, out, *target),
            |(_, out)| mean(out),
        ),
        "heat" => Prepared::boxed(
            (matrix(uniform(1, n * n))?, None::<Array<f32>>),
            |Lanes { runtime, target }, (cells, out)| {
                *out = Some(heat::diffused(runtime, cells, 0.2, STEPS, *target)?);
                Ok(())
            },
            |(_, out)| match out {
                Some(out) => Ok(neighbours(&out.read()?, out.domain().width())),
                None => Ok(f64::NAN),
            },
        ),
        _ => {
            let line = |values: Vec<f32>| held(&lanes.runtime, values);
            let still = || line(vec![0.0; n]);
            let places = [line(uniform(1, n))?, line(uniform(2, n))?, line(uniform(3, n))?];
            let velocities = [still()?, still()?, still()?];
            let bodies = nbody::Bodies { places, velocities, masses: line(uniform(4, n))? };
            Prepared::boxed(
                (bodies, [still()?, still()?, still()?]),
                |Lanes { runtime, target }, (bodies, out)| {
                    let by = bodies.accelerations(runtime, SOFTENING, *target)?;
                    for ((place, by), out) in bodies.places.iter().zip(&by).zip(out) {
                        runtime.map::<plus_scaled>((place, by, TIME)).on(*target).run_into(out)?;
                    }
                    Ok(())
                },
                |(_, [x, y, z])| Ok(mean(x)? + mean(y)? + mean(z)?),
            )
        }
    }))
}
