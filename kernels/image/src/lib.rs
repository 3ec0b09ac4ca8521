//! Kernels over pictures: gray, Sobel, Gaussian blur.
//!
//! [`ops`] runs them over a decoded picture, [`naive`] has the reference of each: plain loops with borders clamped by
//! hand, in integers or `f64`. What lies outside a picture is its nearest cell. No files are read or written here, and no
//! colour spaces known: bytes in, bytes out.
#![forbid(unsafe_code)]

pub mod blend;
pub mod blur;
pub mod clahe;
pub mod colour;
pub mod edges;
pub mod geometry;
pub mod integral;
pub mod levels;
pub mod naive;
pub mod ops;
mod place;
pub mod planes;
pub mod quality;
pub mod tone;

pub use blur::{Gauss, blur_columns, blur_rows};
pub use colour::{gray, join, split};
pub use edges::{sobel, sobel_f32};
pub use planes::Pixel;
