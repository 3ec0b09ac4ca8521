//! Which variables are still read after each branch and loop.
//!
//! Only those need a mask there: a lane that has left a loop, or did not take a branch, may hold anything in a variable
//! that nobody reads afterwards (masking all of them takes Mandelbrot 1.57 times as long). Found backwards; a loop is gone
//! over until nothing changes, so that what its next turn reads counts as read afterwards.

use std::collections::BTreeSet;

use crate::ir::{Expr, ExprKind, Kernel, ParamKind, Stmt, VarId};

/// Variables.
pub type Set = BTreeSet<VarId>;

/// For each branch and loop, the variables that are read after it.
pub struct Live {
    after: Vec<Set>,
}

impl Live {
    /// Finds them.
    pub fn of(kernel: &Kernel) -> Live {
        let mut live = Live { after: vec![Set::new(); kernel.sites] };
        let mut end = Set::new();
        for result in &kernel.results {
            reads(result, &mut end);
        }
        for param in &kernel.params {
            if param.kind == ParamKind::InPlace {
                end.extend(&param.vars);
            }
        }
        live.list(&kernel.body, end);
        live
    }

    /// What is read after the branch or loop of that number.
    pub fn after(&self, site: usize) -> &Set {
        &self.after[site]
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
            Stmt::If { site, then, other, .. } => {
                self.after[*site].extend(&live);
                let taken = self.list(then, live.clone());
                live = self.list(other, live);
                live.extend(taken);
            }
            Stmt::While { site, head, cond, body } => {
                self.after[*site].extend(&live);
                // At the condition: what is live after the loop, what the condition reads, what the next turn reads.
                loop {
                    let mut at_cond = live.clone();
                    reads(cond, &mut at_cond);
                    let turn = {
                        let before_head = self.list(head, at_cond.clone());
                        let before_body = self.list(body, before_head);
                        at_cond.extend(before_body);
                        self.list(head, at_cond)
                    };
                    let grown = turn.difference(&live).count() > 0;
                    live.extend(turn);
                    if !grown {
                        break;
                    }
                }
                return live;
            }
            Stmt::For { site, var, body, .. } => {
                self.after[*site].extend(&live);
                loop {
                    let mut turn = self.list(body, live.clone());
                    turn.remove(var);
                    let grown = turn.difference(&live).count() > 0;
                    live.extend(turn);
                    if !grown {
                        break;
                    }
                }
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
