//! GPUs through wgpu: adapters, opened devices, their memory, pipelines and dispatches.
//!
//! A [`Gpu`] is one opened device. Everything that it is given (uploads, copies, dispatches) happens in the order given,
//! on a thread of its own, one submission at a time; whoever waits, waits for a [`Completion`] or for bytes. Nothing
//! panics and nothing hangs for ever: each dispatch has a deadline, and a device that misses it is lost, which every later
//! call says; [`open`] makes a new one. A dispatch whose launch is stopped while it waits is dropped from the queue. Tests
//! can make a device fail at a place of their choice (`Gpu::inject`).
//!
//! It does not know what buffers hold, and it does not check what shaders do with them.

mod adapter;
mod buffer;
mod fault;
mod in_place;
mod inject;
mod job;
mod link;
mod open;
mod pipeline;
mod self_test;
mod staging;
mod submit;

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender, sync_channel};

use self::fault::Lost;
use self::in_place::InUse;
use self::job::Job;
use self::staging::{PIECE, Stage};
use super::completion::{Completion, Promise};
use super::traffic;
use crate::error::{Error, ErrorKind, Result};

pub use self::buffer::Buffer;
#[doc(hidden)]
pub use self::inject::{Fault, corrupt_next_self_test};
pub use self::open::open;
pub use self::pipeline::Pipeline;
pub use super::describe::{AdapterInfo, AdapterKind, BindingKind, GpuId, Limits, Link, SelfTest};
pub use super::dispatch::{Bound, Dispatch, Explain, Stop};

/// The bit of a status's first word that says that a loop ran past its budget.
pub const STATUS_LOOP_LIMIT: u32 = 1;
/// The bit of a status's first word that says that the other words tell of a fault.
pub const STATUS_FAULT: u32 = 2;

/// The adapters that can be opened, in the order of their numbers: real GPUs first, then software ones; only those that
/// `MANYLANE_ADAPTER` (a number of that list, or a part of a name) leaves. Opens none. The first call takes 15 to 225 ms.
pub fn adapters() -> Vec<AdapterInfo> {
    let found = adapter::found();
    let chosen = adapter::chosen(&found);
    chosen
        .into_iter()
        .enumerate()
        .map(|(index, place)| AdapterInfo { index, ..found[place].info.clone() })
        .collect()
}

/// One opened device; cheap to clone.
#[derive(Clone)]
pub struct Gpu(Arc<Inner>);

struct Inner {
    id: GpuId,
    info: AdapterInfo,
    /// Absent only while the test itself runs.
    self_test: Option<SelfTest>,
    link: Option<Link>,
    pool: Arc<buffer::Pool>,
    /// Whether the host writes and reads buffers where they lie.
    in_place: bool,
    up: Arc<Stage>,
    down: Arc<Stage>,
    pipelines: pipeline::Cache,
    jobs: Sender<Job>,
    device: wgpu::Device,
    lost: Arc<Lost>,
    faults: Arc<inject::Faults>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.lost.is_set() {
            std::mem::forget(self.device.clone());
        }
    }
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({})", self.0.id, self.0.info.name)
    }
}

impl Gpu {
    /// This device; opened again after a loss, the adapter has another.
    pub fn id(&self) -> GpuId {
        self.0.id
    }

    /// The number of its adapter.
    pub fn index(&self) -> usize {
        self.0.info.index
    }

    /// What its adapter is.
    pub fn info(&self) -> &AdapterInfo {
        &self.0.info
    }

    /// What it can hold.
    pub fn limits(&self) -> &Limits {
        &self.0.info.limits
    }

    /// What was found out about it when it was opened.
    pub fn self_test(&self) -> &SelfTest {
        // Only the self-test itself sees a device without one, and it does not ask.
        const UNTESTED: &SelfTest = &SelfTest {
            long_loop: false,
            nan_compare: false,
            contracts: true,
            tree_sum: false,
            exact_division: false,
            exact_sqrt: false,
            subnormals: false,
        };
        self.0.self_test.as_ref().unwrap_or(UNTESTED)
    }

    /// How fast it answers and is reached, as timed when it was opened; `None` where that could not be timed.
    pub fn link(&self) -> Option<Link> {
        self.0.link
    }

    /// Whether it is lost: nothing that it held can be used, and [`open`] makes a new one.
    pub fn is_lost(&self) -> bool {
        self.0.lost.is_set()
    }

    /// Whether it shares the host's memory, so that data is copied to and from it once, not by way of staging memory.
    pub fn copies_once(&self) -> bool {
        self.0.in_place
    }

    /// Bytes of its memory that are in use or kept for reuse.
    pub fn memory_taken(&self) -> u64 {
        self.0.pool.taken()
    }

    /// Bytes of its memory that may be taken in all: `MANYLANE_GPU_BUDGET`, or what the device is trusted with.
    pub fn memory_budget(&self) -> u64 {
        self.0.pool.budget()
    }

    /// Bytes of its memory that may still be taken, what is kept for reuse included.
    pub fn memory_left(&self) -> u64 {
        self.0.pool.left()
    }

    /// Device memory of `bytes`, rounded up to 4, at least 4; contents undefined. Comes from buffers that were given back
    /// where one fits.
    ///
    /// # Errors
    /// `OutOfMemory` beyond the budget (`MANYLANE_GPU_BUDGET`) or what the device has, `LimitExceeded` beyond
    /// [`Limits::max_buffer`], `DeviceLost`.
    pub fn alloc(&self, bytes: u64) -> Result<Buffer> {
        self.0.pool.alloc(bytes)
    }

    /// Copies `data` to `offset` bytes into a buffer, in order with everything else; returns once `data` is no longer
    /// needed. `offset` is a multiple of 4; where the length is not, up to three bytes behind it become 0.
    ///
    /// # Errors
    /// `DeviceLost`; `OutOfMemory` for staging; `Internal` for a range outside the buffer.
    pub fn upload(&self, to: &Buffer, offset: u64, data: &[u8]) -> Result<()> {
        self.put(to, offset, data)?;
        traffic::from_host(data.len());
        Ok(())
    }

    /// The same, for what is no launch's.
    fn put(&self, to: &Buffer, offset: u64, data: &[u8]) -> Result<()> {
        self.check(to, offset, data.len() as u64)?;
        if data.is_empty()
            || self.0.in_place && in_place::write(&self.0.device, &self.0.lost, to, offset, data)?
        {
            return Ok(());
        }
        for (number, data) in data.chunks(PIECE as usize).enumerate() {
            let piece = self.0.up.take(data.len() as u64)?;
            piece.fill(data)?;
            let offset = offset + number as u64 * PIECE;
            let bytes = buffer::round_up(data.len() as u64);
            self.enqueue(Job::Upload { piece, to: InUse::new(to), offset, bytes })?;
        }
        Ok(())
    }

    /// Waits for everything enqueued before, then copies from `offset` bytes into a buffer (a multiple of 4) to `into`.
    ///
    /// # Errors
    /// `DeviceLost`; `OutOfMemory` for staging; `Internal` for a range outside the buffer.
    pub fn download(&self, from: &Buffer, offset: u64, into: &mut [u8]) -> Result<()> {
        self.get(from, offset, into)?;
        traffic::to_host(into.len());
        Ok(())
    }

    /// The same, for what is no launch's.
    fn get(&self, from: &Buffer, offset: u64, into: &mut [u8]) -> Result<()> {
        self.check(from, offset, into.len() as u64)?;
        if self.0.in_place && !into.is_empty() {
            let (show, reader) = in_place::reading(from, offset, into.len() as u64);
            self.enqueue(Job::Show { show })?;
            return reader.read(from, offset, into, &self.0.lost);
        }
        // Two pieces under way: the device fills one while this thread empties the other. Who holds one never waits for
        // another, so threads that download at once cannot block each other.
        let mut under_way = None;
        for (number, into) in into.chunks_mut(PIECE as usize).enumerate() {
            let piece = match self.0.down.try_take(into.len() as u64)? {
                Some(piece) => piece,
                None => {
                    if let Some((answer, into)) = under_way.take() {
                        self.empty(answer, into)?;
                    }
                    self.0.down.take(into.len() as u64)?
                }
            };
            let (reply, answer) = sync_channel(1);
            let offset = offset + number as u64 * PIECE;
            let bytes = buffer::round_up(into.len() as u64);
            self.enqueue(Job::Download { from: InUse::new(from), offset, bytes, piece, reply })?;
            if let Some((answer, into)) = under_way.replace((answer, into)) {
                self.empty(answer, into)?;
            }
        }
        under_way.map_or(Ok(()), |(answer, into)| self.empty(answer, into))
    }

    /// Copies from buffer to buffer, in order with everything else. Offsets are multiples of 4; `bytes` is rounded up.
    ///
    /// # Errors
    /// `DeviceLost`; `Internal` for a range outside a buffer; `OutOfMemory` where both are the same buffer, which goes
    /// through a third.
    pub fn copy(
        &self,
        from: &Buffer,
        from_offset: u64,
        to: &Buffer,
        to_offset: u64,
        bytes: u64,
    ) -> Result<()> {
        self.check(from, from_offset, bytes)?;
        self.check(to, to_offset, bytes)?;
        if bytes == 0 {
            return Ok(());
        }
        if from.is(to) {
            let between = self.alloc(bytes)?;
            self.copy(from, from_offset, &between, 0, bytes)?;
            return self.copy(&between, 0, to, to_offset, bytes);
        }
        let bytes = buffer::round_up(bytes);
        self.enqueue(Job::Copy { from: InUse::new(from), from_offset, to: InUse::new(to), to_offset, bytes })
    }

    /// Compiles a shader, or takes it from the cache by `key`, which stands for the text and the bindings. Its entry point
    /// is `main`; in group 0, binding 0 is `var<uniform>`, and `bindings` says what the storage buffers from 1 on are.
    /// A shader that declares one more has a status there: see [`Dispatch::status`].
    ///
    /// # Errors
    /// `LimitExceeded` for too many storage buffers or too much workgroup memory, `Internal` with the compiler's message,
    /// `DeviceLost`.
    pub fn pipeline(
        &self,
        key: u64,
        label: &str,
        wgsl: impl FnOnce() -> String,
        bindings: &[BindingKind],
    ) -> Result<Pipeline> {
        let pipeline = self.0.pipelines.get(key, || self.compile(label, &wgsl(), bindings))?;
        if pipeline.bindings() != bindings {
            return Err(Error::internal(format!(
                "{label}: the pipeline key {key:#x} stands for `{}` with other bindings",
                pipeline.label()
            )));
        }
        Ok(pipeline)
    }

    /// Enqueues a run of a pipeline and returns at once; what is wrong with it, now or later, is in the completion.
    pub fn dispatch(&self, mut run: Dispatch) -> Completion {
        if let Err(error) = self.check_dispatch(&run) {
            return Completion::done(Err(error));
        }
        let (promise, completion) = Completion::promise();
        let promise = promise.after(std::mem::take(&mut run.after));
        let job = match run.groups {
            0 => Job::Mark { promise },
            _ => {
                let buffers = run.bindings.iter().map(|bound| InUse::new(&bound.buffer)).collect();
                Job::Run { run, promise, buffers }
            }
        };
        // A queue that is closed drops the promise, which says so.
        let _ = self.enqueue(job);
        completion
    }

    /// Waits for everything that was enqueued so far, by any thread.
    ///
    /// # Errors
    /// `DeviceLost`. What went wrong with single dispatches is in their completions.
    pub fn wait_idle(&self) -> Result<()> {
        let (promise, completion): (Promise, Completion) = Completion::promise();
        self.enqueue(Job::Mark { promise })?;
        completion.wait()
    }

    /// Makes something go wrong, for tests.
    #[doc(hidden)]
    pub fn inject(&self, fault: Fault) {
        self.0.faults.add(fault);
    }

    /// Lets nothing go wrong any more that has not yet.
    #[doc(hidden)]
    pub fn forget_faults(&self) {
        self.0.faults.forget();
    }

    fn compile(&self, label: &str, wgsl: &str, bindings: &[BindingKind]) -> Result<Pipeline> {
        self.0.lost.check()?;
        let pipeline = pipeline::compile(&self.0.device, self.0.id, self.limits(), label, wgsl, bindings)?;
        self.0.lost.check()?;
        Ok(pipeline)
    }

    fn enqueue(&self, job: Job) -> Result<()> {
        self.0.lost.check()?;
        self.0.jobs.send(job).map_err(|_| self.0.lost.error())
    }

    fn empty(&self, answer: mpsc::Receiver<Result<staging::Piece>>, into: &mut [u8]) -> Result<()> {
        let piece = answer.recv().map_err(|_| self.0.lost.error())??;
        piece.empty(into)
    }

    /// That a range lies in a buffer of this device; the layers above see to it, so anything else is a bug.
    fn check(&self, buffer: &Buffer, offset: u64, bytes: u64) -> Result<()> {
        self.0.lost.check()?;
        let end = offset.checked_add(bytes).filter(|end| *end <= buffer.bytes());
        if buffer.gpu() != self.0.id {
            return Err(Error::internal("a buffer of another GPU"));
        }
        if !offset.is_multiple_of(4) || end.is_none() {
            return Err(Error::internal(format!(
                "{bytes} bytes at {offset} of a buffer of {} (offsets are multiples of 4)",
                buffer.bytes()
            )));
        }
        Ok(())
    }

    fn check_dispatch(&self, run: &Dispatch) -> Result<()> {
        self.0.lost.check().map_err(|error| error.in_launch(&run.label))?;
        let limits = self.limits();
        let internal = |what: String| Err(Error::internal(format!("{}: {what}", run.label)));
        let exceeded = |what: String| {
            let text = format!("{}: {what}; split the launch, or use a CPU target", run.label);
            Err(Error::new(ErrorKind::LimitExceeded, text))
        };
        if run.pipeline.gpu() != self.0.id {
            return internal("a pipeline of another GPU".into());
        }
        let (given, expected) = (run.bindings.len(), run.pipeline.bindings().len());
        if given != expected {
            return internal(format!("{given} storage buffers for a pipeline of {expected}"));
        }
        if run.status != run.pipeline.has_status() {
            return internal(format!("status {}, unlike its shader's", run.status));
        }
        for (bound, number) in run.bindings.iter().zip(1..) {
            self.check(&bound.buffer, bound.offset, bound.size)?;
            if !bound.offset.is_multiple_of(limits.offset_alignment.into()) {
                return internal(format!(
                    "binding {number} starts at {}, which is no multiple of {}",
                    bound.offset, limits.offset_alignment
                ));
            }
            if bound.size > limits.max_binding {
                return exceeded(format!(
                    "{} bytes in binding {number} are more than the {} that this GPU allows",
                    bound.size, limits.max_binding
                ));
            }
        }
        if run.params.len() as u64 > limits.max_params {
            return exceeded(format!(
                "{} bytes of parameters are more than the {} that this GPU allows",
                run.params.len(),
                limits.max_params
            ));
        }
        let most = u64::from(limits.max_groups) * u64::from(limits.max_groups);
        if run.groups > most {
            return exceeded(format!("{} workgroups are more than {most}", run.groups));
        }
        Ok(())
    }
}
