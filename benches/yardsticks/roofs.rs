//! The loops by hand that peaks are held against: STREAM's triad, with stores that go by way of the caches and past them, and
//! independent multiply-adds. Written apart from the library's lanes on purpose.

use std::arch::x86_64::*;

/// Registers of some width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Registers {
    /// What every machine of this kind has; a multiply-add is a product and a sum.
    Plain,
    /// AVX2 with multiply-adds.
    Half,
    /// AVX-512.
    Wide,
}

/// Those that are here, the widest last.
pub fn widths() -> &'static [Registers] {
    const ALL: [Registers; 3] = [Registers::Plain, Registers::Half, Registers::Wide];
    let half = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let here = if half && is_x86_feature_detected!("avx512f") { 3 } else { 1 + usize::from(half) };
    &ALL[..here]
}

/// The widest that are here.
pub fn registers() -> Registers {
    widths()[widths().len() - 1]
}

/// `out = b + s * c`; `past` writes past the caches where the registers can.
pub fn triad(registers: Registers, past: bool, s: f32, b: &[f32], c: &[f32], out: &mut [f32]) {
    assert!(b.len() == out.len() && c.len() == out.len());
    assert!(registers <= self::registers(), "this machine has no such registers");
    match registers {
        // SAFETY: the features were detected.
        Registers::Wide => unsafe { triad_wide(past, s, b, c, out) },
        // SAFETY: the features were detected.
        Registers::Half => unsafe { triad_half(past, s, b, c, out) },
        Registers::Plain => plain(s, b, c, out),
    }
}

/// `turns` times sixteen registers of multiply-adds; what they come to, and how many float operations they were.
pub fn chains(registers: Registers, turns: u64, m: f32, c: f32) -> (f32, f64) {
    assert!(registers <= self::registers(), "this machine has no such registers");
    match registers {
        // SAFETY: the features were detected.
        Registers::Wide => (unsafe { chains_wide(turns, m, c) }, 2.0 * 16.0 * 16.0 * turns as f64),
        // SAFETY: the features were detected.
        Registers::Half => (unsafe { chains_half(turns, m, c) }, 2.0 * 12.0 * 8.0 * turns as f64),
        Registers::Plain => (chains_plain(turns, m, c), 2.0 * 32.0 * turns as f64),
    }
}

fn plain(s: f32, b: &[f32], c: &[f32], out: &mut [f32]) {
    for ((out, b), c) in out.iter_mut().zip(b).zip(c) {
        *out = b + s * c;
    }
}

/// The places before the first whole register in memory, and the end of the last one.
fn aligned(out: &[f32], lanes: usize) -> (usize, usize) {
    let head = out.as_ptr().align_offset(4 * lanes).min(out.len());
    (head, head + (out.len() - head) / lanes * lanes)
}

macro_rules! loops {
    ($triad:ident, $chains:ident, $features:literal, $lanes:literal, $count:literal,
     $splat:ident, $load:ident, $store:ident, $stream:ident, $fma:ident, $add:ident) => {
        #[target_feature(enable = $features)]
        #[inline(never)]
        fn $triad(past: bool, s: f32, b: &[f32], c: &[f32], out: &mut [f32]) {
            let (head, end) = aligned(out, $lanes);
            plain(s, &b[..head], &c[..head], &mut out[..head]);
            let factor = $splat(s);
            let mut i = head;
            if past {
                while i < end {
                    // SAFETY: `i + lanes` is within all three slices, and `out` is aligned to a register at `i`.
                    unsafe {
                        let (b, c) = ($load(b.as_ptr().add(i)), $load(c.as_ptr().add(i)));
                        $stream(out.as_mut_ptr().add(i), $fma(factor, c, b));
                    }
                    i += $lanes;
                }
                _mm_sfence();
            } else {
                while i < end {
                    // SAFETY: `i + lanes` is within all three slices.
                    unsafe {
                        let (b, c) = ($load(b.as_ptr().add(i)), $load(c.as_ptr().add(i)));
                        $store(out.as_mut_ptr().add(i), $fma(factor, c, b));
                    }
                    i += $lanes;
                }
            }
            plain(s, &b[end..], &c[end..], &mut out[end..]);
        }

        #[target_feature(enable = $features)]
        #[inline(never)]
        fn $chains(turns: u64, m: f32, c: f32) -> f32 {
            let (m, c) = ($splat(m), $splat(c));
            let mut chain = [$splat(0.0); $count];
            let mut start = 0;
            while start < $count {
                chain[start] = $splat(start as f32);
                start += 1;
            }
            for _ in 0..turns {
                let mut i = 0;
                while i < $count {
                    chain[i] = $fma(chain[i], m, c);
                    i += 1;
                }
            }
            let mut sum = chain[0];
            let mut i = 1;
            while i < $count {
                sum = $add(sum, chain[i]);
                i += 1;
            }
            let mut all = [0.0; $lanes];
            // SAFETY: it is as long as a register.
            unsafe { $store(all.as_mut_ptr(), sum) };
            all[0]
        }
    };
}

loops!(
    triad_wide,
    chains_wide,
    "avx512f",
    16,
    16,
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_stream_ps,
    _mm512_fmadd_ps,
    _mm512_add_ps
);
loops!(
    triad_half,
    chains_half,
    "avx2,fma",
    8,
    12,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_stream_ps,
    _mm256_fmadd_ps,
    _mm256_add_ps
);

#[inline(never)]
fn chains_plain(turns: u64, m: f32, c: f32) -> f32 {
    let mut chain = [0.0f32; 32];
    for (start, chain) in chain.iter_mut().enumerate() {
        *chain = start as f32;
    }
    for _ in 0..turns {
        for chain in &mut chain {
            *chain = *chain * m + c;
        }
    }
    chain.iter().sum()
}
