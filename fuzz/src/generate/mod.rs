//! Random kernels, well typed, from a seed.
//!
//! What they are after: masks where lanes leave nested loops one by one, beside control flow that all lanes share; every
//! operator and function on every type; elements at places of the kernel's own choice. Every loop is bounded by a counter
//! that nothing else assigns, so that no kernel takes more than some thousand turns.

mod expr;
mod stmt;

use manylane_compiler::ir::ParamKind;
use manylane_compiler::types::{Scalar, Type};

use crate::program::{Function, Node, Param, Program, value_text};
use crate::random::Random;

/// What kernels may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// f64, i64 and u64.
    pub wide: bool,
    /// Elements of i8, u16 and i16, beside those of u8.
    pub narrow: bool,
}

/// What a name in scope stands for.
#[derive(Clone, Debug)]
enum Holds {
    Scalar(Scalar),
    Pixel(Scalar, usize),
    /// `y: &mut T`.
    InPlace(Type),
    /// A private array.
    Array(Scalar, usize),
    /// A uniform array.
    Table(Scalar, usize),
    Slice(Type),
    /// An index below that number.
    Usize(usize),
    Picture(Type),
    Cell,
}

#[derive(Clone, Debug)]
struct Name {
    name: String,
    holds: Holds,
    /// Whether statements may assign it: no parameter, no counter.
    assignable: bool,
    /// Whether it is likely the same on all lanes.
    uniform: bool,
}

/// A loop around the statement that is generated.
#[derive(Clone, Debug)]
struct Loop {
    label: Option<String>,
    /// Whether its counter has been stepped, so that the next turn may begin at once.
    skips: bool,
    /// What its `break` gives, of a `loop`.
    gives: Option<Scalar>,
}

/// A helper that can be called.
#[derive(Clone, Debug)]
struct Callee {
    name: String,
    params: Vec<Type>,
    result: Type,
}

struct Generator {
    random: Random,
    numbers: Vec<Scalar>,
    stored: &'static [Scalar],
    callees: Vec<Callee>,
    names: Vec<Name>,
    loops: Vec<Loop>,
    result: Type,
    /// Whether indices may be out of range.
    faulty: bool,
    /// Nodes that may still be made.
    left: usize,
    /// Turns that the loops around make at most, and may make.
    turns: usize,
    most_turns: usize,
    next: usize,
}

const STORED: [Scalar; 4] = [Scalar::U8, Scalar::I8, Scalar::U16, Scalar::I16];

/// The kernel of that seed.
pub fn program(seed: u64, dialect: Dialect) -> Program {
    let mut random = Random::new(seed);
    let mut numbers = vec![Scalar::F32, Scalar::I32, Scalar::U32];
    if dialect.wide {
        numbers.extend([Scalar::F64, Scalar::I64, Scalar::U64]);
    }
    // Some kernels have integers only: nothing hides behind a NaN there.
    if random.chance(25) {
        numbers.retain(|scalar| !scalar.is_float());
    }
    let faulty = random.chance(20);
    let most = if random.chance(20) { 300 } else { 120 };
    let size = 50 + random.below(most);
    let mut generator = Generator {
        random,
        numbers,
        stored: if dialect.narrow { &STORED } else { &STORED[..1] },
        callees: Vec::new(),
        names: Vec::new(),
        loops: Vec::new(),
        result: Type::Unit,
        faulty,
        left: size,
        turns: 1,
        most_turns: 400,
        next: 0,
    };
    let mut functions = Vec::new();
    let helpers = if generator.random.chance(35) { 1 + generator.random.below(2) } else { 0 };
    for at in 0..helpers {
        functions.push(generator.helper(format!("h{at}")));
    }
    generator.left = size;
    functions.push(generator.main());
    Program { functions }
}

impl Generator {
    fn fresh(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{}", self.next)
    }

    fn number(&mut self) -> Scalar {
        self.random.one_of(&self.numbers.clone())
    }

    fn integer(&mut self) -> Scalar {
        let integers: Vec<Scalar> = self.numbers.iter().copied().filter(|scalar| scalar.is_int()).collect();
        self.random.one_of(&integers)
    }

    /// Of an element that comes from outside or is returned.
    fn element(&mut self) -> Type {
        let scalar = if self.random.chance(20) { self.random.one_of(self.stored) } else { self.number() };
        if self.random.chance(25) {
            Type::Pixel(scalar, 2 + self.random.below(3))
        } else {
            Type::Scalar(scalar)
        }
    }

    fn result_type(&mut self) -> Type {
        match self.random.below(4) {
            0 => self.element(),
            1 => Type::Pixel(self.number(), 2 + self.random.below(3)),
            _ => Type::Tuple((0..2 + self.random.below(2)).map(|_| self.element()).collect()),
        }
    }

    fn helper(&mut self, name: String) -> Function {
        self.left = 12 + self.random.below(30);
        self.most_turns = 8;
        let params: Vec<Param> = (0..1 + self.random.below(3))
            .map(|at| {
                let scalar = self.number();
                let ty = if self.random.chance(20) { Type::Pixel(scalar, 3) } else { Type::Scalar(scalar) };
                Param { name: format!("a{at}"), kind: ParamKind::Element, ty, mutable: false }
            })
            .collect();
        self.result = match self.random.below(4) {
            0 => Type::Pixel(self.number(), 2 + self.random.below(3)),
            1 => Type::Tuple(vec![Type::Scalar(self.number()), Type::Scalar(self.number())]),
            _ => Type::Scalar(self.number()),
        };
        let function = self.function(name, params);
        self.callees.push(Callee {
            name: function.name.clone(),
            params: function.params.iter().map(|param| param.ty.clone()).collect(),
            result: function.result.clone(),
        });
        function
    }

    fn main(&mut self) -> Function {
        self.most_turns = 400;
        let mut params = Vec::new();
        let mut add = |name: String, kind, ty| params.push(Param { name, kind, ty, mutable: false });
        for at in 0..1 + self.random.below(3) {
            let ty = self.element();
            add(format!("x{at}"), ParamKind::Element, ty);
        }
        for at in 0..self.random.below(3) {
            let ty = self.element();
            add(format!("u{at}"), ParamKind::Uniform, ty);
        }
        for at in 0..self.random.below(3).saturating_sub(usize::from(self.random.chance(50))) {
            let ty = self.element();
            add(format!("s{at}"), ParamKind::Slice, ty);
        }
        if self.random.chance(25) {
            let scalar = self.random.one_of(&[Scalar::F32, Scalar::I32, Scalar::U32]);
            if self.numbers.contains(&scalar) {
                add("t".into(), ParamKind::Table, Type::Table(scalar, 5 + self.random.below(8)));
            }
        }
        if self.random.chance(30) {
            let ty = self.element();
            add("y".into(), ParamKind::InPlace, ty);
        }
        if self.random.chance(15) {
            let ty = self.element();
            add("at".into(), ParamKind::Cell, Type::Unit);
            add("p".into(), ParamKind::Picture, ty);
        } else if self.random.chance(45) {
            add("i".into(), ParamKind::Index, Type::Scalar(Scalar::U32));
        }
        self.result = self.result_type();
        self.function("k".into(), params)
    }

    fn function(&mut self, name: String, mut params: Vec<Param>) -> Function {
        for param in &mut params {
            let own = matches!(param.kind, ParamKind::Element | ParamKind::Uniform | ParamKind::Index);
            param.mutable = own && self.random.chance(15);
        }
        self.names.clear();
        self.loops.clear();
        self.turns = 1;
        for param in &params {
            let holds = match (param.kind, &param.ty) {
                (ParamKind::InPlace, ty) => Holds::InPlace(ty.clone()),
                (ParamKind::Slice, ty) => Holds::Slice(ty.clone()),
                (ParamKind::Picture, ty) => Holds::Picture(ty.clone()),
                (ParamKind::Cell, _) => Holds::Cell,
                (_, Type::Table(scalar, length)) => Holds::Table(*scalar, *length),
                (_, Type::Pixel(scalar, channels)) => Holds::Pixel(*scalar, *channels),
                (_, ty) => Holds::Scalar(ty.scalars()[0]),
            };
            let assignable = param.kind == ParamKind::InPlace || param.mutable;
            let uniform = matches!(param.kind, ParamKind::Uniform | ParamKind::Table | ParamKind::Slice);
            self.names.push(Name { name: param.name.clone(), holds, assignable, uniform });
        }
        // Something to assign in every scope inside.
        let mut body = Vec::new();
        for _ in 0..2 + self.random.below(3) {
            self.declare(&mut body);
        }
        if self.random.chance(80) {
            self.some_loop(&mut body, 0);
        }
        while self.left > 4 {
            self.statement(&mut body, 0);
        }
        let result = self.result.clone();
        let mut end = Node::stmt(value_text(&result), self.observed(&result), Vec::new());
        end.gives = true;
        body.push(end);
        Function { name, params, result: self.result.clone(), body }
    }

    /// The scalars of the result: mostly the variables, so that what was done to them is seen.
    fn observed(&mut self, result: &Type) -> Vec<Node> {
        result
            .scalars()
            .into_iter()
            .map(|scalar| {
                self.left = self.left.max(6);
                if scalar.is_storage() {
                    return self.stored(scalar);
                }
                let own: Vec<Node> = self
                    .visible()
                    .into_iter()
                    .filter(|name| name.assignable)
                    .filter_map(|name| self.scalar_of(&name, scalar))
                    .collect();
                match own.len() {
                    1.. if self.random.chance(75) => self.random.one_of(&own),
                    _ => self.expr(scalar, 2, expr::Mode::ANY),
                }
            })
            .collect()
    }

    /// The names that can be seen: of two that are the same the later one.
    fn visible(&self) -> Vec<Name> {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        for name in self.names.iter().rev() {
            if !seen.contains(&&name.name) {
                seen.push(&name.name);
                found.push(name.clone());
            }
        }
        found
    }
}
