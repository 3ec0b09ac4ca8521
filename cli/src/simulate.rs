//! `manylane plan --simulate`: how the mapping policies do on machines in virtual time.

use std::fmt::Write;
use std::path::Path;

use manylane::plan::simulate::{Cost, Device, Event, Machine, Task};
use manylane::prelude::Mapping;
use serde::{Deserialize, Serialize};

use crate::args::PlanArgs;
use crate::failure::Failure;
use crate::{Outcome, output};

/// The mappings, and what records call them.
const POLICIES: [(Mapping, &str); 5] = [
    (Mapping::Static, "static"),
    (Mapping::ManagerWorker, "manager-worker"),
    (Mapping::Hierarchical, "hierarchical"),
    (Mapping::WorkStealing, "work-stealing"),
    (Mapping::Auto, "auto"),
];

/// Machines for whoever has no file of them.
const OWN: &str = include_str!("machines.json");

/// A file of machines, in the words of its format.
#[derive(Deserialize)]
struct Machines {
    format: u32,
    manager_seconds: f64,
    machines: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    machine: String,
    seed: u64,
    devices: Vec<Told>,
    work: Work,
}

#[derive(Deserialize)]
struct Told {
    rate: f64,
    nominal: f64,
    latency: f64,
    link: f64,
    jitter: f64,
    #[serde(default)]
    events: Vec<Change>,
    /// As many alike, the rate of each a half more than of the one before, in threes.
    #[serde(default)]
    copies: Option<usize>,
}

#[derive(Deserialize)]
struct Change {
    at: f64,
    factor: f64,
}

#[derive(Deserialize)]
struct Work {
    elements: u64,
    bytes_per_element: f64,
    cost: String,
}

/// One line of the record.
#[derive(Serialize)]
struct Row {
    machine: String,
    devices: usize,
    work: String,
    policy: &'static str,
    efficiency: f64,
    vs_best_single: f64,
}

pub fn run(args: &PlanArgs) -> Outcome {
    let (name, text) = match &args.machines {
        Some(file) => (file.display().to_string(), read(file)?),
        None => ("the machines of the command".to_owned(), OWN.to_owned()),
    };
    let machines: Machines = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("{name} does not describe machines: {error}")))?;
    if machines.format != 1 {
        return Err(Failure::new(format!(
            "{name} has format {}; this command reads format 1",
            machines.format
        )));
    }
    let mut rows = Vec::new();
    for one in &machines.machines {
        rows.extend(
            score(one, machines.manager_seconds)
                .map_err(|error| Failure::new(format!("{name}, machine `{}`: {error}", one.machine)))?,
        );
    }
    if let Some(file) = &args.json {
        let json = serde_json::to_string_pretty(&rows);
        let json = json.map_err(|error| Failure::new(format!("the record cannot be written: {error}")))?;
        output::write(file, (json + "\n").as_bytes())?;
    }
    output::print(&table(&rows))
}

fn read(file: &Path) -> Outcome<String> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}", file.display())))
}

fn score(one: &One, manager_seconds: f64) -> Result<Vec<Row>, String> {
    let mut devices = Vec::new();
    for told in &one.devices {
        for copy in 0..told.copies.unwrap_or(1) {
            devices.push(Device {
                rate: told.rate * (1.0 + 0.5 * (copy % 3) as f64),
                nominal: told.nominal,
                latency: told.latency,
                link: told.link,
                jitter: told.jitter,
                events: told.events.iter().map(|e| Event { at: e.at, factor: e.factor }).collect(),
            });
        }
    }
    let Work { elements, bytes_per_element, cost } = &one.work;
    let cost_of = Cost::of_name(cost)
        .ok_or_else(|| format!("there is no cost `{cost}`; use flat, mandelbrot or last-tenth-x10"))?;
    let task = Task { elements: *elements, bytes_per_element: *bytes_per_element, cost: cost_of };
    let machine = Machine { devices, manager_seconds, seed: one.seed };
    let row = |(mapping, policy): (Mapping, &'static str)| {
        let score = machine.score(&task, mapping).map_err(|error| error.to_string())?;
        Ok(Row {
            machine: one.machine.clone(),
            devices: machine.devices.len(),
            work: cost.clone(),
            policy,
            efficiency: score.efficiency,
            vs_best_single: score.vs_best_single,
        })
    };
    POLICIES.into_iter().map(row).collect()
}

/// The rows for people: a line for each machine, a column for each policy.
fn table(rows: &[Row]) -> String {
    let widest = rows.iter().map(|row| row.machine.chars().count()).max().unwrap_or(0).max("machine".len());
    let mut text =
        String::from("The ideal time over the simulated one; in brackets the best device alone over it.\n\n");
    let _ = write!(text, "{:widest$} {:>7}", "machine", "devices");
    for (_, policy) in POLICIES {
        let _ = write!(text, " {policy:>16}");
    }
    text.push('\n');
    for machine in rows.chunks(POLICIES.len()) {
        let _ = write!(text, "{:widest$} {:>7}", machine[0].machine, machine[0].devices);
        for row in machine {
            let _ = write!(text, " {:>16}", format!("{:.3} ({:.2})", row.efficiency, row.vs_best_single));
        }
        text.push('\n');
    }
    text
}
