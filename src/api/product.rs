//! Products of matrices.

use crate::api::launch::caught;
use crate::api::reduce::Numeric;
use crate::api::runtime::Runtime;
use crate::api::settings::settings;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{Config, Outcome};
use crate::exec::product::{self, Factors, Finish, First};
use crate::kernel::{IntoMatrix, IntoOutput, Slot, Step};
use crate::memory::Array;

/// A product of matrices, to be configured and then ended with [`run`](Product::run) or [`run_into`](Product::run_into); made by
/// [`Runtime::product`] and [`Runtime::matmul`].
#[must_use = "a product does nothing until its last word: `run`, `run_into`, …"]
pub struct Product<'r, 'a, S: Step>
where
    S::Value: Numeric,
{
    runtime: &'r Runtime,
    factors: Factors<'a, S::Value>,
    config: Config,
}

impl Runtime {
    /// The product of two matrices by a step of one's own, a kernel `fn(sum: T, a: T, b: T) -> T`: the result in row `i` and column
    /// `j` is what comes of `sum = step(sum, a[i, k], b[k, j])` for `k` = 0, 1, 2, … in that order. Sums begin with 0, or with
    /// what [`start`](Product::start) or [`onto`](Product::onto) say.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// /// Ways over one more stop.
    /// #[kernel]
    /// fn shorter(way: f32, a: f32, b: f32) -> f32 {
    ///     way.min(a + b)
    /// }
    ///
    /// let rt = Runtime::new()?;
    /// let far = f32::INFINITY;
    /// let roads = rt.picture(vec![0.0, 1.0, far, far, 0.0, 2.0, 3.0, far, 0.0], (3, 3))?;
    /// let ways = rt.product::<shorter>(&roads, &roads).start(far).run()?;
    /// assert_eq!(ways.to_vec()?, [0.0, 1.0, 3.0, 5.0, 0.0, 2.0, 3.0, 4.0, 0.0]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// Matrices are whatever has rows: `&Array`, `&View`, or `(&[T], (columns, rows))`. Views that exchange rows and columns
    /// ([`transposed`](Array::transposed)) and parts ([`block`](Array::block)) are read where they are.
    ///
    /// The chain of a result is the same on every target and in every split: a strict step gives the same bits everywhere, any
    /// other gives the same bits on all threads and splits of a SIMD level, and those of its tolerance elsewhere.
    ///
    /// The method is that of K. Goto and R. van de Geijn, Anatomy of High-Performance Matrix Multiplication, ACM TOMS 34 (2008).
    pub fn product<'a, S: Step>(
        &self,
        a: impl IntoMatrix<'a, S::Value>,
        b: impl IntoMatrix<'a, S::Value>,
    ) -> Product<'_, 'a, S>
    where
        S::Value: Numeric,
    {
        self.product_of(S::INFO.name, a, b)
    }

    /// The product of two matrices: rows of `a` times columns of `b`.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let a = rt.picture(vec![1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], (3, 2))?; // three columns, two rows
    /// let b = rt.picture(vec![1.0f32, 0.0, 0.0, 1.0, 1.0, 1.0], (2, 3))?;
    /// assert_eq!(rt.matmul(&a, &b).run()?.to_vec()?, [4.0, 5.0, 10.0, 11.0]);
    /// let own = rt.matmul(&a, &a.transposed()?).alpha(0.5).run()?;
    /// assert_eq!(own.to_vec()?, [7.0, 16.0, 16.0, 38.5]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// A [`product`](Runtime::product) whose step is `sum + a * b`: one relaxed multiply-add for `f32`, which rounds once where the
    /// level has such an operation. Products of a matrix and a vector are faster as [`matvec`](Runtime::matvec), which adds in
    /// another order.
    pub fn matmul<'a, T: Numeric>(
        &self,
        a: impl IntoMatrix<'a, T>,
        b: impl IntoMatrix<'a, T>,
    ) -> Product<'_, 'a, T::MultiplyAdd> {
        self.product_of("matmul", a, b)
    }

    fn product_of<'a, S: Step>(
        &self,
        what: &'static str,
        a: impl IntoMatrix<'a, S::Value>,
        b: impl IntoMatrix<'a, S::Value>,
    ) -> Product<'_, 'a, S>
    where
        S::Value: Numeric,
    {
        let factors = Factors {
            what,
            a: a.into_matrix(),
            b: b.into_matrix(),
            first: First::Value(S::Value::ZERO),
            finish: None,
            batches: 1,
            empty: false,
        };
        Product { runtime: self, factors, config: Config::default() }
    }
}

impl<'a, S: Step> Product<'_, 'a, S>
where
    S::Value: Numeric,
{
    settings!(placing);

    /// The part of the results, from 0 to 1, that a GPU gets in a split, where that is not to be left to the models.
    /// What is less or more is taken as 0 or 1; NaN is an error of the kind `Setting` of the last word.
    pub fn gpu_share(mut self, share: f64) -> Self {
        self.config.gpu_share = Some(share.clamp(0.0, 1.0));
        self
    }

    /// What each sum begins with, instead of 0; where there are no steps it is the result.
    pub fn start(mut self, first: S::Value) -> Self {
        self.factors.first = First::Value(first);
        self
    }

    /// The sum of each result begins with an element of `c`, which has the shape of the results.
    ///
    /// Of the usual product that is `c + a b`, rounded once for each step.
    pub fn onto(mut self, c: impl IntoMatrix<'a, S::Value>) -> Self {
        self.factors.first = First::Stored(c.into_matrix());
        self
    }

    /// Multiplies each sum. Where `alpha` is 0 neither matrix is looked at, as BLAS has it.
    pub fn alpha(mut self, alpha: S::Value) -> Self {
        let add = self.factors.finish.take().and_then(|finish| finish.add);
        self.factors.finish = Some(Finish { alpha, add });
        self
    }

    /// Adds `beta` times the elements of `c`, which has the shape of the results. Where `beta` is 0 nothing is added, whatever
    /// `c` holds.
    pub fn beta(mut self, beta: S::Value, c: impl IntoMatrix<'a, S::Value>) -> Self {
        let alpha = self.factors.finish.as_ref().map_or(S::Value::ONE, |finish| finish.alpha);
        self.factors.finish = Some(Finish { alpha, add: Some((beta, c.into_matrix())) });
        self
    }

    /// So many products at once: both matrices are as many stacked below each other, and so are the results. Of a view whose
    /// rows and columns are exchanged the parts are those of the array under it, each exchanged by itself.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let a = rt.picture(vec![1.0f32, 2.0, 3.0, 4.0], (1, 4))?; // two columns of two, one below the other
    /// let b = rt.picture(vec![10.0f32, 20.0], (1, 2))?; // two numbers
    /// assert_eq!(rt.matmul(&a, &b).batched(2).run()?.to_vec()?, [10.0, 20.0, 60.0, 80.0]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn batched(mut self, batches: usize) -> Self {
        self.factors.batches = batches;
        self
    }

    /// Computes it into a new array with rows.
    ///
    /// # Errors
    /// `ShapeMismatch` where the shapes do not fit; otherwise as [`Launch::run`](crate::Launch::run).
    pub fn run(self) -> Result<Array<S::Value>> {
        self.run_reported().map(|(array, _)| array)
    }

    /// As [`run`](Product::run), with how it went.
    ///
    /// # Errors
    /// As [`run`](Product::run).
    pub fn run_reported(self) -> Result<(Array<S::Value>, Outcome)> {
        let home = &self.runtime.core().home;
        let domain = caught(self.factors.what, || self.factors.domain())?;
        let mut out = Array::new(home, domain)?;
        let outcome = self.into_slot(Slot::Array(&mut out))?;
        Ok((out, outcome))
    }

    /// Computes it into an array, a part of one, or a slice that is there already; it may be one that is added
    /// ([`beta`](Product::beta)) or that the sums begin with ([`onto`](Product::onto)).
    ///
    /// # Errors
    /// As [`run`](Product::run); `ShapeMismatch` where `out` has another number of elements. If it fails as it runs, an array that
    /// was to be written has no values until it is written anew: each use returns the error.
    pub fn run_into<'o>(self, out: impl IntoOutput<'o, S::Value>) -> Result<Outcome> {
        self.into_slot(out.into_output())
    }

    fn into_slot(self, slot: Slot<'_, S::Value>) -> Result<Outcome> {
        let Product { runtime, mut factors, config } = self;
        let zero = |value: S::Value| {
            value.order(S::Value::ZERO).is_some_and(|order| order.is_eq()) || {
                // Of the two zeros the negative one is less.
                value.order(S::Value::ADDITIVE).is_some_and(|order| order.is_eq())
            }
        };
        if let Some(finish) = &mut factors.finish {
            if finish.add.as_ref().is_some_and(|(beta, _)| zero(*beta)) {
                finish.add = None;
            }
            factors.empty = zero(finish.alpha);
            if factors.empty {
                factors.first = First::Value(S::Value::ZERO);
            }
        }
        caught(factors.what, || {
            if config.gpu_share.is_some_and(f64::is_nan) {
                return Err(Error::new(
                    ErrorKind::Setting,
                    format!(
                        "{}: the part of the results for a GPU is NaN; give one from 0 to 1",
                        factors.what
                    ),
                ));
            }
            product::run::<S>(runtime.core(), &factors, slot, &config)
        })
    }
}
