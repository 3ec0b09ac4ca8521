//! The same work by hand: `core::arch` intrinsics, two registers to a vector, loops without a launch around them.
//!
//! Written apart from the library's lanes on purpose: a flaw that both share would not show. `unsafe` stands here for the
//! intrinsics and for calling what carries target features; the library's users need none of it.

use std::arch::x86_64::*;

/// What the loops need of a register, or of a pair of them.
trait Vector: Copy {
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
        struct $name;
        impl Vector for $name {
            const N: usize = $n;
            type F = $f;
            type U = $u;
            type M = $m;
            $(
                #[inline(always)]
                fn $op(self, $($arg: $type),*) $(-> $out)? {
                    // SAFETY: only `avx2` and `avx512` below use this type, inside functions that carry the features;
                    // slices are cut to the register's length before their pointer is taken.
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
    lt(a: __m512, b: __m512) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b);
    le(a: __m512, b: __m512) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(a, b);
    and(a: __mmask16, b: __mmask16) -> __mmask16 = _kand_mask16(a, b);
    any(a: __mmask16) -> bool = _kortestz_mask16_u8(a, a) == 0;
    select(m: __mmask16, a: __m512, b: __m512) -> __m512 = _mm512_mask_blend_ps(m, b, a);
    select_u(m: __mmask16, a: __m512i, b: __m512i) -> __m512i = _mm512_mask_blend_epi32(m, b, a);
}

/// Two registers as one vector: twice the independent work in flight.
#[derive(Clone, Copy)]
struct Two<V>(V);

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
        lt(a: F, b: F) -> M;
        le(a: F, b: F) -> M;
        and(a: M, b: M) -> M;
        select(m: M, a: F, b: F) -> F;
        select_u(m: M, a: U, b: U) -> U;
    }
}

/// Adding it leaves a small float's whole part in the low bits: 1.5 * 2^23.
const MAGIC: f32 = 12_582_912.0;

/// `highest * x^n + … + lowest`.
#[inline(always)]
fn polynomial<V: Vector, const N: usize>(v: V, x: V::F, highest: f32, rest: [f32; N]) -> V::F {
    let mut sum = v.splat(highest);
    let mut i = 0;
    while i < N {
        sum = v.fma(sum, x, v.splat(rest[i]));
        i += 1;
    }
    sum
}

/// `exp`, for arguments whose result is a normal number (Cephes' polynomial).
#[inline(always)]
fn exp<V: Vector>(v: V, x: V::F) -> V::F {
    let shifted = v.add(v.mul(x, v.splat(std::f32::consts::LOG2_E)), v.splat(MAGIC));
    let n = v.sub(shifted, v.splat(MAGIC));
    let r = v.fma(n, v.splat(2.121_944_4e-4), v.fma(n, v.splat(-0.693_359_4), x));
    let p =
        polynomial(v, r, 1.987_569_1e-4, [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5]);
    let y = v.add(v.fma(v.mul(r, r), p, r), v.splat(1.0));
    v.mul(y, v.float(v.shl23(v.add_u(v.bits(shifted), v.splat_u(127u32.wrapping_sub(MAGIC.to_bits()))))))
}

/// `ln`, for normal numbers (Cephes' polynomial).
#[inline(always)]
fn ln<V: Vector>(v: V, x: V::F) -> V::F {
    const REST: [f32; 8] = [
        -0.115_146_1,
        0.116_769_984,
        -0.124_201_41,
        0.142_493_23,
        -0.166_680_58,
        0.200_007_14,
        -0.249_999_94,
        0.333_333_3,
    ];
    let bits = v.bits(x);
    let exponent = v.shr23(v.add_u(bits, v.splat_u(0x004a_fb0d)));
    let m = v.float(v.sub_u(bits, v.shl23(v.add_u(exponent, v.splat_u(0u32.wrapping_sub(127))))));
    let e = v.sub(v.float(v.add_u(exponent, v.splat_u(MAGIC.to_bits()))), v.splat(MAGIC + 127.0));
    let f = v.sub(m, v.splat(1.0));
    let z = v.mul(f, f);
    let y = v.mul(v.mul(f, z), polynomial(v, f, 7.037_683_6e-2, REST));
    let y = v.fma(z, v.splat(-0.5), v.fma(e, v.splat(-2.121_944_4e-4), y));
    v.fma(e, v.splat(0.693_359_4), v.add(f, y))
}

#[inline(always)]
fn cnd<V: Vector>(v: V, d: V::F) -> V::F {
    let l = v.abs(d);
    let k = v.div(v.splat(1.0), v.fma(l, v.splat(0.231_641_9), v.splat(1.0)));
    let p = polynomial(v, k, 1.330_274_5, [-1.821_255_9, 1.781_477_9, -0.356_563_78, 0.319_381_54]);
    let density = v.mul(v.splat(0.398_942_3), exp(v, v.mul(v.mul(l, l), v.splat(-0.5))));
    let w = v.mul(density, v.mul(p, k));
    v.select(v.lt(d, v.splat(0.0)), w, v.sub(v.splat(1.0), w))
}

/// The arguments of a Black–Scholes loop.
pub struct Options<'a> {
    pub spot: &'a [f32],
    pub strike: &'a [f32],
    pub time: &'a [f32],
    pub rate: f32,
    pub volatility: f32,
}

#[inline(always)]
fn black_scholes_loop<V: Vector>(v: V, options: &Options<'_>, call: &mut [f32], put: &mut [f32]) {
    let Options { spot, strike, time, rate, volatility } = *options;
    let n = call.len();
    let (spot, strike, time, put) = (&spot[..n], &strike[..n], &time[..n], &mut put[..n]);
    let (vol, drift, rate) =
        (v.splat(volatility), v.splat(rate + volatility * volatility * 0.5), v.splat(-rate));
    let one = v.splat(1.0);
    assert_eq!(n % V::N, 0);
    let mut i = 0;
    while i < n {
        let (s, x, t) = (v.load(&spot[i..]), v.load(&strike[i..]), v.load(&time[i..]));
        let root = v.mul(v.sqrt(t), vol);
        let d1 = v.div(v.fma(t, drift, ln(v, v.div(s, x))), root);
        let d2 = v.sub(d1, root);
        let discounted = v.mul(x, exp(v, v.mul(t, rate)));
        let (n1, n2) = (cnd(v, d1), cnd(v, d2));
        v.store(&mut call[i..], v.sub(v.mul(s, n1), v.mul(discounted, n2)));
        v.store(&mut put[i..], v.sub(v.mul(discounted, v.sub(one, n2)), v.mul(s, v.sub(one, n1))));
        i += V::N;
    }
}

#[inline(always)]
fn axpy_loop<V: Vector>(v: V, a: f32, x: &[f32], y: &mut [f32]) {
    let n = y.len();
    let (x, a) = (&x[..n], v.splat(a));
    assert_eq!(n % V::N, 0);
    let mut i = 0;
    while i < n {
        let z = v.fma(a, v.load(&x[i..]), v.load(&y[i..]));
        v.store(&mut y[i..], z);
        i += V::N;
    }
}

/// The arguments of a Mandelbrot loop: where the first place stands, and how far its neighbours.
#[derive(Clone, Copy)]
pub struct Plane {
    pub width: usize,
    pub x0: f32,
    pub y0: f32,
    pub dx: f32,
    pub dy: f32,
    pub limit: u32,
}

/// `columns` holds 0, 1, 2, … as floats.
#[inline(always)]
fn mandelbrot_loop<V: Vector>(v: V, plane: Plane, columns: &[f32], out: &mut [u32]) {
    let Plane { width, x0, y0, dx, dy, limit } = plane;
    let (one, four) = (v.splat_u(1), v.splat(4.0));
    assert_eq!(width % V::N, 0);
    for (row, out) in out.chunks_exact_mut(width).enumerate() {
        let c_im = v.splat(row as f32 * dy + y0);
        let mut i = 0;
        while i < width {
            let c_re = v.add(v.mul(v.load(&columns[i..]), v.splat(dx)), v.splat(x0));
            let (mut re, mut im, mut count) = (v.splat(0.0), v.splat(0.0), v.splat_u(0));
            let mut active = v.le(re, four);
            let mut turn = 0;
            while turn < limit {
                let (re2, im2) = (v.mul(re, re), v.mul(im, im));
                active = v.and(active, v.le(v.add(re2, im2), four));
                if !v.any(active) {
                    break;
                }
                // Who has left stays out, so the place itself need not be masked, only the count.
                count = v.select_u(active, v.add_u(count, one), count);
                let both = v.mul(re, im);
                im = v.add(v.add(both, both), c_im);
                re = v.add(v.sub(re2, im2), c_re);
                turn += 1;
            }
            v.store_u(&mut out[i..], count);
            i += V::N;
        }
    }
}

/// The loops of one level, as plain functions that ask the machine first.
macro_rules! level {
    ($(#[$doc:meta])* $module:ident, $token:expr, $features:literal, $($feature:tt)*) => {
        $(#[$doc])*
        pub mod $module {
            use super::*;

            #[target_feature(enable = $features)]
            #[inline(never)]
            fn black_scholes_here(options: &Options<'_>, call: &mut [f32], put: &mut [f32]) {
                black_scholes_loop($token, options, call, put);
            }
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn axpy_here(a: f32, x: &[f32], y: &mut [f32]) {
                axpy_loop($token, a, x, y);
            }
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn mandelbrot_here(plane: Plane, columns: &[f32], out: &mut [u32]) {
                mandelbrot_loop($token, plane, columns, out);
            }

            /// Whether this machine has the level.
            pub fn is_here() -> bool {
                $($feature)*
            }
            /// Prices a call and a put for each option.
            pub fn black_scholes(options: &Options<'_>, call: &mut [f32], put: &mut [f32]) {
                assert!(is_here());
                // SAFETY: the features were detected.
                unsafe { black_scholes_here(options, call, put) }
            }
            /// `a * x + y` into `y`.
            pub fn axpy(a: f32, x: &[f32], y: &mut [f32]) {
                assert!(is_here());
                // SAFETY: the features were detected.
                unsafe { axpy_here(a, x, y) }
            }
            /// Turns until each place escapes.
            pub fn mandelbrot(plane: Plane, columns: &[f32], out: &mut [u32]) {
                assert!(is_here());
                // SAFETY: the features were detected.
                unsafe { mandelbrot_here(plane, columns, out) }
            }
        }
    };
}

level! {
    /// AVX2 and FMA.
    avx2, Two(Avx2), "avx2,fma",
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}
level! {
    /// AVX-512.
    avx512, Two(Avx512), "avx2,fma,avx512f,avx512vl,avx512dq,avx512bw",
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512bw")
}

/// A triad, `out = a * x + y`, with streaming stores; each of `threads` takes an equal share.
pub fn triad(threads: usize, a: f32, x: &[f32], y: &[f32], out: &mut [f32]) {
    let share = (out.len() / threads).next_multiple_of(16);
    std::thread::scope(|scope| {
        let mut pieces = out.chunks_mut(share).zip(x.chunks(share)).zip(y.chunks(share));
        let first = pieces.next();
        for ((out, x), y) in pieces {
            scope.spawn(move || triad_share(a, x, y, out));
        }
        if let Some(((out, x), y)) = first {
            triad_share(a, x, y, out);
        }
    });
}

fn triad_share(a: f32, x: &[f32], y: &[f32], out: &mut [f32]) {
    if avx512::is_here() {
        // SAFETY: the features were detected.
        unsafe { triad_avx512(a, x, y, out) }
    } else {
        plain_triad(a, x, y, out);
    }
}

#[target_feature(enable = "avx512f")]
fn triad_avx512(a: f32, x: &[f32], y: &[f32], out: &mut [f32]) {
    let (x, y) = (&x[..out.len()], &y[..out.len()]);
    // Streaming stores are aligned to their size; the places before and after are done plainly.
    let head = out.as_ptr().align_offset(64).min(out.len());
    let whole = head + (out.len() - head) / 16 * 16;
    plain_triad(a, &x[..head], &y[..head], &mut out[..head]);
    let factor = _mm512_set1_ps(a);
    for i in (head..whole).step_by(16) {
        // SAFETY: `i + 16` is within all three slices, and `out` is aligned to 64 bytes at `i`.
        unsafe {
            let (x, y) = (_mm512_loadu_ps(x.as_ptr().add(i)), _mm512_loadu_ps(y.as_ptr().add(i)));
            _mm512_stream_ps(out.as_mut_ptr().add(i), _mm512_fmadd_ps(factor, x, y));
        }
    }
    _mm_sfence();
    plain_triad(a, &x[whole..], &y[whole..], &mut out[whole..]);
}

/// `a * x + y` into `out`, as anyone would write it.
#[inline(never)]
pub fn plain_triad(a: f32, x: &[f32], y: &[f32], out: &mut [f32]) {
    for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
        *out = a * x + y;
    }
}
