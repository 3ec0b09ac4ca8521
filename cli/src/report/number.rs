//! Numbers for people: three digits and a unit.

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, shown as s, ms, µs or ns.
    Seconds,
    /// A number whose unit stands beside it already.
    Plain,
    /// How many times.
    Times,
    /// A part of 1, shown in percent.
    Share,
    /// Places, in steps of 1,024.
    Places,
    /// Bytes, in steps of 1,024.
    Bytes,
    /// A whole number.
    Count,
}

impl Unit {
    /// `value` with its unit.
    pub fn show(self, value: f64) -> String {
        match self {
            Unit::Seconds => seconds(value, digits),
            Unit::Plain => digits(value),
            Unit::Times => format!("{}x", digits(value)),
            Unit::Share => format!("{} %", digits(value * 100.0)),
            Unit::Places => binary(value, ""),
            Unit::Bytes => binary(value, "B"),
            Unit::Count => format!("{value}"),
        }
    }

    /// As [`Unit::show`], for a tick: a round number without zeros at its end.
    pub fn tick(self, value: f64) -> String {
        match self {
            Unit::Seconds => seconds(value, round),
            Unit::Times => format!("{}x", round(value)),
            Unit::Share => format!("{} %", round(value * 100.0)),
            Unit::Places | Unit::Bytes => self.show(value),
            Unit::Plain | Unit::Count => round(value),
        }
    }
}

fn seconds(value: f64, number: fn(f64) -> String) -> String {
    let (scale, unit) = match value.abs() {
        s if s == 0.0 || s >= 1.0 => (1.0, "s"),
        s if s >= 1e-3 => (1e3, "ms"),
        s if s >= 1e-6 => (1e6, "µs"),
        _ => (1e9, "ns"),
    };
    format!("{} {unit}", number(value * scale))
}

/// Whole powers of 1,024 as they are, others with three digits.
fn binary(value: f64, unit: &str) -> String {
    let steps = [(1024f64.powi(3), "Gi"), (1024f64.powi(2), "Mi"), (1024.0, "Ki")];
    let (number, step) = match steps.iter().find(|(step, _)| value >= *step) {
        Some((scale, step)) => (value / scale, *step),
        None => (value, ""),
    };
    let number = if number.fract() == 0.0 { round(number) } else { digits(number) };
    match (unit, step) {
        ("", step) => format!("{number}{step}"),
        (unit, step) => format!("{number} {step}{unit}"),
    }
}

/// Three digits, or all there are before the point.
pub fn digits(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{value:.2e}");
    }
    let places = (2.0 - size.log10().floor()).max(0.0) as usize;
    format!("{value:.places$}")
}

/// A number that is meant to be round.
fn round(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{value:e}");
    }
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        for (unit, value, text) in [
            (Unit::Seconds, 8.741_84e-4, "874 µs"),
            (Unit::Seconds, 1.5, "1.50 s"),
            (Unit::Seconds, 2.346e-3, "2.35 ms"),
            (Unit::Seconds, 7e-9, "7.00 ns"),
            (Unit::Seconds, 0.0, "0 s"),
            (Unit::Plain, 164.33, "164"),
            (Unit::Plain, 0.029_197, "0.0292"),
            (Unit::Plain, 0.000_029_197, "2.92e-5"),
            (Unit::Plain, 123_456.7, "123457"),
            (Unit::Times, 49.9, "49.9x"),
            (Unit::Share, 0.052_34, "5.23 %"),
            (Unit::Places, 65_536.0, "64Ki"),
            (Unit::Places, 786_432.0, "768Ki"),
            (Unit::Places, 100_000.0, "97.7Ki"),
            (Unit::Bytes, 1_048_576.0, "1 MiB"),
            (Unit::Bytes, 100.0, "100 B"),
            (Unit::Count, 215.0, "215"),
        ] {
            assert_eq!(unit.show(value), text);
        }
    }

    #[test]
    fn ticks_are_short() {
        for (unit, value, text) in [
            (Unit::Seconds, 2e-4, "200 µs"),
            (Unit::Seconds, 1.0, "1 s"),
            (Unit::Plain, 0.3, "0.3"),
            (Unit::Plain, 1000.0, "1000"),
            (Unit::Plain, 1e-7, "1e-7"),
            (Unit::Times, 16.0, "16x"),
            (Unit::Share, 0.25, "25 %"),
            (Unit::Places, 1_048_576.0, "1Mi"),
        ] {
            assert_eq!(unit.tick(value), text);
        }
    }
}
