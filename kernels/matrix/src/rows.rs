//! Softmax, log-sum-exp and layer norm: each row of a matrix by itself.
//!
//! Each is three or four launches, of which each needs what the one before made of the whole row. Over a large matrix every
//! launch would read memory anew. On the CPU they are done block by block: all launches over some rows that stay in a cache,
//! then the next rows ([`Runtime::each`]), so memory is read once and written once, past the caches. On a GPU each launch
//! goes over everything.

use manylane::Result;
use manylane::memory::View;
use manylane::prelude::*;

use crate::place::{Way, as_long, each, setting, sides};

/// Bytes of a block: with what is made of them, half of an L2 of 512 KiB, the smallest of this decade's.
const BLOCK: usize = 128 << 10;

/// `exp(x - m)`, `m` being the row's.
#[kernel]
pub fn exp_less(at: Cell, x: f32, m: &[f32]) -> f32 {
    (x - m[at.y as usize]).exp()
}

/// The element times the row's factor.
#[kernel]
pub fn times_by_row(at: Cell, x: f32, factor: &[f32]) -> f32 {
    x * factor[at.y as usize]
}

/// 1 over it: a division for each row instead of each element.
#[kernel]
pub fn inverse(sum: f32) -> f32 {
    1.0 / sum
}

/// What is taken off a row before `exp`: its largest element where that is finite, else nothing.
#[kernel]
pub fn finite_or_zero(m: f32) -> f32 {
    if m.abs() < f32::INFINITY { m } else { 0.0 }
}

/// `ln(sum) + m`.
#[kernel]
pub fn ln_plus(sum: f32, m: f32) -> f32 {
    sum.ln() + m
}

/// The square of what an element is off the row's mean.
#[kernel]
pub fn square_off(at: Cell, x: f32, mean: &[f32]) -> f32 {
    let off = x - mean[at.y as usize];
    off * off
}

/// A part of a row's sum: its mean.
#[kernel]
pub fn part_of(sum: f32, #[uniform] part: f32) -> f32 {
    sum * part
}

/// 1 over the root of a row's variance and `epsilon`.
#[kernel]
pub fn inverse_root(squares: f32, #[uniform] part: f32, #[uniform] epsilon: f32) -> f32 {
    1.0 / (squares * part + epsilon).sqrt()
}

/// The element less the row's mean, times the row's factor, scaled and shifted by column.
#[kernel]
pub fn normalised(at: Cell, x: f32, mean: &[f32], factor: &[f32], gain: &[f32], shift: &[f32]) -> f32 {
    (x - mean[at.y as usize]) * factor[at.y as usize] * gain[at.x as usize] + shift[at.x as usize]
}

/// The softmax of each row: `exp(x)` over the sum of the row's, the row's largest element taken off first, so nothing
/// overflows.
///
/// A row that holds NaN or infinity, or nothing but negative infinities, is NaN throughout; negative infinity beside finite
/// numbers gives 0.
///
/// # Errors
/// `ShapeMismatch` where `a` has no rows; whatever the launches return.
pub fn softmax(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Array<f32>> {
    let mut out = Array::new(a.home(), a.domain())?;
    softmax_into(rt, a, &mut out, target)?;
    Ok(out)
}

/// As [`softmax`], into an array that is there already.
///
/// # Errors
/// As [`softmax`]; `ShapeMismatch` where `out` has another length.
pub fn softmax_into(rt: &Runtime, a: &Array<f32>, out: &mut Array<f32>, target: Target) -> Result<()> {
    let way = way(rt, a, target)?;
    let Way::Blocks { one, shared } = way else {
        let largest = rt.reduce(a).on(target).rows().max()?;
        let powers = rt.map::<exp_less>((a, &largest)).on(target).run()?;
        let sums = rt.reduce(&powers).on(target).rows().sum()?;
        let factors = rt.map::<inverse>(&sums).on(target).run()?;
        return rt.map::<times_by_row>((&powers, &factors)).on(target).run_into(out);
    };
    blocks(rt, a, out, shared, |rows, buffer, out, past| {
        let largest = rt.reduce(rows).on(one).rows().max()?;
        rt.map::<exp_less>((rows, &largest)).on(one).run_into(&mut *buffer)?;
        let sums = rt.reduce(&*buffer).over(rows.domain()).on(one).rows().sum()?;
        let factors = rt.map::<inverse>(&sums).on(one).run()?;
        let launch = rt.map::<times_by_row>((&*buffer, &factors)).over(rows.domain());
        launch.past_caches(past).on(one).run_into(out)
    })
}

/// The logarithm of the sum of `exp(x)` of each row, as a line with an element for each row; the row's largest element is
/// taken off first, so nothing overflows.
///
/// A row that holds NaN gives NaN, else one that holds infinity gives infinity; one of nothing but negative infinities, or of
/// nothing, gives negative infinity.
///
/// # Errors
/// As [`softmax`].
pub fn log_sum_exp(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Array<f32>> {
    let (_, height) = sides("the matrix", a)?;
    let Way::Blocks { one, shared } = way(rt, a, target)? else {
        let largest = rt.reduce(a).on(target).rows().max()?;
        let off = rt.map::<finite_or_zero>(&largest).on(target).run()?;
        let sums = rt.map::<exp_less>((a, &off)).on(target).rows().sum()?;
        return rt.map::<ln_plus>((&sums, &off)).on(target).run();
    };
    let mut out = Array::new(a.home(), Domain::Line(height))?;
    let (rows, mut sums) = (rows_of_block(a), out.write()?);
    each(rt, shared, sums.chunks_mut(rows).enumerate(), |(k, out)| {
        let rows = a.rows(k * rows..k * rows + out.len())?;
        let largest = rt.reduce(&rows).on(one).rows().max()?;
        let off = rt.map::<finite_or_zero>(&largest).on(one).run()?;
        let sums = rt.map::<exp_less>((&rows, &off)).on(one).rows().sum()?;
        rt.map::<ln_plus>((&sums, &off)).on(one).run_into(out)
    })?;
    Ok(out)
}

/// Each row less its mean, over the root of its variance (over all elements, as is usual here) and `epsilon`; then times
/// `gain` and plus `shift`, which have an element for each column.
///
/// The variance is summed around the mean, so numbers far from zero lose no digits: J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer
/// Normalization", 2016. A row that holds NaN or an infinity is NaN throughout.
///
/// # Errors
/// `ShapeMismatch` where `a` has no rows, or `gain` or `shift` another length than them; `Setting` where `epsilon` is negative
/// or no number; whatever the launches return.
pub fn layer_norm(
    rt: &Runtime,
    a: &Array<f32>,
    (gain, shift): (&Array<f32>, &Array<f32>),
    epsilon: f32,
    target: Target,
) -> Result<Array<f32>> {
    let (width, _) = sides("the matrix", a)?;
    as_long("gain", gain, width, "column")?;
    as_long("shift", shift, width, "column")?;
    if !(0.0..f32::INFINITY).contains(&epsilon) {
        return Err(setting(format!(
            "epsilon is {epsilon}; give 0 or a small positive number, 1e-5 is usual"
        )));
    }
    let part = 1.0 / width as f32;
    let mut out = Array::new(a.home(), a.domain())?;
    let Way::Blocks { one, shared } = way(rt, a, target)? else {
        let sums = rt.reduce(a).on(target).rows().sum()?;
        let means = rt.map::<part_of>((&sums, part)).on(target).run()?;
        let squares = rt.map::<square_off>((a, &means)).on(target).rows().sum()?;
        let factors = rt.map::<inverse_root>((&squares, part, epsilon)).on(target).run()?;
        rt.map::<normalised>((a, &means, &factors, gain, shift)).on(target).run_into(&mut out)?;
        return Ok(out);
    };
    blocks(rt, a, &mut out, shared, |rows, _, out, past| {
        let sums = rt.reduce(rows).on(one).rows().sum()?;
        let means = rt.map::<part_of>((&sums, part)).on(one).run()?;
        let squares = rt.map::<square_off>((rows, &means)).on(one).rows().sum()?;
        let factors = rt.map::<inverse_root>((&squares, part, epsilon)).on(one).run()?;
        let launch = rt.map::<normalised>((rows, &means, &factors, gain, shift));
        launch.past_caches(past).on(one).run_into(out)
    })?;
    Ok(out)
}

fn way(rt: &Runtime, a: &Array<f32>, target: Target) -> Result<Way> {
    sides("the matrix", a)?;
    let none = [0.0; 1];
    Way::of(target, a.len(), || Ok(rt.map::<exp_less>((a, &none)).plan()?.target))
}

/// Rows of a block.
fn rows_of_block(a: &Array<f32>) -> usize {
    (BLOCK / 4 / a.domain().width().max(1)).max(1)
}

/// Bytes of results from which they are written past the caches.
const LARGE: usize = 32 << 20;

/// Does `work` for each block of rows: the rows, room for as many elements, where its results go, and whether past the
/// caches.
fn blocks(
    rt: &Runtime,
    a: &Array<f32>,
    out: &mut Array<f32>,
    shared: bool,
    work: impl Fn(&View<f32>, &mut [f32], &mut [f32], bool) -> Result<()> + Sync,
) -> Result<()> {
    let (width, height) = sides("the matrix", a)?;
    as_long("the result", out, a.len(), "element")?;
    if a.is_empty() {
        return Ok(());
    }
    let (rows, past) = (rows_of_block(a), 4 * a.len() >= LARGE);
    // Some runs of blocks for each thread, so that the room is made seldom.
    let runs = if shared { 8 * rt.threads() } else { 1 };
    let run = height.div_ceil(runs).next_multiple_of(rows);
    let mut results = out.write()?;
    each(rt, shared, results.chunks_mut(run * width).enumerate(), |(k, out)| {
        let mut room = vec![0.0; rows.min(out.len() / width) * width];
        for (block, out) in out.chunks_mut(rows * width).enumerate() {
            let (first, count) = (k * run + block * rows, out.len() / width);
            work(&a.rows(first..first + count)?, &mut room[..out.len()], out, past)?;
        }
        Ok(())
    })
}
