//! Seeded numbers: splitmix64, small and good enough for inputs.

/// A generator of inputs, seeded by `MANYLANE_SEED` or a fixed number, told when a test fails.
pub struct Random {
    state: u64,
    seed: u64,
}

const DEFAULT_SEED: u64 = 20_261_121;

impl Random {
    /// The generator of one test: the seed of this run mixed with the test's name.
    ///
    /// # Panics
    /// Where `MANYLANE_SEED` is no number.
    pub fn new(name: &str) -> Self {
        let seed = match std::env::var("MANYLANE_SEED") {
            Ok(text) => {
                text.parse().unwrap_or_else(|_| panic!("MANYLANE_SEED is `{text}`; it must be a number"))
            }
            Err(_) => DEFAULT_SEED,
        };
        let state = name.bytes().fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Random { state, seed }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 32 random bits.
    pub fn u32(&mut self) -> u32 {
        (self.bits() >> 32) as u32
    }

    /// A number below `n`, which is above 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    /// A float from `low` to `high`.
    pub fn float(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.bits() >> 40) as f32 / (1u32 << 24) as f32;
        low + (high - low) * unit
    }

    /// One of `choices`.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// `n` values of `make`.
    pub fn many<T>(&mut self, n: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..n).map(|_| make(self)).collect()
    }
}

impl Drop for Random {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("inputs were seeded with MANYLANE_SEED={}", self.seed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_gives_one_sequence_and_another_gives_another() {
        let take = |name: &str| Random::new(name).many(8, Random::bits);
        assert_eq!(take("a"), take("a"));
        assert_ne!(take("a"), take("b"));
    }

    #[test]
    fn floats_stay_in_range() {
        let mut random = Random::new("floats");
        assert!(random.many(10_000, |r| r.float(-2.0, 3.0)).into_iter().all(|x| (-2.0..=3.0).contains(&x)));
    }
}
