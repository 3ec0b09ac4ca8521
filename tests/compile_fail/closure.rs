use manylane::prelude::*;

#[kernel]
fn twice(x: f32) -> f32 {
    let double = |y: f32| y + y;
    double(x)
}

fn main() {}
