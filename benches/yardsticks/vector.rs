//! What hand-written loops are made of: registers of two instruction sets, and two of them to a vector.
//!
//! Written apart from the library's lanes on purpose: a flaw that both share would not show. `unsafe` stands here for the
//! intrinsics and for calling what carries target features; the library's users need none of it.

use std::arch::x86_64::*;

/// What the loops need of a register, or of a pair of them.
pub trait Vector: Copy {
    const N: usize;
    type F: Copy;
    type U: Copy;
    type M: Copy;
    fn splat(self, x: f32) -> Self::F;
    fn splat_u(self, x: u32) -> Self::U;
    fn load(self, from: &[f32]) -> Self::F;
    fn store(self, to: &mut [f32], x: Self::F);
    fn store_u(self, to: &mut [u32], x: Self::U);
    fn add(self, a: Self::F, b: Self::F) -> Self::F;
    fn sub(self, a: Self::F, b: Self::F) -> Self::F;
    fn mul(self, a: Self::F, b: Self::F) -> Self::F;
    fn div(self, a: Self::F, b: Self::F) -> Self::F;
    fn fma(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    fn sqrt(self, a: Self::F) -> Self::F;
    fn abs(self, a: Self::F) -> Self::F;
    fn bits(self, a: Self::F) -> Self::U;
    fn float(self, a: Self::U) -> Self::F;
    fn add_u(self, a: Self::U, b: Self::U) -> Self::U;
    fn sub_u(self, a: Self::U, b: Self::U) -> Self::U;
    fn shl23(self, a: Self::U) -> Self::U;
    fn shr23(self, a: Self::U) -> Self::U;
    fn shl30(self, a: Self::U) -> Self::U;
    fn shl31(self, a: Self::U) -> Self::U;
    fn and_u(self, a: Self::U, b: Self::U) -> Self::U;
    fn xor_u(self, a: Self::U, b: Self::U) -> Self::U;
    fn floor(self, a: Self::F) -> Self::F;
    /// Of whole numbers that an `i32` can hold.
    fn whole(self, a: Self::F) -> Self::U;
    /// `table[a & 255]`.
    fn look_up(self, table: &[u32; 256], a: Self::U) -> Self::U;
    fn eq_u(self, a: Self::U, b: Self::U) -> Self::M;
    /// As signed numbers.
    fn lt_u(self, a: Self::U, b: Self::U) -> Self::M;
    fn lt(self, a: Self::F, b: Self::F) -> Self::M;
    fn le(self, a: Self::F, b: Self::F) -> Self::M;
    fn and(self, a: Self::M, b: Self::M) -> Self::M;
    fn any(self, a: Self::M) -> bool;
    fn select(self, m: Self::M, a: Self::F, b: Self::F) -> Self::F;
    fn select_u(self, m: Self::M, a: Self::U, b: Self::U) -> Self::U;
}

/// One instruction set: the kinds of registers, then each operation as the intrinsic that does it.
macro_rules! registers {
    ($name:ident, $n:literal, $f:ty, $u:ty, $m:ty, $($op:ident($($arg:ident: $type:ty),*) $(-> $out:ty)? = $body:expr;)*) => {
        #[derive(Clone, Copy)]
        pub struct $name;
        impl Vector for $name {
            const N: usize = $n;
            type F = $f;
            type U = $u;
            type M = $m;
            $(
                #[inline(always)]
                fn $op(self, $($arg: $type),*) $(-> $out)? {
                    // SAFETY: only `levels!` uses this type, inside functions that carry the features;
                    // slices are cut to the register's length before their pointer is taken, and places in a
                    // table of 256 are below 256.
                    unsafe { $body }
                }
            )*
        }
    };
}

registers! { Avx2, 8, __m256, __m256i, __m256,
    splat(x: f32) -> __m256 = _mm256_set1_ps(x);
    splat_u(x: u32) -> __m256i = _mm256_set1_epi32(x as i32);
    load(from: &[f32]) -> __m256 = _mm256_loadu_ps(from[..8].as_ptr());
    store(to: &mut [f32], x: __m256) = _mm256_storeu_ps(to[..8].as_mut_ptr(), x);
    store_u(to: &mut [u32], x: __m256i) = _mm256_storeu_si256(to[..8].as_mut_ptr().cast(), x);
    add(a: __m256, b: __m256) -> __m256 = _mm256_add_ps(a, b);
    sub(a: __m256, b: __m256) -> __m256 = _mm256_sub_ps(a, b);
    mul(a: __m256, b: __m256) -> __m256 = _mm256_mul_ps(a, b);
    div(a: __m256, b: __m256) -> __m256 = _mm256_div_ps(a, b);
    fma(a: __m256, b: __m256, c: __m256) -> __m256 = _mm256_fmadd_ps(a, b, c);
    sqrt(a: __m256) -> __m256 = _mm256_sqrt_ps(a);
    abs(a: __m256) -> __m256 = _mm256_andnot_ps(_mm256_set1_ps(-0.0), a);
    bits(a: __m256) -> __m256i = _mm256_castps_si256(a);
    float(a: __m256i) -> __m256 = _mm256_castsi256_ps(a);
    add_u(a: __m256i, b: __m256i) -> __m256i = _mm256_add_epi32(a, b);
    sub_u(a: __m256i, b: __m256i) -> __m256i = _mm256_sub_epi32(a, b);
    shl23(a: __m256i) -> __m256i = _mm256_slli_epi32::<23>(a);
    shr23(a: __m256i) -> __m256i = _mm256_srli_epi32::<23>(a);
    shl30(a: __m256i) -> __m256i = _mm256_slli_epi32::<30>(a);
    shl31(a: __m256i) -> __m256i = _mm256_slli_epi32::<31>(a);
    and_u(a: __m256i, b: __m256i) -> __m256i = _mm256_and_si256(a, b);
    xor_u(a: __m256i, b: __m256i) -> __m256i = _mm256_xor_si256(a, b);
    floor(a: __m256) -> __m256 = _mm256_floor_ps(a);
    whole(a: __m256) -> __m256i = _mm256_cvttps_epi32(a);
    look_up(table: &[u32; 256], a: __m256i) -> __m256i = {
        let at = _mm256_and_si256(a, _mm256_set1_epi32(255));
        _mm256_i32gather_epi32::<4>(table.as_ptr().cast(), at)
    };
    eq_u(a: __m256i, b: __m256i) -> __m256 = _mm256_castsi256_ps(_mm256_cmpeq_epi32(a, b));
    lt_u(a: __m256i, b: __m256i) -> __m256 = _mm256_castsi256_ps(_mm256_cmpgt_epi32(b, a));
    lt(a: __m256, b: __m256) -> __m256 = _mm256_cmp_ps::<_CMP_LT_OQ>(a, b);
    le(a: __m256, b: __m256) -> __m256 = _mm256_cmp_ps::<_CMP_LE_OQ>(a, b);
    and(a: __m256, b: __m256) -> __m256 = _mm256_and_ps(a, b);
    any(a: __m256) -> bool = _mm256_movemask_ps(a) != 0;
    select(m: __m256, a: __m256, b: __m256) -> __m256 = _mm256_blendv_ps(b, a, m);
    select_u(m: __m256, a: __m256i, b: __m256i) -> __m256i = _mm256_blendv_epi8(b, a, _mm256_castps_si256(m));
}

registers! { Avx512, 16, __m512, __m512i, __mmask16,
    splat(x: f32) -> __m512 = _mm512_set1_ps(x);
    splat_u(x: u32) -> __m512i = _mm512_set1_epi32(x as i32);
    load(from: &[f32]) -> __m512 = _mm512_loadu_ps(from[..16].as_ptr());
    store(to: &mut [f32], x: __m512) = _mm512_storeu_ps(to[..16].as_mut_ptr(), x);
    store_u(to: &mut [u32], x: __m512i) = _mm512_storeu_si512(to[..16].as_mut_ptr().cast(), x);
    add(a: __m512, b: __m512) -> __m512 = _mm512_add_ps(a, b);
    sub(a: __m512, b: __m512) -> __m512 = _mm512_sub_ps(a, b);
    mul(a: __m512, b: __m512) -> __m512 = _mm512_mul_ps(a, b);
    div(a: __m512, b: __m512) -> __m512 = _mm512_div_ps(a, b);
    fma(a: __m512, b: __m512, c: __m512) -> __m512 = _mm512_fmadd_ps(a, b, c);
    sqrt(a: __m512) -> __m512 = _mm512_sqrt_ps(a);
    abs(a: __m512) -> __m512 = _mm512_abs_ps(a);
    bits(a: __m512) -> __m512i = _mm512_castps_si512(a);
    float(a: __m512i) -> __m512 = _mm512_castsi512_ps(a);
    add_u(a: __m512i, b: __m512i) -> __m512i = _mm512_add_epi32(a, b);
    sub_u(a: __m512i, b: __m512i) -> __m512i = _mm512_sub_epi32(a, b);
    shl23(a: __m512i) -> __m512i = _mm512_slli_epi32::<23>(a);
    shr23(a: __m512i) -> __m512i = _mm512_srli_epi32::<23>(a);
    shl30(a: __m512i) -> __m512i = _mm512_slli_epi32::<30>(a);
    shl31(a: __m512i) -> __m512i = _mm512_slli_epi32::<31>(a);
    and_u(a: __m512i, b: __m512i) -> __m512i = _mm512_and_si512(a, b);
    xor_u(a: __m512i, b: __m512i) -> __m512i = _mm512_xor_si512(a, b);
    floor(a: __m512) -> __m512 = _mm512_roundscale_ps::<_MM_FROUND_TO_NEG_INF>(a);
    whole(a: __m512) -> __m512i = _mm512_cvttps_epi32(a);
    look_up(table: &[u32; 256], a: __m512i) -> __m512i = {
        let at = _mm512_and_si512(a, _mm512_set1_epi32(255));
        _mm512_i32gather_epi32::<4>(at, table.as_ptr().cast())
    };
    eq_u(a: __m512i, b: __m512i) -> __mmask16 = _mm512_cmpeq_epi32_mask(a, b);
    lt_u(a: __m512i, b: __m512i) -> __mmask16 = _mm512_cmplt_epi32_mask(a, b);
    lt(a: __m512, b: __m512) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b);
    le(a: __m512, b: __m512) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(a, b);
    and(a: __mmask16, b: __mmask16) -> __mmask16 = _kand_mask16(a, b);
    any(a: __mmask16) -> bool = _kortestz_mask16_u8(a, a) == 0;
    select(m: __mmask16, a: __m512, b: __m512) -> __m512 = _mm512_mask_blend_ps(m, b, a);
    select_u(m: __mmask16, a: __m512i, b: __m512i) -> __m512i = _mm512_mask_blend_epi32(m, b, a);
}

/// Two registers as one vector: twice the independent work in flight.
#[derive(Clone, Copy)]
pub struct Two<V>(pub V);

macro_rules! twice {
    ($($op:ident($($arg:ident: $kind:ident),*) -> $out:ident;)*) => {$(
        #[inline(always)]
        fn $op(self, $($arg: Self::$kind),*) -> Self::$out {
            (self.0.$op($($arg.0),*), self.0.$op($($arg.1),*))
        }
    )*};
}

impl<V: Vector> Vector for Two<V> {
    const N: usize = 2 * V::N;
    type F = (V::F, V::F);
    type U = (V::U, V::U);
    type M = (V::M, V::M);
    #[inline(always)]
    fn splat(self, x: f32) -> Self::F {
        (self.0.splat(x), self.0.splat(x))
    }
    #[inline(always)]
    fn splat_u(self, x: u32) -> Self::U {
        (self.0.splat_u(x), self.0.splat_u(x))
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::F {
        (self.0.load(from), self.0.load(&from[V::N..]))
    }
    #[inline(always)]
    fn store(self, to: &mut [f32], x: Self::F) {
        self.0.store(&mut to[..V::N], x.0);
        self.0.store(&mut to[V::N..], x.1);
    }
    #[inline(always)]
    fn store_u(self, to: &mut [u32], x: Self::U) {
        self.0.store_u(&mut to[..V::N], x.0);
        self.0.store_u(&mut to[V::N..], x.1);
    }
    #[inline(always)]
    fn look_up(self, table: &[u32; 256], a: Self::U) -> Self::U {
        (self.0.look_up(table, a.0), self.0.look_up(table, a.1))
    }
    #[inline(always)]
    fn any(self, a: Self::M) -> bool {
        self.0.any(a.0) | self.0.any(a.1)
    }
    twice! {
        add(a: F, b: F) -> F;
        sub(a: F, b: F) -> F;
        mul(a: F, b: F) -> F;
        div(a: F, b: F) -> F;
        fma(a: F, b: F, c: F) -> F;
        sqrt(a: F) -> F;
        abs(a: F) -> F;
        bits(a: F) -> U;
        float(a: U) -> F;
        add_u(a: U, b: U) -> U;
        sub_u(a: U, b: U) -> U;
        shl23(a: U) -> U;
        shr23(a: U) -> U;
        shl30(a: U) -> U;
        shl31(a: U) -> U;
        and_u(a: U, b: U) -> U;
        xor_u(a: U, b: U) -> U;
        floor(a: F) -> F;
        whole(a: F) -> U;
        eq_u(a: U, b: U) -> M;
        lt_u(a: U, b: U) -> M;
        lt(a: F, b: F) -> M;
        le(a: F, b: F) -> M;
        and(a: M, b: M) -> M;
        select(m: M, a: F, b: F) -> F;
        select_u(m: M, a: U, b: U) -> U;
    }
}

/// Whether this machine has AVX2 and FMA.
pub fn avx2_is_here() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

/// Whether this machine has AVX-512, the parts that the loops use.
pub fn avx512_is_here() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512bw")
}

/// Modules `avx2` and `avx512` with loops that are generic over [`Vector`], as plain functions that ask the machine first.
macro_rules! levels {
    (@module $module:ident, $token:ident, $features:literal, $here:ident, $(
        $(#[doc = $doc:literal])* fn $name:ident($($arg:ident: $type:ty),*) = $body:ident;
    )*) => {
        pub mod $module {
            use super::*;
            $(
                $(#[doc = $doc])*
                pub fn $name($($arg: $type),*) {
                    #[target_feature(enable = $features)]
                    #[inline(never)]
                    fn here($($arg: $type),*) {
                        $body($crate::vector::Two($crate::vector::$token), $($arg),*);
                    }
                    assert!($crate::vector::$here());
                    // SAFETY: the features were detected.
                    unsafe { here($($arg),*) }
                }
            )*
        }
    };
    ($($functions:tt)*) => {
        levels! { @module avx2, Avx2, "avx2,fma", avx2_is_here, $($functions)* }
        levels! { @module avx512, Avx512, "avx2,fma,avx512f,avx512vl,avx512dq,avx512bw", avx512_is_here, $($functions)* }
    };
}
