//! The kinds of parameters, what a launch holds for each, and what an entry sees of it for a tile.
//!
//! Tiles split at a place into two that share nothing written: every mapping (static shares, a queue, stealing) is built
//! on that, in safe code.

use std::any::TypeId;
use std::marker::PhantomData;

use crate::device::gpu::Buffer;
use crate::error::{Error, ErrorKind, Result};
use crate::kernel::LaneElement;
use crate::kernel::image::{ImageTile, grid_of};
use crate::lanes::Lanes;
use crate::memory::{Array, DeviceArray, DeviceSource, Home, Keep, View, ViewMut, Written};
use crate::shape::{Border, CHUNK, Domain, Span};

/// `#[uniform] a: T`: one value for all places.
pub struct Uniform<T>(PhantomData<T>);
/// `x: T`: the place's own element.
pub struct Element<T>(PhantomData<T>);
/// `y: &mut T`: the place's own element, updated.
pub struct InPlace<T>(PhantomData<T>);
/// `src: Image<T>`: a picture, read around the place.
pub struct Picture<T>(PhantomData<T>);

/// One kind of parameter.
pub trait Param: 'static {
    /// What a launch holds for it.
    type Arg<'a>: Send;
    /// What an entry sees of it.
    type Tile<'t>: Send;
    /// The domain that the argument implies, if it does.
    fn domain(arg: &Self::Arg<'_>) -> Option<Domain>;
    /// Whether a launch of the runtime `home` over `n` places may use it.
    fn check(_arg: &Self::Arg<'_>, _home: &Home, _n: usize) -> Result<()> {
        Ok(())
    }
    /// Takes note of what pictures hold outside of themselves.
    fn border(_arg: &mut Self::Arg<'_>, _border: Border) {}
    /// Whether the tile can serve no more than [`CHUNK`] places at once.
    fn is_short(_arg: &Self::Arg<'_>) -> bool {
        false
    }
    /// The argument in host memory, for `n` places.
    fn tile<'t>(arg: &'t mut Self::Arg<'_>, n: usize) -> Result<Self::Tile<'t>>;
    /// As `tile`; what is not in host memory stays where it is until [`fetch`](Param::fetch).
    fn tile_later<'t>(arg: &'t mut Self::Arg<'_>, n: usize) -> Result<Self::Tile<'t>> {
        Self::tile(arg, n)
    }
    /// The tile of `span`, with what `tile_later` left where it was.
    fn fetch<'t>(tile: Self::Tile<'t>, _operand: &'t Operand<'_>, _span: Span) -> Result<Self::Tile<'t>> {
        Ok(tile)
    }
    /// Two tiles: the places before `at`, and the rest.
    fn split<'t>(tile: Self::Tile<'t>, at: usize) -> (Self::Tile<'t>, Self::Tile<'t>);
    /// The tile of [`CHUNK`] places, of a length that the compiler sees, and that of the rest.
    #[inline(always)]
    fn block<'t>(tile: Self::Tile<'t>) -> (Self::Tile<'t>, Self::Tile<'t>) {
        Self::split(tile, CHUNK)
    }
    /// The first `n` elements as they lie in memory, where they are of type `T` and that is all there is to read.
    fn direct<'t, T: LaneElement>(_tile: &Self::Tile<'t>, _n: usize) -> Option<&'t [T]> {
        None
    }
    /// The argument without its type, for lanes that are not Rust's.
    fn binding<'b>(arg: &'b mut Self::Arg<'_>) -> Binding<'b>;
    /// What several devices may read of it at once, while its tiles are out.
    fn operand<'a>(arg: &Self::Arg<'a>) -> Operand<'a>;
    /// The bytes of a tile that is updated in place.
    fn bytes<'b>(_tile: &'b mut Self::Tile<'_>) -> Option<&'b mut [u8]> {
        None
    }
}

/// What several devices may read of an argument at once, without its type.
pub enum Operand<'a> {
    /// The bits of a value for all places.
    Uniform([u32; 4]),
    /// The bits of a value given where an element is expected.
    Constant([u32; 4]),
    /// The bytes of a uniform array.
    Table(Vec<u8>),
    /// Places that all share.
    Shared(&'a [std::sync::atomic::AtomicU32]),
    /// A snapshot of an array.
    Array(Box<dyn DeviceSource>),
    /// Borrowed host memory.
    Slice(&'a [u8]),
    /// Updated in place: each tile has its part.
    InPlace,
}

/// An argument without its type.
pub enum Binding<'b> {
    /// The bits of a value for all places.
    Uniform([u32; 4]),
    /// The bits of a value given where an element is expected.
    Constant([u32; 4]),
    /// The bytes of a uniform array.
    Table(&'b [u8]),
    /// Places that all share.
    Shared(&'b [std::sync::atomic::AtomicU32]),
    /// An array that is read.
    Array(&'b dyn DeviceSource),
    /// Borrowed host memory that is read.
    Slice(&'b [u8]),
    /// An array that is updated in place.
    ArrayMut(&'b mut dyn DeviceArray),
    /// Borrowed host memory that is updated in place.
    SliceMut(&'b mut [u8]),
    /// The elements of just the places that are computed, read.
    Part(&'b [u8]),
    /// The elements of just the places that are computed, updated in place.
    PartMut(&'b mut [u8]),
    /// A device's copy of memory that is read anywhere, and how many bytes of it are elements.
    Copied(Buffer, usize),
    /// A device's own copy of places that all share.
    Held(Buffer),
}

impl<T: LaneElement> Param for Uniform<T> {
    type Arg<'a> = T;
    type Tile<'t> = T;
    fn domain(_: &T) -> Option<Domain> {
        None
    }
    #[inline(always)]
    fn tile(arg: &mut T, _: usize) -> Result<T> {
        Ok(*arg)
    }
    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, _: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        (tile, tile)
    }
    fn binding<'b>(arg: &'b mut T) -> Binding<'b> {
        Binding::Uniform(arg.words())
    }
    fn operand<'a>(arg: &T) -> Operand<'a> {
        Operand::Uniform(arg.words())
    }
}

/// What a launch holds for an element parameter.
pub enum ElemArg<'a, T: LaneElement> {
    /// A snapshot of an array.
    Array(Array<T>),
    /// Some elements of one.
    View(View<T>),
    /// Borrowed host memory, and its shape where it has rows.
    Slice(&'a [T]),
    /// One value for all places, and as many copies of it as a tile reads.
    Constant(T, Vec<T>),
}

/// The elements of a tile, or up to [`CHUNK`] copies of one value.
#[derive(Clone, Copy)]
pub struct ElemTile<'t, T> {
    elements: &'t [T],
    constant: bool,
}

impl<'t, T> ElemTile<'t, T> {
    /// The tile's `n` elements.
    #[inline(always)]
    pub fn slice(&self, n: usize) -> &'t [T] {
        &self.elements[..n]
    }
}

impl<T: LaneElement> ElemTile<'_, T> {
    /// The elements at `i..i + n`, `n` at most `L::N`.
    #[inline(always)]
    pub fn load<L: Lanes>(&self, l: L, i: usize, n: usize) -> T::Lane<L> {
        if n >= L::N {
            T::load(l, &self.elements[i..i + L::N])
        } else {
            T::load_part(l, &self.elements[i..i + n])
        }
    }
}

impl<T: LaneElement> Param for Element<T> {
    type Arg<'a> = ElemArg<'a, T>;
    type Tile<'t> = ElemTile<'t, T>;
    #[inline(always)]
    fn check(arg: &ElemArg<'_, T>, home: &Home, _: usize) -> Result<()> {
        match arg {
            ElemArg::Array(array) => same_home(array.home(), home),
            ElemArg::View(view) => same_home(view.home(), home),
            _ => Ok(()),
        }
    }
    fn domain(arg: &ElemArg<'_, T>) -> Option<Domain> {
        match arg {
            ElemArg::Array(array) => Some(array.domain()),
            ElemArg::View(view) => Some(view.domain()),
            ElemArg::Slice(slice) => Some(Domain::Line(slice.len())),
            ElemArg::Constant(..) => None,
        }
    }
    #[inline(always)]
    fn is_short(arg: &ElemArg<'_, T>) -> bool {
        matches!(arg, ElemArg::Constant(..))
    }
    #[inline(always)]
    fn tile<'t>(arg: &'t mut ElemArg<'_, T>, n: usize) -> Result<ElemTile<'t, T>> {
        Ok(match arg {
            ElemArg::Array(array) => ElemTile { elements: array.host()?, constant: false },
            ElemArg::View(view) => ElemTile { elements: view.host()?, constant: false },
            ElemArg::Slice(slice) => ElemTile { elements: slice, constant: false },
            ElemArg::Constant(value, copies) => {
                copies.resize(n.min(CHUNK), *value);
                ElemTile { elements: copies, constant: true }
            }
        })
    }
    fn tile_later<'t>(arg: &'t mut ElemArg<'_, T>, n: usize) -> Result<ElemTile<'t, T>> {
        match arg {
            // Divides as one value for all places does, since there is nothing yet.
            ElemArg::Array(array) if !array.is_home() => Ok(ElemTile { elements: &[], constant: true }),
            ElemArg::View(view) if !view.is_home() => Ok(ElemTile { elements: &[], constant: true }),
            _ => Self::tile(arg, n),
        }
    }
    fn fetch<'t>(tile: ElemTile<'t, T>, operand: &'t Operand<'_>, span: Span) -> Result<ElemTile<'t, T>> {
        match operand {
            Operand::Array(array) if tile.constant => {
                Ok(ElemTile { elements: bytemuck::cast_slice(array.host_bytes(span)?), constant: false })
            }
            _ => Ok(tile),
        }
    }
    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, at: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        if tile.constant {
            return (tile, tile);
        }
        let (head, tail) = tile.elements.split_at(at);
        (ElemTile { elements: head, constant: false }, ElemTile { elements: tail, constant: false })
    }
    #[inline(always)]
    fn block<'t>(tile: Self::Tile<'t>) -> (Self::Tile<'t>, Self::Tile<'t>) {
        let (block, rest) = tile.elements.split_at(CHUNK);
        // Of copies of one value there is a block, which serves every place.
        let rest = if tile.constant { tile.elements } else { rest };
        (ElemTile { elements: block, ..tile }, ElemTile { elements: rest, ..tile })
    }
    fn direct<'t, U: LaneElement>(tile: &Self::Tile<'t>, n: usize) -> Option<&'t [U]> {
        let same = TypeId::of::<T>() == TypeId::of::<U>() && !tile.constant;
        same.then(|| bytemuck::cast_slice(&tile.elements[..n]))
    }
    fn binding<'b>(arg: &'b mut ElemArg<'_, T>) -> Binding<'b> {
        match arg {
            ElemArg::Array(array) => Binding::Array(array),
            ElemArg::View(view) => Binding::Array(view),
            ElemArg::Slice(slice) => Binding::Slice(bytemuck::cast_slice(slice)),
            ElemArg::Constant(value, _) => Binding::Constant(value.words()),
        }
    }
    fn operand<'a: 'a>(arg: &ElemArg<'a, T>) -> Operand<'a> {
        match arg {
            ElemArg::Array(array) => Operand::Array(Box::new(array.clone())),
            ElemArg::View(view) => Operand::Array(Box::new(view.clone())),
            ElemArg::Slice(slice) => Operand::Slice(bytemuck::cast_slice(slice)),
            ElemArg::Constant(value, _) => Operand::Constant(value.words()),
        }
    }
}

/// What a launch holds for an in-place parameter.
pub enum InPlaceArg<'a, T: LaneElement> {
    /// An array.
    Array(&'a mut Array<T>),
    /// A part of one.
    Part(ViewMut<'a, T>),
    /// Borrowed host memory.
    Slice(&'a mut [T]),
}

/// The elements of a tile, updated in place.
pub struct InPlaceTile<'t, T> {
    elements: &'t mut [T],
}

impl<'t, T> InPlaceTile<'t, T> {
    /// The tile's `n` elements.
    #[inline(always)]
    pub fn slice(self, n: usize) -> &'t mut [T] {
        &mut self.elements[..n]
    }
}

impl<T: LaneElement> InPlaceTile<'_, T> {
    /// The elements at `i..i + n`, `n` at most `L::N`.
    #[inline(always)]
    pub fn load<L: Lanes>(&self, l: L, i: usize, n: usize) -> T::Lane<L> {
        if n >= L::N {
            T::load(l, &self.elements[i..i + L::N])
        } else {
            T::load_part(l, &self.elements[i..i + n])
        }
    }

    /// Writes the elements at `i..i + n`.
    #[inline(always)]
    pub fn store<L: Lanes>(&mut self, l: L, i: usize, n: usize, x: T::Lane<L>) {
        if n >= L::N {
            T::store(l, &mut self.elements[i..i + L::N], x);
        } else {
            T::store_part(l, &mut self.elements[i..i + n], x);
        }
    }
}

impl<T: LaneElement> Param for InPlace<T> {
    type Arg<'a> = InPlaceArg<'a, T>;
    type Tile<'t> = InPlaceTile<'t, T>;
    #[inline(always)]
    fn check(arg: &InPlaceArg<'_, T>, home: &Home, _: usize) -> Result<()> {
        match arg {
            InPlaceArg::Array(array) => same_home(array.home(), home),
            InPlaceArg::Part(part) => same_home(part.home(), home),
            InPlaceArg::Slice(_) => Ok(()),
        }
    }
    fn domain(arg: &InPlaceArg<'_, T>) -> Option<Domain> {
        Some(match arg {
            InPlaceArg::Array(array) => array.domain(),
            InPlaceArg::Part(part) => part.domain(),
            InPlaceArg::Slice(slice) => Domain::Line(slice.len()),
        })
    }
    #[inline(always)]
    fn tile<'t>(arg: &'t mut InPlaceArg<'_, T>, _: usize) -> Result<InPlaceTile<'t, T>> {
        Ok(InPlaceTile {
            elements: match arg {
                InPlaceArg::Array(array) => array.host_mut(Keep::Old)?,
                InPlaceArg::Part(part) => part.host_mut(Keep::Old)?,
                InPlaceArg::Slice(slice) => slice,
            },
        })
    }
    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, at: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        let (head, tail) = tile.elements.split_at_mut(at);
        (InPlaceTile { elements: head }, InPlaceTile { elements: tail })
    }
    fn binding<'b>(arg: &'b mut InPlaceArg<'_, T>) -> Binding<'b> {
        match arg {
            InPlaceArg::Array(array) => Binding::ArrayMut(*array),
            InPlaceArg::Part(part) => match part.target(Keep::Old) {
                Written::There(part) => Binding::ArrayMut(part),
                Written::Home(elements) => Binding::SliceMut(bytemuck::cast_slice_mut(elements)),
            },
            InPlaceArg::Slice(slice) => Binding::SliceMut(bytemuck::cast_slice_mut(slice)),
        }
    }
    fn operand<'a: 'a>(_: &InPlaceArg<'a, T>) -> Operand<'a> {
        Operand::InPlace
    }
    fn bytes<'b>(tile: &'b mut InPlaceTile<'_, T>) -> Option<&'b mut [u8]> {
        Some(bytemuck::cast_slice_mut(tile.elements))
    }
}

/// What a launch holds for a picture parameter.
pub enum PictureArg<'a, T: LaneElement> {
    /// A snapshot of an array.
    Array(Array<T>, Border),
    /// Some elements of one.
    View(View<T>, Border),
    /// Borrowed host memory: cells, and the shape they are said to have.
    Slice(&'a [T], Domain, Border),
}

impl<T: LaneElement> Param for Picture<T> {
    type Arg<'a> = PictureArg<'a, T>;
    type Tile<'t> = ImageTile<'t, T>;
    fn check(arg: &PictureArg<'_, T>, home: &Home, n: usize) -> Result<()> {
        let (cells, domain) = match arg {
            PictureArg::Array(array, _) => {
                same_home(array.home(), home)?;
                (array.len(), array.domain())
            }
            PictureArg::View(view, _) => {
                same_home(view.home(), home)?;
                (view.len(), view.domain())
            }
            PictureArg::Slice(cells, domain, _) => (cells.len(), *domain),
        };
        let (width, height) = grid_of(domain)?;
        if width.checked_mul(height) != Some(cells) {
            return Err(Error::new(
                ErrorKind::ShapeMismatch,
                format!("a picture of {domain} needs width times height cells, but there are {cells}"),
            ));
        }
        if cells == 0 && n > 0 {
            return Err(Error::new(
                ErrorKind::ShapeMismatch,
                format!(
                    "a picture of {domain} has no cell to read, but the launch has {n} places; pass one with cells"
                ),
            ));
        }
        Ok(())
    }
    fn domain(arg: &PictureArg<'_, T>) -> Option<Domain> {
        Some(match arg {
            PictureArg::Array(array, _) => array.domain(),
            PictureArg::View(view, _) => view.domain(),
            PictureArg::Slice(_, domain, _) => *domain,
        })
    }
    fn border(arg: &mut PictureArg<'_, T>, border: Border) {
        let (PictureArg::Array(_, held) | PictureArg::View(_, held) | PictureArg::Slice(_, _, held)) = arg;
        *held = border;
    }
    fn tile<'t>(arg: &'t mut PictureArg<'_, T>, _: usize) -> Result<ImageTile<'t, T>> {
        let (cells, domain, border) = match arg {
            PictureArg::Array(array, border) => (array.host()?, array.domain(), *border),
            PictureArg::View(view, border) => (view.host()?, view.domain(), *border),
            PictureArg::Slice(cells, domain, border) => (*cells, *domain, *border),
        };
        let (width, height) = grid_of(domain)?;
        Ok(ImageTile::new(cells, width, height).with_border(border))
    }
    #[inline(always)]
    fn split<'t>(tile: Self::Tile<'t>, _: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
        (tile, tile)
    }
    fn binding<'b>(arg: &'b mut PictureArg<'_, T>) -> Binding<'b> {
        match arg {
            PictureArg::Array(array, _) => Binding::Array(array),
            PictureArg::View(view, _) => Binding::Array(view),
            PictureArg::Slice(cells, ..) => Binding::Slice(bytemuck::cast_slice(cells)),
        }
    }
    fn operand<'a: 'a>(arg: &PictureArg<'a, T>) -> Operand<'a> {
        match arg {
            PictureArg::Array(array, _) => Operand::Array(Box::new(array.clone())),
            PictureArg::View(view, _) => Operand::Array(Box::new(view.clone())),
            PictureArg::Slice(cells, ..) => Operand::Slice(bytemuck::cast_slice(cells)),
        }
    }
}

/// Two runtimes do not mix: each has its own devices and memory.
#[inline(always)]
pub(crate) fn same_home(theirs: &Home, ours: &Home) -> Result<()> {
    if theirs == ours { Ok(()) } else { Err(foreign()) }
}

#[cold]
fn foreign() -> Error {
    Error::new(
        ErrorKind::ForeignArray,
        "an array of another runtime was passed; use one runtime for both, or read the array and pass the slice",
    )
}

/// The kinds of all parameters that a launch passes, as a tuple.
pub trait Params: 'static {
    /// What a launch holds.
    type Arg<'a>: Send;
    /// What an entry sees.
    type Tile<'t>: Send;
    /// Hands each argument's implied domain to `see`, in order.
    fn domains(args: &Self::Arg<'_>, see: &mut dyn FnMut(usize, Domain));
    /// Whether a launch of the runtime `home` over `n` places may use all of them.
    fn check(args: &Self::Arg<'_>, home: &Home, n: usize) -> Result<()>;
    /// Takes note of what pictures hold outside of themselves.
    fn border(args: &mut Self::Arg<'_>, border: Border);
    /// Whether some tile can serve no more than [`CHUNK`] places at once.
    fn is_short(args: &Self::Arg<'_>) -> bool;
    /// All arguments in host memory, for `n` places.
    fn tile<'t>(args: &'t mut Self::Arg<'_>, n: usize) -> Result<Self::Tile<'t>>;
    /// As `tile`; elements that are not in host memory stay where they are until [`fetch`](Params::fetch).
    fn tile_later<'t>(args: &'t mut Self::Arg<'_>, n: usize) -> Result<Self::Tile<'t>>;
    /// The tiles of `span`, with what `tile_later` left where it was.
    fn fetch<'t>(tile: Self::Tile<'t>, operands: &'t [Operand<'_>], span: Span) -> Result<Self::Tile<'t>>;
    /// Two tiles: the places before `at`, and the rest.
    fn split<'t>(tile: Self::Tile<'t>, at: usize) -> (Self::Tile<'t>, Self::Tile<'t>);
    /// The tiles of [`CHUNK`] places, and those of the rest.
    fn block<'t>(tile: Self::Tile<'t>) -> (Self::Tile<'t>, Self::Tile<'t>);
    /// All arguments without their types.
    fn bindings<'b>(args: &'b mut Self::Arg<'_>) -> Vec<Binding<'b>>;
    /// What several devices may read of all arguments at once.
    fn operands<'a>(args: &Self::Arg<'a>) -> Vec<Operand<'a>>;
    /// The first `n` elements of the one tile as they lie in memory, where there is one and they are of type `T`.
    fn direct<'t, T: LaneElement>(tile: &Self::Tile<'t>, n: usize) -> Option<&'t [T]>;
    /// The bytes of each tile, where it is updated in place.
    fn bytes<'b>(tile: &'b mut Self::Tile<'_>) -> Vec<Option<&'b mut [u8]>>;
}

macro_rules! tuple {
    ($($param:ident $at:tt),*) => {
        impl<$($param: Param),*> Params for ($($param,)*) {
            type Arg<'a> = ($($param::Arg<'a>,)*);
            type Tile<'t> = ($($param::Tile<'t>,)*);
            #[inline(always)]
            fn domains(_args: &Self::Arg<'_>, _see: &mut dyn FnMut(usize, Domain)) {
                $(if let Some(domain) = $param::domain(&_args.$at) { _see($at, domain) })*
            }
            #[inline(always)]
            fn check(_args: &Self::Arg<'_>, _home: &Home, _n: usize) -> Result<()> {
                $($param::check(&_args.$at, _home, _n)?;)*
                Ok(())
            }
            #[inline(always)]
            fn border(_args: &mut Self::Arg<'_>, _border: Border) {
                $($param::border(&mut _args.$at, _border);)*
            }
            #[inline(always)]
            fn is_short(_args: &Self::Arg<'_>) -> bool {
                false $(|| $param::is_short(&_args.$at))*
            }
            #[inline(always)]
            fn tile<'t>(_args: &'t mut Self::Arg<'_>, _n: usize) -> Result<Self::Tile<'t>> {
                Ok(($($param::tile(&mut _args.$at, _n)?,)*))
            }
            fn tile_later<'t>(_args: &'t mut Self::Arg<'_>, _n: usize) -> Result<Self::Tile<'t>> {
                Ok(($($param::tile_later(&mut _args.$at, _n)?,)*))
            }
            fn fetch<'t>(_tile: Self::Tile<'t>, _operands: &'t [Operand<'_>], _span: Span) -> Result<Self::Tile<'t>> {
                Ok(($($param::fetch(_tile.$at, &_operands[$at], _span)?,)*))
            }
            #[inline(always)]
            fn split<'t>(_tile: Self::Tile<'t>, _at: usize) -> (Self::Tile<'t>, Self::Tile<'t>) {
                let pairs = ($($param::split(_tile.$at, _at),)*);
                let _ = &pairs;
                split_pairs!(pairs $($at)*)
            }
            #[inline(always)]
            fn block<'t>(_tile: Self::Tile<'t>) -> (Self::Tile<'t>, Self::Tile<'t>) {
                let pairs = ($($param::block(_tile.$at),)*);
                let _ = &pairs;
                split_pairs!(pairs $($at)*)
            }
            fn direct<'t, Z: LaneElement>(_tile: &Self::Tile<'t>, _n: usize) -> Option<&'t [Z]> {
                let all: &[Option<&'t [Z]>] = &[$($param::direct::<Z>(&_tile.$at, _n)),*];
                match all {
                    [one] => *one,
                    _ => None,
                }
            }
            fn bindings<'b>(_args: &'b mut Self::Arg<'_>) -> Vec<Binding<'b>> {
                vec![$($param::binding(&mut _args.$at)),*]
            }
            fn operands<'a>(_args: &Self::Arg<'a>) -> Vec<Operand<'a>> {
                vec![$($param::operand(&_args.$at)),*]
            }
            fn bytes<'b>(_tile: &'b mut Self::Tile<'_>) -> Vec<Option<&'b mut [u8]>> {
                vec![$($param::bytes(&mut _tile.$at)),*]
            }
        }
    };
}
macro_rules! split_pairs {
    ($pairs:ident $($at:tt)*) => { (($($pairs.$at.0,)*), ($($pairs.$at.1,)*)) };
}
tuple!();
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
