//! Scans of parts of a launch's results: each row or segment by itself.
//!
//! The order is that of a scan of the part alone, so its bits are those too, wherever it lies.

use super::block::{How, State, Task};
use super::threads::Scan;
use crate::device::gpu::Gpu;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::algorithm::{self, Algorithm, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::{Fold, OnSlices};
use crate::exec::gpu::{BlockRun, SCAN_SEGMENTS};
use crate::exec::lanes::{Job, Piece};
use crate::exec::segments::{self, Segments, Values};
use crate::exec::threads;
use crate::kernel::{Kernel, LaneElement, OpCounts, Params, TileOf};
use crate::memory::Array;
use crate::shape::{CHUNK, Domain, Span};

/// Scans each segment of the results of `K`.
pub(crate) fn segmented<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, exclusive): (&R, bool),
    segments: Segments<'_>,
    (domain, config): (Domain, &Config),
) -> Result<(Array<R::T>, Outcome)> {
    segments.check(K::INFO.name, domain)?;
    let all = segments.places(&(0..segments.count()));
    if all != Span::new(0, domain.len()) {
        return Err(Error::new(
            ErrorKind::ShapeMismatch,
            format!(
                "{}: segments that are scanned cover the launch, and of {domain} they cover the places {} to {}; begin with 0 and end with {}",
                K::INFO.name,
                all.start,
                all.end,
                domain.len()
            ),
        ));
    }
    let ops = OpCounts { flops: 7, ..OpCounts::default() };
    let algorithm = Algorithm { name: "segmented scan", ops, bytes: size_of::<R::T>(), turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let out = Array::<R::T>::new(&core.home, domain)?;
        // Segments begin anywhere, so no store is aligned.
        let how = How { exclusive, stream: false };
        segments::placed(
            run,
            args,
            segments,
            (out, |which| segments.places(which).len()),
            |args, cpu, out| on_cpu::<K, R>(run, args, (fold, how), segments, cpu, out),
            |gpu, args, which, out| {
                on_gpu::<K, R>(gpu, args, (fold, how), (segments, which), (domain, config), out)
            },
        )
    })
}

/// Some segments, what they read, and their results.
struct Part<'t, 'o, K: Kernel, T> {
    segments: std::ops::Range<usize>,
    tiles: TileOf<'t, K>,
    out: &'o mut [T],
}

fn on_cpu<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, how): (&R, How),
    segments: Segments<'_>,
    (threads, which): (usize, std::ops::Range<usize>),
    mut out: &mut [R::T],
) -> Result<()> {
    let mut tiles = run.tiles::<K>(args, segments.places(&which))?;
    let (mut short, mut long) = (Vec::new(), Vec::new());
    // Several for each thread.
    for cut in segments.parts(&which, if threads > 1 { 8 * threads } else { 1 }) {
        let places = segments.places(&cut.segments);
        let (own, rest) = K::Params::split(tiles, places.len());
        let (own_out, rest_out) = out.split_at_mut(places.len());
        (tiles, out) = (rest, rest_out);
        let part = Part::<K, R::T> { segments: cut.segments, tiles: own, out: own_out };
        if cut.alone { long.push(part) } else { short.push(part) }
    }
    threads::each(&run.core.pool, threads, short, |part| {
        scan_part::<K, R>(run.job, (fold, how), segments, part);
    });
    for Part { segments: own, tiles, out } in long {
        let places = segments.places(&own);
        let state = State::start(fold.identity(), fold.empty());
        let scan = Scan { job: run.job, fold, how, state, pool: &run.core.pool, threads };
        scan.run::<K>(Piece { start: places.start, len: places.len(), tiles, out });
    }
    Ok(())
}

fn scan_part<K: Kernel<Out = R::T>, R: Fold>(
    job: &Job<'_>,
    (fold, how): (&R, How),
    segments: Segments<'_>,
    part: Part<'_, '_, K, R::T>,
) {
    let Part { segments: which, tiles, mut out } = part;
    let whole = segments.places(&which);
    job.compute(whole, || {
        let mut values = Values::<K, R::T>::new(job, whole, tiles, fold.identity());
        for segment in which {
            let (own, rest) = std::mem::take(&mut out).split_at_mut(segments.span(segment).len());
            out = rest;
            let mut state = State::start(fold.identity(), fold.empty());
            for out in own.chunks_mut(CHUNK) {
                if job.frame.stopped() {
                    return;
                }
                let values = values.take(out.len());
                let task = Task::Results { values, out, how, state: &mut state };
                fold.on_slices(job.level, &job.frame, OnSlices::Scan(task));
            }
        }
    });
}

/// Enqueues the scan of each of `which` segments; `out` has their places.
fn on_gpu<K: Kernel<Out = R::T>, R: Fold>(
    gpu: &Gpu,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, how): (&R, How),
    (segments, which): (Segments<'_>, std::ops::Range<usize>),
    all: (Domain, &Config),
    out: &mut Array<R::T>,
) -> Result<()> {
    let span = segments.places(&which);
    let (length, starts) = segments::starts(gpu, segments, &which)?;
    let slot = [which.len() as u32, length, u32::from(how.exclusive), fold.empty().words()[0]];
    let folded = segments::folded(fold, &SCAN_SEGMENTS);
    let run = BlockRun { folded, slot, bound: vec![starts], groups: which.len() as u64, after: None };
    segments::enqueue::<K, _>(gpu, args, all, span, run, out)
}
