//! Whole pixels moved: exact.

use manylane::prelude::*;
use manylane_image::geometry::{self, Moved};
use manylane_testkit::{Property, Random as Inputs, Same, Setup, assert_same};

use crate::{SHAPES, bytes, floats, pixels, refused};

pub const ALL: &[Property] = &[("moved", moved), ("moved_and_back", and_back), ("wrong_moves", wrong)];

type Operation<P> = fn(&Runtime, &Array<P>, Target) -> manylane::Result<Array<P>>;
/// Whether columns become rows, and where the cell comes from.
type Source = (bool, fn((usize, usize), (usize, usize)) -> (usize, usize));

fn moved(setup: &Setup) {
    let mut random = Inputs::new("moved");
    for shape in SHAPES {
        let n = shape.0 * shape.1;
        every(setup, &bytes(&mut random, n), shape);
        if n > 10_000 {
            // Pixels of other sizes have the same places.
            continue;
        }
        every(setup, &pixels::<_, 3>(&bytes(&mut random, 3 * n)), shape);
        every(setup, &pixels::<_, 4>(&bytes(&mut random, 4 * n)), shape);
        every(setup, &floats(&mut random, n), shape);
        every(setup, &pixels::<_, 3>(&floats(&mut random, 3 * n)), shape);
        every(setup, &pixels::<_, 4>(&floats(&mut random, 4 * n)), shape);
    }
}

fn every<P: Moved + Same>(setup: &Setup, cells: &[P], (width, height): (usize, usize)) {
    let operations: [(&str, Operation<P>, Source); 6] = [
        ("flip_horizontal", geometry::flip_horizontal, (false, |(x, y), (w, _)| (w - 1 - x, y))),
        ("flip_vertical", geometry::flip_vertical, (false, |(x, y), (_, h)| (x, h - 1 - y))),
        ("rotate_180", geometry::rotate_180, (false, |(x, y), (w, h)| (w - 1 - x, h - 1 - y))),
        ("rotate_90", geometry::rotate_90, (true, |(x, y), (_, h)| (y, h - 1 - x))),
        ("rotate_270", geometry::rotate_270, (true, |(x, y), (w, _)| (w - 1 - y, x))),
        ("transpose", geometry::transpose, (true, |(x, y), _| (y, x))),
    ];
    let picture = setup.runtime().picture(cells.to_vec(), (width, height)).unwrap();
    for (name, operation, (turns, source)) in operations {
        let found = operation(setup.runtime(), &picture, setup.target).unwrap();
        let (w, h) = if turns { (height, width) } else { (width, height) };
        assert_eq!(found.domain(), (w, h).into(), "{name}");
        let places = (0..h).flat_map(|y| (0..w).map(move |x| (x, y)));
        let from = places.map(|place| source(place, (width, height)));
        let want: Vec<_> = from.map(|(x, y)| cells[y * width + x]).collect();
        assert_same(name, &found.to_vec().unwrap(), &want);
    }
}

/// Four quarter turns are none, and a transposed picture flipped is a turned one.
fn and_back(setup: &Setup) {
    let (rt, target) = (setup.runtime(), setup.target);
    let cells = pixels::<_, 3>(&bytes(&mut Inputs::new("and_back"), 3 * 31 * 17));
    let picture = rt.picture(cells.clone(), (31, 17)).unwrap();
    let once = geometry::rotate_90(rt, &picture, target).unwrap();
    let flipped =
        geometry::flip_horizontal(rt, &geometry::transpose(rt, &picture, target).unwrap(), target).unwrap();
    assert_same("by a transposition", &flipped.to_vec().unwrap(), &once.to_vec().unwrap());
    let thrice = geometry::rotate_180(rt, &once, target).unwrap();
    let back = geometry::rotate_90(rt, &thrice, target).unwrap();
    assert_same("all around", &back.to_vec().unwrap(), &cells);
}

fn wrong(setup: &Setup) {
    let rt = setup.runtime();
    let line = rt.array(vec![1u8; 5]).unwrap();
    refused(geometry::rotate_90(rt, &line, setup.target), ErrorKind::ShapeMismatch, &["rows", "line of 5"]);
    let none = rt.picture(Vec::<u8>::new(), (0, 3)).unwrap();
    let turned = geometry::rotate_90(rt, &none, setup.target).unwrap();
    assert_eq!(turned.domain(), (3, 0).into());
}
