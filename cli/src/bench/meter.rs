//! What runs use beside time: page faults and energy.

use std::fs;

use crate::bench::energy::{Energy, Reading};

/// A stretch of time whose use is counted.
pub struct Meter {
    faults: Option<u64>,
    energy: Option<Reading>,
}

/// What a stretch used; absent where it cannot be known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Used {
    /// Pages that the process touched and that were not mapped yet, from memory or from a disk.
    pub faults: Option<u64>,
    /// Energy of the processors and their memory, whoever used it.
    pub joules: Option<f64>,
    /// How long it was.
    pub seconds: f64,
}

/// What several stretches with so many runs used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    runs: u64,
    seconds: f64,
    stretches: u32,
    faults: Option<u64>,
    joules: Option<f64>,
}

/// The counters of energy grow about a thousand times a second: stretches must be so much longer for their ends not to matter.
const STRETCH: f64 = 0.01;

impl Meter {
    /// Begins.
    pub fn start() -> Meter {
        Meter { faults: page_faults(), energy: Energy::here().as_ref().ok().and_then(Energy::read) }
    }

    /// Ends.
    pub fn stop(self) -> Used {
        let joules = self.energy.and_then(|from| {
            let energy = Energy::here().as_ref().ok()?;
            let to = energy.read()?;
            Some((energy.joules(&from, &to), from.seconds_until(&to)))
        });
        let faults = self.faults.and_then(|before| Some(page_faults()?.saturating_sub(before)));
        Used { faults, joules: joules.map(|(joules, _)| joules), seconds: joules.map_or(0.0, |(_, s)| s) }
    }
}

impl Usage {
    /// One more stretch, of so many runs.
    pub fn add(&mut self, used: Used, runs: u64) {
        let Used { faults, joules, seconds } = used;
        self.extend(&Usage { runs, seconds, stretches: 1, faults, joules });
    }

    /// Those that were counted apart, too.
    pub fn extend(&mut self, more: &Usage) {
        if self.stretches == 0 {
            (self.faults, self.joules) = (more.faults, more.joules);
        } else if more.stretches > 0 {
            self.faults = self.faults.zip(more.faults).map(|(so_far, more)| so_far + more);
            self.joules = self.joules.zip(more.joules).map(|(so_far, more)| so_far + more);
        }
        self.seconds += more.seconds;
        self.stretches += more.stretches;
        self.runs += more.runs;
    }

    /// Page faults for one run, the mean of all.
    pub fn faults(&self) -> Option<f64> {
        self.faults.filter(|_| self.runs > 0).map(|faults| faults as f64 / self.runs as f64)
    }

    /// Joules for one run, the mean of all; absent too where the stretches were too short for their ends not to matter.
    pub fn joules(&self) -> Option<f64> {
        let long = self.seconds >= STRETCH * f64::from(self.stretches);
        self.joules.filter(|_| long && self.runs > 0).map(|joules| joules / self.runs as f64)
    }
}

/// The page faults of this process so far.
fn page_faults() -> Option<u64> {
    faults_in(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// Those that Linux writes into a process's `stat`: the minor ones are its tenth field, the major ones its twelfth. The second,
/// the name, is in brackets and may hold anything.
fn faults_in(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ').skip(10 - 3);
    let minor: u64 = fields.next()?.parse().ok()?;
    let major: u64 = fields.nth(1)?.parse().ok()?;
    Some(minor + major)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_the_right_ones() {
        let stat = "4242 (a) strange (name) R 1 2 3 4 5 6 700 8 11 10 11 12 13 14 20 0 1 0 100\n";
        assert_eq!(faults_in(stat), Some(711));
        assert_eq!(faults_in("4242 (short) R 1 2"), None);
        assert_eq!(faults_in(""), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn fresh_pages_are_counted() {
        // 4 KiB pages, or else huge ones of 2 MiB: at least so many.
        let (mib, huge) = (64usize, 2usize);
        let meter = Meter::start();
        let pages = vec![1u8; mib << 20];
        let used = meter.stop();
        assert_eq!(pages[mib << 19], 1);
        assert!(used.faults >= Some((mib / huge) as u64 / 2), "{used:?}");
    }

    #[test]
    fn what_is_unknown_once_stays_so() {
        let known = Used { faults: Some(8), joules: Some(2.0), seconds: 0.1 };
        let mut usage = Usage::default();
        assert_eq!((usage.faults(), usage.joules()), (None, None));
        usage.add(known, 4);
        usage.add(known, 12);
        assert_eq!((usage.faults(), usage.joules()), (Some(1.0), Some(0.25)));
        usage.add(Used { joules: None, ..known }, 4);
        usage.add(known, 4);
        assert_eq!((usage.faults(), usage.joules()), (Some(32.0 / 24.0), None));
        let mut short = Usage::default();
        short.add(Used { seconds: 0.001, ..known }, 1);
        assert_eq!((short.faults(), short.joules()), (Some(8.0), None), "the counter may not have moved");
    }
}
