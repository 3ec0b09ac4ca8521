//! A set of elements, kept as the fewest sorted spans.

use crate::shape::Span;

/// A set of elements: sorted, disjoint spans with a gap between any two.
///
/// Most sets are one span, which needs no memory of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spans {
    /// No element, as `0..0`, or one run of them.
    One(Span),
    /// Two runs or more.
    Many(Vec<Span>),
}

const NONE: Span = Span::new(0, 0);

impl Default for Spans {
    fn default() -> Self {
        Spans::One(NONE)
    }
}

impl Spans {
    /// The elements of `span`.
    pub fn of(span: Span) -> Self {
        Spans::One(if span.is_empty() { NONE } else { span })
    }

    /// The runs, in order; none of them is empty.
    pub fn as_slice(&self) -> &[Span] {
        match self {
            Spans::One(span) if span.is_empty() => &[],
            Spans::One(span) => std::slice::from_ref(span),
            Spans::Many(spans) => spans,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Whether every element of `span` is in the set.
    pub fn contain(&self, span: Span) -> bool {
        span.is_empty() || self.as_slice().iter().any(|run| run.start <= span.start && span.end <= run.end)
    }

    /// The parts of `span` that are in the set, in order.
    pub fn within(&self, span: Span) -> impl Iterator<Item = Span> {
        self.as_slice().iter().map(move |run| run.intersect(span)).filter(|part| !part.is_empty())
    }

    /// The parts of `span` that are not in the set, in order.
    pub fn missing(&self, span: Span) -> Vec<Span> {
        let mut missing = Vec::new();
        let mut start = span.start;
        for run in self.within(span) {
            missing.push(Span::new(start, run.start));
            start = run.end;
        }
        missing.push(Span::new(start, span.end));
        missing.retain(|part| !part.is_empty());
        missing
    }

    pub fn insert(&mut self, span: Span) {
        if span.is_empty() {
            return;
        }
        if self.is_empty() {
            *self = Spans::One(span);
            return;
        }
        let mut joined = span;
        let mut apart = Vec::new();
        for run in self.as_slice() {
            if run.end < joined.start || joined.end < run.start {
                apart.push(*run);
            } else {
                joined = Span::new(run.start.min(joined.start), run.end.max(joined.end));
            }
        }
        let at = apart.partition_point(|run| run.end < joined.start);
        apart.insert(at, joined);
        *self = Spans::from_runs(apart);
    }

    pub fn remove(&mut self, span: Span) {
        if self.within(span).next().is_none() {
            return;
        }
        let mut left = Vec::new();
        for run in self.as_slice() {
            left.push(Span::new(run.start, run.end.min(span.start)));
            left.push(Span::new(run.start.max(span.end), run.end));
        }
        left.retain(|run| !run.is_empty());
        *self = Spans::from_runs(left);
    }

    /// `runs` are sorted, with a gap between any two, and none is empty.
    fn from_runs(runs: Vec<Span>) -> Self {
        match runs.as_slice() {
            [] => Spans::default(),
            [one] => Spans::One(*one),
            _ => Spans::Many(runs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEN: usize = 24;

    fn span() -> impl Strategy<Value = Span> {
        (0..=LEN, 0..=LEN).prop_map(|(a, b)| Span::new(a.min(b), a.max(b)))
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            cases: if cfg!(miri) { 4 } else { 1024 },
            ..ProptestConfig::default()
        })]

        /// Against a bool for each element.
        #[test]
        fn behaves_as_a_set(ops in prop::collection::vec((any::<bool>(), span(), span()), 0..12)) {
            let mut spans = Spans::default();
            let mut model = [false; LEN];
            for (add, change, ask) in ops {
                if add { spans.insert(change) } else { spans.remove(change) }
                model[change.range()].fill(add);

                let runs = spans.as_slice();
                prop_assert!(runs.iter().all(|run| !run.is_empty()));
                prop_assert!(runs.windows(2).all(|pair| pair[0].end < pair[1].start));
                let mut as_set = [false; LEN];
                runs.iter().for_each(|run| as_set[run.range()].fill(true));
                prop_assert_eq!(as_set, model);
                prop_assert_eq!(spans.contain(ask), model[ask.range()].iter().all(|there| *there));
                let mut parts = [None; LEN];
                spans.within(ask).for_each(|part| parts[part.range()].fill(Some(true)));
                spans.missing(ask).iter().for_each(|part| parts[part.range()].fill(Some(false)));
                for i in 0..LEN {
                    prop_assert_eq!(parts[i], ask.range().contains(&i).then_some(model[i]));
                }
                if runs.len() < 2 { prop_assert!(matches!(spans, Spans::One(_))); }
            }
        }
    }
}
