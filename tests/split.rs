//! One launch on threads and a GPU at once: the same bits as on one target, whatever the shares, mappings and sizes.

use manylane::kernel::Atomics;
use manylane::prelude::*;
use manylane_testkit::{Random, gpu_or_skip};

#[kernel(strict)]
fn mixed(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    let mut z = a * x + y;
    if x > y {
        z = z - x / 3.0;
    }
    z
}

#[kernel]
fn hash(x: u32, i: Index) -> (u32, u32) {
    let mut h = x ^ (i as u32);
    let mut n = 0u32;
    while n < (x & 7) {
        h = h * 2654435761 + 12345;
        n += 1;
    }
    (h, n)
}

#[kernel]
fn half(x: u8) -> u8 {
    (x as u32 / 2 + 3) as u8
}

#[kernel]
fn bump(y: &mut u32, #[uniform] by: u32) {
    *y = *y * 3 + by;
}

#[kernel]
fn gathered(x: u32, xs: &[u32]) -> u32 {
    xs[(x % xs.len() as u32) as usize] + x
}

#[kernel]
fn blur(at: Cell, src: Image<u32>) -> u32 {
    src.near(at, -1, 0) + src.near(at, 1, 0) + src.near(at, 0, -1) + src.near(at, 0, 1)
}

#[kernel]
fn counted(x: u32, bins: &Atomics<u32>) {
    bins.add(x % 64, 1);
}

#[kernel]
fn outside(x: u32, xs: &[u32]) -> u32 {
    xs[x as usize]
}

/// Numbers of no order; `name` tells them from others of the same run.
fn numbers(n: usize, name: &str) -> Vec<u32> {
    Random::new(name).many(n, Random::u32)
}

fn floats(n: usize, name: &str) -> Vec<f32> {
    Random::new(name).many(n, |random| random.float(-100.0, 156.0))
}

/// A runtime whose splits the software adapter joins; none where there is no adapter.
fn runtime(threads: usize) -> Option<Runtime> {
    let rt = Runtime::builder().threads(threads).software_joins_split(true);
    gpu_or_skip("a split").then(|| rt.build().unwrap())
}

const SIZES: [usize; 10] = [1, 3, 255, 4095, 4096, 4097, 8192, 20_000, 65_536, 100_003];
const SHARES: [Option<f64>; 6] = [None, Some(0.0), Some(0.01), Some(0.5), Some(0.99), Some(1.0)];
const MAPPINGS: [Mapping; 5] =
    [Mapping::Static, Mapping::ManagerWorker, Mapping::Hierarchical, Mapping::WorkStealing, Mapping::Auto];

/// Every share and every mapping.
fn ways<'a, K: Kernel>(
    mut launch: impl FnMut() -> Launch<'a, 'a, K>,
    mut check: impl FnMut(Launch<'a, 'a, K>, &str),
) {
    for share in SHARES {
        let mut way = launch().on(Target::Split);
        if let Some(share) = share {
            way = way.gpu_share(share);
        }
        check(way, &format!("share {share:?}"));
    }
    for mapping in MAPPINGS {
        check(launch().on(Target::Split).mapping(mapping), &format!("{mapping:?}"));
    }
}

#[test]
fn maps_have_the_bits_of_one_target() {
    let Some(rt) = runtime(2) else { return };
    for n in SIZES {
        let (x, y) = (floats(n, "x"), floats(n, "y"));
        let (ax, ay) = (rt.array(x.clone()).unwrap(), rt.array(y.clone()).unwrap());
        let whole = rt.map::<mixed>((1.5, &ax, &ay)).on(Target::Scalar).run().unwrap().to_vec().unwrap();
        let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        ways(
            || rt.map::<mixed>((1.5, &ax, &ay)),
            |launch, way| {
                let z = launch.run().unwrap();
                assert_eq!(bits(&z.read().unwrap()), bits(&whole), "{way} of {n}");
            },
        );
        // What a user holds, and where it goes.
        ways(
            || rt.map::<mixed>((1.5, &x, &ay)),
            |launch, way| {
                let mut z = vec![0.0; n];
                launch.run_into(&mut z).unwrap();
                assert_eq!(bits(&z), bits(&whole), "{way} of {n}, lent");
            },
        );
        let sum = rt.map::<mixed>((1.5, &ax, &ay)).on(Target::Scalar).sum().unwrap();
        ways(
            || rt.map::<mixed>((1.5, &ax, &ay)),
            |launch, way| assert_eq!(launch.sum().unwrap().to_bits(), sum.to_bits(), "sum, {way} of {n}"),
        );
    }
}

#[test]
fn tuples_bytes_updates_and_slices_too() {
    let Some(rt) = runtime(2) else { return };
    for n in SIZES {
        let x = numbers(n, "hashed");
        let array = rt.array(x.clone()).unwrap();
        let (h, turns) = rt.map::<hash>((&array,)).on(Target::Scalar).run().unwrap();
        let (h, turns) = (h.to_vec().unwrap(), turns.to_vec().unwrap());
        ways(
            || rt.map::<hash>((&array,)),
            |launch, way| {
                let (a, b) = launch.run().unwrap();
                assert_eq!(
                    (a.to_vec().unwrap(), b.to_vec().unwrap()),
                    (h.clone(), turns.clone()),
                    "{way} of {n}"
                );
            },
        );
        let bytes: Vec<u8> = x.iter().map(|x| *x as u8).collect();
        let halves: Vec<u8> = bytes.iter().map(|x| x / 2 + 3).collect();
        ways(
            || rt.map::<half>((&bytes,)),
            |launch, way| assert_eq!(launch.run().unwrap().to_vec().unwrap(), halves, "bytes, {way} of {n}"),
        );
        let table = numbers(1000, "table");
        let picked: Vec<u32> = x.iter().map(|x| table[(*x % 1000) as usize].wrapping_add(*x)).collect();
        ways(
            || rt.map::<gathered>((&array, &table)),
            |launch, way| assert_eq!(launch.run().unwrap().to_vec().unwrap(), picked, "slice, {way} of {n}"),
        );
        let bumped: Vec<u32> = x.iter().map(|x| x.wrapping_mul(3).wrapping_add(7)).collect();
        for mapping in MAPPINGS {
            let mut y = array.clone();
            rt.map::<bump>((&mut y, 7)).on(Target::Split).mapping(mapping).run().unwrap();
            assert_eq!(y.to_vec().unwrap(), bumped, "in place, {mapping:?} of {n}");
            assert_eq!(array.to_vec().unwrap(), x, "the snapshot");
            let mut lent = x.clone();
            rt.map::<bump>((&mut lent, 7)).on(Target::Split).mapping(mapping).run().unwrap();
            assert_eq!(lent, bumped, "in place and lent, {mapping:?} of {n}");
        }
        let mut bins = vec![0u32; 64];
        x.iter().for_each(|x| bins[(*x % 64) as usize] += 1);
        for mapping in MAPPINGS {
            let shared = Atomics::<u32>::new(64);
            rt.map::<counted>((&array, &shared)).on(Target::Split).mapping(mapping).run().unwrap();
            assert_eq!(shared.to_vec(), bins, "shared places, {mapping:?} of {n}");
        }
    }
}

#[test]
fn pictures_and_what_lies_on_the_gpu() {
    let Some(rt) = runtime(2) else { return };
    for (width, height) in [(1, 1), (7, 3), (130, 65), (300, 211)] {
        let cells = numbers(width * height, "cells");
        let picture = rt.picture(cells.clone(), (width, height)).unwrap();
        let blurred = rt.map::<blur>((&picture,)).on(Target::Scalar).run().unwrap().to_vec().unwrap();
        ways(
            || rt.map::<blur>((&picture,)),
            |launch, way| {
                assert_eq!(launch.run().unwrap().to_vec().unwrap(), blurred, "{way} {width}x{height}")
            },
        );
    }
    let n = 50_000;
    let x = rt.array(numbers(n, "sums")).unwrap();
    let expected = rt.map::<hash>((&x,)).on(Target::Scalar).run().unwrap().0.to_vec().unwrap();
    let there = rt.map::<hash>((&x,)).on(Target::Gpu(0)).run().unwrap().0;
    let twice = rt.map::<hash>((&rt.array(expected).unwrap(),)).on(Target::Scalar).run().unwrap();
    for mapping in MAPPINGS {
        let (again, _) = rt.map::<hash>((&there,)).on(Target::Split).mapping(mapping).run().unwrap();
        assert_eq!(again.to_vec().unwrap(), twice.0.to_vec().unwrap(), "{mapping:?}");
    }
}

#[test]
fn the_lowest_place_out_of_bounds_is_told_whoever_met_it() {
    let Some(rt) = runtime(2) else { return };
    let n = 100_003;
    let table = vec![1u32; 10];
    let mut x = vec![3u32; n];
    for at in [70_001, 5_000, 99_999] {
        x[at] = 1000 + at as u32;
    }
    ways(
        || rt.map::<outside>((&x, &table)),
        |launch, way| {
            let error = launch.run().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{way}: {error}");
            assert!(error.to_string().contains("place 5000"), "{way}: {error}");
        },
    );
}

#[test]
fn both_take_part_and_the_outcome_says_so() {
    let Some(rt) = runtime(2) else { return };
    let x = rt.array(numbers(4_000_000, "many")).unwrap();
    let (_, outcome) = rt.map::<hash>((&x,)).on(Target::Split).gpu_share(0.5).reported().run().unwrap();
    assert!(outcome.adapter.is_some() && outcome.threads >= 1, "{outcome:?}");
    let (_, outcome) = rt.map::<hash>((&x,)).on(Target::Split).gpu_share(0.0).reported().run().unwrap();
    assert!(outcome.adapter.is_none(), "{outcome:?}");
    let (_, outcome) = rt.map::<hash>((&x,)).on(Target::Split).gpu_share(1.0).reported().run().unwrap();
    assert_eq!(outcome.threads, 0, "{outcome:?}");
}

#[test]
fn a_launch_in_little_memory_is_streamed() {
    let Some(rt) = runtime(2) else { return };
    let n = 1_000_003;
    let x = numbers(n, "updated");
    let array = rt.array(x.clone()).unwrap();
    let (h, turns) = rt.map::<hash>((&array,)).on(Target::Scalar).run().unwrap();
    for target in [Target::Gpu(0), Target::Split] {
        let ((a, b), outcome) =
            rt.map::<hash>((&array,)).on(target).memory(1 << 20).reported().run().unwrap();
        assert!(outcome.note.as_deref().is_some_and(|note| note.contains("streamed")), "{outcome:?}");
        assert_eq!(a.to_vec().unwrap(), h.to_vec().unwrap());
        assert_eq!(b.to_vec().unwrap(), turns.to_vec().unwrap());
    }
    let error = rt.map::<hash>((&array,)).on(Target::Gpu(0)).memory(10_000).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory, "{error}");
    let sum = rt.map::<gathered>((&array, &[1, 2, 3])).on(Target::Scalar).sum().unwrap();
    let streamed = rt.map::<gathered>((&array, &[1, 2, 3])).on(Target::Gpu(0)).memory(1 << 20).sum().unwrap();
    assert_eq!(sum, streamed);
}

#[test]
fn a_fold_tells_the_lowest_place_whoever_met_it() {
    let rt = Runtime::builder().threads(4).build().unwrap();
    let n = 500_003;
    let table = vec![1u32; 10];
    let mut x = vec![3u32; n];
    for at in [470_001, 205_000, 499_999] {
        x[at] = 1000 + at as u32;
    }
    for mapping in MAPPINGS {
        for target in [Target::Simd, Target::Threads] {
            let error = rt.map::<outside>((&x, &table)).on(target).mapping(mapping).sum().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{target} {mapping:?}: {error}");
            assert!(error.to_string().contains("place 205000"), "{target} {mapping:?}: {error}");
            // What it noted is not the next launch's.
            rt.map::<outside>((&vec![1u32; n], &table)).on(target).mapping(mapping).sum().unwrap();
        }
    }
}

#[test]
fn an_input_that_failed_fails_the_launch_and_spoils_nothing_else() {
    let Some(rt) = runtime(2) else { return };
    let n = 100_003;
    let (table, far) = (vec![1u32; 10], vec![1000u32; n]);
    let bad = || rt.map::<outside>((&far, &table)).on(Target::Gpu(0)).run().unwrap();
    for share in [None, Some(0.5), Some(1.0)] {
        let split = || {
            let launch = rt.map::<hash>((&bad(),)).on(Target::Split);
            match share {
                Some(share) => launch.gpu_share(share),
                None => launch,
            }
        };
        let error = split().run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{share:?}: {error}");
        // What a failed launch was to write has no values.
        let (mut a, mut b) = (rt.array(vec![7u32; n]).unwrap(), rt.array(vec![7u32; n]).unwrap());
        let snapshot = a.clone();
        split().run_into((&mut a, &mut b)).unwrap_err();
        for array in [&a, &b] {
            if let Ok(values) = array.read() {
                assert!(values.iter().all(|x| *x == 7), "{share:?}: garbage after an error");
            }
        }
        assert!(snapshot.read().unwrap().iter().all(|x| *x == 7));
    }
    // A launch on a GPU that never began leaves what is there.
    let x = rt.array(numbers(n, "counted")).unwrap();
    let (mut a, mut b) = rt.map::<hash>((&x,)).on(Target::Gpu(0)).run_wait().unwrap();
    let before = (a.to_vec().unwrap(), b.to_vec().unwrap());
    let (mut a2, mut b2) = rt.map::<hash>((&x,)).on(Target::Gpu(0)).run_wait().unwrap();
    let failed = bad();
    let _told = failed.read().unwrap_err();
    let error = rt.map::<hash>((&failed,)).on(Target::Gpu(0)).run_into((&mut a2, &mut b2)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error}");
    assert_eq!((a2.to_vec().unwrap(), b2.to_vec().unwrap()), before);
    rt.map::<hash>((&x,)).on(Target::Split).run_into((&mut a, &mut b)).unwrap();
    assert_eq!((a.to_vec().unwrap(), b.to_vec().unwrap()), before);
}

#[kernel]
fn ticket(x: u32, places: &Atomics<u32>) -> u32 {
    places.exchange(x % 16, x)
}

#[test]
fn places_that_cannot_be_merged_stay_on_one_device() {
    let Some(rt) = runtime(2) else { return };
    let n = 50_000;
    let x = numbers(n, "lost");
    let places = Atomics::<u32>::new(16);
    let plan = rt.map::<ticket>((&x, &places)).on(Target::Split).plan().unwrap();
    assert_eq!(plan.target, Target::Threads);
    assert!(plan.explain().contains("one device has to hold them: the threads do"), "{}", plan.explain());
    for target in [Target::Threads, Target::Split, Target::Gpu(0), Target::Auto] {
        let places = Atomics::<u32>::new(16);
        let out = rt.map::<ticket>((&x, &places)).on(target).run().unwrap();
        // Each value goes in once, and out once or stays: nothing is lost, whatever the order.
        let sum = |values: &[u32]| values.iter().fold(0u64, |sum, x| sum + u64::from(*x));
        assert_eq!(sum(&out.to_vec().unwrap()) + sum(&places.to_vec()), sum(&x), "{target}");
    }
}
