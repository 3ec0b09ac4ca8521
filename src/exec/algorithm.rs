//! What all algorithms over a launch's results have in common: check, plan, run where the plan says, learn, report.

use std::cell::OnceCell;
use std::time::Instant;

use crate::device::Completion;
use crate::device::gpu::Gpu;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{self, Config, Core, Outcome};
use crate::exec::lanes::Job;
use crate::exec::shared::Went;
use crate::exec::tracer::Recording;
use crate::exec::work;
use crate::kernel::{Kernel, KernelInfo, OpCounts, Params, TileOf};
use crate::memory::{Array, DeviceSource, Element};
use crate::plan::{Plan, Site, Work, Worker, tuning};
use crate::shape::{CHUNK, Domain, Span, Target};

/// An algorithm as planning sees it.
#[derive(Clone, Copy)]
pub(crate) struct Algorithm {
    /// Its name, which also tells its measured costs from those of the kernel.
    pub name: &'static str,
    /// What it does with each result, beside the kernel.
    pub ops: OpCounts,
    /// Bytes that it moves for each result, beside what the kernel reads.
    pub bytes: usize,
    /// How often the kernel is applied for each result.
    pub turns: usize,
}

/// A launch under way.
pub(crate) struct Run<'r> {
    pub core: &'r Core,
    pub work: &'r Work,
    pub job: &'r Job<'r>,
    pub place: Place,
    /// Whether it is to be done when it returns, so that the threads can still do what a GPU fails at.
    pub waits: bool,
}

/// Where it runs.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// On so many threads, the caller one of them.
    Cpu { threads: usize },
    /// On one GPU.
    Gpu(Gpu),
    /// The places before `cut` on the CPU, the rest on a GPU.
    Both { threads: usize, cut: usize, gpu: Gpu },
}

/// Runs `body` where the plan puts the algorithm over the results of `K`.
pub(crate) fn run<K: Kernel, V>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    (domain, config): (Domain, &Config),
    algorithm: Algorithm,
    body: impl Fn(&Run<'_>, &mut <K::Params as Params>::Arg<'_>) -> Result<V>,
) -> Result<(V, Outcome)> {
    let asked = config.request.target;
    driver::recorded::<K, _>(
        core,
        asked,
        domain,
        |recording: Option<&Recording>| {
            only_reads(&K::INFO, algorithm.name)?;
            K::Params::check(args, &core.home, domain.len())
                .map_err(|error| error.in_launch(K::INFO.name))?;
            let mut work = work::work::<K>(domain, false);
            work.kernel.hash ^= algorithm.name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            // What a result costs hangs on how long its chain is.
            work.kernel.hash ^= u64::from(algorithm.turns.max(1).ilog2()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            work.kernel.ops = work.kernel.ops.and(algorithm.ops);
            work.bytes += algorithm.bytes;
            let own = OnceCell::new();
            let (plan, mut job) = driver::set_up::<K>(core, args, (&work, config), &own, recording)?;
            job.stream = domain.len() * algorithm.bytes >= tuning::STREAM_BYTES;
            let control = job.frame.control();
            let mut went = Went::default();
            let place = place(core, plan.as_ref(), config, (domain.len(), algorithm.turns), &mut went)?;
            let at = |place: Place| Run {
                core,
                work: &work,
                job: &job,
                place,
                waits: config.wait || matches!(asked, Target::Split),
            };
            let began = Instant::now();
            let run = at(place);
            let mut value = match &run.place {
                Place::Gpu(_) => body(&run, args),
                _ => control.watched(|| body(&run, args))?,
            };
            let mut ran = run.place.clone();
            if let (Err(error), Some(gpu)) = (&value, run.place.gpu())
                && elsewhere(error, asked)
            {
                // Nobody asked for that GPU alone.
                went.notes.push(format!("gpu:{} failed ({error}); the threads did its part", gpu.index()));
                if matches!(error.kind(), ErrorKind::DeviceLost | ErrorKind::Deadline) {
                    core.gpus.avoid(gpu.index(), error);
                }
                ran = Place::Cpu { threads: core.threads };
                value = control.watched(|| body(&at(ran.clone()), args))?;
            }
            if let Some(error) = control.error(K::INFO.name) {
                return Err(error);
            }
            let value = value?;
            learn(core, &work, &ran, began.elapsed().as_secs_f64());
            went.chunks = 1;
            match &ran {
                Place::Cpu { threads } => went.threads = *threads,
                Place::Gpu(gpu) => went.adapters.push(gpu.info().name.clone()),
                Place::Both { threads, gpu, .. } => {
                    went.threads = *threads;
                    went.adapters.push(gpu.info().name.clone());
                    went.chunks = 2;
                }
            }
            Ok((value, driver::outcome(core, asked, plan, went)))
        },
        |(_, outcome)| outcome,
    )
}

/// That a kernel may compute some places twice, as `what` does.
pub(crate) fn only_reads(info: &KernelInfo, what: &str) -> Result<()> {
    if !(info.updates_in_place() || info.shares()) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::UnsupportedType,
        format!(
            "{}: it updates what it is given, and a {what} may compute some places twice; run it, then use what it gave",
            info.name
        ),
    ))
}

/// That the places of a launch can be numbered, and counted, in 32 bits, as `what` does.
pub(crate) fn numbered(info: &KernelInfo, what: &str, domain: Domain) -> Result<()> {
    if domain.len() <= u32::MAX as usize {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::LimitExceeded,
        format!(
            "{}: a {what} numbers places up to {}, and the launch has {domain}; take it in parts",
            info.name,
            u32::MAX
        ),
    ))
}

impl Place {
    fn gpu(&self) -> Option<&Gpu> {
        match self {
            Place::Cpu { .. } => None,
            Place::Gpu(gpu) | Place::Both { gpu, .. } => Some(gpu),
        }
    }
}

/// Whether the threads may do what a GPU could not.
fn elsewhere(error: &Error, asked: Target) -> bool {
    let of_device = matches!(
        error.kind(),
        ErrorKind::DeviceLost
            | ErrorKind::OutOfMemory
            | ErrorKind::LimitExceeded
            | ErrorKind::Deadline
            | ErrorKind::Internal
    );
    of_device && matches!(asked, Target::Auto | Target::Split)
}

impl Run<'_> {
    /// `array`, whose values a GPU computes; in a split, once it has.
    pub fn settled<T: Element>(&self, array: Array<T>) -> Result<Array<T>> {
        if self.waits {
            let carried = DeviceSource::carried(&array, Span::new(0, array.len()));
            carried.iter().try_for_each(Completion::wait)?;
        }
        Ok(array)
    }

    /// The arguments of the places of `span`, in host memory.
    pub fn tiles<'t, K: Kernel>(
        &self,
        args: &'t mut <K::Params as Params>::Arg<'_>,
        span: Span,
    ) -> Result<TileOf<'t, K>> {
        let n = self.work.domain.len();
        if span == Span::new(0, n) {
            return K::Params::tile(args, n);
        }
        let (_, tiles) = K::Params::split(K::Params::tile(args, n)?, span.start);
        Ok(K::Params::split(tiles, span.len()).0)
    }
}

fn place(
    core: &Core,
    plan: Option<&Plan>,
    config: &Config,
    (n, turns): (usize, usize),
    went: &mut Went,
) -> Result<Place> {
    let Some(plan) = plan else { return Ok(Place::Cpu { threads: 1 }) };
    match plan.target {
        Target::Gpu(index) if n > 0 => Ok(Place::Gpu(core.gpus.get(index)?)),
        Target::Split => {
            let gpus = || plan.members.iter().filter(|member| matches!(member.worker, Worker::Gpu(_)));
            let Some(Worker::Gpu(index)) = gpus().next().map(|member| member.worker) else {
                return Ok(Place::Cpu { threads: core.threads });
            };
            if gpus().count() > 1 {
                went.notes.push(format!("of several GPUs gpu:{index} took part"));
            }
            let speed = |gpu: bool| -> f64 {
                let of = plan.members.iter().filter(|member| matches!(member.worker, Worker::Gpu(_)) == gpu);
                of.map(|member| member.known.speed).sum()
            };
            let share = config.gpu_share.unwrap_or_else(|| {
                let all = speed(true) + speed(false);
                if all > 0.0 { speed(true) / all } else { 0.0 }
            });
            let cut = (n as f64 * (1.0 - share)) as usize / CHUNK * CHUNK;
            let cut = if share <= 0.0 { n } else { cut };
            let (threads, gpu) = (core.threads, core.gpus.get(index)?);
            Ok(match cut {
                _ if cut >= n => Place::Cpu { threads },
                0 => Place::Gpu(gpu),
                cut => Place::Both { threads, cut, gpu },
            })
        }
        // Few results may be much work, and products are not cut by chunks.
        Target::Threads if n.saturating_mul(turns) >= tuning::PRODUCT_THREAD_STEPS && turns > 1 => {
            Ok(Place::Cpu { threads: core.threads })
        }
        Target::Threads => Ok(Place::Cpu { threads: plan.threads.max(1) }),
        _ => Ok(Place::Cpu { threads: 1 }),
    }
}

/// What a GPU took is known when it has ended, which nobody waits for here.
fn learn(core: &Core, work: &Work, ran: &Place, seconds: f64) {
    if let Place::Cpu { threads } = ran {
        let spent = seconds * *threads as f64;
        if core.is_recorded(work, spent) {
            core.models().record(work.kernel.hash, Site::Thread, work.domain.len(), spent);
        }
    }
}
