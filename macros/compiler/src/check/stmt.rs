//! Statements: blocks, variables and constants, assignments, loops.

use std::collections::HashMap;

use syn::spanned::Spanned;
use syn::{Block, Pat};

use super::{Binding, Checked, Checker, Failed, Place, Value, expr, refuse};
use crate::ir::{Expr, ExprKind, Stmt};
use crate::parse;
use crate::types::{Kind, Shape, Ty, Type};

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
            if let Ok(Value::Never) = result {
                // What stands behind a `return` never runs; it is read for its errors. rustc warns of it.
                let (_, rest) = self.apart(|this| this.statements(&stmts[at..], None));
                return rest.map(|_| Value::Never);
            }
            let last = at + 1 == stmts.len();
            let value = match stmt {
                syn::Stmt::Local(local) => self.local(local).map(|()| Value::Unit),
                syn::Stmt::Item(item) => self.nested(item).map(|()| Value::Unit),
                syn::Stmt::Expr(expr, semi) => {
                    let tail = last && semi.is_none();
                    let value = if tail { self.value(expr, expect) } else { self.statement(expr) };
                    // What ends here ends the block, with a semicolon or without.
                    match value {
                        Ok(value) if !tail && !matches!(value, Value::Never) => Ok(Value::Unit),
                        value => value,
                    }
                }
                syn::Stmt::Macro(stmt) => self.macro_call(&stmt.mac),
            };
            // The statements after one that failed are read as well: they may have errors of their own.
            match value {
                Ok(value) if (last || matches!(value, Value::Never)) && result.is_ok() => result = Ok(value),
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
            if let Shape::Table(..) = shape {
                return self.fail(&local.pat, "give the array its values here: `let mut a = [0.0; 16];`");
            }
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
                if let Value::Table(values, length) = value {
                    let table = self.table(&name, values[0].ty, length, values);
                    self.bind(&name, Binding::Table(table));
                    return Ok(());
                }
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

    fn nested(&mut self, item: &syn::Item) -> Checked<()> {
        let syn::Item::Const(constant) = item else {
            return match item {
                syn::Item::Fn(_) => self.fail(item, "a function inside a kernel cannot run on every target: write it beside, with `#[kernel]`"),
                syn::Item::Use(_) => self.fail(item, "put `use` outside of the kernel"),
                syn::Item::Static(_) => self.fail(
                    item,
                    "a kernel has no `static`: use a constant, `const K: f32 = 2.0;`, or shared places, `bins: &Atomics<u32>`",
                ),
                syn::Item::Struct(_) | syn::Item::Enum(_) => {
                    self.fail(item, "structs and enums are not in the kernel language: use numbers, tuples and pixels")
                }
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
        let Type::Scalar(scalar) = self.told(parse::local_type(&constant.ty))? else {
            return self
                .fail(&constant.ty, "a constant in a kernel is one number or bool; use `let` for a pixel");
        };
        let (stmts, value) = self.apart(|this| this.scalar(&constant.expr));
        let mut value = value?;
        self.same(constant.expr.span(), Ty::Known(scalar), value.ty)?;
        if stmts.is_empty() && self.fold_constant(&mut value) {
            // A `usize` stays one: it is an index.
            value.ty = Ty::Known(scalar);
            return Ok(value);
        }
        self.fail(
            &constant.expr,
            "a constant in a kernel is written with literals and operators only; use `let` for more",
        )
    }

    pub(super) fn macro_call<T>(&mut self, mac: &syn::Macro) -> Checked<T> {
        let name = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        self.fail(mac, refuse::macro_call(&name))
    }

    /// An expression in the place of a statement: its value is dropped.
    ///
    /// What is given back is `Never` where nothing comes after it, else nothing.
    pub(super) fn statement(&mut self, expr: &syn::Expr) -> Checked<Value> {
        match expr {
            syn::Expr::Assign(assign) => self.assign(assign).map(|()| Value::Unit),
            syn::Expr::While(stmt) => self.while_loop(stmt).map(|()| Value::Unit),
            syn::Expr::ForLoop(stmt) => self.for_loop(stmt).map(|()| Value::Unit),
            syn::Expr::Binary(binary) => match expr::op_assign(&binary.op) {
                Some(op) => {
                    if self.put(&binary.left, Some(op), &binary.right)? {
                        return Ok(Value::Unit);
                    }
                    let value = self.scalar(&binary.right)?;
                    let Place::Scalar(var) = self.place_of(&binary.left)? else {
                        return self
                            .fail(&binary.left, "this is no single number: work on its channels, `px[0]`");
                    };
                    let old =
                        Expr { kind: ExprKind::Var(var), ty: self.vars[var].ty, span: binary.left.span() };
                    let value = self.binary(op, old, value, binary.span())?;
                    self.out.push(Stmt::Assign { var, value });
                    Ok(Value::Unit)
                }
                None => self.dropped(expr),
            },
            _ => self.dropped(expr),
        }
    }

    fn dropped(&mut self, expr: &syn::Expr) -> Checked<Value> {
        let value = self.value(expr, None)?;
        let ends = matches!(value, Value::Never);
        // What was asked for is asked for, even if its value is not: an element may not be there.
        for one in value.scalars() {
            if one.is_guarded() && matches!(self.types.resolve(one.ty), Ty::Known(_)) {
                self.spill(one);
            }
        }
        Ok(if ends { Value::Never } else { Value::Unit })
    }

    fn assign(&mut self, assign: &syn::ExprAssign) -> Checked<()> {
        if matches!(*assign.left, syn::Expr::Infer(_)) {
            return self.value(&assign.right, None).map(|_| ());
        }
        if self.put(&assign.left, None, &assign.right)? {
            return Ok(());
        }
        let place = self.place_of(&assign.left)?;
        let want = self.read(&place, assign.left.span()).shape();
        let value = self.value(&assign.right, Some(&want))?;
        self.same_shape(assign.right.span(), &want, &value.shape())?;
        self.store(&place, value);
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
