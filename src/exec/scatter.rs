//! Results joined to the places that are named for them: sums, least and greatest by index.
//!
//! ```text
//! a thread    has places of its own, where there are fewer of them than values for it; all are joined at the end, in order
//! a GPU       a workgroup has places of its own, where they fit its memory; all join theirs by atomic steps
//! a split     each device has its own; they are joined at the end
//! ```
//! No two threads ever write one place, so no update can be lost. Sums of floats depend on the order in their last bits.

use crate::device::gpu::{BindingKind, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::{Fold, Folded, Scatter};
use crate::exec::gpu::{BlockRun, SCATTER, SCATTER_ADD, blocks_of, writes};
use crate::exec::lanes;
use crate::exec::threads;
use crate::kernel::{Fault, Kernel, LaneElement, OpCounts, Params, TileOf};
use crate::memory::{self, Array, DeviceSource, Element, Keep};
use crate::plan;
use crate::shape::{CHUNK, Domain, ScalarType, Span};

/// The place of each result.
#[derive(Clone, Copy)]
pub(crate) enum Places<'p> {
    Array(&'p Array<u32>),
    Slice(&'p [u32]),
}

impl Places<'_> {
    pub fn len(&self) -> usize {
        match self {
            Places::Array(array) => array.len(),
            Places::Slice(slice) => slice.len(),
        }
    }

    /// Those of `span`, in host memory.
    fn host(&self, span: Span) -> Result<&[u32]> {
        match self {
            Places::Array(array) => array.host_span(span),
            Places::Slice(slice) => Ok(&slice[span.range()]),
        }
    }
}

/// An array of `n` places: what `fold` makes of nothing and of the results of `K` that belong there.
pub(crate) fn scatter<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    (places, n): (Places<'_>, usize),
    (domain, config): (Domain, &Config),
) -> Result<(Array<R::T>, Outcome)> {
    let wrong = |kind, what: String| Err(Error::new(kind, format!("{}: {what}", K::INFO.name)));
    if places.len() != domain.len() {
        let what = format!(
            "{} places are named for the results of {domain}; as many of both are needed",
            places.len()
        );
        return wrong(ErrorKind::ShapeMismatch, what);
    }
    if n as u64 > 1 << 32 {
        let what =
            format!("a scatter to {n} places, which are numbered in 32 bits; scatter to some at a time");
        return wrong(ErrorKind::LimitExceeded, what);
    }
    let ops = OpCounts { ints: 4, ..OpCounts::default() };
    let algorithm = Algorithm { name: "scatter", ops, bytes: 4, turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let line = Domain::Line(n);
        let (mut out, all) = (Array::<R::T>::new(&core.home, line)?, domain.len());
        match &run.place {
            Place::Cpu { threads } => {
                let out = out.host_mut(Keep::Nothing)?;
                out.fill(fold.empty());
                on_cpu::<K, R>(run, args, (fold, places), (*threads, all), out)?;
            }
            Place::Gpu(gpu) => {
                let begin = fold.empty();
                on_gpu::<K, R>(
                    run,
                    (gpu, args, begin),
                    (fold, places),
                    (config, Span::new(0, all)),
                    &mut out,
                )?;
            }
            Place::Both { threads, cut, gpu } => {
                let (mut theirs, begin) = (Array::<R::T>::new(&core.home, line)?, fold.identity());
                let span = Span::new(*cut, all);
                on_gpu::<K, R>(run, (gpu, args, begin), (fold, places), (config, span), &mut theirs)?;
                let out = out.host_mut(Keep::Nothing)?;
                out.fill(fold.empty());
                on_cpu::<K, R>(run, args, (fold, places), (*threads, *cut), out)?;
                fold.rows(run.job.level, &run.job.frame, out, theirs.host()?);
            }
        }
        run.settled(out)
    })
}

/// Some of the results, and where they go.
struct Part<'t, 'p, 'o, K: Kernel, T> {
    start: usize,
    tiles: TileOf<'t, K>,
    places: &'p [u32],
    into: &'o mut [T],
}

/// The results before `end`.
fn on_cpu<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, places): (&R, Places<'_>),
    (threads, end): (usize, usize),
    out: &mut [R::T],
) -> Result<()> {
    let places = places.host(Span::new(0, end))?;
    let n = out.len();
    // A copy of the places is filled and joined; that pays where more values than places fall into it.
    let copies = (end / n.max(1)).clamp(1, threads).min(plan::blocks(end).max(1));
    let grain = end.div_ceil(copies).next_multiple_of(CHUNK);
    let mut others = vec![fold.identity(); n * (copies - 1)];
    let mut tiles = run.tiles::<K>(args, Span::new(0, end))?;
    let mut copy = std::iter::once(&mut *out).chain(others.chunks_mut(n.max(1)));
    let mut parts = Vec::with_capacity(copies);
    for (at, places) in places.chunks(grain.max(1)).enumerate() {
        let Some(into) = copy.next() else { break };
        let (own, rest) = K::Params::split(tiles, places.len());
        parts.push(Part::<K, R::T> { start: at * grain, tiles: own, places, into });
        tiles = rest;
    }
    threads::each(&run.core.pool, copies, parts, |part| one_part::<K, R>(run, fold, part));
    for other in others.chunks(n.max(1)) {
        fold.rows(run.job.level, &run.job.frame, out, other);
    }
    Ok(())
}

fn one_part<K: Kernel<Out = R::T>, R: Fold>(run: &Run<'_>, fold: &R, part: Part<'_, '_, '_, K, R::T>) {
    let Part { mut start, tiles, places, into } = part;
    let mut tiles = Some(tiles);
    let mut values = [fold.identity(); CHUNK];
    for places in places.chunks(CHUNK) {
        let Some(left) = tiles.take() else { return };
        if run.job.frame.stopped() {
            return;
        }
        let (own, rest) = K::Params::split(left, places.len());
        tiles = Some(rest);
        let n = places.len();
        run.job.compute(Span::new(start, start + n), || {
            let values = lanes::values::<K, R::T>(run.job, (start, n), own, &mut values[..n]);
            let mut beyond = None;
            let work = Scatter { into: &mut *into, places, values, beyond: &mut beyond };
            fold.scatter(run.job.level, &run.job.frame, work);
            if let Some(k) = beyond {
                run.job.frame.report(beyond_at(start + k, places[k], into.len()));
            }
        });
        start += n;
    }
}

fn beyond_at(place: usize, index: u32, len: usize) -> Fault {
    Fault { place: place as u64, array: "the scattered array", index: u64::from(index), len: len as u64 }
}

/// Workgroups of a scatter, at most: each joins its own places at the end.
const GROUPS: usize = 1024;

/// The results of `span`, to `out`, which begins as `begin`; returns when they are there.
fn on_gpu<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    (gpu, args, begin): (&Gpu, &mut <K::Params as Params>::Arg<'_>, R::T),
    (fold, places): (&R, Places<'_>),
    (config, span): (&Config, Span),
    out: &mut Array<R::T>,
) -> Result<()> {
    let (n, domain) = (out.len(), run.work.domain);
    let bytes = span.len() * 4;
    let named = match places {
        _ if span.is_empty() => return Ok(()),
        Places::Array(array) => {
            array.carried(span).iter().try_for_each(crate::device::Completion::wait)?;
            let (buffer, offset) = DeviceSource::gpu_read(array, gpu, span)?;
            (BindingKind::Read, buffer, offset, bytes)
        }
        Places::Slice(slice) => {
            let buffer = memory::alloc(gpu, bytes as u64)?;
            gpu.upload(&buffer, 0, bytemuck::cast_slice(&slice[span.range()]))?;
            (BindingKind::Read, buffer, 0, bytes)
        }
    };
    if n == 0 {
        run.job.frame.report(beyond_at(span.start, places.host(span)?[0], 0));
        return Ok(());
    }
    let beyond = memory::alloc(gpu, 4)?;
    gpu.upload(&beyond, 0, bytemuck::bytes_of(&u32::MAX))?;
    let mut first = u32::MAX;
    writes(gpu, out, Span::new(0, n), |joined| {
        gpu.upload(&joined.1, joined.2, bytemuck::cast_slice(&vec![begin.words()[0]; n]))?;
        let whole_word = R::T::TYPE.scalar != ScalarType::F32;
        let mut text = fold.text();
        text.pass = if text.name == "Sum" && whole_word { &SCATTER_ADD } else { &SCATTER };
        let blocks = plan::blocks(span.len());
        let each = blocks.div_ceil(GROUPS).max(1);
        let run = BlockRun {
            folded: Folded { text, identity: fold.identity().words()[0], width: 4, slot: |_| [0; 4] },
            slot: [n as u32, each as u32, 0, 0],
            bound: vec![named, joined, (BindingKind::ReadWrite, beyond.clone(), 0, 4)],
            groups: blocks.div_ceil(each) as u64,
            after: None,
        };
        let done = blocks_of::<K>(gpu, args, (domain, config), span, run)?;
        done.wait()?;
        gpu.download(&beyond, 0, bytemuck::bytes_of_mut(&mut first))?;
        Ok(done)
    })?;
    if first != u32::MAX {
        let place = span.start + first as usize;
        let index = places.host(Span::new(place, place + 1))?[0];
        run.job.frame.report(beyond_at(place, index, n));
    }
    Ok(())
}
