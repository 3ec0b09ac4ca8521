//! The device matrix: every target that this machine has, each with the runtime that serves it.

use std::sync::{Arc, LazyLock, OnceLock};

use manylane::device::gpu;
use manylane::kernel::{Args, IntoElement, Kernel};
use manylane::prelude::*;

use crate::Tolerance;

/// One target of the matrix: where launches go, with which runtime and mapping.
#[derive(Clone)]
pub struct Setup {
    /// What the names of its tests end with.
    pub name: String,
    /// Where launches run.
    pub target: Target,
    /// How pieces are given out.
    pub mapping: Mapping,
    /// The part of the places that GPUs get in a split, where that is fixed.
    pub share: Option<f64>,
    /// Threads that its launches may use.
    pub threads: usize,
    level: Level,
    /// Made when it is asked for: a trial uses one target, and there are many.
    runtime: Arc<OnceLock<Runtime>>,
}

impl Setup {
    /// Why this machine does not have it, if so.
    pub fn missing(&self) -> Option<&'static str> {
        match self.target {
            Target::Gpu(_) | Target::Split => FIRST_GPU.as_ref().err().map(String::as_str),
            _ => None,
        }
    }

    /// The runtime, whose pool really has as many threads, however many cores there are.
    ///
    /// # Panics
    /// Where the target is [missing](Setup::missing).
    pub fn runtime(&self) -> &Runtime {
        if let Some(why) = self.missing() {
            panic!("{}: {why}", self.name);
        }
        self.runtime.get_or_init(|| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build();
            let builder = Runtime::builder().level(self.level).threads(self.threads);
            let builder = builder.pool(Arc::new(pool.expect("threads can be started")));
            builder.software_joins_split(true).build().expect("a level of this machine")
        })
    }

    /// Whether a GPU may take part that may divide, root and contract in its own way and flush subnormals: a real one, or
    /// one whose self-test shows it. Auto may take a real GPU and never a software one that was not measured to be faster.
    pub fn own_floats(&self) -> bool {
        match self.target {
            Target::Gpu(_) | Target::Split | Target::Auto => *FIRST_GPU == Ok(true),
            _ => false,
        }
    }

    /// A launch that goes to this target.
    pub fn map<'a, K: Kernel>(&self, args: impl Args<'a, K>) -> Launch<'_, 'a, K> {
        self.send(self.runtime().map::<K>(args))
    }

    /// A launch over stored elements that goes to this target.
    pub fn reduce<'a, T: manylane::api::Numeric>(
        &self,
        elements: impl IntoElement<'a, T>,
    ) -> Launch<'_, 'a, T::Same> {
        self.send(self.runtime().reduce::<T>(elements))
    }

    /// That launch, to go to this target.
    pub fn send<'r, 'a, K: Kernel>(&self, launch: Launch<'r, 'a, K>) -> Launch<'r, 'a, K> {
        let launch = launch.on(self.target).mapping(self.mapping);
        match self.share {
            Some(share) => launch.gpu_share(share),
            None => launch,
        }
    }

    /// `Exact`, or up to `ulps` away where the target computes [floats in its own way](Setup::own_floats).
    pub fn exact_or(&self, ulps: u64) -> Tolerance {
        if self.own_floats() { Tolerance::Ulps(ulps) } else { Tolerance::Exact }
    }

    /// Whether launches can reach a GPU, software ones included.
    pub fn uses_gpu(&self) -> bool {
        matches!(self.target, Target::Gpu(_) | Target::Split | Target::Auto)
    }
}

/// Whether a missing GPU is a failure: `MANYLANE_REQUIRE_GPU=1`.
pub fn gpu_is_required() -> bool {
    std::env::var("MANYLANE_REQUIRE_GPU").is_ok_and(|value| !value.is_empty() && value != "0")
}

/// Whether `gpu:0` can be used; says of what is skipped that it is where not.
///
/// # Panics
/// Where a missing GPU is a failure.
pub fn gpu_or_skip(what: &str) -> bool {
    let Err(why) = gpu::open(0) else { return true };
    assert!(!gpu_is_required(), "{what}: MANYLANE_REQUIRE_GPU=1 and no GPU can be opened: {why}");
    eprintln!("SKIPPED {what}: {why}");
    false
}

/// The levels to try: the one that `MANYLANE_SIMD` forces, else all that this machine has.
fn levels() -> Vec<Level> {
    match std::env::var("MANYLANE_SIMD") {
        Ok(name) if !name.is_empty() => {
            vec![Level::chosen().expect("MANYLANE_SIMD names a level of this machine")]
        }
        _ => Level::available(),
    }
}

fn setup(name: impl Into<String>, target: Target, mapping: Mapping, level: Level, threads: usize) -> Setup {
    Setup { name: name.into(), target, mapping, share: None, threads, level, runtime: Arc::default() }
}

/// Whether `gpu:0` computes floats in its own way, or why there is none.
static FIRST_GPU: LazyLock<Result<bool, String>> = LazyLock::new(|| {
    let adapters = gpu::adapters();
    let adapter = adapters.first().ok_or("this machine has no adapter")?;
    let device = gpu::open(0).map_err(|error| error.to_string())?;
    Ok(!adapter.software || !device.self_test().same_bits())
});

/// Every target: scalar, SIMD at each level, threads by each mapping, the first GPU, and all at once.
///
/// What this machine lacks is there too, [missing](Setup::missing), so that a skip is visible.
pub fn targets() -> Vec<Setup> {
    let levels = levels();
    let best = levels[levels.len() - 1];
    let mut all = vec![setup("scalar", Target::Scalar, Mapping::Auto, best, 1)];
    for level in &levels {
        all.push(setup(format!("simd-{level}"), Target::Simd, Mapping::Auto, *level, 1));
    }
    for (threads, mapping, name) in [
        (1, Mapping::Auto, "threads-1"),
        (2, Mapping::Auto, "threads-2"),
        (2, Mapping::Static, "threads-2-static"),
        (3, Mapping::Static, "threads-3-static"),
        (3, Mapping::ManagerWorker, "threads-3-manager"),
        (3, Mapping::WorkStealing, "threads-3-stealing"),
        (8, Mapping::Static, "threads-8-static"),
        (8, Mapping::ManagerWorker, "threads-8-manager"),
        (8, Mapping::WorkStealing, "threads-8-stealing"),
    ] {
        all.push(setup(name, Target::Threads, mapping, best, threads));
    }
    all.push(setup("auto", Target::Auto, Mapping::Auto, best, 2));
    all.push(setup("gpu:0", Target::Gpu(0), Mapping::Auto, best, 1));
    all.push(setup("split-2", Target::Split, Mapping::Auto, best, 2));
    all.push(setup("split-3-stealing", Target::Split, Mapping::WorkStealing, levels[0], 3));
    all
}

/// The targets on which results of class A and B have the same bits: each level, each number of threads up to 8, the
/// first GPU, and splits with it. Class B holds on a GPU where its self-test shows that it neither contracts nor
/// reassociates, that is, where not [`own_floats`](Setup::own_floats).
pub fn bit_targets() -> Vec<Setup> {
    let levels = levels();
    let best = levels[levels.len() - 1];
    let mut all = vec![setup("scalar", Target::Scalar, Mapping::Auto, best, 1)];
    for level in &levels {
        all.push(setup(format!("simd-{level}"), Target::Simd, Mapping::Auto, *level, 1));
        all.push(setup(format!("threads-3-{level}"), Target::Threads, Mapping::WorkStealing, *level, 3));
    }
    let mappings = [Mapping::Static, Mapping::ManagerWorker, Mapping::WorkStealing];
    for threads in 1..=8 {
        let mapping = mappings[threads % mappings.len()];
        all.push(setup(format!("threads-{threads}"), Target::Threads, mapping, best, threads));
    }
    all.push(setup("gpu:0", Target::Gpu(0), Mapping::Auto, best, 1));
    for level in &levels {
        let split = setup(format!("split-{level}"), Target::Split, Mapping::ManagerWorker, *level, 2);
        all.push(split);
    }
    for percent in [0, 1, 50, 99, 100] {
        let name = format!("split-at-{percent}");
        let mut split = setup(name, Target::Split, Mapping::Auto, best, 2);
        split.share = Some(f64::from(percent) / 100.0);
        all.push(split);
    }
    for mapping in [Mapping::Hierarchical, Mapping::Auto] {
        let split = setup(format!("split-{mapping:?}"), Target::Split, mapping, best, 3);
        all.push(split);
    }
    all
}
