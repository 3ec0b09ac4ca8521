//! One launch from arguments to results: agree on the domain, plan, run each chunk where the plan puts it.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

use crate::device::traffic;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::fold::{self, Fold, FoldPiece, Reduction};
use crate::exec::gpu::{self, Gpus, Launched};
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::models::Ledger;
use crate::exec::shared::{self, Went};
use crate::exec::threads::{self, Any, Divide, Pool, Share};
use crate::exec::tiled;
use crate::exec::tracer::{Recording, Tracer};
use crate::exec::work::work;
use crate::kernel::{Control, Frame, Kernel, KernelInfo, LaneElement, Output, Params, SlotBinding};
use crate::lanes::Level;
use crate::memory::Home;
use crate::plan::{self, Machine, Models, Plan, Request, Site, Tiles, Work, tuning};
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
    /// Launches so far that were too short to be recorded each.
    pub short_launches: AtomicU64,
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
    /// The most bytes of a GPU's memory that it may take; what does not fit is streamed.
    pub memory: Option<u64>,
    /// The part of the places that GPUs are to have in a split, where that is not left to the models.
    pub gpu_share: Option<f64>,
    /// Whether results are written past the caches, where that does not follow from their size.
    pub past_caches: Option<bool>,
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
        if request.target == Target::Split && !work.kernel.merges() {
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
            Target::Split => {
                refused = self.gpus.open_for_split();
                refused.extend(self.gpus.why_avoided());
            }
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

    pub fn record(&self, work: &Work, target: Target, threads: usize, places: usize, seconds: f64) {
        let spent = seconds * threads as f64;
        if self.is_recorded(work, spent) {
            let site = if target == Target::Scalar { Site::Scalar } else { Site::Thread };
            let mut models = self.models();
            models.record(work.kernel.hash, site, places, spent);
            if site == Site::Thread {
                models.record(work.kernel.hash, Site::Threads { count: threads }, places, seconds);
            }
        }
    }

    /// Whether a launch that took so long, over all threads, tells the models what it costs.
    pub fn is_recorded(&self, work: &Work, spent: f64) -> bool {
        spent > tuning::TELLING_SECONDS
            && (spent > tuning::SAMPLED_SECONDS || work.kernel.ops.loops || self.is_sampled())
    }

    /// Whether a short launch is recorded: the first of a runtime are, then one in eight. By a hash of how many there
    /// were, not in turn: kernels that take turns would always meet the same one.
    fn is_sampled(&self) -> bool {
        let count = self.short_launches.fetch_add(1, Ordering::Relaxed);
        count < 256 || count.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61 == 0
    }
}

/// Runs a map of `K` into `slots`.
pub(crate) fn map<K: Kernel>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    mut slots: <K::Out as Output>::Slots<'_>,
    domain: Domain,
    config: Config,
) -> Result<Outcome> {
    let asked = config.request.target;
    let launch = |recording: Option<&Recording>| {
        check_lens::<K>(&slots, domain)?;
        K::Params::check(args, &core.home, domain.len())
            .and_then(|()| K::Out::check(&slots, &core.home))
            .map_err(|error| error.in_launch(K::INFO.name))?;
        let work = work::<K>(domain, false);
        let own = OnceCell::new();
        let (plan, mut job) = set_up::<K>(core, args, (&work, &config), &own, recording)?;
        let large = || domain.len() * work.bytes_out() >= tuning::STREAM_BYTES;
        job.stream = const { streams::<K>() } && config.past_caches.unwrap_or_else(large);
        let control = job.frame.control();
        let mut went = Went::default();
        match &plan {
            Some(plan) if !domain.is_empty() && !plan.members.is_empty() => {
                let enqueued = whole(&K::INFO, plan, || {
                    gpu::enqueue_map::<K>(core, plan, (&work, &config), args, &mut slots)
                })?;
                match enqueued {
                    Some(launched) => {
                        recording.inspect(|recording| launched.tell(recording));
                        let adapter =
                            gpu::finish_map::<K>(core, launched, args, &mut slots, config.wait, control)?;
                        went.adapters.push(adapter);
                        went.chunks = plan.chunks.len();
                    }
                    None => {
                        went = shared::map::<K>(core, plan, (&work, &config), args, &mut slots, &job)?;
                    }
                }
            }
            _ => {
                let tiles = K::Params::tile(args, domain.len())?;
                let out = K::Out::tile(&mut slots)?;
                let piece = Piece::<'_, '_, K> { start: 0, len: domain.len(), tiles, out };
                let cut = match &plan {
                    Some(plan) => plan.tiles,
                    None => const { K::INFO.needs_rows() }.then(|| Tiles::of(&K::INFO, domain, 1)).flatten(),
                };
                // Asked of the constant, so that no tiles are compiled for kernels that have none.
                went = if const { K::INFO.needs_rows() }
                    && let Some(cut) = cut
                {
                    tiled::map::<K>(core, (&work, asked), (plan.as_ref(), cut), &job, piece)?
                } else {
                    on_cpu(core, &work, (asked, plan.as_ref()), &job, piece, |piece| {
                        let span = Span::new(piece.start, piece.start + piece.len);
                        job.compute(span, || lanes::run::<K>(&job, piece));
                    })?
                };
            }
        }
        if let Some(error) = control.error(K::INFO.name) {
            lost::<K>(&mut slots, &error);
            return Err(error);
        }
        Ok(outcome(core, asked, plan, went))
    };
    recorded::<K, _>(core, asked, domain, launch, |outcome| outcome)
}

/// Folds the results of `K` to one value.
pub(crate) fn reduce<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    domain: Domain,
    config: Config,
) -> Result<(R::T, Outcome)> {
    blocks::<K, R, _>(core, args, fold, (domain, config), |frame, _, blocks| {
        Ok(fold::combine(frame, fold, blocks))
    })
}

/// Reduces the results of `K` block by block, and gives what `finish` makes of all blocks' values.
pub(crate) fn blocks<K: Kernel, R: Reduction<K>, V>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    (domain, config): (Domain, Config),
    finish: impl FnOnce(&Frame<'_>, &mut <K::Params as Params>::Arg<'_>, &mut [R::Block]) -> Result<V>,
) -> Result<(V, Outcome)> {
    let asked = config.request.target;
    let launch = |recording: Option<&Recording>| {
        K::Params::check(args, &core.home, domain.len()).map_err(|error| error.in_launch(K::INFO.name))?;
        let work = work::<K>(domain, true);
        let own = OnceCell::new();
        let (plan, mut job) = set_up::<K>(core, args, (&work, &config), &own, recording)?;
        job.far = domain.len() * work.bytes >= tuning::STREAM_BYTES;
        let control = job.frame.control();
        let mut few = [fold.fresh(); 16];
        let mut many = Vec::new();
        let count = plan::blocks(domain.len());
        let blocks = if count <= few.len() {
            &mut few[..count]
        } else {
            if many.try_reserve_exact(count).is_err() {
                return Err(Error::new(
                    ErrorKind::OutOfMemory,
                    format!(
                        "{}: no memory for the {count} partial results of {domain} places; fold fewer at a time",
                        K::INFO.name
                    ),
                ));
            }
            many.resize(count, fold.fresh());
            &mut many[..]
        };
        let mut went = Went::default();
        match &plan {
            Some(plan) if !domain.is_empty() && !plan.members.is_empty() => {
                let enqueued = whole(&K::INFO, plan, || {
                    gpu::enqueue_fold::<K>(core, plan, (&work, &config), args, &fold.folded())
                })?;
                match enqueued {
                    Some(launched) => {
                        recording.inspect(|recording| launched.tell(recording));
                        let adapter = gpu::finish_fold::<K, _>(core, launched, args, blocks, control)?;
                        went.adapters.push(adapter);
                        went.chunks = plan.chunks.len();
                    }
                    None => {
                        let blocks = (fold, &mut *blocks);
                        went = shared::reduce::<K, R>(core, plan, (&work, &config), args, blocks, &job)?;
                    }
                }
            }
            _ if domain.is_empty() => {}
            _ => {
                let tiles = K::Params::tile(args, domain.len())?;
                let piece =
                    FoldPiece::<K, R::Block> { start: 0, len: domain.len(), tiles, blocks: &mut *blocks };
                went = on_cpu(core, &work, (asked, plan.as_ref()), &job, piece, |piece| {
                    let span = Span::new(piece.start, piece.start + piece.len);
                    job.compute(span, || fold.run(&job, piece));
                })?;
            }
        }
        if let Some(error) = control.error(K::INFO.name) {
            return Err(error);
        }
        let value = finish(&job.frame, args, blocks)?;
        Ok((value, outcome(core, asked, plan, went)))
    };
    recorded::<K, _>(core, asked, domain, launch, |(_, outcome)| outcome)
}

/// The values of the places of `span`, computed on this thread; of arguments that are elsewhere only what they need comes
/// home.
pub(crate) fn values<K: Kernel<Out = T>, T: LaneElement>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    domain: Domain,
    span: Span,
) -> Result<Vec<T>> {
    let control = Control::default();
    let job = Job {
        frame: Frame::new(&control),
        level: core.level,
        domain,
        stream: false,
        far: false,
        short: K::Params::is_short(args),
        recording: None,
    };
    let operands = K::Params::operands(args);
    let (_, tiles) = K::Params::split(K::Params::tile_later(args, domain.len())?, span.start);
    let (tiles, _) = K::Params::split(tiles, span.len());
    let tiles = K::Params::fetch(tiles, &operands, span)?;
    let mut values = vec![T::from_f64(0.0); span.len()];
    lanes::run::<K>(&job, Piece { start: span.start, len: span.len(), tiles, out: &mut values[..] });
    match control.error(K::INFO.name) {
        Some(error) => Err(error),
        None => Ok(values),
    }
}

/// Runs `launch`, and tells of it whoever records.
#[inline]
pub(super) fn recorded<K: Kernel, T>(
    core: &Core,
    asked: Target,
    domain: Domain,
    launch: impl FnOnce(Option<&Recording>) -> Result<T>,
    outcome: impl FnOnce(&T) -> &Outcome,
) -> Result<T> {
    let Some(recording) = core.tracer.begin(K::INFO.name, asked, domain.len()) else { return launch(None) };
    let before = traffic::so_far();
    let result = launch(Some(&recording));
    let after = traffic::so_far();
    recording.moved(after.0 - before.0, after.1 - before.1);
    recording.end(result.as_ref().map(outcome));
    result
}

/// The plan of a checked launch, where it needs one, and what its pieces share; `own` holds its control where nobody else
/// does.
#[inline]
pub(super) fn set_up<'l, K: Kernel>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    (work, config): (&Work, &'l Config),
    own: &'l OnceCell<Control>,
    recording: Option<&'l Recording>,
) -> Result<(Option<Plan>, Job<'l>)> {
    K::Params::border(args, config.border);
    let control = match &config.control {
        Some(control) => &**control,
        None => own.get_or_init(|| Control::within(config.deadline)),
    };
    let target = config.request.target;
    let plan = if core.alone(work, target) { None } else { Some(core.plan(work, config)?) };
    let chosen = plan.as_ref().map_or(target, |plan| plan.target);
    control.expect(work.domain.len());
    if let (Some(recording), Some(plan)) = (recording, &plan) {
        recording.plan(plan);
    }
    let job = Job {
        frame: Frame::new(control),
        level: core.level_for(chosen),
        domain: work.domain,
        stream: false,
        far: false,
        short: K::Params::is_short(args) || config.deadline.is_some() || config.control.is_some(),
        recording,
    };
    Ok((plan, job))
}

/// What was to be written has not been, or not all of it, and must not be taken for values.
pub(crate) fn lost<K: Kernel>(slots: &mut <K::Out as Output>::Slots<'_>, error: &Error) {
    lose(K::Out::bindings(slots), error);
}

pub(crate) fn lose(slots: Vec<SlotBinding<'_>>, error: &Error) {
    for slot in slots {
        if let SlotBinding::Array(array) = slot {
            array.fail(error);
        }
    }
}

/// What `enqueue` gave to the one GPU of `plan`; `None` where it has several members, or does not take the launch whole.
fn whole(
    info: &KernelInfo,
    plan: &Plan,
    enqueue: impl FnOnce() -> Result<Option<Launched>, (Error, bool)>,
) -> Result<Option<Launched>> {
    if !matches!(plan.target, Target::Gpu(_)) {
        return Ok(None);
    }
    match enqueue() {
        Err((error, began)) if may_share(info, plan, &error, began) => Ok(None),
        enqueued => enqueued.map_err(|(error, _)| error),
    }
}

/// Whether a launch that a GPU did not take whole may go there in pieces, or elsewhere if that was left open.
fn may_share(info: &KernelInfo, plan: &Plan, error: &Error, began: bool) -> bool {
    // What was updated in place already must not be updated again.
    let updates = began && info.updates_in_place();
    let less = error.kind() == ErrorKind::OutOfMemory;
    let elsewhere = matches!(error.kind(), ErrorKind::DeviceLost | ErrorKind::LimitExceeded);
    !updates && (less || plan.asked == Target::Auto && elsewhere)
}

/// Runs the CPU's part, on as many threads as the plan says.
fn on_cpu<D: Divide>(
    core: &Core,
    work: &Work,
    (asked, plan): (Target, Option<&Plan>),
    job: &Job<'_>,
    piece: D,
    run: impl Fn(D) + Sync,
) -> Result<Went> {
    let control = job.frame.control();
    let chunks = plan.map_or(1, |plan| plan.chunks.len());
    let threads = control.watched(|| match plan {
        Some(plan) => timed(core, work, plan, control, Any::new(piece, &run)),
        None => {
            let (places, start) = (piece.len(), Instant::now());
            run(piece);
            if !control.stopped() {
                core.record(work, asked, 1, places, start.elapsed().as_secs_f64());
            }
            1
        }
    })?;
    Ok(Went { threads, chunks, ..Went::default() })
}

/// Runs a planned piece on the CPU, and learns from it; returns on how many threads it was.
fn timed(core: &Core, work: &Work, plan: &Plan, control: &Control, mut piece: Any<'_>) -> usize {
    let (mut grain, mut threads) = (plan.grain, plan.threads);
    let (places, mut start) = (piece.len(), Instant::now());
    if plan.target == Target::Threads && core.unknown(work) && places > CHUNK {
        // Nobody knows what this kernel costs: the first chunk, which has to be done anyhow, tells.
        let (head, rest) = piece.divide(CHUNK);
        head.run();
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
    threads::run_any(&share, piece);
    if !control.stopped() {
        // What was left undone took no time.
        core.record(work, plan.target, threads, left, start.elapsed().as_secs_f64());
    }
    threads
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
    wrong.map_or(Ok(()), |len| Err(wrong_len(K::INFO.name, domain, len)))
}

#[cold]
fn wrong_len(name: &str, domain: Domain, len: usize) -> Error {
    Error::new(
        ErrorKind::ShapeMismatch,
        format!(
            "{name}: the launch has {domain} places and the array for its results has {len} elements; make them equal"
        ),
    )
}

pub(super) fn outcome(core: &Core, asked: Target, plan: Option<Plan>, went: Went) -> Outcome {
    core.ledger.settle();
    let alone = if asked == Target::Auto { Target::Simd } else { asked };
    let planned = plan.as_ref().map_or(alone, |plan| plan.target);
    // A GPU that left everything to the threads did not run it.
    let left = matches!(planned, Target::Gpu(_)) && went.adapters.is_empty() && went.threads > 0;
    let target = if left { Target::Threads } else { planned };
    let notes: Vec<String> = plan.and_then(|plan| plan.note).into_iter().chain(went.notes).collect();
    Outcome {
        target,
        level: core.level_for(target),
        threads: went.threads,
        adapter: (!went.adapters.is_empty()).then(|| went.adapters.join(", ")),
        chunks: went.chunks,
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    }
}
