//! Stencils over pictures so wide that they are computed tile by tile: every cell as a naive loop has it.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use manylane::prelude::*;
use manylane_testkit::Random;

/// Two rows above, one below, three columns to each side.
#[kernel]
fn weave(at: Cell, src: Image<u32>) -> u32 {
    src.near(at, 0, 0) * 3 + src.near(at, -3, -2) * 5 + src.near(at, 3, 1) * 7 + src.near(at, 0, -1)
}

/// Two results, an element beside the picture, and a picture that is read anywhere.
#[kernel]
fn both(at: Cell, src: Image<u8>, x: i32, far: Image<u8>) -> (i32, u32) {
    let sum = (src.near(at, 1, 1) as i32) + (src.near(at, -1, -1) as i32) * 2 + x;
    (sum, far.at(7, 0) as u32 + at.x)
}

#[kernel]
fn bump(at: Cell, src: Image<f32>, y: &mut f32) {
    *y = *y + src.near(at, 0, -1) + src.near(at, 0, 1);
}

/// Narrower than a tile, just wider, several tiles and a rest, one row, rows that make several tiles down.
const SHAPES: [(usize, usize); 5] = [(9_000, 30), (26_300, 25), (100_003, 9), (60_001, 1), (30_000, 130)];

fn targets() -> Vec<(Runtime, Target)> {
    let rt = |threads| Runtime::builder().threads(threads).build().unwrap();
    vec![
        (rt(1), Target::Scalar),
        (rt(1), Target::Simd),
        (rt(1), Target::Threads),
        (rt(2), Target::Threads),
        (rt(3), Target::Threads),
        (rt(2), Target::Auto),
    ]
}

/// A cell of a picture whose border repeats its edge, or goes around.
fn cell<T: Copy>(src: &[T], (w, h): (usize, usize), x: i64, y: i64, around: bool) -> T {
    let at = |k: i64, n: usize| match around {
        true => k.rem_euclid(n as i64) as usize,
        false => k.clamp(0, n as i64 - 1) as usize,
    };
    src[at(y, h) * w + at(x, w)]
}

#[test]
fn tiles_cover_a_picture() {
    for shape in SHAPES {
        let src = Random::new("tiles").many(shape.0 * shape.1, |random| random.u32());
        for (border, around) in [(Border::Clamp, false), (Border::Wrap, true)] {
            let mut expected = Vec::with_capacity(src.len());
            for y in 0..shape.1 as i64 {
                for x in 0..shape.0 as i64 {
                    let near = |dx, dy| cell(&src, shape, x + dx, y + dy, around);
                    let own = near(0, 0).wrapping_mul(3).wrapping_add(near(-3, -2).wrapping_mul(5));
                    expected.push(own.wrapping_add(near(3, 1).wrapping_mul(7)).wrapping_add(near(0, -1)));
                }
            }
            for (rt, target) in targets() {
                let found = rt.map::<weave>(((&src, shape),)).border(border).on(target).run().unwrap();
                assert!(found.to_vec().unwrap() == expected, "{shape:?}, {border:?}, {target}");
            }
        }
    }
}

#[test]
fn tiles_write_all_results_and_update_each_place_once() {
    let shape @ (w, h) = (120_001, 8);
    let mut random = Random::new("tiles_of_two");
    let (src, far) = (random.many(w * h, |r| r.u32() as u8), random.many(20, |r| r.u32() as u8));
    let x = random.many(w * h, |r| r.u32() as i32 >> 8);
    let y: Vec<f32> = (0..w * h).map(|k| (k % 101) as f32).collect();
    for (rt, target) in targets() {
        let launch = rt.map::<both>(((&src, shape), &x, (&far, (20, 1)))).over(shape).on(target);
        let (sums, others) = launch.run().unwrap();
        let (sums, others) = (sums.to_vec().unwrap(), others.to_vec().unwrap());
        let mut updated = y.clone();
        rt.map::<bump>(((&y, shape), &mut updated)).over(shape).on(target).run().unwrap();
        for at in 0..w * h {
            let (column, row) = ((at % w) as i64, (at / w) as i64);
            let near = |dx, dy| i32::from(cell(&src, shape, column + dx, row + dy, false));
            assert_eq!(sums[at], near(1, 1) + 2 * near(-1, -1) + x[at], "{target}, {at}");
            assert_eq!(others[at], u32::from(far[7]) + column as u32, "{target}, {at}");
            let sum = cell(&y, shape, column, row - 1, false) + cell(&y, shape, column, row + 1, false);
            assert_eq!(updated[at], y[at] + sum, "{target}, {at}");
        }
    }
}

#[test]
fn a_plan_says_that_it_has_tiles_and_why() {
    let rt = Runtime::builder().threads(2).build().unwrap();
    let plan = |shape: (usize, usize)| {
        let src = vec![0u32; shape.0 * shape.1];
        rt.map::<weave>(((&src, shape),)).on(Target::Threads).plan().unwrap()
    };
    let wide = plan((200_000, 40));
    let tiles = wide.tiles.expect("its rows fit no cache");
    assert!(tiles.width < 200_000 && tiles.width * 5 * 4 <= 512 << 10, "{tiles:?}");
    assert!(wide.explain().contains("tiles of "), "{}", wide.explain());
    assert_eq!(plan((1920, 1080)).tiles, None);
}
