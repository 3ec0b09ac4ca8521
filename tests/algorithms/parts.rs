//! Reductions and scans of rows, columns, segments and runs of equal keys: each part by itself, its every bit held.

use manylane::api::op;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Setup, tree};

use crate::Property;
use crate::numbers::{Number, each_type, refused, same};
use crate::scans::{check, oracle};

pub const TYPED: &[Property] =
    each_type![rows, columns, segments, scan_of_rows, scan_of_columns, scan_of_segments];
pub const OTHERS: &[Property] = &[
    ("rows_i64", rows::<i64>),
    ("segments_f64", segments::<f64>),
    ("rows_by_own_u32", own),
    ("rows_of_a_map_f32", mapped),
    ("reduce_by_key_f32", by_key),
    ("long_segments_f32", long),
    ("scan_of_rows_i64", scan_of_rows::<i64>),
    ("scan_of_segments_by_own_u32", own_scan),
    ("wrong_offsets_f32", wrong),
];

/// Rows shorter and longer than a vector, a block and several; none, and empty ones.
const SHAPES: [(usize, usize); 10] = [
    (1, 1),
    (3, 5),
    (5, 3),
    (17, 100),
    (128, 65),
    (1, 3_000),
    (4_096, 3),
    (5_000, 7),
    (12_289, 2),
    (700, 129),
];

fn picture<T: Number>(setup: &Setup, shape: (usize, usize), random: &mut Inputs) -> (Vec<T>, Array<T>) {
    let x: Vec<T> = (0..shape.0 * shape.1).map(|_| T::fraction(random.below(1 << 20))).collect();
    (x.clone(), setup.runtime().picture(x, shape).unwrap())
}

fn agree<T: Number>(what: &str, found: &Array<T>, expected: &[T]) {
    let found = found.read().unwrap();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(same(*found, *expected), "{what}: {found:?} at {at}, not {expected:?}");
    }
}

fn rows<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).rows().sum().map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("rows");
    for shape in SHAPES {
        let (x, stored) = picture::<T>(setup, shape, &mut random);
        let sum = |row: &[T]| tree(row, T::ADDITIVE, T::small(0), T::plus);
        let expected: Vec<T> = x.chunks(shape.0).map(sum).collect();
        agree(&format!("{shape:?}"), &setup.reduce(&stored).rows().sum().unwrap(), &expected);
        let least = |row: &[T]| row.iter().copied().reduce(|a, b| if b < a { b } else { a }).unwrap();
        let expected: Vec<T> = x.chunks(shape.0).map(least).collect();
        agree(&format!("{shape:?}, min"), &setup.reduce(&stored).rows().min().unwrap(), &expected);
    }
}

/// Strips of 64 rows from the top, neighbours paired up.
fn column<T: Number>(values: &[T]) -> T {
    let mut strips: Vec<T> =
        values.chunks(64).map(|strip| strip.iter().fold(T::ADDITIVE, |sum, x| sum.plus(*x))).collect();
    while strips.len() > 1 {
        strips = strips.chunks(2).map(|pair| pair[1..].iter().fold(pair[0], |a, b| a.plus(*b))).collect();
    }
    strips.first().copied().unwrap_or(T::small(0))
}

fn columns<T: Number>(setup: &Setup) {
    let mut random = Inputs::new("columns");
    for shape in SHAPES {
        let (x, stored) = picture::<T>(setup, shape, &mut random);
        let of = |at: usize| x.iter().skip(at).step_by(shape.0).copied().collect::<Vec<T>>();
        let expected: Vec<T> = (0..shape.0).map(|at| column(&of(at))).collect();
        agree(&format!("{shape:?}"), &setup.reduce(&stored).columns().sum().unwrap(), &expected);
    }
    let line: Vec<T> = (0..300).map(T::small).collect();
    agree("a line", &setup.reduce(&line).columns().max().unwrap(), &line);
}

fn segments<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).segments(&[0, 2]).sum().map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("segments");
    for (n, most) in [(1, 1), (100, 7), (5_000, 1), (20_000, 300), (100_003, 9_000), (100_003, 60_000)] {
        let x: Vec<T> = (0..n).map(|_| T::fraction(random.below(1 << 20))).collect();
        // Some are empty; the first begins somewhere, the last ends somewhere.
        let mut offsets = vec![random.below(n.min(5)) as u32];
        while let Some(last) = offsets.last().map(|last| *last as usize)
            && last + most < n
            && offsets.len() < 4_000
        {
            offsets.push((last + random.below(most + 1)) as u32);
        }
        let expected: Vec<T> = offsets
            .windows(2)
            .map(|pair| tree(&x[pair[0] as usize..pair[1] as usize], T::ADDITIVE, T::small(0), T::plus))
            .collect();
        let found = setup.reduce(&x).segments(&offsets).sum().unwrap();
        agree(&format!("{n}, up to {most}"), &found, &expected);
    }
    assert_eq!(setup.reduce(&[T::small(1); 3]).segments(&[2]).sum().unwrap().len(), 0);
}

/// Not commutative.
#[kernel]
fn last_set(a: u32, b: u32) -> u32 {
    if b != 0 { b } else { a }
}

fn own(setup: &Setup) {
    let mut random = Inputs::new("own_rows");
    // In one block of at most 128 places every accumulator has one value, so the order is kept.
    let x = random.many(50 * 128, |r| if r.below(9) == 0 { r.u32() } else { 0 });
    let stored = setup.runtime().picture(x.clone(), (128, 50)).unwrap();
    let found = setup.reduce(&stored).rows().reduce(op::own::<max_of>(0)).unwrap();
    let expected: Vec<u32> = x.chunks(128).map(|row| row.iter().copied().max().unwrap()).collect();
    assert_eq!(found.to_vec().unwrap(), expected);
    let found = setup.reduce(&stored).columns().reduce(op::own::<last_set>(0)).unwrap();
    let expected: Vec<u32> =
        (0..128).map(|at| x.iter().skip(at).step_by(128).fold(0, |a, b| last_set(a, *b))).collect();
    assert_eq!(found.to_vec().unwrap(), expected, "columns keep the order");
}

#[kernel]
fn max_of(a: u32, b: u32) -> u32 {
    if a > b { a } else { b }
}

#[kernel]
fn slope(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, 1, 0) - src.near(at, -1, 0)
}

fn mapped(setup: &Setup) {
    let (w, h) = (300, 40);
    let x: Vec<f32> = (0..w * h).map(|k| (k % 97) as f32).collect();
    let src = setup.runtime().picture(x.clone(), (w, h)).unwrap();
    let expected: Vec<f32> = x
        .chunks(w)
        .map(|row| (0..w).map(|i| row[(i + 1).min(w - 1)] - row[i.saturating_sub(1)]).sum::<f32>())
        .collect();
    let found = setup.map::<slope>((&src,)).rows().sum().unwrap();
    assert_eq!(found.to_vec().unwrap(), expected);
}

fn by_key(setup: &Setup) {
    let rt = setup.runtime();
    let mut random = Inputs::new("by_key");
    for n in [0usize, 1, 100, 9_001] {
        let mut keys = Vec::new();
        while keys.len() < n {
            let (key, run) = (random.below(5) as u32, random.below(40) + 1);
            keys.extend(std::iter::repeat_n(key, run.min(n - keys.len())));
        }
        let values: Vec<f32> = (0..n).map(|k| (k % 7) as f32).collect();
        let (mut wanted, mut sums): (Vec<u32>, Vec<f32>) = (Vec::new(), Vec::new());
        for (key, value) in keys.iter().zip(&values) {
            if wanted.last() != Some(key) {
                wanted.push(*key);
                sums.push(0.0);
            }
            *sums.last_mut().unwrap() += value;
        }
        let (keys, values) = (rt.array(keys).unwrap(), rt.array(values).unwrap());
        let (found, reduced) = rt.reduce_by_key(&keys, &values, op::Sum).unwrap();
        assert_eq!((found.to_vec().unwrap(), reduced.to_vec().unwrap()), (wanted, sums), "{n}");
    }
}

fn scan_of_rows<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).segments(&[0, 5]).inclusive_scan(op::Sum).map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("scan_of_rows");
    for shape in SHAPES {
        let (x, stored) = picture::<T>(setup, shape, &mut random);
        let row = |row: &[T]| oracle(row, T::ADDITIVE, T::plus);
        let expected: Vec<T> = x.chunks(shape.0).flat_map(row).collect();
        let found = setup.reduce(&stored).rows().inclusive_scan(op::Sum).unwrap();
        assert_eq!(found.domain(), stored.domain());
        check(&format!("rows of {shape:?}"), &found, &expected);
        let later = |row: &[T]| [&[T::small(0)], &row[..row.len() - 1]].concat();
        let expected: Vec<T> = expected.chunks(shape.0).flat_map(later).collect();
        let found = setup.reduce(&stored).rows().exclusive_scan(op::Sum).unwrap();
        check(&format!("exclusive, rows of {shape:?}"), &found, &expected);
    }
}

/// The column's strips of 64 from the top, behind the chained totals of those before.
fn column_scan<T: Number>(values: &[T]) -> Vec<T> {
    let (mut before, mut out) = (T::ADDITIVE, Vec::new());
    for strip in values.chunks(64) {
        let mut running = T::ADDITIVE;
        for x in strip {
            running = running.plus(*x);
            out.push(before.plus(running));
        }
        before = before.plus(running);
    }
    out
}

fn scan_of_columns<T: Number>(setup: &Setup) {
    let mut random = Inputs::new("scan_of_columns");
    for (width, height) in SHAPES {
        let (x, stored) = picture::<T>(setup, (width, height), &mut random);
        let (mut expected, mut later) = (x.clone(), vec![T::small(0); x.len()]);
        for at in 0..width {
            let column: Vec<T> = x.iter().skip(at).step_by(width).copied().collect();
            for (row, sum) in column_scan(&column).into_iter().enumerate() {
                expected[row * width + at] = sum;
                if row + 1 < height {
                    later[(row + 1) * width + at] = sum;
                }
            }
        }
        let found = setup.reduce(&stored).columns().inclusive_scan(op::Sum).unwrap();
        check(&format!("columns of {width} x {height}"), &found, &expected);
        let found = setup.reduce(&stored).columns().exclusive_scan(op::Sum).unwrap();
        check(&format!("exclusive, columns of {width} x {height}"), &found, &later);
    }
}

/// Offsets from 0 to `n` with segments of up to `most`, some of them empty.
fn covering(random: &mut Inputs, n: usize, most: usize) -> Vec<u32> {
    let mut offsets = vec![0u32];
    while let Some(last) = offsets.last().map(|last| *last as usize)
        && last < n
    {
        offsets.push((last + random.below(most + 1)).min(n) as u32);
    }
    offsets
}

fn scan_of_segments<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).segments(&[0, 5]).inclusive_scan(op::Sum).map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("scan_of_segments");
    for (n, most) in [(1, 1), (100, 7), (5_000, 1), (20_000, 300), (100_003, 9_000), (100_003, 60_000)] {
        let x: Vec<T> = (0..n).map(|_| T::fraction(random.below(1 << 20))).collect();
        let offsets = covering(&mut random, n, most);
        let parts = || offsets.windows(2).map(|pair| &x[pair[0] as usize..pair[1] as usize]);
        let expected: Vec<T> = parts().flat_map(|part| oracle(part, T::ADDITIVE, T::plus)).collect();
        let found = setup.reduce(&x).segments(&offsets).inclusive_scan(op::Sum).unwrap();
        check(&format!("{n}, up to {most}"), &found, &expected);
        let found = setup.reduce(&x).segments(&offsets).exclusive_scan(op::Max).unwrap();
        let greatest = |part: &[T]| {
            let mut most = T::SMALLEST;
            let next = |x: &T| {
                let before = most;
                most = if *x > most { *x } else { most };
                before
            };
            part.iter().map(next).collect::<Vec<T>>()
        };
        let expected: Vec<T> = parts().flat_map(greatest).collect();
        check(&format!("max, {n}, up to {most}"), &found, &expected);
    }
}

/// Segments so long that threads divide them, between short ones; one of more blocks than a chain of a scan has.
fn long(setup: &Setup) {
    let lengths = [3, 700_001, 0, 5_000, 280_000, 1, 262_145];
    let mut offsets = vec![0u32];
    for length in lengths.into_iter().chain((!setup.uses_gpu()).then_some((1 << 20) + 9_000)) {
        offsets.push(offsets[offsets.len() - 1] + length);
    }
    let n = offsets[offsets.len() - 1] as usize;
    let mut random = Inputs::new("long_segments");
    let x: Vec<f32> = (0..n).map(|_| f32::fraction(random.below(1 << 20))).collect();
    let parts = || offsets.windows(2).map(|pair| &x[pair[0] as usize..pair[1] as usize]);
    let expected: Vec<f32> = parts().map(|part| tree(part, -0.0, 0.0, |a, b| a + b)).collect();
    agree("sums", &setup.reduce(&x).segments(&offsets).sum().unwrap(), &expected);
    let expected: Vec<f32> = parts().flat_map(|part| oracle(part, -0.0, |a, b| a + b)).collect();
    check("scans", &setup.reduce(&x).segments(&offsets).inclusive_scan(op::Sum).unwrap(), &expected);
}

fn own_scan(setup: &Setup) {
    let mut random = Inputs::new("own_scan");
    for (n, most) in [(9_000, 40), (50_000, 20_000)] {
        let x = random.many(n, |r| if r.below(9) == 0 { r.u32() | 1 } else { 0 });
        let offsets = covering(&mut random, n, most);
        let found = setup.reduce(&x).segments(&offsets).inclusive_scan(op::own::<last_set>(0)).unwrap();
        let mut expected = Vec::new();
        for pair in offsets.windows(2) {
            let mut last = 0;
            for x in &x[pair[0] as usize..pair[1] as usize] {
                last = last_set(last, *x);
                expected.push(last);
            }
        }
        assert_eq!(found.to_vec().unwrap(), expected, "{n}, up to {most}");
    }
}

fn wrong(setup: &Setup) {
    let x = [1.0f32; 10];
    for offsets in [&[][..], &[3, 2], &[0, 11]] {
        let error = setup.reduce(&x).segments(offsets).sum().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ShapeMismatch, "{error}");
    }
    for offsets in [&[1, 10][..], &[0, 9], &[0], &[0, 11]] {
        let error = setup.reduce(&x).segments(offsets).inclusive_scan(op::Sum).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ShapeMismatch, "{error}");
    }
    let rt = setup.runtime();
    let (keys, values) = (rt.array(vec![1u32, 2]).unwrap(), rt.array(vec![1.0f32]).unwrap());
    let error = rt.reduce_by_key(&keys, &values, op::Sum).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch, "{error}");
}
