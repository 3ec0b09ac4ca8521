//! What looks at the pixels around; outside a picture stands its nearest pixel.
//!
//! What smooths does so to transparency too. What takes differences leaves it, or nothing would be seen.

use manylane::Result;
use manylane::prelude::*;
use manylane_image::bilateral::{self, Bilateral};
use manylane_image::convolve::{self, Laplace, Weights};
use manylane_image::median::{self, Window};
use manylane_image::{Gauss, canny, morphology, ops};

use super::parse::{Arg, Given, Kind};
use super::{Entry, Work};
use crate::picture::pixels::{On, Picture};

const SIGMA: Arg =
    Arg::new("SIGMA", Kind::Number(0.0, Gauss::MOST), "pixels of one standard deviation").or("2");
const RECTANGLE: Arg = Arg::new("SIZE", Kind::Odd(morphology::MOST), "the rectangle").or("3x3");
const EDGE: Kind = Kind::Number(0.0, canny::MOST);

pub(super) const TABLE: &[Entry] = &[
    Entry { name: "blur", about: "a Gaussian blur", args: &[SIGMA], work: Work::Change(blur) },
    Entry {
        name: "box",
        about: "the mean of the square around",
        args: &[Arg::new("RADIUS", Kind::Whole(0, convolve::MOST_BOX), "pixels to each side").or("1")],
        work: Work::Change(box_blur),
    },
    Entry {
        name: "convolve",
        about: "the sum of the pixels around, each times its weight",
        args: &[Arg::new("WEIGHT", Kind::Weights, "the weights, row after row")],
        work: Work::Change(convolve),
    },
    Entry {
        name: "sobel",
        about: "how steeply the brightness changes: edges",
        args: &[],
        work: Work::Change(sobel),
    },
    Entry {
        name: "laplacian",
        about: "how far a pixel is below its neighbours",
        args: &[Arg::new("NEIGHBOURS", Kind::Word(&["sides", "corners"]), "which ones").or("sides")],
        work: Work::Change(laplacian),
    },
    Entry {
        name: "unsharp",
        about: "sharper, by what a Gaussian blur would take away",
        args: &[
            SIGMA,
            Arg::new("AMOUNT", Kind::Number(0.0, convolve::MOST_AMOUNT), "how much of it").or("1"),
        ],
        work: Work::Change(unsharp),
    },
    Entry {
        name: "median",
        about: "the value in the middle of those around: specks go, edges stay",
        args: &[Arg::new("SIZE", Kind::Word(&["3", "5"]), "pixels to a side of the window").or("3")],
        work: Work::Change(median),
    },
    Entry {
        name: "bilateral",
        about: "the mean of those around that are alike: noise goes, edges stay",
        args: &[
            Arg::new("RADIUS", Kind::Whole(0, bilateral::MOST), "pixels to each side").or("4"),
            Arg::new("VALUE", Kind::Number(1e-6, bilateral::MOST_SIGMA), "the sigma of values of 0 to 255")
                .or("25"),
            Arg::new("SPACE", Kind::Number(1e-6, bilateral::MOST_SIGMA), "the sigma of distances in pixels")
                .or("4"),
        ],
        work: Work::Change(bilateral),
    },
    Entry {
        name: "erode",
        about: "the lowest value of the rectangle around",
        args: &[RECTANGLE],
        work: Work::Change(erode),
    },
    Entry {
        name: "dilate",
        about: "the highest value of the rectangle around",
        args: &[RECTANGLE],
        work: Work::Change(dilate),
    },
    Entry {
        name: "canny",
        about: "Canny's edges of the brightness: lines one pixel wide",
        args: &[
            Arg::new("LOW", EDGE, "the steepness that goes on with an edge").or("100"),
            Arg::new("HIGH", EDGE, "the steepness that begins one").or("200"),
            Arg::new("LENGTH", Kind::Word(&["sum", "plane"]), "how steepness is measured").or("sum"),
        ],
        work: Work::Change(canny),
    },
];

fn blur(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    picture.each(on, |plane| ops::blur(on.rt, plane, given.number(0), on.target))
}

fn box_blur(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    picture.each(on, |plane| convolve::box_blur(on.rt, plane, given.whole(0), Border::Clamp, on.target))
}

fn convolve(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let side = given.numbers(0).len().isqrt();
    let weights = Weights::new(given.numbers(0), (side, side))?;
    picture.each_colour(on, |plane| convolve::convolve(on.rt, plane, &weights, Border::Clamp, on.target))
}

fn sobel(on: On<'_>, picture: Picture, _: &Given) -> Result<Picture> {
    picture.brightness(on, |cells| ops::sobel(on.rt, cells, on.target))
}

fn laplacian(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let which = if given.word(0) == "sides" { Laplace::Sides } else { Laplace::Corners };
    picture.each_colour(on, |plane| convolve::laplacian(on.rt, plane, which, Border::Clamp, on.target))
}

fn unsharp(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let by = (given.number(0), given.number(1));
    picture.each_colour(on, |plane| convolve::unsharp(on.rt, plane, by, Border::Clamp, on.target))
}

fn median(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let window = if given.word(0) == "3" { Window::Three } else { Window::Five };
    picture.each(on, |plane| median::median(on.rt, plane, window, Border::Clamp, on.target))
}

fn bilateral(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let filter = Bilateral::new(given.whole(0), given.number(1), given.number(2))?;
    picture.each(on, |plane| bilateral::bilateral(on.rt, plane, filter, Border::Clamp, on.target))
}

fn erode(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    picture.each(on, |plane| morphology::erode(on.rt, plane, given.size(0), Border::Clamp, on.target))
}

fn dilate(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    picture.each(on, |plane| morphology::dilate(on.rt, plane, given.size(0), Border::Clamp, on.target))
}

fn canny(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let length = if given.word(2) == "sum" { canny::Length::Sum } else { canny::Length::Plane };
    let limits = (given.number(0), given.number(1));
    picture.brightness(on, |cells| canny::canny(on.rt, cells, limits, length, on.target))
}
