//! Sorting a launch's results: by themselves, with their places, or with values that move along.
//!
//! On the CPU by `cpu`, which knows only slices of words; on a GPU by `gpu`, four bits at a time; a split sorts each part
//! where it is and merges them. Stable everywhere, so every target gives the same places.

pub(crate) mod cpu;
mod gpu;

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::lanes::{self, Piece};
use crate::exec::threads::{self, Share};
use crate::kernel::{Kernel, LaneElement, OpCounts, Params};
use crate::memory::{Array, Keep};
use crate::shape::{CHUNK, Domain, Mapping, ScalarType, Span};

pub use cpu::Word;
use cpu::{Columns, Direction, Kind, Order, Settings, Stopped};

/// Which end comes first, and which bits decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    descending: bool,
    bits: Range<u32>,
}

impl Sort {
    /// The smallest first; floats in the order of `total_cmp`.
    pub fn ascending() -> Self {
        Sort { descending: false, bits: 0..u64::BITS }
    }

    /// The largest first. Equal ones keep their order.
    pub fn descending() -> Self {
        Sort { descending: true, ..Sort::ascending() }
    }

    /// Only these bits decide, from the lowest: of unsigned integers as they are, of others once they are mapped to unsigned
    /// numbers of the same order (the sign bit turned; of negative floats all bits). Others keep their order.
    #[must_use]
    pub fn bits(mut self, bits: Range<u32>) -> Self {
        self.bits = bits;
        self
    }

    fn order(&self, scalar: ScalarType) -> Order {
        let kind = match scalar {
            ScalarType::F32 | ScalarType::F64 => Kind::Float,
            ScalarType::I32 | ScalarType::I64 => Kind::Signed,
            _ => Kind::Unsigned,
        };
        let direction = if self.descending { Direction::Descending } else { Direction::Ascending };
        Order { kind, direction, bits: self.bits.clone() }
    }
}

/// A number that sorts as a word of its bits.
pub trait Sortable: LaneElement {
    /// The word.
    #[doc(hidden)]
    type Word: Word + bytemuck::Pod;
}

macro_rules! sortable {
    ($($type:ty: $word:ty,)*) => {$(
        impl Sortable for $type {
            type Word = $word;
        }
    )*};
}
sortable! { f32: u32, i32: u32, u32: u32, f64: u64, i64: u64, u64: u64, }

/// The results of `K` in order.
pub(crate) fn keys<K: Kernel<Out = T>, T: Sortable>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    sort: &Sort,
    domain: Domain,
    config: &Config,
) -> Result<(Array<T>, Outcome)> {
    algorithm::run::<K, _>(core, args, (domain, config), algorithm::<T>("sort", 0), |run, args| {
        let n = domain.len();
        match &run.place {
            Place::Gpu(gpu) => {
                let (sorted, _) =
                    gpu::sort::<K, T>(gpu, core, args, sort, (domain, config), (Span::new(0, n), false))?;
                run.settled(sorted)
            }
            Place::Cpu { threads } => keys_on_cpu::<K, T>(run, args, sort, *threads, Span::new(0, n)),
            Place::Both { threads, cut, gpu } => {
                let tail = Span::new(*cut, n);
                let (theirs, _) = gpu::sort::<K, T>(gpu, core, args, sort, (domain, config), (tail, false))?;
                let mine = keys_on_cpu::<K, T>(run, args, sort, *threads, Span::new(0, *cut))?;
                let mut out = Array::new(&core.home, Domain::Line(n))?;
                let order = sort.order(T::TYPE.scalar);
                in_pool(run, *threads, &order, |settings| {
                    cpu::merge_keys(
                        words(mine.host()?),
                        words(theirs.host()?),
                        words_mut(out.host_mut(Keep::Nothing)?),
                        settings,
                    )
                    .map_err(stopped::<K>)
                })?;
                Ok(out)
            }
        }
    })
}

/// The results of `K` in order, and where each was.
pub(crate) fn places<K: Kernel<Out = T>, T: Sortable>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    sort: &Sort,
    domain: Domain,
    config: &Config,
) -> Result<(Sorted<T>, Outcome)> {
    algorithm::numbered(&K::INFO, "sort of places", domain)?;
    algorithm::run::<K, _>(core, args, (domain, config), algorithm::<T>("argsort", 4), |run, args| {
        let n = domain.len();
        match &run.place {
            Place::Gpu(gpu) => {
                let all = (Span::new(0, n), true);
                let (keys, places) = gpu::sort::<K, T>(gpu, core, args, sort, (domain, config), all)?;
                Ok(Sorted { keys: run.settled(keys)?, places: run.settled(places)? })
            }
            Place::Cpu { threads } => places_on_cpu::<K, T>(run, args, sort, *threads, Span::new(0, n)),
            Place::Both { threads, cut, gpu } => {
                let tail = (Span::new(*cut, n), true);
                let (keys, places) = gpu::sort::<K, T>(gpu, core, args, sort, (domain, config), tail)?;
                let mine = places_on_cpu::<K, T>(run, args, sort, *threads, Span::new(0, *cut))?;
                let (mut out, mut moved) =
                    (Array::new(&core.home, Domain::Line(n))?, Array::new(&core.home, Domain::Line(n))?);
                let order = sort.order(T::TYPE.scalar);
                in_pool(run, *threads, &order, |settings| {
                    let out =
                        Columns::new(words_mut(out.host_mut(Keep::Nothing)?), moved.host_mut(Keep::Nothing)?);
                    let left = cpu::Run::new(words(mine.keys.host()?), mine.places.host()?);
                    let right = cpu::Run::new(words(keys.host()?), places.host()?);
                    cpu::merge_pairs(left, right, out, settings).map_err(stopped::<K>)
                })?;
                Ok(Sorted { keys: out, places: moved })
            }
        }
    })
}

/// Sorted results, and the place that each had.
pub(crate) struct Sorted<T: LaneElement> {
    pub keys: Array<T>,
    pub places: Array<u32>,
}

fn algorithm<T>(name: &'static str, beside: usize) -> Algorithm {
    let ops = OpCounts { ints: 40, ..OpCounts::default() };
    Algorithm { name, ops, bytes: 4 * (size_of::<T>() + beside), turns: 1 }
}

fn stopped<K: Kernel>(_: Stopped) -> Error {
    // The launch's control knows why, and its error is told instead.
    Error::new(ErrorKind::Cancelled, format!("{}: it was stopped as it sorted; run it again", K::INFO.name))
}

fn words<T: Sortable>(values: &[T]) -> &[T::Word] {
    bytemuck::cast_slice(values)
}

fn words_mut<T: Sortable>(values: &mut [T]) -> &mut [T::Word] {
    bytemuck::cast_slice_mut(values)
}

/// Runs `body`, whose rayon calls go to the runtime's pool.
fn in_pool<R: Send>(
    run: &Run<'_>,
    threads: usize,
    order: &Order,
    body: impl FnOnce(&Settings<'_>) -> Result<R> + Send,
) -> Result<R> {
    let stop = || run.job.frame.stopped();
    let settings = Settings { order, threads, stop: &stop };
    match &run.core.pool.0 {
        Some(pool) if threads > 1 => pool.install(|| body(&settings)),
        _ => body(&settings),
    }
}

/// The values of `span`, in order of their places: where they stand already, or else in `out`.
fn values<'v, K: Kernel<Out = T>, T: LaneElement>(
    run: &Run<'_>,
    args: &'v mut <K::Params as Params>::Arg<'_>,
    threads: usize,
    span: Span,
    out: &mut [T],
) -> Result<Option<&'v [T]>> {
    let tiles = run.tiles::<K>(args, span)?;
    if let Some(values) = lanes::lying::<K, T>(&tiles, span.len()) {
        // Nothing is left to compute, which is progress too.
        run.job.compute(span, || {});
        return Ok(Some(values));
    }
    let grain = span.len().div_ceil(8 * threads).next_multiple_of(CHUNK).max(16 * CHUNK);
    let share = Share { pool: &run.core.pool, threads, mapping: Mapping::ManagerWorker, grain };
    let piece = Piece::<K> { start: span.start, len: span.len(), tiles, out };
    threads::run(&share, piece, |piece| {
        let span = Span::new(piece.start, piece.start + piece.len);
        run.job.compute(span, || lanes::run::<K>(run.job, piece));
    });
    Ok(None)
}

fn keys_on_cpu<K: Kernel<Out = T>, T: Sortable>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    sort: &Sort,
    threads: usize,
    span: Span,
) -> Result<Array<T>> {
    let line = Domain::Line(span.len());
    let mut out = Array::<T>::new(&run.core.home, line)?;
    let mut scratch = Array::<T>::new(&run.core.home, line)?;
    let keys = out.host_mut(Keep::Nothing)?;
    let from = values::<K, T>(run, args, threads, span, keys)?;
    let scratch = scratch.host_mut(Keep::Nothing)?;
    let order = sort.order(T::TYPE.scalar);
    in_pool(run, threads, &order, |settings| {
        cpu::sort_keys(from.map(words), words_mut(keys), words_mut(scratch), settings).map_err(stopped::<K>)
    })?;
    Ok(out)
}

fn places_on_cpu<K: Kernel<Out = T>, T: Sortable>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    sort: &Sort,
    threads: usize,
    span: Span,
) -> Result<Sorted<T>> {
    let (home, line) = (&run.core.home, Domain::Line(span.len()));
    let (mut out, mut scratch) = (Array::<T>::new(home, line)?, Array::<T>::new(home, line)?);
    let (mut places, mut moved) = (Array::<u32>::new(home, line)?, Array::<u32>::new(home, line)?);
    let keys = out.host_mut(Keep::Nothing)?;
    let from = values::<K, T>(run, args, threads, span, keys)?;
    let numbers = places.host_mut(Keep::Nothing)?;
    numbers.iter_mut().zip(span.start as u32..).for_each(|(place, at)| *place = at);
    let scratch = Columns::new(words_mut(scratch.host_mut(Keep::Nothing)?), moved.host_mut(Keep::Nothing)?);
    let order = sort.order(T::TYPE.scalar);
    in_pool(run, threads, &order, |settings| {
        let pairs = Columns::new(words_mut(keys), numbers);
        cpu::sort_pairs(from.map(words), pairs, scratch, settings).map_err(stopped::<K>)
    })?;
    Ok(Sorted { keys: out, places })
}
