//! Expressions: values, places, operators and branches.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{BinOp, Member, UnOp};

use super::{Binding, Checked, Checker, Need, Place, Value, names, refuse};
use crate::ir::{self, Axis, Binary, Expr, ExprKind, Lit, Stmt, Unary};
use crate::parse;
use crate::types::{Kind, Scalar, Shape, Ty, Type};

impl Checker<'_> {
    /// One number or bool.
    pub(super) fn scalar(&mut self, expr: &syn::Expr) -> Checked<Expr> {
        match self.value(expr, None)? {
            Value::Scalar(one) => Ok(one),
            other => {
                let found = self.describe(&other.shape());
                self.fail(expr, format!("one number or bool is needed here, this is {found}"))
            }
        }
    }

    /// Several numbers, evaluated in order: what a later one assigns does not change an earlier one.
    pub(super) fn operands(&mut self, exprs: &[&syn::Expr]) -> Checked<Vec<Expr>> {
        let values = self.values(exprs, &[])?;
        let mut scalars = Vec::new();
        for (value, expr) in values.into_iter().zip(exprs) {
            match value {
                Value::Scalar(one) => scalars.push(one),
                other => {
                    let found = self.describe(&other.shape());
                    return self.fail(expr, format!("one number or bool is needed here, this is {found}"));
                }
            }
        }
        Ok(scalars)
    }

    /// As [`Self::operands`], of any shape; `expect` may say which.
    pub(super) fn values(&mut self, exprs: &[&syn::Expr], expect: &[Shape]) -> Checked<Vec<Value>> {
        let mut values: Vec<Value> = Vec::new();
        for (at, expr) in exprs.iter().enumerate() {
            let (stmts, value) = self.apart(|this| this.value(expr, expect.get(at)));
            let value = value?;
            let changed = ir::assigned(&stmts);
            for early in values.iter_mut().flat_map(Value::scalars_mut) {
                let mut read = false;
                early.walk(&mut |part| {
                    read |= matches!(part.kind, ExprKind::Var(var) if changed.contains(&var))
                });
                if read {
                    *early = self.spill(early.clone());
                }
            }
            self.out.extend(stmts);
            values.push(value);
        }
        Ok(values)
    }

    /// Any expression; `expect` is the shape that its place asks for, where that is known.
    pub(super) fn value(&mut self, expr: &syn::Expr, expect: Option<&Shape>) -> Checked<Value> {
        use syn::Expr as E;
        match expr {
            E::Paren(inner) => self.value(&inner.expr, expect),
            E::Group(inner) => self.value(&inner.expr, expect),
            E::Lit(lit) => self.literal(&lit.lit).map(Value::Scalar),
            E::Path(path) => self.path(path),
            E::Unary(unary) => self.unary(unary),
            E::Binary(binary) => self.binary_expr(binary),
            E::Cast(cast) => self.cast(cast).map(Value::Scalar),
            E::If(branch) => self.branch(branch, expect),
            E::Block(block) => {
                if let Some(label) = &block.label {
                    return self.fail(label, "only loops have labels in a kernel: use `loop { … break; }`");
                }
                self.block(&block.block, expect)
            }
            E::Call(call) => self.call(call, expect),
            E::MethodCall(call) => self.method_call(call),
            E::Field(field) => self.field(field),
            E::Index(index) => self.index(index),
            E::Array(array) => self.array(array),
            E::Repeat(repeat) => self.repeat(repeat),
            E::Tuple(tuple) if tuple.elems.is_empty() => Ok(Value::Unit),
            E::Tuple(tuple) => {
                let parts: Vec<&syn::Expr> = tuple.elems.iter().collect();
                let shapes = match expect {
                    Some(Shape::Tuple(shapes)) => shapes.clone(),
                    _ => Vec::new(),
                };
                self.values(&parts, &shapes).map(Value::Tuple)
            }
            E::Assign(_) | E::While(_) | E::ForLoop(_) => self.statement(expr),
            E::Loop(stmt) => self.endless(stmt, expect),
            E::Match(stmt) => self.choose(stmt, expect),
            E::Break(stmt) => self.break_out(stmt),
            E::Continue(stmt) => self.next_turn(stmt),
            E::Return(stmt) => self.give(stmt),
            E::Macro(call) => self.macro_call(&call.mac),
            _ => self.fail(expr, refuse::expr(expr)),
        }
    }

    fn literal(&mut self, lit: &syn::Lit) -> Checked<Expr> {
        let span = lit.span();
        let (kind, ty) = match lit {
            syn::Lit::Bool(lit) => (Lit::Bool(lit.value), Ty::Known(Scalar::Bool)),
            syn::Lit::Float(float) => {
                let ty = match float.suffix() {
                    "" => self.types.open(Kind::Float, span),
                    suffix => match Scalar::named(suffix) {
                        Some(scalar) if scalar.is_float() => Ty::Known(scalar),
                        _ => {
                            let message =
                                format!("`{suffix}` is not in the kernel language: use `f32` or `f64`");
                            return self.fail(lit, message);
                        }
                    },
                };
                (Lit::Decimal(self.told(float.base10_parse())?, self.told(float.base10_parse())?), ty)
            }
            syn::Lit::Int(int) => {
                let ty = match int.suffix() {
                    "" => self.types.open(Kind::Int, span),
                    suffix => match Scalar::named(suffix) {
                        Some(scalar) if scalar.is_float() => {
                            let value =
                                Lit::Decimal(self.told(int.base10_parse())?, self.told(int.base10_parse())?);
                            return Ok(Expr { kind: ExprKind::Lit(value), ty: Ty::Known(scalar), span });
                        }
                        Some(scalar) => Ty::Known(scalar),
                        None => {
                            let message = format!(
                                "`{suffix}` is not in the kernel language: its widest integers are i64 and u64"
                            );
                            return self.fail(lit, message);
                        }
                    },
                };
                // In a pattern the sign is the literal's own.
                let value = int.base10_parse::<i128>().ok();
                let Some(value) = value.filter(|value| value.unsigned_abs() <= u128::from(u64::MAX)) else {
                    return self.fail(
                        lit,
                        "this number does not fit 64 bits, the widest integers of the kernel language",
                    );
                };
                (Lit::Int(value), ty)
            }
            syn::Lit::Byte(byte) => {
                return self
                    .fail(lit, format!("a byte is written as a number in a kernel: `{}u8`", byte.value()));
            }
            _ => return self.fail(lit, "a kernel has numbers and bools only: no text, no characters"),
        };
        Ok(Expr { kind: ExprKind::Lit(kind), ty, span })
    }

    fn path(&mut self, path: &syn::ExprPath) -> Checked<Value> {
        if let Some(name) = path.path.get_ident() {
            return match self.lookup(&name.to_string()).cloned() {
                Some(Binding::Local(place)) => Ok(self.read(&place, name.span())),
                Some(Binding::Const(lit)) => Ok(Value::Scalar(Expr { span: name.span(), ..lit })),
                Some(Binding::InPlace(_)) => {
                    self.fail(path, format!("`{name}` is an element in place: read it as `*{name}`"))
                }
                Some(Binding::Cell(_)) => self.fail(
                    path,
                    format!("a cell is read by its fields, `{name}.x` and `{name}.y`, or passed to `near`"),
                ),
                Some(Binding::Picture(..)) => {
                    self.fail(path, format!("a picture is read around the own cell: `{name}.near(at, 0, 0)`"))
                }
                Some(Binding::Slice(..) | Binding::Table(_)) => self.fail(
                    path,
                    format!("`{name}` is an array: read one of its elements, `{name}[i]`, or `{name}.len()`"),
                ),
                Some(Binding::Atomics(..)) => {
                    self.fail(path, format!("shared places are updated one by one: `{name}.add(i, 1)`"))
                }
                Some(Binding::Random(..)) => self.fail(path, format!("draw a number: `{name}.f32()`")),
                Some(Binding::Poison) => Err(super::Failed),
                None if is_constant(name) => Ok(self.outer_constant(&path.path)),
                None => {
                    let message = refuse::path(&path.path).unwrap_or_else(|| {
                        let hint = self.nearest(&name.to_string());
                        format!("`{name}` is not known in this kernel, which sees its parameters, its own variables, and constants{hint}")
                    });
                    self.fail(path, message)
                }
            };
        }
        match names::constant(&path.path) {
            Some((lit, scalar)) => {
                Ok(Value::Scalar(Expr { kind: ExprKind::Lit(lit), ty: Ty::Known(scalar), span: path.span() }))
            }
            None if path.path.segments.last().is_some_and(|last| is_constant(&last.ident)) => {
                Ok(self.outer_constant(&path.path))
            }
            None if let Some(message) = refuse::path(&path.path) => self.fail(path, message),
            None => self.fail(
                path,
                "a kernel does not see this: it has its parameters, constants, and those of the number types, `f32::MAX`",
            ),
        }
    }

    /// A constant outside of the kernel, whose type its use decides; rustc checks both.
    fn outer_constant(&mut self, path: &syn::Path) -> Value {
        let span = path.span();
        let ty = self.anything(span);
        Value::Scalar(Expr { kind: ExprKind::Const(Box::new(path.clone())), ty, span })
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Checked<Value> {
        if let UnOp::Deref(_) = unary.op {
            let mut inner = &*unary.expr;
            while let syn::Expr::Paren(paren) = inner {
                inner = &paren.expr;
            }
            let place = self.place_of(&syn::Expr::Unary(unary.clone()))?;
            return Ok(self.read(&place, inner.span()));
        }
        let operand = self.scalar(&unary.expr)?;
        let (span, ty) = (unary.span(), operand.ty);
        let op = match unary.op {
            UnOp::Neg(_) => {
                self.need(Need::Number, &operand, "`-`");
                match operand.lit() {
                    Some(Lit::Float(x)) => {
                        return Ok(Value::Scalar(Expr { kind: ExprKind::Lit(Lit::Float(-x)), ty, span }));
                    }
                    Some(Lit::Decimal(x, y)) => {
                        return Ok(Value::Scalar(Expr {
                            kind: ExprKind::Lit(Lit::Decimal(-x, -y)),
                            ty,
                            span,
                        }));
                    }
                    Some(Lit::Int(x)) => {
                        return Ok(Value::Scalar(Expr { kind: ExprKind::Lit(Lit::Int(-x)), ty, span }));
                    }
                    _ => Unary::Neg,
                }
            }
            _ => {
                self.need(Need::Bits, &operand, "`!`");
                Unary::Not
            }
        };
        Ok(Value::Scalar(Expr { kind: ExprKind::Unary(op, Box::new(operand)), ty, span }))
    }

    fn binary_expr(&mut self, binary: &syn::ExprBinary) -> Checked<Value> {
        if op_assign(&binary.op).is_some() {
            return self.statement(&syn::Expr::Binary(binary.clone()));
        }
        let span = binary.span();
        if let BinOp::And(_) | BinOp::Or(_) = binary.op {
            return self.short_circuit(binary).map(Value::Scalar);
        }
        let Some(op) = plain_op(&binary.op) else {
            return self.fail(binary, "this operator is not in the kernel language");
        };
        let operands = self.operands(&[&*binary.left, &*binary.right])?;
        let [left, right]: [Expr; 2] = operands.try_into().map_err(|_| super::Failed)?;
        self.binary(op, left, right, span).map(Value::Scalar)
    }

    /// `&&` and `||`: the right side runs alone where it does more than compute a value.
    fn short_circuit(&mut self, binary: &syn::ExprBinary) -> Checked<Expr> {
        let span = binary.span();
        let and = matches!(binary.op, BinOp::And(_));
        let bool = Ty::Known(Scalar::Bool);
        let left = self.condition(&binary.left)?;
        let (stmts, right) = self.apart(|this| this.condition(&binary.right));
        let right = right?;
        if stmts.is_empty() && !right.is_guarded() {
            let op = if and { Binary::And } else { Binary::Or };
            return Ok(Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), ty: bool, span });
        }
        let var = self.var("both", bool);
        let read = Expr { kind: ExprKind::Var(var), ty: bool, span };
        self.out.push(Stmt::Let { var, value: Some(left) });
        let mut run = stmts;
        run.push(Stmt::Assign { var, value: right });
        let (then, other) = if and { (run, Vec::new()) } else { (Vec::new(), run) };
        let site = self.site();
        self.out.push(Stmt::If { site, cond: read.clone(), then, other });
        Ok(read)
    }

    /// One operation on two numbers, its types made to agree.
    pub(super) fn binary(&mut self, op: Binary, left: Expr, right: Expr, span: Span) -> Checked<Expr> {
        let mut ty = left.ty;
        match op {
            Binary::Shl | Binary::Shr => {
                self.need(Need::Int, &left, "a shift");
                self.need(Need::Int, &right, "the count of a shift");
            }
            _ => {
                self.same(right.span, left.ty, right.ty)?;
                let (need, what) = match op {
                    Binary::And | Binary::Or | Binary::Xor => (Need::Bits, "an operation on bits"),
                    Binary::Eq | Binary::Ne => (Need::Comparable, "a comparison"),
                    _ if op.compares() => (Need::Number, "a comparison by size"),
                    _ => (Need::Number, "arithmetic"),
                };
                self.need(need, &left, what);
            }
        }
        if op.compares() {
            ty = Ty::Known(Scalar::Bool);
        }
        Ok(Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), ty, span })
    }

    fn cast(&mut self, cast: &syn::ExprCast) -> Checked<Expr> {
        let Type::Scalar(to) = self.told(parse::local_type(&cast.ty))? else {
            return self.fail(&cast.ty, "a cast gives one number: `x as f32`");
        };
        if to == Scalar::Bool {
            return self.fail(cast, "a number is no bool: compare it, `x != 0`");
        }
        let value = self.scalar(&cast.expr)?;
        // `255 as u8` is a `u8` from the start, as in Rust.
        if let (Some(Lit::Int(_)), Ty::Open(_), true) =
            (value.lit(), self.types.resolve(value.ty), to != Scalar::F32)
        {
            self.same(value.span, Ty::Known(to), value.ty)?;
        }
        Ok(Expr { kind: ExprKind::Cast(Box::new(value)), ty: Ty::Known(to), span: cast.span() })
    }

    fn field(&mut self, field: &syn::ExprField) -> Checked<Value> {
        if let (syn::Expr::Path(path), Member::Named(name)) = (&*field.base, &field.member)
            && let Some(base) = path.path.get_ident()
            && let Some(Binding::Cell(at)) = self.lookup(&base.to_string())
        {
            let axis = match name.to_string().as_str() {
                "x" => Axis::X,
                "y" => Axis::Y,
                _ => return self.fail(name, "a cell has the fields `x`, its column, and `y`, its row"),
            };
            let kind = ExprKind::Place(*at, axis);
            return Ok(Value::Scalar(Expr { kind, ty: Ty::Known(Scalar::U32), span: field.span() }));
        }
        match (self.value(&field.base, None)?, &field.member) {
            (Value::Tuple(mut parts), Member::Unnamed(at)) if (at.index as usize) < parts.len() => {
                Ok(parts.swap_remove(at.index as usize))
            }
            (Value::Scalar(one), Member::Unnamed(_)) if matches!(self.types.resolve(one.ty), Ty::Open(_)) => {
                self.fail(&field.base, "the type of this is not known here; say it: `let r: (f32, f32) = …`")
            }
            _ => self
                .fail(field, "there is no such field: tuples have `.0`, `.1`, …, a cell has `.x` and `.y`"),
        }
    }

    fn index(&mut self, index: &syn::ExprIndex) -> Checked<Value> {
        if let Some((store, shape)) = self.store_of(&index.expr) {
            let at = self.place_in(&index.index)?;
            return Ok(self.item(store, shape, at, index.span()));
        }
        let base = match self.in_place(&index.expr) {
            Some(place) => self.read(&place, index.span()),
            None => self.value(&index.expr, None)?,
        };
        match base {
            Value::Pixel(mut channels) => {
                if !matches!(&*index.index, syn::Expr::Lit(_)) {
                    return self.computed_channel(channels, &index.index).map(Value::Scalar);
                }
                let at = self.channel(&index.index, channels.len())?;
                Ok(Value::Scalar(channels.swap_remove(at)))
            }
            Value::Scalar(one) if matches!(self.types.resolve(one.ty), Ty::Open(_)) => {
                self.fail(&index.expr, "the type of this is not known here; say it: `let px: [f32; 3] = …`")
            }
            _ => self.fail(index, "slices, arrays and pixels have an index: `xs[i]`, `px[0]`"),
        }
    }

    fn channel(&mut self, index: &syn::Expr, channels: usize) -> Checked<usize> {
        let at = match index {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(n), .. }) => n.base10_parse::<usize>().ok(),
            _ => None,
        };
        match at {
            Some(at) if at < channels => Ok(at),
            Some(at) => self.fail(
                index,
                format!("channel {at} of a pixel that has {channels}; the last is {}", channels - 1),
            ),
            None => self.fail(index, "the channel of a pixel is written as a number: `px[0]`"),
        }
    }

    fn array(&mut self, array: &syn::ExprArray) -> Checked<Value> {
        if array.elems.is_empty() {
            return self.fail(array, "an array in a kernel has at least one place");
        }
        let parts: Vec<&syn::Expr> = array.elems.iter().collect();
        let channels = self.operands(&parts)?;
        for channel in &channels[1..] {
            self.same(channel.span, channels[0].ty, channel.ty)?;
        }
        Ok(match channels.len() {
            length @ 5.. => Value::Table(channels, length),
            _ => Value::Pixel(channels),
        })
    }

    fn repeat(&mut self, repeat: &syn::ExprRepeat) -> Checked<Value> {
        let value = self.scalar(&repeat.expr)?;
        let value = self.spill(value);
        let count = match &*repeat.len {
            // A constant of the kernel's own.
            syn::Expr::Path(path) => {
                match path.path.get_ident().and_then(|name| self.lookup(&name.to_string())) {
                    Some(Binding::Const(Expr { kind: ExprKind::Lit(Lit::Int(n @ 1..=4096)), .. })) => {
                        *n as usize
                    }
                    _ => self.told(parse::length(&repeat.len))?,
                }
            }
            _ => self.told(parse::length(&repeat.len))?,
        };
        Ok(match count {
            5.. => Value::Table(vec![value], count),
            _ => Value::Pixel(vec![value; count]),
        })
    }

    // ---- places

    pub(super) fn in_place(&self, expr: &syn::Expr) -> Option<Place> {
        match expr {
            syn::Expr::Paren(inner) => self.in_place(&inner.expr),
            syn::Expr::Path(path) => match self.lookup(&path.path.get_ident()?.to_string())? {
                Binding::InPlace(place) => Some(place.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// What an expression on the left of `=` names.
    pub(super) fn place_of(&mut self, expr: &syn::Expr) -> Checked<Place> {
        match expr {
            syn::Expr::Paren(inner) => self.place_of(&inner.expr),
            syn::Expr::Group(inner) => self.place_of(&inner.expr),
            syn::Expr::Unary(syn::ExprUnary { op: UnOp::Deref(_), expr: inner, .. }) => {
                match self.in_place(inner) {
                    Some(place) => Ok(place),
                    None => self.fail(expr, "only an element in place is read through `*`: `y: &mut f32`"),
                }
            }
            syn::Expr::Path(path) => {
                let Some(name) = path.path.get_ident() else {
                    return self.fail(expr, "only variables can be assigned");
                };
                match self.lookup(&name.to_string()).cloned() {
                    Some(Binding::Local(place)) => Ok(place),
                    Some(Binding::InPlace(_)) => {
                        self.fail(expr, format!("`{name}` is an element in place: write `*{name} = …`"))
                    }
                    Some(Binding::Poison) => Err(super::Failed),
                    Some(_) => self.fail(expr, format!("`{name}` cannot be assigned")),
                    None => self.fail(
                        expr,
                        format!(
                            "`{name}` is not known in this kernel: declare it, `let mut {name} = …;`{}",
                            self.nearest(&name.to_string())
                        ),
                    ),
                }
            }
            syn::Expr::Index(index) => {
                let place = match self.in_place(&index.expr) {
                    Some(place) => place,
                    None => self.place_of(&index.expr)?,
                };
                match place {
                    Place::Pixel(vars) => Ok(Place::Scalar(vars[self.channel(&index.index, vars.len())?])),
                    _ => self.fail(index, "only the channels of a pixel have an index: `px[0]`"),
                }
            }
            syn::Expr::Field(field) => match (self.place_of(&field.base)?, &field.member) {
                (Place::Tuple(mut parts), Member::Unnamed(at)) if (at.index as usize) < parts.len() => {
                    Ok(parts.swap_remove(at.index as usize))
                }
                _ => self.fail(field, "there is no such field: tuples have `.0`, `.1`, …"),
            },
            syn::Expr::Tuple(tuple) => {
                tuple.elems.iter().map(|part| self.place_of(part)).collect::<Checked<_>>().map(Place::Tuple)
            }
            _ => self.fail(expr, "this cannot be assigned: a variable, `*y`, `px[0]` or a tuple of them can"),
        }
    }
}

/// Puts scalars together into a value of that shape.
pub(super) fn value_of(shape: &Shape, scalars: &mut std::vec::IntoIter<Expr>) -> Value {
    match shape {
        Shape::Unit => Value::Unit,
        Shape::Scalar(_) => scalars.next().map_or(Value::Unit, Value::Scalar),
        Shape::Pixel(_, channels) => Value::Pixel(scalars.take(*channels).collect()),
        Shape::Tuple(parts) => Value::Tuple(parts.iter().map(|part| value_of(part, scalars)).collect()),
        Shape::Table(_, length) => Value::Table(scalars.take(*length).collect(), *length),
        Shape::Never => Value::Never,
    }
}

/// Whether a name is written as constants are.
fn is_constant(name: &syn::Ident) -> bool {
    let name = name.to_string();
    name.chars().any(|c| c.is_ascii_uppercase()) && !name.chars().any(|c| c.is_ascii_lowercase())
}

fn plain_op(op: &BinOp) -> Option<Binary> {
    Some(match op {
        BinOp::Add(_) => Binary::Add,
        BinOp::Sub(_) => Binary::Sub,
        BinOp::Mul(_) => Binary::Mul,
        BinOp::Div(_) => Binary::Div,
        BinOp::Rem(_) => Binary::Rem,
        BinOp::BitXor(_) => Binary::Xor,
        BinOp::BitAnd(_) => Binary::And,
        BinOp::BitOr(_) => Binary::Or,
        BinOp::Shl(_) => Binary::Shl,
        BinOp::Shr(_) => Binary::Shr,
        BinOp::Eq(_) => Binary::Eq,
        BinOp::Ne(_) => Binary::Ne,
        BinOp::Lt(_) => Binary::Lt,
        BinOp::Le(_) => Binary::Le,
        BinOp::Gt(_) => Binary::Gt,
        BinOp::Ge(_) => Binary::Ge,
        _ => return None,
    })
}

/// The operation of `+=` and its like.
pub(super) fn op_assign(op: &BinOp) -> Option<Binary> {
    Some(match op {
        BinOp::AddAssign(_) => Binary::Add,
        BinOp::SubAssign(_) => Binary::Sub,
        BinOp::MulAssign(_) => Binary::Mul,
        BinOp::DivAssign(_) => Binary::Div,
        BinOp::RemAssign(_) => Binary::Rem,
        BinOp::BitXorAssign(_) => Binary::Xor,
        BinOp::BitAndAssign(_) => Binary::And,
        BinOp::BitOrAssign(_) => Binary::Or,
        BinOp::ShlAssign(_) => Binary::Shl,
        BinOp::ShrAssign(_) => Binary::Shr,
        _ => return None,
    })
}
