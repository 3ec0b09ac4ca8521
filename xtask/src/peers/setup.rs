//! What the measurement and the check need: Python with its libraries, the Rust libraries, and our own programs.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::run::{cargo, command, output, root, run, succeeds, target_folder};

/// What is measured of Python's, as its index calls it; `tbb` and `threadpoolctl` only serve the others.
///
/// PyTorch is not here: for Linux the index has it with CUDA alone, gigabytes. Whoever puts a build for the CPU into the
/// environment has it measured too.
const PACKAGES: [&str; 8] =
    ["numpy", "threadpoolctl", "scipy", "numexpr", "tbb", "numba", "opencv-python-headless", "jax"];

/// What the check takes its references from.
const REFERENCES: [&str; 4] = ["numpy", "scipy", "opencv-python-headless", "pillow"];

/// Prints those of its arguments that are not installed.
const MISSING: &str = "
import importlib.metadata, sys
for name in sys.argv[1:]:
    try: importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError: print(name)
";

/// The programs, ready to be started.
#[derive(Debug)]
pub struct Programs {
    folder: PathBuf,
    python: PathBuf,
    /// The Rust libraries' worker.
    pub rust_peers: PathBuf,
    /// Our worker.
    pub ours: PathBuf,
    /// What computes the results that are checked.
    pub answers: PathBuf,
    /// What the workers say on stderr.
    pub log: PathBuf,
}

impl Programs {
    /// A script of `benches/peers`, whose interpreter leaves nothing in the tree.
    pub fn python(&self, script: &str) -> Command {
        let mut command = command(&self.python.to_string_lossy());
        command.arg(sources().join(script));
        command.env("PYTHONPYCACHEPREFIX", self.folder.join("pycache"));
        command.env("NUMBA_CACHE_DIR", self.folder.join("numba"));
        command
    }

    /// The workloads that our worker has.
    pub fn our_workloads(&self) -> Result<Vec<String>> {
        let names = output(command(&self.ours.to_string_lossy()).arg("--list"))?;
        Ok(names.split_whitespace().map(str::to_owned).collect())
    }
}

/// Builds and installs what a measurement needs and is not there yet, all below the target folder.
pub fn ensure() -> Result<Programs> {
    let programs = below(target_folder()?)?;
    packages(&programs, &PACKAGES, &REFERENCES[..1])?;
    let mut rust = cargo("build --release --quiet --locked");
    // From its folder, because there lies what tells the compiler to take all of this processor, as its users would.
    rust.current_dir(sources().join("rust-peers")).env("CARGO_TARGET_DIR", programs.folder.join("rust"));
    run(&mut rust)?;
    run(&mut cargo("build --release --quiet -p manylane-ours"))?;
    // It holds one run.
    fs::write(&programs.log, "").with_context(|| programs.log.display().to_string())?;
    Ok(programs)
}

/// The same for a check.
pub fn ensure_check() -> Result<Programs> {
    let programs = below(target_folder()?)?;
    packages(&programs, &REFERENCES, &REFERENCES)?;
    run(&mut cargo("build --release --quiet -p manylane-answers"))?;
    Ok(programs)
}

/// Where everything is, or will be.
fn below(target: PathBuf) -> Result<Programs> {
    let folder = target.join("peers");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(Programs {
        python: folder.join("venv/bin/python"),
        rust_peers: folder.join("rust/release/rust-peers"),
        ours: target.join("release/manylane-ours"),
        answers: target.join("release/manylane-answers"),
        log: folder.join("workers.log"),
        folder,
    })
}

/// Installs each package that is missing. One that cannot be had is said, and left out if it is not needed.
fn packages(programs: &Programs, wanted: &[&str], needed: &[&str]) -> Result<()> {
    if !programs.python.exists() {
        run(command("python3").args(["-m", "venv"]).arg(programs.folder.join("venv")))?;
    }
    let python = || command(&programs.python.to_string_lossy());
    let missing = output(python().args(["-c", MISSING]).args(wanted))?;
    for package in missing.split_whitespace() {
        eprintln!("installing {package}");
        let installed = succeeds(python().args(["-m", "pip", "install", "--quiet", package]));
        ensure!(
            installed || !needed.contains(&package),
            "{package} cannot be installed, and nothing goes without it"
        );
        if !installed {
            println!("{package} cannot be installed and is left out");
        }
    }
    Ok(())
}

fn sources() -> PathBuf {
    root().join("benches/peers")
}
