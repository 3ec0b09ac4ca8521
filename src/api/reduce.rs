//! The operations that a launch can be folded with.

use std::marker::PhantomData;

use crate::exec::fold::{Fold, FoldText};
use crate::kernel::{Combine, Element, Frame, Kernel, LaneElement};
use crate::lanes::Lanes;

/// A number that launches can be folded over: `f32`, `i32`, `u32`.
#[diagnostic::on_unimplemented(
    message = "results of type `{Self}` cannot be folded to one value",
    label = "reductions fold f32, i32 and u32"
)]
pub trait Numeric: LaneElement {
    /// The kernel that returns its argument.
    type Same: Kernel<Params = (Element<Self>,), Out = Self>;
    /// What leaves every value as it is when added; of floats that is -0.0.
    #[doc(hidden)]
    const ADDITIVE: Self;
    #[doc(hidden)]
    const ZERO: Self;
    #[doc(hidden)]
    const ONE: Self;
    #[doc(hidden)]
    const LARGEST: Self;
    #[doc(hidden)]
    const SMALLEST: Self;
    #[doc(hidden)]
    fn add<L: Lanes>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> Self::Lane<L>;
    #[doc(hidden)]
    fn mul<L: Lanes>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> Self::Lane<L>;
    #[doc(hidden)]
    fn least<L: Lanes>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> Self::Lane<L>;
    #[doc(hidden)]
    fn most<L: Lanes>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> Self::Lane<L>;
    /// The sum of one vector's lanes by the tree, where a level has a way.
    #[doc(hidden)]
    #[inline(always)]
    fn add_across<L: Lanes>(_: L, _: Self::Lane<L>) -> Option<Self> {
        None
    }
}

mod same {
    use crate::kernel;

    #[kernel]
    pub fn same_f32(x: f32) -> f32 {
        x
    }
    #[kernel]
    pub fn same_i32(x: i32) -> i32 {
        x
    }
    #[kernel]
    pub fn same_u32(x: u32) -> u32 {
        x
    }
}

impl Numeric for f32 {
    type Same = same::same_f32;
    const ADDITIVE: f32 = -0.0;
    const ZERO: f32 = 0.0;
    const ONE: f32 = 1.0;
    const LARGEST: f32 = f32::INFINITY;
    const SMALLEST: f32 = f32::NEG_INFINITY;
    #[inline(always)]
    fn add<L: Lanes>(l: L, a: L::F, b: L::F) -> L::F {
        l.f_add(a, b)
    }
    #[inline(always)]
    fn mul<L: Lanes>(l: L, a: L::F, b: L::F) -> L::F {
        l.f_mul(a, b)
    }
    #[inline(always)]
    fn least<L: Lanes>(l: L, a: L::F, b: L::F) -> L::F {
        l.f_min(a, b)
    }
    #[inline(always)]
    fn most<L: Lanes>(l: L, a: L::F, b: L::F) -> L::F {
        l.f_max(a, b)
    }
    #[inline(always)]
    fn add_across<L: Lanes>(l: L, a: L::F) -> Option<f32> {
        Some(l.f_sum_lanes(a))
    }
}

macro_rules! integer {
    ($type:ty, $same:ident, $least:ident, $most:ident) => {
        impl Numeric for $type {
            type Same = same::$same;
            const ADDITIVE: $type = 0;
            const ZERO: $type = 0;
            const ONE: $type = 1;
            const LARGEST: $type = <$type>::MAX;
            const SMALLEST: $type = <$type>::MIN;
            #[inline(always)]
            fn add<L: Lanes>(l: L, a: L::I, b: L::I) -> L::I {
                l.i_add(a, b)
            }
            #[inline(always)]
            fn mul<L: Lanes>(l: L, a: L::I, b: L::I) -> L::I {
                l.i_mul(a, b)
            }
            #[inline(always)]
            fn least<L: Lanes>(l: L, a: L::I, b: L::I) -> L::I {
                l.$least(a, b)
            }
            #[inline(always)]
            fn most<L: Lanes>(l: L, a: L::I, b: L::I) -> L::I {
                l.$most(a, b)
            }
        }
    };
}
integer!(i32, same_i32, i_min_s, i_max_s);
integer!(u32, same_u32, i_min_u, i_max_u);

macro_rules! operation {
    ($(#[$doc:meta])* $name:ident, $identity:ident, $empty:ident, $lanes:ident, $float:literal, $int:literal) => {
        $(#[$doc])*
        pub(crate) struct $name<T>(PhantomData<T>);
        impl<T> $name<T> {
            pub fn new() -> Self {
                $name(PhantomData)
            }
        }
        impl<T: Numeric> Fold for $name<T> {
            type T = T;
            #[inline(always)]
            fn identity(&self) -> T {
                T::$identity
            }
            fn empty(&self) -> T {
                T::$empty
            }
            #[inline(always)]
            fn lanes<L: Lanes>(l: L, _: &Frame<'_>, a: T::Lane<L>, b: T::Lane<L>) -> T::Lane<L> {
                T::$lanes(l, a, b)
            }
            operation!(@across $name);
            fn text(&self) -> FoldText {
                FoldText { name: stringify!($name), callee: None, float: $float, int: $int }
            }
        }
    };
    (@across Sum) => {
        #[inline(always)]
        fn across<L: Lanes>(l: L, a: T::Lane<L>) -> Option<T> {
            T::add_across(l, a)
        }
    };
    (@across $other:ident) => {};
}
operation!(
    /// Addition.
    Sum, ADDITIVE, ZERO, add, "a + b", "a + b"
);
operation!(
    /// Multiplication.
    Product, ONE, ONE, mul, "a * b", "a * b"
);
operation!(
    /// The smaller.
    Min, LARGEST, LARGEST, least, "ml_min(a, b)", "min(a, b)"
);
operation!(
    /// The larger.
    Max, SMALLEST, SMALLEST, most, "ml_max(a, b)", "max(a, b)"
);

/// A kernel of the user's.
pub(crate) struct Own<C: Combine> {
    identity: C::Value,
}

impl<C: Combine> Own<C> {
    pub fn new(identity: C::Value) -> Self {
        Own { identity }
    }
}

impl<C: Combine> Fold for Own<C> {
    type T = C::Value;
    #[inline(always)]
    fn identity(&self) -> C::Value {
        self.identity
    }
    #[inline(always)]
    fn lanes<L: Lanes>(
        l: L,
        frame: &Frame<'_>,
        a: <C::Value as LaneElement>::Lane<L>,
        b: <C::Value as LaneElement>::Lane<L>,
    ) -> <C::Value as LaneElement>::Lane<L> {
        C::combine(l, frame, a, b)
    }
    fn text(&self) -> FoldText {
        FoldText { name: C::INFO.name, callee: Some(C::WGSL), float: "", int: "" }
    }
}
