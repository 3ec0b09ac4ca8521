//! The rows as a table.

use std::fmt::Write;

use crate::bench::record::Row;

/// How lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For a terminal: rules and blocks.
    Drawn,
    /// For a pipe: letters only.
    Plain,
}

const HEADS: [&str; 12] = [
    "kernel", "size", "target", "level", "threads", "verified", "min", "median", "transfer", "GB/s",
    "GFLOP/s", "speedup",
];

/// The rows as a table, the notes below it.
pub fn table(rows: &[Row], style: Style) -> String {
    let mut notes: Vec<&str> = Vec::new();
    let cells: Vec<[String; 12]> = rows.iter().map(|row| cells(row, &mut notes)).collect();
    let mut widths = HEADS.map(str::len);
    for line in &cells {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    line(&mut text, &HEADS.map(str::to_owned), &widths);
    let total = widths.iter().sum::<usize>() + 2 * (widths.len() - 1);
    let rule = match style {
        Style::Drawn => "─".repeat(total),
        Style::Plain => "-".repeat(total),
    };
    let mut before = None;
    for (row, cells) in rows.iter().zip(&cells) {
        if before != Some(&row.kernel) {
            let _ = writeln!(text, "{rule}");
            before = Some(&row.kernel);
        }
        line(&mut text, cells, &widths);
    }
    for (number, note) in notes.iter().enumerate() {
        let _ = writeln!(text, "[{}] {note}", number + 1);
    }
    text
}

fn line(text: &mut String, cells: &[String; 12], widths: &[usize; 12]) {
    let mut line = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let pad = " ".repeat(width - cell.chars().count());
        // Names to the left, numbers to the right.
        let numeric = matches!(at, 1 | 4) || at >= 6;
        let _ = if numeric { write!(line, "{pad}{cell}  ") } else { write!(line, "{cell}{pad}  ") };
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

fn cells<'a>(row: &'a Row, notes: &mut Vec<&'a str>) -> [String; 12] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let mark = row.note.as_deref().map(|note| {
        let number = notes.iter().position(|known| *known == note).unwrap_or_else(|| {
            notes.push(note);
            notes.len() - 1
        });
        format!(" [{}]", number + 1)
    });
    [
        row.kernel.clone(),
        row.size_for_people(),
        format!("{}{}", row.target, mark.unwrap_or_default()),
        or_dash(row.level.clone()),
        or_dash(row.threads.map(|threads| threads.to_string())),
        if row.verified { "yes" } else { "NO" }.to_owned(),
        or_dash(row.seconds_min.map(duration)),
        or_dash(row.seconds_median.map(duration)),
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
    }

    #[test]
    fn columns_stand_below_each_other_and_notes_are_said_once() {
        let mut rows =
            vec![row("saxpy", "scalar", 1e-3), row("saxpy", "split", 1e-4), row("sum", "split", 1e-4)];
        rows[1].note = Some("no GPU here".into());
        rows[2].note = Some("no GPU here".into());
        rows[2].verified = false;
        for style in [Style::Plain, Style::Drawn] {
            let text = table(&rows, style);
            assert_eq!(text.matches("no GPU here").count(), 1, "{text}");
            assert_eq!(text.matches("split [1]").count(), 2, "{text}");
            assert!(text.contains("NO"), "{text}");
            let end = |line: &str| line.chars().count();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(end(lines[0]), end(lines[2]), "{text}");
        }
        assert!(table(&rows, Style::Plain).is_ascii() || table(&rows, Style::Plain).contains('µ'));
    }
}
