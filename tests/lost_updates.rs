//! Shared places under fire: launches on all targets at once, from several threads, on the very same places; none of their
//! updates may be lost.
//!
//! Each hunt makes 2^26 updates of 2^12 places a round. One round runs here; `MANYLANE_LOST_UPDATE_ROUNDS=20` runs twenty.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use manylane::kernel::AtomicElement;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, gpu_or_skip};

const PLACES: usize = 1 << 12;
const ROUNDS: u32 = 1;
/// What each client thread launches: updates on a target, in so many launches one after the other.
const CLIENTS: [(Target, u32, u32); 5] = [
    (Target::Scalar, 1 << 23, 3),
    (Target::Simd, 1 << 23, 5),
    (Target::Threads, 1 << 24, 7),
    (Target::Gpu(0), 1 << 24, 40),
    (Target::Split, 1 << 24, 20),
];

fn rounds() -> u32 {
    let asked = std::env::var("MANYLANE_LOST_UPDATE_ROUNDS");
    asked.map_or(ROUNDS, |text| text.parse().expect("MANYLANE_LOST_UPDATE_ROUNDS is a number"))
}

/// The 32 bits that an update draws; the low twelve say where it goes, the others what it does.
#[kernel]
fn drawn(x: u32) -> u32 {
    let mut h = x ^ (x >> 16);
    h *= 0x85eb_ca6b;
    h ^= h >> 13;
    h *= 0xc2b2_ae35;
    h ^ (h >> 16)
}

#[kernel]
fn add(i: Index, #[uniform] first: u32, places: &Atomics<u32>) {
    let h: u32 = drawn(first + i);
    places.add(h & 4095, h >> 12);
}

#[kernel]
fn xor(i: Index, #[uniform] first: u32, places: &Atomics<u32>) {
    let h: u32 = drawn(first + i);
    places.xor(h & 4095, h);
}

#[kernel]
fn add_signed(i: Index, #[uniform] first: u32, places: &Atomics<i32>) {
    let h: u32 = drawn(first + i);
    places.add(h & 4095, h as i32);
}

#[kernel]
fn least(i: Index, #[uniform] first: u32, places: &Atomics<u32>) {
    let h: u32 = drawn(first + i);
    places.min(h & 4095, h >> 3);
}

#[kernel]
fn most(i: Index, #[uniform] first: u32, places: &Atomics<u32>) {
    let h: u32 = drawn(first + i);
    places.max(h & 4095, h >> 3);
}

/// Any float: NaN, infinities and subnormals are among them.
#[kernel]
fn least_float(i: Index, #[uniform] first: u32, places: &Atomics<f32>) {
    let h: u32 = drawn(first + i);
    places.min(h & 4095, f32::from_bits(h));
}

#[kernel]
fn most_float(i: Index, #[uniform] first: u32, places: &Atomics<f32>) {
    let h: u32 = drawn(first + i);
    places.max(h & 4095, f32::from_bits(h));
}

fn runtime() -> Option<Runtime> {
    let rt = Runtime::builder().threads(4).software_joins_split(true);
    gpu_or_skip("a hunt").then(|| rt.build().unwrap())
}

/// Rounds of all clients at once, and the same updates as a naive loop.
fn hunt<T: AtomicElement + Copy>(
    name: &str,
    start: T,
    launch: impl Fn(Target, usize, u32, &Atomics<T>) -> manylane::Result<()> + Sync,
    naive: impl Fn(T, u32) -> T,
) {
    let mut random = Inputs::new(name);
    for round in 0..rounds() {
        let seed = random.u32();
        let mut expected = vec![start; PLACES];
        for k in 0..CLIENTS.iter().map(|(_, updates, _)| updates).sum() {
            let h = drawn(seed.wrapping_add(k));
            let place = &mut expected[h as usize % PLACES];
            *place = naive(*place, h);
        }
        let places = Atomics::filled(PLACES, start);
        thread::scope(|scope| {
            let mut first = seed;
            for (target, updates, launches) in CLIENTS {
                let (places, launch) = (&places, &launch);
                scope.spawn(move || {
                    for k in 0..launches {
                        let (from, to) = (share(updates, k, launches), share(updates, k + 1, launches));
                        launch(target, (to - from) as usize, first.wrapping_add(from), places).unwrap();
                    }
                });
                first = first.wrapping_add(updates);
            }
        });
        let found = places.to_vec();
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let (found, expected) = (found.bits(), expected.bits());
            assert_eq!(found, expected, "{name}, round {round}, seed {seed}: the bits of place {at}");
        }
    }
}

/// How many of `updates` come before the launch `k`.
fn share(updates: u32, k: u32, launches: u32) -> u32 {
    (u64::from(updates) * u64::from(k) / u64::from(launches)) as u32
}

macro_rules! hunts {
    ($($test:ident: $kernel:ident from $start:expr, $naive:expr;)*) => {$(
        #[test]
        fn $test() {
            let Some(rt) = runtime() else { return };
            hunt(
                stringify!($test),
                $start,
                |target, n, first, places| rt.map::<$kernel>((first, places)).over(n).on(target).run(),
                $naive,
            );
        }
    )*};
}
hunts! {
    add_u32_on_cpu_and_gpu_at_once: add from 7u32, |old, h| old.wrapping_add(h >> 12);
    xor_u32_on_cpu_and_gpu_at_once: xor from 7u32, |old, h| old ^ h;
    add_i32_on_cpu_and_gpu_at_once: add_signed from -7i32, |old, h| old.wrapping_add(h as i32);
    min_u32_on_cpu_and_gpu_at_once: least from u32::MAX, |old, h| old.min(h >> 3);
    max_u32_on_cpu_and_gpu_at_once: most from 0u32, |old, h| old.max(h >> 3);
    min_f32_on_cpu_and_gpu_at_once: least_float from f32::NAN, |old, h| {
        let x = f32::from_bits(h);
        if !x.is_nan() && (old.is_nan() || x.total_cmp(&old).is_lt()) { x } else { old }
    };
    max_f32_on_cpu_and_gpu_at_once: most_float from f32::NAN, |old, h| {
        let x = f32::from_bits(h);
        if !x.is_nan() && (old.is_nan() || x.total_cmp(&old).is_gt()) { x } else { old }
    };
}

/// Takes a number of its own and puts itself there.
#[kernel]
fn enlist(i: Index, #[uniform] first: u32, taken: &Atomics<u32>, list: &Atomics<u32>) {
    let at = taken.add(0, 1);
    list.exchange(at, first + i);
}

/// Kernels that look at what stood there share places too, on the CPU: a split of them stays there.
#[test]
fn a_work_list_of_several_launches_at_once_has_everyone_once() {
    let n = 200_003;
    let clients = [Target::Scalar, Target::Simd, Target::Threads, Target::Split];
    let rt = Runtime::builder().threads(4).software_joins_split(true).build().unwrap();
    let (taken, list) = (Atomics::new(1), Atomics::new(clients.len() * n));
    thread::scope(|scope| {
        for (k, target) in clients.into_iter().enumerate() {
            let (rt, taken, list) = (&rt, &taken, &list);
            scope.spawn(move || {
                rt.map::<enlist>(((k * n) as u32, taken, list)).over(n).on(target).run().unwrap();
            });
        }
    });
    assert_eq!(taken.to_vec(), [(clients.len() * n) as u32]);
    let mut found = list.to_vec();
    found.sort_unstable();
    assert!(found.iter().copied().eq(0..(clients.len() * n) as u32));
}

/// Puts every value where it belongs and gives what stood there.
#[kernel]
fn swap(x: u32, places: &Atomics<u32>) -> u32 {
    places.exchange(x % 16, x)
}

/// A GPU that holds places alone puts back what it changed, and only where nobody else did; else the launch fails.
#[test]
fn what_a_gpu_holds_alone_is_not_lost_in_silence() {
    let Some(rt) = runtime() else { return };
    let n = 300_000;
    // Place 0 is everybody's, place 1 the host's, place 2 the GPU's.
    for (memory, theirs) in [(None, 0), (None, 1), (Some(1 << 20), 0), (Some(1 << 20), 1)] {
        let x: Vec<u32> = (1..=n as u32).map(|k| 16 * k + if theirs == 0 { 0 } else { 2 }).collect();
        let places = Atomics::new(16);
        let (added, done) = (AtomicU32::new(0), AtomicBool::new(false));
        let result = thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    places.add(theirs, 1);
                    added.fetch_add(1, Ordering::Relaxed);
                }
            });
            while added.load(Ordering::Relaxed) == 0 {
                thread::yield_now();
            }
            let launch = rt.map::<swap>((&x, &places)).on(Target::Gpu(0));
            let launch = if let Some(bytes) = memory { launch.memory(bytes) } else { launch };
            let result = launch.run().and_then(|out| out.to_vec());
            done.store(true, Ordering::Relaxed);
            result
        });
        let found = places.to_vec();
        assert_eq!(found[theirs as usize], added.into_inner(), "what others added stays: {memory:?}");
        match (theirs, result) {
            (0, result) => {
                let error = result.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
                assert!(error.to_string().contains("place 0 of `places`"), "{error}");
            }
            (_, result) => {
                let sum = |values: &[u32]| values.iter().map(|x| u64::from(*x)).sum::<u64>();
                let left = u64::from(found[2]) + sum(&result.unwrap());
                assert_eq!(left, sum(&x), "each value is given out or stays: {memory:?}");
            }
        }
    }
}

/// What stands in a device's copy before its first update changes nothing, odd floats included.
#[test]
fn copies_add_nothing_of_their_own() {
    let Some(rt) = runtime() else { return };
    let odd = [f32::NAN, -0.0, 0.0, f32::INFINITY, f32::NEG_INFINITY, f32::from_bits(1), f32::MIN, 3.5];
    // The first eight places are updated by nobody, the next with NaN only, the last with numbers.
    let start: Vec<f32> = [odd; 3].concat();
    let (mut at, mut x) = (Vec::new(), Vec::new());
    for k in 0..10_000u32 {
        at.push(8 + k % 16);
        x.push(if k % 16 < 8 { f32::NAN } else { 100.0 - k as f32 / 8.0 });
    }
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Gpu(0), Target::Split] {
        let [low, high] = [(); 2].map(|()| Atomics::from(start.clone()));
        rt.map::<extremes>((&at, &x, &low, &high)).on(target).run().unwrap();
        let [naive_low, naive_high] = [(); 2].map(|()| Atomics::from(start.clone()));
        at.iter().zip(&x).for_each(|(at, x)| extremes(*at, *x, &naive_low, &naive_high));
        manylane_testkit::assert_same(format!("min on {target}"), &low.to_vec(), &naive_low.to_vec());
        manylane_testkit::assert_same(format!("max on {target}"), &high.to_vec(), &naive_high.to_vec());
        let zeros = Atomics::from(start.clone());
        rt.map::<nothing_to>((&at, &zeros)).on(target).run().unwrap();
        manylane_testkit::assert_same(format!("sums on {target}"), &zeros.to_vec(), &start);
    }
}

#[kernel]
fn extremes(at: u32, x: f32, low: &Atomics<f32>, high: &Atomics<f32>) {
    low.min(at, x);
    high.max(at, x);
}

#[kernel]
fn nothing_to(at: u32, sums: &Atomics<f32>) {
    sums.add(at, -0.0);
}

#[kernel]
fn sum_up(x: f32, i: Index, sums: &Atomics<f32>) {
    sums.add(i & 7, x);
}

#[test]
fn sums_of_floats_differ_by_rounding_only() {
    let Some(rt) = runtime() else { return };
    let x = Inputs::new("sums of floats").many(100_003, |r| r.float(0.0, 1.0));
    let mut exact = [0f64; 8];
    x.iter().enumerate().for_each(|(i, x)| exact[i & 7] += f64::from(*x));
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Gpu(0), Target::Split] {
        let sums = Atomics::<f32>::new(8);
        rt.map::<sum_up>((&x, &sums)).on(target).run().unwrap();
        for (found, exact) in sums.to_vec().iter().zip(exact) {
            assert!((f64::from(*found) - exact).abs() < 1e-3 * exact, "{target}: {found}, not {exact}");
        }
    }
}

/// Each operation, each on its own place; what was given is mixed.
#[kernel]
fn every(i: Index, x: u32, y: u32, places: &Atomics<u32>) -> u32 {
    let mut given = places.add(i, x);
    given = given * 31 + places.min(i, y);
    given = given * 31 + places.xor(i, x);
    given = given * 31 + places.max(i, y >> 1);
    given = given * 31 + places.and(i, !x);
    given = given * 31 + places.or(i, y);
    given = given * 31 + places.exchange(i, x ^ y);
    given = given * 31 + places.compare_exchange(i, x ^ y, x + y);
    given = given * 31 + places.compare_exchange(i, x ^ y, 0);
    given * 31 + places.load(i)
}

#[kernel]
fn every_signed(i: Index, x: i32, y: i32, places: &Atomics<i32>) -> i32 {
    let mut given = places.add(i, x);
    given = given * 31 + places.min(i, y);
    given = given * 31 + places.xor(i, x);
    given = given * 31 + places.max(i, y >> 1);
    given = given * 31 + places.and(i, !x);
    given = given * 31 + places.or(i, y);
    given = given * 31 + places.exchange(i, x ^ y);
    given = given * 31 + places.compare_exchange(i, x ^ y, x + y);
    given = given * 31 + places.compare_exchange(i, x ^ y, 0);
    given * 31 + places.load(i)
}

#[kernel]
fn every_float(i: Index, x: f32, y: f32, places: &Atomics<f32>) -> (f32, f32, f32, f32) {
    let first = places.add(i, x);
    let second = places.min(i, y);
    let third = places.max(i, x);
    (first, second, third, places.load(i))
}

#[test]
fn each_operation_gives_what_stood_there() {
    let Some(rt) = runtime() else { return };
    let n = 9_001;
    let mut random = Inputs::new("each operation");
    let [x, y, start] = [(); 3].map(|()| random.many(n, Inputs::u32));
    let signed = |values: &[u32]| values.iter().map(|x| *x as i32).collect::<Vec<_>>();
    let (sx, sy) = (signed(&x), signed(&y));
    let [fx, fy] = [(); 2].map(|()| random.many(n, |r| r.below(200) as f32 - 100.0));
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Gpu(0), Target::Split] {
        let (here, there) = (Atomics::from(start.clone()), Atomics::from(start.clone()));
        let given = rt.map::<every>((&x, &y, &there)).on(target).run().unwrap().to_vec().unwrap();
        let naive: Vec<u32> = (0..n).map(|i| every(i as u32, x[i], y[i], &here)).collect();
        assert_eq!((given, there.to_vec()), (naive, here.to_vec()), "u32 on {target}");

        let (here, there) = (Atomics::from(signed(&start)), Atomics::from(signed(&start)));
        let given = rt.map::<every_signed>((&sx, &sy, &there)).on(target).run().unwrap().to_vec().unwrap();
        let naive: Vec<i32> = (0..n).map(|i| every_signed(i as u32, sx[i], sy[i], &here)).collect();
        assert_eq!((given, there.to_vec()), (naive, here.to_vec()), "i32 on {target}");

        let (here, there) = (Atomics::filled(n, 1.5f32), Atomics::filled(n, 1.5f32));
        let (a, b, c, d) = rt.map::<every_float>((&fx, &fy, &there)).on(target).run().unwrap();
        let given = [a, b, c, d].map(|given| given.to_vec().unwrap());
        for i in 0..n {
            let naive = every_float(i as u32, fx[i], fy[i], &here);
            let given = (given[0][i], given[1][i], given[2][i], given[3][i]);
            assert_eq!(given, naive, "f32 on {target}, place {i}");
        }
        assert_eq!(there.to_vec(), here.to_vec(), "f32 on {target}");
    }
}

/// Counts what it gives.
#[kernel]
fn counted(x: u32, bins: &Atomics<u32>) -> u32 {
    bins.add(x % 8, 1);
    x
}

#[kernel]
fn is_odd(x: u32) -> u32 {
    x & 1
}

/// A fold computes each place once; algorithms that may compute some twice take no such kernel.
#[test]
fn folds_update_once_and_algorithms_refuse() {
    let Some(rt) = runtime() else { return };
    let x: Vec<u32> = (0..100_003).collect();
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Gpu(0), Target::Split] {
        let bins = Atomics::new(8);
        let sum = rt.map::<counted>((&x, &bins)).on(target).sum().unwrap();
        assert_eq!(sum, x.iter().copied().fold(0, u32::wrapping_add), "{target}");
        let naive: Vec<u32> = (0..8).map(|k| x.iter().filter(|x| **x % 8 == k).count() as u32).collect();
        assert_eq!(bins.to_vec(), naive, "{target}");

        let bins = Atomics::new(8);
        let launch = || rt.map::<counted>((&x, &bins)).on(target);
        for refused in [
            launch().filter::<is_odd>().map(drop),
            launch().inclusive_scan(manylane::op::Sum).map(drop),
            launch().sort().map(drop),
            launch().histogram(8).map(drop),
            launch().argmin().map(drop),
        ] {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::UnsupportedType, "{target}");
        }
        assert_eq!(bins.to_vec(), [0; 8], "{target}");
    }
}

/// A lock: whoever has it waits for the lanes beside it, which wait for the lock.
#[kernel]
fn locked(i: Index, held: &Atomics<u32>, sum: &Atomics<u32>) {
    while held.compare_exchange(0, 0, 1) != 0 {}
    sum.add(0, i);
    held.exchange(0, 0);
}

#[test]
fn a_spin_lock_ends_by_the_deadline() {
    let rt = Runtime::new().unwrap();
    let (held, sum) = (Atomics::new(1), Atomics::new(1));
    let launch = rt.map::<locked>((&held, &sum)).over(1_000).on(Target::Simd);
    match launch.deadline(std::time::Duration::from_millis(200)).run() {
        // A vector of one lane has nobody to wait for.
        Ok(()) => assert_eq!(sum.to_vec(), [499_500]),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Deadline, "{error}"),
    }
}

#[test]
#[should_panic = "shared place 3 of 3"]
fn a_plain_call_out_of_bounds_panics() {
    Atomics::<u32>::new(3).add(3, 1);
}
