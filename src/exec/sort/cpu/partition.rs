//! Splitting what no cache holds by its highest bits, on several threads.
//!
//! ```text
//! sort(data, scratch, field):
//!     if data fits in a cache: sort it there                                              (see `bucket`)
//!     cut <- the highest bits of field that vary in a sample: as many as make buckets that fit
//!     each block of data: sort it by the digit at the cut, into the same place of scratch  (stable)
//!                         keep where each digit ends, and the bits that vary       (see `block`)
//!     if a bit above the cut varies: cut there instead, and begin again: data is untouched
//!     rest <- the bits below the cut that vary
//!     each digit: gather its pieces from all blocks, in order, into its place of data: the bucket
//!                 if the bucket fits in a cache: sort it there, by rest
//!     now scratch is free
//!     each bucket that does not fit: sort(bucket, the same place of scratch, rest)
//! ```
//!
//! Blocks depend on nothing but the cut, and buckets on nothing but the blocks: threads take the next one that is
//! left. Every word is read twice and written twice, each time inside a window that a core's cache holds.
//!
//! Departures made for speed:
//! 1. Nothing is counted before it is moved. The textbook's pass over all keys, which finds where each digit
//!    begins, is not needed when the pieces are gathered later.
//! 2. Nothing is scattered over memory. One key at a time to 256 places is as fast while the last-level cache
//!    holds them (0.7 ns a key), and four times as slow beyond, where stores that miss wait for one another.
//! 3. The map to unsigned order is part of the first read; the map back is made of each bucket in the cache.
//! 4. Buckets too large are gathered in several pieces, and one that holds much of all is sorted by all threads.
//! 5. What is in order already, or strictly in reverse, is found before anything is moved.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::block::{self, Block, Cut, WIDEST_CUT};
use super::bucket::{self, Bench, MOST_KEYS, next_unordered_block};
use super::order::{Codec, Plain, Word};
use super::{Columns, Payload, Stopped};

/// Bytes of a bucket that is sorted in one piece: it and the room beside it fit in a core's L2 cache of 1 MiB. Zen 5,
/// 64 Mi random pairs of u32: 192 KiB costs 35 % more (a second cut), 448 KiB 5 %.
const BUCKET_BYTES: usize = 320 << 10;
/// Bytes that a bucket is to have on the average. Zen 5, 4 Mi random u32: 32 KiB costs 5 % more, 128 KiB 4 %.
const AVERAGE_BUCKET_BYTES: usize = 64 << 10;
/// The fewest bits of a cut: with fewer digits, increments of the same counter follow each other too often. 256 Ki random u32
/// took 0.86 of the time of 4 bits (2026-11, Zen 3).
const NARROWEST_CUT: u32 = 6;
/// Bytes of a block, which is sorted into another of the same size. Zen 5, as above: half as much costs 4 % more.
/// 224 KiB of u32 are the most that `u16` can count.
const BLOCK_BYTES: usize = 224 << 10;
/// The most elements between two stop checks.
const STRIDE: usize = 32 << 10;
/// Keys looked at for a first guess of the bits that vary.
const SAMPLE: usize = 512;

/// What holds for the whole sort. `codec` maps back at the end.
pub(super) struct Context<'a, C> {
    pub stop: &'a (dyn Fn() -> bool + Sync),
    pub codec: C,
}

impl<C> Context<'_, C> {
    pub(super) fn check(&self) -> Result<(), Stopped> {
        if (self.stop)() { Err(Stopped) } else { Ok(()) }
    }
}

/// Something to be sorted by the bits of `field`.
pub(super) struct Request<'a, W, V> {
    /// The keys, where they stand elsewhere: those of the data count for nothing then.
    pub from: Option<&'a [W]>,
    pub data: Columns<'a, W, V>,
    /// Room of the same length.
    pub scratch: Columns<'a, W, V>,
    pub field: W,
}

impl<W: Word, V: Payload> Request<'_, W, V> {
    /// The keys, where they stand.
    pub(super) fn keys(&self) -> &[W] {
        self.from.unwrap_or(self.data.keys)
    }

    /// Brings the keys to the data.
    pub(super) fn settle(&mut self) {
        if let Some(from) = self.from.take() {
            self.data.keys.copy_from_slice(from);
        }
    }
}

/// What a thread needs besides.
pub(super) struct Workspace<W, V> {
    bench: Bench<W, V>,
    varying: W,
}

impl<W: Word, V: Payload> Default for Workspace<W, V> {
    fn default() -> Self {
        Self { bench: Bench::default(), varying: W::ZERO }
    }
}

/// All blocks, sorted by their digits.
struct Blocks<'a, W, V> {
    keys: &'a [W],
    values: &'a [V],
    /// A row for each block.
    ends: &'a [u16],
    row_length: usize,
}

impl<W: Word, V: Payload> Blocks<'_, W, V> {
    /// The place of `digit` in `block`.
    fn piece(&self, block: usize, digit: usize) -> Range<usize> {
        let row = &self.ends[block * self.row_length..];
        let start = if digit == 0 { 0 } else { usize::from(row[digit - 1]) };
        let offset = block * block_length::<W, V>();
        offset + start..offset + usize::from(row[digit])
    }
}

/// Pieces of one digit, and the room they fill.
struct Gathering<'a, W, V> {
    digit: usize,
    blocks: Range<usize>,
    to: Columns<'a, W, V>,
    /// Whether they are all of that digit, and few enough to be sorted as soon as they are gathered.
    fits: bool,
}

/// Sorts, by a thread for each workspace. The data are codes once `input` has mapped them.
pub(super) fn sort<W: Word, V: Payload, I: Codec<W>, C: Codec<W>>(
    mut request: Request<'_, W, V>,
    input: I,
    context: &Context<'_, C>,
    workspaces: &mut [Workspace<W, V>],
) -> Result<(), Stopped> {
    context.check()?;
    let (keys, field) = (request.keys(), request.field);
    let small = fits::<W, V>(keys.len());
    let mut guess = W::ZERO;
    if !small {
        let stride = (keys.len() / SAMPLE).max(1);
        guess = varying_codes(keys.iter().step_by(stride), input) & field;
        if guess == W::ZERO {
            guess = varying_codes(keys.iter(), input) & field;
        }
    }
    if guess == W::ZERO {
        request.settle();
    }
    let Request { from, mut data, mut scratch, .. } = request;
    if small {
        data.keys.iter_mut().for_each(|key| *key = input.encode(*key));
        return finish(data, field, context, &mut workspaces[0].bench);
    }
    if guess == W::ZERO {
        return data.keys.chunks_mut(STRIDE).try_for_each(|codes| {
            decode(codes, context.codec);
            context.check()
        });
    }

    let wanted = (data.len() * pair_bytes::<W, V>()).div_ceil(AVERAGE_BUCKET_BYTES);
    let width = wanted.next_power_of_two().trailing_zeros().clamp(NARROWEST_CUT, WIDEST_CUT);
    let count = data.len().div_ceil(block_length::<W, V>());
    let mut ends = Vec::new();
    let (cut, row_length, varying) = loop {
        let cut = Cut::highest(guess, width);
        // The rows' beginnings are spread over the sets of the cache by a line more.
        let row_length = cut.mask + 1 + 32;
        ends.clear();
        ends.resize(count * row_length, 0);
        let keys = from.unwrap_or(data.keys);
        let blocks = cut_into_blocks((keys, data.values), scratch.reborrow(), ends.chunks_mut(row_length));
        let first = input.encode(keys[0]);
        workspaces.iter_mut().for_each(|workspace| workspace.varying = W::ZERO);
        share(blocks, workspaces, |block, workspace| {
            context.check()?;
            workspace.varying = workspace.varying | block::sort(block, first, cut, input);
            Ok(())
        })?;
        let varying = workspaces.iter().fold(W::ZERO, |all, workspace| all | workspace.varying) & field;
        if varying.length() <= guess.length() {
            break (cut, row_length, varying);
        }
        guess = varying;
    };

    let mut lengths = vec![0; cut.mask + 1];
    for row in ends.chunks(row_length) {
        let mut start = 0;
        for (length, &end) in lengths.iter_mut().zip(row) {
            *length += usize::from(end - start);
            start = end;
        }
    }
    let rest = varying & W::below(cut.shift);
    let blocks = Blocks { keys: scratch.keys, values: scratch.values, ends: &ends, row_length };
    let gatherings = plan_gatherings(&blocks, count, &lengths, data.reborrow());
    share(gatherings, workspaces, |gathering, workspace| {
        gather(gathering, &blocks, rest, context, &mut workspace.bench)
    })?;

    let mut large = Vec::new();
    for length in lengths {
        let request = Request {
            from: None,
            data: data.take_front(length),
            scratch: scratch.take_front(length),
            field: rest,
        };
        if !fits::<W, V>(length) && rest != W::ZERO {
            large.push(request);
        }
    }
    sort_large(large, context, workspaces)
}

/// How keys stand before they are sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    InOrder,
    /// Each less than the one before it. Equal neighbours would lose their order, so with them it is mixed.
    Reversed,
    Mixed,
}

/// How `keys` stand, by the bits of `field`.
pub(super) fn standing<W: Word, C: Codec<W>>(
    keys: &[W],
    field: W,
    context: &Context<'_, C>,
    threads: usize,
) -> Result<Standing, Stopped> {
    let code = |word| context.codec.encode(word) & field;
    if everywhere(keys, |keys| next_unordered_block(keys, 1, code).is_none(), context, threads)? {
        return Ok(Standing::InOrder);
    }
    let strictly_down = |keys: &[W]| keys.windows(2).all(|two| code(two[1]) < code(two[0]));
    let reversed = everywhere(keys, strictly_down, context, threads)?;
    Ok(if reversed { Standing::Reversed } else { Standing::Mixed })
}

/// Runs `work` on each item, each on a thread of its own where there are several.
fn on_threads<T: Send, R: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<R, Stopped> + Sync + Send,
) -> Result<Vec<R>, Stopped> {
    if items.len() <= 1 {
        return items.into_iter().map(work).collect();
    }
    items.into_par_iter().with_max_len(1).map(work).collect()
}

/// Runs `work` on each item, on a thread for each workspace: who is free takes the next one.
pub(super) fn share<T: Send, S: Send>(
    items: Vec<T>,
    workspaces: &mut [S],
    work: impl Fn(T, &mut S) -> Result<(), Stopped> + Sync + Send,
) -> Result<(), Stopped> {
    if let [workspace] = workspaces {
        return items.into_iter().try_for_each(|item| work(item, workspace));
    }
    let queue = Mutex::new(items.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    on_threads(workspaces.iter_mut().collect(), |workspace| {
        while let Some(item) = next() {
            work(item, workspace)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Whether `holds` of all neighbours.
fn everywhere<W: Word, C: Codec<W>>(
    keys: &[W],
    holds: impl Fn(&[W]) -> bool + Sync + Send,
    context: &Context<'_, C>,
    threads: usize,
) -> Result<bool, Stopped> {
    // Answers nearly always.
    if !holds(&keys[..keys.len().min(SAMPLE)]) {
        return Ok(false);
    }
    let part_length = keys.len().div_ceil(threads);
    let starts = (0..keys.len()).step_by(part_length).collect();
    let parts = on_threads(starts, |start: usize| {
        // Pieces overlap by one key, so that all neighbours are compared.
        let end = (start + part_length).min(keys.len());
        for piece in (start..end).step_by(STRIDE) {
            context.check()?;
            if !holds(&keys[piece..(piece + STRIDE + 1).min(keys.len())]) {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    Ok(parts.into_iter().all(|part| part))
}

const fn pair_bytes<W, V>() -> usize {
    size_of::<W>() + size_of::<V>()
}

fn fits<W, V>(count: usize) -> bool {
    count <= (BUCKET_BYTES / pair_bytes::<W, V>()).min(MOST_KEYS)
}

/// Pairs in a block: its digits' ends are `u16`.
const fn block_length<W, V>() -> usize {
    let most = BLOCK_BYTES / pair_bytes::<W, V>();
    if most < MOST_KEYS { most } else { MOST_KEYS }
}

/// The bits in which some code differs from the first.
fn varying_codes<'a, W: Word, I: Codec<W>>(mut keys: impl Iterator<Item = &'a W>, input: I) -> W {
    let Some(&first) = keys.next() else { return W::ZERO };
    let first = input.encode(first);
    keys.fold(W::ZERO, |varying, &key| varying | (input.encode(key) ^ first))
}

fn decode<W: Word, C: Codec<W>>(codes: &mut [W], codec: C) {
    if !C::IS_PLAIN {
        codes.iter_mut().for_each(|code| *code = codec.decode(*code));
    }
}

/// Sorts codes that fit in a core's cache, and maps them back.
fn finish<W: Word, V: Payload, C: Codec<W>>(
    mut codes: Columns<'_, W, V>,
    field: W,
    context: &Context<'_, C>,
    bench: &mut Bench<W, V>,
) -> Result<(), Stopped> {
    bucket::sort(codes.reborrow(), field, bench, &|| context.check())?;
    decode(codes.keys, context.codec);
    Ok(())
}

fn cut_into_blocks<'a, W: Word, V: Payload>(
    (keys, values): (&'a [W], &'a [V]),
    mut scratch: Columns<'a, W, V>,
    rows: impl Iterator<Item = &'a mut [u16]>,
) -> Vec<Block<'a, W, V>> {
    let length = block_length::<W, V>();
    let blocks = keys.chunks(length).zip(values.chunks(length)).zip(rows);
    blocks
        .map(|((keys, values), ends)| Block { keys, values, to: scratch.take_front(keys.len()), ends })
        .collect()
}

/// One gathering for each bucket that fits in a cache, several for larger ones.
fn plan_gatherings<'a, W: Word, V: Payload>(
    blocks: &Blocks<'_, W, V>,
    count: usize,
    lengths: &[usize],
    mut data: Columns<'a, W, V>,
) -> Vec<Gathering<'a, W, V>> {
    let mut gatherings = Vec::with_capacity(lengths.len());
    for (digit, &length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
        if fits::<W, V>(length) {
            gatherings.push(Gathering { digit, blocks: 0..count, to: data.take_front(length), fits: true });
            continue;
        }
        let mut first = 0;
        let mut pairs = 0;
        for block in 0..count {
            pairs += blocks.piece(block, digit).len();
            if pairs >= STRIDE || (block + 1 == count && pairs > 0) {
                let to = data.take_front(pairs);
                gatherings.push(Gathering { digit, blocks: first..block + 1, to, fits: false });
                first = block + 1;
                pairs = 0;
            }
        }
    }
    gatherings
}

/// Gathers, and sorts by `rest` what fits in a core's cache.
fn gather<W: Word, V: Payload, C: Codec<W>>(
    mut gathering: Gathering<'_, W, V>,
    blocks: &Blocks<'_, W, V>,
    rest: W,
    context: &Context<'_, C>,
    bench: &mut Bench<W, V>,
) -> Result<(), Stopped> {
    context.check()?;
    let mut to = gathering.to.reborrow();
    for block in gathering.blocks {
        let piece = blocks.piece(block, gathering.digit);
        to.take_front(piece.len()).copy_from(&blocks.keys[piece.clone()], &blocks.values[piece]);
    }
    if gathering.fits {
        return finish(gathering.to, rest, context, bench);
    }
    if rest == W::ZERO {
        decode(gathering.to.keys, context.codec);
    }
    Ok(())
}

/// Sorts buckets that fit in no cache: those that hold much of all by all threads, the others by one each.
fn sort_large<W: Word, V: Payload, C: Codec<W>>(
    mut buckets: Vec<Request<'_, W, V>>,
    context: &Context<'_, C>,
    workspaces: &mut [Workspace<W, V>],
) -> Result<(), Stopped> {
    let threads = workspaces.len();
    let total: usize = buckets.iter().map(|bucket| bucket.data.len()).sum();
    if threads > 1 {
        for giant in buckets.extract_if(.., |bucket| bucket.data.len() > total / (2 * threads)) {
            sort(giant, Plain, context, workspaces)?;
        }
    }
    share(buckets, workspaces, |bucket, workspace| {
        sort(bucket, Plain, context, std::slice::from_mut(workspace))
    })
}
