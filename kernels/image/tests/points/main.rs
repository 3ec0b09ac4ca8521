//! Operations that look at one pixel or none, move whole ones, or sum and count them: on every target, against naive loops.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod fractal;
mod geometry;
mod levels;
mod quality;
mod tone;

use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, Tolerance, assert_close, assert_share};

fn main() {
    manylane_testkit::on_every_target(&[tone::ALL, geometry::ALL, levels::ALL, quality::ALL, fractal::ALL]);
}

/// Columns and rows.
const SHAPES: [(usize, usize); 7] = [(1, 1), (1, 7), (7, 1), (17, 31), (33, 4), (101, 67), (640, 403)];

/// Bytes of all values, those at the ends more often.
fn bytes(random: &mut Inputs, n: usize) -> Vec<u8> {
    random.many(n, |random| if random.below(8) == 0 { random.one_of(&[0, 255]) } else { random.u32() as u8 })
}

/// Floats from 0 to 1, the ends among them.
fn floats(random: &mut Inputs, n: usize) -> Vec<f32> {
    random.many(
        n,
        |random| {
            if random.below(8) == 0 { random.one_of(&[0.0, 1.0]) } else { random.float(0.0, 1.0) }
        },
    )
}

/// Pixels of so many channels.
fn pixels<T: Copy, const C: usize>(channels: &[T]) -> Vec<[T; C]> {
    channels.as_chunks().0.to_vec()
}

/// What `one` makes of every channel, and `alpha` of the fourth.
fn each<T: Copy, U, const C: usize>(
    pixels: &[[T; C]],
    one: impl Fn(T) -> U,
    alpha: impl Fn(T) -> U,
) -> Vec<[U; C]> {
    let channel = |px: &[T; C], c: usize| if c == 3 { alpha(px[c]) } else { one(px[c]) };
    pixels.iter().map(|px| std::array::from_fn(|c| channel(px, c))).collect()
}

/// Bytes that may be rounded the other way where a value comes out near a half: a step, at one place of a thousand.
#[track_caller]
fn rounded<T: manylane_testkit::Same>(what: &str, found: &[T], expected: &[T]) {
    assert_close(what, found, expected, Tolerance::Ulps(1));
    assert_share(what, found, expected, Tolerance::Exact, 0.001);
}

/// Floats within 1e-6 of the range.
#[track_caller]
fn close<T: manylane_testkit::Same>(what: &str, found: &[T], expected: &[T]) {
    assert_close(what, found, expected, Tolerance::Relative { share: 1e-6, floor: 1.0 });
}

/// That a result is this error, whose text says all of it.
#[track_caller]
fn refused<T>(result: manylane::Result<T>, kind: ErrorKind, words: &[&str]) {
    let error = result.err().expect("an error");
    assert_eq!(error.kind(), kind, "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "`{error}` does not say `{word}`");
    }
}
