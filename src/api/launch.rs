//! A launch: configure, then one last word.

use std::any::Any;

use crate::api::Runtime;
use crate::api::reduce::{Max, Min, Numeric, Own, Product, Sum};
use crate::api::settings::settings;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{self, Config, Core, Outcome};
use crate::exec::fold::Fold;
use crate::exec::work;
use crate::kernel::{Combine, IntoOutput, Kernel, Output, Params};
use crate::plan::Plan;
use crate::shape::Domain;

/// A launch of the kernel `K`, to be configured and then ended with one last word: [`run`](Launch::run),
/// [`run_into`](Launch::run_into), [`sum`](Launch::sum), [`submit`](Launch::submit), [`plan`](Launch::plan) and so on.
///
/// `'r` is the runtime's lifetime and `'a` that of what the arguments borrow: `'static` where they are arrays and values.
#[must_use = "a launch does nothing until its last word: `run`, `run_into`, `sum`, …"]
pub struct Launch<'r, 'a, K: Kernel> {
    pub(super) runtime: &'r Runtime,
    pub(super) args: <K::Params as Params>::Arg<'a>,
    pub(super) config: Config,
}

/// A launch whose last words also say how it went.
#[must_use = "a launch does nothing until its last word: `run`, `run_into`, `sum`, …"]
pub struct Reported<'r, 'a, K: Kernel>(Launch<'r, 'a, K>);

impl<'r, 'a, K: Kernel> Launch<'r, 'a, K> {
    pub(crate) fn new(runtime: &'r Runtime, args: <K::Params as Params>::Arg<'a>) -> Self {
        Launch { runtime, args, config: Config::default() }
    }

    settings!();

    /// The part of the places, from 0 to 1, that GPUs get in a split, where that is not to be left to the mapping.
    /// What is less or more is taken as 0 or 1; NaN is an error of the kind `Setting` of the last word.
    pub fn gpu_share(mut self, share: f64) -> Self {
        self.config.gpu_share = Some(share.clamp(0.0, 1.0));
        self
    }

    /// The most bytes of a GPU's memory that the launch may take; what does not fit is streamed through them.
    pub fn memory(mut self, bytes: u64) -> Self {
        self.config.memory = Some(bytes);
        self
    }

    /// Whether results are written past the caches, which is best for what nobody reads soon. Without it that is so where they
    /// are 24 MiB or more; whoever writes as much block by block, launch after launch, knows better.
    pub fn past_caches(mut self, past: bool) -> Self {
        self.config.past_caches = Some(past);
        self
    }

    /// Lets the last word also return the [`Outcome`].
    pub fn reported(self) -> Reported<'r, 'a, K> {
        Reported(self)
    }

    /// Runs it into fresh arrays of the launch's shape.
    ///
    /// On a GPU this returns once the work is accepted; an error of the device is returned by the first use of the
    /// results.
    ///
    /// # Errors
    /// Of what was asked for: `ShapeMismatch`, `NoDomain`, `Setting`, `ForeignArray`, `UnsupportedType`, `LimitExceeded`,
    /// `OutOfMemory`. Of devices: `NoDevice`, `DeviceRefused`, `DeviceLost`. Of the kernel as it runs: `OutOfBounds`,
    /// `LoopLimit`, `Deadline`, `Cancelled`. And whatever an argument carries: `NotComputed` where its values were promised
    /// and never came, else the error of the launch that was to compute it.
    ///
    /// After an error, arrays and slices that are updated in place and places that all share may be updated in part.
    pub fn run(self) -> Result<<K::Out as Output>::Arrays> {
        self.reported().run().map(|(arrays, _)| arrays)
    }

    /// As [`run`](Launch::run), and waits until every device is done.
    ///
    /// # Errors
    /// As `run`, and what a device reports.
    pub fn run_wait(mut self) -> Result<<K::Out as Output>::Arrays> {
        self.config.wait = true;
        self.run()
    }

    /// Runs it into arrays or slices that are there already.
    ///
    /// # Errors
    /// As [`run`](Launch::run); `ShapeMismatch` where `out` has another length. If the launch fails as it runs, an array
    /// that it was to write has no values until it is written anew: each use returns the error.
    pub fn run_into<'o>(self, out: impl IntoOutput<'o, K::Out>) -> Result<()> {
        self.reported().run_into(out).map(|_| ())
    }

    /// The plan that the launch would follow, without running it.
    ///
    /// # Errors
    /// As [`run`](Launch::run), as far as a plan can tell.
    pub fn plan(&self) -> Result<Plan> {
        caught(K::INFO.name, || {
            let domain = domain::<K>(&self.args, &self.config)?;
            self.runtime.core().plan(&work::work::<K>(domain, false), &self.config)
        })
    }
}

impl<K: Kernel<Out = T>, T: Numeric> Launch<'_, '_, K> {
    /// The sum of all results, 0 for none.
    ///
    /// Of floats, by a tree whose shape depends on the length only: the same bits on every target, level, thread count
    /// and split, wherever the summed values are the same.
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    pub fn sum(self) -> Result<T> {
        self.fold(&Sum::new()).map(|(value, _)| value)
    }

    /// The product of all results, 1 for none; of floats by the same tree as [`sum`](Launch::sum).
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    pub fn product(self) -> Result<T> {
        self.fold(&Product::new()).map(|(value, _)| value)
    }

    /// The smallest result; NaN is ignored, -0.0 is less than 0.0; of none, or of NaN alone, it is the largest value (infinity).
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    pub fn min(self) -> Result<T> {
        self.fold(&Min::new()).map(|(value, _)| value)
    }

    /// The largest result; NaN is ignored, -0.0 is less than 0.0; of none, or of NaN alone, it is the smallest value (-infinity).
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    pub fn max(self) -> Result<T> {
        self.fold(&Max::new()).map(|(value, _)| value)
    }

    /// All results folded with the associative kernel `C`, which leaves `identity` and a value as the value.
    ///
    /// Folded by the same tree as [`sum`](Launch::sum), so `C` need not be commutative in its roundings, but the tree
    /// does reorder: it must be commutative and associative in meaning.
    ///
    /// # Errors
    /// As [`run`](Launch::run).
    pub fn reduce<C: Combine<Value = T>>(self, identity: T) -> Result<T> {
        self.fold(&Own::<C>::new(identity)).map(|(value, _)| value)
    }

    fn fold<R: Fold<T = T>>(self, fold: &R) -> Result<(T, Outcome)> {
        caught(K::INFO.name, || {
            let Launch { runtime, mut args, config } = self;
            let domain = domain::<K>(&args, &config)?;
            driver::reduce::<K, R>(runtime.core(), &mut args, fold, domain, config)
        })
    }
}

impl<'r, 'a, K: Kernel> Reported<'r, 'a, K> {
    pub(super) fn into_launch(self) -> Launch<'r, 'a, K> {
        self.0
    }
}

impl<K: Kernel> Reported<'_, '_, K> {
    /// As [`Launch::run`].
    ///
    /// # Errors
    /// As [`Launch::run`].
    pub fn run(self) -> Result<(<K::Out as Output>::Arrays, Outcome)> {
        let Launch { runtime, mut args, config } = self.0;
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            execute::<K>(runtime.core(), &mut args, domain, config)
        })
    }

    /// As [`Launch::run_into`].
    ///
    /// # Errors
    /// As [`Launch::run_into`].
    pub fn run_into<'o>(self, out: impl IntoOutput<'o, K::Out>) -> Result<Outcome> {
        let Launch { runtime, mut args, config } = self.0;
        let slots = out.into_output();
        caught(K::INFO.name, || {
            let domain = domain::<K>(&args, &config)?;
            driver::map::<K>(runtime.core(), &mut args, slots, domain, config)
        })
    }
}

impl<K: Kernel<Out = T>, T: Numeric> Reported<'_, '_, K> {
    /// As [`Launch::sum`].
    ///
    /// # Errors
    /// As [`Launch::sum`].
    pub fn sum(self) -> Result<(T, Outcome)> {
        self.0.fold(&Sum::new())
    }

    /// As [`Launch::product`].
    ///
    /// # Errors
    /// As [`Launch::product`].
    pub fn product(self) -> Result<(T, Outcome)> {
        self.0.fold(&Product::new())
    }

    /// As [`Launch::min`].
    ///
    /// # Errors
    /// As [`Launch::min`].
    pub fn min(self) -> Result<(T, Outcome)> {
        self.0.fold(&Min::new())
    }

    /// As [`Launch::max`].
    ///
    /// # Errors
    /// As [`Launch::max`].
    pub fn max(self) -> Result<(T, Outcome)> {
        self.0.fold(&Max::new())
    }

    /// As [`Launch::reduce`].
    ///
    /// # Errors
    /// As [`Launch::reduce`].
    pub fn reduce<C: Combine<Value = T>>(self, identity: T) -> Result<(T, Outcome)> {
        self.0.fold(&Own::<C>::new(identity))
    }
}

/// The one domain of a launch of `K`, if it can be counted and the settings have a meaning.
#[inline]
pub(super) fn domain<K: Kernel>(args: &<K::Params as Params>::Arg<'_>, config: &Config) -> Result<Domain> {
    if let Some(share) = config.gpu_share
        && share.is_nan()
    {
        return Err(no_share(K::INFO.name, share));
    }
    // Before anything multiplies its sides.
    config.over.map_or(Ok(()), |over| countable(K::INFO.name, over))?;
    let domain = work::domain::<K>(args, config.over)?;
    countable(K::INFO.name, domain)?;
    Ok(domain)
}

#[cold]
fn no_share(name: &str, share: f64) -> Error {
    let text = format!("{name}: the part of the places for GPUs is {share}; give one from 0 to 1");
    Error::new(ErrorKind::Setting, text)
}

#[inline]
fn countable(name: &str, domain: Domain) -> Result<()> {
    if domain.checked_len().is_some() { Ok(()) } else { Err(uncountable(name, domain)) }
}

#[cold]
fn uncountable(name: &str, domain: Domain) -> Error {
    Error::new(
        ErrorKind::LimitExceeded,
        format!(
            "{name}: a launch over {domain} has more places than the {} that can be counted; run it in parts",
            usize::MAX
        ),
    )
}

/// Runs a map into fresh arrays.
#[inline]
pub(super) fn execute<K: Kernel>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    domain: Domain,
    config: Config,
) -> Result<(<K::Out as Output>::Arrays, Outcome)> {
    let mut arrays = K::Out::new(&core.home, domain)?;
    let outcome = driver::map::<K>(core, args, K::Out::slots(&mut arrays), domain, config)?;
    Ok((arrays, outcome))
}

/// No panic leaves the library: a bug becomes an error that asks to be reported.
pub(super) fn caught<R>(name: &str, body: impl FnOnce() -> Result<R>) -> Result<R> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)) {
        Ok(result) => result,
        Err(panic) => Err(Error::internal(said(&*panic)).in_launch(name)),
    }
}

/// The text of a panic.
pub(super) fn said(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a text")
}
