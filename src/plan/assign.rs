//! Assignment: where a launch runs, who gets which chunk, and the reasons.

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::ParamKind;
use crate::plan::agglomerate::{Grain, grain};
use crate::plan::cost::{Models, Site};
use crate::plan::decompose::{guided, shares};
use crate::plan::explain::Reason;
use crate::plan::policy::Known;
use crate::plan::{GpuSpec, Halo, Machine, Request, Tiles, Work, tuning};
use crate::shape::{Access, Border, CHUNK, Mapping, Span, Target};

/// Who works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// The calling thread alone.
    Caller,
    /// All threads, from one queue, or in shares, as the mapping says.
    Threads,
    /// A GPU by its number.
    Gpu(usize),
}

/// A span of places and who computes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The places.
    pub span: Span,
    /// Who computes them.
    pub worker: Worker,
}

/// A device that takes part in a launch, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Who: [`Worker::Threads`] for each thread.
    pub worker: Worker,
    /// Its speed in places a second, and what it costs to reach.
    pub known: Known,
}

/// A launch, planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The kernel's name.
    pub kernel: &'static str,
    /// The target that was asked for.
    pub asked: Target,
    /// The target that was chosen.
    pub target: Target,
    /// How the CPU's chunks are given to its threads.
    pub mapping: Mapping,
    /// Disjoint chunks that cover the domain, in order. Of a split they are what each is expected to do: the mapping gives
    /// out the work as it goes.
    pub chunks: Vec<Chunk>,
    /// Who takes part: of a split all threads and devices, of a launch on a GPU that one, else nobody.
    pub members: Vec<Member>,
    /// The smallest chunk that a thread takes from the queue, in places.
    pub grain: usize,
    /// Why the grain is as large.
    pub agglomeration: Grain,
    /// How a picture is cut up for them, where pieces in row order would read it from memory again and again.
    pub tiles: Option<Tiles>,
    /// Threads that the CPU's chunks may use.
    pub threads: usize,
    /// The time that the models predict, transfers included.
    pub predicted_seconds: f64,
    /// Where it will not run as asked, why.
    pub note: Option<String>,
    /// Why it is as it is.
    pub reasons: Vec<Reason>,
}

/// Plans one launch.
///
/// # Errors
/// `NoDevice` where a forced GPU is not there, `LimitExceeded` where a forced GPU cannot hold the work.
pub fn plan(machine: &Machine, work: &Work, request: Request, models: &Models) -> Result<Plan> {
    let n = work.domain.len();
    let mut reasons = Vec::new();
    let (target, note) = choose(machine, work, request.target, models, &mut reasons)?;
    let site = if target == Target::Scalar { Site::Scalar } else { Site::Thread };
    let one = models.per_place(work, site);
    let agglomeration = grain(one, n, machine.threads);
    let grain = agglomeration.places;
    let threads = match target {
        Target::Threads | Target::Split if n as f64 * one >= tuning::SMALL_LAUNCH_SECONDS => {
            machine.threads.min(n.div_ceil(CHUNK)).max(1)
        }
        _ => 1,
    };
    let mapping = match request.mapping {
        // Among threads alone there is nothing to choose.
        Mapping::Auto if target != Target::Split => Mapping::ManagerWorker,
        mapping => mapping,
    };
    let cpu = if threads == 1 { Worker::Caller } else { Worker::Threads };
    let cpu_rate = 1.0 / one * threads as f64;
    let mut joined = Vec::new();
    let (chunks, seconds) = match target {
        Target::Gpu(index) => {
            let spec = gpu(machine, index)?;
            joined.push(member(spec, work, models));
            let chunks = gpu_chunks(spec, work, Span::new(0, n), timely(spec, work, models))?;
            (chunks, gpu_seconds(spec, work, n, models))
        }
        Target::Split => {
            let members: Vec<&GpuSpec> = members(machine, work).collect();
            let mut weights = vec![cpu_rate];
            weights.extend(members.iter().map(|gpu| 1.0 / models.per_place(work, site_of(gpu))));
            let spans = shares(n, &weights);
            let mut chunks = vec![Chunk { span: spans[0], worker: cpu }];
            for (spec, span) in members.iter().zip(&spans[1..]) {
                chunks.extend(gpu_chunks(spec, work, *span, usize::MAX)?);
            }
            joined.extend((0..threads).map(|thread| Member {
                worker: Worker::Threads,
                known: Known {
                    speed: 1.0 / one,
                    latency: if thread == 0 { 0.0 } else { tuning::SMALL_LAUNCH_SECONDS },
                    link: f64::INFINITY,
                },
            }));
            joined.extend(members.iter().map(|gpu| member(gpu, work, models)));
            let total: f64 = weights.iter().sum();
            let workers =
                std::iter::once(Worker::Threads).chain(members.iter().map(|gpu| Worker::Gpu(gpu.index)));
            reasons.push(Reason::Shares(workers.zip(weights.iter().map(|weight| weight / total)).collect()));
            chunks.retain(|chunk| !chunk.span.is_empty());
            (chunks, n as f64 / total)
        }
        _ => {
            let waking = if threads > 1 { tuning::SMALL_LAUNCH_SECONDS } else { 0.0 };
            (vec![Chunk { span: Span::new(0, n), worker: cpu }], n as f64 / cpu_rate + waking)
        }
    };
    reasons.push(match cpu {
        Worker::Caller => Reason::Alone { seconds: n as f64 * one },
        _ => Reason::Grain { grain: agglomeration, first: guided(n, threads, grain) },
    });
    let tiles = match target {
        Target::Gpu(_) | Target::Split => None,
        _ if work.folded => None,
        _ => Tiles::of(&work.kernel, work.domain, threads),
    };
    reasons.extend(tiles.map(Reason::Tiles));
    if target == Target::Split {
        reasons.push(Reason::AsItGoes(mapping));
    }
    Ok(Plan {
        kernel: work.kernel.name,
        asked: request.target,
        target,
        mapping,
        chunks,
        members: joined,
        grain,
        agglomeration,
        tiles,
        threads,
        predicted_seconds: seconds,
        note,
        reasons,
    })
}

/// The target that a request comes to on this machine, and a note where it is not the one asked for.
fn choose(
    machine: &Machine,
    work: &Work,
    asked: Target,
    models: &Models,
    reasons: &mut Vec<Reason>,
) -> Result<(Target, Option<String>)> {
    let n = work.domain.len();
    match asked {
        Target::Auto => {
            let place = models.per_place(work, Site::Thread);
            let one = n as f64 * place;
            let cpu = on_cpu(machine, work, one, models);
            // A software adapter is taken only where it was measured to be faster.
            let gpu = machine
                .gpus
                .iter()
                .filter(|gpu| !gpu.avoided && folds(work))
                .filter(|gpu| !gpu.software || models.measured(work.kernel.hash, site_of(gpu), n).is_some())
                .filter(|gpu| gpu_chunks(gpu, work, Span::new(0, n), usize::MAX).is_ok())
                .map(|gpu| (Target::Gpu(gpu.index), gpu_seconds(gpu, work, n, models)))
                .min_by(|a, b| a.1.total_cmp(&b.1));
            let mut best = match gpu {
                Some(gpu) if gpu.1 < cpu.1 => gpu,
                _ => cpu,
            };
            // All together, where that is clearly faster: the models are not so good that a few percent mean anything. A
            // software adapter would only take the threads' own cores.
            let together: Vec<Member> = members(machine, work)
                .filter(|gpu| !gpu.software)
                .map(|gpu| member(gpu, work, models))
                .collect();
            if !together.is_empty() {
                let others: f64 = together.iter().map(|one| one.known.speed.min(one.known.link)).sum();
                let speed = machine.threads as f64 / place + others;
                let seconds = n as f64 / speed + tuning::SMALL_LAUNCH_SECONDS + tuning::GPU_LAUNCH_SECONDS;
                reasons.push(Reason::Together { seconds });
                if seconds < tuning::SPLIT_GAIN * best.1 {
                    best = (Target::Split, seconds);
                }
            }
            reasons.push(Reason::Best { cpu, gpu });
            Ok((best.0, None))
        }
        Target::Split if members(machine, work).next().is_none() => {
            let why = match machine.gpus.first() {
                None => "split ran on threads: no GPU is open on this machine that could take a share".to_owned(),
                Some(gpu) if !gpu.joins_split => {
                    "split ran on threads: the only adapters are software; name one in MANYLANE_ADAPTER to let it join"
                        .to_owned()
                }
                Some(gpu) => {
                    let limit = gpu_chunks(gpu, work, Span::new(0, n), usize::MAX).err();
                    format!("split ran on threads: {}", limit.map_or("no GPU holds the work".to_owned(), |e| e.to_string()))
                }
            };
            reasons.push(Reason::NoSplit(why.clone()));
            Ok((Target::Threads, Some(why)))
        }
        Target::Gpu(index) => gpu(machine, index).map(|_| (asked, None)),
        _ => Ok((asked, None)),
    }
}

/// One thread or all: by the clock where both were measured, each tried once where that costs little.
fn on_cpu(machine: &Machine, work: &Work, one: f64, models: &Models) -> (Target, f64) {
    let n = work.domain.len();
    let alone = (Target::Simd, one);
    if one < tuning::SMALL_LAUNCH_SECONDS || machine.threads == 1 {
        return alone;
    }
    let all = one / machine.threads as f64 + tuning::SMALL_LAUNCH_SECONDS;
    // At just this size: what stays in the caches says nothing of what does not.
    let wall = |count| Some(n as f64 * models.measured_here(work.kernel.hash, Site::Threads { count }, n)?);
    match (wall(1), wall(machine.threads)) {
        (Some(alone), Some(all)) => {
            // Threads have to be clearly faster: they take cores that others may want.
            if all < 0.97 * alone { (Target::Threads, all) } else { (Target::Simd, alone) }
        }
        (None, Some(_)) if one < tuning::LEARN_SECONDS => alone,
        _ => (Target::Threads, all),
    }
}

/// Whether a GPU can do it at all: what is folded there cannot be updated in place too.
fn folds(work: &Work) -> bool {
    !work.folded || !work.kernel.updates_in_place()
}

/// The GPUs that take a share of a split launch: those that may and can hold it.
fn members<'m>(machine: &'m Machine, work: &Work) -> impl Iterator<Item = &'m GpuSpec> {
    let whole = Span::new(0, work.domain.len());
    machine.gpus.iter().filter(move |gpu| {
        gpu.joins_split && work.kernel.merges() && gpu_chunks(gpu, work, whole, usize::MAX).is_ok()
    })
}

fn gpu(machine: &Machine, index: usize) -> Result<&GpuSpec> {
    machine.gpus.iter().find(|gpu| gpu.index == index).ok_or_else(|| {
        Error::new(
            ErrorKind::NoDevice,
            format!("gpu:{index} was asked for, but this machine has {} GPU(s) open", machine.gpus.len()),
        )
    })
}

/// A GPU as a member: what is moved for a place goes over its link.
fn member(gpu: &GpuSpec, work: &Work, models: &Models) -> Member {
    let bytes = work.bytes.max(1) as f64;
    Member {
        worker: Worker::Gpu(gpu.index),
        known: Known {
            speed: 1.0 / models.per_place(work, site_of(gpu)),
            latency: models.latency(site_of(gpu)),
            link: models.transfer_rate(site_of(gpu)) / bytes,
        },
    }
}

fn site_of(gpu: &GpuSpec) -> Site {
    Site::Gpu { index: gpu.index, software: gpu.software }
}

/// Places that a real GPU is expected to compute in the time of one dispatch; a software adapter has no watchdog.
fn timely(gpu: &GpuSpec, work: &Work, models: &Models) -> usize {
    if gpu.software {
        return usize::MAX;
    }
    let places = tuning::DISPATCH_SECONDS / models.per_place(work, site_of(gpu)).max(1e-15);
    (places.min(1e15) as usize / CHUNK * CHUNK).max(16 * CHUNK)
}

/// Chunks that fit the device's bindings, of at most so many places.
fn gpu_chunks(gpu: &GpuSpec, work: &Work, span: Span, timely: usize) -> Result<Vec<Chunk>> {
    let bound = (gpu.max_binding / work.widest.max(1) as u64).min(u64::from(u32::MAX)) as usize;
    // Of pictures the rows around a piece are bound with it. (A border that goes around one is seen to at the launch.)
    let halo = Halo::of(&work.kernel, work.domain, Border::Clamp);
    let margin = halo.map_or(0, |halo| halo.margin(work.domain));
    let most = if work.domain.len() <= bound { bound } else { bound.saturating_sub(margin) } / CHUNK * CHUNK;
    if most == 0 {
        return Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "gpu:{} binds at most {} bytes, less than one chunk of {CHUNK} elements; use another target",
                gpu.index, gpu.max_binding
            ),
        ));
    }
    // A picture of which any cell may be read is bound whole.
    if work.kernel.needs_rows()
        && work.kernel.params.iter().any(|param| {
            param.kind == ParamKind::Picture
                && param.access == Access::All
                && (param.element.bytes() * work.domain.len()) as u64 > gpu.max_binding
        })
    {
        return Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "{}: a picture of {} cells does not fit the {} bytes that gpu:{} binds at once; use threads",
                work.kernel.name,
                work.domain.len(),
                gpu.max_binding,
                gpu.index
            ),
        ));
    }
    let mut chunks = Vec::new();
    let mut start = span.start;
    while start < span.end {
        let end = (start + most.min(timely)).min(span.end);
        chunks.push(Chunk { span: Span::new(start, end), worker: Worker::Gpu(gpu.index) });
        start = end;
    }
    Ok(chunks)
}

/// Launch, transfers both ways, and the work.
fn gpu_seconds(gpu: &GpuSpec, work: &Work, n: usize, models: &Models) -> f64 {
    let site = site_of(gpu);
    let moved = (work.bytes * n) as f64 / models.transfer_rate(site);
    models.latency(site) + moved + n as f64 * models.per_place(work, site)
}

/// Seconds for people.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}
