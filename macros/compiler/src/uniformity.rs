//! Which values are the same on all lanes.
//!
//! Each variable is *uniform* (a plain scalar), *linear* (a uniform base plus the number of the lane: the own index or
//! column, moved by uniform integers; it is held as its base) or *varying*. A variable is as spread as all that it is
//! given, and varying where it is assigned under control flow that differs by lane and lives outside of that.
//!
//! Control flow differs by lane in a branch or loop whose condition does, and in a loop that lanes leave one by one: by a
//! `break`, `continue` or `return` under such control flow. The least solution is found by going over the body until
//! nothing changes.

use crate::ir::{Axis, Binary, Expr, ExprKind, Item, Kernel, Leave, ParamKind, Source, Stmt, Store, VarId};
use crate::types::Scalar;

/// How a value differs by lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    Uniform,
    Linear,
    Varying,
}

/// The spread of every variable of one kernel, and which loops lanes leave one by one.
pub struct Spreads {
    /// `None` as long as nothing was given to it.
    vars: Vec<Option<Spread>>,
    /// Of private arrays: whether what they hold differs by lane.
    tables: Vec<bool>,
    /// By site: whether lanes leave the loop, or a turn of it, one by one.
    diverging: Vec<bool>,
    /// By site: whether lanes go on to the next turn one by one.
    skipping: Vec<bool>,
    returning: bool,
}

impl Spreads {
    /// Finds them.
    pub fn of(kernel: &Kernel) -> Spreads {
        let mut found = Finder {
            spreads: Spreads {
                vars: vec![None; kernel.vars.len()],
                tables: vec![false; kernel.tables.len()],
                diverging: vec![false; kernel.sites],
                skipping: vec![false; kernel.sites],
                returning: false,
            },
            depth: vec![0; kernel.vars.len()],
            table_depth: vec![0; kernel.tables.len()],
            loops: Vec::new(),
            changed: true,
        };
        for param in &kernel.params {
            let spread = match param.kind {
                ParamKind::Uniform | ParamKind::Random => Spread::Uniform,
                ParamKind::Index => Spread::Linear,
                _ => Spread::Varying,
            };
            for var in &param.vars {
                found.spreads.vars[*var] = Some(spread);
            }
        }
        while std::mem::take(&mut found.changed) {
            found.list(kernel, &kernel.body, 0);
        }
        found.spreads
    }

    /// Whether a variable is the same on all lanes.
    pub fn is_uniform(&self, var: VarId) -> bool {
        self.var(var) == Spread::Uniform
    }

    /// Of a variable.
    pub fn var(&self, var: VarId) -> Spread {
        self.vars[var].unwrap_or(Spread::Uniform)
    }

    /// Whether what a private array holds differs by lane.
    pub fn table_varies(&self, table: usize) -> bool {
        self.tables[table]
    }

    /// Whether lanes leave the loop of that site, or a turn of it, one by one, by statements in it.
    pub fn diverges(&self, site: usize) -> bool {
        self.diverging[site]
    }

    /// Whether lanes go on to the next turn of that loop one by one.
    pub fn skips(&self, site: usize) -> bool {
        self.skipping[site]
    }

    /// Whether lanes end the kernel one by one.
    pub fn returns(&self) -> bool {
        self.returning
    }

    /// Of an expression.
    pub fn expr(&self, expr: &Expr) -> Spread {
        match &expr.kind {
            ExprKind::Lit(_)
            | ExprKind::Extent(..)
            | ExprKind::Place(_, Axis::Y)
            | ExprKind::Const(_)
            | ExprKind::Length(_) => Spread::Uniform,
            ExprKind::Place(_, Axis::X) => Spread::Linear,
            ExprKind::Var(var) => self.var(*var),
            ExprKind::Call(_) | ExprKind::Near(_) | ExprKind::At(_) | ExprKind::Draw(..) => Spread::Varying,
            ExprKind::Item(item) => self.item(item),
            ExprKind::Binary(op, a, b) => match (op, self.expr(a), self.expr(b)) {
                (_, Spread::Uniform, Spread::Uniform) => Spread::Uniform,
                (Binary::Add, Spread::Linear, Spread::Uniform)
                | (Binary::Add, Spread::Uniform, Spread::Linear)
                | (Binary::Sub, Spread::Linear, Spread::Uniform) => Spread::Linear,
                _ => Spread::Varying,
            },
            ExprKind::Cast(a) => {
                let word = |scalar: Scalar| matches!(scalar, Scalar::I32 | Scalar::U32);
                match self.expr(a) {
                    Spread::Linear if !(word(a.scalar()) && word(expr.scalar())) => Spread::Varying,
                    spread => spread,
                }
            }
            _ => {
                let mut varies = false;
                expr.operands(&mut |part| varies |= self.expr(part) != Spread::Uniform);
                if varies { Spread::Varying } else { Spread::Uniform }
            }
        }
    }

    /// Of an element: one for all where its index is.
    pub fn item(&self, item: &Item) -> Spread {
        let varies = match item.store {
            Store::Param(_) => false,
            Store::Table(table) => self.tables[table],
        };
        if varies || self.varies(&item.index) { Spread::Varying } else { Spread::Uniform }
    }

    /// Whether lanes may go different ways on it.
    pub fn varies(&self, expr: &Expr) -> bool {
        self.expr(expr) != Spread::Uniform
    }
}

struct Finder {
    spreads: Spreads,
    /// Under how many varying branches and loops each variable was declared.
    depth: Vec<usize>,
    table_depth: Vec<usize>,
    /// The loops around, each with the depth inside of it.
    loops: Vec<(usize, usize)>,
    changed: bool,
}

impl Finder {
    fn list(&mut self, kernel: &Kernel, stmts: &[Stmt], depth: usize) {
        for stmt in stmts {
            self.stmt(kernel, stmt, depth);
        }
    }

    fn stmt(&mut self, kernel: &Kernel, stmt: &Stmt, depth: usize) {
        match stmt {
            Stmt::Let { var, value } => {
                // A twin in lockstep is as good as declared in its loop: all that is there steps together.
                self.depth[*var] = depth + usize::from(kernel.vars[*var].lockstep);
                if let Some(value) = value {
                    self.widen(*var, self.spreads.expr(value));
                }
            }
            Stmt::LetMany { source, outs, .. } => {
                let spread = match source {
                    Source::Item(item) => self.spreads.item(item),
                    _ => Spread::Varying,
                };
                for var in outs {
                    self.depth[*var] = depth;
                    self.widen(*var, spread);
                }
            }
            Stmt::Assign { var, value } => {
                let spread =
                    if depth > self.depth[*var] { Spread::Varying } else { self.spreads.expr(value) };
                self.widen(*var, spread);
            }
            Stmt::LetTable { table, values } => {
                self.table_depth[*table] = depth;
                let varies = values.iter().any(|value| self.spreads.varies(value));
                self.widen_table(*table, varies);
            }
            Stmt::Put { table, index, value } => {
                let varies = depth > self.table_depth[*table]
                    || self.spreads.varies(index)
                    || self.spreads.varies(value);
                self.widen_table(*table, varies);
            }
            Stmt::Atomic { old, .. } => {
                if let Some(var) = old {
                    self.depth[*var] = depth;
                    self.widen(*var, Spread::Varying);
                }
            }
            Stmt::If { cond, then, other, .. } => {
                let inside = depth + usize::from(self.spreads.varies(cond));
                self.list(kernel, then, inside);
                self.list(kernel, other, inside);
            }
            Stmt::While { site, head, cond, body } => {
                let inside = depth + usize::from(self.spreads.varies(cond) || self.spreads.diverges(*site));
                self.loops.push((*site, inside));
                self.list(kernel, head, inside);
                self.list(kernel, body, inside);
                self.loops.pop();
            }
            Stmt::For { site, var, from, to, body, .. } => {
                let varies = self.spreads.varies(from) || self.spreads.varies(to);
                let inside = depth + usize::from(varies || self.spreads.diverges(*site));
                self.depth[*var] = inside;
                self.widen(*var, if varies { Spread::Varying } else { Spread::Uniform });
                self.loops.push((*site, inside));
                self.list(kernel, body, inside);
                self.loops.pop();
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return => {
                if let Some(leave) = stmt.leave() {
                    self.leave(leave, depth);
                }
            }
        }
    }

    /// A loop that is left under deeper control flow than its own is left lane by lane.
    fn leave(&mut self, leave: Leave, depth: usize) {
        let target = match leave {
            Leave::Break(site) | Leave::Continue(site) => self.loops.iter().position(|(at, _)| *at == site),
            Leave::Return => None,
        };
        for at in target.unwrap_or(0)..self.loops.len() {
            let (site, inside) = self.loops[at];
            if depth > inside {
                self.changed |= !std::mem::replace(&mut self.spreads.diverging[site], true);
                if leave == Leave::Continue(site) {
                    self.changed |= !std::mem::replace(&mut self.spreads.skipping[site], true);
                }
            }
        }
        if leave == Leave::Return && depth > 0 {
            self.changed |= !std::mem::replace(&mut self.spreads.returning, true);
        }
    }

    fn widen(&mut self, var: VarId, spread: Spread) {
        let joined = match self.spreads.vars[var] {
            None => spread,
            Some(old) if old == spread => old,
            Some(_) => Spread::Varying,
        };
        if self.spreads.vars[var] != Some(joined) {
            self.spreads.vars[var] = Some(joined);
            self.changed = true;
        }
    }

    fn widen_table(&mut self, table: usize, varies: bool) {
        if varies && !self.spreads.tables[table] {
            self.spreads.tables[table] = true;
            self.changed = true;
        }
    }
}

/// Hands each `near` of the kernel to `see`.
pub fn each_near<'k>(kernel: &'k Kernel, see: &mut dyn FnMut(&'k crate::ir::Near)) {
    crate::ir::each_stmt(&kernel.body, &mut |stmt| {
        if let Stmt::LetMany { source: Source::Near(near), .. } = stmt {
            see(near);
        }
        stmt.exprs(&mut |expr| near_in(expr, see));
    });
    for result in &kernel.results {
        near_in(result, see);
    }
}

fn near_in<'k>(expr: &'k Expr, see: &mut dyn FnMut(&'k crate::ir::Near)) {
    expr.walk(&mut |part| {
        if let ExprKind::Near(near) = &part.kind {
            see(near);
        }
    });
}
