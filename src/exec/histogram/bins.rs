//! Into which bin a float falls: even bins by division, others by their edges.
//!
//! A block's indices are made by vectors into a buffer in L1. Plain Rust, compiled for each level. Division is not replaced by
//! multiplication with a reciprocal, whose bits differ: it costs 0.15 ns an element at most, and counting costs more.

use std::hint::select_unpredictable;

use crate::exec::level::{self, AtLevel};
use crate::lanes::{Lanes, Level};

/// Up to this many bins an index is exact as an `f32`.
pub(crate) const MAX_EVEN_BINS: usize = 1 << 24;

/// Edges up to which comparing with each is faster than a search.
const COMPARED_EDGES: usize = 48;

/// The place of each value among `bins` even ones, `(x - lo) / width` rounded down; `bins` or more for what is outside.
pub(super) fn even(level: Level, values: &[f32], (lo, width, bins): (f32, f32, usize), indices: &mut [u32]) {
    level::at(level, Even { values, lo, width, bins: bins as f32, indices });
}

/// The place of each value between two edges, which ascend; the largest number, or the last edge's, for what is outside.
pub(super) fn between(level: Level, values: &[f32], edges: &[f32], indices: &mut [u32]) {
    level::at(level, Between { values, edges, indices });
}

struct Even<'e> {
    values: &'e [f32],
    lo: f32,
    width: f32,
    bins: f32,
    indices: &'e mut [u32],
}

impl AtLevel for Even<'_> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        even_body(self.values, self.lo, self.width, self.bins, self.indices);
    }
}

struct Between<'b> {
    values: &'b [f32],
    edges: &'b [f32],
    indices: &'b mut [u32],
}

impl AtLevel for Between<'_> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        if self.edges.len() <= COMPARED_EDGES {
            compared_body(self.values, self.edges, self.indices);
        } else {
            searched_body(self.values, self.edges, self.indices);
        }
    }
}

#[inline(always)]
fn even_body(values: &[f32], lo: f32, width: f32, bins: f32, indices: &mut [u32]) {
    for (index, x) in indices.iter_mut().zip(values) {
        let place = (x - lo) / width;
        // `bins` is outside, and so is NaN, for which every comparison is false.
        let place = if place >= 0.0 { place } else { bins };
        let place = if place < bins { place } else { bins };
        *index = place as i32 as u32;
    }
}

/// An index is how many edges are not above, less one; before the first that is the largest number, no bin.
#[inline(always)]
fn compared_body(values: &[f32], edges: &[f32], indices: &mut [u32]) {
    let (values, rest) = values.as_chunks::<64>();
    let (indices, rest_indices) = indices.as_chunks_mut::<64>();
    for (values, indices) in values.iter().zip(indices) {
        let mut below = [u32::MAX; 64];
        for &edge in edges {
            for (below, &x) in below.iter_mut().zip(values) {
                *below = below.wrapping_add(u32::from(x >= edge));
            }
        }
        *indices = below;
    }
    for (index, &x) in rest_indices.iter_mut().zip(rest) {
        *index = edges.iter().fold(u32::MAX, |below, &edge| below.wrapping_add(u32::from(x >= edge)));
    }
}

/// Binary search without branches: every value takes the same steps, 16 of them beside each other.
///
/// ```text
/// base = 0, n = number of edges
/// while n > 1:  half = n / 2;  if edges[base + half] <= x: base += half;  n -= half
/// index = base, or none if edges[base] > x (only before the first)
/// ```
#[inline(always)]
fn searched_body(values: &[f32], edges: &[f32], indices: &mut [u32]) {
    let (values, rest) = values.as_chunks::<16>();
    let (indices, rest_indices) = indices.as_chunks_mut::<16>();
    for (values, indices) in values.iter().zip(indices) {
        *indices = search(values, edges);
    }
    let mut last = [f32::NAN; 16];
    last[..rest.len()].copy_from_slice(rest);
    rest_indices.copy_from_slice(&search(&last, edges)[..rest.len()]);
}

#[inline(always)]
fn search(values: &[f32; 16], edges: &[f32]) -> [u32; 16] {
    let mut base = [0u32; 16];
    let mut n = edges.len();
    while n > 1 {
        let half = n / 2;
        for (base, &x) in base.iter_mut().zip(values) {
            let middle = *base as usize + half;
            // Always in place; `get` keeps a panic out of the loop.
            let edge = edges.get(middle).copied().unwrap_or(f32::INFINITY);
            // As a plain `if` this became a branch, and a search 34 ns instead of 4.
            *base = select_unpredictable(x >= edge, middle as u32, *base);
        }
        n -= half;
    }
    std::array::from_fn(|i| if values[i] >= edges[0] { base[i] } else { u32::MAX })
}
