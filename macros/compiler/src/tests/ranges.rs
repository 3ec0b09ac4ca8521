//! What integers can be.

use super::kernel;
use crate::ir::Stmt;
use crate::ranges::Ranges;

/// The range of the last variable that the body declares, as `expr` over `x: i32`, `b: u8` and `u: u32`.
fn range(expr: &str) -> (i128, i128) {
    let text = format!("fn k(x: i32, b: u8, u: u32) -> i32 {{ let r = {expr}; r as i32 }}");
    let kernel = kernel(&text);
    let Some(Stmt::Let { value: Some(value), .. }) = kernel.body.last() else { panic!("{text}: {kernel:?}") };
    Ranges::of(&kernel).expr(value).expect("an integer")
}

const ALL: (i128, i128) = (i32::MIN as i128, i32::MAX as i128);

#[test]
fn masks_types_and_bounds_are_known() {
    assert_eq!(range("x & 255"), (0, 255));
    assert_eq!(range("(u & 12) + 3"), (3, 15));
    assert_eq!(range("b as i32 - 100"), (-100, 155));
    assert_eq!(range("-(b as i32) * 2"), (-510, 0));
    assert_eq!(range("u % 10"), (0, 9));
    assert_eq!(range("u / 16"), (0, u32::MAX as i128 / 16));
    assert_eq!(range("u >> 28"), (0, 15));
    assert_eq!(range("x.clamp(-3, 7)"), (-3, 7));
    assert_eq!(range("x.max(5).min(9)"), (5, 9));
    assert_eq!(range("(b as u32) ^ 300"), (0, 511));
    assert_eq!(range("(x > 0) as i32"), (0, 1));
}

#[test]
fn what_may_wrap_is_not_known() {
    assert_eq!(range("x"), ALL);
    assert_eq!(range("x + 1"), ALL);
    assert_eq!(range("(x & 255) * 100_000_000"), ALL);
    assert_eq!(range("x % 10"), ALL);
    assert_eq!(range("(b as i32 - 1) as u32"), (0, u32::MAX.into()));
    // By 0 a remainder is what it divides.
    assert_eq!(range("u % (b as u32)"), (0, u32::MAX.into()));
}

#[test]
fn counters_are_known_and_what_is_assigned_is_not() {
    let of = |body: &str| {
        let kernel = kernel(&format!("fn k(u: u32) -> u32 {{ {body} }}"));
        let mut last = None;
        crate::ir::each_stmt(&kernel.body, &mut |stmt| {
            if let Stmt::Let { var, value: Some(value) } = stmt
                && kernel.vars[*var].name == "r"
            {
                last = Ranges::of(&kernel).expr(value);
            }
        });
        last.expect("a variable `r`")
    };
    assert_eq!(of("let mut s = u; for k in 2..9 { let r = k * 2u32; s += r; } s"), (4, 16));
    assert_eq!(of("let mut s = u; for k in 2..=9 { let r = k * 2u32; s += r; } s"), (4, 18));
    assert_eq!(of("let mut a = 3u32; let r = a; a += u; a + r"), (0, u32::MAX.into()));
}
