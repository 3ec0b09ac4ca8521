//! Kernels as the generator makes them and as they are shrunk: trees of text with holes.
//!
//! A node knows its type and its parts and nothing of the language: `@` in its text stands for the next part, `$` for the
//! next block. So a new construct is one more text, and whatever is generated can be taken apart again.

use std::fmt::Write;

use manylane_compiler::ir::ParamKind;
use manylane_compiler::types::{Scalar, Type};

/// An expression or a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Of an expression.
    pub ty: Option<Scalar>,
    pub text: String,
    pub parts: Vec<Node>,
    pub blocks: Vec<Vec<Node>>,
    /// Whether its parts are the scalars of the result: the end of a body, or a `return`.
    pub gives: bool,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    pub name: String,
    pub kind: ParamKind,
    pub ty: Type,
    /// Whether it is written as `mut x`.
    pub mutable: bool,
}

/// One kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    pub name: String,
    pub params: Vec<Param>,
    pub result: Type,
    /// Ends with the node of the results.
    pub body: Vec<Node>,
}

/// A kernel and those that it may call, those first.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub functions: Vec<Function>,
}

impl Node {
    /// An expression.
    pub fn expr(ty: Scalar, text: impl Into<String>, parts: Vec<Node>) -> Node {
        Node { ty: Some(ty), text: text.into(), parts, blocks: Vec::new(), gives: false }
    }

    /// A statement.
    pub fn stmt(text: impl Into<String>, parts: Vec<Node>, blocks: Vec<Vec<Node>>) -> Node {
        Node { ty: None, text: text.into(), parts, blocks, gives: false }
    }

    fn write(&self, out: &mut String, depth: usize) {
        let (mut parts, mut blocks) = (self.parts.iter(), self.blocks.iter());
        for c in self.text.chars() {
            match c {
                '@' => {
                    if let Some(part) = parts.next() {
                        part.write(out, depth);
                    }
                }
                '$' => {
                    out.push('\n');
                    for stmt in blocks.next().into_iter().flatten() {
                        out.push_str(&"    ".repeat(depth + 1));
                        stmt.write(out, depth + 1);
                        out.push('\n');
                    }
                    out.push_str(&"    ".repeat(depth));
                }
                c => out.push(c),
            }
        }
    }

    /// Hands it and everything in it to `see`.
    pub fn walk<'n>(&'n self, see: &mut dyn FnMut(&'n Node)) {
        see(self);
        self.parts.iter().for_each(|part| part.walk(see));
        self.blocks.iter().flatten().for_each(|stmt| stmt.walk(see));
    }
}

impl Function {
    /// The function without its attribute.
    pub fn text(&self) -> String {
        let mut text = format!("fn {}(", self.name);
        for (at, param) in self.params.iter().enumerate() {
            let ty = type_text(&param.ty);
            let (comma, name) = (if at > 0 { ", " } else { "" }, &param.name);
            let name = if param.mutable { format!("mut {name}") } else { name.clone() };
            text.push_str(comma);
            let _ = match param.kind {
                ParamKind::Uniform | ParamKind::Table => write!(text, "#[uniform] {name}: {ty}"),
                ParamKind::InPlace => write!(text, "{}: &mut {ty}", param.name),
                ParamKind::Slice => write!(text, "{}: &[{ty}]", param.name),
                ParamKind::Picture => write!(text, "{}: Image<{ty}>", param.name),
                ParamKind::Cell => write!(text, "{}: Cell", param.name),
                ParamKind::Index => write!(text, "{name}: Index"),
                _ => write!(text, "{name}: {ty}"),
            };
        }
        let _ = writeln!(text, ") -> {} {{", type_text(&self.result));
        for stmt in &self.body {
            text.push_str("    ");
            stmt.write(&mut text, 1);
            text.push('\n');
        }
        text.push_str("}\n");
        text
    }
}

impl Program {
    /// The kernel that is launched.
    pub fn main(&self) -> &Function {
        &self.functions[self.functions.len() - 1]
    }

    /// The source of all.
    pub fn text(&self) -> String {
        self.functions.iter().map(|function| format!("{}\n", function.text())).collect()
    }
}

/// The text with something before each of its functions.
pub fn with_attribute(text: &str, attribute: &str) -> String {
    text.lines()
        .map(
            |line| if line.starts_with("fn ") { format!("{attribute}{line}\n") } else { format!("{line}\n") },
        )
        .collect()
}

/// The type as it is written.
pub fn type_text(ty: &Type) -> String {
    match ty {
        Type::Unit => "()".into(),
        Type::Scalar(scalar) => scalar.name().into(),
        Type::Pixel(scalar, count) | Type::Table(scalar, count) => format!("[{}; {count}]", scalar.name()),
        Type::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(type_text).collect();
            format!("({})", parts.join(", "))
        }
    }
}

/// The text that puts scalars together to a value of that type.
pub fn value_text(ty: &Type) -> String {
    match ty {
        Type::Unit => "()".into(),
        Type::Scalar(_) => "@".into(),
        Type::Pixel(_, count) | Type::Table(_, count) => format!("[{}]", vec!["@"; *count].join(", ")),
        Type::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(value_text).collect();
            format!("({})", parts.join(", "))
        }
    }
}
