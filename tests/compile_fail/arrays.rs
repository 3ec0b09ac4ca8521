use manylane::prelude::*;

const SIZE: usize = 16;

#[kernel]
fn iterators(xs: &[f32], i: u32) -> f32 {
    let a = xs.iter().sum();
    let b = (0..i).map(|k| xs[k as usize]).sum();
    for x in xs {}
    for k in (0..i).rev() {}
    for k in (0..i).step_by(2) {}
    xs.get(0)
}

#[kernel]
fn parts(xs: &[f32], i: u32) -> f32 {
    let a = &xs[1..];
    let b = xs[..4];
    0.0
}

#[kernel]
fn indices(xs: &[f32], px: [f32; 3], i: u32, j: i32) -> f32 {
    let a = xs[i];
    let b = xs[j - 1];
    let c = px[i];
    let mut d = [0.0; 8];
    d[j] = 1.0;
    a
}

#[kernel]
fn read_only(xs: &[f32], #[uniform] t: [f32; 8], i: u32) -> f32 {
    xs[0] = 1.0;
    t[0] += 1.0;
    0.0
}

#[kernel]
fn lengths(x: f32) -> f32 {
    let a = [x; SIZE];
    let b = [x; 5000];
    let c: [f32; SIZE] = [0.0; 16];
    x
}

#[kernel]
fn passed_on(xs: &[f32], src: Image<f32>, bins: &Atomics<u32>, rng: Random, x: f32) -> f32 {
    let a: f32 = other(xs);
    let b: f32 = other(src);
    let c: f32 = other(bins);
    let d: f32 = other(rng);
    x
}

fn main() {}
