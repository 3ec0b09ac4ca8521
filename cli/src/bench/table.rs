//! The rows as a table.

use std::fmt::Write;

use manylane::Target;
use manylane::shape::Domain;

use crate::bench::record::Row;
use crate::bench::{Workload, size};

/// How lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For a terminal that has colours: rules, blocks and colours.
    Coloured,
    /// For a terminal: rules and blocks.
    Drawn,
    /// For a pipe: letters only.
    Plain,
}

/// What a cell stands out by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Nothing.
    Plain,
    /// A heading.
    Head,
    /// What is good.
    Good,
    /// What is to be looked at.
    Doubtful,
    /// What is wrong.
    Bad,
}

impl Style {
    /// `text` in that ink.
    pub fn paint(self, text: &str, ink: Ink) -> String {
        if self != Style::Coloured {
            return text.to_owned();
        }
        let style = console::Style::new().force_styling(true);
        let style = match ink {
            Ink::Plain => return text.to_owned(),
            Ink::Head => style.bold(),
            Ink::Good => style.green(),
            Ink::Doubtful => style.yellow(),
            Ink::Bad => style.red().bold(),
        };
        style.apply_to(text).to_string()
    }

    /// A line across.
    pub fn rule(self, length: usize) -> String {
        if self == Style::Plain { "-".repeat(length) } else { "─".repeat(length) }
    }
}

/// The number of columns.
const N: usize = 13;
/// Their heads, and whether they hold numbers, which stand to the right.
pub(crate) const HEADS: [(&str, bool); N] = [
    ("kernel", false),
    ("size", true),
    ("target", false),
    ("lanes", false),
    ("right", false),
    ("cold", true),
    ("min", true),
    ("median", true),
    ("mad", true),
    ("transfer", true),
    ("GB/s", true),
    ("GFLOP/s", true),
    ("speedup", true),
];
const TARGET: usize = 2;
const RIGHT: usize = 4;
const MAD: usize = 8;
const SPEEDUP: usize = 12;

/// The rows as a table, the notes below it.
pub fn table(rows: &[Row], style: Style) -> String {
    let mut table =
        Table { widths: HEADS.map(|(head, _)| head.len()), style, notes: Vec::new(), kernel: None };
    for row in rows {
        table.widen(&table.marked(row).0);
    }
    // The marks of the notes are as wide as there are notes.
    let notes = rows.iter().filter(|row| row.note.is_some()).count().to_string().len();
    let targets = rows.iter().map(|row| row.target.len() + row.note.as_ref().map_or(0, |_| notes + 3));
    table.widths[TARGET] = targets.max().unwrap_or(0).max(table.widths[TARGET]);
    let heads = table.heads();
    heads + &table.rows(rows) + &table.notes()
}

/// A table that is written row by row.
pub struct Table {
    widths: [usize; N],
    style: Style,
    notes: Vec<String>,
    kernel: Option<String>,
}

impl Table {
    /// For the rows of such kernels and sizes on such targets. A row that needs more room widens the rest.
    pub fn ahead(jobs: &[(&Workload, Domain)], targets: &[Target], style: Style) -> Table {
        let mut widths = HEADS.map(|(head, _)| head.len());
        for (workload, size) in jobs {
            let size = workload.domain(*size);
            widths[0] = widths[0].max(workload.name.chars().count());
            widths[1] = widths[1].max(size::show(size).chars().count());
        }
        for target in targets {
            widths[TARGET] = widths[TARGET].max(target.to_string().len() + " [12]".len());
        }
        widths[3] = widths[3].max("avx512 x64".len());
        for width in &mut widths[5..] {
            *width = (*width).max("1000 µs".chars().count());
        }
        Table { widths, style, notes: Vec::new(), kernel: None }
    }

    /// The line of the heads.
    pub fn heads(&self) -> String {
        self.line(&HEADS.map(|(head, _)| head.to_owned()), &[Ink::Head; N])
    }

    /// Some rows, with a rule above where another kernel begins.
    pub fn rows(&mut self, rows: &[Row]) -> String {
        let mut text = String::new();
        for case in rows.chunk_by(|a, b| (&a.kernel, a.size) == (&b.kernel, b.size)) {
            let best = case.iter().filter_map(|row| row.speedup).fold(f64::NAN, f64::max);
            for row in case {
                if self.kernel.as_ref() != Some(&row.kernel) {
                    let total = self.widths.iter().sum::<usize>() + 2 * (N - 1);
                    let _ = writeln!(text, "{}", self.style.rule(total));
                    self.kernel = Some(row.kernel.clone());
                }
                let (cells, note) = self.marked(row);
                self.notes.extend(note);
                self.widen(&cells);
                let mut inks = [Ink::Plain; N];
                inks[RIGHT] = if row.verified { Ink::Plain } else { Ink::Bad };
                inks[MAD] = if row.noise.is_some() { Ink::Doubtful } else { Ink::Plain };
                inks[SPEEDUP] = if row.speedup == Some(best) { Ink::Good } else { Ink::Plain };
                text += &self.line(&cells, &inks);
            }
        }
        text
    }

    /// What the marks stand for.
    pub fn notes(&self) -> String {
        let lines = self.notes.iter().enumerate();
        lines.map(|(number, note)| format!("[{}] {note}\n", number + 1)).collect()
    }

    /// The cells of a row with the mark of its note, and the note where it is a new one.
    fn marked(&self, row: &Row) -> ([String; N], Option<String>) {
        let mut cells = cells(row);
        let Some(note) = &row.note else { return (cells, None) };
        let known = self.notes.iter().position(|known| known == note);
        let number = known.unwrap_or(self.notes.len());
        let _ = write!(cells[TARGET], " [{}]", number + 1);
        (cells, known.is_none().then(|| note.clone()))
    }

    fn widen(&mut self, cells: &[String; N]) {
        for (width, cell) in self.widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.chars().count());
        }
    }

    fn line(&self, cells: &[String; N], inks: &[Ink; N]) -> String {
        let numbers = HEADS.map(|(_, is_number)| is_number);
        line(cells, inks, &self.widths, &numbers, self.style)
    }
}

/// One line of cells, names to the left and numbers to the right.
pub(crate) fn line(
    cells: &[String],
    inks: &[Ink],
    widths: &[usize],
    numbers: &[bool],
    style: Style,
) -> String {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        let pad = " ".repeat(widths[at].saturating_sub(cell.chars().count()));
        let last = at + 1 == cells.len();
        let ink = style.paint(cell, inks[at]);
        line += &match (numbers[at], last) {
            (true, _) => pad + &ink,
            (false, true) => ink,
            (false, false) => ink + &pad,
        };
        line += if last { "\n" } else { "  " };
    }
    line
}

/// What the table says of a row, its note left out.
pub(crate) fn cells(row: &Row) -> [String; N] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let lanes = row.level.as_ref().map(|level| match row.threads {
        Some(threads) if threads != 1 => format!("{level} x{threads}"),
        _ => level.clone(),
    });
    let mad = row.mad.zip(row.seconds_median).map(|(mad, median)| percent(mad / median));
    [
        row.kernel.clone(),
        row.size_for_people(),
        row.target.clone(),
        or_dash(lanes),
        if row.verified { "yes" } else { "NO" }.to_owned(),
        or_dash(row.seconds_cold.map(duration)),
        or_dash(row.seconds_min.map(duration)),
        or_dash(row.seconds_median.map(duration)),
        or_dash(mad),
        or_dash(row.seconds_transfer.map(duration)),
        or_dash(row.gb_s.map(digits)),
        or_dash(row.gflop_s.map(digits)),
        or_dash(row.speedup.map(|speedup| format!("{}x", digits(speedup)))),
    ]
}

/// Seconds for people, three digits.
pub fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s < 1e-6 => (s * 1e9, "ns"),
        s if s < 1e-3 => (s * 1e6, "µs"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    format!("{} {unit}", digits(value))
}

/// Three digits, or all there are before the point.
pub fn digits(value: f64) -> String {
    let places = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
    format!("{value:.places$}")
}

/// A share for people.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::record::tests::row;

    #[test]
    fn three_digits() {
        assert_eq!(digits(1.234), "1.23");
        assert_eq!(digits(12.34), "12.3");
        assert_eq!(digits(1234.0), "1234");
        assert_eq!(duration(1.5e-6), "1.50 µs");
        assert_eq!(duration(0.25), "250 ms");
        assert_eq!(duration(2.0), "2.00 s");
        assert_eq!(percent(0.0123), "1.2%");
    }

    fn some() -> Vec<Row> {
        let mut rows =
            vec![row("saxpy", "scalar", 1e-3), row("saxpy", "split", 1e-4), row("sum", "split", 1e-4)];
        rows[1].note = Some("no GPU here".into());
        rows[1].noise = Some("drift".into());
        rows[2].note = Some("no GPU here".into());
        rows[2].verified = false;
        rows
    }

    #[test]
    fn columns_stand_below_each_other_and_notes_are_said_once() {
        for style in [Style::Plain, Style::Drawn] {
            let text = table(&some(), style);
            assert_eq!(text.matches("no GPU here").count(), 1, "{text}");
            assert_eq!(text.matches("split [1]").count(), 2, "{text}");
            assert!(text.contains("NO"), "{text}");
            let ends: Vec<usize> = text.lines().take(3).map(|line| line.chars().count()).collect();
            assert!(ends.iter().all(|end| *end == ends[0]), "{text}");
        }
        let plain = table(&some(), Style::Plain);
        assert!(plain.chars().all(|c| c.is_ascii() || c == 'µ'), "{plain}");
    }

    #[test]
    fn colours_change_nothing_but_colour() {
        let coloured = table(&some(), Style::Coloured);
        assert!(coloured.contains("\u{1b}[31m") && coloured.contains("\u{1b}[32m"), "{coloured:?}");
        assert_eq!(console::strip_ansi_codes(&coloured), table(&some(), Style::Drawn));
        assert!(!table(&some(), Style::Drawn).contains('\u{1b}'));
    }

    #[test]
    fn row_by_row_is_the_same_where_the_room_was_right() {
        let suite = crate::bench::Suite::standard();
        let jobs = suite.jobs(&crate::bench::Options { quick: true, ..Default::default() }).expect("jobs");
        let mut live = Table::ahead(&jobs, &[Target::Scalar, Target::Split], Style::Plain);
        let heads = live.heads();
        let (first, last) = (live.rows(&some()[..2]), live.rows(&some()[2..]));
        let length = heads.lines().next().map(|line| line.chars().count());
        for line in first.lines().chain(last.lines()) {
            assert_eq!(Some(line.chars().count()), length, "{heads}{first}{last}");
        }
        assert_eq!(live.notes(), "[1] no GPU here\n");
    }
}
