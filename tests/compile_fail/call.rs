use manylane::prelude::*;

#[kernel]
fn scale(#[uniform] a: f32, x: f32) -> f32 {
    a * x
}

fn plain(x: f32) -> f32 {
    x
}

#[kernel]
fn varying_for_uniform(x: f32, y: f32) -> f32 {
    let z: f32 = scale(x, y);
    z
}

#[kernel]
fn too_few(x: f32) -> f32 {
    let z: f32 = scale(x);
    z
}

#[kernel]
fn not_a_kernel(x: f32) -> f32 {
    let z: f32 = plain(x);
    z
}

#[kernel]
fn picks(xs: &[f32], i: u32) -> f32 {
    xs[i as usize]
}

#[kernel]
fn takes_more_than_values(x: f32, i: u32) -> f32 {
    let z: f32 = picks(x, i);
    z
}

#[kernel]
fn open_type(x: f32) -> u32 {
    let z = scale(2.0, x);
    1
}

fn main() {}
