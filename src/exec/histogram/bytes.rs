//! How often each byte occurs.
//!
//! The cost of a histogram is its stores: Zen 5 commits one store to a changing line per cycle, so a byte at a time cannot pass
//! 1 byte per cycle. Two bytes at a time, as one 16-bit index, halve that, where L1 holds most of the counters.
//!
//! ```text
//! pairs[65,536] of u8 = 0                                     64 KiB: three quarters of it stay in L1
//! for every two bytes (a, b), read as v = a + 256 b:
//!     pairs[v] += 1;  if that wrapped to 0: counts[a] += 256, counts[b] += 256       (rare: a predicted branch)
//! at the end, for every a, b: counts[a] += pairs[a, b], counts[b] += pairs[a, b]     (columns and rows)
//! ```
//! Departures made for speed:
//! 1. Short inputs (below [`PAIRS_FROM`]) take four tables of single bytes: zeroing and folding 64 KiB costs more. So do all
//!    that are not skewed where L1 has less than [`PAIRS_L1`]: Zen 3, with 32 KiB, counts 4 Mi singly in 0.95 of the time of
//!    pairs, and 64 Ki in 0.77.
//! 2. An increment of what the last instructions have just incremented waits for their store (about 7 cycles). A
//!    sample of every block tells whether that will happen often; if so, the block goes to four tables in turn.
//!    They are zeroed when the first such block comes; inputs without one never pay for them.
//! 3. In such blocks, 16 equal bytes are counted at once, and a block of up to four values is counted by comparison.
//! 4. Lines are asked for one block ahead: 64 Mi by pairs took 15.8 ms without and 10.7 ms with, singly 22.5 and 22.0 (Zen 3).
//!
//! Tried: two bytes with one store, as their low halves' places in a row of 32 narrow counters that their high
//! halves choose (1.3 times as long on Zen 3: 256-bit increments of places in random order take 2.7 cycles); eight
//! and sixteen `u32` tables of bytes (1.1 ms for 4 Mi against 1.0 with four and 0.57 here); pairs without order (a
//! triangle of 32,896 counters, 33 KiB, fits L1 wholly, but making the indices costs more than the misses: 0.66
//! ms).

use crate::exec::level::{self, AtLevel};
use crate::lanes::{Lanes, Level, l1_bytes, prefetch};

/// Bytes from which pairs are counted: below, what is saved is less than folding 64 KiB.
const PAIRS_FROM: usize = 24 << 10;
/// Bytes of L1 from which pairs are counted.
const PAIRS_L1: usize = 48 << 10;
/// Bytes from which skewed blocks get tables of their own: below, zeroing and folding 192 KiB costs too much.
const TABLES_FROM: usize = 192 << 10;
/// Bytes that are judged together.
const BLOCK: usize = 8192;
/// Bytes that are asked for ahead of use, so that a block is there when it is judged: the processor's own prefetch begins anew
/// at every page of 4 KiB.
const AHEAD: usize = BLOCK;

type Pairs = [u8; 1 << 16];

/// Adds to `counts[v]` how often `v` occurs in `values`.
pub(super) fn count_bytes(level: Level, values: &[u8], counts: &mut [u32; 256]) {
    count_by(level, values, counts, l1_bytes() >= PAIRS_L1);
}

/// As [`count_bytes`]; longer inputs by pairs or singly.
pub(super) fn count_by(level: Level, values: &[u8], counts: &mut [u32; 256], by_pairs: bool) {
    let mut singles = Singles([[0; 256]; 4]);
    if values.len() < PAIRS_FROM {
        singles.count(values);
    } else if by_pairs {
        let mut pairs = [0; 1 << 16];
        count_blocks(level, values, &mut singles, counts, |block, _, counts| {
            count_block(block, &mut pairs, counts);
        });
        fold(level, &pairs, counts);
    } else {
        count_blocks(level, values, &mut singles, counts, |block, singles, _| singles.count(block));
    }
    singles.fold(counts);
}

/// All of `values`; blocks that are not skewed by `even`.
#[inline(always)]
fn count_blocks(
    level: Level,
    values: &[u8],
    singles: &mut Singles,
    counts: &mut [u32; 256],
    mut even: impl FnMut(&[u8; BLOCK], &mut Singles, &mut [u32; 256]),
) {
    let mut left = values;
    while let Some((block, rest)) = left.split_first_chunk::<BLOCK>() {
        if !is_skewed(block) {
            even(block, singles, counts);
        } else if !count_few_values(block, counts) {
            if left.len() >= TABLES_FROM {
                left = with_more_tables(level, left, counts);
                break;
            }
            singles.count(block);
        }
        left = rest;
    }
    singles.count(left);
}

/// Whole blocks, with four tables in turn where they are skewed; the last, partial block is returned.
#[inline(never)]
fn with_more_tables<'v>(level: Level, values: &'v [u8], counts: &mut [u32; 256]) -> &'v [u8] {
    let mut tables = [[0; 1 << 16]; 4];
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    for block in blocks {
        if !is_skewed(block) {
            count_block(block, &mut tables[0], counts);
        } else if !count_few_values(block, counts) {
            for line in block.as_chunks::<64>().0 {
                prefetch(line, AHEAD);
                for words in line.as_chunks::<16>().0 {
                    if let Some(value) = all_equal(words) {
                        counts[value as usize] += 16;
                    } else {
                        count_words(words, [0, 1, 2, 3], &mut tables, counts);
                    }
                }
            }
        }
    }
    for table in &tables {
        fold(level, table, counts);
    }
    rest
}

/// Counts a block of up to four values, each by comparison; false, with nothing counted, where there are more,
/// or one that is rare: more will follow.
#[inline(never)]
fn count_few_values(block: &[u8; BLOCK], counts: &mut [u32; 256]) -> bool {
    let mut found = [(0, 0); 4];
    let (mut known, mut counted) = (0, 0);
    while known < found.len() {
        let is_new = |value: &u8| found[..known].iter().all(|(other, _)| other != value);
        let Some(&value) = block.iter().find(|value| is_new(value)) else { break };
        // Lanes of bytes: 128 rounds cannot wrap them.
        let mut lanes = [0u8; 64];
        for line in block.as_chunks::<64>().0 {
            for (lane, &other) in lanes.iter_mut().zip(line) {
                *lane += u8::from(other == value);
            }
        }
        let count = lanes.into_iter().map(u32::from).sum::<u32>();
        found[known] = (value, count);
        (known, counted) = (known + 1, counted + count);
        if counted == BLOCK as u32 {
            for (value, count) in &found[..known] {
                counts[*value as usize] += count;
            }
            return true;
        }
        if count < BLOCK as u32 / 16 {
            return false;
        }
    }
    false
}

/// A block into one table.
#[inline(always)]
fn count_block(block: &[u8; BLOCK], pairs: &mut Pairs, counts: &mut [u32; 256]) {
    for line in block.as_chunks::<64>().0 {
        prefetch(line, AHEAD);
        for words in line.as_chunks::<16>().0 {
            count_words(words, [0; 4], std::array::from_mut(pairs), counts);
        }
    }
}

/// Whether equal pairs are often near each other. 32 samples of 4 pairs; only every fourth where those show none.
#[inline(always)]
fn is_skewed(block: &[u8; BLOCK]) -> bool {
    let samples = block.as_chunks::<{ BLOCK / 32 }>().0;
    let is_near = |sample: &[u8; BLOCK / 32]| {
        let word = halves(&sample.as_chunks::<16>().0[0])[0];
        let equal = |shift: u32| (word >> shift) as u16 == word as u16;
        equal(16) | equal(32) | equal(48)
    };
    if !samples.iter().step_by(4).fold(false, |any, sample| any | is_near(sample)) {
        return false;
    }
    // One in eight; random bytes give none, two values give 18 in 32.
    samples.iter().map(|sample| u32::from(is_near(sample))).sum::<u32>() >= 4
}

#[inline(always)]
fn halves(words: &[u8; 16]) -> [u64; 2] {
    // Not through a u128: that becomes double-width shifts, which take six steps each.
    let halves = words.as_chunks::<8>().0;
    [u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])]
}

/// Eight pairs, into the tables that `to` names for every fourth of them.
#[inline(always)]
fn count_words<const T: usize>(
    words: &[u8; 16],
    to: [usize; 4],
    tables: &mut [Pairs; T],
    counts: &mut [u32; 256],
) {
    let [a, b] = halves(words);
    // A macro: every increment must stand by itself, a loop is not always unrolled.
    macro_rules! count {
        ($word:expr, $shift:expr, $table:expr) => {
            let pair = ($word >> $shift) as u16;
            let counter = &mut tables[to[$table]][pair as usize];
            let (sum, wrapped) = counter.overflowing_add(1);
            *counter = sum;
            if wrapped {
                spill(pair, counts);
            }
        };
    }
    count!(a, 0, 0);
    count!(b, 0, 1);
    count!(a, 16, 2);
    count!(b, 16, 3);
    count!(a, 32, 0);
    count!(b, 32, 1);
    count!(a, 48, 2);
    count!(b, 48, 3);
}

#[cold]
#[inline(never)]
fn spill(pair: u16, counts: &mut [u32; 256]) {
    counts[(pair & 255) as usize] += 256;
    counts[(pair >> 8) as usize] += 256;
}

/// Four tables of single bytes, taken in turn: an increment seldom waits for the one before.
struct Singles([[u32; 256]; 4]);

impl Singles {
    fn count(&mut self, values: &[u8]) {
        let Self(tables) = self;
        let (lines, rest) = values.as_chunks::<64>();
        for line in lines {
            prefetch(line, AHEAD);
            for words in line.as_chunks::<16>().0 {
                if let Some(value) = all_equal(words) {
                    tables[0][value as usize] += 16;
                    continue;
                }
                let [a, b] = halves(words);
                for at in (0..64).step_by(16) {
                    tables[0][(a >> at) as u8 as usize] += 1;
                    tables[1][(b >> at) as u8 as usize] += 1;
                    tables[2][(a >> (at + 8)) as u8 as usize] += 1;
                    tables[3][(b >> (at + 8)) as u8 as usize] += 1;
                }
            }
        }
        for &value in rest {
            tables[0][value as usize] += 1;
        }
    }

    fn fold(&self, counts: &mut [u32; 256]) {
        let Self([a, b, c, d]) = self;
        for (i, count) in counts.iter_mut().enumerate() {
            *count += a[i] + b[i] + c[i] + d[i];
        }
    }
}

/// The value of 16 equal bytes.
#[inline(always)]
fn all_equal(words: &[u8; 16]) -> Option<u8> {
    let [a, b] = halves(words);
    (a == b && a == a.rotate_left(8)).then_some(words[0])
}

/// Rows and columns of a table of pairs.
struct Fold<'f> {
    pairs: &'f Pairs,
    counts: &'f mut [u32; 256],
}

impl AtLevel for Fold<'_> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        fold_body(self.pairs, self.counts);
    }
}

fn fold(level: Level, pairs: &Pairs, counts: &mut [u32; 256]) {
    level::at(level, Fold { pairs, counts });
}

/// Rows and columns of a table of pairs, added up. 256 counters of at most 255 fit a `u16`.
#[inline(always)]
fn fold_body(pairs: &Pairs, counts: &mut [u32; 256]) {
    let mut columns = [0u16; 256];
    for (row, count) in pairs.as_chunks::<256>().0.iter().zip(counts.iter_mut()) {
        let mut sum = 0;
        for (column, &pair) in columns.iter_mut().zip(row) {
            *column += u16::from(pair);
            sum += u32::from(pair);
        }
        *count += sum;
    }
    for (count, column) in counts.iter_mut().zip(columns) {
        *count += u32::from(column);
    }
}
