//! What threads share state through, by one name: a test of all interleavings puts its own in its place.

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
