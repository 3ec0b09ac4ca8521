//! Elements that do not lie together, copied so that they do.

use crate::error::Result;
use crate::memory::array::Array;
use crate::memory::element::Element;
use crate::memory::pool::out_of_memory;
use crate::memory::version::Keep;
use crate::shape::{Domain, Span};

/// Which elements of an array, in which order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pattern {
    /// `len` of them, each `step` behind the one before.
    Strided { start: usize, step: usize, len: usize },
    /// Some columns of some rows, which lie `pitch` apart: a grid of this width and height.
    Block { start: usize, pitch: usize, width: usize, height: usize },
    /// The same column by column.
    Transposed { start: usize, pitch: usize, width: usize, height: usize },
}

impl Pattern {
    /// Where the first element is, and how far the next below and beside it are; those of a line lie below each other.
    pub fn spread(self) -> (usize, usize, usize) {
        match self {
            Pattern::Strided { start, step, .. } => (start, step, 1),
            Pattern::Block { start, pitch, .. } => (start, pitch, 1),
            Pattern::Transposed { start, pitch, .. } => (start, 1, pitch),
        }
    }
}

/// Elements of a device that are less than so many bytes apart come home together, with what is between them: a transfer of
/// its own takes longer (tens of microseconds).
const NEAR: usize = 16 << 10;

/// The most transfers that one packing makes.
const MOST_TRANSFERS: usize = 1024;

/// Rows and columns of a tile that is transposed at once: what it reads and writes stays in the first cache, and four-byte
/// elements fill whole cache lines both ways.
const TILE: usize = 16;

/// A new array of the elements of `pattern`.
pub(super) fn packed<T: Element>(from: &Array<T>, pattern: Pattern) -> Result<Array<T>> {
    let len = match pattern {
        Pattern::Strided { len, .. } => len,
        Pattern::Block { width, height, .. } | Pattern::Transposed { width, height, .. } => width * height,
    };
    let mut packed = Array::new(from.home(), Domain::Line(len))?;
    let into = packed.host_mut(Keep::Nothing)?;
    match pattern {
        Pattern::Strided { start, step, .. } => strided(from, start, step, into)?,
        Pattern::Block { start, pitch, width, height } if len > 0 => {
            let (near, rows) = (pitch - width, into.chunks_exact_mut(width).enumerate());
            if near * size_of::<T>() <= NEAR.max(len * size_of::<T>() / MOST_TRANSFERS) {
                let elements = from.host_span(Span::new(start, start + (height - 1) * pitch + width))?;
                rows.for_each(|(y, row)| row.copy_from_slice(&elements[y * pitch..][..width]));
            } else {
                for (y, row) in rows {
                    let first = start + y * pitch;
                    row.copy_from_slice(from.host_span(Span::new(first, first + width))?);
                }
            }
        }
        Pattern::Transposed { start, pitch, width, height } if len > 0 => {
            let span = Span::new(start, start + (height - 1) * pitch + width);
            transpose(from.host_span(span)?, pitch, (width, height), into);
        }
        Pattern::Block { .. } | Pattern::Transposed { .. } => {}
    }
    Ok(packed)
}

/// A copy of `elements`.
pub(super) fn copied<T: Copy>(elements: &[T]) -> Result<Vec<T>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(elements.len()).map_err(|_| out_of_memory(size_of_val(elements)))?;
    copy.extend_from_slice(elements);
    Ok(copy)
}

fn strided<T: Element>(from: &Array<T>, start: usize, step: usize, into: &mut [T]) -> Result<()> {
    let Some(last) = into.len().checked_sub(1) else { return Ok(()) };
    let all = Span::new(start, start + last * step + 1);
    let width = size_of::<T>();
    if step <= NEAR.max(all.len() * width / MOST_TRANSFERS) / width {
        let elements = from.host_span(all)?;
        into.iter_mut().zip(elements.iter().step_by(step)).for_each(|(to, from)| *to = *from);
        return Ok(());
    }
    for (to, at) in into.iter_mut().zip((start..).step_by(step)) {
        *to = from.host_span(Span::new(at, at + 1))?[0];
    }
    Ok(())
}

/// Writes a grid, whose rows lie `pitch` apart, column by column.
///
/// By tiles, each through a buffer: the rows of a grid as wide as a power of two share few places of a cache, so that a tile
/// read in place would push out what of it is needed next.
fn transpose<T: Element>(from: &[T], pitch: usize, (width, height): (usize, usize), into: &mut [T]) {
    let mut tile = [[T::zeroed(); TILE]; TILE];
    for top in (0..height).step_by(TILE) {
        let rows = TILE.min(height - top);
        for left in (0..width).step_by(TILE) {
            let columns = TILE.min(width - left);
            for y in 0..rows {
                let row = &from[(top + y) * pitch + left..][..columns];
                for (x, element) in row.iter().enumerate() {
                    tile[x][y] = *element;
                }
            }
            for (x, column) in tile[..columns].iter().enumerate() {
                into[(left + x) * height + top..][..rows].copy_from_slice(&column[..rows]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_is_the_naive_loop() {
        for (width, height) in
            [(0, 0), (0, 5), (5, 0), (1, 1), (1, 40), (40, 1), (16, 16), (17, 15), (50, 33)]
        {
            let from: Vec<[u16; 3]> = (0..width * height).map(|i| [i as u16, 7, (i * 3) as u16]).collect();
            let mut into = vec![[0; 3]; from.len()];
            transpose(&from, width, (width, height), &mut into);
            for y in 0..height {
                for x in 0..width {
                    assert_eq!(into[x * height + y], from[y * width + x], "{x} {y} of {width}x{height}");
                }
            }
        }
    }
}
