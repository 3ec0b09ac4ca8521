//! rayon.

use rayon::prelude::*;

use crate::inputs::{H4, W4, hashu, img, rgb_img, uni, wmean};
use crate::{AX, Job};

/// The plain loops that a Rust programmer writes with rayon; one thread is a pool of one.
pub fn job(w: &str, n: usize, t: usize) -> Option<Job> {
    Some(match w {
        "memcpy" => {
            let x = uni(1, n);
            let mut o = vec![0f32; n];
            let c = n.div_ceil(t);
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o.par_chunks_mut(c).zip(x.par_chunks(c)).for_each(|(o, x)| o.copy_from_slice(x));
                0.0
            })
        }
        "saxpy" => {
            let (x, mut y) = (uni(1, n), uni(2, n));
            Box::new(move |k| {
                if k {
                    return wmean(&y);
                }
                y.par_iter_mut().zip(&x).for_each(|(y, x)| *y += AX * x);
                0.0
            })
        }
        "chain" => {
            let (a, b, c, mut d) = (uni(1, n), uni(2, n), uni(3, n), vec![0f32; n]);
            Box::new(move |k| {
                if k {
                    return wmean(&d);
                }
                d.par_iter_mut()
                    .zip(&a)
                    .zip(&b)
                    .zip(&c)
                    .for_each(|(((d, a), b), c)| *d = (a * a + b * b).sqrt() * 0.5 + c);
                0.0
            })
        }
        "bs" => {
            let s: Vec<f32> = uni(1, n).iter().map(|u| 5.0 + 25.0 * u).collect();
            let x: Vec<f32> = uni(2, n).iter().map(|u| 1.0 + 99.0 * u).collect();
            let m: Vec<f32> = uni(3, n).iter().map(|u| 0.25 + 9.75 * u).collect();
            let (mut c, mut p) = (vec![0f32; n], vec![0f32; n]);
            Box::new(move |k| {
                if k {
                    return wmean(&c) + wmean(&p);
                }
                c.par_iter_mut()
                    .zip(&mut p)
                    .zip(&s)
                    .zip(&x)
                    .zip(&m)
                    .for_each(|((((c, p), s), x), m)| (*c, *p) = option(*s, *x, *m));
                0.0
            })
        }
        "mandel" => {
            let mut o = vec![0i32; 2048 * 1536];
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o.par_chunks_mut(2048).enumerate().for_each(|(y, row)| {
                    let ci = -1.125 + y as f32 * (2.25 / 1536.0);
                    for (x, o) in row.iter_mut().enumerate() {
                        let cr = -2.0 + x as f32 * (3.0 / 2048.0);
                        let (mut zr, mut zi, mut i) = (0f32, 0f32, 0);
                        while i < 256 {
                            let (a, b) = (zr * zr, zi * zi);
                            if a + b > 4.0 {
                                break;
                            }
                            zi = 2.0 * zr * zi + ci;
                            zr = a - b + cr;
                            i += 1;
                        }
                        *o = i;
                    }
                });
                0.0
            })
        }
        "sum" => {
            let x = uni(1, n);
            let mut r = 0f64;
            Box::new(move |k| {
                if k {
                    return r;
                }
                r = x.par_iter().sum::<f32>() as f64 / n as f64;
                0.0
            })
        }
        "mmmv" => {
            let x = uni(1, n);
            let mut r = (0f32, 0f32, 0f32, 0f32);
            Box::new(move |k| {
                if k {
                    let m = r.2 as f64 / n as f64;
                    return r.0 as f64 + r.1 as f64 + m + x[0] as f64 + r.3 as f64 / n as f64 - m * m;
                }
                let c = x[0];
                r = x
                    .par_iter()
                    .fold(
                        || (f32::MAX, f32::MIN, 0.0, 0.0),
                        |a, &v| (a.0.min(v), a.1.max(v), a.2 + (v - c), a.3 + (v - c) * (v - c)),
                    )
                    .reduce(
                        || (f32::MAX, f32::MIN, 0.0, 0.0),
                        |a, b| (a.0.min(b.0), a.1.max(b.1), a.2 + b.2, a.3 + b.3),
                    );
                0.0
            })
        }
        "dot" => {
            let (x, y) = (uni(1, n), uni(2, n));
            let mut r = 0f64;
            Box::new(move |k| {
                if k {
                    return r;
                }
                r = x.par_iter().zip(&y).map(|(a, b)| a * b).sum::<f32>() as f64 / n as f64;
                0.0
            })
        }
        "scan_f32" => {
            let x: Vec<f32> = uni(1, n).iter().map(|v| v - 0.5).collect();
            let mut o = vec![0f32; n];
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                scan(&x, &mut o, t);
                0.0
            })
        }
        "scan_i32" => {
            let x: Vec<i32> = hashu(1, n).iter().map(|h| (h & 15) as i32).collect();
            let mut o = vec![0i32; n];
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                scan(&x, &mut o, t);
                0.0
            })
        }
        "hist8" => {
            let x: Vec<u8> = hashu(1, n).iter().map(|h| *h as u8).collect();
            let mut o = vec![0u32; 256];
            let c = n.div_ceil(t);
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o = x
                    .par_chunks(c)
                    .map(|x| {
                        let mut h = vec![0u32; 256];
                        for &v in x {
                            h[v as usize] += 1;
                        }
                        h
                    })
                    .reduce(
                        || vec![0; 256],
                        |mut a, b| {
                            a.iter_mut().zip(&b).for_each(|(a, b)| *a += b);
                            a
                        },
                    );
                0.0
            })
        }
        "hist16" => {
            let x: Vec<u32> = hashu(1, n).iter().map(|h| h & 65535).collect();
            let mut o = vec![0u32; 65536];
            let c = n.div_ceil(t);
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o = x
                    .par_chunks(c)
                    .map(|x| {
                        let mut h = vec![0u32; 65536];
                        for &v in x {
                            h[v as usize & 65535] += 1;
                        }
                        h
                    })
                    .reduce(
                        || vec![0; 65536],
                        |mut a, b| {
                            a.iter_mut().zip(&b).for_each(|(a, b)| *a += b);
                            a
                        },
                    );
                0.0
            })
        }
        "sort" => {
            let x = hashu(1, n);
            let mut o = x.clone();
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o.copy_from_slice(&x);
                o.par_sort_unstable();
                0.0
            })
        }
        "gray" => {
            let (im, mut o) = (rgb_img(), vec![0u8; W4 * H4]);
            Box::new(move |k| {
                if k {
                    return img(&o, W4, H4, 1);
                }
                o.par_chunks_mut(W4).zip(im.par_chunks(3 * W4)).for_each(|(o, i)| {
                    for (o, p) in o.iter_mut().zip(i.chunks_exact(3)) {
                        *o = ((p[0] as u32 * 9798 + p[1] as u32 * 19235 + p[2] as u32 * 3735 + 16384) >> 15)
                            as u8;
                    }
                });
                0.0
            })
        }
        "transpose" => {
            let (a, mut o) = (uni(1, n * n), vec![0f32; n * n]);
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o.par_chunks_mut(32 * n).enumerate().for_each(|(bj, o)| {
                    for bi in (0..n).step_by(32) {
                        for j in 0..32 {
                            for i in 0..32 {
                                o[j * n + bi + i] = a[(bi + i) * n + bj * 32 + j];
                            }
                        }
                    }
                });
                0.0
            })
        }
        "sgemv" => {
            let (a, x, mut y) = (uni(1, n * n), uni(2, n), vec![0f32; n]);
            Box::new(move |k| {
                if k {
                    return wmean(&y);
                }
                y.par_iter_mut().zip(a.par_chunks(n)).for_each(|(y, r)| {
                    let mut s = [0f32; 64];
                    for (r, x) in r.chunks_exact(64).zip(x.chunks_exact(64)) {
                        for l in 0..64 {
                            s[l] += r[l] * x[l];
                        }
                    }
                    *y = s.iter().sum();
                });
                0.0
            })
        }
        "softmax" => {
            let x: Vec<f32> = uni(1, n * n).iter().map(|v| v * 8.0 - 4.0).collect();
            let mut o = vec![0f32; n * n];
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o.par_chunks_mut(n).zip(x.par_chunks(n)).for_each(|(o, x)| {
                    let m = x.iter().fold(f32::MIN, |m, &v| m.max(v));
                    for (o, &x) in o.iter_mut().zip(x) {
                        *o = (x - m).exp();
                    }
                    let s = 1.0 / o.iter().sum::<f32>();
                    for o in o.iter_mut() {
                        *o *= s;
                    }
                });
                0.0
            })
        }
        "heat" => {
            let u0 = uni(1, n * n);
            let (mut u, mut v) = (u0.clone(), u0.clone());
            Box::new(move |k| {
                if k {
                    return img(&u, n, n, 1);
                }
                u.copy_from_slice(&u0);
                v.copy_from_slice(&u0);
                for _ in 0..100 {
                    v[n..n * (n - 1)].par_chunks_mut(n).enumerate().for_each(|(y, o)| {
                        let (a, b, c) = (&u[y * n..][..n], &u[(y + 1) * n..][..n], &u[(y + 2) * n..][..n]);
                        for x in 1..n - 1 {
                            o[x] = 0.2 * (b[x] + a[x] + c[x] + b[x - 1] + b[x + 1]);
                        }
                    });
                    std::mem::swap(&mut u, &mut v);
                }
                0.0
            })
        }
        "nbody" => {
            let (x, y, z, m) = (uni(1, n), uni(2, n), uni(3, n), uni(4, n));
            let mut o = vec![(0f32, 0f32, 0f32); n];
            Box::new(move |k| {
                if k {
                    return [0, 1, 2]
                        .iter()
                        .map(|c| wmean(&o.iter().map(|v| [v.0, v.1, v.2][*c]).collect::<Vec<_>>()))
                        .sum();
                }
                o.par_iter_mut().enumerate().for_each(|(i, o)| {
                    let (xi, yi, zi) = (x[i], y[i], z[i]);
                    let mut s = [[0f32; 16]; 3];
                    for (((x, y), z), m) in x
                        .chunks_exact(16)
                        .zip(y.chunks_exact(16))
                        .zip(z.chunks_exact(16))
                        .zip(m.chunks_exact(16))
                    {
                        for l in 0..16 {
                            let (dx, dy, dz) = (x[l] - xi, y[l] - yi, z[l] - zi);
                            let d = dx * dx + dy * dy + dz * dz + 1e-3;
                            let w = m[l] / (d * d.sqrt());
                            s[0][l] += dx * w;
                            s[1][l] += dy * w;
                            s[2][l] += dz * w;
                        }
                    }
                    let a = s.map(|s| s.iter().sum::<f32>());
                    *o = (xi + 1e-6 * a[0], yi + 1e-6 * a[1], zi + 1e-6 * a[2]);
                });
                0.0
            })
        }
        _ => return None,
    })
}

fn scan<T: Copy + Default + Send + Sync + std::ops::Add<Output = T> + std::iter::Sum<T>>(
    x: &[T],
    o: &mut [T],
    t: usize,
) {
    let c = x.len().div_ceil(t);
    let mut base = vec![T::default(); t];
    if t > 1 {
        let sums: Vec<T> = x.par_chunks(c).map(|x| x.iter().copied().sum()).collect();
        for i in 1..t {
            base[i] = base[i - 1] + sums[i - 1];
        }
    }
    o.par_chunks_mut(c).zip(x.par_chunks(c)).zip(base).for_each(|((o, x), b)| {
        let mut s = b;
        for (o, x) in o.iter_mut().zip(x) {
            s = s + *x;
            *o = s;
        }
    });
}

fn cdf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.2316419 * x.abs());
    let p = 0.398_942_28
        * (-0.5 * x * x).exp()
        * t
        * (0.319_381_53 + t * (-0.356_563_78 + t * (1.781_477_9 + t * (-1.821_255_98 + t * 1.330_274_43))));
    if x > 0.0 { 1.0 - p } else { p }
}

fn option(s: f32, k: f32, t: f32) -> (f32, f32) {
    let q = 0.3 * t.sqrt();
    let d1 = ((s / k).ln() + 0.065 * t) / q;
    let e = k * (-0.02 * t).exp();
    let c = s * cdf(d1) - e * cdf(d1 - q);
    (c, c - s + e)
}
