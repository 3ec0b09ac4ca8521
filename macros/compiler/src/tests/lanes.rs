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
    has(&text, "let mut m_then1 = l.m_and(m, c1);");
    has(&text, "if l.m_any(m_then1) { 'then1: {");
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
    has(
        &text,
        "let window1 = p1_src.window::<L, { (1usize - 1 + __l::MAX_LANES) * 1usize }, 1usize>(
        p0_at, [1i32, 1i32], (-1i32, 1usize), &mut room1);",
    );
    has(&text, "window1.near(l, 1i32, (-1i32))");
    assert!(!text.contains("iota"), "{text}");
    // How far is not known before the body: each look decides for itself.
    let text = body("fn k(at: Cell, src: Image<f32>, d: &[i32]) -> f32 { src.near(at, d[0], 0) }");
    has(&text, "p1_src.near(l, p0_at, p2_d.one(l, frame, m, (0 as u32)), 0i32)");
    assert!(!text.contains("window") && !text.contains("covers"), "{text}");
}

#[test]
fn looks_as_far_as_a_uniform_says_are_inside_all_at_once() {
    let text = body(
        "fn k(at: Cell, src: Image<f32>, #[uniform] r: i32) -> f32 {
            let mut sum = 0.0;
            for k in 1..=r { sum += src.near(at, -2 * k, k - 1); }
            sum
        }",
    );
    has(
        &text,
        "p1_src.covers::<L>(p0_at, &[[
            (i64::from(v0_r) * i64::from((-2i32))), (i64::from(1i32) * i64::from((-2i32))),
            (i64::from(1i32) - i64::from(1i32)), (i64::from(v0_r) - i64::from(1i32))]])",
    );
    has(&text, "p1_src.near_inside(l, p0_at,");
    has(&text, "p1_src.near(l, p0_at,");
}

#[test]
fn columns_two_apart_are_two_vectors() {
    let text = body("fn k(at: Cell, src: Image<u8>) -> u8 { let x = 2 * at.x as i32; src.at(x - 1, 3) }");
    has(&text, "at_twos(l, (");
    has(&text, ".wrapping_add(-2i32), true), 3i32, m)");
    // One that changes on the way is looked at where it stands.
    let text =
        body("fn k(at: Cell, src: Image<u8>) -> u8 { let mut x = 2 * at.x as i32; x += 1; src.at(x, 3) }");
    has(&text, "p1_src.at(l,");
    let text = body("fn k(at: Cell, src: Image<u8>) -> u8 { src.at(3 * at.x as i32, 3) }");
    has(&text, "p1_src.at(l,");
}

#[test]
fn what_sees_windows_alone_lies_over_rows() {
    let stacks = |source: &str| {
        let kernel = kernel(source);
        let (stepped, spreads) = lockstep::kernel(&kernel);
        let live = Live::of(&stepped);
        LaneEmitter::new(&stepped, &spreads, &live).stacks()
    };
    let of = |body: &str| {
        stacks(&format!("fn k(at: Cell, src: Image<f32>, #[uniform] r: i32) -> f32 {{ {body} }}"))
    };
    assert!(of("src.near(at, 0, -1) + src.near(at, 0, 1)"));
    assert!(of("let mut s = 0.0; for y in 0..3 { for x in -1..=1 { s += src.near(at, x, y); } } s"));
    // One row has nothing in common with the next; and places, other cells and unknown distances are one row's.
    assert!(!of("src.near(at, -1, 0) + src.near(at, 1, 0)"));
    assert!(!of("src.near(at, 0, -1) + at.y as f32"));
    assert!(!of("src.near(at, 0, -1) + src.near(at, 0, r)"));
    assert!(!of("src.near(at, 0, -1) + src.near(at, 0, 1) + src.at(3, 3)"));
    assert!(!stacks(
        "fn k(at: Cell, src: Image<f32>, x: f32) -> f32 { x + src.near(at, 0, -1) + src.near(at, 0, 1) }"
    ));
    assert!(!stacks(
        "fn k(at: Cell, src: Image<[u8; 3]>) -> u8 { let p = src.near(at, 0, -1); let q = src.near(at, 0, 1); (p[0] as u32 + q[0] as u32) as u8 }"
    ));
}

#[test]
fn loops_over_rows_of_windows_are_written_out() {
    let text = body(
        "fn k(at: Cell, src: Image<f32>) -> f32 {
            let mut s = 0.0;
            for y in -1..=1 { for x in 0..2 { s += src.near(at, x, y); } }
            s
        }",
    );
    for row in ["=-1;", "=0;", "=1;"] {
        has(&text, &format!(": i32 {row}"));
    }
    assert_eq!(text.matches("window1.near").count(), 3, "{text}");
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

#[test]
fn an_element_is_loaded_as_its_index_spreads() {
    let slice = |index: &str| {
        body(&format!("fn k(xs: &[f32], j: u32, #[uniform] n: u32, i: Index) -> f32 {{ xs[{index}] }}"))
    };
    has(&slice("n as usize"), "l.f_splat(p0_xs.one(l, frame, m, ");
    has(&slice("i as usize + 1"), "p0_xs.run(l, frame, m, ");
    has(&slice("j as usize"), "p0_xs.get(l, frame, m, ");
    has(&slice("(j & 255) as usize"), "p0_xs.get_low(l, frame, m, l.i_and(v0_j, l.i_splat(255i32)), 255u32)");
    has(&slice("(i * 2) as usize"), "p0_xs.get(l, frame, m, ");
}

#[test]
fn a_private_array_that_is_the_same_for_all_lanes_is_plain() {
    let text = body(
        "fn k(x: f32, #[uniform] n: u32) -> f32 { let mut a = [0.0; 8]; a[n as usize] = 2.0; x * a[1] }",
    );
    has(&text, "let mut t0_a: [f32; 8] = [0f32; 8];");
    has(&text, "__k::tables::put_one(l, frame, m, &mut t0_a, index, value, \"a\");");
    has(&text, "__k::SliceTile::new(&t0_a, \"a\").known((1 as u32))");
}

#[test]
fn a_private_array_that_differs_by_lane_holds_vectors() {
    let text = body(
        "fn k(x: f32, j: u32) -> f32 { let mut a = [0.0; 8]; a[3] = x; a[j as usize] = 1.0; a[2] + a[j as usize] }",
    );
    has(&text, "let mut t0_a: [L::F; 8] = [l.f_splat(0f32); 8];");
    has(&text, "__k::tables::place(l, frame, m, &mut t0_a, index, \"a\")");
    has(&text, "*place = l.f_select(m, value, *place);");
    has(&text, "__k::tables::put_f(l, frame, m, &mut t0_a, index, value, \"a\");");
    has(&text, "t0_a[(2 as u32) as usize]");
    has(&text, "__k::tables::get_f(l, frame, m, &t0_a,");
}

#[test]
fn lanes_that_break_are_taken_out_of_the_mask() {
    let text = body("fn k(x: u32) -> u32 { let mut n = x; for k in 0..9 { if n > 4 { break; } n += k; } n }");
    has(&text, "let mut act0 = m; 'loop0: for v2_k in (0 as u32)..(9 as u32) { if !l.m_any(act0) { break; }");
    has(
        &text,
        "let gone = l.m_not(m_then1); act0 = l.m_and(act0, gone); m_then1 = l.m_and(m_then1, gone); break 'then1;",
    );
    has(&text, "v1_n = l.i_select(act0,");
}

#[test]
fn all_lanes_leave_at_once_without_a_mask() {
    let text = body(
        "fn k(x: u32, #[uniform] stop: u32) -> u32 { let mut n = x; for k in 0..9 { if k == stop { break; } n += k; } n }",
    );
    has(&text, "if (v3_k == v1_stop) { break 'loop0; }");
    assert!(!text.contains("select") && !text.contains("m_any"), "{text}");
}

#[test]
fn updates_of_shared_places_carry_the_mask() {
    let text = body("fn k(x: u32, bins: &Atomics<u32>) { if x > 3 { bins.add(x, 1); } }");
    has(&text, "let _ = p1_bins.add(l, frame, m_then0, v0_x, l.i_splat(1i32));");
}

#[test]
fn a_sign_by_a_bit_needs_no_mask() {
    let text = body("fn k(h: u32, x: f32) -> f32 { if h & 4 == 0 { x } else { -x } }");
    has(&text, "l.f_neg_by_bit(v1_x, v0_h, 2u32)");
    let text = body("fn k(h: u32, x: f32) -> f32 { if h & 4 != 0 { x } else { -x } }");
    has(&text, "l.f_neg_by_bit(l.f_neg(v1_x), v0_h, 2u32)");
    // Two bits say nothing of the sign.
    assert!(!body("fn k(h: u32, x: f32) -> f32 { if h & 3 == 0 { x } else { -x } }").contains("by_bit"));
}
