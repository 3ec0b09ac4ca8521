//! The hyperbolic functions and e^x - 1.
//!
//! x = n ln 2 + r in all of them, where n is whole and r, in ±ln(2)/2, is hi + lo.

use manylane_macros::kernel;

use super::Steps;

/// A function of x = n ln 2 + hi + lo; the body sees the `x` that it was told to reduce.
macro_rules! of_powers_of_two {
    (
        $(#[$meta:meta])*
        fn $name:ident($x:ident: $reduced:expr) of ($n:ident, $hi:ident, $lo:ident) { $($body:tt)* }
    ) => {
        $(#[$meta])*
        #[kernel(math)]
        pub fn $name($x: f32) -> f32 {
            const MAGIC: f32 = 12_582_912.0;
            let reduced = $reduced;
            let shifted = reduced * std::f32::consts::LOG2_E + MAGIC;
            let whole = shifted - MAGIC;
            let $n = shifted.to_bits() as i32 - 0x4b40_0000;
            // ln 2 in two parts, of which the first has 16 bits.
            let near = reduced - whole * 0.693_145_75;
            let $hi = near - whole * 1.428_606_8e-6;
            let $lo = (near - $hi) - whole * 1.428_606_8e-6;
            $($body)*
        }
    };
}

of_powers_of_two! {
    /// e^x - 1, exact near 0.
    fn exp_m1(x: x.clamp(-20.0, 89.0)) of (n, hi, lo) {
        // (e^r - 1 - r) / r^2, so that the whole is good to 2^-28 (fpminimax).
        let p = 0.499_999_9 + hi * (0.166_665_21 + hi * (4.166_896_3e-2 + hi * (8.368_669e-3 + hi * 1.378_245_8e-3)));
        let e = hi + (hi * hi * p + lo);
        // The largest powers are taken by halves, which overflow where they should.
        let large = n > 100;
        let k = if large { n - 1 } else { n };
        let scale = f32::from_bits(((k + 127) << 23) as u32);
        let y = (scale - 1.0) + scale * e;
        let y = if large { y + y } else { y };
        y.copysign(x)
    }
}

/// Both are a cosh r + b sinh r, where a and b are the sum and the difference of 2^(n-1) and 2^(-n-1), or the other way
/// round.
macro_rules! catenary {
    ($(#[$meta:meta])* $name:ident, |$up:ident, $down:ident, $sum:ident| ($first:expr, $lost:expr, $second:expr)) => {
        of_powers_of_two! {
            $(#[$meta])*
            fn $name(x: x.abs().min(89.5)) of (n, hi, lo) {
                // sinh r - r and cosh r - 1, to 2^-34 and 2^-33 of the whole (fpminimax).
                let z = hi * hi;
                let odd = hi + (hi * (z * (0.166_666_67 + z * (8.333_193e-3 + z * 1.995_738e-4))) + lo);
                let even = z * (0.5 + z * (4.166_645e-2 + z * 1.393_659_7e-3));
                let large = n > 100;
                let k = if large { n - 1 } else { n };
                let $up = f32::from_bits(((k + 126) << 23) as u32);
                let $down = f32::from_bits(((126 - n.min(100)) << 23) as u32);
                let ($sum, second) = ($first, $second);
                let lost = $lost;
                let y = $sum + (lost + ($sum * even + second * odd));
                if large { y + y } else { y }
            }
        }
    };
}

catenary! {
    /// The hyperbolic sine's size.
    #[doc(hidden)]
    sinh_size, |up, down, first| (up - down, (up - first) - down, up + down)
}

catenary! {
    /// The hyperbolic cosine of all but NaN.
    #[doc(hidden)]
    cosh_size, |up, down, first| (up + down, (up - first) + down, up - down)
}

/// The hyperbolic sine.
#[kernel(math)]
pub fn sinh(x: f32) -> f32 {
    if x.is_nan() { x } else { x.sinh_size().copysign(x) }
}

/// The hyperbolic cosine.
#[kernel(math)]
pub fn cosh(x: f32) -> f32 {
    if x.is_nan() { x } else { x.cosh_size() }
}

of_powers_of_two! {
    /// The hyperbolic tangent: 1 - 2 / (e^2x + 1).
    fn tanh(x: (x.abs() * 2.0).clamp(0.0, 20.0)) of (n, hi, lo) {
        let size = x.abs();
        // (tanh x - x) / x^3 up to 0.625, so that the whole is good to 2^-27.7 (fpminimax).
        let z = size * size;
        let p = 0.133_314_16 + z * (-5.373_794e-2 + z * (2.063_412e-2 + z * -5.700_092e-3));
        let near = size + size * (z * (-0.333_332_8 + z * p));
        // (e^r - 1 - r) / r^2
        let p = 0.499_999_9 + hi * (0.166_665_21 + hi * (4.166_896_3e-2 + hi * (8.368_669e-3 + hi * 1.378_245_8e-3)));
        let e = hi + (hi * hi * p + lo);
        let scale = f32::from_bits(((n + 127) << 23) as u32);
        let one = scale + 1.0;
        let more = scale * e;
        let sum = one + more;
        let lost = more - (sum - one);
        let q = 2.0 / sum;
        let y = 1.0 - q;
        let far = y + (((1.0 - y) - q) + 0.5 * q * q * lost);
        let y = if size < 0.625 { near } else { far };
        let y = if size > 9.1 { 1.0 } else { y };
        if x.is_nan() { x } else { y.copysign(x) }
    }
}
