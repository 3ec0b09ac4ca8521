//! Reductions to one value or one answer.

use std::cmp::Ordering;

use manylane_testkit::values::{FEW_SIZES, LARGE, SIZES};
use manylane_testkit::{Random as Inputs, Setup, tree};

use crate::Property;
use crate::numbers::{Number, each_type, each_wide_type, refused, same};

pub const TYPED: &[Property] = each_type![sum, product, min_and_max, argmin, argmax, count, dot];
pub const WIDE: &[Property] = each_wide_type![wide];
pub const FLOATS: &[Property] = &[("norm_f32", norm), ("argmin_of_nan_f32", argmin_of_nan)];

/// What leaves a number as it is when added: of floats the negative zero.
fn nothing<T: Number>() -> T {
    T::ADDITIVE
}

fn sum<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).sum()) {
        return;
    }
    let mut random = Inputs::new("sum");
    for n in SIZES {
        let x: Vec<T> = (0..n).map(|_| T::small(random.below(1000))).collect();
        let expected = tree(&x, nothing(), T::small(0), T::plus);
        assert!(same(setup.reduce(&x).sum().unwrap(), expected), "{n}");
        let flipped: Vec<T> = x.iter().map(|x| x.flip()).collect();
        let expected = tree(&flipped, nothing(), T::small(0), T::plus);
        assert!(same(T::flipped(setup, &x).sum().unwrap(), expected), "{n}, fused");
    }
}

fn product<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).product()) {
        return;
    }
    for n in [0, 1, 5, 16, 33, 200] {
        let x: Vec<T> = (0..n).map(|k| T::small(k % 2 + 1)).collect();
        let expected = tree(&x, T::small(1), T::small(1), T::times);
        assert!(same(setup.reduce(&x).product().unwrap(), expected), "{n}");
    }
}

fn min_and_max<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).min()) {
        return;
    }
    let mut random = Inputs::new("min_and_max");
    for n in SIZES {
        let x = T::many(&mut random, n);
        let numbers = || x.iter().copied().filter(|x| x.stands(*x).is_some());
        let least = numbers().reduce(|a, b| if b.stands(a) == Some(Ordering::Less) { b } else { a });
        let most = numbers().reduce(|a, b| if b.stands(a) == Some(Ordering::Greater) { b } else { a });
        assert!(same(setup.reduce(&x).min().unwrap(), least.unwrap_or(T::LARGEST)), "{n}");
        assert!(same(setup.reduce(&x).max().unwrap(), most.unwrap_or(T::SMALLEST)), "{n}");
    }
}

/// The first before which none stands.
fn best<T: Number>(x: &[T], wanted: Ordering) -> Option<(usize, T)> {
    let mut best: Option<(usize, T)> = None;
    for (at, value) in x.iter().enumerate() {
        if value.stands(*value).is_some() && best.is_none_or(|(_, top)| value.stands(top) == Some(wanted)) {
            best = Some((at, *value));
        }
    }
    best
}

fn agree<T: Number>(found: Option<(usize, T)>, expected: Option<(usize, T)>, what: &str) {
    assert_eq!(found.map(|(at, _)| at), expected.map(|(at, _)| at), "{what}: {found:?}, {expected:?}");
    assert_eq!(found.map(|(_, x)| x.bits()), expected.map(|(_, x)| x.bits()), "{what}");
}

fn argmin<T: Number>(setup: &Setup) {
    search::<T>(setup, Ordering::Less);
}

fn argmax<T: Number>(setup: &Setup) {
    search::<T>(setup, Ordering::Greater);
}

fn search<T: Number>(setup: &Setup, wanted: Ordering) {
    let find = |x: &[T]| match wanted {
        Ordering::Less => setup.reduce(x).argmin(),
        _ => setup.reduce(x).argmax(),
    };
    if refused::<T, _>(setup, find) {
        return;
    }
    let mut random = Inputs::new("search");
    for n in SIZES {
        // Nasty numbers, which come often; then numbers of which the best comes once, anywhere.
        let x = T::many(&mut random, n);
        agree(find(&x).unwrap(), best(&x, wanted), &format!("{n}"));
        let mut x: Vec<T> = (0..n).map(|_| T::small(random.below(1000) + 500)).collect();
        if n > 0 {
            let at = random.below(n);
            x[at] = if wanted == Ordering::Less { T::small(3) } else { T::small(9000) };
        }
        agree(find(&x).unwrap(), best(&x, wanted), &format!("{n}, one"));
        let flipped: Vec<T> = x.iter().map(|x| x.flip()).collect();
        let found = match wanted {
            Ordering::Less => T::flipped(setup, &x).argmin(),
            _ => T::flipped(setup, &x).argmax(),
        };
        agree(found.unwrap(), best(&flipped, wanted), &format!("{n}, fused"));
    }
}

fn argmin_of_nan(setup: &Setup) {
    for n in [1, 4_096, 9_000] {
        let mut x = vec![f32::NAN; n];
        assert_eq!(setup.reduce(&x).argmin().unwrap(), None);
        x[n - 1] = f32::INFINITY;
        assert_eq!(setup.reduce(&x).argmin().unwrap(), Some((n - 1, f32::INFINITY)));
        assert_eq!(setup.reduce(&x).argmax().unwrap(), Some((n - 1, f32::INFINITY)));
    }
    let zeros = [0.0f32, -0.0, 0.0, -0.0];
    assert_eq!(setup.reduce(&zeros).argmin().unwrap().map(|(at, _)| at), Some(1));
    assert_eq!(setup.reduce(&zeros).argmax().unwrap().map(|(at, _)| at), Some(0));
}

fn count<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).count()) {
        return;
    }
    let mut random = Inputs::new("count");
    for n in SIZES {
        for one_in in [1, 2, 1000] {
            let x: Vec<T> = (0..n).map(|_| T::small(usize::from(random.below(one_in) == 0))).collect();
            let expected = x.iter().filter(|x| **x != T::small(0)).count() as u64;
            assert_eq!(setup.reduce(&x).count().unwrap(), expected, "{n}");
            assert_eq!(setup.reduce(&x).any().unwrap(), expected > 0, "{n}");
            assert_eq!(setup.reduce(&x).all().unwrap(), expected == n as u64, "{n}");
        }
        let x = T::many(&mut random, n);
        let expected = x.iter().filter(|x| x.flip() != T::small(0)).count() as u64;
        assert_eq!(T::flipped(setup, &x).count().unwrap(), expected, "{n}, fused");
    }
}

fn dot<T: Number>(setup: &Setup) {
    let rt = setup.runtime();
    let of = |x: &[T], y: &[T]| rt.products::<T>(x, y).on(setup.target).mapping(setup.mapping).sum();
    if refused::<T, _>(setup, |x| of(x, x)) {
        return;
    }
    let mut random = Inputs::new("dot");
    for n in FEW_SIZES.into_iter().chain([LARGE]) {
        let x: Vec<T> = (0..n).map(|_| T::small(random.below(50))).collect();
        let y: Vec<T> = (0..n).map(|_| T::small(random.below(50)).flip()).collect();
        let products: Vec<T> = x.iter().zip(&y).map(|(x, y)| x.times(*y)).collect();
        let expected = tree(&products, nothing(), T::small(0), T::plus);
        assert!(same(of(&x, &y).unwrap(), expected), "{n}");
    }
    assert!(same(rt.dot::<T>(&[T::small(3); 4][..], &[T::small(2); 4][..]).unwrap(), T::small(24)));
}

fn norm(setup: &Setup) {
    let mut random = Inputs::new("norm");
    let close = |found: f32, exact: f64| {
        assert!((f64::from(found) / exact - 1.0).abs() < 1e-6, "{found} is not {exact}");
    };
    for scale in [1.0f32, 1e-42, 1e-30, 1e-15, 1e10, 1e25, 3e37] {
        for n in [1, 17, 4_097, 100_003] {
            let x = random.many(n, |r| r.float(-1.0, 1.0) * scale);
            let exact = x.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
            if exact < f64::from(f32::MAX) && exact > 1e-43 && !(setup.own_floats() && exact < 1e-36) {
                let found = setup.reduce(&x).norm().unwrap();
                // A subnormal result has fewer digits.
                let allowed = if exact < 1.2e-38 { 1.5e-45 / exact } else { 1e-6 };
                assert!((f64::from(found) / exact - 1.0).abs() <= allowed, "{n}: {found:e} is not {exact:e}");
            }
        }
    }
    close(setup.reduce(&[3.0f32, 4.0]).norm().unwrap(), 5.0);
    close(setup.reduce(&[2e38f32, 1e38]).norm().unwrap(), 5.0f64.sqrt() * 1e38);
    let none: [f32; 0] = [];
    assert_eq!(setup.reduce(&none).norm().unwrap(), 0.0);
    assert_eq!(setup.reduce(&[0.0f32; 5]).norm().unwrap(), 0.0);
    assert_eq!(setup.reduce(&[1.0, f32::NEG_INFINITY]).norm().unwrap(), f32::INFINITY);
    assert!(setup.reduce(&[1.0, f32::NAN]).norm().unwrap().is_nan());
}

/// Each reduction once: these types take the same way through the library as the others.
fn wide<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).sum()) {
        return;
    }
    let mut random = Inputs::new("wide");
    for n in SIZES {
        let x: Vec<T> = (0..n).map(|_| T::small(random.below(1000))).collect();
        let launch = || setup.reduce(&x);
        assert!(same(launch().sum().unwrap(), tree(&x, nothing(), T::small(0), T::plus)), "{n}");
        agree(launch().argmin().unwrap(), best(&x, Ordering::Less), &format!("{n}"));
        let zeros = x.iter().filter(|x| **x == T::small(0)).count();
        assert_eq!(launch().count().unwrap(), (n - zeros) as u64, "{n}");
        let products = setup.runtime().products::<T>(&x, &x).on(setup.target).mapping(setup.mapping);
        let expected: Vec<T> = x.iter().map(|x| x.times(*x)).collect();
        assert!(same(products.sum().unwrap(), tree(&expected, nothing(), T::small(0), T::plus)), "{n}");
    }
}
