//! What the processors of this machine are: cores, instruction sets, caches, memory.
//!
//! Read from `/proc` and `/sys` where there is such a thing, else from what the standard library knows.

use std::fs;
use std::sync::OnceLock;

use crate::lanes::Level;

/// The processors of this machine.
#[derive(Clone, Debug)]
pub struct Cpu {
    /// The name that the maker gave it.
    pub name: String,
    /// Threads that can run at once, as far as this process may use them.
    pub cores: usize,
    /// The instruction-set levels it can run, plainest first.
    pub levels: Vec<Level>,
    /// The caches that one core sees.
    pub caches: Caches,
    /// Bytes of memory, 0 where unknown.
    pub memory: u64,
}

/// The sizes of the data caches in bytes, 0 where there is none or it is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caches {
    /// Level 1, data.
    pub l1: usize,
    /// Level 2.
    pub l2: usize,
    /// Level 3, mostly shared by several cores.
    pub l3: usize,
}

impl Cpu {
    /// This machine; looked up once.
    pub fn here() -> &'static Cpu {
        static HERE: OnceLock<Cpu> = OnceLock::new();
        HERE.get_or_init(|| Cpu {
            name: name(),
            cores: std::thread::available_parallelism().map_or(1, |n| n.get()),
            levels: Level::available(),
            caches: caches(),
            memory: memory(),
        })
    }
}

fn name() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    field(&text, "model name").unwrap_or(std::env::consts::ARCH).to_owned()
}

fn memory() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = field(&text, "MemTotal").and_then(|value| value.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

fn caches() -> Caches {
    let mut caches = Caches::default();
    for index in 0..8 {
        let read = |what: &str| {
            let path = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{what}");
            fs::read_to_string(path).unwrap_or_default().trim().to_owned()
        };
        if read("type") == "Instruction" {
            continue;
        }
        let bytes = super::describe::parse_bytes(&read("size")).unwrap_or(0) as usize;
        match read("level").as_str() {
            "1" => caches.l1 = bytes,
            "2" => caches.l2 = bytes,
            "3" => caches.l3 = bytes,
            _ => {}
        }
    }
    caches
}

/// The value of the first `name : value` line.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_cores_and_levels() {
        let cpu = Cpu::here();
        assert!(cpu.cores >= 1);
        assert!(cpu.levels.contains(&Level::Scalar));
        assert!(!cpu.name.is_empty());
    }

    #[test]
    fn field_takes_the_first_line_of_that_name() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: other\n";
        assert_eq!(field(text, "model name"), Some("Some CPU @ 2 GHz"));
        assert_eq!(field(text, "absent"), None);
    }
}
