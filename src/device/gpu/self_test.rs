//! What a device must be able to do before it is used, and what it does to floats; one dispatch at opening.

use std::time::Duration;

use super::{BindingKind, Bound, Dispatch, Gpu, SelfTest, inject};
use crate::error::{Error, ErrorKind, Result};

const SHADER: &str = include_str!("../../../shaders/selftest/selftest.wgsl");

/// More than the 65,535 at which lavapipe before Mesa 25 silently stops.
const TURNS: u32 = 131_072;
const SEED: u32 = 12_345;
const BLOCK: usize = 4096;
const WIDTH: usize = 64;
/// All bits of the NaN word.
const NAN_FLAGS: u32 = 127;
/// Words before those of the triples, and words of each triple.
const HEAD: usize = 5;
const EACH: usize = 6;

/// Runs it.
///
/// # Errors
/// `DeviceRefused` where results could not be trusted.
pub(super) fn run(gpu: &Gpu) -> Result<SelfTest> {
    let input = input();
    let triples = (input.len() - BLOCK - 2) / 3;
    let mut words = vec![0_u32; HEAD + EACH * triples];

    let source = gpu.alloc(4 * input.len() as u64)?;
    let result = gpu.alloc(4 * words.len() as u64)?;
    gpu.put(&source, 0, bytemuck::cast_slice(&input))?;
    let kinds = [BindingKind::Read, BindingKind::ReadWrite];
    let pipeline = gpu.compile("self-test", SHADER, &kinds)?;
    let params = [TURNS, SEED, triples as u32];
    let completion = gpu.dispatch(Dispatch {
        label: "self-test".into(),
        pipeline,
        params: bytemuck::cast_slice(&params).to_vec(),
        bindings: vec![Bound::whole(&source), Bound::whole(&result)],
        groups: 1,
        status: false,
        explain: Default::default(),
        deadline: Duration::from_secs(10),
        after: vec![],
        stop: None,
    });
    completion.wait()?;
    gpu.get(&result, 0, bytemuck::cast_slice_mut(&mut words))?;
    if inject::self_test_is_corrupt() {
        words[0] ^= 1;
    }
    judge(&input, &words).admit(&gpu.info().name, words[0])
}

/// What the words say, against the same arithmetic here.
fn judge(input: &[f32], words: &[u32]) -> SelfTest {
    let state = (0..TURNS).fold(SEED, |x, _| x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let mut test = SelfTest {
        long_loop: words[0] == TURNS && words[1] == state,
        nan_compare: words[3] == NAN_FLAGS,
        contracts: false,
        tree_sum: words[2] == tree_sum(&input[..BLOCK]).to_bits(),
        exact_division: true,
        exact_sqrt: true,
        subnormals: true,
    };
    let mut dot = 0.0;
    for (triple, word) in input[BLOCK + 2..].chunks_exact(3).zip(words[HEAD..].chunks_exact(EACH)) {
        let (a, b, c) = (triple[0], triple[1], triple[2]);
        dot += a * b;
        let plain = [a * b + c, a * b - c, c - a * b].map(f32::to_bits);
        test.contracts |= word[..3] != plain;
        test.exact_division &= word[3] == (a / b).to_bits();
        test.exact_sqrt &= word[4] == a.sqrt().to_bits();
        test.subnormals &= word[5] == (a * f32::MIN_POSITIVE * 0.5).to_bits();
    }
    test.contracts |= words[4] != dot.to_bits();
    test
}

impl SelfTest {
    fn admit(self, name: &str, turns: u32) -> Result<Self> {
        let refused = |why: String| Err(Error::new(ErrorKind::DeviceRefused, why));
        if !self.long_loop {
            return refused(format!(
                "the adapter `{name}` is refused: a loop of {TURNS} turns ended after {turns} or with a wrong value \
                 (Mesa's lavapipe before version 25 stops loops at 65,535 turns); install Mesa 25 or later, or choose \
                 another adapter with MANYLANE_ADAPTER"
            ));
        }
        if !self.nan_compare {
            return refused(format!(
                "the adapter `{name}` is refused: it compares NaN wrongly, so results could be silently wrong; update \
                 its driver, or choose another adapter with MANYLANE_ADAPTER"
            ));
        }
        Ok(self)
    }
}

/// The fixed tree on the CPU.
fn tree_sum(block: &[f32]) -> f32 {
    let mut sums: Vec<f32> = (0..WIDTH)
        .map(|j| block[j + WIDTH..].iter().step_by(WIDTH).fold(block[j], |sum, x| sum + x))
        .collect();
    let mut half = WIDTH / 2;
    while half > 0 {
        for j in 0..half {
            sums[j] += sums[j + half];
        }
        half /= 2;
    }
    sums[0]
}

/// Values whose sum depends on the order, NaN and 1.0, and triples for which rounding once or twice differs.
fn input() -> Vec<f32> {
    let mut state = SEED;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state
    };
    let mut input: Vec<f32> = (0..BLOCK)
        .map(|_| {
            let bits = next();
            let exponent = 127 - 6 + (bits >> 8) % 12;
            f32::from_bits((bits & 0x8000_0000) | (exponent << 23) | (next() >> 9))
        })
        .collect();
    input.extend([f32::NAN, 1.0]);
    for _ in 0..8 {
        let (a, b) =
            (1.0 + (next() >> 9) as f32 * 2f32.powi(-23), 1.0 + (next() >> 9) as f32 * 2f32.powi(-23));
        // What rounding the product leaves over is all that remains.
        input.extend([a, b, -(a * b)]);
        input.extend([a, b, a * b]);
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_triple_tells_contraction() {
        for triple in input()[BLOCK + 2..].chunks_exact(3) {
            let (a, b, c) = (triple[0], triple[1], triple[2]);
            assert!(a * b + c != a.mul_add(b, c) || a * b - c != a.mul_add(b, -c), "{a} {b} {c}");
        }
    }

    #[test]
    fn the_sum_depends_on_the_order() {
        let block = &input()[..BLOCK];
        assert_ne!(tree_sum(block), block.iter().sum::<f32>());
        let reversed: Vec<f32> = block.iter().rev().copied().collect();
        assert_ne!(tree_sum(block), tree_sum(&reversed));
    }

    #[test]
    fn a_short_loop_is_refused_with_the_remedy() {
        let input = input();
        let words = vec![65_535; HEAD + EACH * 16];
        let error = judge(&input, &words).admit("old llvmpipe", words[0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DeviceRefused);
        assert!(error.to_string().contains("65535") && error.to_string().contains("Mesa 25"), "{error}");
    }
}
