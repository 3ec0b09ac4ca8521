//! The page: one HTML file with everything in it.
//!
//! It names nothing outside of itself, and its content security policy forbids the browser to fetch anything.

use std::fmt::Write;

use crate::Outcome;
use crate::bench::evaluation::Evaluation;
use crate::bench::record::Record;
use crate::bench::size;
use crate::host;
use crate::report::scene::Scene;
use crate::report::svg::{escaped, inline, sheet};
use crate::report::table::{self, Table};
use crate::report::{Plots, unwritten, winners};

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// A part of the page.
struct Part {
    id: &'static str,
    title: &'static str,
    /// How to read its plots.
    says: &'static str,
    body: String,
}

/// The page of a record whose plots are drawn.
///
/// # Errors
/// None that a record can cause.
pub fn html(record: &Record, plots: &Plots) -> Outcome<String> {
    let parts = parts(record, plots);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <title>manylane bench: {} {}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n<main>\n",
        escaped(&record.host.cpu),
        escaped(&record.host.time),
        include_str!("page.css"),
        sheet(),
    );
    let _ = write!(
        text,
        "<h1>What is fastest here?</h1>\n<p>{}</p>\n<p class=\"soft\">{}</p>\n<nav>",
        escaped(&winners::verdict(record)),
        escaped(&machine_in_short(record))
    );
    for part in &parts {
        let _ = write!(text, "<a href=\"#{}\">{}</a>", part.id, part.title);
    }
    text.push_str("</nav>\n");
    for part in &parts {
        let _ = writeln!(
            text,
            "<section id=\"{}\">\n<h2>{}</h2>\n<p class=\"soft\">{}</p>\n{}</section>",
            part.id, part.title, part.says, part.body
        );
    }
    text.push_str("</main>\n<script type=\"application/json\" id=\"record\">");
    // Nothing in it can end the script.
    text.push_str(&record.json().map_err(unwritten)?.replace('<', "\\u003c"));
    let _ = writeln!(text, "</script>\n<script>\n{}</script>\n</body>\n</html>", include_str!("check.js"));
    Ok(text)
}

fn machine_in_short(record: &Record) -> String {
    let host = &record.host;
    let adapters: Vec<String> =
        host.adapters.iter().map(|adapter| format!("{}: {}", adapter.target, adapter.name)).collect();
    let gpu = if adapters.is_empty() { "no GPU".to_owned() } else { adapters.join(", ") };
    format!("{}, {} cores, SIMD level {}; {gpu}; {}", host.cpu, host.cores, host.level, host.time)
}

fn parts(record: &Record, plots: &Plots) -> Vec<Part> {
    let nothing = Evaluation::default();
    let evaluation = record.evaluation.as_ref().unwrap_or(&nothing);
    let timed = "Nothing was timed: no row of the record has a time.";
    let missing = |what: &str| match record.evaluation {
        None => format!(
            "The record has no {what}. Run <code>manylane bench --evaluate --html DIR</code> to measure it."
        ),
        Some(_) => {
            format!("The evaluation found no {what}; its notes, at the end of this page, may say why.")
        }
    };
    vec![
        Part {
            id: "winners",
            title: "Who wins",
            says: "How many times faster than one scalar thread. Blue is faster, orange slower, stronger is more.",
            body: unless_empty(&table::winners(record), timed),
        },
        Part {
            id: "speed",
            title: "Speed by size",
            says: "Bytes that a kernel must move, over its shortest time. Both axes are logarithmic: a step is a factor.",
            body: drawn(&plots.speed, timed, ""),
        },
        Part {
            id: "roofline",
            title: "Rooflines",
            says: "What each target could reach at most, from measured peaks: the slopes are memories, the flat line is \
                   arithmetic. A kernel's dot near its roof leaves nothing to gain there.",
            body: drawn(
                &plots.roofline,
                &missing("measured peaks of arithmetic and memory"),
                &details("Numbers of the rooflines", &[table::peaks(evaluation), table::points(evaluation)]),
            ),
        },
        Part {
            id: "scaling",
            title: "Scaling over threads",
            says: "Strong: the same work on more threads, beside Amdahl's law. Weak: work that grows with the threads, beside \
                   Gustafson's. Dashed lines are the laws with the serial share that was fitted, drawn on beyond the threads \
                   that were measured.",
            body: drawn(
                &plots.scaling,
                &missing("scaling over threads"),
                &details("Numbers of the scaling", &[table::scaling(evaluation)]),
            ),
        },
        Part {
            id: "crossover",
            title: "From which size on",
            says: "Where one target overtakes another, over the sizes that were measured.",
            body: drawn(
                &plots.crossover,
                &missing("crossover sizes"),
                &details("Crossings in words", &[table::crossovers(evaluation)]),
            ),
        },
        Part {
            id: "shares",
            title: "Shares of a split",
            says: "What each device was given, and what would have let all end at the same moment.",
            body: drawn(
                &plots.shares,
                &missing("shares of split launches (they need a GPU that joins a split)"),
                &details("Numbers of the shares", &[table::shares(evaluation)]),
            ),
        },
        Part {
            id: "timeline",
            title: "One launch over time",
            says: "Each lane is a worker or a device.",
            body: drawn(&plots.timeline, &missing("timeline of a launch"), ""),
        },
        Part {
            id: "rows",
            title: "All numbers",
            says: "The whole record, as JSON, lies beside this page as record.json; the plots lie there as SVG and PNG.",
            body: details(&format!("{} rows", record.rows.len()), &[table::rows(record)]) + &notes(record),
        },
        Part {
            id: "machine",
            title: "Machine and program",
            says: "Numbers mean nothing without them.",
            body: machine(record),
        },
    ]
}

fn unless_empty(table: &Table, otherwise: &str) -> String {
    if table.rows.is_empty() { format!("<p>{otherwise}</p>\n") } else { table.html() }
}

/// Plots and what follows them, or why there are none.
fn drawn(scenes: &[Scene], otherwise: &str, after: &str) -> String {
    if scenes.is_empty() {
        return format!("<p>{otherwise}</p>\n");
    }
    let mut text = String::from("<div class=\"plots\">\n");
    for scene in scenes {
        let _ = writeln!(text, "<figure data-plot=\"{}\">{}</figure>", scene.name, inline(scene));
    }
    text.push_str("</div>\n");
    text + after
}

fn details(summary: &str, tables: &[Table]) -> String {
    let tables: String = tables.iter().filter(|table| !table.rows.is_empty()).map(Table::html).collect();
    if tables.is_empty() {
        return tables;
    }
    format!("<details><summary>{}</summary>\n{tables}</details>\n", escaped(summary))
}

fn notes(record: &Record) -> String {
    let mut text = String::new();
    let mut list = |title: &str, notes: &[&str]| {
        if !notes.is_empty() {
            let items: String = notes.iter().map(|note| format!("<li>{}</li>\n", escaped(note))).collect();
            let _ = writeln!(text, "<p class=\"soft\">{title}</p>\n<ol>\n{items}</ol>");
        }
    };
    let notes: Vec<&str> = record.notes.iter().map(String::as_str).collect();
    list("Notes of the run:", &notes);
    list("Notes of the rows:", &table::notes(record));
    if let Some(evaluation) = &record.evaluation {
        let notes: Vec<&str> = evaluation.notes.iter().map(String::as_str).collect();
        list("Notes of the evaluation:", &notes);
    }
    text
}

fn machine(record: &Record) -> String {
    let host = &record.host;
    let caches = format!(
        "L1 {}, L2 {}, L3 {}",
        size::bytes(host.caches.l1 as u64),
        size::bytes(host.caches.l2 as u64),
        size::bytes(host.caches.l3 as u64)
    );
    let facts = [
        ("machine", host.name.clone()),
        ("system", format!("{}, {}", host.os, host.arch)),
        ("processor", host.cpu.clone()),
        ("cores", format!("{}, of which launches use {}", host.cores, host.threads)),
        ("SIMD", format!("{} of {}", host.level, host.levels.join(", "))),
        ("caches", caches),
        ("memory", size::bytes(host.memory)),
        ("driver", if host.driver.is_empty() { host::NO_GPU.to_owned() } else { host.driver.join("; ") }),
        ("rustc", host.rustc.clone()),
        ("manylane", host.version.clone()),
        ("commit", host.commit.clone().unwrap_or_else(|| "unknown".to_owned())),
        ("time", host.time.clone()),
    ];
    let mut text = String::from("<dl>\n");
    for (name, value) in facts {
        let _ = writeln!(text, "<dt>{name}</dt><dd>{}</dd>", escaped(&value));
    }
    text.push_str("</dl>\n");
    let adapters = table::adapters(record);
    if !adapters.rows.is_empty() {
        text.push_str(&adapters.html());
    }
    text
}
