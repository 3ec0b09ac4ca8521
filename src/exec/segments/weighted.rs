//! Rows times a vector, summed: some rows at once.
//!
//! ```text
//! for each ROWS rows, for each block of 4,096 columns:
//!     for each 64 columns: the accumulators of each row in turn, by the tree's association
//! ```
//! One row alone is one stream from memory; several ask for more at a time. Their accumulators do not fit the registers, but
//! stay in L1, which is idle meanwhile.

use std::array;
use std::marker::PhantomData;
use std::ops::Range;

use crate::error::Result;
use crate::exec::algorithm::Run;
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::{Aligned, Fold, WIDTH, tree};
use crate::exec::lanes::Job;
use crate::exec::level::{self, AtLevel};
use crate::exec::threads;
use crate::kernel::{Element, Frame, Kernel, LaneElement, Params, Slice};
use crate::lanes::Lanes;
use crate::memory::Array;
use crate::shape::{CHUNK, Domain, Span};

use super::{DIRECT, Segments, Tree, reduce_by};

/// Rows that are read at once: 64 MiB took 0.73 to 0.80 of the time of one row at a time, with huge pages as without; eight took as
/// long as four (2026-11, Zen 3, loops of this shape alone).
const ROWS: usize = 4;
/// Columns of each row in turn: 0.91 to 0.97 of the time of 128 (2026-11, Zen 3, the same loops).
const TURN: usize = 64;

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
    reduce_by::<K, R>(core, args, (fold, rows), (domain, config), |run, args, (threads, which), out| {
        if width < DIRECT || which.len() < 2 * ROWS * threads {
            return super::on_cpu::<K, R>(run, args, (fold, rows), (threads, which), out);
        }
        let (a, x) = run.tiles::<K>(args, rows.places(&which))?;
        on_cpu::<R, P>(run, fold, (a.slice(which.len() * width), x.elements()), (threads, which), out);
        Ok(())
    })
}

/// All rows of `a`, some for each thread at a time.
fn on_cpu<R: Fold, P: Fold<T = R::T>>(
    run: &Run<'_>,
    fold: &R,
    (a, x): (&[R::T], &[R::T]),
    (threads, which): (usize, Range<usize>),
    out: &mut [R::T],
) {
    let (job, width) = (run.job, x.len());
    let grain = which.len().div_ceil(8 * threads).next_multiple_of(ROWS);
    let parts = a.chunks(grain * width).zip(out.chunks_mut(grain)).enumerate();
    threads::each(&run.core.pool, threads, parts.collect(), |(k, (rows, out))| {
        let start = (which.start + k * grain) * width;
        job.compute(Span::new(start, start + rows.len()), || {
            level::at(job.level, Rows::<R, P> { job, fold, rows, x, out, times: PhantomData });
        });
    });
}

struct Rows<'s, 'j, R: Fold, P> {
    job: &'s Job<'j>,
    fold: &'s R,
    rows: &'s [R::T],
    x: &'s [R::T],
    out: &'s mut [R::T],
    times: PhantomData<P>,
}

impl<R: Fold, P: Fold<T = R::T>> AtLevel for Rows<'_, '_, R, P> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Rows { job, fold, rows, x, out, .. } = self;
        let (frame, width) = (&job.frame, x.len());
        let pair = |a, b| R::pair(frame, a, b);
        'rows: for (rows, out) in rows.chunks(ROWS * width).zip(out.chunks_mut(ROWS)) {
            if frame.stopped() {
                return;
            }
            let mut trees: [Tree<R::T>; ROWS] = array::from_fn(|_| Tree::new());
            for first in (0..width).step_by(CHUNK) {
                let end = (first + CHUNK).min(width);
                let block = |q| rows.get(q * width + first..q * width + end).unwrap_or_default();
                let sums = blocks::<L, R, P>(l, frame, fold, array::from_fn(block), &x[first..end]);
                if width <= CHUNK {
                    out.copy_from_slice(&sums[..out.len()]);
                    continue 'rows;
                }
                trees.iter_mut().zip(sums).for_each(|(tree, sum)| tree.push(sum, pair));
            }
            for (out, tree) in out.iter_mut().zip(trees) {
                *out = tree.finish(pair).unwrap_or_else(|| fold.empty());
            }
        }
    }
}

/// A block of each row; rows that are not there are empty.
#[inline(always)]
fn blocks<L: Lanes, R: Fold, P: Fold<T = R::T>>(
    l: L,
    frame: &Frame<'_>,
    fold: &R,
    rows: [&[R::T]; ROWS],
    x: &[R::T],
) -> [R::T; ROWS] {
    let mut aligned = Aligned([[fold.identity(); WIDTH]; ROWS]);
    let accumulators = &mut aligned.0;
    let (rounds, rest) = x.as_chunks::<WIDTH>();
    let whole = rows.map(|row| row.as_chunks::<WIDTH>().0);
    for (k, x) in rounds.iter().enumerate() {
        for turn in (0..WIDTH).step_by(TURN) {
            for (sums, row) in accumulators.iter_mut().zip(whole) {
                let Some(row) = row.get(k) else { continue };
                for at in (turn..turn + TURN).step_by(L::N) {
                    let lanes = at..at + L::N;
                    let (a, x) = (R::T::load(l, &row[lanes.clone()]), R::T::load(l, &x[lanes.clone()]));
                    let sum = R::T::load(l, &sums[lanes.clone()]);
                    R::T::store(l, &mut sums[lanes], R::lanes(l, frame, sum, P::lanes(l, frame, a, x)));
                }
            }
        }
    }
    for (sums, row) in accumulators.iter_mut().zip(rows) {
        let row = row.get(rounds.len() * WIDTH..).unwrap_or_default();
        for (sum, (a, x)) in sums.iter_mut().zip(row.iter().zip(rest)) {
            *sum = R::pair(frame, *sum, P::pair(frame, *a, *x));
        }
    }
    // No closures here: they would be compiled without the level's features.
    let mut sums = [fold.identity(); ROWS];
    for (sum, accumulators) in sums.iter_mut().zip(&mut aligned.0) {
        *sum = tree::<L, R>(l, frame, accumulators);
    }
    sums
}
