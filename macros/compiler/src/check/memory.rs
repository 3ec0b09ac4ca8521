//! What a kernel reads and writes beside its own element: slices, tables, private arrays, shared places, generators.

use syn::spanned::Spanned;

use super::{Binding, Checked, Checker, Failed, Place, Value, refuse};
use crate::ir::{
    AtomicOp, Binary, Expr, ExprKind, Func, Item, Lit, Source, Stmt, Store, Table, TableId, VarId,
};
use crate::types::{Scalar, Shape, Ty, Type};

const F32: Ty = Ty::Known(Scalar::F32);
const I32: Ty = Ty::Known(Scalar::I32);
const U32: Ty = Ty::Known(Scalar::U32);
const USIZE: Ty = Ty::Known(Scalar::Usize);

impl Checker<'_> {
    /// A new private array of these values.
    pub(super) fn table(&mut self, name: &str, ty: Ty, length: usize, values: Vec<Expr>) -> TableId {
        self.tables.push(Table { name: name.to_owned(), ty, length });
        let table = self.tables.len() - 1;
        self.out.push(Stmt::LetTable { table, values });
        table
    }

    /// What `expr` names that has elements, and what those look like.
    pub(super) fn store_of(&self, expr: &syn::Expr) -> Option<(Store, Shape)> {
        match expr {
            syn::Expr::Paren(inner) => self.store_of(&inner.expr),
            syn::Expr::Path(path) => match self.lookup(&path.path.get_ident()?.to_string())? {
                Binding::Slice(param, ty) => Some((Store::Param(*param), ty.shape())),
                Binding::Table(table) => Some((Store::Table(*table), Shape::Scalar(self.tables[*table].ty))),
                _ => None,
            },
            _ => None,
        }
    }

    /// An index as Rust has it.
    pub(super) fn place_in(&mut self, index: &syn::Expr) -> Checked<Expr> {
        if let syn::Expr::Range(_) = index {
            return self.fail(index, refuse::PART);
        }
        let value = self.scalar(index)?;
        self.is_index(&value, index)?;
        Ok(value)
    }

    /// An index has the type that Rust's have.
    fn is_index(&mut self, value: &Expr, index: &syn::Expr) -> Checked<()> {
        if self.types.unify(USIZE, value.ty) {
            return Ok(());
        }
        let (found, text) = (self.types.describe(value.ty), refuse::cast_of(index));
        self.fail(index, format!("an index is a `usize`, this is {found}; cast it: `{text} as usize`"))
    }

    pub(super) fn item(&mut self, store: Store, shape: Shape, index: Expr, span: proc_macro2::Span) -> Value {
        let item = Item { store, index };
        match shape {
            Shape::Scalar(ty) => Value::Scalar(Expr { kind: ExprKind::Item(Box::new(item)), ty, span }),
            shape => {
                let place = self.place("item", &shape);
                self.out.push(Stmt::LetMany { source: Source::Item(item), outs: place.vars(), shape });
                self.read(&place, span)
            }
        }
    }

    /// The number of elements of something.
    pub(super) fn length(&mut self, store: Store, call: &syn::ExprMethodCall) -> Checked<Value> {
        if call.method != "len" || !call.args.is_empty() {
            let message = refuse::method(&call.method.to_string()).unwrap_or_else(|| {
                "of a slice or an array a kernel reads elements, `xs[i]`, and `len()`; it may compare: `i < xs.len()`".into()
            });
            return self.fail(&call.method, message);
        }
        let kind = match store {
            Store::Param(param) => match &self.params[param] {
                Type::Table(_, length) => ExprKind::Lit(Lit::Int(*length as i128)),
                _ => ExprKind::Length(param),
            },
            Store::Table(table) => ExprKind::Lit(Lit::Int(self.tables[table].length as i128)),
        };
        Ok(Value::Scalar(Expr { kind, ty: USIZE, span: call.span() }))
    }

    /// A pixel's channel by a computed index: through a private array, so that one too many is told.
    pub(super) fn computed_channel(&mut self, channels: Vec<Expr>, index: &syn::Expr) -> Checked<Expr> {
        let (ty, span) = (channels[0].ty, index.span());
        let index = self.place_in(index)?;
        let table = self.table("px", ty, channels.len(), channels);
        let item = Item { store: Store::Table(table), index };
        Ok(Expr { kind: ExprKind::Item(Box::new(item)), ty, span })
    }

    /// `a[i] = value`, and `a[i] += value` with `op`; `false` where the left side is no element of an array.
    pub(super) fn put(&mut self, left: &syn::Expr, op: Option<Binary>, right: &syn::Expr) -> Checked<bool> {
        let mut target = left;
        while let syn::Expr::Paren(inner) = target {
            target = &inner.expr;
        }
        let syn::Expr::Index(place) = target else { return Ok(false) };
        let span = left.span();
        match self.store_of(&place.expr) {
            Some((Store::Table(table), Shape::Scalar(ty))) => {
                let (value, index) = self.right_then_place(right, &place.index)?;
                let index = self.spill(index);
                let value = match op {
                    None => {
                        self.same(value.span, ty, value.ty)?;
                        value
                    }
                    Some(op) => {
                        let item = Item { store: Store::Table(table), index: index.clone() };
                        let old = Expr { kind: ExprKind::Item(Box::new(item)), ty, span };
                        self.binary(op, old, value, span)?
                    }
                };
                self.out.push(Stmt::Put { table, index, value });
                Ok(true)
            }
            Some(_) => self.fail(
                left,
                "this array is read only: return values, update an element in place (`y: &mut f32`), or share places \
                 (`bins: &Atomics<u32>`)",
            ),
            None => {
                // A channel by a computed index: the pixel goes through an array and back.
                let literal = matches!(&*place.index, syn::Expr::Lit(_));
                let named = match self.in_place(&place.expr) {
                    Some(named) => Some(named),
                    None if literal => None,
                    None => Some(self.place_of(&place.expr)?),
                };
                let (Some(Place::Pixel(vars)), false) = (named, literal) else { return Ok(false) };
                let ty = self.vars[vars[0]].ty;
                let (value, index) = self.right_then_place(right, &place.index)?;
                let index = self.spill(index);
                let one = |var: &usize| Expr { kind: ExprKind::Var(*var), ty, span };
                let table = self.table("px", ty, vars.len(), vars.iter().map(one).collect());
                let element = |index: Expr| Expr {
                    kind: ExprKind::Item(Box::new(Item { store: Store::Table(table), index })),
                    ty,
                    span,
                };
                let value = match op {
                    None => {
                        self.same(value.span, ty, value.ty)?;
                        value
                    }
                    Some(op) => self.binary(op, element(index.clone()), value, span)?,
                };
                self.out.push(Stmt::Put { table, index, value });
                for (at, var) in vars.into_iter().enumerate() {
                    let index = Expr { kind: ExprKind::Lit(Lit::Int(at as i128)), ty: USIZE, span };
                    self.out.push(Stmt::Assign { var, value: element(index) });
                }
                Ok(true)
            }
        }
    }

    /// The value first, as Rust evaluates it; kept if reading the index changes what it reads.
    fn right_then_place(&mut self, right: &syn::Expr, place: &syn::Expr) -> Checked<(Expr, Expr)> {
        let mut both = self.operands(&[right, place])?;
        let index = both.pop().ok_or(Failed)?;
        let value = both.pop().ok_or(Failed)?;
        self.is_index(&index, place)?;
        Ok((value, index))
    }

    // ---- shared places

    pub(super) fn shared(
        &mut self,
        param: usize,
        scalar: Scalar,
        call: &syn::ExprMethodCall,
        args: &[&syn::Expr],
    ) -> Checked<Value> {
        let (span, name) = (call.span(), call.method.to_string());
        let (op, takes) = match name.as_str() {
            "len" if args.is_empty() => {
                return Ok(Value::Scalar(Expr { kind: ExprKind::Length(param), ty: U32, span }));
            }
            "load" => (AtomicOp::Load, 0),
            "add" => (AtomicOp::Add, 1),
            "min" => (AtomicOp::Min, 1),
            "max" => (AtomicOp::Max, 1),
            "and" => (AtomicOp::And, 1),
            "or" => (AtomicOp::Or, 1),
            "xor" => (AtomicOp::Xor, 1),
            "exchange" => (AtomicOp::Exchange, 1),
            "compare_exchange" => (AtomicOp::CompareExchange, 2),
            _ => {
                return self.fail(
                    &call.method,
                    "shared places have `add`, `min`, `max`, `and`, `or`, `xor`, `exchange`, `compare_exchange`, `load` \
                     and `len`",
                );
            }
        };
        let bits = !matches!(op, AtomicOp::Load | AtomicOp::Add | AtomicOp::Min | AtomicOp::Max);
        if scalar == Scalar::F32 && bits {
            return self.fail(
                &call.method,
                format!("`{name}` works on `u32` and `i32`; f32 has `add`, `min`, `max`"),
            );
        }
        if args.len() != takes + 1 {
            let wants =
                ["the place", "the place and a value", "the place, what is expected there, and a value"];
            return self.fail(call, format!("`{name}` takes {}", wants[takes]));
        }
        let mut operands = self.operands(args)?;
        let index = operands.remove(0);
        self.same(index.span, U32, index.ty)?;
        for operand in &operands {
            self.same(operand.span, Ty::Known(scalar), operand.ty)?;
        }
        let old = self.var("old", Ty::Known(scalar));
        self.out.push(Stmt::Atomic { param, op, index, args: operands, old: Some(old) });
        Ok(Value::Scalar(Expr { kind: ExprKind::Var(old), ty: Ty::Known(scalar), span }))
    }

    // ---- generators

    pub(super) fn draw(
        &mut self,
        param: usize,
        count: VarId,
        call: &syn::ExprMethodCall,
        args: &[&syn::Expr],
    ) -> Checked<Value> {
        let (span, name) = (call.span(), call.method.to_string());
        let (wants, takes) = match name.as_str() {
            "u32" | "f32" | "normal" => ("no arguments", &[][..]),
            "below" => ("the number that it stays below, a `u32`", &[U32][..]),
            "range" => ("where it begins and what it stays below, both `i32`", &[I32, I32][..]),
            _ => {
                return self.fail(
                    &call.method,
                    "a generator gives `u32()`, any of them, `f32()`, from 0 up to but not 1, `normal()`, `below(n)` and \
                     `range(low, high)`",
                );
            }
        };
        if args.len() != takes.len() {
            return self.fail(call, format!("`{name}` takes {wants}"));
        }
        let operands = if args.is_empty() { Vec::new() } else { self.operands(args)? };
        for (operand, ty) in operands.iter().zip(takes) {
            self.same(operand.span, *ty, operand.ty)?;
        }
        let word = self.word(param, count, span);
        let math = |name: &'static str, words: Vec<Expr>, ty: Ty| {
            let parts = words.into_iter().chain(operands).collect();
            Expr { kind: ExprKind::Func(Func::Math(name), parts), ty, span }
        };
        Ok(Value::Scalar(match name.as_str() {
            "u32" => word,
            "normal" => math("normal_of", vec![word], F32),
            "below" => math("below_of", vec![word, self.word(param, count, span)], U32),
            "range" => math("range_of", vec![word, self.word(param, count, span)], I32),
            // The upper 24 bits: each is a float of its own.
            _ => {
                let whole = cast(binary(Binary::Shr, word, int(8, span), U32), F32);
                let unit = Expr { kind: ExprKind::Lit(Lit::Float(5.960_464_5e-8)), ty: F32, span };
                binary(Binary::Mul, whole, unit, F32)
            }
        }))
    }

    /// The generator's next word.
    fn word(&mut self, param: usize, count: VarId, span: proc_macro2::Span) -> Expr {
        let drawn = Expr { kind: ExprKind::Var(count), ty: U32, span };
        let word = Expr { kind: ExprKind::Draw(param, Box::new(drawn.clone())), ty: U32, span };
        let word = self.spill(word);
        let next = binary(Binary::Add, drawn, int(1, span), U32);
        self.out.push(Stmt::Assign { var: count, value: next });
        word
    }
}

fn binary(op: Binary, a: Expr, b: Expr, ty: Ty) -> Expr {
    Expr { span: a.span, kind: ExprKind::Binary(op, Box::new(a), Box::new(b)), ty }
}

fn int(value: i128, span: proc_macro2::Span) -> Expr {
    Expr { kind: ExprKind::Lit(Lit::Int(value)), ty: U32, span }
}

fn cast(value: Expr, ty: Ty) -> Expr {
    Expr { ty, span: value.span, kind: ExprKind::Cast(Box::new(value)) }
}
