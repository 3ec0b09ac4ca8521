//! The WGSL that is written; the library's golden files hold whole kernels and naga reads them.

use super::{kernel, strict};
use crate::emit_wgsl::fragment;

fn text(source: &str) -> String {
    fragment(&kernel(source)).plain()
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "{part} is not in\n{text}");
}

#[test]
fn saxpy() {
    let text = text("fn k(#[uniform] a: f32, x: f32, y: f32) -> f32 { a * x + y }");
    assert_eq!(
        text,
        "fn me(v0_a: f32, v1_x: f32, v2_y: f32) -> f32 {\n    return fma(v0_a, v1_x, v2_y);\n}\n"
    );
}

#[test]
fn several_results_are_a_struct() {
    let text = text("fn k(x: f32, px: [u8; 2], y: &mut f32) -> (u32, [u8; 2]) { *y = x; (1, px) }");
    has(&text, "struct me_out {\n    r0: u32,\n    r1: vec2<u32>,\n    r2: f32,\n}\n");
    has(&text, "fn me(v0_x: f32, p1: vec2<u32>, p2: f32) -> me_out {");
    has(&text, "return me_out(1u, vec2<u32>(v1_px_0, v2_px_1), v3_y);");
}

#[test]
fn loops_look_at_their_budget() {
    let text = text("fn k(x: u32) -> u32 { let mut n = x; while n > 9 { n -= 3; } n }");
    has(&text, "    loop {\n        if (!((v1_n > 9u))) { break; }\n        if (ml_turn()) { break; }\n");
}

#[test]
fn what_wgsl_has_no_literal_for_comes_from_a_variable() {
    let text = text("fn k(x: f32) -> f32 { if x > 0.0 { f32::INFINITY } else { -0.0 } }");
    has(&text, "var b_7f800000: u32 = 0x7f800000u;");
    has(&text, "select(bitcast<f32>(b_80000000), bitcast<f32>(b_7f800000), (v0_x > 0.0f))");
    has(&super::wgsl::text("fn k(x: i32) -> i32 { x + i32::MIN }"), "(v0_x + (-2147483647i - 1i))");
}

#[test]
fn where_wgsl_means_something_else_the_prelude_is_called() {
    let text = text(
        "fn k(a: f32, b: f32) -> i32 { if a != b { (a.max(b) % a).round() as i32 } else { 7 / (a as i32) } }",
    );
    for part in ["ml_ne_f32(", "ml_max(", "ml_rem_f32(", "ml_round(", "ml_f32_to_i32(", "ml_div_i32("] {
        has(&text, part);
    }
}

#[test]
fn strict_operations_are_kept_apart() {
    let text = fragment(&strict("fn k(a: f32, b: f32, c: f32) -> f32 { a * b + c }")).plain();
    has(&text, "return ml_keep(ml_keep(v0_a * v1_b) + v2_c);");
}

#[test]
fn calls_name_their_callees() {
    let text = text("fn k(x: f32) -> f32 { let (a, b): (f32, [f32; 3]) = other(x, 3); a + b[2] }");
    has(&text, "let t1 = call_other(v0_x, 3);");
    has(&text, "t1.r0;");
    has(&text, "t1.r1.z;");
}

#[test]
fn pictures_are_read_by_the_place_of_their_parameter() {
    let text = text(
        "fn k(at: Cell, src: Image<[u8; 3]>) -> u32 { let px = src.near(at, 1, -1); px[1] as u32 + src.width() }",
    );
    has(&text, "fn me(p0: vec2<u32>) -> u32 {");
    has(&text, "ml_near_1(p0, 1i, (-1i));");
    has(&text, "ml_width_1()");
}

#[test]
fn a_labelled_break_is_told_behind_the_inner_loop() {
    let text = text(
        "fn k(x: u32) -> u32 {
            let mut s = 0;
            'rows: for i in 0..x {
                for j in 0..x { if j == 3 { continue 'rows; } if i * j > 9 { break 'rows; } if j == i { break; } s += j; }
                s += 1;
            }
            s
        }",
    );
    has(
        &text,
        "        if (leave == 1u) { leave = 0u; break; }\n        if (leave == 2u) { leave = 0u; continue; }\n        v1_s =",
    );
    has(&text, "if ((v3_j == 3u)) {\n                leave = 2u;\n                break;");
    has(&text, "if ((v3_j == v2_i)) {\n                break;");
}
