//! What `Auto` costs on the kernels of `manylane bench`, against the best single target, from 100 to 64Mi elements.
//!
//! A row is over its limit where auto takes more than max(5 %, 1 µs) longer than another: see `pairs`.
//! (The plain loop is compared in the library's bench of the same name.)
//!
//! `cargo bench -p manylane-cli --no-default-features --bench auto [-- --to N] [-- --only KERNEL] [-- --json FILE]`

#[path = "../../benches/auto/pairs.rs"]
mod pairs;

use manylane::prelude::*;
use manylane_cli::bench::suite::Suite;

const TARGETS: [Target; pairs::WAYS] = [Target::Auto, Target::Scalar, Target::Simd, Target::Threads];
const SIZES: [usize; 8] = [100, 1_000, 10_000, 100_000, 1 << 20, 4 << 20, 16 << 20, 64 << 20];
const ROUNDS: usize = 31;

fn main() -> manylane::Result<()> {
    let words: Vec<String> = std::env::args().collect();
    let after = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1));
    let to = after("--to").map_or(64 << 20, |n| n.parse().expect("a number of elements"));
    let rt = Runtime::new()?;
    let (mut text, mut rows, mut over) = (String::new(), 0, 0);
    pairs::head();
    for workload in Suite::standard().workloads() {
        if after("--only").is_some_and(|only| only != workload.name) {
            continue;
        }
        for n in SIZES.into_iter().filter(|n| *n <= to) {
            let mut case = match workload.at(&rt, Domain::Line(n)) {
                Ok(case) => case,
                Err(error) => {
                    println!("{:14} {n:>10} left out: {error}", workload.name);
                    continue;
                }
            };
            let row = pairs::row(ROUNDS, n as u64, |which| case.run(&rt, TARGETS[which]).map(drop))?;
            (rows, over) = (rows + 1, over + usize::from(row.is_over()));
            row.tell(workload.name, n, &TARGETS[row.which].to_string(), &mut text);
        }
    }
    if let Some(path) = after("--json") {
        std::fs::write(path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    println!("{over} of {rows} over max(5 %, 1 µs)");
    Ok(())
}
