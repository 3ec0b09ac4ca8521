//! Which products and sums become one.

use super::{kernel, strict};
use crate::ir::{Binary, Expr, ExprKind, Fused};

/// The result in prefix form.
fn form(expr: &Expr) -> String {
    let list = |parts: &[&Expr]| parts.iter().map(|part| form(part)).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Var(var) => ["a", "b", "c", "d"][*var].to_owned(),
        ExprKind::Fused(fused, parts) => {
            let name = match fused {
                Fused::MulAdd => "fma",
                Fused::MulSub => "fms",
                Fused::NegMulAdd => "fnma",
            };
            format!("({name} {})", list(&[&parts[0], &parts[1], &parts[2]]))
        }
        ExprKind::Binary(op, a, b) => {
            let name = match op {
                Binary::Add => "+",
                Binary::Sub => "-",
                Binary::Mul => "*",
                _ => "?",
            };
            format!("({name} {})", list(&[a, b]))
        }
        _ => "?".to_owned(),
    }
}

fn floats(expr: &str) -> String {
    form(&kernel(&format!("fn k(a: f32, b: f32, c: f32, d: f32) -> f32 {{ {expr} }}")).results[0])
}

#[test]
fn the_three_forms() {
    assert_eq!(floats("a * b + c"), "(fma a b c)");
    assert_eq!(floats("c + a * b"), "(fma a b c)");
    assert_eq!(floats("a * b - c"), "(fms a b c)");
    assert_eq!(floats("c - a * b"), "(fnma a b c)");
    assert_eq!(floats("a.mul_add(b, c)"), "(fma a b c)");
}

#[test]
fn of_two_products_the_left_is_taken() {
    assert_eq!(floats("a * b + c * d"), "(fma a b (* c d))");
    assert_eq!(floats("a * b - c * d"), "(fms a b (* c d))");
}

#[test]
fn from_the_leaves_up() {
    assert_eq!(floats("(a * b + c) * d + a"), "(fma (fma a b c) d a)");
    assert_eq!(floats("a + b * c - d"), "(- (fma b c a) d)");
}

#[test]
fn not_through_a_variable() {
    let kernel = kernel("fn k(a: f32, b: f32, c: f32) -> f32 { let t = a * b; t + c }");
    assert!(matches!(kernel.results[0].kind, ExprKind::Binary(Binary::Add, ..)));
}

#[test]
fn not_on_integers() {
    let kernel = kernel("fn k(a: i32, b: i32, c: i32) -> i32 { a * b + c }");
    assert!(matches!(kernel.results[0].kind, ExprKind::Binary(Binary::Add, ..)));
}

#[test]
fn not_in_a_strict_kernel() {
    let strict =
        |expr: &str| form(&strict(&format!("fn k(a: f32, b: f32, c: f32) -> f32 {{ {expr} }}")).results[0]);
    assert_eq!(strict("a * b + c"), "(+ (* a b) c)");
    assert_eq!(strict("a.mul_add(b, c)"), "(+ (* a b) c)");
}
