//! The library's functions in double precision, and how far a float is from what they give.

/// The distance in units of the last place that the exact value would have as a float; infinity counts as 2^128.
///
/// NaN is 0 away from NaN and infinitely far from all else, and so is a zero of the wrong sign.
#[must_use]
pub fn error_in_ulps(found: f32, exact: f64) -> f64 {
    if found.is_nan() || exact.is_nan() {
        return if found.is_nan() && exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if exact == 0.0 {
        let same = found == 0.0 && found.is_sign_negative() == exact.is_sign_negative();
        return if same { 0.0 } else { f64::INFINITY };
    }
    let end = 2f64.powi(128);
    let (found, exact) = (f64::from(found).clamp(-end, end), exact.clamp(-end, end));
    let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    // At the very end the last place is that of the largest finite floats.
    let place = exponent.clamp(-126, 127) - 23;
    (found - exact).abs() * f64::from_bits(((1023 - place) as u64) << 52)
}

const FRAC_1_SQRT_PI: f64 = 0.5 * std::f64::consts::FRAC_2_SQRT_PI;

/// The error function, to about 1e-15 of itself.
#[must_use]
pub fn erf(x: f64) -> f64 {
    let size = x.abs();
    if size.is_nan() {
        return x;
    }
    let y = if size < 3.0 { erf_series(size) } else { 1.0 - erfc_fraction(size) };
    y.copysign(x)
}

/// Its complement, to about 1e-11 of itself.
#[must_use]
pub fn erfc(x: f64) -> f64 {
    if x < 3.0 { 1.0 - erf(x) } else { erfc_fraction(x) }
}

/// 2/√π e^(-x²) (x + 2/3 x³ + 2²/(3·5) x⁵ + …), all of one sign.
fn erf_series(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for k in 1..200 {
        term *= x * x / (f64::from(k) + 0.5);
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    2.0 * FRAC_1_SQRT_PI * (-x * x).exp() * sum
}

/// e^(-x²) / √π / (x + ½/(x + 1/(x + 1½/(x + …)))), from the end.
fn erfc_fraction(x: f64) -> f64 {
    if x > 30.0 {
        return 0.0;
    }
    let fraction = (1..60).rev().fold(x, |sum, k| x + 0.5 * f64::from(k) / sum);
    (-x * x).exp() * FRAC_1_SQRT_PI / fraction
}

/// 1 / √x.
#[must_use]
pub fn rsqrt(x: f64) -> f64 {
    1.0 / x.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_count_last_places() {
        assert_eq!(error_in_ulps(1.0, 1.0), 0.0);
        assert_eq!(error_in_ulps(1.0 + f32::EPSILON, 1.0), 1.0);
        assert_eq!(error_in_ulps(0.0, 2f64.powi(-150)), 0.5);
        assert_eq!(error_in_ulps(f32::INFINITY, 2f64.powi(300)), 0.0);
        assert_eq!(error_in_ulps(f32::MAX, f64::INFINITY), 1.0);
        assert_eq!(error_in_ulps(-0.0, 0.0), f64::INFINITY);
        assert_eq!(error_in_ulps(f32::NAN, 1.0), f64::INFINITY);
    }

    #[test]
    #[expect(clippy::excessive_precision, reason = "as mpmath gives them")]
    fn the_error_function_is_mpmaths() {
        for (x, y, rest) in [
            (1e-3, 0.001_128_378_790_969_236_38, 0.998_871_621_209_030_764),
            (0.5, 0.520_499_877_813_046_538, 0.479_500_122_186_953_462),
            (1.0, 0.842_700_792_949_714_869, 0.157_299_207_050_285_131),
            (2.0, 0.995_322_265_018_952_734, 4.677_734_981_047_265_84e-3),
            (2.875, 0.999_952_145_160_256_227, 4.785_483_974_377_341_3e-5),
            (3.25, 0.999_995_697_220_536_325, 4.302_779_463_675_121_82e-6),
            (6.0, 1.0, 2.151_973_671_249_891_31e-17),
            (10.0, 1.0, 2.088_487_583_762_544_76e-45),
        ] {
            assert!((erf(x) - y).abs() <= 1e-14 * y, "erf {x}");
            assert!((erfc(x) - rest).abs() <= 1e-10 * rest, "erfc {x}");
            assert_eq!((erf(-x), erfc(-x)), (-erf(x), 1.0 + erf(x)));
        }
    }
}
