//! The adapters of this machine: found once, on first need, numbered real ones first.
//!
//! `MANYLANE_ADAPTER`, an index or a part of a name in any case, leaves only what it names. (Mesa's device-select layer
//! may complain on standard error about `XDG_RUNTIME_DIR`; `NODEVICE_SELECT=1` in the environment silences it. A library
//! must not set environment variables, so that is left to who starts the program.)

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{AdapterInfo, AdapterKind, Limits};
use crate::error::{Error, ErrorKind};

/// An adapter, and the instance that it came from.
pub(super) struct Found {
    pub(super) raw: wgpu::Adapter,
    pub(super) info: AdapterInfo,
}

/// Every adapter, software ones last.
pub(super) fn found() -> Arc<Vec<Found>> {
    lock().get_or_insert_with(|| Arc::new(enumerate())).clone()
}

/// Forgets what was found, for good: a hung software device blocks its whole instance.
pub(super) fn forget() {
    std::mem::forget(lock().take());
}

/// Those that `MANYLANE_ADAPTER` leaves, by their place in [`found`], which becomes their number.
pub(super) fn chosen(found: &[Found]) -> Vec<usize> {
    let wish = std::env::var("MANYLANE_ADAPTER").unwrap_or_default();
    let names: Vec<&str> = found.iter().map(|found| found.info.name.as_str()).collect();
    choose(&wish, &names)
}

/// `NoDevice` for a number that is not among the chosen.
pub(super) fn none_such(index: usize, found: &[Found], chosen: &[usize]) -> Error {
    let list = |places: &mut dyn Iterator<Item = usize>| {
        places
            .enumerate()
            .map(|(number, place)| format!("{number}: {}", found[place].info.name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let text = if found.is_empty() {
        "this machine has no GPU adapter (no Vulkan loader or no driver); install a driver (Debian: \
         `apt-get install mesa-vulkan-drivers libvulkan1`, Mesa 25 or later for the software one), or use a CPU target"
            .to_owned()
    } else if chosen.is_empty() {
        format!(
            "no adapter is called `{}`, as MANYLANE_ADAPTER asks; this machine has {}; unset it or name one of them",
            std::env::var("MANYLANE_ADAPTER").unwrap_or_default(),
            list(&mut (0..found.len()))
        )
    } else {
        format!(
            "there is no gpu:{index}; there is {}; use one of these numbers or a CPU target",
            list(&mut chosen.iter().copied())
        )
    };
    Error::new(ErrorKind::NoDevice, text)
}

/// The places of the names that a wish leaves: all of them where there is none.
fn choose(wish: &str, names: &[&str]) -> Vec<usize> {
    let wish = wish.trim().to_lowercase();
    if wish.is_empty() {
        return (0..names.len()).collect();
    }
    if let Ok(index) = wish.parse::<usize>()
        && index < names.len()
    {
        return vec![index];
    }
    (0..names.len()).filter(|place| names[*place].to_lowercase().contains(&wish)).collect()
}

fn enumerate() -> Vec<Found> {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    // No validation layers and no indirect-call checks, which cost pipelines at opening; WGPU_VALIDATION=1 brings them.
    descriptor.flags = wgpu::InstanceFlags::empty().with_env();
    let instance = wgpu::Instance::new(descriptor);
    let backends = wgpu::Backends::VULKAN | wgpu::Backends::METAL | wgpu::Backends::DX12;
    let mut adapters: Vec<_> = pollster::block_on(instance.enumerate_adapters(backends))
        .into_iter()
        .map(|raw| (kind(raw.get_info().device_type), raw))
        .collect();
    adapters.sort_by_key(|(kind, _)| *kind);
    adapters
        .into_iter()
        .enumerate()
        .map(|(index, (kind, raw))| Found { info: describe(index, kind, &raw), raw })
        .collect()
}

fn describe(index: usize, kind: AdapterKind, raw: &wgpu::Adapter) -> AdapterInfo {
    let info = raw.get_info();
    AdapterInfo {
        index,
        name: info.name,
        backend: info.backend.to_string(),
        driver: info.driver,
        driver_info: info.driver_info,
        vendor: info.vendor,
        device: info.device,
        kind,
        software: kind == AdapterKind::Software,
        limits: limits(&raw.limits()),
    }
}

fn limits(raw: &wgpu::Limits) -> Limits {
    Limits {
        max_binding: raw.max_storage_buffer_binding_size,
        max_buffer: raw.max_buffer_size,
        max_params: raw.max_uniform_buffer_binding_size,
        max_groups: raw.max_compute_workgroups_per_dimension,
        max_invocations: raw.max_compute_invocations_per_workgroup,
        storage_buffers: raw.max_storage_buffers_per_shader_stage,
        workgroup_bytes: raw.max_compute_workgroup_storage_size,
        offset_alignment: raw.min_storage_buffer_offset_alignment,
    }
}

fn kind(raw: wgpu::DeviceType) -> AdapterKind {
    match raw {
        wgpu::DeviceType::DiscreteGpu => AdapterKind::Discrete,
        wgpu::DeviceType::IntegratedGpu => AdapterKind::Integrated,
        wgpu::DeviceType::VirtualGpu => AdapterKind::Virtual,
        wgpu::DeviceType::Other => AdapterKind::Other,
        wgpu::DeviceType::Cpu => AdapterKind::Software,
    }
}

fn lock() -> MutexGuard<'static, Option<Arc<Vec<Found>>>> {
    static FOUND: Mutex<Option<Arc<Vec<Found>>>> = Mutex::new(None);
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_an_index_or_a_part_of_a_name() {
        let names = ["NVIDIA H200", "llvmpipe (LLVM 15.0.6, 256 bits)", "SwiftShader Device"];
        assert_eq!(choose("", &names), [0, 1, 2]);
        assert_eq!(choose("1", &names), [1]);
        assert_eq!(choose("LLVMpipe", &names), [1]);
        assert_eq!(choose("200", &names), [0]);
        assert_eq!(choose("e", &names), [1, 2]);
        assert!(choose("radeon", &names).is_empty());
        assert!(choose("3", &names).is_empty());
    }
}
