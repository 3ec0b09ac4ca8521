use manylane::prelude::*;

#[kernel]
fn greet(x: f32, name: String) -> f32 {
    x
}

#[kernel]
fn label(x: f32) -> f32 {
    let name = "saxpy";
    x
}

fn main() {}
