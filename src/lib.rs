//! manylane.
