//! One dispatch, put together: arguments made valid on the device and bound, the shader that fits their forms, and what its
//! status says.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::device::Completion;
use crate::device::gpu::{BindingKind, Bound, Buffer, Dispatch, Explain, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::Config;
use crate::exec::fold::{FoldText, Folded};
use crate::exec::gpu::blocks::BlockRun;
use crate::exec::gpu::source::{Form, Source};
use crate::kernel::{
    Binding, Chain, Fault, Fragment, Kernel, KernelInfo, ParamInfo, ParamKind, Params, atomics, basic,
};
use crate::lanes::f16;
use crate::memory::{self, Keep};
use crate::plan::{Halo, tuning};
use crate::shape::{Border, Domain, ScalarType, Span};

/// A kernel without its types: what shaders are made of, so that this code is compiled once and not for every kernel.
#[derive(Clone, Copy)]
pub(crate) struct Plain {
    pub info: &'static KernelInfo,
    pub wgsl: &'static Fragment,
    /// The kernels that its results go through.
    pub chain: Option<&'static Chain>,
}

impl Plain {
    pub fn of<K: Kernel>() -> Self {
        Plain { info: const { &K::INFO }, wgsl: K::WGSL, chain: K::CHAIN }
    }

    /// A kernel that gives back its argument: for passes that ask for no values.
    pub fn same(scalar: ScalarType) -> Self {
        match scalar {
            ScalarType::F32 => Plain::of::<basic::same_f32>(),
            ScalarType::I32 => Plain::of::<basic::same_i32>(),
            _ => Plain::of::<basic::same_u32>(),
        }
    }
}

/// One dispatch while it is put together.
pub(super) struct Assembly<'g> {
    of: Plain,
    gpu: &'g Gpu,
    span: Span,
    domain: Domain,
    config: &'g Config,
    pub(super) slots: Vec<[u32; 4]>,
    forms: Vec<Form>,
    kinds: Vec<BindingKind>,
    bound: Vec<Bound>,
    /// What the values of the arguments still wait for: if that fails, so has this.
    inherited: Vec<Completion>,
    pub(super) shared: Vec<Copied>,
    /// Where faults are told beside the error, if anyone wants to compare them.
    pub(super) faults: Option<Arc<Mutex<Option<Fault>>>>,
}

/// A device's copy of shared places.
pub(super) struct Copied {
    /// Which argument they are.
    pub k: usize,
    pub buffer: Buffer,
    /// What it began with: neutral where copies are merged, else the places themselves.
    first: Vec<u32>,
}

impl Copied {
    pub fn new(gpu: &Gpu, k: usize, places: &[AtomicU32], param: &ParamInfo) -> Result<Self> {
        let first: Vec<u32> = places
            .iter()
            .map(|place| match param.merge {
                Some(merge) => atomics::identity(merge, param.element.scalar),
                None => place.load(Ordering::Relaxed),
            })
            .collect();
        let buffer = memory::alloc(gpu, (first.len() * 4) as u64)?;
        gpu.upload(&buffer, 0, bytemuck::cast_slice(&first))?;
        Ok(Copied { k, buffer, first })
    }

    /// Takes it home.
    ///
    /// # Errors
    /// Of the download; `LimitExceeded` where copies are not merged and another launch changed the same places meanwhile.
    pub fn merge(&self, gpu: &Gpu, info: &KernelInfo, places: &[AtomicU32]) -> Result<()> {
        let Some(param) = passed(info).nth(self.k) else { return Ok(()) };
        let mut words = vec![0u32; places.len()];
        gpu.download(&self.buffer, 0, bytemuck::cast_slice_mut(&mut words))?;
        match atomics::take(places, (param.merge, param.element.scalar), &self.first, &words) {
            None => Ok(()),
            Some(at) => Err(Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "{}: another launch changed place {at} of `{}` while gpu:{} held them, so what the GPU did there is lost; \
                     a kernel that looks at what stood there, or mixes operations, has its places on a GPU to itself: run such \
                     launches one after the other, or on the CPU",
                    info.name,
                    param.name,
                    gpu.index(),
                ),
            )),
        }
    }
}

/// The shape of each argument that has one.
pub(super) fn domains_of<K: Kernel>(args: &<K::Params as Params>::Arg<'_>) -> Vec<Option<Domain>> {
    let mut domains = vec![None; passed(&K::INFO).count()];
    K::Params::domains(args, &mut |k, domain| domains[k] = Some(domain));
    domains
}

/// The parameters that a launch passes.
pub(super) fn passed(info: &KernelInfo) -> impl Iterator<Item = &'static ParamInfo> + use<> {
    info.params.iter().filter(|param| param.kind.is_passed())
}

impl<'g> Assembly<'g> {
    pub(super) fn new(of: Plain, gpu: &'g Gpu, span: Span, domain: Domain, config: &'g Config) -> Self {
        let (width, height) = match domain {
            Domain::Grid { width, height } => (width, height),
            Domain::Line(n) => (n, 1),
        };
        let places = [span.len() as u32, span.start as u32, width as u32, height as u32];
        let budget = config.loop_budget.unwrap_or(tuning::GPU_LOOP_BUDGET);
        Assembly {
            of,
            gpu,
            span,
            domain,
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
    pub(super) fn arguments<K: Kernel>(
        &mut self,
        args: &mut <K::Params as Params>::Arg<'_>,
        in_place: &mut Vec<(usize, Buffer)>,
    ) -> Result<()> {
        let pictures = domains_of::<K>(args);
        self.bindings(K::Params::bindings(args), &pictures, in_place)
    }

    /// As [`arguments`](Assembly::arguments), of what a lane has for them.
    pub(super) fn bindings(
        &mut self,
        bindings: Vec<Binding<'_>>,
        pictures: &[Option<Domain>],
        in_place: &mut Vec<(usize, Buffer)>,
    ) -> Result<()> {
        let (gpu, span) = (self.gpu, self.span);
        let halo = Halo::of(self.of.info, self.domain, self.config.border);
        let cut = halo.map(|halo| halo.around(self.domain, span));
        // A whole picture is bound as it is: there is no word to subtract for each cell.
        let cut = cut.filter(|cut| cut.len() < self.domain.len());
        if let Some(cut) = cut {
            self.slots[1][3] = cut.start as u32;
        }
        for (k, (binding, param)) in bindings.into_iter().zip(passed(self.of.info)).enumerate() {
            let width = param.element.bytes();
            let whole = match (param.kind, &binding) {
                (ParamKind::Picture, _) => pictures[k].map(|domain| domain.len()),
                (ParamKind::Slice, Binding::Array(array)) => Some(array.domain().len()),
                (ParamKind::Slice, Binding::Slice(host)) => Some(host.len() / width),
                (ParamKind::Slice, Binding::Copied(_, bytes)) => Some(bytes / width),
                _ => None,
            };
            let rows = cut.filter(|_| Halo::bounds(param, pictures[k], self.domain));
            let need = rows.unwrap_or_else(|| whole.map_or(span, |n| Span::new(0, n)));
            match (param.kind, pictures[k]) {
                (ParamKind::Picture, Some(Domain::Grid { width, height })) => {
                    let (border, outside) = border_words(self.config.border, param.element.scalar);
                    self.slots.push([width as u32, height as u32, border, outside]);
                }
                (ParamKind::Slice, _) => self.slots.push([need.len() as u32, 0, 0, 0]),
                _ => {}
            }
            let bytes = need.len() * width;
            self.fits(param, bytes)?;
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
                    let copied = Copied::new(gpu, k, places, param)?;
                    self.bind(BindingKind::ReadWrite, copied.buffer.clone(), 0, places.len() * 4);
                    self.shared.push(copied);
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
            self.forms.push(if rows.is_some() { Form::Rows } else { form });
        }
        Ok(())
    }

    /// Whether a binding can be as large.
    fn fits(&self, param: &ParamInfo, bytes: usize) -> Result<()> {
        let limit = self.gpu.limits().max_binding;
        if bytes as u64 <= limit {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "{}: `{}` takes {bytes} bytes in one piece and this GPU binds {limit}; use threads",
                self.of.info.name, param.name
            ),
        ))
    }

    /// The slot of a reduction's pass, behind those of the arguments.
    pub(super) fn own_slot(&mut self, fold: &Folded) {
        if fold.text.pass.has_slot {
            self.slots.push((fold.slot)(self.span.len()));
        }
    }

    /// Enqueues a pass over the bound arguments' values.
    pub(super) fn block_pass(mut self, run: BlockRun) -> Result<Completion> {
        let BlockRun { folded, slot, bound, groups, after } = run;
        self.slots[1][1] = folded.identity;
        if folded.text.pass.has_slot {
            self.slots.push(slot);
        }
        let limit = self.gpu.limits().max_binding;
        for (kind, buffer, offset, bytes) in bound {
            if bytes as u64 > limit {
                return Err(Error::new(
                    ErrorKind::LimitExceeded,
                    format!(
                        "{}: the pass `{}` takes {bytes} bytes in one piece and this GPU binds {limit}; use threads",
                        self.of.info.name, folded.text.pass.name
                    ),
                ));
            }
            self.bind(kind, buffer, offset, bytes);
        }
        self.inherited.extend(after);
        let source = self.source(self.domain, Some(folded.text));
        self.dispatch(source, groups)
    }

    pub(super) fn source(&self, domain: Domain, fold: Option<FoldText>) -> SourceOf {
        let workgroup = 256.min(self.gpu.limits().max_invocations);
        SourceOf {
            of: self.of,
            forms: self.forms.clone(),
            grid: matches!(domain, Domain::Grid { .. }),
            workgroup,
            fold,
            places: 0,
        }
        .with_places()
    }

    pub(super) fn dispatch(self, source: SourceOf, groups: u64) -> Result<Completion> {
        let status = source.reports();
        let needed = self.kinds.len() + usize::from(status);
        let limit = self.gpu.limits().storage_buffers as usize;
        if needed > limit {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "{}: it needs {needed} arrays at once and this GPU binds {limit}; use threads",
                    self.of.info.name
                ),
            ));
        }
        let pipeline =
            self.gpu.pipeline(source.key(), self.of.info.name, || source.assemble(), &self.kinds)?;
        let params = bytemuck::cast_slice(&self.slots).to_vec();
        Ok(self.gpu.dispatch(Dispatch {
            label: self.of.info.name.to_owned(),
            pipeline,
            params,
            bindings: self.bound,
            groups,
            status,
            explain: explain(self.of, self.span.start, self.faults),
            deadline: self.config.deadline.unwrap_or(Duration::from_secs_f64(tuning::GPU_DEADLINE_SECONDS)),
            after: self.inherited,
            stop: self.config.control.clone().map(|control| control as _),
        }))
    }
}

/// What the status of a shader says of a dispatch from place `first` on: which array at which index, at the lowest place
/// that did it. (Shaders count places in 32 bits: in a dispatch across a multiple of 2^32 the lowest may be one behind that.)
fn explain(of: Plain, first: usize, faults: Option<Arc<Mutex<Option<Fault>>>>) -> Explain {
    let Plain { info, wgsl, .. } = of;
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
    of: Plain,
    forms: Vec<Form>,
    grid: bool,
    workgroup: u32,
    fold: Option<FoldText>,
    places: u32,
}

impl SourceOf {
    fn as_source(&self) -> Source<'_> {
        Source {
            info: self.of.info,
            wgsl: self.of.wgsl,
            chain: self.of.chain,
            forms: &self.forms,
            grid: self.grid,
            workgroup: self.workgroup,
            fold: self.fold,
        }
    }

    fn with_places(mut self) -> Self {
        self.places = self.as_source().places();
        self
    }

    pub(super) fn places(&self) -> u32 {
        self.places
    }

    pub(super) fn workgroup(&self) -> u32 {
        self.workgroup
    }

    fn reports(&self) -> bool {
        self.as_source().reports()
    }

    fn assemble(&self) -> String {
        self.as_source().assemble()
    }

    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.of.wgsl.linked_name(), self.of.info.hash, &self.forms, self.grid, self.workgroup)
            .hash(&mut hasher);
        if let Some(fold) = &self.fold {
            (fold.name, fold.pass.name, fold.callee.map(|callee| callee.linked_name())).hash(&mut hasher);
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
