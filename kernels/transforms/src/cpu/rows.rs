//! Rows, each for itself.

use bytemuck::{cast_slice, cast_slice_mut};
use manylane::Result;

use super::long::FEWEST_THREADS;
use super::{Cpu, Engine, Long, items_in_part, memory};
use crate::Complex;

/// The transform of each row of `x`, times `scale`; returns how many threads worked. `long` is how a row is divided where
/// there are fewer rows than threads.
pub(crate) fn rows(
    cpu: &Cpu<'_>,
    engine: &Engine,
    long: impl FnOnce() -> Option<Long>,
    (x, out): (&[Complex], &mut [Complex]),
    scale: f32,
) -> Result<usize> {
    let n = engine.len();
    let count = x.len() / n;
    if cpu.threads >= FEWEST_THREADS
        && count < cpu.threads
        && let Some(long) = long()
    {
        for (x, out) in x.chunks_exact(n).zip(out.chunks_exact_mut(n)) {
            long.transform(cpu, x, out, scale)?;
        }
        return Ok(cpu.threads);
    }
    let threads = cpu.threads_for(x.len(), count);
    let numbers = items_in_part(count, threads) * n;
    let mut parts = Vec::new();
    for (x, out) in x.chunks(numbers).zip(out.chunks_mut(numbers)) {
        parts.push((x, out, memory(engine.get_immutable_scratch_len())?));
    }
    cpu.share(threads, parts, |(x, out, mut scratch)| {
        for (x, out) in x.chunks_exact(n).zip(out.chunks_exact_mut(n)) {
            engine.process_immutable_with_scratch(cast_slice(x), cast_slice_mut(out), &mut scratch);
            scaled(out, scale);
        }
    })?;
    Ok(threads)
}

/// `numbers` times `scale`.
pub(super) fn scaled(numbers: &mut [Complex], scale: f32) {
    if scale != 1.0 {
        numbers.as_flattened_mut().iter_mut().for_each(|x| *x *= scale);
    }
}
