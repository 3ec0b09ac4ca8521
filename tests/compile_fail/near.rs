use manylane::prelude::*;

#[kernel]
fn halve(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, at.x as i32, 0)
}

#[kernel]
fn elsewhere(at: Cell, src: Image<f32>) -> f32 {
    src.at(1, 2)
}

#[kernel]
fn no_cell(src: Image<f32>) -> f32 {
    src.near(0, 0, 0)
}

fn main() {}
