//! Planning: decompose, agglomerate, assign — as plain data, from plain data.
//!
//! A [`Plan`] says into which chunks a launch falls, who gets which and why. Planning does no I/O, touches no device and
//! no memory, and gives the same plan for the same input.

mod agglomerate;
mod assign;
pub mod cost;
mod decompose;
mod explain;
mod halo;
pub mod policy;
pub mod saved;
pub mod simulate;
mod tiles;
pub mod trace;
pub mod tuning;

pub use agglomerate::{Bound, Grain, grain};
pub use assign::{Chunk, Member, Plan, Worker, plan};
pub use cost::{Models, Quantity, Site};
pub use decompose::{blocks, guided, shares};
pub use explain::Reason;
pub use halo::Halo;
pub use tiles::Tiles;

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::KernelInfo;
use crate::lanes::Level;
use crate::shape::{Domain, Mapping, Target};

/// The machine that a plan is for, real or simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// Threads that a launch may use.
    pub threads: usize,
    /// Their SIMD level.
    pub level: Level,
    /// The GPUs that are open or could be.
    pub gpus: Vec<GpuSpec>,
}

/// A GPU, as far as planning needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct GpuSpec {
    /// Its number in `info`'s list.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Whether it is a program on the CPU.
    pub software: bool,
    /// Whether it may take a share of a split launch.
    pub joins_split: bool,
    /// Whether it failed in an earlier launch, so that no launch takes it unasked.
    pub avoided: bool,
    /// The most bytes that one binding spans.
    pub max_binding: u64,
}

/// The work of one launch.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The kernel.
    pub kernel: KernelInfo,
    /// Its places.
    pub domain: Domain,
    /// Bytes of host memory read and written at one place.
    pub bytes: usize,
    /// The widest element of any array, in bytes.
    pub widest: usize,
    /// Whether it is folded to one value.
    pub folded: bool,
}

impl Work {
    /// Bytes of results at one place.
    pub fn bytes_out(&self) -> usize {
        self.kernel.results.iter().map(|result| result.bytes()).sum()
    }
}

/// What the user asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request {
    /// Where.
    pub target: Target,
    /// How pieces are given out.
    pub mapping: Mapping,
}

/// The one domain of a launch: what its arguments imply, or what `.over` says.
///
/// # Errors
/// `ShapeMismatch` where two differ, `NoDomain` where nothing says how many places there are.
pub fn agree(
    name: &str,
    implied: impl IntoIterator<Item = (&'static str, Domain)>,
    over: Option<Domain>,
) -> Result<Domain> {
    let mut known: Option<(&str, Domain)> = over.map(|domain| ("`.over`", domain));
    for (param, domain) in implied {
        match known {
            None => known = Some((param, domain)),
            // A line fits a grid of as many cells: an array of results is a line until it is given a shape.
            Some((first, before)) if before.len() == domain.len() => {
                if let (Domain::Line(_), Domain::Grid { .. }) = (before, domain) {
                    known = Some((first, domain));
                } else if let (Domain::Grid { .. }, Domain::Grid { .. }) = (before, domain)
                    && before != domain
                {
                    return Err(mismatch(name, first, before, param, domain));
                }
            }
            Some((first, before)) => return Err(mismatch(name, first, before, param, domain)),
        }
    }
    known.map(|(_, domain)| domain).ok_or_else(|| {
        Error::new(
            ErrorKind::NoDomain,
            format!("{name}: nothing says over how many places to run; pass an array or call `.over(n)` or `.over((width, height))`"),
        )
    })
}

#[cold]
fn mismatch(name: &str, a: &str, a_domain: Domain, b: &str, b_domain: Domain) -> Error {
    Error::new(
        ErrorKind::ShapeMismatch,
        format!(
            "{name}: {a} has {a_domain} elements and {b} has {b_domain}; all arrays of a launch must have the same length or shape"
        ),
    )
}
