//! Axes: from a number to a place between 0 and 1, and the round numbers that stand beside it.

use crate::report::number::Unit;

/// One axis of a plot.
#[derive(Clone, Debug)]
pub struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    /// Round numbers within the axis, smallest first, with what to write there.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A logarithmic axis that holds all of `values` that are finite and positive, between numbers that begin with 1, 2
    /// or 5; nothing where there is no such value.
    pub fn decades(values: impl IntoIterator<Item = f64>, unit: Unit, most: usize) -> Option<Axis> {
        let (low, high) = bounds(values)?;
        let low = below(low);
        let mut high = above(high);
        while high < low * 3.0 {
            high = above(high * 1.1);
        }
        let fine = one_two_five(low, high);
        let mut chosen = fine.clone();
        let mut every = 1;
        while chosen.len() > most {
            let whole =
                fine.iter().copied().filter(|value| (value.log10() - value.log10().round()).abs() < 1e-6);
            let whole = whole.filter(|value| (value.log10().round() as i64).rem_euclid(every) == 0);
            chosen = whole.collect();
            every += 1;
        }
        Some(Axis {
            low,
            high,
            logarithmic: true,
            ticks: chosen.into_iter().map(|v| (v, unit.tick(v))).collect(),
        })
    }

    /// A logarithmic axis in steps of doubling, with a little room on both sides.
    pub fn doublings(values: impl IntoIterator<Item = f64>, unit: Unit, most: usize) -> Option<Axis> {
        let (low, high) = bounds(values)?;
        let room = if high > low { (high / low).powf(0.03) } else { 2.0 };
        let (first, last) = (low.log2().ceil() as i32, high.log2().floor() as i32);
        let mut every = 1;
        let fits =
            |every: i32| (first..=last).filter(|power| power.rem_euclid(every) == 0).count() <= most.max(1);
        while !fits(every) {
            every += 1;
        }
        let ticks: Vec<(f64, String)> = (first..=last)
            .filter(|power| power.rem_euclid(every) == 0)
            .map(|power| f64::from(power).exp2())
            .map(|value| (value, unit.tick(value)))
            .collect();
        // A single size between two powers has no round number of its own.
        let ticks = if ticks.is_empty() { vec![(low, unit.show(low))] } else { ticks };
        Some(Axis { low: low / room, high: high * room, logarithmic: true, ticks })
    }

    /// A linear axis from 0 to `high`, which is made positive where it is not.
    pub fn from_zero(high: f64, unit: Unit, most: usize) -> Axis {
        let high = if high.is_finite() && high > 0.0 { high } else { 1.0 };
        let mut step = below(high / most.max(1) as f64);
        while (high / step).floor() as usize + 1 > most.max(2) {
            step = above(step * 1.1);
        }
        let count = (high / step * (1.0 + 1e-9)).floor() as usize;
        let ticks = (0..=count).map(|n| n as f64 * step).map(|value| (value, unit.tick(value))).collect();
        Axis { low: 0.0, high, logarithmic: false, ticks }
    }

    /// Where `value` lies: 0 at the low end, 1 at the high end, never outside.
    pub fn place(&self, value: f64) -> f64 {
        let place = if self.logarithmic {
            (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        place.clamp(0.0, 1.0)
    }

    /// Its two ends.
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}

/// Whether `value` can stand on a logarithmic axis.
pub fn drawable(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

fn bounds(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| drawable(*value)).fold(None, |bounds, value| {
        let (low, high): (f64, f64) = bounds.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// Numbers that begin with 1, 2 or 5, from `low` to `high`.
fn one_two_five(low: f64, high: f64) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32 - 1, high.log10().ceil() as i32 + 1);
    (first..=last)
        .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| round_number(digit, power)))
        .filter(|value| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(value))
        .collect()
}

/// `digit` times ten to the `power`, without the error of a product of two rounded numbers.
fn round_number(digit: f64, power: i32) -> f64 {
    if power < 0 { digit / 10f64.powi(-power) } else { digit * 10f64.powi(power) }
}

fn below(value: f64) -> f64 {
    one_two_five(value / 10.0, value).last().copied().unwrap_or(value)
}

fn above(value: f64) -> f64 {
    one_two_five(value, value * 10.0).first().copied().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn few_decades_have_ones_twos_and_fives() {
        let axis = Axis::decades([3.1, 42.0], Unit::Plain, 7).expect("an axis");
        assert_eq!(texts(&axis), ["2", "5", "10", "20", "50"]);
        assert_eq!(axis.ends(), (2.0, 50.0));
        assert_eq!(axis.place(2.0), 0.0);
        assert_eq!(axis.place(50.0), 1.0);
        assert!((axis.place(10.0) - 5f64.ln() / 25f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn many_decades_have_powers_of_ten() {
        let axis = Axis::decades([1e-6, 0.5], Unit::Seconds, 7).expect("an axis");
        assert_eq!(texts(&axis), ["1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms"]);
        let axis = Axis::decades([1.0, 1e12], Unit::Plain, 5).expect("an axis");
        assert!((2..=5).contains(&axis.ticks.len()), "{axis:?}");
    }

    #[test]
    fn one_value_and_none() {
        let axis = Axis::decades([10.0], Unit::Plain, 7).expect("an axis");
        assert!(axis.ticks.len() >= 2 && axis.ends().1 > 10.0, "{axis:?}");
        assert!((0.0..1.0).contains(&axis.place(10.0)));
        assert!(Axis::decades([], Unit::Plain, 7).is_none());
        assert!(Axis::decades([f64::NAN, 0.0, -1.0, f64::INFINITY], Unit::Plain, 7).is_none());
        let axis = Axis::doublings([786_432.0], Unit::Places, 5).expect("an axis");
        assert_eq!(texts(&axis), ["768Ki"]);
        assert!((axis.place(786_432.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn sizes_have_powers_of_two() {
        let axis = Axis::doublings([4096.0, 16_777_216.0], Unit::Places, 5).expect("an axis");
        assert_eq!(texts(&axis), ["4Ki", "32Ki", "256Ki", "2Mi", "16Mi"]);
        assert!(axis.place(4096.0) > 0.0 && axis.place(16_777_216.0) < 1.0);
    }

    #[test]
    fn linear_axes_begin_at_zero() {
        let axis = Axis::from_zero(0.0037, Unit::Seconds, 5);
        assert_eq!(texts(&axis), ["0 s", "1 ms", "2 ms", "3 ms"]);
        assert_eq!(axis.place(0.0037), 1.0);
        assert_eq!(axis.place(99.0), 1.0);
        assert_eq!(Axis::from_zero(f64::NAN, Unit::Plain, 5).ends(), (0.0, 1.0));
    }

    #[test]
    fn ticks_lie_within_and_are_few() {
        let mut state = 20_261_123u64;
        for _ in 0..2_000 {
            // Knuth's linear congruential generator (MMIX).
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1u64 << 53) as f64
            };
            let low = 10f64.powf(next() * 18.0 - 9.0);
            let high = low * 10f64.powf(next() * 9.0);
            for axis in [
                Axis::decades([low, high], Unit::Plain, 6).expect("an axis"),
                Axis::doublings([low, high], Unit::Places, 6).expect("an axis"),
                Axis::from_zero(high, Unit::Plain, 6),
            ] {
                let (first, last) = axis.ends();
                assert!((1..=6).contains(&axis.ticks.len()), "{low} {high} {axis:?}");
                for (value, _) in &axis.ticks {
                    assert!(*value >= first * (1.0 - 1e-6) && *value <= last * (1.0 + 1e-6), "{axis:?}");
                }
                assert!(axis.place(low) <= axis.place(high));
            }
        }
    }
}
