//! Several kernels over one pass of the same data.

use std::time::{Duration, Instant};

use crate::api::launch::{self, caught, execute};
use crate::api::runtime::Runtime;
use crate::api::settings::settings;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::threads::{self, Divide, Share};
use crate::exec::work;
use crate::kernel::{Args, Control, Frame, Kernel, KernelInfo, Output, ParamKind, Params};
use crate::lanes::Level;
use crate::plan::{Plan, Site, Work, tuning};
use crate::shape::{CHUNK, Domain, Mapping, Target};

/// A launch of several kernels with the same arguments; made by [`Runtime::fan_out`].
#[must_use = "a launch does nothing until its last word: `run`, `run_reported`"]
pub struct FanOut<'r, 'a, Ks: Kernels> {
    runtime: &'r Runtime,
    args: Ks::Args<'a>,
    config: Config,
}

/// A tuple of two to four kernels that are launched together.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of kernels",
    label = "expected a tuple of two to four kernels, `(one, other)`"
)]
pub trait Kernels: 'static {
    /// The arguments of each.
    #[doc(hidden)]
    type Args<'a>: Send;
    /// The results of each.
    type Arrays: Send;
    #[doc(hidden)]
    fn run(setting: Setting<'_>, args: Self::Args<'_>) -> Result<(Self::Arrays, Vec<Outcome>)>;
}

/// Where and how a pass is made.
#[doc(hidden)]
pub struct Setting<'c> {
    core: &'c Core,
    config: &'c Config,
}

/// Arguments that fit each of the kernels `Ks`, and that are only read.
#[diagnostic::on_unimplemented(
    message = "these arguments do not fit every kernel of `{Ks}`",
    label = "each kernel takes all of them, and none may be updated in place"
)]
pub trait FanArgs<'a, Ks: Kernels> {
    #[doc(hidden)]
    fn into_all(self) -> Ks::Args<'a>;
}

impl Runtime {
    /// A launch of all kernels of the tuple `Ks` with the same arguments, which are read once: on the CPU each chunk goes
    /// through all kernels while it is in the cache; on a GPU the kernels follow one another over arrays that are there.
    ///
    /// ```
    /// use manylane::prelude::*;
    ///
    /// #[kernel]
    /// fn sum(x: f32, y: f32) -> f32 {
    ///     x + y
    /// }
    ///
    /// #[kernel]
    /// fn product(x: f32, y: f32) -> f32 {
    ///     x * y
    /// }
    ///
    /// let rt = Runtime::new()?;
    /// let x = rt.array(vec![3.0f32; 10_000])?;
    /// let (sums, products) = rt.fan_out::<(sum, product)>((&x, 2.0)).run()?;
    /// assert_eq!((sums.read()?[0], products.read()?[0]), (5.0, 6.0));
    /// # Ok::<(), manylane::Error>(())
    /// ```
    pub fn fan_out<'a, Ks: Kernels>(&self, args: impl FanArgs<'a, Ks>) -> FanOut<'_, 'a, Ks> {
        FanOut { runtime: self, args: args.into_all(), config: Config::default() }
    }
}

impl<Ks: Kernels> FanOut<'_, '_, Ks> {
    settings!();

    /// Runs all kernels, each into fresh arrays.
    ///
    /// # Errors
    /// As [`Launch::run`](crate::Launch::run); `UnsupportedType` where a kernel updates shared places.
    pub fn run(self) -> Result<Ks::Arrays> {
        self.run_reported().map(|(arrays, _)| arrays)
    }

    /// As [`run`](FanOut::run), and says of each kernel how it went.
    ///
    /// # Errors
    /// As [`run`](FanOut::run).
    pub fn run_reported(self) -> Result<(Ks::Arrays, Vec<Outcome>)> {
        let FanOut { runtime, args, config } = self;
        caught("fan_out", || Ks::run(Setting { core: runtime.core(), config: &config }, args))
    }
}

/// One kernel's piece, and what its launch shares.
struct One<'j, 't, 'o, K: Kernel> {
    job: &'j Job<'j>,
    piece: Piece<'t, 'o, K>,
}

/// Two over the same places.
struct Both<A, B>(A, B);

/// A piece that can be run.
trait Pass: Divide {
    fn go(self);
}

impl<K: Kernel> Divide for One<'_, '_, '_, K> {
    fn len(&self) -> usize {
        self.piece.len()
    }

    fn divide(self, at: usize) -> (Self, Self) {
        let (head, rest) = self.piece.divide(at);
        (One { job: self.job, piece: head }, One { job: self.job, piece: rest })
    }
}

impl<K: Kernel> Pass for One<'_, '_, '_, K> {
    fn go(self) {
        lanes::run::<K>(self.job, self.piece);
    }
}

impl<A: Divide, B: Divide> Divide for Both<A, B> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn divide(self, at: usize) -> (Self, Self) {
        let ((head, rest), (second_head, second_rest)) = (self.0.divide(at), self.1.divide(at));
        (Both(head, second_head), Both(rest, second_rest))
    }
}

impl<A: Pass, B: Pass> Pass for Both<A, B> {
    fn go(self) {
        self.0.go();
        self.1.go();
    }
}

/// How a pass is made.
enum Way {
    /// Chunk by chunk through all kernels.
    Together { target: Target, threads: usize, grain: usize, mapping: Mapping },
    /// One launch after the other.
    Apart(Target),
}

fn way(core: &Core, works: &[Work], config: &Config) -> Result<Way> {
    let plans = works.iter().map(|work| core.plan(work, config)).collect::<Result<Vec<Plan>>>()?;
    let target = match config.request.target {
        Target::Auto => {
            match plans.iter().map(|plan| plan.target).reduce(|a, b| if a == b { a } else { Target::Threads })
            {
                Some(Target::Gpu(index)) => Target::Gpu(index),
                _ => Target::Threads,
            }
        }
        asked => asked,
    };
    if matches!(target, Target::Gpu(_) | Target::Split) {
        return Ok(Way::Apart(target));
    }
    let n = works.first().map_or(0, |work| work.domain.len());
    let alone: f64 = works.iter().map(|work| core.models().per_place(work, Site::Thread) * n as f64).sum();
    let threads = match target {
        Target::Threads if alone >= tuning::SMALL_LAUNCH_SECONDS => {
            core.threads.min(n.div_ceil(CHUNK)).max(1)
        }
        _ => 1,
    };
    let grain = plans.iter().map(|plan| plan.grain).min().unwrap_or(CHUNK);
    let mapping = plans.first().map_or(Mapping::Auto, |plan| plan.mapping);
    Ok(Way::Together { target, threads, grain, mapping })
}

/// Whether a pass may run the kernel beside others.
fn only_reads(info: &KernelInfo) -> Result<()> {
    match info.params.iter().find(|param| matches!(param.kind, ParamKind::InPlace | ParamKind::Atomics)) {
        None => Ok(()),
        Some(param) => Err(Error::new(
            ErrorKind::UnsupportedType,
            format!(
                "{}: it updates `{}`, and kernels of one pass only read; launch it by itself",
                info.name, param.name
            ),
        )),
    }
}

/// The one domain of all kernels.
fn agreed(names: &str, domains: &[Domain]) -> Result<Domain> {
    match domains {
        [first, rest @ ..] if rest.iter().all(|domain| domain == first) => Ok(*first),
        _ => Err(Error::new(
            ErrorKind::ShapeMismatch,
            format!("{names}: the kernels would run over {domains:?}; say one shape for all by `.over`"),
        )),
    }
}

/// What is left of the deadline of a pass that began then.
fn left(names: &str, deadline: Option<Duration>, since: Instant) -> Result<Option<Duration>> {
    let left = deadline.map(|allowed| allowed.saturating_sub(since.elapsed()));
    match (left, deadline) {
        (Some(Duration::ZERO), Some(allowed)) => Err(Error::late(names, allowed)),
        _ => Ok(left),
    }
}

/// Runs a pass on the CPU.
fn pass(
    core: &Core,
    (threads, grain, mapping): (usize, usize, Mapping),
    control: &Control,
    piece: impl Pass,
) -> Result<()> {
    let share = Share { pool: &core.pool, threads, mapping, grain };
    control.watched(|| {
        threads::run(&share, piece, |mut rest| {
            while rest.len() > CHUNK && !control.stopped() {
                let (head, tail) = rest.divide(CHUNK);
                head.go();
                rest = tail;
            }
            if rest.len() <= CHUNK {
                rest.go();
            }
        });
    })
}

macro_rules! both {
    ($last:expr) => { $last };
    ($first:expr, $($rest:expr),+) => { Both($first, both!($($rest),+)) };
}

macro_rules! tuple {
    ($($kernel:ident $at:tt),*) => {
        impl<$($kernel: Kernel),*> Kernels for ($($kernel,)*) {
            type Args<'a> = ($(<$kernel::Params as Params>::Arg<'a>,)*);
            type Arrays = ($(<$kernel::Out as Output>::Arrays,)*);

            fn run(setting: Setting<'_>, mut args: Self::Args<'_>) -> Result<(Self::Arrays, Vec<Outcome>)> {
                let Setting { core, config } = setting;
                let since = Instant::now();
                $(only_reads(&$kernel::INFO)?;)*
                let names = [$($kernel::INFO.name),*].join(" + ");
                let domain = agreed(&names, &[$(launch::domain::<$kernel>(&args.$at, config)?),*])?;
                let way = way(core, &[$(work::work::<$kernel>(domain, false)),*], config)?;
                let (target, threads, grain, mapping) = match way {
                    Way::Together { target, threads, grain, mapping } => (target, threads, grain, mapping),
                    Way::Apart(target) => {
                        let mut apart = config.clone();
                        apart.request.target = target;
                        // A device looks at each dispatch by itself: with a deadline, one launch ends before the next.
                        apart.wait = config.deadline.is_some();
                        let done = ($({
                            apart.deadline = left(&names, config.deadline, since)?;
                            execute::<$kernel>(core, &mut args.$at, domain, apart.clone())?
                        },)*);
                        return Ok((($(done.$at.0,)*), vec![$(done.$at.1),*]));
                    }
                };
                $(
                    $kernel::Params::check(&args.$at, &core.home, domain.len())
                        .map_err(|error| error.in_launch($kernel::INFO.name))?;
                    $kernel::Params::border(&mut args.$at, config.border);
                )*
                let control = Control::within(config.deadline);
                let level = if target == Target::Scalar { Level::Scalar } else { core.level };
                let mut arrays = ($($kernel::Out::new(&core.home, domain)?,)*);
                {
                    let jobs = ($(Job {
                        frame: Frame::new(&control),
                        level,
                        domain,
                        stream: false,
                        far: false,
                        short: $kernel::Params::is_short(&args.$at),
                        recording: None,
                    },)*);
                    let mut slots = ($($kernel::Out::slots(&mut arrays.$at),)*);
                    let piece = both!($(One::<'_, '_, '_, $kernel> {
                        job: &jobs.$at,
                        piece: Piece {
                            start: 0,
                            len: domain.len(),
                            tiles: $kernel::Params::tile(&mut args.$at, domain.len())?,
                            out: $kernel::Out::tile(&mut slots.$at)?,
                        },
                    }),*);
                    pass(core, (threads, grain, mapping), &control, piece)?;
                }
                if let Some(error) = control.error(&names) {
                    return Err(error);
                }
                let outcome = Outcome { target, level, threads, adapter: None, chunks: 1, note: None };
                Ok((arrays, vec![outcome; [$($at),*].len()]))
            }
        }

        impl<'a, A, $($kernel: Kernel),*> FanArgs<'a, ($($kernel,)*)> for A
        where
            A: Clone $(+ Args<'a, $kernel>)*,
        {
            fn into_all(self) -> ($(<$kernel::Params as Params>::Arg<'a>,)*) {
                ($(Args::<'a, $kernel>::into_args(self.clone()),)*)
            }
        }
    };
}
tuple!(A0 0, B0 1);
tuple!(A0 0, B0 1, C0 2);
tuple!(A0 0, B0 1, C0 2, D0 3);
