//! Arguments and results: where they come from, where they go, and what a launch leaves behind.

use manylane::prelude::*;
use manylane_testkit::values::{FEW_SIZES, LARGE, SIZES, bytes, floats, ints, plain_floats, words};
use manylane_testkit::{Random, Setup, assert_close, assert_same};

use crate::kernels::arrays::*;
use crate::kernels::*;
use crate::{Property, unzip};

pub const ALL: &[Property] = &[
    ("every_length", every_length),
    ("large", large),
    ("mixed_results", mixed_results),
    ("mixed_sources", mixed_sources),
    ("broadcast", broadcast),
    ("places", own_places),
    ("in_place", in_place),
    ("in_place_slices", in_place_slices),
    ("in_place_branches", in_place_branches),
    ("in_place_bytes", in_place_bytes),
    ("run_into", run_into),
    ("run_into_an_argument", run_into_an_argument),
    ("results_as_arguments", results_as_arguments),
    ("snapshots", snapshots),
    ("written_between_launches", written_between_launches),
    ("the_outcome_is_true", outcome),
    ("the_plan_is_what_runs", planned),
];

fn added(x: &[f32], y: &[f32]) -> Vec<f32> {
    x.iter().zip(y).map(|(x, y)| x + y).collect()
}

fn every_length(setup: &Setup) {
    let mut random = Random::new("every_length");
    for n in SIZES {
        let (x, y) = (plain_floats(&mut random, n), plain_floats(&mut random, n));
        let z = setup.map::<add>((&x, &y)).run().unwrap();
        assert_eq!((z.len(), z.domain(), z.is_empty()), (n, Domain::Line(n), n == 0));
        assert_same(format!("{n}"), &z.read().unwrap(), &added(&x, &y));
        let bytes = bytes(&mut random, n);
        let mut inverted = bytes.clone();
        setup.map::<invert>((&mut inverted,)).run().unwrap();
        assert_same(format!("bytes, {n}"), &inverted, &bytes.iter().map(|b| !b).collect::<Vec<u8>>());
    }
}

fn large(setup: &Setup) {
    let mut random = Random::new("large");
    let (x, y) = (plain_floats(&mut random, LARGE), plain_floats(&mut random, LARGE));
    let z = setup.map::<add>((&x, &y)).run_wait().unwrap();
    assert_same("sum", &z.read().unwrap(), &added(&x, &y));
}

fn mixed_results(setup: &Setup) {
    let mut random = Random::new("mixed_results");
    for n in FEW_SIZES {
        let (x, b) = (plain_floats(&mut random, n), bytes(&mut random, n));
        let found = setup.map::<mixed>((&x, &b)).run().unwrap();
        let oracle = x
            .iter()
            .zip(&b)
            .map(|(x, b)| (x + 1.0, i32::from(*b) - 200, u32::from(*b) * 3, b.wrapping_add(1)))
            .collect();
        let expected = unzip!(oracle; 0 1 2 3);
        assert_same(format!("f32, {n}"), &found.0.read().unwrap(), &expected.0);
        assert_same(format!("i32, {n}"), &found.1.read().unwrap(), &expected.1);
        assert_same(format!("u32, {n}"), &found.2.read().unwrap(), &expected.2);
        assert_same(format!("u8, {n}"), &found.3.read().unwrap(), &expected.3);
    }
}

fn mixed_sources(setup: &Setup) {
    let rt = setup.runtime();
    let vec: Vec<f32> = (0..40).map(|k| k as f32).collect();
    let fixed: [f32; 40] = std::array::from_fn(|k| 2.0 * k as f32);
    let stored = rt.array(vec![0.5f32; 40]).unwrap();
    let expected: Vec<f32> = (0..40).map(|k| 3.0 * k as f32 + 0.5).collect();
    assert_same(
        "Vec, array, Array",
        &setup.map::<add3>((&vec, &fixed, &stored)).run().unwrap().read().unwrap(),
        &expected,
    );
    let slice = &vec[..];
    assert_same(
        "slice, Array",
        &setup.map::<add3>((slice, &fixed, &stored)).run().unwrap().read().unwrap(),
        &expected,
    );
    let part = setup.map::<add>((&vec[3..9], &fixed[1..7])).run().unwrap().to_vec().unwrap();
    assert_same("parts", &part, &[5.0f32, 8.0, 11.0, 14.0, 17.0, 20.0]);
    let bare = setup.map::<bump_of>(&stored_words(rt)).run().unwrap().to_vec().unwrap();
    assert_same("one argument alone", &bare, &[8u32, 9]);
}

/// One argument, which may stand without a tuple.
#[kernel]
fn bump_of(x: u32) -> u32 {
    x + 1
}

fn stored_words(rt: &Runtime) -> Array<u32> {
    rt.array(vec![7u32, 8]).unwrap()
}

fn broadcast(setup: &Setup) {
    let mut random = Random::new("broadcast");
    for n in SIZES {
        let x = plain_floats(&mut random, n);
        let found = setup.map::<add3>((1.5, &x, -0.25)).run().unwrap();
        let expected: Vec<f32> = x.iter().map(|x| 1.5 + x + -0.25).collect();
        assert_same(format!("{n}"), &found.read().unwrap(), &expected);
        let all = setup.map::<add>((2.0, 3.0)).over(n).run().unwrap();
        assert_same(format!("constants over {n}"), &all.read().unwrap(), &vec![5.0f32; n]);
        let px = setup.map::<rgb_to_bgra>(([1, 2, 3], 9)).over(n).run().unwrap();
        assert_same(format!("a pixel over {n}"), &px.read().unwrap(), &vec![[3u8, 2, 1, 9]; n]);
    }
}

fn own_places(setup: &Setup) {
    let mut random = Random::new("places");
    for n in SIZES {
        let found = setup.map::<places>(()).over(n).run().unwrap();
        let expected: Vec<u32> = (0..n as u32).map(|i| i * 3 + 1).collect();
        assert_same(format!("index, {n}"), &found.read().unwrap(), &expected);
        let x = plain_floats(&mut random, n);
        let found = setup.map::<place_and_value>((&x, 12345)).run().unwrap();
        let words: Vec<u32> = (0..n as u32).map(|i| i ^ 12345).collect();
        let turned: Vec<f32> = x.iter().enumerate().map(|(i, x)| if i % 2 == 0 { *x } else { -x }).collect();
        assert_same(format!("index and value, {n}"), &found.0.read().unwrap(), &words);
        assert_same(format!("value by index, {n}"), &found.1.read().unwrap(), &turned);
    }
    for (w, h) in [(0, 5), (1, 1), (7, 3), (33, 2), (4097, 3), (301, 397), (100_003, 1), (2, 50_001)] {
        let found = setup.map::<cells>(()).over((w, h)).run().unwrap();
        assert_eq!(found.0.domain(), Domain::Grid { width: w, height: h });
        let oracle = (0..h as u32).flat_map(|y| (0..w as u32).map(move |x| (x, y))).collect();
        let expected = unzip!(oracle; 0 1);
        assert_same(format!("x, {w}x{h}"), &found.0.read().unwrap(), &expected.0);
        assert_same(format!("y, {w}x{h}"), &found.1.read().unwrap(), &expected.1);
        let found = setup.map::<places>(()).over((w, h)).run().unwrap();
        let expected: Vec<u32> = (0..(w * h) as u32).map(|i| i * 3 + 1).collect();
        assert_same(format!("index, {w}x{h}"), &found.read().unwrap(), &expected);
        let found = setup.map::<checkers>((4,)).over((w, h)).run().unwrap();
        let expected: Vec<u8> = (0..h)
            .flat_map(|y| (0..w).map(move |x| if (x / 4 + y / 4) % 2 == 0 { 255 } else { (x + y) as u8 }))
            .collect();
        assert_same(format!("checkers, {w}x{h}"), &found.read().unwrap(), &expected);
    }
}

fn in_place(setup: &Setup) {
    let mut random = Random::new("in_place");
    for n in SIZES {
        let (x, old) = (plain_floats(&mut random, n), plain_floats(&mut random, n));
        let expected: Vec<f32> = old.iter().zip(&x).map(|(y, x)| y + 0.5 * x).collect();
        let mut y = setup.runtime().array(old.clone()).unwrap();
        setup.map::<step>((&mut y, 0.5, &x)).run().unwrap();
        assert_close(format!("step, {n}"), &y.read().unwrap(), &expected, setup.exact_or(1));

        let (a, b) = (ints(&mut random, n), ints(&mut random, n));
        let (mut left, mut right) =
            (setup.runtime().array(a.clone()).unwrap(), setup.runtime().array(b.clone()).unwrap());
        setup.map::<swap>((&mut left, &mut right)).run().unwrap();
        assert_same(format!("swap, {n}"), &left.read().unwrap(), &b);
        assert_same(format!("swap, {n}"), &right.read().unwrap(), &a);

        let w = words(&mut random, n);
        let mut kept = setup.runtime().array(w.clone()).unwrap();
        let doubled = setup.map::<bump>((&mut kept,)).run().unwrap();
        let bumped: Vec<u32> = w.iter().map(|w| w.wrapping_add(1)).collect();
        assert_same(format!("bump, {n}"), &kept.read().unwrap(), &bumped);
        let doubles: Vec<u32> = bumped.iter().map(|w| w.wrapping_mul(2)).collect();
        assert_same(format!("bump's result, {n}"), &doubled.read().unwrap(), &doubles);
    }
}

fn in_place_slices(setup: &Setup) {
    let mut random = Random::new("in_place_slices");
    for n in FEW_SIZES {
        let (mut a, mut b) = (ints(&mut random, n), ints(&mut random, n));
        let (old_a, old_b) = (a.clone(), b.clone());
        setup.map::<swap>((&mut a, &mut b[..])).run().unwrap();
        assert_same(format!("swap, {n}"), &a, &old_b);
        assert_same(format!("swap, {n}"), &b, &old_a);
    }
}

fn in_place_branches(setup: &Setup) {
    let mut random = Random::new("in_place_branches");
    for n in FEW_SIZES {
        let old = random.many(n, |r| r.below(1000) as i32 - 300);
        let x = random.many(n, |r| r.below(60) as i32 - 30);
        let mut y = setup.runtime().array(old.clone()).unwrap();
        setup.map::<drain>((&mut y, &x)).run().unwrap();
        let expected: Vec<i32> = old
            .iter()
            .zip(&x)
            .map(|(&y, &x)| if x > 0 && y > 0 { y - (y + x - 1) / x * x } else { y })
            .collect();
        assert_same(format!("drain, {n}"), &y.read().unwrap(), &expected);
    }
}

fn in_place_bytes(setup: &Setup) {
    let mut random = Random::new("in_place_bytes");
    for n in SIZES {
        let old = bytes(&mut random, n);
        let mut b = setup.runtime().array(old.clone()).unwrap();
        setup.map::<invert>((&mut b,)).run().unwrap();
        assert_same(format!("invert, {n}"), &b.read().unwrap(), &old.iter().map(|b| !b).collect::<Vec<u8>>());

        let pixels: Vec<[u8; 4]> = random.many(n, |r| r.u32().to_le_bytes());
        let mut px = setup.runtime().array(pixels.clone()).unwrap();
        let second = setup.map::<opaque>((&mut px, &old)).run().unwrap();
        let expected: Vec<[u8; 4]> = pixels.iter().zip(&old).map(|(p, x)| [*x, p[1], p[2], 255]).collect();
        assert_same(format!("opaque, {n}"), &px.read().unwrap(), &expected);
        let seconds: Vec<u8> = pixels.iter().map(|p| p[1]).collect();
        assert_same(format!("opaque's result, {n}"), &second.read().unwrap(), &seconds);
    }
}

fn run_into(setup: &Setup) {
    let mut random = Random::new("run_into");
    for n in FEW_SIZES {
        let (x, y) = (plain_floats(&mut random, n), plain_floats(&mut random, n));
        let expected = added(&x, &y);
        let mut vec = vec![9.0f32; n];
        setup.map::<add>((&x, &y)).run_into(&mut vec).unwrap();
        assert_same(format!("Vec, {n}"), &vec, &expected);
        let mut long = vec![9.0f32; n + 2];
        setup.map::<add>((&x, &y)).run_into(&mut long[1..=n]).unwrap();
        assert_same(format!("slice, {n}"), &long[1..=n], &expected);
        assert_eq!((long[0], long[n + 1]), (9.0, 9.0), "beside the slice");
        let mut stored = setup.runtime().array(vec![9.0f32; n]).unwrap();
        setup.map::<add>((&x, &y)).run_into(&mut stored).unwrap();
        assert_same(format!("Array, {n}"), &stored.read().unwrap(), &expected);

        let b = bytes(&mut random, n);
        let (mut f, mut i, mut u, mut c) = (vec![0f32; n], vec![0i32; n], vec![0u32; n], vec![0u8; n + 2]);
        setup.map::<mixed>((&x, &b)).run_into((&mut f, &mut i[..], &mut u, &mut c[1..=n])).unwrap();
        assert_same(format!("tuple, {n}"), &u, &b.iter().map(|b| u32::from(*b) * 3).collect::<Vec<_>>());
        assert_same(
            format!("tuple, {n}"),
            &c[1..=n],
            &b.iter().map(|b| b.wrapping_add(1)).collect::<Vec<_>>(),
        );
        assert_eq!((c[0], c[n + 1]), (0, 0), "beside the bytes");
    }
}

/// The launch keeps the version of its argument that it started with.
fn run_into_an_argument(setup: &Setup) {
    for n in [5, 4_097, 100_003] {
        let mut x = setup.runtime().array((0..n).map(|k| k as f32).collect::<Vec<_>>()).unwrap();
        for _ in 0..3 {
            let launch = setup.map::<add>((&x, 1.0));
            launch.run_into(&mut x).unwrap();
        }
        assert_same(format!("{n}"), &x.read().unwrap(), &(0..n).map(|k| k as f32 + 3.0).collect::<Vec<_>>());
    }
}

fn results_as_arguments(setup: &Setup) {
    let mut random = Random::new("results_as_arguments");
    for n in FEW_SIZES {
        let x = floats(&mut random, n)
            .into_iter()
            .map(|x| if x.is_normal() { x } else { 1.0 })
            .collect::<Vec<_>>();
        let mut y = setup.map::<add>((&x, 0.5)).run().unwrap();
        let mut expected: Vec<f32> = x.iter().map(|x| x + 0.5).collect();
        for k in 0..5 {
            y = setup.map::<add>((&y, k as f32)).run().unwrap();
            expected.iter_mut().for_each(|x| *x += k as f32);
        }
        setup.map::<step>((&mut y, 1.0, &x)).run().unwrap();
        expected.iter_mut().zip(&x).for_each(|(y, x)| *y += x);
        assert_close(format!("chain, {n}"), &y.read().unwrap(), &expected, setup.exact_or(1));
        // Elsewhere afterwards, and back.
        let there = setup.runtime().map::<add>((&y, 1.0)).on(Target::Threads).run().unwrap();
        let back = setup.map::<add>((&there, &y)).run().unwrap();
        let expected: Vec<f32> = expected.iter().map(|y| (y + 1.0) + y).collect();
        assert_close(format!("there and back, {n}"), &back.read().unwrap(), &expected, setup.exact_or(2));
    }
}

fn snapshots(setup: &Setup) {
    for n in [1, 300, 100_003] {
        let old: Vec<u32> = (0..n).collect();
        let mut a = setup.runtime().array(old.clone()).unwrap();
        let before = a.clone();
        setup.map::<bump>((&mut a,)).run().unwrap();
        let between = a.clone();
        setup.map::<bump>((&mut a,)).run().unwrap();
        a.write().unwrap()[0] = 1000;
        assert_same(format!("before, {n}"), &before.read().unwrap(), &old);
        assert_same(
            format!("between, {n}"),
            &between.read().unwrap(),
            &old.iter().map(|x| x + 1).collect::<Vec<_>>(),
        );
        let mut last: Vec<u32> = old.iter().map(|x| x + 2).collect();
        last[0] = 1000;
        assert_same(format!("last, {n}"), &a.read().unwrap(), &last);
        // A result outlives what it was made of, and the launch's array may be dropped at once.
        let sum = setup.map::<bump_of>((&a,)).run().unwrap();
        drop((a, before, between));
        assert_same(
            format!("of dropped, {n}"),
            &sum.read().unwrap(),
            &last.iter().map(|x| x + 1).collect::<Vec<_>>(),
        );
    }
}

fn written_between_launches(setup: &Setup) {
    let n = 20_000;
    let mut x = setup.runtime().array(vec![1u32; n]).unwrap();
    let mut expected = vec![1u32; n];
    for turn in 0..4usize {
        let y = setup.map::<bump_of>((&x,)).run().unwrap();
        {
            let mut values = x.write().unwrap();
            for k in (turn..n).step_by(977) {
                values[k] += 5;
            }
        }
        let z = setup.map::<bump_of>((&x,)).run().unwrap();
        assert_same(
            "before the write",
            &y.read().unwrap(),
            &expected.iter().map(|x| x + 1).collect::<Vec<_>>(),
        );
        expected.iter_mut().skip(turn).step_by(977).for_each(|x| *x += 5);
        assert_same(
            "after the write",
            &z.read().unwrap(),
            &expected.iter().map(|x| x + 1).collect::<Vec<_>>(),
        );
    }
    assert_same("kept", &x.into_vec().unwrap(), &expected);
}

fn outcome(setup: &Setup) {
    for n in [10, 100_003, LARGE] {
        let x = vec![1.0f32; n];
        let (_, outcome) = setup.map::<add>((&x, 2.0)).reported().run().unwrap();
        match setup.target {
            Target::Auto => assert_ne!(outcome.target, Target::Auto, "{n}: a place is named"),
            asked => assert_eq!(outcome.target, asked, "{n}"),
        }
        assert!(outcome.threads <= setup.threads, "{n}: {} threads of {}", outcome.threads, setup.threads);
        match outcome.target {
            Target::Gpu(_) => assert!(outcome.adapter.is_some() && outcome.threads == 0, "{n}: {outcome:?}"),
            // A small split may go to one of them whole.
            Target::Split => assert!(outcome.adapter.is_some() || outcome.threads > 0, "{n}: {outcome:?}"),
            _ => assert!(outcome.adapter.is_none() && outcome.threads > 0, "{n}: {outcome:?}"),
        }
        if setup.target == Target::Scalar {
            assert_eq!(outcome.level, Level::Scalar);
        }
        assert!(outcome.note.is_none(), "{n}: {:?}", outcome.note);
        let ((), _) = setup.map::<invert>((&mut vec![0u8; n],)).reported().run().unwrap();
        let (sum, outcome) = setup.reduce(&x).reported().sum().unwrap();
        assert_eq!((sum, outcome.chunks > 0), (n as f32, true), "{n}");
    }
    if setup.target == Target::Threads && setup.threads > 1 {
        let x = vec![1.0f32; LARGE];
        let (_, outcome) = setup.map::<add>((&x, 2.0)).reported().run().unwrap();
        assert_eq!(outcome.threads, setup.threads, "a large launch uses them all");
    }
}

fn planned(setup: &Setup) {
    for n in [10, 100_003] {
        let x = vec![1.0f32; n];
        let plan = setup.map::<add>((&x, 2.0)).plan().unwrap();
        assert_eq!(plan, setup.map::<add>((&x, 2.0)).plan().unwrap(), "the same plan for the same input");
        assert_eq!(plan.chunks.iter().map(|chunk| chunk.span.len()).sum::<usize>(), n);
        let text = plan.explain();
        assert!(text.contains(&plan.target.to_string()) && text.contains("add"), "{text}");
    }
}
