//! One scalar function over arrays, on every lane of the machine: SIMD lanes, threads and GPU invocations.
//!
//! ```
//! use manylane::prelude::*;
//!
//! #[kernel]
//! fn saxpy(#[uniform] a: f32, x: f32, y: f32) -> f32 {
//!     a * x + y
//! }
//!
//! fn main() -> manylane::Result<()> {
//!     assert_eq!(saxpy(2.0, 1.0, 3.0), 5.0); // an ordinary function too
//!
//!     let rt = Runtime::new()?;
//!     let x = rt.array(vec![1.0; 10_000])?;
//!     let y = vec![3.0; 10_000];
//!     let z = rt.map::<saxpy>((2.0, &x, &y)).run()?; // where it is fastest
//!     let s = rt.map::<saxpy>((2.0, &x, &y)).sum()?; // fused: nothing is stored in between
//!     assert_eq!(z.read()?[9_999], 5.0);
//!     assert_eq!(s, 50_000.0);
//!     Ok(())
//! }
//! ```
//!
//! # The layers
//!
//! Imports go left only: `error < shape < lanes < device < memory < kernel < plan < exec < api`; `evaluate` stands
//! beside `plan` and is arithmetic only. ARCHITECTURE.md says what each promises.
//!
//! | layer | what it is |
//! |---|---|
//! | [`error`] | the one error, by kind |
//! | [`shape`] | domains, spans, element types, targets: plain data |
//! | [`lanes`] | one trait over SIMD vectors, a file per instruction set |
//! | [`device`] | what this machine has; each GPU's queue and thread |
//! | [`memory`] | arrays in one address space, the pools behind them |
//! | [`mod@kernel`] | what `#[kernel]` makes of a function |
//! | [`plan`] | decompose, agglomerate, assign: plain data from plain data |
//! | `exec` | lanes, threads and GPUs at work |
//! | [`api`] | the runtime, launches, reductions |

extern crate self as manylane;

pub mod api;
pub mod device;
pub mod error;
pub mod evaluate;
mod exec;
pub mod kernel;
pub mod lanes;
pub mod memory;
pub mod plan;
pub mod shape;
mod sync;

pub use api::{Builder, FanOut, Graph, Launch, Outcome, Pipeline, Recorder, Runtime, Task, Trace, pipeline};
pub use error::{Error, ErrorKind, Result};
pub use lanes::f16;
pub use manylane_macros::kernel;
pub use memory::{Array, View, ViewMut};
pub use shape::{Mapping, Target};

#[doc(hidden)]
pub use api::{Moments, Sort, op, shader_source};

/// What a user of kernels needs, to be imported whole.
pub mod prelude {
    pub use crate::api::{Graph, Launch, Outcome, Runtime, Task};
    pub use crate::error::{Error, ErrorKind};
    pub use crate::kernel::math::{IntExt, MathExt};
    pub use crate::kernel::{Atomics, Cell, Grid, Image, Index, Kernel, Random};
    pub use crate::lanes::Level;
    pub use crate::memory::Array;
    pub use crate::shape::{Border, Domain, Mapping, Target};
    pub use manylane_macros::kernel;
}
