//! The tree on vectors of a width that this machine may not have.

use super::*;
use crate::kernel::ElemArg;
use crate::kernel::basic::same_f32;
use crate::lanes::Pair;

/// Rounded at every step, so that each association has bits of its own.
struct Sum;

impl Fold for Sum {
    type T = f32;
    fn identity(&self) -> f32 {
        -0.0
    }
    #[inline(always)]
    fn lanes<L: Lanes>(l: L, _: &Frame<'_>, a: L::F, b: L::F) -> L::F {
        l.f_add(a, b)
    }
    fn text(&self) -> FoldText {
        FoldText { name: "sum", callee: None, float: "a + b", int: "a + b", pass: &crate::exec::gpu::FOLD }
    }
    fn on_slices(&self, level: Level, frame: &Frame<'_>, work: OnSlices<'_, f32>) {
        on_slices(level, frame, self, work);
    }
}

/// The tree of the module's heading, in plain loops.
fn naive(block: &[f32]) -> f32 {
    let mut sums = [-0.0f32; WIDTH];
    for (place, value) in block.iter().enumerate() {
        sums[place % WIDTH] += value;
    }
    let mut half = WIDTH / 2;
    while half >= 1 {
        for j in 0..half {
            sums[j] += sums[j + half];
        }
        half /= 2;
    }
    sums[0]
}

/// Vectors of 32 lanes are AVX-512's alone; pairs of the baseline's are as wide, on every machine.
#[test]
fn vectors_of_32_lanes_fold_by_the_same_tree() {
    let value = |i: usize| ((i as u32).wrapping_mul(0x9e37_79b9) >> 8) as f32 / 65_536.0 - 100.0;
    for n in [1, 31, 32, 33, 63, 64, 65, 4095, 4096, 4097, 8191, 8192, 8193, 3 * CHUNK + 7, 5 * CHUNK] {
        let values: Vec<f32> = (0..n).map(value).collect();
        let expected: Vec<u32> = values.chunks(CHUNK).map(|block| naive(block).to_bits()).collect();
        for far in [false, true] {
            let job = Job {
                frame: Frame::detached(),
                level: Level::Baseline,
                domain: Domain::Line(n),
                stream: false,
                far,
                short: false,
                recording: None,
            };
            let folded = |fold: fn(Pair<Portable>, &Job<'_>, FoldPiece<'_, '_, same_f32, f32>)| {
                let mut args = (ElemArg::Slice(&values),);
                let mut blocks = vec![f32::NAN; n.div_ceil(CHUNK)];
                let tiles = <same_f32 as Kernel>::Params::tile(&mut args, n).expect("host memory");
                fold(Pair::new(Portable), &job, FoldPiece { start: 0, len: n, tiles, blocks: &mut blocks });
                blocks.into_iter().map(f32::to_bits).collect::<Vec<_>>()
            };
            let held = folded(|l, job, piece| fold_blocks::<_, same_f32, Sum, 2>(l, job, &Sum, piece));
            assert_eq!(held, expected, "{n} places, in registers, far: {far}");
            let strips = folded(|l, job, piece| fold_blocks::<_, same_f32, Sum, 1>(l, job, &Sum, piece));
            assert_eq!(strips, expected, "{n} places, in strips, far: {far}");
        }
    }
}
