//! Every error that a user can cause: its kind, and a text that names value, limit and remedy.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

#[path = "kernels/mod.rs"]
mod kernels;

use std::sync::Arc;

use kernels::arrays::*;
use kernels::*;
use manylane::prelude::*;

fn rt() -> Runtime {
    Runtime::new().unwrap()
}

/// The kind, and every part in the text.
#[track_caller]
fn assert_error<T>(result: manylane::Result<T>, kind: ErrorKind, parts: &[&str]) {
    let Err(error) = result else { panic!("no error; expected {kind:?}") };
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing in: {text}");
    }
    assert!(!text.contains('\n'), "one line: {text}");
}

const CPU: [Target; 4] = [Target::Auto, Target::Scalar, Target::Simd, Target::Threads];

#[test]
fn mismatched_lengths_are_named_both() {
    let rt = rt();
    let (x, y) = (vec![1.0f32; 3], rt.array(vec![1.0f32; 4]).unwrap());
    for target in CPU.into_iter().chain([Target::Split]) {
        let launch = || rt.map::<add>((&x, &y)).on(target);
        assert_error(launch().run(), ErrorKind::ShapeMismatch, &["add", "x has 3", "y has 4", "same length"]);
        assert_error(launch().sum(), ErrorKind::ShapeMismatch, &["x has 3", "y has 4"]);
        assert_error(launch().plan(), ErrorKind::ShapeMismatch, &["x has 3", "y has 4"]);
        assert_error(
            launch().run_into(&mut [0.0f32; 3][..]),
            ErrorKind::ShapeMismatch,
            &["x has 3", "y has 4"],
        );
    }
    let empty: [f32; 0] = [];
    assert_error(rt.map::<add>((&empty, &y)).run(), ErrorKind::ShapeMismatch, &["x has 0", "y has 4"]);
    let (mut a, mut b) = (vec![1; 5], vec![1; 6]);
    assert_error(rt.map::<swap>((&mut a, &mut b)).run(), ErrorKind::ShapeMismatch, &["a has 5", "b has 6"]);
}

#[test]
fn mismatched_shapes_are_named_both() {
    let rt = rt();
    let a = rt.picture(vec![1.0f32; 12], (3, 4)).unwrap();
    let b = rt.picture(vec![1i32; 12], (4, 3)).unwrap();
    assert_error(
        rt.map::<two_pictures>((&a, &b)).run(),
        ErrorKind::ShapeMismatch,
        &["a has 3x4", "b has 4x3"],
    );
    let turned = a.clone().shaped((4, 3)).unwrap();
    assert_error(rt.map::<add>((&a, &turned)).run(), ErrorKind::ShapeMismatch, &["x has 3x4", "y has 4x3"]);
    let line = vec![1.0f32; 12];
    assert_eq!(
        rt.map::<add>((&a, &line)).run().unwrap().domain(),
        Domain::from((3, 4)),
        "a line takes the shape"
    );
    assert_error(
        rt.map::<add>((&a, &line)).over(13).run(),
        ErrorKind::ShapeMismatch,
        &["`.over` has 13", "x has 3x4"],
    );
    assert_error(rt.picture(vec![0u8; 11], (3, 4)), ErrorKind::ShapeMismatch, &["11", "3x4"]);
    assert_error(a.shaped((5, 2)), ErrorKind::ShapeMismatch, &["12", "5x2"]);
}

#[test]
fn a_picture_needs_rows() {
    let rt = rt();
    let line = rt.array(vec![1.0f32; 12]).unwrap();
    for target in CPU {
        let result = rt.map::<cross>((&line,)).on(target).run();
        assert_error(result, ErrorKind::ShapeMismatch, &["rows", "12", ".shaped("]);
    }
    assert_error(Image::new(&line).map(|_| ()), ErrorKind::ShapeMismatch, &["rows", "12", ".shaped("]);
}

#[test]
fn a_borrowed_picture_must_fill_its_rows() {
    let rt = rt();
    let cells = vec![1.0f32; 12];
    for target in CPU {
        let result = rt.map::<cross>(((&cells, (4, 4)),)).on(target).run();
        assert_error(result, ErrorKind::ShapeMismatch, &["12", "4x4"]);
    }
}

#[test]
fn an_empty_picture_is_not_read() {
    let rt = rt();
    let none: Vec<f32> = Vec::new();
    for target in CPU {
        for shape in [(0, 0), (0, 5), (5, 0)] {
            let z = rt.map::<cross>(((&none, shape),)).on(target).run().unwrap();
            assert!(z.is_empty());
            let result = rt.map::<cross>(((&none, shape),)).over((2, 2)).on(target).run();
            assert_error(result, ErrorKind::ShapeMismatch, &["cross"]);
        }
    }
}

#[test]
fn empty_arrays_are_no_error() {
    let rt = rt();
    let none: Vec<f32> = Vec::new();
    for target in CPU.into_iter().chain([Target::Split]) {
        assert!(rt.map::<add>((&none, 1.0)).on(target).run().unwrap().is_empty());
        assert_eq!(rt.map::<add>((&none, 1.0)).on(target).sum().unwrap(), 0.0);
        rt.map::<add>((&none, 1.0)).on(target).run_into(&mut Vec::new()).unwrap();
        assert!(rt.map::<cells>(()).over((0, 7)).on(target).run().unwrap().0.is_empty());
        let plan = rt.map::<add>((&none, 1.0)).on(target).plan().unwrap();
        assert!(plan.explain().contains("0 places"));
    }
    assert_eq!(rt.array(Vec::<u8>::new()).unwrap().into_vec().unwrap(), vec![]);
}

#[test]
fn nothing_that_says_how_many() {
    let rt = rt();
    assert_error(rt.map::<add>((1.0, 2.0)).run(), ErrorKind::NoDomain, &["add", ".over(n)"]);
    assert_error(rt.map::<places>(()).sum(), ErrorKind::NoDomain, &["places", ".over(n)"]);
    assert_error(rt.map::<cells>(()).plan(), ErrorKind::NoDomain, &["cells", ".over(n)"]);
}

#[test]
fn a_gpu_that_is_not_there() {
    let rt = rt();
    let x = vec![1.0f32; 10];
    assert_error(rt.map::<add>((&x, 1.0)).on(Target::Gpu(99)).run(), ErrorKind::NoDevice, &["99"]);
    assert_error(rt.map::<add>((&x, 1.0)).on(Target::Gpu(99)).sum(), ErrorKind::NoDevice, &["99"]);
    assert_error(rt.map::<add>((&x, 1.0)).on(Target::Gpu(99)).plan(), ErrorKind::NoDevice, &["99"]);
    let mut kept = rt.array(vec![1u32; 10]).unwrap();
    assert_error(rt.map::<bump>((&mut kept,)).on(Target::Gpu(99)).run(), ErrorKind::NoDevice, &["99"]);
    assert_eq!(kept.to_vec().unwrap(), vec![1; 10], "a refused launch leaves its arrays");
}

#[test]
fn results_of_another_length() {
    let rt = rt();
    let x = vec![1.0f32; 10];
    for target in CPU {
        let launch = || rt.map::<add>((&x, 1.0)).on(target);
        assert_error(launch().run_into(&mut vec![0.0; 9]), ErrorKind::ShapeMismatch, &["add", "10", "9"]);
        assert_error(launch().run_into(&mut [0.0; 0][..]), ErrorKind::ShapeMismatch, &["10", "0"]);
        let mut stored = rt.array(vec![5.0f32; 11]).unwrap();
        assert_error(launch().run_into(&mut stored), ErrorKind::ShapeMismatch, &["10", "11"]);
        assert_eq!(stored.to_vec().unwrap(), vec![5.0; 11], "nothing is written");
        let b = vec![1u8; 10];
        let (mut f, mut i, mut u, mut c) = (vec![9f32; 10], vec![9; 10], vec![9; 8], vec![9u8; 10]);
        let into = rt.map::<mixed>((&x, &b)).on(target).run_into((&mut f, &mut i, &mut u, &mut c));
        assert_error(into, ErrorKind::ShapeMismatch, &["10", "8"]);
        assert_eq!(f, vec![9.0; 10], "nothing is written");
    }
}

#[test]
fn names_without_a_meaning() {
    assert_error("avx3".parse::<Level>(), ErrorKind::Setting, &["avx3", "avx2", "avx512"]);
    assert_error("".parse::<Level>(), ErrorKind::Setting, &["baseline"]);
    assert_error("AVX2".parse::<Level>(), ErrorKind::Setting, &["AVX2"]);
    for level in Level::ALL {
        assert_eq!(level.to_string().parse::<Level>().unwrap(), level);
    }
    for name in ["tpu", "gpu:", "gpu:-1", "gpu:x", "gpu: 0", "GPU", "", "gpu:99999999999999999999"] {
        assert_error(name.parse::<Target>(), ErrorKind::Setting, &[&format!("`{name}`"), "gpu:N", "split"]);
    }
    let all = [
        Target::Auto,
        Target::Scalar,
        Target::Simd,
        Target::Threads,
        Target::Gpu(0),
        Target::Gpu(12),
        Target::Split,
    ];
    for target in all {
        assert_eq!(target.to_string().parse::<Target>().unwrap(), target);
    }
}

#[test]
fn a_runtime_needs_a_thread_and_a_level_that_is_here() {
    assert_error(
        Runtime::builder().threads(0).build().map(|_| ()),
        ErrorKind::Setting,
        &["0 threads", "at least 1"],
    );
    for level in Level::ALL.into_iter().filter(|level| !level.is_available()) {
        let built = Runtime::builder().level(level).build().map(|_| ());
        assert_error(built, ErrorKind::NoDevice, &[level.name(), "it has"]);
    }
    assert_eq!(Runtime::builder().level(Level::Scalar).threads(3).build().unwrap().threads(), 3);
}

#[test]
fn more_places_than_there_can_be() {
    let rt = rt();
    assert_error(
        rt.map::<places>(()).over(1 << 33).run(),
        ErrorKind::LimitExceeded,
        &["places", "8589934592"],
    );
    for domain in
        [Domain::Line(usize::MAX), Domain::Line(1 << 60), Domain::Grid { width: 1 << 20, height: 1 << 30 }]
    {
        let result = rt.map::<add>((1.0, 2.0)).over(domain).run().map(|_| ());
        let kind = result.as_ref().map_err(Error::kind).err();
        assert!(
            matches!(kind, Some(ErrorKind::OutOfMemory | ErrorKind::LimitExceeded)),
            "{domain:?} gave {result:?}"
        );
    }
}

#[test]
fn a_grid_whose_places_do_not_fit_a_number() {
    let rt = rt();
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        rt.map::<add>((1.0, 2.0)).over((1 << 40, 1 << 40)).run().map(|array| array.len())
    }));
    match result {
        Ok(Err(error)) => {
            assert!(matches!(error.kind(), ErrorKind::OutOfMemory | ErrorKind::LimitExceeded), "{error:?}");
        }
        Ok(Ok(len)) => panic!("an array of {len} for 2^80 places"),
        Err(_) => panic!("a panic left the library"),
    }
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        rt.picture(vec![1u8; 0], (1 << 32, 1 << 32)).map(|array| array.len())
    }));
    match result {
        Ok(result) => assert_error(result, ErrorKind::ShapeMismatch, &["4294967296x4294967296"]),
        Err(_) => panic!("a panic left the library"),
    }
}

#[test]
fn arrays_of_two_runtimes_do_not_meet() {
    let (one, two) = (rt(), rt());
    let (x, mut y) = (one.array(vec![1.0f32; 10]).unwrap(), two.array(vec![2.0f32; 10]).unwrap());
    assert_error(one.map::<add>((&x, &y)).run().map(|_| ()), ErrorKind::ForeignArray, &["add"]);
    assert_error(one.map::<step>((&mut y, 1.0, &x)).run(), ErrorKind::ForeignArray, &["step"]);
    assert_error(one.map::<add>((&x, 1.0)).run_into(&mut y), ErrorKind::ForeignArray, &["add"]);
    assert_error(one.reduce(&y).sum(), ErrorKind::ForeignArray, &[]);
    assert_eq!(y.to_vec().unwrap(), vec![2.0; 10]);
    let clone = one.clone();
    assert!(clone.map::<add>((&x, 1.0)).run().is_ok(), "a clone is the same runtime");
}

#[test]
fn an_error_reads_well() {
    let rt = rt();
    let error = rt.map::<add>((&[1.0f32; 3], &[1.0f32; 4])).run().map(|_| ()).unwrap_err();
    let shown: &dyn std::error::Error = &error;
    assert_eq!(
        shown.to_string(),
        "add: x has 3 elements and y has 4; all arrays of a launch must have the same length or shape"
    );
    assert!(format!("{error:?}").starts_with("ShapeMismatch: "));
    assert_eq!(error.clone().kind(), error.kind());
}

#[test]
fn everything_is_send_and_sync() {
    fn both<T: Send + Sync>() {}
    fn send<T: Send>() {}
    both::<Runtime>();
    both::<Array<f32>>();
    both::<Array<[u8; 3]>>();
    both::<Image<u8>>();
    both::<Error>();
    both::<Outcome>();
    both::<manylane::plan::Plan>();
    send::<Launch<'static, 'static, add>>();
    send::<Launch<'static, 'static, step>>();
}

fn pool(threads: usize) -> Arc<rayon::ThreadPool> {
    Arc::new(rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap())
}

#[test]
fn many_threads_launch_at_once() {
    let rt = rt();
    let shared = rt.array((0..50_000).map(|k| k as f32).collect::<Vec<_>>()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8u32 {
            let (rt, shared) = (&rt, &shared);
            scope.spawn(move || {
                for turn in 0..20 {
                    let add_this = (thread * 100 + turn) as f32;
                    let target = CPU[(thread + turn) as usize % CPU.len()];
                    let z = rt.map::<add>((shared, add_this)).on(target).run().unwrap();
                    let z = z.read().unwrap();
                    assert_eq!((z[0], z[49_999]), (add_this, 49_999.0 + add_this));
                    let sum = rt.reduce(shared).on(target).max().unwrap();
                    assert_eq!(sum, 49_999.0);
                }
            });
        }
    });
}

/// Ends a process that hangs, so that a deadlock is a failure.
fn within(seconds: u64, body: impl FnOnce() + Send + 'static) {
    let (done, waits) = std::sync::mpsc::channel();
    let worker = std::thread::spawn(move || {
        body();
        let _ = done.send(());
    });
    match waits.recv_timeout(std::time::Duration::from_secs(seconds)) {
        Err(std::sync::mpsc::RecvTimeoutError::Timeout) => panic!("no end after {seconds} s: a deadlock"),
        _ => worker.join().unwrap(),
    }
}

#[test]
fn a_launch_inside_a_worker_of_its_pool_ends() {
    within(60, || {
        for threads in [1, 2, 4] {
            let pool = pool(threads);
            let rt = Runtime::builder().pool(pool.clone()).build().unwrap();
            assert_eq!(rt.threads(), threads);
            let x = vec![1.0f32; 300_000];
            pool.scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|_| {
                        let z = rt.map::<add>((&x, 1.0)).on(Target::Threads).run().unwrap();
                        assert_eq!(z.read().unwrap()[299_999], 2.0);
                        assert_eq!(rt.reduce(&x).on(Target::Threads).sum().unwrap(), 300_000.0);
                    });
                }
            });
        }
    });
}

#[test]
fn a_launch_inside_the_global_pool_ends() {
    within(60, || {
        let rt = rt();
        let x = vec![1.0f32; 300_000];
        rayon::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|_| {
                    let (z, outcome) = rt.map::<add>((&x, 1.0)).on(Target::Threads).reported().run().unwrap();
                    assert_eq!(z.read().unwrap()[299_999], 2.0);
                    assert_eq!(outcome.target, Target::Threads);
                });
            }
        });
    });
}

#[test]
fn more_threads_than_the_pool_has() {
    within(60, || {
        let rt = Runtime::builder().pool(pool(1)).threads(8).build().unwrap();
        let x = vec![1.0f32; 300_000];
        for mapping in [Mapping::Static, Mapping::ManagerWorker, Mapping::WorkStealing] {
            let z = rt.map::<add>((&x, 1.0)).on(Target::Threads).mapping(mapping).run().unwrap();
            assert!(z.read().unwrap().iter().all(|z| *z == 2.0));
        }
    });
}

#[test]
fn a_launch_that_is_dropped_does_nothing() {
    let rt = rt();
    let mut kept = rt.array(vec![1u32; 10]).unwrap();
    drop(rt.map::<bump>((&mut kept,)));
    assert_eq!(kept.to_vec().unwrap(), vec![1; 10]);
}

#[test]
fn results_can_be_awaited() {
    let rt = pollster::block_on(Runtime::open()).unwrap();
    let x = vec![1.5f32; 10_000];
    for setup in manylane_testkit::targets().into_iter().filter(|setup| setup.missing().is_none()) {
        let z = setup.map::<add>((&x, 2.0)).run().unwrap();
        let read = pollster::block_on(z.read_async()).unwrap();
        assert!(read.iter().all(|z| *z == 3.5), "{}", setup.name);
    }
    assert_eq!(rt.reduce(&x).sum().unwrap(), 15_000.0);
}
