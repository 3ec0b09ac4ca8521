//! The prices of European options after Black and Scholes: a call and a put for each.

use manylane::prelude::*;

use crate::case::{Case, Result};

/// The normal distribution up to `x`, by Abramowitz and Stegun 26.2.17: off by less than 7.5e-8.
#[kernel]
fn normal(x: f32) -> f32 {
    let k = 1.0 / (0.231_641_9 * x.abs() + 1.0);
    let p = ((((1.330_274_5 * k - 1.821_255_9) * k + 1.781_477_9) * k - 0.356_563_78) * k + 0.319_381_54) * k;
    let tail = 0.398_942_3 * (-0.5 * x * x).exp() * p;
    if x < 0.0 { tail } else { 1.0 - tail }
}

#[kernel]
fn prices(spot: f32, strike: f32, time: f32, rate: f32, volatility: f32) -> (f32, f32) {
    let spread = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / spread;
    let d2 = d1 - spread;
    let discounted = strike * (-rate * time).exp();
    let call = spot * normal(d1) - discounted * normal(d2);
    let put = discounted * normal(-d2) - spot * normal(-d1);
    (call, put)
}

pub fn run(case: &Case, rt: &Runtime, target: Target) -> Result<()> {
    let (spot, strike) = (case.read("S")?, case.read("X")?);
    let (time, rate, volatility) = (case.read("T")?, case.read("r")?, case.read("v")?);
    let (call, put) = rt.map::<prices>((&spot, &strike, &time, &rate, &volatility)).on(target).run()?;
    case.write("call", &call.read()?)?;
    case.write("put", &put.read()?)
}
