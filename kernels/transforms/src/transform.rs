//! One transform: configure, then one last word.

use manylane::kernel::{IntoSlice, LaneElement};
use manylane::plan::Worker;
use manylane::prelude::*;
use manylane::{Error, ErrorKind, Result};

use crate::Complex;
use crate::cpu::Cpu;
use crate::kernels;
use crate::op::{Copied, Op};
use crate::passes::Lanes;
use crate::source::Source;

/// A transform, to be configured and then ended with [`run`](Transform::run) or [`run_reported`](Transform::run_reported).
#[must_use = "a transform does nothing until its last word: `run` or `run_reported`"]
pub struct Transform<'p, 'a, I: LaneElement, O: LaneElement> {
    rt: &'p Runtime,
    op: Box<dyn Op<I, O> + 'p>,
    x: Source<'a, I>,
    target: Target,
    mapping: Mapping,
    share: Option<f64>,
    by_kernels: bool,
}

/// How a transform went.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Where it ran.
    pub target: Target,
    /// Threads of its CPU part; 0 where there was none.
    pub threads: usize,
    /// The adapters of its GPU part.
    pub adapter: Option<String>,
    /// The rows, or parts, that a GPU transformed by itself in a split.
    pub on_gpu: usize,
    /// Why it did not run as asked, where it did not.
    pub note: Option<String>,
}

impl<'p, 'a, I: LaneElement, O: Copied> Transform<'p, 'a, I, O> {
    pub(crate) fn new(rt: &'p Runtime, op: impl Op<I, O> + 'p, x: impl IntoSlice<'a, I>) -> Self {
        Transform {
            rt,
            op: Box::new(op),
            x: Source::new(x),
            target: Target::Auto,
            mapping: Mapping::Auto,
            share: None,
            by_kernels: false,
        }
    }

    /// Where to run; without it on the CPU, on as many threads as pay.
    pub fn on(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// How the places of [kernels](Transform::by_kernels) are given to processors; rows go to whoever is free.
    pub fn mapping(mut self, mapping: Mapping) -> Self {
        self.mapping = mapping;
        self
    }

    /// The part of the rows, from 0 to 1, that a GPU gets in a split; without it as the library would share a pass of the
    /// kernels. NaN is an error of the kind `Setting` of the last word.
    pub fn gpu_share(mut self, share: f64) -> Self {
        self.share = Some(share.clamp(0.0, 1.0));
        self
    }

    /// Has the kernels do it on CPU targets too, and a split share the places of each pass.
    pub fn by_kernels(mut self) -> Self {
        self.by_kernels = true;
        self
    }

    /// Runs it into a fresh array. On a GPU this returns once the work is accepted; an error of the device is returned by
    /// the first use of the result.
    ///
    /// # Errors
    /// `ShapeMismatch` where the input is not what was planned for, `ForeignArray` where it is another runtime's; `NoDevice`,
    /// `OutOfMemory`, `DeviceLost` of devices; `LimitExceeded` where a GPU's places would not fit a `u32`, or an array of
    /// a row's length a binding; and whatever the input carries.
    pub fn run(self) -> Result<Array<O>> {
        self.run_reported().map(|(array, _)| array)
    }

    /// As [`run`](Transform::run), and says how it went.
    ///
    /// # Errors
    /// As [`run`](Transform::run).
    pub fn run_reported(self) -> Result<(Array<O>, Report)> {
        let input = self.x.domain();
        let (domain, parts) = self.op.shapes(input)?;
        if self.share.is_some_and(f64::is_nan) {
            let text = "the part of the rows for a GPU is NaN; give one from 0 to 1";
            return Err(Error::new(ErrorKind::Setting, text));
        }
        let home = self.rt.array(Vec::<f32>::new())?.home().clone();
        if self.x.home().is_some_and(|theirs| *theirs != home) {
            let text = "the input is an array of another runtime than the plan; use one runtime for both, or read the \
                        array and pass the slice";
            return Err(Error::new(ErrorKind::ForeignArray, text));
        }
        let out = Array::new(&home, domain)?;
        match self.target {
            Target::Gpu(_) => self.launched(domain, parts),
            _ if self.by_kernels => self.launched(domain, parts),
            Target::Split => self.split(out, parts),
            Target::Scalar | Target::Simd | Target::Threads | Target::Auto => {
                self.on_cpu(out, self.target, None)
            }
            other => {
                let text = format!(
                    "transforms do not know the target {other}; use scalar, simd, threads, gpu or split"
                );
                Err(Error::new(ErrorKind::Setting, text))
            }
        }
    }

    fn lanes(&self, target: Target, share: Option<f64>) -> Lanes<'p> {
        Lanes { rt: self.rt, target, mapping: self.mapping, share, outcome: None }
    }

    fn cpu(&self, target: Target) -> Cpu<'p> {
        let level = if target == Target::Scalar { Level::Scalar } else { self.rt.level() };
        let threads = if matches!(target, Target::Scalar | Target::Simd) { 1 } else { self.rt.threads() };
        Cpu { rt: self.rt, level, threads }
    }

    /// All of it by rustfft.
    fn on_cpu(&self, mut out: Array<O>, target: Target, note: Option<String>) -> Result<(Array<O>, Report)> {
        let mut threads = 1;
        if !out.is_empty() {
            threads = self.op.cpu(&self.cpu(target), &self.x.host()?, &mut out.write()?)?;
        }
        let ran = match target {
            Target::Auto | Target::Split if threads == 1 => Target::Simd,
            Target::Auto | Target::Split => Target::Threads,
            asked => asked,
        };
        Ok((out, Report { target: ran, threads, adapter: None, on_gpu: 0, note }))
    }

    /// All of it by the kernels.
    fn launched(&self, domain: Domain, parts: usize) -> Result<(Array<O>, Report)> {
        self.fits(parts)?;
        let mut lanes = self.lanes(self.target, self.share);
        let x = self.x.part(self.rt, 0..self.x.domain().len())?;
        let array = self.op.kernels(&mut lanes, x, parts)?.shaped(domain)?;
        Ok((array, report(lanes.outcome, self.target)))
    }

    /// Rows by a GPU and by the threads at once.
    fn split(&self, mut out: Array<O>, parts: usize) -> Result<(Array<O>, Report)> {
        let threads = |out, why: &str| {
            let note = format!("{why}: it ran on the threads");
            self.on_cpu(out, Target::Split, Some(note))
        };
        if parts < 2 {
            return threads(out, "one row or one picture is not split");
        }
        let (index, share) = match self.member(parts)? {
            Ok(member) => member,
            Err(why) => return threads(out, &why),
        };
        let on_gpu = ((parts as f64 * share).round() as usize).min(parts);
        if on_gpu == 0 {
            return threads(out, "no row was left for a GPU");
        }
        self.fits(on_gpu)?;
        let (from, to) = (self.x.domain().len() / parts, out.len() / parts);
        let mut lanes = self.lanes(Target::Gpu(index), None);
        let x = self.x.part(self.rt, 0..on_gpu * from)?;
        let part = self.op.kernels(&mut lanes, x, on_gpu)?;
        O::copy(&mut lanes, &part, out.slice_mut(..on_gpu * to)?)?;
        let mut report = report(lanes.outcome, Target::Split);
        (report.target, report.on_gpu) = (Target::Split, on_gpu);
        if on_gpu < parts {
            let mut rest = out.slice_mut(on_gpu * to..)?;
            let x = self.x.host()?;
            let cpu = self.cpu(Target::Threads);
            report.threads = self.op.cpu(&cpu, &x[on_gpu * from..], &mut rest.write()?)?;
        }
        Ok((out, report))
    }

    /// The GPU that takes part in a split and its part of the rows, or why there is none: as a launch of a pass is planned.
    fn member(&self, parts: usize) -> Result<Result<(usize, f64), String>> {
        let places = self.x.domain().len().min(u32::MAX as usize);
        let none = self.rt.array(Vec::<Complex>::new())?;
        let p = kernels::Pass { block: 1, rest: 1, done: 1, radix: 1, step: 1, sign: 1.0, scale: 1.0 };
        let mut launch = self
            .rt
            .map::<kernels::pass>((&none, &none, p))
            .over(places)
            .on(Target::Split)
            .mapping(self.mapping);
        if let Some(share) = self.share {
            launch = launch.gpu_share(share);
        }
        let plan = launch.plan()?;
        let gpu = |worker| match worker {
            Worker::Gpu(index) => Some(index),
            _ => None,
        };
        let Some(index) = plan.members.iter().find_map(|member| gpu(member.worker)) else {
            return Ok(Err(plan.note.unwrap_or_else(|| "no GPU takes part in a split".into())));
        };
        let planned = || {
            let chunks = plan.chunks.iter().filter(|chunk| gpu(chunk.worker).is_some());
            let theirs: usize = chunks.map(|chunk| chunk.span.len()).sum();
            // Never nothing, so that the next plan knows better.
            (theirs as f64 / places.max(1) as f64).max(1.0 / parts as f64)
        };
        Ok(Ok((index, self.share.unwrap_or_else(planned))))
    }

    /// Whether the places of the launches can be counted.
    fn fits(&self, parts: usize) -> Result<()> {
        let numbers = self.op.numbers(self.rt)?.saturating_mul(parts);
        if u32::try_from(numbers).is_ok() {
            return Ok(());
        }
        let text = format!(
            "{parts} rows or pictures take {numbers} places in the kernels, which count them in a u32; transform fewer \
             at a time, or on the CPU's targets"
        );
        Err(Error::new(ErrorKind::LimitExceeded, text))
    }
}

/// What a launch tells of where it ran.
fn report(outcome: Option<Outcome>, target: Target) -> Report {
    match outcome {
        Some(Outcome { target, threads, adapter, note, .. }) => {
            Report { target, threads, adapter, on_gpu: 0, note }
        }
        None => Report { target, threads: 0, adapter: None, on_gpu: 0, note: None },
    }
}
