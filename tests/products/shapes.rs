//! Every shape and step.

use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Setup, assert_close, assert_same};

use crate::Property;
use crate::numbers::{Rows, found, fraction, naive, placed, tolerance};

pub const ALL: &[Property] = &[
    ("strict_f32", strict),
    ("usual_f32", usual),
    ("order_f32", order),
    ("shortest_f32", shortest),
    ("wrapping_i32", wrapping),
    ("bits_u32", bits),
    ("wide_f64", wide),
    ("wide_i64", wide_integers),
    ("large_f32", large),
    ("empty", empty),
];

#[kernel(strict)]
pub fn strict_step(sum: f32, a: f32, b: f32) -> f32 {
    sum + a * b
}
#[kernel]
pub fn add_product(sum: f32, a: f32, b: f32) -> f32 {
    sum + a * b
}
/// Neither commutative nor associative in anything.
#[kernel(strict)]
fn uneven(sum: f32, a: f32, b: f32) -> f32 {
    sum * 0.5 + a * 3.0 - b
}
#[kernel]
fn shorter(way: f32, a: f32, b: f32) -> f32 {
    way.min(a + b)
}
#[kernel]
fn add_i32(sum: i32, a: i32, b: i32) -> i32 {
    sum + a * b
}
#[kernel]
fn mixed(sum: u32, a: u32, b: u32) -> u32 {
    (sum << 1) ^ (a & b)
}
#[kernel]
fn add_f64(sum: f64, a: f64, b: f64) -> f64 {
    sum + a * b
}
#[kernel]
fn add_i64(sum: i64, a: i64, b: i64) -> i64 {
    sum + a * b
}

/// Rows, steps and columns: single ones, around tiles of every level, odd, long and thin.
const SHAPES: [(usize, usize, usize); 20] = [
    (1, 1, 1),
    (1, 7, 1),
    (1, 5, 40),
    (2, 3, 17),
    (3, 300, 2),
    (4, 4, 4),
    (6, 16, 16),
    (7, 1, 15),
    (11, 13, 33),
    (12, 64, 32),
    (13, 255, 31),
    (17, 256, 9),
    (25, 257, 64),
    (40, 31, 1),
    (64, 64, 64),
    (65, 2, 129),
    (97, 600, 5),
    (129, 33, 200),
    (5, 20, 700),
    (700, 20, 5),
];

fn strict(setup: &Setup) {
    let mut random = Inputs::new("strict_product");
    for (m, k, n) in SHAPES {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let expected = naive(&a, &b, 0.25, |sum, a, b| sum + a * b);
        let found = found::<strict_step>(setup, &a, &b, 0.25);
        if setup.own_floats() {
            assert_close(format!("{m}x{k}x{n}"), &found, &expected, tolerance(k));
        } else {
            assert_same(format!("{m}x{k}x{n}"), &found, &expected);
        }
    }
}

fn usual(setup: &Setup) {
    let mut random = Inputs::new("usual_product");
    for (m, k, n) in SHAPES {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let expected = naive(&a, &b, 0.0, |sum: f32, a, b| sum + a * b);
        let found = found::<add_product>(setup, &a, &b, 0.0);
        assert_close(format!("{m}x{k}x{n}"), &found, &expected, tolerance(k));
        let product = setup.runtime().matmul((&a.values, a.shape()), (&b.values, b.shape()));
        let again = placed(setup, product).run().unwrap().to_vec().unwrap();
        assert_same(format!("{m}x{k}x{n} by the library's step"), &again, &found);
    }
}

fn order(setup: &Setup) {
    let mut random = Inputs::new("uneven_product");
    for (m, k, n) in SHAPES {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let expected = naive(&a, &b, 2.0, |sum: f32, a, b| sum * 0.5 + a * 3.0 - b);
        let found = found::<uneven>(setup, &a, &b, 2.0);
        if setup.own_floats() {
            assert_close(format!("{m}x{k}x{n}"), &found, &expected, tolerance(k));
        } else {
            assert_same(format!("{m}x{k}x{n}"), &found, &expected);
        }
    }
}

fn shortest(setup: &Setup) {
    let mut random = Inputs::new("shortest");
    for (m, k, n) in SHAPES {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let expected = naive(&a, &b, f32::INFINITY, |way: f32, a, b| way.min(a + b));
        assert_same(format!("{m}x{k}x{n}"), &found::<shorter>(setup, &a, &b, f32::INFINITY), &expected);
    }
}

fn wrapping(setup: &Setup) {
    let mut random = Inputs::new("wrapping");
    for (m, k, n) in SHAPES {
        let a = Rows::make(m, k, || random.u32() as i32);
        let b = Rows::make(k, n, || random.u32() as i32);
        let expected = naive(&a, &b, -3, |sum: i32, a, b| sum.wrapping_add(a.wrapping_mul(b)));
        assert_same(format!("{m}x{k}x{n}"), &found::<add_i32>(setup, &a, &b, -3), &expected);
    }
}

fn bits(setup: &Setup) {
    let mut random = Inputs::new("bits");
    for (m, k, n) in SHAPES {
        let a = Rows::make(m, k, || random.u32());
        let b = Rows::make(k, n, || random.u32());
        let expected = naive(&a, &b, 1, |sum: u32, a, b| (sum << 1) ^ (a & b));
        assert_same(format!("{m}x{k}x{n}"), &found::<mixed>(setup, &a, &b, 1), &expected);
    }
}

/// Whether the target refuses what computes with 64 bits, which it then must say.
fn refused(setup: &Setup, run: impl FnOnce() -> Result<(), manylane::Error>) -> bool {
    if !matches!(setup.target, Target::Gpu(_)) {
        return false;
    }
    let error = run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedType, "{error}");
    true
}

fn wide(setup: &Setup) {
    let mut random = Inputs::new("wide_product");
    let one = rows_of(&mut random, 2, 2);
    if refused(setup, || {
        let product = setup.runtime().product::<add_f64>((&one.values, (2, 2)), (&one.values, (2, 2)));
        placed(setup, product).run().map(|_| ())
    }) {
        return;
    }
    for (m, k, n) in SHAPES {
        let (a, b) = (rows_of(&mut random, m, k), rows_of(&mut random, k, n));
        let expected = naive(&a, &b, 0.5, |sum: f64, a, b| sum + a * b);
        let found = found::<add_f64>(setup, &a, &b, 0.5);
        assert!(found == expected, "{m}x{k}x{n}: rounded twice on every level");
    }
}

fn rows_of(random: &mut Inputs, rows: usize, columns: usize) -> Rows<f64> {
    Rows::make(rows, columns, || f64::from(random.float(-1.0, 1.0)) * 0.1)
}

fn wide_integers(setup: &Setup) {
    let mut random = Inputs::new("wide_integers");
    if matches!(setup.target, Target::Gpu(_)) {
        return;
    }
    for (m, k, n) in [(3, 5, 4), (33, 70, 18)] {
        let a = Rows::make(m, k, || random.bits() as i64);
        let b = Rows::make(k, n, || random.bits() as i64);
        let expected = naive(&a, &b, 9, |sum: i64, a, b| sum.wrapping_add(a.wrapping_mul(b)));
        assert!(found::<add_i64>(setup, &a, &b, 9) == expected, "{m}x{k}x{n}");
    }
}

/// Several blocks of every kind: of steps, of rows, of columns.
fn large(setup: &Setup) {
    let mut random = Inputs::new("large_product");
    for (m, k, n) in [(500, 1000, 300), (260, 530, 1100)] {
        let a = Rows::make(m, k, || fraction(&mut random));
        let b = Rows::make(k, n, || fraction(&mut random));
        let expected = naive(&a, &b, 0.0, |sum: f32, a, b| sum + a * b);
        let found = found::<strict_step>(setup, &a, &b, 0.0);
        if setup.own_floats() {
            assert_close(format!("{m}x{k}x{n}"), &found, &expected, tolerance(k));
        } else {
            assert_same(format!("{m}x{k}x{n}"), &found, &expected);
        }
    }
}

fn empty(setup: &Setup) {
    for (m, k, n) in [(0, 3, 4), (4, 3, 0), (0, 0, 0), (0, 3, 0)] {
        let (a, b) = (Rows::make(m, k, || 1.0), Rows::make(k, n, || 1.0));
        assert!(found::<strict_step>(setup, &a, &b, 7.0).is_empty());
    }
    // Without steps the results are what they begin with.
    let (a, b) = (Rows::make(3, 0, || 1.0), Rows::make(0, 5, || 1.0));
    assert_same("no steps", &found::<strict_step>(setup, &a, &b, 7.0), &[7.0; 15]);
}
