//! Shaders that work on a launch's values block by block: a kernel's function, an operation, and a pass around them.
//!
//! A pass is a file of `shaders/passes/`. In it `ML_T` is the type of the values, `ML_VALUE` the value of place `i`,
//! `ML_SLOT` the number of its own slot of the uniform block; `ml_fold` and `ml_identity` are the operation's.

use std::fmt::Write;

use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::Result;
use crate::exec::driver::Config;
use crate::exec::fold::{FoldText, Folded};
use crate::exec::gpu::assembly::{Assembly, Plain};
use crate::exec::gpu::source::lane_type;
use crate::kernel::{Binding, Kernel, Output, Params};
use crate::shape::{Domain, ElementType, ScalarType, Span};

/// A pass: its text, and what it binds behind the kernel's arguments.
pub struct BlockPass {
    /// For labels and cache keys.
    pub name: &'static str,
    pub text: &'static str,
    pub bindings: &'static [PassBinding],
    /// Whether it has a slot of the uniform block.
    pub has_slot: bool,
    /// Whether its kernel says of one value whether it is wanted, `ML_WANTED(x)`, and is no operation on two.
    pub asks: bool,
}

/// An array that a pass reads or writes.
pub struct PassBinding {
    pub name: &'static str,
    pub written: bool,
    pub of: Of,
}

/// What it holds.
#[derive(Clone, Copy)]
pub enum Of {
    /// Values of the launch.
    Values,
    /// Words.
    Words,
    /// Words that several invocations update.
    Counters,
}

impl PassBinding {
    pub const fn read(name: &'static str, of: Of) -> Self {
        PassBinding { name, written: false, of }
    }
    pub const fn write(name: &'static str, of: Of) -> Self {
        PassBinding { name, written: true, of }
    }
}

/// One value for each block, by the fixed tree.
pub(crate) static FOLD: BlockPass = BlockPass {
    name: "fold",
    text: include_str!("../../../shaders/passes/fold.wgsl"),
    bindings: &[PassBinding::write("ml_out", Of::Values)],
    has_slot: false,
    asks: false,
};

/// Count, least, greatest and three sums of each block.
pub(crate) static MOMENTS: BlockPass = BlockPass {
    name: "moments",
    text: include_str!("../../../shaders/passes/moments.wgsl"),
    bindings: &[PassBinding::write("ml_out", Of::Words)],
    has_slot: true,
    asks: false,
};

/// The exact sum of each block, in words.
pub(crate) static EXACT: BlockPass = BlockPass {
    name: "exact",
    text: include_str!("../../../shaders/passes/exact.wgsl"),
    bindings: &[PassBinding::write("ml_out", Of::Words)],
    has_slot: false,
    asks: false,
};

/// How many values fall into each bin, where they are its number.
pub(crate) static HISTOGRAM: BlockPass = BlockPass {
    name: "histogram",
    text: concat!(
        "fn ml_bin(x: u32) -> u32 { return x; }\n",
        include_str!("../../../shaders/passes/histogram.wgsl")
    ),
    bindings: &[PassBinding::write("ml_out", Of::Counters)],
    has_slot: true,
    asks: false,
};

/// The same, of even bins.
pub(crate) static HISTOGRAM_EVEN: BlockPass = BlockPass {
    name: "histogram_even",
    text: concat!(
        include_str!("../../../shaders/passes/bins_even.wgsl"),
        include_str!("../../../shaders/passes/histogram.wgsl")
    ),
    bindings: &[PassBinding::write("ml_out", Of::Counters)],
    has_slot: true,
    asks: false,
};

/// The same, of bins between edges.
pub(crate) static HISTOGRAM_BETWEEN: BlockPass = BlockPass {
    name: "histogram_between",
    text: concat!(
        include_str!("../../../shaders/passes/bins_between.wgsl"),
        include_str!("../../../shaders/passes/histogram.wgsl")
    ),
    bindings: &[PassBinding::write("ml_out", Of::Counters), PassBinding::read("ml_edges", Of::Values)],
    has_slot: true,
    asks: false,
};

/// What each segment comes to.
pub(crate) static SEGMENTS: BlockPass = BlockPass {
    name: "segments",
    text: include_str!("../../../shaders/passes/segments.wgsl"),
    bindings: &[PassBinding::read("ml_starts", Of::Words), PassBinding::write("ml_out", Of::Values)],
    has_slot: true,
    asks: false,
};

/// What each column of a strip of rows comes to.
pub(crate) static COLUMNS: BlockPass = BlockPass {
    name: "columns",
    text: include_str!("../../../shaders/passes/columns.wgsl"),
    bindings: &[PassBinding::write("ml_out", Of::Values)],
    has_slot: true,
    asks: false,
};

/// Each segment scanned.
pub(crate) static SCAN_SEGMENTS: BlockPass = BlockPass {
    name: "scan_segments",
    text: include_str!("../../../shaders/passes/scan_segments.wgsl"),
    bindings: &[PassBinding::read("ml_starts", Of::Words), PassBinding::write("ml_out", Of::Values)],
    has_slot: true,
    asks: false,
};

/// Totals of strips of rows become what stands in front of them.
pub(crate) static SCAN_STRIPS: BlockPass = BlockPass {
    name: "scan_strips",
    text: include_str!("../../../shaders/passes/scan_strips.wgsl"),
    bindings: &[PassBinding::read("ml_before", Of::Values), PassBinding::write("ml_out", Of::Values)],
    has_slot: true,
    asks: false,
};

/// Each column of a strip of rows scanned.
pub(crate) static SCAN_COLUMNS: BlockPass = BlockPass {
    name: "scan_columns",
    text: include_str!("../../../shaders/passes/scan_columns.wgsl"),
    bindings: &[PassBinding::read("ml_prefix", Of::Values), PassBinding::write("ml_out", Of::Values)],
    has_slot: true,
    asks: false,
};

/// What a scatter binds.
const SCATTERED: &[PassBinding] = &[
    PassBinding::read("ml_places", Of::Words),
    PassBinding::write("ml_out", Of::Counters),
    PassBinding::write("ml_beyond", Of::Counters),
];

/// Every value joined to the place that is named for it.
pub(crate) static SCATTER: BlockPass = BlockPass {
    name: "scatter",
    text: concat!(
        include_str!("../../../shaders/passes/scatter_join.wgsl"),
        include_str!("../../../shaders/passes/scatter.wgsl")
    ),
    bindings: SCATTERED,
    has_slot: true,
    asks: false,
};

/// The same of integers that are added.
pub(crate) static SCATTER_ADD: BlockPass = BlockPass {
    name: "scatter_add",
    text: concat!(
        include_str!("../../../shaders/passes/scatter_add.wgsl"),
        include_str!("../../../shaders/passes/scatter.wgsl")
    ),
    bindings: SCATTERED,
    has_slot: true,
    asks: false,
};

/// For each block its total, and what its last result is made of.
pub(crate) static SCAN_TOTALS: BlockPass = BlockPass {
    name: "scan_totals",
    text: include_str!("../../../shaders/passes/scan_totals.wgsl"),
    bindings: &[PassBinding::write("ml_out", Of::Values), PassBinding::write("ml_ends", Of::Values)],
    has_slot: false,
    asks: false,
};

/// Totals of blocks become what stands in front of them among 256.
pub(crate) static SCAN_CHAIN: BlockPass = BlockPass {
    name: "scan_chain",
    text: include_str!("../../../shaders/passes/scan_chain.wgsl"),
    bindings: &[PassBinding::write("ml_out", Of::Values), PassBinding::write("ml_chains", Of::Values)],
    has_slot: true,
    asks: false,
};

/// And then what stands in front of them among all.
pub(crate) static SCAN_JOIN: BlockPass = BlockPass {
    name: "scan_join",
    text: include_str!("../../../shaders/passes/scan_join.wgsl"),
    bindings: &[PassBinding::write("ml_out", Of::Values), PassBinding::read("ml_chains", Of::Values)],
    has_slot: true,
    asks: false,
};

/// The results, behind the prefix of each block.
pub(crate) static SCAN_WRITE: BlockPass = BlockPass {
    name: "scan_write",
    text: include_str!("../../../shaders/passes/scan_write.wgsl"),
    bindings: &[
        PassBinding::read("ml_prefix", Of::Values),
        PassBinding::read("ml_ends", Of::Values),
        PassBinding::write("ml_out", Of::Values),
    ],
    has_slot: true,
    asks: false,
};

macro_rules! sorting {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $file:literal, [$($binding:expr),*];)*) => {$(
        $(#[$doc])*
        pub(crate) static $name: BlockPass = BlockPass {
            name: $text,
            text: include_str!($file),
            bindings: &[$($binding),*],
            has_slot: true,
            asks: false,
        };
    )*};
}
sorting! {
    /// Values as words of the wanted order, and their places.
    SORT_KEYS = "sort_keys", "../../../shaders/passes/sort_keys.wgsl",
        [PassBinding::write("ml_keys", Of::Words), PassBinding::write("ml_places", Of::Words)];
    /// How often each digit occurs in each block.
    SORT_COUNT = "sort_count", "../../../shaders/passes/sort_count.wgsl",
        [PassBinding::read("ml_keys", Of::Words), PassBinding::write("ml_counts", Of::Words)];
    /// Keys and places to where their digits go.
    SORT_SCATTER = "sort_scatter", "../../../shaders/passes/sort_scatter.wgsl",
        [
            PassBinding::read("ml_keys", Of::Words),
            PassBinding::read("ml_places", Of::Words),
            PassBinding::read("ml_counts", Of::Words),
            PassBinding::write("ml_sorted", Of::Words),
            PassBinding::write("ml_moved", Of::Words)
        ];
    /// Words back to values.
    SORT_VALUES = "sort_values", "../../../shaders/passes/sort_values.wgsl",
        [PassBinding::read("ml_keys", Of::Words), PassBinding::write("ml_out", Of::Values)];
}

/// What is written for a place that is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// Its value.
    Value,
    /// Itself.
    Place,
}

macro_rules! selections {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $which:literal, $file:literal, [$($binding:expr),*], $slot:literal, $asks:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) static $name: BlockPass = BlockPass {
            name: $text,
            text: concat!(include_str!($which), include_str!($file)),
            bindings: &[$($binding),*],
            has_slot: $slot,
            asks: $asks,
        };
    )*};
}
selections! {
    /// How many of each block a kernel selects.
    SELECT_COUNT = "select_count", "../../../shaders/passes/selected_asked.wgsl",
        "../../../shaders/passes/select_count.wgsl", [PassBinding::write("ml_blocks", Of::Words)], false, true;
    /// The values of those.
    SELECT_WRITE = "select_write", "../../../shaders/passes/selected_asked.wgsl",
        "../../../shaders/passes/select_write.wgsl",
        [PassBinding::read("ml_blocks", Of::Words), PassBinding::write("ml_out", Of::Values)], true, true;
    /// The places of those.
    INDEX_WRITE = "index_write", "../../../shaders/passes/selected_places.wgsl",
        "../../../shaders/passes/select_write.wgsl",
        [PassBinding::read("ml_blocks", Of::Words), PassBinding::write("ml_out", Of::Words)], true, true;
    /// How many of each block differ from the value before.
    CHANGE_COUNT = "change_count", "../../../shaders/passes/selected_changes.wgsl",
        "../../../shaders/passes/select_count.wgsl", [PassBinding::write("ml_blocks", Of::Words)], false, false;
    /// The places of those.
    CHANGE_PLACES = "change_places", "../../../shaders/passes/changed_places.wgsl",
        "../../../shaders/passes/select_write.wgsl",
        [PassBinding::read("ml_blocks", Of::Words), PassBinding::write("ml_out", Of::Words)], true, false;
    /// The values of those.
    CHANGE_WRITE = "change_write", "../../../shaders/passes/selected_changes.wgsl",
        "../../../shaders/passes/select_write.wgsl",
        [PassBinding::read("ml_blocks", Of::Words), PassBinding::write("ml_out", Of::Values)], true, false;
}

impl BlockPass {
    /// Declares what it binds, from `binding` on; returns the next.
    pub(super) fn declare(&self, text: &mut String, mut binding: usize, values: ElementType) -> usize {
        for PassBinding { name, written, of } in self.bindings {
            let access = if *written { "read_write" } else { "read" };
            let element = match of {
                Of::Values => lane_type(values),
                Of::Words => "u32".to_owned(),
                Of::Counters => "atomic<u32>".to_owned(),
            };
            let _ = writeln!(
                text,
                "@group(0) @binding({binding}) var<storage, {access}> {name}: array<{element}>;"
            );
            binding += 1;
        }
        binding
    }
}

/// The operation and the pass, for values of `element`; `begin` is what every entry point begins with, `slot` the pass's own
/// slot.
pub(super) fn main(
    text: &mut String,
    fold: &FoldText,
    element: ElementType,
    begin: &str,
    turns: &str,
    slot: usize,
) {
    let lane = lane_type(element);
    let operation = match (&fold.callee, element.scalar) {
        (Some(callee), _) => format!("{}(a, b)", callee.linked_name()),
        (None, ScalarType::F32) => format!("ml_keep({})", fold.float),
        (None, _) => fold.int.to_owned(),
    };
    let identity = match element.scalar {
        ScalarType::F32 => "bitcast<f32>(ml_params.slots[1].y)",
        ScalarType::I32 => "bitcast<i32>(ml_params.slots[1].y)",
        _ => "ml_params.slots[1].y",
    };
    // What is folded is rounded first: `a + x * y` must not become one operation.
    let value = if element.scalar == ScalarType::F32 { "ml_keep(ml_value(i))" } else { "ml_value(i)" };
    if fold.pass.asks {
        let wanted = fold.callee.map(|callee| callee.linked_name()).unwrap_or_default();
        let pass = fold.pass.text.replace("ML_WANTED", &wanted);
        text.push_str(&filled(&pass, begin, value, &lane, slot));
        return;
    }
    let _ = writeln!(
        text,
        "fn ml_fold(a: {lane}, b: {lane}) -> {lane} {{ {turns}return {operation}; }}\n\
         fn ml_identity() -> {lane} {{ return {identity}; }}"
    );
    text.push_str(&filled(fold.pass.text, begin, value, &lane, slot));
}

fn filled(pass: &str, begin: &str, value: &str, lane: &str, slot: usize) -> String {
    pass.replace("    ML_BEGIN\n", begin)
        .replace("ML_VALUE", value)
        .replace("ML_T", lane)
        .replace("ML_SLOT", &slot.to_string())
}

/// One dispatch of a pass.
pub(crate) struct BlockRun {
    pub folded: Folded,
    /// The pass's own slot, if it has one.
    pub slot: [u32; 4],
    /// What it binds, in its order: the buffer, where it begins, and bytes.
    pub bound: Vec<(BindingKind, Buffer, u64, usize)>,
    pub groups: u64,
    /// What it reads comes from there: where that failed, so has this.
    pub after: Option<Completion>,
}

/// Enqueues a pass over the values of `span` of a launch of `K`.
pub(crate) fn blocks_of<K: Kernel>(
    gpu: &Gpu,
    args: &mut <K::Params as Params>::Arg<'_>,
    (domain, config): (Domain, &Config),
    span: Span,
    run: BlockRun,
) -> Result<Completion> {
    let mut assembly = Assembly::new(Plain::of::<K>(), gpu, span, domain, config);
    assembly.arguments::<K>(args, &mut Vec::new())?;
    assembly.block_pass(run)
}

/// Enqueues a pass that has no values of a launch, for the results of `K`; its places are `n`.
pub(crate) fn blocks_alone<K: Kernel>(
    gpu: &Gpu,
    config: &Config,
    n: usize,
    run: BlockRun,
) -> Result<Completion> {
    let mut assembly =
        Assembly::new(Plain::same(K::Out::ELEMENTS[0].scalar), gpu, Span::new(0, n), Domain::Line(n), config);
    assembly.bindings(vec![Binding::Constant([0; 4])], &[None], &mut Vec::new())?;
    assembly.block_pass(run)
}
