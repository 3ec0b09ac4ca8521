//! Every test, on every SIMD level that this processor has, with a GPU adapter that must be there.
//!
//! The order puts the whole run last, so that the runner's own closing lines end the output; nothing is printed
//! after them, also where a test fails.

use std::process::Command;

use anyhow::Result;

use crate::run::{cargo, run, succeeds};
use crate::vulkan;

/// Runs all tests, or those that `extra` (arguments for the test runner) selects.
pub fn run_all(extra: &[String]) -> Result<()> {
    vulkan::ensure()?;
    let runner = Runner::find();
    println!("test: by {}", runner.name());
    if extra.is_empty() {
        // All at once, before the first is run: the slowest to compile are then not waited for one by one.
        heading("building");
        run(with_gpu(&mut cargo("test --workspace --tests --no-run --quiet")))?;
        heading("the documentation's examples");
        run(with_gpu(&mut cargo("test --workspace --doc --quiet")))?;
    } else {
        println!("test: the documentation's examples are left out, since arguments select tests");
    }
    let best = levels().into_iter().rev().find(|(_, available)| *available).map(|(level, _)| level);
    for (level, available) in levels() {
        if extra.is_empty() && Some(level) == best {
            println!(
                "test: MANYLANE_SIMD={level} has no run of its own: the last one, of everything, is on it"
            );
        } else if available {
            heading(&format!("MANYLANE_SIMD={level}"));
            for mut command in runner.level(extra) {
                with_gpu(&mut command).env("MANYLANE_SIMD", level);
                if extra.is_empty() {
                    // They run on the CPU alone; looking for drivers would take most of a short test's time.
                    command.env("VK_DRIVER_FILES", "/none").env("VK_ICD_FILENAMES", "/none");
                    command.env_remove("MANYLANE_REQUIRE_GPU");
                }
                run(&mut command)?;
            }
        } else {
            println!("test: MANYLANE_SIMD={level} is left out: this processor does not have it");
        }
    }
    if extra.is_empty() {
        heading("copies by way of staging memory, as to a GPU with memory of its own");
        run(with_gpu(&mut runner.copies()).env("MANYLANE_GPU_STAGING", "1"))?;
    }
    if extra.is_empty() {
        heading("trials of every target, on the level that the library chooses");
        run(with_gpu(&mut trials(&[])))?;
        heading("everything else, on that level");
    } else {
        heading("what the arguments select, on the level that the library chooses");
    }
    run(with_gpu(&mut runner.all(extra)))
}

fn heading(text: &str) {
    println!("\n-- test: {text}");
}

/// Tests that need a GPU fail where there is none, rather than skip.
fn with_gpu(command: &mut Command) -> &mut Command {
    command.env("MANYLANE_REQUIRE_GPU", "1").env_remove("MANYLANE_SIMD");
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // Mesa's device-selection layer looks for a display otherwise and complains on stderr.
        command.env("NODEVICE_SELECT", "1");
    }
    command
}

/// The levels, plainest first, and whether this processor has them.
fn levels() -> [(&'static str, bool); 4] {
    [("scalar", true), ("baseline", true), ("avx2", has_avx2()), ("avx512", has_avx512())]
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    has_avx2()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_avx2() -> bool {
    false
}

#[cfg(not(target_arch = "x86_64"))]
fn has_avx512() -> bool {
    false
}

/// The tests that are trials of one body on every target, thousands of them, each of some milliseconds: a process for
/// each would cost more than the trials, so each of these runs in one.
const TRIALS: [&str; 9] =
    ["algorithms", "bits", "matrix", "products", "random", "filters", "points", "references", "targets"];

/// Runs the trials that `arguments` of `libtest-mimic` select.
fn trials(arguments: &[&str]) -> Command {
    let mut command = cargo("test --workspace --quiet --no-fail-fast");
    command.args(TRIALS.iter().flat_map(|name| ["--test", name])).arg("--").args(arguments);
    command
}

/// What runs the tests. Both build the whole workspace with one set of features, so that no run builds anew.
enum Runner {
    Nextest,
    CargoTest,
}

impl Runner {
    fn find() -> Self {
        if succeeds(&mut cargo("nextest --version")) { Runner::Nextest } else { Runner::CargoTest }
    }

    fn name(&self) -> &'static str {
        match self {
            Runner::Nextest => "cargo nextest",
            Runner::CargoTest => "cargo test (cargo-nextest is not installed; it is faster)",
        }
    }

    /// Every test that `extra` selects; without any, all but the [trials].
    fn all(&self, extra: &[String]) -> Command {
        let mut command = match self {
            Runner::Nextest => cargo("nextest run --workspace --tests --no-fail-fast"),
            Runner::CargoTest => cargo("test --workspace --tests --no-fail-fast"),
        };
        match self {
            Runner::Nextest if extra.is_empty() => {
                command.args(["-E", &format!("not ({})", binaries(&TRIALS))])
            }
            // Those that are trials run once more here: `cargo test` cannot leave tests out by their program.
            _ => command.args(extra),
        };
        command
    }

    /// The tests of copies to and from devices.
    fn copies(&self) -> Command {
        let mut command = match self {
            Runner::Nextest => {
                cargo("nextest run --workspace --tests --status-level=fail --final-status-level=fail -E")
            }
            Runner::CargoTest => cargo("test -p manylane --quiet"),
        };
        const TESTS: [&str; 6] = ["address_space", "device", "eviction", "faults_device", "halo", "split"];
        match self {
            Runner::Nextest => command.arg(format!("package(manylane) and ({})", binaries(&TESTS))),
            Runner::CargoTest => command.args(TESTS.iter().flat_map(|name| ["--test", name])),
        };
        command
    }

    /// The tests whose meaning depends on the level: those of packages that link the library and run on the CPU alone. The
    /// fuzzer goes through every level by itself, and so do the trials, but for those of threads.
    fn level(&self, extra: &[String]) -> Vec<Command> {
        let mut others = match self {
            Runner::Nextest => cargo(
                "nextest run --workspace --tests --no-tests=pass --status-level=fail --final-status-level=fail",
            ),
            Runner::CargoTest => cargo("test --workspace --tests --quiet"),
        };
        if !extra.is_empty() {
            others.args(extra);
            return vec![others];
        }
        match self {
            Runner::Nextest => others.arg("-E").arg(format!(
                "rdeps(manylane) - package(manylane-fuzz) - test(/gpu|split-/) - ({})",
                binaries(&TRIALS)
            )),
            Runner::CargoTest => {
                others.args(["--exclude", "xtask", "--exclude", "manylane-fuzz"]);
                others.args(["--", "--skip", "gpu", "--skip", "split-"])
            }
        };
        vec![trials(&["::threads"]), others]
    }
}

/// A filter of cargo-nextest: the tests in these programs.
fn binaries(names: &[&str]) -> String {
    names.iter().map(|name| format!("binary({name})")).collect::<Vec<_>>().join(" or ")
}
