//! The serial share that a measured curve shows, by least squares, and what the law then says of more workers.
//!
//! Amdahl (1967): `t(n) = t1 * (s + (1 - s) / n)`, so the time is a straight line in `1 / n`. Gustafson (1988): a problem
//! that grows with the workers is done `n * (1 - s) + s` times as fast, so the *rate of one worker* is a straight line in
//! `1 / n`: `rate(n) = rate1 * ((1 - s) + s / n)`. Both are `y = a + b / n` with neither below 0, and both are fitted alike:
//!
//! 1. Least squares of relative errors, `sum of ((y - a - b / n) / y)^2`: the noise of a time grows with the time, and the
//!    short times of many workers tell as much as the long one of a single worker.
//! 2. The weights are taken again from the fitted line until they stay: a time that came out short by chance would
//!    otherwise weigh more than one that came out long.
//! 3. A line below 0 at either end is fitted again through 0: the share stays from 0 to 1.
//! 4. The standard error of the share is that of `a / (a + b)` by the covariance of the two (the delta method), and the
//!    interval is Student's for 95 %. Two points leave nothing to judge an error by, and none is given.
//!
//! One point for each number of workers, the median of several runs, serves best: the fit forgives noise, not outliers.
//! On two workers alone the share is off by about three times what the times are off by.

use super::distributions::student_quantile;
use super::scaling::{Fixed, Grown};
use super::{amdahl, amdahl_limit, gustafson};

/// Which law a curve was held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// A problem that stays the same; the share is of the time on one worker.
    Amdahl,
    /// A problem that grows with the workers; the share is of the time on all of them.
    Gustafson,
}

/// A fitted law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The law.
    pub law: Law,
    /// The serial share, from 0 to 1.
    pub serial: f64,
    /// How sure the share is, or `None` where the points are as many as the unknowns: no degree of freedom is left.
    pub error: Option<ShareError>,
    /// How far the points are from the law: the root of the mean square of the relative errors (0.01 is one hundredth).
    pub residual: f64,
    /// What the law says of one worker: seconds for Amdahl, work done in a second for Gustafson.
    pub on_one: f64,
    /// Points less unknowns.
    pub degrees_of_freedom: usize,
}

/// How sure a fitted share is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareError {
    /// The standard error of the share.
    pub standard: f64,
    /// The share lies above this and
    pub low: f64,
    /// below this, with a probability of 95 %. Both are from 0 to 1.
    pub high: f64,
}

/// Fits Amdahl's law to the times of one problem.
///
/// `None` with fewer than two different numbers of workers, or where a number has no meaning (no workers, a time that is
/// not above 0).
///
/// ```
/// use manylane::evaluate::{fit, scaling::Fixed};
///
/// let times = [(1, 10.0), (2, 6.0), (4, 4.0), (8, 3.0)].map(|(workers, seconds)| Fixed { workers, seconds });
/// let law = fit::amdahl_fit(&times).unwrap();
/// assert!((law.serial - 0.2).abs() < 1e-9);
/// assert!((law.ceiling() - 5.0).abs() < 1e-6); // however many workers
/// assert!((law.speedup(16) - 4.0).abs() < 1e-6);
/// assert!(law.error.unwrap().standard < 1e-6);
///
/// let two = fit::amdahl_fit(&times[..2]).unwrap();
/// assert!(two.error.is_none() && two.degrees_of_freedom == 0);
/// ```
#[must_use]
pub fn amdahl_fit(times: &[Fixed]) -> Option<Fit> {
    let points: Option<Vec<_>> = times.iter().map(|time| point(time.workers, time.seconds)).collect();
    let line = Line::fit(&points?)?;
    Some(line.law(Law::Amdahl, line.at_no_share / (line.at_no_share + line.by_share)))
}

/// Fits Gustafson's law to the times of a problem that grows as the workers do.
///
/// `None` as for [`amdahl_fit`], where a size is not above 0, and where the sizes are not proportional to the workers, to
/// a hundredth.
///
/// ```
/// use manylane::evaluate::{fit, scaling::Grown};
///
/// let times = [(1, 1.0), (2, 1.0 / 0.95), (4, 1.0 / 0.925), (8, 1.0 / 0.9125)]
///     .map(|(workers, seconds)| Grown { workers, size: 1e6 * workers as f64, seconds });
/// let law = fit::gustafson_fit(&times).unwrap();
/// assert!((law.serial - 0.1).abs() < 1e-9);
/// assert!((law.speedup(64) - 57.7).abs() < 1e-6);
/// assert!(law.ceiling().is_infinite());
/// ```
#[must_use]
pub fn gustafson_fit(times: &[Grown]) -> Option<Fit> {
    let per_worker = |time: &Grown| time.size / time.workers as f64;
    let first = per_worker(times.first()?);
    let points: Option<Vec<_>> = times
        .iter()
        .map(|time| {
            let alike = (per_worker(time) / first - 1.0).abs() <= 0.01;
            if alike && time.seconds > 0.0 {
                point(time.workers, per_worker(time) / time.seconds)
            } else {
                None
            }
        })
        .collect();
    let line = Line::fit(&points?)?;
    Some(line.law(Law::Gustafson, line.by_share / (line.at_no_share + line.by_share)))
}

impl Fit {
    /// The most that any number of workers can speed it up: `1 / serial` by Amdahl; by Gustafson there is no end, unless
    /// all is serial.
    #[must_use]
    pub fn ceiling(&self) -> f64 {
        match self.law {
            Law::Amdahl => amdahl_limit(self.serial),
            Law::Gustafson if self.serial < 1.0 => f64::INFINITY,
            Law::Gustafson => 1.0,
        }
    }

    /// The speed-up that the law foretells for `workers`.
    #[must_use]
    pub fn speedup(&self, workers: usize) -> f64 {
        match self.law {
            Law::Amdahl => amdahl(self.serial, workers),
            Law::Gustafson => gustafson(self.serial, workers),
        }
    }

    /// The speed-ups at the two ends of the share's interval, the lower first, or `None` where the share has none.
    #[must_use]
    pub fn speedup_range(&self, workers: usize) -> Option<(f64, f64)> {
        let error = self.error?;
        let at = |serial| Fit { serial, ..*self }.speedup(workers);
        Some((at(error.high), at(error.low)))
    }
}

/// One over the workers, and the measured number. `None` for what has no meaning.
fn point(workers: usize, y: f64) -> Option<(f64, f64)> {
    (workers > 0 && y > 0.0 && y.is_finite()).then(|| (1.0 / workers as f64, y))
}

/// `y = at_no_share + by_share * x`, with `x` one over the workers.
struct Line {
    at_no_share: f64,
    by_share: f64,
    /// The standard error of `at_no_share / (at_no_share + by_share)`.
    standard: Option<f64>,
    residual: f64,
    degrees: usize,
}

/// Sums over the points, each weighed.
#[derive(Default)]
struct Sums {
    w: f64,
    x: f64,
    xx: f64,
    y: f64,
    xy: f64,
}

impl Line {
    fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let first = points.first()?.0;
        if points.iter().all(|&(x, _)| x == first) {
            return None;
        }
        let weighed_by = |predicted: &dyn Fn(f64, f64) -> f64| {
            let mut sums = Sums::default();
            for &(x, y) in points {
                let w = predicted(x, y).powi(-2);
                sums.w += w;
                sums.x += w * x;
                sums.xx += w * x * x;
                sums.y += w * y;
                sums.xy += w * x * y;
            }
            sums
        };
        let mut sums = weighed_by(&|_, y| y);
        let (mut a, mut b) = sums.line();
        for _ in 0..20 {
            sums = weighed_by(&|x, _| a + b * x);
            (a, b) = sums.line();
        }

        let degrees = points.len() - 2;
        let squares: f64 = points.iter().map(|&(x, y)| (y / (a + b * x) - 1.0).powi(2)).sum();
        let standard = (degrees > 0).then(|| {
            let variance = squares / degrees as f64;
            let whole = (a + b).powi(2);
            // By how much the share changes with each, and how much each varies.
            let (by_a, by_b) = (b / whole, -a / whole);
            let spread = by_a * by_a * sums.xx + by_b * by_b * sums.w - 2.0 * by_a * by_b * sums.x;
            (variance * spread / sums.determinant()).max(0.0).sqrt()
        });
        let residual = (squares / points.len() as f64).sqrt();
        Some(Self { at_no_share: a, by_share: b, standard, residual, degrees })
    }

    fn law(&self, law: Law, serial: f64) -> Fit {
        let error = self.standard.map(|standard| {
            let reach = standard * student_quantile(0.05, self.degrees);
            ShareError { standard, low: (serial - reach).max(0.0), high: (serial + reach).min(1.0) }
        });
        let on_one = self.at_no_share + self.by_share;
        Fit { law, serial, error, residual: self.residual, on_one, degrees_of_freedom: self.degrees }
    }
}

impl Sums {
    fn determinant(&self) -> f64 {
        self.w * self.xx - self.x * self.x
    }

    /// The best line that is nowhere below 0 from no share to a share of 1.
    fn line(&self) -> (f64, f64) {
        let a = (self.xx * self.y - self.x * self.xy) / self.determinant();
        let b = (self.w * self.xy - self.x * self.y) / self.determinant();
        if a < 0.0 {
            (0.0, self.xy / self.xx)
        } else if b < 0.0 {
            (self.y / self.w, 0.0)
        } else {
            (a, b)
        }
    }
}

#[cfg(test)]
mod tests;
