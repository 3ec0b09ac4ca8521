//! A kernel with loops, branches and a helper: Newton's method for the cube root, drawn as a fractal.
//!
//! `cargo run --release --example own_kernel`
#![forbid(unsafe_code)]

use manylane::prelude::*;

/// The square of the distance between two points of the plane.
#[kernel]
fn apart(re: f32, im: f32, to_re: f32, to_im: f32) -> f32 {
    let (dx, dy) = (re - to_re, im - to_im);
    dx * dx + dy * dy
}

/// Which root of `z^3 = 1` Newton's method finds from the place `(x, y)`: 0, 1 or 2; and after how many turns.
#[kernel]
fn newton(at: Cell, #[uniform] scale: f32, #[uniform] limit: u32) -> (u32, u32) {
    const ROOT: f32 = 0.866_025_4;
    let (mut x, mut y) = (at.x as f32 * scale - 2.0, at.y as f32 * scale - 2.0);
    let (mut n, mut step) = (0, 1.0);
    while n < limit && step > 1e-8 {
        // z - (z^3 - 1) / (3 z^2) = (2 z + 1 / z^2) / 3
        let (re, im) = (x * x - y * y, 2.0 * x * y);
        let size = re * re + im * im + 1e-30;
        let (new_x, new_y) = ((2.0 * x + re / size) / 3.0, (2.0 * y - im / size) / 3.0);
        step = apart(x, y, new_x, new_y);
        x = new_x;
        y = new_y;
        n += 1;
    }
    let (first, second) = (apart(x, y, 1.0, 0.0), apart(x, y, -0.5, ROOT));
    let root = if first < 0.5 {
        0
    } else if second < 0.5 {
        1
    } else {
        2
    };
    (root, n)
}

fn main() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    let (width, height) = (1024, 1024);
    let scale = 4.0 / width as f32;
    // No argument is an array, so the launch says where it goes.
    let ((roots, turns), outcome) = rt.map::<newton>((scale, 60)).over((width, height)).reported().run()?;
    let (roots, turns) = (roots.read()?, turns.read()?);

    // The plain function says the same of single places.
    for (x, y) in [(0, 0), (1000, 512), (200, 900), (300, 100)] {
        assert_eq!(roots[y * width + x], newton(Cell { x: x as u32, y: y as u32 }, scale, 60).0);
    }
    // The plane is symmetric: roots 1 and 2 share what root 0 leaves.
    let share = |root| roots.iter().filter(|found| **found == root).count() as f64 / roots.len() as f64;
    assert!((share(1) - share(2)).abs() < 0.01);
    println!("{width}x{height} places on {}, {} threads", outcome.target, outcome.threads);
    println!("roots found: {:.1} %, {:.1} %, {:.1} %", share(0) * 100.0, share(1) * 100.0, share(2) * 100.0);
    println!("at most {} turns", turns.iter().max().unwrap_or(&0));
    for y in (0..height).step_by(height / 24) {
        let line = (0..width).step_by(width / 64).map(|x| [' ', '.', '#'][roots[y * width + x] as usize]);
        println!("{}", line.collect::<String>());
    }
    Ok(())
}
