//! What the arrays of one runtime have in common.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Result;
use crate::memory::pool::{Pool, PoolStats};

/// The runtime that an array belongs to: an identity, the pool of host memory, and counters. Cheap to clone.
///
/// Two are equal if they are the same runtime's.
#[derive(Clone)]
pub struct Home(Arc<Inner>);

struct Inner {
    id: u64,
    pool: &'static Pool,
    to_host: AtomicU64,
    from_host: AtomicU64,
    given_up: AtomicU64,
}

/// Bytes that arrays have moved between memory spaces so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// From devices to the host.
    pub to_host: u64,
    /// From the host to devices.
    pub from_host: u64,
}

impl Home {
    /// A new identity over the process's pool of host memory.
    ///
    /// # Errors
    /// `Setting` where `MANYLANE_POOL` is no number of bytes.
    pub fn new() -> Result<Self> {
        Ok(Home::over(Pool::of_process()?))
    }

    /// What distinguishes it from every other runtime of this process.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// The state of the host pool, which all runtimes of the process share.
    pub fn pool_stats(&self) -> PoolStats {
        self.0.pool.stats()
    }

    /// Bytes that this runtime's arrays have moved.
    pub fn moved(&self) -> Moved {
        Moved {
            to_host: self.0.to_host.load(Ordering::Relaxed),
            from_host: self.0.from_host.load(Ordering::Relaxed),
        }
    }

    /// Bytes of GPU memory that this runtime's arrays have given up so that others could have it.
    pub fn given_up(&self) -> u64 {
        self.0.given_up.load(Ordering::Relaxed)
    }

    pub(super) fn over(pool: &'static Pool) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let [to_host, from_host, given_up] = Default::default();
        Home(Arc::new(Inner { id, pool, to_host, from_host, given_up }))
    }

    pub(super) fn pool(&self) -> &'static Pool {
        self.0.pool
    }

    pub(super) fn count_to_host(&self, bytes: usize) {
        self.0.to_host.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn count_given_up(&self, bytes: u64) {
        self.0.given_up.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn count_from_host(&self, bytes: usize) {
        self.0.from_host.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl PartialEq for Home {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Home {}

impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Home({})", self.0.id)
    }
}
