//! Split launches under thousands of schedules.

use manylane::Mapping;
use manylane_interleavings::board;

const MAPPINGS: [Mapping; 5] =
    [Mapping::Static, Mapping::ManagerWorker, Mapping::Hierarchical, Mapping::WorkStealing, Mapping::Auto];

#[test]
fn a_shared_launch_ends_with_every_place_computed_once() {
    for mapping in MAPPINGS {
        shuttle::check_random(move || board::shared(mapping, false), 500);
    }
}

#[test]
fn a_lost_device_takes_nothing_with_it() {
    for mapping in MAPPINGS {
        shuttle::check_random(move || board::shared(mapping, true), 500);
        shuttle::check_pct(move || board::shared(mapping, true), 500, 3);
    }
}
