//! Tails and quantiles of the normal distribution and of Student's.
//!
//! Formulas by their number in Abramowitz and Stegun, Handbook of Mathematical Functions (1964).

use std::f64::consts::{FRAC_2_SQRT_PI, PI, SQRT_2};

/// The probability that a normal number lies farther from 0 than `z`, on either side.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    erfc(z.abs() / SQRT_2)
}

/// The probability that a number of Student's distribution with `degrees` lies farther from 0 than `t`, on either side:
/// 26.7.3 and 26.7.4, finite sums for whole degrees of freedom.
pub(super) fn student_two_sided(t: f64, degrees: usize) -> f64 {
    let angle = (t.abs() / (degrees as f64).sqrt()).atan();
    let (sin, cos) = angle.sin_cos();
    let odd = degrees % 2 == 1;
    // The powers of the cosine go 1, 3, 5, … for odd degrees and 0, 2, 4, … for even ones.
    let mut term = if odd { cos } else { 1.0 };
    let mut sum = 0.0;
    let mut power = if odd { 1 } else { 0 };
    while power + 2 <= degrees {
        sum += term;
        term *= cos * cos * (power + 1) as f64 / (power + 2) as f64;
        power += 2;
    }
    let within = if odd { (angle + sin * sum) * 2.0 / PI } else { sin * sum };
    (1.0 - within).clamp(0.0, 1.0)
}

/// How far from 0 Student's distribution with `degrees` reaches with a probability of `outside` beyond, both sides together.
pub(super) fn student_quantile(outside: f64, degrees: usize) -> f64 {
    if degrees == 0 || !(outside > 0.0 && outside < 1.0) {
        return f64::NAN;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while student_two_sided(high, degrees) > outside && high < 1e12 {
        (low, high) = (high, high * 2.0);
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if student_two_sided(middle, degrees) > outside { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// What the error function lacks to 1: the series 7.1.6 for small numbers, the continued fraction 7.1.14 for large ones.
fn erfc(x: f64) -> f64 {
    if x < 2.5 {
        let (mut term, mut sum, mut n) = (x, x, 1.0);
        while term > 1e-17 * sum && n < 200.0 {
            term *= 2.0 * x * x / (2.0 * n + 1.0);
            sum += term;
            n += 1.0;
        }
        1.0 - FRAC_2_SQRT_PI * (-x * x).exp() * sum
    } else {
        // x + (1/2)/(x + 1/(x + (3/2)/(x + …))), from its far end.
        let mut fraction = x;
        for k in (1..=60).rev() {
            fraction = x + 0.5 * f64::from(k) / fraction;
        }
        0.5 * FRAC_2_SQRT_PI * (-x * x).exp() / fraction
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_tails_of_the_tables() {
        for (z, p) in [(0.0, 1.0), (1.0, 0.317_310_507_9), (1.959_963_985, 0.05), (3.0, 0.002_699_796_1)] {
            assert!((normal_two_sided(z) - p).abs() < 1e-9, "{z}: {}", normal_two_sided(z));
            assert_eq!(normal_two_sided(z), normal_two_sided(-z));
        }
        // Far out, and on both sides of where the series ends and the fraction begins.
        assert!((normal_two_sided(6.0) / 1.973_175_29e-9 - 1.0).abs() < 1e-6);
        assert!((erfc(2.5 - 1e-12) / erfc(2.5) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn student_quantiles_of_the_tables() {
        let table = [
            (1, 12.7062),
            (2, 4.3027),
            (3, 3.1824),
            (4, 2.7764),
            (5, 2.5706),
            (10, 2.2281),
            (30, 2.0423),
            (61, 1.9996),
        ];
        for (degrees, want) in table {
            let got = student_quantile(0.05, degrees);
            assert!((got - want).abs() < 1e-4, "{degrees}: {got}");
        }
        assert!((student_quantile(0.01, 4) - 4.6041).abs() < 1e-4);
        assert!(student_quantile(0.05, 0).is_nan());
        assert!(student_quantile(1.0, 3).is_nan());
    }
}
