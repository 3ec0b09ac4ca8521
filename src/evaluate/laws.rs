//! The laws of Amdahl and of Gustafson and Barsis, and the metric of Karp and Flatt.
//!
//! `serial` is the share, from 0 to 1, that only one worker can do. Amdahl takes it of the time on *one* worker and asks
//! how fast the same problem gets; Gustafson takes it of the time on *all* workers and asks how much larger a problem they
//! do in that time. Karp and Flatt go back from a measured speed-up to the share.

/// Amdahl: the most that `workers` can speed up a problem of fixed size, `1 / (serial + (1 - serial) / workers)`.
///
/// ```
/// let speedup = manylane::evaluate::amdahl(0.05, 8);
/// assert!((speedup - 5.926).abs() < 1e-3);
/// ```
#[must_use]
pub fn amdahl(serial: f64, workers: usize) -> f64 {
    if is_share(serial) && workers > 0 { 1.0 / (serial + (1.0 - serial) / workers as f64) } else { f64::NAN }
}

/// Amdahl without end: the most that any number of workers can speed it up, `1 / serial`.
///
/// ```
/// assert_eq!(manylane::evaluate::amdahl_limit(0.05), 20.0);
/// ```
#[must_use]
pub fn amdahl_limit(serial: f64) -> f64 {
    if is_share(serial) { 1.0 / serial } else { f64::NAN }
}

/// Gustafson and Barsis: the speed-up of a problem that grows with the workers, `workers + (1 - workers) * serial`.
///
/// ```
/// assert_eq!(manylane::evaluate::gustafson(0.25, 5), 4.0);
/// ```
#[must_use]
pub fn gustafson(serial: f64, workers: usize) -> f64 {
    if is_share(serial) && workers > 0 {
        let workers = workers as f64;
        workers + (1.0 - workers) * serial
    } else {
        f64::NAN
    }
}

/// Karp and Flatt: the serial share that a measured speed-up shows, `(1 / speedup - 1 / workers) / (1 - 1 / workers)`.
///
/// Where it stays the same as workers are added, the program itself is serial to that share; where it grows, what is added
/// with each worker costs: communication, start, imbalance. Below 0 the speed-up is more than linear (caches). One worker
/// shows nothing: NaN.
///
/// ```
/// assert_eq!(manylane::evaluate::karp_flatt(4.0, 4), 0.0);
/// ```
#[must_use]
pub fn karp_flatt(speedup: f64, workers: usize) -> f64 {
    if speedup > 0.0 && workers > 1 {
        let one_of = 1.0 / workers as f64;
        (1.0 / speedup - one_of) / (1.0 - one_of)
    } else {
        f64::NAN
    }
}

fn is_share(share: f64) -> bool {
    (0.0..=1.0).contains(&share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, want: f64, digits: i32) {
        assert!((got - want).abs() <= 0.5 * 10f64.powi(-digits) + 1e-12, "{got} is not {want}");
    }

    // The numbers are those of M. J. Quinn, Parallel Programming in C with MPI and OpenMP, chapter 7.

    #[test]
    fn amdahl_of_the_textbook() {
        near(amdahl(0.05, 8), 5.9, 1);
        near(amdahl_limit(0.2), 5.0, 9);
        near(amdahl(0.0, 64), 64.0, 9);
        near(amdahl(1.0, 64), 1.0, 9);
        near(amdahl(0.1, 1_000_000_000), amdahl_limit(0.1), 6);
    }

    #[test]
    fn gustafson_of_the_textbook() {
        near(gustafson(0.03, 10), 9.73, 9);
        near(gustafson(0.05, 64), 60.85, 9);
        near(gustafson(0.0, 64), 64.0, 9);
        near(gustafson(1.0, 64), 1.0, 9);
    }

    #[test]
    fn karp_flatt_of_the_textbook_when_the_program_is_serial() {
        for (workers, speedup) in
            [(2, 1.82), (3, 2.50), (4, 3.08), (5, 3.57), (6, 4.00), (7, 4.38), (8, 4.71)]
        {
            near(karp_flatt(speedup, workers), 0.1, 2);
        }
    }

    #[test]
    fn karp_flatt_of_the_textbook_when_the_overhead_grows() {
        let speedups = [1.87, 2.61, 3.23, 3.73, 4.14, 4.46, 4.71];
        let shares = [0.070, 0.075, 0.080, 0.085, 0.090, 0.095, 0.100];
        for (workers, (speedup, share)) in (2..).zip(speedups.into_iter().zip(shares)) {
            // The speed-ups are given to two places only.
            assert!((karp_flatt(speedup, workers) - share).abs() < 1e-3, "{workers} workers");
        }
    }

    #[test]
    fn karp_flatt_undoes_amdahl() {
        for workers in [2, 3, 8, 61] {
            for serial in [0.0, 0.01, 0.3, 1.0] {
                near(karp_flatt(amdahl(serial, workers), workers), serial, 9);
            }
        }
    }

    #[test]
    fn what_has_no_meaning_is_nan() {
        assert!(amdahl(-0.1, 2).is_nan());
        assert!(amdahl(0.1, 0).is_nan());
        assert!(gustafson(1.1, 2).is_nan());
        assert!(karp_flatt(1.0, 1).is_nan());
        assert!(karp_flatt(0.0, 2).is_nan());
        assert!(amdahl_limit(f64::NAN).is_nan());
        assert!(amdahl_limit(0.0).is_infinite());
    }
}
