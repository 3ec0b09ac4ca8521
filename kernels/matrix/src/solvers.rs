//! Systems of equations and the largest eigenvalue, by nothing but products with a vector.
//!
//! Each method stops by a [`Rule`], and says whether it came as near as was asked.

use manylane::Result;
use manylane::prelude::*;

use crate::place::{as_long, mismatch, setting, sides};
use crate::sparse::Csr;

/// `x + by * factor`, into `x`.
#[kernel]
pub fn add_scaled(x: &mut f32, by: f32, #[uniform] factor: f32) {
    *x = *x + by * factor;
}

/// `x + y * factor`.
#[kernel]
pub fn plus_scaled(x: f32, y: f32, #[uniform] factor: f32) -> f32 {
    x + y * factor
}

/// `x + r / d`, into `x`.
#[kernel]
pub fn add_over(x: &mut f32, r: f32, d: f32) {
    *x = *x + r / d;
}

/// The element times a factor.
#[kernel]
pub fn scaled(x: f32, #[uniform] factor: f32) -> f32 {
    x * factor
}

/// What multiplies vectors.
pub trait Operator {
    /// Columns and rows.
    ///
    /// # Errors
    /// `ShapeMismatch` where it has none.
    fn shape(&self) -> Result<(usize, usize)>;
    /// Its product with `x`.
    ///
    /// # Errors
    /// `ShapeMismatch` where `x` has not an element for each column; whatever launches return.
    fn times(&self, rt: &Runtime, x: &Array<f32>, target: Target) -> Result<Array<f32>>;
}

impl Operator for Csr {
    fn shape(&self) -> Result<(usize, usize)> {
        Ok((self.columns(), self.rows()))
    }
    fn times(&self, rt: &Runtime, x: &Array<f32>, target: Target) -> Result<Array<f32>> {
        Csr::times(self, rt, x, target)
    }
}

impl Operator for Array<f32> {
    fn shape(&self) -> Result<(usize, usize)> {
        sides("the matrix", self)
    }
    fn times(&self, rt: &Runtime, x: &Array<f32>, target: Target) -> Result<Array<f32>> {
        rt.matvec(self, x).on(target).run()
    }
}

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// How large what is left may be: the norm of `b - A x` over that of `b`, or of `A v - value v` over the value.
    pub tolerance: f32,
    /// The most iterations.
    pub most: usize,
}

/// What a method came to.
#[derive(Clone)]
pub struct Solved {
    /// The solution, as near as it came.
    pub x: Array<f32>,
    /// The eigenvalue, where one was asked for; else 0.
    pub value: f32,
    /// Products with the matrix that were made for it.
    pub iterations: usize,
    /// What is left, as the rule's tolerance counts it; computed from `x`, not carried along.
    pub residual: f32,
    /// Whether that is within the tolerance.
    pub converged: bool,
}

/// The side of a square matrix.
fn side(a: &impl Operator) -> Result<usize> {
    let (columns, rows) = a.shape()?;
    if columns != rows {
        return Err(mismatch(format!(
            "the matrix has {columns} columns and {rows} rows; a square one is needed"
        )));
    }
    Ok(rows)
}

fn checked(rule: Rule) -> Result<()> {
    if rule.tolerance >= 0.0 {
        return Ok(());
    }
    Err(setting(format!(
        "a tolerance of {} is met by nothing; give a small positive one, 1e-5 say",
        rule.tolerance
    )))
}

/// Sums, differences and norms on one target.
struct Vectors<'r> {
    rt: &'r Runtime,
    target: Target,
}

impl Vectors<'_> {
    fn dot(&self, x: &Array<f32>, y: &Array<f32>) -> Result<f32> {
        self.rt.products(x, y).on(self.target).sum()
    }
    fn norm(&self, x: &Array<f32>) -> Result<f32> {
        self.rt.reduce(x).on(self.target).norm()
    }
    fn plus(&self, x: &Array<f32>, y: &Array<f32>, factor: f32) -> Result<Array<f32>> {
        self.rt.map::<plus_scaled>((x, y, factor)).on(self.target).run()
    }
    fn add(&self, x: &mut Array<f32>, y: &Array<f32>, factor: f32) -> Result<()> {
        self.rt.map::<add_scaled>((x, y, factor)).on(self.target).run()
    }
    /// `b - A x`.
    fn rest(&self, a: &impl Operator, x: &Array<f32>, b: &Array<f32>) -> Result<Array<f32>> {
        self.plus(b, &a.times(self.rt, x, self.target)?, -1.0)
    }
}

/// Solves `A x = b` by Jacobi's method, beginning with 0: each unknown from its own equation, all at once. It converges where
/// each diagonal element is larger than the magnitudes of the others in its row together, and may elsewhere; what grows is
/// given up as soon as it is no number.
///
/// # Errors
/// `ShapeMismatch` where the matrix is not square or `b` has another length; `Setting` where an element of the diagonal is 0,
/// or for a tolerance that nothing meets; whatever the launches return.
pub fn jacobi(rt: &Runtime, a: &Csr, b: &Array<f32>, rule: Rule, target: Target) -> Result<Solved> {
    checked(rule)?;
    as_long("b", b, side(a)?, "row")?;
    let diagonal = a.diagonal()?;
    if let Some(row) = diagonal.iter().position(|d| *d == 0.0) {
        return Err(setting(format!(
            "row {row} has 0 on the diagonal, by which Jacobi's method divides; exchange rows so that none has"
        )));
    }
    let (on, diagonal) = (Vectors { rt, target }, rt.array(diagonal)?);
    let size = on.norm(b)?;
    let mut x = rt.array(vec![0.0; b.len()])?;
    let mut iterations = 0;
    loop {
        let rest = on.rest(a, &x, b)?;
        let residual = over(on.norm(&rest)?, size);
        let converged = residual <= rule.tolerance;
        if converged || iterations == rule.most || !residual.is_finite() {
            return Ok(Solved { x, value: 0.0, iterations, residual, converged });
        }
        rt.map::<add_over>((&mut x, &rest, &diagonal)).on(target).run()?;
        iterations += 1;
    }
}

/// Solves `A x = b` for a symmetric, positive definite matrix by conjugate gradients, beginning with 0: M. R. Hestenes and
/// E. Stiefel, "Methods of Conjugate Gradients for Solving Linear Systems", 1952.
///
/// What is left is carried along, which costs no product, and drifts from the truth; once it is within the tolerance it is
/// computed anew, and where it is not within it then, the method begins again from there. So a tolerance out of reach of
/// floats ends at the rule's most iterations, not converged. That the matrix is symmetric is not looked at.
///
/// # Errors
/// `ShapeMismatch` where the matrix is not square or `b` has another length; `Setting` where a direction `p` shows by `p A p`
/// not above 0 that the matrix is not positive definite, or for a tolerance that nothing meets; whatever the launches return.
pub fn conjugate_gradients(
    rt: &Runtime,
    a: &impl Operator,
    b: &Array<f32>,
    rule: Rule,
    target: Target,
) -> Result<Solved> {
    checked(rule)?;
    as_long("b", b, side(a)?, "row")?;
    let on = Vectors { rt, target };
    let size = on.norm(b)?;
    let mut x = rt.array(vec![0.0; b.len()])?;
    let (mut rest, mut iterations) = (b.clone(), 0);
    loop {
        // `rest` is the true one here.
        let residual = over(on.norm(&rest)?, size);
        let converged = residual <= rule.tolerance;
        if converged || iterations >= rule.most || !residual.is_finite() {
            return Ok(Solved { x, value: 0.0, iterations, residual, converged });
        }
        let (mut direction, mut square) = (rest.clone(), on.dot(&rest, &rest)?);
        while over(square.sqrt(), size) > rule.tolerance && iterations < rule.most {
            let along = a.times(rt, &direction, target)?;
            iterations += 1;
            let curvature = on.dot(&direction, &along)?;
            if curvature <= 0.0 || curvature.is_nan() {
                return Err(setting(format!(
                    "conjugate gradients need a positive definite matrix, and in iteration {iterations} a direction p has \
                     p A p = {curvature}; take Jacobi's method, or solve for A^T A"
                )));
            }
            let length = square / curvature;
            on.add(&mut x, &direction, length)?;
            on.add(&mut rest, &along, -length)?;
            let next = on.dot(&rest, &rest)?;
            direction = on.plus(&rest, &direction, next / square)?;
            square = next;
        }
        rest = on.rest(a, &x, b)?;
        iterations += 1;
    }
}

/// The eigenvalue of the largest magnitude and a vector of length 1 for it, by power iteration from `start` (R. von Mises and
/// H. Pollaczek-Geiringer, 1929). The value is the Rayleigh quotient. It does not converge where two eigenvalues share the
/// largest magnitude, and from a `start` at right angles to the wanted vector it finds another, or none.
///
/// # Errors
/// `ShapeMismatch` where the matrix is not square or `start` has another length; `Setting` where `start` is 0 or not finite,
/// where the matrix takes a vector to 0, or for a tolerance that nothing meets; whatever the launches return.
pub fn power(
    rt: &Runtime,
    a: &impl Operator,
    start: &Array<f32>,
    rule: Rule,
    target: Target,
) -> Result<Solved> {
    checked(rule)?;
    as_long("the start", start, side(a)?, "row")?;
    let on = Vectors { rt, target };
    let unit = |x: &Array<f32>, norm: f32| rt.map::<scaled>((x, 1.0 / norm)).on(target).run();
    let size = on.norm(start)?;
    if size == 0.0 || !size.is_finite() {
        return Err(setting(format!(
            "a start of the length {size} has no direction; give one that is finite and not 0"
        )));
    }
    let (mut x, mut iterations) = (unit(start, size)?, 0);
    loop {
        let image = a.times(rt, &x, target)?;
        iterations += 1;
        let value = on.dot(&x, &image)?;
        let residual = over(on.norm(&on.plus(&image, &x, -value)?)?, value.abs());
        let converged = residual <= rule.tolerance;
        if converged || iterations >= rule.most || !residual.is_finite() {
            return Ok(Solved { x, value, iterations, residual, converged });
        }
        let size = on.norm(&image)?;
        if size == 0.0 {
            return Err(setting(format!(
                "the matrix takes the vector of iteration {iterations} to 0; begin with another"
            )));
        }
        x = unit(&image, size)?;
    }
}

/// What is left over the size of what was asked for; of nothing, 0 where nothing is left.
fn over(rest: f32, size: f32) -> f32 {
    if rest == 0.0 { 0.0 } else { rest / size }
}
