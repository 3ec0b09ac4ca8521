//! How much faster, and at what use of the workers.

/// How many times faster than the best sequential program: `sequential / parallel`, both in seconds.
///
/// ```
/// assert_eq!(manylane::evaluate::absolute_speedup(12.0, 3.0), 4.0);
/// ```
#[must_use]
pub fn absolute_speedup(sequential: f64, parallel: f64) -> f64 {
    ratio(sequential, parallel)
}

/// How many times faster than the same parallel program on one worker: `on_one / on_many`, both in seconds.
///
/// It hides what the parallel program costs beside the sequential one, so it is never less than the absolute one where
/// that is the faster of the two.
///
/// ```
/// assert_eq!(manylane::evaluate::relative_speedup(15.0, 3.0), 5.0);
/// ```
#[must_use]
pub fn relative_speedup(on_one: f64, on_many: f64) -> f64 {
    ratio(on_one, on_many)
}

/// The share of each worker that is put to use: `speedup / workers`.
///
/// ```
/// assert_eq!(manylane::evaluate::efficiency(6.0, 8), 0.75);
/// ```
#[must_use]
pub fn efficiency(speedup: f64, workers: usize) -> f64 {
    if workers == 0 { f64::NAN } else { speedup / workers as f64 }
}

fn ratio(before: f64, after: f64) -> f64 {
    if before >= 0.0 && after > 0.0 { before / after } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios() {
        assert_eq!(absolute_speedup(8.0, 2.0), 4.0);
        assert_eq!(relative_speedup(1.0, 2.0), 0.5);
        assert_eq!(efficiency(absolute_speedup(10.0, 2.0), 10), 0.5);
    }

    #[test]
    fn what_has_no_meaning_is_nan() {
        assert!(absolute_speedup(1.0, 0.0).is_nan());
        assert!(absolute_speedup(-1.0, 1.0).is_nan());
        assert!(relative_speedup(f64::NAN, 1.0).is_nan());
        assert!(efficiency(1.0, 0).is_nan());
    }
}
