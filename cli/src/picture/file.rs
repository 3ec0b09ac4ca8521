//! Pictures in files: what is read is bounded, what is written appears whole or not at all.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Write};
use std::path::Path;

use image::{
    ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, Limits, codecs,
};
use manylane::prelude::*;

use crate::Outcome;
use crate::failure::Failure;
use crate::output::{self, Draft};

/// The most bytes that decoding may take: a picture of 178 million pixels in colour.
const MEMORY: u64 = 512 << 20;
/// The most columns, and the most rows.
const SIDE: u32 = 65_535;
/// The quality of JPEG files, of 100.
const QUALITY: u8 = 92;

/// A decoded picture, with rows.
#[derive(Clone)]
pub enum Picture {
    Gray(Array<u8>),
    Colour(Array<[u8; 3]>),
}

/// The format that a file's name asks for.
pub fn format_of(path: &Path) -> Outcome<ImageFormat> {
    match ImageFormat::from_path(path) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Bmp)) => Ok(format),
        _ => Err(Failure::usage(format!(
            "`{}` names no format that can be written; let it end with .png, .jpg or .bmp, or name a folder that exists",
            path.display()
        ))),
    }
}

/// Reads a picture: the cells, and columns and rows.
pub fn read(rt: &Runtime, path: &Path) -> Outcome<(Picture, (usize, usize))> {
    let cannot = |why: &str| Failure::new(format!("`{}` cannot be read: {why}", path.display()));
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => cannot("there is no such file"),
        ErrorKind::PermissionDenied => cannot("it may not be opened"),
        _ => cannot(&error.to_string()),
    })?;
    match file.metadata() {
        Ok(there) if there.is_dir() => return Err(cannot("it is a folder; name a picture")),
        Ok(there) if there.len() == 0 => return Err(cannot("it is empty")),
        _ => {}
    }
    let decoded = decode(file).map_err(|error| cannot(&explained(&error)))?;
    let colour = decoded.color();
    if colour.has_alpha() {
        output::warn(&format!("`{}` has transparency, which is dropped", path.display()));
    }
    if bits(colour) > 8 {
        output::warn(&format!("`{}` has {} bits to a channel, which become 8", path.display(), bits(colour)));
    }
    let shape = (decoded.width() as usize, decoded.height() as usize);
    let picture = if colour.has_color() {
        let bytes = decoded.into_rgb8().into_raw();
        let pixels: Vec<[u8; 3]> = bytes.as_chunks().0.to_vec();
        Picture::Colour(rt.picture(pixels, shape)?)
    } else {
        Picture::Gray(rt.picture(decoded.into_luma8().into_raw(), shape)?)
    };
    Ok((picture, shape))
}

fn decode(file: File) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::new(BufReader::new(file)).with_guessed_format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // Some formats find their limits only here.
    let (width, height) = decoder.dimensions();
    limits.check_dimensions(width, height)?;
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let mut decoded = DynamicImage::from_decoder(decoder)?;
    decoded.apply_orientation(orientation);
    Ok(decoded)
}

/// What a decoder found wrong, in one line, with the remedy.
fn explained(error: &ImageError) -> String {
    let said = error.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ");
    match error {
        ImageError::Limits(_) => format!(
            "it is too large ({said}); {SIDE} is the most to a side and {} MiB to decode, so scale it down",
            MEMORY >> 20
        ),
        ImageError::Unsupported(_) => {
            format!("it is no picture of a kind known here ({said}); use PNG, JPEG or BMP")
        }
        ImageError::Decoding(_) => format!("it is damaged ({said}); fetch it again"),
        ImageError::IoError(inner) if inner.kind() == ErrorKind::UnexpectedEof => {
            format!("it is damaged: it ends too early ({said}); fetch it again")
        }
        _ => said,
    }
}

fn bits(colour: ColorType) -> u16 {
    8 * (u16::from(colour.bytes_per_pixel()) / u16::from(colour.channel_count()))
}

/// What kept a picture from being written.
pub enum WriteError {
    /// What computed it failed.
    Computed(Error),
    /// The file failed.
    File(Failure),
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        WriteError::Computed(error)
    }
}

impl From<Failure> for WriteError {
    fn from(failure: Failure) -> Self {
        WriteError::File(failure)
    }
}

/// Writes a picture of `shape`.
pub fn write(
    picture: Picture,
    (width, height): (usize, usize),
    path: &Path,
    format: ImageFormat,
) -> Result<(), WriteError> {
    // What a device failed with comes out here, before there is any file.
    let (bytes, colour) = match picture {
        Picture::Gray(cells) => (cells.into_vec()?, ExtendedColorType::L8),
        Picture::Colour(pixels) => (pixels.into_vec()?.into_flattened(), ExtendedColorType::Rgb8),
    };
    let mut draft = Draft::create(path)?;
    let (width, height) = (width as u32, height as u32);
    let writer = draft.writer();
    let encoded = match format {
        ImageFormat::Jpeg => codecs::jpeg::JpegEncoder::new_with_quality(&mut *writer, QUALITY)
            .write_image(&bytes, width, height, colour),
        ImageFormat::Bmp => {
            codecs::bmp::BmpEncoder::new(&mut *writer).write_image(&bytes, width, height, colour)
        }
        _ => codecs::png::PngEncoder::new(&mut *writer).write_image(&bytes, width, height, colour),
    };
    encoded
        .and_then(|()| writer.flush().map_err(ImageError::from))
        .map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", path.display())))?;
    draft.finish()?;
    Ok(())
}
