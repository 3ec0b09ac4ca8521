//! One run over kernels, sizes and targets: verify, time, make a row.
//!
//! Each kernel at each size is visited several times, with others between: a neighbour or a clock that disturbs the machine for
//! some seconds then hits a part of its rounds, which shows, and not all of them. Its data is made anew for each visit, so
//! that only one kernel's lies in memory.

use std::time::{Duration, Instant};

use manylane::device::gpu;
use manylane::evaluate;
use manylane::prelude::*;

use crate::bench::measure::{self, Samples};
use crate::bench::meter::Meter;
use crate::bench::record::Row;
use crate::bench::suite::{Case, Work, Workload};

/// How far a run is.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Rows that are done; of those that are visited several times, as many as the visits so far are worth.
    pub done: usize,
    /// Rows that there will be.
    pub rows: usize,
    /// The kernel at hand.
    pub kernel: &'a str,
    /// Its size.
    pub size: Domain,
    /// What is done with it.
    pub doing: String,
}

/// Who follows a run, and may end it. A closure over [`Step`]s is one.
pub trait Watch {
    /// Something begins.
    fn step(&mut self, step: Step<'_>);

    /// The rows of one kernel at one size are done.
    fn rows(&mut self, _rows: &[Row]) {}

    /// Whether to end here, with the rows that are done; asked before each run.
    fn stop(&mut self) -> bool {
        false
    }
}

impl<F: FnMut(Step<'_>)> Watch for F {
    fn step(&mut self, step: Step<'_>) {
        self(step);
    }
}

/// The open GPUs that targets refer to.
struct Devices(Vec<gpu::Gpu>);

impl Devices {
    fn open(targets: &[Target]) -> manylane::Result<Devices> {
        let mut open = Vec::new();
        for target in targets {
            if let Target::Gpu(index) = target {
                open.push(gpu::open(*index)?);
            }
        }
        Ok(Devices(open))
    }

    fn of(&self, target: Target) -> Option<&gpu::Gpu> {
        let Target::Gpu(index) = target else { return None };
        self.0.iter().find(|gpu| gpu.index() == index)
    }

    /// Waits until whatever runs for `target` is done; with a split, wherever it may run.
    fn wait(&self, target: Target, outcome: &Outcome) -> manylane::Result<()> {
        match (self.of(target), &outcome.adapter) {
            (Some(gpu), _) => gpu.wait_idle(),
            (None, None) => Ok(()),
            (None, Some(_)) => {
                let taking_part =
                    gpu::adapters().into_iter().filter_map(|adapter| gpu::open(adapter.index).ok());
                taking_part.into_iter().try_for_each(|gpu| gpu.wait_idle())
            }
        }
    }
}

/// How often each kernel at each size is visited, and
const VISITS: usize = 3;
/// how many others have a first visit between two of its own.
const APART: usize = 3;

/// How long things may take.
struct Pace {
    begun: Instant,
    /// For one target in one visit.
    visit: Duration,
    /// For all of them.
    total: Option<Duration>,
    /// So many there are, and
    visits: usize,
    /// so many are done.
    done: usize,
}

impl Pace {
    fn new(quick: bool, rows: usize) -> Pace {
        // A quick bench must end in a minute on two slow cores with a software GPU; making and verifying the data takes
        // a third of that.
        let (row, total) = if quick { (0.5, Some(Duration::from_secs(40))) } else { (1.0, None) };
        let visit = Duration::from_secs_f64(row / VISITS as f64);
        Pace { begun: Instant::now(), visit, total, visits: rows * VISITS, done: 0 }
    }

    /// The budget of a target in the next visit: less where those before it took long.
    fn budget(&self) -> Duration {
        match self.total {
            None => self.visit,
            Some(total) => {
                let remaining = total.saturating_sub(self.begun.elapsed());
                self.visit.min(remaining / (self.visits - self.done).max(1) as u32)
            }
        }
    }
}

/// One kernel at one size, and what is known of it after some visits.
pub(super) struct Job<'w> {
    workload: &'w Workload,
    size: Domain,
    visits: usize,
    known: Option<Known>,
}

/// What the first visit finds out.
struct Known {
    domain: Domain,
    work: Work,
    trials: Vec<Trial>,
}

impl<'w> Job<'w> {
    pub(super) fn new((workload, size): (&'w Workload, Domain)) -> Job<'w> {
        Job { workload, size, visits: 0, known: None }
    }

    /// Its rows, one for each target, where it was visited.
    fn rows(&mut self) -> Vec<Row> {
        let Some(Known { domain, work, trials }) = self.known.take() else { return Vec::new() };
        let baseline = trials.iter().find(|trial| trial.target == Target::Scalar);
        let baseline = baseline.and_then(|trial| trial.samples.as_ref()?.min());
        trials.into_iter().map(|trial| trial.row(self.workload, domain, &work, baseline)).collect()
    }
}

/// One run of a suite.
pub(super) struct Bench<'a> {
    rt: &'a Runtime,
    devices: Devices,
    targets: &'a [Target],
    pace: Pace,
}

/// A target for one case: how it went, or what was wrong.
struct Trial {
    target: Target,
    outcome: Result<Outcome, String>,
    /// The first run.
    cold: Option<Cold>,
    samples: Option<Samples>,
    transfer: manylane::Result<Option<Transfer>>,
}

/// What a first run took.
#[derive(Clone, Copy)]
struct Cold {
    seconds: f64,
    faults: Option<u64>,
}

/// What bringing arrays to a GPU and back takes.
#[derive(Clone, Copy)]
struct Transfer {
    upload: f64,
    download: f64,
}

/// Why a run did not come to its end.
enum Halt {
    Asked,
    Failed(manylane::Error),
}

impl<'a> Bench<'a> {
    /// A run on `targets` of so many kernels and sizes together.
    pub(super) fn new(
        rt: &'a Runtime,
        targets: &'a [Target],
        jobs: usize,
        quick: bool,
    ) -> manylane::Result<Bench<'a>> {
        let pace = Pace::new(quick, jobs * targets.len());
        Ok(Bench { rt, devices: Devices::open(targets)?, targets, pace })
    }

    /// Visits all jobs, and gives their rows in order. Where it is asked to stop, those of what was visited so far.
    pub(super) fn rows(
        &mut self,
        mut jobs: Vec<Job<'_>>,
        watch: &mut dyn Watch,
    ) -> manylane::Result<Vec<Row>> {
        let mut rows = Vec::new();
        let mut done = |job: &mut Job<'_>, watch: &mut dyn Watch| {
            let of_job = job.rows();
            watch.rows(&of_job);
            rows.extend(of_job);
        };
        'all: for step in 0..jobs.len() + (VISITS - 1) * APART {
            for visit in 0..VISITS {
                let number = step.checked_sub(visit * APART);
                let Some(job) = number.and_then(|number| jobs.get_mut(number)) else { continue };
                if !self.visit(job, watch)? {
                    break 'all;
                }
                if job.visits == VISITS {
                    done(job, watch);
                }
            }
        }
        for job in jobs.iter_mut().filter(|job| job.known.is_some()) {
            done(job, watch);
        }
        Ok(rows)
    }

    /// One visit; false where it was asked to stop before its end, which then does not count.
    fn visit(&mut self, job: &mut Job<'_>, watch: &mut dyn Watch) -> manylane::Result<bool> {
        let Pace { visits, done, .. } = self.pace;
        let (kernel, size) = (job.workload.name, job.size);
        let step = |doing: String| Step { done: done / VISITS, rows: visits / VISITS, kernel, size, doing };
        watch.step(step("makes the data".into()));
        let mut case = job.workload.at(self.rt, size)?;
        let case = &mut *case;
        let is_first = job.known.is_none();
        if is_first {
            let mut trials = Vec::with_capacity(self.targets.len());
            for target in self.targets {
                if watch.stop() {
                    return Ok(false);
                }
                watch.step(step(format!("verifies {target}")));
                trials.push(self.verified(case, *target));
            }
            job.known = Some(Known { domain: case.domain(), work: case.work()?, trials });
        }
        let Some(Known { work, trials, .. }) = &mut job.known else { return Ok(false) };
        watch.step(step(format!("times every target in turn, {} of {VISITS}", job.visits + 1)));
        self.time(case, trials, watch);
        if is_first {
            for trial in trials.iter_mut().filter(|trial| trial.samples.is_some()) {
                if let Some(gpu) = self.devices.of(trial.target).filter(|_| !watch.stop()) {
                    watch.step(step(format!("copies for {}", trial.target)));
                    trial.transfer = transfer(gpu, work, self.pace.budget()).map(Some);
                }
            }
        }
        if watch.stop() {
            if is_first {
                job.known = None;
            }
            return Ok(false);
        }
        job.visits += 1;
        self.pace.done += self.targets.len();
        Ok(true)
    }

    /// Times those that are right.
    fn time(&self, case: &mut dyn Case, trials: &mut [Trial], watch: &mut dyn Watch) {
        let right: Vec<usize> = (0..trials.len()).filter(|number| trials[*number].outcome.is_ok()).collect();
        let timed = measure::in_visit(right.len(), self.pace.budget(), |number| {
            if watch.stop() {
                return Err(Halt::Asked);
            }
            self.once(case, trials[right[number]].target).map(drop).map_err(Halt::Failed)
        });
        for (number, timed) in right.into_iter().zip(timed) {
            match timed {
                Ok(samples) => trials[number].samples.get_or_insert_default().extend(samples),
                Err(Halt::Failed(error)) => {
                    let trial = &mut trials[number];
                    (trial.outcome, trial.samples, trial.cold) = (Err(error.to_string()), None, None);
                }
                Err(Halt::Asked) => {}
            }
        }
    }

    fn once(&self, case: &mut dyn Case, target: Target) -> manylane::Result<Outcome> {
        let outcome = case.run(self.rt, target)?;
        self.devices.wait(target, &outcome)?;
        Ok(outcome)
    }

    /// The first run, held against the reference.
    fn verified(&self, case: &mut dyn Case, target: Target) -> Trial {
        case.forget();
        let (meter, begun) = (Meter::start(), Instant::now());
        let outcome = self.once(case, target).map_err(|error| error.to_string());
        let cold = Cold { seconds: begun.elapsed().as_secs_f64(), faults: meter.stop().faults };
        let outcome = outcome.and_then(|outcome| case.verify().map(|()| outcome));
        Trial { target, cold: outcome.is_ok().then_some(cold), outcome, samples: None, transfer: Ok(None) }
    }
}

impl Trial {
    fn row(self, workload: &Workload, domain: Domain, work: &Work, baseline: Option<f64>) -> Row {
        let samples = self.samples.as_ref();
        let min = samples.and_then(Samples::min);
        let noise = samples.and_then(Samples::noise);
        let transfer = self.transfer.as_ref().ok().copied().flatten();
        let on_gpu = matches!(self.target, Target::Gpu(_));
        let mut row = Row {
            kernel: workload.name.to_owned(),
            size: domain.len(),
            shape: matches!(domain, Domain::Grid { .. }).then(|| domain.to_string()),
            target: self.target.to_string(),
            verified: self.outcome.is_ok(),
            samples: samples.map_or(0, Samples::len),
            seconds_min: min,
            seconds_median: samples.and_then(Samples::median),
            mad: samples.and_then(Samples::mad),
            outliers: samples.map_or(0, Samples::outliers),
            rounds: samples.map(Samples::medians).unwrap_or_default(),
            noise: noise.map(|noisy| noisy.kind.to_owned()),
            seconds_cold: self.cold.map(|cold| cold.seconds),
            seconds_transfer: transfer.map(|transfer| transfer.upload + transfer.download),
            seconds_upload: transfer.map(|transfer| transfer.upload),
            seconds_download: transfer.map(|transfer| transfer.download),
            page_faults: samples.and_then(|samples| samples.usage().faults()),
            page_faults_cold: self.cold.and_then(|cold| cold.faults),
            joules: samples.and_then(|samples| samples.usage().joules()),
            gb_s: min.map(|min| evaluate::gb_s(work.bytes, min)),
            gflop_s: min.and_then(|min| Some(evaluate::gflop_s(work.flops?, min))),
            speedup: min.and_then(|min| Some(evaluate::absolute_speedup(baseline?, min))),
            ..Row::default()
        };
        let mut notes = Vec::new();
        match self.outcome {
            Ok(outcome) => {
                row.level = (!on_gpu).then(|| outcome.level.to_string());
                row.threads = (!on_gpu).then_some(outcome.threads);
                let elsewhere = outcome.target != self.target;
                let moved = || elsewhere.then(|| format!("{} ran on {}", self.target, outcome.target));
                notes.extend(outcome.note.or_else(moved));
                row.adapter = outcome.adapter;
            }
            Err(wrong) => notes.push(wrong),
        }
        if let Err(error) = self.transfer {
            notes.push(format!("transfers could not be timed: {error}"));
        }
        notes.extend(noise.map(|noisy| noisy.advice().to_owned()));
        row.note = (!notes.is_empty()).then(|| one_line(&notes.join("; ")));
        row
    }
}

/// A text of several lines, as a shader compiler's, in one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How long a GPU's inputs take over the bus, and its results; the shortest of some trials.
fn transfer(gpu: &gpu::Gpu, work: &Work, budget: Duration) -> manylane::Result<Transfer> {
    let longest = work.uploads.iter().chain(&work.downloads).copied().max().unwrap_or(0);
    // Written, so that the pages are there.
    let mut host = vec![1u8; longest as usize];
    let buffers =
        |sizes: &[u64]| sizes.iter().map(|bytes| gpu.alloc(*bytes)).collect::<manylane::Result<Vec<_>>>();
    let (inputs, results) = (buffers(&work.uploads)?, buffers(&work.downloads)?);
    let timed = measure::in_turn(2, budget / 2, |way| {
        if way == 0 {
            for (buffer, bytes) in inputs.iter().zip(&work.uploads) {
                gpu.upload(buffer, 0, &host[..*bytes as usize])?;
            }
        } else {
            for (buffer, bytes) in results.iter().zip(&work.downloads) {
                gpu.download(buffer, 0, &mut host[..*bytes as usize])?;
            }
        }
        gpu.wait_idle()
    });
    let mut shortest = [0.0; 2];
    for (shortest, (samples, arrays)) in shortest.iter_mut().zip(timed.into_iter().zip([inputs, results])) {
        // What has nothing to bring waits for nothing.
        *shortest = samples?.min().filter(|_| !arrays.is_empty()).unwrap_or(0.0);
    }
    let [upload, download] = shortest;
    Ok(Transfer { upload, download })
}
