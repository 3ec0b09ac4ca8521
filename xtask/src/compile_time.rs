//! What kernels add to a release build: a program of fifty, launched each, against the same program without them.

use std::fmt::Write;
use std::fs;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::run::{cargo, root};

/// Kernels of each kind.
const COPIES: usize = 10;

/// One of each kind, `#` standing for its number, and how it is launched.
const KINDS: [(&str, &str); 5] = [
    (
        "#[kernel]
fn saxpy#(#[uniform] a: f32, x: f32, y: f32) -> f32 { a * x + y * #.0 }",
        "saxpy#>((2.0, &x, &x))",
    ),
    (
        "#[kernel]
fn option#(s: f32, x: f32, t: f32) -> (f32, f32) {
    let d = ((s / x).ln() + 0.0# * t) / (0.2 * t.sqrt());
    let n = 1.0 / (1.0 + (-1.7 * d).exp());
    (s * n - x * (-0.05 * t).exp() * n, x - s * n)
}",
        "option#>((&x, &x, &x))",
    ),
    (
        "#[kernel]
fn escape#(re: f32, im: f32, #[uniform] limit: u32) -> u32 {
    let (mut a, mut b, mut n) = (0.0, 0.0, #);
    while n < limit && a * a + b * b <= 4.0 {
        let t = a * a - b * b + re;
        b = 2.0 * a * b + im;
        a = t;
        n += 1;
    }
    n
}",
        "escape#>((&x, &x, 99))",
    ),
    (
        "#[kernel]
fn stencil#(at: Cell, src: Image<f32>) -> f32 {
    let gx = src.near(at, 1, -1) + 2.0 * src.near(at, 1, 0) + src.near(at, 1, 1) - #.0 * src.near(at, -1, 0);
    let gy = src.near(at, -1, 1) + 2.0 * src.near(at, 0, 1) + src.near(at, 1, 1);
    (gx * gx + gy * gy).sqrt()
}",
        "stencil#>(((&x, (10, 10)),))",
    ),
    (
        "#[kernel]
fn row#(r: Index, start: &[u32], column: &[u32], x: &[f32]) -> f32 {
    let mut sum = #.0;
    for k in start[r as usize]..start[r as usize + 1] {
        let v = x[column[k as usize] as usize];
        if v < 0.0 { continue; }
        if sum > 1e6 { return sum; }
        sum += v;
    }
    sum
}",
        "row#>((&u, &u, &x)).over(5)",
    ),
];

/// Builds both three times and prints the least seconds of each.
pub fn run_all() -> Result<()> {
    let folder = root().join("target").join("compile-time");
    fs::create_dir_all(folder.join("src"))?;
    let library = root().display().to_string();
    let manifest = format!(
        "[package]\nname = \"fifty\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         manylane = {{ path = {library:?}, default-features = false }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let (mut none, mut fifty) = (f64::INFINITY, f64::INFINITY);
    // The first build is of the library.
    for round in 0..4 {
        for (copies, least) in [(0, &mut none), (COPIES, &mut fifty)] {
            fs::write(folder.join("src/main.rs"), program(copies))?;
            let start = Instant::now();
            let mut build = cargo("build --release --offline --quiet");
            let status =
                build.current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target")).status()?;
            ensure!(status.success(), "the program of {} kernels does not build", copies * KINDS.len());
            if round > 0 {
                *least = least.min(start.elapsed().as_secs_f64());
            }
        }
    }
    println!("a release build without kernels: {none:.1} s; with {}: {fifty:.1} s", COPIES * KINDS.len());
    Ok(())
}

fn program(copies: usize) -> String {
    let (mut kernels, mut launches) = (String::new(), String::new());
    for copy in 0..copies {
        for (kernel, launch) in KINDS {
            // The number, but not the sign of an attribute.
            let number = |text: &str| {
                text.replace("#[", "\u{1}[").replace('#', &copy.to_string()).replace('\u{1}', "#")
            };
            let _ = writeln!(kernels, "{}", number(kernel));
            let _ = writeln!(launches, "    rt.map::<{}.run()?;", number(launch));
        }
    }
    format!(
        "use manylane::prelude::*;\n\n{kernels}\nfn main() -> Result<(), Error> {{\n    let rt = Runtime::new()?;\n    \
         let x = vec![1.0f32; 100];\n    let u = vec![1u32; 100];\n{launches}    \
         let _ = (rt, x, u);\n    Ok(())\n}}\n"
    )
}
