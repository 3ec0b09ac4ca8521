//! The operations by name: one table, by which parsing, `--list`, errors and tests go.
//!
//! | module | what it is |
//! |---|---|
//! | `parse` | arguments: their kinds, ranges and defaults |
//! | `tones` | how bright a pixel is |
//! | `filters` | what looks at the pixels around |
//! | `moves` | other sizes, other places |
//! | `layers` | other pictures laid over, and pictures made from nothing |

mod filters;
mod layers;
mod moves;
mod parse;
#[cfg(test)]
mod tests;
mod tones;

use std::fmt::Write;
use std::str::FromStr;

use manylane::prelude::*;
use manylane_image::gray;

use super::file;
use super::pixels::{On, Picture};
use crate::{Outcome, output};
use parse::{Arg, Given};

/// What the table says about an operation.
#[derive(Debug)]
struct Entry {
    name: &'static str,
    about: &'static str,
    args: &'static [Arg],
    work: Work,
}

/// What an operation does.
#[derive(Debug)]
enum Work {
    /// It makes a picture of another.
    Change(fn(On<'_>, Picture, &Given) -> manylane::Result<Picture>),
    /// It makes a picture of nothing.
    Make(fn(On<'_>, &Given) -> manylane::Result<Picture>),
}

const TABLE: [&[Entry]; 4] = [tones::TABLE, filters::TABLE, moves::TABLE, layers::TABLE];

fn entries() -> impl Iterator<Item = &'static Entry> {
    TABLE.into_iter().flatten()
}

/// One operation and its arguments.
#[derive(Clone, Debug)]
pub struct Op {
    entry: &'static Entry,
    given: Given,
}

impl FromStr for Op {
    type Err = Error;

    fn from_str(text: &str) -> manylane::Result<Op> {
        let (name, args) = match text.split_once(':') {
            Some((name, args)) => (name, Some(args)),
            None => (text, None),
        };
        let Some(entry) = entries().find(|entry| entry.name == name) else {
            let names = entries().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
            let text = format!("no operation is called `{name}`; there is {names}");
            return Err(Error::new(ErrorKind::Setting, text));
        };
        Ok(Op { entry, given: Given::parse(name, entry.args, args)? })
    }
}

impl Op {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    /// Whether it makes a picture of nothing.
    pub fn makes(&self) -> bool {
        matches!(self.entry.work, Work::Make(_))
    }

    /// The operation with the pictures read that its arguments name.
    pub fn ready(mut self, rt: &Runtime) -> Outcome<Op> {
        for path in self.given.files() {
            let (picture, notes) = file::read(rt, &path)?;
            notes.iter().for_each(|note| output::warn(note));
            self.given.set_picture(&path, picture);
        }
        Ok(self)
    }

    /// Runs it; one that makes a picture of nothing drops what was there.
    ///
    /// # Errors
    /// Whatever the launches return.
    pub fn run(&self, on: On<'_>, picture: Option<Picture>) -> manylane::Result<Picture> {
        match (&self.entry.work, picture) {
            (Work::Make(run), _) => run(on, &self.given),
            (Work::Change(run), Some(picture)) => run(on, picture, &self.given),
            (Work::Change(_), None) => {
                let text = format!("`{}` has no picture to work on; name one to read", self.name());
                Err(Error::new(ErrorKind::Setting, text))
            }
        }
    }
}

/// The operations, each with a line for each of its arguments.
pub fn list() -> String {
    let mut text = String::new();
    for entry in entries() {
        let usage = parse::usage(entry.name, entry.args);
        let _ = if usage.len() < WIDTH {
            writeln!(text, "{usage:WIDTH$}{}", entry.about)
        } else {
            writeln!(text, "{usage}\n{:WIDTH$}{}", "", entry.about)
        };
        for arg in entry.args {
            let name = format!("    {}", arg.name);
            let _ = writeln!(text, "{name:WIDTH$}{arg}");
        }
    }
    text
}

/// Where the descriptions stand.
const WIDTH: usize = 26;

/// Whether the target is here, before anything is read; says so where it stands for another.
///
/// # Errors
/// `NoDevice`, `DeviceRefused`.
pub fn can_run(rt: &Runtime, target: Target) -> manylane::Result<()> {
    let pixel = [[0u8; 3]];
    let plan = rt.map::<gray>(&pixel[..]).on(target).plan()?;
    if let Some(note) = plan.note {
        output::warn(&note);
    }
    Ok(())
}
