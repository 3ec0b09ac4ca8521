//! Decomposition by domain and agglomeration: a line of places into spans whose boundaries are multiples of [`CHUNK`].

use crate::shape::{CHUNK, Span};

/// The number of blocks of [`CHUNK`] places that `n` places fill.
pub fn blocks(n: usize) -> usize {
    n.div_ceil(CHUNK)
}

/// Shares of `n` places in proportion to `weights`, each boundary a multiple of [`CHUNK`].
///
/// Covers every place once; a weight of 0 gets nothing; spans come in order and may be empty.
pub fn shares(n: usize, weights: &[f64]) -> Vec<Span> {
    let total: f64 = weights.iter().sum();
    let mut spans = Vec::with_capacity(weights.len());
    let (mut start, mut sum) = (0, 0.0);
    if n <= CHUNK {
        // One chunk: it is not worth two workers, the fastest takes it.
        let best = (0..weights.len()).max_by(|a, b| weights[*a].total_cmp(&weights[*b])).unwrap_or(0);
        return (0..weights.len())
            .map(|i| Span::new(if i > best { n } else { 0 }, if i < best { 0 } else { n }))
            .collect();
    }
    let last = weights.iter().rposition(|weight| *weight > 0.0);
    for (i, weight) in weights.iter().enumerate() {
        sum += weight;
        let end = if last.is_none_or(|last| i >= last) || total <= 0.0 {
            n
        } else {
            let cut = (n as f64 * (sum / total)) as usize;
            ((cut + CHUNK / 2) / CHUNK * CHUNK).clamp(start, n)
        };
        spans.push(Span::new(start, end));
        start = end;
    }
    spans
}

/// The next chunk of a queue with `left` places for `workers`: large first, shrinking, never under `grain`.
///
/// A multiple of [`CHUNK`] unless it is all that is left.
pub fn guided(left: usize, workers: usize, grain: usize) -> usize {
    let wanted = (left / (2 * workers.max(1))).max(grain).max(1);
    (wanted.div_ceil(CHUNK) * CHUNK).min(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_in_order() {
        for n in [0, 1, CHUNK, CHUNK + 1, 10 * CHUNK + 7, 1_000_003] {
            for weights in [&[1.0][..], &[1.0, 1.0], &[3.0, 0.0, 1.0], &[0.0, 1.0], &[1.0, 2.0, 0.0]] {
                let spans = shares(n, weights);
                assert_eq!(spans.len(), weights.len());
                assert_eq!(spans[0].start, 0);
                assert_eq!(spans.last().unwrap().end, n);
                for (pair, weight) in spans.windows(2).zip(weights) {
                    assert_eq!(pair[0].end, pair[1].start);
                    assert!(pair[0].end == n || pair[0].end % CHUNK == 0);
                    assert!(*weight > 0.0 || pair[0].is_empty());
                }
            }
        }
    }

    #[test]
    fn a_guided_queue_ends_and_shrinks() {
        let (mut left, mut last) = (1_000_003, usize::MAX);
        while left > 0 {
            let take = guided(left, 3, 2 * CHUNK);
            assert!(take > 0 && take <= left && take <= last);
            assert!(take == left || take.is_multiple_of(CHUNK) && take >= 2 * CHUNK);
            (left, last) = (left - take, take);
        }
    }
}
