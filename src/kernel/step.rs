//! What a product of matrices does at each step, and the arithmetic on its results.

use crate::kernel::{Element, Frame, Kernel, LaneElement};
use crate::lanes::Lanes;

/// A kernel `fn(sum: T, a: T, b: T) -> T` that a product of matrices goes by: `sum + a * b` for the usual one,
/// `sum.min(a + b)` for shortest paths.
///
/// `#[kernel]` implements it for every kernel of that form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the step of a product",
    label = "a product needs a kernel of the form `fn(sum: T, a: T, b: T) -> T`, of numbers of 32 or 64 bits"
)]
pub trait Step:
    Kernel<Out = Self::Value, Params = (Element<Self::Value>, Element<Self::Value>, Element<Self::Value>)>
{
    /// What is multiplied.
    type Value: LaneElement;
    /// One step, lane by lane.
    fn step<L: Lanes>(
        l: L,
        frame: &Frame<'_>,
        sum: <Self::Value as LaneElement>::Lane<L>,
        a: <Self::Value as LaneElement>::Lane<L>,
        b: <Self::Value as LaneElement>::Lane<L>,
    ) -> <Self::Value as LaneElement>::Lane<L>;
}

/// Numbers that can be scaled and added, lane by lane; integers wrap, floats round each operation.
pub trait Arithmetic: LaneElement {
    /// The sum.
    fn add_lanes<L: Lanes>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> Self::Lane<L>;
    /// The product.
    fn mul_lanes<L: Lanes>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> Self::Lane<L>;
}

macro_rules! arithmetic {
    ($($type:ty: $vector:ident $add:ident $mul:ident;)*) => {$(
        impl Arithmetic for $type {
            #[inline(always)]
            fn add_lanes<L: Lanes>(l: L, a: L::$vector, b: L::$vector) -> L::$vector {
                l.$add(a, b)
            }
            #[inline(always)]
            fn mul_lanes<L: Lanes>(l: L, a: L::$vector, b: L::$vector) -> L::$vector {
                l.$mul(a, b)
            }
        }
    )*};
}
arithmetic! {
    f32: F f_add f_mul;
    i32: I i_add i_mul;
    u32: I i_add i_mul;
    f64: D d_add d_mul;
    i64: Q q_add q_mul;
    u64: Q q_add q_mul;
}
