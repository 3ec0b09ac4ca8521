//! Where transforms ran, what moved, and what they refuse.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod support;

use std::sync::Arc;

use manylane::prelude::*;
use manylane_testkit::{Random, gpu_or_skip};
use manylane_transforms::{Complex, Fft, Fft2, RealFft, RealFft2, kernels};
use support::{assert_near, complexes, exact, floats, widened};

fn threads(count: usize) -> Runtime {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
    Runtime::builder().threads(count).pool(Arc::new(pool)).software_joins_split(true).build().unwrap()
}

#[test]
fn cpu_targets_are_honoured() {
    let (rt, mut random) = (threads(5), Random::new("cpu targets"));
    let ran = |n: usize, rows: usize, target: Target, random: &mut Random| {
        let x = rt.picture(complexes(random, n * rows), (n, rows)).unwrap();
        let (_, report) = Fft::new(&rt, n).unwrap().forward(&x).on(target).run_reported().unwrap();
        assert_eq!((&report.adapter, &report.note, report.on_gpu), (&None, &None, 0));
        (report.target, report.threads)
    };
    for (n, rows) in [(1 << 18, 1), (1 << 10, 64)] {
        assert_eq!(ran(n, rows, Target::Scalar, &mut random), (Target::Scalar, 1));
        assert_eq!(ran(n, rows, Target::Simd, &mut random), (Target::Simd, 1));
        assert_eq!(ran(n, rows, Target::Threads, &mut random), (Target::Threads, 5));
        assert_eq!(ran(n, rows, Target::Auto, &mut random), (Target::Threads, 5));
    }
    // What is over before others are awake stays on one thread; what has no factors is one part.
    assert_eq!(ran(64, 64, Target::Auto, &mut random), (Target::Simd, 1));
    assert_eq!(ran(64, 64, Target::Threads, &mut random), (Target::Threads, 1));
    assert_eq!(ran(65_537, 1, Target::Threads, &mut random), (Target::Threads, 1));
    assert_eq!(ran(1 << 17, 1, Target::Threads, &mut random), (Target::Threads, 1));
    let x = rt.picture(floats(&mut random, 200 * 300), (200, 300)).unwrap();
    let fft = RealFft2::new(&rt, (200, 300)).unwrap();
    assert_eq!(fft.forward(&x).on(Target::Threads).run_reported().unwrap().1.threads, 5);
}

#[test]
fn levels_are_honoured() {
    let x = complexes(&mut Random::new("levels"), 480);
    let by = |level: Level, target: Target| {
        let rt = Runtime::builder().level(level).build().unwrap();
        support::narrow(&Fft::new(&rt, 480).unwrap().forward(&x).on(target).run().unwrap())
    };
    let scalar = by(Level::Scalar, Target::Simd);
    for level in Level::available() {
        assert_eq!(by(level, Target::Scalar), scalar, "{level}: the scalar target has no vectors");
        if level >= Level::Avx2 {
            assert_ne!(by(level, Target::Simd), scalar, "{level}: fused multiply-adds round otherwise");
        }
    }
}

#[test]
fn nothing_leaves_a_gpu_between_passes() {
    if !gpu_or_skip("nothing_leaves_a_gpu_between_passes") {
        return;
    }
    let (rt, gpu) = (Runtime::new().unwrap(), Target::Gpu(0));
    let mut random = Random::new("nothing leaves a gpu");
    let (width, height) = (60, 37);
    let there = |x: Vec<Complex>| {
        let x = rt.picture(x, (width, height)).unwrap();
        rt.map::<kernels::kept>(&x).on(gpu).run_wait().unwrap().shaped((width, height)).unwrap()
    };
    let x = there(complexes(&mut random, width * height));
    let floats = rt.picture(floats(&mut random, width * height), (width, height)).unwrap();
    let floats = rt.map::<kernels::kept_real>(&floats).on(gpu).run_wait().unwrap();
    let floats = floats.shaped((width, height)).unwrap();
    let (rows, picture) = (Fft::new(&rt, width).unwrap(), Fft2::new(&rt, (width, height)).unwrap());
    let (real, reals) = (RealFft::new(&rt, width).unwrap(), RealFft2::new(&rt, (width, height)).unwrap());
    let all = || {
        let spectrum = reals.forward(&floats).on(gpu).run().unwrap();
        let back = reals.inverse(&spectrum).on(gpu).run().unwrap();
        let halves = real.inverse(&real.forward(&back).on(gpu).run().unwrap()).on(gpu).run().unwrap();
        let z = picture.inverse(&rows.forward(&x).on(gpu).run().unwrap()).on(gpu).run().unwrap();
        (halves, z)
    };
    // The first time brings the tables there.
    drop(all());
    let before = x.home().moved();
    let recorder = rt.record();
    let (halves, z) = all();
    let trace = recorder.finish();
    assert_eq!(x.home().moved(), before);
    assert!(trace.launches().len() > 20, "{}", trace.launches().len());
    for launch in trace.launches() {
        assert_eq!((launch.target, launch.moved_to_host, launch.moved_from_host), (gpu, 0, 0), "{launch:?}");
    }
    assert_eq!((halves.to_vec().unwrap().len(), z.to_vec().unwrap().len()), (width * height, width * height));
    let bytes = (width * height * 12) as u64;
    assert_eq!(x.home().moved().to_host - before.to_host, bytes, "the results alone came home");
}

#[test]
fn a_row_is_a_pass_for_each_factor() {
    let rt = Runtime::new().unwrap();
    for (n, passes) in [(1, 1), (16, 1), (1024, 3), (1 << 16, 4), (1920, 3), (31 * 31, 2), (37, 3 + 2 * 2)] {
        let x = complexes(&mut Random::new("passes"), n);
        let fft = Fft::new(&rt, n).unwrap();
        let recorder = rt.record();
        fft.forward(&x).on(Target::Simd).by_kernels().run().unwrap();
        assert_eq!(recorder.finish().launches().len(), passes, "{n}");
    }
}

#[test]
fn a_split_shares_rows_or_says_why_not() {
    let (rt, mut random) = (threads(2), Random::new("a split"));
    let n = 96;
    let (fft, x) = (Fft::new(&rt, n).unwrap(), complexes(&mut random, n * 200));
    let one = fft.forward(&x[..n]).on(Target::Split).run_reported().unwrap().1;
    assert!(one.note.as_deref().is_some_and(|note| note.contains("is not split")), "{one:?}");
    assert_eq!((one.target, one.on_gpu), (Target::Simd, 0));
    if !gpu_or_skip("a_split_shares_rows_or_says_why_not") {
        return;
    }
    let rows = rt.picture(x.clone(), (n, 200)).unwrap();
    for (share, on_gpu) in [(0.0, 0), (0.25, 50), (0.333, 67), (1.0, 200)] {
        let (found, report) = fft.forward(&rows).on(Target::Split).gpu_share(share).run_reported().unwrap();
        assert_eq!(report.on_gpu, on_gpu, "{report:?}");
        assert_eq!((report.threads > 0, report.adapter.is_some()), (on_gpu < 200, on_gpu > 0), "{report:?}");
        assert_eq!(report.target == Target::Split, on_gpu > 0, "{report:?}");
        for (x, z) in x.chunks(n).zip(found.read().unwrap().chunks(n)) {
            assert_near(format!("{share}"), z, &exact(&widened(x), -1.0));
        }
    }
    let error = fft.forward(&rows).on(Target::Split).gpu_share(f64::NAN).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
    // A software GPU takes no part unasked, and that is said.
    let plain = Runtime::new().unwrap();
    let fft = Fft::new(&plain, n).unwrap();
    let report =
        fft.forward(&plain.picture(x, (n, 200)).unwrap()).on(Target::Split).run_reported().unwrap().1;
    assert_eq!(report.on_gpu == 0, report.note.is_some(), "{report:?}");
}

#[test]
fn errors_name_the_value_and_the_remedy() {
    let rt = Runtime::new().unwrap();
    let fft = Fft::new(&rt, 8).unwrap();
    let error = fft.forward(&vec![[0.0f32; 2]; 9]).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch);
    assert!(error.to_string().contains("rows of 8") && error.to_string().contains("shape 9"), "{error}");
    let real = RealFft::new(&rt, 8).unwrap();
    let error = real.inverse(&vec![[0.0f32; 2]; 8]).run().unwrap_err();
    assert!(error.to_string().contains("rows of 5"), "{error}");
    let picture = Fft2::new(&rt, (3, 4)).unwrap();
    let error = picture.forward(&vec![[0.0f32; 2]; 12]).run().unwrap_err();
    assert!(error.to_string().contains("3x4") && error.to_string().contains(".shaped("), "{error}");
    let other = Runtime::new().unwrap().array(vec![[0.0f32; 2]; 8]).unwrap();
    for target in [Target::Simd, Target::Split] {
        assert_eq!(fft.forward(&other).on(target).run().unwrap_err().kind(), ErrorKind::ForeignArray);
    }
    assert_eq!(fft.forward(&other).by_kernels().run().unwrap_err().kind(), ErrorKind::ForeignArray);
    let error = Fft::new(&rt, 0).err().unwrap();
    assert!(error.to_string().contains("plan for 1 or more"), "{error}");
    let far = fft.forward(&vec![[1.0f32; 2]; 8]).on(Target::Gpu(77)).run().unwrap_err();
    assert_eq!(far.kind(), ErrorKind::NoDevice);
}

#[test]
fn a_carried_error_is_handed_on() {
    let rt = Runtime::new().unwrap();
    let home = rt.array(Vec::<f32>::new()).unwrap().home().clone();
    let (array, promised) = Array::<Complex>::promised(&home, Domain::Line(8)).unwrap();
    drop(promised);
    let fft = Fft::new(&rt, 8).unwrap();
    for by_kernels in [false, true] {
        let transform = fft.forward(&array).on(Target::Simd);
        let transform = if by_kernels { transform.by_kernels() } else { transform };
        assert_eq!(transform.run().unwrap_err().kind(), ErrorKind::NotComputed);
    }
}
