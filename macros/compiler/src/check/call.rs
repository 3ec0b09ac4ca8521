//! Calls: the language's own functions, other kernels, and pictures.

use proc_macro2::Span;
use syn::spanned::Spanned;

use super::{Binding, Checked, Checker, Need, Value, names};
use crate::ir::{Arg, Axis, Binary, Call, Expr, ExprKind, Func, Lit, Near, Source, Stmt, Unary};
use crate::types::{Kind, Scalar, Shape, Ty};

const F32: Ty = Ty::Known(Scalar::F32);

impl Checker<'_> {
    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall) -> Checked<Value> {
        if let Some(generics) = &call.turbofish {
            return self.fail(generics, "functions of the kernel language take no types: remove this");
        }
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let syn::Expr::Path(path) = &*call.receiver
            && let Some(name) = path.path.get_ident()
        {
            match self.lookup(&name.to_string()).cloned() {
                Some(Binding::Picture(picture, cell)) => {
                    return self.picture(picture, &cell.shape(), call, &args);
                }
                Some(Binding::Cell(_)) => {
                    return self.fail(call, "a cell has no functions: read `at.x` and `at.y`");
                }
                _ => {}
            }
        }
        let mut operands = vec![&*call.receiver];
        operands.extend(args);
        let operands = self.operands(&operands)?;
        self.function(&call.method.to_string(), call.method.span(), operands, call.span()).map(Value::Scalar)
    }

    /// One of the language's own functions; the receiver is the first operand.
    fn function(&mut self, name: &str, at: Span, mut operands: Vec<Expr>, span: Span) -> Checked<Expr> {
        let counted = |this: &mut Self, wanted: usize, found: usize| {
            if wanted == found {
                return Ok(());
            }
            let plural = if wanted == 1 { "" } else { "s" };
            this.fail_at(span, format!("`{name}` takes {wanted} argument{plural}, this has {found}"))
        };
        let given = operands.len() - 1;
        let wrapping = match name {
            "wrapping_add" => Some(Binary::Add),
            "wrapping_sub" => Some(Binary::Sub),
            "wrapping_mul" => Some(Binary::Mul),
            "mul_add" | "signum" | "recip" | "wrapping_neg" => None,
            _ => match names::function(name) {
                Some((func, on, takes)) => {
                    counted(self, takes, given)?;
                    return self.plain_function(func, on, operands, span);
                }
                None => {
                    return self.fail_at(
                        at,
                        format!("`{name}` is not in the kernel language yet; it has {}", names::METHODS),
                    );
                }
            },
        };
        let first = operands.remove(0);
        if let Some(op) = wrapping {
            counted(self, 1, given)?;
            self.need(Need::Int, &first, "a `wrapping_…` function");
            return self.binary(op, first, operands.remove(0), span);
        }
        if name == "wrapping_neg" {
            counted(self, 0, given)?;
            self.need(Need::Int, &first, "`wrapping_neg`");
            return Ok(Expr { ty: first.ty, kind: ExprKind::Unary(Unary::Neg, Box::new(first)), span });
        }
        self.same(first.span, F32, first.ty)?;
        let one = Expr { kind: ExprKind::Lit(Lit::Float(1.0)), ty: F32, span };
        match name {
            "mul_add" => {
                counted(self, 2, given)?;
                for operand in &operands {
                    self.same(operand.span, F32, operand.ty)?;
                }
                let (b, c) = (operands.remove(0), operands.remove(0));
                if self.strict {
                    let product = self.binary(Binary::Mul, first, b, span)?;
                    return self.binary(Binary::Add, product, c, span);
                }
                Ok(Expr {
                    kind: ExprKind::Fused(crate::ir::Fused::MulAdd, Box::new([first, b, c])),
                    ty: F32,
                    span,
                })
            }
            "recip" => {
                counted(self, 0, given)?;
                self.binary(Binary::Div, one, first, span)
            }
            _ => {
                // NaN stays NaN, everything else is 1 with the sign that it has.
                counted(self, 0, given)?;
                let first = self.spill(first);
                let func = |func, parts, ty| Expr { kind: ExprKind::Func(func, parts), ty, span };
                let nan = func(Func::IsNan, vec![first.clone()], Ty::Known(Scalar::Bool));
                let sign = func(Func::Copysign, vec![one, first.clone()], F32);
                Ok(Expr { kind: ExprKind::Select(Box::new([nan, first, sign])), ty: F32, span })
            }
        }
    }

    fn plain_function(
        &mut self,
        func: Func,
        on: names::On,
        operands: Vec<Expr>,
        span: Span,
    ) -> Checked<Expr> {
        let mut ty = operands[0].ty;
        match on {
            names::On::Float => self.same(operands[0].span, F32, ty)?,
            names::On::Number => self.need(Need::Number, &operands[0], "this function"),
        }
        for operand in &operands[1..] {
            self.same(operand.span, ty, operand.ty)?;
        }
        match func {
            Func::ToBits => ty = Ty::Known(Scalar::U32),
            Func::IsNan => ty = Ty::Known(Scalar::Bool),
            _ => {}
        }
        Ok(Expr { kind: ExprKind::Func(func, operands), ty, span })
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall, expect: Option<&Shape>) -> Checked<Value> {
        let syn::Expr::Path(callee) = &*call.func else {
            return self.fail(&call.func, "a kernel calls other kernels by their names: `saxpy(2.0, x, y)`");
        };
        let span = call.span();
        let path = &callee.path;
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let [number, function] =
            &path.segments.iter().map(|part| part.ident.to_string()).collect::<Vec<_>>()[..]
            && let Some(scalar) = number_type(number)
        {
            return self.type_function(scalar, function, &args, call).map(Value::Scalar);
        }
        if let Some(name) = path.get_ident() {
            if *name == self.own_name {
                return self.fail(call, "a kernel cannot call itself: write a `while`");
            }
            if self.lookup(&name.to_string()).is_some() {
                return self.fail(&call.func, format!("`{name}` is a value here, not a kernel"));
            }
        }
        if path.segments.iter().any(|part| !part.arguments.is_none()) || callee.qself.is_some() {
            return self.fail(path, "a kernel is called by its plain name: it has no types to say");
        }
        let args = self.call_args(&args)?;
        let call = Call { path: path.clone(), args };
        match expect {
            Some(shape @ (Shape::Pixel(..) | Shape::Tuple(_))) => {
                let place = self.place("call", shape);
                self.out.push(Stmt::LetMany {
                    source: Source::Call(call),
                    outs: place.vars(),
                    shape: shape.clone(),
                });
                Ok(self.read(&place, span))
            }
            _ => {
                let ty = self.types.open(Kind::Any, span);
                Ok(Value::Scalar(Expr { kind: ExprKind::Call(Box::new(call)), ty, span }))
            }
        }
    }

    fn call_args(&mut self, args: &[&syn::Expr]) -> Checked<Vec<Arg>> {
        // Cells have no value: they are left out while the others are read in order.
        let mut cells = Vec::new();
        let mut others = Vec::new();
        for (at, arg) in args.iter().enumerate() {
            let binding = match arg {
                syn::Expr::Path(path) => {
                    path.path.get_ident().and_then(|name| self.lookup(&name.to_string()))
                }
                _ => None,
            };
            match binding {
                Some(Binding::Cell(param)) => cells.push((at, *param)),
                Some(Binding::Picture(..)) => {
                    return self
                        .fail(arg, "a picture cannot be passed on yet: read it here and pass the values");
                }
                _ => others.push(*arg),
            }
        }
        let mut read = Vec::new();
        for (value, arg) in self.values(&others, &[])?.into_iter().zip(others) {
            read.push(match value {
                Value::Scalar(one) => {
                    self.need(Need::Passable, &one, "a bool as an argument");
                    Arg::Scalar(one)
                }
                Value::Pixel(channels) => Arg::Pixel(channels),
                Value::Unit | Value::Tuple(_) => {
                    return self.fail(arg, "a kernel takes numbers and pixels: pass the parts one by one");
                }
            });
        }
        for (at, param) in cells {
            read.insert(at, Arg::Cell(param));
        }
        Ok(read)
    }

    /// `f32::from_bits(u)`, `f32::max(a, b)`, `i32::from(x)`.
    fn type_function(
        &mut self,
        scalar: Scalar,
        function: &str,
        args: &[&syn::Expr],
        call: &syn::ExprCall,
    ) -> Checked<Expr> {
        let span = call.span();
        let mut operands = self.operands(args)?;
        if operands.is_empty() {
            return self.fail(call, format!("`{function}` needs an argument"));
        }
        let ty = Ty::Known(scalar);
        match (scalar, function) {
            (Scalar::F32, "from_bits") if operands.len() == 1 => {
                self.same(operands[0].span, Ty::Known(Scalar::U32), operands[0].ty)?;
                Ok(Expr { kind: ExprKind::Func(Func::FromBits, operands), ty, span })
            }
            (_, "from") if operands.len() == 1 => {
                Ok(Expr { kind: ExprKind::Cast(Box::new(operands.remove(0))), ty, span })
            }
            _ => {
                self.same(operands[0].span, ty, operands[0].ty)?;
                self.function(function, call.func.span(), operands, span)
            }
        }
    }

    fn picture(
        &mut self,
        picture: usize,
        shape: &Shape,
        call: &syn::ExprMethodCall,
        args: &[&syn::Expr],
    ) -> Checked<Value> {
        let span = call.span();
        let axis = match call.method.to_string().as_str() {
            "width" => Axis::X,
            "height" => Axis::Y,
            "near" => return self.near(picture, shape, call, args),
            other => {
                let message = format!(
                    "a picture has no `{other}`: it has `near(at, dx, dy)`, `width()` and `height()`"
                );
                return self.fail(&call.method, message);
            }
        };
        if !args.is_empty() {
            return self.fail(call, format!("`{}` takes no arguments", call.method));
        }
        Ok(Value::Scalar(Expr { kind: ExprKind::Extent(picture, axis), ty: Ty::Known(Scalar::U32), span }))
    }

    fn near(
        &mut self,
        picture: usize,
        shape: &Shape,
        call: &syn::ExprMethodCall,
        args: &[&syn::Expr],
    ) -> Checked<Value> {
        let span = call.span();
        let [at, dx, dy] = args else {
            return self.fail(
                call,
                "`near` takes the own cell and the way from it, columns and rows: `near(at, 1, -1)`",
            );
        };
        let binding = match at {
            syn::Expr::Path(path) => path.path.get_ident().and_then(|name| self.lookup(&name.to_string())),
            _ => None,
        };
        let Some(Binding::Cell(cell)) = binding else {
            return self.fail(
                at,
                "`near` reads around the own cell: give the kernel a parameter `at: Cell` and pass it here",
            );
        };
        let cell = *cell;
        let way = self.operands(&[*dx, *dy])?;
        let [dx, dy]: [Expr; 2] = way.try_into().map_err(|_| super::Failed)?;
        self.same(dx.span, Ty::Known(Scalar::I32), dx.ty)?;
        self.same(dy.span, Ty::Known(Scalar::I32), dy.ty)?;
        let near = Near { picture, cell, dx, dy };
        match shape {
            Shape::Scalar(ty) => {
                Ok(Value::Scalar(Expr { kind: ExprKind::Near(Box::new(near)), ty: *ty, span }))
            }
            shape => {
                let place = self.place("near", shape);
                self.out.push(Stmt::LetMany {
                    source: Source::Near(near),
                    outs: place.vars(),
                    shape: shape.clone(),
                });
                Ok(self.read(&place, span))
            }
        }
    }
}

fn number_type(name: &str) -> Option<Scalar> {
    match name {
        "f32" => Some(Scalar::F32),
        "i32" => Some(Scalar::I32),
        "u32" => Some(Scalar::U32),
        "u8" => Some(Scalar::U8),
        _ => None,
    }
}
