//! Whether the numbers are random: each bound is one that true random numbers break in about one of a million seeds. The
//! seeds are fixed, so a test that holds keeps holding, and every target has the same numbers.

use manylane::prelude::*;
use manylane_testkit::oracle::{erf, erfc, error_in_ulps};

pub const ALL: &[(&str, fn())] = &[
    ("uniform_numbers_fill_their_bins", uniform_bins),
    ("every_bit_of_a_word_is_fair", bits),
    ("neighbours_seeds_and_draws_are_independent", independent),
    ("moments_of_normal_numbers", moments),
    ("normal_numbers_are_normal_kolmogorov_smirnov", kolmogorov_smirnov),
    ("normal_numbers_are_the_inverse_of_the_distribution", inverse),
    ("integers_below_n_are_equally_likely", integers),
    ("permutations_of_four_are_equally_likely", orders_of_four),
    ("long_permutations_have_no_memory_of_the_order", long_permutations),
];

const N: usize = 1 << 20;
const SEEDS: [u64; 3] = [1, 20_261_122, 0xfeed_face_cafe_beef];

fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

fn uniforms(n: usize, seed: u64) -> Vec<f32> {
    runtime().uniform(n, seed).run().unwrap().to_vec().unwrap()
}

fn normals(n: usize, seed: u64) -> Vec<f32> {
    runtime().normal(n, seed).run().unwrap().to_vec().unwrap()
}

/// Pearson's sum over counts that should be alike, and the bound that it passes once in a million: by Wilson and
/// Hilferty its cube root is nearly normal.
#[track_caller]
fn alike(what: &str, counts: &[u64]) {
    alike_within(what, counts, counts.len() - 1);
}

/// As [`alike`], of counts with so many degrees of freedom.
#[track_caller]
fn alike_within(what: &str, counts: &[u64], free: usize) {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    assert!(expected >= 10.0, "{what}: too few for a chi-square");
    let sum: f64 = counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum();
    let free = free as f64;
    let bound = |z: f64| free * (1.0 - 2.0 / (9.0 * free) + z * (2.0 / (9.0 * free)).sqrt()).powi(3);
    let (low, high) = (bound(-4.75).max(0.0), bound(4.75));
    assert!(
        (low..=high).contains(&sum),
        "{what}: chi-square {sum:.1} with {free} degrees, from {low:.1} to {high:.1}"
    );
}

/// A mean of `n` values of that variance, which should be 0.
#[track_caller]
fn centred(what: &str, mean: f64, variance: f64, n: usize) {
    let bound = 4.9 * (variance / n as f64).sqrt();
    assert!(mean.abs() <= bound, "{what}: {mean:e} is further from 0 than {bound:e}");
}

fn uniform_bins() {
    for seed in SEEDS {
        let x = uniforms(N, seed);
        let mean = x.iter().map(|x| f64::from(*x)).sum::<f64>() / N as f64;
        // The least is 0 and the largest 1 - 2^-24.
        centred("the mean", mean - (0.5 - 0.5f64.powi(25)), 1.0 / 12.0, N);
        let square = x.iter().map(|x| (f64::from(*x) - 0.5).powi(2)).sum::<f64>() / N as f64;
        centred("the variance", square - 1.0 / 12.0, 1.0 / 180.0, N);
        for bins in [10usize, 256, 10_007] {
            let mut counts = vec![0; bins];
            x.iter().for_each(|x| counts[(f64::from(*x) * bins as f64) as usize] += 1);
            alike(&format!("{bins} bins, seed {seed}"), &counts);
        }
        // The lowest bits too: x is a whole number of 2^-24.
        let mut counts = vec![0; 4096];
        x.iter().for_each(|x| counts[(x * 16_777_216.0) as usize % 4096] += 1);
        alike(&format!("the lowest bits, seed {seed}"), &counts);
    }
}

fn bits() {
    for seed in SEEDS {
        let words = runtime().map::<manylane::kernel::draws::words>((seed,)).over(N).run().unwrap();
        let words = words.to_vec().unwrap();
        for bit in 0..32 {
            let ones = words.iter().filter(|word| *word >> bit & 1 == 1).count() as f64 / N as f64;
            centred(&format!("bit {bit}, seed {seed}"), ones - 0.5, 0.25, N);
        }
    }
}

#[kernel]
fn fours(rng: Random) -> (f32, f32, f32, f32) {
    let first = rng.f32();
    let second = rng.f32();
    let _third = rng.f32();
    let fourth = rng.f32();
    // Of the next block.
    (first, second, fourth, rng.f32())
}

fn independent() {
    let correlation = |a: &[f32], b: &[f32]| {
        let sum: f64 = a.iter().zip(b).map(|(a, b)| (f64::from(*a) - 0.5) * (f64::from(*b) - 0.5)).sum();
        sum / a.len().min(b.len()) as f64
    };
    for seed in SEEDS {
        let x = uniforms(N, seed);
        for far in [1, 2, 3, 4, 8, 16, 64, 256, 4096] {
            centred(&format!("places {far} apart"), correlation(&x[far..], &x), 1.0 / 144.0, N - far);
        }
        for other in [seed ^ 1, seed.wrapping_add(1), seed ^ 1 << 32, seed.swap_bytes()] {
            let y = uniforms(N, other);
            centred(&format!("seeds {seed} and {other}"), correlation(&x, &y), 1.0 / 144.0, N);
        }
        let (a, b, c, d) = runtime().map::<fours>((seed,)).over(N).run().unwrap();
        let all = [a, b, c, d].map(|draws| draws.to_vec().unwrap());
        assert_eq!(all[0], x, "one draw and the first of several are the same");
        for first in 0..4 {
            for second in 0..first {
                let found = correlation(&all[first], &all[second]);
                centred(&format!("draws {second} and {first}"), found, 1.0 / 144.0, N);
            }
        }
        // Pairs of neighbours fill the square.
        let mut counts = vec![0; 64 * 64];
        x.chunks_exact(2)
            .for_each(|pair| counts[(pair[0] * 64.0) as usize * 64 + (pair[1] * 64.0) as usize] += 1);
        alike("pairs", &counts);
    }
}

fn moments() {
    for seed in SEEDS {
        let x = normals(N, seed);
        let mean_of = |power: i32| x.iter().map(|x| f64::from(*x).powi(power)).sum::<f64>() / N as f64;
        // The variance of x^k is (2k - 1)!! - (k - 1)!!² for even k, (2k - 1)!! for odd.
        centred("the mean", mean_of(1), 1.0, N);
        centred("the variance", mean_of(2) - 1.0, 2.0, N);
        centred("the third moment", mean_of(3), 15.0, N);
        centred("the fourth moment", mean_of(4) - 3.0, 96.0, N);
        // The tails have as many as they should: Poisson numbers of these means.
        for far in [2.0, 3.0, 4.0f64] {
            let expected = N as f64 * erfc(far / std::f64::consts::SQRT_2);
            let found = x.iter().filter(|x| f64::from(x.abs()) > far).count() as f64;
            let bound = 4.9 * expected.sqrt() + 4.0;
            assert!(
                (found - expected).abs() <= bound,
                "{found} beyond {far}, expected {expected:.0}, seed {seed}"
            );
        }
    }
}

fn kolmogorov_smirnov() {
    for seed in SEEDS {
        let mut x = normals(N, seed);
        x.sort_by(f32::total_cmp);
        let mut apart = 0.0f64;
        for (k, x) in x.iter().enumerate() {
            let below = 0.5 * (1.0 + erf(f64::from(*x) / std::f64::consts::SQRT_2));
            apart =
                apart.max((below - k as f64 / N as f64).abs()).max(((k + 1) as f64 / N as f64 - below).abs());
        }
        // 2 e^(-2 d² n) is a millionth.
        let bound = (0.5 * (2e6f64).ln() / N as f64).sqrt();
        assert!(apart <= bound, "the distributions are {apart:e} apart, more than {bound:e}, seed {seed}");
    }
}

/// The word's exact normal number, from one that is near it by Newton's steps on the distribution function.
fn exact(word: u32, near: f32) -> f64 {
    let signed = f64::from(word as i32);
    let y = (2.0 * signed + 1.0) / 4_294_967_296.0;
    let size = y.abs();
    let mut z = f64::from(near.abs()) / std::f64::consts::SQRT_2;
    for _ in 0..3 {
        let beyond = if size < 0.5 { erf(z) - size } else { (1.0 - size) - erfc(z) };
        z -= beyond * (z * z).exp() / std::f64::consts::FRAC_2_SQRT_PI;
    }
    (z * std::f64::consts::SQRT_2).copysign(y)
}

fn inverse() {
    use manylane::kernel::math::normal_of;
    // Every 4,093rd word, the ends, and every word of the tails up to 2^-14.
    let words = (0..=u32::MAX).step_by(4_093).chain([0, 1, u32::MAX, 0x7fff_ffff, 0x8000_0000]);
    let tails = (0..1u32 << 14).flat_map(|k| [0x7fff_ffff - k, 0x8000_0000 + k, k, u32::MAX - k]);
    let (mut worst, mut at) = (0.0, 0);
    for word in words.chain(tails) {
        let found = normal_of(word);
        let error = error_in_ulps(found, exact(word, found));
        if error > worst {
            (worst, at) = (error, word);
        }
        assert_eq!(normal_of(!word), -found, "mirrored");
    }
    println!("the worst error is {worst:.2} ulp, of the word {at:#x}, {:e}", normal_of(at));
    assert!(worst <= 4.0, "{worst:.2} ulp at the word {at:#x}");
    assert!((6.33..6.35).contains(&normal_of(0x7fff_ffff)), "{}", normal_of(0x7fff_ffff));
    // It never goes back where its word goes on by more than what it rounds to.
    let ascending = (i32::MIN..=i32::MAX).step_by(1 << 12).map(|signed| normal_of(signed as u32));
    assert!(ascending.is_sorted(), "the numbers ascend with their words");
}

fn integers() {
    for (n, seed) in [(2u32, 1), (3, 2), (6, 3), (10, 4), (1_000, 5), (4_096, 6), (65_537, 7)] {
        let found = runtime().below(n, N, seed).unwrap().run().unwrap().to_vec().unwrap();
        let mut counts = vec![0; n as usize];
        found.iter().for_each(|x| counts[*x as usize] += 1);
        alike(&format!("below {n}"), &counts);
    }
    // A bound for which the upper word alone would be wrong by half: 3 · 2^30 of 2^32.
    let n = 3u32 << 30;
    let found = runtime().below(n, N, 8).unwrap().run().unwrap().to_vec().unwrap();
    let mut counts = [0; 3];
    found.iter().for_each(|x| counts[*x as usize % 3] += 1);
    alike("below 3 · 2^30, mod 3", &counts);
}

fn orders_of_four() {
    let rt = runtime();
    let mut counts = std::collections::BTreeMap::new();
    for seed in 0..24_000 {
        let order = rt.permutation(4, seed).on(Target::Scalar).run().unwrap().to_vec().unwrap();
        *counts.entry(order).or_insert(0u64) += 1;
    }
    assert_eq!(counts.len(), 24, "every order comes up");
    alike("the 24 orders", &counts.into_values().collect::<Vec<_>>());
}

fn long_permutations() {
    let n = 100_000usize;
    for seed in SEEDS {
        let order = runtime().permutation(n, seed).run().unwrap().to_vec().unwrap();
        // Where a place goes says nothing of where it was: 10 by 10 boxes, whose rows and columns are full.
        let mut boxes = vec![0; 100];
        order
            .iter()
            .enumerate()
            .for_each(|(at, place)| boxes[at * 10 / n * 10 + *place as usize * 10 / n] += 1);
        alike_within("boxes", &boxes, 81);
        // Fixed points are Poisson of mean 1; ascents are normal of mean (n - 1) / 2 and variance (n + 1) / 12.
        let fixed = order.iter().enumerate().filter(|(at, place)| *at == **place as usize).count();
        assert!(fixed <= 10, "{fixed} places stay");
        let ascents = order.windows(2).filter(|pair| pair[0] < pair[1]).count() as f64;
        let bound = 4.9 * ((n as f64 + 1.0) / 12.0).sqrt();
        assert!((ascents - (n as f64 - 1.0) / 2.0).abs() <= bound, "{ascents} ascents of {n}, seed {seed}");
    }
}
