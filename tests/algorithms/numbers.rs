//! The element types, as tests that are written once see them.

use std::cmp::Ordering;
use std::fmt::Debug;

use manylane::api::Numeric;
use manylane::kernel::Unary;
use manylane::prelude::*;
use manylane_testkit::values::{floats, ints, words};
use manylane_testkit::{Random as Inputs, Setup};

/// A number that algorithms run over.
pub trait Number: Numeric + Debug + PartialOrd {
    /// A kernel that gives another number: floats lose their sign's meaning, integers their order.
    type Flip: Unary<From = Self, To = Self>;
    /// Whether only the CPU's lanes have it.
    const WIDE: bool;
    /// Numbers of all kinds, nasty ones included.
    fn many(random: &mut Inputs, n: usize) -> Vec<Self>;
    /// One of which sums depend on their order, where there are such.
    fn fraction(n: usize) -> Self;
    /// A small whole number.
    fn small(n: usize) -> Self;
    /// What `Flip` gives.
    fn flip(self) -> Self;
    /// A launch of `Flip` on a target.
    fn flipped<'s, 'a>(setup: &'s Setup, x: &'a [Self]) -> Launch<'s, 'a, Self::Flip>;
    /// All its bits.
    fn bits(self) -> u64;
    /// How it stands to another; NaN stands nowhere, -0.0 is less than 0.0.
    fn stands(self, other: Self) -> Option<Ordering>;
    /// Addition as reductions do it.
    fn plus(self, other: Self) -> Self;
    /// Multiplication as reductions do it.
    fn times(self, other: Self) -> Self;
}

macro_rules! number {
    ($type:ident, $flip:ident, $wide:literal, $many:expr, |$x:ident| $bits:expr, $stands:expr, $plus:expr, $times:expr) => {
        impl Number for $type {
            type Flip = $flip;
            const WIDE: bool = $wide;
            fn many(random: &mut Inputs, n: usize) -> Vec<$type> {
                let many: fn(&mut Inputs, usize) -> Vec<$type> = $many;
                many(random, n)
            }
            fn fraction(n: usize) -> $type {
                (n as f64 * 0.37 - 1000.0) as $type
            }
            fn small(n: usize) -> $type {
                n as $type
            }
            fn flip(self) -> $type {
                $flip(self)
            }
            fn flipped<'s, 'a>(setup: &'s Setup, x: &'a [$type]) -> Launch<'s, 'a, $flip> {
                setup.map::<$flip>(x)
            }
            fn bits(self) -> u64 {
                let $x = self;
                $bits
            }
            fn stands(self, other: $type) -> Option<Ordering> {
                let stands: fn($type, $type) -> Option<Ordering> = $stands;
                stands(self, other)
            }
            fn plus(self, other: $type) -> $type {
                let plus: fn($type, $type) -> $type = $plus;
                plus(self, other)
            }
            fn times(self, other: $type) -> $type {
                let times: fn($type, $type) -> $type = $times;
                times(self, other)
            }
        }
    };
}

#[kernel]
pub fn flip_f32(x: f32) -> f32 {
    -x
}
#[kernel]
pub fn flip_i32(x: i32) -> i32 {
    x * 3 + 1
}
#[kernel]
pub fn flip_u32(x: u32) -> u32 {
    x ^ 0x5555
}
#[kernel]
pub fn flip_f64(x: f64) -> f64 {
    -x
}
#[kernel]
pub fn flip_i64(x: i64) -> i64 {
    x * 3 + 1
}
#[kernel]
pub fn flip_u64(x: u64) -> u64 {
    x ^ 0x5555
}

number!(
    f32,
    flip_f32,
    false,
    floats,
    |x| u64::from(x.to_bits()),
    |a, b| (!a.is_nan() && !b.is_nan()).then(|| a.total_cmp(&b)),
    |a, b| a + b,
    |a, b| a * b
);
number!(
    i32,
    flip_i32,
    false,
    ints,
    |x| x as u64,
    |a, b| Some(a.cmp(&b)),
    i32::wrapping_add,
    i32::wrapping_mul
);
number!(
    u32,
    flip_u32,
    false,
    words,
    |x| u64::from(x),
    |a, b| Some(a.cmp(&b)),
    u32::wrapping_add,
    u32::wrapping_mul
);
number!(
    f64,
    flip_f64,
    true,
    |random, n| floats(random, n).into_iter().map(|x| f64::from(x) * 1.000_000_1).collect(),
    |x| x.to_bits(),
    |a, b| (!a.is_nan() && !b.is_nan()).then(|| a.total_cmp(&b)),
    |a, b| a + b,
    |a, b| a * b
);
number!(
    i64,
    flip_i64,
    true,
    |random, n| ints(random, n).into_iter().map(|x| i64::from(x) << (x & 31)).collect(),
    |x| x as u64,
    |a, b| Some(a.cmp(&b)),
    i64::wrapping_add,
    i64::wrapping_mul
);
number!(
    u64,
    flip_u64,
    true,
    |random, n| words(random, n).into_iter().map(|x| u64::from(x) << (x & 31)).collect(),
    |x| x,
    |a, b| Some(a.cmp(&b)),
    u64::wrapping_add,
    u64::wrapping_mul
);

/// Holds a target that does not have the type to the error that says so; whether it does not.
pub fn refused<T: Number, V: Debug>(setup: &Setup, run: impl FnOnce(&[T]) -> manylane::Result<V>) -> bool {
    if !(T::WIDE && matches!(setup.target, Target::Gpu(_))) {
        return false;
    }
    let error = run(&[T::small(1); 5]).expect_err("a GPU has no 64-bit numbers");
    assert_eq!(error.kind(), ErrorKind::UnsupportedType, "{error}");
    assert!(error.to_string().contains("64-bit"), "{error}");
    true
}

/// An entry for each type.
macro_rules! each_type {
    ($($name:ident),* $(,)?) => {
        &[$(
            (concat!(stringify!($name), "_f32"), $name::<f32>),
            (concat!(stringify!($name), "_i32"), $name::<i32>),
            (concat!(stringify!($name), "_u32"), $name::<u32>),
        )*]
    };
}
pub(crate) use each_type;

/// An entry for each type that only the CPU's lanes have; they take long to compile, so they have fewer tests.
macro_rules! each_wide_type {
    ($($name:ident),* $(,)?) => {
        &[$(
            (concat!(stringify!($name), "_f64"), $name::<f64>),
            (concat!(stringify!($name), "_i64"), $name::<i64>),
            (concat!(stringify!($name), "_u64"), $name::<u64>),
        )*]
    };
}
pub(crate) use each_wide_type;

/// Whether a target computes this kernel's floats with the CPU's bits; negating is exact everywhere.
pub fn same<T: Number>(a: T, b: T) -> bool {
    a.bits() == b.bits() || a.stands(a).is_none() && b.stands(b).is_none()
}
