//! Well-known data-parallel kernels, a short file each: the kernels first, then the few lines that drive them.
//!
//! `cargo run --release --example cases -- --data DIR --out OUT [--target T] [--only NAME,NAME]`
//!
//! `DIR/manifest.json` holds the parameters of each case and says where its inputs stand: raw little-endian files. The
//! results go to `OUT/CASE/OUTPUT.TYPE`. `T` is auto, scalar, simd, threads, gpu, gpu:N or split.
//!
//! | case | what it shows |
//! |---|---|
//! | babelstream | arrays that stay where they are between launches; a fused dot product |
//! | black_scholes | a kernel that calls another; two results |
//! | mandelbrot | a loop that each lane leaves at a turn of its own |
//! | star_stencil | a picture's neighbours, an update in place, a fused sum |
//! | gemm | slices read by row and by column |
//! | nbody | every element looks at all others; pixels as vectors; energies by fused sums |
//! | spmv_csr | gathers in a loop whose bounds are gathered |
//! | floyd_warshall | one launch for each turn of a loop of the host |
//! | noise | small kernels that call each other; a table that every lane reads elsewhere |
//! | histogram | the library's histogram behind a kernel that finds the bin |
//! | indexlist | the places that a kernel wants, in order; prefix sums |
//! | sort_pairs | a stable sort of floats, NaN and both zeros included, with what belongs to them |
#![forbid(unsafe_code)]

mod babelstream;
mod black_scholes;
mod case;
mod floyd_warshall;
mod gemm;
mod histogram;
mod indexlist;
mod mandelbrot;
mod nbody;
mod noise;
mod sort_pairs;
mod spmv_csr;
mod star_stencil;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use case::{Case, Manifest, Result};
use manylane::prelude::{Runtime, Target};

/// How a case is started.
type Run = fn(&Case, &Runtime, Target) -> Result<()>;

const CASES: &[(&str, Run)] = &[
    ("babelstream", babelstream::run),
    ("black_scholes", black_scholes::run),
    ("mandelbrot", mandelbrot::run),
    ("star_stencil", star_stencil::run),
    ("gemm", gemm::run),
    ("nbody", nbody::run),
    ("spmv_csr", spmv_csr::run),
    ("floyd_warshall", floyd_warshall::run),
    ("noise", noise::run),
    ("histogram", histogram::run),
    ("indexlist", indexlist::run),
    ("sort_pairs", sort_pairs::run),
];

const USAGE: &str = "usage: cases --data DIR --out OUT [--target T] [--only NAME,NAME]";

/// What the command line says.
struct Options {
    data: PathBuf,
    out: PathBuf,
    target: Target,
    only: Option<Vec<String>>,
}

/// 0 where every case ran, 1 where one failed, 2 where the command line is wrong.
fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("cases: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failed) => {
            eprintln!("cases: {failed} failed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cases: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options> {
    let (mut data, mut out, mut target, mut names) = (None, None, Target::Auto, None);
    while let Some(flag) = args.next() {
        let value = args.next().ok_or_else(|| format!("`{flag}` is no flag, or lacks its value"))?;
        match flag.as_str() {
            "--data" => data = Some(value.into()),
            "--out" => out = Some(value.into()),
            "--target" => target = value.parse()?,
            "--only" => names = Some(only(&value)?),
            _ => return Err(format!("there is no flag `{flag}`").into()),
        }
    }
    let data = data.ok_or("`--data DIR` is missing")?;
    Ok(Options { data, out: out.ok_or("`--out OUT` is missing")?, target, only: names })
}

/// Runs what is asked for, and returns how many cases failed.
fn run(options: &Options) -> Result<usize> {
    let manifest = Manifest::open(&options.data)?;
    let rt = Runtime::new()?;
    let names: Vec<&str> = match &options.only {
        Some(only) => only.iter().map(String::as_str).collect(),
        None => manifest.names().collect(),
    };
    let mut failed = 0;
    for name in names {
        let (_, run) = CASES.iter().find(|(known, _)| *known == name).ok_or_else(|| unknown(name))?;
        let start = Instant::now();
        match run(&manifest.case(name, &options.out)?, &rt, options.target) {
            Ok(()) => println!("{name}: {:.3} s on {}", start.elapsed().as_secs_f64(), options.target),
            Err(error) => {
                eprintln!("{name}: {error}");
                failed += 1;
            }
        }
    }
    Ok(failed)
}

/// The names in `list`, each of which must be here.
fn only(list: &str) -> Result<Vec<String>> {
    match list.split(',').find(|name| !CASES.iter().any(|(known, _)| known == name)) {
        Some(name) => Err(unknown(name).into()),
        None => Ok(list.split(',').map(str::to_owned).collect()),
    }
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = CASES.iter().map(|(known, _)| *known).collect();
    format!("there is no case `{name}`; there are {}", known.join(", "))
}
