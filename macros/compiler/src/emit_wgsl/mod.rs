//! From the IR to WGSL: one function per kernel, one invocation per place, so no masks.
//!
//! The text comes in pieces: the kernel's own name and those of its callees are filled in when it is linked, and what
//! depends on the launch (arrays, pictures, the loop budget) is called by names that the assembler of a shader defines:
//! `ml_near_K`, `ml_at_K`, `ml_width_K`, `ml_height_K`, `ml_item_K`, `ml_len_K`, `ml_add_K` and its like, `ml_draw_K` for
//! parameter `K`, `ml_index` for private arrays, and `ml_turn`. Whatever WGSL computes otherwise than the
//! kernel language goes through a function of the prelude (`ml_…`, in `shaders/prelude`).

mod control;
mod expr;

use std::collections::BTreeSet;

use crate::ir::{self, AtomicOp, Expr, Kernel, ParamKind, Source, Stmt, VarId};
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
    /// A constant outside of the kernel, as a literal.
    Const(syn::Path, Scalar),
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
            Piece::Const(path, _) => {
                path.segments.last().map(|last| format!("const_{}", last.ident)).unwrap_or_default()
            }
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
        loops: Vec::new(),
        leaves: false,
        bits: BTreeSet::new(),
    };
    let head = writer.head();
    writer.list(&kernel.body);
    writer.give_back();
    let mut text = head;
    for bits in &writer.bits {
        text.push(&format!("    var b_{bits:08x}: u32 = 0x{bits:08x}u;\n"));
    }
    if writer.leaves {
        text.push("    var leave: u32 = 0u;\n");
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
    /// The sites of the loops around, the innermost last.
    loops: Vec<usize>,
    /// Whether some statement leaves an outer loop: WGSL has no labels, so a variable says which.
    leaves: bool,
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
                ParamKind::Picture
                | ParamKind::Slice
                | ParamKind::Table
                | ParamKind::Atomics
                | ParamKind::Random => continue,
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
            if param.kind == ParamKind::Random {
                for var in &param.vars {
                    self.line(Text::new(format!("var {}: u32 = 0u;", self.name(*var))));
                }
                continue;
            }
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
            Stmt::LetTable { table, values } => self.let_table(*table, values),
            Stmt::Put { table, index, value } => {
                let (index, value) = (self.expr(index), self.expr(value));
                let place = self.place(*table, index);
                self.line(text![place, " = ", value, ";"]);
            }
            Stmt::Atomic { param, op, index, args, old } => {
                let mut operands = vec![self.expr(index)];
                operands.extend(args.iter().map(|arg| self.expr(arg)));
                let call = text![format!("ml_{}_{param}(", atomic_name(*op)), comma(&operands), ");"];
                match old {
                    Some(var) => {
                        let line = text![self.declare(*var), " = ", call];
                        self.line(line);
                    }
                    None => self.line(call),
                }
            }
            Stmt::If { .. }
            | Stmt::While { .. }
            | Stmt::For { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return => self.control(stmt),
        }
    }

    fn table(&self, table: usize) -> String {
        let name = self.kernel.tables[table].name.trim_start_matches("r#");
        let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        format!("t{table}_{plain}")
    }

    /// One place of a private array, which is there.
    fn place(&self, table: usize, index: Text) -> Text {
        let of = &self.kernel.tables[table];
        let id = crate::fnv(&of.name) as u32;
        text![self.table(table), "[ml_index(", index, format!(", {}u, {id}u)]", of.length)]
    }

    fn let_table(&mut self, table: usize, values: &[Expr]) {
        let (name, of) = (self.table(table), &self.kernel.tables[table]);
        let (scalar, length) = (scalar_name(ir::known(of.ty)), of.length);
        let values: Vec<Text> = values.iter().map(|value| self.expr(value)).collect();
        if let [one] = &values[..] {
            let value = self.temp();
            self.line(text![format!("let {value}: {scalar} = "), one, ";"]);
            self.line(Text::new(format!("var {name}: array<{scalar}, {length}>;")));
            self.line(Text::new(format!(
                "for (var k: u32 = 0u; k < {length}u; k++) {{ {name}[k] = {value}; }}"
            )));
        } else {
            self.line(text![
                format!("var {name}: array<{scalar}, {length}> = array<{scalar}, {length}>("),
                comma(&values),
                ");"
            ]);
        }
    }

    fn let_many(&mut self, source: &Source, outs: &[VarId], shape: &Shape) {
        let value = match source {
            Source::Call(call) => self.call(call),
            Source::Near(near) => self.near(near),
            Source::At(at) => self.at(at),
            Source::Item(item) => self.item(item),
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
        Scalar::U32 | Scalar::U8 | Scalar::U16 | Scalar::Usize => "u32",
        Scalar::I8 | Scalar::I16 => "i32",
        Scalar::F16 => "f32",
        Scalar::F64 => "f64",
        Scalar::I64 => "i64",
        Scalar::U64 => "u64",
        Scalar::Bool => "bool",
    }
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) | Type::Pixel(scalar, 1) => scalar_name(*scalar).to_owned(),
        Type::Pixel(scalar, channels) => format!("vec{channels}<{}>", scalar_name(*scalar)),
        Type::Unit | Type::Tuple(_) | Type::Table(..) => String::new(),
    }
}

fn atomic_name(op: AtomicOp) -> &'static str {
    match op {
        AtomicOp::Load => "load",
        AtomicOp::Add => "add",
        AtomicOp::Min => "min",
        AtomicOp::Max => "max",
        AtomicOp::And => "and",
        AtomicOp::Or => "or",
        AtomicOp::Xor => "xor",
        AtomicOp::Exchange => "exchange",
        AtomicOp::CompareExchange => "compare_exchange",
    }
}
