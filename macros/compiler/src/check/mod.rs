//! From the body as written to the IR: what is in the language, what each name means, and which type everything has.
//!
//! Whatever is outside the language is an error at the user's own tokens that says what to write instead. Mutability,
//! moves and initialisation are left to rustc, which checks the written body as well.

mod call;
mod close;
mod control;
mod expr;
mod function;
mod memory;
mod names;
mod refuse;
mod stmt;

use std::collections::HashMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Block, Ident, ItemFn};

use crate::ir::{self, Expr, ExprKind, Kernel, ParamKind, Stmt, Var, VarId};
use crate::parse::{self, Errors, Options, Signature};
use crate::types::{Kind, Scalar, Shape, Table, Ty, Type};

/// An error that is already told.
pub struct Failed;

type Checked<T> = Result<T, Failed>;

/// Reads the body of a kernel; `None` where `errors` says why not.
pub fn kernel(item: &ItemFn, signature: &Signature, options: Options, errors: &mut Errors) -> Option<Kernel> {
    let mut checker = Checker {
        errors: &mut *errors,
        own_name: item.sig.ident.clone(),
        strict: options.strict,
        types: Table::default(),
        needs: Vec::new(),
        vars: Vec::new(),
        tables: Vec::new(),
        params: signature.params.iter().map(|param| param.ty.clone()).collect(),
        result: signature.result.shape(),
        frames: Vec::new(),
        given: None,
        scopes: vec![HashMap::new()],
        out: Vec::new(),
        sites: 0,
        failed: false,
    };
    let params = signature.params.iter().enumerate().map(|(at, param)| checker.param(at, param)).collect();
    let shape = signature.result.shape();
    let results = checker.body(&item.block, &shape);
    let mut body = std::mem::take(&mut checker.out);
    if let Some(given) = &checker.given {
        body.splice(0..0, given.vars().into_iter().map(|var| Stmt::Let { var, value: None }));
    }
    let (Ok(results), false) = (results, checker.failed) else { return None };
    let mut kernel = Kernel {
        strict: options.strict,
        params,
        result: signature.result.clone(),
        vars: std::mem::take(&mut checker.vars),
        tables: std::mem::take(&mut checker.tables),
        body,
        results,
        sites: checker.sites,
    };
    checker.close(&mut kernel).ok()?;
    for (at, param) in signature.params.iter().enumerate().filter(|(_, param)| param.is_open) {
        let scalar = ir::known(kernel.vars[kernel.params[at].vars[0]].ty);
        if scalar == Scalar::Bool {
            errors
                .push(&param.name, "a uniform cannot be a bool: make it a u32 and compare it, `v.flag != 0`");
            return None;
        }
        kernel.params[at].ty = Type::Scalar(scalar);
    }
    Some(kernel)
}

/// What an operation needs of a type that was still open when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// A float or an integer.
    Number,
    /// A float.
    Float,
    /// An integer.
    Int,
    /// An integer or bool.
    Bits,
    /// Anything but what only stores.
    Comparable,
    /// Anything but bool.
    Passable,
}

/// What a name stands for.
#[derive(Clone)]
enum Binding {
    Local(Place),
    /// `y: &mut T`: read and written as `*y`.
    InPlace(Place),
    /// A constant's literal.
    Const(Expr),
    Cell(usize),
    Picture(usize, Type),
    /// A slice or a table parameter, and its elements' type.
    Slice(usize, Type),
    /// A private array.
    Table(ir::TableId),
    Atomics(usize, Scalar),
    /// A generator, and the variable that counts what was drawn.
    Random(usize, VarId),
    /// Its declaration failed, which is already told.
    Poison,
}

/// Something that can be read and assigned.
#[derive(Clone, Debug)]
enum Place {
    Unit,
    Scalar(VarId),
    Pixel(Vec<VarId>),
    Tuple(Vec<Place>),
}

/// A value while it is read.
#[derive(Clone, Debug)]
enum Value {
    Unit,
    Scalar(Expr),
    Pixel(Vec<Expr>),
    Tuple(Vec<Value>),
    /// One value for all places of an array, or one for each, and how many places there are.
    Table(Vec<Expr>, usize),
    /// Nothing comes after it.
    Never,
}

impl Value {
    fn shape(&self) -> Shape {
        match self {
            Value::Unit => Shape::Unit,
            Value::Scalar(one) => Shape::Scalar(one.ty),
            Value::Pixel(channels) => Shape::Pixel(channels[0].ty, channels.len()),
            Value::Tuple(parts) => Shape::Tuple(parts.iter().map(Value::shape).collect()),
            Value::Table(values, length) => Shape::Table(values[0].ty, *length),
            Value::Never => Shape::Never,
        }
    }

    fn scalars(self) -> Vec<Expr> {
        match self {
            Value::Unit | Value::Never => Vec::new(),
            Value::Scalar(one) => vec![one],
            Value::Table(values, _) => values,
            Value::Pixel(channels) => channels,
            Value::Tuple(parts) => parts.into_iter().flat_map(Value::scalars).collect(),
        }
    }

    fn scalars_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Value::Unit | Value::Never => Vec::new(),
            Value::Scalar(one) => vec![one],
            Value::Pixel(channels) | Value::Table(channels, _) => channels.iter_mut().collect(),
            Value::Tuple(parts) => parts.iter_mut().flat_map(Value::scalars_mut).collect(),
        }
    }
}

impl Place {
    fn vars(&self) -> Vec<VarId> {
        match self {
            Place::Unit => Vec::new(),
            Place::Scalar(var) => vec![*var],
            Place::Pixel(vars) => vars.clone(),
            Place::Tuple(parts) => parts.iter().flat_map(Place::vars).collect(),
        }
    }
}

struct Checker<'e> {
    errors: &'e mut Errors,
    own_name: Ident,
    strict: bool,
    types: Table,
    needs: Vec<(Need, Ty, Span, &'static str)>,
    vars: Vec<Var>,
    tables: Vec<ir::Table>,
    /// The types of the parameters.
    params: Vec<Type>,
    result: Shape,
    /// The loops around what is being read, the innermost last.
    frames: Vec<control::Frame>,
    /// What holds the result, once some `return` was read.
    given: Option<Place>,
    scopes: Vec<HashMap<String, Binding>>,
    /// The statements of the list that is being read.
    out: Vec<Stmt>,
    sites: usize,
    failed: bool,
}

impl Checker<'_> {
    fn fail<T>(&mut self, at: &impl quote::ToTokens, message: impl std::fmt::Display) -> Checked<T> {
        self.failed = true;
        self.errors.push(at, message);
        Err(Failed)
    }

    fn fail_at<T>(&mut self, span: Span, message: impl std::fmt::Display) -> Checked<T> {
        self.failed = true;
        self.errors.push_at(span, message);
        Err(Failed)
    }

    fn told<T>(&mut self, result: syn::Result<T>) -> Checked<T> {
        result.map_err(|error| {
            self.failed = true;
            self.errors.add(error);
            Failed
        })
    }

    fn param(&mut self, at: usize, param: &parse::Param) -> ir::Param {
        let name = param.name.to_string();
        let mut vars = Vec::new();
        let binding = match param.kind {
            ParamKind::Cell => Binding::Cell(at),
            ParamKind::Picture => Binding::Picture(at, param.ty.clone()),
            ParamKind::Slice => Binding::Slice(at, param.ty.clone()),
            ParamKind::Table => match &param.ty {
                Type::Table(scalar, _) => Binding::Slice(at, Type::Scalar(*scalar)),
                _ => Binding::Poison,
            },
            ParamKind::Atomics => match &param.ty {
                Type::Scalar(scalar) => Binding::Atomics(at, *scalar),
                _ => Binding::Poison,
            },
            ParamKind::Random => {
                let count = self.var(&format!("{name}_drawn"), Ty::Known(Scalar::U32));
                vars.push(count);
                Binding::Random(at, count)
            }
            _ => {
                let shape = match param.is_open {
                    true => Shape::Scalar(self.types.open(Kind::Any, param.name.span())),
                    false => param.ty.shape(),
                };
                let place = self.place(&name, &shape);
                vars = place.vars();
                if param.kind == ParamKind::InPlace { Binding::InPlace(place) } else { Binding::Local(place) }
            }
        };
        self.bind(&name, binding);
        ir::Param { name: param.name.clone(), kind: param.kind, ty: param.ty.clone(), vars }
    }

    fn body(&mut self, block: &Block, shape: &Shape) -> Checked<Vec<Expr>> {
        let value = self.block(block, Some(shape))?;
        let span = block.stmts.last().map_or_else(|| block.span(), Spanned::span);
        self.same_shape(span, shape, &value.shape())?;
        if self.given.is_none() {
            return Ok(value.scalars());
        }
        let given = self.given();
        if !matches!(value, Value::Never) {
            self.store(&given, value);
        }
        Ok(self.read(&given, span).scalars())
    }

    // ---- names

    fn bind(&mut self, name: &str, binding: Binding) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned(), binding);
        }
    }

    fn lookup(&self, name: &str) -> Option<&Binding> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    /// A hint at a name that is nearly this one.
    fn nearest(&self, name: &str) -> String {
        refuse::nearest(name, self.scopes.iter().flat_map(|scope| scope.keys().map(String::as_str)))
    }

    fn var(&mut self, name: &str, ty: Ty) -> VarId {
        self.vars.push(Var { name: name.to_owned(), ty, lockstep: false });
        self.vars.len() - 1
    }

    /// New variables for a value of that shape.
    fn place(&mut self, name: &str, shape: &Shape) -> Place {
        match shape {
            // Arrays are bound by themselves, see `memory`.
            Shape::Unit | Shape::Never | Shape::Table(..) => Place::Unit,
            Shape::Scalar(ty) => Place::Scalar(self.var(name, *ty)),
            Shape::Pixel(ty, channels) => Place::Pixel(
                (0..*channels).map(|channel| self.var(&format!("{name}_{channel}"), *ty)).collect(),
            ),
            Shape::Tuple(parts) => Place::Tuple(
                parts
                    .iter()
                    .enumerate()
                    .map(|(at, part)| self.place(&format!("{name}_{at}"), part))
                    .collect(),
            ),
        }
    }

    fn read(&self, place: &Place, span: Span) -> Value {
        let one = |var: &VarId| Expr { kind: ExprKind::Var(*var), ty: self.vars[*var].ty, span };
        match place {
            Place::Unit => Value::Unit,
            Place::Scalar(var) => Value::Scalar(one(var)),
            Place::Pixel(vars) => Value::Pixel(vars.iter().map(one).collect()),
            Place::Tuple(parts) => Value::Tuple(parts.iter().map(|part| self.read(part, span)).collect()),
        }
    }

    fn site(&mut self) -> usize {
        self.sites += 1;
        self.sites - 1
    }

    /// Reads something whose statements go into a list of their own.
    fn apart<T>(&mut self, read: impl FnOnce(&mut Self) -> Checked<T>) -> (Vec<Stmt>, Checked<T>) {
        let outer = std::mem::take(&mut self.out);
        let result = read(self);
        (std::mem::replace(&mut self.out, outer), result)
    }

    // ---- types

    fn same(&mut self, span: Span, want: Ty, found: Ty) -> Checked<()> {
        if self.types.unify(want, found) {
            return Ok(());
        }
        let (want_name, found_name) = (self.types.describe(want), self.types.describe(found));
        let hint = match (self.types.resolve(want), self.types.resolve(found)) {
            (Ty::Known(Scalar::F32 | Scalar::F64), Ty::Open(_)) => {
                "; write it with a point: `1.0`".to_owned()
            }
            (_, Ty::Open(_)) | (Ty::Known(Scalar::Bool), _) => String::new(),
            (Ty::Known(want), Ty::Known(Scalar::Bool)) => format!("; convert it: `b as {}`", want.name()),
            (Ty::Known(want), Ty::Known(_)) => format!("; cast it: `x as {}`", want.name()),
            (Ty::Open(_), _) => String::new(),
        };
        let tick = |name: &str| if name.contains(' ') { name.to_owned() } else { format!("`{name}`") };
        self.fail_at(
            span,
            format!("mismatched types: expected {}, found {}{hint}", tick(want_name), tick(found_name)),
        )
    }

    fn same_shape(&mut self, span: Span, want: &Shape, found: &Shape) -> Checked<()> {
        match (want, found) {
            (Shape::Unit, Shape::Unit) | (Shape::Never, _) | (_, Shape::Never) => Ok(()),
            (Shape::Table(want, a), Shape::Table(found, b)) if a == b => self.same(span, *want, *found),
            (Shape::Scalar(want), Shape::Scalar(found)) => self.same(span, *want, *found),
            (Shape::Pixel(want, a), Shape::Pixel(found, b)) if a == b => self.same(span, *want, *found),
            (Shape::Tuple(want), Shape::Tuple(found)) if want.len() == found.len() => {
                want.iter().zip(found).try_for_each(|(want, found)| self.same_shape(span, want, found))
            }
            _ => {
                let (want, found) = (self.describe(want), self.describe(found));
                self.fail_at(span, format!("mismatched types: expected {want}, found {found}"))
            }
        }
    }

    fn describe(&self, shape: &Shape) -> String {
        match shape {
            Shape::Unit => "no value, `()`".into(),
            Shape::Scalar(ty) => match self.types.resolve(*ty) {
                Ty::Known(scalar) => format!("`{}`", scalar.name()),
                Ty::Open(_) => "one number".into(),
            },
            Shape::Pixel(_, channels) => format!("a pixel of {channels}"),
            Shape::Tuple(parts) => format!("a tuple of {}", parts.len()),
            Shape::Table(_, length) => format!("an array of {length}"),
            Shape::Never => "what never comes back".into(),
        }
    }

    fn need(&mut self, need: Need, expr: &Expr, what: &'static str) {
        self.needs.push((need, expr.ty, expr.span, what));
    }
}
