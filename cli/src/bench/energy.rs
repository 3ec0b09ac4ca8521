//! The energy of processors, by the counters that Linux shows of Intel's and AMD's (RAPL).
//!
//! Each package has one, and the memory beside it has one where it says so. They count for the whole machine, in steps of
//! about a millisecond, and begin again from nothing when they reach their range.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

/// Where Linux shows them.
const FOLDER: &str = "/sys/class/powercap";

/// The counters of this machine.
#[derive(Debug)]
pub struct Energy(Vec<Zone>);

/// One counter.
#[derive(Debug)]
struct Zone {
    counter: PathBuf,
    /// Microjoules at which it begins again.
    range: u64,
}

/// What the counters say at one moment.
#[derive(Debug)]
pub struct Reading {
    microjoules: Vec<u64>,
    when: Instant,
}

impl Energy {
    /// The counters, or why there are none.
    pub fn here() -> &'static Result<Energy, String> {
        static HERE: OnceLock<Result<Energy, String>> = OnceLock::new();
        HERE.get_or_init(|| Energy::under(Path::new(FOLDER)))
    }

    /// Those under `folder`.
    fn under(folder: &Path) -> Result<Energy, String> {
        let none = || {
            format!(
                "no energy is measured: `{}` shows no RAPL counters (a virtual machine has none; on a machine of one's own \
                 `modprobe intel_rapl_msr` may help)",
                folder.display()
            )
        };
        let entries = fs::read_dir(folder).map_err(|_| none())?;
        let mut zones = Vec::new();
        for zone in entries.flatten().map(|entry| entry.path()) {
            // `intel-rapl:0` is a package, `intel-rapl:0:1` a part of one. A package counts its cores, not its memory.
            let is_rapl =
                zone.file_name().is_some_and(|name| name.to_string_lossy().starts_with("intel-rapl:"));
            let name = fs::read_to_string(zone.join("name")).unwrap_or_default();
            if !is_rapl || !(name.starts_with("package") || name.trim() == "dram") {
                continue;
            }
            let counter = zone.join("energy_uj");
            let refused = |error: &std::io::Error| match error.kind() {
                ErrorKind::PermissionDenied => format!(
                    "no energy is measured: `{}` may be read by root only; run as root, or let it be read with `chmod a+r`",
                    counter.display()
                ),
                _ => format!("no energy is measured: `{}` cannot be read: {error}", counter.display()),
            };
            number(&counter).map_err(|error| refused(&error))?;
            let range = number(&zone.join("max_energy_range_uj")).map_err(|error| refused(&error))?;
            zones.push(Zone { counter, range });
        }
        if zones.is_empty() { Err(none()) } else { Ok(Energy(zones)) }
    }

    /// What they say now.
    pub fn read(&self) -> Option<Reading> {
        let microjoules = self.0.iter().map(|zone| number(&zone.counter).ok()).collect::<Option<_>>()?;
        Some(Reading { microjoules, when: Instant::now() })
    }

    /// The joules between two readings that are less than one range apart: minutes, on the largest machines.
    pub fn joules(&self, from: &Reading, to: &Reading) -> f64 {
        let ends = from.microjoules.iter().zip(&to.microjoules);
        let used = self.0.iter().zip(ends).map(|(zone, (from, to))| {
            if to >= from { to - from } else { zone.range.saturating_sub(*from) + to }
        });
        used.sum::<u64>() as f64 * 1e-6
    }
}

impl Reading {
    /// The time between two readings.
    pub fn seconds_until(&self, later: &Reading) -> f64 {
        later.when.duration_since(self.when).as_secs_f64()
    }
}

fn number(file: &Path) -> std::io::Result<u64> {
    let text = fs::read_to_string(file)?;
    text.trim().parse().map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it holds no number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of counters: its zones' names and microjoules.
    fn folder(test: &str, zones: &[(&str, &str, u64)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("manylane-rapl-{test}-{}", std::process::id()));
        let _absent = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a temporary folder");
        for (zone, name, counter) in zones {
            let zone = folder.join(zone);
            fs::create_dir_all(&zone).expect("a zone");
            fs::write(zone.join("name"), format!("{name}\n")).expect("written");
            fs::write(zone.join("max_energy_range_uj"), "1000000\n").expect("written");
            fs::write(zone.join("energy_uj"), format!("{counter}\n")).expect("written");
        }
        folder
    }

    #[test]
    fn packages_and_memory_are_added_and_may_begin_again() {
        let zones = [
            ("intel-rapl:0", "package-0", 900_000),
            ("intel-rapl:0:0", "core", 5),
            ("intel-rapl:0:1", "dram", 100),
            ("intel-rapl:1", "psys", 7),
            ("intel-rapl-mmio:0", "package-0", 900_000),
        ];
        let folder = folder("zones", &zones);
        let energy = Energy::under(&folder).expect("counters");
        assert_eq!(energy.0.len(), 2, "{energy:?}");
        let from = energy.read().expect("a reading");
        fs::write(folder.join("intel-rapl:0/energy_uj"), "150000\n").expect("written");
        fs::write(folder.join("intel-rapl:0:1/energy_uj"), "250100\n").expect("written");
        let to = energy.read().expect("a reading");
        assert!((energy.joules(&from, &to) - 0.5).abs() < 1e-9, "{}", energy.joules(&from, &to));
        assert!(from.seconds_until(&to) > 0.0);
        fs::write(folder.join("intel-rapl:0/energy_uj"), "gone\n").expect("written");
        assert!(energy.read().is_none());
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn why_there_are_none() {
        let absent = Energy::under(Path::new("/nonexistent/powercap")).expect_err("it is not there");
        assert!(absent.contains("/nonexistent/powercap") && absent.contains("modprobe"), "{absent}");
        let folder = folder("none", &[("intel-rapl:0", "psys", 1)]);
        assert!(Energy::under(&folder).expect_err("nothing that counts").contains("no RAPL counters"));
        fs::remove_dir_all(folder).expect("removed");
    }
}
