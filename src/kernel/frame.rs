//! What a running body sees of its launch: where it stands, whether to stop, and where to report a fault.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind};

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

    /// Whether the launch was asked to end.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.deadline.is_some() && self.is_late()
    }

    #[cold]
    #[inline(never)]
    fn is_late(&self) -> bool {
        let late = self.deadline.is_some_and(|(until, _)| Instant::now() >= until);
        if late {
            self.late.store(true, Ordering::Relaxed);
            self.stop();
        }
        late
    }

    /// Reports a fault; the one at the lowest place is kept, so that the mapping does not decide which is told.
    #[cold]
    pub fn report(&self, fault: Fault) {
        let mut kept = self.fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.is_none_or(|old| fault.place < old.place) {
            *kept = Some(fault);
        }
    }

    /// What ended the launch early, as an error of the kernel `name`: the fault at the lowest place, or its deadline.
    pub fn error(&self, name: &str) -> Option<Error> {
        let fault = *self.fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match (fault, self.deadline) {
            (Some(fault), _) => Some(fault.error(name)),
            (None, Some((_, allowed))) if self.late.load(Ordering::Relaxed) => Some(Error::new(
                ErrorKind::Deadline,
                format!(
                    "{name}: it was not done within {allowed:?}; allow it more time, or give it less to do"
                ),
            )),
            _ => None,
        }
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

/// What the body of a kernel sees of its launch.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    control: &'a Control,
    place: u64,
    streams: bool,
}

static DETACHED: Control = Control::new();

impl<'a> Frame<'a> {
    /// The frame of a launch.
    pub fn new(control: &'a Control) -> Self {
        Frame { control, place: 0, streams: false }
    }

    /// The frame of a plain call, which nobody stops.
    pub fn detached() -> Frame<'static> {
        Frame { control: &DETACHED, place: 0, streams: false }
    }

    /// The frame of the vector that begins `i` places behind `place`.
    #[inline(always)]
    pub fn at(&self, place: Place, i: usize) -> Self {
        Frame { place: u64::from(place.index) + i as u64, ..*self }
    }

    /// The same for a body that stores past the caches.
    pub fn streaming(self, streams: bool) -> Self {
        Frame { streams, ..self }
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
