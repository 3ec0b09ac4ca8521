//! The typed, structured form of a kernel that every later stage reads.
//!
//! Two things are already gone here. Pixels and tuples: every variable and expression is one scalar. And control flow
//! inside expressions: an expression is a pure tree, blocks and branches that assign are statements before it.

use proc_macro2::Span;
use syn::Ident;

use crate::types::{Scalar, Shape, Ty, Type};

/// A variable, by its place in [`Kernel::vars`].
pub type VarId = usize;

/// A whole kernel.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// Whether products and sums are never contracted.
    pub strict: bool,
    pub params: Vec<Param>,
    pub result: Type,
    pub vars: Vec<Var>,
    /// Private arrays.
    pub tables: Vec<Table>,
    pub body: Vec<Stmt>,
    /// The scalars of the result, in order, evaluated after the body.
    pub results: Vec<Expr>,
    /// How many loops and branches there are; each has its own number below this.
    pub sites: usize,
}

/// One variable of one scalar.
#[derive(Clone, Debug)]
pub struct Var {
    /// What the user called it, for readable output.
    pub name: String,
    pub ty: Ty,
    /// Whether it stands for the lanes that are still in its loop only; see `lockstep`.
    pub lockstep: bool,
}

/// A private array, by its place in [`Kernel::tables`].
pub type TableId = usize;

/// One private array.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub ty: Ty,
    pub length: usize,
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Param {
    pub name: Ident,
    pub kind: ParamKind,
    /// Of the element; `Unit` for a cell.
    pub ty: Type,
    /// Its scalars; none for pictures and cells.
    pub vars: Vec<VarId>,
}

/// What a parameter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    Uniform,
    Element,
    InPlace,
    Picture,
    Cell,
    Index,
    /// `xs: &[T]`: any element, read only.
    Slice,
    /// `#[uniform] t: [T; N]` of more than four.
    Table,
    /// `bins: &Atomics<T>`.
    Atomics,
    /// `rng: Random`; its one variable counts what was drawn.
    Random,
}

impl ParamKind {
    /// Whether a launch passes something for it.
    pub fn is_passed(self) -> bool {
        !matches!(self, ParamKind::Cell | ParamKind::Index)
    }
}

#[derive(Clone, Debug)]
pub enum Stmt {
    /// A new variable; without a value it is assigned before it is read.
    Let {
        var: VarId,
        value: Option<Expr>,
    },
    /// New variables for the parts of something that is more than one scalar.
    LetMany {
        source: Source,
        outs: Vec<VarId>,
        shape: Shape,
    },
    Assign {
        var: VarId,
        value: Expr,
    },
    If {
        site: usize,
        cond: Expr,
        then: Vec<Stmt>,
        other: Vec<Stmt>,
    },
    /// `head` runs before each look at the condition.
    While {
        site: usize,
        head: Vec<Stmt>,
        cond: Expr,
        body: Vec<Stmt>,
    },
    For {
        site: usize,
        var: VarId,
        from: Expr,
        to: Expr,
        inclusive: bool,
        body: Vec<Stmt>,
    },
    /// A new private array of these values; of one value, all of it.
    LetTable {
        table: TableId,
        values: Vec<Expr>,
    },
    /// One place of a private array.
    Put {
        table: TableId,
        index: Expr,
        value: Expr,
    },
    /// An update of a shared place; `old` takes what stood there.
    Atomic {
        param: usize,
        op: AtomicOp,
        index: Expr,
        args: Vec<Expr>,
        old: Option<VarId>,
    },
    /// The loop of that site ends.
    Break(usize),
    /// The next turn of the loop of that site begins.
    Continue(usize),
    /// The kernel ends; the variables that `results` read hold what it gives.
    Return,
}

/// What an update of a shared place does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomicOp {
    Load,
    Add,
    Min,
    Max,
    And,
    Or,
    Xor,
    Exchange,
    /// Of an expected and a new value.
    CompareExchange,
}

/// Where the values of a [`Stmt::LetMany`] come from.
#[derive(Clone, Debug)]
pub enum Source {
    Call(Call),
    Near(Near),
    At(At),
    Item(Item),
}

/// `xs[i]`.
#[derive(Clone, Debug)]
pub struct Item {
    pub store: Store,
    pub index: Expr,
}

/// What has elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// A slice or table parameter by its place.
    Param(usize),
    Table(TableId),
}

/// `src.at(x, y)`.
#[derive(Clone, Debug)]
pub struct At {
    /// The picture: a parameter by its place.
    pub picture: usize,
    pub x: Expr,
    pub y: Expr,
}

/// A call of another kernel.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: syn::Path,
    pub args: Vec<Arg>,
}

#[derive(Clone, Debug)]
pub enum Arg {
    Scalar(Expr),
    Pixel(Vec<Expr>),
    /// The caller's own cell: a parameter by its place.
    Cell(usize),
}

/// `src.near(at, dx, dy)`.
#[derive(Clone, Debug)]
pub struct Near {
    /// The picture: a parameter by its place.
    pub picture: usize,
    /// The cell: a parameter by its place.
    pub cell: usize,
    pub dx: Expr,
    pub dy: Expr,
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Ty,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Lit(Lit),
    Var(VarId),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// A relaxed multiply-add of the three, in the order `a`, `b`, `c`.
    Fused(Fused, Box<[Expr; 3]>),
    Func(Func, Vec<Expr>),
    /// To the type of the expression.
    Cast(Box<Expr>),
    /// Condition, value where it holds, value where not; both are evaluated.
    Select(Box<[Expr; 3]>),
    Call(Box<Call>),
    Near(Box<Near>),
    At(Box<At>),
    Item(Box<Item>),
    /// A constant outside of the kernel, by its path.
    Const(Box<syn::Path>),
    /// The number of elements of a slice or of shared places: a parameter by its place.
    Length(usize),
    /// The word of that number that a generator gives: a parameter by its place.
    Draw(usize, Box<Expr>),
    /// The width or height of a picture parameter.
    Extent(usize, Axis),
    /// The column or row of a cell parameter.
    Place(usize, Axis),
}

/// A literal; a float as its bits so that NaN compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lit {
    Float(f32),
    Double(f64),
    /// A float whose type is not yet known, as either.
    Decimal(f32, f64),
    Int(i128),
    Bool(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    X,
    Y,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Neg,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Binary {
    /// Whether it compares its operands, so that the result is a `bool`.
    pub fn compares(self) -> bool {
        matches!(self, Binary::Eq | Binary::Ne | Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fused {
    /// `a * b + c`
    MulAdd,
    /// `a * b - c`
    MulSub,
    /// `c - a * b`
    NegMulAdd,
}

/// The named functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Func {
    Sqrt,
    Abs,
    Min,
    Max,
    Clamp,
    Floor,
    Ceil,
    Round,
    Trunc,
    Exp,
    Ln,
    Copysign,
    ToBits,
    FromBits,
    IsNan,
    CountOnes,
    LeadingZeros,
    TrailingZeros,
    SwapBytes,
    ReverseBits,
    /// By a count of `u32`, mod the width.
    RotateLeft,
    RotateRight,
    /// The upper half of the product.
    MulHi,
    /// One of the library's own kernels in `kernel::math`, by its name; floats in, a float out.
    Math(&'static str),
}

impl Expr {
    /// The type, once all are known.
    pub fn scalar(&self) -> Scalar {
        known(self.ty)
    }

    /// Whether it is a literal.
    pub fn lit(&self) -> Option<Lit> {
        match self.kind {
            ExprKind::Lit(lit) => Some(lit),
            _ => None,
        }
    }

    /// Hands each direct operand to `see`.
    pub fn operands<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::Lit(_)
            | ExprKind::Var(_)
            | ExprKind::Extent(..)
            | ExprKind::Place(..)
            | ExprKind::Const(_)
            | ExprKind::Length(_) => {}
            ExprKind::Unary(_, a) | ExprKind::Cast(a) | ExprKind::Draw(_, a) => see(a),
            ExprKind::Binary(_, a, b) => {
                see(a);
                see(b);
            }
            ExprKind::Fused(_, parts) | ExprKind::Select(parts) => parts.iter().for_each(see),
            ExprKind::Func(_, parts) => parts.iter().for_each(see),
            ExprKind::Call(call) => call.operands(see),
            ExprKind::Near(near) => {
                see(&near.dx);
                see(&near.dy);
            }
            ExprKind::At(at) => {
                see(&at.x);
                see(&at.y);
            }
            ExprKind::Item(item) => see(&item.index),
        }
    }

    /// As [`Expr::operands`], to change them.
    pub fn operands_mut(&mut self, see: &mut dyn FnMut(&mut Expr)) {
        match &mut self.kind {
            ExprKind::Lit(_)
            | ExprKind::Var(_)
            | ExprKind::Extent(..)
            | ExprKind::Place(..)
            | ExprKind::Const(_)
            | ExprKind::Length(_) => {}
            ExprKind::Unary(_, a) | ExprKind::Cast(a) | ExprKind::Draw(_, a) => see(a),
            ExprKind::Binary(_, a, b) => {
                see(a);
                see(b);
            }
            ExprKind::Fused(_, parts) | ExprKind::Select(parts) => parts.iter_mut().for_each(see),
            ExprKind::Func(_, parts) => parts.iter_mut().for_each(see),
            ExprKind::Call(call) => call.operands_mut(see),
            ExprKind::Near(near) => {
                see(&mut near.dx);
                see(&mut near.dy);
            }
            ExprKind::At(at) => {
                see(&mut at.x);
                see(&mut at.y);
            }
            ExprKind::Item(item) => see(&mut item.index),
        }
    }

    /// Hands it and everything in it to `see`.
    pub fn walk<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        see(self);
        self.operands(&mut |part| part.walk(see));
    }

    /// Whether it must only be evaluated where it is asked for: it calls another kernel, which may loop, or reads an
    /// element, which may not be there.
    pub fn is_guarded(&self) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= matches!(part.kind, ExprKind::Call(_) | ExprKind::Item(_)));
        found
    }
}

impl Call {
    /// Hands each scalar argument to `see`.
    pub fn operands<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        for arg in &self.args {
            match arg {
                Arg::Scalar(one) => see(one),
                Arg::Pixel(channels) => channels.iter().for_each(&mut *see),
                Arg::Cell(_) => {}
            }
        }
    }

    /// As [`Call::operands`], to change them.
    pub fn operands_mut(&mut self, see: &mut dyn FnMut(&mut Expr)) {
        for arg in &mut self.args {
            match arg {
                Arg::Scalar(one) => see(one),
                Arg::Pixel(channels) => channels.iter_mut().for_each(&mut *see),
                Arg::Cell(_) => {}
            }
        }
    }
}

impl Stmt {
    /// Hands each expression that the statement itself evaluates to `see`, not those of the statements inside.
    pub fn exprs<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        match self {
            Stmt::Let { value, .. } => value.iter().for_each(see),
            Stmt::LetMany { source: Source::Call(call), .. } => call.operands(see),
            Stmt::LetMany { source: Source::Near(near), .. } => {
                see(&near.dx);
                see(&near.dy);
            }
            Stmt::LetMany { source: Source::At(at), .. } => {
                see(&at.x);
                see(&at.y);
            }
            Stmt::LetMany { source: Source::Item(item), .. } => see(&item.index),
            Stmt::LetTable { values, .. } => values.iter().for_each(see),
            Stmt::Put { index, value, .. } => {
                see(index);
                see(value);
            }
            Stmt::Atomic { index, args, .. } => {
                see(index);
                args.iter().for_each(see);
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return => {}
            Stmt::Assign { value, .. } => see(value),
            Stmt::If { cond, .. } | Stmt::While { cond, .. } => see(cond),
            Stmt::For { from, to, .. } => {
                see(from);
                see(to);
            }
        }
    }

    /// As [`Stmt::exprs`], to change them.
    pub fn exprs_mut(&mut self, see: &mut dyn FnMut(&mut Expr)) {
        match self {
            Stmt::Let { value, .. } => value.iter_mut().for_each(see),
            Stmt::LetMany { source: Source::Call(call), .. } => call.operands_mut(see),
            Stmt::LetMany { source: Source::Near(near), .. } => {
                see(&mut near.dx);
                see(&mut near.dy);
            }
            Stmt::LetMany { source: Source::At(at), .. } => {
                see(&mut at.x);
                see(&mut at.y);
            }
            Stmt::LetMany { source: Source::Item(item), .. } => see(&mut item.index),
            Stmt::LetTable { values, .. } => values.iter_mut().for_each(see),
            Stmt::Put { index, value, .. } => {
                see(index);
                see(value);
            }
            Stmt::Atomic { index, args, .. } => {
                see(index);
                args.iter_mut().for_each(see);
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return => {}
            Stmt::Assign { value, .. } => see(value),
            Stmt::If { cond, .. } | Stmt::While { cond, .. } => see(cond),
            Stmt::For { from, to, .. } => {
                see(from);
                see(to);
            }
        }
    }

    /// The lists of statements inside.
    pub fn inner(&self) -> Vec<&[Stmt]> {
        match self {
            Stmt::If { then, other, .. } => vec![then, other],
            Stmt::While { head, body, .. } => vec![head, body],
            Stmt::For { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }

    /// The lists of statements inside, to change them.
    pub fn inner_mut(&mut self) -> Vec<&mut Vec<Stmt>> {
        match self {
            Stmt::If { then, other, .. } => vec![then, other],
            Stmt::While { head, body, .. } => vec![head, body],
            Stmt::For { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }
}

/// Hands every statement of the list, those inside others included, to `see`.
pub fn each_stmt<'s>(stmts: &'s [Stmt], see: &mut dyn FnMut(&'s Stmt)) {
    for stmt in stmts {
        see(stmt);
        for list in stmt.inner() {
            each_stmt(list, see);
        }
    }
}

/// Hands every outermost expression of the list to `see`, to change it.
pub fn each_expr_mut(stmts: &mut [Stmt], see: &mut dyn FnMut(&mut Expr)) {
    for stmt in stmts {
        stmt.exprs_mut(see);
        for list in stmt.inner_mut() {
            each_expr_mut(list, see);
        }
    }
}

/// The variables that the list assigns and does not declare, in the order of their numbers.
pub fn assigned(stmts: &[Stmt]) -> Vec<VarId> {
    let mut assigned = std::collections::BTreeSet::new();
    let mut declared = std::collections::BTreeSet::new();
    each_stmt(stmts, &mut |stmt| match stmt {
        Stmt::Let { var, .. } | Stmt::For { var, .. } => {
            declared.insert(*var);
        }
        Stmt::LetMany { outs, .. } => declared.extend(outs.iter().copied()),
        Stmt::Assign { var, .. } => {
            assigned.insert(*var);
        }
        Stmt::Atomic { old: Some(var), .. } => {
            declared.insert(*var);
        }
        _ => {}
    });
    assigned.difference(&declared).copied().collect()
}

/// The variables that the list assigns, those it declares included.
pub fn assigned_anywhere(stmts: &[Stmt]) -> Vec<VarId> {
    let mut assigned = Vec::new();
    each_stmt(stmts, &mut |stmt| {
        if let Stmt::Assign { var, .. } = stmt {
            assigned.push(*var);
        }
    });
    assigned
}

/// Whether the list must only run where some lane asks for it: it may run for long (it loops, or calls a kernel that may),
/// it may reach for an element that is not there, it changes what others see, or it leaves.
pub fn is_guarded(stmts: &[Stmt]) -> bool {
    let mut found = false;
    each_stmt(stmts, &mut |stmt| {
        found |= matches!(
            stmt,
            Stmt::While { .. }
                | Stmt::For { .. }
                | Stmt::LetMany { source: Source::Call(_) | Source::Item(_), .. }
                | Stmt::LetTable { .. }
                | Stmt::Put { .. }
                | Stmt::Atomic { .. }
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Return
        );
        stmt.exprs(&mut |expr| found |= expr.is_guarded());
    });
    found
}

/// A loop or the kernel itself: what a statement can leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    Break(usize),
    Continue(usize),
    Return,
}

impl Stmt {
    /// What it leaves, if that is what it does.
    pub fn leave(&self) -> Option<Leave> {
        match self {
            Stmt::Break(site) => Some(Leave::Break(*site)),
            Stmt::Continue(site) => Some(Leave::Continue(*site)),
            Stmt::Return => Some(Leave::Return),
            _ => None,
        }
    }
}

/// What the statements of the list leave that lies outside of it.
pub fn leaves(stmts: &[Stmt]) -> Vec<Leave> {
    let (mut sites, mut found) = (Vec::new(), Vec::new());
    each_stmt(stmts, &mut |stmt| {
        if let Stmt::While { site, .. } | Stmt::For { site, .. } = stmt {
            sites.push(*site);
        }
        found.extend(stmt.leave());
    });
    found.retain(|leave| match leave {
        Leave::Break(site) | Leave::Continue(site) => !sites.contains(site),
        Leave::Return => true,
    });
    found
}

/// The type, once all are known.
pub fn known(ty: Ty) -> Scalar {
    match ty {
        Ty::Known(scalar) => scalar,
        Ty::Open(_) => unreachable!("the checker closes every type"),
    }
}
