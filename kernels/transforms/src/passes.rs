//! Transforms as launches of the kernels: everything between the first and the last stays where it is computed.

use manylane::kernel::{Kernel, LaneElement, Output};
use manylane::prelude::*;
use manylane::{Result, View, ViewMut};

use crate::Complex;
use crate::kernels::{self, Chirp, Pass};
use crate::tables::{Bluestein, Passes, Tables};

/// Forward or inverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    Forward,
    Inverse,
}

impl Sense {
    /// 1 for the sense of the tables.
    fn sign(self) -> f32 {
        match self {
            Sense::Forward => 1.0,
            Sense::Inverse => -1.0,
        }
    }
}

/// Where launches go, and how the last one went.
pub struct Lanes<'r> {
    pub rt: &'r Runtime,
    pub target: Target,
    pub mapping: Mapping,
    pub share: Option<f64>,
    pub outcome: Option<Outcome>,
}

/// Blocks of elements that are transformed, see [`kernels`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks {
    pub outer: usize,
    /// Numbers of an element.
    pub inner: usize,
}

/// Which transform, and what its results are multiplied with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub sense: Sense,
    pub scale: f32,
}

impl<'r> Lanes<'r> {
    fn set<'a, K: Kernel>(&self, launch: Launch<'r, 'a, K>) -> Launch<'r, 'a, K> {
        let launch = launch.on(self.target).mapping(self.mapping);
        match self.share {
            Some(share) => launch.gpu_share(share),
            None => launch,
        }
    }

    /// Runs a launch over `places` in a line.
    pub fn run<'a, K: Kernel<Out = T>, T: Output<Arrays = Array<T>> + LaneElement>(
        &mut self,
        launch: Launch<'r, 'a, K>,
        places: usize,
    ) -> Result<Array<T>> {
        let (array, outcome) = self.set(launch).over(places).reported().run()?;
        self.outcome = Some(outcome);
        Ok(array)
    }

    /// Runs a launch that gives each of `out`'s elements.
    pub fn run_into<'a, 'o, K: Kernel<Out = T>, T>(
        &mut self,
        launch: Launch<'r, 'a, K>,
        out: ViewMut<'o, T>,
    ) -> Result<()>
    where
        T: Output + LaneElement,
        ViewMut<'o, T>: manylane::kernel::IntoOutput<'o, T>,
    {
        self.outcome = Some(self.set(launch).reported().run_into(out)?);
        Ok(())
    }
}

impl Tables {
    /// The transform of each block of `x`.
    pub fn transform(
        &self,
        lanes: &mut Lanes<'_>,
        x: View<Complex>,
        blocks: Blocks,
        order: Order,
    ) -> Result<Array<Complex>> {
        match self {
            Tables::Passes(passes) => passes.transform(lanes, x, blocks, order),
            Tables::Chirp(bluestein) => bluestein.transform(lanes, x, blocks, order),
        }
    }
}

impl Passes {
    fn transform(
        &self,
        lanes: &mut Lanes<'_>,
        mut x: View<Complex>,
        blocks: Blocks,
        order: Order,
    ) -> Result<Array<Complex>> {
        let block = self.n as usize * blocks.inner;
        let mut done = 1;
        let (last, first) = self.radices.split_last().unwrap_or((&1, &[]));
        let next = |radix: u32, done: &mut u32, scale: f32| {
            let step = self.n / (*done * radix);
            let rest = step * blocks.inner as u32;
            let pass =
                Pass { block: block as u32, rest, done: *done, radix, step, sign: order.sense.sign(), scale };
            *done *= radix;
            pass
        };
        for radix in first {
            let p = next(*radix, &mut done, 1.0);
            let rt = lanes.rt;
            x = lanes.run(rt.map::<kernels::pass>((&x, &self.roots, p)), blocks.outer * block)?.slice(..)?;
        }
        let p = next(*last, &mut done, order.scale);
        lanes.run(lanes.rt.map::<kernels::pass>((&x, &self.roots, p)), blocks.outer * block)
    }
}

impl Bluestein {
    fn transform(
        &self,
        lanes: &mut Lanes<'_>,
        x: View<Complex>,
        blocks: Blocks,
        order: Order,
    ) -> Result<Array<Complex>> {
        let (rt, inner) = (lanes.rt, blocks.inner as u32);
        let (short, long) = (self.n * inner, self.long.n * inner);
        let c = Chirp { short, long, inner, sign: order.sense.sign(), scale: order.scale };
        let (few, many) = (blocks.outer * short as usize, blocks.outer * long as usize);
        let z = lanes.run(rt.map::<kernels::chirped>((&x, &self.chirp, c)), many)?;
        let forward = Order { sense: Sense::Forward, scale: 1.0 };
        let z = self.long.transform(lanes, z.slice(..)?, blocks, forward)?;
        let z = lanes.run(rt.map::<kernels::filtered>((&z, &self.spectrum, c)), many)?;
        let inverse = Order { sense: Sense::Inverse, scale: 1.0 / self.long.n as f32 };
        let z = self.long.transform(lanes, z.slice(..)?, blocks, inverse)?;
        lanes.run(rt.map::<kernels::unchirped>((&z, &self.chirp, c)), few)
    }
}
