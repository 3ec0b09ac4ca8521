//! A scan on a GPU: what each block comes to, what stands in front of each block, the results.
//!
//! No pass waits for another workgroup: WGSL does not promise that one goes on while others wait.

use super::block::{How, State};
use crate::device::Completion;
use crate::device::gpu::{BindingKind, Buffer, Gpu};
use crate::error::Result;
use crate::exec::driver::Config;
use crate::exec::fold::{Fold, Folded};
use crate::exec::gpu::{
    BlockPass, BlockRun, SCAN_CHAIN, SCAN_JOIN, SCAN_TOTALS, SCAN_WRITE, blocks_alone, blocks_of, writes,
};
use crate::kernel::{Kernel, LaneElement, Params};
use crate::memory::{self, Array};
use crate::plan;
use crate::shape::{Domain, Span};

/// A scan whose totals are on their way.
pub(super) struct Begun {
    span: Span,
    totals: Buffer,
    ends: Buffer,
    after: Completion,
}

/// Blocks of a chain.
const CHAIN: usize = 256;

/// Enqueues the totals of `span`'s blocks.
pub(super) fn begin<K: Kernel<Out = R::T>, R: Fold>(
    gpu: &Gpu,
    args: &mut <K::Params as Params>::Arg<'_>,
    fold: &R,
    (domain, config): (Domain, &Config),
    span: Span,
) -> Result<Begun> {
    let width = size_of::<R::T>();
    let blocks = plan::blocks(span.len());
    let totals = memory::alloc(gpu, (blocks * width) as u64)?;
    let ends = memory::alloc(gpu, (3 * blocks * width) as u64)?;
    let run = BlockRun {
        folded: folded(fold, &SCAN_TOTALS),
        slot: [0; 4],
        bound: vec![
            (BindingKind::ReadWrite, totals.clone(), 0, blocks * width),
            (BindingKind::ReadWrite, ends.clone(), 0, 3 * blocks * width),
        ],
        groups: blocks as u64,
        after: None,
    };
    let after = blocks_of::<K>(gpu, args, (domain, config), span, run)?;
    Ok(Begun { span, totals, ends, after })
}

impl Begun {
    /// Enqueues the results into `out`, whose span they are; `state` stands in front of them.
    pub fn finish<K: Kernel<Out = R::T>, R: Fold>(
        self,
        gpu: &Gpu,
        args: &mut <K::Params as Params>::Arg<'_>,
        fold: &R,
        (domain, config): (Domain, &Config),
        (how, state): (How, State<R::T>),
        out: &mut Array<R::T>,
    ) -> Result<()> {
        let Begun { span, totals, ends, after } = self;
        let width = size_of::<R::T>();
        let blocks = plan::blocks(span.len());
        let word = |x: R::T| x.words()[0];
        let (in_chains, in_chain, passed, last) = state.parts();
        let chains = (passed + blocks).div_ceil(CHAIN);
        let chain = memory::alloc(gpu, (chains * width) as u64)?;
        let whole = |kind, buffer: &Buffer, n: usize| (kind, buffer.clone(), 0, n * width);
        let slot = [blocks as u32, passed as u32, word(in_chain), word(in_chains)];
        let run = |pass: &'static BlockPass, slot, bound, groups: usize, after| BlockRun {
            folded: folded(fold, pass),
            slot,
            bound,
            groups: groups as u64,
            after: Some(after),
        };
        let bound = vec![
            whole(BindingKind::ReadWrite, &totals, blocks),
            whole(BindingKind::ReadWrite, &chain, chains),
        ];
        let chained = run(&SCAN_CHAIN, slot, bound, chains.div_ceil(64), after);
        let after = blocks_alone::<K>(gpu, config, blocks, chained)?;
        let bound =
            vec![whole(BindingKind::ReadWrite, &totals, blocks), whole(BindingKind::Read, &chain, chains)];
        let joined = run(&SCAN_JOIN, slot, bound, blocks.div_ceil(256), after);
        let after = blocks_alone::<K>(gpu, config, blocks, joined)?;
        let slot = [u32::from(how.exclusive), word(last), 0, 0];
        writes(gpu, out, span, |out| {
            let bound = vec![
                whole(BindingKind::Read, &totals, blocks),
                whole(BindingKind::Read, &ends, 3 * blocks),
                out,
            ];
            let written = run(&SCAN_WRITE, slot, bound, blocks, after);
            blocks_of::<K>(gpu, args, (domain, config), span, written)
        })
    }
}

fn folded<R: Fold>(fold: &R, pass: &'static BlockPass) -> Folded {
    let mut text = fold.text();
    text.pass = pass;
    Folded { text, identity: fold.identity().words()[0], width: size_of::<R::T>(), slot: |_| [0; 4] }
}
