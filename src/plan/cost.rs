//! What a launch costs where: medians of recent runs, seeded by operation counts.

use std::collections::HashMap;

use crate::plan::{Work, tuning};

/// Where a piece of work runs, for the models: one CPU thread with SIMD, one without, or a GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Site {
    /// One thread at a SIMD level other than scalar.
    Thread,
    /// One thread, one lane.
    Scalar,
    /// A GPU by its number, and whether it is software.
    Gpu {
        /// Its number.
        index: usize,
        /// Whether it is a program on the CPU.
        software: bool,
    },
}

/// Measured costs by kernel, site and size class.
#[derive(Clone, Debug, Default)]
pub struct Models {
    samples: HashMap<(u64, Site, u32), Vec<f64>>,
}

impl Models {
    /// Notes that `places` of the kernel took `seconds` there.
    pub fn record(&mut self, kernel: u64, site: Site, places: usize, seconds: f64) {
        if places == 0 || !seconds.is_finite() || seconds <= 0.0 {
            return;
        }
        let samples = self.samples.entry((kernel, site, size_class(places))).or_default();
        if samples.len() == tuning::MODEL_SAMPLES {
            samples.remove(0);
        }
        samples.push(seconds / places as f64);
    }

    /// Seconds for one place, as measured at this size or the nearest one measured.
    pub fn measured(&self, kernel: u64, site: Site, places: usize) -> Option<f64> {
        let class = size_class(places);
        let near = (0..=4).flat_map(|d: u32| [class.checked_sub(d), class.checked_add(d)]).flatten();
        near.into_iter()
            .find_map(|class| self.samples.get(&(kernel, site, class)).map(|samples| median(samples)))
    }

    /// Seconds for one place: measured, else estimated from the kernel's operation counts.
    pub fn per_place(&self, work: &Work, site: Site) -> f64 {
        self.measured(work.kernel.hash, site, work.domain.len()).unwrap_or_else(|| seed(work, site))
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
        Site::Gpu { software: true, .. } => thread / tuning::SEED_SOFTWARE_SPEEDUP,
        Site::Gpu { software: false, .. } => thread / tuning::SEED_GPU_SPEEDUP,
    }
}

fn size_class(places: usize) -> u32 {
    places.max(1).ilog2() / 2
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
