//! Reductions of rows, of columns, and of segments.

use crate::api::launch::{Launch, caught, domain};
use crate::api::op::{self, Operation};
use crate::api::reduce::Numeric;
use crate::api::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::Outcome;
use crate::exec::segments::{self, Segments};
use crate::kernel::Kernel;
use crate::memory::Array;
use crate::shape::Domain;

/// A launch whose results are reduced part by part; made by [`Launch::rows`], [`columns`](Launch::columns) and
/// [`segments`](Launch::segments).
#[must_use = "a launch does nothing until its last word: `sum`, `min`, `max`, `reduce`, …"]
pub struct Grouped<'r, 'a, 's, K: Kernel> {
    launch: Launch<'r, 'a, K>,
    by: By<'s>,
}

#[derive(Clone, Copy)]
enum By<'s> {
    Rows,
    Columns,
    Offsets(&'s [u32]),
}

impl<'r, 'a, K: Kernel<Out = T>, T: Numeric> Launch<'r, 'a, K> {
    /// The launch's rows, each to be reduced by itself; of a line its one row.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let x = rt.picture(vec![1.0f32, 2.0, 3.0, 10.0, 20.0, 30.0], (3, 2))?;
    /// assert_eq!(rt.reduce(&x).rows().sum()?.to_vec()?, [6.0, 60.0]);
    /// assert_eq!(rt.reduce(&x).columns().max()?.to_vec()?, [10.0, 20.0, 30.0]);
    /// assert_eq!(rt.reduce(&x).segments(&[0, 1, 1, 6]).sum()?.to_vec()?, [1.0, 0.0, 65.0]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn rows(self) -> Grouped<'r, 'a, 'static, K> {
        Grouped { launch: self, by: By::Rows }
    }

    /// The launch's columns, each to be reduced by itself; of a line every place is one.
    pub fn columns(self) -> Grouped<'r, 'a, 'static, K> {
        Grouped { launch: self, by: By::Columns }
    }

    /// The results from each offset up to the next, to be reduced by themselves: one segment fewer than offsets.
    pub fn segments(self, offsets: &[u32]) -> Grouped<'r, 'a, '_, K> {
        Grouped { launch: self, by: By::Offsets(offsets) }
    }
}

impl<K: Kernel<Out = T>, T: Numeric> Grouped<'_, '_, '_, K> {
    /// What `op` makes of each part; of an empty part what it makes of nothing.
    ///
    /// Of floats, by a tree that depends on the place in the part alone: the same bits on every target.
    ///
    /// # Errors
    /// As [`Launch::run`]; `ShapeMismatch` for offsets that do not ascend or go beyond the launch, `UnsupportedType` for a
    /// kernel that updates something.
    pub fn reduce(self, op: impl Operation<T>) -> Result<Array<T>> {
        self.reduced(op).map(|(array, _)| array)
    }

    /// The sum of each part.
    ///
    /// # Errors
    /// As [`reduce`](Grouped::reduce).
    pub fn sum(self) -> Result<Array<T>> {
        self.reduce(op::Sum)
    }

    /// The product of each part.
    ///
    /// # Errors
    /// As [`reduce`](Grouped::reduce).
    pub fn product(self) -> Result<Array<T>> {
        self.reduce(op::Product)
    }

    /// The smallest of each part.
    ///
    /// # Errors
    /// As [`reduce`](Grouped::reduce).
    pub fn min(self) -> Result<Array<T>> {
        self.reduce(op::Min)
    }

    /// The largest of each part.
    ///
    /// # Errors
    /// As [`reduce`](Grouped::reduce).
    pub fn max(self) -> Result<Array<T>> {
        self.reduce(op::Max)
    }

    fn reduced(self, op: impl Operation<T>) -> Result<(Array<T>, Outcome)> {
        let Grouped { launch: Launch { runtime, mut args, config }, by } = self;
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            let (core, fold) = (runtime.core(), op.fold());
            let (width, height) = match domain {
                Domain::Line(n) => (n, 1),
                Domain::Grid { width, height } => (width, height),
            };
            let all = (domain, &config);
            match by {
                By::Columns => segments::columns::<K, _>(core, &mut args, &fold, (width, height), all),
                By::Rows => {
                    let rows = Segments::Even { count: height, length: width };
                    segments::reduce::<K, _>(core, &mut args, &fold, rows, all)
                }
                By::Offsets(offsets) => {
                    let between = Segments::Between(offsets);
                    segments::reduce::<K, _>(core, &mut args, &fold, between, all)
                }
            }
        })
    }
}

impl Runtime {
    /// The keys without those that equal the one before, and what `op` makes of the values of each run of equal ones.
    ///
    /// ```
    /// use manylane::op;
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let keys = rt.array(vec![7u32, 7, 2, 2, 2, 7])?;
    /// let values = rt.array(vec![1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0])?;
    /// let (keys, sums) = rt.reduce_by_key(&keys, &values, op::Sum)?;
    /// assert_eq!((keys.to_vec()?, sums.to_vec()?), (vec![7, 2, 7], vec![3.0, 12.0, 6.0]));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Launch::run`]; `ShapeMismatch` where there are not as many values as keys.
    pub fn reduce_by_key<K: Numeric + PartialEq, V: Numeric>(
        &self,
        keys: &Array<K>,
        values: &Array<V>,
        op: impl Operation<V>,
    ) -> Result<(Array<K>, Array<V>)> {
        if keys.len() != values.len() {
            return Err(Error::new(
                ErrorKind::ShapeMismatch,
                format!(
                    "reduce_by_key: {} keys and {} values; as many of both are needed",
                    keys.len(),
                    values.len()
                ),
            ));
        }
        let heads = self.reduce::<K>(keys).change_places()?;
        let mut offsets = heads.to_vec()?;
        offsets.push(keys.len() as u32);
        let reduced = self.reduce::<V>(values).segments(&offsets).reduce(op)?;
        Ok((self.gather::<K>(&heads, keys).run()?, reduced))
    }
}
