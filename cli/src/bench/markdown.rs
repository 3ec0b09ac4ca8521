//! Tables as GitHub's Markdown has them.

use crate::bench::record::{Record, Row};
use crate::bench::table::{HEADS, cells};

/// A record as Markdown: where it was measured, the rows, the notes.
pub fn markdown(record: &Record) -> String {
    let heads: Vec<(&str, bool)> = HEADS.into_iter().chain([("note", false)]).collect();
    let line = |row: &Row| {
        let mut line = cells(row).to_vec();
        line.push(row.note.clone().unwrap_or_default());
        line
    };
    let lines: Vec<Vec<String>> = record.rows.iter().map(line).collect();
    let mut text = format!("{}\n\n{}", built(record), table(&heads, &lines));
    if !record.notes.is_empty() {
        text.push('\n');
        text.extend(record.notes.iter().map(|note| format!("- {}\n", escaped(note))));
    }
    text
}

/// One line about where and by what a record was measured.
pub fn built(record: &Record) -> String {
    let host = &record.host;
    let commit = host.commit.as_ref().map(|commit| format!(" ({commit})")).unwrap_or_default();
    let adapters: String =
        host.adapters.iter().map(|adapter| format!(", {} is {}", adapter.target, adapter.name)).collect();
    escaped(&format!(
        "{}, {} cores, {} threads, SIMD level {}{adapters}; manylane {}{commit}, {}, {}",
        host.cpu, host.cores, host.threads, host.level, host.version, host.rustc, host.time
    ))
}

/// A table: heads and whether their columns hold numbers, and the lines.
pub fn table(heads: &[(&str, bool)], lines: &[Vec<String>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| format!("|{}\n", cells.collect::<String>());
    let mut text = line(&mut heads.iter().map(|(head, _)| format!(" {head} |")));
    text += &line(
        &mut heads.iter().map(|(_, is_number)| if *is_number { " ---: |" } else { " --- |" }.to_owned()),
    );
    for cells in lines {
        text += &line(&mut cells.iter().map(|cell| format!(" {} |", escaped(cell))));
    }
    text
}

/// A text that no character of which has a meaning in a table.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '<' | '[' => escaped.extend(['\\', c]),
            '\n' | '\r' => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_as_many_cells_in_every_line() {
        let lines = vec![vec!["a|b".to_owned(), "1".to_owned()], vec!["c_d".to_owned(), String::new()]];
        let text = table(&[("name", false), ("n", true)], &lines);
        assert_eq!(text, "| name | n |\n| --- | ---: |\n| a\\|b | 1 |\n| c\\_d |  |\n");
    }
}
