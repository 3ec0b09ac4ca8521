//! Calls from one kernel to another, in the lanes.

use crate::kernel::{Frame, Kernel, LaneElement, Output};
use crate::lanes::Lanes;

/// A kernel that other kernels can call: it takes values, own places and nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called from a kernel",
    label = "it takes more than values",
    note = "a kernel with slices, pictures, shared places, generators or `&mut` parameters can only be launched; read what it \
            needs in the calling kernel and pass the values"
)]
pub trait Callable: Kernel {
    /// All parameters in order, as the lanes hold them.
    type LaneArgs<L: Lanes>;
    /// The body, for the lanes of `m`.
    fn lanes<L: Lanes>(
        l: L,
        m: L::M,
        frame: &Frame<'_>,
        args: Self::LaneArgs<L>,
    ) -> <Self::Out as Output>::Lane<L>;
}

/// An argument that is the same for all lanes.
#[derive(Clone, Copy)]
pub struct Uni<T>(pub T);

/// An argument with a value per lane.
#[derive(Clone, Copy)]
pub struct Var<L: Lanes, T: LaneElement>(pub T::Lane<L>);

/// The own place, or one some way from it: this for the first lane, one more for each next.
#[derive(Clone, Copy)]
pub struct Own<T>(pub T);

/// What can be passed for a parameter `i: Index` of a called kernel.
#[diagnostic::on_unimplemented(
    message = "a called kernel's `i: Index` takes the caller's own place",
    label = "expected the caller's own `Index`, moved by uniform numbers at most",
    note = "where any number should do, take an element in the called kernel: `i: u32`"
)]
pub trait ToIndex {
    /// The place of the first lane.
    fn to_index(self) -> u32;
}

impl ToIndex for Own<u32> {
    #[inline(always)]
    fn to_index(self) -> u32 {
        self.0
    }
}

impl<L: Lanes> ToLane<L, u32> for Own<u32> {
    #[inline(always)]
    fn to_lane(self, l: L) -> L::I {
        l.i_add(l.i_splat(self.0 as i32), l.i_iota())
    }
}

impl<L: Lanes> ToLane<L, i32> for Own<i32> {
    #[inline(always)]
    fn to_lane(self, l: L) -> L::I {
        l.i_add(l.i_splat(self.0), l.i_iota())
    }
}

/// What can be passed for an element parameter of a called kernel.
#[diagnostic::on_unimplemented(
    message = "this argument does not fit a parameter `x: {T}` of the called kernel"
)]
pub trait ToLane<L: Lanes, T: LaneElement> {
    /// One value per lane.
    fn to_lane(self, l: L) -> T::Lane<L>;
}

impl<L: Lanes, T: LaneElement> ToLane<L, T> for Uni<T> {
    #[inline(always)]
    fn to_lane(self, l: L) -> T::Lane<L> {
        T::splat(l, self.0)
    }
}

impl<L: Lanes, T: LaneElement> ToLane<L, T> for Var<L, T> {
    #[inline(always)]
    fn to_lane(self, _: L) -> T::Lane<L> {
        self.0
    }
}

/// A tuple of arguments that fits the called kernel `K`; `#[kernel]` writes the implementation.
#[diagnostic::on_unimplemented(
    message = "these arguments do not fit the called kernel `{K}`",
    label = "wrong number or kinds of arguments",
    note = "it takes one value for each parameter, of the parameter's type; one marked `#[uniform]` only a value that is the \
            same for all lanes"
)]
pub trait CallArgs<K: Callable, L: Lanes> {
    /// As the body takes them.
    fn into_lanes(self, l: L) -> K::LaneArgs<L>;
}

/// A kernel `fn(a: T, b: T) -> T` that a reduction can fold with; it must be associative.
///
/// `#[kernel]` implements it for every kernel of that form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fold values",
    label = "a reduction needs a kernel of the form `fn(a: T, b: T) -> T`"
)]
pub trait Combine: Kernel<Out = Self::Value> {
    /// What it combines.
    type Value: LaneElement;
    /// `a` and `b` combined, lane by lane.
    fn combine<L: Lanes>(
        l: L,
        frame: &Frame<'_>,
        a: <Self::Value as LaneElement>::Lane<L>,
        b: <Self::Value as LaneElement>::Lane<L>,
    ) -> <Self::Value as LaneElement>::Lane<L>;
}
