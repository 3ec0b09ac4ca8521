//! Control flow: loops, what leaves them, branches and `match`.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Block, Pat};

use super::expr::value_of;
use super::{Binding, Checked, Checker, Failed, Need, Place, Value, refuse};
use crate::ir::{Binary, Expr, ExprKind, Lit, Stmt};
use crate::types::{Kind, Scalar, Shape, Ty};

/// A loop or labelled block that is being read.
pub(super) struct Frame {
    site: usize,
    label: Option<String>,
    /// Whether it is a `loop`, so that `break` may give a value; and the variables that take it, once one did.
    gives: Gives,
}

enum Gives {
    Nothing,
    /// What its place asks for, if that is known.
    Some(Option<Shape>),
    Into(Place),
}

impl Checker<'_> {
    pub(super) fn while_loop(&mut self, stmt: &syn::ExprWhile) -> Checked<()> {
        if let syn::Expr::Let(pattern) = &*stmt.cond {
            return self
                .fail(pattern, "`while let` is not in the kernel language: compare, `while x != 0 { … }`");
        }
        let site = self.site();
        let (head, cond) = self.apart(|this| this.condition(&stmt.cond));
        let (body, inner) =
            self.in_loop(site, stmt.label.as_ref(), Gives::Nothing, |this| this.loop_body(&stmt.body));
        let cond = cond?;
        inner?;
        self.out.push(Stmt::While { site, head, cond, body });
        Ok(())
    }

    /// `loop { … }`, which gives what its `break`s give.
    pub(super) fn endless(&mut self, stmt: &syn::ExprLoop, expect: Option<&Shape>) -> Checked<Value> {
        let span = stmt.span();
        let site = self.site();
        let at = self.frames.len();
        let gives = Gives::Some(expect.cloned());
        let mut found = None;
        let (body, inner) = self.in_loop(site, stmt.label.as_ref(), gives, |this| {
            let inner = this.loop_body(&stmt.body);
            if let Gives::Into(place) = &this.frames[at].gives {
                found = Some(place.clone());
            }
            inner
        });
        inner?;
        let mut ends = false;
        crate::ir::each_stmt(&body, &mut |stmt| ends |= matches!(stmt, Stmt::Break(to) if *to == site));
        if let Some(place) = &found {
            self.out.extend(place.vars().into_iter().map(|var| Stmt::Let { var, value: None }));
        }
        let cond = Expr { kind: ExprKind::Lit(Lit::Bool(true)), ty: Ty::Known(Scalar::Bool), span };
        self.out.push(Stmt::While { site, head: Vec::new(), cond, body });
        Ok(match found {
            Some(place) => self.read(&place, span),
            None if ends => Value::Unit,
            None => Value::Never,
        })
    }

    fn in_loop<T>(
        &mut self,
        site: usize,
        label: Option<&syn::Label>,
        gives: Gives,
        read: impl FnOnce(&mut Self) -> Checked<T>,
    ) -> (Vec<Stmt>, Checked<T>) {
        self.frames.push(Frame { site, label: label.map(|label| label.name.ident.to_string()), gives });
        let result = self.apart(read);
        self.frames.pop();
        result
    }

    fn loop_body(&mut self, block: &Block) -> Checked<()> {
        let value = self.block(block, Some(&Shape::Unit))?;
        self.same_shape(block.span(), &Shape::Unit, &value.shape())
    }

    pub(super) fn for_loop(&mut self, stmt: &syn::ExprForLoop) -> Checked<()> {
        let name = match &*stmt.pat {
            Pat::Ident(name)
                if name.by_ref.is_none() && name.subpat.is_none() && name.mutability.is_none() =>
            {
                name.ident.to_string()
            }
            Pat::Wild(_) => "_".to_owned(),
            pat => return self.fail(pat, "the variable of a `for` is a plain name: `for k in 0..n`"),
        };
        let mut iter = &*stmt.expr;
        while let syn::Expr::Paren(inner) = iter {
            iter = &inner.expr;
        }
        let syn::Expr::Range(range) = iter else {
            return self.fail(iter, refuse::range(iter));
        };
        let (Some(start), Some(end)) = (&range.start, &range.end) else {
            return self.fail(range, "the range of a `for` has both ends: `0..n`");
        };
        let ends = self.operands(&[&**start, &**end])?;
        let [from, to]: [Expr; 2] = ends.try_into().map_err(|_| Failed)?;
        self.same(to.span, from.ty, to.ty)?;
        self.need(Need::Int, &from, "a range of `for`");
        let site = self.site();
        let var = self.var(if name == "_" { "k" } else { &name }, from.ty);
        let (body, inner) = self.in_loop(site, stmt.label.as_ref(), Gives::Nothing, |this| {
            this.scopes.push(HashMap::new());
            if name != "_" {
                this.bind(&name, Binding::Local(Place::Scalar(var)));
            }
            let result = this.loop_body(&stmt.body);
            this.scopes.pop();
            result
        });
        inner?;
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        self.out.push(Stmt::For { site, var, from, to, inclusive, body });
        Ok(())
    }

    // ---- leaving

    fn frame(&mut self, label: Option<&syn::Lifetime>, word: &str, at: Span) -> Checked<usize> {
        let found = match label {
            None => self.frames.len().checked_sub(1),
            Some(label) => {
                let name = label.ident.to_string();
                self.frames.iter().rposition(|frame| frame.label.as_ref() == Some(&name))
            }
        };
        match (found, label) {
            (Some(found), _) => Ok(found),
            (None, Some(label)) => {
                let labels: Vec<String> = self
                    .frames
                    .iter()
                    .filter_map(|frame| frame.label.as_ref())
                    .map(|label| format!("'{label}"))
                    .collect();
                let hint = refuse::nearest(&label.to_string(), labels.iter().map(String::as_str));
                self.fail(label, format!("no loop around this has the label `{label}`{hint}"))
            }
            (None, None) => {
                self.fail_at(at, format!("`{word}` stands in a loop of the kernel; there is none around it"))
            }
        }
    }

    pub(super) fn break_out(&mut self, stmt: &syn::ExprBreak) -> Checked<Value> {
        let at = self.frame(stmt.label.as_ref(), "break", stmt.span())?;
        let site = self.frames[at].site;
        if let Some(expr) = &stmt.expr {
            let expect = match &self.frames[at].gives {
                Gives::Nothing => {
                    return self
                        .fail(expr, "only a `loop` gives a value: assign it to a variable, then `break`");
                }
                Gives::Some(expect) => expect.clone(),
                Gives::Into(place) => Some(self.read(place, expr.span()).shape()),
            };
            let value = self.value(expr, expect.as_ref())?;
            if !matches!(value, Value::Unit | Value::Never) {
                if matches!(self.frames[at].gives, Gives::Some(_)) {
                    let place = self.place("given", &value.shape());
                    self.frames[at].gives = Gives::Into(place);
                }
                let Gives::Into(place) = &self.frames[at].gives else { return Err(Failed) };
                let place = place.clone();
                let want = self.read(&place, expr.span()).shape();
                self.same_shape(expr.span(), &want, &value.shape())?;
                self.store(&place, value);
            }
        }
        self.out.push(Stmt::Break(site));
        Ok(Value::Never)
    }

    pub(super) fn next_turn(&mut self, stmt: &syn::ExprContinue) -> Checked<Value> {
        let at = self.frame(stmt.label.as_ref(), "continue", stmt.span())?;
        self.out.push(Stmt::Continue(self.frames[at].site));
        Ok(Value::Never)
    }

    pub(super) fn give(&mut self, stmt: &syn::ExprReturn) -> Checked<Value> {
        let shape = self.result.clone();
        let value = match &stmt.expr {
            Some(expr) => self.value(expr, Some(&shape))?,
            None => Value::Unit,
        };
        let at = stmt.expr.as_ref().map_or(stmt.span(), |expr| expr.span());
        self.same_shape(at, &shape, &value.shape())?;
        let place = self.given();
        self.store(&place, value);
        self.out.push(Stmt::Return);
        Ok(Value::Never)
    }

    /// The variables that hold what the kernel gives, where it may end early.
    pub(super) fn given(&mut self) -> Place {
        if let Some(place) = &self.given {
            return place.clone();
        }
        let shape = self.result.clone();
        let place = self.place("given", &shape);
        self.given = Some(place.clone());
        place
    }

    /// Assigns a value of the same shape.
    pub(super) fn store(&mut self, place: &Place, value: Value) {
        let vars = place.vars();
        let mut values = value.scalars();
        if vars.len() > 1 {
            // All parts are read before the first is written: `(a, b) = (b, a)`.
            values = values.into_iter().map(|value| self.spill(value)).collect();
        }
        self.out.extend(vars.into_iter().zip(values).map(|(var, value)| Stmt::Assign { var, value }));
    }

    // ---- branches

    pub(super) fn condition(&mut self, cond: &syn::Expr) -> Checked<Expr> {
        let value = self.scalar(cond)?;
        self.same(value.span, Ty::Known(Scalar::Bool), value.ty)?;
        Ok(value)
    }

    pub(super) fn branch(&mut self, branch: &syn::ExprIf, expect: Option<&Shape>) -> Checked<Value> {
        if let syn::Expr::Let(pattern) = &*branch.cond {
            return self.fail(pattern, "`if let` is not in the kernel language: compare, `if x == 0 { … }`");
        }
        let cond = self.condition(&branch.cond)?;
        let then = self.apart(|this| this.block(&branch.then_branch, expect));
        let other = self.apart(|this| match &branch.else_branch {
            Some((_, other)) => this.value(other, expect),
            None => Ok(Value::Unit),
        });
        if branch.else_branch.is_none()
            && let Ok(value) = &then.1
            && !matches!(value, Value::Unit | Value::Never)
        {
            return self.fail(branch, "this `if` gives a value, so it needs an `else` that gives one too");
        }
        let at = branch.else_branch.as_ref().map_or(branch.span(), |(_, other)| other.span());
        self.either(cond, then, other, at, branch.span())
    }

    /// One of two, which are read already.
    fn either(
        &mut self,
        cond: Expr,
        (mut then, yes): (Vec<Stmt>, Checked<Value>),
        (mut other, no): (Vec<Stmt>, Checked<Value>),
        at: Span,
        span: Span,
    ) -> Checked<Value> {
        let (yes, no) = (yes?, no?);
        self.same_shape(at, &yes.shape(), &no.shape())?;
        let shape = if matches!(yes, Value::Never) { no.shape() } else { yes.shape() };
        let (ends, otherwise) = (matches!(yes, Value::Never), matches!(no, Value::Never));
        let (yes, no) = (yes.scalars(), no.scalars());
        if matches!(shape, Shape::Unit | Shape::Never) || yes.is_empty() && no.is_empty() {
            if !(then.is_empty() && other.is_empty()) {
                let site = self.site();
                self.out.push(Stmt::If { site, cond, then, other });
            }
            return Ok(if ends && otherwise { Value::Never } else { Value::Unit });
        }
        if let Shape::Table(..) = shape {
            return self.fail_at(span, "a whole array is no value of a branch: fill its places one by one");
        }
        if then.is_empty() && other.is_empty() && !yes.iter().chain(&no).any(Expr::is_guarded) {
            let cond = if yes.len() > 1 { self.spill(cond) } else { cond };
            let picked = yes.into_iter().zip(no).map(|(yes, no)| Expr {
                ty: yes.ty,
                kind: ExprKind::Select(Box::new([cond.clone(), yes, no])),
                span,
            });
            return Ok(value_of(&shape, &mut picked.collect::<Vec<_>>().into_iter()));
        }
        let place = self.place("either", &shape);
        let assign = |var: &usize, value: Expr| Stmt::Assign { var: *var, value };
        let vars = place.vars();
        self.out.extend(vars.iter().map(|var| Stmt::Let { var: *var, value: None }));
        then.extend(vars.iter().zip(yes).map(|(var, value)| assign(var, value)));
        other.extend(vars.iter().zip(no).map(|(var, value)| assign(var, value)));
        let site = self.site();
        self.out.push(Stmt::If { site, cond, then, other });
        Ok(self.read(&place, span))
    }

    pub(super) fn choose(&mut self, stmt: &syn::ExprMatch, expect: Option<&Shape>) -> Checked<Value> {
        if let syn::Expr::Tuple(_) = &*stmt.expr {
            return self.fail(
                &stmt.expr,
                "a `match` in a kernel looks at one number: put one `match` into the other, or use `if`",
            );
        }
        let value = self.scalar(&stmt.expr)?;
        let value = self.spill(value);
        if stmt.arms.is_empty() {
            return self.fail(stmt, "a `match` needs an arm for every value: end it with `_ => …`");
        }
        self.arms(&value, &stmt.arms, expect, stmt.span())
    }

    fn arms(
        &mut self,
        value: &Expr,
        arms: &[syn::Arm],
        expect: Option<&Shape>,
        span: Span,
    ) -> Checked<Value> {
        let (arm, rest) = (&arms[0], &arms[1..]);
        let (pat, guard) = guarded(&arm.pat);
        let cond = self.pattern(value, pat)?;
        // rustc sees to it that the last arm takes what is left.
        if rest.is_empty() {
            return self.arm(value, arm, expect);
        }
        let cond = match (guard, cond) {
            (None, cond) => cond,
            (Some(guard), cond) => {
                self.scopes.push(HashMap::new());
                self.bind_arm(value, pat);
                let (stmts, guard) = self.apart(|this| this.condition(guard));
                self.scopes.pop();
                let guard = guard?;
                // What only names parts of the guard may as well stand before it.
                let computes =
                    |stmt: &Stmt| matches!(stmt, Stmt::Let { value: Some(value), .. } if !value.is_guarded());
                let guard = if stmts.iter().all(computes) && !guard.is_guarded() {
                    self.out.extend(stmts);
                    guard
                } else {
                    return self.fail(
                        &arm.pat,
                        "a guard of `match` is a plain comparison: use `if … else` for more",
                    );
                };
                Some(match cond {
                    Some(cond) => bools(Binary::And, cond, guard),
                    None => guard,
                })
            }
        };
        let Some(cond) = cond else {
            // Nothing gets past it; rustc says so.
            return self.arm(value, arm, expect);
        };
        let then = self.apart(|this| this.arm(value, arm, expect));
        let other = self.apart(|this| this.arms(value, rest, expect, span));
        self.either(cond, then, other, arm.span(), span)
    }

    fn arm(&mut self, value: &Expr, arm: &syn::Arm, expect: Option<&Shape>) -> Checked<Value> {
        self.scopes.push(HashMap::new());
        self.bind_arm(value, guarded(&arm.pat).0);
        let result = self.value(&arm.body, expect);
        self.scopes.pop();
        result
    }

    fn bind_arm(&mut self, value: &Expr, pat: &Pat) {
        if let Pat::Ident(name) = pat
            && let ExprKind::Var(var) = value.kind
            && !matches!(self.lookup(&name.ident.to_string()), Some(Binding::Const(_)))
        {
            self.bind(&name.ident.to_string(), Binding::Local(Place::Scalar(var)));
        }
    }

    /// When the value fits the pattern; `None` where it always does.
    fn pattern(&mut self, value: &Expr, pat: &Pat) -> Checked<Option<Expr>> {
        match pat {
            Pat::Wild(_) => Ok(None),
            Pat::Paren(inner) => self.pattern(value, &inner.pat),
            Pat::Lit(lit) => {
                let lit = self.scalar(&syn::Expr::Lit(lit.clone()))?;
                self.equal(value, lit).map(Some)
            }
            Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
                match self.lookup(&name.ident.to_string()).cloned() {
                    Some(Binding::Const(lit)) => self.equal(value, lit).map(Some),
                    _ => Ok(None),
                }
            }
            Pat::Path(path) => {
                let constant = self.scalar(&syn::Expr::Path(path.clone()))?;
                self.equal(value, constant).map(Some)
            }
            Pat::Or(cases) => {
                let mut any: Option<Expr> = None;
                for case in &cases.cases {
                    let Some(one) = self.pattern(value, case)? else { return Ok(None) };
                    any = Some(match any {
                        Some(any) => bools(Binary::Or, any, one),
                        None => one,
                    });
                }
                Ok(any)
            }
            Pat::Range(range) => {
                let mut both: Option<Expr> = None;
                let open = matches!(range.limits, syn::RangeLimits::HalfOpen(_));
                let ends =
                    [(&range.start, Binary::Ge), (&range.end, if open { Binary::Lt } else { Binary::Le })];
                for (end, op) in ends {
                    let Some(end) = end else { continue };
                    let end = self.scalar(end)?;
                    let span = end.span;
                    let one = self.binary(op, value.clone(), end, span)?;
                    both = Some(match both {
                        Some(both) => bools(Binary::And, both, one),
                        None => one,
                    });
                }
                Ok(both)
            }
            _ => self.fail(
                pat,
                "a `match` in a kernel compares numbers: `0`, `1 | 2`, `3..=5`, a constant, a name or `_`",
            ),
        }
    }

    fn equal(&mut self, value: &Expr, to: Expr) -> Checked<Expr> {
        let span = to.span;
        self.binary(Binary::Eq, value.clone(), to, span)
    }

    /// An open type for something that only its use decides.
    pub(super) fn anything(&mut self, span: Span) -> Ty {
        self.types.open(Kind::Any, span)
    }
}

/// The pattern of an arm without its guard, and the guard.
fn guarded(pat: &Pat) -> (&Pat, Option<&syn::Expr>) {
    match pat {
        Pat::Guard(guard) => (&guard.pat, Some(&guard.guard)),
        pat => (pat, None),
    }
}

fn bools(op: Binary, a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr { kind: ExprKind::Binary(op, Box::new(a), Box::new(b)), ty: Ty::Known(Scalar::Bool), span }
}
