//! The order of the layers in src/: imports go from a later layer to an earlier one, never back.
//!
//! A layer is `src/<layer>.rs` or `src/<layer>/`. Paths that begin at the crate's root (`crate::`, `$crate::`,
//! `manylane::`, or enough `super::`) must name a layer that the file's own may use. Test code counts too.

use super::Finding;
use super::lex::{Kind, Source};

/// Each layer and those that it may use, in the order of the work.
const LAYERS: [(&str, &[&str]); 11] = [
    ("error", &[]),
    // Locks by one name, for tests of interleavings.
    ("sync", &[]),
    ("shape", &["error"]),
    ("lanes", &["error", "shape"]),
    ("device", &["error", "sync", "shape", "lanes"]),
    ("memory", &["error", "sync", "shape", "lanes", "device"]),
    ("kernel", &["error", "shape", "lanes", "device", "memory"]),
    // Pure: it sees a description of the machine and of the arrays, never the things themselves.
    ("plan", &["error", "shape", "lanes", "kernel"]),
    // Arithmetic on measured numbers, beside the plan.
    ("evaluate", &["error", "shape"]),
    ("exec", &["error", "sync", "shape", "lanes", "device", "memory", "kernel", "plan"]),
    ("api", &["error", "shape", "lanes", "device", "memory", "kernel", "plan", "evaluate", "exec"]),
];

/// Files that show the layers to users: they may name any, and no layer may reach through them.
const FACADES: [&str; 2] = ["lib", "prelude"];

/// The name by which the crate calls itself.
const SELF: &str = "manylane";

/// Every path from the crate's root in `source` names a layer that the layer of `path` may use.
pub fn check(path: &str, source: &Source<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = path.strip_prefix("src/").and_then(|path| path.strip_suffix(".rs")) else { return };
    let modules: Vec<&str> = file.split('/').filter(|&part| part != "mod").collect();
    let Some(&own) = modules.first() else { return };
    if FACADES.contains(&own) {
        return;
    }
    let Some((_, uses)) = LAYERS.iter().find(|(layer, _)| *layer == own) else {
        let says =
            format!("`{own}` has no place among the layers: see the table in xtask/src/tidy/layers.rs");
        findings.push(Finding::new(path, 1, says));
        return;
    };
    for (line, reached) in root_paths(source, modules.len()) {
        let says = match reached {
            Reached::Name(name) if name == own || uses.contains(&name.as_str()) => continue,
            Reached::Name(name) if LAYERS.iter().any(|(layer, _)| *layer == name) => {
                format!("`{own}` may not use `{name}`")
            }
            Reached::Name(name) => format!("`{name}` is no layer: name the layer that it comes from"),
            Reached::Hidden => "this path hides which layer it names: write it from `crate::`".to_owned(),
        };
        findings.push(Finding::new(path, line, says));
    }
}

/// What a path from the root names first.
#[derive(Debug, PartialEq, Eq)]
enum Reached {
    Name(String),
    /// A glob or an alias of the root, which could be any.
    Hidden,
}

/// The paths of a file that begin at the crate's root; the file itself lies `depth` modules below it.
fn root_paths(source: &Source<'_>, depth: usize) -> Vec<(usize, Reached)> {
    let mut found = Vec::new();
    let mut inline = InlineModules::default();
    for (index, token) in source.tokens.iter().enumerate() {
        inline.step(source, index);
        if token.kind != Kind::Word {
            continue;
        }
        let follows = index >= 2 && source.is_path_separator(index - 2);
        let after = match token.text {
            "crate" => Some(index + 1),
            SELF if !follows || is_leading(source, index - 2) => Some(index + 1),
            "super" if !(follows && source.text(index.wrapping_sub(3)) == "super") => {
                let (count, end) = super_chain(source, index);
                hidden_super(source, end, &mut found);
                (count >= depth + inline.depth()).then_some(end)
            }
            _ => None,
        };
        if let Some(after) = after {
            if source.is_path_separator(after) {
                first_names(source, after + 2, &mut found);
            } else if source.text(after) == "as" {
                found.push((token.line, Reached::Hidden));
            }
        }
    }
    found
}

/// Whether the `::` at `index` begins a path, as in `::manylane`.
fn is_leading(source: &Source<'_>, index: usize) -> bool {
    index == 0 || {
        let before = source.tokens[index - 1];
        before.kind == Kind::Punct && before.text != ">" || before.text == "use"
    }
}

/// How many `super` follow each other from `index`, and the place after the last.
fn super_chain(source: &Source<'_>, index: usize) -> (usize, usize) {
    let (mut count, mut end) = (1, index + 1);
    while source.is_path_separator(end) && source.text(end + 2) == "super" {
        count += 1;
        end += 3;
    }
    (count, end)
}

/// `super::{super::x}`: the inner one climbs further than it shows.
fn hidden_super(source: &Source<'_>, end: usize, found: &mut Vec<(usize, Reached)>) {
    if source.is_path_separator(end) && source.text(end + 2) == "{" {
        for start in group_elements(source, end + 2) {
            if source.text(start) == "super" {
                found.push((source.tokens[start].line, Reached::Hidden));
            }
        }
    }
}

/// What stands first after the root: one name, or each of a group's.
fn first_names(source: &Source<'_>, index: usize, found: &mut Vec<(usize, Reached)>) {
    if source.text(index) == "{" {
        for start in group_elements(source, index) {
            first_names(source, start, found);
        }
        return;
    }
    let Some(token) = source.tokens.get(index) else { return };
    match token.text {
        "*" | "self" => found.push((token.line, Reached::Hidden)),
        // A macro is exported at the root whatever its layer.
        _ if source.text(index + 1) == "!" => {}
        name if token.kind == Kind::Word => found.push((token.line, Reached::Name(name.to_owned()))),
        _ => {}
    }
}

/// Where the elements of the group that opens at `open` begin.
fn group_elements(source: &Source<'_>, open: usize) -> Vec<usize> {
    let mut starts = vec![open + 1];
    let mut depth = 0;
    for index in open..source.tokens.len() {
        match source.text(index) {
            "{" => depth += 1,
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," if depth == 1 => starts.push(index + 1),
            _ => {}
        }
    }
    starts.retain(|&start| source.text(start) != "}");
    starts
}

/// The `mod name { … }` that are open around a token.
#[derive(Default)]
struct InlineModules {
    braces: usize,
    open: Vec<usize>,
}

impl InlineModules {
    fn step(&mut self, source: &Source<'_>, index: usize) {
        match source.text(index) {
            "{" => {
                self.braces += 1;
                if index >= 2 && source.text(index - 2) == "mod" {
                    self.open.push(self.braces);
                }
            }
            "}" => {
                if self.open.last() == Some(&self.braces) {
                    self.open.pop();
                }
                self.braces = self.braces.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn depth(&self) -> usize {
        self.open.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(path: &str, text: &str) -> Vec<String> {
        let mut findings = Vec::new();
        check(path, &Source::read(text), &mut findings);
        findings.into_iter().map(|finding| finding.text).collect()
    }

    fn fails(path: &str, text: &str, with: &str) {
        let says = says(path, text);
        assert_eq!(says.len(), 1, "{text}: {says:?}");
        assert!(says[0].contains(with), "{text}: {says:?}");
    }

    fn passes(path: &str, text: &str) {
        assert_eq!(says(path, text), [""; 0], "{text}");
    }

    #[test]
    fn each_layer_uses_only_earlier_ones() {
        for (place, (layer, uses)) in LAYERS.iter().enumerate() {
            for (other_place, (other, _)) in LAYERS.iter().enumerate() {
                let text = format!("use crate::{other}::Thing;");
                let path = format!("src/{layer}/part.rs");
                if layer == other || uses.contains(other) {
                    assert!(other_place <= place, "{layer} may use {other}, which is later");
                    passes(&path, &text);
                } else {
                    fails(&path, &text, &format!("`{layer}` may not use `{other}`"));
                }
            }
        }
    }

    #[test]
    fn every_way_to_write_it_is_seen() {
        let path = "src/memory/host.rs";
        let with = "`memory` may not use `exec`";
        fails(path, "use crate::{error::Error, exec::{Driver, x}, shape};", with);
        fails(path, "fn f() -> crate::exec::Driver {}", with);
        fails(path, "use manylane::exec::Driver;", with);
        fails(path, "let d = ::manylane::exec::Driver;", with);
        fails(path, "macro_rules! m { () => { $crate::exec::go() } }", with);
        fails(path, "use super::super::exec::Driver;", with);
        fails(path, "use self::super::super::exec::Driver;", with);
        fails("src/memory/mod.rs", "use super::exec::Driver;", with);
        fails("src/memory.rs", "pub(super) fn f(x: super::exec::Driver) {}", with);
        fails(path, "#[cfg(test)]\nmod tests { use super::super::super::exec::Driver; }", with);
        fails(path, "use super::super::{error, exec};", with);
    }

    #[test]
    fn what_hides_a_layer_is_refused() {
        fails("src/memory/host.rs", "use crate::*;", "hides");
        fails("src/memory/host.rs", "use crate as root;", "hides");
        fails("src/memory/host.rs", "use crate::{self as root};", "hides");
        fails("src/memory/host.rs", "use super::{super::exec::Driver};", "hides");
        fails("src/memory/host.rs", "use crate::Runtime;", "`Runtime` is no layer");
        fails("src/memory/host.rs", "use crate::prelude::Runtime;", "`prelude` is no layer");
        fails("src/extras/host.rs", "", "`extras` has no place");
    }

    #[test]
    fn what_stays_inside_is_not_meant() {
        let path = "src/memory/host.rs";
        passes(path, "use super::pool::Block;\nuse super::super::error::Error;");
        passes(path, "mod tests { use super::*; use super::super::exec; }");
        passes(path, "pub(crate) fn f() {}\npub(in crate::memory) fn g() {}");
        passes(path, "// crate::exec\nlet s = \"crate::exec\"; crate::check!(x); other::manylane::exec();");
        passes("src/lib.rs", "pub use crate::api::Runtime;");
        passes("src/prelude.rs", "pub use crate::api::Runtime;");
        passes("tests/hand.rs", "use manylane::exec::Driver;");
    }
}
