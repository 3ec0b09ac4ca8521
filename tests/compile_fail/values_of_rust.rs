use manylane::prelude::*;

#[kernel]
fn options(x: f32, n: u32) -> f32 {
    let a = Some(x);
    let b = other(x)?;
    let c: Option<f32> = None;
    let d = n.checked_add(1).unwrap();
    x
}

#[kernel]
fn owned(x: f32) -> f32 {
    let mut a = Vec::new();
    let b = vec![x; 4];
    let c = Box::new(x);
    let d = format!("{x}");
    x.clone()
}

#[kernel]
fn references(x: f32, y: f32) -> f32 {
    let a = &x;
    let mut b = x;
    let c = &mut b;
    std::mem::swap(c, a);
    x
}

#[kernel]
fn structures(x: f32) -> f32 {
    let a = Point { x, y: x };
    let b = Pair(x, x);
    let c = Color::Red;
    x
}

#[kernel]
fn patterns(x: f32, n: u32) -> f32 {
    if let 0 = n {}
    while let 1 = n {}
    let 2 = n else { return x };
    match (x, n) {
        _ => x,
    }
}

#[kernel]
fn closure(x: f32) -> f32 {
    let double = |y: f32| y + y;
    double(x)
}

#[kernel]
fn items(x: f32) -> f32 {
    static SCALE: f32 = 2.0;
    fn inner() {}
    // SAFETY: none is needed, and the block is refused.
    unsafe { x }
}

#[kernel]
fn itself(n: u32) -> u32 {
    if n > 1 { n * itself(n - 1) } else { 1 }
}

#[kernel]
fn misspelt(length: f32, x: f64) -> f32 {
    let a = lenght;
    let b = length.sqr();
    let c = x.sin();
    length
}

fn main() {}
