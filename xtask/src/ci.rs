//! What must hold for every commit, in the order of cost, the tests last.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::run::{cargo, command, root, run};
use crate::{deny, disasm, test, tidy, vulkan};

/// Runs every step and stops at the first that fails. `also` is a program to run before the tests.
///
/// The tests are the last step and nothing is printed after them, so that a log ends with the runner's closing
/// lines; the seconds of the steps before are therefore listed ahead of them.
pub fn run_all(also: Option<&str>) -> Result<()> {
    let mut log = Log::default();
    log.step("fmt", || run(&mut cargo("fmt --all --check")))?;
    log.step("clippy", || run(&mut clippy("--workspace --all-targets")))?;
    log.step("clippy without gpu", || run(&mut clippy("-p manylane --all-targets --no-default-features")))?;
    log.step("tidy", tidy::run)?;
    log.step("deny", deny::run)?;
    log.step("doc", || {
        run(cargo("doc --workspace --no-deps --lib --quiet").env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    log.step("disasm", || disasm::run(None))?;
    if let Some(also) = also {
        log.step("also", || run_also(also))?;
    }
    log.close();
    println!("\n== test");
    test::run_all(&[])
}

fn clippy(what: &str) -> Command {
    let mut command = cargo("clippy --quiet");
    command.args(what.split_whitespace()).args(["--", "-D", "warnings"]);
    command
}

/// It may ask for a GPU, which the tests would only install after it.
fn run_also(program: &str) -> Result<()> {
    vulkan::ensure()?;
    let path = Path::new(program);
    let path = if path.is_absolute() { path.to_path_buf() } else { root().join(path) };
    let path = path.canonicalize().with_context(|| format!("cannot find `{program}`"))?;
    run(command(&path.to_string_lossy()).env("NODEVICE_SELECT", "1"))
}

/// The headings, and the seconds that each step took.
#[derive(Default)]
struct Log {
    seconds: Vec<(&'static str, f64)>,
}

impl Log {
    fn step(&mut self, name: &'static str, body: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = body();
        let seconds = start.elapsed().as_secs_f64();
        self.seconds.push((name, seconds));
        match &result {
            Ok(()) => println!("== {name}: passed in {seconds:.1} s"),
            Err(error) => println!("== {name}: FAILED after {seconds:.1} s: {error:#}"),
        }
        result
    }

    fn close(&self) {
        let total: f64 = self.seconds.iter().map(|(_, seconds)| seconds).sum();
        let each: Vec<String> =
            self.seconds.iter().map(|(name, seconds)| format!("{name} {seconds:.1} s")).collect();
        println!("\n== passed so far: {}; {total:.1} s in all", each.join(", "));
    }
}
