//! A matrix and a vector: the bits of the trees, as the matrix lies and exchanged, and what is scaled and added.

use manylane::api::MatVec;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Setup, assert_same, tree_of_runs};

use crate::Property;
use crate::numbers::{Rows, fraction};

pub const ALL: &[Property] =
    &[("matvec_f32", vectors), ("matvec_i32", integers), ("matvec_f64", wide), ("matvec_refused", refused)];

const SHAPES: [(usize, usize); 17] = [
    (1, 1),
    (1, 700),
    (3, 64),
    (5, 129),
    (70, 1),
    (65, 65),
    (130, 31),
    (2, 4_096),
    (3, 9_001),
    (513, 200),
    // Long enough, and enough of them, for four rows at once.
    (17, 512),
    (35, 700),
    (18, 9_001),
    (41, 4_224),
    // Few and long: their blocks are divided among the threads.
    (5, 70_003),
    (0, 5),
    (5, 0),
];

fn placed<'r, 'a, T: manylane::api::Numeric>(setup: &Setup, product: MatVec<'r, 'a, T>) -> MatVec<'r, 'a, T> {
    product.on(setup.target).mapping(setup.mapping)
}

/// Columns are folded in strips of 64 rows, and those pair up with their neighbours.
fn strips<T: Copy>(values: &[T], identity: T, empty: T, op: impl Fn(T, T) -> T) -> T {
    let mut level: Vec<T> =
        values.chunks(64).map(|strip| strip.iter().fold(identity, |sum, x| op(sum, *x))).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| if pair.len() == 2 { op(pair[0], pair[1]) } else { pair[0] })
            .collect();
    }
    level.first().copied().unwrap_or(empty)
}

fn vectors(setup: &Setup) {
    let mut random = Inputs::new("matvec");
    let rt = setup.runtime();
    for (rows, columns) in SHAPES {
        let a = Rows::make(rows, columns, || fraction(&mut random));
        let x: Vec<f32> = (0..columns).map(|_| fraction(&mut random)).collect();
        let y: Vec<f32> = (0..rows).map(|_| fraction(&mut random)).collect();
        let terms = |i: usize| (0..columns).map(|k| a.at(i, k) * x[k]).collect::<Vec<f32>>();
        let by_rows: Vec<f32> = (0..rows).map(|i| tree_of_runs(&terms(i), -0.0, 0.0, |a, b| a + b)).collect();
        let by_strips: Vec<f32> = (0..rows).map(|i| strips(&terms(i), -0.0, 0.0, |a, b| a + b)).collect();
        let what = format!("{rows}x{columns}");
        let array = rt.picture(a.values.clone(), a.shape()).unwrap();
        let found = placed(setup, rt.matvec(&array, &x)).run().unwrap();
        assert_eq!(found.domain(), Domain::Line(rows));
        assert_same(&what, &found.to_vec().unwrap(), &by_rows);
        let found = placed(setup, rt.matvec((&a.values, a.shape()), &x)).run().unwrap().to_vec().unwrap();
        assert_same(format!("{what}, borrowed"), &found, &by_rows);
        let turned = rt.picture(a.exchanged().values, (rows, columns)).unwrap().transposed().unwrap();
        let found = placed(setup, rt.matvec(&turned, &x)).run().unwrap().to_vec().unwrap();
        assert_same(format!("{what}, exchanged"), &found, &by_strips);
        let scaled: Vec<f32> = by_rows.iter().map(|sum| 0.3 * sum).collect();
        let found = placed(setup, rt.matvec(&array, &x).alpha(0.3)).run().unwrap().to_vec().unwrap();
        assert_same(format!("{what}, alpha"), &found, &scaled);
        let added: Vec<f32> = by_strips.iter().zip(&y).map(|(sum, y)| 0.3 * sum + -1.5 * y).collect();
        let mut into = vec![f32::NAN; rows];
        placed(setup, rt.matvec(&turned, &x).beta(-1.5, &y).alpha(0.3)).run_into(&mut into).unwrap();
        assert_same(format!("{what}, alpha and beta"), &into, &added);
        // What is taken no times is not looked at.
        let odd = vec![f32::NAN; rows];
        let found = placed(setup, rt.matvec(&array, &x).beta(-0.0, &odd)).run().unwrap().to_vec().unwrap();
        assert_same(format!("{what}, beta of 0"), &found, &by_rows);
        let odd = vec![f32::NAN; columns];
        let found = placed(setup, rt.matvec(&array, &odd).alpha(0.0).beta(2.0, &y)).run().unwrap();
        let twice: Vec<f32> = y.iter().map(|y| 2.0 * y).collect();
        assert_same(format!("{what}, alpha of 0"), &found.to_vec().unwrap(), &twice);
    }
}

fn integers(setup: &Setup) {
    let mut random = Inputs::new("matvec_integers");
    let a = Rows::make(50, 70, || random.u32() as i32);
    let x: Vec<i32> = (0..70).map(|_| random.u32() as i32).collect();
    let sum = |i: usize| (0..70).fold(0i32, |sum, k| sum.wrapping_add(a.at(i, k).wrapping_mul(x[k])));
    let expected: Vec<i32> = (0..50).map(sum).collect();
    let product = setup.runtime().matvec((&a.values, a.shape()), &x);
    assert_same("integers", &placed(setup, product).run().unwrap().to_vec().unwrap(), &expected);
}

fn wide(setup: &Setup) {
    let mut random = Inputs::new("matvec_wide");
    let a = Rows::make(9, 300, || f64::from(fraction(&mut random)) * 0.1);
    let x: Vec<f64> = (0..300).map(|_| f64::from(fraction(&mut random))).collect();
    let found = placed(setup, setup.runtime().matvec((&a.values, a.shape()), &x)).run();
    if matches!(setup.target, Target::Gpu(_)) {
        let error = found.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnsupportedType, "{error}");
        return;
    }
    let terms = |i: usize| (0..300).map(|k| a.at(i, k) * x[k]).collect::<Vec<f64>>();
    let expected: Vec<f64> = (0..9).map(|i| tree_of_runs(&terms(i), -0.0, 0.0, |a, b| a + b)).collect();
    assert!(found.unwrap().to_vec().unwrap() == expected);
}

fn refused(setup: &Setup) {
    let rt = setup.runtime();
    let a = rt.picture(vec![1.0f32; 12], (4, 3)).unwrap();
    let error = placed(setup, rt.matvec(&a, &[1.0f32; 3][..])).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch, "{error}");
    let text = error.to_string();
    assert!(text.contains("3 rows of 4 columns") && text.contains("3 elements"), "{text}");
    let line = rt.array(vec![1.0f32; 12]).unwrap();
    let error = placed(setup, rt.matvec(&line, &[1.0f32; 12][..])).run().unwrap_err();
    assert!(error.to_string().contains("shaped"), "{error}");
    let error = placed(setup, rt.matvec(&a, &[1.0f32; 4][..]).beta(1.0, &[1.0f32; 4][..])).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch, "{error}");
}
