//! Our algorithms beside what people use today, in one run: `benches/peers/README.md` says how.

mod check;
mod report;
mod setup;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::Usage;
use crate::run::ChildFailed;

use report::Line;
use setup::Programs;

/// What the command line says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Those that our worker has, where none are named.
    workloads: Option<String>,
    sizes: Option<String>,
    only: Option<String>,
    rounds: Option<String>,
    json: Option<PathBuf>,
}

/// Sets up what is missing, measures, prints the table and writes the rows; or with `--check` compares results.
///
/// # Errors
/// Where a worker's check disagrees with the others', or a result with NumPy's, after everything is printed and written.
pub fn run_all(args: &[String]) -> Result<()> {
    if args.iter().any(|arg| arg == check::FLAG) {
        return check::run_all(args);
    }
    let options = Options::parse(args)?;
    let programs = setup::ensure()?;
    let lines = measure(&programs, &options)?;
    let rows = report::rows(&lines);
    print!("\n{}", report::table(&rows));
    for line in report::left_out(&lines) {
        println!("{line}");
    }
    if let Some(path) = &options.json {
        fs::write(path, report::json(&rows)).with_context(|| path.display().to_string())?;
        println!("{} rows in {}", rows.len(), path.display());
    }
    let wrong = report::disagreements(&lines);
    if !wrong.is_empty() {
        bail!("these computed something else than the others:\n  {}", wrong.join("\n  "));
    }
    Ok(())
}

impl Options {
    fn parse(args: &[String]) -> Result<Options> {
        let mut options = Options::default();
        for pair in args.chunks(2) {
            let [flag, value] = pair else { bail!(Usage(format!("`{}` needs a value", pair[0]))) };
            let slot = match flag.as_str() {
                "--workloads" => &mut options.workloads,
                "--sizes" => &mut options.sizes,
                "--only" => &mut options.only,
                "--rounds" => &mut options.rounds,
                "--json" => {
                    // The tools run in the repository's root, but a file is named from where one stands.
                    options.json = Some(std::path::absolute(value)?);
                    continue;
                }
                _ => bail!(Usage(format!("`peers` does not take `{flag}`"))),
            };
            *slot = Some(value.clone());
        }
        Ok(options)
    }
}

/// Runs `peers.py`, and says on stderr where it is.
fn measure(programs: &Programs, options: &Options) -> Result<Vec<Line>> {
    let workloads = match &options.workloads {
        Some(workloads) => workloads.clone(),
        None => programs.our_workloads()?.join(","),
    };
    let mut python = programs.python("peers.py");
    python.arg(&workloads).arg("--rust").arg(&programs.rust_peers).arg("--log").arg(&programs.log);
    python.arg("--extra").arg(format!("ours={}", quoted(&programs.ours.display().to_string())));
    let optional = [("--sizes", &options.sizes), ("--only", &options.only), ("--rounds", &options.rounds)];
    for (flag, value) in optional {
        python.args(value.iter().flat_map(|value| [flag, value.as_str()]));
    }
    let mut child = python.stdout(Stdio::piped()).spawn().context("cannot start Python")?;
    let stdout = child.stdout.take().context("a pipe")?;
    let mut lines: Vec<Line> = Vec::new();
    for text in BufReader::new(stdout).lines() {
        let line = Line::parse(&text?)?;
        let before = lines.iter().rev().find_map(Line::workload);
        if line.workload().is_some() && line.workload() != before {
            let (workload, size) = line.workload().unwrap_or_default();
            eprintln!("{workload} {size}");
        }
        lines.push(line);
    }
    if !child.wait()?.success() {
        bail!(ChildFailed::new("peers.py"));
    }
    Ok(lines)
}

/// As one word of a shell's command line, which is how `peers.py` takes a worker.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', "'\"'\"'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Options> {
        Options::parse(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn flags_take_values() {
        let found = parse(&["--sizes", "S,M", "--only", "numpy"]).unwrap();
        let expected =
            Options { sizes: Some("S,M".into()), only: Some("numpy".into()), ..Options::default() };
        assert_eq!(found, expected);
        assert!(parse(&["--sizes"]).unwrap_err().is::<Usage>());
        assert!(parse(&["--speed", "1"]).unwrap_err().is::<Usage>());
    }

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\"'\"'s'");
    }
}
