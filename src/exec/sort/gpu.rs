//! A stable radix sort on a GPU, four bits at a time.
//!
//! ```text
//! keys      the values as words of the wanted order, with their places if those are asked for
//! for each four bits that decide, from the lowest:
//!     count     how often each digit occurs in each block of 4,096 keys
//!     scan      where each block's keys of each digit begin: digit by digit, block by block
//!     scatter   every key there, behind those of its digit in front of it in its block
//! values    words back to values
//! ```
//! No pass waits for another workgroup.

use super::{Sort, Sortable};
use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::Result;
use crate::exec::driver::{Config, Core};
use crate::exec::fold::{Fold, FoldText, Folded};
use crate::exec::gpu::{
    BlockPass, BlockRun, SORT_COUNT, SORT_KEYS, SORT_SCATTER, SORT_VALUES, blocks_alone, blocks_of, writes,
};
use crate::exec::scan::{AddWords, on_gpu_words};
use crate::exec::sort::cpu::order_words;
use crate::kernel::{Kernel, Params, basic};
use crate::memory::{self, Array, DeviceArray, Keep};
use crate::plan;
use crate::shape::{Domain, Span};

/// Values of a digit.
const DIGITS: usize = 16;

/// One dispatch of a pass without an operation.
fn run(
    pass: &'static BlockPass,
    slot: [u32; 4],
    bound: Vec<(BindingKind, Buffer, u64, usize)>,
    groups: usize,
    after: Option<Completion>,
) -> BlockRun {
    let text = FoldText { name: "sort", pass, ..AddWords.text() };
    let folded = Folded { text, identity: 0, width: 4, slot: |_| [0; 4] };
    BlockRun { folded, slot, bound, groups: groups as u64, after }
}

/// The values of `span` in order, and their places, if they are asked for.
pub(super) fn sort<K: Kernel<Out = T>, T: Sortable>(
    gpu: &Gpu,
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    sort: &Sort,
    (domain, config): (Domain, &Config),
    (span, with_places): (Span, bool),
) -> Result<(Array<T>, Array<u32>)> {
    let n = span.len();
    let (fold, flip) = order_words(&sort.order(T::TYPE.scalar));
    let buffer = |n: usize| memory::alloc(gpu, 4 * n as u64);
    let whole = |kind, buffer: &Buffer, n: usize| (kind, buffer.clone(), 0, 4 * n);
    let places_len = if with_places { n } else { 1 };
    let (mut keys, mut other_keys) = (buffer(n)?, buffer(n)?);
    let (mut places, mut other_places) = (buffer(places_len)?, buffer(places_len)?);
    let bound =
        vec![whole(BindingKind::ReadWrite, &keys, n), whole(BindingKind::ReadWrite, &places, places_len)];
    let slot = [fold, flip, u32::from(with_places), 0];
    let first = run(&SORT_KEYS, slot, bound, n.div_ceil(256), None);
    let mut after = blocks_of::<K>(gpu, args, (domain, config), span, first)?;
    let blocks = plan::blocks(n);
    let (low, high) = (sort.bits.start.min(32), sort.bits.end.min(32));
    for shift in (low..high).step_by(4) {
        let mask = (1u32 << (high - shift).min(4)) - 1;
        let mut counts = Array::<u32>::new(&core.home, Domain::Line(DIGITS * blocks))?;
        let all = Span::new(0, DIGITS * blocks);
        let (counted, offset) = DeviceArray::gpu_write(&mut counts, gpu, all, Keep::Nothing)?;
        let slot = [shift, mask, blocks as u32, u32::from(with_places)];
        let bound = vec![
            whole(BindingKind::Read, &keys, n),
            (BindingKind::ReadWrite, counted, offset, 4 * DIGITS * blocks),
        ];
        let count = run(&SORT_COUNT, slot, bound, blocks, Some(after));
        let done = blocks_alone::<basic::same_u32>(gpu, config, n, count)?;
        DeviceArray::carry(&mut counts, gpu, all, done.clone());
        let starts = on_gpu_words(gpu, core, counts, config)?;
        let begins = starts.gpu_read(gpu, all)?;
        let ready = Completion::all(starts.carried(all).into_iter().chain([done]));
        let bound = vec![
            whole(BindingKind::Read, &keys, n),
            whole(BindingKind::Read, &places, places_len),
            whole(BindingKind::Read, &begins, DIGITS * blocks),
            whole(BindingKind::ReadWrite, &other_keys, n),
            whole(BindingKind::ReadWrite, &other_places, places_len),
        ];
        let scatter = run(&SORT_SCATTER, slot, bound, blocks, Some(ready));
        after = blocks_alone::<basic::same_u32>(gpu, config, n, scatter)?;
        std::mem::swap(&mut keys, &mut other_keys);
        std::mem::swap(&mut places, &mut other_places);
    }
    let all = Span::new(0, n);
    let mut out = Array::<T>::new(&core.home, Domain::Line(n))?;
    writes(gpu, &mut out, all, |values| {
        let bound = vec![whole(BindingKind::Read, &keys, n), values];
        let last = run(&SORT_VALUES, [fold, flip, 0, 0], bound, n.div_ceil(256), Some(after.clone()));
        blocks_alone::<K>(gpu, config, n, last)
    })?;
    let mut found = Array::<u32>::new(&core.home, Domain::Line(if with_places { n } else { 0 }))?;
    if with_places {
        let (moved, offset) = DeviceArray::gpu_write(&mut found, gpu, all, Keep::Nothing)?;
        // Enqueued behind the pass that writes them.
        gpu.copy(&places, 0, &moved, offset, 4 * n as u64)?;
        DeviceArray::carry(&mut found, gpu, all, after);
    }
    Ok((out, found))
}
