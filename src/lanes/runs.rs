//! Sixteen consecutive elements as one vector whose elements move to later places: what scans need beside [`Lanes`].
//!
//! Levels of sixteen lanes have it: AVX-512 alone, AVX2 in pairs, the portable one.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512, Pair};
use super::{Lanes, Portable};

/// Vectors of sixteen elements in order.
pub trait Runs: Lanes {
    /// Lane `i` is `run[i - D]`, and what that lacks are the last `D` lanes of `before`. `D` is 1, 2, 4 or 8.
    fn f_later<const D: usize>(self, before: Self::F, run: Self::F) -> Self::F;
    /// As [`f_later`](Runs::f_later).
    fn i_later<const D: usize>(self, before: Self::I, run: Self::I) -> Self::I;
    /// The last lane in every lane.
    fn f_last(self, run: Self::F) -> Self::F;
    /// As [`f_last`](Runs::f_last).
    fn i_last(self, run: Self::I) -> Self::I;
    /// The even and the odd places of both, quarter by quarter: quarter `q` of the first is `a[4q], a[4q + 2], b[4q],
    /// b[4q + 2]`.
    fn f_places(self, a: Self::F, b: Self::F) -> (Self::F, Self::F);
    /// As [`f_places`](Runs::f_places).
    fn i_places(self, a: Self::I, b: Self::I) -> (Self::I, Self::I);
    /// The even and the odd quarters of both: the first is quarters 0 and 2 of `a`, then those of `b`.
    fn f_quarters(self, a: Self::F, b: Self::F) -> (Self::F, Self::F);
    /// As [`f_quarters`](Runs::f_quarters).
    fn i_quarters(self, a: Self::I, b: Self::I) -> (Self::I, Self::I);
}

impl Runs for Portable {
    #[inline(always)]
    fn f_later<const D: usize>(self, before: Self::F, run: Self::F) -> Self::F {
        bytemuck::must_cast(self.i_later::<D>(bytemuck::must_cast(before), bytemuck::must_cast(run)))
    }
    /// In quarters, each of which an optimiser may keep in a register of 128 bits.
    #[inline(always)]
    fn i_later<const D: usize>(self, before: Self::I, run: Self::I) -> Self::I {
        let (before, run): ([[i32; 4]; 4], [[i32; 4]; 4]) =
            (bytemuck::must_cast(before), bytemuck::must_cast(run));
        let behind = |a: [i32; 4], b: [i32; 4]| quarter_behind::<D>(a, b);
        bytemuck::must_cast(match D {
            8 => [before[2], before[3], run[0], run[1]],
            4 => [before[3], run[0], run[1], run[2]],
            _ => [
                behind(before[3], run[0]),
                behind(run[0], run[1]),
                behind(run[1], run[2]),
                behind(run[2], run[3]),
            ],
        })
    }
    #[inline(always)]
    fn f_last(self, run: Self::F) -> Self::F {
        self.f_splat(run.to_array()[15])
    }
    #[inline(always)]
    fn i_last(self, run: Self::I) -> Self::I {
        self.i_splat(run.to_array()[15])
    }
    #[inline(always)]
    fn f_places(self, a: Self::F, b: Self::F) -> (Self::F, Self::F) {
        let (even, odd) = self.i_places(bytemuck::must_cast(a), bytemuck::must_cast(b));
        (bytemuck::must_cast(even), bytemuck::must_cast(odd))
    }
    #[inline(always)]
    fn i_places(self, a: Self::I, b: Self::I) -> (Self::I, Self::I) {
        let (a, b): ([[i32; 4]; 4], [[i32; 4]; 4]) = (bytemuck::must_cast(a), bytemuck::must_cast(b));
        let quarter = |q: usize| quarter_places(a[q], b[q]);
        let [p, q, r, s] = [quarter(0), quarter(1), quarter(2), quarter(3)];
        (bytemuck::must_cast([p.0, q.0, r.0, s.0]), bytemuck::must_cast([p.1, q.1, r.1, s.1]))
    }
    #[inline(always)]
    fn f_quarters(self, a: Self::F, b: Self::F) -> (Self::F, Self::F) {
        let (even, odd) = self.i_quarters(bytemuck::must_cast(a), bytemuck::must_cast(b));
        (bytemuck::must_cast(even), bytemuck::must_cast(odd))
    }
    #[inline(always)]
    fn i_quarters(self, a: Self::I, b: Self::I) -> (Self::I, Self::I) {
        let (a, b): ([[i32; 4]; 4], [[i32; 4]; 4]) = (bytemuck::must_cast(a), bytemuck::must_cast(b));
        (bytemuck::must_cast([a[0], a[2], b[0], b[2]]), bytemuck::must_cast([a[1], a[3], b[1], b[3]]))
    }
}

/// The even and the odd places of both.
#[inline(always)]
fn quarter_places(a: [i32; 4], b: [i32; 4]) -> ([i32; 4], [i32; 4]) {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: SSE2 is there on every x86-64; the casts are between types of 16 bytes without padding.
        unsafe {
            let of = |x| std::mem::transmute::<[i32; 4], __m128>(x);
            let back = |x| std::mem::transmute::<__m128, [i32; 4]>(x);
            let (a, b) = (of(a), of(b));
            (back(_mm_shuffle_ps::<EVEN>(a, b)), back(_mm_shuffle_ps::<ODD>(a, b)))
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    ([a[0], a[2], b[0], b[2]], [a[1], a[3], b[1], b[3]])
}

/// Four rows of four words, as columns.
#[inline(always)]
pub(crate) fn four_by_four(rows: [[i32; 4]; 4]) -> [[i32; 4]; 4] {
    let [a, b, c, d] = rows;
    let ((even, odd), (even_below, odd_below)) = (quarter_places(a, b), quarter_places(c, d));
    let (first, third) = quarter_places(even, even_below);
    let (second, fourth) = quarter_places(odd, odd_below);
    [first, second, third, fourth]
}

/// Places 0 and 2 of both, and 1 and 3, as shuffles take it.
#[cfg(target_arch = "x86_64")]
const EVEN: i32 = 0b10_00_10_00;
#[cfg(target_arch = "x86_64")]
const ODD: i32 = 0b11_01_11_01;

/// The last `D` (1 or 2) of `before`, and the first of `x` behind them. Through arrays an optimiser needs twice as long.
#[inline(always)]
fn quarter_behind<const D: usize>(before: [i32; 4], x: [i32; 4]) -> [i32; 4] {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: SSE2 is there on every x86-64; the casts are between types of 16 bytes without padding.
        unsafe {
            let of = |x| std::mem::transmute::<[i32; 4], __m128>(x);
            let (before, x) = (of(before), of(x));
            std::mem::transmute::<__m128, [i32; 4]>(match D {
                // before[3] twice and x[0] twice, then one of each and x[1], x[2].
                1 => _mm_shuffle_ps::<0b10_01_10_00>(_mm_shuffle_ps::<0b00_00_11_11>(before, x), x),
                _ => _mm_shuffle_ps::<0b01_00_11_10>(before, x),
            })
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    match D {
        1 => [before[3], x[0], x[1], x[2]],
        _ => [before[2], before[3], x[0], x[1]],
    }
}

#[cfg(target_arch = "x86_64")]
impl Runs for Avx512 {
    #[inline(always)]
    fn f_later<const D: usize>(self, before: __m512, run: __m512) -> __m512 {
        // SAFETY: the token proves AVX-512; the casts keep the bits.
        unsafe {
            let moved = self.i_later::<D>(_mm512_castps_si512(before), _mm512_castps_si512(run));
            _mm512_castsi512_ps(moved)
        }
    }
    #[inline(always)]
    fn i_later<const D: usize>(self, before: __m512i, run: __m512i) -> __m512i {
        // SAFETY: the token proves AVX-512.
        unsafe {
            match D {
                1 => _mm512_alignr_epi32::<15>(run, before),
                2 => _mm512_alignr_epi32::<14>(run, before),
                4 => _mm512_alignr_epi32::<12>(run, before),
                _ => _mm512_alignr_epi32::<8>(run, before),
            }
        }
    }
    #[inline(always)]
    fn f_last(self, run: __m512) -> __m512 {
        // SAFETY: the token proves AVX-512.
        unsafe { _mm512_permutexvar_ps(_mm512_set1_epi32(15), run) }
    }
    #[inline(always)]
    fn i_last(self, run: __m512i) -> __m512i {
        // SAFETY: the token proves AVX-512.
        unsafe { _mm512_permutexvar_epi32(_mm512_set1_epi32(15), run) }
    }
    #[inline(always)]
    fn f_places(self, a: __m512, b: __m512) -> (__m512, __m512) {
        // SAFETY: the token proves AVX-512.
        unsafe { (_mm512_shuffle_ps::<EVEN>(a, b), _mm512_shuffle_ps::<ODD>(a, b)) }
    }
    #[inline(always)]
    fn i_places(self, a: __m512i, b: __m512i) -> (__m512i, __m512i) {
        // SAFETY: the token proves AVX-512; the casts keep the bits.
        unsafe {
            let (even, odd) = self.f_places(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b));
            (_mm512_castps_si512(even), _mm512_castps_si512(odd))
        }
    }
    #[inline(always)]
    fn f_quarters(self, a: __m512, b: __m512) -> (__m512, __m512) {
        // SAFETY: the token proves AVX-512.
        unsafe { (_mm512_shuffle_f32x4::<EVEN>(a, b), _mm512_shuffle_f32x4::<ODD>(a, b)) }
    }
    #[inline(always)]
    fn i_quarters(self, a: __m512i, b: __m512i) -> (__m512i, __m512i) {
        // SAFETY: the token proves AVX-512.
        unsafe { (_mm512_shuffle_i32x4::<EVEN>(a, b), _mm512_shuffle_i32x4::<ODD>(a, b)) }
    }
}

/// Lane `i` is `x[i - D]`, and what that lacks is the end of `before`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn half_behind<const D: usize>(_: Avx2, before: __m256i, x: __m256i) -> __m256i {
    // SAFETY: the token proves AVX2.
    unsafe {
        // The upper half of `before` under the lower half of `x`: `alignr` works on each half by itself.
        let middle = _mm256_permute2x128_si256::<0x21>(before, x);
        match D {
            1 => _mm256_alignr_epi8::<12>(x, middle),
            2 => _mm256_alignr_epi8::<8>(x, middle),
            4 => middle,
            _ => before,
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Runs for Pair<Avx2> {
    #[inline(always)]
    fn f_later<const D: usize>(self, before: Self::F, run: Self::F) -> Self::F {
        // SAFETY: the token proves AVX2; the casts keep the bits.
        unsafe {
            let whole = |x: Self::F| (_mm256_castps_si256(x.0), _mm256_castps_si256(x.1));
            let (low, high) = self.i_later::<D>(whole(before), whole(run));
            (_mm256_castsi256_ps(low), _mm256_castsi256_ps(high))
        }
    }
    #[inline(always)]
    fn i_later<const D: usize>(self, before: Self::I, run: Self::I) -> Self::I {
        let half = self.half();
        (half_behind::<D>(half, before.1, run.0), half_behind::<D>(half, run.0, run.1))
    }
    #[inline(always)]
    fn f_last(self, run: Self::F) -> Self::F {
        // SAFETY: the token proves AVX2.
        let last = unsafe { _mm256_permutevar8x32_ps(run.1, _mm256_set1_epi32(7)) };
        (last, last)
    }
    #[inline(always)]
    fn i_last(self, run: Self::I) -> Self::I {
        // SAFETY: the token proves AVX2.
        let last = unsafe { _mm256_permutevar8x32_epi32(run.1, _mm256_set1_epi32(7)) };
        (last, last)
    }
    #[inline(always)]
    fn f_places(self, a: Self::F, b: Self::F) -> (Self::F, Self::F) {
        // SAFETY: the token proves AVX2.
        unsafe {
            let even = (_mm256_shuffle_ps::<EVEN>(a.0, b.0), _mm256_shuffle_ps::<EVEN>(a.1, b.1));
            let odd = (_mm256_shuffle_ps::<ODD>(a.0, b.0), _mm256_shuffle_ps::<ODD>(a.1, b.1));
            (even, odd)
        }
    }
    #[inline(always)]
    fn i_places(self, a: Self::I, b: Self::I) -> (Self::I, Self::I) {
        // SAFETY: the token proves AVX2; the casts keep the bits.
        unsafe {
            let float = |x: Self::I| (_mm256_castsi256_ps(x.0), _mm256_castsi256_ps(x.1));
            let whole = |x: Self::F| (_mm256_castps_si256(x.0), _mm256_castps_si256(x.1));
            let (even, odd) = self.f_places(float(a), float(b));
            (whole(even), whole(odd))
        }
    }
    #[inline(always)]
    fn f_quarters(self, a: Self::F, b: Self::F) -> (Self::F, Self::F) {
        // SAFETY: the token proves AVX2.
        unsafe {
            let even = (_mm256_permute2f128_ps::<0x20>(a.0, a.1), _mm256_permute2f128_ps::<0x20>(b.0, b.1));
            let odd = (_mm256_permute2f128_ps::<0x31>(a.0, a.1), _mm256_permute2f128_ps::<0x31>(b.0, b.1));
            (even, odd)
        }
    }
    #[inline(always)]
    fn i_quarters(self, a: Self::I, b: Self::I) -> (Self::I, Self::I) {
        // SAFETY: the token proves AVX2.
        unsafe {
            let even =
                (_mm256_permute2x128_si256::<0x20>(a.0, a.1), _mm256_permute2x128_si256::<0x20>(b.0, b.1));
            let odd =
                (_mm256_permute2x128_si256::<0x31>(a.0, a.1), _mm256_permute2x128_si256::<0x31>(b.0, b.1));
            (even, odd)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<L: Runs>(l: L) {
        let before: [i32; 16] = std::array::from_fn(|i| i as i32 - 100);
        let run: [i32; 16] = std::array::from_fn(|i| i as i32 * 3 + 1);
        fn moved<const D: usize>(before: &[i32; 16], run: &[i32; 16]) -> [i32; 16] {
            std::array::from_fn(|i| if i < D { before[16 + i - D] } else { run[i - D] })
        }
        macro_rules! by {
            ($($d:literal)*) => {$(
                let expected = moved::<$d>(&before, &run);
                let mut found = [0; 16];
                l.i_store(&mut found, l.i_later::<$d>(l.i_load(&before), l.i_load(&run)));
                assert_eq!(found, expected, "{} of {}", $d, L::LEVEL);
                let mut found = [0.0; 16];
                let (b, r) = (before.map(|x| x as f32), run.map(|x| x as f32));
                l.f_store(&mut found, l.f_later::<$d>(l.f_load(&b), l.f_load(&r)));
                assert_eq!(found, expected.map(|x| x as f32));
            )*};
        }
        by!(1 2 4 8);
        let mut found = [0; 16];
        l.i_store(&mut found, l.i_last(l.i_load(&run)));
        assert_eq!(found, [46; 16]);
        let mut found = [0.0; 16];
        l.f_store(&mut found, l.f_last(l.f_load(&run.map(|x| x as f32))));
        assert_eq!(found, [46.0; 16]);
        let stored = |pair: (L::I, L::I)| {
            let mut found = [[0; 16]; 2];
            l.i_store(&mut found[0], pair.0);
            l.i_store(&mut found[1], pair.1);
            found
        };
        let stored_floats = |pair: (L::F, L::F)| {
            let mut found = [[0.0; 16]; 2];
            l.f_store(&mut found[0], pair.0);
            l.f_store(&mut found[1], pair.1);
            found.map(|half| half.map(|x| x as i32))
        };
        let (b, r) = (before.map(|x| x as f32), run.map(|x| x as f32));
        let side = |i: usize| if i == 0 { &before } else { &run };
        let places: [[i32; 16]; 2] =
            std::array::from_fn(|odd| std::array::from_fn(|i| side(i % 4 / 2)[i / 4 * 4 + i % 2 * 2 + odd]));
        assert_eq!(stored(l.i_places(l.i_load(&before), l.i_load(&run))), places, "{}", L::LEVEL);
        assert_eq!(stored_floats(l.f_places(l.f_load(&b), l.f_load(&r))), places, "{}", L::LEVEL);
        let quarters: [[i32; 16]; 2] = std::array::from_fn(|odd| {
            std::array::from_fn(|i| side(i / 8)[(i / 4 % 2 * 2 + odd) * 4 + i % 4])
        });
        assert_eq!(stored(l.i_quarters(l.i_load(&before), l.i_load(&run))), quarters, "{}", L::LEVEL);
        assert_eq!(stored_floats(l.f_quarters(l.f_load(&b), l.f_load(&r))), quarters, "{}", L::LEVEL);
    }

    #[test]
    fn four_rows_become_columns() {
        let rows: [[i32; 4]; 4] = std::array::from_fn(|y| std::array::from_fn(|x| (10 * y + x) as i32));
        let columns: [[i32; 4]; 4] = std::array::from_fn(|x| std::array::from_fn(|y| rows[y][x]));
        assert_eq!(four_by_four(rows), columns);
    }

    #[test]
    fn elements_move_to_later_places() {
        check(Portable);
        #[cfg(target_arch = "x86_64")]
        if let Some(token) = Avx2::detect() {
            check(Pair::new(token));
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(token) = Avx512::detect() {
            check(token);
        }
    }
}
