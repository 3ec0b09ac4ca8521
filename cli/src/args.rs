//! The command line.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand, ValueEnum};
use manylane::Target;
use manylane::shape::Domain;

use crate::bench::size;
use crate::failure::Failure;
use crate::picture::Op;
use crate::{Outcome, output};

/// One kernel on every lane: what this machine has, and what is fastest here.
#[derive(Parser)]
#[command(name = "manylane", version)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// What this machine has: cores, SIMD levels, GPU adapters and their self-tests.
    Info(InfoArgs),
    /// Runs kernels on every target, verifies, times, and says who wins.
    Bench(BenchArgs),
    /// Runs operations over pictures.
    Image(ImageArgs),
    /// Explains how one launch would be divided.
    Plan(PlanArgs),
    /// What earlier runs have found out about kernels and devices.
    Models(ModelsArgs),
}

#[derive(clap::Args)]
pub struct InfoArgs {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BenchArgs {
    #[command(subcommand)]
    pub action: Option<BenchAction>,
    /// Only these kernels, as in `saxpy,sobel`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub kernels: Vec<String>,
    /// These sizes, as in `64k,4M,1920x1080`; k, M and G count in steps of 1,024.
    #[arg(long, value_name = "SIZES", value_delimiter = ',', value_parser = size::parse)]
    pub sizes: Vec<Domain>,
    /// Only these targets, as in `scalar,simd,threads,gpu:0,split`.
    #[arg(long, value_name = "TARGETS", value_delimiter = ',')]
    pub targets: Vec<Target>,
    /// One size for each kernel and short timing: under a minute.
    #[arg(long)]
    pub quick: bool,
    /// Also measure peaks, scaling over threads, crossovers and the shares of splits.
    #[arg(long)]
    pub evaluate: bool,
    /// Also write the record as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Also write the rows as CSV.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Also write the rows as a Markdown table, as GitHub shows it.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Hold the rows against this record, written by `--json` before; fails where one became slower.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// The least change that counts, in percent; without it 3.
    #[arg(long, value_name = "PERCENT", value_parser = share, requires = "baseline")]
    pub least_change: Option<f64>,
    /// Also write a report with plots: a page, the record, and each plot as SVG and PNG, into this folder.
    #[arg(long, value_name = "DIR")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub costs: Costs,
}

/// What else `bench` does.
#[derive(Subcommand)]
pub enum BenchAction {
    /// Holds two records against each other, row by row; fails where one became slower or gave wrong results.
    Compare(CompareArgs),
    /// Draws the report of a record that was written before.
    Report(ReportArgs),
}

#[derive(clap::Args)]
pub struct ReportArgs {
    /// The record, as `bench --json` writes it.
    #[arg(value_name = "RECORD")]
    pub record: PathBuf,
    /// The folder for the page, the record, and each plot as SVG and PNG.
    #[arg(long, value_name = "DIR")]
    pub html: PathBuf,
}

#[derive(clap::Args)]
pub struct CompareArgs {
    /// The earlier record, as `bench --json` writes it.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The later one.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// The least change that counts, in percent; without it 3.
    #[arg(long, value_name = "PERCENT", value_parser = share)]
    pub least_change: Option<f64>,
    /// Also write the table as Markdown, as GitHub shows it.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
}

/// Percent as a share.
fn share(text: &str) -> Result<f64, String> {
    let percent = text.trim_end_matches(['%', ' ']).parse::<f64>().ok();
    let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
    percent.map(|percent| percent / 100.0).ok_or_else(|| "write percent, from 0 to 100, as in 5".to_owned())
}

/// Where measured costs are kept from run to run.
#[derive(clap::Args)]
pub struct Costs {
    /// The file of measured costs; without it `manylane/models` in the user's folder for caches.
    #[arg(long, value_name = "FILE")]
    pub models: Option<PathBuf>,
    /// Use no costs that were measured before, and keep none.
    #[arg(long, conflicts_with = "models")]
    pub no_models: bool,
}

#[derive(clap::Args)]
pub struct ModelsArgs {
    /// What to do with them.
    #[arg(value_enum)]
    pub action: ModelsAction,
    /// The file; without it `manylane/models` in the user's folder for caches.
    #[arg(long, value_name = "FILE")]
    pub models: Option<PathBuf>,
}

/// What can be done with measured costs.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModelsAction {
    /// Print them.
    Show,
    /// Forget them.
    Clear,
}

#[derive(clap::Args)]
pub struct ImageArgs {
    /// Pictures to read, folders of them or patterns such as `photos/*.png`, then where to write: a file, or a folder for
    /// several pictures. An operation that makes a picture of nothing needs only the last.
    #[arg(value_name = "IN… OUT", required_unless_present = "list")]
    pub paths: Vec<PathBuf>,
    /// What to do, in the order given: NAME[:ARG,…]; `--list` has them all.
    #[arg(long = "op", value_name = "OP", required_unless_present_any = ["list", "compare"])]
    pub ops: Vec<Op>,
    /// Write here how far every value of what was written is from what was read, and print PSNR and SSIM: a file, or a
    /// folder for several pictures.
    #[arg(long, value_name = "DIFFERENCE")]
    pub compare: Option<PathBuf>,
    /// Compare with this picture instead of with what was read.
    #[arg(long, value_name = "FILE", requires = "compare")]
    pub against: Option<PathBuf>,
    /// Where to run: auto, scalar, simd, threads, gpu, gpu:N or split.
    #[arg(long, default_value_t = Target::Auto)]
    pub target: Target,
    /// List the operations with their arguments, ranges and defaults.
    #[arg(long)]
    pub list: bool,
}

#[derive(clap::Args)]
pub struct PlanArgs {
    /// The kernel, one of those that `bench` knows.
    #[arg(long, value_name = "NAME", required_unless_present = "simulate")]
    pub kernel: Option<String>,
    /// The size, as in `64k`, `4M` or `1920x1080`.
    #[arg(long, value_parser = size::parse, required_unless_present_any = ["show", "simulate"])]
    pub size: Option<Domain>,
    /// Where to run: auto, scalar, simd, threads, gpu, gpu:N or split.
    #[arg(long, default_value_t = Target::Auto)]
    pub target: Target,
    /// Show what the compiler made of the kernel, with the plan or without.
    #[arg(long, value_enum)]
    pub show: Option<Show>,
    /// Also run it, twice, and write what the second run did as a timeline for Perfetto or Chromium's tracing page.
    #[arg(long, value_name = "FILE", requires = "size", conflicts_with = "simulate")]
    pub trace: Option<PathBuf>,
    /// Instead of a kernel's plan: how every mapping does on simulated machines.
    #[arg(long, conflicts_with_all = ["kernel", "size", "show"])]
    pub simulate: bool,
    /// The machines to simulate, in a JSON file; without it a few of the command's own.
    #[arg(long, value_name = "FILE", requires = "simulate")]
    pub machines: Option<PathBuf>,
    /// Also write the simulation's rows as JSON.
    #[arg(long, value_name = "FILE", requires = "simulate")]
    pub json: Option<PathBuf>,
    #[command(flatten)]
    pub costs: Costs,
}

/// What a plan can show besides itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Show {
    /// Its typed form, with every multiply-add as decided.
    Ir,
    /// The kernel as a shader.
    Wgsl,
    /// What is the same on all lanes, and which branches and loops carry masks.
    Uniformity,
}

/// What was parsed; `None` where help was asked for, which is then printed.
pub fn parsed<T>(result: Result<T, clap::Error>) -> Outcome<Option<T>> {
    match result {
        Ok(args) => Ok(Some(args)),
        Err(error) if error.use_stderr() => Err(usage(&error)),
        Err(help) => output::print(&help.to_string()).map(|()| None),
    }
}

/// What clap found wrong, as one line.
pub fn usage(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage(
            "no command is given; use info, bench, image, plan or models; `--help` says more",
        );
    }
    let text = error.to_string();
    let lines = text.lines().map(str::trim);
    let said =
        lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"));
    let said = said.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ").replace(":; ", ": ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    Failure::usage(format!("{}; `--help` says more", said.trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Args, String> {
        Args::try_parse_from(line.split(' ')).map_err(|error| usage(&error).text)
    }

    #[test]
    fn the_table_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn lists_and_targets() {
        let Ok(Args { command: Command::Bench(args) }) =
            parse("manylane bench --kernels saxpy,sum --sizes 64k,640x480 --targets simd,gpu:1")
        else {
            panic!("it parses")
        };
        assert_eq!(args.kernels, ["saxpy", "sum"]);
        assert_eq!(args.sizes, [Domain::Line(65_536), Domain::Grid { width: 640, height: 480 }]);
        assert_eq!(args.targets, [Target::Simd, Target::Gpu(1)]);
    }

    #[test]
    fn what_is_wrong_is_one_line() {
        for line in [
            "manylane",
            "manylane dance",
            "manylane bench --targets cuda",
            "manylane bench --sizes 0",
            "manylane image",
            "manylane image a.png b.png",
            "manylane image a.png b.png --op emboss",
            "manylane image a.png b.png --op blur:x",
            "manylane plan --kernel saxpy",
            "manylane info --jsn",
            "manylane bench --models x --no-models",
            "manylane bench --least-change 5",
            "manylane bench --baseline x --least-change 500",
            "manylane bench compare x",
            "manylane bench compare x y --least-change much",
            "manylane bench --quick compare x y",
            "manylane models",
            "manylane models forget",
        ] {
            let text = parse(line).err().unwrap_or_else(|| panic!("`{line}` is wrong"));
            assert!(!text.contains('\n') && text.ends_with("`--help` says more"), "{line}: {text}");
            assert_eq!(text.matches("--help").count(), 1, "{text}");
        }
    }
}
