// A private array of 64-bit numbers, at another place in every lane.
fn k(x: u32) -> u64 {
    let mut a: [u64; 4] = [9u64, 8u64, 7u64, 1u64 << 40];
    let mut d: [f64; 3] = [0.5f64; 3];
    a[(x & 3u32) as usize] = a[((x + 1u32) & 3u32) as usize] + 1u64;
    d[(x % 3u32) as usize] = (x as f64) * 0.25f64;
    a[((x >> 2) & 3u32) as usize] + (d[((x + 2u32) % 3u32) as usize] as u64)
}
