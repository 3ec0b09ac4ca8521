//! What is the same on all lanes.

use super::{kernel, var};
use crate::uniformity::{Spread, Spreads};

fn spread(source: &str, name: &str) -> Spread {
    let kernel = kernel(source);
    Spreads::of(&kernel).var(var(&kernel, name))
}

#[test]
fn parameters() {
    let source = "fn k(#[uniform] a: f32, x: f32, i: Index) -> f32 { let b = a * 2.0; let c = b + x; let j = i + 1; c }";
    assert_eq!(spread(source, "b"), Spread::Uniform);
    assert_eq!(spread(source, "c"), Spread::Varying);
    assert_eq!(spread(source, "j"), Spread::Linear);
}

#[test]
fn the_own_cell() {
    let source = "fn k(at: Cell) -> u32 { let x = at.x + 3; let y = at.y + 3; let z = at.x * 2; x + y + z }";
    assert_eq!(spread(source, "x"), Spread::Linear);
    assert_eq!(spread(source, "y"), Spread::Uniform);
    assert_eq!(spread(source, "z"), Spread::Varying);
}

#[test]
fn assignments_under_a_varying_condition_vary() {
    let source = "fn k(x: f32) -> f32 { let mut a = 0.0; if x > 0.0 { a = 1.0; } a }";
    assert_eq!(spread(source, "a"), Spread::Varying);
    let inside = "fn k(x: f32) -> f32 { if x > 0.0 { let mut b = 0.0; b += 1.0; } x }";
    assert_eq!(spread(inside, "b"), Spread::Uniform, "declared under the same condition");
}

#[test]
fn a_uniform_loop_keeps_its_counter_uniform() {
    let source = "fn k(x: f32, #[uniform] n: u32) -> f32 { let mut s = x; let mut k = 0; while k < n { s *= 2.0; k += 1; } s }";
    assert_eq!(spread(source, "k"), Spread::Uniform);
    assert_eq!(spread(source, "s"), Spread::Varying);
}

#[test]
fn a_varying_loop_spreads_what_it_assigns_even_backwards() {
    let source = "fn k(x: f32) -> f32 { let (mut a, mut b, mut k) = (0.0, 0.0, 0.0); while k < x { a = b; b = k; k += 1.0; } a }";
    for name in ["a", "b", "k"] {
        assert_eq!(spread(source, name), Spread::Varying, "{name}");
    }
}
