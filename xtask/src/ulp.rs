//! The worst error of every function: the sweep is an example of the testkit, because nothing here knows the library.

use anyhow::Result;

use crate::run::{cargo, run};

/// Sweeps all functions, or those that `rest` names, and writes `docs/accuracy.md`.
pub fn run_all(rest: &[String]) -> Result<()> {
    let gpu = rest.iter().any(|arg| arg == "--gpu");
    let features = if gpu { "--features manylane/gpu" } else { "" };
    let mut command = cargo(&format!("run --quiet -p manylane-testkit --example ulp {features} --"));
    run(command.args(rest))
}
