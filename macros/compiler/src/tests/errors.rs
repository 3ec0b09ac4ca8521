//! What is outside the language, and what the message says to write instead.

use super::errors;

/// The one message for a kernel with that body contains `part`.
#[track_caller]
fn body(body: &str, part: &str) {
    whole(&format!("fn k(x: f32, n: u32, #[uniform] a: f32) -> f32 {{ {body} }}"), part);
}

#[track_caller]
fn whole(source: &str, part: &str) {
    let all = errors(source);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].contains(part), "{:?} does not say {part:?}", all[0]);
}

#[test]
fn not_yet() {
    body("loop { } x", "`loop` is not in the kernel language yet: use `while`");
    body("while x > 0.0 { break; } x", "`break` is not in the kernel language yet");
    body("if x > 0.0 { return 1.0; } x", "`return` is not in the kernel language yet");
    body("match n { _ => x }", "use `if … else if … else`");
    body("x.sin()", "`sin` is not in the kernel language yet; it has sqrt");
    body("x as f64 as f32", "use `f32`");
    body("let t = [x; 9]; x", "longer arrays are not in the kernel language yet");
    whole("fn k(xs: &[f32]) -> f32 { 0.0 }", "slices are not in the kernel language yet");
    whole("fn k(x: f64) -> f32 { 0.0 }", "`f64` is not in the kernel language yet: use `f32`");
    whole("fn k(x: f32, bins: &mut Vec<u32>) -> f32 { x }", "`Vec` cannot live in a kernel");
}

#[test]
fn never() {
    body("println!(\"{x}\"); x", "a kernel cannot print");
    body("assert!(x > 0.0); x", "a kernel cannot panic");
    body("let f = |y: f32| y; x", "a kernel has no closures");
    body("let r = &x; x", "there are no references in a kernel");
    body("let s = \"text\"; x", "no text");
    body("unsafe { x }", "remove `unsafe`");
    body("k(x, n, a)", "a kernel cannot call itself");
    whole("fn k<T>(x: f32) -> f32 { x }", "a kernel cannot be generic");
    whole("async fn k(x: f32) -> f32 { x }", "cannot be `async`");
    whole("fn k(x: String) -> f32 { 0.0 }", "`String` cannot live in a kernel");
    whole("fn k(x: f32) { }", "this kernel gives nothing");
    whole("fn k(x: f32) -> bool { x > 0.0 }", "arrays of bool do not exist");
}

#[test]
fn types() {
    body("x + n", "expected `f32`, found `u32`; cast it: `x as f32`");
    body("x * 2", "write it with a point: `1.0`");
    body("if n { x } else { a }", "expected `bool`, found `u32`");
    body("let u = other(x); x", "say its type: `let u: f32 = …`");
    body("let y: i32 = 3000000000; x", "3000000000 is out of range for `i32`");
    body("-n; let m = n & x as u32; !x", "works on integers, this is `f32`");
    whole("fn k(a: u8, b: u8) -> u8 { a + b }", "cast it first: `x as u32`");
    whole("fn k(a: u8, b: u8) -> u8 { if a < b { a } else { b } }", "cast it first: `x as u32`");
}

#[test]
fn names() {
    body("x + RATE", "`RATE` is not known in this kernel");
    body("x + y", "constants written inside the body");
    whole("fn k(y: &mut f32) { y = 2.0; }", "write `*y = …`");
    whole("fn k(px: [f32; 3]) -> f32 { px[3] }", "channel 3 of a pixel that has 3; the last is 2");
}

#[test]
fn pictures() {
    let near = |way: &str| format!("fn k(at: Cell, src: Image<f32>, d: i32) -> f32 {{ {way} }}");
    whole(&near("src.near(at, d, 0)"), "this differs by lane");
    whole(&near("src.near(d, 1, 0)"), "give the kernel a parameter `at: Cell`");
    whole(&near("src.at(1, 0)"), "a picture has no `at`");
    whole(&near("let mut k = 0; if d > 0 { k = 1; } src.near(at, k, 0)"), "this differs by lane");
}

#[test]
fn all_statements_are_looked_at() {
    let all = errors("fn k(x: f32) -> f32 { let a = &x; let b = x.sin(); let c = a; loop {} x }");
    assert_eq!(all.len(), 3, "what hangs on a failed name is not told again: {all:#?}");
}
