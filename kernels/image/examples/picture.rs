//! A photograph, from file to file: gray, edges, blur.
//!
//! `cargo run --release -p manylane-image --example picture [IN.png [OUT-FOLDER]]`
#![forbid(unsafe_code)]

use std::error::Error;
use std::path::PathBuf;

use image::{GrayImage, RgbImage};
use manylane::prelude::{Runtime, Target};
use manylane_image::{naive, ops};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let default = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/coffee.png"));
    let source = args.next().unwrap_or(default);
    let folder = args.next().unwrap_or_else(std::env::temp_dir);

    let photo = image::open(&source).map_err(|error| format!("{}: {error}", source.display()))?.to_rgb8();
    let (width, height) = photo.dimensions();
    let shape = (width as usize, height as usize);
    let pixels: Vec<[u8; 3]> = photo.pixels().map(|px| px.0).collect();

    let rt = Runtime::new()?;
    let picture = rt.picture(pixels.clone(), shape)?;
    let gray = ops::gray(&rt, &picture, Target::Auto)?;
    let edges = ops::sobel(&rt, &gray, Target::Auto)?;
    let blurred = ops::blur_rgb(&rt, &picture, 3.0, Target::Auto)?;

    // Against the plain loops: bytes that no rounding can move are the same; a blur may round a half either way.
    assert_eq!(*gray.read()?, naive::gray(&pixels));
    assert_eq!(*edges.read()?, naive::sobel(&gray.read()?, shape));
    let reference = naive::blur_rgb(&pixels, shape, 3.0);
    manylane_image::blur::blur_facts(3.0).tolerance.check(&blurred.read()?, &reference)?;

    let flat = blurred.read()?.as_flattened().to_vec();
    let save = |name: &str| folder.join(name);
    GrayImage::from_raw(width, height, gray.to_vec()?).ok_or("gray")?.save(save("gray.png"))?;
    GrayImage::from_raw(width, height, edges.to_vec()?).ok_or("edges")?.save(save("edges.png"))?;
    RgbImage::from_raw(width, height, flat).ok_or("blurred")?.save(save("blurred.png"))?;
    println!("{}: {width}x{height}", source.display());
    println!("gray.png, edges.png and blurred.png are in {}", folder.display());
    Ok(())
}
