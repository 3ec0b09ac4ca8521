//! The inputs and checks of `workloads.py`, bit for bit.

use rayon::prelude::*;

/// The sides of the pictures.
pub const W4: usize = 3840;
pub const H4: usize = 2160;

/// `n` hashes of the places from 0 on.
pub fn hashu(seed: u32, n: usize) -> Vec<u32> {
    let base = seed.wrapping_mul(0x9E37_79B9);
    (0..n as u32)
        .into_par_iter()
        .map(|i| {
            let mut h = i.wrapping_add(base);
            h ^= h >> 16;
            h = h.wrapping_mul(0x85EB_CA6B);
            h ^= h >> 13;
            h = h.wrapping_mul(0xC2B2_AE35);
            h ^ (h >> 16)
        })
        .collect()
}

/// `n` numbers from 0 up to, not including, 1.
pub fn uni(seed: u32, n: usize) -> Vec<f32> {
    hashu(seed, n).into_par_iter().map(|h| (h >> 8) as f32 * 2f32.powi(-24)).collect()
}

/// A grey picture, 4K.
pub fn gray_img() -> Vec<u8> {
    let h = hashu(5, W4 * H4);
    (0..W4 * H4)
        .map(|i| {
            let (x, y) = ((i % W4) as u32, (i / W4) as u32);
            (((((x * x) >> 12) + ((y * 3) >> 2)) & 255) ^ (h[i] & 15)) as u8
        })
        .collect()
}

/// A picture of three channels, 4K.
pub fn rgb_img() -> Vec<u8> {
    let g = gray_img();
    (0..W4 * H4)
        .flat_map(|i| {
            let (x, y) = (i % W4, i / W4);
            [g[i], g[(H4 - 1 - y) * W4 + x], 255 - g[i]]
        })
        .collect()
}

/// The weights of a `k` by `k` convolution.
pub fn kern(k: usize) -> Vec<f32> {
    let w: Vec<f32> = (0..k * k).map(|i| (1 + (i * 5) % 7) as f32).collect();
    let s: f32 = w.iter().sum();
    w.iter().map(|v| v / s).collect()
}

/// The check of an array.
pub fn wmean<T: Copy + Into<f64>>(a: &[T]) -> f64 {
    a.iter().enumerate().map(|(i, &v)| v.into() * ((i % 97) as f64 / 97.0)).sum::<f64>() / a.len() as f64
}

/// The check of a picture of `w` by `h` cells with `c` channels: its mean, and how much neighbours differ.
pub fn img<T: Copy + Into<f64>>(a: &[T], w: usize, h: usize, c: usize) -> f64 {
    let (mut m, mut dx, mut dy) = (0f64, 0f64, 0f64);
    let at = |x: usize, y: usize, k: usize| -> f64 { a[(y * w + x) * c + k].into() };
    for y in 8..h - 8 {
        for x in 8..w - 8 {
            for k in 0..c {
                let v = at(x, y, k);
                m += v;
                if x + 1 < w - 8 {
                    dx += (at(x + 1, y, k) - v).abs();
                }
                if y + 1 < h - 8 {
                    dy += (at(x, y + 1, k) - v).abs();
                }
            }
        }
    }
    let (w, h, c) = ((w - 16) as f64, (h - 16) as f64, c as f64);
    m / (w * h * c) + dx / ((w - 1.0) * h * c) + dy / (w * (h - 1.0) * c)
}
