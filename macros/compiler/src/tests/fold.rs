//! Literals alone are computed by the compiler, with the meaning of the kernel language.

use super::kernel;
use crate::ir::{Lit, Stmt};

fn value(ty: &str, expr: &str) -> Lit {
    let kernel = kernel(&format!("fn k(x: f32) -> {ty} {{ {expr} }}"));
    kernel.results[0].lit().unwrap_or_else(|| panic!("{expr} is no literal: {:?}", kernel.results[0]))
}

#[test]
fn integers_wrap_and_divide_by_zero() {
    assert_eq!(value("i32", "7 / 0"), Lit::Int(7));
    assert_eq!(value("i32", "7 % 0"), Lit::Int(0));
    assert_eq!(value("i32", "i32::MIN / -1"), Lit::Int(i128::from(i32::MIN)));
    assert_eq!(value("i32", "i32::MIN % -1"), Lit::Int(0));
    assert_eq!(value("i32", "i32::MAX + 1"), Lit::Int(i128::from(i32::MIN)));
    assert_eq!(value("u32", "0 - 1"), Lit::Int(i128::from(u32::MAX)));
    assert_eq!(value("u32", "u32::MAX * u32::MAX"), Lit::Int(1));
    assert_eq!(value("u32", "1 << 33"), Lit::Int(2));
    assert_eq!(value("i32", "-8 >> 1"), Lit::Int(-4));
    assert_eq!(value("i32", "i32::MIN.abs()"), Lit::Int(i128::from(i32::MIN)));
}

#[test]
fn bits_are_counted_and_moved() {
    assert_eq!(value("i32", "7i32.reverse_bits()"), Lit::Int(i128::from(7i32.reverse_bits())));
    assert_eq!(value("i16", "7i32.reverse_bits() as i16"), Lit::Int(0));
    assert_eq!(value("u32", "(-1i32).count_ones()"), Lit::Int(32));
    assert_eq!(value("u32", "0u32.leading_zeros() + 8u32.trailing_zeros()"), Lit::Int(35));
    assert_eq!(value("u32", "0x1234_5678u32.swap_bytes()"), Lit::Int(0x7856_3412));
    assert_eq!(value("i32", "(-2i32).rotate_left(33)"), Lit::Int(-3));
    assert_eq!(value("u32", "1u32.rotate_right(1)"), Lit::Int(1 << 31));
    assert_eq!(value("u64", "1u64.reverse_bits()"), Lit::Int(1 << 63));
}

#[test]
fn floats_round_as_in_rust() {
    assert_eq!(value("f32", "1.0 / 0.0"), Lit::Float(f32::INFINITY));
    assert_eq!(value("f32", "(2.5f32).round()"), Lit::Float(3.0));
    assert_eq!(value("f32", "(1.0f32).max(f32::NAN)"), Lit::Float(1.0));
    assert_eq!(value("i32", "1e20 as i32"), Lit::Int(i128::from(i32::MAX)));
    assert_eq!(value("i32", "f32::NAN as i32"), Lit::Int(0));
    assert_eq!(value("u8", "300.0 as u8"), Lit::Int(255));
    let Lit::Float(nan) = value("f32", "0.0 / 0.0") else { panic!() };
    assert_eq!(nan.to_bits(), 0x7fc0_0000, "one NaN, whatever machine compiles");
}

#[test]
fn an_inclusive_range_with_a_known_end_becomes_a_plain_one() {
    let plain = |range: &str| {
        let kernel =
            kernel(&format!("fn k(x: u32) -> u32 {{ let mut s = x; for k in {range} {{ s += k; }} s }}"));
        kernel.body.iter().any(|stmt| matches!(stmt, Stmt::For { inclusive: false, .. }))
    };
    assert!(plain("0..=9"));
    assert!(!plain("0..=u32::MAX"));
}
