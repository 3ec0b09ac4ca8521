//! Kernels that look at one place at a time.
//!
//! Each stands beside a naive reference (a plain loop, too short to be wrong, in `f64` where that helps), a generator of
//! inputs that depends on the seed only, and its [`Facts`]: what an element costs and how near a result must come.
//! What it is not: a library of functions to build on. These are examples, test cases and yardsticks.
//!
//! | kernel | what it shows |
//! |---|---|
//! | [`saxpy()`], [`axpy()`], [`mul()`] | memory-bound; a uniform; in place; a product to be summed |
//! | [`distance()`] | several operations fused in one pass |
//! | [`black_scholes()`] | compute-bound; two results; a kernel ([`cnd()`]) that calls nothing but `exp` |
//! | [`escape()`], [`mandelbrot()`] | a loop that ends at another turn in every lane; a domain without inputs |
//! | [`smaller()`], [`larger()`] | folds of one's own |
//! | [`xorshift()`], [`collatz()`], [`clamp_add()`], [`divide()`], [`rotate()`], [`average()`] | integers: the same bits everywhere |
//! | [`horner()`] | `strict`: never contracted |
//! | [`ramp()`] | computed from the place |
#![forbid(unsafe_code)]

pub mod facts;
pub mod finance;
pub mod folds;
pub mod fractal;
pub mod geometry;
pub mod input;
pub mod integers;
pub mod linear;
pub mod place;
pub mod polynomial;

pub use facts::{Cost, Facts, Mismatch, Tolerance};
pub use finance::{black_scholes, cnd};
pub use folds::{larger, smaller};
pub use fractal::{escape, mandelbrot};
pub use geometry::distance;
pub use integers::{average, clamp_add, collatz, divide, rotate, xorshift};
pub use linear::{axpy, mul, saxpy};
pub use place::ramp;
pub use polynomial::horner;
