//! AVX-512 F, BW, CD, DQ and VL: 16 lanes, and masks in registers of their own.

use std::arch::x86_64::*;

use super::wide::{each_lane, wide_lanes};
use super::{Lanes, Level, intrinsic_ops, ops, steps, x86_avx2};

/// Proof that this machine has AVX-512 F, BW, CD, DQ and VL, and AVX2 and FMA beside them.
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

impl Avx512 {
    /// The token, where the machine has every feature of the level.
    #[inline]
    pub fn detect() -> Option<Self> {
        let all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512cd")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl");
        all.then_some(Avx512(()))
    }
}

const DOWN: i32 = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
const UP: i32 = _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC;
const EVEN: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
const CUT: i32 = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
/// `vrangeps`: the smaller or the larger with its own sign; ignores one quiet NaN, and -0.0 is less than 0.0.
const SMALLER: i32 = 0b0100;
const LARGER: i32 = 0b0101;
/// `vfixupimmps`, a nibble for each kind of `x` (low first: quiet NaN, signalling NaN, 0, 1, -inf, inf, negative,
/// positive): 0 keeps `y`, 2 is the NaN made quiet, 3 a NaN, 4 -inf, 5 inf.
const LN_ENDS: i32 = 0x0353_0422;

macro_rules! divide {
    ($a:ident, $b:ident, $to_f64:ident, $from_f64:ident) => {{
        let low = _mm512_div_pd($to_f64(_mm512_castsi512_si256($a)), $to_f64(_mm512_castsi512_si256($b)));
        let high = _mm512_div_pd(
            $to_f64(_mm512_extracti64x4_epi64::<1>($a)),
            $to_f64(_mm512_extracti64x4_epi64::<1>($b)),
        );
        let whole = _mm512_inserti64x4::<1>(_mm512_castsi256_si512($from_f64(low)), $from_f64(high));
        // Exact: two quotients of 32-bit integers that differ, differ by more than a double rounds away.
        _mm512_mask_mov_epi32(whole, _mm512_testn_epi32_mask($b, $b), $a)
    }};
}

/// The upper halves of the products of 32 bits, even places and odd ones apart.
macro_rules! high_products {
    ($a:ident, $b:ident, $multiply:ident) => {{
        let even = _mm512_srli_epi64::<32>($multiply($a, $b));
        let odd = $multiply(_mm512_srli_epi64::<32>($a), _mm512_srli_epi64::<32>($b));
        _mm512_mask_mov_epi32(even, 0xaaaa, odd)
    }};
}

/// What a table of 16 bytes holds for each low half and each high half of a byte.
macro_rules! look_up_halves {
    ($a:expr, $low:expr, $high:expr) => {{
        let (a, half) = ($a, _mm512_set1_epi8(15));
        let high = _mm512_and_si512(_mm512_srli_epi32::<4>(a), half);
        (_mm512_shuffle_epi8($low, _mm512_and_si512(a, half)), _mm512_shuffle_epi8($high, high))
    }};
}

/// A table of 16 bytes, in all four quarters of a register.
macro_rules! table {
    ($($entry:expr),*) => {
        _mm512_broadcast_i32x4(_mm_setr_epi8($($entry),*))
    };
}

macro_rules! loads {
    ($($name:ident, $part:ident, $of:ty, $out:ident, $load:ident, $part_load:ident;)*) => {$(
        #[inline(always)]
        fn $name(self, from: &[$of]) -> Self::$out {
            let from = &from[..Self::N];
            // SAFETY: the token proves AVX-512; the slice is `N` long; the load needs no alignment.
            unsafe { $load(from.as_ptr().cast()) }
        }
        #[inline(always)]
        fn $part(self, from: &[$of]) -> Self::$out {
            // SAFETY: the token proves AVX-512; lanes beyond the slice are masked, and a masked lane is not read.
            unsafe { $part_load(self.first(from.len()), from.as_ptr()) }
        }
    )*};
}

macro_rules! stores {
    ($($name:ident, $part:ident, $stream:ident, $of:ty, $x:ident, $store:ident, $part_store:ident, $past:ident;)*) => {$(
        #[inline(always)]
        fn $name(self, to: &mut [$of], x: Self::$x) {
            let to = &mut to[..Self::N];
            // SAFETY: the token proves AVX-512; the slice is `N` long; the store needs no alignment.
            unsafe { $store(to.as_mut_ptr().cast(), x) }
        }
        #[inline(always)]
        fn $part(self, to: &mut [$of], x: Self::$x) {
            // SAFETY: the token proves AVX-512; lanes beyond the slice are masked, and a masked lane is not written.
            unsafe { $part_store(to.as_mut_ptr(), self.first(to.len()), x) }
        }
        #[inline(always)]
        fn $stream(self, to: &mut [$of], x: Self::$x) {
            let to = &mut to[..Self::N];
            if !to.as_ptr().addr().is_multiple_of(64) {
                return self.$name(to, x);
            }
            // SAFETY: the token proves AVX-512; the slice is `N` long and aligned to 64. The caller closes with `fence`;
            // without it another thread may see the old values late, which it may anyway without a synchronisation.
            unsafe { $past(to.as_mut_ptr().cast(), x) }
        }
    )*};
}

/// `least`, or where that is NaN the one of `a` and `b` that is a number: `vrangeps` hands a signalling NaN on.
#[inline(always)]
fn number(least: __m512, a: __m512, b: __m512) -> __m512 {
    // SAFETY: called with vectors of a token's holder only, who has proved AVX-512.
    unsafe {
        let nan = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(least, least);
        if nan == 0 {
            return least;
        }
        let a_is_number = _mm512_cmp_ps_mask::<_CMP_ORD_Q>(a, a);
        _mm512_mask_mov_ps(_mm512_mask_mov_ps(least, nan, b), nan & a_is_number, a)
    }
}

impl Lanes for Avx512 {
    const N: usize = 16;
    const FMA: bool = true;
    const ODD_FREE: bool = true;
    const LEVEL: Level = Level::Avx512;
    type F = __m512;
    type I = __m512i;
    type M = __mmask16;
    wide_lanes!(16);

    #[inline(always)]
    fn first(self, n: usize) -> __mmask16 {
        ((1u32 << n.min(Self::N)) - 1) as __mmask16
    }
    #[inline(always)]
    fn m_splat(self, on: bool) -> __mmask16 {
        if on { !0 } else { 0 }
    }
    #[inline(always)]
    fn m_any(self, m: __mmask16) -> bool {
        m != 0
    }
    #[inline(always)]
    fn m_bits(self, m: __mmask16) -> u32 {
        m.into()
    }
    #[inline(always)]
    fn m_lane(self, m: __mmask16, i: usize) -> bool {
        (m >> i) & 1 == 1
    }
    #[inline(always)]
    fn f_splat(self, x: f32) -> __m512 {
        // SAFETY: the token proves AVX-512.
        unsafe { _mm512_set1_ps(x) }
    }
    #[inline(always)]
    fn i_splat(self, x: i32) -> __m512i {
        // SAFETY: the token proves AVX-512.
        unsafe { _mm512_set1_epi32(x) }
    }
    #[inline(always)]
    fn i_iota(self) -> __m512i {
        // SAFETY: the token proves AVX-512.
        unsafe { _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }
    }
    #[inline(always)]
    fn i_load_u8(self, from: &[u8]) -> __m512i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 16 bytes long; the load needs no alignment.
        unsafe { _mm512_cvtepu8_epi32(_mm_loadu_si128(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_look_up(self, table: &[u8; 256], at: __m512i) -> __m512i {
        let (quarters, _) = table.as_chunks::<64>();
        // SAFETY: the token proves AVX-512; each quarter is 64 bytes long; the loads need no alignment.
        unsafe {
            // The table as 64 words: four bits of an index choose a lane, one of two registers, and one of two pairs.
            let word = _mm512_srli_epi32::<2>(at);
            let low = _mm512_permutex2var_epi32(
                _mm512_loadu_si512(quarters[0].as_ptr().cast()),
                word,
                _mm512_loadu_si512(quarters[1].as_ptr().cast()),
            );
            let high = _mm512_permutex2var_epi32(
                _mm512_loadu_si512(quarters[2].as_ptr().cast()),
                word,
                _mm512_loadu_si512(quarters[3].as_ptr().cast()),
            );
            let is_high = _mm512_test_epi32_mask(at, _mm512_set1_epi32(128));
            let words = _mm512_mask_mov_epi32(low, is_high, high);
            let bits = _mm512_slli_epi32::<3>(_mm512_and_si512(at, _mm512_set1_epi32(3)));
            _mm512_and_si512(_mm512_srlv_epi32(words, bits), _mm512_set1_epi32(255))
        }
    }
    #[inline(always)]
    fn i_deinterleave(self, a: __m512i, b: __m512i) -> (__m512i, __m512i) {
        // SAFETY: the token proves AVX-512.
        unsafe {
            let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            let odd = _mm512_or_si512(even, _mm512_set1_epi32(1));
            (_mm512_permutex2var_epi32(a, even, b), _mm512_permutex2var_epi32(a, odd, b))
        }
    }
    #[inline(always)]
    fn i_store_u8(self, to: &mut [u8], x: __m512i) {
        let to = &mut to[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 16 bytes long; the store needs no alignment.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(x)) }
    }
    #[inline(always)]
    fn i_load_rgb(self, from: &[[u8; 3]]) -> __m512i {
        let (low, high) = from[..Self::N].split_at(Self::N / 2);
        // SAFETY: the token proves AVX-512, which includes AVX2; each half is 24 bytes long.
        unsafe {
            let (low, high) =
                (x86_avx2::load_rgb(low.as_ptr().cast()), x86_avx2::load_rgb(high.as_ptr().cast()));
            _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
        }
    }
    #[inline(always)]
    fn i_load_rgba(self, from: &[[u8; 4]]) -> __m512i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 64 bytes long; the load needs no alignment.
        unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
    }
    #[inline(always)]
    fn i_store_rgb(self, to: &mut [[u8; 3]], x: __m512i) {
        let (low, high) = to[..Self::N].split_at_mut(Self::N / 2);
        // SAFETY: the token proves AVX-512, which includes AVX2; each half is 24 bytes long.
        unsafe {
            x86_avx2::store_rgb(low.as_mut_ptr().cast(), _mm512_castsi512_si256(x));
            x86_avx2::store_rgb(high.as_mut_ptr().cast(), _mm512_extracti64x4_epi64::<1>(x));
        }
    }
    #[inline(always)]
    fn i_store_rgba(self, to: &mut [[u8; 4]], x: __m512i) {
        let to = &mut to[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 64 bytes long; the store needs no alignment.
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), x) }
    }
    #[inline(always)]
    fn i_load_i8(self, from: &[i8]) -> __m512i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 16 bytes long; the load needs no alignment.
        unsafe { _mm512_cvtepi8_epi32(_mm_loadu_si128(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_load_u16(self, from: &[u16]) -> __m512i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 32 bytes long; the load needs no alignment.
        unsafe { _mm512_cvtepu16_epi32(_mm256_loadu_si256(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_load_i16(self, from: &[i16]) -> __m512i {
        let from = &from[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 32 bytes long; the load needs no alignment.
        unsafe { _mm512_cvtepi16_epi32(_mm256_loadu_si256(from.as_ptr().cast())) }
    }
    #[inline(always)]
    fn i_store_u16(self, to: &mut [u16], x: __m512i) {
        let to = &mut to[..Self::N];
        // SAFETY: the token proves AVX-512; the slice is 32 bytes long; the store needs no alignment.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), _mm512_cvtepi32_epi16(x)) }
    }
    #[inline(always)]
    fn f_gather(self, from: &[f32], at: __m512i, m: __mmask16) -> __m512 {
        if from.is_empty() {
            return self.f_splat(0.0);
        }
        let (m, at) = steps::gather_places(self, from.len(), at, m);
        let middle = from.as_ptr().wrapping_add(1 << 31);
        // SAFETY: the token proves AVX-512; the lanes left in `m` lie inside the slice, and a masked lane is not read.
        unsafe { _mm512_mask_i32gather_ps::<4>(_mm512_setzero_ps(), m, at, middle) }
    }
    #[inline(always)]
    fn f_gather_low(self, from: &[f32], at: __m512i, low: u32) -> __m512 {
        assert!(from.len() > low as usize && low <= i32::MAX as u32, "a mask for {} elements", from.len());
        let at = self.i_and(at, self.i_splat(low as i32));
        // SAFETY: the token proves AVX-512; no lane of `at` is negative or above `low`, which is below the length.
        unsafe { _mm512_i32gather_ps::<4>(at, from.as_ptr().cast()) }
    }
    #[inline(always)]
    fn i_gather_low(self, from: &[i32], at: __m512i, low: u32) -> __m512i {
        self.f_to_bits(self.f_gather_low(bytemuck::must_cast_slice(from), at, low))
    }
    #[inline(always)]
    fn i_gather(self, from: &[i32], at: __m512i, m: __mmask16) -> __m512i {
        self.f_to_bits(self.f_gather(bytemuck::must_cast_slice(from), at, m))
    }
    loads! {
        f_load, f_load_part, f32, F, _mm512_loadu_ps, _mm512_maskz_loadu_ps;
        i_load, i_load_part, i32, I, _mm512_loadu_epi32, _mm512_maskz_loadu_epi32;
    }
    stores! {
        f_store, f_store_part, f_stream, f32, F, _mm512_storeu_ps, _mm512_mask_storeu_ps, _mm512_stream_ps;
        i_store, i_store_part, i_stream, i32, I, _mm512_storeu_epi32, _mm512_mask_storeu_epi32, _mm512_stream_si512;
    }
    #[inline(always)]
    fn fence(self) {
        // SAFETY: every x86-64 has it.
        unsafe { _mm_sfence() }
    }
    #[inline(always)]
    fn f_sum_lanes(self, a: __m512) -> f32 {
        // SAFETY: the token proves AVX-512 and AVX2.
        unsafe {
            x86_avx2::sum_lanes(_mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a)))
        }
    }
    #[inline(always)]
    fn mul_add(self, a: f32, b: f32, c: f32) -> f32 {
        // SAFETY: the token proves FMA.
        unsafe { x86_avx2::mul_add(a, b, c) }
    }

    ops! { self;
        f_rem(a: F, b: F) -> F = steps::rem(self, a, b);
        m_and(a: M, b: M) -> M = a & b;
        m_or(a: M, b: M) -> M = a | b;
        m_xor(a: M, b: M) -> M = a ^ b;
        m_not(a: M) -> M = !a;
        i_trailing_zeros(a: I) -> I = steps::trailing_zeros(self, a);
        i_not(a: I) -> I = self.i_xor(a, self.i_splat(-1));
        i_neg(a: I) -> I = self.i_sub(self.i_splat(0), a);
        f_neg(a: F) -> F = self.f_from_bits(self.i_xor(self.f_to_bits(a), self.i_splat(i32::MIN)));
    }
    intrinsic_ops! { self;
        f_add(a: F, b: F) -> F = _mm512_add_ps(a, b);
        f_sub(a: F, b: F) -> F = _mm512_sub_ps(a, b);
        f_mul(a: F, b: F) -> F = _mm512_mul_ps(a, b);
        f_div(a: F, b: F) -> F = _mm512_div_ps(a, b);
        f_abs(a: F) -> F = _mm512_abs_ps(a);
        f_sqrt(a: F) -> F = _mm512_sqrt_ps(a);
        f_floor(a: F) -> F = _mm512_roundscale_ps::<DOWN>(a);
        f_ceil(a: F) -> F = _mm512_roundscale_ps::<UP>(a);
        f_trunc(a: F) -> F = _mm512_roundscale_ps::<CUT>(a);
        // The float before 0.5 with the sign of `a`: half itself would carry 0.49999997 to 1.
        f_round(a: F) -> F = self.f_trunc(_mm512_add_ps(a, _mm512_or_ps(
            _mm512_and_ps(a, _mm512_set1_ps(-0.0)), _mm512_set1_ps(0.5f32.next_down()),
        )));
        f_round_ties_even(a: F) -> F = _mm512_roundscale_ps::<EVEN>(a);
        f_min(a: F, b: F) -> F = number(_mm512_range_ps::<SMALLER>(a, b), a, b);
        f_max(a: F, b: F) -> F = number(_mm512_range_ps::<LARGER>(a, b), a, b);
        f_lesser(a: F, b: F) -> F = _mm512_min_ps(a, b);
        f_greater(a: F, b: F) -> F = _mm512_max_ps(a, b);
        f_mul_add(a: F, b: F, c: F) -> F = _mm512_fmadd_ps(a, b, c);
        f_mul_sub(a: F, b: F, c: F) -> F = _mm512_fmsub_ps(a, b, c);
        f_neg_mul_add(a: F, b: F, c: F) -> F = _mm512_fnmadd_ps(a, b, c);
        f_eq(a: F, b: F) -> M = _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b);
        f_ne(a: F, b: F) -> M = _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(a, b);
        f_lt(a: F, b: F) -> M = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b);
        f_le(a: F, b: F) -> M = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(a, b);
        f_gt(a: F, b: F) -> M = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b);
        f_ge(a: F, b: F) -> M = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(a, b);
        f_select(m: M, a: F, b: F) -> F = _mm512_mask_blend_ps(m, b, a);
        f_to_bits(a: F) -> I = _mm512_castps_si512(a);
        f_from_bits(a: I) -> F = _mm512_castsi512_ps(a);
        f_to_s(a: F) -> I = {
            let is_number = _mm512_cmp_ps_mask::<_CMP_ORD_Q>(a, a);
            let over = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(a, _mm512_set1_ps(2_147_483_648.0));
            let whole = _mm512_maskz_cvttps_epi32(is_number, a);
            _mm512_mask_mov_epi32(whole, over, _mm512_set1_epi32(i32::MAX))
        };
        // `vmaxps` gives its second operand for NaN; what is too large converts to all ones.
        f_to_u(a: F) -> I = _mm512_cvttps_epu32(_mm512_max_ps(a, _mm512_setzero_ps()));
        // Of a NaN and 0 `vmaxps` gives the second.
        f_to_u8(a: F) -> I = _mm512_cvttps_epi32(
            _mm512_min_ps(_mm512_max_ps(a, _mm512_setzero_ps()), _mm512_set1_ps(255.0)),
        );
        f_from_s(a: I) -> F = _mm512_cvtepi32_ps(a);
        f_from_u(a: I) -> F = _mm512_cvtepu32_ps(a);
        f_scale(a: F, n: F) -> F = _mm512_scalef_ps(a, n);
        f_mantissa(a: F) -> F = _mm512_getmant_ps::<_MM_MANT_NORM_P75_1P5, _MM_MANT_SIGN_ZERO>(a);
        // The exponent of `a` is one too small where the mantissa begins at 1.5, and stands as 0.75.
        f_exponent(a: F) -> F = _mm512_sub_ps(_mm512_getexp_ps(a), _mm512_getexp_ps(self.f_mantissa(a)));
        f_ln_ends(y: F, x: F) -> F = _mm512_fixupimm_ps::<0>(y, x, _mm512_set1_epi32(LN_ENDS));
        i_add(a: I, b: I) -> I = _mm512_add_epi32(a, b);
        i_sub(a: I, b: I) -> I = _mm512_sub_epi32(a, b);
        i_mul(a: I, b: I) -> I = _mm512_mullo_epi32(a, b);
        i_div_s(a: I, b: I) -> I = divide!(a, b, _mm512_cvtepi32_pd, _mm512_cvttpd_epi32);
        i_div_u(a: I, b: I) -> I = divide!(a, b, _mm512_cvtepu32_pd, _mm512_cvttpd_epu32);
        i_rem_s(a: I, b: I) -> I = _mm512_maskz_sub_epi32(
            _mm512_test_epi32_mask(b, b), a, _mm512_mullo_epi32(self.i_div_s(a, b), b),
        );
        i_rem_u(a: I, b: I) -> I = _mm512_maskz_sub_epi32(
            _mm512_test_epi32_mask(b, b), a, _mm512_mullo_epi32(self.i_div_u(a, b), b),
        );
        i_and(a: I, b: I) -> I = _mm512_and_si512(a, b);
        i_or(a: I, b: I) -> I = _mm512_or_si512(a, b);
        i_xor(a: I, b: I) -> I = _mm512_xor_si512(a, b);
        i_shl(a: I, n: I) -> I = _mm512_sllv_epi32(a, _mm512_and_si512(n, _mm512_set1_epi32(31)));
        i_shr_s(a: I, n: I) -> I = _mm512_srav_epi32(a, _mm512_and_si512(n, _mm512_set1_epi32(31)));
        i_shr_u(a: I, n: I) -> I = _mm512_srlv_epi32(a, _mm512_and_si512(n, _mm512_set1_epi32(31)));
        i_min_s(a: I, b: I) -> I = _mm512_min_epi32(a, b);
        i_min_u(a: I, b: I) -> I = _mm512_min_epu32(a, b);
        i_max_s(a: I, b: I) -> I = _mm512_max_epi32(a, b);
        i_max_u(a: I, b: I) -> I = _mm512_max_epu32(a, b);
        i_abs_s(a: I) -> I = _mm512_abs_epi32(a);
        i_mul_hi_s(a: I, b: I) -> I = high_products!(a, b, _mm512_mul_epi32);
        i_mul_hi_u(a: I, b: I) -> I = high_products!(a, b, _mm512_mul_epu32);
        i_rotate_left(a: I, n: I) -> I = _mm512_rolv_epi32(a, n);
        i_rotate_right(a: I, n: I) -> I = _mm512_rorv_epi32(a, n);
        // The ones of each half of a byte from a table, then the bytes summed in pairs twice.
        i_count_ones(a: I) -> I = {
            let ones = table!(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
            let (low, high) = look_up_halves!(a, ones, ones);
            let pairs = _mm512_maddubs_epi16(_mm512_add_epi8(low, high), _mm512_set1_epi8(1));
            _mm512_madd_epi16(pairs, _mm512_set1_epi16(1))
        };
        i_leading_zeros(a: I) -> I = _mm512_lzcnt_epi32(a);
        i_swap_bytes(a: I) -> I = _mm512_shuffle_epi8(
            a, table!(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12),
        );
        // Each half of a byte reversed by a table that also moves it to the other half.
        i_reverse_bits(a: I) -> I = {
            let to_high = table!(0, -128, 64, -64, 32, -96, 96, -32, 16, -112, 80, -48, 48, -80, 112, -16);
            let to_low = table!(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
            let (low, high) = look_up_halves!(self.i_swap_bytes(a), to_high, to_low);
            _mm512_or_si512(low, high)
        };
        i_eq(a: I, b: I) -> M = _mm512_cmpeq_epi32_mask(a, b);
        i_ne(a: I, b: I) -> M = _mm512_cmpneq_epi32_mask(a, b);
        i_lt_s(a: I, b: I) -> M = _mm512_cmplt_epi32_mask(a, b);
        i_lt_u(a: I, b: I) -> M = _mm512_cmplt_epu32_mask(a, b);
        i_le_s(a: I, b: I) -> M = _mm512_cmple_epi32_mask(a, b);
        i_le_u(a: I, b: I) -> M = _mm512_cmple_epu32_mask(a, b);
        i_gt_s(a: I, b: I) -> M = _mm512_cmpgt_epi32_mask(a, b);
        i_gt_u(a: I, b: I) -> M = _mm512_cmpgt_epu32_mask(a, b);
        i_ge_s(a: I, b: I) -> M = _mm512_cmpge_epi32_mask(a, b);
        i_ge_u(a: I, b: I) -> M = _mm512_cmpge_epu32_mask(a, b);
        i_select(m: M, a: I, b: I) -> I = _mm512_mask_blend_epi32(m, b, a);
        i_from_mask(m: M) -> I = _mm512_maskz_set1_epi32(m, 1);
    }
}
