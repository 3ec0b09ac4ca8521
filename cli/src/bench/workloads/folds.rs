//! Folds: sum, dot product, smallest and largest.

use std::cell::OnceCell;

use manylane::api::Numeric;
use manylane::prelude::*;
use manylane_elementwise::{self as kernels, folds, input::floats, linear};

use super::{KI, MI, SEED, bytes, kept, lines};
use crate::bench::Text;
use crate::bench::suite::{Data, Work, Workload};

/// How far a sum of positive floats may be from the exact one, relatively. An element passes 32 additions in its
/// accumulator, 7 over the 128 accumulators of a block, and one for each doubling of blocks: at most 80 roundings of
/// 2^-24 for any length there is.
const SUM: f64 = 80.0 / (1u32 << 24) as f64;

fn near(got: f32, want: f64) -> Result<(), String> {
    if (f64::from(got) - want).abs() <= SUM * want.abs() {
        Ok(())
    } else {
        Err(format!("the result is {got}, the reference says {want}, and {SUM:.1e} of it was promised"))
    }
}

pub fn sum() -> Workload {
    Workload {
        name: "sum",
        about: "by the fixed tree: the same bits everywhere",
        quick: Domain::Line(4 * MI),
        sizes: lines([64 * KI, MI, 16 * MI]),
        memory: 4,
        is_grid: false,
        prepare: Box::new(|rt, domain| {
            Ok(Box::new(Data {
                domain,
                inputs: rt.array(floats(SEED, domain.len(), 0.0, 1.0))?,
                output: None,
                expected: OnceCell::new(),
                run: |rt, x, output, target| kept(rt.reduce::<f32>(x).on(target).reported().sum()?, output),
                reference: |x: &Array<f32>| Ok(folds::sum_naive(&x.read()?)),
                check: |got, want| near(*got, *want),
                work: |n, _| Work {
                    bytes: bytes::<f32>(n) as f64,
                    flops: Some(n as f64),
                    uploads: vec![bytes::<f32>(n)],
                    downloads: vec![4],
                },
                plan: |rt, x, target| rt.reduce::<f32>(x).on(target).plan(),
            }))
        }),
        text: Text::of::<<f32 as Numeric>::Same>(),
    }
}

pub fn dot() -> Workload {
    type Inputs = (Array<f32>, Array<f32>);
    fn launch<'a>(rt: &'a Runtime, (x, y): &'a Inputs) -> Launch<'a, 'a, kernels::mul> {
        rt.map::<kernels::mul>((x, y))
    }
    Workload {
        name: "dot",
        about: "a product, summed without being stored",
        quick: Domain::Line(4 * MI),
        sizes: lines([64 * KI, MI, 16 * MI]),
        memory: 8,
        is_grid: false,
        prepare: Box::new(|rt, domain| {
            let (x, y) = linear::input(SEED, domain.len());
            Ok(Box::new(Data {
                domain,
                inputs: (rt.array(x)?, rt.array(y)?),
                output: None,
                expected: OnceCell::new(),
                run: |rt, inputs, output, target| {
                    kept(launch(rt, inputs).on(target).reported().sum()?, output)
                },
                reference: |(x, y)| Ok(linear::dot_naive(&x.read()?, &y.read()?)),
                check: |got, want| near(*got, *want),
                work: |n, _| Work {
                    bytes: 2.0 * bytes::<f32>(n) as f64,
                    flops: Some(2.0 * n as f64),
                    uploads: vec![bytes::<f32>(n); 2],
                    downloads: vec![4],
                },
                plan: |rt, inputs, target| launch(rt, inputs).on(target).plan(),
            }))
        }),
        text: Text::of::<kernels::mul>(),
    }
}

pub fn minmax() -> Workload {
    Workload {
        name: "minmax",
        about: "the smallest, then the largest: two passes",
        quick: Domain::Line(4 * MI),
        sizes: lines([64 * KI, MI, 16 * MI]),
        memory: 4,
        is_grid: false,
        prepare: Box::new(|rt, domain| {
            Ok(Box::new(Data {
                domain,
                inputs: rt.array(floats(SEED, domain.len(), -1.0, 1.0))?,
                output: None,
                expected: OnceCell::new(),
                run: |rt, x, output, target| {
                    let (least, _) = rt.reduce::<f32>(x).on(target).reported().min()?;
                    let (most, outcome) = rt.reduce::<f32>(x).on(target).reported().max()?;
                    kept(((least, most), outcome), output)
                },
                reference: |x: &Array<f32>| {
                    let x = x.read()?;
                    Ok((folds::smallest_naive(&x), folds::largest_naive(&x)))
                },
                check: |got: &(f32, f32), want| {
                    if got == want {
                        Ok(())
                    } else {
                        Err(format!("the results are {got:?}, the reference says {want:?}"))
                    }
                },
                work: |n, _| Work {
                    bytes: 2.0 * bytes::<f32>(n) as f64,
                    flops: Some(2.0 * n as f64),
                    uploads: vec![bytes::<f32>(n)],
                    downloads: vec![4; 2],
                },
                plan: |rt, x, target| rt.reduce::<f32>(x).on(target).plan(),
            }))
        }),
        text: Text::of::<<f32 as Numeric>::Same>(),
    }
}
