//! Sums that are rounded once.

use crate::api::launch::{Launch, Reported, caught, domain};
use crate::error::Result;
use crate::exec::driver::{self, Outcome};
use crate::exec::exact::{ExactSum, Reduce, rounded};
use crate::kernel::Kernel;

impl<K: Kernel<Out = T>, T: ExactSum> Launch<'_, '_, K> {
    /// The sum of the results, correctly rounded: the float nearest to what they come to exactly, ties to even. The same on
    /// every target, in any order; 0.0 for none, and where they come to nothing.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let x = vec![1e30f32, -1e30, 1.0];
    /// assert_eq!((rt.reduce(&x).sum_exact()?, rt.reduce(&x).sum()?), (1.0, 0.0));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// NaN, or infinities of both signs, make it NaN. An overflow on the way is none where the end is finite.
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    pub fn sum_exact(self) -> Result<T> {
        summed(self).map(|(sum, _)| sum)
    }
}

impl<K: Kernel<Out = T>, T: ExactSum> Reported<'_, '_, K> {
    /// As [`Launch::sum_exact`].
    ///
    /// # Errors
    /// As the launch's.
    pub fn sum_exact(self) -> Result<(T, Outcome)> {
        summed(self.into_launch())
    }
}

fn summed<K: Kernel<Out = T>, T: ExactSum>(launch: Launch<'_, '_, K>) -> Result<(T, Outcome)> {
    let Launch { runtime, mut args, config } = launch;
    caught(K::INFO.name, || {
        let all = (domain::<K>(&args, &config)?, config);
        driver::blocks::<K, Reduce, _>(runtime.core(), &mut args, &Reduce, all, |_, _, blocks| {
            Ok(rounded::<T>(blocks))
        })
    })
}
