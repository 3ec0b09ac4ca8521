//! Reductions of parts of a launch's results: of each row, of each segment between offsets, of each column.
//!
//! ```text
//! a row or segment   its blocks of 4,096, counted from its own start, by the tree of `fold`; neighbours paired up
//! a column           strips of 64 rows from the top; neighbours paired up
//! ```
//! So what a part comes to depends on its own values alone: the same bits on every target, wherever it lies.

mod columns;
mod gpu;
mod weighted;
pub(super) use columns::{STRIP, on_cpu as strips_on_cpu};
pub(super) use gpu::{enqueue, folded, starts, strips as strips_on_gpu};

use crate::device::gpu::Gpu;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::{self, Fold, FoldPiece, Reduction};
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::threads::{self, Share};
use crate::kernel::{Kernel, LaneElement, OpCounts, Params, TileOf};
use crate::memory::{Array, Keep};
use crate::shape::{CHUNK, Domain, Mapping, Span};

pub(crate) use columns::columns;
pub(crate) use weighted::weighted;

/// Where segments begin and end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Segments<'s> {
    /// So many, each so long.
    Even { count: usize, length: usize },
    /// From each offset to the next.
    Between(&'s [u32]),
}

impl Segments<'_> {
    /// Those of a launch over `domain`.
    ///
    /// # Errors
    /// `ShapeMismatch` where offsets do not ascend, or go beyond the launch.
    pub fn check(&self, name: &str, domain: Domain) -> Result<()> {
        let Segments::Between(offsets) = self else { return Ok(()) };
        let last = offsets.last().map_or(0, |last| *last as usize);
        if offsets.is_empty() || !offsets.is_sorted() || last > domain.len() {
            return Err(Error::new(
                ErrorKind::ShapeMismatch,
                format!(
                    "{name}: segments of a launch over {domain} need at least one offset, ascending up to {}; there are {} up to {last}",
                    domain.len(),
                    offsets.len()
                ),
            ));
        }
        Ok(())
    }

    pub fn count(&self) -> usize {
        match self {
            Segments::Even { count, .. } => *count,
            Segments::Between(offsets) => offsets.len().saturating_sub(1),
        }
    }

    /// The places of one.
    pub fn span(&self, segment: usize) -> Span {
        match self {
            Segments::Even { length, .. } => Span::new(segment * length, (segment + 1) * length),
            Segments::Between(offsets) => Span::new(offsets[segment] as usize, offsets[segment + 1] as usize),
        }
    }

    /// How many segments begin before `place`.
    pub fn before(&self, place: usize) -> usize {
        match self {
            Segments::Even { count, length } => place.div_ceil(*length.max(&1)).min(*count),
            Segments::Between(offsets) => {
                offsets[..self.count()].partition_point(|offset| (*offset as usize) < place)
            }
        }
    }

    /// `which` of them in runs of about the same number of places, `parts` or a few more; one that is much longer than such a
    /// run is one by itself, and is divided among the threads.
    pub fn parts(&self, which: &std::ops::Range<usize>, parts: usize) -> Vec<Cut> {
        let all = self.places(which);
        let grain = all.len().div_ceil(parts.max(1)).max(1);
        let long = |segment: usize| parts > 1 && self.span(segment).len() > (2 * grain).max(LONG);
        let (mut cuts, mut first) = (Vec::with_capacity(parts), which.start);
        while first < which.end {
            let mut end = first + 1;
            let alone = long(first);
            if !alone {
                // As far as the grain reaches, but not into a long one.
                let reach = self.before(self.span(first).start + grain).clamp(end, which.end);
                while end < reach && !long(end) {
                    end += 1;
                }
            }
            cuts.push(Cut { segments: first..end, alone });
            first = end;
        }
        cuts
    }

    /// The places of some, from the first of the first to the last of the last.
    pub fn places(&self, segments: &std::ops::Range<usize>) -> Span {
        match segments.is_empty() {
            true => Span::new(0, 0),
            false => Span::new(self.span(segments.start).start, self.span(segments.end - 1).end),
        }
    }
}

/// Segments that are done together.
pub(crate) struct Cut {
    pub segments: std::ops::Range<usize>,
    /// It is one, which several threads do together.
    pub alone: bool,
}

/// Places below which a segment is never divided among threads.
const LONG: usize = 64 * CHUNK;

/// Places of a segment from which on, by the mean, its results are folded as they are computed; those of shorter ones are computed
/// some thousand at once, however short, and folded from there.
const DIRECT: usize = 512;

/// Which accumulators of a block take which places.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Those of every fold: accumulator `j` of 64 takes the places `j`, `j + 64`, ….
    Whole,
    /// Sixteen for each run of so many places: those of [`weighted`].
    Runs(usize),
}

/// What each segment of the results of `K` comes to.
pub(crate) fn reduce<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    segments: Segments<'_>,
    (domain, config): (Domain, &Config),
) -> Result<(Array<R::T>, Outcome)> {
    reduce_by::<K, R>(core, args, (fold, segments, Order::Whole), (domain, config), |run, args, cpu, out| {
        on_cpu::<K, R>(run, args, (fold, segments), cpu, out)
    })
}

/// The same with an own way on the CPU.
fn reduce_by<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, segments, order): (&R, Segments<'_>, Order),
    (domain, config): (Domain, &Config),
    on_cpu: impl Fn(
        &Run<'_>,
        &mut <K::Params as Params>::Arg<'_>,
        (usize, std::ops::Range<usize>),
        &mut [R::T],
    ) -> Result<()>,
) -> Result<(Array<R::T>, Outcome)> {
    segments.check(K::INFO.name, domain)?;
    let ops = OpCounts { flops: 1, ints: 1, ..OpCounts::default() };
    let algorithm = Algorithm { name: "segmented reduction", ops, bytes: 0, turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let out = Array::<R::T>::new(&core.home, Domain::Line(segments.count()))?;
        placed(
            run,
            args,
            segments,
            (out, |which| which.len()),
            |args, cpu, out| on_cpu(run, args, cpu, out),
            |gpu, args, which, out| {
                gpu::reduce::<K, R>(gpu, args, (fold, segments, which, order), (domain, config), out)
            },
        )
    })
}

/// Has the segments done where the plan puts them, into an array of which some segments have so many places: on threads, on a
/// GPU, or the first ones on threads and the others on a GPU.
pub(crate) fn placed<A, T: LaneElement>(
    run: &Run<'_>,
    args: &mut A,
    segments: Segments<'_>,
    (mut out, width): (Array<T>, impl Fn(&std::ops::Range<usize>) -> usize),
    on_cpu: impl Fn(&mut A, (usize, std::ops::Range<usize>), &mut [T]) -> Result<()>,
    on_gpu: impl Fn(&Gpu, &mut A, std::ops::Range<usize>, &mut Array<T>) -> Result<()>,
) -> Result<Array<T>> {
    let count = segments.count();
    match &run.place {
        Place::Cpu { threads } => on_cpu(args, (*threads, 0..count), out.host_mut(Keep::Nothing)?)?,
        Place::Gpu(gpu) => on_gpu(gpu, args, 0..count, &mut out)?,
        Place::Both { threads, cut, gpu } => {
            let cut = segments.before(*cut);
            let mine = width(&(0..cut));
            let mut theirs = Array::<T>::new(&run.core.home, Domain::Line(out.len() - mine))?;
            on_gpu(gpu, args, cut..count, &mut theirs)?;
            let (own, rest) = out.host_mut(Keep::Nothing)?.split_at_mut(mine);
            on_cpu(args, (*threads, 0..cut), own)?;
            rest.copy_from_slice(theirs.host()?);
        }
    }
    run.settled(out)
}

/// Some segments, what they read, and a result for each.
struct Part<'t, 'o, K: Kernel, T> {
    segments: std::ops::Range<usize>,
    tiles: TileOf<'t, K>,
    out: &'o mut [T],
}

fn on_cpu<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, segments): (&R, Segments<'_>),
    (threads, which): (usize, std::ops::Range<usize>),
    mut out: &mut [R::T],
) -> Result<()> {
    // Several for each thread.
    let cuts = segments.parts(&which, if threads > 1 { 8 * threads } else { 1 });
    let blocks_of = |cut: &Cut| vec![fold.identity(); segments.places(&cut.segments).len().div_ceil(CHUNK)];
    let mut blocks: Vec<Vec<R::T>> = cuts.iter().filter(|cut| cut.alone).map(blocks_of).collect();
    let mut tiles = run.tiles::<K>(args, segments.places(&which))?;
    let (mut short, mut long, mut left) = (Vec::new(), Vec::new(), blocks.iter_mut());
    for Cut { segments: own, alone } in cuts {
        let span = segments.places(&own);
        let (own_tiles, rest) = K::Params::split(tiles, span.len());
        let (own_out, rest_out) = out.split_at_mut(own.len());
        (tiles, out) = (rest, rest_out);
        if alone && let Some(blocks) = left.next() {
            let piece = FoldPiece { start: span.start, len: span.len(), tiles: own_tiles, blocks };
            fold_long::<K, R>(run, fold, threads, piece);
            long.push(own_out);
        } else {
            short.push(Part::<K, R::T> { segments: own, tiles: own_tiles, out: own_out });
        }
    }
    threads::each(&run.core.pool, threads, short, |part| fold_part::<K, R>(run.job, fold, segments, part));
    // What is left of nothing; it would hold the blocks.
    drop(tiles);
    for (out, mut blocks) in long.into_iter().zip(blocks) {
        out[0] = fold::combine(&run.job.frame, fold, &mut blocks);
    }
    Ok(())
}

/// Folds the blocks of one segment, which are divided among the threads.
fn fold_long<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    fold: &R,
    threads: usize,
    piece: FoldPiece<'_, '_, K, R::T>,
) {
    let grain = piece.len.div_ceil(8 * threads).next_multiple_of(CHUNK);
    let share = Share { pool: &run.core.pool, threads, mapping: Mapping::ManagerWorker, grain };
    threads::run(&share, piece, |piece| {
        let span = Span::new(piece.start, piece.start + piece.len);
        run.job.compute(span, || Reduction::<K>::run(fold, run.job, piece));
    });
}

/// Folds the segments of a part.
fn fold_part<K: Kernel<Out = R::T>, R: Fold>(
    job: &Job<'_>,
    fold: &R,
    segments: Segments<'_>,
    part: Part<'_, '_, K, R::T>,
) {
    let Part { segments: which, tiles, out } = part;
    let whole = segments.places(&which);
    let pair = |a, b| R::pair(&job.frame, a, b);
    if whole.len() >= DIRECT * which.len() {
        return job.compute(whole, || {
            let mut left = tiles;
            for (segment, out) in which.zip(out) {
                let Span { start, end } = segments.span(segment);
                let mut tree = Tree::new();
                for start in (start..end).step_by(CHUNK).take_while(|_| !job.frame.stopped()) {
                    let (len, mut block) = (CHUNK.min(end - start), [fold.identity()]);
                    let (tiles, rest) = K::Params::split(left, len);
                    left = rest;
                    let piece = FoldPiece { start, len, tiles, blocks: &mut block };
                    Reduction::<K>::run(fold, job, piece);
                    tree.push(block[0], pair);
                }
                *out = tree.finish(pair).unwrap_or_else(|| fold.empty());
            }
        });
    }
    job.compute(whole, || {
        let mut values = Values::<K, R::T>::new(job, whole, tiles, fold.identity());
        for (segment, out) in which.zip(out) {
            let span = segments.span(segment);
            let mut tree = Tree::new();
            let mut at = span.start;
            while at < span.end && !job.frame.stopped() {
                let n = (span.end - at).min(CHUNK);
                tree.push(fold.block(job.level, &job.frame, values.take(n)), pair);
                at += n;
            }
            *out = tree.finish(pair).unwrap_or_else(|| fold.empty());
        }
    });
}

/// Values in the order of their places, so many at a time; computed some thousand at once, however short segments are.
pub(super) struct Values<'v, 'j, 't, K: Kernel, T> {
    job: &'v Job<'j>,
    start: usize,
    left: Option<(usize, TileOf<'t, K>)>,
    /// All of them, where they lie in memory.
    lying: Option<&'t [T]>,
    buffer: Vec<T>,
    /// Those of the buffer that have not been taken.
    ready: Span,
}

impl<'v, 'j, 't, K: Kernel<Out = T>, T: LaneElement> Values<'v, 'j, 't, K, T> {
    pub fn new(job: &'v Job<'j>, places: Span, tiles: TileOf<'t, K>, filler: T) -> Self {
        let lying = lanes::lying::<K, T>(&tiles, places.len());
        Values {
            job,
            start: places.start,
            left: Some((places.len(), tiles)),
            lying,
            buffer: if lying.is_some() { Vec::new() } else { vec![filler; 2 * CHUNK] },
            ready: Span::new(0, 0),
        }
    }

    /// The next `n`, at most a block.
    pub fn take(&mut self, n: usize) -> &[T] {
        if let Some(lying) = &mut self.lying {
            let (own, rest) = lying.split_at(n);
            *lying = rest;
            return own;
        }
        if self.ready.len() < n
            && let Some((len, tiles)) = self.left.take()
        {
            self.buffer.copy_within(self.ready.range(), 0);
            let held = self.ready.len();
            let more = len.min(self.buffer.len() - held);
            let (own, rest) = K::Params::split(tiles, more);
            let out = &mut self.buffer[held..held + more];
            lanes::run::<K>(self.job, Piece { start: self.start, len: more, tiles: own, out });
            self.start += more;
            self.left = Some((len - more, rest));
            self.ready = Span::new(0, held + more);
        }
        let first = self.ready.start;
        self.ready.start += n;
        &self.buffer[first..first + n]
    }
}

/// Neighbours paired up as they come, like level by level: entry `k` stands for `2^k` blocks and waits for as many.
pub(super) struct Tree<T> {
    waiting: Vec<(T, u32)>,
}

impl<T: Copy> Tree<T> {
    pub fn new() -> Self {
        Tree { waiting: Vec::new() }
    }

    pub fn push(&mut self, value: T, pair: impl Fn(T, T) -> T) {
        let (mut value, mut height) = (value, 0);
        while let Some((left, own)) = self.waiting.last().copied()
            && own == height
        {
            self.waiting.pop();
            (value, height) = (pair(left, value), height + 1);
        }
        self.waiting.push((value, height));
    }

    /// What all come to; `None` of nothing.
    pub fn finish(self, pair: impl Fn(T, T) -> T) -> Option<T> {
        self.waiting.into_iter().map(|(value, _)| value).rev().reduce(|right, left| pair(left, right))
    }
}
