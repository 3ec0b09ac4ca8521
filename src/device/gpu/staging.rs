//! Host memory that the device copies from and to, kept mapped or unmapped between uses.
//!
//! Large transfers go through several pieces, so that the caller fills or empties one while the device copies another.
//! How many pieces are out at once is bounded: whoever wants one more waits.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wgpu::{Buffer, BufferUsages};

use super::fault::{Lost, scoped};
use crate::error::{Error, Result};

/// Bytes of the largest piece. Measured 2026-11 on lavapipe, 2 cores: 1 to 8 MiB are alike, beyond that first touch hurts.
pub(super) const PIECE: u64 = 4 << 20;

/// Pieces of one size that may be out at once.
const OUT: usize = 4;

/// The sizes of pieces.
const SIZES: [u64; 3] = [16 << 10, 256 << 10, PIECE];

/// Which way the data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// To the device: at rest mapped for writing.
    Up,
    /// From the device: at rest unmapped.
    Down,
}

/// The pieces of one device for one direction.
pub(super) struct Stage {
    device: wgpu::Device,
    lost: Arc<Lost>,
    direction: Direction,
    shelves: [Shelf; SIZES.len()],
}

#[derive(Default)]
struct Shelf {
    state: Mutex<State>,
    back: Condvar,
}

#[derive(Default)]
struct State {
    rest: Vec<Buffer>,
    out: usize,
}

/// One piece, out of its stage. Dropped, its memory is freed; see [`Piece::rest`].
pub(super) struct Piece {
    pub(super) buffer: Buffer,
    shelf: usize,
    stage: Arc<Stage>,
}

impl Stage {
    pub(super) fn new(device: wgpu::Device, lost: Arc<Lost>, direction: Direction) -> Self {
        Stage { device, lost, direction, shelves: Default::default() }
    }

    /// A piece of at least `bytes`, of which there are at most [`PIECE`]; waits while too many are out, so the caller
    /// must not hold one.
    pub(super) fn take(self: &Arc<Self>, bytes: u64) -> Result<Piece> {
        loop {
            if let Some(piece) = self.try_take(bytes)? {
                return Ok(piece);
            }
            let Shelf { state, back } = &self.shelves[shelf_of(bytes)?];
            let state = lock(state);
            if state.out >= OUT {
                // A loss is not announced here, so look again now and then.
                drop(back.wait_timeout(state, Duration::from_millis(100)));
            }
        }
    }

    /// As [`Stage::take`]; `None` where too many are out.
    pub(super) fn try_take(self: &Arc<Self>, bytes: u64) -> Result<Option<Piece>> {
        self.lost.check()?;
        let shelf = shelf_of(bytes)?;
        let at_rest = {
            let mut state = lock(&self.shelves[shelf].state);
            if state.out >= OUT {
                return Ok(None);
            }
            state.out += 1;
            state.rest.pop()
        };
        let buffer = match at_rest {
            Some(buffer) => Ok(buffer),
            None => self.create(SIZES[shelf]),
        };
        match buffer {
            Ok(buffer) => Ok(Some(Piece { buffer, shelf, stage: self.clone() })),
            Err(error) => {
                self.leave(shelf, None);
                Err(error)
            }
        }
    }

    fn create(&self, size: u64) -> Result<Buffer> {
        let (usage, mapped_at_creation) = match self.direction {
            Direction::Up => (BufferUsages::MAP_WRITE | BufferUsages::COPY_SRC, true),
            Direction::Down => (BufferUsages::MAP_READ | BufferUsages::COPY_DST, false),
        };
        let descriptor = wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation };
        let made = scoped(&self.device, "staging memory", || self.device.create_buffer(&descriptor));
        self.lost.check()?;
        made
    }

    fn leave(&self, shelf: usize, rest: Option<Buffer>) {
        let Shelf { state, back } = &self.shelves[shelf];
        let mut state = lock(state);
        state.out -= 1;
        state.rest.extend(rest);
        back.notify_one();
    }
}

impl Piece {
    /// Writes `data` at its start, zeros up to the next multiple of 4, and unmaps it.
    pub(super) fn fill(&self, data: &[u8]) -> Result<()> {
        let whole = data.len() & !3;
        let mut view = self
            .buffer
            .get_mapped_range_mut(..super::buffer::round_up(data.len() as u64))
            .map_err(|error| self.unmapped(error))?;
        view.slice(..whole).copy_from_slice(&data[..whole]);
        if whole < data.len() {
            let mut last = [0; 4];
            last[..data.len() - whole].copy_from_slice(&data[whole..]);
            view.slice(whole..).copy_from_slice(&last);
        }
        drop(view);
        self.buffer.unmap();
        Ok(())
    }

    /// Copies its start, which must be mapped, out, unmaps it and lets it rest.
    pub(super) fn empty(self, into: &mut [u8]) -> Result<()> {
        let view = self
            .buffer
            .get_mapped_range(..super::buffer::round_up(into.len() as u64))
            .map_err(|error| self.unmapped(error))?;
        into.copy_from_slice(&view[..into.len()]);
        drop(view);
        self.buffer.unmap();
        self.rest();
        Ok(())
    }

    /// What was mapped no longer is: its device went away in between.
    fn unmapped(&self, error: wgpu::MapRangeError) -> Error {
        self.stage.lost.mark(format!("mapping staging memory: {error}"));
        self.stage.lost.error()
    }

    /// Back to its stage; it must be as pieces are at rest: see [`Direction`].
    pub(super) fn rest(mut self) {
        let buffer = self.buffer.clone();
        self.close(Some(buffer));
    }

    fn close(&mut self, rest: Option<Buffer>) {
        if self.shelf < SIZES.len() {
            self.stage.leave(self.shelf, rest);
            self.shelf = SIZES.len();
        }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if self.stage.lost.is_set() {
            std::mem::forget(self.buffer.clone());
        }
        self.close(None);
    }
}

/// The shelf of the smallest pieces that hold `bytes`.
fn shelf_of(bytes: u64) -> Result<usize> {
    let shelf = SIZES.iter().position(|size| *size >= bytes);
    shelf.ok_or_else(|| Error::internal(format!("{bytes} bytes in one piece of staging")))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
