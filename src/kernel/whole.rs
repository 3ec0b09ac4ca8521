//! Parameters that every place may reach whole: slices, uniform arrays, shared places, generators.

use std::marker::PhantomData;

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::param::same_home;
use crate::kernel::{
    AtomicElement, AtomicTile, Atomics, Binding, LaneElement, Operand, Param, RandomTile, SliceTile,
};
use crate::memory::{Array, Home, View};
use crate::shape::Domain;

/// `xs: &[T]`: any element, read only.
pub struct Slice<T>(PhantomData<T>);
/// `#[uniform] t: [T; N]` of more than four.
pub struct Table<A>(PhantomData<A>);
/// `bins: &Atomics<T>`.
pub struct Shared<T>(PhantomData<T>);
/// `rng: Random`.
pub struct Generator(());

/// What a launch holds for a slice parameter.
pub enum SliceArg<'a, T: LaneElement> {
    /// A snapshot of an array.
    Array(Array<T>),
    /// Some elements of one.
    View(View<T>),
    /// Borrowed host memory.
    Slice(&'a [T]),
}

impl<T: LaneElement> SliceArg<'_, T> {
    /// How many elements it has.
    pub fn len(&self) -> usize {
        match self {
            SliceArg::Array(array) => array.len(),
            SliceArg::View(view) => view.len(),
            SliceArg::Slice(slice) => slice.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What can stand for a slice parameter `xs: &[T]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed for a parameter `xs: &[{T}]`",
    label = "expected `&Array<{T}>`, `&View<{T}>`, `&[{T}]`, `&Vec<{T}>` or `&[{T}; N]`"
)]
pub trait IntoSlice<'a, T: LaneElement> {
    /// As a launch holds it.
    fn into_slice(self) -> SliceArg<'a, T>;
}

impl<'a, T: LaneElement> IntoSlice<'a, T> for &Array<T> {
    fn into_slice(self) -> SliceArg<'a, T> {
        SliceArg::Array(self.clone())
    }
}

impl<'a, T: LaneElement> IntoSlice<'a, T> for &View<T> {
    fn into_slice(self) -> SliceArg<'a, T> {
        SliceArg::View(self.clone())
    }
}

impl<'a, T: LaneElement> IntoSlice<'a, T> for &'a [T] {
    fn into_slice(self) -> SliceArg<'a, T> {
        SliceArg::Slice(self)
    }
}

impl<'a, T: LaneElement> IntoSlice<'a, T> for &'a Vec<T> {
    fn into_slice(self) -> SliceArg<'a, T> {
        SliceArg::Slice(self)
    }
}

impl<'a, T: LaneElement, const N: usize> IntoSlice<'a, T> for &'a [T; N] {
    fn into_slice(self) -> SliceArg<'a, T> {
        SliceArg::Slice(self)
    }
}

impl<T: LaneElement> Param for Slice<T> {
    type Arg<'a> = SliceArg<'a, T>;
    type Tile<'t> = SliceTile<'t, T>;

    fn check(arg: &SliceArg<'_, T>, home: &Home, _: usize) -> Result<()> {
        let len = match arg {
            SliceArg::Array(array) => {
                same_home(array.home(), home)?;
                array.len()
            }
            SliceArg::View(view) => {
                same_home(view.home(), home)?;
                view.len()
            }
            SliceArg::Slice(slice) => slice.len(),
        };
        if len > u32::MAX as usize {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "a slice of {len} elements is out of reach of a kernel's index, a u32; pass at most {}",
                    u32::MAX
                ),
            ));
        }
        Ok(())
    }

    fn domain(_: &SliceArg<'_, T>) -> Option<Domain> {
        None
    }

    fn tile<'t>(arg: &'t mut SliceArg<'_, T>, _: usize) -> Result<SliceTile<'t, T>> {
        Ok(match arg {
            SliceArg::Array(array) => SliceTile::new(array.host()?, ""),
            SliceArg::View(view) => SliceTile::new(view.host()?, ""),
            SliceArg::Slice(slice) => SliceTile::new(slice, ""),
        })
    }

    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, _: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        (tile, tile)
    }

    fn binding<'b>(arg: &'b mut SliceArg<'_, T>) -> Binding<'b> {
        match arg {
            SliceArg::Array(array) => Binding::Array(array),
            SliceArg::View(view) => Binding::Array(view),
            SliceArg::Slice(slice) => Binding::Slice(bytemuck::cast_slice(slice)),
        }
    }

    fn operand<'a: 'a>(arg: &SliceArg<'a, T>) -> Operand<'a> {
        match arg {
            SliceArg::Array(array) => Operand::Array(Box::new(array.clone())),
            SliceArg::View(view) => Operand::Array(Box::new(view.clone())),
            SliceArg::Slice(slice) => Operand::Slice(bytemuck::cast_slice(slice)),
        }
    }
}

impl<T: LaneElement, const N: usize> Param for Table<[T; N]>
where
    [T; N]: Send,
{
    type Arg<'a> = [T; N];
    type Tile<'t> = SliceTile<'t, T>;

    fn domain(_: &[T; N]) -> Option<Domain> {
        None
    }

    #[inline(always)]
    fn tile<'t>(arg: &'t mut [T; N], _: usize) -> Result<SliceTile<'t, T>> {
        Ok(SliceTile::new(arg, ""))
    }

    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, _: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        (tile, tile)
    }

    fn binding<'b>(arg: &'b mut [T; N]) -> Binding<'b> {
        Binding::Table(bytemuck::cast_slice(arg))
    }

    fn operand<'a>(arg: &[T; N]) -> Operand<'a> {
        Operand::Table(bytemuck::cast_slice(arg).to_vec())
    }
}

impl<T: AtomicElement> Param for Shared<T> {
    type Arg<'a> = &'a Atomics<T>;
    type Tile<'t> = AtomicTile<'t, T>;

    fn domain(_: &&Atomics<T>) -> Option<Domain> {
        None
    }

    fn tile<'t>(arg: &'t mut &Atomics<T>, _: usize) -> Result<AtomicTile<'t, T>> {
        Ok(arg.tile())
    }

    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, _: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        (tile, tile)
    }

    fn binding<'b>(arg: &'b mut &Atomics<T>) -> Binding<'b> {
        Binding::Shared(arg.tile().places())
    }

    fn operand<'a: 'a>(arg: &&'a Atomics<T>) -> Operand<'a> {
        Operand::Shared(arg.tile().places())
    }
}

impl Param for Generator {
    type Arg<'a> = u64;
    type Tile<'t> = RandomTile;

    fn domain(_: &u64) -> Option<Domain> {
        None
    }

    #[inline(always)]
    fn tile(arg: &mut u64, _: usize) -> Result<RandomTile> {
        Ok(RandomTile::new(*arg))
    }

    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, _: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        (tile, tile)
    }

    fn binding<'b>(arg: &'b mut u64) -> Binding<'b> {
        Binding::Uniform([*arg as u32, (*arg >> 32) as u32, 0, 0])
    }

    fn operand<'a>(arg: &u64) -> Operand<'a> {
        Operand::Uniform([*arg as u32, (*arg >> 32) as u32, 0, 0])
    }
}
