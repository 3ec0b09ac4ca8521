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

#[test]
fn the_own_place_moved_by_uniform_numbers_stays_linear() {
    let with = |body: &str| {
        format!("fn k(i: Index, x: f32, #[uniform] n: u32) -> u32 {{ let mut j = i; {body} j }}")
    };
    assert_eq!(spread(&with("j += n; j = j - 2;"), "j"), Spread::Linear);
    assert_eq!(spread(&with("let s = j as i32 - 7;"), "s"), Spread::Linear);
    assert_eq!(spread(&with("let s = n - j;"), "s"), Spread::Varying, "it runs backwards");
    assert_eq!(spread(&with("let s = j as f32;"), "s"), Spread::Varying);
    assert_eq!(spread(&with("if x > 0.0 { j += 1; }"), "j"), Spread::Varying);
    assert_eq!(spread(&with("if n > 3 { j = n; }"), "j"), Spread::Varying, "linear or uniform");
}

/// Of a kernel with this body: whether lanes leave loop 0, or a turn of it, one by one, and whether they end so.
fn left(body: &str) -> (bool, bool, bool) {
    let kernel = kernel(&format!("fn k(x: f32, #[uniform] n: u32) -> u32 {{ let mut s = 0; {body} s }}"));
    let spreads = Spreads::of(&kernel);
    (spreads.diverges(0), spreads.skips(0), spreads.returns())
}

#[test]
fn a_loop_is_left_one_by_one_where_the_branch_around_the_leave_varies() {
    assert_eq!(left("for k in 0..n { if x > 1.0 { break; } s += k; }"), (true, false, false));
    assert_eq!(left("for k in 0..n { if k > 3 { break; } s += k; }"), (false, false, false));
    assert_eq!(left("for k in 0..n { if x > 1.0 { continue; } s += k; }"), (true, true, false));
    assert_eq!(left("for k in 0..n { if k == 3 { continue; } s += k; }"), (false, false, false));
    assert_eq!(left("for k in 0..n { if x > 1.0 { return k; } s += k; }"), (true, false, true));
    assert_eq!(left("for k in 0..n { if k > 3 { return k; } s += k; }"), (false, false, false));
    assert_eq!(left("loop { s += 1; if x > 1.0 && s > 3 { break; } }"), (true, false, false));
    assert_eq!(left("loop { s += 1; if s > n { break; } }"), (false, false, false));
}

#[test]
fn a_leave_of_an_outer_loop_is_one_of_all_between() {
    let loops = |leave: &str| {
        let kernel = kernel(&format!(
            "fn k(x: f32, #[uniform] n: u32) -> u32 {{
                let mut s = 0;
                'rows: for i in 0..n {{ for j in 0..n {{ if x > 1.0 {{ {leave}; }} s += i * j; }} }}
                s
            }}"
        ));
        let spreads = Spreads::of(&kernel);
        [0, 1].map(|site| (spreads.diverges(site), spreads.skips(site)))
    };
    assert_eq!(loops("break"), [(false, false), (true, false)]);
    assert_eq!(loops("break 'rows"), [(true, false), (true, false)]);
    assert_eq!(loops("continue 'rows"), [(true, true), (true, false)]);
}

#[test]
fn what_a_masked_loop_steps_varies_afterwards() {
    let source = |cond: &str| {
        format!(
            "fn k(x: f32, #[uniform] n: u32) -> u32 {{ let mut s = 0; for k in 0..n {{ if {cond} {{ break; }} s += k; }} s }}"
        )
    };
    assert_eq!(spread(&source("x > 1.0"), "s"), Spread::Varying);
    assert_eq!(spread(&source("k > 3"), "s"), Spread::Uniform);
}

#[test]
fn a_private_array_varies_with_what_is_put_into_it() {
    let varies = |put: &str| {
        let kernel = kernel(&format!(
            "fn k(x: f32, j: u32, #[uniform] n: u32) -> f32 {{ let mut a = [0.0; 8]; {put} a[1] }}"
        ));
        Spreads::of(&kernel).table_varies(0)
    };
    assert!(!varies("a[n as usize] = 1.0;"));
    assert!(!varies("for k in 0..8 { a[k] += 1.0; }"));
    assert!(varies("a[0] = x;"));
    assert!(varies("a[j as usize] = 1.0;"));
    assert!(varies("if x > 0.0 { a[0] = 1.0; }"));
}
