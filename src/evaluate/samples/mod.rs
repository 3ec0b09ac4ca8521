//! Many timings of one thing: what they say together, which of them stand apart, and whether two sets of them differ.
//!
//! Timings are skewed: they have a floor, and interruptions only ever add to them. So all here goes by order (median,
//! quartiles, ranks) and not by mean and variance. Numbers that are not finite are left out.
//!
//! [`summarize`] and [`Summary`] describe one set, [`judge`] says how quiet it is, and [`compare`] holds two sets against
//! each other.

mod compare;
mod noise;
mod rank;
#[cfg(test)]
mod trials;

pub use compare::{Blocks, Comparison, Rule, Verdict, compare};
pub use noise::{Noise, Unrest, judge};
pub use rank::{MannWhitney, mann_whitney};

/// What a median absolute deviation is multiplied by to be a standard deviation where the numbers are normal.
pub const MAD_TO_DEVIATION: f64 = 1.4826;

/// What many numbers say together, in their own unit. All is NaN where there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// How many there are.
    pub count: usize,
    /// The least.
    pub min: f64,
    /// As many are below it as above.
    pub median: f64,
    /// The greatest.
    pub max: f64,
    /// A quarter of them is below it.
    pub lower_quartile: f64,
    /// A quarter of them is above it.
    pub upper_quartile: f64,
    /// The median of how far each is from the median.
    pub mad: f64,
}

/// How many numbers stand apart, by Tukey's fences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outliers {
    /// More than three times the interquartile range below the lower quartile.
    pub low_severe: usize,
    /// More than one and a half times.
    pub low_mild: usize,
    /// More than one and a half times above the upper quartile.
    pub high_mild: usize,
    /// More than three times.
    pub high_severe: usize,
}

/// Sums up `samples`.
///
/// Quartiles lie between their neighbours in proportion (definition 7 of Hyndman and Fan 1996).
///
/// ```
/// let summary = manylane::evaluate::samples::summarize(&[5.0, 1.0, 2.0, 3.0, 40.0]);
/// assert_eq!((summary.min, summary.median, summary.max), (1.0, 3.0, 40.0));
/// assert_eq!((summary.lower_quartile, summary.upper_quartile), (2.0, 5.0));
/// assert_eq!(summary.mad, 2.0);
/// ```
#[must_use]
pub fn summarize(samples: &[f64]) -> Summary {
    let sorted = sorted(samples.iter().copied());
    let median = quantile(&sorted, 0.5);
    let deviations = self::sorted(sorted.iter().map(|sample| (sample - median).abs()));
    Summary {
        count: sorted.len(),
        min: quantile(&sorted, 0.0),
        median,
        max: quantile(&sorted, 1.0),
        lower_quartile: quantile(&sorted, 0.25),
        upper_quartile: quantile(&sorted, 0.75),
        mad: quantile(&deviations, 0.5),
    }
}

/// The median of `samples`; NaN where there are none.
///
/// ```
/// assert_eq!(manylane::evaluate::samples::median(&[4.0, 1.0, 2.0, 90.0]), 3.0);
/// ```
#[must_use]
pub fn median(samples: &[f64]) -> f64 {
    quantile(&sorted(samples.iter().copied()), 0.5)
}

impl Summary {
    /// The deviation times 1.4826: a standard deviation that outliers do not move.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        self.mad * MAD_TO_DEVIATION
    }

    /// [`deviation`](Self::deviation) as a share of the median.
    #[must_use]
    pub fn spread(&self) -> f64 {
        self.deviation() / self.median
    }

    /// How far `sample` is from the median, `0.6745 * (sample - median) / mad`: the modified z-score of Iglewicz and
    /// Hoaglin (1993), in standard deviations where the numbers are normal.
    ///
    /// They call a number beyond 3.5 an outlier. For timings hyperfine waits for ten deviations (it writes the score
    /// without the factor and the limit as 14.826, which is the same), and so does [`judge`]. Where more than half of the
    /// numbers are equal, any other is infinitely far.
    ///
    /// ```
    /// let summary = manylane::evaluate::samples::summarize(&[9.0, 10.0, 11.0, 12.0, 60.0]);
    /// assert!((summary.modified_z(60.0) - 0.6745 * 49.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn modified_z(&self, sample: f64) -> f64 {
        let distance = sample - self.median;
        if distance == 0.0 { 0.0 } else { 0.6745 * distance / self.mad }
    }

    /// Counts those of `samples` that lie beyond the fences of this summary (Tukey 1977, with the outer fences that
    /// criterion calls severe).
    ///
    /// ```
    /// use manylane::evaluate::samples::summarize;
    ///
    /// let samples = [10.0, 11.0, 12.0, 13.0, 14.0, 17.5, 40.0];
    /// let outliers = summarize(&samples).outliers(&samples);
    /// assert_eq!((outliers.high_mild, outliers.high_severe), (0, 1));
    /// ```
    #[must_use]
    pub fn outliers(&self, samples: &[f64]) -> Outliers {
        let range = self.upper_quartile - self.lower_quartile;
        let mut outliers = Outliers::default();
        for &sample in samples.iter().filter(|sample| sample.is_finite()) {
            if sample < self.lower_quartile - 3.0 * range {
                outliers.low_severe += 1;
            } else if sample < self.lower_quartile - 1.5 * range {
                outliers.low_mild += 1;
            } else if sample > self.upper_quartile + 3.0 * range {
                outliers.high_severe += 1;
            } else if sample > self.upper_quartile + 1.5 * range {
                outliers.high_mild += 1;
            }
        }
        outliers
    }
}

impl Outliers {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.low_severe + self.low_mild + self.high_mild + self.high_severe
    }
}

fn sorted(samples: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = samples.filter(|sample| sample.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The number that a share of `at` of the sorted numbers is below, between neighbours in proportion.
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = at * last as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_as_r_and_numpy_give_them() {
        let summary = summarize(&[7.0, 1.0, 3.0, 10.0, 4.0, 8.0, 6.0, 2.0, 9.0, 5.0]);
        assert_eq!((summary.lower_quartile, summary.median, summary.upper_quartile), (3.25, 5.5, 7.75));
        assert_eq!((summary.count, summary.min, summary.max, summary.mad), (10, 1.0, 10.0, 2.5));
        assert!((summary.deviation() - 3.7065).abs() < 1e-12);
    }

    #[test]
    fn fences() {
        // Quartiles 25 and 75: the fences are at -125, -50, 150 and 225, and a number on a fence is inside.
        let mut samples: Vec<f64> = (0..=100).map(f64::from).collect();
        let summary = summarize(&samples);
        assert_eq!((summary.lower_quartile, summary.upper_quartile), (25.0, 75.0));
        samples = vec![-126.0, -125.0, -51.0, -50.0, 150.0, 151.0, 225.0, 226.0, 1e9];
        let outliers = summary.outliers(&samples);
        assert_eq!(outliers, Outliers { low_severe: 1, low_mild: 2, high_mild: 2, high_severe: 2 });
        assert_eq!(outliers.total(), 7);
    }

    #[test]
    fn a_score_without_deviation() {
        let summary = summarize(&[1.0, 1.0, 1.0, 1.0, 3.0]);
        assert_eq!(summary.mad, 0.0);
        assert_eq!(summary.modified_z(1.0), 0.0);
        assert_eq!(summary.modified_z(3.0), f64::INFINITY);
        assert_eq!(summary.modified_z(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn ten_deviations_are_the_limit_of_hyperfine() {
        // Ten numbers drawn from a normal distribution and two that are far off, from the tests of hyperfine.
        let samples = [
            2.33269488,
            1.42195907,
            -0.57527698,
            -0.31293437,
            2.2948158,
            0.75813273,
            -1.0712388,
            -0.96394741,
            -1.15897446,
            1.10976285,
            20.0,
            -500.0,
        ];
        let summary = summarize(&samples);
        let far = samples.iter().filter(|&&sample| summary.modified_z(sample).abs() > 10.0);
        assert_eq!(far.copied().collect::<Vec<_>>(), [20.0, -500.0]);
        assert!((0.6745f64 * 14.826 - 10.0).abs() < 1e-3);
    }

    #[test]
    fn what_has_no_meaning_is_nan() {
        let nothing = summarize(&[]);
        assert!(
            nothing.count == 0
                && nothing.median.is_nan()
                && nothing.mad.is_nan()
                && nothing.spread().is_nan()
        );
        let summary = summarize(&[f64::NAN, 2.0, f64::INFINITY]);
        assert_eq!((summary.count, summary.min, summary.max, summary.mad), (1, 2.0, 2.0, 0.0));
        assert!(median(&[f64::NAN]).is_nan());
    }
}
