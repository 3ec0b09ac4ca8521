//! The Mandelbrot set: a loop that ends at another turn in every lane.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};
use crate::input::floats;

/// After how many turns `c` leaves the circle of radius 2; `limit` if it has not by then.
#[kernel]
pub fn escape(c_re: f32, c_im: f32, #[uniform] limit: u32) -> u32 {
    let (mut re, mut im, mut n) = (0.0, 0.0, 0);
    while n < limit && re * re + im * im <= 4.0 {
        let t = re * re - im * im + c_re;
        im = 2.0 * re * im + c_im;
        re = t;
        n += 1;
    }
    n
}

/// [`escape()`] over a grid: the cell `(0, 0)` stands at `(x0, y0)`, its neighbours `dx` and `dy` further.
///
/// It has no inputs; a launch says where it goes: `.over((width, height))`.
#[kernel]
pub fn mandelbrot(
    at: Cell,
    #[uniform] x0: f32,
    #[uniform] y0: f32,
    #[uniform] dx: f32,
    #[uniform] dy: f32,
    #[uniform] limit: u32,
) -> u32 {
    escape(at.x as f32 * dx + x0, at.y as f32 * dy + y0, limit)
}

/// Facts about [`escape()`]. On the rim of the set the last bit decides, and a contracted multiply-add moves it: that changes
/// about 0.15 % of the places of [`VIEW`].
pub const ESCAPE: Facts =
    Facts { name: "escape", cost: Cost::turn(12.0, 10.0), tolerance: Tolerance::Share(0.005) };
/// Facts about [`mandelbrot()`].
pub const MANDELBROT: Facts =
    Facts { name: "mandelbrot", cost: Cost::turn(4.0, 10.0), tolerance: Tolerance::Share(0.005) };

/// A rectangle of the plane and the grid laid over it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Left edge.
    pub x0: f32,
    /// Upper edge.
    pub y0: f32,
    /// From one column to the next.
    pub dx: f32,
    /// From one row to the next.
    pub dy: f32,
    /// The most turns.
    pub limit: u32,
}

impl View {
    /// `[-2, 1) x [-1, 1)` on a grid of `width` by `height`, 256 turns.
    pub const fn of(width: usize, height: usize) -> View {
        View {
            width,
            height,
            x0: -2.0,
            y0: -1.0,
            dx: 3.0 / width as f32,
            dy: 2.0 / height as f32,
            limit: 256,
        }
    }

    /// What [`mandelbrot()`] is launched with.
    pub const fn args(self) -> (f32, f32, f32, f32, u32) {
        (self.x0, self.y0, self.dx, self.dy, self.limit)
    }

    /// The real and imaginary parts of every place, in row order: inputs of [`escape()`].
    pub fn points(self) -> (Vec<f32>, Vec<f32>) {
        let places = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y)));
        places.map(|(x, y)| (x as f32 * self.dx + self.x0, y as f32 * self.dy + self.y0)).unzip()
    }
}

/// The view that the benches take.
pub const VIEW: View = View::of(1024, 768);

/// `n` points of the rectangle that [`VIEW`] shows.
pub fn input(seed: u64, n: usize) -> (Vec<f32>, Vec<f32>) {
    (floats(seed, n, -2.0, 1.0), floats(seed ^ 1, n, -1.0, 1.0))
}

/// What [`escape()`] must give; the same operations in the same precision, because where the loop ends hangs on them.
pub fn naive(c_re: &[f32], c_im: &[f32], limit: u32) -> Vec<u32> {
    let one = |(&c_re, &c_im): (&f32, &f32)| {
        let (mut re, mut im, mut n) = (0.0, 0.0, 0);
        while n < limit && re * re + im * im <= 4.0 {
            (re, im) = (re * re - im * im + c_re, 2.0 * re * im + c_im);
            n += 1;
        }
        n
    };
    c_re.iter().zip(c_im).map(one).collect()
}
