//! A launch's chunks on GPUs: arrays made valid there, a pipeline, a dispatch, and what is left for the end.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::device::Completion;
use crate::device::gpu::{BindingKind, Bound, Buffer, Dispatch, Explain, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{Config, Core};
use crate::exec::fold::{Fold, FoldText};
use crate::exec::gpu::lane::{Common, Needs};
use crate::exec::gpu::source::{Form, Source};
use crate::exec::tracer::Recording;
use crate::kernel::atomics;
use crate::kernel::{
    Binding, Control, Fault, Fragment, Kernel, KernelInfo, LaneElement, Output, ParamInfo, ParamKind, Params,
    SlotBinding,
};
use crate::lanes::f16;
use crate::memory::{self, Keep};
use crate::plan::{self, Plan, Site, Work, Worker, tuning};
use crate::shape::{Border, CHUNK, Domain, ScalarType, Span, Target};

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
    /// Copies of shared places, by position among the arguments.
    shared: Vec<(usize, Buffer)>,
    /// Results of a fold, one for each block.
    blocks: Option<Buffer>,
}

/// One dispatch while it is put together.
pub(super) struct Assembly<'g> {
    gpu: &'g Gpu,
    span: Span,
    config: &'g Config,
    pub(super) slots: Vec<[u32; 4]>,
    forms: Vec<Form>,
    kinds: Vec<BindingKind>,
    bound: Vec<Bound>,
    /// What the values of the arguments still wait for: if that fails, so has this.
    inherited: Vec<Completion>,
    shared: Vec<(usize, Buffer)>,
    /// Where faults are told beside the error, if anyone wants to compare them.
    pub(super) faults: Option<Arc<Mutex<Option<Fault>>>>,
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
        // What was to be written has not been, and must not be taken for values.
        for slot in K::Out::bindings(slots) {
            if let SlotBinding::Array(array) = slot {
                array.fail(error);
            }
        }
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
    let mut assembly = Assembly::new(gpu, span, work.domain, config);
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
    let source = assembly.source::<K>(work.domain, None);
    let places = u64::from(source.workgroup) * u64::from(source.places());
    let groups = (span.len() as u64).div_ceil(places);
    let shared = std::mem::take(&mut assembly.shared);
    let completion = assembly.dispatch::<K>(source, groups)?;
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
pub(crate) fn enqueue_fold<K: Kernel<Out = R::T>, R: Fold>(
    core: &Core,
    plan: &Plan,
    (work, config): (&Work, &Config),
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
) -> Result<Option<Launched>, (Error, bool)> {
    let width = size_of::<R::T>();
    if !stays::<K>(core, plan, (work, config), args, &mut []).map_err(|error| (error, false))? {
        return Ok(None);
    }
    enqueue(core, plan, |gpu, span| {
        let mut assembly = Assembly::new(gpu, span, work.domain, config);
        assembly.slots[1][1] = fold.identity().words()[0];
        let mut in_place = Vec::new();
        assembly.arguments::<K>(args, &mut in_place)?;
        if K::INFO.params.iter().any(|param| param.kind == ParamKind::InPlace) {
            return Err(Error::new(
                ErrorKind::UnsupportedType,
                format!(
                    "{}: a kernel that updates in place cannot be folded on a GPU; run it, then reduce",
                    K::INFO.name
                ),
            ));
        }
        let blocks = span.len().div_ceil(CHUNK);
        let buffer = memory::alloc(gpu, (blocks * width) as u64)?;
        assembly.bind(BindingKind::ReadWrite, buffer.clone(), 0, blocks * width);
        let source = assembly.source::<K>(work.domain, Some(fold.text()));
        let shared = std::mem::take(&mut assembly.shared);
        let completion = assembly.dispatch::<K>(source, blocks as u64)?;
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
            let width = passed::<K>().nth(*k).map_or(1, |param| param.element.bytes());
            if let Some(Binding::SliceMut(bytes)) = K::Params::bindings(args).into_iter().nth(*k) {
                part.gpu.download(buffer, 0, &mut bytes[part.span.start * width..part.span.end * width])?;
            }
        }
    }
    Ok(launched.adapters.join(", "))
}

/// Brings home the blocks of a fold, in order.
pub(crate) fn finish_fold<K: Kernel<Out = T>, T: LaneElement>(
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
        for (k, buffer) in &self.shared {
            let Some(param) = passed::<K>().nth(*k) else { continue };
            if let Some(Binding::Shared(places)) = K::Params::bindings(args).into_iter().nth(*k) {
                let mut words = vec![0u32; places.len()];
                self.gpu.download(buffer, 0, bytemuck::cast_slice_mut(&mut words))?;
                atomics::take(places, param.merge, param.element.scalar, &words);
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
    let needed = Needs::of::<K>(&gpu, &common, slots).whole(work.domain.len());
    // Shared places that cannot be merged are one copy for all chunks, which a lane has.
    let one = plan.chunks.len() <= 1 || plan::merges(&K::INFO);
    Ok(one && needed <= budget && common.fits(&gpu))
}

/// A device's copy of shared places: neutral to begin with where copies are merged, else the places themselves.
pub(super) fn copy_of(
    gpu: &Gpu,
    places: &[std::sync::atomic::AtomicU32],
    param: &ParamInfo,
) -> Result<Buffer> {
    let first: Vec<u32> = places
        .iter()
        .map(|place| match param.merge {
            Some(merge) => atomics::identity(merge, param.element.scalar),
            None => place.load(std::sync::atomic::Ordering::Relaxed),
        })
        .collect();
    let buffer = memory::alloc(gpu, (first.len() * 4) as u64)?;
    gpu.upload(&buffer, 0, bytemuck::cast_slice(&first))?;
    Ok(buffer)
}

/// The shape of each argument that has one.
pub(super) fn domains_of<K: Kernel>(args: &<K::Params as Params>::Arg<'_>) -> Vec<Option<Domain>> {
    let mut domains = vec![None; passed::<K>().count()];
    K::Params::domains(args, &mut |k, domain| domains[k] = Some(domain));
    domains
}

/// The parameters that a launch passes.
pub(super) fn passed<K: Kernel>() -> impl Iterator<Item = &'static ParamInfo> {
    K::INFO.params.iter().filter(|param| param.kind.is_passed())
}

impl<'g> Assembly<'g> {
    pub(super) fn new(gpu: &'g Gpu, span: Span, domain: Domain, config: &'g Config) -> Self {
        let (width, height) = match domain {
            Domain::Grid { width, height } => (width, height),
            Domain::Line(n) => (n, 1),
        };
        let places = [span.len() as u32, span.start as u32, width as u32, height as u32];
        let budget = config.loop_budget.unwrap_or(tuning::GPU_LOOP_BUDGET);
        Assembly {
            gpu,
            span,
            config,
            slots: vec![places, [budget, 0, 0, 0]],
            forms: vec![],
            kinds: vec![],
            bound: vec![],
            inherited: vec![],
            shared: vec![],
            faults: None,
        }
    }

    pub(super) fn bind(&mut self, kind: BindingKind, buffer: Buffer, offset: u64, bytes: usize) {
        self.kinds.push(kind);
        let size = (bytes.max(1) as u64).next_multiple_of(4);
        self.bound.push(Bound { buffer, offset, size });
    }

    /// Binds every argument; in-place ones in borrowed memory are noted.
    fn arguments<K: Kernel>(
        &mut self,
        args: &mut <K::Params as Params>::Arg<'_>,
        in_place: &mut Vec<(usize, Buffer)>,
    ) -> Result<()> {
        let pictures = domains_of::<K>(args);
        self.bindings::<K>(K::Params::bindings(args), &pictures, in_place)
    }

    /// As [`arguments`](Assembly::arguments), of what a lane has for them.
    pub(super) fn bindings<K: Kernel>(
        &mut self,
        bindings: Vec<Binding<'_>>,
        pictures: &[Option<Domain>],
        in_place: &mut Vec<(usize, Buffer)>,
    ) -> Result<()> {
        let (gpu, span) = (self.gpu, self.span);
        for (k, (binding, param)) in bindings.into_iter().zip(passed::<K>()).enumerate() {
            let width = param.element.bytes();
            let whole = match (param.kind, &binding) {
                (ParamKind::Picture, _) => pictures[k].map(|domain| domain.len()),
                (ParamKind::Slice, Binding::Array(array)) => Some(array.domain().len()),
                (ParamKind::Slice, Binding::Slice(host)) => Some(host.len() / width),
                (ParamKind::Slice, Binding::Copied(_, bytes)) => Some(bytes / width),
                _ => None,
            };
            let need = whole.map_or(span, |n| Span::new(0, n));
            match (param.kind, pictures[k]) {
                (ParamKind::Picture, Some(Domain::Grid { width, height })) => {
                    let (border, outside) = border_words(self.config.border, param.element.scalar);
                    self.slots.push([width as u32, height as u32, border, outside]);
                }
                (ParamKind::Slice, _) => self.slots.push([need.len() as u32, 0, 0, 0]),
                _ => {}
            }
            let bytes = need.len() * width;
            self.fits::<K>(param, bytes)?;
            let form = match binding {
                Binding::Uniform(words) | Binding::Constant(words) => {
                    self.slots.push(words);
                    Form::Slot
                }
                Binding::Table(bytes) => {
                    let mut words = bytemuck::cast_slice::<u8, u32>(bytes).to_vec();
                    words.resize(words.len().next_multiple_of(4), 0);
                    self.slots.extend(bytemuck::cast_slice::<u32, [u32; 4]>(&words));
                    Form::Bound
                }
                Binding::Shared(places) => {
                    let buffer = copy_of(gpu, places, param)?;
                    let bytes = places.len() * 4;
                    self.bind(BindingKind::ReadWrite, buffer.clone(), 0, bytes);
                    self.shared.push((k, buffer));
                    Form::Bound
                }
                Binding::Array(array) => {
                    self.inherited.extend(array.carried(need));
                    let (buffer, offset) = array.gpu_read(gpu, need)?;
                    self.bind(BindingKind::Read, buffer, offset, bytes);
                    Form::Bound
                }
                Binding::Slice(host) => {
                    let buffer = memory::alloc(gpu, bytes as u64)?;
                    gpu.upload(&buffer, 0, &host[need.start * width..need.end * width])?;
                    self.bind(BindingKind::Read, buffer, 0, bytes);
                    Form::Bound
                }
                Binding::Part(part) => {
                    let buffer = memory::alloc(gpu, part.len() as u64)?;
                    gpu.upload(&buffer, 0, part)?;
                    self.bind(BindingKind::Read, buffer, 0, part.len());
                    Form::Bound
                }
                Binding::PartMut(part) => {
                    let buffer = memory::alloc(gpu, part.len() as u64)?;
                    gpu.upload(&buffer, 0, part)?;
                    in_place.push((k, buffer.clone()));
                    self.bind(BindingKind::ReadWrite, buffer, 0, part.len());
                    Form::Bound
                }
                Binding::Copied(buffer, bytes) => {
                    self.bind(BindingKind::Read, buffer, 0, bytes);
                    Form::Bound
                }
                Binding::Held(buffer) => {
                    let bytes = buffer.bytes() as usize;
                    self.bind(BindingKind::ReadWrite, buffer, 0, bytes);
                    Form::Bound
                }
                Binding::ArrayMut(array) => {
                    self.inherited.extend(array.carried(span));
                    let (buffer, offset) = array.gpu_write(gpu, span, Keep::Old)?;
                    self.bind(BindingKind::ReadWrite, buffer, offset, bytes);
                    Form::Bound
                }
                Binding::SliceMut(host) => {
                    let buffer = memory::alloc(gpu, bytes as u64)?;
                    gpu.upload(&buffer, 0, &host[span.start * width..span.end * width])?;
                    in_place.push((k, buffer.clone()));
                    self.bind(BindingKind::ReadWrite, buffer, 0, bytes);
                    Form::Bound
                }
            };
            self.forms.push(form);
        }
        Ok(())
    }

    /// Whether a binding can be as large.
    fn fits<K: Kernel>(&self, param: &ParamInfo, bytes: usize) -> Result<()> {
        let limit = self.gpu.limits().max_binding;
        if bytes as u64 <= limit {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "{}: `{}` takes {bytes} bytes in one piece and this GPU binds {limit}; use threads",
                K::INFO.name,
                param.name
            ),
        ))
    }

    pub(super) fn source<K: Kernel>(&self, domain: Domain, fold: Option<FoldText>) -> SourceOf {
        let workgroup = 256.min(self.gpu.limits().max_invocations);
        SourceOf {
            forms: self.forms.clone(),
            grid: matches!(domain, Domain::Grid { .. }),
            workgroup,
            fold,
            places: 0,
        }
        .with_places::<K>()
    }

    pub(super) fn dispatch<K: Kernel>(self, source: SourceOf, groups: u64) -> Result<Completion> {
        let status = source.reports::<K>();
        let needed = self.kinds.len() + usize::from(status);
        let limit = self.gpu.limits().storage_buffers as usize;
        if needed > limit {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "{}: it needs {needed} arrays at once and this GPU binds {limit}; use threads",
                    K::INFO.name
                ),
            ));
        }
        let pipeline =
            self.gpu.pipeline(source.key::<K>(), K::INFO.name, || source.assemble::<K>(), &self.kinds)?;
        let params = bytemuck::cast_slice(&self.slots).to_vec();
        Ok(self.gpu.dispatch(Dispatch {
            label: K::INFO.name.to_owned(),
            pipeline,
            params,
            bindings: self.bound,
            groups,
            status,
            explain: explain(const { &K::INFO }, K::WGSL, self.span.start, self.faults),
            deadline: self.config.deadline.unwrap_or(Duration::from_secs_f64(tuning::GPU_DEADLINE_SECONDS)),
            after: self.inherited,
            stop: self.config.control.clone().map(|control| control as _),
        }))
    }
}

/// What the status of a shader says of a dispatch from place `first` on: which array at which index, at the lowest place
/// that did it. (Shaders count places in 32 bits: in a dispatch across a multiple of 2^32 the lowest may be one behind that.)
fn explain(
    info: &'static KernelInfo,
    wgsl: &'static Fragment,
    first: usize,
    faults: Option<Arc<Mutex<Option<Fault>>>>,
) -> Explain {
    Explain(Arc::new(move |words| {
        let [_, missing, _, array, index, len, ..] = *words;
        // Parameters come by their places, private arrays by the hash of their names.
        let param = info.params.get(array as usize).map(|param| param.name);
        let fault = Fault {
            place: first as u64 + u64::from((u32::MAX - missing).wrapping_sub(first as u32)),
            array: param.or_else(|| wgsl.table(array)).unwrap_or("an array"),
            index: u64::from(index),
            len: u64::from(len),
        };
        if let Some(faults) = &faults {
            let mut lowest = faults.lock().unwrap_or_else(PoisonError::into_inner);
            if lowest.is_none_or(|known| fault.place < known.place) {
                *lowest = Some(fault);
            }
        }
        fault.error(info.name)
    }))
}

/// What decides a launch's shader.
pub(super) struct SourceOf {
    forms: Vec<Form>,
    grid: bool,
    workgroup: u32,
    fold: Option<FoldText>,
    places: u32,
}

impl SourceOf {
    fn as_source<K: Kernel>(&self) -> Source<'_> {
        Source {
            info: const { &K::INFO },
            wgsl: K::WGSL,
            forms: &self.forms,
            grid: self.grid,
            workgroup: self.workgroup,
            fold: self.fold,
        }
    }

    fn with_places<K: Kernel>(mut self) -> Self {
        self.places = self.as_source::<K>().places();
        self
    }

    pub(super) fn places(&self) -> u32 {
        self.places
    }

    pub(super) fn workgroup(&self) -> u32 {
        self.workgroup
    }

    fn reports<K: Kernel>(&self) -> bool {
        self.as_source::<K>().reports()
    }

    fn assemble<K: Kernel>(&self) -> String {
        self.as_source::<K>().assemble()
    }

    fn key<K: Kernel>(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (K::WGSL.linked_name(), K::INFO.hash, &self.forms, self.grid, self.workgroup).hash(&mut hasher);
        if let Some(fold) = &self.fold {
            (fold.name, fold.callee.map(|callee| callee.linked_name())).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// For a shader: which border, and the bits of its constant in the lane type of such cells.
fn border_words(border: Border, scalar: ScalarType) -> (u32, u32) {
    let outside = |value: f64| match scalar {
        ScalarType::F32 => (value as f32).to_bits(),
        ScalarType::F16 => f16::from_f64(value).to_f32().to_bits(),
        ScalarType::I32 => value as i32 as u32,
        ScalarType::I16 => i32::from(value as i16) as u32,
        ScalarType::I8 => i32::from(value as i8) as u32,
        ScalarType::U16 => u32::from(value as u16),
        ScalarType::U8 => u32::from(value as u8),
        _ => value as u32,
    };
    match border {
        Border::Clamp => (0, 0),
        Border::Constant(value) => (1, outside(value)),
        Border::Reflect => (2, 0),
        Border::Wrap => (3, 0),
    }
}
