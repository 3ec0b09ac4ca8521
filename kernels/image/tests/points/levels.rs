//! What is counted and summed: histograms and what follows from them, CLAHE, integral images.

use manylane::prelude::*;
use manylane_image::{clahe, integral, levels, naive};
use manylane_testkit::{
    Property, Random as Inputs, Setup, Tolerance, assert_close, assert_same, assert_share,
};

use crate::{SHAPES, bytes, floats, refused};

pub const ALL: &[Property] = &[
    ("equalised", equalised),
    ("otsu", otsu),
    ("clahe", in_tiles),
    ("integral", sums),
    ("wrong_levels", wrong),
];

/// A dark picture, a light one, one of few values, and one of a single value.
fn pictures(random: &mut Inputs, n: usize) -> [Vec<u8>; 4] {
    [
        random.many(n, |random| (random.below(180) * random.below(180) / 200) as u8),
        random.many(n, |random| 255 - (random.below(100) * random.below(100) / 60) as u8),
        random.many(n, |random| random.one_of(&[3, 40, 41, 200])),
        vec![77; n],
    ]
}

fn equalised(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("equalised"));
    for shape in SHAPES {
        for cells in pictures(&mut random, shape.0 * shape.1) {
            let picture = rt.picture(cells.clone(), shape).unwrap();
            assert_eq!(levels::histogram(rt, &picture, target).unwrap(), naive::levels::histogram(&cells));
            let found = levels::equalised(rt, &picture, target).unwrap();
            assert_eq!(found.domain(), shape.into());
            assert_same("equalised", &found.to_vec().unwrap(), &naive::levels::equalised(&cells));
        }
    }
}

fn otsu(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("otsu"));
    for shape in [(1, 1), (7, 1), (17, 31), (101, 67)] {
        for cells in pictures(&mut random, shape.0 * shape.1) {
            let picture = rt.picture(cells.clone(), shape).unwrap();
            let (found, limit) = levels::threshold_otsu(rt, &picture, 255, target).unwrap();
            let best =
                (0..=255).map(|limit| naive::levels::between_classes(&cells, limit)).fold(0.0, f64::max);
            let reached = naive::levels::between_classes(&cells, limit);
            assert!(
                reached >= best * (1.0 - 1e-12),
                "{shape:?}: {limit} parts by {reached} instead of {best}"
            );
            let want: Vec<_> = cells.iter().map(|x| if *x > limit { 255 } else { 0 }).collect();
            assert_same("otsu", &found.to_vec().unwrap(), &want);
        }
    }
}

fn in_tiles(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("clahe"));
    for shape in SHAPES.into_iter().chain([(64, 48)]) {
        let [dark, light, few, one] = pictures(&mut random, shape.0 * shape.1);
        for (cells, clip, tiles) in
            [(dark, 40.0, (8, 8)), (light, 2.0, (3, 5)), (few, 0.0, (8, 8)), (one, 1.5, (1, 2))]
        {
            let picture = rt.picture(cells.clone(), shape).unwrap();
            let found = clahe::clahe(rt, &picture, clip, tiles, target).unwrap().to_vec().unwrap();
            let want = naive::levels::clahe(&cells, shape, clip, tiles);
            let what = format!("{shape:?} in {tiles:?} tiles");
            assert_close(&what, &found, &want, Tolerance::Ulps(1));
            assert_share(&what, &found, &want, Tolerance::Exact, 0.005);
        }
    }
}

fn sums(setup: &Setup) {
    let (rt, target, mut random) = (setup.runtime(), setup.target, Inputs::new("integral"));
    for shape in SHAPES {
        let cells = bytes(&mut random, shape.0 * shape.1);
        let found = integral::integral(rt, &rt.picture(cells.clone(), shape).unwrap(), target).unwrap();
        assert_eq!(found.domain(), (shape.0 + 1, shape.1 + 1).into());
        let want: Vec<_> = naive::levels::integral(&cells, shape).into_iter().map(|sum| sum as u32).collect();
        assert_same("bytes", &found.to_vec().unwrap(), &want);
        let cells = floats(&mut random, shape.0 * shape.1);
        let found = integral::integral_f32(rt, &rt.picture(cells.clone(), shape).unwrap(), target).unwrap();
        let want: Vec<_> = naive::levels::integral(&cells, shape).into_iter().map(|sum| sum as f32).collect();
        assert_close(
            "floats",
            &found.to_vec().unwrap(),
            &want,
            Tolerance::Relative { share: 3e-6, floor: 1.0 },
        );
    }
}

fn wrong(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let cells = rt.picture(vec![0u8; 6], (3, 2)).unwrap();
    for clip in [-1.0, f32::NAN, f32::INFINITY] {
        let result = clahe::clahe(rt, &cells, clip, (8, 8), target);
        refused(result, ErrorKind::Setting, &["contrast", "1000000"]);
    }
    for tiles in [(0, 8), (8, 257)] {
        refused(clahe::clahe(rt, &cells, 2.0, tiles, target), ErrorKind::Setting, &["tiles", "256"]);
    }
    let line = rt.array(vec![0u8; 6]).unwrap();
    refused(clahe::clahe(rt, &line, 2.0, (8, 8), target), ErrorKind::ShapeMismatch, &["line of 6"]);
    refused(integral::integral(rt, &line, target), ErrorKind::ShapeMismatch, &["line of 6"]);
}
