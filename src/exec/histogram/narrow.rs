//! Counters of one byte, for many bins: 65,536 of them are 64 KiB, of which L1 holds three quarters; as `u32` they
//! are 256 KiB and every increment waits for L2.
//!
//! ```text
//! narrow[bins + 1] of u8 = 0                       the last place takes what is outside
//! for every index i:
//!     i = min(i, bins)
//!     narrow[i] += 1;  if that wrapped to 0: counts[i] += 256          (rare: a predicted branch)
//! at the end: counts[i] += narrow[i]
//! ```
//! Departures made for speed:
//! 1. Where there are few indices for so many bins, they go to `counts` itself: zeroing and adding up cost more.
//! 2. An increment of what the last instructions have just incremented waits for their store (about 7 cycles), or
//!    is begun too early and repeated. A sample of every block tells whether that will happen often, and for which
//!    index. That index is counted by comparison, and goes to a place behind the table instead, each of 16
//!    neighbours to one of its own.
//! 3. Of a block whose indices are all bins, which its greatest tells, two are loaded at once and none is looked at: random indices
//!    of 65,536 took 0.87 of the time (2026-11, Zen 3).
//! 4. A skewed block of up to four values is counted by comparison only.
//!
//! Tried: four tables for skewed blocks (1.1 ns an index for 90 % zeros). Eight equal indices at once (the comparison
//! became branches, which two values in random order mispredict).

use std::hint::select_unpredictable;

use crate::exec::level::{self, AtLevel};
use crate::lanes::{Lanes, Level, prefetch};

/// Indices that are judged together.
const BLOCK: usize = 2048;
/// Places behind the bins: the first for what is outside, all for the index that is counted apart.
const APART: usize = 16;

/// Does something for each of 16 places, written out: every increment stands by itself, a loop is not always
/// unrolled.
macro_rules! each {
    (|$k:ident| $do:expr) => {
        each!(@ $k $do; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    (@ $k:ident $do:expr; $($at:literal)*) => {$({
        const AT: usize = $at;
        let $k = AT;
        $do;
    })*};
}

/// Narrow counters before wide ones.
pub(super) struct Narrow<'c> {
    level: Level,
    counts: &'c mut [u32],
    /// A counter for each bin and [`APART`] more; empty if `counts` is counted into.
    table: Vec<u8>,
}

impl<'c> Narrow<'c> {
    /// Counters for about `n` indices.
    pub fn new(level: Level, n: usize, counts: &'c mut [u32]) -> Self {
        let bins = counts.len();
        // A narrow increment saves about half a nanosecond; a bin costs a tenth.
        let table = if n / 2 > bins / 4 + 512 { vec![0; bins + APART] } else { Vec::new() };
        Narrow { level, counts, table }
    }

    /// Counts indices; those that are no bin are dropped. `from` is what they were made of, place by place: what
    /// stands one block behind it is asked for meanwhile, because the processor's own prefetch begins anew at every
    /// page of 4 KiB, and does nothing while indices are counted from a buffer.
    #[inline(always)]
    pub fn count<A>(&mut self, indices: &[u32], from: &[A]) {
        let (table, counts) = (&mut self.table[..], &mut *self.counts);
        if table.is_empty() {
            return count_wide(indices, counts);
        }
        let (blocks, rest) = indices.as_chunks::<BLOCK>();
        for (block, from) in blocks.iter().zip(from.as_chunks::<BLOCK>().0) {
            match frequent(block) {
                None if greatest(self.level, block) < counts.len() as u32 => {
                    count_bins(block, from, table, counts)
                }
                None => count_block(block, from, table, counts),
                Some(frequent) => {
                    let occurrences = occurrences(self.level, block, frequent);
                    if !count_few_values(self.level, block, (frequent, occurrences), counts) {
                        count_apart(block, from, (frequent, occurrences), table, counts);
                    }
                }
            }
        }
        for &index in rest {
            count_one(index as usize, 0, table, counts);
        }
    }

    /// Adds the narrow counters to the wide ones.
    pub fn finish(self) {
        level::at(self.level, Add(&self.table, self.counts));
    }
}

/// Counts a block of up to four values, each by comparison, of which one is known; false, with nothing counted,
/// where there are more, or one that is rare: more will follow.
fn count_few_values(level: Level, block: &[u32; BLOCK], first: (u32, u32), counts: &mut [u32]) -> bool {
    let mut found = [first; 4];
    let (mut known, mut counted) = (1, first.1);
    while counted < BLOCK as u32 {
        let is_new = |value: &u32| found[..known].iter().all(|(other, _)| other != value);
        let Some(&value) = block.iter().find(|value| is_new(value)) else { return false };
        let count = occurrences(level, block, value);
        if known == found.len() || count < BLOCK as u32 / 16 {
            return false;
        }
        found[known] = (value, count);
        (known, counted) = (known + 1, counted + count);
    }
    for (value, more) in &found[..known] {
        if let Some(count) = counts.get_mut(*value as usize) {
            *count += more;
        }
    }
    true
}

struct Occurrences<'o>(&'o [u32; BLOCK], u32);

impl AtLevel for Occurrences<'_> {
    type Out = u32;
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) -> u32 {
        let Occurrences(block, value) = self;
        block.iter().map(|&other| u32::from(other == value)).sum()
    }
}

fn occurrences(level: Level, block: &[u32; BLOCK], value: u32) -> u32 {
    level::at(level, Occurrences(block, value))
}

struct Greatest<'o>(&'o [u32; BLOCK]);

impl AtLevel for Greatest<'_> {
    type Out = u32;
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) -> u32 {
        self.0.iter().fold(0, |greatest, &index| greatest.max(index))
    }
}

fn greatest(level: Level, block: &[u32; BLOCK]) -> u32 {
    level::at(level, Greatest(block))
}

/// Counts a block of indices that are all bins, two with each load.
#[inline(never)]
fn count_bins<A>(block: &[u32; BLOCK], from: &[A; BLOCK], table: &mut [u8], counts: &mut [u32]) {
    let mut count = |place: u32| {
        if let Some(counter) = table.get_mut(place as usize) {
            increment(counter, place as usize, counts);
        }
    };
    for (line, from) in block.as_chunks::<16>().0.iter().zip(from.as_chunks::<16>().0) {
        prefetch(from, BLOCK * size_of::<A>());
        let pairs: &[[u8; 8]; 8] = bytemuck::cast_ref(line);
        for pair in pairs {
            let pair = u64::from_ne_bytes(*pair);
            count(pair as u32);
            count((pair >> 32) as u32);
        }
    }
}

/// Not inlined: in the caller its pointers would be read again for every index.
#[inline(never)]
fn count_block<A>(block: &[u32; BLOCK], from: &[A; BLOCK], table: &mut [u8], counts: &mut [u32]) {
    for (line, from) in block.as_chunks::<16>().0.iter().zip(from.as_chunks::<16>().0) {
        prefetch(from, BLOCK * size_of::<A>());
        each!(|k| count_one(line[k] as usize, 0, table, counts));
    }
}

/// As [`count_block`], with one index counted by comparison.
#[inline(never)]
fn count_apart<A>(
    block: &[u32; BLOCK],
    from: &[A; BLOCK],
    (frequent, occurrences): (u32, u32),
    table: &mut [u8],
    counts: &mut [u32],
) {
    if let Some(count) = counts.get_mut(frequent as usize) {
        *count += occurrences;
    }
    let bins = counts.len();
    for (line, from) in block.as_chunks::<16>().0.iter().zip(from.as_chunks::<16>().0) {
        prefetch(from, BLOCK * size_of::<A>());
        each!(|k| {
            let index = (line[k] as usize).min(bins);
            let index = select_unpredictable(line[k] == frequent, bins + k, index);
            count_one(index, k, table, counts)
        });
    }
}

struct Add<'a>(&'a [u8], &'a mut [u32]);

impl AtLevel for Add<'_> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Add(narrow, counts) = self;
        for (count, &narrow) in counts.iter_mut().zip(narrow) {
            *count += u32::from(narrow);
        }
    }
}

/// Straight into wide counters.
fn count_wide(indices: &[u32], counts: &mut [u32]) {
    for &index in indices {
        if let Some(count) = counts.get_mut(index as usize) {
            *count += 1;
        }
    }
}

/// One increment; what is no place of the table goes to its last place but `APART - 1 - apart`.
#[inline(always)]
fn count_one(index: usize, apart: usize, table: &mut [u8], counts: &mut [u32]) {
    assert!(table.len() >= APART, "a table has places behind its bins");
    let bins = table.len() - APART;
    let place = index.min(bins + apart % APART);
    increment(&mut table[place], place, counts);
}

/// Adds one to the narrow counter of a place, and what it cannot hold to the wide one.
#[inline(always)]
fn increment(counter: &mut u8, place: usize, counts: &mut [u32]) {
    let (sum, wrapped) = counter.overflowing_add(1);
    *counter = sum;
    if wrapped {
        spill(place, counts);
    }
}

#[cold]
#[inline(never)]
fn spill(place: usize, counts: &mut [u32]) {
    if let Some(count) = counts.get_mut(place) {
        *count += 256;
    }
}

/// The index that is often among its own neighbours: in 4 at least of 32 samples of 4 indices. If there are several,
/// the one with a majority, if any has.
#[inline(always)]
fn frequent(block: &[u32; BLOCK]) -> Option<u32> {
    let (mut near, mut votes, mut candidate) = (0, 0, 0);
    for line in block.as_chunks::<{ BLOCK / 32 }>().0 {
        if line[0] == line[1] || line[0] == line[2] || line[0] == line[3] {
            near += 1;
            if votes == 0 {
                candidate = line[0];
            }
            votes += if line[0] == candidate { 1 } else { -1 };
        }
    }
    (near >= 4).then_some(candidate)
}
