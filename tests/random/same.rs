//! What is drawn is the same, bit for bit, on every target, in every split and for every prefix: it is held to what one
//! place gives after the other in plain Rust, and integers to products of 128 bits.

use manylane::kernel::draws;
use manylane::prelude::*;
use manylane_testkit::values::{FEW_SIZES, LARGE, SIZES};
use manylane_testkit::{Random as Inputs, Setup, assert_same, tree};

use crate::known::{SEEDS, word};

fn sizes() -> impl Iterator<Item = usize> {
    SIZES.into_iter().chain([LARGE])
}

pub fn uniform(setup: &Setup) {
    for seed in SEEDS {
        let longest: Vec<f32> =
            (0..LARGE).map(|place| (word(seed, place, 0) >> 8) as f32 / (1u32 << 24) as f32).collect();
        for n in sizes() {
            let found = setup.send(setup.runtime().uniform(n, seed)).run().unwrap().to_vec().unwrap();
            assert_same(format!("{n}, seed {seed}"), &found, &longest[..n]);
        }
    }
    let grid = setup.send(setup.runtime().uniform((37, 11), 5)).run().unwrap();
    assert_eq!(grid.domain(), Domain::Grid { width: 37, height: 11 });
    let line = setup.send(setup.runtime().uniform(37 * 11, 5)).run().unwrap();
    assert_same("a grid", &grid.to_vec().unwrap(), &line.to_vec().unwrap());
}

/// A relaxed kernel, whose own sum is exact.
#[kernel]
fn relaxed(x: f32, rng: Random) -> (f32, f32) {
    let first = rng.normal();
    (first + 0.0 * x, rng.normal())
}

#[kernel(strict)]
fn strict(rng: Random) -> (f32, f32) {
    (rng.normal(), rng.normal())
}

pub fn normal(setup: &Setup) {
    for seed in SEEDS {
        let draw = |place| {
            let rng = Random::new(seed, place as u32);
            (rng.normal(), rng.normal())
        };
        let (longest, second): (Vec<f32>, Vec<f32>) = (0..LARGE).map(draw).unzip();
        for n in sizes() {
            let found = setup.send(setup.runtime().normal(n, seed)).run().unwrap().to_vec().unwrap();
            assert_same(format!("{n}, seed {seed}"), &found, &longest[..n]);
        }
        for n in FEW_SIZES {
            let x = vec![1.5f32; n];
            for (name, found) in [
                ("relaxed", setup.map::<relaxed>((&x, seed)).run().unwrap()),
                ("strict", setup.map::<strict>((seed,)).over(n).run().unwrap()),
            ] {
                assert_same(format!("{name} {n}"), &found.0.to_vec().unwrap(), &longest[..n]);
                assert_same(format!("{name} {n}, second"), &found.1.to_vec().unwrap(), &second[..n]);
            }
        }
    }
}

/// 64 bits of the place as a fraction, times `n`.
fn part(seed: u64, place: usize, n: u64) -> u64 {
    let bits = u64::from(word(seed, place, 0)) << 32 | u64::from(word(seed, place, 1));
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}

pub fn below(setup: &Setup) {
    for (n, seed) in
        [(1, 7), (2, 0), (6, 42), (1000, u64::MAX), (1 << 31, 3), (0xffff_fffe, 4), (u32::MAX, 5)]
    {
        for count in FEW_SIZES {
            let launch = setup.runtime().below(n, count, seed).unwrap();
            let found = setup.send(launch).run().unwrap().to_vec().unwrap();
            let expected: Vec<u32> = (0..count).map(|place| part(seed, place, n.into()) as u32).collect();
            assert_same(format!("{count} below {n}"), &found, &expected);
            assert!(found.iter().all(|x| *x < n));
        }
    }
    // In a kernel there is no error to give: it is 0.
    assert_eq!(setup.map::<draws::below>((0u32, 1u64)).over(999).run().unwrap().to_vec().unwrap(), [0; 999]);
    let Err(error) = setup.runtime().below(0, 5, 1) else { panic!("below 0 there is nothing") };
    assert_eq!(error.kind(), ErrorKind::Setting, "{error}");
    let many = setup.send(setup.runtime().below(9, (1 << 20, 1 << 20), 1).unwrap()).sum().unwrap_err();
    assert_eq!(many.kind(), ErrorKind::LimitExceeded, "{many}");
}

pub fn range(setup: &Setup) {
    let ends = [(0, 1), (-3, 4), (1, 7), (i32::MIN, i32::MAX), (i32::MAX - 1, i32::MAX), (i32::MIN, 0)];
    for (low, high) in ends {
        for count in FEW_SIZES {
            let seed = 1000 + count as u64;
            let launch = setup.runtime().range(low..high, count, seed).unwrap();
            let found = setup.send(launch).run().unwrap().to_vec().unwrap();
            let n = (i64::from(high) - i64::from(low)) as u64;
            let expected: Vec<i32> =
                (0..count).map(|place| (i64::from(low) + part(seed, place, n) as i64) as i32).collect();
            assert_same(format!("{count} of {low}..{high}"), &found, &expected);
            assert!(found.iter().all(|x| (low..high).contains(x)));
        }
    }
    for (low, high) in [(5, 5), (5, -5), (i32::MAX, i32::MIN)] {
        let Err(error) = setup.runtime().range(low..high, 5, 1) else {
            panic!("{low}..{high} has no numbers")
        };
        assert_eq!(error.kind(), ErrorKind::Setting, "{error}");
        let found = setup.map::<draws::range>((low, high, 1u64)).over(99).run().unwrap();
        assert_eq!(found.to_vec().unwrap(), [low; 99], "in a kernel it is the start");
    }
}

/// Every kind of number, as many as an element says, some only where a number says so; bounds that differ by place.
#[kernel]
fn walk(turns: u32, rng: Random) -> (f32, i32, u32) {
    let mut far: f32 = 0.0;
    let mut steps = 0;
    let mut kinds = 0;
    for _k in 0..turns {
        if rng.below(3) == 0 {
            far = far.max(rng.normal());
        } else {
            steps += rng.range(-5, turns as i32);
            if rng.f32() < 0.25 {
                kinds ^= rng.below(turns);
                continue;
            }
        }
        kinds = kinds.rotate_left(3) ^ rng.u32();
    }
    (far, steps, kinds)
}

pub fn branches(setup: &Setup) {
    let mut random = Inputs::new("branches");
    for n in FEW_SIZES {
        let (turns, seed) = (random.many(n, |r| r.below(9) as u32), random.bits());
        let found = setup.map::<walk>((&turns, seed)).run().unwrap();
        let expected = turns.iter().enumerate().map(|(place, turns)| {
            let rng = Random::new(seed, place as u32);
            let (mut far, mut steps, mut kinds) = (0.0f32, 0i32, 0u32);
            for _ in 0..*turns {
                if rng.below(3) == 0 {
                    far = far.max(rng.normal());
                } else {
                    steps += rng.range(-5, *turns as i32);
                    if rng.f32() < 0.25 {
                        kinds ^= rng.below(*turns);
                        continue;
                    }
                }
                kinds = kinds.rotate_left(3) ^ rng.u32();
            }
            (far, steps, kinds)
        });
        let expected: Vec<(f32, i32, u32)> = expected.collect();
        let (far, steps, kinds) = found;
        assert_same("far", &far.to_vec().unwrap(), &expected.iter().map(|x| x.0).collect::<Vec<_>>());
        assert_same("steps", &steps.to_vec().unwrap(), &expected.iter().map(|x| x.1).collect::<Vec<_>>());
        assert_same("kinds", &kinds.to_vec().unwrap(), &expected.iter().map(|x| x.2).collect::<Vec<_>>());
    }
}

pub fn fused(setup: &Setup) {
    for n in FEW_SIZES {
        let rng = |place: usize| Random::new(11, place as u32);
        let normal: Vec<f32> = (0..n).map(|place| rng(place).normal()).collect();
        let most = setup.send(setup.runtime().normal(n, 11)).max().unwrap();
        assert_eq!(most, normal.iter().copied().fold(f32::NEG_INFINITY, f32::max), "{n}");
        let sum = setup.send(setup.runtime().below(1 << 20, n, 11).unwrap()).sum().unwrap();
        let expected = (0..n).fold(0u32, |sum, place| sum.wrapping_add(rng(place).below(1 << 20)));
        assert_eq!(sum, expected, "{n}");
        let bins = setup.send(setup.runtime().below(64, n, 12).unwrap()).histogram(64).unwrap();
        let mut expected = vec![0u32; 64];
        (0..n).for_each(|place| expected[part(12, place, 64) as usize] += 1);
        assert_same(format!("{n}, bins"), &bins.to_vec().unwrap(), &expected);
        if !setup.own_floats() {
            let sum = setup.send(setup.runtime().normal(n, 11)).sum().unwrap();
            assert_same(format!("{n}, sum"), &[sum], &[tree(&normal, -0.0, 0.0, |a, b| a + b)]);
        }
    }
}

/// The order of the places by 64 bits of each.
fn order(n: usize, seed: u64) -> Vec<u32> {
    let mut places: Vec<u32> = (0..n as u32).collect();
    places.sort_by_key(|place| (word(seed, *place as usize, 0), word(seed, *place as usize, 1)));
    places
}

pub fn permutations(setup: &Setup) {
    for n in sizes() {
        let seed = 77 + n as u64;
        let mut launch = setup.runtime().permutation(n, seed).on(setup.target).mapping(setup.mapping);
        if let Some(share) = setup.share {
            launch = launch.gpu_share(share);
        }
        let found = launch.run().unwrap().to_vec().unwrap();
        assert_same(format!("{n}"), &found, &order(n, seed));
        let mut seen = vec![false; n];
        found.iter().for_each(|place| seen[*place as usize] = true);
        assert!(seen.into_iter().all(|seen| seen), "{n}: some place is missing");
    }
    let many = setup.runtime().permutation(1 << 32, 1).on(setup.target).run().unwrap_err();
    assert_eq!(many.kind(), ErrorKind::LimitExceeded, "{many}");
}

#[kernel]
fn half(x: i32) -> i32 {
    x / 2
}

pub fn shuffles(setup: &Setup) {
    let mut random = Inputs::new("shuffles");
    for n in FEW_SIZES {
        let (x, seed) = (random.many(n, |r| r.float(-9.0, 9.0)), random.bits());
        let expected: Vec<f32> = order(n, seed).into_iter().map(|place| x[place as usize]).collect();
        let found = setup.reduce(&x).shuffle(seed).unwrap().to_vec().unwrap();
        assert_same(format!("{n}"), &found, &expected);
    }
    let x: Vec<i32> = (0..37 * 11).collect();
    let picture = setup.runtime().picture(x, (37, 11)).unwrap();
    let found = setup.map::<half>((&picture,)).shuffle(5).unwrap();
    let expected: Vec<i32> = order(37 * 11, 5).into_iter().map(|place| place as i32 / 2).collect();
    assert_same("the results of a map over a grid", &found.to_vec().unwrap(), &expected);
}
