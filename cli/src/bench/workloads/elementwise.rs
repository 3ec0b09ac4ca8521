//! Maps: saxpy, distance, Black-Scholes, Mandelbrot.

use std::cell::OnceCell;

use manylane::prelude::*;
use manylane_elementwise::{self as kernels, finance, fractal, geometry, linear};

use super::{KI, MI, SEED, bytes, check, grids, into, kept, lines};
use crate::bench::Text;
use crate::bench::suite::{Data, Work, Workload};

pub fn saxpy() -> Workload {
    type Inputs = (Array<f32>, Array<f32>);
    const A: f32 = 1.5;
    fn launch<'a>(rt: &'a Runtime, (x, y): &'a Inputs) -> Launch<'a, 'a, kernels::saxpy> {
        rt.map::<kernels::saxpy>((A, x, y))
    }
    Workload {
        name: "saxpy",
        about: "a * x + y: bound by memory",
        quick: Domain::Line(4 * MI),
        sizes: lines([64 * KI, MI, 16 * MI]),
        memory: 16,
        is_grid: false,
        prepare: Box::new(|rt, domain| {
            let (x, y) = linear::input(SEED, domain.len());
            Ok(Box::new(Data {
                domain,
                inputs: (rt.array(x)?, rt.array(y)?),
                output: None,
                expected: OnceCell::new(),
                run: |rt, inputs, output, target| into(launch(rt, inputs).on(target), output),
                reference: |(x, y)| Ok(linear::saxpy_naive(A, &x.read()?, &y.read()?)),
                check: |got, want: &Vec<f32>| check(got, want, linear::SAXPY.tolerance),
                work: |n, _| Work {
                    bytes: linear::SAXPY.cost.total_bytes(n),
                    flops: Some(linear::SAXPY.cost.total_ops(n, 0.0)),
                    uploads: vec![bytes::<f32>(n); 2],
                    downloads: vec![bytes::<f32>(n)],
                },
                plan: |rt, inputs, target| launch(rt, inputs).on(target).plan(),
            }))
        }),
        text: Text::of::<kernels::saxpy>(),
    }
}

pub fn distance() -> Workload {
    type Inputs = (Array<f32>, Array<f32>, Array<f32>);
    fn launch<'a>(rt: &'a Runtime, (a, b, c): &'a Inputs) -> Launch<'a, 'a, kernels::distance> {
        rt.map::<kernels::distance>((a, b, c))
    }
    Workload {
        name: "distance",
        about: "sqrt(a * a + b * b) * 0.5 + c: several operations in one pass",
        quick: Domain::Line(4 * MI),
        sizes: lines([64 * KI, MI, 16 * MI]),
        memory: 20,
        is_grid: false,
        prepare: Box::new(|rt, domain| {
            let (a, b, c) = geometry::input(SEED, domain.len());
            Ok(Box::new(Data {
                domain,
                inputs: (rt.array(a)?, rt.array(b)?, rt.array(c)?),
                output: None,
                expected: OnceCell::new(),
                run: |rt, inputs, output, target| into(launch(rt, inputs).on(target), output),
                reference: |(a, b, c)| Ok(geometry::naive(&a.read()?, &b.read()?, &c.read()?)),
                check: |got, want: &Vec<f32>| check(got, want, geometry::DISTANCE.tolerance),
                work: |n, _| Work {
                    bytes: geometry::DISTANCE.cost.total_bytes(n),
                    flops: Some(geometry::DISTANCE.cost.total_ops(n, 0.0)),
                    uploads: vec![bytes::<f32>(n); 3],
                    downloads: vec![bytes::<f32>(n)],
                },
                plan: |rt, inputs, target| launch(rt, inputs).on(target).plan(),
            }))
        }),
        text: Text::of::<kernels::distance>(),
    }
}

pub fn black_scholes() -> Workload {
    type Inputs = (Array<f32>, Array<f32>, Array<f32>);
    type Prices = (Vec<f32>, Vec<f32>);
    fn launch<'a>(
        rt: &'a Runtime,
        (spot, strike, time): &'a Inputs,
    ) -> Launch<'a, 'a, kernels::black_scholes> {
        rt.map::<kernels::black_scholes>((spot, strike, time, finance::RATE, finance::VOLATILITY))
    }
    Workload {
        name: "black_scholes",
        about: "calls and puts: bound by arithmetic, exp and ln",
        quick: Domain::Line(MI),
        sizes: lines([64 * KI, MI, 4 * MI]),
        memory: 28,
        is_grid: false,
        prepare: Box::new(|rt, domain| {
            let (spot, strike, time) = finance::input(SEED, domain.len());
            Ok(Box::new(Data {
                domain,
                inputs: (rt.array(spot)?, rt.array(strike)?, rt.array(time)?),
                output: None,
                expected: OnceCell::new(),
                run: |rt, inputs, output, target| {
                    let launch = launch(rt, inputs).on(target).reported();
                    match output {
                        Some((calls, puts)) => launch.run_into((calls, puts)),
                        None => kept(launch.run()?, output),
                    }
                },
                reference: |(spot, strike, time)| {
                    let (rate, volatility) = (finance::RATE, finance::VOLATILITY);
                    Ok(finance::naive(&spot.read()?, &strike.read()?, &time.read()?, rate, volatility))
                },
                check: |(calls, puts), (want_calls, want_puts): &Prices| {
                    check(calls, want_calls, finance::BLACK_SCHOLES.tolerance)?;
                    check(puts, want_puts, finance::BLACK_SCHOLES.tolerance)
                },
                work: |n, _| Work {
                    bytes: finance::BLACK_SCHOLES.cost.total_bytes(n),
                    flops: Some(finance::BLACK_SCHOLES.cost.total_ops(n, 0.0)),
                    uploads: vec![bytes::<f32>(n); 3],
                    downloads: vec![bytes::<f32>(n); 2],
                },
                plan: |rt, inputs, target| launch(rt, inputs).on(target).plan(),
            }))
        }),
        text: Text::of::<kernels::black_scholes>(),
    }
}

pub fn mandelbrot() -> Workload {
    fn launch<'a>(rt: &'a Runtime, view: &'a fractal::View) -> Launch<'a, 'a, kernels::mandelbrot> {
        rt.map::<kernels::mandelbrot>(view.args()).over((view.width, view.height))
    }
    Workload {
        name: "mandelbrot",
        about: "256 turns at most: bound by arithmetic, every lane ends elsewhere",
        quick: Domain::from((fractal::VIEW.width, fractal::VIEW.height)),
        sizes: grids([(256, 192), (1024, 768), (2048, 1536)]),
        memory: 16,
        is_grid: true,
        prepare: Box::new(|_, domain| {
            let height = domain.len() / domain.width();
            Ok(Box::new(Data {
                domain,
                inputs: fractal::View::of(domain.width(), height),
                output: None,
                expected: OnceCell::new(),
                run: |rt, view, output, target| into(launch(rt, view).on(target), output),
                reference: |view| {
                    let (re, im) = view.points();
                    Ok(fractal::naive(&re, &im, view.limit))
                },
                check: |got, want: &Vec<u32>| check(got, want, fractal::MANDELBROT.tolerance),
                work: |n, turns| Work {
                    bytes: fractal::MANDELBROT.cost.total_bytes(n),
                    flops: Some(
                        fractal::MANDELBROT
                            .cost
                            .total_ops(n, turns.iter().map(|turns| f64::from(*turns)).sum()),
                    ),
                    uploads: Vec::new(),
                    downloads: vec![bytes::<u32>(n)],
                },
                plan: |rt, view, target| launch(rt, view).on(target).plan(),
            }))
        }),
        text: Text::of::<kernels::mandelbrot>(),
    }
}
