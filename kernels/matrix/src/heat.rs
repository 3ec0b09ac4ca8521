//! Diffusion of heat on a grid whose rim is kept, by explicit steps.
//!
//! Each step makes of a cell `stay * own + rate * (above + below + left + right)` with `stay = 1 - 4 rate`. Step by step, memory
//! is passed over for each. On the CPU several steps are done on a tile of cells while it is in a cache (time tiling, here
//! with overlapping tiles: M. J. Berger and J. Oliger's ghost cells; J. Holewinski et al., "High-performance code generation for
//! stencil computations on GPU architectures", 2012):
//!
//! ```text
//! for each tile of cells:
//!     it and STEPS cells more to each side into a buffer
//!     STEPS times: every cell of the buffer that has neighbours, into the other buffer     wrong cells creep in from the sides
//!     the tile's own cells, which they have not reached, into the result
//! ```
//! Each cell is made by the same expression as by plain steps, so the bits are the same.
//!
//! A step over a buffer is a map of five arguments: the buffer itself, and the same shifted by a row or a cell. So no place
//! looks around, and rows are one line: what wraps around at their ends falls on cells that are wrong anyway or are put back.

use std::sync::{Mutex, PoisonError};

use manylane::Result;
use manylane::prelude::*;

use crate::place::{Way, each, setting, sides};

/// A cell's next value.
#[kernel]
pub fn heat_cell(
    own: f32,
    above: f32,
    below: f32,
    left: f32,
    right: f32,
    #[uniform] stay: f32,
    #[uniform] rate: f32,
) -> f32 {
    stay * own + rate * (above + below + left + right)
}

/// The same, read from the grid; the rim stays as it is.
#[kernel]
pub fn heat_step(at: Cell, cells: Grid<f32>, #[uniform] stay: f32, #[uniform] rate: f32) -> f32 {
    let own = cells.near(at, 0, 0);
    let next = heat_cell(
        own,
        cells.near(at, 0, -1),
        cells.near(at, 0, 1),
        cells.near(at, -1, 0),
        cells.near(at, 1, 0),
        stay,
        rate,
    );
    let rim = at.x == 0 || at.y == 0 || at.x + 1 == cells.width() || at.y + 1 == cells.height();
    if rim { own } else { next }
}

/// The most steps that a tile is taken through at once, and its columns and rows. With the cells around it, two buffers of it
/// fill three quarters of an L2 of 512 KiB; more steps would compute more cells twice. Rows of a buffer are 31 cache lines:
/// whole ones, and not a power of two, at which rows and results would share places of the first cache (2026-11, Zen 3).
const STEPS: usize = 8;
const TILE: (usize, usize) = (496 - 2 * STEPS, 80);

/// The largest rate at which steps do not grow beyond all bounds.
pub const MOST: f32 = 0.25;

/// The grid after so many steps. `rate` is the time of a step times the diffusivity over the square of the cells' distance.
///
/// # Errors
/// `ShapeMismatch` where `cells` has no rows; `Setting` where `rate` is not from 0 to [`MOST`]; whatever the launches return.
pub fn diffused(
    rt: &Runtime,
    cells: &Array<f32>,
    rate: f32,
    steps: usize,
    target: Target,
) -> Result<Array<f32>> {
    let (width, height) = sides("the grid", cells)?;
    if !(0.0..=MOST).contains(&rate) {
        return Err(setting(format!(
            "a rate of {rate} is none at which explicit steps settle; give one from 0 to {MOST}, and take more steps"
        )));
    }
    let stay = 1.0 - 4.0 * rate;
    if width < 3 || height < 3 {
        return Ok(cells.clone());
    }
    let launch = || rt.map::<heat_step>((cells, stay, rate)).on(target);
    let Way::Blocks { one, shared } = Way::of(target, cells.len(), || Ok(launch().plan()?.target))? else {
        let mut now = cells.clone();
        for _ in 0..steps {
            now = rt.map::<heat_step>((&now, stay, rate)).on(target).run()?;
        }
        return Ok(now);
    };
    let rooms = Mutex::default();
    let grid = Tiling { rt, shape: (width, height), weights: (stay, rate), one, rooms };
    let (mut now, mut next) = (cells.clone(), Array::new(cells.home(), cells.domain())?);
    let mut left = steps;
    while left > 0 {
        let together = left.min(STEPS);
        {
            let (from, mut into) = (now.read()?, next.write()?);
            let bands = into.chunks_mut(TILE.1 * width).enumerate();
            each(rt, shared, bands, |(k, band)| grid.band(&from, k * TILE.1, band, together))?;
        }
        left -= together;
        if left + together == steps && left > 0 {
            // What was given is not to be written to.
            now = Array::new(cells.home(), cells.domain())?;
        }
        std::mem::swap(&mut now, &mut next);
    }
    Ok(now)
}

/// Cells of a cache line.
const LINE: usize = 16;

/// The buffer from its first whole cache line on.
fn aligned(buffer: &mut [f32]) -> &mut [f32] {
    let before = buffer.as_ptr().align_offset(4 * LINE).min(LINE);
    &mut buffer[before..]
}

/// A grid that is done tile by tile.
struct Tiling<'r> {
    rt: &'r Runtime,
    shape: (usize, usize),
    weights: (f32, f32),
    one: Target,
    /// Buffers that no band uses just now: new memory costs more than the steps over it.
    rooms: Mutex<Vec<[Vec<f32>; 2]>>,
}

/// A tile with the cells around it: from which column on, and how many columns and rows.
struct Part {
    left: usize,
    width: usize,
    height: usize,
}

impl Tiling<'_> {
    /// The rows of `band`, from row `first` on, after so many steps.
    fn band(&self, from: &[f32], first: usize, band: &mut [f32], steps: usize) -> Result<()> {
        let (width, height) = self.shape;
        let rows = band.len() / width;
        let top = first.saturating_sub(steps);
        let bottom = (first + rows + steps).min(height);
        let most = (bottom - top) * (TILE.0 + 2 * steps).min(width);
        let free = || self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = free().pop();
        let [mut old, mut new] = room.unwrap_or_default();
        for buffer in [&mut old, &mut new] {
            buffer.resize(buffer.len().max(most + LINE), 0.0);
        }
        let (mut now, mut next) = (aligned(&mut old), aligned(&mut new));
        for column in (0..width).step_by(TILE.0) {
            let columns = TILE.0.min(width - column);
            let left = column.saturating_sub(steps);
            let right = (column + columns + steps).min(width);
            let part = Part { left, width: right - left, height: bottom - top };
            let size = part.width * part.height;
            for (y, row) in now[..size].chunks_exact_mut(part.width).enumerate() {
                row.copy_from_slice(&from[(top + y) * width + left..][..part.width]);
            }
            for _ in 0..steps {
                self.step(&part, &now[..size], &mut next[..size])?;
                std::mem::swap(&mut now, &mut next);
            }
            for (y, row) in band.chunks_exact_mut(width).enumerate() {
                let at = (first + y - top) * part.width + column - left;
                row[column..column + columns].copy_from_slice(&now[at..at + columns]);
            }
        }
        free().push([old, new]);
        Ok(())
    }

    /// One step of a part. Its cells at sides that are not the grid's come out wrong.
    fn step(&self, part: &Part, now: &[f32], next: &mut [f32]) -> Result<()> {
        let Part { left, width, height } = *part;
        if width < 3 || height < 3 {
            next.copy_from_slice(now);
            return Ok(());
        }
        let n = (height - 2) * width;
        let by = |first: usize| &now[first..first + n];
        let (stay, rate) = self.weights;
        let launch = self.rt.map::<heat_cell>((
            by(width),
            by(0),
            by(2 * width),
            by(width - 1),
            by(width + 1),
            stay,
            rate,
        ));
        launch.on(self.one).run_into(&mut next[width..][..n])?;
        // The grid's rim, where the part has some of it.
        next[..width].copy_from_slice(&now[..width]);
        next[(height - 1) * width..].copy_from_slice(&now[(height - 1) * width..]);
        for (edge, column) in [(left == 0, 0), (left + width == self.shape.0, width - 1)] {
            if edge {
                for y in 1..height - 1 {
                    next[y * width + column] = now[y * width + column];
                }
            }
        }
        Ok(())
    }
}
