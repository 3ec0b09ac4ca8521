//! The runtime: the lanes of this machine, and the arrays that live on them.

use std::path::PathBuf;
use std::sync::Arc;

use crate::api::launch::Launch;
use crate::api::reduce::Numeric;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::Core;
use crate::exec::gpu::Gpus;
use crate::exec::models::Ledger;
use crate::exec::threads::Pool;
use crate::kernel::{Args, IntoElement, Kernel, LaneElement};
use crate::lanes::Level;
use crate::memory::{Array, Home};

/// The lanes of this machine and the memory that they share. Cheap to clone.
///
/// ```
/// # fn main() -> manylane::Result<()> {
/// let rt = manylane::Runtime::new()?;
/// let x = rt.array(vec![1.0f32, 2.0, 3.0])?;
/// assert_eq!(rt.reduce(&x).sum()?, 6.0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Runtime {
    core: Arc<Core>,
}

/// How a [`Runtime`] is to be.
#[derive(Clone, Default)]
pub struct Builder {
    level: Option<Level>,
    threads: Option<usize>,
    pool: Option<Arc<rayon::ThreadPool>>,
    software_joins_split: bool,
    models: Option<PathBuf>,
}

impl Runtime {
    /// A runtime over all of this machine. Takes well under a millisecond: a GPU is opened when it could pay.
    ///
    /// # Errors
    /// `Setting` or `NoDevice` where `MANYLANE_SIMD` names a level that is unknown or not here.
    pub fn new() -> Result<Self> {
        Builder::default().build()
    }

    /// As [`new`](Runtime::new), for whoever cannot block; nothing in it waits today, a browser's adapters will.
    ///
    /// # Errors
    /// As [`new`](Runtime::new).
    pub async fn open() -> Result<Self> {
        Runtime::new()
    }

    /// A runtime with choices of one's own.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// An array of this runtime that adopts `data` without a copy.
    ///
    /// # Errors
    /// None today; later adoptions may need device memory.
    pub fn array<T: LaneElement>(&self, data: impl Into<Vec<T>>) -> Result<Array<T>> {
        Ok(Array::from_vec(&self.core.home, data.into()))
    }

    /// An array with rows: `data` holds `width * height` cells, row after row.
    ///
    /// # Errors
    /// `ShapeMismatch` where it does not.
    pub fn picture<T: LaneElement>(
        &self,
        data: impl Into<Vec<T>>,
        (width, height): (usize, usize),
    ) -> Result<Array<T>> {
        self.array(data)?.shaped((width, height))
    }

    /// A launch of the kernel `K` over its arguments; see [`Launch`].
    pub fn map<'a, K: Kernel>(&self, args: impl Args<'a, K>) -> Launch<'_, 'a, K> {
        Launch::new(self, args.into_args())
    }

    /// A launch that takes stored elements as they are, to be ended with [`sum`](Launch::sum) and its like.
    pub fn reduce<'a, T: Numeric>(&self, elements: impl IntoElement<'a, T>) -> Launch<'_, 'a, T::Same> {
        Launch::new(self, (elements.into_element(),))
    }

    /// The SIMD level that launches use.
    pub fn level(&self) -> Level {
        self.core.level
    }

    /// Threads that launches may use.
    pub fn threads(&self) -> usize {
        self.core.threads
    }

    /// What became of the file of [`Builder::models`], where it is worth saying; no launch fails for it.
    pub fn notes(&self) -> Vec<String> {
        self.core.ledger.notes()
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// What outlives this handle where work goes on without it.
    pub(super) fn shared(&self) -> &Arc<Core> {
        &self.core
    }
}

impl Builder {
    /// Forces a SIMD level.
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Limits the threads of a launch, the calling one included.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Lets launches be helped by this pool instead of rayon's global one.
    pub fn pool(mut self, pool: Arc<rayon::ThreadPool>) -> Self {
        self.pool = Some(pool);
        self
    }

    /// Lets software adapters take a share of split launches, as tests need it.
    pub fn software_joins_split(mut self, joins: bool) -> Self {
        self.software_joins_split = joins;
        self
    }

    /// Keeps what launches cost in this file too, so that the next process plans with it; without it that is forgotten.
    ///
    /// It is read now and written when the last clone of the runtime goes, and at most every few seconds after launches.
    /// Processes may share it. It holds what is measured per kernel, size and device (name, driver and version), and is
    /// taken for no other. A file that makes no sense is set aside as `NAME.bad-1` and so on, and one that cannot be written is
    /// told at once: see [`Runtime::notes`]. Folders on the way to it are made; its lock `NAME.lock` stays beside it.
    pub fn models(mut self, path: impl Into<PathBuf>) -> Self {
        self.models = Some(path.into());
        self
    }

    /// The runtime.
    ///
    /// # Errors
    /// `NoDevice` where the level is not here, `Setting` where 0 threads are asked for or `MANYLANE_SIMD` is unknown.
    pub fn build(self) -> Result<Runtime> {
        let level = match self.level {
            Some(level) => level.required()?,
            None => Level::chosen()?,
        };
        let pool = Pool(self.pool);
        let threads = match self.threads {
            Some(0) => {
                return Err(Error::new(
                    ErrorKind::Setting,
                    "0 threads were asked for; a launch needs at least 1",
                ));
            }
            Some(threads) => threads,
            None => pool.threads(),
        };
        Ok(Runtime {
            core: Arc::new(Core {
                level,
                threads,
                pool,
                home: Home::new()?,
                gpus: Gpus::new(self.software_joins_split),
                ledger: Ledger::new(self.models, level),
                tracer: Default::default(),
                short_launches: Default::default(),
            }),
        })
    }
}
