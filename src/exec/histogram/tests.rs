//! The counting loops at every level, on values that are hard for them.

use super::bytes::count_by;
use super::{Between, Binning, Even, Numbered, narrow::Narrow};
use crate::lanes::Level;

/// Numbers without an order, the same in every run.
fn numbers(n: usize) -> Vec<u32> {
    (0..n as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 29) as u32 ^ i as u32).collect()
}

/// Random, of few values, mostly one value, runs of equal ones.
fn shapes(n: usize, below: u32) -> Vec<Vec<u32>> {
    let x = numbers(n);
    let below = below.max(1);
    vec![
        x.iter().map(|x| x % below).collect(),
        x.iter().map(|x| x % 2 * (below - 1)).collect(),
        x.iter().map(|x| if x % 10 == 0 { x % below } else { 0 }).collect(),
        (0..n as u32).map(|i| i / 100 % below).collect(),
        vec![below - 1; n],
    ]
}

#[test]
fn bytes() {
    for n in [0, 1, 15, 16, 17, 4_095, 4_097, 24 << 10, (24 << 10) + 1, 200_000, 1_000_003] {
        for shape in shapes(n, 256) {
            let bytes: Vec<u8> = shape.iter().map(|x| *x as u8).collect();
            let mut expected = [7u32; 256];
            bytes.iter().for_each(|byte| expected[usize::from(*byte)] += 1);
            for (level, by_pairs) in
                Level::available().into_iter().flat_map(|level| [(level, false), (level, true)])
            {
                let mut counts = [7; 256];
                count_by(level, &bytes, &mut counts, by_pairs);
                assert_eq!(counts, expected, "{n} at {level}, by pairs: {by_pairs}");
            }
        }
    }
}

fn check<T>(values: &[T], binning: &impl Binning<T>, expected: impl Fn(&T) -> Option<usize>) {
    let mut naive = vec![3u32; binning.count()];
    for value in values {
        if let Some(count) = expected(value).and_then(|bin| naive.get_mut(bin)) {
            *count += 1;
        }
    }
    for level in Level::available() {
        let mut counts = vec![3; binning.count()];
        let mut counters = Narrow::new(level, values.len(), &mut counts);
        let mut indices = [0; 4096];
        for some in values.chunks(4096) {
            let indices = binning.indices(level, some, &mut indices[..some.len()]);
            counters.count(indices, indices);
        }
        counters.finish();
        assert_eq!(counts, naive, "{} values into {} bins at {level}", values.len(), binning.count());
    }
}

#[test]
fn numbered() {
    for n in [0, 1, 2_047, 2_049, 500_001] {
        for bins in [0, 1, 2, 255, 1_000, 65_536, 200_000] {
            for shape in shapes(n, bins + bins / 3 + 1) {
                check(&shape, &Numbered(bins as usize), |x| Some(*x as usize));
            }
        }
    }
}

#[test]
fn even_and_between() {
    for n in [0, 1, 63, 65, 4_097, 100_003] {
        let mut values: Vec<f32> = numbers(n).iter().map(|x| (*x >> 8) as f32 / 5e6 - 1.7).collect();
        let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0, -1.5, 1.5, 3e38, 1e-45, 1.499_999_9];
        values.iter_mut().step_by(37).zip(odd.iter().cycle()).for_each(|(value, odd)| *value = *odd);
        for bins in [0, 1, 2, 16, 1_000, 65_536] {
            let (lo, width) = (-1.5f32, 3.0 / bins.max(1) as f32);
            check(&values, &Even { lo, width, count: bins }, |x| {
                let place = ((x - lo) / width).floor();
                (place >= 0.0 && place < bins as f32).then_some(place as usize)
            });
        }
        for count in [2, 3, 48, 49, 257] {
            let edges: Vec<f32> = (0..count).map(|k| (k as f32 / 7.0).powi(2) * 0.01 - 1.5).collect();
            check(&values, &Between(&edges), |x| {
                edges.windows(2).position(|pair| pair[0] <= *x && *x < pair[1])
            });
        }
    }
}
