//! From which size on one target is faster than another, by the rows of a bench.

use manylane::evaluate::crossover::{Crossover, Timed, crossover, crossover_with_transfers};

use crate::bench::evaluation::Crossing;
use crate::bench::record::Row;

/// What a split is held against: at each size the fastest of the targets that it is made of.
pub const BEST: &str = "best single";

/// Every pair worth asking about, for each kernel that was timed at two sizes or more.
///
/// Threads against one thread, each GPU against threads (and one thread, where those were not timed), a split against the
/// best single target. With transfers each GPU's arrays are brought there and back for every run. A split's are not told
/// apart from its run, so it is held against the others only where the arrays already are.
pub fn crossings(kernels: &[&str], rows: &[Row]) -> Vec<Crossing> {
    let mut found = Vec::new();
    for kernel in kernels {
        let of =
            |target: &str| curve(rows.iter().filter(|row| row.kernel == *kernel && row.target == target));
        let (simd, threads) = (of("simd"), of("threads"));
        // Without a GPU in it at any size it is threads, and to hold those against themselves would tell noise.
        let divided = |row: &Row| row.kernel == *kernel && row.target == "split" && row.adapter.is_some();
        let split = if rows.iter().any(divided) { of("split") } else { Vec::new() };
        let mut ask = |of: (&str, &[Timed]), against: (&str, &[Timed]), with_transfers: bool| {
            if of.1.len() >= 2 && against.1.len() >= 2 {
                found.push(crossing(kernel, of, against, with_transfers));
            }
        };
        ask(("threads", &threads), ("simd", &simd), false);
        let cpu = if threads.is_empty() { ("simd", &*simd) } else { ("threads", &*threads) };
        let mut single = [of("scalar"), simd.clone(), threads.clone()].concat();
        for gpu in gpus(kernel, rows) {
            let times = of(gpu);
            ask((gpu, &times), cpu, false);
            if times.iter().all(|time| time.transfer.is_finite()) {
                ask((gpu, &times), cpu, true);
            }
            single.extend(times);
        }
        // Of several times at a size the shortest counts: that is the best one there.
        ask(("split", &split), (BEST, &single), false);
    }
    found
}

fn crossing(kernel: &str, of: (&str, &[Timed]), against: (&str, &[Timed]), with_transfers: bool) -> Crossing {
    let between = if with_transfers { crossover_with_transfers } else { crossover };
    let (verdict, sizes) = match between(against.1, of.1) {
        None => ("unknown", Vec::new()),
        Some(Crossover::Never) => ("never", Vec::new()),
        Some(Crossover::Always) => ("always", Vec::new()),
        Some(Crossover::From(at)) => ("from", vec![at.size]),
        Some(Crossover::UpTo(at)) => ("up to", vec![at.size]),
        Some(Crossover::Several { crossings, .. }) => {
            ("several", crossings.iter().map(|at| at.size).collect())
        }
    };
    Crossing {
        kernel: kernel.into(),
        of: of.0.into(),
        against: against.0.into(),
        with_transfers,
        verdict: verdict.into(),
        sizes,
    }
}

/// The times of rows that are right, by the middle run.
fn curve<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<Timed> {
    rows.filter(|row| row.verified)
        .filter_map(|row| {
            // On the CPU nothing is brought anywhere; a GPU whose copies could not be timed has no such number.
            let unknown = if row.target.starts_with("gpu") { f64::NAN } else { 0.0 };
            let transfer = row.seconds_transfer.unwrap_or(unknown);
            Some(Timed { size: row.size as f64, seconds: row.seconds_median?, transfer })
        })
        .collect()
}

/// The GPUs that a kernel ran on, in the order of the rows.
fn gpus<'r>(kernel: &str, rows: &'r [Row]) -> Vec<&'r str> {
    let mut found: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| row.kernel == kernel && row.target.starts_with("gpu")) {
        if !found.contains(&&*row.target) {
            found.push(&row.target);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

    fn rows(target: &str, seconds: impl Fn(f64) -> f64, transfer: Option<f64>) -> Vec<Row> {
        let row = |size: usize| Row {
            kernel: "k".into(),
            size,
            target: target.into(),
            verified: true,
            seconds_median: Some(seconds(size as f64)),
            seconds_transfer: transfer.map(|rate| size as f64 / rate),
            ..Row::default()
        };
        SIZES.map(row).to_vec()
    }

    fn told(all: &[Crossing], of: &str, against: &str, with_transfers: bool) -> (String, Vec<f64>) {
        let one = all
            .iter()
            .find(|one| one.of == of && one.against == against && one.with_transfers == with_transfers)
            .unwrap_or_else(|| panic!("{of} against {against} in {all:?}"));
        (one.verdict.clone(), one.sizes.clone())
    }

    #[test]
    fn every_pair_is_asked_about() {
        // Threads: 10 us to start, half the time. GPU: 20 us to start, a tenth of the time, a slow link.
        let all = [
            rows("scalar", |n| 8e-9 * n, None),
            rows("simd", |n| 1e-9 * n, None),
            rows("threads", |n| 1e-5 + 5e-10 * n, None),
            rows("gpu:0", |n| 2e-5 + 1e-10 * n, Some(1e9)),
            rows("split", |n| 4e-5 + 0.8e-10 * n, None),
        ];
        let mut all = all.concat();
        assert_eq!(crossings(&["k"], &all).len(), 3, "a split that is threads is not asked about");
        all.iter_mut().filter(|row| row.target == "split").for_each(|row| row.adapter = Some("a GPU".into()));
        let found = crossings(&["k"], &all);
        assert_eq!(found.len(), 4, "{found:?}");
        // They meet at 10 us / 0.5 ns; interpolated over a decade that is not much more than the place in it.
        let (verdict, sizes) = told(&found, "threads", "simd", false);
        assert!(verdict == "from" && (sizes[0] / 20_000.0 - 1.0).abs() < 0.5, "{sizes:?}");
        let (verdict, sizes) = told(&found, "gpu:0", "threads", false);
        assert!(verdict == "from" && (sizes[0] / 25_000.0 - 1.0).abs() < 0.3, "{sizes:?}");
        assert_eq!(told(&found, "gpu:0", "threads", true).0, "never");
        // Beside the GPU alone: 20 us / 0.02 ns is a million.
        assert_eq!(told(&found, "split", BEST, false).0, "never");
    }

    #[test]
    fn a_wrong_row_and_a_lone_size_say_nothing() {
        let mut threads = rows("threads", |n| 1e-9 * n, None);
        threads[1..].iter_mut().for_each(|row| row.verified = false);
        let all = [rows("simd", |n| 1e-9 * n, None), threads].concat();
        assert!(crossings(&["k"], &all).is_empty());
    }

    #[test]
    fn a_gpu_whose_copies_were_not_timed_has_no_answer_with_them() {
        let all = [rows("simd", |n| 1e-9 * n, None), rows("gpu:1", |n| 5e-10 * n, None)].concat();
        let found = crossings(&["k"], &all);
        assert_eq!(found.len(), 1);
        assert_eq!(told(&found, "gpu:1", "simd", false), ("always".into(), Vec::new()));
    }
}
