//! Sparse matrices, and the methods that only multiply.

use manylane::prelude::*;
use manylane_matrix::solvers::{Rule, conjugate_gradients, jacobi, power};
use manylane_matrix::{Csr, naive};
use manylane_testkit::{Property, Random as Inputs, Setup};

use crate::{EPSILON, near};

pub const ALL: &[Property] = &[
    ("csr_times", times),
    ("csr_uneven", uneven),
    ("csr_wrong", wrong),
    ("jacobi", by_jacobi),
    ("jacobi_that_grows", growing),
    ("conjugate_gradients", by_gradients),
    ("conjugate_gradients_not_definite", not_definite),
    ("power", by_power),
];

type Entries = Vec<(u32, u32, f32)>;

fn some(random: &mut Inputs, (rows, columns): (usize, usize), count: usize) -> Entries {
    if rows * columns == 0 {
        return Vec::new();
    }
    random.many(count, |random| {
        (random.below(rows) as u32, random.below(columns) as u32, random.float(-1.0, 1.0))
    })
}

/// All elements, row after row.
fn full(entries: &Entries, (rows, columns): (usize, usize)) -> Vec<f64> {
    let mut all = vec![0.0; rows * columns];
    for (row, column, value) in entries {
        all[*row as usize * columns + *column as usize] += f64::from(*value);
    }
    all
}

#[track_caller]
fn check(setup: &Setup, random: &mut Inputs, (rows, columns): (usize, usize), entries: &Entries) {
    let rt = setup.runtime();
    let a = Csr::of(rt, (rows, columns), entries).unwrap();
    assert_eq!((a.rows(), a.columns(), a.values().len()), (rows, columns, entries.len()));
    let x = random.many(columns, |random| random.float(-1.0, 1.0));
    let found = a.times(rt, &rt.array(x.clone()).unwrap(), setup.target).unwrap();
    let (mut expected, mut most) = (vec![0.0; rows], vec![0.0; rows]);
    for (row, column, value) in entries {
        let product = f64::from(*value) * f64::from(x[*column as usize]);
        expected[*row as usize] += product;
        most[*row as usize] += product.abs();
    }
    let longest = a.offsets().windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    near("csr", &found, &expected, |row| 10.0 * f64::from(longest) * EPSILON * most[row]);
}

fn times(setup: &Setup) {
    let mut random = Inputs::new("csr_times");
    for (shape, count) in [
        ((0, 0), 0),
        ((0, 5), 0),
        ((5, 0), 0),
        ((1, 1), 1),
        ((1, 50), 20),
        ((50, 1), 20),
        ((7, 9), 0),
        ((100, 80), 700),
        ((1_000, 1_000), 5_000),
        ((3_000, 2_000), 40_000),
    ] {
        let entries = some(&mut random, shape, count);
        check(setup, &mut random, shape, &entries);
    }
}

/// One row has nearly all, most have nothing.
fn uneven(setup: &Setup) {
    let mut random = Inputs::new("csr_uneven");
    let mut entries = some(&mut random, (2_000, 3_000), 500);
    entries.extend(random.many(20_000, |random| (700, random.below(3_000) as u32, random.float(-1.0, 1.0))));
    check(setup, &mut random, (2_000, 3_000), &entries);
}

fn wrong(setup: &Setup) {
    let rt = setup.runtime();
    let new = |offsets: &[u32], places: &[u32], values: usize| {
        Csr::new(rt, 3, offsets.to_vec(), places.to_vec(), vec![1.0; values]).map(|_| ()).unwrap_err()
    };
    for (error, kind, says) in [
        (new(&[], &[], 0), ErrorKind::ShapeMismatch, "begins"),
        (new(&[1, 2], &[0, 0], 2), ErrorKind::ShapeMismatch, "begins"),
        (new(&[0, 2, 1], &[0], 1), ErrorKind::ShapeMismatch, "row 1"),
        (new(&[0, 1, 2], &[0], 1), ErrorKind::ShapeMismatch, "row, 1"),
        (new(&[0, 2], &[0], 2), ErrorKind::ShapeMismatch, "2 values and 1"),
        (new(&[0, 0, 1, 3], &[2, 0, 3], 3), ErrorKind::OutOfBounds, "row 2 has a value in column 3"),
    ] {
        assert!(error.kind() == kind && error.to_string().contains(says), "{error}");
    }
    let error = Csr::of(rt, (2, 2), &[(2, 0, 1.0)]).map(|_| ()).unwrap_err();
    assert!(error.kind() == ErrorKind::OutOfBounds && error.to_string().contains("row 2"), "{error}");
    let a = Csr::of(rt, (2, 3), &[(1, 2, 4.0)]).unwrap();
    let two = rt.array(vec![1.0f32; 2]).unwrap();
    assert_eq!(a.times(rt, &two, setup.target).unwrap_err().kind(), ErrorKind::ShapeMismatch);
    let rule = Rule { tolerance: 1e-5, most: 9 };
    assert_eq!(
        jacobi(rt, &a, &two, rule, setup.target).map(|_| ()).unwrap_err().kind(),
        ErrorKind::ShapeMismatch
    );
}

/// Symmetric, and its diagonal is larger than the rest of each row together: so it is positive definite.
fn dominant(random: &mut Inputs, n: usize) -> Entries {
    let mut entries = Vec::new();
    let mut sums = vec![1.0f32; n];
    for (row, column, value) in some(random, (n, n), 3 * n) {
        if row != column {
            entries.extend([(row, column, value), (column, row, value)]);
            sums[row as usize] += value.abs();
            sums[column as usize] += value.abs();
        }
    }
    entries.extend((0..n).map(|row| (row as u32, row as u32, 1.2 * sums[row])));
    entries
}

/// The norm of `b - A x` over that of `b`, in `f64`.
fn rest(entries: &Entries, x: &[f32], b: &[f32]) -> f64 {
    let mut rest: Vec<f64> = b.iter().map(|b| f64::from(*b)).collect();
    for (row, column, value) in entries {
        rest[*row as usize] -= f64::from(*value) * f64::from(x[*column as usize]);
    }
    let norm = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>().sqrt();
    norm(&mut rest.into_iter()) / norm(&mut b.iter().map(|b| f64::from(*b)))
}

fn by_jacobi(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("jacobi"));
    for n in [1, 2, 17, 500] {
        let entries = dominant(&mut random, n);
        let b = random.many(n, |random| random.float(0.5, 1.0));
        let a = Csr::of(rt, (n, n), &entries).unwrap();
        let rule = Rule { tolerance: 1e-5, most: 200 };
        let found = jacobi(rt, &a, &rt.array(b.clone()).unwrap(), rule, setup.target).unwrap();
        assert!(
            found.converged && found.residual <= 1e-5 && found.iterations < 200,
            "{n}: {}",
            found.residual
        );
        assert!(rest(&entries, &found.x.to_vec().unwrap(), &b) <= 2e-5);
        let few = Rule { tolerance: 1e-5, most: 1 };
        let few = jacobi(rt, &a, &rt.array(b.clone()).unwrap(), few, setup.target).unwrap();
        assert!(few.iterations <= 1 && few.converged == (few.residual <= 1e-5));
    }
    let nothing = rt.array(vec![0.0f32; 2]).unwrap();
    let a = Csr::of(rt, (2, 2), &[(0, 0, 1.0), (1, 0, 1.0)]).unwrap();
    let rule = Rule { tolerance: 1e-5, most: 9 };
    let error = jacobi(rt, &a, &nothing, rule, setup.target).map(|_| ()).unwrap_err();
    assert!(error.kind() == ErrorKind::Setting && error.to_string().contains("row 1"), "{error}");
}

fn growing(setup: &Setup) {
    let rt = setup.runtime();
    let a = Csr::of(rt, (2, 2), &[(0, 0, 1.0), (0, 1, 9.0), (1, 0, 9.0), (1, 1, 1.0)]).unwrap();
    let b = rt.array(vec![1.0f32, 2.0]).unwrap();
    let rule = Rule { tolerance: 1e-5, most: 10_000 };
    let found = jacobi(rt, &a, &b, rule, setup.target).unwrap();
    assert!(!found.converged && found.iterations < 100, "{}", found.iterations);
}

fn by_gradients(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("conjugate_gradients"));
    for n in [1, 2, 17, 500] {
        let entries = dominant(&mut random, n);
        let b = random.many(n, |random| random.float(-1.0, 1.0));
        let a = Csr::of(rt, (n, n), &entries).unwrap();
        let rule = Rule { tolerance: 2e-6, most: 200 };
        let held = rt.array(b.clone()).unwrap();
        let found = conjugate_gradients(rt, &a, &held, rule, setup.target).unwrap();
        assert!(
            found.converged && found.residual <= 2e-6 && found.iterations < 200,
            "{n}: {}",
            found.residual
        );
        assert!(rest(&entries, &found.x.to_vec().unwrap(), &b) <= 4e-6);
        // Dense, the same; and a tolerance that floats cannot meet ends, and says so.
        let all: Vec<f32> = full(&entries, (n, n)).into_iter().map(|x| x as f32).collect();
        let all = rt.picture(all, (n, n)).unwrap();
        let dense = conjugate_gradients(rt, &all, &held, rule, setup.target).unwrap();
        assert!(dense.converged && rest(&entries, &dense.x.to_vec().unwrap(), &b) <= 4e-6);
        let never = Rule { tolerance: 0.0, most: 40 };
        let never = conjugate_gradients(rt, &a, &held, never, setup.target).unwrap();
        assert!(never.converged == (never.residual == 0.0) && never.iterations <= 41, "{}", never.iterations);
    }
    let nothing = rt.array(vec![0.0f32; 2]).unwrap();
    let a = Csr::of(rt, (2, 2), &[(0, 0, 1.0), (1, 1, 1.0)]).unwrap();
    let rule = Rule { tolerance: 1e-6, most: 9 };
    let found = conjugate_gradients(rt, &a, &nothing, rule, setup.target).unwrap();
    assert!(found.converged && found.iterations == 0 && found.x.to_vec().unwrap() == [0.0, 0.0]);
    let wrong = Rule { tolerance: f32::NAN, most: 9 };
    let error = conjugate_gradients(rt, &a, &nothing, wrong, setup.target).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
}

fn not_definite(setup: &Setup) {
    let rt = setup.runtime();
    let a = Csr::of(rt, (2, 2), &[(0, 0, 1.0), (1, 1, -1.0)]).unwrap();
    let b = rt.array(vec![0.0f32, 1.0]).unwrap();
    let rule = Rule { tolerance: 1e-6, most: 9 };
    let error = conjugate_gradients(rt, &a, &b, rule, setup.target).map(|_| ()).unwrap_err();
    assert!(error.kind() == ErrorKind::Setting && error.to_string().contains("positive definite"), "{error}");
    // Singular, and the right side out of its reach.
    let a = Csr::of(rt, (2, 2), &[(0, 0, 1.0)]).unwrap();
    let error = conjugate_gradients(rt, &a, &b, rule, setup.target).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
}

fn by_power(setup: &Setup) {
    let rt = setup.runtime();
    // The path of n nodes: 2 on the diagonal and -1 beside it; its eigenvalues are known.
    let n = 12;
    let mut entries = Vec::new();
    for k in 0..n as u32 {
        entries.push((k, k, 2.0));
        if k > 0 {
            entries.extend([(k, k - 1, -1.0), (k - 1, k, -1.0)]);
        }
    }
    let value = 2.0 + 2.0 * (std::f64::consts::PI / (n as f64 + 1.0)).cos();
    let a = Csr::of(rt, (n, n), &entries).unwrap();
    let start = rt.array((0..n).map(|k| 1.0 + (k % 3) as f32).collect::<Vec<f32>>()).unwrap();
    let rule = Rule { tolerance: 1e-4, most: 5_000 };
    let found = power(rt, &a, &start, rule, setup.target).unwrap();
    assert!(found.converged && (f64::from(found.value) - value).abs() < 1e-4, "{} {value}", found.value);
    let x = found.x.to_vec().unwrap();
    let image = naive::times(&full(&entries, (n, n)).iter().map(|x| *x as f32).collect::<Vec<_>>(), n, &x);
    assert!(image.iter().zip(&x).all(|(image, x)| (image - value * f64::from(*x)).abs() < 1e-3));
    let nothing = rt.array(vec![0.0f32; n]).unwrap();
    let error = power(rt, &a, &nothing, rule, setup.target).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
    let (zero, one) = (Csr::of(rt, (1, 1), &[]).unwrap(), rt.array(vec![1.0f32]).unwrap());
    let found = power(rt, &zero, &one, Rule { tolerance: 1e-4, most: 9 }, setup.target).unwrap();
    assert!(found.converged && found.value == 0.0);
}
