//! Gathers, and elements that are narrower in memory than in the lanes, on every level against plain loops.

use super::*;
use crate::kernel::LaneElement;

on_every_level! {
    gathers;
    narrow_elements;
    pixels;
    every_half_float;
    rounding_to_half_floats;
}

#[inline(always)]
fn integers<L: Lanes>(l: L, x: L::I) -> Vec<i32> {
    let mut lanes = vec![0; L::N];
    l.i_store(&mut lanes, x);
    lanes
}

/// `T::gather` of `from` against the loop, where `widen` is what the lanes hold.
#[inline(always)]
fn gather_of<L: Lanes, T, W>(
    l: L,
    from: &[T],
    at: &[i32],
    on: &[i32],
    store: impl Fn(T::Lane<L>) -> Vec<W>,
    widen: impl Fn(T) -> W,
) where
    T: LaneElement,
    W: PartialEq + std::fmt::Debug,
{
    let m = l.i_ne(l.i_load(on), l.i_splat(0));
    let got = store(T::gather(l, from, l.i_load(at), m));
    for (i, got) in got.into_iter().enumerate() {
        let inside = on[i] != 0 && (at[i] as u32 as usize) < from.len();
        let want = if inside { from[at[i] as u32 as usize] } else { T::zeroed() };
        assert_eq!(got, widen(want), "lane {i} at {} of {}", at[i], from.len());
    }
}

#[inline(always)]
fn gathers<L: Lanes>(l: L) {
    let mut random = Random::new();
    for length in [0, 1, 2, 7, 31, 32, 1000, 70_000] {
        let floats: Vec<f32> = (0..length).map(|_| random.integer() as f32).collect();
        let signed: Vec<i32> = (0..length).map(|_| random.integer()).collect();
        let unsigned: Vec<u32> = signed.iter().map(|x| *x as u32).collect();
        let bytes: Vec<u8> = signed.iter().map(|x| *x as u8).collect();
        let halves: Vec<f16> = signed.iter().map(|x| f16::from_f32((*x % 2048) as f32)).collect();
        let pixels: Vec<[i16; 3]> =
            signed.iter().map(|x| [*x as i16, (*x >> 8) as i16, (*x >> 16) as i16]).collect();
        for _ in 0..64 {
            let at = lanes_of::<L, _>(|_| match random.next() % 4 {
                0 => random.integer(),
                1 => length - (random.next() % 3) as i32,
                _ => (random.next() % (length as u32 + 1)) as i32,
            });
            let on = lanes_of::<L, _>(|_| i32::from(!random.next().is_multiple_of(4)));
            gather_of(l, &floats, &at, &on, |x| stored(l, x), |x| x);
            gather_of(l, &signed, &at, &on, |x| integers(l, x), |x| x);
            gather_of(l, &unsigned, &at, &on, |x| integers(l, x), |x| x as i32);
            gather_of(l, &bytes, &at, &on, |x| integers(l, x), i32::from);
            gather_of(l, &halves, &at, &on, |x| stored(l, x), f32::from);
            gather_of(l, &pixels, &at, &on, |x| integers(l, x[1]), |x| i32::from(x[1]));
        }
    }
}

/// Loads, whole and in part, widen; stores, whole and in part, keep the low bits and touch nothing else.
#[inline(always)]
fn narrow_element<L: Lanes, T>(l: L, random: &mut Random, cut: impl Fn(i32) -> T)
where
    T: for<'a> LaneElement<Lane<L> = L::I> + Into<i32> + PartialEq + std::fmt::Debug,
{
    let from: Vec<T> = lanes_of::<L, _>(|_| cut(random.next() as i32));
    let wide: Vec<i32> = from.iter().map(|x| (*x).into()).collect();
    assert_eq!(integers(l, T::load(l, &from)), wide);
    assert_eq!(integers(l, T::splat(l, from[0])), vec![wide[0]; L::N]);
    let x = lanes_of::<L, _>(|_| random.next() as i32);
    let mut to = vec![cut(7); L::N + 1];
    T::store(l, &mut to, l.i_load(&x));
    assert!(to.iter().enumerate().all(|(i, to)| *to == cut(if i < L::N { x[i] } else { 7 })));
    for n in 0..=L::N {
        let part = integers(l, T::load_part(l, &from[..n]));
        assert!(part.iter().enumerate().all(|(i, x)| *x == if i < n { wide[i] } else { 0 }), "part of {n}");
        let mut to = vec![cut(7); L::N + 1];
        T::store_part(l, &mut to[..n], l.i_load(&x));
        assert!(to.iter().enumerate().all(|(i, to)| *to == cut(if i < n { x[i] } else { 7 })), "part of {n}");
    }
}

#[inline(always)]
fn narrow_elements<L: Lanes>(l: L) {
    let mut random = Random::new();
    for _ in 0..16 {
        narrow_element::<L, u8>(l, &mut random, |x| x as u8);
        narrow_element::<L, i8>(l, &mut random, |x| x as i8);
        narrow_element::<L, u16>(l, &mut random, |x| x as u16);
        narrow_element::<L, i16>(l, &mut random, |x| x as i16);
    }
    assert_eq!((<i8 as LaneElement>::only(-1), (-1i16).words()[0]), (-1, u32::MAX));
}

/// As [`narrow_element`], of pixels: every channel of every lane.
#[inline(always)]
fn pixel<L: Lanes, const C: usize>(l: L, random: &mut Random) {
    let from: Vec<[u8; C]> = lanes_of::<L, _>(|_| [(); C].map(|()| random.next() as u8));
    let loaded = <[u8; C]>::load(l, &from);
    for (channel, lanes) in loaded.into_iter().enumerate() {
        let expected: Vec<i32> = from.iter().map(|pixel| i32::from(pixel[channel])).collect();
        assert_eq!(integers(l, lanes), expected, "channel {channel} of {C}");
    }
    // What is above a lane's low byte goes nowhere.
    let x: [Vec<i32>; C] = [(); C].map(|()| lanes_of::<L, _>(|_| random.next() as i32));
    let lanes = std::array::from_fn(|channel| l.i_load(&x[channel]));
    let mut to = vec![[7; C]; L::N + 1];
    <[u8; C]>::store(l, &mut to, lanes);
    for (i, pixel) in to.iter().enumerate() {
        let expected: [u8; C] = std::array::from_fn(|channel| if i < L::N { x[channel][i] as u8 } else { 7 });
        assert_eq!(*pixel, expected, "pixel {i} of {C} bytes");
    }
    for n in 0..=L::N {
        let mut to = vec![[7; C]; L::N + 1];
        <[u8; C]>::store_part(l, &mut to[..n], lanes);
        assert!(to[n..].iter().all(|pixel| *pixel == [7; C]), "part of {n}");
        for (channel, lanes) in <[u8; C]>::load_part(l, &to[..n]).into_iter().enumerate() {
            let part = integers(l, lanes);
            let expected = |i: usize| if i < n { i32::from(x[channel][i] as u8) } else { 0 };
            assert!(part.iter().enumerate().all(|(i, x)| *x == expected(i)), "part of {n}");
        }
    }
}

#[inline(always)]
fn pixels<L: Lanes>(l: L) {
    let mut random = Random::new();
    for _ in 0..16 {
        pixel::<L, 1>(l, &mut random);
        pixel::<L, 2>(l, &mut random);
        pixel::<L, 3>(l, &mut random);
        pixel::<L, 4>(l, &mut random);
    }
}

/// What the bits of a half float mean; infinity as the number that its bits would be, 2^16.
fn value_of(bits: u16) -> f64 {
    let (exponent, mantissa) = (i32::from(bits >> 10 & 31), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => mantissa * 2f64.powi(-24),
        _ => (1024.0 + mantissa) * 2f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 { magnitude } else { -magnitude }
}

#[inline(always)]
fn every_half_float<L: Lanes>(l: L) {
    let all: Vec<u16> = (0..=u16::MAX).collect();
    for bits in all.chunks_exact(L::N) {
        let got = stored(l, l.f_load_f16(bits));
        let mut back = vec![0; L::N];
        l.f_store_f16(&mut back, l.f_load(&got));
        for (i, bits) in bits.iter().copied().enumerate() {
            let (got, back) = (got[i], back[i]);
            match bits & 0x7fff {
                0x7c00 => {
                    assert!(got.is_infinite() && back == bits, "{bits:#x} is {got}, and back {back:#x}")
                }
                0x7c01.. => {
                    assert!(got.is_nan() && f16::from_bits(back).to_f32().is_nan(), "{bits:#x} is {got}");
                    assert_eq!(back, bits | 0x200, "a NaN keeps its bits and is quiet");
                }
                _ => {
                    assert_eq!(f64::from(got).to_bits(), value_of(bits).to_bits(), "{bits:#x} is {got}");
                    assert_eq!(back, bits);
                }
            }
        }
    }
}

/// The bits of the half float nearest to `x`, the even one of two.
fn nearest(x: f32) -> u16 {
    let (sign, magnitude) = (if x.is_sign_negative() { 0x8000 } else { 0 }, f64::from(x.abs()));
    let (mut low, mut high) = (0, 0x7c00);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if value_of(middle) <= magnitude { low = middle } else { high = middle }
    }
    let (below, above) = (magnitude - value_of(low), value_of(high) - magnitude);
    sign | if below < above || below == above && low % 2 == 0 { low } else { high }
}

#[inline(always)]
fn rounding_to_half_floats<L: Lanes>(l: L) {
    let mut random = Random::new();
    let halfway = (0..0x7c00u16).map(|bits| ((value_of(bits) + value_of(bits + 1)) / 2.0) as f32);
    let around = halfway.flat_map(|x| [x.next_down(), x, -x, x.next_up()]);
    let anywhere: Vec<f32> = (0..CASES).map(|_| random.float()).collect();
    let near: Vec<f32> = (0..CASES)
        .map(|_| {
            f32::from_bits(random.next() % 0x1200_0000 + 0x3600_0000).copysign(random.next() as i32 as f32)
        })
        .collect();
    let floats: Vec<f32> =
        around.chain(NASTY_FLOATS.map(f32::from_bits)).chain(anywhere).chain(near).collect();
    for x in floats.chunks_exact(L::N) {
        let mut got = vec![0; L::N];
        l.f_store_f16(&mut got, l.f_load(x));
        for (x, got) in x.iter().zip(got) {
            if x.is_nan() {
                assert!(got & 0x7fff > 0x7c00, "NaN became {got:#x}");
            } else {
                assert_eq!(got, nearest(*x), "{x:e}");
                assert_eq!(f16::from_f32(*x).to_bits(), got);
            }
        }
    }
}

#[test]
fn a_double_is_rounded_to_a_half_float_once() {
    let halfway = 1.0 + 2f64.powi(-11);
    assert_eq!(f16::from_f64(halfway).to_f32(), 1.0);
    assert_eq!(f16::from_f64(halfway.next_up()).to_bits(), 0x3c01);
    assert_eq!(f16::from_f64(-halfway.next_up()).to_bits(), 0xbc01);
    assert_eq!(f16::from_f64(65_520.0f64.next_down()).to_bits(), 0x7bff);
    assert_eq!(f16::from_f64(2f64.powi(-25).next_up()).to_bits(), 1);
    assert_eq!((f16::from_f64(1.0e300).to_bits(), f16::from_f64(-1.0e-300).to_bits()), (0x7c00, 0x8000));
    assert!(f16::from_f64(f64::NAN).to_f32().is_nan());
}
