//! Scans of columns.
//!
//! ```text
//! strip     64 rows: y, the rows folded from the top, from the identity
//! picture   A: the totals of the strips, chained from the identity
//! result    A + y; exclusive: the result of the row before
//! ```
//! The totals of strips are those of a reduction of columns.

use super::block::How;
use crate::device::gpu::{BindingKind, Gpu};
use crate::error::Result;
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::Fold;
use crate::exec::gpu::{BlockRun, SCAN_COLUMNS, SCAN_STRIPS, blocks_alone};
use crate::exec::lanes::{self, Piece};
use crate::exec::segments::{self, STRIP};
use crate::exec::threads;
use crate::kernel::{Kernel, LaneElement, OpCounts, Params};
use crate::memory::{self, Array, DeviceArray, Keep};
use crate::shape::{Domain, Span};

/// Scans each column of the results of `K` from the top.
pub(crate) fn columns<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, exclusive): (&R, bool),
    (width, height): (usize, usize),
    (domain, config): (Domain, &Config),
) -> Result<(Array<R::T>, Outcome)> {
    let ops = OpCounts { flops: 3, ..OpCounts::default() };
    let algorithm = Algorithm { name: "column scan", ops, bytes: size_of::<R::T>(), turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let mut out = Array::<R::T>::new(&core.home, domain)?;
        if domain.is_empty() {
            return Ok(out);
        }
        let how = How { exclusive, stream: false };
        let mut before = vec![fold.identity(); width];
        match &run.place {
            Place::Cpu { threads } => {
                let out = out.host_mut(Keep::Nothing)?;
                on_cpu::<K, R>(run, args, (fold, how), (*threads, width, height), (&mut before, out))?;
            }
            Place::Gpu(gpu) => {
                let begun = Begun::new::<K, R>(run, gpu, args, fold, (config, 0..height))?;
                begun.finish::<K, R>(run, (gpu, args), (fold, how), config, (&before, &mut out))?;
            }
            Place::Both { threads, cut, gpu } => {
                let rows = (cut / width / STRIP * STRIP).min(height);
                let begun = Begun::new::<K, R>(run, gpu, args, fold, (config, rows..height))?;
                let rest = Domain::Line((height - rows) * width);
                let mut theirs = Array::<R::T>::new(&core.home, rest)?;
                let (mine, rest) = out.host_mut(Keep::Nothing)?.split_at_mut(rows * width);
                on_cpu::<K, R>(run, args, (fold, how), (*threads, width, rows), (&mut before, mine))?;
                begun.finish::<K, R>(run, (gpu, args), (fold, how), config, (&before, &mut theirs))?;
                rest.copy_from_slice(theirs.host()?);
            }
        }
        run.settled(out)
    })
}

/// The rows before `height`; `before` becomes what stands behind them.
fn on_cpu<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, how): (&R, How),
    (threads, width, height): (usize, usize, usize),
    (before, out): (&mut [R::T], &mut [R::T]),
) -> Result<()> {
    let (level, frame) = (run.job.level, &run.job.frame);
    let strips = height.div_ceil(STRIP);
    // What stands in front of each strip; one thread finds that out as it goes.
    let together = threads > 1 && strips > 1;
    let mut prefixes = vec![fold.identity(); if together { strips * width } else { 0 }];
    if together {
        segments::strips_on_cpu::<K, R>(run, args, fold, (threads, width, height), &mut prefixes)?;
        for totals in prefixes.chunks_mut(width) {
            for (total, before) in totals.iter_mut().zip(&mut *before) {
                let own = std::mem::replace(total, *before);
                *before = R::pair(frame, *before, own);
            }
        }
    }
    let mut tiles = run.tiles::<K>(args, Span::new(0, width * height))?;
    let mut parts = Vec::with_capacity(strips);
    for (strip, out) in out.chunks_mut(STRIP * width).enumerate() {
        let (own, rest) = K::Params::split(tiles, out.len());
        parts.push((strip, own, out));
        tiles = rest;
    }
    let scan = |(strip, mut tiles, out): (usize, _, &mut [R::T]), prefix: &[R::T]| {
        let mut running = vec![fold.identity(); width];
        let (mut values, mut previous) = (running.clone(), prefix.to_vec());
        if strip == 0 {
            previous.fill(fold.empty());
        }
        let first = strip * STRIP * width;
        run.job.compute(Span::new(first, first + out.len()), || {
            for (row, out) in out.chunks_mut(width).enumerate() {
                if frame.stopped() {
                    return;
                }
                let (own, rest) = K::Params::split(tiles, width);
                tiles = rest;
                let start = first + row * width;
                lanes::run::<K>(run.job, Piece { start, len: width, tiles: own, out: &mut values[..] });
                fold.rows(level, frame, &mut running, &values);
                out.copy_from_slice(prefix);
                fold.rows(level, frame, out, &running);
                if how.exclusive {
                    out.swap_with_slice(&mut previous);
                }
            }
        });
        running
    };
    if together {
        threads::each(&run.core.pool, threads, parts, |part| {
            let prefix = &prefixes[part.0 * width..][..width];
            scan(part, prefix);
        });
    } else {
        for part in parts {
            let totals = scan(part, before);
            fold.rows(level, frame, before, &totals);
        }
    }
    Ok(())
}

/// Some rows whose strips' totals are on their way.
struct Begun {
    rows: std::ops::Range<usize>,
    /// A row for each strip, of the bits of the values.
    totals: Array<u32>,
}

impl Begun {
    fn new<K: Kernel<Out = R::T>, R: Fold>(
        run: &Run<'_>,
        gpu: &Gpu,
        args: &mut <K::Params as Params>::Arg<'_>,
        fold: &R,
        (config, rows): (&Config, std::ops::Range<usize>),
    ) -> Result<Self> {
        let domain = run.work.domain;
        let n = rows.len().div_ceil(STRIP) * domain.width();
        let mut totals = Array::<u32>::new(&run.core.home, Domain::Line(n))?;
        segments::strips_on_gpu::<K, R, _>(gpu, args, (fold, rows.clone()), (domain, config), &mut totals)?;
        Ok(Begun { rows, totals })
    }

    /// Enqueues the results into `out`, which has these rows' places; `before` stands in front of them.
    fn finish<K: Kernel<Out = R::T>, R: Fold>(
        mut self,
        run: &Run<'_>,
        (gpu, args): (&Gpu, &mut <K::Params as Params>::Arg<'_>),
        (fold, how): (&R, How),
        config: &Config,
        (before, out): (&[R::T], &mut Array<R::T>),
    ) -> Result<()> {
        let n = self.totals.len();
        if n == 0 {
            return Ok(());
        }
        let domain = run.work.domain;
        let (width, strips) = (domain.width(), n / domain.width());
        let words: Vec<u32> = before.iter().map(|x| x.words()[0]).collect();
        let held = memory::alloc(gpu, 4 * width as u64)?;
        gpu.upload(&held, 0, bytemuck::cast_slice(&words))?;
        let whole = Span::new(0, n);
        let after = crate::device::Completion::all(self.totals.carried(whole));
        let (buffer, offset) = DeviceArray::gpu_write(&mut self.totals, gpu, whole, Keep::Old)?;
        let chain = BlockRun {
            folded: segments::folded(fold, &SCAN_STRIPS),
            slot: [width as u32, strips as u32, 0, 0],
            bound: vec![
                (BindingKind::Read, held, 0, 4 * width),
                (BindingKind::ReadWrite, buffer.clone(), offset, 4 * n),
            ],
            groups: width.div_ceil(64) as u64,
            after: Some(after),
        };
        let after = blocks_alone::<K>(gpu, config, n, chain)?;
        let first = self.rows.start == 0;
        let written = BlockRun {
            folded: segments::folded(fold, &SCAN_COLUMNS),
            slot: [
                width as u32,
                strips as u32,
                u32::from(how.exclusive) + u32::from(how.exclusive && first),
                fold.empty().words()[0],
            ],
            bound: vec![(BindingKind::Read, buffer, offset, 4 * n)],
            groups: n.div_ceil(64) as u64,
            after: Some(after),
        };
        let span = Span::new(self.rows.start * width, self.rows.end * width);
        segments::enqueue::<K, _>(gpu, args, (domain, config), span, written, out)
    }
}
