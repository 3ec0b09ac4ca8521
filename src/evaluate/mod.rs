//! The numbers that a parallel program is judged by: rates, speed-up and efficiency, the laws that bound them, and what
//! many timings of it show.
//!
//! - speed-up, efficiency, rates and the laws of Amdahl, of Gustafson and Barsis and of Karp and Flatt stand here;
//! - [`scaling`] judges a whole curve, of a problem that stays or grows with the workers;
//! - [`fit`] finds the serial share that such a curve shows, and what more workers would bring;
//! - [`isoefficiency`] says how large a problem must be to keep many workers busy;
//! - [`roofline`] holds a kernel against what the machine can compute and move;
//! - [`crossover`] finds the size from which one way is faster than another;
//! - [`samples`] sums up timings and tells a change from noise.
//!
//! Arithmetic on measured numbers only: nothing here runs, times or plans. What has no meaning (no workers, a negative
//! time) gives NaN, as arithmetic does, or `None` where a whole answer has none; nothing panics. The same input gives the
//! same answer, the random resampling included.
#![forbid(unsafe_code)]

pub mod crossover;
mod distributions;
pub mod fit;
pub mod isoefficiency;
mod laws;
mod random;
mod rates;
pub mod roofline;
pub mod samples;
pub mod scaling;
mod speedup;

pub use laws::{amdahl, amdahl_limit, gustafson, karp_flatt};
pub use rates::{gb_s, gflop_s};
pub use speedup::{absolute_speedup, efficiency, relative_speedup};
