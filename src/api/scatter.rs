//! Results joined to places of the caller's choice.

use crate::api::launch::{Launch, caught, domain};
use crate::api::op::Operation;
use crate::api::reduce::Numeric;
use crate::error::Result;
use crate::exec::scatter::{self, Places};
use crate::kernel::{IntoSlice, Kernel, SliceArg};
use crate::memory::Array;

impl<K: Kernel<Out = T>, T: Numeric> Launch<'_, '_, K> {
    /// An array of `n` places, each with what `op` makes of the results that `places` names it for; of none what `op` makes of
    /// nothing (0 for a sum). Several results may have the same place; none is lost.
    ///
    /// ```
    /// use manylane::op;
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let (values, places) = (vec![1.0f32, 2.0, 4.0, 8.0], vec![2u32, 0, 2, 0]);
    /// assert_eq!(rt.reduce(&values).scatter(op::Sum, &places, 3)?.to_vec()?, [10.0, 0.0, 5.0]);
    /// assert_eq!(rt.reduce(&values).scatter(op::Max, &places, 3)?.to_vec()?[2], 4.0);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// `op` must be commutative. A sum of floats depends on the order in its last bits, and that on the target and its
    /// threads; where the same bits are needed, sort by place and use [`reduce_by_key`](crate::Runtime::reduce_by_key).
    ///
    /// # Errors
    /// As [`run`](Launch::run); `OutOfBounds` where a place is `n` or more, `ShapeMismatch` where there are not as many places
    /// as results, `UnsupportedType` for a kernel that updates something.
    pub fn scatter<'p>(
        self,
        op: impl Operation<T>,
        places: impl IntoSlice<'p, u32>,
        n: usize,
    ) -> Result<Array<T>> {
        let Launch { runtime, mut args, config } = self;
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            let (core, fold) = (runtime.core(), op.fold());
            let packed;
            let places = match places.into_slice() {
                SliceArg::Slice(slice) => Places::Slice(slice),
                SliceArg::Array(array) => {
                    packed = array;
                    Places::Array(&packed)
                }
                SliceArg::View(view) => {
                    packed = runtime.array(view.to_vec()?)?;
                    Places::Array(&packed)
                }
            };
            scatter::scatter::<K, _>(core, &mut args, &fold, (places, n), (domain, &config))
                .map(|(out, _)| out)
        })
    }
}
