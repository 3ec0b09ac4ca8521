//! Reductions by the fixed tree: the shape depends on the length only, so the bits do not depend on the mapping.
//!
//! ```text
//! block b of 4,096 places: accumulator j (of 64) takes the places j, j + 64, j + 128, … in that order, from the identity
//!                          then j takes j + 32, j + 16, …, j + 1
//! blocks:                  neighbours pair up, level by level; one without a neighbour goes up as it is
//! ```
//! Departures made for speed, none of which changes an association:
//! 1. accumulators are visited in strips that fit the registers, so a block is read strip by strip (it stays in L1);
//! 2. lanes beyond the end hold the identity, which leaves every accumulator as it is (for a float sum that is -0.0);
//! 3. two blocks are read side by side where the registers have room for both, or where the caches do not hold what is read.

use crate::kernel::{Frame, Kernel, KernelInfo, LaneElement, ParamKind, Params, TileOf};
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512, Pair, align_frame};
use crate::lanes::{Lanes, Level, MAX_LANES, Portable, Scalar};
use crate::shape::{CHUNK, Domain};

use super::gpu::BlockPass;
use super::lanes::{Job, place};
use super::level::{self, AtLevel};
use super::scan::Task;
use super::threads::Divide;

#[cfg(test)]
mod tests;

/// Accumulators of a block: so many leave half of AVX2's registers for what a kernel computes. With 128, which fill them, dot
/// took 1.1 times as long (2026-11, Zen 3, 4 Mi places), and a sum's blocks could not be read two at a time from registers.
pub(super) const WIDTH: usize = 64;
/// Blocks that are read side by side.
const STREAMS: usize = 2;
/// Places of a block that are read before those of the next one, a vector at least.
const LINE: usize = 16;

/// From a cache line on: a vector that lies in two takes twice as long to load and store.
#[repr(align(64))]
pub(super) struct Aligned<T>(pub T);

/// What a launch of `K` is reduced to: a value for each block of places, on the CPU and by a shader.
pub(crate) trait Reduction<K: Kernel>: Send + Sync {
    /// A block's value.
    type Block: bytemuck::Pod + Send + Sync;
    /// What a block without places has.
    fn fresh(&self) -> Self::Block;
    /// Fills in a piece's blocks at the job's level.
    fn run(&self, job: &Job<'_>, piece: FoldPiece<'_, '_, K, Self::Block>);
    /// The same for a shader.
    fn folded(&self) -> Folded;
}

/// A reduction for a shader.
#[derive(Clone, Copy)]
pub(crate) struct Folded {
    pub text: FoldText,
    /// The bits of what leaves every value as it is.
    pub identity: u32,
    /// Bytes of a block's value.
    pub width: usize,
    /// The pass's own slot, for a dispatch of so many places.
    pub slot: fn(usize) -> [u32; 4],
}

impl<K: Kernel<Out = R::T>, R: Fold> Reduction<K> for R {
    type Block = R::T;
    fn fresh(&self) -> R::T {
        self.identity()
    }
    fn run(&self, job: &Job<'_>, piece: FoldPiece<'_, '_, K, R::T>) {
        run::<K, R>(job, self, piece);
    }
    fn folded(&self) -> Folded {
        Folded {
            text: self.text(),
            identity: self.identity().words()[0],
            width: size_of::<R::T>(),
            slot: |_| [0; 4],
        }
    }
}

/// An associative operation with an identity.
pub trait Fold: Send + Sync + 'static {
    /// What is folded.
    type T: LaneElement;
    /// What leaves every value as it is. For an own kernel it is what the user gave.
    fn identity(&self) -> Self::T;
    /// What a fold of nothing gives.
    fn empty(&self) -> Self::T {
        self.identity()
    }
    /// `a` and `b` folded, lane by lane.
    fn lanes<L: Lanes>(l: L, frame: &Frame<'_>, a: Lane<L, Self>, b: Lane<L, Self>) -> Lane<L, Self>;
    /// The lanes of one vector folded by the tree, where a level has a faster way than through memory.
    #[inline(always)]
    fn across<L: Lanes>(_: L, _: Lane<L, Self>) -> Option<Self::T> {
        None
    }
    /// The operation in WGSL.
    fn text(&self) -> FoldText;
    /// Does work on values that are there, at a level.
    fn on_slices(&self, level: Level, frame: &Frame<'_>, work: OnSlices<'_, Self::T>);
    /// What at most a block of values comes to.
    fn block(&self, level: Level, frame: &Frame<'_>, values: &[Self::T]) -> Self::T {
        let mut into = self.identity();
        self.on_slices(level, frame, OnSlices::Block { values, into: &mut into });
        into
    }
    /// Each value of `into` folded with the one of `with` at its place.
    fn rows(&self, level: Level, frame: &Frame<'_>, into: &mut [Self::T], with: &[Self::T]) {
        self.on_slices(level, frame, OnSlices::Rows { into, with });
    }
    /// Each value folded into the place that is named for it.
    fn scatter(&self, level: Level, frame: &Frame<'_>, work: Scatter<'_, Self::T>) {
        self.on_slices(level, frame, OnSlices::Scatter(work));
    }
    /// The operation on two values.
    fn pair(frame: &Frame<'_>, a: Self::T, b: Self::T) -> Self::T {
        let (a, b) = (Self::T::splat(Scalar, a), Self::T::splat(Scalar, b));
        <Self::T as LaneElement>::only(Self::lanes(Scalar, frame, a, b))
    }
}

/// Work of an operation on values that are there, whatever computed them: for the library's own operations it is compiled
/// once, with the library.
pub enum OnSlices<'s, T> {
    /// A piece of a scan.
    Scan(Task<'s, T>),
    /// At most a block, by the tree.
    Block { values: &'s [T], into: &'s mut T },
    /// Place by place.
    Rows { into: &'s mut [T], with: &'s [T] },
    /// Each value to the place that is named for it.
    Scatter(Scatter<'s, T>),
}

/// Values, and where each belongs.
pub struct Scatter<'s, T> {
    pub into: &'s mut [T],
    pub places: &'s [u32],
    pub values: &'s [T],
    /// The first of the values whose place is not there, if one is not.
    pub beyond: &'s mut Option<usize>,
}

/// Folds a block of values, or rows of them.
pub(crate) fn on_slices<R: Fold>(level: Level, frame: &Frame<'_>, fold: &R, work: OnSlices<'_, R::T>) {
    level::at(level, Slices { frame, fold, work });
}

struct Slices<'s, 'f, R: Fold> {
    frame: &'s Frame<'f>,
    fold: &'s R,
    work: OnSlices<'s, R::T>,
}

impl<R: Fold> AtLevel for Slices<'_, '_, R> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Slices { frame, fold, work } = self;
        match work {
            OnSlices::Scan(task) => super::scan::one_by_one(frame, fold, task),
            OnSlices::Block { values, into } => *into = values_block::<L, R>(l, frame, fold, values),
            OnSlices::Rows { into, with } => {
                let n = into.len().min(with.len());
                let whole = n / L::N * L::N;
                for i in (0..whole).step_by(L::N) {
                    let (a, b) = (R::T::load(l, &into[i..i + L::N]), R::T::load(l, &with[i..i + L::N]));
                    R::T::store(l, &mut into[i..i + L::N], R::lanes(l, frame, a, b));
                }
                for i in whole..n {
                    into[i] = R::pair(frame, into[i], with[i]);
                }
            }
            OnSlices::Scatter(Scatter { into, places, values, beyond }) => {
                for (k, (place, value)) in places.iter().zip(values).enumerate() {
                    match into.get_mut(*place as usize) {
                        Some(there) => *there = R::pair(frame, *there, *value),
                        None => *beyond = beyond.or(Some(k)),
                    }
                }
            }
        }
    }
}

/// A block of values that are there.
#[inline(always)]
fn values_block<L: Lanes, R: Fold>(l: L, frame: &Frame<'_>, fold: &R, values: &[R::T]) -> R::T {
    const STRIP: usize = 4;
    let identity = R::T::splat(l, fold.identity());
    let mut accumulators = [fold.identity(); WIDTH];
    let (rows, rest) = values.as_chunks::<WIDTH>();
    let mut first = 0;
    while first < WIDTH {
        let mut sums = [identity; STRIP];
        for row in rows {
            for (k, sum) in sums.iter_mut().enumerate() {
                let at = first + k * L::N;
                *sum = R::lanes(l, frame, *sum, R::T::load(l, &row[at..at + L::N]));
            }
        }
        for (k, sum) in sums.into_iter().enumerate() {
            let at = first + k * L::N;
            R::T::store(l, &mut accumulators[at..at + L::N], sum);
        }
        first += STRIP * L::N;
    }
    for (accumulator, value) in accumulators.iter_mut().zip(rest) {
        *accumulator = R::pair(frame, *accumulator, *value);
    }
    tree::<L, R, _>(l, frame, &mut accumulators)
}

/// A fold's operation in WGSL, on `a` and `b`.
#[derive(Clone, Copy)]
pub struct FoldText {
    /// For labels and cache keys.
    pub name: &'static str,
    /// The kernel that does it, where it is the user's own.
    pub callee: Option<&'static crate::kernel::Fragment>,
    /// The expression on floats.
    pub float: &'static str,
    /// The expression on integers.
    pub int: &'static str,
    /// What is done with it.
    pub pass: &'static BlockPass,
}

type Lane<L, R> = <<R as Fold>::T as LaneElement>::Lane<L>;

/// Places `start..start + len`, what they read, and one result for each block.
pub(crate) struct FoldPiece<'t, 'b, K: Kernel, T> {
    pub start: usize,
    pub len: usize,
    pub tiles: TileOf<'t, K>,
    pub blocks: &'b mut [T],
}

impl<K: Kernel, T: Send> Divide for FoldPiece<'_, '_, K, T> {
    fn len(&self) -> usize {
        self.len
    }

    fn divide(self, at: usize) -> (Self, Self) {
        debug_assert!(at.is_multiple_of(CHUNK), "a fold divides between blocks");
        let (tiles, tiles_rest) = K::Params::split(self.tiles, at);
        let (blocks, blocks_rest) = self.blocks.split_at_mut(at / CHUNK);
        (
            FoldPiece { start: self.start, len: at, tiles, blocks },
            FoldPiece { start: self.start + at, len: self.len - at, tiles: tiles_rest, blocks: blocks_rest },
        )
    }
}

/// Folds every block of a piece at the job's level.
fn run<K: Kernel<Out = R::T>, R: Fold>(job: &Job<'_>, fold: &R, piece: FoldPiece<'_, '_, K, R::T>) {
    // Within a row the columns follow each other.
    let rows = const { K::INFO.needs_rows() }
        && matches!(job.domain, Domain::Grid { width, .. } if piece.start % width.max(1) + piece.len > width);
    if !rows && !job.short {
        return enter::<K, R>(job, fold, piece);
    }
    let mut left = Some(piece);
    while let Some(piece) = left.take()
        && !job.frame.stopped()
    {
        let head = if piece.len > CHUNK {
            let (head, rest) = piece.divide(CHUNK);
            left = Some(rest);
            head
        } else {
            piece
        };
        if rows {
            row_block::<K, R>(job, fold, head);
        } else {
            enter::<K, R>(job, fold, head);
        }
    }
}

/// A block of a kernel that looks at columns: mapped row by row into a buffer that stays in L1, then folded from there.
fn row_block<K: Kernel<Out = R::T>, R: Fold>(job: &Job<'_>, fold: &R, piece: FoldPiece<'_, '_, K, R::T>) {
    let FoldPiece { start, len, tiles, blocks } = piece;
    let mut buffer = vec![fold.identity(); len];
    super::lanes::run::<K>(job, super::lanes::Piece { start, len, tiles, out: &mut buffer[..] });
    blocks[0] = fold.block(job.level, &job.frame, &buffer);
}

/// Block results paired up, level by level; in place.
pub(crate) fn combine<R: Fold>(frame: &Frame<'_>, fold: &R, blocks: &mut [R::T]) -> R::T {
    let mut n = blocks.len();
    if n == 0 {
        return fold.empty();
    }
    while n > 1 {
        for i in 0..n / 2 {
            blocks[i] = R::pair(frame, blocks[2 * i], blocks[2 * i + 1]);
        }
        if !n.is_multiple_of(2) {
            blocks[n / 2] = blocks[n - 1];
        }
        n = n.div_ceil(2);
    }
    blocks[0]
}

/// The accumulators of one block, folded: of 64, `j` takes `j + 32`, then `j + 16`, and so on. There are a power of two of them,
/// and a vector at least.
#[inline(always)]
pub(super) fn tree<L: Lanes, R: Fold, const W: usize>(
    l: L,
    frame: &Frame<'_>,
    accumulators: &mut [R::T; W],
) -> R::T {
    let mut half = W / 2;
    while half >= L::N {
        let (low, high) = accumulators.split_at_mut(half);
        let mut i = 0;
        while i < half {
            let a = R::T::load(l, &low[i..i + L::N]);
            let b = R::T::load(l, &high[i..i + L::N]);
            R::T::store(l, &mut low[i..i + L::N], R::lanes(l, frame, a, b));
            i += L::N;
        }
        half /= 2;
    }
    last::<L, R>(l, frame, R::T::load(l, &accumulators[..L::N]))
}

/// The same of accumulators that are all in registers.
#[inline(always)]
fn tree_in_registers<L: Lanes, R: Fold, const A: usize>(
    l: L,
    frame: &Frame<'_>,
    mut sums: [Lane<L, R>; A],
) -> R::T {
    let mut half = A / 2;
    while half >= 1 {
        for k in 0..half {
            sums[k] = R::lanes(l, frame, sums[k], sums[k + half]);
        }
        half /= 2;
    }
    last::<L, R>(l, frame, sums[0])
}

/// The lanes of what is left.
#[inline(always)]
fn last<L: Lanes, R: Fold>(l: L, frame: &Frame<'_>, sums: Lane<L, R>) -> R::T {
    if let Some(value) = R::across(l, sums) {
        return value;
    }
    let mut lanes = [R::T::from_f64(0.0); MAX_LANES];
    R::T::store(l, &mut lanes[..L::N], sums);
    let mut half = L::N / 2;
    while half >= 1 {
        for i in 0..half {
            lanes[i] = R::pair(frame, lanes[i], lanes[i + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// All blocks of a piece; `A` vectors of accumulators make a strip.
#[inline(always)]
fn fold_blocks<L: Lanes, K: Kernel<Out = R::T>, R: Fold, const A: usize>(
    l: L,
    job: &Job<'_>,
    fold: &R,
    piece: FoldPiece<'_, '_, K, R::T>,
) {
    let FoldPiece { mut start, len, mut tiles, blocks } = piece;
    let (whole, part) = blocks.split_at_mut((len / CHUNK).min(blocks.len()));
    let mut whole = whole.iter_mut();
    // Whether the registers have room for both.
    let held = matches!(L::LEVEL, Level::Avx2 | Level::Avx512);
    if const { reads_one_array(&K::INFO) } && (held || job.far) {
        while whole.len() >= STREAMS {
            let (one, rest) = K::Params::block(tiles);
            let (two, rest) = K::Params::block(rest);
            for (of, result) in
                side_by_side::<L, K, R>(l, job, fold, start, [one, two]).into_iter().zip(&mut whole)
            {
                *result = of;
            }
            (tiles, start) = (rest, start + STREAMS * CHUNK);
        }
    }
    for result in whole {
        let (block, rest) = K::Params::block(tiles);
        *result = fold_block::<L, K, R, A>(l, job, fold, start, (block, CHUNK));
        (tiles, start) = (rest, start + CHUNK);
    }
    if let [result, ..] = part {
        *result = fold_block::<L, K, R, A>(l, job, fold, start, (tiles, len % CHUNK));
    }
}

/// The block of `n` places from `start` on. Where `n` and the tile's length are constants, nothing is left to look at in its loops.
#[inline(always)]
fn fold_block<L: Lanes, K: Kernel<Out = R::T>, R: Fold, const A: usize>(
    l: L,
    job: &Job<'_>,
    fold: &R,
    start: usize,
    (mut tiles, n): (TileOf<'_, K>, usize),
) -> R::T {
    let frame = &job.frame.behind(start);
    let at = place(job.domain, start);
    let identity = R::T::splat(l, fold.identity());
    let mut accumulators = [fold.identity(); WIDTH];
    let mut strip = 0;
    while strip < WIDTH {
        let mut sums = [identity; A];
        let mut row = strip;
        // Whole rounds of this strip.
        while row + A * L::N <= n {
            for (k, sum) in sums.iter_mut().enumerate() {
                let x = K::vector(l, frame, at, &mut tiles, row + k * L::N, L::N);
                *sum = R::lanes(l, frame, *sum, x);
            }
            row += WIDTH;
        }
        // The last, partial round.
        for (k, sum) in sums.iter_mut().enumerate() {
            let i = row + k * L::N;
            if i >= n {
                break;
            }
            let left = (n - i).min(L::N);
            let x = K::vector(l, frame, at, &mut tiles, i, left);
            let x = if left < L::N { keep::<L, R>(l, left, x, fold.identity()) } else { x };
            *sum = R::lanes(l, frame, *sum, x);
        }
        if A * L::N == WIDTH {
            return tree_in_registers::<L, R, A>(l, frame, sums);
        }
        for (k, sum) in sums.into_iter().enumerate() {
            R::T::store(l, &mut accumulators[strip + k * L::N..strip + (k + 1) * L::N], sum);
        }
        strip += A * L::N;
    }
    tree::<L, R, _>(l, frame, &mut accumulators)
}

/// Whether a kernel reads memory in one stream.
const fn reads_one_array(kernel: &KernelInfo) -> bool {
    let (mut i, mut elements) = (0, 0);
    while i < kernel.params.len() {
        match kernel.params[i].kind {
            ParamKind::Element => elements += 1,
            ParamKind::Uniform | ParamKind::Index | ParamKind::Cell => {}
            _ => return false,
        }
        i += 1;
    }
    elements == 1
}

/// Whole blocks, a line of each in turn; the first begins at place `start`. Their accumulators fill AVX2's registers; at the
/// baseline they stay in L1, which is idle meanwhile.
///
/// Two streams from memory bring more than one does: 256 MiB took 0.80 of the time; and the trees of two blocks take as long
/// as one's: 4 MiB 0.97. Four brought no more, two streams of two arrays each neither, and asking for memory ahead less
/// (2026-11, Zen 3, against a loop of one stream).
#[inline(always)]
fn side_by_side<L: Lanes, K: Kernel<Out = R::T>, R: Fold>(
    l: L,
    job: &Job<'_>,
    fold: &R,
    start: usize,
    mut tiles: [TileOf<'_, K>; STREAMS],
) -> [R::T; STREAMS] {
    let frame = &job.frame.behind(start);
    let mut accumulators = Aligned([[fold.identity(); WIDTH]; STREAMS]);
    let line = LINE.max(L::N);
    for row in (0..CHUNK).step_by(WIDTH) {
        for strip in (0..WIDTH).step_by(line) {
            for (block, (sums, tiles)) in accumulators.0.iter_mut().zip(&mut tiles).enumerate() {
                let at = place(job.domain, start + block * CHUNK);
                for j in (strip..strip + line).step_by(L::N) {
                    let x = K::vector(l, frame, at, tiles, row + j, L::N);
                    let sums = &mut sums[j..j + L::N];
                    let sum = R::lanes(l, frame, R::T::load(l, sums), x);
                    R::T::store(l, sums, sum);
                }
            }
        }
    }
    // No closures here: they would be compiled without the level's features.
    let mut results = [fold.identity(); STREAMS];
    for (result, accumulators) in results.iter_mut().zip(&mut accumulators.0) {
        *result = tree::<L, R, _>(l, frame, accumulators);
    }
    results
}

/// The first `n` lanes of `x`, the identity in the others.
#[inline(always)]
fn keep<L: Lanes, R: Fold>(l: L, n: usize, x: Lane<L, R>, identity: R::T) -> Lane<L, R> {
    let mut buffer = [identity; MAX_LANES];
    R::T::store_part(l, &mut buffer[..n], x);
    R::T::load(l, &buffer[..L::N])
}

fn enter<K: Kernel<Out = R::T>, R: Fold>(job: &Job<'_>, fold: &R, piece: FoldPiece<'_, '_, K, R::T>) {
    match job.level {
        Level::Scalar => fold_blocks::<_, K, R, 8>(Scalar, job, fold, piece),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 if let Some(token) = Avx2::detect() => {
            // SAFETY: the token proves that this machine has the features that the function enables.
            unsafe { fold_avx2::<K, R>(Pair::new(token), job, fold, piece) }
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if let Some(token) = Avx512::detect() => {
            // SAFETY: the token proves that this machine has the features that the function enables.
            unsafe { fold_avx512::<K, R>(Pair::new(token), job, fold, piece) }
        }
        _ => fold_blocks::<_, K, R, 2>(Portable, job, fold, piece),
    }
    job.frame.control().collect();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn fold_avx2<K: Kernel<Out = R::T>, R: Fold>(
    l: Pair<Avx2>,
    job: &Job<'_>,
    fold: &R,
    piece: FoldPiece<'_, '_, K, R::T>,
) {
    align_frame();
    // All accumulators at once: reading a block in strips skips bytes, which took 1.2 to 1.4 times as long from L2 on (2026-11;
    // asking for memory ahead made it slower still).
    fold_blocks::<_, K, R, 4>(l, job, fold, piece);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn fold_avx512<K: Kernel<Out = R::T>, R: Fold>(
    l: Pair<Avx512>,
    job: &Job<'_>,
    fold: &R,
    piece: FoldPiece<'_, '_, K, R::T>,
) {
    align_frame();
    fold_blocks::<_, K, R, 2>(l, job, fold, piece);
}
