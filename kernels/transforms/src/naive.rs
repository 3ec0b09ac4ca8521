//! The definition, in double precision: sums over everything.

use std::f64::consts::TAU;

/// The sum of `x[t] * exp(sign * 2 pi i k t / n)` for each `k`; `sign` is -1 for forward and 1 for inverse, unscaled.
pub fn dft(x: &[[f64; 2]], sign: f64) -> Vec<[f64; 2]> {
    let n = x.len();
    let roots: Vec<(f64, f64)> = (0..n).map(|k| (sign * TAU * k as f64 / n as f64).sin_cos()).collect();
    let one = |k: usize| {
        x.iter().enumerate().fold([0.0, 0.0], |[re, im], (t, [a, b])| {
            let (sin, cos) = roots[(k as u128 * t as u128 % n as u128) as usize];
            [re + a * cos - b * sin, im + a * sin + b * cos]
        })
    };
    (0..n).map(one).collect()
}

/// The transform of `width * height` numbers in row order, along the rows and then along the columns.
pub fn dft2(x: &[[f64; 2]], (width, height): (usize, usize), sign: f64) -> Vec<[f64; 2]> {
    let mut cells: Vec<[f64; 2]> = x.chunks(width.max(1)).flat_map(|row| dft(row, sign)).collect();
    for column in 0..width {
        let transformed = dft(&(0..height).map(|y| cells[y * width + column]).collect::<Vec<_>>(), sign);
        transformed.into_iter().enumerate().for_each(|(y, value)| cells[y * width + column] = value);
    }
    cells
}
