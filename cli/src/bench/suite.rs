//! The kernels of a bench, and the run over all of them.

use std::cell::OnceCell;

use manylane::device::{Cpu, gpu};
use manylane::plan::Plan;
use manylane::prelude::*;

use crate::bench::record::Row;
use crate::bench::run::{Bench, Job, Watch};
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

    /// Drops what the last run made, so that the next one is a first.
    fn forget(&mut self);

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
    fn forget(&mut self) {
        self.output = None;
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
    /// The places that it runs over when it is asked for `size`.
    pub fn domain(&self, size: Domain) -> Domain {
        match size {
            Domain::Line(_) if self.is_grid => Domain::from(size::grid(size)),
            Domain::Grid { .. } if !self.is_grid => Domain::Line(size.len()),
            fits => fits,
        }
    }

    /// Its data at `size`.
    ///
    /// # Errors
    /// `OutOfMemory` where the machine has too little for it; what making arrays returns.
    pub fn at(&self, rt: &Runtime, size: Domain) -> manylane::Result<Box<dyn Case>> {
        let domain = self.domain(size);
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

/// The kernels of a bench.
#[derive(Default)]
pub struct Suite {
    workloads: Vec<Workload>,
    seed: Option<u64>,
}

impl Suite {
    /// No kernels yet.
    pub fn new() -> Suite {
        Suite::default()
    }

    /// The kernels that the command knows.
    pub fn standard() -> Suite {
        Suite { workloads: workloads::standard(), seed: Some(workloads::SEED) }
    }

    /// One more kernel: an [`Own`](crate::bench::Own), or a workload with everything said, as here.
    ///
    /// ```
    /// use std::cell::OnceCell;
    ///
    /// use manylane::prelude::*;
    /// use manylane_cli::bench::{Data, Options, Step, Suite, Text, Work, Workload};
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
    /// let rows = suite.run(&Runtime::new()?, &options, &mut |_step: Step<'_>| ())?;
    /// assert!(rows.len() == 2 && rows.iter().all(|row| row.verified));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(mut self, workload: impl Into<Workload>) -> Suite {
        self.workloads.push(workload.into());
        self
    }

    /// The seed that its kernels draw their inputs by, for the record.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Suite {
        self.seed = Some(seed);
        self
    }

    /// What was given as the seed.
    pub fn seeded(&self) -> Option<u64> {
        self.seed
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
    /// A row that could not run or was wrong says so and has no times. Where `watch` asks to stop, what was
    /// measured until then is returned.
    ///
    /// # Errors
    /// `Setting` for an unknown kernel, `NoDevice` for a GPU that is not here, `OutOfMemory` for a size that is too large.
    pub fn run(&self, rt: &Runtime, options: &Options, watch: &mut dyn Watch) -> manylane::Result<Vec<Row>> {
        let targets = if options.targets.is_empty() { targets_here().0 } else { options.targets.clone() };
        let jobs = self.jobs(options)?;
        let mut bench = Bench::new(rt, &targets, jobs.len(), options.quick)?;
        bench.rows(jobs.into_iter().map(Job::new).collect(), watch)
    }

    /// The kernels and sizes that `options` ask for.
    ///
    /// # Errors
    /// `Setting` for an unknown kernel.
    pub fn jobs(&self, options: &Options) -> manylane::Result<Vec<(&Workload, Domain)>> {
        let chosen = match options.kernels.as_slice() {
            [] => self.workloads.iter().collect(),
            names => names.iter().map(|name| self.find(name)).collect::<manylane::Result<Vec<_>>>()?,
        };
        let mut jobs = Vec::new();
        for workload in chosen {
            let sizes = match (&*options.sizes, options.quick) {
                ([], true) => std::slice::from_ref(&workload.quick),
                ([], false) => &workload.sizes,
                (given, _) => given,
            };
            jobs.extend(sizes.iter().map(|size| (workload, *size)));
        }
        Ok(jobs)
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
