//! Every kernel against its reference: all CPU levels, sizes around each vector and chunk.
#![forbid(unsafe_code)]

use manylane::prelude::*;
use manylane_elementwise::facts::Compare;
use manylane_elementwise::*;

const SIZES: [usize; 12] = [0, 1, 2, 7, 15, 16, 17, 31, 33, 1000, 4097, 20_011];

fn runtimes() -> impl Iterator<Item = Runtime> {
    Level::ALL.into_iter().filter_map(|level| Runtime::builder().level(level).build().ok())
}

/// Runs `test` for every level, target of the CPU and size.
fn everywhere(test: impl Fn(&Runtime, Target, usize)) {
    for rt in runtimes() {
        for target in [Target::Scalar, Target::Simd, Target::Threads] {
            for n in SIZES {
                test(&rt, target, n);
            }
        }
    }
}

#[track_caller]
fn hold<T: Compare + manylane::kernel::LaneElement>(facts: &Facts, got: &Array<T>, want: &[T], rt: &Runtime) {
    if let Err(mismatch) = facts.tolerance.check(&got.to_vec().unwrap(), want) {
        panic!("{} at {}, {} elements: {mismatch}", facts.name, rt.level(), want.len());
    }
}

#[test]
fn saxpy_and_axpy_are_the_reference() {
    everywhere(|rt, target, n| {
        let (x, y) = linear::input(1, n);
        let want = linear::saxpy_naive(2.5, &x, &y);
        let got = rt.map::<saxpy>((2.5, &x, &y)).on(target).run().unwrap();
        hold(&linear::SAXPY, &got, &want, rt);
        let mut y = rt.array(y).unwrap();
        rt.map::<axpy>((2.5, &x, &mut y)).on(target).run().unwrap();
        hold(&linear::AXPY, &y, &want, rt);
    });
}

#[test]
fn mul_and_dot_are_the_reference() {
    everywhere(|rt, target, n| {
        let (x, y) = linear::input(2, n);
        let got = rt.map::<mul>((&x, &y)).on(target).run().unwrap();
        hold(&linear::MUL, &got, &linear::mul_naive(&x, &y), rt);
        let dot = f64::from(rt.map::<mul>((&x, &y)).on(target).sum().unwrap());
        let want = linear::dot_naive(&x, &y);
        assert!((dot - want).abs() <= 1e-6 * want, "{dot} {want}");
    });
}

#[test]
fn distance_is_the_reference() {
    everywhere(|rt, target, n| {
        let (a, b, c) = geometry::input(3, n);
        let got = rt.map::<distance>((&a, &b, &c)).on(target).run().unwrap();
        hold(&geometry::DISTANCE, &got, &geometry::naive(&a, &b, &c), rt);
    });
}

#[test]
fn black_scholes_is_the_reference() {
    everywhere(|rt, target, n| {
        let (spot, strike, time) = finance::input(4, n);
        let (rate, volatility) = (finance::RATE, finance::VOLATILITY);
        let (call, put) =
            rt.map::<black_scholes>((&spot, &strike, &time, rate, volatility)).on(target).run().unwrap();
        let want = finance::naive(&spot, &strike, &time, rate, volatility);
        hold(&finance::BLACK_SCHOLES, &call, &want.0, rt);
        hold(&finance::BLACK_SCHOLES, &put, &want.1, rt);
        let d = input::floats(4, n, -6.0, 6.0);
        let want: Vec<f32> = d.iter().map(|d| finance::cnd_naive((*d).into()) as f32).collect();
        hold(&finance::CND, &rt.map::<cnd>(&d).on(target).run().unwrap(), &want, rt);
    });
}

#[test]
fn the_fractal_is_the_reference() {
    everywhere(|rt, target, n| {
        let (re, im) = fractal::input(5, n);
        let got = rt.map::<escape>((&re, &im, 256)).on(target).run().unwrap();
        hold(&fractal::ESCAPE, &got, &fractal::naive(&re, &im, 256), rt);
    });
    for rt in runtimes() {
        for (width, height) in [(1, 1), (33, 17), (256, 192)] {
            let view = fractal::View::of(width, height);
            let (re, im) = view.points();
            let got = rt.map::<mandelbrot>(view.args()).over((width, height)).run().unwrap();
            assert_eq!(got.domain(), (width, height).into());
            hold(&fractal::MANDELBROT, &got, &fractal::naive(&re, &im, view.limit), &rt);
        }
    }
}

#[test]
fn folds_are_the_reference() {
    everywhere(|rt, target, n| {
        let x = input::floats(6, n, -1e6, 1e6);
        let small = rt.reduce(&x).on(target).reduce::<smaller>(f32::INFINITY).unwrap();
        let large = rt.reduce(&x).on(target).reduce::<larger>(f32::NEG_INFINITY).unwrap();
        assert_eq!((small, large), (folds::smallest_naive(&x), folds::largest_naive(&x)));
        assert_eq!(
            (small, large),
            (rt.reduce(&x).on(target).min().unwrap(), rt.reduce(&x).on(target).max().unwrap())
        );
    });
}

#[test]
fn integers_are_the_reference() {
    everywhere(|rt, target, n| {
        let (a, b) = (input::integers(7, n), input::integers(8, n));
        let (u, v) = (input::words(9, n), input::below(10, n, 70));
        let got = rt.map::<xorshift>(&u).on(target).run().unwrap();
        hold(&integers::XORSHIFT, &got, &integers::xorshift_naive(&u), rt);
        let got = rt.map::<collatz>((&u, 300)).on(target).run().unwrap();
        hold(&integers::COLLATZ, &got, &integers::collatz_naive(&u, 300), rt);
        let got = rt.map::<clamp_add>((&a, &b, -1_000_000, 2_000_000_000)).on(target).run().unwrap();
        hold(&integers::CLAMP_ADD, &got, &integers::clamp_add_naive(&a, &b, -1_000_000, 2_000_000_000), rt);
        let (quotient, rest) = rt.map::<divide>((&a, &b)).on(target).run().unwrap();
        let want = integers::divide_naive(&a, &b);
        hold(&integers::DIVIDE, &quotient, &want.0, rt);
        hold(&integers::DIVIDE, &rest, &want.1, rt);
        let got = rt.map::<rotate>((&u, &v)).on(target).run().unwrap();
        hold(&integers::ROTATE, &got, &integers::rotate_naive(&u, &v), rt);
        let (a, b) = (input::bytes(11, n), input::bytes(12, n));
        let got = rt.map::<average>((&a, &b)).on(target).run().unwrap();
        hold(&integers::AVERAGE, &got, &integers::average_naive(&a, &b), rt);
    });
}

#[test]
fn horner_is_the_reference_to_the_bit() {
    everywhere(|rt, target, n| {
        let (x, c) = (polynomial::input(13, n), polynomial::COEFFICIENTS);
        let got = rt.map::<horner>((&x, c)).on(target).run().unwrap();
        hold(&polynomial::HORNER, &got, &polynomial::naive(&x, c), rt);
    });
}

#[test]
fn ramp_is_the_reference() {
    everywhere(|rt, target, n| {
        let got = rt.map::<ramp>((1.5, 0.1)).over(n).on(target).run().unwrap();
        hold(&place::RAMP, &got, &place::naive(n, 1.5, 0.1), rt);
    });
}

#[test]
fn kernels_are_plain_functions() {
    assert_eq!(saxpy(2.0, 1.0, 3.0), 5.0);
    let mut y = 3.0;
    axpy(2.0, 1.0, &mut y);
    assert_eq!(y, 5.0);
    assert_eq!(distance(3.0, 4.0, 1.0), 3.5);
    assert_eq!(escape(0.0, 0.0, 256), 256);
    assert_eq!(escape(2.0, 2.0, 256), 1);
    assert_eq!(divide(7, 0), (7, 0));
    assert_eq!(divide(i32::MIN, -1), (i32::MIN, 0));
    assert_eq!(rotate(0x8000_0001, 33), 3);
    assert_eq!(collatz(6, 100), 8);
    assert_eq!(average(255, 255), 255);
    assert_eq!(ramp(4, 1.0, 0.5), 3.0);
    assert_eq!(horner(2.0, [1.0, 1.0, 1.0, 1.0]), 15.0);
    assert!((cnd(0.0) - 0.5).abs() < 1e-6);
}
