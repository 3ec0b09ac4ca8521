//! Rows of floats and their half spectra, by transforms of half the length where that is even.
//!
//! The formulas are those of [`untangled`](crate::kernels::untangled()) and [`tangled`](crate::kernels::tangled()), for `k`
//! and `half - k` at once: sums and differences of the one are the conjugates of the other's.

use bytemuck::{cast_slice, cast_slice_mut};
use manylane::Result;
use num_complex::Complex32;

use super::{Cpu, Engine, items_in_part, memory};
use crate::Complex;
use crate::tables::root;

/// `exp(-2 pi i k / n)` for `k` up to a quarter of `n`.
pub(crate) struct Halves(Vec<Complex32>);

impl Halves {
    pub fn new(n: usize) -> Self {
        Halves((0..=n / 4).map(|k| root(k, n)).map(|[re, im]| Complex32::new(re, im)).collect())
    }
}

/// The half spectrum of each row of `x`, whose rows have `n` floats; returns how many threads worked. The engine is that of
/// half the length where `n` is even, else of `n`.
pub(crate) fn real_rows(
    cpu: &Cpu<'_>,
    engine: &Engine,
    (n, halves): (usize, &Halves),
    (x, out): (&[f32], &mut [Complex]),
) -> Result<usize> {
    let (count, width) = (x.len() / n, n / 2 + 1);
    let threads = cpu.threads_for(x.len() / 2, count);
    let rows = items_in_part(count, threads);
    let mut parts = Vec::new();
    for (x, out) in x.chunks(rows * n).zip(out.chunks_mut(rows * width)) {
        let own = if n.is_multiple_of(2) {
            engine.get_immutable_scratch_len()
        } else {
            n + engine.get_inplace_scratch_len()
        };
        parts.push((x, out, memory(own)?));
    }
    cpu.share(threads, parts, |(x, out, mut memory)| {
        for (x, out) in x.chunks_exact(n).zip(out.chunks_exact_mut(width)) {
            let out: &mut [Complex32] = cast_slice_mut(out);
            if n.is_multiple_of(2) {
                engine.process_immutable_with_scratch(cast_slice(x), &mut out[..n / 2], &mut memory);
                untangle(out, halves);
            } else {
                let (whole, scratch) = memory.split_at_mut(n);
                whole.iter_mut().zip(x).for_each(|(z, x)| *z = Complex32::new(*x, 0.0));
                engine.process_with_scratch(whole, scratch);
                out.copy_from_slice(&whole[..width]);
            }
        }
    })?;
    Ok(threads)
}

/// The rows of `n` floats of each half spectrum of `x`, times `scale`; returns how many threads worked. Engines as for
/// [`real_rows`].
pub(crate) fn rows_of_reals(
    cpu: &Cpu<'_>,
    engine: &Engine,
    (n, halves): (usize, &Halves),
    (x, out): (&[Complex], &mut [f32]),
    scale: f32,
) -> Result<usize> {
    let (width, length) = (n / 2 + 1, engine.len());
    let count = x.len() / width;
    let threads = cpu.threads_for(out.len() / 2, count);
    let rows = items_in_part(count, threads);
    let mut parts = Vec::new();
    for (x, out) in x.chunks(rows * width).zip(out.chunks_mut(rows * n)) {
        parts.push((x, out, memory(length + engine.get_inplace_scratch_len())?));
    }
    cpu.share(threads, parts, |(x, out, mut memory)| {
        let (whole, scratch) = memory.split_at_mut(length);
        for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(n)) {
            let x: &[Complex32] = cast_slice(x);
            if n.is_multiple_of(2) {
                let out: &mut [Complex32] = cast_slice_mut(out);
                tangle(x, out, halves, scale);
                engine.process_with_scratch(out, scratch);
            } else {
                whole[0] = Complex32::new(x[0].re, 0.0);
                for k in 1..width {
                    whole[k] = x[k];
                    whole[n - k] = x[k].conj();
                }
                engine.process_with_scratch(whole, scratch);
                out.iter_mut().zip(&*whole).for_each(|(x, z)| *x = z.re * scale);
            }
        }
    })?;
    Ok(threads)
}

/// The half spectrum from the transform of the pairs, which stands in all places but the last.
fn untangle(z: &mut [Complex32], halves: &Halves) {
    let half = z.len() - 1;
    let first = z[0];
    z[0] = Complex32::new(first.re + first.im, 0.0);
    z[half] = Complex32::new(first.re - first.im, 0.0);
    let (low, high) = z[1..half].split_at_mut(half / 2);
    // With an even half the middle is its own partner, and the last of `low`.
    if half.is_multiple_of(2)
        && let Some(middle) = low.last_mut()
    {
        *middle = middle.conj();
    }
    for ((a, b), w) in low.iter_mut().zip(high.iter_mut().rev()).zip(&halves.0[1..]) {
        let sum = *a + b.conj();
        let odd = Complex32::new(a.im + b.im, b.re - a.re) * w;
        *a = (sum + odd) * 0.5;
        *b = (sum - odd).conj() * 0.5;
    }
}

/// The transform of the pairs from the half spectrum `x`, times twice `scale`, as the inverse needs it.
fn tangle(x: &[Complex32], z: &mut [Complex32], halves: &Halves, scale: f32) {
    let half = z.len();
    z[0] = Complex32::new(x[0].re + x[half].re, x[0].re - x[half].re) * scale;
    for k in 1..=half / 2 {
        let (a, b) = (x[k], x[half - k]);
        let even = (a + b.conj()) * scale;
        let odd = (a - b.conj()) * halves.0[k].conj() * scale;
        let turned = Complex32::new(-odd.im, odd.re);
        z[k] = even + turned;
        z[half - k] = (even - turned).conj();
    }
}
