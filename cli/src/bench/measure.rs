//! Timing.
//!
//! Several things are timed in turn, round after round: a machine that is disturbed for a second then disturbs all of them
//! alike, and their ratios hold.
//!
//! 1. Each thing is warmed up, until it gets no faster or an eighth of its budget is spent.
//! 2. Then it takes its turn in five rounds at least, each a twelfth of its budget or one run, whichever is longer. What is too
//!    short for the clock runs several times for one sample.
//! 3. It is done when its rounds agree, or when its budget is spent. What is so slow that five rounds would take several
//!    budgets has fewer.
//!
//! A machine may also be disturbed for many seconds. So a bench comes back to each thing, and has a few rounds each time
//! ([`in_visit`]).

use std::time::{Duration, Instant};

use manylane::evaluate::samples::{Noise, Unrest, judge, median, summarize};

use crate::bench::meter::{Meter, Usage};

/// So many rounds are what two records need to be held against each other.
pub const ROUNDS: usize = 5;
/// A sample lasts at least this long: reading the clock costs some 30 ns, which is then less than 1 in 500.
const SAMPLE: Duration = Duration::from_micros(20);
/// The most runs that one sample takes.
const BATCH: f64 = 1_000.0;
/// The part of the budget that a round takes.
const ROUND: u32 = 12;
/// The fewest rounds of a visit, and
const VISIT_ROUNDS: usize = 2;
/// the part of its budget that each takes.
const VISIT_ROUND: u32 = 4;
/// The part that the warm-up takes at most, and
const WARM_MOST: u32 = 8;
/// the part that it takes at least: clocks and caches need some time, however short a run is.
const WARM_LEAST: u32 = 50;
/// A run that is less than this share faster than the fastest before it is no faster.
const FASTER: f64 = 0.02;
/// After so many runs that were no faster a thing is warm.
const NO_FASTER: u32 = 5;
/// The budgets that the fewest rounds may take.
const OVERRUN: u32 = 3;
/// Rounds agree where the interval of their median is within this share of it on either side, and
const NARROW: f64 = 0.01;
/// where none is farther than this share from it: one in five that was disturbed would not be seen otherwise. From
const FAR: f64 = 0.03;
/// so many rounds on one may be.
const MANY: usize = 9;
/// Interruptions are worth a word where the mean is above the middle run by more than this share. Some are on every machine, and
/// where runs are as even as a clock, few of them are many outliers.
const INTERRUPTED: f64 = 0.05;

/// How long runs took, and what else they used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    rounds: Vec<Vec<f64>>,
    usage: Usage,
}

impl Samples {
    /// The number of samples.
    pub fn len(&self) -> usize {
        self.rounds.iter().map(Vec::len).sum()
    }

    /// Whether nothing was timed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shortest, in seconds.
    pub fn min(&self) -> Option<f64> {
        self.rounds.iter().flatten().copied().min_by(f64::total_cmp)
    }

    /// The middle one, in seconds; of an even number the mean of the two.
    pub fn median(&self) -> Option<f64> {
        Some(median(&self.all())).filter(|median| median.is_finite())
    }

    /// The median of how far each is from the middle one, in seconds.
    pub fn mad(&self) -> Option<f64> {
        Some(summarize(&self.all()).mad).filter(|mad| mad.is_finite())
    }

    /// How many stand apart, by Tukey's fences.
    pub fn outliers(&self) -> usize {
        let all = self.all();
        summarize(&all).outliers(&all).total()
    }

    /// The median of each round, in the order of time.
    pub fn medians(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| median(round)).collect()
    }

    /// What the timed runs used beside time.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// What to say of the times, where they are noisy.
    pub fn noise(&self) -> Option<Noisy> {
        let unrest = judge(&self.rounds);
        match unrest.noise {
            Noise::Drift => Some(Noisy { kind: "drift", unrest }),
            Noise::Spread => Some(Noisy { kind: "spread", unrest }),
            Noise::Outliers if self.mean_over_median() > 1.0 + INTERRUPTED => {
                Some(Noisy { kind: "outliers", unrest })
            }
            _ => None,
        }
    }

    /// Those of a later visit too.
    pub fn extend(&mut self, later: Samples) {
        self.rounds.extend(later.rounds);
        self.usage.extend(&later.usage);
    }

    fn mean_over_median(&self) -> f64 {
        let all = self.all();
        all.iter().sum::<f64>() / all.len() as f64 / median(&all)
    }

    fn all(&self) -> Vec<f64> {
        self.rounds.concat()
    }

    fn round(&mut self, samples: Vec<f64>) {
        // A coarse clock may say 0, and rates are divided by this.
        self.rounds.push(samples.into_iter().map(|seconds| seconds.max(1e-9)).collect());
    }
}

/// Why times are not to be trusted far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noisy {
    /// `drift`, `spread` or `outliers`, as in [`Noise`].
    pub kind: &'static str,
    /// By how much.
    pub unrest: Unrest,
}

impl Noisy {
    /// What it is and what helps, without numbers.
    pub fn advice(&self) -> &'static str {
        match self.kind {
            "drift" => {
                "noisy: its rounds are more than 5 % apart; let nothing else run, and mind heat and clocks"
            }
            "spread" => "noisy: its runs spread by more than 5 %; let nothing else run",
            _ => "noisy: interruptions make its runs more than 5 % longer in the mean; let nothing else run",
        }
    }
}

/// Times `count` things, each for about `budget`, by calling `run` with their numbers.
///
/// # Errors
/// The first error of `run` for a thing ends its timing and stands in its place.
pub fn in_turn<E>(
    count: usize,
    budget: Duration,
    run: impl FnMut(usize) -> Result<(), E>,
) -> Vec<Result<Samples, E>> {
    timed(count, Effort { budget, rounds: ROUNDS, round: budget / ROUND }, run)
}

/// As [`in_turn`], for one visit of several: two rounds at least, each a quarter of the budget.
///
/// # Errors
/// As [`in_turn`].
pub fn in_visit<E>(
    count: usize,
    budget: Duration,
    run: impl FnMut(usize) -> Result<(), E>,
) -> Vec<Result<Samples, E>> {
    timed(count, Effort { budget, rounds: VISIT_ROUNDS, round: budget / VISIT_ROUND }, run)
}

/// How long to time something.
#[derive(Clone, Copy)]
struct Effort {
    budget: Duration,
    /// The fewest rounds, and
    rounds: usize,
    /// how long each lasts.
    round: Duration,
}

fn timed<E>(
    count: usize,
    effort: Effort,
    mut run: impl FnMut(usize) -> Result<(), E>,
) -> Vec<Result<Samples, E>> {
    let mut all: Vec<Result<Timing, E>> =
        (0..count).map(|number| Timing::warm(effort, || run(number))).collect();
    while all.iter().flatten().any(Timing::wants_more) {
        for (number, slot) in all.iter_mut().enumerate() {
            if let Ok(timing) = slot
                && timing.wants_more()
                && let Err(error) = timing.round(|| run(number))
            {
                *slot = Err(error);
            }
        }
    }
    all.into_iter().map(|slot| slot.map(|timing| timing.samples)).collect()
}

/// Whether more rounds than these, by their medians, would say nothing new: the interval of the median of some numbers is their
/// interquartile range times 1.57 over the root of how many they are, on either side (McGill, Tukey and Larsen 1978).
pub(super) fn agree(rounds: &[f64]) -> bool {
    let all = summarize(rounds);
    let half = 1.57 * (all.upper_quartile - all.lower_quartile) / (all.count as f64).sqrt();
    let farthest = (all.max - all.median).max(all.median - all.min);
    half < NARROW * all.median && (farthest < FAR * all.median || all.count >= MANY)
}

/// One thing that is being timed.
struct Timing {
    samples: Samples,
    effort: Effort,
    spent: Duration,
    /// The fastest run so far.
    once: Duration,
}

impl Timing {
    fn warm<E>(effort: Effort, mut run: impl FnMut() -> Result<(), E>) -> Result<Timing, E> {
        let budget = effort.budget;
        let mut samples = Samples::default();
        let (mut once, mut no_faster) = (Duration::MAX, 0);
        let (meter, begun) = (Meter::start(), Instant::now());
        let spent = loop {
            let started = Instant::now();
            run()?;
            let took = started.elapsed();
            no_faster =
                if took.as_secs_f64() < once.as_secs_f64() * (1.0 - FASTER) { 0 } else { no_faster + 1 };
            once = once.min(took);
            let spent = begun.elapsed();
            if spent >= budget / WARM_MOST || (no_faster >= NO_FASTER && spent >= budget / WARM_LEAST) {
                break spent;
            }
        };
        if once >= budget {
            // It was run once, alone, and is too slow to be run for nothing.
            samples.round(vec![once.as_secs_f64()]);
            samples.usage.add(meter.stop(), 1);
        }
        Ok(Timing { samples, effort, spent, once })
    }

    fn wants_more(&self) -> bool {
        let Effort { budget, rounds: least, .. } = self.effort;
        match self.samples.rounds.len() {
            0 => true,
            rounds if rounds < least => self.spent + self.once <= budget * OVERRUN,
            _ => self.spent < budget && !agree(&self.samples.medians()),
        }
    }

    fn round<E>(&mut self, mut run: impl FnMut() -> Result<(), E>) -> Result<(), E> {
        let (share, begun) = (self.effort.round, Instant::now());
        if self.once < share / 4 {
            // The others have run since, and took its data from the caches.
            run()?;
        }
        let batch = SAMPLE.as_secs_f64() / self.once.as_secs_f64().max(1e-9);
        let batch = batch.ceil().clamp(1.0, BATCH) as u32;
        let meter = Meter::start();
        let mut samples = Vec::new();
        loop {
            let started = Instant::now();
            for _ in 0..batch {
                run()?;
            }
            samples.push(started.elapsed().as_secs_f64() / f64::from(batch));
            if begun.elapsed() >= share {
                break;
            }
        }
        self.samples.usage.add(meter.stop(), samples.len() as u64 * u64::from(batch));
        self.samples.round(samples);
        self.spent += begun.elapsed();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rounds: &[&[f64]]) -> Samples {
        Samples { rounds: rounds.iter().map(|round| round.to_vec()).collect(), ..Samples::default() }
    }

    #[test]
    fn what_samples_say() {
        let none = Samples::default();
        assert_eq!((none.min(), none.median(), none.mad(), none.outliers()), (None, None, None, 0));
        assert!(none.is_empty() && none.medians().is_empty() && none.noise().is_none());
        let few = of(&[&[4.0, 1.0], &[2.0, 3.0]]);
        assert_eq!((few.len(), few.min(), few.median(), few.mad()), (4, Some(1.0), Some(2.5), Some(1.0)));
        assert_eq!(few.medians(), [2.5, 2.5]);
        let apart = of(&[&[10.0, 11.0, 12.0, 13.0, 14.0, 17.5, 40.0]]);
        assert_eq!(apart.outliers(), 1);
    }

    #[test]
    fn rounds_agree_or_not() {
        assert!(agree(&[1.0, 1.001, 1.002, 1.0, 1.003]));
        let disturbed = [1.0, 1.001, 1.7, 1.002, 1.0];
        assert!(
            !agree(&disturbed) && agree(&[disturbed.as_slice(), &[1.0; 4]].concat()),
            "one of nine may be"
        );
        assert!(!agree(&[1.0, 1.02, 1.01, 1.0, 1.02]), "the interval is too wide");
    }

    #[test]
    fn noise_is_named() {
        let quiet: Vec<f64> = (0..40).map(|k| 1.0 + 0.001 * f64::from(k % 7)).collect();
        let slower: Vec<f64> = quiet.iter().map(|seconds| seconds * 1.08).collect();
        assert_eq!(of(&[&quiet, &quiet]).noise(), None);
        let kind = |samples: Samples| samples.noise().map(|noisy| noisy.kind);
        assert_eq!(kind(of(&[&quiet, &slower])), Some("drift"));
        let wide: Vec<f64> = (0..40).map(|k| 1.0 + 0.02 * f64::from(k)).collect();
        assert_eq!(kind(of(&[&wide])), Some("spread"));
        let mut interrupted = quiet.clone();
        interrupted[3] = 2.0;
        assert_eq!(kind(of(&[&interrupted])), None, "one in forty is nothing to tell");
        interrupted[5..8].fill(9.0);
        assert_eq!(kind(of(&[&interrupted])), Some("outliers"));
    }

    #[test]
    fn everything_is_timed_and_nothing_for_long() {
        let begun = Instant::now();
        let mut runs = [0; 4];
        let all = in_turn(4, Duration::from_millis(50), |number| {
            runs[number] += 1;
            match number {
                0 => Ok(()),
                1 => {
                    std::thread::sleep(Duration::from_millis(60));
                    Ok(())
                }
                2 => {
                    std::thread::sleep(Duration::from_millis(12));
                    Ok(())
                }
                _ if runs[3] > 2 => Err("broken"),
                _ => Ok(()),
            }
        });
        assert!(begun.elapsed() < Duration::from_secs(3));
        let fast = all[0].as_ref().expect("it runs");
        assert!(fast.medians().len() >= ROUNDS && runs[0] > fast.len(), "short runs are timed together");
        let slow = all[1].as_ref().expect("it runs");
        assert!((1..ROUNDS).contains(&slow.medians().len()), "what is too slow has fewer rounds");
        assert_eq!(slow.len(), runs[1], "and is run for nothing at no time");
        assert!(slow.min() >= Some(0.06));
        let middling = all[2].as_ref().expect("it runs");
        assert!(middling.medians().len() >= ROUNDS, "five rounds may take more than the budget");
        assert_eq!(all[3], Err("broken"));
    }

    #[test]
    fn visits_add_up() {
        let visit =
            || in_visit(1, Duration::from_millis(20), |_| Ok::<(), ()>(())).remove(0).expect("it runs");
        let (mut samples, later) = (visit(), visit());
        let (rounds, count) = (samples.medians().len(), samples.len());
        assert!(rounds >= VISIT_ROUNDS);
        samples.extend(later.clone());
        assert_eq!(samples.medians().len(), rounds + later.medians().len());
        assert_eq!(samples.len(), count + later.len());
    }

    #[test]
    fn without_a_budget_everything_is_timed_all_the_same() {
        let all = in_turn(2, Duration::ZERO, |_| Ok::<(), ()>(()));
        assert!(all.iter().all(|samples| samples.as_ref().is_ok_and(|samples| !samples.is_empty())));
    }
}
