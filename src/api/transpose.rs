//! Rows and columns exchanged.

use crate::api::launch::Launch;
use crate::api::reduce::Numeric;
use crate::api::runtime::Runtime;
use crate::exec::driver::Config;
use crate::kernel::{IntoPicture, Param, Picture};
use crate::shape::Domain;

impl Runtime {
    /// A launch over the columns of what has rows: its results are the array with rows and columns exchanged.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// let rt = Runtime::new()?;
    /// let x = rt.picture(vec![1.0f32, 2.0, 3.0, 10.0, 20.0, 30.0], (3, 2))?;
    /// let y = rt.transpose(&x).run()?;
    /// assert_eq!(y.domain(), (2, 3).into());
    /// assert_eq!(y.to_vec()?, [1.0, 10.0, 2.0, 20.0, 3.0, 30.0]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// As any launch it can be followed by a kernel, summed, or planned. On the CPU it goes by blocks in registers, through
    /// the caches; with [`then`](Launch::then) or a reduction behind it, it reads element by element.
    ///
    /// The last word's errors are those of [`Launch::run`]; `ShapeMismatch` where there are no rows.
    pub fn transpose<'a, T: Numeric>(&self, x: impl IntoPicture<'a, T>) -> Launch<'_, 'a, T::Turned> {
        let picture = x.into_picture();
        let over = match Picture::domain(&picture) {
            Some(Domain::Grid { width, height }) => Some(Domain::Grid { width: height, height: width }),
            // A line: the launch says that a picture needs rows.
            other => other,
        };
        Launch { runtime: self, args: (picture,), config: Config { over, ..Config::default() } }
    }
}
