//! A product on a GPU: one dispatch for all products of a batch, a tile of results for each workgroup.

use std::ops::Range;

use super::matrix::Layout;
use super::{Factors, Finish, First, Layouts, Sizes};
use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::algorithm::Run;
use crate::exec::driver::Config;
use crate::exec::fold::{FoldText, Folded};
use crate::exec::gpu::{BlockRun, Bound, PRODUCT_LARGE, PRODUCT_SMALL, blocks_alone};
use crate::kernel::{LaneElement, MatrixArg, Output, Slot, SlotBinding, Step};
use crate::memory::{self, Array, DeviceArray, DeviceSource, Keep};
use crate::plan::tuning::PRODUCT_LARGE_TILES;
use crate::shape::{Domain, Span};

/// What dispatches of a product have in common.
pub(super) struct Dispatches<'d, T: LaneElement> {
    pub gpu: &'d Gpu,
    pub config: &'d Config,
    pub factors: &'d Factors<'d, T>,
    pub layouts: &'d Layouts,
}

/// What a dispatch binds of a matrix, and where its first element is in that.
struct Held {
    bound: Bound,
    start: usize,
    /// What its values wait for.
    after: Vec<Completion>,
}

impl<T: LaneElement> Dispatches<'_, T> {
    /// The rows `which` of all results, to wherever they are wanted.
    pub fn to_slot<S: Step<Value = T>>(
        &self,
        run: &Run<'_>,
        slot: &mut Slot<'_, T>,
        which: Range<usize>,
    ) -> Result<()> {
        let span =
            Span::new(which.start * self.layouts.sizes.columns, which.end * self.layouts.sizes.columns);
        if let Some(SlotBinding::Array(array)) = <T as Output>::bindings(slot).pop() {
            self.to_array::<S>(array, which, span.start)?;
            return wait(run, array, span);
        }
        let mut apart = Array::<T>::new(&run.core.home, Domain::Line(span.len()))?;
        self.to_array::<S>(&mut apart, which, 0)?;
        <T as Output>::tile(slot)?[span.range()].copy_from_slice(apart.host()?);
        Ok(())
    }

    /// Enqueues the rows `which` of all results, to the places of `out` from `first` on.
    pub fn to_array<S: Step<Value = T>>(
        &self,
        out: &mut dyn DeviceArray,
        which: Range<usize>,
        first: usize,
    ) -> Result<()> {
        let Sizes { rows, columns, .. } = self.layouts.sizes;
        // What begins within a product, and then whole ones.
        let within = which.start.next_multiple_of(rows).min(which.end);
        for part in [which.start..within, within..which.end] {
            if part.is_empty() {
                continue;
            }
            let start = first + (part.start - which.start) * columns;
            let span = Span::new(start, start + part.len() * columns);
            match self.enqueue::<S>(out, part, span) {
                Ok(completion) => out.carry(self.gpu, span, completion),
                Err(error) => {
                    out.fail(&error);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Enqueues rows of one product, or all of several.
    fn enqueue<S: Step<Value = T>>(
        &self,
        out: &mut dyn DeviceArray,
        rows: Range<usize>,
        span: Span,
    ) -> Result<Completion> {
        let Dispatches { gpu, factors, layouts, .. } = *self;
        let Sizes { rows: of_each, columns, depth } = layouts.sizes;
        let (batch, inside) = (rows.start / of_each, rows.start % of_each);
        let batches = if inside == 0 { (rows.len() / of_each).max(1) } else { 1 };
        let height = rows.len() / batches;
        // From the first of the batch's matrices to the last.
        let of_batch = |all: Layout| {
            let (first, last) =
                (all.batch(batch, factors.batches), all.batch(batch + batches - 1, factors.batches));
            let step = if batches == 1 { 0 } else { (last.start - first.start) / (batches - 1) };
            (first, last, step)
        };
        let ((a, last_a, step_a), (b, last_b, step_b)) = (of_batch(layouts.a), of_batch(layouts.b));
        let a_part = |all: Layout| all.part(inside..inside + height, 0..depth);
        let b_part = |all: Layout| all.part(0..depth, 0..columns);
        let held_a = self.hold(&factors.a, a_part(a), a_part(last_a))?;
        let held_b = self.hold(&factors.b, b_part(b), b_part(last_b))?;
        let of_results = |layout: Layout| layout.part(rows.clone(), 0..columns);
        let first = match (&factors.first, layouts.first.map(of_results)) {
            (First::Stored(arg), Some(layout)) => Some((self.hold(arg, layout, layout)?, layout)),
            _ => None,
        };
        let add = match (&factors.finish, layouts.add.map(of_results)) {
            (Some(Finish { add: Some((_, arg)), .. }), Some(layout)) => {
                Some((self.hold(arg, layout, layout)?, layout))
            }
            _ => None,
        };
        let (buffer, offset) = out.gpu_write(gpu, span, Keep::Nothing)?;
        let (bound_out, start_out) = self.bound(BindingKind::ReadWrite, buffer, offset, span.len());
        let word = |value: T| value.words()[0] as usize;
        let of_stored = |stored: &Option<(Held, Layout)>| match stored {
            Some((held, layout)) => [held.start, layout.down, layout.along, 1],
            None => [0; 4],
        };
        let (alpha, beta) = match &factors.finish {
            Some(Finish { alpha, add }) => (word(*alpha), add.as_ref().map_or(0, |(beta, _)| word(*beta))),
            None => (0, 0),
        };
        let begin = match factors.first {
            First::Value(value) => word(value),
            First::Stored(_) => 0,
        };
        let shape = [
            [height, columns, depth, batches],
            [held_a.start, a.down, a.along, step_a],
            [held_b.start, b.down, b.along, step_b],
            [start_out, 0, 0, 0],
            of_stored(&first),
            of_stored(&add),
            [alpha, beta, begin, usize::from(factors.finish.is_some())],
        ];
        let shape: Vec<u32> = shape.iter().flatten().map(|word| *word as u32).collect();
        let bytes = size_of_val(&shape[..]);
        let words = memory::alloc(gpu, bytes as u64)?;
        gpu.upload(&words, 0, bytemuck::cast_slice(&shape))?;
        let mut after = Vec::new();
        // What is not there is bound as something that is, and not read.
        let nothing = held_a.bound.clone();
        let mut bound = vec![(BindingKind::Read, words, 0, bytes)];
        for held in [Some(held_a), Some(held_b), first.map(|(held, _)| held), add.map(|(held, _)| held)] {
            match held {
                Some(held) => {
                    after.extend(held.after);
                    bound.push(held.bound);
                }
                None => bound.push(nothing.clone()),
            }
        }
        bound.push(bound_out);
        let tiles = |side: usize| height.div_ceil(side) * columns.div_ceil(side) * batches;
        let (pass, groups) = match tiles(128) {
            large if large >= PRODUCT_LARGE_TILES => (&PRODUCT_LARGE, large),
            _ => (&PRODUCT_SMALL, tiles(64)),
        };
        let text = FoldText { name: S::INFO.name, callee: Some(S::WGSL), float: "", int: "", pass };
        let folded = Folded { text, identity: 0, width: 4, slot: |_| [0; 4] };
        let after = (!after.is_empty()).then(|| Completion::all(after));
        let run = BlockRun { folded, slot: [0; 4], bound, groups: groups as u64, after };
        blocks_alone::<S>(gpu, self.config, span.len(), run)
    }

    /// All of `arg` from the first element of `first` to the last of `last`, on the GPU.
    fn hold(&self, arg: &MatrixArg<'_, T>, first: Layout, last: Layout) -> Result<Held> {
        let span = Span::new(first.span().start, last.span().end);
        if span.len() > u32::MAX as usize {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "{}: a matrix spans {} elements and a shader counts up to {}; use threads",
                    self.factors.what,
                    span.len(),
                    u32::MAX
                ),
            ));
        }
        match arg {
            _ if span.is_empty() => {
                let bound = (BindingKind::Read, memory::alloc(self.gpu, 4)?, 0, 4);
                Ok(Held { bound, start: 0, after: Vec::new() })
            }
            MatrixArg::View(view) => {
                let (array, _) = view.spread();
                let (buffer, offset) = DeviceSource::gpu_read(array, self.gpu, span)?;
                let (bound, start) = self.bound(BindingKind::Read, buffer, offset, span.len());
                Ok(Held { bound, start, after: DeviceSource::carried(array, span) })
            }
            MatrixArg::Slice(elements, _) => {
                let part: &[u8] = bytemuck::cast_slice(&elements[span.range()]);
                let buffer = memory::alloc(self.gpu, part.len() as u64)?;
                self.gpu.upload(&buffer, 0, part)?;
                let bound = (BindingKind::Read, buffer, 0, part.len());
                Ok(Held { bound, start: 0, after: Vec::new() })
            }
        }
    }

    /// So many elements from `offset` bytes on, bound from the last place where a binding can begin; and how many elements behind
    /// that they do.
    fn bound(&self, kind: BindingKind, buffer: Buffer, offset: u64, len: usize) -> (Bound, usize) {
        let grain = u64::from(self.gpu.limits().offset_alignment).max(4);
        let base = offset / grain * grain;
        let before = (offset - base) as usize;
        ((kind, buffer, base, before + len * size_of::<T>()), before / size_of::<T>())
    }
}

/// Waits for the results of `span`, where the launch is to be done when it returns.
pub(super) fn wait(run: &Run<'_>, out: &dyn DeviceArray, span: Span) -> Result<()> {
    if run.waits {
        out.carried(span).iter().try_for_each(Completion::wait)?;
    }
    Ok(())
}
