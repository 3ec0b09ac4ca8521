//! Panels: the values of a few rows, step by step, so that the innermost loop reads memory in order.

use super::matrix::Matrix;
use super::tile::{AtTile, WIDEST};
use crate::kernel::LaneElement;
use crate::lanes::{Lanes, four_by_four};

/// Rows of `from`, packed into panels of as many rows as a tile has down or across; the columns of `from` are the steps.
///
/// Where rows are missing, the last one stands for them: what the step makes of it is thrown away, and it meets no pair of values
/// that it would not meet anyhow.
pub(super) struct Pack<'p, T> {
    pub from: Matrix<'p, T>,
    pub into: &'p mut [T],
    /// Panels of a tile's columns, not of its rows.
    pub across: bool,
}

impl<T: LaneElement> AtTile for Pack<'_, T> {
    type Out = ();
    #[inline(always)]
    fn run<L: Lanes, const R: usize, const V: usize>(self, _: L) {
        // A width that the compiler knows in each branch.
        if self.across { panels(self, V * L::N) } else { panels(self, R) }
    }
}

#[inline(always)]
fn panels<T: LaneElement>(pack: Pack<'_, T>, width: usize) {
    let Pack { from, into, .. } = pack;
    let steps = from.columns();
    for (q, panel) in into.chunks_exact_mut(width * steps).enumerate() {
        let first = q * width;
        let have = width.min(from.rows() - first);
        if from.down() == 1 {
            beside(&from, panel, (first, have), width);
        } else if from.along() == 1 {
            exchanged(&from, panel, (first, have), width);
        } else {
            for (k, values) in panel.chunks_exact_mut(width).enumerate() {
                for (p, value) in values.iter_mut().enumerate() {
                    *value = from.at(first + p.min(have - 1), k);
                }
            }
        }
    }
}

/// The values of a step lie together.
#[inline(always)]
fn beside<T: LaneElement>(
    from: &Matrix<'_, T>,
    panel: &mut [T],
    (first, have): (usize, usize),
    width: usize,
) {
    for (k, values) in panel.chunks_exact_mut(width).enumerate() {
        let source = from.from(first, k);
        if have == width {
            values.copy_from_slice(&source[..width]);
        } else {
            values[..have].copy_from_slice(&source[..have]);
            values[have..].fill(source[have - 1]);
        }
    }
}

/// The values of a row lie together: squares of four are exchanged in registers.
#[inline(always)]
fn exchanged<T: LaneElement>(
    from: &Matrix<'_, T>,
    panel: &mut [T],
    (first, have): (usize, usize),
    width: usize,
) {
    let steps = from.columns();
    let mut rows: [&[T]; WIDEST] = [&[]; WIDEST];
    for (p, row) in rows[..width].iter_mut().enumerate() {
        *row = &from.from(first + p.min(have - 1), 0)[..steps];
    }
    let fours = steps / 4;
    for (k, values) in panel.chunks_exact_mut(4 * width).enumerate() {
        let mut group = 0;
        while group < width {
            let mut square = [[T::zeroed(); 4]; 4];
            for (r, part) in square.iter_mut().enumerate() {
                part.copy_from_slice(&rows[(group + r).min(width - 1)][4 * k..4 * k + 4]);
            }
            let square = columns_of(square);
            let wide = (width - group).min(4);
            for (s, column) in square.iter().enumerate() {
                let at = s * width + group;
                if wide == 4 {
                    values[at..at + 4].copy_from_slice(column);
                } else {
                    values[at..at + wide].copy_from_slice(&column[..wide]);
                }
            }
            group += 4;
        }
    }
    for k in 4 * fours..steps {
        for (value, row) in panel[k * width..(k + 1) * width].iter_mut().zip(&rows) {
            *value = row[k];
        }
    }
}

/// Four rows as columns.
#[inline(always)]
fn columns_of<T: LaneElement>(rows: [[T; 4]; 4]) -> [[T; 4]; 4] {
    let mut columns = [[T::zeroed(); 4]; 4];
    if size_of::<T>() == 4 {
        let mut words = [[0; 4]; 4];
        for (words, row) in words.iter_mut().zip(rows) {
            *words = bytemuck::cast(row);
        }
        for (column, words) in columns.iter_mut().zip(four_by_four(words)) {
            *column = bytemuck::cast(words);
        }
        return columns;
    }
    for (y, row) in rows.iter().enumerate() {
        for (x, value) in row.iter().enumerate() {
            columns[x][y] = *value;
        }
    }
    columns
}
