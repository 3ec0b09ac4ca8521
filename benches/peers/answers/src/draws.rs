//! Random numbers from a seed.

use manylane::Result;
use manylane::kernel::draws;
use manylane::memory::Element;
use manylane::prelude::*;

use crate::Operation;
use crate::protocol::{Asked, Given};

/// Every operation of this file.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("words", |asked| {
        let (n, seed) = many(asked)?;
        drawn(asked.sent(asked.rt.map::<draws::words>((seed,)).over(n)).run())
    }),
    ("uniform", |asked| {
        let (n, seed) = many(asked)?;
        drawn(asked.sent(asked.rt.uniform(n, seed)).run())
    }),
    ("normal", |asked| {
        let (n, seed) = many(asked)?;
        drawn(asked.sent(asked.rt.normal(n, seed)).run())
    }),
    ("below", |asked| {
        let (n, seed) = many(asked)?;
        drawn(asked.sent(asked.rt.below(asked.number("limit")? as u32, n, seed)?).run())
    }),
    ("range", |asked| {
        let ((n, seed), low, high) = (many(asked)?, asked.number("low")?, asked.number("high")?);
        drawn(asked.sent(asked.rt.range(low as i32..high as i32, n, seed)?).run())
    }),
    ("permutation", |asked| {
        let (n, seed) = many(asked)?;
        let permutation = asked.rt.permutation(n, seed).on(asked.target);
        drawn(match asked.share() {
            Some(share) => permutation.gpu_share(share).run(),
            None => permutation.run(),
        })
    }),
    ("shuffle", |asked| {
        let seed = asked.number("seed")? as u64;
        drawn(asked.sent(asked.rt.reduce(&asked.view("x")?)).shuffle(seed))
    }),
];

/// How many, and the seed.
fn many(asked: &Asked<'_>) -> Result<(usize, u64)> {
    Ok((asked.number("n")? as usize, asked.number("seed")? as u64))
}

fn drawn<T: Element>(array: Result<Array<T>>) -> Result<Vec<Given>> {
    Ok(vec![Given::array(&array?)?])
}
