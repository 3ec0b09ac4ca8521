//! Timing in turns: what disturbs the machine disturbs both.

use std::time::Instant;

use manylane::lanes::Level;

/// Two ways of doing the same work.
pub struct Pair {
    kernel: &'static str,
    size: usize,
    level: Level,
    repeats: usize,
    rounds: usize,
}

impl Pair {
    /// `rounds` rounds, in each of which either way runs `repeats` times.
    pub fn new(kernel: &'static str, size: usize, level: Level, repeats: usize, rounds: usize) -> Self {
        Pair { kernel, size, level, repeats, rounds }
    }

    /// Times both and prints a line.
    pub fn time(&self, mut ours: impl FnMut(), mut hand: impl FnMut()) {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            a.push(seconds(self.repeats, &mut ours));
            b.push(seconds(self.repeats, &mut hand));
        }
        // The ratio of medians drifts with the machine; the median of the ratios of neighbours does not.
        let mut ratios: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a / b).collect();
        for times in [&mut a, &mut b, &mut ratios] {
            times.sort_by(f64::total_cmp);
        }
        let middle = self.rounds / 2;
        println!(
            "{{\"kernel\":\"{}\",\"size\":{},\"level\":\"{}\",\"ours_min\":{:e},\"ours_median\":{:e},\"hand_min\":{:e},\
             \"hand_median\":{:e},\"ratio_min\":{:.4},\"ratio_median\":{:.4}}}",
            self.kernel,
            self.size,
            self.level,
            a[0],
            a[middle],
            b[0],
            b[middle],
            a[0] / b[0],
            ratios[middle]
        );
    }
}

/// Times something that has no counterpart and prints a line.
pub fn alone(kernel: &str, size: usize, rounds: usize, mut work: impl FnMut()) {
    let mut times: Vec<f64> = (0..rounds).map(|_| seconds(1, &mut work)).collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{{\"kernel\":\"{kernel}\",\"size\":{size},\"seconds_min\":{:e},\"seconds_median\":{:e}}}",
        times[0],
        times[rounds / 2]
    );
}

fn seconds(repeats: usize, work: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        work();
    }
    start.elapsed().as_secs_f64() / repeats as f64
}
