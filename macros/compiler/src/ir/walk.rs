//! Going through a kernel: the expressions and statements inside of others, and what a list of statements does.

use super::{Arg, Call, Expr, ExprKind, Source, Stmt, VarId};

impl Expr {
    /// Hands each direct operand to `see`.
    pub fn operands<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::Lit(_)
            | ExprKind::Var(_)
            | ExprKind::Extent(..)
            | ExprKind::Place(..)
            | ExprKind::Const(_)
            | ExprKind::Length(_) => {}
            ExprKind::Unary(_, a) | ExprKind::Cast(a) | ExprKind::Draw(_, a) => see(a),
            ExprKind::Binary(_, a, b) => {
                see(a);
                see(b);
            }
            ExprKind::Fused(_, parts) | ExprKind::Select(parts) => parts.iter().for_each(see),
            ExprKind::Func(_, parts) => parts.iter().for_each(see),
            ExprKind::Call(call) => call.operands(see),
            ExprKind::Near(near) => {
                see(&near.dx);
                see(&near.dy);
            }
            ExprKind::At(at) => {
                see(&at.x);
                see(&at.y);
            }
            ExprKind::Item(item) => see(&item.index),
        }
    }

    /// As [`Expr::operands`], to change them.
    pub fn operands_mut(&mut self, see: &mut dyn FnMut(&mut Expr)) {
        match &mut self.kind {
            ExprKind::Lit(_)
            | ExprKind::Var(_)
            | ExprKind::Extent(..)
            | ExprKind::Place(..)
            | ExprKind::Const(_)
            | ExprKind::Length(_) => {}
            ExprKind::Unary(_, a) | ExprKind::Cast(a) | ExprKind::Draw(_, a) => see(a),
            ExprKind::Binary(_, a, b) => {
                see(a);
                see(b);
            }
            ExprKind::Fused(_, parts) | ExprKind::Select(parts) => parts.iter_mut().for_each(see),
            ExprKind::Func(_, parts) => parts.iter_mut().for_each(see),
            ExprKind::Call(call) => call.operands_mut(see),
            ExprKind::Near(near) => {
                see(&mut near.dx);
                see(&mut near.dy);
            }
            ExprKind::At(at) => {
                see(&mut at.x);
                see(&mut at.y);
            }
            ExprKind::Item(item) => see(&mut item.index),
        }
    }

    /// Hands it and everything in it to `see`.
    pub fn walk<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        see(self);
        self.operands(&mut |part| part.walk(see));
    }

    /// Whether it must only be evaluated where it is asked for: it calls another kernel, which may loop, or reads an
    /// element, which may not be there.
    pub fn is_guarded(&self) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= matches!(part.kind, ExprKind::Call(_) | ExprKind::Item(_)));
        found
    }
}

impl Call {
    /// Hands each scalar argument to `see`.
    pub fn operands<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        for arg in &self.args {
            match arg {
                Arg::Scalar(one) => see(one),
                Arg::Pixel(channels) => channels.iter().for_each(&mut *see),
                Arg::Cell(_) => {}
            }
        }
    }

    /// As [`Call::operands`], to change them.
    pub fn operands_mut(&mut self, see: &mut dyn FnMut(&mut Expr)) {
        for arg in &mut self.args {
            match arg {
                Arg::Scalar(one) => see(one),
                Arg::Pixel(channels) => channels.iter_mut().for_each(&mut *see),
                Arg::Cell(_) => {}
            }
        }
    }
}

impl Stmt {
    /// Hands each expression that the statement itself evaluates to `see`, not those of the statements inside.
    pub fn exprs<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        match self {
            Stmt::Let { value, .. } => value.iter().for_each(see),
            Stmt::LetMany { source: Source::Call(call), .. } => call.operands(see),
            Stmt::LetMany { source: Source::Near(near), .. } => {
                see(&near.dx);
                see(&near.dy);
            }
            Stmt::LetMany { source: Source::At(at), .. } => {
                see(&at.x);
                see(&at.y);
            }
            Stmt::LetMany { source: Source::Item(item), .. } => see(&item.index),
            Stmt::LetTable { values, .. } => values.iter().for_each(see),
            Stmt::Put { index, value, .. } => {
                see(index);
                see(value);
            }
            Stmt::Atomic { index, args, .. } => {
                see(index);
                args.iter().for_each(see);
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return => {}
            Stmt::Assign { value, .. } => see(value),
            Stmt::If { cond, .. } | Stmt::While { cond, .. } => see(cond),
            Stmt::For { from, to, .. } => {
                see(from);
                see(to);
            }
        }
    }

    /// As [`Stmt::exprs`], to change them.
    pub fn exprs_mut(&mut self, see: &mut dyn FnMut(&mut Expr)) {
        match self {
            Stmt::Let { value, .. } => value.iter_mut().for_each(see),
            Stmt::LetMany { source: Source::Call(call), .. } => call.operands_mut(see),
            Stmt::LetMany { source: Source::Near(near), .. } => {
                see(&mut near.dx);
                see(&mut near.dy);
            }
            Stmt::LetMany { source: Source::At(at), .. } => {
                see(&mut at.x);
                see(&mut at.y);
            }
            Stmt::LetMany { source: Source::Item(item), .. } => see(&mut item.index),
            Stmt::LetTable { values, .. } => values.iter_mut().for_each(see),
            Stmt::Put { index, value, .. } => {
                see(index);
                see(value);
            }
            Stmt::Atomic { index, args, .. } => {
                see(index);
                args.iter_mut().for_each(see);
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return => {}
            Stmt::Assign { value, .. } => see(value),
            Stmt::If { cond, .. } | Stmt::While { cond, .. } => see(cond),
            Stmt::For { from, to, .. } => {
                see(from);
                see(to);
            }
        }
    }

    /// The lists of statements inside.
    pub fn inner(&self) -> Vec<&[Stmt]> {
        match self {
            Stmt::If { then, other, .. } => vec![then, other],
            Stmt::While { head, body, .. } => vec![head, body],
            Stmt::For { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }

    /// The lists of statements inside, to change them.
    pub fn inner_mut(&mut self) -> Vec<&mut Vec<Stmt>> {
        match self {
            Stmt::If { then, other, .. } => vec![then, other],
            Stmt::While { head, body, .. } => vec![head, body],
            Stmt::For { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }
}

/// Hands every statement of the list, those inside others included, to `see`.
pub fn each_stmt<'s>(stmts: &'s [Stmt], see: &mut dyn FnMut(&'s Stmt)) {
    for stmt in stmts {
        see(stmt);
        for list in stmt.inner() {
            each_stmt(list, see);
        }
    }
}

/// Hands every outermost expression of the list to `see`, to change it.
pub fn each_expr_mut(stmts: &mut [Stmt], see: &mut dyn FnMut(&mut Expr)) {
    for stmt in stmts {
        stmt.exprs_mut(see);
        for list in stmt.inner_mut() {
            each_expr_mut(list, see);
        }
    }
}

/// The variables that the list assigns and does not declare, in the order of their numbers.
pub fn assigned(stmts: &[Stmt]) -> Vec<VarId> {
    let mut assigned = std::collections::BTreeSet::new();
    let mut declared = std::collections::BTreeSet::new();
    each_stmt(stmts, &mut |stmt| match stmt {
        Stmt::Let { var, .. } | Stmt::For { var, .. } => {
            declared.insert(*var);
        }
        Stmt::LetMany { outs, .. } => declared.extend(outs.iter().copied()),
        Stmt::Assign { var, .. } => {
            assigned.insert(*var);
        }
        Stmt::Atomic { old: Some(var), .. } => {
            declared.insert(*var);
        }
        _ => {}
    });
    assigned.difference(&declared).copied().collect()
}

/// The variables that the list assigns, those it declares included.
pub fn assigned_anywhere(stmts: &[Stmt]) -> Vec<VarId> {
    let mut assigned = Vec::new();
    each_stmt(stmts, &mut |stmt| {
        if let Stmt::Assign { var, .. } = stmt {
            assigned.push(*var);
        }
    });
    assigned
}

/// Whether the list must only run where some lane asks for it: it may run for long (it loops, or calls a kernel that may),
/// it may reach for an element that is not there, it changes what others see, or it leaves.
pub fn is_guarded(stmts: &[Stmt]) -> bool {
    let mut found = false;
    each_stmt(stmts, &mut |stmt| {
        found |= matches!(
            stmt,
            Stmt::While { .. }
                | Stmt::For { .. }
                | Stmt::LetMany { source: Source::Call(_) | Source::Item(_), .. }
                | Stmt::LetTable { .. }
                | Stmt::Put { .. }
                | Stmt::Atomic { .. }
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Return
        );
        stmt.exprs(&mut |expr| found |= expr.is_guarded());
    });
    found
}

/// A loop or the kernel itself: what a statement can leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    Break(usize),
    Continue(usize),
    Return,
}

impl Stmt {
    /// What it leaves, if that is what it does.
    pub fn leave(&self) -> Option<Leave> {
        match self {
            Stmt::Break(site) => Some(Leave::Break(*site)),
            Stmt::Continue(site) => Some(Leave::Continue(*site)),
            Stmt::Return => Some(Leave::Return),
            _ => None,
        }
    }
}

/// What the statements of the list leave that lies outside of it.
pub fn leaves(stmts: &[Stmt]) -> Vec<Leave> {
    let (mut sites, mut found) = (Vec::new(), Vec::new());
    each_stmt(stmts, &mut |stmt| {
        if let Stmt::While { site, .. } | Stmt::For { site, .. } = stmt {
            sites.push(*site);
        }
        found.extend(stmt.leave());
    });
    found.retain(|leave| match leave {
        Leave::Break(site) | Leave::Continue(site) => !sites.contains(site),
        Leave::Return => true,
    });
    found
}
