//! The references: plain loops in `f64`. A matrix is its values row after row, and its columns.

/// Each row of `columns` elements.
fn rows(a: &[f32], columns: usize) -> impl Iterator<Item = Vec<f64>> + '_ {
    a.chunks_exact(columns.max(1)).map(|row| row.iter().map(|x| f64::from(*x)).collect())
}

/// The matrix with rows and columns exchanged.
pub fn transpose<T: Copy>(a: &[T], columns: usize) -> Vec<T> {
    let height = a.len() / columns.max(1);
    (0..a.len()).map(|at| a[at % height * columns + at / height]).collect()
}

/// The largest of a row, `-infinity` of nothing, NaN where one is.
fn largest(row: &[f64]) -> f64 {
    row.iter().fold(f64::NEG_INFINITY, |a, b| if *b > a || b.is_nan() { *b } else { a })
}

/// The softmax of each row.
pub fn softmax(a: &[f32], columns: usize) -> Vec<f64> {
    rows(a, columns)
        .flat_map(|row| {
            let most = largest(&row);
            let sum: f64 = row.iter().map(|x| (x - most).exp()).sum();
            row.into_iter().map(move |x| (x - most).exp() / sum)
        })
        .collect()
}

/// The logarithm of the sum of the exponentials of each row.
pub fn log_sum_exp(a: &[f32], (columns, height): (usize, usize)) -> Vec<f64> {
    if columns == 0 {
        return vec![f64::NEG_INFINITY; height];
    }
    rows(a, columns)
        .map(|row| {
            let most = largest(&row);
            let off = if most.is_finite() { most } else { 0.0 };
            row.iter().map(|x| (x - off).exp()).sum::<f64>().ln() + off
        })
        .collect()
}

/// Each row normalised, scaled and shifted.
pub fn layer_norm(a: &[f32], columns: usize, gain: &[f32], shift: &[f32], epsilon: f32) -> Vec<f64> {
    rows(a, columns)
        .flat_map(|row| {
            let n = row.len() as f64;
            let mean = row.iter().sum::<f64>() / n;
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
            let scale = 1.0 / (variance + f64::from(epsilon)).sqrt();
            let each = move |(column, x): (usize, f64)| {
                (x - mean) * scale * f64::from(gain[column]) + f64::from(shift[column])
            };
            row.into_iter().enumerate().map(each).collect::<Vec<_>>()
        })
        .collect()
}

/// The covariances of the columns.
pub fn covariance(a: &[f32], columns: usize) -> Vec<f64> {
    let all: Vec<Vec<f64>> = rows(a, columns).collect();
    let n = all.len() as f64;
    let mean = |j: usize| all.iter().map(|row| row[j]).sum::<f64>() / n;
    let means: Vec<f64> = (0..columns).map(mean).collect();
    let mut out = Vec::with_capacity(columns * columns);
    for i in 0..columns {
        for j in 0..columns {
            let sum: f64 = all.iter().map(|row| (row[i] - means[i]) * (row[j] - means[j])).sum();
            out.push(sum / (n - 1.0));
        }
    }
    out
}

/// The matrix times a vector.
pub fn times(a: &[f32], columns: usize, x: &[f32]) -> Vec<f64> {
    rows(a, columns).map(|row| row.iter().zip(x).map(|(a, x)| a * f64::from(*x)).sum()).collect()
}

/// The grid after so many steps, in `f32` by the expression of the kernel, with or without fused multiply-adds: plain steps.
pub fn diffused(cells: &[f32], (width, height): (usize, usize), rate: f32, steps: usize) -> Vec<f64> {
    let (stay, rate) = (f64::from(1.0 - 4.0 * rate), f64::from(rate));
    let mut now: Vec<f64> = cells.iter().map(|x| f64::from(*x)).collect();
    for _ in 0..steps {
        let mut next = now.clone();
        for y in 1..height.max(1) - 1 {
            for x in 1..width.max(1) - 1 {
                let at = y * width + x;
                let around = now[at - width] + now[at + width] + now[at - 1] + now[at + 1];
                next[at] = stay * now[at] + rate * around;
            }
        }
        now = next;
    }
    now
}

/// What a body is accelerated by.
pub fn pull(own: [f32; 3], bodies: &[[f32; 4]], softening: f32) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for other in bodies {
        let d: [f64; 3] = std::array::from_fn(|k| f64::from(other[k]) - f64::from(own[k]));
        let d2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + f64::from(softening);
        for (sum, d) in sum.iter_mut().zip(d) {
            *sum += f64::from(other[3]) * d / (d2 * d2.sqrt());
        }
    }
    sum
}

/// The lengths of the shortest paths between all pairs.
pub fn shortest(distances: &[f32], n: usize) -> Vec<f64> {
    let mut d: Vec<f64> = distances.iter().map(|x| f64::from(*x)).collect();
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                d[i * n + j] = d[i * n + j].min(d[i * n + k] + d[k * n + j]);
            }
        }
    }
    d
}

/// The product of two matrices, of which the first has `inner` columns and the second `columns`.
pub fn product(a: &[f64], b: &[f64], (inner, columns): (usize, usize)) -> Vec<f64> {
    let height = a.len().checked_div(inner).unwrap_or(0);
    let mut out = vec![0.0; height * columns];
    for i in 0..height {
        for k in 0..inner {
            for j in 0..columns {
                out[i * columns + j] += a[i * inner + k] * b[k * columns + j];
            }
        }
    }
    out
}

/// The lower factor of a symmetric, positive definite matrix with `n` rows.
pub fn cholesky(a: &[f32], n: usize) -> Vec<f64> {
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            let rest = f64::from(a[i * n + j]) - sum;
            l[i * n + j] = if i == j { rest.sqrt() } else { rest / l[j * n + j] };
        }
    }
    l
}

/// The solution of `A x = b` for each column of `b`, by elimination with partial pivoting; `A` has `n` rows.
pub fn solved(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let columns = b.len().checked_div(n).unwrap_or(0);
    let (mut a, mut x) = (a.to_vec(), b.to_vec());
    for k in 0..n {
        let pivot = (k..n).max_by(|i, j| a[i * n + k].abs().total_cmp(&a[j * n + k].abs())).unwrap_or(k);
        (0..n).for_each(|j| a.swap(k * n + j, pivot * n + j));
        (0..columns).for_each(|j| x.swap(k * columns + j, pivot * columns + j));
        for i in (0..n).filter(|i| *i != k) {
            let factor = a[i * n + k] / a[k * n + k];
            (k..n).for_each(|j| a[i * n + j] -= factor * a[k * n + j]);
            (0..columns).for_each(|j| x[i * columns + j] -= factor * x[k * columns + j]);
        }
    }
    (0..n * columns).map(|at| x[at] / a[at / columns * n + at / columns]).collect()
}

/// The upper triangle `R` of `A = Q R` by Gram and Schmidt, with a positive diagonal; `A` has at least as many rows as columns.
pub fn triangle(a: &[f32], columns: usize) -> Vec<f64> {
    let mut all: Vec<Vec<f64>> = rows(&transpose(a, columns), a.len() / columns.max(1)).collect();
    let mut r = vec![0.0; columns * columns];
    for k in 0..columns {
        let norm = all[k].iter().map(|x| x * x).sum::<f64>().sqrt();
        r[k * columns + k] = norm;
        let unit: Vec<f64> = all[k].iter().map(|x| x / norm).collect();
        for j in k + 1..columns {
            let along: f64 = unit.iter().zip(&all[j]).map(|(x, y)| x * y).sum();
            r[k * columns + j] = along;
            all[j].iter_mut().zip(&unit).for_each(|(x, unit)| *x -= along * unit);
        }
    }
    r
}
