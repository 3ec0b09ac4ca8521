//! Views and writable parts of arrays, on every target, against plain loops over slices.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use std::ops::Range;

use manylane::View;
use manylane::prelude::*;
use manylane_testkit::{Random, Setup, gpu_is_required, targets};

/// The targets that are here; a missing GPU is said, or a failure where it must be.
fn setups() -> Vec<Setup> {
    let mut all = targets();
    all.retain(|setup| match setup.missing() {
        None => true,
        Some(why) => {
            assert!(!gpu_is_required(), "{}: {why}", setup.name);
            eprintln!("SKIPPED on {}: {why}", setup.name);
            false
        }
    });
    all
}

#[kernel]
fn double(x: f32) -> f32 {
    x * 2.0 + 1.0
}
#[kernel]
fn update(x: &mut f32, y: f32) {
    *x = *x * 0.5 + y;
}
#[kernel]
fn turn(x: u8) -> u8 {
    (x as u32 * 3 + 7) as u8
}
#[kernel]
fn mix(x: &mut u8, y: u8) {
    *x = (*x as u32 * 5 + y as u32) as u8;
}
#[kernel]
fn rotate(x: [u8; 3]) -> [u8; 3] {
    [x[1], x[2], x[0]]
}
#[kernel]
fn blend(x: &mut [u8; 3], y: [u8; 3]) {
    *x = [y[2], x[0], (x[1] as u32 + y[1] as u32) as u8];
}
#[kernel]
fn add(x: f32, y: f32) -> f32 {
    x + y
}
#[kernel]
fn both(x: f32) -> (f32, f32) {
    (x + 1.0, x - 1.0)
}
#[kernel]
fn backwards(i: Index, xs: &[f32]) -> f32 {
    xs[xs.len() - 1 - i as usize] * 2.0
}
#[kernel]
fn bytes_backwards(i: Index, xs: &[u8]) -> u32 {
    xs[xs.len() - 1 - i as usize] as u32
}
#[kernel]
fn beside(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, -1, 0) - src.near(at, 1, 1) * 3.0
}
#[kernel]
fn beside_bytes(at: Cell, src: Image<u8>) -> u32 {
    src.near(at, -1, 0) as u32 + src.near(at, 0, 1) as u32 * 256
}

/// Ranges of `0..n`: everything, nothing, one element, and what begins and ends where it likes.
fn ranges(random: &mut Random, n: usize) -> Vec<Range<usize>> {
    let mut ranges = vec![0..n, 0..0, n..n, n / 2..n, 0..n.div_ceil(3)];
    if n > 0 {
        ranges.extend([n - 1..n, 0..1]);
        for _ in 0..4 {
            let (a, b) = (random.below(n), random.below(n));
            ranges.push(a.min(b)..a.max(b) + 1);
        }
        // From where bindings of GPUs can begin, and from beside it.
        ranges.extend([64usize, 65, 256, 257, 4096].into_iter().filter(|at| *at < n).map(|at| at..n - 1));
    }
    ranges
}

/// Where the launch before left the array: at home, or on the target.
fn placed<T: manylane::kernel::LaneElement>(
    setup: &Setup,
    values: &[T],
    move_it: bool,
    run: impl Fn(&Setup, &Array<T>) -> Array<T>,
) -> (Array<T>, Vec<T>) {
    let array = setup.runtime().array(values.to_vec()).unwrap();
    if move_it {
        let moved = run(setup, &array);
        let values = moved.to_vec().unwrap();
        // Read once more from a fresh launch, so that nothing of it is at home.
        return (run(setup, &array), values);
    }
    (array, values.to_vec())
}

macro_rules! element_tests {
    ($name:ident, $type:ty, $map:ident, $update:ident, $make:expr, $updated:expr) => {
        #[test]
        fn $name() {
            let mut random = Random::new(concat!("views::", stringify!($name)));
            let mut make: fn(&mut Random) -> $type = $make;
            for setup in setups() {
                for n in [0, 1, 7, 4099, 20_011] {
                    for move_it in [false, true] {
                        let values = random.many(n, &mut make);
                        let (array, values) = placed(&setup, &values, move_it, |setup, array| {
                            setup.map::<$map>((array,)).run().unwrap()
                        });
                        for range in ranges(&mut random, n) {
                            let what = format!("{range:?} of {n}, moved {move_it}, {}", setup.name);
                            check(&setup, &array, &values, range, &mut random, &what);
                        }
                        assert!(array.to_vec().unwrap() == values, "{n} {}", setup.name);
                    }
                }
            }

            fn check(
                setup: &Setup,
                array: &Array<$type>,
                values: &[$type],
                range: Range<usize>,
                random: &mut Random,
                what: &str,
            ) {
                let view = array.slice(range.clone()).unwrap();
                let part = &values[range.clone()];
                assert_eq!((view.len(), view.is_empty()), (part.len(), part.is_empty()));
                // As an element, into an array.
                let mapped: Vec<$type> = part.iter().map(|x| $map(*x)).collect();
                assert!(setup.map::<$map>((&view,)).run().unwrap().to_vec().unwrap() == mapped, "{what}");
                assert!(view.to_vec().unwrap() == part, "{what}");

                // Results into a part: what is outside stays.
                let mut whole = array.clone();
                let mut expected = values.to_vec();
                expected[range.clone()].copy_from_slice(&mapped);
                setup.map::<$map>((&view,)).run_into(whole.slice_mut(range.clone()).unwrap()).unwrap();
                assert!(whole.to_vec().unwrap() == expected, "into {what}");

                // Again, with nobody else holding it, and by way of a borrowed part.
                drop(view);
                let again: Vec<$type> = mapped.iter().map(|x| $map(*x)).collect();
                let source = setup.runtime().array(mapped).unwrap();
                let mut target = whole.slice_mut(range.clone()).unwrap();
                setup.map::<$map>((&source,)).run_into(&mut target).unwrap();
                assert!(target.to_vec().unwrap() == again, "into {what}");
                expected[range.clone()].copy_from_slice(&again);

                let updated: fn($type, $type) -> $type = $updated;
                // In place, twice, the second time over what the first left where it ran.
                let other = random.many(again.len(), $make);
                for _ in 0..2 {
                    let target = whole.slice_mut(range.clone()).unwrap();
                    setup.map::<$update>((target, &other)).run().unwrap();
                    for (x, y) in expected[range.clone()].iter_mut().zip(&other) {
                        *x = updated(*x, *y);
                    }
                }
                assert!(whole.to_vec().unwrap() == expected, "in place {what}");
                assert!(array.to_vec().unwrap() == values, "a snapshot changed: {what}");
            }
        }
    };
}

element_tests!(parts_of_floats, f32, double, update, |random| (random.below(1 << 12)) as f32, |x, y| x * 0.5
    + y);
element_tests!(parts_of_bytes, u8, turn, mix, |random| random.u32() as u8, |x, y| x
    .wrapping_mul(5)
    .wrapping_add(y));
element_tests!(
    parts_of_pixels,
    [u8; 3],
    rotate,
    blend,
    |random| std::array::from_fn(|_| random.u32() as u8),
    |x, y| [y[2], x[0], x[1].wrapping_add(y[1])]
);

/// A picture of floats that is at home or on the target.
fn picture(setup: &Setup, random: &mut Random, (width, height): (usize, usize)) -> (Array<f32>, Vec<f32>) {
    let values: Vec<f32> = random.many(width * height, |random| random.below(1 << 12) as f32);
    let array = setup.runtime().picture(values.clone(), (width, height)).unwrap();
    let doubled = values.iter().map(|x| x * 2.0 + 1.0).collect();
    (setup.map::<double>((&array,)).run().unwrap(), doubled)
}

const SHAPES: [(usize, usize); 7] = [(0, 3), (3, 0), (1, 1), (1, 300), (300, 1), (67, 45), (128, 96)];

#[test]
fn rows_columns_steps_and_transposes() {
    let mut random = Random::new("views::rows_columns_steps_and_transposes");
    for setup in setups() {
        for (width, height) in SHAPES {
            let what = format!("{width}x{height} on {}", setup.name);
            let (array, values) = picture(&setup, &mut random, (width, height));
            let same = |view: View<f32>, domain: Domain, expected: Vec<f32>| {
                assert_eq!(view.domain(), domain, "{what}");
                // Passed before it is read, so that the target has to bring or pack it.
                let doubled = setup.map::<double>((&view,)).run().unwrap();
                assert_eq!(doubled.domain(), domain, "{what}");
                let naive: Vec<f32> = expected.iter().map(|x| x * 2.0 + 1.0).collect();
                assert!(doubled.to_vec().unwrap() == naive, "{what} {domain}");
                assert!(*view.read().unwrap() == expected[..], "{what} {domain}");
                let backwards = setup.map::<backwards>((&view,)).over(view.len()).run().unwrap();
                let naive: Vec<f32> = expected.iter().rev().map(|x| x * 2.0).collect();
                assert!(backwards.to_vec().unwrap() == naive, "{what} {domain}");
            };
            for y in [0, height / 3, height] {
                let rows = array.rows(y..height).unwrap();
                same(rows, Domain::from((width, height - y)), values[y * width..].to_vec());
            }
            if width > 0 {
                for x in [0, width / 2, width - 1] {
                    let expected = (0..height).map(|y| values[y * width + x]).collect();
                    same(array.column(x).unwrap(), Domain::Line(height), expected);
                }
            }
            for (start, step) in [(0, 1), (0, 3), (width / 2, 2), (values.len(), 5), (0, 10_000)] {
                if start <= values.len() {
                    let expected: Vec<f32> = values[start..].iter().step_by(step).copied().collect();
                    same(array.strided(start, step).unwrap(), Domain::Line(expected.len()), expected);
                }
            }
            let mut expected = Vec::new();
            for x in 0..width {
                for y in 0..height {
                    expected.push(values[y * width + x]);
                }
            }
            same(array.transposed().unwrap(), Domain::from((height, width)), expected);
        }
    }
}

/// A cell of a picture, the nearest one where it is outside.
fn cell<T: Copy>(cells: &[T], (width, height): (usize, usize), x: i64, y: i64) -> T {
    let x = x.clamp(0, width as i64 - 1) as usize;
    let y = y.clamp(0, height as i64 - 1) as usize;
    cells[y * width + x]
}

#[test]
fn rows_and_transposes_are_pictures() {
    let mut random = Random::new("views::rows_and_transposes_are_pictures");
    for setup in setups() {
        for (width, height) in SHAPES.into_iter().filter(|(width, height)| width * height > 0) {
            let (array, values) = picture(&setup, &mut random, (width, height));
            let naive = |cells: &[f32], shape: (usize, usize)| -> Vec<f32> {
                let at = |x: usize, y: usize| {
                    let (x, y) = (x as i64, y as i64);
                    cell(cells, shape, x - 1, y) - cell(cells, shape, x + 1, y + 1) * 3.0
                };
                (0..shape.1).flat_map(|y| (0..shape.0).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect()
            };
            let what = format!("{width}x{height} on {}", setup.name);
            let y = height / 3;
            let rows = array.rows(y..).unwrap();
            let found = setup.map::<beside>((&rows,)).run().unwrap();
            assert!(found.to_vec().unwrap() == naive(&values[y * width..], (width, height - y)), "{what}");
            let turned: Vec<f32> = (0..width)
                .flat_map(|x| (0..height).map(move |y| (x, y)))
                .map(|(x, y)| values[y * width + x])
                .collect();
            let found = setup.map::<beside>((&array.transposed().unwrap(),)).run().unwrap();
            assert!(found.to_vec().unwrap() == naive(&turned, (height, width)), "{what}");

            // Bytes: rows that begin inside of a word.
            let bytes: Vec<u8> = values.iter().map(|x| *x as u32 as u8).collect();
            let array = setup.runtime().picture(bytes.clone(), (width, height)).unwrap();
            let found = setup.map::<beside_bytes>((&array.rows(y..).unwrap(),)).run().unwrap();
            let (cells, shape) = (&bytes[y * width..], (width, height - y));
            let mut expected = Vec::new();
            for y in 0..shape.1 as i64 {
                for x in 0..width as i64 {
                    let (left, below) = (cell(cells, shape, x - 1, y), cell(cells, shape, x, y + 1));
                    expected.push(u32::from(left) + u32::from(below) * 256);
                }
            }
            assert!(found.to_vec().unwrap() == expected, "bytes {what}");
            let found =
                setup.map::<bytes_backwards>((&array.rows(y..).unwrap(),)).over(cells.len()).run().unwrap();
            let expected: Vec<u32> = cells.iter().rev().map(|x| u32::from(*x)).collect();
            assert!(found.to_vec().unwrap() == expected, "bytes {what}");
        }
    }
}

#[test]
fn rows_are_written_and_the_others_stay() {
    let mut random = Random::new("views::rows_are_written_and_the_others_stay");
    for setup in setups() {
        for (width, height) in SHAPES {
            let (mut array, mut values) = picture(&setup, &mut random, (width, height));
            let (from, to) = (height / 3, height - height / 4);
            let part = from * width..to * width;
            // The upper part of itself, as it was.
            let source = array.rows(0..to - from).unwrap();
            let naive: Vec<f32> = values[..(to - from) * width].iter().map(|x| x * 2.0 + 1.0).collect();
            setup.map::<double>((&source,)).run_into(array.rows_mut(from..to).unwrap()).unwrap();
            values[part.clone()].copy_from_slice(&naive);
            assert!(array.to_vec().unwrap() == values, "{width}x{height} on {}", setup.name);

            // A tuple of results: one to a part, one to an array, both of them lines or both with rows.
            let mut other = setup.runtime().array(vec![0.0f32; part.len()]).unwrap();
            let source = setup.runtime().array(naive.clone()).unwrap();
            let target = array.slice_mut(part.clone()).unwrap();
            setup.map::<both>((&source,)).run_into((target, &mut other)).unwrap();
            naive.iter().zip(&mut values[part]).for_each(|(x, to)| *to = x + 1.0);
            assert!(array.to_vec().unwrap() == values, "{width}x{height} on {}", setup.name);
            assert!(other.to_vec().unwrap().iter().zip(&naive).all(|(found, x)| *found == x - 1.0));
        }
    }
}

#[test]
fn bad_ranges_and_shapes_are_told() {
    let rt = Runtime::new().unwrap();
    let mut line = rt.array(vec![1.0f32; 10]).unwrap();
    let mut grid = rt.picture(vec![1.0f32; 12], (4, 3)).unwrap();
    let told = |error: manylane::Error, kind: ErrorKind, words: &[&str]| {
        assert_eq!(error.kind(), kind, "{error}");
        assert!(words.iter().all(|word| error.to_string().contains(word)), "{error}");
    };
    let outside = ErrorKind::OutOfBounds;
    told(line.slice(5..11).unwrap_err(), outside, &["5..11", "10"]);
    told(line.slice_mut(11..).unwrap_err(), outside, &["11..10", "10"]);
    told(line.strided(11, 2).unwrap_err(), outside, &["11", "10"]);
    told(line.strided(0, 0).unwrap_err(), ErrorKind::ShapeMismatch, &["step of 0"]);
    told(grid.rows(1..4).unwrap_err(), outside, &["rows 1..4", "3"]);
    told(grid.rows_mut(..=3).unwrap_err(), outside, &["rows 0..4", "3"]);
    told(grid.column(4).unwrap_err(), outside, &["columns", "4"]);
    for error in [
        line.rows(..).unwrap_err(),
        line.column(0).unwrap_err(),
        line.transposed().unwrap_err(),
        line.rows_mut(..).unwrap_err(),
    ] {
        told(error, ErrorKind::ShapeMismatch, &["line of 10", "shaped"]);
    }

    // Lengths must agree, and runtimes.
    let part = grid.slice_mut(2..7).unwrap();
    told(rt.map::<double>((&line,)).run_into(part).unwrap_err(), ErrorKind::ShapeMismatch, &["10", "5"]);
    let view = line.slice(2..7).unwrap();
    told(rt.map::<add>((&view, &line)).run().unwrap_err(), ErrorKind::ShapeMismatch, &["5", "10"]);
    let other = Runtime::new().unwrap();
    told(other.map::<double>((&view,)).run().unwrap_err(), ErrorKind::ForeignArray, &["double"]);
    let launch = other.map::<double>((&[1.0f32; 5],));
    told(launch.run_into(grid.slice_mut(2..7).unwrap()).unwrap_err(), ErrorKind::ForeignArray, &["double"]);
}

#[test]
fn views_are_snapshots_and_can_be_folded() {
    for setup in setups() {
        let mut array = setup.runtime().array((0..10_000).map(|x| x as f32).collect::<Vec<_>>()).unwrap();
        let view = array.slice(100..9_000).unwrap();
        let every = array.strided(5, 10).unwrap();
        setup.map::<double>((&view,)).run_into(array.slice_mut(..8_900).unwrap()).unwrap();
        array.slice_mut(50..60).unwrap().write().unwrap().fill(0.25);
        assert!(view.to_vec().unwrap().iter().zip(100..).all(|(found, x)| *found == x as f32));
        assert_eq!(setup.reduce(&every).max().unwrap(), 9995.0, "{}", setup.name);
        assert_eq!(setup.reduce(&view).min().unwrap(), 100.0, "{}", setup.name);
        assert_eq!(array.read_span(49..61).unwrap()[..3], [149.0 * 2.0 + 1.0, 0.25, 0.25]);
        assert_eq!(array.read_span(9_998..).unwrap()[..], [9998.0, 9999.0]);
    }
}
