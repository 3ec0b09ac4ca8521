//! 64-bit lanes: every operation on every level against [`Scalar`], and `Scalar` against plain Rust.

use super::*;
use crate::kernel::LaneElement;

on_every_level! {
    wide_operations;
    wide_elements;
}

macro_rules! every_wide_operation {
    ($($list:tt)*) => {
        check_every! { wide_operations; $($list)* }
    };
}
wide_ops!(every_wide_operation);

/// Loads, stores and gathers of `T`, whose vectors `unpack` takes apart.
#[inline(always)]
fn wide_element<L: Lanes, T>(
    l: L,
    random: &mut Random,
    any: impl Fn(&mut Random) -> T,
    unpack: impl Fn(T::Lane<L>) -> Vec<T>,
) where
    T: LaneElement + PartialEq + std::fmt::Debug,
{
    let zero = T::zeroed();
    let from: Vec<T> = (0..3 * L::N).map(|_| any(random)).collect();
    let vector = T::load(l, &from);
    assert_eq!(unpack(vector), from[..L::N]);
    assert_eq!(unpack(T::splat(l, from[1])), vec![from[1]; L::N]);
    for n in 0..=L::N {
        let part = unpack(T::load_part(l, &from[..n]));
        assert!(
            part.iter().enumerate().all(|(i, x)| *x == if i < n { from[i] } else { zero }),
            "part of {n}"
        );
        let mut to = vec![zero; L::N + 1];
        T::store_part(l, &mut to[..n], vector);
        assert!(to.iter().enumerate().all(|(i, x)| *x == if i < n { from[i] } else { zero }), "part of {n}");
    }
    let mut to = vec![zero; L::N + 1];
    T::store(l, &mut to, vector);
    assert_eq!((&to[..L::N], to[L::N]), (&from[..L::N], zero));
    T::stream(l, &mut to[1..], vector);
    l.fence();
    assert_eq!(to[1..], from[..L::N]);

    for length in [0, 1, from.len()] {
        let at = lanes_of::<L, _>(|_| match random.next() % 4 {
            0 => random.integer(),
            _ => (random.next() % (length as u32 + 2)) as i32,
        });
        let on = lanes_of::<L, _>(|_| (random.next() % 3) as i32);
        let m = l.i_ne(l.i_load(&on), l.i_splat(0));
        for (i, got) in unpack(T::gather(l, &from[..length], l.i_load(&at), m)).into_iter().enumerate() {
            let inside = on[i] != 0 && (at[i] as u32 as usize) < length;
            assert_eq!(
                got,
                if inside { from[at[i] as u32 as usize] } else { zero },
                "at {} of {length}",
                at[i]
            );
        }
    }
}

#[inline(always)]
fn wide_elements<L: Lanes>(l: L) {
    let doubles = |x: L::D| {
        let mut lanes = vec![0.0; L::N];
        l.d_store(&mut lanes, x);
        lanes
    };
    let longs = |x: L::Q| {
        let mut lanes = vec![0; L::N];
        l.q_store(&mut lanes, x);
        lanes
    };
    let mut random = Random::new();
    for _ in 0..64 {
        wide_element::<L, f64>(l, &mut random, |random| f64::from(random.integer()) / 3.0, doubles);
        wide_element::<L, i64>(l, &mut random, Random::long, longs);
        wide_element::<L, u64>(
            l,
            &mut random,
            |random| random.long() as u64,
            |x| longs(x).into_iter().map(|x| x as u64).collect(),
        );
        wide_element::<L, [u64; 2]>(
            l,
            &mut random,
            |random| [random.long() as u64, 7],
            |[x, y]| longs(x).into_iter().zip(longs(y)).map(|(x, y)| [x as u64, y as u64]).collect(),
        );
    }
}

#[test]
fn words_are_little_endian() {
    assert_eq!((-2i64).words(), [u32::MAX - 1, u32::MAX, 0, 0]);
    assert_eq!(1.0f64.words(), [0, 0x3ff0_0000, 0, 0]);
    assert_eq!([1u64 << 32, 2].words(), [0, 1, 2, 0]);
    assert_eq!([1.0f32, 2.0].words(), [1.0f32.to_bits(), 2.0f32.to_bits(), 0, 0]);
    assert_eq!([1.0f64, 2.0, 3.0].words(), [0, 0x3ff0_0000, 0, 0x4000_0000]);
}

#[test]
fn scalar_doubles_mean_what_rust_means() {
    let all = || NASTY_DOUBLES.into_iter().map(f64::from_bits);
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    for a in all() {
        assert!(same(Scalar.d_round_ties_even(a), a.round_ties_even()), "{a:e}");
        assert!(same(Scalar.d_round(a), a.round()) && same(Scalar.d_floor(a), a.floor()), "{a:e}");
        assert_eq!((Scalar.d_to_s(a), Scalar.d_to_u(a) as u32), (a as i32, a as u32), "{a:e}");
        assert_eq!((Scalar.d_to_q_s(a), Scalar.d_to_q_u(a) as u64), (a as i64, a as u64), "{a:e}");
        for b in all() {
            let (min, max) = (Scalar.d_min(a, b), Scalar.d_max(a, b));
            if a == 0.0 && b == 0.0 {
                assert_eq!(min.is_sign_negative(), a.is_sign_negative() || b.is_sign_negative());
                assert_eq!(max.is_sign_negative(), a.is_sign_negative() && b.is_sign_negative());
            } else {
                assert!(same(min, a.min(b)) && same(max, a.max(b)), "min and max of {a:e} and {b:e}");
            }
        }
    }
    // 1 + 2^-52 squared, less its rounded square: 0 where the product is rounded, 2^-104 where it is not.
    let x = 1.0f64.next_up();
    assert_eq!(Scalar.d_mul_add(x, x, -(x * x)), 0.0);
}

#[test]
fn scalar_longs_mean_what_the_language_says() {
    let min = i64::MIN;
    for (a, b, div, rem) in [(7, 0, 7, 0), (-7, 0, -7, 0), (min, -1, min, 0), (-7, 2, -3, -1), (7, -2, -3, 1)]
    {
        assert_eq!((Scalar.q_div_s(a, b), Scalar.q_rem_s(a, b)), (div, rem), "{a} by {b}");
    }
    assert_eq!((Scalar.q_div_u(-1, 2), Scalar.q_div_u(-1, 0), Scalar.q_rem_u(-1, 0)), (i64::MAX, -1, 0));
    assert_eq!((Scalar.q_shl(1, 65), Scalar.q_shr_s(-4, 65), Scalar.q_shr_u(-4, -63)), (2, -2, i64::MAX - 1));
    assert_eq!(
        (Scalar.q_shl(1, 1 << 32), Scalar.q_rotate_left(1, 65), Scalar.q_rotate_right(1, 1)),
        (1, 2, min)
    );
    assert_eq!((Scalar.q_abs_s(min), Scalar.q_neg(min), Scalar.q_add(i64::MAX, 1)), (min, min, min));
    assert_eq!((Scalar.q_min_s(-1, 1), Scalar.q_min_u(-1, 1), Scalar.q_max_u(-1, 1)), (-1, 1, -1));
    assert_eq!((Scalar.q_mul_hi_s(-1, 1), Scalar.q_mul_hi_u(-1, -1)), (-1, -2));
    assert_eq!(
        (Scalar.q_leading_zeros(0), Scalar.q_trailing_zeros(0), Scalar.q_count_ones(-1)),
        (64, 64, 64)
    );
    assert_eq!((Scalar.q_from_s(-1), Scalar.q_from_u(-1), Scalar.q_to_i(1 << 32)), (-1, 0xffff_ffff, 0));
    // By way of a double it would round twice, to the float below.
    let x = (1 << 62) + (1 << 38) + 1;
    assert_eq!(Scalar.f_from_q_s(x), 2f32.powi(62).next_up());
    assert_ne!(x as f64 as f32, 2f32.powi(62).next_up());
}
