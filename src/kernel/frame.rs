//! What a running body sees of its launch: where it stands, whether to stop, and where to report a fault.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};
use crate::lanes::{Lanes, MAX_LANES};

/// The place of a tile's first element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In the line of all places.
    pub index: u32,
    /// Column; the same as `index` where the domain is a line.
    pub x: u32,
    /// Row.
    pub y: u32,
}

/// A launch's stop flag and error channel, shared by all its workers.
#[derive(Debug)]
pub struct Control {
    stop: AtomicBool,
    /// When it has to be done, and how much time that gave it.
    deadline: Option<(Instant, Duration)>,
    late: AtomicBool,
    cancelled: AtomicBool,
    /// Places that are computed, and all of them.
    done: AtomicUsize,
    total: AtomicUsize,
    fault: Mutex<Option<Fault>>,
}

/// An access outside an array, as the body that did it reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place of the domain that did it.
    pub place: u64,
    /// The name of the array.
    pub array: &'static str,
    /// The index that it asked for.
    pub index: u64,
    /// How many elements there are.
    pub len: u64,
}

impl Default for Control {
    fn default() -> Self {
        Control::new()
    }
}

impl Control {
    /// A channel with nothing in it.
    pub const fn new() -> Self {
        Control {
            stop: AtomicBool::new(false),
            deadline: None,
            late: AtomicBool::new(false),
            cancelled: AtomicBool::new(false),
            done: AtomicUsize::new(0),
            total: AtomicUsize::new(0),
            fault: Mutex::new(None),
        }
    }

    /// A channel of a launch that has to be done in time.
    pub fn within(deadline: Option<Duration>) -> Self {
        let until = deadline.and_then(|allowed| Some((Instant::now().checked_add(allowed)?, allowed)));
        Control { deadline: until, ..Control::new() }
    }

    /// Asks every body of the launch to end.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Ends the launch with `Cancelled`, unless it is done before its bodies see it.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.stop();
    }

    /// It has so many places more than was known.
    pub fn expect(&self, places: usize) {
        self.total.fetch_add(places, Ordering::Relaxed);
    }

    /// So many more are computed.
    pub fn advance(&self, places: usize) {
        self.done.fetch_add(places, Ordering::Relaxed);
    }

    /// Places that are computed, and all of them; (0, 0) before it began.
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Whether the launch was asked to end, by a fault, by its deadline or by whoever cancelled it.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Runs the bodies. A thread of its own watches a deadline: loops would keep their vectors in memory around a call
    /// that asks for the time, and reading a flag costs them nothing.
    ///
    /// # Errors
    /// `OutOfMemory` where the system has no thread for it.
    pub fn watched<R>(&self, run: impl FnOnce() -> R) -> Result<R> {
        let Some(deadline) = self.deadline else { return Ok(run()) };
        let (mut run, mut result) = (Some(run), None);
        self.watch(deadline, &mut || result = run.take().map(|run| run()))?;
        result.ok_or_else(|| Error::internal("a watched body did not run"))
    }

    /// The same of whatever body, compiled once.
    #[cold]
    fn watch(&self, (until, allowed): (Instant, Duration), run: &mut dyn FnMut()) -> Result<()> {
        let (done, rang) = (Mutex::new(false), Condvar::new());
        let watch = || {
            let mut over = done.lock().unwrap_or_else(PoisonError::into_inner);
            while !*over {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    self.late.store(true, Ordering::Relaxed);
                    self.stop();
                    return;
                }
                over = rang.wait_timeout(over, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        };
        std::thread::scope(|scope| {
            let watch =
                std::thread::Builder::new().name("manylane-deadline".into()).spawn_scoped(scope, watch);
            if let Err(error) = watch {
                return Err(Error::new(
                    ErrorKind::OutOfMemory,
                    format!(
                        "no thread that watches the deadline of {allowed:?}: {error}; launch without one"
                    ),
                ));
            }
            // Also where a body panics: the scope waits for the watch.
            let _bell = Bell(&done, &rang);
            run();
            Ok(())
        })
    }

    /// Reports a fault; the one at the lowest place is kept, so that the mapping does not decide which is told.
    #[cold]
    pub fn report(&self, fault: Fault) {
        let mut kept = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_none_or(|old| fault.place < old.place) {
            *kept = Some(fault);
        }
    }

    /// Takes what bodies of this thread have noted; to be called behind every tile.
    #[inline(always)]
    pub fn collect(&self) {
        NOTE.with(
            #[inline(always)]
            |note| {
                if note.launch.get() != 0 {
                    self.take(note);
                }
            },
        );
    }

    #[cold]
    fn take(&self, note: &Note) {
        // Another launch's, whose body did not come to its end.
        let own = note.launch.replace(0) == self.address();
        if let (true, Some(fault)) = (own, note.fault.get()) {
            self.report(fault);
        }
    }

    #[inline(always)]
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// What ended the launch early, as an error of the kernel `name`: the fault at the lowest place, its deadline, or a cancel.
    pub fn error(&self, name: &str) -> Option<Error> {
        self.collect();
        let fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        match (fault, self.deadline) {
            (Some(fault), _) => Some(fault.error(name)),
            (None, Some((_, allowed))) if self.late.load(Ordering::Relaxed) => {
                Some(Error::late(name, allowed))
            }
            _ if self.cancelled.load(Ordering::Relaxed) => Some(Error::new(
                ErrorKind::Cancelled,
                format!("{name}: it was cancelled; its results are lost, launch it again for them"),
            )),
            _ => None,
        }
    }
}

impl crate::device::Stop for Control {
    fn stopped(&self) -> bool {
        Control::stopped(self)
    }
}

/// Ends the watch when dropped.
struct Bell<'a>(&'a Mutex<bool>, &'a Condvar);

impl Drop for Bell<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.1.notify_one();
    }
}

impl Fault {
    /// As an error of the kernel `name`.
    pub fn error(&self, name: &str) -> Error {
        let Fault { place, array, index, len } = self;
        Error::new(
            ErrorKind::OutOfBounds,
            format!(
                "{name}: at place {place} it asked for element {index} of `{array}`, which has {len}; keep indices below the \
                 length"
            ),
        )
    }
}

/// The fault at the lowest place among those that a thread's bodies met since the last [`Control::collect`].
struct Note {
    /// The address of the launch's control; 0 where nothing is noted.
    launch: Cell<usize>,
    fault: Cell<Option<Fault>>,
}

thread_local! {
    static NOTE: Note = const { Note { launch: Cell::new(0), fault: Cell::new(None) } };
}

/// What the body of a kernel sees of its launch.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    control: &'a Control,
    place: u64,
    streams: bool,
    /// Columns of the domain where vectors lie over two of its rows, else 0.
    stacked: u32,
}

static DETACHED: Control = Control::new();

impl<'a> Frame<'a> {
    /// The frame of a launch.
    pub fn new(control: &'a Control) -> Self {
        Frame { control, place: 0, streams: false, stacked: 0 }
    }

    /// The frame of a plain call, which nobody stops.
    pub fn detached() -> Frame<'static> {
        Frame { control: &DETACHED, place: 0, streams: false, stacked: 0 }
    }

    /// The frame of the vector that begins `i` places behind `place`.
    #[inline(always)]
    pub fn at(&self, place: Place, i: usize) -> Self {
        Frame { place: self.place + u64::from(place.index) + i as u64, ..*self }
    }

    /// The frame of a piece that begins at `first`: a [`Place`] counts in 32 bits, this keeps the others.
    pub fn behind(self, first: usize) -> Self {
        Frame { place: (first as u64) >> 32 << 32, ..self }
    }

    /// The same for a body that stores past the caches.
    pub fn streaming(self, streams: bool) -> Self {
        Frame { streams, ..self }
    }

    /// The same for a tile that is two rows of a domain with so many columns.
    pub fn stacked(self, columns: u32) -> Self {
        Frame { stacked: columns, ..self }
    }

    /// Whether the tile is two rows, which the body may take at once.
    #[inline(always)]
    pub fn is_stacked(&self) -> bool {
        self.stacked != 0
    }

    /// Whether results are stored past the caches.
    #[inline(always)]
    pub fn streams(&self) -> bool {
        self.streams
    }

    /// The place of the first lane.
    #[inline(always)]
    pub fn place(&self) -> u64 {
        self.place
    }

    /// Reports a fault.
    #[cold]
    pub fn report(&self, fault: Fault) {
        self.control.report(fault);
    }

    /// Notes that the lanes of `beyond`, of which there is one, asked for elements of `array` that it does not have.
    ///
    /// Not a call: a body that may make one keeps its vectors in memory, also where it never comes to it (noise took 1.25
    /// as long, Mandelbrot 1.7).
    #[inline(always)]
    pub fn note<L: Lanes>(&self, l: L, beyond: L::M, index: L::I, array: &'static str, len: u64) {
        let lane = (l.m_bits(beyond).trailing_zeros() as usize).min(L::N - 1);
        let mut indices = [0; MAX_LANES];
        l.i_store(&mut indices[..L::N], index);
        // Lanes of a second row are so many places on.
        let row = (lane / L::COLUMNS) as u64 * u64::from(self.stacked);
        let place = self.place + row + (lane % L::COLUMNS) as u64;
        let index = u64::from(indices[lane] as u32);
        NOTE.with(
            #[inline(always)]
            |note| {
                let known = note.launch.get() == self.control.address();
                if !known || note.fault.get().is_none_or(|old| place < old.place) {
                    note.launch.set(self.control.address());
                    note.fault.set(Some(Fault { place, array, index, len }));
                }
            },
        );
    }

    /// Whether the launch was asked to end; loops look every 1,024 turns.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.control.stopped()
    }

    /// The error channel.
    pub fn control(&self) -> &'a Control {
        self.control
    }
}
