//! Kernels that read and write beside their own element.

use manylane::prelude::*;

/// A constant of the module.
pub const OFFSET: i32 = -3;
/// One without a literal in WGSL.
pub const NOWHERE: f32 = f32::NEG_INFINITY;

/// A gather by each lane's own index.
#[kernel]
pub fn pick(i: u32, xs: &[f32]) -> f32 {
    xs[i as usize]
}

/// Of pixels and of bytes.
#[kernel]
pub fn pick_pixel(i: u32, px: &[[f32; 3]], bytes: &[u8]) -> (f32, u32) {
    let p = px[i as usize];
    (p[0] + 2.0 * p[1] + 4.0 * p[2], bytes[i as usize] as u32)
}

/// Linear indices: the neighbours, and the whole by a uniform one.
#[kernel]
pub fn differences(i: Index, xs: &[i32]) -> i32 {
    let at = i as usize;
    let mut sum = 0;
    for k in 0..xs.len() {
        if k < 3 {
            sum += xs[k];
        }
    }
    if at + 1 < xs.len() {
        return xs[at + 1] - xs[at] + sum;
    }
    sum
}

/// A row of a sparse matrix: bounds and elements by gathers, under masks.
#[kernel]
pub fn sparse_row(r: Index, start: &[u32], column: &[u32], value: &[f32], x: &[f32]) -> f32 {
    let mut sum = 0.0;
    for k in start[r as usize]..start[r as usize + 1] {
        sum += value[k as usize] * x[column[k as usize] as usize];
    }
    sum
}

/// A uniform array, read by constants, by a counter and by lanes.
#[kernel]
pub fn weighted(x: u32, #[uniform] w: [f32; 9], #[uniform] few: [i32; 3]) -> f32 {
    let mut sum = w[0];
    for k in 1..9 {
        sum += w[k] * (k as f32);
    }
    sum + w[(x % 9) as usize] + (few[(x % 3) as usize] * few[1]) as f32
}

/// A private array that lanes sort, each its own.
#[kernel]
pub fn median_of_five(a: i32, b: i32, c: i32, d: i32, e: i32) -> i32 {
    let mut v = [a, b, c, d, e];
    for i in 0..5 {
        for j in 0..4 {
            if v[j] > v[j + 1] {
                let t = v[j];
                v[j] = v[j + 1];
                v[j + 1] = t;
            }
        }
        if i == 4 {
            break;
        }
    }
    v[2]
}

/// A private array at each lane's own places, in a loop that lanes leave.
#[kernel]
pub fn digits(x: u32, base: u32) -> u32 {
    let mut counts = [0; 8];
    let mut n = x;
    loop {
        counts[(n % base) as usize] += 1;
        n /= base;
        if n == 0 {
            break;
        }
    }
    let mut most = 0;
    for k in 0..8 {
        most = most * 5 + counts[k];
    }
    most
}

/// A channel by a computed index, read and written.
#[kernel]
pub fn swap_channel(px: [f32; 4], k: u32) -> [f32; 4] {
    let mut out = px;
    let at = (k % 4) as usize;
    out[at] = px[3 - at] + 1.0;
    out[0] += 0.5;
    out
}

/// A table of numbers that all lanes share.
#[kernel]
pub fn lookup(x: u32) -> i32 {
    let squares = [0, 1, 4, 9, 16, 25, 36, 49];
    squares[(x & 7) as usize] + OFFSET
}

/// A constant outside, in a comparison.
#[kernel]
pub fn nowhere(x: f32) -> u32 {
    (x == NOWHERE) as u32
}

/// A histogram.
#[kernel]
pub fn count(x: f32, #[uniform] lo: f32, #[uniform] width: f32, bins: &Atomics<u32>) {
    let place = (x - lo) / width;
    if place >= 0.0 && place < bins.len() as f32 {
        bins.add(place as u32, 1);
    }
}

/// Extremes, bits and sums, in shared places of their own.
#[kernel]
pub fn collect(
    x: i32,
    f: f32,
    least: &Atomics<i32>,
    most: &Atomics<i32>,
    bits: &Atomics<u32>,
    sum: &Atomics<f32>,
) {
    let at = (x & 3) as u32;
    least.min(at, x);
    most.max(at, x);
    bits.xor(at, x as u32);
    sum.add(at, f);
}

/// A work list: each lane takes a number of its own and puts itself there.
#[kernel]
pub fn enlist(x: i32, i: Index, taken: &Atomics<u32>, list: &Atomics<u32>) {
    if x > 0 {
        let at = taken.add(0, 1);
        list.exchange(at, i);
    }
}

/// Two draws, the second only for some.
#[kernel]
pub fn draws(x: f32, rng: Random) -> (f32, u32) {
    let first = rng.f32();
    let mut second = 0;
    if first + x > 0.5 {
        second = rng.u32();
    }
    (first, second ^ rng.u32())
}

/// Normal numbers and integers of ranges, some for some places only.
#[kernel]
pub fn draws_of_kinds(x: u32, rng: Random) -> (f32, u32, i32) {
    let mut y = rng.normal();
    let below = rng.below(x);
    if below > 3 {
        y += 0.5 * rng.normal();
    }
    (y, below, rng.range(-(x as i32), 6))
}

/// Reads a picture anywhere.
#[kernel]
pub fn anywhere(at: Cell, src: Image<f32>, #[uniform] far: i32) -> f32 {
    let x = (at.x as i32 * 7) % 13 - far;
    let y = at.y as i32 * 3 - 5;
    src.at(x, y) + 2.0 * src.near(at, x & 3, -far)
}

/// Numbers that belong together.
#[derive(Clone, Copy, Debug)]
pub struct View {
    pub x0: f32,
    pub dx: f32,
    pub steps: u32,
    pub shift: i32,
    pub unused: u8,
}

/// A uniform struct, between other parameters.
#[kernel]
pub fn framed(x: f32, #[uniform] view: View, #[uniform] scale: f32, i: Index) -> (f32, u32) {
    let at = view.x0 + view.dx * x * scale;
    let mut n = 0;
    while n < view.steps && (n as i32) < view.shift + i as i32 {
        n += 1;
    }
    (at, n)
}

/// Elements at places of which a mask is known.
#[kernel]
pub fn masked(i: u32, xs: &[f32], px: &[[u8; 3]], #[uniform] table: [u32; 20]) -> (f32, u32, u32) {
    let p = px[(i % 50) as usize];
    (xs[(i & 63) as usize] + xs[(i >> 27) as usize], p[0] as u32 + p[2] as u32, table[(i & 15) as usize])
}

/// Reads a picture as far away as numbers go.
#[kernel]
pub fn far_away(at: Cell, src: Image<f32>, #[uniform] dx: i32, #[uniform] dy: i32) -> f32 {
    src.near(at, dx, dy) + 2.0 * src.near(at, dx - (at.x & 3) as i32, dy)
}

/// Reads a picture around by what is known.
#[kernel]
pub fn around(at: Cell, src: Image<f32>) -> f32 {
    let mut sum = 0.0;
    for dy in -3..=3 {
        for dx in -3..=3 {
            sum += src.near(at, dx, dy) * (dx + 4 * dy) as f32;
        }
    }
    sum
}

/// What a table has for a cell, between the cells above and below.
#[kernel]
pub fn between(at: Cell, src: Image<u32>, table: &[u32]) -> u32 {
    src.near(at, 0, -1) * 100 + table[src.near(at, 0, 0) as usize] + src.near(at, 0, 1)
}

/// Never ends for 0.
#[kernel]
pub fn forever(x: u32) -> u32 {
    let mut n = x;
    loop {
        if n != 0 {
            break;
        }
        n = n * 3;
    }
    n
}

/// Narrow elements, in and out: computed with wide, stored narrow.
#[kernel]
pub fn narrow(a: i8, b: u16, c: i16, h: manylane::f16) -> (i8, u16, i16, manylane::f16) {
    let sum = a as i32 * 3 + c as i32;
    let f = h.to_f32() * 1.5 + b as f32;
    (sum as i8, (b as u32 + 7) as u16, (sum - 40000) as i16, manylane::f16::from_f32(f))
}

/// 64-bit numbers, through loops, branches and casts.
#[kernel]
pub fn wide(a: i64, b: u64, x: f64, k: i32) -> (i64, u64, f64) {
    let mut sum = a;
    let mut n = b;
    let mut turns = 0;
    while n > 1 && turns < 9 {
        sum += (n >> 3) as i64 ^ (k as i64);
        n /= 3;
        turns += 1;
        if sum < 0 {
            break;
        }
    }
    let y = if k > 0 { x.sqrt() + k as f64 } else { x * 0.1 };
    let halves = b.mul_hi(n + 3) ^ a.mul_hi(sum) as u64;
    (sum, n.rotate_left(7) + b.count_ones() as u64 + halves, (y - x.floor()).min(1e300))
}

/// Powers, whose special values are many.
#[kernel(strict)]
pub fn f_pow(x: f32, y: f32) -> f32 {
    x.powf(y)
}
