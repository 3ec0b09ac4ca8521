//! What a device's thread is given to do, and what of it goes into one submission.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

use super::Dispatch;
use super::fault::Lost;
use super::in_place::{InUse, Show};
use super::staging::Piece;
use crate::device::completion::Promise;
use crate::error::{Error, ErrorKind, Result};

/// Seconds that a batch of several jobs may be expected to take.
const TOGETHER: f64 = 2e-3;

/// The most jobs of one batch.
const MOST: usize = 64;

/// Copies up to this many bytes join dispatches in a batch; their time disappears in a dispatch's.
const SMALL_COPY: u64 = 64 << 10;

/// How long copies may take beyond [`SLOWEST_COPY`].
pub(super) const COPY_DEADLINE: Duration = Duration::from_secs(10);

/// Bytes in a second that every device copies at the least.
const SLOWEST_COPY: f64 = 100e6;

/// Bytes in a second that a copy is expected to make.
const EXPECTED_COPY: f64 = 5e9;

/// Something to do on a device, in its turn.
pub(super) enum Job {
    /// From a filled, unmapped piece to a buffer.
    Upload { piece: Piece, to: InUse, offset: u64, bytes: u64 },
    /// From a buffer to a piece, which is handed on mapped.
    Download { from: InUse, offset: u64, bytes: u64, piece: Piece, reply: SyncSender<Result<Piece>> },
    /// A buffer that a reader sees where it lies.
    Show { show: Show },
    /// From buffer to buffer.
    Copy { from: InUse, from_offset: u64, to: InUse, to_offset: u64, bytes: u64 },
    /// Runs a pipeline.
    Run { run: Dispatch, promise: Promise, buffers: Vec<InUse> },
    /// Ends when everything before it has.
    Mark { promise: Promise },
}

impl Job {
    /// Seconds that it is expected to take, where that is known.
    pub(super) fn expected(&self) -> Option<f64> {
        match self {
            Job::Run { run, .. } => run.pipeline.expected(run.groups),
            Job::Mark { .. } => Some(0.0),
            // Alone, as long as the reader takes.
            Job::Show { .. } => None,
            _ => Some(self.copied() as f64 / EXPECTED_COPY),
        }
    }

    fn copied(&self) -> u64 {
        match self {
            Job::Upload { bytes, .. } | Job::Download { bytes, .. } | Job::Copy { bytes, .. } => *bytes,
            Job::Show { show } => show.end - show.start,
            Job::Run { .. } | Job::Mark { .. } => 0,
        }
    }

    /// Waits until nobody writes to its buffers in place.
    pub(super) fn pass(&self) {
        match self {
            Job::Upload { to, .. } => to.pass(),
            Job::Download { from, .. } | Job::Show { show: Show { from, .. } } => from.pass(),
            Job::Copy { from, to, .. } => [from, to].into_iter().for_each(InUse::pass),
            Job::Run { buffers, .. } => buffers.iter().for_each(InUse::pass),
            Job::Mark { .. } => {}
        }
    }

    pub(super) fn is_run(&self) -> bool {
        matches!(self, Job::Run { .. })
    }

    /// Whether it belongs to a launch that was stopped meanwhile.
    pub(super) fn is_stopped(&self) -> bool {
        matches!(self, Job::Run { run, .. } if run.stop.as_ref().is_some_and(|stop| stop.stopped()))
    }

    /// Ends it unsubmitted.
    pub(super) fn cancel(self) {
        if let Job::Run { run, promise, .. } = self {
            let text =
                "it was stopped before the GPU began with it; its results are lost, launch it again for them";
            promise.keep(Err(Error::new(ErrorKind::Cancelled, text).in_launch(&run.label)), None);
        }
    }

    pub(super) fn deadline(&self) -> Duration {
        match self {
            Job::Run { run, .. } => run.deadline,
            _ => COPY_DEADLINE + Duration::from_secs_f64(self.copied() as f64 / SLOWEST_COPY),
        }
    }

    /// Ends it with an error. A failed copy leaves a buffer that nobody may use, and only the device can say so.
    pub(super) fn fail(self, error: &Error, lost: &Lost) {
        match self {
            Job::Upload { .. } | Job::Copy { .. } => lost.mark(format!("a copy on it failed: {error}")),
            Job::Download { reply, .. } => drop(reply.send(Err(error.clone()))),
            Job::Show { show } => drop(show.ready.send(Err(error.clone()))),
            Job::Run { run, promise, .. } => promise.keep(Err(error.in_launch(&run.label)), None),
            Job::Mark { promise } => promise.keep(Err(error.clone()), None),
        }
    }
}

/// Jobs that go into one submission.
pub(super) struct Batch {
    pub(super) jobs: Vec<Job>,
    expected: f64,
    runs: usize,
    /// Whether it takes more.
    pub(super) open: bool,
}

impl Batch {
    pub(super) fn new(first: Job) -> Self {
        let mut batch = Batch { jobs: Vec::new(), expected: 0.0, runs: 0, open: true };
        batch.push(first);
        batch
    }

    pub(super) fn push(&mut self, job: Job) {
        match job.expected() {
            Some(seconds) => self.expected += seconds,
            None => self.open = false,
        }
        self.runs += usize::from(job.is_run());
        self.jobs.push(job);
        self.open &= self.jobs.len() < MOST && self.expected < TOGETHER;
    }

    pub(super) fn takes(&self, job: &Job) -> bool {
        let fits = job.expected().is_some_and(|seconds| self.expected + seconds < TOGETHER);
        let large = |job: &Job| job.copied() > SMALL_COPY;
        let kinds_mix = match job.is_run() {
            true => !self.jobs.iter().any(large),
            false => self.runs == 0 || !large(job),
        };
        fits && kinds_mix
    }
}
