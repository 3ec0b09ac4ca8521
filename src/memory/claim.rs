//! One launch, one array, several writers: devices write buffers of their own while the host writes its memory, and at the
//! end each part belongs to whoever computed it.
//!
//! ```text
//! spare(gpu)   a buffer of the whole array that is nobody's replica yet
//! host_mut     the host's memory, whole, for the launch's pieces
//!   ...        any piece is computed anywhere
//! settle(gpu)  the parts that a device computed are valid in its buffer only
//! ```
//! Nothing is said of a part before it is computed, so a device that fails takes nothing with it: its parts are the host's
//! to compute again.

use std::sync::Arc;

use crate::device::gpu::{Buffer, Gpu};
use crate::error::{Error, Result};
use crate::memory::array::Array;
use crate::memory::element::Element;
use crate::memory::evict;
use crate::shape::Span;

impl<T: Element> Array<T> {
    /// Device memory of the array's size, which becomes its replica by [`settle`](Array::settle).
    pub(super) fn spare(&self, gpu: &Gpu) -> Result<Buffer> {
        evict::alloc(gpu, (self.len() * size_of::<T>()) as u64)
    }

    /// `span` was computed by `gpu` in `buffer`, and is valid there only. Work on it has ended.
    pub(super) fn settle(&mut self, gpu: &Gpu, span: Span, buffer: &Buffer) -> Result<()> {
        self.version.check(span)?;
        match Arc::get_mut(&mut self.version) {
            Some(version) => version.settle(gpu, span, buffer),
            None => Err(Error::internal("an array that a launch writes is shared")),
        }
    }

    /// `span` has no values, since what was to compute them did not: every use returns `error`. Snapshots keep theirs.
    pub(super) fn fail(&mut self, span: Span, error: &Error) {
        if let Some(version) = Arc::get_mut(&mut self.version) {
            version.fail_span(span, error.clone());
        }
    }

    /// Bytes of device memory that `gpu` has to find for the array.
    pub(super) fn missing(&self, gpu: &Gpu) -> u64 {
        if self.version.is_on(gpu) { 0 } else { (self.len() * size_of::<T>()) as u64 }
    }
}
