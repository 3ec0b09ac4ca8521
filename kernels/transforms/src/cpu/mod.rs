//! Transforms by the CPU: rustfft on rows, shared out over threads.

mod columns;
mod engine;
mod long;
mod real;
mod rows;

pub(crate) use columns::columns;
pub(crate) use engine::{Engine, Engines};
pub(crate) use long::Long;
pub(crate) use real::{Halves, real_rows, rows_of_reals};
pub(crate) use rows::rows;

use manylane::prelude::*;
use manylane::{Error, ErrorKind, Result};

use crate::Complex;

/// Below so many numbers one thread is done before others are awake: some 50 microseconds.
const SMALL: usize = 1 << 14;

/// The threads that a transform may use, and at which level.
pub(crate) struct Cpu<'r> {
    pub rt: &'r Runtime,
    pub level: Level,
    pub threads: usize,
}

impl Cpu<'_> {
    /// Threads for work on so many numbers in so many parts that cannot be divided.
    fn threads_for(&self, numbers: usize, parts: usize) -> usize {
        if numbers < SMALL { 1 } else { self.threads.min(parts).max(1) }
    }

    /// Runs `work` on each part, on that many threads (one, or all that there are).
    fn share<P: Send>(&self, threads: usize, parts: Vec<P>, work: impl Fn(P) + Sync) -> Result<()> {
        if threads <= 1 {
            parts.into_iter().for_each(work);
            return Ok(());
        }
        self.rt.each(parts, |part| {
            work(part);
            Ok(())
        })
    }

    /// Numbers in the runtime's memory, whatever they are.
    pub fn scratch(&self, len: usize) -> Result<Array<Complex>> {
        let none = self.rt.array(Vec::<f32>::new())?;
        Array::new(none.home(), Domain::Line(len))
    }
}

/// How many of `items` make a part: all for one thread, else several parts for each, so that whoever is late has little left.
fn items_in_part(items: usize, threads: usize) -> usize {
    if threads <= 1 { items.max(1) } else { items.div_ceil(4 * threads).max(1) }
}

/// Memory for `len` numbers of a part's own.
fn memory(len: usize) -> Result<Vec<num_complex::Complex32>> {
    let mut memory = Vec::new();
    if memory.try_reserve_exact(len).is_err() {
        let text = format!(
            "no memory for {len} numbers that a transform needs beside its own; transform less at a time"
        );
        return Err(Error::new(ErrorKind::OutOfMemory, text));
    }
    memory.resize(len, num_complex::Complex32::default());
    Ok(memory)
}
