//! Sorting what fits in a core's cache: at most two passes by the highest bits, then repair.
//!
//! ```text
//! sort(pairs, field):
//!     varying <- the bits of field in which some key differs from the first
//!     high    <- the highest bits of varying, half the budget
//!     low     <- the highest bits of what then is left of varying, the other half
//!     rest    <- what then is left of varying
//!     count the digits of both windows, in one read
//!     room  <- pairs, scattered by the digit low     (stable)
//!     pairs <- room,  scattered by the digit high    (stable: now in order but for rest)
//!     while some key is less than the one before it:
//!         run <- all keys that agree with it in high and low
//!         sort(run, rest)
//! ```
//!
//! The budget is what tells the keys apart were they random: log2(n) + 7 bits leave one inversion in 512 keys.
//! So two passes do for 64-bit keys too. Where the keys are not random, equal beginnings make long runs, and those
//! are sorted by bits of their own; many short runs are the worst case, at three times the time of random keys.
//! Keys are codes here: see `order`.
//!
//! Departures made for speed:
//! 1. Windows begin at bits that vary, so constant digits cost nothing, and leading zeros take no budget.
//! 2. When the budget nearly holds all of varying, it is raised to hold it: then there is no repair.
//! 3. Counts are `u16`: what is sorted here is shorter than 65,536. Two tables of 4,096 take a third of L1, and
//!    are summed up four counts at a time.
//! 4. A single pass ends in the room, and is copied back: in the cache that costs a tenth of a pass.
//! 5. Few keys go to an insertion sort or to std's: tables would cost more than they save.

use std::hint::black_box;
use std::ops::Range;

use super::order::Word;
use super::{Columns, Payload, Stopped};

/// The widest digit: its counts take 8 KiB.
const WIDEST: u32 = 12;
const DIGITS: usize = 1 << WIDEST;
/// Up to here insertion is fastest.
const INSERTION: usize = 20;
/// Up to here std's stable sort is fastest.
const COMPARISON: usize = 64;
/// Bits beyond log2(n) that tell random keys apart, but for one inversion in 512.
const EXTRA_BITS: u32 = 7;
/// How many bits more are cheaper than a repair.
const SLACK_BITS: u32 = 3;
/// One key of so many is looked at for the bits that vary, at first.
const SAMPLED: usize = 16;
/// The most keys, by the width of the counts.
pub(super) const MOST_KEYS: usize = u16::MAX as usize;

type Counts = [u16; DIGITS];

/// Room for a bucket between its two passes, and for the counts of both.
pub(super) struct Bench<W, V> {
    keys: Vec<W>,
    values: Vec<V>,
    tuples: Vec<(W, V)>,
    /// The counts of both windows, once they are needed.
    counts: Option<Box<[Counts; 2]>>,
}

impl<W, V> Default for Bench<W, V> {
    fn default() -> Self {
        Self { keys: Vec::new(), values: Vec::new(), tuples: Vec::new(), counts: None }
    }
}

fn room<'a, W: Word, V: Payload>(
    keys: &'a mut Vec<W>,
    values: &'a mut Vec<V>,
    any: (W, V),
    count: usize,
) -> Columns<'a, W, V> {
    if keys.len() < count {
        keys.resize(count, any.0);
        values.resize(count, any.1);
    }
    Columns { keys: &mut keys[..count], values: &mut values[..count] }
}

/// The bits `shift..shift + width`.
#[derive(Clone, Copy)]
struct Window {
    shift: u32,
    width: u32,
}

impl Window {
    /// The highest bits of `varying`, at most `width` of them in a row.
    fn highest<W: Word>(varying: W, width: u32) -> Self {
        let top = varying.length();
        let shift = top.saturating_sub(width).max(varying.trailing_zeros());
        Self { shift, width: top - shift }
    }

    #[inline(always)]
    fn digit<W: Word>(self, key: W) -> usize {
        key.index_from(self.shift) & ((1 << self.width) - 1) & (DIGITS - 1)
    }
}

/// Sorts `pairs` by the bits of `field`, stably.
pub(super) fn sort<W: Word, V: Payload>(
    mut pairs: Columns<'_, W, V>,
    field: W,
    bench: &mut Bench<W, V>,
    check: &dyn Fn() -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let count = pairs.len();
    if count <= COMPARISON {
        sort_few(&mut pairs, field, &mut bench.tuples);
        return Ok(());
    }
    check()?;
    debug_assert!(count <= MOST_KEYS);
    // Mostly some of the keys show all bits of it.
    let mut varying = varying_bits(pairs.keys.iter().step_by(SAMPLED)) & field;
    if varying != field {
        varying = varying_bits(&*pairs.keys) & field;
    }
    if varying == W::ZERO {
        return Ok(());
    }

    let budget = budget(count, varying);
    let high = Window::highest(varying, if budget <= WIDEST { budget } else { budget.div_ceil(2) });
    let below_high = varying & W::below(high.shift);
    let mut local = room(&mut bench.keys, &mut bench.values, (pairs.keys[0], pairs.values[0]), count);
    let [low_counts, high_counts] = &mut **bench.counts.get_or_insert_with(|| Box::new([[0; DIGITS]; 2]));
    if below_high == W::ZERO {
        count_one(pairs.keys, high, high_counts);
        scatter(&pairs, &mut local, high, high_counts);
        pairs.copy_from(local.keys, local.values);
        return Ok(());
    }
    let low = Window::highest(below_high, budget / 2);
    count_both(pairs.keys, [low, high], [&mut *low_counts, &mut *high_counts]);
    scatter(&pairs, &mut local, low, low_counts);
    scatter(&local, &mut pairs, high, high_counts);

    let rest = below_high & W::below(low.shift);
    if rest == W::ZERO { Ok(()) } else { repair(pairs, field & !W::below(low.shift), rest, bench, check) }
}

/// The bits in which some key differs from the first.
fn varying_bits<'k, W: Word>(keys: impl IntoIterator<Item = &'k W>) -> W {
    let mut keys = keys.into_iter();
    let Some(&first) = keys.next() else { return W::ZERO };
    keys.fold(W::ZERO, |varying, &key| varying | (key ^ first))
}

/// Places, `from` or later, one of whose keys is less than the one before it; those before are in order.
pub(super) fn next_unordered_block<W: Word>(
    keys: &[W],
    from: usize,
    code: impl Fn(W) -> W,
) -> Option<Range<usize>> {
    // In blocks without a branch, which the compiler makes vectors of.
    const BLOCK: usize = 64;
    let mut start = from;
    while start < keys.len() {
        let end = (start + BLOCK).min(keys.len());
        let mut found = false;
        for (&before, &key) in keys[start - 1..end - 1].iter().zip(&keys[start..end]) {
            found |= code(key) < code(before);
        }
        if found {
            return Some(start..end);
        }
        start = end;
    }
    None
}

/// How many bits the two windows are to hold.
fn budget<W: Word>(count: usize, varying: W) -> u32 {
    let span = varying.length() - varying.trailing_zeros();
    let enough = usize::BITS - count.leading_zeros() + EXTRA_BITS;
    if span <= (enough + SLACK_BITS).min(2 * WIDEST) { span } else { enough.min(2 * WIDEST) }
}

/// Finds where each digit begins.
fn count_one<W: Word>(keys: &[W], window: Window, counts: &mut Counts) {
    counts[..1 << window.width].fill(0);
    for &key in keys {
        counts[window.digit(key)] += 1;
    }
    counts_to_starts(&mut counts[..1 << window.width]);
}

/// Finds where each digit of two windows begins, in one read.
fn count_both<W: Word>(keys: &[W], [low, high]: [Window; 2], [low_counts, high_counts]: [&mut Counts; 2]) {
    low_counts[..1 << low.width].fill(0);
    high_counts[..1 << high.width].fill(0);
    for &key in keys {
        low_counts[low.digit(key)] += 1;
        high_counts[high.digit(key)] += 1;
    }
    counts_to_starts(&mut low_counts[..1 << low.width]);
    counts_to_starts(&mut high_counts[..1 << high.width]);
}

/// Turns counts, of no more than 65,535 in all, into the sums of those before.
fn counts_to_starts(counts: &mut [u16]) {
    // Four at a time in one word: the product's lanes are the sums up to and with each, and none overflows.
    const EACH: u64 = 0x0001_0001_0001_0001;
    let mut start = 0;
    let (fours, rest) = counts.as_chunks_mut::<4>();
    for four in fours {
        let [first, second, third, fourth] = four.map(u64::from);
        let packed = first | second << 16 | third << 32 | fourth << 48;
        let sums = packed.wrapping_mul(EACH);
        let starts = sums.wrapping_sub(packed).wrapping_add(start * EACH);
        *four = [starts as u16, (starts >> 16) as u16, (starts >> 32) as u16, (starts >> 48) as u16];
        start += sums >> 48;
    }
    for count in rest {
        start += u64::from(std::mem::replace(count, start as u16));
    }
}

/// One stable pass. `starts` says where each digit begins, and ends up where each ends.
fn scatter<W: Word, V: Payload>(
    from: &Columns<'_, W, V>,
    to: &mut Columns<'_, W, V>,
    window: Window,
    starts: &mut Counts,
) {
    // One length for all four slices, so that one check does for both stores.
    let count = from.keys.len();
    let (to_keys, to_values) = (&mut to.keys[..count], &mut to.values[..count]);
    for (&key, &value) in from.keys.iter().zip(&from.values[..count]) {
        let start = &mut starts[window.digit(key)];
        let at = usize::from(*start);
        *start += 1;
        to_keys[at] = key;
        to_values[at] = value;
    }
}

/// Brings `slice` into the cache.
pub(super) fn fetch<T: Copy>(slice: &[T]) {
    const LINE: usize = 64;
    if size_of::<T>() != 0 {
        for item in slice.iter().step_by((LINE / size_of::<T>()).max(1)) {
            black_box(*item);
        }
    }
}

/// Sorts by `rest` the runs of keys that agree in all bits of `prefix`.
fn repair<W: Word, V: Payload>(
    mut pairs: Columns<'_, W, V>,
    prefix: W,
    rest: W,
    bench: &mut Bench<W, V>,
    check: &dyn Fn() -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let mut done = 0;
    while let Some(block) = next_unordered_block(pairs.keys, done + 1, |key| key & (prefix | rest)) {
        // From the beginning of the run that the block begins in, over all runs that begin in it: where one is out
        // of order, others are near.
        let first = pairs.keys[block.start - 1] & prefix;
        let agrees = |key: &&W| **key & prefix == first;
        let mut start = block.start - pairs.keys[done..block.start].iter().rev().take_while(agrees).count();
        while start < block.end {
            let run_prefix = pairs.keys[start] & prefix;
            let length = pairs.keys[start..].iter().take_while(|key| **key & prefix == run_prefix).count();
            if length > 1 {
                sort(pairs.reborrow().split_at(start + length).0.split_at(start).1, rest, bench, check)?;
            }
            start += length;
        }
        done = start;
    }
    Ok(())
}

fn sort_few<W: Word, V: Payload>(pairs: &mut Columns<'_, W, V>, field: W, tuples: &mut Vec<(W, V)>) {
    if size_of::<V>() == 0 && varying_bits(&*pairs.keys) & !field == W::ZERO {
        // Keys that compare equal are the same: nobody can see whether the sort is stable.
        return pairs.keys.sort_unstable();
    }
    if pairs.len() <= INSERTION {
        return sort_by_insertion(pairs, field);
    }
    tuples.clear();
    tuples.extend(pairs.keys.iter().copied().zip(pairs.values.iter().copied()));
    tuples.sort_by_key(|&(key, _)| key & field);
    for ((key, value), &tuple) in pairs.keys.iter_mut().zip(pairs.values.iter_mut()).zip(&*tuples) {
        (*key, *value) = tuple;
    }
}

fn sort_by_insertion<W: Word, V: Payload>(pairs: &mut Columns<'_, W, V>, field: W) {
    for next in 1..pairs.len() {
        let (key, value) = (pairs.keys[next], pairs.values[next]);
        let mut hole = next;
        while hole > 0 && (key & field) < (pairs.keys[hole - 1] & field) {
            pairs.keys[hole] = pairs.keys[hole - 1];
            pairs.values[hole] = pairs.values[hole - 1];
            hole -= 1;
        }
        pairs.keys[hole] = key;
        pairs.values[hole] = value;
    }
}
