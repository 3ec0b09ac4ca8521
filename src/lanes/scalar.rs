//! One lane of plain Rust: the meaning of every operation, and the oracle that the other levels are tested against.

use super::{Lanes, Level, ops, steps};

/// One lane, on any machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scalar;

macro_rules! pick {
    ($name:ident, $float:ty, $bits:ty) => {
        /// `a` or `b`, whichever wins; where they are equal the sign that `zero` makes of both, where one is NaN the other.
        #[inline(always)]
        fn $name(a: $float, b: $float, a_wins: bool, zero: fn($bits, $bits) -> $bits) -> $float {
            if a == b {
                <$float>::from_bits(zero(a.to_bits(), b.to_bits()))
            } else if a_wins || b.is_nan() {
                a
            } else {
                b
            }
        }
    };
}
pick!(pick, f32, u32);
pick!(pick_d, f64, u64);

macro_rules! moves {
    ($($one:ty:
        $splat:ident, $load:ident, $load_part:ident, $store:ident, $store_part:ident, $gather:ident;)*) => {$(
        #[inline(always)]
        fn $splat(self, x: $one) -> $one {
            x
        }
        #[inline(always)]
        fn $load(self, from: &[$one]) -> $one {
            from[0]
        }
        #[inline(always)]
        fn $load_part(self, from: &[$one]) -> $one {
            from.first().copied().unwrap_or_default()
        }
        #[inline(always)]
        fn $store(self, to: &mut [$one], x: $one) {
            to[0] = x;
        }
        #[inline(always)]
        fn $store_part(self, to: &mut [$one], x: $one) {
            if let Some(to) = to.first_mut() {
                *to = x;
            }
        }
        #[inline(always)]
        fn $gather(self, from: &[$one], at: i32, m: bool) -> $one {
            if m { from.get(at as u32 as usize).copied().unwrap_or_default() } else { Default::default() }
        }
    )*};
}

impl Lanes for Scalar {
    const N: usize = 1;
    const FMA: bool = false;
    const ODD_FREE: bool = false;
    const LEVEL: Level = Level::Scalar;
    type F = f32;
    type I = i32;
    type M = bool;
    type D = f64;
    type Q = i64;

    #[inline(always)]
    fn first(self, n: usize) -> bool {
        n > 0
    }
    #[inline(always)]
    fn m_splat(self, on: bool) -> bool {
        on
    }
    #[inline(always)]
    fn m_any(self, m: bool) -> bool {
        m
    }
    #[inline(always)]
    fn m_bits(self, m: bool) -> u32 {
        m.into()
    }
    #[inline(always)]
    fn m_lane(self, m: bool, i: usize) -> bool {
        debug_assert!(i < Self::N);
        m
    }
    #[inline(always)]
    fn i_iota(self) -> i32 {
        0
    }
    #[inline(always)]
    fn i_load_u8(self, from: &[u8]) -> i32 {
        i32::from(from[0])
    }
    #[inline(always)]
    fn i_load_i8(self, from: &[i8]) -> i32 {
        i32::from(from[0])
    }
    #[inline(always)]
    fn i_load_u16(self, from: &[u16]) -> i32 {
        i32::from(from[0])
    }
    #[inline(always)]
    fn i_load_i16(self, from: &[i16]) -> i32 {
        i32::from(from[0])
    }
    #[inline(always)]
    fn i_store_u8(self, to: &mut [u8], x: i32) {
        to[0] = x as u8;
    }
    #[inline(always)]
    fn i_store_u16(self, to: &mut [u16], x: i32) {
        to[0] = x as u16;
    }
    #[inline(always)]
    fn f_stream(self, to: &mut [f32], x: f32) {
        to[0] = x;
    }
    #[inline(always)]
    fn i_stream(self, to: &mut [i32], x: i32) {
        to[0] = x;
    }
    #[inline(always)]
    fn fence(self) {}
    moves! {
        f32: f_splat, f_load, f_load_part, f_store, f_store_part, f_gather;
        i32: i_splat, i_load, i_load_part, i_store, i_store_part, i_gather;
        f64: d_splat, d_load, d_load_part, d_store, d_store_part, d_gather;
        i64: q_splat, q_load, q_load_part, q_store, q_store_part, q_gather;
    }
    #[inline(always)]
    fn f_sum_lanes(self, a: f32) -> f32 {
        a
    }
    #[inline(always)]
    fn mul_add(self, a: f32, b: f32, c: f32) -> f32 {
        a * b + c
    }

    ops! { self;
        m_and(a: M, b: M) -> M = a & b;
        m_or(a: M, b: M) -> M = a | b;
        m_xor(a: M, b: M) -> M = a ^ b;
        m_not(a: M) -> M = !a;
        f_add(a: F, b: F) -> F = a + b;
        f_sub(a: F, b: F) -> F = a - b;
        f_mul(a: F, b: F) -> F = a * b;
        f_div(a: F, b: F) -> F = a / b;
        f_rem(a: F, b: F) -> F = a % b;
        f_neg(a: F) -> F = -a;
        f_abs(a: F) -> F = a.abs();
        f_sqrt(a: F) -> F = a.sqrt();
        f_floor(a: F) -> F = a.floor();
        f_ceil(a: F) -> F = a.ceil();
        f_trunc(a: F) -> F = a.trunc();
        f_round(a: F) -> F = a.round();
        f_round_ties_even(a: F) -> F = a.round_ties_even();
        f_min(a: F, b: F) -> F = pick(a, b, a < b, |a, b| a | b);
        f_max(a: F, b: F) -> F = pick(a, b, a > b, |a, b| a & b);
        f_lesser(a: F, b: F) -> F = if a < b { a } else { b };
        f_greater(a: F, b: F) -> F = if a > b { a } else { b };
        f_mul_add(a: F, b: F, c: F) -> F = a * b + c;
        f_mul_sub(a: F, b: F, c: F) -> F = a * b - c;
        f_neg_mul_add(a: F, b: F, c: F) -> F = c - a * b;
        f_eq(a: F, b: F) -> M = a == b;
        f_ne(a: F, b: F) -> M = a != b;
        f_lt(a: F, b: F) -> M = a < b;
        f_le(a: F, b: F) -> M = a <= b;
        f_gt(a: F, b: F) -> M = a > b;
        f_ge(a: F, b: F) -> M = a >= b;
        f_select(m: M, a: F, b: F) -> F = if m { a } else { b };
        f_to_bits(a: F) -> I = a.to_bits() as i32;
        f_from_bits(a: I) -> F = f32::from_bits(a as u32);
        f_to_s(a: F) -> I = a as i32;
        f_to_u(a: F) -> I = a as u32 as i32;
        f_to_u8(a: F) -> I = i32::from(a as u8);
        f_from_s(a: I) -> F = a as f32;
        f_from_u(a: I) -> F = a as u32 as f32;
        f_scale(a: F, n: F) -> F = steps::scale(self, a, n);
        f_mantissa(a: F) -> F = steps::mantissa(self, a);
        f_exponent(a: F) -> F = steps::exponent(self, a);
        f_ln_ends(y: F, x: F) -> F = steps::ln_ends(self, y, x);
        i_add(a: I, b: I) -> I = a.wrapping_add(b);
        i_sub(a: I, b: I) -> I = a.wrapping_sub(b);
        i_mul(a: I, b: I) -> I = a.wrapping_mul(b);
        i_div_s(a: I, b: I) -> I = if b == 0 { a } else { a.wrapping_div(b) };
        i_div_u(a: I, b: I) -> I = if b == 0 { a } else { (a as u32 / b as u32) as i32 };
        i_rem_s(a: I, b: I) -> I = if b == 0 { 0 } else { a.wrapping_rem(b) };
        i_rem_u(a: I, b: I) -> I = if b == 0 { 0 } else { (a as u32 % b as u32) as i32 };
        i_and(a: I, b: I) -> I = a & b;
        i_or(a: I, b: I) -> I = a | b;
        i_xor(a: I, b: I) -> I = a ^ b;
        i_not(a: I) -> I = !a;
        i_neg(a: I) -> I = a.wrapping_neg();
        i_shl(a: I, n: I) -> I = a.wrapping_shl(n as u32);
        i_shr_s(a: I, n: I) -> I = a.wrapping_shr(n as u32);
        i_shr_u(a: I, n: I) -> I = (a as u32).wrapping_shr(n as u32) as i32;
        i_min_s(a: I, b: I) -> I = a.min(b);
        i_min_u(a: I, b: I) -> I = (a as u32).min(b as u32) as i32;
        i_max_s(a: I, b: I) -> I = a.max(b);
        i_max_u(a: I, b: I) -> I = (a as u32).max(b as u32) as i32;
        i_abs_s(a: I) -> I = a.wrapping_abs();
        i_mul_hi_s(a: I, b: I) -> I = ((i64::from(a) * i64::from(b)) >> 32) as i32;
        i_mul_hi_u(a: I, b: I) -> I = ((u64::from(a as u32) * u64::from(b as u32)) >> 32) as i32;
        i_rotate_left(a: I, n: I) -> I = a.rotate_left(n as u32 % 32);
        i_rotate_right(a: I, n: I) -> I = a.rotate_right(n as u32 % 32);
        i_count_ones(a: I) -> I = a.count_ones() as i32;
        i_leading_zeros(a: I) -> I = a.leading_zeros() as i32;
        i_trailing_zeros(a: I) -> I = a.trailing_zeros() as i32;
        i_swap_bytes(a: I) -> I = a.swap_bytes();
        i_reverse_bits(a: I) -> I = a.reverse_bits();
        i_eq(a: I, b: I) -> M = a == b;
        i_ne(a: I, b: I) -> M = a != b;
        i_lt_s(a: I, b: I) -> M = a < b;
        i_lt_u(a: I, b: I) -> M = (a as u32) < b as u32;
        i_le_s(a: I, b: I) -> M = a <= b;
        i_le_u(a: I, b: I) -> M = a as u32 <= b as u32;
        i_gt_s(a: I, b: I) -> M = a > b;
        i_gt_u(a: I, b: I) -> M = a as u32 > b as u32;
        i_ge_s(a: I, b: I) -> M = a >= b;
        i_ge_u(a: I, b: I) -> M = a as u32 >= b as u32;
        i_select(m: M, a: I, b: I) -> I = if m { a } else { b };
        i_from_mask(m: M) -> I = i32::from(m);
        d_add(a: D, b: D) -> D = a + b;
        d_sub(a: D, b: D) -> D = a - b;
        d_mul(a: D, b: D) -> D = a * b;
        d_div(a: D, b: D) -> D = a / b;
        d_rem(a: D, b: D) -> D = a % b;
        d_neg(a: D) -> D = -a;
        d_abs(a: D) -> D = a.abs();
        d_sqrt(a: D) -> D = a.sqrt();
        d_floor(a: D) -> D = a.floor();
        d_ceil(a: D) -> D = a.ceil();
        d_trunc(a: D) -> D = a.trunc();
        d_round(a: D) -> D = a.round();
        d_round_ties_even(a: D) -> D = a.round_ties_even();
        d_min(a: D, b: D) -> D = pick_d(a, b, a < b, |a, b| a | b);
        d_max(a: D, b: D) -> D = pick_d(a, b, a > b, |a, b| a & b);
        d_mul_add(a: D, b: D, c: D) -> D = a * b + c;
        d_mul_sub(a: D, b: D, c: D) -> D = a * b - c;
        d_neg_mul_add(a: D, b: D, c: D) -> D = c - a * b;
        d_eq(a: D, b: D) -> M = a == b;
        d_ne(a: D, b: D) -> M = a != b;
        d_lt(a: D, b: D) -> M = a < b;
        d_le(a: D, b: D) -> M = a <= b;
        d_gt(a: D, b: D) -> M = a > b;
        d_ge(a: D, b: D) -> M = a >= b;
        d_select(m: M, a: D, b: D) -> D = if m { a } else { b };
        d_to_bits(a: D) -> Q = a.to_bits() as i64;
        d_from_bits(a: Q) -> D = f64::from_bits(a as u64);
        d_from_f(a: F) -> D = f64::from(a);
        f_from_d(a: D) -> F = a as f32;
        d_from_s(a: I) -> D = f64::from(a);
        d_from_u(a: I) -> D = f64::from(a as u32);
        d_to_s(a: D) -> I = a as i32;
        d_to_u(a: D) -> I = a as u32 as i32;
        d_from_q_s(a: Q) -> D = a as f64;
        d_from_q_u(a: Q) -> D = a as u64 as f64;
        d_to_q_s(a: D) -> Q = a as i64;
        d_to_q_u(a: D) -> Q = a as u64 as i64;
        f_from_q_s(a: Q) -> F = a as f32;
        f_from_q_u(a: Q) -> F = a as u64 as f32;
        q_add(a: Q, b: Q) -> Q = a.wrapping_add(b);
        q_sub(a: Q, b: Q) -> Q = a.wrapping_sub(b);
        q_mul(a: Q, b: Q) -> Q = a.wrapping_mul(b);
        q_div_s(a: Q, b: Q) -> Q = if b == 0 { a } else { a.wrapping_div(b) };
        q_div_u(a: Q, b: Q) -> Q = if b == 0 { a } else { (a as u64 / b as u64) as i64 };
        q_rem_s(a: Q, b: Q) -> Q = if b == 0 { 0 } else { a.wrapping_rem(b) };
        q_rem_u(a: Q, b: Q) -> Q = if b == 0 { 0 } else { (a as u64 % b as u64) as i64 };
        q_and(a: Q, b: Q) -> Q = a & b;
        q_or(a: Q, b: Q) -> Q = a | b;
        q_xor(a: Q, b: Q) -> Q = a ^ b;
        q_not(a: Q) -> Q = !a;
        q_neg(a: Q) -> Q = a.wrapping_neg();
        q_shl(a: Q, n: Q) -> Q = a.wrapping_shl(n as u32);
        q_shr_s(a: Q, n: Q) -> Q = a.wrapping_shr(n as u32);
        q_shr_u(a: Q, n: Q) -> Q = (a as u64).wrapping_shr(n as u32) as i64;
        q_min_s(a: Q, b: Q) -> Q = a.min(b);
        q_min_u(a: Q, b: Q) -> Q = (a as u64).min(b as u64) as i64;
        q_max_s(a: Q, b: Q) -> Q = a.max(b);
        q_max_u(a: Q, b: Q) -> Q = (a as u64).max(b as u64) as i64;
        q_abs_s(a: Q) -> Q = a.wrapping_abs();
        q_mul_hi_s(a: Q, b: Q) -> Q = ((i128::from(a) * i128::from(b)) >> 64) as i64;
        q_mul_hi_u(a: Q, b: Q) -> Q = ((u128::from(a as u64) * u128::from(b as u64)) >> 64) as i64;
        q_rotate_left(a: Q, n: I) -> Q = a.rotate_left(n as u32 % 64);
        q_rotate_right(a: Q, n: I) -> Q = a.rotate_right(n as u32 % 64);
        q_count_ones(a: Q) -> Q = i64::from(a.count_ones());
        q_leading_zeros(a: Q) -> Q = i64::from(a.leading_zeros());
        q_trailing_zeros(a: Q) -> Q = i64::from(a.trailing_zeros());
        q_swap_bytes(a: Q) -> Q = a.swap_bytes();
        q_reverse_bits(a: Q) -> Q = a.reverse_bits();
        q_eq(a: Q, b: Q) -> M = a == b;
        q_ne(a: Q, b: Q) -> M = a != b;
        q_lt_s(a: Q, b: Q) -> M = a < b;
        q_lt_u(a: Q, b: Q) -> M = (a as u64) < b as u64;
        q_le_s(a: Q, b: Q) -> M = a <= b;
        q_le_u(a: Q, b: Q) -> M = a as u64 <= b as u64;
        q_gt_s(a: Q, b: Q) -> M = a > b;
        q_gt_u(a: Q, b: Q) -> M = a as u64 > b as u64;
        q_ge_s(a: Q, b: Q) -> M = a >= b;
        q_ge_u(a: Q, b: Q) -> M = a as u64 >= b as u64;
        q_select(m: M, a: Q, b: Q) -> Q = if m { a } else { b };
        q_from_s(a: I) -> Q = i64::from(a);
        q_from_u(a: I) -> Q = i64::from(a as u32);
        q_to_i(a: Q) -> I = a as i32;
    }
}
