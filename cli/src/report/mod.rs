//! The report: a record as a page with plots.
//!
//! | stage | what it does |
//! |---|---|
//! | [`number`], [`axis`] | numbers for people; from numbers to places |
//! | [`scene`], [`frame`] | what a plot is made of, whatever its format |
//! | [`winners`], [`speed`], [`roofline`], [`scaling`], [`lanes`] | the plots |
//! | [`svg`], [`png`] | a plot as a file |
//! | [`table`], [`page`] | tables, and the one HTML file |
//!
//! Every number comes from the record, and says where it stands there: figures in the page carry a JSON pointer and the number
//! itself, and the page holds the record. `cargo xtask report-check` holds them against each other in a browser. A plot
//! without data is not drawn; a sentence says what is missing.

mod axis;
mod frame;
mod lanes;
mod number;
mod page;
mod png;
mod roofline;
mod scaling;
mod scene;
mod speed;
mod svg;
mod table;
mod winners;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::bench::record::Record;
use crate::failure::Failure;
use crate::output::{self, Draft};
use crate::report::scene::Scene;

/// The page's name in its folder.
const PAGE: &str = "index.html";

/// The plots of a record.
struct Plots {
    winners: Vec<Scene>,
    speed: Vec<Scene>,
    roofline: Vec<Scene>,
    scaling: Vec<Scene>,
    crossover: Vec<Scene>,
    shares: Vec<Scene>,
    timeline: Vec<Scene>,
}

impl Plots {
    fn of(record: &Record) -> Plots {
        let nothing = crate::bench::Evaluation::default();
        let evaluation = record.evaluation.as_ref().unwrap_or(&nothing);
        let mut plots = Plots {
            winners: winners::plot(record).into_iter().collect(),
            speed: speed::plots(record),
            roofline: roofline::plots(evaluation),
            scaling: scaling::plots(evaluation),
            crossover: lanes::crossovers(record, evaluation),
            shares: lanes::shares(evaluation).into_iter().collect(),
            timeline: lanes::timelines(evaluation),
        };
        // Names that differ only by what no file name may hold.
        let mut known: Vec<String> = Vec::new();
        for scene in plots.all_mut() {
            let mut name = scene.name.clone();
            let mut number = 2;
            // Some file systems take `A` for `a`.
            while known.contains(&name.to_lowercase()) {
                name = format!("{}-{number}", scene.name);
                number += 1;
            }
            known.push(name.to_lowercase());
            scene.name = name;
        }
        plots
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Scene> {
        let Plots { winners, speed, roofline, scaling, crossover, shares, timeline } = self;
        [winners, speed, roofline, scaling, crossover, shares, timeline].into_iter().flatten()
    }

    fn all(&self) -> impl Iterator<Item = &Scene> {
        let Plots { winners, speed, roofline, scaling, crossover, shares, timeline } = self;
        [winners, speed, roofline, scaling, crossover, shares, timeline].into_iter().flatten()
    }
}

/// Whether a report could be written there; makes the folder, and leaves nothing else.
///
/// # Errors
/// A place that is no folder or may not be written to.
pub fn probe(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!("the folder `{}` cannot be made: {error}; name another", folder.display()))
    })?;
    Draft::probe(&folder.join(PAGE))
}

/// Writes the page, the record and every plot as SVG and PNG into `folder`, which is made where it is not there. The page
/// comes last: where it stands, the rest does.
///
/// # Errors
/// A place that cannot be written.
pub fn write(record: &Record, folder: &Path) -> Outcome {
    probe(folder)?;
    let plots = Plots::of(record);
    for scene in plots.all() {
        output::write(&folder.join(format!("{}.svg", scene.name)), svg::file(scene).as_bytes())?;
        output::write(&folder.join(format!("{}.png", scene.name)), &png::file(scene)?)?;
    }
    let json = record.json().map_err(unwritten)?;
    output::write(&folder.join("record.json"), json.as_bytes())?;
    output::write(&folder.join(PAGE), page::html(record, &plots)?.as_bytes())
}

fn unwritten(error: serde_json::Error) -> Failure {
    Failure::new(format!("the record cannot be written: {error}"))
}
