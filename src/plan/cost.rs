//! What a launch costs where: medians of recent runs, seeded by operation counts.
//!
//! ```text
//! cost of one place = median of the last MODEL_SAMPLES runs of this kernel, at this site, at about this size;
//!                     a run of this process counts twice, one that was loaded from a file once
//!                     (of those the newest LOADED are taken, so two fresh runs outvote them)
//! three fresh runs whose median is off the loaded ones' by more than twice: the loaded ones are dropped
//! nothing measured: an estimate from the kernel's operation counts
//! ```
//! What a GPU takes to answer at all and what its link moves are kept in the same way. Nothing here reads a clock or a
//! file: `exec` records what it timed, and keeps files in the format of [`saved`](crate::plan::saved).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::plan::{Work, tuning};

/// Where a piece of work runs, for the models: one CPU thread with SIMD, one without, or a GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Site {
    /// One thread at a SIMD level other than scalar.
    Thread,
    /// One thread, one lane.
    Scalar,
    /// So many threads together, by the clock on the wall: one of them is no slower where memory is what limits.
    Threads {
        /// How many.
        count: usize,
    },
    /// A GPU by its number, and whether it is software.
    Gpu {
        /// Its number.
        index: usize,
        /// Whether it is a program on the CPU.
        software: bool,
    },
}

/// Something that is measured at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// Seconds for one place of a kernel.
    Cost {
        /// The kernel's hash.
        kernel: u64,
        /// The size class of the launch: half the binary logarithm of its places.
        class: u32,
    },
    /// Seconds of a launch that does next to nothing.
    Latency,
    /// Bytes a second between the host's memory and the site's.
    Rate,
}

impl Quantity {
    /// Whether `value` can have been measured: anything else is a damaged file or a broken clock.
    pub fn allows(self, value: f64) -> bool {
        let (least, most) = match self {
            Quantity::Cost { .. } => (LEAST_COST, 1e3),
            Quantity::Latency => (1e-9, 1e3),
            Quantity::Rate => (1e3, 1e15),
        };
        (least..=most).contains(&value)
    }
}

/// The least that a place can cost.
const LEAST_COST: f64 = 1e-13;

/// Samples of a file that count.
const LOADED: usize = 3;

/// By how much fresh samples must differ from loaded ones that are then wrong: another load of the machine is less.
const WRONG: f64 = 2.0;

/// A transfer of fewer bytes says more of the latency than of the link.
const SMALLEST_TRANSFER: usize = 1 << 20;

/// Measured costs by kernel, site and size class.
#[derive(Clone, Debug, Default)]
pub struct Models {
    samples: HashMap<(Site, Quantity), Samples, BuildHasherDefault<Mix>>,
}

/// Mixes the few words of a key: whoever chooses kernels is trusted, and a small launch should not feel that it is measured.
#[derive(Clone, Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_u64(&mut self, word: u64) {
        // The golden ratio's bits: an odd factor whose products spread over the upper half.
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// What was measured since it was last saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsaved {
    /// Where.
    pub site: Site,
    /// What.
    pub quantity: Quantity,
    /// The newest last.
    pub values: Vec<f64>,
    /// Whether what is saved was found wrong: it is to be replaced, not continued.
    pub replaces: bool,
    count: usize,
}

#[derive(Clone, Debug, Default)]
struct Samples {
    /// From a file or measured beforehand, the newest last.
    loaded: Vec<f64>,
    /// Of this process, the newest last.
    fresh: Vec<f64>,
    /// Fresh ones since the last saving, also those that have made room.
    unsaved: usize,
    /// Whether the loaded ones were dropped since the last saving.
    replaces: bool,
    /// The middle of them all: a launch asks for it more often than it changes.
    middle: Option<f64>,
}

impl Samples {
    fn push(&mut self, value: f64) {
        if self.fresh.len() == tuning::MODEL_SAMPLES {
            self.fresh.remove(0);
        }
        self.fresh.push(value);
        self.unsaved += 1;
        self.doubt();
        self.middle = median(&self.loaded, &self.fresh);
    }

    fn load(&mut self, values: &[f64]) {
        self.loaded.extend(values);
        self.loaded.drain(..self.loaded.len().saturating_sub(LOADED));
        self.doubt();
        self.middle = median(&self.loaded, &self.fresh);
    }

    /// Drops loaded ones that this machine, as it is now, contradicts.
    fn doubt(&mut self) {
        if self.loaded.is_empty() || self.fresh.len() < LOADED {
            return;
        }
        if let (Some(loaded), Some(fresh)) = (median(&self.loaded, &[]), median(&[], &self.fresh))
            && (loaded > WRONG * fresh || fresh > WRONG * loaded)
        {
            self.loaded.clear();
            self.replaces = true;
        }
    }
}

impl Models {
    /// Notes that `places` of the kernel took `seconds` there.
    pub fn record(&mut self, kernel: u64, site: Site, places: usize, seconds: f64) {
        if places == 0 || seconds.is_nan() || seconds <= 0.0 {
            return;
        }
        let quantity = Quantity::Cost { kernel, class: size_class(places) };
        self.push(site, quantity, (seconds / places as f64).max(LEAST_COST));
    }

    /// Notes that a launch of next to nothing, or whatever a launch took beyond its work, was `seconds` there.
    pub fn record_latency(&mut self, site: Site, seconds: f64) {
        self.push(site, Quantity::Latency, seconds);
    }

    /// Notes that so many bytes were moved to or from a GPU's memory in `seconds`; less than 1 MiB says nothing.
    pub fn record_transfer(&mut self, site: Site, bytes: usize, seconds: f64) {
        if bytes >= SMALLEST_TRANSFER && seconds > 0.0 {
            self.push(site, Quantity::Rate, bytes as f64 / seconds);
        }
    }

    fn push(&mut self, site: Site, quantity: Quantity, value: f64) {
        if quantity.allows(value) {
            self.samples.entry((site, quantity)).or_default().push(value);
        }
    }

    /// Takes over what was measured before: by another process, or when a device was opened. The newest come last, and are
    /// newer than what was taken over before.
    pub fn adopt(&mut self, site: Site, quantity: Quantity, values: &[f64]) {
        let values: Vec<f64> = values.iter().copied().filter(|value| quantity.allows(*value)).collect();
        if !values.is_empty() {
            self.samples.entry((site, quantity)).or_default().load(&values);
        }
    }

    /// Seconds for one place, as measured at this size or the nearest one measured.
    pub fn measured(&self, kernel: u64, site: Site, places: usize) -> Option<f64> {
        let class = size_class(places);
        let near = (0..=4).flat_map(|d: u32| [class.checked_sub(d), class.checked_add(d)]).flatten();
        near.into_iter().find_map(|class| self.median(site, Quantity::Cost { kernel, class }))
    }

    /// Seconds for one place, as measured at this size.
    pub fn measured_here(&self, kernel: u64, site: Site, places: usize) -> Option<f64> {
        self.median(site, Quantity::Cost { kernel, class: size_class(places) })
    }

    /// Seconds for one place: measured, else estimated from the kernel's operation counts.
    pub fn per_place(&self, work: &Work, site: Site) -> f64 {
        self.measured(work.kernel.hash, site, work.domain.len()).unwrap_or_else(|| seed(work, site))
    }

    /// Seconds that a launch takes there beyond its work and its transfers: measured, else a guess; on the CPU none.
    pub fn latency(&self, site: Site) -> f64 {
        match site {
            Site::Thread | Site::Scalar | Site::Threads { .. } => 0.0,
            Site::Gpu { .. } => self.median(site, Quantity::Latency).unwrap_or(tuning::GPU_LAUNCH_SECONDS),
        }
    }

    /// Bytes a second between the host's memory and the site's: measured, else a guess; on the CPU there is no link.
    pub fn transfer_rate(&self, site: Site) -> f64 {
        match site {
            Site::Thread | Site::Scalar | Site::Threads { .. } => f64::INFINITY,
            Site::Gpu { .. } => self.median(site, Quantity::Rate).unwrap_or(tuning::SEED_TRANSFER_BYTES),
        }
    }

    fn median(&self, site: Site, quantity: Quantity) -> Option<f64> {
        self.samples.get(&(site, quantity))?.middle
    }

    /// What is to be saved, in a fixed order.
    pub fn unsaved(&self) -> Vec<Unsaved> {
        let mut all: Vec<Unsaved> = self
            .samples
            .iter()
            .filter(|(_, samples)| samples.unsaved > 0)
            .map(|(&(site, quantity), samples)| {
                let kept = samples.fresh.len().saturating_sub(samples.unsaved);
                Unsaved {
                    site,
                    quantity,
                    values: samples.fresh[kept..].to_vec(),
                    replaces: samples.replaces,
                    count: samples.unsaved,
                }
            })
            .collect();
        all.sort_by_key(|unsaved| (unsaved.site, unsaved.quantity));
        all
    }

    /// That this is saved; what was measured since is not.
    pub fn saved(&mut self, saved: &[Unsaved]) {
        for Unsaved { site, quantity, replaces, count, .. } in saved {
            if let Some(samples) = self.samples.get_mut(&(*site, *quantity)) {
                samples.unsaved = samples.unsaved.saturating_sub(*count);
                samples.replaces &= !replaces;
            }
        }
    }
}

/// The estimate where nothing was measured: the larger of moving the bytes and doing the operations.
pub fn seed(work: &Work, site: Site) -> f64 {
    let ops = work.kernel.ops;
    let turns = if ops.loops { tuning::LOOP_TURNS } else { 1.0 };
    let plain = f64::from(ops.flops + ops.ints + 2 * ops.loads);
    let operations = (plain + f64::from(ops.specials) * tuning::SPECIAL_OPS) * turns;
    let thread = (work.bytes as f64 / tuning::SEED_THREAD_BYTES).max(operations / tuning::SEED_THREAD_OPS);
    match site {
        Site::Thread => thread,
        Site::Scalar => thread * 4.0,
        Site::Threads { count } => thread / count.max(1) as f64,
        Site::Gpu { software: true, .. } => thread / tuning::SEED_SOFTWARE_SPEEDUP,
        Site::Gpu { software: false, .. } => thread / tuning::SEED_GPU_SPEEDUP,
    }
}

fn size_class(places: usize) -> u32 {
    places.max(1).ilog2() / 2
}

/// The middle of both by weight, a fresh one counting twice; of an even number the smaller, for spikes go up.
fn median(loaded: &[f64], fresh: &[f64]) -> Option<f64> {
    // Each is compared with all: of so few that is faster than sorting, whose branches nothing predicts.
    let total = loaded.len() + 2 * fresh.len();
    let up_to = |value: f64| {
        let count = |values: &[f64]| values.iter().map(|other| usize::from(*other <= value)).sum::<usize>();
        count(loaded) + 2 * count(fresh)
    };
    let upper = loaded.iter().chain(fresh).copied().filter(|value| 2 * up_to(*value) >= total);
    upper.min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GPU: Site = Site::Gpu { index: 1, software: false };
    const COST: Quantity = Quantity::Cost { kernel: 7, class: 4 };

    fn after(loaded: &[f64], fresh: &[f64]) -> Models {
        let mut models = Models::default();
        models.adopt(Site::Thread, COST, loaded);
        fresh.iter().for_each(|seconds| models.record(7, Site::Thread, 1000, seconds * 1000.0));
        models
    }

    fn cost(models: &Models) -> Option<f64> {
        models.measured(7, Site::Thread, 1000)
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 * b
    }

    #[test]
    fn one_spike_moves_nothing() {
        let mut models = Models::default();
        for seconds in [1e-6, 1.1e-6, 0.9e-6, 1.0, 1e-6] {
            models.record(7, Site::Thread, 1000, seconds * 1000.0);
        }
        assert_eq!(models.measured(7, Site::Thread, 1000), Some(1e-6));
        assert_eq!(models.measured(7, Site::Thread, 2000), Some(1e-6), "a neighbouring size serves");
        assert_eq!(models.measured(7, Site::Scalar, 1000), None);
        assert_eq!(models.measured(8, Site::Thread, 1000), None);
    }

    #[test]
    fn what_cannot_be_is_not_recorded() {
        let mut models = after(&[f64::NAN, -1.0, 0.0, 1e4, 1e-14, f64::INFINITY], &[]);
        for seconds in [f64::NAN, -1.0, 0.0, f64::INFINITY, 1e9] {
            models.record(7, Site::Thread, 1000, seconds);
            models.record_latency(GPU, seconds);
            models.record_transfer(GPU, 1 << 30, seconds);
        }
        models.record_transfer(GPU, 1000, 1e-3);
        assert!(models.unsaved().is_empty());
        assert_eq!(cost(&models), None);
        assert_eq!(models.latency(GPU), tuning::GPU_LAUNCH_SECONDS);
        assert_eq!(models.transfer_rate(GPU), tuning::SEED_TRANSFER_BYTES);
        assert_eq!((models.latency(Site::Thread), models.transfer_rate(Site::Scalar)), (0.0, f64::INFINITY));
    }

    #[test]
    fn fresh_samples_outvote_loaded_ones() {
        let old = [9e-6, 9e-6, 1e-6, 1e-6, 1e-6];
        assert_eq!(cost(&after(&old, &[])), Some(1e-6), "the three newest count");
        assert!(close(cost(&after(&old, &[50e-6])).unwrap(), 1e-6), "one spike does not");
        for fresh in [1.5e-6, 0.6e-6] {
            assert!(close(cost(&after(&old, &[fresh; 2])).unwrap(), fresh), "two fresh ones do");
        }
    }

    #[test]
    fn loaded_samples_that_are_contradicted_are_dropped() {
        for (fresh, drops) in [(1.9e-6, false), (2.1e-6, true), (0.6e-6, false), (0.4e-6, true)] {
            let models = after(&[1e-6; 3], &[fresh; 3]);
            assert_eq!(models.unsaved()[0].replaces, drops, "{fresh}");
            let samples = &models.samples[&(Site::Thread, COST)];
            assert_eq!(samples.loaded.is_empty(), drops, "{fresh}");
        }
        let spiky = after(&[1e-6; 3], &[1e-6, 1.0, 1e-6]);
        assert!(!spiky.unsaved()[0].replaces);
    }

    #[test]
    fn what_is_saved_is_not_saved_again() {
        let mut models = after(&[1e-6; 3], &[2e-6, 3e-6]);
        models.record_latency(GPU, 40e-6);
        let first = models.unsaved();
        assert_eq!(first.len(), 2);
        assert!(first[0].values.len() == 2 && close(first[0].values[1], 3e-6), "{first:?}");
        for _ in 0..20 {
            models.record(7, Site::Thread, 1000, 4e-3);
        }
        models.saved(&first);
        let second = models.unsaved();
        assert_eq!(second.len(), 1);
        assert_eq!(second[0].values.len(), tuning::MODEL_SAMPLES, "as many as are kept");
        assert!(second[0].replaces, "the loaded ones were contradicted meanwhile");
        models.saved(&second);
        assert!(models.unsaved().is_empty());
    }

    #[test]
    fn a_gpu_has_a_latency_and_a_link_of_its_own() {
        let mut models = Models::default();
        for seconds in [40e-6, 41e-6, 9.0] {
            models.record_latency(GPU, seconds);
            models.record_transfer(GPU, 1 << 30, seconds * 1000.0);
        }
        assert_eq!(models.latency(GPU), 41e-6);
        assert!(close(models.transfer_rate(GPU), (1 << 30) as f64 / 41e-3));
        let other = Site::Gpu { index: 0, software: false };
        assert_eq!(models.latency(other), tuning::GPU_LAUNCH_SECONDS);
    }
}
