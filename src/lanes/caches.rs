//! How large the caches are.

use std::sync::OnceLock;

/// Bytes of this processor's first cache of data; 32 KiB where it does not tell.
pub(crate) fn l1_bytes() -> usize {
    // On a virtual machine each question takes a trip to the host.
    static BYTES: OnceLock<usize> = OnceLock::new();
    *BYTES.get_or_init(|| asked().unwrap_or(32 << 10))
}

/// Leaf 4 of Intel's processors and 0x8000001d of AMD's describe a cache for each number, in the same words (Intel's Software
/// Developer's Manual, volume 2A, CPUID; AMD's Architecture Programmer's Manual, volume 3, E.4.15).
#[cfg(target_arch = "x86_64")]
fn asked() -> Option<usize> {
    use std::arch::x86_64::{__cpuid, __cpuid_count};

    let has = |leaf: u32| __cpuid(leaf & 0x8000_0000).eax >= leaf;
    let first = |leaf: u32| {
        let caches =
            (0..8).map(move |number| __cpuid_count(leaf, number)).take_while(|cache| cache.eax & 31 != 0);
        // A cache of the first level, for data (1) or all (3).
        let mut near = caches.filter(|cache| cache.eax >> 5 & 7 == 1 && cache.eax & 31 != 2);
        let cache = near.next()?;
        let part = |low: u32, bits: u32| (cache.ebx >> low & ((1 << bits) - 1)) as usize + 1;
        Some(part(22, 10) * part(12, 10) * part(0, 12) * (cache.ecx as usize + 1))
    };
    [4, 0x8000_001d].into_iter().filter(|leaf| has(*leaf)).find_map(first)
}

#[cfg(not(target_arch = "x86_64"))]
fn asked() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cache_is_as_large_as_processors_have_them() {
        let bytes = l1_bytes();
        assert!((8 << 10..=512 << 10).contains(&bytes) && bytes.is_multiple_of(1024), "{bytes} bytes");
    }

    /// Linux reads the same words.
    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn the_first_cache_is_as_large_as_the_system_says() {
        let at =
            |file: &str| std::fs::read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index0/{file}"));
        let (Ok(kind), Ok(size)) = (at("type"), at("size")) else { return };
        if kind.trim() == "Data" {
            assert_eq!(format!("{}K", l1_bytes() >> 10), size.trim());
        }
    }
}
