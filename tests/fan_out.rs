//! Several kernels over one pass: the same bits as one launch after the other, on every target.

use std::sync::Arc;
use std::time::Duration;

use manylane::device::gpu;
use manylane::memory::Element;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, gpu_is_required};

#[kernel]
fn sum(x: f32, y: f32) -> f32 {
    x + y
}

#[kernel]
fn wave(x: f32, y: f32) -> (f32, u32) {
    (x.sin() * y.exp(), (x * y).abs() as u32)
}

#[kernel]
fn byte(x: f32, y: f32) -> u8 {
    ((x + y).abs() as u32 % 256u32) as u8
}

#[kernel]
fn place(x: f32, y: f32, i: Index) -> u32 {
    (x * y).to_bits() ^ i
}

#[kernel]
fn left(src: Image<u8>, at: Cell, rng: Random) -> u32 {
    (src.near(at, -1, 0) as u32) + rng.u32() % 7u32
}

#[kernel]
fn around(src: Image<u8>, at: Cell, rng: Random) -> [u8; 3] {
    let near = src.near(at, 1, -1) as u32 + rng.u32() % 9u32;
    [(near % 256u32) as u8, src.near(at, 0, 1), 7u8]
}

#[kernel]
fn pick(i: u32, xs: &[f32]) -> f32 {
    xs[i as usize]
}

#[kernel]
fn pick_next(i: u32, xs: &[f32]) -> f32 {
    xs[(i as usize + 1) % xs.len()]
}

#[kernel]
fn count(x: u32, bins: &Atomics<u32>) {
    bins.add(x % bins.len(), 1u32);
}

#[kernel]
fn bump(x: u32, bins: &Atomics<u32>) -> u32 {
    bins.add(0u32, x)
}

#[kernel]
fn forever(x: u32) -> u32 {
    let mut y = x;
    while y != 0u32 {
        y = y % 1000u32 + 1u32;
    }
    y
}

#[kernel]
fn same(x: u32) -> u32 {
    x
}

fn rt() -> Runtime {
    let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap());
    Runtime::builder().threads(3).pool(pool).software_joins_split(true).build().unwrap()
}

/// Bytes, so that NaN is itself.
fn bits<T: Element>(array: &Array<T>) -> Vec<u8> {
    array.read().unwrap().iter().flat_map(|value| bytemuck::bytes_of(value).to_vec()).collect()
}

fn targets() -> Vec<Target> {
    let mut targets = vec![Target::Scalar, Target::Simd, Target::Threads, Target::Auto];
    if gpu::open(0).is_ok() {
        targets.extend([Target::Gpu(0), Target::Split]);
    } else {
        assert!(!gpu_is_required(), "MANYLANE_REQUIRE_GPU=1 and no GPU can be opened");
        eprintln!("SKIPPED fan_out on gpu:0 and split: there is no GPU");
    }
    targets
}

const SIZES: [usize; 8] = [0, 1, 37, 4_095, 4_096, 4_097, 50_001, 300_000];

#[test]
fn one_pass_gives_the_bits_of_separate_launches() {
    let rt = rt();
    let mut inputs = Inputs::new("fan out");
    for target in targets() {
        for n in SIZES {
            let x = rt.array(inputs.many(n, |inputs| inputs.float(-50.0, 50.0))).unwrap();
            let y = inputs.many(n, |inputs| inputs.float(-3.0, 3.0));
            let mappings = [Mapping::Auto, Mapping::Static, Mapping::WorkStealing];
            let mapping = inputs.one_of(&mappings);
            let (sums, (waves, wholes), bytes, places) =
                rt.fan_out::<(sum, wave, byte, place)>((&x, &y)).on(target).mapping(mapping).run().unwrap();
            let alone = rt.map::<sum>((&x, &y)).on(target).run().unwrap();
            assert_eq!(bits(&sums), bits(&alone), "sum of {n} on {target}");
            let (one, other) = rt.map::<wave>((&x, &y)).on(target).run().unwrap();
            assert_eq!((bits(&waves), bits(&wholes)), (bits(&one), bits(&other)), "wave of {n} on {target}");
            let alone = rt.map::<byte>((&x, &y)).on(target).run().unwrap();
            assert_eq!(bits(&bytes), bits(&alone), "byte of {n} on {target}");
            let alone = rt.map::<place>((&x, &y)).on(target).run().unwrap();
            assert_eq!(bits(&places), bits(&alone), "place of {n} on {target}");
        }
    }
}

#[test]
fn pictures_slices_and_constants() {
    let rt = rt();
    let mut inputs = Inputs::new("fan out of pictures");
    for target in targets() {
        for (width, height) in [(1, 1), (17, 5), (300, 41), (5_000, 3)] {
            let cells = inputs.many(width * height, |inputs| inputs.u32() as u8);
            let src = rt.picture(cells, (width, height)).unwrap();
            for border in [Border::Clamp, Border::Reflect] {
                let launch = rt.fan_out::<(left, around)>((&src, 42)).on(target).border(border);
                let ((one, other), outcomes) = launch.run_reported().unwrap();
                let alone = rt.map::<left>((&src, 42)).on(target).border(border).run().unwrap();
                assert_eq!(bits(&one), bits(&alone), "left of {width}x{height} on {target}");
                assert_eq!(one.domain(), alone.domain());
                let alone = rt.map::<around>((&src, 42)).on(target).border(border).run().unwrap();
                assert_eq!(bits(&other), bits(&alone), "around of {width}x{height} on {target}");
                assert_eq!(outcomes.len(), 2);
                assert!(target == Target::Auto || outcomes.iter().all(|outcome| outcome.target == target));
            }
        }
        // Constants serve a chunk at a time.
        let x = rt.array(vec![1.5f32; 20_000]).unwrap();
        let (a, b) = rt.fan_out::<(sum, place)>((&x, 2.0)).on(target).run().unwrap();
        assert_eq!(a.read().unwrap()[19_999], 3.5);
        assert_eq!(b.read().unwrap()[19_999], 3.0f32.to_bits() ^ 19_999);
        let (a, b) = rt.fan_out::<(sum, byte)>((1.0, 2.0)).over((100, 70)).on(target).run().unwrap();
        assert_eq!((a.domain(), b.read().unwrap()[6_999]), (Domain::from((100, 70)), 3));
    }
}

#[test]
fn what_cannot_be_is_said() {
    let rt = rt();
    let i = rt.array(vec![9u32; 20_000]).unwrap();
    let xs = rt.array(vec![1.0f32; 9]).unwrap();
    for target in targets() {
        let error = rt.fan_out::<(pick_next, pick)>((&i, &xs)).on(target).run();
        // On a GPU the first use says so.
        let error = error.and_then(|(_, two)| two.read().map(|_| ())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{target}");
        assert!(error.to_string().contains("element 9 of `xs`, which has 9"), "{error}");
    }
    let bins = Atomics::new(4);
    let error = rt.fan_out::<(count, bump)>((&i, &bins)).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedType);
    assert!(error.to_string().starts_with("count: it updates `bins`"), "{error}");
    assert_eq!(bins.to_vec(), [0; 4]);
    let error = rt.fan_out::<(sum, byte)>((1.0, 2.0)).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoDomain);
    let other = self::rt();
    let foreign = other.fan_out::<(same, same)>((&i,)).run().unwrap_err();
    assert_eq!(foreign.kind(), ErrorKind::ForeignArray);
    let endless = rt.array(vec![1u32; 50_000]).unwrap();
    for target in [Target::Simd, Target::Threads] {
        let launch = rt.fan_out::<(same, forever)>((&endless,)).on(target);
        let error = launch.deadline(Duration::from_millis(100)).run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deadline);
        assert!(error.to_string().starts_with("same + forever: "), "{error}");
    }
}
