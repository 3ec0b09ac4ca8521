//! Sorting of keys, and of keys with a value each, on the processor's threads: a stable radix sort.
//!
//! What is sorted are *words*, `u32` or `u64`. An [`Order`] says how a word's bits are read (unsigned, signed or
//! IEEE 754), which of them decide, and in which direction; floats, signed and descending orders are bit maps
//! onto unsigned ones, applied where a pass reads or writes anyway.
//!
//! It promises:
//! - stable, in every order: what compares equal keeps its order, also when descending;
//! - the result stands in the slices given; the scratch slices, as long, end with unspecified contents;
//! - floats are in the order of `total_cmp`: -NaN, -inf, ..., -0.0, 0.0, ..., inf, NaN;
//! - the same result for every number of threads;
//! - [`Settings::stop`] is asked at least once for each 65,536 elements that a thread reads. When it says yes, the
//!   sort ends with [`Stopped`], and the slices hold some of the elements, perhaps mapped, some perhaps twice.
//!
//! It deliberately does not: sort in place (the scratch is the caller's; 0.35 MiB a thread and at most 2 % of the
//! keys' size are its own), start threads (it asks the rayon pool it is called in), or use vector instructions by
//! hand: the passes are bound by the one store that a core commits in a cycle.
//!
//! `partition` splits what is larger than a cache by its highest bits, `block` by block; `bucket` sorts what fits;
//! `merge` joins; `order` maps every order to that of unsigned integers.

mod block;
mod bucket;
mod merge;
mod order;
mod partition;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub(crate) use merge::{Run, merge_keys, merge_pairs};
pub use order::Word;
pub(crate) use order::order_words;

use order::{Codec, Flip, Plain};
use partition::{Context, Request, Standing, Workspace, standing};

/// The fewest pairs that are worth a thread: 32 Ki each are no faster on two than on one.
const PAIRS_A_THREAD: usize = 64 << 10;

/// How the bits of a word are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `u32`, `u64`.
    Unsigned,
    /// `i32`, `i64`: two's complement.
    Signed,
    /// `f32`, `f64`, in the order of `total_cmp`.
    Float,
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The largest first. Equal keys keep their order.
    Descending,
}

/// What comes first.
#[derive(Clone, Debug)]
pub struct Order {
    /// How the bits are read.
    pub kind: Kind,
    /// Which end comes first.
    pub direction: Direction,
    /// The bits that decide, of the word after its map to unsigned order; bits beyond the word count for nothing.
    pub bits: Range<u32>,
}

/// How a sort or a merge is done.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// What comes first.
    pub order: &'a Order,
    /// The most threads to use, the caller's included; with 1, rayon is not called.
    pub threads: usize,
    /// Whether to give up: asked often, so cheap (a relaxed load), and from several threads.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// The stop check said yes: the contents of the slices are unspecified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// What moves along with a key: plain data, of 4 or 8 bytes as a rule. `()` takes no room and no time.
pub trait Payload: Copy + Send + Sync {}

impl<V: Copy + Send + Sync> Payload for V {}

/// Keys and, at the same places, their values: two slices of one length.
#[derive(Debug)]
pub struct Columns<'a, W, V> {
    pub(super) keys: &'a mut [W],
    pub(super) values: &'a mut [V],
}

impl<'a, W: Word, V: Payload> Columns<'a, W, V> {
    /// # Panics
    ///
    /// Where the slices differ in length.
    pub fn new(keys: &'a mut [W], values: &'a mut [V]) -> Self {
        assert_eq!(keys.len(), values.len(), "as many values as keys are needed");
        Self { keys, values }
    }

    fn len(&self) -> usize {
        self.keys.len()
    }

    fn reborrow(&mut self) -> Columns<'_, W, V> {
        Columns { keys: self.keys, values: self.values }
    }

    fn split_at(self, middle: usize) -> (Self, Self) {
        let (keys, more_keys) = self.keys.split_at_mut(middle);
        let (values, more_values) = self.values.split_at_mut(middle);
        (Columns { keys, values }, Columns { keys: more_keys, values: more_values })
    }

    /// Cuts the first `count` off, and leaves the rest.
    fn take_front(&mut self, count: usize) -> Self {
        let whole =
            Columns { keys: std::mem::take(&mut self.keys), values: std::mem::take(&mut self.values) };
        let (front, rest) = whole.split_at(count);
        *self = rest;
        front
    }

    fn copy_from(&mut self, keys: &[W], values: &[V]) {
        self.keys.copy_from_slice(keys);
        self.values.copy_from_slice(values);
    }
}

/// Sorts `keys`, or into `keys` what stands in `from`. `scratch` is as long, and ends with unspecified contents.
///
/// # Errors
///
/// [`Stopped`], when the stop check says yes.
///
/// # Panics
///
/// Where the slices differ in length.
pub fn sort_keys<W: Word>(
    from: Option<&[W]>,
    keys: &mut [W],
    scratch: &mut [W],
    settings: &Settings<'_>,
) -> Result<(), Stopped> {
    // Vectors of units allocate nothing.
    let (mut units, mut more_units) = (vec![(); keys.len()], vec![(); scratch.len()]);
    sort_pairs(from, Columns::new(keys, &mut units), Columns::new(scratch, &mut more_units), settings)
}

/// Sorts `pairs` by their keys, or by those in `from`, which then take the place of theirs. `scratch` is as long, and ends with
/// unspecified contents.
///
/// # Errors
///
/// [`Stopped`], when the stop check says yes.
///
/// # Panics
///
/// Where they differ in length.
pub fn sort_pairs<W: Word, V: Payload>(
    from: Option<&[W]>,
    pairs: Columns<'_, W, V>,
    scratch: Columns<'_, W, V>,
    settings: &Settings<'_>,
) -> Result<(), Stopped> {
    assert_eq!(pairs.len(), scratch.len(), "the scratch must be as long as what is sorted");
    assert!(from.is_none_or(|from| from.len() == pairs.len()), "the keys must be as many as their places");
    let flip = Flip::of(settings.order.kind, settings.order.direction);
    let request = Request { from, data: pairs, scratch, field: order::field(&settings.order.bits) };
    if flip.is_plain() { sort_coded(request, Plain, settings) } else { sort_coded(request, flip, settings) }
}

fn sort_coded<W: Word, V: Payload, C: Codec<W>>(
    mut request: Request<'_, W, V>,
    codec: C,
    settings: &Settings<'_>,
) -> Result<(), Stopped> {
    let context = Context { stop: settings.stop, codec };
    context.check()?;
    let (count, field) = (request.data.len(), request.field);
    // A thread with less to do than this costs more than it helps.
    let threads = settings.threads.clamp(1, (count / PAIRS_A_THREAD).max(1));
    let standing = if count < 2 || field == W::ZERO {
        Standing::InOrder
    } else {
        standing(request.keys(), field, &context, threads)?
    };
    if standing == Standing::Mixed {
        let mut workspaces: Vec<_> = (0..threads).map(|_| Workspace::default()).collect();
        return partition::sort(request, codec, &context, &mut workspaces);
    }
    request.settle();
    if standing == Standing::Reversed {
        request.data.keys.reverse();
        request.data.values.reverse();
    }
    Ok(())
}
