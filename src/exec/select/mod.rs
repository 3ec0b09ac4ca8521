//! Results that are wanted, in order: those for which a kernel says so, their places, or all with the wanted ones first.
//!
//! Two passes over the values: how many are wanted in each block of 4,096, then each block's behind those of the blocks
//! before it. So what every block writes is known before, and is its alone.

mod cpu;
mod gpu;

use std::marker::PhantomData;

use crate::error::Result;
use crate::exec::algorithm::{self, Algorithm, Place};
use crate::exec::driver::{self, Config, Core, Outcome};
use crate::exec::gpu::Chosen;
use crate::kernel::{Fragment, Frame, Kernel, LaneElement, OpCounts, Params, Unary};
use crate::lanes::Lanes;
use crate::memory::{Array, Keep};
use crate::shape::{Domain, Span};

/// Which results are wanted.
pub(crate) trait Wanted<T: LaneElement>: Sync {
    /// Says of each value whether it is; `before` is the value of the place before the first, if there is one.
    fn mark<L: Lanes>(l: L, frame: &Frame<'_>, before: Option<T>, values: &[T], marks: &mut [bool]);
    /// Whether the value of the place before is looked at.
    const LOOKS_BACK: bool;
    /// Whether the second of two neighbours is not wanted because of the first.
    fn is_same(_first: Option<T>, _second: Option<T>) -> bool {
        false
    }
    /// The kernel that says so, for a shader.
    fn kernel() -> Option<&'static Fragment>;
}

/// Those for which the kernel `P` returns something other than zero.
pub(crate) struct By<P>(PhantomData<P>);

/// Those that differ from the one before; the first always.
pub(crate) struct Changes;

/// What becomes of a wanted result.
pub(crate) trait Kept<T>: Sync {
    /// What is written for it.
    type Out: LaneElement;
    /// For the result at a place.
    fn of(value: T, place: usize) -> Self::Out;
    /// For a shader.
    const CHOSEN: Chosen;
}

/// The result.
pub(crate) struct Value;
/// Its place.
pub(crate) struct At;

impl<T: LaneElement> Kept<T> for Value {
    type Out = T;
    #[inline(always)]
    fn of(value: T, _: usize) -> T {
        value
    }
    const CHOSEN: Chosen = Chosen::Value;
}

impl<T> Kept<T> for At {
    type Out = u32;
    #[inline(always)]
    fn of(_: T, place: usize) -> u32 {
        place as u32
    }
    const CHOSEN: Chosen = Chosen::Place;
}

impl<T: LaneElement, P: Unary<From = T>> Wanted<T> for By<P>
where
    P::To: PartialEq,
{
    #[inline(always)]
    fn mark<L: Lanes>(l: L, frame: &Frame<'_>, _: Option<T>, values: &[T], marks: &mut [bool]) {
        let zero = P::To::from_f64(0.0);
        let mut found = [zero; crate::lanes::MAX_LANES];
        for (values, marks) in values.chunks(L::N).zip(marks.chunks_mut(L::N)) {
            let x = if values.len() == L::N { T::load(l, values) } else { T::load_part(l, values) };
            let y = P::apply(l, l.first(values.len()), frame, x);
            P::To::store(l, &mut found[..L::N], y);
            for (mark, found) in marks.iter_mut().zip(&found) {
                *mark = *found != zero;
            }
        }
    }
    const LOOKS_BACK: bool = false;
    fn kernel() -> Option<&'static Fragment> {
        Some(P::WGSL)
    }
}

impl<T: LaneElement + PartialEq> Wanted<T> for Changes {
    #[inline(always)]
    fn mark<L: Lanes>(_: L, _: &Frame<'_>, before: Option<T>, values: &[T], marks: &mut [bool]) {
        let Some(first) = values.first() else { return };
        marks[0] = before.is_none_or(|before| before != *first);
        for (mark, pair) in marks[1..].iter_mut().zip(values.windows(2)) {
            *mark = pair[0] != pair[1];
        }
    }
    const LOOKS_BACK: bool = true;
    fn is_same(first: Option<T>, second: Option<T>) -> bool {
        first == second
    }
    fn kernel() -> Option<&'static Fragment> {
        None
    }
}

/// What was selected.
pub(crate) struct Selection<U: LaneElement> {
    pub array: Array<U>,
    /// How many of it were wanted; the others stand behind them.
    pub wanted: usize,
}

/// The wanted results of `K`, and how many they are; with `both`, the others behind them.
pub(crate) fn select<K: Kernel<Out = T>, T: LaneElement, W: Wanted<T>, C: Kept<T>>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    both: bool,
    domain: Domain,
    config: &Config,
) -> Result<(Selection<C::Out>, Outcome)> {
    algorithm::numbered(&K::INFO, "selection", domain)?;
    let ops = OpCounts { ints: 4, ..OpCounts::default() };
    let algorithm = Algorithm { name: "selection", ops, bytes: size_of::<C::Out>(), turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let n = domain.len();
        let all = Span::new(0, n);
        match &run.place {
            Place::Cpu { threads } => {
                let offsets = cpu::count::<K, T, W>(run, args, *threads, all)?;
                let wanted = offsets.last().copied().unwrap_or(0);
                let mut out = Array::new(&core.home, Domain::Line(if both { n } else { wanted }))?;
                let (first, rest) = out.host_mut(Keep::Nothing)?.split_at_mut(wanted);
                cpu::write::<K, T, W, C>(run, args, *threads, all, &offsets, (first, rest))?;
                Ok(Selection { array: out, wanted })
            }
            Place::Gpu(gpu) => {
                let begun = gpu::Begun::new::<K, T, W, C>(gpu, args, (domain, config), all)?;
                let Selection { array, wanted } =
                    begun.finish::<K, T, W, C>(gpu, core, args, (domain, config), both)?;
                Ok(Selection { array: run.settled(array)?, wanted })
            }
            Place::Both { threads, cut, gpu } => {
                let (head, tail) = (Span::new(0, *cut), Span::new(*cut, n));
                let begun = gpu::Begun::new::<K, T, W, C>(gpu, args, (domain, config), tail)?;
                let offsets = cpu::count::<K, T, W>(run, args, *threads, head)?;
                let mine = offsets.last().copied().unwrap_or(0);
                let Selection { array: theirs, wanted: others } =
                    begun.finish::<K, T, W, C>(gpu, core, args, (domain, config), both)?;
                // The GPU has not seen what stands in front of its first, which it took for a change.
                let same = W::LOOKS_BACK && {
                    let mut pair = driver::values::<K, T>(core, args, domain, Span::new(cut - 1, cut + 1))?;
                    let last = pair.pop();
                    W::is_same(pair.pop(), last)
                };
                let (skip, others) = (usize::from(same), others - usize::from(same));
                let wanted = mine + others;
                let mut out = Array::new(&core.home, Domain::Line(if both { n } else { wanted }))?;
                {
                    let (first, rest) = out.host_mut(Keep::Nothing)?.split_at_mut(wanted);
                    let (first, first_theirs) = first.split_at_mut(mine);
                    let at = if both { head.len() - mine } else { 0 };
                    let (rest, rest_theirs) = rest.split_at_mut(at);
                    cpu::write::<K, T, W, C>(run, args, *threads, head, &offsets, (first, rest))?;
                    let theirs = theirs.host()?;
                    first_theirs.copy_from_slice(&theirs[skip..skip + others]);
                    rest_theirs.copy_from_slice(&theirs[skip + others..]);
                }
                Ok(Selection { array: out, wanted })
            }
        }
    })
}
