//! Plain data that every layer speaks: domains, spans, element types, accesses, targets.
//!
//! Nothing here touches memory or a device.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// Chunk boundaries are multiples of this many elements, except the last.
///
/// One number serves the block of the fixed sum tree, whole words of u8 elements and the offset alignment of GPU bindings.
pub const CHUNK: usize = 4096;

/// A half-open range of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First element.
    pub start: usize,
    /// One past the last element.
    pub end: usize,
}

impl Span {
    /// The span of `start..end`; an end before the start makes it empty.
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end: if end < start { start } else { end } }
    }

    /// The number of elements.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether there is no element in it.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The part that both have.
    pub fn intersect(self, other: Span) -> Span {
        let start = self.start.max(other.start);
        Span::new(start, self.end.min(other.end).max(start))
    }

    /// As a range, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// The places that a launch runs over: a line, or the cells of a grid in row order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// `n` elements in a line.
    Line(usize),
    /// `width` cells in each of `height` rows.
    Grid {
        /// Cells in a row.
        width: usize,
        /// Rows.
        height: usize,
    },
}

impl Domain {
    /// The number of places; the largest number where there are more, and no launch runs over such a domain.
    pub const fn len(self) -> usize {
        match self.checked_len() {
            Some(n) => n,
            None => usize::MAX,
        }
    }

    /// The number of places, if a `usize` holds it.
    pub const fn checked_len(self) -> Option<usize> {
        match self {
            Domain::Line(n) => Some(n),
            Domain::Grid { width, height } => width.checked_mul(height),
        }
    }

    /// Whether there is no place in it.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Places in one row; the whole line where there are no rows.
    pub const fn width(self) -> usize {
        match self {
            Domain::Line(n) => n,
            Domain::Grid { width, .. } => width,
        }
    }
}

impl From<usize> for Domain {
    fn from(n: usize) -> Self {
        Domain::Line(n)
    }
}

impl From<(usize, usize)> for Domain {
    fn from((width, height): (usize, usize)) -> Self {
        Domain::Grid { width, height }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Domain::Line(n) => write!(f, "{n}"),
            Domain::Grid { width, height } => write!(f, "{width}x{height}"),
        }
    }
}

/// The scalar that an element is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScalarType {
    /// 32-bit float.
    F32,
    /// 32-bit signed integer.
    I32,
    /// 32-bit unsigned integer.
    U32,
    /// A byte in memory, a `u32` of 0 to 255 in the lanes.
    U8,
    /// A byte in memory, an `i32` of -128 to 127 in the lanes.
    I8,
    /// 16 bits in memory, a `u32` of 0 to 65,535 in the lanes.
    U16,
    /// 16 bits in memory, an `i32` of -32,768 to 32,767 in the lanes.
    I16,
    /// An IEEE half float in memory, an `f32` in the lanes.
    F16,
    /// 64-bit float.
    F64,
    /// 64-bit signed integer.
    I64,
    /// 64-bit unsigned integer.
    U64,
}

impl ScalarType {
    /// Bytes in memory.
    pub const fn bytes(self) -> usize {
        match self {
            ScalarType::U8 | ScalarType::I8 => 1,
            ScalarType::U16 | ScalarType::I16 | ScalarType::F16 => 2,
            ScalarType::F32 | ScalarType::I32 | ScalarType::U32 => 4,
            ScalarType::F64 | ScalarType::I64 | ScalarType::U64 => 8,
        }
    }

    /// The Rust name.
    pub const fn name(self) -> &'static str {
        match self {
            ScalarType::F32 => "f32",
            ScalarType::I32 => "i32",
            ScalarType::U32 => "u32",
            ScalarType::U8 => "u8",
            ScalarType::I8 => "i8",
            ScalarType::U16 => "u16",
            ScalarType::I16 => "i16",
            ScalarType::F16 => "f16",
            ScalarType::F64 => "f64",
            ScalarType::I64 => "i64",
            ScalarType::U64 => "u64",
        }
    }
}

/// The type of an array's elements: `channels` scalars side by side (a pixel), mostly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ElementType {
    /// What it is made of.
    pub scalar: ScalarType,
    /// How many of them: 1 for a plain scalar `T` and for `[T; 1]`.
    pub channels: usize,
}

impl ElementType {
    /// One scalar.
    pub const fn scalar(scalar: ScalarType) -> Self {
        ElementType { scalar, channels: 1 }
    }

    /// Bytes in memory.
    pub const fn bytes(self) -> usize {
        self.scalar.bytes() * self.channels
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.channels {
            1 => f.write_str(self.scalar.name()),
            n => write!(f, "[{}; {n}]", self.scalar.name()),
        }
    }
}

/// What a place of the domain touches of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Access {
    /// Its own element only.
    Own,
    /// Cells up to this far from its own.
    Halo {
        /// Columns to each side.
        dx: u32,
        /// Rows to each side.
        dy: u32,
    },
    /// Any element.
    All,
    /// Any element, updated in atomic steps.
    Atomic,
}

/// What becomes of a cell outside a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Border {
    /// The nearest cell inside.
    #[default]
    Clamp,
    /// One value everywhere, in every channel; saturated where the cells are integers.
    Constant(f64),
    /// Mirrored at the cells of the edge, which are not repeated: `c b | a b c | b a`.
    Reflect,
    /// From the other side: `b c | a b c | a b`.
    Wrap,
}

/// Where a launch runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// Where it is fastest, by the models.
    #[default]
    Auto,
    /// One thread, one element at a time: single instruction, single data.
    Scalar,
    /// One thread, SIMD lanes.
    Simd,
    /// All cores, SIMD lanes on each.
    Threads,
    /// The GPU of this number in `info`'s list.
    Gpu(usize),
    /// All cores and all GPUs at once.
    Split,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Auto => f.write_str("auto"),
            Target::Scalar => f.write_str("scalar"),
            Target::Simd => f.write_str("simd"),
            Target::Threads => f.write_str("threads"),
            Target::Gpu(i) => write!(f, "gpu:{i}"),
            Target::Split => f.write_str("split"),
        }
    }
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let target = match text {
            "auto" => Target::Auto,
            "scalar" => Target::Scalar,
            "simd" => Target::Simd,
            "threads" => Target::Threads,
            "gpu" => Target::Gpu(0),
            "split" => Target::Split,
            _ => match text.strip_prefix("gpu:").and_then(|n| n.parse().ok()) {
                Some(n) => Target::Gpu(n),
                None => {
                    return Err(Error::new(
                        ErrorKind::Setting,
                        format!(
                            "no target is called `{text}`; use auto, scalar, simd, threads, gpu, gpu:N or split"
                        ),
                    ));
                }
            },
        };
        Ok(target)
    }
}

/// How the pieces of a launch are given to processors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mapping {
    /// Chosen by the plan.
    #[default]
    Auto,
    /// Shares fixed before the start, in proportion to measured speed.
    Static,
    /// A manager hands out the next chunk, large ones first. Threads begin with a share each, the same one in every launch, and
    /// then take from the largest that is left.
    ManagerWorker,
    /// A manager for each group of devices, itself given batches by one manager. The threads of one processor are one group:
    /// on them alone it is [`Mapping::ManagerWorker`].
    Hierarchical,
    /// A deque per worker; whoever has nothing left steals.
    WorkStealing,
}
