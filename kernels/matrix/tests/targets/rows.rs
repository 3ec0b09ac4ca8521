//! Softmax, log-sum-exp and layer norm.

use manylane::prelude::*;
use manylane_matrix::{naive, rows};
use manylane_testkit::{Property, Random as Inputs, Setup};

use crate::{EPSILON, SHAPES, matrix, near};

pub const ALL: &[Property] = &[
    ("softmax", softmax),
    ("softmax_at_the_ends", at_the_ends),
    ("softmax_large", large),
    ("log_sum_exp", log_sum_exp),
    ("layer_norm", layer_norm),
    ("layer_norm_far_from_zero", far),
    ("wrong_rows", wrong),
];

fn softmax(setup: &Setup) {
    let mut random = Inputs::new("softmax");
    for shape in SHAPES {
        // So far apart that `exp` of them alone would overflow and vanish.
        let (a, values) = matrix(setup, &mut random, shape, (-200.0, 200.0));
        let found = rows::softmax(setup.runtime(), &a, setup.target).unwrap();
        assert_eq!(found.domain(), shape.into());
        // `x - m` is off by half a unit of up to 400, which `exp` makes a part of its result.
        let expected = naive::softmax(&values, shape.0);
        near("softmax", &found, &expected, |at| {
            (10.0 * shape.0 as f64 + 400.0) * EPSILON * expected[at] + 1e-37
        });
        let sums = setup.reduce(&found).rows().sum().unwrap().to_vec().unwrap();
        let most = 10.0 * shape.0 as f64 * EPSILON;
        assert!(shape.0 == 0 || sums.iter().all(|sum| (f64::from(*sum) - 1.0).abs() <= most), "{shape:?}");
    }
}

const ROWS: [[f32; 3]; 6] = [
    [f32::NEG_INFINITY, 0.0, 1.0],
    [f32::NEG_INFINITY; 3],
    [0.0, f32::INFINITY, 1.0],
    [f32::NAN, 0.0, 1.0],
    [3e38, 3e38, -3e38],
    [1.0, 2.0, f32::NAN],
];

fn at_the_ends(setup: &Setup) {
    let a = setup.runtime().picture(ROWS.concat(), (3, ROWS.len())).unwrap();
    let found = rows::softmax(setup.runtime(), &a, setup.target).unwrap().to_vec().unwrap();
    let rows: Vec<&[f32]> = found.chunks(3).collect();
    assert!(rows[0][0] == 0.0 && (rows[0][1] + rows[0][2] - 1.0).abs() < 1e-6, "{:?}", rows[0]);
    for nan in [1, 2, 3, 5] {
        assert!(rows[nan].iter().all(|x| x.is_nan()), "{nan}: {:?}", rows[nan]);
    }
    assert_eq!(rows[4], [0.5, 0.5, 0.0]);
    let sums = rows::log_sum_exp(setup.runtime(), &a, setup.target).unwrap().to_vec().unwrap();
    assert!((f64::from(sums[0]) - 1.313_261_687).abs() < 1e-6);
    assert_eq!((sums[1], sums[2]), (f32::NEG_INFINITY, f32::INFINITY));
    assert!(sums[3].is_nan() && sums[5].is_nan());
    assert_eq!(sums[4], 3e38);
}

/// Many blocks, so that all threads work, and the results are larger than what stays in caches.
fn large(setup: &Setup) {
    if setup.uses_gpu() || setup.name == "scalar" {
        return;
    }
    let (shape, mut random) = ((1_031, 8_200), Inputs::new("softmax_large"));
    let (a, values) = matrix(setup, &mut random, shape, (-4.0, 4.0));
    let found = rows::softmax(setup.runtime(), &a, setup.target).unwrap();
    let expected = naive::softmax(&values, shape.0);
    near("softmax", &found, &expected, |at| 1e-5 * expected[at]);
}

fn log_sum_exp(setup: &Setup) {
    let mut random = Inputs::new("log_sum_exp");
    for shape in SHAPES {
        let (a, values) = matrix(setup, &mut random, shape, (-100.0, 100.0));
        let found = rows::log_sum_exp(setup.runtime(), &a, setup.target).unwrap();
        let expected = naive::log_sum_exp(&values, shape);
        near("log_sum_exp", &found, &expected, |at| {
            (10.0 * shape.0 as f64) * EPSILON * expected[at].abs().max(1.0)
        });
    }
}

fn layer_norm(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("layer_norm"));
    for shape in SHAPES {
        let (a, values) = matrix(setup, &mut random, shape, (-5.0, 5.0));
        let gain = random.many(shape.0, |random| random.float(0.5, 2.0));
        let shift = random.many(shape.0, |random| random.float(-1.0, 1.0));
        let (held, moved) = (rt.array(gain.clone()).unwrap(), rt.array(shift.clone()).unwrap());
        let found = rows::layer_norm(rt, &a, (&held, &moved), 1e-5, setup.target).unwrap();
        let expected = naive::layer_norm(&values, shape.0, &gain, &shift, 1e-5);
        // A row of one element is 0 and its shift, by what its mean is off, a rounding at most, over the root of epsilon.
        let bound = (10.0 * shape.0 as f64 + 400.0 * 5.0) * EPSILON;
        near("layer_norm", &found, &expected, |_| bound);
    }
}

fn far(setup: &Setup) {
    let rt = setup.runtime();
    // The variance of 1 would vanish beside squares of 10,000.
    let values: Vec<f32> = (0..2_000).map(|k| 10_000.0 + (k % 2) as f32).collect();
    let a = rt.picture(values, (1_000, 2)).unwrap();
    let (gain, shift) = (rt.array(vec![1.0; 1_000]).unwrap(), rt.array(vec![0.0; 1_000]).unwrap());
    let found = rows::layer_norm(rt, &a, (&gain, &shift), 0.0, setup.target).unwrap().to_vec().unwrap();
    for (at, found) in found.iter().enumerate() {
        let expected = if at % 2 == 0 { -1.0 } else { 1.0 };
        assert!((found - expected).abs() < 0.01, "{found} at {at}");
    }
}

fn wrong(setup: &Setup) {
    let rt = setup.runtime();
    let line = rt.array(vec![0.0f32; 6]).unwrap();
    let a = rt.picture(vec![0.0f32; 6], (3, 2)).unwrap();
    let kind = |result: manylane::Result<Array<f32>>| result.unwrap_err().kind();
    assert_eq!(kind(rows::softmax(rt, &line, setup.target)), ErrorKind::ShapeMismatch);
    assert_eq!(kind(rows::log_sum_exp(rt, &line, setup.target)), ErrorKind::ShapeMismatch);
    let (three, two) = (rt.array(vec![1.0f32; 3]).unwrap(), rt.array(vec![1.0f32; 2]).unwrap());
    assert_eq!(kind(rows::layer_norm(rt, &a, (&three, &two), 0.0, setup.target)), ErrorKind::ShapeMismatch);
    for epsilon in [-1.0, f32::NAN, f32::INFINITY] {
        let found = rows::layer_norm(rt, &a, (&three, &three), epsilon, setup.target);
        assert_eq!(kind(found), ErrorKind::Setting);
    }
}
