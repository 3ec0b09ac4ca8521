//! Fourier transforms: by the library's kernels on every target where `by-kernels` is given, else as each target does them.

use manylane::Result;
use manylane::kernel::LaneElement;
use manylane_transforms::{Copied, Fft, Fft2, RealFft, RealFft2, Transform};

use crate::Operation;
use crate::protocol::{Asked, Given};

/// Every operation of this file, by NumPy's names.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("fft", |asked| ran(asked, Fft::new(asked.rt, n(asked)?)?.forward(&asked.complex("x")?))),
    ("ifft", |asked| ran(asked, Fft::new(asked.rt, n(asked)?)?.inverse(&asked.complex("x")?))),
    ("rfft", |asked| ran(asked, RealFft::new(asked.rt, n(asked)?)?.forward(&asked.view("x")?))),
    ("irfft", |asked| ran(asked, RealFft::new(asked.rt, n(asked)?)?.inverse(&asked.complex("x")?))),
    ("fft2", |asked| ran(asked, Fft2::new(asked.rt, sides(asked)?)?.forward(&asked.complex("x")?))),
    ("ifft2", |asked| ran(asked, Fft2::new(asked.rt, sides(asked)?)?.inverse(&asked.complex("x")?))),
    ("rfft2", |asked| ran(asked, RealFft2::new(asked.rt, sides(asked)?)?.forward(&asked.view("x")?))),
    ("irfft2", |asked| ran(asked, RealFft2::new(asked.rt, sides(asked)?)?.inverse(&asked.complex("x")?))),
];

fn n(asked: &Asked<'_>) -> Result<usize> {
    Ok(asked.number("n")? as usize)
}

/// Width and height.
fn sides(asked: &Asked<'_>) -> Result<(usize, usize)> {
    Ok((n(asked)?, asked.number("rows")? as usize))
}

fn ran<I: LaneElement, O: Copied>(
    asked: &Asked<'_>,
    transform: Transform<'_, '_, I, O>,
) -> Result<Vec<Given>> {
    let mut transform = transform.on(asked.target);
    if let Some(share) = asked.share() {
        transform = transform.gpu_share(share);
    }
    if asked.optional("by-kernels").is_some() {
        transform = transform.by_kernels();
    }
    Ok(vec![Given::array(&transform.run()?)?])
}
