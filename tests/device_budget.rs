//! The memory budget; a process of its own, because it is read when a device is opened.

#[path = "device/support.rs"]
mod support;

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use manylane::error::ErrorKind;
use manylane::prelude::*;

#[kernel]
fn triple(x: f32) -> f32 {
    3.0 * x
}

/// Runs this test again in a process that has the budget, as setting it here would race with the other threads; whether
/// this is that process.
fn with_budget(budget: &str, test: &str) -> bool {
    const MARK: &str = "MANYLANE_TEST_BUDGET_SET";
    if std::env::var(MARK).is_ok() {
        return true;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    let status = again.args(["--exact", test]).env(MARK, "1").env("MANYLANE_GPU_BUDGET", budget).status();
    assert!(status.unwrap().success());
    false
}

#[test]
fn memory_beyond_the_budget_is_refused_and_comes_back_when_dropped() {
    if !with_budget("8M", "memory_beyond_the_budget_is_refused_and_comes_back_when_dropped") {
        return;
    }
    let Some(gpu) = support::first_gpu() else { return };
    let first = gpu.alloc(5 << 20).unwrap();
    let error = gpu.alloc(5 << 20).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
    assert!(error.to_string().contains("MANYLANE_GPU_BUDGET"), "{error}");
    drop(first);
    // The block that is kept for reuse makes way for one of another size.
    let second = gpu.alloc(7 << 20).unwrap();
    assert_eq!(second.bytes(), 7 << 20);
    assert!(gpu.memory_taken() <= 8 << 20);
}

#[test]
fn a_budget_that_is_no_number_is_a_setting_error() {
    if !with_budget("lots", "a_budget_that_is_no_number_is_a_setting_error") {
        return;
    }
    if manylane::device::gpu::adapters().is_empty() {
        eprintln!("ignored: no adapter");
        return;
    }
    let error = manylane::device::gpu::open(0).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Setting);
}

#[test]
fn a_launch_keeps_to_its_memory_and_makes_use_of_it() {
    const MEMORY: u64 = 8 << 20;
    // A process of its own: what others take is counted too.
    if !with_budget("1G", "a_launch_keeps_to_its_memory_and_makes_use_of_it") {
        return;
    }
    let Some(gpu) = support::first_gpu() else { return };
    let n = 6 << 20;
    let rt = Runtime::builder().threads(2).software_joins_split(true).build().unwrap();
    let x = rt.array((0..n).map(|i| i as f32).collect::<Vec<_>>()).unwrap();
    for (target, share) in [(Target::Gpu(0), 1.0), (Target::Split, 0.5)] {
        let recorder = rt.record();
        let done = AtomicBool::new(false);
        let (most, found) = std::thread::scope(|scope| {
            let watch = scope.spawn(|| {
                let mut most = 0;
                while !done.load(Ordering::Relaxed) {
                    most = most.max(gpu.memory_taken());
                    std::thread::sleep(std::time::Duration::from_micros(50));
                }
                most
            });
            let launch = rt.map::<triple>((&x,)).on(target).gpu_share(share).memory(MEMORY);
            let found = launch.run_wait();
            done.store(true, Ordering::Relaxed);
            (watch.join().unwrap(), found)
        });
        assert!(found.unwrap().read().unwrap().iter().enumerate().all(|(i, y)| *y == 3.0 * i as f32));
        assert!(most > 0 && most <= MEMORY, "{target}: {most} of {MEMORY}");
        let trace = recorder.finish();
        let [launch] = trace.launches() else { panic!("{:?}", trace.launches()) };
        let bytes = (4.0 * share * n as f64) as u64;
        // Shares are whole chunks.
        let near = |moved: u64| moved.abs_diff(bytes) <= 4 * 4_096;
        assert!(near(launch.moved_from_host) && near(launch.moved_to_host), "{target}: {launch:?}");
        // A fifth of the memory for each piece makes 31 of them, and some more while its speed is not known.
        assert!(launch.chunks.len() < 100, "{target}: {} pieces", launch.chunks.len());
    }
}

#[test]
fn opening_a_device_counts_for_no_launch() {
    if !with_budget("1G", "opening_a_device_counts_for_no_launch") {
        return;
    }
    if manylane::device::gpu::adapters().is_empty() {
        eprintln!("ignored: no adapter");
        return;
    }
    let rt = Runtime::new().unwrap();
    let x = rt.array(vec![1.0f32; 1_000]).unwrap();
    let recorder = rt.record();
    rt.map::<triple>((&x,)).on(Target::Gpu(0)).run_wait().unwrap();
    let trace = recorder.finish();
    assert_eq!((trace.launches()[0].moved_from_host, trace.launches()[0].moved_to_host), (4_000, 0));
}
