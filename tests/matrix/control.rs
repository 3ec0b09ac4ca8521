//! Branches, loops and calls: where masks go wrong.

use manylane_testkit::values::{FEW_SIZES, ints, plain_floats, words};
use manylane_testkit::{Random, Setup, assert_close, assert_same};

use crate::kernels::*;
use crate::{Property, unzip};

pub const ALL: &[Property] = &[
    ("branches", branches),
    ("scopes", scoped),
    ("uniform_branches", uniform_branches),
    ("guarded_division", guarded_division),
    ("nested_loops", nested),
    ("carried_variables", carried_variables),
    ("loops_in_branches", loops_in_branches),
    ("short_circuits", short_circuits),
    ("counted_loops", counted_loops),
    ("counted_to_the_last_number", counted_to_the_last),
    ("escape_times", escape_times),
    ("calls", calls_of_others),
    ("calls_under_a_mask", calls_under_a_mask),
];

fn branches(setup: &Setup) {
    let mut random = Random::new("branches");
    for n in FEW_SIZES {
        let (x, y) =
            (random.many(n, |r| r.below(21) as i32 - 10), random.many(n, |r| r.below(21) as i32 - 10));
        let found = setup.map::<branch>((&x, &y)).run().unwrap();
        let expected: Vec<i32> = x
            .iter()
            .zip(&y)
            .map(|(&x, &y)| match x.cmp(&y) {
                std::cmp::Ordering::Greater => {
                    if x > 2 * y {
                        x + 1
                    } else {
                        x - 1
                    }
                }
                std::cmp::Ordering::Equal => 5,
                std::cmp::Ordering::Less => {
                    if y % 2 != 0 {
                        (x ^ y) * 3
                    } else {
                        0
                    }
                }
            })
            .collect();
        assert_same(format!("statements, {n}"), &found.read().unwrap(), &expected);

        let found = setup.map::<branch_value>((&x, &y)).run().unwrap();
        let oracle = x
            .iter()
            .zip(&y)
            .map(|(&x, &y)| {
                let a = match x {
                    i32::MIN..0 => -x,
                    0 => 7,
                    _ => 3 * x - y,
                };
                let (b, c) = match a % 2 {
                    0 => (a / 2, y),
                    _ => (y, 3 * a + 1),
                };
                (
                    b,
                    match b < c {
                        true if a > 3 || c == y => b - c,
                        _ => c,
                    },
                )
            })
            .collect();
        let expected = unzip!(oracle; 0 1);
        assert_same(format!("values, {n}"), &found.0.read().unwrap(), &expected.0);
        assert_same(format!("values, {n}"), &found.1.read().unwrap(), &expected.1);
    }
}

fn scoped(setup: &Setup) {
    let x: Vec<i32> = (-50..50).collect();
    let found = setup.map::<scopes>((&x,)).run().unwrap();
    let oracle = x
        .iter()
        .map(|&x| {
            let late = if x > 10 { x } else { -x };
            let y = (x + 1) * 2 + late;
            if y > 0 { (y - (x + 1), 100) } else { (0, y) }
        })
        .collect();
    let expected = unzip!(oracle; 0 1);
    assert_same("first", &found.0.read().unwrap(), &expected.0);
    assert_same("second", &found.1.read().unwrap(), &expected.1);
}

fn uniform_branches(setup: &Setup) {
    let mut random = Random::new("uniform_branches");
    let x = plain_floats(&mut random, 77);
    for mode in 0..3 {
        let found = setup.map::<uniform_branch>((mode, &x)).run().unwrap();
        let expected: Vec<f32> = x
            .iter()
            .map(|&x| match mode {
                0 => x + 1.0,
                1 => (0..4).fold(x, |y, _| y * 0.5 + x),
                _ if x > 0.0 => -x,
                _ => 2.0,
            })
            .collect();
        // y * 0.5 is exact, so a fused multiply-add rounds the same sum.
        assert_close(format!("mode {mode}"), &found.read().unwrap(), &expected, setup.exact_or(1));
    }
}

fn guarded_division(setup: &Setup) {
    let (x, y): (Vec<i32>, Vec<i32>) = (-9..9).flat_map(|x| (-9..9).map(move |y| (x, y))).unzip();
    let found = setup.map::<guarded>((&x, &y)).run().unwrap();
    let oracle = |x: i32, y: i32| match y {
        0 => 0,
        -3 => x % y,
        _ if x / y > 2 => x % y,
        _ => y,
    };
    let expected: Vec<i32> = x.iter().zip(&y).map(|(x, y)| oracle(*x, *y)).collect();
    assert_same("guarded", &found.read().unwrap(), &expected);
}

fn nested(setup: &Setup) {
    let mut random = Random::new("nested");
    for n in [0, 1, 5, 16, 33, 1000, 20_011] {
        let start: Vec<u32> = random.many(n, |r| r.below(5000) as u32);
        let found = setup.map::<nested_loops>((&start,)).run().unwrap();
        let oracle = start
            .iter()
            .map(|&start| {
                let (mut n, mut total, mut last): (u32, u32, u32) = (start % 1000 + 1, 0, 77);
                let mut peak = n;
                for steps in 0..300 {
                    if n == 1 {
                        return (steps, peak, total, last);
                    }
                    let (mut end, mut j) = (n % 7, 0u32);
                    loop {
                        if j >= end {
                            break;
                        }
                        total = total.wrapping_add(j ^ n);
                        j += 1;
                        end -= u32::from(total % 11 == 3);
                    }
                    last = j + end * 100;
                    n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
                    peak = peak.max(n);
                }
                (300, peak, total, last)
            })
            .collect();
        let expected = unzip!(oracle; 0 1 2 3);
        assert_same(format!("steps, {n}"), &found.0.read().unwrap(), &expected.0);
        assert_same(format!("peak, {n}"), &found.1.read().unwrap(), &expected.1);
        assert_same(format!("total, {n}"), &found.2.read().unwrap(), &expected.2);
        assert_same(format!("last, {n}"), &found.3.read().unwrap(), &expected.3);
    }
}

fn carried_variables(setup: &Setup) {
    let mut random = Random::new("carried_variables");
    let (x, turns) = (words(&mut random, 3001), words(&mut random, 3001));
    let found = setup.map::<carried>((&x, &turns)).run().unwrap();
    let oracle = x
        .iter()
        .zip(&turns)
        .map(|(&x, &turns)| {
            let mut state = (0u32, 1u32, x);
            for k in 0..turns % 40 {
                let (a, b, before) = state;
                let next = a.wrapping_add(b);
                let odd = before & 1;
                state = (b, next.wrapping_add(odd * (before & 3)), next ^ k);
            }
            state
        })
        .collect();
    let expected = unzip!(oracle; 0 1 2);
    assert_same("a", &found.0.read().unwrap(), &expected.0);
    assert_same("b", &found.1.read().unwrap(), &expected.1);
    assert_same("before", &found.2.read().unwrap(), &expected.2);
}

fn loops_in_branches(setup: &Setup) {
    let x: Vec<i32> = (-300..700).collect();
    let found = setup.map::<loop_in_branch>((&x,)).run().unwrap();
    let oracle = x
        .iter()
        .map(|&x| match x & 3 {
            1 => {
                let (mut y, mut z) = (x, 1);
                while y > 0 {
                    y -= 7;
                    z += y;
                }
                (y, z)
            }
            2 => (0..x & 15).fold((x, 1), |(y, z), k| if k % 2 == 0 { (y + z, z) } else { (y, z - k) }),
            _ => (-x, 1),
        })
        .collect();
    let expected = unzip!(oracle; 0 1);
    assert_same("y", &found.0.read().unwrap(), &expected.0);
    assert_same("z", &found.1.read().unwrap(), &expected.1);
}

fn short_circuits(setup: &Setup) {
    let mut random = Random::new("short_circuits");
    let n: Vec<u32> = random
        .many(500, |r| r.u32() >> r.below(33).min(31) as u32 & if r.below(5) == 0 { 0 } else { u32::MAX });
    let found = setup.map::<short_circuit>((&n,)).run().unwrap();
    let oracle = n
        .iter()
        .map(|&n| {
            let turns = if n == 0 { 10 } else { 20u32.saturating_sub(n.ilog2()).min(10) };
            (turns, (0..turns).sum::<u32>())
        })
        .collect();
    let expected = unzip!(oracle; 0 1);
    assert_same("turns", &found.0.read().unwrap(), &expected.0);
    assert_same("found", &found.1.read().unwrap(), &expected.1);
}

fn counted_loops(setup: &Setup) {
    let mut random = Random::new("counted_loops");
    let x = words(&mut random, 1009);
    for n in [0, 1, 2, 3, 4, 17] {
        let found = setup.map::<counted>((n, &x)).run().unwrap();
        let oracle = x
            .iter()
            .map(|&x| {
                let a = (0..n).fold(0u32, |a, k| a.wrapping_add(k.wrapping_mul(x)));
                let b = (x % 5..x % 11 + 1).fold(0u32, |b, k| {
                    let b = b.wrapping_mul(3).wrapping_add(k);
                    if k % 2 == 1 { b ^ 5 } else { b }
                });
                (a, b, 1 + (n..3).sum::<u32>())
            })
            .collect();
        let expected = unzip!(oracle; 0 1 2);
        assert_same(format!("0..{n}"), &found.0.read().unwrap(), &expected.0);
        assert_same(format!("x % 5..=x % 11, {n}"), &found.1.read().unwrap(), &expected.1);
        assert_same(format!("{n}..3"), &found.2.read().unwrap(), &expected.2);
    }
    let x: Vec<i32> = ints(&mut random, 500);
    let found = setup.map::<counted_signed>((&x,)).run().unwrap();
    let oracle = x
        .iter()
        .map(|&x| {
            let end = x % 20;
            if end > -5 { (end - 1, end + 5) } else { (-1, 0) }
        })
        .collect();
    let expected = unzip!(oracle; 0 1);
    assert_same("the last of -5..end", &found.0.read().unwrap(), &expected.0);
    assert_same("the turns of -5..end", &found.1.read().unwrap(), &expected.1);
}

fn counted_to_the_last(setup: &Setup) {
    let x: Vec<u32> = (0..50).collect();
    let found = setup.map::<counted_to_the_end>((&x,)).run().unwrap();
    let oracle = x
        .iter()
        .map(|&x| {
            let a = (4_294_967_290u64..4_294_967_296 - u64::from(x % 3)).map(|k| (k % 2) as u32).sum::<u32>();
            let b = (2_147_483_640 + i64::from(x % 3)..2_147_483_648).map(|k| (k % 4) as i32).sum::<i32>();
            (a, b)
        })
        .collect();
    let expected = unzip!(oracle; 0 1);
    assert_same("u32", &found.0.read().unwrap(), &expected.0);
    assert_same("i32", &found.1.read().unwrap(), &expected.1);
}

fn escape_times(setup: &Setup) {
    let (width, height) = (61, 47);
    let places = || (0..height).flat_map(move |y| (0..width).map(move |x| (x, y)));
    let re: Vec<f32> = places().map(|(x, _)| x as f32 / 20.0 - 2.0).collect();
    let im: Vec<f32> = places().map(|(_, y)| y as f32 / 20.0 - 1.2).collect();
    let found = setup.map::<escape>((&re, &im, 200)).run().unwrap().to_vec().unwrap();
    let expected: Vec<u32> = re
        .iter()
        .zip(&im)
        .map(|(&re, &im)| {
            let (mut x, mut y) = (0.0f32, 0.0f32);
            for n in 0..200 {
                if x * x + y * y > 4.0 {
                    return n;
                }
                (x, y) = (x * x - y * y + re, 2.0 * x * y + im);
            }
            200
        })
        .collect();
    let differ = found.iter().zip(&expected).filter(|(a, b)| a != b).count();
    let most = if setup.own_floats() { found.len() / 50 } else { 0 };
    assert!(differ <= most, "{differ} places differ");
}

fn calls_of_others(setup: &Setup) {
    let mut random = Random::new("calls");
    for n in FEW_SIZES {
        let x = plain_floats(&mut random, n);
        let found = setup.map::<calls>((&x, 1.5)).run().unwrap();
        let expected: Vec<f32> = x
            .iter()
            .map(|&x| {
                let mut y = 1.5 * x + 1.0;
                for _ in 0..3 {
                    if y > 2.0 {
                        y = 0.25 * y + x;
                    }
                }
                y + (2.0 * 3.0 + y)
            })
            .collect();
        assert_close(format!("calls, {n}"), &found.read().unwrap(), &expected, setup.exact_or(4));
    }
    let (a, b) = (ints(&mut random, 1000), ints(&mut random, 1000));
    let found = setup.map::<calls_tuple>((&a, &b)).run().unwrap();
    let oracle = a
        .iter()
        .zip(&b)
        .map(|(&x, &y)| {
            let (p, q) = (x.max(y).wrapping_add(1), x.wrapping_sub(y));
            (p.max(q), p ^ q)
        })
        .collect();
    let expected = unzip!(oracle; 0 1);
    assert_same("a tuple", &found.0.read().unwrap(), &expected.0);
    assert_same("a tuple", &found.1.read().unwrap(), &expected.1);
}

fn calls_under_a_mask(setup: &Setup) {
    let mut n: Vec<u32> = (0..200).map(|k| if k % 3 == 0 { 0 } else { k * k }).collect();
    n.extend([0; 64]);
    let found = setup.map::<calls_masked>((&n,)).run().unwrap();
    let expected: Vec<u32> = n.iter().map(|n| n.checked_ilog2().unwrap_or(1000)).collect();
    assert_same("halvings", &found.read().unwrap(), &expected);
}
