//! Kernels x sizes x targets: each result is held against a naive reference before it is timed.
//!
//! | stage | what it does |
//! |---|---|
//! | [`suite`] | which kernels there are |
//! | [`workloads`] | the kernels that the command knows |
//! | [`own`] | kernels of one's own, in a few lines |
//! | [`run`] | the run over all of them |
//! | [`measure`] | timing: rounds in turn, so that a noisy second hits every target alike |
//! | [`meter`], [`energy`] | page faults and joules of what is timed |
//! | [`evaluation`] | peaks, scaling, crossovers and shares, as numbers |
//! | [`evaluate`] | what measures those |
//! | [`record`] | the rows, as JSON and CSV |
//! | `compare` | two records held against each other |
//! | [`table`], [`plot`], [`markdown`] | the rows for people |
//!
//! A kernel of one's own joins with [`Suite::with`]: see [`Own`] and [`Workload`]; [`main_with`] gives it the command line. On
//! a GPU the inputs lie in its memory already and a run ends when the device is done; bringing inputs and results over the
//! bus is timed apart.

pub(crate) mod compare;
pub mod energy;
pub mod evaluate;
pub mod evaluation;
pub mod markdown;
pub mod measure;
pub mod meter;
pub mod own;
pub mod plot;
pub mod record;
pub mod run;
pub mod size;
pub mod suite;
pub mod table;
pub mod workloads;

pub(crate) mod command;

pub use command::{main_with, main_with_args};
pub use evaluation::Evaluation;
pub use manylane_elementwise::facts::Tolerance;
pub use measure::Samples;
pub use own::Own;
pub use record::{Record, Row};
pub use run::{Step, Watch};
pub use suite::{Case, Data, Options, Suite, Text, Work, Workload};
