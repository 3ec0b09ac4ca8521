//! Inputs that depend on the seed and the place only.

/// A number for each place, spread over all 64 bits (the finaliser of SplitMix64).
fn mixed(seed: u64, place: u64) -> u64 {
    let mut z =
        seed.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// `n` floats, evenly spread over `low..high`.
pub fn floats(seed: u64, n: usize, low: f32, high: f32) -> Vec<f32> {
    let unit = 1.0 / (1u64 << 24) as f32;
    (0..n as u64).map(|i| low + (high - low) * ((mixed(seed, i) >> 40) as f32 * unit)).collect()
}

/// `n` unsigned integers over the whole range.
pub fn words(seed: u64, n: usize) -> Vec<u32> {
    (0..n as u64).map(|i| (mixed(seed, i) >> 32) as u32).collect()
}

/// `n` unsigned integers below `limit`.
pub fn below(seed: u64, n: usize, limit: u32) -> Vec<u32> {
    words(seed, n).into_iter().map(|x| ((u64::from(x) * u64::from(limit)) >> 32) as u32).collect()
}

/// `n` signed integers: over the whole range, and every fourth one of those where arithmetic goes wrong.
pub fn integers(seed: u64, n: usize) -> Vec<i32> {
    const EDGES: [i32; 8] = [0, 1, -1, 2, i32::MIN, i32::MAX, i32::MIN + 1, 7];
    (0..n as u64)
        .map(|i| {
            let x = mixed(seed, i);
            if x.is_multiple_of(4) { EDGES[(x >> 8) as usize % EDGES.len()] } else { (x >> 32) as i32 }
        })
        .collect()
}

/// `n` bytes over the whole range.
pub fn bytes(seed: u64, n: usize) -> Vec<u8> {
    words(seed, n).into_iter().map(|x| (x >> 24) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides_and_ranges_hold() {
        assert_eq!(floats(1, 100, 0.0, 1.0), floats(1, 100, 0.0, 1.0));
        assert_ne!(floats(1, 100, 0.0, 1.0), floats(2, 100, 0.0, 1.0));
        assert!(floats(3, 10_000, -2.0, 5.0).iter().all(|x| (-2.0..=5.0).contains(x)));
        assert!(below(4, 10_000, 17).iter().all(|x| *x < 17));
        assert!(integers(5, 1000).contains(&i32::MIN));
    }
}
