//! Columns of a picture, in place, by strips.
//!
//! A strip is [`STRIP`] columns. It is copied out, so that each column lies together, transformed, and copied back: the
//! picture is read and written once, in whole cache lines, where two transpositions would do it twice. What is copied
//! back goes to places that lie between those of other strips, so each strip holds its piece of every row as a slice of
//! its own.

use manylane::Result;
use num_complex::Complex32;

use super::{Cpu, Engine, items_in_part, memory};
use crate::Complex;

/// Columns of a strip: two cache lines of a row.
pub(super) const STRIP: usize = 16;
/// Numbers between two columns of a strip's copy: heights are often powers of two, and the columns would share cache sets.
const APART: usize = 8;

/// The transform of each column of `picture`, whose rows are `width` long, times `scale`; returns how many threads worked.
pub(crate) fn columns(
    cpu: &Cpu<'_>,
    engine: &Engine,
    picture: &mut [Complex],
    width: usize,
    scale: f32,
) -> Result<usize> {
    let height = engine.len();
    let mut strips = strips(picture, width);
    let threads = cpu.threads_for(width * height, strips.len());
    let count = items_in_part(strips.len(), threads);
    let mut parts = Vec::new();
    while !strips.is_empty() {
        let rest = strips.split_off(count.min(strips.len()));
        let copy = memory(STRIP * (height + APART) + engine.get_inplace_scratch_len())?;
        parts.push((std::mem::replace(&mut strips, rest), copy));
    }
    cpu.share(threads, parts, |(strips, mut memory)| {
        let (copy, scratch) = memory.split_at_mut(STRIP * (height + APART));
        for mut strip in strips {
            gather(strip.iter().map(|row| &**row), copy, height + APART);
            for column in copy.chunks_exact_mut(height + APART).take(strip[0].len()) {
                engine.process_with_scratch(&mut column[..height], scratch);
            }
            for (y, row) in strip.iter_mut().enumerate() {
                for (x, cell) in row.iter_mut().enumerate() {
                    let value = copy[x * (height + APART) + y];
                    *cell = [value.re * scale, value.im * scale];
                }
            }
        }
    })?;
    Ok(threads)
}

/// The pieces of all rows that belong to each strip.
pub(super) fn strips(picture: &mut [Complex], width: usize) -> Vec<Vec<&mut [Complex]>> {
    let height = picture.len() / width;
    let mut strips: Vec<Vec<&mut [Complex]>> =
        (0..width.div_ceil(STRIP)).map(|_| Vec::with_capacity(height)).collect();
    for row in picture.chunks_exact_mut(width) {
        for (strip, piece) in strips.iter_mut().zip(row.chunks_mut(STRIP)) {
            strip.push(piece);
        }
    }
    strips
}

/// Copies rows of a strip to columns that are `apart` from each other.
pub(super) fn gather<'a>(rows: impl Iterator<Item = &'a [Complex]>, copy: &mut [Complex32], apart: usize) {
    for (y, row) in rows.enumerate() {
        for (x, value) in row.iter().enumerate() {
            copy[x * apart + y] = Complex32::new(value[0], value[1]);
        }
    }
}
