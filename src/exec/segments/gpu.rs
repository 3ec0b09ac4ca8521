//! Segments and columns on a GPU.

use std::ops::Range;

use super::columns::STRIP;
use super::{Order, Segments};
use crate::device::gpu::{BindingKind, Gpu};
use crate::error::Result;
use crate::exec::driver::Config;
use crate::exec::fold::{Fold, Folded};
use crate::exec::gpu::{BlockPass, BlockRun, Bound, COLUMNS, SEGMENTS, blocks_of, writes};
use crate::kernel::{Kernel, LaneElement, Params};
use crate::memory::{self, Array};
use crate::shape::{Domain, Span};

pub(crate) fn folded<R: Fold>(fold: &R, pass: &'static BlockPass) -> Folded {
    let mut text = fold.text();
    text.pass = pass;
    Folded { text, identity: fold.identity().words()[0], width: size_of::<R::T>(), slot: |_| [0; 4] }
}

/// How long each of `which` segments is, or 0 and where they start, counted from the first.
pub(crate) fn starts(gpu: &Gpu, segments: Segments<'_>, which: &Range<usize>) -> Result<(u32, Bound)> {
    let (length, starts) = match segments {
        Segments::Even { length, .. } if length > 0 => (length as u32, vec![0]),
        Segments::Even { .. } => (0, vec![0; which.len() + 1]),
        Segments::Between(offsets) => {
            let own = &offsets[which.start..=which.end];
            (0, own.iter().map(|offset| offset - own[0]).collect())
        }
    };
    let held = memory::alloc(gpu, 4 * starts.len() as u64)?;
    gpu.upload(&held, 0, bytemuck::cast_slice(&starts))?;
    Ok((length, (BindingKind::Read, held, 0, 4 * starts.len())))
}

/// Enqueues what each of `which` segments comes to; `out` has as many places.
pub(super) fn reduce<K: Kernel<Out = R::T>, R: Fold>(
    gpu: &Gpu,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, segments, which, order): (&R, Segments<'_>, Range<usize>, Order),
    all: (Domain, &Config),
    out: &mut Array<R::T>,
) -> Result<()> {
    let span = segments.places(&which);
    let (length, starts) = starts(gpu, segments, &which)?;
    let count = which.len();
    let run = match order {
        Order::Whole => 0,
        Order::Runs(columns) => columns as u32,
    };
    let slot = [count as u32, length, fold.empty().words()[0], run];
    let bound = vec![starts];
    let run = BlockRun { folded: folded(fold, &SEGMENTS), slot, bound, groups: count as u64, after: None };
    enqueue::<K, _>(gpu, args, all, span, run, out)
}

/// Enqueues what each column of each strip of rows comes to: `out` has a row for each strip, of values or of their bits.
pub(crate) fn strips<K: Kernel<Out = R::T>, R: Fold, T: LaneElement>(
    gpu: &Gpu,
    args: &mut <K::Params as Params>::Arg<'_>,
    (fold, rows): (&R, Range<usize>),
    (domain, config): (Domain, &Config),
    out: &mut Array<T>,
) -> Result<()> {
    let width = domain.width();
    let strips = rows.len().div_ceil(STRIP);
    let span = Span::new(rows.start * width, rows.end * width);
    let groups = (strips * width).div_ceil(64) as u64;
    let slot = [width as u32, strips as u32, 0, 0];
    let run = BlockRun { folded: folded(fold, &COLUMNS), slot, bound: vec![], groups, after: None };
    enqueue::<K, _>(gpu, args, (domain, config), span, run, out)
}

/// Enqueues a pass whose last binding is all of `out`.
pub(crate) fn enqueue<K: Kernel, T: LaneElement>(
    gpu: &Gpu,
    args: &mut <K::Params as Params>::Arg<'_>,
    all: (Domain, &Config),
    span: Span,
    mut run: BlockRun,
    out: &mut Array<T>,
) -> Result<()> {
    let whole = Span::new(0, out.len());
    if whole.is_empty() {
        return Ok(());
    }
    writes(gpu, out, whole, |bound| {
        run.bound.push(bound);
        blocks_of::<K>(gpu, args, all, span, run)
    })
}
