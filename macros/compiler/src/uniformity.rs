//! Which values are the same on all lanes.
//!
//! Each variable is *uniform* (a plain scalar), *linear* (a uniform base plus the number of the lane: the own index or
//! column, moved by uniform integers) or *varying*. A variable is as spread as the widest value it is given, and varying
//! where it is assigned under control flow that differs by lane and lives outside of that. The least solution is found
//! by going over the body until nothing changes.

use crate::ir::{Axis, Binary, Expr, ExprKind, Kernel, ParamKind, Stmt, VarId};
use crate::parse::Errors;

/// How a value differs by lane, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spread {
    Uniform,
    Linear,
    Varying,
}

/// The spread of every variable of one kernel.
pub struct Spreads {
    vars: Vec<Spread>,
}

impl Spreads {
    /// Finds them.
    pub fn of(kernel: &Kernel) -> Spreads {
        let mut found = Finder {
            spreads: Spreads { vars: vec![Spread::Uniform; kernel.vars.len()] },
            depth: vec![0; kernel.vars.len()],
            changed: true,
        };
        for param in &kernel.params {
            let spread = match param.kind {
                ParamKind::Uniform => Spread::Uniform,
                ParamKind::Index => Spread::Linear,
                _ => Spread::Varying,
            };
            for var in &param.vars {
                found.spreads.vars[*var] = spread;
            }
        }
        while std::mem::take(&mut found.changed) {
            found.list(kernel, &kernel.body, 0);
        }
        found.spreads
    }

    /// Whether a variable is the same on all lanes.
    pub fn is_uniform(&self, var: VarId) -> bool {
        self.vars[var] == Spread::Uniform
    }

    /// Of a variable.
    pub fn var(&self, var: VarId) -> Spread {
        self.vars[var]
    }

    /// Of an expression.
    pub fn expr(&self, expr: &Expr) -> Spread {
        match &expr.kind {
            ExprKind::Lit(_) | ExprKind::Extent(..) | ExprKind::Place(_, Axis::Y) => Spread::Uniform,
            ExprKind::Place(_, Axis::X) => Spread::Linear,
            ExprKind::Var(var) => self.var(*var),
            ExprKind::Call(_) | ExprKind::Near(_) => Spread::Varying,
            ExprKind::Binary(op, a, b) => match (op, self.expr(a), self.expr(b)) {
                (_, Spread::Uniform, Spread::Uniform) => Spread::Uniform,
                (Binary::Add, Spread::Linear, Spread::Uniform)
                | (Binary::Add, Spread::Uniform, Spread::Linear)
                | (Binary::Sub, Spread::Linear, Spread::Uniform) => Spread::Linear,
                _ => Spread::Varying,
            },
            ExprKind::Cast(a) if a.scalar().is_int() && expr.scalar().is_int() => self.expr(a),
            _ => {
                let mut varies = false;
                expr.operands(&mut |part| varies |= self.expr(part) != Spread::Uniform);
                if varies { Spread::Varying } else { Spread::Uniform }
            }
        }
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
            Stmt::LetMany { outs, .. } => {
                for var in outs {
                    self.depth[*var] = depth;
                    self.widen(*var, Spread::Varying);
                }
            }
            Stmt::Assign { var, value } => {
                let spread =
                    if depth > self.depth[*var] { Spread::Varying } else { self.spreads.expr(value) };
                self.widen(*var, spread);
            }
            Stmt::If { cond, then, other, .. } => {
                let inside = depth + usize::from(self.spreads.varies(cond));
                self.list(kernel, then, inside);
                self.list(kernel, other, inside);
            }
            Stmt::While { head, cond, body, .. } => {
                let inside = depth + usize::from(self.spreads.varies(cond));
                self.list(kernel, head, inside);
                self.list(kernel, body, inside);
            }
            Stmt::For { var, from, to, body, .. } => {
                let varies = self.spreads.varies(from) || self.spreads.varies(to);
                let inside = depth + usize::from(varies);
                self.depth[*var] = inside;
                if varies {
                    self.widen(*var, Spread::Varying);
                }
                self.list(kernel, body, inside);
            }
        }
    }

    fn widen(&mut self, var: VarId, spread: Spread) {
        if spread > self.spreads.vars[var] {
            self.spreads.vars[var] = spread;
            self.changed = true;
        }
    }
}

/// Tells what must be the same on all lanes and is not; how often.
pub fn check(kernel: &Kernel, spreads: &Spreads, errors: &mut Errors) -> usize {
    let mut told = 0;
    let mut see = |near: &crate::ir::Near| {
        for way in [&near.dx, &near.dy] {
            if spreads.varies(way) {
                told += 1;
                errors.push_at(
                    way.span,
                    "this differs by lane, but `near` goes the same way on all: use constants, `#[uniform]` parameters \
                     and variables of a `for` over them",
                );
            }
        }
    };
    each_near(kernel, &mut see);
    told
}

/// Hands each `near` of the kernel to `see`.
pub fn each_near<'k>(kernel: &'k Kernel, see: &mut dyn FnMut(&'k crate::ir::Near)) {
    crate::ir::each_stmt(&kernel.body, &mut |stmt| {
        if let Stmt::LetMany { source: crate::ir::Source::Near(near), .. } = stmt {
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
