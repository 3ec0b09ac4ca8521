//! What the tests of manylane share.
//!
//! - [`targets`]: the device matrix, every target that this machine has as a [`Setup`] that launches go through;
//! - [`Random`] and [`values`]: seeded inputs, nasty ones included, and the lengths at which something changes;
//! - [`compare`]: bits, ULP, relative error and the share of places that differ;
//! - [`oracle`]: functions in double precision, and errors in ULP;
//! - [`tree`]: the fixed tree of reductions as a naive loop.
//!
//! An oracle stands in the test that uses it: a plain loop, too short to be wrong.
#![forbid(unsafe_code)]

pub mod compare;
pub mod oracle;
mod random;
mod setups;
mod tree;
mod trials;
pub mod values;

pub use compare::{Same, Tolerance, assert_close, assert_same, assert_share, ulps};
pub use random::Random;
pub use setups::{Setup, bit_targets, gpu_is_required, gpu_or_skip, targets};
pub use tree::{tree, tree_of_runs};
pub use trials::{Property, asked_for, on_every_target};
