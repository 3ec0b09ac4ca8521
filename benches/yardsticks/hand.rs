//! Loops by hand for what the library did first: Black–Scholes, Mandelbrot, axpy, a streaming triad.

use std::arch::x86_64::*;

use crate::vector::{Vector, avx512_is_here};

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

levels! {
    /// Prices a call and a put for each option.
    fn black_scholes(options: &Options<'_>, call: &mut [f32], put: &mut [f32]) = black_scholes_loop;
    /// `a * x + y` into `y`.
    fn axpy(a: f32, x: &[f32], y: &mut [f32]) = axpy_loop;
    /// Turns until each place escapes.
    fn mandelbrot(plane: Plane, columns: &[f32], out: &mut [u32]) = mandelbrot_loop;
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
    if avx512_is_here() {
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
