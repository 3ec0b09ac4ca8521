use manylane::prelude::*;

#[kernel]
fn wide(x: f64) -> f32 {
    x as f32
}

#[kernel]
fn borrowed(x: &f32) -> f32 {
    *x
}

#[kernel]
fn slice(xs: &[f32], i: Index) -> f32 {
    xs[i]
}

#[kernel]
fn five(px: [f32; 5]) -> f32 {
    px[0]
}

#[kernel]
fn flags(on: bool, x: f32) -> f32 {
    x
}

#[kernel]
fn generic<T>(x: T) -> T {
    x
}

fn main() {}
