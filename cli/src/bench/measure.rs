//! Timing.
//!
//! Several things are timed in turn, round after round: a machine that is disturbed for a second then disturbs all of them
//! alike, and their ratios hold. What is too short for the clock runs several times for one sample.

use std::time::{Duration, Instant};

/// A sample lasts at least this long: reading the clock costs some 30 ns, which is then less than 1 in 500.
const SAMPLE: Duration = Duration::from_micros(20);
/// The most runs that one sample takes.
const BATCH: f64 = 1_000.0;
/// Rounds in which everything takes its turn.
const ROUNDS: u32 = 3;
/// More samples than this say nothing new.
const SAMPLES: usize = 1_001;

/// How long runs took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// The number of samples.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was timed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The shortest, in seconds.
    pub fn min(&self) -> Option<f64> {
        self.0.iter().copied().min_by(f64::total_cmp)
    }

    /// The middle one, in seconds; of an even number the mean of the two.
    pub fn median(&self) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let upper = *sorted.get(middle)?;
        Some(if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + upper) / 2.0 } else { upper })
    }

    fn push(&mut self, seconds: f64) {
        // A coarse clock may say 0, and rates are divided by this.
        self.0.push(seconds.max(1e-9));
    }
}

/// Times `count` things, each for about `budget`, by calling `run` with their numbers.
///
/// Each of the rounds begins with a run that warms up and is counted only where it alone takes the round's share. What
/// takes longer than its whole budget is timed once.
///
/// # Errors
/// The first error of `run` for a thing ends its timing and stands in its place.
pub fn in_turn<E>(
    count: usize,
    budget: Duration,
    mut run: impl FnMut(usize) -> Result<(), E>,
) -> Vec<Result<Samples, E>> {
    let mut all: Vec<Result<Samples, E>> = (0..count).map(|_| Ok(Samples::default())).collect();
    let mut spent = vec![Duration::ZERO; count];
    for round in 1..=ROUNDS {
        for (number, slot) in all.iter_mut().enumerate() {
            let Ok(samples) = slot else { continue };
            let until = budget * round / ROUNDS;
            if !samples.is_empty() && spent[number] >= until {
                continue;
            }
            let begun = Instant::now();
            if let Err(error) = one_round(samples, until.saturating_sub(spent[number]), || run(number)) {
                *slot = Err(error);
            }
            spent[number] += begun.elapsed();
        }
    }
    all
}

/// One warm-up run, then samples for as long as `share` lasts.
fn one_round<E>(
    samples: &mut Samples,
    share: Duration,
    mut run: impl FnMut() -> Result<(), E>,
) -> Result<(), E> {
    let begun = Instant::now();
    run()?;
    let once = begun.elapsed();
    if once >= share / 2 {
        samples.push(once.as_secs_f64());
        return Ok(());
    }
    let batch = (SAMPLE.as_secs_f64() / once.as_secs_f64().max(1e-9)).ceil().clamp(1.0, BATCH) as u32;
    while begun.elapsed() < share && samples.len() < SAMPLES {
        let started = Instant::now();
        for _ in 0..batch {
            run()?;
        }
        samples.push(started.elapsed().as_secs_f64() / f64::from(batch));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn min_and_median() {
        assert_eq!(Samples::default().median(), None);
        assert_eq!(Samples(vec![3.0, 1.0, 2.0]).median(), Some(2.0));
        assert_eq!(Samples(vec![4.0, 1.0, 2.0, 3.0]).median(), Some(2.5));
        assert_eq!(Samples(vec![3.0, 1.0, 2.0]).min(), Some(1.0));
    }

    #[test]
    fn everything_is_timed_and_nothing_for_long() {
        let begun = Instant::now();
        let mut runs = [0; 3];
        let all = in_turn(3, Duration::from_millis(30), |number| {
            runs[number] += 1;
            match number {
                0 => Ok(()),
                1 => {
                    std::thread::sleep(Duration::from_millis(40));
                    Ok(())
                }
                _ if runs[2] > 2 => Err("broken"),
                _ => Ok(()),
            }
        });
        assert!(begun.elapsed() < Duration::from_secs(2));
        let fast = all[0].as_ref().expect("it runs");
        assert!(fast.len() >= 3 && runs[0] > fast.len(), "short runs are timed together");
        assert_eq!(all[1].as_ref().map(Samples::len), Ok(1), "a run that is too long is timed once");
        assert_eq!(all[2], Err("broken"));
    }
}
