//! Rules on the text of a file: its length, and words that must not ship.

use super::lex::Source;
use super::{Finding, Report};

const WARN_LINES: usize = 600;
const FAIL_LINES: usize = 1_000;

/// Words that must stand nowhere, and why. Each is put together here, so that this table passes its own rule.
const WORDS: [(&str, &str); 6] = [
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!(".lib", "rary"), "a folder of one machine"),
    (concat!("farm", "-bench"), "a tool of one machine"),
    (concat!("TO", "DO"), "open work belongs in the tracker"),
    (concat!("FIX", "ME"), "open work belongs in the tracker"),
];

/// Macros that stand for code that is not there yet.
const UNFINISHED: [&str; 2] = ["todo", "unimplemented"];

/// No word of [`WORDS`], in code, comments and text alike.
pub fn check_words(path: &str, text: &str, findings: &mut Vec<Finding>) {
    for (number, line) in text.lines().enumerate() {
        for (word, why) in WORDS {
            if holds(line, word) {
                findings.push(Finding::new(path, number + 1, format!("`{word}` must not ship: {why}")));
            }
        }
    }
}

/// No `todo!` and the like in code.
pub fn check_unfinished(path: &str, source: &Source<'_>, findings: &mut Vec<Finding>) {
    for (index, token) in source.tokens.iter().enumerate() {
        if UNFINISHED.contains(&token.text) && source.text(index + 1) == "!" {
            findings.push(Finding::new(path, token.line, format!("`{}!` is unfinished code", token.text)));
        }
    }
}

/// A file that nobody reads to its end is split by meaning.
pub fn check_length(path: &str, text: &str, report: &mut Report) {
    let lines = text.lines().count();
    if lines > FAIL_LINES {
        let says = format!("{lines} lines, more than {FAIL_LINES}: split it by meaning");
        report.errors.push(Finding::new(path, lines, says));
    } else if lines > WARN_LINES {
        let says = format!("{lines} lines, more than {WARN_LINES}: split it by meaning before it grows");
        report.warnings.push(Finding::new(path, lines, says));
    }
}

/// Whether `word` stands in `line` by itself, not as a part of a longer name or path.
fn holds(line: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let begins = before.is_none_or(|c| !is_name(c) && !matches!(c, ')' | ']' | '.'));
        let ends = !word.ends_with(is_name) || after.is_none_or(|c| !is_name(c));
        begins && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> usize {
        let mut findings = Vec::new();
        check_words("x.md", text, &mut findings);
        findings.len()
    }

    #[test]
    fn words_that_must_not_ship_are_found() {
        for (word, _) in WORDS {
            assert_eq!(
                words(&format!("fine\n// see {word}x\n")),
                usize::from(!word.ends_with(char::is_alphabetic))
            );
            assert_eq!(words(&format!("fine\n// see `{word}` x\n")), 1, "{word}");
        }
    }

    #[test]
    fn longer_names_are_not_meant() {
        assert_eq!(words(concat!("self", ".lib", "rary and x", ".lib", "rary_path")), 0);
        assert_eq!(words(concat!("target/wo", "rk/x and ../wo", "rk/x")), 0);
        assert_eq!(words(concat!("MASTO", "DON")), 0);
    }

    #[test]
    fn unfinished_code_is_found_and_its_name_in_a_comment_is_not() {
        let mut findings = Vec::new();
        let (call, other) = (concat!("to", "do!()"), concat!("unimple", "mented!"));
        let text = format!("fn f() {{ {call} }}\n// {call}\nlet todo = 1;\nlet s = \"{other}\";\n");
        check_unfinished("x.rs", &Source::read(&text), &mut findings);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].line, 1);
    }

    #[test]
    fn long_files_warn_and_longer_ones_fail() {
        let lengths = [(600, 0, 0), (601, 0, 1), (1_000, 0, 1), (1_001, 1, 0)];
        for (lines, errors, warnings) in lengths {
            let mut report = Report::default();
            check_length("x.rs", &"\n".repeat(lines), &mut report);
            assert_eq!((report.errors.len(), report.warnings.len()), (errors, warnings), "{lines}");
        }
    }
}
