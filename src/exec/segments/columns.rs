//! Reductions of columns: strips of rows are folded from the top, and neighbouring strips paired up.

use super::gpu;
use crate::error::Result;
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::Fold;
use crate::exec::lanes::{self, Piece};
use crate::exec::threads;
use crate::kernel::{Kernel, OpCounts, Params};
use crate::memory::{Array, Keep};
use crate::shape::{Domain, Span};

/// Rows of a strip.
pub(crate) const STRIP: usize = 64;

/// What each column of the results of `K` comes to.
pub(crate) fn columns<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    (width, height): (usize, usize),
    (domain, config): (Domain, &Config),
) -> Result<(Array<R::T>, Outcome)> {
    let ops = OpCounts { flops: 1, ints: 1, ..OpCounts::default() };
    let algorithm = Algorithm { name: "column reduction", ops, bytes: 0, turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let strips = height.div_ceil(STRIP);
        let mut partial = Array::<R::T>::new(&core.home, Domain::Line(strips * width))?;
        match &run.place {
            Place::Cpu { threads } => {
                let partial = partial.host_mut(Keep::Nothing)?;
                on_cpu::<K, R>(run, args, fold, (*threads, width, height), partial)?;
            }
            Place::Gpu(gpu) => {
                gpu::strips::<K, R, _>(gpu, args, (fold, 0..height), (domain, config), &mut partial)?;
            }
            Place::Both { threads, cut, gpu } => {
                let rows = (cut / width.max(1) / STRIP * STRIP).min(height);
                let mine = rows / STRIP * width;
                let mut theirs = Array::<R::T>::new(&core.home, Domain::Line(strips * width - mine))?;
                gpu::strips::<K, R, _>(gpu, args, (fold, rows..height), (domain, config), &mut theirs)?;
                let (own, rest) = partial.host_mut(Keep::Nothing)?.split_at_mut(mine);
                on_cpu::<K, R>(run, args, fold, (*threads, width, rows), own)?;
                rest.copy_from_slice(theirs.host()?);
            }
        }
        // A sixty-fourth of the values: they are joined here, wherever they came from.
        let mut out = Array::<R::T>::new(&core.home, Domain::Line(width))?;
        let totals = out.host_mut(Keep::Nothing)?;
        totals.fill(fold.empty());
        if strips > 0 && width > 0 {
            let mut rows: Vec<&mut [R::T]> = partial.host_mut(Keep::Old)?.chunks_mut(width).collect();
            join(run, fold, &mut rows);
            totals.copy_from_slice(rows[0]);
        }
        Ok(out)
    })
}

/// Neighbours paired up, level by level; the first row has what all come to.
fn join<R: Fold>(run: &Run<'_>, fold: &R, rows: &mut [&mut [R::T]]) {
    let mut step = 1;
    while step < rows.len() {
        for at in (0..rows.len() - step).step_by(2 * step) {
            let (left, right) = rows.split_at_mut(at + step);
            fold.rows(run.job.level, &run.job.frame, left[at], right[0]);
        }
        step *= 2;
    }
}

/// The strips of the rows before `height`, a row of `partial` for each.
pub(crate) fn on_cpu<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    (threads, width, height): (usize, usize, usize),
    partial: &mut [R::T],
) -> Result<()> {
    if width == 0 || height == 0 {
        return Ok(());
    }
    let mut tiles = run.tiles::<K>(args, Span::new(0, width * height))?;
    let mut parts = Vec::new();
    for (strip, totals) in partial.chunks_mut(width).enumerate() {
        let rows = STRIP.min(height - strip * STRIP);
        let (own, rest) = K::Params::split(tiles, rows * width);
        parts.push((strip * STRIP, rows, own, totals));
        tiles = rest;
    }
    threads::each(&run.core.pool, threads, parts, |(first, rows, tiles, totals)| {
        let span = Span::new(first * width, (first + rows) * width);
        totals.fill(fold.identity());
        let mut values = vec![fold.identity(); width];
        let mut tiles = Some(tiles);
        run.job.compute(span, || {
            for row in first..first + rows {
                let Some(left) = tiles.take() else { return };
                if run.job.frame.stopped() {
                    return;
                }
                let (own, rest) = K::Params::split(left, width);
                tiles = Some(rest);
                lanes::run::<K>(
                    run.job,
                    Piece { start: row * width, len: width, tiles: own, out: &mut values[..] },
                );
                fold.rows(run.job.level, &run.job.frame, totals, &values);
            }
        });
    });
    Ok(())
}
