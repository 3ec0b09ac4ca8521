//! One long row on several threads: the row as a matrix of `height` rows of `width`, `n = height * width`.
//!
//! The transform is (D. Bailey, "FFTs in external or hierarchical memory", 1990)
//!
//! ```text
//! transform each column of x;  multiply place (k, c) with exp(-2 pi i k c / n);  transform each row;  transpose
//! ```
//!
//! in two sweeps: strips of columns with their multiplication, and bands of rows that are written transposed.

use manylane::Result;
use num_complex::Complex32;

use super::columns::{STRIP, gather, strips};
use super::{Cpu, Engine, items_in_part, memory};
use crate::Complex;
use crate::passes::Sense;
use crate::tables::root;

/// Shorter rows are not divided, and none among fewer threads. Measured on two cores with AVX2, 2026-11-22: the two sweeps
/// take three times the work of rustfft's own transform at 2^20, and four times at 2^16. So two threads are slower than one;
/// on more than four nothing has been measured.
const SHORTEST: usize = 1 << 18;
pub(super) const FEWEST_THREADS: usize = 4;
/// The least height and width.
const NARROWEST: usize = 64;
/// As for the columns of a picture.
const APART: usize = 8;

/// How a long row is divided.
pub(crate) struct Long {
    /// Transforms of columns.
    pub columns: Engine,
    /// Transforms of rows.
    pub rows: Engine,
    pub sense: Sense,
}

impl Long {
    /// The height and width for rows of `n`, as near to each other as they can be; `None` where a row is not divided.
    pub fn sides(n: usize) -> Option<(usize, usize)> {
        if n < SHORTEST {
            return None;
        }
        let height = (NARROWEST..=n.isqrt()).rev().find(|height| n.is_multiple_of(*height))?;
        Some((height, n / height))
    }

    /// The transform of `x`, times `scale`.
    pub fn transform(&self, cpu: &Cpu<'_>, x: &[Complex], out: &mut [Complex], scale: f32) -> Result<()> {
        let (height, width) = (self.columns.len(), self.rows.len());
        let mut between = cpu.scratch(x.len())?;
        let mut between = between.write()?;
        self.sweep_columns(cpu, x, &mut between)?;

        // Each band of rows becomes a strip of the columns of `out`.
        let bands = between.chunks_mut(STRIP * width).zip(strips(out, height));
        let parts = self.parts(cpu, bands.collect(), self.rows.get_inplace_scratch_len())?;
        cpu.share(cpu.threads, parts, |(bands, mut scratch)| {
            for (rows, mut strip) in bands {
                self.rows.process_with_scratch(bytemuck::cast_slice_mut(rows), &mut scratch);
                for (x, cells) in strip.iter_mut().enumerate() {
                    for (y, cell) in cells.iter_mut().enumerate() {
                        let value = rows[y * width + x];
                        *cell = [value[0] * scale, value[1] * scale];
                    }
                }
            }
        })
    }

    fn sweep_columns(&self, cpu: &Cpu<'_>, x: &[Complex], between: &mut [Complex]) -> Result<()> {
        let (height, width) = (self.columns.len(), self.rows.len());
        let (n, apart) = (x.len(), height + APART);
        let strips: Vec<_> = strips(between, width).into_iter().enumerate().collect();
        let parts = self.parts(cpu, strips, STRIP * apart + self.columns.get_inplace_scratch_len())?;
        // `exp(-2 pi i t / n)` for any `t < n`, from its multiples of the width and what is left.
        let turn = |value: Complex| match self.sense {
            Sense::Forward => Complex32::new(value[0], value[1]),
            Sense::Inverse => Complex32::new(value[0], -value[1]),
        };
        let coarse: Vec<Complex32> = (0..height).map(|t| turn(root(t, height))).collect();
        let fine: Vec<Complex32> = (0..width).map(|t| turn(root(t, n))).collect();
        cpu.share(cpu.threads, parts, |(strips, mut memory)| {
            let (copy, scratch) = memory.split_at_mut(STRIP * apart);
            for (at, mut strip) in strips {
                let first = at * STRIP;
                let columns = strip[0].len();
                gather(x.chunks_exact(width).map(|row| &row[first..first + columns]), copy, apart);
                for column in copy.chunks_exact_mut(apart).take(columns) {
                    self.columns.process_with_scratch(&mut column[..height], scratch);
                }
                for (k, cells) in strip.iter_mut().enumerate() {
                    // `k` is below the height, and so below the width: a step carries at most once.
                    let (mut high, mut low) = (k * first / width, k * first % width);
                    for (x, cell) in cells.iter_mut().enumerate() {
                        let value = copy[x * apart + k] * (coarse[high] * fine[low]);
                        *cell = [value.re, value.im];
                        low += k;
                        if low >= width {
                            (high, low) = (high + 1, low - width);
                        }
                    }
                }
            }
        })
    }

    /// `items` in parts, each with memory of its own.
    fn parts<T>(
        &self,
        cpu: &Cpu<'_>,
        mut items: Vec<T>,
        own: usize,
    ) -> Result<Vec<(Vec<T>, Vec<Complex32>)>> {
        let count = items_in_part(items.len(), cpu.threads);
        let mut parts = Vec::new();
        while !items.is_empty() {
            let rest = items.split_off(count.min(items.len()));
            parts.push((std::mem::replace(&mut items, rest), memory(own)?));
        }
        Ok(parts)
    }
}
