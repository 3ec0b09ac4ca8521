//! A launch's chunks on GPUs: arrays made valid there, a pipeline, a dispatch, and what is left for the end.

use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{self, Config, Core};
use crate::exec::fold::Folded;
use crate::exec::gpu::assembly::{Assembly, Copied, Plain, domains_of, passed};
use crate::exec::gpu::lane::{Common, Needs};
use crate::exec::tracer::Recording;
use crate::kernel::{Binding, Control, Kernel, Operand, Output, Params, SlotBinding};
use crate::memory::{self, Keep};
use crate::plan::{Plan, Site, Work, Worker};
use crate::shape::{CHUNK, Domain, Span, Target};

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

/// A launch without its types, so that what GPUs do with it is compiled once and not for every kernel.
struct Untyped<'x> {
    of: Plain,
    args: &'x mut dyn Arguments,
    slots: &'x mut dyn Results,
}

/// What is passed to a launch.
trait Arguments {
    fn domains(&self) -> Vec<Option<Domain>>;
    fn operands(&self) -> Vec<Operand<'_>>;
    fn bindings(&mut self) -> Vec<Binding<'_>>;
}

/// What it writes; nothing where it is folded.
trait Results {
    fn bindings(&mut self) -> Vec<SlotBinding<'_>>;
}

struct ArgumentsOf<'x, 'a, K: Kernel>(&'x mut <K::Params as Params>::Arg<'a>);

impl<K: Kernel> Arguments for ArgumentsOf<'_, '_, K> {
    fn domains(&self) -> Vec<Option<Domain>> {
        domains_of::<K>(self.0)
    }
    fn operands(&self) -> Vec<Operand<'_>> {
        K::Params::operands(self.0)
    }
    fn bindings(&mut self) -> Vec<Binding<'_>> {
        K::Params::bindings(self.0)
    }
}

struct ResultsOf<'x, 's, K: Kernel>(&'x mut <K::Out as Output>::Slots<'s>);

impl<K: Kernel> Results for ResultsOf<'_, '_, K> {
    fn bindings(&mut self) -> Vec<SlotBinding<'_>> {
        K::Out::bindings(self.0)
    }
}

struct NoResults;

impl Results for NoResults {
    fn bindings(&mut self) -> Vec<SlotBinding<'_>> {
        Vec::new()
    }
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
    let (args, slots) = (&mut ArgumentsOf::<K>(args), &mut ResultsOf::<K>(slots));
    Untyped { of: Plain::of::<K>(), args, slots }.map(core, plan, (work, config))
}

/// Enqueues a planned fold on its GPU, as [`enqueue_map`] does a map.
pub(crate) fn enqueue_fold<K: Kernel>(
    core: &Core,
    plan: &Plan,
    (work, config): (&Work, &Config),
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &Folded,
) -> Result<Option<Launched>, (Error, bool)> {
    let (args, slots) = (&mut ArgumentsOf::<K>(args), &mut NoResults);
    Untyped { of: Plain::of::<K>(), args, slots }.fold(core, plan, (work, config), fold)
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
    let (args, slots) = (&mut ArgumentsOf::<K>(args), &mut ResultsOf::<K>(slots));
    Untyped { of: Plain::of::<K>(), args, slots }.finish(core, launched, wait, control)
}

/// Brings home the blocks of a fold, in order.
pub(crate) fn finish_fold<K: Kernel, T: bytemuck::Pod>(
    core: &Core,
    launched: Launched,
    args: &mut <K::Params as Params>::Arg<'_>,
    blocks: &mut [T],
    control: &Control,
) -> Result<String> {
    let (args, slots) = (&mut ArgumentsOf::<K>(args), &mut NoResults);
    let blocks = (bytemuck::cast_slice_mut(blocks), size_of::<T>());
    Untyped { of: Plain::of::<K>(), args, slots }.finish_blocks(core, launched, blocks, control)
}

impl Untyped<'_> {
    fn map(
        &mut self,
        core: &Core,
        plan: &Plan,
        (work, config): (&Work, &Config),
    ) -> Result<Option<Launched>, (Error, bool)> {
        if !self.stays(core, plan, (work, config)).map_err(|error| (error, false))? {
            return Ok(None);
        }
        let mut claimed = false;
        let launched =
            enqueue(core, plan, |gpu, span| self.map_part(gpu, span, (work, config), &mut claimed));
        if let (Err((error, _)), true) = (&launched, claimed) {
            driver::lose(self.slots.bindings(), error);
        }
        launched.map(|launched| launched.map(|launched| launched.of(self.of.info.hash)))
    }

    /// One dispatch of a map.
    fn map_part(
        &mut self,
        gpu: &Gpu,
        span: Span,
        (work, config): (&Work, &Config),
        claimed: &mut bool,
    ) -> Result<Part> {
        let mut assembly = Assembly::new(self.of, gpu, span, work.domain, config);
        let mut part_in_place = Vec::new();
        self.arguments(&mut assembly, &mut part_in_place)?;
        let mut part_slots = Vec::new();
        for (k, (slot, element)) in self.slots.bindings().into_iter().zip(self.of.info.results).enumerate() {
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
        for slot in self.slots.bindings() {
            if let SlotBinding::Array(array) = slot {
                array.carry(gpu, span, completion.clone());
            }
        }
        for binding in self.args.bindings() {
            if let Binding::ArrayMut(array) = binding {
                array.carry(gpu, span, completion.clone());
            }
        }
        let (slots, in_place) = (part_slots, part_in_place);
        Ok(Part { gpu: gpu.clone(), span, completion, slots, in_place, shared, blocks: None })
    }

    fn fold(
        &mut self,
        core: &Core,
        plan: &Plan,
        (work, config): (&Work, &Config),
        fold: &Folded,
    ) -> Result<Option<Launched>, (Error, bool)> {
        if !self.stays(core, plan, (work, config)).map_err(|error| (error, false))? {
            return Ok(None);
        }
        let info = self.of.info;
        enqueue(core, plan, |gpu, span| {
            let mut assembly = Assembly::new(self.of, gpu, span, work.domain, config);
            assembly.slots[1][1] = fold.identity;
            let mut in_place = Vec::new();
            self.arguments(&mut assembly, &mut in_place)?;
            if info.updates_in_place() {
                return Err(Error::new(
                    ErrorKind::UnsupportedType,
                    format!(
                        "{}: a kernel that updates in place cannot be folded on a GPU; run it, then reduce",
                        info.name
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
            Ok(Part {
                gpu: gpu.clone(),
                span,
                completion,
                slots: vec![],
                in_place,
                shared,
                blocks: Some(buffer),
            })
        })
        .map(|launched| launched.map(|launched| launched.of(info.hash)))
    }

    fn arguments(&mut self, assembly: &mut Assembly<'_>, in_place: &mut Vec<(usize, Buffer)>) -> Result<()> {
        let pictures = self.args.domains();
        assembly.bindings(self.args.bindings(), &pictures, in_place)
    }

    fn finish(&mut self, core: &Core, launched: Launched, wait: bool, control: &Control) -> Result<String> {
        let info = self.of.info;
        for part in &launched.parts {
            if wait || !part.slots.is_empty() || !part.in_place.is_empty() || !part.shared.is_empty() {
                part.completion.wait()?;
                launched.record(core, part);
                control.advance(part.span.len());
            }
            self.merge(part)?;
            for (k, buffer) in &part.slots {
                let width = info.results[*k].bytes();
                if let Some(SlotBinding::Slice(bytes)) = self.slots.bindings().into_iter().nth(*k) {
                    part.gpu.download(
                        buffer,
                        0,
                        &mut bytes[part.span.start * width..part.span.end * width],
                    )?;
                }
            }
            for (k, buffer) in &part.in_place {
                let width = passed(info).nth(*k).map_or(1, |param| param.element.bytes());
                if let Some(Binding::SliceMut(bytes)) = self.args.bindings().into_iter().nth(*k) {
                    part.gpu.download(
                        buffer,
                        0,
                        &mut bytes[part.span.start * width..part.span.end * width],
                    )?;
                }
            }
        }
        Ok(launched.adapters.join(", "))
    }

    fn finish_blocks(
        &mut self,
        core: &Core,
        launched: Launched,
        (blocks, width): (&mut [u8], usize),
        control: &Control,
    ) -> Result<String> {
        let mut rest = blocks;
        for part in &launched.parts {
            let (mine, others) = rest.split_at_mut(part.span.len().div_ceil(CHUNK) * width);
            rest = others;
            part.completion.wait()?;
            launched.record(core, part);
            control.advance(part.span.len());
            self.merge(part)?;
            if let Some(buffer) = &part.blocks {
                part.gpu.download(buffer, 0, mine)?;
            }
        }
        Ok(launched.adapters.join(", "))
    }

    /// Takes the copies of shared places home.
    fn merge(&mut self, part: &Part) -> Result<()> {
        for copied in &part.shared {
            if let Some(Binding::Shared(places)) = self.args.bindings().into_iter().nth(copied.k) {
                copied.merge(&part.gpu, self.of.info, places)?;
            }
        }
        Ok(())
    }

    /// Whether the memory of the plan's GPU holds all that the launch touches.
    fn stays(&mut self, core: &Core, plan: &Plan, (work, config): (&Work, &Config)) -> Result<bool> {
        let Some(Worker::Gpu(index)) = plan.members.first().map(|member| member.worker) else {
            return Ok(false);
        };
        let gpu = core.gpus.get(index)?;
        let arguments = (self.args.operands(), self.args.domains());
        let common = Common::untyped(self.of, arguments, work, config, None);
        let budget = config.memory.unwrap_or(u64::MAX).min(gpu.memory_budget());
        let needed = Needs::of(&gpu, &common, &mut self.slots.bindings()).whole(work.domain.len());
        // Shared places that cannot be merged are one copy for all chunks, which a lane has.
        let one = plan.chunks.len() <= 1 || self.of.info.merges();
        Ok(one && needed <= budget && common.fits(&gpu))
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
