//! Products of matrices by any step: `out[i, j]` is `step(… step(step(first, a[i, 0], b[0, j]), a[i, 1], b[1, j]) …)`.
//!
//! Every result is one chain in the order of the steps, on every target and however the work is cut. So a strict step gives the
//! same bits everywhere, and any other the same on each level, for any number of threads and any split.

mod cpu;
mod gpu;
mod matrix;
mod pack;
mod thin;
mod tile;

use std::cell::RefCell;
use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::exec::algorithm::{self, Algorithm, Place, Run};
use crate::exec::driver::{self, Config, Core, Outcome};
use crate::exec::threads;
use crate::kernel::{Arithmetic, ElemArg, LaneElement, MatrixArg, OpCounts, Output, Slot, Step};
use crate::memory::{Array, Keep};
use crate::shape::{Domain, Span};

use cpu::{Cpu, Task};
use matrix::{Layout, Matrix};

/// A product that was asked for.
pub(crate) struct Factors<'a, T: LaneElement> {
    /// The step's name, for errors.
    pub what: &'static str,
    pub a: MatrixArg<'a, T>,
    pub b: MatrixArg<'a, T>,
    pub first: First<T, MatrixArg<'a, T>>,
    pub finish: Option<Finish<T, MatrixArg<'a, T>>>,
    /// So many products of stacked matrices.
    pub batches: usize,
    /// No step is made: the results are what they begin with.
    pub empty: bool,
}

/// What the sums begin with.
#[derive(Clone, Copy)]
pub(crate) enum First<T, M> {
    Value(T),
    /// Each with an element.
    Stored(M),
}

/// What is made of each sum: `alpha` times it, and `beta` times an element.
#[derive(Clone, Copy)]
pub(crate) struct Finish<T, M> {
    pub alpha: T,
    pub add: Option<(T, M)>,
}

/// Sizes of each product of a batch.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    rows: usize,
    columns: usize,
    depth: usize,
}

/// Where everything lies.
struct Layouts {
    sizes: Sizes,
    a: Layout,
    b: Layout,
    first: Option<Layout>,
    add: Option<Layout>,
}

impl<T: LaneElement> Factors<'_, T> {
    /// The shape of the results: those of a batch below each other.
    ///
    /// # Errors
    /// `ShapeMismatch` where the shapes do not fit.
    pub fn domain(&self) -> Result<Domain> {
        let Sizes { rows, columns, .. } = self.layouts()?.sizes;
        Ok(Domain::Grid { width: columns, height: rows * self.batches })
    }

    fn layouts(&self) -> Result<Layouts> {
        let Factors { what, batches, .. } = *self;
        let wrong = |text: String| Error::new(ErrorKind::ShapeMismatch, format!("{what}: {text}"));
        let (a, b) = (Layout::of(&self.a, (what, "a"))?, Layout::of(&self.b, (what, "b"))?);
        let stacked = |matrix: &Layout| if matrix.transposed { matrix.columns } else { matrix.rows };
        let beside = |matrix: &Layout| if matrix.transposed { "columns" } else { "rows" };
        for (name, matrix) in [("a", &a), ("b", &b)] {
            if batches == 0 || !stacked(matrix).is_multiple_of(batches) {
                return Err(wrong(format!(
                    "`{name}` has {} {}, which are not {batches} equal parts; stack as many matrices as the batch has",
                    stacked(matrix),
                    beside(matrix)
                )));
            }
        }
        let ((rows, depth), (below, columns)) = (a.of_batches(batches), b.of_batches(batches));
        if depth != below {
            return Err(wrong(format!(
                "`a` has {rows} rows of {depth} columns and `b` {below} rows of {columns}; `a` needs as many columns as `b` has \\
                 rows: exchange rows and columns of one with `.transposed()`, or pass the other part"
            )));
        }
        let as_results = |arg: &MatrixArg<'_, T>| {
            let layout = Layout::of(arg, (what, "c"))?;
            if (layout.rows, layout.columns) == (rows * batches, columns) {
                return Ok(layout);
            }
            Err(wrong(format!(
                "`c` has {} rows of {} columns and the results {} rows of {columns}; make them equal",
                layout.rows,
                layout.columns,
                rows * batches
            )))
        };
        let first = match &self.first {
            First::Value(_) => None,
            First::Stored(arg) => Some(as_results(arg)?),
        };
        let add = match &self.finish {
            Some(Finish { add: Some((_, arg)), .. }) => Some(as_results(arg)?),
            _ => None,
        };
        let depth = if self.empty { 0 } else { depth };
        Ok(Layouts { sizes: Sizes { rows, columns, depth }, a, b, first, add })
    }
}

/// One product of a batch, or some rows of it: which results it has, and where its parts lie.
struct Share {
    /// Rows of all results.
    rows: Range<usize>,
    a: Layout,
    b: Layout,
    first: Option<Layout>,
    add: Option<Layout>,
}

impl Layouts {
    /// What the rows `which` of all results are made of, product by product.
    fn shares(&self, batches: usize, which: Range<usize>) -> Vec<Share> {
        let Sizes { rows, columns, depth } = self.sizes;
        if which.is_empty() {
            return Vec::new();
        }
        (which.start / rows..which.end.div_ceil(rows))
            .map(|batch| {
                let begin = batch * rows;
                let mine = which.start.max(begin) - begin..which.end.min(begin + rows) - begin;
                let all = begin + mine.start..begin + mine.end;
                Share {
                    a: self.a.batch(batch, batches).part(mine, 0..depth),
                    b: self.b.batch(batch, batches).part(0..depth, 0..columns),
                    first: self.first.map(|first| first.part(all.clone(), 0..columns)),
                    add: self.add.map(|add| add.part(all.clone(), 0..columns)),
                    rows: all,
                }
            })
            .collect()
    }
}

/// Computes a product into `slot`, which has as many places.
pub(crate) fn run<S: Step>(
    core: &Core,
    factors: &Factors<'_, S::Value>,
    slot: Slot<'_, S::Value>,
    config: &Config,
) -> Result<Outcome>
where
    S::Value: Arithmetic,
{
    let layouts = factors.layouts()?;
    let domain = factors.domain()?;
    check::<S>(core, factors, &slot, domain)?;
    let of_step = S::INFO.ops;
    let times = |count: u32| {
        count.saturating_mul(layouts.sizes.depth.min(u32::MAX as usize) as u32).min(u32::MAX / 2)
    };
    let ops = OpCounts {
        flops: times(of_step.flops),
        ints: times(of_step.ints),
        specials: times(of_step.specials),
        ..OpCounts::default()
    };
    let algorithm =
        Algorithm { name: "product", ops, bytes: size_of::<S::Value>(), turns: layouts.sizes.depth };
    // What plans and models look at is the step's kernel; its own arguments are never read.
    let zero = || ElemArg::Constant(S::Value::from_f64(0.0), Vec::new());
    let mut args = (zero(), zero(), zero());
    let slot = RefCell::new(slot);
    let all = layouts.sizes.rows * factors.batches;
    let done = algorithm::run::<S, _>(core, &mut args, (domain, config), algorithm, |run, _| {
        let slot = &mut *slot.borrow_mut();
        match &run.place {
            Place::Cpu { threads } => {
                let out = <S::Value as Output>::tile(slot)?;
                on_cpu::<S>(run, factors, (&layouts, 0..all), out, *threads)
            }
            Place::Gpu(gpu) => {
                let dispatches = gpu::Dispatches { gpu, config, factors, layouts: &layouts };
                dispatches.to_slot::<S>(run, slot, 0..all)
            }
            Place::Both { threads, cut, gpu } => {
                // Whole rows: the threads have those before.
                let cut = cut / layouts.sizes.columns;
                let dispatches = gpu::Dispatches { gpu, config, factors, layouts: &layouts };
                split::<S>(run, &dispatches, slot, cut..all, *threads)
            }
        }
    });
    match done {
        Ok(((), outcome)) => Ok(outcome),
        Err(error) => {
            driver::lost::<S>(&mut slot.borrow_mut(), &error);
            Err(error)
        }
    }
}

/// The rows of `there` on a GPU, those before on the CPU.
fn split<S: Step>(
    run: &Run<'_>,
    dispatches: &gpu::Dispatches<'_, S::Value>,
    slot: &mut Slot<'_, S::Value>,
    there: Range<usize>,
    threads: usize,
) -> Result<()>
where
    S::Value: Arithmetic,
{
    let (factors, layouts) = (dispatches.factors, dispatches.layouts);
    let columns = layouts.sizes.columns;
    let (cut, rest) = (there.start * columns, there.len() * columns);
    let here = 0..there.start;
    if let Slot::Array(array) = slot {
        dispatches.to_array::<S>(*array, there, cut)?;
        let out = array.host_span_mut(Span::new(0, cut), Keep::Nothing)?;
        on_cpu::<S>(run, factors, (layouts, here), out, threads)?;
        return gpu::wait(run, *array, Span::new(cut, cut + rest));
    }
    // What is not an array of its own gets the GPU's part by way of one.
    let mut apart = Array::<S::Value>::new(&run.core.home, Domain::Line(rest))?;
    dispatches.to_array::<S>(&mut apart, there, 0)?;
    let out = <S::Value as Output>::tile(slot)?;
    let (mine, theirs) = out.split_at_mut(cut);
    on_cpu::<S>(run, factors, (layouts, here), mine, threads)?;
    theirs.copy_from_slice(apart.host()?);
    Ok(())
}

/// Whether all that a product reads and writes is this runtime's, and there is room for the results.
fn check<S: Step>(
    core: &Core,
    factors: &Factors<'_, S::Value>,
    slot: &Slot<'_, S::Value>,
    domain: Domain,
) -> Result<()> {
    let Factors { what, a, b, first, finish, .. } = factors;
    let stored = match first {
        First::Stored(arg) => Some(arg),
        First::Value(_) => None,
    };
    let added = finish.as_ref().and_then(|finish| finish.add.as_ref()).map(|(_, arg)| arg);
    for arg in [Some(a), Some(b), stored, added].into_iter().flatten() {
        arg.check(&core.home).map_err(|error| error.in_launch(what))?;
    }
    <S::Value as Output>::check(slot, &core.home).map_err(|error| error.in_launch(what))?;
    let mut room = 0;
    <S::Value as Output>::lens(slot, &mut |len| room = len);
    if domain.checked_len() == Some(room) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::ShapeMismatch,
        format!(
            "{what}: the product has {} rows of {} columns and the array for it {room} elements; make them equal",
            match domain {
                Domain::Grid { height, .. } => height,
                Domain::Line(_) => 1,
            },
            domain.width()
        ),
    ))
}

/// The rows `which` of all results, on the CPU; `out` has them.
fn on_cpu<S: Step>(
    run: &Run<'_>,
    factors: &Factors<'_, S::Value>,
    (layouts, which): (&Layouts, Range<usize>),
    out: &mut [S::Value],
    threads: usize,
) -> Result<()>
where
    S::Value: Arithmetic,
{
    let columns = layouts.sizes.columns;
    let (mut tasks, mut left) = (Vec::new(), out);
    for share in layouts.shares(factors.batches, which) {
        let (mine, rest) = left.split_at_mut(share.rows.len() * columns);
        left = rest;
        let first = match (&factors.first, share.first) {
            (First::Stored(arg), Some(layout)) => First::Stored(Matrix::of(arg, layout)?),
            (First::Value(value), _) => First::Value(*value),
            (First::Stored(_), None) => return Err(Error::internal("a product lost what it begins with")),
        };
        let finish = match &factors.finish {
            None => None,
            Some(Finish { alpha, add }) => {
                let add = match (add, share.add) {
                    (Some((beta, arg)), Some(layout)) => Some((*beta, Matrix::of(arg, layout)?)),
                    _ => None,
                };
                Some(Finish { alpha: *alpha, add })
            }
        };
        let (a, b) = (Matrix::of(&factors.a, share.a)?, Matrix::of(&factors.b, share.b)?);
        tasks.push((Task { a, b, first, finish }, mine));
    }
    let cpu = Cpu {
        frame: &run.job.frame,
        level: run.job.level,
        pool: &run.core.pool,
        threads,
        home: &run.core.home,
    };
    if tasks.len() < threads {
        return tasks.into_iter().try_for_each(|(task, out)| cpu::run::<S>(&cpu, &task, out));
    }
    // Whole products to each thread.
    let failed = std::sync::Mutex::new(None);
    threads::each(cpu.pool, threads, tasks, |(task, out)| {
        if let Err(error) = cpu::run::<S>(&Cpu { threads: 1, ..cpu }, &task, out) {
            failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
        }
    });
    failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
}
