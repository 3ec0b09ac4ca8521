//! Triangular systems, Cholesky, LU, QR: what they leave, in `f64`, is at most `10 n eps` of what they had, in Frobenius norms,
//! `n` being the larger side.

use manylane::Error;
use manylane::prelude::*;
use manylane_matrix::{Triangle, cholesky, lu, naive, qr, solve, solve_cholesky, solve_triangular};
use manylane_testkit::{Property, Random as Inputs, Setup};

use crate::{EPSILON, matrix};

pub const ALL: &[Property] = &[
    ("triangular", triangular),
    ("triangular_wrong", triangular_wrong),
    ("cholesky", by_cholesky),
    ("cholesky_not_definite", not_definite),
    ("lu", by_lu),
    ("lu_solve", solved),
    ("lu_singular", singular),
    ("qr", by_qr),
    ("qr_least_squares", least_squares),
    ("qr_dependent", dependent),
    ("factors_of_what_is_on_a_device", of_results),
    ("factors_of_nan", of_nan),
    ("factors_wrong", wrong),
];

/// Sides: none, few, around a leaf of 16 and a panel of 128, odd, and beyond two panels.
const SIDES: [usize; 12] = [0, 1, 2, 15, 16, 17, 45, 127, 128, 129, 200, 261];

/// Columns and rows of matrices that need not be square.
const BOTH: [(usize, usize); 15] = [
    (0, 0),
    (0, 5),
    (5, 0),
    (1, 9),
    (9, 1),
    (1, 1_500),
    (1_500, 1),
    (16, 17),
    (17, 16),
    (40, 300),
    (300, 40),
    (128, 129),
    (129, 128),
    (131, 270),
    (270, 131),
];

fn shapes() -> impl Iterator<Item = (usize, usize)> {
    SIDES.into_iter().map(|n| (n, n)).chain(BOTH)
}

/// A matrix in `f64`.
#[derive(Clone)]
struct Wide {
    columns: usize,
    rows: usize,
    values: Vec<f64>,
}

impl Wide {
    fn new((columns, rows): (usize, usize), values: Vec<f64>) -> Self {
        assert_eq!(values.len(), columns * rows);
        Wide { columns, rows, values }
    }
    fn of(shape: (usize, usize), values: &[f32]) -> Self {
        Wide::new(shape, values.iter().map(|x| f64::from(*x)).collect())
    }
    /// An array, which is to have this shape.
    #[track_caller]
    fn read(shape: (usize, usize), array: &Array<f32>) -> Self {
        assert_eq!(array.domain(), shape.into());
        Wide::of(shape, &array.to_vec().unwrap())
    }
    fn identity(n: usize) -> Self {
        Wide::made((n, n), |x, y| if x == y { 1.0 } else { 0.0 })
    }
    fn made((columns, rows): (usize, usize), of: impl Fn(usize, usize) -> f64) -> Self {
        let values = (0..columns * rows).map(|at| of(at % columns, at / columns)).collect();
        Wide { columns, rows, values }
    }
    fn at(&self, x: usize, y: usize) -> f64 {
        self.values[y * self.columns + x]
    }
    fn turned(&self) -> Self {
        Wide::made((self.rows, self.columns), |x, y| self.at(y, x))
    }
    fn times(&self, b: &Wide) -> Self {
        assert_eq!(self.columns, b.rows);
        if self.columns == 0 {
            return Wide::made((b.columns, self.rows), |_, _| 0.0);
        }
        let values = naive::product(&self.values, &b.values, (self.columns, b.columns));
        Wide::new((b.columns, self.rows), values)
    }
    fn less(&self, b: &Wide) -> Self {
        assert_eq!((self.columns, self.rows), (b.columns, b.rows));
        Wide::made((self.columns, self.rows), |x, y| self.at(x, y) - b.at(x, y))
    }
    /// The Frobenius norm.
    fn norm(&self) -> f64 {
        self.values.iter().map(|x| x * x).sum::<f64>().sqrt()
    }
    /// That it is what roundings leave of something of this size.
    #[track_caller]
    fn is_little(&self, of: f64, sides: (usize, usize), what: &str) {
        let most = 10.0 * sides.0.max(sides.1) as f64 * EPSILON * of;
        assert!(self.norm() <= most, "{what} of {sides:?} leaves {:e}, more than {most:e}", self.norm());
    }
}

/// Right sides for equations with `n` rows: none, one, some.
fn right_sides(setup: &Setup, random: &mut Inputs, n: usize) -> Vec<(Array<f32>, Wide)> {
    [0, 1, 7, 70]
        .map(|columns| {
            let (b, values) = matrix(setup, random, (columns, n), (-2.0, 2.0));
            (b, Wide::of((columns, n), &values))
        })
        .to_vec()
}

#[track_caller]
fn says(result: Result<Array<f32>, Error>, kind: ErrorKind, words: &[&str]) {
    let error = result.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    let text = error.to_string();
    assert!(words.iter().all(|word| text.contains(word)), "{text}");
}

/// Numbers of which each triangle is easy to solve, with or without its diagonal.
fn easy(setup: &Setup, random: &mut Inputs, n: usize) -> (Array<f32>, Wide) {
    let values: Vec<f32> = (0..n * n)
        .map(|at| match at / n == at % n {
            true => random.float(1.0, 2.0) * random.one_of(&[-1.0, 1.0]),
            false => random.float(-1.0, 1.0) / n as f32,
        })
        .collect();
    (setup.runtime().picture(values.clone(), (n, n)).unwrap(), Wide::of((n, n), &values))
}

fn triangular(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("triangular"));
    for n in SIDES {
        let (t, all) = easy(setup, &mut random, n);
        let sides = right_sides(setup, &mut random, n);
        for (upper, plain) in [(false, Triangle::LOWER), (true, Triangle::UPPER)] {
            for unit in [false, true] {
                let triangle = if unit { plain.unit() } else { plain };
                let meant = Wide::made((n, n), |x, y| match (x == y, (x > y) == upper) {
                    (true, _) => {
                        if unit {
                            1.0
                        } else {
                            all.at(x, x)
                        }
                    }
                    (false, true) => all.at(x, y),
                    (false, false) => 0.0,
                });
                for (triangle, meant) in [(triangle, meant.clone()), (triangle.transposed(), meant.turned())]
                {
                    for (b, given) in &sides {
                        let found = solve_triangular(rt, &t, triangle, b, setup.target).unwrap();
                        let x = Wide::read((given.columns, n), &found);
                        let size = meant.norm() * x.norm() + given.norm();
                        meant.times(&x).less(given).is_little(size, (n, n), "a triangle");
                        // Its condition is below 20.
                        let expected =
                            Wide::new((given.columns, n), naive::solved(&meant.values, &given.values, n));
                        x.less(&expected).is_little(20.0 * expected.norm(), (n, n), "a solution");
                    }
                }
            }
        }
        // A line is one column.
        let line = sides[1].0.clone().shaped(Domain::Line(n)).unwrap();
        let x = solve_triangular(rt, &t, Triangle::LOWER, &line, setup.target).unwrap();
        assert_eq!(x.domain(), Domain::Line(n));
        let column = solve_triangular(rt, &t, Triangle::LOWER, &sides[1].0, setup.target).unwrap();
        assert_eq!(x.to_vec().unwrap(), column.to_vec().unwrap());
    }
}

fn triangular_wrong(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("triangular_wrong"));
    for n in [1, 20, 150] {
        let (t, _) = easy(setup, &mut random, n);
        let mut values = t.to_vec().unwrap();
        let at = n / 2;
        values[at * n + at] = -0.0;
        let t = rt.picture(values, (n, n)).unwrap();
        let (b, _) = matrix(setup, &mut random, (2, n), (1.0, 2.0));
        let place = format!("row and column {at}");
        for triangle in [Triangle::LOWER, Triangle::UPPER.transposed()] {
            let found = solve_triangular(rt, &t, triangle, &b, setup.target);
            says(found, ErrorKind::Setting, &[&place, "-0", "unit"]);
            assert!(solve_triangular(rt, &t, triangle.unit(), &b, setup.target).is_ok());
        }
    }
}

/// A symmetric, positive definite matrix.
fn definite(random: &mut Inputs, n: usize) -> Vec<f32> {
    let half = Wide::of((n, n), &random.many(n * n, |random| random.float(-1.0, 1.0)));
    let square = half.times(&half.turned());
    (0..n * n)
        .map(|at| (square.values[at] / n as f64 + f64::from(u8::from(at / n == at % n))) as f32)
        .collect()
}

fn by_cholesky(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("cholesky"));
    for n in SIDES {
        let mut values = definite(&mut random, n);
        let a = Wide::of((n, n), &values);
        // What is above the diagonal is not looked at.
        for y in 0..n {
            values[y * n + y + 1..(y + 1) * n].fill(f32::NAN);
        }
        let l = cholesky(rt, &rt.picture(values, (n, n)).unwrap(), setup.target).unwrap();
        let wide = Wide::read((n, n), &l);
        assert!((0..n * n).all(|at| at % n <= at / n || wide.values[at] == 0.0), "zeros above the diagonal");
        a.less(&wide.times(&wide.turned())).is_little(a.norm(), (n, n), "Cholesky");
        let given: Vec<f32> = a.values.iter().map(|x| *x as f32).collect();
        let expected = Wide::new((n, n), naive::cholesky(&given, n));
        wide.less(&expected).is_little(expected.norm(), (n, n), "the factor");
        for (b, given) in right_sides(setup, &mut random, n) {
            let found = solve_cholesky(rt, &l, &b, setup.target).unwrap();
            let x = Wide::read((given.columns, n), &found);
            let size = a.norm() * x.norm() + given.norm();
            a.times(&x).less(&given).is_little(size, (n, n), "Cholesky's solution");
        }
    }
}

fn not_definite(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("not_definite"));
    for (n, at) in [(1, 0), (2, 1), (16, 15), (40, 3), (200, 150)] {
        let mut values = definite(&mut random, n);
        values[at * n + at] = -3.0;
        let found = cholesky(rt, &rt.picture(values, (n, n)).unwrap(), setup.target);
        says(found, ErrorKind::Setting, &["not positive definite", &format!("row and column {at} is -3")]);
    }
    let ones = rt.picture(vec![1.0f32; 9], (3, 3)).unwrap();
    let words = ["row and column 1 is 0"];
    says(cholesky(rt, &ones, setup.target), ErrorKind::Setting, &words);
}

fn by_lu(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("lu"));
    for shape in shapes() {
        let (columns, rows) = shape;
        let (a, values) = matrix(setup, &mut random, shape, (-1.0, 1.0));
        let found = lu(rt, &a, setup.target).unwrap();
        let (packed, least) = (Wide::read(shape, found.packed()), columns.min(rows));
        assert_eq!(found.pivots().len(), least);
        assert!(found.pivots().iter().enumerate().all(|(k, pivot)| (k..rows).contains(pivot)));
        let lower = Wide::made((least, rows), |x, y| match x.cmp(&y) {
            std::cmp::Ordering::Less => packed.at(x, y),
            std::cmp::Ordering::Equal => 1.0,
            std::cmp::Ordering::Greater => 0.0,
        });
        assert!(lower.values.iter().all(|x| x.abs() <= 1.0), "each pivot is the largest");
        let upper = Wide::made((columns, least), |x, y| if x >= y { packed.at(x, y) } else { 0.0 });
        let (order, given) = (found.order(), Wide::of(shape, &values));
        let exchanged = Wide::made(shape, |x, y| given.at(x, order[y]));
        exchanged.less(&lower.times(&upper)).is_little(given.norm(), shape, "LU");
    }
}

fn solved(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("solved"));
    for n in SIDES {
        let (a, values) = matrix(setup, &mut random, (n, n), (-1.0, 1.0));
        let all = Wide::of((n, n), &values);
        let factors = lu(rt, &a, setup.target).unwrap();
        for (b, given) in right_sides(setup, &mut random, n) {
            let found = factors.solve(rt, &b, setup.target).unwrap();
            let x = Wide::read((given.columns, n), &found);
            let size = all.norm() * x.norm() + given.norm();
            all.times(&x).less(&given).is_little(size, (n, n), "a solution");
            let again = solve(rt, &a, &b, setup.target).unwrap();
            if !setup.uses_gpu() {
                assert_eq!(again.to_vec().unwrap(), found.to_vec().unwrap());
            }
        }
    }
    // A far better condition than that of random numbers: the solution itself.
    let (a, all) = easy(setup, &mut random, 150);
    let (b, values) = matrix(setup, &mut random, (3, 150), (-1.0, 1.0));
    let x = Wide::read((3, 150), &solve(rt, &a, &b, setup.target).unwrap());
    let given = Wide::of((3, 150), &values);
    let expected = Wide::new((3, 150), naive::solved(&all.values, &given.values, 150));
    x.less(&expected).is_little(20.0 * expected.norm(), (150, 150), "the solution");
}

fn singular(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("singular"));
    for (n, at) in [(1, 0), (2, 1), (17, 16), (40, 0), (200, 131)] {
        let (_, mut values) = matrix(setup, &mut random, (n, n), (-1.0, 1.0));
        values.iter_mut().skip(at).step_by(n).for_each(|x| *x = 0.0);
        let a = rt.picture(values, (n, n)).unwrap();
        let (b, _) = matrix(setup, &mut random, (1, n), (-1.0, 1.0));
        // It has factors.
        assert!(lu(rt, &a, setup.target).is_ok());
        let words = ["singular", &format!("column {at} is 0")];
        says(solve(rt, &a, &b, setup.target), ErrorKind::Setting, &words);
    }
    let ones = rt.picture(vec![1.0f32; 4], (2, 2)).unwrap();
    let b = rt.array(vec![1.0f32; 2]).unwrap();
    says(solve(rt, &ones, &b, setup.target), ErrorKind::Setting, &["column 1 is 0"]);
}

fn by_qr(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("qr"));
    for shape in shapes() {
        let (columns, rows) = shape;
        let least = columns.min(rows);
        let (a, values) = matrix(setup, &mut random, shape, (-1.0, 1.0));
        let given = Wide::of(shape, &values);
        let found = qr(rt, &a, setup.target).unwrap();
        let (q, r) = (found.q(rt, setup.target).unwrap(), Wide::read((columns, least), found.r()));
        let q = Wide::read((least, rows), &q);
        assert!((0..least).all(|y| (0..y).all(|x| r.at(x, y) == 0.0)), "zeros below the diagonal");
        given.less(&q.times(&r)).is_little(given.norm(), shape, "QR");
        let one = Wide::identity(least);
        q.turned().times(&q).less(&one).is_little(one.norm(), shape, "QᵀQ");
    }
    // The triangle itself, where the condition is good.
    let (a, values) = matrix(setup, &mut random, (40, 300), (-1.0, 1.0));
    let r = Wide::read((40, 40), qr(rt, &a, setup.target).unwrap().r());
    let positive = Wide::made((40, 40), |x, y| r.at(x, y) * r.at(y, y).signum());
    let expected = Wide::new((40, 40), naive::triangle(&values, 40));
    positive.less(&expected).is_little(expected.norm(), (40, 300), "the triangle");
}

fn least_squares(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("least_squares"));
    for shape in shapes().filter(|(columns, rows)| columns <= rows) {
        let (columns, rows) = shape;
        let (a, values) = matrix(setup, &mut random, shape, (-1.0, 1.0));
        let (all, factors) = (Wide::of(shape, &values), qr(rt, &a, setup.target).unwrap());
        for (b, given) in right_sides(setup, &mut random, rows) {
            let found = factors.solve(rt, &b, setup.target).unwrap();
            let x = Wide::read((given.columns, columns), &found);
            let off = all.times(&x).less(&given);
            let size = all.norm() * (all.norm() * x.norm() + given.norm());
            // What is left over is at right angles to all columns.
            all.turned().times(&off).is_little(size, shape, "least squares");
        }
    }
    let line = rt.array(vec![1.0f32, 3.0, 5.0]).unwrap();
    let a = rt.picture(vec![1.0f32, 0.0, 1.0, 1.0, 1.0, 2.0], (2, 3)).unwrap();
    let x = qr(rt, &a, setup.target).unwrap().solve(rt, &line, setup.target).unwrap();
    assert_eq!(x.domain(), Domain::Line(2));
    Wide::read((1, 2), &x.shaped((1, 2)).unwrap()).less(&Wide::new((1, 2), vec![1.0, 2.0])).is_little(
        5.0,
        (2, 3),
        "a line",
    );
}

fn dependent(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("dependent"));
    for (shape, at) in [((1, 1), 0), ((3, 9), 0), ((200, 210), 131)] {
        let (_, mut values) = matrix(setup, &mut random, shape, (-1.0, 1.0));
        values.iter_mut().skip(at).step_by(shape.0).for_each(|x| *x = 0.0);
        let factors = qr(rt, &rt.picture(values.clone(), shape).unwrap(), setup.target).unwrap();
        let q = Wide::read(shape, &factors.q(rt, setup.target).unwrap());
        q.turned().times(&q).less(&Wide::identity(shape.0)).is_little(1.0, shape, "Q of dependent columns");
        let (b, _) = matrix(setup, &mut random, (2, shape.1), (-1.0, 1.0));
        let found = factors.solve(rt, &b, setup.target);
        says(found, ErrorKind::Setting, &[&format!("columns up to {at}"), "R has 0"]);
    }
    let wide = qr(rt, &rt.picture(vec![1.0f32; 6], (3, 2)).unwrap(), setup.target).unwrap();
    let b = rt.array(vec![1.0f32; 2]).unwrap();
    says(wide.solve(rt, &b, setup.target), ErrorKind::ShapeMismatch, &["2 rows and 3 columns"]);
}

/// What a launch left where it computed it is a matrix too.
fn of_results(setup: &Setup) {
    let (rt, mut random, n) = (setup.runtime(), Inputs::new("of_results"), 150);
    let (a, all) = {
        let values = definite(&mut random, n);
        let held = rt.picture(values.clone(), (n, n)).unwrap();
        (setup.reduce(&held).run().unwrap(), Wide::of((n, n), &values))
    };
    let l = Wide::read((n, n), &cholesky(rt, &a, setup.target).unwrap());
    all.less(&l.times(&l.turned())).is_little(all.norm(), (n, n), "Cholesky");
    let (b, values) = matrix(setup, &mut random, (9, n), (-1.0, 1.0));
    let (b, given) = (setup.reduce(&b).run().unwrap(), Wide::of((9, n), &values));
    let factors = qr(rt, &a, setup.target).unwrap();
    for x in [solve(rt, &a, &b, setup.target), factors.solve(rt, &b, setup.target)] {
        let x = Wide::read((9, n), &x.unwrap());
        all.times(&x).less(&given).is_little(all.norm() * x.norm() + given.norm(), (n, n), "a solution");
    }
}

/// No number goes through as no number, or is told; nothing waits for ever.
fn of_nan(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("of_nan"));
    for n in [1, 2, 20, 140] {
        for place in [0, n * n / 2, n * n - 1] {
            let place = if place % n > place / n { place % n * n + place / n } else { place };
            for odd in [f32::NAN, f32::INFINITY] {
                let mut values = definite(&mut random, n);
                values[place] = odd;
                let a = rt.picture(values, (n, n)).unwrap();
                let (b, _) = matrix(setup, &mut random, (2, n), (1.0, 2.0));
                let some = |x: Array<f32>| x.to_vec().unwrap().iter().any(|x| !x.is_finite() || *x == 0.0);
                match cholesky(rt, &a, setup.target) {
                    Ok(l) => assert!(odd.is_infinite() && some(l)),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::Setting, "{error}"),
                }
                let factors = lu(rt, &a, setup.target).unwrap();
                assert!(some(factors.packed().clone()));
                assert!(
                    factors.solve(rt, &b, setup.target).is_err_and(|e| e.kind() == ErrorKind::Setting)
                        || some(factors.solve(rt, &b, setup.target).unwrap())
                );
                let factors = qr(rt, &a, setup.target).unwrap();
                assert!(n == 1 || some(factors.solve(rt, &b, setup.target).unwrap()));
                assert!(solve_triangular(rt, &a, Triangle::LOWER, &b, setup.target).is_ok_and(some));
            }
        }
    }
}

fn wrong(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let of = |shape: (usize, usize)| rt.picture(vec![1.0f32; shape.0 * shape.1], shape).unwrap();
    let line = rt.array(vec![1.0f32; 4]).unwrap();
    let mismatch = ErrorKind::ShapeMismatch;
    says(cholesky(rt, &of((2, 3)), target), mismatch, &["2 columns and 3 rows", "Cholesky"]);
    says(cholesky(rt, &line, target), mismatch, &["line of 4"]);
    assert_eq!(lu(rt, &line, target).map(|_| ()).unwrap_err().kind(), mismatch);
    assert_eq!(qr(rt, &line, target).map(|_| ()).unwrap_err().kind(), mismatch);
    says(solve(rt, &of((2, 3)), &of((1, 3)), target), mismatch, &["2 columns and 3 rows", "qr"]);
    says(solve(rt, &of((2, 2)), &of((1, 3)), target), mismatch, &["3 rows and the matrix 2"]);
    let lower = Triangle::LOWER;
    says(solve_triangular(rt, &of((3, 2)), lower, &of((1, 3)), target), mismatch, &["3 columns and 2 rows"]);
    says(solve_triangular(rt, &of((3, 3)), lower, &of((3, 1)), target), mismatch, &["1 rows"]);
    let factors = qr(rt, &of((1, 3)), target).unwrap();
    says(factors.solve(rt, &of((3, 1)), target), mismatch, &["1 rows and the matrix 3"]);
}
