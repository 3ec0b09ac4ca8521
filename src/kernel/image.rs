//! The 2-D view that kernels read around their own place.

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::LaneElement;
use crate::lanes::{Lanes, MAX_LANES, prefetch_run};
use crate::memory::Array;
use crate::shape::{Border, Domain};

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
    border: Border,
}

/// The same under the name that simulations use.
pub type Grid<T> = Image<T>;

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
        Ok(Image { cells: cells.clone(), width, height, border: Border::Clamp })
    }

    /// The same picture with another border, for plain calls; a launch has its own.
    pub fn with_border(self, border: Border) -> Self {
        Image { border, ..self }
    }

    /// The cell `dx` columns and `dy` rows from `at`; outside the picture what the border says.
    pub fn near(&self, at: Cell, dx: i32, dy: i32) -> T {
        self.tile().cell(i64::from(at.x) + i64::from(dx), i64::from(at.y) + i64::from(dy))
    }

    /// The cell in that column and row; outside the picture what the border says.
    pub fn at(&self, x: i32, y: i32) -> T {
        self.tile().cell(i64::from(x), i64::from(y))
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
        ImageTile::new(cells, self.width, self.height).with_border(self.border)
    }
}

/// The width and height of a picture, which bodies count in 32 bits with a sign.
pub(crate) fn grid_of(domain: Domain) -> Result<(usize, usize)> {
    match domain {
        Domain::Grid { width, height } if width.max(height) > i32::MAX as usize => Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "a picture of {domain} has columns or rows out of reach of a kernel's i32; at most {} are possible: give it \
                 another shape, or pass some of its rows",
                i32::MAX
            ),
        )),
        Domain::Grid { width, height } => Ok((width, height)),
        Domain::Line(n) => Err(Error::new(
            ErrorKind::ShapeMismatch,
            format!(
                "a picture needs rows, but this array is a line of {n}; give it a shape with `.shaped((width, height))`"
            ),
        )),
    }
}

/// The place inside of `0..n` that stands for `i` beside it.
fn within(i: i64, n: i64, border: Border) -> usize {
    let inside = match border {
        Border::Reflect if n > 1 => {
            let period = 2 * (n - 1);
            let at = i.rem_euclid(period);
            if at < n { at } else { period - at }
        }
        Border::Wrap => i.rem_euclid(n),
        _ => i.clamp(0, n - 1),
    };
    inside as usize
}

/// A picture in host memory as the lanes see it.
#[derive(Clone, Copy)]
pub struct ImageTile<'t, T> {
    cells: &'t [T],
    width: usize,
    height: usize,
    border: Border,
}

impl<'t, T: LaneElement> ImageTile<'t, T> {
    /// `height` rows of `width` cells.
    pub fn new(cells: &'t [T], width: usize, height: usize) -> Self {
        assert_eq!(cells.len(), width * height, "a picture's cells fill its rows");
        ImageTile { cells, width, height, border: Border::Clamp }
    }

    /// The same with another border.
    pub fn with_border(self, border: Border) -> Self {
        ImageTile { border, ..self }
    }

    /// One cell; where it lies outside what the border says.
    #[inline]
    fn cell(&self, x: i64, y: i64) -> T {
        let (w, h) = (self.width as i64, self.height as i64);
        let inside = (0..w).contains(&x) && (0..h).contains(&y);
        if let (Border::Constant(value), false) = (self.border, inside) {
            return T::from_f64(value);
        }
        let (x, y) = (within(x, w, self.border), within(y, h, self.border));
        self.cells[y * self.width + x]
    }

    /// For each lane of `m` the cell in its column and row, wherever that is.
    #[inline(always)]
    pub fn at<L: Lanes>(&self, l: L, x: L::I, y: L::I, m: L::M) -> T::Lane<L> {
        let (w, h) = (l.i_splat(self.width as i32), l.i_splat(self.height as i32));
        let outside = l.m_or(l.i_ge_u(x, w), l.i_ge_u(y, h));
        let small = self.cells.len() <= i32::MAX as usize;
        if small && !l.m_any(l.m_and(m, outside)) {
            return T::gather(l, self.cells, l.i_add(l.i_mul(y, w), x), m);
        }
        self.at_edge(l, x, y, m)
    }

    /// For each lane of `m` the cell its own columns and rows from its place; the first lane's is `at`.
    #[inline(always)]
    pub fn around<L: Lanes>(&self, l: L, at: Cell, dx: L::I, dy: L::I, m: L::M) -> T::Lane<L> {
        let (w, h) = (l.i_splat(self.width as i32), l.i_splat(self.height as i32));
        // Places are below 2^31: a sum that is past the last `i32` has its sign, and so is outside as well.
        let x = l.i_add(l.i_add(l.i_splat(at.x as i32), l.i_iota()), dx);
        let y = l.i_add(l.i_splat(at.y as i32), dy);
        let outside = l.m_or(l.i_ge_u(x, w), l.i_ge_u(y, h));
        let small = self.cells.len() <= i32::MAX as usize;
        if small && !l.m_any(l.m_and(m, outside)) {
            return T::gather(l, self.cells, l.i_add(l.i_mul(y, w), x), m);
        }
        self.around_edge(l, at, dx, dy, m)
    }

    #[inline(always)]
    fn around_edge<L: Lanes>(&self, l: L, at: Cell, dx: L::I, dy: L::I, m: L::M) -> T::Lane<L> {
        let (mut columns, mut rows) = ([0; MAX_LANES], [0; MAX_LANES]);
        let zero = l.i_splat(0);
        l.i_store(&mut columns[..L::N], l.i_select(m, dx, zero));
        l.i_store(&mut rows[..L::N], l.i_select(m, dy, zero));
        let mut buffer = [T::zeroed(); MAX_LANES];
        self.fill_around(at, &columns[..L::N], &rows, &mut buffer);
        T::load(l, &buffer[..L::N])
    }

    /// Cells so far from a place and those to its right, one by one. It takes itself by value, as all that is cold here does: by
    /// reference the tile would have to lie in memory in front of every look.
    #[cold]
    #[inline(never)]
    fn fill_around(self, at: Cell, columns: &[i32], rows: &[i32], to: &mut [T]) {
        for ((x, slot), (dx, dy)) in (i64::from(at.x)..).zip(to).zip(columns.iter().zip(rows)) {
            *slot = self.cell(x + i64::from(*dx), i64::from(at.y) + i64::from(*dy));
        }
    }

    /// For each lane of `m` the cell in row `y` two columns right of the lane's before; the first lane's is in column `x`, or with
    /// `odd` in the next one.
    #[inline(always)]
    pub fn at_twos<L: Lanes>(&self, l: L, (x, odd): (i32, bool), y: i32, m: L::M) -> T::Lane<L> {
        let (first, row) = (x as u32 as usize, y as u32 as usize);
        if first < (self.width + 1).saturating_sub(2 * L::N) && row < self.height {
            let twos = T::load_twos(l, &self.cells[row * self.width + first..][..2 * L::N]);
            return if odd { twos.1 } else { twos.0 };
        }
        let x = l.i_add(l.i_splat(x.wrapping_add(odd.into())), l.i_add(l.i_iota(), l.i_iota()));
        self.at_edge(l, x, l.i_splat(y), m)
    }

    #[inline(always)]
    fn at_edge<L: Lanes>(&self, l: L, x: L::I, y: L::I, m: L::M) -> T::Lane<L> {
        let (mut columns, mut rows) = ([0; MAX_LANES], [0; MAX_LANES]);
        // Lanes that are not asked read the first cell, wherever they point.
        let zero = l.i_splat(0);
        l.i_store(&mut columns[..L::N], l.i_select(m, x, zero));
        l.i_store(&mut rows[..L::N], l.i_select(m, y, zero));
        let mut buffer = [T::zeroed(); MAX_LANES];
        self.fill_places(&columns[..L::N], &rows, &mut buffer);
        T::load(l, &buffer[..L::N])
    }

    /// Cells anywhere, one by one. Not inlined, for there is much of it, and edges are few.
    #[cold]
    #[inline(never)]
    fn fill_places(self, columns: &[i32], rows: &[i32], to: &mut [T]) {
        for ((slot, x), y) in to.iter_mut().zip(columns).zip(rows) {
            *slot = self.cell(i64::from(*x), i64::from(*y));
        }
    }

    /// Cells from one on in a row, some of which may lie outside.
    #[cold]
    #[inline(never)]
    fn fill_row(self, x: i64, y: i64, to: &mut [T]) {
        let (w, h) = (self.width as i64, self.height as i64);
        let row = match self.border {
            Border::Constant(value) if !(0..h).contains(&y) => return to.fill(T::from_f64(value)),
            border => within(y, h, border),
        };
        // Those inside lie side by side.
        let n = to.len() as i64;
        let first = (-x).clamp(0, n);
        let end = (w - x).clamp(first, n);
        if first < end {
            let from = row * self.width + (x + first) as usize;
            to[first as usize..end as usize].copy_from_slice(&self.cells[from..][..(end - first) as usize]);
        }
        for k in (0..first).chain(end..n) {
            to[k as usize] = self.cell(x + k, y);
        }
    }

    /// The cells of all lanes and those around them: `rows` rows from `top` on, and from the first to the last column, all
    /// counted from the own one; `at` is the place of the first lane. What lies outside is copied to `room`, with the rest.
    /// Vectors over two rows have one row more; there is `ROOM` for `ROWS` of them.
    #[inline(always)]
    pub fn window<'w, L: Lanes, const ROOM: usize, const ROWS: usize>(
        &self,
        at: Cell,
        [left, right]: [i32; 2],
        (top, rows): (i32, usize),
        room: &'w mut Option<[T; ROOM]>,
    ) -> Window<'w, T, ROWS>
    where
        't: 'w,
    {
        let (columns, rows) = ((right - left) as usize + L::COLUMNS, rows + L::ROWS - 1);
        // What would be left of the first column, or above the first row, comes to lie far behind the last.
        let (x, y) = (at.x.wrapping_add_signed(left) as usize, at.y.wrapping_add_signed(top) as usize);
        let places = |side: usize, of: usize| (side + 1).saturating_sub(of);
        if x < places(self.width, columns) && y < places(self.height, rows) {
            let window =
                Window::of(self.cells, (y * self.width + x, self.width), (columns, rows), (left, top));
            // The others were read a row ago.
            for new in &window.rows[rows - L::ROWS..rows] {
                prefetch_run::<L, T>(&new[0]);
            }
            return window;
        }
        let cells = &mut room.insert([T::zeroed(); ROOM])[..rows * columns];
        self.fill_window(i64::from(at.x) + i64::from(left), i64::from(at.y) + i64::from(top), columns, cells);
        Window::of(cells, (0, columns), (columns, rows), (left, top))
    }

    #[cold]
    #[inline(never)]
    fn fill_window(self, x: i64, y: i64, columns: usize, to: &mut [T]) {
        for (y, row) in (y..).zip(to.chunks_exact_mut(columns)) {
            self.fill_row(x, y, row);
        }
    }

    /// The cells `dx` columns and `dy` rows from `at`, which is the place of the first lane.
    #[inline(always)]
    pub fn near<L: Lanes>(&self, l: L, at: Cell, dx: i32, dy: i32) -> T::Lane<L> {
        let (x, y) = (i64::from(at.x) + i64::from(dx), i64::from(at.y) + i64::from(dy));
        if x >= 0 && x as usize + L::N <= self.width && y >= 0 && y < self.height as i64 {
            let first = y as usize * self.width + x as usize;
            return T::load(l, &self.cells[first..first + L::N]);
        }
        self.near_edge(l, x, y)
    }

    /// Whether all cells of the vector at `at`, moved by any of these first and last columns and rows, are inside.
    #[inline(always)]
    pub fn covers<L: Lanes>(&self, at: Cell, spans: &[[i64; 4]]) -> bool {
        let (x, y) = (i64::from(at.x), i64::from(at.y));
        let (last_x, last_y) = (self.width as i64 - L::N as i64, self.height as i64 - 1);
        spans.iter().all(
            #[inline(always)]
            |[left, right, top, bottom]| {
                x + left >= 0 && x + right <= last_x && y + top >= 0 && y + bottom <= last_y
            },
        )
    }

    /// As [`near`](ImageTile::near), where the picture [covers](ImageTile::covers) what is looked at.
    #[inline(always)]
    pub fn near_inside<L: Lanes>(&self, l: L, at: Cell, dx: i32, dy: i32) -> T::Lane<L> {
        let (x, y) = (at.x.wrapping_add_signed(dx) as usize, at.y.wrapping_add_signed(dy) as usize);
        T::load(l, &self.cells[y * self.width + x..][..L::N])
    }

    #[inline(always)]
    fn near_edge<L: Lanes>(&self, l: L, x: i64, y: i64) -> T::Lane<L> {
        let mut buffer = [T::zeroed(); MAX_LANES];
        self.fill_row(x, y, &mut buffer[..L::N]);
        T::load(l, &buffer[..L::N])
    }

    /// All cells, row after row.
    #[inline(always)]
    pub(super) fn cells(&self) -> &'t [T] {
        self.cells
    }

    /// Cells in a row, and rows.
    #[inline(always)]
    pub(super) fn shape(&self) -> (usize, usize) {
        (self.width, self.height)
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

/// What a vector of places sees of a picture: its own cells and those within a known reach.
#[derive(Clone, Copy)]
pub struct Window<'w, T, const ROWS: usize> {
    /// All of one length, which is a constant where the window is cut: a look within the reach needs no check of its own.
    rows: [&'w [T]; ROWS],
    /// The first column and row, counted from the first lane's own.
    left: i32,
    top: i32,
}

impl<'w, T: LaneElement, const ROWS: usize> Window<'w, T, ROWS> {
    #[inline(always)]
    fn of(
        cells: &'w [T],
        (first, stride): (usize, usize),
        (columns, count): (usize, usize),
        (left, top): (i32, i32),
    ) -> Self {
        let mut rows = [&cells[..0]; ROWS];
        for (row, slot) in rows[..count].iter_mut().enumerate() {
            *slot = &cells[first + row * stride..][..columns];
        }
        Window { rows, left, top }
    }

    /// The cells `dx` columns and `dy` rows from the own ones, within the reach.
    #[inline(always)]
    pub fn near<L: Lanes>(&self, l: L, dx: i32, dy: i32) -> T::Lane<L> {
        let (row, column) = ((dy - self.top) as usize, (dx - self.left) as usize);
        let own = &self.rows[row][column..][..L::COLUMNS];
        if L::ROWS == 1 {
            return T::load(l, own);
        }
        T::load_rows(l, own, &self.rows[row + 1][column..][..L::COLUMNS])
    }
}
