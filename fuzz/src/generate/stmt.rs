//! Random statements: variables, assignments, and control flow that lanes leave one by one.

use manylane_compiler::types::{Scalar, Type};

use super::expr::Mode;
use super::{Generator, Holds, Loop, Name};
use crate::program::{Node, type_text, value_text};

/// Lists inside of lists.
const DEEPEST: usize = 4;

impl Generator {
    /// One statement, with those that must stand before it.
    pub(super) fn statement(&mut self, out: &mut Vec<Node>, depth: usize) {
        self.left = self.left.saturating_sub(2);
        if depth >= DEEPEST || self.left < 6 {
            return self.simple(out);
        }
        match self.random.below(20) {
            // What follows an early end shows whether it was one.
            0..=5 => self.simple(out),
            6 if self.loops.is_empty() => self.simple(out),
            6..=10 => self.branch_stmt(out, depth),
            11..=12 => self.choose(out, depth),
            _ if self.turns * 2 > self.most_turns => self.branch_stmt(out, depth),
            13..=14 => self.counted(out, depth),
            15..=16 => self.while_loop(out, depth),
            _ => self.endless(out, depth),
        }
    }

    /// A list of statements in a scope of its own; some end with what leaves.
    fn block(&mut self, depth: usize, leaves: usize) -> Vec<Node> {
        let scope = self.names.len();
        let mut block = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            self.statement(&mut block, depth);
        }
        if self.random.chance(leaves) {
            let left = self.leave();
            block.push(left);
        }
        self.names.truncate(scope);
        block
    }

    /// Mostly different by lane, sometimes the same on all.
    fn condition(&mut self) -> Node {
        // In a loop, some lanes in each turn.
        if !self.loops.is_empty() && self.random.chance(50) {
            let of = self.integer();
            let mask = self.random.one_of(&[1, 3, 3, 7]);
            let text = format!("((@ ^ @) & {mask} == {})", self.random.below(mask + 1));
            let parts = vec![self.leaf(of, Mode::ANY), self.leaf(of, Mode::ANY)];
            return Node::expr(Scalar::Bool, text, parts);
        }
        let mode = if self.random.chance(25) { Mode::UNIFORM } else { Mode::ANY };
        self.expr(Scalar::Bool, 3, mode)
    }

    /// A statement without others in it.
    pub(super) fn simple(&mut self, out: &mut Vec<Node>) {
        match self.random.below(10) {
            0 | 1 => self.declare(out),
            _ => self.assign(out),
        }
    }

    pub(super) fn declare(&mut self, out: &mut Vec<Node>) {
        let uniform = self.random.chance(20);
        let mode = if uniform { Mode::UNIFORM } else { Mode::ANY };
        let name = self.name();
        let scalar = self.number();
        if !self.callees.is_empty() && self.random.chance(25) {
            return self.call(out, name);
        }
        let (node, holds) = match self.random.below(12) {
            0 => {
                let channels = 2 + self.random.below(3);
                let parts = (0..channels).map(|_| self.expr(scalar, 2, mode)).collect();
                let ty = Type::Pixel(scalar, channels);
                let text = format!("let mut {name}: {} = {};", type_text(&ty), value_text(&ty));
                (Node::stmt(text, parts, Vec::new()), Holds::Pixel(scalar, channels))
            }
            1 => {
                let length = 5 + self.random.below(6);
                let ty = Type::Table(scalar, length);
                let (text, count) = match self.random.chance(60) {
                    true => (format!("[@; {length}]"), 1),
                    false => (value_text(&ty), length),
                };
                let parts = (0..count).map(|_| self.expr(scalar, 2, mode)).collect();
                let text = format!("let mut {name}: {} = {text};", type_text(&ty));
                (Node::stmt(text, parts, Vec::new()), Holds::Array(scalar, length))
            }
            2 => {
                // Two at once.
                let other = self.fresh("v");
                let second = self.number();
                let parts = vec![self.expr(scalar, 2, mode), self.expr(second, 2, mode)];
                let types = format!("({}, {})", scalar.name(), second.name());
                out.push(Node::stmt(
                    format!("let (mut {name}, mut {other}): {types} = (@, @);"),
                    parts,
                    Vec::new(),
                ));
                self.bind(other, Holds::Scalar(second), uniform);
                return self.bind(name, Holds::Scalar(scalar), uniform);
            }
            3 => {
                // Given its value by each side of a branch; a name of its own, since nothing may read it before.
                let name = self.fresh("v");
                let parts = vec![self.condition(), self.expr(scalar, 2, mode), self.expr(scalar, 2, mode)];
                let text = format!(
                    "let mut {name}: {}; if @ {{ {name} = @; }} else {{ {name} = @; }}",
                    scalar.name()
                );
                out.push(Node::stmt(text, parts, Vec::new()));
                return self.bind(name, Holds::Scalar(scalar), uniform);
            }
            4 => {
                let value = self.expr(Scalar::Bool, 3, mode);
                (
                    Node::stmt(format!("let mut {name}: bool = @;"), vec![value], Vec::new()),
                    Holds::Scalar(Scalar::Bool),
                )
            }
            _ => {
                let value = self.expr(scalar, 3, mode);
                let text = format!("let mut {name}: {} = @;", scalar.name());
                (Node::stmt(text, vec![value], Vec::new()), Holds::Scalar(scalar))
            }
        };
        out.push(node);
        self.bind(name, holds, uniform);
    }

    /// A new name, or now and then one that hides another.
    fn name(&mut self) -> String {
        let old: Vec<String> = self
            .visible()
            .into_iter()
            .filter(|name| name.assignable && name.name.starts_with('v'))
            .map(|name| name.name)
            .collect();
        if !old.is_empty() && self.random.chance(8) { self.random.one_of(&old) } else { self.fresh("v") }
    }

    fn bind(&mut self, name: String, holds: Holds, uniform: bool) {
        self.names.push(Name { name, holds, assignable: true, uniform });
    }

    /// The value of another kernel.
    fn call(&mut self, out: &mut Vec<Node>, name: String) {
        let callee = self.random.one_of(&self.callees.clone());
        let mut parts = Vec::new();
        let mut args = Vec::new();
        for param in &callee.params {
            let mode = if self.random.chance(20) { Mode::UNIFORM } else { Mode::ANY };
            parts.extend(param.scalars().into_iter().map(|scalar| self.expr(scalar, 2, mode)));
            args.push(value_text(param));
        }
        let (call, ty) = (format!("{}({})", callee.name, args.join(", ")), type_text(&callee.result));
        match &callee.result {
            Type::Tuple(types) => {
                let names: Vec<String> = types.iter().map(|_| self.fresh("v")).collect();
                let pattern: Vec<String> = names.iter().map(|name| format!("mut {name}")).collect();
                out.push(Node::stmt(
                    format!("let ({}): {ty} = {call};", pattern.join(", ")),
                    parts,
                    Vec::new(),
                ));
                for (name, ty) in names.into_iter().zip(types.clone()) {
                    self.bind(name, Holds::Scalar(ty.scalars()[0]), false);
                }
            }
            result => {
                let holds = match result {
                    Type::Pixel(scalar, channels) => Holds::Pixel(*scalar, *channels),
                    other => Holds::Scalar(other.scalars()[0]),
                };
                out.push(Node::stmt(format!("let mut {name}: {ty} = {call};"), parts, Vec::new()));
                self.bind(name, holds, false);
            }
        }
    }

    fn assign(&mut self, out: &mut Vec<Node>) {
        let targets: Vec<Name> = self.visible().into_iter().filter(|name| name.assignable).collect();
        if targets.is_empty() {
            return self.declare(out);
        }
        let target = self.random.one_of(&targets);
        let mode = if self.random.chance(20) { Mode::UNIFORM } else { Mode::ANY };
        let (place, scalar, index) = match &target.holds {
            Holds::Scalar(scalar) => (target.name.clone(), *scalar, None),
            Holds::InPlace(Type::Scalar(scalar)) => (format!("*{}", target.name), *scalar, None),
            Holds::Array(scalar, length) => {
                (format!("{}[@]", target.name), *scalar, Some(self.index(Some(*length), &target.name, 2)))
            }
            Holds::Pixel(scalar, channels) | Holds::InPlace(Type::Pixel(scalar, channels)) => {
                if matches!(target.holds, Holds::Pixel(..)) && self.random.chance(20) {
                    let index = self.index(Some(*channels), &target.name, 2);
                    (format!("{}[@]", target.name), *scalar, Some(index))
                } else {
                    (format!("{}[{}]", target.name, self.random.below(*channels)), *scalar, None)
                }
            }
            _ => return self.declare(out),
        };
        let same: Vec<Name> = targets
            .iter()
            .filter(|name| {
                name.name != target.name && matches!(name.holds, Holds::Scalar(other) if other == scalar)
            })
            .cloned()
            .collect();
        if !same.is_empty() && index.is_none() && self.random.chance(8) {
            let other = self.random.one_of(&same).name;
            let read = if place.starts_with('*') { format!("({place})") } else { place.clone() };
            return out.push(Node::stmt(
                format!("({place}, {other}) = ({other}, {read});"),
                Vec::new(),
                Vec::new(),
            ));
        }
        let op = match scalar {
            Scalar::Bool => self.random.one_of(&["=", "=", "&=", "|=", "^="]),
            scalar if scalar.is_float() => self.random.one_of(&["=", "=", "+=", "-=", "*=", "/="]),
            scalar if scalar.is_int() => self
                .random
                .one_of(&["=", "=", "+=", "+=", "-=", "*=", "^=", "&=", "|=", "/=", "%=", "<<=", ">>="]),
            _ => "=",
        };
        let value = match scalar.is_storage() {
            true => self.stored(scalar),
            false => self.expr(scalar, 3, mode),
        };
        let parts = index.into_iter().chain([value]).collect();
        out.push(Node::stmt(format!("{place} {op} @;"), parts, Vec::new()));
    }

    fn branch_stmt(&mut self, out: &mut Vec<Node>, depth: usize) {
        let cond = self.condition();
        let leaves = if self.loops.is_empty() { 8 } else { 65 };
        let mut blocks = vec![self.block(depth + 1, leaves)];
        let mut text = "if @ {$}".to_owned();
        if self.random.chance(45) {
            blocks.push(self.block(depth + 1, leaves / 2));
            text.push_str(" else {$}");
        }
        out.push(Node::stmt(text, vec![cond], blocks));
    }

    fn choose(&mut self, out: &mut Vec<Node>, depth: usize) {
        let of = self.integer();
        let value = self.expr(of, 2, Mode::ANY);
        let mut parts =
            vec![Node::expr(of, format!("(@ % {}{})", 3 + self.random.below(4), of.name()), vec![value])];
        let mut blocks = Vec::new();
        let leaves = if self.loops.is_empty() { 5 } else { 25 };
        let mut patterns = vec!["0", "1 | 2", "3..=4", "2..5", "1", "5.."];
        if of.is_signed() {
            patterns.extend(["-1", "-3..=-1", "..=-2"]);
        }
        let gives = self.random.chance(35).then(|| self.number());
        let arms = 1 + self.random.below(3);
        let mut text = "match @ {".to_owned();
        for at in 0..=arms {
            let last = at == arms;
            let scope = self.names.len();
            if last {
                text.push_str(" _ => ");
            } else if self.random.chance(25) {
                let name = self.fresh("m");
                self.names.push(Name {
                    name: name.clone(),
                    holds: Holds::Scalar(of),
                    assignable: false,
                    uniform: false,
                });
                parts.push(self.expr(Scalar::Bool, 2, Mode::PLAIN));
                text.push_str(&format!(" {name} if @ => "));
            } else {
                let pattern = self.random.one_of(&patterns);
                text.push_str(&format!(" {pattern} => "));
            }
            match gives {
                Some(ty) => {
                    parts.push(if !last && self.random.chance(20) {
                        self.leaving(ty)
                    } else {
                        self.expr(ty, 2, Mode::ANY)
                    });
                    text.push_str("@,");
                }
                None => {
                    blocks.push(self.block(depth + 1, leaves));
                    text.push_str("{$}");
                }
            }
            self.names.truncate(scope);
        }
        text.push_str(" }");
        match gives {
            None => out.push(Node::stmt(text, parts, blocks)),
            Some(ty) => {
                let name = self.name();
                out.push(Node::stmt(format!("let mut {name}: {} = {text};", ty.name()), parts, blocks));
                self.bind(name, Holds::Scalar(ty), false);
            }
        }
    }

    // ---- loops

    pub(super) fn some_loop(&mut self, out: &mut Vec<Node>, depth: usize) {
        match self.random.below(3) {
            0 => self.counted(out, depth),
            1 => self.while_loop(out, depth),
            _ => self.endless(out, depth),
        }
    }

    fn enter(&mut self, skips: bool, gives: Option<Scalar>) -> String {
        let label = self.random.chance(60).then(|| self.fresh("'l"));
        let text = label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        self.loops.push(Loop { label, skips, gives });
        text
    }

    fn body(&mut self, depth: usize, turns: usize, leaves: usize) -> Vec<Node> {
        let outer = self.turns;
        self.turns *= turns;
        let body = self.block(depth + 1, leaves);
        self.turns = outer;
        body
    }

    fn bound(&mut self) -> usize {
        let most = (self.most_turns / self.turns).clamp(1, 9);
        1 + self.random.below(most)
    }

    fn counted(&mut self, out: &mut Vec<Node>, depth: usize) {
        let turns = self.bound().max(2);
        let ty = if self.random.chance(30) { Scalar::Usize } else { self.integer() };
        let name = self.fresh("k");
        let mut parts = Vec::new();
        let n = ty.name();
        let (range, uniform) = match (self.random.below(6), ty) {
            (0, Scalar::Usize) | (1, Scalar::Usize) | (5, Scalar::Usize) => (format!("0..{turns}"), true),
            (_, Scalar::Usize) => {
                parts.push(self.expr(Scalar::U32, 2, Mode::PLAIN));
                (format!("0..((@ % {turns}u32) as usize)"), false)
            }
            (0, _) => (format!("0{n}..{turns}{n}"), true),
            (1, ty) if ty.is_signed() => (format!("(-2{n})..={}{n}", turns as i32 - 3), true),
            (2, _) => {
                parts.push(self.expr(ty, 2, Mode::UNIFORM));
                (format!("0{n}..=(@ % {turns}{n})"), true)
            }
            // The last turn's counter is the greatest number there is.
            (3, _) => {
                parts.push(self.expr(ty, 2, Mode::PLAIN));
                (format!("({n}::MAX - (@ & 3{n}))..={n}::MAX"), false)
            }
            (4, _) => {
                parts.push(self.expr(ty, 2, Mode::PLAIN));
                parts.push(self.expr(ty, 2, Mode::PLAIN));
                (format!("(@ & 3{n})..(@ & 7{n})"), false)
            }
            _ => {
                parts.push(self.expr(ty, 2, Mode::PLAIN));
                (format!("0{n}..(@ % {}{n})", turns + 1), false)
            }
        };
        let label = self.enter(true, None);
        let scope = self.names.len();
        let holds = if ty == Scalar::Usize { Holds::Usize(turns) } else { Holds::Scalar(ty) };
        self.names.push(Name { name: name.clone(), holds, assignable: false, uniform });
        let body = self.body(depth, turns.max(4), 10);
        self.names.truncate(scope);
        self.loops.pop();
        out.push(Node::stmt(format!("{label}for {name} in {range} {{$}}"), parts, vec![body]));
    }

    fn while_loop(&mut self, out: &mut Vec<Node>, depth: usize) {
        let turns = self.bound();
        let name = self.fresh("n");
        let ty = self.random.one_of(&[Scalar::I32, Scalar::U32]);
        let first = self.random.chance(55);
        out.push(Node::stmt(format!("let mut {name}: {} = 0;", ty.name()), Vec::new(), Vec::new()));
        self.names.push(Name {
            name: name.clone(),
            holds: Holds::Scalar(ty),
            assignable: false,
            uniform: true,
        });
        let mut parts = Vec::new();
        let cond = match self.random.below(4) {
            0 => format!("{name} < {turns}"),
            1 => {
                parts.push(Node::expr(
                    ty,
                    format!("(@ % {}{})", turns + 1, ty.name()),
                    vec![self.expr(ty, 2, Mode::ANY)],
                ));
                format!("{name} < @ && {name} < {turns}")
            }
            2 => {
                parts.push(self.condition());
                format!("@ && {name} < {turns}")
            }
            _ => {
                parts.push(self.condition());
                format!("{name} < {turns} && @")
            }
        };
        let label = self.enter(first, None);
        let mut body = self.body(depth, turns, 10);
        self.loops.pop();
        let step = Node::stmt(format!("{name} += 1;"), Vec::new(), Vec::new());
        if first {
            body.insert(0, step);
        } else {
            body.push(step);
        }
        out.push(Node::stmt(format!("{label}while {cond} {{$}}"), parts, vec![body]));
    }

    fn endless(&mut self, out: &mut Vec<Node>, depth: usize) {
        let turns = self.bound();
        let name = self.fresh("n");
        out.push(Node::stmt(format!("let mut {name}: u32 = 0;"), Vec::new(), Vec::new()));
        self.names.push(Name {
            name: name.clone(),
            holds: Holds::Scalar(Scalar::U32),
            assignable: false,
            uniform: true,
        });
        let gives = self.random.chance(25).then(|| self.number());
        let first = self.random.chance(70);
        let label = self.enter(first, gives);
        let mut body = self.body(depth, turns, 10);
        let step = Node::stmt(format!("{name} += 1;"), Vec::new(), Vec::new());
        let (value, parts) = match gives {
            Some(ty) => (" @", vec![self.expr(ty, 2, Mode::ANY)]),
            None => ("", Vec::new()),
        };
        let end = Node::stmt(format!("if {name} > {turns} {{ break{value}; }}"), parts, Vec::new());
        self.loops.pop();
        if first {
            body.insert(0, end);
            body.insert(0, step);
        } else {
            body.push(step);
            body.push(end);
        }
        match gives {
            None => out.push(Node::stmt(format!("{label}loop {{$}}"), Vec::new(), vec![body])),
            Some(ty) => {
                let name = self.name();
                out.push(Node::stmt(
                    format!("let mut {name}: {} = {label}loop {{$}};", ty.name()),
                    Vec::new(),
                    vec![body],
                ));
                self.bind(name, Holds::Scalar(ty), false);
            }
        }
    }

    // ---- leaving

    /// A statement that ends a turn, a loop or the kernel.
    fn leave(&mut self) -> Node {
        let mut node = self.leaving(Scalar::Bool);
        node.ty = None;
        node.text.push(';');
        node
    }

    /// The same as an expression, which stands for a value of any type.
    pub(super) fn leaving(&mut self, ty: Scalar) -> Node {
        if self.loops.is_empty() || self.random.chance(12) {
            let result = self.result.clone();
            let parts = result
                .scalars()
                .into_iter()
                .map(
                    |scalar| {
                        if scalar.is_storage() { self.stored(scalar) } else { self.leaf(scalar, Mode::ANY) }
                    },
                )
                .collect();
            let mut node = Node::expr(ty, format!("return {}", value_text(&result)), parts);
            node.gives = true;
            return node;
        }
        // The innermost is the likeliest.
        let count = self.loops.len();
        let at = if self.random.chance(50) { count - 1 } else { self.random.below(count) };
        let target = self.loops[at].clone();
        let label = match &target.label {
            Some(label) if at + 1 != count || self.random.chance(50) => format!(" {label}"),
            None if at + 1 != count => return self.leaving_innermost(ty),
            _ => String::new(),
        };
        self.leaving_to(ty, &target, &label)
    }

    fn leaving_innermost(&mut self, ty: Scalar) -> Node {
        let target = self.loops[self.loops.len() - 1].clone();
        self.leaving_to(ty, &target, "")
    }

    fn leaving_to(&mut self, ty: Scalar, target: &Loop, label: &str) -> Node {
        if target.skips && self.random.chance(55) {
            return Node::expr(ty, format!("continue{label}"), Vec::new());
        }
        match target.gives {
            Some(of) => {
                let value = self.leaf(of, Mode::ANY);
                Node::expr(ty, format!("break{label} @"), vec![value])
            }
            None => Node::expr(ty, format!("break{label}"), Vec::new()),
        }
    }
}
