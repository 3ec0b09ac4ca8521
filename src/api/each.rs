//! Work of one's own, part by part, on the threads that launches use.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use crate::api::launch::said;
use crate::api::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::threads;

impl Runtime {
    /// Does `work` for each of `parts`, on the threads that launches use, the calling one among them; returns when all is done.
    ///
    /// This is for steps that are best done block by block: several launches over one block while it is in a cache, block after
    /// block, instead of each launch over everything. Launches in `work` name [`Target::Simd`](crate::Target) (one thread), for
    /// the other threads are busy with other parts.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// #[kernel]
    /// fn squared(x: f32) -> f32 {
    ///     x * x
    /// }
    ///
    /// let rt = Runtime::new()?;
    /// let (x, mut norms) = (vec![2.0f32; 40_000], vec![0.0; 4]);
    /// rt.each(x.chunks(10_000).zip(&mut norms), |(part, norm)| {
    ///     *norm = rt.map::<squared>(part).on(Target::Simd).sum()?.sqrt();
    ///     Ok(())
    /// })?;
    /// assert_eq!(norms, [200.0; 4]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first error of `work`, behind which no other part is begun; `Panicked` where it panicked.
    pub fn each<P: Send>(
        &self,
        parts: impl IntoIterator<Item = P>,
        work: impl Fn(P) -> Result<()> + Sync,
    ) -> Result<()> {
        let first: Mutex<Option<Error>> = Mutex::new(None);
        let failed = || first.lock().unwrap_or_else(PoisonError::into_inner);
        let core = self.core();
        threads::each(&core.pool, core.threads, parts.into_iter().collect(), |part| {
            if failed().is_some() {
                return;
            }
            let done = catch_unwind(AssertUnwindSafe(|| work(part))).unwrap_or_else(|panic| {
                let text = format!("a part's work panicked: {}; mend the closure", said(&*panic));
                Err(Error::new(ErrorKind::Panicked, text))
            });
            if let Err(error) = done {
                failed().get_or_insert(error);
            }
        });
        first.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn runtime(threads: usize) -> Runtime {
        Runtime::builder().threads(threads).build().expect("a level of this machine")
    }

    #[test]
    fn every_part_is_done_once() {
        for threads in [1, 2, 5] {
            for parts in [0, 1, 2, 1_000] {
                let mut done = vec![0; parts];
                runtime(threads)
                    .each(done.iter_mut().enumerate(), |(k, done)| {
                        *done += k + 1;
                        Ok(())
                    })
                    .expect("nothing fails");
                assert!(done.iter().enumerate().all(|(k, done)| *done == k + 1));
            }
        }
    }

    #[test]
    fn the_first_error_ends_it() {
        for threads in [1, 3] {
            let done = AtomicUsize::new(0);
            let error = runtime(threads)
                .each(0..10_000, |part| {
                    done.fetch_add(1, Ordering::Relaxed);
                    match part {
                        5 => Err(Error::new(ErrorKind::Setting, "the fifth part")),
                        _ => Ok(()),
                    }
                })
                .expect_err("the fifth part fails");
            assert_eq!(error.kind(), ErrorKind::Setting);
            assert!(done.into_inner() < 10_000, "others are not begun");
        }
    }

    #[test]
    fn a_panic_is_an_error() {
        for threads in [1, 3] {
            let error = runtime(threads).each(0..20, |part| {
                assert!(part != 7, "seven");
                Ok(())
            });
            let error = error.expect_err("a part panics");
            assert!(error.kind() == ErrorKind::Panicked && error.to_string().contains("seven"), "{error}");
        }
    }
}
