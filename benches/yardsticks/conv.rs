//! A convolution with 7x7 weights; outside of the picture the nearest cell counts.
//!
//! Two loops by hand: one takes a vector of places at a time, as the library does; the other four rows of one at once, so
//! that what it has read serves four times and a weight twice. The operations of one place are the same, in the same order.

use manylane::Result;
use manylane::prelude::*;
use manylane_elementwise::{Tolerance, input};

use super::rounds::Pair;
use super::vector::Vector;

const SIZE: usize = 1024;
/// Weights in a row and in a column, and cells beside the own one.
const TAPS: usize = 7;
const REACH: usize = TAPS / 2;
/// Rows that four rows reach.
const MOST: usize = 4 + 2 * REACH;
/// Room for a vector's cells and those that they reach.
const STRIP: usize = 64;

/// The weighted sum of the cells around.
#[kernel]
fn convolve(at: Cell, src: Image<f32>, #[uniform] w: [f32; 49]) -> f32 {
    let mut sum = 0.0;
    for dy in 0..7 {
        for dx in 0..7 {
            sum += w[(dy * 7 + dx) as usize] * src.near(at, dx - 3, dy - 3);
        }
    }
    sum
}

/// A vector of places in each of `ROWS` rows. `block` begins with the cell that the first reaches to the upper left; its
/// rows are `STRIDE` apart.
#[inline(always)]
fn places<V: Vector, const ROWS: usize, const STRIDE: usize>(
    v: V,
    block: &[f32],
    w: &[f32; TAPS * TAPS],
) -> [V::F; ROWS] {
    let block = &block[..(ROWS + TAPS - 2) * STRIDE + V::N + TAPS - 1];
    let mut sums = [v.splat(0.0); ROWS];
    // Written out, so that which row takes which weights is known.
    macro_rules! rows {
        ($($row:literal)*) => {$(
            if $row < ROWS + TAPS - 1 {
                for dx in 0..TAPS {
                    let cells = v.load(&block[$row * STRIDE + dx..]);
                    for (own, sum) in sums.iter_mut().enumerate() {
                        if ($row as usize).checked_sub(own).is_some_and(|dy| dy < TAPS) {
                            *sum = v.fma(v.splat(w[($row - own) * TAPS + dx]), cells, *sum);
                        }
                    }
                }
            }
        )*};
    }
    rows! { 0 1 2 3 4 5 6 7 8 9 }
    sums
}

/// The same by hand, `ROWS` rows at once. Only vectors at an edge go through a copy of what they reach.
#[inline(always)]
fn convolve_loop<V: Vector, const ROWS: usize>(v: V, cells: &[f32], w: &[f32; TAPS * TAPS], out: &mut [f32]) {
    let (mut band, mut strip) = ([0.0; MOST * SIZE], [0.0; MOST * STRIP]);
    let put = |out: &mut [f32], column: usize, sums: [V::F; ROWS]| {
        for (row, sum) in sums.into_iter().enumerate() {
            v.store(&mut out[row * SIZE + column..], sum);
        }
    };
    for (block, out) in out.chunks_exact_mut(ROWS * SIZE).enumerate() {
        let top = block * ROWS;
        let row = |k: usize| &cells[(top + k).saturating_sub(REACH).min(SIZE - 1) * SIZE..][..SIZE];
        let reached = ROWS + 2 * REACH;

        for (line, k) in strip.chunks_exact_mut(STRIP).zip(0..reached) {
            line[..REACH].fill(row(k)[0]);
            line[REACH..][..V::N + REACH].copy_from_slice(&row(k)[..V::N + REACH]);
        }
        put(out, 0, places::<V, ROWS, STRIP>(v, &strip, w));

        let is_inside = top >= REACH && top + ROWS + REACH <= SIZE;
        let (rows, start) = if is_inside {
            (cells, (top - REACH) * SIZE)
        } else {
            for (line, k) in band.chunks_exact_mut(SIZE).zip(0..reached) {
                line.copy_from_slice(row(k));
            }
            (&band[..], 0)
        };
        let mut column = V::N;
        while column < SIZE - V::N {
            put(out, column, places::<V, ROWS, SIZE>(v, &rows[start + column - REACH..], w));
            column += V::N;
        }

        for (line, k) in strip.chunks_exact_mut(STRIP).zip(0..reached) {
            line[..V::N + REACH].copy_from_slice(&row(k)[SIZE - V::N - REACH..]);
            line[V::N + REACH..][..REACH].fill(row(k)[SIZE - 1]);
        }
        put(out, SIZE - V::N, places::<V, ROWS, STRIP>(v, &strip, w));
    }
}

#[inline(always)]
fn by_one<V: Vector>(v: V, cells: &[f32], w: &[f32; TAPS * TAPS], out: &mut [f32]) {
    convolve_loop::<V, 1>(v, cells, w, out);
}

#[inline(always)]
fn by_four<V: Vector>(v: V, cells: &[f32], w: &[f32; TAPS * TAPS], out: &mut [f32]) {
    convolve_loop::<V, 4>(v, cells, w, out);
}

levels! {
    /// Row by row.
    fn convolve_rows(cells: &[f32], w: &[f32; TAPS * TAPS], out: &mut [f32]) = by_one;
    /// Four rows at once.
    fn convolve_four_rows(cells: &[f32], w: &[f32; TAPS * TAPS], out: &mut [f32]) = by_four;
}

/// What the convolution must give; in `f64`.
fn naive(cells: &[f32], w: &[f32; TAPS * TAPS]) -> Vec<f32> {
    let near = |at: usize, d: usize| (at + d).saturating_sub(REACH).min(SIZE - 1);
    let one = |x: usize, y: usize| {
        let taps = (0..TAPS * TAPS).map(|k| {
            let cell = cells[near(y, k / TAPS) * SIZE + near(x, k % TAPS)];
            f64::from(w[k]) * f64::from(cell)
        });
        taps.sum::<f64>() as f32
    };
    (0..SIZE * SIZE).map(|i| one(i % SIZE, i / SIZE)).collect()
}

/// Verifies all three, then times ours against each by hand.
pub fn compare(rt: &Runtime) -> Result<()> {
    let by_hand = match rt.level() {
        Level::Avx512 => [avx512::convolve_rows, avx512::convolve_four_rows],
        _ => [avx2::convolve_rows, avx2::convolve_four_rows],
    };
    let cells = input::floats(8, SIZE * SIZE, 0.0, 1.0);
    let w: [f32; TAPS * TAPS] = std::array::from_fn(|k| (k as f32 + 1.0) / 1225.0);
    let (mut out, mut hand_out) = (vec![0.0; SIZE * SIZE], vec![0.0; SIZE * SIZE]);
    let run =
        |out: &mut Vec<f32>| rt.map::<convolve>(((&cells, (SIZE, SIZE)), w)).on(Target::Simd).run_into(out);
    run(&mut out)?;
    let tolerance = Tolerance::Within { absolute: 0.0, relative: 5e-6 };
    tolerance.check(&out, &naive(&cells, &w)).expect("our convolution");
    for (name, hand) in ["conv_rows", "conv_four_rows"].into_iter().zip(by_hand) {
        hand(&cells, &w, &mut hand_out);
        assert_eq!(out, hand_out, "the same operations in the same order");
        Pair::new(name, SIZE * SIZE, rt.level(), 1, 101)
            .time(|| run(&mut out).expect("verified before"), || hand(&cells, &w, &mut hand_out));
    }
    Ok(())
}
