//! The kernels of a bench, and the run over all of them.

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use manylane::device::{Cpu, gpu};
use manylane::evaluate;
use manylane::plan::Plan;
use manylane::prelude::*;

use crate::bench::measure::{self, Samples};
use crate::bench::record::Row;
use crate::bench::{size, workloads};

/// What a run of one case moves and computes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// Bytes read and written.
    pub bytes: f64,
    /// Float operations; absent where the work is done in integers.
    pub flops: Option<f64>,
    /// Bytes of each input array: what a GPU must be given before.
    pub uploads: Vec<u64>,
    /// Bytes of each result array: what must be fetched from a GPU after.
    pub downloads: Vec<u64>,
}

/// A kernel with its data at one size, ready to run anywhere, again and again.
pub trait Case {
    /// The places that it runs over.
    fn domain(&self) -> Domain;

    /// Runs once into storage that is kept. A GPU may still be at work afterwards.
    ///
    /// # Errors
    /// Whatever the launch returns.
    fn run(&mut self, rt: &Runtime, target: Target) -> manylane::Result<Outcome>;

    /// Holds the results of the last run against the naive reference.
    ///
    /// # Errors
    /// What the results carry, and how they differ, in words.
    fn verify(&self) -> Result<(), String>;

    /// What one run moves and computes; may need the reference.
    ///
    /// # Errors
    /// What the inputs carry.
    fn work(&self) -> manylane::Result<Work>;

    /// How a run would be divided.
    ///
    /// # Errors
    /// Whatever the planning returns.
    fn plan(&self, rt: &Runtime, target: Target) -> manylane::Result<Plan>;
}

/// A [`Case`] made of inputs `I`, results `O`, a reference `E` and plain functions over them.
pub struct Data<I, O, E> {
    /// The places.
    pub domain: Domain,
    /// What is given.
    pub inputs: I,
    /// What came out; absent before the first run, kept and written again after it.
    pub output: Option<O>,
    /// What should come out; computed when first asked for.
    pub expected: OnceCell<manylane::Result<E>>,
    /// One run, into `output` where there is something already.
    pub run: fn(&Runtime, &I, &mut Option<O>, Target) -> manylane::Result<Outcome>,
    /// The naive reference.
    pub reference: fn(&I) -> manylane::Result<E>,
    /// Holds results against the reference.
    pub check: fn(&O, &E) -> Result<(), String>,
    /// What a run over so many places moves and computes.
    pub work: fn(usize, &E) -> Work,
    /// The plan of a run.
    pub plan: fn(&Runtime, &I, Target) -> manylane::Result<Plan>,
}

impl<I, O, E> Data<I, O, E> {
    fn expected(&self) -> manylane::Result<&E> {
        self.expected.get_or_init(|| (self.reference)(&self.inputs)).as_ref().map_err(Error::clone)
    }
}

impl<I, O, E> Case for Data<I, O, E> {
    fn domain(&self) -> Domain {
        self.domain
    }
    fn run(&mut self, rt: &Runtime, target: Target) -> manylane::Result<Outcome> {
        (self.run)(rt, &self.inputs, &mut self.output, target)
    }
    fn verify(&self) -> Result<(), String> {
        let expected = self.expected().map_err(|error| error.to_string())?;
        self.output
            .as_ref()
            .map_or_else(|| Err("nothing has run".into()), |output| (self.check)(output, expected))
    }
    fn work(&self) -> manylane::Result<Work> {
        Ok((self.work)(self.domain.len(), self.expected()?))
    }
    fn plan(&self, rt: &Runtime, target: Target) -> manylane::Result<Plan> {
        (self.plan)(rt, &self.inputs, target)
    }
}

/// What makes a workload's data at one size.
pub type Prepare = Box<dyn Fn(&Runtime, Domain) -> manylane::Result<Box<dyn Case>> + Send + Sync>;

/// A kernel as a bench knows it.
pub struct Workload {
    /// The name that a person types.
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// The size of a quick bench.
    pub quick: Domain,
    /// The sizes of a full bench.
    pub sizes: Vec<Domain>,
    /// Bytes of host memory for each place, the reference included: what would not fit is refused before it is tried.
    pub memory: u64,
    /// Whether it runs over a grid; a number of elements is then made one of about that many cells.
    pub is_grid: bool,
    /// Makes its data.
    pub prepare: Prepare,
    /// Its kernel as the compiler made it.
    pub text: Text,
}

/// What the compiler made of a kernel, to be read.
pub struct Text {
    /// Its shader, with those of the kernels that it calls.
    pub wgsl: fn() -> String,
    /// Its typed form.
    pub ir: fn() -> String,
    /// The same with what is uniform, linear and varying.
    pub uniformity: fn() -> String,
    /// What it is called by where its costs are kept.
    pub hash: u64,
}

impl Text {
    /// Of the kernel `K`.
    pub fn of<K: Kernel>() -> Self {
        Text {
            wgsl: || K::WGSL.link(),
            ir: || K::WGSL.list(false),
            uniformity: || K::WGSL.list(true),
            hash: K::INFO.hash,
        }
    }
}

impl Workload {
    /// Its data at `size`.
    ///
    /// # Errors
    /// `OutOfMemory` where the machine has too little for it; what making arrays returns.
    pub fn at(&self, rt: &Runtime, size: Domain) -> manylane::Result<Box<dyn Case>> {
        let domain = match size {
            Domain::Line(_) if self.is_grid => Domain::from(size::grid(size)),
            Domain::Grid { .. } if !self.is_grid => Domain::Line(size.len()),
            fits => fits,
        };
        let (needs, has) = ((domain.len() as u64).saturating_mul(self.memory), Cpu::here().memory);
        if has > 0 && needs > has / 4 * 3 {
            return Err(Error::new(
                ErrorKind::OutOfMemory,
                format!(
                    "{} at {} needs about {} with its reference, and this machine has {}; take a smaller size",
                    self.name,
                    size::show(domain),
                    size::bytes(needs),
                    size::bytes(has)
                ),
            ));
        }
        (self.prepare)(rt, domain)
    }
}

/// What to run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// These kernels; none means all.
    pub kernels: Vec<String>,
    /// These sizes; none means each kernel's own.
    pub sizes: Vec<Domain>,
    /// These targets; none means [`targets_here`].
    pub targets: Vec<Target>,
    /// One size for each kernel, and short timing.
    pub quick: bool,
}

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

/// The kernels of a bench.
#[derive(Default)]
pub struct Suite {
    workloads: Vec<Workload>,
}

impl Suite {
    /// No kernels yet.
    pub fn new() -> Suite {
        Suite::default()
    }

    /// The kernels that the command knows.
    pub fn standard() -> Suite {
        Suite { workloads: workloads::standard() }
    }

    /// One more kernel.
    ///
    /// ```
    /// use std::cell::OnceCell;
    ///
    /// use manylane::prelude::*;
    /// use manylane_cli::bench::{Data, Options, Suite, Text, Work, Workload};
    ///
    /// #[kernel]
    /// fn halve(x: f32) -> f32 {
    ///     0.5 * x
    /// }
    ///
    /// # fn main() -> manylane::Result<()> {
    /// let suite = Suite::new().with(Workload {
    ///     name: "halve",
    ///     about: "half of everything",
    ///     quick: Domain::Line(10_000),
    ///     sizes: vec![Domain::Line(1 << 20)],
    ///     memory: 12,
    ///     is_grid: false,
    ///     prepare: Box::new(|rt, domain| {
    ///         Ok(Box::new(Data {
    ///             domain,
    ///             inputs: rt.array(vec![3.0f32; domain.len()])?,
    ///             output: None,
    ///             expected: OnceCell::new(),
    ///             run: |rt, x, output, target| {
    ///                 let (half, outcome) = rt.map::<halve>(x).on(target).reported().run()?;
    ///                 *output = Some(half);
    ///                 Ok(outcome)
    ///             },
    ///             reference: |x: &Array<f32>| Ok(x.read()?.iter().map(|x| x / 2.0).collect()),
    ///             check: |half: &Array<f32>, want: &Vec<f32>| {
    ///                 let half = half.read().map_err(|error| error.to_string())?;
    ///                 if *half == **want { Ok(()) } else { Err("not the half".into()) }
    ///             },
    ///             work: |n, _| Work { bytes: 8.0 * n as f64, flops: Some(n as f64), ..Work::default() },
    ///             plan: |rt, x, target| rt.map::<halve>(x).on(target).plan(),
    ///         }))
    ///     }),
    ///     text: Text::of::<halve>(),
    /// });
    /// let targets = vec![Target::Scalar, Target::Simd];
    /// let options = Options { quick: true, targets, ..Options::default() };
    /// let rows = suite.run(&Runtime::new()?, &options, &mut |_step| ())?;
    /// assert!(rows.len() == 2 && rows.iter().all(|row| row.verified));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(mut self, workload: Workload) -> Suite {
        self.workloads.push(workload);
        self
    }

    /// All of them.
    pub fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// The kernel of this name.
    ///
    /// # Errors
    /// `Setting`, naming those there are.
    pub fn find(&self, name: &str) -> manylane::Result<&Workload> {
        self.workloads.iter().find(|workload| workload.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.workloads.iter().map(|workload| workload.name).collect();
            Error::new(
                ErrorKind::Setting,
                format!("no kernel is called `{name}`; there is {}", names.join(", ")),
            )
        })
    }

    /// Runs everything: verifies each kernel on each target, then times those that are right.
    ///
    /// A row that could not run or was wrong says so and has no times.
    ///
    /// # Errors
    /// `Setting` for an unknown kernel, `NoDevice` for a GPU that is not here, `OutOfMemory` for a size that is too large.
    pub fn run(
        &self,
        rt: &Runtime,
        options: &Options,
        on_step: &mut dyn FnMut(Step<'_>),
    ) -> manylane::Result<Vec<Row>> {
        let targets = if options.targets.is_empty() { targets_here().0 } else { options.targets.clone() };
        let chosen = match options.kernels.as_slice() {
            [] => self.workloads.iter().collect(),
            names => names.iter().map(|name| self.find(name)).collect::<manylane::Result<Vec<_>>>()?,
        };
        let devices = Devices::open(&targets)?;
        let mut jobs = Vec::new();
        for workload in chosen {
            let sizes = match (&*options.sizes, options.quick) {
                ([], true) => std::slice::from_ref(&workload.quick),
                ([], false) => &workload.sizes,
                (given, _) => given,
            };
            jobs.extend(sizes.iter().map(|size| (workload, *size)));
        }
        let mut pace = Pace::new(options.quick, jobs.len() * targets.len());
        let mut rows = Vec::with_capacity(pace.rows);
        for (workload, size) in jobs {
            let mut bench = Bench { rt, devices: &devices, targets: &targets, pace: &pace, done: rows.len() };
            rows.extend(bench.row(workload, size, on_step)?);
            pace.left -= targets.len();
        }
        Ok(rows)
    }
}

/// The targets that this machine has: the CPU's, each real GPU or else the first software one, and all at once; and one
/// line for each thing worth saying about them.
pub fn targets_here() -> (Vec<Target>, Vec<String>) {
    let mut targets = vec![Target::Scalar, Target::Simd, Target::Threads];
    let mut notes = Vec::new();
    let adapters = gpu::adapters();
    let real = adapters.iter().filter(|adapter| !adapter.software).count();
    for adapter in adapters.iter().take(real.max(1)) {
        let target = Target::Gpu(adapter.index);
        match gpu::open(adapter.index) {
            Ok(_) => targets.push(target),
            Err(error) => notes.push(format!("{target} is left out: {error}")),
        }
    }
    targets.push(Target::Split);
    (targets, notes)
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

/// One run of a suite, at one place of it.
struct Bench<'a> {
    rt: &'a Runtime,
    devices: &'a Devices,
    targets: &'a [Target],
    pace: &'a Pace,
    done: usize,
}

/// A target for one case: how it went, or what was wrong.
struct Trial {
    target: Target,
    outcome: Result<Outcome, String>,
}

impl Bench<'_> {
    /// The rows of one kernel at one size, one for each target.
    fn row(
        &mut self,
        workload: &Workload,
        size: Domain,
        on_step: &mut dyn FnMut(Step<'_>),
    ) -> manylane::Result<Vec<Row>> {
        let rows = self.pace.rows;
        let mut step =
            |done: usize, doing: String| on_step(Step { done, rows, kernel: workload.name, size, doing });
        step(self.done, "makes the data".into());
        let mut case = workload.at(self.rt, size)?;
        let case = &mut *case;

        let mut trials = Vec::with_capacity(self.targets.len());
        for target in self.targets {
            step(self.done, format!("verifies {target}"));
            trials.push(Trial { target: *target, outcome: self.verified(case, *target) });
        }
        let right: Vec<usize> = (0..trials.len()).filter(|number| trials[*number].outcome.is_ok()).collect();
        step(self.done, "times every target in turn".into());
        let timed = measure::in_turn(right.len(), self.pace.budget(), |number| {
            self.once(case, trials[right[number]].target).map(|_| ())
        });
        let mut samples: Vec<Option<Samples>> = vec![None; trials.len()];
        for (number, timed) in right.into_iter().zip(timed) {
            match timed {
                Ok(timed) => samples[number] = Some(timed),
                Err(error) => trials[number].outcome = Err(error.to_string()),
            }
        }

        let work = case.work()?;
        let baseline = trials.iter().zip(&samples).find(|(trial, _)| trial.target == Target::Scalar);
        let baseline = baseline.and_then(|(_, samples)| samples.as_ref()?.min());
        let mut rows = Vec::with_capacity(trials.len());
        for (trial, samples) in trials.into_iter().zip(samples) {
            step(self.done, format!("copies for {}", trial.target));
            let transfer = self.devices.of(trial.target).filter(|_| samples.is_some());
            let transfer = transfer.map(|gpu| transfer_seconds(gpu, &work, self.pace.budget())).transpose();
            rows.push(row(workload, case.domain(), trial, samples, &work, baseline, transfer));
            self.done += 1;
        }
        Ok(rows)
    }

    fn once(&self, case: &mut dyn Case, target: Target) -> manylane::Result<Outcome> {
        let outcome = case.run(self.rt, target)?;
        self.devices.wait(target, &outcome)?;
        Ok(outcome)
    }

    fn verified(&self, case: &mut dyn Case, target: Target) -> Result<Outcome, String> {
        let outcome = self.once(case, target).map_err(|error| error.to_string())?;
        case.verify().map(|()| outcome)
    }
}

fn row(
    workload: &Workload,
    domain: Domain,
    trial: Trial,
    samples: Option<Samples>,
    work: &Work,
    baseline: Option<f64>,
    transfer: manylane::Result<Option<f64>>,
) -> Row {
    let min = samples.as_ref().and_then(Samples::min);
    let on_gpu = matches!(trial.target, Target::Gpu(_));
    let mut row = Row {
        kernel: workload.name.to_owned(),
        size: domain.len(),
        shape: matches!(domain, Domain::Grid { .. }).then(|| domain.to_string()),
        target: trial.target.to_string(),
        verified: trial.outcome.is_ok(),
        samples: samples.as_ref().map_or(0, Samples::len),
        seconds_min: min,
        seconds_median: samples.as_ref().and_then(Samples::median),
        seconds_transfer: transfer.as_ref().ok().copied().flatten(),
        gb_s: min.map(|min| evaluate::gb_s(work.bytes, min)),
        gflop_s: min.and_then(|min| Some(evaluate::gflop_s(work.flops?, min))),
        speedup: min.and_then(|min| Some(evaluate::absolute_speedup(baseline?, min))),
        ..Row::default()
    };
    match trial.outcome {
        Ok(outcome) => {
            row.level = (!on_gpu).then(|| outcome.level.to_string());
            row.threads = (!on_gpu).then_some(outcome.threads);
            row.note = outcome.note.or_else(|| {
                (outcome.target != trial.target)
                    .then(|| format!("{} ran on {}", trial.target, outcome.target))
            });
            row.adapter = outcome.adapter;
        }
        Err(wrong) => row.note = Some(wrong),
    }
    if let (Err(error), None) = (transfer, &row.note) {
        row.note = Some(format!("transfers could not be timed: {error}"));
    }
    row.note = row.note.map(|note| one_line(&note));
    row
}

/// A text of several lines, as a shader compiler's, in one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How long a GPU's inputs and results take over the bus, both ways together; the shortest of a few trials.
fn transfer_seconds(gpu: &gpu::Gpu, work: &Work, budget: Duration) -> manylane::Result<f64> {
    let longest = work.uploads.iter().chain(&work.downloads).copied().max().unwrap_or(0);
    // Written, so that the pages are there.
    let mut host = vec![1u8; longest as usize];
    let buffers =
        |sizes: &[u64]| sizes.iter().map(|bytes| gpu.alloc(*bytes)).collect::<manylane::Result<Vec<_>>>();
    let (inputs, results) = (buffers(&work.uploads)?, buffers(&work.downloads)?);
    let timed = measure::in_turn(1, budget, |_| {
        for (buffer, bytes) in inputs.iter().zip(&work.uploads) {
            gpu.upload(buffer, 0, &host[..*bytes as usize])?;
        }
        for (buffer, bytes) in results.iter().zip(&work.downloads) {
            gpu.download(buffer, 0, &mut host[..*bytes as usize])?;
        }
        gpu.wait_idle()
    });
    let samples = timed.into_iter().next().unwrap_or_else(|| Ok(Samples::default()))?;
    Ok(samples.min().unwrap_or(0.0))
}
