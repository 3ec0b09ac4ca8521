//! Pictures from file to file: some are decoded and some encoded while one is computed.

use std::num::NonZero;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

use indicatif::ProgressBar;
use manylane::prelude::*;

use super::compare;
use super::file::{self, WriteError};
use super::flow::{Crew, flow};
use super::jobs::Job;
use super::ops::Op;
use super::pixels::{On, Picture};
use crate::failure::{Failure, guarded};
use crate::{Outcome, output};

/// What is done to all pictures.
pub struct Batch<'a> {
    pub on: On<'a>,
    pub ops: &'a [Op],
    /// What results are compared with instead of what was read.
    pub against: Option<&'a Picture>,
}

/// What became of the pictures, in their order.
pub struct Ended {
    pub failures: Vec<Failure>,
    /// A line for each that was compared.
    pub compared: Vec<String>,
}

/// A picture on its way.
struct Item<'j> {
    number: usize,
    job: &'j Job,
    picture: Option<Picture>,
    /// What the result is compared with.
    original: Option<Picture>,
}

/// The crew of this machine for so many pictures. To decode costs less than to encode, so it takes fewer: 200 photographs of a
/// megapixel, half of them PNG, took 1.6 s of one core to decode and 2.4 s to encode as gray (benches/batch, November 2026, two
/// cores, x86-64, another program on one of them).
pub fn crew(pictures: usize) -> Crew {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let most = |workers: usize| workers.clamp(1, pictures.max(1));
    Crew { first: most(cores.div_ceil(2)), last: most(cores), room: 2 }
}

impl Batch<'_> {
    /// Runs all jobs; one that fails leaves the rest alone.
    pub fn run(&self, jobs: &[Job], crew: Crew) -> Outcome<Ended> {
        let bar = if jobs.len() > 1 { output::progress_bar(jobs.len()) } else { ProgressBar::hidden() };
        let (failures, compared) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        let say = |notes: Vec<String>| {
            if !notes.is_empty() {
                bar.suspend(|| notes.iter().for_each(|note| output::warn(note)));
            }
        };
        let ended = |number: usize, failure: Failure| {
            failures.lock().unwrap_or_else(PoisonError::into_inner).push((number, failure));
            bar.inc(1);
        };
        let run = flow(
            crew,
            jobs.iter().enumerate(),
            |(number, job)| match guarded(|| self.decode(number, job, &say)) {
                Ok(item) => Some(item),
                Err(failure) => {
                    ended(number, failure);
                    None
                }
            },
            |item| {
                let number = item.number;
                match guarded(|| self.compute(item)) {
                    Ok(item) => Some(item),
                    Err(failure) => {
                        ended(number, failure);
                        None
                    }
                }
            },
            |item| {
                let number = item.number;
                match guarded(|| self.encode(item, &say)) {
                    Ok(line) => {
                        let mut compared = compared.lock().unwrap_or_else(PoisonError::into_inner);
                        compared.extend(line.map(|line| (number, line)));
                        bar.inc(1);
                    }
                    Err(failure) => ended(number, failure),
                }
            },
        );
        bar.finish_and_clear();
        run.map_err(|error| {
            Failure::new(format!("no threads for a batch: {error}; let fewer programs run"))
        })?;
        Ok(Ended { failures: in_order(failures), compared: in_order(compared) })
    }

    fn decode<'j>(&self, number: usize, job: &'j Job, say: &impl Fn(Vec<String>)) -> Outcome<Item<'j>> {
        file::can_write(&job.to)?;
        let picture = match &job.from {
            None => None,
            Some(from) => {
                let (picture, notes) = file::read(self.on.rt, from)?;
                say(notes);
                Some(picture)
            }
        };
        let compares = job.difference.is_some() && self.against.is_none();
        let original = if compares { picture.clone() } else { self.against.cloned() };
        Ok(Item { number, job, picture, original })
    }

    fn compute<'j>(&self, item: Item<'j>) -> Outcome<Item<'j>> {
        let mut picture = item.picture;
        for op in self.ops {
            picture = Some(op.run(self.on, picture).map_err(|error| about(item.job, error))?);
        }
        if let (Some(made), Some(original)) = (&picture, &item.original) {
            compare::can(made, original).map_err(|error| about(item.job, error))?;
        }
        Ok(Item { picture, ..item })
    }

    fn encode(&self, item: Item<'_>, say: &impl Fn(Vec<String>)) -> Outcome<Option<String>> {
        let Item { job, picture: Some(picture), original, .. } = item else {
            return Err(Failure::usage("there is nothing to write; name a picture to read"));
        };
        say(written(file::write(picture, &job.to), job)?);
        let (Some(difference), Some(original)) = (&job.difference, original) else { return Ok(None) };
        // What stands in the file now, with all that its format lost.
        let (made, _) = file::read(self.on.rt, &job.to)?;
        let compared = compare::compared(self.on, &original, &made).map_err(|error| about(job, error))?;
        say(written(file::write(compared.difference, difference), job)?);
        Ok(Some(format!("{}: {}\n", job.to.display(), compared.text)))
    }
}

fn written(result: Result<Vec<String>, WriteError>, job: &Job) -> Outcome<Vec<String>> {
    result.map_err(|error| match error {
        WriteError::Computed(error) => about(job, error),
        WriteError::File(failure) => failure,
    })
}

/// An error with the picture that it belongs to.
fn about(job: &Job, error: Error) -> Failure {
    let place: &Path = job.from.as_deref().unwrap_or(&job.to);
    let failure = Failure::from(error);
    Failure { text: format!("`{}`: {}", place.display(), failure.text), ..failure }
}

fn in_order<T>(found: Mutex<Vec<(usize, T)>>) -> Vec<T> {
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, what)| what).collect()
}
