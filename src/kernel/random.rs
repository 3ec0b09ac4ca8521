//! A generator of random numbers that gives each place its own: the same ones on every target and in every split.
//!
//! Philox4x32-10 (Salmon, Moraes, Dror and Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC 2011): a block of four
//! words is a function of a counter and a key, so nothing is carried from place to place. The counter is the place and
//! the number of the block, the key the launch's seed.

use std::cell::Cell;

use crate::kernel::math;
use crate::lanes::{Lanes, Scalar};

/// The rounds of the standard form.
const ROUNDS: usize = 10;
const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
/// What the key grows by from round to round: the golden ratio and √3 - 1.
const STEPS: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];

/// The block of four words of a counter under a key.
#[inline(always)]
pub fn philox<L: Lanes>(l: L, counter: [L::I; 4], key: [u32; 2]) -> [L::I; 4] {
    let [mut a, mut b, mut c, mut d] = counter;
    let mut key = key;
    for _ in 0..ROUNDS {
        let (first, second) = (l.i_splat(MULTIPLIERS[0] as i32), l.i_splat(MULTIPLIERS[1] as i32));
        let (low0, high0) = (l.i_mul(a, first), l.i_mul_hi_u(a, first));
        let (low1, high1) = (l.i_mul(c, second), l.i_mul_hi_u(c, second));
        a = l.i_xor(l.i_xor(high1, b), l.i_splat(key[0] as i32));
        b = low1;
        c = l.i_xor(l.i_xor(high0, d), l.i_splat(key[1] as i32));
        d = low0;
        key = [key[0].wrapping_add(STEPS[0]), key[1].wrapping_add(STEPS[1])];
    }
    [a, b, c, d]
}

/// A kernel's generator, `rng: Random`: what a place draws depends on the seed, the place and how often it has drawn.
///
/// A launch takes the seed in its place: `rt.map::<walk>((42,))`. To call a kernel as a plain function, make one for a
/// place.
///
/// ```
/// use manylane::prelude::*;
///
/// #[kernel]
/// fn noise(x: f32, rng: Random) -> f32 {
///     x + 0.1 * (rng.f32() - 0.5)
/// }
///
/// let rt = Runtime::new()?;
/// let noisy = rt.map::<noise>((&[1.0f32, 2.0, 3.0], 42)).run()?;
/// assert_eq!(noisy.read()?[2], noise(3.0, Random::new(42, 2)));
/// # Ok::<(), manylane::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Random {
    seed: u64,
    place: u32,
    drawn: Cell<u32>,
}

impl Random {
    /// The generator of one place under a seed.
    pub fn new(seed: u64, place: u32) -> Self {
        Random { seed, place, drawn: Cell::new(0) }
    }

    /// The next number, any of them.
    pub fn u32(&self) -> u32 {
        let drawn = self.drawn.replace(self.drawn.get().wrapping_add(1));
        self.tile().blocks(Scalar).next(Scalar, drawn) as u32
    }

    /// The next number from 0 up to but not 1: one of 2^24, all equally likely.
    pub fn f32(&self) -> f32 {
        (self.u32() >> 8) as f32 * 5.960_464_5e-8
    }

    /// The next number of the standard normal distribution: one of 2^32, all equally likely, of a size up to 6.34, and the
    /// same bits on every target. It is within 4 units in the last place of the exact inverse of the distribution
    /// function at the middle of its part of 2^-32.
    pub fn normal(&self) -> f32 {
        math::normal_of(self.u32())
    }

    /// The next number below `n`, by two words: each number's chance is less than 2^-64 away from 1 / n. Where `n` is 0,
    /// it is 0.
    pub fn below(&self, n: u32) -> u32 {
        let upper = self.u32();
        math::below_of(upper, self.u32(), n)
    }

    /// The next number from `low` up to but not `high`, as good as [`below`](Random::below); `low` where there is none.
    pub fn range(&self, low: i32, high: i32) -> i32 {
        let upper = self.u32();
        math::range_of(upper, self.u32(), low, high)
    }

    /// What a body draws from.
    #[doc(hidden)]
    pub fn tile(&self) -> RandomTile {
        RandomTile::new(self.seed).at(self.place)
    }
}

/// A generator as a body sees it: of the places from one on.
#[derive(Clone, Copy)]
pub struct RandomTile {
    key: [u32; 2],
    place: u32,
}

impl RandomTile {
    /// Under a seed, from place 0 on.
    #[inline(always)]
    pub fn new(seed: u64) -> Self {
        RandomTile { key: [seed as u32, (seed >> 32) as u32], place: 0 }
    }

    /// From another place on.
    #[inline(always)]
    pub fn at(self, place: u32) -> Self {
        RandomTile { place, ..self }
    }

    /// Blocks of all lanes, none yet.
    #[inline(always)]
    pub fn blocks<L: Lanes>(self, l: L) -> RandomBlocks<L> {
        RandomBlocks { tile: self, number: NONE, block: [l.i_splat(0); 4] }
    }

    #[inline(always)]
    fn block<L: Lanes>(self, l: L, number: L::I) -> [L::I; 4] {
        let place = l.i_add(l.i_splat(self.place as i32), l.i_iota());
        let zero = l.i_splat(0);
        philox(l, [place, zero, number, zero], self.key)
    }
}

/// The number of no block: a word's number, a `u32`, is four times that of its block.
const NONE: u32 = u32::MAX;

/// What a body draws: where all lanes have drawn equally often, a block gives each four words.
pub struct RandomBlocks<L: Lanes> {
    tile: RandomTile,
    /// Which block is there.
    number: u32,
    block: [L::I; 4],
}

impl<L: Lanes> RandomBlocks<L> {
    /// The words of one number for all lanes.
    #[inline(always)]
    pub fn next(&mut self, l: L, drawn: u32) -> L::I {
        let number = drawn >> 2;
        if self.number != number {
            self.block = self.tile.block(l, l.i_splat(number as i32));
            self.number = number;
        }
        match drawn & 3 {
            0 => self.block[0],
            1 => self.block[1],
            2 => self.block[2],
            _ => self.block[3],
        }
    }

    /// The words of a number for each lane.
    #[inline(always)]
    pub fn word(&self, l: L, drawn: L::I) -> L::I {
        let zero = l.i_splat(0);
        let [a, b, c, d] = self.tile.block(l, l.i_shr_u(drawn, l.i_splat(2)));
        // Two choices by the bits of what is left of the number.
        let odd = l.i_ne(l.i_and(drawn, l.i_splat(1)), zero);
        let upper = l.i_ne(l.i_and(drawn, l.i_splat(2)), zero);
        l.i_select(upper, l.i_select(odd, d, c), l.i_select(odd, b, a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that the paper's authors publish with their code (kat_vectors, philox4x32 of 10 rounds).
    #[test]
    fn philox_has_the_published_answers() {
        let block = |counter: [u32; 4], key: [u32; 2]| {
            philox(Scalar, counter.map(|word| word as i32), key).map(|word| word as u32)
        };
        assert_eq!(block([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(block([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}
