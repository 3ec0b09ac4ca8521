//! The innermost loops: a tile of results in registers, for as many steps as are packed.

pub(super) use crate::exec::level::{AtTile, at_tile as at};
use crate::kernel::{Frame, LaneElement, Step};
use crate::lanes::{Lanes, Level, prefetch};

/// A vector of what a step works on.
type Vector<L, S> = <<S as Step>::Value as LaneElement>::Lane<L>;

/// The most columns of a tile: two vectors of 16.
pub(super) const WIDEST: usize = 32;

/// Rows and columns of a tile.
pub(super) fn sizes(level: Level, bytes: usize) -> (usize, usize) {
    struct Sizes;
    impl AtTile for Sizes {
        type Out = (usize, usize);
        #[inline(always)]
        fn run<L: Lanes, const R: usize, const V: usize>(self, _: L) -> (usize, usize) {
            (R, V * L::N)
        }
    }
    at(level, bytes, Sizes)
}

/// A block of results: packed panels of both matrices, and the rows that the results go to.
///
/// The panels of `down` hold for each step the values of `R` rows, those of `across` for each step the values of `V` vectors of
/// columns. Where `FLIPPED`, what is called a row here is a column of the matrices: `down` is of `b`, and `rows` are the
/// block's columns.
pub(super) struct Block<'b, 'o, S: Step, const FLIPPED: bool> {
    pub frame: &'b Frame<'b>,
    pub down: &'b [S::Value],
    pub across: &'b [S::Value],
    /// Packed steps.
    pub depth: usize,
    /// Rows and columns of the block, as the tiles see them.
    pub size: (usize, usize),
    pub rows: &'b mut [&'o mut [S::Value]],
    /// What the sums begin with; none where they go on from what is stored.
    pub first: Option<S::Value>,
}

impl<S: Step, const FLIPPED: bool> AtTile for Block<'_, '_, S, FLIPPED> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes, const R: usize, const V: usize>(mut self, l: L) {
        let width = V * L::N;
        let (height, across) = (self.size.0, self.across);
        for (q, b) in across.chunks_exact(width * self.depth).enumerate() {
            let column = q * width;
            for (p, a) in self.down.chunks_exact(R * self.depth).enumerate() {
                let row = p * R;
                if !FLIPPED {
                    // The results that the next tile goes on from.
                    for next in self.rows[(row + R).min(height)..(row + 2 * R).min(height)].iter() {
                        prefetch(&next[column], 0);
                        prefetch(&next[column], 64);
                    }
                }
                self.tile::<L, R, V>(l, (row, column), a, b);
            }
        }
    }
}

impl<S: Step, const FLIPPED: bool> Block<'_, '_, S, FLIPPED> {
    /// One tile, from the panels `a` and `b`.
    #[inline(always)]
    fn tile<L: Lanes, const R: usize, const V: usize>(
        &mut self,
        l: L,
        (row, column): (usize, usize),
        a: &[S::Value],
        b: &[S::Value],
    ) {
        let width = V * L::N;
        if FLIPPED || row + R > self.size.0 || column + width > self.size.1 {
            return self.part::<L, R, V>(l, (row, column), a, b);
        }
        let rows = &mut self.rows[row..row + R];
        let mut sums = [[S::Value::splat(l, S::Value::from_f64(0.0)); V]; R];
        if let Some(first) = self.first {
            sums = [[S::Value::splat(l, first); V]; R];
        } else {
            for (sums, stored) in sums.iter_mut().zip(rows.iter()) {
                let stored = &stored[column..column + width];
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = S::Value::load(l, &stored[v * L::N..(v + 1) * L::N]);
                }
            }
        }
        sums = steps::<L, S, R, V, FLIPPED>(l, self.frame, a, b, sums);
        for (sums, stored) in sums.iter().zip(rows) {
            let stored = &mut stored[column..column + width];
            for (v, sum) in sums.iter().enumerate() {
                S::Value::store(l, &mut stored[v * L::N..(v + 1) * L::N], *sum);
            }
        }
    }

    /// The same at an edge, or where results do not lie along the vectors: by way of a buffer.
    #[inline(always)]
    fn part<L: Lanes, const R: usize, const V: usize>(
        &mut self,
        l: L,
        (row, column): (usize, usize),
        a: &[S::Value],
        b: &[S::Value],
    ) {
        let (height, breadth) = (R.min(self.size.0 - row), (V * L::N).min(self.size.1 - column));
        let first = self.first.unwrap_or(S::Value::from_f64(0.0));
        let mut buffer = [[first; WIDEST]; R];
        if self.first.is_none() {
            for (r, part) in buffer[..height].iter_mut().enumerate() {
                for (c, value) in part[..breadth].iter_mut().enumerate() {
                    *value = *self.place(row + r, column + c);
                }
            }
        }
        let mut sums = [[S::Value::splat(l, first); V]; R];
        for (sums, part) in sums.iter_mut().zip(&buffer) {
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = S::Value::load(l, &part[v * L::N..(v + 1) * L::N]);
            }
        }
        sums = steps::<L, S, R, V, FLIPPED>(l, self.frame, a, b, sums);
        for (sums, part) in sums.iter().zip(&mut buffer) {
            for (v, sum) in sums.iter().enumerate() {
                S::Value::store(l, &mut part[v * L::N..(v + 1) * L::N], *sum);
            }
        }
        for (r, part) in buffer[..height].iter().enumerate() {
            for (c, value) in part[..breadth].iter().enumerate() {
                *self.place(row + r, column + c) = *value;
            }
        }
    }

    /// Where a result is.
    #[inline(always)]
    fn place(&mut self, row: usize, column: usize) -> &mut S::Value {
        if FLIPPED { &mut self.rows[column][row] } else { &mut self.rows[row][column] }
    }
}

/// The steps of a tile, one after the other.
#[inline(always)]
fn steps<L: Lanes, S: Step, const R: usize, const V: usize, const FLIPPED: bool>(
    l: L,
    frame: &Frame<'_>,
    a: &[S::Value],
    b: &[S::Value],
    mut sums: [[Vector<L, S>; V]; R],
) -> [[Vector<L, S>; V]; R] {
    for (a, b) in a.chunks_exact(R).zip(b.chunks_exact(V * L::N)) {
        let mut across = [S::Value::splat(l, S::Value::from_f64(0.0)); V];
        for (v, vector) in across.iter_mut().enumerate() {
            *vector = S::Value::load(l, &b[v * L::N..(v + 1) * L::N]);
        }
        for (sums, a) in sums.iter_mut().zip(a) {
            let down = S::Value::splat(l, *a);
            for (sum, across) in sums.iter_mut().zip(across) {
                *sum = match FLIPPED {
                    true => S::step(l, frame, *sum, across, down),
                    false => S::step(l, frame, *sum, down, across),
                };
            }
        }
    }
    sums
}
