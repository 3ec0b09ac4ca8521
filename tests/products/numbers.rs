//! Inputs and the oracle.

use std::fmt::Debug;

use manylane::api::{Numeric, Product};
use manylane::kernel::Step;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Setup, Tolerance};

/// A matrix of the test: rows of numbers.
#[derive(Clone)]
pub struct Rows<T> {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<T>,
}

impl<T: Copy> Rows<T> {
    pub fn make(rows: usize, columns: usize, mut value: impl FnMut() -> T) -> Self {
        Rows { rows, columns, values: (0..rows * columns).map(|_| value()).collect() }
    }

    pub fn at(&self, row: usize, column: usize) -> T {
        self.values[row * self.columns + column]
    }

    /// For a launch: width before height.
    pub fn shape(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    pub fn exchanged(&self) -> Self {
        let mut values = Vec::new();
        for x in 0..self.columns {
            values.extend((0..self.rows).map(|y| self.at(y, x)));
        }
        Rows { rows: self.columns, columns: self.rows, values }
    }
}

/// The naive product: each sum in the order of the steps.
pub fn naive<T: Copy>(a: &Rows<T>, b: &Rows<T>, first: T, step: impl Fn(T, T, T) -> T) -> Vec<T> {
    let mut out = Vec::new();
    for i in 0..a.rows {
        for j in 0..b.columns {
            out.push((0..a.columns).fold(first, |sum, k| step(sum, a.at(i, k), b.at(k, j))));
        }
    }
    out
}

/// Small fractions of either sign: their products round.
pub fn fraction(random: &mut Inputs) -> f32 {
    random.float(-1.0, 1.0)
}

/// Relative to the sum of the magnitudes of what is added, for chains of so many steps.
pub fn tolerance(depth: usize) -> Tolerance {
    Tolerance::Relative { share: 1e-6 * (depth as f64).max(8.0), floor: (depth as f64).sqrt().max(1.0) }
}

/// The product on the setup's target.
pub fn placed<'r, 'a, S: Step>(setup: &Setup, product: Product<'r, 'a, S>) -> Product<'r, 'a, S>
where
    S::Value: Numeric,
{
    let product = product.on(setup.target).mapping(setup.mapping);
    match setup.share {
        Some(share) => product.gpu_share(share),
        None => product,
    }
}

/// The product of borrowed rows on the setup's target.
pub fn found<S: Step>(setup: &Setup, a: &Rows<S::Value>, b: &Rows<S::Value>, first: S::Value) -> Vec<S::Value>
where
    S::Value: Numeric + Debug,
{
    let product = setup.runtime().product::<S>((&a.values, a.shape()), (&b.values, b.shape()));
    let out = placed(setup, product.start(first)).run().unwrap();
    assert_eq!(out.domain(), Domain::Grid { width: b.columns, height: a.rows });
    out.to_vec().unwrap()
}
