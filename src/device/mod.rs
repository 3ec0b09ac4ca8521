//! What this machine has: its processors ([`cpu`]) and its GPUs ([`gpu`]).
//!
//! A device owns its queue and the thread that submits to it. The layers above enqueue copies and dispatches on it and
//! hold a [`Completion`], which knows its [`Times`]; nobody else touches wgpu. A launch that is stopped ([`Stop`]) loses what
//! is not yet submitted. Nothing here knows arrays, kernels or plans.
//!
//! Without the `gpu` feature the same types are there and no adapter is ever found.

#![forbid(unsafe_code)]

#[cfg_attr(
    all(not(feature = "gpu"), not(test)),
    expect(dead_code, reason = "only devices make promises, and there is none")
)]
mod completion;
pub mod cpu;
mod describe;
mod dispatch;
mod inject;
mod patience;
pub(crate) mod traffic;

#[cfg(feature = "gpu")]
pub mod gpu;
#[cfg(not(feature = "gpu"))]
#[path = "no_gpu.rs"]
pub mod gpu;

pub(crate) use completion::Promise;
pub use completion::{Completion, Times};
pub use cpu::Cpu;
pub(crate) use describe::parse_bytes;
pub use dispatch::Stop;
pub(crate) use patience::patiently;
