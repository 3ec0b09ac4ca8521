//! How wgpu's failures become errors: scopes around everything that can fail, and the flag that a device is lost.
//!
//! Outside a scope wgpu panics on any error, and after a loss it fails silently; so each creation, submission and
//! mapping goes through [`scoped`], and [`Lost`] is our own record.

use std::fmt::Display;
use std::sync::OnceLock;

use wgpu::ErrorFilter;

use crate::error::{Error, ErrorKind, Result};

/// Whether a device is lost, and why; once set it stays.
pub(super) struct Lost {
    adapter: String,
    reason: OnceLock<String>,
}

impl Lost {
    /// For a device of the adapter of that name.
    pub(super) fn new(adapter: &str) -> Self {
        Lost { adapter: adapter.to_owned(), reason: OnceLock::new() }
    }

    /// Declares the device lost; the first reason stays.
    pub(super) fn mark(&self, reason: impl Display) {
        self.reason.get_or_init(|| reason.to_string());
    }

    pub(super) fn is_set(&self) -> bool {
        self.reason.get().is_some()
    }

    /// `DeviceLost` where it is.
    pub(super) fn check(&self) -> Result<()> {
        match self.reason.get() {
            Some(_) => Err(self.error()),
            None => Ok(()),
        }
    }

    /// `DeviceLost`, whether or not it is marked yet.
    pub(super) fn error(&self) -> Error {
        let reason = self.reason.get().map_or("it was closed", String::as_str);
        Error::new(
            ErrorKind::DeviceLost,
            format!(
                "the GPU `{}` was lost ({reason}); run the launch again: the device is opened anew, or a CPU \
                 target does the work",
                self.adapter
            ),
        )
    }
}

/// Runs `work`, which makes or submits `what` on `device`, with every error scope awaited around it.
pub(super) fn scoped<T>(device: &wgpu::Device, what: &str, work: impl FnOnce() -> T) -> Result<T> {
    let memory = device.push_error_scope(ErrorFilter::OutOfMemory);
    let internal = device.push_error_scope(ErrorFilter::Internal);
    let validation = device.push_error_scope(ErrorFilter::Validation);
    let value = work();
    let validation = pollster::block_on(validation.pop());
    let internal = pollster::block_on(internal.pop());
    let memory = pollster::block_on(memory.pop());
    if memory.is_some() {
        return Err(Error::new(
            ErrorKind::OutOfMemory,
            format!(
                "the GPU has no memory left for {what}; free arrays, or use smaller ones or a CPU target"
            ),
        ));
    }
    match validation.or(internal) {
        Some(error) => Err(Error::internal(format!("{what}: {error}"))),
        None => Ok(value),
    }
}
