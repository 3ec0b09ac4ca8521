//! Prefix sums and the like: each place gets what the operation makes of all places up to it.
//!
//! The association is fixed (`block`), so results of values with the same bits have the same bits, on every target and in
//! any split.

mod block;
mod columns;
mod gpu;
mod parts;
mod threads;

use crate::device::gpu::Gpu;
use crate::error::Result;
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::{self, Fold, FoldText, OnSlices};
use crate::exec::gpu::FOLD;
use crate::exec::lanes::Piece;
use crate::kernel::{ElemArg, Frame, Kernel, OpCounts, Params, basic};
use crate::lanes::{Lanes, Level};
use crate::memory::{Array, Keep};
use crate::shape::{Domain, Span};

use block::{How, State};
pub(crate) use block::{Task, one_by_one, run as sixteen};
pub(crate) use columns::columns;
pub(crate) use parts::segmented;

/// Scans the results of `K` into an array of the launch's shape; an exclusive scan begins with what a fold of nothing is.
pub(crate) fn scan<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, exclusive): (&R, bool),
    domain: Domain,
    config: &Config,
) -> Result<(Array<R::T>, Outcome)> {
    let name = if exclusive { "exclusive scan" } else { "inclusive scan" };
    let ops = OpCounts { flops: 7, ..OpCounts::default() };
    let algorithm = Algorithm { name, ops, bytes: size_of::<R::T>(), turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let mut out = Array::<R::T>::new(&core.home, domain)?;
        let how = How { exclusive, stream: run.job.stream };
        let state = State::start(fold.identity(), fold.empty());
        let n = domain.len();
        match &run.place {
            Place::Cpu { .. } => {
                on_cpu::<K, R>(run, args, (fold, how), state, (&mut out, n))?;
            }
            Place::Gpu(gpu) => {
                let begun = gpu::begin::<K, R>(gpu, args, fold, (domain, config), Span::new(0, n))?;
                begun.finish::<K, R>(gpu, args, fold, (domain, config), (how, state), &mut out)?;
            }
            Place::Both { cut, gpu, .. } => {
                // The GPU adds up its part while the CPU's results are computed; then it knows what stands in front.
                let begun = gpu::begin::<K, R>(gpu, args, fold, (domain, config), Span::new(*cut, n))?;
                let state = on_cpu::<K, R>(run, args, (fold, how), state, (&mut out, *cut))?;
                begun.finish::<K, R>(gpu, args, fold, (domain, config), (how, state), &mut out)?;
            }
        }
        run.settled(out)
    })
}

/// The places before `end`, on the CPU; returns what stands behind them.
fn on_cpu<K: Kernel<Out = R::T>, R: Fold>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, how): (&R, How),
    state: State<R::T>,
    (out, end): (&mut Array<R::T>, usize),
) -> Result<State<R::T>> {
    let threads = match &run.place {
        Place::Cpu { threads } | Place::Both { threads, .. } => *threads,
        Place::Gpu(_) => 1,
    };
    let out = out.host_span_mut(Span::new(0, end), Keep::Nothing)?;
    let tiles = run.tiles::<K>(args, Span::new(0, end))?;
    let scan = threads::Scan { job: run.job, fold, how, state, pool: &run.core.pool, threads };
    Ok(scan.run::<K>(Piece { start: 0, len: end, tiles, out }))
}

/// Addition of words, for what algorithms count.
pub(crate) struct AddWords;

impl Fold for AddWords {
    type T = u32;
    fn identity(&self) -> u32 {
        0
    }
    #[inline(always)]
    fn lanes<L: Lanes>(l: L, _: &Frame<'_>, a: L::I, b: L::I) -> L::I {
        l.i_add(a, b)
    }
    fn text(&self) -> FoldText {
        FoldText { name: "add", callee: None, float: "a + b", int: "a + b", pass: &FOLD }
    }
    fn on_slices(&self, level: Level, frame: &Frame<'_>, work: OnSlices<'_, u32>) {
        match work {
            OnSlices::Scan(task) => sixteen(level, frame, self, task),
            work => fold::on_slices(level, frame, self, work),
        }
    }
}

/// What stands in front of each of `words`, which are on `gpu`; it stays there.
pub(crate) fn on_gpu_words(gpu: &Gpu, core: &Core, words: Array<u32>, config: &Config) -> Result<Array<u32>> {
    let (domain, n) = (words.domain(), words.len());
    let mut args = (ElemArg::Array(words),);
    let mut out = Array::<u32>::new(&core.home, domain)?;
    let how = How { exclusive: true, stream: false };
    let all = (domain, config);
    let begun = gpu::begin::<basic::same_u32, _>(gpu, &mut args, &AddWords, all, Span::new(0, n))?;
    let state = State::start(0, 0);
    begun.finish::<basic::same_u32, _>(gpu, &mut args, &AddWords, all, (how, state), &mut out)?;
    Ok(out)
}
