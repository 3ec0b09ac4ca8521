//! The fixed tree of reductions, as a naive loop.

/// Places of a block.
const BLOCK: usize = 4_096;
/// Accumulators of a block.
const WIDTH: usize = 128;

/// `values` folded by `op` in the order that every target must keep; `empty` where there are none.
///
/// In a block, accumulator `j` takes the places `j`, `j + 128`, … from `identity` on, then `j` takes `j + 64`, `j + 32`,
/// …, `j + 1`. Blocks pair up with their neighbours, level by level; one without a neighbour goes up as it is.
pub fn tree<T: Copy>(values: &[T], identity: T, empty: T, op: impl Fn(T, T) -> T) -> T {
    let mut level: Vec<T> = values
        .chunks(BLOCK)
        .map(|block| {
            let mut sums = [identity; WIDTH];
            for (i, value) in block.iter().enumerate() {
                sums[i % WIDTH] = op(sums[i % WIDTH], *value);
            }
            for half in [64, 32, 16, 8, 4, 2, 1] {
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
        for n in [0, 1, 127, 128, 129, 4_095, 4_096, 4_097, 5 * 4_096 + 1] {
            let values: Vec<u64> = (1..=n).collect();
            assert_eq!(tree(&values, 0, 0, |a, b| a + b), n * (n + 1) / 2);
        }
    }

    #[test]
    fn of_one_value_it_is_that_value() {
        assert_eq!(tree(&[-0.0f32], -0.0, 0.0, |a, b| a + b).to_bits(), (-0.0f32).to_bits());
        assert_eq!(tree(&[], -0.0f32, 0.0, |a, b| a + b).to_bits(), 0);
    }
}
