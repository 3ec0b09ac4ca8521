//! Equalisation tile by tile, with limited contrast: K. Zuiderveld, "Contrast limited adaptive histogram equalization", 1994.
//!
//! ```text
//! for each tile: its histogram                                   one launch, counting in shared places
//!     what is above the limit is cut off and given to all values alike
//!     table[value] = 255 / cells of a tile * (counts up to the value)
//! for each cell: between the tables of the four tiles around it, by its distance to their middles
//! ```
//! As OpenCV's `createCLAHE`: where a side is no multiple of the tiles, the picture is continued by its mirror image, to
//! the right and below, until both are; and then by a whole tile more in the direction that was one.

use manylane::Result;
use manylane::prelude::*;

use crate::checks::{setting, sides, within};

/// The most tiles in a row or a column.
pub const MOST_TILES: usize = 256;

/// How the picture is parted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tiles {
    /// Tiles in a row.
    pub columns: u32,
    /// Rows of tiles.
    pub rows: u32,
    /// Cells in a row of a tile.
    pub width: u32,
    /// Rows of a tile.
    pub height: u32,
}

/// Counts a cell in the bins of its tile.
#[kernel]
pub fn tile_count(at: Cell, cells: Image<u8>, #[uniform] t: Tiles, bins: &Atomics<u32>) {
    let tile = (at.y / t.height) * t.columns + at.x / t.width;
    bins.add(tile * 256 + cells.near(at, 0, 0) as u32, 1);
}

/// Added and taken off again, it rounds what is below 2^22 to the nearest whole number, halves to the even one.
const TO_WHOLE: f32 = 12_582_912.0;

/// What the tables of the four tiles around a cell have for it, mixed by the distances to the tiles' middles.
#[kernel(strict)]
pub fn tile_mix(
    at: Cell,
    x: u8,
    tables: &[u8],
    #[uniform] t: Tiles,
    #[uniform] per_width: f32,
    #[uniform] per_height: f32,
) -> u8 {
    let across = (at.x as f32) * per_width - 0.5;
    let down = (at.y as f32) * per_height - 0.5;
    let (left, top) = (across.floor(), down.floor());
    let (right_share, low_share) = (across - left, down - top);
    let (columns, rows): (u32, u32) = (t.columns, t.rows);
    let (i, j) = (left as i32, top as i32);
    let (i1, i2) = (i.max(0), (i + 1).min(columns as i32 - 1));
    let (j1, j2) = (j.max(0) * columns as i32, (j + 1).min(rows as i32 - 1) * columns as i32);
    let value = x as i32;
    let nw = tables[((j1 + i1) * 256 + value) as usize] as f32;
    let ne = tables[((j1 + i2) * 256 + value) as usize] as f32;
    let sw = tables[((j2 + i1) * 256 + value) as usize] as f32;
    let se = tables[((j2 + i2) * 256 + value) as usize] as f32;
    let high = nw * (1.0 - right_share) + ne * right_share;
    let low = sw * (1.0 - right_share) + se * right_share;
    let mixed = high * (1.0 - low_share) + low * low_share;
    ((mixed + TO_WHOLE) - TO_WHOLE) as u8
}

/// The picture equalised in `tiles` (in a row, and rows of them). No value may have more than `clip` times as many cells of a
/// tile as if all had the same number; 0 for no such limit. 40 and (8, 8) are OpenCV's own.
///
/// # Errors
/// `Setting` where `clip` is not from 0 to 1,000,000 or there are not from 1 to [`MOST_TILES`] tiles in each direction;
/// `ShapeMismatch` where the picture has no rows; whatever the launches return.
pub fn clahe(
    rt: &Runtime,
    cells: &Array<u8>,
    clip: f32,
    tiles: (usize, usize),
    target: Target,
) -> Result<Array<u8>> {
    let shape = sides(cells)?;
    within("a limit of contrast", clip, (0.0, 1_000_000.0))?;
    for count in [tiles.0, tiles.1] {
        if !(1..=MOST_TILES).contains(&count) {
            return Err(setting(format!(
                "{}x{} tiles are not possible; give from 1 to {MOST_TILES} in each direction",
                tiles.0, tiles.1
            )));
        }
    }
    if cells.is_empty() {
        return Ok(cells.clone());
    }
    let (width, height) = continued(shape, tiles);
    let t = Tiles {
        columns: tiles.0 as u32,
        rows: tiles.1 as u32,
        width: (width / tiles.0) as u32,
        height: (height / tiles.1) as u32,
    };
    let bins = Atomics::new(tiles.0 * tiles.1 * 256);
    let counting = rt.map::<tile_count>((cells, t, &bins)).over((width, height)).border(Border::Reflect);
    counting.on(target).run()?;
    let size = (width / tiles.0) * (height / tiles.1);
    let tables: Vec<u8> =
        bins.to_vec().chunks_exact(256).flat_map(|counts| table(counts, size, clip)).collect();
    let args = (cells, &tables, t, 1.0 / t.width as f32, 1.0 / t.height as f32);
    rt.map::<tile_mix>(args).on(target).run()
}

/// Columns and rows of the picture whose tiles are all alike.
fn continued((width, height): (usize, usize), (columns, rows): (usize, usize)) -> (usize, usize) {
    if width % columns == 0 && height % rows == 0 {
        return (width, height);
    }
    (width + columns - width % columns, height + rows - height % rows)
}

/// The value that each becomes in a tile of `size` cells.
fn table(counts: &[u32], size: usize, clip: f32) -> Vec<u8> {
    let mut counts = counts.to_vec();
    if clip > 0.0 {
        limit(&mut counts, ((f64::from(clip) * size as f64 / 256.0) as u32).max(1));
    }
    let scale = 255.0 / size as f32;
    let mut sum = 0;
    let spread = |n: &u32| {
        sum += n;
        (sum as f32 * scale).round_ties_even() as u8
    };
    counts.iter().map(spread).collect()
}

/// Cuts off what is above `most`, and gives it to all values alike; what is left then, one each to values evenly apart.
fn limit(counts: &mut [u32], most: u32) {
    let cut: u32 = counts.iter().map(|n| n.saturating_sub(most)).sum();
    let (each, left) = (cut / 256, cut % 256);
    for n in counts.iter_mut() {
        *n = (*n).min(most) + each;
    }
    let apart = (256 / left.max(1)) as usize;
    counts.iter_mut().step_by(apart).take(left as usize).for_each(|n| *n += 1);
}
