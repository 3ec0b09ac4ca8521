//! `manylane image`: operations over pictures.
//!
//! Pictures are worked on as they are stored, 8 bits to a channel, gray or in colour. Transparency is dropped and 16 bits
//! become 8, which is said. The orientation that a camera noted is applied, because it would be lost. What is written has
//! as many pixels as what was read.

mod file;
mod ops;

use std::path::{Path, PathBuf};

use manylane::prelude::*;

use crate::args::ImageArgs;
use crate::failure::{FAILED, Failure};
use crate::{Outcome, output};

pub use ops::Op;

pub fn run(args: &ImageArgs) -> Outcome {
    if args.list {
        return output::print(&ops::list());
    }
    let jobs = jobs(&args.paths)?;
    let rt = Runtime::new()?;
    ops::can_run(&rt, args.target)?;
    let mut failures = Vec::new();
    for (from, to) in &jobs {
        if let Err(failure) = one(&rt, from, to, args) {
            failures.push(failure);
        }
    }
    match failures.len() {
        0 => Ok(()),
        1 => Err(failures.remove(0)),
        _ => {
            let text = failures.iter().map(|failure| failure.text.as_str()).collect::<Vec<_>>().join("; ");
            Err(Failure {
                code: FAILED,
                text: format!("{} of {} pictures failed: {text}", failures.len(), jobs.len()),
            })
        }
    }
}

/// One picture from file to file.
fn one(rt: &Runtime, from: &Path, to: &Path, args: &ImageArgs) -> Outcome {
    let format = file::format_of(to)?;
    let (mut picture, shape) = file::read(rt, from)?;
    let about = |error: manylane::Error| {
        let failure = Failure::from(error);
        Failure { text: format!("`{}`: {}", from.display(), failure.text), ..failure }
    };
    for op in &args.ops {
        picture = op.run(rt, picture, args.target).map_err(about)?;
    }
    file::write(picture, shape, to, format).map_err(|failure| match failure {
        file::WriteError::Computed(error) => about(error),
        file::WriteError::File(failure) => failure,
    })
}

/// Which file becomes which.
fn jobs(paths: &[PathBuf]) -> Outcome<Vec<(PathBuf, PathBuf)>> {
    let (to, from) = match paths {
        [from @ .., to] if !from.is_empty() => (to, from),
        _ => return Err(Failure::usage("one picture to read and one place to write are needed: IN… OUT")),
    };
    if !to.is_dir() {
        if from.len() > 1 {
            return Err(Failure::usage(format!(
                "{} pictures cannot become one file: `{}` is no folder; name one that exists",
                from.len(),
                to.display()
            )));
        }
        return Ok(vec![(from[0].clone(), to.clone())]);
    }
    let mut jobs: Vec<(PathBuf, PathBuf)> = Vec::with_capacity(from.len());
    for picture in from {
        let Some(name) = picture.file_name() else {
            return Err(Failure::usage(format!("`{}` names no file", picture.display())));
        };
        let place = to.join(name);
        if let Some((other, _)) = jobs.iter().find(|(_, taken)| *taken == place) {
            return Err(Failure::usage(format!(
                "`{}` and `{}` would both become `{}`; give them names that differ",
                other.display(),
                picture.display(),
                place.display()
            )));
        }
        if place.exists() && place.canonicalize().ok() == picture.canonicalize().ok() {
            return Err(Failure::usage(format!(
                "`{}` would be replaced by its own result; write to another folder",
                picture.display()
            )));
        }
        jobs.push((picture.clone(), place));
    }
    Ok(jobs)
}
