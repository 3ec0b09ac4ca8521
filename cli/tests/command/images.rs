//! `manylane image`.

use std::fs;
use std::path::Path;

use image::{DynamicImage, GrayImage, Rgb, RgbImage, Rgba, RgbaImage};
use manylane_image::naive;

use crate::support::{Folder, coffee, fails, has_gpu, manylane, ran, run, well};

/// Runs one operation; the picture that it wrote.
fn made(from: &Path, to: &Path, args: &[&str]) -> DynamicImage {
    let ran = ran(manylane().arg("image").arg(from).arg(to).args(args));
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    image::open(to).expect("the picture that was written")
}

fn photograph() -> (Vec<[u8; 3]>, (usize, usize)) {
    let picture = image::open(coffee()).expect("the photograph").into_rgb8();
    let shape = (picture.width() as usize, picture.height() as usize);
    (picture.pixels().map(|pixel| pixel.0).collect(), shape)
}

#[test]
fn the_operations_are_listed() {
    let text = well(["image", "--list"]);
    for name in ["gray", "sobel", "blur"] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn gray_sobel_and_blur_of_the_photograph() {
    let folder = Folder::new("photograph");
    let (pixels, shape) = photograph();
    let gray = naive::gray(&pixels);
    for target in ["scalar", "simd", "threads", "auto"] {
        let got = made(&coffee(), &folder.at("gray.png"), &["--op", "gray", "--target", target]);
        assert!(got.as_luma8().is_some_and(|got| got.as_raw() == &gray), "gray on {target}");
        let got = made(&coffee(), &folder.at("edges.png"), &["--op", "sobel", "--target", target]);
        assert_eq!((got.width() as usize, got.height() as usize), shape);
        assert!(
            got.as_luma8().is_some_and(|got| got.as_raw() == &naive::sobel(&gray, shape)),
            "sobel on {target}"
        );
    }
    let got = made(&coffee(), &folder.at("blur.png"), &["--op", "blur:3", "--target", "simd"]).into_rgb8();
    let want = naive::blur_rgb(&pixels, shape, 3.0);
    let far = got.pixels().zip(&want).filter(|(got, want)| got.0 != **want).count();
    assert!(far <= want.len() / 300, "{far} pixels differ");
    let chain =
        made(&coffee(), &folder.at("chain.bmp"), &["--op", "gray", "--op", "blur:1", "--op", "sobel"]);
    let want = naive::sobel(&naive::blur(&gray, shape, 1.0), shape);
    let far =
        chain.into_luma8().as_raw().iter().zip(&want).filter(|(got, want)| got.abs_diff(**want) > 8).count();
    assert_eq!(far, 0, "in the order given");
}

#[test]
fn sobel_gpu_is_sobel_simd() {
    if !has_gpu("sobel_gpu_is_sobel_simd") {
        return;
    }
    let folder = Folder::new("sobel-gpu");
    let gpu = made(&coffee(), &folder.at("gpu.png"), &["--op", "sobel", "--target", "gpu"]).into_luma8();
    let simd = made(&coffee(), &folder.at("simd.png"), &["--op", "sobel", "--target", "simd"]).into_luma8();
    let differ = gpu.iter().zip(simd.iter()).filter(|(a, b)| a != b).count();
    assert!(gpu.iter().zip(simd.iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
    assert!(differ * 1000 <= simd.len(), "{differ} pixels differ");
}

#[test]
fn small_and_odd_pictures_keep_their_size() {
    let folder = Folder::new("odd");
    for (width, height) in [(1, 1), (1, 7), (7, 1), (33, 5), (257, 3)] {
        let from = folder.at("odd.png");
        let picture =
            RgbImage::from_fn(width, height, |x, y| Rgb([(x * 7) as u8, (y * 11) as u8, (x * y) as u8]));
        picture.save(&from).expect("written");
        for op in ["gray", "sobel", "blur:2"] {
            let got = made(&from, &folder.at("out.png"), &["--op", op, "--target", "threads"]);
            assert_eq!((got.width(), got.height()), (width, height), "{op}");
        }
    }
}

#[test]
fn every_format_keeps_what_it_can() {
    let folder = Folder::new("kinds");
    let gray = GrayImage::from_fn(20, 10, |x, y| image::Luma([(x * y) as u8]));
    let colour = RgbImage::from_fn(20, 10, |x, y| Rgb([x as u8, 10 * y as u8, 9]));
    let clear = RgbaImage::from_fn(20, 10, |x, y| Rgba([x as u8, 10 * y as u8, 9, 100 + y as u8]));
    for (name, picture) in [
        ("gray", DynamicImage::from(gray)),
        ("colour", DynamicImage::from(colour)),
        ("clear", DynamicImage::from(clear)),
    ] {
        let from = folder.at("in.png");
        picture.save(&from).expect("written");
        for end in ["png", "bmp", "tif", "tiff", "webp"] {
            // Through a file of the format and back: what is read is tested too.
            let through = folder.at(&format!("through.{end}"));
            made(&from, &through, &["--op", "flip"]);
            let got = made(&through, &folder.at("out.png"), &["--op", "flip"]);
            let same = match name {
                // WebP has no gray, and BMP has it as a palette.
                "gray" if end == "webp" || end == "bmp" => {
                    got.as_rgb8().is_some() && got.to_luma8() == picture.to_luma8()
                }
                _ => got == picture,
            };
            assert!(same, "{name} as {end}");
        }
        let lossy = folder.at("through.jpg");
        let ran = ran(manylane().arg("image").arg(&from).arg(&lossy).args(["--op", "blur"]));
        assert_eq!(ran.code, 0, "{ran:?}");
        let said = usize::from(name == "clear");
        assert_eq!(
            (ran.err.matches("transparency").count(), ran.err.lines().count()),
            (said, said),
            "{ran:?}"
        );
        let got = image::open(&lossy).expect("written");
        assert_eq!(got.color().has_color(), name != "gray");
    }
    let opaque = folder.at("opaque.png");
    RgbaImage::from_pixel(9, 9, Rgba([1, 2, 3, 255])).save(&opaque).expect("written");
    let ran = ran(manylane().arg("image").arg(&opaque).arg(folder.at("out.jpg")).args(["--op", "blur"]));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "nothing shines through");
}

#[test]
fn a_name_that_ends_wrongly() {
    let folder = Folder::new("wrong-end");
    let (from, to) = (folder.at("photo.jpg"), folder.at("out.PNG"));
    fs::copy(coffee(), &from).expect("copied");
    assert_eq!(made(&from, &to, &["--op", "gray"]).width(), 600, "what is in it counts");
    let big = folder.at("big.png");
    image::ImageBuffer::<image::Luma<u16>, _>::from_pixel(4, 4, image::Luma([0xabcd]))
        .save(&big)
        .expect("written");
    let ran = ran(manylane().arg("image").arg(&big).arg(&to).args(["--op", "flip"]));
    assert!(ran.code == 0 && ran.err.contains("16 bits") && ran.err.lines().count() == 1, "{ran:?}");
}

#[test]
fn many_pictures_into_a_folder() {
    let folder = Folder::new("many");
    let (a, b) = (folder.at("a.png"), folder.at("b.jpg"));
    RgbImage::from_pixel(30, 20, Rgb([200, 100, 50])).save(&a).expect("written");
    RgbImage::from_pixel(10, 40, Rgb([20, 100, 250])).save(&b).expect("written");
    let out = folder.at("out");
    fs::create_dir(&out).expect("a folder");
    let ran_all = ran(manylane().arg("image").args([&a, &b, &out]).args(["--op", "sobel"]));
    assert_eq!(ran_all.code, 0, "{ran_all:?}");
    assert_eq!(image::image_dimensions(out.join("a.png")).ok(), Some((30, 20)));
    assert_eq!(image::image_dimensions(out.join("b.jpg")).ok(), Some((10, 40)));
    assert_eq!(fs::read_dir(&out).expect("the folder").count(), 2);

    let before = fs::read(&a).expect("a picture");
    fails(
        &ran(manylane().arg("image").args([&a, &b]).arg(folder.path()).args(["--op", "gray"])),
        2,
        &["another folder"],
    );
    fails(
        &ran(manylane().arg("image").args([&a, &b]).arg(folder.at("c.png")).args(["--op", "gray"])),
        2,
        &["no folder"],
    );
    fails(
        &ran(manylane().arg("image").args([&a, &a, &out]).args(["--op", "gray"])),
        2,
        &["names that differ"],
    );
    assert_eq!(fs::read(&a).expect("a picture"), before);

    // One that cannot be read does not keep the others from being made.
    fs::remove_file(out.join("a.png")).expect("removed");
    let absent = folder.at("absent.png");
    let ran_some = ran(manylane().arg("image").args([&absent, &a, &out]).args(["--op", "gray"]));
    fails(&ran_some, 1, &["absent.png"]);
    assert!(out.join("a.png").exists() && !out.join("absent.png").exists());
}

#[test]
fn a_picture_may_replace_another() {
    let folder = Folder::new("replace");
    let place = folder.at("x.png");
    fs::copy(coffee(), &place).expect("copied");
    assert!(made(&place, &place, &["--op", "gray", "--target", "simd"]).as_luma8().is_some());
    assert_eq!(folder.names(), ["x.png"]);
    let ran = run(["image", "--list", "--op", "gray"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}
