//! `manylane models`, and the runtime that keeps what it measures.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use manylane::Runtime;
use manylane::plan::Quantity;
use manylane::plan::saved::{self, Entry};

use crate::args::{Costs, ModelsAction, ModelsArgs};
use crate::bench::Suite;
use crate::failure::Failure;
use crate::{Outcome, output};

pub fn run(args: &ModelsArgs) -> Outcome {
    let Some(path) = args.models.clone().or_else(usual) else {
        return Err(Failure::usage(
            "no folder for caches is known (neither XDG_CACHE_HOME nor HOME is set); name a file with --models FILE",
        ));
    };
    let shown = path.display();
    let failed =
        |what: &str, error: std::io::Error| Failure::new(format!("`{shown}` cannot be {what}: {error}"));
    let text = match args.action {
        ModelsAction::Clear => match fs::remove_file(&path) {
            Ok(()) => format!("`{shown}` is removed\n"),
            Err(error) if error.kind() == ErrorKind::NotFound => format!("`{shown}` was not there\n"),
            Err(error) => return Err(failed("removed", error)),
        },
        ModelsAction::Show => match fs::read_to_string(&path) {
            Ok(text) => {
                let entries = saved::parse(&text);
                let entries = entries.map_err(|why| {
                    Failure::new(format!(
                        "`{shown}` holds no measured costs: {why}; clear it or name another"
                    ))
                })?;
                format!("{shown}\n{}", list(&entries))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                format!("`{shown}` is not there: nothing is known\n")
            }
            Err(error) => return Err(failed("read", error)),
        },
    };
    output::print(&text)
}

/// A runtime that keeps its costs where the arguments say, or where the command keeps them.
pub fn runtime(costs: &Costs) -> manylane::Result<Runtime> {
    let builder = Runtime::builder();
    match costs.models.clone().or_else(usual).filter(|_| !costs.no_models) {
        Some(path) => builder.models(path).build(),
        None => builder.build(),
    }
}

/// The file that the command uses unless told otherwise; `None` where the user has no folder for caches.
fn usual() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    cache.map(|cache| cache.join("manylane").join("models"))
}

/// Device by device.
fn list(entries: &[Entry]) -> String {
    let suite = Suite::standard();
    let name = |hash: u64| {
        let known = suite.workloads().iter().find(|workload| workload.text.hash == hash);
        known.map_or_else(|| format!("kernel {hash:016x}"), |workload| workload.name.to_owned())
    };
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by(|a, b| (&a.device, &a.version, a.quantity).cmp(&(&b.device, &b.version, b.quantity)));
    let mut text = String::new();
    let mut last = None;
    for entry in sorted {
        let device = (&entry.device, &entry.version);
        if last.replace(device) != Some(device) {
            let _ = writeln!(text, "{}, by version {}", entry.device, entry.version);
        }
        let mut values = entry.values.clone();
        values.sort_by(f64::total_cmp);
        let median = values[(values.len() - 1) / 2];
        let what = match entry.quantity {
            Quantity::Cost { kernel, class } => format!(
                "{}, from {} places on: {:.4} ns a place",
                name(kernel),
                1u64 << (2 * class).min(63),
                median * 1e9
            ),
            Quantity::Latency => format!("answers within {:.1} µs", median * 1e6),
            Quantity::Rate => format!("moves {:.2} GB/s", median / 1e9),
        };
        let count = values.len();
        let _ = writeln!(text, "  {what} ({count} sample{})", if count == 1 { "" } else { "s" });
    }
    text
}
