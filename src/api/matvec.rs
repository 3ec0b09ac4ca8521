//! Products of a matrix and a vector.

use crate::api::launch::{caught, domain};
use crate::api::reduce::{Numeric, Product, Sum};
use crate::api::runtime::Runtime;
use crate::api::settings::settings;
use crate::api::{Launch, op};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::Config;
use crate::exec::segments;
use crate::kernel::{
    ElemArg, IntoElement, IntoMatrix, IntoOutput, IntoSlice, Kernel, MatrixArg, Params, SliceArg,
};
use crate::memory::Array;
use crate::shape::Domain;

/// A product of a matrix and a vector, to be configured and then ended with [`run`](MatVec::run) or [`run_into`](MatVec::run_into);
/// made by [`Runtime::matvec`].
#[must_use = "a product does nothing until its last word: `run`, `run_into`"]
pub struct MatVec<'r, 'a, T: Numeric> {
    runtime: &'r Runtime,
    a: MatrixArg<'a, T>,
    x: SliceArg<'a, T>,
    alpha: Option<T>,
    add: Option<(T, ElemArg<'a, T>)>,
    config: Config,
}

impl Runtime {
    /// The product of a matrix and a vector: each result is the sum of a row's elements times those of `x`.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let a = rt.picture(vec![1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], (3, 2))?; // three columns, two rows
    /// let x = vec![1.0f32, 0.0, 10.0];
    /// assert_eq!(rt.matvec(&a, &x).run()?.to_vec()?, [31.0, 64.0]);
    /// let y = vec![1.0f32, -1.0];
    /// assert_eq!(rt.matvec(&a.transposed()?, &y).alpha(2.0).run()?.to_vec()?, [-6.0, -6.0, -6.0]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// Each product is rounded and then added: a row by a tree as that of [`Launch::sum`], but each eighth of a block by sixteen
    /// accumulators of its own; a row of a [`transposed`](Array::transposed) view, which is a column in memory, as the columns of
    /// [`Launch::columns`]. So the bits are the same on every target, level, thread count and split, and
    /// unlike those of a [`matmul`](Runtime::matmul) of one column, which adds in the order of the steps.
    pub fn matvec<'a, T: Numeric>(
        &self,
        a: impl IntoMatrix<'a, T>,
        x: impl IntoSlice<'a, T>,
    ) -> MatVec<'_, 'a, T> {
        let (a, x) = (a.into_matrix(), x.into_slice());
        MatVec { runtime: self, a, x, alpha: None, add: None, config: Config::default() }
    }
}

impl<'a, T: Numeric> MatVec<'_, 'a, T> {
    settings!(placing);

    /// Multiplies each sum. Where `alpha` is 0 neither matrix nor vector is looked at, as BLAS has it.
    pub fn alpha(mut self, alpha: T) -> Self {
        self.alpha = Some(alpha);
        self
    }

    /// Adds `beta` times the elements of `y`, one for each result. Where `beta` is 0 nothing is added, whatever `y` holds.
    pub fn beta(mut self, beta: T, y: impl IntoElement<'a, T>) -> Self {
        self.add = Some((beta, y.into_element()));
        self
    }

    /// Computes it into a new array.
    ///
    /// # Errors
    /// `ShapeMismatch` where the lengths do not fit; otherwise as [`Launch::run`].
    pub fn run(self) -> Result<Array<T>> {
        let (runtime, config) = (self.runtime, self.config.clone());
        match caught("matvec", || self.sums())? {
            Found::Sums(sums) => Ok(sums),
            Found::Scaled(sums, alpha) => {
                let args = (ElemArg::Array(sums), alpha);
                configured::<T::Scale>(runtime, args, config).run()
            }
            Found::Added(sums, alpha, (beta, y)) => {
                let args = (ElemArg::Array(sums), y, alpha, beta);
                configured::<T::Blend>(runtime, args, config).run()
            }
        }
    }

    /// Computes it into an array or a slice that is there already.
    ///
    /// # Errors
    /// As [`run`](MatVec::run); `ShapeMismatch` where `out` has another length.
    pub fn run_into<'o>(self, out: impl IntoOutput<'o, T>) -> Result<()> {
        let (runtime, config) = (self.runtime, self.config.clone());
        match caught("matvec", || self.sums())? {
            Found::Sums(sums) => {
                configured::<T::Same>(runtime, (ElemArg::Array(sums),), config).run_into(out)
            }
            Found::Scaled(sums, alpha) => {
                let args = (ElemArg::Array(sums), alpha);
                configured::<T::Scale>(runtime, args, config).run_into(out)
            }
            Found::Added(sums, alpha, (beta, y)) => {
                let args = (ElemArg::Array(sums), y, alpha, beta);
                configured::<T::Blend>(runtime, args, config).run_into(out)
            }
        }
    }

    /// The sums, and what is to be made of them.
    fn sums(self) -> Result<Found<'a, T>> {
        let MatVec { runtime, a, x, alpha, add, config } = self;
        let mismatch = |text: String| Err(Error::new(ErrorKind::ShapeMismatch, format!("matvec: {text}")));
        a.check(&runtime.core().home).map_err(|error| error.in_launch("matvec"))?;
        let Domain::Grid { width, height } = a.domain() else {
            return mismatch(format!(
                "the matrix is a line of {}; give it a shape with `.shaped((columns, rows))`",
                a.domain()
            ));
        };
        if x.len() != width {
            return mismatch(format!(
                "the matrix has {height} rows of {width} columns and the vector {} elements; as many as columns are needed, \
                 or the matrix `.transposed()`",
                x.len()
            ));
        }
        let zero = |value: &T| {
            [T::ZERO, T::ADDITIVE].iter().any(|zero| value.order(*zero).is_some_and(|order| order.is_eq()))
        };
        let add = add.filter(|(beta, _)| !zero(beta));
        let sums = if alpha.as_ref().is_some_and(zero) {
            runtime.array(vec![T::ZERO; height])?
        } else {
            products(runtime, a, x, (width, height), config)?
        };
        Ok(match (alpha, add) {
            (None, None) => Found::Sums(sums),
            (Some(alpha), None) => Found::Scaled(sums, alpha),
            (alpha, Some(add)) => Found::Added(sums, alpha.unwrap_or(T::ONE), add),
        })
    }
}

/// The sums of all rows, and what is to be made of them.
enum Found<'a, T: Numeric> {
    Sums(Array<T>),
    Scaled(Array<T>, T),
    Added(Array<T>, T, (T, ElemArg<'a, T>)),
}

fn configured<'r, 'a, K: Kernel>(
    runtime: &'r Runtime,
    args: <K::Params as Params>::Arg<'a>,
    config: Config,
) -> Launch<'r, 'a, K> {
    Launch { runtime, args, config }
}

/// The sum of each row times `x`; `size` are the columns and rows as the product sees them.
fn products<T: Numeric>(
    runtime: &Runtime,
    a: MatrixArg<'_, T>,
    x: SliceArg<'_, T>,
    size: (usize, usize),
    mut config: Config,
) -> Result<Array<T>> {
    let (elements, shape, exchanged) = match a {
        MatrixArg::Slice(elements, shape) => (ElemArg::Slice(elements), shape, false),
        MatrixArg::View(view) => match view.untransposed() {
            Some(under) => (ElemArg::View(under.clone()), under.domain(), true),
            None => (ElemArg::View(view.clone()), view.domain(), false),
        },
    };
    config.over = Some(shape);
    if exchanged {
        return configured::<T::DownColumn>(runtime, (elements, x), config).columns().reduce(op::Sum);
    }
    let mut args = (elements, x);
    let domain = domain::<T::AlongRow>(&args, &config)?;
    let (core, sum, all) = (runtime.core(), Sum::<T>::new(), (domain, &config));
    segments::weighted::<T::AlongRow, Sum<T>, Product<T>>(core, &mut args, &sum, size, all)
        .map(|(sums, _)| sums)
}
