//! How steeply the brightness changes.

use manylane::prelude::*;
use manylane_elementwise::facts::{Cost, Facts, Tolerance};

/// The length of Sobel's gradient, to the nearest byte; what is longer than 255 is 255.
///
/// The root of a whole number up to 255.5 squared is never nearer to a half than 0.0004, so a root that is off by a few
/// units in the last place, as a GPU's may be, still rounds to the same byte.
#[kernel]
pub fn sobel(at: Cell, src: Image<u8>) -> u8 {
    let (nw, n, ne) = (src.near(at, -1, -1) as i32, src.near(at, 0, -1) as i32, src.near(at, 1, -1) as i32);
    let (w, e) = (src.near(at, -1, 0) as i32, src.near(at, 1, 0) as i32);
    let (sw, s, se) = (src.near(at, -1, 1) as i32, src.near(at, 0, 1) as i32, src.near(at, 1, 1) as i32);
    let gx = (ne + 2 * e + se) - (nw + 2 * w + sw);
    let gy = (sw + 2 * s + se) - (nw + 2 * n + ne);
    (((gx * gx + gy * gy) as f32).sqrt() + 0.5) as u8
}

/// The length of Sobel's gradient.
#[kernel]
pub fn sobel_f32(at: Cell, src: Image<f32>) -> f32 {
    let (nw, n, ne) = (src.near(at, -1, -1), src.near(at, 0, -1), src.near(at, 1, -1));
    let (w, e) = (src.near(at, -1, 0), src.near(at, 1, 0));
    let (sw, s, se) = (src.near(at, -1, 1), src.near(at, 0, 1), src.near(at, 1, 1));
    let gx = (ne + 2.0 * e + se) - (nw + 2.0 * w + sw);
    let gy = (sw + 2.0 * s + se) - (nw + 2.0 * n + ne);
    (gx * gx + gy * gy).sqrt()
}

/// Facts about [`sobel()`].
pub const SOBEL: Facts = Facts { name: "sobel", cost: Cost::element(2.0, 16.0), tolerance: Tolerance::Exact };
/// Facts about [`sobel_f32()`], for brightness between 0 and 1.
pub const SOBEL_F32: Facts = Facts {
    name: "sobel_f32",
    cost: Cost::element(8.0, 18.0),
    tolerance: Tolerance::Within { absolute: 2e-6, relative: 1e-6 },
};
