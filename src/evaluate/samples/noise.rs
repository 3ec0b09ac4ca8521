//! How far timings can be trusted.

use super::summarize;

/// The spread, as a share of the median, above which timings are called spread.
const SPREAD: f64 = 0.05;
/// How far the rounds may be apart, as a share of the median.
const DRIFT: f64 = 0.05;
/// The share of severe outliers, above which timings are called interrupted.
const SEVERE: f64 = 0.05;
/// How many deviations a single timing may be from the median: hyperfine's limit.
const FAR: f64 = 10.0;
/// Fewer timings say nothing of their noise.
const FEWEST: usize = 5;

/// What makes timings noisy, the one first that matters most to their median.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Noise {
    /// Nothing to mend.
    Quiet,
    /// Fewer than five timings: nothing can be said.
    TooFew,
    /// The medians of the rounds are more than 5 % apart: the clock, the heat or a neighbour changed. Take more rounds.
    Drift,
    /// The deviation is above 5 % of the median. Take more samples, or longer ones.
    Spread,
    /// More than 5 % are severe outliers, or one is more than ten deviations from the median: something interrupts.
    /// The median stands; the mean would not.
    Outliers,
}

/// How noisy timings are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unrest {
    /// What stands out.
    pub noise: Noise,
    /// The deviation (1.4826 times the median absolute one) as a share of the median.
    pub spread: f64,
    /// How far the greatest median of a round is above the least, as a share of the median; 0 for a single round.
    pub drift: f64,
    /// The share of the timings that are severe outliers by Tukey's fences.
    pub severe: f64,
    /// The farthest timing from the median, in deviations.
    pub farthest: f64,
}

/// Says how quiet timings are that were taken in `rounds`.
///
/// ```
/// use manylane::evaluate::samples::{Noise, judge};
///
/// let quiet = [[1.00, 1.01, 1.02], [1.01, 1.01, 1.00]];
/// assert_eq!(judge(&quiet).noise, Noise::Quiet);
/// let drifting = [[1.00, 1.01, 1.02], [1.21, 1.21, 1.20]];
/// assert_eq!(judge(&drifting).noise, Noise::Drift);
/// ```
#[must_use]
pub fn judge<R: AsRef<[f64]>>(rounds: &[R]) -> Unrest {
    let samples: Vec<f64> = rounds.iter().flat_map(|round| round.as_ref()).copied().collect();
    let all = summarize(&samples);
    let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
    for median in rounds.iter().map(|round| super::median(round.as_ref())).filter(|median| median.is_finite())
    {
        (least, greatest) = (least.min(median), greatest.max(median));
    }
    let outliers = all.outliers(&samples);
    let severe = (outliers.low_severe + outliers.high_severe) as f64 / all.count as f64;
    let (drift, spread) = ((greatest - least).max(0.0) / all.median, all.spread());
    let farthest = all.modified_z(all.max).max(-all.modified_z(all.min));
    let noise = if all.count < FEWEST {
        Noise::TooFew
    } else if drift > DRIFT {
        Noise::Drift
    } else if spread > SPREAD {
        Noise::Spread
    } else if severe > SEVERE || farthest > FAR {
        Noise::Outliers
    } else {
        Noise::Quiet
    };
    Unrest { noise, spread, drift, severe, farthest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_noise_is_told() {
        let steady: Vec<f64> = (0..20).map(|k| 1.0 + 0.001 * f64::from(k % 7)).collect();
        assert_eq!(judge(&[&steady]).noise, Noise::Quiet);
        assert_eq!(judge(&[&steady]).drift, 0.0);

        let mut interrupted = steady.clone();
        interrupted[3] = 4.0;
        let unrest = judge(&[&interrupted]);
        assert!(
            unrest.noise == Noise::Outliers && unrest.severe == 0.05 && unrest.farthest > 100.0,
            "{unrest:?}"
        );

        let spread: Vec<f64> = (0..20).map(|k| 1.0 + 0.02 * f64::from(k)).collect();
        assert_eq!(judge(&[&spread]).noise, Noise::Spread);

        let slower: Vec<f64> = steady.iter().map(|sample| sample * 1.08).collect();
        let unrest = judge(&[&steady, &slower]);
        assert!(unrest.noise == Noise::Drift && (unrest.drift - 0.077).abs() < 0.005, "{unrest:?}");
    }

    #[test]
    fn a_few_say_nothing() {
        assert_eq!(judge(&[[1.0, 2.0], [9.0, f64::NAN]]).noise, Noise::TooFew);
        assert_eq!(judge::<[f64; 0]>(&[]).noise, Noise::TooFew);
        assert!(judge::<[f64; 0]>(&[]).spread.is_nan());
    }
}
