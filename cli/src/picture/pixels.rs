//! Pictures of bytes: gray, in colour, or in colour with transparency; and how an operation on one plane does all of it.

use manylane::Result;
use manylane::prelude::*;
use manylane_image::planes::{join_rgba, split_rgba};
use manylane_image::{Pixel, join, split, tone};

/// Where launches run.
#[derive(Clone, Copy)]
pub struct On<'a> {
    pub rt: &'a Runtime,
    pub target: Target,
}

/// A picture, with rows. Transparency is the last channel, 255 where nothing shines through.
#[derive(Clone)]
pub enum Picture {
    Gray(Array<u8>),
    Rgb(Array<[u8; 3]>),
    Rgba(Array<[u8; 4]>),
}

/// One expression, generic over the pixel, for a picture of any kind.
macro_rules! whole {
    ($picture:expr, |$pixels:ident| $made:expr) => {
        match $picture {
            $crate::picture::pixels::Picture::Gray($pixels) => $crate::picture::pixels::Picture::Gray($made),
            $crate::picture::pixels::Picture::Rgb($pixels) => $crate::picture::pixels::Picture::Rgb($made),
            $crate::picture::pixels::Picture::Rgba($pixels) => $crate::picture::pixels::Picture::Rgba($made),
        }
    };
}
pub(super) use whole;

impl Picture {
    /// Columns and rows.
    pub fn shape(&self) -> (usize, usize) {
        let domain = match self {
            Picture::Gray(cells) => cells.domain(),
            Picture::Rgb(pixels) => pixels.domain(),
            Picture::Rgba(pixels) => pixels.domain(),
        };
        match domain {
            Domain::Grid { width, height } => (width, height),
            Domain::Line(n) => (n, 1),
        }
    }

    /// Bytes to a pixel.
    pub fn channels(&self) -> usize {
        match self {
            Picture::Gray(_) => 1,
            Picture::Rgb(_) => 3,
            Picture::Rgba(_) => 4,
        }
    }

    /// The picture with `op` done to every plane, transparency too.
    pub fn each(self, on: On<'_>, op: impl Fn(&Array<u8>) -> Result<Array<u8>>) -> Result<Picture> {
        Ok(whole!(self, |pixels| Pixel::each(on.rt, &pixels, on.target, op)?))
    }

    /// As [`Picture::each`], but transparency stays as it is.
    pub fn each_colour(self, on: On<'_>, op: impl Fn(&Array<u8>) -> Result<Array<u8>>) -> Result<Picture> {
        Ok(whole!(self, |pixels| Pixel::each_colour(on.rt, &pixels, on.target, op)?))
    }

    /// What `op` makes of the brightness. A picture with transparency keeps it, and its colours become the result.
    pub fn brightness(self, on: On<'_>, op: impl Fn(&Array<u8>) -> Result<Array<u8>>) -> Result<Picture> {
        Ok(match self {
            Picture::Gray(cells) => Picture::Gray(op(&cells)?),
            Picture::Rgb(pixels) => Picture::Gray(op(&tone::gray(on.rt, &pixels, on.target)?)?),
            Picture::Rgba(pixels) => {
                let made = op(&tone::gray(on.rt, &pixels, on.target)?)?;
                let (_, _, _, alpha) = on.rt.map::<split_rgba>(&pixels).on(on.target).run()?;
                Picture::Rgba(on.rt.map::<join_rgba>((&made, &made, &made, &alpha)).on(on.target).run()?)
            }
        })
    }

    /// Its planes, one for each channel.
    pub fn planes(&self, on: On<'_>) -> Result<Vec<Array<u8>>> {
        Ok(match self {
            Picture::Gray(cells) => vec![cells.clone()],
            Picture::Rgb(pixels) => {
                let (r, g, b) = on.rt.map::<split>(pixels).on(on.target).run()?;
                vec![r, g, b]
            }
            Picture::Rgba(pixels) => {
                let (r, g, b, a) = on.rt.map::<split_rgba>(pixels).on(on.target).run()?;
                vec![r, g, b, a]
            }
        })
    }

    /// The same picture with at least so many channels: gray as three that are alike, and opaque.
    pub fn lifted(self, on: On<'_>, channels: usize) -> Result<Picture> {
        if self.channels() >= channels {
            return Ok(self);
        }
        let (width, height) = self.shape();
        let planes = self.planes(on)?;
        let (r, g, b) = (&planes[0], &planes[planes.len() / 2], &planes[planes.len() - 1]);
        if channels <= 3 {
            return Ok(Picture::Rgb(on.rt.map::<join>((r, g, b)).on(on.target).run()?));
        }
        let opaque = on.rt.picture(vec![255; width * height], (width, height))?;
        Ok(Picture::Rgba(on.rt.map::<join_rgba>((r, g, b, &opaque)).on(on.target).run()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifting_keeps_what_is_seen() -> Result<()> {
        let rt = Runtime::new()?;
        let on = On { rt: &rt, target: Target::Scalar };
        let gray = Picture::Gray(rt.picture(vec![7, 9], (2, 1))?);
        let Picture::Rgba(pixels) = gray.clone().lifted(on, 4)? else { panic!("with transparency") };
        assert_eq!(pixels.to_vec()?, [[7, 7, 7, 255], [9, 9, 9, 255]]);
        let Picture::Rgb(pixels) = gray.lifted(on, 3)? else { panic!("in colour") };
        assert_eq!(pixels.to_vec()?, [[7; 3], [9; 3]]);
        let colour = Picture::Rgb(rt.picture(vec![[1, 2, 3]], (1, 1))?);
        let Picture::Rgba(pixels) = colour.lifted(on, 4)? else { panic!("with transparency") };
        assert_eq!(pixels.to_vec()?, [[1, 2, 3, 255]]);
        Ok(())
    }

    #[test]
    fn brightness_keeps_transparency() -> Result<()> {
        let rt = Runtime::new()?;
        let on = On { rt: &rt, target: Target::Scalar };
        let picture = Picture::Rgba(rt.picture(vec![[10, 10, 10, 77]], (1, 1))?);
        let Picture::Rgba(pixels) = picture.brightness(on, |cells| Ok(cells.clone()))? else {
            panic!("with transparency")
        };
        assert_eq!(pixels.to_vec()?, [[10, 10, 10, 77]]);
        Ok(())
    }
}
