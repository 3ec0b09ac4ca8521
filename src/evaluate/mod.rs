//! The numbers that a parallel program is judged by: rates, speed-up and efficiency, and the laws that bound them.
//!
//! Arithmetic on measured numbers only: nothing here runs, times or plans. What has no meaning (no workers, a negative
//! time) gives NaN, as arithmetic does; nothing panics.
#![forbid(unsafe_code)]

mod laws;
mod rates;
mod speedup;

pub use laws::{amdahl, amdahl_limit, gustafson, karp_flatt};
pub use rates::{gb_s, gflop_s};
pub use speedup::{absolute_speedup, efficiency, relative_speedup};
