//! Kernels: what `#[kernel]` makes of a function, and what a launch may pass to it.
//!
//! The macro turns one scalar function into a type that implements [`Kernel`]: data about it ([`KernelInfo`]), the kinds
//! of its parameters ([`Params`]) and results ([`Output`]), a body generic over [`Lanes`], one
//! concrete entry per instruction-set level ([`Entries`]) and a WGSL fragment ([`Fragment`]).
//!
//! Nothing here runs a launch: that is `exec`'s. What the macro's expansion names is public and hidden from the docs.

mod args;
pub(crate) mod atomics;
pub(crate) mod basic;
mod call;
pub mod draws;
mod element;
mod fragment;
mod frame;
mod image;
#[cfg(test)]
mod image_tests;
mod info;
#[cfg(test)]
mod lanes_tests;
pub mod math;

mod matrix;
mod output;
mod param;
pub mod random;
pub mod scalar;
mod slice;
mod step;
mod then;
mod turned;
mod whole;

pub use args::{Args, IntoElement, IntoInPlace, IntoOutput, IntoPicture};
pub use atomics::{AtomicElement, AtomicTile, Atomics};
pub use call::{CallArgs, Callable, Combine, Own, ToIndex, ToLane, Uni, Var};
pub use element::{InRuns, LaneElement};
pub use fragment::{Fragment, Literal, Piece};
pub use frame::{Control, Fault, Frame, Place};
pub use image::{Cell, Grid, Image, ImageTile, Index};
pub use info::{KernelInfo, Merge, OpCounts, ParamInfo, ParamKind};
pub use matrix::{IntoMatrix, MatrixArg};
pub use output::{Output, Slot, SlotBinding};
pub use param::{
    Binding, ElemArg, ElemTile, Element, InPlace, InPlaceArg, InPlaceTile, Operand, Param, Params, Picture,
    PictureArg, Uniform,
};

pub use random::{Random, RandomBlocks, RandomTile};
pub use slice::{SliceTile, tables};
pub use step::{Arithmetic, Step};
pub use then::{Chain, Then, Unary};
pub use turned::{Turn, Turned};
pub use whole::{Generator, IntoSlice, Shared, Slice, SliceArg, Table};

#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512};
use crate::lanes::{Lanes, Portable, Scalar};

/// A function that `#[kernel]` has compiled for every lane.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kernel",
    label = "put `#[kernel]` on the function `{Self}`"
)]
pub trait Kernel: Sized + Send + Sync + 'static {
    /// Name, parameters, costs.
    const INFO: KernelInfo;
    /// Its WGSL.
    const WGSL: &'static Fragment;
    /// The kernels that its results go through before they are the launch's.
    const CHAIN: Option<&'static Chain> = None;
    /// Whether its entries take two whole rows of a grid at once, where the frame says so.
    const STACKS: bool = false;
    /// The kinds of the parameters that a launch passes, in order.
    type Params: Params;
    /// What it returns.
    type Out: Output;
    /// The loops over whole tiles, one per level.
    const ENTRIES: Entries<Self>;

    /// One vector of results: the places `i..i + n` of the tile, `n` at most `L::N`.
    ///
    /// In-place parameters are written back for those places.
    fn vector<L: Lanes>(
        l: L,
        frame: &Frame<'_>,
        place: Place,
        tiles: &mut <Self::Params as Params>::Tile<'_>,
        i: usize,
        n: usize,
    ) -> <Self::Out as Output>::Lane<L>;
}

/// What a launch's arguments look like to an entry of `K`.
pub type TileOf<'t, K> = <<K as Kernel>::Params as Params>::Tile<'t>;
/// Where an entry of `K` writes.
pub type OutTileOf<'t, K> = <<K as Kernel>::Out as Output>::Tile<'t>;
/// A loop over one tile: token, frame, place of the first element, number of elements, arguments, results.
pub type MapFn<L, K> =
    for<'f, 'a, 't, 'o> unsafe fn(L, &'f Frame<'a>, Place, usize, TileOf<'t, K>, OutTileOf<'o, K>);

/// The loops of a kernel over whole tiles, one for each level; the frame says whether they store past the caches.
///
/// They are safe functions with target features, so they are held as `unsafe fn`: whoever calls one must hold the token
/// of its level, which the first argument demands.
pub struct Entries<K: Kernel> {
    /// One lane.
    pub scalar: MapFn<Scalar, K>,
    /// The architecture's baseline.
    pub baseline: MapFn<Portable, K>,
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    pub avx2: MapFn<Avx2, K>,
    /// AVX-512.
    #[cfg(target_arch = "x86_64")]
    pub avx512: MapFn<Avx512, K>,
}
