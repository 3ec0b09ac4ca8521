//! A map over a picture tile by tile, on the calling thread and the pool.
//!
//! A tile is a list of pieces, a row of it each. They are cut off in row order, so every place is in exactly one.

use std::time::Instant;

use crate::error::Result;
use crate::exec::driver::Core;
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::shared::Went;
use crate::exec::threads::{self, Divide};
use crate::kernel::Kernel;
use crate::plan::{Plan, Tiles, Work};
use crate::shape::{Domain, Span, Target};

/// Runs all of `piece`.
pub(crate) fn map<K: Kernel>(
    core: &Core,
    (work, asked): (&Work, Target),
    (plan, tiles): (Option<&Plan>, Tiles),
    job: &Job<'_>,
    piece: Piece<'_, '_, K>,
) -> Result<Went> {
    let control = job.frame.control();
    let threads = plan.map_or(1, |plan| plan.threads);
    let (places, mut chunks) = (piece.len, 0);
    control.watched(|| {
        let start = Instant::now();
        let parts = cut(tiles, job.domain, piece);
        chunks = parts.len();
        threads::each(&core.pool, threads, parts, |rows| {
            for row in rows {
                if job.frame.stopped() {
                    return;
                }
                let span = Span::new(row.start, row.start + row.len);
                job.compute(span, || lanes::run::<K>(job, row));
            }
        });
        if !control.stopped() {
            let target = plan.map_or(asked, |plan| plan.target);
            core.record(work, target, threads, places, start.elapsed().as_secs_f64());
        }
    })?;
    Ok(Went { threads, chunks, ..Went::default() })
}

/// The tiles, each as its rows.
fn cut<'t, 'o, K: Kernel>(
    tiles: Tiles,
    domain: Domain,
    piece: Piece<'t, 'o, K>,
) -> Vec<Vec<Piece<'t, 'o, K>>> {
    let (width, across) = (domain.width(), tiles.across(domain));
    let down = (piece.len / width.max(1)).div_ceil(tiles.height);
    let mut parts: Vec<Vec<Piece<'t, 'o, K>>> = Vec::new();
    parts.resize_with(across * down, || Vec::with_capacity(tiles.height));
    let mut rest = piece;
    while rest.len > 0 {
        let (row, column) = (rest.start / width, rest.start % width);
        let len = tiles.width.min(width - column);
        let (own, later) = rest.divide(len);
        parts[row / tiles.height * across + column / tiles.width].push(own);
        rest = later;
    }
    parts
}
