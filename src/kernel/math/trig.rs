//! Sine, cosine, tangent.
//!
//! |x| = n π/2 + r, where n is whole and r, in ±π/4, is a sum hi + lo that is good to 2^-48: up to [`FAR`] with π/2 in four
//! parts, of which the products with n are exact; beyond by as many bits of 2/π as the quarter turn hangs on.

use manylane_macros::kernel;

/// A function of an angle: the body sees the number of quarter turns (mod 4) and the rest of the angle's size.
macro_rules! of_quarter_turns {
    ($(#[$meta:meta])* fn $name:ident($x:ident) of ($n:ident, $hi:ident, $lo:ident) { $($body:tt)* }) => {
        $(#[$meta])*
        #[kernel(math)]
        pub fn $name($x: f32) -> f32 {
            // Added to a small float, it rounds it to a whole number that stands in the low bits.
            const MAGIC: f32 = 12_582_912.0;
            // π/2 in 8, 11, 10 and 24 bits.
            const PART_1: f32 = 1.570_312_5;
            const PART_2: f32 = 4.838_705e-4;
            const PART_3: f32 = -4.371_395_3e-8;
            const PART_4: f32 = 2.563_344e-12;
            // The bits of 4000: up to there n has 12 bits.
            const FAR: u32 = 0x457a_0000;

            let size = $x.abs();
            let shifted = size * std::f32::consts::FRAC_2_PI + MAGIC;
            let whole = shifted - MAGIC;
            let mut $n = shifted.to_bits();
            // Exact up to here.
            let near = (size - whole * PART_1) - whole * PART_2;
            let mut $hi = near - whole * PART_3;
            let mut $lo = ((near - $hi) - whole * PART_3) - whole * PART_4;
            let bits = size.to_bits();
            if bits > FAR {
                // 96 bits of 2/π, from the first on whose product with the significand is not a multiple of 4.
                let from = (bits >> 23) - 136;
                let mut words = (0x0000_a2f9u32, 0x836e_4e44u32, 0x1529_fc27u32, 0x57d1_f534u32);
                if from >= 96 {
                    words = (0x57d1_f534, 0xddc0_db62, 0x9599_3c43, 0x9041_fe51);
                } else if from >= 64 {
                    words = (0x1529_fc27, 0x57d1_f534, 0xddc0_db62, 0x9599_3c43);
                } else if from >= 32 {
                    words = (0x836e_4e44, 0x1529_fc27, 0x57d1_f534, 0xddc0_db62);
                }
                let left = from & 31;
                let right = 31 - left;
                let mut high = (words.0 << left) | ((words.1 >> 1) >> right);
                let mut mid = (words.1 << left) | ((words.2 >> 1) >> right);
                let mut low = (words.2 << left) | ((words.3 >> 1) >> right);
                // The product, word by word from the lowest one, each of 16-bit halves.
                let significand = (bits & 0x007f_ffff) | 0x0080_0000;
                let (over, under) = (significand >> 16, significand & 0xffff);
                let mut carry = 0u32;
                for _word in 0..3 {
                    let sum = significand.wrapping_mul(low).wrapping_add(carry);
                    let inner = over * (low & 0xffff) + ((under * (low & 0xffff)) >> 16);
                    let outer = under * (low >> 16);
                    let mut next = over * (low >> 16) + (outer >> 16) + ((inner + (outer & 0xffff)) >> 16);
                    if sum < carry {
                        next += 1;
                    }
                    carry = next;
                    low = mid;
                    mid = high;
                    high = sum;
                }
                $n = high.wrapping_add(0x2000_0000) >> 30;
                // What is left of a quarter turn, in 2^-32 of one: 20 bits, 12 bits, and 24 of the second word.
                let rest = (high << 2) | (mid >> 30);
                let first = ((rest & 0xffff_f000) as i32) as f32;
                let second = (rest & 0xfff) as f32;
                let third = (((mid << 2) | (low >> 30)) >> 8) as f32 * 5.960_464_5e-8;
                let tail = second + third;
                let sum = first + tail;
                let lost = (tail - (sum - first)) + (third - (tail - second));
                // Times π/2, by halves of 12 bits.
                let top = f32::from_bits(sum.to_bits() & 0xffff_f000);
                let bottom = sum - top;
                let main = top * (PART_1 * 2.328_306_4e-10);
                let more = top * (PART_2 * 2.328_306_4e-10) + bottom * (PART_1 * 2.328_306_4e-10);
                let least = bottom * (PART_2 * 2.328_306_4e-10) + sum * (PART_3 * 2.328_306_4e-10);
                let more = more + (lost * (PART_1 * 2.328_306_4e-10) + least);
                $hi = main + more;
                $lo = more - ($hi - main);
                if bits > 0x7f7f_ffff {
                    $hi = f32::NAN;
                }
            }
            $($body)*
        }
    };
}

/// Sine and cosine differ by a quarter turn, and in that only the sine changes its sign with the angle.
macro_rules! wave {
    ($(#[$meta:meta])* $name:ident, $turns:literal, $sign:literal) => {
        of_quarter_turns! {
            $(#[$meta])*
            fn $name(x) of (n, hi, lo) {
                // (sin r - r) / r^3 to 2^-27.8 of sin r, (cos r - 1 + r^2/2) / r^4 to 2^-32.9 of cos r (fpminimax).
                let z = hi * hi;
                let sine = hi + (hi * (z * (-0.166_666_54 + z * (8.332_118e-3 + z * -1.951_040_2e-4))) + lo);
                let half = 0.5 * z;
                let one = 1.0 - half;
                let rest = z * z * (4.166_664_6e-2 + z * (-1.388_730_8e-3 + z * 2.443_209_4e-5)) - hi * lo;
                let cosine = one + (((1.0 - one) - half) + rest);
                let turns = n + $turns;
                let y = if (turns & 1) == 0 { sine } else { cosine };
                f32::from_bits(y.to_bits() ^ ((turns & 2) << 30) ^ (x.to_bits() & $sign))
            }
        }
    };
}

wave! {
    /// The sine of `x` radians.
    sin, 0, 0x8000_0000
}

wave! {
    /// The cosine of `x` radians.
    cos, 1, 0
}

of_quarter_turns! {
    /// The tangent of `x` radians.
    fn tan(x) of (n, hi, lo) {
        // (tan r - r) / r^3 to 2^-29.5 of tan r (fpminimax).
        let z = hi * hi;
        let p = 4.389_473e-3;
        let p = 1.084_941_25e-2 + z * (6.707_41e-5 + z * p);
        let p = 0.333_333_5 + z * (0.133_326_69 + z * (5.406_001_2e-2 + z * (2.127_896e-2 + z * p)));
        let more = hi * (z * p);
        let near = hi + more;
        let more = more + (lo + lo * (near * near));
        let up = hi + more;
        let lost = more - (up - hi);
        // -1 / (up + lost): a quotient, and what it leaves, by halves of 12 bits.
        let y = -1.0 / up;
        let (up_top, y_top) = (f32::from_bits(up.to_bits() & 0xffff_f000), f32::from_bits(y.to_bits() & 0xffff_f000));
        let (up_rest, y_rest) = ((up - up_top) + lost, y - y_top);
        let left = ((1.0 + y_top * up_top) + y_rest * up_top) + y * up_rest;
        let down = y + y * left;
        let y = if (n & 1) == 0 { up } else { down };
        f32::from_bits(y.to_bits() ^ (x.to_bits() & 0x8000_0000))
    }
}
