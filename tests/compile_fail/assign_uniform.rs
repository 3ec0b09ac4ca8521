use manylane::prelude::*;

#[kernel]
fn turned(#[uniform] a: f32, x: f32) -> f32 {
    a = x;
    a
}

#[kernel]
fn in_place_name(y: &mut f32, x: f32) {
    y = x;
}

fn main() {}
