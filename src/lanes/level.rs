//! The levels by name, which of them this machine has, and which one a person forces.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// An instruction-set level, from the plainest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// One lane, plain Rust.
    Scalar,
    /// What every machine of this architecture has (SSE2, NEON), 16 lanes through `wide`.
    Baseline,
    /// AVX2 and FMA, two registers to a vector: 16 lanes.
    Avx2,
    /// AVX-512 F, BW, CD, DQ and VL, two registers to a vector: 32 lanes.
    Avx512,
}

impl Level {
    /// All levels that the library knows.
    pub const ALL: [Level; 4] = [Level::Scalar, Level::Baseline, Level::Avx2, Level::Avx512];

    /// The name, as in `MANYLANE_SIMD`.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Scalar => "scalar",
            Level::Baseline => "baseline",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }

    /// Whether this machine can run it.
    pub fn is_available(self) -> bool {
        match self {
            Level::Scalar | Level::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => super::Avx2::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => super::Avx512::detect().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Level::Avx2 | Level::Avx512 => false,
        }
    }

    /// The levels that this machine can run, plainest first.
    pub fn available() -> Vec<Level> {
        Level::ALL.into_iter().filter(|level| level.is_available()).collect()
    }

    /// The widest level that this machine can run.
    pub fn best() -> Level {
        Level::ALL.into_iter().rev().find(|level| level.is_available()).unwrap_or(Level::Scalar)
    }

    /// The level that `MANYLANE_SIMD` forces, else the best.
    ///
    /// # Errors
    /// `Setting` where the variable names no level, `NoDevice` where this machine lacks it.
    pub fn chosen() -> Result<Level> {
        match std::env::var("MANYLANE_SIMD") {
            Err(_) => Ok(Level::best()),
            Ok(name) if name.is_empty() => Ok(Level::best()),
            Ok(name) => name.parse::<Level>()?.required(),
        }
    }

    /// This level, or an error where the machine lacks it.
    ///
    /// # Errors
    /// `NoDevice`, naming what there is.
    pub fn required(self) -> Result<Level> {
        if self.is_available() {
            return Ok(self);
        }
        let have: Vec<&str> = Level::available().into_iter().map(Level::name).collect();
        Err(Error::new(
            ErrorKind::NoDevice,
            format!("this machine has no SIMD level `{self}`; it has {}", have.join(", ")),
        ))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Level {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Level::ALL.into_iter().find(|level| level.name() == text).ok_or_else(|| {
            Error::new(
                ErrorKind::Setting,
                format!("no SIMD level is called `{text}`; use scalar, baseline, avx2 or avx512"),
            )
        })
    }
}
