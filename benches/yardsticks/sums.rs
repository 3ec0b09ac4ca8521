//! Sums and dot products against loops whose order is theirs to choose: several accumulators, added up at the end.

use std::hint::black_box;

use manylane::Result;
use manylane::prelude::*;

use crate::rounds::Pair;
use crate::vector::Vector;

/// `A` vectors of accumulators; the result goes to `out[0]`.
#[inline(always)]
fn sum_loop<V: Vector, const A: usize>(v: V, x: &[f32], out: &mut [f32]) {
    let mut sums = [v.splat(0.0); A];
    assert_eq!(x.len() % (A * V::N), 0);
    for x in x.chunks_exact(A * V::N) {
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum = v.add(*sum, v.load(&x[k * V::N..]));
        }
    }
    finish(v, sums, out);
}

#[inline(always)]
fn dot_loop<V: Vector, const A: usize>(v: V, x: &[f32], y: &[f32], out: &mut [f32]) {
    let mut sums = [v.splat(0.0); A];
    assert!(x.len().is_multiple_of(A * V::N) && x.len() == y.len());
    for (x, y) in x.chunks_exact(A * V::N).zip(y.chunks_exact(A * V::N)) {
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum = v.fma(v.load(&x[k * V::N..]), v.load(&y[k * V::N..]), *sum);
        }
    }
    finish(v, sums, out);
}

#[inline(always)]
fn finish<V: Vector, const A: usize>(v: V, sums: [V::F; A], out: &mut [f32]) {
    let mut lanes = [0.0; 32];
    let mut all = 0.0;
    for sum in sums {
        v.store(&mut lanes[..V::N], sum);
        all += lanes[..V::N].iter().sum::<f32>();
    }
    out[0] = all;
}

#[inline(always)]
fn sum4_loop<V: Vector>(v: V, x: &[f32], out: &mut [f32]) {
    sum_loop::<V, 4>(v, x, out);
}

#[inline(always)]
fn sum8_loop<V: Vector>(v: V, x: &[f32], out: &mut [f32]) {
    sum_loop::<V, 8>(v, x, out);
}

#[inline(always)]
fn dot4_loop<V: Vector>(v: V, x: &[f32], y: &[f32], out: &mut [f32]) {
    dot_loop::<V, 4>(v, x, y, out);
}

levels! {
    /// With eight registers of accumulators.
    fn sum4(x: &[f32], out: &mut [f32]) = sum4_loop;
    /// With sixteen.
    fn sum8(x: &[f32], out: &mut [f32]) = sum8_loop;
    /// With eight.
    fn dot4(x: &[f32], y: &[f32], out: &mut [f32]) = dot4_loop;
}

/// Every size from L1 to memory. Both read the same memory: the library's, in huge pages.
pub fn compare(rt: &Runtime) -> Result<()> {
    let is512 = rt.level() == Level::Avx512;
    let sum4 = if is512 { avx512::sum4 } else { avx2::sum4 };
    let sum8 = if is512 { avx512::sum8 } else { avx2::sum8 };
    let dot4 = if is512 { avx512::dot4 } else { avx2::dot4 };
    for (n, repeats) in [(4096, 1000), (65_536, 200), (1 << 20, 10), (4 << 20, 3), (64 << 20, 1)] {
        let ones = rt.array(vec![1.0f32; n])?;
        let half = |k: f32| rt.products(&ones, k).run();
        let (x, y) = (half(0.5)?, half(0.25)?);
        let (x_read, y_read) = (x.read()?, y.read()?);
        let (x_read, y_read): (&[f32], &[f32]) = (&x_read, &y_read);
        let sum = || rt.reduce(&x).on(Target::Simd).sum().expect("verified below");
        let dot = || rt.products(&x, &y).on(Target::Simd).sum().expect("verified below");
        let mut out = [0.0];
        for (name, by_hand) in [("sum_4", sum4), ("sum_8", sum8)] {
            by_hand(x_read, &mut out);
            assert_eq!((sum(), out[0]), (0.5 * n as f32, 0.5 * n as f32));
            Pair::new(name, n, rt.level(), repeats, 61)
                .time(|| _ = black_box(sum()), || by_hand(black_box(x_read), black_box(&mut out)));
        }
        dot4(x_read, y_read, &mut out);
        assert_eq!((dot(), out[0]), (0.125 * n as f32, 0.125 * n as f32));
        Pair::new("dot_4", n, rt.level(), repeats, 61).time(
            || _ = black_box(dot()),
            || dot4(black_box(x_read), black_box(y_read), black_box(&mut out)),
        );
    }
    Ok(())
}
