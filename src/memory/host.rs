//! The host's replica of an array: elements in a block from the pool or in a `Vec` that was adopted.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::error::Result;
use crate::memory::element::Element;
use crate::memory::pool::{Block, Pool, out_of_memory};
use crate::shape::Span;

/// Memory for the elements of one array, initialised all through.
///
/// Shared parts of it are read while others are filled, so the elements are reached through a pointer and never through
/// a reference to all of them, but for [`all_mut`](Host::all_mut).
pub(super) struct Host<T: Element> {
    start: NonNull<T>,
    len: usize,
    origin: Origin,
}

enum Origin {
    /// Held only to go back to the pool on drop.
    Pool { _block: Block },
    /// The parts of a `Vec<T>` with the length of the array.
    Vec { capacity: usize },
}

// SAFETY: it owns its elements, as a `Vec<T>` does, and T is Send.
unsafe impl<T: Element> Send for Host<T> {}
// SAFETY: shared, its elements are reached through `part` and `fill` only, whose callers see to it that nobody reads
// what another writes; T is Sync.
unsafe impl<T: Element> Sync for Host<T> {}

impl<T: Element> Host<T> {
    /// Memory for `len` elements from `pool`, with whatever values were left in it.
    pub fn take(pool: &'static Pool, len: usize) -> Result<Self> {
        let bytes = len.checked_mul(size_of::<T>()).ok_or_else(|| out_of_memory(usize::MAX))?;
        let block = pool.take(bytes)?;
        Ok(Host { start: block.start().cast(), len, origin: Origin::Pool { _block: block } })
    }

    /// The elements of `data`, where they are.
    pub fn adopt(data: Vec<T>) -> Self {
        let mut data = ManuallyDrop::new(data);
        // A Vec's pointer is never null. It is taken once, so that nothing aliases it later.
        let start = NonNull::new(data.as_mut_ptr()).unwrap_or(NonNull::dangling());
        Host { start, len: data.len(), origin: Origin::Vec { capacity: data.capacity() } }
    }

    /// Whether it is a `Vec` that was adopted.
    pub fn is_adopted(&self) -> bool {
        matches!(self.origin, Origin::Vec { .. })
    }

    /// The `Vec` that was adopted, if one was.
    pub fn into_adopted(self) -> Option<Vec<T>> {
        let Origin::Vec { capacity } = self.origin else { return None };
        let parts = ManuallyDrop::new(self);
        // SAFETY: pointer, length and capacity are those of the Vec that `adopt` took apart; `self` is not dropped, so
        // this is the only owner; every element is initialised, as it was there.
        Some(unsafe { Vec::from_raw_parts(parts.start.as_ptr(), parts.len, capacity) })
    }

    /// All elements.
    pub fn all_mut(&mut self) -> &mut [T] {
        // SAFETY: `start` points to `len` initialised elements, aligned for T (a Vec's, or a block's of at least a cache
        // line), that this owns and that are borrowed mutably with it.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }

    /// The elements of `span`.
    ///
    /// # Safety
    /// While the result lives, nobody [fills](Host::fill) any of them.
    pub unsafe fn part(&self, span: Span) -> &[T] {
        assert!(span.end <= self.len, "{span:?} of {} elements", self.len);
        // SAFETY: in bounds by the assertion; initialised and aligned as in `all_mut`; not written while the result
        // lives, by the caller's word and because `all_mut` needs `&mut self`.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(span.start), span.len()) }
    }

    /// The elements of `span`, to be written.
    ///
    /// # Safety
    /// While the result lives, nobody else reads or writes any of them.
    #[expect(clippy::mut_from_ref, reason = "other parts are being read; the caller keeps them apart")]
    pub unsafe fn fill(&self, span: Span) -> &mut [T] {
        assert!(span.end <= self.len, "{span:?} of {} elements", self.len);
        // SAFETY: in bounds by the assertion; initialised and aligned as in `all_mut`; not aliased while the result
        // lives, by the caller's word and because `all_mut` needs `&mut self`.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().add(span.start), span.len()) }
    }
}

impl<T: Element> Drop for Host<T> {
    fn drop(&mut self) {
        if let Origin::Vec { capacity } = self.origin {
            // SAFETY: as in `into_adopted`, which does not get here.
            drop(unsafe { Vec::from_raw_parts(self.start.as_ptr(), self.len, capacity) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `Version` does, in miniature and without a device, for Miri: parts are read while others are filled.
    #[test]
    fn parts_are_apart() {
        let pool = Box::leak(Box::new(Pool::new(0)));
        for host in [Host::adopt(vec![7u32; 8]), Host::take(pool, 8).unwrap()] {
            // SAFETY: nobody fills the first four.
            let read = unsafe { host.part(Span::new(0, 4)) };
            let before = read.to_vec();
            std::thread::scope(|scope| {
                for at in [4, 6] {
                    let host = &host;
                    // SAFETY: nobody else touches these two.
                    scope.spawn(move || unsafe { host.fill(Span::new(at, at + 2)) }.fill(at as u32));
                }
                assert_eq!(read, before);
            });
            // SAFETY: who filled them has ended.
            assert_eq!(unsafe { host.part(Span::new(4, 8)) }, [4, 4, 6, 6]);
            assert_eq!(read, before);
        }
    }
}
