//! Words as unsigned numbers: the maps that carry every order to the ascending order of unsigned integers.
//!
//! All of them are one expression. With `sign` the word's highest bit spread over all bits,
//!
//! ```text
//! encode(word) = word ^ (sign(word) & fold) ^ flip
//! decode(code) = t ^ (sign(t) & fold)   where t = code ^ flip
//!
//!             fold             flip
//! unsigned    0                0
//! signed      0                highest bit
//! float       all but highest  highest bit
//! descending  as ascending     the complement of ascending
//! ```
//!
//! `fold` never holds the highest bit, so `t` has the sign that the word had.

use std::fmt::Debug;
use std::ops::{BitAnd, BitOr, BitXor, Not, Range};

use super::{Direction, Kind, Order};

/// An unsigned integer that keys are made of: `u32` or `u64`.
pub trait Word:
    Copy
    + Ord
    + Send
    + Sync
    + Debug
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + sealed::Sealed
    + 'static
{
    /// Bits of the word.
    const BITS: u32;
    /// No bit set.
    const ZERO: Self;
    /// The highest bit alone.
    const HIGHEST: Self;

    /// The highest bit in every bit.
    fn sign(self) -> Self;

    /// The bits from `shift` on, as an index; what an index does not hold is cut off.
    fn index_from(self, shift: u32) -> usize;

    /// The bits below `count`.
    fn below(count: u32) -> Self;

    /// One more than the place of the highest bit that is set; 0 without any.
    fn length(self) -> u32;

    /// The place of the lowest bit that is set.
    fn trailing_zeros(self) -> u32;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u32 {}
    impl Sealed for u64 {}
}

macro_rules! word {
    ($word:ty, $signed:ty) => {
        impl Word for $word {
            const BITS: u32 = <$word>::BITS;
            const ZERO: Self = 0;
            const HIGHEST: Self = 1 << (<$word>::BITS - 1);

            #[inline(always)]
            fn sign(self) -> Self {
                (self as $signed >> (<$word>::BITS - 1)) as $word
            }

            #[inline(always)]
            fn index_from(self, shift: u32) -> usize {
                (self >> shift) as usize
            }

            #[inline(always)]
            fn below(count: u32) -> Self {
                if count >= <$word>::BITS { <$word>::MAX } else { (1 << count) - 1 }
            }

            #[inline(always)]
            fn length(self) -> u32 {
                <$word>::BITS - self.leading_zeros()
            }

            #[inline(always)]
            fn trailing_zeros(self) -> u32 {
                self.trailing_zeros()
            }
        }
    };
}

word!(u32, i32);
word!(u64, i64);

/// The bits of `bits`, as a mask.
pub(super) fn field<W: Word>(bits: &Range<u32>) -> W {
    W::below(bits.end) & !W::below(bits.start)
}

/// A map to ascending unsigned order, and back.
pub(super) trait Codec<W>: Copy + Send + Sync {
    /// Nothing is to be mapped.
    const IS_PLAIN: bool;

    fn encode(self, word: W) -> W;

    fn decode(self, code: W) -> W;
}

/// Words that are in unsigned order as they are. A type of its own, so that the common case costs nothing.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl<W: Word> Codec<W> for Plain {
    const IS_PLAIN: bool = true;

    #[inline(always)]
    fn encode(self, word: W) -> W {
        word
    }

    #[inline(always)]
    fn decode(self, code: W) -> W {
        code
    }
}

/// Every other order: one type for all, as four operations hide behind the stores of a pass.
#[derive(Clone, Copy)]
pub(super) struct Flip<W> {
    fold: W,
    flip: W,
}

impl<W: Word> Flip<W> {
    pub(super) fn of(kind: Kind, direction: Direction) -> Self {
        let fold = if kind == Kind::Float { !W::HIGHEST } else { W::ZERO };
        let flip = if kind == Kind::Unsigned { W::ZERO } else { W::HIGHEST };
        Self { fold, flip: if direction == Direction::Descending { !flip } else { flip } }
    }

    pub(super) fn is_plain(self) -> bool {
        self.fold == W::ZERO && self.flip == W::ZERO
    }
}

impl<W: Word> Codec<W> for Flip<W> {
    const IS_PLAIN: bool = false;

    #[inline(always)]
    fn encode(self, word: W) -> W {
        word ^ (word.sign() & self.fold) ^ self.flip
    }

    #[inline(always)]
    fn decode(self, code: W) -> W {
        let turned = code ^ self.flip;
        turned ^ (turned.sign() & self.fold)
    }
}

/// `fold` and `flip` of an order of 32-bit words, for a shader.
pub(crate) fn order_words(order: &Order) -> (u32, u32) {
    let Flip { fold, flip } = Flip::of(order.kind, order.direction);
    (fold, flip)
}
