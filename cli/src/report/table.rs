//! Tables of a page: each number in them says where it stands in the record.

use std::fmt::Write;

use serde_json::Value;

use crate::bench::evaluation::Evaluation;
use crate::bench::record::Record;
use crate::report::lanes;
use crate::report::number::Unit;
use crate::report::scene::Figure;
use crate::report::speed::{distinct, targets};
use crate::report::svg::{attributes, escaped};
use crate::report::winners::{contests, hue, speedup, strength};

/// One cell.
pub enum Cell {
    /// What is no number.
    Text(String),
    /// A number of the record.
    Number(Figure),
    /// A number of the record, in a colour that grows with it; `true` frames it.
    Heat(Figure, bool),
}

impl Cell {
    /// A number, or nothing where there is none.
    pub fn number(at: String, value: Option<f64>, unit: Unit) -> Cell {
        match value.filter(|value| value.is_finite()) {
            Some(value) => Cell::Number(Figure { at, value, says: unit.show(value) }),
            None => Cell::Text("–".to_owned()),
        }
    }

    fn is_number(&self) -> bool {
        !matches!(self, Cell::Text(_))
    }
}

/// A table with its caption.
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Above each column.
    pub heads: Vec<String>,
    /// As many cells in each row as there are heads.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// As HTML, in a frame of its own that scrolls where the page is too narrow.
    pub fn html(&self) -> String {
        let caption = escaped(&self.caption);
        let mut text = format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table>\n\
             <caption>{caption}</caption>\n<tr>"
        );
        for (column, head) in self.heads.iter().enumerate() {
            let numeric = self.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_number));
            let class = if numeric { " class=\"n\"" } else { "" };
            let _ = write!(text, "<th scope=\"col\"{class}>{}</th>", escaped(head));
        }
        text.push_str("</tr>\n");
        for row in &self.rows {
            text.push_str("<tr>");
            for cell in row {
                let _ = match cell {
                    Cell::Text(words) => write!(text, "<td>{}</td>", escaped(words)),
                    Cell::Number(figure) => {
                        write!(text, "<td class=\"n\"{}>{}</td>", attributes(figure), escaped(&figure.says))
                    }
                    Cell::Heat(figure, best) => write!(
                        text,
                        "<td class=\"n h{}{}\" style=\"--h:{:.3}\"{}>{}</td>",
                        hue(figure.value).index(),
                        if *best { " best" } else { "" },
                        strength(figure.value),
                        attributes(figure),
                        escaped(&figure.says)
                    ),
                };
            }
            text.push_str("</tr>\n");
        }
        text.push_str("</table></div>\n");
        text
    }
}

/// Who wins: the speed-ups of all targets, the fastest framed.
pub fn winners(record: &Record) -> Table {
    let heads = ["kernel", "size"].into_iter().chain(targets(record)).map(str::to_owned).collect();
    let rows = contests(record).into_iter().map(|contest| {
        let mut cells = vec![Cell::Text(contest.kernel.to_owned()), Cell::Text(contest.size.clone())];
        cells.extend(contest.rows.iter().enumerate().map(|(column, row)| match row {
            None => Cell::Text("–".to_owned()),
            Some((_, row)) if !row.verified => Cell::Text("wrong".to_owned()),
            Some((at, row)) => match speedup(row) {
                None => Cell::Text("–".to_owned()),
                Some(value) => {
                    let says = Unit::Times.show(value);
                    let figure = Figure { at: format!("/rows/{at}/speedup"), value, says };
                    Cell::Heat(figure, contest.best == Some(column))
                }
            },
        }));
        cells
    });
    Table { caption: "Speed-up over scalar; framed: the fastest.".into(), heads, rows: rows.collect() }
}

/// The fields of a row that stand first, in this order, with what to write above them, where a record has them; any other
/// follows under its own name.
const FIELDS: [(&str, &str); 21] = [
    ("kernel", "kernel"),
    ("size", "size"),
    ("target", "target"),
    ("level", "level"),
    ("threads", "threads"),
    ("verified", "verified"),
    ("samples", "samples"),
    ("seconds_min", "min"),
    ("seconds_median", "median"),
    ("mad", "MAD"),
    ("outliers", "outliers"),
    ("noise", "noise"),
    ("seconds_cold", "cold"),
    ("seconds_transfer", "transfer"),
    ("seconds_upload", "upload"),
    ("seconds_download", "download"),
    ("page_faults", "page faults"),
    ("joules", "J"),
    ("gb_s", "GB/s"),
    ("gflop_s", "GFLOP/s"),
    ("speedup", "speed-up"),
];

/// Every row of the record with every field that any row has.
pub fn rows(record: &Record) -> Table {
    let values: Vec<Value> = record.rows.iter().filter_map(|row| serde_json::to_value(row).ok()).collect();
    // Lists are left to the JSON.
    let has = |field: &str| values.iter().any(|row| !row[field].is_null() && !row[field].is_array());
    let mut fields: Vec<(&str, &str)> = FIELDS.into_iter().filter(|(field, _)| has(field)).collect();
    let all = distinct(values.iter().filter_map(Value::as_object).flatten().map(|(field, _)| field.as_str()));
    let other =
        |field: &str| !matches!(field, "shape" | "note") && !FIELDS.iter().any(|(known, _)| *known == field);
    fields.extend(all.into_iter().filter(|field| other(field) && has(field)).map(|field| (field, field)));
    if has("note") {
        fields.push(("note", "note"));
    }
    let notes = notes(record);
    let cell = |at: usize, row: &Value, field: &str| -> Cell {
        let pointer = format!("/rows/{at}/{}", field.replace('~', "~0").replace('/', "~1"));
        match &row[field] {
            Value::Null => Cell::Text("–".to_owned()),
            Value::Bool(value) => Cell::Text(if *value { "yes" } else { "NO" }.to_owned()),
            Value::String(text) if field == "note" => {
                let number = notes.iter().position(|note| note == text).map_or(0, |place| place + 1);
                Cell::Text(format!("[{number}]"))
            }
            Value::String(text) => Cell::Text(text.clone()),
            Value::Number(number) if field == "size" => {
                let value = number.as_f64().unwrap_or(f64::NAN);
                Cell::Number(Figure { at: pointer, value, says: record.rows[at].size_for_people() })
            }
            Value::Number(number) => Cell::number(pointer, number.as_f64(), unit_of(field, number)),
            other => Cell::Text(other.to_string()),
        }
    };
    let rows = values
        .iter()
        .enumerate()
        .map(|(at, row)| fields.iter().map(|(field, _)| cell(at, row, field)).collect())
        .collect();
    let heads = fields.iter().map(|(_, head)| (*head).to_owned()).collect();
    Table { caption: "All rows of the record.".into(), heads, rows }
}

/// The unit of a field, by its name.
fn unit_of(field: &str, number: &serde_json::Number) -> Unit {
    if field.starts_with("seconds") || field.starts_with("mad") || field.ends_with("_seconds") {
        Unit::Seconds
    } else if field == "speedup" {
        Unit::Times
    } else if number.is_f64() {
        Unit::Plain
    } else {
        Unit::Count
    }
}

/// The notes of the rows, each once.
pub fn notes(record: &Record) -> Vec<&str> {
    distinct(record.rows.iter().filter_map(|row| row.note.as_deref()))
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn table<const N: usize>(caption: &str, heads: [&str; N], rows: Vec<Vec<Cell>>) -> Table {
    Table { caption: caption.into(), heads: heads.map(str::to_owned).to_vec(), rows }
}

/// What each target can do at most.
pub fn peaks(evaluation: &Evaluation) -> Table {
    let mut rows = Vec::new();
    for (at, peaks) in evaluation.peaks.iter().enumerate() {
        let pointer = format!("/evaluation/peaks/{at}/gflop_s");
        rows.push(vec![
            text(&peaks.target),
            text("arithmetic"),
            text("–"),
            Cell::number(pointer, Some(peaks.gflop_s), Unit::Plain),
            text("GFLOP/s"),
        ]);
        for (nth, memory) in peaks.memories.iter().enumerate() {
            let pointer = |field: &str| format!("/evaluation/peaks/{at}/memories/{nth}/{field}");
            rows.push(vec![
                text(&peaks.target),
                text(&memory.memory),
                Cell::number(pointer("footprint"), Some(memory.footprint as f64), Unit::Bytes),
                Cell::number(pointer("gb_s"), Some(memory.gb_s), Unit::Plain),
                text("GB/s"),
            ]);
        }
    }
    table(
        "What each target reaches at most, as measured.",
        ["target", "of", "moved", "at most", "unit"],
        rows,
    )
}

/// Where each kernel stands under the roofline.
pub fn points(evaluation: &Evaluation) -> Table {
    let rows = evaluation.points.iter().enumerate().map(|(at, point)| {
        let number = |field: &str, value: f64, unit: Unit| {
            Cell::number(format!("/evaluation/points/{at}/{field}"), Some(value), unit)
        };
        vec![
            text(&point.kernel),
            number("size", point.size as f64, Unit::Places),
            text(&point.target),
            number("intensity", point.intensity, Unit::Plain),
            number("gflop_s", point.gflop_s, Unit::Plain),
            number("attainable", point.attainable, Unit::Plain),
            text(&point.memory),
            text(&point.bound),
        ]
    });
    table(
        "Each kernel under its roofline.",
        ["kernel", "size", "target", "FLOP/byte", "GFLOP/s", "attainable GFLOP/s", "fits in", "bound by"],
        rows.collect(),
    )
}

/// Every step of every scaling curve.
pub fn scaling(evaluation: &Evaluation) -> Table {
    let mut rows = Vec::new();
    for (at, scaling) in evaluation.scaling.iter().enumerate() {
        for (nth, step) in scaling.steps.iter().enumerate() {
            let number = |field: &str, value: Option<f64>, unit: Unit| {
                Cell::number(format!("/evaluation/scaling/{at}/steps/{nth}/{field}"), value, unit)
            };
            // What holds for the whole curve stands in its first row.
            let whole = |field: &str, value: Option<f64>, unit: Unit| match nth {
                0 => Cell::number(format!("/evaluation/scaling/{at}/{field}"), value, unit),
                _ => Cell::Text(String::new()),
            };
            rows.push(vec![
                text(&scaling.kernel),
                text(&scaling.kind),
                number("threads", Some(step.threads as f64), Unit::Count),
                number("size", Some(step.size as f64), Unit::Places),
                number("seconds", Some(step.seconds), Unit::Seconds),
                number("speedup", Some(step.speedup), Unit::Times),
                number("absolute_speedup", step.absolute_speedup, Unit::Times),
                number("efficiency", Some(step.efficiency), Unit::Share),
                number("karp_flatt", step.karp_flatt, Unit::Plain),
                whole("serial", scaling.serial, Unit::Share),
                whole("ceiling", scaling.ceiling, Unit::Times),
                text(step.superlinear.as_deref().unwrap_or("")),
            ]);
        }
    }
    table(
        "Scaling over threads.",
        [
            "kernel",
            "kind",
            "threads",
            "size",
            "median",
            "speed-up",
            "over simd",
            "efficiency",
            "Karp–Flatt",
            "serial share (fit)",
            "ceiling (fit)",
            "more than linear because",
        ],
        rows,
    )
}

/// Every crossing.
pub fn crossovers(evaluation: &Evaluation) -> Table {
    let rows = evaluation.crossovers.iter().map(|crossing| {
        vec![
            text(&crossing.kernel),
            text(&crossing.of),
            text(&crossing.against),
            text(if crossing.with_transfers { "counted" } else { "left out" }),
            text(&lanes::in_words(crossing)),
        ]
    });
    let heads = ["kernel", "is", "faster than", "transfers", "verdict"];
    table("From which size on one target is faster than another.", heads, rows.collect())
}

/// What every device was given.
pub fn shares(evaluation: &Evaluation) -> Table {
    let mut rows = Vec::new();
    for (at, shares) in evaluation.shares.iter().enumerate() {
        for (nth, share) in shares.devices.iter().enumerate() {
            let pointer = |field: &str| format!("/evaluation/shares/{at}/devices/{nth}/{field}");
            rows.push(vec![
                text(&shares.kernel),
                Cell::number(format!("/evaluation/shares/{at}/size"), Some(shares.size as f64), Unit::Places),
                text(&share.device),
                Cell::number(pointer("given"), Some(share.given), Unit::Share),
                Cell::number(pointer("ideal"), Some(share.ideal), Unit::Share),
            ]);
        }
    }
    let heads = ["kernel", "size", "device", "given", "ideal"];
    table("The share of each device in a split launch.", heads, rows)
}

/// The adapters of the machine.
pub fn adapters(record: &Record) -> Table {
    let rows = record.host.adapters.iter().map(|adapter| {
        vec![
            text(&adapter.target),
            text(&adapter.name),
            text(&adapter.kind),
            text(&adapter.backend),
            text(&format!("{} {}", adapter.driver, adapter.driver_info)),
            text(adapter.refused.as_deref().unwrap_or("")),
        ]
    });
    table("GPU adapters.", ["target", "adapter", "kind", "by", "driver", "refused because"], rows.collect())
}
