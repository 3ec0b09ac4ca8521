//! How bright a pixel is, whatever stands around it.

use manylane::Result;
use manylane::prelude::*;
use manylane_image::{levels, tone};

use super::parse::{Arg, Given, Kind};
use super::{Entry, Work};
use crate::picture::pixels::{On, Picture, whole};

const HIGH: Arg = Arg::new("HIGH", Kind::Whole(0, 255), "what becomes of the brighter ones").or("255");

pub(super) const TABLE: &[Entry] = &[
    Entry { name: "gray", about: "the brightness (Rec. 601)", args: &[], work: Work::Change(gray) },
    Entry {
        name: "brightness",
        about: "as much brighter, or darker below 0",
        args: &[Arg::new("SHIFT", Kind::Number(-255.0, 255.0), "added to each value of 0 to 255")],
        work: Work::Change(brightness),
    },
    Entry {
        name: "contrast",
        about: "values further from the middle, or nearer below 1",
        args: &[Arg::new("GAIN", Kind::Number(0.0, 1_000.0), "by which the distance from the middle grows")],
        work: Work::Change(contrast),
    },
    Entry {
        name: "gamma",
        about: "values to a power: darker above 1, brighter below",
        args: &[Arg::new("GAMMA", Kind::Number(0.01, 100.0), "the power, values being shares of 1")],
        work: Work::Change(gamma),
    },
    Entry {
        name: "linear",
        about: "sRGB values as light (IEC 61966-2-1), to the nearest byte",
        args: &[],
        work: Work::Change(linear),
    },
    Entry {
        name: "srgb",
        about: "light as sRGB values (IEC 61966-2-1), to the nearest byte",
        args: &[],
        work: Work::Change(srgb),
    },
    Entry {
        name: "threshold",
        about: "two values for each channel: HIGH above the limit, else 0",
        args: &[Arg::new("LIMIT", Kind::Whole(0, 255), "the highest that becomes 0"), HIGH],
        work: Work::Change(threshold),
    },
    Entry {
        name: "otsu",
        about: "the brightness above Otsu's threshold, which the picture itself gives",
        args: &[HIGH],
        work: Work::Change(otsu),
    },
    Entry {
        name: "equalise",
        about: "values of each channel spread so that all are about as frequent",
        args: &[],
        work: Work::Change(equalise),
    },
    Entry {
        name: "clahe",
        about: "each channel equalised tile by tile, with limited contrast",
        args: &[
            Arg::new(
                "CLIP",
                Kind::Number(0.0, 1_000_000.0),
                "how far above the mean a value may be frequent, 0 for any",
            )
            .or("40"),
            Arg::new("TILES", Kind::Size(manylane_image::clahe::MOST_TILES), "how many tiles").or("8x8"),
        ],
        work: Work::Change(clahe),
    },
];

fn gray(on: On<'_>, picture: Picture, _: &Given) -> Result<Picture> {
    picture.brightness(on, |cells| Ok(cells.clone()))
}

fn brightness(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    Ok(whole!(picture, |pixels| tone::adjusted(on.rt, &pixels, 1.0, given.number(0), on.target)?))
}

fn contrast(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let gain = given.number(0);
    let shift = 255.0 * (1.0 - gain) / 2.0;
    Ok(whole!(picture, |pixels| tone::adjusted(on.rt, &pixels, gain, shift, on.target)?))
}

fn gamma(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    Ok(whole!(picture, |pixels| tone::raised(on.rt, &pixels, given.number(0), on.target)?))
}

fn linear(on: On<'_>, picture: Picture, _: &Given) -> Result<Picture> {
    let light = tone::linear(on.rt, &all_bytes(on.rt)?, Target::Scalar)?;
    let table = on.rt.map::<tone::byte_of>(&light).on(Target::Scalar).run()?;
    looked_up(on, picture, &table)
}

fn srgb(on: On<'_>, picture: Picture, _: &Given) -> Result<Picture> {
    let shares: Vec<f32> = (0..=255u8).map(|x| f32::from(x) / 255.0).collect();
    let table = tone::srgb_bytes(on.rt, &on.rt.picture(shares, (256, 1))?, Target::Scalar)?;
    looked_up(on, picture, &table)
}

/// A picture of every byte: what becomes of it is a table of what becomes of any.
fn all_bytes(rt: &Runtime) -> Result<Array<u8>> {
    rt.picture((0..=255).collect::<Vec<u8>>(), (256, 1))
}

fn looked_up(on: On<'_>, picture: Picture, table: &Array<u8>) -> Result<Picture> {
    let On { rt, target } = on;
    Ok(match picture {
        Picture::Gray(cells) => Picture::Gray(rt.map::<tone::looked_up>((&cells, table)).on(target).run()?),
        Picture::Rgb(pixels) => {
            Picture::Rgb(rt.map::<tone::looked_up_rgb>((&pixels, table)).on(target).run()?)
        }
        Picture::Rgba(pixels) => {
            Picture::Rgba(rt.map::<tone::looked_up_rgba>((&pixels, table)).on(target).run()?)
        }
    })
}

fn threshold(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let (limit, high) = (given.whole(0) as u8, given.whole(1) as u8);
    picture.each_colour(on, |plane| tone::threshold(on.rt, plane, limit, high, on.target))
}

fn otsu(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let high = given.whole(0) as u8;
    picture.brightness(on, |cells| Ok(levels::threshold_otsu(on.rt, cells, high, on.target)?.0))
}

fn equalise(on: On<'_>, picture: Picture, _: &Given) -> Result<Picture> {
    picture.each_colour(on, |plane| levels::equalised(on.rt, plane, on.target))
}

fn clahe(on: On<'_>, picture: Picture, given: &Given) -> Result<Picture> {
    let (clip, tiles) = (given.number(0), given.size(1));
    picture.each_colour(on, |plane| manylane_image::clahe::clahe(on.rt, plane, clip, tiles, on.target))
}
