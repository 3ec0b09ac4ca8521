//! From which size on one way is faster than another: threads than one thread, a GPU than the cores.
//!
//! Both are measured at few sizes, not always the same ones. Between two neighbours a time is taken for a power of the
//! size, a straight line where both axes are logarithms: a start-up that stays and work that grows bend such a line only
//! slowly. Nothing is said of sizes that only one of them was measured at, below or above the other's.

/// A time at a size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timed {
    /// How large the problem is, in any unit that both curves have.
    pub size: f64,
    /// How long it takes where it is.
    pub seconds: f64,
    /// How long its data take to where it is done and back; 0 where they stay.
    pub transfer: f64,
}

/// Where two curves cross.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// The size, by interpolation.
    pub size: f64,
    /// It lies above this measured size and
    pub low: f64,
    /// at this one or below.
    pub high: f64,
}

/// Which of A and B is faster, along the sizes that both were measured at.
#[derive(Debug, Clone, PartialEq)]
pub enum Crossover {
    /// B is nowhere faster.
    Never,
    /// B is faster everywhere.
    Always,
    /// B is faster from here on and stays so.
    From(Crossing),
    /// B is faster up to here, and A from here on.
    UpTo(Crossing),
    /// They cross more than once: with noise where they are alike, or for a reason (a cache that one of them leaves).
    Several {
        /// All crossings, by size; B is the faster one after every second of them, from the first or from the second.
        crossings: Vec<Crossing>,
        /// The last of them, where B is faster from there on.
        stays_from: Option<Crossing>,
    },
}

/// Where B becomes faster than A, with the data already where they are needed.
///
/// The order of the points does not matter. `None` where the curves have no stretch of sizes in common, or a size or a
/// time is not above 0. Where both take the same time, B is not faster.
///
/// ```
/// use manylane::evaluate::crossover::{Crossover, Timed, crossover};
///
/// let at = |size, seconds| Timed { size, seconds, transfer: 0.0 };
/// let one_thread = [at(1e3, 1e-6), at(1e5, 1e-4), at(1e7, 1e-2)];
/// let threads = [at(1e3, 10e-6), at(1e5, 10e-6), at(1e7, 1e-3)];
/// let Some(Crossover::From(crossing)) = crossover(&one_thread, &threads) else { panic!() };
/// assert!((crossing.size / 1e4 - 1.0).abs() < 1e-9);
/// assert_eq!((crossing.low, crossing.high), (1e3, 1e5));
/// ```
#[must_use]
pub fn crossover(a: &[Timed], b: &[Timed]) -> Option<Crossover> {
    between(&Curve::new(a, |time| time.seconds)?, &Curve::new(b, |time| time.seconds)?)
}

/// Where B becomes faster than A, the transfers of each added to its time.
///
/// ```
/// use manylane::evaluate::crossover::{Crossover, Timed, crossover_with_transfers};
///
/// let at = |size, seconds, transfer| Timed { size, seconds, transfer };
/// let cpu = [at(1e3, 1e-6, 0.0), at(1e6, 1e-3, 0.0)];
/// let gpu = [at(1e3, 2e-5, 1e-4), at(1e6, 2e-5, 1e-2)];
/// assert_eq!(crossover_with_transfers(&cpu, &gpu), Some(Crossover::Never));
/// ```
#[must_use]
pub fn crossover_with_transfers(a: &[Timed], b: &[Timed]) -> Option<Crossover> {
    let whole = |time: &Timed| if time.transfer >= 0.0 { time.seconds + time.transfer } else { f64::NAN };
    between(&Curve::new(a, whole)?, &Curve::new(b, whole)?)
}

/// Sizes and the logarithms of their times, by size, each size once.
struct Curve(Vec<(f64, f64)>);

impl Curve {
    fn new(times: &[Timed], seconds: impl Fn(&Timed) -> f64) -> Option<Self> {
        let good = |x: f64| x > 0.0 && x.is_finite();
        let point = |time: &Timed| {
            let seconds = seconds(time);
            (good(time.size) && good(seconds)).then(|| (time.size, seconds.ln()))
        };
        let mut points = times.iter().map(point).collect::<Option<Vec<_>>>()?;
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        // Of several times at one size the shortest stays.
        points.dedup_by_key(|point| point.0);
        Some(Self(points))
    }

    fn ends(&self) -> Option<(f64, f64)> {
        Some((self.0.first()?.0, self.0.last()?.0))
    }

    /// The time at `size`, which is between the ends.
    fn at(&self, size: f64) -> f64 {
        let above = self.0.partition_point(|point| point.0 < size);
        let (x1, y1) = self.0[above];
        if x1 == size || above == 0 {
            return y1;
        }
        let (x0, y0) = self.0[above - 1];
        y0 + (y1 - y0) * (size / x0).ln() / (x1 / x0).ln()
    }
}

fn between(a: &Curve, b: &Curve) -> Option<Crossover> {
    let ((a_low, a_high), (b_low, b_high)) = (a.ends()?, b.ends()?);
    let (low, high) = (a_low.max(b_low), a_high.min(b_high));
    if low > high {
        return None;
    }
    let mut sizes: Vec<f64> = a.0.iter().chain(&b.0).map(|point| point.0).collect();
    sizes.retain(|size| (low..=high).contains(size));
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();

    // Above 0 where B is faster.
    let gains: Vec<f64> = sizes.iter().map(|&size| a.at(size) - b.at(size)).collect();
    let mut crossings = Vec::new();
    for (sizes, gains) in sizes.windows(2).zip(gains.windows(2)) {
        if (gains[0] > 0.0) != (gains[1] > 0.0) {
            let (low, high) = (sizes[0], sizes[1]);
            let size = low * (high / low).powf(gains[0] / (gains[0] - gains[1]));
            crossings.push(Crossing { size, low, high });
        }
    }
    let faster_last = *gains.last()? > 0.0;
    Some(match (crossings.as_slice(), faster_last) {
        ([], true) => Crossover::Always,
        ([], false) => Crossover::Never,
        (&[crossing], true) => Crossover::From(crossing),
        (&[crossing], false) => Crossover::UpTo(crossing),
        (all, _) => {
            let stays_from = all.last().copied().filter(|_| faster_last);
            Crossover::Several { crossings, stays_from }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[(f64, f64)]) -> Vec<Timed> {
        points.iter().map(|&(size, seconds)| Timed { size, seconds, transfer: 0.0 }).collect()
    }

    fn only(found: Option<Crossover>) -> (Crossing, bool) {
        match found {
            Some(Crossover::From(crossing)) => (crossing, true),
            Some(Crossover::UpTo(crossing)) => (crossing, false),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_start_up_is_paid_back() {
        // A takes 1 ns for each; B 0.1 ns and 10 us to start. They meet at 10 us / 0.9 ns = 11,111.
        let sizes: Vec<f64> = (8..=24).map(|k| 2f64.powi(k)).collect();
        let a: Vec<_> = sizes.iter().map(|&size| (size, 1e-9 * size)).collect();
        let b: Vec<_> = sizes.iter().map(|&size| (size, 1e-5 + 1e-10 * size)).collect();
        let (crossing, from) = only(crossover(&curve(&a), &curve(&b)));
        assert!(from && (crossing.size / 11_111.1 - 1.0).abs() < 0.03, "{crossing:?}");
        assert!(crossing.low == 8192.0 && crossing.high == 16384.0);
        let (back, from) = only(crossover(&curve(&b), &curve(&a)));
        assert!(!from && (back.size - crossing.size).abs() < 1e-6);
    }

    #[test]
    fn transfers_move_the_crossing() {
        let at = |size: f64, seconds, transfer| Timed { size, seconds, transfer };
        let cpu: Vec<_> = (3..=9).map(|k| 10f64.powi(k)).map(|size| at(size, 1e-9 * size, 0.0)).collect();
        let gpu = |bytes_s: f64| {
            let sizes = (3..=9).map(|k| 10f64.powi(k));
            sizes.map(|size| at(size, 1e-5, 1e-6 + size / bytes_s)).collect::<Vec<_>>()
        };
        let (near, _) = only(crossover(&cpu, &gpu(2e9)));
        let (far, _) = only(crossover_with_transfers(&cpu, &gpu(2e9)));
        assert!((near.size / 1e4 - 1.0).abs() < 1e-9 && far.size > 1.5 * near.size, "{near:?} {far:?}");
        // A link slower than the cores never pays.
        assert_eq!(crossover_with_transfers(&cpu, &gpu(0.9e9)), Some(Crossover::Never));
        assert!(matches!(crossover(&cpu, &gpu(0.9e9)), Some(Crossover::From(_))));
    }

    #[test]
    fn curves_of_different_sizes_are_held_where_both_are() {
        let a = curve(&[(10.0, 1.0), (1000.0, 100.0), (1e5, 1e4)]);
        let b = curve(&[(1e4, 10.0), (100.0, 100.0)]);
        let (crossing, from) = only(crossover(&a, &b));
        // A is size / 10; B falls from 100 to 10 over two decades: size / 10 = 1000 / sqrt(size).
        assert!(from && (crossing.size / 1e4f64.powf(2.0 / 3.0) - 1.0).abs() < 1e-9, "{crossing:?}");
        assert!(crossing.low == 100.0 && crossing.high == 1000.0);
        assert_eq!(crossover(&a, &curve(&[(1e6, 1.0), (1e7, 1.0)])), None);
        // One size in common is enough to say who is faster there.
        assert_eq!(crossover(&a, &curve(&[(1e5, 1.0), (1e6, 1.0)])), Some(Crossover::Always));
    }

    #[test]
    fn always_never_and_equal() {
        let (slow, fast) = (curve(&[(1.0, 2.0), (9.0, 3.0)]), curve(&[(1.0, 1.0), (9.0, 2.0)]));
        assert_eq!(crossover(&slow, &fast), Some(Crossover::Always));
        assert_eq!(crossover(&fast, &slow), Some(Crossover::Never));
        assert_eq!(crossover(&fast, &fast), Some(Crossover::Never));
        // Equal at the first size and faster from there on.
        let (crossing, from) = only(crossover(&slow, &curve(&[(1.0, 2.0), (9.0, 1.0)])));
        assert!(from && crossing.size == 1.0);
    }

    #[test]
    fn several_crossings_are_all_told() {
        let a = curve(&[(1.0, 1.0), (10.0, 1.0), (100.0, 1.0), (1000.0, 1.0)]);
        let b = curve(&[(1.0, 2.0), (10.0, 0.5), (100.0, 2.0), (1000.0, 0.5)]);
        let Some(Crossover::Several { crossings, stays_from }) = crossover(&a, &b) else { panic!() };
        let sizes: Vec<f64> = crossings.iter().map(|crossing| crossing.size).collect();
        for (size, power) in sizes.iter().zip([0.5, 1.5, 2.5]) {
            assert!((size / 10f64.powf(power) - 1.0).abs() < 1e-9, "{sizes:?}");
        }
        assert_eq!(stays_from, crossings.last().copied());
        let Some(Crossover::Several { crossings, stays_from }) = crossover(&b, &a) else { panic!() };
        assert_eq!((crossings.len(), stays_from), (3, None));
    }

    #[test]
    fn of_several_times_at_a_size_the_shortest_counts() {
        let b = curve(&[(1.0, 9.0), (1.0, 1.0), (9.0, 1.0), (9.0, 9.0)]);
        assert_eq!(crossover(&curve(&[(1.0, 2.0), (9.0, 2.0)]), &b), Some(Crossover::Always));
    }

    #[test]
    fn what_has_no_meaning_is_none() {
        let good = curve(&[(1.0, 1.0), (2.0, 1.0)]);
        for bad in [&[][..], &[(0.0, 1.0)], &[(1.0, 0.0)], &[(1.0, f64::NAN)], &[(f64::INFINITY, 1.0)]] {
            assert_eq!(crossover(&good, &curve(bad)), None);
            assert_eq!(crossover(&curve(bad), &good), None);
        }
        let negative = [Timed { size: 1.0, seconds: 1.0, transfer: -0.5 }];
        assert_eq!(crossover_with_transfers(&good, &negative), None);
    }
}
