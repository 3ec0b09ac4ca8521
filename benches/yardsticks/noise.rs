//! Turbulence: eight octaves of gradient noise, each of fourteen looks into a table of 256.

use manylane::Result;
use manylane::prelude::*;
use manylane_elementwise::{Tolerance, input};

use super::rounds::Pair;
use super::vector::Vector;

const WIDTH: usize = 512;
const HEIGHT: usize = 256;
const OCTAVES: u32 = 8;

/// Zero slope at 0 and 1.
#[kernel]
fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Between the values at the corners `(0, 0)`, `(1, 0)`, `(0, 1)` and `(1, 1)` of a square.
#[kernel]
fn between(u: f32, v: f32, corner: [f32; 4]) -> f32 {
    let low = corner[0] + u * (corner[1] - corner[0]);
    let high = corner[2] + u * (corner[3] - corner[2]);
    low + v * (high - low)
}

/// How far `(x, y, z)` reaches along the direction that `hash` chooses.
#[kernel]
fn along(hash: u32, x: f32, y: f32, z: f32) -> f32 {
    let h = hash & 15;
    let a = if h < 8 { x } else { y };
    let b = if h < 4 {
        y
    } else if h == 12 || h == 14 {
        x
    } else {
        z
    };
    let a = if h & 1 == 0 { a } else { -a };
    let b = if h & 2 == 0 { b } else { -b };
    a + b
}

/// The cell `at` stands at `(at.x * dx, at.y * dy, z)`; `perm` holds each of 0 to 255 once.
#[kernel]
fn turbulence(
    at: Cell,
    perm: &[u32],
    #[uniform] dx: f32,
    #[uniform] dy: f32,
    #[uniform] z: f32,
    #[uniform] octaves: u32,
) -> f32 {
    let (mut scale, mut weight, mut sum) = (1.0, 1.0, 0.0);
    for _ in 0..octaves {
        let (px, py, pz) = (at.x as f32 * dx * scale, at.y as f32 * dy * scale, z * scale);
        let (fx, fy, fz) = (px.floor(), py.floor(), pz.floor());
        let (ix, iy, iz) = (fx as i32 as u32, fy as i32 as u32, fz as i32 as u32);
        let (x, y, z) = (px - fx, py - fy, pz - fz);
        let (u, v, w): (f32, f32, f32) = (fade(x), fade(y), fade(z));

        let (x0, x1) = (perm[(ix & 255) as usize], perm[((ix + 1) & 255) as usize]);
        let (x0y0, x0y1) = (perm[((x0 + iy) & 255) as usize], perm[((x0 + iy + 1) & 255) as usize]);
        let (x1y0, x1y1) = (perm[((x1 + iy) & 255) as usize], perm[((x1 + iy + 1) & 255) as usize]);
        let a: f32 = along(perm[((x0y0 + iz) & 255) as usize], x, y, z);
        let b: f32 = along(perm[((x1y0 + iz) & 255) as usize], x - 1.0, y, z);
        let c: f32 = along(perm[((x0y1 + iz) & 255) as usize], x, y - 1.0, z);
        let d: f32 = along(perm[((x1y1 + iz) & 255) as usize], x - 1.0, y - 1.0, z);
        let near: f32 = between(u, v, [a, b, c, d]);

        let e: f32 = along(perm[((x0y0 + iz + 1) & 255) as usize], x, y, z - 1.0);
        let f: f32 = along(perm[((x1y0 + iz + 1) & 255) as usize], x - 1.0, y, z - 1.0);
        let g: f32 = along(perm[((x0y1 + iz + 1) & 255) as usize], x, y - 1.0, z - 1.0);
        let h: f32 = along(perm[((x1y1 + iz + 1) & 255) as usize], x - 1.0, y - 1.0, z - 1.0);
        let far: f32 = between(u, v, [e, f, g, h]);

        sum += weight * (near + w * (far - near)).abs();
        scale *= 2.0;
        weight *= 0.5;
    }
    sum
}

/// The arguments of a loop by hand.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    perm: &'a [u32; 256],
    width: usize,
    dx: f32,
    dy: f32,
    z: f32,
}

/// One of the three coordinates of an octave, the same for a whole row.
#[derive(Clone, Copy, Default)]
struct Fixed {
    whole: u32,
    part: f32,
    faded: f32,
}

#[inline(always)]
fn fixed(p: f32) -> Fixed {
    let (whole, part) = (p.floor() as i32 as u32, p - p.floor());
    let faded = part * part * part * part.mul_add(part.mul_add(6.0, -15.0), 10.0);
    Fixed { whole, part, faded }
}

#[inline(always)]
fn along_by_hand<V: Vector>(v: V, hash: V::U, x: V::F, y: V::F, z: V::F) -> V::F {
    let h = v.and_u(hash, v.splat_u(15));
    let a = v.select(v.lt_u(h, v.splat_u(8)), x, y);
    // 12 or 14.
    let other = v.select(v.eq_u(v.and_u(h, v.splat_u(13)), v.splat_u(12)), x, z);
    let b = v.select(v.lt_u(h, v.splat_u(4)), y, other);
    // The lowest bits are the signs.
    let a = v.float(v.xor_u(v.bits(a), v.shl31(h)));
    let b = v.float(v.xor_u(v.bits(b), v.shl30(v.and_u(h, v.splat_u(2)))));
    v.add(a, b)
}

#[inline(always)]
fn between_by_hand<V: Vector>(v: V, along: V::F, across: V::F, corner: [V::F; 4]) -> V::F {
    let low = v.fma(along, v.sub(corner[1], corner[0]), corner[0]);
    let high = v.fma(along, v.sub(corner[3], corner[2]), corner[2]);
    v.fma(across, v.sub(high, low), low)
}

/// The same by hand; what is the same for a row is computed once for each row, or for each vector. `columns` holds 0, 1, 2,
/// … as floats.
#[inline(always)]
fn turbulence_loop<V: Vector, const BY_ROW: bool>(v: V, field: Field<'_>, columns: &[f32], out: &mut [f32]) {
    let Field { perm, width, dx, dy, z } = field;
    assert_eq!(width % V::N, 0);
    let scales: [f32; OCTAVES as usize] = std::array::from_fn(|octave| (1 << octave) as f32);
    let zs = if BY_ROW { scales.map(|scale| fixed(z * scale)) } else { Default::default() };
    let one = v.splat(1.0);
    let next = v.splat_u(1);
    for (row, out) in out.chunks_exact_mut(width).enumerate() {
        let y_of = |octave: usize| fixed(row as f32 * dy * scales[octave]);
        let ys: [Fixed; OCTAVES as usize] =
            if BY_ROW { std::array::from_fn(y_of) } else { Default::default() };
        let mut column = 0;
        while column < width {
            let start = v.mul(v.load(&columns[column..]), v.splat(dx));
            let mut sum = v.splat(0.0);
            for octave in 0..OCTAVES as usize {
                let px = v.mul(start, v.splat(scales[octave]));
                let fx = v.floor(px);
                let (ix, x) = (v.whole(fx), v.sub(px, fx));
                let (own_y, own_z) =
                    if BY_ROW { (ys[octave], zs[octave]) } else { (y_of(octave), fixed(z * scales[octave])) };
                let (iy, y) = (v.splat_u(own_y.whole), v.splat(own_y.part));
                let (iz, z) = (v.splat_u(own_z.whole), v.splat(own_z.part));
                let slope = v.fma(x, v.fma(x, v.splat(6.0), v.splat(-15.0)), v.splat(10.0));
                let u = v.mul(v.mul(v.mul(x, x), x), slope);

                let (x0, x1) = (v.look_up(perm, ix), v.look_up(perm, v.add_u(ix, next)));
                let (x0, x1) = (v.add_u(x0, iy), v.add_u(x1, iy));
                let (x0y0, x0y1) = (v.look_up(perm, x0), v.look_up(perm, v.add_u(x0, next)));
                let (x1y0, x1y1) = (v.look_up(perm, x1), v.look_up(perm, v.add_u(x1, next)));
                let corners = [x0y0, x1y0, x0y1, x1y1].map(|corner| v.add_u(corner, iz));

                let (xs, ys_, z1) = ([x, v.sub(x, one)], [y, v.sub(y, one)], v.sub(z, one));
                let (mut near, mut far) = ([x; 4], [x; 4]);
                for k in 0..4 {
                    let (x, y) = (xs[k % 2], ys_[k / 2]);
                    near[k] = along_by_hand(v, v.look_up(perm, corners[k]), x, y, z);
                    far[k] = along_by_hand(v, v.look_up(perm, v.add_u(corners[k], next)), x, y, z1);
                }
                let across = v.splat(own_y.faded);
                let near = between_by_hand(v, u, across, near);
                let far = between_by_hand(v, u, across, far);
                let noise = v.fma(v.splat(own_z.faded), v.sub(far, near), near);
                sum = v.fma(v.splat(1.0 / scales[octave]), v.abs(noise), sum);
            }
            v.store(&mut out[column..], sum);
            column += V::N;
        }
    }
}

#[inline(always)]
fn once_a_row<V: Vector>(v: V, field: Field<'_>, columns: &[f32], out: &mut [f32]) {
    turbulence_loop::<V, true>(v, field, columns, out);
}

#[inline(always)]
fn once_a_vector<V: Vector>(v: V, field: Field<'_>, columns: &[f32], out: &mut [f32]) {
    turbulence_loop::<V, false>(v, field, columns, out);
}

levels! {
    /// A picture of turbulence; what is the same for a row is computed for each vector, as the kernel does.
    fn turbulence(field: Field<'_>, columns: &[f32], out: &mut [f32]) = once_a_vector;
    /// The same, computed for each row: seven lines more, and arrays for what is kept.
    fn turbulence_by_row(field: Field<'_>, columns: &[f32], out: &mut [f32]) = once_a_row;
}

/// The turbulence at a place, by the sum over the corners of its cell; in `f64`.
fn naive(perm: &[u32; 256], p: [f64; 3]) -> f32 {
    let octave = |scale: f64| {
        let p = p.map(|p| p * scale);
        let (mut sum, cell) = (0.0, p.map(|p| p.floor() as i64));
        for corner in 0..8 {
            let at: [i64; 3] = std::array::from_fn(|k| cell[k] + (corner >> k & 1));
            let hash = at.iter().fold(0, |hash, at| perm[((i64::from(hash) + at) & 255) as usize]) & 15;
            let [x, y, z]: [f64; 3] = std::array::from_fn(|k| p[k] - at[k] as f64);
            let a = if hash < 8 { x } else { y };
            let b = match hash {
                0..4 => y,
                12 | 14 => x,
                _ => z,
            };
            let slope = if hash & 1 == 0 { a } else { -a } + if hash & 2 == 0 { b } else { -b };
            let weight = |t: f64| 1.0 - t.abs().powi(3) * (t.abs() * (t.abs() * 6.0 - 15.0) + 10.0);
            sum += slope * weight(x) * weight(y) * weight(z);
        }
        sum.abs() / scale
    };
    (0..OCTAVES).map(|o| octave(f64::from(1 << o))).sum::<f64>() as f32
}

/// Verifies all, then times ours against each by hand.
pub fn compare(rt: &Runtime) -> Result<()> {
    let by_hand = match rt.level() {
        Level::Avx512 => [avx512::turbulence, avx512::turbulence_by_row],
        _ => [avx2::turbulence, avx2::turbulence_by_row],
    };
    let mut order: Vec<(u32, u32)> = input::words(7, 256).into_iter().zip(0..).collect();
    order.sort_unstable();
    let perm: [u32; 256] = std::array::from_fn(|k| order[k].1);
    let (dx, dy, z) = (10.0 / WIDTH as f32, 10.0 / HEIGHT as f32, 0.6);
    let field = Field { perm: &perm, width: WIDTH, dx, dy, z };
    let columns: Vec<f32> = (0..WIDTH).map(|x| x as f32).collect();
    let (mut out, mut hand_out) = (vec![0.0; WIDTH * HEIGHT], vec![0.0; WIDTH * HEIGHT]);
    let run = |out: &mut Vec<f32>| {
        let args = (&perm, dx, dy, z, OCTAVES);
        rt.map::<turbulence>(args).over((WIDTH, HEIGHT)).on(Target::Simd).run_into(out)
    };
    run(&mut out)?;
    let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    let place = |(x, y)| [x as f32 * dx, y as f32 * dy, z].map(f64::from);
    let want: Vec<f32> = places.map(|at| naive(&perm, place(at))).collect();
    let tolerance = Tolerance::Within { absolute: 5e-5, relative: 5e-5 };
    tolerance.check(&out, &want).expect("our turbulence");
    for (name, hand) in ["noise", "noise_by_row"].into_iter().zip(by_hand) {
        hand(field, &columns, &mut hand_out);
        tolerance.check(&hand_out, &want).expect("turbulence by hand");
        assert_eq!(out, hand_out, "the same operations in the same order");
        Pair::new(name, WIDTH * HEIGHT, rt.level(), 1, 51)
            .time(|| run(&mut out).expect("verified before"), || hand(field, &columns, &mut hand_out));
    }
    Ok(())
}
