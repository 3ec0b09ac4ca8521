//! The worst error of each function on each target, by real launches: all 2^32 inputs on every SIMD level, a sample on a
//! GPU and of functions of two arguments. It writes the rows of `docs/accuracy.md`; the others stay.
//!
//! Run by `cargo xtask ulp`. Arguments: `--function NAME` (may be repeated), `--gpu` (the GPU's column alone),
//! `--step N` (every Nth input only, nothing is written), `--out FILE`.
#![forbid(unsafe_code)]

#[expect(dead_code, reason = "the texts are for the tests")]
#[path = "../../tests/math/functions.rs"]
mod functions;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use manylane::device::gpu;
use manylane::prelude::*;
use manylane_testkit::oracle::error_in_ulps;
use manylane_testkit::{Random, values};

use functions::{FUNCTIONS, Form, Function};

/// Inputs that are launched at a time.
const CHUNK: usize = 1 << 18;
/// Pairs for a function of two arguments, and inputs on a GPU.
const SAMPLE: u64 = 1 << 26;
const GPU_SAMPLE: u64 = 1 << 22;
const COLUMNS: [&str; 6] = ["scalar", "baseline", "avx2", "avx512", "strict", "gpu"];

/// The worst error of one column, and where.
#[derive(Clone, Copy, Default)]
struct Worst {
    error: f64,
    at: [f32; 2],
}

impl Worst {
    fn see(&mut self, error: f64, at: [f32; 2]) {
        if error > self.error {
            *self = Worst { error, at };
        }
    }
}

/// Where a column is computed.
struct Lane {
    column: usize,
    runtime: Runtime,
    target: Target,
    strict: bool,
}

fn cpu_lanes() -> manylane::Result<Vec<Lane>> {
    let on = |level: Level, column: usize, strict: bool| -> manylane::Result<Lane> {
        let runtime = Runtime::builder().level(level).threads(1).build()?;
        Ok(Lane { column, runtime, target: Target::Simd, strict })
    };
    let mut lanes = Vec::new();
    for level in Level::available() {
        lanes.push(on(level, Level::ALL.iter().position(|one| *one == level).unwrap_or(0), false)?);
    }
    lanes.push(on(Level::best(), 4, true)?);
    Ok(lanes)
}

fn gpu_lanes() -> manylane::Result<Vec<Lane>> {
    Ok(vec![Lane { column: 5, runtime: Runtime::new()?, target: Target::Gpu(0), strict: false }])
}

/// The worst errors over `count` inputs: of one argument every `step`th, of two a sample.
fn sweep(
    name: &str,
    form: Form,
    lanes: &[Lane],
    chunks: &AtomicU64,
    count: u64,
    step: u64,
    worst: &Mutex<[Worst; 6]>,
) -> manylane::Result<()> {
    let (mut x, mut y) = (vec![0.0; CHUNK], vec![0.0; CHUNK]);
    let mut found: Vec<Vec<f32>> = lanes.iter().map(|_| vec![0.0; CHUNK]).collect();
    let mut mine = [Worst::default(); 6];
    loop {
        let chunk = chunks.fetch_add(1, Ordering::Relaxed);
        let first = chunk * CHUNK as u64;
        if first >= count {
            break;
        }
        if let Form::One(..) = form {
            for (x, place) in x.iter_mut().zip(first..) {
                *x = f32::from_bits((place * step) as u32);
            }
        } else {
            pairs(&mut Random::new(&format!("{name} {chunk}")), &mut x, &mut y);
        }
        for (lane, found) in lanes.iter().zip(&mut found) {
            match form {
                Form::One(launch, _) => {
                    launch[usize::from(lane.strict)](&lane.runtime, lane.target, &x, found)?
                }
                Form::Two(launch, _) => {
                    launch[usize::from(lane.strict)](&lane.runtime, lane.target, &x, &y, found)?
                }
            }
        }
        for i in 0..CHUNK {
            let exact = match form {
                Form::One(_, exact) => exact(f64::from(x[i])),
                Form::Two(_, exact) => exact(f64::from(x[i]), f64::from(y[i])),
            };
            let (mut bits, mut error) = (!found[0][i].to_bits(), 0.0);
            for (lane, found) in lanes.iter().zip(&found) {
                if found[i].to_bits() != bits {
                    (bits, error) = (found[i].to_bits(), error_in_ulps(found[i], exact));
                }
                mine[lane.column].see(error, [x[i], y[i]]);
            }
        }
    }
    let mut worst = worst.lock().unwrap_or_else(|broken| broken.into_inner());
    for (all, mine) in worst.iter_mut().zip(mine) {
        all.see(mine.error, mine.at);
    }
    Ok(())
}

/// Pairs of any bits, of everyday size, of nasty ones, of neighbours, and of a base near 1 with a large exponent.
fn pairs(random: &mut Random, x: &mut [f32], y: &mut [f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = match random.below(8) {
            0 => (f32::from_bits(random.u32()), f32::from_bits(random.u32())),
            1 => (random.one_of(&values::NASTY_F32), random.one_of(&values::NASTY_F32)),
            2 => (random.one_of(&values::NASTY_F32), f32::from_bits(random.u32())),
            3 => (f32::from_bits(random.u32()), random.float(-10.0, 10.0)),
            4 => {
                let near = f32::from_bits(random.u32());
                (near, f32::from_bits(near.to_bits().wrapping_add(random.below(1 << 22) as u32)))
            }
            5 => (1.0 + random.float(-0.01, 0.01), random.float(-10_000.0, 10_000.0)),
            6 => (random.float(0.0, 20.0), random.float(-30.0, 30.0)),
            _ => (random.float(-100.0, 100.0).trunc(), random.float(-20.0, 20.0).trunc()),
        };
    }
}

/// The rows of the table that `text` holds, by function.
fn rows(text: &str) -> BTreeMap<String, Vec<String>> {
    let row = |line: &str| -> Option<(String, Vec<String>)> {
        let mut cells = line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?.to_owned();
        Some((name, cells.collect()))
    };
    text.lines().filter_map(row).collect()
}

fn table(rows: &BTreeMap<String, Vec<String>>) -> String {
    let mut text = format!(
        "# Accuracy\n\n\
         Written by `cargo xtask ulp`, never by hand: the worst error of each function in units of the last place (ULP)\n\
         against double precision, and the bits of the input where it occurs. On the SIMD levels of functions of one\n\
         argument that is all 2^32 inputs; pairs and the GPU are sampled. `strict` has the same bits on every level.\n\
         The GPU may flush subnormals to zero.\n\n\
         | function | inputs | {} |\n|---|---|{}\n",
        COLUMNS.join(" | "),
        "---|".repeat(COLUMNS.len()),
    );
    for (name, cells) in rows {
        text.push_str(&format!("| `{name}` | {} |\n", cells.join(" | ")));
    }
    text
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let (mut names, mut out, mut on_gpu, mut step) = (Vec::new(), "docs/accuracy.md".to_owned(), false, 1);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut next = || args.next().ok_or(format!("`{arg}` needs a value"));
        match arg.as_str() {
            "--function" => names.push(next()?),
            "--out" => out = next()?,
            "--step" => step = next()?.parse::<u64>()?,
            "--gpu" => on_gpu = true,
            _ => return Err(format!("`{arg}` means nothing here").into()),
        }
    }
    if let Some(wrong) = names.iter().find(|name| !FUNCTIONS.iter().any(|known| known.name == name.as_str()))
    {
        return Err(format!("no function is called `{wrong}`").into());
    }
    if on_gpu {
        let adapters = gpu::adapters();
        let Some(adapter) = adapters.first() else {
            println!("no adapter here: the GPU's column stays as it is");
            return Ok(());
        };
        println!("on {}", adapter.name);
        // Odd, so that all low bits occur.
        step = (1 << 10) + 1;
    }
    for Function { name, form, .. } in FUNCTIONS {
        if !names.is_empty() && !names.iter().any(|one| one == name) {
            continue;
        }
        let count = match form {
            Form::One(..) => (1u64 << 32) / step,
            Form::Two(..) if on_gpu => GPU_SAMPLE,
            Form::Two(..) => SAMPLE / step,
        };
        let begun = Instant::now();
        let (chunks, worst) = (AtomicU64::new(0), Mutex::new([Worst::default(); 6]));
        let work = || -> manylane::Result<()> {
            let lanes = if on_gpu { gpu_lanes()? } else { cpu_lanes()? };
            sweep(name, *form, &lanes, &chunks, count, step, &worst)
        };
        std::thread::scope(|scope| {
            let other = if on_gpu { None } else { Some(scope.spawn(work)) };
            work()?;
            other.map_or(Ok(()), |other| {
                other.join().unwrap_or_else(|broken| std::panic::resume_unwind(broken))
            })
        })?;
        let worst = worst.into_inner().unwrap_or_else(|broken| broken.into_inner());
        let two = matches!(form, Form::Two(..));
        let mut rows = rows(&std::fs::read_to_string(&out).unwrap_or_default());
        let cells = rows.entry((*name).to_owned()).or_insert_with(|| vec!["".to_owned(); 7]);
        if !on_gpu {
            cells[0] = if two { format!("2^{}", count.ilog2()) } else { "all".to_owned() };
        }
        let columns = if on_gpu { 5..6 } else { 0..5 };
        let mut line = format!("{name:<8}");
        for column in columns {
            let Worst { error, at: [x, y] } = worst[column];
            let (a, b) = (x.to_bits(), y.to_bits());
            cells[column + 1] = if two {
                format!("{error:.3} at {a:08x}, {b:08x}")
            } else {
                format!("{error:.3} at {a:08x}")
            };
            let at = if two { format!("({x:e}, {y:e})") } else { format!("{x:e}") };
            line.push_str(&format!("  {} {error:.3} at {at}", COLUMNS[column]));
        }
        println!("{line}  [{:.0} s]", begun.elapsed().as_secs_f64());
        if step == 1 || on_gpu {
            std::fs::write(&out, table(&rows))?;
        }
    }
    Ok(())
}

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
