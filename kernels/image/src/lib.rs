//! Kernels over pictures: what changes pixels one by one, what moves them, what counts and sums them, what looks around, and
//! what makes some from nothing.
//!
//! [`ops`] runs gray, Sobel and the blur over a decoded picture; the other modules have functions of the same kind beside
//! their kernels. [`naive`] and [`naive_filters`] have the reference of each: plain loops with borders clamped by hand, in
//! integers or `f64`. What lies outside a picture is its nearest cell, where nothing else is said. No files are read or
//! written here.
//!
//! A picture is an array with rows, of planes (`u8` from 0 to 255, `f32` from 0 to 1) or of pixels of three or four channels.
#![forbid(unsafe_code)]

pub mod bilateral;
pub mod blend;
pub mod blur;
pub mod canny;
mod checks;
pub mod clahe;
pub mod colour;
pub mod convolve;
pub mod edges;
pub mod fractal;
pub mod geometry;
pub mod halve;
pub mod integral;
pub mod levels;
pub mod median;
pub mod morphology;
pub mod naive;
pub mod naive_filters;
pub mod ops;
pub mod planes;
pub mod quality;
pub mod resize;
pub mod tone;
pub mod warp;

pub use blur::{Gauss, blur_columns, blur_rows};
pub use colour::{gray, join, split};
pub use edges::{sobel, sobel_f32};
pub use planes::Pixel;
