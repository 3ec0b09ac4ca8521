//! Rules that the compiler does not know: what each rule is stands in the file of its name.
//!
//! It reads files and never code's meaning: a path that a macro builds, or one behind a `#[path]`, is not seen.

mod layers;
mod lex;
mod text;
mod unsafety;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::run::{command, output, root};

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    path: String,
    line: usize,
    text: String,
}

impl Finding {
    fn new(path: &str, line: usize, text: impl Into<String>) -> Self {
        Finding { path: path.to_owned(), line, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// What was found: what fails, and what is only said.
#[derive(Debug, Default)]
pub struct Report {
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
}

/// Looks at every text file that git tracks or would track.
///
/// # Errors
/// Where a rule is broken, after every place was printed.
pub fn run() -> Result<()> {
    let list = output(command("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let mut report = Report::default();
    let mut files = 0;
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        // Deleted but not yet committed, or no text: a picture.
        let Ok(text) = std::fs::read_to_string(root().join(path)) else { continue };
        files += 1;
        check(path, &text, &mut report);
    }
    for warning in &report.warnings {
        println!("warning: {warning}");
    }
    for error in &report.errors {
        println!("error: {error}");
    }
    let (errors, warnings) = (report.errors.len(), report.warnings.len());
    println!("tidy: {files} files, {errors} errors, {warnings} warnings");
    if errors > 0 {
        bail!("tidy found {errors} places that break a rule");
    }
    Ok(())
}

/// Applies every rule to one file; `path` is relative to the root, with `/`.
fn check(path: &str, text: &str, report: &mut Report) {
    text::check_words(path, text, &mut report.errors);
    if has_extension(path, &["rs", "wgsl"]) {
        text::check_length(path, text, report);
    }
    if has_extension(path, &["rs"]) {
        let source = lex::Source::read(text);
        text::check_unfinished(path, &source, &mut report.errors);
        unsafety::check(path, text, &source, &mut report.errors);
        layers::check(path, &source, &mut report.errors);
    }
}

fn has_extension(path: &str, wanted: &[&str]) -> bool {
    Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| wanted.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_reached_through_check() {
        let unfinished = concat!("unimple", "mented!()");
        let bad =
            format!("use crate::api::Runtime;\nfn f() {{ unsafe {{ g() }} }}\nfn h() {{ {unfinished} }}\n");
        let mut report = Report::default();
        check("src/shape.rs", &bad, &mut report);
        let lines: Vec<usize> = report.errors.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [3, 2, 1], "{report:?}");

        let mut report = Report::default();
        check("shaders/x.wgsl", &"// a\n".repeat(1_001), &mut report);
        check("notes.md", concat!("see /wo", "rk/x"), &mut report);
        assert_eq!(report.errors.len(), 2, "{report:?}");
    }
}
