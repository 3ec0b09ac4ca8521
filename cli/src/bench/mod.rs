//! Kernels x sizes x targets: each result is held against a naive reference before it is timed.
//!
//! | stage | what it does |
//! |---|---|
//! | [`suite`] | which kernels there are, and the run over all of them |
//! | [`workloads`] | the kernels that the command knows |
//! | [`measure`] | timing: rounds in turn, so that a noisy second hits every target alike |
//! | [`evaluation`] | peaks, scaling, crossovers and shares, as numbers |
//! | [`evaluate`] | what measures those |
//! | [`record`] | the rows, as JSON and CSV |
//! | [`table`], [`plot`] | the rows for people |
//!
//! A kernel of one's own joins with [`Suite::with`]: see [`Workload`]. On a GPU the inputs lie in its memory already and
//! a run ends when the device is done; bringing inputs and results over the bus is timed apart.

pub mod evaluate;
pub mod evaluation;
pub mod measure;
pub mod plot;
pub mod record;
pub mod size;
pub mod suite;
pub mod table;
pub mod workloads;

pub(crate) mod command;

pub use evaluation::Evaluation;
pub use measure::Samples;
pub use record::{Record, Row};
pub use suite::{Case, Data, Options, Step, Suite, Text, Work, Workload};
