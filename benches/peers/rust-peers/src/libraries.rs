//! Every other library.

use crate::inputs::{H4, W4, gray_img, hashu, img, kern, rgb_img, uni, wmean};
use crate::{AX, Job, plain};

/// A workload of a peer, if it has that.
pub fn job(peer: &str, w: &str, size: &str, t: usize) -> Option<Job> {
    let n = match size {
        "S" => 1 << 16,
        "M" => 1 << 22,
        "L" => 1 << 26,
        s => s.parse().unwrap_or(0),
    };
    let mat = |a: Vec<f32>| ndarray::Array2::from_shape_vec((n, n), a).unwrap();
    Some(match (peer, w) {
        ("rayon", _) => return plain::job(w, n, t),
        ("ndarray", "saxpy") => {
            let (x, mut y) = (ndarray::Array1::from(uni(1, n)), ndarray::Array1::from(uni(2, n)));
            Box::new(move |k| {
                if k {
                    return wmean(y.as_slice().unwrap());
                }
                ndarray::Zip::from(&mut y).and(&x).par_for_each(|y, x| *y += AX * x);
                0.0
            })
        }
        ("ndarray", "chain") => {
            let [a, b, c, mut d] = [1, 2, 3, 4].map(|s| ndarray::Array1::from(uni(s, n)));
            Box::new(move |k| {
                if k {
                    return wmean(d.as_slice().unwrap());
                }
                ndarray::Zip::from(&mut d)
                    .and(&a)
                    .and(&b)
                    .and(&c)
                    .par_for_each(|d, a, b, c| *d = (a * a + b * b).sqrt() * 0.5 + c);
                0.0
            })
        }
        ("ndarray", "sum") if t == 1 => {
            let x = ndarray::Array1::from(uni(1, n));
            let mut r = 0.0;
            Box::new(move |k| {
                if k {
                    return r;
                }
                r = x.sum() as f64 / n as f64;
                0.0
            })
        }
        ("ndarray", "dot") if t == 1 => {
            let (x, y) = (ndarray::Array1::from(uni(1, n)), ndarray::Array1::from(uni(2, n)));
            let mut r = 0.0;
            Box::new(move |k| {
                if k {
                    return r;
                }
                r = x.dot(&y) as f64 / n as f64;
                0.0
            })
        }
        ("ndarray", "transpose") if t == 1 => {
            let (a, mut o) = (mat(uni(1, n * n)), mat(vec![0.0; n * n]));
            Box::new(move |k| {
                if k {
                    return wmean(o.as_slice().unwrap());
                }
                o.assign(&a.t());
                0.0
            })
        }
        ("ndarray", "sgemv") if t == 1 => {
            let (a, x) = (mat(uni(1, n * n)), ndarray::Array1::from(uni(2, n)));
            let mut y = ndarray::Array1::<f32>::zeros(n);
            Box::new(move |k| {
                if k {
                    return wmean(y.as_slice().unwrap());
                }
                y = a.dot(&x);
                0.0
            })
        }
        ("faer", "sgemm") => {
            use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
            let (a, b, mut c) = (uni(1, n * n), uni(2, n * n), vec![0f32; n * n]);
            Box::new(move |k| {
                if k {
                    return wmean(&c);
                }
                let par = if t == 1 { Par::Seq } else { Par::rayon(t) };
                matmul(
                    MatMut::from_row_major_slice_mut(&mut c, n, n),
                    Accum::Replace,
                    MatRef::from_row_major_slice(&a, n, n),
                    MatRef::from_row_major_slice(&b, n, n),
                    1f32,
                    par,
                );
                0.0
            })
        }
        ("faer", "sgemv") => {
            use faer::{Accum, ColMut, ColRef, MatRef, Par, linalg::matmul::matmul};
            let (a, x, mut y) = (uni(1, n * n), uni(2, n), vec![0f32; n]);
            Box::new(move |k| {
                if k {
                    return wmean(&y);
                }
                let par = if t == 1 { Par::Seq } else { Par::rayon(t) };
                matmul(
                    ColMut::from_slice_mut(&mut y).as_mat_mut(),
                    Accum::Replace,
                    MatRef::from_row_major_slice(&a, n, n),
                    ColRef::from_slice(&x).as_mat(),
                    1f32,
                    par,
                );
                0.0
            })
        }
        ("gemm", "sgemm") => {
            let (a, b, mut c) = (uni(1, n * n), uni(2, n * n), vec![0f32; n * n]);
            Box::new(move |k| {
                if k {
                    return wmean(&c);
                }
                let par = if t == 1 { gemm::Parallelism::None } else { gemm::Parallelism::Rayon(t) };
                let s = n as isize;
                // SAFETY: three matrices of `n` by `n`, each as long as its strides reach, the written one its own.
                unsafe {
                    gemm::gemm(
                        n,
                        n,
                        n,
                        c.as_mut_ptr(),
                        1,
                        s,
                        false,
                        a.as_ptr(),
                        1,
                        s,
                        b.as_ptr(),
                        1,
                        s,
                        0f32,
                        1f32,
                        false,
                        false,
                        false,
                        par,
                    )
                };
                0.0
            })
        }
        ("matrixmultiply", "sgemm") => {
            let (a, b, mut c) = (uni(1, n * n), uni(2, n * n), vec![0f32; n * n]);
            Box::new(move |k| {
                if k {
                    return wmean(&c);
                }
                let s = n as isize;
                // SAFETY: three matrices of `n` by `n`, each as long as its strides reach, the written one its own.
                unsafe {
                    matrixmultiply::sgemm(
                        n,
                        n,
                        n,
                        1.0,
                        a.as_ptr(),
                        s,
                        1,
                        b.as_ptr(),
                        s,
                        1,
                        0.0,
                        c.as_mut_ptr(),
                        s,
                        1,
                    )
                };
                0.0
            })
        }
        ("rdst", "sort") => {
            use rdst::RadixSort;
            let x = hashu(1, n);
            let mut o = x.clone();
            Box::new(move |k| {
                if k {
                    return wmean(&o);
                }
                o.copy_from_slice(&x);
                if t == 1 {
                    o.radix_sort_builder().with_parallel(false).sort()
                } else {
                    o.radix_sort_unstable()
                }
                0.0
            })
        }
        ("fast_image_resize", "resize" | "resize_aa") => {
            use fast_image_resize::{
                FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image,
            };
            let src = Image::from_vec_u8(W4 as u32, H4 as u32, rgb_img(), PixelType::U8x3).unwrap();
            let mut dst = Image::new(W4 as u32 / 2, H4 as u32 / 2, PixelType::U8x3);
            let alg = if w == "resize" {
                ResizeAlg::Interpolation(FilterType::Bilinear)
            } else {
                ResizeAlg::Convolution(FilterType::Bilinear)
            };
            let opt = ResizeOptions::new().resize_alg(alg);
            let mut r = Resizer::new();
            Box::new(move |k| {
                if k {
                    return img(dst.buffer(), W4 / 2, H4 / 2, 3);
                }
                r.resize(&src, &mut dst, &opt).unwrap();
                0.0
            })
        }
        ("image", "gray") if t == 1 => {
            let im = image::RgbImage::from_raw(W4 as u32, H4 as u32, rgb_img()).unwrap();
            let mut o = image::GrayImage::new(1, 1);
            Box::new(move |k| {
                if k {
                    return img(o.as_raw(), W4, H4, 1);
                }
                o = image::imageops::grayscale(&im);
                0.0
            })
        }
        ("image", "resize_aa") if t == 1 => {
            let im = image::RgbImage::from_raw(W4 as u32, H4 as u32, rgb_img()).unwrap();
            let mut o = image::RgbImage::new(1, 1);
            Box::new(move |k| {
                if k {
                    return img(o.as_raw(), W4 / 2, H4 / 2, 3);
                }
                o = image::imageops::resize(
                    &im,
                    W4 as u32 / 2,
                    H4 as u32 / 2,
                    image::imageops::FilterType::Triangle,
                );
                0.0
            })
        }
        ("imageproc", "gauss_u8") => {
            let g = image::GrayImage::from_raw(W4 as u32, H4 as u32, gray_img()).unwrap();
            let mut o = image::GrayImage::new(1, 1);
            Box::new(move |k| {
                if k {
                    return img(o.as_raw(), W4, H4, 1);
                }
                o = imageproc::filter::gaussian_blur_f32(&g, 2.0);
                0.0
            })
        }
        ("imageproc", "sobel") => {
            let g = image::GrayImage::from_raw(W4 as u32, H4 as u32, gray_img()).unwrap();
            let mut o = Default::default();
            Box::new(move |k| {
                let o: &mut image::ImageBuffer<image::Luma<u16>, Vec<u16>> = &mut o;
                if k {
                    return img(o.as_raw(), W4, H4, 1);
                }
                *o = imageproc::gradients::sobel_gradients(&g);
                0.0
            })
        }
        ("imageproc", "conv3_u8" | "conv7_u8") => {
            let s = if w == "conv3_u8" { 3 } else { 7 };
            let kn = kern(s);
            let g = image::GrayImage::from_raw(W4 as u32, H4 as u32, gray_img()).unwrap();
            let mut o = image::GrayImage::new(1, 1);
            Box::new(move |k| {
                if k {
                    return img(o.as_raw(), W4, H4, 1);
                }
                let kn = imageproc::kernel::Kernel::new(&kn, s as u32, s as u32);
                o = imageproc::filter::filter_clamped_parallel::<_, f32, u8>(&g, kn);
                0.0
            })
        }
        ("imageproc", "equalize") => {
            let g = image::GrayImage::from_raw(W4 as u32, H4 as u32, gray_img()).unwrap();
            let mut o = image::GrayImage::new(1, 1);
            Box::new(move |k| {
                if k {
                    return img(o.as_raw(), W4, H4, 1);
                }
                o = imageproc::contrast::equalize_histogram(&g);
                0.0
            })
        }
        _ => return None,
    })
}
