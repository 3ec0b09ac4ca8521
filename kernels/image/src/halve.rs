//! Pictures half as wide and half as high by straight lines, without tables: each cell is four of before, or where detail is
//! smoothed sixteen, of which one outside counts for nothing. What [`resize`](crate::resize::resize) does with them.

use manylane::prelude::*;

/// The mean of four bytes, halves up.
#[kernel]
pub fn mean_of_four(a: u8, b: u8, c: u8, d: u8) -> u8 {
    ((a as u32 + b as u32 + c as u32 + d as u32 + 2) >> 2) as u8
}

/// Four cells of which the outer two count a third of the inner ones.
#[kernel]
pub fn four(a: u8, b: u8, c: u8, d: u8) -> i32 {
    a as i32 + 3 * (b as i32 + c as i32) + d as i32
}

/// Rows of [`four()`] cells, weighed as they are.
#[kernel]
pub fn sixteen(a: i32, b: i32, c: i32, d: i32) -> f32 {
    (a + 3 * (b + c) + d) as f32
}

/// 1 over the weights of the four cells around the place `at` of a side of `half` places: those outside have none.
#[kernel]
pub fn share(at: u32, half: u32) -> f32 {
    let outside = (at == 0) as u32 + (at + 1 == half) as u32;
    if outside == 0 {
        0.125
    } else if outside == 1 {
        1.0 / 7.0
    } else {
        1.0 / 6.0
    }
}

/// The mean of four bytes.
#[kernel]
pub fn halved(at: Cell, src: Image<u8>) -> u8 {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    mean_of_four(src.at(x, y), src.at(x + 1, y), src.at(x, y + 1), src.at(x + 1, y + 1))
}

/// The mean of four floats.
#[kernel]
pub fn halved_f32(at: Cell, src: Image<f32>) -> f32 {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    0.25 * ((src.at(x, y) + src.at(x, y + 1)) + (src.at(x + 1, y) + src.at(x + 1, y + 1)))
}

/// The mean of four pixels.
#[kernel]
pub fn halved_rgb(at: Cell, src: Image<[u8; 3]>) -> [u8; 3] {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    let a = src.at(x, y);
    let b = src.at(x + 1, y);
    let c = src.at(x, y + 1);
    let d = src.at(x + 1, y + 1);
    let red: u8 = mean_of_four(a[0], b[0], c[0], d[0]);
    let green: u8 = mean_of_four(a[1], b[1], c[1], d[1]);
    let blue: u8 = mean_of_four(a[2], b[2], c[2], d[2]);
    [red, green, blue]
}

/// The mean of four pixels with alpha.
#[kernel]
pub fn halved_rgba(at: Cell, src: Image<[u8; 4]>) -> [u8; 4] {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    let a = src.at(x, y);
    let b = src.at(x + 1, y);
    let c = src.at(x, y + 1);
    let d = src.at(x + 1, y + 1);
    let red: u8 = mean_of_four(a[0], b[0], c[0], d[0]);
    let green: u8 = mean_of_four(a[1], b[1], c[1], d[1]);
    let blue: u8 = mean_of_four(a[2], b[2], c[2], d[2]);
    let alpha: u8 = mean_of_four(a[3], b[3], c[3], d[3]);
    [red, green, blue, alpha]
}

/// What is left of sixteen bytes; the launch's border is 0.
#[kernel]
pub fn smoothed(at: Cell, src: Image<u8>, #[uniform] across: u32, #[uniform] down: u32) -> u8 {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    let a: i32 = four(src.at(x - 1, y - 1), src.at(x, y - 1), src.at(x + 1, y - 1), src.at(x + 2, y - 1));
    let b: i32 = four(src.at(x - 1, y), src.at(x, y), src.at(x + 1, y), src.at(x + 2, y));
    let c: i32 = four(src.at(x - 1, y + 1), src.at(x, y + 1), src.at(x + 1, y + 1), src.at(x + 2, y + 1));
    let d: i32 = four(src.at(x - 1, y + 2), src.at(x, y + 2), src.at(x + 1, y + 2), src.at(x + 2, y + 2));
    let (sum, column, row): (f32, f32, f32) = (sixteen(a, b, c, d), share(at.x, across), share(at.y, down));
    (sum * (column * row) + 0.5) as u8
}

/// The same of floats.
#[kernel]
pub fn smoothed_f32(at: Cell, src: Image<f32>, #[uniform] across: u32, #[uniform] down: u32) -> f32 {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    let mut sum = 0.0;
    for k in -1..=2 {
        let four =
            src.at(x - 1, y + k) + 3.0 * (src.at(x, y + k) + src.at(x + 1, y + k)) + src.at(x + 2, y + k);
        sum += four * if k == 0 || k == 1 { 3.0 } else { 1.0 };
    }
    let (column, row): (f32, f32) = (share(at.x, across), share(at.y, down));
    sum * (column * row)
}

/// The same of pixels.
#[kernel]
pub fn smoothed_rgb(at: Cell, src: Image<[u8; 3]>, #[uniform] across: u32, #[uniform] down: u32) -> [u8; 3] {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    let (mut red, mut green, mut blue) = (0, 0, 0);
    for k in -1..=2 {
        let a = src.at(x - 1, y + k);
        let b = src.at(x, y + k);
        let c = src.at(x + 1, y + k);
        let d = src.at(x + 2, y + k);
        let weight = if k == 0 || k == 1 { 3 } else { 1 };
        let reds: i32 = four(a[0], b[0], c[0], d[0]);
        let greens: i32 = four(a[1], b[1], c[1], d[1]);
        let blues: i32 = four(a[2], b[2], c[2], d[2]);
        red += weight * reds;
        green += weight * greens;
        blue += weight * blues;
    }
    let (column, row): (f32, f32) = (share(at.x, across), share(at.y, down));
    let share = column * row;
    [(red as f32 * share + 0.5) as u8, (green as f32 * share + 0.5) as u8, (blue as f32 * share + 0.5) as u8]
}

/// The same of pixels with alpha.
#[kernel]
pub fn smoothed_rgba(at: Cell, src: Image<[u8; 4]>, #[uniform] across: u32, #[uniform] down: u32) -> [u8; 4] {
    let (x, y) = (2 * at.x as i32, 2 * at.y as i32);
    let (mut red, mut green, mut blue, mut alpha) = (0, 0, 0, 0);
    for k in -1..=2 {
        let a = src.at(x - 1, y + k);
        let b = src.at(x, y + k);
        let c = src.at(x + 1, y + k);
        let d = src.at(x + 2, y + k);
        let weight = if k == 0 || k == 1 { 3 } else { 1 };
        let reds: i32 = four(a[0], b[0], c[0], d[0]);
        let greens: i32 = four(a[1], b[1], c[1], d[1]);
        let blues: i32 = four(a[2], b[2], c[2], d[2]);
        let alphas: i32 = four(a[3], b[3], c[3], d[3]);
        red += weight * reds;
        green += weight * greens;
        blue += weight * blues;
        alpha += weight * alphas;
    }
    let (column, row): (f32, f32) = (share(at.x, across), share(at.y, down));
    let share = column * row;
    [
        (red as f32 * share + 0.5) as u8,
        (green as f32 * share + 0.5) as u8,
        (blue as f32 * share + 0.5) as u8,
        (alpha as f32 * share + 0.5) as u8,
    ]
}
