//! Writes the golden files anew: the generated WGSL, and what the compiler says to a misused macro.

use anyhow::Result;

use crate::run::{cargo, run};

/// Runs both golden tests in their writing mode.
pub fn run_both() -> Result<()> {
    run(cargo("test -p manylane-shaders --test golden").env("MANYLANE_BLESS", "1"))?;
    run(cargo("test -p manylane --test compile_fail").env("TRYBUILD", "overwrite"))?;
    println!("bless: written; read the diff before you commit it");
    Ok(())
}
