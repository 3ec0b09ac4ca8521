//! Device memory that the host writes and reads where it lies, on devices that share the host's memory.
//!
//! There a buffer is mapped like staging memory, so data is copied once instead of twice. A mapped buffer must not be
//! submitted, and a buffer in use cannot be mapped, so:
//!
//! ```text
//! write     by the caller, at once, where no job that is queued or under way uses the buffer; else through staging memory
//! read      in the buffer's turn: the device's thread maps it and waits until the caller has copied what it wants
//! ```
//! Whoever writes holds the buffer's gate meanwhile; the device's thread passes the gates of a batch's buffers before it
//! submits, so a job that was queued in between waits for the end of the copy.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use wgpu::{MapMode, PollType};

use super::buffer::{Buffer, round_up};
use super::fault::Lost;
use crate::error::Result;

/// What the offset of a mapping is a multiple of.
const ALIGNMENT: u64 = wgpu::MAP_ALIGNMENT;

/// How often an idle buffer is asked whether it is mapped by now; the first time is the rule.
const PATIENCE: usize = 16;

/// Who uses a buffer.
#[derive(Default)]
pub(super) struct Use {
    /// Jobs that are queued or under way.
    jobs: AtomicUsize,
    /// Held while a caller writes.
    gate: Mutex<()>,
}

/// A buffer that a job uses.
pub(super) struct InUse(Buffer);

impl InUse {
    pub(super) fn new(buffer: &Buffer) -> Self {
        buffer.in_use().jobs.fetch_add(1, Ordering::AcqRel);
        InUse(buffer.clone())
    }

    /// Waits until nobody writes to it in place.
    pub(super) fn pass(&self) {
        drop(self.0.in_use().gate.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.in_use().jobs.fetch_sub(1, Ordering::AcqRel);
    }
}

impl std::ops::Deref for InUse {
    type Target = Buffer;
    fn deref(&self) -> &Buffer {
        &self.0
    }
}

/// Writes `data` to `offset` bytes into a buffer that nothing uses; whether that was possible.
pub(super) fn write(
    device: &wgpu::Device,
    lost: &Lost,
    to: &Buffer,
    offset: u64,
    data: &[u8],
) -> Result<bool> {
    let _gate = match to.in_use().gate.try_lock() {
        Ok(gate) => gate,
        Err(TryLockError::Poisoned(gate)) => gate.into_inner(),
        Err(TryLockError::WouldBlock) => return Ok(false),
    };
    if to.in_use().jobs.load(Ordering::Acquire) > 0 {
        return Ok(false);
    }
    let start = offset / ALIGNMENT * ALIGNMENT;
    let end = offset + round_up(data.len() as u64);
    let mapped = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
    let told = mapped.clone();
    to.raw().map_async(MapMode::Write, start..end, move |result| {
        told.1.store(result.is_ok(), Ordering::Relaxed);
        told.0.store(true, Ordering::Release);
    });
    for _ in 0..PATIENCE {
        let _ = device.poll(PollType::Poll);
        if mapped.0.load(Ordering::Acquire) {
            break;
        }
        std::thread::yield_now();
    }
    if !(mapped.0.load(Ordering::Acquire) && mapped.1.load(Ordering::Relaxed)) {
        to.raw().unmap();
        lost.check()?;
        return Ok(false);
    }
    let Ok(mut view) = to.raw().get_mapped_range_mut(start..end) else {
        to.raw().unmap();
        lost.check()?;
        return Ok(false);
    };
    let first = (offset - start) as usize;
    view.slice(first..first + data.len()).copy_from_slice(data);
    let filled = (end - start) as usize - first - data.len();
    view.slice(first + data.len()..).copy_from_slice(&[0; 4][..filled]);
    drop(view);
    to.raw().unmap();
    lost.check()?;
    Ok(true)
}

/// A buffer that its device's thread is to map and hold for a reader.
pub(super) struct Show {
    pub(super) from: InUse,
    pub(super) start: u64,
    pub(super) end: u64,
    /// Told once it is mapped, or why it is not.
    pub(super) ready: SyncSender<Result<()>>,
    /// Ends when the reader has what he wants, or is gone.
    pub(super) seen: Receiver<()>,
}

/// The reader's side of a [`Show`].
pub(super) struct Reader {
    ready: Receiver<Result<()>>,
    seen: SyncSender<()>,
}

/// What `bytes` at `offset` of `from` are read by, and the job that shows them.
pub(super) fn reading(from: &Buffer, offset: u64, bytes: u64) -> (Show, Reader) {
    let (ready, told) = sync_channel(1);
    let (seen, ended) = sync_channel(1);
    let start = offset / ALIGNMENT * ALIGNMENT;
    let show = Show { from: InUse::new(from), start, end: offset + round_up(bytes), ready, seen: ended };
    (show, Reader { ready: told, seen })
}

impl Reader {
    /// Copies them out, once they are there.
    pub(super) fn read(self, from: &Buffer, offset: u64, into: &mut [u8], lost: &Lost) -> Result<()> {
        let Reader { ready, seen } = self;
        ready.recv().map_err(|_| lost.error())??;
        let start = offset / ALIGNMENT * ALIGNMENT;
        let range = start..offset + round_up(into.len() as u64);
        let copied = from.raw().get_mapped_range(range).map(|view| {
            let first = (offset - start) as usize;
            into.copy_from_slice(&view[first..first + into.len()]);
        });
        // The view is gone: now it may be unmapped.
        drop(seen);
        copied.map_err(|error| {
            lost.mark(format!("mapping device memory: {error}"));
            lost.error()
        })?;
        // What a device that went away had is nothing.
        lost.check()
    }
}

impl Show {
    /// Holds what is mapped until the reader has it.
    pub(super) fn hold(self) {
        if self.ready.send(Ok(())).is_ok() {
            let _ = self.seen.recv();
        }
        self.from.raw().unmap();
    }
}
