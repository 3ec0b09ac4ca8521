//! How often [`compare`] is right: simulated runs with the noise that machines have.
//!
//! A run is some rounds of timings. Each round is 1 to 3 % off, either way, all its timings alike. A timing has log-normal
//! noise that hangs together with that of the one before it, and one in twenty takes twice to five times as long.

use super::super::random::Random;
use super::*;

struct Machine {
    rounds: usize,
    samples: usize,
    /// The deviation of the log-normal noise.
    noise: f64,
    /// How much of a timing's noise stays with the next one.
    memory: f64,
}

impl Machine {
    fn run(&self, random: &mut Random, seconds: f64) -> Vec<Vec<f64>> {
        (0..self.rounds)
            .map(|_| {
                let off = random.between(0.01, 0.03) * if random.below(2) == 0 { 1.0 } else { -1.0 };
                let mut noise = random.normal();
                (0..self.samples)
                    .map(|_| {
                        noise = self.memory * noise + (1.0 - self.memory.powi(2)).sqrt() * random.normal();
                        let late = if random.below(20) == 0 { random.between(2.0, 5.0) } else { 1.0 };
                        seconds * (1.0 + off) * (self.noise * noise).exp() * late
                    })
                    .collect()
            })
            .collect()
    }
}

/// Every kind is told from no change as often as promised; those below find a change of 10 % too.
const ROUGH: [Machine; 3] = [
    Machine { rounds: 3, samples: 5, noise: 0.02, memory: 0.0 },
    Machine { rounds: 3, samples: 10, noise: 0.03, memory: 0.0 },
    Machine { rounds: 5, samples: 7, noise: 0.05, memory: 0.5 },
];

const MACHINES: [Machine; 6] = [
    Machine { rounds: 4, samples: 10, noise: 0.03, memory: 0.0 },
    Machine { rounds: 5, samples: 5, noise: 0.02, memory: 0.0 },
    Machine { rounds: 5, samples: 10, noise: 0.03, memory: 0.5 },
    Machine { rounds: 5, samples: 20, noise: 0.05, memory: 0.0 },
    Machine { rounds: 8, samples: 10, noise: 0.04, memory: 0.5 },
    Machine { rounds: 10, samples: 20, noise: 0.08, memory: 0.3 },
];

const TRIES: usize = 200;

/// How many of the tries end with each verdict (none, faster, slower) on a program that takes `factor` times as long, and
/// how many intervals hold the factor. Each run is up to `apart` off as a whole.
fn verdicts(machine: &Machine, seed: u64, factor: f64, apart: f64) -> ([usize; 3], usize) {
    let mut random = Random::new(seed);
    let (mut counts, mut held) = ([0; 3], 0);
    for _ in 0..TRIES {
        let mut run = |seconds| {
            let off = 1.0 + random.between(-apart, apart);
            machine.run(&mut random, seconds * off)
        };
        let (before, after) = (run(1e-3), run(1e-3 * factor));
        let comparison = compare(&before, &after, &Rule::default()).unwrap();
        counts[comparison.verdict as usize] += 1;
        held += usize::from(comparison.low <= factor && factor <= comparison.high);
    }
    let Machine { rounds, samples, noise, memory } = machine;
    println!("seed {seed}, {rounds} x {samples}, noise {noise}, memory {memory}, apart {apart}: ");
    println!("    {counts:?} for {factor}, {held} intervals hold it");
    (counts, held)
}

/// 19 of 20 tries end with the right verdict.
fn each<'m>(
    machines: impl IntoIterator<Item = &'m Machine>,
    seed: u64,
    factor: f64,
    apart: f64,
    right: Verdict,
) {
    for machine in machines {
        let (counts, _) = verdicts(machine, seed, factor, apart);
        assert!(counts[right as usize] * 20 >= TRIES * 19, "{counts:?}");
    }
}

#[test]
fn the_same_program_has_not_changed() {
    each(ROUGH.iter().chain(&MACHINES), 0x5a3e, 1.0, 0.0, Verdict::NoChange);
}

#[test]
fn ten_percent_slower_is_found() {
    each(&MACHINES, 0x510e, 1.1, 0.0, Verdict::Slower);
}

#[test]
fn ten_percent_faster_is_found() {
    each(&MACHINES, 0xfa57, 1.0 / 1.1, 0.0, Verdict::Faster);
}

#[test]
fn runs_that_drift_apart_as_a_whole_have_not_changed() {
    each(ROUGH.iter().chain(&MACHINES), 0xd21f, 1.0, 0.01, Verdict::NoChange);
}

#[test]
fn a_single_series_allows_for_drift() {
    let machine = Machine { rounds: 1, samples: 40, noise: 0.03, memory: 0.3 };
    each([&machine], 0x0e, 1.0, 0.0, Verdict::NoChange);
    let (counts, _) = verdicts(&machine, 0x0e, 1.25, 0.0);
    assert!(counts[Verdict::Slower as usize] * 20 >= TRIES * 19, "{counts:?}");
}

#[test]
fn the_interval_holds_the_true_ratio_about_as_often_as_it_says() {
    for machine in &MACHINES {
        let (_, held) = verdicts(machine, 0x1e7, 1.05, 0.0);
        // 95 of 100, less or more three standard deviations of 200 tries.
        assert!((181..=199).contains(&held), "{held} of {TRIES}");
    }
}
