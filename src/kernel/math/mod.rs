//! The transcendental functions, each written once for every lane and every GPU.
//!
//! `exp` and `ln` are written by hand over [`Lanes`](crate::lanes::Lanes) and once more in WGSL; the others are kernels
//! of the library's own (`#[kernel(math)]`), with two bodies over lanes: relaxed, where `a * b + c` is fused on levels
//! that can, and strict, whose bits are the same on every level. Their WGSL is always the strict one, so steps that make
//! up for roundings hold there too. What must be exact is made of halves of 12 bits, not of fused multiply-adds.
//!
//! Each takes every input: NaN, infinities, zeros with their signs, subnormals. `docs/accuracy.md` has the worst error of
//! each on each target; `cargo xtask ulp` writes it.

mod distributions;
mod error_function;
mod exp_ln;
mod hyperbolic;
mod inverse;
mod powers;
mod trig;

pub use distributions::*;
pub use error_function::*;
pub use exp_ln::{exp, ln};
pub use hyperbolic::*;
pub use inverse::*;
pub use powers::*;
pub use trig::*;

use crate::kernel::scalar;

/// The functions of the kernel language that `f32` lacks, so that a kernel's body is plain Rust too.
pub trait MathExt {
    /// 1 / √x.
    ///
    /// ```
    /// use manylane::kernel::math::MathExt;
    /// assert_eq!(4.0f32.rsqrt(), 0.5);
    /// ```
    #[must_use]
    fn rsqrt(self) -> Self;
    /// The error function: 2/√π times the integral of e^(-t²) from 0 to x.
    #[must_use]
    fn erf(self) -> Self;
    /// 1 - erf x, good where it is small.
    #[must_use]
    fn erfc(self) -> Self;
}

impl MathExt for f32 {
    fn rsqrt(self) -> f32 {
        rsqrt(self)
    }
    fn erf(self) -> f32 {
        erf(self)
    }
    fn erfc(self) -> f32 {
        erfc(self)
    }
}

/// The functions of the kernel language that integers lack.
pub trait IntExt {
    /// The upper half of the whole product, which has twice as many bits.
    ///
    /// ```
    /// use manylane::kernel::math::IntExt;
    /// assert_eq!(0x8000_0000u32.mul_hi(6), 3);
    /// assert_eq!((-1i32).mul_hi(6), -1);
    /// ```
    #[must_use]
    fn mul_hi(self, other: Self) -> Self;
}

macro_rules! integers {
    ($($type:ident $mul_hi:ident;)*) => {$(
        impl IntExt for $type {
            fn mul_hi(self, other: $type) -> $type {
                scalar::$mul_hi(self, other)
            }
        }
    )*};
}
integers! {
    i32 mul_hi_i32;
    u32 mul_hi_u32;
    i64 mul_hi_i64;
    u64 mul_hi_u64;
}

/// Declares the steps that several functions share, so that their bodies are plain Rust too.
macro_rules! steps {
    ($($name:ident($($arg:ident),*);)*) => {
        /// Steps that several functions share.
        trait Steps {
            $(fn $name(self, $($arg: f32),*) -> f32;)*
        }
        impl Steps for f32 {
            $(fn $name(self, $($arg: f32),*) -> f32 {
                $name(self, $($arg),*)
            })*
        }
    };
}

steps! {
    asin_rest();
    atan_rest();
    cosh_size();
    erf_rest();
    ln_of_sum(rest);
    ln_with_root(one);
    sinh_size();
    times_power(n);
}
