//! Results joined to named places: exact, whatever the order.

use manylane::api::op;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Setup};

use crate::Property;
use crate::numbers::{Number, each_type};

pub const TYPED: &[Property] = each_type![scatter];
pub const OTHERS: &[Property] = &[
    ("scatter_f64", scatter_wide::<f64>),
    ("scatter_u64", scatter_wide::<u64>),
    ("scatter_own_u32", own),
    ("scatter_fused_f32", fused),
    ("scatter_to_stored_places_i32", stored),
    ("scatter_beyond_f32", beyond),
    ("scatter_wrong_f32", wrong),
];

/// From few places that all fall upon to more places than values; on both sides of what a workgroup keeps by itself.
const CASES: [(usize, usize); 9] = [
    (0, 0),
    (0, 5),
    (1, 1),
    (4_097, 1),
    (10_000, 7),
    (100_003, 2_048),
    (100_003, 2_049),
    (50_000, 40_000),
    (5_000, 100_000),
];

/// Small whole numbers: their sums are exact in any order.
fn inputs<T: Number>(random: &mut Inputs, n: usize, places: usize) -> (Vec<T>, Vec<u32>) {
    let x = (0..n).map(|_| T::small(random.below(50))).collect();
    // Half of them crowd together.
    let place = |r: &mut Inputs| if r.below(2) == 0 { r.below(places) } else { r.below(places.min(3)) };
    (x, random.many(n, |r| place(r) as u32))
}

fn naive<T: Number>(x: &[T], places: &[u32], n: usize, nothing: T, join: impl Fn(T, T) -> T) -> Vec<T> {
    let mut out = vec![nothing; n];
    for (x, place) in x.iter().zip(places) {
        let there = &mut out[*place as usize];
        *there = join(*there, *x);
    }
    out
}

fn scatter_wide<T: Number>(setup: &Setup) {
    if !crate::numbers::refused::<T, _>(setup, |x| {
        setup.reduce(x).scatter(op::Sum, &vec![0u32; x.len()], 1).map(|_| ())
    }) {
        scatter::<T>(setup);
    }
}

fn scatter<T: Number>(setup: &Setup) {
    let mut random = Inputs::new("scatter");
    let same = |what: &str, found: Array<T>, expected: &[T]| {
        let found = found.to_vec().unwrap();
        assert!(
            found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| a.bits() == b.bits()),
            "{what}: {:?}",
            found.iter().zip(expected).position(|(a, b)| a.bits() != b.bits())
        );
    };
    for (n, places_len) in CASES {
        let (x, places) = inputs::<T>(&mut random, n, places_len.max(1));
        let of = format!("{n} to {places_len}");
        let launch = || setup.reduce(&x);
        let expected = naive(&x, &places, places_len, T::small(0), T::plus);
        same(&format!("sums, {of}"), launch().scatter(op::Sum, &places, places_len).unwrap(), &expected);
        let expected = naive(&x, &places, places_len, T::LARGEST, |a, b| if b < a { b } else { a });
        same(&format!("least, {of}"), launch().scatter(op::Min, &places, places_len).unwrap(), &expected);
        let expected = naive(&x, &places, places_len, T::SMALLEST, |a, b| if b > a { b } else { a });
        same(&format!("greatest, {of}"), launch().scatter(op::Max, &places, places_len).unwrap(), &expected);
    }
}

#[kernel]
fn either(a: u32, b: u32) -> u32 {
    a ^ b
}

fn own(setup: &Setup) {
    let mut random = Inputs::new("scatter_own");
    for (n, places_len) in [(30_000, 100), (30_000, 5_000)] {
        let x = random.many(n, Inputs::u32);
        let places = random.many(n, |r| r.below(places_len) as u32);
        let found = setup.reduce(&x).scatter(op::own::<either>(0), &places, places_len).unwrap();
        assert_eq!(found.to_vec().unwrap(), naive(&x, &places, places_len, 0, |a, b| a ^ b));
    }
}

#[kernel]
fn doubled(x: f32) -> f32 {
    x + x
}

fn fused(setup: &Setup) {
    let mut random = Inputs::new("scatter_fused");
    let (x, places) = inputs::<f32>(&mut random, 20_000, 300);
    let found = setup.map::<doubled>(&x).scatter(op::Sum, &places, 300).unwrap();
    let expected: Vec<f32> = naive(&x, &places, 300, 0.0, |a, b| a + b).iter().map(|x| 2.0 * x).collect();
    assert_eq!(found.to_vec().unwrap(), expected);
}

/// Places that a launch has computed, and every other one of an array.
fn stored(setup: &Setup) {
    let mut random = Inputs::new("scatter_stored");
    let (x, places) = inputs::<i32>(&mut random, 20_000, 3_000);
    let rt = setup.runtime();
    let expected = naive(&x, &places, 3_000, 0, i32::wrapping_add);
    let moved = setup.map::<either>((&places, &vec![0u32; 20_000])).run().unwrap();
    let found = setup.reduce(&x).scatter(op::Sum, &moved, 3_000).unwrap();
    assert_eq!(found.to_vec().unwrap(), expected);
    let spread: Vec<u32> = places.iter().flat_map(|place| [*place, u32::MAX]).collect();
    let spread = rt.array(spread).unwrap();
    let view = spread.strided(0, 2).unwrap();
    let found = setup.reduce(&x).scatter(op::Sum, &view, 3_000).unwrap();
    assert_eq!(found.to_vec().unwrap(), expected);
}

fn beyond(setup: &Setup) {
    for n in [10_000, 70_000] {
        let x = vec![1.0f32; n];
        let mut places = vec![3u32; n];
        (places[n - 1], places[n / 2], places[n / 2 + 1]) = (u32::MAX, 8, 9);
        for len in [8, 3_000].into_iter().filter(|len| *len <= 8 || places[n - 1] > 3_000) {
            let error = setup.reduce(&x).scatter(op::Sum, &places, len).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error}");
            let (place, index) = if len == 8 { (n / 2, 8) } else { (n - 1, u32::MAX) };
            let text = error.to_string();
            assert!(text.contains(&place.to_string()) && text.contains(&index.to_string()), "{text}");
        }
    }
    let error = setup.reduce(&[1.0f32]).scatter(op::Sum, &[0u32], 0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error}");
}

fn wrong(setup: &Setup) {
    let error = setup.reduce(&[1.0f32; 4]).scatter(op::Sum, &[0u32; 3], 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch, "{error}");
}
