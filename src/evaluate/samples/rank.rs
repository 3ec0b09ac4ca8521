//! Whether numbers of one set tend to be greater than those of another, by their ranks alone.

use super::super::distributions::normal_two_sided;

/// The test of Mann and Whitney (1947).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// In how many of the pairs the number of the second set is the greater one; a tie counts half.
    pub u: f64,
    /// `u` less what is expected without a difference, in standard deviations; above 0 the second set is greater.
    pub z: f64,
    /// The probability of a `z` as far from 0 where there is no difference.
    pub p: f64,
}

/// Compares two sets of independent numbers by their ranks.
///
/// `p` is by the normal approximation, with the correction of the variance for ties and without one for continuity; from
/// about eight numbers in each set it is close. NaN where a set is empty or all numbers are equal.
///
/// Timings that follow each other are seldom independent, which makes `p` far too small: [`compare`](super::compare) takes
/// them in rounds.
///
/// ```
/// use manylane::evaluate::samples::mann_whitney;
///
/// let test = mann_whitney(&[1.0, 2.0, 4.0], &[3.0, 5.0, 6.0]);
/// assert_eq!(test.u, 8.0); // eight of nine pairs
/// ```
#[must_use]
pub fn mann_whitney(first: &[f64], second: &[f64]) -> MannWhitney {
    let pooled: Vec<f64> = first.iter().chain(second).copied().collect();
    let scores = midranks(&pooled);
    let (n, m) = (first.len() as f64, second.len() as f64);
    let u = scores[first.len()..].iter().sum::<f64>() - m * (m + 1.0) / 2.0;
    let z = permutation_z(&scores, first.len());
    MannWhitney { u: if n * m > 0.0 { u } else { f64::NAN }, z, p: normal_two_sided(z) }
}

/// The same for sets of blocks whose numbers hang together: only the blocks are taken for independent.
///
/// Each number gets its rank among all, each block the mean of its ranks, and the mean of a set is judged by how much it
/// would vary if the blocks were dealt to the sets at random. That is the cluster form of the test (Rosner, Glynn and Lee
/// 2003), with each block counting the same; with one number in each block it is [`mann_whitney`].
pub(super) fn mann_whitney_of_blocks(first: &[&[f64]], second: &[&[f64]]) -> f64 {
    let blocks = || first.iter().chain(second);
    let pooled: Vec<f64> = blocks().flat_map(|block| block.iter()).copied().collect();
    let ranks = midranks(&pooled);
    let mut from = 0;
    let scores: Vec<f64> = blocks()
        .map(|block| {
            let ranks = &ranks[from..from + block.len()];
            from += block.len();
            ranks.iter().sum::<f64>() / ranks.len() as f64
        })
        .collect();
    normal_two_sided(permutation_z(&scores, first.len()))
}

/// How many standard deviations the sum of the scores from `split` on is from what dealing them at random would give.
fn permutation_z(scores: &[f64], split: usize) -> f64 {
    let (all, n, m) = (scores.len() as f64, split as f64, (scores.len() - split) as f64);
    let mean = scores.iter().sum::<f64>() / all;
    let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
    let distance = scores[split..].iter().sum::<f64>() - m * mean;
    distance / (n * m / (all * (all - 1.0)) * squares).sqrt()
}

/// The rank of each number, from 1; equal ones get the mean of their ranks.
fn midranks(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_unstable_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut before = 0;
    for equal in order.chunk_by(|&a, &b| numbers[a] == numbers[b]) {
        for &at in equal {
            ranks[at] = before as f64 + (equal.len() + 1) as f64 / 2.0;
        }
        before += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::super::super::random::Random;
    use super::*;

    /// Every pair, one by one.
    fn pairs(first: &[f64], second: &[f64]) -> f64 {
        let value = |a: f64, b: f64| {
            if b > a {
                1.0
            } else if b == a {
                0.5
            } else {
                0.0
            }
        };
        first.iter().flat_map(|&a| second.iter().map(move |&b| value(a, b))).sum()
    }

    #[test]
    fn the_pairs_are_counted() {
        for seed in 0..50 {
            let mut random = Random::new(seed);
            let (n, m) = (1 + random.below(12), 1 + random.below(12));
            let mut draw = |count| (0..count).map(|_| random.below(9) as f64).collect::<Vec<_>>();
            let (first, second) = (draw(n), draw(m));
            assert_eq!(mann_whitney(&first, &second).u, pairs(&first, &second), "seed {seed}");
        }
    }

    #[test]
    fn the_tie_correction_of_the_textbook() {
        // The variance with ties is n m / 12 * ((N + 1) - sum of (t^3 - t) / (N (N - 1))), Lehmann (1975).
        let (first, second) = ([1.0, 2.0, 2.0, 3.0, 5.0], [2.0, 3.0, 3.0, 3.0, 7.0, 8.0]);
        let test = mann_whitney(&first, &second);
        let (n, m, all) = (5.0, 6.0, 11.0);
        let ties = (27.0 - 3.0) + (64.0 - 4.0);
        let variance: f64 = n * m / 12.0 * ((all + 1.0) - ties / (all * (all - 1.0)));
        assert!((test.z - (test.u - n * m / 2.0) / variance.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_known_answer() {
        // Complete separation of ten and ten: u = 100, z = 50 / sqrt(175), p = 0.000157.
        let first: Vec<f64> = (0..10).map(f64::from).collect();
        let second: Vec<f64> = (10..20).map(f64::from).collect();
        let test = mann_whitney(&first, &second);
        assert_eq!(test.u, 100.0);
        assert!((test.z - 3.779_645).abs() < 1e-6 && (test.p - 0.000_157_05).abs() < 1e-7, "{test:?}");
        let back = mann_whitney(&second, &first);
        assert_eq!((back.u, back.z, back.p), (0.0, -test.z, test.p));
    }

    #[test]
    fn blocks_of_one_are_the_plain_test() {
        let (first, second) = ([1.0, 4.0, 2.0, 2.0], [3.0, 5.0, 2.0]);
        let blocks = mann_whitney_of_blocks(
            &first.chunks(1).collect::<Vec<_>>(),
            &second.chunks(1).collect::<Vec<_>>(),
        );
        assert!((blocks - mann_whitney(&first, &second).p).abs() < 1e-12);
    }

    #[test]
    fn numbers_that_hang_together_count_as_one() {
        // Two rounds each, one slow by chance: forty numbers, and no more to tell than four.
        let round = |at: f64| (0..10).map(|k| at + 0.001 * f64::from(k)).collect::<Vec<_>>();
        let rounds = [round(1.00), round(1.02), round(1.01), round(1.05)];
        let plain =
            mann_whitney(&[&rounds[0][..], &rounds[1]].concat(), &[&rounds[2][..], &rounds[3]].concat());
        let blocks = mann_whitney_of_blocks(&[&rounds[0], &rounds[1]], &[&rounds[2], &rounds[3]]);
        assert!(plain.p < 0.01 && blocks > 0.2, "{} {blocks}", plain.p);
    }

    #[test]
    fn what_has_no_meaning_is_nan() {
        assert!(mann_whitney(&[], &[1.0]).p.is_nan() && mann_whitney(&[1.0], &[]).u.is_nan());
        assert!(mann_whitney(&[1.0, 1.0], &[1.0]).p.is_nan());
    }
}
