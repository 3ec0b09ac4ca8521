//! One run over kernels, sizes and targets: verify, time, make a row.

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
    /// Rows that are done.
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

/// How long things may take.
struct Pace {
    begun: Instant,
    /// For one row.
    row: Duration,
    /// For all of them.
    total: Option<Duration>,
    rows: usize,
    left: usize,
}

impl Pace {
    fn new(quick: bool, rows: usize) -> Pace {
        // A quick bench must end in a minute on two slow cores with a software GPU; making and verifying the data takes
        // a third of that.
        let (row, total) = if quick { (0.25, Some(Duration::from_secs(40))) } else { (1.0, None) };
        Pace { begun: Instant::now(), row: Duration::from_secs_f64(row), total, rows, left: rows }
    }

    /// The budget of the next row: less where rows before it took long.
    fn budget(&self) -> Duration {
        match self.total {
            None => self.row,
            Some(total) => {
                let remaining = total.saturating_sub(self.begun.elapsed());
                self.row.min(remaining / self.left.max(1) as u32)
            }
        }
    }
}

/// One run of a suite.
pub(super) struct Bench<'a> {
    rt: &'a Runtime,
    devices: Devices,
    targets: &'a [Target],
    pace: Pace,
    done: usize,
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
        Ok(Bench { rt, devices: Devices::open(targets)?, targets, pace, done: 0 })
    }

    /// The rows of one kernel at one size, one for each target; `None` where it was asked to stop before they were done.
    pub(super) fn rows(
        &mut self,
        workload: &Workload,
        size: Domain,
        watch: &mut dyn Watch,
    ) -> manylane::Result<Option<Vec<Row>>> {
        let rows = self.pace.rows;
        let step = |done: usize, doing: String| Step { done, rows, kernel: workload.name, size, doing };
        watch.step(step(self.done, "makes the data".into()));
        let mut case = workload.at(self.rt, size)?;
        let case = &mut *case;

        let mut trials = Vec::with_capacity(self.targets.len());
        for target in self.targets {
            if watch.stop() {
                return Ok(None);
            }
            watch.step(step(self.done, format!("verifies {target}")));
            trials.push(self.verified(case, *target));
        }
        watch.step(step(self.done, "times every target in turn".into()));
        self.time(case, &mut trials, watch);
        let work = case.work()?;
        for trial in &mut trials {
            if watch.stop() {
                return Ok(None);
            }
            if let (Some(gpu), Some(_)) = (self.devices.of(trial.target), &trial.samples) {
                watch.step(step(self.done, format!("copies for {}", trial.target)));
                trial.transfer = transfer(gpu, &work, self.pace.budget()).map(Some);
            }
        }
        let baseline = trials.iter().find(|trial| trial.target == Target::Scalar);
        let baseline = baseline.and_then(|trial| trial.samples.as_ref()?.min());
        let rows: Vec<Row> =
            trials.into_iter().map(|trial| trial.row(workload, case.domain(), &work, baseline)).collect();
        self.done += rows.len();
        self.pace.left -= rows.len();
        watch.rows(&rows);
        Ok(Some(rows))
    }

    /// Times those that are right.
    fn time(&self, case: &mut dyn Case, trials: &mut [Trial], watch: &mut dyn Watch) {
        let right: Vec<usize> = (0..trials.len()).filter(|number| trials[*number].outcome.is_ok()).collect();
        let timed = measure::in_turn(right.len(), self.pace.budget(), |number| {
            if watch.stop() {
                return Err(Halt::Asked);
            }
            self.once(case, trials[right[number]].target).map(drop).map_err(Halt::Failed)
        });
        for (number, timed) in right.into_iter().zip(timed) {
            match timed {
                Ok(samples) => trials[number].samples = Some(samples),
                Err(Halt::Failed(error)) => trials[number].outcome = Err(error.to_string()),
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
