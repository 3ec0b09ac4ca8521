//! Every operation of `manylane image`, on pictures of each kind, against naive loops.

use std::path::Path;

use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};
use manylane::prelude::Border;
use manylane_image::canny::Length;
use manylane_image::naive::{self, levels, tone};
use manylane_image::naive_filters::{self as filters, Plane};
use manylane_image::resize::{Filter, Shrink};

use crate::support::{Folder, fails, manylane, ran, run};

const SHAPE: (usize, usize) = (37, 29);
/// How far a byte may be from what was not rounded: by the rounding, and a little for floats.
const NEAR: f64 = 0.51;

/// Cells, and columns and rows of them.
type Made = (Vec<f64>, (usize, usize));

/// What an operation does, plane by plane.
enum Does {
    /// To all of them.
    Each(fn(&Plane) -> Made),
    /// To all but transparency.
    Colour(fn(&Plane) -> Made),
    /// To the brightness.
    Brightness(fn(&Plane) -> Made),
}
use Does::{Brightness, Colour, Each};

const OPERATIONS: &[(&str, Does)] = &[
    ("gray", Brightness(|plane| point(plane, |x| x.into()))),
    ("brightness:-20", Colour(|plane| point(plane, |x| tone::adjusted_u8(x, 1.0, -20.0).into()))),
    ("contrast:1.5", Colour(|plane| point(plane, |x| tone::adjusted_u8(x, 1.5, -63.75).into()))),
    ("gamma:2.2", Colour(|plane| point(plane, |x| tone::raised_u8(x, 2.2).into()))),
    ("linear", Colour(|plane| point(plane, |x| 255.0 * f64::from(tone::linear(f64::from(x) / 255.0))))),
    ("srgb", Colour(|plane| point(plane, |x| 255.0 * tone::srgb(f64::from(x) / 255.0)))),
    ("threshold:100", Colour(|plane| point(plane, |x| if x > 100 { 255.0 } else { 0.0 }))),
    ("threshold:100,7", Colour(|plane| point(plane, |x| if x > 100 { 7.0 } else { 0.0 }))),
    ("otsu", Brightness(otsu)),
    ("equalise", Colour(|plane| bytes(levels::equalised(&cells(plane)), plane.shape))),
    (
        "clahe:2,4x3",
        Colour(|plane| bytes(levels::clahe(&cells(plane), plane.shape, 2.0, (4, 3)), plane.shape)),
    ),
    ("blur:1.5", Each(|plane| (filters::gaussian(plane, 1.5), plane.shape))),
    ("box:2", Each(|plane| (filters::box_blur(plane, 2), plane.shape))),
    (
        "convolve:1,2,1,0,0,0,-1,-2,-1",
        Colour(|plane| convolved(plane, &[1.0, 2.0, 1.0, 0.0, 0.0, 0.0, -1.0, -2.0, -1.0])),
    ),
    (
        "convolve:0,0,0,0,0,0,0,0,0,0,0,0,1/4,0,1/2,0,0,0,0,0,0,0,0,0,1/4",
        Colour(|plane| {
            let mut weights = [0.0; 25];
            (weights[12], weights[14], weights[24]) = (0.25, 0.5, 0.25);
            convolved(plane, &weights)
        }),
    ),
    ("sobel", Brightness(|plane| bytes(naive::sobel(&cells(plane), plane.shape), plane.shape))),
    ("laplacian", Colour(|plane| convolved(plane, &[0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0]))),
    ("laplacian:corners", Colour(|plane| convolved(plane, &[2.0, 0.0, 2.0, 0.0, -8.0, 0.0, 2.0, 0.0, 2.0]))),
    ("unsharp:1.5,2", Colour(|plane| (filters::unsharp(plane, 1.5, 2.0), plane.shape))),
    ("median", Each(|plane| (filters::median(plane, 3), plane.shape))),
    ("median:5", Each(|plane| (filters::median(plane, 5), plane.shape))),
    ("bilateral:3,30,2", Each(|plane| (filters::bilateral(plane, 3, 30.0, 2.0), plane.shape))),
    ("erode:5x3", Each(|plane| (filters::erode(plane, (5, 3)), plane.shape))),
    ("dilate:3", Each(|plane| (filters::dilate(plane, (3, 3)), plane.shape))),
    ("canny:50,120", Brightness(|plane| (filters::canny(plane, (50.0, 120.0), Length::Sum), plane.shape))),
    (
        "canny:40,90,plane",
        Brightness(|plane| (filters::canny(plane, (40.0, 90.0), Length::Plane), plane.shape)),
    ),
    ("resize:2,nearest", Each(|plane| resized(plane, (74, 58), Filter::Nearest, Shrink::Smooth))),
    ("resize:20x40,bilinear,sharp", Each(|plane| resized(plane, (20, 40), Filter::Linear, Shrink::Sharp))),
    ("resize:50%,bicubic", Each(|plane| resized(plane, (19, 15), Filter::Cubic, Shrink::Smooth))),
    ("resize:41x15", Each(|plane| resized(plane, (41, 15), Filter::Lanczos3, Shrink::Smooth))),
    (
        "affine:1,0.25,-2,0.5,0.5,3",
        Each(|plane| warped(plane, [1.0, 0.25, -2.0, 0.5, 0.5, 3.0, 0.0, 0.0, 1.0])),
    ),
    (
        "perspective:1,0,-1.5,0,1,2.25,0.015625,0,1",
        Each(|plane| warped(plane, [1.0, 0.0, -1.5, 0.0, 1.0, 2.25, 0.015_625, 0.0, 1.0])),
    ),
    ("rotate:30", Each(turned)),
    ("flip", Each(|plane| moved(plane, plane.shape, |x, y, w, _| (w - 1 - x, y)))),
    ("flip:vertical", Each(|plane| moved(plane, plane.shape, |x, y, _, h| (x, h - 1 - y)))),
    ("turn", Each(|plane| moved(plane, (SHAPE.1, SHAPE.0), |x, y, _, h| (y, h - 1 - x)))),
    ("turn:180", Each(|plane| moved(plane, plane.shape, |x, y, w, h| (w - 1 - x, h - 1 - y)))),
    ("turn:270", Each(|plane| moved(plane, (SHAPE.1, SHAPE.0), |x, y, w, _| (w - 1 - y, x)))),
    ("transpose", Each(|plane| moved(plane, (SHAPE.1, SHAPE.0), |x, y, _, _| (y, x)))),
];

#[test]
fn every_operation_is_its_naive_loop() {
    let folder = Folder::new("operations");
    let (to, targets) = (folder.at("out.png"), ["scalar", "simd", "threads"]);
    for channels in [1, 3, 4] {
        let from = folder.at("in.png");
        written(channels, &from);
        let planes = planes(&image::open(&from).expect("the picture"));
        for (at, (op, does)) in OPERATIONS.iter().enumerate() {
            let target = targets[at % targets.len()];
            let what = format!("{op} of {channels} channels on {target}");
            let ran = ran(manylane().arg("image").arg(&from).arg(&to).args(["--op", op, "--target", target]));
            assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{what}");
            let found = self::planes(&image::open(&to).expect("the result"));
            let expected = expected(&planes, does);
            assert_eq!(found.len(), expected.len(), "{what}");
            for (found, (cells, shape)) in found.iter().zip(&expected) {
                assert_eq!(found.shape, *shape, "{what}");
                for (place, (found, cell)) in found.cells.iter().zip(cells).enumerate() {
                    let far = (found - cell.clamp(0.0, 255.0)).abs();
                    assert!(far <= NEAR, "{what}: {found} instead of {cell} at {place}");
                }
            }
        }
    }
}

#[test]
fn none_is_forgotten() {
    let list = run(["image", "--list"]).out;
    let names = list.lines().filter(|line| !line.starts_with(' '));
    for name in names.filter_map(|line| line.split([':', '[', ' ']).next()) {
        let tested = OPERATIONS.iter().any(|(op, _)| op.split(':').next() == Some(name));
        assert!(tested || ["over", "mandelbrot", "julia"].contains(&name), "{name}");
    }
}

#[test]
fn a_picture_over_another() {
    let folder = Folder::new("over");
    let (top, below, to) = (folder.at("top.png"), folder.at("below.png"), folder.at("out.png"));
    written(4, &top);
    let blended = |channels: u8, opacity: &str| {
        written(channels, &below);
        let op = format!("over:{}{opacity}", top.display());
        let ran = ran(manylane().arg("image").arg(&below).arg(&to).args(["--op", &op]));
        assert_eq!(ran.code, 0, "{ran:?}");
        planes(&image::open(&to).expect("the result"))
    };
    let tops = planes(&image::open(&top).expect("the top"));
    for (channels, opacity, share) in [(1, "", 1.0), (3, "", 1.0), (4, "", 1.0), (3, ",0.5", 0.5)] {
        let found = blended(channels, opacity);
        let belows = planes(&image::open(&below).expect("the picture below"));
        for (plane, found) in found.iter().enumerate().take(3) {
            for (at, found) in found.cells.iter().enumerate() {
                let a = (tops[3].cells[at] * share).round_ties_even() / 255.0;
                let b = if channels == 4 { belows[3].cells[at] / 255.0 } else { 1.0 };
                let under = belows[plane.min(belows.len() - 1)].cells[at];
                let [colour, _] = tone::over([tops[plane].cells[at], a], [under, b]);
                assert!((found - colour).abs() <= NEAR, "{channels} {opacity} {found} {colour}");
            }
        }
    }
    GrayImage::new(3, 3).save(&top).expect("written");
    let op = format!("over:{}", top.display());
    fails(
        &ran(manylane().arg("image").arg(&below).arg(&to).args(["--op", &op])),
        1,
        &["below.png", "3x3", "37x29"],
    );
    let op = format!("over:{}", folder.at("absent.png").display());
    fails(
        &ran(manylane().arg("image").arg(&below).arg(&to).args(["--op", &op])),
        1,
        &["absent.png", "no such file"],
    );
}

#[test]
fn pictures_made_of_nothing() {
    let folder = Folder::new("fractals");
    let to = folder.at("out.png");
    for op in ["mandelbrot:90x60", "julia:90x60", "julia:90x60,0.285,0.01,500,0,0,2"] {
        let ran = ran(manylane().arg("image").arg(&to).args(["--op", op, "--op", "flip"]));
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
        let picture = image::open(&to).expect("the picture").into_rgb8();
        assert_eq!(picture.dimensions(), (90, 60));
        let black = picture.pixels().filter(|pixel| pixel.0 == [0; 3]).count();
        let colours: std::collections::HashSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
        assert!(colours.len() > 10 && black < 3_000, "{op}: {} colours, {black} black", colours.len());
    }
    let before = std::fs::read(&to).expect("the picture");
    for (args, parts) in [
        (["--op", "flip", "--op", "julia:9x9"], ["`julia`", "first"]),
        (["--op", "julia:9x9", "--compare", "x.png"], ["`julia`", "--against"]),
        (["--op", "julia:70000x9", "--op", "flip"], ["`70000x9`", "65535"]),
        (["--op", "julia:60000", "--op", "flip"], ["60000x60000", "too large"]),
    ] {
        let ran = ran(manylane().arg("image").arg(&to).args(args));
        fails(&ran, 2, &parts);
    }
    let two = ran(manylane().arg("image").arg(&to).arg(&to).args(["--op", "julia:9x9"]));
    fails(&two, 2, &["`julia`", "only the file to write"]);
    assert_eq!(std::fs::read(&to).expect("the picture"), before);
}

#[test]
fn a_result_too_large() {
    let folder = Folder::new("too-large");
    let (from, to) = (folder.at("in.png"), folder.at("out.png"));
    written(3, &from);
    for (op, parts) in
        [("resize:1000", ["too large", "134217728"]), ("resize:60000x60000", ["60000x60000", "smaller"])]
    {
        let ran = ran(manylane().arg("image").arg(&from).arg(&to).args(["--op", op]));
        fails(&ran, 2, &parts);
    }
    let ran =
        ran(manylane().arg("image").arg(&from).arg(folder.at("out.webp")).args(["--op", "resize:20000x1"]));
    fails(&ran, 1, &["out.webp", "16384", "20000x1"]);
    assert_eq!(folder.names(), ["in.png"]);
}

/// A picture of so many channels with edges, slopes and noise.
fn written(channels: u8, to: &Path) {
    let channel = |x: u32, y: u32, c: u32| {
        let slope = 5 * x + 3 * y * c;
        let edge = if (x + c) / 9 % 2 == (y / 7) % 2 { 90 } else { 0 };
        (slope + edge + (x * 7919 + y * 104_729 + c * 31) % 23).min(255) as u8
    };
    let (width, height) = (SHAPE.0 as u32, SHAPE.1 as u32);
    let picture: DynamicImage = match channels {
        1 => GrayImage::from_fn(width, height, |x, y| [channel(x, y, 1)].into()).into(),
        3 => RgbImage::from_fn(width, height, |x, y| [0, 1, 2].map(|c| channel(x, y, c)).into()).into(),
        _ => RgbaImage::from_fn(width, height, |x, y| [0, 1, 2, 3].map(|c| channel(x, y, c)).into()).into(),
    };
    picture.save(to).expect("written");
}

fn planes(picture: &DynamicImage) -> Vec<Plane> {
    let channels = usize::from(picture.color().channel_count());
    let shape = (picture.width() as usize, picture.height() as usize);
    let plane = |c: usize| {
        let cells = picture.as_bytes().iter().skip(c).step_by(channels).map(|x| f64::from(*x)).collect();
        Plane { cells, shape, border: Border::Clamp }
    };
    (0..channels).map(plane).collect()
}

fn expected(planes: &[Plane], does: &Does) -> Vec<Made> {
    let as_is = |plane: &Plane| (plane.cells.clone(), plane.shape);
    match does {
        Each(op) => planes.iter().map(op).collect(),
        Colour(op) => planes
            .iter()
            .enumerate()
            .map(|(c, plane)| if c == 3 { as_is(plane) } else { op(plane) })
            .collect(),
        Brightness(op) => {
            let [r, g, b] = [0, 1, 2].map(|c| cells(&planes[c.min(planes.len() - 1)]));
            let pixels: Vec<[u8; 3]> = r.into_iter().zip(g).zip(b).map(|((r, g), b)| [r, g, b]).collect();
            let (gray, shape) = bytes(naive::gray(&pixels), planes[0].shape);
            let made = op(&Plane { cells: gray, shape, border: Border::Clamp });
            match planes {
                [_, _, _, alpha] => vec![made.clone(), made.clone(), made, as_is(alpha)],
                _ => vec![made],
            }
        }
    }
}

fn cells(plane: &Plane) -> Vec<u8> {
    plane.cells.iter().map(|x| *x as u8).collect()
}

fn bytes(cells: Vec<u8>, shape: (usize, usize)) -> Made {
    (cells.into_iter().map(f64::from).collect(), shape)
}

fn point(plane: &Plane, one: fn(u8) -> f64) -> Made {
    (plane.cells.iter().map(|x| one(*x as u8)).collect(), plane.shape)
}

fn otsu(plane: &Plane) -> Made {
    let cells = cells(plane);
    let between: Vec<f64> = (0..=255).map(|limit| levels::between_classes(&cells, limit)).collect();
    let most = between.iter().copied().fold(0.0, f64::max);
    let limit = between.iter().position(|found| *found >= most * (1.0 - 1e-12)).unwrap_or(0);
    (plane.cells.iter().map(|x| if *x > limit as f64 { 255.0 } else { 0.0 }).collect(), plane.shape)
}

fn convolved(plane: &Plane, weights: &[f32]) -> Made {
    let side = weights.len().isqrt() as i64;
    (filters::convolve(plane, weights, (side, side)), plane.shape)
}

fn resized(plane: &Plane, to: (usize, usize), filter: Filter, shrink: Shrink) -> Made {
    (filters::resize(plane, to, filter, shrink), to)
}

fn warped(plane: &Plane, matrix: [f32; 9]) -> Made {
    let plane = Plane { border: Border::Constant(0.0), ..plane.clone() };
    (filters::warped(&plane, matrix, plane.shape), plane.shape)
}

/// By 30 degrees about the middle.
fn turned(plane: &Plane) -> Made {
    let (sin, cos) = 30f64.to_radians().sin_cos();
    let (x, y) = (0.5 * (plane.shape.0 as f64 - 1.0), 0.5 * (plane.shape.1 as f64 - 1.0));
    let matrix = [cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y, 0.0, 0.0, 1.0];
    warped(plane, matrix.map(|x| x as f32))
}

fn moved(
    plane: &Plane,
    shape: (usize, usize),
    from: fn(usize, usize, usize, usize) -> (usize, usize),
) -> Made {
    let (width, height) = plane.shape;
    let cell = |at: usize| {
        let (x, y) = from(at % shape.0, at / shape.0, width, height);
        plane.cells[y * width + x]
    };
    ((0..shape.0 * shape.1).map(cell).collect(), shape)
}
