//! Whether something became faster or slower, in the noise that timings have.
//!
//! 1. Timings come in rounds, and those of a round hang together: the clock, the heat and the neighbours are the same.
//!    Two runs of one program differ by more than the timings within a round say, so rounds are what is taken for
//!    independent, not timings. Fewer than three rounds on a side cannot be held against each other: then blocks of
//!    neighbouring timings stand in, and what two runs may drift apart has to be allowed for by a number.
//! 2. The ratio of the medians is what is reported, and its interval is by the bootstrap (Efron 1979): blocks drawn again
//!    with replacement, whole (Davison and Hinkley 1997, section 3.8; Künsch 1989 for neighbours in one series).
//! 3. With few blocks the plain percentiles are too narrow. They are taken farther out, as Student's distribution is
//!    wider than the normal one and a variance of n is less than one of n - 1 (Hesterberg 2015, "expanded percentiles";
//!    here with the degrees of freedom of both sides together).
//! 4. A change is called so only where the ranks say so too (Mann and Whitney, over blocks), and where the whole interval
//!    is beyond the least ratio that matters: significance alone finds differences that nobody cares for, as two builds
//!    of the same code have (Kalibera and Jones 2013; criterion's noise threshold does the same).
//!
//! Take five rounds or more. On simulated machines whose rounds are 1 to 3 % off, each by itself, the interval of 95 %
//! holds the true ratio in 94 to 96 of 100 tries from four rounds on, and in 90 with three. A change where there is none
//! is shown in fewer than one of 100 from five rounds on, and in two to three with three. Five rounds of ten timings with
//! 3 % of noise find a slowdown by 10 % in 97 of 100, three rounds in 82. A table of many rows is wrong more often than
//! one row: its rows can be held to a larger least change.

use super::super::distributions::{normal_two_sided, student_quantile};
use super::super::random::Random;
use super::rank::mann_whitney_of_blocks;
use super::{median, quantile, sorted};

/// Rounds on each side, from which they are taken for the blocks.
const FEWEST_ROUNDS: usize = 3;

/// When a change is called one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The probability of seeing a change where there is none that is put up with; the interval is of one less it.
    pub significance: f64,
    /// The least change that matters, as a share: 0.02 asks for more than 1.02 times as long, or less than 1 / 1.02.
    pub least_change: f64,
    /// What two runs may be apart though nothing changed. It is added to the least change where there are too few rounds
    /// to show it ([`Blocks::Neighbours`]), and not used otherwise.
    pub unseen_drift: f64,
    /// How often the blocks are drawn again.
    pub resamples: usize,
    /// The seed of the draws: the same seed gives the same interval.
    pub seed: u64,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No change that matters is shown. That is not a proof of none: see [`Comparison::low`] and [`Comparison::high`].
    NoChange,
    /// It takes less time.
    Faster,
    /// It takes more time.
    Slower,
}

/// What was taken for independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    /// The rounds.
    Rounds,
    /// Blocks of neighbouring timings, as there were fewer than three rounds on a side. What drifts from one round to the
    /// next is not accounted for.
    Neighbours,
}

/// Two sets of timings held against each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The median of the later timings over that of the earlier ones: 1.1 is 10 % slower.
    pub ratio: f64,
    /// The ratio lies above this and
    pub low: f64,
    /// below this, with a probability of one less the significance.
    pub high: f64,
    /// The probability of ranks as far apart where nothing changed; NaN where all timings are equal.
    pub p: f64,
    /// What was taken for independent.
    pub blocks: Blocks,
    /// What came out.
    pub verdict: Verdict,
}

impl Default for Rule {
    /// 5 %, 2 %, a drift of 4 %, 2,000 draws.
    fn default() -> Self {
        Self { significance: 0.05, least_change: 0.02, unseen_drift: 0.04, resamples: 2000, seed: 0 }
    }
}

impl Comparison {
    /// Whether the timings are good enough to tell a change of `share` from none: the interval is narrower than that on
    /// either side of the ratio. Where it is not, no change means little.
    #[must_use]
    pub fn could_tell(&self, share: f64) -> bool {
        self.high / self.ratio < 1.0 + share && self.ratio / self.low < 1.0 + share
    }
}

/// Holds the timings `after` a change against those `before` it, each given by rounds.
///
/// Timings that are not above 0 and finite are left out, and rounds without any. `None` where a side has fewer than three
/// timings.
///
/// ```
/// use manylane::evaluate::samples::{Rule, Verdict, compare};
///
/// let before = [[1.00, 1.01, 1.02, 1.00], [1.01, 1.02, 1.01, 1.70], [1.00, 1.00, 1.01, 1.02]];
/// let after = before.map(|round| round.map(|seconds| seconds * 1.1));
/// let comparison = compare(&before, &after, &Rule::default()).unwrap();
/// assert_eq!(comparison.verdict, Verdict::Slower);
/// assert!((comparison.ratio - 1.1).abs() < 1e-9);
/// assert_eq!(compare(&before, &before, &Rule::default()).unwrap().verdict, Verdict::NoChange);
/// ```
#[must_use]
pub fn compare<B: AsRef<[f64]>, A: AsRef<[f64]>>(
    before: &[B],
    after: &[A],
    rule: &Rule,
) -> Option<Comparison> {
    let (before, after) = (cleaned(before), cleaned(after));
    let count = |rounds: &[Vec<f64>]| rounds.iter().map(Vec::len).sum::<usize>();
    if count(&before).min(count(&after)) < 3 {
        return None;
    }
    let blocks = match before.len().min(after.len()) {
        FEWEST_ROUNDS.. => Blocks::Rounds,
        _ => Blocks::Neighbours,
    };
    let (before, after) = (blocks.of(&before), blocks.of(&after));
    let ratio = median(&after.concat()) / median(&before.concat());
    let (low, high) = interval(&before, &after, rule);
    let p = mann_whitney_of_blocks(&before, &after);
    let unseen = if blocks == Blocks::Rounds { 0.0 } else { rule.unseen_drift.max(0.0) };
    let least = 1.0 + rule.least_change.max(0.0) + unseen;
    let verdict = if p >= rule.significance || p.is_nan() {
        Verdict::NoChange
    } else if low > least {
        Verdict::Slower
    } else if high < 1.0 / least {
        Verdict::Faster
    } else {
        Verdict::NoChange
    };
    Some(Comparison { ratio, low, high, p, blocks, verdict })
}

impl Blocks {
    /// The blocks of `rounds`. Those of neighbours are as long as the cube root of how many there are, which is the order
    /// that serves a series best (Hall, Horowitz and Jing 1995), and never reach over a round's end.
    fn of(self, rounds: &[Vec<f64>]) -> Vec<&[f64]> {
        match self {
            Self::Rounds => rounds.iter().map(Vec::as_slice).collect(),
            Self::Neighbours => {
                let count: usize = rounds.iter().map(Vec::len).sum();
                let length = (count as f64).cbrt().round() as usize;
                rounds.iter().flat_map(|round| round.chunks(length)).collect()
            }
        }
    }
}

fn cleaned<R: AsRef<[f64]>>(rounds: &[R]) -> Vec<Vec<f64>> {
    let good = |round: &R| -> Vec<f64> {
        round.as_ref().iter().copied().filter(|&seconds| seconds > 0.0 && seconds.is_finite()).collect()
    };
    rounds.iter().map(good).filter(|round| !round.is_empty()).collect()
}

/// Where the ratio of the medians lies, by drawing the blocks of each side again.
fn interval(before: &[&[f64]], after: &[&[f64]], rule: &Rule) -> (f64, f64) {
    let mut random = Random::new(rule.seed);
    let mut pool = Vec::new();
    let ratios = sorted((0..rule.resamples).map(|_| {
        let earlier = drawn_median(before, &mut random, &mut pool);
        drawn_median(after, &mut random, &mut pool) / earlier
    }));
    let outside = expanded(rule.significance, before.len(), after.len());
    (quantile(&ratios, outside / 2.0), quantile(&ratios, 1.0 - outside / 2.0))
}

fn drawn_median(blocks: &[&[f64]], random: &mut Random, pool: &mut Vec<f64>) -> f64 {
    pool.clear();
    for _ in blocks {
        pool.extend_from_slice(blocks[random.below(blocks.len())]);
    }
    let middle = pool.len() / 2;
    let even = pool.len().is_multiple_of(2);
    let (below, &mut upper, _) = pool.select_nth_unstable_by(middle, f64::total_cmp);
    if even { 0.5 * (below.iter().copied().fold(f64::NEG_INFINITY, f64::max) + upper) } else { upper }
}

/// The probability to leave outside of the percentiles, for `significance` to be outside in truth.
fn expanded(significance: f64, before: usize, after: usize) -> f64 {
    let fewest = before.min(after) as f64;
    normal_two_sided((fewest / (fewest - 1.0)).sqrt() * student_quantile(significance, before + after - 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentiles_go_out_where_blocks_are_few() {
        assert!((expanded(0.05, 10_000, 10_000) - 0.05).abs() < 1e-4);
        // t is 2.3060 for eight degrees: 2.3060 * sqrt(5 / 4) = 2.5782 deviations.
        assert!((expanded(0.05, 5, 5) - 0.009_93).abs() < 1e-5, "{}", expanded(0.05, 5, 5));
        assert!(expanded(0.05, 3, 3) < expanded(0.05, 3, 9) && expanded(0.05, 3, 9) < expanded(0.05, 5, 5));
    }

    #[test]
    fn the_drawn_median_is_the_median() {
        for count in 1..20 {
            let block: Vec<f64> = (0..count).map(|k| f64::from(k * 7 % 20)).collect();
            let drawn = drawn_median(&[&block], &mut Random::new(1), &mut Vec::new());
            assert_eq!(drawn, median(&block));
        }
    }

    #[test]
    fn the_same_input_gives_the_same_interval() {
        let before = [[1.0, 1.2, 1.1], [1.3, 1.2, 1.0], [1.1, 1.1, 1.4], [1.0, 1.3, 1.2]];
        let after = before.map(|round| round.map(|seconds| seconds * 1.3));
        let first = compare(&before, &after, &Rule::default()).unwrap();
        assert_eq!(compare(&before, &after, &Rule::default()), Some(first));
        assert!(first.low <= first.ratio && first.ratio <= first.high && first.low < first.high);
        assert!(first.could_tell(1.0) && !first.could_tell(0.01));
    }

    #[test]
    fn a_change_that_does_not_matter_is_none() {
        let before: Vec<Vec<f64>> =
            (0..8).map(|round| (0..10).map(|k| 1.0 + 1e-5 * f64::from(round + k)).collect()).collect();
        let by = |factor: f64| {
            let after: Vec<Vec<f64>> =
                before.iter().map(|round| round.iter().map(|seconds| seconds * factor).collect()).collect();
            compare(&before, &after, &Rule::default()).unwrap()
        };
        let slower = by(1.015);
        assert!(slower.verdict == Verdict::NoChange && slower.p < 0.01 && slower.low > 1.014);
        assert_eq!(by(1.03).verdict, Verdict::Slower);
        assert_eq!(by(0.97).verdict, Verdict::Faster);
        let strict = Rule { least_change: 0.0, ..Rule::default() };
        let after: Vec<Vec<f64>> =
            before.iter().map(|round| round.iter().map(|s| s * 1.015).collect()).collect();
        assert_eq!(compare(&before, &after, &strict).unwrap().verdict, Verdict::Slower);
    }

    #[test]
    fn a_series_without_rounds_is_taken_in_blocks() {
        let before: Vec<f64> = (0..30).map(|k| 1.0 + 0.01 * f64::from(k % 5)).collect();
        let after: Vec<f64> = before.iter().map(|seconds| seconds * 1.2).collect();
        let comparison = compare(&[&before], &[&after], &Rule::default()).unwrap();
        assert_eq!((comparison.blocks, comparison.verdict), (Blocks::Neighbours, Verdict::Slower));
        let equal = compare(&[[1.0; 9]], &[[1.0; 9]], &Rule::default()).unwrap();
        assert!(equal.p.is_nan() && equal.verdict == Verdict::NoChange);
        assert_eq!((equal.low, equal.high), (1.0, 1.0));
    }

    #[test]
    fn too_little_is_no_comparison() {
        let rule = Rule::default();
        assert_eq!(compare(&[[1.0, 2.0]], &[[1.0, 2.0]], &rule), None);
        assert_eq!(compare(&[[1.0, 2.0, f64::NAN]], &[[1.0, 2.0, 3.0]], &rule), None);
        assert_eq!(compare(&[[1.0, 2.0, -1.0]], &[[1.0, 2.0, 3.0]], &rule), None);
        assert_eq!(compare::<[f64; 0], [f64; 0]>(&[], &[], &rule), None);
    }
}
