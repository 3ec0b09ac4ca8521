//! A compute module around the emitted functions.
//!
//! One buffer in, one out, a word for each scalar: what the library's own assembler does with types and bindings is left
//! to the library's tests, so that a kernel is one dispatch here and nothing else can be wrong.

use std::fmt::Write;

use manylane_compiler::emit_wgsl::{self, Piece};
use manylane_compiler::ir::{Kernel, ParamKind};
use manylane_compiler::types::{Scalar, Type};

use crate::compile::Compiled;
use crate::inputs::{Inputs, given, word};
use crate::interpret::parts_of;
use crate::program::Function;

/// A module and what it reads.
pub struct Module {
    pub text: String,
    pub input: Vec<u32>,
    /// Words that each place writes: its scalars, and a status.
    pub stride: usize,
}

/// Invocations of a workgroup.
pub const GROUP: usize = 64;
/// Turns of loops after which a place gives up.
const TURNS: u32 = 1 << 20;

/// The status of a place whose index was out of range, and of one that gave up.
pub const FAULT: u32 = 1;
pub const GAVE_UP: u32 = 2;

/// The module that runs the last of the functions.
///
/// # Errors
/// Where a fragment holds what no generated kernel has.
pub fn module(compiled: &[Compiled], main: &Function, inputs: &Inputs) -> Result<Module, String> {
    let mut text = String::from(PRELUDE);
    text.push_str(include_str!("../../shaders/prelude/numeric.wgsl"));
    text.push_str(include_str!("../../shaders/prelude/integer.wgsl"));
    // The first word is the zero that is hidden from the compiler.
    let mut input = vec![0u32];
    let mut arguments = Vec::new();
    for (at, (param, values)) in main.params.iter().zip(&inputs.values).enumerate() {
        let first = input.len();
        input.extend(values.iter().map(|value| word(*value) as u32));
        let parts = parts_of(&param.ty);
        match param.kind {
            ParamKind::Index => arguments.push("i".to_owned()),
            ParamKind::Cell => {
                arguments.push(format!("vec2<u32>(i % ml_size({0}u), i / ml_size({0}u))", inputs.width));
            }
            ParamKind::Uniform => arguments.push(load(&param.ty, &format!("{first}u"))),
            ParamKind::Slice | ParamKind::Table => {
                let parts = if param.kind == ParamKind::Table { 1 } else { parts };
                let length = values.len() / parts;
                let ty = if let Type::Table(scalar, _) = param.ty {
                    Type::Scalar(scalar)
                } else {
                    param.ty.clone()
                };
                let value =
                    load(&ty, &format!("({first}u + ml_index(i, ml_size({length}u), 0u) * {parts}u)"));
                let _ = write!(
                    text,
                    "fn ml_len_{at}() -> u32 {{ return ml_size({length}u); }}\nfn ml_item_{at}(i: u32) -> {} {{ return {value}; }}\n",
                    name_of(&ty)
                );
            }
            ParamKind::Picture => {
                let (ty, width, height) = (&param.ty, inputs.width, inputs.height);
                let value = load(ty, &format!("({first}u + (u32(row) * {width}u + u32(column)) * {parts}u)"));
                let _ = write!(
                    text,
                    "fn ml_width_{at}() -> u32 {{ return ml_size({width}u); }}
fn ml_height_{at}() -> u32 {{ return ml_size({height}u); }}
fn ml_at_{at}(x: i32, y: i32) -> {0} {{
    let column = clamp(x, 0i, {width}i - 1i);
    let row = clamp(y, 0i, {height}i - 1i);
    return {value};
}}
fn ml_near_{at}(own: vec2<u32>, dx: i32, dy: i32) -> {0} {{
    return ml_at_{at}(ml_moved(own.x, dx), ml_moved(own.y, dy));
}}
",
                    name_of(ty)
                );
            }
            _ => arguments.push(load(&param.ty, &format!("({first}u + i * {parts}u)"))),
        }
    }
    for one in compiled {
        link(&mut text, one.name.as_str(), &one.kernel)?;
    }
    let scalars = given(&main.result, &main.params);
    let stride = scalars.len() + 1;
    let in_place =
        main.params.iter().filter(|param| param.kind == ParamKind::InPlace).map(|param| param.ty.clone());
    let returned: Vec<Type> = main.result.elements().into_iter().chain(in_place).collect();
    let _ = write!(
        text,
        "@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {{
    let i = id.x;
    if (i >= ml_size({}u)) {{ return; }}
    ml_zero = ml_in[0];
    let all = f_{}({});
",
        inputs.places(),
        main.name,
        arguments.join(", ")
    );
    let mut at = 0;
    for (part, ty) in returned.iter().enumerate() {
        let field = if returned.len() == 1 { String::new() } else { format!(".r{part}") };
        for channel in 0..parts_of(ty) {
            let lane = if parts_of(ty) == 1 { "" } else { [".x", ".y", ".z", ".w"][channel] };
            let _ = writeln!(text, "    ml_out[i * {stride}u + {at}u] = bitcast<u32>(all{field}{lane});");
            at += 1;
        }
    }
    let _ = writeln!(text, "    ml_out[i * {stride}u + {at}u] = ml_state;\n}}");
    Ok(Module { text: text.replace("TURNS", &TURNS.to_string()), input, stride })
}

/// What the assembler of a shader defines; an index out of range is told and reads the first place.
const PRELUDE: &str = "@group(0) @binding(0) var<storage, read> ml_in: array<u32>;
@group(0) @binding(1) var<storage, read_write> ml_out: array<u32>;
var<private> ml_state: u32 = 0u;
var<private> ml_turns: u32 = 0u;
fn ml_turn() -> bool {
    ml_turns += 1u;
    if (ml_turns > ml_size(TURNSu)) {
        ml_state |= 2u;
        return true;
    }
    return false;
}
fn ml_index(i: u32, length: u32, name: u32) -> u32 {
    if (i >= length) {
        ml_state |= 1u;
        return 0u;
    }
    return i;
}
// Sizes come with the data in a launch: a driver that knew them would know what kernels compute.
fn ml_size(n: u32) -> u32 { return n ^ ml_in[0]; }
// `at + way` where the sum is a column or row; its nearest end where it lies past them.
fn ml_moved(at: u32, way: i32) -> i32 {
    if (way > 0i) { return i32(min(at + u32(way), 0x7fffffffu)); }
    return i32(at) + way;
}
";

fn link(text: &mut String, name: &str, kernel: &Kernel) -> Result<(), String> {
    for piece in emit_wgsl::fragment(kernel).0 {
        match piece {
            Piece::Text(part) => text.push_str(&part),
            Piece::Me => {
                let _ = write!(text, "f_{name}");
            }
            Piece::Call(path) => {
                let last = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                let _ = write!(text, "f_{last}");
            }
            Piece::Math(name) => return Err(format!("`{name}` is not assembled")),
            Piece::Const(..) => return Err("constants of outside are not assembled".into()),
        }
    }
    Ok(())
}

fn lane(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::F32 => "f32",
        scalar if scalar.is_signed() => "i32",
        _ => "u32",
    }
}

fn name_of(ty: &Type) -> String {
    match ty {
        Type::Pixel(scalar, channels) => format!("vec{channels}<{}>", lane(*scalar)),
        other => lane(other.scalars()[0]).to_owned(),
    }
}

/// The element whose first word is at `first`.
fn load(ty: &Type, first: &str) -> String {
    let scalars = ty.scalars();
    let word = |at: usize| format!("bitcast<{}>(ml_in[{first} + {at}u])", lane(scalars[at]));
    if scalars.len() == 1 {
        return word(0);
    }
    let words: Vec<String> = (0..scalars.len()).map(word).collect();
    format!("{}({})", name_of(ty), words.join(", "))
}
