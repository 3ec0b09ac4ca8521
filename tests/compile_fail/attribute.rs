use manylane::prelude::*;

#[kernel(fast)]
fn quick(x: f32) -> f32 {
    x
}

#[kernel]
async fn later(x: f32) -> f32 {
    x
}

#[kernel]
unsafe fn trusted(x: f32) -> f32 {
    x
}

#[kernel]
struct Thing;

#[kernel]
fn odd(#[varying] x: f32) -> f32 {
    x
}

#[kernel]
fn taken((a, b): (f32, f32)) -> f32 {
    a
}

fn main() {}
