//! Which variables are still read after each branch and loop.
//!
//! Only those need a mask there: a lane that has left a loop, or did not take a branch, may hold anything in a variable
//! that nobody reads afterwards (masking all of them takes Mandelbrot 1.57 times as long). Found backwards; a loop is gone
//! over until nothing changes, so that what its next turn reads counts as read afterwards.

use std::collections::BTreeSet;

use crate::ir::{Expr, ExprKind, Kernel, ParamKind, Stmt, VarId};

/// Variables.
pub type Set = BTreeSet<VarId>;

/// What is read later, from the places that control flow can go to.
pub struct Live {
    after: Vec<Set>,
    turn: Vec<Set>,
    end: Set,
}

impl Live {
    /// Finds them.
    pub fn of(kernel: &Kernel) -> Live {
        let mut end = Set::new();
        for result in &kernel.results {
            reads(result, &mut end);
        }
        for param in &kernel.params {
            if param.kind == ParamKind::InPlace {
                end.extend(&param.vars);
            }
        }
        let none = vec![Set::new(); kernel.sites];
        let mut live = Live { after: none.clone(), turn: none, end: end.clone() };
        live.list(&kernel.body, end);
        live
    }

    /// What is read after the branch or loop of that number.
    pub fn after(&self, site: usize) -> &Set {
        &self.after[site]
    }

    /// What is read from the next turn of that loop on.
    pub fn turn(&self, site: usize) -> &Set {
        &self.turn[site]
    }

    /// What is read when the kernel has ended.
    pub fn end(&self) -> &Set {
        &self.end
    }

    /// What is live before the list, given what is live after it.
    fn list(&mut self, stmts: &[Stmt], mut live: Set) -> Set {
        for stmt in stmts.iter().rev() {
            live = self.stmt(stmt, live);
        }
        live
    }

    fn stmt(&mut self, stmt: &Stmt, mut live: Set) -> Set {
        match stmt {
            Stmt::Let { var, .. } | Stmt::Assign { var, .. } => {
                live.remove(var);
            }
            Stmt::LetMany { outs, .. } => live.retain(|var| !outs.contains(var)),
            Stmt::Atomic { old, .. } => {
                if let Some(var) = old {
                    live.remove(var);
                }
            }
            Stmt::LetTable { .. } | Stmt::Put { .. } => {}
            Stmt::Break(site) => live = self.after[*site].clone(),
            Stmt::Continue(site) => live = self.turn[*site].clone(),
            Stmt::Return => live = self.end.clone(),
            Stmt::If { site, then, other, .. } => {
                self.after[*site].extend(&live);
                let taken = self.list(then, live.clone());
                live = self.list(other, live);
                live.extend(taken);
            }
            Stmt::While { site, head, cond, body } => {
                self.after[*site].extend(&live);
                // At the condition: what is live after the loop, what it reads, and what the turn behind it reads.
                loop {
                    let mut at_cond = self.after[*site].clone();
                    reads(cond, &mut at_cond);
                    let next = self.turn[*site].clone();
                    at_cond.extend(self.list(body, next));
                    let turn = self.list(head, at_cond);
                    if turn.is_subset(&self.turn[*site]) {
                        break;
                    }
                    self.turn[*site].extend(turn);
                }
                return self.turn[*site].clone();
            }
            Stmt::For { site, var, body, .. } => {
                self.after[*site].extend(&live);
                loop {
                    let mut next = self.turn[*site].clone();
                    next.extend(&self.after[*site]);
                    let mut turn = self.list(body, next);
                    turn.remove(var);
                    if turn.is_subset(&self.turn[*site]) {
                        break;
                    }
                    self.turn[*site].extend(turn);
                }
                // After the last turn the loop ends, so a lane that skips a turn needs that too.
                let after = self.after[*site].clone();
                self.turn[*site].extend(after);
                live = self.turn[*site].clone();
            }
        }
        stmt.exprs(&mut |expr| reads(expr, &mut live));
        live
    }
}

fn reads(expr: &Expr, into: &mut Set) {
    expr.walk(&mut |part| {
        if let ExprKind::Var(var) = part.kind {
            into.insert(var);
        }
    });
}
