//! 16 lanes through `wide`, on what every machine of the architecture has: SSE2, NEON, WASM's 128 bits.
//!
//! A build for one machine (`-Ctarget-cpu=native`) makes it as wide as that machine. `wide` cannot be lifted by
//! `#[target_feature]`, so the x86 levels stand beside it. What `wide` lacks goes lane by lane through arrays.

use bytemuck::must_cast;
use wide::{f32x16, i32x16, u32x16};

use super::wide::{each_lane, wide_lanes};
use super::{Lanes, Level, gather_each, ops, steps};

/// 16 lanes, on any machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

const N: usize = 16;

#[inline(always)]
fn u(a: i32x16) -> u32x16 {
    must_cast(a)
}

#[inline(always)]
fn i(a: u32x16) -> i32x16 {
    must_cast(a)
}

/// `f` of each lane of `a` and `b`.
#[inline(always)]
fn each_i(a: i32x16, b: i32x16, f: impl Fn(i32, i32) -> i32) -> i32x16 {
    let (a, b) = (a.to_array(), b.to_array());
    i32x16::new(std::array::from_fn(|i| f(a[i], b[i])))
}

/// `f` of each lane.
#[inline(always)]
fn map_i(a: i32x16, f: impl Fn(i32) -> i32) -> i32x16 {
    i32x16::new(a.to_array().map(f))
}

/// `from`, and zeros behind it.
#[inline(always)]
fn padded<T: Copy + Default>(from: &[T]) -> [T; N] {
    let mut buffer = [T::default(); N];
    let n = from.len().min(N);
    buffer[..n].copy_from_slice(&from[..n]);
    buffer
}

/// The first `N` of `from`.
#[inline(always)]
fn whole<T: Copy>(from: &[T]) -> &[T; N] {
    from[..N].as_array().expect("a slice cut to N lanes")
}

/// Stores past the caches where the architecture has that and `to` is aligned for it.
#[inline(always)]
fn stream(to: &mut [f32; N], x: [f32; N]) {
    #[cfg(target_arch = "x86_64")]
    if to.as_ptr().addr().is_multiple_of(16) {
        use std::arch::x86_64::{_mm_loadu_ps, _mm_stream_ps};
        for at in (0..N).step_by(4) {
            // SAFETY: every x86-64 has SSE; both arrays hold 4 more floats at `at`, a multiple of 4, so `to` is aligned to
            // 16 there as it is at its start. The caller closes with `fence`.
            unsafe { _mm_stream_ps(to.as_mut_ptr().add(at), _mm_loadu_ps(x.as_ptr().add(at))) }
        }
        return;
    }
    *to = x;
}

impl Lanes for Portable {
    const N: usize = N;
    const FMA: bool = false;
    const ODD_FREE: bool = false;
    const LEVEL: Level = Level::Baseline;
    type F = f32x16;
    type I = i32x16;
    /// All ones or none.
    type M = i32x16;
    wide_lanes!(16);

    #[inline(always)]
    fn first(self, n: usize) -> i32x16 {
        self.i_iota().simd_lt(i32x16::splat(n.min(N) as i32))
    }
    #[inline(always)]
    fn m_splat(self, on: bool) -> i32x16 {
        i32x16::splat(-i32::from(on))
    }
    #[inline(always)]
    fn m_any(self, m: i32x16) -> bool {
        m.any()
    }
    #[inline(always)]
    fn m_bits(self, m: i32x16) -> u32 {
        m.to_array().iter().rev().fold(0, |bits, lane| bits << 1 | u32::from(*lane != 0))
    }
    #[inline(always)]
    fn m_lane(self, m: i32x16, i: usize) -> bool {
        m.to_array()[i] != 0
    }
    #[inline(always)]
    fn f_splat(self, x: f32) -> f32x16 {
        f32x16::splat(x)
    }
    #[inline(always)]
    fn i_splat(self, x: i32) -> i32x16 {
        i32x16::splat(x)
    }
    #[inline(always)]
    fn i_iota(self) -> i32x16 {
        i32x16::new(std::array::from_fn(|i| i as i32))
    }
    #[inline(always)]
    fn f_load(self, from: &[f32]) -> f32x16 {
        f32x16::new(*whole(from))
    }
    #[inline(always)]
    fn i_load(self, from: &[i32]) -> i32x16 {
        i32x16::new(*whole(from))
    }
    #[inline(always)]
    fn i_load_u8(self, from: &[u8]) -> i32x16 {
        i32x16::new(whole(from).map(i32::from))
    }
    #[inline(always)]
    fn i_load_i8(self, from: &[i8]) -> i32x16 {
        i32x16::new(whole(from).map(i32::from))
    }
    #[inline(always)]
    fn i_load_u16(self, from: &[u16]) -> i32x16 {
        i32x16::new(whole(from).map(i32::from))
    }
    #[inline(always)]
    fn i_load_i16(self, from: &[i16]) -> i32x16 {
        i32x16::new(whole(from).map(i32::from))
    }
    #[inline(always)]
    fn f_load_part(self, from: &[f32]) -> f32x16 {
        f32x16::new(padded(from))
    }
    #[inline(always)]
    fn i_load_part(self, from: &[i32]) -> i32x16 {
        i32x16::new(padded(from))
    }
    #[inline(always)]
    fn f_store(self, to: &mut [f32], x: f32x16) {
        to[..N].copy_from_slice(&x.to_array());
    }
    #[inline(always)]
    fn i_store(self, to: &mut [i32], x: i32x16) {
        to[..N].copy_from_slice(&x.to_array());
    }
    #[inline(always)]
    fn i_store_u8(self, to: &mut [u8], x: i32x16) {
        to[..N].copy_from_slice(&x.to_array().map(|lane| lane as u8));
    }
    #[inline(always)]
    fn i_store_u16(self, to: &mut [u16], x: i32x16) {
        to[..N].copy_from_slice(&x.to_array().map(|lane| lane as u16));
    }
    #[inline(always)]
    fn f_gather(self, from: &[f32], at: i32x16, m: i32x16) -> f32x16 {
        f32x16::new(*whole(&gather_each(self, from, at, m)))
    }
    #[inline(always)]
    fn i_gather(self, from: &[i32], at: i32x16, m: i32x16) -> i32x16 {
        i32x16::new(*whole(&gather_each(self, from, at, m)))
    }
    #[inline(always)]
    fn f_store_part(self, to: &mut [f32], x: f32x16) {
        let n = to.len().min(N);
        to[..n].copy_from_slice(&x.to_array()[..n]);
    }
    #[inline(always)]
    fn i_store_part(self, to: &mut [i32], x: i32x16) {
        let n = to.len().min(N);
        to[..n].copy_from_slice(&x.to_array()[..n]);
    }
    #[inline(always)]
    fn f_stream(self, to: &mut [f32], x: f32x16) {
        stream(to[..N].as_mut_array().expect("a slice cut to N lanes"), x.to_array());
    }
    #[inline(always)]
    fn i_stream(self, to: &mut [i32], x: i32x16) {
        self.f_stream(bytemuck::must_cast_slice_mut(to), must_cast(x));
    }
    #[inline(always)]
    fn fence(self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: every x86-64 has it.
        unsafe {
            std::arch::x86_64::_mm_sfence();
        }
    }
    #[inline(always)]
    fn f_sum_lanes(self, a: f32x16) -> f32 {
        let mut a = a.to_array();
        let mut half = N / 2;
        while half > 0 {
            for i in 0..half {
                a[i] += a[i + half];
            }
            half /= 2;
        }
        a[0]
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
        f_rem(a: F, b: F) -> F = steps::rem(self, a, b);
        f_neg(a: F) -> F = a ^ f32x16::splat(-0.0);
        f_abs(a: F) -> F = a.abs();
        f_sqrt(a: F) -> F = a.sqrt();
        // From the truncated: `wide` goes lane by lane through the C library where SSE4.1 is not a build's choice.
        f_floor(a: F) -> F = {
            let cut = a.trunc();
            self.f_select(self.f_lt(a, cut), cut - f32x16::splat(1.0), cut)
        };
        f_ceil(a: F) -> F = {
            let cut = a.trunc();
            // 0 - 1 + 1 would lose the sign of -0.0: what stays within (-1, 0] keeps it.
            self.f_select(self.f_gt(a, cut), cut + f32x16::splat(1.0), cut)
        };
        f_trunc(a: F) -> F = a.trunc();
        // The float before 0.5 with the sign of `a`: half itself would carry 0.49999997 to 1.
        f_round(a: F) -> F = {
            let sign = a & f32x16::splat(-0.0);
            (a + (sign | f32x16::splat(0.5f32.next_down()))).trunc()
        };
        // Beside 2^23 nothing is kept of a fraction; floats from there on have none. The sign of a zero is lost on the way.
        f_round_ties_even(a: F) -> F = {
            let (sign, whole) = (a & f32x16::splat(-0.0), f32x16::splat(8_388_608.0));
            let far = sign | whole;
            self.f_select(self.f_lt(a.abs(), whole), (a + far - far) | sign, a)
        };
        // Where `b` is NaN it gives way to `a`; where `a` is NaN the compare gives `b`; equal zeros join their signs.
        f_min(a: F, b: F) -> F = {
            let b = self.f_select(self.f_ne(b, b), a, b);
            self.f_lesser(a, b) | (must_cast::<_, f32x16>(self.f_eq(a, b)) & a)
        };
        f_max(a: F, b: F) -> F = {
            let b = self.f_select(self.f_ne(b, b), a, b);
            self.f_select(self.f_eq(a, b), a & b, self.f_greater(a, b))
        };
        f_lesser(a: F, b: F) -> F = self.f_select(self.f_lt(a, b), a, b);
        f_greater(a: F, b: F) -> F = self.f_select(self.f_gt(a, b), a, b);
        f_mul_add(a: F, b: F, c: F) -> F = a * b + c;
        f_mul_sub(a: F, b: F, c: F) -> F = a * b - c;
        f_neg_mul_add(a: F, b: F, c: F) -> F = c - a * b;
        f_eq(a: F, b: F) -> M = must_cast(a.simd_eq(b));
        f_ne(a: F, b: F) -> M = must_cast(a.simd_ne(b));
        f_lt(a: F, b: F) -> M = must_cast(a.simd_lt(b));
        f_le(a: F, b: F) -> M = must_cast(a.simd_le(b));
        f_gt(a: F, b: F) -> M = must_cast(a.simd_gt(b));
        f_ge(a: F, b: F) -> M = must_cast(a.simd_ge(b));
        f_select(m: M, a: F, b: F) -> F = must_cast::<_, f32x16>(m).bitselect(a, b);
        f_to_bits(a: F) -> I = must_cast(a);
        f_from_bits(a: I) -> F = must_cast(a);
        f_to_s(a: F) -> I = a.trunc_int();
        f_to_u(a: F) -> I = i32x16::new(a.to_array().map(|a| a as u32 as i32));
        f_to_u8(a: F) -> I = {
            let positive = self.f_greater(a, f32x16::splat(0.0));
            self.f_to_s(self.f_lesser(positive, f32x16::splat(255.0)))
        };
        f_from_s(a: I) -> F = f32x16::from_i32x16(a);
        f_from_u(a: I) -> F = f32x16::new(a.to_array().map(|a| a as u32 as f32));
        f_scale(a: F, n: F) -> F = steps::scale(self, a, n);
        f_mantissa(a: F) -> F = steps::mantissa(self, a);
        f_exponent(a: F) -> F = steps::exponent(self, a);
        f_ln_ends(y: F, x: F) -> F = steps::ln_ends(self, y, x);
        i_add(a: I, b: I) -> I = a + b;
        i_sub(a: I, b: I) -> I = a - b;
        i_mul(a: I, b: I) -> I = a * b;
        i_div_s(a: I, b: I) -> I = each_i(a, b, |a, b| super::Scalar.i_div_s(a, b));
        i_div_u(a: I, b: I) -> I = each_i(a, b, |a, b| super::Scalar.i_div_u(a, b));
        i_rem_s(a: I, b: I) -> I = each_i(a, b, |a, b| super::Scalar.i_rem_s(a, b));
        i_rem_u(a: I, b: I) -> I = each_i(a, b, |a, b| super::Scalar.i_rem_u(a, b));
        i_and(a: I, b: I) -> I = a & b;
        i_or(a: I, b: I) -> I = a | b;
        i_xor(a: I, b: I) -> I = a ^ b;
        i_not(a: I) -> I = !a;
        i_neg(a: I) -> I = i32x16::splat(0) - a;
        i_shl(a: I, n: I) -> I = each_i(a, n, |a, n| super::Scalar.i_shl(a, n));
        i_shr_s(a: I, n: I) -> I = each_i(a, n, |a, n| super::Scalar.i_shr_s(a, n));
        i_shr_u(a: I, n: I) -> I = each_i(a, n, |a, n| super::Scalar.i_shr_u(a, n));
        i_min_s(a: I, b: I) -> I = a.min(b);
        i_min_u(a: I, b: I) -> I = i(u(a).min(u(b)));
        i_max_s(a: I, b: I) -> I = a.max(b);
        i_max_u(a: I, b: I) -> I = i(u(a).max(u(b)));
        i_abs_s(a: I) -> I = a.abs();
        i_mul_hi_s(a: I, b: I) -> I = each_i(a, b, |a, b| super::Scalar.i_mul_hi_s(a, b));
        i_mul_hi_u(a: I, b: I) -> I = each_i(a, b, |a, b| super::Scalar.i_mul_hi_u(a, b));
        i_rotate_left(a: I, n: I) -> I = each_i(a, n, |a, n| super::Scalar.i_rotate_left(a, n));
        i_rotate_right(a: I, n: I) -> I = each_i(a, n, |a, n| super::Scalar.i_rotate_right(a, n));
        i_count_ones(a: I) -> I = map_i(a, |a| super::Scalar.i_count_ones(a));
        i_leading_zeros(a: I) -> I = steps::leading_zeros(self, a);
        i_trailing_zeros(a: I) -> I = steps::trailing_zeros(self, a);
        i_swap_bytes(a: I) -> I = map_i(a, i32::swap_bytes);
        i_reverse_bits(a: I) -> I = map_i(a, i32::reverse_bits);
        i_eq(a: I, b: I) -> M = a.simd_eq(b);
        i_ne(a: I, b: I) -> M = a.simd_ne(b);
        i_lt_s(a: I, b: I) -> M = a.simd_lt(b);
        i_lt_u(a: I, b: I) -> M = i(u(a).simd_lt(u(b)));
        i_le_s(a: I, b: I) -> M = a.simd_le(b);
        i_le_u(a: I, b: I) -> M = i(u(a).simd_le(u(b)));
        i_gt_s(a: I, b: I) -> M = a.simd_gt(b);
        i_gt_u(a: I, b: I) -> M = i(u(a).simd_gt(u(b)));
        i_ge_s(a: I, b: I) -> M = a.simd_ge(b);
        i_ge_u(a: I, b: I) -> M = i(u(a).simd_ge(u(b)));
        i_select(m: M, a: I, b: I) -> I = i(u(m).bitselect(u(a), u(b)));
        i_from_mask(m: M) -> I = m & i32x16::splat(1);
    }
}
