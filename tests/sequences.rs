//! Random sequences of launches, copies and writes over every target, against plain `Vec`s.
//!
//! What is looked for: stale replicas, lost updates, snapshots that change, parts of an array that are not home.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use manylane::device::gpu;
use manylane::prelude::*;
use manylane_testkit::Random;

#[kernel]
fn mix(x: u32, y: u32, #[uniform] k: u32) -> u32 {
    x * 3 + y + k
}

#[kernel]
fn accumulate(y: &mut u32, x: u32) {
    *y += x ^ 5;
}

#[kernel]
fn swap(a: &mut u32, b: &mut u32) {
    let t = *a;
    *a = *b;
    *b = t + 1;
}

#[kernel]
fn split_up(x: u32) -> (u32, u32) {
    (x >> 1, x & 0xff)
}

#[kernel]
fn thin(x: u32) -> u8 {
    x as u8
}

#[kernel]
fn widen(b: u8, i: Index) -> u32 {
    b as u32 + i
}

fn targets() -> Vec<Target> {
    let mut targets = vec![Target::Auto, Target::Scalar, Target::Simd, Target::Threads, Target::Split];
    if !gpu::adapters().is_empty() && gpu::open(0).is_ok() {
        targets.extend([Target::Gpu(0), Target::Split, Target::Gpu(0)]);
    }
    targets
}

fn runtime() -> Runtime {
    Runtime::builder().threads(3).software_joins_split(true).build().unwrap()
}

const ARRAYS: usize = 4;

/// Two different arrays of them.
fn two<T>(all: &mut [T], a: usize, b: usize) -> (&mut T, &mut T) {
    assert_ne!(a, b);
    if a < b {
        let (head, tail) = all.split_at_mut(b);
        (&mut head[a], &mut tail[0])
    } else {
        let (head, tail) = all.split_at_mut(a);
        (&mut tail[0], &mut head[b])
    }
}

fn sequence(rt: &Runtime, random: &mut Random, n: usize, steps: usize) {
    let targets = targets();
    let mut model: Vec<Vec<u32>> = (0..ARRAYS).map(|_| random.many(n, Random::u32)).collect();
    let mut arrays: Vec<Array<u32>> = model.iter().map(|values| rt.array(values.clone()).unwrap()).collect();
    let mut log = Vec::new();
    for _ in 0..steps {
        let target = random.one_of(&targets);
        let mapping = random.one_of(&[Mapping::Auto, Mapping::Static, Mapping::WorkStealing]);
        let (a, b, c) = (random.below(ARRAYS), random.below(ARRAYS), random.below(ARRAYS));
        let kind = random.below(11);
        log.push(format!("{kind} {a} {b} {c} on {target}"));
        match kind {
            0 | 1 => {
                arrays[a] =
                    rt.map::<mix>((&arrays[b], &arrays[c], 9)).on(target).mapping(mapping).run().unwrap();
                let values = model[b].iter().zip(&model[c]);
                model[a] = values.map(|(x, y)| x.wrapping_mul(3).wrapping_add(*y).wrapping_add(9)).collect();
            }
            2 => {
                let x = arrays[b].clone();
                rt.map::<accumulate>((&mut arrays[a], &x)).on(target).mapping(mapping).run().unwrap();
                let x = model[b].clone();
                model[a].iter_mut().zip(x).for_each(|(y, x)| *y = y.wrapping_add(x ^ 5));
            }
            3 if a != b => {
                let (x, y) = two(&mut arrays, a, b);
                rt.map::<swap>((x, y)).on(target).mapping(mapping).run().unwrap();
                model.swap(a, b);
                model[b].iter_mut().for_each(|x| *x = x.wrapping_add(1));
            }
            4 => {
                arrays[a] = arrays[b].clone();
                model[a] = model[b].clone();
            }
            5 if n > 0 => {
                let from = random.below(n);
                let to = from + random.below(n - from) + 1;
                arrays[a].write().unwrap()[from..to].fill(77);
                model[a][from..to].fill(77);
            }
            6 => {
                let launch = rt.map::<mix>((&arrays[b], &arrays[c], 1)).on(target).mapping(mapping);
                launch.run_into(&mut arrays[a]).unwrap();
                let values = model[b].iter().zip(&model[c]);
                model[a] = values.map(|(x, y)| x.wrapping_mul(3).wrapping_add(*y).wrapping_add(1)).collect();
            }
            7 => {
                let sum = rt.reduce(&arrays[a]).on(target).mapping(mapping).sum().unwrap();
                assert_eq!(sum, model[a].iter().fold(0u32, |a, x| a.wrapping_add(*x)), "{log:#?}");
            }
            8 if a != b => {
                let launch = rt.map::<split_up>((&arrays[c],)).on(target).mapping(mapping);
                let (x, y) = two(&mut arrays, a, b);
                launch.run_into((x, y)).unwrap();
                let values = model[c].clone();
                model[a] = values.iter().map(|x| x >> 1).collect();
                model[b] = values.iter().map(|x| x & 0xff).collect();
            }
            9 => {
                let bytes = rt.map::<thin>((&arrays[b],)).on(target).run().unwrap();
                let other = random.one_of(&targets);
                arrays[a] = rt.map::<widen>((&bytes,)).on(other).mapping(mapping).run().unwrap();
                model[a] = model[b].iter().enumerate().map(|(i, x)| (x & 0xff) + i as u32).collect();
            }
            10 => {
                assert_eq!(*arrays[a].read().unwrap(), model[a][..], "{log:#?}");
            }
            _ => {
                let values = arrays[a].clone().into_vec().unwrap();
                assert_eq!(values, model[a], "{log:#?}");
                arrays[a] = rt.array(values).unwrap();
            }
        }
    }
    for (array, values) in arrays.iter().zip(&model) {
        assert!(*array.read().unwrap() == values[..], "{log:#?}");
    }
}

#[test]
fn arrays_hold_what_was_written_last() {
    let rt = runtime();
    let mut random = Random::new("sequences");
    for n in [1, 5, 4_096, 4_099, 12_291, 50_001] {
        for _ in 0..if n > 10_000 { 12 } else { 25 } {
            sequence(&rt, &mut random, n, 30);
        }
    }
}

#[test]
fn a_runtime_may_be_gone_before_its_arrays() {
    for target in targets() {
        let z = {
            let rt = runtime();
            let x = rt.array((0..9_000).collect::<Vec<u32>>()).unwrap();
            rt.map::<mix>((&x, 1, 2)).on(target).run().unwrap()
        };
        assert_eq!(z.read().unwrap()[8_999], 8_999 * 3 + 3, "{target}");
    }
}

#[test]
fn threads_share_arrays_and_devices() {
    let rt = runtime();
    let shared = rt.array((0..30_000).collect::<Vec<u32>>()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..6u64 {
            let (rt, shared) = (&rt, &shared);
            scope.spawn(move || {
                let mut random = Random::new(&format!("thread {thread}"));
                let targets = targets();
                for _ in 0..40 {
                    let k = random.u32();
                    let z = rt.map::<mix>((shared, 1, k)).on(random.one_of(&targets)).run().unwrap();
                    let mut kept = z.clone();
                    rt.map::<accumulate>((&mut kept, shared)).on(random.one_of(&targets)).run().unwrap();
                    let at = random.below(30_000);
                    let expected = (at as u32 * 3 + 1).wrapping_add(k);
                    assert_eq!(kept.read().unwrap()[at], expected.wrapping_add(at as u32 ^ 5));
                    assert_eq!(z.read().unwrap()[at], expected);
                }
            });
        }
    });
}

/// Results of 32 MiB and more are written past the caches, wherever they begin.
#[test]
fn large_results_begin_anywhere() {
    let rt = runtime();
    let n = 9 << 20;
    let x: Vec<u32> = (0..n as u32).collect();
    let mut out = vec![0u32; n + 32];
    for begin in [0, 1, 7, 16, 31] {
        for target in [Target::Scalar, Target::Simd, Target::Threads] {
            out.fill(3);
            rt.map::<mix>((&x[begin..], 1, 2)).on(target).run_into(&mut out[begin..n]).unwrap();
            assert!(out[..begin].iter().chain(&out[n..]).all(|z| *z == 3), "beside the slice");
            for at in [begin, begin + 1, begin + 4_095, n / 2, n - 1] {
                assert_eq!(out[at], x[at].wrapping_mul(3).wrapping_add(3), "{at} from {begin} on {target}");
            }
            let sum = out[begin..n].iter().fold(0u32, |a, z| a.wrapping_add(*z));
            let expected =
                x[begin..].iter().fold(0u32, |a, x| a.wrapping_add(x.wrapping_mul(3).wrapping_add(3)));
            assert_eq!(sum, expected, "from {begin} on {target}");
        }
    }
}
