//! The Gaussian blur, along the rows and then along the columns.
//!
//! The weights are not looked up but stepped: with `g(k) = exp(-k^2 / (2 sigma^2))`, `g(k + 1) = g(k) * ratio(k)` and
//! `ratio(k + 1) = ratio(k) * step`. The three numbers are the same for all places, so a tap costs two scalar
//! multiplications, and no target needs a table. They drift by about `k^2 / 2` roundings of a weight that has become small
//! by then; the sum of the very same steps is divided out, so a flat picture stays what it was.
//!
//! The radii of a sigma of 1 and of 2 are as common as all others together: their kernels have a table of weights, and loops whose
//! ends the compiler knows.
//!
//! Between the two passes cells are floats: rounding happens once.

use manylane::Result;
use manylane::prelude::*;
use manylane_elementwise::facts::{Cost, Facts, Tolerance};

/// The parameters of the two passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gauss {
    /// Cells to each side that are taken: three sigma, rounded up.
    pub radius: i32,
    /// The weight of a neighbour, the weight of the middle being 1.
    pub first: f32,
    /// The change of the ratio of two neighbouring weights, from one to the next.
    pub step: f32,
    /// 1 over the sum of all weights.
    pub scale: f32,
    /// The sigma that it is for.
    pub sigma: f32,
}

impl Gauss {
    /// The largest sigma; a stronger blur is better done on a picture made smaller first.
    pub const MOST: f32 = 256.0;

    /// A blur of `sigma` pixels; 0 leaves a picture as it is.
    ///
    /// # Errors
    /// `Setting` where `sigma` is no number from 0 to [`Gauss::MOST`].
    pub fn new(sigma: f32) -> Result<Gauss> {
        if !(0.0..=Self::MOST).contains(&sigma) {
            let text =
                format!("a blur of {sigma} pixels is not possible; sigma goes from 0 to {}", Self::MOST);
            return Err(Error::new(ErrorKind::Setting, text));
        }
        let variance = f64::from(sigma) * f64::from(sigma);
        let (first, step) = ((-0.5 / variance).exp() as f32, (-1.0 / variance).exp() as f32);
        let radius = Self::radius(sigma);
        let (mut weight, mut ratio, mut sum) = (1.0, first, 1.0);
        for _ in 1..=radius {
            weight *= ratio;
            ratio *= step;
            sum += 2.0 * f64::from(weight);
        }
        Ok(Gauss { radius, first, step, scale: (1.0 / sum) as f32, sigma })
    }

    /// The weights of the middle and of the neighbours on one side, where those are `N - 1`; both sides are 1 together.
    fn table<const N: usize>(&self) -> Option<[f32; N]> {
        if self.radius as usize + 1 != N {
            return None;
        }
        let variance = f64::from(self.sigma) * f64::from(self.sigma);
        let weight = |k: usize| (-0.5 * (k * k) as f64 / variance).exp();
        let sum = 1.0 + 2.0 * (1..N).map(weight).sum::<f64>();
        Some(std::array::from_fn(|k| (weight(k) / sum) as f32))
    }

    /// Cells to each side that a blur of `sigma` takes.
    pub fn radius(sigma: f32) -> i32 {
        (3.0 * f64::from(sigma)).ceil() as i32
    }
}

/// The first pass: along the rows. See [`Gauss`] for the uniforms.
#[kernel]
pub fn blur_rows(
    at: Cell,
    src: Image<u8>,
    #[uniform] radius: i32,
    #[uniform] first: f32,
    #[uniform] step: f32,
    #[uniform] scale: f32,
) -> f32 {
    let mut sum = src.near(at, 0, 0) as f32;
    let (mut weight, mut ratio) = (1.0, first);
    for k in 1..=radius {
        weight *= ratio;
        ratio *= step;
        sum += weight * (src.near(at, k, 0) as u32 + src.near(at, -k, 0) as u32) as f32;
    }
    sum * scale
}

/// The second pass: along the columns, to the nearest byte.
#[kernel]
pub fn blur_columns(
    at: Cell,
    src: Image<f32>,
    #[uniform] radius: i32,
    #[uniform] first: f32,
    #[uniform] step: f32,
    #[uniform] scale: f32,
) -> u8 {
    let mut sum = src.near(at, 0, 0);
    let (mut weight, mut ratio) = (1.0, first);
    for k in 1..=radius {
        weight *= ratio;
        ratio *= step;
        sum += weight * (src.near(at, 0, k) + src.near(at, 0, -k));
    }
    (sum * scale + 0.5) as u8
}

/// As [`blur_rows()`], of floats.
#[kernel]
pub fn blur_rows_f32(
    at: Cell,
    src: Image<f32>,
    #[uniform] radius: i32,
    #[uniform] first: f32,
    #[uniform] step: f32,
    #[uniform] scale: f32,
) -> f32 {
    let mut sum = src.near(at, 0, 0);
    let (mut weight, mut ratio) = (1.0, first);
    for k in 1..=radius {
        weight *= ratio;
        ratio *= step;
        sum += weight * (src.near(at, k, 0) + src.near(at, -k, 0));
    }
    sum * scale
}

/// As [`blur_columns()`], not rounded.
#[kernel]
pub fn blur_columns_f32(
    at: Cell,
    src: Image<f32>,
    #[uniform] radius: i32,
    #[uniform] first: f32,
    #[uniform] step: f32,
    #[uniform] scale: f32,
) -> f32 {
    let mut sum = src.near(at, 0, 0);
    let (mut weight, mut ratio) = (1.0, first);
    for k in 1..=radius {
        weight *= ratio;
        ratio *= step;
        sum += weight * (src.near(at, 0, k) + src.near(at, 0, -k));
    }
    sum * scale
}

/// The passes for `$radius` cells to each side, of which the middle and one side are `$count`.
macro_rules! of_radius {
    ($radius:tt $count:tt $rows:ident $columns:ident $rows_f32:ident $columns_f32:ident) => {
        #[doc = concat!("As [`blur_rows()`], ", $radius, " cells to each side.")]
        #[kernel]
        pub fn $rows(at: Cell, src: Image<u8>, #[uniform] w: [f32; $count]) -> f32 {
            let mut sum = w[0] * src.near(at, 0, 0) as f32;
            for k in 1..=$radius {
                sum += w[k as usize] * (src.near(at, k, 0) as u32 + src.near(at, -k, 0) as u32) as f32;
            }
            sum
        }

        #[doc = concat!("As [`blur_columns()`], ", $radius, " cells to each side.")]
        #[kernel]
        pub fn $columns(at: Cell, src: Image<f32>, #[uniform] w: [f32; $count]) -> u8 {
            let mut sum = w[0] * src.near(at, 0, 0);
            for k in 1..=$radius {
                sum += w[k as usize] * (src.near(at, 0, k) + src.near(at, 0, -k));
            }
            (sum + 0.5) as u8
        }

        #[doc = concat!("As [`blur_rows_f32()`], ", $radius, " cells to each side.")]
        #[kernel]
        pub fn $rows_f32(at: Cell, src: Image<f32>, #[uniform] w: [f32; $count]) -> f32 {
            let mut sum = w[0] * src.near(at, 0, 0);
            for k in 1..=$radius {
                sum += w[k as usize] * (src.near(at, k, 0) + src.near(at, -k, 0));
            }
            sum
        }

        #[doc = concat!("As [`blur_columns_f32()`], ", $radius, " cells to each side.")]
        #[kernel]
        pub fn $columns_f32(at: Cell, src: Image<f32>, #[uniform] w: [f32; $count]) -> f32 {
            let mut sum = w[0] * src.near(at, 0, 0);
            for k in 1..=$radius {
                sum += w[k as usize] * (src.near(at, 0, k) + src.near(at, 0, -k));
            }
            sum
        }
    };
}
of_radius!(3 4 blur_rows_3 blur_columns_3 blur_rows_3_f32 blur_columns_3_f32);
of_radius!(6 7 blur_rows_6 blur_columns_6 blur_rows_6_f32 blur_columns_6_f32);

macro_rules! passes {
    ($($(#[$doc:meta])* $name:ident: $from:ty => $to:ty, $any:ident $three:ident $six:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// Whatever the launch returns.
        pub fn $name(
            &self,
            rt: &Runtime,
            cells: &Array<$from>,
            border: Border,
            target: Target,
        ) -> Result<Array<$to>> {
            if let Some(w) = self.table() {
                return rt.map::<$three>((cells, w)).border(border).on(target).run();
            }
            if let Some(w) = self.table() {
                return rt.map::<$six>((cells, w)).border(border).on(target).run();
            }
            let Gauss { radius, first, step, scale, .. } = *self;
            rt.map::<$any>((cells, radius, first, step, scale)).border(border).on(target).run()
        }
    )*};
}

impl Gauss {
    passes! {
        /// The first pass over bytes.
        rows: u8 => f32, blur_rows blur_rows_3 blur_rows_6;
        /// The second pass, to the nearest bytes.
        columns: f32 => u8, blur_columns blur_columns_3 blur_columns_6;
        /// The first pass over floats.
        rows_f32: f32 => f32, blur_rows_f32 blur_rows_3_f32 blur_rows_6_f32;
        /// The second pass, not rounded.
        columns_f32: f32 => f32, blur_columns_f32 blur_columns_3_f32 blur_columns_6_f32;
    }
}

/// Facts about both passes together, for a blur of `sigma`.
///
/// A sum that comes out near a half may be rounded either way.
pub fn blur_facts(sigma: f32) -> Facts {
    let taps = f64::from(2 * Gauss::radius(sigma) + 1);
    Facts {
        name: "blur",
        cost: Cost::element(10.0, 2.0 * (1.5 * taps + 1.0)),
        tolerance: Tolerance::OneStep { share: 0.001 },
    }
}
