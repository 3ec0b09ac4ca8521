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

use libtest_mimic::{Arguments, Trial};
use manylane_testkit::{Setup, gpu_is_required, targets};

/// A property: its name, and a body that panics where it does not hold.
type Property = (&'static str, fn(&Setup));

fn main() {
    let arguments = Arguments::from_args();
    let setups = targets();
    let mut trials = Vec::new();
    for properties in [
        numbers::ALL,
        control::ALL,
        arrays::ALL,
        pictures::ALL,
        folds::ALL,
        leaving::ALL,
        memory::ALL,
        edges::ALL,
    ] {
        for (name, body) in properties {
            for setup in &setups {
                let skip = setup.missing().is_some() && !gpu_is_required();
                let setup = setup.clone();
                let trial = Trial::test(format!("{name}::{}", setup.name), move || {
                    body(&setup);
                    Ok(())
                });
                trials.push(trial.with_ignored_flag(skip));
            }
        }
    }
    if let Some(setup) = setups.iter().find(|setup| setup.missing().is_some()) {
        eprintln!("{} is left out: {}", setup.name, setup.missing().unwrap_or_default());
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Transposes results: from tuples, as an oracle gives them, to one array for each part.
macro_rules! unzip {
    ($tuples:expr; $($part:tt)*) => {{
        let tuples: Vec<_> = $tuples;
        ($(tuples.iter().map(|t| t.$part).collect::<Vec<_>>(),)*)
    }};
}
pub(crate) use unzip;
