//! Counts and halos.

use super::kernel;
use crate::ir::AtomicOp;
use crate::measure::{Counts, counts, halo, merge};

#[test]
fn operations() {
    let saxpy = kernel("fn k(#[uniform] a: f32, x: f32, y: f32) -> f32 { a * x + y }");
    assert_eq!(counts(&saxpy), Counts { flops: 2, ..Counts::default() });
    let distance = kernel("fn k(a: f32, b: f32, c: f32) -> f32 { (a * a + b * b).sqrt() * 0.5 + c }");
    assert_eq!(counts(&distance), Counts { flops: 5, specials: 1, ..Counts::default() });
    let looping = counts(&kernel("fn k(x: u32) -> u32 { let mut n = x; while n > 9 { n -= 3; } n }"));
    assert!(looping.loops && looping.unbounded);
}

fn reach(body: &str) -> Option<(u32, u32)> {
    halo(&kernel(&format!("fn k(at: Cell, src: Image<f32>, #[uniform] r: i32) -> f32 {{ {body} }}")), 1)
}

#[test]
fn constants_and_known_ranges_have_a_halo() {
    assert_eq!(reach("src.near(at, 1, -2) + src.near(at, -3, 0)"), Some((3, 2)));
    assert_eq!(
        reach("let mut s = 0.0; for dy in -2..=2 { for dx in -1..2 { s += src.near(at, dx, dy * 2); } } s"),
        Some((1, 4))
    );
    assert_eq!(reach("let d = 1; src.near(at, d, -d)"), Some((1, 1)));
    assert_eq!(reach("0.0"), Some((0, 0)));
}

#[test]
fn anything_else_may_reach_everywhere() {
    assert_eq!(reach("src.near(at, r, 0)"), None);
    assert_eq!(reach("let mut s = 0.0; for k in 0..r { s += src.near(at, k, 0); } s"), None);
    assert_eq!(
        reach("let (mut d, mut s) = (0, 0.0); while d < 5 { let e = d; s += src.near(at, e, 0); d += 1; } s"),
        None
    );
}

/// How copies of the shared places are merged.
fn merged(body: &str) -> Option<AtomicOp> {
    merge(&kernel(&format!("fn k(x: u32, bins: &Atomics<u32>) -> u32 {{ {body} }}")), 1)
}

#[test]
fn updates_of_one_kind_that_nobody_reads_are_merged() {
    assert_eq!(merged("bins.add(x, 1); if x > 3 { bins.add(0, x); } x"), Some(AtomicOp::Add));
    assert_eq!(merged("bins.max(0, x); x"), Some(AtomicOp::Max));
    assert_eq!(merged("x"), None);
}

#[test]
fn others_are_not() {
    assert_eq!(merged("bins.add(x, 1)"), None, "the old value is given");
    assert_eq!(merged("bins.add(x, 1); bins.min(x, 1); x"), None);
    assert_eq!(merged("bins.add(x, 1); bins.load(x)"), None);
    assert_eq!(merged("bins.exchange(x, 1); x"), None);
}
