//! The operations that a launch can be folded with.

use std::cmp::Ordering;
use std::marker::PhantomData;

use crate::exec::fold::{Fold, FoldText};
use crate::kernel::{Combine, Element, Frame, Kernel, LaneElement, Unary};
use crate::lanes::Lanes;

/// A number that launches can be folded over: `f32`, `i32` and `u32` on every target, `f64`, `i64` and `u64` on the CPU's
/// lanes.
#[diagnostic::on_unimplemented(
    message = "results of type `{Self}` cannot be folded to one value",
    label = "reductions fold f32, i32, u32, f64, i64 and u64"
)]
pub trait Numeric: LaneElement {
    /// The kernel that returns its argument.
    type Same: Kernel<Params = (Element<Self>,), Out = Self>;
    /// The kernel that returns the product of its arguments, rounded.
    type Times: Kernel<Params = (Element<Self>, Element<Self>), Out = Self>;
    /// The kernel that returns 1 for what is not zero, and 0 for zero.
    type NonZero: Unary<From = Self, To = u32>;
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
    /// How it stands to another number; -0.0 is less than 0.0, and NaN stands nowhere.
    #[doc(hidden)]
    fn order(self, other: Self) -> Option<Ordering>;
}

/// The kernels that reductions are made of.
mod parts {
    use crate::kernel;

    macro_rules! parts {
        ($($type:ident $zero:literal $same:ident $times:ident $non_zero:ident;)*) => {$(
            #[kernel]
            pub fn $same(x: $type) -> $type {
                x
            }
            // What is summed is rounded first, on every level.
            #[kernel(strict)]
            pub fn $times(x: $type, y: $type) -> $type {
                x * y
            }
            #[kernel]
            pub fn $non_zero(x: $type) -> u32 {
                if x == $zero { 0 } else { 1 }
            }
        )*};
    }
    parts! {
        f32 0.0 same_f32 times_f32 non_zero_f32;
        i32 0 same_i32 times_i32 non_zero_i32;
        u32 0 same_u32 times_u32 non_zero_u32;
        f64 0.0 same_f64 times_f64 non_zero_f64;
        i64 0 same_i64 times_i64 non_zero_i64;
        u64 0 same_u64 times_u64 non_zero_u64;
    }

    // For norms: squares of numbers as they are, of those whose squares overflow, and of those whose squares vanish.
    pub const SCALE_OF_LARGE: f32 = 1.0 / (1u128 << 80) as f32;
    pub const SCALE_OF_SMALL: f32 = (1u128 << 100) as f32;

    #[kernel(strict)]
    pub fn square(x: f32) -> f32 {
        x * x
    }

    #[kernel(strict)]
    pub fn square_of_large(x: f32) -> f32 {
        let y = x * SCALE_OF_LARGE;
        y * y
    }

    #[kernel(strict)]
    pub fn square_of_small(x: f32) -> f32 {
        let y = x * SCALE_OF_SMALL;
        y * y
    }
}
pub(super) use parts::{SCALE_OF_LARGE, SCALE_OF_SMALL, square, square_of_large, square_of_small};

macro_rules! numeric {
    ($type:ident, $same:ident, $times:ident, $non_zero:ident, $additive:expr, $one:expr, $largest:expr, $smallest:expr,
        $vector:ident: $add:ident $mul:ident $least:ident $most:ident, $order:expr $(, $across:ident)?) => {
        impl Numeric for $type {
            type Same = parts::$same;
            type Times = parts::$times;
            type NonZero = parts::$non_zero;
            const ADDITIVE: $type = $additive;
            const ZERO: $type = 0 as $type;
            const ONE: $type = $one;
            const LARGEST: $type = $largest;
            const SMALLEST: $type = $smallest;
            #[inline(always)]
            fn add<L: Lanes>(l: L, a: L::$vector, b: L::$vector) -> L::$vector {
                l.$add(a, b)
            }
            #[inline(always)]
            fn mul<L: Lanes>(l: L, a: L::$vector, b: L::$vector) -> L::$vector {
                l.$mul(a, b)
            }
            #[inline(always)]
            fn least<L: Lanes>(l: L, a: L::$vector, b: L::$vector) -> L::$vector {
                l.$least(a, b)
            }
            #[inline(always)]
            fn most<L: Lanes>(l: L, a: L::$vector, b: L::$vector) -> L::$vector {
                l.$most(a, b)
            }
            $(
                #[inline(always)]
                fn add_across<L: Lanes>(l: L, a: L::$vector) -> Option<$type> {
                    Some(l.$across(a))
                }
            )?
            fn order(self, other: $type) -> Option<Ordering> {
                let order: fn($type, $type) -> Option<Ordering> = $order;
                order(self, other)
            }
        }
    };
}
numeric!(f32, same_f32, times_f32, non_zero_f32, -0.0, 1.0, f32::INFINITY, f32::NEG_INFINITY,
    F: f_add f_mul f_min f_max, |a, b| (!a.is_nan() && !b.is_nan()).then(|| a.total_cmp(&b)), f_sum_lanes);
numeric!(f64, same_f64, times_f64, non_zero_f64, -0.0, 1.0, f64::INFINITY, f64::NEG_INFINITY,
    D: d_add d_mul d_min d_max, |a, b| (!a.is_nan() && !b.is_nan()).then(|| a.total_cmp(&b)));
numeric!(i32, same_i32, times_i32, non_zero_i32, 0, 1, i32::MAX, i32::MIN,
    I: i_add i_mul i_min_s i_max_s, |a, b| Some(a.cmp(&b)));
numeric!(u32, same_u32, times_u32, non_zero_u32, 0, 1, u32::MAX, u32::MIN,
    I: i_add i_mul i_min_u i_max_u, |a, b| Some(a.cmp(&b)));
numeric!(i64, same_i64, times_i64, non_zero_i64, 0, 1, i64::MAX, i64::MIN,
    Q: q_add q_mul q_min_s q_max_s, |a, b| Some(a.cmp(&b)));
numeric!(u64, same_u64, times_u64, non_zero_u64, 0, 1, u64::MAX, u64::MIN,
    Q: q_add q_mul q_min_u q_max_u, |a, b| Some(a.cmp(&b)));

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
                FoldText { name: stringify!($name), callee: None, float: $float, int: $int, main: None }
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
        FoldText { name: C::INFO.name, callee: Some(C::WGSL), float: "", int: "", main: None }
    }
}
