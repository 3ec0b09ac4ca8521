//! The kernels that the command knows, each with its data, its naive reference and its sizes.

mod elementwise;
mod folds;
mod pictures;

use std::fmt::Display;
use std::ops::Deref;

use manylane::Result;
use manylane::kernel::{IntoOutput, Output};
use manylane::memory::Element;
use manylane::prelude::*;
use manylane_elementwise::facts::{Compare, Tolerance};

use crate::bench::suite::Workload;

/// The seed of every input that is drawn.
pub const SEED: u64 = 20_261_121;

const KI: usize = 1 << 10;
const MI: usize = 1 << 20;

/// All of them, in the order of the table.
pub fn standard() -> Vec<Workload> {
    vec![
        elementwise::saxpy(),
        elementwise::distance(),
        elementwise::black_scholes(),
        elementwise::mandelbrot(),
        folds::sum(),
        folds::dot(),
        folds::minmax(),
        pictures::gray(),
        pictures::sobel(),
    ]
}

/// Runs a launch into the arrays of an earlier run, or into new ones.
pub(super) fn into<K: Kernel>(
    launch: Launch<'_, '_, K>,
    output: &mut Option<<K::Out as Output>::Arrays>,
) -> Result<Outcome>
where
    for<'o> &'o mut <K::Out as Output>::Arrays: IntoOutput<'o, K::Out>,
{
    match output {
        Some(arrays) => launch.reported().run_into(arrays),
        None => kept(launch.reported().run()?, output),
    }
}

/// Keeps what a run made.
fn kept<O>((made, outcome): (O, Outcome), output: &mut Option<O>) -> Result<Outcome> {
    *output = Some(made);
    Ok(outcome)
}

/// Holds an array against the reference.
pub(super) fn check<T: Element + Compare>(
    got: &Array<T>,
    want: &[T],
    tolerance: Tolerance,
) -> Result<(), String> {
    tolerance.check(got.read().map_err(said)?.deref(), want).map_err(said)
}

fn said(error: impl Display) -> String {
    error.to_string()
}

/// Bytes of `n` elements of `T`.
fn bytes<T>(n: usize) -> u64 {
    (n * size_of::<T>()) as u64
}

/// Lines of so many elements.
fn lines<const N: usize>(lengths: [usize; N]) -> Vec<Domain> {
    lengths.into_iter().map(Domain::Line).collect()
}

/// Grids of such shapes.
fn grids<const N: usize>(shapes: [(usize, usize); N]) -> Vec<Domain> {
    shapes.into_iter().map(Domain::from).collect()
}
