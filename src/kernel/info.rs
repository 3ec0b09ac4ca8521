//! What the macro knows of a kernel, as data.

use crate::shape::{Access, ElementType};

/// A kernel described: names, parameters, results and costs.
#[derive(Clone, Copy, Debug)]
pub struct KernelInfo {
    /// The function's name.
    pub name: &'static str,
    /// Module path and name.
    pub path: &'static str,
    /// Hash of the source text.
    pub hash: u64,
    /// All parameters in order, `Cell` and `Index` included.
    pub params: &'static [ParamInfo],
    /// The element types of the results.
    pub results: &'static [ElementType],
    /// Estimated work at one place.
    pub ops: OpCounts,
    /// Whether multiply and add are never contracted.
    pub strict: bool,
    /// Whether it computes with 64-bit numbers, which only the CPU's lanes have.
    pub wide: bool,
}

impl KernelInfo {
    /// Whether the domain must be walked row by row: something depends on the column. Around its own place a kernel reads a
    /// picture by its cell; one without reads pictures anywhere.
    pub const fn needs_rows(&self) -> bool {
        let mut i = 0;
        while i < self.params.len() {
            if matches!(self.params[i].kind, ParamKind::Cell) {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Whether some argument is updated in place.
    pub const fn updates_in_place(&self) -> bool {
        let mut i = 0;
        while i < self.params.len() {
            if matches!(self.params[i].kind, ParamKind::InPlace) {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Whether some places are shared.
    pub fn shares(&self) -> bool {
        self.params.iter().any(|param| param.kind == ParamKind::Atomics)
    }

    /// Whether several devices may each update shared places of their own, to be merged.
    pub fn merges(&self) -> bool {
        self.params.iter().all(|param| param.kind != ParamKind::Atomics || param.merge.is_some())
    }
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParamInfo {
    /// Its name.
    pub name: &'static str,
    /// What it stands for.
    pub kind: ParamKind,
    /// The element type.
    pub element: ElementType,
    /// What one place touches of it.
    pub access: Access,
    /// Elements of a uniform array; 1 for everything else.
    pub length: usize,
    /// Of shared places: what every update of them does, where all do the same and none looks at what stood there. Each
    /// device then updates its own copy, and the copies are merged.
    pub merge: Option<Merge>,
}

/// How copies of shared places become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// By sums.
    Add,
    /// By the smaller.
    Min,
    /// By the larger.
    Max,
    /// By the bits that all have.
    And,
    /// By the bits that any has.
    Or,
    /// By the bits that an odd number has.
    Xor,
}

/// What a parameter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// `#[uniform] a: T`: one value for all places.
    Uniform,
    /// `x: T`: the place's own element.
    Element,
    /// `y: &mut T`: the place's own element, updated.
    InPlace,
    /// `src: Image<T>`: a picture, read around the place.
    Picture,
    /// `at: Cell`: the place in a grid.
    Cell,
    /// `i: Index`: the place in the line.
    Index,
    /// `xs: &[T]`: any element, read only.
    Slice,
    /// `#[uniform] t: [T; N]` of more than four.
    Table,
    /// `bins: &Atomics<T>`: places that all share.
    Atomics,
    /// `rng: Random`: a generator for each place.
    Random,
}

impl ParamKind {
    /// Whether a launch passes something for it.
    pub const fn is_passed(self) -> bool {
        !matches!(self, ParamKind::Cell | ParamKind::Index)
    }
}

/// Estimated operations at one place; loop bodies count once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpCounts {
    /// Float additions, multiplications, comparisons; a multiply-add counts two.
    pub flops: u32,
    /// Integer operations.
    pub ints: u32,
    /// Divisions, roots and transcendental functions.
    pub specials: u32,
    /// Loads from pictures.
    pub loads: u32,
    /// Whether there is a loop, so that the counts are a lower bound.
    pub loops: bool,
    /// Whether there is a loop without a counted bound, which a GPU runs against a budget.
    pub unbounded: bool,
}

impl OpCounts {
    /// Both at each place.
    #[must_use]
    pub const fn and(self, other: OpCounts) -> OpCounts {
        OpCounts {
            flops: self.flops + other.flops,
            ints: self.ints + other.ints,
            specials: self.specials + other.specials,
            loads: self.loads + other.loads,
            loops: self.loops || other.loops,
            unbounded: self.unbounded || other.unbounded,
        }
    }
}
