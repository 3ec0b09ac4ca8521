//! Room on a GPU that is full: arrays that nobody uses right now give up their replicas, least recently used first.
//!
//! ```text
//! alloc: while the GPU has no memory left
//!     of all arrays with a replica there, the least recently used first:
//!         in use (its state is locked, or somebody else holds its buffer)? leave it alone
//!         download what is valid there alone; drop the replica
//!         one is gone: try again
//!     none was gone: wait until the GPU is idle, for work in flight holds buffers, and a moment for threads that have yet
//!     to enqueue theirs; try again, a few times
//! ```
//!
//! What it promises:
//! - No deadlock: whoever asks may hold the lock of the array that it asks for, and of the others it only tries the locks.
//!   While it waits for the GPU it waits for work that was enqueued already, which needs no lock of an array.
//! - No lost update: a launch holds the buffers that it writes until its work has ended, so these are never given up.
//! - Memory is not taken for free before it is: a buffer goes back to the device's pool with its last holder.
//!
//! What is brought home waits in a stash of the version until it is needed, for the host's memory of the array is its
//! owner's to touch. Work that is carried for such values still is: who reads them is told how it ended.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::device::gpu::{Buffer, Gpu, GpuId};
use crate::error::{ErrorKind, Result};
use crate::memory::coherence::{Interval, Space, Status};
use crate::memory::home::Home;
use crate::memory::host::Host;
use crate::memory::spans::Spans;
use crate::memory::state::{Replica, State};
use crate::shape::Span;
use crate::sync::{Mutex, PoisonError, TryLockError, sleep};

/// How often a GPU is waited for when nobody can give up anything: other threads may take what came back.
const MOST_WAITS: u32 = 10;

/// Arrays with a replica on a GPU, as long as they live. Held for moments only, so it is no matter of interleavings.
static HOLDERS: std::sync::Mutex<Vec<Holder>> = std::sync::Mutex::new(Vec::new());

#[derive(Clone)]
struct Holder {
    gpu: GpuId,
    state: Weak<Mutex<State>>,
    home: Home,
    /// Elements, and bytes of one.
    len: usize,
    width: usize,
}

/// Elements that a GPU gave up.
pub(super) struct Piece {
    /// The first that lies here.
    first: usize,
    /// Those that nobody has written or fetched since.
    left: Spans,
    /// Whole words that hold them.
    words: Host<u32>,
    /// Bytes in front of the first in its word.
    before: usize,
    width: usize,
}

impl Piece {
    /// Which elements it holds the values of.
    pub fn left(&self) -> &[Span] {
        self.left.as_slice()
    }

    /// Whether it holds the value of any of `span`.
    pub fn holds(&self, span: Span) -> bool {
        self.left.within(span).next().is_some()
    }

    /// `span` is written: whether anything is left.
    pub fn outlives(&mut self, span: Span) -> bool {
        self.left.remove(span);
        !self.left.is_empty()
    }

    /// The bytes of `part`, which it holds.
    pub fn copy(&mut self, part: Span, into: &mut [u8]) {
        let first = self.before + (part.start - self.first) * self.width;
        into.copy_from_slice(&bytemuck::cast_slice::<u32, u8>(self.words.all_mut())[first..][..into.len()]);
    }
}

/// What orders replicas by their last use.
pub(super) fn now() -> u64 {
    static CLOCK: AtomicU64 = AtomicU64::new(0);
    CLOCK.fetch_add(1, Ordering::Relaxed)
}

/// `state` has a replica on `gpu` now: elements and their width are `size`.
pub(super) fn register(gpu: &Gpu, state: &Arc<Mutex<State>>, home: &Home, (len, width): (usize, usize)) {
    let mut holders = HOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
    if holders.len() == holders.capacity() {
        holders.retain(|holder| holder.state.strong_count() > 0);
    }
    let known = |holder: &Holder| holder.gpu == gpu.id() && holder.state.as_ptr() == Arc::as_ptr(state);
    if !holders.iter().any(known) {
        holders.push(Holder { gpu: gpu.id(), state: Arc::downgrade(state), home: home.clone(), len, width });
    }
}

/// Memory of `gpu`, as [`Gpu::alloc`] gives it, for which arrays make room where there is none.
///
/// # Errors
/// As [`Gpu::alloc`].
pub(crate) fn alloc(gpu: &Gpu, bytes: u64) -> Result<Buffer> {
    let mut waits = 0;
    loop {
        match gpu.alloc(bytes) {
            Err(error) if error.kind() == ErrorKind::OutOfMemory => {
                let room = make_room(gpu);
                if room == Room::Made {
                    continue;
                }
                if waits == MOST_WAITS {
                    return Err(error);
                }
                gpu.wait_idle()?;
                if room == Room::InUse {
                    // Perhaps by a thread that has yet to enqueue its work: it needs time, not the device.
                    sleep(Duration::from_millis(1 << waits));
                }
                waits += 1;
            }
            given => return given,
        }
    }
}

/// What became of a wish for room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// An array gave up its replica.
    Made,
    /// None did, and some are in use.
    InUse,
    /// There is none that could.
    None,
}

/// Makes one array give up its replica on `gpu`.
fn make_room(gpu: &Gpu) -> Room {
    let holders: Vec<Holder> = {
        let mut holders = HOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
        holders.retain(|holder| holder.state.strong_count() > 0);
        holders.iter().filter(|holder| holder.gpu == gpu.id()).cloned().collect()
    };
    let mut candidates: Vec<(u64, &Holder)> =
        holders.iter().filter_map(|holder| Some((holder.used()?, holder))).collect();
    candidates.sort_unstable_by_key(|(used, _)| *used);
    // One that cannot come home (the host may be full too) is passed over: the next may be at home already.
    if candidates.iter().any(|(_, holder)| holder.give_up().unwrap_or(false)) {
        Room::Made
    } else if candidates.len() < holders.len() {
        Room::InUse
    } else {
        Room::None
    }
}

impl Holder {
    /// When its replica was last asked for; `None` where it has none to give.
    fn used(&self) -> Option<u64> {
        self.free(|state, at| state.devices[at].used)
    }

    /// Gives up the replica, if nobody uses it still; what is valid there alone is brought to the stash.
    fn give_up(&self) -> Result<bool> {
        self.free(|state, at| self.stash(state, at)).transpose().map(|done| done.is_some())
    }

    /// What `body` makes of the state and the place of its replica, where nobody uses that.
    fn free<R>(&self, body: impl FnOnce(&mut State, usize) -> R) -> Option<R> {
        let state = self.state.upgrade()?;
        let mut state = match state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        let at = state.devices.iter().position(|replica| replica.gpu.id() == self.gpu)?;
        state.devices[at].buffer.is_sole().then(|| body(&mut state, at))
    }

    fn stash(&self, state: &mut State, at: usize) -> Result<()> {
        let there = Space::gpu(self.gpu);
        let all = Span::new(0, self.len);
        let mut pieces = Vec::new();
        for interval in state.valid.where_valid(all) {
            if interval.status(there) == Status::Owner {
                pieces.push(self.piece(&state.devices[at], interval.span)?);
            }
        }
        for piece in pieces {
            piece.left().iter().for_each(|span| state.valid.make_valid(Space::STASH, *span));
            state.stash.push(piece);
        }
        state.valid.invalidate(there, all);
        self.home.count_given_up(state.devices.swap_remove(at).buffer.bytes());
        Ok(())
    }

    /// Downloads `span`, after everything enqueued before.
    fn piece(&self, replica: &Replica, span: Span) -> Result<Piece> {
        let first = span.start * self.width / 4;
        let before = span.start * self.width - first * 4;
        let count = (before + span.len() * self.width).div_ceil(4);
        let mut words = Host::take(self.home.pool(), count)?;
        // A buffer is whole words, also behind an array that is not.
        replica.gpu.download(&replica.buffer, first as u64 * 4, bytemuck::cast_slice_mut(words.all_mut()))?;
        self.home.count_to_host(span.len() * self.width);
        Ok(Piece { first: span.start, left: Spans::of(span), words, before, width: self.width })
    }
}

/// `intervals` as others may see them: what is stashed is at home.
pub(super) fn told(intervals: Vec<Interval>) -> Vec<Interval> {
    let mut told: Vec<Interval> = Vec::new();
    for mut interval in intervals {
        if interval.valid.contains(&Space::STASH) {
            interval.valid.retain(|space| *space != Space::STASH && *space != Space::HOST);
            interval.valid.insert(0, Space::HOST);
        }
        match told.last_mut() {
            Some(last) if last.valid == interval.valid && last.span.end == interval.span.start => {
                last.span.end = interval.span.end;
            }
            _ => told.push(interval),
        }
    }
    told
}

/// Has `state` give up its replica on `gpu`; whether it did.
#[cfg(test)]
pub(super) fn give_up(gpu: &Gpu, state: &Arc<Mutex<State>>) -> bool {
    gpu.wait_idle().unwrap();
    let holders = HOLDERS.lock().unwrap().clone();
    let mine = |holder: &&Holder| holder.gpu == gpu.id() && holder.state.as_ptr() == Arc::as_ptr(state);
    holders.iter().find(mine).is_some_and(|holder| holder.give_up().unwrap())
}
