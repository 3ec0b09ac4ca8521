//! Histograms: how many results fall into each bin, exactly.
//!
//! Every thread counts into a table of its own, every workgroup of a GPU too where the bins are few; they are added up at
//! the end, so no update is lost. What falls into no bin is not counted.

mod bins;
mod bytes;
mod narrow;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, PoisonError};

use crate::device::gpu::{BindingKind, Gpu};
use crate::error::Result;
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::fold::{FoldText, Folded};
use crate::exec::gpu::{
    BlockPass, BlockRun, HISTOGRAM, HISTOGRAM_BETWEEN, HISTOGRAM_EVEN, blocks_of, writes,
};
use crate::exec::lanes;
use crate::exec::threads::{self, Divide, Share};
use crate::kernel::{Kernel, LaneElement, OpCounts, Operand, Params, basic};
use crate::lanes::Level;
use crate::memory::{self, Array, Keep};
use crate::plan;
use crate::shape::{CHUNK, Domain, Mapping, Span};

pub(crate) use bins::MAX_EVEN_BINS;
use narrow::Narrow;

/// Into which bin a result falls.
pub(crate) trait Binning<T>: Sync {
    /// How many bins there are.
    fn count(&self) -> usize;
    /// The bin of each value; as many as there are bins, or more, for none.
    fn indices<'i>(&self, level: Level, values: &'i [T], indices: &'i mut [u32]) -> &'i [u32];
    /// The same for a shader: the pass, two words of its slot, and the edges, if it needs them.
    fn shader(&self) -> (&'static BlockPass, [u32; 2], &[f32]);
}

/// A result is the number of its bin.
pub(crate) struct Numbered(pub usize);

/// `(x - lo) / width`, rounded down.
pub(crate) struct Even {
    pub lo: f32,
    pub width: f32,
    pub count: usize,
}

/// From each edge up to the next.
pub(crate) struct Between<'e>(pub &'e [f32]);

impl Binning<u32> for Numbered {
    fn count(&self) -> usize {
        self.0
    }
    fn indices<'i>(&self, _: Level, values: &'i [u32], _: &'i mut [u32]) -> &'i [u32] {
        values
    }
    fn shader(&self) -> (&'static BlockPass, [u32; 2], &[f32]) {
        (&HISTOGRAM, [0; 2], &[])
    }
}

impl Binning<f32> for Even {
    fn count(&self) -> usize {
        self.count
    }
    fn indices<'i>(&self, level: Level, values: &'i [f32], indices: &'i mut [u32]) -> &'i [u32] {
        bins::even(level, values, (self.lo, self.width, self.count), indices);
        indices
    }
    fn shader(&self) -> (&'static BlockPass, [u32; 2], &[f32]) {
        (&HISTOGRAM_EVEN, [self.lo.to_bits(), self.width.to_bits()], &[])
    }
}

impl Binning<f32> for Between<'_> {
    fn count(&self) -> usize {
        self.0.len() - 1
    }
    fn indices<'i>(&self, level: Level, values: &'i [f32], indices: &'i mut [u32]) -> &'i [u32] {
        bins::between(level, values, self.0, indices);
        indices
    }
    fn shader(&self) -> (&'static BlockPass, [u32; 2], &[f32]) {
        (&HISTOGRAM_BETWEEN, [0; 2], self.0)
    }
}

/// How many results of `K` fall into each bin.
pub(crate) fn histogram<K: Kernel<Out = T>, T: LaneElement, B: Binning<T>>(
    core: &Core,
    args: &mut <K::Params as Params>::Arg<'_>,
    binning: &B,
    domain: Domain,
    config: &Config,
) -> Result<(Array<u32>, Outcome)> {
    algorithm::numbered(&K::INFO, "histogram", domain)?;
    let ops = OpCounts { ints: 3, ..OpCounts::default() };
    let algorithm = Algorithm { name: "histogram", ops, bytes: 0, turns: 1 };
    algorithm::run::<K, _>(core, args, (domain, config), algorithm, |run, args| {
        let bins = binning.count();
        let mut out = Array::<u32>::new(&core.home, Domain::Line(bins))?;
        let n = domain.len();
        match &run.place {
            Place::Cpu { threads } => {
                let counts = out.host_mut(Keep::Nothing)?;
                counts.fill(0);
                on_cpu::<K, T, B>(run, args, binning, (*threads, n), counts)?;
            }
            Place::Gpu(gpu) => {
                on_gpu::<K, T, B>(gpu, args, binning, (domain, config), Span::new(0, n), &mut out)?;
            }
            Place::Both { threads, cut, gpu } => {
                on_gpu::<K, T, B>(gpu, args, binning, (domain, config), Span::new(*cut, n), &mut out)?;
                let mut counts = vec![0; bins];
                on_cpu::<K, T, B>(run, args, binning, (*threads, *cut), &mut counts)?;
                for (all, count) in out.host_mut(Keep::Old)?.iter_mut().zip(counts) {
                    *all += count;
                }
            }
        }
        run.settled(out)
    })
}

/// Adds the places before `end` to `counts`.
fn on_cpu<K: Kernel<Out = T>, T: LaneElement, B: Binning<T>>(
    run: &Run<'_>,
    args: &mut <K::Params as Params>::Arg<'_>,
    binning: &B,
    (threads, end): (usize, usize),
    counts: &mut [u32],
) -> Result<()> {
    let span = Span::new(0, end);
    // Each thread counts into bins of its own, which must not cost more than it counts.
    let threads = threads.min(end / (4 * binning.count()).max(1)).max(1);
    let share = Share {
        pool: &run.core.pool,
        threads,
        mapping: Mapping::Static,
        grain: end.div_ceil(threads).next_multiple_of(CHUNK),
    };
    let all = Mutex::new(counts);
    let lock = || all.lock().unwrap_or_else(PoisonError::into_inner);
    let add = |own: &[u32]| lock().iter_mut().zip(own).for_each(|(all, own)| *all += own);
    if K::INFO.hash == basic::byte::INFO.hash && K::CHAIN.is_none() && binning.shader().1 == [0; 2] {
        // Bytes as they lie in memory, and their numbers as bins.
        let operands = K::Params::operands(args);
        let bytes = match operands.first() {
            Some(Operand::Array(array)) => Some(array.host_bytes(span)?),
            Some(Operand::Slice(bytes)) => Some(&bytes[..end]),
            _ => None,
        };
        if let Some(bytes) = bytes {
            let count = |part: Bytes<'_>, counts: &mut [u32; 256]| {
                let span = Span::new(part.start, part.start + part.bytes.len());
                run.job.compute(span, || {
                    for some in part.bytes.chunks(STEP) {
                        if !run.job.frame.stopped() {
                            bytes::count_bytes(run.job.level, some, counts);
                        }
                    }
                });
            };
            let bytes = Bytes { start: 0, bytes };
            if threads == 1
                && let Some(counts) = lock().as_mut_array()
            {
                count(bytes, counts);
                return Ok(());
            }
            threads::run(&share, bytes, |part| {
                let mut own = [0; 256];
                count(part, &mut own);
                add(&own);
            });
            return Ok(());
        }
    }
    let tiles = run.tiles::<K>(args, span)?;
    let piece = Values::<K> { start: 0, len: end, tiles };
    if threads == 1 {
        count::<K, T, B>(run, binning, piece, &mut lock());
        return Ok(());
    }
    threads::run(&share, piece, |piece| {
        let mut own = vec![0; binning.count()];
        count::<K, T, B>(run, binning, piece, &mut own);
        add(&own);
    });
    Ok(())
}

/// Adds a piece's values to `counts`.
fn count<K: Kernel<Out = T>, T: LaneElement, B: Binning<T>>(
    run: &Run<'_>,
    binning: &B,
    piece: Values<'_, K>,
    counts: &mut [u32],
) {
    let mut counters = Narrow::new(run.job.level, piece.len, counts);
    let (mut values, mut indices) = ([T::from_f64(0.0); CHUNK], [0; CHUNK]);
    let mut left = Some(piece);
    while let Some(piece) = left.take()
        && !run.job.frame.stopped()
    {
        let Values { start, len, tiles } = if piece.len > CHUNK {
            let (head, rest) = piece.divide(CHUNK);
            left = Some(rest);
            head
        } else {
            piece
        };
        run.job.compute(Span::new(start, start + len), || {
            let values = lanes::values::<K, T>(run.job, (start, len), tiles, &mut values[..len]);
            let indices = binning.indices(run.job.level, values, &mut indices[..len]);
            counters.count(indices, indices);
        });
    }
    counters.finish();
}

/// Bytes between two looks at the stop flag.
const STEP: usize = 1 << 20;

/// Places without what they write.
struct Values<'t, K: Kernel> {
    start: usize,
    len: usize,
    tiles: crate::kernel::TileOf<'t, K>,
}

impl<K: Kernel> Divide for Values<'_, K> {
    fn len(&self) -> usize {
        self.len
    }
    fn divide(self, at: usize) -> (Self, Self) {
        let (tiles, rest) = K::Params::split(self.tiles, at);
        (
            Values { start: self.start, len: at, tiles },
            Values { start: self.start + at, len: self.len - at, tiles: rest },
        )
    }
}

struct Bytes<'b> {
    start: usize,
    bytes: &'b [u8],
}

impl Divide for Bytes<'_> {
    fn len(&self) -> usize {
        self.bytes.len()
    }
    fn divide(self, at: usize) -> (Self, Self) {
        let (head, rest) = self.bytes.split_at(at);
        (Bytes { start: self.start, bytes: head }, Bytes { start: self.start + at, bytes: rest })
    }
}

/// Workgroups of a GPU's histogram, at most: each adds up its own counts at the end.
const GROUPS: usize = 1024;

/// Enqueues the counts of `span`, which become `out`.
fn on_gpu<K: Kernel<Out = T>, T: LaneElement, B: Binning<T>>(
    gpu: &Gpu,
    args: &mut <K::Params as Params>::Arg<'_>,
    binning: &B,
    (domain, config): (Domain, &Config),
    span: Span,
    out: &mut Array<u32>,
) -> Result<()> {
    let bins = binning.count();
    if bins == 0 {
        return Ok(());
    }
    writes(gpu, out, Span::new(0, bins), |counts| {
        gpu.upload(&counts.1, counts.2, bytemuck::cast_slice(&vec![0u32; bins]))?;
        let (pass, [a, b], edges) = binning.shader();
        let mut bound = vec![counts];
        if !edges.is_empty() {
            let held = memory::alloc(gpu, size_of_val(edges) as u64)?;
            gpu.upload(&held, 0, bytemuck::cast_slice(edges))?;
            bound.push((BindingKind::Read, held, 0, size_of_val(edges)));
        }
        let blocks = plan::blocks(span.len());
        let each = blocks.div_ceil(GROUPS).max(1);
        let text = FoldText { name: "histogram", callee: None, float: "a + b", int: "a + b", pass };
        let run = BlockRun {
            folded: Folded { text, identity: 0, width: 4, slot: |_| [0; 4] },
            slot: [bins as u32, each as u32, a, b],
            bound,
            groups: blocks.div_ceil(each) as u64,
            after: None,
        };
        blocks_of::<K>(gpu, args, (domain, config), span, run)
    })
}
