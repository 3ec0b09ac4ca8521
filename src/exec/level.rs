//! Loops of the library's own that are compiled for each level, and entered by the level's token.

#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512, align_frame};
use crate::lanes::{Lanes, Level, Portable, Scalar};

/// A loop over vectors of some level; `run` is `#[inline(always)]`.
pub(crate) trait AtLevel {
    type Out;
    fn run<L: Lanes>(self, l: L) -> Self::Out;
}

/// Runs `body` at `level`, one vector of the level at a time.
pub(crate) fn at<B: AtLevel>(level: Level, body: B) -> B::Out {
    match level {
        Level::Scalar => body.run(Scalar),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 if let Some(token) = Avx2::detect() => {
            // SAFETY: the token proves that this machine has the features that the function enables.
            unsafe { avx2(token, body) }
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if let Some(token) = Avx512::detect() => {
            // SAFETY: the token proves that this machine has the features that the function enables.
            unsafe { avx512(token, body) }
        }
        _ => body.run(Portable),
    }
}

/// Work on tiles of results that stay in registers: `R` rows of `V` vectors. `run` is `#[inline(always)]`.
///
/// ```text
/// avx512     12 rows of 2 vectors of 16: 24 of 32 registers
/// avx2        6 rows of 2 vectors of 8: 12 of 16
/// baseline    2 rows of 1 vector of 16, which is 4 registers: 8 of 16
/// scalar      4 rows of 4: whatever the compiler makes of it
/// ```
/// 64-bit numbers take two registers for each vector, so there are half as many or fewer.
pub(crate) trait AtTile {
    type Out;
    fn run<L: Lanes, const R: usize, const V: usize>(self, l: L) -> Self::Out;
}

/// Runs `body` at `level`, for values of that many bytes.
pub(crate) fn at_tile<B: AtTile>(level: Level, bytes: usize, body: B) -> B::Out {
    match level {
        Level::Scalar => body.run::<_, 4, 4>(Scalar),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 if let Some(token) = Avx2::detect() => {
            // SAFETY: the token proves that this machine has the features that the functions enable.
            unsafe {
                if bytes > 4 {
                    tiles_avx2::<_, 4, 1>(token, body)
                } else {
                    tiles_avx2::<_, 6, 2>(token, body)
                }
            }
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if let Some(token) = Avx512::detect() => {
            // SAFETY: the token proves that this machine has the features that the functions enable.
            unsafe {
                if bytes > 4 {
                    tiles_avx512::<_, 8, 1>(token, body)
                } else {
                    tiles_avx512::<_, 12, 2>(token, body)
                }
            }
        }
        _ => body.run::<_, 2, 1>(Portable),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn tiles_avx2<B: AtTile, const R: usize, const V: usize>(l: Avx2, body: B) -> B::Out {
    body.run::<_, R, V>(l)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn tiles_avx512<B: AtTile, const R: usize, const V: usize>(l: Avx512, body: B) -> B::Out {
    body.run::<_, R, V>(l)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<B: AtLevel>(l: Avx2, body: B) -> B::Out {
    align_frame();
    body.run(l)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn avx512<B: AtLevel>(l: Avx512, body: B) -> B::Out {
    align_frame();
    body.run(l)
}
