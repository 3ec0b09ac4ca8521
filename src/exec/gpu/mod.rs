//! GPU invocations: which devices are open, and how a launch becomes dispatches on them.

mod access;
mod assembly;
mod blocks;
mod devices;
mod lane;
mod launch;
mod source;

pub(crate) use blocks::{
    BlockPass, BlockRun, Bound, CHANGE_COUNT, CHANGE_PLACES, CHANGE_WRITE, COLUMNS, Chosen, EXACT, FOLD,
    HISTOGRAM, HISTOGRAM_BETWEEN, HISTOGRAM_EVEN, INDEX_WRITE, MOMENTS, PRODUCT_LARGE, PRODUCT_SMALL,
    SCAN_CHAIN, SCAN_COLUMNS, SCAN_JOIN, SCAN_SEGMENTS, SCAN_STRIPS, SCAN_TOTALS, SCAN_WRITE, SCATTER,
    SCATTER_ADD, SEGMENTS, SELECT_COUNT, SELECT_WRITE, SORT_COUNT, SORT_KEYS, SORT_SCATTER, SORT_VALUES,
    blocks_alone, blocks_of, writes,
};
pub(crate) use devices::Gpus;
pub(crate) use lane::{Common, Lane};
pub(crate) use launch::{Launched, enqueue_fold, enqueue_map, finish_fold, finish_map};
pub(crate) use source::{Form, Source};

/// The functions that give WGSL the kernel language's meaning.
pub(crate) const PRELUDE: [&str; 3] = [
    include_str!("../../../shaders/prelude/numeric.wgsl"),
    include_str!("../../../shaders/prelude/integer.wgsl"),
    include_str!("../../../shaders/prelude/exp_ln.wgsl"),
];

/// The whole module of a map of `K`, as it is where every argument is an array.
pub(crate) fn text<K: crate::kernel::Kernel>(grid: bool) -> String {
    use crate::kernel::ParamKind;
    let forms: Vec<Form> = K::INFO
        .params
        .iter()
        .filter(|param| param.kind.is_passed())
        .map(|param| {
            if matches!(param.kind, ParamKind::Uniform | ParamKind::Random) {
                Form::Slot
            } else {
                Form::Bound
            }
        })
        .collect();
    Source {
        info: const { &K::INFO },
        wgsl: K::WGSL,
        chain: K::CHAIN,
        forms: &forms,
        grid,
        workgroup: 256,
        fold: None,
    }
    .assemble()
}
