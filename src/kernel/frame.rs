//! What a running body sees of its launch: where it stands, whether to stop, and where to report a fault.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

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
#[derive(Debug, Default)]
pub struct Control {
    stop: AtomicBool,
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

impl Control {
    /// A channel with nothing in it.
    pub const fn new() -> Self {
        Control { stop: AtomicBool::new(false), fault: Mutex::new(None) }
    }

    /// Asks every body of the launch to end.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the launch was asked to end.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Reports a fault; the one at the lowest place is kept, so that the mapping does not decide which is told.
    #[cold]
    pub fn report(&self, fault: Fault) {
        let mut kept = self.fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.is_none_or(|old| fault.place < old.place) {
            *kept = Some(fault);
        }
    }

    /// The fault at the lowest place, as an error of the kernel `name`.
    pub fn error(&self, name: &str) -> Option<Error> {
        let fault = (*self.fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner))?;
        Some(Error::new(
            ErrorKind::OutOfBounds,
            format!(
                "{name}: at place {} it asked for element {} of `{}`, which has {}; keep indices below the length",
                fault.place, fault.index, fault.array, fault.len
            ),
        ))
    }
}

/// What the body of a kernel sees of its launch.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    control: &'a Control,
}

static DETACHED: Control = Control::new();

impl<'a> Frame<'a> {
    /// The frame of a launch.
    pub fn new(control: &'a Control) -> Self {
        Frame { control }
    }

    /// The frame of a plain call, which nobody stops.
    pub fn detached() -> Frame<'static> {
        Frame { control: &DETACHED }
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
