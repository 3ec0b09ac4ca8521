//! Which counters get a twin that steps for all lanes at once.

use super::kernel;
use crate::lockstep;

/// The twins.
fn twins(source: &str) -> Vec<String> {
    let (stepped, spreads) = lockstep::kernel(&kernel(source));
    let twins = (0..stepped.vars.len()).filter(|var| stepped.vars[*var].lockstep);
    twins.inspect(|var| assert!(spreads.is_uniform(*var))).map(|var| stepped.vars[var].name.clone()).collect()
}

#[test]
fn a_counter_that_steps_in_every_turn() {
    let source = "fn k(x: f32, #[uniform] limit: u32) -> u32 {
        let (mut a, mut n) = (x, 0);
        while n < limit && a < 4.0 { a = a * a; n += 1; }
        n
    }";
    assert_eq!(twins(source), ["n_all"]);
}

#[test]
fn not_one_that_steps_on_some_lanes() {
    let source = "fn k(x: f32, y: f32) -> u32 {
        let (mut a, mut n) = (x, 0);
        while a < 4.0 { a += 1.0; if a > y { n += 1; } }
        n
    }";
    assert!(twins(source).is_empty());
}

#[test]
fn not_one_that_a_branch_steps_in_a_loop_that_all_lanes_take() {
    let source = "fn k(x: f32, #[uniform] limit: u32) -> u32 {
        let (mut k, mut n) = (0, 0);
        while k < limit { if x > 0.0 { n += 1; } k += 1; }
        n
    }";
    assert!(twins(source).is_empty());
}

#[test]
fn not_one_that_starts_or_changes_by_lane() {
    let starts =
        "fn k(x: f32, y: u32) -> u32 { let (mut a, mut n) = (x, y); while a < 4.0 { a *= a; n += 1; } n }";
    assert!(twins(starts).is_empty());
    let later =
        "fn k(x: f32) -> u32 { let (mut a, mut n) = (x, 0); while a < 4.0 { a *= a; n += 1; } n += 2; n }";
    assert!(twins(later).is_empty());
}

#[test]
fn a_loop_that_is_left_by_a_break_is_one_too() {
    let source = "fn k(x: f32, #[uniform] limit: u32) -> u32 {
        let (mut a, mut n) = (x, 0);
        loop { if n >= limit || a > 4.0 { break; } a = a * a; n += 1; }
        n
    }";
    assert_eq!(twins(source), ["n_all"]);
}

#[test]
fn not_one_that_lanes_skip() {
    let source = "fn k(x: f32, y: f32) -> u32 {
        let (mut a, mut n) = (x, 0);
        loop { a += 1.0; if a > 9.0 { break; } if a > y { continue; } n += 1; }
        n
    }";
    assert!(twins(source).is_empty());
}
