//! A launch's chunks on GPUs: arrays made valid there, a pipeline, a dispatch, and what is left for the end.

use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{self, Config, Core};
use crate::exec::fold::Folded;
use crate::exec::gpu::assembly::{Assembly, Copied, Plain, passed};
use crate::exec::gpu::lane::{Common, Needs};
use crate::exec::tracer::Recording;
use crate::kernel::{Binding, Control, Kernel, Output, Params, SlotBinding};
use crate::memory::{self, Keep};
use crate::plan::{Plan, Site, Work, Worker};
use crate::shape::{CHUNK, Span, Target};

/// What a launch has running on GPUs.
pub(crate) struct Launched {
    parts: Vec<Part>,
    adapters: Vec<String>,
    kernel: u64,
}

/// One dispatch.
struct Part {
    gpu: Gpu,
    span: Span,
    completion: Completion,
    /// Results that go to borrowed memory, by position among the slots.
    slots: Vec<(usize, Buffer)>,
    /// In-place arguments in borrowed memory, by position among the arguments.
    in_place: Vec<(usize, Buffer)>,
    /// Copies of shared places.
    shared: Vec<Copied>,
    /// Results of a fold, one for each block.
    blocks: Option<Buffer>,
}

/// Enqueues a planned map on its GPU; `None` where its memory does not hold the launch whole. An error comes with whether
/// anything was dispatched before.
pub(crate) fn enqueue_map<K: Kernel>(
    core: &Core,
    plan: &Plan,
    (work, config): (&Work, &Config),
    args: &mut <K::Params as Params>::Arg<'_>,
    slots: &mut <K::Out as Output>::Slots<'_>,
) -> Result<Option<Launched>, (Error, bool)> {
    if !stays::<K>(core, plan, (work, config), args, &mut K::Out::bindings(slots))
        .map_err(|error| (error, false))?
    {
        return Ok(None);
    }
    let mut claimed = false;
    let launched =
        enqueue(core, plan, |gpu, span| map_part::<K>(gpu, span, (work, config), args, slots, &mut claimed));
    if let (Err((error, _)), true) = (&launched, claimed) {
        driver::lost::<K>(slots, error);
    }
    launched.map(|launched| launched.map(|launched| launched.of(K::INFO.hash)))
}

/// One dispatch of a map.
fn map_part<K: Kernel>(
    gpu: &Gpu,
    span: Span,
    (work, config): (&Work, &Config),
    args: &mut <K::Params as Params>::Arg<'_>,
    slots: &mut <K::Out as Output>::Slots<'_>,
    claimed: &mut bool,
) -> Result<Part> {
    let mut assembly = Assembly::new(Plain::of::<K>(), gpu, span, work.domain, config);
    let mut part_in_place = Vec::new();
    assembly.arguments::<K>(args, &mut part_in_place)?;
    let mut part_slots = Vec::new();
    for (k, (slot, element)) in K::Out::bindings(slots).into_iter().zip(K::INFO.results).enumerate() {
        let width = element.bytes();
        match slot {
            SlotBinding::Array(array) => {
                let (buffer, offset) = array.gpu_write(gpu, span, Keep::Nothing)?;
                *claimed = true;
                assembly.bind(BindingKind::ReadWrite, buffer, offset, span.len() * width);
            }
            SlotBinding::Slice(_) => {
                let buffer = memory::alloc(gpu, (span.len() * width) as u64)?;
                part_slots.push((k, buffer.clone()));
                assembly.bind(BindingKind::ReadWrite, buffer, 0, span.len() * width);
            }
        }
    }
    let source = assembly.source(work.domain, None);
    let places = u64::from(source.workgroup()) * u64::from(source.places());
    let groups = (span.len() as u64).div_ceil(places);
    let shared = std::mem::take(&mut assembly.shared);
    let completion = assembly.dispatch(source, groups)?;
    for slot in K::Out::bindings(slots) {
        if let SlotBinding::Array(array) = slot {
            array.carry(gpu, span, completion.clone());
        }
    }
    for binding in K::Params::bindings(args) {
        if let Binding::ArrayMut(array) = binding {
            array.carry(gpu, span, completion.clone());
        }
    }
    let (slots, in_place) = (part_slots, part_in_place);
    Ok(Part { gpu: gpu.clone(), span, completion, slots, in_place, shared, blocks: None })
}

/// Enqueues a planned fold on its GPU, as [`enqueue_map`] does a map.
pub(crate) fn enqueue_fold<K: Kernel>(
    core: &Core,
    plan: &Plan,
    (work, config): (&Work, &Config),
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &Folded,
) -> Result<Option<Launched>, (Error, bool)> {
    if !stays::<K>(core, plan, (work, config), args, &mut []).map_err(|error| (error, false))? {
        return Ok(None);
    }
    enqueue(core, plan, |gpu, span| {
        let mut assembly = Assembly::new(Plain::of::<K>(), gpu, span, work.domain, config);
        assembly.slots[1][1] = fold.identity;
        let mut in_place = Vec::new();
        assembly.arguments::<K>(args, &mut in_place)?;
        if K::INFO.updates_in_place() {
            return Err(Error::new(
                ErrorKind::UnsupportedType,
                format!(
                    "{}: a kernel that updates in place cannot be folded on a GPU; run it, then reduce",
                    K::INFO.name
                ),
            ));
        }
        let blocks = span.len().div_ceil(CHUNK);
        let buffer = memory::alloc(gpu, (blocks * fold.width) as u64)?;
        assembly.bind(BindingKind::ReadWrite, buffer.clone(), 0, blocks * fold.width);
        assembly.own_slot(fold);
        let source = assembly.source(work.domain, Some(fold.text));
        let shared = std::mem::take(&mut assembly.shared);
        let completion = assembly.dispatch(source, blocks as u64)?;
        Ok(Part { gpu: gpu.clone(), span, completion, slots: vec![], in_place, shared, blocks: Some(buffer) })
    })
    .map(|launched| launched.map(|launched| launched.of(K::INFO.hash)))
}

/// Brings home what goes to borrowed memory, and waits where that is asked for.
pub(crate) fn finish_map<K: Kernel>(
    core: &Core,
    launched: Launched,
    args: &mut <K::Params as Params>::Arg<'_>,
    slots: &mut <K::Out as Output>::Slots<'_>,
    wait: bool,
    control: &Control,
) -> Result<String> {
    for part in &launched.parts {
        if wait || !part.slots.is_empty() || !part.in_place.is_empty() || !part.shared.is_empty() {
            part.completion.wait()?;
            launched.record(core, part);
            control.advance(part.span.len());
        }
        part.merge::<K>(args)?;
        for (k, buffer) in &part.slots {
            let width = K::INFO.results[*k].bytes();
            if let Some(SlotBinding::Slice(bytes)) = K::Out::bindings(slots).into_iter().nth(*k) {
                part.gpu.download(buffer, 0, &mut bytes[part.span.start * width..part.span.end * width])?;
            }
        }
        for (k, buffer) in &part.in_place {
            let width = passed(&K::INFO).nth(*k).map_or(1, |param| param.element.bytes());
            if let Some(Binding::SliceMut(bytes)) = K::Params::bindings(args).into_iter().nth(*k) {
                part.gpu.download(buffer, 0, &mut bytes[part.span.start * width..part.span.end * width])?;
            }
        }
    }
    Ok(launched.adapters.join(", "))
}

/// Brings home the blocks of a fold, in order.
pub(crate) fn finish_fold<K: Kernel, T: bytemuck::Pod>(
    core: &Core,
    launched: Launched,
    args: &mut <K::Params as Params>::Arg<'_>,
    blocks: &mut [T],
    control: &Control,
) -> Result<String> {
    let mut rest = blocks;
    for part in &launched.parts {
        let (mine, others) = rest.split_at_mut(part.span.len().div_ceil(CHUNK));
        rest = others;
        part.completion.wait()?;
        launched.record(core, part);
        control.advance(part.span.len());
        part.merge::<K>(args)?;
        if let Some(buffer) = &part.blocks {
            part.gpu.download(buffer, 0, bytemuck::cast_slice_mut(mine))?;
        }
    }
    Ok(launched.adapters.join(", "))
}

impl Part {
    /// Takes the copies of shared places home.
    fn merge<K: Kernel>(&self, args: &mut <K::Params as Params>::Arg<'_>) -> Result<()> {
        for copied in &self.shared {
            if let Some(Binding::Shared(places)) = K::Params::bindings(args).into_iter().nth(copied.k) {
                copied.merge(&self.gpu, &K::INFO, places)?;
            }
        }
        Ok(())
    }
}

impl Launched {
    fn of(mut self, kernel: u64) -> Self {
        self.kernel = kernel;
        self
    }

    /// Tells which device got which places.
    pub fn tell(&self, recording: &Recording) {
        for part in &self.parts {
            recording.on_device(part.span, Target::Gpu(part.gpu.index()).to_string(), &part.completion);
        }
    }

    fn record(&self, core: &Core, part: &Part) {
        if let Some(seconds) = part.completion.seconds() {
            let site = Site::Gpu { index: part.gpu.index(), software: part.gpu.info().software };
            core.models().record(self.kernel, site, part.span.len(), seconds);
        }
    }
}

fn enqueue(
    core: &Core,
    plan: &Plan,
    mut chunk: impl FnMut(&Gpu, Span) -> Result<Part>,
) -> Result<Option<Launched>, (Error, bool)> {
    let mut launched = Launched { parts: Vec::new(), adapters: Vec::new(), kernel: 0 };
    for planned in &plan.chunks {
        if let Worker::Gpu(index) = planned.worker {
            let began = !launched.parts.is_empty();
            let gpu = core.gpus.get(index).map_err(|error| (error, began))?;
            launched.parts.push(chunk(&gpu, planned.span).map_err(|error| (error, began))?);
            if !launched.adapters.contains(&gpu.info().name) {
                launched.adapters.push(gpu.info().name.clone());
            }
        }
    }
    Ok((!launched.parts.is_empty()).then_some(launched))
}

/// Whether the memory of the plan's GPU holds all that the launch touches.
fn stays<K: Kernel>(
    core: &Core,
    plan: &Plan,
    (work, config): (&Work, &Config),
    args: &<K::Params as Params>::Arg<'_>,
    slots: &mut [SlotBinding<'_>],
) -> Result<bool> {
    let Some(Worker::Gpu(index)) = plan.members.first().map(|member| member.worker) else { return Ok(false) };
    let gpu = core.gpus.get(index)?;
    let common = Common::new::<K>(args, work, config, None);
    let budget = config.memory.unwrap_or(u64::MAX).min(gpu.memory_budget());
    let needed = Needs::of(&gpu, &common, slots).whole(work.domain.len());
    // Shared places that cannot be merged are one copy for all chunks, which a lane has.
    let one = plan.chunks.len() <= 1 || K::INFO.merges();
    Ok(one && needed <= budget && common.fits(&gpu))
}
