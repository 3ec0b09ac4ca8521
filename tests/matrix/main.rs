//! Every property on every target: one body each, a trial for each target, whose name stands at the end.
//!
//! A target that this machine lacks is an ignored trial, or a failed one under `MANYLANE_REQUIRE_GPU=1`. The oracles are
//! plain loops beside each property, written from the meaning of the language and not from the kernel.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

#[path = "../kernels/mod.rs"]
mod kernels;

mod arrays;
mod control;
mod edges;
mod folds;
mod leaving;
mod memory;
mod numbers;
mod pictures;

use manylane_testkit::Property;

fn main() {
    manylane_testkit::on_every_target(&[
        numbers::ALL,
        control::ALL,
        arrays::ALL,
        pictures::ALL,
        folds::ALL,
        leaving::ALL,
        memory::ALL,
        edges::ALL,
    ]);
}

/// Transposes results: from tuples, as an oracle gives them, to one array for each part.
macro_rules! unzip {
    ($tuples:expr; $($part:tt)*) => {{
        let tuples: Vec<_> = $tuples;
        ($(tuples.iter().map(|t| t.$part).collect::<Vec<_>>(),)*)
    }};
}
pub(crate) use unzip;
