//! Random expressions of a type.

use manylane_compiler::types::{Scalar, Type};

use super::{Generator, Holds, Name, STORED};
use crate::program::Node;

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    /// It should be the same on all lanes.
    pub uniform: bool,
    /// It only computes: no elements, no blocks.
    pub plain: bool,
}

impl Mode {
    pub const ANY: Mode = Mode { uniform: false, plain: false };
    pub const UNIFORM: Mode = Mode { uniform: true, plain: false };
    pub const PLAIN: Mode = Mode { uniform: false, plain: true };
}

impl Generator {
    /// An expression of that type, at most so deep.
    pub(super) fn expr(&mut self, ty: Scalar, depth: usize, mode: Mode) -> Node {
        self.left = self.left.saturating_sub(1);
        if depth == 0 || self.left == 0 || self.random.chance(32) {
            return self.leaf(ty, mode);
        }
        match ty {
            Scalar::Bool => self.truth(depth - 1, mode),
            ty if ty.is_storage() => self.stored(ty),
            ty => match self.random.below(10) {
                0 | 1 => self.cast(ty, depth - 1, mode),
                2 if !mode.plain => self.branch(ty, depth - 1, mode),
                3 if !mode.plain && !mode.uniform => {
                    self.element_of(ty, depth - 1).unwrap_or_else(|| self.leaf(ty, mode))
                }
                _ if ty.is_float() => self.float(ty, depth - 1, mode),
                _ => self.int(ty, depth - 1, mode),
            },
        }
    }

    fn made(&mut self, ty: Scalar, text: &str, of: &[Scalar], depth: usize, mode: Mode) -> Node {
        let parts = of.iter().map(|of| self.expr(*of, depth, mode)).collect();
        Node::expr(ty, text, parts)
    }

    /// A literal or a variable.
    pub(super) fn leaf(&mut self, ty: Scalar, mode: Mode) -> Node {
        if self.random.chance(70) {
            let known: Vec<Node> = self
                .visible()
                .into_iter()
                .filter(|name| !mode.uniform || name.uniform)
                .filter_map(|name| self.scalar_of(&name, ty))
                .collect();
            if !known.is_empty() {
                return self.random.one_of(&known);
            }
        }
        self.literal(ty)
    }

    /// One scalar of that type that the name holds.
    pub(super) fn scalar_of(&mut self, name: &Name, ty: Scalar) -> Option<Node> {
        let text = match &name.holds {
            Holds::Scalar(scalar) if *scalar == ty => name.name.clone(),
            Holds::Pixel(scalar, channels) if *scalar == ty => {
                format!("{}[{}]", name.name, self.random.below(*channels))
            }
            Holds::InPlace(Type::Scalar(scalar)) if *scalar == ty => format!("(*{})", name.name),
            Holds::InPlace(Type::Pixel(scalar, channels)) if *scalar == ty => {
                format!("{}[{}]", name.name, self.random.below(*channels))
            }
            Holds::Usize(_) if ty == Scalar::U32 => format!("({} as u32)", name.name),
            Holds::Cell if ty == Scalar::U32 => format!("{}.{}", name.name, self.random.one_of(&["x", "y"])),
            Holds::Picture(_) if ty == Scalar::U32 => {
                format!("{}.{}()", name.name, self.random.one_of(&["width", "height"]))
            }
            Holds::Slice(_) if ty == Scalar::U32 => format!("({}.len() as u32)", name.name),
            _ => return None,
        };
        Some(Node::expr(ty, text, Vec::new()))
    }

    /// A literal, nasty as often as not.
    pub(super) fn literal(&mut self, ty: Scalar) -> Node {
        let text = match ty {
            Scalar::Bool => self.random.one_of(&["true", "false"]).to_owned(),
            Scalar::F32 => match self.random.below(6) {
                0 => self
                    .random
                    .one_of(&["f32::INFINITY", "f32::NAN", "f32::MAX", "f32::EPSILON", "f32::MIN_POSITIVE"])
                    .into(),
                1 => self
                    .random
                    .one_of(&[
                        "(-0.0f32)",
                        "0.0f32",
                        "0.5f32",
                        "(-1.0f32)",
                        "8388609.0f32",
                        "2147483648.0f32",
                    ])
                    .into(),
                2 => "1e-40f32".into(),
                _ => float_text(f64::from(self.random.below(2001) as i32 - 1000) / 8.0, "f32"),
            },
            Scalar::F64 => match self.random.below(5) {
                0 => self
                    .random
                    .one_of(&["f64::INFINITY", "f64::NAN", "f64::MAX", "f64::EPSILON", "(-0.0f64)"])
                    .into(),
                _ => float_text(f64::from(self.random.below(2001) as i32 - 1000) / 8.0, "f64"),
            },
            ty => {
                let (low, high) = ty.range();
                let value = match self.random.below(5) {
                    0 => self.random.one_of(&[low, high, low + 1, high - 1, high / 2]),
                    1 => self.random.one_of(&[0, 1, 31, 32, 33, 63, 64]),
                    2 => i128::from(self.random.bits()).rem_euclid(high - low + 1) + low,
                    _ => (self.random.below(40) as i128 - 12).max(low),
                }
                .clamp(low, high);
                match value {
                    value if value == low && ty.is_signed() => format!("{}::MIN", ty.name()),
                    0.. => format!("{value}{}", ty.name()),
                    value => format!("({value}{})", ty.name()),
                }
            }
        };
        Node::expr(ty, text, Vec::new())
    }

    fn float(&mut self, ty: Scalar, depth: usize, mode: Mode) -> Node {
        let one = [
            "(-@)",
            "@.abs()",
            "@.sqrt()",
            "@.floor()",
            "@.ceil()",
            "@.round()",
            "@.trunc()",
            "@.recip()",
            "@.signum()",
            "@.fract()",
        ];
        let two =
            ["@.min(@)", "@.max(@)", "@.copysign(@)", "(@ % @)", "(@ / @)", "(@ - @)", "(@ + @)", "(@ * @)"];
        match self.random.below(8) {
            0 | 1 => {
                let text = self.random.one_of(&one);
                self.made(ty, text, &[ty], depth, mode)
            }
            2 => {
                let text =
                    self.random.one_of(&["@.mul_add(@, @)", "@.clamp(@, @)", "(@ * @ + @)", "(@ - @ * @)"]);
                self.made(ty, text, &[ty; 3], depth, mode)
            }
            3 if ty == Scalar::F32 => self.made(ty, "f32::from_bits(@)", &[Scalar::U32], depth, mode),
            4 => {
                let text = self.random.one_of(&["(@ + @)", "(@ * @)", "(@ - @)"]);
                self.made(ty, text, &[ty; 2], depth, mode)
            }
            _ => {
                let text = self.random.one_of(&two);
                self.made(ty, text, &[ty; 2], depth, mode)
            }
        }
    }

    fn int(&mut self, ty: Scalar, depth: usize, mode: Mode) -> Node {
        let signed = ty.is_signed();
        let wide = ty.is_wide();
        match self.random.below(12) {
            0 => {
                let mut ones = vec!["(!@)", "@.wrapping_neg()", "@.swap_bytes()", "@.reverse_bits()"];
                if signed {
                    ones.extend(["(-@)", "@.abs()", "@.wrapping_abs()", "@.signum()"]);
                }
                let text = self.random.one_of(&ones);
                self.made(ty, text, &[ty], depth, mode)
            }
            1 | 2 => {
                let text = self.random.one_of(&["(@ << @)", "(@ >> @)", "(@ >> (@ & 7))", "(@ << (@ % 5))"]);
                let count = self.integer();
                self.made(ty, text, &[ty, count], depth, mode)
            }
            3 => {
                let text = self.random.one_of(&[
                    "@.wrapping_shl(@)",
                    "@.wrapping_shr(@)",
                    "@.rotate_left(@)",
                    "@.rotate_right(@)",
                ]);
                self.made(ty, text, &[ty, Scalar::U32], depth, mode)
            }
            4 if ty == Scalar::U32 => {
                let text = self.random.one_of(&[
                    "@.count_ones()",
                    "@.leading_zeros()",
                    "@.trailing_zeros()",
                    "@.count_zeros()",
                ]);
                let of = self.integer();
                self.made(ty, text, &[of], depth, mode)
            }
            5 if ty == Scalar::U32 && self.numbers.contains(&Scalar::F32) => {
                self.made(ty, "@.to_bits()", &[Scalar::F32], depth, mode)
            }
            5 if ty == Scalar::U32 => self.made(ty, "@.abs_diff(@)", &[ty; 2], depth, mode),
            6 => {
                let text = self.random.one_of(&["@.min(@)", "@.max(@)", "@.mul_hi(@)"]);
                self.made(ty, text, &[ty; 2], depth, mode)
            }
            7 => {
                let (low, high) = (self.random.below(20), 20 + self.random.below(1000));
                let text = match self.random.below(4) {
                    0 => "@.clamp(@, @)".to_owned(),
                    _ => format!("@.clamp({low}{0}, {high}{0})", ty.name()),
                };
                self.made(ty, &text, &[ty; 3][..text.matches('@').count()], depth, mode)
            }
            8 => {
                let mut all =
                    vec!["(@ / @)", "(@ % @)", "@.wrapping_div(@)", "@.wrapping_rem(@)", "(@ / (@ | 1))"];
                if !wide {
                    all.push("@.rem_euclid(@)");
                }
                let text = self.random.one_of(&all);
                self.made(ty, text, &[ty; 2], depth, mode)
            }
            9 => {
                let text =
                    self.random.one_of(&["@.wrapping_add(@)", "@.wrapping_sub(@)", "@.wrapping_mul(@)"]);
                self.made(ty, text, &[ty; 2], depth, mode)
            }
            10 => {
                let text = self.random.one_of(&["(@ & @)", "(@ | @)", "(@ ^ @)"]);
                self.made(ty, text, &[ty; 2], depth, mode)
            }
            _ => {
                let text =
                    self.random.one_of(&["(@ + @)", "(@ - @)", "(@ * @)", "(@ + 1)", "(@ * 3)", "@.pow(2)"]);
                self.made(ty, text, &[ty; 2][..text.matches('@').count()], depth, mode)
            }
        }
    }

    fn truth(&mut self, depth: usize, mode: Mode) -> Node {
        let ty = Scalar::Bool;
        let of = self.number();
        match self.random.below(10) {
            0 => {
                let text = self.random.one_of(&[
                    "(@ && @)", "(@ || @)", "(@ & @)", "(@ | @)", "(@ ^ @)", "(@ == @)", "(@ != @)",
                ]);
                self.made(ty, text, &[ty; 2], depth, mode)
            }
            1 => self.made(ty, "(!@)", &[ty], depth, mode),
            2 if of == Scalar::F32 => {
                let text = self.random.one_of(&[
                    "@.is_nan()",
                    "@.is_finite()",
                    "@.is_infinite()",
                    "@.is_sign_negative()",
                ]);
                self.made(ty, text, &[of], depth, mode)
            }
            // Half of the lanes, as a rule.
            3 | 4 => {
                let of = self.integer();
                let bit = 1 << self.random.below(4);
                self.made(ty, &format!("(@ & {bit} != 0)"), &[of], depth, mode)
            }
            _ => {
                let text = self
                    .random
                    .one_of(&["(@ < @)", "(@ <= @)", "(@ > @)", "(@ >= @)", "(@ == @)", "(@ != @)"]);
                self.made(ty, text, &[of; 2], depth, mode)
            }
        }
    }

    /// From another type, stored ones included.
    fn cast(&mut self, ty: Scalar, depth: usize, mode: Mode) -> Node {
        let stored: Vec<Node> =
            STORED.into_iter().filter_map(|scalar| self.stored_leaf(scalar, mode)).collect();
        if !stored.is_empty() && self.random.chance(40) {
            let value = self.random.one_of(&stored);
            return Node::expr(ty, format!("(@ as {})", ty.name()), vec![value]);
        }
        if self.random.chance(15) {
            // Through a narrow type, which wraps or saturates.
            let (from, over) = (self.number(), self.random.one_of(&STORED));
            return self.made(ty, &format!("(@ as {} as {})", over.name(), ty.name()), &[from], depth, mode);
        }
        let from = if self.random.chance(20) { Scalar::Bool } else { self.number() };
        if from == Scalar::Bool && ty.is_float() {
            return self.made(ty, &format!("(@ as u8 as {})", ty.name()), &[from], depth, mode);
        }
        self.made(ty, &format!("(@ as {})", ty.name()), &[from], depth, mode)
    }

    /// A variable of a type that only stores.
    fn stored_leaf(&mut self, ty: Scalar, mode: Mode) -> Option<Node> {
        let known: Vec<Node> = self
            .visible()
            .into_iter()
            .filter(|name| !mode.uniform || name.uniform)
            .filter_map(|name| self.scalar_of(&name, ty))
            .collect();
        if known.is_empty() { None } else { Some(self.random.one_of(&known)) }
    }

    /// A value of a type that only stores.
    pub(super) fn stored(&mut self, ty: Scalar) -> Node {
        match self.stored_leaf(ty, Mode::ANY) {
            Some(leaf) if self.random.chance(30) => leaf,
            _ => {
                let from = self.number();
                self.made(ty, &format!("(@ as {})", ty.name()), &[from], 2, Mode::ANY)
            }
        }
    }

    /// `if … { } else { }` as a value, with statements in its blocks or without; `match`; blocks.
    fn branch(&mut self, ty: Scalar, depth: usize, mode: Mode) -> Node {
        let cond = self.expr(Scalar::Bool, depth, mode);
        if self.random.chance(60) || self.left < 10 {
            let (yes, no) = (self.expr(ty, depth, mode), self.expr(ty, depth, mode));
            return Node::expr(ty, "(if @ { @ } else { @ })", vec![cond, yes, no]);
        }
        let mut parts = vec![cond];
        let mut blocks = Vec::new();
        let leaving = if self.random.chance(22) { self.random.below(2) } else { 2 };
        for side in 0..2 {
            let scope = self.names.len();
            let mut block = Vec::new();
            for _ in 0..self.random.below(2) {
                self.simple(&mut block);
            }
            parts.push(if side == leaving { self.leaving(ty) } else { self.expr(ty, depth, mode) });
            blocks.push(block);
            self.names.truncate(scope);
        }
        let mut node = Node::expr(ty, "(if @ {$@ } else {$@ })", parts);
        node.blocks = blocks;
        node
    }

    /// An element of something that has some; `None` where nothing of that type is in scope.
    pub(super) fn element_of(&mut self, ty: Scalar, depth: usize) -> Option<Node> {
        let known: Vec<Name> = self
            .visible()
            .into_iter()
            .filter(|name| match &name.holds {
                Holds::Array(scalar, _) | Holds::Table(scalar, _) => *scalar == ty,
                Holds::Pixel(scalar, _) => *scalar == ty,
                Holds::Slice(of) | Holds::Picture(of) => of.scalars()[0] == ty,
                _ => false,
            })
            .collect();
        if known.is_empty() {
            return None;
        }
        let name = self.random.one_of(&known);
        let (text, index) = match &name.holds {
            Holds::Array(_, length) | Holds::Table(_, length) | Holds::Pixel(_, length) => {
                (format!("{}[@]", name.name), self.index(Some(*length), &name.name, depth))
            }
            Holds::Slice(of) => {
                let channel = match of {
                    Type::Pixel(_, channels) => format!("[{}]", self.random.below(*channels)),
                    _ => String::new(),
                };
                (format!("{}[@]{channel}", name.name), self.index(None, &name.name, depth))
            }
            Holds::Picture(of) => {
                let channel = match of {
                    Type::Pixel(_, channels) => format!("[{}]", self.random.below(*channels)),
                    _ => String::new(),
                };
                let way = |this: &mut Self| match this.random.below(3) {
                    0 => this.expr(Scalar::I32, 1, Mode::PLAIN),
                    1 => Node::expr(Scalar::I32, "(@ % 4i32)", vec![this.expr(Scalar::I32, 1, Mode::PLAIN)]),
                    _ => {
                        let near = this.random.one_of(&["(-2)", "(-1)", "0", "1", "2"]);
                        Node::expr(Scalar::I32, near, Vec::new())
                    }
                };
                let parts = vec![way(self), way(self)];
                let call = if self.random.chance(60) { "near(at, @, @)" } else { "at(@, @)" };
                return Some(Node::expr(ty, format!("{}.{call}{channel}", name.name), parts));
            }
            _ => return None,
        };
        Some(Node::expr(ty, text, vec![index]))
    }

    /// An index into so many elements, or into a slice of that name.
    pub(super) fn index(&mut self, length: Option<usize>, name: &str, depth: usize) -> Node {
        let raw = self.faulty && self.random.chance(35);
        let counters: Vec<Name> =
            self.visible().into_iter().filter(|name| matches!(name.holds, Holds::Usize(_))).collect();
        let ty = Scalar::Usize;
        let Some(length) = length else {
            if !counters.is_empty() && self.random.chance(30) {
                let counter = self.random.one_of(&counters);
                return Node::expr(ty, format!("{} % {name}.len()", counter.name), Vec::new());
            }
            let u = self.expr(Scalar::U32, depth.min(2), Mode::PLAIN);
            let text = match raw {
                true => self.random.one_of(&["@ as usize", "(@ % (LEN as u32 + 1)) as usize"]),
                false => self.random.one_of(&[
                    "(@ % (LEN as u32)) as usize",
                    "@ as usize % LEN",
                    "(@ as usize).min(LEN - 1)",
                ]),
            };
            return Node::expr(ty, text.replace("LEN", &format!("{name}.len()")), vec![u]);
        };
        if !counters.is_empty() && self.random.chance(40) {
            let counter = self.random.one_of(&counters);
            if let Holds::Usize(most) = counter.holds {
                let text = if most <= length || raw {
                    counter.name.clone()
                } else {
                    format!("{} % {length}", counter.name)
                };
                return Node::expr(ty, text, Vec::new());
            }
        }
        if self.random.chance(20) {
            return Node::expr(ty, self.random.below(length).to_string(), Vec::new());
        }
        let u = self.expr(Scalar::U32, depth.min(2), Mode::PLAIN);
        let text = match raw {
            true => format!("(@ % {}u32) as usize", length + 1 + self.random.below(2)),
            false if length >= 8 && self.random.chance(40) => "(@ & 7) as usize".to_owned(),
            false => format!("(@ % {length}u32) as usize"),
        };
        Node::expr(ty, text, vec![u])
    }
}

fn float_text(value: f64, suffix: &str) -> String {
    if value < 0.0 { format!("({value:?}{suffix})") } else { format!("{value:?}{suffix}") }
}
