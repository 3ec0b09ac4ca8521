//! The handle that users hold.

use std::fmt;
use std::ops::{Deref, DerefMut, RangeBounds};
use std::sync::Arc;

use crate::device::Completion;
use crate::device::gpu::{Buffer, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::memory::coherence::{Interval, Space};
use crate::memory::element::{Element, grain};
use crate::memory::home::Home;
use crate::memory::pack;
use crate::memory::pool::out_of_memory;
use crate::memory::promise::Promised;
use crate::memory::range::{rows_of, within};
use crate::memory::version::{Keep, Version, sole};
use crate::shape::{Domain, ElementType, Span};

/// Elements in one address space, wherever they are.
///
/// A value: [`clone`](Clone::clone) is a cheap snapshot that later writes do not change. Values stay where they were
/// computed until they are read; an error of the device that computes them is returned by the first use.
pub struct Array<T: Element> {
    pub(super) version: Arc<Version<T>>,
    domain: Domain,
}

/// The elements of an array, for reading on the host. Derefs to `[T]`.
pub struct Read<'a, T> {
    elements: &'a [T],
}

/// The elements of an array, for writing on the host. Derefs to `[T]`.
pub struct Write<'a, T> {
    elements: &'a mut [T],
}

impl<T: Element> Array<T> {
    /// An array that adopts `data` without a copy.
    pub fn from_vec(home: &Home, data: Vec<T>) -> Self {
        const { assert!(T::TYPE.bytes() == size_of::<T>()) }
        let domain = Domain::Line(data.len());
        Array { version: Arc::new(Version::adopt(home.clone(), data)), domain }
    }

    /// An array of `domain`'s shape. Its values are unspecified until they are written, and take no memory.
    ///
    /// # Errors
    /// `OutOfMemory` where that many elements can never be.
    pub fn new(home: &Home, domain: Domain) -> Result<Self> {
        const { assert!(T::TYPE.bytes() == size_of::<T>()) }
        let len = count(domain)
            .filter(|len| len.checked_mul(size_of::<T>()).is_some_and(|bytes| bytes <= isize::MAX as usize))
            .ok_or_else(|| out_of_memory(usize::MAX))?;
        Ok(Array { version: Arc::new(Version::unwritten(home.clone(), len)), domain })
    }

    /// An array of `domain`'s shape whose values come later, and the duty to give them. Every use of the values waits.
    ///
    /// # Errors
    /// As [`new`](Array::new).
    pub fn promised(home: &Home, domain: Domain) -> Result<(Self, Promised<T>)> {
        let len = Array::<T>::new(home, domain)?.len();
        let (version, promised) =
            Promised::new(|awaited| Arc::new(Version::promised(home.clone(), len, awaited)));
        Ok((Array { version, domain }, promised))
    }

    /// The [`Promised`] that the values wait for, while it is open.
    pub fn waits_for(&self) -> Option<u64> {
        self.version.awaited().map(|awaited| awaited.id)
    }

    /// Ends when the promised values are there; none where there is nothing to wait for.
    pub(crate) fn awaited(&self) -> Option<Completion> {
        self.version.awaited().map(|awaited| awaited.end.clone())
    }

    pub(super) fn into_version(self) -> Arc<Version<T>> {
        self.version
    }

    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.domain.len()
    }

    /// Whether there is no element in it.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its shape.
    #[inline]
    pub fn domain(&self) -> Domain {
        self.domain
    }

    /// The runtime that it belongs to.
    #[inline]
    pub fn home(&self) -> &Home {
        self.version.home()
    }

    /// The same elements in another shape.
    ///
    /// # Errors
    /// `ShapeMismatch` where the shape has another number of elements.
    pub fn shaped(self, domain: impl Into<Domain>) -> Result<Self> {
        let domain = domain.into();
        if count(domain) == Some(self.len()) {
            return Ok(Array { domain, ..self });
        }
        Err(Error::new(
            ErrorKind::ShapeMismatch,
            format!(
                "an array of {} elements cannot have the shape {domain}; make the numbers equal",
                self.len()
            ),
        ))
    }

    /// The elements, for reading on the host: what is not there is brought, once.
    ///
    /// # Errors
    /// What the work that computes them ended with; `DeviceLost`, `OutOfMemory`.
    pub fn read(&self) -> Result<Read<'_, T>> {
        Ok(Read { elements: self.host()? })
    }

    /// The elements of a range, for reading on the host: only what is missing of them is brought.
    ///
    /// # Errors
    /// As [`read`](Array::read); `OutOfBounds` where the range goes beyond the array.
    pub fn read_span(&self, range: impl RangeBounds<usize>) -> Result<Read<'_, T>> {
        let span = within(range, self.len(), "elements")?;
        Ok(Read { elements: self.host_span(span)? })
    }

    /// One row of an array that has rows, for reading on the host: only what is missing of it is brought.
    ///
    /// # Errors
    /// As [`read`](Array::read); `ShapeMismatch` where the array is a line, `OutOfBounds` where it has no such row.
    pub fn row(&self, y: usize) -> Result<Read<'_, T>> {
        let (width, height) = rows_of(self.domain)?;
        let row = within(y..=y, height, "rows")?;
        self.read_span(row.start * width..row.end * width)
    }

    /// As [`read`](Array::read), for whoever cannot block: waits for the work that computes the elements without a thread.
    /// What lies on a device is then copied as `read` does it.
    ///
    /// # Errors
    /// As [`read`](Array::read).
    pub async fn read_async(&self) -> Result<Read<'_, T>> {
        if let Some(awaited) = self.version.awaited() {
            awaited.end.ended().await?;
        }
        for work in self.carried(Span::new(0, self.len())) {
            work.ended().await?;
        }
        self.read()
    }

    /// The elements, for writing on the host, which becomes their only owner. Snapshots are not changed.
    ///
    /// # Errors
    /// As [`read`](Array::read).
    pub fn write(&mut self) -> Result<Write<'_, T>> {
        Ok(Write { elements: self.host_mut(Keep::Old)? })
    }

    /// A copy of the elements.
    ///
    /// # Errors
    /// As [`read`](Array::read).
    pub fn to_vec(&self) -> Result<Vec<T>> {
        pack::copied(self.host()?)
    }

    /// The elements; without a copy where the array adopted a `Vec` and no snapshot shares it.
    ///
    /// # Errors
    /// As [`read`](Array::read).
    pub fn into_vec(mut self) -> Result<Vec<T>> {
        self.host()?;
        match Arc::get_mut(&mut self.version).and_then(Version::take_adopted) {
            Some(adopted) => Ok(adopted),
            None => self.to_vec(),
        }
    }

    /// Whether all elements are on the host, and wait for nothing.
    #[inline]
    pub(crate) fn is_home(&self) -> bool {
        self.version.is_home()
    }

    /// All elements on the host.
    #[inline]
    pub(crate) fn host(&self) -> Result<&[T]> {
        self.version.host()
    }

    /// The elements of `span` on the host; others stay where they are.
    #[inline]
    pub(crate) fn host_span(&self, span: Span) -> Result<&[T]> {
        self.version.host_span(span)
    }

    /// All elements on the host, to be written; the host becomes their only owner.
    #[inline]
    pub(crate) fn host_mut(&mut self, keep: Keep) -> Result<&mut [T]> {
        self.host_span_mut(self.version.all(), keep)
    }

    /// The elements of `span` on the host, to be written; the host becomes their owner, others stay where they are.
    #[inline]
    pub(crate) fn host_span_mut(&mut self, span: Span, keep: Keep) -> Result<&mut [T]> {
        self.version.check(span)?;
        if !Arc::get_mut(&mut self.version).is_some_and(Version::is_only_home) {
            self.claim_home(span, keep)?;
        }
        match Arc::get_mut(&mut self.version).and_then(Version::memory_mut) {
            Some(elements) => Ok(&mut elements[span.range()]),
            None => Err(Error::internal("an array that was just claimed is shared")),
        }
    }

    /// Makes this the only holder of its version and the host the owner of `span`.
    #[cold]
    fn claim_home(&mut self, span: Span, keep: Keep) -> Result<()> {
        if keep == Keep::Old {
            self.version.bring_home(span)?;
        }
        sole(&mut self.version, span, keep, Space::HOST)?.write_home(span, keep)
    }

    /// A buffer of the whole array in which `span` is valid for whatever is enqueued on `gpu` from now on.
    pub(crate) fn gpu_read(&self, gpu: &Gpu, span: Span) -> Result<Buffer> {
        self.version.bring_to(gpu, span)
    }

    /// A buffer of the whole array; `gpu` becomes the owner of `span`, to be written by what is enqueued from now on.
    ///
    /// `span` begins and ends at whole words, or at the end of the array.
    pub(crate) fn gpu_write(&mut self, gpu: &Gpu, span: Span, keep: Keep) -> Result<Buffer> {
        self.version.check(span)?;
        let words = |at: usize| at.is_multiple_of(grain::<T>());
        if !words(span.start) || !(words(span.end) || span.end == self.len()) {
            return Err(Error::internal(format_args!(
                "a GPU is to write {span:?}, which are not whole words"
            )));
        }
        let near = Space::gpu(gpu.id());
        loop {
            // Held meanwhile, so that no other array can have its place.
            let _old = if keep == Keep::Old { Some(self.version.bring_to(gpu, span)?) } else { None };
            if let Some(buffer) = sole(&mut self.version, span, keep, near)?.write_on(gpu, span, keep)? {
                return Ok(buffer);
            }
        }
    }

    /// The values of `span`, which `gpu` owns, are there when `completion` ends well; else every use returns its error.
    pub(crate) fn carry(&mut self, gpu: &Gpu, span: Span, completion: Completion) {
        self.version.carry(gpu, span, completion);
    }

    /// The work that the values of `span` wait for, or that failed to make them: what is computed from them on the same
    /// device must carry it too.
    pub(crate) fn carried(&self, span: Span) -> Vec<Completion> {
        self.version.carried(span)
    }

    /// No value is needed any more: what is written next, in parts by several devices, replaces all of them.
    pub(crate) fn discard(&mut self) {
        if let Some(version) = Arc::get_mut(&mut self.version) {
            version.discard();
        } else {
            let version = Version::unwritten(self.home().clone(), self.len());
            self.version = Arc::new(version);
        }
    }

    /// Has it give up its replica on `gpu`, if nobody uses that; whether it did.
    #[cfg(test)]
    pub(super) fn give_up(&self, gpu: &Gpu) -> bool {
        self.version.give_up(gpu)
    }

    /// Where the elements are valid.
    pub(crate) fn state(&self) -> Vec<Interval> {
        self.version.intervals()
    }
}

impl<T: Element> Clone for Array<T> {
    #[inline]
    fn clone(&self) -> Self {
        Array { version: self.version.clone(), domain: self.domain }
    }
}

impl<T: Element> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Array<{}>({})", T::TYPE, self.domain)
    }
}

impl<T> Deref for Read<'_, T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        self.elements
    }
}

impl<T> Deref for Write<'_, T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        self.elements
    }
}

impl<T> DerefMut for Write<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.elements
    }
}

impl<T: fmt::Debug> fmt::Debug for Read<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.elements.fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for Write<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.elements.fmt(f)
    }
}

impl<'a, T> Read<'a, T> {
    pub(super) fn of(elements: &'a [T]) -> Self {
        Read { elements }
    }
}

impl<'a, T> Write<'a, T> {
    pub(super) fn of(elements: &'a mut [T]) -> Self {
        Write { elements }
    }
}

/// Elements of any type that devices read: bytes in buffers.
#[doc(hidden)]
pub trait DeviceSource: Send + Sync {
    fn home(&self) -> &Home;
    fn domain(&self) -> Domain;
    fn element(&self) -> ElementType;
    /// A buffer with the elements of `span`, and how many bytes into it the first of them is: a place where a binding of
    /// `gpu` can begin wherever that is so of `span.start` elements.
    fn gpu_read(&self, gpu: &Gpu, span: Span) -> Result<(Buffer, u64)>;
    fn carried(&self, span: Span) -> Vec<Completion>;
    fn state(&self) -> Vec<Interval>;
    /// The bytes of `span` in host memory.
    fn host_bytes(&self, span: Span) -> Result<&[u8]>;
    /// Bytes of device memory that `gpu` has to find for it.
    fn missing(&self, gpu: &Gpu) -> u64;
    fn waits_for(&self) -> Option<u64>;
    fn awaited(&self) -> Option<Completion>;
}

/// Elements of any type that devices write too.
#[doc(hidden)]
pub trait DeviceArray: DeviceSource {
    /// As [`gpu_read`](DeviceSource::gpu_read), to be written by what is enqueued before [`carry`](DeviceArray::carry).
    fn gpu_write(&mut self, gpu: &Gpu, span: Span, keep: Keep) -> Result<(Buffer, u64)>;
    fn carry(&mut self, gpu: &Gpu, span: Span, completion: Completion);
    fn discard(&mut self);
    /// It has no values: every use returns `error`.
    fn fail(&mut self, error: &Error);
    /// Device memory of its size in which results can stay until [`settle`](DeviceArray::settle); `None` where they have to
    /// come home.
    fn spare(&self, gpu: &Gpu) -> Result<Option<Buffer>>;
    /// `span` was computed by `gpu` in the buffer that it had from [`spare`](DeviceArray::spare).
    fn settle(&mut self, gpu: &Gpu, span: Span, buffer: &Buffer) -> Result<()>;
    /// Whether it gives spare memory.
    fn stays(&self) -> bool;
}

impl<T: Element> DeviceSource for Array<T> {
    fn home(&self) -> &Home {
        Array::home(self)
    }
    fn domain(&self) -> Domain {
        Array::domain(self)
    }
    fn element(&self) -> ElementType {
        T::TYPE
    }
    fn gpu_read(&self, gpu: &Gpu, span: Span) -> Result<(Buffer, u64)> {
        Ok((Array::gpu_read(self, gpu, span)?, (span.start * size_of::<T>()) as u64))
    }
    fn carried(&self, span: Span) -> Vec<Completion> {
        Array::carried(self, span)
    }
    fn state(&self) -> Vec<Interval> {
        Array::state(self)
    }
    fn host_bytes(&self, span: Span) -> Result<&[u8]> {
        Ok(bytemuck::must_cast_slice(self.host_span(span)?))
    }
    fn missing(&self, gpu: &Gpu) -> u64 {
        Array::missing(self, gpu)
    }
    fn waits_for(&self) -> Option<u64> {
        Array::waits_for(self)
    }
    fn awaited(&self) -> Option<Completion> {
        Array::awaited(self)
    }
}

impl<T: Element> DeviceArray for Array<T> {
    fn gpu_write(&mut self, gpu: &Gpu, span: Span, keep: Keep) -> Result<(Buffer, u64)> {
        Ok((Array::gpu_write(self, gpu, span, keep)?, (span.start * size_of::<T>()) as u64))
    }
    fn carry(&mut self, gpu: &Gpu, span: Span, completion: Completion) {
        Array::carry(self, gpu, span, completion);
    }
    fn discard(&mut self) {
        Array::discard(self);
    }
    fn fail(&mut self, error: &Error) {
        Array::fail(self, Span::new(0, self.len()), error);
    }
    fn spare(&self, gpu: &Gpu) -> Result<Option<Buffer>> {
        Array::spare(self, gpu).map(Some)
    }
    fn settle(&mut self, gpu: &Gpu, span: Span, buffer: &Buffer) -> Result<()> {
        Array::settle(self, gpu, span, buffer)
    }
    fn stays(&self) -> bool {
        true
    }
}

/// The number of places, if it can be counted.
fn count(domain: Domain) -> Option<usize> {
    match domain {
        Domain::Line(n) => Some(n),
        Domain::Grid { width, height } => width.checked_mul(height),
    }
}
