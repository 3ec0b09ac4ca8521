//! manylane: one scalar function over arrays, on every lane of the machine.
extern crate self as manylane;

pub mod error;
pub mod kernel;
pub mod lanes;
pub mod memory;
pub mod shape;
