//! Fourier transforms of arrays: one or two dimensions, complex or real, any length.
//!
//! ```
//! use manylane::prelude::*;
//! use manylane_transforms::Fft;
//!
//! # fn main() -> manylane::Result<()> {
//! let rt = Runtime::new()?;
//! let x = rt.array(vec![[1.0f32, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0]])?;
//! let fft = Fft::new(&rt, 4)?;
//! let spectrum = fft.forward(&x).on(Target::Simd).run()?;
//! assert_eq!(spectrum.to_vec()?, [[10.0, 0.0], [-2.0, 2.0], [-2.0, 0.0], [-2.0, -2.0]]);
//! assert_eq!(fft.inverse(&spectrum).run()?.to_vec()?, x.to_vec()?);
//! # Ok(())
//! # }
//! ```
//!
//! # Convention
//!
//! That of NumPy and SciPy: forward is `X[k] = sum of x[t] * exp(-2 pi i k t / n)`, unscaled; inverse has the other sign and
//! is scaled by `1 / n`, in two dimensions by `1 / (width * height)`. A real transform gives the half spectrum: `n / 2 + 1`
//! numbers (rounded down), the others being their conjugates.
//!
//! # Layout
//!
//! A complex number is the pixel `[f32; 2]`: real part, imaginary part. An array of them is interleaved in memory, so
//! `slice.as_flattened()` are the pairs of floats, and `floats.as_chunks::<2>().0` the numbers. Rows of an array that has
//! rows are transformed each for itself; an array that is a line is one row.
//!
//! # Where it runs
//!
//! | target | how |
//! |---|---|
//! | `Scalar`, `Simd` | rustfft, planned for no vectors, for the runtime's level (SSE4.1, AVX, NEON); one thread |
//! | `Threads` | the same; rows or strips of columns are shared out; from four threads on the parts of a row of 2^18 too |
//! | `Gpu(i)` | the kernels of [`kernels`]; everything stays on the device between the passes |
//! | `Split` | rows are shared; what is one row or a picture runs on the threads, and the [`Report`] says so |
//! | `Auto` | threads where that pays, else one; never a GPU |
//!
//! The kernels are ordinary ones, so [`by_kernels`](Transform::by_kernels) has them run on every target.
#![forbid(unsafe_code)]

mod cpu;
pub mod kernels;
pub mod naive;
mod op;
mod passes;
mod plan;
mod radices;
mod source;
mod tables;
mod transform;

pub use plan::{Fft, Fft2, RealFft, RealFft2};
pub use transform::{Report, Transform};

#[doc(hidden)]
pub use op::Copied;

/// A complex number: real part, imaginary part.
pub type Complex = [f32; 2];

/// How far the result of a transform of `n` numbers may be from the exact one, as the length of the difference over that of
/// the result (L2): `2.5 * 2^-24 * log2(2 n)` on every target, for forward and inverse.
pub fn tolerance(n: usize) -> f64 {
    2.5 * f64::from(f32::EPSILON) / 2.0 * (2.0 * n as f64).log2()
}
