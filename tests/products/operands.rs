//! Views, exchanged rows and columns, what is scaled and added, batches, where results go, and what is refused.

use manylane::prelude::*;
use manylane::{Error, View};
use manylane_testkit::{Random as Inputs, Setup, assert_close, assert_same};

use crate::Property;
use crate::numbers::{Rows, fraction, naive, placed, tolerance};
use crate::shapes::strict_step;

pub const ALL: &[Property] = &[
    ("views_f32", views),
    ("exchanged_f32", exchanged),
    ("scaled_f32", scaled),
    ("scaled_i32", scaled_integers),
    ("onto_f32", onto),
    ("batches_f32", batches),
    ("run_into_f32", run_into),
    ("again_f32", again),
    ("refused", refused),
];

fn check(setup: &Setup, what: String, found: &[f32], expected: &[f32], depth: usize) {
    if setup.own_floats() {
        assert_close(what, found, expected, tolerance(depth));
    } else {
        assert_same(what, found, expected);
    }
}

fn plain(sum: f32, a: f32, b: f32) -> f32 {
    sum + a * b
}

/// Parts of larger arrays, all of which a product can read where they lie.
fn views(setup: &Setup) {
    let mut random = Inputs::new("product_views");
    let (m, k, n) = (37, 50, 45);
    let a = Rows::make(m, k, || fraction(&mut random));
    let b = Rows::make(k, n, || fraction(&mut random));
    let expected = naive(&a, &b, 0.0, plain);
    // In the middle of something larger, as it is and exchanged.
    let rt = setup.runtime();
    let mut within = |rows: &Rows<f32>, (left, top): (usize, usize)| -> View<f32> {
        let (width, height) = (rows.columns + left + 3, rows.rows + top + 2);
        let mut all: Vec<f32> = (0..width * height).map(|_| random.float(5.0, 9.0)).collect();
        for y in 0..rows.rows {
            for x in 0..rows.columns {
                all[(top + y) * width + left + x] = rows.at(y, x);
            }
        }
        let all = rt.picture(all, (width, height)).unwrap();
        all.block(left..left + rows.columns, top..top + rows.rows).unwrap()
    };
    let of_a = [within(&a, (4, 2)), within(&a.exchanged(), (1, 7)).transposed().unwrap()];
    let of_b = [within(&b, (0, 1)), within(&b.exchanged(), (5, 0)).transposed().unwrap()];
    for (p, a) in of_a.iter().enumerate() {
        for (q, b) in of_b.iter().enumerate() {
            let found = placed(setup, rt.product::<strict_step>(a, b)).run().unwrap().to_vec().unwrap();
            check(setup, format!("{p} {q}"), &found, &expected, k);
        }
    }
    // Views read as they are by whatever else.
    assert_same("a block", &of_a[0].to_vec().unwrap(), &a.values);
    assert_same("an exchanged block", &of_a[1].to_vec().unwrap(), &a.values);
    assert_same(
        "exchanged twice",
        &of_b[1].transposed().unwrap().transposed().unwrap().to_vec().unwrap(),
        &b.values,
    );
}

/// Rows and columns exchanged of either, for shapes that are thin either way.
fn exchanged(setup: &Setup) {
    let mut random = Inputs::new("product_exchanged");
    let rt = setup.runtime();
    for (m, k, n) in
        [(1, 9, 1), (3, 301, 5), (70, 70, 70), (5, 20, 300), (300, 20, 5), (1, 80, 90), (90, 80, 1)]
    {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let expected = naive(&a, &b, 0.0, plain);
        let array = |rows: &Rows<f32>| rt.picture(rows.values.clone(), rows.shape()).unwrap();
        let (plain_a, plain_b) = (array(&a).view(), array(&b).view());
        let turned_a = array(&a.exchanged()).transposed().unwrap();
        let turned_b = array(&b.exchanged()).transposed().unwrap();
        for (p, a) in [&plain_a, &turned_a].into_iter().enumerate() {
            for (q, b) in [&plain_b, &turned_b].into_iter().enumerate() {
                let found = placed(setup, rt.product::<strict_step>(a, b)).run().unwrap().to_vec().unwrap();
                check(setup, format!("{m}x{k}x{n} {p} {q}"), &found, &expected, k);
            }
        }
    }
}

fn scaled(setup: &Setup) {
    let mut random = Inputs::new("product_scaled");
    let rt = setup.runtime();
    for (m, k, n) in [(1, 1, 1), (20, 33, 47), (70, 300, 9), (4, 0, 6)] {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let c = Rows::make(m, n, || fraction(&mut random));
        let sums = naive(&a, &b, 0.0, plain);
        let of = |alpha: f32, beta: f32| -> Vec<f32> {
            sums.iter().zip(&c.values).map(|(sum, c)| alpha * sum + beta * c).collect()
        };
        let product =
            || placed(setup, rt.product::<strict_step>((&a.values, a.shape()), (&b.values, b.shape())));
        let found = product().alpha(-0.75).run().unwrap().to_vec().unwrap();
        let expected: Vec<f32> = sums.iter().map(|sum| -0.75 * sum).collect();
        check(setup, format!("{m}x{k}x{n}, alpha"), &found, &expected, k);
        let found = product().beta(0.3, (&c.values, c.shape())).run().unwrap().to_vec().unwrap();
        check(setup, format!("{m}x{k}x{n}, beta"), &found, &of(1.0, 0.3), k);
        let turned = rt.picture(c.exchanged().values, (m, n)).unwrap().transposed().unwrap();
        let found = product().beta(-2.0, &turned).alpha(0.7).run().unwrap().to_vec().unwrap();
        check(setup, format!("{m}x{k}x{n}, both"), &found, &of(0.7, -2.0), k);
        // What is taken no times is not looked at.
        let odd = vec![f32::NAN; m * n];
        for zero in [0.0, -0.0] {
            let found = product().beta(zero, (&odd, c.shape())).alpha(0.7).run().unwrap().to_vec().unwrap();
            let expected: Vec<f32> = sums.iter().map(|sum| 0.7 * sum).collect();
            check(setup, format!("{m}x{k}x{n}, beta of 0"), &found, &expected, k);
        }
        let odd = vec![f32::NAN; m * k];
        let product =
            rt.matmul((&odd, (k, m)), (&b.values, b.shape())).alpha(0.0).beta(0.5, (&c.values, c.shape()));
        let found = placed(setup, product).run().unwrap().to_vec().unwrap();
        let expected: Vec<f32> = c.values.iter().map(|c| 0.5 * c).collect();
        assert_same(format!("{m}x{k}x{n}, alpha of 0"), &found, &expected);
    }
}

fn scaled_integers(setup: &Setup) {
    let mut random = Inputs::new("product_scaled_integers");
    let a = Rows::make(9, 14, || random.u32() as i32);
    let b = Rows::make(14, 21, || random.u32() as i32);
    let c = Rows::make(9, 21, || random.u32() as i32);
    let sums = naive(&a, &b, 0, |sum: i32, a, b| sum.wrapping_add(a.wrapping_mul(b)));
    let product = setup.runtime().matmul((&a.values, a.shape()), (&b.values, b.shape()));
    let found =
        placed(setup, product.alpha(3).beta(-5, (&c.values, c.shape()))).run().unwrap().to_vec().unwrap();
    let expected: Vec<i32> = sums
        .iter()
        .zip(&c.values)
        .map(|(sum, c)| sum.wrapping_mul(3).wrapping_add(c.wrapping_mul(-5)))
        .collect();
    assert_same("integers", &found, &expected);
}

fn onto(setup: &Setup) {
    let mut random = Inputs::new("product_onto");
    let rt = setup.runtime();
    for (m, k, n) in [(1, 3, 1), (30, 270, 40), (50, 8, 3), (4, 0, 6)] {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let c = Rows::make(m, n, || fraction(&mut random));
        let mut expected = Vec::new();
        for i in 0..m {
            for j in 0..n {
                expected.push((0..k).fold(c.at(i, j), |sum, k| sum + a.at(i, k) * b.at(k, j)));
            }
        }
        let product =
            || placed(setup, rt.product::<strict_step>((&a.values, a.shape()), (&b.values, b.shape())));
        let found = product().onto((&c.values, c.shape())).run().unwrap().to_vec().unwrap();
        check(setup, format!("{m}x{k}x{n}"), &found, &expected, k);
        let turned = rt.picture(c.exchanged().values, (m, n)).unwrap().transposed().unwrap();
        let found = product().onto(&turned).run().unwrap().to_vec().unwrap();
        check(setup, format!("{m}x{k}x{n}, exchanged"), &found, &expected, k);
        // The array that it begins with may be the one that is written.
        let mut into = rt.picture(c.values.clone(), c.shape()).unwrap();
        product().onto(&into).run_into(&mut into).unwrap();
        check(setup, format!("{m}x{k}x{n}, in place"), &into.to_vec().unwrap(), &expected, k);
    }
}

fn batches(setup: &Setup) {
    let mut random = Inputs::new("product_batches");
    let rt = setup.runtime();
    for (count, (m, k, n)) in
        [(1, (3, 4, 5)), (2, (17, 9, 40)), (7, (5, 30, 6)), (3, (40, 70, 64)), (20, (1, 2, 1))]
    {
        let a = Rows::make(count * m, k, || fraction(&mut random));
        let b = Rows::make(count * k, n, || fraction(&mut random));
        let c = Rows::make(count * m, n, || fraction(&mut random));
        let part = |all: &Rows<f32>, of: usize| {
            let rows = all.rows / count;
            let values = all.values[of * rows * all.columns..(of + 1) * rows * all.columns].to_vec();
            Rows { rows, columns: all.columns, values }
        };
        let expected: Vec<f32> =
            (0..count).flat_map(|i| naive(&part(&a, i), &part(&b, i), 0.0, plain)).collect();
        let product =
            rt.product::<strict_step>((&a.values, a.shape()), (&b.values, b.shape())).batched(count);
        let found = placed(setup, product).run().unwrap();
        assert_eq!(found.domain(), Domain::Grid { width: n, height: count * m });
        check(setup, format!("{count} of {m}x{k}x{n}"), &found.to_vec().unwrap(), &expected, k);
        // Each exchanged by itself: stacks of the exchanged ones, seen the other way.
        let turned = |all: &Rows<f32>| {
            let values: Vec<f32> = (0..count).flat_map(|i| part(all, i).exchanged().values).collect();
            rt.picture(values, (all.rows / count, all.columns * count)).unwrap().transposed().unwrap()
        };
        let product = rt.product::<strict_step>(&turned(&a), &turned(&b)).batched(count);
        let found = placed(setup, product.beta(0.5, (&c.values, c.shape()))).run().unwrap().to_vec().unwrap();
        let expected: Vec<f32> = expected.iter().zip(&c.values).map(|(sum, c)| sum + 0.5 * c).collect();
        check(setup, format!("{count} of {m}x{k}x{n}, exchanged"), &found, &expected, k);
    }
}

fn run_into(setup: &Setup) {
    let mut random = Inputs::new("product_run_into");
    let rt = setup.runtime();
    let (m, k, n) = (60, 41, 70);
    let a = Rows::make(m, k, || fraction(&mut random));
    let b = Rows::make(k, n, || fraction(&mut random));
    let expected = naive(&a, &b, 0.0, plain);
    let product = || placed(setup, rt.product::<strict_step>((&a.values, a.shape()), (&b.values, b.shape())));
    let mut array = rt.picture(vec![f32::NAN; m * n], (n, m)).unwrap();
    product().run_into(&mut array).unwrap();
    check(setup, "an array".into(), &array.to_vec().unwrap(), &expected, k);
    let mut slice = vec![f32::NAN; m * n];
    product().run_into(&mut slice).unwrap();
    check(setup, "a slice".into(), &slice, &expected, k);
    let mut larger = rt.picture(vec![8.0; (m + 5) * n], (n, m + 5)).unwrap();
    product().run_into(larger.rows_mut(3..m + 3).unwrap()).unwrap();
    let larger = larger.to_vec().unwrap();
    check(setup, "rows of an array".into(), &larger[3 * n..(m + 3) * n], &expected, k);
    assert!(
        larger[..3 * n].iter().chain(&larger[(m + 3) * n..]).all(|x| *x == 8.0),
        "the others are as they were"
    );
}

/// The same product over and over, and products of products, where results may stay.
fn again(setup: &Setup) {
    let mut random = Inputs::new("product_again");
    let rt = setup.runtime();
    let a = Rows::make(30, 30, || fraction(&mut random));
    let b = Rows::make(30, 30, || fraction(&mut random));
    let (first, second) = (naive(&a, &b, 0.0, plain), rt.picture(b.values.clone(), (30, 30)).unwrap());
    let expected = naive(&Rows { rows: 30, columns: 30, values: first }, &b, 0.0, plain);
    let start = rt.picture(a.values.clone(), (30, 30)).unwrap();
    for round in 0..3 {
        let once = placed(setup, rt.product::<strict_step>(&start, &second)).run().unwrap();
        let twice = placed(setup, rt.product::<strict_step>(&once, &second)).run().unwrap();
        check(setup, format!("round {round}"), &twice.to_vec().unwrap(), &expected, 60);
    }
}

fn refused(setup: &Setup) {
    let rt = setup.runtime();
    let of = |shape: (usize, usize)| rt.picture(vec![1.0f32; shape.0 * shape.1], shape).unwrap();
    let run = |a: &Array<f32>, b: &Array<f32>| placed(setup, rt.matmul(a, b)).run().map(|_| ());
    let says = |result: Result<(), Error>, kind, words: &[&str]| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        let text = error.to_string();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    };
    let mismatch = ErrorKind::ShapeMismatch;
    says(run(&of((4, 3)), &of((2, 5))), mismatch, &["3 rows of 4 columns", "5 rows of 2", "transposed"]);
    let line = rt.array(vec![1.0f32; 4]).unwrap();
    says(run(&line, &of((2, 4))), mismatch, &["`a` is a line of 4", "shaped"]);
    let foreign = manylane::Runtime::new().unwrap().picture(vec![1.0f32; 4], (2, 2)).unwrap();
    says(run(&foreign, &of((2, 2))), ErrorKind::ForeignArray, &["another runtime"]);
    let (a, b) = (of((3, 4)), of((2, 3)));
    let product = || placed(setup, rt.matmul(&a, &b));
    says(
        product().beta(1.0, &of((4, 2))).run().map(|_| ()),
        mismatch,
        &["`c` has 2 rows of 4", "4 rows of 2"],
    );
    says(product().onto(&of((3, 4))).run().map(|_| ()), mismatch, &["`c`"]);
    says(product().batched(3).run().map(|_| ()), mismatch, &["`a` has 4 rows", "3 equal parts"]);
    says(product().batched(0).run().map(|_| ()), mismatch, &["0 equal parts"]);
    says(product().gpu_share(f64::NAN).run().map(|_| ()), ErrorKind::Setting, &["NaN"]);
    let mut small = vec![0.0f32; 7];
    says(product().run_into(&mut small).map(|_| ()), mismatch, &["4 rows of 2", "7 elements"]);
    let short = [1.0f32; 5];
    let product = rt.matmul((&short[..], (2, 3)), (&short[..4], (2, 2)));
    says(placed(setup, product).run().map(|_| ()), mismatch, &["2x3", "5 elements"]);
}
