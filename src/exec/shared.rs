//! A launch that several devices share, from the plan's members to settled results.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{self, Config, Core};
use crate::exec::fold::{FoldPiece, Reduction};
use crate::exec::gpu::{Common, Lane};
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::split::{self, AnyPart, Crew, Ended, Part, Seen};
use crate::kernel::{Kernel, Output, Params, SlotBinding, TileOf};
use crate::plan::policy::{self, Known, Policy};
use crate::plan::{Plan, Site, Work, Worker, tuning};
use crate::shape::{CHUNK, Span, Target};

/// How it went.
#[derive(Default)]
pub(crate) struct Went {
    /// Threads of the CPU that took part.
    pub threads: usize,
    /// The adapters that did.
    pub adapters: Vec<String>,
    /// What did not go as planned.
    pub notes: Vec<String>,
    /// Pieces that were computed.
    pub chunks: usize,
}

/// Maps `K` over all places on the plan's members.
pub(crate) fn map<K: Kernel>(
    core: &Core,
    plan: &Plan,
    (work, config): (&Work, &Config),
    args: &mut <K::Params as Params>::Arg<'_>,
    slots: &mut <K::Out as Output>::Slots<'_>,
    job: &Job<'_>,
) -> Result<Went> {
    let common = Common::new::<K>(args, work, config, None);
    let n = work.domain.len();
    // Until here the results hold what they held; from here on, if anything fails, nothing.
    let tiles = K::Params::tile_later(args, n)?;
    let went = into_slots::<K>(core, plan, &common, tiles, slots, job);
    if let Err(error) = &went {
        driver::lost::<K>(slots, error);
    }
    went
}

fn into_slots<'t, K: Kernel>(
    core: &Core,
    plan: &Plan,
    common: &'t Common<'t>,
    tiles: TileOf<'t, K>,
    slots: &mut <K::Out as Output>::Slots<'_>,
    job: &Job<'_>,
) -> Result<Went> {
    let team = {
        let mut bindings = K::Out::bindings(slots);
        for binding in &mut bindings {
            if let SlotBinding::Array(array) = binding {
                array.discard();
            }
        }
        Team::gather(core, plan, common, &mut bindings)?
    };
    let piece =
        Piece::<'_, '_, K> { start: 0, len: common.work.domain.len(), tiles, out: K::Out::tile(slots)? };
    let operands = &common.operands;
    let (done, went) = team.work(core, plan, common, piece, job, |mut piece| {
        let span = Span::new(piece.start, piece.start + piece.len);
        piece.tiles = K::Params::fetch(piece.tiles, operands, span)?;
        lanes::run::<K>(job, piece);
        Ok(())
    })?;
    let mut bindings = K::Out::bindings(slots);
    for done in &done {
        done.lane.settle(&done.spans, &mut bindings)?;
        done.lane.merge()?;
    }
    Ok(went)
}

/// Folds the results of `K` over all places on the plan's members, a value for each block.
pub(crate) fn reduce<K: Kernel, R: Reduction<K>>(
    core: &Core,
    plan: &Plan,
    (work, config): (&Work, &Config),
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, blocks): (&R, &mut [R::Block]),
    job: &Job<'_>,
) -> Result<Went> {
    let common = Common::new::<K>(args, work, config, Some(fold.folded()));
    let team = Team::gather(core, plan, &common, &mut [])?;
    let n = work.domain.len();
    let tiles = K::Params::tile_later(args, n)?;
    let piece = FoldPiece::<'_, '_, K, R::Block> { start: 0, len: n, tiles, blocks };
    let operands = &common.operands;
    let (done, went) = team.work(core, plan, &common, piece, job, |mut piece| {
        let span = Span::new(piece.start, piece.start + piece.len);
        piece.tiles = K::Params::fetch(piece.tiles, operands, span)?;
        fold.run(job, piece);
        Ok(())
    })?;
    for done in &done {
        done.lane.merge()?;
    }
    Ok(went)
}

/// The members of a plan, ready to work.
struct Team<'l> {
    threads: Vec<Known>,
    lanes: Vec<(Lane<'l>, Known)>,
    went: Went,
}

/// A lane that has done its part.
struct Done<'l> {
    lane: Lane<'l>,
    /// What it computed and holds.
    spans: Vec<Span>,
}

impl<'l> Team<'l> {
    fn gather(
        core: &Core,
        plan: &Plan,
        common: &'l Common<'l>,
        slots: &mut [SlotBinding<'_>],
    ) -> Result<Self> {
        let mut team = Team { threads: Vec::new(), lanes: Vec::new(), went: Went::default() };
        if plan.asked == Target::Auto && matches!(plan.target, Target::Gpu(_)) {
            // Auto means that the launch is done: the threads stand by for what the GPU leaves.
            let speed = 1.0 / core.models().per_place(&common.work, Site::Thread).max(1e-15);
            let known = Known { speed, latency: 0.0, link: f64::INFINITY };
            team.threads = vec![known; core.threads];
        }
        let updates = common.of.info.updates_in_place();
        for member in &plan.members {
            let Worker::Gpu(index) = member.worker else {
                team.threads.push(member.known);
                continue;
            };
            let lane = core.gpus.get(index).and_then(|gpu| {
                if common.fold.is_some() && updates {
                    return Err(Error::new(
                        ErrorKind::UnsupportedType,
                        format!(
                            "{}: a kernel that updates in place cannot be folded on a GPU; run it, then reduce",
                            common.of.info.name
                        ),
                    ));
                }
                Lane::new(gpu, common, slots, 1.0 / member.known.speed)
            });
            match lane {
                Ok(lane) => {
                    if lane.streams() {
                        team.went.notes.push(format!(
                            "gpu:{index} has too little memory for the whole launch, so its places were streamed through what it has"
                        ));
                    }
                    team.lanes.push((lane, member.known));
                }
                Err(error) if plan.asked == Target::Gpu(index) => return Err(error),
                Err(error) => team.went.notes.push(format!("gpu:{index} took no part: {error}")),
            }
        }
        Ok(team)
    }

    /// Runs the launch, whose pieces `run` computes; every place is computed when this returns.
    fn work<P: Part>(
        self,
        core: &Core,
        plan: &Plan,
        common: &Common<'_>,
        piece: P,
        job: &Job<'_>,
        run: impl Fn(P) -> Result<()> + Sync,
    ) -> Result<(Vec<Done<'l>>, Went)> {
        self.share_out(core, plan, common, AnyPart::new(piece, &run), job)
    }

    fn share_out(
        self,
        core: &Core,
        plan: &Plan,
        common: &Common<'_>,
        piece: AnyPart<'_>,
        job: &Job<'_>,
    ) -> Result<(Vec<Done<'l>>, Went)> {
        let control = job.frame.control();
        let Team { threads, lanes, mut went } = self;
        let policy = policy_of(plan, common, &threads, &lanes);
        let workers = threads.len() + lanes.len();
        let nanos: Vec<AtomicU64> = (0..workers).map(|_| AtomicU64::new(0)).collect();
        let places: Vec<AtomicUsize> = (0..workers).map(|_| AtomicUsize::new(0)).collect();
        let chunks = AtomicUsize::new(0);
        let names: Vec<String> =
            lanes.iter().map(|(lane, _)| Target::Gpu(lane.gpu.index()).to_string()).collect();
        let seen = |seen: Seen| {
            let took = seen.began.elapsed().as_nanos() as u64;
            nanos[seen.worker].fetch_add(took, Ordering::Relaxed);
            places[seen.worker].fetch_add(seen.places, Ordering::Relaxed);
            chunks.fetch_add(1, Ordering::Relaxed);
            if let Some(recording) = job.recording {
                let span = Span::new(seen.start, seen.start + seen.places);
                match seen.worker.checked_sub(threads.len()) {
                    None => recording.on_cpu(span, seen.began),
                    Some(lane) => recording.computed(span, names[lane].clone(), 0, seen.began),
                }
            }
        };
        let crew = Crew { pool: &core.pool, threads: threads.len(), policy, seen: &seen };
        let lanes: Vec<Lane<'l>> = lanes.into_iter().map(|(lane, _)| lane).collect();
        let ended = control.watched(|| split::run(crew, piece, lanes, control, AnyPart::compute))??;
        common.report(control);
        let sum = |which: std::ops::Range<usize>| {
            which.fold((0, 0.0), |(n, seconds), worker| {
                let took = nanos[worker].load(Ordering::Relaxed) as f64 * 1e-9;
                (n + places[worker].load(Ordering::Relaxed), seconds + took)
            })
        };
        if control.stopped() {
            // What was left undone took no time: nothing is learnt from it.
            return Ok((Vec::new(), went));
        }
        let mut models = core.models();
        let (computed, seconds) = sum(0..threads.len());
        models.record(common.work.kernel.hash, Site::Thread, computed, seconds);
        for (k, ended) in ended.iter().enumerate() {
            if ended.failure.is_none() {
                let info = ended.remote.gpu.info();
                let site = Site::Gpu { index: ended.remote.gpu.index(), software: info.software };
                let (computed, seconds) = sum(threads.len() + k..threads.len() + k + 1);
                models.record(common.work.kernel.hash, site, computed, seconds);
            }
        }
        drop(models);
        went.threads = (0..threads.len()).filter(|worker| sum(*worker..*worker + 1).0 > 0).count();
        went.chunks = chunks.load(Ordering::Relaxed);
        let done = ended.into_iter().filter_map(|ended| went.take(core, ended)).collect();
        Ok((done, went))
    }
}

impl Went {
    /// Notes what became of a lane; it is given back where its results count.
    fn take<'l, P: Part>(&mut self, core: &Core, ended: Ended<Lane<'l>, P>) -> Option<Done<'l>> {
        let gpu = &ended.remote.gpu;
        if let Some(error) = ended.failure {
            self.notes.push(format!(
                "gpu:{} failed ({error}); {} places were computed again by the others",
                gpu.index(),
                ended.again
            ));
            if matches!(error.kind(), ErrorKind::DeviceLost | ErrorKind::Deadline) {
                core.gpus.avoid(gpu.index(), &error);
            }
            return None;
        }
        if ended.remote.shrank {
            self.notes.push(format!("gpu:{} ran out of memory, so its pieces became smaller", gpu.index()));
        }
        if ended.places == 0 {
            return None;
        }
        self.adapters.push(gpu.info().name.clone());
        Some(Done { lane: ended.remote, spans: spans(ended.kept) })
    }
}

/// The places of pieces, neighbours joined.
fn spans<P: Part>(mut kept: Vec<(usize, P)>) -> Vec<Span> {
    kept.sort_by_key(|(start, _)| *start);
    let mut spans: Vec<Span> = Vec::new();
    for (start, piece) in kept {
        match spans.last_mut() {
            Some(last) if last.end == start => last.end += piece.len(),
            _ => spans.push(Span::new(start, start + piece.len())),
        }
    }
    spans
}

/// Who gets what: as the user says, or by the mapping's policy over what is known of the members.
fn policy_of(
    plan: &Plan,
    common: &Common<'_>,
    threads: &[Known],
    lanes: &[(Lane<'_>, Known)],
) -> Box<dyn Policy + Send> {
    let n = common.work.domain.len() as u64;
    let known: Vec<Known> = threads.iter().copied().chain(lanes.iter().map(|(_, known)| *known)).collect();
    let standing_by = matches!(plan.target, Target::Gpu(_)).then_some(1.0);
    match common.config.gpu_share.or(standing_by) {
        Some(share) if !threads.is_empty() && !lanes.is_empty() => {
            let cut = (n as f64 * (1.0 - share)) as u64 / CHUNK as u64 * CHUNK as u64;
            let cut = if share <= 0.0 { n } else { cut };
            let even = |from: u64, to: u64, parts: u64| {
                (0..parts).map(move |k| from + (to - from) * k / parts..from + (to - from) * (k + 1) / parts)
            };
            policy::given(
                even(0, cut, threads.len() as u64).chain(even(cut, n, lanes.len() as u64)).collect(),
            )
        }
        // Alone it takes what its memory and its time allow.
        _ if known.len() == 1 => policy::alone(n, 1, 0),
        _ => {
            let groups: Vec<usize> = threads.iter().map(|_| 0).chain(1..=lanes.len()).collect();
            // Numbers from 0 on, also where the CPU computes nothing.
            let least = groups.iter().min().copied().unwrap_or(0);
            let groups: Vec<usize> = groups.iter().map(|group| group - least).collect();
            policy::policy(plan.mapping, n, &known, tuning::MANAGER_SECONDS, Some(&groups))
        }
    }
}
