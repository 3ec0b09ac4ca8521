//! Results that are wanted: filters, partitions, lists of places.

use crate::api::launch::{Launch, caught, domain};
use crate::api::reduce::Numeric;
use crate::error::Result;
use crate::exec::select::{self, At, By, Changes, Kept, Value, Wanted};
use crate::kernel::{Kernel, LaneElement, Unary};
use crate::memory::Array;

impl<K: Kernel<Out = T>, T: Numeric> Launch<'_, '_, K> {
    /// The results for which the kernel `P` returns something other than zero, in order.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// #[kernel]
    /// fn is_large(x: f32) -> u32 {
    ///     if x > 2.0 { 1 } else { 0 }
    /// }
    ///
    /// let rt = Runtime::new()?;
    /// let x = vec![3.0f32, 1.0, 4.0, 1.0, 5.0];
    /// assert_eq!(rt.reduce(&x).filter::<is_large>()?.to_vec()?, [3.0, 4.0, 5.0]);
    /// assert_eq!(rt.reduce(&x).index_list::<is_large>()?.to_vec()?, [0, 2, 4]);
    /// let (both, first) = rt.reduce(&x).partition::<is_large>()?;
    /// assert_eq!((both.to_vec()?, first), (vec![3.0, 4.0, 5.0, 1.0, 1.0], 3));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// The launch's values are computed twice, and the number of results is waited for.
    ///
    /// # Errors
    /// As [`run`](Launch::run); `LimitExceeded` for 2^32 places or more; `UnsupportedType` for a kernel that updates something.
    pub fn filter<P: Unary<From = T>>(self) -> Result<Array<T>>
    where
        P::To: PartialEq,
    {
        selected::<K, T, By<P>, Value>(self, false).map(|(array, _)| array)
    }

    /// The places of the results for which the kernel `P` returns something other than zero, in order.
    ///
    /// # Errors
    /// As [`filter`](Launch::filter).
    pub fn index_list<P: Unary<From = T>>(self) -> Result<Array<u32>>
    where
        P::To: PartialEq,
    {
        selected::<K, T, By<P>, At>(self, false).map(|(array, _)| array)
    }

    /// All results, those for which the kernel `P` returns something other than zero first, each part in order; and how many
    /// come first.
    ///
    /// # Errors
    /// As [`filter`](Launch::filter).
    pub fn partition<P: Unary<From = T>>(self) -> Result<(Array<T>, usize)>
    where
        P::To: PartialEq,
    {
        selected::<K, T, By<P>, Value>(self, true)
    }

    /// The places of the results that differ from the one before; the first place always.
    ///
    /// # Errors
    /// As [`filter`](Launch::filter).
    pub fn change_places(self) -> Result<Array<u32>>
    where
        T: PartialEq,
    {
        selected::<K, T, Changes, At>(self, false).map(|(array, _)| array)
    }

    /// The results without those that equal the one before. Every NaN stays.
    ///
    /// # Errors
    /// As [`filter`](Launch::filter).
    pub fn unique(self) -> Result<Array<T>>
    where
        T: PartialEq,
    {
        selected::<K, T, Changes, Value>(self, false).map(|(array, _)| array)
    }
}

fn selected<K: Kernel<Out = T>, T: LaneElement, W: Wanted<T>, C: Kept<T>>(
    launch: Launch<'_, '_, K>,
    both: bool,
) -> Result<(Array<C::Out>, usize)> {
    let Launch { runtime, mut args, config } = launch;
    caught(K::INFO.name, || {
        let domain = domain::<K>(&args, &config)?;
        select::select::<K, T, W, C>(runtime.core(), &mut args, both, domain, &config)
            .map(|(found, _)| (found.array, found.wanted))
    })
}
