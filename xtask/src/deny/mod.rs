//! What the dependencies may be: deny.toml, applied by cargo-deny, or by a small check of our own.
//!
//! Our own check knows licences, banned and duplicate crates, and sources. It knows no advisories, and says so.

mod licence;
mod own;

use std::process::Command;

use anyhow::Result;

use crate::run::{cargo, command, run as run_program, succeeds, target_folder};

/// The version that is built where none is installed: 85 s on two cores (Nov 2026, x86-64), once.
const CARGO_DENY: &str = "0.20.2";
/// Set to leave cargo-deny alone and use our own check.
const OWN: &str = "MANYLANE_DENY_OWN";

/// Applies deny.toml.
///
/// # Errors
/// Where a dependency is not as it must be.
pub fn run() -> Result<()> {
    let Some(deny) = CargoDeny::find() else {
        println!("deny: by our own check: licences, banned and duplicate crates, sources");
        println!("deny: advisories are NOT checked: that takes cargo-deny");
        return own::run();
    };
    println!("deny: by cargo-deny ({})", deny.program);
    run_program(deny.command().args([
        "--log-level",
        "warn",
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ]))?;
    let fetched = deny.command().args(["--log-level", "error", "fetch", "db"]).output();
    match fetched {
        Ok(fetched) if fetched.status.success() => {
            run_program(deny.command().args(["check", "--disable-fetch", "advisories"]))
        }
        _ => {
            println!("deny: advisories are NOT checked: their database cannot be fetched from here");
            Ok(())
        }
    }
}

/// Where cargo-deny is.
struct CargoDeny {
    program: String,
}

impl CargoDeny {
    /// The installed one, or the one built earlier under the target folder, or one built now.
    fn find() -> Option<Self> {
        if std::env::var_os(OWN).is_some() {
            return None;
        }
        let tools = target_folder().ok()?.join("tools");
        let built = tools.join("bin/cargo-deny").to_string_lossy().into_owned();
        let found = ["cargo-deny".to_owned(), built.clone()]
            .into_iter()
            .find(|program| succeeds(command(program).arg("--version")));
        if let Some(program) = found {
            return Some(CargoDeny { program });
        }
        println!("deny: building cargo-deny {CARGO_DENY}, once");
        let mut install = cargo("install --debug --quiet --locked cargo-deny --version");
        install.arg(CARGO_DENY).arg("--root").arg(&tools);
        // A shared target folder would keep its hundreds of crates for good.
        install.env("CARGO_TARGET_DIR", tools.join("build"));
        let installed = run_program(&mut install).is_ok();
        // Its objects are of no further use, and a folder that stays does no harm.
        let _ = std::fs::remove_dir_all(tools.join("build"));
        installed.then_some(CargoDeny { program: built })
    }

    fn command(&self) -> Command {
        command(&self.program)
    }
}
