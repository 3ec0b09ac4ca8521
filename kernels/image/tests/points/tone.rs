//! Tone, planes and blending.

use manylane::prelude::*;
use manylane_image::{Pixel, blend, naive, tone};
use manylane_testkit::{Property, Random as Inputs, Setup, Tolerance, assert_close, assert_same};

use crate::{SHAPES, bytes, close, each, floats, pixels, refused, rounded};

pub const ALL: &[Property] = &[
    ("adjusted", adjusted),
    ("raised", raised),
    ("srgb", srgb),
    ("gray", gray),
    ("threshold", threshold),
    ("planes", planes),
    ("over", over),
    ("wrong_tone", wrong),
];

/// Cells of a large picture.
const LARGE: usize = 10_000;

/// A property of pixels of one, three and four channels of `$channels`: `$body` for each, where `$pixels` are a plane's
/// values or its pixels, `$each` takes them through a function. The largest picture is a plane only: that is large enough.
macro_rules! of_each_kind {
    ($channels:expr, $shape:expr, |$pixels:ident, $each:ident| $body:block) => {{
        let (channels, n) = ($channels, $shape.0 * $shape.1);
        {
            let $pixels = channels[..n].to_vec();
            macro_rules! $each {
                ($one:expr, $alpha:expr) => {
                    $pixels.iter().map(|x| $one(*x)).collect::<Vec<_>>()
                };
            }
            $body
        }
        if n < LARGE {
            let $pixels = pixels::<_, 3>(&channels[..3 * n]);
            macro_rules! $each {
                ($one:expr, $alpha:expr) => {
                    each(&$pixels, $one, $alpha)
                };
            }
            $body
        }
        if n < LARGE {
            let $pixels = pixels::<_, 4>(&channels[..4 * n]);
            macro_rules! $each {
                ($one:expr, $alpha:expr) => {
                    each(&$pixels, $one, $alpha)
                };
            }
            $body
        }
    }};
}

fn adjusted(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("adjusted"));
    for shape in SHAPES {
        let n = 4 * shape.0 * shape.1;
        for (gain, shift) in [(1.0, 0.0), (1.3, -20.0), (-0.75, 200.25), (0.5, 0.0), (1000.0, -255_000.0)] {
            of_each_kind!(bytes(&mut random, n), shape, |pixels, each_channel| {
                let found = tone::adjusted(
                    rt,
                    &rt.picture(pixels.clone(), shape).unwrap(),
                    gain,
                    shift,
                    setup.target,
                );
                let want = each_channel!(|x| naive::tone::adjusted_u8(x, gain, shift), |alpha| alpha);
                assert_same("adjusted bytes", &found.unwrap().to_vec().unwrap(), &want);
            });
        }
        for (gain, shift) in [(1.0, 0.0), (1.37, -0.1), (-0.75, 0.8)] {
            of_each_kind!(floats(&mut random, n), shape, |pixels, each_channel| {
                let found = tone::adjusted(
                    rt,
                    &rt.picture(pixels.clone(), shape).unwrap(),
                    gain,
                    shift,
                    setup.target,
                );
                let want = each_channel!(|x| naive::tone::adjusted_f32(x, gain, shift), |alpha| alpha);
                close("adjusted floats", &found.unwrap().to_vec().unwrap(), &want);
            });
        }
    }
}

fn raised(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("raised"));
    for shape in SHAPES {
        let n = 4 * shape.0 * shape.1;
        for gamma in [0.4545, 2.2] {
            of_each_kind!(bytes(&mut random, n), shape, |pixels, each_channel| {
                let found =
                    tone::raised(rt, &rt.picture(pixels.clone(), shape).unwrap(), gamma, setup.target);
                let want = each_channel!(|x| naive::tone::raised_u8(x, gamma), |alpha| alpha);
                assert_same("raised bytes", &found.unwrap().to_vec().unwrap(), &want);
            });
            of_each_kind!(floats(&mut random, n), shape, |pixels, each_channel| {
                let found =
                    tone::raised(rt, &rt.picture(pixels.clone(), shape).unwrap(), gamma, setup.target);
                let want = each_channel!(|x| naive::tone::raised_f32(x, gamma), |alpha| alpha);
                close("raised floats", &found.unwrap().to_vec().unwrap(), &want);
            });
        }
    }
}

fn srgb(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("srgb"));
    for shape in SHAPES {
        let n = 4 * shape.0 * shape.1;
        of_each_kind!(bytes(&mut random, n), shape, |pixels, each_channel| {
            let light = tone::linear(rt, &rt.picture(pixels.clone(), shape).unwrap(), target).unwrap();
            let want = each_channel!(|x| naive::tone::linear(f64::from(x) / 255.0), |alpha| f32::from(alpha)
                / 255.0);
            close("light of bytes", &light.to_vec().unwrap(), &want);
            let back = tone::srgb_bytes(rt, &light, target).unwrap();
            assert_same("there and back", &back.to_vec().unwrap(), &pixels);
        });
        of_each_kind!(floats(&mut random, n), shape, |pixels, each_channel| {
            let picture = rt.picture(pixels.clone(), shape).unwrap();
            let light = tone::linear(rt, &picture, target).unwrap().to_vec().unwrap();
            close("light", &light, &each_channel!(|x: f32| naive::tone::linear(x.into()), |alpha| alpha));
            let back = tone::srgb(rt, &picture, target).unwrap().to_vec().unwrap();
            close("srgb", &back, &each_channel!(|x: f32| naive::tone::srgb(x.into()) as f32, |alpha| alpha));
            let byte = |x: f64| (x * 255.0).round() as u8;
            let back = tone::srgb_bytes(rt, &picture, target).unwrap().to_vec().unwrap();
            let want =
                each_channel!(|x: f32| byte(naive::tone::srgb(x.into())), |alpha: f32| byte(alpha.into()));
            rounded("bytes of light", &back, &want);
        });
    }
}

fn gray(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("gray"));
    for shape in SHAPES {
        let rgba = pixels::<_, 4>(&bytes(&mut random, 4 * shape.0 * shape.1));
        let rgb: Vec<_> = rgba.iter().map(|[r, g, b, _]| [*r, *g, *b]).collect();
        let found = tone::gray(rt, &rt.picture(rgba, shape).unwrap(), target).unwrap();
        assert_eq!(found.domain(), shape.into());
        assert_same("gray of RGBA", &found.to_vec().unwrap(), &naive::gray(&rgb));
        let again = tone::gray(rt, &found, target).unwrap();
        assert_same("gray of gray", &again.to_vec().unwrap(), &naive::gray(&rgb));
        let rgba = pixels::<_, 4>(&floats(&mut random, 4 * shape.0 * shape.1));
        let rgb: Vec<_> = rgba.iter().map(|[r, g, b, _]| [*r, *g, *b]).collect();
        let luma = |[r, g, b]: &[f32; 3]| {
            (0.299 * f64::from(*r) + 0.587 * f64::from(*g) + 0.114 * f64::from(*b)) as f32
        };
        let want: Vec<_> = rgb.iter().map(luma).collect();
        for found in [
            tone::gray(rt, &rt.picture(rgba, shape).unwrap(), target),
            tone::gray(rt, &rt.picture(rgb, shape).unwrap(), target),
        ] {
            close("gray of floats", &found.unwrap().to_vec().unwrap(), &want);
        }
    }
}

fn threshold(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("threshold"));
    for shape in SHAPES {
        let cells = bytes(&mut random, shape.0 * shape.1);
        let picture = rt.picture(cells.clone(), shape).unwrap();
        for (limit, high) in [(0, 255), (127, 1), (255, 200)] {
            let found = tone::threshold(rt, &picture, limit, high, setup.target).unwrap();
            let want: Vec<_> = cells.iter().map(|x| if *x > limit { high } else { 0 }).collect();
            assert_same("bytes", &found.to_vec().unwrap(), &want);
        }
        let mut cells = floats(&mut random, shape.0 * shape.1);
        cells[0] = f32::NAN;
        let picture = rt.picture(cells.clone(), shape).unwrap();
        let found = tone::threshold_f32(rt, &picture, 0.5, 1.0, setup.target).unwrap();
        let want: Vec<_> = cells.iter().map(|x| if *x > 0.5 { 1.0 } else { 0.0 }).collect();
        assert_same("floats", &found.to_vec().unwrap(), &want);
    }
}

/// Planes come apart and together; alpha may stay.
fn planes(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("planes"));
    for shape in SHAPES {
        let n = 4 * shape.0 * shape.1;
        of_each_kind!(bytes(&mut random, n), shape, |pixels, each_channel| {
            let picture = rt.picture(pixels.clone(), shape).unwrap();
            let op = |plane: &Array<u8>| tone::threshold(rt, plane, 99, 7, target);
            let one = |x| if x > 99 { 7 } else { 0 };
            let found = Pixel::each(rt, &picture, target, op).unwrap();
            assert_same("all planes", &found.to_vec().unwrap(), &each_channel!(one, one));
            let found = Pixel::each_colour(rt, &picture, target, op).unwrap();
            assert_same("all colours", &found.to_vec().unwrap(), &each_channel!(one, |alpha| alpha));
            assert_eq!(found.domain(), shape.into());
        });
        of_each_kind!(floats(&mut random, n), shape, |pixels, each_channel| {
            let picture = rt.picture(pixels.clone(), shape).unwrap();
            let op = |plane: &Array<f32>| tone::threshold_f32(rt, plane, 0.3, 0.5, target);
            let one = |x| if x > 0.3 { 0.5 } else { 0.0 };
            let found = Pixel::each(rt, &picture, target, op).unwrap();
            assert_same("all planes", &found.to_vec().unwrap(), &each_channel!(one, one));
            let found = Pixel::each_colour(rt, &picture, target, op).unwrap();
            assert_same("all colours", &found.to_vec().unwrap(), &each_channel!(one, |alpha| alpha));
        });
    }
}

fn over(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("over"));
    let pair = |top: [f64; 4], below: [f64; 4]| -> [f64; 4] {
        let [r, g, b] = [0, 1, 2].map(|c| naive::tone::over([top[c], top[3]], [below[c], below[3]]));
        [r[0], g[0], b[0], r[1]]
    };
    for shape in SHAPES {
        let n = 4 * shape.0 * shape.1;
        let picture = |px: &[[u8; 4]]| rt.picture(px.to_vec(), shape).unwrap();
        let (top, below) = (pixels::<_, 4>(&bytes(&mut random, n)), pixels::<_, 4>(&bytes(&mut random, n)));
        let unit = |px: &[u8; 4]| px.map(|x| f64::from(x) / 255.0);
        let byte = |x: f64| (255.0 * x).round() as u8;
        let want: Vec<_> = top.iter().zip(&below).map(|(a, b)| pair(unit(a), unit(b)).map(byte)).collect();
        let found = blend::over(rt, &picture(&top), &picture(&below), target).unwrap();
        rounded("RGBA over RGBA", &found.to_vec().unwrap(), &want);
        let opaque: Vec<_> = below.iter().map(|[r, g, b, _]| [*r, *g, *b]).collect();
        let full = |px: &[u8; 4]| unit(&[px[0], px[1], px[2], 255]);
        let want = top.iter().zip(&below).map(|(a, b)| pair(unit(a), full(b)).map(byte));
        let want: Vec<_> = want.map(|[r, g, b, _]| [r, g, b]).collect();
        let found = blend::over(rt, &picture(&top), &rt.picture(opaque, shape).unwrap(), target).unwrap();
        assert_same("RGBA over RGB", &found.to_vec().unwrap(), &want);

        let picture = |px: &[[f32; 4]]| rt.picture(px.to_vec(), shape).unwrap();
        let (top, below) = (pixels::<_, 4>(&floats(&mut random, n)), pixels::<_, 4>(&floats(&mut random, n)));
        let unit = |px: &[f32; 4]| px.map(f64::from);
        let pairs = top.iter().zip(&below);
        let want: Vec<_> = pairs.map(|(a, b)| pair(unit(a), unit(b)).map(|x| x as f32)).collect();
        let found = blend::over(rt, &picture(&top), &picture(&below), target).unwrap();
        assert_close(
            "floats",
            &found.to_vec().unwrap(),
            &want,
            Tolerance::Relative { share: 2e-6, floor: 1.0 },
        );
        let opaque: Vec<_> = below.iter().map(|[r, g, b, _]| [*r, *g, *b]).collect();
        let full = |px: &[f32; 4]| unit(&[px[0], px[1], px[2], 1.0]);
        let want = top.iter().zip(&below).map(|(a, b)| pair(unit(a), full(b)).map(|x| x as f32));
        let want: Vec<_> = want.map(|[r, g, b, _]| [r, g, b]).collect();
        let found = blend::over(rt, &picture(&top), &rt.picture(opaque, shape).unwrap(), target).unwrap();
        close("floats without alpha", &found.to_vec().unwrap(), &want);
    }
}

fn wrong(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let cells = rt.picture(vec![0u8; 4], (2, 2)).unwrap();
    for gain in [f32::NAN, f32::INFINITY, 1001.0] {
        refused(tone::adjusted(rt, &cells, gain, 0.0, target), ErrorKind::Setting, &["gain", "1000"]);
    }
    refused(tone::adjusted(rt, &cells, 1.0, 1e9, target), ErrorKind::Setting, &["shift", "255000"]);
    for gamma in [0.0, -1.0, f32::NAN, 101.0] {
        refused(tone::raised(rt, &cells, gamma, target), ErrorKind::Setting, &["gamma", "0.01", "100"]);
    }
    let floats = rt.picture(vec![0.0f32; 4], (2, 2)).unwrap();
    let limit = f32::NAN;
    refused(tone::threshold_f32(rt, &floats, limit, 1.0, target), ErrorKind::Setting, &["threshold", "NaN"]);
    let top = rt.picture(vec![[0u8; 4]; 6], (3, 2)).unwrap();
    let below = rt.picture(vec![[0u8; 3]; 6], (2, 3)).unwrap();
    refused(blend::over(rt, &top, &below, target), ErrorKind::ShapeMismatch, &["3x2", "2x3"]);
}
