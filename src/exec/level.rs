//! Loops of the library's own that are compiled for each level, and entered by the level's token.

#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512};
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

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<B: AtLevel>(l: Avx2, body: B) -> B::Out {
    body.run(l)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn avx512<B: AtLevel>(l: Avx512, body: B) -> B::Out {
    body.run(l)
}
