//! Transposing, outer product, broadcast, covariance, norms.

use manylane::api::Numeric;
use manylane::prelude::*;
use manylane_matrix::{dense, naive, norms};
use manylane_testkit::{Property, Random as Inputs, Setup};

use crate::{EPSILON, SHAPES, matrix, near};

pub const ALL: &[Property] = &[
    ("transpose_f32", transposed::<f32>),
    ("transpose_u32", transposed::<u32>),
    ("transpose_f64", transposed::<f64>),
    ("transpose_past_caches", past_caches),
    ("transpose_of_views", of_views),
    ("transpose_fused", fused),
    ("transpose_of_a_line", of_a_line),
    ("outer", outer),
    ("broadcast", broadcast),
    ("covariance", covariance),
    ("norms", norms_of),
    ("norms_at_the_ends", at_the_ends),
];

fn places<T: Numeric>((width, height): (usize, usize)) -> Vec<T> {
    (0..width * height).map(|at| T::from_f64((at % 16_777_213) as f64)).collect()
}

fn transposed<T: Numeric + PartialEq + std::fmt::Debug>(setup: &Setup) {
    for shape in SHAPES {
        let values = places::<T>(shape);
        let x = setup.runtime().picture(values.clone(), shape).unwrap();
        let run = setup.runtime().transpose(&x).on(setup.target).mapping(setup.mapping).run();
        if size_of::<T>() == 8 && matches!(setup.target, Target::Gpu(_)) {
            assert_eq!(run.unwrap_err().kind(), ErrorKind::UnsupportedType);
            continue;
        }
        let run = run.unwrap();
        assert_eq!(run.domain(), (shape.1, shape.0).into());
        assert_eq!(run.to_vec().unwrap(), naive::transpose(&values, shape.0), "{shape:?}");
    }
}

fn past_caches(setup: &Setup) {
    // Beyond one block both ways, odd, and with rows that begin at whole cache lines.
    for shape in [(1, 1), (7, 300), (520, 259), (512, 256), (300, 1_000), (700, 64)] {
        let values = places::<f32>(shape);
        let x = setup.runtime().picture(values.clone(), shape).unwrap();
        let launch = setup.runtime().transpose(&x).on(setup.target).mapping(setup.mapping);
        let found = launch.past_caches(true).run().unwrap();
        assert_eq!(found.to_vec().unwrap(), naive::transpose(&values, shape.0), "{shape:?}");
    }
}

fn of_views(setup: &Setup) {
    let values = places::<f32>((37, 50));
    let (rt, x) = (setup.runtime(), setup.runtime().picture(values.clone(), (37, 50)).unwrap());
    let some = rt.transpose(&x.rows(3..21).unwrap()).on(setup.target).run().unwrap();
    assert_eq!(some.to_vec().unwrap(), naive::transpose(&values[3 * 37..21 * 37], 37));
    let back = rt.transpose(&x.transposed().unwrap()).on(setup.target).run().unwrap();
    assert_eq!(back.to_vec().unwrap(), values);
    let slice = rt.transpose((&values, (25, 74))).on(setup.target).run().unwrap();
    assert_eq!(slice.to_vec().unwrap(), naive::transpose(&values, 25));
    let twice =
        rt.transpose(&dense::transpose(rt, &x, setup.target).unwrap()).on(setup.target).run().unwrap();
    assert_eq!(twice.to_vec().unwrap(), values);
}

#[kernel]
fn half(x: f32) -> f32 {
    x * 0.5
}

fn fused(setup: &Setup) {
    let values = places::<f32>((61, 83));
    let x = setup.runtime().picture(values.clone(), (61, 83)).unwrap();
    let found = setup.runtime().transpose(&x).then::<half>().on(setup.target).run().unwrap();
    let expected: Vec<f32> = naive::transpose(&values, 61).into_iter().map(|x| x * 0.5).collect();
    assert_eq!(found.to_vec().unwrap(), expected);
    let sums = setup.runtime().transpose(&x).on(setup.target).rows().max().unwrap();
    let last: Vec<f32> = values[82 * 61..].to_vec();
    assert_eq!(sums.to_vec().unwrap(), last);
}

fn of_a_line(setup: &Setup) {
    let x = setup.runtime().array(vec![1.0f32; 6]).unwrap();
    let error = setup.runtime().transpose(&x).on(setup.target).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch);
    assert!(error.to_string().contains("line of 6"), "{error}");
}

fn outer(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("outer"));
    for (columns, rows) in SHAPES {
        let x = random.many(rows, |random| random.float(-2.0, 2.0));
        let y = random.many(columns, |random| random.float(-2.0, 2.0));
        let (a, b) = (rt.array(x.clone()).unwrap(), rt.array(y.clone()).unwrap());
        let found = dense::outer(rt, &a, &b, setup.target).unwrap();
        assert_eq!(found.domain(), (columns, rows).into());
        let expected: Vec<f32> = x.iter().flat_map(|x| y.iter().map(move |y| x * y)).collect();
        assert_eq!(found.to_vec().unwrap(), expected);
    }
}

fn broadcast(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("broadcast"));
    for (columns, rows) in SHAPES {
        let (a, values) = matrix(setup, &mut random, (columns, rows), (-2.0, 2.0));
        let by_column = random.many(columns, |random| random.float(-2.0, 2.0));
        let by_row = random.many(rows, |random| random.float(-2.0, 2.0));
        let found = dense::add_to_rows(rt, &a, &rt.array(by_column.clone()).unwrap(), setup.target).unwrap();
        let expected: Vec<f32> = (0..values.len()).map(|at| values[at] + by_column[at % columns]).collect();
        assert_eq!(found.to_vec().unwrap(), expected, "{columns} {rows}");
        let found = dense::add_to_columns(rt, &a, &rt.array(by_row.clone()).unwrap(), setup.target).unwrap();
        let expected: Vec<f32> = (0..values.len()).map(|at| values[at] + by_row[at / columns]).collect();
        assert_eq!(found.to_vec().unwrap(), expected, "{columns} {rows}");
    }
    let (a, _) = matrix(setup, &mut random, (3, 4), (0.0, 1.0));
    let three = rt.array(vec![0.0f32; 3]).unwrap();
    let error = dense::add_to_columns(rt, &a, &three, setup.target).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch);
    assert!(error.to_string().contains("3 elements and needs 4"), "{error}");
}

fn covariance(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("covariance"));
    for (columns, rows) in [(1, 2), (3, 2), (5, 100), (17, 33), (40, 257)] {
        // Far from zero, where sums of squares would lose all.
        let (a, values) = matrix(setup, &mut random, (columns, rows), (999.0, 1_001.0));
        let found = dense::covariance(rt, &a, setup.target).unwrap();
        // The mean is off by some roundings of 1,000 in `f32`, and the deviations by as much.
        let bound = 10.0 * rows as f64 * EPSILON + 1e-3;
        near("covariance", &found, &naive::covariance(&values, columns), |_| bound);
    }
    let (a, _) = matrix(setup, &mut random, (4, 1), (0.0, 1.0));
    assert_eq!(dense::covariance(rt, &a, setup.target).unwrap_err().kind(), ErrorKind::ShapeMismatch);
}

fn norms_of(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("norms"));
    for (columns, rows) in SHAPES {
        let (a, values) = matrix(setup, &mut random, (columns, rows), (-3.0, 3.0));
        let wide: Vec<f64> = values.iter().map(|x| f64::from(x.abs())).collect();
        let column = |j: usize| wide.iter().skip(j).step_by(columns).sum::<f64>();
        let row = |i: usize| wide[i * columns..(i + 1) * columns].iter().sum::<f64>();
        let most = |all: &mut dyn Iterator<Item = f64>| all.fold(0.0, f64::max);
        let target = setup.target;
        for (name, found, expected) in [
            ("one", norms::one(rt, &a, target), wide.iter().sum()),
            ("two", norms::two(rt, &a, target), wide.iter().map(|x| x * x).sum::<f64>().sqrt()),
            ("largest", norms::largest(rt, &a, target), most(&mut wide.iter().copied())),
            ("matrix_one", norms::matrix_one(rt, &a, target), most(&mut (0..columns).map(column))),
            ("matrix_largest", norms::matrix_largest(rt, &a, target), most(&mut (0..rows).map(row))),
        ] {
            let found = f64::from(found.unwrap());
            let bound = 10.0 * (wide.len() as f64).max(1.0) * EPSILON * expected;
            assert!((found - expected).abs() <= bound, "{name} of {columns} x {rows}: {found}, {expected}");
        }
    }
}

fn at_the_ends(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let of = |values: &[f32]| rt.picture(values.to_vec(), (values.len(), 1)).unwrap();
    // What overflows when squared does not here.
    let two = norms::two(rt, &of(&[3e30, 4e30]), target).unwrap();
    assert!((two / 5e30 - 1.0).abs() < 1e-6, "{two}");
    assert_eq!(norms::largest(rt, &of(&[1.0, -3e38]), target).unwrap(), 3e38);
    assert_eq!(norms::one(rt, &of(&[1.0, f32::NEG_INFINITY]), target).unwrap(), f32::INFINITY);
    for nan in [[f32::NAN, 1.0, 2.0], [2.0, f32::NAN, 1.0], [2.0, 1.0, f32::NAN]] {
        let x = of(&nan);
        for norm in [norms::one, norms::two, norms::largest, norms::matrix_one, norms::matrix_largest] {
            assert!(norm(rt, &x, target).unwrap().is_nan());
        }
    }
}
