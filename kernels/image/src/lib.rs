//! Kernels over pictures: gray, Sobel, Gaussian blur.
//!
//! Filters (median, morphology, convolution, bilateral, edges, other sizes and views) stand with their kernels in a module
//! each, and their references in [`naive_filters`].
//!
//! [`ops`] runs them over a decoded picture, [`naive`] has the reference of each: plain loops with borders clamped by
//! hand, in integers or `f64`. What lies outside a picture is its nearest cell. No files are read or written here, and no
//! colour spaces known: bytes in, bytes out.
#![forbid(unsafe_code)]

pub mod bilateral;
pub mod blur;
pub mod canny;
mod checks;
pub mod colour;
pub mod convolve;
pub mod edges;
pub mod median;
pub mod morphology;
pub mod naive;
pub mod naive_filters;
pub mod ops;
pub mod resize;
pub mod warp;

pub use blur::{Gauss, blur_columns, blur_rows};
pub use colour::{gray, join, split};
pub use edges::{sobel, sobel_f32};
