//! The price of European options after Black and Scholes.

use manylane::prelude::*;

use crate::facts::{Cost, Facts, Tolerance};
use crate::input::floats;

/// The normal distribution up to `d`, by Abramowitz and Stegun 26.2.17: off by less than 7.5e-8.
#[kernel]
pub fn cnd(d: f32) -> f32 {
    let l = d.abs();
    let k = 1.0 / (0.231_641_9 * l + 1.0);
    let p = ((((1.330_274_5 * k - 1.821_255_9) * k + 1.781_477_9) * k - 0.356_563_78) * k + 0.319_381_54) * k;
    let w = 0.398_942_3 * (l * l * -0.5).exp() * p;
    if d < 0.0 { w } else { 1.0 - w }
}

/// The prices of a call and a put on a share that costs `spot`, at the price `strike` in `time` years.
#[kernel]
pub fn black_scholes(
    spot: f32,
    strike: f32,
    time: f32,
    #[uniform] rate: f32,
    #[uniform] volatility: f32,
) -> (f32, f32) {
    let root = time.sqrt() * volatility;
    let drift = rate + volatility * volatility * 0.5;
    let d1 = (time * drift + (spot / strike).ln()) / root;
    let d2 = d1 - root;
    let discounted = strike * (time * -rate).exp();
    let (n1, n2) = (cnd(d1), cnd(d2));
    let call = spot * n1 - discounted * n2;
    let put = discounted * (1.0 - n2) - spot * (1.0 - n1);
    (call, put)
}

/// Facts about [`black_scholes()`] (both results) on [`input`], whose prices go to 100: both prices are differences of numbers of
/// that size.
pub const BLACK_SCHOLES: Facts = Facts {
    name: "black_scholes",
    cost: Cost::element(20.0, 52.0),
    tolerance: Tolerance::Within { absolute: 1e-4, relative: 1e-5 },
};
/// Facts about [`cnd()`].
pub const CND: Facts = Facts {
    name: "cnd",
    cost: Cost::element(8.0, 17.0),
    tolerance: Tolerance::Within { absolute: 5e-7, relative: 0.0 },
};
/// The rate that the benches take.
pub const RATE: f32 = 0.02;
/// The volatility that the benches take.
pub const VOLATILITY: f32 = 0.3;

/// `n` spot prices, strike prices, and times in years.
pub fn input(seed: u64, n: usize) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    (floats(seed, n, 10.0, 100.0), floats(seed ^ 1, n, 20.0, 90.0), floats(seed ^ 2, n, 0.1, 5.0))
}

/// What [`cnd()`] must give.
pub fn cnd_naive(d: f64) -> f64 {
    let k = 1.0 / (0.2316419 * d.abs() + 1.0);
    let p = ((((1.330274429 * k - 1.821255978) * k + 1.781477937) * k - 0.356563782) * k + 0.31938153) * k;
    let w = 0.39894228 * (d * d * -0.5).exp() * p;
    if d < 0.0 { w } else { 1.0 - w }
}

/// What [`black_scholes()`] must give.
pub fn naive(spot: &[f32], strike: &[f32], time: &[f32], rate: f32, volatility: f32) -> (Vec<f32>, Vec<f32>) {
    let (r, v) = (f64::from(rate), f64::from(volatility));
    let one = |s: f64, x: f64, t: f64| {
        let d1 = ((s / x).ln() + (r + v * v / 2.0) * t) / (v * t.sqrt());
        let (n1, n2) = (cnd_naive(d1), cnd_naive(d1 - v * t.sqrt()));
        let discounted = x * (-r * t).exp();
        (s * n1 - discounted * n2, discounted * (1.0 - n2) - s * (1.0 - n1))
    };
    let options = spot.iter().zip(strike).zip(time);
    let prices = options.map(|((s, x), t)| one((*s).into(), (*x).into(), (*t).into()));
    prices.map(|(call, put)| (call as f32, put as f32)).unzip()
}
