//! Sums rounded once: every result is added without error, and only the end is rounded.
//!
//! ```text
//! a number      is m * 2^s units, m a whole number of 24 (53) bits and the unit the smallest number above zero
//! a block       of 4,096: m goes, in pieces of 16 bits, to the words of 2^0, 2^16, 2^32, … units; a word holds the sum of 4,096
//!               pieces without a carry
//! all blocks    word by word, in 64 bits; then carries, the sign, and one rounding to nearest, ties to even
//! ```
//! So the result depends on the numbers alone, not on their order. (Superaccumulators: Kulisch, 1971; as words with room for
//! carries: Collange, Defour, Graillat and Iakymchuk, 2015.)
//!
//! Departure made for speed: where the numbers of a block of `f32` have exponents that lie close together, their sum in double
//! precision is exact, and one number goes to the words. A block is tried whole, then in parts of 256.

use bytemuck::Zeroable as _;

use crate::exec::fold::{FoldPiece, FoldText, Folded, Reduction};
use crate::exec::gpu::EXACT;
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::level::{self, AtLevel};
use crate::kernel::{Kernel, LaneElement, Params};
use crate::lanes::Lanes;
use crate::shape::CHUNK;

/// A float whose sums can be rounded once.
pub trait ExactSum: LaneElement {
    #[doc(hidden)]
    /// A block's words, and behind them how many of its numbers are NaN, infinity and negative infinity.
    type Words: bytemuck::Pod + AsRef<[i32]> + AsMut<[i32]> + Send + Sync;
    /// Bits of `m`.
    #[doc(hidden)]
    const BITS: u32;
    #[doc(hidden)]
    /// The exponent field of what is not finite.
    const TOP: u32;
    /// Its bits.
    #[doc(hidden)]
    fn bits(self) -> u64;
    /// From its bits.
    #[doc(hidden)]
    fn of(bits: u64) -> Self;
    /// Adds a block's numbers to its words.
    #[doc(hidden)]
    fn add(level: crate::lanes::Level, values: &[Self], words: &mut Self::Words);
}

/// Words for 2^0 to 2^289 units: 4,096 of the largest numbers.
const NARROW: usize = 19;
/// Words for 2^0 to 2^2098 units.
const WIDE: usize = 132;
/// Counts of what is not finite.
const SPECIAL: usize = 3;

impl ExactSum for f32 {
    type Words = [i32; NARROW + SPECIAL];
    const BITS: u32 = 24;
    const TOP: u32 = 0xff;
    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }
    fn of(bits: u64) -> f32 {
        f32::from_bits(bits as u32)
    }
    fn add(level: crate::lanes::Level, values: &[f32], words: &mut Self::Words) {
        if let Some(sum) = level::at(level, Close(values)) {
            return add_exactly(sum, words);
        }
        for some in values.chunks(256) {
            match level::at(level, Close(some)) {
                Some(sum) => add_exactly(sum, words),
                None => some.iter().for_each(|x| add_one(*x, words)),
            }
        }
    }
}

impl ExactSum for f64 {
    type Words = [i32; WIDE + SPECIAL];
    const BITS: u32 = 53;
    const TOP: u32 = 0x7ff;
    fn bits(self) -> u64 {
        self.to_bits()
    }
    fn of(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
    fn add(_: crate::lanes::Level, values: &[f64], words: &mut Self::Words) {
        values.iter().for_each(|x| add_one(*x, words));
    }
}

/// A number's sign, exponent field and the bits below it.
#[inline(always)]
fn fields<T: ExactSum>(x: T) -> (bool, u32, u64) {
    let (bits, below) = (x.bits(), T::BITS - 1);
    let exponent = (bits >> below) as u32 & T::TOP;
    (bits >> (8 * size_of::<T>() - 1) != 0, exponent, bits & ((1 << below) - 1))
}

#[inline(always)]
fn add_one<T: ExactSum>(x: T, words: &mut T::Words) {
    let words = words.as_mut();
    let (negative, exponent, fraction) = fields(x);
    if exponent == T::TOP {
        let special = words.len() - SPECIAL;
        let which = if fraction != 0 { 0 } else { 1 + usize::from(negative) };
        words[special + which] += 1;
        return;
    }
    let leading = u64::from(exponent > 0) << (T::BITS - 1);
    add_units(negative, fraction | leading, exponent.max(1) - 1, words);
}

/// Adds `m * 2^shift` units.
#[inline(always)]
fn add_units(negative: bool, m: u64, shift: u32, words: &mut [i32]) {
    let mut rest = u128::from(m) << (shift % 16);
    let mut at = (shift / 16) as usize;
    while rest > 0 {
        let piece = (rest & 0xffff) as i32;
        words[at] += if negative { -piece } else { piece };
        rest >>= 16;
        at += 1;
    }
}

/// Adds a double that is a whole number of `f32`'s units, and less than 2^140.
fn add_exactly(sum: f64, words: &mut <f32 as ExactSum>::Words) {
    let (negative, exponent, fraction) = fields(sum);
    if exponent == 0 {
        // Zero: no such number is as small as a double can be.
        return;
    }
    let m = fraction | 1 << 52;
    // sum = m * 2^(exponent - 1075), a unit is 2^-149.
    let shift = exponent as i32 - 1075 + 149;
    match u32::try_from(shift) {
        Ok(shift) => add_units(negative, m, shift, words),
        Err(_) => add_units(negative, m >> -shift, 0, words),
    }
}

/// The sum of at most a block of numbers in double precision, if it is exact.
struct Close<'v>(&'v [f32]);

impl AtLevel for Close<'_> {
    type Out = Option<f64>;
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) -> Option<f64> {
        // Plain loops over arrays: they become vectors of whatever level they are compiled for.
        const WIDTH: usize = 16;
        let (mut least, mut most) = ([u32::MAX; WIDTH], [0u32; WIDTH]);
        let (rows, rest) = self.0.as_chunks::<WIDTH>();
        let mut filled = [0.0f32; WIDTH];
        filled[..rest.len()].copy_from_slice(rest);
        for row in rows.iter().chain([&filled]) {
            for k in 0..WIDTH {
                let magnitude = row[k].to_bits() & 0x7fff_ffff;
                most[k] = most[k].max(magnitude);
                // Zero has no exponent: it becomes the largest.
                least[k] = least[k].min(magnitude.wrapping_sub(1));
            }
        }
        let most = most.into_iter().fold(0, u32::max);
        let least = least.into_iter().fold(u32::MAX, u32::min);
        if most >= 0x7f80_0000 {
            return None;
        }
        let least = least.wrapping_add(1);
        let lowest = ((least >> 23) & 0xff).max(1);
        // From the last bit of the smallest to the first of the sum.
        let bits = (most >> 23).saturating_sub(lowest) + 24 + (self.0.len().max(1) as u32).ilog2() + 1;
        if least != 0 && bits > 53 {
            return None;
        }
        let mut sums = [0.0f64; WIDTH];
        for row in rows.iter().chain([&filled]) {
            for k in 0..WIDTH {
                sums[k] += f64::from(row[k]);
            }
        }
        Some(sums.into_iter().sum())
    }
}

/// The sum of all blocks, rounded; 0.0 for none, and where they come to nothing.
pub(crate) fn rounded<T: ExactSum>(blocks: &[T::Words]) -> T {
    // What no block reaches: a sum of 2^52 of the largest.
    const ROOM: usize = 4;
    let length = blocks.first().map_or(0, |words| words.as_ref().len() - SPECIAL);
    let mut words = vec![0i64; length + ROOM];
    let mut special = [false; SPECIAL];
    for block in blocks {
        let (block, counts) = block.as_ref().split_at(length);
        words.iter_mut().zip(block).for_each(|(word, own)| *word += i64::from(*own));
        special.iter_mut().zip(counts).for_each(|(any, own)| *any |= *own != 0);
    }
    let infinity = u64::from(T::TOP) << (T::BITS - 1);
    let sign = 1 << (8 * size_of::<T>() - 1);
    match special {
        [false, false, false] => {}
        [false, true, false] => return T::of(infinity),
        [false, false, true] => return T::of(infinity | sign),
        _ => return T::of(infinity | 1 << (T::BITS - 2)),
    }
    let negative = carried(&mut words);
    if negative {
        words.iter_mut().for_each(|word| *word = -*word);
        carried(&mut words);
    }
    let magnitude = magnitude::<T>(&words).min(infinity);
    T::of(if negative { magnitude | sign } else { magnitude })
}

/// Leaves 16 bits in each word but the last; whether all is below zero.
fn carried(words: &mut [i64]) -> bool {
    let mut carry = 0;
    let last = words.len().saturating_sub(1);
    for (at, word) in words.iter_mut().enumerate() {
        *word += carry;
        if at < last {
            carry = *word >> 16;
            *word &= 0xffff;
        }
    }
    words.last().is_some_and(|last| *last < 0)
}

/// The bits of the number nearest to so many units, which are not below zero; at least those of infinity where it is larger
/// than all.
fn magnitude<T: ExactSum>(words: &[i64]) -> u64 {
    let bit = |at: u32| words.get((at / 16) as usize).is_some_and(|word| word >> (at % 16) & 1 == 1);
    let Some(top) = words.iter().rposition(|word| *word != 0) else { return 0 };
    let length = 16 * top as u32 + words[top].ilog2() + 1;
    let shift = length.saturating_sub(T::BITS);
    let m = (shift..length).rev().fold(0u64, |m, at| 2 * m + u64::from(bit(at)));
    if shift == 0 {
        // As many units as the bits say: the exponent field counts on behind the fraction.
        return m;
    }
    let half = bit(shift - 1);
    let more = (0..shift - 1).any(bit);
    let up = half && (more || m & 1 == 1);
    // 2^(BITS - 1) of `m` stand for one in the exponent field, which is `shift + 1`; rounding up may carry into it.
    (u64::from(shift) << (T::BITS - 1)) + m + u64::from(up)
}

/// The reduction to words.
pub(crate) struct Reduce;

impl<K: Kernel<Out = T>, T: ExactSum> Reduction<K> for Reduce {
    type Block = T::Words;
    fn fresh(&self) -> T::Words {
        T::Words::zeroed()
    }
    fn run(&self, job: &Job<'_>, piece: FoldPiece<'_, '_, K, T::Words>) {
        let FoldPiece { start, len, tiles, blocks } = piece;
        let mut left = Some(Piece::<K> { start, len, tiles, out: &mut [] });
        let mut values = [T::zeroed(); CHUNK];
        for block in blocks {
            let Some(Piece { start, len, tiles, .. }) = left.take() else { return };
            let n = len.min(CHUNK);
            let (own, rest) = K::Params::split(tiles, n);
            let values = lanes::values::<K, T>(job, (start, n), own, &mut values[..n]);
            let mut words = T::Words::zeroed();
            T::add(job.level, values, &mut words);
            *block = words;
            if len > n && !job.frame.stopped() {
                left = Some(Piece { start: start + n, len: len - n, tiles: rest, out: &mut [] });
            }
        }
    }
    fn folded(&self) -> Folded {
        let text = FoldText { name: "exact", callee: None, float: "a + b", int: "a + b", pass: &EXACT };
        Folded { text, identity: 0, width: size_of::<T::Words>(), slot: |_| [0; 4] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Level;

    fn sum<T: ExactSum>(values: &[T]) -> T {
        let blocks: Vec<T::Words> = values
            .chunks(CHUNK)
            .map(|block| {
                let mut words = bytemuck::Zeroable::zeroed();
                T::add(Level::Scalar, block, &mut words);
                words
            })
            .collect();
        rounded::<T>(&blocks)
    }

    #[test]
    fn rounds_once() {
        let tiny = f32::from_bits(1);
        for (values, expected) in [
            (vec![], 0.0),
            (vec![-0.0], 0.0),
            (vec![1e30, 1.0, -1e30], 1.0),
            (vec![f32::MAX, f32::MAX, -f32::MAX], f32::MAX),
            (vec![f32::MAX, f32::MAX], f32::INFINITY),
            (vec![-f32::MAX, -f32::MAX], f32::NEG_INFINITY),
            // A tie goes to even, a little more goes up.
            (vec![16_777_216.0, 1.0], 16_777_216.0),
            (vec![16_777_216.0, 1.0, tiny], 16_777_218.0),
            (vec![16_777_218.0, 1.0], 16_777_220.0),
            (vec![-16_777_216.0, -1.0, -tiny], -16_777_218.0),
            (vec![tiny; 3], f32::from_bits(3)),
            (vec![f32::MIN_POSITIVE, -tiny], f32::from_bits(0x007f_ffff)),
            // Half a unit below the largest rounds to it, and half above to infinity.
            (vec![f32::MAX, 1.014_120_5e31], f32::INFINITY),
            (vec![f32::MAX, 1.014_120_5e31, -tiny], f32::MAX),
        ] {
            assert_eq!(sum(&values).to_bits(), expected.to_bits(), "{values:?}: {}", sum(&values));
        }
        assert!(sum(&[f32::INFINITY, f32::NEG_INFINITY]).is_nan());
        assert!(sum(&[f32::NAN, 1.0]).is_nan());
        assert_eq!(sum(&[f32::INFINITY, -f32::MAX]), f32::INFINITY);
    }

    #[test]
    fn doubles_round_once() {
        let tiny = f64::from_bits(1);
        assert_eq!(sum(&[1e300, 1.0, -1e300, tiny]), 1.0);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
        assert_eq!(sum(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(sum(&[0.1f64; 10]), 1.0);
        assert_eq!(sum(&[tiny; 5]), f64::from_bits(5));
        assert_eq!(sum(&[-9_007_199_254_740_992.0, -1.0, -tiny]), -9_007_199_254_740_994.0);
    }

    #[test]
    fn parts_that_lie_close_come_to_the_same() {
        let mut seed = 7u32;
        let mut next = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed
        };
        for spread in [0, 3, 12, 30, 200] {
            let values: Vec<f32> = (0..5_000)
                .map(|_| {
                    let exponent = 20 + next() % (spread + 1);
                    f32::from_bits((next() & 0x807f_ffff) | exponent << 23)
                })
                .collect();
            let mut words = [0i64; NARROW + SPECIAL];
            for x in &values {
                let mut own = [0; NARROW + SPECIAL];
                add_one(*x, &mut own);
                words.iter_mut().zip(own).for_each(|(word, own)| *word += i64::from(own));
            }
            let mut all = words[..NARROW].to_vec();
            all.extend([0; 4]);
            let negative = carried(&mut all);
            if negative {
                all.iter_mut().for_each(|word| *word = -*word);
                carried(&mut all);
            }
            let expected = magnitude::<f32>(&all) as u32 | u32::from(negative) << 31;
            assert_eq!(sum(&values).to_bits(), expected, "exponents over {spread}");
        }
    }
}
