//! Decomposition of a picture into tiles: pieces so narrow that the rows that a stencil looks at stay in a cache.
//!
//! A piece in row order reads each row again for every row within the kernel's reach. As long as those rows fit a cache that
//! costs nothing; of wider pictures each is fetched from memory anew. A tile has as many columns as do fit.

use std::fmt;

use crate::kernel::KernelInfo;
use crate::plan::tuning;
use crate::shape::{Access, Domain};

/// What threads compute together: so many columns of so many rows; fewer at the right and the lower edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tiles {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Bytes of the whole rows that one place looks at, which do not fit.
    rows_bytes: usize,
}

/// Columns of a tile are a multiple of this: whole vectors, and whole cache lines of every type.
const STEP: usize = 256;

impl Tiles {
    /// Those of a stencil over `domain` on so many threads; `None` where pieces in row order do as well.
    pub fn of(info: &KernelInfo, domain: Domain, threads: usize) -> Option<Tiles> {
        let Domain::Grid { width, height } = domain else { return None };
        let (mut cell, mut reach) = (0, 0);
        for param in info.params {
            if let Access::Halo { dy, .. } = param.access {
                cell += param.element.bytes() * (2 * dy as usize + 1);
                reach = reach.max(2 * dy as usize + 1);
            }
        }
        let rows_bytes = width.saturating_mul(cell);
        if reach < 2 || rows_bytes <= tuning::TILE_BYTES {
            return None;
        }
        let columns = (tuning::TILE_BYTES / cell / STEP * STEP).max(2 * STEP);
        if columns >= width {
            return None;
        }
        // Several tiles for each thread; but what a tile reads of its neighbours' rows stays a small part.
        let down = match threads {
            0 | 1 => 1,
            threads => (8 * threads).div_ceil(width.div_ceil(columns)),
        };
        let rows = height.div_ceil(down).max(8 * reach).min(height.max(1));
        Some(Tiles { width: columns, height: rows, rows_bytes })
    }

    /// How many are beside each other over `domain`.
    pub fn across(&self, domain: Domain) -> usize {
        domain.width().div_ceil(self.width)
    }
}

impl fmt::Display for Tiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "tiles of {} x {}: the rows that a place looks at have {} bytes, more than the {} that stay in a cache",
            self.width,
            self.height,
            self.rows_bytes,
            tuning::TILE_BYTES
        )
    }
}
