//! Least, greatest, mean and variance of a launch's results in one pass over memory.
//!
//! ```text
//! a block of 4,096   sum by the fixed tree (`fold`); c = sum * (1 / n)
//!                    d1 = Σ (x - c), d2 = Σ (x - c)² by the same tree, every operation rounded by itself
//!                    mean = c + d1 / n, m2 = d2 - d1² / n, in double precision from here on
//! blocks             paired with their neighbours, level by level, by the formula of Chan, Golub and LeVeque (1979)
//! ```
//! The second sweep over a block reads it from L1, so memory is read once; and no sum of large squares is ever made, so
//! what is far from zero loses no digits. The bits are the same on every target, like those of a sum.
//!
//! Departures made for speed:
//! 1. Accumulators are visited in strips that fit the registers; no association changes.
//! 2. Least and greatest keep fewer accumulators: their order does not matter.
//! 3. The machine's minimum takes -0.0 and 0.0 for equal. Only where a block's least or greatest is a zero, its sign is
//!    looked for, in a sweep of its own.

use crate::exec::fold::{FoldPiece, FoldText, Folded, Reduction};
use crate::exec::gpu::MOMENTS;
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::level::{self, AtLevel};
use crate::kernel::{Kernel, LaneElement};
use crate::lanes::Lanes;
use crate::shape::CHUNK;

/// Accumulators of a block.
const WIDTH: usize = 64;

/// What is known of a set of numbers, by [`Launch::moments`](crate::Launch::moments).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// How many there are, NaN included.
    pub count: u64,
    /// The least that is a number; infinity if none is.
    pub min: f32,
    /// The greatest that is a number; -infinity if none is.
    pub max: f32,
    /// The mean; NaN of none.
    pub mean: f64,
    /// The sum of the squared deviations from the mean.
    pub squares: f64,
}

impl Moments {
    const NONE: Moments =
        Moments { count: 0, min: f32::INFINITY, max: f32::NEG_INFINITY, mean: f64::NAN, squares: 0.0 };

    /// The variance of these numbers: the squared deviations over their count. NaN of none.
    pub fn variance(&self) -> f64 {
        self.squares / self.count as f64
    }

    /// The variance of what they are a sample of: the squared deviations over one less than their count. NaN of fewer than
    /// two.
    pub fn sample_variance(&self) -> f64 {
        if self.count < 2 { f64::NAN } else { self.squares / (self.count - 1) as f64 }
    }

    /// The root of the variance.
    pub fn deviation(&self) -> f64 {
        self.variance().sqrt()
    }

    /// With those of the numbers behind them; neither are of none.
    fn with(&self, other: &Moments) -> Moments {
        let count = self.count + other.count;
        let share = other.count as f64 / count as f64;
        let delta = other.mean - self.mean;
        Moments {
            count,
            min: lesser(self.min, other.min),
            max: -lesser(-self.max, -other.max),
            mean: self.mean + delta * share,
            squares: self.squares + other.squares + delta * delta * (self.count as f64 * share),
        }
    }
}

/// The smaller of two numbers, -0.0 before 0.0.
fn lesser(a: f32, b: f32) -> f32 {
    if a.total_cmp(&b).is_le() { a } else { b }
}

/// What a block comes to, as a shader writes it.
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Block {
    count: u32,
    min: f32,
    max: f32,
    /// c, d1 and d2.
    shift: f32,
    first: f32,
    second: f32,
}

impl Block {
    fn moments(&self) -> Moments {
        let [c, d1, d2] = [self.shift, self.first, self.second].map(f64::from);
        let n = f64::from(self.count);
        let (mean, squares) = if d1.is_finite() { (c + d1 / n, d2 - d1 * d1 / n) } else { (c, d2) };
        Moments {
            count: u64::from(self.count),
            min: self.min,
            max: self.max,
            mean,
            // Rounding may leave a block of equal numbers just below nothing; a NaN stays.
            squares: if squares < 0.0 { 0.0 } else { squares },
        }
    }
}

/// The moments of all blocks.
pub(crate) fn combine(blocks: &[Block]) -> Moments {
    let mut all: Vec<Moments> = blocks.iter().map(Block::moments).collect();
    while all.len() > 1 {
        all = all.chunks(2).map(|pair| pair[1..].iter().fold(pair[0], |a, b| a.with(b))).collect();
    }
    all.first().copied().unwrap_or(Moments::NONE)
}

/// The reduction to [`Block`]s.
pub(crate) struct Reduce;

impl<K: Kernel<Out = f32>> Reduction<K> for Reduce {
    type Block = Block;
    fn fresh(&self) -> Block {
        bytemuck::Zeroable::zeroed()
    }
    fn run(&self, job: &Job<'_>, piece: FoldPiece<'_, '_, K, Block>) {
        let FoldPiece { start, len, tiles, blocks } = piece;
        let mut left = Some(Piece::<K> { start, len, tiles, out: &mut [] });
        let mut values = [0.0f32; CHUNK];
        for block in blocks {
            let Some(Piece { start, len, tiles, .. }) = left.take() else { return };
            let n = len.min(CHUNK);
            let (own, rest) = <K::Params as crate::kernel::Params>::split(tiles, n);
            let values = lanes::values::<K, f32>(job, (start, n), own, &mut values[..n]);
            *block = level::at(job.level, Sweep(values));
            if len > n && !job.frame.stopped() {
                left = Some(Piece { start: start + n, len: len - n, tiles: rest, out: &mut [] });
            }
        }
    }
    fn folded(&self) -> Folded {
        let text = FoldText { name: "moments", callee: None, float: "a + b", int: "a + b", pass: &MOMENTS };
        Folded { text, identity: (-0.0f32).to_bits(), width: size_of::<Block>(), slot }
    }
}

/// One over the places of the last block, and the ends that least and greatest begin from.
fn slot(places: usize) -> [u32; 4] {
    let share = 1.0 / (places % CHUNK).max(1) as f32;
    [share.to_bits(), f32::INFINITY.to_bits(), f32::NEG_INFINITY.to_bits(), 0]
}

/// The two sweeps over one block.
struct Sweep<'v>(&'v [f32]);

impl AtLevel for Sweep<'_> {
    type Out = Block;
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> Block {
        // As many accumulators as fit the registers: 16 lanes of one register, 8 of one, 16 of four, one.
        match (L::N, L::LEVEL) {
            (16, crate::lanes::Level::Avx512) => block::<L, 4, 4>(l, self.0),
            (16, _) => block::<L, 2, 1>(l, self.0),
            _ => block::<L, 8, 2>(l, self.0),
        }
    }
}

/// A strip is `A` vectors of sums, and `E` of the least and of the greatest.
#[inline(always)]
fn block<L: Lanes, const A: usize, const E: usize>(l: L, values: &[f32]) -> Block {
    let n = values.len();
    let (rows, rest) = values.as_chunks::<WIDTH>();
    let mut sums = [-0.0f32; WIDTH];
    let (mut low, mut high) = ([l.f_splat(f32::INFINITY); E], [l.f_splat(f32::NEG_INFINITY); E]);
    for strip in (0..WIDTH).step_by(A * L::N) {
        let mut sum = [l.f_splat(-0.0); A];
        for row in rows {
            for k in 0..A {
                let x = l.f_load(&row[strip + k * L::N..]);
                sum[k] = l.f_add(sum[k], x);
                low[k % E] = l.f_lesser(x, low[k % E]);
                high[k % E] = l.f_greater(x, high[k % E]);
            }
        }
        for (k, sum) in sum.into_iter().enumerate() {
            l.f_store(&mut sums[strip + k * L::N..], sum);
        }
    }
    let (mut min, mut max) = (f32::INFINITY, f32::NEG_INFINITY);
    let mut lanes = [0.0; crate::lanes::MAX_LANES];
    for (low, high) in low.into_iter().zip(high) {
        f32::store(l, &mut lanes, low);
        min = lanes[..L::N].iter().fold(min, |a, x| if *x < a { *x } else { a });
        f32::store(l, &mut lanes, high);
        max = lanes[..L::N].iter().fold(max, |a, x| if *x > a { *x } else { a });
    }
    for (sum, x) in sums.iter_mut().zip(rest) {
        *sum += x;
        min = if *x < min { *x } else { min };
        max = if *x > max { *x } else { max };
    }
    let shift = tree(l, &mut sums) * (1.0 / n as f32);
    let (mut firsts, mut seconds) = ([-0.0f32; WIDTH], [-0.0f32; WIDTH]);
    let c = l.f_splat(shift);
    for strip in (0..WIDTH).step_by(A * L::N) {
        let (mut first, mut second) = ([l.f_splat(-0.0); A], [l.f_splat(-0.0); A]);
        for row in rows {
            for k in 0..A {
                let d = l.f_sub(l.f_load(&row[strip + k * L::N..]), c);
                first[k] = l.f_add(first[k], d);
                second[k] = l.f_add(second[k], l.f_mul(d, d));
            }
        }
        for k in 0..A {
            l.f_store(&mut firsts[strip + k * L::N..], first[k]);
            l.f_store(&mut seconds[strip + k * L::N..], second[k]);
        }
    }
    for ((first, second), x) in firsts.iter_mut().zip(&mut seconds).zip(rest) {
        let d = x - shift;
        *first += d;
        *second += d * d;
    }
    // Equal as numbers: either zero.
    if min == 0.0 {
        min = if has(values, -0.0) { -0.0 } else { 0.0 };
    }
    if max == 0.0 {
        max = if has(values, 0.0) { 0.0 } else { -0.0 };
    }
    Block { count: n as u32, min, max, shift, first: tree(l, &mut firsts), second: tree(l, &mut seconds) }
}

/// `j` takes `j + 32`, then `j + 16`, and so on.
#[inline(always)]
fn tree<L: Lanes>(l: L, sums: &mut [f32; WIDTH]) -> f32 {
    let mut half = WIDTH / 2;
    while half >= L::N {
        for j in (0..half).step_by(L::N) {
            let sum = l.f_add(l.f_load(&sums[j..]), l.f_load(&sums[j + half..]));
            l.f_store(&mut sums[j..], sum);
        }
        half /= 2;
    }
    while half > 0 {
        for j in 0..half {
            sums[j] += sums[j + half];
        }
        half /= 2;
    }
    sums[0]
}

/// Whether a number with these very bits is there.
#[inline(always)]
fn has(values: &[f32], wanted: f32) -> bool {
    values.iter().fold(false, |found, x| found | (x.to_bits() == wanted.to_bits()))
}
