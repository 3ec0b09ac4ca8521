//! Records what launches do, for whoever asks to see it.
//!
//! While nobody does, a launch pays one relaxed load. A launch that began while somebody did tells its chunks to a
//! [`Recording`] from any thread, and is put into every log that is open at its end. What devices still work on then is
//! filled in when a log is taken.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::device::Completion;
use crate::error::Error;
use crate::exec::driver::Outcome;
use crate::plan::Plan;
use crate::plan::trace::{ChunkTrace, LaunchTrace};
use crate::shape::{Mapping, Span, Target};

/// The recorder of a runtime; cheap to clone.
#[derive(Clone)]
pub(crate) struct Tracer(Arc<Shared>);

struct Shared {
    /// Open logs.
    listeners: AtomicUsize,
    origin: Instant,
    next: AtomicU64,
    logs: Mutex<Vec<Arc<Log>>>,
}

/// What one listener has seen.
pub(crate) struct Log {
    /// When it was opened, from the tracer's origin.
    since: Duration,
    launches: Mutex<Vec<Kept>>,
}

/// A launch, and what of it runs on devices.
#[derive(Clone)]
struct Kept {
    launch: LaunchTrace,
    on_devices: Vec<(ChunkTrace, Completion)>,
}

/// A launch that is being recorded. Dropped before its end, it says that it failed.
pub(crate) struct Recording {
    shared: Arc<Shared>,
    kept: Mutex<Kept>,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Default for Tracer {
    fn default() -> Self {
        Tracer(Arc::new(Shared {
            listeners: AtomicUsize::new(0),
            origin: Instant::now(),
            next: AtomicU64::new(0),
            logs: Mutex::default(),
        }))
    }
}

impl Tracer {
    /// A launch of `kernel` begins; `None` where nobody wants to know.
    #[inline]
    pub fn begin(&self, kernel: &'static str, asked: Target, places: usize) -> Option<Recording> {
        let heard = self.0.listeners.load(Ordering::Relaxed) > 0 || spans::wanted();
        if heard { Some(self.recording(kernel, asked, places)) } else { None }
    }

    #[cold]
    fn recording(&self, kernel: &'static str, asked: Target, places: usize) -> Recording {
        let started = self.0.origin.elapsed();
        let launch = LaunchTrace {
            id: self.0.next.fetch_add(1, Ordering::Relaxed),
            kernel: kernel.to_owned(),
            asked,
            target: asked,
            mapping: Mapping::Auto,
            places,
            grain: places,
            predicted_seconds: None,
            started,
            ended: started,
            chunks: Vec::new(),
            moved_to_host: 0,
            moved_from_host: 0,
            note: None,
            error: None,
        };
        Recording {
            shared: self.0.clone(),
            #[cfg(feature = "tracing")]
            span: spans::of(&launch),
            kept: Mutex::new(Kept { launch, on_devices: Vec::new() }),
        }
    }

    /// Opens a log of the launches that begin from now on.
    pub fn open(&self) -> Arc<Log> {
        let log = Arc::new(Log { since: self.0.origin.elapsed(), launches: Mutex::default() });
        lock(&self.0.logs).push(log.clone());
        self.0.listeners.fetch_add(1, Ordering::Relaxed);
        log
    }

    /// Closes a log, once.
    pub fn forget(&self, log: &Arc<Log>) {
        let mut logs = lock(&self.0.logs);
        let before = logs.len();
        logs.retain(|open| !Arc::ptr_eq(open, log));
        self.0.listeners.fetch_sub(before - logs.len(), Ordering::Relaxed);
    }

    /// Closes a log, and gives what it has seen, in the order of the launches' beginnings; waits for what devices still do
    /// of it.
    pub fn close(&self, log: &Arc<Log>) -> Vec<LaunchTrace> {
        self.forget(log);
        let kept = std::mem::take(&mut *lock(&log.launches));
        let finished = kept.into_iter().map(|kept| kept.finish(self.0.origin).since(log.since));
        let mut launches: Vec<LaunchTrace> = finished.collect();
        launches.sort_by_key(|launch| (launch.started, launch.id));
        launches
    }
}

impl Recording {
    /// The time of an event, as chunks tell theirs.
    pub fn at(&self, event: Instant) -> Duration {
        event.saturating_duration_since(self.shared.origin)
    }

    /// Notes what was planned.
    pub fn plan(&self, plan: &Plan) {
        let launch = &mut lock(&self.kept).launch;
        (launch.target, launch.mapping, launch.grain) = (plan.target, plan.mapping, plan.grain);
        launch.predicted_seconds = Some(plan.predicted_seconds);
        launch.note.clone_from(&plan.note);
    }

    /// A piece is done; from any thread.
    pub fn chunk(&self, chunk: ChunkTrace) {
        lock(&self.kept).launch.chunks.push(chunk);
    }

    /// A thread of the CPU, this one, has done `span` since `started`.
    pub fn on_cpu(&self, span: Span, started: Instant) {
        let worker = rayon::current_thread_index().map_or(0, |index| index + 1);
        self.computed(span, "cpu".to_owned(), worker, started);
    }

    /// `span` was computed from `started` until now.
    pub fn computed(&self, span: Span, device: String, worker: usize, started: Instant) {
        let started = self.at(started);
        let ended = self.at(Instant::now());
        self.chunk(ChunkTrace {
            span,
            device,
            worker,
            queued: started,
            started,
            ended,
            predicted_seconds: None,
        });
    }

    /// A device was given `span`; when it did it is filled in once it has.
    pub fn on_device(&self, span: Span, device: String, completion: &Completion) {
        let at = self.at(Instant::now());
        let chunk = ChunkTrace {
            span,
            device,
            worker: 0,
            queued: at,
            started: at,
            ended: at,
            predicted_seconds: None,
        };
        lock(&self.kept).on_devices.push((chunk, completion.clone()));
    }

    /// So many bytes were moved for it, to the host and from it.
    pub fn moved(&self, to_host: u64, from_host: u64) {
        let launch = &mut lock(&self.kept).launch;
        launch.moved_to_host += to_host;
        launch.moved_from_host += from_host;
    }

    /// The launch has returned.
    pub fn end(self, result: std::result::Result<&Outcome, &Error>) {
        let mut kept = lock(&self.kept);
        kept.launch.ended = self.at(Instant::now());
        match result {
            Ok(Outcome { target, note, .. }) => {
                kept.launch.target = *target;
                kept.launch.note.clone_from(note);
            }
            Err(error) => kept.launch.error = Some(error.to_string()),
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let mut kept = lock(&self.kept);
        if kept.launch.ended == kept.launch.started {
            kept.launch.ended = self.at(Instant::now());
            kept.launch.error.get_or_insert_with(|| "it ended in a panic".to_owned());
        }
        #[cfg(feature = "tracing")]
        spans::end(&self.span, &kept.launch, &kept.on_devices);
        for log in lock(&self.shared.logs).iter() {
            if log.since <= kept.launch.started {
                lock(&log.launches).push(kept.clone());
            }
        }
    }
}

impl Kept {
    /// With what the devices did, which is waited for.
    fn finish(self, origin: Instant) -> LaunchTrace {
        let Kept { mut launch, on_devices } = self;
        for (mut chunk, completion) in on_devices {
            if let Err(error) = completion.wait() {
                launch.error.get_or_insert_with(|| error.to_string());
            }
            // What never ran keeps the time of its queueing.
            if let Some(times) = completion.times() {
                let at = |event: Instant| event.saturating_duration_since(origin);
                (chunk.queued, chunk.started, chunk.ended) =
                    (at(times.queued), at(times.start), at(times.end));
            }
            launch.ended = launch.ended.max(chunk.ended);
            launch.chunks.push(chunk);
        }
        launch
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Without the feature nobody listens to spans.
#[cfg(not(feature = "tracing"))]
mod spans {
    #[inline(always)]
    pub(super) fn wanted() -> bool {
        false
    }
}

/// Launches as spans of the `tracing` crate, chunks as events in them; their target is `manylane`.
#[cfg(feature = "tracing")]
mod spans {
    use tracing::field::{Empty, display};
    use tracing::{Level, Span, enabled, event, span};

    use crate::device::Completion;
    use crate::plan::trace::{ChunkTrace, LaunchTrace};

    pub(super) fn wanted() -> bool {
        enabled!(target: "manylane", Level::INFO)
    }

    pub(super) fn of(launch: &LaunchTrace) -> Span {
        span!(
            target: "manylane",
            Level::INFO,
            "launch",
            id = launch.id,
            kernel = launch.kernel,
            asked = %launch.asked,
            places = launch.places,
            target = Empty,
            predicted_seconds = Empty,
            seconds = Empty,
            note = Empty,
            error = Empty,
        )
    }

    fn tell(span: &Span, chunk: &ChunkTrace, seconds: Option<f64>) {
        let ChunkTrace { span: places, device, worker, .. } = chunk;
        event!(
            target: "manylane",
            parent: span,
            Level::INFO,
            device,
            worker,
            start = places.start,
            end = places.end,
            seconds,
            "chunk"
        );
    }

    /// Chunks are told here, not by the threads that computed them, for those may have another subscriber. What a device
    /// still works on has no seconds: nobody waits for it.
    pub(super) fn end(span: &Span, launch: &LaunchTrace, on_devices: &[(ChunkTrace, Completion)]) {
        for chunk in &launch.chunks {
            tell(span, chunk, Some(chunk.ended.saturating_sub(chunk.started).as_secs_f64()));
        }
        on_devices.iter().for_each(|(chunk, completion)| tell(span, chunk, completion.seconds()));
        span.record("target", display(launch.target));
        span.record("seconds", launch.ended.saturating_sub(launch.started).as_secs_f64());
        if let Some(seconds) = launch.predicted_seconds {
            span.record("predicted_seconds", seconds);
        }
        for (name, text) in [("note", &launch.note), ("error", &launch.error)] {
            if let Some(text) = text {
                span.record(name, text.as_str());
            }
        }
    }
}
