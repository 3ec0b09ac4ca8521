//! A selection on the CPU's threads.

use super::{Kept, Wanted};
use crate::error::Result;
use crate::exec::algorithm::Run;
use crate::exec::fold::FoldPiece;
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::level::{self, AtLevel};
use crate::exec::threads::{self, Divide, Share};
use crate::kernel::{Frame, Kernel, LaneElement, Params, TileOf};
use crate::lanes::Lanes;
use crate::plan;
use crate::shape::{CHUNK, Mapping, Span};

/// How many results are wanted before each block of `span`, and at the end of all.
pub(super) fn count<K: Kernel<Out = T>, T: LaneElement, W: Wanted<T>>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    threads: usize,
    span: Span,
) -> Result<Vec<usize>> {
    let mut counts = vec![0usize; plan::blocks(span.len())];
    let before = before::<K, T, W>(run, args, span)?;
    let tiles = run.tiles::<K>(args, span)?;
    let piece = FoldPiece::<K, usize> { start: span.start, len: span.len(), tiles, blocks: &mut counts };
    threads::run(&share(run, threads, span.len()), piece, |piece| {
        let FoldPiece { start, len, tiles, blocks } = piece;
        let mut walk = Walk::<K, T>::new(run.job, start, len, tiles);
        for count in blocks {
            let Some((at, values)) = walk.next() else { return };
            let block = (at - span.start) / CHUNK;
            let previous = before.get(block).copied().flatten();
            let mut marks = [false; CHUNK];
            mark::<T, W>(run.job, previous, values, &mut marks);
            *count = marks[..values.len()].iter().filter(|mark| **mark).count();
        }
    });
    let mut offsets = Vec::with_capacity(counts.len() + 1);
    let mut total = 0;
    offsets.push(0);
    offsets.extend(counts.into_iter().map(|count| {
        total += count;
        total
    }));
    Ok(offsets)
}

/// Writes the wanted results of `span`, and the others where there is room for them.
pub(super) fn write<K: Kernel<Out = T>, T: LaneElement, W: Wanted<T>, C: Kept<T>>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    threads: usize,
    span: Span,
    offsets: &[usize],
    (wanted, others): (&mut [C::Out], &mut [C::Out]),
) -> Result<()> {
    let before = before::<K, T, W>(run, args, span)?;
    let tiles = run.tiles::<K>(args, span)?;
    let both = !others.is_empty();
    let piece =
        Selected::<K, C::Out> { start: span.start, len: span.len(), tiles, offsets, wanted, others, both };
    threads::run(&share(run, threads, span.len()), piece, |piece| {
        let Selected { start, len, tiles, offsets, mut wanted, mut others, both } = piece;
        let span_of = Span::new(start, start + len);
        run.job.compute(span_of, || {
            let mut walk = Walk::<K, T>::new(run.job, start, len, tiles);
            // Written one behind the last too: each place writes, and only those that count move on.
            let mut found = [C::of(T::from_f64(0.0), 0); CHUNK + 1];
            let mut left = found;
            for pair in offsets.windows(2) {
                let Some((at, values)) = walk.next() else { return };
                let previous = before.get((at - span.start) / CHUNK).copied().flatten();
                let mut marks = [false; CHUNK];
                mark::<T, W>(run.job, previous, values, &mut marks);
                let (mut selected, mut rest) = (0, 0);
                for (k, (value, mark)) in values.iter().zip(marks).enumerate() {
                    let out = C::of(*value, at + k);
                    found[selected] = out;
                    left[rest] = out;
                    selected += usize::from(mark);
                    rest += usize::from(!mark);
                }
                let count = pair[1] - pair[0];
                let (own, next) = std::mem::take(&mut wanted).split_at_mut(count);
                // As many as were counted: values that cannot be had twice would be a broken kernel.
                own.copy_from_slice(&found[..count]);
                wanted = next;
                if both {
                    let (own, next) = std::mem::take(&mut others).split_at_mut(values.len() - count);
                    own.copy_from_slice(&left[..values.len() - count]);
                    others = next;
                }
            }
        });
    });
    Ok(())
}

fn share<'p>(run: &'p Run<'_>, threads: usize, n: usize) -> Share<'p> {
    let grain = n.div_ceil(8 * threads).next_multiple_of(CHUNK).max(16 * CHUNK);
    Share { pool: &run.core.pool, threads, mapping: Mapping::ManagerWorker, grain }
}

/// For each block of `span` the value of the place before it, where that is looked at.
fn before<K: Kernel<Out = T>, T: LaneElement, W: Wanted<T>>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    span: Span,
) -> Result<Vec<Option<T>>> {
    if !W::LOOKS_BACK {
        return Ok(Vec::new());
    }
    let places = (span.start..span.end).step_by(CHUNK);
    places
        .map(|place| match place {
            0 => Ok(None),
            place => {
                let mut value = [T::from_f64(0.0)];
                let tiles = run.tiles::<K>(args, Span::new(place - 1, place))?;
                lanes::run::<K>(run.job, Piece { start: place - 1, len: 1, tiles, out: &mut value[..] });
                Ok(Some(value[0]))
            }
        })
        .collect()
}

/// The values of a piece, block by block.
struct Walk<'w, 'j, 't, K: Kernel, T> {
    job: &'w Job<'j>,
    start: usize,
    left: Option<(usize, TileOf<'t, K>)>,
    values: [T; CHUNK],
}

impl<'w, 'j, 't, K: Kernel<Out = T>, T: LaneElement> Walk<'w, 'j, 't, K, T> {
    fn new(job: &'w Job<'j>, start: usize, len: usize, tiles: TileOf<'t, K>) -> Self {
        Walk { job, start, left: Some((len, tiles)), values: [T::from_f64(0.0); CHUNK] }
    }

    /// The first place of the next block, and its values; none at the end, or where the launch was stopped.
    fn next(&mut self) -> Option<(usize, &[T])> {
        let (len, tiles) = self.left.take()?;
        if len == 0 || self.job.frame.stopped() {
            return None;
        }
        let (n, start) = (len.min(CHUNK), self.start);
        let (own, rest) = K::Params::split(tiles, n);
        lanes::run::<K>(self.job, Piece { start, len: n, tiles: own, out: &mut self.values[..n] });
        self.left = Some((len - n, rest));
        self.start += n;
        Some((start, &self.values[..n]))
    }
}

fn mark<T: LaneElement, W: Wanted<T>>(
    job: &Job<'_>,
    before: Option<T>,
    values: &[T],
    marks: &mut [bool; CHUNK],
) {
    struct Marks<'m, T, W> {
        frame: &'m Frame<'m>,
        before: Option<T>,
        values: &'m [T],
        marks: &'m mut [bool; CHUNK],
        wanted: std::marker::PhantomData<W>,
    }
    impl<T: LaneElement, W: Wanted<T>> AtLevel for Marks<'_, T, W> {
        type Out = ();
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) {
            W::mark(l, self.frame, self.before, self.values, &mut self.marks[..self.values.len()]);
        }
    }
    let wanted = std::marker::PhantomData::<W>;
    level::at(job.level, Marks { frame: &job.frame, before, values, marks, wanted });
}

/// Places with what they read, and where what is wanted of them goes.
struct Selected<'t, 'o, K: Kernel, U> {
    start: usize,
    len: usize,
    tiles: TileOf<'t, K>,
    /// How many are wanted before each block, and behind the last.
    offsets: &'o [usize],
    wanted: &'o mut [U],
    others: &'o mut [U],
    both: bool,
}

impl<K: Kernel, U: Send> Divide for Selected<'_, '_, K, U> {
    fn len(&self) -> usize {
        self.len
    }

    fn divide(self, at: usize) -> (Self, Self) {
        let Selected { start, len, tiles, offsets, wanted, others, both } = self;
        let block = at / CHUNK;
        let count = offsets[block] - offsets[0];
        let (tiles, rest_tiles) = K::Params::split(tiles, at);
        let (wanted, rest_wanted) = wanted.split_at_mut(count);
        let (others, rest_others) = others.split_at_mut(if both { at - count } else { 0 });
        (
            Selected { start, len: at, tiles, offsets: &offsets[..=block], wanted, others, both },
            Selected {
                start: start + at,
                len: len - at,
                tiles: rest_tiles,
                offsets: &offsets[block..],
                wanted: rest_wanted,
                others: rest_others,
                both,
            },
        )
    }
}
