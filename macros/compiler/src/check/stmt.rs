//! Statements: blocks, variables and constants, assignments, loops.

use std::collections::HashMap;

use syn::spanned::Spanned;
use syn::{Block, Pat};

use super::{Binding, Checked, Checker, Failed, Need, Place, Value, expr};
use crate::ir::{Expr, ExprKind, Stmt};
use crate::parse;
use crate::types::{Kind, Scalar, Shape, Ty, Type};

impl Checker<'_> {
    /// Reads a block in a scope of its own; its value is that of its tail.
    pub(super) fn block(&mut self, block: &Block, expect: Option<&Shape>) -> Checked<Value> {
        self.scopes.push(HashMap::new());
        let result = self.statements(&block.stmts, expect);
        self.scopes.pop();
        result
    }

    fn statements(&mut self, stmts: &[syn::Stmt], expect: Option<&Shape>) -> Checked<Value> {
        let mut result = Ok(Value::Unit);
        for (at, stmt) in stmts.iter().enumerate() {
            let last = at + 1 == stmts.len();
            let value = match stmt {
                syn::Stmt::Local(local) => self.local(local).map(|()| Value::Unit),
                syn::Stmt::Item(item) => self.item(item).map(|()| Value::Unit),
                syn::Stmt::Expr(expr, semi) => {
                    let tail = last && semi.is_none();
                    let value = if tail {
                        self.value(expr, expect)
                    } else {
                        self.statement(expr).map(|()| Value::Unit)
                    };
                    if tail { value } else { value.map(|_| Value::Unit) }
                }
                syn::Stmt::Macro(stmt) => self.macro_call(&stmt.mac),
            };
            // The statements after one that failed are read as well: they may have errors of their own.
            match value {
                Ok(value) if last && result.is_ok() => result = Ok(value),
                Ok(_) => {}
                Err(failed) => result = Err(failed),
            }
        }
        result
    }

    fn local(&mut self, local: &syn::Local) -> Checked<()> {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let result = self.local_value(local, pat, ty);
        if result.is_err() {
            for name in pattern_names(pat) {
                self.bind(&name, Binding::Poison);
            }
        }
        result
    }

    fn local_value(&mut self, local: &syn::Local, pat: &Pat, ty: Option<&syn::Type>) -> Checked<()> {
        let mut expect = match ty {
            Some(ty) => Some(self.told(parse::local_type(ty))?.shape()),
            None => None,
        };
        let Some(init) = &local.init else {
            let shape = expect.unwrap_or_else(|| Shape::Scalar(self.types.open(Kind::Any, local.pat.span())));
            let Pat::Ident(name) = pat else {
                return self.fail(pat, "give these a value here: `let (a, b) = (0.0, 0.0);`");
            };
            let place = self.place(&name.ident.to_string(), &shape);
            self.out.extend(place.vars().into_iter().map(|var| Stmt::Let { var, value: None }));
            self.bind(&name.ident.to_string(), Binding::Local(place));
            return Ok(());
        };
        if let Some((token, _)) = &init.diverge {
            return self.fail(token, "`let … else` is not in the kernel language: use `if`");
        }
        if expect.is_none() {
            expect = self.pattern_shape(pat)?;
        }
        let value = self.value(&init.expr, expect.as_ref())?;
        if let Some(shape) = &expect {
            self.same_shape(init.expr.span(), shape, &value.shape())?;
        }
        self.bind_pattern(pat, value)
    }

    /// The shape that a tuple pattern asks for.
    fn pattern_shape(&mut self, pat: &Pat) -> Checked<Option<Shape>> {
        Ok(match pat {
            Pat::Tuple(tuple) => {
                let mut parts = Vec::new();
                for part in &tuple.elems {
                    let shape = self.pattern_shape(part)?;
                    parts.push(
                        shape.unwrap_or_else(|| Shape::Scalar(self.types.open(Kind::Any, part.span()))),
                    );
                }
                Some(Shape::Tuple(parts))
            }
            Pat::Paren(inner) => self.pattern_shape(&inner.pat)?,
            Pat::Slice(slice) => {
                Some(Shape::Pixel(self.types.open(Kind::Any, slice.span()), slice.elems.len()))
            }
            _ => None,
        })
    }

    fn bind_pattern(&mut self, pat: &Pat, value: Value) -> Checked<()> {
        match (pat, value) {
            (Pat::Wild(_), _) => Ok(()),
            (Pat::Paren(inner), value) => self.bind_pattern(&inner.pat, value),
            (Pat::Ident(name), value) => {
                if name.by_ref.is_some() || name.subpat.is_some() {
                    return self.fail(pat, "a plain name stands here: `let x = …`");
                }
                let name = name.ident.to_string();
                let place = self.place(&name, &value.shape());
                for (var, value) in place.vars().into_iter().zip(value.scalars()) {
                    self.out.push(Stmt::Let { var, value: Some(value) });
                }
                self.bind(&name, Binding::Local(place));
                Ok(())
            }
            (Pat::Tuple(tuple), Value::Tuple(parts)) if tuple.elems.len() == parts.len() => {
                tuple.elems.iter().zip(parts).try_for_each(|(pat, part)| self.bind_pattern(pat, part))
            }
            (Pat::Slice(slice), Value::Pixel(channels)) if slice.elems.len() == channels.len() => slice
                .elems
                .iter()
                .zip(channels)
                .try_for_each(|(pat, channel)| self.bind_pattern(pat, Value::Scalar(channel))),
            _ => self.fail(
                pat,
                "this pattern is not in the kernel language: use names, `_` and tuples, `let (a, b) = …`",
            ),
        }
    }

    fn item(&mut self, item: &syn::Item) -> Checked<()> {
        let syn::Item::Const(constant) = item else {
            return match item {
                syn::Item::Fn(_) => self.fail(item, "a function inside a kernel cannot run on every target: write it beside, with `#[kernel]`"),
                syn::Item::Use(_) => self.fail(item, "put `use` outside of the kernel"),
                _ => self.fail(item, "the one item inside a kernel is a constant: `const K: f32 = 2.0;`"),
            };
        };
        let name = constant.ident.to_string();
        let result = self.constant(constant);
        let binding = match &result {
            Ok(lit) => Binding::Const(lit.clone()),
            Err(Failed) => Binding::Poison,
        };
        self.bind(&name, binding);
        result.map(|_| ())
    }

    fn constant(&mut self, constant: &syn::ItemConst) -> Checked<Expr> {
        let Type::Scalar(scalar) = self.told(parse::element_type(&constant.ty))? else {
            return self
                .fail(&constant.ty, "a constant in a kernel is one number or bool; use `let` for a pixel");
        };
        let (stmts, value) = self.apart(|this| this.scalar(&constant.expr));
        let mut value = value?;
        self.same(constant.expr.span(), Ty::Known(scalar), value.ty)?;
        if stmts.is_empty() && self.fold_constant(&mut value) {
            return Ok(value);
        }
        self.fail(
            &constant.expr,
            "a constant in a kernel is written with literals and operators only; use `let` for more",
        )
    }

    pub(super) fn macro_call<T>(&mut self, mac: &syn::Macro) -> Checked<T> {
        let name = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "println" | "print" | "eprintln" | "eprint" | "dbg" | "write" | "writeln" => self.fail(
                mac,
                format!(
                    "a kernel cannot print: return the value and print it after the launch, without `{name}!`"
                ),
            ),
            "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq" | "panic"
            | "unreachable" | "todo" | "unimplemented" => self
                .fail(mac, format!("a kernel cannot panic: return a value that says so, without `{name}!`")),
            _ => {
                self.fail(mac, format!("`{name}!` is a macro, and a kernel has none: write out what it does"))
            }
        }
    }

    /// An expression in the place of a statement: its value is dropped.
    pub(super) fn statement(&mut self, expr: &syn::Expr) -> Checked<()> {
        match expr {
            syn::Expr::Assign(assign) => self.assign(assign),
            syn::Expr::While(stmt) => self.while_loop(stmt),
            syn::Expr::ForLoop(stmt) => self.for_loop(stmt),
            syn::Expr::Binary(binary) => match expr::op_assign(&binary.op) {
                Some(op) => {
                    let value = self.scalar(&binary.right)?;
                    let Place::Scalar(var) = self.place_of(&binary.left)? else {
                        return self
                            .fail(&binary.left, "this is no single number: work on its channels, `px[0]`");
                    };
                    let old =
                        Expr { kind: ExprKind::Var(var), ty: self.vars[var].ty, span: binary.left.span() };
                    let value = self.binary(op, old, value, binary.span())?;
                    self.out.push(Stmt::Assign { var, value });
                    Ok(())
                }
                None => self.value(expr, None).map(|_| ()),
            },
            _ => self.value(expr, None).map(|_| ()),
        }
    }

    fn assign(&mut self, assign: &syn::ExprAssign) -> Checked<()> {
        if matches!(*assign.left, syn::Expr::Infer(_)) {
            return self.value(&assign.right, None).map(|_| ());
        }
        let place = self.place_of(&assign.left)?;
        let want = self.read(&place, assign.left.span()).shape();
        let value = self.value(&assign.right, Some(&want))?;
        self.same_shape(assign.right.span(), &want, &value.shape())?;
        let vars = place.vars();
        let mut values = value.scalars();
        if vars.len() > 1 {
            // All parts are read before the first is written: `(a, b) = (b, a)`.
            values = values.into_iter().map(|value| self.spill(value)).collect();
        }
        self.out.extend(vars.into_iter().zip(values).map(|(var, value)| Stmt::Assign { var, value }));
        Ok(())
    }

    /// The value in a variable of its own; literals stay as they are.
    pub(super) fn spill(&mut self, value: Expr) -> Expr {
        if value.lit().is_some() {
            return value;
        }
        let (ty, span) = (value.ty, value.span);
        let var = self.var("t", ty);
        self.out.push(Stmt::Let { var, value: Some(value) });
        Expr { kind: ExprKind::Var(var), ty, span }
    }

    fn while_loop(&mut self, stmt: &syn::ExprWhile) -> Checked<()> {
        if let Some(label) = &stmt.label {
            return self
                .fail(label, "labels are not in the kernel language yet: end the loop by its condition");
        }
        let site = self.site();
        let (head, cond) = self.apart(|this| this.condition(&stmt.cond));
        let (body, inner) = self.apart(|this| this.loop_body(&stmt.body));
        let cond = cond?;
        inner?;
        self.out.push(Stmt::While { site, head, cond, body });
        Ok(())
    }

    fn loop_body(&mut self, block: &Block) -> Checked<()> {
        let value = self.block(block, Some(&Shape::Unit))?;
        self.same_shape(block.span(), &Shape::Unit, &value.shape())
    }

    pub(super) fn condition(&mut self, cond: &syn::Expr) -> Checked<Expr> {
        let value = self.scalar(cond)?;
        self.same(value.span, Ty::Known(Scalar::Bool), value.ty)?;
        Ok(value)
    }

    fn for_loop(&mut self, stmt: &syn::ExprForLoop) -> Checked<()> {
        if let Some(label) = &stmt.label {
            return self.fail(label, "labels are not in the kernel language yet");
        }
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
            return self
                .fail(&stmt.expr, "a `for` in a kernel runs over a range of integers: `for k in 0..n`");
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
        let (body, inner) = self.apart(|this| {
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
}

fn pattern_names(pat: &Pat) -> Vec<String> {
    match pat {
        Pat::Ident(name) => vec![name.ident.to_string()],
        Pat::Type(typed) => pattern_names(&typed.pat),
        Pat::Paren(inner) => pattern_names(&inner.pat),
        Pat::Tuple(tuple) => tuple.elems.iter().flat_map(pattern_names).collect(),
        Pat::Slice(slice) => slice.elems.iter().flat_map(pattern_names).collect(),
        _ => Vec::new(),
    }
}
