//! Philox against its published answers and against its definition in 64 bits.

use manylane::kernel::draws::philox;
use manylane::prelude::*;
use manylane_testkit::values::FEW_SIZES;
use manylane_testkit::{Random as Inputs, Setup, assert_same};

/// A counter, a key, and the block that they give, from the authors' file `kat_vectors` (philox4x32, 10 rounds).
const ANSWERS: [([u32; 4], [u32; 2], [u32; 4]); 3] = [
    ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
        [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
    ),
];

/// The definition, with products of 64 bits.
pub fn block(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let ([mut a, mut b, mut c, mut d], [mut k, mut j]) = (counter, key);
    for _ in 0..10 {
        let (p, q) = (u64::from(a) * 0xd251_1f53, u64::from(c) * 0xcd9e_8d57);
        (a, b, c, d) = ((q >> 32) as u32 ^ b ^ k, q as u32, (p >> 32) as u32 ^ d ^ j, p as u32);
        (k, j) = (k.wrapping_add(0x9e37_79b9), j.wrapping_add(0xbb67_ae85));
    }
    [a, b, c, d]
}

/// What a generator gives as its number `drawn` at a place.
pub fn word(seed: u64, place: usize, drawn: u32) -> u32 {
    block([place as u32, 0, drawn / 4, 0], [seed as u32, (seed >> 32) as u32])[drawn as usize % 4]
}

/// Seeds with a half that is 0, and with all bits.
pub const SEEDS: [u64; 4] = [0, 42, 0x0123_4567_89ab_cdef, u64::MAX];

fn launched(setup: &Setup, counters: &[[u32; 4]], keys: &[[u32; 2]]) -> Vec<[u32; 4]> {
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| counters.iter().map(|counter| counter[at]).collect::<Vec<_>>());
    let [k, j] = [0, 1].map(|at| keys.iter().map(|key| key[at]).collect::<Vec<_>>());
    let (a, b, c, d) = setup.map::<philox>((&a, &b, &c, &d, &k, &j)).run().unwrap();
    let all = [a, b, c, d].map(|array| array.to_vec().unwrap());
    (0..counters.len()).map(|at| [0, 1, 2, 3].map(|word: usize| all[word][at])).collect()
}

/// Every third place has the same answer, so that each comes to every lane.
pub fn answers(setup: &Setup) {
    for (counter, key, answer) in ANSWERS {
        assert_eq!(block(counter, key), answer, "the oracle");
        let [a, b, c, d] = counter;
        assert_eq!(philox(a, b, c, d, key[0], key[1]), answer.into(), "as a function");
    }
    for n in [1, 3, 100, 9_001] {
        let cycled = || ANSWERS.iter().cycle().take(n);
        let counters: Vec<[u32; 4]> = cycled().map(|(counter, _, _)| *counter).collect();
        let keys: Vec<[u32; 2]> = cycled().map(|(_, key, _)| *key).collect();
        let expected: Vec<[u32; 4]> = cycled().map(|(_, _, answer)| *answer).collect();
        assert_same(format!("{n}"), &launched(setup, &counters, &keys), &expected);
    }
    // A generator at place 0 under seed 0 begins with the first answer.
    let (first, ..) = setup.map::<nine>((0u64,)).over(1).run().unwrap();
    assert_eq!(first.to_vec().unwrap(), [0x6627_e8d5]);
}

pub fn any_counter(setup: &Setup) {
    let mut random = Inputs::new("any_counter");
    for n in FEW_SIZES {
        let counters = random.many(n, |r| [r.u32(), r.u32(), r.u32(), r.u32()]);
        let keys = random.many(n, |r| [r.u32(), r.u32()]);
        let expected: Vec<[u32; 4]> =
            counters.iter().zip(&keys).map(|(counter, key)| block(*counter, *key)).collect();
        assert_same(format!("{n}"), &launched(setup, &counters, &keys), &expected);
    }
}

/// The first word, the fourth, the fifth, and the sum of the four that follow.
#[kernel]
fn nine(rng: Random) -> (u32, u32, u32, u32) {
    let first = rng.u32();
    let _second = rng.u32();
    let _third = rng.u32();
    let fourth = rng.u32();
    let fifth = rng.u32();
    let mut rest = 0;
    for _k in 0..4 {
        rest += rng.u32();
    }
    (first, fourth, fifth, rest)
}

pub fn words_of_a_generator(setup: &Setup) {
    for seed in SEEDS {
        for n in FEW_SIZES {
            let (first, fourth, fifth, rest) = setup.map::<nine>((seed,)).over(n).run().unwrap();
            for (what, found, drawn) in [
                ("first", first, 0..1),
                ("fourth", fourth, 3..4),
                ("fifth", fifth, 4..5),
                ("rest", rest, 5..9),
            ] {
                let sum = |place| drawn.clone().fold(0u32, |sum, k| sum.wrapping_add(word(seed, place, k)));
                let expected: Vec<u32> = (0..n).map(sum).collect();
                assert_same(format!("{what} of {n}, seed {seed}"), &found.to_vec().unwrap(), &expected);
            }
        }
    }
}
