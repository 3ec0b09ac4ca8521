//! The references: plain loops, borders clamped by hand.

pub mod levels;
pub mod quality;
pub mod tone;

/// A cell, the nearest inside where it lies outside.
fn near<T: Copy>(cells: &[T], (width, height): (usize, usize), x: i64, y: i64) -> T {
    cells[y.clamp(0, height as i64 - 1) as usize * width + x.clamp(0, width as i64 - 1) as usize]
}

/// A new picture, cell by cell.
fn each<T>((width, height): (usize, usize), cell: impl Fn(i64, i64) -> T) -> Vec<T> {
    let mut cells = Vec::with_capacity(width * height);
    for y in 0..height as i64 {
        for x in 0..width as i64 {
            cells.push(cell(x, y));
        }
    }
    cells
}

/// What [`gray`](crate::gray()) must give.
pub fn gray(pixels: &[[u8; 3]]) -> Vec<u8> {
    let luma =
        |[r, g, b]: [u8; 3]| (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500) / 1000;
    pixels.iter().map(|px| luma(*px) as u8).collect()
}

/// The length of Sobel's gradient at every cell.
fn gradient<T: Copy + Into<f64>>(cells: &[T], shape: (usize, usize)) -> Vec<f64> {
    each(shape, |x, y| {
        let (mut gx, mut gy) = (0.0, 0.0);
        for (side, weight) in [(-1, 1.0), (0, 2.0), (1, 1.0)] {
            gx += weight
                * (near(cells, shape, x + 1, y + side).into() - near(cells, shape, x - 1, y + side).into());
            gy += weight
                * (near(cells, shape, x + side, y + 1).into() - near(cells, shape, x + side, y - 1).into());
        }
        f64::hypot(gx, gy)
    })
}

/// What [`sobel`](crate::sobel()) must give.
pub fn sobel(cells: &[u8], shape: (usize, usize)) -> Vec<u8> {
    gradient(cells, shape).into_iter().map(|length| length.round() as u8).collect()
}

/// What [`sobel_f32`](crate::sobel_f32()) must give.
pub fn sobel_f32(cells: &[f32], shape: (usize, usize)) -> Vec<f32> {
    gradient(cells, shape).into_iter().map(|length| length as f32).collect()
}

/// What the two passes of a blur must give.
pub fn blur(cells: &[u8], shape: (usize, usize), sigma: f32) -> Vec<u8> {
    let radius = (3.0 * f64::from(sigma)).ceil() as i64;
    let weight = |k: i64| if k == 0 { 1.0 } else { (-0.5 * (k as f64 / f64::from(sigma)).powi(2)).exp() };
    let total: f64 = (-radius..=radius).map(weight).sum();
    let mean =
        |cell: &dyn Fn(i64) -> f64| (-radius..=radius).map(|k| weight(k) * cell(k)).sum::<f64>() / total;
    let rows = each(shape, |x, y| mean(&|k| near(cells, shape, x + k, y).into()));
    each(shape, |x, y| mean(&|k| near(&rows, shape, x, y + k)).round() as u8)
}

/// The same of each channel.
pub fn blur_rgb(pixels: &[[u8; 3]], shape: (usize, usize), sigma: f32) -> Vec<[u8; 3]> {
    let [r, g, b] = [0, 1, 2].map(|c| blur(&pixels.iter().map(|px| px[c]).collect::<Vec<_>>(), shape, sigma));
    r.into_iter().zip(g).zip(b).map(|((r, g), b)| [r, g, b]).collect()
}

/// The turns of [`julia_turns`](crate::fractal::julia_turns()), in the same precision, because where the loop ends hangs on it.
pub fn julia(
    (width, height): (usize, usize),
    (x0, y0, step): (f32, f32, f32),
    c: (f32, f32),
    limit: u32,
) -> Vec<u32> {
    let one = |at: usize| {
        let (mut re, mut im) = ((at % width) as f32 * step + x0, (at / width) as f32 * step + y0);
        let mut n = 0;
        while n < limit && re * re + im * im <= 4.0 {
            (re, im) = (re * re - im * im + c.0, 2.0 * re * im + c.1);
            n += 1;
        }
        n
    };
    (0..width * height).map(one).collect()
}
