//! Counters of varying loops that are the same on all lanes which are still in the loop.
//!
//! In `let mut n = 0; while n < limit && differs_by_lane { …; n += 1; }` every lane that is still active has taken the
//! same turns, so it holds the same `n`; only what lanes that have left hold differs. Such a variable gets a uniform
//! twin that the loop reads and steps, and itself only keeps each lane's last value for what comes after:
//!
//! ```text
//! let mut u = 0; let mut n = u; while u < limit && … { …; u += 1; n = u (active lanes); }
//! ```
//! The condition then no longer waits for the masked counter: without this the masks go through a chain of six
//! operations in each turn (Mandelbrot on AVX-512: 1.7 times the time).
//!
//! A variable qualifies if it is declared with a value in the list that holds the loop, is assigned in the kernel
//! nowhere but in that loop, and its twin comes out uniform: its first value is, and every value that it is given, under
//! control flow that is the same for the active lanes.

use crate::ir::{Expr, ExprKind, Kernel, Leave, Stmt, Var, VarId, assigned, each_expr_mut, each_stmt};
use crate::uniformity::Spreads;

/// The kernel with every counter that qualifies split in two, and how its variables spread.
pub fn kernel(kernel: &Kernel) -> (Kernel, Spreads) {
    let mut best = kernel.clone();
    let mut spreads = Spreads::of(kernel);
    for var in 0..kernel.vars.len() {
        if !spreads.is_uniform(var)
            && let Some(split) = split(&best, var)
        {
            let found = Spreads::of(&split);
            if found.is_uniform(best.vars.len()) && loop_varies(&split.body, &found, best.vars.len()) {
                (best, spreads) = (split, found);
            }
        }
    }
    (best, spreads)
}

/// Whether lanes leave the loop that steps the twin one by one.
///
/// Where they all stay, nothing is won, and the twin, which counts as declared inside of the loop, would stand one level
/// too deep: a branch in it that varies would go unseen.
fn loop_varies(stmts: &[Stmt], spreads: &Spreads, twin: VarId) -> bool {
    let declared = stmts.iter().any(|stmt| matches!(stmt, Stmt::Let { var, .. } if *var == twin));
    stmts.iter().any(|stmt| match stmt {
        Stmt::While { site, cond, body, .. } if declared => {
            assignments(body, twin) > 0 && (spreads.varies(cond) || spreads.diverges(*site))
        }
        _ => stmt.inner().into_iter().any(|list| loop_varies(list, spreads, twin)),
    })
}

/// The kernel with a twin of `var`, where its declaration and its only loop stand in one list.
fn split(kernel: &Kernel, var: VarId) -> Option<Kernel> {
    if kernel.params.iter().any(|param| param.vars.contains(&var)) {
        return None;
    }
    let mut split = kernel.clone();
    let twin = split.vars.len();
    split.vars.push(Var {
        name: format!("{}_all", kernel.vars[var].name),
        ty: kernel.vars[var].ty,
        lockstep: true,
    });
    let outside = assignments(&split.body, var);
    list(&mut split.body, var, twin, outside).then_some(split)
}

/// How often the list assigns the variable.
fn assignments(stmts: &[Stmt], var: VarId) -> usize {
    let mut count = 0;
    each_stmt(stmts, &mut |stmt| {
        count += usize::from(matches!(stmt, Stmt::Assign { var: to, .. } if *to == var))
    });
    count
}

/// Splits the variable in the list that declares it; `false` where it does not qualify.
fn list(stmts: &mut Vec<Stmt>, var: VarId, twin: VarId, all: usize) -> bool {
    let Some(declared) =
        stmts.iter().position(|stmt| matches!(stmt, Stmt::Let { var: it, .. } if *it == var))
    else {
        return stmts
            .iter_mut()
            .any(|stmt| stmt.inner_mut().into_iter().any(|inner| list(inner, var, twin, all)));
    };
    let Some(at) = stmts.iter().position(|stmt| match stmt {
        Stmt::While { site, head, body, .. } => {
            let inside = assignments(head, var) + assignments(body, var);
            // A lane that goes on to the next turn early may not have stepped.
            let skips = crate::ir::leaves(body).contains(&Leave::Continue(*site));
            inside == all && inside > 0 && !assigned(head).contains(&var) && !skips
        }
        _ => false,
    }) else {
        return false;
    };
    let Stmt::While { head, cond, body, .. } = &mut stmts[at] else { return false };
    let mut read_twin = |expr: &mut Expr| rename(expr, var, twin);
    each_expr_mut(head, &mut read_twin);
    read_twin(cond);
    each_expr_mut(body, &mut read_twin);
    step_twin(body, var, twin);
    let Stmt::Let { value: Some(value), .. } = &mut stmts[declared] else { return false };
    let twin_read = Expr { kind: ExprKind::Var(twin), ty: value.ty, span: value.span };
    let first = std::mem::replace(value, twin_read);
    stmts.insert(declared, Stmt::Let { var: twin, value: Some(first) });
    true
}

/// After each assignment of the twin in place of the variable, the variable takes its value.
fn step_twin(stmts: &mut Vec<Stmt>, var: VarId, twin: VarId) {
    let mut at = 0;
    while at < stmts.len() {
        if let Stmt::Assign { var: to, value } = &mut stmts[at]
            && *to == var
        {
            *to = twin;
            let kept = Expr { kind: ExprKind::Var(twin), ty: value.ty, span: value.span };
            at += 1;
            stmts.insert(at, Stmt::Assign { var, value: kept });
        } else {
            stmts[at].inner_mut().into_iter().for_each(|inner| step_twin(inner, var, twin));
        }
        at += 1;
    }
}

fn rename(expr: &mut Expr, from: VarId, to: VarId) {
    if let ExprKind::Var(var) = &mut expr.kind
        && *var == from
    {
        *var = to;
    }
    expr.operands_mut(&mut |part| rename(part, from, to));
}
