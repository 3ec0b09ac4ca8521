//! Array algorithms: every one on every element type and every target, against naive loops.
//!
//! A trial is named `algorithm_type::target`. Where a target does not have a type, the trial holds the algorithm to the
//! error that says so.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod cells;
mod exact;
mod numbers;
mod parts;
mod reductions;
mod scans;
mod scatters;
mod selections;
mod sorting;
mod statistics;

use manylane_testkit::Property;

fn main() {
    manylane_testkit::on_every_target(&[
        reductions::TYPED,
        reductions::WIDE,
        reductions::FLOATS,
        scans::TYPED,
        scans::WIDE,
        scans::OTHERS,
        selections::TYPED,
        selections::OTHERS,
        sorting::TYPED,
        sorting::WIDE,
        sorting::OTHERS,
        parts::TYPED,
        parts::OTHERS,
        cells::TYPED,
        cells::WIDE,
        exact::ALL,
        scatters::TYPED,
        scatters::OTHERS,
        statistics::ALL,
    ]);
}
