//! How each element type looks in the lanes.

use crate::lanes::{Lanes, MAX_LANES, Scalar, f16, gather_each};
use crate::memory;

/// An element type that kernels can hold: how it is loaded into lanes and stored from them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot live in a kernel",
    label = "use f32, i32, u32, u8 or a pixel `[T; 1..=4]` of them"
)]
pub trait LaneElement: memory::Element {
    /// One value per lane.
    type Lane<L: Lanes>: Copy;
    /// `x` in every lane.
    fn splat<L: Lanes>(l: L, x: Self) -> Self::Lane<L>;
    /// The first `N` of `from`.
    fn load<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L>;
    /// All of `from`, at most `N`.
    fn load_part<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L>;
    /// `from[at]` lane by lane, `at` unsigned; zero where `m` is not set or `at` lies outside, which is not read.
    fn gather<L: Lanes>(l: L, from: &[Self], at: L::I, m: L::M) -> Self::Lane<L>;
    /// Into the first `N` of `to`.
    fn store<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>);
    /// Into all of `to`, at most `N`.
    fn store_part<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>);
    /// As `store`, past the caches where the level and the place allow it.
    #[inline(always)]
    fn stream<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>) {
        Self::store(l, to, x);
    }
    /// The value of the one lane.
    fn only(x: Self::Lane<Scalar>) -> Self;
    /// The nearest to a number, in every channel.
    fn from_f64(x: f64) -> Self;
    /// Its bits, as wide as the lanes hold it, as up to four words for a GPU's uniform block.
    fn words(self) -> [u32; 4];
}

impl LaneElement for f32 {
    type Lane<L: Lanes> = L::F;
    #[inline(always)]
    fn splat<L: Lanes>(l: L, x: f32) -> L::F {
        l.f_splat(x)
    }
    #[inline(always)]
    fn load<L: Lanes>(l: L, from: &[f32]) -> L::F {
        l.f_load(from)
    }
    #[inline(always)]
    fn load_part<L: Lanes>(l: L, from: &[f32]) -> L::F {
        l.f_load_part(from)
    }
    #[inline(always)]
    fn gather<L: Lanes>(l: L, from: &[f32], at: L::I, m: L::M) -> L::F {
        l.f_gather(from, at, m)
    }
    #[inline(always)]
    fn store<L: Lanes>(l: L, to: &mut [f32], x: L::F) {
        l.f_store(to, x);
    }
    #[inline(always)]
    fn store_part<L: Lanes>(l: L, to: &mut [f32], x: L::F) {
        l.f_store_part(to, x);
    }
    #[inline(always)]
    fn stream<L: Lanes>(l: L, to: &mut [f32], x: L::F) {
        l.f_stream(to, x);
    }
    #[inline(always)]
    fn only(x: f32) -> f32 {
        x
    }
    fn from_f64(x: f64) -> f32 {
        x as f32
    }
    fn words(self) -> [u32; 4] {
        [self.to_bits(), 0, 0, 0]
    }
}

macro_rules! integer {
    ($type:ty) => {
        impl LaneElement for $type {
            type Lane<L: Lanes> = L::I;
            #[inline(always)]
            fn splat<L: Lanes>(l: L, x: $type) -> L::I {
                l.i_splat(x as i32)
            }
            #[inline(always)]
            fn load<L: Lanes>(l: L, from: &[$type]) -> L::I {
                l.i_load(bytemuck::must_cast_slice(from))
            }
            #[inline(always)]
            fn load_part<L: Lanes>(l: L, from: &[$type]) -> L::I {
                l.i_load_part(bytemuck::must_cast_slice(from))
            }
            #[inline(always)]
            fn gather<L: Lanes>(l: L, from: &[$type], at: L::I, m: L::M) -> L::I {
                l.i_gather(bytemuck::must_cast_slice(from), at, m)
            }
            #[inline(always)]
            fn store<L: Lanes>(l: L, to: &mut [$type], x: L::I) {
                l.i_store(bytemuck::must_cast_slice_mut(to), x);
            }
            #[inline(always)]
            fn store_part<L: Lanes>(l: L, to: &mut [$type], x: L::I) {
                l.i_store_part(bytemuck::must_cast_slice_mut(to), x);
            }
            #[inline(always)]
            fn stream<L: Lanes>(l: L, to: &mut [$type], x: L::I) {
                l.i_stream(bytemuck::must_cast_slice_mut(to), x);
            }
            #[inline(always)]
            fn only(x: i32) -> $type {
                x as $type
            }
            fn from_f64(x: f64) -> $type {
                x as $type
            }
            fn words(self) -> [u32; 4] {
                [self as u32, 0, 0, 0]
            }
        }
    };
}
integer!(i32);
integer!(u32);

/// A type that is narrower in memory than in the lanes: parts and gathers go through a buffer.
macro_rules! narrow {
    ($type:ty, $vector:ident, $splat:ident($widen:expr), $load:ident, $store:ident, $only:expr, $near:expr, $word:expr) => {
        impl LaneElement for $type {
            type Lane<L: Lanes> = L::$vector;
            #[inline(always)]
            fn splat<L: Lanes>(l: L, x: $type) -> L::$vector {
                l.$splat($widen(x))
            }
            #[inline(always)]
            fn load<L: Lanes>(l: L, from: &[$type]) -> L::$vector {
                l.$load(bytemuck::must_cast_slice(from))
            }
            #[inline(always)]
            fn load_part<L: Lanes>(l: L, from: &[$type]) -> L::$vector {
                let mut buffer = [<$type as bytemuck::Zeroable>::zeroed(); MAX_LANES];
                buffer[..from.len()].copy_from_slice(from);
                Self::load(l, &buffer)
            }
            #[inline(always)]
            fn gather<L: Lanes>(l: L, from: &[$type], at: L::I, m: L::M) -> L::$vector {
                Self::load(l, &gather_each(l, from, at, m))
            }
            #[inline(always)]
            fn store<L: Lanes>(l: L, to: &mut [$type], x: L::$vector) {
                l.$store(bytemuck::must_cast_slice_mut(to), x);
            }
            #[inline(always)]
            fn store_part<L: Lanes>(l: L, to: &mut [$type], x: L::$vector) {
                let mut buffer = [<$type as bytemuck::Zeroable>::zeroed(); MAX_LANES];
                Self::store(l, &mut buffer, x);
                to.copy_from_slice(&buffer[..to.len()]);
            }
            #[inline(always)]
            fn only(x: Self::Lane<Scalar>) -> $type {
                $only(x)
            }
            fn from_f64(x: f64) -> $type {
                $near(x)
            }
            fn words(self) -> [u32; 4] {
                [$word(self), 0, 0, 0]
            }
        }
    };
}
narrow!(u8, I, i_splat(i32::from), i_load_u8, i_store_u8, |x| x as u8, |x: f64| x as u8, u32::from);
narrow!(i8, I, i_splat(i32::from), i_load_i8, i_store_u8, |x| x as i8, |x: f64| x as i8, |x| x as u32);
narrow!(u16, I, i_splat(i32::from), i_load_u16, i_store_u16, |x| x as u16, |x: f64| x as u16, u32::from);
narrow!(i16, I, i_splat(i32::from), i_load_i16, i_store_u16, |x| x as i16, |x: f64| x as i16, |x| x as u32);
narrow!(f16, F, f_splat(f16::to_f32), f_load_f16, f_store_f16, f16::from_f32, |x: f64| f16::from_f32(x as f32), |x: f16| x.to_f32().to_bits());

/// A pixel: `C` channels side by side in memory, one vector for each in the lanes.
macro_rules! pixel {
    ($type:ty) => {
        impl<const C: usize> LaneElement for [$type; C] {
            type Lane<L: Lanes> = [<$type as LaneElement>::Lane<L>; C];
            #[inline(always)]
            fn splat<L: Lanes>(l: L, x: Self) -> Self::Lane<L> {
                x.map(
                    #[inline(always)]
                    |channel| <$type>::splat(l, channel),
                )
            }
            #[inline(always)]
            fn load<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L> {
                let from = &from[..L::N];
                let mut buffer = [<$type as bytemuck::Zeroable>::zeroed(); MAX_LANES];
                std::array::from_fn(
                    #[inline(always)]
                    |channel| {
                        for (slot, pixel) in buffer[..L::N].iter_mut().zip(from) {
                            *slot = pixel[channel];
                        }
                        <$type>::load(l, &buffer[..L::N])
                    },
                )
            }
            #[inline(always)]
            fn load_part<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L> {
                let mut buffer = [<$type as bytemuck::Zeroable>::zeroed(); MAX_LANES];
                std::array::from_fn(
                    #[inline(always)]
                    |channel| {
                        for (slot, pixel) in buffer.iter_mut().zip(from) {
                            *slot = pixel[channel];
                        }
                        <$type>::load(l, &buffer[..L::N])
                    },
                )
            }
            #[inline(always)]
            fn gather<L: Lanes>(l: L, from: &[Self], at: L::I, m: L::M) -> Self::Lane<L> {
                Self::load(l, &gather_each(l, from, at, m))
            }
            #[inline(always)]
            fn store<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>) {
                Self::store_part(l, &mut to[..L::N], x);
            }
            #[inline(always)]
            fn store_part<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>) {
                let mut buffer = [<$type as bytemuck::Zeroable>::zeroed(); MAX_LANES];
                for channel in 0..C {
                    <$type>::store(l, &mut buffer[..L::N], x[channel]);
                    for (pixel, value) in to.iter_mut().zip(&buffer) {
                        pixel[channel] = *value;
                    }
                }
            }
            #[inline(always)]
            fn only(x: Self::Lane<Scalar>) -> Self {
                x.map(<$type>::only)
            }
            fn from_f64(x: f64) -> Self {
                [<$type>::from_f64(x); C]
            }
            fn words(self) -> [u32; 4] {
                let mut words = [0; 4];
                for (word, channel) in words.iter_mut().zip(self) {
                    *word = channel.words()[0];
                }
                words
            }
        }
    };
}
pixel!(f32);
pixel!(i32);
pixel!(u32);
pixel!(u8);
pixel!(i8);
pixel!(u16);
pixel!(i16);
pixel!(f16);
