//! A GPU as one of a launch's devices: pieces become dispatches, on buffers that stay or on buffers of a piece's size.
//!
//! ```text
//! resident   arrays and results are whole in device memory; results stay there until they are read
//! streamed   a piece's elements are copied there and its results back, through a few buffers of a piece's size
//! ```
//! What does not fit is streamed; what a kernel may read anywhere (slices, pictures) is always whole.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::assembly::{Assembly, Copied, Plain, domains_of, passed};
use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::Config;
use crate::exec::fold::{FoldPiece, Folded};
use crate::exec::lanes::Piece;
use crate::exec::split::{Bytes, Part, Remote};
use crate::kernel::{
    Binding, Control, Fault, Kernel, Operand, Output, ParamInfo, ParamKind, Params, SlotBinding,
};
use crate::memory;
use crate::plan::{Halo, Work, tuning};
use crate::shape::{CHUNK, Domain, Span};

impl<K: Kernel> Part for Piece<'_, '_, K> {
    fn start(&self) -> usize {
        self.start
    }
    fn bytes(&mut self) -> (Bytes<'_>, Vec<&mut [u8]>) {
        (K::Params::bytes(&mut self.tiles), K::Out::bytes(&mut self.out))
    }
}

impl<K: Kernel, T: bytemuck::Pod + Send> Part for FoldPiece<'_, '_, K, T> {
    fn start(&self) -> usize {
        self.start
    }
    fn bytes(&mut self) -> (Bytes<'_>, Vec<&mut [u8]>) {
        (K::Params::bytes(&mut self.tiles), vec![bytemuck::cast_slice_mut(self.blocks)])
    }
}

/// What all lanes of a launch read.
pub(crate) struct Common<'l> {
    pub of: Plain,
    pub operands: Vec<Operand<'l>>,
    domains: Vec<Option<Domain>>,
    /// What is read of some of its pictures.
    halo: Option<Halo>,
    pub work: Work,
    pub config: Config,
    pub fold: Option<Folded>,
    /// The fault at the lowest place that a device told.
    faults: Arc<Mutex<Option<Fault>>>,
    /// When the launch has to be done.
    until: Option<Instant>,
}

impl<'l> Common<'l> {
    pub fn new<K: Kernel>(
        args: &<K::Params as Params>::Arg<'l>,
        work: &Work,
        config: &Config,
        fold: Option<Folded>,
    ) -> Self {
        let arguments = (K::Params::operands(args), domains_of::<K>(args));
        Common::untyped(Plain::of::<K>(), arguments, work, config, fold)
    }

    pub(super) fn untyped(
        of: Plain,
        (operands, domains): (Vec<Operand<'l>>, Vec<Option<Domain>>),
        work: &Work,
        config: &Config,
        fold: Option<Folded>,
    ) -> Self {
        Common {
            halo: Halo::of(of.info, work.domain, config.border),
            of,
            operands,
            domains,
            work: *work,
            config: config.clone(),
            fold,
            faults: Arc::default(),
            until: config.deadline.and_then(|allowed| Instant::now().checked_add(allowed)),
        }
    }

    /// Whether no array is larger than the largest buffer of the device.
    pub(super) fn fits(&self, gpu: &Gpu) -> bool {
        let widest = self.work.widest.max(1) as u64;
        widest * self.work.domain.len() as u64 <= gpu.limits().max_buffer
    }

    /// The rows around a piece that are read of the picture passed for an argument, where it is not read anywhere.
    fn rows(&self, k: usize, param: &ParamInfo) -> Option<Halo> {
        let picture = self.domains.get(k).copied().flatten();
        self.halo.filter(|_| Halo::bounds(param, picture, self.work.domain))
    }

    /// Waits for a dispatch, no longer than the launch may take: what is in front of it in the queue may hang.
    fn wait(&self, completion: &Completion) -> Result<()> {
        let Some(until) = self.until else { return completion.wait() };
        let allowed = self.config.deadline.unwrap_or_default();
        // A device that hangs is given up when the dispatch, which began before that, has had as long; the next launch is to find
        // it so.
        let last_word = allowed.min(Duration::from_secs_f64(tuning::LAST_WORD_SECONDS)) + SLACK;
        let left = until.saturating_duration_since(Instant::now()) + last_word;
        completion.wait_timeout(left).unwrap_or_else(|| Err(Error::late(self.work.kernel.name, allowed)))
    }

    /// Whether a device told of a fault of this launch; an error of what it reads tells of none.
    fn has_fault(&self) -> bool {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Whether places are shared.
    fn shares(&self) -> bool {
        self.operands.iter().any(|operand| matches!(operand, Operand::Shared(_)))
    }

    /// Tells the launch of what devices told.
    pub fn report(&self, control: &Control) {
        if let Some(fault) = *self.faults.lock().unwrap_or_else(PoisonError::into_inner) {
            control.report(fault);
        }
    }
}

/// One GPU at work on a launch.
pub(crate) struct Lane<'l> {
    pub gpu: Gpu,
    common: &'l Common<'l>,
    /// Where results stay, by position; `None` where they go home with each piece.
    spares: Vec<Option<Buffer>>,
    /// Copies of shared places.
    shared: Vec<Copied>,
    /// Copies of lent memory that is read anywhere, by position among the arguments.
    held: Vec<(usize, Buffer)>,
    /// Whether elements are copied piece by piece.
    streams: bool,
    /// Whether it had to do with less memory than it began with.
    pub shrank: bool,
    /// Whether the kernel updates arguments in place: results then come home with each piece, so that a piece that was
    /// updated is never computed again.
    updates: bool,
    /// The most places of a piece, for bindings and memory.
    most: usize,
    /// The same for time.
    timely: usize,
}

/// How long a device may take to be given up.
const SLACK: Duration = Duration::from_millis(100);

/// The pieces whose memory a lane holds at once, each a quarter larger than it need be.
const PIECES: u64 = 5;

/// A dispatch on its way.
pub(crate) struct Flight {
    completion: Completion,
    results: Vec<(usize, Buffer)>,
    in_place: Vec<(usize, Buffer)>,
}

/// What a launch needs of a device's memory, in bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Needs {
    /// What is whole in any case.
    fixed: u64,
    /// Elements and results of arrays, which are whole if they stay.
    arrays: u64,
    /// For each place of a piece, where arrays stay.
    lent: u64,
    /// For each place of a piece, where everything is streamed.
    place: u64,
    /// Places beside its own that a piece reads.
    margin: usize,
}

impl Needs {
    /// For a launch of so many places whose arrays and results all stay, and whose lent memory is copied at once.
    pub(super) fn whole(&self, places: usize) -> u64 {
        self.fixed + self.arrays + self.lent * places as u64
    }

    pub(super) fn of(gpu: &Gpu, common: &Common<'_>, slots: &mut [SlotBinding<'_>]) -> Self {
        let mut needs = Needs::default();
        let places = common.work.domain.len();
        let updates = common.of.info.updates_in_place();
        for (k, (operand, param)) in common.operands.iter().zip(passed(common.of.info)).enumerate() {
            let width = param.element.bytes() as u64;
            let rows = common.rows(k, param);
            if let Some(halo) = rows {
                needs.margin = halo.margin(common.work.domain);
            }
            let in_pieces = rows.is_some() || matches!(param.kind, ParamKind::Element | ParamKind::InPlace);
            match operand {
                Operand::Array(array) if in_pieces => {
                    needs.arrays += array.missing(gpu);
                    needs.place += width;
                }
                Operand::Array(array) => needs.fixed += array.missing(gpu),
                Operand::Slice(_) | Operand::InPlace if in_pieces => {
                    needs.lent += width;
                    needs.place += width;
                }
                Operand::Slice(bytes) => needs.fixed += bytes.len() as u64,
                Operand::Shared(shared) => needs.fixed += 4 * shared.len() as u64,
                _ => {}
            }
        }
        for (slot, result) in slots.iter().zip(common.of.info.results) {
            let width = result.bytes() as u64;
            match slot {
                SlotBinding::Array(array) if array.stays() && !updates => {
                    needs.arrays += width * places as u64;
                }
                _ => needs.lent += width,
            }
            needs.place += width;
        }
        if let Some(fold) = &common.fold {
            // One value of each block.
            let width = fold.width.div_ceil(CHUNK) as u64;
            needs.lent += width;
            needs.place += width;
        }
        needs
    }
}

impl<'l> Lane<'l> {
    /// A lane of `gpu`; `slots` are the results, as far as they may stay there, and `per_place` are the seconds that a
    /// place is known or guessed to take.
    ///
    /// # Errors
    /// `OutOfMemory` and `LimitExceeded` where not even one chunk fits.
    pub fn new(
        gpu: Gpu,
        common: &'l Common<'l>,
        slots: &mut [SlotBinding<'_>],
        per_place: f64,
    ) -> Result<Self> {
        let needs = Needs::of(&gpu, common, slots);
        let budget = common.config.memory.unwrap_or(u64::MAX).min(gpu.memory_left());
        let limits = gpu.limits();
        let widest = common.work.widest.max(1) as u64;
        let bound = (limits.max_binding / widest).min(u64::from(u32::MAX)) as usize;
        let whole = common.work.domain.len() <= bound;
        let bound = if whole { bound } else { bound.saturating_sub(needs.margin) } / CHUNK * CHUNK;
        let mut lane = Lane {
            spares: slots.iter().map(|_| None).collect(),
            shared: Vec::new(),
            held: Vec::new(),
            streams: false,
            shrank: false,
            updates: common.of.info.updates_in_place(),
            most: 0,
            timely: timely(per_place),
            gpu,
            common,
        };
        // Three pieces are under way while the device lets a fourth go; buffers come in sizes that may be a quarter too large.
        let pieces = |left: u64, place: u64| {
            let places = (left / PIECES).checked_div(place).unwrap_or(u64::MAX);
            let places = usize::try_from(places).unwrap_or(usize::MAX).saturating_sub(needs.margin);
            bound.min(places / CHUNK * CHUNK)
        };
        let whole = needs.fixed + needs.arrays;
        lane.most = pieces(budget.saturating_sub(whole), needs.lent);
        if whole > budget || !common.fits(&lane.gpu) || lane.most == 0 || lane.keep(slots).is_err() {
            lane.spares.fill(None);
            lane.streams = true;
            lane.most = pieces(budget.saturating_sub(needs.fixed), needs.place);
        }
        if lane.most == 0 {
            return Err(Error::new(
                ErrorKind::OutOfMemory,
                format!(
                    "{}: the GPU `{}` needs {} bytes for pieces of {CHUNK} places, {} of them for what is never divided, and \
                     {budget} are left; drop arrays, allow more, or use a CPU target",
                    common.of.info.name,
                    lane.gpu.info().name,
                    needs.fixed + needs.place * PIECES * (CHUNK + needs.margin) as u64,
                    needs.fixed,
                ),
            ));
        }
        for (k, (operand, param)) in common.operands.iter().zip(passed(common.of.info)).enumerate() {
            match operand {
                Operand::Shared(places) => lane.shared.push(Copied::new(&lane.gpu, k, places, param)?),
                Operand::Slice(bytes)
                    if matches!(param.kind, ParamKind::Slice | ParamKind::Picture)
                        && common.rows(k, param).is_none() =>
                {
                    let buffer = memory::alloc(&lane.gpu, bytes.len() as u64)?;
                    lane.gpu.upload(&buffer, 0, bytes)?;
                    lane.held.push((k, buffer));
                }
                _ => {}
            }
        }
        Ok(lane)
    }

    /// Takes memory in which results stay.
    fn keep(&mut self, slots: &mut [SlotBinding<'_>]) -> Result<()> {
        if self.updates {
            return Ok(());
        }
        for (spare, slot) in self.spares.iter_mut().zip(slots) {
            if let SlotBinding::Array(array) = slot {
                *spare = array.spare(&self.gpu)?;
            }
        }
        Ok(())
    }

    /// Whether pieces are copied there and back.
    pub fn streams(&self) -> bool {
        self.streams
    }

    /// Gives results that stayed to their arrays.
    pub fn settle(&self, spans: &[Span], slots: &mut [SlotBinding<'_>]) -> Result<()> {
        for (spare, slot) in self.spares.iter().zip(slots) {
            if let (Some(buffer), SlotBinding::Array(array)) = (spare, slot) {
                for span in spans {
                    array.settle(&self.gpu, *span, buffer)?;
                }
            }
        }
        Ok(())
    }

    /// Takes the copies of shared places home.
    pub fn merge(&self) -> Result<()> {
        for copied in &self.shared {
            if let Some(Operand::Shared(places)) = self.common.operands.get(copied.k) {
                copied.merge(&self.gpu, self.common.of.info, places)?;
            }
        }
        Ok(())
    }

    fn held(&self, k: usize) -> Option<Buffer> {
        self.held.iter().find(|(at, _)| *at == k).map(|(_, buffer)| buffer.clone())
    }

    fn start(&self, start: usize, len: usize, in_place: Bytes<'_>) -> Result<Flight> {
        let common = self.common;
        let span = Span::new(start, start + len);
        let mut assembly = Assembly::new(common.of, &self.gpu, span, common.work.domain, &common.config);
        assembly.faults = Some(common.faults.clone());
        let mut bindings = Vec::with_capacity(common.operands.len());
        for (k, ((operand, param), own)) in
            common.operands.iter().zip(passed(self.common.of.info)).zip(in_place).enumerate()
        {
            // Elements, and the rows of a picture, come in pieces where they do not stay.
            let cells = match common.rows(k, param) {
                Some(halo) => Some(halo.around(common.work.domain, span)),
                None => (param.kind == ParamKind::Element).then_some(span),
            };
            bindings.push(match operand {
                Operand::Uniform(words) => Binding::Uniform(*words),
                Operand::Constant(words) => Binding::Constant(*words),
                Operand::Table(bytes) => Binding::Table(bytes),
                Operand::Slice(bytes) => match self.held(k) {
                    Some(buffer) => Binding::Copied(buffer, bytes.len()),
                    None => Binding::Slice(bytes),
                },
                Operand::Array(array) => match cells {
                    Some(cells) if self.streams => Binding::Part(array.host_bytes(cells)?),
                    _ => Binding::Array(&**array),
                },
                Operand::Shared(_) => {
                    let copied = self.shared.iter().find(|copied| copied.k == k);
                    let copied = copied.ok_or_else(|| Error::internal("shared places without a copy"))?;
                    Binding::Held(copied.buffer.clone())
                }
                Operand::InPlace => {
                    let part = own.ok_or_else(|| Error::internal("an in-place argument without its part"))?;
                    Binding::PartMut(&mut part[..len * param.element.bytes()])
                }
            });
        }
        let mut updated = Vec::new();
        assembly.bindings(bindings, &common.domains, &mut updated)?;
        let mut results = Vec::new();
        let (source, groups) = match &common.fold {
            Some(fold) => {
                let width = fold.width;
                let blocks = len.div_ceil(CHUNK);
                let buffer = memory::alloc(&self.gpu, (blocks * width) as u64)?;
                results.push((0, buffer.clone()));
                assembly.slots[1][1] = fold.identity;
                assembly.own_slot(fold);
                assembly.bind(BindingKind::ReadWrite, buffer, 0, blocks * width);
                (assembly.source(common.work.domain, Some(fold.text)), blocks as u64)
            }
            None => {
                for (k, element) in self.common.of.info.results.iter().enumerate() {
                    let width = element.bytes();
                    match self.spares.get(k).and_then(Option::as_ref) {
                        Some(whole) => {
                            assembly.bind(
                                BindingKind::ReadWrite,
                                whole.clone(),
                                (start * width) as u64,
                                len * width,
                            );
                        }
                        None => {
                            let buffer = memory::alloc(&self.gpu, (len * width) as u64)?;
                            results.push((k, buffer.clone()));
                            assembly.bind(BindingKind::ReadWrite, buffer, 0, len * width);
                        }
                    }
                }
                let source = assembly.source(common.work.domain, None);
                let places = u64::from(source.workgroup()) * u64::from(source.places());
                (source, (len as u64).div_ceil(places))
            }
        };
        let completion = assembly.dispatch(source, groups)?;
        Ok(Flight { completion, results, in_place: updated })
    }
}

impl Remote for Lane<'_> {
    type Flight = Flight;

    fn most(&self) -> usize {
        self.most.min(self.timely).max(CHUNK)
    }

    fn begin(&mut self, start: usize, len: usize, in_place: Bytes<'_>) -> Result<Flight> {
        self.start(start, len, in_place)
    }

    fn end(&mut self, flight: Flight, mut in_place: Bytes<'_>, mut results: Vec<&mut [u8]>) -> Result<()> {
        match self.common.wait(&flight.completion) {
            // It is told by the launch, at the lowest place of all.
            Err(error) if error.kind() == ErrorKind::OutOfBounds && self.common.has_fault() => {}
            other => other?,
        }
        // Updated whole or not at all: a piece that is half updated could not be computed again.
        let mut updated = Vec::with_capacity(flight.in_place.len());
        for (k, buffer) in &flight.in_place {
            let mut values = vec![0; buffer.bytes() as usize];
            self.gpu.download(buffer, 0, &mut values)?;
            updated.push((*k, values));
        }
        for (k, buffer) in &flight.results {
            if let Some(own) = results.get_mut(*k) {
                self.gpu.download(buffer, 0, own)?;
            }
        }
        for (k, values) in &updated {
            if let Some(Some(own)) = in_place.get_mut(*k) {
                let n = own.len().min(values.len());
                own[..n].copy_from_slice(&values[..n]);
            }
        }
        Ok(())
    }

    fn learn(&mut self, places: usize, seconds: f64) {
        self.timely = timely(seconds / places.max(1) as f64);
    }

    fn holds(&self) -> bool {
        self.spares.iter().any(Option::is_some) || self.common.shares()
    }

    fn shrink(&mut self) -> bool {
        self.shrank = true;
        if !self.streams {
            self.streams = true;
            return true;
        }
        let most = Remote::most(self);
        self.most = most / 2 / CHUNK * CHUNK;
        self.most >= CHUNK
    }

    fn is_final(&self, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::LoopLimit | ErrorKind::Cancelled => true,
            ErrorKind::Deadline if self.common.config.deadline.is_some() => true,
            // What it did cannot be done again: shared places are lost with it, and in-place values are updated.
            _ => self.updates && self.common.shares(),
        }
    }
}

/// Places that a device computes in the time of one dispatch, at so many seconds for each.
fn timely(per_place: f64) -> usize {
    let places = tuning::DISPATCH_SECONDS / per_place.max(1e-15);
    (places.min(1e15) as usize / CHUNK * CHUNK).max(CHUNK)
}
