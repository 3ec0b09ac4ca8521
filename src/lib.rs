//! manylane: one scalar function over arrays, on every lane of the machine.
extern crate self as manylane;

pub mod error;
pub mod lanes;
pub mod shape;
