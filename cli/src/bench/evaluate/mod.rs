//! What a bench finds out beside the times of its rows: fills an [`Evaluation`].
//!
//! | stage | what it finds |
//! |---|---|
//! | `caches` | which caches there are, and how large arrays must be to stay in one |
//! | `probes`, `peaks` | what each target can move and compute at most |
//! | `points` | where the rows stand under that |
//! | `scaling` | how kernels do on 1…N threads |
//! | `crossings` | from which size on one target is faster than another |
//! | `shares` | how splits were divided, and one launch over time |
//! | [`told`](told()) | all of it in words, for a terminal |
//!
//! It measures; the arithmetic is [`manylane::evaluate`]'s. What cannot be measured is told in the notes and ends nothing
//! else.

mod caches;
mod crossings;
mod peaks;
mod points;
mod probes;
mod scaling;
mod shares;
mod told;

use std::time::Duration;

use manylane::device::gpu;
use manylane::prelude::*;

use self::caches::Caches;
use self::scaling::Kind;
use crate::bench::evaluation::Evaluation;
use crate::bench::record::Row;
use crate::bench::suite::{Suite, Workload};

pub use self::crossings::BEST;
pub use self::peaks::peaks;
pub use self::probes::{Chains, Triad};
pub use self::told::told;

/// How long each part may take.
struct Effort {
    /// One slope or the operations of a target.
    peak: Duration,
    /// One curve.
    curve: Duration,
    /// Kernels with curves: the one that moves most for what it computes, and the one that computes most.
    kernels: Option<usize>,
}

impl Effort {
    fn of(quick: bool) -> Effort {
        if quick {
            Effort { peak: Duration::from_millis(200), curve: Duration::from_millis(500), kernels: Some(2) }
        } else {
            Effort { peak: Duration::from_millis(800), curve: Duration::from_secs(2), kernels: None }
        }
    }
}

/// Evaluates the kernels and targets of `rows`, which `suite` has made on `rt`.
///
/// `go_on` is told what is measured next, and ends it by `false`; what was found until then is returned.
pub fn evaluate(
    rt: &Runtime,
    suite: &Suite,
    rows: &[Row],
    quick: bool,
    go_on: &mut dyn FnMut(&str) -> bool,
) -> Evaluation {
    let found = Evaluation::default();
    let mut run = Run { rt, suite, rows, effort: Effort::of(quick), go_on, found };
    // Nothing of a part that was asked to stop is left to the next one.
    let _all_of_it = run.peaks() && run.scaling() && run.splits();
    let names: Vec<&str> = run.kernels();
    run.found.crossovers = crossings::crossings(&names, rows);
    if run.found.crossovers.is_empty() {
        run.found
            .notes
            .push("no crossover is known: a kernel needs two sizes and two targets that are compared".into());
    }
    run.found
}

/// An evaluation as it goes.
struct Run<'a> {
    rt: &'a Runtime,
    suite: &'a Suite,
    rows: &'a [Row],
    effort: Effort,
    go_on: &'a mut dyn FnMut(&str) -> bool,
    found: Evaluation,
}

impl<'a> Run<'a> {
    /// Each target's peaks, and the rows under them. False where it was asked to stop.
    fn peaks(&mut self) -> bool {
        for target in self.targets() {
            if target == Target::Split || target == Target::Auto {
                continue;
            }
            if !(self.go_on)(&format!("the peaks of {target}")) {
                return false;
            }
            match peaks(self.rt, target, self.effort.peak, &mut self.found.notes) {
                Ok(peaks) => self.found.peaks.push(peaks),
                Err(error) => self.found.notes.push(format!("{target} has no roofline: {error}")),
            }
        }
        self.found.points = points::points(self.rows, &self.found.peaks, &Caches::here());
        true
    }

    /// Strong and weak curves of what ran on threads.
    fn scaling(&mut self) -> bool {
        let ran: Vec<&str> = self.kernels();
        let on_threads = |name: &str| {
            let here = |row: &&Row| row.kernel == name && row.target == "threads" && row.verified;
            self.rows.iter().find(here).map(|row| row.gflop_s.unwrap_or(0.0) / row.gb_s.unwrap_or(1.0))
        };
        let mut kernels: Vec<(&str, f64)> =
            ran.into_iter().filter_map(|name| Some((name, on_threads(name)?))).collect();
        if self.rt.threads() < 2 && !kernels.is_empty() {
            self.found.notes.push("launches use one thread, so nothing scales over more".into());
            return true;
        }
        if let Some(most) = self.effort.kernels
            && kernels.len() > most
        {
            kernels.sort_by(|a, b| a.1.total_cmp(&b.1));
            kernels = vec![kernels[0], kernels[kernels.len() - 1]];
        }
        for (name, _) in kernels {
            let Some(workload) = self.workload(name) else { continue };
            for (kind, word) in [(Kind::Strong, "strong"), (Kind::Weak, "weak")] {
                if !(self.go_on)(&format!("{word} scaling of {name}")) {
                    return false;
                }
                match scaling::measured(self.rt, workload, kind, self.effort.curve) {
                    Ok(curve) => self.found.scaling.push(curve),
                    Err(error) => {
                        self.found.notes.push(format!("{word} scaling of {name} is not known: {error}"));
                    }
                }
            }
        }
        true
    }

    /// How splits were divided, and one launch over time.
    fn splits(&mut self) -> bool {
        let real = gpu::adapters().iter().any(|adapter| !adapter.software);
        let target = if real { Target::Split } else { Target::Threads };
        for (name, row) in self.worth_dividing(target, real) {
            let Some(workload) = self.workload(name) else { continue };
            if !(self.go_on)(&format!("one launch of {name} on {target}")) {
                return false;
            }
            match shares::recorded(self.rt, workload, domain(row), target) {
                Ok(launch) => {
                    let shares = shares::shares(name, &launch, self.rows);
                    if shares.is_none() && real {
                        self.found.notes.push(format!(
                            "a split of {name} over {} places has no shares: one device did it all, or one was not timed",
                            launch.places
                        ));
                    }
                    if self.found.timelines.is_empty() && (shares.is_some() || !real) {
                        self.found.timelines.push(shares::timeline(name, &launch));
                    }
                    self.found.shares.extend(shares);
                }
                Err(error) => self.found.notes.push(format!("{name} on {target} was not recorded: {error}")),
            }
        }
        if !real {
            self.found.notes.push("without a GPU a split is threads: it has no shares".into());
        }
        true
    }

    /// The largest row of each kernel on `target`, for a small one is not worth dividing; of those that are only to be drawn
    /// the longest.
    fn worth_dividing(&self, target: Target, each: bool) -> Vec<(&'a str, &'a Row)> {
        let target = target.to_string();
        let here = |row: &&Row| row.target == target && row.verified && row.seconds_median.is_some();
        let largest = self.kernels().into_iter().filter_map(|name| {
            let of = self.rows.iter().filter(|row| row.kernel == name).filter(here);
            of.max_by_key(|row| row.size).map(|row| (name, row))
        });
        if each {
            return largest.collect();
        }
        let seconds = |row: &Row| row.seconds_median.unwrap_or(0.0);
        largest.max_by(|a, b| seconds(a.1).total_cmp(&seconds(b.1))).into_iter().collect()
    }

    /// The targets of the rows, each once.
    fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        for target in self.rows.iter().filter_map(|row| row.target.parse().ok()) {
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        targets
    }

    /// The kernels of the rows, each once.
    fn kernels(&self) -> Vec<&'a str> {
        let mut kernels: Vec<&str> = Vec::new();
        for row in self.rows {
            if !kernels.contains(&&*row.kernel) {
                kernels.push(&row.kernel);
            }
        }
        kernels
    }

    fn workload(&mut self, name: &str) -> Option<&'a Workload> {
        match self.suite.find(name) {
            Ok(workload) => Some(workload),
            Err(error) => {
                self.found.notes.push(format!("{name} cannot be run again: {error}"));
                None
            }
        }
    }
}

/// The size of a row, in its shape.
fn domain(row: &Row) -> Domain {
    row.shape
        .as_deref()
        .and_then(|shape| crate::bench::size::parse(shape).ok())
        .unwrap_or(Domain::Line(row.size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Options;

    fn rows(rt: &Runtime, suite: &Suite) -> Vec<Row> {
        let options = Options {
            kernels: vec!["saxpy".into(), "sobel".into()],
            sizes: vec![Domain::Line(20_000), Domain::Line(100_000)],
            targets: vec![Target::Simd, Target::Threads],
            quick: true,
        };
        suite.run(rt, &options, &mut |_step: crate::bench::Step<'_>| ()).expect("rows")
    }

    #[test]
    fn everything_that_can_be_found_is() {
        let rt = Runtime::builder().threads(2).build().expect("a runtime");
        let suite = Suite::standard();
        let rows = rows(&rt, &suite);
        let mut said = Vec::new();
        let found = evaluate(&rt, &suite, &rows, true, &mut |doing| {
            said.push(doing.to_owned());
            true
        });
        assert_eq!(found.peaks.len(), 2, "{found:?}");
        let floats = rows.iter().filter(|row| row.gflop_s.is_some()).count();
        assert_eq!(found.points.len(), floats);
        let curves: Vec<(&str, &str)> =
            found.scaling.iter().map(|curve| (&*curve.kernel, &*curve.kind)).collect();
        assert_eq!(curves.len(), 4, "{curves:?} {:?}", found.notes);
        assert!(curves.contains(&("saxpy", "weak")) && curves.contains(&("sobel", "strong")), "{curves:?}");
        let asked: Vec<&str> = found.crossovers.iter().map(|one| &*one.kernel).collect();
        assert_eq!(asked, ["saxpy", "sobel"]);
        assert!(said.iter().any(|doing| doing == "the peaks of simd"), "{said:?}");
        // JSON has no NaN: what is written can be read again.
        let json = serde_json::to_string(&found).expect("JSON");
        let again: Evaluation = serde_json::from_str(&json).expect("it can be read");
        assert_eq!((again.scaling.len(), again.notes), (4, found.notes));
    }

    #[test]
    fn asked_to_stop_it_keeps_what_it_has() {
        let rt = Runtime::builder().threads(2).build().expect("a runtime");
        let suite = Suite::standard();
        let rows = rows(&rt, &suite);
        let mut asked = 0;
        let found = evaluate(&rt, &suite, &rows, true, &mut |_| {
            asked += 1;
            asked < 2
        });
        assert_eq!((found.peaks.len(), asked), (1, 2));
        assert!(found.scaling.is_empty() && found.timelines.is_empty());
        assert_eq!(found.crossovers.len(), 2, "what needs no more runs is there");
    }
}
