//! Plans: what is known of a length before anything is transformed.

use manylane::kernel::IntoSlice;
use manylane::prelude::*;
use manylane::{Error, ErrorKind, Result};

use crate::Complex;
use crate::op::{Length, Picture, PictureOfReals, RealLength, RealPicture, RealRows, Rows, RowsOfReals};
use crate::passes::Sense;
use crate::transform::Transform;

/// Transforms of rows of `n` complex numbers.
///
/// Tables are made when a target first needs them, and kept: on a GPU they stay there. A plan serves any number of
/// transforms, from several threads at once.
pub struct Fft {
    rt: Runtime,
    length: Length,
}

/// Transforms of rows of `n` floats to the first `n / 2 + 1` numbers of their spectrum, and back.
pub struct RealFft {
    rt: Runtime,
    length: RealLength,
}

/// Transforms of pictures of complex numbers.
pub struct Fft2 {
    rt: Runtime,
    width: Length,
    height: Length,
}

/// Transforms of pictures of floats to half spectra with rows of `width / 2 + 1`, and back.
pub struct RealFft2 {
    rt: Runtime,
    width: RealLength,
    height: Length,
}

impl Fft {
    /// For rows of `n` numbers, any `n` from 1 on; a length without large prime factors is several times faster.
    ///
    /// # Errors
    /// `ShapeMismatch` for 0.
    pub fn new(rt: &Runtime, n: usize) -> Result<Self> {
        Ok(Fft { rt: rt.clone(), length: Length::new(some(n, "a row")?) })
    }

    /// `X[k] = sum of x[t] * exp(-2 pi i k t / n)` of each row. Takes arrays, views and slices: one row, or rows of an array
    /// that has them, even none.
    pub fn forward<'p, 'a>(&'p self, x: impl IntoSlice<'a, Complex>) -> Transform<'p, 'a, Complex, Complex> {
        Transform::new(&self.rt, Rows(&self.length, Sense::Forward), x)
    }

    /// `x[t] = 1 / n * sum of X[k] * exp(2 pi i k t / n)` of each row, so that it undoes [`forward`](Fft::forward).
    pub fn inverse<'p, 'a>(&'p self, x: impl IntoSlice<'a, Complex>) -> Transform<'p, 'a, Complex, Complex> {
        Transform::new(&self.rt, Rows(&self.length, Sense::Inverse), x)
    }
}

impl RealFft {
    /// For rows of `n` floats, any `n` from 1 on; an even one takes half the work.
    ///
    /// # Errors
    /// `ShapeMismatch` for 0.
    pub fn new(rt: &Runtime, n: usize) -> Result<Self> {
        Ok(RealFft { rt: rt.clone(), length: RealLength::new(some(n, "a row")?) })
    }

    /// The half spectrum of each row of `n` floats, `n / 2 + 1` numbers: those of [`Fft::forward`] up to the middle.
    pub fn forward<'p, 'a>(&'p self, x: impl IntoSlice<'a, f32>) -> Transform<'p, 'a, f32, Complex> {
        Transform::new(&self.rt, RealRows(&self.length), x)
    }

    /// The `n` floats of each half spectrum, scaled by `1 / n`. The imaginary part of a row's first number, and for an even
    /// `n` of its last, is not looked at: those of a row of floats are 0.
    pub fn inverse<'p, 'a>(&'p self, x: impl IntoSlice<'a, Complex>) -> Transform<'p, 'a, Complex, f32> {
        Transform::new(&self.rt, RowsOfReals(&self.length), x)
    }
}

impl Fft2 {
    /// For arrays of `height` rows of `width` numbers.
    ///
    /// # Errors
    /// `ShapeMismatch` where one is 0.
    pub fn new(rt: &Runtime, (width, height): (usize, usize)) -> Result<Self> {
        let (width, height) = (some(width, "the width")?, some(height, "the height")?);
        Ok(Fft2 { rt: rt.clone(), width: Length::new(width), height: Length::new(height) })
    }

    /// The transform of the rows and then of the columns.
    pub fn forward<'p, 'a>(&'p self, x: impl IntoSlice<'a, Complex>) -> Transform<'p, 'a, Complex, Complex> {
        Transform::new(&self.rt, Picture(&self.width, &self.height, Sense::Forward), x)
    }

    /// The inverse of [`forward`](Fft2::forward), scaled by `1 / (width * height)`.
    pub fn inverse<'p, 'a>(&'p self, x: impl IntoSlice<'a, Complex>) -> Transform<'p, 'a, Complex, Complex> {
        Transform::new(&self.rt, Picture(&self.width, &self.height, Sense::Inverse), x)
    }
}

impl RealFft2 {
    /// For arrays of `height` rows of `width` floats.
    ///
    /// # Errors
    /// `ShapeMismatch` where one is 0.
    pub fn new(rt: &Runtime, (width, height): (usize, usize)) -> Result<Self> {
        let (width, height) = (some(width, "the width")?, some(height, "the height")?);
        Ok(RealFft2 { rt: rt.clone(), width: RealLength::new(width), height: Length::new(height) })
    }

    /// The half spectrum: `height` rows of the first `width / 2 + 1` numbers of [`Fft2::forward`].
    pub fn forward<'p, 'a>(&'p self, x: impl IntoSlice<'a, f32>) -> Transform<'p, 'a, f32, Complex> {
        Transform::new(&self.rt, RealPicture(&self.width, &self.height), x)
    }

    /// The floats of a half spectrum, scaled by `1 / (width * height)`: columns first, then rows as [`RealFft::inverse`].
    pub fn inverse<'p, 'a>(&'p self, x: impl IntoSlice<'a, Complex>) -> Transform<'p, 'a, Complex, f32> {
        Transform::new(&self.rt, PictureOfReals(&self.width, &self.height), x)
    }
}

fn some(n: usize, what: &str) -> Result<usize> {
    if n > 0 {
        return Ok(n);
    }
    let text = format!("{what} of 0 elements has no transform; plan for 1 or more");
    Err(Error::new(ErrorKind::ShapeMismatch, text))
}
