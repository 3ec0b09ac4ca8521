//! Shapes that are asked for, and where blocks are done.

use manylane::prelude::*;
use manylane::{Result, shape};

/// Columns and rows of `x`, which the caller calls `name`.
///
/// # Errors
/// `ShapeMismatch` where it has no rows.
pub(crate) fn sides<T: manylane::kernel::LaneElement>(name: &str, x: &Array<T>) -> Result<(usize, usize)> {
    match x.domain() {
        Domain::Grid { width, height } => Ok((width, height)),
        Domain::Line(n) => Err(mismatch(format!(
            "{name} is a line of {n} and a matrix is needed; give it a shape with `.shaped((columns, rows))`"
        ))),
    }
}

/// # Errors
/// `ShapeMismatch` where `x` has not `n` elements.
pub(crate) fn as_long(name: &str, x: &Array<f32>, n: usize, of: &str) -> Result<()> {
    if x.len() == n {
        return Ok(());
    }
    Err(mismatch(format!("{name} has {} elements and needs {n}, one for each {of}", x.len())))
}

pub(crate) fn mismatch(text: String) -> Error {
    Error::new(ErrorKind::ShapeMismatch, text)
}

pub(crate) fn setting(text: String) -> Error {
    Error::new(ErrorKind::Setting, text)
}

/// Where an operation goes that can be done block by block.
pub(crate) enum Way {
    /// Block by block on the CPU: launches on one thread each, on all threads or on the calling one.
    Blocks { one: Target, shared: bool },
    /// Launch by launch over everything, where the devices are.
    Whole,
}

/// Places below which waking other threads does not pay.
const SHARED: usize = 1 << 16;

impl Way {
    /// Of an operation over `places` for `target`; `planned` tells where its main launch would go.
    pub fn of(target: Target, places: usize, planned: impl FnOnce() -> Result<shape::Target>) -> Result<Way> {
        let shared = places >= SHARED;
        Ok(match target {
            Target::Scalar => Way::Blocks { one: Target::Scalar, shared: false },
            Target::Simd => Way::Blocks { one: Target::Simd, shared: false },
            Target::Threads => Way::Blocks { one: Target::Simd, shared },
            Target::Auto => match planned()? {
                Target::Gpu(_) | Target::Split => Way::Whole,
                _ => Way::Blocks { one: Target::Simd, shared },
            },
            _ => Way::Whole,
        })
    }
}

/// Does `work` for each part: on all threads, or here one after the other.
pub(crate) fn each<P: Send>(
    rt: &Runtime,
    shared: bool,
    parts: impl IntoIterator<Item = P>,
    work: impl Fn(P) -> Result<()> + Sync,
) -> Result<()> {
    if shared { rt.each(parts, work) } else { parts.into_iter().try_for_each(work) }
}
