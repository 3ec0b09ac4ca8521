//! Parts of an array as values: contiguous ones are the array's own elements, others are packed when they are needed.

use std::fmt;
use std::ops::RangeBounds;
use std::sync::{Arc, OnceLock};

use crate::device::Completion;
use crate::device::gpu::{Buffer, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::memory::array::{Array, DeviceSource, Read};
use crate::memory::coherence::Interval;
use crate::memory::element::{Element, grain};
use crate::memory::evict;
use crate::memory::home::Home;
use crate::memory::pack::{self, Pattern};
use crate::memory::range::{rows_of, within};
use crate::shape::{Domain, ElementType, Span};

/// Some elements of an array, which a launch takes wherever it takes an array to read.
///
/// A value: it holds a snapshot, so later writes to the array do not change it (and copy what they need while it lives).
///
/// Elements that lie together ([`slice`](Array::slice), [`rows`](Array::rows)) are read where they are, and only they move
/// between memories. A GPU reads them in place where its bindings can begin there, which is every 256 bytes or less;
/// else it copies them first, or, where they do not begin at a word of four bytes or the array is too large for the GPU, they
/// come by way of the host. Other
/// elements ([`column`](Array::column), [`strided`](Array::strided), [`transposed`](Array::transposed)) are packed on the
/// host, once, when the view is first read or passed to a launch that runs.
///
/// ```
/// # use manylane::prelude::*;
/// # #[kernel]
/// # fn add(x: f32, y: f32) -> f32 { x + y }
/// # fn main() -> manylane::Result<()> {
/// let rt = Runtime::new()?;
/// let x = rt.array(vec![1.0f32, 2.0, 3.0, 4.0])?;
/// let sums = rt.map::<add>((&x.slice(..3)?, &x.slice(1..)?)).run()?;
/// assert_eq!(sums.to_vec()?, [3.0, 5.0, 7.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct View<T: Element> {
    array: Array<T>,
    domain: Domain,
    form: Form<T>,
}

#[derive(Clone)]
enum Form<T: Element> {
    /// Elements that lie together.
    Together(Span),
    /// Elements that do not, and the same packed once somebody needed them.
    Apart(Pattern, Arc<OnceLock<Array<T>>>),
}

/// Where the elements of a view lie in its array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    /// The first of them.
    pub start: usize,
    /// How far the next one below is; in a line that is the next one.
    pub down: usize,
    /// How far the next one in its row is.
    pub along: usize,
    /// Whether rows and columns are exchanged.
    pub transposed: bool,
}

impl<T: Element> Array<T> {
    /// All of it, as a view.
    pub fn view(&self) -> View<T> {
        View::together(self, Span::new(0, self.len()), self.domain())
    }

    /// The elements of a range, in row order where the array has rows; a view, without a copy.
    ///
    /// # Errors
    /// `OutOfBounds` where the range goes beyond the array.
    pub fn slice(&self, range: impl RangeBounds<usize>) -> Result<View<T>> {
        let span = within(range, self.len(), "elements")?;
        Ok(View::together(self, span, Domain::Line(span.len())))
    }

    /// The rows of a range, with their shape; a view, without a copy.
    ///
    /// # Errors
    /// `ShapeMismatch` where the array is a line, `OutOfBounds` where it has not so many rows.
    pub fn rows(&self, range: impl RangeBounds<usize>) -> Result<View<T>> {
        let (span, domain) = rows_span(self.domain(), range)?;
        Ok(View::together(self, span, domain))
    }

    /// One column as a line; a view that is packed when it is needed.
    ///
    /// # Errors
    /// `ShapeMismatch` where the array is a line, `OutOfBounds` where it has no such column.
    pub fn column(&self, x: usize) -> Result<View<T>> {
        let (width, height) = rows_of(self.domain())?;
        within(x..=x, width, "columns")?;
        Ok(View::apart(self, Pattern::Strided { start: x, step: width, len: height }, Domain::Line(height)))
    }

    /// Every `step`-th element from `start` on, in row order where the array has rows; a view that is packed when it is
    /// needed.
    ///
    /// # Errors
    /// `OutOfBounds` where `start` is beyond the array, `ShapeMismatch` where `step` is 0.
    pub fn strided(&self, start: usize, step: usize) -> Result<View<T>> {
        let rest = within(start.., self.len(), "elements")?;
        if step == 0 {
            return Err(Error::new(
                ErrorKind::ShapeMismatch,
                "a step of 0 stays at one element; step by 1 or more",
            ));
        }
        let len = rest.len().div_ceil(step);
        Ok(View::apart(self, Pattern::Strided { start, step, len }, Domain::Line(len)))
    }

    /// The array with rows and columns exchanged; a view that is packed when it is needed.
    ///
    /// # Errors
    /// `ShapeMismatch` where the array is a line.
    pub fn transposed(&self) -> Result<View<T>> {
        self.view().transposed()
    }

    /// Some columns of some rows, with their shape; a view that is packed when it is needed, but by matrix products, which
    /// read it where it is.
    ///
    /// # Errors
    /// `ShapeMismatch` where the array is a line, `OutOfBounds` where it has not so many rows or columns.
    pub fn block(&self, columns: impl RangeBounds<usize>, rows: impl RangeBounds<usize>) -> Result<View<T>> {
        let (pitch, height) = rows_of(self.domain())?;
        let (columns, rows) = (within(columns, pitch, "columns")?, within(rows, height, "rows")?);
        let (width, height) = (columns.len(), rows.len());
        let start = rows.start * pitch + columns.start;
        let domain = Domain::Grid { width, height };
        if width == pitch {
            return Ok(View::together(self, Span::new(start, start + width * height), domain));
        }
        Ok(View::apart(self, Pattern::Block { start, pitch, width, height }, domain))
    }
}

impl<T: Element> View<T> {
    fn together(array: &Array<T>, span: Span, domain: Domain) -> Self {
        View { array: array.clone(), domain, form: Form::Together(span) }
    }

    fn apart(array: &Array<T>, pattern: Pattern, domain: Domain) -> Self {
        View { array: array.clone(), domain, form: Form::Apart(pattern, Arc::default()) }
    }

    /// It with rows and columns exchanged. A product of matrices reads it where it is; whatever else does packs it first.
    ///
    /// # Errors
    /// `ShapeMismatch` where the view is a line.
    pub fn transposed(&self) -> Result<View<T>> {
        let (width, height) = rows_of(self.domain)?;
        let domain = Domain::Grid { width: height, height: width };
        let pattern = match &self.form {
            Form::Together(span) => Pattern::Transposed { start: span.start, pitch: width, width, height },
            Form::Apart(Pattern::Block { start, pitch, .. }, _) => {
                Pattern::Transposed { start: *start, pitch: *pitch, width, height }
            }
            // Exchanged twice, they lie as they did. (Of what is apart only blocks and these have rows.)
            Form::Apart(pattern, _) => {
                let (start, _, pitch) = pattern.spread();
                if pitch == height {
                    let span = Span::new(start, start + self.len());
                    return Ok(View::together(&self.array, span, domain));
                }
                Pattern::Block { start, pitch, width: height, height: width }
            }
        };
        Ok(View::apart(&self.array, pattern, domain))
    }

    /// The same elements as they lie, where it exchanges rows and columns.
    pub(crate) fn untransposed(&self) -> Option<View<T>> {
        match &self.form {
            Form::Apart(Pattern::Transposed { .. }, _) => self.transposed().ok(),
            _ => None,
        }
    }

    /// The array that its elements are of, and where they lie in it; for whoever can read them there.
    pub(crate) fn spread(&self) -> (&Array<T>, Spread) {
        let (start, down, along) = match &self.form {
            Form::Together(span) => {
                (span.start, if let Domain::Grid { width, .. } = self.domain { width } else { 1 }, 1)
            }
            Form::Apart(pattern, _) => pattern.spread(),
        };
        let transposed = matches!(self.form, Form::Apart(Pattern::Transposed { .. }, _));
        (&self.array, Spread { start, down, along, transposed })
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
        self.array.home()
    }

    /// The elements, for reading on the host: only what is missing of them is brought, once.
    ///
    /// # Errors
    /// What the work that computes them ended with; `DeviceLost`, `OutOfMemory`.
    pub fn read(&self) -> Result<Read<'_, T>> {
        Ok(Read::of(self.host()?))
    }

    /// A copy of the elements.
    ///
    /// # Errors
    /// As [`read`](View::read).
    pub fn to_vec(&self) -> Result<Vec<T>> {
        pack::copied(self.host()?)
    }

    /// Whether its elements are on the host, packed where they have to be, and wait for nothing.
    pub(crate) fn is_home(&self) -> bool {
        match &self.form {
            Form::Together(_) => self.array.is_home(),
            Form::Apart(_, packed) => packed.get().is_some(),
        }
    }

    /// All its elements on the host.
    #[inline]
    pub(crate) fn host(&self) -> Result<&[T]> {
        self.host_span(Span::new(0, self.len()))
    }

    /// The elements of `span`, counted from the view's first, on the host; others stay where they are.
    #[inline]
    pub(crate) fn host_span(&self, span: Span) -> Result<&[T]> {
        let (array, first) = self.place()?;
        array.host_span(behind(span, first))
    }

    /// The array in which its elements lie together, and where the first of them is.
    fn place(&self) -> Result<(&Array<T>, usize)> {
        match &self.form {
            Form::Together(span) => Ok((&self.array, span.start)),
            Form::Apart(_, packed) if let Some(packed) = packed.get() => Ok((packed, 0)),
            Form::Apart(pattern, packed) => {
                let made = pack::packed(&self.array, *pattern)?;
                // Two threads may both have packed it: the first one's is kept.
                Ok((packed.get_or_init(|| made), 0))
            }
        }
    }
}

impl<T: Element> fmt::Debug for View<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View<{}>({} of {})", T::TYPE, self.domain, self.array.domain())
    }
}

impl<T: Element> DeviceSource for View<T> {
    fn home(&self) -> &Home {
        View::home(self)
    }
    fn domain(&self) -> Domain {
        self.domain
    }
    fn element(&self) -> ElementType {
        T::TYPE
    }
    fn gpu_read(&self, gpu: &Gpu, span: Span) -> Result<(Buffer, u64)> {
        let (array, first) = self.place()?;
        let span = behind(span, first);
        let (at, size) = ((span.start * size_of::<T>()) as u64, (span.len() * size_of::<T>()) as u64);
        if span.is_empty() {
            return Ok((evict::alloc(gpu, 0)?, 0));
        }
        if span.start.is_multiple_of(grain::<T>()) {
            match array.gpu_read(gpu, span) {
                Ok(whole) if starts_binding(gpu, at) => return Ok((whole, at)),
                Ok(whole) => {
                    let part = evict::alloc(gpu, size)?;
                    gpu.copy(&whole, at, &part, 0, size)?;
                    return Ok((part, 0));
                }
                // There is no room for the array; there may be for the part.
                Err(error) if matches!(error.kind(), ErrorKind::OutOfMemory | ErrorKind::LimitExceeded) => {}
                Err(error) => return Err(error),
            }
        }
        let elements = array.host_span(span)?;
        let part = evict::alloc(gpu, size)?;
        gpu.upload(&part, 0, bytemuck::must_cast_slice(elements))?;
        self.home().count_from_host(size_of_val(elements));
        Ok((part, 0))
    }
    fn carried(&self, span: Span) -> Vec<Completion> {
        match &self.form {
            Form::Together(part) => self.array.carried(behind(span, part.start)),
            // Packing waits for it.
            Form::Apart(..) => Vec::new(),
        }
    }
    fn waits_for(&self) -> Option<u64> {
        self.array.waits_for()
    }
    fn awaited(&self) -> Option<Completion> {
        self.array.awaited()
    }
    fn state(&self) -> Vec<Interval> {
        let (array, first) = match &self.form {
            Form::Together(span) => (&self.array, span.start),
            Form::Apart(_, packed) => (packed.get().unwrap_or(&self.array), 0),
        };
        let mine = behind(Span::new(0, self.len()), first);
        let mut parts = array.state();
        parts.retain_mut(|interval| {
            let part = interval.span.intersect(mine);
            interval.span = Span::new(part.start.saturating_sub(first), part.end.saturating_sub(first));
            !part.is_empty()
        });
        parts
    }
    fn host_bytes(&self, span: Span) -> Result<&[u8]> {
        Ok(bytemuck::must_cast_slice(self.host_span(span)?))
    }
    fn missing(&self, gpu: &Gpu) -> u64 {
        let size = (self.len() * size_of::<T>()) as u64;
        match &self.form {
            Form::Together(part) => {
                let copied = !starts_binding(gpu, (part.start * size_of::<T>()) as u64);
                self.array.missing(gpu) + if copied { size } else { 0 }
            }
            Form::Apart(_, packed) => packed.get().map_or(size, |packed| packed.missing(gpu)),
        }
    }
}

/// The elements of some rows, and their shape.
pub(super) fn rows_span(domain: Domain, range: impl RangeBounds<usize>) -> Result<(Span, Domain)> {
    let (width, height) = rows_of(domain)?;
    let rows = within(range, height, "rows")?;
    let span = Span::new(rows.start * width, rows.end * width);
    Ok((span, Domain::Grid { width, height: rows.len() }))
}

/// `span`, so many elements further on.
pub(super) fn behind(span: Span, first: usize) -> Span {
    Span::new(first + span.start, first + span.end)
}

/// Whether a binding of `gpu` can begin so many bytes into a buffer.
pub(super) fn starts_binding(gpu: &Gpu, at: u64) -> bool {
    at.is_multiple_of(u64::from(gpu.limits().offset_alignment).max(4))
}
