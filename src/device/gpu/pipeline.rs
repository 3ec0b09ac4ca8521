//! Compiled shaders, cached by the caller's key.
//!
//! Shaders are compiled with wgpu's run-time checks (bounds, division, bounded loops). Turning them off is `unsafe` in
//! wgpu and takes a proof per shader; naga's forced loop bounds can be slow on a real GPU (wgpu#7698), so that is an
//! issue of its own, to be decided with measurements on one.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use wgpu::naga;

use super::fault::scoped;
use super::{BindingKind, GpuId, Limits};
use crate::error::{Error, ErrorKind, Result};

/// A compiled shader; cheap to clone.
#[derive(Clone)]
pub struct Pipeline(Arc<Compiled>);

struct Compiled {
    label: String,
    gpu: GpuId,
    raw: wgpu::ComputePipeline,
    layout: wgpu::BindGroupLayout,
    bindings: Vec<BindingKind>,
    /// Whether the shader has a status behind them.
    status: bool,
    /// Bits of the seconds that one workgroup took in the last run; NaN before the first.
    pace: AtomicU64,
}

impl Pipeline {
    /// The label it was made with.
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// The device that it runs on.
    pub fn gpu(&self) -> GpuId {
        self.0.gpu
    }

    /// Its storage buffers, in order, without the status.
    pub fn bindings(&self) -> &[BindingKind] {
        &self.0.bindings
    }

    /// Whether the shader declares a status behind its storage buffers.
    pub fn has_status(&self) -> bool {
        self.0.status
    }

    pub(super) fn raw(&self) -> &wgpu::ComputePipeline {
        &self.0.raw
    }

    pub(super) fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.0.layout
    }

    /// Seconds that `groups` workgroups are expected to take, by the last run.
    pub(super) fn expected(&self, groups: u64) -> Option<f64> {
        let pace = f64::from_bits(self.0.pace.load(Ordering::Relaxed));
        (!pace.is_nan()).then_some(pace * groups as f64)
    }

    pub(super) fn took(&self, groups: u64, seconds: f64) {
        self.0.pace.store((seconds / groups.max(1) as f64).to_bits(), Ordering::Relaxed);
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` on {:?}", self.0.label, self.0.gpu)
    }
}

/// The pipelines of one device.
#[derive(Default)]
pub(super) struct Cache(Mutex<HashMap<u64, Slot>>);

/// Locked while its pipeline is compiled, so that others compile meanwhile and the same one is compiled once.
type Slot = Arc<Mutex<Option<Pipeline>>>;

impl Cache {
    pub(super) fn get(&self, key: u64, make: impl FnOnce() -> Result<Pipeline>) -> Result<Pipeline> {
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipeline) = &*slot {
            return Ok(pipeline.clone());
        }
        // A failure is not kept: memory may be there the next time.
        let pipeline = make()?;
        *slot = Some(pipeline.clone());
        Ok(pipeline)
    }
}

/// Compiles `wgsl`, whose entry point is `main`.
pub(super) fn compile(
    device: &wgpu::Device,
    gpu: GpuId,
    limits: &Limits,
    label: &str,
    wgsl: &str,
    bindings: &[BindingKind],
) -> Result<Pipeline> {
    let (status, workgroup_bytes) = inspect(wgsl, bindings.len());
    let buffers = bindings.len() + usize::from(status);
    if buffers > limits.storage_buffers as usize {
        return Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "{label}: {buffers} storage buffers are more than the {} that this GPU allows in one dispatch; pass \
                 fewer arrays or use a CPU target",
                limits.storage_buffers
            ),
        ));
    }
    // wgpu does not look at this limit, and drivers do what they like beyond it.
    if workgroup_bytes > u64::from(limits.workgroup_bytes) {
        return Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "{label}: {workgroup_bytes} bytes of workgroup memory are more than the {} that this GPU has; use \
                 smaller tiles or a CPU target",
                limits.workgroup_bytes
            ),
        ));
    }
    let what = format!("the shader `{label}`");
    let layout = scoped(device, &what, || layout(device, label, bindings, status))?;
    let raw = scoped(device, &what, || {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(label),
            source: wgpu::ShaderSource::Wgsl(wgsl.into()),
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(label),
            bind_group_layouts: &[Some(&layout)],
            ..Default::default()
        });
        device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(label),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: Default::default(),
            cache: None,
        })
    })?;
    Ok(Pipeline(Arc::new(Compiled {
        label: label.to_owned(),
        gpu,
        raw,
        layout,
        bindings: bindings.to_vec(),
        status,
        pace: AtomicU64::new(f64::NAN.to_bits()),
    })))
}

/// Binding 0 is the uniform parameters, then the storage buffers, then the status if there is one.
fn layout(
    device: &wgpu::Device,
    label: &str,
    bindings: &[BindingKind],
    status: bool,
) -> wgpu::BindGroupLayout {
    let kinds = bindings.iter().copied().chain(status.then_some(BindingKind::ReadWrite));
    let storage = kinds.map(|kind| wgpu::BufferBindingType::Storage { read_only: kind == BindingKind::Read });
    let entries: Vec<_> = std::iter::once(wgpu::BufferBindingType::Uniform)
        .chain(storage)
        .zip(0..)
        .map(|(ty, binding)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        })
        .collect();
    device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries: &entries })
}

/// Whether a shader declares a buffer behind `bindings` storage buffers, and its bytes of workgroup memory. Text that is
/// wrong has neither; wgpu will say what is wrong with it.
fn inspect(wgsl: &str, bindings: usize) -> (bool, u64) {
    let Ok(module) = naga::front::wgsl::parse_str(wgsl) else { return (false, 0) };
    let mut layouter = naga::proc::Layouter::default();
    if layouter.update(module.to_ctx()).is_err() {
        return (false, 0);
    }
    let variables = || module.global_variables.iter().map(|(_, variable)| variable);
    let is_status =
        |place: &naga::ResourceBinding| place.group == 0 && place.binding as usize == bindings + 1;
    let status = variables().any(|variable| variable.binding.as_ref().is_some_and(is_status));
    let workgroup_bytes = variables()
        .filter(|variable| variable.space == naga::AddressSpace::WorkGroup)
        .map(|variable| u64::from(layouter[variable.ty].size).next_multiple_of(16))
        .sum();
    (status, workgroup_bytes)
}
