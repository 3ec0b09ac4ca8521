//! n-body: what each of 4,096 bodies is accelerated by all.

use std::hint::black_box;

use manylane::Result;
use manylane::prelude::*;
use manylane_elementwise::{Tolerance, input};

use super::rounds::Pair;
use super::vector::Vector;

const BODIES: usize = 4096;
/// The square of the length that softens near encounters.
const EPS2: f32 = 0.01;

/// The acceleration at `x` by the masses `ms` at `xs`.
#[kernel]
fn acceleration(x: [f32; 3], xs: &[[f32; 3]], ms: &[f32], #[uniform] eps2: f32) -> [f32; 3] {
    let (mut ax, mut ay, mut az) = (0.0, 0.0, 0.0);
    for k in 0..xs.len() {
        let other = xs[k];
        let (dx, dy, dz) = (other[0] - x[0], other[1] - x[1], other[2] - x[2]);
        let d2 = dx * dx + dy * dy + dz * dz + eps2;
        let pull = ms[k] / (d2 * d2.sqrt());
        ax += pull * dx;
        ay += pull * dy;
        az += pull * dz;
    }
    [ax, ay, az]
}

/// The same by hand: a vector of bodies at a time, every other body spread over its lanes.
#[inline(always)]
fn acceleration_loop<V: Vector>(v: V, xs: &[[f32; 3]], ms: &[f32], eps2: f32, out: &mut [[f32; 3]]) {
    let ms = &ms[..xs.len()];
    let eps2 = v.splat(eps2);
    for (own, out) in xs.chunks_exact(V::N).zip(out.chunks_exact_mut(V::N)) {
        let mut channels = [[0.0; 32]; 3];
        for (lane, own) in own.iter().enumerate() {
            for (channel, own) in channels.iter_mut().zip(own) {
                channel[lane] = *own;
            }
        }
        let [x, y, z] = channels.map(|channel| v.load(&channel));
        let (mut ax, mut ay, mut az) = (v.splat(0.0), v.splat(0.0), v.splat(0.0));
        for (other, m) in xs.iter().zip(ms) {
            let dx = v.sub(v.splat(other[0]), x);
            let dy = v.sub(v.splat(other[1]), y);
            let dz = v.sub(v.splat(other[2]), z);
            let d2 = v.add(v.fma(dz, dz, v.fma(dx, dx, v.mul(dy, dy))), eps2);
            let pull = v.div(v.splat(*m), v.mul(d2, v.sqrt(d2)));
            ax = v.fma(pull, dx, ax);
            ay = v.fma(pull, dy, ay);
            az = v.fma(pull, dz, az);
        }
        for (channel, a) in channels.iter_mut().zip([ax, ay, az]) {
            v.store(channel, a);
        }
        for (lane, out) in out.iter_mut().enumerate() {
            *out = channels.map(|channel| channel[lane]);
        }
    }
}

levels! {
    /// The acceleration of each body by all.
    fn accelerations(xs: &[[f32; 3]], ms: &[f32], eps2: f32, out: &mut [[f32; 3]]) = acceleration_loop;
}

/// What a body is accelerated by; in `f64`.
fn naive(x: [f32; 3], xs: &[[f32; 3]], ms: &[f32]) -> [f32; 3] {
    let mut sum = [0.0; 3];
    for (other, m) in xs.iter().zip(ms) {
        let d: [f64; 3] = std::array::from_fn(|k| f64::from(other[k]) - f64::from(x[k]));
        let d2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + f64::from(EPS2);
        for (sum, d) in sum.iter_mut().zip(d) {
            *sum += f64::from(*m) * d / (d2 * d2.sqrt());
        }
    }
    sum.map(|sum| sum as f32)
}

/// Verifies both, then times both.
pub fn compare(rt: &Runtime) -> Result<()> {
    let hand = match rt.level() {
        Level::Avx512 => avx512::accelerations,
        _ => avx2::accelerations,
    };
    let places = input::floats(5, 3 * BODIES, -1.0, 1.0);
    let xs = places.as_chunks().0;
    let ms = input::floats(6, BODIES, 0.5 / BODIES as f32, 1.5 / BODIES as f32);
    let (mut out, mut hand_out) = (vec![[0.0; 3]; BODIES], vec![[0.0; 3]; BODIES]);
    let eps2 = black_box(EPS2);
    let run =
        |out: &mut Vec<[f32; 3]>| rt.map::<acceleration>((xs, xs, &ms, eps2)).on(Target::Simd).run_into(out);
    run(&mut out)?;
    hand(xs, &ms, eps2, &mut hand_out);
    assert_eq!(out, hand_out, "the same operations in the same order");
    let want: Vec<[f32; 3]> = xs.iter().map(|x| naive(*x, xs, &ms)).collect();
    let tolerance = Tolerance::Within { absolute: 2e-5, relative: 2e-5 };
    tolerance.check(&out, &want).expect("accelerations");
    Pair::new("nbody", BODIES, rt.level(), 1, 51)
        .time(|| run(&mut out).expect("verified before"), || hand(xs, &ms, eps2, &mut hand_out));
    Ok(())
}
