//! What needs a mask.

use std::collections::BTreeSet;

use super::{kernel, var};
use crate::liveness::Live;

/// The names of what is live after the branch or loop `site`.
fn after(source: &str, site: usize) -> BTreeSet<String> {
    let kernel = kernel(source);
    Live::of(&kernel).after(site).iter().map(|var| kernel.vars[*var].name.clone()).collect()
}

/// The names of what is live at the next turn of the loop `site`.
fn turn(source: &str, site: usize) -> BTreeSet<String> {
    let kernel = kernel(source);
    Live::of(&kernel).turn(site).iter().map(|var| kernel.vars[*var].name.clone()).collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn only_the_count_of_mandelbrot() {
    let source = "fn k(c_re: f32, c_im: f32, #[uniform] limit: u32) -> u32 {
        let (mut re, mut im, mut n) = (0.0, 0.0, 0);
        while n < limit && re * re + im * im <= 4.0 {
            let t = re * re - im * im + c_re;
            im = 2.0 * re * im + c_im;
            re = t;
            n += 1;
        }
        n
    }";
    assert_eq!(after(source, 0), names(&["n"]));
}

#[test]
fn the_next_turn_of_an_outer_loop_reads() {
    let source = "fn k(x: f32, y: f32) -> f32 {
        let (mut a, mut s) = (x, 0.0);
        while a > 0.0 {
            let mut b = y;
            while b > s { b -= 1.0; s += b; }
            a -= 1.0;
        }
        a
    }";
    let inner = after(source, 1);
    assert!(inner.contains("s"), "the inner condition reads it in the next turn: {inner:?}");
    assert!(!inner.contains("b"), "it is made anew in the next turn: {inner:?}");
}

#[test]
fn what_is_overwritten_is_not_live() {
    let source = "fn k(x: f32) -> f32 { let mut a = 0.0; if x > 0.0 { a = x; } a = 1.0; a }";
    assert_eq!(after(source, 0), names(&[]));
}

#[test]
fn elements_in_place_live_to_the_end() {
    let source = "fn k(x: f32, y: &mut f32) { if x > 0.0 { *y = x; } }";
    assert_eq!(after(source, 0), names(&["y"]));
    let kernel = kernel(source);
    assert_eq!(kernel.params[1].vars, [var(&kernel, "y")]);
}

#[test]
fn a_break_reads_what_stands_behind_its_loop() {
    let source = "fn k(x: f32) -> f32 {
        let (mut a, mut b, mut c) = (x, 0.0, 0.0);
        loop { b = a; if a < 0.0 { c = 1.0; break; } c = 2.0; a -= c; }
        b
    }";
    assert_eq!(after(source, 0), names(&["b"]));
    assert!(!after(source, 1).contains("c"), "it is assigned anew");
}

#[test]
fn a_lane_that_goes_on_early_keeps_what_the_next_turn_reads() {
    let source = "fn k(x: f32) -> f32 {
        let mut s = 0.0;
        for k in 0..9 { if x > s { s += x; continue; } s = x; }
        s
    }";
    assert_eq!(after(source, 1), names(&["x"]), "the lanes that do not skip assign s anew");
    assert_eq!(turn(source, 0), names(&["s", "x"]));
}

#[test]
fn a_return_keeps_nothing_but_what_is_given() {
    let source = "fn k(x: f32) -> f32 { let mut a = x; if x > 0.0 { a = 1.0; return a; } a = 2.0 * x; a }";
    assert_eq!(after(source, 0), names(&["x"]), "what was given is kept by the end");
    let kernel = kernel(source);
    let end: Vec<_> = Live::of(&kernel).end().iter().map(|var| kernel.vars[*var].name.clone()).collect();
    assert_eq!(end, ["given"]);
}
