//! A selection on a GPU: counts of blocks, what stands in front of each, the wanted results.

use super::{Kept, Selection, Wanted};
use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::Result;
use crate::exec::driver::{Config, Core};
use crate::exec::fold::{FoldText, Folded};
use crate::exec::gpu::{
    BlockPass, BlockRun, SCAN_CHAIN, SCAN_JOIN, SELECT_COUNT, SELECT_WRITE, blocks_alone, blocks_of, writes,
};
use crate::exec::gpu::{CHANGE_COUNT, CHANGE_PLACES, CHANGE_WRITE, Chosen, INDEX_WRITE};
use crate::kernel::{Kernel, LaneElement, Params, basic};
use crate::memory::{self, Array};
use crate::plan;
use crate::shape::{Domain, Span};

/// Blocks of a chain of prefixes.
const CHAIN: usize = 256;

/// A selection whose counts are on their way.
pub(super) struct Begun {
    span: Span,
    counts: Buffer,
    after: Completion,
}

fn folded<T: LaneElement, W: Wanted<T>>(pass: &'static BlockPass) -> Folded {
    let text = FoldText { name: "selection", callee: W::kernel(), float: "a + b", int: "a + b", pass };
    Folded { text, identity: 0, width: 4, slot: |_| [0; 4] }
}

impl Begun {
    /// Enqueues the counts of `span`'s blocks.
    pub fn new<K: Kernel<Out = T>, T: LaneElement, W: Wanted<T>, C: Kept<T>>(
        gpu: &Gpu,
        args: &mut <K::Params as Params>::Arg<'_>,
        (domain, config): (Domain, &Config),
        span: Span,
    ) -> Result<Self> {
        let blocks = plan::blocks(span.len());
        let counts = memory::alloc(gpu, 4 * blocks as u64)?;
        let pass = if W::LOOKS_BACK { &CHANGE_COUNT } else { &SELECT_COUNT };
        let run = BlockRun {
            folded: folded::<T, W>(pass),
            slot: [0; 4],
            bound: vec![(BindingKind::ReadWrite, counts.clone(), 0, 4 * blocks)],
            groups: blocks as u64,
            after: None,
        };
        let after = blocks_of::<K>(gpu, args, (domain, config), span, run)?;
        Ok(Begun { span, counts, after })
    }

    /// Waits for the counts, and enqueues the results, which begin with how many they are.
    pub fn finish<K: Kernel<Out = T>, T: LaneElement, W: Wanted<T>, C: Kept<T>>(
        self,
        gpu: &Gpu,
        core: &Core,
        args: &mut <K::Params as Params>::Arg<'_>,
        (domain, config): (Domain, &Config),
        both: bool,
    ) -> Result<Selection<C::Out>> {
        let Begun { span, counts, after } = self;
        let blocks = plan::blocks(span.len());
        let chains = blocks.div_ceil(CHAIN);
        let chain = memory::alloc(gpu, 4 * chains as u64)?;
        let mut last = [0u32; 1];
        let last_block = 4 * (blocks as u64 - 1);
        after.wait()?;
        gpu.download(&counts, last_block, bytemuck::cast_slice_mut(&mut last))?;
        let sum = FoldText { name: "offsets", callee: None, float: "a + b", int: "a + b", pass: &SCAN_CHAIN };
        let run = |pass: &'static BlockPass, chain_kind, groups: usize, after| BlockRun {
            folded: Folded { text: FoldText { pass, ..sum }, identity: 0, width: 4, slot: |_| [0; 4] },
            slot: [blocks as u32, 0, 0, 0],
            bound: vec![
                (BindingKind::ReadWrite, counts.clone(), 0, 4 * blocks),
                (chain_kind, chain.clone(), 0, 4 * chains),
            ],
            groups: groups as u64,
            after: Some(after),
        };
        let chained = run(&SCAN_CHAIN, BindingKind::ReadWrite, chains.div_ceil(64), after);
        let after = blocks_alone::<basic::same_u32>(gpu, config, blocks, chained)?;
        let joined = run(&SCAN_JOIN, BindingKind::Read, blocks.div_ceil(256), after);
        let after = blocks_alone::<basic::same_u32>(gpu, config, blocks, joined)?;
        after.wait()?;
        let mut before = [0u32; 1];
        gpu.download(&counts, last_block, bytemuck::cast_slice_mut(&mut before))?;
        let wanted = (before[0] + last[0]) as usize;
        let len = if both { span.len() } else { wanted };
        let mut out = Array::<C::Out>::new(&core.home, Domain::Line(len))?;
        if len == 0 {
            return Ok(Selection { array: out, wanted });
        }
        let pass = match (C::CHOSEN, W::LOOKS_BACK) {
            (Chosen::Place, true) => &CHANGE_PLACES,
            (Chosen::Place, false) => &INDEX_WRITE,
            (Chosen::Value, true) => &CHANGE_WRITE,
            (Chosen::Value, false) => &SELECT_WRITE,
        };
        writes(gpu, &mut out, Span::new(0, len), |out| {
            let run = BlockRun {
                folded: folded::<T, W>(pass),
                slot: [wanted as u32, u32::from(both), 0, 0],
                bound: vec![(BindingKind::Read, counts, 0, 4 * blocks), out],
                groups: blocks as u64,
                after: Some(after),
            };
            blocks_of::<K>(gpu, args, (domain, config), span, run)
        })?;
        Ok(Selection { array: out, wanted })
    }
}
