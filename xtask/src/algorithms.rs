//! Which algorithm is tested on which type and target: the table in `docs/algorithms.md`, made from the list of the trials.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, ensure};

use crate::run::{cargo, root};

/// Element types, in the table's order.
const TYPES: [&str; 7] = ["f32", "i32", "u32", "u8", "f64", "i64", "u64"];
/// Types that only the CPU's lanes have: there the trial of a GPU holds the error that says so.
const WIDE: [&str; 3] = ["f64", "i64", "u64"];

/// Lists the trials, and writes the table.
pub fn write_table() -> Result<()> {
    let output =
        cargo("test -q -p manylane --test algorithms -- --list").output().context("cargo test --list")?;
    ensure!(
        output.status.success(),
        "the trials cannot be listed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (table, cells) = table(&String::from_utf8(output.stdout).context("the list of trials")?);
    let path = root().join("docs/algorithms.md");
    fs::write(&path, table).with_context(|| path.display().to_string())?;
    println!("{}: {cells} trials", path.display());
    Ok(())
}

/// The page, and how many trials it stands for.
fn table(list: &str) -> (String, usize) {
    let mut tested: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    let mut count = 0;
    for line in list.lines() {
        let Some((name, target)) = line.trim_end_matches(": test").split_once("::") else { continue };
        let Some((algorithm, element)) = name.rsplit_once('_') else { continue };
        if TYPES.contains(&element) {
            tested.entry(algorithm).or_default().entry(element).or_default().insert(target);
            count += 1;
        }
    }
    let mut text = format!(
        "# Algorithms\n\nWhat is tested where, written by `cargo xtask algorithms` from the list of the {count} trials. A cell counts \
         the targets: scalar, SIMD at each level of the machine, threads by number and mapping, the GPU, auto and two splits. \
         64-bit numbers are not on a GPU, because shaders have none yet; the trial there holds the error that says so (`*`). \
         An empty cell: the algorithm is not for such numbers (`norm`, `moments`, `sum_exact` and bins by value are for floats, \
         other histograms for whole numbers), or the row is a special case of another, held for one type.\n\n\
         | algorithm |"
    );
    TYPES.iter().for_each(|element| _ = write!(text, " {element} |"));
    text.push_str("\n|---|");
    TYPES.iter().for_each(|_| text.push_str("---|"));
    for (algorithm, elements) in &tested {
        let _ = write!(text, "\n| {} |", algorithm.replace('_', " "));
        for element in TYPES {
            let cell = elements.get(element).map_or_else(String::new, |targets| {
                format!("{}{}", targets.len(), if WIDE.contains(&element) { "*" } else { "" })
            });
            let _ = write!(text, " {cell} |");
        }
    }
    text.push('\n');
    (text, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_become_cells() {
        let list =
            "sum_f32::scalar: test\nsum_f32::gpu:0: test\nsum_u64::scalar: test\n\n3 tests, 0 benchmarks\n";
        let (text, count) = table(list);
        assert_eq!(count, 3);
        assert!(text.ends_with("\n| sum | 2 |  |  |  |  |  | 1* |\n"), "{text}");
    }
}
