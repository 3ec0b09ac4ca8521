//! What a user may pass: conversions of arrays, slices and values into a launch's arguments.

use crate::kernel::{ElemArg, Image, InPlaceArg, Kernel, LaneElement, Output, Params, PictureArg, Slot};
use crate::memory::{Array, View, ViewMut};
use crate::shape::{Border, Domain};

/// A tuple that can be passed to the kernel `K`: one value for each parameter, in order, `Cell` and `Index` left out.
///
/// `#[kernel]` writes one implementation for each kernel, generic only where arrays go, so that literals find their type.
#[diagnostic::on_unimplemented(
    message = "these arguments do not fit the kernel `{K}`",
    label = "wrong number or kinds of arguments",
    note = "pass one tuple with one value for each parameter, in order: `(2.0, &x, &y)`; for one parameter `(&x,)`",
    note = "`x: T` takes `&Array<T>`, `&View<T>`, `&[T]`, `&Vec<T>` or one `T`; `#[uniform] a: T` takes one `T`; `y: &mut T` takes `&mut Array<T>`, `ViewMut<T>` or `&mut [T]`",
    note = "`xs: &[T]` takes `&Array<T>`, `&View<T>`, `&[T]` or `&Vec<T>`; `src: Image<T>` takes `&Array<T>` or `&View<T>` with rows, `&Image<T>` or `(&[T], (width, height))`; `bins: &Atomics<T>` takes just that; `rng: Random` takes its seed, a `u64`"
)]
pub trait Args<'a, K: Kernel> {
    /// The arguments as a launch holds them.
    fn into_args(self) -> <K::Params as Params>::Arg<'a>;
}

/// What can stand for an element parameter `x: T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed for a parameter `x: {T}`",
    label = "expected `&Array<{T}>`, `&View<{T}>`, `&[{T}]`, `&Vec<{T}>` or one `{T}`"
)]
pub trait IntoElement<'a, T: LaneElement> {
    /// As a launch holds it.
    fn into_element(self) -> ElemArg<'a, T>;
}

impl<'a, T: LaneElement> IntoElement<'a, T> for T {
    fn into_element(self) -> ElemArg<'a, T> {
        ElemArg::Constant(self, Vec::new())
    }
}
impl<'a, T: LaneElement> IntoElement<'a, T> for &Array<T> {
    fn into_element(self) -> ElemArg<'a, T> {
        ElemArg::Array(self.clone())
    }
}
impl<'a, T: LaneElement> IntoElement<'a, T> for &View<T> {
    fn into_element(self) -> ElemArg<'a, T> {
        ElemArg::View(self.clone())
    }
}
impl<'a, T: LaneElement> IntoElement<'a, T> for &'a [T] {
    fn into_element(self) -> ElemArg<'a, T> {
        ElemArg::Slice(self)
    }
}
impl<'a, T: LaneElement> IntoElement<'a, T> for &'a Vec<T> {
    fn into_element(self) -> ElemArg<'a, T> {
        ElemArg::Slice(self)
    }
}
impl<'a, T: LaneElement, const N: usize> IntoElement<'a, T> for &'a [T; N] {
    fn into_element(self) -> ElemArg<'a, T> {
        ElemArg::Slice(self)
    }
}

/// What can stand for an in-place parameter `y: &mut T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed for a parameter `y: &mut {T}`",
    label = "expected `&mut Array<{T}>`, `ViewMut<{T}>`, `&mut [{T}]` or `&mut Vec<{T}>`"
)]
pub trait IntoInPlace<'a, T: LaneElement> {
    /// As a launch holds it.
    fn into_in_place(self) -> InPlaceArg<'a, T>;
}

impl<'a, T: LaneElement> IntoInPlace<'a, T> for &'a mut Array<T> {
    fn into_in_place(self) -> InPlaceArg<'a, T> {
        InPlaceArg::Array(self)
    }
}
impl<'a, T: LaneElement> IntoInPlace<'a, T> for ViewMut<'a, T> {
    fn into_in_place(self) -> InPlaceArg<'a, T> {
        InPlaceArg::Part(self)
    }
}
impl<'a, T: LaneElement> IntoInPlace<'a, T> for &'a mut ViewMut<'_, T> {
    fn into_in_place(self) -> InPlaceArg<'a, T> {
        InPlaceArg::Part(self.reborrow())
    }
}
impl<'a, T: LaneElement> IntoInPlace<'a, T> for &'a mut [T] {
    fn into_in_place(self) -> InPlaceArg<'a, T> {
        InPlaceArg::Slice(self)
    }
}
impl<'a, T: LaneElement> IntoInPlace<'a, T> for &'a mut Vec<T> {
    fn into_in_place(self) -> InPlaceArg<'a, T> {
        InPlaceArg::Slice(self)
    }
}

/// What can stand for a picture parameter `src: Image<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed for a parameter `src: Image<{T}>`",
    label = "expected `&Array<{T}>` or `&View<{T}>` with rows, `&Image<{T}>` or `(&[{T}], (width, height))`"
)]
pub trait IntoPicture<'a, T: LaneElement> {
    /// As a launch holds it.
    fn into_picture(self) -> PictureArg<'a, T>;
}

impl<'a, T: LaneElement> IntoPicture<'a, T> for &Array<T> {
    fn into_picture(self) -> PictureArg<'a, T> {
        PictureArg::Array(self.clone(), Border::Clamp)
    }
}
impl<'a, T: LaneElement> IntoPicture<'a, T> for &View<T> {
    fn into_picture(self) -> PictureArg<'a, T> {
        PictureArg::View(self.clone(), Border::Clamp)
    }
}
impl<'a, T: LaneElement> IntoPicture<'a, T> for &Image<T> {
    fn into_picture(self) -> PictureArg<'a, T> {
        PictureArg::Array(self.array().clone(), Border::Clamp)
    }
}
impl<'a, T: LaneElement> IntoPicture<'a, T> for (&'a [T], (usize, usize)) {
    fn into_picture(self) -> PictureArg<'a, T> {
        PictureArg::Slice(self.0, Domain::from(self.1), Border::Clamp)
    }
}
impl<'a, T: LaneElement> IntoPicture<'a, T> for (&'a Vec<T>, (usize, usize)) {
    fn into_picture(self) -> PictureArg<'a, T> {
        PictureArg::Slice(self.0, Domain::from(self.1), Border::Clamp)
    }
}

/// Where `run_into` may write results of type `O`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take results of type `{O}`",
    label = "expected `&mut Array<{O}>`, `ViewMut<{O}>`, `&mut [{O}]`, `&mut Vec<{O}>`, or a tuple of them for a tuple result"
)]
pub trait IntoOutput<'o, O: Output> {
    /// As a launch holds it.
    fn into_output(self) -> O::Slots<'o>;
}

impl<'o, T: LaneElement> IntoOutput<'o, T> for &'o mut Array<T> {
    fn into_output(self) -> Slot<'o, T> {
        Slot::Array(self)
    }
}
impl<'o, T: LaneElement> IntoOutput<'o, T> for ViewMut<'o, T> {
    fn into_output(self) -> Slot<'o, T> {
        Slot::Part(self)
    }
}
impl<'o, T: LaneElement> IntoOutput<'o, T> for &'o mut ViewMut<'_, T> {
    fn into_output(self) -> Slot<'o, T> {
        Slot::Part(self.reborrow())
    }
}
impl<'o, T: LaneElement> IntoOutput<'o, T> for &'o mut [T] {
    fn into_output(self) -> Slot<'o, T> {
        Slot::Slice(self)
    }
}
impl<'o, T: LaneElement> IntoOutput<'o, T> for &'o mut Vec<T> {
    fn into_output(self) -> Slot<'o, T> {
        Slot::Slice(self)
    }
}
macro_rules! tuple {
    ($($part:ident $from:ident $at:tt),*) => {
        impl<'o, $($part: LaneElement, $from: IntoOutput<'o, $part>),*> IntoOutput<'o, ($($part,)*)> for ($($from,)*) {
            fn into_output(self) -> ($(Slot<'o, $part>,)*) {
                ($(self.$at.into_output(),)*)
            }
        }
    };
}
tuple!(A X 0, B Y 1);
tuple!(A X 0, B Y 1, C Z 2);
tuple!(A X 0, B Y 1, C Z 2, D W 3);
