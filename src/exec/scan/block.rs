//! Blocks of a scan on one thread: their totals, and the results.
//!
//! ```text
//! run      16 elements           y[i] = y[i - d] + y[i] for d = 1, 2, 4, 8, each step from what the last one left
//! group    16 runs               c: the runs' last y, chained from the identity
//! block    16 groups             g: the groups' totals, chained
//! chain    256 blocks            q: the blocks' totals, chained
//! array    all chains            A: the chains' totals, chained
//! result                         (((A + q) + g) + c) + y; exclusive: the inclusive result of the place before
//! ```
//! The association hangs on the place alone, so the bits are the same on every level, by any number of threads, and on a
//! GPU, where a block is a workgroup and a run an invocation.
//!
//! Departures made for speed:
//! 1. What stands in front of the first is the identity, combined all the same: no branches.
//! 2. Of a partial run the rest is filled with the identity; elements only look at earlier ones.

use crate::exec::fold::Fold;
use crate::kernel::{Frame, InRuns, LaneElement};
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512, Pair, align_frame};
use crate::lanes::{Lanes, Level, Portable, Runs};
use crate::shape::CHUNK;

/// Elements that are scanned in registers.
const RUN: usize = 16;
/// Runs of a group, and groups of a block.
const GROUP: usize = 16;
/// Blocks of a chain.
const CHAIN: usize = 256;
/// Blocks that a thread takes at a time: 256 KiB of 32-bit values stay in L2 between totals and results.
pub(super) const PIECE: usize = 16;

/// What stands in front of a block.
#[derive(Clone, Copy, Debug)]
pub struct State<T> {
    /// Of the chains before its own: A.
    chains: T,
    /// Of the blocks before it in its chain: q, and how many they are.
    chain: T,
    blocks: usize,
    /// The inclusive result of the place before it.
    last: T,
}

/// What the blocks of a piece come to.
#[derive(Clone, Copy, Debug)]
pub struct Totals<T> {
    blocks: [T; PIECE],
    len: usize,
    /// What the last result of the last block is made of: g, c and y.
    end: [T; 3],
}

/// Work on one thread; a piece begins where a block does.
pub enum Task<'t, T> {
    /// What the blocks of a piece come to.
    Totals { values: &'t [T], into: &'t mut Totals<T> },
    /// The results of a piece.
    Results { values: &'t [T], out: &'t mut [T], how: How, state: &'t mut State<T> },
}

/// How results are written.
#[derive(Clone, Copy)]
pub struct How {
    pub exclusive: bool,
    /// Past the caches.
    pub stream: bool,
}

impl<T: Copy> State<T> {
    /// In front of the first block; an exclusive scan begins with `first`.
    pub fn start(identity: T, first: T) -> Self {
        State { chains: identity, chain: identity, blocks: 0, last: first }
    }

    /// What the chains before its own come to, what the blocks before it in its own do, how many they are, and the last result.
    pub fn parts(&self) -> (T, T, usize, T) {
        (self.chains, self.chain, self.blocks, self.last)
    }

    /// A block has passed.
    fn pass(&mut self, total: T, identity: T, pair: impl Fn(T, T) -> T) {
        self.chain = pair(self.chain, total);
        self.blocks += 1;
        if self.blocks == CHAIN {
            self.chains = pair(self.chains, self.chain);
            (self.chain, self.blocks) = (identity, 0);
        }
    }
}

impl<T: Copy> Totals<T> {
    pub fn new(identity: T) -> Self {
        Totals { blocks: [identity; PIECE], len: 0, end: [identity; 3] }
    }

    /// What stands behind these blocks where `state` stands in front of them.
    pub fn behind(&self, mut state: State<T>, identity: T, pair: impl Fn(T, T) -> T) -> State<T> {
        let mut prefix = state.last;
        for total in &self.blocks[..self.len] {
            prefix = pair(state.chains, state.chain);
            state.pass(*total, identity, &pair);
        }
        if self.len > 0 {
            state.last = self.end.into_iter().fold(prefix, &pair);
        }
        state
    }
}

/// Does `task` at a level, sixteen numbers at a time.
pub(crate) fn run<R: Fold>(level: Level, frame: &Frame<'_>, fold: &R, task: Task<'_, R::T>)
where
    R::T: InRuns,
{
    match level {
        Level::Scalar => one_by_one(frame, fold, task),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 if let Some(token) = Avx2::detect() => {
            // SAFETY: the token proves that this machine has the features that the function enables.
            unsafe { avx2(Pair::new(token), frame, fold, task) }
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if let Some(token) = Avx512::detect() => {
            // SAFETY: the token proves that this machine has the features that the function enables.
            unsafe { avx512(token, frame, fold, task) }
        }
        _ => task_of(Portable, frame, fold, task),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<R: Fold>(l: Pair<Avx2>, frame: &Frame<'_>, fold: &R, task: Task<'_, R::T>)
where
    R::T: InRuns,
{
    align_frame();
    task_of(l, frame, fold, task);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn avx512<R: Fold>(l: Avx512, frame: &Frame<'_>, fold: &R, task: Task<'_, R::T>)
where
    R::T: InRuns,
{
    align_frame();
    task_of(l, frame, fold, task);
}

type Lane<L, R> = <<R as Fold>::T as LaneElement>::Lane<L>;

#[inline(always)]
fn task_of<L: Runs, R: Fold>(l: L, frame: &Frame<'_>, fold: &R, task: Task<'_, R::T>)
where
    R::T: InRuns,
{
    match task {
        Task::Totals { values, into } => totals(l, frame, fold, values, into),
        Task::Results { values, out, how: How { exclusive: false, stream }, state } => {
            results::<L, R, false>(l, frame, fold, (values, out), stream, state);
        }
        Task::Results { values, out, how: How { exclusive: true, stream }, state } => {
            results::<L, R, true>(l, frame, fold, (values, out), stream, state);
        }
    }
}

/// The scan of a run.
#[inline(always)]
fn within<L: Runs, R: Fold>(l: L, frame: &Frame<'_>, none: Lane<L, R>, y: Lane<L, R>) -> Lane<L, R>
where
    R::T: InRuns,
{
    let y = R::lanes(l, frame, R::T::later::<L, 1>(l, none, y), y);
    let y = R::lanes(l, frame, R::T::later::<L, 2>(l, none, y), y);
    let y = R::lanes(l, frame, R::T::later::<L, 4>(l, none, y), y);
    R::lanes(l, frame, R::T::later::<L, 8>(l, none, y), y)
}

/// One of sixteen equal lanes.
#[inline(always)]
fn one<L: Lanes, T: LaneElement>(l: L, x: T::Lane<L>, identity: T) -> T {
    let mut lanes = [identity; RUN];
    T::store(l, &mut lanes, x);
    lanes[0]
}

#[inline(always)]
fn totals<L: Runs, R: Fold>(l: L, frame: &Frame<'_>, fold: &R, values: &[R::T], into: &mut Totals<R::T>)
where
    R::T: InRuns,
{
    let identity = fold.identity();
    *into = Totals::new(identity);
    for (block, total) in values.as_chunks::<CHUNK>().0.iter().zip(&mut into.blocks) {
        let (mut groups, mut head, mut before, mut y) = (identity, identity, identity, identity);
        for group in block.as_chunks::<{ RUN * GROUP }>().0 {
            let mut runs = [identity; GROUP];
            R::T::store(l, &mut runs, of_runs::<L, R>(l, frame, group));
            let mut chain = identity;
            for run in runs {
                (before, y) = (chain, run);
                chain = R::pair(frame, chain, run);
            }
            head = groups;
            groups = R::pair(frame, groups, chain);
        }
        *total = groups;
        into.end = [head, before, y];
        into.len += 1;
    }
}

/// The last y of each run of a group. What the steps of a run make of its last place is a tree of neighbours, and one such
/// tree in every lane takes a fourth of the shuffles.
#[inline(always)]
fn of_runs<L: Runs, R: Fold>(l: L, frame: &Frame<'_>, group: &[R::T; RUN * GROUP]) -> Lane<L, R>
where
    R::T: InRuns,
{
    // Quarter q of each is what quarter q of each of four runs comes to.
    let mut fours = [R::T::load(l, &group[..RUN]); 4];
    for (four, runs) in fours.iter_mut().zip(group.as_chunks::<{ 4 * RUN }>().0) {
        let (a, b) = (R::T::load(l, &runs[..RUN]), R::T::load(l, &runs[RUN..2 * RUN]));
        let (c, d) = (R::T::load(l, &runs[2 * RUN..3 * RUN]), R::T::load(l, &runs[3 * RUN..]));
        let ab = joined::<L, R>(l, frame, R::T::places(l, a, b));
        let cd = joined::<L, R>(l, frame, R::T::places(l, c, d));
        *four = joined::<L, R>(l, frame, R::T::places(l, ab, cd));
    }
    let [a, b, c, d] = fours;
    let ab = joined::<L, R>(l, frame, R::T::quarters(l, a, b));
    let cd = joined::<L, R>(l, frame, R::T::quarters(l, c, d));
    joined::<L, R>(l, frame, R::T::quarters(l, ab, cd))
}

/// Neighbours joined: those at even places with those at odd ones.
#[inline(always)]
fn joined<L: Runs, R: Fold>(l: L, frame: &Frame<'_>, (even, odd): (Lane<L, R>, Lane<L, R>)) -> Lane<L, R> {
    R::lanes(l, frame, even, odd)
}

#[inline(always)]
fn results<L: Runs, R: Fold, const EXCLUSIVE: bool>(
    l: L,
    frame: &Frame<'_>,
    fold: &R,
    (values, out): (&[R::T], &mut [R::T]),
    stream: bool,
    state: &mut State<R::T>,
) where
    R::T: InRuns,
{
    let identity = fold.identity();
    let none = R::T::splat(l, identity);
    for (block, results) in values.chunks(CHUNK).zip(out.chunks_mut(CHUNK)) {
        let prefix = R::T::splat(l, R::pair(frame, state.chains, state.chain));
        let mut previous = R::T::splat(l, state.last);
        let mut groups = none;
        for (group, results) in block.chunks(RUN * GROUP).zip(results.chunks_mut(RUN * GROUP)) {
            let prefix = R::lanes(l, frame, prefix, groups);
            let mut chain = none;
            let (runs, rest) = group.as_chunks::<RUN>();
            let (whole, partial) = results.as_chunks_mut::<RUN>();
            for (run, result) in runs.iter().zip(whole) {
                let y = within::<L, R>(l, frame, none, R::T::load(l, run));
                let all = R::lanes(l, frame, R::lanes(l, frame, prefix, chain), y);
                chain = R::lanes(l, frame, chain, R::T::last(l, y));
                let written = if EXCLUSIVE { R::T::later::<L, 1>(l, previous, all) } else { all };
                if stream {
                    R::T::stream(l, result, written);
                } else {
                    R::T::store(l, result, written);
                }
                previous = all;
            }
            if !rest.is_empty() {
                // The end of the array: nothing asks for totals behind it.
                let mut filled = [identity; RUN];
                filled[..rest.len()].copy_from_slice(rest);
                let y = within::<L, R>(l, frame, none, R::T::load(l, &filled));
                let all = R::lanes(l, frame, R::lanes(l, frame, prefix, chain), y);
                let written = if EXCLUSIVE { R::T::later::<L, 1>(l, previous, all) } else { all };
                R::T::store_part(l, partial, written);
            }
            groups = R::lanes(l, frame, groups, chain);
        }
        state.last = one(l, R::T::last(l, previous), identity);
        state.pass(one(l, groups, identity), identity, |a, b| R::pair(frame, a, b));
    }
    if stream {
        l.fence();
    }
}

/// The same by one lane, for every number.
pub(crate) fn one_by_one<R: Fold>(frame: &Frame<'_>, fold: &R, task: Task<'_, R::T>) {
    let identity = fold.identity();
    let pair = |a, b| R::pair(frame, a, b);
    let within = |run: &[R::T]| {
        let mut y = [identity; RUN];
        y[..run.len()].copy_from_slice(run);
        for d in [1, 2, 4, 8] {
            for i in (d..RUN).rev() {
                y[i] = pair(y[i - d], y[i]);
            }
        }
        y
    };
    match task {
        Task::Totals { values, into } => {
            *into = Totals::new(identity);
            for (block, total) in values.as_chunks::<CHUNK>().0.iter().zip(&mut into.blocks) {
                let (mut groups, mut head, mut before, mut y) = (identity, identity, identity, identity);
                for group in block.as_chunks::<{ RUN * GROUP }>().0 {
                    let mut chain = identity;
                    for run in group.as_chunks::<RUN>().0 {
                        y = within(run)[RUN - 1];
                        before = chain;
                        chain = pair(chain, y);
                    }
                    head = groups;
                    groups = pair(groups, chain);
                }
                *total = groups;
                into.end = [head, before, y];
                into.len += 1;
            }
        }
        Task::Results { values, out, how, state } => {
            for (block, results) in values.chunks(CHUNK).zip(out.chunks_mut(CHUNK)) {
                let prefix = pair(state.chains, state.chain);
                let mut groups = identity;
                for (group, results) in block.chunks(RUN * GROUP).zip(results.chunks_mut(RUN * GROUP)) {
                    let prefix = pair(prefix, groups);
                    let mut chain = identity;
                    for (run, results) in group.chunks(RUN).zip(results.chunks_mut(RUN)) {
                        let y = within(run);
                        let before = pair(prefix, chain);
                        for (result, y) in results.iter_mut().zip(y) {
                            let inclusive = pair(before, y);
                            *result = if how.exclusive { state.last } else { inclusive };
                            state.last = inclusive;
                        }
                        chain = pair(chain, y[RUN - 1]);
                    }
                    groups = pair(groups, chain);
                }
                state.pass(groups, identity, pair);
            }
        }
    }
}
