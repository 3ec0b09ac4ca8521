//! From the IR to WGSL: one function per kernel, one invocation per place, so no masks.
//!
//! The text comes in pieces: the kernel's own name and those of its callees are filled in when it is linked, and what
//! depends on the launch (pictures, the loop budget) is called by names that the assembler of a shader defines:
//! `ml_near_K`, `ml_width_K`, `ml_height_K` for parameter `K`, and `ml_turn`. Whatever WGSL computes otherwise than the
//! kernel language goes through a function of the prelude (`ml_…`, in `shaders/prelude`).

mod expr;

use std::collections::BTreeSet;

use crate::ir::{self, Expr, Kernel, ParamKind, Source, Stmt, VarId};
use crate::types::{Scalar, Shape, Type};

/// A piece of the text.
#[derive(Clone, Debug)]
pub enum Piece {
    Text(String),
    /// The kernel's own linked name.
    Me,
    /// The linked name of the kernel at that path.
    Call(syn::Path),
    /// The linked name of a kernel of the library's `math`.
    Math(&'static str),
}

/// Text in pieces.
#[derive(Clone, Debug, Default)]
pub struct Text(pub Vec<Piece>);

impl Text {
    fn new(text: impl Into<String>) -> Text {
        Text(vec![Piece::Text(text.into())])
    }

    /// The kernels that it calls, as often as it names them.
    pub fn callees(&self) -> impl Iterator<Item = &syn::Path> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Call(path) => Some(path),
            _ => None,
        })
    }

    fn push(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.0.last_mut() {
            last.push_str(text);
        } else {
            self.0.push(Piece::Text(text.to_owned()));
        }
    }

    fn add(&mut self, other: &Text) {
        for piece in &other.0 {
            match piece {
                Piece::Text(text) => self.push(text),
                other => self.0.push(other.clone()),
            }
        }
    }

    /// The text with names for the open pieces, for tests.
    #[cfg(test)]
    pub fn plain(&self) -> String {
        let name = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Me => "me".to_owned(),
            Piece::Call(path) => {
                path.segments.last().map(|last| format!("call_{}", last.ident)).unwrap_or_default()
            }
            Piece::Math(name) => format!("math_{name}"),
        };
        self.0.iter().map(name).collect()
    }
}

/// Puts texts together: `text![a, "+", b]`.
macro_rules! text {
    ($($part:expr),* $(,)?) => {{
        let mut all = $crate::emit_wgsl::Text::default();
        $($crate::emit_wgsl::Part::onto($part, &mut all);)*
        all
    }};
}
use text;

/// What can stand in `text!`.
trait Part {
    fn onto(self, all: &mut Text);
}
impl Part for &str {
    fn onto(self, all: &mut Text) {
        all.push(self);
    }
}
impl Part for &String {
    fn onto(self, all: &mut Text) {
        all.push(self);
    }
}
impl Part for String {
    fn onto(self, all: &mut Text) {
        all.push(&self);
    }
}
impl Part for Text {
    fn onto(self, all: &mut Text) {
        all.add(&self);
    }
}
impl Part for &Text {
    fn onto(self, all: &mut Text) {
        all.add(self);
    }
}

/// The function of a kernel that is checked and contracted.
pub fn fragment(kernel: &Kernel) -> Text {
    let mut writer = Writer {
        kernel,
        assigned: ir::assigned_anywhere(&kernel.body).into_iter().collect(),
        lines: Vec::new(),
        depth: 1,
        temps: 0,
        bits: BTreeSet::new(),
    };
    let head = writer.head();
    writer.list(&kernel.body);
    writer.give_back();
    let mut text = head;
    for bits in &writer.bits {
        text.push(&format!("    var b_{bits:08x}: u32 = 0x{bits:08x}u;\n"));
    }
    for line in &writer.lines {
        text.add(line);
        text.push("\n");
    }
    text.push("}\n");
    text
}

struct Writer<'k> {
    kernel: &'k Kernel,
    /// Variables that are assigned after their declaration.
    assigned: BTreeSet<VarId>,
    lines: Vec<Text>,
    depth: usize,
    temps: usize,
    /// Floats that WGSL has no literal for: infinities, NaN, -0.0. They come from variables, out of the reach of the
    /// constant evaluation that refuses them.
    bits: BTreeSet<u32>,
}

impl Writer<'_> {
    fn line(&mut self, text: Text) {
        let indent = "    ".repeat(self.depth);
        self.lines.push(text![indent, text]);
    }

    fn scalar(&self, var: VarId) -> Scalar {
        ir::known(self.kernel.vars[var].ty)
    }

    fn name(&self, var: VarId) -> String {
        let name = self.kernel.vars[var].name.trim_start_matches("r#");
        let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        format!("v{var}_{plain}")
    }

    fn param(&self, at: usize) -> String {
        format!("p{at}")
    }

    /// What the function returns: results first, then elements in place.
    fn returned(&self) -> Vec<Type> {
        let mut returned = self.kernel.result.elements();
        returned.extend(
            self.kernel
                .params
                .iter()
                .filter(|param| param.kind == ParamKind::InPlace)
                .map(|param| param.ty.clone()),
        );
        returned
    }

    fn head(&mut self) -> Text {
        let returned = self.returned();
        let mut head = Text::default();
        if returned.len() > 1 {
            head.push("struct ");
            head.0.push(Piece::Me);
            head.push("_out {\n");
            for (at, ty) in returned.iter().enumerate() {
                head.push(&format!("    r{at}: {},\n", type_name(ty)));
            }
            head.push("}\n");
        }
        head.push("fn ");
        head.0.push(Piece::Me);
        head.push("(");
        let mut first = true;
        for (at, param) in self.kernel.params.iter().enumerate() {
            let ty = match param.kind {
                ParamKind::Picture => continue,
                ParamKind::Cell => "vec2<u32>".to_owned(),
                _ => type_name(&param.ty),
            };
            let name = match param.vars[..] {
                [var] if !self.assigned.contains(&var) => self.name(var),
                _ => self.param(at),
            };
            head.push(&format!("{}{name}: {ty}", if first { "" } else { ", " }));
            first = false;
        }
        head.push(")");
        match &returned[..] {
            [] => {}
            [one] => head.push(&format!(" -> {}", type_name(one))),
            _ => {
                head.push(" -> ");
                head.0.push(Piece::Me);
                head.push("_out");
            }
        }
        head.push(" {\n");
        for (at, param) in self.kernel.params.iter().enumerate() {
            let single = param.vars.len() == 1;
            for (channel, var) in param.vars.iter().enumerate() {
                if single && !self.assigned.contains(var) {
                    continue;
                }
                let from =
                    if single { self.param(at) } else { format!("{}.{}", self.param(at), CHANNELS[channel]) };
                let line = text![self.declare(*var), " = ", from, ";"];
                self.line(line);
            }
        }
        head
    }

    fn declare(&self, var: VarId) -> String {
        let word = if self.assigned.contains(&var) { "var" } else { "let" };
        format!("{word} {}: {}", self.name(var), scalar_name(self.scalar(var)))
    }

    fn give_back(&mut self) {
        let kernel = self.kernel;
        let mut scalars: Vec<Text> = kernel.results.iter().map(|result| self.expr(result)).collect();
        for param in kernel.params.iter().filter(|param| param.kind == ParamKind::InPlace) {
            scalars.extend(param.vars.iter().map(|var| Text::new(self.name(*var))));
        }
        let mut scalars = scalars.into_iter();
        let values: Vec<Text> = self.returned().iter().map(|ty| pack(ty, &mut scalars)).collect();
        match &values[..] {
            [] => {}
            [one] => self.line(text!["return ", one, ";"]),
            many => {
                let mut text = Text::new("return ");
                text.0.push(Piece::Me);
                text.push("_out(");
                text.add(&comma(many));
                text.push(");");
                self.line(text);
            }
        }
    }

    fn list(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn inner(&mut self, stmts: &[Stmt]) {
        self.depth += 1;
        self.list(stmts);
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, value: Some(value) } => {
                let value = self.expr(value);
                let line = text![self.declare(*var), " = ", value, ";"];
                self.line(line);
            }
            Stmt::Let { var, value: None } => {
                let line = format!("var {}: {};", self.name(*var), scalar_name(self.scalar(*var)));
                self.line(Text::new(line));
            }
            Stmt::LetMany { source, outs, shape } => self.let_many(source, outs, shape),
            Stmt::Assign { var, value } => {
                let value = self.expr(value);
                let line = text![self.name(*var), " = ", value, ";"];
                self.line(line);
            }
            Stmt::If { cond, then, other, .. } => {
                let cond = self.expr(cond);
                if then.is_empty() {
                    self.line(text!["if (!(", cond, ")) {"]);
                    self.inner(other);
                } else {
                    self.line(text!["if (", cond, ") {"]);
                    self.inner(then);
                    if !other.is_empty() {
                        self.line(Text::new("} else {"));
                        self.inner(other);
                    }
                }
                self.line(Text::new("}"));
            }
            Stmt::While { head, cond, body, .. } => {
                self.line(Text::new("loop {"));
                self.inner(head);
                self.depth += 1;
                let cond = self.expr(cond);
                self.line(text!["if (!(", cond, ")) { break; }"]);
                self.line(Text::new("if (ml_turn()) { break; }"));
                self.depth -= 1;
                self.inner(body);
                self.line(Text::new("}"));
            }
            Stmt::For { site, var, from, to, inclusive, body } => {
                self.for_loop(*site, *var, [from, to], *inclusive, body)
            }
        }
    }

    fn for_loop(&mut self, site: usize, var: VarId, [from, to]: [&Expr; 2], inclusive: bool, body: &[Stmt]) {
        let (name, ty) = (self.name(var), scalar_name(self.scalar(var)));
        let (from, to) = (self.expr(from), self.expr(to));
        self.line(text!["let end", site.to_string(), ": ", ty, " = ", to, ";"]);
        if !inclusive {
            let head = format!("; {name} < end{site}; {name}++) {{");
            self.line(text!["for (var ", &name, ": ", ty, " = ", from, head]);
            self.inner(body);
            self.line(Text::new("}"));
            return;
        }
        self.line(text![format!("var at{site}: {ty} = "), from, ";"]);
        self.line(Text::new(format!("var more{site}: bool = at{site} <= end{site};")));
        self.line(Text::new("loop {"));
        self.depth += 1;
        self.line(Text::new(format!("if (!more{site}) {{ break; }}")));
        self.line(Text::new(format!("let {name}: {ty} = at{site};")));
        self.list(body);
        self.line(Text::new(format!("more{site} = at{site} != end{site};")));
        self.line(Text::new(format!("at{site}++;")));
        self.depth -= 1;
        self.line(Text::new("}"));
    }

    fn let_many(&mut self, source: &Source, outs: &[VarId], shape: &Shape) {
        let value = match source {
            Source::Call(call) => self.call(call),
            Source::Near(near) => self.near(near),
        };
        let temp = self.temp();
        self.line(text!["let ", &temp, " = ", value, ";"]);
        let mut parts = Vec::new();
        match shape {
            Shape::Tuple(shapes) => {
                for (at, shape) in shapes.iter().enumerate() {
                    parts.extend(channels_of(shape, &format!("{temp}.r{at}")));
                }
            }
            one => parts = channels_of(one, &temp),
        }
        for (var, part) in outs.iter().zip(parts) {
            let line = text![self.declare(*var), " = ", part, ";"];
            self.line(line);
        }
    }

    fn temp(&mut self) -> String {
        self.temps += 1;
        format!("t{}", self.temps)
    }
}

const CHANNELS: [&str; 4] = ["x", "y", "z", "w"];

fn channels_of(shape: &Shape, base: &str) -> Vec<String> {
    match shape {
        Shape::Pixel(_, channels @ 2..) => {
            CHANNELS[..*channels].iter().map(|channel| format!("{base}.{channel}")).collect()
        }
        _ => vec![base.to_owned()],
    }
}

fn comma(parts: &[Text]) -> Text {
    let mut all = Text::default();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            all.push(", ");
        }
        all.add(part);
    }
    all
}

/// Scalars as one value of that type.
fn pack(ty: &Type, scalars: &mut dyn Iterator<Item = Text>) -> Text {
    match ty {
        Type::Pixel(_, channels @ 2..) => {
            let parts: Vec<Text> = scalars.take(*channels).collect();
            text![type_name(ty), "(", comma(&parts), ")"]
        }
        _ => scalars.next().unwrap_or_default(),
    }
}

fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::F32 => "f32",
        Scalar::I32 => "i32",
        Scalar::U32 | Scalar::U8 => "u32",
        Scalar::Bool => "bool",
    }
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) | Type::Pixel(scalar, 1) => scalar_name(*scalar).to_owned(),
        Type::Pixel(scalar, channels) => format!("vec{channels}<{}>", scalar_name(*scalar)),
        Type::Unit | Type::Tuple(_) => String::new(),
    }
}
