//! A bench of one's own: the command line of `manylane bench`, for kernels that it does not know.
//!
//! `cargo run --release -p manylane-cli --example own_kernels -- --quick --json bench.json`

use std::process::ExitCode;

use manylane::prelude::*;
use manylane_cli::bench::{Own, Suite, Tolerance, main_with};

#[kernel]
fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[kernel]
fn brighter(pixel: u8, #[uniform] by: u8) -> u8 {
    (pixel as u32 + by as u32).min(255) as u8
}

/// The kernels with their inputs and references.
pub fn suite() -> Suite {
    let logistic = Own::new(
        "logistic",
        |rt, places| rt.array((0..places.len()).map(|i| (i % 200) as f32 / 10.0 - 10.0).collect::<Vec<_>>()),
        |rt, x: &Array<f32>| rt.map::<logistic>(x),
        |x| Ok(x.read()?.iter().map(|x| 1.0 / (1.0 + (-x).exp())).collect()),
    );
    let brighter = Own::new(
        "brighter",
        |rt, places| rt.array((0..places.len()).map(|i| (i % 251) as u8).collect::<Vec<_>>()),
        |rt, pixels: &Array<u8>| rt.map::<brighter>((pixels, 40u8)),
        |pixels| Ok(pixels.read()?.iter().map(|pixel| pixel.saturating_add(40)).collect()),
    );
    let near = Tolerance::Within { absolute: 0.0, relative: 1e-5 };
    Suite::new().with(logistic.within(near)).with(brighter.sizes([(640, 360), (1920, 1080)]))
}

fn main() -> ExitCode {
    main_with(suite())
}
