//! Other sizes and other places.

use manylane::Result;
use manylane::prelude::*;
use manylane_image::geometry;
use manylane_image::resize::{self, Filter, Shrink};
use manylane_image::warp::{self, Sampling, Warp};

use super::parse::{Arg, Given, Kind, Scale};
use super::{Entry, Work};
use crate::picture::file::{SIDE, fits};
use crate::picture::pixels::{On, Picture, whole};

const SAMPLING: Arg =
    Arg::new("SAMPLING", Kind::Word(&["linear", "nearest"]), "how a place between pixels comes to its value")
        .or("linear");

pub(super) const TABLE: &[Entry] = &[
    Entry {
        name: "resize",
        about: "another size",
        args: &[
            Arg::new("SIZE", Kind::Scale(SIDE as usize), "the new one"),
            Arg::new(
                "FILTER",
                Kind::Word(&["nearest", "bilinear", "bicubic", "lanczos"]),
                "how a place between pixels comes to its value",
            )
            .or("lanczos"),
            Arg::new("SHRINK", Kind::Word(&["smooth", "sharp"]), "whether detail too fine is smoothed away")
                .or("smooth"),
        ],
        work: Work::Change(resize),
    },
    Entry {
        name: "rotate",
        about: "turned about the middle, at its own size; what comes from outside is black and clear",
        args: &[
            Arg::new("DEGREES", Kind::Number(-360_000.0, 360_000.0), "the angle, counterclockwise"),
            SAMPLING,
        ],
        work: Work::Change(rotate),
    },
    Entry {
        name: "affine",
        about: "at (x, y) what was at (a x + b y + c, d x + e y + f); outside it is black and clear",
        args: &[Arg::new("A", Kind::Numbers(6), "a to f"), SAMPLING],
        work: Work::Change(affine),
    },
    Entry {
        name: "perspective",
        about: "as affine, both divided by g x + h y + i",
        args: &[Arg::new("A", Kind::Numbers(9), "a to i"), SAMPLING],
        work: Work::Change(perspective),
    },
    Entry {
        name: "flip",
        about: "mirrored",
        args: &[Arg::new(
            "WAY",
            Kind::Word(&["horizontal", "vertical"]),
            "left and right exchanged, or top and bottom",
        )
        .or("horizontal")],
        work: Work::Change(flip),
    },
    Entry {
        name: "turn",
        about: "turned clockwise, exactly",
        args: &[Arg::new("DEGREES", Kind::Word(&["90", "180", "270"]), "the angle").or("90")],
        work: Work::Change(turn),
    },
    Entry {
        name: "transpose",
        about: "rows and columns exchanged",
        args: &[],
        work: Work::Change(transpose),
    },
];

fn resize(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let (width, height) = picture.shape();
    let to = match given.scale(0) {
        Scale::To(width, height) => (width, height),
        Scale::By(factor) => {
            let side = |side: usize| (side as f64 * f64::from(factor)).round().max(1.0) as usize;
            (side(width), side(height))
        }
    };
    fits(to)?;
    let filter = match given.word(1) {
        "nearest" => Filter::Nearest,
        "bilinear" => Filter::Linear,
        "bicubic" => Filter::Cubic,
        _ => Filter::Lanczos3,
    };
    let shrink = if given.word(2) == "smooth" { Shrink::Smooth } else { Shrink::Sharp };
    Ok(whole!(picture, |pixels| resize::resize(on.rt, &pixels, to, (filter, shrink), on.target)?))
}

fn rotate(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let warp = Warp::turn(given.number(0), picture.shape(), sampling(given))?;
    warped(on, picture, &warp)
}

fn affine(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let mut matrix = [0.0; 6];
    matrix.copy_from_slice(given.numbers(0));
    let warp = Warp::affine(matrix, picture.shape(), sampling(given))?;
    warped(on, picture, &warp)
}

fn perspective(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let mut matrix = [0.0; 9];
    matrix.copy_from_slice(given.numbers(0));
    let warp = Warp::perspective(matrix, picture.shape(), sampling(given))?;
    warped(on, picture, &warp)
}

fn sampling(given: &Given) -> Sampling {
    if given.word(1) == "nearest" { Sampling::Nearest } else { Sampling::Linear }
}

fn warped(on: On<'_>, picture: Picture, warp: &Warp) -> Result<Picture> {
    picture.each(on, |plane| warp::warped(on.rt, plane, warp, Border::Constant(0.0), on.target))
}

fn flip(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    Ok(if given.word(0) == "horizontal" {
        whole!(picture, |pixels| geometry::flip_horizontal(on.rt, &pixels, on.target)?)
    } else {
        whole!(picture, |pixels| geometry::flip_vertical(on.rt, &pixels, on.target)?)
    })
}

fn turn(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    Ok(match given.word(0) {
        "90" => whole!(picture, |pixels| geometry::rotate_90(on.rt, &pixels, on.target)?),
        "180" => whole!(picture, |pixels| geometry::rotate_180(on.rt, &pixels, on.target)?),
        _ => whole!(picture, |pixels| geometry::rotate_270(on.rt, &pixels, on.target)?),
    })
}

fn transpose(on: On<'_>, picture: Picture, _: &Given) -> Result<Picture> {
    Ok(whole!(picture, |pixels| geometry::transpose(on.rt, &pixels, on.target)?))
}
