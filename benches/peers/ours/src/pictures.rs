//! Workloads on pictures of 3840x2160.

use manylane::Result;
use manylane::kernel::LaneElement;
use manylane::prelude::*;
use manylane_image::convolve::{Weights, convolve, convolve_f32, gaussian_f32};
use manylane_image::resize::{Filter, Shrink, resize};
use manylane_image::{levels, ops};

use crate::inputs::{hashes, neighbours};
use crate::workloads::{Lanes, Work, fresh, held, held_bytes};

/// Every workload of this file.
pub const NAMES: [&str; 11] = [
    "gray",
    "gauss_u8",
    "gauss_f32",
    "sobel",
    "conv3_f32",
    "conv7_f32",
    "conv3_u8",
    "conv7_u8",
    "resize",
    "resize_aa",
    "equalize",
];
/// Their size.
pub const SIZE: &str = "4K";

const WIDTH: usize = 3840;
const HEIGHT: usize = 2160;
const SIGMA: f32 = 2.0;

/// Sets up `workload`; `None` where it is not one of [`NAMES`].
pub fn prepare(lanes: &Lanes, workload: &str) -> Result<Option<Box<dyn Work>>> {
    let shape = (WIDTH, HEIGHT);
    let bytes = || held_bytes(&lanes.runtime, cells())?.shaped(shape);
    let floats = || held(&lanes.runtime, cells().into_iter().map(f32::from).collect())?.shaped(shape);
    Ok(Some(match workload {
        "gray" => {
            fresh(colours(lanes)?, |Lanes { runtime, target }, x| ops::gray(runtime, x, *target), of_cells)
        }
        "gauss_u8" => {
            fresh(bytes()?, |Lanes { runtime, target }, x| ops::blur(runtime, x, SIGMA, *target), of_cells)
        }
        "gauss_f32" => fresh(
            floats()?,
            |Lanes { runtime, target }, x| gaussian_f32(runtime, x, SIGMA, Border::Clamp, *target),
            of_cells,
        ),
        "sobel" => fresh(
            bytes()?,
            |Lanes { runtime, target }, x| runtime.map::<gradient>(x).on(*target).run(),
            of_cells,
        ),
        "conv3_f32" => fresh(
            floats()?,
            |Lanes { runtime, target }, x| convolve_f32(runtime, x, &weights(3)?, Border::Reflect, *target),
            of_cells,
        ),
        "conv7_f32" => fresh(
            floats()?,
            |Lanes { runtime, target }, x| convolve_f32(runtime, x, &weights(7)?, Border::Reflect, *target),
            of_cells,
        ),
        "conv3_u8" => fresh(
            bytes()?,
            |Lanes { runtime, target }, x| convolve(runtime, x, &weights(3)?, Border::Reflect, *target),
            of_cells,
        ),
        "conv7_u8" => fresh(
            bytes()?,
            |Lanes { runtime, target }, x| convolve(runtime, x, &weights(7)?, Border::Reflect, *target),
            of_cells,
        ),
        "resize" => fresh(colours(lanes)?, |lanes, x| halved(lanes, x, Shrink::Sharp), of_colours),
        "resize_aa" => fresh(colours(lanes)?, |lanes, x| halved(lanes, x, Shrink::Smooth), of_colours),
        "equalize" => {
            fresh(bytes()?, |Lanes { runtime, target }, x| levels::equalised(runtime, x, *target), of_cells)
        }
        _ => return Ok(None),
    }))
}

/// Into memory of the library's own: see [`held`].
#[kernel]
fn own_pixel(px: [u8; 3]) -> [u8; 3] {
    px
}

/// The length of Sobel's gradient, not rounded: what the peers compute.
#[kernel]
fn gradient(at: Cell, src: Image<u8>) -> f32 {
    let (nw, n, ne) = (src.near(at, -1, -1) as i32, src.near(at, 0, -1) as i32, src.near(at, 1, -1) as i32);
    let (w, e) = (src.near(at, -1, 0) as i32, src.near(at, 1, 0) as i32);
    let (sw, s, se) = (src.near(at, -1, 1) as i32, src.near(at, 0, 1) as i32, src.near(at, 1, 1) as i32);
    let gx = (ne + 2 * e + se) - (nw + 2 * w + sw);
    let gy = (sw + 2 * s + se) - (nw + 2 * n + ne);
    ((gx * gx + gy * gy) as f32).sqrt()
}

fn halved(lanes: &Lanes, pixels: &Array<[u8; 3]>, shrink: Shrink) -> Result<Array<[u8; 3]>> {
    let Lanes { runtime, target } = lanes;
    resize(runtime, pixels, (WIDTH / 2, HEIGHT / 2), (Filter::Linear, shrink), *target)
}

/// Brightness with noise, as `gray_img` has it.
fn cells() -> Vec<u8> {
    let noise = hashes(5, WIDTH * HEIGHT);
    let cell = |(place, noise): (usize, u32)| {
        let (x, y) = ((place % WIDTH) as u32, (place / WIDTH) as u32);
        ((((x * x) >> 12) + ((y * 3) >> 2)) & 255 ^ (noise & 15)) as u8
    };
    noise.into_iter().enumerate().map(cell).collect()
}

/// As `rgb_img` has them: the picture, upside down, and its negative.
fn colours(lanes: &Lanes) -> Result<Array<[u8; 3]>> {
    let cells = cells();
    let pixel = |place: usize| {
        let below = (HEIGHT - 1 - place / WIDTH) * WIDTH + place % WIDTH;
        [cells[place], cells[below], 255 - cells[place]]
    };
    let pixels = lanes.runtime.picture((0..cells.len()).map(pixel).collect::<Vec<_>>(), (WIDTH, HEIGHT))?;
    lanes.runtime.map::<own_pixel>(&pixels).on(Target::Simd).run()
}

/// The weights of `kern`.
fn weights(size: usize) -> Result<Weights> {
    let weights: Vec<f32> = (0..size * size).map(|i| (1 + i * 5 % 7) as f32).collect();
    let sum: f32 = weights.iter().sum();
    let weights: Vec<f32> = weights.into_iter().map(|weight| weight / sum).collect();
    Weights::new(&weights, (size, size))
}

fn of_cells<T: LaneElement + Into<f32>>(cells: &Array<T>) -> Result<f64> {
    let floats: Vec<f32> = cells.read()?.iter().map(|&cell| cell.into()).collect();
    Ok(neighbours(&floats, cells.domain().width()))
}

fn of_colours(pixels: &Array<[u8; 3]>) -> Result<f64> {
    let (read, width) = (pixels.read()?, pixels.domain().width());
    let of = |channel: usize| {
        let floats: Vec<f32> = read.iter().map(|pixel| f32::from(pixel[channel])).collect();
        neighbours(&floats, width)
    };
    Ok((of(0) + of(1) + of(2)) / 3.0)
}
