//! Every filter on every target, against naive loops in `f64`.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use manylane::Result;
use manylane::kernel::LaneElement;
use manylane::prelude::*;
use manylane_image::bilateral::{Bilateral, bilateral, bilateral_f32};
use manylane_image::canny::{Length, canny};
use manylane_image::convolve::*;
use manylane_image::median::{Window, median, median_f32};
use manylane_image::morphology::{dilate, dilate_f32, erode, erode_f32};
use manylane_image::naive_filters::{self as naive, Plane};
use manylane_image::resize::{Filter, Resize, Shrink, resize};
use manylane_image::warp::{Sampling, Warp, warped, warped_f32};
use manylane_testkit::{Property, Random as Inputs, Setup};

const ALL: &[Property] = &[
    ("medians", medians),
    ("morphology", morphology),
    ("convolution", convolution),
    ("laplacians", laplacians),
    ("boxes", boxes),
    ("gaussians", gaussians),
    ("bilaterals", bilaterals),
    ("resized", resized),
    ("resized_pixels", resized_pixels),
    ("flat_stays_flat", flat),
    ("turned", turned),
    ("edges", edges),
    ("wrong_filters", wrong),
];

fn main() {
    manylane_testkit::on_every_target(&[ALL]);
}

/// One cell, lines both ways, odd, flat, and of several chunks.
const SHAPES: [(usize, usize); 6] = [(1, 1), (1, 7), (7, 1), (17, 31), (33, 4), (101, 67)];
const BORDERS: [Border; 4] = [Border::Clamp, Border::Constant(7.0), Border::Reflect, Border::Wrap];

/// What cells are.
trait Value: LaneElement + std::fmt::Debug {
    fn some(random: &mut Inputs) -> Self;
    fn float(self) -> f64;
    /// Whether it is as near to `want` as it must be: bytes the nearest one, or one of both where `want` is within `slack` of a
    /// half; floats within `slack`.
    fn near(self, want: f64, slack: f64) -> bool;
}

impl Value for u8 {
    fn some(random: &mut Inputs) -> u8 {
        // Some at the ends and many alike, so that medians and edges have to tell the same from the same.
        let any = random.u32() as u8;
        random.one_of(&[0, 255, 100, 101, any])
    }
    fn float(self) -> f64 {
        self.into()
    }
    fn near(self, want: f64, slack: f64) -> bool {
        (f64::from(self) - want.clamp(0.0, 255.0)).abs() <= 0.5 + slack
    }
}

impl Value for f32 {
    fn some(random: &mut Inputs) -> f32 {
        random.float(-1.0, 1.0)
    }
    fn float(self) -> f64 {
        self.into()
    }
    fn near(self, want: f64, slack: f64) -> bool {
        (f64::from(self) - want).abs() <= slack
    }
}

/// A picture, and the same for the reference.
fn picture<T: Value>(
    setup: &Setup,
    random: &mut Inputs,
    shape: (usize, usize),
    border: Border,
) -> (Array<T>, Plane) {
    let cells = random.many(shape.0 * shape.1, T::some);
    let plane = Plane { cells: cells.iter().map(|cell| cell.float()).collect(), shape, border };
    (setup.runtime().picture(cells, shape).unwrap(), plane)
}

#[track_caller]
fn same<T: Value>(what: &str, found: Result<Array<T>>, to: (usize, usize), want: &[f64], slack: f64) {
    let found = found.unwrap();
    assert_eq!(found.domain(), to.into(), "{what}");
    for (at, (found, want)) in found.to_vec().unwrap().into_iter().zip(want).enumerate() {
        assert!(found.near(*want, slack), "{what} of {to:?}: {found:?} at {at} instead of {want}");
    }
}

/// Runs an operation over pictures of all shapes with all borders.
fn hold<T: Value>(
    setup: &Setup,
    what: &str,
    slack: f64,
    run: impl Fn(&Runtime, &Array<T>, Border, Target) -> Result<Array<T>>,
    want: impl Fn(&Plane) -> Vec<f64>,
) {
    let mut random = Inputs::new(what);
    for shape in SHAPES {
        // The largest takes the reference long.
        for border in if shape == SHAPES[5] { &BORDERS[1..3] } else { &BORDERS } {
            let (cells, plane) = picture(setup, &mut random, shape, *border);
            let found = run(setup.runtime(), &cells, *border, setup.target);
            same(&format!("{what}, {border:?},"), found, shape, &want(&plane), slack);
        }
    }
}

/// Up to this near to a half a byte may go either way.
const HALF: f64 = 1e-3;
/// Of a range of 2.
const CLOSE: f64 = 1e-5;

fn medians(setup: &Setup) {
    for (window, size) in [(Window::Three, 3), (Window::Five, 5)] {
        hold(setup, "median", 0.0, |rt, x, b, t| median(rt, x, window, b, t), |p| naive::median(p, size));
        hold(
            setup,
            "median_f32",
            0.0,
            |rt, x, b, t| median_f32(rt, x, window, b, t),
            |p| naive::median(p, size),
        );
    }
}

fn morphology(setup: &Setup) {
    for (width, height) in [(1, 1), (3, 3), (5, 9), (41, 1), (3, 25)] {
        let (size, of) = ((width, height), (width as i64, height as i64));
        hold(setup, "erode", 0.0, |rt, x, b, t| erode(rt, x, size, b, t), |p| naive::erode(p, of));
        hold(setup, "dilate", 0.0, |rt, x, b, t| dilate(rt, x, size, b, t), |p| naive::dilate(p, of));
        hold(setup, "erode_f32", 0.0, |rt, x, b, t| erode_f32(rt, x, size, b, t), |p| naive::erode(p, of));
        hold(setup, "dilate_f32", 0.0, |rt, x, b, t| dilate_f32(rt, x, size, b, t), |p| naive::dilate(p, of));
    }
}

fn convolution(setup: &Setup) {
    let mut random = Inputs::new("weights");
    for (width, height) in [(1, 1), (3, 3), (5, 5), (7, 7), (1, 5), (15, 15), (21, 3)] {
        let n = width * height;
        let values = random.many(n, |random| random.float(-1.0, 1.0) / (n as f32).sqrt());
        let weights = Weights::new(&values, (width, height)).unwrap();
        let want = |p: &Plane| naive::convolve(p, &values, (width as i64, height as i64));
        hold(setup, "convolve", HALF, |rt, x, b, t| convolve(rt, x, &weights, b, t), want);
        hold(setup, "convolve_f32", CLOSE, |rt, x, b, t| convolve_f32(rt, x, &weights, b, t), want);
    }
}

fn laplacians(setup: &Setup) {
    for which in [Laplace::Sides, Laplace::Corners] {
        let values: [f32; 9] = match which {
            Laplace::Sides => [0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0],
            Laplace::Corners => [2.0, 0.0, 2.0, 0.0, -8.0, 0.0, 2.0, 0.0, 2.0],
        };
        let want = |p: &Plane| naive::convolve(p, &values, (3, 3));
        hold(setup, "laplacian", 0.0, |rt, x, b, t| laplacian(rt, x, which, b, t), want);
        hold(setup, "laplacian_f32", CLOSE, |rt, x, b, t| laplacian_f32(rt, x, which, b, t), want);
    }
}

fn boxes(setup: &Setup) {
    for radius in [0, 1, 9] {
        let want = |p: &Plane| naive::box_blur(p, radius as i64);
        hold(setup, "box", HALF, |rt, x, b, t| box_blur(rt, x, radius, b, t), want);
        hold(setup, "box_f32", CLOSE, |rt, x, b, t| box_blur_f32(rt, x, radius, b, t), want);
    }
}

fn gaussians(setup: &Setup) {
    for sigma in [0.0, 0.8, 1.0, 1.6, 2.0] {
        hold(
            setup,
            "gaussian",
            CLOSE,
            |rt, x, b, t| gaussian_f32(rt, x, sigma, b, t),
            |p| naive::gaussian(p, sigma),
        );
        let want = |p: &Plane| naive::unsharp(p, sigma, 1.3);
        hold(setup, "unsharp", HALF, |rt, x, b, t| unsharp(rt, x, (sigma, 1.3), b, t), want);
        hold(setup, "unsharp_f32", CLOSE, |rt, x, b, t| unsharp_f32(rt, x, (sigma, 1.3), b, t), want);
    }
}

fn bilaterals(setup: &Setup) {
    for (radius, value, space) in [(0, 1.0, 1.0), (2, 40.0, 1.5), (4, 90.0, 8.0)] {
        let filter = Bilateral::new(radius, value, space).unwrap();
        let want = |p: &Plane| naive::bilateral(p, radius as i64, value, space);
        hold(setup, "bilateral", HALF, |rt, x, b, t| bilateral(rt, x, filter, b, t), want);
        let filter = Bilateral::new(radius, value / 100.0, space).unwrap();
        let want = |p: &Plane| naive::bilateral(p, radius as i64, value / 100.0, space);
        hold(setup, "bilateral_f32", CLOSE, |rt, x, b, t| bilateral_f32(rt, x, filter, b, t), want);
    }
}

const FILTERS: [Filter; 4] = [Filter::Nearest, Filter::Linear, Filter::Cubic, Filter::Lanczos3];

/// Pictures of which there is a half.
const EVEN: [(usize, usize); 4] = [(2, 2), (4, 6), (66, 4), (202, 34)];

fn half((width, height): (usize, usize)) -> (usize, usize) {
    (width.div_ceil(2), height.div_ceil(2))
}

/// Pixels become what their channels do.
fn resized_pixels(setup: &Setup) {
    fn check<T: Value + Resize, const C: usize>(setup: &Setup, name: &str)
    where
        [T; C]: Resize,
    {
        let (rt, mut random) = (setup.runtime(), Inputs::new(name));
        for shape in SHAPES.into_iter().chain(EVEN) {
            let planes: [Vec<T>; C] = std::array::from_fn(|_| random.many(shape.0 * shape.1, T::some));
            let pixels: Vec<[T; C]> =
                (0..shape.0 * shape.1).map(|at| std::array::from_fn(|channel| planes[channel][at])).collect();
            let pixels = rt.picture(pixels, shape).unwrap();
            for (to, filter) in [(half(shape), Filter::Linear), ((5, 3), Filter::Cubic)] {
                for shrink in [Shrink::Smooth, Shrink::Sharp] {
                    let found = resize(rt, &pixels, to, (filter, shrink), setup.target).unwrap();
                    assert_eq!(found.domain(), to.into());
                    let found = found.to_vec().unwrap();
                    for (channel, plane) in planes.iter().enumerate() {
                        let plane = rt.picture(plane.clone(), shape).unwrap();
                        let want = resize(rt, &plane, to, (filter, shrink), setup.target).unwrap();
                        let what = format!("{name}, channel {channel}, {shrink:?} from {shape:?}");
                        let own =
                            rt.picture(found.iter().map(|pixel| pixel[channel]).collect::<Vec<T>>(), to);
                        let want: Vec<f64> = want.to_vec().unwrap().iter().map(|cell| cell.float()).collect();
                        same(&what, own, to, &want, CLOSE);
                    }
                }
            }
        }
    }
    check::<u8, 3>(setup, "resized_rgb");
    check::<u8, 4>(setup, "resized_rgba");
    check::<f32, 3>(setup, "resized_rgb_f32");
    check::<f32, 4>(setup, "resized_rgba_f32");
}

fn resized(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("resize"));
    for shape in SHAPES.into_iter().chain(EVEN) {
        for to in [(1, 1), (3, 2), (16, 41), (50, 33), (202, 5), half(shape)] {
            for filter in FILTERS {
                for shrink in [Shrink::Smooth, Shrink::Sharp] {
                    let what = format!("{filter:?}, {shrink:?}, from {shape:?}");
                    let (cells, plane) = picture::<u8>(setup, &mut random, shape, Border::Clamp);
                    let found = resize(rt, &cells, to, (filter, shrink), setup.target);
                    same(&what, found, to, &naive::resize(&plane, to, filter, shrink), HALF);
                    let (cells, plane) = picture::<f32>(setup, &mut random, shape, Border::Clamp);
                    let found = resize(rt, &cells, to, (filter, shrink), setup.target);
                    same(&what, found, to, &naive::resize(&plane, to, filter, shrink), CLOSE);
                }
            }
        }
    }
}

fn flat(setup: &Setup) {
    let rt = setup.runtime();
    let cells = rt.picture(vec![200u8; 40 * 30], (40, 30)).unwrap();
    let mut all = Vec::new();
    for filter in FILTERS {
        for shrink in [Shrink::Smooth, Shrink::Sharp] {
            for to in [(7, 77), (40, 30), (133, 9)] {
                all.push(resize(rt, &cells, to, (filter, shrink), setup.target));
            }
        }
    }
    let like = Bilateral::new(3, 10.0, 2.0).unwrap();
    all.push(bilateral(rt, &cells, like, Border::Clamp, setup.target));
    all.push(box_blur(rt, &cells, 60, Border::Wrap, setup.target));
    all.push(box_blur(rt, &cells, 5, Border::Constant(200.9), setup.target));
    all.push(unsharp(rt, &cells, (9.0, 2.0), Border::Reflect, setup.target));
    for found in all {
        assert!(found.unwrap().to_vec().unwrap().iter().all(|cell| *cell == 200));
    }
}

/// A shift, a turn with a shear, and two perspectives: in the second a column of the result lies at no depth at all.
const MATRICES: [[f32; 9]; 4] = [
    [1.0, 0.0, 2.0, 0.0, 1.0, -1.0, 0.0, 0.0, 1.0],
    [0.8, -0.5, 3.3, 0.6, 1.1, -4.7, 0.0, 0.0, 1.0],
    [1.1, 0.2, -3.1, -0.1, 0.9, 2.2, 0.002, 0.003, 1.0],
    [0.5, 0.0, 1.0, 0.0, 0.5, 1.0, -0.03125, 0.0, 0.5],
];

fn turned(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("warp"));
    for shape in SHAPES {
        for border in BORDERS {
            for m in MATRICES {
                let to = (40, 23);
                let warp = Warp::perspective(m, to, Sampling::Linear).unwrap();
                // A place that a float holds to 2^-20 in a cell, times a step of 255; further away it holds less.
                let (cells, plane) = picture::<u8>(setup, &mut random, shape, border);
                let found = warped(rt, &cells, &warp, border, setup.target);
                same("warp", found, to, &naive::warped(&plane, m, to), 0.1);
                let (cells, plane) = picture::<f32>(setup, &mut random, shape, border);
                let found = warped_f32(rt, &cells, &warp, border, setup.target);
                same("warp_f32", found, to, &naive::warped(&plane, m, to), 1e-3);
            }
            // Whole shifts hit cells, and the nearest cell is that one.
            let warp = Warp::affine([1.0, 0.0, 2.2, 0.0, 1.0, -0.8], shape, Sampling::Nearest).unwrap();
            let (cells, plane) = picture::<u8>(setup, &mut random, shape, border);
            let want = naive::warped(&plane, MATRICES[0], shape);
            same("nearest", warped(rt, &cells, &warp, border, setup.target), shape, &want, 0.0);
            let (cells, plane) = picture::<f32>(setup, &mut random, shape, border);
            let want = naive::warped(&plane, MATRICES[0], shape);
            same("nearest_f32", warped_f32(rt, &cells, &warp, border, setup.target), shape, &want, 0.0);
        }
    }
    // A quarter counterclockwise brings the upper right corner to the upper left.
    let cells = rt.picture(vec![1u8, 2, 3, 4, 5, 6, 7, 8, 9], (3, 3)).unwrap();
    let quarter = Warp::turn(90.0, (3, 3), Sampling::Linear).unwrap();
    let found = warped(rt, &cells, &quarter, Border::Clamp, setup.target).unwrap();
    assert_eq!(found.to_vec().unwrap(), [3, 6, 9, 2, 5, 8, 1, 4, 7]);
}

fn edges(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("canny"));
    for shape in SHAPES {
        for (low, high) in [(60.0, 300.0), (0.0, 900.0), (500.5, 20.0)] {
            for length in [Length::Sum, Length::Plane] {
                let (cells, plane) = picture::<u8>(setup, &mut random, shape, Border::Clamp);
                let order = (f64::from(f32::min(low, high)), f64::from(f32::max(low, high)));
                let want = naive::canny(&plane, order, length);
                same("canny", canny(rt, &cells, (low, high), length, setup.target), shape, &want, 0.0);
            }
        }
    }
}

fn wrong(setup: &Setup) {
    let (rt, target, border) = (setup.runtime(), setup.target, Border::Clamp);
    let cells = rt.picture(vec![0u8; 6], (3, 2)).unwrap();
    let line = rt.array(vec![0u8; 6]).unwrap();
    let none = rt.picture(Vec::<u8>::new(), (0, 4)).unwrap();
    #[track_caller]
    fn says<T>(result: Result<T>, kind: ErrorKind, texts: &[&str]) {
        let error = result.err().expect("it is refused");
        assert!(error.kind() == kind && texts.iter().all(|text| error.to_string().contains(text)), "{error}");
    }
    let (setting, shape) = (ErrorKind::Setting, ErrorKind::ShapeMismatch);
    says(Window::new(7), setting, &["7x7", "3 or 5"]);
    says(erode(rt, &cells, (2, 3), border, target), setting, &["width of 2", "odd", "such as 3"]);
    says(dilate(rt, &cells, (3, 1_003), border, target), setting, &["1003", "1001", "smaller"]);
    says(erode(rt, &line, (3, 3), border, target), shape, &["line of 6", "shaped"]);
    says(median(rt, &line, Window::Three, border, target), shape, &["shaped"]);
    says(Weights::new(&[1.0; 4], (2, 2)), setting, &["odd"]);
    says(Weights::new(&[1.0; 4], (3, 3)), shape, &["4 weights", "9"]);
    says(Weights::new(&[f32::NAN], (1, 1)), setting, &["NaN"]);
    says(box_blur(rt, &cells, 2_001, border, target), setting, &["2001", "2000"]);
    says(unsharp(rt, &cells, (1.0, f32::NAN), border, target), setting, &["NaN", "100"]);
    says(unsharp(rt, &cells, (300.0, 1.0), border, target), setting, &["300", "256"]);
    says(Bilateral::new(2, f32::NAN, 1.0), setting, &["values of NaN"]);
    says(Bilateral::new(2, 1.0, 0.0), setting, &["distances of 0"]);
    says(Bilateral::new(101, 1.0, 1.0), setting, &["101", "100"]);
    let linear = (Filter::Linear, Shrink::Sharp);
    says(resize(rt, &cells, (0, 5), linear, target), setting, &["0 columns"]);
    says(resize(rt, &cells, (5, 1 << 21), linear, target), setting, &["2097152 rows", "1048576"]);
    says(resize(rt, &none, (5, 5), linear, target), shape, &["0x4"]);
    says(Warp::affine([f32::INFINITY; 6], (2, 2), Sampling::Linear), setting, &["inf"]);
    says(Warp::affine([1.0; 6], (2, 0), Sampling::Linear), setting, &["0 rows"]);
    says(canny(rt, &cells, (-1.0, 5.0), Length::Sum, target), setting, &["-1", "2040"]);
}
