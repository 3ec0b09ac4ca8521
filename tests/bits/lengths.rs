//! Sums and scans of many lengths, which are cut into blocks, runs and pieces in many ways.
//!
//! The lengths at which a block or a chain ends are always tried, and so are [`RANDOM`] others up to three million;
//! `MANYLANE_BITS_LENGTHS=1000` tries a thousand.

use std::sync::OnceLock;

use manylane::api::op;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Setup, tree};

const MOST: usize = 3_000_000;
const RANDOM: usize = 70;

/// Ends of runs, groups, accumulators, blocks and chains of a scan.
const EDGES: [usize; 29] = [
    1,
    2,
    15,
    16,
    17,
    127,
    128,
    129,
    255,
    256,
    257,
    4_095,
    4_096,
    4_097,
    8_191,
    8_192,
    8_193,
    65_535,
    65_536,
    65_537,
    524_287,
    524_288,
    (1 << 20) - 1,
    1 << 20,
    (1 << 20) + 1,
    (2 << 20) - 1,
    (2 << 20) + 1,
    MOST - 1,
    MOST,
];

/// One level each of one thread, and those numbers of threads, GPUs and splits that divide in ways of their own.
pub fn takes(setup: &Setup) -> bool {
    let name = setup.name.as_str();
    name == "scalar"
        || name.starts_with("simd-")
        || name.starts_with("split-")
        || ["threads-1", "threads-2", "threads-3", "threads-8", "gpu:0"].contains(&name)
}

/// Numbers of many magnitudes, and for each length where it begins among them and what is expected.
struct Cases {
    numbers: Vec<f32>,
    all: Vec<Expected>,
}

struct Expected {
    start: usize,
    n: usize,
    sum: u32,
    scan: u64,
}

/// The sum's bits by the naive tree, and a digest of the scan's by one lane, which `algorithms` holds to its own oracle.
fn cases() -> &'static Cases {
    static CASES: OnceLock<Cases> = OnceLock::new();
    CASES.get_or_init(|| {
        let others = std::env::var("MANYLANE_BITS_LENGTHS");
        let others = others.map_or(RANDOM, |text| text.parse().expect("MANYLANE_BITS_LENGTHS is a number"));
        let mut random = Inputs::new("lengths");
        let numbers = super::spread(&mut random, MOST + 4_096);
        let rt = Runtime::builder().threads(1).build().unwrap();
        let lengths = random.many(others, |random| (MOST as f32).powf(random.float(0.0, 1.0)) as usize);
        let all = EDGES.into_iter().chain(lengths).map(|n| {
            // Another beginning for each length: other numbers meet, and lanes begin elsewhere in a cache line.
            let start = n % 4_093;
            let x = &numbers[start..start + n];
            let scan = rt.reduce(x).on(Target::Scalar).inclusive_scan(op::Sum).unwrap();
            let sum = tree(x, -0.0, 0.0, |a, b| a + b).to_bits();
            Expected { start, n, sum, scan: digest(&scan.read().unwrap()) }
        });
        let all = all.collect();
        Cases { numbers, all }
    })
}

/// Tells any two arrays of floats apart that differ in one place.
fn digest(x: &[f32]) -> u64 {
    x.iter()
        .fold(0, |h: u64, x| (h ^ u64::from(x.to_bits())).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29))
}

pub fn sums_and_scans(setup: &Setup) {
    let cases = cases();
    for Expected { start, n, sum, scan } in &cases.all {
        let x = &cases.numbers[*start..*start + *n];
        let found = setup.reduce(x).sum().unwrap();
        assert_eq!(found.to_bits(), *sum, "the sum of {n} places from {start} on: {found}");
        let found = setup.reduce(x).inclusive_scan(op::Sum).unwrap();
        assert_eq!(
            digest(&found.read().unwrap()),
            *scan,
            "the bits of the scan of {n} places from {start} on"
        );
    }
}

/// What hangs on the place too.
#[kernel(strict)]
fn by_place(x: f32, i: Index) -> f32 {
    x * ((i & 7) as f32 + 0.5)
}

/// More than the caches hold: there blocks are read side by side. An odd number of whole ones, and a part of one.
pub fn sums_past_caches(setup: &Setup) {
    const N: usize = (8 << 20) + 7 * 4_096 + 77;
    static CASE: OnceLock<(Vec<f32>, u32, u32)> = OnceLock::new();
    let (x, sum, weighted) = CASE.get_or_init(|| {
        let x = super::spread(&mut Inputs::new("past caches"), N);
        let weighted: Vec<f32> = x.iter().enumerate().map(|(i, x)| x * ((i & 7) as f32 + 0.5)).collect();
        let [sum, weighted] = [&x, &weighted].map(|x| tree(x, -0.0, 0.0, |a, b| a + b).to_bits());
        (x, sum, weighted)
    });
    let found = setup.reduce(x).sum().unwrap();
    assert_eq!(found.to_bits(), *sum, "the sum: {found}");
    let found = setup.map::<by_place>((x,)).sum().unwrap();
    assert_eq!(found.to_bits(), *weighted, "the sum of a map: {found}");
}
