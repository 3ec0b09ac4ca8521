//! Scaling: what more workers do to a problem that stays as it is (strong) and to one that grows with them (weak).
//!
//! Each measured point gets its speed-up, its efficiency and the serial share that it shows by itself, after Karp and
//! Flatt (1990) for a fixed problem and by Gustafson's law (1988) for a grown one. Where the share climbs along the curve,
//! each added worker costs (communication, imbalance); where it stays, the program is serial to that share. The laws
//! fitted to a whole curve are in [`fit`](super::fit).

use super::{absolute_speedup, efficiency, karp_flatt, relative_speedup};

/// How far over linear a speed-up must be, as a share of it, to be called superlinear: less is noise.
pub const MARGIN: f64 = 0.02;

/// A time of a problem that is the same for any number of workers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fixed {
    /// How many worked.
    pub workers: usize,
    /// How long they took; the median of several runs serves best.
    pub seconds: f64,
}

/// A time of a problem that grows with the workers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grown {
    /// How many worked.
    pub workers: usize,
    /// How much there was to do, in any unit that the work is proportional to.
    pub size: f64,
    /// How long they took.
    pub seconds: f64,
}

/// A point of a strong-scaling curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strong {
    /// How many worked.
    pub workers: usize,
    /// How long they took.
    pub seconds: f64,
    /// Times faster than the best sequential program; NaN where that was not timed.
    pub absolute: f64,
    /// Times faster than the same program on one worker; NaN where that was not timed.
    pub relative: f64,
    /// The share of each worker put to use, `absolute / workers`.
    pub absolute_efficiency: f64,
    /// The same beside the parallel program on one worker, `relative / workers`.
    pub efficiency: f64,
    /// The serial share by Karp and Flatt, from the relative speed-up; NaN for one worker.
    pub serial: f64,
    /// Whether the relative speed-up is more than the workers, by more than [`MARGIN`].
    pub superlinear: bool,
}

/// A point of a weak-scaling curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weak {
    /// How many worked.
    pub workers: usize,
    /// How much there was to do.
    pub size: f64,
    /// How long they took.
    pub seconds: f64,
    /// The scaled speed-up: work done in a second, beside one worker's. NaN without a point of one worker.
    pub speedup: f64,
    /// `speedup / workers`; with sizes proportional to the workers it is the time on one over the time on many.
    pub efficiency: f64,
    /// The share `s` that makes Gustafson's `workers + (1 - workers) * s` the measured speed-up. NaN for one worker, and
    /// where the size has not grown as the workers did, to a hundredth: the law speaks of no other problem.
    pub serial: f64,
    /// Whether the speed-up is more than the workers, by more than [`MARGIN`].
    pub superlinear: bool,
}

/// Why a speed-up is more than linear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// A worker's share of the data fits the cache of this level (1 is the nearest), which the whole does not on one.
    Cache {
        /// The level, from 1.
        level: usize,
    },
    /// The program wastes time on one worker: beside the sequential program the speed-up is not more than linear.
    SlowOnOneWorker,
    /// Neither: less work in all (a search that ends early), or a measurement to be repeated.
    Unknown,
}

/// What a program touches and where it could stay, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Footprint<'c> {
    /// All that the problem touches.
    pub whole: f64,
    /// What one worker touches of it, halos and tables included.
    pub share: f64,
    /// The caches, the nearest first.
    pub caches: &'c [Cache],
}

/// A cache: its size, and how many workers have one of them in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cache {
    /// Its size in bytes.
    pub bytes: f64,
    /// 1 where each worker has its own.
    pub workers: usize,
}

/// The strong-scaling curve of a program: one point for each time, in their order.
///
/// `sequential` is the time in seconds of the best sequential program, where there is one. The reference of the relative
/// speed-up is the shortest time on one worker among the points.
///
/// ```
/// use manylane::evaluate::scaling::{Fixed, strong};
///
/// let times = [Fixed { workers: 1, seconds: 12.0 }, Fixed { workers: 4, seconds: 4.0 }];
/// let curve = strong(&times, Some(10.0));
/// assert_eq!(curve[1].relative, 3.0);
/// assert_eq!(curve[1].absolute, 2.5);
/// assert_eq!(curve[1].efficiency, 0.75);
/// assert!((curve[1].serial - 1.0 / 9.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn strong(times: &[Fixed], sequential: Option<f64>) -> Vec<Strong> {
    let on_one =
        times.iter().filter(|time| time.workers == 1).map(|time| time.seconds).fold(f64::NAN, f64::min);
    times
        .iter()
        .map(|&Fixed { workers, seconds }| {
            let absolute = absolute_speedup(sequential.unwrap_or(f64::NAN), seconds);
            let relative = relative_speedup(on_one, seconds);
            Strong {
                workers,
                seconds,
                absolute,
                relative,
                absolute_efficiency: efficiency(absolute, workers),
                efficiency: efficiency(relative, workers),
                serial: karp_flatt(relative, workers),
                superlinear: is_superlinear(relative, workers),
            }
        })
        .collect()
}

/// The weak-scaling curve of a program: one point for each time, in their order.
///
/// The reference is the point of one worker that did most in a second.
///
/// ```
/// use manylane::evaluate::scaling::{Grown, weak};
///
/// let times =
///     [Grown { workers: 1, size: 1e6, seconds: 2.0 }, Grown { workers: 4, size: 4e6, seconds: 2.5 }];
/// let curve = weak(&times);
/// assert_eq!(curve[1].speedup, 3.2);
/// assert_eq!(curve[1].efficiency, 0.8);
/// ```
#[must_use]
pub fn weak(times: &[Grown]) -> Vec<Weak> {
    let (mut rate_of_one, mut size_of_one) = (f64::NAN, f64::NAN);
    for time in times.iter().filter(|time| time.workers == 1) {
        let rate = work_rate(time);
        if rate_of_one.is_nan() || rate > rate_of_one {
            (rate_of_one, size_of_one) = (rate, time.size);
        }
    }
    times
        .iter()
        .map(|time| {
            let &Grown { workers, size, seconds } = time;
            let speedup = work_rate(time) / rate_of_one;
            let n = workers as f64;
            let grown_alike = (size / (n * size_of_one) - 1.0).abs() <= 0.01;
            Weak {
                workers,
                size,
                seconds,
                speedup,
                efficiency: efficiency(speedup, workers),
                serial: if workers > 1 && grown_alike { (n - speedup) / (n - 1.0) } else { f64::NAN },
                superlinear: is_superlinear(speedup, workers),
            }
        })
        .collect()
}

impl Strong {
    /// Why this point is more than linear, or `None` where it is not.
    ///
    /// ```
    /// use manylane::evaluate::scaling::{Cache, Cause, Fixed, Footprint, strong};
    ///
    /// let times = [Fixed { workers: 1, seconds: 9.0 }, Fixed { workers: 2, seconds: 3.0 }];
    /// let caches = [Cache { bytes: 32e3, workers: 1 }, Cache { bytes: 1e6, workers: 1 }];
    /// let footprint = Footprint { whole: 1.6e6, share: 0.8e6, caches: &caches };
    /// assert_eq!(strong(&times, None)[1].cause(&footprint), Some(Cause::Cache { level: 2 }));
    /// ```
    #[must_use]
    pub fn cause(&self, footprint: &Footprint<'_>) -> Option<Cause> {
        if !self.superlinear {
            return None;
        }
        let fits = |cache: &Cache| {
            // Those that have a cache in common each bring their share to it.
            let together = self.workers.min(cache.workers.max(1)) as f64;
            footprint.share * together <= cache.bytes && footprint.whole > cache.bytes
        };
        Some(match footprint.caches.iter().position(fits) {
            Some(at) => Cause::Cache { level: at + 1 },
            None if self.absolute.is_finite() && !is_superlinear(self.absolute, self.workers) => {
                Cause::SlowOnOneWorker
            }
            None => Cause::Unknown,
        })
    }
}

fn is_superlinear(speedup: f64, workers: usize) -> bool {
    workers > 0 && speedup > workers as f64 * (1.0 + MARGIN)
}

fn work_rate(time: &Grown) -> f64 {
    if time.workers > 0 && time.size > 0.0 && time.seconds > 0.0 {
        time.size / time.seconds
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(times: &[(usize, f64)]) -> Vec<Fixed> {
        times.iter().map(|&(workers, seconds)| Fixed { workers, seconds }).collect()
    }

    #[test]
    fn strong_scaling_of_amdahls_program() {
        let times: Vec<_> = [1, 2, 4, 8].map(|n| (n, 10.0 / super::super::amdahl(0.2, n))).to_vec();
        let curve = strong(&fixed(&times), Some(8.0));
        assert!(curve[0].serial.is_nan() && curve[0].relative == 1.0 && curve[0].absolute == 0.8);
        for point in &curve[1..] {
            assert!((point.serial - 0.2).abs() < 1e-12);
            assert!((point.absolute - 0.8 * point.relative).abs() < 1e-12);
            assert!((point.efficiency * point.workers as f64 - point.relative).abs() < 1e-12);
            assert!(!point.superlinear);
        }
        assert!((curve[3].relative - 1.0 / 0.3).abs() < 1e-12);
    }

    #[test]
    fn a_little_over_linear_is_noise() {
        let curve = strong(&fixed(&[(1, 10.0), (2, 4.95), (4, 2.2)]), None);
        assert!(curve[1].relative > 2.0 && !curve[1].superlinear);
        assert!(curve[2].superlinear && curve[2].serial < 0.0);
        assert!(curve[2].absolute.is_nan());
    }

    #[test]
    fn the_cause_of_more_than_linear() {
        let caches = [
            Cache { bytes: 32e3, workers: 1 },
            Cache { bytes: 1e6, workers: 1 },
            Cache { bytes: 8e6, workers: 4 },
        ];
        let four = |whole, sequential| {
            let point = strong(&fixed(&[(1, 10.0), (4, 2.0)]), sequential)[1];
            point.cause(&Footprint { whole, share: whole / 4.0, caches: &caches })
        };
        assert_eq!(four(3e6, None), Some(Cause::Cache { level: 2 }));
        assert_eq!(four(100e3, None), Some(Cause::Cache { level: 1 }));
        // The whole is in the second level on one worker already, and a quarter is not in the first.
        assert_eq!(four(900e3, None), Some(Cause::Unknown));
        // Level 3 is common to the four: together they bring as much to it as one worker does.
        assert_eq!(four(20e6, None), Some(Cause::Unknown));
        assert_eq!(four(20e6, Some(6.0)), Some(Cause::SlowOnOneWorker));
        assert_eq!(four(20e6, Some(10.0)), Some(Cause::Unknown));

        // Eight workers have two such caches: there it does help.
        let point = strong(&fixed(&[(1, 10.0), (8, 1.0)]), None)[1];
        let footprint = Footprint { whole: 14e6, share: 14e6 / 8.0, caches: &caches };
        assert_eq!(point.cause(&footprint), Some(Cause::Cache { level: 3 }));
        let linear = strong(&fixed(&[(1, 10.0), (8, 1.25)]), None)[1];
        assert_eq!(linear.cause(&footprint), None);
    }

    #[test]
    fn weak_scaling_of_gustafsons_program() {
        let times: Vec<_> = [1, 2, 4, 64]
            .map(|workers| {
                let seconds = 3.0 * workers as f64 / super::super::gustafson(0.05, workers);
                Grown { workers, size: 100.0 * workers as f64, seconds }
            })
            .to_vec();
        let curve = weak(&times);
        assert!(curve[0].serial.is_nan() && curve[0].speedup == 1.0);
        assert!((curve[3].speedup - 60.85).abs() < 1e-9);
        for point in &curve[1..] {
            assert!((point.serial - 0.05).abs() < 1e-9);
        }
    }

    #[test]
    fn a_size_that_did_not_grow_as_the_workers_has_no_share() {
        let times =
            [(1, 10.0, 1.0), (4, 30.0, 1.0)].map(|(workers, size, seconds)| Grown { workers, size, seconds });
        let curve = weak(&times);
        assert_eq!((curve[1].speedup, curve[1].efficiency), (3.0, 0.75));
        assert!(curve[1].serial.is_nan());
    }

    #[test]
    fn what_has_no_meaning_is_nan() {
        let curve = strong(&fixed(&[(2, 1.0), (0, 1.0), (4, -1.0)]), None);
        assert!(
            curve.iter().all(|point| point.relative.is_nan() && point.serial.is_nan() && !point.superlinear)
        );
        assert!(strong(&[], None).is_empty() && weak(&[]).is_empty());
        let lone = weak(&[Grown { workers: 2, size: 1.0, seconds: 1.0 }]);
        assert!(lone[0].speedup.is_nan() && lone[0].serial.is_nan());
    }
}
