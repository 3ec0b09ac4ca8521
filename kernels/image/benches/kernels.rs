//! The example kernels x sizes x targets, and a plain loop beside each.
//!
//! `cargo bench -p manylane-image --bench kernels [-- FILTER]`; `MANYLANE_BENCH_LARGE=1` adds 64 Mi elements,
//! `MANYLANE_BENCH_SOFTWARE=1` a GPU that is only software. Every launch is held against its reference once before it is timed.
//! Results stay where they were computed: what a GPU is timed at here is launch and kernel, waited for; transfers are the
//! command's business (`manylane bench`).

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use manylane::Result;
use manylane::device::gpu;
use manylane::kernel::LaneElement;
use manylane::prelude::*;
use manylane_elementwise::facts::{Compare, Cost, Facts};
use manylane_elementwise::{black_scholes, distance, escape, mandelbrot, mul, saxpy};
use manylane_elementwise::{finance, folds, fractal, geometry, input, linear};
use manylane_image::{blur, colour, edges, naive, ops};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(20).warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = maps, folds, fractals, pictures
}
criterion_main!(all);

fn maps(c: &mut Criterion) {
    for n in sizes() {
        saxpy_bench(c, n)
            .and_then(|()| distance_bench(c, n))
            .and_then(|()| prices_bench(c, n))
            .expect("maps");
    }
}

fn folds(c: &mut Criterion) {
    for n in sizes() {
        folds_bench(c, n).expect("folds");
    }
}

fn fractals(c: &mut Criterion) {
    fractal_bench(c).expect("fractals");
}

fn pictures(c: &mut Criterion) {
    picture_bench(c).expect("pictures");
}

fn sizes() -> Vec<usize> {
    let large = std::env::var_os("MANYLANE_BENCH_LARGE").is_some();
    [64 << 10, 4 << 20].into_iter().chain(large.then_some(64 << 20)).collect()
}

/// The targets of this machine: the CPU's, and a GPU if it is a real one or asked for.
fn targets() -> Vec<Target> {
    let software = std::env::var_os("MANYLANE_BENCH_SOFTWARE").is_some();
    let gpu = gpu::adapters().iter().position(|adapter| software || !adapter.software);
    [Target::Scalar, Target::Simd, Target::Threads].into_iter().chain(gpu.map(Target::Gpu)).collect()
}

fn group<'c>(c: &'c mut Criterion, name: &str, cost: Cost, n: usize) -> Group<'c> {
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Bytes(cost.total_bytes(n) as u64));
    group
}

/// The plain loop.
fn plain<O>(group: &mut Group<'_>, n: usize, mut work: impl FnMut() -> O) {
    group.bench_function(BenchmarkId::new("naive", n), |b| b.iter(|| black_box(work())));
}

/// One way of running it.
fn timed<O>(group: &mut Group<'_>, target: Target, n: usize, mut work: impl FnMut() -> Result<O>) {
    let id = BenchmarkId::new(target.to_string(), n);
    group.bench_function(id, |b| b.iter(|| black_box(work().expect("verified before"))));
}

/// Holds a result against its reference.
fn verify<T: Compare + LaneElement>(facts: &Facts, got: &Array<T>, want: &[T]) -> Result<()> {
    if let Err(mismatch) = facts.tolerance.check(&got.read()?, want) {
        panic!("{}: {mismatch}", facts.name);
    }
    Ok(())
}

fn saxpy_bench(c: &mut Criterion, n: usize) -> Result<()> {
    let (x, y) = linear::input(1, n);
    let want = linear::saxpy_naive(2.5, &x, &y);
    let mut group = group(c, "saxpy", linear::SAXPY.cost, n);
    let mut out = vec![0.0f32; n];
    plain(&mut group, n, || out.iter_mut().zip(&x).zip(&y).for_each(|((out, x), y)| *out = 2.5 * x + y));
    let rt = Runtime::new()?;
    let (x, y) = (rt.array(x)?, rt.array(y)?);
    for target in targets() {
        let run = || rt.map::<saxpy>((2.5, &x, &y)).on(target).run_wait();
        verify(&linear::SAXPY, &run()?, &want)?;
        timed(&mut group, target, n, run);
    }
    group.finish();
    Ok(())
}

fn distance_bench(c: &mut Criterion, n: usize) -> Result<()> {
    let (a, b, k) = geometry::input(2, n);
    let want = geometry::naive(&a, &b, &k);
    let mut group = group(c, "distance", geometry::DISTANCE.cost, n);
    let mut out = vec![0.0f32; n];
    plain(&mut group, n, || {
        let inputs = a.iter().zip(&b).zip(&k);
        out.iter_mut().zip(inputs).for_each(|(out, ((a, b), k))| *out = (a * a + b * b).sqrt() * 0.5 + k);
    });
    let rt = Runtime::new()?;
    let (a, b, k) = (rt.array(a)?, rt.array(b)?, rt.array(k)?);
    for target in targets() {
        let run = || rt.map::<distance>((&a, &b, &k)).on(target).run_wait();
        verify(&geometry::DISTANCE, &run()?, &want)?;
        timed(&mut group, target, n, run);
    }
    group.finish();
    Ok(())
}

fn prices_bench(c: &mut Criterion, n: usize) -> Result<()> {
    let (spot, strike, time) = finance::input(3, n);
    let (rate, volatility) = (finance::RATE, finance::VOLATILITY);
    let naive = || finance::naive(&spot, &strike, &time, rate, volatility);
    let want = naive();
    let mut group = group(c, "black_scholes", finance::BLACK_SCHOLES.cost, n);
    plain(&mut group, n, naive);
    let rt = Runtime::new()?;
    let (spot, strike, time) = (rt.array(spot)?, rt.array(strike)?, rt.array(time)?);
    for target in targets() {
        let args = (&spot, &strike, &time, rate, volatility);
        let run = || rt.map::<black_scholes>(args).on(target).run_wait();
        let (call, put) = run()?;
        verify(&finance::BLACK_SCHOLES, &call, &want.0)?;
        verify(&finance::BLACK_SCHOLES, &put, &want.1)?;
        timed(&mut group, target, n, run);
    }
    group.finish();
    Ok(())
}

fn folds_bench(c: &mut Criterion, n: usize) -> Result<()> {
    let (x, y) = linear::input(4, n);
    let (sum, dot) = (folds::sum_naive(&x), linear::dot_naive(&x, &y));
    let (low, high) = (folds::smallest_naive(&x), folds::largest_naive(&x));
    let near = |got: f32, want: f64| assert!((f64::from(got) - want).abs() <= 1e-6 * want, "{got} {want}");
    let rt = Runtime::new()?;
    let (xs, ys) = (rt.array(x.clone())?, rt.array(y.clone())?);

    let mut sums = group(c, "sum", Cost::element(4.0, 1.0), n);
    plain(&mut sums, n, || x.iter().sum::<f32>());
    for target in targets() {
        let run = || rt.reduce(&xs).on(target).sum();
        near(run()?, sum);
        timed(&mut sums, target, n, run);
    }
    sums.finish();

    let mut dots = group(c, "dot", Cost::element(8.0, 2.0), n);
    plain(&mut dots, n, || x.iter().zip(&y).map(|(x, y)| x * y).sum::<f32>());
    for target in targets() {
        let run = || rt.map::<mul>((&xs, &ys)).on(target).sum();
        near(run()?, dot);
        timed(&mut dots, target, n, run);
    }
    dots.finish();

    let mut ends = group(c, "min+max", Cost::element(8.0, 2.0), n);
    plain(&mut ends, n, || (folds::smallest_naive(&x), folds::largest_naive(&x)));
    for target in targets() {
        let run = || Ok((rt.reduce(&xs).on(target).min()?, rt.reduce(&xs).on(target).max()?));
        assert_eq!(run()?, (low, high));
        timed(&mut ends, target, n, run);
    }
    ends.finish();
    Ok(())
}

fn fractal_bench(c: &mut Criterion) -> Result<()> {
    let view = fractal::VIEW;
    let n = view.width * view.height;
    let (re, im) = view.points();
    let naive = || fractal::naive(&re, &im, view.limit);
    let want = naive();
    let rt = Runtime::new()?;

    let mut whole = group(c, "mandelbrot", fractal::MANDELBROT.cost, n);
    plain(&mut whole, n, naive);
    for target in targets() {
        let run = || rt.map::<mandelbrot>(view.args()).over((view.width, view.height)).on(target).run_wait();
        verify(&fractal::MANDELBROT, &run()?, &want)?;
        timed(&mut whole, target, n, run);
    }
    whole.finish();

    let mut points = group(c, "escape", fractal::ESCAPE.cost, n);
    plain(&mut points, n, naive);
    let (res, ims) = (rt.array(re.clone())?, rt.array(im.clone())?);
    for target in targets() {
        let run = || rt.map::<escape>((&res, &ims, view.limit)).on(target).run_wait();
        verify(&fractal::ESCAPE, &run()?, &want)?;
        timed(&mut points, target, n, run);
    }
    points.finish();
    Ok(())
}

fn picture_bench(c: &mut Criterion) -> Result<()> {
    let (shape, sigma) = ((1920, 1080), 3.0);
    let n = shape.0 * shape.1;
    let bytes = input::bytes(5, 3 * n);
    let pixels: Vec<[u8; 3]> = bytes.chunks_exact(3).map(|px| [px[0], px[1], px[2]]).collect();
    let cells = naive::gray(&pixels);
    let rt = Runtime::new()?;
    let (photo, grays) = (rt.picture(pixels.clone(), shape)?, rt.picture(cells.clone(), shape)?);

    let mut gray = group(c, "gray", colour::GRAY.cost, n);
    plain(&mut gray, n, || naive::gray(&pixels));
    for target in targets() {
        verify(&colour::GRAY, &ops::gray(&rt, &photo, target)?, &cells)?;
        timed(&mut gray, target, n, || rt.map::<manylane_image::gray>(&photo).on(target).run_wait());
    }
    gray.finish();

    let mut sobel = group(c, "sobel", edges::SOBEL.cost, n);
    plain(&mut sobel, n, || naive::sobel(&cells, shape));
    let want = naive::sobel(&cells, shape);
    for target in targets() {
        verify(&edges::SOBEL, &ops::sobel(&rt, &grays, target)?, &want)?;
        timed(&mut sobel, target, n, || rt.map::<manylane_image::sobel>(&grays).on(target).run_wait());
    }
    sobel.finish();

    let facts = blur::blur_facts(sigma);
    let mut blur = group(c, "blur 3", facts.cost, n);
    let want = naive::blur(&cells, shape, sigma);
    for target in targets() {
        verify(&facts, &ops::blur(&rt, &grays, sigma, target)?, &want)?;
        timed(&mut blur, target, n, || ops::blur(&rt, &grays, sigma, target));
    }
    blur.finish();
    Ok(())
}
