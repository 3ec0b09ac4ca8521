//! Looks at compiled kernels: a helper that was not inlined is a call in the inner loop, and costs 30 times.
//!
//! It builds the example `entries`, in which the entries are reachable, and reads what `objdump` prints of it.

mod listing;

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use crate::apt::Apt;
use crate::run::{cargo, command, output, run as run_program, succeeds, target_folder};
use listing::{Function, Listing};

/// The kernels and levels looked at, and the register that shows the level in their loops.
const LOOKED_AT: [Entry; 4] = [
    Entry { kernel: "saxpy", level: "avx512", register: "%zmm" },
    Entry { kernel: "saxpy", level: "avx2", register: "%ymm" },
    Entry { kernel: "black_scholes", level: "avx512", register: "%zmm" },
    Entry { kernel: "black_scholes", level: "avx2", register: "%ymm" },
];

/// One kernel's `map` entry at one level.
struct Entry {
    kernel: &'static str,
    level: &'static str,
    register: &'static str,
}

/// Looks at `binary`, or builds the example and looks at that.
///
/// # Errors
/// Where an entry is missing, has no vector loop, or calls from an innermost loop.
pub fn run(binary: Option<&str>) -> Result<()> {
    if cfg!(not(target_arch = "x86_64")) {
        println!("disasm: left out: its table of registers is that of x86-64");
        return Ok(());
    }
    find_objdump()?;
    let binary = binary.map_or_else(build_example, |binary| Ok(PathBuf::from(binary)))?;
    let text = output(
        command("objdump").args(["-d", "--demangle", "--no-show-raw-insn", "--section=.text"]).arg(&binary),
    )?;
    let listing = Listing::read(&text);
    let mut failed = 0;
    for entry in &LOOKED_AT {
        match judge(entry, &listing) {
            Ok(says) => println!("{} {}: {says}", entry.kernel, entry.level),
            Err(says) => {
                failed += 1;
                println!("error: {} {}: {says}", entry.kernel, entry.level);
            }
        }
    }
    ensure!(failed == 0, "{failed} of {} compiled kernels are not as they must be", LOOKED_AT.len());
    Ok(())
}

/// What the listing says of one entry, or what is wrong with it.
fn judge(entry: &Entry, listing: &Listing<'_>) -> Result<String, String> {
    let functions: Vec<&Function<'_>> =
        listing.functions.iter().filter(|function| is_entry(function.name, entry)).collect();
    if functions.is_empty() {
        return Err("no function of that name is in the example `entries`".into());
    }
    let (mut loops, mut vector) = (0, 0);
    for function in &functions {
        for body in function.innermost_loops() {
            loops += 1;
            vector += usize::from(body.iter().any(|instruction| instruction.text.contains(entry.register)));
            if let Some(call) = body.iter().find(|instruction| instruction.is_call()) {
                return Err(format!(
                    "the inner loop of `{}` calls at {:x}: {}; something there is not `#[inline(always)]`",
                    function.name, call.address, call.text
                ));
            }
        }
    }
    if vector == 0 {
        return Err(format!("none of its {loops} inner loops uses {}", entry.register));
    }
    Ok(format!("{} functions, {loops} inner loops, {vector} of them vectors, no call", functions.len()))
}

/// One word of the symbol is the kernel's loop with plain slices: `KERNEL_plain_LEVEL`.
fn is_entry(name: &str, entry: &Entry) -> bool {
    let wanted = format!("{}_plain_{}", entry.kernel, entry.level);
    name.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == wanted)
}

fn build_example() -> Result<PathBuf> {
    // With the features that other examples are built with, so that the library is compiled once for all.
    run_program(&mut cargo("build --release --example entries --quiet"))?;
    Ok(target_folder()?.join("release/examples/entries"))
}

fn find_objdump() -> Result<()> {
    if succeeds(command("objdump").arg("--version")) {
        return Ok(());
    }
    println!("disasm: there is no objdump; installing binutils");
    match Apt::find() {
        Ok(apt) => {
            apt.update()?;
            apt.install(&["binutils"], None)
        }
        Err(reason) => bail!("objdump is needed (package binutils), and {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAXPY: Entry = Entry { kernel: "saxpy", level: "avx512", register: "%zmm" };

    fn judged(body: &str) -> Result<String, String> {
        let text = format!("0000000000001000 <kernels::_::saxpy_plain_avx512>:\n{body}");
        judge(&SAXPY, &Listing::read(&text))
    }

    #[test]
    fn names_are_whole_words() {
        assert!(is_entry("kernels::_::saxpy_plain_avx512", &SAXPY));
        assert!(is_entry("kernels::_::saxpy_plain_avx512::h01ab", &SAXPY));
        assert!(!is_entry("kernels::_::saxpy2_plain_avx512", &SAXPY));
        assert!(!is_entry("kernels::_::saxpy_plain_avx2", &SAXPY));
        assert!(!is_entry("kernels::saxpy::fold_avx512", &SAXPY));
    }

    #[test]
    fn a_clean_vector_loop_passes() {
        let says = judged(
            "    1000:\tcall   2000 <setup>\n    1005:\tvmovups (%rdi),%zmm0\n    100b:\tjne    1005 <x+0x5>\n    100d:\tret\n",
        );
        assert!(says.unwrap().contains("1 inner loops"));
    }

    #[test]
    fn a_call_in_the_loop_fails() {
        let says = judged(
            "    1005:\tvmovups (%rdi),%zmm0\n    1009:\tcall   *%rax\n    100b:\tjne    1005 <x+0x5>\n    100d:\tret\n",
        );
        assert!(says.unwrap_err().contains("call   *%rax"));
    }

    #[test]
    fn what_cannot_be_seen_fails() {
        assert!(judged("    1000:\tret\n").unwrap_err().contains("none of its 0 inner loops"));
        let scalar = "    1005:\taddss  %xmm0,%xmm1\n    100b:\tjne    1005 <x+0x5>\n";
        assert!(judged(scalar).unwrap_err().contains("none of its 1 inner loops uses %zmm"));
        assert!(judge(&SAXPY, &Listing::read("")).unwrap_err().contains("no function"));
    }
}
