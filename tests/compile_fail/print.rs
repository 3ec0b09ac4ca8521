use manylane::prelude::*;

#[kernel]
fn shout(x: f32) -> f32 {
    println!("{x}");
    x
}

#[kernel]
fn checked(x: f32) -> f32 {
    assert!(x > 0.0);
    x
}

fn main() {}
