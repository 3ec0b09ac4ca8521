//! `manylane-fuzz --minutes N [--seed S] [--only cpu|wgsl] [--kernels N]`: what `cargo xtask fuzz` runs.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use manylane_fuzz::cpu::Workshop;
use manylane_fuzz::session::{self, BATCH, Counts};

/// Candidates that are compiled while a kernel for the CPU is made small.
const TRIES: usize = 800;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["work", seed, count, found] => match (seed.parse(), count.parse()) {
            (Ok(seed), Ok(count)) => {
                session::work(seed, count, Path::new(found)).map(|()| 0).map_err(|error| error.to_string())
            }
            _ => Err("a worker takes a seed and a count".into()),
        },
        // Looking at one: `show fuzz/found/….rs`.
        ["show", path] => std::fs::read_to_string(path)
            .map_err(|error| format!("{path}: {error}"))
            .and_then(|text| manylane_fuzz::compile::shown(&text))
            .map(|text| {
                println!("{text}");
                0
            }),
        _ => options(&words).and_then(|options| run(&options)),
    };
    match done {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

struct Options {
    minutes: f64,
    seed: u64,
    cpu: bool,
    wgsl: bool,
    /// Ends after so many: `--seed S --kernels 1` is one kernel again.
    kernels: u64,
}

fn options(words: &[&str]) -> Result<Options, String> {
    // Another seed each time; it is printed, so that a run can be repeated.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let mut options = Options {
        minutes: 1.0,
        seed: now % 1_000_000 * 1_000_000,
        cpu: true,
        wgsl: true,
        kernels: u64::MAX >> 1,
    };
    for pair in words.chunks(2) {
        match *pair {
            ["--minutes", minutes] => {
                options.minutes = minutes.parse().map_err(|_| format!("`{minutes}` minutes"))?
            }
            ["--seed", seed] => options.seed = seed.parse().map_err(|_| format!("`{seed}` is no seed"))?,
            ["--only", "cpu"] => options.wgsl = false,
            ["--only", "wgsl"] => options.cpu = false,
            ["--kernels", count] => {
                options.kernels = count.parse().map_err(|_| format!("`{count}` kernels"))?
            }
            _ => {
                return Err(
                    "usage: manylane-fuzz --minutes N [--seed S] [--only cpu|wgsl] [--kernels N]".into()
                );
            }
        }
    }
    Ok(options)
}

/// How many differences there are.
fn run(options: &Options) -> Result<usize, String> {
    let home = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("fuzz"), PathBuf::from);
    let found = home.join("found");
    println!("seed {}", options.seed);
    let start = Instant::now();
    let whole = Duration::from_secs_f64(options.minutes * 60.0);
    let mut counts = Counts::default();
    if options.wgsl {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        // Shaders are many times as fast.
        let until = start + if options.cpu { whole * 2 / 5 } else { whole };
        session::shaders(&own, options.seed, options.kernels, until, &found, &mut counts)?;
        println!("{:.0} s: {} kernels through WGSL", start.elapsed().as_secs_f64(), counts.wgsl);
    }
    if options.cpu {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| home.join("../target"), PathBuf::from);
        let workshop =
            Workshop::new(&target.join("fuzz"), &home.join("..")).map_err(|error| error.to_string())?;
        let mut seed = options.seed;
        while start.elapsed() < whole && (counts.cpu as u64) < options.kernels {
            let count = BATCH.min((options.kernels - counts.cpu as u64) as usize);
            seed = session::cpu_batch(&workshop, seed, count, &found, TRIES, &mut counts)?;
            println!(
                "{:.0} s: {} kernels through the CPU's levels",
                start.elapsed().as_secs_f64(),
                counts.cpu
            );
        }
    }
    println!(
        "{} kernels through the CPU's levels, {} through WGSL ({} places compared), {} differences",
        counts.cpu, counts.wgsl, counts.places, counts.differences
    );
    if !counts.lost.is_empty() {
        println!("the driver hung or died at the seeds {:?}", counts.lost);
    }
    for (why, times) in &counts.refused {
        println!("refused {times} times: {why}");
    }
    Ok(counts.differences)
}
