//! One scalar function over arrays, on every CPU target.
//!
//! `cargo run --release --example hello_map`
#![forbid(unsafe_code)]

use manylane::prelude::*;

/// `a * x + y`.
#[kernel]
fn saxpy(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    a * x + y
}

fn main() -> manylane::Result<()> {
    // A kernel is an ordinary function too: test it, debug it.
    assert_eq!(saxpy(2.0, 1.0, 3.0), 5.0);

    let rt = Runtime::new()?;
    let n = 1_000_000;
    let x = rt.array((0..n).map(|i| i as f32).collect::<Vec<_>>())?; // adopts the Vec, no copy
    let y: Vec<f32> = vec![0.5; n]; // what a user already holds serves as it is

    // Where it is fastest.
    let z = rt.map::<saxpy>((2.0, &x, &y)).run()?;
    let host = z.read()?;
    assert!((0..n).all(|i| host[i] == 2.0 * i as f32 + 0.5));

    // The same line for every target; the outcome says where it really ran.
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Split] {
        let (z, outcome) = rt.map::<saxpy>((2.0, &x, &y)).on(target).reported().run()?;
        assert_eq!(*z.read()?, *host);
        print!("{target:8} ran on {}, level {}, {} threads", outcome.target, outcome.level, outcome.threads);
        println!("{}", outcome.note.map(|note| format!(" ({note})")).unwrap_or_default());
    }

    // What a launch would do, without doing it.
    println!("{}", rt.map::<saxpy>((2.0, &x, &y)).plan()?.explain());
    Ok(())
}
