use manylane::prelude::*;

#[kernel]
fn broken(x: f32) -> f32 {
    let mut y = x;
    while y > 1.0 {
        y = y * 0.5;
        if y == 3.0 {
            break;
        }
    }
    y
}

#[kernel]
fn matched(x: u32) -> u32 {
    match x {
        0 => 1,
        _ => 2,
    }
}

#[kernel]
fn early(x: f32) -> f32 {
    if x < 0.0 {
        return 0.0;
    }
    x
}

#[kernel]
fn again(x: u32) -> u32 {
    if x == 0 { 0 } else { again(x - 1) }
}

fn main() {}
