//! What threads share state through, by one name: a test of all interleavings puts its own in its place.

pub(crate) use std::sync::atomic;
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
pub(crate) use std::thread::sleep;
