//! The transforms there are: what each asks of its input, and how the CPU and the kernels do it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use manylane::kernel::LaneElement;
use manylane::prelude::*;
use manylane::{Error, ErrorKind, Result, View, ViewMut};

use crate::Complex;
use crate::cpu::{Cpu, Engine, Engines, Halves, Long, columns, real_rows, rows, rows_of_reals};
use crate::kernels;
use crate::passes::{Blocks, Lanes, Order, Sense};
use crate::tables::Tables;

/// A transform of `I`s to `O`s.
pub(crate) trait Op<I: LaneElement, O: LaneElement>: Sync {
    /// The shape of the results for an input of that shape, and how many parts of it are transformed each for itself.
    fn shapes(&self, input: Domain) -> Result<(Domain, usize)>;
    /// The most numbers that an array of the kernels has for one part.
    fn numbers(&self, rt: &Runtime) -> Result<usize>;
    /// All of `x` by the CPU; returns how many threads worked.
    fn cpu(&self, cpu: &Cpu<'_>, x: &[I], out: &mut [O]) -> Result<usize>;
    /// The parts of `x` by the kernels.
    fn kernels(&self, lanes: &mut Lanes<'_>, x: View<I>, parts: usize) -> Result<Array<O>>;
}

/// Results that can be copied by a launch: numbers and floats.
pub trait Copied: LaneElement {
    /// Copies all of `from`.
    fn copy(lanes: &mut Lanes<'_>, from: &Array<Self>, into: ViewMut<'_, Self>) -> Result<()>;
}

impl Copied for Complex {
    fn copy(lanes: &mut Lanes<'_>, from: &Array<Self>, into: ViewMut<'_, Self>) -> Result<()> {
        lanes.run_into(lanes.rt.map::<kernels::kept>(from), into)
    }
}

impl Copied for f32 {
    fn copy(lanes: &mut Lanes<'_>, from: &Array<Self>, into: ViewMut<'_, Self>) -> Result<()> {
        lanes.run_into(lanes.rt.map::<kernels::kept_real>(from), into)
    }
}

/// What is known of one length, made when it is first needed.
pub(crate) struct Length {
    pub n: usize,
    engines: Engines,
    tables: Mutex<Option<Arc<Tables>>>,
    /// Those of a row's height and width, where it is divided.
    sides: OnceLock<Option<Box<(Length, Length)>>>,
}

impl Length {
    pub fn new(n: usize) -> Self {
        Length { n, engines: Engines::default(), tables: Mutex::default(), sides: OnceLock::new() }
    }

    fn engine(&self, level: Level, sense: Sense) -> &Engine {
        self.engines.get(self.n, level, sense)
    }

    fn long(&self, level: Level, sense: Sense) -> Option<Long> {
        let sides = || {
            let (height, width) = Long::sides(self.n)?;
            Some(Box::new((Length::new(height), Length::new(width))))
        };
        let (columns, rows) = &**self.sides.get_or_init(sides).as_ref()?;
        let (columns, rows) = (columns.engine(level, sense).clone(), rows.engine(level, sense).clone());
        Some(Long { columns, rows, sense })
    }

    fn tables(&self, rt: &Runtime) -> Result<Arc<Tables>> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tables) = &*tables {
            return Ok(tables.clone());
        }
        let made = Arc::new(Tables::new(rt, self.n)?);
        *tables = Some(made.clone());
        Ok(made)
    }
}

/// What is known of the rows of floats of one length.
pub(crate) struct RealLength {
    pub n: usize,
    /// The length of the transform that does it: half as long where that is even.
    inside: Length,
    halves: OnceLock<Halves>,
    /// The roots of `n` for the kernels, where its transform is half as long.
    roots: Mutex<Option<Array<Complex>>>,
}

impl RealLength {
    pub fn new(n: usize) -> Self {
        let inside = Length::new(if n.is_multiple_of(2) { n / 2 } else { n });
        RealLength { n, inside, halves: OnceLock::new(), roots: Mutex::default() }
    }

    /// Numbers of a half spectrum.
    pub fn width(&self) -> usize {
        self.n / 2 + 1
    }

    fn halves(&self) -> (usize, &Halves) {
        (self.n, self.halves.get_or_init(|| Halves::new(self.n)))
    }

    fn roots(&self, rt: &Runtime) -> Result<Array<Complex>> {
        let mut roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(roots) = &*roots {
            return Ok(roots.clone());
        }
        let made = rt.array(crate::tables::roots(self.n, self.n / 2 + 1))?;
        *roots = Some(made.clone());
        Ok(made)
    }

    fn numbers(&self, rt: &Runtime) -> Result<usize> {
        Ok(self.inside.tables(rt)?.length().max(self.n))
    }

    fn forward(&self, lanes: &mut Lanes<'_>, x: View<f32>, rows: usize) -> Result<Array<Complex>> {
        let (rt, tables) = (lanes.rt, self.inside.tables(lanes.rt)?);
        let (blocks, order) = (Blocks { outer: rows, inner: 1 }, Order { sense: Sense::Forward, scale: 1.0 });
        let (n, width) = (self.n as u32, self.width() as u32);
        let results = rows * self.width();
        if self.n.is_multiple_of(2) {
            let z = lanes.run(rt.map::<kernels::paired>(&x), rows * self.n / 2)?;
            let z = tables.transform(lanes, z.slice(..)?, blocks, order)?;
            return lanes.run(rt.map::<kernels::untangled>((&z, &self.roots(rt)?, n / 2)), results);
        }
        let z = lanes.run(rt.map::<kernels::widened>(&x), rows * self.n)?;
        let z = tables.transform(lanes, z.slice(..)?, blocks, order)?;
        lanes.run(rt.map::<kernels::fronts>((&z, n, width)), results)
    }

    fn inverse(
        &self,
        lanes: &mut Lanes<'_>,
        x: &View<Complex>,
        rows: usize,
        scale: f32,
    ) -> Result<Array<f32>> {
        let (rt, tables) = (lanes.rt, self.inside.tables(lanes.rt)?);
        let blocks = Blocks { outer: rows, inner: 1 };
        let n = self.n as u32;
        if self.n.is_multiple_of(2) {
            // Half as long, so twice the scale.
            let order = Order { sense: Sense::Inverse, scale: 2.0 * scale };
            let z = lanes.run(rt.map::<kernels::tangled>((x, &self.roots(rt)?, n / 2)), rows * self.n / 2)?;
            let z = tables.transform(lanes, z.slice(..)?, blocks, order)?;
            return lanes.run(rt.map::<kernels::unpaired>(&z), rows * self.n);
        }
        let z = lanes.run(rt.map::<kernels::mirrored>((x, n)), rows * self.n)?;
        let z = tables.transform(lanes, z.slice(..)?, blocks, Order { sense: Sense::Inverse, scale })?;
        lanes.run(rt.map::<kernels::real_part>(&z), rows * self.n)
    }
}

/// Rows of complex numbers.
pub(crate) struct Rows<'p>(pub &'p Length, pub Sense);
/// Rows of floats to half spectra.
pub(crate) struct RealRows<'p>(pub &'p RealLength);
/// Half spectra to rows of floats.
pub(crate) struct RowsOfReals<'p>(pub &'p RealLength);
/// A picture of complex numbers: its width, its height.
pub(crate) struct Picture<'p>(pub &'p Length, pub &'p Length, pub Sense);
/// A picture of floats to its half spectrum.
pub(crate) struct RealPicture<'p>(pub &'p RealLength, pub &'p Length);
/// A half spectrum to a picture of floats.
pub(crate) struct PictureOfReals<'p>(pub &'p RealLength, pub &'p Length);

fn scale(sense: Sense, numbers: usize) -> f32 {
    match sense {
        Sense::Forward => 1.0,
        Sense::Inverse => (1.0 / numbers as f64) as f32,
    }
}

impl Op<Complex, Complex> for Rows<'_> {
    fn shapes(&self, input: Domain) -> Result<(Domain, usize)> {
        row_shapes(input, (self.0.n, "numbers"), self.0.n)
    }
    fn numbers(&self, rt: &Runtime) -> Result<usize> {
        Ok(self.0.tables(rt)?.length())
    }
    fn cpu(&self, cpu: &Cpu<'_>, x: &[Complex], out: &mut [Complex]) -> Result<usize> {
        let Rows(length, sense) = *self;
        let long = || length.long(cpu.level, sense);
        rows(cpu, length.engine(cpu.level, sense), long, (x, out), scale(sense, length.n))
    }
    fn kernels(&self, lanes: &mut Lanes<'_>, x: View<Complex>, parts: usize) -> Result<Array<Complex>> {
        let Rows(length, sense) = *self;
        let order = Order { sense, scale: scale(sense, length.n) };
        length.tables(lanes.rt)?.transform(lanes, x, Blocks { outer: parts, inner: 1 }, order)
    }
}

impl Op<f32, Complex> for RealRows<'_> {
    fn shapes(&self, input: Domain) -> Result<(Domain, usize)> {
        row_shapes(input, (self.0.n, "floats"), self.0.width())
    }
    fn numbers(&self, rt: &Runtime) -> Result<usize> {
        self.0.numbers(rt)
    }
    fn cpu(&self, cpu: &Cpu<'_>, x: &[f32], out: &mut [Complex]) -> Result<usize> {
        real_rows(cpu, self.0.inside.engine(cpu.level, Sense::Forward), self.0.halves(), (x, out))
    }
    fn kernels(&self, lanes: &mut Lanes<'_>, x: View<f32>, parts: usize) -> Result<Array<Complex>> {
        self.0.forward(lanes, x, parts)
    }
}

impl Op<Complex, f32> for RowsOfReals<'_> {
    fn shapes(&self, input: Domain) -> Result<(Domain, usize)> {
        row_shapes(
            input,
            (self.0.width(), "numbers, the half spectrum of so many floats as were planned,"),
            self.0.n,
        )
    }
    fn numbers(&self, rt: &Runtime) -> Result<usize> {
        self.0.numbers(rt)
    }
    fn cpu(&self, cpu: &Cpu<'_>, x: &[Complex], out: &mut [f32]) -> Result<usize> {
        let engine = self.0.inside.engine(cpu.level, Sense::Inverse);
        rows_of_reals(cpu, engine, self.0.halves(), (x, out), scale(Sense::Inverse, self.0.n))
    }
    fn kernels(&self, lanes: &mut Lanes<'_>, x: View<Complex>, parts: usize) -> Result<Array<f32>> {
        self.0.inverse(lanes, &x, parts, scale(Sense::Inverse, self.0.n))
    }
}

impl Op<Complex, Complex> for Picture<'_> {
    fn shapes(&self, input: Domain) -> Result<(Domain, usize)> {
        picture_shapes(input, (self.0.n, self.1.n), self.0.n)
    }
    fn numbers(&self, rt: &Runtime) -> Result<usize> {
        let by_rows = self.0.tables(rt)?.length().saturating_mul(self.1.n);
        Ok(by_rows.max(self.1.tables(rt)?.length().saturating_mul(self.0.n)))
    }
    fn cpu(&self, cpu: &Cpu<'_>, x: &[Complex], out: &mut [Complex]) -> Result<usize> {
        let Picture(width, height, sense) = *self;
        let first = rows(cpu, width.engine(cpu.level, sense), || None, (x, &mut *out), 1.0)?;
        let scale = scale(sense, width.n * height.n);
        Ok(columns(cpu, height.engine(cpu.level, sense), out, width.n, scale)?.max(first))
    }
    fn kernels(&self, lanes: &mut Lanes<'_>, x: View<Complex>, _: usize) -> Result<Array<Complex>> {
        let Picture(width, height, sense) = *self;
        let (by_rows, by_columns) =
            (Blocks { outer: height.n, inner: 1 }, Blocks { outer: 1, inner: width.n });
        let z = width.tables(lanes.rt)?.transform(lanes, x, by_rows, Order { sense, scale: 1.0 })?;
        let order = Order { sense, scale: scale(sense, width.n * height.n) };
        height.tables(lanes.rt)?.transform(lanes, z.slice(..)?, by_columns, order)
    }
}

impl Op<f32, Complex> for RealPicture<'_> {
    fn shapes(&self, input: Domain) -> Result<(Domain, usize)> {
        picture_shapes(input, (self.0.n, self.1.n), self.0.width())
    }
    fn numbers(&self, rt: &Runtime) -> Result<usize> {
        real_picture_numbers(rt, self.0, self.1)
    }
    fn cpu(&self, cpu: &Cpu<'_>, x: &[f32], out: &mut [Complex]) -> Result<usize> {
        let RealPicture(width, height) = *self;
        let first = RealRows(width).cpu(cpu, x, out)?;
        let engine = height.engine(cpu.level, Sense::Forward);
        Ok(columns(cpu, engine, out, width.width(), 1.0)?.max(first))
    }
    fn kernels(&self, lanes: &mut Lanes<'_>, x: View<f32>, _: usize) -> Result<Array<Complex>> {
        let RealPicture(width, height) = *self;
        let z = width.forward(lanes, x, height.n)?;
        let (blocks, order) =
            (Blocks { outer: 1, inner: width.width() }, Order { sense: Sense::Forward, scale: 1.0 });
        height.tables(lanes.rt)?.transform(lanes, z.slice(..)?, blocks, order)
    }
}

impl Op<Complex, f32> for PictureOfReals<'_> {
    fn shapes(&self, input: Domain) -> Result<(Domain, usize)> {
        picture_shapes(input, (self.0.width(), self.1.n), self.0.n)
    }
    fn numbers(&self, rt: &Runtime) -> Result<usize> {
        real_picture_numbers(rt, self.0, self.1)
    }
    fn cpu(&self, cpu: &Cpu<'_>, x: &[Complex], out: &mut [f32]) -> Result<usize> {
        let PictureOfReals(width, height) = *self;
        let mut between = cpu.scratch(x.len())?;
        let mut between = between.write()?;
        between.copy_from_slice(x);
        let sense = Sense::Inverse;
        let first = columns(cpu, height.engine(cpu.level, sense), &mut between, width.width(), 1.0)?;
        let (engine, scale) = (width.inside.engine(cpu.level, sense), scale(sense, width.n * height.n));
        Ok(rows_of_reals(cpu, engine, width.halves(), (&between, out), scale)?.max(first))
    }
    fn kernels(&self, lanes: &mut Lanes<'_>, x: View<Complex>, _: usize) -> Result<Array<f32>> {
        let PictureOfReals(width, height) = *self;
        let (blocks, order) =
            (Blocks { outer: 1, inner: width.width() }, Order { sense: Sense::Inverse, scale: 1.0 });
        let z = height.tables(lanes.rt)?.transform(lanes, x, blocks, order)?;
        width.inverse(lanes, &z.slice(..)?, height.n, scale(Sense::Inverse, width.n * height.n))
    }
}

fn real_picture_numbers(rt: &Runtime, width: &RealLength, height: &Length) -> Result<usize> {
    let by_rows = width.numbers(rt)?.saturating_mul(height.n);
    Ok(by_rows.max(height.tables(rt)?.length().saturating_mul(width.width())))
}

/// Rows of `n` to rows of `to`.
fn row_shapes(input: Domain, (n, what): (usize, &str), to: usize) -> Result<(Domain, usize)> {
    match input {
        Domain::Line(len) if len == n => Ok((Domain::Line(to), 1)),
        Domain::Grid { width, height } if width == n => Ok((Domain::Grid { width: to, height }, height)),
        _ => Err(shape(format!(
            "the transform is planned for rows of {n} {what} and the input has the shape {input}; pass one row, or an \
             array with rows of {n}, or plan another"
        ))),
    }
}

/// A picture to one whose rows have `to`.
fn picture_shapes(input: Domain, (width, height): (usize, usize), to: usize) -> Result<(Domain, usize)> {
    if input == (Domain::Grid { width, height }) {
        return Ok((Domain::Grid { width: to, height }, 1));
    }
    let planned = Domain::Grid { width, height };
    Err(shape(format!(
        "the transform is planned for {planned} and the input has the shape {input}; give the array that shape with \
         `.shaped(({width}, {height}))`, or plan another"
    )))
}

fn shape(text: String) -> Error {
    Error::new(ErrorKind::ShapeMismatch, text)
}
