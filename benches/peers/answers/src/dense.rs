//! Products, and operations on whole matrices.

use manylane::memory::Element;
use manylane::prelude::*;
use manylane::{Moments, Result};
use manylane_matrix::{dense, norms};

use crate::Operation;
use crate::protocol::{Asked, Given};

/// Every operation of this file.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("matmul", matmul),
    ("matvec", matvec),
    ("transpose", |asked| one(asked.sent(asked.rt.transpose(&asked.view("a")?)).run())),
    ("outer", outer),
    ("add-to-rows", add_to_rows),
    ("add-to-columns", add_to_columns),
    ("row-sums", |asked| one(asked.sent(asked.rt.reduce(&asked.view("a")?)).rows().sum())),
    ("row-least", |asked| one(asked.sent(asked.rt.reduce(&asked.view("a")?)).rows().min())),
    ("row-largest", |asked| one(asked.sent(asked.rt.reduce(&asked.view("a")?)).rows().max())),
    ("column-sums", |asked| one(asked.sent(asked.rt.reduce(&asked.view("a")?)).columns().sum())),
    ("column-least", |asked| one(asked.sent(asked.rt.reduce(&asked.view("a")?)).columns().min())),
    ("column-largest", |asked| one(asked.sent(asked.rt.reduce(&asked.view("a")?)).columns().max())),
    ("covariance", |asked| one(dense::covariance(asked.rt, asked.array("a")?, asked.target))),
    ("moments", moments),
    ("norm-one", |asked| number(norms::one(asked.rt, asked.array("x")?, asked.target))),
    ("norm-two", norm_two),
    ("norm-largest", |asked| number(norms::largest(asked.rt, asked.array("x")?, asked.target))),
    ("matrix-norm-one", |asked| number(norms::matrix_one(asked.rt, asked.array("x")?, asked.target))),
    ("matrix-norm-largest", |asked| number(norms::matrix_largest(asked.rt, asked.array("x")?, asked.target))),
];

/// An answer of one array.
///
/// # Errors
/// Those of the work.
pub fn one<T: Element>(array: Result<Array<T>>) -> Result<Vec<Given>> {
    Ok(vec![Given::array(&array?)?])
}

fn number(value: Result<f32>) -> Result<Vec<Given>> {
    Ok(vec![Given::line(&[value?])])
}

fn matmul(asked: &Asked<'_>) -> Result<Vec<Given>> {
    let mut product = asked.rt.matmul(&asked.view("a")?, &asked.view("b")?).on(asked.target);
    if let Some(share) = asked.share() {
        product = product.gpu_share(share);
    }
    if let Some(batches) = asked.optional("batches") {
        product = product.batched(batches as usize);
    }
    if let Some(alpha) = asked.optional("alpha") {
        product = product.alpha(alpha as f32);
    }
    if let Some(beta) = asked.optional("beta") {
        product = product.beta(beta as f32, &asked.view("c")?);
    }
    if asked.has("onto") {
        product = product.onto(&asked.view("onto")?);
    }
    one(product.run())
}

fn matvec(asked: &Asked<'_>) -> Result<Vec<Given>> {
    let (x, y) = (asked.view("x")?, asked.has("y").then(|| asked.view("y")).transpose()?);
    let mut product = asked.rt.matvec(&asked.view("a")?, &x).on(asked.target);
    if let Some(alpha) = asked.optional("alpha") {
        product = product.alpha(alpha as f32);
    }
    if let (Some(beta), Some(y)) = (asked.optional("beta"), &y) {
        product = product.beta(beta as f32, y);
    }
    one(product.run())
}

fn outer(asked: &Asked<'_>) -> Result<Vec<Given>> {
    if asked.is_whole("x") && asked.is_whole("y") {
        return one(dense::outer(asked.rt, asked.array("x")?, asked.array("y")?, asked.target));
    }
    let (x, y) = (asked.view("x")?, asked.view("y")?);
    let launch = asked.rt.map::<dense::pair_product>((&x, &y)).over((y.len(), x.len()));
    one(asked.sent(launch).run())
}

fn add_to_rows(asked: &Asked<'_>) -> Result<Vec<Given>> {
    if asked.is_whole("a") && asked.is_whole("v") {
        return one(dense::add_to_rows(asked.rt, asked.array("a")?, asked.array("v")?, asked.target));
    }
    let launch = asked.rt.map::<dense::plus_by_column>((&asked.view("a")?, &asked.view("v")?));
    one(asked.sent(launch).run())
}

fn add_to_columns(asked: &Asked<'_>) -> Result<Vec<Given>> {
    if asked.is_whole("a") && asked.is_whole("v") {
        return one(dense::add_to_columns(asked.rt, asked.array("a")?, asked.array("v")?, asked.target));
    }
    let launch = asked.rt.map::<dense::plus_by_row>((&asked.view("a")?, &asked.view("v")?));
    one(asked.sent(launch).run())
}

/// Least, largest, mean and variance.
fn moments(asked: &Asked<'_>) -> Result<Vec<Given>> {
    let moments: Moments = asked.sent(asked.rt.reduce(&asked.view("x")?)).moments()?;
    let bounds = [f64::from(moments.min), f64::from(moments.max)];
    Ok(vec![Given::line(&bounds), Given::line(&[moments.mean, moments.variance()])])
}

fn norm_two(asked: &Asked<'_>) -> Result<Vec<Given>> {
    if asked.is_whole("x") {
        return number(norms::two(asked.rt, asked.array("x")?, asked.target));
    }
    number(asked.sent(asked.rt.reduce(&asked.view("x")?)).norm())
}
