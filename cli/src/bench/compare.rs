//! Two records held against each other, row by row.
//!
//! A row is slower or faster where three things hold:
//!
//! 1. its rounds say so, by [`samples::compare`](manylane::evaluate::samples::compare): the whole interval of the change is
//!    beyond the least change that matters, and the ranks are apart. Where the rounds of a side deviate by more than that, their
//!    deviation is the least change: what a machine does to one program within one bench, it does between two as well;
//! 2. there are five rounds on both sides, or more; those that stand far above the others of their side were disturbed and are
//!    left out;
//! 3. the shortest runs changed too, by half as much. What disturbs a run only ever adds to it: a program that has
//!    become slower is slower at its best, and a neighbour that kept the machine busy for some seconds is no change.
//!
//! Everything else is no change; where the interval is so wide that a change of 10 % could hide in it, that is said.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use manylane::evaluate::samples::{Comparison, Rule, Verdict, compare as by_rounds, summarize};
use serde_json::Value;

use crate::Outcome;
use crate::bench::markdown;
use crate::bench::measure::ROUNDS;
use crate::bench::record::{FORMAT, Record, Row};
use crate::bench::table::{Ink, Style, duration, line};
use crate::failure::Failure;
use crate::host::Host;

/// The least change that matters, as a share. Two runs of one build on one machine are some percent apart, as pages and
/// clocks fall; those of a quiet machine less.
pub const LEAST_CHANGE: f64 = 0.03;
/// Where a change of this share could hide, that is said.
const COULD_HIDE: f64 = 0.1;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// No change that matters is shown.
    None,
    /// The same, but the noise is such that a change of 10 % would not show either.
    NoneInNoise,
    /// It takes less time.
    Faster,
    /// It takes more time.
    Slower,
    /// There are fewer than five rounds on a side: nothing can be said.
    TooFew,
    /// It was right before and is wrong now, or was never right.
    Wrong,
    /// It was wrong before and is right now.
    Mended,
}

/// A row that both records have.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Kernel, size and target.
    pub what: [String; 3],
    /// The middle run before, in seconds.
    pub before: Option<f64>,
    /// The middle run after.
    pub after: Option<f64>,
    /// The ratio of the rounds and its interval, where there are enough.
    pub comparison: Option<Comparison>,
    /// What became of it.
    pub change: Change,
}

/// Two records held against each other.
#[derive(Clone, Debug)]
pub struct Differences {
    /// What both have, in the order of the later one.
    pub pairs: Vec<Pair>,
    /// What only the earlier one has.
    pub gone: Vec<String>,
    /// What only the later one has.
    pub new: Vec<String>,
    /// How the machines differ.
    pub hosts: Vec<String>,
    /// What each was measured by.
    pub built: [String; 2],
}

/// Reads a record that can be compared.
pub fn load(file: &Path) -> Outcome<Record> {
    load_since(file, FORMAT)
}

/// Reads a record of a format from `first` on.
pub fn load_since(file: &Path, first: u32) -> Outcome<Record> {
    let shown = file.display();
    let failed = |why: String| Failure::new(format!("`{shown}` {why}"));
    let text = fs::read_to_string(file).map_err(|error| {
        failed(format!("cannot be read: {error}; name a record that `bench --json FILE` has written"))
    })?;
    let no_record =
        |why: String| failed(format!("is no record of a bench: {why}; write one with `bench --json FILE`"));
    let value: Value = serde_json::from_str(&text).map_err(|error| no_record(error.to_string()))?;
    match value.get("format").and_then(Value::as_u64) {
        None => Err(no_record("it has no number `format`".into())),
        Some(format) if format < u64::from(first) => Err(failed(format!(
            "is of format {format}, which has no rounds to compare by (this is format {FORMAT}); measure it again with \
             `bench --json FILE`"
        ))),
        Some(format) if format > u64::from(FORMAT) => Err(failed(format!(
            "is of format {format}, and this command knows {FORMAT} at most; use the version that wrote it"
        ))),
        Some(_) => serde_json::from_value(value).map_err(|error| no_record(error.to_string())),
    }
}

impl Differences {
    /// Holds `after` against `before`; changes of less than `least_change`, as a share, are none.
    ///
    /// # Errors
    /// Where the two have no row in common.
    pub fn between(before: &Record, after: &Record, least_change: f64) -> Outcome<Differences> {
        let rule = Rule { least_change, ..Rule::default() };
        let mut earlier: HashMap<[String; 3], &Row> = before.rows.iter().map(|row| (key(row), row)).collect();
        let (mut pairs, mut new) = (Vec::new(), Vec::new());
        for row in &after.rows {
            match earlier.remove(&key(row)) {
                Some(earlier) => pairs.push(Pair::of(earlier, row, &rule)),
                None => new.push(shown(&key(row))),
            }
        }
        if pairs.is_empty() {
            return Err(Failure::new(
                "the two records have no kernel with the same size and target in common; measure the same rows (`--kernels`, \
                 `--sizes`, `--targets`, `--quick`)",
            ));
        }
        let left = before.rows.iter().map(key).filter(|key| earlier.contains_key(key));
        let gone = left.map(|key| shown(&key)).collect();
        let hosts = apart(&before.host, &after.host);
        Ok(Differences { pairs, gone, new, hosts, built: [markdown::built(before), markdown::built(after)] })
    }

    /// The rows of one kind.
    pub fn of(&self, change: Change) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(move |pair| pair.change == change)
    }

    /// Fails where something became slower or is wrong.
    ///
    /// # Errors
    /// Naming the rows.
    pub fn judge(&self) -> Outcome {
        let named = |change, what: &str| {
            let rows: Vec<String> = self.of(change).map(Pair::shown).collect();
            (!rows.is_empty())
                .then(|| format!("{} of {} rows {what}: {}", rows.len(), self.pairs.len(), rows.join(", ")))
        };
        let bad = [named(Change::Wrong, "gave wrong results"), named(Change::Slower, "became slower")];
        let bad: Vec<String> = bad.into_iter().flatten().collect();
        if bad.is_empty() { Ok(()) } else { Err(Failure::new(bad.join("; "))) }
    }

    /// The table for people, and a line of conclusion.
    pub fn text(&self, style: Style) -> String {
        let mut text = String::new();
        let lines: Vec<Vec<String>> = self.pairs.iter().map(Pair::cells).collect();
        let (heads, numbers): (Vec<String>, Vec<bool>) =
            HEADS.into_iter().map(|(head, is_number)| (head.to_owned(), is_number)).unzip();
        let mut widths: Vec<usize> = heads.iter().map(String::len).collect();
        for cells in &lines {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        text += &line(&heads, &[Ink::Head; HEADS.len()], &widths, &numbers, style);
        text += &style.rule(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        text.push('\n');
        for (pair, cells) in self.pairs.iter().zip(&lines) {
            let mut inks = [Ink::Plain; HEADS.len()];
            inks[HEADS.len() - 1] = pair.change.ink();
            text += &line(cells, &inks, &widths, &numbers, style);
        }
        text + "\n" + &self.conclusion()
    }

    /// As a table of GitHub's.
    pub fn markdown(&self) -> String {
        let lines: Vec<Vec<String>> = self.pairs.iter().map(Pair::cells).collect();
        let [before, after] = &self.built;
        format!(
            "Before: {before}\n\nAfter: {after}\n\n{}\n{}",
            markdown::table(&HEADS, &lines),
            self.conclusion()
        )
    }

    fn conclusion(&self) -> String {
        let count = |change| self.of(change).count();
        let none = count(Change::None) + count(Change::NoneInNoise);
        let mut parts = Vec::new();
        for (n, what) in [
            (count(Change::Slower), "slower"),
            (count(Change::Faster), "faster"),
            (count(Change::Wrong), "wrong"),
            (count(Change::Mended), "right again"),
            (count(Change::TooFew), "with too few rounds to tell"),
        ] {
            if n > 0 {
                parts.push(format!("{n} {what}"));
            }
        }
        let mut text = match parts.as_slice() {
            [] => format!("no change in {none} rows\n"),
            _ => format!("{}, no change in {none}\n", parts.join(", ")),
        };
        let noisy = count(Change::NoneInNoise);
        if noisy > 0 {
            text +=
                &format!("in {noisy} of those the noise would hide a change of 10 %: let nothing else run\n");
        }
        if count(Change::TooFew) > 0 {
            text += "runs that take too long for five rounds have more time without --quick\n";
        }
        for (rows, which) in [(&self.gone, "earlier"), (&self.new, "later")] {
            if !rows.is_empty() {
                text += &format!("only in the {which} record: {}\n", rows.join(", "));
            }
        }
        text
    }
}

const HEADS: [(&str, bool); 8] = [
    ("kernel", false),
    ("size", true),
    ("target", false),
    ("before", true),
    ("after", true),
    ("change", true),
    ("interval", true),
    ("verdict", false),
];

impl Change {
    fn text(self) -> &'static str {
        match self {
            Change::None => "no change",
            Change::NoneInNoise => "no change, noisy",
            Change::Faster => "faster",
            Change::Slower => "SLOWER",
            Change::TooFew => "too few rounds",
            Change::Wrong => "WRONG",
            Change::Mended => "right again",
        }
    }

    fn ink(self) -> Ink {
        match self {
            Change::None => Ink::Plain,
            Change::NoneInNoise | Change::TooFew => Ink::Doubtful,
            Change::Faster | Change::Mended => Ink::Good,
            Change::Slower | Change::Wrong => Ink::Bad,
        }
    }
}

impl Pair {
    fn of(before: &Row, after: &Row, rule: &Rule) -> Pair {
        let spread = |row: &Row| summarize(&row.rounds).spread();
        let noise = spread(before).max(spread(after));
        let rule = Rule { least_change: rule.least_change.max(noise), ..*rule };
        let enough = before.rounds.len().min(after.rounds.len()) >= ROUNDS;
        let comparison = enough.then(|| by_rounds(&steady(before), &steady(after), &rule)).flatten();
        let change = match (before.verified, after.verified, comparison) {
            (_, false, _) => Change::Wrong,
            (false, true, _) => Change::Mended,
            (true, true, None) => Change::TooFew,
            (true, true, Some(comparison)) => of_times(before, after, &comparison, noise),
        };
        Pair {
            what: key(after),
            before: before.seconds_median,
            after: after.seconds_median,
            comparison,
            change,
        }
    }

    fn shown(&self) -> String {
        let change = self.comparison.filter(|_| self.change == Change::Slower);
        let by = change.map(|comparison| format!(" (by {:.1} %)", (comparison.ratio - 1.0) * 100.0));
        shown(&self.what) + &by.unwrap_or_default()
    }

    fn cells(&self) -> Vec<String> {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let change = |ratio: f64| format!("{:+.1}%", (ratio - 1.0) * 100.0);
        let interval =
            self.comparison.map(|found| format!("{} to {}", change(found.low), change(found.high)));
        let mut cells = self.what.to_vec();
        cells.extend([
            or_dash(self.before.map(duration)),
            or_dash(self.after.map(duration)),
            or_dash(self.comparison.map(|found| change(found.ratio))),
            or_dash(interval),
            self.change.text().to_owned(),
        ]);
        cells
    }
}

/// The rounds of a row, each by itself, without those that stand far above: by the score that Iglewicz and Hoaglin (1993) call
/// an outlier, which holds until half of the rounds are disturbed.
fn steady(row: &Row) -> Vec<[f64; 1]> {
    let all = summarize(&row.rounds);
    let is_steady = |seconds: &&f64| all.modified_z(**seconds) <= 3.5;
    row.rounds.iter().filter(is_steady).map(|seconds| [*seconds]).collect()
}

fn of_times(before: &Row, after: &Row, comparison: &Comparison, noise: f64) -> Change {
    let best = after.seconds_min.zip(before.seconds_min).map_or(1.0, |(after, before)| after / before);
    let half = |ratio: f64| 1.0 + (ratio - 1.0) / 2.0;
    match comparison.verdict {
        Verdict::Slower if best > half(comparison.ratio) => Change::Slower,
        Verdict::Faster if 1.0 / best > half(1.0 / comparison.ratio) => Change::Faster,
        _ if comparison.could_tell(COULD_HIDE) && noise < COULD_HIDE => Change::None,
        _ => Change::NoneInNoise,
    }
}

fn key(row: &Row) -> [String; 3] {
    [row.kernel.clone(), row.size_for_people(), row.target.clone()]
}

fn shown([kernel, size, target]: &[String; 3]) -> String {
    format!("{kernel} at {size} on {target}")
}

/// How two machines differ, in what times depend on.
fn apart(before: &Host, after: &Host) -> Vec<String> {
    let adapters = |host: &Host| {
        let of = |adapter: &crate::host::Adapter| format!("{} {}", adapter.name, adapter.driver_info);
        host.adapters.iter().map(of).collect::<Vec<_>>().join(", ")
    };
    let facts = |host: &Host| {
        [
            ("processor", host.cpu.clone()),
            ("cores", host.cores.to_string()),
            ("threads", host.threads.to_string()),
            ("SIMD level", host.level.clone()),
            ("adapters", adapters(host)),
            ("system", host.os.clone()),
            ("compiler", host.rustc.clone()),
        ]
    };
    let or_none = |fact: String| if fact.is_empty() { "none".to_owned() } else { fact };
    let pairs = facts(before).into_iter().zip(facts(after));
    let differ = pairs.filter(|(before, after)| before != after);
    differ
        .map(|((name, before), (_, after))| {
            format!("{name} {} before, {} after", or_none(before), or_none(after))
        })
        .collect()
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
