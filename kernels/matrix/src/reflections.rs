//! Householder's reflections of a panel, joined two by two: `(I - v₁ t₁ v₁ᵀ)(I - v₂ t₂ v₂ᵀ) … = I - V T Vᵀ`.
//!
//! ```text
//! the first half of the columns                               the same way
//! the other half: C - V₁ (T₁ᵀ (V₁ᵀ C))                        products
//! the other half of the columns                               the same way
//! T = T₁, -T₁ (V₁ᵀ V₂) T₂ above T₂                            products
//! ```
//! E. Elmroth and F. Gustavson, "Applying Recursion to Serial and Parallel QR Factorization Leads to Better Performance", 2000.

use std::ops::Range;

use manylane::Result;
use manylane::prelude::*;

use crate::blocks::{Columns, LEAF, Products, Rows, dot, half, take_off};

/// A panel on its way: above and on the diagonal the triangle, below it the vectors.
struct Joined<'m> {
    all: Rows<'m>,
    /// An upper triangle.
    t: Rows<'m>,
    rows: usize,
}

/// The reflections that make a triangle of the columns of `all`, which are at most as many as its rows: above and on the diagonal
/// it has the triangle then. `t` has zeros, and then the triangle of `T`. Returns the vectors.
pub(crate) fn joined(products: Products<'_>, all: Rows<'_>, t: Rows<'_>) -> Result<Array<f32>> {
    let width = all.columns;
    let rows = all.values.len() / width;
    let mut joined = Joined { all, t, rows };
    joined.columns(products, 0..width)?;
    joined.vectors(products.rt, 0..width)
}

impl Joined<'_> {
    /// The vectors of the columns `at`, from their first row on: with ones on the diagonal and zeros above.
    fn vectors(&self, rt: &Runtime, at: Range<usize>) -> Result<Array<f32>> {
        let width = at.len();
        let mut vectors = self.all.part(rt, at.clone(), at.start..self.rows)?;
        for (k, row) in vectors.write()?.chunks_exact_mut(width).take(width).enumerate() {
            row[k] = 1.0;
            row[k + 1..].fill(0.0);
        }
        Ok(vectors)
    }

    fn columns(&mut self, products: Products<'_>, at: Range<usize>) -> Result<()> {
        if at.len() <= LEAF {
            self.leaf(at);
            return Ok(());
        }
        let middle = at.start + half(at.len());
        let (first, rest) = (at.start..middle, middle..at.end);
        self.columns(products, first.clone())?;
        self.reflect(products, first.clone(), rest.clone())?;
        self.columns(products, rest.clone())?;
        self.join(products, first, rest)
    }

    /// What the reflections of the columns `first` make of those of `rest`.
    fn reflect(&mut self, products: Products<'_>, first: Range<usize>, rest: Range<usize>) -> Result<()> {
        let v = self.vectors(products.rt, first.clone())?;
        let t = self.t.part(products.rt, first.clone(), first.clone())?;
        let c = self.all.part(products.rt, rest.clone(), first.start..self.rows)?;
        let along = products.times(v.transposed()?, &c)?;
        let along = products.times(t.transposed()?, &along)?;
        let new = products.less(&c, (&v, first.len()), &along)?;
        self.all.put((rest.start, first.start), &new.read()?, rest.len());
        Ok(())
    }

    /// What is beside the triangles of the columns `first` and `rest` in `t`.
    fn join(&mut self, products: Products<'_>, first: Range<usize>, rest: Range<usize>) -> Result<()> {
        let (below, rt) = (rest.start..self.rows, products.rt);
        let before = self.all.part(rt, first.clone(), below)?;
        let behind = self.vectors(rt, rest.clone())?;
        let [of_first, of_rest] = [&first, &rest].map(|at| self.t.part(rt, at.clone(), at.clone()));
        let along = products.times(before.transposed()?, &behind)?;
        let along = products.times(&of_first?, &along)?;
        let both = products.times(&along, &of_rest?)?;
        let negative: Vec<f32> = both.read()?.iter().map(|x| -x).collect();
        self.t.put((rest.start, first.start), &negative, rest.len());
        Ok(())
    }

    /// Few columns: a reflection for each in turn, applied to those behind it.
    fn leaf(&mut self, at: Range<usize>) {
        let mut columns = Columns::of(&self.all, at.clone(), at.start..self.rows);
        for k in 0..at.len() {
            let (own, behind) = columns.from(k);
            let own = &mut own[k..];
            let t = reflection(own);
            for other in behind {
                let (head, tail) = other[k..].split_at_mut(1);
                let along = t * (head[0] + dot(&own[1..], tail));
                head[0] -= along;
                take_off(tail, along, &own[1..]);
            }
            self.column_of_t(&columns, at.start, (k, t));
        }
        columns.put(&mut self.all, (at.start, at.start));
    }

    /// The column `k` of the triangle of some columns, whose first is `first`: `-t T Vᵀ v` above `t`.
    fn column_of_t(&mut self, columns: &Columns, first: usize, (k, t): (usize, f32)) {
        let own = &columns.column(k)[k..];
        let mut along = [0.0; LEAF];
        for (i, along) in along[..k].iter_mut().enumerate() {
            let other = &columns.column(i)[k..];
            *along = other[0] + dot(&other[1..], &own[1..]);
        }
        for i in 0..k {
            let sum: f32 =
                self.t.row(first + i, first..first + k).iter().zip(along).map(|(t, x)| t * x).sum();
            self.t.row_mut(first + i, first + k..first + k + 1)[0] = -t * sum;
        }
        self.t.row_mut(first + k, first + k..first + k + 1)[0] = t;
    }
}

/// Makes of `x` its image, `±|x|` with zeros behind, but for the zeros, where the reflection's vector stands: its first element is
/// 1 and is not stored. Returns the factor `t` of `I - t v vᵀ`, which is 0 where nothing needs to be done. The sign is the one
/// that loses no digits.
fn reflection(x: &mut [f32]) -> f32 {
    let Some((head, tail)) = x.split_first_mut() else { return 0.0 };
    let squares = squares(tail);
    if squares == 0.0 {
        return 0.0;
    }
    let old = f64::from(*head);
    let new = -(old * old + squares).sqrt().copysign(old);
    let factor = 1.0 / (old - new);
    tail.iter_mut().for_each(|x| *x = (f64::from(*x) * factor) as f32);
    *head = new as f32;
    ((new - old) / new) as f32
}

/// The sum of squares, which neither overflows nor vanishes in `f64`.
fn squares(x: &[f32]) -> f64 {
    let mut sums = [0.0_f64; 8];
    let chunks = x.chunks_exact(8);
    let rest: f64 = chunks.remainder().iter().map(|x| f64::from(*x) * f64::from(*x)).sum();
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum += f64::from(*x) * f64::from(*x);
        }
    }
    sums.iter().sum::<f64>() + rest
}
