//! The fixed tree of reductions, as a naive loop.

/// Places of a block.
const BLOCK: usize = 4_096;
/// Accumulators of a block.
const WIDTH: usize = 64;

/// `values` folded by `op` in the order that every target must keep; `empty` where there are none.
///
/// In a block, accumulator `j` takes the places `j`, `j + 64`, … from `identity` on, then `j` takes `j + 32`, `j + 16`,
/// …, `j + 1`. Blocks pair up with their neighbours, level by level; one without a neighbour goes up as it is.
pub fn tree<T: Copy>(values: &[T], identity: T, empty: T, op: impl Fn(T, T) -> T) -> T {
    tree_by(values, identity, empty, op, |i| i % WIDTH)
}

/// The same of a row's products with a vector: blocks have four runs, and of the run `k` the accumulators `16 k + j` take the
/// places `j`, `j + 16`, …. A run is a multiple of 16 places, 64 at least.
pub fn tree_of_runs<T: Copy>(values: &[T], identity: T, empty: T, op: impl Fn(T, T) -> T) -> T {
    let run = values.len().min(BLOCK).div_ceil(4).next_multiple_of(16).max(64);
    tree_by(values, identity, empty, op, |i| i / run * 16 + i % run % 16)
}

fn tree_by<T: Copy>(
    values: &[T],
    identity: T,
    empty: T,
    op: impl Fn(T, T) -> T,
    accumulator: impl Fn(usize) -> usize,
) -> T {
    let mut level: Vec<T> = values
        .chunks(BLOCK)
        .map(|block| {
            let mut sums = [identity; WIDTH];
            for (i, value) in block.iter().enumerate() {
                let sum = &mut sums[accumulator(i)];
                *sum = op(*sum, *value);
            }
            for half in [32, 16, 8, 4, 2, 1] {
                for j in 0..half {
                    sums[j] = op(sums[j], sums[j + half]);
                }
            }
            sums[0]
        })
        .collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| if pair.len() == 2 { op(pair[0], pair[1]) } else { pair[0] })
            .collect();
    }
    level.first().copied().unwrap_or(empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_every_value_once() {
        for n in [0, 1, 63, 64, 65, 127, 128, 129, 4_095, 4_096, 4_097, 5 * 4_096 + 1] {
            let values: Vec<u64> = (1..=n).collect();
            assert_eq!(tree(&values, 0, 0, |a, b| a + b), n * (n + 1) / 2);
            assert_eq!(tree_of_runs(&values, 0, 0, |a, b| a + b), n * (n + 1) / 2);
        }
    }

    #[test]
    fn of_one_value_it_is_that_value() {
        assert_eq!(tree(&[-0.0f32], -0.0, 0.0, |a, b| a + b).to_bits(), (-0.0f32).to_bits());
        assert_eq!(tree(&[], -0.0f32, 0.0, |a, b| a + b).to_bits(), 0);
    }
}
