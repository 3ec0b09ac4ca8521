//! One address space: arrays whose elements may be in the host's memory, on GPUs, or partly on each.
//!
//! An [`Array`] is a value: a clone is a snapshot that later writes never reach, whoever makes them. Behind it every
//! memory space ([`Space`]) may hold a replica, valid for some intervals of the elements (`coherence`); only what is
//! missing where it is needed moves, when it is needed. What a launch in flight will write is *carried* by the array: the
//! first use of those values waits for it and returns its error instead of data.
//!
//! A [`View`] is some elements of an array as a value, a [`ViewMut`] a part of one that launches write while the rest stays
//! as it is, where it is. A GPU that is full is made room on: replicas that nobody uses are given up (`evict`).
//!
//! What the layer promises:
//! - a valid interval of a version is never written while anyone can read it;
//! - host memory is initialised from the moment that it is taken (`pool`);
//! - no allocation that fails aborts: it is `OutOfMemory`.
//!
//! It does not know kernels or plans, does not decide where anything runs, and does not compare runtimes: who mixes
//! arrays of two is told so by the API, which compares [`Home`]s.

mod array;
mod claim;
pub(crate) mod coherence;
mod element;
mod evict;
mod home;
mod host;
mod pack;
mod part;
pub(crate) mod pool;
mod promise;
mod range;
mod spans;
mod state;
mod version;
mod view;

#[cfg(test)]
mod gpu_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod view_tests;

pub use array::{Array, DeviceArray, DeviceSource, Read, Write};
pub use coherence::{Interval, Space, Status};
pub use element::Element;
pub(crate) use evict::alloc;
pub use home::{Home, Moved};
pub use part::ViewMut;
pub(crate) use part::Written;
pub use pool::PoolStats;
pub use promise::Promised;
pub use version::Keep;
pub use view::View;
