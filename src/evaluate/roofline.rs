//! The roofline of Williams, Waterman and Patterson (2009): what a machine lets a kernel reach, and what holds it back.
//!
//! A kernel does so many operations for each byte that it moves, its intensity. It can be no faster than the machine
//! computes, and no faster than the bytes arrive: `min(peak, intensity * bandwidth)`. Each level of memory has a bandwidth
//! and so a roof of its own. Below the ridge, `peak / bandwidth`, a kernel waits for memory; above it, it computes.
//!
//! The peak and the bandwidths are to be measured on the machine that the kernel ran on, with as many workers.

/// Where the bytes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// The nearest cache.
    L1,
    /// The second one.
    L2,
    /// The last one, common to several cores.
    L3,
    /// Main memory, or that of a GPU.
    Dram,
}

/// What a machine can do.
#[derive(Debug, Clone, PartialEq)]
pub struct Roofline {
    /// Operations in a second.
    pub peak: f64,
    /// Bytes in a second from each level that was measured.
    pub bandwidths: Vec<(Level, f64)>,
}

/// A kernel that ran.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// Operations that count against the peak; 0 for a kernel that only moves (a copy, integers beside a float peak).
    pub operations: f64,
    /// Bytes that had to move between the level and the core.
    pub bytes: f64,
    /// How long it took.
    pub seconds: f64,
}

/// What holds a kernel back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The bandwidth of this level.
    Memory(Level),
    /// The operations.
    Compute,
}

/// A kernel's place under a roof.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// The level that the roof is of.
    pub level: Level,
    /// Operations for each byte.
    pub intensity: f64,
    /// Operations in a second, as achieved.
    pub achieved: f64,
    /// Operations in a second, as the roof allows; 0 for a kernel without any.
    pub attainable: f64,
    /// Bytes in a second, as achieved.
    pub bandwidth: f64,
    /// The achieved share of what is attainable: of the operations, and of the bandwidth for a kernel without any. Above 1
    /// the bytes came from a nearer level, or the peaks were measured too low.
    pub share: f64,
    /// What would hold it back at the roof. A small share says that neither does: waiting, starting, a single chain of
    /// operations that each need the one before.
    pub bound: Bound,
}

impl Roofline {
    /// Bytes in a second from `level`; NaN where that was not measured.
    #[must_use]
    pub fn bandwidth(&self, level: Level) -> f64 {
        let known = self.bandwidths.iter().find(|(known, _)| *known == level);
        known.map_or(f64::NAN, |&(_, bandwidth)| positive(bandwidth))
    }

    /// The most operations in a second at `intensity` (operations for each byte) from `level`.
    ///
    /// ```
    /// use manylane::evaluate::roofline::{Level, Roofline};
    ///
    /// let machine = Roofline { peak: 100e9, bandwidths: vec![(Level::L2, 80e9), (Level::Dram, 20e9)] };
    /// assert_eq!(machine.attainable(0.5, Level::Dram), 10e9);
    /// assert_eq!(machine.attainable(0.5, Level::L2), 40e9);
    /// assert_eq!(machine.attainable(8.0, Level::Dram), 100e9);
    /// assert!(machine.attainable(8.0, Level::L1).is_nan()); // not measured
    /// ```
    #[must_use]
    pub fn attainable(&self, intensity: f64, level: Level) -> f64 {
        let (peak, by_memory) = (positive(self.peak), intensity * self.bandwidth(level));
        // `min` would take the other one for a NaN.
        if intensity >= 0.0 && !peak.is_nan() && !by_memory.is_nan() { peak.min(by_memory) } else { f64::NAN }
    }

    /// The intensity from which on operations bound a kernel, and below which `level` does.
    ///
    /// ```
    /// use manylane::evaluate::roofline::{Level, Roofline};
    ///
    /// let machine = Roofline { peak: 100e9, bandwidths: vec![(Level::Dram, 20e9)] };
    /// assert_eq!(machine.ridge(Level::Dram), 5.0);
    /// ```
    #[must_use]
    pub fn ridge(&self, level: Level) -> f64 {
        positive(self.peak) / self.bandwidth(level)
    }

    /// Puts a kernel under the roof of `level`.
    ///
    /// `None` where the level was not measured or a number has no meaning. A kernel without operations needs no peak.
    ///
    /// ```
    /// use manylane::evaluate::roofline::{Bound, Level, Roofline, Work};
    ///
    /// let machine = Roofline { peak: 100e9, bandwidths: vec![(Level::Dram, 20e9)] };
    /// let triad = Work { operations: 2e9, bytes: 12e9, seconds: 0.75 };
    /// let placed = machine.place(&triad, Level::Dram).unwrap();
    /// assert!((placed.share - 0.8).abs() < 1e-12);
    /// assert_eq!(placed.bound, Bound::Memory(Level::Dram));
    /// ```
    #[must_use]
    pub fn place(&self, work: &Work, level: Level) -> Option<Placed> {
        let &Work { operations, bytes, seconds } = work;
        let roof = self.bandwidth(level);
        let something = operations >= 0.0 && bytes >= 0.0 && operations + bytes > 0.0;
        if !something || roof.is_nan() || positive(seconds).is_nan() {
            return None;
        }
        let (achieved, bandwidth) = (operations / seconds, bytes / seconds);
        // Without bytes the intensity has no end, and only the peak is left.
        let intensity = operations / bytes;
        let (attainable, share, bound) = if operations == 0.0 {
            (0.0, bandwidth / roof, Bound::Memory(level))
        } else {
            let attainable = self.attainable(intensity, level);
            let bound = if intensity < self.ridge(level) { Bound::Memory(level) } else { Bound::Compute };
            (attainable, achieved / attainable, bound)
        };
        share.is_finite().then_some(Placed {
            level,
            intensity,
            achieved,
            attainable,
            bandwidth,
            share,
            bound,
        })
    }
}

/// The level that holds all of a footprint: the first of `caches` (level and bytes, the nearest first) that it fits, or
/// main memory.
///
/// ```
/// use manylane::evaluate::roofline::{Level, holding};
///
/// let caches = [(Level::L1, 32e3), (Level::L2, 1e6)];
/// assert_eq!(holding(500e3, &caches), Level::L2);
/// assert_eq!(holding(5e6, &caches), Level::Dram);
/// ```
#[must_use]
pub fn holding(footprint: f64, caches: &[(Level, f64)]) -> Level {
    caches.iter().find(|(_, bytes)| footprint <= *bytes).map_or(Level::Dram, |&(level, _)| level)
}

/// A finite number above 0, or NaN.
fn positive(x: f64) -> f64 {
    if x > 0.0 && x.is_finite() { x } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Opteron X2 of the paper: 17.6 GFLOP/s and 15 GB/s, with its ridge a little above one operation for a byte.
    fn opteron() -> Roofline {
        Roofline {
            peak: 17.6e9,
            bandwidths: vec![(Level::L1, 140e9), (Level::L2, 70e9), (Level::Dram, 15e9)],
        }
    }

    #[test]
    fn the_roof_of_the_paper() {
        let machine = opteron();
        assert!((machine.ridge(Level::Dram) - 17.6 / 15.0).abs() < 1e-12);
        assert_eq!(machine.attainable(0.25, Level::Dram), 3.75e9);
        assert_eq!(machine.attainable(2.0, Level::Dram), 17.6e9);
        assert_eq!(machine.attainable(0.0, Level::Dram), 0.0);
        assert!((machine.attainable(machine.ridge(Level::L2), Level::L2) / 17.6e9 - 1.0).abs() < 1e-12);
        // A nearer level lets more through and has its ridge earlier.
        assert!(machine.ridge(Level::L1) < machine.ridge(Level::L2));
    }

    #[test]
    fn a_kernel_below_and_above_the_ridge() {
        let machine = opteron();
        let low = machine.place(&Work { operations: 1e9, bytes: 4e9, seconds: 0.4 }, Level::Dram).unwrap();
        assert_eq!((low.intensity, low.achieved, low.bandwidth), (0.25, 2.5e9, 10e9));
        assert!((low.share - 2.0 / 3.0).abs() < 1e-12 && low.bound == Bound::Memory(Level::Dram));
        // Below the ridge the share of the operations is that of the bandwidth.
        assert!((low.share - low.bandwidth / 15e9).abs() < 1e-12);

        let high = machine.place(&Work { operations: 8e9, bytes: 4e9, seconds: 0.5 }, Level::Dram).unwrap();
        assert!((high.share - 16.0 / 17.6).abs() < 1e-12 && high.bound == Bound::Compute);
        // On the ridge itself it is the operations.
        let machine = Roofline { peak: 8.0, bandwidths: vec![(Level::Dram, 4.0)] };
        let on = machine.place(&Work { operations: 2.0, bytes: 1.0, seconds: 1.0 }, Level::Dram).unwrap();
        assert_eq!((on.bound, on.attainable, on.share), (Bound::Compute, 8.0, 0.25));
    }

    #[test]
    fn a_kernel_that_only_moves_or_only_computes() {
        let machine = opteron();
        let copy = Work { operations: 0.0, bytes: 6e9, seconds: 0.5 };
        let copy_in = |machine: &Roofline| machine.place(&copy, Level::Dram).unwrap();
        assert_eq!((copy_in(&machine).share, copy_in(&machine).achieved), (0.8, 0.0));
        assert_eq!(copy_in(&machine).bound, Bound::Memory(Level::Dram));
        let no_peak = Roofline { peak: f64::NAN, ..opteron() };
        assert_eq!(copy_in(&no_peak).share, 0.8);

        let random = Work { operations: 8.8e9, bytes: 0.0, seconds: 1.0 };
        let placed = machine.place(&random, Level::L1).unwrap();
        assert!(placed.intensity.is_infinite() && placed.bound == Bound::Compute);
        assert!((placed.share - 0.5).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_meaning() {
        let machine = opteron();
        let work = Work { operations: 1.0, bytes: 1.0, seconds: 1.0 };
        assert_eq!(machine.place(&work, Level::L3), None);
        assert_eq!(machine.place(&Work { seconds: 0.0, ..work }, Level::L1), None);
        assert_eq!(machine.place(&Work { bytes: -1.0, ..work }, Level::L1), None);
        assert_eq!(machine.place(&Work { operations: f64::NAN, ..work }, Level::L1), None);
        assert_eq!(machine.place(&Work { operations: 0.0, bytes: 0.0, seconds: 1.0 }, Level::L1), None);
        let none = Roofline { peak: 0.0, bandwidths: vec![(Level::L1, 1.0)] };
        assert_eq!(none.place(&work, Level::L1), None);
        assert!(none.ridge(Level::L1).is_nan() && none.attainable(1.0, Level::L1).is_nan());
        assert!(machine.attainable(-1.0, Level::L1).is_nan() && machine.ridge(Level::L3).is_nan());
        assert!(machine.attainable(f64::NAN, Level::L1).is_nan());
    }
}
