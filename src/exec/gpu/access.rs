//! WGSL for what a body reaches beside its own element, under the names that its text calls: slices, uniform arrays,
//! pictures, shared places, generators. Whatever is out of range is told, gives zeros, and touches nothing.

use std::fmt::Write;

use super::source::{channels, lane_type};
use crate::kernel::ParamInfo;
use crate::shape::{ElementType, ScalarType};

/// The status is a flag, the lowest place (as what is missing from it to the highest number, for the words begin as 0), a
/// lock, and what happened there. Faults are rare and few keep the lock waited for: only a lower place writes.
pub(super) const FAULT: &str = "var<private> ml_place: u32 = 0u;
fn ml_fault(array: u32, index: u32, len: u32) {
    atomicOr(&ml_status[0], 2u);
    let key = 0xffffffffu - ml_place;
    for (var tries = 0u; tries < 65536u; tries += 1u) {
        if (key <= atomicLoad(&ml_status[1])) { return; }
        if (atomicCompareExchangeWeak(&ml_status[2], 0u, 1u).exchanged) {
            if (key > atomicLoad(&ml_status[1])) {
                atomicStore(&ml_status[1], key);
                atomicStore(&ml_status[3], array);
                atomicStore(&ml_status[4], index);
                atomicStore(&ml_status[5], len);
            }
            atomicStore(&ml_status[2], 0u);
            return;
        }
    }
}
fn ml_index(i: u32, len: u32, array: u32) -> u32 {
    if (i < len) { return i; }
    ml_fault(array, i, len);
    return 0u;
}
";

/// The zero of an element's type.
fn zero(element: ElementType) -> String {
    format!("{}()", lane_type(element))
}

/// `xs[i]` and `xs.len()`; the length stands in the slot.
pub(super) fn slice(text: &mut String, k: usize, element: ElementType, slot: usize) {
    let (ty, zero) = (lane_type(element), zero(element));
    let _ = write!(
        text,
        "fn ml_len_{k}() -> u32 {{ return ml_params.slots[{slot}].x; }}
fn ml_item_{k}(i: u32) -> {ty} {{
    if (i < ml_len_{k}()) {{ return ml_load_{k}(i); }}
    ml_fault({k}u, i, ml_len_{k}());
    return {zero};
}}
"
    );
}

/// `t[i]` of a uniform array, four in a slot.
pub(super) fn table(text: &mut String, k: usize, param: &ParamInfo, slot: usize) {
    let (ty, zero, length) = (lane_type(param.element), zero(param.element), param.length);
    let word = format!("ml_params.slots[{slot}u + (i >> 2u)][i & 3u]");
    let value = match param.element.scalar {
        ScalarType::F32 => format!("bitcast<f32>({word})"),
        ScalarType::I32 => format!("bitcast<i32>({word})"),
        _ => word,
    };
    let _ = write!(
        text,
        "fn ml_item_{k}(i: u32) -> {ty} {{
    if (i < {length}u) {{ return {value}; }}
    ml_fault({k}u, i, {length}u);
    return {zero};
}}
"
    );
}

/// A picture: width, height, what is outside, and the value there if that is constant.
pub(super) fn picture(text: &mut String, k: usize, element: ElementType, slot: usize, rows: bool) {
    let behind = if rows { " - ml_params.slots[1].w" } else { "" };
    let ty = lane_type(element);
    let outside = channels(element, |_| {
        let word = format!("ml_params.slots[{slot}].w");
        match element.scalar {
            ScalarType::F32 | ScalarType::F16 => format!("bitcast<f32>({word})"),
            ScalarType::I32 | ScalarType::I16 | ScalarType::I8 => format!("bitcast<i32>({word})"),
            _ => word,
        }
    });
    let _ = write!(
        text,
        "fn ml_width_{k}() -> u32 {{ return ml_params.slots[{slot}].x; }}
fn ml_height_{k}() -> u32 {{ return ml_params.slots[{slot}].y; }}
fn ml_at_{k}(x: i32, y: i32) -> {ty} {{
    let w = i32(ml_width_{k}());
    let h = i32(ml_height_{k}());
    if (x >= 0 && y >= 0 && x < w && y < h) {{ return ml_load_{k}(u32(y * w + x){behind}); }}
    let border = ml_params.slots[{slot}].z;
    if (border == 1u) {{ return {outside}; }}
    return ml_load_{k}(u32(ml_border(y, h, border) * w + ml_border(x, w, border)){behind});
}}
fn ml_near_{k}(at: vec2<u32>, dx: i32, dy: i32) -> {ty} {{
    let w = ml_width_{k}();
    let h = ml_height_{k}();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) {{ return ml_load_{k}(y * w + x{behind}); }}
    let border = ml_params.slots[{slot}].z;
    return ml_at_{k}(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}}
"
    );
}

/// The words of a place's generator, a block of four at a time; the seed stands in the slot.
pub(super) fn generator(text: &mut String, k: usize, slot: usize) {
    let _ = write!(
        text,
        "\
var<private> ml_block_{k}: vec4<u32>;
var<private> ml_block_of_{k}: vec2<u32> = vec2<u32>(0u, 0xffffffffu);
fn ml_draw_{k}(drawn: u32) -> u32 {{
    let wanted = vec2<u32>(ml_place, drawn >> 2u);
    if (any(wanted != ml_block_of_{k})) {{
        ml_block_{k} = ml_philox(wanted.x, wanted.y, ml_params.slots[{slot}].xy);
        ml_block_of_{k} = wanted;
    }}
    return ml_word(ml_block_{k}, drawn);
}}
"
    );
}

/// The updates of shared places; floats go through their bits, in a loop around a compare-exchange.
pub(super) fn shared(text: &mut String, k: usize, element: ElementType, binding: usize) {
    let ty = lane_type(element);
    let float = element.scalar == ScalarType::F32;
    let held = if float { "u32".to_owned() } else { ty.clone() };
    let _ = writeln!(
        text,
        "@group(0) @binding({binding}) var<storage, read_write> ml_a{k}: array<atomic<{held}>>;
fn ml_len_{k}() -> u32 {{ return arrayLength(&ml_a{k}); }}
fn ml_has_{k}(i: u32) -> bool {{
    if (i < ml_len_{k}()) {{ return true; }}
    ml_fault({k}u, i, ml_len_{k}());
    return false;
}}"
    );
    let of = |word: &str| if float { format!("bitcast<f32>({word})") } else { word.to_owned() };
    let load = of(&format!("atomicLoad(&ml_a{k}[i])"));
    let _ = writeln!(
        text,
        "fn ml_load_{k}(i: u32) -> {ty} {{ if (ml_has_{k}(i)) {{ return {load}; }} return {ty}(); }}"
    );
    if float {
        for (name, step) in [("add", "old + v"), ("min", "ml_min(old, v)"), ("max", "ml_max(old, v)")] {
            let _ = writeln!(
                text,
                "fn ml_{name}_{k}(i: u32, v: f32) -> f32 {{
    if (!ml_has_{k}(i)) {{ return 0.0; }}
    var bits = atomicLoad(&ml_a{k}[i]);
    loop {{
        let old = bitcast<f32>(bits);
        let found = atomicCompareExchangeWeak(&ml_a{k}[i], bits, bitcast<u32>({step}));
        if (found.exchanged) {{ return old; }}
        bits = found.old_value;
    }}
    return 0.0;
}}"
            );
        }
        return;
    }
    for (name, step) in [
        ("add", "Add"),
        ("min", "Min"),
        ("max", "Max"),
        ("and", "And"),
        ("or", "Or"),
        ("xor", "Xor"),
        ("exchange", "Exchange"),
    ] {
        let _ = writeln!(
            text,
            "fn ml_{name}_{k}(i: u32, v: {ty}) -> {ty} {{ if (ml_has_{k}(i)) {{ return atomic{step}(&ml_a{k}[i], v); }} \
             return {ty}(); }}"
        );
    }
    let _ = writeln!(
        text,
        "fn ml_compare_exchange_{k}(i: u32, expected: {ty}, v: {ty}) -> {ty} {{
    if (!ml_has_{k}(i)) {{ return {ty}(); }}
    loop {{
        let found = atomicCompareExchangeWeak(&ml_a{k}[i], expected, v);
        if (found.exchanged || found.old_value != expected) {{ return found.old_value; }}
    }}
    return {ty}();
}}"
    );
}
