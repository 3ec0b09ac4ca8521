//! This machine described: for `info`, and for records of benches, which mean nothing without it.

use std::time::{SystemTime, UNIX_EPOCH};

use manylane::Runtime;
use manylane::device::{Cpu, gpu};
use manylane::prelude::Level;
use serde::{Deserialize, Serialize};

/// What a machine without adapters is told.
pub const NO_GPU: &str = "no GPU: no Vulkan loader or driver was found, so everything runs on the CPU lanes; install the \
                          GPU's driver and a Vulkan loader (Debian, Ubuntu: `apt-get install libvulkan1 \
                          mesa-vulkan-drivers`)";

/// A machine, and the program that measured it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Host {
    /// The machine's name in its network.
    pub name: String,
    /// Operating system and kernel.
    pub os: String,
    /// Instruction set architecture.
    pub arch: String,
    /// The processor's name.
    pub cpu: String,
    /// Threads that can run at once.
    pub cores: usize,
    /// Threads that launches use.
    pub threads: usize,
    /// The SIMD level that launches use.
    pub level: String,
    /// The SIMD levels that the processor has, plainest first.
    pub levels: Vec<String>,
    /// Bytes of data cache that one core sees.
    pub caches: Caches,
    /// Bytes of memory, 0 where unknown.
    pub memory: u64,
    /// The GPU adapters, in the order of their numbers.
    pub adapters: Vec<Adapter>,
    /// The drivers of the adapters, each once.
    pub driver: Vec<String>,
    /// The compiler that built the program.
    pub rustc: String,
    /// The commit that it was built from, if known; `-dirty` where the tree had changes.
    pub commit: Option<String>,
    /// The program's version.
    pub version: String,
    /// When this was looked up, UTC.
    pub time: String,
}

/// Bytes of data cache, 0 where there is none or it is unknown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Caches {
    /// Level 1.
    pub l1: usize,
    /// Level 2.
    pub l2: usize,
    /// Level 3, mostly shared.
    pub l3: usize,
}

/// A GPU adapter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Adapter {
    /// Its target, as in `gpu:0`.
    pub target: String,
    /// The name that its driver gives it.
    pub name: String,
    /// The interface that it is reached by.
    pub backend: String,
    /// Its driver's name.
    pub driver: String,
    /// Its driver's version.
    pub driver_info: String,
    /// Discrete, integrated, virtual, software or other.
    pub kind: String,
    /// Whether it is a program on the CPU.
    pub software: bool,
    /// What it can hold.
    pub limits: Limits,
    /// What was found out when it was opened; absent where it was not, or cannot be.
    pub self_test: Option<SelfTest>,
    /// How fast it answered and was reached when it was opened; absent where it was not.
    #[serde(default)]
    pub link: Option<Link>,
    /// Why it cannot be used, where that is so.
    pub refused: Option<String>,
}

/// What an adapter can hold, in bytes and counts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as in manylane::device::gpu::Limits")]
pub struct Limits {
    pub max_binding: u64,
    pub max_buffer: u64,
    pub max_groups: u32,
    pub max_invocations: u32,
    pub storage_buffers: u32,
    pub workgroup_bytes: u32,
}

/// How fast an adapter answers and is reached.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Link {
    /// Seconds from handing it a few bytes to having them back.
    pub latency: f64,
    /// Bytes a second to its memory.
    pub rate: f64,
}

/// What an adapter's self-test found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as in manylane::device::gpu::SelfTest")]
pub struct SelfTest {
    pub long_loop: bool,
    pub nan_compare: bool,
    pub contracts: bool,
    pub tree_sum: bool,
    pub exact_division: bool,
    pub exact_sqrt: bool,
    pub subnormals: bool,
    /// Whether sums and strict kernels have the CPU's bits there.
    pub same_bits: bool,
}

impl Host {
    /// This machine; adapters are listed, not opened.
    pub fn here(rt: &Runtime) -> Host {
        Host::with(rt, gpu::adapters().iter().map(Adapter::listed).collect())
    }

    /// This machine, with every adapter opened and tested.
    pub fn tested(rt: &Runtime) -> Host {
        Host::with(rt, gpu::adapters().iter().map(Adapter::tested).collect())
    }

    fn with(rt: &Runtime, adapters: Vec<Adapter>) -> Host {
        let cpu = Cpu::here();
        let mut driver: Vec<String> =
            adapters.iter().map(|adapter| format!("{} {}", adapter.driver, adapter.driver_info)).collect();
        driver.dedup();
        Host {
            name: name(),
            os: os(),
            arch: std::env::consts::ARCH.to_owned(),
            cpu: cpu.name.clone(),
            cores: cpu.cores,
            threads: rt.threads(),
            level: rt.level().to_string(),
            levels: cpu.levels.iter().map(Level::to_string).collect(),
            caches: Caches { l1: cpu.caches.l1, l2: cpu.caches.l2, l3: cpu.caches.l3 },
            memory: cpu.memory,
            adapters,
            driver,
            rustc: env!("MANYLANE_RUSTC").to_owned(),
            commit: Some(env!("MANYLANE_COMMIT").to_owned()).filter(|commit| !commit.is_empty()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            time: utc(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())),
        }
    }
}

impl Adapter {
    fn listed(info: &gpu::AdapterInfo) -> Adapter {
        let limits = info.limits;
        Adapter {
            target: manylane::Target::Gpu(info.index).to_string(),
            name: info.name.clone(),
            backend: info.backend.clone(),
            driver: info.driver.clone(),
            driver_info: info.driver_info.clone(),
            kind: format!("{:?}", info.kind).to_lowercase(),
            software: info.software,
            limits: Limits {
                max_binding: limits.max_binding,
                max_buffer: limits.max_buffer,
                max_groups: limits.max_groups,
                max_invocations: limits.max_invocations,
                storage_buffers: limits.storage_buffers,
                workgroup_bytes: limits.workgroup_bytes,
            },
            self_test: None,
            link: None,
            refused: None,
        }
    }

    fn tested(info: &gpu::AdapterInfo) -> Adapter {
        let mut adapter = Adapter::listed(info);
        match gpu::open(info.index) {
            Ok(gpu) => {
                adapter.self_test = Some(SelfTest::of(gpu.self_test()));
                adapter.link = gpu.link().map(|link| Link { latency: link.latency, rate: link.rate });
            }
            Err(error) => adapter.refused = Some(error.to_string()),
        }
        adapter
    }
}

impl SelfTest {
    fn of(test: &gpu::SelfTest) -> SelfTest {
        SelfTest {
            long_loop: test.long_loop,
            nan_compare: test.nan_compare,
            contracts: test.contracts,
            tree_sum: test.tree_sum,
            exact_division: test.exact_division,
            exact_sqrt: test.exact_sqrt,
            subnormals: test.subnormals,
            same_bits: test.same_bits(),
        }
    }
}

fn name() -> String {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    read("/proc/sys/kernel/hostname")
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .map_or_else(|| "unknown".to_owned(), |name| name.trim().to_owned())
}

fn os() -> String {
    match std::fs::read_to_string("/proc/sys/kernel/osrelease") {
        Ok(release) => format!("{} {}", std::env::consts::OS, release.trim()),
        Err(_) => std::env::consts::OS.to_owned(),
    }
}

/// Seconds since 1970 as `2026-11-21T06:30:00Z`.
fn utc(seconds: u64) -> String {
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    // The civil calendar, counted from March so that the leap day comes last: 400 years have 146,097 days.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(utc(1_709_251_199), "2024-02-29T23:59:59Z");
        assert_eq!(utc(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}
