//! Pixels, pictures and what lies around a cell.

use manylane::prelude::*;
use manylane_testkit::values::{SHAPES, SIZES, bytes, ints, plain_floats};
use manylane_testkit::{Random, Setup, assert_close, assert_same};

use crate::Property;
use crate::kernels::arrays::*;

pub const ALL: &[Property] = &[
    ("byte_pixels", byte_pixels),
    ("small_pixels", small_pixels),
    ("float_pixels", float_pixels),
    ("int_pixels", integer_pixels),
    ("neighbours", neighbours),
    ("far_neighbours", far_neighbours),
    ("windows", windows),
    ("pictures_of_pixels", pictures_of_pixels),
    ("two_pictures", two),
    ("a_picture_of_another_shape", another_shape),
    ("a_line_for_a_picture", line_over),
    ("pictures_as_results", results),
];

/// A picture for an oracle: its cells and shape.
struct Cells<'c, T>(&'c [T], usize, usize);

impl<T: Copy> Cells<'_, T> {
    /// The cell at `x`, `y`, the nearest where that lies outside.
    fn at(&self, x: i64, y: i64) -> T {
        let x = x.clamp(0, self.1 as i64 - 1) as usize;
        let y = y.clamp(0, self.2 as i64 - 1) as usize;
        self.0[y * self.1 + x]
    }

    fn each<R>(&self, mut make: impl FnMut(i64, i64) -> R) -> Vec<R> {
        (0..self.2 as i64)
            .flat_map(|y| (0..self.1 as i64).map(move |x| (x, y)))
            .map(|(x, y)| make(x, y))
            .collect()
    }
}

fn triples(random: &mut Random, n: usize) -> Vec<[u8; 3]> {
    random.many(n, |r| [r.u32() as u8, r.u32() as u8, r.u32() as u8])
}

fn byte_pixels(setup: &Setup) {
    let mut random = Random::new("byte_pixels");
    for n in SIZES {
        let px = triples(&mut random, n);
        let found = setup.map::<gray>((&px,)).run().unwrap();
        let expected: Vec<u8> = px
            .iter()
            .map(|p| ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) / 256) as u8)
            .collect();
        assert_same(format!("gray, {n}"), &found.read().unwrap(), &expected);
        let stored = setup.runtime().array(px.clone()).unwrap();
        let found = setup.map::<rgb_to_bgra>((&stored, 200)).run().unwrap();
        let expected: Vec<[u8; 4]> = px.iter().map(|p| [p[2], p[1], p[0], 200]).collect();
        assert_same(format!("bgra, {n}"), &found.read().unwrap(), &expected);
        let mut out = vec![[7u8; 4]; n + 1];
        setup.map::<rgb_to_bgra>((&stored, 200)).run_into(&mut out[..n]).unwrap();
        assert_same(format!("bgra into a slice, {n}"), &out[..n], &expected);
        assert_eq!(out[n], [7; 4]);
    }
}

fn small_pixels(setup: &Setup) {
    let mut random = Random::new("small_pixels");
    for n in SIZES {
        let a: Vec<[u8; 1]> = random.many(n, |r| [r.u32() as u8]);
        let b: Vec<[u8; 2]> = random.many(n, |r| [r.u32() as u8, r.u32() as u8]);
        let (two, one) = setup.map::<one_and_two>((&a, &b)).run().unwrap();
        let twos: Vec<[u8; 2]> = a.iter().zip(&b).map(|(a, b)| [a[0], b[1]]).collect();
        let ones: Vec<[u8; 1]> = b.iter().map(|b| [b[0]]).collect();
        assert_same(format!("two, {n}"), &two.read().unwrap(), &twos);
        assert_same(format!("one, {n}"), &one.read().unwrap(), &ones);
    }
}

fn float_pixels(setup: &Setup) {
    let mut random = Random::new("float_pixels");
    for n in SIZES {
        let px: Vec<[f32; 4]> = random.many(n, |r| [(); 4].map(|()| r.float(0.0, 1.0)));
        let found = setup.map::<premultiply>((&px,)).run().unwrap();
        let expected: Vec<[f32; 4]> =
            px.iter().map(|p| [p[0] * p[3], p[1] * p[3], p[2] * p[3], p[3]]).collect();
        assert_same(format!("four, {n}"), &found.read().unwrap(), &expected);
        let a: Vec<[f32; 3]> = random.many(n, |r| [(); 3].map(|()| r.below(9) as f32));
        let b: Vec<[f32; 3]> = random.many(n, |r| [(); 3].map(|()| r.below(9) as f32));
        let found = setup.map::<brighter>((&a, &b, [9.0, 9.0, 0.5])).run().unwrap();
        let expected: Vec<[f32; 3]> = a
            .iter()
            .zip(&b)
            .map(|(a, b)| if b.iter().sum::<f32>() > a.iter().sum() { *b } else { *a })
            .map(|p| [p[0], p[1] + 0.5, p[2]])
            .collect();
        assert_same(format!("three, {n}"), &found.read().unwrap(), &expected);
    }
}

fn integer_pixels(setup: &Setup) {
    let mut random = Random::new("int_pixels");
    for n in SIZES {
        let a: Vec<[i32; 3]> = random.many(n, |r| [(); 3].map(|()| r.u32() as i32));
        let b: Vec<[u32; 2]> = random.many(n, |r| [(); 2].map(|()| r.u32()));
        let found = setup.map::<int_pixels>((&a, &b)).run().unwrap();
        let expected: Vec<[i32; 2]> = a
            .iter()
            .zip(&b)
            .map(|(a, b)| [a[0].wrapping_sub(a[2]), a[1].wrapping_add(b[1] as i32).wrapping_sub(b[0] as i32)])
            .collect();
        assert_same(format!("{n}"), &found.read().unwrap(), &expected);
    }
}

fn neighbours(setup: &Setup) {
    let mut random = Random::new("neighbours");
    for (w, h) in SHAPES {
        let cells = plain_floats(&mut random, w * h);
        let oracle = Cells(&cells, w, h);
        let expected = oracle.each(|x, y| {
            oracle.at(x - 1, y) - oracle.at(x + 1, y) + (oracle.at(x, y - 1) - oracle.at(x, y + 1)) * 10.0
        });
        let picture = setup.runtime().picture(cells.clone(), (w, h)).unwrap();
        let found = setup.map::<cross>((&picture,)).run().unwrap();
        assert_eq!(found.domain(), Domain::Grid { width: w, height: h });
        assert_close(format!("{w}x{h}"), &found.read().unwrap(), &expected, setup.exact_or(2));
        let found = setup.map::<cross>(((&cells[..], (w, h)),)).run().unwrap();
        assert_close(format!("borrowed, {w}x{h}"), &found.read().unwrap(), &expected, setup.exact_or(2));
        let image = Image::new(&picture).unwrap();
        let found = setup.map::<cross>((&image,)).run().unwrap();
        assert_close(format!("an Image, {w}x{h}"), &found.read().unwrap(), &expected, setup.exact_or(2));
        let at = Cell { x: (w / 2) as u32, y: (h / 2) as u32 };
        assert_same("called", &[cross(at, image)], &expected[h / 2 * w + w / 2..][..1]);
    }
}

fn far_neighbours(setup: &Setup) {
    let mut random = Random::new("far_neighbours");
    for (w, h) in SHAPES {
        let cells = plain_floats(&mut random, w * h);
        let oracle = Cells(&cells, w, h);
        let expected = oracle.each(|x, y| oracle.at(x - 40, y + 25) + oracle.at(x + 5000, y - 7000));
        let picture = setup.runtime().picture(cells.clone(), (w, h)).unwrap();
        let found = setup.map::<far>((&picture,)).run().unwrap();
        assert_same(format!("far, {w}x{h}"), &found.0.read().unwrap(), &expected);
        assert_same(format!("width of {w}x{h}"), &found.1.read().unwrap(), &vec![w as u32; w * h]);
        assert_same(format!("height of {w}x{h}"), &found.2.read().unwrap(), &vec![h as u32; w * h]);
    }
}

fn windows(setup: &Setup) {
    let mut random = Random::new("windows");
    for (w, h) in SHAPES {
        let cells = bytes(&mut random, w * h);
        let oracle = Cells(&cells, w, h);
        for radius in [0, 2] {
            let picture = setup.runtime().picture(cells.clone(), (w, h)).unwrap();
            let found = setup.map::<window>((&picture, radius)).run().unwrap();
            let r = i64::from(radius);
            let around = || (-r..=r).flat_map(|dy| (-r..=r).map(move |dx| (dx, dy)));
            let expected = oracle
                .each(|x, y| around().map(|(dx, dy)| u32::from(oracle.at(x + dx, y + dy))).sum::<u32>());
            assert_same(format!("{w}x{h} by {radius}"), &found.read().unwrap(), &expected);
        }
    }
}

fn pictures_of_pixels(setup: &Setup) {
    let mut random = Random::new("pictures_of_pixels");
    for (w, h) in SHAPES {
        let (cells, line) = (triples(&mut random, w * h), bytes(&mut random, w * h));
        let oracle = Cells(&cells, w, h);
        let bytes = Cells(&line, w, h);
        let picture = setup.runtime().picture(cells.clone(), (w, h)).unwrap();
        let found = setup.map::<shift_pixels>((&picture, &line)).run().unwrap();
        let expected = oracle.each(|x, y| [oracle.at(x, y)[0], oracle.at(x + 1, y + 1)[1], bytes.at(x, y)]);
        assert_same(format!("{w}x{h}"), &found.read().unwrap(), &expected);
        let found = setup.map::<shift_pixels>((&picture, 3)).run().unwrap();
        let expected: Vec<[u8; 3]> = expected.iter().map(|p| [p[0], p[1], 3]).collect();
        assert_same(format!("a constant beside it, {w}x{h}"), &found.read().unwrap(), &expected);
    }
}

fn two(setup: &Setup) {
    let mut random = Random::new("two_pictures");
    for (w, h) in SHAPES {
        let (floats, numbers) = (plain_floats(&mut random, w * h), ints(&mut random, w * h));
        let (a, b) = (Cells(&floats, w, h), Cells(&numbers, w, h));
        let found = setup.map::<two_pictures>(((&floats, (w, h)), (&numbers, (w, h)))).run().unwrap();
        let expected = a.each(|x, y| a.at(x + 1, y) + b.at(x, y + 1) as f32);
        assert_close(format!("{w}x{h}"), &found.read().unwrap(), &expected, setup.exact_or(1));
    }
}

fn another_shape(setup: &Setup) {
    let mut random = Random::new("another_shape");
    for (w, h) in SHAPES {
        let cells = plain_floats(&mut random, w * h);
        let small = Cells(&cells, w, h);
        let (w2, h2) = (2 * w + 3, h / 2 + 1);
        let picture = setup.runtime().picture(cells.clone(), (w, h)).unwrap();
        let found = setup.map::<far>((&picture,)).over((w2, h2)).run().unwrap();
        let large = vec![(); w2 * h2];
        let expected =
            Cells(&large, w2, h2).each(|x, y| small.at(x - 40, y + 25) + small.at(x + 5000, y - 7000));
        assert_same(format!("{w}x{h} over {w2}x{h2}"), &found.0.read().unwrap(), &expected);
    }
}

/// Over a line every place stands in row 0.
fn line_over(setup: &Setup) {
    let cells: Vec<f32> = (0..12).map(|k| k as f32).collect();
    let picture = setup.runtime().picture(cells.clone(), (4, 3)).unwrap();
    let found = setup.map::<cross>((&picture,)).over(6).run().unwrap();
    let oracle = Cells(&cells, 4, 3);
    let expected: Vec<f32> = (0..6)
        .map(|x| oracle.at(x - 1, 0) - oracle.at(x + 1, 0) + (oracle.at(x, -1) - oracle.at(x, 1)) * 10.0)
        .collect();
    assert_same("line", &found.read().unwrap(), &expected);
}

fn results(setup: &Setup) {
    let mut random = Random::new("results");
    let (w, h) = (211, 173);
    let px = triples(&mut random, w * h);
    let picture = setup.runtime().picture(px.clone(), (w, h)).unwrap();
    let grays = setup.map::<gray>((&picture,)).run().unwrap();
    let summed = setup.map::<window>((&grays, 1)).run().unwrap();
    let gray: Vec<u8> = px
        .iter()
        .map(|p| ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) / 256) as u8)
        .collect();
    let oracle = Cells(&gray, w, h);
    let around = || (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)));
    let expected =
        oracle.each(|x, y| around().map(|(dx, dy)| u32::from(oracle.at(x + dx, y + dy))).sum::<u32>());
    assert_same("gray, then a window", &summed.read().unwrap(), &expected);
    // An array of results is a line until it has a shape, and then serves as a picture.
    let line = setup.map::<bump_byte>((&gray,)).run().unwrap();
    assert_eq!(line.domain(), Domain::Line(w * h));
    let shaped = line.shaped((w, h)).unwrap();
    let summed = setup.map::<window>((&shaped, 0)).run().unwrap();
    assert_same(
        "shaped",
        &summed.read().unwrap(),
        &gray.iter().map(|g| u32::from(g.wrapping_add(1))).collect::<Vec<_>>(),
    );
}

#[kernel]
fn bump_byte(b: u8) -> u8 {
    (b as u32 + 1) as u8
}
