//! Types that are not written, and what is taken apart.

use super::{kernel, var};
use crate::ir::{Stmt, known};
use crate::types::Scalar;

fn type_of(source: &str, name: &str) -> Scalar {
    let kernel = kernel(source);
    known(kernel.vars[var(&kernel, name)].ty)
}

#[test]
fn literals_take_the_type_of_their_use() {
    let source = "fn k(x: f32, #[uniform] limit: u32) -> u32 { let (mut a, mut n) = (0.0, 0); while n < limit { a += x; n += 1; } n }";
    assert_eq!(type_of(source, "n"), Scalar::U32);
    assert_eq!(type_of(source, "a"), Scalar::F32);
}

#[test]
fn literals_that_nothing_decides_have_the_types_of_rust() {
    let source = "fn k(x: f32) -> f32 { let a = 1.5; let b = 2; x }";
    assert_eq!(type_of(source, "a"), Scalar::F32);
    assert_eq!(type_of(source, "b"), Scalar::I32);
}

#[test]
fn a_later_use_decides_an_earlier_literal() {
    let source = "fn k(x: u32) -> u32 { let mut n = 0; if x > 3 { n = x; } n }";
    assert_eq!(type_of(source, "n"), Scalar::U32);
}

#[test]
fn a_call_takes_the_type_of_what_is_around_it() {
    assert_eq!(type_of("fn k(x: f32) -> f32 { let u: u32 = other(x); x }", "u"), Scalar::U32);
    assert_eq!(type_of("fn k(x: f32) -> f32 { let u = other(x); u * x }", "u"), Scalar::F32);
    assert_eq!(type_of("fn k(x: f32) -> i32 { let u = other(x); u }", "u"), Scalar::I32);
    assert_eq!(
        type_of("fn k(x: f32) -> f32 { let (a, b) = other(x); a + (b as f32) * (b & 1u32) as f32 }", "b"),
        Scalar::U32
    );
}

#[test]
fn shadowing_makes_a_new_variable() {
    let kernel = kernel("fn k(x: f32) -> u32 { let x = x as u32; let x = x + 1; x }");
    assert_eq!(kernel.vars.iter().filter(|var| var.name == "x").count(), 3);
}

#[test]
fn pixels_and_tuples_are_taken_apart() {
    let kernel = kernel("fn k(px: [u8; 3], a: f32) -> ([u8; 3], f32) { let t = (px, a); t }");
    assert_eq!(kernel.params[0].vars.len(), 3);
    assert_eq!(kernel.results.len(), 4);
}

#[test]
fn an_early_operand_is_kept_from_a_later_assignment() {
    let kernel = kernel("fn k(x: f32) -> f32 { let mut a = x; let s = a + { a = 2.0; a }; s }");
    let kept = kernel.body.iter().filter(|stmt| matches!(stmt, Stmt::Let { .. })).count();
    assert_eq!(kept, 3, "a, the copy of it, s");
}

#[test]
fn a_branch_of_plain_values_stays_an_expression() {
    let kernel = kernel("fn k(x: f32) -> f32 { let y = if x > 0.0 { x } else { -x }; y }");
    assert_eq!(kernel.sites, 0);
}

#[test]
fn a_branch_that_calls_is_a_statement() {
    let kernel = kernel("fn k(x: f32) -> f32 { let y = if x > 0.0 { other(x) } else { -x }; y }");
    assert_eq!(kernel.sites, 1);
}

#[test]
fn constants_are_literals() {
    let kernel = kernel("fn k(x: f32) -> f32 { const K: f32 = 1.0 / 4.0; x * K }");
    assert!(kernel.body.is_empty());
}

#[test]
fn a_match_of_plain_values_is_a_choice() {
    let kernel = kernel("fn k(n: u32) -> u32 { match n { 0 => 5, 1 | 2 => 6, 3..=4 => 7, _ => 8 } }");
    assert_eq!(kernel.sites, 0);
    let text = crate::listing::ir(&kernel);
    let choice = "select((t.1 == 0), 5, select(((t.1 == 1) | (t.1 == 2)), 6, select(((t.1 >= 3) & (t.1 <= 4)), 7, 8)))";
    assert!(text.contains(choice), "{text}");
}

#[test]
fn a_match_that_does_more_is_branches_over_one_value() {
    let kernel =
        kernel("fn k(x: f32) -> u32 { match other(x) { 0u32 => 1, n if n > 9 => other(x), m => m + 1 } }");
    assert_eq!(kernel.sites, 2);
    let calls = crate::listing::ir(&kernel);
    assert_eq!(calls.matches("other(").count(), 2, "what is matched is computed once: {calls}");
}

#[test]
fn a_constant_of_the_body_is_the_length_of_an_array() {
    let kernel = kernel("fn k(x: f32) -> f32 { const N: usize = 6; let a = [x; N]; a[N - 1] }");
    assert_eq!(kernel.tables[0].length, 6);
}

#[test]
fn fields_of_a_uniform_struct_are_uniforms() {
    let kernel = super::kernel(
        "fn k(x: f32, #[uniform] v: View, i: Index) -> f32 { if i < v.n { x * v.dx } else { v.dx } }",
    );
    let params: Vec<String> =
        kernel.params.iter().map(|param| format!("{} {:?}", param.name, param.ty)).collect();
    assert_eq!(params, ["x Scalar(F32)", "v__n Scalar(U32)", "v__dx Scalar(F32)", "i Scalar(U32)"]);
    let of = |body: &str| super::errors(&format!("fn k(x: f32, #[uniform] v: View) -> f32 {{ {body} }}"));
    assert_eq!(of("let u = v.a; x"), ["the type of this is not known here; say its type: `let u: f32 = …`"]);
    assert_eq!(
        of("if v.on { x } else { 0.0 }"),
        ["a uniform cannot be a bool: make it a u32 and compare it, `v.flag != 0`"]
    );
}

#[test]
fn a_field_may_end_a_range() {
    for range in ["n..v.to", "n..=v.to", "n.min(3)..v.to", "0..v.to", "(n)..v.to", "v.to..n"] {
        let source = format!(
            "fn k(x: f32, #[uniform] n: i32, #[uniform] v: View) -> f32 {{
                let mut s = x; for k in {range} {{ s += (k + n) as f32; }} s
            }}"
        );
        let kernel = super::kernel(&source);
        let params: Vec<String> = kernel.params.iter().map(|param| param.name.to_string()).collect();
        assert_eq!(params, ["x", "n", "v__to"], "{range}");
    }
}
