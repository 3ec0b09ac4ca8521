//! Random numbers from a seed: arrays of them, permutations, and results in a random order.
//!
//! What stands at a place depends on the seed and the place alone. So every target and every split gives the same
//! numbers, a longer launch begins with a shorter one's, and a kernel that draws with `rng: Random` under the same seed
//! draws the same ones.

use std::ops::Range;

use crate::api::launch::Launch;
use crate::api::reduce::Numeric;
use crate::api::runtime::Runtime;
use crate::api::settings::settings;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::Config;
use crate::exec::sort::Sort;
use crate::kernel::{Generator, IntoElement, IntoSlice, Kernel, SliceArg, draws};
use crate::memory::Array;
use crate::shape::Domain;

/// A launch that makes a permutation; see [`Runtime::permutation`].
#[must_use = "a launch does nothing until its last word: `run`"]
pub struct Permutation<'r> {
    runtime: &'r Runtime,
    seed: u64,
    config: Config,
}

impl Runtime {
    /// A launch that draws a number from 0 up to but not 1 for each place of `shape`: one of 2^24, all equally likely.
    ///
    /// It is a launch as any other: `.run()` stores the numbers, `.sum()`, `.histogram_even(…)` and so on take them as
    /// they are drawn.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let noise = rt.uniform(10_000, 42).run()?.to_vec()?;
    /// assert!(noise.iter().all(|x| (0.0..1.0).contains(x)));
    /// // A longer one begins with it.
    /// assert_eq!(rt.uniform(10_001, 42).on(Target::Scalar).run()?.to_vec()?[..10_000], noise);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// The last word gives `LimitExceeded` for more places than a `u32` counts, here and below.
    pub fn uniform(&self, shape: impl Into<Domain>, seed: u64) -> Launch<'_, 'static, draws::uniform> {
        self.map::<draws::uniform>((seed,)).over(shape)
    }

    /// A launch that draws a number of the standard normal distribution for each place of `shape`; see
    /// [`Random::normal`](crate::kernel::Random::normal) for which ones.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let mean = rt.normal((1_000, 1_000), 42).sum()? / 1e6;
    /// assert!(mean.abs() < 5e-3);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn normal(&self, shape: impl Into<Domain>, seed: u64) -> Launch<'_, 'static, draws::normal> {
        self.map::<draws::normal>((seed,)).over(shape)
    }

    /// A launch that draws a number below `n` for each place of `shape`; each number's chance is less than 2^-64 away
    /// from 1 / n.
    ///
    /// # Errors
    /// `Setting` where `n` is 0.
    pub fn below(
        &self,
        n: u32,
        shape: impl Into<Domain>,
        seed: u64,
    ) -> Result<Launch<'_, 'static, draws::below>> {
        if n == 0 {
            return Err(Error::new(ErrorKind::Setting, "no number is below 0; ask for one below 1 or more"));
        }
        Ok(self.map::<draws::below>((n, seed)).over(shape))
    }

    /// A launch that draws a number of `range` for each place of `shape`, as good as [`below`](Runtime::below).
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let dice = rt.range(1..7, 100, 42)?.run()?;
    /// assert!(dice.to_vec()?.iter().all(|x| (1..=6).contains(x)));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// `Setting` where the range is empty.
    pub fn range(
        &self,
        range: Range<i32>,
        shape: impl Into<Domain>,
        seed: u64,
    ) -> Result<Launch<'_, 'static, draws::range>> {
        if range.is_empty() {
            let text = format!("the range {range:?} has no numbers; its end must be above its start");
            return Err(Error::new(ErrorKind::Setting, text));
        }
        Ok(self.map::<draws::range>((range.start, range.end, seed)).over(shape))
    }

    /// A launch that puts the places 0 to `n` - 1 in a random order, all orders equally likely: those of 64 random bits of
    /// each, so that two of n places are likely to draw the same only where n is about 2^32. (What draws the same keeps
    /// its order.)
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let mut order = rt.permutation(1_000, 42).run()?.to_vec()?;
    /// assert_ne!(order[..3], [0, 1, 2]);
    /// order.sort_unstable();
    /// assert!(order.into_iter().eq(0..1_000));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn permutation(&self, n: usize, seed: u64) -> Permutation<'_> {
        let config = Config { over: Some(Domain::Line(n)), ..Config::default() };
        Permutation { runtime: self, seed, config }
    }
}

impl Permutation<'_> {
    settings!();

    /// The part of the places that GPUs get in a split; as [`Launch::gpu_share`].
    pub fn gpu_share(mut self, share: f64) -> Self {
        self.config.gpu_share = Some(share.clamp(0.0, 1.0));
        self
    }

    /// The places in their order.
    ///
    /// # Errors
    /// As [`Launch::argsort`].
    pub fn run(self) -> Result<Array<u32>> {
        let Permutation { runtime, seed, config } = self;
        let with = || config.clone();
        // Sorted by the lower words, then stably by the upper ones.
        let low = drawn::<draws::second_words>(runtime, seed, with()).argsort()?;
        let high = drawn::<draws::words>(runtime, seed, with()).run()?;
        let sorted = gathered::<u32>(runtime, &low, (&high).into_slice(), with());
        let (_, places) = sorted.sort_pairs(&low, Sort::ascending())?;
        Ok(places)
    }
}

impl<K: Kernel<Out = T>, T: Numeric> Launch<'_, '_, K> {
    /// The results in the random order of that seed: at each place of the [permutation](Runtime::permutation), in a line.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let cards: Vec<u32> = (0..52).collect();
    /// let mixed = rt.reduce(&cards).shuffle(42)?.to_vec()?;
    /// assert_eq!(mixed, rt.permutation(52, 42).run()?.to_vec()?);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Launch::run); `LimitExceeded` for 2^32 places or more.
    pub fn shuffle(self, seed: u64) -> Result<Array<T>> {
        let (runtime, config) = (self.runtime, self.config.clone());
        let values = self.run()?;
        let config = Config { over: Some(Domain::Line(values.len())), ..config };
        let places = Permutation { runtime, seed, config: config.clone() }.run()?;
        gathered::<T>(runtime, &places, (&values).into_slice(), config).run()
    }
}

/// A launch of a kernel that only draws.
fn drawn<K>(runtime: &Runtime, seed: u64, config: Config) -> Launch<'_, 'static, K>
where
    K: Kernel<Params = (Generator,), Out = u32>,
{
    let mut launch = Launch::<K>::new(runtime, (seed,));
    launch.config = config;
    launch
}

/// A launch that reads `from` at each of `places`.
fn gathered<'r, 'a, T: Numeric>(
    runtime: &'r Runtime,
    places: &Array<u32>,
    from: SliceArg<'a, T>,
    config: Config,
) -> Launch<'r, 'a, T::Gather> {
    let mut launch = Launch::<T::Gather>::new(runtime, (places.into_element(), from));
    launch.config = config;
    launch
}
