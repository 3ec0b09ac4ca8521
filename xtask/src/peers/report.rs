//! From what was measured to rows, a table, and who computed something else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The name of our own worker.
const OURS: &str = "ours";
/// How far a check may be off, relatively: sums of f32 one after the other lose digits, and formulas of the normal
/// distribution differ in the seventh. Wrong results have always been off by more.
const TOLERANCE: f64 = 0.02;
/// Ours loses no digits.
const OUR_TOLERANCE: f64 = 1e-3;

/// What one worker did with one workload.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// It measured it.
    Measured(Measured),
    /// It did not, and why; the workload, size and thread count, unless it is all of them.
    Skipped { peer: String, reason: String, at: Option<(String, String, u64)> },
}

/// The times and the check of one worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    workload: String,
    size: String,
    threads: u64,
    peer: String,
    seconds: f64,
    /// The number that all must agree on; NaN of those that cannot say it.
    check: f64,
    /// Whether no turn had the machine to itself.
    noisy: bool,
}

/// A line of the results.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    measured: Measured,
    /// Our time over the peer's.
    ratio: Option<f64>,
}

impl Line {
    /// Reads a line that `peers.py` printed.
    pub fn parse(text: &str) -> Result<Line> {
        let value: Value =
            serde_json::from_str(text).with_context(|| format!("`{text}` is no line of peers.py"))?;
        let word = |key: &str| value[key].as_str().map(str::to_owned);
        let peer = word("peer").context("a line without a peer")?;
        let at = || Some((word("workload")?, word("size")?, value["threads"].as_u64()?));
        if let Some(reason) = word("skipped") {
            return Ok(Line::Skipped { peer, reason, at: at() });
        }
        let (workload, size, threads) = at().with_context(|| format!("`{text}` has no workload"))?;
        Ok(Line::Measured(Measured {
            workload,
            size,
            threads,
            peer,
            seconds: value["seconds_min"].as_f64().context("no seconds")?,
            check: value["check"].as_f64().unwrap_or(f64::NAN),
            noisy: value["quiet_turns"] == 0,
        }))
    }

    /// The workload and its size.
    pub fn workload(&self) -> Option<(&str, &str)> {
        match self {
            Line::Measured(measured) => Some(measured.workload()),
            Line::Skipped { at, .. } => {
                at.as_ref().map(|(workload, size, _)| (workload.as_str(), size.as_str()))
            }
        }
    }
}

/// What was measured, in the order in which it was, each held against ours.
pub fn rows(lines: &[Line]) -> Vec<Row> {
    let all: Vec<&Measured> = measured(lines).collect();
    let ours = |peer: &Measured| all.iter().find(|m| m.peer == OURS && m.place() == peer.place());
    all.iter()
        .map(|&peer| Row {
            measured: peer.clone(),
            ratio: ours(peer).map(|ours| ours.seconds / peer.seconds),
        })
        .collect()
}

/// The rows as JSON, one on each line.
pub fn json(rows: &[Row]) -> String {
    let row = |Row { measured: m, ratio }: &Row| {
        let row = json!({
            "workload": m.workload, "size": m.size, "threads": m.threads, "peer": m.peer, "seconds_min": m.seconds,
            "ratio": ratio,
        });
        row.to_string()
    };
    format!("[\n{}\n]\n", rows.iter().map(row).collect::<Vec<_>>().join(",\n"))
}

/// Ours and the best peer of each workload, size and thread count. A peer that does better with fewer threads, or has no
/// more, counts with those: its user would not care.
pub fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:10} {:5} {:>7} {:>11} {:>11}  {:16} {:>6}\n",
        "workload", "size", "threads", "ours", "best peer", "", "ratio"
    );
    let mut noisy = false;
    for Row { measured: ours, .. } in rows.iter().filter(|row| row.measured.peer == OURS) {
        let _ = write!(text, "{:10} {:5} {:>7} {:>11}", ours.workload, ours.size, ours.threads, shown(ours));
        let peers = rows.iter().map(|row| &row.measured).filter(|peer| {
            peer.peer != OURS && peer.workload() == ours.workload() && peer.threads <= ours.threads
        });
        let best = peers.min_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let _ = match best {
            Some(best) => {
                let fewer = if best.threads < ours.threads { " on 1" } else { "" };
                let ratio = ours.seconds / best.seconds;
                let verdict = if ratio <= 1.0 { "" } else { "  behind" };
                let name = format!("{}{fewer}", best.peer);
                writeln!(text, " {:>11}  {name:16} {ratio:>6.3}{verdict}", shown(best))
            }
            None => writeln!(text, " {:>11}", "-"),
        };
        noisy |= ours.noisy || best.is_some_and(|best| best.noisy);
    }
    if noisy {
        text.push_str("! no turn had the machine to itself: measure again when it is quiet\n");
    }
    text
}

/// Who is not in the table: what is not installed on one line, and each failure on its own.
pub fn left_out(lines: &[Line]) -> Vec<String> {
    let mut absent = BTreeSet::new();
    let mut failed: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for line in lines {
        match line {
            Line::Skipped { peer, at: None, .. } => _ = absent.insert(peer.as_str()),
            Line::Skipped { peer, reason, at: Some((workload, size, threads)) } => {
                failed.entry((peer, reason)).or_default().push(format!("{workload} {size} on {threads}"));
            }
            Line::Measured(_) => {}
        }
    }
    let absent: Vec<&str> = absent.into_iter().collect();
    let absent = (!absent.is_empty()).then(|| format!("not installed, left out: {}", absent.join(", ")));
    let failed = failed
        .into_iter()
        .map(|((peer, reason), at)| format!("{peer} failed at {}: {reason}", at.join(", ")));
    absent.into_iter().chain(failed).collect()
}

/// The workers whose check is not the others', with both numbers. A failure of our own counts too.
pub fn disagreements(lines: &[Line]) -> Vec<String> {
    let all: Vec<&Measured> = measured(lines).filter(|m| !m.check.is_nan()).collect();
    let mut found = Vec::new();
    for m in &all {
        let same = |other: &&&Measured| other.workload() == m.workload();
        let mut checks: Vec<f64> = all.iter().filter(same).map(|m| m.check).collect();
        checks.sort_by(f64::total_cmp);
        let expected = checks[checks.len() / 2];
        let tolerance = if m.peer == OURS { OUR_TOLERANCE } else { TOLERANCE };
        if (m.check - expected).abs() > tolerance * expected.abs() + 1e-9 {
            found.push(format!(
                "{} at {} {} on {}: its check is {}, that of most {expected}",
                m.peer, m.workload, m.size, m.threads, m.check
            ));
        }
    }
    for line in lines {
        if let Line::Skipped { peer, reason, at: Some((workload, size, threads)) } = line
            && peer == OURS
        {
            found.push(format!("{peer} at {workload} {size} on {threads}: {reason}"));
        }
    }
    found
}

impl Measured {
    fn workload(&self) -> (&str, &str) {
        (&self.workload, &self.size)
    }

    fn place(&self) -> (&str, &str, u64) {
        (&self.workload, &self.size, self.threads)
    }
}

fn measured(lines: &[Line]) -> impl Iterator<Item = &Measured> {
    lines.iter().filter_map(|line| match line {
        Line::Measured(measured) => Some(measured),
        Line::Skipped { .. } => None,
    })
}

/// Its time, with a mark where the machine was not quiet.
fn shown(m: &Measured) -> String {
    let mark = if m.noisy { "!" } else { "" };
    match m.seconds {
        s if s < 1e-3 => format!("{mark}{:.2} us", s * 1e6),
        s => format!("{mark}{:.3} ms", s * 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(peer: &str, threads: u64, seconds: f64, check: f64) -> Line {
        let row = json!({
            "workload": "sum", "size": "S", "threads": threads, "peer": peer, "seconds_min": seconds, "check": check,
            "quiet_turns": 2,
        });
        Line::parse(&row.to_string()).unwrap()
    }

    #[test]
    fn a_ratio_below_1_is_ahead() {
        let lines = [line("numpy", 1, 4e-6, 0.5), line("numba", 1, 3e-6, 0.5), line("ours", 1, 1.5e-6, 0.5)];
        let rows = rows(&lines);
        let ratios: Vec<Option<f64>> = rows.iter().map(|row| row.ratio).collect();
        assert_eq!(ratios, [Some(0.375), Some(0.5), Some(1.0)]);
        let table = table(&rows);
        let cells: Vec<&str> = table.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(cells, ["sum", "S", "1", "1.50", "us", "3.00", "us", "numba", "0.500"]);
        let json: Value = serde_json::from_str(&json(&rows)).unwrap();
        assert_eq!(json[0]["ratio"], 0.375);
        assert_eq!(json.as_array().unwrap().len(), 3);
    }

    #[test]
    fn threads_are_held_against_as_many_and_the_best_against_fewer() {
        let rows = rows(&[line("numpy", 1, 4.0, 0.5), line("ours", 2, 1.0, 0.5), line("ours", 1, 1.0, 0.5)]);
        let ratios: Vec<Option<f64>> = rows.iter().map(|row| row.ratio).collect();
        assert_eq!(ratios, [Some(0.25), Some(1.0), Some(1.0)]);
        assert!(table(&rows).lines().nth(1).unwrap().ends_with("numpy on 1        0.250"));
        let rows = super::rows(&[line("numpy", 2, 4.0, 0.5), line("ours", 1, 1.0, 0.5)]);
        assert_eq!(rows[0].ratio, None);
        assert!(table(&rows).lines().nth(1).unwrap().ends_with('-'));
    }

    #[test]
    fn who_is_wrong_is_named() {
        let agree = [line("a", 1, 1.0, 0.5), line("b", 1, 1.0, 0.5001), line("ours", 1, 1.0, 0.5)];
        assert_eq!(disagreements(&agree), [""; 0]);
        let differ = [line("a", 1, 1.0, 0.5), line("b", 1, 1.0, 0.5), line("ours", 1, 1.0, 0.501)];
        let found = disagreements(&differ);
        assert!(found.len() == 1 && found[0].starts_with("ours at sum S on 1"), "{found:?}");
        let failed = r#"{"workload":"sum","size":"S","threads":2,"peer":"ours","skipped":"died"}"#;
        assert_eq!(disagreements(&[Line::parse(failed).unwrap()]), ["ours at sum S on 2: died"]);
    }

    #[test]
    fn what_is_missing_takes_one_line() {
        let absent =
            |peer: &str| Line::parse(&format!(r#"{{"peer":"{peer}","skipped":"not installed"}}"#)).unwrap();
        let lines = [absent("torch"), absent("halide"), line("ours", 1, 1.0, 0.5)];
        assert_eq!(left_out(&lines), ["not installed, left out: halide, torch"]);
    }
}
