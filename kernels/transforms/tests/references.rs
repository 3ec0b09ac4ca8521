//! Every transform against the definition, on every target: one body each, a trial for each target.
//!
//! The oracle is the sum over everything in double precision; for long rows it is rustfft in double precision, which is held
//! to that sum first.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod support;

use manylane::kernel::LaneElement;
use manylane::prelude::*;
use manylane_testkit::{Property, Random, Setup};
use manylane_transforms::{Complex, Fft, Fft2, RealFft, RealFft2, Transform, naive};
use support::{assert_near, complexes, exact, floats, narrow, near, widened};

/// Lengths with small and large factors, around powers of two.
const SELECTED: [usize; 11] = [97, 100, 127, 128, 129, 243, 1000, 1024, 1920, 4096, 65_536];

const ALL: &[Property] = &[
    ("short_rows", short_rows),
    ("selected_rows", selected_rows),
    ("long_rows", long_rows),
    ("short_real_rows", short_real_rows),
    ("selected_real_rows", selected_real_rows),
    ("pictures", pictures),
    ("real_pictures", real_pictures),
    ("an_inverse_undoes", an_inverse_undoes),
    ("power_is_kept", power_is_kept),
    ("sums_go_through", sums_go_through),
    ("impulses_are_waves", impulses_are_waves),
    ("views_and_slices", views_and_slices),
    ("no_rows", no_rows),
    ("by_kernels_rows", by_kernels_rows),
    ("by_kernels_reals", by_kernels_reals),
    ("by_kernels_pictures", by_kernels_pictures),
];

fn main() {
    manylane_testkit::on_every_target(&[ALL]);
}

/// Both senses of rows of `n`, `count` of them.
fn rows(setup: &Setup, random: &mut Random, (n, count): (usize, usize), by_kernels: bool) {
    let rt = setup.runtime();
    let fft = Fft::new(rt, n).unwrap();
    let x = complexes(random, n * count);
    let array = rt.picture(x.clone(), (n, count)).unwrap();
    let forward = on(setup, fft.forward(&array), by_kernels).run().unwrap();
    assert_eq!(forward.domain(), (n, count).into());
    let inverse = on(setup, fft.inverse(&array), by_kernels).run().unwrap();
    let (forward, inverse) = (forward.read().unwrap(), inverse.read().unwrap());
    for (row, x) in x.chunks(n).enumerate() {
        let span = row * n..(row + 1) * n;
        assert_near(format!("forward, {n}, row {row}"), &forward[span.clone()], &exact(&widened(x), -1.0));
        let scaled: Vec<[f64; 2]> =
            exact(&widened(x), 1.0).iter().map(|z| [z[0] / n as f64, z[1] / n as f64]).collect();
        assert_near(format!("inverse, {n}, row {row}"), &inverse[span], &scaled);
    }
}

fn short_rows(setup: &Setup) {
    let mut random = Random::new("short rows");
    for n in 1..=64 {
        rows(setup, &mut random, (n, 3), false);
    }
    assert_eq!(Fft::new(setup.runtime(), 0).err().unwrap().kind(), ErrorKind::ShapeMismatch);
}

fn selected_rows(setup: &Setup) {
    let mut random = Random::new("selected rows");
    for n in SELECTED {
        rows(setup, &mut random, (n, 2), false);
    }
    rows(setup, &mut random, (1024, 1), false);
    rows(setup, &mut random, (24, 1_500), false);
}

fn long_rows(setup: &Setup) {
    let mut random = Random::new("long rows");
    // Divided among threads; not divisible, with a large prime; more rows than one but fewer than threads.
    for (n, count) in [(1 << 18, 1), (3 << 17, 2), (65_537, 1), (600 * 607, 1), (1 << 16, 5)] {
        rows(setup, &mut random, (n, count), false);
    }
}

/// Half spectra of rows of `n` and back, `count` of them.
fn real_rows(setup: &Setup, random: &mut Random, (n, count): (usize, usize), by_kernels: bool) {
    let rt = setup.runtime();
    let fft = RealFft::new(rt, n).unwrap();
    let (x, width) = (floats(random, n * count), n / 2 + 1);
    let array = rt.picture(x.clone(), (n, count)).unwrap();
    let spectra = on(setup, fft.forward(&array), by_kernels).run().unwrap();
    assert_eq!(spectra.domain(), (width, count).into());
    let found = spectra.read().unwrap();
    for (row, x) in x.chunks(n).enumerate() {
        let x: Vec<[f64; 2]> = x.iter().map(|x| [f64::from(*x), 0.0]).collect();
        let whole = exact(&x, -1.0);
        assert_near(format!("real, {n}, row {row}"), &found[row * width..][..width], &whole[..width]);
    }

    // The inverse of numbers that are no row's spectrum: two imaginary parts are not looked at.
    let half = complexes(random, width * count);
    let back = on(setup, fft.inverse(&rt.picture(half.clone(), (width, count)).unwrap()), by_kernels).run();
    let back = back.unwrap();
    assert_eq!(back.domain(), (n, count).into());
    let back = back.read().unwrap();
    for (row, half) in half.chunks(width).enumerate() {
        let wanted = real_inverse(half, n);
        assert_near_floats(format!("real inverse, {n}, row {row}"), &back[row * n..][..n], &wanted);
    }
}

fn short_real_rows(setup: &Setup) {
    let mut random = Random::new("short real rows");
    for n in 1..=64 {
        real_rows(setup, &mut random, (n, 3), false);
    }
    assert_eq!(RealFft::new(setup.runtime(), 0).err().unwrap().kind(), ErrorKind::ShapeMismatch);
}

fn selected_real_rows(setup: &Setup) {
    let mut random = Random::new("selected real rows");
    for n in SELECTED {
        real_rows(setup, &mut random, (n, 2), false);
    }
    real_rows(setup, &mut random, (1024, 1), false);
    real_rows(setup, &mut random, (24, 1_500), false);
}

const SHAPES: [(usize, usize); 11] =
    [(1, 1), (1, 7), (7, 1), (2, 2), (5, 4), (4, 5), (33, 20), (97, 3), (3, 97), (127, 128), (320, 70)];

fn picture(setup: &Setup, random: &mut Random, shape: (usize, usize), by_kernels: bool) {
    let (rt, fft) = (setup.runtime(), Fft2::new(setup.runtime(), shape).unwrap());
    let x = complexes(random, shape.0 * shape.1);
    let array = rt.picture(x.clone(), shape).unwrap();
    let forward = on(setup, fft.forward(&array), by_kernels).run().unwrap();
    assert_eq!(forward.domain(), shape.into());
    let wanted = naive::dft2(&widened(&x), shape, -1.0);
    assert_near(format!("forward, {shape:?}"), &forward.read().unwrap(), &wanted);
    let inverse = on(setup, fft.inverse(&array), by_kernels).run().unwrap();
    let n = (shape.0 * shape.1) as f64;
    let wanted: Vec<[f64; 2]> =
        naive::dft2(&widened(&x), shape, 1.0).iter().map(|z| [z[0] / n, z[1] / n]).collect();
    assert_near(format!("inverse, {shape:?}"), &inverse.read().unwrap(), &wanted);
}

fn pictures(setup: &Setup) {
    let mut random = Random::new("pictures");
    for shape in SHAPES {
        picture(setup, &mut random, shape, false);
    }
    for shape in [(0, 3), (3, 0)] {
        assert_eq!(Fft2::new(setup.runtime(), shape).err().unwrap().kind(), ErrorKind::ShapeMismatch);
    }
}

fn real_picture(setup: &Setup, random: &mut Random, shape: (usize, usize), by_kernels: bool) {
    let (rt, fft) = (setup.runtime(), RealFft2::new(setup.runtime(), shape).unwrap());
    let x = floats(random, shape.0 * shape.1);
    let array = rt.picture(x.clone(), shape).unwrap();
    let spectrum = on(setup, fft.forward(&array), by_kernels).run().unwrap();
    let width = shape.0 / 2 + 1;
    assert_eq!(spectrum.domain(), (width, shape.1).into());
    let wide: Vec<[f64; 2]> = x.iter().map(|x| [f64::from(*x), 0.0]).collect();
    let whole = naive::dft2(&wide, shape, -1.0);
    let half: Vec<[f64; 2]> = whole.chunks(shape.0).flat_map(|row| row[..width].to_vec()).collect();
    assert_near(format!("real, {shape:?}"), &spectrum.read().unwrap(), &half);
    let back = on(setup, fft.inverse(&spectrum), by_kernels).run().unwrap();
    assert_eq!(back.domain(), shape.into());
    let wanted: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
    assert_near_floats(format!("real and back, {shape:?}"), &back.read().unwrap(), &wanted);
}

fn real_pictures(setup: &Setup) {
    let mut random = Random::new("real pictures");
    for shape in SHAPES {
        real_picture(setup, &mut random, shape, false);
    }
}

fn an_inverse_undoes(setup: &Setup) {
    let mut random = Random::new("an inverse undoes");
    for n in [2, 31, 100, 1024, 1931, 65_536] {
        let (rt, fft) = (setup.runtime(), Fft::new(setup.runtime(), n).unwrap());
        let x = complexes(&mut random, n);
        let spectrum = on(setup, fft.forward(&x), false).run().unwrap();
        let back = on(setup, fft.inverse(&spectrum), false).run().unwrap();
        assert_near(format!("{n}"), &back.read().unwrap(), &widened(&x));
        let real = RealFft::new(rt, n).unwrap();
        let x = floats(&mut random, n);
        let spectrum = on(setup, real.forward(&x), false).run().unwrap();
        let back = on(setup, real.inverse(&spectrum), false).run().unwrap();
        let wanted: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        assert_near_floats(format!("real, {n}"), &back.read().unwrap(), &wanted);
    }
}

/// Parseval: the sum of squares grows by the length.
fn power_is_kept(setup: &Setup) {
    let mut random = Random::new("power is kept");
    let power = |z: &[Complex]| z.as_flattened().iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>();
    for n in [1, 3, 128, 1000, 1031, 65_536] {
        let x = complexes(&mut random, n);
        let spectrum = on(setup, Fft::new(setup.runtime(), n).unwrap().forward(&x), false).run().unwrap();
        let (before, after) = (power(&x) * n as f64, power(&spectrum.read().unwrap()));
        let allowed = 2.0 * manylane_transforms::tolerance(n);
        assert!((after / before - 1.0).abs() <= allowed, "{n}: {before} became {after}");
    }
}

fn sums_go_through(setup: &Setup) {
    let mut random = Random::new("sums go through");
    for n in [2, 60, 64, 101, 4096] {
        let fft = Fft::new(setup.runtime(), n).unwrap();
        let (x, y) = (complexes(&mut random, n), complexes(&mut random, n));
        let (a, b) = (0.75f32, -2.5f32);
        let mixed: Vec<Complex> =
            x.iter().zip(&y).map(|(x, y)| [a * x[0] + b * y[0], a * x[1] + b * y[1]]).collect();
        let of = |x: &Vec<Complex>| on(setup, fft.forward(x), false).run().unwrap().to_vec().unwrap();
        let parts: Vec<[f64; 2]> = widened(&of(&x))
            .iter()
            .zip(widened(&of(&y)))
            .map(|(x, y)| [0.75 * x[0] - 2.5 * y[0], 0.75 * x[1] - 2.5 * y[1]])
            .collect();
        assert_near(format!("{n}"), &of(&mixed), &parts);
    }
}

fn impulses_are_waves(setup: &Setup) {
    for n in [1, 5, 16, 61, 67, 1024, 4098] {
        let fft = Fft::new(setup.runtime(), n).unwrap();
        for place in [0, 1, n / 2, n - 1] {
            let mut x = vec![[0.0f32, 0.0]; n];
            x[place % n] = [2.0, -1.0];
            let spectrum = on(setup, fft.forward(&x), false).run().unwrap();
            let wave: Vec<[f64; 2]> = (0..n)
                .map(|k| {
                    let turn = (place % n) as f64 * k as f64 % n as f64 / n as f64;
                    let (sin, cos) = (-std::f64::consts::TAU * turn).sin_cos();
                    [2.0 * cos + sin, 2.0 * sin - cos]
                })
                .collect();
            assert_near(format!("{n} at {place}"), &spectrum.read().unwrap(), &wave);
        }
    }
}

fn views_and_slices(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Random::new("views and slices"));
    let (width, height) = (12, 40);
    let x = complexes(&mut random, width * height);
    let array = rt.picture(x.clone(), (width, height)).unwrap();
    let row = Fft::new(rt, width).unwrap();
    let some_rows = on(setup, row.forward(&array.rows(3..9).unwrap()), false).run().unwrap();
    assert_eq!(some_rows.domain(), (width, 6).into());
    for (at, found) in some_rows.read().unwrap().chunks(width).enumerate() {
        let from = (3 + at) * width;
        assert_near(format!("row {at}"), found, &exact(&widened(&x[from..from + width]), -1.0));
    }
    let column = Fft::new(rt, height).unwrap();
    let found = on(setup, column.forward(&array.column(7).unwrap()), false).run().unwrap();
    let lies: Vec<Complex> = (0..height).map(|y| x[y * width + 7]).collect();
    assert_near("a column", &found.read().unwrap(), &exact(&widened(&lies), -1.0));
    let found = on(setup, column.forward(&array.transposed().unwrap()), false).run().unwrap();
    assert_eq!(found.domain(), (height, width).into());
    assert_near(
        "columns as rows",
        &found.read().unwrap()[7 * height..8 * height],
        &exact(&widened(&lies), -1.0),
    );
    let third = Fft::new(rt, (width * height - 1usize).div_ceil(3)).unwrap();
    let found = on(setup, third.inverse(&array.strided(1, 3).unwrap()), false).run().unwrap();
    let lies: Vec<Complex> = x[1..].iter().step_by(3).copied().collect();
    let n = lies.len() as f64;
    let wanted: Vec<[f64; 2]> = exact(&widened(&lies), 1.0).iter().map(|z| [z[0] / n, z[1] / n]).collect();
    assert_near("every third", &found.read().unwrap(), &wanted);
    let floats = floats(&mut random, 101);
    let real = RealFft::new(rt, 90).unwrap();
    let found = on(setup, real.forward(&floats[5..95]), false).run().unwrap();
    let lies: Vec<[f64; 2]> = floats[5..95].iter().map(|x| [f64::from(*x), 0.0]).collect();
    assert_near("a borrowed slice", &found.read().unwrap(), &exact(&lies, -1.0)[..46]);
    let held = rt.array(floats).unwrap();
    let again = on(setup, real.forward(&held.slice(5..95).unwrap()), false).run().unwrap();
    assert_eq!(narrow(&again), narrow(&found), "a slice of an array");
    // What was passed is as it was.
    assert_eq!(array.to_vec().unwrap(), x);
}

fn no_rows(setup: &Setup) {
    let rt = setup.runtime();
    for n in [1, 6, 67] {
        let none = rt.picture(Vec::<Complex>::new(), (n, 0)).unwrap();
        let found = on(setup, Fft::new(rt, n).unwrap().forward(&none), false).run().unwrap();
        assert_eq!((found.domain(), found.to_vec().unwrap().len()), ((n, 0).into(), 0));
        let none = rt.picture(Vec::<f32>::new(), (n, 0)).unwrap();
        let found = on(setup, RealFft::new(rt, n).unwrap().forward(&none), true).run().unwrap();
        assert_eq!((found.domain(), found.to_vec().unwrap().len()), ((n / 2 + 1, 0).into(), 0));
    }
}

fn by_kernels_rows(setup: &Setup) {
    let mut random = Random::new("by kernels, rows");
    for n in [1, 2, 3, 4, 6, 7, 8, 15, 16, 17, 30, 31, 32, 37, 64, 97, 121, 128, 243, 1000, 1024, 1919, 4096]
    {
        rows(setup, &mut random, (n, 3), true);
    }
}

fn by_kernels_reals(setup: &Setup) {
    let mut random = Random::new("by kernels, reals");
    for n in [1, 2, 3, 4, 5, 6, 9, 33, 62, 64, 74, 97, 100, 1001, 4096] {
        real_rows(setup, &mut random, (n, 3), true);
    }
}

fn by_kernels_pictures(setup: &Setup) {
    let mut random = Random::new("by kernels, pictures");
    for shape in [(1, 1), (1, 7), (7, 1), (5, 4), (33, 20), (97, 3), (3, 97), (64, 48)] {
        picture(setup, &mut random, shape, true);
        real_picture(setup, &mut random, shape, true);
    }
}

/// As it goes to the target.
fn on<'p, 'a, I: LaneElement, O: manylane_transforms::Copied>(
    setup: &Setup,
    transform: Transform<'p, 'a, I, O>,
    by_kernels: bool,
) -> Transform<'p, 'a, I, O> {
    let transform = transform.on(setup.target).mapping(setup.mapping);
    let transform = if by_kernels { transform.by_kernels() } else { transform };
    match setup.share {
        Some(share) => transform.gpu_share(share),
        None => transform,
    }
}

/// The row of `n` floats whose half spectrum is `half`, by its definition: two imaginary parts do not count.
fn real_inverse(half: &[Complex], n: usize) -> Vec<f64> {
    let mut whole = vec![[0.0; 2]; n];
    for (k, value) in widened(half).into_iter().enumerate() {
        let alone = k == 0 || 2 * k == n;
        whole[k] = if alone { [value[0], 0.0] } else { value };
        if !alone {
            whole[n - k] = [value[0], -value[1]];
        }
    }
    exact(&whole, 1.0).iter().map(|z| z[0] / n as f64).collect()
}

/// As [`assert_near`], of floats.
#[track_caller]
fn assert_near_floats(what: impl std::fmt::Display, found: &[f32], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let found: Vec<f64> = found.iter().map(|x| f64::from(*x)).collect();
    near(what, &found, wanted, wanted.len());
}
