//! Host memory by size class, kept and reused.
//!
//! Touching a fresh page costs ten times what writing a warm one does (2 cores x86-64, 2026-11), so blocks go back to a list,
//! not to the system, as long as the lists hold less than the cap. Large blocks start at a huge page and ask for huge
//! pages. A block is initialised from birth: the system hands out zeroes, and whoever had it before wrote whole values
//! of `Pod` types into it. It is *not* cleared between uses.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::device::{Cpu, parse_bytes};
use crate::error::{Error, ErrorKind, Result};

/// The smallest class.
const SMALLEST_LOG2: u32 = 8;
/// Blocks from here on start at a page.
const PAGE: usize = 4096;
/// Blocks from here on start at a huge page and come from `mmap`.
const HUGE: usize = 2 << 20;
/// Blocks below a page start at a cache line.
const LINE: usize = 64;
/// Classes, four to each power of two, so that at most a fifth of a block is unused.
const CLASSES: usize = 4 * (usize::BITS - 2 - SMALLEST_LOG2) as usize + 1;

/// Blocks of host memory by size class.
pub(crate) struct Pool {
    classes: Vec<Mutex<Class>>,
    /// Bytes in the lists.
    kept: AtomicUsize,
    /// Bytes taken from the system and not given back to it.
    held: AtomicUsize,
    /// The most bytes that the lists keep.
    cap: usize,
}

/// What a pool of host memory has done and holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStats {
    /// Bytes taken from the system, in use and free.
    pub held_bytes: usize,
    /// Bytes of these that are free.
    pub free_bytes: usize,
    /// Blocks that came from a list.
    pub hits: u64,
    /// Blocks that came from the system.
    pub misses: u64,
    /// Bytes of the blocks that came from the system so far.
    pub fresh_bytes: u64,
}

#[derive(Default)]
struct Class {
    free: Vec<Raw>,
    hits: u64,
    misses: u64,
}

/// A block of memory from a pool, back to it on drop.
pub(super) struct Block {
    raw: Option<Raw>,
    class: usize,
    pool: &'static Pool,
}

impl Pool {
    /// The one that all runtimes of this process share.
    pub fn of_process() -> Result<&'static Pool> {
        static POOL: OnceLock<Result<Pool>> = OnceLock::new();
        POOL.get_or_init(|| Ok(Pool::new(cap()?))).as_ref().map_err(Error::clone)
    }

    /// A pool that keeps at most `cap` bytes.
    pub fn new(cap: usize) -> Self {
        let classes = (0..CLASSES).map(|_| Mutex::default()).collect();
        Pool { classes, kept: AtomicUsize::new(0), held: AtomicUsize::new(0), cap }
    }

    /// Initialised memory of at least `bytes`, aligned to a cache line, from 4 KiB on to a page, from 2 MiB on to a huge
    /// page.
    pub(super) fn take(&'static self, bytes: usize) -> Result<Block> {
        if bytes > isize::MAX as usize / 2 {
            return Err(out_of_memory(bytes));
        }
        let class = class_of(bytes);
        let kept = {
            let mut list = self.class(class);
            let kept = list.free.pop();
            list.hits += u64::from(kept.is_some());
            list.misses += u64::from(kept.is_none());
            kept
        };
        let raw = match kept {
            Some(raw) => {
                self.kept.fetch_sub(size_of_class(class), Ordering::Relaxed);
                raw
            }
            None => self.fresh(class).ok_or_else(|| out_of_memory(bytes))?,
        };
        Ok(Block { raw: Some(raw), class, pool: self })
    }

    pub fn stats(&self) -> PoolStats {
        let mut stats = PoolStats {
            held_bytes: self.held.load(Ordering::Relaxed),
            free_bytes: self.kept.load(Ordering::Relaxed),
            ..PoolStats::default()
        };
        for class in 0..CLASSES {
            let list = self.class(class);
            stats.hits += list.hits;
            stats.misses += list.misses;
            stats.fresh_bytes += list.misses * size_of_class(class) as u64;
        }
        stats
    }

    #[cold]
    fn fresh(&self, class: usize) -> Option<Raw> {
        let size = size_of_class(class);
        let raw = Raw::acquire(size).or_else(|| {
            self.trim(0, CLASSES);
            Raw::acquire(size)
        })?;
        self.held.fetch_add(size, Ordering::Relaxed);
        Some(raw)
    }

    fn give_back(&self, raw: Raw, class: usize) {
        let size = size_of_class(class);
        // Room is counted before the block is in its list, so that two threads cannot both use the last of it.
        let kept = self.kept.fetch_add(size, Ordering::Relaxed) + size;
        if size > self.cap {
            self.kept.fetch_sub(size, Ordering::Relaxed);
            self.free(raw, size);
            return;
        }
        if kept > self.cap {
            // What was used last is the likeliest to be used next: others make room.
            self.trim(self.cap, class);
        }
        if self.kept.load(Ordering::Relaxed) > self.cap {
            self.kept.fetch_sub(size, Ordering::Relaxed);
            self.free(raw, size);
            return;
        }
        self.class(class).free.push(raw);
    }

    /// Gives blocks back to the system, the largest first and none of class `spared`, until at most `most` bytes are kept.
    #[cold]
    fn trim(&self, most: usize, spared: usize) {
        for class in (0..CLASSES).rev().filter(|class| *class != spared) {
            while self.kept.load(Ordering::Relaxed) > most {
                let Some(raw) = self.class(class).free.pop() else { break };
                let size = size_of_class(class);
                self.kept.fetch_sub(size, Ordering::Relaxed);
                self.free(raw, size);
            }
        }
    }

    fn free(&self, raw: Raw, size: usize) {
        self.held.fetch_sub(size, Ordering::Relaxed);
        raw.release(size);
    }

    fn class(&self, class: usize) -> MutexGuard<'_, Class> {
        self.classes[class].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.trim(0, CLASSES);
    }
}

impl Block {
    /// Its first byte: initialised, and this block's alone, for the bytes that were asked for.
    pub(super) fn start(&self) -> NonNull<u8> {
        self.raw.as_ref().map_or(NonNull::dangling(), |raw| raw.0)
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if let Some(raw) = self.raw.take() {
            self.pool.give_back(raw, self.class);
        }
    }
}

/// Memory from the system, owned: not `Clone`.
struct Raw(NonNull<u8>);

// SAFETY: a `Raw` is the only owner of its memory, which no thread is tied to.
unsafe impl Send for Raw {}
// SAFETY: shared, it gives out only its address.
unsafe impl Sync for Raw {}

impl Raw {
    /// `size` zero bytes; `None` where the system has none left.
    fn acquire(size: usize) -> Option<Self> {
        if size >= HUGE
            && let Some(mapped) = map(size)
        {
            return mapped;
        }
        let layout = layout(size)?;
        // SAFETY: the layout's size is that of a class, which is at least 256, not zero.
        NonNull::new(unsafe { alloc_zeroed(layout) }).map(Raw)
    }

    /// `size` is that of [`acquire`](Raw::acquire).
    fn release(self, size: usize) {
        if size >= HUGE && unmap(self.0, size) {
            return;
        }
        if let Some(layout) = layout(size) {
            // SAFETY: `acquire` took it from the global allocator with this layout, which depends on the size only
            // (as does whether it is mapped), and `self` owned it until now.
            unsafe { dealloc(self.0.as_ptr(), layout) }
        }
    }
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size, if size >= PAGE { PAGE } else { LINE }).ok()
}

/// Where memory is mapped: `size` zero bytes that start at a huge page, `Some(None)` where there are none left.
#[cfg(all(unix, not(miri)))]
fn map(size: usize) -> Option<Option<Raw>> {
    let Some(reserved) = size.checked_add(HUGE) else { return Some(None) };
    // SAFETY: a new private mapping at a place that the system chooses touches no memory that is in use.
    let start = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            reserved,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANON,
            -1,
            0,
        )
    };
    if start == libc::MAP_FAILED {
        return Some(None);
    }
    let before = start.align_offset(HUGE);
    let block = start.wrapping_byte_add(before);
    // SAFETY: head and tail are page-sized parts of the mapping just made, which nobody uses: `before` is less than HUGE,
    // so `before..before + size` lies within, and what is left before and behind it is given back. The advice changes
    // no contents.
    unsafe {
        if before > 0 {
            libc::munmap(start, before);
        }
        if before < HUGE {
            libc::munmap(block.wrapping_byte_add(size), HUGE - before);
        }
        #[cfg(target_os = "linux")]
        libc::madvise(block, size, libc::MADV_HUGEPAGE);
    }
    Some(NonNull::new(block.cast()).map(Raw))
}

#[cfg(all(unix, not(miri)))]
fn unmap(start: NonNull<u8>, size: usize) -> bool {
    // SAFETY: a block of this size came from `map`, and its owner gives it up.
    unsafe { libc::munmap(start.as_ptr().cast(), size) };
    true
}

#[cfg(not(all(unix, not(miri))))]
fn map(_: usize) -> Option<Option<Raw>> {
    None
}

#[cfg(not(all(unix, not(miri))))]
fn unmap(_: NonNull<u8>, _: usize) -> bool {
    false
}

/// The class of blocks for `bytes`.
fn class_of(bytes: usize) -> usize {
    let bytes = bytes.max(1 << SMALLEST_LOG2);
    let log2 = bytes.ilog2();
    let quarters = (bytes - (1 << log2)).div_ceil(1 << (log2 - 2));
    4 * (log2 - SMALLEST_LOG2) as usize + quarters
}

/// Bytes of a block of `class`; of a huge one whole huge pages.
fn size_of_class(class: usize) -> usize {
    let size = (4 + class % 4) << (class / 4 + SMALLEST_LOG2 as usize - 2);
    if size > HUGE { size.next_multiple_of(HUGE) } else { size }
}

/// The most bytes that the process's pool keeps: `MANYLANE_POOL`, else a quarter of memory.
fn cap() -> Result<usize> {
    match std::env::var("MANYLANE_POOL") {
        Ok(text) if !text.is_empty() => {
            let bytes = parse_bytes(&text).and_then(|bytes| usize::try_from(bytes).ok());
            bytes.ok_or_else(|| {
                Error::new(
                    ErrorKind::Setting,
                    format!(
                        "MANYLANE_POOL is `{text}`, which is no number of bytes; write digits with an optional K, M \
                         or G, such as 512M"
                    ),
                )
            })
        }
        _ => Ok(match Cpu::here().memory {
            0 => 1 << 30,
            memory => usize::try_from(memory / 4).unwrap_or(usize::MAX),
        }),
    }
}

#[cold]
pub(super) fn out_of_memory(bytes: usize) -> Error {
    Error::new(
        ErrorKind::OutOfMemory,
        format!(
            "{bytes} bytes of host memory for an array are more than the system has left; drop arrays, use smaller \
             ones, or process them in parts"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(cap: usize) -> &'static Pool {
        Box::leak(Box::new(Pool::new(cap)))
    }

    #[test]
    fn classes_fit_and_waste_little() {
        let around = (8..61).flat_map(|log2| [-1i64, 0, 1].map(|off| ((1i64 << log2) + off) as usize));
        for bytes in (0..10_000).chain(around) {
            let class = class_of(bytes);
            let size = size_of_class(class);
            assert!(size >= bytes);
            assert!(
                class == 0 || size_of_class(class - 1) < bytes || size >= HUGE,
                "{bytes} fits a smaller class"
            );
            let waste = if size >= HUGE { bytes / 4 + HUGE } else { bytes / 4 + 1 };
            assert!(size <= 256 || size - bytes <= waste, "{bytes} in {size}");
        }
        assert_eq!(size_of_class(class_of(HUGE)), HUGE);
        assert_eq!(size_of_class(class_of(64 << 20)), 64 << 20);
        assert!(class_of(isize::MAX as usize / 2) < CLASSES);
    }

    #[test]
    fn blocks_are_aligned_zero_at_first_and_reused() {
        for bytes in [1usize, 256, 4095, 4096, 100_000, HUGE, 5 * HUGE / 2] {
            let pool = pool(usize::MAX);
            let block = pool.take(bytes).unwrap();
            let start = block.start();
            let align = match bytes {
                0..4095 => LINE,
                4095..HUGE => PAGE,
                _ if cfg!(miri) => PAGE,
                _ => HUGE,
            };
            assert_eq!(start.as_ptr() as usize % align, 0, "{bytes}");
            for at in [0, bytes / 2, bytes - 1] {
                // SAFETY: the block holds `bytes` initialised bytes, which only this test has.
                assert_eq!(unsafe { *start.as_ptr().add(at) }, 0);
            }
            let size = size_of_class(class_of(bytes));
            assert_eq!((pool.stats().held_bytes, pool.stats().free_bytes), (size, 0));
            drop(block);
            assert_eq!((pool.stats().held_bytes, pool.stats().free_bytes), (size, size));
            assert_eq!(pool.take(bytes).unwrap().start(), start);
            let stats = pool.stats();
            assert_eq!((stats.hits, stats.misses, stats.fresh_bytes), (1, 1, size as u64));
        }
    }

    #[test]
    fn the_cap_holds_and_the_last_used_stay() {
        let pool = pool(8 * PAGE);
        let big = pool.take(8 * PAGE).unwrap();
        let small = pool.take(PAGE).unwrap();
        let too_big = pool.take(16 * PAGE).unwrap();
        drop(too_big);
        assert_eq!(pool.stats().free_bytes, 0);
        drop(big);
        assert_eq!(pool.stats().free_bytes, 8 * PAGE);
        drop(small);
        assert_eq!(pool.stats().free_bytes, PAGE);
        assert_eq!(pool.stats().held_bytes, PAGE);
    }

    #[test]
    #[cfg_attr(miri, ignore = "Miri stops where it runs out of memory")]
    fn what_the_system_has_not_is_an_error() {
        for bytes in [usize::MAX, isize::MAX as usize, 1 << 60] {
            let error = pool(0).take(bytes).map(|_| ()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfMemory);
            assert!(error.to_string().contains(&bytes.to_string()));
        }
    }

    #[test]
    fn threads_share_it() {
        let pool = pool(1 << 20);
        std::thread::scope(|scope| {
            for thread in 0..4u8 {
                scope.spawn(move || {
                    for round in 0..if cfg!(miri) { 5 } else { 2000 } {
                        let bytes = 256 + 100 * (round % 7);
                        let block = pool.take(bytes).unwrap();
                        // SAFETY: the block holds `bytes` initialised bytes, which only this thread has.
                        let mine = unsafe { std::slice::from_raw_parts_mut(block.start().as_ptr(), bytes) };
                        mine.fill(thread);
                        std::hint::black_box(&mut *mine);
                        assert!(mine.iter().all(|byte| *byte == thread));
                    }
                });
            }
        });
        assert_eq!(pool.stats().held_bytes, pool.stats().free_bytes);
    }
}
