//! Integers: they wrap, shifts take their count mod 32, a division by 0 leaves its left side. No float decides anything, so
//! every target gives the same bits.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};

/// The next number of Marsaglia's xorshift generator.
#[kernel]
pub fn xorshift(state: u32) -> u32 {
    let mut x = state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    x
}

/// How many steps of Collatz lead from `n` to 1 (or 0), at most `limit`; `3 * n + 1` wraps.
#[kernel]
pub fn collatz(n: u32, #[uniform] limit: u32) -> u32 {
    let (mut x, mut steps) = (n, 0);
    while x > 1 && steps < limit {
        x = if x % 2 == 0 { x / 2 } else { 3 * x + 1 };
        steps += 1;
    }
    steps
}

/// `a + b`, wrapped, then held between `low` and `high`.
#[kernel]
pub fn clamp_add(a: i32, b: i32, #[uniform] low: i32, #[uniform] high: i32) -> i32 {
    (a + b).clamp(low, high)
}

/// Quotient and remainder: `a / 0` is `a`, `a % 0` is 0, `MIN / -1` is `MIN` and leaves 0.
#[kernel]
pub fn divide(a: i32, b: i32) -> (i32, i32) {
    (a / b, a % b)
}

/// The bits of `x` turned left by `n`; every count has a meaning, because counts are taken mod 32.
#[kernel]
pub fn rotate(x: u32, n: u32) -> u32 {
    (x << n) | (x >> (32 - n))
}

/// The mean of two bytes, rounded up: bytes are stored as such and widened to be computed with.
#[kernel]
pub fn average(a: u8, b: u8) -> u8 {
    ((a as u32 + b as u32 + 1) / 2) as u8
}

/// Facts about [`xorshift()`].
pub const XORSHIFT: Facts = exact("xorshift", Cost::element(8.0, 6.0));
/// Facts about [`collatz()`].
pub const COLLATZ: Facts = exact("collatz", Cost::turn(8.0, 7.0));
/// Facts about [`clamp_add()`].
pub const CLAMP_ADD: Facts = exact("clamp_add", Cost::element(12.0, 3.0));
/// Facts about [`divide()`].
pub const DIVIDE: Facts = exact("divide", Cost::element(16.0, 2.0));
/// Facts about [`rotate()`].
pub const ROTATE: Facts = exact("rotate", Cost::element(12.0, 4.0));
/// Facts about [`average()`].
pub const AVERAGE: Facts = exact("average", Cost::element(3.0, 3.0));

const fn exact(name: &'static str, cost: Cost) -> Facts {
    Facts { name, cost, tolerance: Tolerance::Exact }
}

/// What [`xorshift()`] must give.
pub fn xorshift_naive(states: &[u32]) -> Vec<u32> {
    let one = |mut x: u32| {
        x ^= x << 13;
        x ^= x >> 17;
        x ^ (x << 5)
    };
    states.iter().map(|x| one(*x)).collect()
}

/// What [`collatz()`] must give.
pub fn collatz_naive(n: &[u32], limit: u32) -> Vec<u32> {
    let next = |x: u32| if x.is_multiple_of(2) { x / 2 } else { x.wrapping_mul(3).wrapping_add(1) };
    let one = |mut x: u32| {
        let mut steps = 0;
        while x > 1 && steps < limit {
            x = next(x);
            steps += 1;
        }
        steps
    };
    n.iter().map(|x| one(*x)).collect()
}

/// What [`clamp_add()`] must give.
pub fn clamp_add_naive(a: &[i32], b: &[i32], low: i32, high: i32) -> Vec<i32> {
    a.iter().zip(b).map(|(a, b)| a.wrapping_add(*b).clamp(low, high)).collect()
}

/// What [`divide()`] must give.
pub fn divide_naive(a: &[i32], b: &[i32]) -> (Vec<i32>, Vec<i32>) {
    let one = |a: i32, b: i32| if b == 0 { (a, 0) } else { (a.wrapping_div(b), a.wrapping_rem(b)) };
    a.iter().zip(b).map(|(a, b)| one(*a, *b)).unzip()
}

/// What [`rotate()`] must give.
pub fn rotate_naive(x: &[u32], n: &[u32]) -> Vec<u32> {
    x.iter().zip(n).map(|(x, n)| x.rotate_left(n % 32)).collect()
}

/// What [`average()`] must give.
pub fn average_naive(a: &[u8], b: &[u8]) -> Vec<u8> {
    a.iter().zip(b).map(|(a, b)| u16::from(*a).midpoint(u16::from(*b) + 1) as u8).collect()
}
