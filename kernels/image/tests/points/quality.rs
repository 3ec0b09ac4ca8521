//! PSNR and SSIM.

use manylane::prelude::*;
use manylane_image::{naive, quality};
use manylane_testkit::{Property, Random as Inputs, Setup};

use crate::{SHAPES, bytes, floats, pixels, refused};

pub const ALL: &[Property] = &[("psnr", noise), ("ssim", alike), ("apart", apart), ("wrong_quality", wrong)];

/// Off by so much at most, or infinite where that is expected.
#[track_caller]
fn about(found: f64, expected: f64, off: f64) {
    assert!(found == expected || (found - expected).abs() <= off, "{found} instead of {expected}");
}

fn noise(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("psnr"));
    for shape in SHAPES {
        let n = shape.0 * shape.1;
        let (a, b) = (bytes(&mut random, 4 * n), bytes(&mut random, 4 * n));
        let plane = |cells: &[u8]| rt.picture(cells[..n].to_vec(), shape).unwrap();
        let found = quality::psnr(rt, &plane(&a), &plane(&b), target).unwrap();
        about(found, naive::quality::psnr(&a[..n], &b[..n], 255.0), 1e-5);
        about(quality::psnr(rt, &plane(&a), &plane(&a), target).unwrap(), f64::INFINITY, 0.0);
        let rgb = |cells: &[u8]| rt.picture(pixels::<_, 3>(&cells[..3 * n]), shape).unwrap();
        let found = quality::psnr(rt, &rgb(&a), &rgb(&b), target).unwrap();
        about(found, naive::quality::psnr(&a[..3 * n], &b[..3 * n], 255.0), 1e-5);
        let rgba = |cells: &[u8]| rt.picture(pixels::<_, 4>(cells), shape).unwrap();
        let found = quality::psnr(rt, &rgba(&a), &rgba(&b), target).unwrap();
        about(found, naive::quality::psnr(&a, &b, 255.0), 1e-5);

        let (a, b) = (floats(&mut random, 4 * n), floats(&mut random, 4 * n));
        let plane = |cells: &[f32]| rt.picture(cells[..n].to_vec(), shape).unwrap();
        let found = quality::psnr(rt, &plane(&a), &plane(&b), target).unwrap();
        about(found, naive::quality::psnr(&a[..n], &b[..n], 1.0), 1e-5);
        let rgb = |cells: &[f32]| rt.picture(pixels::<_, 3>(&cells[..3 * n]), shape).unwrap();
        let found = quality::psnr(rt, &rgb(&a), &rgb(&b), target).unwrap();
        about(found, naive::quality::psnr(&a[..3 * n], &b[..3 * n], 1.0), 1e-5);
        let rgba = |cells: &[f32]| rt.picture(pixels::<_, 4>(cells), shape).unwrap();
        let found = quality::psnr(rt, &rgba(&a), &rgba(&b), target).unwrap();
        about(found, naive::quality::psnr(&a, &b, 1.0), 1e-5);
    }
}

fn alike(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("ssim"));
    for shape in [(11, 11), (17, 31), (101, 67)] {
        // A slope with noise, and the same with other noise.
        let slope = |random: &mut Inputs| -> Vec<u8> {
            (0..shape.0 * shape.1).map(|i| (i % shape.0 * 2 + random.below(30)) as u8).collect()
        };
        let (a, b) = (slope(&mut random), slope(&mut random));
        let picture = |cells: &[u8]| rt.picture(cells.to_vec(), shape).unwrap();
        let found = quality::ssim(rt, &picture(&a), &picture(&b), target).unwrap();
        about(found, naive::quality::ssim(&a, &b, shape, 255.0), 1e-5);
        about(quality::ssim(rt, &picture(&a), &picture(&a), target).unwrap(), 1.0, 0.0);
        let flat = vec![255; a.len()];
        let found = quality::ssim(rt, &picture(&a), &picture(&flat), target).unwrap();
        about(found, naive::quality::ssim(&a, &flat, shape, 255.0), 1e-5);

        let [a, b] = [a, b].map(|cells| cells.iter().map(|x| f32::from(*x) / 255.0).collect::<Vec<_>>());
        let picture = |cells: &[f32]| rt.picture(cells.to_vec(), shape).unwrap();
        let found = quality::ssim(rt, &picture(&a), &picture(&b), target).unwrap();
        about(found, naive::quality::ssim(&a, &b, shape, 1.0), 1e-5);
    }
}

fn apart(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("apart"));
    for shape in SHAPES {
        let n = shape.0 * shape.1;
        let (a, b) = (bytes(&mut random, n), bytes(&mut random, n));
        let plane = |cells: &[u8]| rt.picture(cells.to_vec(), shape).unwrap();
        let expected: Vec<u8> = a.iter().zip(&b).map(|(a, b)| a.abs_diff(*b)).collect();
        assert_eq!(quality::apart(rt, &plane(&a), &plane(&b), target).unwrap().to_vec().unwrap(), expected);
    }
}

fn wrong(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let small = rt.picture(vec![0u8; 120], (12, 10)).unwrap();
    refused(quality::ssim(rt, &small, &small, target), ErrorKind::ShapeMismatch, &["12x10", "11x11"]);
    let other = rt.picture(vec![0u8; 120], (10, 12)).unwrap();
    refused(quality::psnr(rt, &small, &other, target), ErrorKind::ShapeMismatch, &["12x10", "10x12"]);
    let none = rt.picture(Vec::<u8>::new(), (0, 3)).unwrap();
    refused(quality::psnr(rt, &none, &none, target), ErrorKind::ShapeMismatch, &["cells"]);
}
