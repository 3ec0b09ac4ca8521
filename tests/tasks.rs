//! Launches in the background: waits, futures, cancels, deadlines, callbacks, and many clients at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, gpu_or_skip};

#[kernel]
fn scaled(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    a * x + y
}

#[kernel]
fn parts(x: u32) -> (u32, u32) {
    (x / 10u32, x % 10u32)
}

/// Ends where `x` is 0.
#[kernel]
fn forever(x: u32) -> u32 {
    let mut y = x;
    while y != 0u32 {
        y = y % 1000u32 + 1u32;
    }
    y
}

#[kernel]
fn busy(x: f32) -> f32 {
    let mut y = x;
    for _ in 0..4000 {
        y = y * 0.999 + 0.5;
    }
    y
}

fn rt() -> Runtime {
    Runtime::builder().threads(2).build().unwrap()
}

/// Ends a process that hangs, so that a deadlock is a failure.
fn within(seconds: u64, body: impl FnOnce() + Send + 'static) {
    let (done, waits) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        body();
        let _ = done.send(());
    });
    match waits.recv_timeout(Duration::from_secs(seconds)) {
        Err(mpsc::RecvTimeoutError::Timeout) => {
            eprintln!("no end after {seconds} s: a deadlock");
            std::process::abort()
        }
        _ => worker.join().unwrap(),
    }
}

/// A task that runs until it is cancelled, and does run.
fn endless(rt: &Runtime) -> Task<Array<u32>> {
    let x = rt.array(vec![1u32; 50_000]).unwrap();
    let task = rt.map::<forever>((&x,)).on(Target::Threads).submit().unwrap();
    std::thread::sleep(Duration::from_millis(30));
    assert!(!task.is_done());
    task
}

#[test]
fn more_places_than_can_be_counted_are_refused() {
    let rt = rt();
    let over = (1usize << 33, 1usize << 31);
    let huge = || rt.map::<parts>((7,)).over(over);
    let sums = || rt.map::<busy>((1.0,)).over(over);
    let errors = [
        huge().run().map(drop).unwrap_err(),
        huge().on(Target::Split).reported().run().map(drop).unwrap_err(),
        huge().plan().map(drop).unwrap_err(),
        huge().submit().map(drop).unwrap_err(),
        rt.graph().add(huge()).map(drop).unwrap_err(),
        rt.fan_out::<(busy, busy)>((1.0,)).over(over).run().map(drop).unwrap_err(),
        sums().sum().map(drop).unwrap_err(),
        sums().submit_sum().map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        assert!(error.to_string().contains("8589934592x2147483648"), "{error}");
        assert!(error.to_string().contains(&usize::MAX.to_string()), "{error}");
    }
}

#[test]
fn the_launches_of_a_pass_share_its_deadline() {
    let rt = rt();
    let x = rt.array(vec![1.0f32; 10_000]).unwrap();
    let pass = |deadline| rt.fan_out::<(busy, busy)>((&x,)).on(Target::Split).deadline(deadline).run();
    let error = pass(Duration::ZERO).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert!(error.to_string().starts_with("busy + busy: it was not done within 0ns"), "{error}");
    let (one, other) = pass(Duration::from_secs(100)).unwrap();
    assert_eq!(*one.read().unwrap(), *other.read().unwrap());
}

#[test]
fn a_share_that_is_no_number_is_refused() {
    let rt = rt();
    let x = rt.array(vec![1.0f32; 1_000]).unwrap();
    let launch = |share| rt.map::<scaled>((2.0, &x, 1.0)).gpu_share(share);
    let errors = [
        launch(f64::NAN).run().map(drop).unwrap_err(),
        launch(f64::NAN).sum().map(drop).unwrap_err(),
        launch(f64::NAN).submit().map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Setting);
        assert!(error.to_string().contains("NaN"), "{error}");
    }
    for share in [-1.0, 2.0, f64::INFINITY] {
        assert_eq!(launch(share).run().unwrap().read().unwrap()[999], 3.0);
    }
}

#[test]
fn a_task_gives_what_a_run_gives() {
    let rt = rt();
    let (x, y) = (rt.array(vec![3.0f32; 10_000]).unwrap(), rt.array(vec![1.0f32; 10_000]).unwrap());
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Auto] {
        let task = rt.map::<scaled>((2.0, &x, &y)).on(target).submit().unwrap();
        let (z, outcome) = task.wait_reported().unwrap();
        assert_eq!(*z.read().unwrap(), [7.0; 10_000]);
        assert!(target == Target::Auto || outcome.target == target, "{outcome:?}");
    }
    let digits = rt.array((0..1000u32).collect::<Vec<_>>()).unwrap();
    let (tens, ones) = rt.map::<parts>((&digits,)).submit().unwrap().wait().unwrap();
    assert_eq!((tens.read().unwrap()[123], ones.read().unwrap()[123]), (12, 3));
    assert_eq!(rt.reduce(&digits).submit_sum().unwrap().wait().unwrap(), 499_500);
    assert_eq!(rt.reduce(&digits).submit_max().unwrap().wait().unwrap(), 999);
    assert_eq!(rt.reduce(&digits).submit_min().unwrap().wait().unwrap(), 0);
    assert_eq!(
        rt.map::<scaled>((1.0, &x, 0.0)).over(3).submit().map(drop).unwrap_err().kind(),
        ErrorKind::ShapeMismatch
    );
    let none = rt.array(vec![0f32; 0]).unwrap();
    assert!(rt.map::<scaled>((1.0, &none, 0.0)).submit().unwrap().wait().unwrap().is_empty());
}

#[test]
fn a_task_is_a_future() {
    let rt = rt();
    let x = rt.array(vec![1.0f32; 200_000]).unwrap();
    let z = pollster::block_on(async {
        let one = rt.map::<scaled>((2.0, &x, 1.0)).submit()?;
        let two = rt.map::<scaled>((3.0, &x, 1.0)).submit()?;
        let (one, two) = (one.await?, two.await?);
        rt.map::<scaled>((1.0, &one, &two)).submit()?.await
    });
    assert_eq!(*z.unwrap().read().unwrap(), [7.0; 200_000]);
}

#[test]
fn results_come_once_and_in_time_or_not_at_all() {
    let rt = rt();
    let mut task = endless(&rt);
    let start = Instant::now();
    assert!(task.wait_timeout(Duration::from_millis(40)).is_none());
    assert!(start.elapsed() >= Duration::from_millis(40));
    assert!(task.wait_timeout(Duration::ZERO).is_none());
    task.cancel();
    let ended = task.wait_timeout(Duration::from_secs(20)).expect("it was cancelled");
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::Cancelled);
    let again = task.wait_timeout(Duration::MAX).expect("it has ended");
    assert_eq!(again.unwrap_err().kind(), ErrorKind::Setting);
    assert_eq!(task.wait().unwrap_err().kind(), ErrorKind::Setting);
}

#[test]
fn an_endless_launch_is_cancelled_promptly() {
    let rt = rt();
    let task = endless(&rt);
    let progress = task.progress();
    assert!((0.0..1.0).contains(&progress), "{progress}");
    let start = Instant::now();
    task.cancel();
    let error = task.wait().unwrap_err();
    let took = start.elapsed();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(error.to_string().starts_with("forever: "), "{error}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    // Cancelled too late is not cancelled.
    let x = rt.array(vec![0u32; 100]).unwrap();
    let mut task = rt.map::<forever>((&x,)).submit().unwrap();
    while !task.is_done() {
        std::thread::yield_now();
    }
    assert_eq!(task.progress(), 1.0);
    task.cancel();
    assert!(task.wait_timeout(Duration::ZERO).unwrap().is_ok());
}

#[test]
fn progress_goes_up() {
    let rt = rt();
    let x = rt.array(vec![1.0f32; 400_000]).unwrap();
    let task = rt.map::<busy>((&x,)).on(Target::Threads).submit().unwrap();
    let (mut before, mut between) = (0.0, 0);
    while !task.is_done() {
        let now = task.progress();
        assert!(now >= before && now <= 1.0, "{before} then {now}");
        between += usize::from(now > before && now < 1.0);
        before = now;
        std::thread::sleep(Duration::from_micros(200));
    }
    assert!(between > 1, "only 0 and 1 were seen");
    assert_eq!(task.progress(), 1.0);
    assert!(task.wait().is_ok());
}

#[test]
fn what_is_cancelled_before_it_begins_gives_its_arguments_back_at_once() {
    within(120, || {
        let rt = rt();
        // So many that no thread is left.
        let busy: Vec<_> = (0..2 * std::thread::available_parallelism().unwrap().get().max(2))
            .map(|_| endless(&rt))
            .collect();
        let x = rt.array(vec![1.0f32; 1_000]).unwrap();
        let queued = rt.map::<scaled>((1.0, &x, 0.0)).submit().unwrap();
        let late = rt.map::<scaled>((1.0, &x, 0.0)).deadline(Duration::from_millis(1)).submit().unwrap();
        let dropped = rt.map::<scaled>((1.0, &x, 0.0)).submit().unwrap();
        std::thread::sleep(Duration::from_millis(5));
        assert!(!queued.is_done());
        assert_eq!(queued.progress(), 0.0);
        queued.cancel();
        assert!(queued.is_done());
        assert_eq!(queued.wait().unwrap_err().kind(), ErrorKind::Cancelled);
        drop(dropped);
        // The waiting thread runs it itself; its time began when it was submitted.
        assert_eq!(late.wait().unwrap_err().kind(), ErrorKind::Deadline);
        let own = rt.map::<scaled>((2.0, &x, 0.0)).submit().unwrap().wait().unwrap();
        assert_eq!(*own.read().unwrap(), [2.0; 1_000]);
        for task in &busy {
            task.cancel();
        }
        for task in busy {
            assert_eq!(task.wait().unwrap_err().kind(), ErrorKind::Cancelled);
        }
    });
}

#[test]
fn a_deadline_ends_a_task() {
    let rt = rt();
    let x = rt.array(vec![1u32; 50_000]).unwrap();
    let start = Instant::now();
    let task = rt.map::<forever>((&x,)).on(Target::Threads).deadline(Duration::from_millis(100)).submit();
    assert!(start.elapsed() < Duration::from_millis(100), "it returns at once");
    let error = pollster::block_on(task.unwrap()).unwrap_err();
    let took = start.elapsed();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert!(took >= Duration::from_millis(90) && took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn a_task_on_a_gpu_ends_when_the_gpu_has() {
    if !gpu_or_skip("a_task_on_a_gpu_ends_when_the_gpu_has") {
        return;
    }
    let rt = rt();
    let x = rt.array(vec![0u32; 10_000]).unwrap();
    let (z, outcome) = rt.map::<forever>((&x,)).on(Target::Gpu(0)).submit().unwrap().wait_reported().unwrap();
    assert_eq!(outcome.target, Target::Gpu(0));
    assert_eq!(*z.read().unwrap(), [0; 10_000]);
    // What the device says is the task's own error, not that of the first use.
    let x = rt.array(vec![1u32; 10]).unwrap();
    let task = rt.map::<forever>((&x,)).on(Target::Gpu(0)).loop_budget(1 << 12).submit().unwrap();
    assert_eq!(pollster::block_on(task).unwrap_err().kind(), ErrorKind::LoopLimit);
}

#[test]
fn callbacks_are_called_once_and_may_launch() {
    within(120, || {
        let rt = rt();
        let x = rt.array(vec![1.0f32; 100_000]).unwrap();
        let (told, tales) = mpsc::channel();
        // More than there are threads, each of which waits for tasks of its own.
        let tasks: Vec<_> = (0..40)
            .map(|k| {
                let task = rt.map::<scaled>((k as f32, &x, 0.0)).on(Target::Threads).submit().unwrap();
                let (told, rt, x) = (told.clone(), rt.clone(), x.clone());
                task.on_done(move |end| {
                    assert!(end.is_ok());
                    let one = rt.map::<scaled>((1.0, &x, 0.0)).on(Target::Threads).run().unwrap();
                    let two = rt.map::<scaled>((1.0, &one, 1.0)).submit().unwrap().wait().unwrap();
                    told.send((k, two.read().unwrap()[99_999])).unwrap();
                });
                task
            })
            .collect();
        for (k, task) in tasks.into_iter().enumerate() {
            assert_eq!(task.wait().unwrap().read().unwrap()[99_999], k as f32);
        }
        drop(told);
        let mut tales: Vec<_> = tales.iter().collect();
        tales.sort_by_key(|tale| tale.0);
        assert_eq!(tales, (0..40).map(|k| (k, 2.0)).collect::<Vec<_>>());

        let calls = Arc::new(AtomicUsize::new(0));
        let task = endless(&rt);
        let count = |calls: &Arc<AtomicUsize>| {
            let calls = calls.clone();
            move |end: &manylane::Result<()>| {
                assert_eq!(end.as_ref().unwrap_err().kind(), ErrorKind::Cancelled);
                calls.fetch_add(1, Ordering::Relaxed);
            }
        };
        task.on_done(count(&calls));
        task.on_done(|_| panic!("a callback that panics harms nobody"));
        task.on_done(count(&calls));
        task.cancel();
        let mut task = task;
        assert!(task.wait_timeout(Duration::from_secs(20)).unwrap().is_err());
        while calls.load(Ordering::Relaxed) < 2 {
            std::thread::yield_now();
        }
        task.on_done(count(&calls));
        assert_eq!(calls.load(Ordering::Relaxed), 3, "already ended: called at once");
    });
}

#[test]
fn tasks_inside_workers_of_their_pool_end() {
    within(120, || {
        for threads in [1, 2] {
            let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
            let rt = Runtime::builder().threads(3).pool(pool.clone()).build().unwrap();
            let x = rt.array(vec![1.0f32; 300_000]).unwrap();
            pool.scope(|scope| {
                for _ in 0..16 {
                    scope.spawn(|_| {
                        let mut task = rt.map::<scaled>((1.0, &x, 1.0)).on(Target::Threads).submit().unwrap();
                        // Begun elsewhere, it needs this very worker's help to end.
                        let z = match task.wait_timeout(Duration::from_millis(20)) {
                            Some(z) => z.unwrap(),
                            None => task.wait().unwrap(),
                        };
                        assert_eq!(z.read().unwrap()[299_999], 2.0);
                    });
                }
            });
        }
    });
}

#[test]
fn what_is_promised_holds_no_thread() {
    within(120, || {
        let rt = rt();
        let x = rt.array(vec![1.0f32; 1_000]).unwrap();
        let (later, promised) = Array::<f32>::promised(x.home(), Domain::Line(1_000)).unwrap();
        // Far more than there are threads.
        let tasks: Vec<_> =
            (0..100).map(|k| rt.map::<scaled>((k as f32, &later, &x)).submit().unwrap()).collect();
        let sum = rt.reduce(&later).submit_sum().unwrap();
        let cancelled = rt.map::<scaled>((1.0, &x, &later)).submit().unwrap();
        cancelled.cancel();
        assert!(cancelled.is_done());
        let waiting = std::thread::spawn(move || sum.wait());
        let (mut told, values) = (Some(promised), rt.array(vec![2.0f32; 1_000]).unwrap());
        let keeps = rt.map::<scaled>((1.0, &x, &x)).submit().unwrap();
        std::thread::sleep(Duration::from_millis(5));
        assert!(tasks.iter().all(|task| !task.is_done()));
        keeps.on_done(move |_| told.take().unwrap().fulfil(values).unwrap());
        assert_eq!(waiting.join().unwrap().unwrap(), 2_000.0);
        for (k, task) in tasks.into_iter().enumerate() {
            let z = if k % 2 == 0 { task.wait() } else { pollster::block_on(task) };
            assert_eq!(*z.unwrap().read().unwrap(), [2.0 * k as f32 + 1.0; 1_000]);
        }
        let (later, promised) = Array::<f32>::promised(x.home(), Domain::Line(1_000)).unwrap();
        let task = rt.map::<scaled>((1.0, &later, &x)).submit().unwrap();
        drop(promised);
        assert_eq!(task.wait().unwrap_err().kind(), ErrorKind::NotComputed);
    });
}

#[test]
fn tasks_outlive_their_runtime() {
    let rt = rt();
    let x = rt.array(vec![1.0f32; 1_000_000]).unwrap();
    let tasks: Vec<_> = (0..20).map(|k| rt.map::<scaled>((k as f32, &x, 1.0)).submit().unwrap()).collect();
    drop((rt, x));
    for (k, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.wait().unwrap().read().unwrap()[999_999], k as f32 + 1.0);
    }
}

/// What one of many clients does with one launch; returns whether the results were looked at.
fn one_launch(
    rt: &Runtime,
    x: &[Array<f32>],
    inputs: &mut Inputs,
    gpu: bool,
    told: &Arc<AtomicUsize>,
) -> bool {
    let x = &x[inputs.below(x.len())];
    let (n, a, y) = (x.len(), inputs.float(-2.0, 2.0).round(), inputs.float(-9.0, 9.0).round());
    let target = match inputs.below(if gpu { 40 } else { 39 }) {
        39 => Target::Gpu(0),
        k => [Target::Scalar, Target::Simd, Target::Threads, Target::Auto][k % 4],
    };
    let mut launch = rt.map::<scaled>((a, x, y)).on(target);
    if inputs.below(20) == 0 {
        launch = launch.deadline(Duration::from_secs(60));
    }
    let what = inputs.below(10);
    if what == 9 {
        // Small whole numbers: every order of additions gives the same.
        let sum = launch.submit_sum().unwrap().wait().unwrap();
        assert_eq!(sum, (0..n).map(|k| a * (k % 7) as f32 + y).sum::<f32>());
        return true;
    }
    let mut task = launch.submit().unwrap();
    let told = told.clone();
    task.on_done(move |_| {
        told.fetch_add(1, Ordering::Relaxed);
    });
    let z = match what {
        0 | 1 => {
            if what == 1 {
                std::thread::sleep(Duration::from_micros(inputs.below(200) as u64));
            }
            task.cancel();
            match task.wait() {
                Err(error) if error.kind() == ErrorKind::Cancelled => return false,
                z => z,
            }
        }
        2 => return false,
        3 | 4 => pollster::block_on(task),
        5 => loop {
            if let Some(z) = task.wait_timeout(Duration::from_micros(300)) {
                break z;
            }
            assert!((0.0..=1.0).contains(&task.progress()));
        },
        _ => task.wait(),
    };
    let z = z.unwrap();
    let z = z.read().unwrap();
    assert_eq!(z.len(), n);
    for (k, z) in z.iter().enumerate() {
        assert_eq!(*z, a * (k % 7) as f32 + y, "place {k} of {n}, {a} and {y} on {target}");
    }
    true
}

#[test]
fn sixty_four_clients() {
    const CLIENTS: usize = 64;
    const LAUNCHES: usize = 10_000;
    let gpu = gpu_or_skip("sixty_four_clients (with a GPU)");
    within(100, move || {
        let rt = rt();
        let x: Vec<Array<f32>> = [0, 1, 7, 100, 1_000, 4_096, 5_000, 20_000, 100_000]
            .map(|n| rt.array((0..n).map(|k| (k % 7) as f32).collect::<Vec<_>>()).unwrap())
            .into();
        let held = || {
            let stats = x[0].home().pool_stats();
            stats.held_bytes - stats.free_bytes
        };
        let before = held();
        let (told, looked) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (rt, x, told, looked) = (&rt, &x, &told, &looked);
                scope.spawn(move || {
                    let mut inputs = Inputs::new(&format!("client {client}"));
                    let mine = LAUNCHES / CLIENTS + usize::from(client < LAUNCHES % CLIENTS);
                    for _ in 0..mine {
                        let seen = one_launch(rt, x, &mut inputs, gpu, told);
                        looked.fetch_add(usize::from(seen), Ordering::Relaxed);
                    }
                });
            }
        });
        let looked = looked.load(Ordering::Relaxed);
        assert!(looked > LAUNCHES / 2, "{looked}");
        // Dropped tasks may still go on.
        let start = Instant::now();
        while held() != before {
            assert!(start.elapsed() < Duration::from_secs(20), "{} bytes before, {} after", before, held());
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(told.load(Ordering::Relaxed) > LAUNCHES / 2);
    });
}
