//! How each element type looks in the lanes.

use bytemuck::Zeroable;

use crate::lanes::{Lanes, MAX_LANES, Runs, Scalar, f16, gather_each};
use crate::memory;

/// An element type that kernels can hold: how it is loaded into lanes and stored from them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot live in a kernel",
    label = "use an integer or a float of 8 to 64 bits, or a pixel `[T; 1..=4]` of them"
)]
pub trait LaneElement: memory::Element {
    /// One value per lane.
    type Lane<L: Lanes>: Copy;
    /// `x` in every lane.
    fn splat<L: Lanes>(l: L, x: Self) -> Self::Lane<L>;
    /// The first `N` of `from`.
    fn load<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L>;
    /// The elements at the even places of the first `2 * N` of `from`, and those at the odd ones.
    #[inline(always)]
    fn load_twos<L: Lanes>(l: L, from: &[Self]) -> (Self::Lane<L>, Self::Lane<L>) {
        two_by_two(l, from)
    }
    /// All of `from`, at most `N`.
    fn load_part<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L>;
    /// `from[at]` lane by lane, `at` unsigned; zero where `m` is not set or `at` lies outside, which is not read.
    fn gather<L: Lanes>(l: L, from: &[Self], at: L::I, m: L::M) -> Self::Lane<L>;
    /// `from[at & low]` in every lane; `low` is a power of two less one, and below the length.
    #[inline(always)]
    fn gather_low<L: Lanes>(l: L, from: &[Self], at: L::I, low: u32) -> Self::Lane<L> {
        masked(l, from, at, low)
    }
    /// Into the first `N` of `to`.
    fn store<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>);
    /// Into all of `to`, at most `N`.
    fn store_part<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>);
    /// As `store`, past the caches where the level and the place allow it.
    #[inline(always)]
    fn stream<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>) {
        Self::store(l, to, x);
    }
    /// As `load`, where vectors may lie over two rows: the second half is from the one below. Not of all types, see
    /// `stacks` in the compiler.
    #[inline(always)]
    fn load_rows<L: Lanes>(l: L, above: &[Self], below: &[Self]) -> Self::Lane<L> {
        let _ = below;
        assert!(L::ROWS == 1, "vectors of {:?} do not lie over rows", Self::TYPE);
        Self::load(l, above)
    }
    /// The same for `store`, or with `past` for `stream`.
    #[inline(always)]
    fn store_rows<L: Lanes>(l: L, above: &mut [Self], below: &mut [Self], x: Self::Lane<L>, past: bool) {
        let _ = (below, past);
        assert!(L::ROWS == 1, "vectors of {:?} do not lie over rows", Self::TYPE);
        Self::store(l, above, x);
    }
    /// The value of the one lane.
    fn only(x: Self::Lane<Scalar>) -> Self;
    /// The nearest to a number, in every channel.
    fn from_f64(x: f64) -> Self;
    /// Its bits, as wide as the lanes hold it, as up to four words for a GPU's uniform block.
    fn words(self) -> [u32; 4];
}

/// A number whose vectors can move to later places: what scans take sixteen at a time.
pub trait InRuns: LaneElement {
    /// Lane `i` is `run[i - D]`, and what that lacks are the last `D` lanes of `before`.
    fn later<L: Runs, const D: usize>(l: L, before: Self::Lane<L>, run: Self::Lane<L>) -> Self::Lane<L>;
    /// The last lane in every lane.
    fn last<L: Runs>(l: L, run: Self::Lane<L>) -> Self::Lane<L>;
    /// The even and the odd places of both, quarter by quarter.
    fn places<L: Runs>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> (Self::Lane<L>, Self::Lane<L>);
    /// The even and the odd quarters of both.
    fn quarters<L: Runs>(l: L, a: Self::Lane<L>, b: Self::Lane<L>) -> (Self::Lane<L>, Self::Lane<L>);
}

macro_rules! in_runs {
    ($($type:ty: $vector:ident $later:ident $last:ident $places:ident $quarters:ident;)*) => {$(
        impl InRuns for $type {
            #[inline(always)]
            fn later<L: Runs, const D: usize>(l: L, before: L::$vector, run: L::$vector) -> L::$vector {
                l.$later::<D>(before, run)
            }
            #[inline(always)]
            fn last<L: Runs>(l: L, run: L::$vector) -> L::$vector {
                l.$last(run)
            }
            #[inline(always)]
            fn places<L: Runs>(l: L, a: L::$vector, b: L::$vector) -> (L::$vector, L::$vector) {
                l.$places(a, b)
            }
            #[inline(always)]
            fn quarters<L: Runs>(l: L, a: L::$vector, b: L::$vector) -> (L::$vector, L::$vector) {
                l.$quarters(a, b)
            }
        }
    )*};
}
in_runs! {
    f32: F f_later f_last f_places f_quarters;
    i32: I i_later i_last i_places i_quarters;
    u32: I i_later i_last i_places i_quarters;
}

/// A type that the lanes hold as it lies in memory.
macro_rules! whole {
    ($type:ty, $vector:ident, $splat:ident, $load:ident, $load_part:ident, $gather:ident/$low:ident,
        $store:ident, $store_part:ident, $stream:ident, |$x:ident| $words:expr
        $(, $twos:ident, $load_rows:ident, $store_rows:ident/$stream_rows:ident)?) => {
        impl LaneElement for $type {
            type Lane<L: Lanes> = L::$vector;
            #[inline(always)]
            fn splat<L: Lanes>(l: L, x: $type) -> L::$vector {
                l.$splat(x as _)
            }
            #[inline(always)]
            fn load<L: Lanes>(l: L, from: &[$type]) -> L::$vector {
                l.$load(bytemuck::must_cast_slice(from))
            }
            #[inline(always)]
            fn load_part<L: Lanes>(l: L, from: &[$type]) -> L::$vector {
                l.$load_part(bytemuck::must_cast_slice(from))
            }
            $(
                #[inline(always)]
                fn load_twos<L: Lanes>(l: L, from: &[$type]) -> (L::$vector, L::$vector) {
                    let (low, high) = from[..2 * L::N].split_at(L::N);
                    l.$twos(Self::load(l, low), Self::load(l, high))
                }
                #[inline(always)]
                fn load_rows<L: Lanes>(l: L, above: &[$type], below: &[$type]) -> L::$vector {
                    l.$load_rows(bytemuck::must_cast_slice(above), bytemuck::must_cast_slice(below))
                }
                #[inline(always)]
                fn store_rows<L: Lanes>(l: L, above: &mut [$type], below: &mut [$type], x: L::$vector, past: bool) {
                    let (above, below) = (bytemuck::must_cast_slice_mut(above), bytemuck::must_cast_slice_mut(below));
                    if past { l.$stream_rows(above, below, x) } else { l.$store_rows(above, below, x) }
                }
            )?
            #[inline(always)]
            fn gather<L: Lanes>(l: L, from: &[$type], at: L::I, m: L::M) -> L::$vector {
                l.$gather(bytemuck::must_cast_slice(from), at, m)
            }
            #[inline(always)]
            fn gather_low<L: Lanes>(l: L, from: &[$type], at: L::I, low: u32) -> L::$vector {
                l.$low(bytemuck::must_cast_slice(from), at, low)
            }
            #[inline(always)]
            fn store<L: Lanes>(l: L, to: &mut [$type], x: L::$vector) {
                l.$store(bytemuck::must_cast_slice_mut(to), x);
            }
            #[inline(always)]
            fn store_part<L: Lanes>(l: L, to: &mut [$type], x: L::$vector) {
                l.$store_part(bytemuck::must_cast_slice_mut(to), x);
            }
            #[inline(always)]
            fn stream<L: Lanes>(l: L, to: &mut [$type], x: L::$vector) {
                l.$stream(bytemuck::must_cast_slice_mut(to), x);
            }
            #[inline(always)]
            fn only(x: Self::Lane<Scalar>) -> $type {
                x as $type
            }
            fn from_f64(x: f64) -> $type {
                x as $type
            }
            fn words(self) -> [u32; 4] {
                let $x = self;
                $words
            }
        }
    };
    // Of 64 bits: nothing streams them.
    (wide $type:ty, $vector:ident, $splat:ident, $load:ident, $load_part:ident, $gather:ident/$low:ident,
        $store:ident, $store_part:ident, |$x:ident| $bits:expr) => {
        whole!(
            $type,
            $vector,
            $splat,
            $load,
            $load_part,
            $gather / $low,
            $store,
            $store_part,
            $store,
            |$x| {
                let bits: u64 = $bits;
                [bits as u32, (bits >> 32) as u32, 0, 0]
            }
        );
    };
}
macro_rules! integer {
    ($($type:ty),*) => {$(
        whole!($type, I, i_splat, i_load, i_load_part, i_gather/i_gather_low, i_store, i_store_part, i_stream, |x| [x as u32, 0, 0, 0],
            i_deinterleave, i_load_rows, i_store_rows / i_stream_rows);
    )*};
    (wide $($type:ty),*) => {$(
        whole!(wide $type, Q, q_splat, q_load, q_load_part, q_gather/q_gather_low, q_store, q_store_part, |x| x as u64);
    )*};
}
whole!(
    f32,
    F,
    f_splat,
    f_load,
    f_load_part,
    f_gather / f_gather_low,
    f_store,
    f_store_part,
    f_stream,
    |x| [x.to_bits(), 0, 0, 0],
    f_deinterleave,
    f_load_rows,
    f_store_rows / f_stream_rows
);
whole!(wide f64, D, d_splat, d_load, d_load_part, d_gather/d_gather_low, d_store, d_store_part, |x| x.to_bits());
integer!(i32, u32);
integer!(wide i64, u64);

/// [`LaneElement::load_twos`], element by element.
#[inline(always)]
fn two_by_two<L: Lanes, T: LaneElement>(l: L, from: &[T]) -> (T::Lane<L>, T::Lane<L>) {
    let none = <T as Zeroable>::zeroed();
    let (mut even, mut odd) = ([none; MAX_LANES], [none; MAX_LANES]);
    for ((even, odd), [a, b]) in even.iter_mut().zip(&mut odd).zip(from[..2 * L::N].as_chunks().0) {
        (*even, *odd) = (*a, *b);
    }
    (T::load(l, &even[..L::N]), T::load(l, &odd[..L::N]))
}

/// `from[at & low]`, element by element.
#[inline(always)]
fn masked<L: Lanes, T: LaneElement>(l: L, from: &[T], at: L::I, low: u32) -> T::Lane<L> {
    T::gather(l, from, l.i_and(at, l.i_splat(low as i32)), l.m_splat(true))
}

/// The same of bytes: all that a byte may index is a table that some levels hold in registers.
#[inline(always)]
fn byte_of<L: Lanes>(l: L, from: &[u8], at: L::I, low: u32) -> L::I {
    match from.first_chunk() {
        Some(table) if low == 255 => l.i_look_up(table, at),
        _ => masked(l, from, at, low),
    }
}

/// A type that is narrower in memory than in the lanes: parts and gathers go through a buffer.
macro_rules! narrow {
    ($type:ty, $vector:ident, $splat:ident($widen:expr), $load:ident, $low:ident, $twos:ident, $store:ident, $only:expr, $nearest:expr,
        $word:expr $(, $load_rows:ident, $store_rows:ident)?) => {
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
            $(
                #[inline(always)]
                fn load_rows<L: Lanes>(l: L, above: &[$type], below: &[$type]) -> L::$vector {
                    l.$load_rows(above, below)
                }
                #[inline(always)]
                fn store_rows<L: Lanes>(l: L, above: &mut [$type], below: &mut [$type], x: L::$vector, _past: bool) {
                    l.$store_rows(above, below, x);
                }
            )?
            #[inline(always)]
            fn gather_low<L: Lanes>(l: L, from: &[$type], at: L::I, low: u32) -> L::$vector {
                $low(l, from, at, low)
            }
            #[inline(always)]
            fn load_twos<L: Lanes>(l: L, from: &[$type]) -> (L::$vector, L::$vector) {
                let (low, high) = from[..2 * L::N].split_at(L::N);
                l.$twos(Self::load(l, low), Self::load(l, high))
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
                $nearest(x)
            }
            fn words(self) -> [u32; 4] {
                [$word(self), 0, 0, 0]
            }
        }
    };
}
narrow!(
    u8,
    I,
    i_splat(i32::from),
    i_load_u8,
    byte_of,
    i_deinterleave,
    i_store_u8,
    |x| x as u8,
    |x| x as u8,
    u32::from,
    i_load_u8_rows,
    i_store_u8_rows
);
narrow!(
    i8,
    I,
    i_splat(i32::from),
    i_load_i8,
    masked,
    i_deinterleave,
    i_store_u8,
    |x| x as i8,
    |x| x as i8,
    |x| x as u32
);
narrow!(
    u16,
    I,
    i_splat(i32::from),
    i_load_u16,
    masked,
    i_deinterleave,
    i_store_u16,
    |x| x as u16,
    |x| x as u16,
    u32::from
);
narrow!(
    i16,
    I,
    i_splat(i32::from),
    i_load_i16,
    masked,
    i_deinterleave,
    i_store_u16,
    |x| x as i16,
    |x| x as i16,
    |x| x as u32
);
narrow!(
    f16,
    F,
    f_splat(f16::to_f32),
    f_load_f16,
    masked,
    f_deinterleave,
    f_store_f16,
    f16::from_f32,
    f16::from_f64,
    |x: f16| { x.to_f32().to_bits() }
);

/// Zeros in every lane of every channel.
#[inline(always)]
fn none<L: Lanes, T: LaneElement, const C: usize>(l: L) -> [T::Lane<L>; C] {
    [T::splat(l, T::zeroed()); C]
}

/// Pixels of three or four bytes as numbers, with one load each; `None` for others.
#[inline(always)]
fn load_words<L: Lanes, const C: usize>(l: L, from: &[[u8; C]]) -> Option<L::I> {
    let bytes = from.as_flattened();
    match C {
        3 => Some(l.i_load_rgb(bytes.as_chunks().0)),
        4 => Some(l.i_load_rgba(bytes.as_chunks().0)),
        _ => None,
    }
}

/// Their channels.
#[inline(always)]
fn channels<L: Lanes, const C: usize>(l: L, words: L::I) -> [L::I; C] {
    let mut channels = [words; C];
    for (channel, word) in channels.iter_mut().enumerate() {
        if channel > 0 {
            *word = l.i_shr_u(*word, l.i_splat(8 * channel as i32));
        }
        if channel < 3 {
            *word = l.i_and(*word, l.i_splat(0xff));
        }
    }
    channels
}

#[inline(always)]
fn load_bytes<L: Lanes, const C: usize>(l: L, from: &[[u8; C]]) -> Option<[L::I; C]> {
    let words = load_words(l, from)?;
    Some(channels(l, words))
}

/// Those at even and at odd places of `2 * N`.
#[inline(always)]
fn load_two_bytes<L: Lanes, const C: usize>(l: L, from: &[[u8; C]]) -> Option<Twos<[L::I; C]>> {
    let (low, high) = from[..2 * L::N].split_at(L::N);
    let (low, high) = (load_words(l, low)?, load_words(l, high)?);
    let (even, odd) = l.i_deinterleave(low, high);
    Some((channels(l, even), channels(l, odd)))
}

/// What stands at even places, and at odd ones.
type Twos<V> = (V, V);

/// The way back; false where pixels have neither three nor four bytes.
#[inline(always)]
fn store_bytes<L: Lanes, const C: usize>(l: L, to: &mut [[u8; C]], x: [L::I; C]) -> bool {
    if C != 3 && C != 4 {
        return false;
    }
    let mut words = l.i_splat(0);
    for (channel, value) in x.into_iter().enumerate() {
        let byte = l.i_and(value, l.i_splat(0xff));
        words = l.i_or(words, l.i_shl(byte, l.i_splat(8 * channel as i32)));
    }
    let bytes = to.as_flattened_mut();
    if C == 3 {
        l.i_store_rgb(bytes.as_chunks_mut().0, words);
    } else {
        l.i_store_rgba(bytes.as_chunks_mut().0, words);
    }
    true
}

/// A pixel: `C` channels side by side in memory, one vector for each in the lanes. `$quick_load` and its like are ways to
/// move some of them at once, if there is one.
///
/// Arrays are filled by loops: `from_fn` and `map` are functions without a level's features, and where the compiler leaves one
/// of them as a call, so is each intrinsic in it (gray took 22 times as long).
macro_rules! pixel {
    ($type:ty, $quick_load:expr, $quick_twos:expr, $quick_store:expr) => {
        impl<const C: usize> LaneElement for [$type; C] {
            type Lane<L: Lanes> = [<$type as LaneElement>::Lane<L>; C];
            #[inline(always)]
            fn splat<L: Lanes>(l: L, x: Self) -> Self::Lane<L> {
                let mut lanes = none::<L, $type, C>(l);
                for (lane, channel) in lanes.iter_mut().zip(x) {
                    *lane = <$type>::splat(l, channel);
                }
                lanes
            }
            #[inline(always)]
            fn load<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L> {
                let from = &from[..L::N];
                if let Some(lanes) = $quick_load(l, from) {
                    return lanes;
                }
                let mut buffer = [<$type as bytemuck::Zeroable>::zeroed(); MAX_LANES];
                let mut lanes = none::<L, $type, C>(l);
                for (channel, lane) in lanes.iter_mut().enumerate() {
                    for (slot, pixel) in buffer[..L::N].iter_mut().zip(from) {
                        *slot = pixel[channel];
                    }
                    *lane = <$type>::load(l, &buffer[..L::N]);
                }
                lanes
            }
            #[inline(always)]
            fn load_twos<L: Lanes>(l: L, from: &[Self]) -> (Self::Lane<L>, Self::Lane<L>) {
                if let Some(twos) = $quick_twos(l, from) {
                    return twos;
                }
                two_by_two(l, from)
            }
            #[inline(always)]
            fn load_part<L: Lanes>(l: L, from: &[Self]) -> Self::Lane<L> {
                let mut buffer = [<$type as bytemuck::Zeroable>::zeroed(); MAX_LANES];
                let mut lanes = none::<L, $type, C>(l);
                for (channel, lane) in lanes.iter_mut().enumerate() {
                    for (slot, pixel) in buffer.iter_mut().zip(from) {
                        *slot = pixel[channel];
                    }
                    *lane = <$type>::load(l, &buffer[..L::N]);
                }
                lanes
            }
            #[inline(always)]
            fn gather<L: Lanes>(l: L, from: &[Self], at: L::I, m: L::M) -> Self::Lane<L> {
                Self::load(l, &gather_each(l, from, at, m))
            }
            #[inline(always)]
            fn store<L: Lanes>(l: L, to: &mut [Self], x: Self::Lane<L>) {
                let to = &mut to[..L::N];
                if !$quick_store(l, &mut *to, x) {
                    Self::store_part(l, to, x);
                }
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
                // More than two channels of 64 bits have no room, and no GPU takes them.
                let each = size_of::<$type>().div_ceil(4);
                for (words, channel) in words.chunks_exact_mut(each).zip(self) {
                    words.copy_from_slice(&channel.words()[..each]);
                }
                words
            }
        }
    };
}
macro_rules! pixels {
    ($($type:ty),*) => {$(
        pixel!($type, |_, _| None, |_, _| None, |_, _, _| false);
    )*};
}
pixel!(u8, load_bytes, load_two_bytes, store_bytes);
pixels!(f32, i32, u32, i8, u16, i16, f16, f64, i64, u64);
