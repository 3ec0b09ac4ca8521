//! The thread that owns a device's queue: first in, first out, one submission in flight.
//!
//! ```text
//! loop:
//!   batch = the next job, and those already waiting that are known to be short
//!   drop what belongs to stopped launches; encode the rest; submit; poll until it ends or its deadline passes
//!   end the completions
//! ```
//! Departures made for speed:
//! 1. Dispatches go into one submission only where the pipeline's last run says that together they stay under
//!    [`TOGETHER`]; a submission costs 15–30 µs, a dispatch inside a pass 4–8. A dispatch of unknown length goes alone, so
//!    that its deadline and its seconds are its own.
//! 2. Parameters and statuses of a batch lie in one buffer each, so that a batch costs one write and one mapping.
//!
//! A dispatch that passes its deadline cannot be ended: the device is marked lost, everything that hangs on it is leaked
//! (dropping it would wait for the dispatch), and what is still queued fails. The next `open` makes a new device.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use wgpu::{BufferUsages, CommandEncoder, MapMode, PollError, PollType};

use super::fault::{Lost, scoped};
use super::inject::{Fault, Faults};
use super::job::{Batch, COPY_DEADLINE, Job};
use super::{Dispatch, STATUS_FAULT, STATUS_LOOP_LIMIT};
use crate::device::completion::Ran;
use crate::error::{Error, ErrorKind, Result};

/// How long a thread may take from finding a mapping done to telling so.
const SLOWEST_TELLER: Duration = Duration::from_secs(5);

/// Bytes of one status.
const STATUS: u64 = 32;

/// What the thread owns.
pub(super) struct Worker {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) lost: Arc<Lost>,
    pub(super) faults: Arc<Faults>,
    pub(super) name: String,
    /// What the offsets of parameters and statuses are multiples of.
    pub(super) uniform_alignment: u64,
    pub(super) storage_alignment: u64,
    pub(super) max_groups: u32,
    pub(super) arenas: Option<Arenas>,
}

/// The parameters and statuses of a batch.
pub(super) struct Arenas {
    params: wgpu::Buffer,
    status: wgpu::Buffer,
    readback: wgpu::Buffer,
}

impl Worker {
    /// Works until every sender is gone.
    pub(super) fn work(mut self, jobs: Receiver<Job>) {
        let mut next = None;
        loop {
            let Some(first) = next.take().or_else(|| jobs.recv().ok()) else { return };
            let mut batch = Batch::new(first);
            while batch.open
                && let Ok(job) = jobs.try_recv()
            {
                if batch.takes(&job) {
                    batch.push(job);
                } else {
                    next = Some(job);
                    break;
                }
            }
            self.execute(batch.jobs);
        }
    }

    fn execute(&mut self, jobs: Vec<Job>) {
        if self.lost.is_set() {
            let error = self.lost.error();
            jobs.into_iter().for_each(|job| job.fail(&error, &self.lost));
            return;
        }
        // wgpu panics where a poll finds the device gone; the jobs, dropped by the panic, fail their completions.
        let lost = self.lost.clone();
        if catch_unwind(AssertUnwindSafe(|| self.submit(jobs))).is_err() {
            lost.mark("its driver failed");
            self.leak();
        }
    }

    fn submit(&mut self, mut jobs: Vec<Job>) {
        jobs.extract_if(.., |job| job.is_stopped()).for_each(Job::cancel);
        if jobs.is_empty() {
            return;
        }
        jobs.iter().for_each(Job::pass);
        let encoded = match self.encode(&jobs) {
            Ok(encoded) => encoded,
            // Nothing has run yet: find out which job it was.
            Err(_) if jobs.len() > 1 => return jobs.into_iter().for_each(|job| self.submit(vec![job])),
            Err(error) => return jobs.into_iter().for_each(|job| job.fail(&error, &self.lost)),
        };
        let mapped = Mapped::default();
        let start = Instant::now();
        if encoded.commands.is_some() || jobs.iter().any(|job| matches!(job, Job::Show { .. })) {
            let deadline = jobs.iter().map(Job::deadline).max().unwrap_or(COPY_DEADLINE);
            match self.faults.at_submission() {
                None => {}
                Some(Fault::Hang { .. }) => {
                    std::thread::sleep(deadline);
                    return self.give_up(jobs, deadline);
                }
                Some(Fault::Lose { .. }) => self.device.destroy(),
                Some(fault) => {
                    let error = Error::internal(format!("a submission failed, as a test asked ({fault:?})"));
                    return jobs.into_iter().for_each(|job| job.fail(&error, &self.lost));
                }
            }
            let submitted = scoped(&self.device, "a submission", || {
                self.queue.submit(encoded.commands);
            });
            if let Err(error) = submitted {
                return jobs.into_iter().for_each(|job| job.fail(&error, &self.lost));
            }
            let waited = scoped(&self.device, "mapping staging memory", || {
                self.map(&jobs, encoded.statuses, &mapped);
                let timeout = Some(deadline.min(Duration::from_secs(24 * 3600)));
                self.device.poll(PollType::Wait { submission_index: None, timeout })
            });
            match waited {
                Ok(Ok(_)) => {}
                Ok(Err(PollError::Timeout)) => return self.give_up(jobs, deadline),
                Ok(Err(error)) => self.lost.mark(error),
                Err(error) => self.lost.mark(error),
            }
        }
        if let Err(error) = mapped.outcome() {
            self.lost.mark(error);
        }
        self.end(jobs, encoded.statuses, start);
    }

    fn encode(&mut self, jobs: &[Job]) -> Result<Encoded> {
        if jobs.iter().all(|job| matches!(job, Job::Mark { .. } | Job::Show { .. })) {
            return Ok(Encoded { commands: None, statuses: 0 });
        }
        let runs: Vec<&Dispatch> = jobs
            .iter()
            .filter_map(|job| match job {
                Job::Run { run, .. } => Some(run),
                _ => None,
            })
            .collect();
        let (params, slots) = self.place(&runs);
        let statuses = self.storage_alignment.max(STATUS) * runs.len() as u64;
        if !runs.is_empty() {
            self.fit_arenas(params.len() as u64, statuses)?;
        }
        let device = self.device.clone();
        let commands = scoped(&device, "recording commands", || {
            let mut encoder = device.create_command_encoder(&Default::default());
            if let (Some(arenas), false) = (&self.arenas, runs.is_empty()) {
                self.queue.write_buffer(&arenas.params, 0, &params);
                if runs.iter().any(|run| run.status) {
                    encoder.clear_buffer(&arenas.status, 0, Some(statuses));
                }
            }
            self.record(&mut encoder, jobs, &slots);
            if let (Some(arenas), true) = (&self.arenas, runs.iter().any(|run| run.status)) {
                encoder.copy_buffer_to_buffer(&arenas.status, 0, &arenas.readback, 0, Some(statuses));
            }
            encoder.finish()
        })?;
        let statuses = if runs.iter().any(|run| run.status) { statuses } else { 0 };
        Ok(Encoded { commands: Some(commands), statuses })
    }

    /// The parameters of all runs in one block, and where those of each start.
    fn place(&self, runs: &[&Dispatch]) -> (Vec<u8>, Vec<u64>) {
        let mut bytes = Vec::new();
        let slots = runs
            .iter()
            .map(|run| {
                let start = (bytes.len() as u64).next_multiple_of(self.uniform_alignment.max(16));
                bytes.resize(start as usize, 0);
                bytes.extend_from_slice(&run.params);
                bytes.resize(start as usize + params_size(run) as usize, 0);
                start
            })
            .collect();
        (bytes, slots)
    }

    fn fit_arenas(&mut self, params: u64, statuses: u64) -> Result<()> {
        if let Some(arenas) = &self.arenas
            && arenas.params.size() >= params
            && arenas.status.size() >= statuses
        {
            return Ok(());
        }
        let create = |size: u64, usage| {
            let size = size.max(4096).next_power_of_two();
            let descriptor = wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false };
            scoped(&self.device, "parameters", || self.device.create_buffer(&descriptor))
        };
        self.arenas = Some(Arenas {
            params: create(params, BufferUsages::UNIFORM | BufferUsages::COPY_DST)?,
            status: create(
                statuses,
                BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST,
            )?,
            readback: create(statuses, BufferUsages::MAP_READ | BufferUsages::COPY_DST)?,
        });
        Ok(())
    }

    fn record(&self, encoder: &mut CommandEncoder, jobs: &[Job], slots: &[u64]) {
        let mut turn = 0;
        let mut jobs = jobs.iter().peekable();
        while let Some(job) = jobs.next() {
            match job {
                Job::Upload { piece, to, offset, bytes } => {
                    encoder.copy_buffer_to_buffer(&piece.buffer, 0, to.raw(), *offset, Some(*bytes));
                }
                Job::Download { from, offset, bytes, piece, .. } => {
                    encoder.copy_buffer_to_buffer(from.raw(), *offset, &piece.buffer, 0, Some(*bytes));
                }
                Job::Copy { from, from_offset, to, to_offset, bytes } => {
                    encoder.copy_buffer_to_buffer(
                        from.raw(),
                        *from_offset,
                        to.raw(),
                        *to_offset,
                        Some(*bytes),
                    );
                }
                Job::Mark { .. } | Job::Show { .. } => {}
                Job::Run { run, .. } => {
                    // Neighbours share a pass; wgpu puts barriers between dispatches that depend on each other.
                    let mut pass = encoder.begin_compute_pass(&Default::default());
                    self.record_run(&mut pass, run, turn, slots);
                    turn += 1;
                    while let Some(Job::Run { run, .. }) = jobs.next_if(|job| job.is_run()) {
                        self.record_run(&mut pass, run, turn, slots);
                        turn += 1;
                    }
                }
            }
        }
    }

    fn record_run(&self, pass: &mut wgpu::ComputePass<'_>, run: &Dispatch, turn: usize, slots: &[u64]) {
        let Some(arenas) = &self.arenas else { return };
        let part = |buffer, offset, size| {
            wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer,
                offset,
                size: std::num::NonZero::new(size),
            })
        };
        let params = part(&arenas.params, slots[turn], params_size(run));
        let bound = run
            .bindings
            .iter()
            .map(|bound| part(bound.buffer.raw(), bound.offset, super::buffer::round_up(bound.size)));
        let offset = self.storage_alignment.max(STATUS) * turn as u64;
        let status = run.status.then(|| part(&arenas.status, offset, STATUS));
        let entries: Vec<_> = std::iter::once(params)
            .chain(bound)
            .chain(status)
            .zip(0..)
            .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(&run.label),
            layout: run.pipeline.layout(),
            entries: &entries,
        });
        let (x, y) = fold(run.groups, self.max_groups);
        pass.set_pipeline(run.pipeline.raw());
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(x, y, 1);
    }

    /// Asks for the mappings that are there once the submission has ended.
    fn map(&self, jobs: &[Job], statuses: u64, mapped: &Mapped) {
        for job in jobs {
            match job {
                Job::Upload { piece, .. } => piece.buffer.map_async(MapMode::Write, .., mapped.callback()),
                Job::Download { piece, bytes, .. } => {
                    piece.buffer.map_async(MapMode::Read, ..*bytes, mapped.callback());
                }
                Job::Show { show } => {
                    show.from.raw().map_async(MapMode::Read, show.start..show.end, mapped.callback());
                }
                _ => {}
            }
        }
        if let (Some(arenas), 1..) = (&self.arenas, statuses) {
            arenas.readback.map_async(MapMode::Read, ..statuses, mapped.callback());
        }
    }

    fn end(&self, jobs: Vec<Job>, statuses: u64, start: Instant) {
        let end = Instant::now();
        let seconds = end.duration_since(start).as_secs_f64();
        if self.lost.is_set() {
            let error = self.lost.error();
            return jobs.into_iter().for_each(|job| job.fail(&error, &self.lost));
        }
        let words = match self.statuses(statuses) {
            Ok(words) => words,
            Err(error) => {
                self.lost.mark(&error);
                return jobs.into_iter().for_each(|job| job.fail(&error, &self.lost));
            }
        };
        let runs = jobs.iter().filter(|job| job.is_run()).count();
        let expected: f64 = jobs.iter().filter(|job| job.is_run()).filter_map(Job::expected).sum();
        let mut turn = 0;
        for job in jobs {
            match job {
                Job::Upload { piece, .. } => piece.rest(),
                Job::Download { piece, reply, .. } => drop(reply.send(Ok(piece))),
                Job::Copy { .. } => {}
                Job::Mark { promise } => promise.keep(Ok(()), None),
                Job::Show { show } => show.hold(),
                Job::Run { run, promise, .. } => {
                    let seconds = if runs == 1 {
                        run.pipeline.took(run.groups, seconds);
                        seconds
                    } else {
                        let part = run.pipeline.expected(run.groups).unwrap_or(0.0);
                        if expected > 0.0 { seconds * part / expected } else { seconds / runs as f64 }
                    };
                    let status = words.get(turn).copied().filter(|_| run.status).unwrap_or_default();
                    promise.keep(verdict(&status, &run), Some(Ran { start, end, seconds }));
                    turn += 1;
                }
            }
        }
    }

    /// The statuses of the batch.
    fn statuses(&self, bytes: u64) -> Result<Vec<[u32; 8]>> {
        let (Some(arenas), 1..) = (&self.arenas, bytes) else { return Ok(Vec::new()) };
        let view = arenas
            .readback
            .get_mapped_range(..bytes)
            .map_err(|error| Error::internal(format!("reading the status: {error}")))?;
        let words = view
            .chunks_exact(self.storage_alignment.max(STATUS) as usize)
            .map(|status| {
                std::array::from_fn(|k| status[4 * k..4 * k + 4].try_into().map_or(0, u32::from_le_bytes))
            })
            .collect();
        drop(view);
        arenas.readback.unmap();
        Ok(words)
    }

    fn give_up(&mut self, jobs: Vec<Job>, deadline: Duration) {
        self.lost.mark(format!("it did not answer within {deadline:?}"));
        self.leak();
        let together = match jobs.iter().filter(|job| job.is_run()).count() {
            0 | 1 => String::new(),
            n => format!(" (one of {n} dispatches that were submitted together)"),
        };
        let late = Error::new(
            ErrorKind::Deadline,
            format!(
                "did not end within its deadline of {deadline:?} on the GPU `{}`{together}; the device is given up \
                 and opened anew at its next use; give a longer deadline, or do less in one launch",
                self.name
            ),
        );
        let error = self.lost.error();
        for job in jobs {
            if let Job::Run { run, .. } = &job {
                std::mem::forget(run.pipeline.clone());
                job.fail(&late, &self.lost);
            } else {
                job.fail(&error, &self.lost);
            }
        }
    }

    /// Keeps everything that the hung device may touch from ever being dropped: that would wait for it.
    fn leak(&mut self) {
        std::mem::forget((self.device.clone(), self.queue.clone(), self.arenas.take()));
    }
}

struct Encoded {
    commands: Option<wgpu::CommandBuffer>,
    /// Bytes of status to read back.
    statuses: u64,
}

/// Whether the mappings of a submission came about.
#[derive(Clone, Default)]
struct Mapped(Arc<(Mutex<Asked>, Condvar)>);

#[derive(Default)]
struct Asked {
    open: usize,
    failed: Option<String>,
}

impl Mapped {
    fn callback(&self) -> impl FnOnce(std::result::Result<(), wgpu::BufferAsyncError>) + Send + 'static {
        self.lock().open += 1;
        let mapped = self.clone();
        move |result| {
            let mut asked = mapped.lock();
            asked.open -= 1;
            if let Err(error) = result {
                asked.failed = Some(error.to_string());
            }
            mapped.0.1.notify_all();
        }
    }

    /// Once all are there: another thread that polls the device may be the one that tells, just a moment later.
    fn outcome(&self) -> std::result::Result<(), String> {
        let told = self.0.1.wait_timeout_while(self.lock(), SLOWEST_TELLER, |asked| asked.open > 0);
        let (asked, _) = told.unwrap_or_else(PoisonError::into_inner);
        match (&asked.failed, asked.open) {
            (Some(error), _) => Err(format!("mapping staging memory: {error}")),
            (None, 0) => Ok(()),
            (None, open) => Err(format!("{open} mappings of staging memory never came about")),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Asked> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a status says: a fault before a spent budget, for a fault names its place.
fn verdict(status: &[u32; 8], run: &Dispatch) -> Result<()> {
    let label = &run.label;
    match status[0] {
        0 => Ok(()),
        word if word & STATUS_FAULT != 0 => Err((run.explain.0)(status)),
        STATUS_LOOP_LIMIT => Err(Error::new(
            ErrorKind::LoopLimit,
            format!(
                "{label}: a loop ran past its budget of turns on the GPU; give the loop a bound, raise the budget with \
                 `.loop_budget(n)`, or use a CPU target, where a deadline ends it"
            ),
        )),
        code => Err(Error::internal(format!("{label}: the shader left the unknown status {code}"))),
    }
}

fn params_size(run: &Dispatch) -> u64 {
    (run.params.len() as u64).max(1).next_multiple_of(16)
}

/// `groups` workgroups in two dimensions, of which at most one row is not full.
pub(super) fn fold(groups: u64, max: u32) -> (u32, u32) {
    let rows = groups.div_ceil(u64::from(max)).max(1);
    let columns = groups.div_ceil(rows);
    (columns as u32, rows as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_covers_all_groups_with_less_than_a_row_to_spare() {
        for groups in [0, 1, 7, 65_535, 65_536, 65_537, 1 << 20, 65_535 * 65_535] {
            let (x, y) = fold(groups, 65_535);
            let covered = u64::from(x) * u64::from(y);
            assert!(covered >= groups && covered - groups < u64::from(y).max(1), "{groups}: {x} x {y}");
            assert!(x <= 65_535 && y <= 65_535);
        }
    }
}
