//! SIMD lanes: one small trait, a thin file per instruction set, and the pair adapter.
//!
//! A kernel's body is generic over [`Lanes`] and is instantiated once per level inside a function that carries the
//! level's target features. Everything here is `#[inline(always)]`: an intrinsic that is not inlined is a call, 30 times
//! slower. A token (a value of a `Lanes` type) proves that its instruction set was detected, so its operations are safe.
//!
//! The lanes hold five kinds of values: `F`, 32-bit floats; `I`, 32-bit integers of either sign (operations whose
//! meaning depends on the sign come in two, `_s` and `_u`); `D` and `Q`, the same of 64 bits; `M`, masks. Every operation means
//! the same on every level; only the *relaxed* multiply-adds may round once (where [`Lanes::FMA`]) or twice. Elements that are
//! narrower in memory widen as they are loaded.

mod blocks;
mod caches;
mod frame;
mod half;
mod level;
mod pair;
mod portable;
mod prefetch;
mod runs;
mod scalar;
mod steps;
mod wide;
#[cfg(target_arch = "x86_64")]
mod x86_avx2;
#[cfg(target_arch = "x86_64")]
mod x86_avx512;

pub use blocks::{Blocks, SIDE};
pub(crate) use caches::l1_bytes;
pub use frame::align_frame;
pub use half::f16;
pub use level::Level;
pub use pair::{Pair, Stacked};
pub use portable::Portable;
pub(crate) use prefetch::prefetch;
pub use prefetch::{prefetch_result, prefetch_run};
pub use runs::Runs;
pub(crate) use runs::four_by_four;
pub use scalar::Scalar;
pub(crate) use steps::{MAGIC, gather_each};
#[cfg(test)]
pub(crate) use wide::wide_ops;
#[cfg(target_arch = "x86_64")]
pub use x86_avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub use x86_avx512::Avx512;

/// The most lanes that any level has: the size of a stack buffer that holds one vector of any level.
pub const MAX_LANES: usize = 32;

/// The operations that the levels share, one line each; `lane_ops!` hands the list to a macro.
///
/// From this list come the methods of [`Lanes`] and the pair adapter, so that an operation is named once.
/// `F`, `I` and `M` are the vectors; everything else is a plain type and the same for all lanes.
macro_rules! lane_ops {
    ($with:ident) => {
        $with! {
            // masks
            m_and(a: M, b: M) -> M;
            m_or(a: M, b: M) -> M;
            m_xor(a: M, b: M) -> M;
            m_not(a: M) -> M;
            // floats: IEEE single, round to nearest, subnormals kept
            f_add(a: F, b: F) -> F;
            f_sub(a: F, b: F) -> F;
            f_mul(a: F, b: F) -> F;
            f_div(a: F, b: F) -> F;
            f_rem(a: F, b: F) -> F;
            f_neg(a: F) -> F;
            f_abs(a: F) -> F;
            f_sqrt(a: F) -> F;
            f_floor(a: F) -> F;
            f_ceil(a: F) -> F;
            f_trunc(a: F) -> F;
            f_round(a: F) -> F;      // half away from zero, as in Rust
            f_round_ties_even(a: F) -> F;
            f_min(a: F, b: F) -> F;  // ignores one quiet NaN; -0.0 is less than 0.0
            f_max(a: F, b: F) -> F;
            f_lesser(a: F, b: F) -> F;   // a where a < b, else b: one instruction, for bounds that are not NaN
            f_greater(a: F, b: F) -> F;  // a where a > b, else b
            f_mul_add(a: F, b: F, c: F) -> F;      // relaxed: a * b + c
            f_mul_sub(a: F, b: F, c: F) -> F;      // relaxed: a * b - c
            f_neg_mul_add(a: F, b: F, c: F) -> F;  // relaxed: c - a * b
            f_eq(a: F, b: F) -> M;
            f_ne(a: F, b: F) -> M;
            f_lt(a: F, b: F) -> M;
            f_le(a: F, b: F) -> M;
            f_gt(a: F, b: F) -> M;
            f_ge(a: F, b: F) -> M;
            f_select(m: M, a: F, b: F) -> F;       // a where m, else b
            f_to_bits(a: F) -> I;
            f_from_bits(a: I) -> F;
            f_to_s(a: F) -> I;       // saturates, NaN to 0, as `as i32`
            f_to_u(a: F) -> I;       // saturates, NaN to 0, as `as u32`
            f_to_u8(a: F) -> I;      // saturates, NaN to 0, as `as u8`
            f_from_s(a: I) -> F;     // rounds to nearest
            f_from_u(a: I) -> F;
            f_scale(a: F, n: F) -> F;     // a * 2^n for whole n, subnormal results rounded once, overflow to infinity
            f_mantissa(a: F) -> F;        // m in [0.75, 1.5) of a normal positive a = m * 2^n
            f_exponent(a: F) -> F;        // its whole n
            f_ln_ends(y: F, x: F) -> F;   // y, but ln(x) where x is 0, negative, infinite or NaN
            // integers: 32 bits, wrapping
            i_add(a: I, b: I) -> I;
            i_sub(a: I, b: I) -> I;
            i_mul(a: I, b: I) -> I;
            i_div_s(a: I, b: I) -> I;     // x / 0 = x, MIN / -1 = MIN
            i_div_u(a: I, b: I) -> I;
            i_rem_s(a: I, b: I) -> I;     // x % 0 = 0, MIN % -1 = 0
            i_rem_u(a: I, b: I) -> I;
            i_and(a: I, b: I) -> I;
            i_or(a: I, b: I) -> I;
            i_xor(a: I, b: I) -> I;
            i_not(a: I) -> I;
            i_neg(a: I) -> I;
            i_shl(a: I, n: I) -> I;       // count mod 32
            i_shr_s(a: I, n: I) -> I;
            i_shr_u(a: I, n: I) -> I;
            i_min_s(a: I, b: I) -> I;
            i_min_u(a: I, b: I) -> I;
            i_max_s(a: I, b: I) -> I;
            i_max_u(a: I, b: I) -> I;
            i_abs_s(a: I) -> I;           // MIN stays MIN
            i_mul_hi_s(a: I, b: I) -> I;  // the upper 32 bits of the whole product
            i_mul_hi_u(a: I, b: I) -> I;
            i_rotate_left(a: I, n: I) -> I;   // count mod 32
            i_rotate_right(a: I, n: I) -> I;
            i_count_ones(a: I) -> I;
            i_leading_zeros(a: I) -> I;   // 32 for 0
            i_trailing_zeros(a: I) -> I;  // 32 for 0
            i_swap_bytes(a: I) -> I;
            i_reverse_bits(a: I) -> I;
            i_eq(a: I, b: I) -> M;
            i_ne(a: I, b: I) -> M;
            i_lt_s(a: I, b: I) -> M;
            i_lt_u(a: I, b: I) -> M;
            i_le_s(a: I, b: I) -> M;
            i_le_u(a: I, b: I) -> M;
            i_gt_s(a: I, b: I) -> M;
            i_gt_u(a: I, b: I) -> M;
            i_ge_s(a: I, b: I) -> M;
            i_ge_u(a: I, b: I) -> M;
            i_select(m: M, a: I, b: I) -> I;
            i_from_mask(m: M) -> I;       // 1 where m, else 0
        }
    };
}
pub(crate) use lane_ops;

/// Bodies of listed operations, one line each, in an `impl Lanes`.
macro_rules! ops {
    ($self:ident; $($name:ident($($arg:ident: $kind:ident),*) -> $out:ident = $body:expr;)*) => {$(
        #[inline(always)]
        fn $name($self, $($arg: Self::$kind),*) -> Self::$out {
            $body
        }
    )*};
}
pub(crate) use ops;

/// As `ops!`, for bodies of intrinsics.
#[cfg(target_arch = "x86_64")]
macro_rules! intrinsic_ops {
    ($self:ident; $($name:ident($($arg:ident: $kind:ident),*) -> $out:ident = $body:expr;)*) => {$(
        #[inline(always)]
        fn $name($self, $($arg: Self::$kind),*) -> Self::$out {
            // SAFETY: the token is made by `detect` alone, after every feature of the level was found; the intrinsics
            // work on values and touch no memory.
            unsafe { $body }
        }
    )*};
}
#[cfg(target_arch = "x86_64")]
pub(crate) use intrinsic_ops;

/// How vectors that lie over two rows are loaded and stored: those that pictures and results of such bodies have.
macro_rules! row_moves {
    ($with:ident) => {
        $with! {
            f_load_rows f_load(f32) -> F;
            i_load_rows i_load(i32) -> I;
            i_load_u8_rows i_load_u8(u8) -> I;
            =>
            f_store_rows f_store(f32, F);
            f_stream_rows f_stream(f32, F);
            i_store_rows i_store(i32, I);
            i_stream_rows i_stream(i32, I);
            i_store_u8_rows i_store_u8(u8, I);
        }
    };
}
pub(crate) use row_moves;

macro_rules! declare_rows {
    (
        $($load_rows:ident $load:ident($from:ty) -> $out:ident;)*
        => $($store_rows:ident $store:ident($to:ty, $x:ident);)*
    ) => {
        $(
            #[doc = concat!("As `", stringify!($load), "`, the second half from the row below where there are two.")]
            #[inline(always)]
            fn $load_rows(self, above: &[$from], _below: &[$from]) -> Self::$out {
                self.$load(above)
            }
        )*
        $(
            #[doc = concat!("As `", stringify!($store), "`, the second half to the row below where there are two.")]
            #[inline(always)]
            fn $store_rows(self, above: &mut [$to], _below: &mut [$to], x: Self::$x) {
                self.$store(above, x);
            }
        )*
    };
}

macro_rules! declare_wide {
    ($($name:ident($($arg:ident: $kind:ident),*) -> $out:ident;)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "`, lane by lane: what it means stands in `wide_ops!`.")]
            fn $name(self, $($arg: Self::$kind),*) -> Self::$out;
        )*
    };
}

macro_rules! declare {
    ($($name:ident($($arg:ident: $kind:ident),*) -> $out:ident;)*) => {
        /// One instruction-set level: `N` lanes of 32 bits, the vectors that hold them, and what can be done to them.
        ///
        /// The methods that `lane_ops!` lists are lane by lane; the ones written here move data in and out.
        pub trait Lanes: Copy + Send + Sync + 'static {
            /// The number of lanes; a power of two, at most [`MAX_LANES`].
            const N: usize;
            /// Over how many rows of a grid a vector lies; see [`Pair`].
            const ROWS: usize = 1;
            /// The columns that it takes of each.
            const COLUMNS: usize = Self::N / Self::ROWS;
            /// Whether the relaxed multiply-adds round once.
            const FMA: bool;
            /// Whether odd values cost nothing: `f_scale` and `f_ln_ends` are one instruction, and `f_mantissa` and
            /// `f_exponent` take subnormals too. Elsewhere the maths looks for odd values and branches.
            const ODD_FREE: bool;
            /// The level this belongs to.
            const LEVEL: Level;
            /// 32-bit floats.
            type F: Copy;
            /// 32-bit integers.
            type I: Copy;
            /// Masks.
            type M: Copy;
            /// 64-bit floats.
            type D: Copy;
            /// 64-bit integers.
            type Q: Copy;

            /// The first `n` lanes active; all where `n` is `N` or more.
            fn first(self, n: usize) -> Self::M;
            /// Every lane, or none.
            fn m_splat(self, on: bool) -> Self::M;
            /// Whether any lane is active.
            fn m_any(self, m: Self::M) -> bool;
            /// Lane `i` as bit `i`.
            fn m_bits(self, m: Self::M) -> u32;
            /// Whether lane `i` is active.
            fn m_lane(self, m: Self::M, i: usize) -> bool;
            /// `x` in every lane.
            fn f_splat(self, x: f32) -> Self::F;
            /// `x` in every lane; a `u32` goes in by its bits.
            fn i_splat(self, x: i32) -> Self::I;
            /// 0, 1, 2, … by lane.
            fn i_iota(self) -> Self::I;
            /// The first `N` of `from`, which must be that long.
            fn f_load(self, from: &[f32]) -> Self::F;
            /// As `f_load`, of integers.
            fn i_load(self, from: &[i32]) -> Self::I;
            /// As `i_load`, of bytes, zero-extended.
            fn i_load_u8(self, from: &[u8]) -> Self::I;
            /// As `i_load`, of bytes, sign-extended.
            fn i_load_i8(self, from: &[i8]) -> Self::I;
            /// As `i_load`, of 16-bit integers, zero-extended.
            fn i_load_u16(self, from: &[u16]) -> Self::I;
            /// As `i_load`, of 16-bit integers, sign-extended.
            fn i_load_i16(self, from: &[i16]) -> Self::I;
            /// As `f_load`, of IEEE half floats by their bits; exact.
            #[inline(always)]
            fn f_load_f16(self, from: &[u16]) -> Self::F {
                half::widen(self, self.i_load_u16(from))
            }
            /// All of `from`, which may be shorter than `N`; the other lanes hold 0.
            fn f_load_part(self, from: &[f32]) -> Self::F;
            /// As `f_load_part`, of integers.
            fn i_load_part(self, from: &[i32]) -> Self::I;
            /// Into the first `N` of `to`, which must be that long.
            fn f_store(self, to: &mut [f32], x: Self::F);
            /// As `f_store`, of integers.
            fn i_store(self, to: &mut [i32], x: Self::I);
            /// As `i_store`, the low byte of each lane.
            fn i_store_u8(self, to: &mut [u8], x: Self::I);
            /// As `i_store`, the low 16 bits of each lane.
            fn i_store_u16(self, to: &mut [u16], x: Self::I);
            /// Pixels of three bytes, each as one number: the first byte is its lowest, and the highest is 0.
            #[inline(always)]
            fn i_load_rgb(self, from: &[[u8; 3]]) -> Self::I {
                let mut words = [0; MAX_LANES];
                for (word, &[a, b, c]) in words.iter_mut().zip(&from[..Self::N]) {
                    *word = i32::from_le_bytes([a, b, c, 0]);
                }
                self.i_load(&words[..Self::N])
            }
            /// The same of four bytes.
            #[inline(always)]
            fn i_load_rgba(self, from: &[[u8; 4]]) -> Self::I {
                let mut words = [0; MAX_LANES];
                for (word, &pixel) in words.iter_mut().zip(&from[..Self::N]) {
                    *word = i32::from_le_bytes(pixel);
                }
                self.i_load(&words[..Self::N])
            }
            /// The lowest three bytes of each lane.
            #[inline(always)]
            fn i_store_rgb(self, to: &mut [[u8; 3]], x: Self::I) {
                let mut words = [0; MAX_LANES];
                self.i_store(&mut words[..Self::N], x);
                for (pixel, word) in to[..Self::N].iter_mut().zip(words) {
                    let [a, b, c, _] = word.to_le_bytes();
                    *pixel = [a, b, c];
                }
            }
            /// The four bytes of each lane.
            #[inline(always)]
            fn i_store_rgba(self, to: &mut [[u8; 4]], x: Self::I) {
                let mut words = [0; MAX_LANES];
                self.i_store(&mut words[..Self::N], x);
                for (pixel, word) in to[..Self::N].iter_mut().zip(words) {
                    *pixel = word.to_le_bytes();
                }
            }
            /// As `f_store`, rounded to IEEE half floats: to nearest even, too large to infinity, NaN to NaN.
            #[inline(always)]
            fn f_store_f16(self, to: &mut [u16], x: Self::F) {
                self.i_store_u16(to, half::narrow(self, x));
            }
            /// Into all of `to`, which may be shorter than `N`.
            fn f_store_part(self, to: &mut [f32], x: Self::F);
            /// As `f_store_part`, of integers.
            fn i_store_part(self, to: &mut [i32], x: Self::I);
            /// `from[at]` lane by lane, `at` unsigned; 0 where `m` is not set or `at` lies outside, which is not read.
            fn f_gather(self, from: &[f32], at: Self::I, m: Self::M) -> Self::F;
            /// As `f_gather`, of integers.
            fn i_gather(self, from: &[i32], at: Self::I, m: Self::M) -> Self::I;
            /// `from[at & low]` lane by lane; `low` is a power of two less one.
            ///
            /// # Panics
            /// Where `from` is not longer than `low`.
            #[inline(always)]
            fn f_gather_low(self, from: &[f32], at: Self::I, low: u32) -> Self::F {
                assert!(from.len() > low as usize, "a mask of {low} for {} elements", from.len());
                self.f_gather(from, self.i_and(at, self.i_splat(low as i32)), self.m_splat(true))
            }
            /// As `f_gather_low`, of integers.
            ///
            /// # Panics
            /// Where `from` is not longer than `low`.
            #[inline(always)]
            fn i_gather_low(self, from: &[i32], at: Self::I, low: u32) -> Self::I {
                assert!(from.len() > low as usize, "a mask of {low} for {} elements", from.len());
                self.i_gather(from, self.i_and(at, self.i_splat(low as i32)), self.m_splat(true))
            }
            /// `table[at & 255]` lane by lane.
            #[inline(always)]
            fn i_look_up(self, table: &[u8; 256], at: Self::I) -> Self::I {
                let mut places = [0; MAX_LANES];
                self.i_store(&mut places[..Self::N], at);
                for place in &mut places[..Self::N] {
                    *place = table[usize::from(*place as u8)].into();
                }
                self.i_load(&places[..Self::N])
            }
            /// The even places of both, those of `a` first, and the odd ones.
            #[inline(always)]
            fn i_deinterleave(self, a: Self::I, b: Self::I) -> (Self::I, Self::I) {
                let (mut all, mut even, mut odd) = ([0; 2 * MAX_LANES], [0; MAX_LANES], [0; MAX_LANES]);
                self.i_store(&mut all[..Self::N], a);
                self.i_store(&mut all[Self::N..2 * Self::N], b);
                for ((even, odd), [a, b]) in even.iter_mut().zip(&mut odd).zip(all.as_chunks().0) {
                    (*even, *odd) = (*a, *b);
                }
                (self.i_load(&even[..Self::N]), self.i_load(&odd[..Self::N]))
            }
            /// The same of floats.
            #[inline(always)]
            fn f_deinterleave(self, a: Self::F, b: Self::F) -> (Self::F, Self::F) {
                let (even, odd) = self.i_deinterleave(self.f_to_bits(a), self.f_to_bits(b));
                (self.f_from_bits(even), self.f_from_bits(odd))
            }
            /// `-x` in the lanes whose `word` has that bit, else `x`.
            #[inline(always)]
            fn f_neg_by_bit(self, x: Self::F, word: Self::I, bit: u32) -> Self::F {
                // A shift costs less than a mask of its own.
                let sign = self.i_and(self.i_shl(word, self.i_splat(31 - bit as i32)), self.i_splat(i32::MIN));
                self.f_from_bits(self.i_xor(self.f_to_bits(x), sign))
            }
            /// As `f_store`, past the caches where `to` is aligned to a vector; close with [`Lanes::fence`].
            fn f_stream(self, to: &mut [f32], x: Self::F);
            /// As `f_stream`, of integers.
            fn i_stream(self, to: &mut [i32], x: Self::I);
            /// `x` in every lane.
            fn d_splat(self, x: f64) -> Self::D;
            /// `x` in every lane; a `u64` goes in by its bits.
            fn q_splat(self, x: i64) -> Self::Q;
            /// As `f_load`, of 64-bit floats.
            fn d_load(self, from: &[f64]) -> Self::D;
            /// As `f_load`, of 64-bit integers.
            fn q_load(self, from: &[i64]) -> Self::Q;
            /// As `f_load_part`, of 64-bit floats.
            fn d_load_part(self, from: &[f64]) -> Self::D;
            /// As `f_load_part`, of 64-bit integers.
            fn q_load_part(self, from: &[i64]) -> Self::Q;
            /// As `f_store`, of 64-bit floats.
            fn d_store(self, to: &mut [f64], x: Self::D);
            /// As `f_store`, of 64-bit integers.
            fn q_store(self, to: &mut [i64], x: Self::Q);
            /// As `f_store_part`, of 64-bit floats.
            fn d_store_part(self, to: &mut [f64], x: Self::D);
            /// As `f_store_part`, of 64-bit integers.
            fn q_store_part(self, to: &mut [i64], x: Self::Q);
            /// As `f_gather`, of 64-bit floats.
            fn d_gather(self, from: &[f64], at: Self::I, m: Self::M) -> Self::D;
            /// As `f_gather`, of 64-bit integers.
            fn q_gather(self, from: &[i64], at: Self::I, m: Self::M) -> Self::Q;
            /// As `f_gather_low`, of 64-bit floats.
            ///
            /// # Panics
            /// Where `from` is not longer than `low`.
            #[inline(always)]
            fn d_gather_low(self, from: &[f64], at: Self::I, low: u32) -> Self::D {
                assert!(from.len() > low as usize, "a mask of {low} for {} elements", from.len());
                self.d_gather(from, self.i_and(at, self.i_splat(low as i32)), self.m_splat(true))
            }
            /// As `f_gather_low`, of 64-bit integers.
            ///
            /// # Panics
            /// Where `from` is not longer than `low`.
            #[inline(always)]
            fn q_gather_low(self, from: &[i64], at: Self::I, low: u32) -> Self::Q {
                assert!(from.len() > low as usize, "a mask of {low} for {} elements", from.len());
                self.q_gather(from, self.i_and(at, self.i_splat(low as i32)), self.m_splat(true))
            }
            /// Makes streamed stores visible to other threads.
            fn fence(self);
            /// The sum of all lanes by the fixed tree: lane `i` takes lane `i + N/2`, then `i + N/4`, and so on.
            fn f_sum_lanes(self, a: Self::F) -> f32;
            /// `a * b + c` on one scalar, as the lanes of this level do it.
            fn mul_add(self, a: f32, b: f32, c: f32) -> f32;

            $(
                #[doc = concat!("`", stringify!($name), "`, lane by lane: what it means stands in `lane_ops!`.")]
                fn $name(self, $($arg: Self::$kind),*) -> Self::$out;
            )*
            wide::wide_ops!(declare_wide);
            row_moves!(declare_rows);
        }
    };
}
lane_ops!(declare);
