//! Kernels that others call, from another module.

use manylane::prelude::*;

/// A plain callee.
#[kernel(strict)]
pub fn scale(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    a * x + y
}

/// A callee that calls one, and gives a tuple.
#[kernel]
pub fn around(x: i32, y: i32) -> (i32, i32) {
    (larger(x, y) + 1, x - y)
}

/// With a branch of its own.
#[kernel]
pub fn larger(x: i32, y: i32) -> i32 {
    let mut big = x;
    if y > x {
        big = y;
    }
    big
}

/// Never ends for 0: a caller that asks it only for other numbers must be able to rely on that.
#[kernel]
pub fn halvings(n: u32) -> u32 {
    let mut n = n;
    let mut turns = 0;
    while n != 1 {
        n /= 2;
        turns += 1;
    }
    turns
}
