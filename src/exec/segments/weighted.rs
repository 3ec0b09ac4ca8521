//! Rows times a vector, summed: some rows at once.
//!
//! ```text
//! for each ROWS rows, for each block of 4,096 columns:
//!     for each of its runs, at most 4: accumulator j (of 16 for each row) takes the columns j, j + 16, j + 32, … of the run
//!     all accumulators of the block, by the halves of every fold's tree
//! a row's blocks: neighbours paired up
//! ```
//! One row alone is one stream from memory; several ask for more at a time. Four times 16 accumulators fit the registers of
//! AVX2 and AVX-512. Those of other folds do not: 128, kept in L1, let 0.88 of the bytes through (loops of these shapes alone,
//! rows of 4,096 from memory; 2026-11, Zen 3), because a processor looks so many instructions ahead, and not so many bytes.

use std::marker::PhantomData;
use std::ops::Range;

use crate::error::Result;
use crate::exec::algorithm::Run;
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::{Aligned, Fold, WIDTH, tree};
use crate::exec::level::{self, AtLevel};
use crate::exec::threads;
use crate::kernel::{Element, Frame, Kernel, LaneElement, Params, Slice};
use crate::lanes::Lanes;
use crate::memory::Array;
use crate::shape::{CHUNK, Domain, Span};

use super::{Order, Segments, Tree, reduce_by};

/// Rows that are read at once: 64 MiB took 0.73 to 0.80 of the time of one row at a time, with huge pages as without; eight took as
/// long as four (2026-11, Zen 3, loops of this shape alone).
const ROWS: usize = 4;
/// Accumulators of a run.
const TURN: usize = 16;

/// Columns of a run: short rows have short ones, so that a GPU's 64 invocations all have something to do, but none so short that
/// the registers are emptied all the time.
fn run_of(width: usize) -> usize {
    const RUNS: usize = WIDTH / TURN;
    width.min(CHUNK).div_ceil(RUNS).next_multiple_of(TURN).max(64)
}

/// What each row comes to whose elements `K` multiplies with those of a vector. `P` multiplies two values in the same way: on the
/// CPU it takes the kernel's place.
pub(crate) fn weighted<K, R, P>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    (width, height): (usize, usize),
    (domain, config): (Domain, &Config),
) -> Result<(Array<R::T>, Outcome)>
where
    K: Kernel<Params = (Element<R::T>, Slice<R::T>), Out = R::T>,
    R: Fold,
    P: Fold<T = R::T>,
{
    let rows = Segments::Even { count: height, length: width };
    let all = (domain, config);
    reduce_by::<K, R>(
        core,
        args,
        (fold, rows, Order::Runs(run_of(width))),
        all,
        |run, args, (threads, which), out| {
            let (a, x) = run.tiles::<K>(args, rows.places(&which))?;
            on_cpu::<R, P>(run, fold, (a.slice(which.len() * width), x.elements()), (threads, which), out);
            Ok(())
        },
    )
}

/// All rows of `a`: some for each thread at a time, or, where they are few, some blocks of all.
fn on_cpu<R: Fold, P: Fold<T = R::T>>(
    run: &Run<'_>,
    fold: &R,
    (a, x): (&[R::T], &[R::T]),
    (threads, which): (usize, Range<usize>),
    out: &mut [R::T],
) {
    let (job, width, height) = (run.job, x.len(), which.len());
    if width == 0 || height == 0 {
        return out.fill(fold.empty());
    }
    let first = which.start * width;
    let part = |rows: &[R::T], columns: Range<usize>, sums: &mut [R::T]| {
        level::at(
            job.level,
            Part::<R, P> { frame: &job.frame, fold, rows, x, columns, sums, times: PhantomData },
        );
    };
    let count = width.div_ceil(CHUNK);
    if threads > 1 && height < 2 * ROWS * threads && count > 1 {
        let grain = count.div_ceil(8 * threads);
        let mut sums = vec![fold.identity(); count * height];
        let parts = sums.chunks_mut(grain * height).enumerate().collect();
        threads::each(&run.core.pool, threads, parts, |(k, sums)| {
            let columns = k * grain * CHUNK..width.min((k + 1) * grain * CHUNK);
            let span = Span::new(first + columns.start * height, first + columns.end * height);
            job.compute(span, || part(a, columns, sums));
        });
        return paired(&job.frame, fold, &sums, out);
    }
    let grain = height.div_ceil(8 * threads).next_multiple_of(ROWS);
    let parts = a.chunks(grain * width).zip(out.chunks_mut(grain)).enumerate();
    threads::each(&run.core.pool, threads, parts.collect(), |(k, (rows, out))| {
        let start = first + k * grain * width;
        job.compute(Span::new(start, start + rows.len()), || {
            if count == 1 {
                return part(rows, 0..width, out);
            }
            let mut sums = vec![fold.identity(); count * out.len()];
            part(rows, 0..width, &mut sums);
            paired(&job.frame, fold, &sums, out);
        });
    });
}

/// What each row's blocks come to; `sums` has the first block of each row, then the second of each, and so on.
fn paired<R: Fold>(frame: &Frame<'_>, fold: &R, sums: &[R::T], out: &mut [R::T]) {
    let height = out.len();
    for (row, out) in out.iter_mut().enumerate() {
        let mut tree = Tree::new();
        for sum in sums[row..].iter().step_by(height) {
            tree.push(*sum, |a, b| R::pair(frame, a, b));
        }
        *out = tree.finish(|a, b| R::pair(frame, a, b)).unwrap_or_else(|| fold.empty());
    }
}

/// Some columns of some rows, from the beginning of a block on.
struct Part<'s, 'f, R: Fold, P> {
    frame: &'s Frame<'f>,
    fold: &'s R,
    rows: &'s [R::T],
    x: &'s [R::T],
    columns: Range<usize>,
    /// The first block of each row, then the second of each, and so on.
    sums: &'s mut [R::T],
    times: PhantomData<P>,
}

impl<R: Fold, P: Fold<T = R::T>> AtLevel for Part<'_, '_, R, P> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Part { frame, fold, rows, x, columns, sums, .. } = self;
        let (width, height) = (x.len(), rows.len() / x.len());
        let run = run_of(width);
        for top in (0..height).step_by(ROWS) {
            if frame.stopped() {
                return;
            }
            let held = ROWS.min(height - top);
            for (sums, start) in sums.chunks_exact_mut(height).zip(columns.clone().step_by(CHUNK)) {
                let end = columns.end.min(start + CHUNK);
                // Where rows are missing, the first one takes their places.
                let mut of = [&[][..]; ROWS];
                for (q, row) in of.iter_mut().enumerate() {
                    let y = if q < held { top + q } else { top };
                    *row = &rows[y * width + start..y * width + end];
                }
                let x = &x[start..end];
                // Accumulators of runs that are not there would add nothing.
                let block = if x.len() <= run {
                    block::<L, R, P, TURN>(l, frame, fold, of, (x, run))
                } else {
                    block::<L, R, P, WIDTH>(l, frame, fold, of, (x, run))
                };
                sums[top..top + held].copy_from_slice(&block[..held]);
            }
        }
    }
}

/// A block of each row, all of the same length, for which `W` accumulators are enough.
#[inline(always)]
fn block<L: Lanes, R: Fold, P: Fold<T = R::T>, const W: usize>(
    l: L,
    frame: &Frame<'_>,
    fold: &R,
    rows: [&[R::T]; ROWS],
    (x, run): (&[R::T], usize),
) -> [R::T; ROWS] {
    let mut sums = Aligned([[fold.identity(); W]; ROWS]);
    for (k, x) in x.chunks(run).enumerate() {
        let mut own = rows;
        for row in &mut own {
            *row = &row[k * run..][..x.len()];
        }
        let sums = (&mut sums.0, k * TURN);
        match L::N {
            TURN.. => add_run::<L, R, P, 1, W>(l, frame, own, x, sums),
            8 => add_run::<L, R, P, 2, W>(l, frame, own, x, sums),
            4 => add_run::<L, R, P, 4, W>(l, frame, own, x, sums),
            2 => add_run::<L, R, P, 8, W>(l, frame, own, x, sums),
            _ => add_run::<L, R, P, TURN, W>(l, frame, own, x, sums),
        }
    }
    // No closures here: they would be compiled without the level's features.
    let mut results = [fold.identity(); ROWS];
    for (result, sums) in results.iter_mut().zip(&mut sums.0) {
        *result = tree::<L, R, _>(l, frame, sums);
    }
    results
}

/// A run of each row into its accumulators, which begin at `turn` and are `A` vectors.
#[inline(always)]
fn add_run<L: Lanes, R: Fold, P: Fold<T = R::T>, const A: usize, const W: usize>(
    l: L,
    frame: &Frame<'_>,
    rows: [&[R::T]; ROWS],
    x: &[R::T],
    (sums, turn): (&mut [[R::T; W]; ROWS], usize),
) {
    debug_assert_eq!(A * L::N, TURN, "the accumulators are whole vectors");
    let ([a, b, c, d], (rounds, rest)) = (rows, x.as_chunks::<TURN>());
    let mut lanes = [[R::T::load(l, &sums[0][turn..turn + L::N]); A]; ROWS];
    let columns = a.as_chunks::<TURN>().0.iter().zip(b.as_chunks::<TURN>().0);
    let columns = columns.zip(c.as_chunks::<TURN>().0.iter().zip(d.as_chunks::<TURN>().0));
    for (x, ((a, b), (c, d))) in rounds.iter().zip(columns) {
        for v in 0..A {
            let at = v * L::N..(v + 1) * L::N;
            let x = R::T::load(l, &x[at.clone()]);
            for (lanes, row) in lanes.iter_mut().zip([a, b, c, d]) {
                let product = P::lanes(l, frame, R::T::load(l, &row[at.clone()]), x);
                lanes[v] = R::lanes(l, frame, lanes[v], product);
            }
        }
    }
    for ((sums, lanes), row) in sums.iter_mut().zip(lanes).zip(rows) {
        let own = &mut sums[turn..turn + TURN];
        for (own, lanes) in own.chunks_exact_mut(L::N).zip(lanes) {
            R::T::store(l, own, lanes);
        }
        for (sum, (a, x)) in own.iter_mut().zip(row[rounds.len() * TURN..].iter().zip(rest)) {
            *sum = R::pair(frame, *sum, P::pair(frame, *a, *x));
        }
    }
}
