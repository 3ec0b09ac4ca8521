//! Histograms.

use crate::api::launch::{Launch, caught, domain};
use crate::api::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::histogram::{self, Between, Binning, Even, MAX_EVEN_BINS, Numbered};
use crate::kernel::{IntoElement, Kernel, LaneElement, basic};
use crate::memory::Array;

impl Runtime {
    /// A launch over bytes, as the numbers that they are; its histogram reads them as they lie in memory.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let counts = rt.bytes(&b"mississippi".to_vec()).histogram(256)?.to_vec()?;
    /// assert_eq!((counts[usize::from(b's')], counts[usize::from(b'p')]), (4, 2));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn bytes<'a>(&self, x: impl IntoElement<'a, u8>) -> Launch<'_, 'a, basic::byte> {
        Launch::new(self, (x.into_element(),))
    }
}

impl<K: Kernel<Out = u32>> Launch<'_, '_, K> {
    /// How many results are 0, 1, … up to `bins`; larger ones are not counted.
    ///
    /// # Errors
    /// As [`run`](Launch::run); `LimitExceeded` for a launch of 2^32 places or more, whose counts may not fit a `u32`;
    /// `UnsupportedType` for a kernel that updates something.
    pub fn histogram(self, bins: usize) -> Result<Array<u32>> {
        counted(self, &Numbered(bins))
    }
}

impl<K: Kernel<Out = f32>> Launch<'_, '_, K> {
    /// How many results fall into each of `bins` bins of the same width, the first of which begins at `low`: `x` falls into
    /// bin `(x - low) / width`, rounded down. What is outside, and NaN, is not counted.
    ///
    /// The division is rounded as every division; just below the upper end it may be rounded up to the end, which is outside.
    ///
    /// # Errors
    /// As [`histogram`](Launch::histogram); `Setting` for a width that is not above 0, or more than 2^24 bins.
    pub fn histogram_even(self, low: f32, width: f32, bins: usize) -> Result<Array<u32>> {
        let wrong = if !(width > 0.0 && width.is_finite() && low.is_finite()) {
            format!("bins from {low}, {width} wide")
        } else if bins > MAX_EVEN_BINS {
            format!("{bins} bins")
        } else {
            return counted(self, &Even { lo: low, width, count: bins });
        };
        Err(Error::new(
            ErrorKind::Setting,
            format!(
                "{}: a histogram of {wrong}; the width must be above 0, both ends finite, and at most {MAX_EVEN_BINS} bins",
                K::INFO.name
            ),
        ))
    }

    /// How many results fall between each edge and the next: bin `k` has `edges[k] <= x < edges[k + 1]`. What is outside, and
    /// NaN, is not counted.
    ///
    /// # Errors
    /// As [`histogram`](Launch::histogram); `Setting` for edges that do not ascend, or fewer than two.
    pub fn histogram_between(self, edges: &[f32]) -> Result<Array<u32>> {
        if edges.len() < 2 || !edges.is_sorted() || edges.iter().any(|edge| edge.is_nan()) {
            return Err(Error::new(
                ErrorKind::Setting,
                format!(
                    "{}: a histogram needs at least two edges, which ascend; it was given {}",
                    K::INFO.name,
                    edges.len()
                ),
            ));
        }
        counted(self, &Between(edges))
    }
}

fn counted<K: Kernel<Out = T>, T: LaneElement>(
    launch: Launch<'_, '_, K>,
    binning: &impl Binning<T>,
) -> Result<Array<u32>> {
    let Launch { runtime, mut args, config } = launch;
    caught(K::INFO.name, || {
        let domain = domain::<K>(&args, &config)?;
        histogram::histogram::<K, T, _>(runtime.core(), &mut args, binning, domain, &config)
            .map(|(counts, _)| counts)
    })
}
