//! What a user calls: the runtime, launches, reductions, recordings, and one prelude.

mod launch;
mod reduce;
mod runtime;
mod trace;

pub use crate::exec::driver::Outcome;
pub use launch::{Launch, Reported};
pub use reduce::Numeric;
pub use runtime::{Builder, Runtime};
pub use trace::{Recorder, Trace};

/// The whole WGSL module of a launch of `K` over arrays.
#[doc(hidden)]
pub fn shader_source<K: crate::kernel::Kernel>(grid: bool) -> String {
    crate::exec::gpu::text::<K>(grid)
}
