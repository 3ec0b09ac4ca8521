//! The GPUs that a runtime uses, opened when a launch asks for one or could pay for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::device::gpu::{self, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::GpuSpec;

/// The open GPUs of a runtime. The last one of a runtime waits for the thread that opens some in the background: a process
/// that ends while drivers are being loaded can be aborted by them (Mesa's LLVM, 1 in 300 on a busy machine, 2026-11).
pub(crate) struct Gpus {
    shared: Arc<Shared>,
    opener: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    open: Mutex<Vec<Gpu>>,
    software_joins_split: bool,
    /// Whether a background thread was sent to open the real ones.
    opening: AtomicBool,
    /// Devices that failed in a launch, by number: no launch takes them unasked.
    avoided: Mutex<Vec<(usize, String)>>,
    /// What adapters that may join a split were not opened for; `None` before anyone looked.
    refused: Mutex<Option<Vec<String>>>,
}

impl Gpus {
    pub fn new(software_joins_split: bool) -> Self {
        let named = std::env::var_os("MANYLANE_ADAPTER").is_some_and(|name| !name.is_empty());
        Gpus {
            shared: Arc::new(Shared {
                open: Mutex::default(),
                software_joins_split: software_joins_split || named,
                opening: AtomicBool::new(false),
                avoided: Mutex::default(),
                refused: Mutex::default(),
            }),
            opener: Mutex::default(),
        }
    }

    fn list(&self) -> MutexGuard<'_, Vec<Gpu>> {
        self.shared.list()
    }

    /// Opens the GPU of this number; a lost one is opened anew.
    pub fn open(&self, index: usize) -> Result<()> {
        self.shared.open(index)
    }

    /// Opens every GPU that may take a share of a split launch, once. One that cannot be opened takes none; returned is
    /// why.
    pub fn open_for_split(&self) -> Vec<String> {
        let mut refused = self.shared.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused
            .get_or_insert_with(|| {
                let adapters = gpu::adapters();
                let joins = |index: &usize| !adapters[*index].software || self.shared.software_joins_split;
                let opened = (0..adapters.len()).filter(joins).map(|index| self.open(index));
                opened.filter_map(|opened| opened.err().map(|error| error.to_string())).collect()
            })
            .clone()
    }

    /// Starts opening the real GPUs, for later launches.
    pub fn open_in_background(&self) {
        if self.shared.opening.swap(true, Ordering::Relaxed) {
            return;
        }
        let shared = self.shared.clone();
        let opening = std::thread::Builder::new().name("manylane-open".into()).spawn(move || {
            for (index, adapter) in gpu::adapters().iter().enumerate() {
                if !adapter.software {
                    // One that is refused is told by `info` and by a launch that asks for it.
                    let _refused = shared.open(index);
                }
            }
        });
        // Without a thread to spare, launches stay on the CPU.
        *self.opener.lock().unwrap_or_else(PoisonError::into_inner) = opening.ok();
    }

    /// The device failed in a launch: later ones do without it, unless they ask for it.
    pub fn avoid(&self, index: usize, error: &Error) {
        let mut avoided = self.avoided();
        if avoided.iter().all(|(known, _)| *known != index) {
            avoided.push((index, error.to_string()));
        }
    }

    /// Why devices are left out of splits.
    pub fn why_avoided(&self) -> Vec<String> {
        self.avoided()
            .iter()
            .map(|(index, why)| {
                format!("gpu:{index} takes no part, for it failed in an earlier launch ({why})")
            })
            .collect()
    }

    fn avoided(&self) -> MutexGuard<'_, Vec<(usize, String)>> {
        self.shared.avoided.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The open GPU of this number.
    pub fn get(&self, index: usize) -> Result<Gpu> {
        self.list().iter().find(|gpu| gpu.index() == index).cloned().ok_or_else(|| {
            Error::new(ErrorKind::NoDevice, format!("gpu:{index} is not open; it was lost or never opened"))
        })
    }

    /// Shows the open ones.
    pub fn each(&self, show: impl FnOnce(&[Gpu])) {
        show(&self.list());
    }

    /// The open ones, as planning sees them.
    pub fn specs(&self) -> Vec<GpuSpec> {
        let avoided: Vec<usize> = self.avoided().iter().map(|(index, _)| *index).collect();
        self.list()
            .iter()
            .filter(|gpu| !gpu.is_lost())
            .map(|gpu| GpuSpec {
                index: gpu.index(),
                name: gpu.info().name.clone(),
                software: gpu.info().software,
                joins_split: (!gpu.info().software || self.shared.software_joins_split)
                    && !avoided.contains(&gpu.index()),
                avoided: avoided.contains(&gpu.index()),
                max_binding: gpu.limits().max_binding,
            })
            .collect()
    }
}

impl Drop for Gpus {
    fn drop(&mut self) {
        let opener = self.opener.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // A panic of that thread was told on standard error; nobody needs what it would have opened.
        opener.map(|opener| opener.join());
    }
}

impl Shared {
    fn list(&self) -> MutexGuard<'_, Vec<Gpu>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, index: usize) -> Result<()> {
        if self.list().iter().any(|gpu| gpu.index() == index && !gpu.is_lost()) {
            return Ok(());
        }
        let opened = gpu::open(index)?;
        let mut list = self.list();
        // A fresh device has not failed yet.
        let mut avoided = self.avoided.lock().unwrap_or_else(PoisonError::into_inner);
        avoided.retain(|(avoided, _)| *avoided != index);
        list.retain(|gpu| gpu.index() != index);
        list.push(opened);
        list.sort_by_key(Gpu::index);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_driver_is_loaded_behind_the_end_of_a_runtime() {
        let gpus = Gpus::new(false);
        gpus.open_in_background();
        let shared = Arc::downgrade(&gpus.shared);
        drop(gpus);
        assert!(shared.upgrade().is_none(), "the thread that opens has ended");
    }
}
