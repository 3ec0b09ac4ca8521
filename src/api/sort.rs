//! Sorting, and reading at given places.

use crate::api::launch::{Launch, caught, domain};
use crate::api::reduce::Numeric;
use crate::api::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::sort::{self, Sort, Sortable};
use crate::kernel::{IntoElement, IntoSlice, Kernel};
use crate::memory::Array;

impl<K: Kernel<Out = T>, T: Numeric + Sortable> Launch<'_, '_, K> {
    /// The results in ascending order; floats in that of `total_cmp`: -NaN, -infinity, …, -0.0, 0.0, …, infinity, NaN.
    ///
    /// ```
    /// use manylane::Sort;
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let x = vec![3.0f32, -1.0, 4.0, -0.0, 0.0];
    /// assert_eq!(rt.reduce(&x).sort()?.to_vec()?, [-1.0, -0.0, 0.0, 3.0, 4.0]);
    /// assert_eq!(rt.reduce(&x).argsort_by(Sort::descending())?.to_vec()?, [2, 0, 4, 3, 1]);
    /// let (largest, places) = rt.reduce(&x).top_k(2)?;
    /// assert_eq!((largest.to_vec()?, places.to_vec()?), (vec![4.0, 3.0], vec![2, 0]));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Launch::run); `UnsupportedType` for a kernel that updates something.
    pub fn sort(self) -> Result<Array<T>> {
        self.sort_by(Sort::ascending())
    }

    /// The results in the order of `by`. Stable: what compares equal keeps its order.
    ///
    /// # Errors
    /// As [`sort`](Launch::sort).
    pub fn sort_by(self, by: Sort) -> Result<Array<T>> {
        let Launch { runtime, mut args, config } = self;
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            sort::keys::<K, T>(runtime.core(), &mut args, &by, domain, &config).map(|(sorted, _)| sorted)
        })
    }

    /// The places of the results in ascending order of what is there. Stable.
    ///
    /// # Errors
    /// As [`sort`](Launch::sort); `LimitExceeded` for 2^32 places or more.
    pub fn argsort(self) -> Result<Array<u32>> {
        self.argsort_by(Sort::ascending())
    }

    /// The places of the results in the order of `by`. Stable.
    ///
    /// # Errors
    /// As [`argsort`](Launch::argsort).
    pub fn argsort_by(self, by: Sort) -> Result<Array<u32>> {
        self.sort_places(by).map(|(_, places)| places)
    }

    /// The results in the order of `by`, and the place that each had. Stable.
    ///
    /// # Errors
    /// As [`argsort`](Launch::argsort).
    pub fn sort_places(self, by: Sort) -> Result<(Array<T>, Array<u32>)> {
        let Launch { runtime, mut args, config } = self;
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            let (sorted, _) = sort::places::<K, T>(runtime.core(), &mut args, &by, domain, &config)?;
            Ok((sorted.keys, sorted.places))
        })
    }

    /// The results in the order of `by`, and the elements of `values` moved along. Stable.
    ///
    /// # Errors
    /// As [`argsort`](Launch::argsort); `ShapeMismatch` where `values` has another length than the launch.
    pub fn sort_pairs<'v, V: Numeric>(
        self,
        values: impl IntoSlice<'v, V>,
        by: Sort,
    ) -> Result<(Array<T>, Array<V>)> {
        let values = values.into_slice();
        let (runtime, request) = (self.runtime, self.config.request);
        let n = domain::<K>(&self.args, &self.config)?.len();
        if values.len() != n {
            return Err(Error::new(
                ErrorKind::ShapeMismatch,
                format!(
                    "{}: {n} keys are to be sorted with {} values; as many of both are needed",
                    K::INFO.name,
                    values.len()
                ),
            ));
        }
        let (keys, places) = self.sort_places(by)?;
        let mut moved = Launch::<V::Gather>::new(runtime, ((&places).into_element(), values));
        moved.config.request = request;
        Ok((keys, moved.run()?))
    }

    /// The `k` largest results, the largest first, and their places; of equals the first. Fewer where there are fewer.
    ///
    /// All are sorted: a few of many are no cheaper.
    ///
    /// # Errors
    /// As [`argsort`](Launch::argsort).
    pub fn top_k(self, k: usize) -> Result<(Array<T>, Array<u32>)> {
        let runtime = self.runtime;
        let (keys, places) = self.sort_places(Sort::descending())?;
        let k = k.min(keys.len());
        let keys = runtime.array(keys.read_span(..k)?.to_vec())?;
        Ok((keys, runtime.array(places.read_span(..k)?.to_vec())?))
    }
}

impl Runtime {
    /// A launch that reads `from` at each of `places`; a place beyond its end is the error `OutOfBounds`.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let found = rt.gather(&vec![2u32, 0, 2], &vec![0.5f32, 1.5, 2.5]).run()?;
    /// assert_eq!(found.to_vec()?, [2.5, 0.5, 2.5]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn gather<'a, T: Numeric>(
        &self,
        places: impl IntoElement<'a, u32>,
        from: impl IntoSlice<'a, T>,
    ) -> Launch<'_, 'a, T::Gather> {
        Launch::new(self, (places.into_element(), from.into_slice()))
    }
}
