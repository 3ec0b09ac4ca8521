//! The caches of this machine as its workers share them, and how large arrays must be to stay in one.

use std::fs;

use manylane::device::Cpu;
use manylane::evaluate::roofline::Level;
use manylane::evaluate::scaling;

/// Arrays that are to come from main memory are so many times as large as the last cache.
const BEYOND: usize = 4;
/// and at least so large, for where that cache is small or unknown.
const LEAST: usize = 64 << 20;
/// What a worker puts into a cache must be so many times as large as its part of the nearer one: else it is that which is
/// measured.
const APART: f64 = 1.25;

/// The data caches, the nearest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Caches(Vec<Cache>);

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cache {
    level: Level,
    bytes: usize,
    /// How many processors have it in common.
    sharers: usize,
}

/// As the records write it.
pub fn name(level: Level) -> &'static str {
    match level {
        Level::L1 => "L1",
        Level::L2 => "L2",
        Level::L3 => "L3",
        _ => "DRAM",
    }
}

/// The level of that name.
pub fn level(name: &str) -> Option<Level> {
    [Level::L1, Level::L2, Level::L3, Level::Dram].into_iter().find(|level| self::name(*level) == name)
}

impl Caches {
    /// Those of this machine; one that the system does not describe is taken for a core's own, and the third for everyone's.
    pub fn here() -> Caches {
        let cpu = Cpu::here();
        Caches::of([
            (Level::L1, cpu.caches.l1, sharers(1).unwrap_or(1)),
            (Level::L2, cpu.caches.l2, sharers(2).unwrap_or(1)),
            (Level::L3, cpu.caches.l3, sharers(3).unwrap_or(cpu.cores)),
        ])
    }

    fn of(all: [(Level, usize, usize); 3]) -> Caches {
        let there = all.into_iter().filter(|(_, bytes, _)| *bytes > 0);
        Caches(there.map(|(level, bytes, sharers)| Cache { level, bytes, sharers: sharers.max(1) }).collect())
    }

    /// The bytes that each of `workers` is to touch so that all of them stay in `level` and leave the nearer ones: half of
    /// its part. `None` where there is no such cache, or where it is no larger than what is nearer.
    pub fn half(&self, level: Level, workers: usize) -> Option<usize> {
        let place = self.0.iter().position(|cache| cache.level == level)?;
        let half = self.0[place].part(workers) / 2;
        let nearer = self.0[..place].last().map_or(0, |cache| cache.part(workers));
        (half as f64 >= APART * nearer as f64).then_some(half)
    }

    /// The bytes that `workers` are to touch together so that they come from main memory.
    pub fn beyond(&self, workers: usize) -> usize {
        let last = self.0.last().map_or(0, |cache| cache.all(workers));
        let most = (Cpu::here().memory / 8) as usize;
        let wanted = (BEYOND * last).max(LEAST);
        if most > 0 { wanted.min(most) } else { wanted }
    }

    /// What `workers` can hold in each level together, of the levels in `measured`.
    pub fn capacities(&self, workers: usize, measured: impl Fn(Level) -> bool) -> Vec<(Level, f64)> {
        let there = self.0.iter().filter(|cache| measured(cache.level));
        there.map(|cache| (cache.level, cache.all(workers) as f64)).collect()
    }

    /// As the arithmetic of scaling wants them.
    pub fn for_scaling(&self) -> Vec<scaling::Cache> {
        self.0
            .iter()
            .map(|cache| scaling::Cache { bytes: cache.bytes as f64, workers: cache.sharers })
            .collect()
    }
}

impl Cache {
    /// What each of `workers` has of it.
    fn part(&self, workers: usize) -> usize {
        self.bytes / self.sharers.min(workers.max(1))
    }

    /// All of those that `workers` can reach, as many to each as share it.
    fn all(&self, workers: usize) -> usize {
        self.bytes * workers.max(1).div_ceil(self.sharers)
    }
}

/// How many processors share the first one's data cache of that level.
fn sharers(level: usize) -> Option<usize> {
    (0..8).find_map(|index| {
        let read = |what: &str| {
            let path = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{what}");
            fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
        };
        let fits = read("level")? == level.to_string() && read("type")? != "Instruction";
        fits.then(|| read("shared_cpu_list").and_then(|list| listed(&list)))?
    })
}

/// How many numbers a list such as `0-3,8,10-11` holds.
fn listed(list: &str) -> Option<usize> {
    list.split(',')
        .map(|part| match part.split_once('-') {
            Some((first, last)) => {
                let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
                last.checked_sub(first).map(|more| more + 1)
            }
            None => part.parse::<usize>().ok().map(|_| 1),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KI: usize = 1 << 10;
    const MI: usize = 1 << 20;

    #[test]
    fn lists_of_processors() {
        assert_eq!([listed("0"), listed("0-3"), listed("0-3,8,10-11")], [Some(1), Some(4), Some(7)]);
        assert_eq!([listed(""), listed("a"), listed("3-1"), listed("0-3,")], [None; 4]);
    }

    #[test]
    fn arrays_fit_the_level_that_they_are_for() {
        let caches = Caches::of([(Level::L1, 32 * KI, 1), (Level::L2, MI, 1), (Level::L3, 32 * MI, 2)]);
        assert_eq!(caches.half(Level::L2, 1), Some(512 * KI));
        assert_eq!(caches.half(Level::L2, 2), Some(512 * KI), "each has its own");
        assert_eq!(caches.half(Level::L3, 1), Some(16 * MI));
        assert_eq!(caches.half(Level::L3, 2), Some(8 * MI), "two have one in common");
        assert!(caches.beyond(1) <= 128 * MI);
        assert_eq!(
            caches.capacities(2, |level| level != Level::L1),
            [(Level::L2, 2.0 * MI as f64), (Level::L3, 32.0 * MI as f64)]
        );
    }

    #[test]
    fn a_cache_that_is_no_larger_than_the_nearer_one_is_not_measured() {
        let caches = Caches::of([(Level::L1, 48 * KI, 2), (Level::L2, 2 * MI, 2), (Level::L3, 60 * MI, 64)]);
        assert_eq!(caches.half(Level::L3, 64), None);
        assert!(caches.half(Level::L3, 1).is_some());
        assert_eq!(
            Caches::of([(Level::L1, 32 * KI, 1), (Level::L2, 0, 1), (Level::L3, 0, 1)]).half(Level::L2, 1),
            None
        );
    }

    #[test]
    fn names_and_levels() {
        for one in [Level::L1, Level::L2, Level::L3, Level::Dram] {
            assert_eq!(level(name(one)), Some(one));
        }
        assert_eq!(level("tape"), None);
    }
}
