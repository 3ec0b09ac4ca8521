//! One launch from arguments to results: agree on the domain, plan, run each chunk where the plan puts it.

use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};
use crate::exec::fold::{self, Fold, FoldPiece};
use crate::exec::gpu::{self, Gpus};
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::models::Ledger;
use crate::exec::threads::{self, Divide, Pool, Share};
use crate::exec::tracer::{Recording, Tracer};
use crate::kernel::{Control, Frame, Kernel, KernelInfo, Output, ParamKind, Params};
use crate::lanes::Level;
use crate::memory::Home;
use crate::plan::{self, Machine, Models, Plan, Request, Site, Work, Worker, tuning};
use crate::shape::{Border, CHUNK, Domain, Span, Target};

/// What a runtime is made of, below its public face.
pub(crate) struct Core {
    pub level: Level,
    pub threads: usize,
    pub pool: Pool,
    pub home: Home,
    pub gpus: Gpus,
    pub ledger: Ledger,
    pub tracer: Tracer,
}

/// How a launch went.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Where it ran.
    pub target: Target,
    /// The SIMD level of its CPU part.
    pub level: Level,
    /// Threads of its CPU part; 0 where there was none.
    pub threads: usize,
    /// The adapters of its GPU part.
    pub adapter: Option<String>,
    /// Chunks of the plan.
    pub chunks: usize,
    /// Why it did not run as asked, where it did not.
    pub note: Option<String>,
}

/// One launch as the user configured it.
#[derive(Clone, Default)]
pub(crate) struct Config {
    pub request: Request,
    pub over: Option<Domain>,
    /// Wait for devices before returning.
    pub wait: bool,
    /// What pictures are taken to hold outside of themselves.
    pub border: Border,
    /// How long it may take; on a GPU, each dispatch.
    pub deadline: Option<Duration>,
    /// Turns that an invocation's loops without a counted bound may make on a GPU.
    pub loop_budget: Option<u32>,
    /// Stop flag, faults and progress, where somebody else looks at them too; else the launch makes its own.
    pub control: Option<Arc<Control>>,
}

impl Core {
    pub fn models(&self) -> MutexGuard<'_, Models> {
        self.ledger.lock()
    }

    pub fn machine(&self) -> Machine {
        Machine { threads: self.threads, level: self.level, gpus: self.gpus.specs() }
    }

    fn level_for(&self, target: Target) -> Level {
        if target == Target::Scalar { Level::Scalar } else { self.level }
    }

    /// The plan of a launch, GPUs opened as far as the target needs them.
    pub fn plan(&self, work: &Work, config: &Config) -> Result<Plan> {
        let mut request = config.request;
        let mut refused = Vec::new();
        if request.target == Target::Split && !merges(&work.kernel) {
            request.target = Target::Threads;
            refused.push(
                "it looks at what stood in its shared places, so one device has to hold them: the threads do"
                    .into(),
            );
        }
        if work.kernel.wide {
            match request.target {
                Target::Gpu(_) => {
                    return Err(Error::new(
                        ErrorKind::UnsupportedType,
                        format!(
                            "{}: it computes with 64-bit numbers, which only the CPU's lanes have; use threads",
                            work.kernel.name
                        ),
                    ));
                }
                Target::Split => {
                    request.target = Target::Threads;
                    refused.push("it computes with 64-bit numbers, which only the CPU's lanes have".into());
                }
                _ => {}
            }
        }
        match request.target {
            Target::Gpu(index) => self.gpus.open(index)?,
            Target::Split => refused = self.gpus.open_for_split(),
            Target::Auto => {
                let one = self.models().per_place(work, Site::Thread) * work.domain.len() as f64;
                if one > tuning::OPEN_GPU_SECONDS {
                    self.gpus.open_in_background();
                }
            }
            _ => {}
        }
        self.gpus.each(|open| self.ledger.meet(open));
        let mut machine = self.machine();
        if work.kernel.wide {
            machine.gpus.clear();
        }
        let mut plan = plan::plan(&machine, work, request, &self.models())?;
        for why in refused {
            let note = plan.note.get_or_insert_default();
            note.push_str(if note.is_empty() { "" } else { "; " });
            note.push_str(&why);
        }
        Ok(plan)
    }

    /// Whether the calling thread does this launch alone, without a plan.
    #[inline]
    fn alone(&self, work: &Work, target: Target) -> bool {
        match target {
            Target::Scalar | Target::Simd => true,
            Target::Auto | Target::Threads => {
                let n = work.domain.len() as f64;
                let seed = n * plan::cost::seed(work, Site::Thread);
                if seed < tuning::SMALL_LAUNCH_SECONDS / 4.0 && !work.kernel.ops.loops {
                    return true;
                }
                n * self.models().per_place(work, Site::Thread) < tuning::SMALL_LAUNCH_SECONDS
                    && !(self.unknown(work) && work.domain.len() > CHUNK)
            }
            _ => false,
        }
    }

    /// Whether only a run can tell what this kernel costs.
    fn unknown(&self, work: &Work) -> bool {
        work.kernel.ops.loops
            && self.models().measured(work.kernel.hash, Site::Thread, work.domain.len()).is_none()
    }

    fn record(&self, work: &Work, target: Target, threads: usize, places: usize, seconds: f64) {
        // Short runs are mostly fixed costs, and recording would cost as much as they do.
        if seconds * threads as f64 > tuning::SMALL_LAUNCH_SECONDS / 10.0 {
            let site = if target == Target::Scalar { Site::Scalar } else { Site::Thread };
            self.models().record(work.kernel.hash, site, places, seconds * threads as f64);
        }
    }
}

/// Whether several devices may each update shared places of their own, to be merged.
fn merges(kernel: &KernelInfo) -> bool {
    kernel.params.iter().all(|param| param.kind != ParamKind::Atomics || param.merge.is_some())
}

/// The one domain of a launch of `K`.
#[inline]
pub(crate) fn domain<K: Kernel>(
    args: &<K::Params as Params>::Arg<'_>,
    over: Option<Domain>,
) -> Result<Domain> {
    let mut known = over;
    let mut simple = true;
    K::Params::domains(args, &mut |_, domain| match known {
        None => known = Some(domain),
        Some(before) => simple &= before == domain,
    });
    match known {
        Some(domain) if simple => check_size::<K>(domain),
        _ => {
            let mut implied = Vec::new();
            let passed: Vec<_> = K::INFO.params.iter().filter(|param| param.kind.is_passed()).collect();
            K::Params::domains(args, &mut |k, domain| {
                // With `.over` a picture may have another shape than the launch: a resize reads it anywhere.
                if over.is_none() || passed[k].kind != ParamKind::Picture {
                    implied.push((passed[k].name, domain));
                }
            });
            check_size::<K>(plan::agree(K::INFO.name, implied, over)?)
        }
    }
}

fn check_size<K: Kernel>(domain: Domain) -> Result<Domain> {
    let places = K::INFO.params.iter().any(|param| matches!(param.kind, ParamKind::Index | ParamKind::Cell));
    if places && domain.len() > u32::MAX as usize {
        return Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "{}: it asks for its own place, which is a u32, over {domain} places; at most {} are possible",
                K::INFO.name,
                u32::MAX
            ),
        ));
    }
    Ok(domain)
}

/// The work of a launch of `K` over `domain`.
#[inline]
pub(crate) fn work<K: Kernel>(domain: Domain, folded: bool) -> Work {
    let mut bytes = 0;
    let mut widest = 1;
    for param in K::INFO.params {
        match param.kind {
            ParamKind::Element | ParamKind::Picture => bytes += param.element.bytes(),
            ParamKind::InPlace => bytes += 2 * param.element.bytes(),
            _ => continue,
        }
        widest = widest.max(param.element.bytes());
    }
    for result in K::INFO.results {
        widest = widest.max(result.bytes());
        if !folded {
            bytes += result.bytes();
        }
    }
    Work { kernel: K::INFO, domain, bytes, widest, folded }
}

/// Runs a map of `K` into `slots`.
pub(crate) fn map<K: Kernel>(
    core: &Core,
    args: <K::Params as Params>::Arg<'_>,
    slots: <K::Out as Output>::Slots<'_>,
    domain: Domain,
    config: Config,
) -> Result<Outcome> {
    let recording = core.tracer.begin(K::INFO.name, config.request.target, domain.len());
    let result = map_recorded::<K>(core, args, slots, domain, config, recording.as_ref());
    if let Some(recording) = recording {
        recording.end(&result, |outcome| outcome);
    }
    result
}

fn map_recorded<K: Kernel>(
    core: &Core,
    mut args: <K::Params as Params>::Arg<'_>,
    mut slots: <K::Out as Output>::Slots<'_>,
    domain: Domain,
    config: Config,
    recording: Option<&Recording>,
) -> Result<Outcome> {
    check_lens::<K>(&slots, domain)?;
    K::Params::check(&args, &core.home, domain.len())
        .and_then(|()| K::Out::check(&slots, &core.home))
        .map_err(|error| error.in_launch(K::INFO.name))?;
    let work = work::<K>(domain, false);
    K::Params::border(&mut args, config.border);
    let own;
    let control = match &config.control {
        Some(control) => &**control,
        None => {
            own = Control::within(config.deadline);
            &own
        }
    };
    let target = config.request.target;
    let plan = if core.alone(&work, target) { None } else { Some(core.plan(&work, &config)?) };
    let (span, on_gpu) = match &plan {
        None => (Span::new(0, domain.len()), None),
        Some(plan) => {
            (cpu_span(plan), gpu::enqueue_map::<K>(core, plan, (&work, &config), &mut args, &mut slots)?)
        }
    };
    let begun = record_plan(recording, plan.as_ref(), on_gpu.as_ref());
    let chosen = plan.as_ref().map_or(target, |plan| plan.target);
    let mut threads = 0;
    if !span.is_empty() || domain.is_empty() {
        let short = K::Params::is_short(&args);
        let split = span.len() < domain.len();
        let out = if split { K::Out::tile_span(&mut slots, span)? } else { K::Out::tile(&mut slots)? };
        let tiles = if split {
            // The devices' parts are on their way: what is left is the head of every tile.
            let whole = K::Params::tile_span(&mut args, span, domain.len())?;
            K::Params::split(whole, span.len()).0
        } else {
            K::Params::tile(&mut args, domain.len())?
        };
        let stream = const { streams::<K>() } && span.len() * work.bytes_out() >= tuning::STREAM_BYTES;
        let job = Job { frame: Frame::new(control), level: core.level_for(chosen), domain, stream, short };
        let piece = Piece::<'_, '_, K> { start: span.start, len: span.len(), tiles, out };
        threads = control.watched(|| {
            on_cpu(core, &work, chosen, plan.as_ref(), piece, |piece| lanes::run::<K>(&job, piece))
        })??;
    }
    if let (Some(recording), Some(begun), 1..) = (recording, begun, threads) {
        recording.on_cpu(span, begun);
    }
    if let Some(error) = control.error(K::INFO.name) {
        return Err(error);
    }
    let adapter = match on_gpu {
        None => None,
        Some(launched) => Some(gpu::finish_map::<K>(core, launched, &mut args, &mut slots, config.wait)?),
    };
    Ok(outcome(core, target, plan, threads, adapter))
}

/// Folds the results of `K` to one value.
pub(crate) fn reduce<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: <K::Params as Params>::Arg<'_>,
    fold: &R,
    domain: Domain,
    config: Config,
) -> Result<(R::T, Outcome)> {
    let recording = core.tracer.begin(K::INFO.name, config.request.target, domain.len());
    let result = reduce_recorded::<K, R>(core, args, fold, domain, config, recording.as_ref());
    if let Some(recording) = recording {
        recording.end(&result, |(_, outcome)| outcome);
    }
    result
}

fn reduce_recorded<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    mut args: <K::Params as Params>::Arg<'_>,
    fold: &R,
    domain: Domain,
    config: Config,
    recording: Option<&Recording>,
) -> Result<(R::T, Outcome)> {
    K::Params::check(&args, &core.home, domain.len()).map_err(|error| error.in_launch(K::INFO.name))?;
    let work = work::<K>(domain, true);
    K::Params::border(&mut args, config.border);
    let own;
    let control = match &config.control {
        Some(control) => &**control,
        None => {
            own = Control::within(config.deadline);
            &own
        }
    };
    let frame = Frame::new(control);
    let target = config.request.target;
    let plan = if core.alone(&work, target) { None } else { Some(core.plan(&work, &config)?) };
    let mut few = [fold.identity(); 16];
    let mut many = Vec::new();
    let count = plan::blocks(domain.len());
    let blocks = if count <= few.len() {
        &mut few[..count]
    } else {
        many.resize(count, fold.identity());
        &mut many[..]
    };
    let (span, on_gpu) = match &plan {
        None => (Span::new(0, domain.len()), None),
        Some(plan) => {
            (cpu_span(plan), gpu::enqueue_fold::<K, R>(core, plan, (&work, &config), &mut args, fold)?)
        }
    };
    let begun = record_plan(recording, plan.as_ref(), on_gpu.as_ref());
    let chosen = plan.as_ref().map_or(target, |plan| plan.target);
    let mut threads = 0;
    let (cpu_blocks, gpu_blocks) = blocks.split_at_mut(plan::blocks(span.len()));
    if !span.is_empty() {
        let short = K::Params::is_short(&args);
        let tiles = if span.len() < domain.len() {
            K::Params::split(K::Params::tile_span(&mut args, span, domain.len())?, span.len()).0
        } else {
            K::Params::tile(&mut args, domain.len())?
        };
        let job = Job { frame, level: core.level_for(chosen), domain, stream: false, short };
        let piece = FoldPiece::<K, R::T> { start: span.start, len: span.len(), tiles, blocks: cpu_blocks };
        threads = control.watched(|| {
            on_cpu(core, &work, chosen, plan.as_ref(), piece, |piece| fold::run::<K, R>(&job, fold, piece))
        })??;
    }
    if let (Some(recording), Some(begun), 1..) = (recording, begun, threads) {
        recording.on_cpu(span, begun);
    }
    if let Some(error) = control.error(K::INFO.name) {
        return Err(error);
    }
    let adapter = match on_gpu {
        None => None,
        Some(launched) => Some(gpu::finish_fold::<K, R::T>(core, launched, &mut args, gpu_blocks)?),
    };
    let value = fold::combine(&frame, fold, blocks);
    Ok((value, outcome(core, target, plan, threads, adapter)))
}

/// Tells what was planned and what was given to devices; returns when the CPU begins.
fn record_plan(
    recording: Option<&Recording>,
    plan: Option<&Plan>,
    on_gpu: Option<&gpu::Launched>,
) -> Option<Instant> {
    let recording = recording?;
    plan.inspect(|plan| recording.plan(plan));
    on_gpu.inspect(|launched| launched.tell(recording));
    Some(Instant::now())
}

/// Runs the CPU's part, timed, on as many threads as the plan says; returns how many.
fn on_cpu<D: Divide>(
    core: &Core,
    work: &Work,
    target: Target,
    plan: Option<&Plan>,
    piece: D,
    run: impl Fn(D) + Sync,
) -> Result<usize> {
    let places = piece.len();
    let start = Instant::now();
    let Some(plan) = plan else {
        run(piece);
        core.record(work, target, 1, places, start.elapsed().as_secs_f64());
        return Ok(1);
    };
    let (mut piece, mut grain, mut threads) = (piece, plan.grain, plan.threads);
    let mut start = start;
    if plan.target == Target::Threads && core.unknown(work) && places > CHUNK {
        // Nobody knows what this kernel costs: the first chunk, which has to be done anyhow, tells.
        let (head, rest) = piece.divide(CHUNK);
        run(head);
        let seconds = start.elapsed().as_secs_f64();
        core.models().record(work.kernel.hash, Site::Thread, places, seconds * (places / CHUNK) as f64);
        let rest_seconds = seconds / CHUNK as f64 * rest.len() as f64;
        threads = if rest_seconds < tuning::SMALL_LAUNCH_SECONDS { 1 } else { core.threads };
        let pays = (tuning::GRAIN_SECONDS / (seconds / CHUNK as f64)) as usize;
        grain = pays.clamp(1, rest.len().div_ceil(8 * threads)).div_ceil(CHUNK) * CHUNK;
        piece = rest;
        start = Instant::now();
    }
    let left = piece.len();
    let share = Share { pool: &core.pool, threads, mapping: plan.mapping, grain };
    threads::run(&share, piece, run);
    core.record(work, target, threads, left, start.elapsed().as_secs_f64());
    Ok(threads)
}

/// The part of a plan that the CPU does: always the first.
fn cpu_span(plan: &Plan) -> Span {
    match plan.chunks.first() {
        Some(chunk) if matches!(chunk.worker, Worker::Caller | Worker::Threads) => chunk.span,
        _ => Span::new(0, 0),
    }
}

const fn streams<K: Kernel>() -> bool {
    // Pixels and bytes are assembled in a buffer, which streaming does not help.
    let mut i = 0;
    while i < K::INFO.results.len() {
        if K::INFO.results[i].bytes() != 4 {
            return false;
        }
        i += 1;
    }
    !K::INFO.results.is_empty()
}

fn check_lens<K: Kernel>(slots: &<K::Out as Output>::Slots<'_>, domain: Domain) -> Result<()> {
    let mut wrong = None;
    K::Out::lens(slots, &mut |len| {
        if len != domain.len() {
            wrong = Some(len);
        }
    });
    match wrong {
        None => Ok(()),
        Some(len) => Err(Error::new(
            ErrorKind::ShapeMismatch,
            format!(
                "{}: the launch has {domain} places and the array for its results has {len} elements; make them equal",
                K::INFO.name
            ),
        )),
    }
}

fn outcome(
    core: &Core,
    asked: Target,
    plan: Option<Plan>,
    threads: usize,
    adapter: Option<String>,
) -> Outcome {
    core.ledger.settle();
    let alone = if asked == Target::Auto { Target::Simd } else { asked };
    let target = plan.as_ref().map_or(alone, |plan| plan.target);
    Outcome {
        target,
        level: core.level_for(target),
        threads,
        adapter,
        chunks: plan.as_ref().map_or(1, |plan| plan.chunks.len()),
        note: plan.and_then(|plan| plan.note),
    }
}
