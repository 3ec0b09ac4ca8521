//! The 2-D view that kernels read around their own place.

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::LaneElement;
use crate::lanes::{Lanes, MAX_LANES};
use crate::memory::Array;
use crate::shape::Domain;

/// A kernel's own place in the line of all places.
pub type Index = u32;

/// A kernel's own place in a grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
}

/// A picture that a kernel reads: rows of cells, on the host when the kernel is called as a plain function.
#[derive(Clone)]
pub struct Image<T: LaneElement> {
    cells: Array<T>,
    width: usize,
    height: usize,
}

impl<T: LaneElement> Image<T> {
    /// The picture that `cells` hold, brought home so that a plain call of a kernel can read it.
    ///
    /// # Errors
    /// `ShapeMismatch` where `cells` is a line or empty; whatever error the array carries.
    pub fn new(cells: &Array<T>) -> Result<Self> {
        let (width, height) = grid_of(cells.domain())?;
        if cells.is_empty() {
            return Err(Error::new(
                ErrorKind::ShapeMismatch,
                format!("a picture of {} has no cell to read; pass one with cells", cells.domain()),
            ));
        }
        cells.host()?;
        Ok(Image { cells: cells.clone(), width, height })
    }

    /// The cell `dx` columns and `dy` rows from `at`; outside the picture the nearest cell inside.
    pub fn near(&self, at: Cell, dx: i32, dy: i32) -> T {
        self.tile().cell(i64::from(at.x) + i64::from(dx), i64::from(at.y) + i64::from(dy))
    }

    /// Cells in a row.
    pub fn width(&self) -> u32 {
        self.width as u32
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height as u32
    }

    /// The array behind it.
    pub fn array(&self) -> &Array<T> {
        &self.cells
    }

    /// What the body of a kernel reads.
    #[doc(hidden)]
    pub fn tile(&self) -> ImageTile<'_, T> {
        // `new` brought the cells home, and a snapshot once home stays home.
        let cells = self.cells.host().unwrap_or_default();
        ImageTile::new(cells, self.width, self.height)
    }
}

/// The width and height of a grid that holds at least one cell.
pub(crate) fn grid_of(domain: Domain) -> Result<(usize, usize)> {
    match domain {
        Domain::Grid { width, height } => Ok((width, height)),
        Domain::Line(n) => Err(Error::new(
            ErrorKind::ShapeMismatch,
            format!(
                "a picture needs rows, but this array is a line of {n}; give it a shape with `.shaped((width, height))`"
            ),
        )),
    }
}

/// A picture in host memory as the lanes see it.
#[derive(Clone, Copy)]
pub struct ImageTile<'t, T> {
    cells: &'t [T],
    width: usize,
    height: usize,
}

impl<'t, T: LaneElement> ImageTile<'t, T> {
    /// `height` rows of `width` cells.
    pub fn new(cells: &'t [T], width: usize, height: usize) -> Self {
        assert_eq!(cells.len(), width * height, "a picture's cells fill its rows");
        ImageTile { cells, width, height }
    }

    /// One cell, the nearest inside where it lies outside.
    #[inline(always)]
    fn cell(&self, x: i64, y: i64) -> T {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        self.cells[y * self.width + x]
    }

    /// The cells `dx` columns and `dy` rows from `at`, which is the place of the first lane.
    #[inline(always)]
    pub fn near<L: Lanes>(&self, l: L, at: Cell, dx: i32, dy: i32) -> T::Lane<L> {
        let x = i64::from(at.x) + i64::from(dx);
        let y = (i64::from(at.y) + i64::from(dy)).clamp(0, self.height as i64 - 1) as usize;
        let row = &self.cells[y * self.width..(y + 1) * self.width];
        if x >= 0 && x as usize + L::N <= row.len() {
            let x = x as usize;
            T::load(l, &row[x..x + L::N])
        } else {
            self.near_edge(l, x, y)
        }
    }

    #[inline(always)]
    fn near_edge<L: Lanes>(&self, l: L, x: i64, y: usize) -> T::Lane<L> {
        let mut buffer = [T::zeroed(); MAX_LANES];
        for (lane, slot) in buffer[..L::N].iter_mut().enumerate() {
            *slot = self.cell(x + lane as i64, y as i64);
        }
        T::load(l, &buffer[..L::N])
    }

    /// Cells in a row.
    #[inline(always)]
    pub fn width(&self) -> u32 {
        self.width as u32
    }

    /// Rows.
    #[inline(always)]
    pub fn height(&self) -> u32 {
        self.height as u32
    }
}
