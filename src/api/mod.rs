//! What a user calls: the runtime, launches, reductions, recordings, and one prelude.

mod each;
mod exact;
mod executor;
mod fan_out;
mod graph;
mod histogram;
mod launch;
mod matvec;
pub mod op;
mod pipeline;
mod product;
mod random;
mod reduce;
mod runtime;
mod scan;
mod scatter;
mod search;
mod segments;
mod select;
mod settings;
mod sort;
mod task;
mod trace;
mod transpose;

pub use crate::exec::driver::Outcome;
pub use crate::exec::exact::ExactSum;
pub use crate::exec::moments::Moments;
pub use crate::exec::sort::{Sort, Sortable};
pub use fan_out::{FanArgs, FanOut, Kernels};
pub use graph::{Graph, GraphOutcome, NodeOutcome};
pub use launch::{Launch, Reported};
pub use matvec::MatVec;
pub use pipeline::{Parts, Pipeline, Source, Stage, pipeline};
pub use product::Product;
pub use random::Permutation;
pub use reduce::Numeric;
pub use runtime::{Builder, Runtime};
pub use segments::Grouped;
pub use task::Task;
pub use trace::{Recorder, Trace};

/// The whole WGSL module of a launch of `K` over arrays.
#[doc(hidden)]
pub fn shader_source<K: crate::kernel::Kernel>(grid: bool) -> String {
    crate::exec::gpu::text::<K>(grid)
}
