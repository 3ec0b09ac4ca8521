//! Makes a kernel small while a run still says otherwise than the oracle.

use manylane_compiler::ir::ParamKind;
use manylane_compiler::types::{Scalar, Type};

use crate::compare::Difference;
use crate::inputs::Inputs;
use crate::interpret::Value;
use crate::program::{Node, Program};

/// A kernel, its arguments, and what is wrong.
#[derive(Clone, Debug)]
pub struct Case {
    pub program: Program,
    pub inputs: Inputs,
    pub difference: Difference,
}

/// Whether candidates are still wrong: the first that is, by its place, and in what way.
pub type Wrong<'w> = dyn FnMut(&[(Program, Inputs)]) -> Option<(usize, Difference)> + 'w;

struct Shrinker<'w> {
    case: Case,
    wrong: &'w mut Wrong<'w>,
    /// Candidates that are tried at a time.
    width: usize,
    /// Candidates that may still be tried.
    left: usize,
}

/// The smallest case that so many candidates, `width` at a time, lead to.
pub fn shrink<'w>(case: Case, width: usize, most: usize, wrong: &'w mut Wrong<'w>) -> Case {
    let mut shrinker = Shrinker { case, wrong, width, left: most };
    while shrinker.pass() && shrinker.left > 0 {}
    shrinker.case
}

impl Shrinker<'_> {
    /// Tries them in order; takes the first that is still wrong, and says whether there was one.
    fn take(&mut self, candidates: Vec<(Program, Inputs)>) -> bool {
        for some in candidates.chunks(self.width) {
            if self.left == 0 {
                return false;
            }
            self.left = self.left.saturating_sub(some.len());
            if let Some((at, difference)) = (self.wrong)(some) {
                let (program, inputs) = some[at].clone();
                self.case = Case { program, inputs, difference };
                return true;
            }
        }
        false
    }

    /// One round of everything; whether something became smaller.
    fn pass(&mut self) -> bool {
        let mut smaller = self.places();
        smaller |= self.statements();
        smaller |= self.results();
        smaller |= self.unused();
        smaller |= self.expressions();
        smaller |= self.unused();
        smaller | self.values()
    }

    /// One place is enough where the others do not matter.
    fn places(&mut self) -> bool {
        let (inputs, at) = (self.case.inputs.clone(), self.case.difference.place);
        let params = &self.case.program.main().params;
        let tries = [(at, 1), (0, 1), (at.saturating_sub(1), 2), (0, at + 1)];
        let candidates = tries
            .into_iter()
            .filter(|(from, count)| from + count <= inputs.places() && *count < inputs.places())
            .filter_map(|(from, count)| inputs.part(params, from, count))
            .map(|inputs| (self.case.program.clone(), inputs))
            .collect();
        self.take(candidates)
    }

    /// Goes over all edits of one kind: `edit` makes number `at` of them, or says that there are no more.
    fn edits(&mut self, edit: &mut dyn FnMut(&mut Program, usize) -> Option<bool>) -> bool {
        let (mut smaller, mut at) = (false, 0);
        while self.left > 0 {
            let mut some = Vec::new();
            let first = at;
            let mut over = false;
            while some.len() < self.width {
                let mut program = self.case.program.clone();
                match edit(&mut program, at) {
                    None => {
                        over = true;
                        break;
                    }
                    Some(true) if program != self.case.program => some.push((at, program)),
                    Some(_) => {}
                }
                at += 1;
            }
            let inputs = self.case.inputs.clone();
            let numbers: Vec<usize> = some.iter().map(|(number, _)| *number).collect();
            let candidates: Vec<(Program, Inputs)> =
                some.into_iter().map(|(_, program)| (program, inputs.clone())).collect();
            self.left = self.left.saturating_sub(candidates.len());
            match if candidates.is_empty() { None } else { (self.wrong)(&candidates) } {
                Some((taken, difference)) => {
                    let (program, inputs) = candidates[taken].clone();
                    self.case = Case { program, inputs, difference };
                    smaller = true;
                    // What stood behind it has the same number now.
                    at = numbers[taken].max(first);
                }
                None if over => break,
                None => {}
            }
        }
        smaller
    }

    fn statements(&mut self) -> bool {
        let halves = self.edits(&mut |program, at| {
            with_list(program, at / 2, &mut |list| {
                let end = list.iter().position(|node| node.gives && node.ty.is_none()).unwrap_or(list.len());
                let (from, to) = if at % 2 == 0 { (0, end) } else { (end / 2, end) };
                list.drain(from..to);
            })
        });
        let unwrapped = self.edits(&mut |program, at| {
            with_statement(program, at / 3, &mut |list, place| {
                if at % 3 < list[place].blocks.len() {
                    let inner = list[place].blocks[at % 3].clone();
                    list.splice(place..=place, inner);
                }
            })
        });
        let dropped = self.edits(&mut |program, at| {
            with_statement(program, at, &mut |list, place| {
                if !(list[place].gives && list[place].text.starts_with(['@', '[', '('])) {
                    list.remove(place);
                }
            })
        });
        halves | unwrapped | dropped
    }

    fn expressions(&mut self) -> bool {
        self.edits(&mut |program, at| {
            with_expr(program, at / 6, &mut |node| {
                let Some(ty) = node.ty else { return };
                if node.text.starts_with("break") || node.text.starts_with("continue") || node.gives {
                    return;
                }
                let literal = |text: &str| Node::expr(ty, text, Vec::new());
                match at % 6 {
                    0 | 1 => {
                        if node.parts.is_empty() && node.text.starts_with(|c: char| c.is_ascii_digit()) {
                            return;
                        }
                        *node = match (ty, at % 6) {
                            (Scalar::Bool, 0) => literal("false"),
                            (Scalar::Bool, _) => literal("true"),
                            (Scalar::Usize, n) => literal(if n == 0 { "0" } else { "1" }),
                            (ty, n) if ty.is_float() => literal(&format!("{n}.0{}", ty.name())),
                            (ty, n) => literal(&format!("{n}{}", ty.name())),
                        };
                    }
                    n => {
                        if let Some(part) = node.parts.get(n - 2).filter(|part| part.ty == Some(ty)) {
                            *node = part.clone();
                        }
                    }
                }
            })
        })
    }

    /// One scalar of the result is enough.
    fn results(&mut self) -> bool {
        let main = self.case.program.main();
        let scalars = main.result.scalars();
        if scalars.len() == 1 {
            return false;
        }
        let last = self.case.program.functions.len() - 1;
        let candidates = (0..scalars.len())
            .map(|at| {
                let mut program = self.case.program.clone();
                let main = &mut program.functions[last];
                main.result = Type::Scalar(scalars[at]);
                each_node(&mut main.body, &mut |node| {
                    if node.gives {
                        node.parts = vec![node.parts[at].clone()];
                        node.text = match node.text.strip_prefix("return ") {
                            Some(rest) => format!("return @{}", if rest.ends_with(';') { ";" } else { "" }),
                            None => "@".into(),
                        };
                    }
                });
                (program, self.case.inputs.clone())
            })
            .collect();
        self.take(candidates)
    }

    /// Parameters and helpers that nothing names.
    fn unused(&mut self) -> bool {
        let mut smaller = false;
        loop {
            let program = &self.case.program;
            let text = program.text();
            let named = |name: &str| {
                text.match_indices(name)
                    .filter(|(at, _)| {
                        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                        !word(text[..*at].chars().last()) && !word(text[at + name.len()..].chars().next())
                    })
                    .count()
            };
            let mut candidates = Vec::new();
            for (at, function) in program.functions[..program.functions.len() - 1].iter().enumerate() {
                if named(&function.name) == 1 {
                    let mut less = program.clone();
                    less.functions.remove(at);
                    candidates.push((less, self.case.inputs.clone()));
                }
            }
            for (at, param) in program.main().params.iter().enumerate() {
                if named(&param.name) == 1 || param.kind == ParamKind::InPlace {
                    let mut less = program.clone();
                    let last = less.functions.len() - 1;
                    less.functions[last].params.remove(at);
                    // A launch takes its places from its arrays: one must stay.
                    let elements = [ParamKind::Element, ParamKind::InPlace, ParamKind::Picture];
                    if less.main().params.iter().any(|param| elements.contains(&param.kind)) {
                        candidates.push((less, self.case.inputs.without(at)));
                    }
                }
            }
            if !self.take(candidates) {
                return smaller;
            }
            smaller = true;
        }
    }

    /// Simpler arguments, where there are few.
    fn values(&mut self) -> bool {
        let mut smaller = false;
        let values: usize = self.case.inputs.values.iter().map(Vec::len).sum();
        if values > 40 {
            return false;
        }
        for param in 0..self.case.inputs.values.len() {
            for at in 0..self.case.inputs.values[param].len() {
                let old = self.case.inputs.values[param][at];
                let simple = match old {
                    Value::F32(_) => vec![Value::F32(0.0), Value::F32(1.0)],
                    Value::F64(_) => vec![Value::F64(0.0), Value::F64(1.0)],
                    Value::Int(_) => vec![Value::Int(0), Value::Int(1)],
                    Value::Bool(_) => Vec::new(),
                };
                if simple.contains(&old) {
                    continue;
                }
                let candidates = simple
                    .into_iter()
                    .map(|value| {
                        let mut inputs = self.case.inputs.clone();
                        inputs.values[param][at] = value;
                        (self.case.program.clone(), inputs)
                    })
                    .collect();
                smaller |= self.take(candidates);
            }
        }
        smaller
    }
}

fn each_node(list: &mut [Node], see: &mut dyn FnMut(&mut Node)) {
    for node in list {
        see(node);
        each_node(&mut node.parts, see);
        for block in &mut node.blocks {
            each_node(block, see);
        }
    }
}

/// The statement list of that number; `None` where there are fewer.
fn with_list(program: &mut Program, target: usize, edit: &mut dyn FnMut(&mut Vec<Node>)) -> Option<bool> {
    let mut at = 0;
    let mut found = false;
    for function in &mut program.functions {
        each_list(&mut function.body, &mut |list| {
            if at == target {
                edit(list);
                found = true;
            }
            at += 1;
        });
    }
    found.then_some(true)
}

fn each_list(list: &mut Vec<Node>, see: &mut dyn FnMut(&mut Vec<Node>)) {
    fn inside(node: &mut Node, see: &mut dyn FnMut(&mut Vec<Node>)) {
        node.parts.iter_mut().for_each(|part| inside(part, see));
        node.blocks.iter_mut().for_each(|block| each_list(block, see));
    }
    list.iter_mut().for_each(|node| inside(node, see));
    see(list);
}

/// The statement of that number, by its list and place; `None` where there are fewer.
fn with_statement(
    program: &mut Program,
    target: usize,
    edit: &mut dyn FnMut(&mut Vec<Node>, usize),
) -> Option<bool> {
    let mut at = 0;
    let mut found = false;
    for function in &mut program.functions {
        each_list(&mut function.body, &mut |list| {
            let count = list.len();
            if (at..at + count).contains(&target) && !found {
                edit(list, target - at);
                found = true;
            }
            at += count;
        });
    }
    found.then_some(true)
}

/// The expression of that number; `None` where there are fewer.
fn with_expr(program: &mut Program, target: usize, edit: &mut dyn FnMut(&mut Node)) -> Option<bool> {
    let mut at = 0;
    let mut found = false;
    for function in &mut program.functions {
        each_node(&mut function.body, &mut |node| {
            if node.ty.is_some() {
                if at == target && !found {
                    edit(node);
                    found = true;
                }
                at += 1;
            }
        });
    }
    found.then_some(true)
}
