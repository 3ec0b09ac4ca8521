//! The oracle against rustc: each text is read by the compiler and interpreted, and stands here as Rust too.

use super::{Argument, Marks, Outcome, Stop, Value, run};
use crate::compile;

fn interpreted(text: &str, args: &[Argument<'_>]) -> Outcome {
    let compiled = compile::all(text).unwrap();
    let kernels = compile::by_name(&compiled);
    run(&compiled[compiled.len() - 1].checked, &kernels, args, 10_000)
}

fn int(value: i128) -> Argument<'static> {
    Argument::Scalars(vec![Value::Int(value)])
}

fn float(value: f32) -> Argument<'static> {
    Argument::Scalars(vec![Value::F32(value)])
}

/// The function for rustc, and its text for the oracle.
macro_rules! both {
    ($($item:item)*) => {
        $($item)*
        const TEXT: &str = stringify!($($item)*);
    };
}

const INTS: [i32; 9] = [0, 1, -1, 7, -8, 33, 1_000_003, i32::MAX, i32::MIN];
const FLOATS: [f32; 12] =
    [0.0, -0.0, 0.5, -1.5, 2.5, 8_388_609.0, 3e9, -3e9, f32::MAX, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];

#[test]
fn control_flow_is_that_of_rust() {
    both! {
        fn k(x: i32) -> (i32, i32) {
            let mut a: i32 = x;
            let mut turns: i32 = 0;
            'outer: for i in 0..5 {
                let mut n: i32 = 0;
                while n < 4 {
                    n += 1;
                    turns += 1;
                    if (a ^ i) & 3 == n {
                        continue 'outer;
                    }
                    if a & 8 != 0 {
                        a -= 5;
                        break;
                    }
                    a += match n { 1 | 2 => i, 3 if a > 9 => -7, -3..=-1 => 100, _ => 2 };
                    if turns > 11 {
                        return (a, -turns);
                    }
                }
                let more: i32 = loop {
                    turns += 1;
                    if turns % 3 == 0 {
                        break i * 2;
                    }
                };
                a += more;
            }
            (a, turns)
        }
    }
    for x in -40..40 {
        let (a, b) = k(x);
        let found = interpreted(TEXT, &[int(x.into())]);
        assert_eq!(found.values, Ok(vec![Value::Int(a.into()), Value::Int(b.into())]), "{x}");
        assert_eq!(found.marks, Marks::default());
    }
}

#[test]
fn integers_are_those_of_rust_where_rust_has_them() {
    both! {
        fn k(x: i32, y: i32) -> ([i32; 4], [u32; 4], i32) {
            let u: u32 = x as u32;
            (
                [x.wrapping_add(y), x.wrapping_mul(y), x.wrapping_shl(y as u32), x.wrapping_shr(y as u32)],
                [u.rotate_left(y as u32), u.leading_zeros() + y.trailing_zeros(), u.reverse_bits(), u.swap_bytes()],
                (x.min(y) ^ x.max(y)) + (u as u8 as i32) + (x as i8 as i32) + (u.count_ones() as i16 as i32),
            )
        }
    }
    for x in INTS {
        for y in INTS {
            // Sums of the last part do not overflow for these.
            let Ok((a, b, c)) = std::panic::catch_unwind(|| k(x, y)) else { continue };
            let found = interpreted(TEXT, &[int(x.into()), int(y.into())]).values.unwrap();
            let all: Vec<i128> = a.iter().map(|x| (*x).into()).chain(b.iter().map(|x| (*x).into())).collect();
            let all: Vec<Value> = all.into_iter().chain([c.into()]).map(Value::Int).collect();
            assert_eq!(found, all, "{x} {y}");
        }
    }
}

#[test]
fn floats_are_those_of_rust() {
    both! {
        fn k(x: f32, y: f32) -> ([f32; 4], [f32; 4], [i32; 4], u32) {
            (
                [x.round(), x.trunc(), x % y, x.mul_add(0.5, y)],
                [x.copysign(1.5), x.abs().sqrt(), x.signum(), if x < y { x } else { y }],
                [x as i32, x as u8 as i32, y as i8 as i32, (x <= y) as i32 + 2 * (x != y) as i32],
                x as u32,
            )
        }
    }
    for x in FLOATS {
        for y in FLOATS {
            let (mut a, b, c, d) = k(x, y);
            a[3] = x * 0.5 + y; // a strict kernel's has two roundings
            let found = interpreted(TEXT, &[float(x), float(y)]).values.unwrap();
            let floats = a.into_iter().chain(b).map(Value::F32);
            let all: Vec<Value> = floats
                .chain(c.into_iter().map(|x| Value::Int(x.into())))
                .chain([Value::Int(d.into())])
                .collect();
            assert!(crate::compare::all_same(&found, &all), "{x} {y}: {found:?}, {all:?}");
        }
    }
}

#[test]
fn what_rust_has_not_is_what_the_language_says() {
    let text = "fn k(x: i32, y: i32) -> [i32; 2] { [x / y, x % y] }";
    let of = |x: i32, y: i32| interpreted(text, &[int(x.into()), int(y.into())]);
    for (x, y, quotient) in [(7, 0, 7), (i32::MIN, -1, i32::MIN), (i32::MIN, 0, i32::MIN)] {
        let found = of(x, y);
        assert_eq!(found.values, Ok(vec![Value::Int(quotient.into()), Value::Int(0)]));
        assert!(found.marks.unlike_rust);
    }
    assert!(!of(7, -2).marks.unlike_rust);
    let text = "fn k(x: f32, y: f32) -> [f32; 3] { [x.min(y), x.max(y), x.clamp(1.0, 2.0)] }";
    let of = |x: f32, y: f32| {
        let Ok(values) = interpreted(text, &[float(x), float(y)]).values else { panic!("{x} {y}") };
        values
            .into_iter()
            .map(|value| if let Value::F32(x) = value { x.to_bits() } else { 1 })
            .collect::<Vec<_>>()
    };
    let bits = |all: [f32; 3]| all.map(f32::to_bits).to_vec();
    assert_eq!(of(0.0, -0.0), bits([-0.0, 0.0, 1.0]));
    assert_eq!(of(-0.0, 0.0), bits([-0.0, 0.0, 1.0]));
    assert_eq!(of(f32::NAN, 3.0)[..2], bits([3.0; 3])[..2]);
    assert_eq!(of(5.0, f32::NAN), bits([5.0, 5.0, 2.0]));
    assert!(f32::from_bits(of(f32::NAN, 0.0)[2]).is_nan());
}

#[test]
fn indices_out_of_range_and_endless_loops_are_told() {
    let all: Vec<Value> = (0..3).map(Value::Int).collect();
    let text =
        "fn k(x: u32, xs: &[u32]) -> u32 { if x > 2 && xs[x as usize] > 7 { 1 } else { xs[x as usize] } }";
    let of = |x: i128| interpreted(text, &[int(x), Argument::Elements(&all)]).values;
    assert_eq!(of(2), Ok(vec![Value::Int(2)]));
    assert_eq!(of(3), Err(Stop::Fault));
    assert_eq!(of(i128::from(u32::MAX)), Err(Stop::Fault));
    assert_eq!(
        interpreted("fn k(x: u32) -> u32 { loop { if x == 0 { break; } } x }", &[int(1)]).values,
        Err(Stop::Turns)
    );
}

#[test]
fn pictures_end_at_their_border() {
    let cells: Vec<Value> = (0..6).map(Value::Int).collect();
    let text = "fn k(at: Cell, p: Image<i32>) -> [i32; 3] { [p.near(at, -1, 1), p.at(9, -9), at.x as i32] }";
    let of =
        |x, y| interpreted(text, &[Argument::Place(x, y), Argument::Picture(&cells, 3, 2)]).values.unwrap();
    assert_eq!(of(0, 0), [3, 2, 0].map(Value::Int));
    assert_eq!(of(2, 1), [4, 2, 2].map(Value::Int));
}
