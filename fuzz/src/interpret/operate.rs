//! Single operations: the meaning of the language, in integers of any size and IEEE floats.

use manylane_compiler::ir::{Binary, Func, Unary};
use manylane_compiler::types::Scalar;

use super::{Marks, Stop, Value};

type Found = Result<Value, Stop>;

/// How many bits an integer of the type has.
fn width(scalar: Scalar) -> u32 {
    match scalar {
        Scalar::I64 | Scalar::U64 => 64,
        Scalar::U8 | Scalar::I8 => 8,
        Scalar::U16 | Scalar::I16 => 16,
        _ => 32,
    }
}

/// The integer of the type that has the same lowest bits.
pub fn wrap(value: i128, scalar: Scalar) -> Value {
    let size = 1i128 << width(scalar);
    let low = value.rem_euclid(size);
    Value::Int(if scalar.is_signed() && low >= size / 2 { low - size } else { low })
}

/// The bits of an integer, without a sign.
fn unsigned(value: i128, scalar: Scalar) -> u128 {
    value.rem_euclid(1i128 << width(scalar)) as u128
}

impl Marks {
    fn see(&mut self, x: f32) -> f32 {
        self.subnormal |= x.is_subnormal();
        self.not_finite |= !x.is_finite();
        x
    }

    fn single(&mut self, x: f32) -> Found {
        Ok(Value::F32(self.see(x)))
    }
}

fn broken<T>(what: &str, values: &[Value]) -> Result<T, Stop> {
    Err(Stop::Broken(format!("{what} of {values:?}")))
}

/// `-` and `!`.
pub fn unary(marks: &mut Marks, op: Unary, a: Value, scalar: Scalar) -> Found {
    match (op, a) {
        (Unary::Neg, Value::F32(x)) => marks.single(-x),
        (Unary::Neg, Value::F64(x)) => Ok(Value::F64(-x)),
        (Unary::Neg, Value::Int(x)) => Ok(wrap(-x, scalar)),
        (Unary::Not, Value::Int(x)) => Ok(wrap(-1 - x, scalar)),
        (Unary::Not, Value::Bool(x)) => Ok(Value::Bool(!x)),
        _ => broken("a sign", &[a]),
    }
}

/// An operator; `count` is the type of its right side.
pub fn binary(marks: &mut Marks, op: Binary, a: Value, b: Value, of: Scalar, count: Scalar) -> Found {
    match (a, b) {
        (Value::F32(a), Value::F32(b)) => {
            marks.see(a);
            marks.see(b);
            match op {
                Binary::Add => marks.single(a + b),
                Binary::Sub => marks.single(a - b),
                Binary::Mul => marks.single(a * b),
                Binary::Div => marks.single(a / b),
                Binary::Rem => marks.single(a % b),
                _ => compare(op, a.partial_cmp(&b)),
            }
        }
        (Value::F64(a), Value::F64(b)) => match op {
            Binary::Add => Ok(Value::F64(a + b)),
            Binary::Sub => Ok(Value::F64(a - b)),
            Binary::Mul => Ok(Value::F64(a * b)),
            Binary::Div => Ok(Value::F64(a / b)),
            Binary::Rem => Ok(Value::F64(a % b)),
            _ => compare(op, a.partial_cmp(&b)),
        },
        (Value::Bool(a), Value::Bool(b)) => match op {
            Binary::And => Ok(Value::Bool(a && b)),
            Binary::Or => Ok(Value::Bool(a || b)),
            Binary::Xor => Ok(Value::Bool(a != b)),
            _ => compare(op, Some(a.cmp(&b))),
        },
        (Value::Int(a), Value::Int(b)) => integers(marks, op, a, b, of, count),
        _ => broken("an operator", &[a, b]),
    }
}

fn compare(op: Binary, order: Option<std::cmp::Ordering>) -> Found {
    use std::cmp::Ordering as O;
    Ok(Value::Bool(match op {
        Binary::Eq => order == Some(O::Equal),
        Binary::Ne => order != Some(O::Equal),
        Binary::Lt => order == Some(O::Less),
        Binary::Le => matches!(order, Some(O::Less | O::Equal)),
        Binary::Gt => order == Some(O::Greater),
        Binary::Ge => matches!(order, Some(O::Greater | O::Equal)),
        _ => return Err(Stop::Broken(format!("{op:?} on a type that has it not"))),
    }))
}

fn integers(marks: &mut Marks, op: Binary, a: i128, b: i128, of: Scalar, count: Scalar) -> Found {
    if let Binary::Shl | Binary::Shr = op {
        let n = unsigned(b, count) % u128::from(width(of));
        // `>>` of a number that has its sign keeps the sign: it is a division that rounds down.
        let power = 1i128 << n;
        return Ok(wrap(if op == Binary::Shl { a.wrapping_mul(power) } else { a.div_euclid(power) }, of));
    }
    if let Binary::Div | Binary::Rem = op {
        let least = of.is_signed() && a == -(1i128 << (width(of) - 1));
        marks.unlike_rust |= b == 0 || least && b == -1;
    }
    Ok(match op {
        Binary::Add => wrap(a + b, of),
        Binary::Sub => wrap(a - b, of),
        Binary::Mul => wrap(a.wrapping_mul(b), of),
        Binary::Div => wrap(if b == 0 { a } else { a / b }, of),
        Binary::Rem => wrap(if b == 0 { 0 } else { a % b }, of),
        Binary::And => wrap(a & b, of),
        Binary::Or => wrap(a | b, of),
        Binary::Xor => wrap(a ^ b, of),
        _ => return compare(op, Some(a.cmp(&b))),
    })
}

/// The smaller (or greater) of two: one NaN is passed over, -0.0 is below 0.0.
fn extreme(marks: &mut Marks, a: f32, b: f32, greater: bool) -> f32 {
    marks.see(a);
    marks.see(b);
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() { b } else { a };
    }
    marks.unlike_rust |= a == 0.0 && b == 0.0 && a.is_sign_negative() != b.is_sign_negative();
    let first = (a < b || a == b && a.is_sign_negative()) != greater;
    if a == b && a.is_sign_negative() == b.is_sign_negative() || first { a } else { b }
}

fn extreme_double(marks: &mut Marks, a: f64, b: f64, greater: bool) -> f64 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() { b } else { a };
    }
    marks.unlike_rust |= a == 0.0 && b == 0.0 && a.is_sign_negative() != b.is_sign_negative();
    let first = (a < b || a == b && a.is_sign_negative()) != greater;
    if a == b && a.is_sign_negative() == b.is_sign_negative() || first { a } else { b }
}

/// To the nearest whole number, from the middle away from zero.
fn round(x: f32) -> f32 {
    let whole = x.trunc();
    if (x - whole).abs() < 0.5 || !x.is_finite() { whole } else { whole + 1f32.copysign(x) }
}

/// A named function.
pub fn function(marks: &mut Marks, func: Func, parts: &[Value], of: Scalar) -> Found {
    match *parts {
        [Value::F32(x)] => {
            let bits = matches!(func, Func::ToBits);
            if !bits {
                marks.see(x);
            }
            match func {
                Func::Sqrt => marks.single(x.sqrt()),
                Func::Abs => marks.single(f32::from_bits(x.to_bits() & 0x7fff_ffff)),
                Func::Floor => marks.single(x.floor()),
                Func::Ceil => marks.single(x.ceil()),
                Func::Round => marks.single(round(x)),
                Func::RoundTiesEven => marks.single(x.round_ties_even()),
                Func::Trunc => marks.single(x.trunc()),
                Func::IsNan => Ok(Value::Bool(x.is_nan())),
                Func::ToBits => {
                    marks.nan_bits |= x.is_nan();
                    Ok(Value::Int(x.to_bits().into()))
                }
                _ => broken("a function", parts),
            }
        }
        [Value::F32(a), Value::F32(b)] => match func {
            Func::Min => Ok(Value::F32(extreme(marks, a, b, false))),
            Func::Max => Ok(Value::F32(extreme(marks, a, b, true))),
            Func::Copysign => {
                marks.see(a);
                marks.nan_bits |= b.is_nan();
                Ok(Value::F32(f32::from_bits(a.to_bits() & 0x7fff_ffff | b.to_bits() & 0x8000_0000)))
            }
            _ => broken("a function", parts),
        },
        [Value::F32(x), Value::F32(low), Value::F32(high)] if func == Func::Clamp => {
            for x in [x, low, high] {
                marks.see(x);
            }
            let empty =
                !matches!(low.partial_cmp(&high), Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal));
            marks.unlike_rust |= empty;
            let raised = if x < low { low } else { x };
            Ok(Value::F32(if raised > high { high } else { raised }))
        }
        [Value::F64(_)] | [Value::F64(_), _] | [Value::F64(_), _, _] => double(marks, func, parts),
        [Value::Int(x)] => integer(func, x, of),
        [Value::Int(a), Value::Int(b)] => Ok(match func {
            Func::Min => Value::Int(a.min(b)),
            Func::Max => Value::Int(a.max(b)),
            Func::RotateLeft | Func::RotateRight => {
                let places = (b as u128 % u128::from(width(of))) as u32;
                let left = if func == Func::RotateLeft { places } else { (width(of) - places) % width(of) };
                let bits = unsigned(a, of);
                wrap((bits << left | bits >> (width(of) - left)) as i128, of)
            }
            Func::MulHi => wrap(a.wrapping_mul(b) >> width(of), of),
            _ => return broken("a function", parts),
        }),
        [Value::Int(x), Value::Int(low), Value::Int(high)] if func == Func::Clamp => {
            marks.unlike_rust |= low > high;
            Ok(Value::Int(x.max(low).min(high)))
        }
        _ => broken("a function", parts),
    }
}

fn double(marks: &mut Marks, func: Func, parts: &[Value]) -> Found {
    Ok(match (func, parts) {
        (Func::Sqrt, [Value::F64(x)]) => Value::F64(x.sqrt()),
        (Func::Abs, [Value::F64(x)]) => Value::F64(x.abs()),
        (Func::Floor, [Value::F64(x)]) => Value::F64(x.floor()),
        (Func::Ceil, [Value::F64(x)]) => Value::F64(x.ceil()),
        (Func::Trunc, [Value::F64(x)]) => Value::F64(x.trunc()),
        (Func::RoundTiesEven, [Value::F64(x)]) => Value::F64(x.round_ties_even()),
        (Func::Round, [Value::F64(x)]) => {
            let whole = x.trunc();
            let near = (x - whole).abs() < 0.5 || !x.is_finite();
            Value::F64(if near { whole } else { whole + 1f64.copysign(*x) })
        }
        (Func::IsNan, [Value::F64(x)]) => Value::Bool(x.is_nan()),
        (Func::ToBits, [Value::F64(x)]) => {
            marks.nan_bits |= x.is_nan();
            Value::Int(x.to_bits().into())
        }
        (Func::Copysign, [Value::F64(a), Value::F64(b)]) => {
            marks.nan_bits |= b.is_nan();
            Value::F64(a.copysign(*b))
        }
        (Func::Min, [Value::F64(a), Value::F64(b)]) => Value::F64(extreme_double(marks, *a, *b, false)),
        (Func::Max, [Value::F64(a), Value::F64(b)]) => Value::F64(extreme_double(marks, *a, *b, true)),
        (Func::Clamp, [Value::F64(x), Value::F64(low), Value::F64(high)]) => {
            marks.unlike_rust |= low > high || low.is_nan() || high.is_nan();
            let raised = if x < low { low } else { x };
            Value::F64(if raised > high { *high } else { *raised })
        }
        _ => return broken("a function", parts),
    })
}

fn integer(func: Func, x: i128, of: Scalar) -> Found {
    let (bits, width) = (unsigned(x, of), width(of));
    let ones = |from: u32, step: &dyn Fn(u32) -> u32| {
        (0..width).find(|at| bits >> step(from + at) & 1 == 1).map_or(width, |at| at)
    };
    Ok(match func {
        Func::Abs => wrap(x.abs(), of),
        Func::CountOnes => Value::Int((0..width).filter(|at| bits >> at & 1 == 1).count() as i128),
        Func::TrailingZeros => Value::Int(ones(0, &|at| at).into()),
        Func::LeadingZeros => Value::Int(ones(0, &|at| width - 1 - at).into()),
        Func::SwapBytes => {
            let bytes = width / 8;
            wrap(
                (0..bytes).map(|at| (bits >> (8 * at) & 255) << (8 * (bytes - 1 - at))).sum::<u128>() as i128,
                of,
            )
        }
        Func::ReverseBits => {
            wrap((0..width).map(|at| (bits >> at & 1) << (width - 1 - at)).sum::<u128>() as i128, of)
        }
        Func::FromBits if of == Scalar::U64 => Value::F64(f64::from_bits(bits as u64)),
        Func::FromBits => Value::F32(f32::from_bits(bits as u32)),
        _ => return broken("a function", &[Value::Int(x)]),
    })
}

/// `value as to`.
pub fn cast(marks: &mut Marks, value: Value, to: Scalar) -> Found {
    let saturated = |x: f64| {
        let (low, high) = to.range();
        // Towards zero; an i128 holds what any of them can.
        Value::Int(if x.is_nan() { 0 } else { (x as i128).clamp(low, high) })
    };
    Ok(match (value, to) {
        (Value::F32(x), Scalar::F32) => Value::F32(x),
        (Value::F32(x), Scalar::F64) => Value::F64(marks.see(x).into()),
        (Value::F32(x), _) => saturated(marks.see(x).into()),
        (Value::F64(x), Scalar::F64) => Value::F64(x),
        (Value::F64(x), Scalar::F32) => Value::F32(marks.see(x as f32)),
        (Value::F64(x), _) => saturated(x),
        (Value::Int(x), Scalar::F32) => Value::F32(x as f32),
        (Value::Int(x), Scalar::F64) => Value::F64(x as f64),
        (Value::Int(x), _) => wrap(x, to),
        (Value::Bool(x), Scalar::Bool) => Value::Bool(x),
        (Value::Bool(x), Scalar::F32) => Value::F32(if x { 1.0 } else { 0.0 }),
        (Value::Bool(x), Scalar::F64) => Value::F64(if x { 1.0 } else { 0.0 }),
        (Value::Bool(x), _) => Value::Int(x.into()),
    })
}
