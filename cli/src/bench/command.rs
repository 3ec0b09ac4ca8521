//! `manylane bench`.

use std::fmt::Write;

use manylane::prelude::*;

use crate::Outcome;
use crate::args::BenchArgs;
use crate::bench::suite::targets_here;
use crate::bench::table::{Style, table};
use crate::bench::{Options, Record, Suite, plot, size};
use crate::failure::Failure;
use crate::host::{self, Host};
use crate::models;
use crate::output::{self, Draft};
use crate::report;

pub(crate) fn run(args: &BenchArgs) -> Outcome {
    for file in [&args.json, &args.csv].into_iter().flatten() {
        Draft::probe(file)?;
    }
    if let Some(folder) = &args.html {
        report::probe(folder)?;
    }
    let suite = Suite::standard();
    for name in &args.kernels {
        suite.find(name)?;
    }
    let rt = models::runtime(&args.costs)?;
    let (targets, notes) = match args.targets.as_slice() {
        [] => targets_here(),
        given => (given.to_vec(), Vec::new()),
    };
    let on_gpu = targets.iter().any(|target| matches!(target, Target::Gpu(_)));
    let options =
        Options { kernels: args.kernels.clone(), sizes: args.sizes.clone(), targets, quick: args.quick };

    let bar = output::progress_bar(0);
    let rows = suite.run(&rt, &options, &mut |step| {
        bar.set_length(step.rows as u64);
        bar.set_position(step.done as u64);
        bar.set_message(format!("{} {}: {}", step.kernel, size::show(step.size), step.doing));
    });
    bar.finish_and_clear();

    let host = if on_gpu { Host::tested(&rt) } else { Host::here(&rt) };
    let record = Record::new(host, rows?);
    if let Some(file) = &args.json {
        let json =
            record.json().map_err(|error| Failure::new(format!("the record cannot be written: {error}")))?;
        output::write(file, json.as_bytes())?;
    }
    if let Some(file) = &args.csv {
        output::write(file, record.csv().as_bytes())?;
    }
    if let Some(folder) = &args.html {
        report::write(&record, folder)?;
    }
    rt.notes().iter().for_each(|note| output::warn(note));
    output::print(&text(&record, &notes))?;
    let wrong: Vec<String> = record
        .rows
        .iter()
        .filter(|row| !row.verified)
        .map(|row| format!("{} at {} on {}", row.kernel, row.size_for_people(), row.target))
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{} of {} rows failed or gave wrong results: {}; their notes say why",
            wrong.len(),
            record.rows.len(),
            wrong.join(", ")
        )))
    }
}

fn text(record: &Record, notes: &[String]) -> String {
    let style = if output::is_terminal() { Style::Drawn } else { Style::Plain };
    let host = &record.host;
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
    let _ = write!(text, "\n{}", table(&record.rows, style));
    let plot = plot::plot(&record.rows, style);
    if !plot.is_empty() {
        let _ =
            write!(text, "\nWho wins, by speed-up over scalar (the bars grow with its logarithm):\n{plot}");
    }
    text
}
