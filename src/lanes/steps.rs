//! Operations made of other operations, for the levels that have no instruction for them.

use bytemuck::Zeroable;

use super::{Lanes, MAX_LANES};

/// 1.5 * 2^23: added to a small float, it rounds it to a whole number that stands in the low bits.
pub(crate) const MAGIC: f32 = 12_582_912.0;
const ONE_BITS: i32 = 0x3f80_0000;
/// The bits of 0.75, where the interval of the mantissa begins.
const MANTISSA_BITS: i32 = 0x3f40_0000;

/// 2^n for whole `n` in -126..=127.
#[inline(always)]
fn power<L: Lanes>(l: L, n: L::F) -> L::F {
    let whole = l.f_to_bits(l.f_add(n, l.f_splat(MAGIC)));
    l.f_from_bits(l.i_add(l.i_shl(whole, l.i_splat(23)), l.i_splat(ONE_BITS)))
}

/// `n` between the bounds.
#[inline(always)]
fn between<L: Lanes>(l: L, n: L::F, lo: f32, hi: f32) -> L::F {
    l.f_greater(l.f_lesser(n, l.f_splat(hi)), l.f_splat(lo))
}

/// `a * 2^n` in three products, of which only the last one that matters can round.
///
/// A step down is 2^-102, not 2^-126: where it makes `a` subnormal, and so rounds, the rest of the way (at least 2^-25)
/// takes the result to 0 whichever way it was rounded.
#[inline(always)]
pub(super) fn scale<L: Lanes>(l: L, a: L::F, n: L::F) -> L::F {
    let (mut a, mut n) = (a, between(l, n, -400.0, 400.0));
    for _ in 0..2 {
        let down = l.f_lt(n, l.f_splat(-126.0));
        let up = l.f_gt(n, l.f_splat(127.0));
        let step = l.f_select(down, l.f_splat(-102.0), l.f_select(up, l.f_splat(127.0), l.f_splat(0.0)));
        a = l.f_mul(a, power(l, step));
        n = l.f_sub(n, step);
    }
    l.f_mul(a, power(l, between(l, n, -126.0, 127.0)))
}

/// How many times 2 the bits of `a` lie above 0.75.
#[inline(always)]
fn exponent_bits<L: Lanes>(l: L, a: L::F) -> L::I {
    l.i_shr_s(l.i_sub(l.f_to_bits(a), l.i_splat(MANTISSA_BITS)), l.i_splat(23))
}

/// [`Lanes::f_mantissa`] by its bits.
#[inline(always)]
pub(super) fn mantissa<L: Lanes>(l: L, a: L::F) -> L::F {
    l.f_from_bits(l.i_sub(l.f_to_bits(a), l.i_shl(exponent_bits(l, a), l.i_splat(23))))
}

/// [`Lanes::f_exponent`] by its bits.
#[inline(always)]
pub(super) fn exponent<L: Lanes>(l: L, a: L::F) -> L::F {
    l.f_from_s(exponent_bits(l, a))
}

/// [`Lanes::f_ln_ends`] by selects.
#[inline(always)]
pub(super) fn ln_ends<L: Lanes>(l: L, y: L::F, x: L::F) -> L::F {
    let zero = l.f_splat(0.0);
    let y = l.f_select(l.f_eq(x, l.f_splat(f32::INFINITY)), x, y);
    let y = l.f_select(l.f_eq(x, zero), l.f_splat(f32::NEG_INFINITY), y);
    l.f_select(l.f_ge(x, zero), y, l.f_splat(f32::NAN))
}

/// `a % b`, exact, lane by lane: there is no short way for large quotients.
#[inline(always)]
pub(super) fn rem<L: Lanes>(l: L, a: L::F, b: L::F) -> L::F {
    let (mut x, mut y) = ([0.0; MAX_LANES], [0.0; MAX_LANES]);
    l.f_store(&mut x, a);
    l.f_store(&mut y, b);
    for (x, y) in x.iter_mut().zip(y).take(L::N) {
        *x %= y;
    }
    l.f_load(&x)
}

/// How many zeros stand above the highest one, by the exponent of the number as a float.
///
/// The bit below the highest one is cleared first, so that no rounding carries past it. A number with the sign bit set
/// converts to a negative float, whose sign makes the difference negative; 0 has no exponent and gives 158.
#[inline(always)]
pub(super) fn leading_zeros<L: Lanes>(l: L, a: L::I) -> L::I {
    let short = l.i_and(a, l.i_not(l.i_shr_u(a, l.i_splat(1))));
    let exponent = l.i_shr_u(l.f_to_bits(l.f_from_s(short)), l.i_splat(23));
    let zeros = l.i_sub(l.i_splat(158), exponent);
    l.i_min_s(l.i_max_s(zeros, l.i_splat(0)), l.i_splat(32))
}

/// How many zeros stand below the lowest one: as many as ones in `!a & (a - 1)`, which holds nothing else.
#[inline(always)]
pub(super) fn trailing_zeros<L: Lanes>(l: L, a: L::I) -> L::I {
    let below = l.i_and(l.i_not(a), l.i_sub(a, l.i_splat(1)));
    l.i_sub(l.i_splat(32), l.i_leading_zeros(below))
}

/// What a masked gather instruction needs for `from[at]`, `from` not empty: the lanes that may read, and the indices
/// moved by 2^31 (the instruction takes them as signed), to be counted from 2^31 elements behind the start.
#[inline(always)]
pub(super) fn gather_places<L: Lanes>(l: L, len: usize, at: L::I, m: L::M) -> (L::M, L::I) {
    let last = u32::try_from(len - 1).unwrap_or(u32::MAX);
    (l.m_and(m, l.i_le_u(at, l.i_splat(last as i32))), l.i_xor(at, l.i_splat(i32::MIN)))
}

/// `from[at]` in the first `L::N` places, by a plain loop; zero where `m` is not set or `at` lies outside.
#[inline(always)]
pub(crate) fn gather_each<L: Lanes, T: Zeroable + Copy>(
    l: L,
    from: &[T],
    at: L::I,
    m: L::M,
) -> [T; MAX_LANES] {
    let (mut places, mut on, mut got) = ([0; MAX_LANES], [0; MAX_LANES], [T::zeroed(); MAX_LANES]);
    l.i_store(&mut places, at);
    l.i_store(&mut on, l.i_from_mask(m));
    for (got, (at, on)) in got.iter_mut().zip(places.into_iter().zip(on)).take(L::N) {
        if on != 0
            && let Some(x) = from.get(at as u32 as usize)
        {
            *got = *x;
        }
    }
    got
}
