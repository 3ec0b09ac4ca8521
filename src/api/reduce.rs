//! The operations that a launch can be folded with.

use std::cmp::Ordering;
use std::marker::PhantomData;

use crate::exec::fold::{self, Fold, FoldText, OnSlices};
use crate::exec::gpu::FOLD;
use crate::exec::scan;
use crate::kernel::{
    Arithmetic, Combine, Element, Frame, Kernel, LaneElement, Picture, Slice, Step, Turned, Unary, Uniform,
    basic,
};
use crate::lanes::{Lanes, Level};

/// A number that launches can be folded over: `f32`, `i32` and `u32` on every target, `f64`, `i64` and `u64` on the CPU's
/// lanes.
#[diagnostic::on_unimplemented(
    message = "results of type `{Self}` cannot be folded to one value",
    label = "reductions fold f32, i32, u32, f64, i64 and u64"
)]
pub trait Numeric: Arithmetic {
    /// The kernel that returns its argument.
    type Same: Kernel<Params = (Element<Self>,), Out = Self>;
    /// The kernel that returns the product of its arguments, rounded.
    type Times: Kernel<Params = (Element<Self>, Element<Self>), Out = Self>;
    /// The kernel that returns 1 for what is not zero, and 0 for zero.
    type NonZero: Unary<From = Self, To = u32>;
    /// The kernel that reads a slice at its other argument.
    type Gather: Kernel<Params = (Element<u32>, Slice<Self>), Out = Self>;
    /// The kernel that adds the product of its second and third argument to the first: the step of a product of matrices.
    type MultiplyAdd: Step<Value = Self>;
    /// The kernels that multiply an element with the number for its column, and with that for its row.
    type AlongRow: Kernel<Params = (Element<Self>, Slice<Self>), Out = Self>;
    /// See [`AlongRow`](Numeric::AlongRow).
    type DownColumn: Kernel<Params = (Element<Self>, Slice<Self>), Out = Self>;
    /// The kernels that scale a number and add another, scaled too; and that only scale one.
    type Blend: Kernel<Params = (Element<Self>, Element<Self>, Uniform<Self>, Uniform<Self>), Out = Self>;
    /// See [`Blend`](Numeric::Blend).
    type Scale: Kernel<Params = (Element<Self>, Uniform<Self>), Out = Self>;
    /// The kernel that exchanges rows and columns.
    type Turned: Kernel<Params = (Picture<Self>,), Out = Self>;
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
    /// Does work with an operation of the library's: compiled once, here.
    #[doc(hidden)]
    fn known(known: Known, level: Level, frame: &Frame<'_>, work: OnSlices<'_, Self>);
    /// Does work with any operation.
    #[doc(hidden)]
    fn by<R: Fold<T = Self>>(fold: &R, level: Level, frame: &Frame<'_>, work: OnSlices<'_, Self>);
    /// How it stands to another number; -0.0 is less than 0.0, and NaN stands nowhere.
    #[doc(hidden)]
    fn order(self, other: Self) -> Option<Ordering>;
}

/// The operations of the library's own.
#[derive(Clone, Copy)]
pub enum Known {
    Sum,
    Product,
    Min,
    Max,
}

macro_rules! numeric {
    ($scan:ident $type:ident, $same:ident, $times:ident, $non_zero:ident, $gather:ident, $multiply_add:ident, $along_row:ident $down_column:ident $blend:ident $scale:ident, $additive:expr, $one:expr, $largest:expr, $smallest:expr,
        $vector:ident: $add:ident $mul:ident $least:ident $most:ident, $order:expr $(, $across:ident)?) => {
        impl Numeric for $type {
            type Same = basic::$same;
            type Times = basic::$times;
            type NonZero = basic::$non_zero;
            type Gather = basic::$gather;
            type MultiplyAdd = basic::$multiply_add;
            type AlongRow = basic::$along_row;
            type DownColumn = basic::$down_column;
            type Blend = basic::$blend;
            type Scale = basic::$scale;
            type Turned = Turned<$type>;
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
            fn known(known: Known, level: Level, frame: &Frame<'_>, work: OnSlices<'_, $type>) {
                match known {
                    Known::Sum => Self::by(&Sum::new(), level, frame, work),
                    Known::Product => Self::by(&Product::new(), level, frame, work),
                    Known::Min => Self::by(&Min::new(), level, frame, work),
                    Known::Max => Self::by(&Max::new(), level, frame, work),
                }
            }
            numeric!(@$scan $type);
            fn order(self, other: $type) -> Option<Ordering> {
                let order: fn($type, $type) -> Option<Ordering> = $order;
                order(self, other)
            }
        }
    };
    (@sixteen $type:ident) => {
        fn by<R: Fold<T = $type>>(fold: &R, level: Level, frame: &Frame<'_>, work: OnSlices<'_, $type>) {
            match work {
                OnSlices::Scan(task) => scan::sixteen(level, frame, fold, task),
                work => fold::on_slices(level, frame, fold, work),
            }
        }
    };
    (@single $type:ident) => {
        fn by<R: Fold<T = $type>>(fold: &R, level: Level, frame: &Frame<'_>, work: OnSlices<'_, $type>) {
            fold::on_slices(level, frame, fold, work);
        }
    };
}
numeric!(sixteen f32, same_f32, times_f32, non_zero_f32, gather_f32, multiply_add_f32, along_row_f32 down_column_f32 blend_f32 scale_f32, -0.0, 1.0, f32::INFINITY, f32::NEG_INFINITY,
    F: f_add f_mul f_min f_max, |a, b| (!a.is_nan() && !b.is_nan()).then(|| a.total_cmp(&b)), f_sum_lanes);
numeric!(single f64, same_f64, times_f64, non_zero_f64, gather_f64, multiply_add_f64, along_row_f64 down_column_f64 blend_f64 scale_f64, -0.0, 1.0, f64::INFINITY, f64::NEG_INFINITY,
    D: d_add d_mul d_min d_max, |a, b| (!a.is_nan() && !b.is_nan()).then(|| a.total_cmp(&b)));
numeric!(sixteen i32, same_i32, times_i32, non_zero_i32, gather_i32, multiply_add_i32, along_row_i32 down_column_i32 blend_i32 scale_i32, 0, 1, i32::MAX, i32::MIN,
    I: i_add i_mul i_min_s i_max_s, |a, b| Some(a.cmp(&b)));
numeric!(sixteen u32, same_u32, times_u32, non_zero_u32, gather_u32, multiply_add_u32, along_row_u32 down_column_u32 blend_u32 scale_u32, 0, 1, u32::MAX, u32::MIN,
    I: i_add i_mul i_min_u i_max_u, |a, b| Some(a.cmp(&b)));
numeric!(single i64, same_i64, times_i64, non_zero_i64, gather_i64, multiply_add_i64, along_row_i64 down_column_i64 blend_i64 scale_i64, 0, 1, i64::MAX, i64::MIN,
    Q: q_add q_mul q_min_s q_max_s, |a, b| Some(a.cmp(&b)));
numeric!(single u64, same_u64, times_u64, non_zero_u64, gather_u64, multiply_add_u64, along_row_u64 down_column_u64 blend_u64 scale_u64, 0, 1, u64::MAX, u64::MIN,
    Q: q_add q_mul q_min_u q_max_u, |a, b| Some(a.cmp(&b)));

macro_rules! operation {
    ($(#[$doc:meta])* $name:ident, $identity:ident, $empty:ident, $lanes:ident, $float:literal, $int:literal) => {
        $(#[$doc])*
        pub struct $name<T>(PhantomData<T>);
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
            fn on_slices(&self, level: Level, frame: &Frame<'_>, work: OnSlices<'_, T>) {
                T::known(Known::$name, level, frame, work);
            }
            fn text(&self) -> FoldText {
                FoldText { name: stringify!($name), callee: None, float: $float, int: $int, pass: &FOLD }
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
pub struct Own<C: Combine> {
    identity: C::Value,
}

impl<C: Combine> Own<C> {
    pub fn new(identity: C::Value) -> Self {
        Own { identity }
    }
}

impl<C: Combine> Fold for Own<C>
where
    C::Value: Numeric,
{
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
    fn on_slices(&self, level: Level, frame: &Frame<'_>, work: OnSlices<'_, C::Value>) {
        C::Value::by(self, level, frame, work);
    }
    fn text(&self) -> FoldText {
        FoldText { name: C::INFO.name, callee: Some(C::WGSL), float: "", int: "", pass: &FOLD }
    }
}
