//! Computes what it is asked for on the target it is told, for `check.py`, which compares: `manylane-answers THREADS`.
//!
//! It knows no right result and judges nothing. What it reads and writes is in [`protocol`]; an operation is an entry in the
//! table of its file.

#![forbid(unsafe_code)]

mod dense;
mod draws;
mod factors;
mod grids;
mod pictures;
mod protocol;
mod rows;
mod solvers;
mod transforms;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;

use manylane::prelude::*;
use manylane::{Result, Trace};

use crate::protocol::{Asked, Given};

/// What computes an operation's results.
type Operation = fn(&Asked<'_>) -> Result<Vec<Given>>;

fn main() -> ExitCode {
    let Some(Ok(threads)) = std::env::args().nth(1).map(|threads| threads.parse()) else {
        eprintln!("usage: manylane-answers THREADS");
        return ExitCode::from(2);
    };
    match serve(threads) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers each request of stdin until it ends.
fn serve(threads: usize) -> std::result::Result<(), Box<dyn std::error::Error>> {
    // A split without a GPU of software would be threads on most machines that this runs on.
    let runtime = Runtime::builder().threads(threads).software_joins_split(true).build()?;
    let (mut input, mut output) = (io::stdin().lock(), io::BufWriter::new(io::stdout().lock()));
    while let Some(asked) = Asked::read(&runtime, &mut input)? {
        let recorder = runtime.record();
        let answer = answer(&asked);
        protocol::write(&mut output, &answer, &devices(&recorder.finish()))?;
        output.flush()?;
    }
    Ok(())
}

fn answer(asked: &Asked<'_>) -> Result<Vec<Given>> {
    let tables = [
        dense::OPERATIONS,
        rows::OPERATIONS,
        solvers::OPERATIONS,
        grids::OPERATIONS,
        draws::OPERATIONS,
        factors::OPERATIONS,
        pictures::OPERATIONS,
    ];
    let mut known = tables.into_iter().flatten().chain(transforms::OPERATIONS);
    match known.find(|(name, _)| *name == asked.operation) {
        Some((_, operation)) => operation(asked),
        None => Err(asked.wrong("no operation is called so")),
    }
}

/// Who computed something in the launches: `cpu`, `gpu:0`, …; of those that do not tell it by the piece, their target.
fn devices(trace: &Trace) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for launch in trace.launches().iter().filter(|launch| launch.places > 0) {
        names.extend(launch.chunks.iter().map(|chunk| chunk.device.clone()));
        if launch.chunks.is_empty() {
            names.insert(launch.target.to_string());
        }
    }
    names
}
