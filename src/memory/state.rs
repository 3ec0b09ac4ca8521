//! What a version knows behind its lock: which of its replicas are valid where, and the work that values wait for.

use crate::device::Completion;
use crate::device::gpu::{Buffer, Gpu};
use crate::error::Result;
use crate::memory::coherence::{Coherence, Interval, Space};
use crate::memory::element::{Element, grain};
use crate::memory::evict::Piece;
use crate::memory::spans::Spans;
use crate::shape::Span;

/// The state of a version; a lock stands in front of it.
#[derive(Default)]
pub(super) struct State {
    pub valid: Coherence,
    pub devices: Vec<Replica>,
    pub carried: Vec<Carried>,
    /// What GPUs gave up and nobody has needed since.
    pub stash: Vec<Piece>,
}

/// The memory of a GPU that holds the array; all of it, whatever is valid.
#[derive(Clone)]
pub(super) struct Replica {
    pub gpu: Gpu,
    pub buffer: Buffer,
    /// When it was last asked for; see `evict::now`.
    pub used: u64,
}

/// The values of `span` are what `completion` stands for.
#[derive(Clone)]
pub(super) struct Carried {
    pub span: Span,
    pub completion: Completion,
}

impl State {
    /// The device to bring `interval` home from, one that is not lost if there is one; none if it was never written.
    pub fn source(&self, interval: &Interval) -> Option<Replica> {
        let mut holders =
            self.devices.iter().filter(|replica| interval.valid.contains(&Space::gpu(replica.gpu.id())));
        holders.clone().find(|replica| !replica.gpu.is_lost()).or_else(|| holders.next()).cloned()
    }

    /// The carried work that `span` depends on.
    pub fn over(&self, span: Span) -> impl Iterator<Item = &Carried> {
        self.carried.iter().filter(move |carried| !carried.span.intersect(span).is_empty())
    }

    /// The error of ended work that `span` depends on.
    pub fn failed(&mut self, span: Span) -> Result<()> {
        self.carried.retain(Carried::is_open_or_failed);
        self.over(span)
            .filter(|carried| carried.completion.is_done())
            .try_for_each(|carried| carried.completion.wait())
    }

    /// The values of `span` do not depend on earlier work.
    pub fn replace(&mut self, span: Span) {
        let before = std::mem::take(&mut self.carried);
        for carried in before {
            let mut left = Spans::of(carried.span);
            left.remove(span);
            self.carried
                .extend(left.as_slice().iter().map(|part| Carried { span: *part, ..carried.clone() }));
        }
    }
}

impl Carried {
    /// Whether it has still something to tell.
    pub fn is_open_or_failed(&self) -> bool {
        !self.completion.is_done() || self.completion.wait().is_err()
    }
}

impl Replica {
    /// Copies the elements from `first` on to `into`, after everything enqueued before.
    pub fn download<T: Element>(&self, first: usize, into: &mut [T]) -> Result<()> {
        let grain = grain::<T>();
        let word = first / grain * grain;
        // A copy starts at a word: the elements up to the next one come by way of a word of their own.
        let head = if word == first { 0 } else { (word + grain - first).min(into.len()) };
        let (head, rest) = into.split_at_mut(head);
        if !head.is_empty() {
            let mut word_of = [T::zeroed(); 4];
            let used = first - word + head.len();
            self.gpu.download(
                &self.buffer,
                bytes::<T>(word),
                bytemuck::must_cast_slice_mut(&mut word_of[..used]),
            )?;
            head.copy_from_slice(&word_of[first - word..used]);
        }
        if rest.is_empty() {
            return Ok(());
        }
        let at = bytes::<T>(first + head.len());
        self.gpu.download(&self.buffer, at, bytemuck::must_cast_slice_mut(rest))
    }
}

/// Bytes of so many elements: an array's length times its width fits, or it would not be there.
pub(super) fn bytes<T: Element>(elements: usize) -> u64 {
    (elements * size_of::<T>()) as u64
}
