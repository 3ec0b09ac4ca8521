//! Results: one element, a tuple of them, or none.

use crate::error::{Error, Result};
use crate::kernel::LaneElement;
use crate::kernel::param::same_home;
use crate::lanes::{Lanes, Scalar};
use crate::memory::{Array, DeviceArray, Home, Keep, Promised, ViewMut, Written};
use crate::shape::{Domain, ElementType};

/// Where one result of a launch goes.
pub enum Slot<'o, T: LaneElement> {
    /// An array; its old contents are not needed.
    Array(&'o mut Array<T>),
    /// A part of one; what is outside of it stays as it is.
    Part(ViewMut<'o, T>),
    /// Borrowed host memory.
    Slice(&'o mut [T]),
}

impl<T: LaneElement> Slot<'_, T> {
    fn len(&self) -> usize {
        match self {
            Slot::Array(array) => array.len(),
            Slot::Part(part) => part.len(),
            Slot::Slice(slice) => slice.len(),
        }
    }

    fn check(&self, home: &Home) -> Result<()> {
        match self {
            Slot::Array(array) => same_home(array.home(), home),
            Slot::Part(part) => same_home(part.home(), home),
            Slot::Slice(_) => Ok(()),
        }
    }

    #[inline(always)]
    fn tile(&mut self) -> Result<&mut [T]> {
        match self {
            Slot::Array(array) => array.host_mut(Keep::Nothing),
            Slot::Part(part) => part.host_mut(Keep::Nothing),
            Slot::Slice(slice) => Ok(slice),
        }
    }

    fn device(&mut self) -> SlotBinding<'_> {
        match self {
            Slot::Array(array) => SlotBinding::Array(*array),
            Slot::Part(part) => match part.target(Keep::Nothing) {
                Written::There(part) => SlotBinding::Array(part),
                Written::Home(elements) => SlotBinding::Slice(bytemuck::cast_slice_mut(elements)),
            },
            Slot::Slice(slice) => SlotBinding::Slice(bytemuck::cast_slice_mut(slice)),
        }
    }
}

/// A slot without its type.
pub enum SlotBinding<'b> {
    /// An array.
    Array(&'b mut dyn DeviceArray),
    /// Borrowed host memory.
    Slice(&'b mut [u8]),
}

fn lead<T>(tile: &[T]) -> usize {
    // `align_offset` may say that there is none.
    let lead = tile.as_ptr().align_offset(64);
    if lead < 64 { lead } else { 0 }
}

/// What a kernel returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the result of a kernel",
    label = "return an element, a pixel, a tuple of up to four of them, or nothing"
)]
pub trait Output: 'static {
    /// One value per lane.
    type Lane<L: Lanes>: Copy;
    /// The arrays that `run` gives.
    type Arrays: Send;
    /// The duty to give such arrays their values.
    type Promises: Send;
    /// Where a launch writes.
    type Slots<'o>: Send;
    /// What an entry sees of that.
    type Tile<'t>: Send;
    /// The element types of the results.
    const ELEMENTS: &'static [ElementType];
    /// Fresh arrays.
    fn new(home: &Home, domain: Domain) -> Result<Self::Arrays>;
    /// Arrays whose values come later.
    fn promised(home: &Home, domain: Domain) -> Result<(Self::Arrays, Self::Promises)>;
    /// Gives promised arrays the values of others.
    fn fulfil(promises: Self::Promises, real: Self::Arrays) -> Result<()>;
    /// Gives promised arrays an error.
    fn fail(promises: Self::Promises, error: &Error);
    /// The arrays as slots.
    fn slots(arrays: &mut Self::Arrays) -> Self::Slots<'_>;
    /// Whether a launch of the runtime `home` may write them.
    fn check(slots: &Self::Slots<'_>, home: &Home) -> Result<()>;
    /// Hands the length of each slot to `see`.
    fn lens(slots: &Self::Slots<'_>, see: &mut dyn FnMut(usize));
    /// The slots in host memory, to be written whole.
    fn tile<'t>(slots: &'t mut Self::Slots<'_>) -> Result<Self::Tile<'t>>;
    /// Places before the first whose result lies at a cache line's start, so that what follows can be streamed.
    fn lead(tile: &Self::Tile<'_>) -> usize;
    /// Two tiles: the places before `at`, and the rest.
    fn split<'t>(tile: Self::Tile<'t>, at: usize) -> (Self::Tile<'t>, Self::Tile<'t>);
    /// All slots without their types.
    fn bindings<'b>(slots: &'b mut Self::Slots<'_>) -> Vec<SlotBinding<'b>>;
    /// The bytes of all results of a tile.
    fn bytes<'b>(tile: &'b mut Self::Tile<'_>) -> Vec<&'b mut [u8]>;
    /// Writes the results of the places `i..i + n`, `n` at most `L::N`.
    fn store<L: Lanes>(l: L, tile: &mut Self::Tile<'_>, i: usize, n: usize, x: Self::Lane<L>);
    /// The value of the one lane.
    fn only(x: Self::Lane<Scalar>) -> Self;
}

impl<T: LaneElement> Output for T {
    type Lane<L: Lanes> = T::Lane<L>;
    type Arrays = Array<T>;
    type Promises = Promised<T>;
    type Slots<'o> = Slot<'o, T>;
    type Tile<'t> = &'t mut [T];
    const ELEMENTS: &'static [ElementType] = &[T::TYPE];
    #[inline]
    fn new(home: &Home, domain: Domain) -> Result<Array<T>> {
        Array::new(home, domain)
    }
    fn promised(home: &Home, domain: Domain) -> Result<(Array<T>, Promised<T>)> {
        Array::promised(home, domain)
    }
    fn fulfil(promises: Promised<T>, real: Array<T>) -> Result<()> {
        promises.fulfil(real)
    }
    fn fail(promises: Promised<T>, error: &Error) {
        promises.fail(error.clone());
    }
    #[inline]
    fn slots(arrays: &mut Array<T>) -> Slot<'_, T> {
        Slot::Array(arrays)
    }
    #[inline]
    fn check(slots: &Slot<'_, T>, home: &Home) -> Result<()> {
        slots.check(home)
    }
    #[inline]
    fn lens(slots: &Slot<'_, T>, see: &mut dyn FnMut(usize)) {
        see(slots.len());
    }
    #[inline]
    fn tile<'t>(slots: &'t mut Slot<'_, T>) -> Result<&'t mut [T]> {
        slots.tile()
    }
    #[inline]
    fn lead(tile: &&mut [T]) -> usize {
        lead(tile)
    }
    #[inline]
    fn split<'t>(tile: Self::Tile<'t>, at: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        tile.split_at_mut(at)
    }
    fn bindings<'b>(slots: &'b mut Slot<'_, T>) -> Vec<SlotBinding<'b>> {
        vec![slots.device()]
    }
    fn bytes<'b>(tile: &'b mut &mut [T]) -> Vec<&'b mut [u8]> {
        vec![bytemuck::cast_slice_mut(tile)]
    }
    #[inline(always)]
    fn store<L: Lanes>(l: L, tile: &mut &mut [T], i: usize, n: usize, x: T::Lane<L>) {
        if n >= L::N {
            T::store(l, &mut tile[i..i + L::N], x);
        } else {
            T::store_part(l, &mut tile[i..i + n], x);
        }
    }
    #[inline(always)]
    fn only(x: T::Lane<Scalar>) -> T {
        <T as LaneElement>::only(x)
    }
}

macro_rules! tuple {
    ($(#[$lint:meta])? $($part:ident $at:tt),*) => {
        impl<$($part: LaneElement),*> Output for ($($part,)*) {
            type Lane<L: Lanes> = ($(<$part as LaneElement>::Lane<L>,)*);
            type Arrays = ($(Array<$part>,)*);
            type Promises = ($(Promised<$part>,)*);
            type Slots<'o> = ($(Slot<'o, $part>,)*);
            type Tile<'t> = ($(&'t mut [$part],)*);
            const ELEMENTS: &'static [ElementType] = &[$($part::TYPE),*];
            fn new(_home: &Home, _domain: Domain) -> Result<Self::Arrays> {
                Ok(($(Array::<$part>::new(_home, _domain)?,)*))
            }
            fn promised(_home: &Home, _domain: Domain) -> Result<(Self::Arrays, Self::Promises)> {
                let _pairs = ($(Array::<$part>::promised(_home, _domain)?,)*);
                Ok((($(_pairs.$at.0,)*), ($(_pairs.$at.1,)*)))
            }
            fn fulfil(_promises: Self::Promises, _real: Self::Arrays) -> Result<()> {
                $(_promises.$at.fulfil(_real.$at)?;)*
                Ok(())
            }
            fn fail(_promises: Self::Promises, _error: &Error) {
                $(_promises.$at.fail(_error.clone());)*
            }
            $(#[$lint])?
            fn slots(_arrays: &mut Self::Arrays) -> Self::Slots<'_> {
                ($(Slot::Array(&mut _arrays.$at),)*)
            }
            fn check(_slots: &Self::Slots<'_>, _home: &Home) -> Result<()> {
                $(_slots.$at.check(_home)?;)*
                Ok(())
            }
            fn lens(_slots: &Self::Slots<'_>, _see: &mut dyn FnMut(usize)) {
                $(_see(_slots.$at.len());)*
            }
            fn tile<'t>(_slots: &'t mut Self::Slots<'_>) -> Result<Self::Tile<'t>> {
                Ok(($(_slots.$at.tile()?,)*))
            }
            fn lead(_tile: &Self::Tile<'_>) -> usize {
                0 $(.max(lead(&*_tile.$at)))*
            }
            fn split<'t>(_tile: Self::Tile<'t>, _at: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
                let _pairs = ($(_tile.$at.split_at_mut(_at),)*);
                (($(_pairs.$at.0,)*), ($(_pairs.$at.1,)*))
            }
            fn bindings<'b>(_slots: &'b mut Self::Slots<'_>) -> Vec<SlotBinding<'b>> {
                vec![$(_slots.$at.device()),*]
            }
            fn bytes<'b>(_tile: &'b mut Self::Tile<'_>) -> Vec<&'b mut [u8]> {
                vec![$(bytemuck::cast_slice_mut(_tile.$at)),*]
            }
            #[inline(always)]
            fn store<L: Lanes>(_l: L, _tile: &mut Self::Tile<'_>, _i: usize, _n: usize, _x: Self::Lane<L>) {
                $(<$part as Output>::store(_l, &mut _tile.$at, _i, _n, _x.$at);)*
            }
            #[inline(always)]
            $(#[$lint])?
            fn only(_x: Self::Lane<Scalar>) -> Self {
                ($(<$part as LaneElement>::only(_x.$at),)*)
            }
        }
    };
}
tuple!(#[expect(clippy::unused_unit, reason = "the empty tuple is one of the cases")]);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
