//! Which memory space holds valid values of which elements. Pure: it moves nothing.

use crate::device::gpu::GpuId;
use crate::memory::spans::Spans;
use crate::shape::Span;

/// A place that can hold a replica of an array: the host, a GPU. The list is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Space(u32);

impl Space {
    /// The memory of the host.
    pub const HOST: Space = Space(0);

    /// Memory of the host that holds what a GPU gave up until somebody needs it; told as the host's own.
    pub(super) const STASH: Space = Space(u32::MAX);

    /// The memory of one opened GPU.
    pub const fn gpu(id: GpuId) -> Self {
        Space(id.0 + 1)
    }
}

/// What a replica is for an interval of the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The only valid one.
    Owner,
    /// As valid as others.
    Shared,
    /// Absent or out of date.
    Invalid,
}

/// A run of elements that are valid in the same spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The elements.
    pub span: Span,
    /// Where they are valid, the host first; nowhere if nobody has written them yet.
    pub valid: Vec<Space>,
}

impl Interval {
    /// What the replica in `space` is for these elements.
    pub fn status(&self, space: Space) -> Status {
        match self.valid.as_slice() {
            [one] if *one == space => Status::Owner,
            several if several.contains(&space) => Status::Shared,
            _ => Status::Invalid,
        }
    }
}

/// For each space the elements that are valid in it.
///
/// An element that is valid in several spaces has the same value in all; one that is valid nowhere was never written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coherence {
    host: Spans,
    /// Spaces with at least one valid element, in order of first use.
    others: Vec<(Space, Spans)>,
}

impl Coherence {
    /// All of `len` elements valid in the host's memory and nowhere else.
    pub fn at_home(len: usize) -> Self {
        Coherence { host: Spans::of(Span::new(0, len)), others: Vec::new() }
    }

    /// `span` is now valid in `space` too: it was copied there.
    pub fn make_valid(&mut self, space: Space, span: Span) {
        if span.is_empty() {
            return;
        }
        if space == Space::HOST {
            self.host.insert(span);
        } else if let Some((_, spans)) = self.others.iter_mut().find(|(other, _)| *other == space) {
            spans.insert(span);
        } else {
            self.others.push((space, Spans::of(span)));
        }
    }

    /// `span` is written in `space`: valid there only.
    pub fn write(&mut self, space: Space, span: Span) {
        self.forget(span);
        self.make_valid(space, span);
    }

    /// `span` is valid nowhere.
    pub fn forget(&mut self, span: Span) {
        self.host.remove(span);
        for (_, spans) in &mut self.others {
            spans.remove(span);
        }
        self.others.retain(|(_, spans)| !spans.is_empty());
    }

    /// `span` is valid in `space`, which is not the host, no more.
    pub fn invalidate(&mut self, space: Space, span: Span) {
        if let Some((_, spans)) = self.others.iter_mut().find(|(other, _)| *other == space) {
            spans.remove(span);
        }
        self.others.retain(|(_, spans)| !spans.is_empty());
    }

    /// The parts of `span` that are not valid in `space`.
    pub fn missing(&self, space: Space, span: Span) -> Vec<Span> {
        match self.spans(space) {
            Some(spans) => spans.missing(span),
            None => Spans::default().missing(span),
        }
    }

    /// Whether all of `span` is valid in `space`.
    pub fn has(&self, space: Space, span: Span) -> bool {
        span.is_empty() || self.spans(space).is_some_and(|spans| spans.contain(span))
    }

    /// Whether anything is valid in `space`.
    pub fn has_any(&self, space: Space) -> bool {
        self.spans(space).is_some_and(|spans| !spans.is_empty())
    }

    /// Whether anything is valid anywhere but on the host.
    pub fn is_away(&self) -> bool {
        !self.others.is_empty()
    }

    /// `span` cut where the spaces that hold it change.
    pub fn where_valid(&self, span: Span) -> Vec<Interval> {
        let spaces =
            || std::iter::once((Space::HOST, &self.host)).chain(self.others.iter().map(|(s, v)| (*s, v)));
        let mut cuts: Vec<usize> = spaces()
            .flat_map(|(_, spans)| spans.within(span))
            .flat_map(|part| [part.start, part.end])
            .chain([span.start, span.end])
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut intervals: Vec<Interval> = Vec::new();
        for pair in cuts.windows(2) {
            let piece = Span::new(pair[0], pair[1]);
            let valid: Vec<Space> =
                spaces().filter(|(_, spans)| spans.contain(piece)).map(|(space, _)| space).collect();
            match intervals.last_mut() {
                Some(last) if last.valid == valid => last.span.end = piece.end,
                _ => intervals.push(Interval { span: piece, valid }),
            }
        }
        intervals
    }

    fn spans(&self, space: Space) -> Option<&Spans> {
        if space == Space::HOST {
            return Some(&self.host);
        }
        self.others.iter().find(|(other, _)| *other == space).map(|(_, spans)| spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEN: usize = 20;
    const SPACES: u32 = 4;

    #[derive(Clone, Copy, Debug)]
    enum Op {
        MakeValid,
        Write,
        Forget,
        Invalidate,
    }

    fn op() -> impl Strategy<Value = (Op, Space, Span)> {
        let op = prop_oneof![4 => Just(Op::MakeValid), 3 => Just(Op::Write), 1 => Just(Op::Forget), 1 => Just(Op::Invalidate)];
        (op, (0..SPACES).prop_map(Space), (0..=LEN, 0..=LEN))
            .prop_map(|(op, space, (a, b))| (op, space, Span::new(a.min(b), a.max(b))))
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            cases: if cfg!(miri) { 4 } else { 1024 },
            ..ProptestConfig::default()
        })]

        /// Against one set of spaces for each element.
        #[test]
        fn behaves_as_the_model(ops in prop::collection::vec(op(), 0..20), (a, b) in (0..=LEN, 0..=LEN)) {
            let mut coherence = Coherence::default();
            let mut model = [[false; SPACES as usize]; LEN];
            for (op, space, span) in ops {
                for element in &mut model[span.range()] {
                    if matches!(op, Op::Invalidate) {
                        element[space.0 as usize] &= space == Space::HOST;
                        continue;
                    }
                    if !matches!(op, Op::MakeValid) {
                        *element = [false; SPACES as usize];
                    }
                    if !matches!(op, Op::Forget) {
                        element[space.0 as usize] = true;
                    }
                }
                match op {
                    Op::MakeValid => coherence.make_valid(space, span),
                    Op::Write => coherence.write(space, span),
                    Op::Forget => coherence.forget(span),
                    Op::Invalidate => coherence.invalidate(space, span),
                }
            }
            let ask = Span::new(a.min(b), a.max(b));
            let mut at = ask.start;
            for interval in coherence.where_valid(ask) {
                prop_assert_eq!(interval.span.start, at);
                prop_assert!(!interval.span.is_empty());
                at = interval.span.end;
                for element in &model[interval.span.range()] {
                    let holders = element.iter().filter(|valid| **valid).count();
                    for space in 0..SPACES {
                        let status = interval.status(Space(space));
                        let expected = match (element[space as usize], holders) {
                            (false, _) => Status::Invalid,
                            (true, 1) => Status::Owner,
                            (true, _) => Status::Shared,
                        };
                        prop_assert_eq!(status, expected);
                    }
                }
            }
            prop_assert_eq!(at, ask.end);
            for space in 0..SPACES {
                let valid = |i: &usize| model[*i][space as usize];
                let missing: Vec<usize> = ask.range().filter(|i| !valid(i)).collect();
                let said: Vec<usize> =
                    coherence.missing(Space(space), ask).into_iter().flat_map(Span::range).collect();
                prop_assert_eq!(coherence.has(Space(space), ask), missing.is_empty());
                prop_assert_eq!(said, missing);
                prop_assert_eq!(coherence.has_any(Space(space)), (0..LEN).any(|i| valid(&i)));
            }
            let away = model.iter().any(|element| element[1..].contains(&true));
            prop_assert_eq!(coherence.is_away(), away);
        }
    }
}
