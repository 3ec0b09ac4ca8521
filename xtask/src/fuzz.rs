//! Random kernels through the interpreter, WGSL and every level of the CPU: the crate `fuzz`.

use anyhow::Result;

use crate::run::{command, run};

/// `cargo xtask fuzz …`: the arguments are those of the fuzzer.
pub fn run_all(args: &[String]) -> Result<()> {
    // Not `--release`: this profile is optimised too, and shares its dependencies with the tests.
    run(command("cargo").args(["run", "--quiet", "-p", "manylane-fuzz", "--"]).args(args))
}
