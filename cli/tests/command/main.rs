//! The built `manylane` binary: what it prints, what it writes, how it fails.

mod batches;
mod bench;
mod comparisons;
mod errors;
mod evaluations;
mod images;
mod info;
mod models;
mod operations;
mod plan;
mod report;
mod support;
mod terminal;
