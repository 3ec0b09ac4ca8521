//! Execution: a planned launch on lanes, threads and GPUs.
//!
//! [`lanes`] calls a kernel's entry of a level on one piece; [`fold`] does the same for reductions; [`threads`] hands
//! pieces to workers; [`board`] says who has which of a launch that devices share ([`split`], [`shared`]); `gpu` assembles
//! WGSL and enqueues dispatches; [`driver`] ties a launch together; [`models`] keeps what launches cost, [`tracer`] what they
//! did.

pub(crate) mod algorithm;
pub(crate) mod board;
pub(crate) mod driver;
pub(crate) mod exact;
pub(crate) mod fold;
pub(crate) mod gpu;
pub(crate) mod histogram;
pub(crate) mod lanes;
pub(crate) mod level;
pub(crate) mod models;
pub(crate) mod moments;
pub(crate) mod product;
pub(crate) mod scan;
pub(crate) mod scatter;
pub(crate) mod segments;
pub(crate) mod select;
pub(crate) mod shared;
pub(crate) mod sort;
pub(crate) mod split;
pub(crate) mod threads;
pub(crate) mod tiled;
pub(crate) mod tracer;
pub(crate) mod work;
