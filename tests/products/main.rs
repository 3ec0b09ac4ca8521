//! Products of matrices: every shape, step and operand on every target, against the naive three loops.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod numbers;
mod operands;
mod shapes;
mod vectors;

use manylane_testkit::Property;

fn main() {
    manylane_testkit::on_every_target(&[shapes::ALL, operands::ALL, vectors::ALL]);
}
