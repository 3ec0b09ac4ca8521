//! The `manylane` command and its library half.
//!
//! The command answers one question: is the GPU worth it on this machine? [`mod@bench`] is what measures, and it is a library
//! too: a [`bench::Suite`] takes kernels of one's own.
//!
//! | module | what it is |
//! |---|---|
//! | [`mod@bench`] | kernels x sizes x targets: verified, timed, shown, recorded |
//! | [`host`] | this machine described, for `info` and for records |
//!
//! Everything else is the command itself: its arguments, its output, what it does with pictures. It writes to standard
//! output once, when all is known (to a terminal, `bench` writes each row when it is done); a failure is one line on standard
//! error, and files appear whole or not at all.
#![forbid(unsafe_code)]

pub mod bench;
pub mod host;

mod args;
mod failure;
mod info;
mod interrupt;
mod models;
mod output;
mod picture;
mod plan;
mod report;
mod simulate;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::{Failure, caught};

/// The whole command: reads the arguments, does what they say, reports failures.
///
/// The exit code is 0 where all went well, 1 for a failure, 2 for a call that makes no sense, 130 after Ctrl-C.
pub fn main() -> ExitCode {
    ended(|| {
        let Some(args) = args::parsed(Args::try_parse())? else { return Ok(()) };
        match args.command {
            Command::Info(args) => info::run(&args),
            Command::Bench(args) => bench::command::run(&bench::Suite::standard(), &args),
            Command::Image(args) => picture::run(&args),
            Command::Plan(args) => plan::run(&args),
            Command::Models(args) => models::run(&args),
        }
    })
}

/// Runs a whole command, and reports its failure.
fn ended(body: impl FnOnce() -> Outcome) -> ExitCode {
    match caught(body) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::warn(&failure.text);
            ExitCode::from(failure.code)
        }
    }
}

/// What every module of the command returns.
type Outcome<T = ()> = Result<T, Failure>;
