//! Pictures in files: what is read is bounded, what is written appears whole or not at all.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, ErrorKind as IoKind, Read, Write};
use std::path::Path;

use image::{
    ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, Limits, codecs,
};
use manylane::prelude::*;

use super::pixels::Picture;
use crate::Outcome;
use crate::failure::Failure;
use crate::output::Draft;

/// The most bytes that decoding may take: a picture of 178 million pixels in colour.
const MEMORY: u64 = 512 << 20;
/// The most columns, and the most rows.
pub const SIDE: u32 = 65_535;
/// The quality of JPEG files, of 100.
const QUALITY: u8 = 92;

/// A format, by the ends of its files' names.
struct Written {
    format: ImageFormat,
    name: &'static str,
    ends: &'static [&'static str],
    /// The most columns, and the most rows.
    side: u32,
}

const WRITTEN: [Written; 5] = [
    Written { format: ImageFormat::Png, name: "PNG", ends: &["png"], side: SIDE },
    Written { format: ImageFormat::Jpeg, name: "JPEG", ends: &["jpg", "jpeg"], side: SIDE },
    Written { format: ImageFormat::WebP, name: "WebP", ends: &["webp"], side: 16_384 },
    Written { format: ImageFormat::Tiff, name: "TIFF", ends: &["tif", "tiff"], side: SIDE },
    Written { format: ImageFormat::Bmp, name: "BMP", ends: &["bmp"], side: SIDE },
];

fn written(path: &Path) -> Option<&'static Written> {
    let end = path.extension()?.to_str()?.to_ascii_lowercase();
    WRITTEN.iter().find(|written| written.ends.contains(&end.as_str()))
}

/// Whether a file's name is a picture's.
pub fn is_named(path: &Path) -> bool {
    written(path).is_some()
}

/// Whether a file's name asks for a format that can be written.
pub fn can_write(path: &Path) -> Outcome {
    if is_named(path) {
        return Ok(());
    }
    let ends: Vec<String> =
        WRITTEN.iter().flat_map(|written| written.ends).map(|end| format!(".{end}")).collect();
    Err(Failure::usage(format!(
        "`{}` names no format that can be written; let it end with {}, or name a folder that exists",
        path.display(),
        ends.join(", ")
    )))
}

/// Whether a picture of so many columns and rows may be made.
///
/// # Errors
/// `Setting` where it is larger than one that may be read.
pub fn fits((width, height): (usize, usize)) -> manylane::Result<()> {
    let cells = MEMORY as usize / 4;
    if width.max(height) > SIDE as usize || width.saturating_mul(height) > cells {
        let text = format!(
            "a picture of {width}x{height} is too large; {SIDE} is the most to a side and {cells} pixels in all, so make it smaller"
        );
        return Err(Error::new(ErrorKind::Setting, text));
    }
    Ok(())
}

/// Reads a picture, and says what of it was lost.
pub fn read(rt: &Runtime, path: &Path) -> Outcome<(Picture, Vec<String>)> {
    let cannot = |why: &str| Failure::new(format!("`{}` cannot be read: {why}", path.display()));
    let found = |error: io::Error| match error.kind() {
        IoKind::NotFound => cannot("there is no such file"),
        IoKind::PermissionDenied => cannot("it may not be opened"),
        _ => cannot(&error.to_string()),
    };
    // Before it is opened: to open a pipe would wait for whoever writes to it.
    match std::fs::metadata(path).map_err(found)? {
        there if there.is_dir() => return Err(cannot("it is a folder; name a picture")),
        there if !there.is_file() => return Err(cannot("it is no regular file; name a picture")),
        there if there.len() == 0 => return Err(cannot("it is empty")),
        _ => {}
    }
    let decoded = decode(File::open(path).map_err(found)?).map_err(|error| cannot(&explained(&error)))?;
    let shape = (decoded.width() as usize, decoded.height() as usize);
    if shape.0 == 0 || shape.1 == 0 {
        return Err(cannot(&format!("it is {}x{}; name one that has pixels", shape.0, shape.1)));
    }
    let (colour, mut notes) = (decoded.color(), Vec::new());
    if bits(colour) > 8 {
        notes.push(format!("`{}` has {} bits to a channel, which become 8", path.display(), bits(colour)));
    }
    let picture = if colour.has_alpha() {
        let bytes = decoded.into_rgba8().into_raw();
        Picture::Rgba(rt.picture(bytes.as_chunks().0.to_vec(), shape)?)
    } else if colour.has_color() {
        let bytes = decoded.into_rgb8().into_raw();
        Picture::Rgb(rt.picture(bytes.as_chunks().0.to_vec(), shape)?)
    } else {
        Picture::Gray(rt.picture(decoded.into_luma8().into_raw(), shape)?)
    };
    Ok((picture, notes))
}

fn decode(file: File) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::new(BufReader::new(file)).with_guessed_format()?;
    if reader.format() == Some(ImageFormat::Jpeg) {
        // Its decoder reads all of the file first, so nothing is lost by doing so here.
        let mut bytes = Vec::new();
        reader.into_inner().take(MEMORY).read_to_end(&mut bytes)?;
        if !has_end(&bytes) {
            return Err(ImageError::IoError(io::Error::new(IoKind::UnexpectedEof, "it has no end marker")));
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg);
        reader.limits(limits.clone());
        return finished(reader.into_decoder()?, limits);
    }
    reader.limits(limits.clone());
    finished(reader.into_decoder()?, limits)
}

fn finished(mut decoder: impl ImageDecoder, mut limits: Limits) -> Result<DynamicImage, ImageError> {
    // Some formats find their limits only here.
    let (width, height) = decoder.dimensions();
    limits.check_dimensions(width, height)?;
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let mut decoded = DynamicImage::from_decoder(decoder)?;
    decoded.apply_orientation(orientation);
    Ok(decoded)
}

/// Whether a JPEG file has its end. The decoder takes what is missing for gray and says nothing.
fn has_end(bytes: &[u8]) -> bool {
    // Behind its marker a segment says how long it is. What follows a scan's segment is data without a length, in which 0xff stands
    // before 0 and before the markers of restarts only.
    let marks = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd8 | 0xff);
    let mut left = bytes;
    while let Some(at) = left.windows(2).position(marks) {
        if left[at + 1] == 0xd9 {
            return true;
        }
        let Some(length) = left.get(at + 2..at + 4) else { return false };
        left =
            left.get(at + 2 + usize::from(u16::from_be_bytes([length[0], length[1]]))..).unwrap_or_default();
    }
    false
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
            format!("it is no picture of a kind known here ({said}); use PNG, JPEG, WebP, TIFF or BMP")
        }
        ImageError::Decoding(_) => format!("it is damaged ({said}); fetch it again"),
        ImageError::IoError(inner) if inner.kind() == IoKind::UnexpectedEof => {
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

/// Writes a picture in the format that the file's name asks for, and says what of it was lost.
pub fn write(picture: Picture, path: &Path) -> Result<Vec<String>, WriteError> {
    can_write(path)?;
    let Some(Written { format, name, side, .. }) = written(path) else { return Ok(Vec::new()) };
    let cannot = |why: String| Failure::new(format!("`{}` cannot be written: {why}", path.display()));
    let (width, height) = picture.shape();
    if width.max(height) > *side as usize {
        let why = format!("{name} holds {side} pixels to a side and the picture is {width}x{height}");
        return Err(cannot(format!("{why}; resize it or write PNG")).into());
    }
    // What a device failed with comes out here, before there is any file.
    let (mut bytes, mut colour) = match picture {
        Picture::Gray(cells) => (cells.into_vec()?, ExtendedColorType::L8),
        Picture::Rgb(pixels) => (pixels.into_vec()?.into_flattened(), ExtendedColorType::Rgb8),
        Picture::Rgba(pixels) => (pixels.into_vec()?.into_flattened(), ExtendedColorType::Rgba8),
    };
    let mut notes = Vec::new();
    if *format == ImageFormat::Jpeg && colour == ExtendedColorType::Rgba8 {
        if bytes.iter().skip(3).step_by(4).any(|alpha| *alpha != 255) {
            notes.push(format!("`{}` is JPEG, which has no transparency: it is dropped", path.display()));
        }
        bytes = bytes.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
        colour = ExtendedColorType::Rgb8;
    }
    let mut draft = Draft::create(path)?;
    let writer = draft.writer();
    encode(&bytes, (width as u32, height as u32), colour, *format, writer)
        .and_then(|()| writer.flush().map_err(ImageError::from))
        .map_err(|error| cannot(error.to_string()))?;
    draft.finish()?;
    Ok(notes)
}

fn encode(
    bytes: &[u8],
    (width, height): (u32, u32),
    colour: ExtendedColorType,
    format: ImageFormat,
    to: &mut BufWriter<File>,
) -> Result<(), ImageError> {
    match format {
        ImageFormat::Jpeg => {
            codecs::jpeg::JpegEncoder::new_with_quality(to, QUALITY).write_image(bytes, width, height, colour)
        }
        ImageFormat::Bmp => codecs::bmp::BmpEncoder::new(to).write_image(bytes, width, height, colour),
        ImageFormat::Tiff => codecs::tiff::TiffEncoder::new(to).write_image(bytes, width, height, colour),
        ImageFormat::WebP => {
            codecs::webp::WebPEncoder::new_lossless(to).write_image(bytes, width, height, colour)
        }
        _ => codecs::png::PngEncoder::new(to).write_image(bytes, width, height, colour),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_cut_anywhere_has_no_end() -> Result<(), ImageError> {
        let pixels: Vec<u8> = (0..64 * 48 * 3).map(|at| (at * at % 251) as u8).collect();
        let mut whole = Vec::new();
        codecs::jpeg::JpegEncoder::new(&mut whole).write_image(&pixels, 64, 48, ExtendedColorType::Rgb8)?;
        assert!(has_end(&whole));
        for cut in 0..whole.len() {
            assert!(!has_end(&whole[..cut]), "{cut}");
        }
        // A thumbnail with an end of its own, in a segment of the picture.
        let mut thumb = whole[..2].to_vec();
        thumb.extend([&[0xff, 0xe1], (whole.len() as u16 + 2).to_be_bytes().as_slice(), &whole].concat());
        assert!(!has_end(&thumb));
        thumb.extend(&whole[2..]);
        assert!(has_end(&thumb));
        Ok(())
    }
}
