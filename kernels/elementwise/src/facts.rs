//! What is known of a kernel: its cost for one element, and how near its results must come to the reference.

use std::fmt;

/// Name, cost and tolerance of a kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// The kernel's name.
    pub name: &'static str,
    /// What it costs.
    pub cost: Cost,
    /// How near its results must come to the naive reference.
    pub tolerance: Tolerance,
}

/// What a kernel moves and computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Bytes read and written for one element.
    pub bytes: f64,
    /// Operations as the source has them; a division, a root or an `exp` counts as one. For one element, or for one turn
    /// of the loop where `turns` is set.
    pub ops: f64,
    /// Whether `ops` counts one turn, and the kernel's result says how many there were.
    pub turns: bool,
}

impl Cost {
    /// So many bytes and operations for each element.
    pub const fn element(bytes: f64, ops: f64) -> Self {
        Cost { bytes, ops, turns: false }
    }

    /// So many bytes for each element, and operations for each turn of its loop.
    pub const fn turn(bytes: f64, ops: f64) -> Self {
        Cost { bytes, ops, turns: true }
    }

    /// Bytes moved for `n` elements, for GB/s.
    pub fn total_bytes(self, n: usize) -> f64 {
        self.bytes * n as f64
    }

    /// Operations for `n` elements that took `turns` turns together, for GFLOP/s.
    pub fn total_ops(self, n: usize, turns: f64) -> f64 {
        self.ops * if self.turns { turns } else { n as f64 }
    }
}

/// How near a result must come to the naive reference; declared once for each kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// Class A, no float operation decides a result: the same bits everywhere.
    Exact,
    /// Class B, `strict`: the same bits on every CPU level, mapping and honest GPU.
    Bits,
    /// Class C: so many units in the last place.
    Ulps(u32),
    /// Class C: `|got - want| <= absolute + relative * |want|`.
    Within {
        /// In the unit of the result.
        absolute: f32,
        /// As a share of the reference.
        relative: f32,
    },
    /// Class C, branches hang on floats: at most this share of the places may differ; of few places as many more as chance
    /// brings, four standard deviations of their number.
    Share(f64),
    /// Class C, rounded to whole steps: at most `share` of the places may differ, each by one step.
    OneStep {
        /// The share of places that may.
        share: f64,
    },
}

/// A value that can be held against a reference.
pub trait Compare: Copy + fmt::Debug {
    /// Whether the two are the same; of floats the same bits, or both NaN.
    fn same(self, want: Self) -> bool;
    /// How many representable values lie between, where the type knows.
    fn ulps(self, want: Self) -> u64;
    /// The difference, the largest of any channel.
    fn distance(self, want: Self) -> f64;
    /// The magnitude that a relative tolerance refers to.
    fn magnitude(self) -> f64;
}

impl Compare for f32 {
    fn same(self, want: f32) -> bool {
        self.to_bits() == want.to_bits() || (self.is_nan() && want.is_nan())
    }
    fn ulps(self, want: f32) -> u64 {
        if self.is_nan() || want.is_nan() {
            return if self.same(want) { 0 } else { u64::MAX };
        }
        // Floats in order, as integers in order: -0.0 and 0.0 are one.
        let line = |x: f32| {
            let bits = i64::from(x.to_bits() & 0x7fff_ffff);
            if x.is_sign_negative() { -bits } else { bits }
        };
        line(self).abs_diff(line(want))
    }
    fn distance(self, want: f32) -> f64 {
        if self == want || self.same(want) { 0.0 } else { (f64::from(self) - f64::from(want)).abs() }
    }
    fn magnitude(self) -> f64 {
        f64::from(self).abs()
    }
}

macro_rules! integer {
    ($($type:ty),*) => {$(
        impl Compare for $type {
            fn same(self, want: $type) -> bool {
                self == want
            }
            fn ulps(self, want: $type) -> u64 {
                i64::from(self).abs_diff(i64::from(want))
            }
            fn distance(self, want: $type) -> f64 {
                self.ulps(want) as f64
            }
            fn magnitude(self) -> f64 {
                (self as f64).abs()
            }
        }
    )*};
}
integer!(i32, u32, u8);

impl<T: Compare, const C: usize> Compare for [T; C] {
    fn same(self, want: Self) -> bool {
        self.into_iter().zip(want).all(|(a, b)| a.same(b))
    }
    fn ulps(self, want: Self) -> u64 {
        self.into_iter().zip(want).map(|(a, b)| a.ulps(b)).max().unwrap_or(0)
    }
    fn distance(self, want: Self) -> f64 {
        let worst = |worst: f64, d: f64| if d.is_nan() { d } else { worst.max(d) };
        self.into_iter().zip(want).map(|(a, b)| a.distance(b)).fold(0.0, worst)
    }
    fn magnitude(self) -> f64 {
        self.into_iter().map(T::magnitude).fold(0.0, f64::max)
    }
}

/// How results fail a tolerance.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch(String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

impl Tolerance {
    /// Holds results against the reference.
    ///
    /// # Errors
    /// The first place that is too far off, or how many are.
    pub fn check<T: Compare>(self, got: &[T], want: &[T]) -> Result<(), Mismatch> {
        if got.len() != want.len() {
            return Err(Mismatch(format!("{} results, but the reference has {}", got.len(), want.len())));
        }
        let pairs = || got.iter().zip(want).enumerate();
        let allowed = match self {
            Tolerance::Share(share) => {
                let mean = share * want.len() as f64;
                (mean + 4.0 * mean.sqrt()).ceil() as usize
            }
            Tolerance::OneStep { share } => (share * want.len() as f64).ceil() as usize,
            _ => 0,
        };
        let differ = pairs().filter(|(_, (got, want))| !got.same(**want)).count();
        let first = pairs().find(|(_, (got, want))| !self.near(**got, **want, allowed > 0));
        match first {
            Some((place, (got, want))) => Err(Mismatch(format!(
                "place {place} is {got:?}, the reference says {want:?}, and {self:?} was promised; {differ} of {} places differ",
                pairs().len()
            ))),
            None if allowed > 0 && differ > allowed => Err(Mismatch(format!(
                "{differ} of {} places differ from the reference, {allowed} may ({self:?})",
                want.len()
            ))),
            None => Ok(()),
        }
    }

    fn near<T: Compare>(self, got: T, want: T, some_may_differ: bool) -> bool {
        match self {
            Tolerance::Exact | Tolerance::Bits => got.same(want),
            Tolerance::Ulps(n) => got.ulps(want) <= u64::from(n),
            Tolerance::Within { absolute, relative } => {
                // Past an infinite reference every number is near, so it must be met exactly.
                let allowed = f64::from(absolute) + f64::from(relative) * want.magnitude();
                got.same(want) || (allowed.is_finite() && got.distance(want) <= allowed)
            }
            Tolerance::Share(_) => some_may_differ || got.same(want),
            Tolerance::OneStep { .. } => got.same(want) || (some_may_differ && got.distance(want) <= 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ulps_cross_zero_and_see_nan() {
        assert_eq!(0.0f32.ulps(-0.0), 0);
        assert_eq!(f32::from_bits(1).ulps(-f32::from_bits(1)), 2);
        assert_eq!(1.0f32.ulps(1.0 + f32::EPSILON), 1);
        assert_eq!(f32::NAN.ulps(f32::NAN), 0);
        assert_eq!(f32::NAN.ulps(1.0), u64::MAX);
    }

    #[test]
    fn nan_is_never_near() {
        let within = Tolerance::Within { absolute: 1.0, relative: 1.0 };
        assert!(within.check(&[f32::NAN], &[1.0]).is_err());
        assert!(within.check(&[1.0], &[f32::NAN]).is_err());
        assert!(within.check(&[f32::NAN], &[f32::NAN]).is_ok());
        assert!(within.check(&[1.0], &[f32::INFINITY]).is_err());
        assert!(within.check(&[f32::INFINITY], &[f32::INFINITY]).is_ok());
        assert!(within.check(&[[1.0f32, f32::NAN]], &[[1.0, 2.0]]).is_err());
    }

    #[test]
    fn a_share_may_differ() {
        let mut got = vec![0u8; 1000];
        let want = got.clone();
        let step = Tolerance::OneStep { share: 0.001 };
        got[7] = 1;
        assert!(step.check(&got, &want).is_ok());
        assert!(Tolerance::Exact.check(&got, &want).is_err());
        got[8] = 1;
        assert!(step.check(&got, &want).is_err());
        got[8] = 0;
        got[7] = 2;
        assert!(step.check(&got, &want).is_err());
        let share = Tolerance::Share(0.001);
        assert!(share.check(&got, &want).is_ok());
        got[..5].fill(9);
        got[7] = 0;
        assert!(share.check(&got, &want).is_ok(), "1 + 4 of 1,000");
        got[5] = 9;
        assert!(share.check(&got, &want).is_err());
        assert!(step.check(&got[1..], &want).is_err());
    }
}
