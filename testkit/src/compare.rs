//! Comparison of results with an oracle's.

use std::fmt::{Debug, Display};

/// A value that has a meaning of "the same" and a distance.
pub trait Same: Copy + Debug {
    /// The same bits, where any NaN is the same as any other.
    fn same(self, other: Self) -> bool;
    /// Steps between the two over representable values; `u64::MAX` where only one is NaN.
    fn steps(self, other: Self) -> u64;
    /// The larger of difference over magnitude of the expected value, or over `floor`; 0 where the same.
    fn relative(self, expected: Self, floor: f64) -> f64;
}

/// How near a result must come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// The same bits; NaN is NaN.
    Exact,
    /// That many representable values apart at most.
    Ulps(u64),
    /// At most `share` of the expected magnitude, or of `floor` where that is larger.
    Relative {
        /// Of the magnitude.
        share: f64,
        /// The least magnitude that counts.
        floor: f64,
    },
}

impl Same for f32 {
    fn same(self, other: f32) -> bool {
        self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
    }

    fn steps(self, other: f32) -> u64 {
        ulps(self, other)
    }

    fn relative(self, expected: f32, floor: f64) -> f64 {
        if self.same(expected) {
            return 0.0;
        }
        let error = (f64::from(self) - f64::from(expected)).abs() / f64::from(expected).abs().max(floor);
        if error.is_nan() { f64::INFINITY } else { error }
    }
}

macro_rules! integer {
    ($($type:ty)*) => {$(
        impl Same for $type {
            fn same(self, other: $type) -> bool {
                self == other
            }
            fn steps(self, other: $type) -> u64 {
                (i64::from(self) - i64::from(other)).unsigned_abs()
            }
            fn relative(self, expected: $type, floor: f64) -> f64 {
                self.steps(expected) as f64 / (expected as f64).abs().max(floor)
            }
        }
    )*};
}
integer!(i32 u32 u8 i8 u16 i16);

impl<T: Same, const C: usize> Same for [T; C] {
    fn same(self, other: [T; C]) -> bool {
        self.into_iter().zip(other).all(|(a, b)| a.same(b))
    }

    fn steps(self, other: [T; C]) -> u64 {
        self.into_iter().zip(other).map(|(a, b)| a.steps(b)).max().unwrap_or(0)
    }

    fn relative(self, expected: [T; C], floor: f64) -> f64 {
        self.into_iter().zip(expected).map(|(a, b)| a.relative(b, floor)).fold(0.0, f64::max)
    }
}

/// Steps over representable floats from one to the other: 0 for the same and for the two zeros, `u64::MAX` where only one
/// is NaN.
pub fn ulps(a: f32, b: f32) -> u64 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() && b.is_nan() { 0 } else { u64::MAX };
    }
    let line = |x: f32| {
        let bits = i64::from(x.to_bits() & 0x7fff_ffff);
        if x.is_sign_negative() { -bits } else { bits }
    };
    (line(a) - line(b)).unsigned_abs()
}

impl Tolerance {
    /// Whether `found` is near enough.
    pub fn holds<T: Same>(self, found: T, expected: T) -> bool {
        match self {
            Tolerance::Exact => found.same(expected),
            Tolerance::Ulps(most) => found.steps(expected) <= most,
            Tolerance::Relative { share, floor } => found.relative(expected, floor) <= share,
        }
    }
}

/// Every value is the same as the expected one.
///
/// # Panics
/// Where one is not, naming the first place.
#[track_caller]
pub fn assert_same<T: Same>(what: impl Display, found: &[T], expected: &[T]) {
    assert_close(what, found, expected, Tolerance::Exact);
}

/// Every value is near enough to the expected one.
///
/// # Panics
/// Where one is not, naming the first place.
#[track_caller]
pub fn assert_close<T: Same>(what: impl Display, found: &[T], expected: &[T], tolerance: Tolerance) {
    assert_share(what, found, expected, tolerance, 0.0);
}

/// All but a share of the values are near enough to the expected ones.
///
/// # Panics
/// Where more are not, naming the first place.
#[track_caller]
pub fn assert_share<T: Same>(
    what: impl Display,
    found: &[T],
    expected: &[T],
    tolerance: Tolerance,
    share: f64,
) {
    assert_eq!(found.len(), expected.len(), "{what}: length");
    let differ = |i: &usize| !tolerance.holds(found[*i], expected[*i]);
    let Some(first) = (0..found.len()).find(differ) else { return };
    let count = (0..found.len()).filter(differ).count();
    assert!(
        count as f64 <= share * found.len() as f64,
        "{what}: {count} of {} places differ ({tolerance:?}); the first is place {first}: found {:?}, expected {:?}",
        found.len(),
        found[first],
        expected[first]
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_floats() {
        assert_eq!(ulps(1.0, 1.0), 0);
        assert_eq!(ulps(0.0, -0.0), 0);
        assert_eq!(ulps(1.0, 1.0 + f32::EPSILON), 1);
        assert_eq!(ulps(1e-45, -1e-45), 2);
        assert_eq!(ulps(f32::MAX, f32::INFINITY), 1);
        assert_eq!(ulps(f32::NAN, f32::NAN), 0);
        assert_eq!(ulps(f32::NAN, 1.0), u64::MAX);
    }

    #[test]
    fn exact_tells_zeros_apart_but_not_nans() {
        assert!(!Tolerance::Exact.holds(0.0f32, -0.0));
        assert!(Tolerance::Exact.holds(f32::NAN, -f32::NAN));
        assert!(Tolerance::Relative { share: 1e-6, floor: 1.0 }.holds([1.0f32, 1e-7], [1.0, 0.0]));
        assert!(!Tolerance::Relative { share: 1e-6, floor: 1.0 }.holds(f32::INFINITY, 1.0));
        assert!(!Tolerance::Relative { share: 1e-6, floor: 1.0 }.holds(f32::NAN, 1.0));
    }

    #[test]
    #[should_panic(expected = "1 of 3 places differ")]
    fn the_first_place_is_named() {
        assert_same("x", &[1, 2, 3], &[1, 5, 3]);
    }
}
