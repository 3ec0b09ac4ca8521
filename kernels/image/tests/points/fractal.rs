//! The Mandelbrot set and Julia sets.

use manylane::prelude::*;
use manylane_elementwise::fractal as turns;
use manylane_image::fractal::{self, View};
use manylane_image::naive;
use manylane_testkit::{Property, Setup, Tolerance, assert_share};

use crate::refused;

pub const ALL: &[Property] = &[("mandelbrot", mandelbrot), ("julia", julia), ("wrong_view", wrong)];

const VIEW: View = View { shape: (101, 67), middle: (-0.5, 0.25), zoom: 2.0, limit: 60 };
/// Where the last bit decides after how many turns a point escapes.
const RIM: f64 = 0.01;

/// The first cell and the step of [`VIEW`].
fn grid() -> (f32, f32, f32) {
    let step = 3.5 / 2.0 / 101.0;
    ((-0.5 - step * 50.0) as f32, (0.25 - step * 33.0) as f32, step as f32)
}

fn coloured(turns: &[u32]) -> Vec<[u8; 3]> {
    let palette = fractal::palette(VIEW.limit);
    turns.iter().map(|n| palette[*n as usize]).collect()
}

fn mandelbrot(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let ((x0, y0, dx), (width, height)) = (grid(), VIEW.shape);
    let (re, im) = turns::View { width, height, x0, y0, dx, dy: dx, limit: VIEW.limit }.points();
    let found = fractal::mandelbrot(rt, VIEW, target).unwrap();
    assert_eq!(found.domain(), Domain::Grid { width, height });
    let expected = coloured(&turns::naive(&re, &im, VIEW.limit));
    assert!(expected.contains(&[0; 3]) && expected.iter().any(|colour| *colour != [0; 3]));
    assert_share("mandelbrot", &found.to_vec().unwrap(), &expected, Tolerance::Exact, RIM);
}

fn julia(setup: &Setup) {
    let (rt, target, c) = (setup.runtime(), setup.target, (-0.8, 0.156));
    let found = fractal::julia(rt, c, VIEW, target).unwrap().to_vec().unwrap();
    let expected = coloured(&naive::julia(VIEW.shape, grid(), c, VIEW.limit));
    assert_share("julia", &found, &expected, Tolerance::Exact, RIM);
}

fn wrong(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let made = |view: View| fractal::mandelbrot(rt, view, target);
    refused(made(View { shape: (0, 4), ..VIEW }), ErrorKind::Setting, &["0 columns", "from 1"]);
    refused(made(View { shape: (4, 1 << 21), ..VIEW }), ErrorKind::Setting, &["rows", "1048576"]);
    refused(made(View { limit: 0, ..VIEW }), ErrorKind::Setting, &["0 turns", "100000"]);
    refused(made(View { zoom: f32::NAN, ..VIEW }), ErrorKind::Setting, &["NaN", "10000"]);
    refused(made(View { middle: (0.0, 9.0), ..VIEW }), ErrorKind::Setting, &["9", "from -4 to 4"]);
    let far = fractal::julia(rt, (5.0, 0.0), VIEW, target);
    refused(far, ErrorKind::Setting, &["5", "from -4 to 4"]);
}
