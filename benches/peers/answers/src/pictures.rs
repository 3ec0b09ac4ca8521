//! Pictures, of bytes or of floats as they come.

use manylane::Result;
use manylane::prelude::*;
use manylane_image::bilateral::{Bilateral, bilateral, bilateral_f32};
use manylane_image::canny::{Length, canny};
use manylane_image::convolve::{self, Laplace, Weights};
use manylane_image::median::{Window, median, median_f32};
use manylane_image::resize::{Filter, Shrink, resize};
use manylane_image::warp::{Sampling, Warp, warped, warped_f32};
use manylane_image::{blend, clahe, edges, geometry, integral, levels, morphology, ops, quality, tone};

use crate::Operation;
use crate::dense::one;
use crate::protocol::{Asked, Given};

/// An operation on the picture `$a`: what is done with bytes, and what with floats.
macro_rules! cells {
    (|$asked:ident, $a:ident| $bytes:expr, $floats:expr) => {
        |$asked| match $asked.typed::<u8>("a") {
            Some($a) => one($bytes),
            None => {
                let $a = $asked.array("a")?;
                one($floats)
            }
        }
    };
}

/// The same, with colours too.
macro_rules! pixels {
    (|$asked:ident, $a:ident| $do:expr) => {
        |$asked| match ($asked.typed::<u8>("a"), $asked.typed::<[u8; 3]>("a"), $asked.typed::<[u8; 4]>("a")) {
            (Some($a), ..) => one($do),
            (_, Some($a), _) => one($do),
            (.., Some($a)) => one($do),
            _ => {
                let $a = $asked.array("a")?;
                one($do)
            }
        }
    };
}

/// Every operation of this file.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("gray", |asked| one(ops::gray(asked.rt, colours(asked)?, asked.target))),
    (
        "brightness",
        pixels!(|asked, a| {
            tone::adjusted(asked.rt, a, float(asked, "gain")?, float(asked, "shift")?, asked.target)
        }),
    ),
    ("gamma", pixels!(|asked, a| tone::raised(asked.rt, a, float(asked, "gamma")?, asked.target))),
    ("srgb-to-linear", |asked| one(tone::linear(asked.rt, bytes(asked, "a")?, asked.target))),
    ("linear-to-srgb", |asked| one(tone::srgb(asked.rt, asked.array("a")?, asked.target))),
    (
        "threshold",
        cells!(
            |asked, a| tone::threshold(
                asked.rt,
                a,
                float(asked, "limit")? as u8,
                float(asked, "high")? as u8,
                asked.target
            ),
            tone::threshold_f32(asked.rt, a, float(asked, "limit")?, float(asked, "high")?, asked.target)
        ),
    ),
    ("otsu", otsu),
    ("histogram", |asked| {
        Ok(vec![Given::line(&levels::histogram(asked.rt, bytes(asked, "a")?, asked.target)?)])
    }),
    ("equalise", |asked| one(levels::equalised(asked.rt, bytes(asked, "a")?, asked.target))),
    ("clahe", |asked| {
        let tiles = pair(asked, "columns", "rows")?;
        one(clahe::clahe(asked.rt, bytes(asked, "a")?, float(asked, "clip")?, tiles, asked.target))
    }),
    (
        "integral",
        cells!(
            |asked, a| integral::integral(asked.rt, a, asked.target),
            integral::integral_f32(asked.rt, a, asked.target)
        ),
    ),
    (
        "median",
        cells!(
            |asked, a| median(asked.rt, a, Window::new(whole(asked, "size")?)?, border(asked)?, asked.target),
            median_f32(asked.rt, a, Window::new(whole(asked, "size")?)?, border(asked)?, asked.target)
        ),
    ),
    (
        "erode",
        cells!(
            |asked, a| morphology::erode(
                asked.rt,
                a,
                pair(asked, "width", "height")?,
                border(asked)?,
                asked.target
            ),
            morphology::erode_f32(asked.rt, a, pair(asked, "width", "height")?, border(asked)?, asked.target)
        ),
    ),
    (
        "dilate",
        cells!(
            |asked, a| morphology::dilate(
                asked.rt,
                a,
                pair(asked, "width", "height")?,
                border(asked)?,
                asked.target
            ),
            morphology::dilate_f32(
                asked.rt,
                a,
                pair(asked, "width", "height")?,
                border(asked)?,
                asked.target
            )
        ),
    ),
    (
        "convolve",
        cells!(
            |asked, a| convolve::convolve(asked.rt, a, &weights(asked)?, border(asked)?, asked.target),
            convolve::convolve_f32(asked.rt, a, &weights(asked)?, border(asked)?, asked.target)
        ),
    ),
    (
        "laplacian",
        cells!(
            |asked, a| convolve::laplacian(asked.rt, a, laplace(asked)?, border(asked)?, asked.target),
            convolve::laplacian_f32(asked.rt, a, laplace(asked)?, border(asked)?, asked.target)
        ),
    ),
    (
        "box-blur",
        cells!(
            |asked, a| convolve::box_blur(asked.rt, a, whole(asked, "radius")?, border(asked)?, asked.target),
            convolve::box_blur_f32(asked.rt, a, whole(asked, "radius")?, border(asked)?, asked.target)
        ),
    ),
    (
        "gaussian-blur",
        cells!(
            |asked, a| ops::blur(asked.rt, a, float(asked, "sigma")?, asked.target),
            convolve::gaussian_f32(asked.rt, a, float(asked, "sigma")?, border(asked)?, asked.target)
        ),
    ),
    (
        "unsharp",
        cells!(
            |asked, a| convolve::unsharp(asked.rt, a, mask(asked)?, border(asked)?, asked.target),
            convolve::unsharp_f32(asked.rt, a, mask(asked)?, border(asked)?, asked.target)
        ),
    ),
    (
        "sobel",
        cells!(
            |asked, a| asked.sent(asked.rt.map::<edges::sobel>(a)).run(),
            asked.sent(asked.rt.map::<edges::sobel_f32>(a)).run()
        ),
    ),
    ("canny", |asked| {
        let length = if whole(asked, "plane")? == 1 { Length::Plane } else { Length::Sum };
        let limits = (float(asked, "low")?, float(asked, "high")?);
        one(canny(asked.rt, bytes(asked, "a")?, limits, length, asked.target))
    }),
    (
        "bilateral",
        cells!(
            |asked, a| bilateral(asked.rt, a, edges_kept(asked)?, border(asked)?, asked.target),
            bilateral_f32(asked.rt, a, edges_kept(asked)?, border(asked)?, asked.target)
        ),
    ),
    (
        "resize",
        cells!(
            |asked, a| resize(asked.rt, a, pair(asked, "width", "height")?, filter(asked)?, asked.target),
            resize(asked.rt, a, pair(asked, "width", "height")?, filter(asked)?, asked.target)
        ),
    ),
    (
        "warp",
        cells!(
            |asked, a| warped(asked.rt, a, &warp(asked)?, border(asked)?, asked.target),
            warped_f32(asked.rt, a, &warp(asked)?, border(asked)?, asked.target)
        ),
    ),
    ("flip-horizontal", pixels!(|asked, a| geometry::flip_horizontal(asked.rt, a, asked.target))),
    ("flip-vertical", pixels!(|asked, a| geometry::flip_vertical(asked.rt, a, asked.target))),
    ("rotate-90", pixels!(|asked, a| geometry::rotate_90(asked.rt, a, asked.target))),
    ("rotate-180", pixels!(|asked, a| geometry::rotate_180(asked.rt, a, asked.target))),
    ("rotate-270", pixels!(|asked, a| geometry::rotate_270(asked.rt, a, asked.target))),
    ("picture-transpose", pixels!(|asked, a| geometry::transpose(asked.rt, a, asked.target))),
    ("blend", |asked| {
        let top = asked
            .typed::<[u8; 4]>("top")
            .ok_or_else(|| asked.wrong("it takes colours with alpha for `top`"))?;
        one(blend::over(asked.rt, top, colours(asked)?, asked.target))
    }),
    ("psnr", |asked| {
        Ok(vec![Given::line(&[quality::psnr(
            asked.rt,
            bytes(asked, "a")?,
            bytes(asked, "b")?,
            asked.target,
        )?])])
    }),
    ("ssim", |asked| {
        Ok(vec![Given::line(&[quality::ssim(
            asked.rt,
            bytes(asked, "a")?,
            bytes(asked, "b")?,
            asked.target,
        )?])])
    }),
];

/// The picture, and the limit that was found for it.
fn otsu(asked: &Asked<'_>) -> Result<Vec<Given>> {
    let (picture, limit) = levels::threshold_otsu(asked.rt, bytes(asked, "a")?, 255, asked.target)?;
    Ok(vec![Given::array(&picture)?, Given::line(&[u32::from(limit)])])
}

fn bytes<'a>(asked: &'a Asked<'_>, name: &str) -> Result<&'a Array<u8>> {
    asked.typed(name).ok_or_else(|| asked.wrong(&format!("it takes bytes for `{name}`")))
}

fn colours<'a>(asked: &'a Asked<'_>) -> Result<&'a Array<[u8; 3]>> {
    asked.typed("a").ok_or_else(|| asked.wrong("it takes colours for `a`"))
}

fn float(asked: &Asked<'_>, name: &str) -> Result<f32> {
    Ok(asked.number(name)? as f32)
}

fn whole(asked: &Asked<'_>, name: &str) -> Result<usize> {
    Ok(asked.number(name)? as usize)
}

fn pair(asked: &Asked<'_>, first: &str, second: &str) -> Result<(usize, usize)> {
    Ok((whole(asked, first)?, whole(asked, second)?))
}

/// By its number in `pictures.py`.
fn border(asked: &Asked<'_>) -> Result<Border> {
    match whole(asked, "border")? {
        0 => Ok(Border::Clamp),
        1 => Ok(Border::Reflect),
        2 => Ok(Border::Wrap),
        3 => Ok(Border::Constant(0.0)),
        other => Err(asked.wrong(&format!("no border has the number {other}"))),
    }
}

fn weights(asked: &Asked<'_>) -> Result<Weights> {
    let weights = asked.array("weights")?;
    let Domain::Grid { width, height } = weights.domain() else {
        return Err(asked.wrong("weights have rows"));
    };
    Weights::new(&weights.read()?, (width, height))
}

fn laplace(asked: &Asked<'_>) -> Result<Laplace> {
    Ok(if whole(asked, "size")? == 1 { Laplace::Sides } else { Laplace::Corners })
}

fn mask(asked: &Asked<'_>) -> Result<(f32, f32)> {
    Ok((float(asked, "sigma")?, float(asked, "amount")?))
}

fn edges_kept(asked: &Asked<'_>) -> Result<Bilateral> {
    Bilateral::new(whole(asked, "radius")?, float(asked, "value")?, float(asked, "space")?)
}

/// By its number in `pictures.py`.
fn filter(asked: &Asked<'_>) -> Result<(Filter, Shrink)> {
    let filter = match whole(asked, "filter")? {
        0 => Filter::Nearest,
        1 => Filter::Linear,
        2 => Filter::Cubic,
        3 => Filter::Lanczos3,
        other => return Err(asked.wrong(&format!("no filter has the number {other}"))),
    };
    Ok((filter, if whole(asked, "smooth")? == 1 { Shrink::Smooth } else { Shrink::Sharp }))
}

fn warp(asked: &Asked<'_>) -> Result<Warp> {
    let matrix = asked.array("matrix")?.read()?;
    let matrix = matrix[..].try_into().map_err(|_| asked.wrong("a matrix has nine numbers"))?;
    let sampling = if whole(asked, "linear")? == 1 { Sampling::Linear } else { Sampling::Nearest };
    Warp::perspective(matrix, pair(asked, "width", "height")?, sampling)
}
