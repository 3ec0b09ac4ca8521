//! What this process has copied to and from devices, whoever asked for it.

use std::sync::atomic::{AtomicU64, Ordering};

static TO_HOST: AtomicU64 = AtomicU64::new(0);
static FROM_HOST: AtomicU64 = AtomicU64::new(0);

/// Bytes that were copied so far: from devices to the host, and from the host to devices.
pub(crate) fn so_far() -> (u64, u64) {
    (TO_HOST.load(Ordering::Relaxed), FROM_HOST.load(Ordering::Relaxed))
}

/// So many bytes come from a device.
#[cfg(feature = "gpu")]
pub(super) fn to_host(bytes: usize) {
    TO_HOST.fetch_add(bytes as u64, Ordering::Relaxed);
}

/// So many bytes go to a device.
#[cfg(feature = "gpu")]
pub(super) fn from_host(bytes: usize) {
    FROM_HOST.fetch_add(bytes as u64, Ordering::Relaxed);
}
