//! What a user calls: the runtime, launches, reductions, and one prelude.

mod launch;
mod reduce;
mod runtime;

pub use crate::exec::driver::Outcome;
pub use launch::{Launch, Reported};
pub use reduce::Numeric;
pub use runtime::{Builder, Runtime};
