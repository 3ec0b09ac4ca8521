//! Reductions and scans of rows, of columns, and of segments.

use crate::api::launch::{Launch, caught, domain};
use crate::api::op::{self, Operation};
use crate::api::reduce::Numeric;
use crate::api::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::Outcome;
use crate::exec::scan;
use crate::exec::segments::{self, Segments};
use crate::kernel::Kernel;
use crate::memory::Array;
use crate::shape::Domain;

/// A launch whose results are reduced or scanned part by part; made by [`Launch::rows`], [`columns`](Launch::columns) and
/// [`segments`](Launch::segments).
#[must_use = "a launch does nothing until its last word: `sum`, `min`, `reduce`, `inclusive_scan`, …"]
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

    /// As [`Launch::inclusive_scan`], of each part by itself.
    ///
    /// ```
    /// use manylane::op;
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let x = rt.picture(vec![1.0f32, 2.0, 3.0, 10.0, 20.0, 30.0], (3, 2))?;
    /// let rows = rt.reduce(&x).rows().inclusive_scan(op::Sum)?;
    /// assert_eq!(rows.to_vec()?, [1.0, 3.0, 6.0, 10.0, 30.0, 60.0]);
    /// // Of both: each place has the sum of all that is above it and to its left, the integral image.
    /// let integral = rt.reduce(&rows).columns().inclusive_scan(op::Sum)?;
    /// assert_eq!(integral.to_vec()?[5], 66.0);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// Of floats, a row or segment has the bits of a scan of it alone; a column is folded in strips of 64 rows. Segments that are
    /// scanned cover the launch: they begin with 0 and end with its length.
    ///
    /// # Errors
    /// As [`reduce`](Grouped::reduce); `ShapeMismatch` where segments leave places out.
    pub fn inclusive_scan(self, op: impl Operation<T>) -> Result<Array<T>> {
        self.scanned(op, false)
    }

    /// As [`Launch::exclusive_scan`], of each part by itself.
    ///
    /// # Errors
    /// As [`inclusive_scan`](Grouped::inclusive_scan).
    pub fn exclusive_scan(self, op: impl Operation<T>) -> Result<Array<T>> {
        self.scanned(op, true)
    }

    fn scanned(self, op: impl Operation<T>, exclusive: bool) -> Result<Array<T>> {
        let Grouped { launch: Launch { runtime, mut args, config }, by } = self;
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            let (core, fold) = (runtime.core(), op.fold());
            let (width, height) = shape(domain);
            let (how, all) = ((&fold, exclusive), (domain, &config));
            let segments = match by {
                By::Columns => {
                    return scan::columns::<K, _>(core, &mut args, how, (width, height), all)
                        .map(|(array, _)| array);
                }
                // One row is a scan like any other, which all of a GPU does together.
                By::Rows if height == 1 => {
                    return scan::scan::<K, _>(core, &mut args, how, domain, &config).map(|(array, _)| array);
                }
                By::Rows => Segments::Even { count: height, length: width },
                By::Offsets(offsets) => Segments::Between(offsets),
            };
            scan::segmented::<K, _>(core, &mut args, how, segments, all).map(|(array, _)| array)
        })
    }

    fn reduced(self, op: impl Operation<T>) -> Result<(Array<T>, Outcome)> {
        let Grouped { launch: Launch { runtime, mut args, config }, by } = self;
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            let (core, fold) = (runtime.core(), op.fold());
            let (width, height) = shape(domain);
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

/// Width and height; a line is a row.
fn shape(domain: Domain) -> (usize, usize) {
    match domain {
        Domain::Line(n) => (n, 1),
        Domain::Grid { width, height } => (width, height),
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
