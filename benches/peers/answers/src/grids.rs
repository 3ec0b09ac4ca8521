//! Heat on grids, bodies, shortest paths.

use manylane::Result;
use manylane_matrix::nbody::Bodies;
use manylane_matrix::{heat, paths};

use crate::Operation;
use crate::dense::one;
use crate::protocol::{Asked, Given};

/// Every operation of this file.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("heat", |asked| {
        let (rate, steps) = (asked.number("rate")? as f32, asked.number("steps")? as usize);
        one(heat::diffused(asked.rt, asked.array("cells")?, rate, steps, asked.target))
    }),
    ("n-body-pull", |asked| {
        let softening = asked.number("softening")? as f32;
        let pull = bodies(asked)?.accelerations(asked.rt, softening, asked.target)?;
        pull.iter().map(Given::array).collect()
    }),
    ("n-body-steps", |asked| {
        let (time, softening) = (asked.number("time")? as f32, asked.number("softening")? as f32);
        let mut bodies = bodies(asked)?;
        for _ in 0..asked.number("steps")? as usize {
            bodies.step(asked.rt, time, softening, asked.target)?;
        }
        bodies.places.iter().chain(&bodies.velocities).map(Given::array).collect()
    }),
    ("shortest-paths", |asked| one(paths::shortest(asked.rt, asked.array("distances")?, asked.target))),
];

fn bodies(asked: &Asked<'_>) -> Result<Bodies> {
    let line = |name: &str| Ok(asked.array(name)?.clone());
    Ok(Bodies {
        places: [line("x")?, line("y")?, line("z")?],
        velocities: [line("vx")?, line("vy")?, line("vz")?],
        masses: line("masses")?,
    })
}
