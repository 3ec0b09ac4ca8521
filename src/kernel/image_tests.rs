//! Borders against plain loops, on two levels and on plain calls.

use crate::kernel::{Cell, Image, ImageTile, LaneElement};
use crate::lanes::{Lanes, MAX_LANES, Portable, Scalar};
use crate::shape::Border;

const BORDERS: [Border; 6] = [
    Border::Clamp,
    Border::Reflect,
    Border::Wrap,
    Border::Constant(7.25),
    Border::Constant(-3.0e20),
    Border::Constant(f64::NAN),
];
const SIZES: [(usize, usize); 9] =
    [(1, 1), (1, 9), (9, 1), (2, 2), (2, 5), (3, 3), (17, 3), (31, 2), (67, 5)];

/// The place in `0..n` for `i`, step by step; `None` where there is none.
fn place(mut i: i64, n: i64, border: Border) -> Option<usize> {
    while !(0..n).contains(&i) {
        i = match border {
            Border::Constant(_) => return None,
            Border::Clamp => i.signum() * (n - 1) * i64::from(i > 0),
            Border::Wrap => i - n * i.signum(),
            _ if n == 1 => 0,
            _ if i < 0 => -i,
            _ => 2 * (n - 1) - i,
        };
    }
    Some(i as usize)
}

/// The cell at `x` and `y`, or what the constant is in cells of `T`.
fn cell<T: Copy>(cells: &[T], (w, h): (usize, usize), x: i64, y: i64, border: Border, constant: T) -> T {
    match (place(x, w as i64, border), place(y, h as i64, border)) {
        (Some(x), Some(y)) => cells[y * w + x],
        _ => constant,
    }
}

/// Every offset around every first lane, and single cells far away.
fn check<L: Lanes, T>(
    l: L,
    cells: impl Fn(usize) -> T,
    constants: [T; 6],
    lanes: impl Fn(T::Lane<L>) -> Vec<T>,
) where
    T: LaneElement + PartialEq + std::fmt::Debug,
{
    let far = [-1000i32, -137, -40, -5, -2, -1, 0, 1, 2, 3, 16, 39, 136, 1000];
    for (w, h) in SIZES {
        let all: Vec<T> = (0..w * h).map(&cells).collect();
        for (border, constant) in BORDERS.into_iter().zip(constants) {
            let tile = ImageTile::new(&all, w, h).with_border(border);
            let same = |got: T, x: i64, y: i64| {
                let want = cell(&all, (w, h), x, y, border, constant);
                // A NaN is known by its words.
                assert_eq!(got.words(), want.words(), "{border:?} of {w}x{h} at {x}, {y}");
            };
            for (dx, dy) in far.iter().flat_map(|dx| far.map(|dy| (*dx, dy))) {
                for first in (0..w).step_by(5) {
                    if dx.abs() <= 5 && dy.abs() <= 5 {
                        let at = Cell { x: first as u32, y: (h / 2) as u32 };
                        let mut room = None;
                        let window =
                            tile.window::<L, { 11 * (10 + MAX_LANES) }, 11>(at, [-5, 5], (-5, 11), &mut room);
                        let (x, y) = (i64::from(dx), i64::from(dy));
                        let is_inside = tile.covers::<L>(at, &[[x.min(0), x.max(0), y.min(0), y.max(0)]]);
                        let inside = is_inside.then(|| tile.near_inside(l, at, dx, dy));
                        for got in [Some(window.near(l, dx, dy)), inside].into_iter().flatten() {
                            for (lane, got) in lanes(got).into_iter().enumerate() {
                                same(got, (first + lane) as i64 + x, (h / 2) as i64 + y);
                            }
                        }
                    }
                    let at = Cell { x: first as u32, y: (h - 1) as u32 };
                    let got = lanes(tile.near(l, at, dx, dy));
                    for (lane, got) in got.into_iter().enumerate() {
                        same(got, (first + lane) as i64 + i64::from(dx), (h - 1) as i64 + i64::from(dy));
                    }
                }
                for odd in [false, true] {
                    let got = tile.at_twos(l, (dx, odd), dy, l.m_splat(true));
                    for (lane, got) in lanes(got).into_iter().enumerate() {
                        same(got, i64::from(dx) + 2 * lane as i64 + i64::from(odd), i64::from(dy));
                    }
                }
                let (mut x, mut y) = ([0; MAX_LANES], [0; MAX_LANES]);
                for lane in 0..MAX_LANES {
                    x[lane] = dx + (lane as i32 * 7) % 5;
                    y[lane] = dy - (lane as i32 * 3) % 4;
                }
                let on = l.i_ne(l.i_and(l.i_iota(), l.i_splat(3)), l.i_splat(2));
                let got = lanes(tile.at(l, l.i_load(&x), l.i_load(&y), on));
                for (lane, got) in got.into_iter().enumerate().filter(|(lane, _)| lane % 4 != 2) {
                    same(got, i64::from(x[lane]), i64::from(y[lane]));
                }
            }
        }
    }
}

fn floats<L: Lanes>(l: L) {
    let nan = f32::NAN;
    check(
        l,
        |i| i as f32 + 0.5,
        [0.0, 0.0, 0.0, 7.25, -3.0e20, nan],
        |x| {
            let mut lanes = vec![0.0; L::N];
            l.f_store(&mut lanes, x);
            lanes
        },
    );
}

fn pixels<L: Lanes>(l: L) {
    let zero = [0; 3];
    let cells = |i: usize| [i as u8, (i / 2) as u8, 255 - i as u8];
    check(l, cells, [zero, zero, zero, [7; 3], zero, zero], |x| {
        let mut lanes = vec![zero; L::N];
        <[u8; 3]>::store(l, &mut lanes, x);
        lanes
    });
}

fn shorts<L: Lanes>(l: L) {
    check(
        l,
        |i| i as i16 - 9,
        [0, 0, 0, 7, i16::MIN, 0],
        |x| {
            let mut lanes = vec![0; L::N];
            l.i_store_u16(bytemuck::cast_slice_mut(&mut lanes), x);
            lanes
        },
    );
}

#[test]
fn borders_are_what_plain_loops_say_scalar() {
    floats(Scalar);
    pixels(Scalar);
    shorts(Scalar);
}

#[test]
fn borders_are_what_plain_loops_say_baseline() {
    floats(Portable);
    pixels(Portable);
    shorts(Portable);
}

#[test]
fn far_ends_of_the_coordinates_are_places_too() {
    let cells = [1, 2, 3, 4, 5, 6];
    for border in BORDERS {
        let tile = ImageTile::new(&cells, 3, 2).with_border(border);
        for (x, y) in [(i32::MIN, i32::MAX), (i32::MAX, i32::MIN), (i32::MIN, 0), (0, i32::MAX)] {
            let got: i32 = tile.at(Scalar, x, y, true);
            let inside = |i: i32, n: i64| match border {
                Border::Clamp => i64::from(i).clamp(0, n - 1),
                Border::Wrap => i64::from(i).rem_euclid(n),
                _ => (n - 1) - (i64::from(i).rem_euclid(2 * (n - 1)) - (n - 1)).abs(),
            };
            let want = match border {
                Border::Constant(value) => value as i32,
                _ => cells[(inside(y, 2) * 3 + inside(x, 3)) as usize],
            };
            assert_eq!(got, want, "{border:?} at {x}, {y}");
        }
    }
}

#[test]
fn a_plain_call_has_its_border_too() -> crate::error::Result<()> {
    let home = crate::memory::Home::new()?;
    let cells = crate::memory::Array::from_vec(&home, vec![10u8, 20, 30, 40, 50, 60]).shaped((3, 2))?;
    let image = Image::new(&cells)?;
    let corner = Cell { x: 0, y: 0 };
    assert_eq!((image.near(corner, -1, -1), image.at(-2, 5)), (10, 40));
    let image = image.with_border(Border::Reflect);
    assert_eq!((image.near(corner, -1, -1), image.at(-2, 5)), (50, 60));
    let image = image.with_border(Border::Wrap);
    assert_eq!((image.near(corner, -1, -1), image.at(-2, 5)), (60, 50));
    let image = image.with_border(Border::Constant(300.0));
    assert_eq!((image.near(corner, -1, -1), image.at(-2, 5), image.at(2, 1)), (255, 255, 60));
    Ok(())
}
