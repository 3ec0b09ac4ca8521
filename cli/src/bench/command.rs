//! `manylane bench`, and the same for kernels of one's own.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::FromArgMatches;
use indicatif::ProgressBar;
use manylane::prelude::*;

use crate::args::{self, BenchAction, BenchArgs, CompareArgs};
use crate::bench::compare::{self, Differences};
use crate::bench::energy::Energy;
use crate::bench::evaluate;
use crate::bench::run::{Step, Watch};
use crate::bench::suite::targets_here;
use crate::bench::table::{Style, Table, table};
use crate::bench::{Options, Record, Row, Suite, markdown, plot, size};
use crate::failure::{Failure, INTERRUPTED};
use crate::host::{self, Host};
use crate::output::{self, Draft};
use crate::{Outcome, ended, interrupt, models, report};

/// The whole command line of `manylane bench` for the kernels of `suite`: what a program of one's own ends in.
///
/// The arguments are the program's, `--help` says which; the exit code is 0 where all went well, 1 for a failure, wrong
/// results or a regression, 2 for a call that makes no sense, 130 after Ctrl-C.
pub fn main_with(suite: Suite) -> ExitCode {
    main_with_args(suite, std::env::args_os())
}

/// As [`main_with`], with the arguments as they are given, the program's name first.
pub fn main_with_args(suite: Suite, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    ended(|| {
        let args: Vec<OsString> = args.into_iter().collect();
        let name = args.first().and_then(|name| Path::new(name).file_stem()).unwrap_or("bench".as_ref());
        let command = clap::Command::new("bench").bin_name(name.to_string_lossy().into_owned());
        // Last, since each group of arguments brings a text of its own.
        let command = <BenchArgs as clap::Args>::augment_args(command)
            .about("Runs kernels on every target, verifies, times, and says who wins");
        let matches = command.try_get_matches_from(&args);
        let found = matches.and_then(|found| BenchArgs::from_arg_matches(&found));
        args::parsed(found)?.map_or(Ok(()), |args| run(&suite, &args))
    })
}

pub(crate) fn run(suite: &Suite, args: &BenchArgs) -> Outcome {
    match &args.action {
        Some(BenchAction::Compare(args)) => compare_files(args),
        // The first format has all that is drawn.
        Some(BenchAction::Report(args)) => report::write(&compare::load_since(&args.record, 1)?, &args.html),
        None => bench(suite, args),
    }
}

fn bench(suite: &Suite, args: &BenchArgs) -> Outcome {
    for file in [&args.json, &args.csv, &args.markdown].into_iter().flatten() {
        Draft::probe(file)?;
    }
    if let Some(folder) = &args.html {
        report::probe(folder)?;
    }
    for name in &args.kernels {
        suite.find(name)?;
    }
    let baseline = args.baseline.as_deref().map(compare::load).transpose()?;
    let rt = models::runtime(&args.costs)?;
    let (targets, mut notes) = match args.targets.as_slice() {
        [] => targets_here(),
        given => (given.to_vec(), Vec::new()),
    };
    notes.extend(Energy::here().as_ref().err().cloned());
    let on_gpu = targets.iter().any(|target| matches!(target, Target::Gpu(_)));
    let options =
        Options { kernels: args.kernels.clone(), sizes: args.sizes.clone(), targets, quick: args.quick };
    let jobs = suite.jobs(&options)?;
    let asked = jobs.len() * options.targets.len();
    let host = if on_gpu { Host::tested(&rt) } else { Host::here(&rt) };

    interrupt::listen()?;
    let style = output::style();
    let live = output::is_live().then(|| Table::ahead(&jobs, &options.targets, style));
    let mut screen = Screen { bar: output::progress_bar(asked), live, lost: Ok(()), stopped: false };
    if let Some(table) = &screen.live {
        output::print(&format!("{}\n{}", about(&host, &notes), table.heads()))?;
    }
    let rows = suite.run(&rt, &options, &mut screen);
    let rows = rows.inspect_err(|_| screen.bar.finish_and_clear())?;
    let evaluation = (args.evaluate && !screen.stop()).then(|| {
        evaluate::evaluate(&rt, suite, &rows, args.quick, &mut |doing| {
            screen.bar.set_message(doing.to_owned());
            !screen.stop()
        })
    });
    screen.bar.finish_and_clear();
    let (live, interrupted) = (screen.live, screen.stopped);
    screen.lost?;

    if interrupted && rows.is_empty() {
        return Err(stopped("nothing was measured, and nothing is written".to_owned()));
    }
    let mut record = Record::new(host, rows);
    (record.seed, record.notes, record.evaluation) = (suite.seeded(), notes, evaluation);
    if interrupted {
        record.notes.push(format!("interrupted after {} of {asked} rows", record.rows.len()));
    }
    write_files(&record, args)?;
    rt.notes().iter().for_each(|note| output::warn(note));
    noise(&record.rows).iter().for_each(|warning| output::warn(warning));
    output::print(&match live {
        Some(table) => format!("{}{}", table.notes(), winners(&record, style)),
        None => format!(
            "{}\n{}{}",
            about(&record.host, &record.notes),
            table(&record.rows, style),
            winners(&record, style)
        ),
    })?;
    if let Some(evaluation) = &record.evaluation {
        output::print(&format!("\n{}", evaluate::told(evaluation)))?;
    }

    let right = all_right(&record.rows);
    let compared = baseline.map(|baseline| {
        let least = args.least_change.unwrap_or(compare::LEAST_CHANGE);
        let differences = Differences::between(&baseline, &record, least)?;
        output::print(&format!("\nAgainst the baseline:\n{}", told(&differences, style)))?;
        differences.judge()
    });
    if interrupted {
        let what = "what was measured until then is shown";
        return Err(stopped(format!(
            "after {} of {asked} rows; {what}, and written where asked",
            record.rows.len()
        )));
    }
    right.and(compared.unwrap_or(Ok(())))
}

fn stopped(what: String) -> Failure {
    Failure { code: INTERRUPTED, text: format!("interrupted: {what}") }
}

fn compare_files(args: &CompareArgs) -> Outcome {
    if let Some(file) = &args.markdown {
        Draft::probe(file)?;
    }
    let (before, after) = (compare::load(&args.before)?, compare::load(&args.after)?);
    let least = args.least_change.unwrap_or(compare::LEAST_CHANGE);
    let differences = Differences::between(&before, &after, least)?;
    if let Some(file) = &args.markdown {
        output::write(file, differences.markdown().as_bytes())?;
    }
    output::print(&told(&differences, output::style()))?;
    differences.judge()
}

/// The differences for people; how the machines differ is a warning.
fn told(differences: &Differences, style: Style) -> String {
    if !differences.hosts.is_empty() {
        output::warn(&format!(
            "the records are of different machines or builders, and times may differ for that alone: {}",
            differences.hosts.join("; ")
        ));
    }
    let [before, after] = &differences.built;
    format!("before: {before}\nafter:  {after}\n\n{}", differences.text(style))
}

/// What is shown while a bench runs.
struct Screen {
    bar: ProgressBar,
    live: Option<Table>,
    /// Whether the rows could be written.
    lost: Outcome,
    /// Whether the run was told to end.
    stopped: bool,
}

impl Watch for Screen {
    fn step(&mut self, step: Step<'_>) {
        self.bar.set_length(step.rows as u64);
        self.bar.set_position(step.done as u64);
        self.bar.set_message(format!("{} {}: {}", step.kernel, size::show(step.size), step.doing));
    }

    fn rows(&mut self, rows: &[Row]) {
        if let (Some(table), Ok(())) = (&mut self.live, &self.lost) {
            let text = table.rows(rows);
            self.lost = self.bar.suspend(|| output::print(&text));
        }
    }

    fn stop(&mut self) -> bool {
        self.stopped |= interrupt::asked() || self.lost.is_err();
        self.stopped
    }
}

fn write_files(record: &Record, args: &BenchArgs) -> Outcome {
    if let Some(file) = &args.json {
        let json =
            record.json().map_err(|error| Failure::new(format!("the record cannot be written: {error}")))?;
        output::write(file, json.as_bytes())?;
    }
    if let Some(file) = &args.csv {
        output::write(file, record.csv().as_bytes())?;
    }
    if let Some(file) = &args.markdown {
        output::write(file, markdown::markdown(record).as_bytes())?;
    }
    if let Some(folder) = &args.html {
        report::write(record, folder)?;
    }
    Ok(())
}

/// A warning where times are noisy.
fn noise(rows: &[Row]) -> Option<String> {
    let noisy = rows.iter().filter(|row| row.noise.is_some());
    let spread = |row: &Row| row.mad.zip(row.seconds_median).map_or(0.0, |(mad, median)| mad / median);
    let worst = noisy.clone().max_by(|a, b| spread(a).total_cmp(&spread(b)))?;
    Some(format!(
        "the times of {} of {} rows are noisy, most of all {} at {} on {}; let nothing else run",
        noisy.count(),
        rows.len(),
        worst.kernel,
        worst.size_for_people(),
        worst.target
    ))
}

fn all_right(rows: &[Row]) -> Outcome {
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| !row.verified)
        .map(|row| format!("{} at {} on {}", row.kernel, row.size_for_people(), row.target))
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} of {} rows failed or gave wrong results: {}; their notes say why",
        wrong.len(),
        rows.len(),
        wrong.join(", ")
    )))
}

/// The machine, and what is worth saying of the whole run.
fn about(host: &Host, notes: &[String]) -> String {
    let mut text =
        format!("{}, {} cores, {} threads, SIMD level {}\n", host.cpu, host.cores, host.threads, host.level);
    if host.adapters.is_empty() {
        let _ = writeln!(text, "{}", host::NO_GPU);
    }
    for adapter in &host.adapters {
        let software = if adapter.software { ": a software adapter, it runs on the CPU" } else { "" };
        let _ = writeln!(
            text,
            "{} is {} ({}, {} {}){software}",
            adapter.target, adapter.name, adapter.backend, adapter.driver, adapter.driver_info
        );
    }
    for note in notes {
        let _ = writeln!(text, "{note}");
    }
    text
}

fn winners(record: &Record, style: Style) -> String {
    let plot = plot::plot(&record.rows, style);
    if plot.is_empty() {
        return plot;
    }
    format!("\nWho wins, by speed-up over scalar (the bars grow with its logarithm):\n{plot}")
}
