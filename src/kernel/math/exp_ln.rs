//! The transcendental functions: written once over [`Lanes`], and once more in `shaders/prelude/exp_ln.wgsl` with the
//! same steps and the same coefficients.
//!
//! Each takes every input: NaN, infinities, zeros and subnormals, in and out. `STRICT` makes every multiply-add of two
//! roundings, so that the bits are the same on every level; without it they are fused where the level can
//! ([`Lanes::FMA`]). Where odd values cost nothing ([`Lanes::ODD_FREE`]) there is no branch; elsewhere the common path
//! is free of them, and one compare finds the vectors that need the other.
//!
//! The worst error of all 2^32 inputs, in ULP, against `f64` (see `lanes/tests.rs` for the sample that guards it):
//!
//! | function | fused | strict, or without FMA |
//! |---|---|---|
//! | `exp` | 0.892 | 0.986 |
//! | `ln` | 0.915 | 0.976 |
//!
//! No closures here: unlike a function they are not always inlined, and an intrinsic in one that is not is a call.
//!
//! The coefficients are minimax polynomials in single precision (Sollya's `fpminimax`), on intervals that the reductions
//! fill.

use crate::lanes::{Lanes, MAGIC};

/// ln 2 in two parts: the first has 16 bits, so that its product with an exponent is exact.
const LN_2_HI: f32 = 0.693_145_75;
const LN_2_LO: f32 = 1.428_606_8e-6;

/// `a * b + c`.
#[inline(always)]
fn mul_add<L: Lanes, const STRICT: bool>(l: L, a: L::F, b: L::F, c: L::F) -> L::F {
    if STRICT { l.f_add(l.f_mul(a, b), c) } else { l.f_mul_add(a, b, c) }
}

/// The polynomial in `x` of these coefficients, the highest power first.
#[inline(always)]
fn polynomial<L: Lanes, const STRICT: bool, const N: usize>(l: L, x: L::F, coefficients: [f32; N]) -> L::F {
    let mut sum = l.f_splat(coefficients[0]);
    for coefficient in &coefficients[1..] {
        sum = mul_add::<L, STRICT>(l, sum, x, l.f_splat(*coefficient));
    }
    sum
}

/// `y * 2^n`, where both and the result are normal floats, through the exponent bits; `n` counts mod 512.
#[inline(always)]
fn times_power<L: Lanes>(l: L, y: L::F, n: L::I) -> L::F {
    l.f_from_bits(l.i_add(l.f_to_bits(y), l.i_shl(n, l.i_splat(23))))
}

/// (e^r - 1 - r) / r^2 for r in ±ln(2)/2, so that the whole is relatively exact to 2^-28.
const EXP: [f32; 5] = [1.378_245_8e-3, 8.368_669e-3, 4.166_896_3e-2, 0.166_665_21, 0.499_999_9];
/// Beyond these e^x is infinite or 0 for good.
const EXP_LAST: f32 = 89.0;
const EXP_FIRST: f32 = -104.5;
/// Up to here, either side, e^x is a normal float; at the next float below -87.336_54 it is subnormal, by 26 units.
const EXP_NORMAL: f32 = 87.336_54;

/// e^x: 2^n * e^r, where n is whole and r = x - n ln 2.
#[inline(always)]
pub fn exp<L: Lanes, const STRICT: bool>(l: L, x: L::F) -> L::F {
    let near = if L::ODD_FREE {
        // The bound comes first: where `x` is NaN, a compare gives the second.
        l.f_greater(l.f_splat(EXP_FIRST), l.f_lesser(l.f_splat(EXP_LAST), x))
    } else {
        x
    };
    let shifted = mul_add::<L, STRICT>(l, near, l.f_splat(std::f32::consts::LOG2_E), l.f_splat(MAGIC));
    let n = l.f_sub(shifted, l.f_splat(MAGIC));
    let r = mul_add::<L, STRICT>(l, n, l.f_splat(-LN_2_HI), near);
    let r = mul_add::<L, STRICT>(l, n, l.f_splat(-LN_2_LO), r);
    let p = polynomial::<L, STRICT, 5>(l, r, EXP);
    let one = l.f_splat(1.0);
    let y = if STRICT || !L::FMA {
        // Two operations more, and one rounding less at the size of the result.
        l.f_add(l.f_add(l.f_mul(l.f_mul(r, r), p), r), one)
    } else {
        l.f_mul_add(l.f_mul_add(p, r, one), r, one)
    };
    if L::ODD_FREE {
        return l.f_scale(y, n);
    }

    let odd = l.i_gt_s(l.f_to_bits(l.f_abs(x)), l.i_splat(EXP_NORMAL.to_bits() as i32));
    // `n` stands in the low bits of `shifted`.
    let n = l.f_to_bits(shifted);
    let normal = times_power(l, y, n);
    if !l.m_any(odd) {
        return normal;
    }
    // Doubled, the half of a large result overflows where it should.
    let half = times_power(l, y, l.i_sub(n, l.i_splat(1)));
    // A small one, in units of the smallest subnormal, is rounded by a sum where the last place is 1, and then is its own
    // bits. (A product would do, but a subnormal result takes some processors 80 cycles.)
    let units = times_power(l, y, l.i_add(n, l.i_splat(149)));
    let places = l.f_splat(8_388_608.0);
    let small = l.f_from_bits(l.i_sub(l.f_to_bits(l.f_add(units, places)), l.f_to_bits(places)));
    let y = l.f_select(l.f_gt(x, l.f_splat(EXP_NORMAL)), l.f_add(half, half), normal);
    let y = l.f_select(l.f_lt(x, l.f_splat(-EXP_NORMAL)), small, y);
    let y = l.f_select(l.f_gt(x, l.f_splat(EXP_LAST)), l.f_splat(f32::INFINITY), y);
    let y = l.f_select(l.f_lt(x, l.f_splat(EXP_FIRST)), l.f_splat(0.0), y);
    l.f_select(l.f_ne(x, x), x, y)
}

/// (ln(1 + f) - f) / f^2 for f in -0.25..0.5, so that the whole is relatively exact to 2^-27.
const LN: [f32; 9] = [
    -4.507_361e-2,
    0.104_645_304,
    -0.131_629_85,
    0.144_788_2,
    -0.166_471_65,
    0.199_908_06,
    -0.250_000_98,
    0.333_334_5,
    -0.5,
];

/// The natural logarithm: n ln 2 + ln(1 + f), where x = 2^n * (1 + f) and 1 + f is in [0.75, 1.5).
#[inline(always)]
pub fn ln<L: Lanes, const STRICT: bool>(l: L, x: L::F) -> L::F {
    // Normal positive floats, moved to the lowest integers.
    let moved = l.i_add(l.f_to_bits(x), l.i_splat(f32::INFINITY.to_bits() as i32));
    let odd = l.i_gt_s(moved, l.i_splat(0xfeff_ffff_u32 as i32));
    let odd = !L::ODD_FREE && l.m_any(odd);

    let (mut m, mut n) = (l.f_mantissa(x), l.f_exponent(x));
    if odd {
        let small = l.f_lt(x, l.f_splat(f32::MIN_POSITIVE));
        let large = l.f_select(small, l.f_mul(x, l.f_splat(16_777_216.0)), x);
        m = l.f_mantissa(large);
        n = l.f_sub(l.f_exponent(large), l.f_select(small, l.f_splat(24.0), l.f_splat(0.0)));
    }
    let f = l.f_sub(m, l.f_splat(1.0));
    let p = polynomial::<L, STRICT, 9>(l, f, LN);

    // The product is exact, so these are the same bits with one rounding or two: `sum` and what its rounding lost.
    let hi = l.f_splat(LN_2_HI);
    let sum = l.f_mul_add(n, hi, f);
    let lost = l.f_add(l.f_mul_sub(n, hi, sum), f);
    let rest = mul_add::<L, STRICT>(l, n, l.f_splat(LN_2_LO), lost);
    let rest = mul_add::<L, STRICT>(l, p, l.f_mul(f, f), rest);
    let y = l.f_add(sum, rest);
    if L::ODD_FREE || odd { l.f_ln_ends(y, x) } else { y }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMERIC: &str = include_str!("../../../shaders/prelude/numeric.wgsl");
    const EXP_LN: &str = include_str!("../../../shaders/prelude/exp_ln.wgsl");

    #[test]
    fn the_prelude_is_valid_wgsl() {
        let text = [NUMERIC, EXP_LN].join("\n");
        let module = naga::front::wgsl::parse_str(&text)
            .unwrap_or_else(|error| panic!("{}", error.emit_to_string(&text)));
        let mut validator = naga::valid::Validator::new(Default::default(), Default::default());
        validator.validate(&module).unwrap_or_else(|error| panic!("{}", error.emit_to_string(&text)));
    }

    #[test]
    fn the_shader_has_the_same_coefficients() {
        let numbers: Vec<u32> = EXP_LN
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-')
            .filter_map(|word| word.parse::<f32>().ok())
            .flat_map(|number| [number.to_bits(), (-number).to_bits()])
            .collect();
        let ours = [LN_2_HI, LN_2_LO, EXP_LAST, EXP_FIRST, EXP_NORMAL, std::f32::consts::LOG2_E];
        for number in EXP.into_iter().chain(LN).chain(ours) {
            assert!(numbers.contains(&number.to_bits()), "exp_ln.wgsl lacks {number:e}");
        }
    }
}
