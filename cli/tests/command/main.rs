//! The built `manylane` binary: what it prints, what it writes, how it fails.

mod batches;
mod bench;
mod errors;
mod images;
mod info;
mod models;
mod operations;
mod plan;
mod report;
mod support;
