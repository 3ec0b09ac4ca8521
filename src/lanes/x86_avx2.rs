//! AVX2 and FMA: 8 lanes, and masks as vectors of all ones or none.

use std::arch::x86_64::*;

use super::wide::{each_lane, wide_lanes};
use super::{Lanes, Level, intrinsic_ops, ops, steps};

/// Proof that this machine has AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

impl Avx2 {
    /// The token, where the machine has every feature of the level.
    #[inline]
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Avx2(()))
    }
}

const DOWN: i32 = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
const UP: i32 = _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC;
const EVEN: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
const CUT: i32 = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
/// 2^31: where signed integers end.
const TOP: f32 = 2_147_483_648.0;

/// The sum of all lanes by the fixed tree.
///
/// # Safety
/// The machine has AVX2.
#[inline(always)]
pub(super) unsafe fn sum_lanes(a: __m256) -> f32 {
    // SAFETY: the caller's.
    unsafe {
        let four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
    }
}

/// Eight pixels of three bytes, each as one number.
///
/// # Safety
/// The machine has AVX2, and 24 bytes from `from` on can be read.
#[inline(always)]
pub(super) unsafe fn load_rgb(from: *const u8) -> __m256i {
    // SAFETY: the caller's; 16 bytes from the first on and 16 up to the last are within.
    unsafe {
        let (low, high) = (_mm_loadu_si128(from.cast()), _mm_loadu_si128(from.add(8).cast()));
        let both = _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(low), high);
        let places = _mm256_setr_epi8(
            0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, 4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1,
            13, 14, 15, -1,
        );
        _mm256_shuffle_epi8(both, places)
    }
}

/// The lowest three bytes of each lane.
///
/// # Safety
/// The machine has AVX2, and 24 bytes from `to` on can be written.
#[inline(always)]
pub(super) unsafe fn store_rgb(to: *mut u8, x: __m256i) {
    // SAFETY: the caller's; 8 bytes from the first on and 16 up to the last are within.
    unsafe {
        // Twelve bytes at the low end of the lower half, and at the high end of the upper.
        let places = _mm256_setr_epi8(
            0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 4, 5, 6, 8, 9,
            10, 12, 13, 14,
        );
        let packed = _mm256_shuffle_epi8(x, places);
        let (low, high) = (_mm256_castsi256_si128(packed), _mm256_extracti128_si256::<1>(packed));
        _mm_storel_epi64(to.cast(), low);
        _mm_storeu_si128(to.add(8).cast(), _mm_or_si128(high, _mm_srli_si128::<8>(low)));
    }
}

/// `a * b + c`, rounded once. (`f32::mul_add` would be a call of the C library where the feature is off.)
///
/// # Safety
/// The machine has FMA.
#[inline(always)]
pub(super) unsafe fn mul_add(a: f32, b: f32, c: f32) -> f32 {
    // SAFETY: the caller's.
    unsafe { _mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(a), _mm_set_ss(b), _mm_set_ss(c))) }
}

/// The bits of a mask as integers.
macro_rules! bits {
    ($m:expr) => {
        _mm256_castps_si256($m)
    };
}

/// Integers of all ones or none as a mask.
macro_rules! mask {
    ($i:expr) => {
        _mm256_castsi256_ps($i)
    };
}

/// Integers moved by 2^31, so that the order of the signed is that of the unsigned.
macro_rules! biased {
    ($a:expr) => {
        _mm256_xor_si256($a, _mm256_set1_epi32(i32::MIN))
    };
}

/// `a / b` through doubles, which is exact: two quotients of 32-bit integers that differ, differ by more than a double
/// rounds away.
macro_rules! divide {
    ($a:ident, $b:ident, $to_f64:ident, $from_f64:ident) => {{
        let low = _mm256_div_pd($to_f64!(_mm256_castsi256_si128($a)), $to_f64!(_mm256_castsi256_si128($b)));
        let high = _mm256_div_pd(
            $to_f64!(_mm256_extracti128_si256::<1>($a)),
            $to_f64!(_mm256_extracti128_si256::<1>($b)),
        );
        let whole = _mm256_set_m128i($from_f64!(high), $from_f64!(low));
        _mm256_blendv_epi8(whole, $a, _mm256_cmpeq_epi32($b, _mm256_setzero_si256()))
    }};
}
macro_rules! f64_from_s {
    ($a:expr) => {
        _mm256_cvtepi32_pd($a)
    };
}
macro_rules! f64_to_s {
    ($a:expr) => {
        _mm256_cvttpd_epi32($a)
    };
}
macro_rules! f64_from_u {
    ($a:expr) => {
        _mm256_add_pd(
            _mm256_cvtepi32_pd(_mm_xor_si128($a, _mm_set1_epi32(i32::MIN))),
            _mm256_set1_pd(TOP as f64),
        )
    };
}
macro_rules! f64_to_u {
    ($a:expr) => {
        _mm_xor_si128(
            _mm256_cvttpd_epi32(_mm256_sub_pd(_mm256_floor_pd($a), _mm256_set1_pd(TOP as f64))),
            _mm_set1_epi32(i32::MIN),
        )
    };
}

/// The upper halves of the products of 32 bits, even places and odd ones apart.
macro_rules! high_products {
    ($a:ident, $b:ident, $multiply:ident) => {{
        let even = _mm256_srli_epi64::<32>($multiply($a, $b));
        let odd = $multiply(_mm256_srli_epi64::<32>($a), _mm256_srli_epi64::<32>($b));
        _mm256_blend_epi32::<0b1010_1010>(even, odd)
    }};
}

/// What a table of 16 bytes holds for each low half and each high half of a byte.
macro_rules! look_up_halves {
    ($a:expr, $low:expr, $high:expr) => {{
        let (a, half) = ($a, _mm256_set1_epi8(15));
        let high = _mm256_and_si256(_mm256_srli_epi32::<4>(a), half);
        (_mm256_shuffle_epi8($low, _mm256_and_si256(a, half)), _mm256_shuffle_epi8($high, high))
    }};
}

/// A table of 16 bytes, in both halves of a register.
macro_rules! table {
    ($($entry:expr),*) => {
        _mm256_setr_epi8($($entry),*, $($entry),*)
    };
}

macro_rules! loads {
    ($($name:ident, $part:ident, $of:ty, $out:ident, $load:ident, $part_load:ident;)*) => {$(
        #[inline(always)]
        fn $name(self, from: &[$of]) -> Self::$out {
            let from = &from[..Self::N];
            // SAFETY: the token proves AVX2; the slice is `N` long; the load needs no alignment.
            unsafe { $load(from.as_ptr().cast()) }
        }
        #[inline(always)]
        fn $part(self, from: &[$of]) -> Self::$out {
            // SAFETY: the token proves AVX2; lanes beyond the slice are masked, and a masked lane is not read.
            unsafe { $part_load(from.as_ptr(), bits!(self.first(from.len()))) }
        }
    )*};
}

macro_rules! stores {
    ($($name:ident, $part:ident, $stream:ident, $of:ty, $x:ident, $store:ident, $part_store:ident, $past:ident;)*) => {$(
        #[inline(always)]
        fn $name(self, to: &mut [$of], x: Self::$x) {
            let to = &mut to[..Self::N];
            // SAFETY: the token proves AVX2; the slice is `N` long; the store needs no alignment.
            unsafe { $store(to.as_mut_ptr().cast(), x) }
        }
        #[inline(always)]
        fn $part(self, to: &mut [$of], x: Self::$x) {
            // SAFETY: the token proves AVX2; lanes beyond the slice are masked, and a masked lane is not written.
            unsafe { $part_store(to.as_mut_ptr(), bits!(self.first(to.len())), x) }
        }
        #[inline(always)]
        fn $stream(self, to: &mut [$of], x: Self::$x) {
            let to = &mut to[..Self::N];
            if !to.as_ptr().addr().is_multiple_of(32) {
                return self.$name(to, x);
            }
            // SAFETY: the token proves AVX2; the slice is `N` long and aligned to 32. The caller closes with `fence`;
            // without it another thread may see the old values late, which it may anyway without a synchronisation.
            unsafe { $past(to.as_mut_ptr().cast(), x) }
        }
    )*};
}

impl Lanes for Avx2 {
    const N: usize = 8;
    const FMA: bool = true;
    const ODD_FREE: bool = false;
    const LEVEL: Level = Level::Avx2;
    type F = __m256;
    type I = __m256i;
    type M = __m256;
    wide_lanes!(8);

    #[inline(always)]
    fn first(self, n: usize) -> __m256 {
        // SAFETY: the token proves AVX2.
        unsafe { mask!(_mm256_cmpgt_epi32(_mm256_set1_epi32(n.min(Self::N) as i32), self.i_iota())) }
    }
    #[inline(always)]
    fn m_splat(self, on: bool) -> __m256 {
        // SAFETY: the token proves AVX2.
        unsafe { mask!(_mm256_set1_epi32(-i32::from(on))) }
    }
    #[inline(always)]
    fn m_any(self, m: __m256) -> bool {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_movemask_ps(m) != 0 }
    }
    #[inline(always)]
    fn m_bits(self, m: __m256) -> u32 {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_movemask_ps(m) as u32 }
    }
    #[inline(always)]
    fn m_lane(self, m: __m256, i: usize) -> bool {
        // SAFETY: the token proves AVX2.
        unsafe { (_mm256_movemask_ps(m) >> i) & 1 == 1 }
    }
    #[inline(always)]
    fn f_splat(self, x: f32) -> __m256 {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_set1_ps(x) }
    }
    #[inline(always)]
    fn i_splat(self, x: i32) -> __m256i {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_set1_epi32(x) }
    }
    #[inline(always)]
    fn i_iota(self) -> __m256i {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7) }
    }
    #[inline(always)]
    fn i_load_u8(self, from: &[u8]) -> __m256i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 8 bytes long; the load needs no alignment.
        unsafe { _mm256_cvtepu8_epi32(_mm_loadl_epi64(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_deinterleave(self, a: __m256i, b: __m256i) -> (__m256i, __m256i) {
        // SAFETY: the token proves AVX2.
        unsafe {
            let (a, b) = (_mm256_castsi256_ps(a), _mm256_castsi256_ps(b));
            // By halves: two of `a`, then two of `b`.
            let (even, odd) = (_mm256_shuffle_ps::<0x88>(a, b), _mm256_shuffle_ps::<0xdd>(a, b));
            let even = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_castps_si256(even));
            (even, _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_castps_si256(odd)))
        }
    }
    #[inline(always)]
    fn i_store_u8(self, to: &mut [u8], x: __m256i) {
        let to = &mut to[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 8 bytes long; the store needs no alignment.
        unsafe {
            let low_bytes = _mm256_set1_epi32(0x0c08_0400);
            let fours = _mm256_shuffle_epi8(x, low_bytes);
            let both =
                _mm_unpacklo_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256::<1>(fours));
            _mm_storel_epi64(to.as_mut_ptr().cast(), both);
        }
    }
    #[inline(always)]
    fn i_load_rgb(self, from: &[[u8; 3]]) -> __m256i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 24 bytes long.
        unsafe { load_rgb(from.as_ptr().cast()) }
    }
    #[inline(always)]
    fn i_load_rgba(self, from: &[[u8; 4]]) -> __m256i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 32 bytes long; the load needs no alignment.
        unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
    }
    #[inline(always)]
    fn i_store_rgb(self, to: &mut [[u8; 3]], x: __m256i) {
        let to = &mut to[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 24 bytes long.
        unsafe { store_rgb(to.as_mut_ptr().cast(), x) }
    }
    #[inline(always)]
    fn i_store_rgba(self, to: &mut [[u8; 4]], x: __m256i) {
        let to = &mut to[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 32 bytes long; the store needs no alignment.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), x) }
    }
    #[inline(always)]
    fn i_load_i8(self, from: &[i8]) -> __m256i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 8 bytes long; the load needs no alignment.
        unsafe { _mm256_cvtepi8_epi32(_mm_loadl_epi64(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_load_u16(self, from: &[u16]) -> __m256i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 16 bytes long; the load needs no alignment.
        unsafe { _mm256_cvtepu16_epi32(_mm_loadu_si128(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_load_i16(self, from: &[i16]) -> __m256i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX2; the slice is 16 bytes long; the load needs no alignment.
        unsafe { _mm256_cvtepi16_epi32(_mm_loadu_si128(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_store_u16(self, to: &mut [u16], x: __m256i) {
        let to = &mut to[..Self::N];
        let low = self.i_and(x, self.i_splat(0xffff));
        // SAFETY: the token proves AVX2; the slice is 16 bytes long; the store needs no alignment.
        unsafe {
            let both = _mm_packus_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256::<1>(low));
            _mm_storeu_si128(to.as_mut_ptr().cast(), both);
        }
    }
    #[inline(always)]
    fn f_gather(self, from: &[f32], at: __m256i, m: __m256) -> __m256 {
        if from.is_empty() {
            return self.f_splat(0.0);
        }
        let (m, at) = steps::gather_places(self, from.len(), at, m);
        let middle = from.as_ptr().wrapping_add(1 << 31);
        // SAFETY: the token proves AVX2; the lanes left in `m` lie inside the slice, and a masked lane is not read.
        unsafe { _mm256_mask_i32gather_ps::<4>(_mm256_setzero_ps(), middle, at, m) }
    }
    #[inline(always)]
    fn f_gather_low(self, from: &[f32], at: __m256i, low: u32) -> __m256 {
        assert!(from.len() > low as usize && low <= i32::MAX as u32, "a mask for {} elements", from.len());
        let at = self.i_and(at, self.i_splat(low as i32));
        // SAFETY: the token proves AVX2; no lane of `at` is negative or above `low`, which is below the length.
        unsafe { _mm256_i32gather_ps::<4>(from.as_ptr(), at) }
    }
    #[inline(always)]
    fn i_gather_low(self, from: &[i32], at: __m256i, low: u32) -> __m256i {
        self.f_to_bits(self.f_gather_low(bytemuck::must_cast_slice(from), at, low))
    }
    #[inline(always)]
    fn i_gather(self, from: &[i32], at: __m256i, m: __m256) -> __m256i {
        self.f_to_bits(self.f_gather(bytemuck::must_cast_slice(from), at, m))
    }
    loads! {
        f_load, f_load_part, f32, F, _mm256_loadu_ps, _mm256_maskload_ps;
        i_load, i_load_part, i32, I, _mm256_loadu_si256, _mm256_maskload_epi32;
    }
    stores! {
        f_store, f_store_part, f_stream, f32, F, _mm256_storeu_ps, _mm256_maskstore_ps, _mm256_stream_ps;
        i_store, i_store_part, i_stream, i32, I, _mm256_storeu_si256, _mm256_maskstore_epi32, _mm256_stream_si256;
    }
    #[inline(always)]
    fn fence(self) {
        // SAFETY: every x86-64 has it.
        unsafe { _mm_sfence() }
    }
    #[inline(always)]
    fn f_sum_lanes(self, a: __m256) -> f32 {
        // SAFETY: the token proves AVX2.
        unsafe { sum_lanes(a) }
    }
    #[inline(always)]
    fn mul_add(self, a: f32, b: f32, c: f32) -> f32 {
        // SAFETY: the token proves FMA.
        unsafe { mul_add(a, b, c) }
    }

    ops! { self;
        m_not(a: M) -> M = self.m_xor(a, self.m_splat(true));
        f_neg(a: F) -> F = self.m_xor(a, self.f_splat(-0.0));
        f_rem(a: F, b: F) -> F = steps::rem(self, a, b);
        f_scale(a: F, n: F) -> F = steps::scale(self, a, n);
        f_mantissa(a: F) -> F = steps::mantissa(self, a);
        f_exponent(a: F) -> F = steps::exponent(self, a);
        f_ln_ends(y: F, x: F) -> F = steps::ln_ends(self, y, x);
        i_rotate_left(a: I, n: I) -> I = self.i_or(self.i_shl(a, n), self.i_shr_u(a, self.i_neg(n)));
        i_rotate_right(a: I, n: I) -> I = self.i_or(self.i_shr_u(a, n), self.i_shl(a, self.i_neg(n)));
        i_leading_zeros(a: I) -> I = steps::leading_zeros(self, a);
        i_trailing_zeros(a: I) -> I = steps::trailing_zeros(self, a);
        i_not(a: I) -> I = self.i_xor(a, self.i_splat(-1));
        i_neg(a: I) -> I = self.i_sub(self.i_splat(0), a);
        i_ne(a: I, b: I) -> M = self.m_not(self.i_eq(a, b));
        i_lt_s(a: I, b: I) -> M = self.i_gt_s(b, a);
        i_lt_u(a: I, b: I) -> M = self.i_gt_u(b, a);
        i_le_s(a: I, b: I) -> M = self.i_eq(self.i_min_s(a, b), a);
        i_le_u(a: I, b: I) -> M = self.i_eq(self.i_min_u(a, b), a);
        i_ge_s(a: I, b: I) -> M = self.i_eq(self.i_max_s(a, b), a);
        i_ge_u(a: I, b: I) -> M = self.i_eq(self.i_max_u(a, b), a);
    }
    intrinsic_ops! { self;
        m_and(a: M, b: M) -> M = _mm256_and_ps(a, b);
        m_or(a: M, b: M) -> M = _mm256_or_ps(a, b);
        m_xor(a: M, b: M) -> M = _mm256_xor_ps(a, b);
        f_add(a: F, b: F) -> F = _mm256_add_ps(a, b);
        f_sub(a: F, b: F) -> F = _mm256_sub_ps(a, b);
        f_mul(a: F, b: F) -> F = _mm256_mul_ps(a, b);
        f_div(a: F, b: F) -> F = _mm256_div_ps(a, b);
        f_abs(a: F) -> F = _mm256_andnot_ps(_mm256_set1_ps(-0.0), a);
        f_sqrt(a: F) -> F = _mm256_sqrt_ps(a);
        f_floor(a: F) -> F = _mm256_round_ps::<DOWN>(a);
        f_ceil(a: F) -> F = _mm256_round_ps::<UP>(a);
        f_trunc(a: F) -> F = _mm256_round_ps::<CUT>(a);
        // The float before 0.5 with the sign of `a`: half itself would carry 0.49999997 to 1.
        f_round(a: F) -> F = self.f_trunc(_mm256_add_ps(a, _mm256_or_ps(
            _mm256_and_ps(a, _mm256_set1_ps(-0.0)), _mm256_set1_ps(0.5f32.next_down()),
        )));
        // Where `b` is NaN it gives way to `a`; where `a` is NaN `vminps` gives `b`; equal zeros join their signs.
        f_round_ties_even(a: F) -> F = _mm256_round_ps::<EVEN>(a);
        f_min(a: F, b: F) -> F = {
            let b = _mm256_blendv_ps(b, a, _mm256_cmp_ps::<_CMP_UNORD_Q>(b, b));
            let equal = _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b);
            _mm256_or_ps(_mm256_min_ps(a, b), _mm256_and_ps(equal, a))
        };
        f_max(a: F, b: F) -> F = {
            let b = _mm256_blendv_ps(b, a, _mm256_cmp_ps::<_CMP_UNORD_Q>(b, b));
            let equal = _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b);
            _mm256_blendv_ps(_mm256_max_ps(a, b), _mm256_and_ps(a, b), equal)
        };
        f_lesser(a: F, b: F) -> F = _mm256_min_ps(a, b);
        f_greater(a: F, b: F) -> F = _mm256_max_ps(a, b);
        f_mul_add(a: F, b: F, c: F) -> F = _mm256_fmadd_ps(a, b, c);
        f_mul_sub(a: F, b: F, c: F) -> F = _mm256_fmsub_ps(a, b, c);
        f_neg_mul_add(a: F, b: F, c: F) -> F = _mm256_fnmadd_ps(a, b, c);
        f_eq(a: F, b: F) -> M = _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b);
        f_ne(a: F, b: F) -> M = _mm256_cmp_ps::<_CMP_NEQ_UQ>(a, b);
        f_lt(a: F, b: F) -> M = _mm256_cmp_ps::<_CMP_LT_OQ>(a, b);
        f_le(a: F, b: F) -> M = _mm256_cmp_ps::<_CMP_LE_OQ>(a, b);
        f_gt(a: F, b: F) -> M = _mm256_cmp_ps::<_CMP_GT_OQ>(a, b);
        f_ge(a: F, b: F) -> M = _mm256_cmp_ps::<_CMP_GE_OQ>(a, b);
        f_select(m: M, a: F, b: F) -> F = _mm256_blendv_ps(b, a, m);
        f_to_bits(a: F) -> I = _mm256_castps_si256(a);
        f_from_bits(a: I) -> F = _mm256_castsi256_ps(a);
        // What is out of range converts to MIN: flipped to MAX where too large, cleared where NaN.
        f_to_s(a: F) -> I = {
            let over = _mm256_cmp_ps::<_CMP_GE_OQ>(a, _mm256_set1_ps(TOP));
            let is_number = _mm256_cmp_ps::<_CMP_ORD_Q>(a, a);
            _mm256_and_si256(_mm256_xor_si256(_mm256_cvttps_epi32(a), bits!(over)), bits!(is_number))
        };
        // `vmaxps` gives its second operand for NaN.
        f_to_u8(a: F) -> I = _mm256_cvttps_epi32(
            _mm256_min_ps(_mm256_max_ps(a, _mm256_setzero_ps()), _mm256_set1_ps(255.0)),
        );
        // Here too. From 2^31 on the first conversion is MIN, all ones once shifted.
        f_to_u(a: F) -> I = {
            let a = _mm256_max_ps(a, _mm256_setzero_ps());
            let low = _mm256_cvttps_epi32(a);
            let high = _mm256_cvttps_epi32(_mm256_sub_ps(a, _mm256_set1_ps(TOP)));
            let over = _mm256_cmp_ps::<_CMP_GE_OQ>(a, _mm256_set1_ps(2.0 * TOP));
            let either = _mm256_or_si256(low, _mm256_and_si256(high, _mm256_srai_epi32::<31>(low)));
            _mm256_or_si256(either, bits!(over))
        };
        f_from_s(a: I) -> F = _mm256_cvtepi32_ps(a);
        // The halves of 16 bits as floats by their bits, 2^39 + high * 2^16 and 2^23 + low: only the sum rounds.
        f_from_u(a: I) -> F = {
            let high = _mm256_or_si256(_mm256_srli_epi32::<16>(a), _mm256_set1_epi32(0x5300_0000));
            let low = _mm256_blend_epi16::<0b1010_1010>(a, _mm256_set1_epi32(0x4b00_0000));
            let offset = _mm256_set1_ps(549_755_813_888.0 + 8_388_608.0);
            _mm256_add_ps(_mm256_sub_ps(_mm256_castsi256_ps(high), offset), _mm256_castsi256_ps(low))
        };
        i_add(a: I, b: I) -> I = _mm256_add_epi32(a, b);
        i_sub(a: I, b: I) -> I = _mm256_sub_epi32(a, b);
        i_mul(a: I, b: I) -> I = _mm256_mullo_epi32(a, b);
        i_div_s(a: I, b: I) -> I = divide!(a, b, f64_from_s, f64_to_s);
        i_div_u(a: I, b: I) -> I = divide!(a, b, f64_from_u, f64_to_u);
        i_rem_s(a: I, b: I) -> I = _mm256_andnot_si256(
            _mm256_cmpeq_epi32(b, _mm256_setzero_si256()),
            _mm256_sub_epi32(a, _mm256_mullo_epi32(self.i_div_s(a, b), b)),
        );
        i_rem_u(a: I, b: I) -> I = _mm256_andnot_si256(
            _mm256_cmpeq_epi32(b, _mm256_setzero_si256()),
            _mm256_sub_epi32(a, _mm256_mullo_epi32(self.i_div_u(a, b), b)),
        );
        i_and(a: I, b: I) -> I = _mm256_and_si256(a, b);
        i_or(a: I, b: I) -> I = _mm256_or_si256(a, b);
        i_xor(a: I, b: I) -> I = _mm256_xor_si256(a, b);
        i_shl(a: I, n: I) -> I = _mm256_sllv_epi32(a, _mm256_and_si256(n, _mm256_set1_epi32(31)));
        i_shr_s(a: I, n: I) -> I = _mm256_srav_epi32(a, _mm256_and_si256(n, _mm256_set1_epi32(31)));
        i_shr_u(a: I, n: I) -> I = _mm256_srlv_epi32(a, _mm256_and_si256(n, _mm256_set1_epi32(31)));
        i_min_s(a: I, b: I) -> I = _mm256_min_epi32(a, b);
        i_min_u(a: I, b: I) -> I = _mm256_min_epu32(a, b);
        i_max_s(a: I, b: I) -> I = _mm256_max_epi32(a, b);
        i_max_u(a: I, b: I) -> I = _mm256_max_epu32(a, b);
        i_abs_s(a: I) -> I = _mm256_abs_epi32(a);
        i_mul_hi_s(a: I, b: I) -> I = high_products!(a, b, _mm256_mul_epi32);
        i_mul_hi_u(a: I, b: I) -> I = high_products!(a, b, _mm256_mul_epu32);
        // The ones of each half of a byte from a table, then the bytes summed in pairs twice.
        i_count_ones(a: I) -> I = {
            let ones = table!(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
            let (low, high) = look_up_halves!(a, ones, ones);
            let pairs = _mm256_maddubs_epi16(_mm256_add_epi8(low, high), _mm256_set1_epi8(1));
            _mm256_madd_epi16(pairs, _mm256_set1_epi16(1))
        };
        i_swap_bytes(a: I) -> I = _mm256_shuffle_epi8(
            a, table!(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12),
        );
        // Each half of a byte reversed by a table that also moves it to the other half.
        i_reverse_bits(a: I) -> I = {
            let to_high = table!(0, -128, 64, -64, 32, -96, 96, -32, 16, -112, 80, -48, 48, -80, 112, -16);
            let to_low = table!(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
            let (low, high) = look_up_halves!(self.i_swap_bytes(a), to_high, to_low);
            _mm256_or_si256(low, high)
        };
        i_eq(a: I, b: I) -> M = mask!(_mm256_cmpeq_epi32(a, b));
        i_gt_s(a: I, b: I) -> M = mask!(_mm256_cmpgt_epi32(a, b));
        i_gt_u(a: I, b: I) -> M = mask!(_mm256_cmpgt_epi32(biased!(a), biased!(b)));
        i_select(m: M, a: I, b: I) -> I = _mm256_blendv_epi8(b, a, bits!(m));
        i_from_mask(m: M) -> I = _mm256_srli_epi32::<31>(bits!(m));
    }
}
