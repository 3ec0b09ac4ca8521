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

/// As [`body`], of a kernel that has arrays.
#[track_caller]
fn arrays(body: &str, part: &str) {
    whole(
        &format!(
            "fn k(xs: &[f32], px: [f32; 3], i: u32, bins: &Atomics<u32>, rng: Random, d: f64) -> f32 {{ {body} }}"
        ),
        part,
    );
}

#[test]
fn types_of_rust() {
    whole("fn k(s: &str) -> f32 { 0.0 }", "`str` cannot live in a kernel: it has numbers and bools only");
    whole("fn k(c: char) -> f32 { 0.0 }", "text can be passed as bytes");
    whole("fn k(x: f32, v: &mut Vec<u32>) -> f32 { x }", "a parameter is a slice, `xs: &[f32]`");
    whole("fn k(x: Option<f32>) -> f32 { 0.0 }", "every value is there");
    whole("fn k(x: f32) -> Result<f32, ()> { x }", "give a flag beside it");
    whole("fn k(x: Box<f32>) -> f32 { 0.0 }", "owns no memory");
    whole("fn k(x: i128) -> f32 { 0.0 }", "use `i32` or `i64`");
    whole("fn k(x: usize) -> f32 { 0.0 }", "`usize` is for indices inside of a kernel");
    whole("fn k(p: Point) -> f32 { 0.0 }", "a struct becomes several parameters or a pixel");
    whole("fn k(p: (f32, u32)) -> f32 { 0.0 }", "take the parts one by one");
    whole("fn k(on: bool, x: f32) -> f32 { x }", "take a `u8` or `u32` and compare it");
    whole("fn k(f: fn(f32) -> f32, x: f32) -> f32 { x }", "a kernel takes no functions");
    whole("fn k(x: impl Fn()) -> f32 { 0.0 }", "a kernel cannot be generic");
    whole("fn k<T: Copy>(x: T, y: T) -> T { x }", "a kernel cannot be generic");
    whole("fn k<'a>(xs: &'a [f32]) -> f32 { xs[0] }", "a kernel needs no lifetimes");
    whole("fn k(xs: &mut [f32]) { }", "a kernel writes its own element only");
    whole("fn k(x: &f32) -> f32 { *x }", "taken by value: `x: f32`");
    whole("fn k(t: &[f32; 16]) -> f32 { t[0] }", "`#[uniform] t: [f32; 16]`");
    whole("fn k(#[uniform] t: &[f32]) -> f32 { t[0] }", "without `#[uniform]`");
    whole(
        "fn k(x: u32, bins: Atomics<u32>) { bins.add(x, 1); }",
        "taken by reference: `bins: &Atomics<u32>`",
    );
    whole("fn k(x: f32, rng: &Random) -> f32 { x }", "taken by value: `rng: Random`");
    whole("fn k(x: f32, rng: &mut Random) -> f32 { x }", "taken by value: `rng: Random`");
    for (draw, part) in [
        ("rng.f64()", "`normal()`, `below(n)` and `range(low, high)`"),
        ("rng.f32(1.0)", "`f32` takes no arguments"),
        ("rng.below()", "`below` takes the number that it stays below, a `u32`"),
        ("rng.range(3)", "`range` takes where it begins and what it stays below, both `i32`"),
        ("rng.below(1.5)", "u32"),
        ("rng.range(1u32, 5u32)", "i32"),
    ] {
        whole(&format!("fn k(rng: Random) -> f32 {{ {draw} as f32 }}"), part);
    }
    for call in ["and(0, x)", "or(0, x)", "xor(0, x)", "exchange(0, x)", "compare_exchange(0, x, x)"] {
        let kernel = format!("fn k(x: f32, sums: &Atomics<f32>) {{ sums.{call}; }}");
        whole(&kernel, "works on `u32` and `i32`; f32 has `add`, `min`, `max`");
    }
    body("let v: Vec<f32> = Vec::new(); x", "`let mut a = [0.0; 16];`");
    body("let a: [f32; N] = [0.0; N]; x", "written as a number, `[f32; 16]`");
    body("let a = [0.0; 5000]; x", "at most 4,096 places");
}

#[test]
fn values_of_rust() {
    body("Some(x)", "no `Option` and no `Result`");
    body("let y = None; x", "no `Option` and no `Result`");
    body("other(x)?", "without `?`");
    body("other(x).unwrap()", "no `Option` and no `Result`");
    body("Box::new(x)", "owns no memory");
    body("Point { x, y: x }", "structs are not in the kernel language");
    body("Point(x, x)", "structs and enums are not in the kernel language");
    body("Color::Red", "`Color` is a type of your own");
    body("let v = vec![x; 3]; x", "`let mut a = [0.0; 16];`");
    body("let c = 'a'; x", "no text");
    body("let c = b'a'; x", "`97u8`");
    body("x.clone()", "remove `.clone()`");
    body("n.into()", "by casts: `x as f32`");
    body("std::mem::swap(x, a); x", "`(a, b) = (b, a)`");
    body("std::cmp::max(x, a)", "use the method, `a.max(b)`");
    body("if let 0 = n { x } else { a }", "`if let` is not in the kernel language");
    body("while let 0 = n { } x", "`while let` is not in the kernel language");
    body("let y = n else { return x; }; x", "`let … else` is not in the kernel language");
    body("match (n, 1) { _ => x }", "looks at one number");
    body("static K: f32 = 1.0; x", "a kernel has no `static`");
    body("x.checked_add(x)", "integers of a kernel wrap");
    body("n.saturating_sub(1) as f32", "hold the value back yourself");
    body("async { x }", "cannot be async");
}

#[test]
fn arrays_of_rust() {
    arrays("xs.iter().sum()", "a kernel has no iterators");
    arrays("(0..i).map(|k| k).sum()", "a kernel has no iterators");
    arrays("xs.get(0)", "`xs[i]`, and `len()`");
    arrays("px.iter().sum()", "of a pixel a kernel reads channels, `px[0]`");
    arrays("let part = &xs[1..]; 0.0", "add to the index, `xs[first + i]`");
    arrays("xs[1..]", "add to the index, `xs[first + i]`");
    arrays("xs[i]", "an index is a `usize`, this is u32; cast it: `i as usize`");
    arrays("xs[i + 1]", "cast it: `(…) as usize`");
    arrays("px[i]", "cast it: `i as usize`");
    arrays("bins.add(i as usize, 1); 0.0", "expected `u32`, found `usize`");
    arrays("xs[0] = 1.0; 0.0", "this array is read only");
    arrays("for x in xs { } 0.0", "`for k in 0..xs.len()`");
    arrays("for k in (0..i).rev() { } 0.0", "counts upwards");
    arrays("for k in (0..i).step_by(2) { } 0.0", "counts by one");
    arrays("other(xs)", "are not passed on");
    arrays("other(bins)", "are not passed on");
    arrays("d.sin() as f32", "approximated, for f32 only: cast, `(x as f32).sin() as f64`");
    arrays("d.powf(d) as f32", "`(x as f32).powf(…) as f64`");
}

#[test]
fn leaving() {
    body("break; x", "there is none around it");
    body("loop { break 'outer; } x", "no loop around this has the label `'outer`");
    body("'outer: loop { break 'outr; } x", "is `'outer` meant?");
    body("while x > a { break x; } x", "only a `loop` gives a value");
    body("if x > a { return n; } x", "expected `f32`, found `u32`");
    body("if x > a { return; } x", "expected `f32`, found no value");
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
    body(
        "x + y",
        "`y` is not known in this kernel, which sees its parameters, its own variables, and constants",
    );
    body("let length = x; lenght", "is `length` meant?");
    body("let mut total = x; totl = a; x", "is `total` meant?");
    body("x.sqr()", "`sqr` is not in the kernel language; is `sqrt` meant?");
    body("n.bit_reverse() as f32", "it has abs, min, max, clamp, pow");
    whole("fn k(y: &mut f32) { y = 2.0; }", "write `*y = …`");
    whole("fn k(px: [f32; 3]) -> f32 { px[3] }", "channel 3 of a pixel that has 3; the last is 2");
}

#[test]
fn pictures() {
    let near = |way: &str| format!("fn k(at: Cell, src: Image<f32>, d: i32) -> f32 {{ {way} }}");
    whole(&near("src.near(d, 1, 0)"), "give the kernel a parameter `at: Cell`");
    whole(&near("src.get(1, 0)"), "a picture has no `get`");
    whole(&near("src.at(at.x, 0)"), "expected `i32`, found `u32`; cast it: `x as i32`");
}

#[test]
fn all_statements_are_looked_at() {
    let all = errors("fn k(x: f32) -> f32 { let a = &x; let b = x.clone(); let c = a; unsafe {} x }");
    assert_eq!(all.len(), 3, "what hangs on a failed name is not told again: {all:#?}");
}
