//! Project tasks, each `cargo xtask <task>`; `.ci/run` is `cargo xtask ci`.
//!
//! Nothing here is part of the library, and the library needs none of it to build.

mod algorithms;
mod apt;
mod bless;
mod ci;
mod compile_time;
mod deny;
mod disasm;
mod fuzz;
mod gallery;
mod peers;
mod report_check;
mod run;
mod test;
mod tidy;
mod ulp;
mod vulkan;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <task>

  test [-- ARGS]  every test on every SIMD level; installs software Vulkan where no adapter is.
                  ARGS go to the test runner, and the documentation's examples are left out
  ci [--also CMD] fmt, clippy, tidy, deny, doc, disasm, test; CMD runs just before the tests
  tidy            import order, file lengths, where unsafe stands, words that must not ship
  deny            licences, banned and duplicate crates, sources, advisories
  disasm [FILE]   no call in the inner loop of the compiled kernels, of the example `entries` or of FILE
  fuzz [--minutes N] [--seed S] [--only cpu|wgsl]
                  random kernels through the interpreter, WGSL and every level of the CPU; fuzz/found has what differs
  gallery [FILE]  what the operations make of the photograph, or of FILE, into examples/gallery
  bless           writes the golden files anew; read the diff
  ulp [ARGS]      the worst error of each of the language's functions, into docs/accuracy.md: all 2^32 inputs, minutes for
                  each. `--function NAME` takes one (may be repeated), `--gpu` its column of the GPU
  algorithms      which algorithm is tested on which type and target, into docs/algorithms.md
  peers [--workloads A,B] [--sizes S,M,L] [--only LIBRARY,...] [--rounds N] [--json FILE]
                  our algorithms beside NumPy, Numba, rayon and others, in one run; installs those that are missing
  peers --check [--targets scalar,simd,threads,gpu,split] [--only OPERATION,...] [--seed N] [--photographs FOLDER]
                  our matrices, transforms, random numbers and pictures held against NumPy, SciPy, OpenCV and Pillow, on every
                  target
  report-check [DIR] [--shots FOLDER]
                  opens the report of `bench --html DIR`, or one of made-up numbers, in headless Chromium, narrow and wide, light
                  and dark: no error, no plot without data, nothing out of place, every figure that of the record; FOLDER gets
                  pictures of it
  compile-time    what fifty kernels add to a release build, in seconds
  vulkan          only the installation that `test` begins with";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        // The child has said what is wrong, and its closing lines are to stay the last.
        Err(error) if error.is::<run::ChildFailed>() => ExitCode::FAILURE,
        Err(error) if error.is::<Usage>() => {
            eprintln!("{error}\n\n{USAGE}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let Some((task, rest)) = args.split_first() else { bail!(Usage("no task given".into())) };
    match (task.as_str(), rest) {
        ("test", _) => test::run_all(without_dashes(rest)),
        ("ci", []) => ci::run_all(None),
        ("ci", [flag, command]) if flag == "--also" => ci::run_all(Some(command)),
        ("tidy", []) => tidy::run(),
        ("compile-time", []) => compile_time::run_all(),
        ("deny", []) => deny::run(),
        ("disasm", []) => disasm::run(None),
        ("disasm", [binary]) => disasm::run(Some(binary)),
        ("fuzz", _) => fuzz::run_all(rest),
        ("algorithms", []) => algorithms::write_table(),
        ("bless", []) => bless::run_both(),
        ("gallery", []) => gallery::make(None),
        ("gallery", [photograph]) => gallery::make(Some(photograph)),
        ("peers", _) => peers::run_all(rest),
        ("report-check", _) => report_check::run_all(rest),
        ("ulp", _) => ulp::run_all(rest),
        ("vulkan", []) => vulkan::ensure(),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(())
        }
        ("algorithms" | "ci" | "gallery" | "tidy" | "deny" | "disasm" | "bless" | "vulkan", _) => {
            bail!(Usage(format!("`{task}` does not take `{}`", rest.join(" "))))
        }
        _ => bail!(Usage(format!("no task is called `{task}`"))),
    }
}

fn without_dashes(rest: &[String]) -> &[String] {
    match rest.split_first() {
        Some((first, others)) if first == "--" => others,
        _ => rest,
    }
}

/// A command line that means nothing.
#[derive(Debug)]
struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "error: {}", self.0)
    }
}

impl std::error::Error for Usage {}
