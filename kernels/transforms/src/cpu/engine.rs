//! rustfft, planned for a level.

use std::sync::{Arc, OnceLock};

use manylane::prelude::*;
use rustfft::{Fft, FftDirection, FftPlannerScalar};

use crate::passes::Sense;

/// One length, planned by rustfft.
pub(crate) type Engine = Arc<dyn Fft<f32>>;

/// The transforms of one length that were planned so far: without vectors and with, forward and inverse.
#[derive(Default)]
pub(crate) struct Engines([OnceLock<Engine>; 4]);

impl Engines {
    /// That of length `n`; a cache is one runtime's, whose level stays what it is.
    pub fn get(&self, n: usize, level: Level, sense: Sense) -> &Engine {
        let at = 2 * usize::from(level != Level::Scalar) + usize::from(sense == Sense::Inverse);
        self.0[at].get_or_init(|| planned(n, level, sense))
    }
}

fn planned(n: usize, level: Level, sense: Sense) -> Engine {
    let direction = match sense {
        Sense::Forward => FftDirection::Forward,
        Sense::Inverse => FftDirection::Inverse,
    };
    #[cfg(target_arch = "x86_64")]
    {
        if level >= Level::Avx2
            && let Ok(mut planner) = rustfft::FftPlannerAvx::new()
        {
            return planner.plan_fft(n, direction);
        }
        if level >= Level::Baseline
            && let Ok(mut planner) = rustfft::FftPlannerSse::new()
        {
            return planner.plan_fft(n, direction);
        }
    }
    #[cfg(target_arch = "aarch64")]
    if level >= Level::Baseline
        && let Ok(mut planner) = rustfft::FftPlannerNeon::new()
    {
        return planner.plan_fft(n, direction);
    }
    FftPlannerScalar::new().plan_fft(n, direction)
}
