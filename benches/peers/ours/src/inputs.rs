//! The numbers that every peer computes with, bit for bit those of `workloads.py`.

/// `n` hashes of the places from 0 on.
pub fn hashes(seed: u32, n: usize) -> Vec<u32> {
    let base = seed.wrapping_mul(0x9E37_79B9);
    (0..n as u32).map(|place| mixed(place.wrapping_add(base))).collect()
}

/// `n` numbers from 0 up to, not including, 1: multiples of 2^-24.
pub fn uniform(seed: u32, n: usize) -> Vec<f32> {
    let unit = 1.0 / 16_777_216.0;
    hashes(seed, n).into_iter().map(|hash| (hash >> 8) as f32 * unit).collect()
}

/// The mean of the values, each weighed with its place modulo 97: it moves when one value does, or two change places.
pub fn weighed_mean<T: Copy + Into<f64>>(values: &[T]) -> f64 {
    let weighed =
        values.iter().enumerate().map(|(place, &value)| value.into() * ((place % 97) as f64 / 97.0));
    weighed.sum::<f64>() / values.len() as f64
}

/// The mean of a picture, and how much neighbours differ; eight cells at each side are left out, because rims differ.
pub fn neighbours(cells: &[f32], width: usize) -> f64 {
    const RIM: usize = 8;
    let rows: Vec<&[f32]> = cells.chunks_exact(width).map(|row| &row[RIM..width - RIM]).collect();
    let rows = &rows[RIM..rows.len() - RIM];
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let (mut sum, mut count) = (0.0, 0.0);
        for value in values {
            sum += value;
            count += 1.0;
        }
        sum / count
    };
    let apart = |(a, b): (&f32, &f32)| f64::from((b - a).abs());
    mean(&mut rows.iter().flat_map(|row| row.iter().map(|x| f64::from(*x))))
        + mean(&mut rows.windows(2).flat_map(|pair| pair[0].iter().zip(pair[1]).map(apart)))
        + mean(&mut rows.iter().flat_map(|row| row.iter().zip(&row[1..]).map(apart)))
}

/// The last steps of MurmurHash3.
fn mixed(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85EB_CA6B);
    h ^= h >> 13;
    h = h.wrapping_mul(0xC2B2_AE35);
    h ^ (h >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What NumPy gives at the places 0, 1, 2, 1000 and 65535.
    #[test]
    fn inputs_are_those_of_the_peers() {
        let places = [0, 1, 2, 1_000, 65_535];
        let found = |seed| places.map(|place| hashes(seed, 65_536)[place]);
        assert_eq!(found(1), [0x92CA_2F0E, 0x96A0_F96B, 0xB442_1BBB, 0x276D_0A38, 0x3EA4_7D92]);
        assert_eq!(found(3), [0x1B14_7DCC, 0x971E_9964, 0x1292_5FB8, 0x6466_6461, 0x3CB8_DBB8]);
        let bits = places.map(|place| uniform(1, 65_536)[place].to_bits());
        assert_eq!(bits, [0x3F12_CA2F, 0x3F16_A0F9, 0x3F34_421B, 0x3E1D_B428, 0x3E7A_91F4]);
    }

    #[test]
    fn the_check_weighs_places() {
        assert_eq!(weighed_mean(&[5.0f32, 97.0]), 0.5);
        // What NumPy gives, which adds in another order.
        assert!((weighed_mean(&uniform(1, 65_536)) - 0.24781653746899837).abs() < 1e-12);
    }
}
