//! Calls: the language's own functions, other kernels, and pictures.

use syn::spanned::Spanned;

use super::{Binding, Checked, Checker, Need, Place, Value, refuse};
use crate::ir::{Arg, At, Axis, Call, Expr, ExprKind, Lit, Near, Source, Stmt};
use crate::types::{Kind, Scalar, Shape, Ty};

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
                Some(Binding::Atomics(param, scalar)) => return self.shared(param, scalar, call, &args),
                Some(Binding::Random(param, count)) => return self.draw(param, count, call, &args),
                Some(Binding::Local(Place::Pixel(vars)) | Binding::InPlace(Place::Pixel(vars))) => {
                    if call.method != "len" || !args.is_empty() {
                        let message = format!("of a pixel a kernel reads channels, `{name}[0]`, and `len()`");
                        return self.fail(&call.method, message);
                    }
                    let kind = ExprKind::Lit(Lit::Int(vars.len() as i128));
                    return Ok(Value::Scalar(Expr { kind, ty: Ty::Known(Scalar::Usize), span: call.span() }));
                }
                _ => {}
            }
            if let Some((store, _)) = self.store_of(&call.receiver) {
                return self.length(store, call);
            }
        }
        if let Some(message) = refuse::method(&call.method.to_string()) {
            // What is wrong further left is told instead.
            if let syn::Expr::MethodCall(_) | syn::Expr::Call(_) | syn::Expr::Reference(_) = &*call.receiver {
                self.value(&call.receiver, None)?;
            }
            return self.fail(&call.method, message);
        }
        let mut operands = vec![&*call.receiver];
        operands.extend(args);
        let operands = self.operands(&operands)?;
        self.function(&call.method.to_string(), call.method.span(), operands, call.span())
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall, expect: Option<&Shape>) -> Checked<Value> {
        let syn::Expr::Path(callee) = &*call.func else {
            return self.fail(&call.func, "a kernel calls other kernels by their names: `saxpy(2.0, x, y)`");
        };
        let span = call.span();
        let path = &callee.path;
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let [.., number, function] =
            &path.segments.iter().map(|part| part.ident.to_string()).collect::<Vec<_>>()[..]
            && let Some(scalar) = number_type(number)
        {
            return self.type_function(scalar, function, &args, call);
        }
        if let Some(name) = path.get_ident() {
            if *name == self.own_name {
                return self.fail(call, "a kernel cannot call itself: write a loop");
            }
            match self.lookup(&name.to_string()) {
                None => {}
                Some(Binding::Poison) => return Err(super::Failed),
                Some(_) => return self.fail(&call.func, format!("`{name}` is a value here, not a kernel")),
            }
        }
        if let Some(message) = refuse::path(path) {
            return self.fail(path, message);
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
                Some(Binding::Picture(..) | Binding::Slice(..) | Binding::Table(_)) => {
                    return self.fail(
                        arg,
                        "arrays and pictures are not passed on: read them here and pass the values",
                    );
                }
                Some(Binding::Atomics(..) | Binding::Random(..)) => {
                    return self.fail(arg, "shared places and generators are not passed on: use them here");
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
                Value::Unit | Value::Tuple(_) | Value::Table(..) | Value::Never => {
                    return self.fail(arg, "a kernel takes numbers and pixels: pass the parts one by one");
                }
            });
        }
        for (at, param) in cells {
            read.insert(at, Arg::Cell(param));
        }
        Ok(read)
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
            "at" => return self.anywhere(picture, shape, call, args),
            other => {
                let message = format!(
                    "a picture has no `{other}`: it has `near(at, dx, dy)`, `at(x, y)`, `width()` and `height()`"
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

impl Checker<'_> {
    /// `src.at(x, y)`.
    fn anywhere(
        &mut self,
        picture: usize,
        shape: &Shape,
        call: &syn::ExprMethodCall,
        args: &[&syn::Expr],
    ) -> Checked<Value> {
        let span = call.span();
        let [x, y] = args else {
            return self.fail(call, "`at` takes a column and a row: `src.at(x, y)`");
        };
        let place = self.operands(&[*x, *y])?;
        let [x, y]: [Expr; 2] = place.try_into().map_err(|_| super::Failed)?;
        self.same(x.span, Ty::Known(Scalar::I32), x.ty)?;
        self.same(y.span, Ty::Known(Scalar::I32), y.ty)?;
        let at = At { picture, x, y };
        match shape {
            Shape::Scalar(ty) => Ok(Value::Scalar(Expr { kind: ExprKind::At(Box::new(at)), ty: *ty, span })),
            shape => {
                let place = self.place("at", shape);
                self.out.push(Stmt::LetMany {
                    source: Source::At(at),
                    outs: place.vars(),
                    shape: shape.clone(),
                });
                Ok(self.read(&place, span))
            }
        }
    }
}

/// The number type of that name.
fn number_type(name: &str) -> Option<Scalar> {
    Scalar::named(name).filter(|scalar| *scalar != Scalar::Bool)
}
