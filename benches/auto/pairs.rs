//! Ways to do one thing, the first of them against each other one, by interleaved pairs.
//!
//! Each round runs every way once. What counts is the middle one, over the rounds, of the first way's excess over the other in
//! the same round: what else the machine does changes from round to round, and hits both of a pair alike. A first way that is
//! over is measured twice more, and the middle one of the three stands: the worst of three pairs is over by chance more often
//! than one is.

use std::fmt::Write as _;
use std::time::Instant;

/// Rounds that come first and do not count: caches, the pool, the models.
const WARM: usize = 3;
/// Seconds that one sample takes at least: a short run is repeated. Runs on two threads of 0.1 ms have two lengths, a tenth
/// apart, as the second one is found awake or asleep: a sample is to hold both.
const SAMPLE: f64 = 1e-3;
/// Orders of four ways in which each comes once after each other one: what ran before leaves the caches and the pool as it
/// likes, and none is to gain by that.
const SQUARE: [[usize; 4]; 4] = [[0, 1, 3, 2], [1, 2, 0, 3], [2, 3, 1, 0], [3, 0, 2, 1]];
pub const WAYS: usize = 4;

/// The first way beside the one that it is furthest behind, or least ahead of.
#[derive(Clone, Copy)]
pub struct Row {
    /// Median seconds of the first way.
    pub first: f64,
    /// Median seconds of the other.
    pub other: f64,
    /// Which the other is.
    pub which: usize,
    /// Median over the rounds of the first's seconds beyond the other's and max(5 %, 1 µs).
    pub excess: f64,
    /// How often this was measured: once, or three times.
    pub measured: usize,
}

impl Row {
    pub fn is_over(&self) -> bool {
        self.excess > 0.0
    }

    /// Prints a line of the table, and adds one to the JSON; `other` is the other way's name.
    pub fn tell(&self, kernel: &str, n: usize, other: &str, json: &mut String) {
        let Row { first, other: seconds, excess, measured, .. } = self;
        println!(
            "{kernel:14} {n:>10} {:>11.2} µs {:>11.2} µs {:>8.3}  {other}{}",
            first * 1e6,
            seconds * 1e6,
            first / seconds,
            if self.is_over() { "  OVER" } else { "" }
        );
        let _ = writeln!(
            json,
            r#"{{"kernel": "{kernel}", "elements": {n}, "auto_seconds": {first:e}, "other_seconds": {seconds:e}, "other": "{other}", "excess_seconds": {excess:e}, "over": {}, "measured": {measured}}}"#,
            self.is_over()
        );
    }
}

/// Prints the table's head.
pub fn head() {
    println!("{:14} {:>10} {:>14} {:>14} {:>8}  other", "kernel", "elements", "auto", "other", "ratio");
}

/// The row of four ways, `run(which)` running one of them.
pub fn row<E>(rounds: usize, seed: u64, mut run: impl FnMut(usize) -> Result<(), E>) -> Result<Row, E> {
    let mut rows = vec![once(rounds, seed, &mut run)?];
    if rows[0].is_over() {
        for again in 1..3 {
            rows.push(once(rounds, seed + again, &mut run)?);
        }
        rows.sort_by(|a, b| a.excess.total_cmp(&b.excess));
    }
    Ok(Row { measured: rows.len(), ..rows[rows.len() / 2] })
}

fn once<E>(rounds: usize, seed: u64, run: &mut impl FnMut(usize) -> Result<(), E>) -> Result<Row, E> {
    let mut times = [const { Vec::new() }; WAYS];
    let mut repeats = [1usize; WAYS];
    let mut names = [0, 1, 2, 3];
    let mut is_asked = [true; WAYS];
    let mut random = seed ^ 0x9e37_79b9_7f4a_7c15;
    for round in 0..WARM + rounds {
        if round % WAYS == 0 {
            for at in (1..WAYS).rev() {
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                names.swap(at, (random >> 33) as usize % (at + 1));
            }
        }
        for which in SQUARE[round % WAYS].map(|at| names[at]).into_iter().filter(|which| is_asked[*which]) {
            let start = Instant::now();
            for _ in 0..repeats[which] {
                run(which)?;
            }
            let seconds = start.elapsed().as_secs_f64() / repeats[which] as f64;
            if round < WARM {
                repeats[which] = (SAMPLE / seconds.max(1e-9)).ceil().clamp(1.0, 100_000.0) as usize;
            } else {
                times[which].push(seconds);
            }
        }
        // One that takes twice as long as the best is no longer asked.
        if round == WARM + 4 {
            let now = times.each_ref().map(|times| median(times.clone()));
            let best = now.into_iter().fold(f64::MAX, f64::min);
            is_asked = std::array::from_fn(|which| which == 0 || now[which] < 2.0 * best);
        }
    }
    let excess = |which: usize| {
        let pairs = times[0].iter().zip(&times[which]);
        median(pairs.map(|(first, other)| first - other - (0.05 * other).max(1e-6)).collect())
    };
    let (excess, which) = (1..WAYS)
        .filter(|which| is_asked[*which])
        .map(|which| (excess(which), which))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap_or_else(|| (excess(1), 1));
    let [first, other] = [0, which].map(|which| median(times[which].clone()));
    Ok(Row { first, other, which, excess, measured: 1 })
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
