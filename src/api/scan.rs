//! Scans: prefix sums and the like.

use crate::api::launch::{Launch, Reported, caught, domain};
use crate::api::op::Operation;
use crate::api::reduce::Numeric;
use crate::error::Result;
use crate::exec::driver::Outcome;
use crate::exec::scan;
use crate::kernel::Kernel;
use crate::memory::Array;

impl<K: Kernel<Out = T>, T: Numeric> Launch<'_, '_, K> {
    /// An array in which each place has what `op` makes of the results up to its own.
    ///
    /// ```
    /// use manylane::op;
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let x = vec![3.0f32, 1.0, 4.0, 1.0];
    /// assert_eq!(rt.reduce(&x).inclusive_scan(op::Sum)?.to_vec()?, [3.0, 4.0, 8.0, 9.0]);
    /// assert_eq!(rt.reduce(&x).exclusive_scan(op::Max)?.to_vec()?[1..], [3.0, 3.0, 4.0]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// Of floats, in an order that depends on the place alone: the same bits on every target, level, thread count and
    /// split, wherever the scanned values are the same. The operation may be non-commutative.
    ///
    /// # Errors
    /// As [`run`](Launch::run); `UnsupportedType` for a kernel that updates something.
    pub fn inclusive_scan(self, op: impl Operation<T>) -> Result<Array<T>> {
        self.reported().inclusive_scan(op).map(|(array, _)| array)
    }

    /// As [`inclusive_scan`](Launch::inclusive_scan), of the results before each place; the first place has what `op` makes of
    /// nothing.
    ///
    /// # Errors
    /// As [`inclusive_scan`](Launch::inclusive_scan).
    pub fn exclusive_scan(self, op: impl Operation<T>) -> Result<Array<T>> {
        self.reported().exclusive_scan(op).map(|(array, _)| array)
    }
}

impl<K: Kernel<Out = T>, T: Numeric> Reported<'_, '_, K> {
    /// As [`Launch::inclusive_scan`].
    ///
    /// # Errors
    /// As [`Launch::inclusive_scan`].
    pub fn inclusive_scan(self, op: impl Operation<T>) -> Result<(Array<T>, Outcome)> {
        scanned(self, op, false)
    }

    /// As [`Launch::exclusive_scan`].
    ///
    /// # Errors
    /// As [`Launch::exclusive_scan`].
    pub fn exclusive_scan(self, op: impl Operation<T>) -> Result<(Array<T>, Outcome)> {
        scanned(self, op, true)
    }
}

fn scanned<K: Kernel<Out = T>, T: Numeric>(
    launch: Reported<'_, '_, K>,
    op: impl Operation<T>,
    exclusive: bool,
) -> Result<(Array<T>, Outcome)> {
    let Launch { runtime, mut args, config } = launch.into_launch();
    caught(K::INFO.name, || {
        let domain = domain::<K>(&args, &config)?;
        let fold = op.fold();
        scan::scan::<K, _>(runtime.core(), &mut args, (&fold, exclusive), domain, &config)
    })
}
