//! What the measures of [`quality`](crate::quality) must give.

/// What [`psnr`](crate::quality::psnr) must give, of all channels one after the other.
pub fn psnr<T: Copy + Into<f64>>(a: &[T], b: &[T], range: f64) -> f64 {
    let squares: f64 = a.iter().zip(b).map(|(a, b)| ((*a).into() - (*b).into()).powi(2)).sum();
    10.0 * (range * range * a.len() as f64 / squares).log10()
}

/// What [`ssim`](crate::quality::ssim) must give.
pub fn ssim<T: Copy + Into<f64>>(a: &[T], b: &[T], (width, height): (usize, usize), range: f64) -> f64 {
    let weight = |d: usize| (-0.5 * ((d as f64 - 5.0) / 1.5).powi(2)).exp();
    let total: f64 = (0..11).map(weight).sum();
    let (c1, c2) = ((0.01 * range).powi(2), (0.03 * range).powi(2));
    let mut sum = 0.0;
    for y in 0..height - 10 {
        for x in 0..width - 10 {
            let mean = |of: &dyn Fn(f64, f64) -> f64| {
                let mut mean = 0.0;
                for dy in 0..11 {
                    for dx in 0..11 {
                        let at = (y + dy) * width + x + dx;
                        mean += weight(dx) * weight(dy) / total.powi(2) * of(a[at].into(), b[at].into());
                    }
                }
                mean
            };
            let (p, q) = (mean(&|a, _| a), mean(&|_, b| b));
            let variances = mean(&|a, b| (a - p).powi(2) + (b - q).powi(2));
            let covariance = mean(&|a, b| (a - p) * (b - q));
            sum += (2.0 * p * q + c1) * (2.0 * covariance + c2) / ((p * p + q * q + c1) * (variances + c2));
        }
    }
    sum / ((width - 10) * (height - 10)) as f64
}
