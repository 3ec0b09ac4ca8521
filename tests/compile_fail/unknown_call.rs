use manylane::prelude::*;

#[kernel]
fn nowhere(x: f32) -> f32 {
    let z: f32 = nobody(x);
    z
}

fn main() {}
