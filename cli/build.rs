//! Notes the compiler and the commit that the command is built from: records of benches carry them.

use std::path::Path;
use std::process::Command;

fn main() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    println!(
        "cargo::rustc-env=MANYLANE_RUSTC={}",
        answer(Command::new(rustc).arg("--version")).unwrap_or_default()
    );
    let commit =
        answer(Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]));
    println!("cargo::rustc-env=MANYLANE_COMMIT={}", commit.unwrap_or_default());
    println!("cargo::rerun-if-changed=build.rs");
    // Grows with every commit and every switch of branches.
    if let Some(log) = answer(Command::new("git").args(["rev-parse", "--git-path", "logs/HEAD"]))
        && Path::new(&log).exists()
    {
        println!("cargo::rerun-if-changed={log}");
    }
}

fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
