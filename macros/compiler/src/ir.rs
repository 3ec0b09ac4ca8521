//! The typed, structured form of a kernel that every later stage reads.
//!
//! Two things are already gone here. Pixels and tuples: every variable and expression is one scalar. And control flow
//! inside expressions: an expression is a pure tree, blocks and branches that assign are statements before it.

mod walk;

use proc_macro2::Span;
use syn::Ident;

use crate::types::{Scalar, Shape, Ty, Type};
pub use walk::{Leave, assigned, assigned_anywhere, each_expr_mut, each_stmt, is_guarded, leaves};

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
    RoundTiesEven,
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
}

/// The type, once all are known.
pub fn known(ty: Ty) -> Scalar {
    match ty {
        Ty::Known(scalar) => scalar,
        Ty::Open(_) => unreachable!("the checker closes every type"),
    }
}
