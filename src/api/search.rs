//! Reductions that answer a question: where the smallest is, how many there are, how long a vector is.

use std::cmp::Ordering;

use crate::api::launch::{Launch, Reported, caught, domain};
use crate::api::reduce::{Max, Min, Numeric, Sum};
use crate::api::runtime::Runtime;
use crate::error::Result;
use crate::exec::algorithm::only_reads;
use crate::exec::driver::{self, Outcome};
use crate::exec::fold::Fold;
use crate::exec::moments::{Moments, Reduce, combine};
use crate::kernel::basic::{SCALE_OF_LARGE, SCALE_OF_SMALL, square, square_of_large, square_of_small};
use crate::kernel::{IntoElement, Kernel, Params, Then, Unary};
use crate::shape::{CHUNK, Domain, Span};

impl<'r, 'a, K: Kernel> Launch<'r, 'a, K> {
    /// The same launch with each result passed through `C`, a kernel `fn(x: T) -> U`; nothing is stored in between. A kernel
    /// that updates in place cannot be followed by another: that does not compile.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// #[kernel]
    /// fn squared(x: f32) -> f32 {
    ///     x * x
    /// }
    ///
    /// #[kernel]
    /// fn halved(x: f32) -> f32 {
    ///     0.5 * x
    /// }
    ///
    /// let rt = Runtime::new()?;
    /// let y = rt.map::<squared>(&vec![1.0f32, 2.0, 3.0]).then::<halved>().run()?;
    /// assert_eq!(y.to_vec()?, [0.5, 2.0, 4.5]);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn then<C: Unary>(self) -> Launch<'r, 'a, Then<K, C>>
    where
        K: Kernel<Out = C::From>,
    {
        const {
            assert!(
                !K::INFO.updates_in_place(),
                "a kernel that updates in place cannot be followed by another"
            )
        };
        let Launch { runtime, args, config } = self;
        Launch { runtime, args, config }
    }
}

/// Last words, each for a launch and for one that also says how it went.
macro_rules! last_words {
    ($bound:ident $(= $out:ty)?: $($(#[$doc:meta])* $name:ident -> $result:ty = $run:expr;)*) => {
        last_words!(@launch $bound $(= $out)?: $($(#[$doc])* $name -> $result = $run;)*);
        last_words!(@reported $bound $(= $out)?: $($name -> $result = $run;)*);
    };
    (@launch Numeric: $($(#[$doc:meta])* $name:ident -> $result:ty = $run:expr;)*) => {
        impl<K: Kernel<Out = T>, T: Numeric> Launch<'_, '_, K> {$(
            $(#[$doc])*
            pub fn $name(self) -> Result<$result> {
                $run(self).map(|(value, _)| value)
            }
        )*}
    };
    (@reported Numeric: $($name:ident -> $result:ty = $run:expr;)*) => {
        impl<K: Kernel<Out = T>, T: Numeric> Reported<'_, '_, K> {$(
            #[doc = concat!("As [`Launch::", stringify!($name), "`].")]
            ///
            /// # Errors
            /// As the launch's.
            pub fn $name(self) -> Result<($result, Outcome)> {
                $run(self.into_launch())
            }
        )*}
    };
    (@launch Float: $($(#[$doc:meta])* $name:ident -> $result:ty = $run:expr;)*) => {
        impl<K: Kernel<Out = f32>> Launch<'_, '_, K> {$(
            $(#[$doc])*
            pub fn $name(self) -> Result<$result> {
                $run(self).map(|(value, _)| value)
            }
        )*}
    };
    (@reported Float: $($name:ident -> $result:ty = $run:expr;)*) => {
        impl<K: Kernel<Out = f32>> Reported<'_, '_, K> {$(
            #[doc = concat!("As [`Launch::", stringify!($name), "`].")]
            ///
            /// # Errors
            /// As the launch's.
            pub fn $name(self) -> Result<($result, Outcome)> {
                $run(self.into_launch())
            }
        )*}
    };
}

last_words! {
    Numeric:
    /// The place and the value of the smallest result, the first one of equals; NaN is ignored, -0.0 is less than 0.0. `None`
    /// where there is no result, or none but NaN.
    ///
    /// The blocks of 4,096 places are reduced where the launch runs; the values of the best one are then computed again on
    /// the CPU.
    ///
    /// # Errors
    /// As [`run`](Launch::run); `UnsupportedType` for a kernel that updates something, as it would do so twice.
    argmin -> Option<(usize, T)> = |launch| best(launch, &Min::new(), Ordering::Less);
    /// As [`argmin`](Launch::argmin), of the largest result.
    ///
    /// # Errors
    /// As [`argmin`](Launch::argmin).
    argmax -> Option<(usize, T)> = |launch| best(launch, &Max::new(), Ordering::Greater);
    /// How many results are not zero; NaN is not.
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    count -> u64 = count;
    /// Whether some result is not zero; of none it is false.
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    any -> bool = |launch| count(launch).map(|(n, outcome)| (n > 0, outcome));
    /// Whether no result is zero; of none it is true.
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    all -> bool = all;
}

last_words! {
    Float:
    /// How many results there are, the least and the greatest, their mean and variance, in one pass. NaN is ignored by least
    /// and greatest, and makes the others NaN.
    ///
    /// The sums are those of [`sum`](Launch::sum) in blocks of 4,096, taken around the block's own mean; so the bits are the
    /// same on every target, and numbers far from zero lose no digits.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let x = vec![1.0f32, 2.0, 3.0, 4.0];
    /// let moments = rt.reduce(&x).moments()?;
    /// assert_eq!((moments.min, moments.max, moments.mean, moments.variance()), (1.0, 4.0, 2.5, 1.25));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    moments -> Moments = moments;
    /// The Euclidean norm: the root of the sum of the squares, 0 for none. What would overflow or vanish when squared is
    /// scaled first, in a second pass.
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    norm -> f32 = norm;
}

impl Runtime {
    /// A launch of the products of pairs, each rounded; its sum is the dot product.
    ///
    /// ```
    /// # use manylane::prelude::*;
    /// let rt = Runtime::new()?;
    /// let (x, y) = (vec![1.0f32, 2.0, 3.0], vec![4.0f32, 5.0, 6.0]);
    /// assert_eq!(rt.products(&x, &y).on(Target::Simd).sum()?, 32.0);
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn products<'a, T: Numeric>(
        &self,
        x: impl IntoElement<'a, T>,
        y: impl IntoElement<'a, T>,
    ) -> Launch<'_, 'a, T::Times> {
        Launch::new(self, (x.into_element(), y.into_element()))
    }

    /// The dot product: the sum of the [`products`](Runtime::products), by the same tree as every sum.
    ///
    /// # Errors
    /// As [`Launch::run`].
    pub fn dot<'a, T: Numeric>(&self, x: impl IntoElement<'a, T>, y: impl IntoElement<'a, T>) -> Result<T> {
        self.products(x, y).sum()
    }
}

/// The first of the results before which, by `wanted`, none stands.
fn best<K: Kernel<Out = T>, T: Numeric, R: Fold<T = T>>(
    launch: Launch<'_, '_, K>,
    fold: &R,
    wanted: Ordering,
) -> Result<(Option<(usize, T)>, Outcome)> {
    caught(K::INFO.name, || {
        let Launch { runtime, mut args, config } = launch;
        only_reads(&K::INFO, "search")?;
        let domain = domain::<K>(&args, &config)?;
        let core = runtime.core();
        driver::blocks::<K, R, _>(core, &mut args, fold, (domain, config), |_, args, blocks| {
            let before = |a: T, b: T| a.order(b) == Some(wanted);
            let Some(top) = blocks.iter().copied().reduce(|a, b| if before(b, a) { b } else { a }) else {
                return Ok(None);
            };
            for (block, value) in blocks.iter().enumerate() {
                if before(top, *value) {
                    continue;
                }
                if let Some(found) = first_in::<K, T>(core, args, domain, block, before)? {
                    return Ok(Some(found));
                }
                // Nothing but NaN, which left the identity.
            }
            Ok(None)
        })
    })
}

/// The first of a block's results before which none stands.
fn first_in<K: Kernel<Out = T>, T: Numeric>(
    core: &driver::Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    domain: Domain,
    block: usize,
    before: impl Fn(T, T) -> bool,
) -> Result<Option<(usize, T)>> {
    let span = Span::new(block * CHUNK, ((block + 1) * CHUNK).min(domain.len()));
    let values = driver::values::<K, T>(core, args, domain, span)?;
    let numbers = values.iter().copied().enumerate().filter(|(_, value)| value.order(*value).is_some());
    let found = numbers.reduce(|a, b| if before(b.1, a.1) { b } else { a });
    Ok(found.map(|(at, value)| (span.start + at, value)))
}

fn count<K: Kernel<Out = T>, T: Numeric>(launch: Launch<'_, '_, K>) -> Result<(u64, Outcome)> {
    let Launch { runtime, mut args, config } = launch.then::<T::NonZero>();
    caught(K::INFO.name, || {
        let domain = domain::<K>(&args, &config)?;
        let sum = Sum::<u32>::new();
        driver::blocks::<Then<K, T::NonZero>, _, _>(
            runtime.core(),
            &mut args,
            &sum,
            (domain, config),
            |_, _, blocks| Ok(blocks.iter().map(|n| u64::from(*n)).sum()),
        )
    })
}

fn all<K: Kernel<Out = T>, T: Numeric>(launch: Launch<'_, '_, K>) -> Result<(bool, Outcome)> {
    let domain = domain::<K>(&launch.args, &launch.config)?;
    count(launch).map(|(n, outcome)| (n == domain.len() as u64, outcome))
}

/// A sum of squares below which some may have lost digits: 2^-80.
const SMALL_SQUARES: f64 = 1.0 / (1u128 << 80) as f64;

fn moments<K: Kernel<Out = f32>>(launch: Launch<'_, '_, K>) -> Result<(Moments, Outcome)> {
    let Launch { runtime, mut args, config } = launch;
    caught(K::INFO.name, || {
        let domain = domain::<K>(&args, &config)?;
        let all = (domain, config);
        driver::blocks::<K, Reduce, _>(runtime.core(), &mut args, &Reduce, all, |_, _, blocks| {
            Ok(combine(blocks))
        })
    })
}

fn norm<K: Kernel<Out = f32>>(launch: Launch<'_, '_, K>) -> Result<(f32, Outcome)> {
    caught(K::INFO.name, || {
        let Launch { runtime, mut args, config } = launch;
        only_reads(&K::INFO, "norm")?;
        let domain = domain::<K>(&args, &config)?;
        let core = runtime.core();
        let (sum, outcome) = squares::<K, square>(core, &mut args, domain, &config)?;
        if sum.is_nan() || sum.is_finite() && sum >= SMALL_SQUARES {
            return Ok((sum.sqrt() as f32, outcome));
        }
        let ((sum, outcome), scale) = if sum.is_finite() {
            (squares::<K, square_of_small>(core, &mut args, domain, &config)?, SCALE_OF_SMALL)
        } else {
            (squares::<K, square_of_large>(core, &mut args, domain, &config)?, SCALE_OF_LARGE)
        };
        Ok(((sum.sqrt() / f64::from(scale)) as f32, outcome))
    })
}

/// The sum of the results passed through `C`.
fn squares<K: Kernel<Out = f32>, C: Unary<From = f32, To = f32>>(
    core: &driver::Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    domain: Domain,
    config: &driver::Config,
) -> Result<(f64, Outcome)> {
    let (sum, config) = (Sum::<f32>::new(), config.clone());
    driver::blocks::<Then<K, C>, _, _>(core, args, &sum, (domain, config), |_, _, blocks| {
        Ok(blocks.iter().map(|x| f64::from(*x)).sum())
    })
}
