//! Every operation against its reference: all CPU levels and targets, odd shapes.
#![forbid(unsafe_code)]

use manylane::prelude::*;
use manylane_elementwise::facts::Tolerance;
use manylane_elementwise::input::{bytes, floats};
use manylane_image::{blur, colour, edges, naive, ops, sobel_f32};

const SHAPES: [(usize, usize); 9] =
    [(1, 1), (1, 7), (7, 1), (2, 2), (5, 3), (33, 4), (64, 5), (101, 67), (640, 403)];

fn lanes() -> Vec<(Runtime, Target)> {
    let runtimes = Level::ALL.into_iter().filter_map(|level| Runtime::builder().level(level).build().ok());
    runtimes.flat_map(|rt| [(rt.clone(), Target::Simd), (rt, Target::Threads)]).collect()
}

fn pixels(n: usize) -> Vec<[u8; 3]> {
    bytes(11, 3 * n).chunks_exact(3).map(|px| [px[0], px[1], px[2]]).collect()
}

#[track_caller]
fn hold<T: manylane_elementwise::facts::Compare>(
    tolerance: Tolerance,
    got: Vec<T>,
    want: &[T],
    rt: &Runtime,
    shape: (usize, usize),
) {
    if let Err(mismatch) = tolerance.check(&got, want) {
        panic!("{shape:?} at {}: {mismatch}", rt.level());
    }
}

#[test]
fn gray_is_the_reference() {
    for (rt, target) in lanes() {
        for shape in SHAPES {
            let pixels = pixels(shape.0 * shape.1);
            let got = ops::gray(&rt, &rt.picture(pixels.clone(), shape).unwrap(), target).unwrap();
            assert_eq!(got.domain(), shape.into());
            hold(colour::GRAY.tolerance, got.to_vec().unwrap(), &naive::gray(&pixels), &rt, shape);
        }
    }
}

#[test]
fn sobel_is_the_reference() {
    for (rt, target) in lanes() {
        for shape in SHAPES {
            let cells = bytes(12, shape.0 * shape.1);
            let got = ops::sobel(&rt, &rt.picture(cells.clone(), shape).unwrap(), target).unwrap();
            hold(edges::SOBEL.tolerance, got.to_vec().unwrap(), &naive::sobel(&cells, shape), &rt, shape);
        }
    }
}

#[test]
fn sobel_in_colour_is_that_of_its_gray() {
    let (rt, shape) = (Runtime::new().unwrap(), (33, 21));
    let pixels = pixels(shape.0 * shape.1);
    let got = ops::sobel_rgb(&rt, &rt.picture(pixels.clone(), shape).unwrap(), Target::Simd).unwrap();
    assert_eq!(got.to_vec().unwrap(), naive::sobel(&naive::gray(&pixels), shape));
}

#[test]
fn sobel_of_floats_is_the_reference() {
    for (rt, target) in lanes() {
        for shape in SHAPES {
            let cells = floats(13, shape.0 * shape.1, 0.0, 1.0);
            let got =
                rt.map::<sobel_f32>(&rt.picture(cells.clone(), shape).unwrap()).on(target).run().unwrap();
            let want = naive::sobel_f32(&cells, shape);
            hold(edges::SOBEL_F32.tolerance, got.to_vec().unwrap(), &want, &rt, shape);
        }
    }
}

#[test]
fn blur_is_the_reference() {
    for (rt, target) in lanes() {
        for shape in SHAPES {
            for sigma in [0.0, 0.3, 1.0, 4.7] {
                let cells = bytes(14, shape.0 * shape.1);
                let got = ops::blur(&rt, &rt.picture(cells.clone(), shape).unwrap(), sigma, target).unwrap();
                let want = naive::blur(&cells, shape, sigma);
                hold(blur::blur_facts(sigma).tolerance, got.to_vec().unwrap(), &want, &rt, shape);
            }
        }
    }
}

#[test]
fn blur_in_colour_is_that_of_its_channels() {
    let (rt, shape) = (Runtime::new().unwrap(), (61, 47));
    let pixels = pixels(shape.0 * shape.1);
    let got = ops::blur_rgb(&rt, &rt.picture(pixels.clone(), shape).unwrap(), 2.0, Target::Simd).unwrap();
    let want = naive::blur_rgb(&pixels, shape, 2.0);
    hold(blur::blur_facts(2.0).tolerance, got.to_vec().unwrap(), &want, &rt, shape);
}

#[test]
fn a_wide_blur_of_a_flat_picture_changes_nothing() {
    let rt = Runtime::new().unwrap();
    for sigma in [0.0, 1e-20, 0.1, 3.0, 50.0, blur::Gauss::MOST] {
        let flat = rt.picture(vec![200u8; 40 * 30], (40, 30)).unwrap();
        assert!(
            ops::blur(&rt, &flat, sigma, Target::Simd).unwrap().to_vec().unwrap().iter().all(|x| *x == 200)
        );
    }
}

#[test]
fn a_sigma_out_of_range_is_refused() {
    let rt = Runtime::new().unwrap();
    let cells = rt.picture(vec![0u8; 4], (2, 2)).unwrap();
    for sigma in [-1.0, f32::NAN, f32::INFINITY, 257.0] {
        let error = ops::blur(&rt, &cells, sigma, Target::Simd).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Setting);
        assert!(error.to_string().contains("256"), "{error}");
    }
}

#[test]
fn kernels_are_plain_functions() {
    assert_eq!(manylane_image::gray([255, 255, 255]), 255);
    assert_eq!(manylane_image::gray([0, 0, 1]), 0);
    assert_eq!(manylane_image::join(1, 2, 3), [1, 2, 3]);
    assert_eq!(manylane_image::split([1, 2, 3]), (1, 2, 3));
}
