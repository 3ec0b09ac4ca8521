//! Each scenario under random schedules, and under schedules with few changes of turns, which find the deeper faults.
#![forbid(unsafe_code)]

use manylane_interleavings::scenarios::{
    arrays_take_turns, failed_work_is_never_read, snapshots_stay_as_they_are,
};

fn check(scenario: fn()) {
    shuttle::check_random(scenario, 2000);
    shuttle::check_pct(scenario, 2000, 3);
}

#[test]
fn arrays_take_turns_on_a_small_device() {
    check(arrays_take_turns);
}

#[test]
fn snapshots_are_values() {
    check(snapshots_stay_as_they_are);
}

#[test]
fn failures_are_told() {
    check(failed_work_is_never_read);
}
