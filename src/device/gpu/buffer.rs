//! Device memory: buffers by size class, kept when they come back, counted against a budget.
//!
//! A buffer that comes back may still be read by work in flight; whoever gets it next is enqueued behind that work, so
//! no waiting is needed. What it contained is still in it: contents are undefined.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use wgpu::BufferUsages;

use super::GpuId;
use super::fault::{Lost, scoped};
use super::in_place::Use;
use super::inject::Faults;
use crate::device::Cpu;
use crate::device::describe::{AdapterInfo, parse_bytes};
use crate::error::{Error, ErrorKind, Result};

/// The smallest buffer that is made: one storage offset of most devices.
const SMALLEST: u64 = 256;

/// A piece of device memory; cheap to clone, back to the pool with the last clone.
#[derive(Clone)]
pub struct Buffer(Arc<Block>);

impl Buffer {
    /// Bytes: what was asked for, rounded up to a multiple of 4.
    pub fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// The device that it lives on.
    pub fn gpu(&self) -> GpuId {
        self.0.gpu
    }

    /// Whether both are the same memory.
    pub fn is(&self, other: &Buffer) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether nobody else holds it, work in flight included.
    pub fn is_sole(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    pub(super) fn raw(&self) -> &wgpu::Buffer {
        &self.0.raw
    }

    pub(super) fn in_use(&self) -> &Use {
        &self.0.in_use
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes on {:?}", self.0.bytes, self.0.gpu)
    }
}

struct Block {
    raw: wgpu::Buffer,
    bytes: u64,
    gpu: GpuId,
    pool: Arc<Pool>,
    in_use: Use,
}

impl Drop for Block {
    fn drop(&mut self) {
        self.pool.give_back(self.raw.clone());
    }
}

/// The buffers of one device.
pub(super) struct Pool {
    device: wgpu::Device,
    gpu: GpuId,
    lost: Arc<Lost>,
    faults: Arc<Faults>,
    budget: u64,
    max_buffer: u64,
    /// What buffers are for: where the host maps them, for that too.
    usage: BufferUsages,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Not in use, by size.
    free: BTreeMap<u64, Vec<wgpu::Buffer>>,
    /// Bytes in use and free.
    taken: u64,
}

impl Pool {
    pub(super) fn new(
        device: wgpu::Device,
        gpu: GpuId,
        (lost, faults): (Arc<Lost>, Arc<Faults>),
        budget: u64,
        max_buffer: u64,
        mapped: bool,
    ) -> Self {
        let mut usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST;
        if mapped {
            usage |= BufferUsages::MAP_READ | BufferUsages::MAP_WRITE;
        }
        Pool { device, gpu, lost, faults, budget, max_buffer, usage, state: Mutex::default() }
    }

    /// A buffer of `bytes`, which are rounded up to 4; contents undefined.
    pub(super) fn alloc(self: &Arc<Self>, bytes: u64) -> Result<Buffer> {
        self.lost.check()?;
        let bytes = round_up(bytes);
        if self.faults.at_allocation() {
            return Err(Error::new(
                ErrorKind::OutOfMemory,
                format!("{bytes} bytes of GPU memory were refused, as a test asked; ask again"),
            ));
        }
        if bytes > self.max_buffer {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "a buffer of {bytes} bytes is more than the {} that this GPU allows for one; \
                     use smaller arrays or a CPU target",
                    self.max_buffer
                ),
            ));
        }
        let size = class(bytes).min(self.max_buffer);
        let raw = match self.take_free(size) {
            Some(raw) => raw,
            None => self.create(size)?,
        };
        let in_use = Use::default();
        Ok(Buffer(Arc::new(Block { raw, bytes, gpu: self.gpu, pool: self.clone(), in_use })))
    }

    /// Bytes of device memory that are in use or kept for reuse.
    pub(super) fn taken(&self) -> u64 {
        self.state().taken
    }

    /// Bytes that may be in use.
    pub(super) fn budget(&self) -> u64 {
        self.budget
    }

    /// Bytes of the budget that are not in use.
    pub(super) fn left(&self) -> u64 {
        let state = self.state();
        let free: u64 = state.free.iter().map(|(size, buffers)| size * buffers.len() as u64).sum();
        (self.budget + free).saturating_sub(state.taken)
    }

    fn take_free(&self, size: u64) -> Option<wgpu::Buffer> {
        self.state().free.get_mut(&size)?.pop()
    }

    fn create(&self, size: u64) -> Result<wgpu::Buffer> {
        self.reserve(size)?;
        let made = self.create_reserved(size).or_else(|error| match error.kind() {
            ErrorKind::OutOfMemory => {
                self.trim();
                self.create_reserved(size)
            }
            _ => Err(error),
        });
        if made.is_err() {
            self.state().taken -= size;
        }
        made
    }

    fn reserve(&self, size: u64) -> Result<()> {
        if self.state().taken + size > self.budget {
            self.trim();
        }
        let mut state = self.state();
        if state.taken + size > self.budget {
            return Err(Error::new(
                ErrorKind::OutOfMemory,
                format!(
                    "{size} bytes of GPU memory beside the {} in use are more than the budget of {}; drop arrays, \
                     use smaller ones, raise MANYLANE_GPU_BUDGET, or use a CPU target",
                    state.taken, self.budget
                ),
            ));
        }
        state.taken += size;
        Ok(())
    }

    fn create_reserved(&self, size: u64) -> Result<wgpu::Buffer> {
        let descriptor =
            wgpu::BufferDescriptor { label: None, size, usage: self.usage, mapped_at_creation: false };
        let made = scoped(&self.device, &format!("a buffer of {size} bytes"), || {
            self.device.create_buffer(&descriptor)
        });
        // A lost device makes invalid buffers without an error.
        self.lost.check()?;
        made
    }

    /// Frees what is kept for reuse.
    pub(super) fn trim(&self) {
        let free = std::mem::take(&mut self.state().free);
        let bytes: u64 = free.iter().map(|(size, buffers)| size * buffers.len() as u64).sum();
        drop(free);
        self.state().taken -= bytes;
        // wgpu lets go of memory when it is polled.
        let _ = self.device.poll(wgpu::PollType::Poll);
    }

    fn give_back(&self, raw: wgpu::Buffer) {
        if self.lost.is_set() {
            // The device may hang with it: never waited for, never freed.
            std::mem::forget(raw);
            return;
        }
        self.state().free.entry(raw.size()).or_default().push(raw);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of device memory that may be in use: `MANYLANE_GPU_BUDGET`, else half of the host's memory for a software
/// adapter (lavapipe promises what it does not have), else whatever the driver gives.
pub(super) fn budget(info: &AdapterInfo) -> Result<u64> {
    if let Ok(text) = std::env::var("MANYLANE_GPU_BUDGET")
        && !text.is_empty()
    {
        return parse_bytes(&text).ok_or_else(|| {
            Error::new(
                ErrorKind::Setting,
                format!(
                    "MANYLANE_GPU_BUDGET is `{text}`, which is no number of bytes; write digits with an optional \
                     K, M or G, such as 512M"
                ),
            )
        });
    }
    match (info.software, Cpu::here().memory) {
        (true, 0) => Ok(2 << 30),
        (true, memory) => Ok(memory / 2),
        (false, _) => Ok(u64::MAX / 2),
    }
}

/// Bytes as a buffer holds them: a multiple of 4, at least 4.
pub(super) fn round_up(bytes: u64) -> u64 {
    bytes.max(1).checked_next_multiple_of(4).unwrap_or(u64::MAX - 3)
}

/// The size of the buffer that serves for `bytes`: four steps to each power of two, so that at most a fifth is unused.
fn class(bytes: u64) -> u64 {
    if bytes <= SMALLEST {
        return SMALLEST;
    }
    let step = 1 << (bytes.ilog2() - 2);
    bytes.checked_next_multiple_of(step).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_fit_and_waste_little() {
        for bytes in (1..5000).chain([1 << 20, (1 << 20) + 4, u64::MAX - 3]) {
            let size = class(bytes);
            assert!(size >= bytes);
            assert!(bytes <= SMALLEST || size - bytes <= bytes / 4, "{bytes} in {size}");
            assert_eq!(class(size), size);
        }
    }

    #[test]
    fn rounding_never_overflows() {
        assert_eq!(round_up(0), 4);
        assert_eq!(round_up(5), 8);
        assert_eq!(round_up(u64::MAX) % 4, 0);
    }
}
