//! Our worker behind the line protocol of `peers.py`: `manylane-ours THREADS`, or `--list` for the workloads.
//!
//! | it reads | it answers |
//! |---|---|
//! | `setup WORKLOAD SIZE` | `ok VERSION CHECK` after one run, or `skip REASON` |
//! | `run SECONDS` | `t NS NS …`: one warm run, then timed ones for so long |
//! | `free` | `ok` |

#![forbid(unsafe_code)]

mod inputs;
mod matrices;
mod pictures;
mod workloads;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use manylane::prelude::*;

use crate::workloads::{Lanes, Work};

/// A run that takes longer has no use for a warm one before it.
const LONG: Duration = Duration::from_millis(20);
/// More times than this are thinned out before they are sent.
const MANY: usize = 400;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "--list" {
        println!("{}", workloads::names().collect::<Vec<_>>().join(" "));
        return ExitCode::SUCCESS;
    }
    let Ok(threads) = argument.parse() else {
        eprintln!("usage: manylane-ours THREADS | --list");
        return ExitCode::from(2);
    };
    match serve(threads) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers each line of stdin until it ends.
fn serve(threads: usize) -> Result<(), Box<dyn std::error::Error>> {
    let lanes = Lanes {
        runtime: Runtime::builder().threads(threads).build()?,
        target: if threads == 1 { Target::Simd } else { Target::Threads },
    };
    let mut current: Option<Box<dyn Work>> = None;
    let mut last = Duration::ZERO;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = match words[..] {
            ["setup", workload, size] => {
                // Before the next one takes memory.
                current = None;
                let start = Instant::now();
                match set_up(&lanes, workload, size) {
                    Ok(Some((work, check))) => {
                        last = start.elapsed();
                        current = Some(work);
                        Ok(format!(
                            "ok manylane-{}-{} {check:?}",
                            env!("CARGO_PKG_VERSION"),
                            lanes.runtime.level()
                        ))
                    }
                    Ok(None) => Ok("skip none".to_owned()),
                    Err(error) => Err(error),
                }
            }
            ["run", seconds] => match (&mut current, seconds.parse().map(Duration::try_from_secs_f64)) {
                (Some(work), Ok(Ok(length))) => timed(&lanes, &mut **work, length, &mut last),
                _ => Ok("skip none".to_owned()),
            },
            _ => {
                current = None;
                Ok("ok".to_owned())
            }
        };
        let answer = answer.unwrap_or_else(|error| format!("skip {}", error.to_string().replace('\n', " ")));
        writeln!(io::stdout(), "{answer}")?;
        io::stdout().flush()?;
    }
    Ok(())
}

/// A workload after its first run, and what that computed.
fn set_up(lanes: &Lanes, workload: &str, size: &str) -> manylane::Result<Option<(Box<dyn Work>, f64)>> {
    let Some(mut work) = workloads::prepare(lanes, workload, size)? else { return Ok(None) };
    work.run(lanes)?;
    let check = work.check()?;
    work.clear();
    Ok(Some((work, check)))
}

/// Runs it for `length`, and says what each run took.
fn timed(
    lanes: &Lanes,
    work: &mut dyn Work,
    length: Duration,
    last: &mut Duration,
) -> manylane::Result<String> {
    if *last < LONG {
        work.run(lanes)?;
        work.clear();
    }
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.is_empty() || begin.elapsed() < length {
        let start = Instant::now();
        work.run(lanes)?;
        *last = start.elapsed();
        times.push(last.as_nanos());
        work.clear();
    }
    if times.len() > MANY {
        times.sort_unstable();
        let step = times.len() / (MANY / 2);
        times = times.into_iter().step_by(step).collect();
    }
    let words: Vec<String> = times.iter().map(u128::to_string).collect();
    Ok(format!("t {}", words.join(" ")))
}
