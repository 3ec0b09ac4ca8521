use manylane::prelude::*;

#[kernel]
fn mixed(x: f32, n: u32) -> f32 {
    x * n
}

#[kernel]
fn point(x: f32) -> f32 {
    x + 1
}

#[kernel]
fn unknown(x: f32) -> f32 {
    x + y
}

#[kernel]
fn fixed(x: f32) -> f32 {
    let y = x;
    y = 2.0;
    y
}

#[kernel]
fn nothing(x: f32) {
    let y = x;
}

#[kernel]
fn method(x: f32) -> f32 {
    x.gamma()
}

fn main() {}
