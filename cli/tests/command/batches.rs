//! `manylane image` over folders and patterns, and its comparisons.

use std::fs;

use image::{GrayImage, Luma, Rgb, RgbImage};
use manylane_image::naive;

use crate::support::{Folder, coffee, fails, manylane, ran};

/// A picture that no other number has.
fn numbered(number: u32) -> RgbImage {
    RgbImage::from_fn(30 + number, 20, |x, y| Rgb([(x * 7 + number) as u8, (y * 11) as u8, (x * y) as u8]))
}

#[test]
fn a_folder_with_a_broken_picture() {
    let folder = Folder::new("batch");
    let (from, to) = (folder.at("in"), folder.at("out"));
    fs::create_dir(&from).expect("a folder");
    fs::create_dir(&to).expect("a folder");
    for number in 0..20 {
        numbered(number).save(from.join(format!("{number:02}.png"))).expect("written");
    }
    let whole = fs::read(coffee()).expect("the photograph");
    fs::write(from.join("07.png"), &whole[..whole.len() / 2]).expect("written");
    fs::write(from.join("notes.txt"), "no picture").expect("written");

    let ran_all = ran(manylane().arg("image").args([&from, &to]).args(["--op", "gray"]));
    fails(&ran_all, 1, &["07.png", "damaged"]);
    assert_eq!(fs::read_dir(&to).expect("the folder").count(), 19, "the rest, and nothing half-written");
    for number in (0..20).filter(|number| *number != 7) {
        let got = image::open(to.join(format!("{number:02}.png"))).expect("written");
        let pixels: Vec<[u8; 3]> = numbered(number).pixels().map(|pixel| pixel.0).collect();
        assert!(got.as_luma8().is_some_and(|got| got.as_raw() == &naive::gray(&pixels)), "{number}");
    }

    fs::write(from.join("03.png"), "no picture").expect("written");
    fs::write(from.join("05.png"), "").expect("written");
    let pattern = from.join("0[3-7].png");
    let ran_some = ran(manylane().arg("image").args([&pattern, &to]).args(["--op", "sobel"]));
    assert_eq!((ran_some.code, ran_some.out.as_str()), (1, ""));
    let lines: Vec<&str> = ran_some.err.lines().collect();
    assert_eq!(lines.len(), 4, "{ran_some:?}");
    for (line, part) in lines.iter().zip(["03.png", "05.png", "07.png", "3 of 5 pictures failed"]) {
        assert!(line.starts_with("manylane: ") && line.contains(part), "{ran_some:?}");
    }
    assert!(image::open(to.join("04.png")).expect("written").as_luma8().is_some());
}

#[test]
fn a_picture_of_another_size_fails_alone() {
    let folder = Folder::new("batch-shapes");
    for (name, width) in [("a.png", 4), ("b.png", 5), ("c.png", 4)] {
        GrayImage::from_pixel(width, 4, Luma([9])).save(folder.at(name)).expect("written");
    }
    let to = folder.at("out");
    fs::create_dir(&to).expect("a folder");
    let op = format!("over:{}", folder.at("a.png").display());
    let ran = ran(manylane().arg("image").arg(folder.at("*.png")).arg(&to).args(["--op", &op]));
    fails(&ran, 1, &["b.png", "4x4", "5x4"]);
    assert!(to.join("a.png").exists() && to.join("c.png").exists() && !to.join("b.png").exists());
}

#[test]
fn comparisons() {
    let folder = Folder::new("compare");
    let (to, difference) = (folder.at("out.png"), folder.at("difference.png"));
    let compared = |args: &[&str]| {
        let ran =
            ran(manylane().arg("image").arg(coffee()).arg(&to).arg("--compare").arg(&difference).args(args));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        assert_eq!(ran.out.lines().count(), 1, "{ran:?}");
        ran.out
    };
    let text = compared(&[]);
    assert!(text.contains("out.png: the same values, SSIM 1.00000"), "{text}");
    let black = image::open(&difference).expect("the difference").into_rgb8();
    assert!(black.dimensions() == (600, 400) && black.iter().all(|x| *x == 0));

    let text = compared(&["--op", "brightness:5"]);
    let (before, after) =
        (image::open(coffee()).expect("the photograph"), image::open(&to).expect("the result"));
    let (before, after) = (before.into_rgb8().into_raw(), after.into_rgb8().into_raw());
    let psnr = naive::quality::psnr(&before, &after, 255.0);
    assert!(text.contains(&format!("PSNR {psnr:.2} dB, SSIM 0.9")), "{text} {psnr}");
    let apart = image::open(&difference).expect("the difference").into_rgb8().into_raw();
    assert!(apart.iter().zip(before.iter().zip(&after)).all(|(d, (a, b))| *d == a.abs_diff(*b)));

    let text = compared(&["--op", "gray"]);
    assert!(text.contains("PSNR") && text.contains("SSIM 0."), "in colour against gray: {text}");
    let gray = folder.at("gray.png");
    fs::copy(&to, &gray).expect("copied");
    let text = compared(&["--op", "gray", "--against", &gray.to_string_lossy()]);
    assert!(text.contains("the same values"), "{text}");

    let small = ran(manylane()
        .arg("image")
        .arg(coffee())
        .arg(folder.at("small.png"))
        .args(["--op", "resize:50%"])
        .arg("--compare")
        .arg(&difference));
    fails(&small, 1, &["300x200", "600x400", "--against"]);
    assert!(!folder.at("small.png").exists());
    let itself = ran(manylane().arg("image").arg(coffee()).arg(&to).arg("--compare").arg(&to));
    fails(&itself, 2, &["out.png", "another place"]);
}

#[test]
fn what_a_format_loses_is_compared() {
    let folder = Folder::new("compare-many");
    let (from, to, differences) = (folder.at("in"), folder.at("out"), folder.at("differences"));
    for folder in [&from, &to, &differences] {
        fs::create_dir(folder).expect("a folder");
    }
    for name in ["b.jpg", "a.png", "c.jpg"] {
        image::open(coffee()).expect("the photograph").save(from.join(name)).expect("written");
    }
    let ran = ran(manylane().arg("image").args([&from, &to]).arg("--compare").arg(&differences));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    for (line, parts) in
        lines.iter().zip([["a.png", "the same values"], ["b.jpg", "PSNR"], ["c.jpg", "PSNR"]])
    {
        assert!(parts.iter().all(|part| line.contains(part)), "{}", ran.out);
    }
    assert_eq!(lines.len(), 3);
    assert_eq!(fs::read_dir(&differences).expect("the folder").count(), 3);
}
