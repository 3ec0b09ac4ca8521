//! Blocks of eight times eight elements of four bytes with rows and columns exchanged: what transposing needs beside
//! [`Lanes`].

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{Lanes, Portable, Scalar};

/// Rows and columns of a block.
pub const SIDE: usize = 8;

/// Levels that exchange the rows and columns of a block.
pub trait Blocks: Lanes {
    /// Row `y`, column `x` of `from`, whose rows are `stride` apart, becomes row `x`, column `y` of `to`, whose rows are
    /// `to_stride` apart.
    ///
    /// # Panics
    /// Where one of the eight rows is not within its slice.
    #[inline(always)]
    fn exchange(self, (from, stride): (&[u32], usize), (to, to_stride): (&mut [u32], usize)) {
        for y in 0..SIDE {
            let row = &from[y * stride..][..SIDE];
            for (x, element) in row.iter().enumerate() {
                to[x * to_stride + y] = *element;
            }
        }
    }
}

impl Blocks for Scalar {}

/// Four times four elements.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn exchange_four((from, stride): (&[u32], usize), (to, to_stride): (&mut [u32], usize)) {
    let row = |y: usize| {
        let row: &[u32; 4] = from[y * stride..][..4].as_array().expect("a slice of four");
        bytemuck::must_cast::<[u32; 4], [f32; 4]>(*row)
    };
    // SAFETY: SSE2 is there on every x86-64; the casts are between types of 16 bytes without padding.
    let columns: [[f32; 4]; 4] = unsafe {
        let of = |x| std::mem::transmute::<[f32; 4], __m128>(x);
        let (a, b, c, d) = (of(row(0)), of(row(1)), of(row(2)), of(row(3)));
        let (ab, cd) = (_mm_unpacklo_ps(a, b), _mm_unpacklo_ps(c, d));
        let (ab_high, cd_high) = (_mm_unpackhi_ps(a, b), _mm_unpackhi_ps(c, d));
        [
            _mm_movelh_ps(ab, cd),
            _mm_movehl_ps(cd, ab),
            _mm_movelh_ps(ab_high, cd_high),
            _mm_movehl_ps(cd_high, ab_high),
        ]
        .map(|x| std::mem::transmute::<__m128, [f32; 4]>(x))
    };
    for (x, column) in columns.into_iter().enumerate() {
        to[x * to_stride..][..4].copy_from_slice(&bytemuck::must_cast::<[f32; 4], [u32; 4]>(column));
    }
}

impl Blocks for Portable {
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn exchange(self, (from, stride): (&[u32], usize), (to, to_stride): (&mut [u32], usize)) {
        for (y, x) in [(0, 0), (0, 4), (4, 0), (4, 4)] {
            exchange_four((&from[y * stride + x..], stride), (&mut to[x * to_stride + y..], to_stride));
        }
    }
}

/// The block in registers, by pairs, fours, and halves.
///
/// # Safety
/// The machine has AVX2.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn exchange_eight((from, stride): (&[u32], usize), (to, to_stride): (&mut [u32], usize)) {
    const LOW: i32 = 0b01_00_01_00;
    const HIGH: i32 = 0b11_10_11_10;
    // Once for all rows: sixteen looks at lengths take as long as the shuffles.
    let last = |stride: usize| stride.checked_mul(SIDE - 1).and_then(|last| last.checked_add(SIDE));
    assert!(last(stride).is_some_and(|end| end <= from.len()), "the eighth row lies in what is read");
    assert!(last(to_stride).is_some_and(|end| end <= to.len()), "the eighth row lies in what is written");
    let (from, to) = (from.as_ptr(), to.as_mut_ptr());
    // No closure around an intrinsic: it would lack the caller's features, and each load would be a call.
    macro_rules! row {
        ($y:literal) => {
            _mm256_loadu_ps(from.add($y * stride).cast())
        };
    }
    // SAFETY: AVX2 is the caller's; eight elements from any of the eight rows on lie in their slices, as was asserted.
    unsafe {
        let (a, b, c, d) = (row!(0), row!(1), row!(2), row!(3));
        let (e, f, g, h) = (row!(4), row!(5), row!(6), row!(7));
        let (ab, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let (cd, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let (ef, ef_high) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
        let (gh, gh_high) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
        let upper = [
            _mm256_shuffle_ps::<LOW>(ab, cd),
            _mm256_shuffle_ps::<HIGH>(ab, cd),
            _mm256_shuffle_ps::<LOW>(ab_high, cd_high),
            _mm256_shuffle_ps::<HIGH>(ab_high, cd_high),
        ];
        let lower = [
            _mm256_shuffle_ps::<LOW>(ef, gh),
            _mm256_shuffle_ps::<HIGH>(ef, gh),
            _mm256_shuffle_ps::<LOW>(ef_high, gh_high),
            _mm256_shuffle_ps::<HIGH>(ef_high, gh_high),
        ];
        for x in 0..4 {
            let column = _mm256_permute2f128_ps::<0x20>(upper[x], lower[x]);
            _mm256_storeu_ps(to.add(x * to_stride).cast(), column);
            let column = _mm256_permute2f128_ps::<0x31>(upper[x], lower[x]);
            _mm256_storeu_ps(to.add((x + 4) * to_stride).cast(), column);
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Blocks for Avx2 {
    #[inline(always)]
    fn exchange(self, from: (&[u32], usize), to: (&mut [u32], usize)) {
        // SAFETY: the token proves AVX2.
        unsafe { exchange_eight(from, to) }
    }
}

#[cfg(target_arch = "x86_64")]
impl Blocks for Avx512 {
    #[inline(always)]
    fn exchange(self, from: (&[u32], usize), to: (&mut [u32], usize)) {
        // SAFETY: the token proves AVX-512, and with it AVX2.
        unsafe { exchange_eight(from, to) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<L: Blocks>(l: L) {
        let (stride, to_stride) = (13, 10);
        let from: Vec<u32> = (0..7 * stride as u32 + 8).map(|k| k * 3 + 1).collect();
        let mut to = vec![0; 7 * to_stride + 8];
        l.exchange((&from, stride), (&mut to, to_stride));
        for (at, found) in to.iter().enumerate() {
            let (x, y) = (at / to_stride, at % to_stride);
            let expected = if y < SIDE { from[y * stride + x] } else { 0 };
            assert_eq!(*found, expected, "{x} {y} of {}", L::LEVEL);
        }
    }

    #[test]
    fn rows_and_columns_are_exchanged() {
        check(Scalar);
        check(Portable);
        #[cfg(target_arch = "x86_64")]
        if let Some(token) = Avx2::detect() {
            check(token);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(token) = Avx512::detect() {
            check(token);
        }
    }
}
