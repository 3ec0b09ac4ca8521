use manylane::prelude::*;

#[kernel]
fn unsigned(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, at.x, 0) + src.at(at.x, 0)
}

#[kernel]
fn elsewhere(at: Cell, src: Image<f32>) -> f32 {
    src.get(1, 2)
}

#[kernel]
fn no_cell(src: Image<f32>) -> f32 {
    src.near(0, 0, 0)
}

fn main() {}
