//! Bodies that attract each other: each by all, directly.
//!
//! The pull of a body of mass `m` at the distance `d` is `m d / (|d|^2 + softening)^(3/2)`, the constant of gravitation being 1
//! (S. J. Aarseth, "Gravitational N-Body Simulations", 2003). A body is four numbers, its place and its mass, so that the loop
//! over all reads one array, the same body for all lanes.

use manylane::Result;
use manylane::prelude::*;

use crate::place::{Way, each, mismatch, setting};

/// What a body at `(x, y, z)` is accelerated by `bodies`, each a place and a mass.
#[kernel]
pub fn pull(x: f32, y: f32, z: f32, bodies: &[[f32; 4]], #[uniform] softening: f32) -> (f32, f32, f32) {
    let (mut ax, mut ay, mut az) = (0.0, 0.0, 0.0);
    for k in 0..bodies.len() {
        let other = bodies[k];
        let (dx, dy, dz) = (other[0] - x, other[1] - y, other[2] - z);
        let d2 = dx * dx + dy * dy + dz * dz + softening;
        let by = other[3] / (d2 * d2.sqrt());
        ax += by * dx;
        ay += by * dy;
        az += by * dz;
    }
    (ax, ay, az)
}

/// A coordinate or a velocity, moved for the time `dt`.
#[kernel]
pub fn moved(x: &mut f32, by: f32, #[uniform] dt: f32) {
    *x += by * dt;
}

/// A place with the mass of the body that is there.
#[kernel]
pub fn as_body(x: f32, y: f32, z: f32, mass: f32) -> [f32; 4] {
    [x, y, z, mass]
}

/// The most lanes that a vector has: parts are whole vectors.
const LANES: usize = 32;

/// Bodies: coordinates, velocities and masses, an array for each.
#[derive(Clone)]
pub struct Bodies {
    /// Coordinates.
    pub places: [Array<f32>; 3],
    /// Coordinates for each unit of time.
    pub velocities: [Array<f32>; 3],
    /// Masses.
    pub masses: Array<f32>,
}

impl Bodies {
    /// # Errors
    /// `ShapeMismatch` where the arrays do not have the same length.
    fn check(&self) -> Result<()> {
        let n = self.masses.len();
        for array in self.places.iter().chain(&self.velocities) {
            if array.len() != n {
                return Err(mismatch(format!(
                    "there are {n} masses and an array of {} coordinates or velocities; each body has one of each",
                    array.len()
                )));
            }
        }
        Ok(())
    }

    /// What each is accelerated by: an array for each coordinate. `softening` is the square of the length that softens near
    /// encounters; with 0, bodies in one place (each is so with itself) give NaN.
    ///
    /// # Errors
    /// `ShapeMismatch` where the arrays do not have the same length, `Setting` where `softening` is no positive number;
    /// whatever the launches return.
    pub fn accelerations(&self, rt: &Runtime, softening: f32, target: Target) -> Result<[Array<f32>; 3]> {
        self.check()?;
        if !(softening > 0.0 && softening < f32::INFINITY) {
            return Err(setting(format!(
                "a softening of {softening} makes each body's pull on itself no number; give a small positive one"
            )));
        }
        let [x, y, z] = &self.places;
        let bodies = rt.map::<as_body>((x, y, z, &self.masses)).on(target).run()?;
        let pulls = || rt.map::<pull>((x, y, z, &bodies, softening)).on(target);
        let work = bodies.len().saturating_mul(bodies.len());
        let Way::Blocks { one, shared } = Way::of(target, work, || Ok(pulls().plan()?.target))? else {
            let (ax, ay, az) = pulls().run()?;
            return Ok([ax, ay, az]);
        };
        // A launch gives each thread thousands of places, and of bodies that is far too many.
        let runs = if shared { 8 * rt.threads() } else { 1 };
        let run = bodies.len().div_ceil(runs).next_multiple_of(LANES).max(1);
        let fresh = || Array::new(bodies.home(), Domain::Line(bodies.len()));
        let (mut ax, mut ay, mut az) = (fresh()?, fresh()?, fresh()?);
        {
            let (mut ax, mut ay, mut az) = (ax.write()?, ay.write()?, az.write()?);
            let parts = ax.chunks_mut(run).zip(ay.chunks_mut(run)).zip(az.chunks_mut(run)).enumerate();
            each(rt, shared, parts, |(k, ((ax, ay), az))| {
                let own = k * run..k * run + ax.len();
                let (x, y, z) = (x.slice(own.clone())?, y.slice(own.clone())?, z.slice(own)?);
                rt.map::<pull>((&x, &y, &z, &bodies, softening)).on(one).run_into((ax, ay, az))
            })?;
        }
        Ok([ax, ay, az])
    }

    /// Moves all for the time `dt`: velocities by the accelerations, then places by the velocities (symplectic Euler).
    ///
    /// # Errors
    /// As [`accelerations`](Bodies::accelerations); `Setting` where `dt` is no number.
    pub fn step(&mut self, rt: &Runtime, dt: f32, softening: f32, target: Target) -> Result<()> {
        if !dt.is_finite() {
            return Err(setting(format!("a step of the time {dt} leads nowhere; give a finite one")));
        }
        let by = self.accelerations(rt, softening, target)?;
        for ((place, velocity), by) in self.places.iter_mut().zip(&mut self.velocities).zip(&by) {
            rt.map::<moved>((&mut *velocity, by, dt)).on(target).run()?;
            rt.map::<moved>((place, &*velocity, dt)).on(target).run()?;
        }
        Ok(())
    }
}
