//! A product on the CPU: blocks of both matrices are packed for the caches, then tiles of results go through registers.
//!
//! ```text
//! for columns of b, at most as many as fit the last cache packed
//!   for steps, as many as a panel of b in the first cache has
//!     for rows of a, at most as many as fit the last cache packed
//!       pack both                                              (shared out: panels)
//!       for blocks of results                                  (shared out: blocks)
//!         for panels of b (first cache), for panels of a (second cache): a tile
//! ```
//! Each result is one chain over all steps in their order: where a chain is cut between packed blocks, it goes on from the stored
//! result. So the bits hang on the level alone (on nothing at all where the step is strict).
//!
//! Departures made for speed: where a matrix has few columns the roles are exchanged, so that vectors lie along the many.

use super::matrix::Matrix;
use super::pack::Pack;
use super::thin;
use super::tile::{self, AtTile, Block};
use super::{Finish, First};
use crate::error::Result;
use crate::exec::threads::{self, Pool};
use crate::kernel::{Arithmetic, Frame, LaneElement, Step};
use crate::lanes::{Lanes, Level};
use crate::memory::{Array, Home, Keep};
use crate::plan::tuning::{PRODUCT_BLOCK_BYTES, PRODUCT_PACKED_BYTES, PRODUCT_PANEL_BYTES};
use crate::shape::Domain;

/// What a product on the CPU works with.
#[derive(Clone, Copy)]
pub(super) struct Cpu<'c> {
    pub frame: &'c Frame<'c>,
    pub level: Level,
    pub pool: &'c Pool,
    pub threads: usize,
    pub home: &'c Home,
}

/// What is to be computed.
#[derive(Clone, Copy)]
pub(super) struct Task<'m, T> {
    pub a: Matrix<'m, T>,
    pub b: Matrix<'m, T>,
    pub first: First<T, Matrix<'m, T>>,
    pub finish: Option<Finish<T, Matrix<'m, T>>>,
}

/// Computes the rows of `out`, which lie together.
pub(super) fn run<S: Step>(cpu: &Cpu<'_>, task: &Task<'_, S::Value>, out: &mut [S::Value]) -> Result<()>
where
    S::Value: Arithmetic,
{
    let (rows, columns, depth) = (task.a.rows(), task.b.columns(), task.a.columns());
    if rows == 0 || columns == 0 {
        return Ok(());
    }
    let first = match task.first {
        First::Value(value) if depth > 0 => Some(value),
        First::Value(value) => {
            out.fill(value);
            None
        }
        First::Stored(matrix) => {
            for (y, row) in out.chunks_exact_mut(columns).enumerate() {
                copy_row(&matrix, y, row);
            }
            None
        }
    };
    if depth > 0 {
        let (down, across) = tile::sizes(cpu.level, size_of::<S::Value>());
        // Vectors lie along the columns of the results, unless those are few and the rows are not.
        let exchanged = columns < across
            && columns < rows
            && waste(rows, columns, (down, across)) > waste(columns, rows, (down, across));
        let few = if exchanged { columns } else { rows };
        let packed = Packed { cpu, task, first };
        match (few <= down, exchanged) {
            (true, true) => thin::run::<S, true>(cpu, task, first, out)?,
            (true, false) => thin::run::<S, false>(cpu, task, first, out)?,
            (false, true) => packed.run::<S, true>(out)?,
            (false, false) => packed.run::<S, false>(out)?,
        }
    }
    if let Some(finish) = task.finish {
        let rows: Vec<&mut [S::Value]> = out.chunks_exact_mut(columns).collect();
        let grain = rows.len().div_ceil(4 * cpu.threads).max(1);
        let mut parts = Vec::new();
        let (mut left, mut at) = (rows, 0);
        while !left.is_empty() {
            let rest = left.split_off(grain.min(left.len()));
            parts.push((at, left));
            at += grain;
            left = rest;
        }
        threads::each(cpu.pool, cpu.threads, parts, |(at, rows)| {
            tile::at(cpu.level, size_of::<S::Value>(), Scale { finish, at, rows });
        });
    }
    Ok(())
}

/// Places of tiles for each result, where so many lie down and across.
fn waste(rows: usize, columns: usize, (down, across): (usize, usize)) -> usize {
    rows.next_multiple_of(down) * columns.next_multiple_of(across)
}

fn copy_row<T: LaneElement>(from: &Matrix<'_, T>, y: usize, into: &mut [T]) {
    if from.along() == 1 {
        return into.copy_from_slice(&from.from(y, 0)[..into.len()]);
    }
    for (x, value) in into.iter_mut().enumerate() {
        *value = from.at(y, x);
    }
}

/// The blocked product.
struct Packed<'p, 'm, T> {
    cpu: &'p Cpu<'p>,
    task: &'p Task<'m, T>,
    /// What the sums begin with, where it is not stored.
    first: Option<T>,
}

/// A panel, or some, to be packed.
struct Part<'p, T> {
    pack: Pack<'p, T>,
}

impl<T: LaneElement> Packed<'_, '_, T> {
    /// Where `FLIPPED`, the columns of `b` lie down the tiles and the rows of `a` across.
    fn run<S: Step<Value = T>, const FLIPPED: bool>(&self, out: &mut [T]) -> Result<()> {
        let Packed { cpu, task, .. } = self;
        let bytes = size_of::<T>();
        let (high, wide) = tile::sizes(cpu.level, bytes);
        let depth = task.a.columns();
        let columns = task.b.columns();
        // Both with the steps along their rows.
        let (down, across) =
            if FLIPPED { (task.b.exchanged(), task.a) } else { (task.a, task.b.exchanged()) };
        let steps = even(depth, PRODUCT_PANEL_BYTES / (bytes * wide), 1);
        let most = PRODUCT_PACKED_BYTES / (bytes * steps);
        let (tall, broad) = (even(down.rows(), most, high), even(across.rows(), most, wide));
        let mut memory = Array::<T>::new(
            cpu.home,
            Domain::Line((tall.next_multiple_of(high) + broad.next_multiple_of(wide)) * steps),
        )?;
        let memory = memory.host_mut(Keep::Nothing)?;
        for left in (0..across.rows()).step_by(broad) {
            let right = (left + broad).min(across.rows());
            for near in (0..depth).step_by(steps) {
                let far = (near + steps).min(depth);
                let first = if near == 0 { self.first } else { None };
                for top in (0..down.rows()).step_by(tall) {
                    let bottom = (top + tall).min(down.rows());
                    if cpu.frame.stopped() {
                        return Ok(());
                    }
                    let sizes = [(bottom - top, high), (right - left, wide)];
                    let [packed_down, packed_across] =
                        sizes.map(|(n, of)| n.next_multiple_of(of) * (far - near));
                    let (into_down, rest) = memory.split_at_mut(tall.next_multiple_of(high) * steps);
                    let (into_down, into_across) =
                        (&mut into_down[..packed_down], &mut rest[..packed_across]);
                    let mut parts = Vec::new();
                    cut(&mut parts, down.part(top..bottom, near..far), into_down, (high, false), cpu.threads);
                    if top == 0 {
                        let across = across.part(left..right, near..far);
                        cut(&mut parts, across, into_across, (wide, true), cpu.threads);
                    }
                    threads::each(cpu.pool, cpu.threads, parts, |part| tile::at(cpu.level, bytes, part.pack));
                    let place = if FLIPPED { (left..right, top..bottom) } else { (top..bottom, left..right) };
                    let blocks = Blocks { down: into_down, across: into_across, depth: far - near, first };
                    blocks.run::<S, FLIPPED>(cpu, (high, wide), rows_of(out, columns, place));
                }
            }
        }
        Ok(())
    }
}

/// Cuts what is to be packed into parts for threads.
fn cut<'p, T: LaneElement>(
    parts: &mut Vec<Part<'p, T>>,
    from: Matrix<'p, T>,
    mut into: &'p mut [T],
    (width, across): (usize, bool),
    threads: usize,
) {
    let (rows, steps) = (from.rows(), from.columns());
    let each = if threads == 1 { rows } else { rows.div_ceil(4 * threads).max(64) }.next_multiple_of(width);
    for start in (0..rows).step_by(each) {
        let end = (start + each).min(rows);
        let (mine, rest) = into.split_at_mut((end - start).next_multiple_of(width) * steps);
        into = rest;
        parts.push(Part { pack: Pack { from: from.part(start..end, 0..steps), into: mine, across } });
    }
}

/// Some columns of some rows of the results.
fn rows_of<T>(
    out: &mut [T],
    columns: usize,
    (rows, part): (std::ops::Range<usize>, std::ops::Range<usize>),
) -> Vec<&mut [T]> {
    out[rows.start * columns..rows.end * columns]
        .chunks_exact_mut(columns)
        .map(|row| &mut row[part.clone()])
        .collect()
}

/// Everything that is packed, and what the sums of its results begin with.
struct Blocks<'p, T> {
    down: &'p [T],
    across: &'p [T],
    depth: usize,
    first: Option<T>,
}

/// Rows of results, and the part of the packed values that they are of.
struct Piece<'o, T> {
    rows: Vec<&'o mut [T]>,
    /// Places down and across of the first tile.
    at: (usize, usize),
    size: (usize, usize),
}

impl<T: LaneElement> Blocks<'_, T> {
    fn run<S: Step<Value = T>, const FLIPPED: bool>(
        &self,
        cpu: &Cpu<'_>,
        (high, wide): (usize, usize),
        rows: Vec<&mut [T]>,
    ) {
        let broad = rows.first().map_or(0, |row| row.len());
        let (height, breadth) = if FLIPPED { (broad, rows.len()) } else { (rows.len(), broad) };
        // Rows that fit the second cache packed; and enough blocks for every thread.
        let tall = even(height, PRODUCT_BLOCK_BYTES / (size_of::<T>() * self.depth), high);
        let blocks = height.div_ceil(tall);
        let wanted = if cpu.threads == 1 { 1 } else { (4 * cpu.threads).div_ceil(blocks) };
        let least = (128_usize).next_multiple_of(wide);
        let across = breadth.div_ceil(wanted).max(least).next_multiple_of(wide);
        let mut pieces = Vec::new();
        if FLIPPED {
            let mut left = rows;
            for from in (0..breadth).step_by(across) {
                let rest = left.split_off(across.min(left.len()));
                let mut columns: Vec<Vec<&mut [T]>> = Vec::new();
                for row in left {
                    for (q, part) in row.chunks_mut(tall).enumerate() {
                        if q == columns.len() {
                            columns.push(Vec::new());
                        }
                        columns[q].push(part);
                    }
                }
                for (q, rows) in columns.into_iter().enumerate() {
                    let size = (rows[0].len(), rows.len());
                    pieces.push(Piece { rows, at: (q * tall, from), size });
                }
                left = rest;
            }
        } else {
            let mut left = rows;
            for from in (0..height).step_by(tall) {
                let rest = left.split_off(tall.min(left.len()));
                let mut columns: Vec<Vec<&mut [T]>> = Vec::new();
                for row in left {
                    for (q, part) in row.chunks_mut(across).enumerate() {
                        if q == columns.len() {
                            columns.push(Vec::new());
                        }
                        columns[q].push(part);
                    }
                }
                for (q, rows) in columns.into_iter().enumerate() {
                    let size = (rows.len(), rows[0].len());
                    pieces.push(Piece { rows, at: (from, q * across), size });
                }
                left = rest;
            }
        }
        threads::each(cpu.pool, cpu.threads, pieces, |mut piece| {
            let of = |all: &'_ [T], at: usize, n: usize, unit: usize| {
                at * self.depth..at * self.depth + (n.next_multiple_of(unit) * self.depth).min(all.len())
            };
            let block = Block::<S, FLIPPED> {
                frame: cpu.frame,
                down: &self.down[of(self.down, piece.at.0, piece.size.0, high)],
                across: &self.across[of(self.across, piece.at.1, piece.size.1, wide)],
                depth: self.depth,
                size: piece.size,
                rows: &mut piece.rows,
                first: self.first,
            };
            tile::at(cpu.level, size_of::<T>(), block);
            cpu.frame.control().collect();
        });
    }
}

/// The size of equal parts of `n`, each at most `most`, in multiples of `of`.
fn even(n: usize, most: usize, of: usize) -> usize {
    let parts = n.div_ceil(most.max(of)).max(1);
    n.div_ceil(parts).next_multiple_of(of).max(of)
}

/// `alpha` times each result, and `beta` times what is added.
struct Scale<'o, 'm, T> {
    finish: Finish<T, Matrix<'m, T>>,
    /// The first row.
    at: usize,
    rows: Vec<&'o mut [T]>,
}

impl<T: Arithmetic> AtTile for Scale<'_, '_, T> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes, const R: usize, const V: usize>(self, l: L) {
        let Scale { finish, at, rows } = self;
        let alpha = T::splat(l, finish.alpha);
        for (y, row) in rows.into_iter().enumerate() {
            let mut copied = Vec::new();
            let added = match &finish.add {
                Some((_, matrix)) if matrix.along() == 1 => Some(&matrix.from(at + y, 0)[..row.len()]),
                Some((_, matrix)) => {
                    copied.extend((0..row.len()).map(|x| matrix.at(at + y, x)));
                    Some(&copied[..])
                }
                None => None,
            };
            let beta = T::splat(l, finish.add.map_or(finish.alpha, |(beta, _)| beta));
            let mut x = 0;
            while x < row.len() {
                let n = L::N.min(row.len() - x);
                let part = &mut row[x..x + n];
                let mut value = T::mul_lanes(l, alpha, load(l, part));
                if let Some(added) = added {
                    value = T::add_lanes(l, value, T::mul_lanes(l, beta, load(l, &added[x..x + n])));
                }
                if n == L::N {
                    T::store(l, part, value)
                } else {
                    T::store_part(l, part, value)
                }
                x += n;
            }
        }
    }
}

/// At most a vector of them.
#[inline(always)]
fn load<L: Lanes, T: LaneElement>(l: L, from: &[T]) -> T::Lane<L> {
    if from.len() == L::N { T::load(l, from) } else { T::load_part(l, from) }
}
