//! Other pictures laid over, and pictures made from nothing.

use manylane::Result;
use manylane_image::fractal::View;
use manylane_image::planes::{join_rgba, split_rgba};
use manylane_image::{blend, fractal, tone};

use super::parse::{Arg, Given, Kind};
use super::{Entry, Work};
use crate::picture::file::{SIDE, fits};
use crate::picture::pixels::{On, Picture};

const SIZE: Arg = Arg::new("SIZE", Kind::Size(SIDE as usize), "the picture's size");
const X: Arg = Arg::new("X", MIDDLE, "the middle, to the right");
const Y: Arg = Arg::new("Y", MIDDLE, "the middle, downwards").or("0");
const MIDDLE: Kind = Kind::Number(-fractal::FAR, fractal::FAR);
const ZOOM: Arg =
    Arg::new("ZOOM", Kind::Number(fractal::ZOOM.0, fractal::ZOOM.1), "how much it is enlarged").or("1");
const TURNS: Arg =
    Arg::new("TURNS", Kind::Whole(1, fractal::MOST_TURNS as usize), "after how many a point stays").or("256");

pub(super) const TABLE: &[Entry] = &[
    Entry {
        name: "over",
        about: "another picture of the same size laid over it, by its transparency",
        args: &[
            Arg::new("FILE", Kind::File, "the other picture"),
            Arg::new("OPACITY", Kind::Number(0.0, 1.0), "how much of it is seen").or("1"),
        ],
        work: Work::Change(over),
    },
    Entry {
        name: "mandelbrot",
        about: "the Mandelbrot set; given first, and then nothing is read",
        args: &[SIZE, TURNS, X.or("-0.5"), Y, ZOOM],
        work: Work::Make(mandelbrot),
    },
    Entry {
        name: "julia",
        about: "the Julia set of RE + i IM; given first, and then nothing is read",
        args: &[
            SIZE,
            Arg::new("RE", MIDDLE, "the real part").or("-0.8"),
            Arg::new("IM", MIDDLE, "the imaginary part").or("0.156"),
            TURNS,
            X.or("0"),
            Y,
            ZOOM,
        ],
        work: Work::Make(julia),
    },
];

fn over(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let (Picture::Rgba(top), opacity) = (given.picture(0).clone().lifted(on, 4)?, given.number(1)) else {
        unreachable!("a picture lifted to four channels has them")
    };
    let top = if opacity < 1.0 {
        let (r, g, b, a) = on.rt.map::<split_rgba>(&top).on(on.target).run()?;
        let a = tone::adjusted(on.rt, &a, opacity, 0.0, on.target)?;
        on.rt.map::<join_rgba>((&r, &g, &b, &a)).on(on.target).run()?
    } else {
        top
    };
    Ok(match picture.lifted(on, 3)? {
        Picture::Rgba(below) => Picture::Rgba(blend::over(on.rt, &top, &below, on.target)?),
        Picture::Rgb(below) => Picture::Rgb(blend::over(on.rt, &top, &below, on.target)?),
        Picture::Gray(_) => unreachable!("a picture lifted to three channels has them"),
    })
}

fn mandelbrot(on: On<'_>, given: &Given) -> Result<Picture> {
    let view = view(given, 1)?;
    Ok(Picture::Rgb(fractal::mandelbrot(on.rt, view, on.target)?))
}

fn julia(on: On<'_>, given: &Given) -> Result<Picture> {
    let c = (given.number(1), given.number(2));
    Ok(Picture::Rgb(fractal::julia(on.rt, c, view(given, 3)?, on.target)?))
}

/// The view whose turns, middle and zoom begin at `place`.
fn view(given: &Given, place: usize) -> Result<View> {
    let shape = given.size(0);
    fits(shape)?;
    Ok(View {
        shape,
        limit: given.whole(place) as u32,
        middle: (given.number(place + 1), given.number(place + 2)),
        zoom: given.number(place + 3),
    })
}
