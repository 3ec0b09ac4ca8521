//! Sums with the same bits on every target, and folds of one's own.
//!
//! `cargo run --release --example reduce`
#![forbid(unsafe_code)]

use manylane::prelude::*;

/// `x * y`, to be summed: the dot product.
#[kernel]
fn mul(x: f32, y: f32) -> f32 {
    x * y
}

/// The one whose absolute value is larger.
#[kernel]
fn further(a: f32, b: f32) -> f32 {
    a.abs().max(b.abs())
}

fn main() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    let n = 1_000_003;
    let x: Vec<f32> = (0..n).map(|i| (i as f32 * 0.37).sin()).collect();
    let y: Vec<f32> = (0..n).map(|i| (i as f32 * 0.11).cos()).collect();

    // A stored array, folded. The tree of a sum depends on the length only, so no target changes a bit of it.
    let sum = rt.reduce(&x).sum()?;
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Split] {
        assert_eq!(rt.reduce(&x).on(target).sum()?.to_bits(), sum.to_bits());
    }
    let exact: f64 = x.iter().map(|x| f64::from(*x)).sum();
    assert!((f64::from(sum) - exact).abs() < 0.01);
    println!("sum {sum}, in f64 {exact:.6}");

    // A map, folded at once: nothing is stored in between.
    let dot = rt.map::<mul>((&x, &y)).sum()?;
    let exact: f64 = x.iter().zip(&y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
    assert!((f64::from(dot) - exact).abs() < 0.01);
    println!("dot {dot}, in f64 {exact:.6}");

    let (low, high) = (rt.reduce(&x).min()?, rt.reduce(&x).max()?);
    assert!((-1.0..-0.999).contains(&low) && (0.999..=1.0).contains(&high));
    println!("from {low} to {high}");

    // A fold of one's own, with what leaves every value as it is.
    let furthest = rt.reduce(&x).reduce::<further>(0.0)?;
    assert_eq!(furthest, high.max(-low));
    println!("furthest from 0: {furthest}");
    Ok(())
}
