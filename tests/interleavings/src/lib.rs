//! The memory layer, compiled from its own sources, with two things exchanged: locks are those of `shuttle`, which tries
//! many interleavings of threads, and a GPU is plain memory behind a queue and a thread.
//!
//! What is not exchanged takes no turns: reference counts and the host's pool.

// The layer's own tests want a real device.
#![cfg(not(test))]
#![expect(dead_code, unused_imports, reason = "the layer has more than its interleavings need")]
#![expect(clippy::large_enum_variant, reason = "shuttle's locks are larger than those they stand for")]

#[path = "../../../src/error.rs"]
pub mod error;
#[path = "../../../src/memory/mod.rs"]
pub mod memory;
#[path = "../../../src/shape.rs"]
pub mod shape;

pub mod board;
pub mod device;
pub mod scenarios;

pub(crate) mod exec;

/// Policies as the library has them.
pub(crate) mod plan {
    pub(crate) use manylane::plan::policy;
}

/// Half floats as the library has them.
pub mod lanes {
    pub use manylane::f16;
}

/// Locks with turns.
pub(crate) mod sync {
    pub(crate) use shuttle::sync::atomic;
    pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::sync::{PoisonError, TryLockError};

    /// A moment, which is long for others.
    pub(crate) fn sleep(_: std::time::Duration) {
        (0..100).for_each(|_| shuttle::thread::yield_now());
    }
}
