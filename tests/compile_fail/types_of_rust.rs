use manylane::prelude::*;

struct Point {
    x: f32,
    y: f32,
}

#[kernel]
fn text(x: f32, name: String, short: &str, letter: char) -> f32 {
    x
}

#[kernel]
fn owned(xs: Vec<f32>, one: Box<f32>) -> f32 {
    0.0
}

#[kernel]
fn perhaps(x: Option<f32>) -> Result<f32, ()> {
    x
}

#[kernel]
fn wide(a: i128, b: u128, i: usize, j: isize) -> f32 {
    0.0
}

#[kernel]
fn structure(p: Point, q: (f32, u32), on: bool) -> f32 {
    p.x
}

#[kernel]
fn functions(x: f32, f: fn(f32) -> f32, g: impl Fn(f32) -> f32) -> f32 {
    x
}

#[kernel]
fn generic<T: Copy>(x: T, y: T) -> T {
    x
}

#[kernel]
fn lifetime<'a>(xs: &'a [f32], i: u32) -> f32 {
    xs[i as usize]
}

#[kernel]
fn written(xs: &mut [f32], i: u32) {
    xs[i as usize] = 1.0;
}

#[kernel]
fn shared(x: u32, bins: Atomics<u32>) {
    bins.add(x, 1);
}

#[kernel]
fn drawn(x: f32, rng: &mut Random) -> f32 {
    x + rng.f32()
}

#[kernel]
fn borrowed(x: &f32, five: [f32; 5]) -> bool {
    *x > 0.0
}

#[kernel]
fn table(t: &[f32; 16], #[uniform] xs: &[f32], x: f32) -> f32 {
    x
}

fn main() {}

#[derive(Clone, Copy)]
pub struct View {
    dx: f32,
    on: bool,
}

/// Uniform structs have numbers as fields, and methods are called before the launch.
#[kernel]
fn framed(x: f32, #[uniform] view: View) -> f32 {
    if view.on { x } else { view.dx }
}

#[kernel]
fn measured(x: f32, #[uniform] view: View) -> f32 {
    x * view.dx + view.area()
}
