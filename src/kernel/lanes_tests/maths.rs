//! `exp` and `ln` on every level against the C library's in doubles.

use super::*;
use crate::kernel::math;

on_every_level! {
    exp_and_ln;
}

/// How far `got` is from `want`, in units of the last place of a float there.
fn ulps(got: f32, want: f64) -> f64 {
    let rounded = want as f32;
    if got == rounded || got.is_nan() && rounded.is_nan() {
        return 0.0;
    }
    if !got.is_finite() || rounded.is_nan() {
        return f64::INFINITY;
    }
    let exponent = ((want.to_bits() >> 52 & 0x7ff) as i32 - 1023).clamp(-126, 127);
    (f64::from(got) - want).abs() / 2f64.powi(exponent - 23)
}

/// A sample of all floats, the ends of the ranges of `exp` and `ln`, and the nasty ones: 1 ULP fused or not, and the same
/// bits on every level where strict.
#[inline(always)]
fn exp_and_ln<L: Lanes>(l: L) {
    let edges = [
        -104.5,
        -103.97,
        -103.3,
        -87.336_54,
        -87.0,
        87.336_54,
        88.722_84,
        89.0,
        0.75,
        1.0,
        1.5,
        0.0,
        f32::MIN_POSITIVE,
    ];
    let around = edges.into_iter().flat_map(|x: f32| {
        (0..64).map(move |i| f32::from_bits(x.to_bits().wrapping_add(i).wrapping_sub(32)))
    });
    let sample = (0..=u32::MAX).step_by(8191).chain(NASTY_FLOATS).map(f32::from_bits);
    let inputs: Vec<f32> = sample.chain(around.filter(|x| !x.is_nan())).collect();
    for x in inputs.chunks_exact(L::N) {
        let v = l.f_load(x);
        let (exp, exp_strict) =
            (stored(l, math::exp::<L, false>(l, v)), stored(l, math::exp::<L, true>(l, v)));
        let (ln, ln_strict) = (stored(l, math::ln::<L, false>(l, v)), stored(l, math::ln::<L, true>(l, v)));
        for i in 0..L::N {
            let x = x[i];
            for got in [exp[i], exp_strict[i]] {
                assert!(ulps(got, f64::from(x).exp()) <= 1.0, "exp({x:e}) is {got:e}");
            }
            for got in [ln[i], ln_strict[i]] {
                assert!(ulps(got, f64::from(x).ln()) <= 1.0, "ln({x:e}) is {got:e}");
            }
            assert_same("strict exp", exp_strict[i], math::exp::<Scalar, true>(Scalar, x), &[x]);
            assert_same("strict ln", ln_strict[i], math::ln::<Scalar, true>(Scalar, x), &[x]);
        }
    }
}
