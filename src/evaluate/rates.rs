//! Work done in a second.

/// Gigabytes (10^9) a second.
///
/// ```
/// assert_eq!(manylane::evaluate::gb_s(12e6, 0.5e-3), 24.0);
/// ```
#[must_use]
pub fn gb_s(bytes: f64, seconds: f64) -> f64 {
    rate(bytes, seconds)
}

/// Thousand millions (10^9) of float operations a second.
///
/// ```
/// assert_eq!(manylane::evaluate::gflop_s(2e9, 0.5), 4.0);
/// ```
#[must_use]
pub fn gflop_s(operations: f64, seconds: f64) -> f64 {
    rate(operations, seconds)
}

fn rate(amount: f64, seconds: f64) -> f64 {
    if amount >= 0.0 && seconds > 0.0 { amount / seconds / 1e9 } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triad_of_twelve_bytes() {
        // STREAM's triad in f32: 12 bytes and 2 operations for each of 2^26 elements in 40 ms.
        let n = f64::from(1u32 << 26);
        assert!((gb_s(12.0 * n, 0.04) - 20.132_659_2).abs() < 1e-9);
        assert!((gflop_s(2.0 * n, 0.04) - 3.355_443_2).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_meaning_is_nan() {
        assert!(gb_s(1.0, 0.0).is_nan());
        assert!(gflop_s(-1.0, 1.0).is_nan());
    }
}
