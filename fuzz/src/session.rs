//! A run of the fuzzer: shaders in processes of their own, since a driver may hang or die, then batches for the CPU.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::compare::{self, Difference, Expected, Skip};
use crate::cpu::{Job, Workshop};
use crate::device::Device;
use crate::generate::{Dialect, program};
use crate::inputs::Inputs;
use crate::program::Program;
use crate::random::Random;
use crate::shrink::{Case, shrink};

/// Seconds without a word after which a worker is given up.
const SILENCE: u64 = 8;
/// Kernels of a batch.
pub const BATCH: usize = 40;
/// Lengths for the CPU: every level's tails, and more than one chunk now and then.
const LENGTHS: [usize; 5] = [1, 7, 33, 100, 4_099];

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub wgsl: usize,
    pub cpu: usize,
    pub places: usize,
    pub differences: usize,
    /// Kernels that the compiler refuses, by its words.
    pub refused: BTreeMap<String, u64>,
    /// Kernels at which the driver hung or died.
    pub lost: Vec<u64>,
}

/// A kernel and its launches.
pub struct Drawn {
    pub program: Program,
    pub text: String,
    pub inputs: Vec<Inputs>,
}

/// The kernel of that seed with arguments for so many launches.
pub fn draw(seed: u64, dialect: Dialect, lengths: &[usize], launches: usize) -> Drawn {
    let program = program(seed, dialect);
    let mut random = Random::new(!seed);
    let inputs = (0..launches)
        .map(|_| {
            let n = random.one_of(lengths);
            Inputs::random(&program.main().params, &mut random, n)
        })
        .collect();
    Drawn { text: program.text(), program, inputs }
}

/// Writes down a case, where `cargo xtask fuzz` says.
///
/// # Errors
/// Where it cannot be written.
pub fn keep(found: &Path, seed: u64, case: &Case) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(found)?;
    let difference = &case.difference;
    let path = found.join(format!("{}-{seed}.rs", difference.run));
    let mut text = format!("// Seed {seed}, {}, place {}.\n", difference.run, difference.place);
    for (what, said) in [("expected", &difference.expected), ("found", &difference.found)] {
        text.push_str(&format!("// {what}: {}\n", said.replace('\n', "\n//     ")));
    }
    text.push_str(&format!("// A domain of {} by {}.\n", case.inputs.width, case.inputs.height));
    for (param, values) in case.program.main().params.iter().zip(&case.inputs.values) {
        let some = &values[..values.len().min(40)];
        text.push_str(&format!("// {}: {}\n", param.name, compare::show(some)));
    }
    text.push('\n');
    text.push_str(&case.program.text());
    std::fs::write(&path, text)?;
    Ok(path)
}

// ---- shaders

/// What the shader says otherwise, and how many places were compared; `Err` where there is nothing to compare.
pub fn try_wgsl(
    device: &Device,
    text: &str,
    program: &Program,
    inputs: &Inputs,
) -> Result<Result<usize, Difference>, Skip> {
    Ok(match compare::expected(text, program.main(), inputs)? {
        Err(difference) => Err(difference),
        Ok(expected) => compare::wgsl(device, program.main(), inputs, &expected),
    })
}

/// Runs shaders from `seed` on until `count` are done or it is killed, saying on stdout what it does.
///
/// # Errors
/// Where there is no adapter, or nothing can be written.
pub fn work(seed: u64, count: u64, found: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let device = Device::open()?;
    let mut out = std::io::stdout().lock();
    for seed in seed..seed.saturating_add(count) {
        writeln!(out, "seed {seed}")?;
        out.flush()?;
        let drawn = draw(seed, Dialect { wide: false, narrow: true }, &LENGTHS[..4], 1);
        match try_wgsl(&device, &drawn.text, &drawn.program, &drawn.inputs[0]) {
            Err(Skip::Long) => writeln!(out, "long")?,
            Err(Skip::Refused(why)) => writeln!(out, "refused {}", why.replace('\n', " "))?,
            Ok(Ok(places)) => writeln!(out, "done {places}")?,
            Ok(Err(difference)) => {
                let Drawn { program, mut inputs, .. } = drawn;
                let case = Case { program, inputs: inputs.remove(0), difference };
                let path = keep(found, seed, &case)?;
                writeln!(out, "differs {}", path.display())?;
                let mut wrong = |candidates: &[(Program, Inputs)]| {
                    candidates.iter().enumerate().find_map(|(at, (program, inputs))| {
                        // A word now and then: it still runs.
                        let _ = writeln!(out, "shrinking").and_then(|()| out.flush());
                        match try_wgsl(&device, &program.text(), program, inputs) {
                            Ok(Err(difference)) => Some((at, difference)),
                            _ => None,
                        }
                    })
                };
                let case = shrink(case, 1, 2_000, &mut wrong);
                keep(found, seed, &case)?;
                writeln!(out, "shrunk")?;
            }
        }
        out.flush()?;
    }
    Ok(())
}

/// Shaders from `seed` on, in worker processes, until the time is up or `count` are done.
///
/// # Errors
/// Where a worker cannot be started or has no adapter.
pub fn shaders(
    program: &Path,
    seed: u64,
    count: u64,
    until: Instant,
    found: &Path,
    counts: &mut Counts,
) -> Result<(), String> {
    let mut next = seed;
    let last = seed.saturating_add(count);
    while Instant::now() < until && next < last {
        let mut child = Command::new(program)
            .args(["work", &next.to_string(), &(last - next).to_string()])
            .arg(found)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("no worker: {error}"))?;
        let Some(out) = child.stdout.take() else { return Err("the worker has no stdout".into()) };
        let (sender, lines) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let (mut current, mut busy) = (None, false);
        loop {
            let line = match lines.recv_timeout(Duration::from_secs(SILENCE)) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match word {
                "seed" => {
                    current = rest.parse().ok();
                    busy = true;
                }
                "done" => {
                    counts.wgsl += 1;
                    counts.places += rest.parse().unwrap_or(0);
                    busy = false;
                }
                "refused" => {
                    *counts.refused.entry(rest.to_owned()).or_default() += 1;
                    busy = false;
                }
                "differs" => {
                    counts.wgsl += 1;
                    counts.differences += 1;
                    println!("difference: {rest}");
                }
                "long" | "shrunk" => busy = false,
                _ => {}
            }
            if !busy && Instant::now() >= until {
                break;
            }
        }
        // It may have ended by itself.
        let _ = child.kill();
        let ended = child.wait();
        let _ = reader.join();
        match current {
            None => return Err(format!("the worker did not begin: {ended:?}")),
            Some(seed) => {
                if busy {
                    counts.lost.push(seed);
                }
                next = seed + 1;
            }
        }
    }
    Ok(())
}

// ---- the CPU

/// What the batch says otherwise.
///
/// # Errors
/// Where nothing of it compiles.
fn batch(workshop: &Workshop, all: &[(Drawn, Vec<Expected>)]) -> Result<Vec<Option<Difference>>, String> {
    let jobs: Vec<Job<'_>> = all
        .iter()
        .map(|(drawn, expected)| Job {
            text: &drawn.text,
            main: drawn.program.main(),
            launches: drawn.inputs.iter().zip(expected).collect(),
        })
        .collect();
    workshop.run(&jobs)
}

/// A kernel with the oracle's word on each of its launches; or its IR makes no sense.
type Asked = Result<(Drawn, Vec<Expected>), (Drawn, Difference)>;

/// Asks the oracle.
fn ask(drawn: Drawn) -> Result<Asked, Skip> {
    let mut all = Vec::new();
    for inputs in &drawn.inputs {
        match compare::expected(&drawn.text, drawn.program.main(), inputs)? {
            Ok(expected) => all.push(expected),
            Err(difference) => return Ok(Err((drawn, difference))),
        }
    }
    Ok(Ok((drawn, all)))
}

/// One batch from `seed` on; the seed behind it.
///
/// # Errors
/// Where nothing of it compiles.
pub fn cpu_batch(
    workshop: &Workshop,
    seed: u64,
    count: usize,
    found: &Path,
    tries: usize,
    counts: &mut Counts,
) -> Result<u64, String> {
    let (mut all, mut seeds, mut next) = (Vec::new(), Vec::new(), seed);
    while all.len() < count {
        // 64 bits are on the CPU only.
        let dialect = Dialect { wide: next % 3 == 0, narrow: true };
        match ask(draw(next, dialect, &LENGTHS, 3)) {
            Ok(Ok(asked)) => {
                all.push(asked);
                seeds.push(next);
            }
            Ok(Err((drawn, difference))) => {
                let Drawn { program, mut inputs, .. } = drawn;
                counts.differences += 1;
                told(found, next, &Case { program, inputs: inputs.remove(0), difference });
            }
            Err(Skip::Refused(why)) => *counts.refused.entry(why).or_default() += 1,
            Err(Skip::Long) => {}
        }
        next += 1;
    }
    let differences = batch(workshop, &all)?;
    counts.cpu += all.len();
    for (((drawn, expected), seed), difference) in all.into_iter().zip(seeds).zip(differences) {
        let Some(difference) = difference else { continue };
        counts.differences += 1;
        let compiled = difference.run != "expansion";
        // Which launch it was is found by trying.
        for (inputs, expected) in drawn.inputs.iter().zip(expected) {
            let one = Drawn {
                program: drawn.program.clone(),
                text: drawn.text.clone(),
                inputs: vec![inputs.clone()],
            };
            let alone = batch(workshop, &[(one, vec![expected])]);
            let Ok([Some(difference)]) = alone.as_deref() else { continue };
            let difference = difference.clone();
            let case = Case { program: drawn.program.clone(), inputs: inputs.clone(), difference };
            told(found, seed, &case);
            let mut wrong = |candidates: &[(Program, Inputs)]| smaller(workshop, candidates, compiled);
            let case = shrink(case, 24, tries, &mut wrong);
            told(found, seed, &case);
            break;
        }
    }
    Ok(next)
}

/// The first candidate that still is wrong, in the same way: rustc takes it, or does not.
fn smaller(
    workshop: &Workshop,
    candidates: &[(Program, Inputs)],
    compiled: bool,
) -> Option<(usize, Difference)> {
    let mut numbers = Vec::new();
    let mut all = Vec::new();
    for (number, (program, inputs)) in candidates.iter().enumerate() {
        let drawn = Drawn { program: program.clone(), text: program.text(), inputs: vec![inputs.clone()] };
        if let Ok(Ok(asked)) = ask(drawn) {
            all.push(asked);
            numbers.push(number);
        }
    }
    if all.is_empty() {
        return None;
    }
    let found = batch(workshop, &all).ok()?;
    found.into_iter().zip(numbers).find_map(|(difference, number)| {
        let difference = difference.filter(|difference| (difference.run != "expansion") == compiled)?;
        Some((number, difference))
    })
}

fn told(found: &Path, seed: u64, case: &Case) {
    match keep(found, seed, case) {
        Ok(path) => println!("difference: {}", path.display()),
        Err(error) => println!(
            "difference at seed {seed}, which cannot be written down ({error}): {:?}",
            case.difference
        ),
    }
}
