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
use crate::kernel::{Binding, Kernel, LaneElement, Output, Params};
use crate::memory::{Array, DeviceArray, Keep};
use crate::shape::{Domain, ElementType, ScalarType, Span};

/// A pass: its text, and what it binds behind the kernel's arguments.
pub struct BlockPass {
    /// For labels and cache keys.
    pub name: &'static str,
    pub text: &'static str,
    pub bindings: &'static [PassBinding],
    /// Whether it has a slot of the uniform block.
    pub has_slot: bool,
    /// What its kernel is to it.
    pub kernel: Role,
}

/// What the kernel of a pass is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An operation on two values, `ml_fold`.
    Fold,
    /// It says of one value whether it is wanted, `ML_WANTED(x)`.
    Asked,
    /// A step of a product, `ml_step`.
    Step,
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

/// What is written for a place that is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// Its value.
    Value,
    /// Itself.
    Place,
}

macro_rules! passes {
    ($($(#[$doc:meta])* $name:ident = $text:literal: [$($file:literal),+] [$($kind:ident $binding:literal $of:ident),*] $slot:ident $kernel:ident;)*) => {$(
        $(#[$doc])*
        pub(crate) static $name: BlockPass = BlockPass {
            name: $text,
            text: concat!($(include_str!(concat!("../../../shaders/passes/", $file, ".wgsl"))),+),
            bindings: &[$(PassBinding::$kind($binding, Of::$of)),*],
            has_slot: passes!(@ $slot),
            kernel: Role::$kernel,
        };
    )*};
    (@ slot) => { true };
    (@ plain) => { false };
}
passes! {
    /// One value for each block, by the fixed tree.
    FOLD = "fold": ["fold"] [write "ml_out" Values] plain Fold;
    /// Count, least, greatest and three sums of each block.
    MOMENTS = "moments": ["moments"] [write "ml_out" Words] slot Fold;
    /// The exact sum of each block, in words.
    EXACT = "exact": ["exact"] [write "ml_out" Words] plain Fold;
    /// How many values fall into each bin, where they are its number.
    HISTOGRAM = "histogram": ["bins_numbered", "histogram"] [write "ml_out" Counters] slot Fold;
    /// The same, of even bins.
    HISTOGRAM_EVEN = "histogram_even": ["bins_even", "histogram"] [write "ml_out" Counters] slot Fold;
    /// The same, of bins between edges.
    HISTOGRAM_BETWEEN = "histogram_between": ["bins_between", "histogram"] [write "ml_out" Counters, read "ml_edges" Values] slot Fold;
    /// What each segment comes to.
    SEGMENTS = "segments": ["segments"] [read "ml_starts" Words, write "ml_out" Values] slot Fold;
    /// What each column of a strip of rows comes to.
    COLUMNS = "columns": ["columns"] [write "ml_out" Values] slot Fold;
    /// Each segment scanned.
    SCAN_SEGMENTS = "scan_segments": ["scan_block", "scan_segments"] [read "ml_starts" Words, write "ml_out" Values] slot Fold;
    /// Totals of strips of rows become what stands in front of them.
    SCAN_STRIPS = "scan_strips": ["scan_strips"] [read "ml_before" Values, write "ml_out" Values] slot Fold;
    /// Each column of a strip of rows scanned.
    SCAN_COLUMNS = "scan_columns": ["scan_columns"] [read "ml_prefix" Values, write "ml_out" Values] slot Fold;
    /// Every value joined to the place that is named for it.
    SCATTER = "scatter": ["scatter_join", "scatter"] [read "ml_places" Words, write "ml_out" Counters, write "ml_beyond" Counters] slot Fold;
    /// The same of integers that are added.
    SCATTER_ADD = "scatter_add": ["scatter_add", "scatter"] [read "ml_places" Words, write "ml_out" Counters, write "ml_beyond" Counters] slot Fold;
    /// For each block its total, and what its last result is made of.
    SCAN_TOTALS = "scan_totals": ["scan_totals"] [write "ml_out" Values, write "ml_ends" Values] plain Fold;
    /// Totals of blocks become what stands in front of them among 256.
    SCAN_CHAIN = "scan_chain": ["scan_chain"] [write "ml_out" Values, write "ml_chains" Values] slot Fold;
    /// And then what stands in front of them among all.
    SCAN_JOIN = "scan_join": ["scan_join"] [write "ml_out" Values, read "ml_chains" Values] slot Fold;
    /// The results, behind the prefix of each block.
    SCAN_WRITE = "scan_write": ["scan_block", "scan_write"] [read "ml_prefix" Values, read "ml_ends" Values, write "ml_out" Values] slot Fold;
    /// Values as words of the wanted order, and their places.
    SORT_KEYS = "sort_keys": ["sort_keys"] [write "ml_keys" Words, write "ml_places" Words] slot Fold;
    /// How often each digit occurs in each block.
    SORT_COUNT = "sort_count": ["sort_count"] [read "ml_keys" Words, write "ml_counts" Words] slot Fold;
    /// Keys and places to where their digits go.
    SORT_SCATTER = "sort_scatter": ["sort_scatter"] [read "ml_keys" Words, read "ml_places" Words, read "ml_counts" Words, write "ml_sorted" Words, write "ml_moved" Words] slot Fold;
    /// Words back to values.
    SORT_VALUES = "sort_values": ["sort_values"] [read "ml_keys" Words, write "ml_out" Values] slot Fold;
    /// How many of each block a kernel selects.
    SELECT_COUNT = "select_count": ["selected_asked", "select_count"] [write "ml_blocks" Words] plain Asked;
    /// The values of those.
    SELECT_WRITE = "select_write": ["selected_asked", "select_write"] [read "ml_blocks" Words, write "ml_out" Values] slot Asked;
    /// The places of those.
    INDEX_WRITE = "index_write": ["selected_places", "select_write"] [read "ml_blocks" Words, write "ml_out" Words] slot Asked;
    /// How many of each block differ from the value before.
    CHANGE_COUNT = "change_count": ["selected_changes", "select_count"] [write "ml_blocks" Words] plain Fold;
    /// The places of those.
    CHANGE_PLACES = "change_places": ["changed_places", "select_write"] [read "ml_blocks" Words, write "ml_out" Words] slot Fold;
    /// The values of those.
    CHANGE_WRITE = "change_write": ["selected_changes", "select_write"] [read "ml_blocks" Words, write "ml_out" Values] slot Fold;
    /// A product of matrices, by tiles of 64 by 64.
    PRODUCT_SMALL = "product_small": ["product_small", "product"] [read "ml_shape" Words, read "ml_a" Values, read "ml_b" Values, read "ml_first" Values, read "ml_add" Values, write "ml_out" Values] plain Step;
    /// The same by tiles of 128 by 128.
    PRODUCT_LARGE = "product_large": ["product_large", "product"] [read "ml_shape" Words, read "ml_a" Values, read "ml_b" Values, read "ml_first" Values, read "ml_add" Values, write "ml_out" Values] plain Step;
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
    if let (Role::Step, Some(step)) = (fold.pass.kernel, fold.callee) {
        let step = step.linked_name();
        // What is made of the sums rounds each operation.
        let keep = if element.scalar == ScalarType::F32 { "ml_keep" } else { "" };
        let _ = writeln!(
            text,
            "fn ml_step(sum: {lane}, a: {lane}, b: {lane}) -> {lane} {{ {turns}return {step}(sum, a, b); }}\n\
             fn ml_times(a: {lane}, b: {lane}) -> {lane} {{ return {keep}(a * b); }}\n\
             fn ml_plus(a: {lane}, b: {lane}) -> {lane} {{ return {keep}(a + b); }}"
        );
        text.push_str(&filled(fold.pass.text, begin, "", &lane, slot));
        return;
    }
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
    if fold.pass.kernel == Role::Asked {
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
    pub bound: Vec<Bound>,
    pub groups: u64,
    /// What it reads comes from there: where that failed, so has this.
    pub after: Option<Completion>,
}

/// An array as a pass binds it: the buffer, where it begins, and bytes.
pub(crate) type Bound = (BindingKind, Buffer, u64, usize);

/// Enqueues what writes `span` of `out`, which is bound as it is told: `out` carries its end, or has no values.
pub(crate) fn writes<T: LaneElement>(
    gpu: &Gpu,
    out: &mut Array<T>,
    span: Span,
    enqueue: impl FnOnce(Bound) -> Result<Completion>,
) -> Result<()> {
    let (buffer, offset) = DeviceArray::gpu_write(out, gpu, span, Keep::Nothing)?;
    match enqueue((BindingKind::ReadWrite, buffer, offset, span.len() * size_of::<T>())) {
        Ok(completion) => {
            DeviceArray::carry(out, gpu, span, completion);
            Ok(())
        }
        Err(error) => {
            DeviceArray::fail(out, &error);
            Err(error)
        }
    }
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
