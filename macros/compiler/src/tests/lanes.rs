//! The Rust that is written over lanes.

use super::{kernel, strict};
use crate::emit_lanes::LaneEmitter;
use crate::ir::Kernel;
use crate::liveness::Live;
use crate::lockstep;

fn body_of(kernel: &Kernel) -> String {
    let (stepped, spreads) = lockstep::kernel(kernel);
    let live = Live::of(&stepped);
    LaneEmitter::new(&stepped, &spreads, &live).body().to_string().split_whitespace().collect()
}

fn body(source: &str) -> String {
    body_of(&kernel(source))
}

#[track_caller]
fn has(text: &str, part: &str) {
    let part: String = part.split_whitespace().collect();
    assert!(text.contains(&part), "{part} is not in {text}");
}

#[test]
fn saxpy() {
    let text = body("fn k(#[uniform] a: f32, x: f32, y: f32) -> f32 { a * x + y }");
    has(&text, "l.f_mul_add(l.f_splat(v0_a), v1_x, v2_y)");
}

#[test]
fn uniform_control_flow_has_no_masks() {
    let text = body(
        "fn k(x: f32, #[uniform] n: i32) -> f32 { let mut s = x; for k in 0..n { if k > 2 { s += 1.0; } } s }",
    );
    has(&text, "for v3_k in 0i32..v1_n { if (v3_k > 2i32) {");
    assert!(!text.contains("select") && !text.contains("m_any"), "{text}");
}

#[test]
fn a_varying_loop_masks_only_what_is_read_afterwards() {
    let text = body(
        "fn k(x: f32, #[uniform] limit: u32) -> u32 {
            let (mut a, mut n) = (x, 0);
            while n < limit && a < 4.0 { a = a * a; n += 1; }
            n
        }",
    );
    has(&text, "if !(v4_n_all < v1_limit) { break; }");
    has(&text, "act0 = l.m_and(act0, l.f_lt(v2_a, l.f_splat(4f32)));");
    has(&text, "if !l.m_any(act0) { break; }");
    has(&text, "if turns0 & 1023 == 0 && frame.stopped() { break; }");
    has(&text, "v2_a = l.f_mul(v2_a, v2_a);");
    has(&text, "v3_n = l.i_select(act0, l.i_splat(v4_n_all as i32), v3_n);");
}

#[test]
fn a_varying_branch_runs_on_copies() {
    let text =
        body("fn k(x: f32) -> f32 { let mut a = x; if x > 0.0 { a += 1.0; let b = a; a = b * b; } a }");
    has(&text, "let mut v1_a_then0 = v1_a;");
    has(&text, "v1_a = l.f_select(c0, v1_a_then0, v1_a);");
}

#[test]
fn a_side_that_may_loop_is_guarded() {
    let text = body("fn k(x: f32) -> f32 { let mut a = x; if x > 0.0 { while a > 1.0 { a -= 1.0; } } a }");
    has(&text, "let m_then1 = l.m_and(m, c1);");
    has(&text, "if l.m_any(m_then1) {");
    has(&text, "let mut act0 = m_then1;");
}

#[test]
fn calls_pass_what_they_hold() {
    let text = body("fn k(x: f32, #[uniform] a: f32) -> f32 { let u: f32 = other(2.0, x, a, 7); u }");
    has(
        &text,
        "<other as __k::Callable>::lanes(l, m, frame, __k::CallArgs::<other, L>::into_lanes((
            __k::Uni(2f32), __k::Var::<L, f32>(v0_x), __k::Uni(v1_a), __k::Uni(7),), l))",
    );
}

#[test]
fn near_needs_no_lanes_of_the_column() {
    let text = body("fn k(at: Cell, src: Image<f32>) -> f32 { src.near(at, 1, -1) }");
    has(&text, "p1_src.near(l, p0_at, 1i32, (-1i32))");
    assert!(!text.contains("iota"), "{text}");
}

#[test]
fn elements_in_place_are_given_back() {
    let text = body("fn k(x: f32, y: &mut f32) -> u32 { *y += x; 1 }");
    has(&text, "(l.i_splat(1i32), (v1_y,))");
}

#[test]
fn uniform_integers_have_the_meaning_of_the_language() {
    let text = body("fn k(x: i32, #[uniform] a: i32, #[uniform] b: i32) -> i32 { x + (a * b / (a << b)) }");
    has(&text, "__k::scalar::div_i32(v1_a.wrapping_mul(v2_b), __k::scalar::shl_i32(v1_a, (v2_b as u32)))");
}

#[test]
fn strict_kernels_call_strict_functions() {
    has(&body_of(&strict("fn k(x: f32) -> f32 { x.exp() }")), "__k::math::exp::<L, true>(l, v0_x)");
    has(&body("fn k(x: f32) -> f32 { x.exp() }"), "__k::math::exp::<L, false>(l, v0_x)");
}

#[test]
fn a_uniform_parameter_that_comes_to_vary_is_spread() {
    let text = body("fn k(#[uniform] mut a: f32, x: f32) -> f32 { if x > 0.0 { a = x; } a }");
    has(&text, "let mut v0_a = l.f_splat(v0_a);");
}
