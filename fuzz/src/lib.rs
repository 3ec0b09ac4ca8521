//! Differential fuzzing of the kernel compiler.
//!
//! `generate` makes kernels from seeds, as Rust source; `compile` hands them to the compiler; `interpret` says, from the
//! IR before any stage changes it, what each place gives; `wgsl` runs the emitted shader, `cpu` the expansion of
//! `#[kernel]` at every SIMD level and on threads, and the plain function that rustc makes of the same text. Where one of
//! them says otherwise, `shrink` makes the kernel small.
//!
//! `cargo xtask fuzz --minutes N` runs it; `kept/` holds the kernels that once were wrong.
#![forbid(unsafe_code)]
#![expect(missing_docs, reason = "no public interface: fields are named for what they hold")]

pub mod compare;
pub mod compile;
pub mod cpu;
pub mod device;
pub mod generate;
pub mod inputs;
pub mod interpret;
pub mod program;
pub mod random;
pub mod session;
pub mod shrink;
pub mod wgsl;
