//! The references of the filters: plain loops in `f64`, borders by hand. Results are not rounded.

use manylane::prelude::*;

use crate::canny::Length;
use crate::resize::{Filter, Shrink};

/// A picture as numbers.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Its cells, row after row.
    pub cells: Vec<f64>,
    /// Columns and rows.
    pub shape: (usize, usize),
    /// What stands outside.
    pub border: Border,
}

/// The place inside for `i`, or none where a constant stands there.
fn place(mut i: i64, n: i64, border: Border) -> Option<usize> {
    while !(0..n).contains(&i) {
        i = match border {
            Border::Constant(_) => return None,
            Border::Wrap => i - n * i.signum(),
            Border::Reflect if n > 1 => {
                if i < 0 {
                    -i
                } else {
                    2 * (n - 1) - i
                }
            }
            _ => i.clamp(0, n - 1),
        };
    }
    Some(i as usize)
}

impl Plane {
    /// The cell in that column and row.
    pub fn at(&self, x: i64, y: i64) -> f64 {
        let (width, height) = self.shape;
        match (place(x, width as i64, self.border), place(y, height as i64, self.border), self.border) {
            (Some(x), Some(y), _) => self.cells[y * width + x],
            (_, _, Border::Constant(value)) => value,
            _ => f64::NAN,
        }
    }

    /// A value for each place.
    fn each(&self, value: impl Fn(i64, i64) -> f64) -> Vec<f64> {
        over(self.shape, value)
    }

    /// The cells of the window around a place.
    fn around(&self, x: i64, y: i64, (across, down): (i64, i64)) -> Vec<f64> {
        let rows = (y - down..=y + down).flat_map(|y| (x - across..=x + across).map(move |x| (x, y)));
        rows.map(|(x, y)| self.at(x, y)).collect()
    }
}

fn over((width, height): (usize, usize), value: impl Fn(i64, i64) -> f64) -> Vec<f64> {
    let mut cells = Vec::with_capacity(width * height);
    for y in 0..height as i64 {
        for x in 0..width as i64 {
            cells.push(value(x, y));
        }
    }
    cells
}

/// The median of `size` times `size` cells.
pub fn median(plane: &Plane, size: i64) -> Vec<f64> {
    plane.each(|x, y| {
        let mut cells = plane.around(x, y, (size / 2, size / 2));
        cells.sort_by(f64::total_cmp);
        cells[cells.len() / 2]
    })
}

/// The lowest cell of a rectangle.
pub fn erode(plane: &Plane, (width, height): (i64, i64)) -> Vec<f64> {
    plane.each(|x, y| plane.around(x, y, (width / 2, height / 2)).into_iter().fold(f64::INFINITY, f64::min))
}

/// The highest cell of a rectangle.
pub fn dilate(plane: &Plane, (width, height): (i64, i64)) -> Vec<f64> {
    plane.each(|x, y| {
        plane.around(x, y, (width / 2, height / 2)).into_iter().fold(f64::NEG_INFINITY, f64::max)
    })
}

/// The sum of cells times weights, `width` weights to a row.
pub fn convolve(plane: &Plane, weights: &[f32], (width, height): (i64, i64)) -> Vec<f64> {
    plane.each(|x, y| {
        let cells = plane.around(x, y, (width / 2, height / 2));
        cells.iter().zip(weights).map(|(cell, weight)| cell * f64::from(*weight)).sum()
    })
}

/// The mean of a square.
pub fn box_blur(plane: &Plane, radius: i64) -> Vec<f64> {
    plane.each(|x, y| {
        let cells = plane.around(x, y, (radius, radius));
        cells.iter().sum::<f64>() / cells.len() as f64
    })
}

/// A Gaussian blur of three sigma to each side.
pub fn gaussian(plane: &Plane, sigma: f32) -> Vec<f64> {
    let (sigma, radius) = (f64::from(sigma), (3.0 * f64::from(sigma)).ceil() as i64);
    let bell = |k: i64| if k == 0 { 1.0 } else { (-0.5 * (k as f64 / sigma).powi(2)).exp() };
    let weights: Vec<f64> = (-radius..=radius).map(bell).collect();
    let weight = |k: i64| weights[(k + radius) as usize];
    plane.each(|x, y| {
        let (mut sum, mut total) = (0.0, 0.0);
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                sum += weight(dx) * weight(dy) * plane.at(x + dx, y + dy);
                total += weight(dx) * weight(dy);
            }
        }
        sum / total
    })
}

/// Each cell and `amount` times its difference from its blur.
pub fn unsharp(plane: &Plane, sigma: f32, amount: f32) -> Vec<f64> {
    let soft = gaussian(plane, sigma);
    plane.cells.iter().zip(soft).map(|(own, soft)| own + f64::from(amount) * (own - soft)).collect()
}

/// The bilateral filter.
pub fn bilateral(plane: &Plane, radius: i64, value: f32, space: f32) -> Vec<f64> {
    let bell = |x: f64, sigma: f32| (-0.5 * (x / f64::from(sigma)).powi(2)).exp();
    plane.each(|x, y| {
        let (mut sum, mut total) = (0.0, 0.0);
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                let distance = ((dx * dx + dy * dy) as f64).sqrt();
                if distance <= radius as f64 {
                    let cell = plane.at(x + dx, y + dy);
                    let weight = bell(distance, space) * bell(cell - plane.at(x, y), value);
                    sum += weight * cell;
                    total += weight;
                }
            }
        }
        sum / total
    })
}

/// A filter of [`Filter`], as its source writes it.
fn weight(filter: Filter, x: f64) -> f64 {
    let (x, a) = (x.abs(), -0.75);
    let sinc = |x: f64| {
        if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) }
    };
    match filter {
        Filter::Linear => (1.0 - x).max(0.0),
        Filter::Cubic if x <= 1.0 => (a + 2.0) * x.powi(3) - (a + 3.0) * x.powi(2) + 1.0,
        Filter::Cubic if x < 2.0 => a * x.powi(3) - 5.0 * a * x.powi(2) + 8.0 * a * x - 4.0 * a,
        Filter::Lanczos3 if x < 3.0 => sinc(x) * sinc(x / 3.0),
        _ => 0.0,
    }
}

/// The cells of a side that count for `place` of `to`, with their weights, which sum to 1.
fn counted(place: i64, from: usize, to: usize, filter: Filter, shrink: Shrink) -> Vec<(i64, f64)> {
    let scale = from as f64 / to as f64;
    let middle = (place as f64 + 0.5) * scale;
    if filter == Filter::Nearest {
        return vec![((2 * place + 1) * from as i64 / (2 * to as i64), 1.0)];
    }
    let wide = if shrink == Shrink::Smooth { scale.max(1.0) } else { 1.0 };
    let mut cells = Vec::new();
    let reach = (4.0 * wide) as i64 + 2;
    for cell in middle as i64 - reach..=middle as i64 + reach {
        let weight = weight(filter, (cell as f64 + 0.5 - middle) / wide);
        let inside = cell.clamp(0, from as i64 - 1);
        if weight != 0.0 && (shrink == Shrink::Sharp || inside == cell) {
            cells.push((inside, weight));
        }
    }
    let total: f64 = cells.iter().map(|(_, weight)| weight).sum();
    cells.into_iter().map(|(cell, weight)| (cell, weight / total)).collect()
}

/// The picture with `to` columns and rows.
pub fn resize(plane: &Plane, to: (usize, usize), filter: Filter, shrink: Shrink) -> Vec<f64> {
    over(to, |x, y| {
        let columns = counted(x, plane.shape.0, to.0, filter, shrink);
        let rows = counted(y, plane.shape.1, to.1, filter, shrink);
        let row = |y: i64| columns.iter().map(|(x, weight)| weight * plane.at(*x, y)).sum::<f64>();
        rows.iter().map(|(y, weight)| weight * row(*y)).sum()
    })
}

/// The picture as a matrix of nine numbers sees it, by straight lines between cells; by its first cell where there
/// is no depth.
pub fn warped(plane: &Plane, m: [f32; 9], to: (usize, usize)) -> Vec<f64> {
    let m = m.map(f64::from);
    over(to, |x, y| {
        let (x, y) = (x as f64, y as f64);
        let row = |k: usize| m[k] * x + m[k + 1] * y + m[k + 2];
        let (u, v) = if row(6) == 0.0 { (0.0, 0.0) } else { (row(0) / row(6), row(3) / row(6)) };
        let (column, line) = (u.floor() as i64, v.floor() as i64);
        let (right, down) = (u - u.floor(), v - v.floor());
        let across = |y: i64| (1.0 - right) * plane.at(column, y) + right * plane.at(column + 1, y);
        (1.0 - down) * across(line) + down * across(line + 1)
    })
}

/// 255 on the edges; the picture's border must be the nearest cell. Angles are compared as OpenCV does, in 1 / 2^15.
pub fn canny(plane: &Plane, (low, high): (f64, f64), length: Length) -> Vec<f64> {
    let (width, height) = (plane.shape.0 as i64, plane.shape.1 as i64);
    let gradient = |x: i64, y: i64| {
        let (mut gx, mut gy) = (0.0, 0.0);
        for (side, weight) in [(-1, 1.0), (0, 2.0), (1, 1.0)] {
            gx += weight * (plane.at(x + 1, y + side) - plane.at(x - 1, y + side));
            gy += weight * (plane.at(x + side, y + 1) - plane.at(x + side, y - 1));
        }
        (gx, gy)
    };
    let long = |x: i64, y: i64| {
        let (gx, gy) = gradient(x, y);
        match length {
            _ if !(0..width).contains(&x) || !(0..height).contains(&y) => 0.0,
            Length::Sum => gx.abs() + gy.abs(),
            Length::Plane => gx.hypot(gy),
        }
    };
    let slope = 13_573.0 / 32_768.0;
    let thin = over(plane.shape, |x, y| {
        let ((gx, gy), own) = (gradient(x, y), long(x, y));
        let longest = if gy.abs() < gx.abs() * slope {
            own > long(x - 1, y) && own >= long(x + 1, y)
        } else if gy.abs() > gx.abs() * (slope + 2.0) {
            own > long(x, y - 1) && own >= long(x, y + 1)
        } else {
            let side = if (gx < 0.0) != (gy < 0.0) { -1 } else { 1 };
            own > long(x - side, y - 1) && own > long(x + side, y + 1)
        };
        if longest { own } else { 0.0 }
    });
    let mut edges: Vec<bool> = thin.iter().map(|own| *own > high).collect();
    loop {
        let before = edges.clone();
        let edge = |x: i64, y: i64| {
            (0..width).contains(&x) && (0..height).contains(&y) && before[(y * width + x) as usize]
        };
        for y in 0..height {
            for x in 0..width {
                let touched = (y - 1..=y + 1).any(|y| (x - 1..=x + 1).any(|x| edge(x, y)));
                let at = (y * width + x) as usize;
                edges[at] |= touched && thin[at] > low;
            }
        }
        if edges == before {
            return edges.iter().map(|edge| if *edge { 255.0 } else { 0.0 }).collect();
        }
    }
}
