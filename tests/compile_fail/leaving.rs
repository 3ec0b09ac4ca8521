use manylane::prelude::*;

#[kernel]
fn outside(x: f32) -> f32 {
    if x > 1.0 {
        break;
    }
    continue;
    x
}

#[kernel]
fn labels(x: u32) -> u32 {
    'outer: for i in 0..x {
        for j in 0..x {
            break 'outr;
        }
    }
    'block: {
        break 'block;
    }
    x
}

#[kernel]
fn values(x: f32, n: u32) -> f32 {
    while x > 1.0 {
        break x;
    }
    if n > 1 {
        return n;
    }
    if n > 2 {
        return;
    }
    x
}

fn main() {}
