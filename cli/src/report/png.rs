//! A scene as PNG: light, and twice as large as its SVG.
//!
//! Its letters are those of Noto Sans Mono, which the crate `noto-sans-mono-bitmap` brings as pictures of the size that is
//! needed: a font file, and what reads and shapes one, would be many times as large. They are those of Latin-1; any other is
//! shown as a frame.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use tiny_skia::{
    Color, FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Shader, StrokeDash, Transform,
};

use crate::Outcome;
use crate::failure::Failure;
use crate::report::scene::{Align, DASH, Ink, Mark, Scene, Stroke, WIDTH, outline};

/// Pixels for each unit.
pub const SCALE: f64 = 2.0;

const HEIGHT: RasterHeight = RasterHeight::Size32;

/// The plot as a PNG file.
///
/// # Errors
/// A plot that is too large for a picture.
pub fn file(scene: &Scene) -> Outcome<Vec<u8>> {
    let (width, height) = size(scene);
    let wrong = |why: &str| {
        Failure::new(format!(
            "the plot `{}` has {width} x {height} pixels and {why}; bench fewer kernels at once",
            scene.name
        ))
    };
    let mut canvas = Pixmap::new(width, height).ok_or_else(|| wrong("no picture is so large"))?;
    canvas.fill(Color::WHITE);
    for mark in &scene.marks {
        draw(&mut canvas, mark);
    }
    // Everything is opaque, so the colours are as they were multiplied.
    let pixels = canvas.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let picture =
        RgbImage::from_raw(width, height, pixels).ok_or_else(|| wrong("not that many were drawn"))?;
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|error| wrong(&format!("cannot be encoded: {error}")))?;
    Ok(bytes.into_inner())
}

/// Its width and height in pixels.
pub fn size(scene: &Scene) -> (u32, u32) {
    ((WIDTH * SCALE).ceil() as u32, (scene.height * SCALE).ceil() as u32)
}

fn draw(canvas: &mut Pixmap, mark: &Mark) {
    let scaled = |value: f64| (value * SCALE) as f32;
    match mark {
        Mark::Line { points, ink, stroke } => {
            let Some(path) = path(points, false) else { return };
            let dash = match stroke {
                Stroke::Dashed => StrokeDash::new(DASH.map(scaled).to_vec(), 0.0),
                Stroke::Hair | Stroke::Solid => None,
            };
            let stroke = tiny_skia::Stroke {
                width: scaled(stroke.width()),
                line_join: LineJoin::Round,
                dash,
                ..tiny_skia::Stroke::default()
            };
            canvas.stroke_path(&path, &paint(*ink, 1.0), &stroke, Transform::identity(), None);
        }
        Mark::Bar { at, size, ink, cover, .. } => {
            let bar = Rect::from_xywh(scaled(at.0), scaled(at.1), scaled(size.0), scaled(size.1));
            if let Some(bar) = bar {
                canvas.fill_rect(bar, &paint(*ink, *cover), Transform::identity(), None);
            }
        }
        Mark::Dot { at, radius, series, .. } => {
            let path = match outline(*series, *at, *radius) {
                None => PathBuilder::from_circle(scaled(at.0), scaled(at.1), scaled(*radius)),
                Some(corners) => path(&corners, true),
            };
            if let Some(path) = path {
                let paint = paint(Ink::Series(*series), 1.0);
                canvas.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
            }
        }
        Mark::Text { at, text, align, ink, bold } => {
            let weight = if *bold { FontWeight::Bold } else { FontWeight::Regular };
            let width = (text.chars().count() * get_raster_width(weight, HEIGHT)) as f64;
            let left = at.0 * SCALE
                - match align {
                    Align::Start => 0.0,
                    Align::Middle => width / 2.0,
                    Align::End => width,
                };
            write(canvas, (left, at.1 * SCALE), text, weight, *ink);
        }
    }
}

fn path(points: &[(f64, f64)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (number, (x, y)) in points.iter().enumerate() {
        let (x, y) = ((x * SCALE) as f32, (y * SCALE) as f32);
        if number == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if closed {
        path.close();
    }
    path.finish()
}

fn paint(ink: Ink, cover: f64) -> Paint<'static> {
    let [red, green, blue] = rgb(ink);
    let alpha = (cover.clamp(0.0, 1.0) * 255.0).round() as u8;
    let colour = Color::from_rgba8(red, green, blue, alpha);
    Paint { shader: Shader::SolidColor(colour), anti_alias: true, ..Paint::default() }
}

fn rgb(ink: Ink) -> [u8; 3] {
    let number = u32::from_str_radix(&ink.light()[1..], 16).expect("the table of colours holds #rrggbb");
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

/// Letters from `left` on, around the height `middle`, both in pixels.
fn write(canvas: &mut Pixmap, (left, middle): (f64, f64), text: &str, weight: FontWeight, ink: Ink) {
    let colour = rgb(ink);
    let (width, height) = (canvas.width() as i64, canvas.height() as i64);
    let mut left = left.round() as i64;
    for letter in text.chars() {
        let raster = get_raster(letter, weight, HEIGHT)
            .or_else(|| get_raster(char::REPLACEMENT_CHARACTER, weight, HEIGHT));
        let Some(raster) = raster else { continue };
        let top = middle.round() as i64 - raster.height() as i64 / 2;
        for (row, pixels) in raster.rows().enumerate() {
            for (column, cover) in pixels.iter().enumerate() {
                let (x, y) = (left + column as i64, top + row as i64);
                if *cover == 0 || !(0..width).contains(&x) || !(0..height).contains(&y) {
                    continue;
                }
                let at = 4 * (y * width + x) as usize;
                let pixel = &mut canvas.data_mut()[at..at + 3];
                for (under, over) in pixel.iter_mut().zip(colour) {
                    let (below, above, cover) = (u32::from(*under), u32::from(over), u32::from(*cover));
                    *under = ((below * (255 - cover) + above * cover + 127) / 255) as u8;
                }
            }
        }
        left += raster.width() as i64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::scene::{LETTER, TITLE_LETTER};

    #[test]
    fn letters_are_as_wide_as_plots_leave_room_for() {
        for (weight, letter) in [(FontWeight::Regular, LETTER), (FontWeight::Bold, TITLE_LETTER)] {
            assert!(get_raster_width(weight, HEIGHT) as f64 <= letter * SCALE);
        }
        for letter in ['a', 'µ', '%', char::REPLACEMENT_CHARACTER] {
            assert!(get_raster(letter, FontWeight::Regular, HEIGHT).is_some(), "{letter}");
        }
    }

    #[test]
    fn marks_are_where_they_should_be() {
        let mut scene = Scene::new("x", "", "", 100.0);
        scene.bar((10.0, 40.0), (100.0, 20.0), Ink::Series(1), 1.0, None);
        scene.line(vec![(200.0, 50.0), (300.0, 50.0)], Ink::Text, Stroke::Solid);
        scene.dot((330.0, 50.0), 0, None);
        scene.text((10.0, 80.0), "€µ", Align::Start, Ink::Text);
        let picture = image::load_from_memory(&file(&scene).expect("a picture")).expect("a PNG").to_rgb8();
        assert_eq!((picture.width(), picture.height()), (720, 200));
        let at = |x: f64, y: f64| picture.get_pixel((x * SCALE) as u32, (y * SCALE) as u32).0;
        assert_eq!(at(60.0, 50.0), rgb(Ink::Series(1)));
        assert_eq!(at(250.0, 50.0), rgb(Ink::Text));
        assert_eq!(at(330.0, 50.0), rgb(Ink::Series(0)));
        assert_eq!(at(60.0, 30.0), [255; 3]);
        let dark = |left: u32| {
            (left..left + 14)
                .any(|x| (144..176).any(|y| picture.get_pixel(x, y).0.iter().all(|part| *part < 80)))
        };
        assert!(dark(20) && dark(34) && !dark(60), "two letters, one of which the font lacks");
    }
}
