//! Every operation on every level against [`Scalar`], and `Scalar` against plain Rust.

use crate::lanes::*;
use inputs::{NASTY_DOUBLES, NASTY_FLOATS, NASTY_INTEGERS, NASTY_LONGS, Random};

/// One test a level, each with the level's features on, so that its intrinsics are inlined as they are in a kernel.
macro_rules! on_every_level {
    ($($body:ident;)*) => {$(
        mod $body {
            use super::*;

            #[test]
            fn scalar() {
                super::$body(Scalar);
            }
            #[test]
            fn scalar_pair() {
                super::$body(Pair::new(Scalar));
            }
            #[test]
            fn baseline() {
                super::$body(Portable);
            }
            on_every_level! { @x86 $body, avx2, avx2_pair, Avx2, "avx2,fma" }
            on_every_level! { @x86 $body, avx512, avx512_pair, Avx512,
                "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl" }
        }
    )*};
    (@x86 $body:ident, $level:ident, $pair:ident, $token:ident, $features:literal) => {
        #[cfg(target_arch = "x86_64")]
        #[test]
        fn $level() {
            #[target_feature(enable = $features)]
            fn run(level: $token) {
                super::$body(level);
            }
            let Some(level) = $token::detect() else { return println!("skipped: no {}", stringify!($level)) };
            // SAFETY: the level was detected.
            unsafe { run(level) }
        }
        #[cfg(target_arch = "x86_64")]
        #[test]
        fn $pair() {
            #[target_feature(enable = $features)]
            fn run(level: Pair<$token>) {
                super::$body(level);
            }
            let Some(level) = $token::detect() else { return println!("skipped: no {}", stringify!($pair)) };
            // SAFETY: the level was detected.
            unsafe { run(Pair::new(level)) }
        }
    };
}

mod inputs;

on_every_level! {
    operations;
    relaxed_multiply_adds;
    masks;
    masked_gathers;
    loads_and_stores;
    tables_of_bytes;
    twos;
    stacks;
    parts;
    streams;
    sums_by_the_tree;
}

/// The bits of one lane of any kind, in the low ones where there are fewer.
type Lane = u64;

/// A kind of vector: how a test puts lanes in and takes them out.
trait Kind<L: Lanes> {
    type Vector;
    type One: Copy;
    const NASTY: usize;
    fn nasty(case: usize) -> Lane;
    fn random(random: &mut Random) -> Lane;
    fn pack(l: L, lanes: &[Lane]) -> Self::Vector;
    fn unpack(l: L, vector: Self::Vector, lanes: &mut [Lane]);
    fn one(lane: Lane) -> Self::One;
    fn lane(one: Self::One) -> Lane;
    fn same(a: Lane, b: Lane) -> bool;
}

struct F;
struct I;
struct M;

struct D;
struct Q;

macro_rules! kind {
    ($kind:ident of $one:ty, $vector:ident, $load:ident, $store:ident,
        $nasty:ident, |$random:ident| $any:expr, $from:expr, $bits:expr, |$a:ident, $b:ident| $same:expr) => {
        impl<L: Lanes> Kind<L> for $kind {
            type Vector = L::$vector;
            type One = $one;
            const NASTY: usize = $nasty.len();
            fn nasty(case: usize) -> Lane {
                $bits($from($nasty[case] as Lane))
            }
            fn random($random: &mut Random) -> Lane {
                $bits($any)
            }
            #[inline(always)]
            fn pack(l: L, lanes: &[Lane]) -> L::$vector {
                let mut buffer = [<$one>::default(); MAX_LANES];
                buffer.iter_mut().zip(lanes).for_each(|(one, lane)| *one = $from(*lane));
                l.$load(&buffer)
            }
            #[inline(always)]
            fn unpack(l: L, vector: L::$vector, lanes: &mut [Lane]) {
                let mut buffer = [<$one>::default(); MAX_LANES];
                l.$store(&mut buffer, vector);
                lanes.iter_mut().zip(buffer).for_each(|(lane, one)| *lane = $bits(one));
            }
            fn one(lane: Lane) -> $one {
                $from(lane)
            }
            fn lane(one: $one) -> Lane {
                $bits(one)
            }
            fn same(a: Lane, b: Lane) -> bool {
                let ($a, $b): ($one, $one) = ($from(a), $from(b));
                a == b || $same
            }
        }
    };
}
kind!(F of f32, F, f_load, f_store, NASTY_FLOATS, |random| random.float(),
    |lane| f32::from_bits(lane as u32), |one: f32| Lane::from(one.to_bits()), |a, b| a.is_nan() && b.is_nan());
kind!(I of i32, I, i_load, i_store, NASTY_INTEGERS, |random| random.integer(),
    |lane| lane as i32, |one: i32| Lane::from(one as u32), |a, b| a == b);
kind!(D of f64, D, d_load, d_store, NASTY_DOUBLES, |random| random.double(),
    f64::from_bits, f64::to_bits, |a, b| a.is_nan() && b.is_nan());
kind!(Q of i64, Q, q_load, q_store, NASTY_LONGS, |random| random.long(),
    |lane| lane as i64, |one| one as Lane, |a, b| a == b);

impl<L: Lanes> Kind<L> for M {
    type Vector = L::M;
    type One = bool;
    const NASTY: usize = 2;
    fn nasty(case: usize) -> Lane {
        case as Lane
    }
    fn random(random: &mut Random) -> Lane {
        Lane::from(random.next() % 2)
    }
    #[inline(always)]
    fn pack(l: L, lanes: &[Lane]) -> L::M {
        l.i_ne(<I as Kind<L>>::pack(l, lanes), l.i_splat(0))
    }
    #[inline(always)]
    fn unpack(l: L, vector: L::M, lanes: &mut [Lane]) {
        <I as Kind<L>>::unpack(l, l.i_from_mask(vector), lanes);
    }
    fn one(lane: Lane) -> bool {
        lane != 0
    }
    fn lane(one: bool) -> Lane {
        Lane::from(one)
    }
    fn same(a: Lane, b: Lane) -> bool {
        a == b
    }
}

/// The argument, moved into what the operation is defined for.
fn tame(name: &str, place: usize, lane: Lane) -> Lane {
    let x = f32::from_bits(lane as u32);
    let float = |x: f32| Lane::from(x.to_bits());
    match name {
        "f_scale" if place == 1 => float(if x.is_finite() { x.trunc() } else { -3.0 }),
        "f_mantissa" | "f_exponent" if !(f32::MIN_POSITIVE..f32::INFINITY).contains(&x) => float(1.25),
        // One quiet NaN is ignored; a signalling one is IEEE 754-2008's on AVX-512, and gives NaN.
        "f_min" | "f_max" if x.is_nan() => lane | 0x0040_0000,
        _ => lane,
    }
}

const CASES: usize = 8192;

macro_rules! check_every {
    ($body:ident; $($name:ident($($arg:ident: $kind:ident),*) -> $out:ident;)*) => {
        #[inline(always)]
        fn $body<L: Lanes>(l: L) {
            let mut random = Random::new();
            let mut got = [0; MAX_LANES];
            $(
                // Relaxed: a test of their own.
                let relaxed = ["f_mul_add", "f_mul_sub", "f_neg_mul_add"].contains(&stringify!($name));
                for first in (0..if relaxed { 0 } else { CASES }).step_by(L::N) {
                    // Every nasty value beside every other, then random ones.
                    let (mut period, mut place) = (1, 0);
                    $(
                        let mut $arg = [0; MAX_LANES];
                        for (i, lane) in $arg[..L::N].iter_mut().enumerate() {
                            let case = (first + i) / period;
                            let crossed = case < <$kind as Kind<L>>::NASTY || place == 0 && case < CASES / 2;
                            *lane = tame(stringify!($name), place, if crossed {
                                <$kind as Kind<L>>::nasty(case % <$kind as Kind<L>>::NASTY)
                            } else {
                                <$kind as Kind<L>>::random(&mut random)
                            });
                        }
                        period *= <$kind as Kind<L>>::NASTY;
                        place += 1;
                    )*
                    let _ = (period, place);
                    let result = l.$name($(<$kind as Kind<L>>::pack(l, &$arg[..L::N])),*);
                    <$out as Kind<L>>::unpack(l, result, &mut got[..L::N]);
                    for i in 0..L::N {
                        $(let $arg = $arg[i];)*
                        let want = <$out as Kind<Scalar>>::lane(
                            Scalar.$name($(<$kind as Kind<Scalar>>::one($arg)),*),
                        );
                        assert!(
                            <$out as Kind<L>>::same(got[i], want),
                            "{}{:x?} in lane {i} is {:#x}, should be {want:#x}",
                            stringify!($name), [$($arg),*], got[i],
                        );
                    }
                }
            )*
        }
    };
}

macro_rules! every_operation {
    ($($list:tt)*) => {
        check_every! { operations; $($list)* }
    };
}
lane_ops!(every_operation);

mod maths;
mod narrow;
mod wide;

/// Lane values of a test, `L::N` of them.
fn lanes_of<L: Lanes, T>(make: impl FnMut(usize) -> T) -> Vec<T> {
    (0..L::N).map(make).collect()
}

#[inline(always)]
fn stored<L: Lanes>(l: L, x: L::F) -> Vec<f32> {
    let mut lanes = vec![0.0; L::N];
    l.f_store(&mut lanes, x);
    lanes
}

fn assert_same(what: &str, got: f32, want: f32, from: &[f32]) {
    assert!(
        got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan(),
        "{what} of {from:?} is {got:e}, should be {want:e}"
    );
}

#[inline(always)]
fn relaxed_multiply_adds<L: Lanes>(l: L) {
    let mut random = Random::new();
    for _ in 0..CASES / L::N {
        let (a, b, c) = (
            lanes_of::<L, _>(|_| random.float()),
            lanes_of::<L, _>(|_| random.float()),
            lanes_of::<L, _>(|_| random.float()),
        );
        let (x, y, z) = (l.f_load(&a), l.f_load(&b), l.f_load(&c));
        let add = stored(l, l.f_mul_add(x, y, z));
        let sub = stored(l, l.f_mul_sub(x, y, z));
        let neg = stored(l, l.f_neg_mul_add(x, y, z));
        for i in 0..L::N {
            let (a, b, c) = (a[i], b[i], c[i]);
            let once = |a: f32, b: f32, c: f32| if L::FMA { a.mul_add(b, c) } else { a * b + c };
            assert_same("a * b + c", add[i], once(a, b, c), &[a, b, c]);
            assert_same("a * b - c", sub[i], once(a, b, -c), &[a, b, c]);
            assert_same("c - a * b", neg[i], once(-a, b, c), &[a, b, c]);
            assert_same("one a * b + c", l.mul_add(a, b, c), once(a, b, c), &[a, b, c]);
        }
    }
}

#[inline(always)]
fn masks<L: Lanes>(l: L) {
    for n in 0..=L::N + 2 {
        let mask = l.first(n);
        assert_eq!(l.m_any(mask), n > 0);
        for i in 0..L::N {
            assert_eq!(l.m_lane(mask, i), i < n, "lane {i} of the first {n}");
        }
    }
    assert!(l.m_any(l.m_splat(true)) && !l.m_any(l.m_splat(false)));
    for at in 0..L::N {
        let one = l.i_eq(l.i_iota(), l.i_splat(at as i32));
        assert!(l.m_any(one));
        for i in 0..L::N {
            assert_eq!(l.m_lane(one, i), i == at);
        }
        assert_eq!(l.m_bits(one), 1 << at);
        let up_to = (0..=at).fold(0, |bits, lane| bits | 1 << lane);
        assert_eq!(l.m_bits(l.first(at + 1)), up_to);
    }
}

#[inline(always)]
fn masked_gathers<L: Lanes>(l: L) {
    let mut random = Random::new();
    for bits in [0, 1, 3, 8] {
        let low = (1u32 << bits) - 1;
        let at = lanes_of::<L, _>(|_| random.next() as i32);
        let places: Vec<usize> = at.iter().map(|at| (*at as u32 & low) as usize).collect();
        let from: Vec<i32> = (0..=low as i32).map(|k| k * 3 - 5).collect();
        let floats: Vec<f32> = from.iter().map(|x| *x as f32 + 0.5).collect();
        let (mut to, mut float) = (vec![0; L::N], vec![0.0; L::N]);
        l.i_store(&mut to, l.i_gather_low(&from, l.i_load(&at), low));
        l.f_store(&mut float, l.f_gather_low(&floats, l.i_load(&at), low));
        assert_eq!(to, lanes_of::<L, _>(|i| from[places[i]]));
        assert_eq!(float, lanes_of::<L, _>(|i| floats[places[i]]));
        let (longs, doubles): (Vec<i64>, Vec<f64>) =
            from.iter().map(|x| (i64::from(*x) << 33, f64::from(*x) / 3.0)).unzip();
        let (mut to, mut double) = (vec![0; L::N], vec![0.0; L::N]);
        l.q_store(&mut to, l.q_gather_low(&longs, l.i_load(&at), low));
        l.d_store(&mut double, l.d_gather_low(&doubles, l.i_load(&at), low));
        assert_eq!(to, lanes_of::<L, _>(|i| longs[places[i]]));
        assert_eq!(double, lanes_of::<L, _>(|i| doubles[places[i]]));
    }
    for bit in [0, 1, 30, 31] {
        let words = lanes_of::<L, _>(|_| random.next() as i32);
        let mut to = vec![0.0; L::N];
        l.f_store(&mut to, l.f_neg_by_bit(l.f_from_s(l.i_iota()), l.i_load(&words), bit));
        let bits: Vec<u32> = to.iter().map(|x| x.to_bits()).collect();
        let expected = |i: usize| if words[i] >> bit & 1 == 1 { -(i as f32) } else { i as f32 };
        assert_eq!(bits, lanes_of::<L, _>(|i| expected(i).to_bits()));
    }
}

#[inline(always)]
fn tables_of_bytes<L: Lanes>(l: L) {
    let mut random = Random::new();
    for _ in 0..200 {
        let table: [u8; 256] = std::array::from_fn(|_| random.next() as u8);
        let places = lanes_of::<L, _>(|_| random.next() as i32);
        let mut got = vec![0; L::N];
        l.i_store(&mut got, l.i_look_up(&table, l.i_load(&places)));
        assert_eq!(got, lanes_of::<L, _>(|i| i32::from(table[places[i] as u8 as usize])), "{places:?}");
    }
}

fn twos<L: Lanes>(l: L) {
    let (a, b) = (lanes_of::<L, _>(|i| i as i32), lanes_of::<L, _>(|i| (L::N + i) as i32));
    let (mut even, mut odd) = (vec![0; L::N], vec![0; L::N]);
    let both = l.i_deinterleave(l.i_load(&a), l.i_load(&b));
    l.i_store(&mut even, both.0);
    l.i_store(&mut odd, both.1);
    assert_eq!(even, lanes_of::<L, _>(|i| 2 * i as i32));
    assert_eq!(odd, lanes_of::<L, _>(|i| 2 * i as i32 + 1));
    let floats = l.f_deinterleave(l.f_from_s(l.i_load(&a)), l.f_from_s(l.i_load(&b)));
    assert_eq!(stored(l, floats.1), lanes_of::<L, _>(|i| (2 * i + 1) as f32));
}

/// Two of the level, one below the other.
fn stacks<L: Lanes>(l: L) {
    if 2 * L::N > MAX_LANES {
        return;
    }
    let s = Stacked::stacked(l);
    let n = L::N;
    assert_eq!((<Stacked<L>>::N, <Stacked<L>>::ROWS, <Stacked<L>>::COLUMNS), (2 * n, 2, n));
    let (above, below) = (lanes_of::<L, _>(|i| i as f32), lanes_of::<L, _>(|i| 100.0 + i as f32));
    let (mut upper, mut lower) = (vec![7.0; n + 1], vec![7.0; n + 1]);
    s.f_store_rows(&mut upper, &mut lower, s.f_add(s.f_load_rows(&above, &below), s.f_splat(1.0)));
    assert_eq!((&upper[..n], upper[n]), (&lanes_of::<L, _>(|i| i as f32 + 1.0)[..], 7.0));
    assert_eq!((&lower[..n], lower[n]), (&lanes_of::<L, _>(|i| i as f32 + 101.0)[..], 7.0));
    let (above, below) = (lanes_of::<L, _>(|i| i as u8), lanes_of::<L, _>(|i| 200 + i as u8));
    let (mut upper, mut lower) = (vec![7; n + 1], vec![7; n + 1]);
    s.i_store_u8_rows(&mut upper, &mut lower, s.i_load_u8_rows(&above, &below));
    assert_eq!((&upper[..n], upper[n], &lower[..n], lower[n]), (&above[..], 7, &below[..], 7));
    // One row has no other.
    let mut alone = vec![0; n];
    l.i_store_u8_rows(&mut alone, &mut [], l.i_load_u8_rows(&above, &[]));
    assert_eq!(alone, above);
}

fn loads_and_stores<L: Lanes>(l: L) {
    let mut random = Random::new();
    let from = lanes_of::<L, _>(|_| random.next() as i32);
    let mut to = vec![7; L::N + 1];
    l.i_store(&mut to, l.i_load(&from));
    assert_eq!(to[..L::N], from[..]);
    assert_eq!(to[L::N], 7);

    let mut floats = vec![7.0; L::N + 1];
    l.f_store(&mut floats, l.f_from_s(l.i_iota()));
    assert_eq!(floats[..L::N], lanes_of::<L, _>(|i| i as f32));
    assert_eq!(floats[L::N], 7.0);

    let bytes = lanes_of::<L, _>(|i| (255 - 7 * i) as u8);
    l.i_store(&mut to, l.i_load_u8(&bytes));
    assert_eq!(to[..L::N], lanes_of::<L, _>(|i| i32::from(bytes[i])));
    let mut low = vec![7; L::N + 1];
    l.i_store_u8(&mut low, l.i_load(&from));
    assert_eq!(low[..L::N], lanes_of::<L, _>(|i| from[i] as u8));
    assert_eq!(low[L::N], 7);

    for (length, what) in [(L::N - 1, "short"), (0, "empty")] {
        let mut short = vec![0.0; length];
        let load = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| stored(l, l.f_load(&short))));
        assert!(load.is_err(), "a load of a {what} slice went through");
        let store =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| l.f_store(&mut short, l.f_splat(1.0))));
        assert!(store.is_err(), "a store to a {what} slice went through");
    }
}

#[inline(always)]
fn parts<L: Lanes>(l: L) {
    for n in 0..=L::N {
        let floats: Vec<f32> = (0..n).map(|i| i as f32 + 0.5).collect();
        let integers: Vec<i32> = (0..n).map(|i| i as i32 - 3).collect();
        let (x, y) = (l.f_load_part(&floats), l.i_load_part(&integers));
        assert_eq!(stored(l, x), lanes_of::<L, _>(|i| if i < n { i as f32 + 0.5 } else { 0.0 }));
        let mut all = vec![9; L::N];
        l.i_store(&mut all, y);
        assert_eq!(all, lanes_of::<L, _>(|i| if i < n { i as i32 - 3 } else { 0 }));

        let (mut f, mut i) = (vec![-1.0; L::N + 1], vec![-1; L::N + 1]);
        l.f_store_part(&mut f[..n], l.f_splat(5.0));
        l.i_store_part(&mut i[..n], l.i_splat(5));
        assert!(f.iter().enumerate().all(|(at, x)| *x == if at < n { 5.0 } else { -1.0 }), "part of {n}");
        assert!(i.iter().enumerate().all(|(at, x)| *x == if at < n { 5 } else { -1 }), "part of {n}");
    }
}

#[inline(always)]
fn streams<L: Lanes>(l: L) {
    for offset in 0..=MAX_LANES {
        let (mut f, mut i) = (vec![-1.0; 3 * MAX_LANES], vec![-1; 3 * MAX_LANES]);
        l.f_stream(&mut f[offset..], l.f_from_s(l.i_iota()));
        l.i_stream(&mut i[offset..], l.i_iota());
        l.fence();
        for at in 0..f.len() {
            let inside = (offset..offset + L::N).contains(&at);
            assert_eq!(f[at], if inside { (at - offset) as f32 } else { -1.0 });
            assert_eq!(i[at], if inside { (at - offset) as i32 } else { -1 });
        }
    }
}

#[inline(always)]
fn sums_by_the_tree<L: Lanes>(l: L) {
    let mut random = Random::new();
    for _ in 0..1000 {
        let mut lanes = lanes_of::<L, _>(|_| random.integer() as f32 * 1.0e-3);
        let got = l.f_sum_lanes(l.f_load(&lanes));
        while lanes.len() > 1 {
            let high = lanes.split_off(lanes.len() / 2);
            lanes.iter_mut().zip(high).for_each(|(low, high)| *low += high);
        }
        assert_eq!(got.to_bits(), lanes[0].to_bits());
    }
}

#[test]
fn scalar_floats_mean_what_rust_means() {
    let all = || NASTY_FLOATS.into_iter().map(f32::from_bits);
    for a in all() {
        assert_same("floor", Scalar.f_floor(a), a.floor(), &[a]);
        assert_same("round", Scalar.f_round(a), a.round(), &[a]);
        assert_same("round to even", Scalar.f_round_ties_even(a), a.round_ties_even(), &[a]);
        assert_eq!(Scalar.f_to_s(a), a as i32);
        assert_eq!(Scalar.f_to_u(a) as u32, a as u32);
        assert_eq!(Scalar.f_to_u8(a), i32::from(a as u8));
        for b in all() {
            let (min, max) = (Scalar.f_min(a, b), Scalar.f_max(a, b));
            if a == 0.0 && b == 0.0 {
                assert_eq!(min.is_sign_negative(), a.is_sign_negative() || b.is_sign_negative());
                assert_eq!(max.is_sign_negative(), a.is_sign_negative() && b.is_sign_negative());
            } else {
                let one = if a.is_nan() { b } else { a };
                assert_same("min", min, if a.is_nan() || b.is_nan() { one } else { a.min(b) }, &[a, b]);
                assert_same("max", max, if a.is_nan() || b.is_nan() { one } else { a.max(b) }, &[a, b]);
            }
            assert_same("lesser", Scalar.f_lesser(a, b), if a < b { a } else { b }, &[a, b]);
            assert_same("rem", Scalar.f_rem(a, b), a % b, &[a, b]);
        }
        for n in (-500..500).map(|n| n as f32) {
            // Exact in a double: rounded once, on the way back.
            let want = (f64::from(a) * 2f64.powi(n as i32)) as f32;
            assert_same("scale", Scalar.f_scale(a, n), want, &[a, n]);
        }
        if (f32::MIN_POSITIVE..f32::INFINITY).contains(&a) {
            let (m, n) = (Scalar.f_mantissa(a), Scalar.f_exponent(a));
            assert!((0.75..1.5).contains(&m) && Scalar.f_scale(m, n) == a, "{a:e} is not {m} * 2^{n}");
        }
    }
}

#[test]
fn scalar_integers_mean_what_the_language_says() {
    for (a, b, div, rem) in [
        (7, 0, 7, 0),
        (-7, 0, -7, 0),
        (i32::MIN, -1, i32::MIN, 0),
        (-7, 2, -3, -1),
        (7, -2, -3, 1),
        (i32::MIN, 1, i32::MIN, 0),
    ] {
        assert_eq!((Scalar.i_div_s(a, b), Scalar.i_rem_s(a, b)), (div, rem), "{a} by {b}");
    }
    assert_eq!(Scalar.i_div_u(-1, 2), i32::MAX);
    assert_eq!((Scalar.i_div_u(-1, 0), Scalar.i_rem_u(-1, 0)), (-1, 0));
    assert_eq!((Scalar.i_shl(1, 33), Scalar.i_shr_s(-4, 33), Scalar.i_shr_u(-4, -31)), (2, -2, 0x7fff_fffe));
    assert_eq!((Scalar.i_abs_s(i32::MIN), Scalar.i_neg(i32::MIN)), (i32::MIN, i32::MIN));
    assert_eq!((Scalar.i_add(i32::MAX, 1), Scalar.i_mul(i32::MAX, 2)), (i32::MIN, -2));
    assert_eq!((Scalar.i_min_s(-1, 1), Scalar.i_min_u(-1, 1), Scalar.i_max_u(-1, 1)), (-1, 1, -1));
    assert!(Scalar.i_lt_s(-1, 1) && Scalar.i_gt_u(-1, 1));
    assert_eq!((Scalar.i_mul_hi_s(-1, 1), Scalar.i_mul_hi_u(-1, -1)), (-1, -2));
    assert_eq!(
        (Scalar.i_rotate_left(1, 33), Scalar.i_rotate_right(1, -31), Scalar.i_rotate_left(1, -1)),
        (2, i32::MIN, i32::MIN)
    );
    assert_eq!(
        (Scalar.i_leading_zeros(0), Scalar.i_trailing_zeros(0), Scalar.i_count_ones(-1)),
        (32, 32, 32)
    );
    assert_eq!((Scalar.i_swap_bytes(0x01020304), Scalar.i_reverse_bits(1)), (0x04030201, i32::MIN));
    assert_eq!((Scalar.f_from_s(-1), Scalar.f_from_u(-1)), (-1.0, 4_294_967_296.0));
}
