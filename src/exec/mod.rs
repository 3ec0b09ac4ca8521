//! Execution: a planned launch on lanes, threads and GPUs.
//!
//! [`lanes`] calls a kernel's entry of a level on one piece; [`fold`] does the same for reductions; [`threads`] hands
//! pieces to workers; `gpu` assembles WGSL and enqueues dispatches; [`driver`] ties a launch together; [`models`] keeps what
//! launches cost, [`tracer`] what they did.

pub(crate) mod driver;
pub(crate) mod fold;
pub(crate) mod gpu;
pub(crate) mod lanes;
pub(crate) mod models;
pub(crate) mod threads;
pub(crate) mod tracer;
