//! Operators, functions and casts, on numbers at which something changes.

use manylane_testkit::values::{NASTY_F32, NASTY_I32, NASTY_U32, SIZES, floats, ints, plain_floats, words};
use manylane_testkit::{Random, Setup, Tolerance, assert_close, assert_same, assert_share};

use crate::kernels::arrays::*;
use crate::kernels::*;
use crate::{Property, unzip};

pub const ALL: &[Property] = &[
    ("float_operators", float_operators),
    ("float_remainder", float_remainder),
    ("float_functions", float_functions),
    ("float_choices", float_choices),
    ("float_comparisons", float_comparisons),
    ("float_uniform", float_uniform),
    ("contraction_stays_within_tolerance", contraction),
    ("exp_and_ln", transcendental),
    ("signed_operators", signed),
    ("unsigned_operators", unsigned),
    ("integers_uniform", integers_uniform),
    ("integers_constant", integers_constant),
    ("casts", casts),
    ("the_function_itself", the_function),
];

/// A subnormal counts as zero where a real GPU may flush it.
fn flushed(setup: &Setup, values: Vec<f32>) -> Vec<f32> {
    let flush = |x: f32| if x.is_subnormal() { 0.0 } else { x };
    if setup.own_floats() { values.into_iter().map(flush).collect() } else { values }
}

/// Every pair of nasty numbers, and random ones to a length that several vectors and a tail share.
fn pairs<T: Copy>(nasty: &[T], more: Vec<T>) -> (Vec<T>, Vec<T>) {
    let all = || nasty.iter().flat_map(|a| nasty.iter().map(move |b| (*a, *b)));
    let half = more.len() / 2;
    let random = more[..half].iter().copied().zip(more[half..].iter().copied());
    all().chain(random).unzip()
}

fn float_operators(setup: &Setup) {
    let mut random = Random::new("float_operators");
    for n in SIZES {
        let (a, b) = (floats(&mut random, n), floats(&mut random, n));
        let (sum, difference, product, quotient) = setup.map::<f_ops>((&a, &b)).run().unwrap();
        let oracle = a.iter().zip(&b).map(|(a, b)| (a + b, a - b, a * b, a / b)).collect();
        let (sums, differences, products, quotients) = unzip!(oracle; 0 1 2 3);
        let exact = setup.exact_or(0);
        let near = setup.exact_or(3);
        assert_close(
            format!("a + b, {n}"),
            &flushed(setup, sum.to_vec().unwrap()),
            &flushed(setup, sums),
            exact,
        );
        let differences = flushed(setup, differences);
        assert_close(
            format!("a - b, {n}"),
            &flushed(setup, difference.to_vec().unwrap()),
            &differences,
            exact,
        );
        assert_close(
            format!("a * b, {n}"),
            &flushed(setup, product.to_vec().unwrap()),
            &flushed(setup, products),
            exact,
        );
        // WGSL promises a quotient only for everyday divisors.
        let share = if setup.own_floats() { 0.3 } else { 0.0 };
        let quotients = flushed(setup, quotients);
        assert_share(
            format!("a / b, {n}"),
            &flushed(setup, quotient.to_vec().unwrap()),
            &quotients,
            near,
            share,
        );
    }
}

fn float_remainder(setup: &Setup) {
    let mut random = Random::new("float_remainder");
    let (a, b) = (plain_floats(&mut random, 1000), plain_floats(&mut random, 1000));
    let found = setup.map::<f_rem>((&a, &b)).run().unwrap().to_vec().unwrap();
    let expected: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a % b).collect();
    let tolerance =
        if setup.uses_gpu() { Tolerance::Relative { share: 1e-4, floor: 1.0 } } else { Tolerance::Exact };
    assert_share("a % b", &found, &expected, tolerance, if setup.uses_gpu() { 0.01 } else { 0.0 });
    if !setup.uses_gpu() {
        let (a, b) = pairs(&NASTY_F32, floats(&mut random, 2000));
        let found = setup.map::<f_rem>((&a, &b)).run().unwrap().to_vec().unwrap();
        let expected: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a % b).collect();
        assert_same("nasty a % b", &found, &expected);
    }
}

fn float_functions(setup: &Setup) {
    let mut random = Random::new("float_functions");
    let (x, y) = pairs(&NASTY_F32, floats(&mut random, 8000));
    let (floor, ceil, trunc, round) = setup.map::<f_whole>((&x,)).run().unwrap();
    let whole = x.iter().map(|x| (x.floor(), x.ceil(), x.trunc(), x.round())).collect();
    let (floors, ceils, truncs, rounds) = unzip!(whole; 0 1 2 3);
    if !setup.own_floats() {
        assert_same("floor", &floor.read().unwrap(), &floors);
        assert_same("ceil", &ceil.read().unwrap(), &ceils);
        assert_same("trunc", &trunc.read().unwrap(), &truncs);
        assert_same("round", &round.read().unwrap(), &rounds);
    } else {
        assert_close("round", &round.read().unwrap(), &rounds, Tolerance::Ulps(0));
    }

    let (even, bytes) = setup.map::<f_even>((&x,)).run().unwrap();
    let evens: Vec<f32> = x.iter().map(|x| x.round_ties_even()).collect();
    assert_close("round_ties_even", &even.read().unwrap(), &evens, setup.exact_or(0));
    assert_eq!(*bytes.read().unwrap(), *evens.iter().map(|x| *x as u8).collect::<Vec<_>>());

    let (abs, neg, copied, sign) = setup.map::<f_signs>((&x, &y)).run().unwrap();
    let signs = x.iter().zip(&y).map(|(x, y)| (x.abs(), -x, x.copysign(*y), x.signum())).collect();
    let (abss, negs, copieds, sgns) = unzip!(signs; 0 1 2 3);
    assert_same("abs", &flushed(setup, abs.to_vec().unwrap()), &flushed(setup, abss));
    assert_close("-x", &flushed(setup, neg.to_vec().unwrap()), &flushed(setup, negs), setup.exact_or(0));
    // The sign of a NaN is no number's.
    let keep = |values: Vec<f32>| {
        values.into_iter().zip(&y).map(|(v, y)| if y.is_nan() { 0.0 } else { v }).collect()
    };
    let found: Vec<f32> = keep(flushed(setup, copied.to_vec().unwrap()));
    assert_close("copysign", &found, &keep(flushed(setup, copieds)), setup.exact_or(0));
    assert_same("signum", &sign.read().unwrap(), &sgns);

    let positive: Vec<f32> = x.iter().map(|x| if *x < 0.0 && x.is_finite() { -x } else { *x }).collect();
    let (root, bits) = setup.map::<f_root>((&positive,)).run().unwrap();
    let roots: Vec<f32> = positive.iter().map(|x| x.sqrt()).collect();
    let root = flushed(setup, root.to_vec().unwrap());
    assert_share("sqrt", &root, &roots, setup.exact_or(3), if setup.own_floats() { 0.2 } else { 0.0 });
    let plain = |i: &usize| !(positive[*i].is_nan() || setup.own_floats() && positive[*i].is_subnormal());
    let bits = bits.to_vec().unwrap();
    for i in (0..bits.len()).filter(plain) {
        assert_eq!(bits[i], positive[i].to_bits(), "to_bits of {}", positive[i]);
    }

    let words: Vec<u32> = x.iter().map(|x| x.to_bits()).collect();
    let back = setup.map::<f_from_bits>((&words,)).run().unwrap().to_vec().unwrap();
    assert_same("from_bits", &flushed(setup, back), &flushed(setup, x));
}

/// As the language has it: one NaN is ignored, and -0.0 is less than 0.0.
fn least(a: f32, b: f32) -> f32 {
    match (a.is_nan(), b.is_nan()) {
        (true, _) => b,
        (_, true) => a,
        _ if a == b => {
            if a.is_sign_negative() {
                a
            } else {
                b
            }
        }
        _ => {
            if a < b {
                a
            } else {
                b
            }
        }
    }
}

fn most(a: f32, b: f32) -> f32 {
    -least(-a, -b)
}

fn float_choices(setup: &Setup) {
    let mut random = Random::new("float_choices");
    let (x, y) = pairs(&NASTY_F32, floats(&mut random, 4000));
    let (min, max, clamped) = setup.map::<f_choose>((&x, &y)).run().unwrap();
    let mins: Vec<f32> = x.iter().zip(&y).map(|(x, y)| least(*x, *y)).collect();
    let maxs: Vec<f32> = x.iter().zip(&y).map(|(x, y)| most(*x, *y)).collect();
    let clampeds: Vec<f32> = x.iter().map(|x| x.clamp(-1.0, 1.5)).collect();
    let exact = setup.exact_or(0);
    let min = min.to_vec().unwrap();
    for i in (0..x.len()).filter(|_| !setup.own_floats()) {
        let (a, b) = (x[i].to_bits(), y[i].to_bits());
        assert!(
            Tolerance::Exact.holds(min[i], mins[i]),
            "min of {a:#x} and {b:#x} is {:?}, found {:?}",
            mins[i],
            min[i]
        );
    }
    assert_close("min", &flushed(setup, min), &flushed(setup, mins), exact);
    assert_close("max", &flushed(setup, max.to_vec().unwrap()), &flushed(setup, maxs), exact);
    assert_close("clamp", &flushed(setup, clamped.to_vec().unwrap()), &flushed(setup, clampeds), exact);
}

fn float_comparisons(setup: &Setup) {
    let mut random = Random::new("float_comparisons");
    let mut nasty = NASTY_F32.to_vec();
    nasty.retain(|x| !(setup.own_floats() && x.is_subnormal()));
    let more = flushed(setup, floats(&mut random, 4000));
    let (x, y) = pairs(&nasty, more);
    let found = setup.map::<f_compare>((&x, &y)).run().unwrap().to_vec().unwrap();
    let expected: Vec<u32> = x
        .iter()
        .zip(&y)
        .map(|(x, y)| {
            #[expect(clippy::neg_cmp_op_on_partial_ord, reason = "with NaN it is not `x >= y`")]
            let bits = [x < y, x <= y, x > y, x >= y, x == y, x != y, x.is_nan(), !(x < y)];
            bits.into_iter().enumerate().map(|(at, bit)| u32::from(bit) << at).sum()
        })
        .collect();
    for i in 0..x.len() {
        assert_eq!(found[i], expected[i], "comparisons of {} and {}", x[i], y[i]);
    }
}

fn float_uniform(setup: &Setup) {
    let mut random = Random::new("float_uniform");
    let x = plain_floats(&mut random, 300);
    for (a, b) in [(2.0f32, 7.5f32), (-3.0, 2.0), (0.25, -9.0), (5.0, 5.0), (1.0, 2.5)] {
        let found = setup.map::<f_uniform>((a, b, &x)).run().unwrap();
        let root = a.abs().sqrt() + if b < a { b } else { a } - (b / a).round();
        let turned = if a < b { -b } else { a };
        let oracle = x
            .iter()
            .map(|x| {
                let big = if a > b { a } else { b };
                let word = u32::from(a < b) + (a as u32) % 7 + ((b as i32 + 3) as u32) % 5;
                (root + x, turned * x, big.trunc() + x.signum(), word)
            })
            .collect();
        let (first, second, third, fourth) = unzip!(oracle; 0 1 2 3);
        let relative = Tolerance::Relative { share: 1e-6, floor: 1.0 };
        let near = if setup.own_floats() { relative } else { Tolerance::Exact };
        assert_close(format!("root of {a}, {b}"), &found.0.read().unwrap(), &first, near);
        assert_close(format!("branch of {a}, {b}"), &found.1.read().unwrap(), &second, near);
        assert_close(format!("max of {a}, {b}"), &found.2.read().unwrap(), &third, near);
        assert_same(format!("word of {a}, {b}"), &found.3.read().unwrap(), &fourth);
    }
}

fn contraction(setup: &Setup) {
    let mut random = Random::new("contraction");
    for n in SIZES {
        let [x, y, z] = [(); 3].map(|()| plain_floats(&mut random, n));
        let relaxed = setup.map::<f_relaxed>((&x, &y, &z)).run().unwrap().to_vec().unwrap();
        let strict = setup.map::<f_strict>((&x, &y, &z)).run().unwrap().to_vec().unwrap();
        let wide: Vec<f32> = (0..n)
            .map(|i| {
                let (x, y, z) = (f64::from(x[i]), f64::from(y[i]), f64::from(z[i]));
                ((x * y + z) * x - y * z + (z - x * y)) as f32
            })
            .collect();
        let narrow: Vec<f32> = (0..n)
            .map(|i| {
                let (x, y, z) = (x[i], y[i], z[i]);
                (x * y + z) * x - y * z + (z - x * y)
            })
            .collect();
        // The terms reach 2,000; a cancelled sum is no nearer than they are.
        let near = Tolerance::Relative { share: 1e-6, floor: 1000.0 };
        assert_close(format!("relaxed, {n}"), &relaxed, &wide, near);
        let near = if setup.own_floats() { near } else { Tolerance::Exact };
        assert_close(format!("strict, {n}"), &strict, &narrow, near);
    }
}

fn transcendental(setup: &Setup) {
    let mut random = Random::new("exp_and_ln");
    let mut x: Vec<f32> = random.many(20_000, |r| r.float(-87.0, 88.0));
    let mut y: Vec<f32> =
        random.many(20_000, |r| f32::from_bits(r.u32() % 0x7f80_0000).max(f32::MIN_POSITIVE));
    x.extend([0.0, -0.0, 1.0, -1.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1000.0, -1000.0, 89.0]);
    y.extend([1.0, 2.0, 0.5, 0.0, f32::INFINITY, -1.0, f32::NAN, f32::MAX, 1e-38, 1.000_000_1]);
    let (exp, ln) = setup.map::<f_transcendental>((&x, &y)).run().unwrap();
    let exps: Vec<f32> = x.iter().map(|x| f64::from(*x).exp() as f32).collect();
    let lns: Vec<f32> = y.iter().map(|y| f64::from(*y).ln() as f32).collect();
    let exp = exp.to_vec().unwrap();
    for (i, x) in x.iter().enumerate().filter(|_| !setup.own_floats()) {
        assert!(Tolerance::Ulps(8).holds(exp[i], exps[i]), "exp({x:?}) is {:?}, found {:?}", exps[i], exp[i]);
    }
    assert_close("exp", &flushed(setup, exp), &flushed(setup, exps), Tolerance::Ulps(8));
    let near = Tolerance::Relative { share: 1e-6, floor: 1e-3 };
    assert_close("ln", &ln.to_vec().unwrap(), &lns, near);
}

fn signed(setup: &Setup) {
    let mut random = Random::new("signed");
    let (a, b) = pairs(&NASTY_I32, ints(&mut random, 9000));
    let both = || a.iter().copied().zip(b.iter().copied());

    let found = setup.map::<i_ops>((&a, &b)).run().unwrap();
    let oracle = both()
        .map(|(a, b)| (a.wrapping_add(b), a.wrapping_sub(b), a.wrapping_mul(b), a.wrapping_neg()))
        .collect();
    let expected = unzip!(oracle; 0 1 2 3);
    assert_same("a + b", &found.0.read().unwrap(), &expected.0);
    assert_same("a - b", &found.1.read().unwrap(), &expected.1);
    assert_same("a * b", &found.2.read().unwrap(), &expected.2);
    assert_same("-a", &found.3.read().unwrap(), &expected.3);

    let found = setup.map::<i_divide>((&a, &b)).run().unwrap();
    let quotients: Vec<i32> = both().map(|(a, b)| if b == 0 { a } else { a.wrapping_div(b) }).collect();
    let remainders: Vec<i32> = both().map(|(a, b)| if b == 0 { 0 } else { a.wrapping_rem(b) }).collect();
    assert_same("a / b", &found.0.read().unwrap(), &quotients);
    assert_same("a % b", &found.1.read().unwrap(), &remainders);

    let found = setup.map::<i_bits>((&a, &b)).run().unwrap();
    let expected = unzip!(both().map(|(a, b)| (a & b, a | b, a ^ b, !a)).collect(); 0 1 2 3);
    assert_same("a & b", &found.0.read().unwrap(), &expected.0);
    assert_same("a | b", &found.1.read().unwrap(), &expected.1);
    assert_same("a ^ b", &found.2.read().unwrap(), &expected.2);
    assert_same("!a", &found.3.read().unwrap(), &expected.3);

    let counts: Vec<u32> = b.iter().map(|b| *b as u32).collect();
    let found = setup.map::<i_shifts>((&a, &counts)).run().unwrap();
    let left: Vec<i32> = both().map(|(a, n)| a << (n & 31)).collect();
    let right: Vec<i32> = both().map(|(a, n)| a >> (n & 31)).collect();
    assert_same("a << n", &found.0.read().unwrap(), &left);
    assert_same("a >> n", &found.1.read().unwrap(), &right);

    let found = setup.map::<i_order>((&a, &b)).run().unwrap();
    let oracle = both()
        .map(|(a, b)| {
            (
                if a < b { a } else { b },
                if a > b { a } else { b },
                a.clamp(-7, 7),
                a.wrapping_add(b).wrapping_abs(),
            )
        })
        .collect();
    let expected = unzip!(oracle; 0 1 2 3);
    assert_same("min", &found.0.read().unwrap(), &expected.0);
    assert_same("max", &found.1.read().unwrap(), &expected.1);
    assert_same("clamp", &found.2.read().unwrap(), &expected.2);
    assert_same("abs", &found.3.read().unwrap(), &expected.3);

    let found = setup.map::<i_compare>((&a, &b)).run().unwrap();
    let expected: Vec<u32> = both()
        .map(|(a, b)| {
            let bits = [a < b, a <= b, a > b, a >= b, a == b, a != b, a < b && b < 100 || a == 7];
            bits.into_iter().enumerate().map(|(at, bit)| u32::from(bit) << at).sum()
        })
        .collect();
    assert_same("comparisons", &found.read().unwrap(), &expected);
}

fn unsigned(setup: &Setup) {
    let mut random = Random::new("unsigned");
    let (a, b) = pairs(&NASTY_U32, words(&mut random, 9000));
    let both = || a.iter().copied().zip(b.iter().copied());

    let found = setup.map::<u_ops>((&a, &b)).run().unwrap();
    let oracle = both().map(|(a, b)| (a.wrapping_add(b), a.wrapping_sub(b), a.wrapping_mul(b))).collect();
    let expected = unzip!(oracle; 0 1 2);
    assert_same("a + b", &found.0.read().unwrap(), &expected.0);
    assert_same("a - b", &found.1.read().unwrap(), &expected.1);
    assert_same("a * b", &found.2.read().unwrap(), &expected.2);

    let found = setup.map::<u_divide>((&a, &b)).run().unwrap();
    let quotients: Vec<u32> = both().map(|(a, b)| a.checked_div(b).unwrap_or(a)).collect();
    let remainders: Vec<u32> = both().map(|(a, b)| a.checked_rem(b).unwrap_or(0)).collect();
    assert_same("a / b", &found.0.read().unwrap(), &quotients);
    assert_same("a % b", &found.1.read().unwrap(), &remainders);

    let found = setup.map::<u_bits>((&a, &b)).run().unwrap();
    let expected =
        unzip!(both().map(|(a, n)| (a << (n & 31), a >> (n & 31), (a & n) ^ !a, a | n)).collect(); 0 1 2 3);
    assert_same("a << n", &found.0.read().unwrap(), &expected.0);
    assert_same("a >> n", &found.1.read().unwrap(), &expected.1);
    assert_same("a & n ^ !a", &found.2.read().unwrap(), &expected.2);
    assert_same("a | n", &found.3.read().unwrap(), &expected.3);

    for n in [0, 0xdead_beef, u32::MAX] {
        let found = setup.map::<halves>((&a, &b, n)).run().unwrap();
        let half = |a: u32, b: u32| ((u64::from(a) * u64::from(b)) >> 32) as u32;
        let signed = |a: u32, b: u32| ((i64::from(a as i32) * i64::from(b as i32)) >> 32) as i32;
        let oracle = both().map(|(a, b)| (half(a, b), signed(a, b), half(n, n ^ 3) ^ half(a, n))).collect();
        let expected = unzip!(oracle; 0 1 2);
        assert_same("the upper half of a * b", &found.0.read().unwrap(), &expected.0);
        assert_same("the upper half of a * b, signed", &found.1.read().unwrap(), &expected.1);
        assert_same("the upper half of n * n", &found.2.read().unwrap(), &expected.2);
    }

    let found = setup.map::<u_order>((&a, &b)).run().unwrap();
    let oracle = both()
        .map(|(a, b)| {
            let less =
                u32::from(a < b) + 2 * u32::from(a <= b) + 4 * u32::from(a > b) + 8 * u32::from(a >= b);
            (a.min(b), a.max(b), a.clamp(3, 300), less)
        })
        .collect();
    let expected = unzip!(oracle; 0 1 2 3);
    assert_same("min", &found.0.read().unwrap(), &expected.0);
    assert_same("max", &found.1.read().unwrap(), &expected.1);
    assert_same("clamp", &found.2.read().unwrap(), &expected.2);
    assert_same("comparisons", &found.3.read().unwrap(), &expected.3);
}

fn integers_uniform(setup: &Setup) {
    let mut random = Random::new("integers_uniform");
    let x = ints(&mut random, 70);
    for (a, b, n) in
        [(7, 2, 3), (-7, 2, 33), (5, 0, 31), (i32::MIN, -1, 64), (i32::MAX, -7, u32::MAX), (0, 9, 0)]
    {
        let found = setup.map::<i_uniform>((a, b, n, &x)).run().unwrap();
        let quotient = if b == 0 { a } else { a.wrapping_div(b) };
        let remainder = if b == 0 { 0 } else { a.wrapping_rem(b) };
        let shifted = (a << (n & 31)).wrapping_add(b >> (n & 31));
        let word = n.checked_div(b as u32).unwrap_or(n);
        let oracle = x
            .iter()
            .map(|x| {
                (
                    quotient.wrapping_add(*x),
                    remainder ^ x,
                    shifted.wrapping_add(*x),
                    word.wrapping_add(*x as u32),
                )
            })
            .collect();
        let expected = unzip!(oracle; 0 1 2 3);
        assert_same(format!("{a} / {b}"), &found.0.read().unwrap(), &expected.0);
        assert_same(format!("{a} % {b}"), &found.1.read().unwrap(), &expected.1);
        assert_same(format!("shifts by {n}"), &found.2.read().unwrap(), &expected.2);
        assert_same(format!("{n} / {b}"), &found.3.read().unwrap(), &expected.3);
    }
}

fn integers_constant(setup: &Setup) {
    let mut random = Random::new("integers_constant");
    let mut a = NASTY_I32.to_vec();
    a.extend(ints(&mut random, 5000));
    let u: Vec<u32> = words(&mut random, a.len());
    let found = setup.map::<i_constants>((&a, &u)).run().unwrap();
    let div = |a: i32, b: i32| if b == 0 { a } else { a.wrapping_div(b) };
    let oracle = a
        .iter()
        .zip(&u)
        .map(|(&a, &u)| {
            let first = div(a, 7).wrapping_add(a.wrapping_rem(-3)).wrapping_add(div(1000, a));
            let second = div(a, -1).wrapping_add(a >> 3).wrapping_add(a << 5).wrapping_add(i32::MIN);
            let third = (u / 10).wrapping_add(u % 16).wrapping_add(77u32.checked_div(u).unwrap_or(77));
            (first, second, third, u >> 31)
        })
        .collect();
    let expected = unzip!(oracle; 0 1 2 3);
    assert_same("first", &found.0.read().unwrap(), &expected.0);
    assert_same("second", &found.1.read().unwrap(), &expected.1);
    assert_same("third", &found.2.read().unwrap(), &expected.2);
    assert_same("fourth", &found.3.read().unwrap(), &expected.3);
}

fn casts(setup: &Setup) {
    let mut random = Random::new("casts");
    let mut x = NASTY_F32.to_vec();
    x.extend([255.0, 255.9, 256.0, -0.9, 2_147_483_500.0, 4_294_967_000.0, 1e9, 3e9, -3e9]);
    x.extend(floats(&mut random, 5000));
    let found = setup.map::<cast_float>((&x,)).run().unwrap();
    let expected = unzip!(x.iter().map(|x| (*x as i32, *x as u32, *x as u8)).collect(); 0 1 2);
    assert_same("f32 as i32", &found.0.read().unwrap(), &expected.0);
    assert_same("f32 as u32", &found.1.read().unwrap(), &expected.1);
    assert_same("f32 as u8", &found.2.read().unwrap(), &expected.2);

    let mut a = NASTY_I32.to_vec();
    a.extend([16_777_217, -16_777_219, 2_147_483_583, 33_554_435]);
    a.extend(ints(&mut random, 5000));
    let found = setup.map::<cast_signed>((&a,)).run().unwrap();
    let expected = unzip!(a.iter().map(|a| (*a as f32, *a as u32, *a as u8)).collect(); 0 1 2);
    assert_close("i32 as f32", &found.0.read().unwrap(), &expected.0, setup.exact_or(1));
    assert_same("i32 as u32", &found.1.read().unwrap(), &expected.1);
    assert_same("i32 as u8", &found.2.read().unwrap(), &expected.2);

    let mut u = NASTY_U32.to_vec();
    u.extend([16_777_217, 16_777_219, 0x8000_0080, 0x8000_0081, 0xffff_ff7f, 0xffff_ff80, 0xffff_fe80]);
    u.extend(words(&mut random, 5000));
    let found = setup.map::<cast_unsigned>((&u,)).run().unwrap();
    let expected = unzip!(u.iter().map(|u| (*u as f32, *u as i32, *u as u8)).collect(); 0 1 2);
    assert_close("u32 as f32", &found.0.read().unwrap(), &expected.0, setup.exact_or(1));
    assert_same("u32 as i32", &found.1.read().unwrap(), &expected.1);
    assert_same("u32 as u8", &found.2.read().unwrap(), &expected.2);

    let b: Vec<u8> = (0..=255).collect();
    let found = setup.map::<cast_byte>((&b,)).run().unwrap();
    let oracle = b.iter().map(|b| (f32::from(*b), i32::from(*b) - 128, u32::from(*b > 100) * 1000)).collect();
    let expected = unzip!(oracle; 0 1 2);
    assert_same("u8 as f32", &found.0.read().unwrap(), &expected.0);
    assert_same("u8 as i32", &found.1.read().unwrap(), &expected.1);
    assert_same("u8 as u32", &found.2.read().unwrap(), &expected.2);
}

/// The kernel as a plain function means what its launch means.
fn the_function(setup: &Setup) {
    let mut random = Random::new("the_function");
    let (a, b) = pairs(&NASTY_I32, ints(&mut random, 400));
    let u: Vec<u32> = a.iter().map(|a| *a as u32).collect();
    let (x, y) = pairs(&NASTY_F32[..16], plain_floats(&mut random, 288));
    let found = setup.map::<i_divide>((&a, &b)).run().unwrap();
    let called = unzip!(a.iter().zip(&b).map(|(a, b)| i_divide(*a, *b)).collect(); 0 1);
    assert_same("i_divide", &found.0.read().unwrap(), &called.0);
    assert_same("i_divide", &found.1.read().unwrap(), &called.1);
    let found = setup.map::<nested_loops>((&u,)).run().unwrap();
    let called = unzip!(u.iter().map(|u| nested_loops(*u)).collect(); 0 1 2 3);
    assert_same("nested_loops", &found.2.read().unwrap(), &called.2);
    assert_same("nested_loops", &found.3.read().unwrap(), &called.3);
    let found = setup.map::<branch_value>((&a, &b)).run().unwrap();
    let called = unzip!(a.iter().zip(&b).map(|(a, b)| branch_value(*a, *b)).collect(); 0 1);
    assert_same("branch_value", &found.0.read().unwrap(), &called.0);
    assert_same("branch_value", &found.1.read().unwrap(), &called.1);
    let found = setup.map::<f_choose>((&x, &y)).run().unwrap();
    let called = unzip!(x.iter().zip(&y).map(|(x, y)| f_choose(*x, *y)).collect(); 0 1 2);
    assert_close(
        "f_choose",
        &flushed(setup, found.0.to_vec().unwrap()),
        &flushed(setup, called.0),
        setup.exact_or(0),
    );
    let found = setup.map::<f_strict>((&x, &y, &x)).run().unwrap();
    let called: Vec<f32> = x.iter().zip(&y).map(|(x, y)| f_strict(*x, *y, *x)).collect();
    if !setup.own_floats() {
        assert_same("f_strict", &found.read().unwrap(), &called);
    }
    let mut kept = 5;
    assert_eq!((bump(&mut kept), kept), (12, 6));
    assert_eq!(cells(manylane::prelude::Cell { x: 3, y: 4 }), (3, 4));
    assert_eq!(gray([10, 20, 30]), ((770 + 3000 + 870) >> 8) as u8);
}
