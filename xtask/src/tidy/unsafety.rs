//! Where `unsafe` may stand, and that each place says why it holds.
//!
//! A type `unsafe fn(…)` is no unsafe code and may stand anywhere: kernels hold their entries as such.

use super::Finding;
use super::lex::{Kind, Source};

/// Beginnings of paths under which `unsafe` may stand, and what for.
const ALLOWED: [(&str, &str); 11] = [
    ("src/lanes/", "vector loads, stores and gathers of the instruction sets"),
    ("src/memory/", "aligned blocks, views of one block that live in several places"),
    ("src/exec/lanes.rs", "calls the entries of an instruction set whose token it holds"),
    ("src/exec/fold.rs", "the same, for the loops that fold"),
    ("src/exec/level.rs", "the same, for the library's other loops"),
    ("src/exec/scan/block.rs", "the same, for the loops that scan"),
    ("src/kernel/lanes_tests.rs", "the same, to test every operation with its features on"),
    ("benches/yardsticks/", "the hand-written loops that the library is held against"),
    ("benches/peers/rust-peers/", "functions of other libraries that are unsafe to call"),
    ("tests/guard_pages.rs", "memory that ends in a page which nobody may touch"),
    ("tests/compile_fail/", "what must not compile: a kernel that says `unsafe`"),
];

/// How far above an `unsafe` its reason may begin.
const REASON_WITHIN: usize = 20;

/// Every `unsafe` stands where it may, and every block and impl has its `// SAFETY:`.
pub fn check(path: &str, text: &str, source: &Source<'_>, findings: &mut Vec<Finding>) {
    let lines: Vec<&str> = text.lines().collect();
    let allowed = ALLOWED.iter().any(|(beginning, _)| path.starts_with(beginning));
    for (index, token) in source.tokens.iter().enumerate() {
        if token.kind != Kind::Word || token.text != "unsafe" || is_type(source, index) {
            continue;
        }
        if !allowed {
            let says = "`unsafe` may not stand here: see the table in xtask/src/tidy/unsafety.rs";
            findings.push(Finding::new(path, token.line, says));
        } else if needs_reason(source, index) && !has_reason(&lines, token.line) {
            findings.push(Finding::new(path, token.line, "`unsafe` without a `// SAFETY:` comment"));
        }
    }
}

/// `unsafe fn(…)` or `unsafe extern "C" fn(…)`: a type, and no name follows the `fn`.
fn is_type(source: &Source<'_>, index: usize) -> bool {
    let mut next = index + 1;
    if source.text(next) == "extern" {
        next += if source.text(next + 1).starts_with('"') { 2 } else { 1 };
    }
    source.reads(next, &["fn", "("])
}

/// A block, an impl, an extern block or an attribute; functions and traits demand and need no reason.
fn needs_reason(source: &Source<'_>, index: usize) -> bool {
    matches!(source.text(index + 1), "{" | "impl" | "extern" | "(")
}

/// Whether a `SAFETY:` stands on the line, or in the comments right above the statement that it belongs to.
fn has_reason(lines: &[&str], line: usize) -> bool {
    let says = |text: &str| text.split_once("//").is_some_and(|(_, comment)| comment.contains("SAFETY:"));
    let here = line - 1;
    if says(lines[here]) {
        return true;
    }
    for above in lines[..here].iter().rev().take(REASON_WITHIN) {
        let above = above.trim();
        let is_comment = above.starts_with("//");
        if is_comment && says(above) {
            return true;
        }
        let is_attribute = above.starts_with("#[");
        // The rest of the statement: `let x =` above the block that it is given.
        let goes_on = !above.is_empty() && !above.ends_with([';', '{', '}']);
        if !is_comment && !is_attribute && !goes_on {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let mut findings = Vec::new();
        check(path, text, &Source::read(text), &mut findings);
        findings.iter().map(|finding| finding.line).collect()
    }

    const REASONED: &str = "// SAFETY: it is aligned.\nlet x = unsafe { *p };\n";

    #[test]
    fn it_stands_only_where_it_may() {
        for path in
            ["src/plan/cost.rs", "macros/src/emit.rs", "tests/a.rs", "cli/src/main.rs", "src/exec/driver.rs"]
        {
            assert_eq!(lines(path, REASONED), [2], "{path}");
        }
        for (path, _) in ALLOWED {
            let file = if path.ends_with(".rs") { path.to_owned() } else { format!("{path}x.rs") };
            assert_eq!(lines(&file, REASONED), [0_usize; 0], "{file}");
        }
    }

    #[test]
    fn quoted_code_of_a_macro_counts() {
        assert_eq!(lines("macros/src/emit.rs", "quote! {\n unsafe { #call }\n}"), [2]);
    }

    #[test]
    fn words_about_it_do_not_count() {
        let text = "#![forbid(unsafe_code)]\n// unsafe\nlet s = \"unsafe\";\ntype F = for<'a> unsafe fn(&'a u8);\n\
                    type G = unsafe extern \"C\" fn(u8);\n";
        assert_eq!(lines("src/kernel/mod.rs", text), [0_usize; 0]);
        assert_eq!(lines("src/kernel/mod.rs", "unsafe fn f(x: u8) {}"), [1]);
    }

    #[test]
    fn a_block_without_a_reason_is_found() {
        let path = "src/lanes/x.rs";
        assert_eq!(lines(path, "fn f() {\n    unsafe { g() }\n}"), [2]);
        assert_eq!(lines(path, "unsafe impl Send for X {}"), [1]);
        assert_eq!(lines(path, "// SAFETY: of another.\nlet a = 1;\nlet b = unsafe { g() };"), [3]);
        assert_eq!(lines(path, "// it is safe\nlet b = unsafe { g() };"), [2]);
        assert_eq!(lines(path, "let s = \"SAFETY: no comment\"; unsafe { g() }"), [1]);
    }

    #[test]
    fn a_reason_may_stand_above_the_whole_statement() {
        let path = "src/lanes/x.rs";
        let none = [0_usize; 0];
        assert_eq!(lines(path, "// SAFETY: x\n// more\n#[inline]\nunsafe impl Send for X {}"), none);
        assert_eq!(lines(path, "// SAFETY: x\nlet y =\n    unsafe { g() };"), none);
        assert_eq!(lines(path, "let y = unsafe { g() }; // SAFETY: x"), none);
        assert_eq!(lines(path, "unsafe fn f();"), none);
    }
}
