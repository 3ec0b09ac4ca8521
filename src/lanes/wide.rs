//! 64-bit lanes: `D`, floats, and `Q`, integers of either sign, as many of them as there are 32-bit lanes.
//!
//! The list of their operations stands here, and what they mean in `scalar.rs`. The wider levels do the same lane by lane
//! in short loops, which the compiler makes vectors of where the instruction set has the operation: [`wide_lanes`].

use super::Lanes;

/// The operations on 64 bits, as `lane_ops!` lists those on 32.
macro_rules! wide_ops {
    ($with:ident) => {
        $with! {
            // floats: IEEE double, round to nearest, subnormals kept
            d_add(a: D, b: D) -> D;
            d_sub(a: D, b: D) -> D;
            d_mul(a: D, b: D) -> D;
            d_div(a: D, b: D) -> D;
            d_rem(a: D, b: D) -> D;
            d_neg(a: D) -> D;
            d_abs(a: D) -> D;
            d_sqrt(a: D) -> D;
            d_floor(a: D) -> D;
            d_ceil(a: D) -> D;
            d_trunc(a: D) -> D;
            d_round(a: D) -> D;      // half away from zero, as in Rust
            d_round_ties_even(a: D) -> D;
            d_min(a: D, b: D) -> D;  // ignores one NaN; -0.0 is less than 0.0
            d_max(a: D, b: D) -> D;
            d_mul_add(a: D, b: D, c: D) -> D;      // a * b + c, rounded twice on every level
            d_mul_sub(a: D, b: D, c: D) -> D;      // a * b - c
            d_neg_mul_add(a: D, b: D, c: D) -> D;  // c - a * b
            d_eq(a: D, b: D) -> M;
            d_ne(a: D, b: D) -> M;
            d_lt(a: D, b: D) -> M;
            d_le(a: D, b: D) -> M;
            d_gt(a: D, b: D) -> M;
            d_ge(a: D, b: D) -> M;
            d_select(m: M, a: D, b: D) -> D;       // a where m, else b
            d_to_bits(a: D) -> Q;
            d_from_bits(a: Q) -> D;
            d_from_f(a: F) -> D;
            f_from_d(a: D) -> F;     // rounds to nearest, as all conversions to floats
            d_from_s(a: I) -> D;
            d_from_u(a: I) -> D;
            d_to_s(a: D) -> I;       // saturates, NaN to 0, as all conversions to integers
            d_to_u(a: D) -> I;
            d_from_q_s(a: Q) -> D;
            d_from_q_u(a: Q) -> D;
            d_to_q_s(a: D) -> Q;
            d_to_q_u(a: D) -> Q;
            f_from_q_s(a: Q) -> F;   // rounds once
            f_from_q_u(a: Q) -> F;
            // integers: 64 bits, wrapping
            q_add(a: Q, b: Q) -> Q;
            q_sub(a: Q, b: Q) -> Q;
            q_mul(a: Q, b: Q) -> Q;
            q_div_s(a: Q, b: Q) -> Q;     // x / 0 = x, MIN / -1 = MIN
            q_div_u(a: Q, b: Q) -> Q;
            q_rem_s(a: Q, b: Q) -> Q;     // x % 0 = 0, MIN % -1 = 0
            q_rem_u(a: Q, b: Q) -> Q;
            q_and(a: Q, b: Q) -> Q;
            q_or(a: Q, b: Q) -> Q;
            q_xor(a: Q, b: Q) -> Q;
            q_not(a: Q) -> Q;
            q_neg(a: Q) -> Q;
            q_shl(a: Q, n: Q) -> Q;       // count mod 64
            q_shr_s(a: Q, n: Q) -> Q;
            q_shr_u(a: Q, n: Q) -> Q;
            q_min_s(a: Q, b: Q) -> Q;
            q_min_u(a: Q, b: Q) -> Q;
            q_max_s(a: Q, b: Q) -> Q;
            q_max_u(a: Q, b: Q) -> Q;
            q_abs_s(a: Q) -> Q;           // MIN stays MIN
            q_mul_hi_s(a: Q, b: Q) -> Q;  // the upper 64 bits of the whole product
            q_mul_hi_u(a: Q, b: Q) -> Q;
            q_rotate_left(a: Q, n: I) -> Q;   // count mod 64
            q_rotate_right(a: Q, n: I) -> Q;
            q_count_ones(a: Q) -> Q;
            q_leading_zeros(a: Q) -> Q;   // 64 for 0
            q_trailing_zeros(a: Q) -> Q;  // 64 for 0
            q_swap_bytes(a: Q) -> Q;
            q_reverse_bits(a: Q) -> Q;
            q_eq(a: Q, b: Q) -> M;
            q_ne(a: Q, b: Q) -> M;
            q_lt_s(a: Q, b: Q) -> M;
            q_lt_u(a: Q, b: Q) -> M;
            q_le_s(a: Q, b: Q) -> M;
            q_le_u(a: Q, b: Q) -> M;
            q_gt_s(a: Q, b: Q) -> M;
            q_gt_u(a: Q, b: Q) -> M;
            q_ge_s(a: Q, b: Q) -> M;
            q_ge_u(a: Q, b: Q) -> M;
            q_select(m: M, a: Q, b: Q) -> Q;
            q_from_s(a: I) -> Q;     // sign-extended
            q_from_u(a: I) -> Q;     // zero-extended
            q_to_i(a: Q) -> I;       // the low 32 bits
        }
    };
}
pub(crate) use wide_ops;

/// A vector of `N` 64-bit values.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Wide<T, const N: usize>(pub(super) [T; N]);

impl<T: Copy + Default, const N: usize> Wide<T, N> {
    #[inline(always)]
    pub(super) fn load(from: &[T]) -> Self {
        Wide(*from[..N].as_array().expect("a slice cut to N lanes"))
    }

    #[inline(always)]
    pub(super) fn load_part(from: &[T]) -> Self {
        let mut lanes = [T::default(); N];
        let n = from.len().min(N);
        lanes[..n].copy_from_slice(&from[..n]);
        Wide(lanes)
    }

    #[inline(always)]
    pub(super) fn store(self, to: &mut [T]) {
        to[..N].copy_from_slice(&self.0);
    }

    #[inline(always)]
    pub(super) fn store_part(self, to: &mut [T]) {
        let n = to.len().min(N);
        to[..n].copy_from_slice(&self.0[..n]);
    }
}

/// A kind of vector as an array, lane by lane.
pub(super) trait Unpacked<L: Lanes, const N: usize> {
    /// What the scalar level holds of it.
    type One: Copy + Default;
    type Vector;
    fn unpack(l: L, x: Self::Vector) -> [Self::One; N];
    fn pack(l: L, x: [Self::One; N]) -> Self::Vector;
}

pub(super) struct F;
pub(super) struct I;
pub(super) struct M;
pub(super) struct D;
pub(super) struct Q;

impl<L: Lanes, const N: usize> Unpacked<L, N> for F {
    type One = f32;
    type Vector = L::F;
    #[inline(always)]
    fn unpack(l: L, x: L::F) -> [f32; N] {
        let mut lanes = [0.0; N];
        l.f_store(&mut lanes, x);
        lanes
    }
    #[inline(always)]
    fn pack(l: L, x: [f32; N]) -> L::F {
        l.f_load(&x)
    }
}

impl<L: Lanes, const N: usize> Unpacked<L, N> for I {
    type One = i32;
    type Vector = L::I;
    #[inline(always)]
    fn unpack(l: L, x: L::I) -> [i32; N] {
        let mut lanes = [0; N];
        l.i_store(&mut lanes, x);
        lanes
    }
    #[inline(always)]
    fn pack(l: L, x: [i32; N]) -> L::I {
        l.i_load(&x)
    }
}

impl<L: Lanes, const N: usize> Unpacked<L, N> for M {
    type One = bool;
    type Vector = L::M;
    #[inline(always)]
    fn unpack(l: L, x: L::M) -> [bool; N] {
        let lanes: [i32; N] = I::unpack(l, l.i_from_mask(x));
        lanes.map(|lane| lane != 0)
    }
    #[inline(always)]
    fn pack(l: L, x: [bool; N]) -> L::M {
        l.i_ne(I::pack(l, x.map(i32::from)), l.i_splat(0))
    }
}

macro_rules! unpacked_wide {
    ($($kind:ident of $one:ty;)*) => {$(
        impl<L: Lanes<$kind = Wide<$one, N>>, const N: usize> Unpacked<L, N> for $kind {
            type One = $one;
            type Vector = Wide<$one, N>;
            #[inline(always)]
            fn unpack(_: L, x: Wide<$one, N>) -> [$one; N] {
                x.0
            }
            #[inline(always)]
            fn pack(_: L, x: [$one; N]) -> Wide<$one, N> {
                Wide(x)
            }
        }
    )*};
}
unpacked_wide! { D of f64; Q of i64; }

/// The `$n` 64-bit lanes of a level, in its `impl Lanes`: every operation as the scalar level does it.
macro_rules! wide_lanes {
    ($n:literal) => {
        type D = $crate::lanes::wide::Wide<f64, $n>;
        type Q = $crate::lanes::wide::Wide<i64, $n>;

        $crate::lanes::wide::wide_moves! { $n;
            D of f64: d_splat, d_load, d_load_part, d_store, d_store_part, d_gather;
            Q of i64: q_splat, q_load, q_load_part, q_store, q_store_part, q_gather;
        }
        $crate::lanes::wide::wide_ops!(each_lane);
    };
}
pub(super) use wide_lanes;

macro_rules! wide_moves {
    ($n:literal; $($kind:ident of $one:ty:
        $splat:ident, $load:ident, $load_part:ident, $store:ident, $store_part:ident, $gather:ident;)*) => {$(
        #[inline(always)]
        fn $splat(self, x: $one) -> Self::$kind {
            $crate::lanes::wide::Wide([x; $n])
        }
        #[inline(always)]
        fn $load(self, from: &[$one]) -> Self::$kind {
            $crate::lanes::wide::Wide::load(from)
        }
        #[inline(always)]
        fn $load_part(self, from: &[$one]) -> Self::$kind {
            $crate::lanes::wide::Wide::load_part(from)
        }
        #[inline(always)]
        fn $store(self, to: &mut [$one], x: Self::$kind) {
            x.store(to);
        }
        #[inline(always)]
        fn $store_part(self, to: &mut [$one], x: Self::$kind) {
            x.store_part(to);
        }
        #[inline(always)]
        fn $gather(self, from: &[$one], at: Self::I, m: Self::M) -> Self::$kind {
            $crate::lanes::wide::Wide::load(&$crate::lanes::gather_each(self, from, at, m))
        }
    )*};
}
pub(super) use wide_moves;

macro_rules! each_lane {
    ($($name:ident($($arg:ident: $kind:ident),*) -> $out:ident;)*) => {$(
        #[inline(always)]
        fn $name(self, $($arg: Self::$kind),*) -> Self::$out {
            use $crate::lanes::wide::{self, Unpacked};
            $(let $arg: [_; Self::N] = <wide::$kind as Unpacked<Self, _>>::unpack(self, $arg);)*
            let lanes: [_; Self::N] = wide::lanes(
                #[inline(always)]
                |i| $crate::lanes::Scalar.$name($($arg[i]),*),
            );
            <wide::$out as Unpacked<Self, _>>::pack(self, lanes)
        }
    )*};
}
pub(super) use each_lane;

/// `of(i)` in place `i`: a loop, which becomes vectors more often than `from_fn` does.
#[inline(always)]
pub(super) fn lanes<T: Copy + Default, const N: usize>(of: impl Fn(usize) -> T) -> [T; N] {
    let mut lanes = [T::default(); N];
    for (i, lane) in lanes.iter_mut().enumerate() {
        *lane = of(i);
    }
    lanes
}
