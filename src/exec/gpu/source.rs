//! The WGSL of one launch: the linked kernel, how its parameters are fetched, and a loop around it.
//!
//! Parameters travel in one uniform block of four-word slots: slot 0 holds the number of places, the first place, and the
//! domain's width and height; slot 1 the loop budget and the identity of a fold; then one slot for each uniform,
//! constant or picture. Arrays are bound from the first place on, pictures whole.

use std::fmt::Write;

use crate::exec::fold::FoldText;
use crate::exec::gpu::{access, blocks};
use crate::kernel::{Chain, Fragment, KernelInfo, ParamInfo, ParamKind};
use crate::shape::{ElementType, ScalarType};

/// Slots before those of the parameters.
pub(crate) const FIXED_SLOTS: usize = 2;

/// How the value of a parameter reaches the shader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// In a slot of the uniform block.
    Slot,
    /// In a binding.
    Bound,
    /// Of a picture, some rows in a binding; the first of their cells is the last word of slot 1.
    Rows,
}

/// What a shader is assembled from.
pub(crate) struct Source<'s> {
    pub info: &'s KernelInfo,
    pub wgsl: &'static Fragment,
    /// The kernels that its value goes through.
    pub chain: Option<&'static Chain>,
    /// For each passed parameter, in order.
    pub forms: &'s [Form],
    /// Whether the domain has rows.
    pub grid: bool,
    /// Invocations of a workgroup.
    pub workgroup: u32,
    pub fold: Option<FoldText>,
}

impl Source<'_> {
    /// Places that one invocation computes: four where bytes are written, so that it owns whole words.
    pub fn places(&self) -> u32 {
        let bytes = |element: &ElementType| element.scalar.bytes() < 4;
        let written = self.fold.is_none() && self.info.results.iter().any(bytes)
            || self.info.params.iter().any(|p| p.kind == ParamKind::InPlace && bytes(&p.element));
        if written { 4 } else { 1 }
    }

    /// The whole module; its entry point is `main`.
    pub fn assemble(&self) -> String {
        let mut text = String::new();
        for prelude in super::PRELUDE {
            text.push_str(prelude);
        }
        let slots = FIXED_SLOTS + self.slots();
        let _ = writeln!(text, "struct MlParams {{ slots: array<vec4<u32>, {slots}> }}");
        let _ = writeln!(text, "@group(0) @binding(0) var<uniform> ml_params: MlParams;");
        let mut binding = 1;
        let mut inputs = String::new();
        let mut slot = FIXED_SLOTS;
        let mut passed = 0;
        let mut arguments: Vec<String> = Vec::new();
        for (k, param) in self.info.params.iter().enumerate() {
            match param.kind {
                ParamKind::Cell if self.grid => {
                    arguments.push("vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z)".into());
                    continue;
                }
                ParamKind::Cell => {
                    arguments.push("vec2<u32>(p, 0u)".into());
                    continue;
                }
                ParamKind::Index => {
                    arguments.push("p".into());
                    continue;
                }
                _ => {}
            }
            let form = self.forms[passed];
            passed += 1;
            match param.kind {
                ParamKind::Table => {
                    access::table(&mut inputs, k, param, slot);
                    slot += param.length.div_ceil(4);
                    continue;
                }
                ParamKind::Random => {
                    access::generator(&mut inputs, k, slot);
                    slot += 1;
                    continue;
                }
                ParamKind::Atomics => {
                    access::shared(&mut inputs, k, param.element, binding);
                    binding += 1;
                    continue;
                }
                _ => {}
            }
            if form == Form::Slot {
                arguments.push(from_slot(param.element, slot));
                slot += 1;
                continue;
            }
            let access = if param.kind == ParamKind::InPlace { "read_write" } else { "read" };
            declare(&mut inputs, binding, access, &format!("ml_a{k}"), param.element);
            load_function(&mut inputs, k, param.element);
            match param.kind {
                ParamKind::Picture => {
                    access::picture(&mut inputs, k, param.element, slot, form == Form::Rows);
                    slot += 1;
                }
                ParamKind::Slice => {
                    access::slice(&mut inputs, k, param.element, slot);
                    slot += 1;
                }
                _ => arguments.push(format!("ml_load_{k}(i)")),
            }
            binding += 1;
        }
        if let Some(fold) = &self.fold {
            binding = fold.pass.declare(&mut text, binding, self.info.results[0]);
        } else {
            for (k, result) in self.info.results.iter().enumerate() {
                declare(&mut text, binding, "read_write", &format!("ml_r{k}"), *result);
                binding += 1;
            }
        }
        if self.reports() {
            let _ = writeln!(
                text,
                "@group(0) @binding({binding}) var<storage, read_write> ml_status: array<atomic<u32>>;"
            );
        }
        if self.counts_turns() {
            text.push_str(TURN);
        }
        if self.faults() {
            text.push_str(access::FAULT);
        }
        text.push_str(&inputs);
        text.push_str(&Fragment::link_all(self.fragments()));
        self.value_function(&mut text, &arguments);
        match &self.fold {
            Some(fold) => self.fold_main(&mut text, fold),
            None => self.map_main(&mut text),
        }
        text
    }

    /// The kernels that the module calls.
    fn fragments(&self) -> impl Iterator<Item = &'static Fragment> {
        let fold = self.fold.and_then(|fold| fold.callee);
        std::iter::once(self.wgsl).chain(Chain::each(self.chain)).chain(fold)
    }

    /// Whether the shader has something to tell: a budget that is spent, or an index out of range.
    pub fn reports(&self) -> bool {
        self.counts_turns() || self.faults()
    }

    /// Whether some loop runs against the budget.
    fn counts_turns(&self) -> bool {
        self.fragments().any(|fragment| fragment.mentions("ml_turn()"))
    }

    /// Whether something is indexed that may be too short.
    fn faults(&self) -> bool {
        // A generator asks for its place, which the same text keeps.
        let indexed = |param: &ParamInfo| {
            matches!(param.kind, ParamKind::Slice | ParamKind::Table | ParamKind::Atomics | ParamKind::Random)
        };
        self.info.params.iter().any(indexed)
            || self.fragments().any(|fragment| fragment.mentions("ml_index("))
    }

    /// The first line of `main`: a module in which the bits of single operations count hides a zero from the compiler.
    fn hide_zero(&self) -> &'static str {
        let folds = self.fold.is_some() && self.info.results[0].scalar == ScalarType::F32;
        if folds || self.fragments().any(|fragment| fragment.mentions("ml_keep(")) {
            "    ml_zero = ml_params.slots[1].z;\n"
        } else {
            ""
        }
    }

    /// Slots that parameters take.
    fn slots(&self) -> usize {
        let own = self.info.params.iter().map(|param| match param.kind {
            ParamKind::Picture | ParamKind::Slice => 1,
            ParamKind::Table => param.length.div_ceil(4),
            _ => 0,
        });
        let pass = self.fold.is_some_and(|fold| fold.pass.has_slot);
        self.forms.iter().filter(|form| **form == Form::Slot).count() + own.sum::<usize>() + usize::from(pass)
    }

    /// The types of what the linked function returns: results, then in-place values.
    fn returned(&self) -> Vec<ElementType> {
        let in_place = self.info.params.iter().filter(|p| p.kind == ParamKind::InPlace).map(|p| p.element);
        self.info.results.iter().copied().chain(in_place).collect()
    }

    fn value_function(&self, text: &mut String, arguments: &[String]) {
        let name = self.wgsl.linked_name();
        let returned = self.returned();
        let result = match returned.as_slice() {
            _ if self.chain.is_some() => format!(" -> {}", lane_type(self.info.results[0])),
            [] => String::new(),
            [one] => format!(" -> {}", lane_type(*one)),
            _ => format!(" -> {name}_out"),
        };
        let turns = if self.counts_turns() { "    ml_turns = 0u;\n" } else { "" };
        let place = if self.faults() { "    ml_place = p;\n" } else { "" };
        let call = format!("{name}({})", arguments.join(", "));
        let call = Chain::each(self.chain).fold(call, |call, next| format!("{}({call})", next.linked_name()));
        let call = if returned.is_empty() { call } else { format!("return {call}") };
        let _ = write!(
            text,
            "fn ml_value(i: u32){result} {{\n{turns}    let p = ml_params.slots[0].y + i;\n{place}    {call};\n}}\n"
        );
    }

    fn map_main(&self, text: &mut String) {
        let places = self.places();
        let _ = write!(
            text,
            "@compute @workgroup_size({})\nfn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {{\n{}    let first = ((group.y * groups.x + group.x) * {}u + lane) * {places}u;\n    if (first >= ml_params.slots[0].x) {{ return; }}\n",
            self.workgroup,
            self.hide_zero(),
            self.workgroup
        );
        let returned = self.returned();
        for k in 0..places {
            let at = match k {
                0 => "first".to_owned(),
                _ => format!("min(first + {k}u, ml_params.slots[0].x - 1u)"),
            };
            let keep = if returned.is_empty() { String::new() } else { format!("let v{k} = ") };
            let _ = writeln!(text, "    {keep}ml_value({at});");
        }
        let in_place = self.info.params.iter().enumerate().filter(|(_, p)| p.kind == ParamKind::InPlace);
        let names = (0..self.info.results.len())
            .map(|k| format!("ml_r{k}"))
            .chain(in_place.map(|(k, _)| format!("ml_a{k}")));
        for (k, (name, element)) in names.zip(&returned).enumerate() {
            let field = if returned.len() == 1 { String::new() } else { format!(".r{k}") };
            store(text, &name, *element, places, &field);
        }
        text.push_str("}\n");
    }

    fn fold_main(&self, text: &mut String, fold: &FoldText) {
        let turns = if self.counts_turns() { "ml_turns = 0u; " } else { "" };
        let slot = FIXED_SLOTS + self.slots() - 1;
        blocks::main(text, fold, self.info.results[0], self.hide_zero(), turns, slot);
    }
}

/// The loop budget: a body that spends it says so and ends, and those that still run or have yet to begin end soon after.
const TURN: &str = "var<private> ml_turns: u32 = 0u;
var<private> ml_spent: bool = false;
fn ml_turn() -> bool {
    ml_turns += 1u;
    if ((ml_turns & 1023u) == 0u || ml_turns > ml_params.slots[1].x) {
        if (ml_turns > ml_params.slots[1].x) { atomicOr(&ml_status[0], 1u); }
        ml_spent = ml_spent || (atomicLoad(&ml_status[0]) & 1u) != 0u;
    }
    return ml_spent;
}
";

/// The type that a value has in the kernel's function.
pub(super) fn lane_type(element: ElementType) -> String {
    let scalar = match element.scalar {
        ScalarType::U8 | ScalarType::U16 => "u32",
        ScalarType::I8 | ScalarType::I16 => "i32",
        ScalarType::F16 => "f32",
        other => other.name(),
    };
    if element.channels == 1 { scalar.to_owned() } else { format!("vec{}<{scalar}>", element.channels) }
}

/// Whether elements of this type lie several to a word.
fn is_narrow(element: ElementType) -> bool {
    element.scalar.bytes() < 4
}

/// Whether a pixel of this type is one load.
fn is_vector(element: ElementType) -> bool {
    !is_narrow(element) && matches!(element.channels, 2 | 4)
}

fn declare(text: &mut String, binding: usize, access: &str, name: &str, element: ElementType) {
    let stored = match element {
        _ if is_narrow(element) => "u32".to_owned(),
        _ if is_vector(element) => lane_type(element),
        _ => lane_type(ElementType::scalar(element.scalar)),
    };
    let _ = writeln!(text, "@group(0) @binding({binding}) var<storage, {access}> {name}: array<{stored}>;");
}

pub(super) fn from_slot(element: ElementType, slot: usize) -> String {
    let word = |channel: usize| {
        let word = format!("ml_params.slots[{slot}].{}", ["x", "y", "z", "w"][channel]);
        match element.scalar {
            ScalarType::F32 | ScalarType::F16 => format!("bitcast<f32>({word})"),
            ScalarType::I32 | ScalarType::I16 | ScalarType::I8 => format!("bitcast<i32>({word})"),
            _ => word,
        }
    };
    channels(element, word)
}

/// One value, or a vector of the channels.
pub(super) fn channels(element: ElementType, channel: impl Fn(usize) -> String) -> String {
    match element.channels {
        1 => channel(0),
        n => format!("{}({})", lane_type(element), (0..n).map(channel).collect::<Vec<_>>().join(", ")),
    }
}

fn load_function(text: &mut String, k: usize, element: ElementType) {
    let value = if is_vector(element) {
        format!("ml_a{k}[i]")
    } else {
        let n = element.channels;
        channels(element, |channel| {
            let at = if n == 1 { "i".to_owned() } else { format!("i * {n}u + {channel}u") };
            let byte = format!("ml_a{k}[({at}) >> 2u] >> ((({at}) & 3u) * 8u)");
            let half = format!("ml_a{k}[({at}) >> 1u] >> ((({at}) & 1u) * 16u)");
            match element.scalar {
                ScalarType::U8 => format!("(({byte}) & 0xffu)"),
                ScalarType::I8 => format!("(bitcast<i32>(({byte}) << 24u) >> 24u)"),
                ScalarType::U16 => format!("(({half}) & 0xffffu)"),
                ScalarType::I16 => format!("(bitcast<i32>(({half}) << 16u) >> 16u)"),
                ScalarType::F16 => format!("ml_f16_to_f32(({half}) & 0xffffu)"),
                _ => format!("ml_a{k}[{at}]"),
            }
        })
    };
    let _ = writeln!(text, "fn ml_load_{k}(i: u32) -> {} {{ return {value}; }}", lane_type(element));
}

/// Writes the values `v0…` of the places from `first` on.
fn store(text: &mut String, name: &str, element: ElementType, places: u32, field: &str) {
    let n = element.channels as u32;
    let channel = |value: u32, channel: u32| {
        let part =
            if n == 1 { String::new() } else { format!(".{}", ["x", "y", "z", "w"][channel as usize]) };
        format!("v{value}{field}{part}")
    };
    if is_narrow(element) {
        // Four places are whole words; one that holds nothing of the launch is not written.
        let bytes = element.scalar.bytes() as u32;
        let per = 4 / bytes;
        for word in 0..n * bytes {
            let parts: Vec<String> = (0..per)
                .map(|part| {
                    let at = word * per + part;
                    let value = channel(at / n, at % n);
                    let bits = match element.scalar {
                        ScalarType::F16 => format!("ml_f32_to_f16({value})"),
                        _ => format!("(u32({value}) & {}u)", if bytes == 1 { 0xff } else { 0xffff }),
                    };
                    format!("({bits} << {}u)", part * bytes * 8)
                })
                .collect();
            let _ = writeln!(
                text,
                "    if (first + {}u < ml_params.slots[0].x) {{ {name}[(first >> 2u) * {}u + {word}u] = {}; }}",
                word * per / n,
                n * bytes,
                parts.join(" | ")
            );
        }
        return;
    }
    for value in 0..places {
        let indent = if value == 0 {
            "    ".to_owned()
        } else {
            format!("    if (first + {value}u < ml_params.slots[0].x) {{ ")
        };
        let end = if value == 0 { "" } else { " }" };
        if n == 1 || is_vector(element) {
            let _ = writeln!(text, "{indent}{name}[first + {value}u] = v{value}{field};{end}");
        } else {
            for c in 0..n {
                let _ = writeln!(
                    text,
                    "{indent}{name}[(first + {value}u) * {n}u + {c}u] = {};{end}",
                    channel(value, c)
                );
            }
        }
    }
}
