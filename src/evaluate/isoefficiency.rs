//! Isoefficiency: how large a problem must be to keep many workers busy (Grama, Gupta and Kumar 1993).
//!
//! `n` workers on a problem of size `W` (its work, in any unit) lose the overhead `T` in all: waiting, talking, starting.
//! Their efficiency is `1 / (1 + T / W)`, so to keep an efficiency `e` the problem must be so large that
//! `T / W = (1 - e) / e`. Where the overhead grows faster with the workers than the work, the problem must grow too; how
//! fast it must is the isoefficiency function. Where it is steep, or has no answer, a program scales badly.
//!
//! [`Overhead`] is a model of `T / W` that a few measurements are enough for; [`measured_size`] asks the measurements alone.

/// An efficiency that was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// How large the problem was: its work.
    pub size: f64,
    /// How many worked.
    pub workers: usize,
    /// The share of each worker put to use, from 0 to 1.
    pub efficiency: f64,
}

/// Overhead for each unit of work, as powers: `factor * workers^by_workers / size^by_size`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overhead {
    /// The overhead of one worker on a problem of size 1, if the powers went so far.
    pub factor: f64,
    /// The power of the workers.
    pub by_workers: f64,
    /// The power of the size. At 0 or below, larger problems are no more efficient, and none is large enough.
    pub by_size: f64,
}

impl Overhead {
    /// Fits the model to measurements: least squares of the logarithms of `1 / efficiency - 1`.
    ///
    /// What has no overhead to take a logarithm of is left out: one worker, and an efficiency of 1 or more. `None` where
    /// the rest does not tell the three numbers: fewer than three points, one size or one number of workers only, or both
    /// always growing together. `None` too where a size or an efficiency is not above 0.
    ///
    /// ```
    /// use manylane::evaluate::isoefficiency::{Measured, Overhead};
    ///
    /// // Each worker costs as much as 100 units of work: T = 100 n.
    /// let at = |size, workers| {
    ///     Measured { size, workers, efficiency: 1.0 / (1.0 + 100.0 * workers as f64 / size) }
    /// };
    /// let overhead = Overhead::fit(&[at(1e4, 2), at(1e4, 4), at(1e5, 4)]).unwrap();
    /// assert!((overhead.size(16, 0.8).unwrap() - 6400.0).abs() < 1e-3);
    /// assert!((overhead.growth().unwrap() - 1.0).abs() < 1e-9); // twice the workers, twice the size
    /// ```
    #[must_use]
    pub fn fit(measured: &[Measured]) -> Option<Self> {
        let mut points = Vec::new();
        for &Measured { size, workers, efficiency } in measured {
            let has_meaning = size > 0.0 && size.is_finite() && workers > 0 && efficiency > 0.0;
            if !has_meaning {
                return None;
            }
            if workers > 1 && efficiency < 1.0 {
                points.push([(workers as f64).ln(), size.ln(), (1.0 / efficiency - 1.0).ln()]);
            }
        }
        if points.len() < 3 {
            return None;
        }
        let count = points.len() as f64;
        let mean = [0, 1, 2].map(|k| points.iter().map(|point| point[k]).sum::<f64>() / count);
        let product = |i: usize, j: usize| -> f64 {
            points.iter().map(|point| (point[i] - mean[i]) * (point[j] - mean[j])).sum()
        };
        let (nn, ss, ns) = (product(0, 0), product(1, 1), product(0, 1));
        let determinant = nn * ss - ns * ns;
        // Workers and sizes that lie on one line of logarithms cannot be told apart.
        if determinant <= 1e-9 * nn * ss {
            return None;
        }
        let (ny, sy) = (product(0, 2), product(1, 2));
        let by_workers = (ny * ss - sy * ns) / determinant;
        let by_size = -(sy * nn - ny * ns) / determinant;
        let factor = (mean[2] - by_workers * mean[0] + by_size * mean[1]).exp();
        Some(Self { factor, by_workers, by_size })
    }

    /// The efficiency that the model foretells.
    ///
    /// ```
    /// use manylane::evaluate::isoefficiency::Overhead;
    ///
    /// let overhead = Overhead { factor: 100.0, by_workers: 1.0, by_size: 1.0 };
    /// assert_eq!(overhead.efficiency(1600.0, 4), 0.8);
    /// ```
    #[must_use]
    pub fn efficiency(&self, size: f64, workers: usize) -> f64 {
        match workers {
            1 if size > 0.0 => 1.0,
            2.. if size > 0.0 => {
                let overhead = self.factor * (workers as f64).powf(self.by_workers) / size.powf(self.by_size);
                1.0 / (1.0 + overhead)
            }
            _ => f64::NAN,
        }
    }

    /// How large the problem must be to keep `workers` at `efficiency`; beyond what was measured, take it for a direction.
    ///
    /// `None` where no size is large enough, where the answer is beyond all numbers, or where `efficiency` is not between
    /// 0 and 1 or there are no workers. One worker is always efficient: 0.
    #[must_use]
    pub fn size(&self, workers: usize, efficiency: f64) -> Option<f64> {
        let between = efficiency > 0.0 && efficiency < 1.0;
        match workers {
            1 if between => Some(0.0),
            2.. if between && self.by_size > 0.0 => {
                let allowed = (1.0 - efficiency) / efficiency;
                let overhead = self.factor * (workers as f64).powf(self.by_workers);
                let size = (overhead / allowed).powf(1.0 / self.by_size);
                size.is_finite().then_some(size)
            }
            _ => None,
        }
    }

    /// The power of the workers that the size must grow with to stay as efficient: 1 is a problem that grows as the
    /// workers do, 0 or less one that need not grow. `None` where no growth helps.
    #[must_use]
    pub fn growth(&self) -> Option<f64> {
        (self.by_size > 0.0).then(|| self.by_workers / self.by_size)
    }
}

/// The size from which on `workers` were at `efficiency` or above it, between the measured sizes by the logarithm of the
/// size.
///
/// `None` where they were not measured, did not reach it at the largest size, or were above it at the smallest already, so
/// that the size is not among those measured.
///
/// ```
/// use manylane::evaluate::isoefficiency::{Measured, measured_size};
///
/// let at = |size, efficiency| Measured { size, workers: 8, efficiency };
/// let measured = [at(1e3, 0.5), at(1e5, 0.9)];
/// assert!((measured_size(&measured, 8, 0.7).unwrap() - 1e4).abs() < 1e-6);
/// assert_eq!(measured_size(&measured, 8, 0.95), None);
/// ```
#[must_use]
pub fn measured_size(measured: &[Measured], workers: usize, efficiency: f64) -> Option<f64> {
    let mut points: Vec<(f64, f64)> = measured
        .iter()
        .filter(|point| point.workers == workers && point.size > 0.0 && point.efficiency.is_finite())
        .map(|point| (point.size, point.efficiency))
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    // The last size below it: from the next one on it is kept.
    let below = points.iter().rposition(|point| point.1 < efficiency);
    let Some(below) = below else {
        // Met exactly at the smallest size: that is the answer, and otherwise it lies farther down.
        return points.first().filter(|point| point.1 == efficiency).map(|point| point.0);
    };
    let ((x0, y0), (x1, y1)) = (points[below], *points.get(below + 1)?);
    Some(x0 * (x1 / x0).powf((efficiency - y0) / (y1 - y0)))
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    /// Adding numbers on a tree of processors, where the overhead is 2 n log2 n: table 5.1 of Grama, Gupta, Karypis and
    /// Kumar, Introduction to Parallel Computing (2003), with its two digits.
    fn table() -> Vec<Measured> {
        let rows = [
            (64.0, [0.80, 0.57, 0.33, 0.17]),
            (192.0, [0.92, 0.80, 0.60, 0.38]),
            (320.0, [0.95, 0.87, 0.71, 0.50]),
            (512.0, [0.97, 0.91, 0.80, 0.62]),
        ];
        let mut table = Vec::new();
        for (size, row) in rows {
            table.push(Measured { size, workers: 1, efficiency: 1.0 });
            for (workers, efficiency) in [4, 8, 16, 32].into_iter().zip(row) {
                table.push(Measured { size, workers, efficiency });
            }
        }
        table
    }

    #[test]
    fn the_table_of_the_textbook() {
        // An efficiency of 0.80 is T / W = 0.25: 2 n log2 n = W / 4, met by 64 on 4, by 192 on 8 and by 512 on 16.
        assert_eq!(measured_size(&table(), 4, 0.80), Some(64.0));
        assert!((measured_size(&table(), 8, 0.80).unwrap() - 192.0).abs() < 1e-9);
        assert!((measured_size(&table(), 16, 0.80).unwrap() - 512.0).abs() < 1e-9);
        assert_eq!(measured_size(&table(), 32, 0.80), None);
        assert_eq!(measured_size(&table(), 4, 0.5), None);

        let overhead = Overhead::fit(&table()).unwrap();
        assert!((overhead.by_size - 1.0).abs() < 0.05, "{overhead:?}");
        for (workers, size) in [(4, 64.0), (8, 192.0), (16, 512.0), (32, 1280.0)] {
            let found = overhead.size(workers, 0.8).unwrap();
            assert!((found / size - 1.0).abs() < 0.15, "{workers}: {found}");
        }
        // n log n grows a little faster than n.
        assert!((1.2..1.7).contains(&overhead.growth().unwrap()), "{overhead:?}");
    }

    #[test]
    fn the_size_gives_the_efficiency_back() {
        let overhead = Overhead { factor: 3.0, by_workers: 1.5, by_size: 0.5 };
        for workers in [2, 3, 64] {
            for efficiency in [0.1, 0.5, 0.99] {
                let size = overhead.size(workers, efficiency).unwrap();
                assert!((overhead.efficiency(size, workers) - efficiency).abs() < 1e-9);
            }
        }
        assert_eq!(overhead.growth(), Some(3.0));
        assert_eq!((overhead.size(1, 0.9), overhead.efficiency(5.0, 1)), (Some(0.0), 1.0));
    }

    #[test]
    fn noise_moves_the_fit_little() {
        let truth = Overhead { factor: 40.0, by_workers: 1.2, by_size: 0.9 };
        for seed in 0..100 {
            let mut random = Random::new(seed);
            let mut measured = Vec::new();
            for workers in [1, 2, 4, 8] {
                for size in [1e2, 1e3, 1e4] {
                    let efficiency = truth.efficiency(size, workers) * (0.01 * random.normal()).exp();
                    measured.push(Measured { size, workers, efficiency });
                }
            }
            let found = Overhead::fit(&measured).unwrap();
            let (found, want) = (found.size(16, 0.7).unwrap(), truth.size(16, 0.7).unwrap());
            assert!((found / want - 1.0).abs() < 0.5, "seed {seed}: {found} is not {want}");
        }
    }

    #[test]
    fn what_the_data_do_not_tell_is_none() {
        let at = |size, workers, efficiency| Measured { size, workers, efficiency };
        let none = |measured: &[Measured]| assert_eq!(Overhead::fit(measured), None, "{measured:?}");
        none(&[]);
        none(&[at(1e3, 2, 0.5), at(1e4, 4, 0.5)]);
        // One number of workers, one size, and both growing together.
        none(&[at(1e3, 2, 0.5), at(1e4, 2, 0.6), at(1e5, 2, 0.7)]);
        none(&[at(1e3, 2, 0.9), at(1e3, 4, 0.8), at(1e3, 8, 0.7)]);
        none(&[at(1e3, 2, 0.9), at(2e3, 4, 0.8), at(4e3, 8, 0.7)]);
        // Nothing is left of those without overhead.
        none(&[at(1e3, 1, 1.0), at(1e4, 2, 1.0), at(1e3, 2, 1.1), at(1e4, 4, 0.9)]);
        none(&[at(1e3, 2, 0.5), at(1e4, 2, 0.6), at(1e3, 4, 0.0)]);
        none(&[at(1e3, 2, 0.5), at(1e4, 2, 0.6), at(-1.0, 4, 0.5)]);
        none(&[at(1e3, 2, 0.5), at(1e4, 2, 0.6), at(1e3, 0, 0.5)]);

        let larger_is_no_better = Overhead { factor: 0.1, by_workers: 1.0, by_size: -0.1 };
        assert_eq!((larger_is_no_better.size(4, 0.5), larger_is_no_better.growth()), (None, None));
        let hardly = Overhead { by_size: 1e-6, ..larger_is_no_better };
        assert_eq!(hardly.size(4, 0.01).map(|size| size < 1.0), Some(true));
        assert_eq!(hardly.size(40, 0.9), None);
        let good = Overhead { by_size: 1.0, ..hardly };
        assert!(
            good.size(0, 0.5).is_none() && good.size(4, 1.0).is_none() && good.size(4, f64::NAN).is_none()
        );
        assert!(good.efficiency(0.0, 2).is_nan() && good.efficiency(1.0, 0).is_nan());
    }

    #[test]
    fn an_efficiency_that_falls_again_is_reached_after_the_fall() {
        let at = |size, efficiency| Measured { size, workers: 2, efficiency };
        let measured = [at(1e4, 0.9), at(1e2, 0.9), at(1e3, 0.5), at(1.0, 0.1)];
        let size = measured_size(&measured, 2, 0.7).unwrap();
        assert!((size / 1e3f64 - 10f64.sqrt()).abs() < 1e-9, "{size}");
    }
}
