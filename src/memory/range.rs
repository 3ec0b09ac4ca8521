//! Ranges as users write them, held against what there is.

use std::ops::{Bound, RangeBounds};

use crate::error::{Error, ErrorKind, Result};
use crate::shape::{Domain, Span};

/// The span of `range` within the first `len` of `what`.
pub(super) fn within(range: impl RangeBounds<usize>, len: usize, what: &str) -> Result<Span> {
    let start = match range.start_bound() {
        Bound::Included(start) => *start,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        // The last of all numbers is never the place of an element, for lengths are below it.
        Bound::Included(last) => last.saturating_add(1),
        Bound::Excluded(end) => *end,
        Bound::Unbounded => len,
    };
    if start <= end && end <= len {
        return Ok(Span::new(start, end));
    }
    Err(Error::new(
        ErrorKind::OutOfBounds,
        format!(
            "{what} {start}..{end} were asked for of an array that has {len}; ask for a part of 0..{len}, first to last"
        ),
    ))
}

/// Width and height of an array that has rows.
pub(super) fn rows_of(domain: Domain) -> Result<(usize, usize)> {
    match domain {
        Domain::Grid { width, height } => Ok((width, height)),
        Domain::Line(n) => Err(Error::new(
            ErrorKind::ShapeMismatch,
            format!(
                "rows and columns were asked for of an array that is a line of {n}; give it a shape with \
                 `.shaped((width, height))`"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_range_is_understood() {
        let span = |range: Result<Span>| range.map(Span::range).map_err(|error| error.kind());
        assert_eq!(span(within(2..5, 7, "x")), Ok(2..5));
        assert_eq!(span(within(2..=5, 7, "x")), Ok(2..6));
        assert_eq!(span(within(..3, 7, "x")), Ok(0..3));
        assert_eq!(span(within(3.., 7, "x")), Ok(3..7));
        assert_eq!(span(within(.., 7, "x")), Ok(0..7));
        assert_eq!(span(within(7.., 7, "x")), Ok(7..7));
        assert_eq!(span(within((Bound::Excluded(1), Bound::Included(1)), 7, "x")), Ok(2..2));
        let outside = Err(ErrorKind::OutOfBounds);
        for wrong in [within(2..8, 7, "x"), within(8.., 7, "x"), within(..=7, 7, "x"), within(0..1, 0, "x")] {
            assert_eq!(span(wrong), outside);
        }
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        let reversed = within(5..4, 7, "x");
        assert_eq!(span(reversed), outside);
        assert_eq!(span(within(usize::MAX..=usize::MAX, 7, "x")), outside);
        let text = within(2..8, 7, "rows").unwrap_err().to_string();
        assert!(text.contains("rows 2..8") && text.contains('7'), "{text}");
    }
}
