//! Faults of a device, made on purpose: each gives its error in time, nothing hangs, the next `open` gives a fresh device,
//! and no value that was not computed is ever returned.
#![allow(missing_docs, reason = "a test has no readers from outside")]

#[path = "device/support.rs"]
mod support;

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use manylane::device::gpu::{self, BindingKind, Bound, Buffer, Dispatch, Fault, Gpu};
use manylane::device::{Completion, Stop};
use manylane::prelude::*;
use manylane::shape::Target;
use manylane_testkit::gpu_is_required;

#[kernel]
fn triple(x: f32) -> f32 {
    3.0 * x
}

const ADD: &str = "
    struct Params { n: u32, add: u32 }
    @group(0) @binding(0) var<uniform> params: Params;
    @group(0) @binding(1) var<storage, read_write> data: array<u32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) at: vec3<u32>) {
        if at.x < params.n { data[at.x] += params.add; }
    }";

/// Faults hit whoever submits next, so tests that share a process take turns.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A device that has nothing to do. That the last one is lost may be found only here, by the first who waits for it: then the
/// next is a new one.
fn idle() -> Option<Gpu> {
    let gpu = support::first_gpu()?;
    match gpu.wait_idle() {
        Err(error) if error.kind() == ErrorKind::DeviceLost && gpu.is_lost() => {
            let fresh = support::first_gpu()?;
            fresh.wait_idle().unwrap();
            Some(fresh)
        }
        done => {
            done.unwrap();
            Some(gpu)
        }
    }
}

fn add(gpu: &Gpu, buffer: &Buffer, by: u32, deadline: Duration, stop: Option<Arc<dyn Stop>>) -> Completion {
    let n = (buffer.bytes() / 4) as u32;
    let pipeline = gpu.pipeline(1, "add", || ADD.into(), &[BindingKind::ReadWrite]).unwrap();
    gpu.dispatch(Dispatch {
        label: "add".into(),
        pipeline,
        params: [n, by].iter().flat_map(|word| word.to_le_bytes()).collect(),
        bindings: vec![Bound::whole(buffer)],
        groups: u64::from(n).div_ceil(64),
        status: false,
        explain: Default::default(),
        deadline,
        after: vec![],
        stop,
    })
}

/// A buffer of zeros, there for sure.
fn zeros(gpu: &Gpu, n: usize) -> Buffer {
    let buffer = gpu.alloc(4 * n as u64).unwrap();
    gpu.upload(&buffer, 0, &vec![0; 4 * n]).unwrap();
    gpu.wait_idle().unwrap();
    buffer
}

fn words(gpu: &Gpu, buffer: &Buffer) -> Result<Vec<u32>, Error> {
    let mut bytes = vec![0; buffer.bytes() as usize];
    gpu.download(buffer, 0, &mut bytes)?;
    Ok(bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect())
}

const LONG: Duration = Duration::from_secs(10);

/// That the lost `gpu` says so to everyone, and that opening it again gives one that works.
fn opens_afresh(gpu: &Gpu, held: &Buffer) {
    assert!(gpu.is_lost());
    assert_eq!(words(gpu, held).unwrap_err().kind(), ErrorKind::DeviceLost, "what it held is gone");
    assert_eq!(gpu.alloc(4).unwrap_err().kind(), ErrorKind::DeviceLost);
    assert_eq!(gpu.wait_idle().unwrap_err().kind(), ErrorKind::DeviceLost);
    let again = gpu::open(gpu.index()).unwrap();
    assert_ne!(again.id(), gpu.id());
    let buffer = zeros(&again, 100);
    add(&again, &buffer, 5, LONG, None).wait().unwrap();
    assert_eq!(words(&again, &buffer).unwrap(), [5; 100]);
}

#[test]
fn a_failed_submission_is_its_own_error_and_the_device_stays() {
    let _alone = alone();
    let Some(gpu) = idle() else { return };
    let buffer = zeros(&gpu, 1000);
    add(&gpu, &buffer, 1, LONG, None).wait().unwrap();
    gpu.inject(Fault::FailSubmit { nth: 2 });
    add(&gpu, &buffer, 10, LONG, None).wait().unwrap();
    let failed = add(&gpu, &buffer, 100, LONG, None);
    assert_eq!(failed.wait().unwrap_err().kind(), ErrorKind::Internal);
    assert_eq!(failed.times(), None, "it never ran");
    let after = add(&gpu, &buffer, 1000, LONG, None);
    after.wait().unwrap();
    assert!(!gpu.is_lost());
    assert_eq!(gpu::open(gpu.index()).unwrap().id(), gpu.id());
    assert_eq!(words(&gpu, &buffer).unwrap(), [1011; 1000]);
    let times = after.times().unwrap();
    assert!(times.queued <= times.start && times.start < times.end, "{times:?}");
    assert!(after.seconds().unwrap() <= (times.end - times.start).as_secs_f64() + 1e-9);
}

#[test]
fn an_upload_that_fails_loses_the_device_for_its_buffer_lacks_the_data() {
    let _alone = alone();
    let Some(gpu) = idle() else { return };
    let buffer = zeros(&gpu, 1000);
    gpu.inject(Fault::FailSubmit { nth: 1 });
    gpu.upload(&buffer, 0, &[1; 4000]).unwrap();
    if gpu.copies_once() {
        // It is written in place, without a submission: reading is the first, and loses nothing.
        assert_eq!(words(&gpu, &buffer).unwrap_err().kind(), ErrorKind::Internal);
        assert!(!gpu.is_lost());
        assert_eq!(words(&gpu, &buffer).unwrap(), [0x0101_0101; 1000]);
        return;
    }
    // The copy home may be part of the same submission.
    let kind = words(&gpu, &buffer).unwrap_err().kind();
    assert!(matches!(kind, ErrorKind::Internal | ErrorKind::DeviceLost), "{kind:?}");
    opens_afresh(&gpu, &buffer);
}

#[test]
fn a_lost_device_is_an_error_of_all_that_it_held() {
    let _alone = alone();
    for queued_behind in [0, 1, 20] {
        let Some(gpu) = idle() else { return };
        let buffer = zeros(&gpu, 1000);
        gpu.inject(Fault::Lose { nth: 1 });
        let start = Instant::now();
        let lost = add(&gpu, &buffer, 1, LONG, None);
        let behind: Vec<_> = (0..queued_behind).map(|_| add(&gpu, &buffer, 1, LONG, None)).collect();
        for completion in std::iter::once(&lost).chain(&behind) {
            assert_eq!(completion.wait().unwrap_err().kind(), ErrorKind::DeviceLost);
            assert_eq!(completion.times(), None);
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        opens_afresh(&gpu, &buffer);
    }
}

#[test]
fn a_device_lost_under_a_copy_gives_no_bytes() {
    let _alone = alone();
    let Some(gpu) = idle() else { return };
    let buffer = zeros(&gpu, 3_000_000);
    // In place it is one submission, through staging memory several.
    gpu.inject(Fault::Lose { nth: if gpu.copies_once() { 1 } else { 2 } });
    let error = words(&gpu, &buffer).expect_err("no bytes of a lost device");
    assert_eq!(error.kind(), ErrorKind::DeviceLost);
    opens_afresh(&gpu, &buffer);
}

#[test]
fn a_hang_ends_with_its_deadline() {
    let _alone = alone();
    let Some(gpu) = idle() else { return };
    let buffer = zeros(&gpu, 1000);
    gpu.inject(Fault::Hang { nth: 1 });
    let (start, deadline) = (Instant::now(), Duration::from_millis(200));
    let hung = add(&gpu, &buffer, 1, deadline, None);
    assert!(hung.wait_timeout(Duration::from_millis(50)).is_none(), "it is under way");
    let behind = add(&gpu, &buffer, 1, LONG, None);
    let error = hung.wait_timeout(Duration::from_secs(5)).expect("its deadline has passed").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    let took = start.elapsed();
    assert!(took >= deadline && took < deadline + Duration::from_secs(2), "{took:?}");
    assert_eq!(behind.wait().unwrap_err().kind(), ErrorKind::DeviceLost);
    opens_afresh(&gpu, &buffer);
}

#[test]
fn memory_that_is_refused_is_there_the_next_time() {
    let _alone = alone();
    let Some(gpu) = idle() else { return };
    gpu.inject(Fault::OutOfMemory { nth: 2, times: 3 });
    let kinds: Vec<_> = (0..6).map(|_| gpu.alloc(4000).err().map(|error| error.kind())).collect();
    let refused = Some(ErrorKind::OutOfMemory);
    assert_eq!(kinds, [None, refused, refused, refused, None, None]);
    assert!(!gpu.is_lost());
}

/// Runs the test again in a process of its own, which is spoiled afterwards; whether this is that process.
fn in_a_process_of_its_own(test: &str) -> bool {
    const MARK: &str = "MANYLANE_TEST_OWN_PROCESS";
    if std::env::var(MARK).is_ok() {
        return true;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    assert!(again.args(["--exact", test]).env(MARK, "1").status().unwrap().success());
    false
}

#[test]
fn an_adapter_with_wrong_answers_is_refused_for_good() {
    if !in_a_process_of_its_own("an_adapter_with_wrong_answers_is_refused_for_good") {
        return;
    }
    if gpu::adapters().is_empty() {
        assert!(!gpu_is_required(), "no adapter");
        return eprintln!("ignored: no adapter");
    }
    gpu::corrupt_next_self_test();
    let error = gpu::open(0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DeviceRefused, "{error}");
    assert_eq!(gpu::open(0).unwrap_err().kind(), ErrorKind::DeviceRefused, "it is not tried again");
    let rt = Runtime::new().unwrap();
    let x = vec![1.0f32; 10_000];
    let error = rt.map::<triple>(&x).on(Target::Gpu(0)).run().expect_err("it was refused");
    assert_eq!(error.kind(), ErrorKind::DeviceRefused, "{error}");
    assert_eq!(rt.map::<triple>(&x).on(Target::Threads).sum().unwrap(), 30_000.0);
}

#[test]
fn a_device_that_fails_its_test_when_it_is_opened_anew_is_refused() {
    if !in_a_process_of_its_own("a_device_that_fails_its_test_when_it_is_opened_anew_is_refused") {
        return;
    }
    let Some(gpu) = idle() else { return };
    let buffer = zeros(&gpu, 100);
    gpu.inject(Fault::CorruptSelfTest);
    add(&gpu, &buffer, 1, LONG, None).wait().unwrap();
    gpu.inject(Fault::Lose { nth: 1 });
    assert_eq!(add(&gpu, &buffer, 1, LONG, None).wait().unwrap_err().kind(), ErrorKind::DeviceLost);
    assert_eq!(gpu::open(0).unwrap_err().kind(), ErrorKind::DeviceRefused);
}

#[derive(Debug, Default)]
struct Flag(AtomicBool);

impl Stop for Flag {
    fn stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[test]
fn what_waits_for_a_stopped_launch_is_never_submitted() {
    let _alone = alone();
    let Some(gpu) = idle() else { return };
    let buffer = zeros(&gpu, 1000);
    let (stopped, going) = (Arc::new(Flag::default()), Arc::new(Flag::default()));
    stopped.0.store(true, Ordering::Relaxed);
    let mut all = Vec::new();
    for turn in 0..40_u32 {
        let (flag, by) = if turn % 3 == 1 { (&stopped, 1_000_000) } else { (&going, 1) };
        all.push((turn % 3 == 1, add(&gpu, &buffer, by, LONG, Some(flag.clone()))));
    }
    for (was_stopped, completion) in all {
        match completion.wait() {
            Ok(()) => assert!(!was_stopped && completion.times().is_some()),
            Err(error) => {
                assert!(was_stopped, "{error}");
                assert_eq!(error.kind(), ErrorKind::Cancelled);
                assert!(error.to_string().starts_with("add: "), "{error}");
                assert_eq!((completion.times(), completion.seconds()), (None, None));
            }
        }
    }
    assert_eq!(words(&gpu, &buffer).unwrap(), [27; 1000]);
    assert!(!gpu.is_lost());
}

#[test]
fn a_launch_stopped_behind_a_hang_is_cancelled_or_lost_but_never_run() {
    let _alone = alone();
    let Some(gpu) = idle() else { return };
    let (buffer, flag) = (zeros(&gpu, 100), Arc::new(Flag::default()));
    gpu.inject(Fault::Hang { nth: 1 });
    let hung = add(&gpu, &buffer, 1, Duration::from_millis(100), None);
    let behind = add(&gpu, &buffer, 1, LONG, Some(flag.clone()));
    flag.0.store(true, Ordering::Relaxed);
    assert_eq!(hung.wait().unwrap_err().kind(), ErrorKind::Deadline);
    let kind = behind.wait().unwrap_err().kind();
    assert!(matches!(kind, ErrorKind::Cancelled | ErrorKind::DeviceLost), "{kind:?}");
    opens_afresh(&gpu, &buffer);
}

#[test]
fn a_launch_whose_device_fails_never_yields_values() {
    let _alone = alone();
    let Some(first) = idle() else { return };
    drop(first);
    let rt = Runtime::new().unwrap();
    let n = 50_000;
    let x: Vec<f32> = (0..n).map(|i| i as f32).collect();
    let want: Vec<f32> = x.iter().map(|x| 3.0 * x).collect();
    // At every submission of an upload, a dispatch and a download in turn.
    for nth in 1..=3 {
        for fault in [Fault::FailSubmit { nth }, Fault::Lose { nth }] {
            let gpu = idle().unwrap();
            let input = rt.array(x.clone()).unwrap();
            gpu.inject(fault);
            let read = rt
                .map::<triple>(&input)
                .on(Target::Gpu(0))
                .run()
                .and_then(|out| out.read().map(|values| values.to_vec()));
            match read {
                // More submissions than were made.
                Ok(values) => assert_eq!(values, want, "{fault:?}"),
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::DeviceLost | ErrorKind::Internal),
                    "{fault:?}: {error}"
                ),
            }
            assert_eq!(&*input.read().unwrap(), &*x, "the input is the host's: {fault:?}");
            // What is left of the fault hits this, or nothing does.
            let _spent = rt.map::<triple>(&input).on(Target::Gpu(0)).run_wait();
            let _spent = rt.map::<triple>(&input).on(Target::Gpu(0)).run_wait();
            let again = rt.map::<triple>(&input).on(Target::Gpu(0)).run().unwrap();
            assert_eq!(&*again.read().unwrap(), &*want, "the next launch works: {fault:?}");
        }
    }
}

/// Whatever goes wrong with the GPU of a split launch, its places are computed by the others, or the launch says why not.
/// Returns whether it was computed although the device failed.
fn split_survives(fault: Fault, within: Duration) -> bool {
    let n = 1_000_000;
    let x: Vec<f32> = (0..n).map(|i| (i % 1000) as f32).collect();
    let want: Vec<f32> = x.iter().map(|x| 3.0 * x).collect();
    // A runtime that has not yet seen the device fail.
    let rt = Runtime::builder().software_joins_split(true).build().unwrap();
    let input = rt.array(x.clone()).unwrap();
    let gpu = idle().unwrap();
    gpu.inject(fault);
    let begun = Instant::now();
    let launch = rt.map::<triple>(&input).on(Target::Split).gpu_share(0.5);
    let result = launch.reported().run().and_then(|(out, outcome)| Ok((out.read()?.to_vec(), outcome)));
    assert!(begun.elapsed() < within, "{fault:?}: {:?}", begun.elapsed());
    let survived = match result {
        Ok((values, outcome)) => {
            assert!(values == want, "{fault:?}: wrong values; {outcome:?}");
            outcome.note.is_some()
        }
        Err(error) => {
            let told =
                [ErrorKind::Deadline, ErrorKind::DeviceLost, ErrorKind::OutOfMemory, ErrorKind::Internal];
            assert!(told.contains(&error.kind()), "{fault:?}: {error}");
            false
        }
    };
    assert_eq!(&*input.read().unwrap(), &*x, "the input is the host's: {fault:?}");
    // What is left of the fault must not hit the next launch.
    gpu.forget_faults();
    let again = rt.map::<triple>(&input).on(Target::Split).run().unwrap();
    assert!(*again.read().unwrap() == *want, "the next launch works: {fault:?}");
    let sum = rt.reduce(&input).on(Target::Split).sum().unwrap();
    assert_eq!(sum, rt.reduce(&input).on(Target::Simd).sum().unwrap(), "{fault:?}");
    survived
}

#[test]
fn a_split_whose_device_fails_is_right_or_says_so() {
    let _alone = alone();
    if idle().is_none() {
        return;
    }
    let mut survived = 0;
    for nth in 1..=5 {
        let faults = [Fault::FailSubmit { nth }, Fault::Lose { nth }, Fault::OutOfMemory { nth, times: 2 }];
        survived +=
            faults.map(|fault| split_survives(fault, LONG)).into_iter().filter(|survived| *survived).count();
    }
    assert!(survived > 0, "no fault was ever met");
}

/// A copy has 10 s and its bytes' time, a dispatch without a deadline of its own 10 s.
#[test]
fn a_split_whose_device_hangs_goes_on_when_the_device_is_given_up() {
    let _alone = alone();
    if idle().is_some() {
        split_survives(Fault::Hang { nth: 1 }, 3 * LONG);
    }
}

#[kernel]
fn tally(x: u32, bins: &Atomics<u32>) {
    bins.add(x % 64, 1);
}

#[test]
fn shared_places_are_updated_once_although_a_device_fails() {
    let _alone = alone();
    if idle().is_none() {
        return;
    }
    let x: Vec<u32> = (0..500_000u32).map(|i| i.wrapping_mul(2_654_435_761) >> 12).collect();
    let mut expected = vec![0; 64];
    x.iter().for_each(|x| expected[*x as usize % 64] += 1);
    let mut survived = 0;
    for nth in 1..=5 {
        for fault in [Fault::FailSubmit { nth }, Fault::Lose { nth }, Fault::OutOfMemory { nth, times: 1 }] {
            // One that has not yet seen the device fail.
            let rt = Runtime::builder().threads(2).software_joins_split(true).build().unwrap();
            let gpu = idle().unwrap();
            gpu.inject(fault);
            let bins = Atomics::new(64);
            let launch = rt.map::<tally>((&x, &bins)).on(Target::Split).gpu_share(0.5).reported();
            match launch.run() {
                Ok(((), outcome)) => {
                    assert_eq!(bins.to_vec(), expected, "{fault:?}");
                    survived += usize::from(outcome.note.is_some());
                }
                // A copy may be lost on its way home.
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::DeviceLost | ErrorKind::Internal),
                    "{fault:?}: {error}"
                ),
            }
            gpu.forget_faults();
        }
    }
    assert!(survived > 0, "no fault was ever met");
}

#[kernel]
fn is_odd(x: u32) -> u32 {
    x & 1
}

/// One algorithm, at 50 % on a GPU whose submission `nth` fails: its result, which must come.
type Split = fn(&Runtime, &Array<u32>) -> Result<Array<u32>, Error>;

#[test]
fn algorithms_of_a_split_are_right_whatever_the_device_does() {
    let _alone = alone();
    let Some(first) = idle() else { return };
    drop(first);
    let x: Vec<u32> = (0..50_000u32).map(|i| i.wrapping_mul(2_654_435_761) >> 12).collect();
    let mut sums = x.clone();
    (1..sums.len()).for_each(|i| sums[i] = sums[i].wrapping_add(sums[i - 1]));
    let mut sorted = x.clone();
    sorted.sort_unstable();
    let mut counts = vec![0; 1000];
    x.iter().filter(|x| **x < 1000).for_each(|x| counts[*x as usize] += 1);
    let odd: Vec<u32> = x.iter().copied().filter(|x| x & 1 == 1).collect();
    let mut parts = x.clone();
    (1..parts.len()).filter(|i| ![20_000, 20_001].contains(i)).for_each(|i| {
        parts[i] = parts[i].wrapping_add(parts[i - 1]);
    });
    let mut joined = vec![0u32; 3_000];
    (0..x.len()).for_each(|i| joined[i % 3_000] = joined[i % 3_000].wrapping_add(x[i]));
    let all: [(&str, Split, Vec<u32>); 6] = [
        ("scan", |rt, x| split(rt, x).inclusive_scan(manylane::op::Sum), sums),
        ("sort", |rt, x| split(rt, x).sort(), sorted),
        ("histogram", |rt, x| split(rt, x).histogram(1000), counts),
        ("filter", |rt, x| split(rt, x).filter::<is_odd>(), odd),
        (
            "scan of segments",
            |rt, x| split(rt, x).segments(&[0, 20_000, 20_001, 50_000]).inclusive_scan(manylane::op::Sum),
            parts,
        ),
        (
            "scatter",
            |rt, x| {
                let places: Vec<u32> = (0..50_000).map(|i| i % 3_000).collect();
                split(rt, x).scatter(manylane::op::Sum, &places, 3_000)
            },
            joined,
        ),
    ];
    for (name, run, expected) in &all {
        for nth in 1..=4 {
            for fault in
                [Fault::FailSubmit { nth }, Fault::Lose { nth }, Fault::OutOfMemory { nth, times: 1 }]
            {
                // One that has not yet seen the device fail.
                let rt = Runtime::builder().threads(2).software_joins_split(true).build().unwrap();
                let gpu = idle().unwrap();
                let input = rt.array(x.clone()).unwrap();
                gpu.inject(fault);
                let found = run(&rt, &input).unwrap_or_else(|error| panic!("{name}, {fault:?}: {error}"));
                // A part that was computed there may be lost on its way home.
                match found.to_vec() {
                    Ok(found) => assert!(found == *expected, "{name}, {fault:?}"),
                    Err(error) => {
                        let told = matches!(error.kind(), ErrorKind::DeviceLost | ErrorKind::Internal);
                        assert!(told, "{name}, {fault:?}: {error}");
                    }
                }
                gpu.forget_faults();
            }
        }
    }
}

fn split<'r>(rt: &'r Runtime, x: &Array<u32>) -> Launch<'r, 'static, <u32 as manylane::api::Numeric>::Same> {
    rt.reduce(x).on(Target::Split).gpu_share(0.5)
}

#[kernel]
fn grow(y: &mut f32) -> f32 {
    *y = *y * 2.0 + 1.0;
    *y + 0.5
}

/// A piece that a device has updated in place is never updated again.
#[test]
fn what_is_updated_in_place_is_updated_once_although_a_device_fails() {
    let _alone = alone();
    if idle().is_none() {
        return;
    }
    let n = 1_000_000;
    let x: Vec<f32> = (0..n).map(|i| (i % 1000) as f32).collect();
    let grown: Vec<f32> = x.iter().map(|x| x * 2.0 + 1.0).collect();
    let mut survived = 0;
    for nth in 1..=9 {
        let rt = Runtime::builder().software_joins_split(true).build().unwrap();
        let gpu = idle().unwrap();
        let mut lent = x.clone();
        gpu.inject(Fault::Lose { nth });
        let launch = rt.map::<grow>((&mut lent,)).on(Target::Split).gpu_share(0.5).memory(1 << 20);
        let result = launch.reported().run();
        gpu.forget_faults();
        match result {
            Ok((out, outcome)) => {
                survived += usize::from(outcome.note.is_some_and(|note| note.contains("failed")));
                assert!(lent == grown, "{nth}: updated twice or never");
                assert!(out.read().unwrap().iter().zip(&grown).all(|(out, y)| *out == y + 0.5), "{nth}");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::DeviceLost, "{nth}: {error}"),
        }
    }
    assert!(survived > 0, "no fault was ever met");
}

#[test]
fn a_split_that_is_late_leaves_no_dying_device_to_the_next_launch() {
    let _alone = alone();
    if idle().is_none() {
        return;
    }
    let values: Vec<f32> = (0..100_000).map(|i| i as f32).collect();
    let expected: Vec<f32> = values.iter().map(|x| 3.0 * x).collect();
    for _ in 0..5 {
        let rt = Runtime::builder().threads(2).software_joins_split(true).build().unwrap();
        let gpu = idle().unwrap();
        let x = rt.array(values.clone()).unwrap();
        let launch = || rt.map::<triple>((&x,));
        launch().on(Target::Gpu(0)).run_wait().unwrap();
        gpu.inject(Fault::Hang { nth: 1 });
        let late = launch().on(Target::Split).gpu_share(0.5).deadline(Duration::from_millis(30)).run_wait();
        assert_eq!(late.map(drop).unwrap_err().kind(), ErrorKind::Deadline);
        let next = launch().on(Target::Gpu(0)).run_wait().unwrap();
        assert_eq!(*next.read().unwrap(), expected);
    }
}
