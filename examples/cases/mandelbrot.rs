//! The Mandelbrot set: after how many turns each place of a rectangle escapes.

use manylane::prelude::*;

use crate::case::{Case, Result};

#[kernel]
fn escape(
    at: Cell,
    #[uniform] x0: f32,
    #[uniform] y0: f32,
    #[uniform] dx: f32,
    #[uniform] dy: f32,
    #[uniform] limit: i32,
) -> i32 {
    let (c_re, c_im) = (at.x as f32 * dx + x0, at.y as f32 * dy + y0);
    let (mut re, mut im) = (c_re, c_im);
    for n in 0..limit {
        if re * re + im * im > 4.0 {
            return n;
        }
        let next = re * re - im * im + c_re;
        im = 2.0 * re * im + c_im;
        re = next;
    }
    limit
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (width, height) = (case.size("W")?, case.size("H")?);
    let (x0, x1) = (case.number("x0")?, case.number("x1")?);
    let (y0, y1) = (case.number("y0")?, case.number("y1")?);
    let (dx, dy) = ((x1 - x0) / width as f64, (y1 - y0) / height as f64);
    let view = (x0 as f32, y0 as f32, dx as f32, dy as f32, case.size("max_iter")? as i32);
    let counts = rt.map::<escape>(view).over((width, height)).on(target).run()?;
    case.write("count", &counts.read()?)
}
