//! Stencils of which a GPU computes a part: it is given the rows around that part, and no more.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use manylane::prelude::*;
use manylane_testkit::{Random, gpu_or_skip};

/// Two rows above, one below, three columns to each side.
#[kernel]
fn weave(at: Cell, src: Image<u32>) -> u32 {
    src.near(at, 0, 0) * 3 + src.near(at, -3, -2) * 5 + src.near(at, 3, 1) * 7 + src.near(at, 0, -1)
}

/// Two pictures and an element, of several widths.
#[kernel]
fn blend(at: Cell, a: Image<u8>, b: Image<i16>, x: i32) -> i32 {
    (a.near(at, 1, 1) as i32) + (b.near(at, -1, -1) as i32) * 2 + x
}

/// One picture near its place, the other anywhere.
#[kernel]
fn warped(at: Cell, src: Image<u32>, by: Image<u32>) -> u32 {
    let y = by.near(at, 0, 1) % src.height();
    src.at(2, y as i32) + by.near(at, 0, 0)
}

const BORDERS: [Border; 4] = [Border::Clamp, Border::Constant(9.0), Border::Reflect, Border::Wrap];
const SHARES: [f64; 5] = [0.0, 0.01, 0.5, 0.99, 1.0];
/// Narrow, flat, less than a chunk, rows that cross chunks, rows longer than one.
const SHAPES: [(usize, usize); 7] =
    [(1, 9001), (3, 5000), (17, 31), (100, 300), (257, 129), (4097, 9), (20_001, 3)];

fn runtime() -> Option<Runtime> {
    let rt = Runtime::builder().threads(2).software_joins_split(true);
    gpu_or_skip("halos").then(|| rt.build().unwrap())
}

fn cells<T>(shape: (usize, usize), name: &str, of: impl Fn(u32) -> T) -> Vec<T> {
    Random::new(name).many(shape.0 * shape.1, |random| of(random.u32()))
}

#[test]
fn a_split_stencil_has_the_values_of_one_target() {
    let Some(rt) = runtime() else { return };
    for shape in SHAPES {
        let lent = cells(shape, "src", |x| x);
        for border in BORDERS {
            let whole = rt.map::<weave>(((&lent, shape),)).border(border).on(Target::Scalar).run();
            let whole = whole.unwrap().to_vec().unwrap();
            for share in SHARES {
                let way = format!("{shape:?}, {border:?}, {share}");
                let src = rt.picture(lent.clone(), shape).unwrap();
                let found = rt.map::<weave>((&src,)).border(border).on(Target::Split).gpu_share(share);
                assert_eq!(found.run().unwrap().to_vec().unwrap(), whole, "{way}");
                let found = rt.map::<weave>(((&lent, shape),)).border(border).on(Target::Split);
                assert_eq!(found.gpu_share(share).run().unwrap().to_vec().unwrap(), whole, "{way}, lent");
            }
        }
    }
}

#[test]
fn a_picture_larger_than_the_memory_is_streamed_by_its_rows() {
    let Some(rt) = runtime() else { return };
    for (shape, memory) in [((1000, 1000), 1 << 20), ((333, 2003), 300_000), ((5000, 200), 2 << 20)] {
        let lent = cells(shape, "src", |x| x);
        let src = rt.picture(lent.clone(), shape).unwrap();
        let whole = rt.map::<weave>((&src,)).on(Target::Scalar).run().unwrap().to_vec().unwrap();
        for border in [Border::Clamp, Border::Reflect] {
            let scalar = rt.map::<weave>((&src,)).border(border).on(Target::Scalar).run().unwrap();
            let found = rt.map::<weave>((&src,)).border(border).on(Target::Gpu(0)).memory(memory);
            let (found, outcome) = found.reported().run().unwrap();
            assert!(outcome.note.as_ref().is_some_and(|note| note.contains("streamed")), "{outcome:?}");
            assert_eq!(found.to_vec().unwrap(), scalar.to_vec().unwrap(), "{shape:?} {border:?}");
        }
        let found = rt.map::<weave>(((&lent, shape),)).on(Target::Gpu(0)).memory(memory).run().unwrap();
        assert_eq!(found.to_vec().unwrap(), whole, "{shape:?}, lent");
        let sum = whole.iter().fold(0u32, |sum, x| sum.wrapping_add(*x));
        let found = rt.map::<weave>((&src,)).on(Target::Gpu(0)).memory(memory).sum().unwrap();
        assert_eq!(found, sum, "{shape:?}, summed");
        // A border that goes around the picture needs all of it.
        let error = rt.map::<weave>((&src,)).border(Border::Wrap).on(Target::Gpu(0)).memory(memory).run();
        assert_eq!(error.unwrap_err().kind(), ErrorKind::OutOfMemory);
    }
}

#[test]
fn only_the_rows_around_a_share_move_to_the_gpu() {
    let Some(rt) = runtime() else { return };
    let shape = (1024, 1024);
    let src = rt.picture(cells(shape, "src", |x| x), shape).unwrap();
    let before = src.home().moved();
    let found = rt.map::<weave>((&src,)).on(Target::Split).gpu_share(0.25).run().unwrap();
    let moved = src.home().moved().from_host - before.from_host;
    let share = 4 * 1024 * 1024 / 4;
    // Two rows above and one below each piece, an alignment, and the pieces themselves.
    assert!(moved >= share && moved <= share + 64 * 1024, "{moved} bytes moved for {share}");
    let whole = rt.map::<weave>((&src,)).on(Target::Scalar).run().unwrap();
    assert_eq!(found.to_vec().unwrap(), whole.to_vec().unwrap());
}

#[test]
fn pictures_of_several_widths_are_cut_at_the_same_cells() {
    let Some(rt) = runtime() else { return };
    for shape in SHAPES {
        let a = rt.picture(cells(shape, "a", |x| x as u8), shape).unwrap();
        let b = cells(shape, "b", |x| x as i16);
        let x = rt.picture(cells(shape, "x", |x| x as i32), shape).unwrap();
        let whole = rt.map::<blend>((&a, (&b, shape), &x)).on(Target::Scalar).run().unwrap();
        let whole = whole.to_vec().unwrap();
        for share in SHARES {
            let a = rt.picture(a.to_vec().unwrap(), shape).unwrap();
            let found = rt.map::<blend>((&a, (&b, shape), &x)).on(Target::Split).gpu_share(share).run();
            assert_eq!(found.unwrap().to_vec().unwrap(), whole, "{shape:?}, {share}");
        }
        // Rows of an array that has more above them: they begin anywhere in its memory.
        let taller = (shape.0, shape.1 + 1);
        let more = rt.picture(cells(taller, "more", |x| x as u8), taller).unwrap();
        let below = more.rows(1..).unwrap();
        let whole = rt.map::<blend>((&below, (&b, shape), &x)).on(Target::Scalar).run().unwrap();
        for share in [0.5, 1.0] {
            let found = rt.map::<blend>((&below, (&b, shape), &x)).on(Target::Split).gpu_share(share).run();
            assert_eq!(found.unwrap().to_vec().unwrap(), whole.to_vec().unwrap(), "{shape:?}, {share}, rows");
        }
    }
}

#[test]
fn a_picture_that_is_read_anywhere_stays_whole() {
    let Some(rt) = runtime() else { return };
    let (shape, other) = ((300, 200), (5, 77));
    let by = rt.picture(cells(shape, "by", |x| x), shape).unwrap();
    let src = rt.picture(cells(other, "src", |x| x), other).unwrap();
    let whole = rt.map::<warped>((&src, &by)).over(shape).on(Target::Scalar).run().unwrap();
    for share in SHARES {
        let found = rt.map::<warped>((&src, &by)).over(shape).on(Target::Split).gpu_share(share).run();
        assert_eq!(found.unwrap().to_vec().unwrap(), whole.to_vec().unwrap(), "{share}");
    }
    let found = rt.map::<warped>((&src, &by)).over(shape).on(Target::Gpu(0)).memory(400_000).run();
    assert_eq!(found.unwrap().to_vec().unwrap(), whole.to_vec().unwrap(), "streamed");
}
