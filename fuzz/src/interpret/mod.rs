//! The oracle: one place of one kernel, statement by statement, from the IR as it is before any stage changes it.
//!
//! Written from the meaning of the language, not from the library's operations. It says more than the result: what the
//! place did that one of the other runs may answer otherwise ([`Marks`]), so that only what is promised is compared.

mod operate;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use manylane_compiler::ir::{
    Arg, Axis, Call, Expr, ExprKind, Item, Kernel, Lit, ParamKind, Source, Stmt, Store, VarId, known,
};
use manylane_compiler::types::{Scalar, Type};

/// One scalar. An integer is its mathematical value, whatever its type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    F32(f32),
    F64(f64),
    Int(i128),
    Bool(bool),
}

/// What one place gives to one parameter, or gets of it.
#[derive(Clone, Debug)]
pub enum Argument<'a> {
    /// The scalars of an element or a uniform.
    Scalars(Vec<Value>),
    /// All elements, each so many scalars.
    Elements(&'a [Value]),
    /// The cells of a picture, row by row, its width and its height.
    Picture(&'a [Value], usize, usize),
    /// The column and row, or the place in the line and 0.
    Place(usize, usize),
}

/// Why a place has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// An index out of range.
    Fault,
    /// More turns than any generated kernel takes.
    Turns,
    /// The IR makes no sense: a variable is read before it is assigned, a kernel is not there.
    Broken(String),
}

/// What a place met that not all runs answer alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The bits or the sign of a NaN decided something: which NaN an operation gives is left open.
    pub nan_bits: bool,
    /// A subnormal went into or came out of an operation: a GPU may take it for 0.
    pub subnormal: bool,
    /// A NaN or an infinity was there: a GPU may assume that there is none.
    pub not_finite: bool,
    /// Rust itself panics here, or leaves open what we define: a division by 0, `clamp` of an empty range, the smaller of
    /// two zeros.
    pub unlike_rust: bool,
}

impl Marks {
    /// Those of either.
    pub fn join(&mut self, other: Marks) {
        self.nan_bits |= other.nan_bits;
        self.subnormal |= other.subnormal;
        self.not_finite |= other.not_finite;
        self.unlike_rust |= other.unlike_rust;
    }
}

/// What became of one place.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scalars of the results, then of the elements in place.
    pub values: Result<Vec<Value>, Stop>,
    pub marks: Marks,
    /// Statements that ran.
    pub steps: u64,
}

/// The kernels that can be called, by the last name of their path.
pub type Kernels = HashMap<String, Kernel>;

/// Runs one place.
pub fn run(kernel: &Kernel, kernels: &Kernels, args: &[Argument<'_>], most_steps: u64) -> Outcome {
    let mut marks = Marks::default();
    let mut steps = 0;
    let values = Place::new(kernel, kernels, args, &mut marks, &mut steps, most_steps).and_then(Place::run);
    Outcome { values, marks, steps }
}

enum Flow {
    On,
    Break(usize),
    Continue(usize),
    Return,
}

struct Place<'p, 'a> {
    kernel: &'p Kernel,
    kernels: &'p Kernels,
    args: &'p [Argument<'a>],
    vars: Vec<Option<Value>>,
    tables: Vec<Vec<Value>>,
    marks: &'p mut Marks,
    steps: &'p mut u64,
    most: u64,
}

impl<'p, 'a> Place<'p, 'a> {
    fn new(
        kernel: &'p Kernel,
        kernels: &'p Kernels,
        args: &'p [Argument<'a>],
        marks: &'p mut Marks,
        steps: &'p mut u64,
        most: u64,
    ) -> Result<Self, Stop> {
        let mut vars = vec![None; kernel.vars.len()];
        for (param, arg) in kernel.params.iter().zip(args) {
            match (param.kind, arg) {
                (ParamKind::Index, Argument::Place(x, _)) => {
                    vars[param.vars[0]] = Some(Value::Int(*x as i128))
                }
                (_, Argument::Scalars(values)) => {
                    for (var, value) in param.vars.iter().zip(values) {
                        vars[*var] = Some(*value);
                    }
                }
                _ => {}
            }
        }
        if args.len() != kernel.params.len() {
            return Err(Stop::Broken("the number of arguments".into()));
        }
        let tables = vec![Vec::new(); kernel.tables.len()];
        Ok(Place { kernel, kernels, args, vars, tables, marks, steps, most })
    }

    fn run(mut self) -> Result<Vec<Value>, Stop> {
        let kernel = self.kernel;
        self.list(&kernel.body)?;
        let mut values = Vec::new();
        for result in &kernel.results {
            values.push(self.expr(result)?);
        }
        for param in kernel.params.iter().filter(|param| param.kind == ParamKind::InPlace) {
            for var in &param.vars {
                values.push(self.var(*var)?);
            }
        }
        Ok(values)
    }

    fn var(&self, var: VarId) -> Result<Value, Stop> {
        self.vars[var].ok_or_else(|| {
            Stop::Broken(format!("`{}` is read before it is assigned", self.kernel.vars[var].name))
        })
    }

    fn step(&mut self) -> Result<(), Stop> {
        *self.steps += 1;
        if *self.steps > self.most { Err(Stop::Turns) } else { Ok(()) }
    }

    fn list(&mut self, stmts: &[Stmt]) -> Result<Flow, Stop> {
        for stmt in stmts {
            match self.stmt(stmt)? {
                Flow::On => {}
                left => return Ok(left),
            }
        }
        Ok(Flow::On)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<Flow, Stop> {
        self.step()?;
        match stmt {
            Stmt::Let { var, value } => {
                self.vars[*var] = match value {
                    Some(value) => Some(self.expr(value)?),
                    None => None,
                };
            }
            Stmt::LetMany { source, outs, .. } => {
                let values = match source {
                    Source::Call(call) => self.call(call)?,
                    Source::Item(item) => self.item(item)?,
                    Source::Near(near) => {
                        let (dx, dy) = (self.int(&near.dx)?, self.int(&near.dy)?);
                        let (x, y) = self.place(near.cell)?;
                        self.cell(near.picture, x as i128 + dx, y as i128 + dy)?
                    }
                    Source::At(at) => {
                        let (x, y) = (self.int(&at.x)?, self.int(&at.y)?);
                        self.cell(at.picture, x, y)?
                    }
                };
                if values.len() != outs.len() {
                    return Err(Stop::Broken("a value of several parts has another number of them".into()));
                }
                for (out, value) in outs.iter().zip(values) {
                    self.vars[*out] = Some(value);
                }
            }
            Stmt::Assign { var, value } => self.vars[*var] = Some(self.expr(value)?),
            Stmt::LetTable { table, values } => {
                let length = self.kernel.tables[*table].length;
                let values = values.iter().map(|value| self.expr(value)).collect::<Result<Vec<_>, _>>()?;
                self.tables[*table] = if values.len() == 1 { vec![values[0]; length] } else { values };
            }
            Stmt::Put { table, index, value } => {
                let index = self.int(index)?;
                let value = self.expr(value)?;
                let place = usize::try_from(index).ok().and_then(|index| self.tables[*table].get_mut(index));
                *place.ok_or(Stop::Fault)? = value;
            }
            Stmt::Atomic { .. } => return Err(Stop::Broken("shared places are not interpreted".into())),
            Stmt::If { cond, then, other, .. } => {
                return if self.truth(cond)? { self.list(then) } else { self.list(other) };
            }
            Stmt::While { site, head, cond, body } => loop {
                self.step()?;
                let turn = match self.list(head)? {
                    Flow::On if !self.truth(cond)? => break,
                    Flow::On => self.list(body)?,
                    left => left,
                };
                match turn {
                    Flow::On => {}
                    Flow::Continue(at) if at == *site => {}
                    Flow::Break(at) if at == *site => break,
                    left => return Ok(left),
                }
            },
            Stmt::For { site, var, from, to, inclusive, body } => {
                let (from, to) = (self.int(from)?, self.int(to)?);
                let mut at = from;
                while at < to || *inclusive && at == to {
                    self.step()?;
                    self.vars[*var] = Some(Value::Int(at));
                    match self.list(body)? {
                        Flow::On => {}
                        Flow::Continue(to) if to == *site => {}
                        Flow::Break(to) if to == *site => break,
                        left => return Ok(left),
                    }
                    at += 1;
                }
            }
            Stmt::Break(site) => return Ok(Flow::Break(*site)),
            Stmt::Continue(site) => return Ok(Flow::Continue(*site)),
            Stmt::Return => return Ok(Flow::Return),
        }
        Ok(Flow::On)
    }

    fn truth(&mut self, expr: &Expr) -> Result<bool, Stop> {
        match self.expr(expr)? {
            Value::Bool(truth) => Ok(truth),
            other => Err(Stop::Broken(format!("a condition is {other:?}"))),
        }
    }

    fn int(&mut self, expr: &Expr) -> Result<i128, Stop> {
        match self.expr(expr)? {
            Value::Int(int) => Ok(int),
            other => Err(Stop::Broken(format!("an integer is {other:?}"))),
        }
    }

    fn place(&self, param: usize) -> Result<(usize, usize), Stop> {
        match self.args[param] {
            Argument::Place(x, y) => Ok((x, y)),
            _ => Err(Stop::Broken("this is no cell".into())),
        }
    }

    fn one(values: Vec<Value>) -> Result<Value, Stop> {
        match values[..] {
            [one] => Ok(one),
            _ => Err(Stop::Broken("one value is not one".into())),
        }
    }

    fn expr(&mut self, expr: &Expr) -> Result<Value, Stop> {
        let scalar = expr.scalar();
        Ok(match &expr.kind {
            ExprKind::Lit(lit) => match lit {
                Lit::Float(x) => Value::F32(*x),
                Lit::Double(x) => Value::F64(*x),
                Lit::Decimal(x, _) if scalar == Scalar::F32 => Value::F32(*x),
                Lit::Decimal(_, x) => Value::F64(*x),
                Lit::Int(x) => Value::Int(*x),
                Lit::Bool(x) => Value::Bool(*x),
            },
            ExprKind::Var(var) => self.var(*var)?,
            ExprKind::Unary(op, a) => {
                let a = self.expr(a)?;
                operate::unary(self.marks, *op, a, scalar)?
            }
            ExprKind::Binary(op, a, b) => {
                let (of, count) = (a.scalar(), b.scalar());
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                operate::binary(self.marks, *op, a, b, of, count)?
            }
            ExprKind::Fused(..) => return Err(Stop::Broken("a multiply-add in a strict kernel".into())),
            ExprKind::Func(func, parts) => {
                let of = parts[0].scalar();
                let parts = parts.iter().map(|part| self.expr(part)).collect::<Result<Vec<_>, _>>()?;
                operate::function(self.marks, *func, &parts, of)?
            }
            ExprKind::Cast(a) => {
                let value = self.expr(a)?;
                operate::cast(self.marks, value, scalar)?
            }
            // Both sides only compute, so that one is left out.
            ExprKind::Select(parts) => {
                let [cond, yes, no] = &**parts;
                if self.truth(cond)? { self.expr(yes)? } else { self.expr(no)? }
            }
            ExprKind::Call(call) => Self::one(self.call(call)?)?,
            ExprKind::Near(near) => {
                let (dx, dy) = (self.int(&near.dx)?, self.int(&near.dy)?);
                let (x, y) = self.place(near.cell)?;
                Self::one(self.cell(near.picture, x as i128 + dx, y as i128 + dy)?)?
            }
            ExprKind::At(at) => {
                let (x, y) = (self.int(&at.x)?, self.int(&at.y)?);
                Self::one(self.cell(at.picture, x, y)?)?
            }
            ExprKind::Item(item) => Self::one(self.item(item)?)?,
            ExprKind::Length(at) => match &self.args[*at] {
                Argument::Elements(all) => {
                    Value::Int((all.len() / parts_of(&self.kernel.params[*at].ty)) as i128)
                }
                _ => return Err(Stop::Broken("this has no length".into())),
            },
            ExprKind::Extent(at, axis) => match &self.args[*at] {
                Argument::Picture(_, width, height) => {
                    Value::Int(if *axis == Axis::X { *width } else { *height } as i128)
                }
                _ => return Err(Stop::Broken("this is no picture".into())),
            },
            ExprKind::Place(at, axis) => {
                let (x, y) = self.place(*at)?;
                Value::Int(if *axis == Axis::X { x } else { y } as i128)
            }
            ExprKind::Const(_) | ExprKind::Draw(..) => {
                return Err(Stop::Broken("constants of outside and generators are not interpreted".into()));
            }
        })
    }

    /// The scalars of one element.
    fn item(&mut self, item: &Item) -> Result<Vec<Value>, Stop> {
        let index = usize::try_from(self.int(&item.index)?).map_err(|_| Stop::Fault)?;
        match item.store {
            Store::Table(table) => self.tables[table].get(index).map(|value| vec![*value]).ok_or(Stop::Fault),
            Store::Param(at) => {
                let parts = match &self.kernel.params[at].ty {
                    Type::Table(..) => 1,
                    ty => parts_of(ty),
                };
                let Argument::Elements(all) = &self.args[at] else {
                    return Err(Stop::Broken("this has no elements".into()));
                };
                all.get(index * parts..(index + 1) * parts).map(<[Value]>::to_vec).ok_or(Stop::Fault)
            }
        }
    }

    /// The scalars of one cell; past the border the nearest one counts.
    fn cell(&mut self, picture: usize, x: i128, y: i128) -> Result<Vec<Value>, Stop> {
        let Argument::Picture(cells, width, height) = &self.args[picture] else {
            return Err(Stop::Broken("this is no picture".into()));
        };
        let clamped = |at: i128, extent: usize| at.clamp(0, extent as i128 - 1) as usize;
        let parts = parts_of(&self.kernel.params[picture].ty);
        let at = (clamped(y, *height) * width + clamped(x, *width)) * parts;
        Ok(cells[at..at + parts].to_vec())
    }

    fn call(&mut self, call: &Call) -> Result<Vec<Value>, Stop> {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let Some(callee) = self.kernels.get(&name) else {
            return Err(Stop::Broken(format!("there is no kernel `{name}`")));
        };
        let mut args = Vec::new();
        for (arg, param) in call.args.iter().zip(&callee.params) {
            args.push(match arg {
                Arg::Scalar(one) => {
                    let value = self.expr(one)?;
                    // A bare integer finds its type where it is passed.
                    let wrapped = match (value, param.vars.first()) {
                        (Value::Int(int), Some(var)) => operate::wrap(int, known(callee.vars[*var].ty)),
                        (value, _) => value,
                    };
                    Argument::Scalars(vec![wrapped])
                }
                Arg::Pixel(channels) => Argument::Scalars(
                    channels.iter().map(|channel| self.expr(channel)).collect::<Result<Vec<_>, _>>()?,
                ),
                Arg::Cell(at) => {
                    let (x, y) = self.place(*at)?;
                    Argument::Place(x, y)
                }
            });
        }
        let args: Vec<Argument<'_>> = args;
        Place::new(callee, self.kernels, &args, self.marks, self.steps, self.most)?.run()
    }
}

/// How many scalars an element has.
pub fn parts_of(ty: &Type) -> usize {
    match ty {
        Type::Pixel(_, channels) => *channels,
        _ => 1,
    }
}
