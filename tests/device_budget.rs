//! The memory budget; a process of its own, because it is read when a device is opened.

#[path = "device/support.rs"]
mod support;

use std::process::Command;

use manylane::error::ErrorKind;

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
