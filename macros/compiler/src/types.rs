//! Types of the kernel language, and how those that are not written are found: by unification.
//!
//! Every value of the language is made of scalars; pixels and tuples are taken apart as they are read, so only scalar
//! types are ever open. A float literal that nothing decides is an `f32`, an integer literal an `i32`. Anything else that
//! stays open is an error at the place where it came from.

use proc_macro2::Span;

/// What one lane of one variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    F32,
    I32,
    U32,
    F64,
    I64,
    U64,
    /// An index or a length, while types are found; a `u32` from then on.
    Usize,
    /// Storage only, as the next four: it can be cast, passed on and returned.
    U8,
    I8,
    U16,
    I16,
    F16,
    Bool,
}

impl Scalar {
    /// The name in Rust.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::F32 => "f32",
            Scalar::I32 => "i32",
            Scalar::U32 => "u32",
            Scalar::F64 => "f64",
            Scalar::I64 => "i64",
            Scalar::U64 => "u64",
            Scalar::Usize => "usize",
            Scalar::U8 => "u8",
            Scalar::I8 => "i8",
            Scalar::U16 => "u16",
            Scalar::I16 => "i16",
            Scalar::F16 => "f16",
            Scalar::Bool => "bool",
        }
    }

    /// The type of that name.
    pub fn named(name: &str) -> Option<Scalar> {
        use Scalar as S;
        [
            S::F32,
            S::I32,
            S::U32,
            S::F64,
            S::I64,
            S::U64,
            S::Usize,
            S::U8,
            S::I8,
            S::U16,
            S::I16,
            S::F16,
            S::Bool,
        ]
        .into_iter()
        .find(|scalar| scalar.name() == name)
    }

    /// Whether it is an integer that can be computed with.
    pub fn is_int(self) -> bool {
        matches!(self, Scalar::I32 | Scalar::U32 | Scalar::I64 | Scalar::U64 | Scalar::Usize)
    }

    /// Whether it is a float that can be computed with.
    pub fn is_float(self) -> bool {
        matches!(self, Scalar::F32 | Scalar::F64)
    }

    /// Whether it only stores: narrow in memory, widened in the lanes.
    pub fn is_storage(self) -> bool {
        matches!(self, Scalar::U8 | Scalar::I8 | Scalar::U16 | Scalar::I16 | Scalar::F16)
    }

    /// Whether it takes 64 bits.
    pub fn is_wide(self) -> bool {
        matches!(self, Scalar::F64 | Scalar::I64 | Scalar::U64)
    }

    /// Whether its integers have a sign.
    pub fn is_signed(self) -> bool {
        matches!(self, Scalar::I32 | Scalar::I64 | Scalar::I8 | Scalar::I16)
    }

    /// The least and the greatest integer of it.
    pub fn range(self) -> (i128, i128) {
        match self {
            Scalar::I32 => (i32::MIN.into(), i32::MAX.into()),
            Scalar::I64 => (i64::MIN.into(), i64::MAX.into()),
            Scalar::U64 => (0, u64::MAX.into()),
            Scalar::U8 => (0, u8::MAX.into()),
            Scalar::I8 => (i8::MIN.into(), i8::MAX.into()),
            Scalar::U16 => (0, u16::MAX.into()),
            Scalar::I16 => (i16::MIN.into(), i16::MAX.into()),
            _ => (0, u32::MAX.into()),
        }
    }
}

/// The type of a parameter or a result, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Unit,
    Scalar(Scalar),
    /// `[T; C]`.
    Pixel(Scalar, usize),
    Tuple(Vec<Type>),
    /// `[T; N]` of more than four: a uniform parameter or a private array.
    Table(Scalar, usize),
}

impl Type {
    /// The scalars that it is made of, in order.
    pub fn scalars(&self) -> Vec<Scalar> {
        match self {
            Type::Unit => Vec::new(),
            Type::Scalar(scalar) => vec![*scalar],
            Type::Pixel(scalar, channels) | Type::Table(scalar, channels) => vec![*scalar; *channels],
            Type::Tuple(parts) => parts.iter().flat_map(Type::scalars).collect(),
        }
    }

    /// The values that a launch stores for it, each an element of one array.
    pub fn elements(&self) -> Vec<Type> {
        match self {
            Type::Unit => Vec::new(),
            Type::Tuple(parts) => parts.clone(),
            one => vec![one.clone()],
        }
    }

    /// The same with its scalars as (known) open types.
    pub fn shape(&self) -> Shape {
        match self {
            Type::Unit => Shape::Unit,
            Type::Scalar(scalar) => Shape::Scalar(Ty::Known(*scalar)),
            Type::Pixel(scalar, channels) => Shape::Pixel(Ty::Known(*scalar), *channels),
            Type::Tuple(parts) => Shape::Tuple(parts.iter().map(Type::shape).collect()),
            Type::Table(scalar, length) => Shape::Table(Ty::Known(*scalar), *length),
        }
    }
}

/// A scalar type, perhaps not yet known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    Known(Scalar),
    /// A place in the [`Table`].
    Open(usize),
}

/// How a value is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    Unit,
    Scalar(Ty),
    Pixel(Ty, usize),
    Tuple(Vec<Shape>),
    Table(Ty, usize),
    /// Of what never gives a value: `return`, `break`, `continue`. It fits any other.
    Never,
}

/// What an open type can still become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything: the result of another kernel.
    Any,
    /// An integer literal.
    Int,
    /// A float literal.
    Float,
}

#[derive(Clone, Copy)]
enum Slot {
    Open(Kind, Span),
    Is(Ty),
}

/// The open types of one kernel.
#[derive(Default)]
pub struct Table {
    slots: Vec<Slot>,
}

impl Table {
    /// A new open type that `span` brought in.
    pub fn open(&mut self, kind: Kind, span: Span) -> Ty {
        self.slots.push(Slot::Open(kind, span));
        Ty::Open(self.slots.len() - 1)
    }

    /// The type as far as it is known.
    pub fn resolve(&self, ty: Ty) -> Ty {
        let mut ty = ty;
        while let Ty::Open(at) = ty {
            match self.slots[at] {
                Slot::Is(other) => ty = other,
                Slot::Open(..) => break,
            }
        }
        ty
    }

    /// Makes two types one; false where they cannot be.
    #[must_use]
    pub fn unify(&mut self, a: Ty, b: Ty) -> bool {
        match (self.resolve(a), self.resolve(b)) {
            (Ty::Known(a), Ty::Known(b)) => a == b,
            (Ty::Open(at), Ty::Known(scalar)) | (Ty::Known(scalar), Ty::Open(at)) => {
                let Slot::Open(kind, _) = self.slots[at] else { return false };
                let fits = match kind {
                    Kind::Any => true,
                    Kind::Int => scalar.is_int() || scalar.is_storage() && scalar != Scalar::F16,
                    Kind::Float => scalar.is_float(),
                };
                if fits {
                    self.slots[at] = Slot::Is(Ty::Known(scalar));
                }
                fits
            }
            (Ty::Open(a), Ty::Open(b)) if a == b => true,
            (Ty::Open(a), Ty::Open(b)) => {
                let (Slot::Open(kind_a, _), Slot::Open(kind_b, _)) = (self.slots[a], self.slots[b]) else {
                    return false;
                };
                if kind_b == Kind::Any || kind_a == kind_b {
                    self.slots[b] = Slot::Is(Ty::Open(a));
                    true
                } else if kind_a == Kind::Any {
                    self.slots[a] = Slot::Is(Ty::Open(b));
                    true
                } else {
                    false
                }
            }
        }
    }

    /// Whether it is a float, or a literal that will be one.
    pub fn is_float(&self, ty: Ty) -> bool {
        match self.resolve(ty) {
            Ty::Known(scalar) => scalar.is_float(),
            Ty::Open(at) => matches!(self.slots[at], Slot::Open(Kind::Float, _)),
        }
    }

    /// The type once everything is read; `Err` with where it came from when nothing decides it.
    pub fn close(&self, ty: Ty) -> Result<Scalar, Span> {
        match self.resolve(ty) {
            Ty::Known(Scalar::Usize) => Ok(Scalar::U32),
            Ty::Known(scalar) => Ok(scalar),
            Ty::Open(at) => match self.slots[at] {
                Slot::Open(Kind::Int, _) => Ok(Scalar::I32),
                Slot::Open(Kind::Float, _) => Ok(Scalar::F32),
                Slot::Open(Kind::Any, span) => Err(span),
                Slot::Is(_) => Ok(Scalar::I32),
            },
        }
    }

    /// For messages: `f32`, or what kind of literal.
    pub fn describe(&self, ty: Ty) -> &'static str {
        match self.resolve(ty) {
            Ty::Known(scalar) => scalar.name(),
            Ty::Open(at) => match self.slots[at] {
                Slot::Open(Kind::Int, _) => "an integer",
                Slot::Open(Kind::Float, _) => "a float",
                _ => "an unknown type",
            },
        }
    }
}
