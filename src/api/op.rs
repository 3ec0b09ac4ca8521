//! The operations that algorithms fold, scan and group with.

use std::fmt;
use std::marker::PhantomData;

use crate::api::reduce::{self, Numeric};
use crate::kernel::Combine;

/// An associative operation on numbers of type `T`, with what leaves every number as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no operation on `{T}`",
    label = "expected `op::Sum`, `op::Product`, `op::Min`, `op::Max` or `op::own::<kernel>(identity)`"
)]
pub trait Operation<T: Numeric>: sealed::Operation<T> {}

mod sealed {
    use crate::exec::fold::Fold;

    /// What an operation is to the executor.
    pub trait Operation<T> {
        type Fold: Fold<T = T>;
        fn fold(self) -> Self::Fold;
    }
}

impl<T: Numeric, O: sealed::Operation<T>> Operation<T> for O {}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl<T: Numeric> sealed::Operation<T> for $name {
            type Fold = reduce::$name<T>;
            fn fold(self) -> reduce::$name<T> {
                reduce::$name::new()
            }
        }
    )*};
}
operations! {
    /// Addition; integers wrap.
    Sum;
    /// Multiplication; integers wrap.
    Product;
    /// The smaller; NaN is ignored, -0.0 is less than 0.0.
    Min;
    /// The larger; NaN is ignored, -0.0 is less than 0.0.
    Max;
}

/// An operation of the user's own; made by [`own`].
pub struct Own<C: Combine> {
    identity: C::Value,
    kernel: PhantomData<C>,
}

impl<C: Combine> Clone for Own<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Combine> Copy for Own<C> {}

impl<C: Combine> fmt::Debug for Own<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "own({})", C::INFO.name)
    }
}

/// The associative kernel `C`, which leaves `identity` and a number as the number. It need not be commutative where the
/// algorithm keeps the order, which scans and grouped reductions do.
pub fn own<C: Combine>(identity: C::Value) -> Own<C> {
    Own { identity, kernel: PhantomData }
}

impl<C: Combine<Value = T>, T: Numeric> sealed::Operation<T> for Own<C> {
    type Fold = reduce::Own<C>;
    fn fold(self) -> reduce::Own<C> {
        reduce::Own::new(self.identity)
    }
}
