//! The Mandelbrot set and Julia sets as pictures: each point in a colour for the turns after which it escapes.
//!
//! ```text
//! turns      of every pixel's point, `limit` where it stays     one launch
//! colour     of those turns, from a palette made on the host    one launch
//! ```
//! Floats of 32 bits tell pixels apart down to a view some 1,000th of a unit wide; deeper ones are not here.

use std::f64::consts::TAU;

use manylane::Result;
use manylane::prelude::*;

use crate::checks::{setting, within};

/// The most turns.
pub const MOST_TURNS: u32 = 100_000;
/// The most and the least that a view is enlarged.
pub const ZOOM: (f32, f32) = (0.01, 10_000.0);
/// How far from 0 the middle of a view may lie, in both directions.
pub const FAR: f32 = 4.0;
/// The most columns or rows.
pub const MOST: usize = 1 << 20;

/// How wide a view is that is not enlarged.
const WIDTH: f32 = 3.5;

/// After how many turns the point of the cell leaves the circle of radius 2 by `z * z + c`; `limit` if it has not by then. The cell
/// `(0, 0)` stands at `(x0, y0)`, its neighbours `step` further.
#[kernel]
pub fn julia_turns(
    at: Cell,
    #[uniform] x0: f32,
    #[uniform] y0: f32,
    #[uniform] step: f32,
    #[uniform] c_re: f32,
    #[uniform] c_im: f32,
    #[uniform] limit: u32,
) -> u32 {
    let (mut re, mut im, mut n) = (at.x as f32 * step + x0, at.y as f32 * step + y0, 0);
    while n < limit && re * re + im * im <= 4.0 {
        let t = re * re - im * im + c_re;
        im = 2.0 * re * im + c_im;
        re = t;
        n += 1;
    }
    n
}

/// The colour of so many turns.
#[kernel]
pub fn turn_colour(n: u32, palette: &[[u8; 3]]) -> [u8; 3] {
    palette[n as usize]
}

/// What of the plane is seen, and how exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Columns and rows.
    pub shape: (usize, usize),
    /// The point in the middle.
    pub middle: (f32, f32),
    /// How much it is enlarged; at 1 it is 3.5 wide.
    pub zoom: f32,
    /// The most turns.
    pub limit: u32,
}

impl View {
    /// The point of the first cell, and from one cell to the next.
    ///
    /// # Errors
    /// `Setting` where a side is 0 or more than [`MOST`], the middle further off than [`FAR`], or there are no turns or more than
    /// [`MOST_TURNS`]; or where `zoom` is not within [`ZOOM`].
    fn grid(&self) -> Result<(f32, f32, f32)> {
        let (width, height) = self.shape;
        for (side, what) in [(width, "columns"), (height, "rows")] {
            if side == 0 || side > MOST {
                return Err(setting(format!(
                    "a picture of {side} {what} is not possible; give from 1 to {MOST}"
                )));
            }
        }
        if !(1..=MOST_TURNS).contains(&self.limit) {
            let text =
                format!("a limit of {} turns is not possible; give one from 1 to {MOST_TURNS}", self.limit);
            return Err(setting(text));
        }
        let x = within("a middle", self.middle.0, (-FAR, FAR))?;
        let y = within("a middle", self.middle.1, (-FAR, FAR))?;
        let step = f64::from(WIDTH) / f64::from(within("a zoom", self.zoom, ZOOM)?) / width as f64;
        let first = |middle: f32, side: usize| (f64::from(middle) - 0.5 * step * (side as f64 - 1.0)) as f32;
        Ok((first(x, width), first(y, height), step as f32))
    }
}

/// The colours of 0 to `limit` turns: round the colours as the turns grow by factors, and black where a point stays.
pub fn palette(limit: u32) -> Vec<[u8; 3]> {
    let mut colours: Vec<[u8; 3]> = (0..limit)
        .map(|n| {
            let round = 0.75 * f64::from(n + 1).log2() / 2.0;
            [0.55, 0.45, 0.3].map(|off| (127.5 - 127.5 * (TAU * (round - off + 0.55)).cos()).round() as u8)
        })
        .collect();
    colours.push([0; 3]);
    colours
}

/// The Mandelbrot set: where `z * z + c` stays, from 0, for the `c` of each pixel. See
/// [`mandelbrot`](manylane_elementwise::mandelbrot()) for the turns.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_image::fractal::{View, mandelbrot};
///
/// let rt = Runtime::new()?;
/// let view = View { shape: (64, 48), middle: (-0.5, 0.0), zoom: 1.0, limit: 100 };
/// let pixels = mandelbrot(&rt, view, Target::Auto)?.to_vec()?;
/// assert_eq!(pixels[24 * 64 + 32], [0, 0, 0]);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// # Errors
/// `Setting` where a number of the view is out of its range; whatever the launches return.
pub fn mandelbrot(rt: &Runtime, view: View, target: Target) -> Result<Array<[u8; 3]>> {
    let (x0, y0, step) = view.grid()?;
    let turns = rt.map::<manylane_elementwise::mandelbrot>((x0, y0, step, step, view.limit));
    let turns = turns.over(view.shape).on(target).run()?;
    rt.map::<turn_colour>((&turns, &palette(view.limit))).on(target).run()
}

/// The Julia set of `c`: where `z * z + c` stays, from the point of each pixel.
///
/// # Errors
/// As [`mandelbrot`]; `Setting` where `c` is further off than [`FAR`].
pub fn julia(rt: &Runtime, c: (f32, f32), view: View, target: Target) -> Result<Array<[u8; 3]>> {
    let (x0, y0, step) = view.grid()?;
    let (re, im) = (within("a part of c", c.0, (-FAR, FAR))?, within("a part of c", c.1, (-FAR, FAR))?);
    let turns = rt.map::<julia_turns>((x0, y0, step, re, im, view.limit));
    let turns = turns.over(view.shape).on(target).run()?;
    rt.map::<turn_colour>((&turns, &palette(view.limit))).on(target).run()
}
