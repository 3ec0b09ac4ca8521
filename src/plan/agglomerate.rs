//! Agglomeration: how much work goes into one piece. Large enough that giving it out costs little beside doing it, small
//! enough that all workers end together and a cancel or a watchdog need not wait.

use std::fmt;

use crate::plan::assign::duration;
use crate::plan::tuning;
use crate::shape::CHUNK;

/// The smallest piece that a queue of threads gives out, and why it is no smaller and no larger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grain {
    /// Its places, a multiple of [`CHUNK`].
    pub places: usize,
    /// What one thread needs for it.
    pub seconds: f64,
    /// What giving out one piece costs, whatever its size.
    pub fixed_seconds: f64,
    /// What decided.
    pub bound: Bound,
}

/// What decides a grain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The fixed cost stays under [`tuning::FIXED_SHARE`] of the work.
    Overhead,
    /// Every thread gets eight pieces, so that they end together.
    Balance,
    /// No piece is smaller than [`CHUNK`]: results do not depend on boundaries there.
    Chunk,
}

/// The grain of `n` places that take one thread `one` seconds each, over so many threads.
pub fn grain(one: f64, n: usize, threads: usize) -> Grain {
    let fixed_seconds = tuning::MANAGER_SECONDS;
    let pays = (fixed_seconds / tuning::FIXED_SHARE / one.max(1e-15)) as usize;
    let balances = n / (8 * threads.max(1));
    let (wanted, bound) = if pays <= balances { (pays, Bound::Overhead) } else { (balances, Bound::Balance) };
    let bound = if wanted < CHUNK { Bound::Chunk } else { bound };
    let places = wanted.max(1).div_ceil(CHUNK) * CHUNK;
    Grain { places, seconds: places as f64 * one, fixed_seconds, bound }
}

impl Grain {
    /// The part of a piece's time that giving it out takes.
    pub fn overhead(&self) -> f64 {
        self.fixed_seconds / (self.fixed_seconds + self.seconds)
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "grain {} places ({} of one thread, {:.2} % of it to give it out): ",
            self.places,
            duration(self.seconds),
            100.0 * self.overhead()
        )?;
        match self.bound {
            Bound::Overhead => write!(
                f,
                "the smallest whose fixed cost of {} stays under {} %",
                duration(self.fixed_seconds),
                100.0 * tuning::FIXED_SHARE
            ),
            Bound::Balance => f.write_str("eight pieces for every thread, so that all end together"),
            Bound::Chunk => write!(f, "a chunk of {CHUNK}, the smallest that is given out"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_what_decides() {
        let cheap = grain(1e-10, 100_000_000, 4);
        assert_eq!(cheap.bound, Bound::Overhead);
        assert!(cheap.overhead() <= tuning::FIXED_SHARE * 1.001, "{cheap}");
        let few = grain(1e-10, 1_000_000, 8);
        assert_eq!((few.bound, few.places), (Bound::Balance, 16_384), "{few}");
        let dear = grain(1e-6, 1_000_000, 8);
        assert_eq!((dear.bound, dear.places), (Bound::Chunk, CHUNK), "{dear}");
        assert_eq!(grain(0.0, 0, 0).places, CHUNK);
    }
}
