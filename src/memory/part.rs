//! Parts of an array that launches write, while everything outside keeps its values.

use std::fmt;
use std::ops::RangeBounds;

use crate::device::Completion;
use crate::device::gpu::{Buffer, Gpu, GpuId};
use crate::error::{Error, Result};
use crate::memory::array::{Array, DeviceArray, DeviceSource, Read, Write};
use crate::memory::coherence::Interval;
use crate::memory::element::{Element, grain};
use crate::memory::evict;
use crate::memory::home::Home;
use crate::memory::pack;
use crate::memory::range::within;
use crate::memory::version::Keep;
use crate::memory::view::{behind, rows_span, starts_binding};
use crate::shape::{Domain, ElementType, Span};

/// Elements of an array that lie together, to be written: `run_into` takes it for results, a launch for `y: &mut T`.
///
/// Everything outside of it keeps its values and stays where it is, whatever device writes. A GPU writes in place where its
/// bindings can begin there, which is every 256 bytes or less; else into memory of its own, which it copies after. Where
/// the part does not begin and end at words of four bytes (of the array's own beginning; its end is as good), neighbours
/// share a word with it: then its elements come home to be written, and such a launch waits for its GPUs.
pub struct ViewMut<'a, T: Element> {
    array: &'a mut Array<T>,
    span: Span,
    domain: Domain,
    /// What GPUs write in memory of its own.
    apart: Vec<Apart>,
}

struct Apart {
    gpu: GpuId,
    span: Span,
    part: Buffer,
    whole: Buffer,
}

impl<T: Element> Array<T> {
    /// The elements of a range, to be written by launches; in row order where the array has rows.
    ///
    /// # Errors
    /// `OutOfBounds` where the range goes beyond the array.
    pub fn slice_mut(&mut self, range: impl RangeBounds<usize>) -> Result<ViewMut<'_, T>> {
        let span = within(range, self.len(), "elements")?;
        Ok(ViewMut { array: self, span, domain: Domain::Line(span.len()), apart: Vec::new() })
    }

    /// The rows of a range, to be written by launches, with their shape.
    ///
    /// # Errors
    /// `ShapeMismatch` where the array is a line, `OutOfBounds` where it has not so many rows.
    pub fn rows_mut(&mut self, range: impl RangeBounds<usize>) -> Result<ViewMut<'_, T>> {
        let (span, domain) = rows_span(self.domain(), range)?;
        Ok(ViewMut { array: self, span, domain, apart: Vec::new() })
    }
}

impl<T: Element> ViewMut<'_, T> {
    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.span.len()
    }

    /// Whether there is no element in it.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.span.is_empty()
    }

    /// Its shape.
    #[inline]
    pub fn domain(&self) -> Domain {
        self.domain
    }

    /// The runtime that it belongs to.
    #[inline]
    pub fn home(&self) -> &Home {
        self.array.home()
    }

    /// The elements, for reading on the host: only what is missing of them is brought.
    ///
    /// # Errors
    /// What the work that computes them ended with; `DeviceLost`, `OutOfMemory`.
    pub fn read(&self) -> Result<Read<'_, T>> {
        Ok(Read::of(self.array.host_span(self.span)?))
    }

    /// The elements, for writing on the host; snapshots of the array are not changed.
    ///
    /// # Errors
    /// As [`read`](ViewMut::read).
    pub fn write(&mut self) -> Result<Write<'_, T>> {
        Ok(Write::of(self.array.host_span_mut(self.span, Keep::Old)?))
    }

    /// A copy of the elements.
    ///
    /// # Errors
    /// As [`read`](ViewMut::read).
    pub fn to_vec(&self) -> Result<Vec<T>> {
        pack::copied(self.array.host_span(self.span)?)
    }

    /// The same for a shorter time.
    pub(crate) fn reborrow(&mut self) -> ViewMut<'_, T> {
        ViewMut { array: self.array, span: self.span, domain: self.domain, apart: Vec::new() }
    }

    /// All its elements on the host, to be written; the host becomes their owner.
    pub(crate) fn host_mut(&mut self, keep: Keep) -> Result<&mut [T]> {
        self.array.host_span_mut(self.span, keep)
    }

    /// Where a GPU is to write it: itself, or its elements at home where it shares words with its neighbours.
    pub(crate) fn target(&mut self, keep: Keep) -> Written<'_, T> {
        // Where there is no memory for it at home, the GPU asks again, and hands on the error.
        if self.shares_words() && self.host_mut(keep).is_ok() {
            return Written::Home(self.host_mut(keep).unwrap_or_default());
        }
        Written::There(self)
    }

    /// Whether a neighbour's bytes lie in the word of one of its own.
    fn shares_words(&self) -> bool {
        let apart = |at: usize| at.is_multiple_of(grain::<T>());
        !(self.is_empty()
            || apart(self.span.start) && (apart(self.span.end) || self.span.end == self.array.len()))
    }
}

/// Where the elements of a [`ViewMut`] are written.
pub(crate) enum Written<'v, T: Element> {
    /// On the device.
    There(&'v mut dyn DeviceArray),
    /// In host memory.
    Home(&'v mut [T]),
}

impl<T: Element> fmt::Debug for ViewMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ViewMut<{}>({} of {})", T::TYPE, self.domain, self.array.domain())
    }
}

impl<T: Element> DeviceSource for ViewMut<'_, T> {
    fn home(&self) -> &Home {
        ViewMut::home(self)
    }
    fn domain(&self) -> Domain {
        self.domain
    }
    fn element(&self) -> ElementType {
        T::TYPE
    }
    fn gpu_read(&self, gpu: &Gpu, span: Span) -> Result<(Buffer, u64)> {
        DeviceSource::gpu_read(&self.array.slice(self.span.range())?, gpu, span)
    }
    fn carried(&self, span: Span) -> Vec<Completion> {
        self.array.carried(behind(span, self.span.start))
    }
    fn state(&self) -> Vec<Interval> {
        self.array.slice(self.span.range()).map(|view| view.state()).unwrap_or_default()
    }
    fn host_bytes(&self, span: Span) -> Result<&[u8]> {
        Ok(bytemuck::must_cast_slice(self.array.host_span(behind(span, self.span.start))?))
    }
    fn missing(&self, gpu: &Gpu) -> u64 {
        self.array.missing(gpu)
    }
    fn waits_for(&self) -> Option<u64> {
        self.array.waits_for()
    }
    fn awaited(&self) -> Option<Completion> {
        self.array.awaited()
    }
}

impl<T: Element> DeviceArray for ViewMut<'_, T> {
    fn gpu_write(&mut self, gpu: &Gpu, span: Span, keep: Keep) -> Result<(Buffer, u64)> {
        if span.is_empty() {
            return Ok((evict::alloc(gpu, 0)?, 0));
        }
        if self.shares_words() {
            self.host_mut(keep)?;
            return Err(Error::internal("a GPU is to write words that are not a part's alone"));
        }
        let span = behind(span, self.span.start);
        let (at, size) = ((span.start * size_of::<T>()) as u64, (span.len() * size_of::<T>()) as u64);
        let whole = self.array.gpu_write(gpu, span, keep)?;
        if starts_binding(gpu, at) {
            return Ok((whole, at));
        }
        let part = evict::alloc(gpu, size)?;
        if keep == Keep::Old {
            gpu.copy(&whole, at, &part, 0, size)?;
        }
        self.apart.push(Apart { gpu: gpu.id(), span, part: part.clone(), whole });
        Ok((part, 0))
    }

    fn carry(&mut self, gpu: &Gpu, span: Span, completion: Completion) {
        let span = behind(span, self.span.start);
        let mut completion = completion;
        let written = self.apart.iter().position(|apart| apart.gpu == gpu.id() && apart.span == span);
        if let Some(at) = written {
            // Enqueued behind the work that writes the part.
            let Apart { part, whole, .. } = self.apart.swap_remove(at);
            let first = (span.start * size_of::<T>()) as u64;
            let copy = gpu.copy(&part, 0, &whole, first, (span.len() * size_of::<T>()) as u64);
            if let Err(error) = copy {
                completion = Completion::done(Err(error));
            }
        }
        self.array.carry(gpu, span, completion);
    }

    fn discard(&mut self) {
        // What is written next replaces the part alone, and says so itself.
    }

    fn fail(&mut self, error: &Error) {
        self.array.fail(self.span, error);
    }

    fn spare(&self, _: &Gpu) -> Result<Option<Buffer>> {
        // Its neighbours are in the array's own memory: what several devices compute together comes home.
        Ok(None)
    }

    fn settle(&mut self, _: &Gpu, _: Span, _: &Buffer) -> Result<()> {
        Err(Error::internal("results of a part stayed on a device"))
    }

    fn stays(&self) -> bool {
        false
    }
}
