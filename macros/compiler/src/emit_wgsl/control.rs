//! Branches, loops and what leaves them, in WGSL.
//!
//! WGSL has no labels. A statement that leaves an outer loop says so in `leave` and ends the innermost one; behind each
//! loop that may have ended so stands what goes on from there.

use super::{Text, Writer, scalar_name, text};
use crate::ir::{Expr, Leave, Lit, Stmt, VarId, leaves};

impl Writer<'_> {
    pub(super) fn control(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::If { cond, then, other, .. } => {
                let cond = self.expr(cond);
                if then.is_empty() {
                    self.line(text!["if (!(", cond, ")) {"]);
                    self.inner(other);
                } else {
                    self.line(text!["if (", cond, ") {"]);
                    self.inner(then);
                    if !other.is_empty() {
                        self.line(Text::new("} else {"));
                        self.inner(other);
                    }
                }
                self.line(Text::new("}"));
            }
            Stmt::While { site, head, cond, body } => {
                self.line(Text::new("loop {"));
                self.loops.push(*site);
                self.inner(head);
                self.depth += 1;
                if cond.lit() != Some(Lit::Bool(true)) {
                    let cond = self.expr(cond);
                    self.line(text!["if (!(", cond, ")) { break; }"]);
                }
                self.line(Text::new("if (ml_turn()) { break; }"));
                self.depth -= 1;
                self.inner(body);
                self.loops.pop();
                self.line(Text::new("}"));
                self.go_on(stmt);
            }
            Stmt::For { site, var, from, to, inclusive, body } => {
                self.for_loop(*site, *var, [from, to], *inclusive, body);
                self.go_on(stmt);
            }
            Stmt::Return => self.give_back(),
            _ => {
                if let Some(leave) = stmt.leave() {
                    self.leave(leave);
                }
            }
        }
    }

    fn leave(&mut self, leave: Leave) {
        let innermost = self.loops.last().copied();
        let line = match leave {
            Leave::Break(site) if innermost == Some(site) => "break;".to_owned(),
            Leave::Continue(site) if innermost == Some(site) => "continue;".to_owned(),
            outer => {
                self.leaves = true;
                format!("leave = {}u; break;", code(outer))
            }
        };
        for part in line.split_inclusive("; ") {
            self.line(Text::new(part.trim()));
        }
    }

    /// Behind a loop that may have ended for the sake of an outer one.
    fn go_on(&mut self, stmt: &Stmt) {
        let Some(own) = self.loops.last().copied() else { return };
        let mut outer: Vec<Leave> =
            leaves(std::slice::from_ref(stmt)).into_iter().filter(|leave| *leave != Leave::Return).collect();
        outer.dedup();
        if outer.is_empty() {
            return;
        }
        for (leave, word) in [(Leave::Break(own), "break"), (Leave::Continue(own), "continue")] {
            if outer.contains(&leave) {
                self.line(Text::new(format!("if (leave == {}u) {{ leave = 0u; {word}; }}", code(leave))));
            }
        }
        if outer.iter().any(|leave| ![Leave::Break(own), Leave::Continue(own)].contains(leave)) {
            self.line(Text::new("if (leave != 0u) { break; }"));
        }
    }

    fn for_loop(&mut self, site: usize, var: VarId, [from, to]: [&Expr; 2], inclusive: bool, body: &[Stmt]) {
        let (name, scalar) = (self.name(var), self.scalar(var));
        let ty = scalar_name(scalar);
        let (from, to) = (self.expr(from), self.expr(to));
        self.line(text!["let end", site.to_string(), ": ", ty, " = ", to, ";"]);
        self.loops.push(site);
        if !inclusive {
            let head = format!("; {name} < end{site}; {name}++) {{");
            self.line(text!["for (var ", &name, ": ", ty, " = ", from, head]);
            self.inner(body);
            self.line(Text::new("}"));
        } else {
            self.line(text![format!("var at{site}: {ty} = "), from, ";"]);
            self.line(Text::new(format!("var more{site}: bool = at{site} <= end{site};")));
            self.line(Text::new("loop {"));
            self.depth += 1;
            self.line(Text::new(format!("if (!more{site}) {{ break; }}")));
            self.line(Text::new(format!("let {name}: {ty} = at{site};")));
            self.list(body);
            self.line(Text::new(format!("continuing {{ more{site} = at{site} != end{site}; at{site}++; }}")));
            self.depth -= 1;
            self.line(Text::new("}"));
        }
        self.loops.pop();
    }
}

/// What `leave` holds.
fn code(leave: Leave) -> usize {
    match leave {
        Leave::Break(site) => 2 * site + 1,
        Leave::Continue(site) => 2 * site + 2,
        Leave::Return => 0,
    }
}
